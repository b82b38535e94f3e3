//! `cargo xtask bench SUITE [--quick]`: builds what is measured, then measures.

use anyhow::Result;
use clap::Args;

use crate::shell::{cargo, show};

#[derive(Args)]
pub(crate) struct Options {
    /// `store`, `api`, `node`, `up`.
    suite: String,
    /// Fewer rounds.
    #[arg(long)]
    quick: bool,
}

/// Runs one suite on a release build.
pub(crate) fn run(options: &Options) -> Result<()> {
    show(&mut cargo(&["build", "--release", "--package", "mizzen", "--package", "mizzen-benches"]))?;
    let mut command =
        cargo(&["run", "--release", "--quiet", "--package", "mizzen-benches", "--", &options.suite]);
    if options.quick {
        command.arg("--quick");
    }
    show(&mut command)
}
