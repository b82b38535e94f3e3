//! `cargo xtask schema`: the tables of built-in kinds, out of published crates.
//!
//! k8s-openapi gives names, JSON names, descriptions and what is required; k8s-pb gives the order of fields,
//! protobuf tags and the markers in its comments. Neither says which Go fields are pointers, nor when `omitempty`
//! is missing where the API calls a field optional: `presence.tsv` holds those exceptions. Nor do they say which
//! strings are of a closed set: `enums.tsv` does. Both crates are read as text, where cargo unpacked them.

mod emit;
mod join;
mod model;
mod openapi;
mod overrides;
mod proto;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

/// Arguments of the task.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only check that the committed tables are current.
    #[arg(long)]
    check: bool,
}

/// Writes the tables, or compares them.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let places = Places::find()?;
    let api = openapi::read(&places.openapi.join("src").join(overrides::API_LEVEL))?;
    let mut messages = proto::read(&places.proto.join("src"))?;
    proto::rename(&mut messages, api.keys());
    let types = join::join(&api, &messages)?;
    let files = emit::files(&types);
    let folder = places.workspace.join("crates/schema/src/generated");
    if arguments.check {
        return compare(&folder, &files);
    }
    fs::create_dir_all(&folder)?;
    for old in present(&folder)? {
        if !files.contains_key(&old) {
            fs::remove_file(folder.join(&old)).with_context(|| format!("remove {old}"))?;
        }
    }
    for (name, text) in &files {
        fs::write(folder.join(name), text).with_context(|| format!("write {name}"))?;
    }
    println!("{} types in {} files", types.len(), files.len());
    Ok(())
}

fn compare(folder: &Path, files: &BTreeMap<String, String>) -> anyhow::Result<()> {
    let mut stale = Vec::new();
    for (name, text) in files {
        let current = fs::read_to_string(folder.join(name)).unwrap_or_default();
        if current != *text {
            stale.push(name.clone());
        }
    }
    stale.extend(present(folder)?.into_iter().filter(|name| !files.contains_key(name)));
    if stale.is_empty() {
        println!("the tables are current");
        return Ok(());
    }
    bail!("stale: {}; run `cargo xtask schema`", stale.join(", "))
}

fn present(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Where cargo keeps what the generator reads.
struct Places {
    workspace: PathBuf,
    openapi: PathBuf,
    proto: PathBuf,
}

impl Places {
    fn find() -> anyhow::Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo).args(["metadata", "--format-version", "1", "--locked"]).output()?;
        if !output.status.success() {
            bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        }
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let text = |value: &serde_json::Value| value.as_str().map(PathBuf::from);
        let package = |name: &str| -> anyhow::Result<PathBuf> {
            let packages = metadata["packages"].as_array().context("no packages")?;
            let package = packages.iter().find(|package| package["name"] == name);
            let manifest = package.and_then(|package| text(&package["manifest_path"]));
            let folder = manifest.as_deref().and_then(Path::parent).map(Path::to_path_buf);
            folder.with_context(|| format!("cargo does not know {name}"))
        };
        Ok(Self {
            workspace: text(&metadata["workspace_root"]).context("no workspace")?,
            openapi: package("k8s-openapi")?,
            proto: package("k8s-pb")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn committed_tables_are_current() {
        run(&Arguments { check: true }).unwrap();
    }
}
