//! Machinery against the reference data of the API level.

mod defaults;
