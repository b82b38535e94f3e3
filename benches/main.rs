//! The benchmark suites: `mizzen-bench SUITE [--quick]` prints a table and writes `target/bench/SUITE.json`.
//!
//! Every measurement stands beside a bound that was measured in the same run, so that the ratio can be
//! compared between machines.

mod api;
mod bare_log;
mod bare_server;
mod cluster;
mod http2;
mod measure;
mod node;
mod report;
mod store;
mod up;

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
    /// Of the bare server.
    #[command(flatten)]
    bare: bare_server::Options,
}

#[derive(Clone, Copy, ValueEnum)]
enum Suite {
    /// The store's engines.
    Store,
    /// Starting and resting.
    Up,
    /// The API server over TLS and HTTP/2.
    Api,
    /// Pods on a node.
    Node,
    /// What the API's numbers are compared with, as a process of its own.
    #[value(hide = true)]
    BareServer,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    // Another part of the process may have installed it: any will do.
    rustls::crypto::ring::default_provider().install_default().ok();
    let (name, entries) = match args.suite {
        Suite::Store => ("store", store::run(args.quick)?),
        Suite::Up => ("up", up::run(args.quick)?),
        Suite::Api => ("api", api::run(args.quick)?),
        Suite::Node => ("node", node::run(args.quick)?),
        Suite::BareServer => return bare_server::run(&args.bare),
    };
    report::print(&entries);
    report::write(name, &entries)
}
