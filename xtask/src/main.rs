//! `cargo xtask …`: everything that a developer or CI runs. Each command is a file; start at [`Task`].

mod bench;
mod images;
mod lint;
mod schema;
mod setup;
mod shell;
mod soak;
mod test;
mod tidy;
mod up;
mod vm;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Everything that a developer or CI runs.")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what building, tests or the demo need: Debian packages, kubectl, cargo's tools.
    Setup(setup::Options),
    /// Make the demo's images out of Debian's packages.
    Images(images::Options),
    /// Install, build, start a cluster, and show a deployed application answering.
    Up,
    /// Install what tests need, and run them all.
    Test(test::Options),
    /// Format, clippy, licences and sources of dependencies.
    Lint,
    /// Write the tables of built-in kinds out of the published crates.
    Schema(schema::Arguments),
    /// Run for long what tests run for a moment: `soak fuzz [TARGET] [--time 10m]`.
    Soak(soak::Options),
    /// Measure, next to bounds of the same run: `bench SUITE [--quick]`.
    Bench(bench::Options),
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Setup(options) => setup::run(&options),
        Task::Images(options) => images::run(&options),
        Task::Up => up::run(),
        Task::Test(options) => test::run(&options),
        Task::Lint => lint::run(),
        Task::Schema(arguments) => schema::run(&arguments),
        Task::Soak(options) => soak::run(&options),
        Task::Bench(options) => bench::run(&options),
    }
}
