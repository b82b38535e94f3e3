//! Debian packages as layers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use mizzen_testkit::archive::{Layer, LayerBuilder};
use mizzen_testkit::run as quiet;

use crate::shell::target;

/// What packages depend on for being installed and administered, but not for running in a container.
const NOT_NEEDED: &[&str] = &[
    "adduser",
    "debconf",
    "dpkg",
    "init-system-helpers",
    "iproute2",
    "libllvm14",
    "locales",
    "locales-all",
    "lsb-base",
    "openssl",
    "passwd",
    "perl",
    "perl-base",
    "postgresql-client-common",
    "postgresql-common",
    "python3",
    "sensible-utils",
    "ssl-cert",
    "sysvinit-utils",
    "tar",
    "ucf",
];

/// Where parts of packages lie that no container reads.
const NOT_READ: &[&str] = &["usr/share/doc", "usr/share/man", "usr/share/lintian", "usr/share/locale"];

/// Packages and all that they need to run.
pub(crate) fn closure(roots: &[&str]) -> Result<BTreeSet<String>> {
    let mut all: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> = roots.iter().map(|name| (*name).to_owned()).collect();
    while let Some(name) = open.pop() {
        let wanted = roots.contains(&&*name);
        if all.contains(&name) || (NOT_NEEDED.contains(&&*name) && !wanted) {
            continue;
        }
        let said = quiet(Command::new("apt-cache").args([
            "depends",
            "--no-recommends",
            "--no-suggests",
            "--no-conflicts",
            "--no-breaks",
            "--no-replaces",
            "--no-enhances",
            &name,
        ]))?;
        // Lines read `  Depends: libc6`; a leading `|` marks all but the last of alternatives, `<…>` virtual names.
        let needs = said.lines().filter_map(|line| {
            let line = line.trim();
            line.strip_prefix("Depends: ").or_else(|| line.strip_prefix("PreDepends: "))
        });
        open.extend(needs.filter(|need| !need.starts_with('<')).map(ToOwned::to_owned));
        all.insert(name);
    }
    Ok(all)
}

/// The contents of packages, as one layer.
pub(crate) fn layer(packages: &BTreeSet<String>, layer: LayerBuilder) -> Result<Layer> {
    let folder = target().join("images");
    let (downloads, tree) = (folder.join("packages"), folder.join("tree"));
    unpack(packages, &downloads, &tree)?;
    let layer = layer.tree(&tree)?.build()?;
    fs::remove_dir_all(&tree).context("clear the tree")?;
    Ok(layer)
}

/// Downloads packages, and puts their contents into a new folder, without what is only read by people.
pub(crate) fn unpack(packages: &BTreeSet<String>, downloads: &Path, tree: &Path) -> Result<()> {
    fs::create_dir_all(downloads).with_context(|| downloads.display().to_string())?;
    if tree.exists() {
        fs::remove_dir_all(tree).context("clear the tree")?;
    }
    fs::create_dir_all(tree).with_context(|| tree.display().to_string())?;
    // Downloads go into a folder of root's, where apt's own user may not write.
    let mut download = Command::new("apt-get");
    download.args(["download", "-qq", "-o", "APT::Sandbox::User=root"]).args(packages);
    quiet(download.current_dir(downloads))?;
    for entry in fs::read_dir(downloads)? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if packages.iter().any(|name| file.starts_with(&format!("{name}_"))) {
            quiet(Command::new("dpkg-deb").arg("-x").arg(&path).arg(tree))?;
        }
    }
    for path in NOT_READ {
        let path = tree.join(path);
        if path.exists() {
            fs::remove_dir_all(&path).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}
