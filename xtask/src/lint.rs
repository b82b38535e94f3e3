//! `cargo xtask lint`: what a reviewer should never have to say.

use anyhow::Result;

use crate::shell::{cargo, show};
use crate::tidy;

/// Formats are checked, clippy has nothing to say, and dependencies come with known licences from known places.
pub(crate) fn run() -> Result<()> {
    tidy::run()?;
    show(&mut cargo(&["fmt", "--all", "--check"]))?;
    show(&mut cargo(&["xtask", "schema", "--check"]))?;
    show(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    // Advisories need a database from the network; they are checked where it can be had.
    show(&mut cargo(&["deny", "--all-features", "check", "bans", "licenses", "sources"]))
}
