//! What components count, and how they tell it: Prometheus' text form, version 0.0.4.
//!
//! There is no registry of everything: a component keeps its counters beside what they count, and writes them into a
//! [`Text`] when it is asked. Start at [`Text`].

mod histogram;
mod text;

pub use histogram::{Histogram, exponential};
pub use text::{CONTENT_TYPE, Text};
