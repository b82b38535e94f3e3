//! `cargo xtask soak`: what tests do for a moment, for as long as is asked.

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::shell::{cargo, show, target};

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Feed parsers with what nobody would send; findings are kept in target/fuzz.
    Fuzz {
        /// Only this target.
        target: Option<String>,
        /// How long, over all targets.
        #[arg(long, default_value = "10m")]
        time: String,
        /// Where chance starts, to find a finding again.
        #[arg(long)]
        seed: Option<u64>,
    },
}

/// Runs a soak.
pub(crate) fn run(options: &Options) -> Result<()> {
    let What::Fuzz { target: only, time, seed } = &options.what;
    let mut command = cargo(&["run", "--package", "mizzen-fuzz", "--"]);
    command.args(["--time", time]).arg("--folder").arg(target().join("fuzz"));
    if let Some(seed) = seed {
        command.args(["--seed", &seed.to_string()]);
    }
    command.args(only);
    show(&mut command)
}
