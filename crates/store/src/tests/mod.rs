//! Tests of whole engines.

mod engines;
