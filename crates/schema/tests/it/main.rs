//! The tables and codecs as a whole: against reference data where it is there, and against themselves.

// Helpers of tests are tests.
#![allow(clippy::unwrap_used)]

mod generated;
mod reference;
mod roundtrip;
mod typed;
