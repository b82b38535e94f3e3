//! `cargo xtask images`: the demo's images, made of Debian's packages and of our own test server.
//!
//! One base layer (busybox, the C library, what all share) below every image, then a layer with the program's
//! packages, then one with its settings. The archives lie in `target/images`; [`registry`] serves them.

pub(crate) mod packages;
mod recipes;
pub(crate) mod registry;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use mizzen_testkit::archive::{Image, Layer, LayerBuilder};
use mizzen_testkit::{busybox_layer, testserver};
use serde_json::json;

use crate::shell::target;
use recipes::{BASE, RECIPES, Recipe};

#[derive(Args)]
pub(crate) struct Options {
    /// Make them again, even where they are there already.
    #[arg(long)]
    force: bool,
}

/// Makes what is missing, and says where it lies.
pub(crate) fn run(options: &Options) -> Result<()> {
    for (name, archive) in make(options.force)? {
        println!("{name:<20} {}", archive.display());
    }
    Ok(())
}

/// Makes the archives that are missing (or all); gives names with tags, and archives.
pub(crate) fn make(force: bool) -> Result<Vec<(String, PathBuf)>> {
    let folder = target().join("images");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let archives: Vec<_> = RECIPES
        .iter()
        .map(|recipe| (recipe.name.to_owned(), folder.join(format!("{}.tar", recipe.name.replace(':', "-")))))
        .collect();
    if !force && archives.iter().all(|(_, archive)| archive.is_file()) {
        return Ok(archives);
    }
    let base_packages = packages::closure(BASE)?;
    let base = packages::layer(&base_packages, LayerBuilder::new())?;
    let busybox = busybox_layer()?;
    for (recipe, (name, archive)) in RECIPES.iter().zip(&archives) {
        println!("making {name}");
        let mut own = packages::closure(recipe.packages)?;
        own.retain(|package| !base_packages.contains(package));
        let mut image = Image { layers: vec![busybox.clone(), base.clone()], ..Image::default() };
        if !own.is_empty() {
            image.layers.push(packages::layer(&own, LayerBuilder::new())?);
        }
        image.layers.push(settings(recipe)?);
        image = image.with("Env", json!(["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]));
        for (key, value) in (recipe.config)() {
            image = image.with(key, value);
        }
        let own = archive.with_extension("new");
        image.write(&format!("localhost:{}/{name}", registry::PORT), &own)?;
        fs::rename(&own, archive).context("put the archive in place")?;
    }
    Ok(archives)
}

/// Users, folders and files of a recipe.
fn settings(recipe: &Recipe) -> Result<Layer> {
    let mut layer = LayerBuilder::new().file("etc/passwd", 0o644, recipes::PASSWD.as_bytes())?.file(
        "etc/group",
        0o644,
        recipes::GROUP.as_bytes(),
    )?;
    for (path, mode, owner) in recipe.folders {
        layer = layer.folder(path, *mode, *owner)?;
    }
    for (path, mode, text) in recipe.files {
        layer = layer.file(path, *mode, text.as_bytes())?;
    }
    if recipe.testserver {
        layer = layer.file("bin/testserver", 0o755, &fs::read(testserver()?)?)?;
    }
    layer.build()
}
