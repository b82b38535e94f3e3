//! `cargo xtask test vm`: system tests in a virtual machine that is what most users have: Debian with its own kernel,
//! modules, systemd, one hierarchy of control groups (version 2) and AppArmor.
//!
//! A machine that builds and tests Mizzen may have none of these. Nothing of Debian's kernel is installed here, the
//! machine has no network, and its disk is thrown away with it. Start at [`run`].

mod guest;
mod kernel;
mod machine;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use mizzen_testkit::run as quiet;

use crate::shell::{cargo, target};

/// Where all of this lies; may be removed at any time.
fn folder() -> Result<PathBuf> {
    let folder = target().join("vm");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}

/// Boots a machine with the system tests in it, and fails as they do.
pub(crate) fn run() -> Result<()> {
    let folder = folder()?;
    let kernel = kernel::fetch(&folder)?;
    let disk = guest::disk(&folder, &kernel, &programs()?)?;
    let initramfs = guest::initramfs(&folder, &kernel)?;
    machine::run(&machine::Machine {
        kernel: &kernel.image,
        initramfs: &initramfs,
        disk: &disk,
        folder: &folder,
    })
}

/// What the guest runs besides Debian's packages.
struct Programs {
    mizzen: PathBuf,
    tests: PathBuf,
}

fn programs() -> Result<Programs> {
    let mut build = cargo(&["test", "--package", "mizzen-tests", "--test", "system", "--no-run", "--quiet"]);
    let said = quiet(build.arg("--message-format=json"))?;
    let artifact = said
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "system")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from));
    let tests = artifact.context("cargo does not say where the system tests are")?;
    quiet(&mut cargo(&["build", "--quiet", "--package", "mizzen"]))?;
    Ok(Programs { mizzen: target().join("debug/mizzen"), tests })
}

/// Copies a program without its symbols.
fn strip(program: &std::path::Path, to: &std::path::Path) -> Result<()> {
    quiet(Command::new("strip").arg("-o").args([to, program])).map(drop)
}
