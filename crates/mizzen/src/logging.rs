//! Logs: lines on standard error, which `mizzen up` appends to a file for each process.

use tracing_subscriber::EnvFilter;

/// Starts logging, as much as `MIZZEN_LOG` (a tracing filter) says; `info` by default.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env("MIZZEN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
}
