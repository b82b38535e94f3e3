//! Fuzzing: bytes that nobody would send, for every parser of what comes from outside.
//!
//! A target is a function that may refuse its input but not panic, hang, overflow the stack or break a promise that
//! it checks (what was read and written reads the same). [`run`] mutates a corpus under a seed, so that every finding
//! is found again; why there is no coverage feedback is in `docs/decisions/fuzzing.md`.
//! `cargo xtask soak fuzz [TARGET] [--time 10m]` runs targets for long, `cargo nextest run -p mizzen-fuzz` for a
//! moment.

pub mod mutate;
pub mod run;
mod seeds;
mod targets;

/// A parser, and what it is fed with.
#[derive(Clone, Copy)]
pub struct Target {
    /// As on the command line.
    pub name: &'static str,
    /// What mutations start from.
    pub corpus: fn() -> Vec<Vec<u8>>,
    /// What mutations put in.
    pub words: &'static [&'static str],
    /// Panics when the input shows a fault.
    pub run: fn(&[u8]),
}

/// Every target.
pub fn all() -> Vec<Target> {
    [targets::schema::TARGETS, targets::machinery::TARGETS, targets::server::TARGETS, targets::node::TARGETS]
        .concat()
}

/// The target of this name.
pub fn find(name: &str) -> Option<Target> {
    all().into_iter().find(|target| target.name == name)
}
