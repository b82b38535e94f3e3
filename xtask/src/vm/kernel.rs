//! Debian's kernel for clouds, unpacked and not installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use mizzen_testkit::run as quiet;

/// The package that depends on the newest one.
const META: &str = "linux-image-cloud-amd64";

/// A kernel and its modules.
pub(super) struct Kernel {
    /// The compressed image.
    pub(super) image: PathBuf,
    /// `lib/modules/RELEASE`, with the tables of what depends on what.
    pub(super) modules: PathBuf,
}

/// Downloads and unpacks the kernel, unless that was done.
pub(super) fn fetch(folder: &Path) -> Result<Kernel> {
    let tree = folder.join("kernel");
    if let Ok(kernel) = find(&tree) {
        return Ok(kernel);
    }
    let said = quiet(Command::new("apt-cache").args(["depends", META]))?;
    let package = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("Depends: "))
        .with_context(|| format!("{META} depends on no kernel"))?;
    println!("fetching {package}");
    let downloads = folder.join("packages");
    crate::images::packages::unpack(&[package.to_owned()].into(), &downloads, &tree)?;
    find(&tree)
}

fn find(tree: &Path) -> Result<Kernel> {
    let boot = fs::read_dir(tree.join("boot"))?.flatten();
    let image = boot.map(|entry| entry.path()).find(|path| name(path).starts_with("vmlinuz-"));
    let image = image.context("there is no kernel")?;
    let release = name(&image).trim_start_matches("vmlinuz-").to_owned();
    let modules = tree.join("lib/modules").join(&release);
    if !modules.join("modules.dep").is_file() {
        // On a Debian machine, installing does this.
        quiet(Command::new("depmod").arg("-b").arg(tree).arg(&release))?;
    }
    Ok(Kernel { image, modules })
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}
