//! The tables and codecs as a whole: against reference data where it is there, and against themselves.

mod generated;
mod reference;
mod roundtrip;
