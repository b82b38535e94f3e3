//! The benchmark suites: `mizzen-bench SUITE [--quick]` prints a table and writes `target/bench/SUITE.json`.
//!
//! Every measurement stands beside a bound that was measured in the same run, so that the ratio can be
//! compared between machines.

mod report;
mod store;

use clap::{Parser, ValueEnum};

/// Measures Mizzen.
#[derive(Parser)]
#[command(name = "mizzen-bench")]
struct Args {
    /// What to measure.
    suite: Suite,
    /// Shorter runs and smaller data: seconds instead of minutes, with more noise.
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Suite {
    /// The store's engines.
    Store,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let (name, entries) = match args.suite {
        Suite::Store => ("store", store::run(args.quick)?),
    };
    report::print(&entries);
    report::write(name, &entries)
}
