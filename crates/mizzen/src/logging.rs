//! Logs: lines on standard error, which `mizzen up` appends to a file for each process.

use anyhow::{Result, bail};
use tracing_subscriber::EnvFilter;

/// Starts logging, as much as `MIZZEN_LOG` (a tracing filter) says; `info` by default.
pub(crate) fn start() {
    let writer = tracing_subscriber::fmt().with_env_filter(filter("info")).with_writer(std::io::stderr);
    writer.with_ansi(false).init();
}

/// Starts logging as Kubernetes' `--v` and `--logging-format` say; `MIZZEN_LOG` counts more.
pub(crate) fn start_with(verbosity: u8, format: &str) -> Result<()> {
    let level = match verbosity {
        0..=3 => "info",
        4..=5 => "debug",
        _ => "trace",
    };
    let writer = tracing_subscriber::fmt().with_env_filter(filter(level)).with_writer(std::io::stderr);
    match format {
        "text" => writer.with_ansi(false).init(),
        "json" => writer.json().init(),
        other => bail!("--logging-format: Invalid value: {other:?}: Unsupported log format"),
    }
    Ok(())
}

fn filter(level: &str) -> EnvFilter {
    EnvFilter::try_from_env("MIZZEN_LOG").unwrap_or_else(|_| EnvFilter::new(level))
}
