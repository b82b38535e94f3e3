//! Logs: lines on standard error, which `mizzen up` appends to a file for each process.

use clap::Args;
use tracing_subscriber::EnvFilter;

/// How much a component that runs alone logs.
#[derive(Args, Debug)]
pub(crate) struct Verbosity {
    /// How much is logged, as in Kubernetes: 4 and more for details, 6 and more for everything
    #[arg(short = 'v', long = "v", default_value_t = 0)]
    verbosity: u8,
}

impl Verbosity {
    fn filter(&self) -> &'static str {
        match self.verbosity {
            0..=3 => "info",
            4 | 5 => "debug",
            _ => "trace",
        }
    }
}

/// Starts logging, as much as `MIZZEN_LOG` (a tracing filter) says; `info` by default.
pub(crate) fn start() {
    start_with("info");
}

/// The same, where `-v` says what the default is.
pub(crate) fn start_at(verbosity: &Verbosity) {
    start_with(verbosity.filter());
}

fn start_with(default: &str) {
    let filter = EnvFilter::try_from_env("MIZZEN_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
}
