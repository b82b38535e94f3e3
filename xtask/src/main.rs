//! Everything that a developer or CI runs: `cargo xtask --help`.

mod schema;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Tasks of the project")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write the tables of built-in kinds out of the published crates.
    Schema(schema::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Schema(arguments) => schema::run(&arguments),
    }
}
