//! Builds the shim, which the library embeds: static, not position-independent, small.
//!
//! It has a target folder of its own below this crate's, so that it neither waits for the build that runs it nor takes
//! features over from it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    let target = env::var("TARGET").expect("set by cargo");
    let crates = manifest.parent().expect("crates/");
    for source in ["shim/Cargo.toml", "shim/src", "kernel/Cargo.toml", "kernel/src"] {
        println!("cargo:rerun-if-changed={}", crates.join(source).display());
    }
    println!("cargo:rerun-if-changed=build.rs");

    let folder = out.join("shim-target");
    let built = build(&crates.join("shim/Cargo.toml"), &folder, &target);
    let shim = folder.join(&target).join("release/mizzen-shim");
    if !built {
        panic!("the shim does not build; see above");
    }
    fs::copy(&shim, out.join("mizzen-shim")).expect("the shim was just built");
}

fn build(manifest: &Path, folder: &Path, target: &str) -> bool {
    let mut cargo = Command::new(env::var_os("CARGO").expect("set by cargo"));
    cargo
        .args(["build", "--release", "--bin", "mizzen-shim", "--target", target, "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(folder);
    // What this build was told about itself is not meant for that one.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        let own = ["CARGO_FEATURE_", "CARGO_CFG_", "CARGO_PROFILE_", "CARGO_PKG_", "DEP_"];
        let flags =
            ["CARGO_ENCODED_RUSTFLAGS", "RUSTC_WORKSPACE_WRAPPER", "CARGO_MAKEFLAGS", "CARGO_BUILD_TARGET"];
        if own.iter().any(|prefix| name.starts_with(prefix)) || flags.contains(&name.as_str()) {
            cargo.env_remove(&name);
        }
    }
    cargo
        .env("RUSTFLAGS", "-C target-feature=+crt-static -C relocation-model=static")
        .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s")
        .env("CARGO_PROFILE_RELEASE_LTO", "fat")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1")
        .env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    cargo.status().expect("cargo runs").success()
}
