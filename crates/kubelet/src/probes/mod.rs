//! Probes: each of a running container's is a task of its own, with its own timer.

mod connect;
mod exec;
pub(crate) mod grpc;
pub(crate) mod http;
mod run;
mod verdicts;

pub(crate) use connect::dial;
pub(crate) use run::{Probes, Subject};
pub(crate) use verdicts::Verdicts;

/// Which probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A failure restarts the container.
    Liveness,
    /// A failure keeps traffic away.
    Readiness,
    /// Holds up the others until it succeeds once.
    Startup,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Liveness => "Liveness",
            Self::Readiness => "Readiness",
            Self::Startup => "Startup",
        }
    }
}

/// What one attempt found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attempt {
    Success,
    /// A success that people should hear of.
    Warning(String),
    Failure(String),
    /// It could not be carried out: nothing is known.
    Error(String),
}
