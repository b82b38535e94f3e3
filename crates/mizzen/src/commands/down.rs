//! `mizzen down`: nothing of a cluster stays: no process, namespace, mount, cgroup, file or context.

use std::fs::File;
use std::io;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use mizzen_kernel::{apparmor, cgroup};
use rustix::process::geteuid;

use crate::cluster::layout::Layout;
use crate::cluster::network;
use crate::cluster::process::{all_running, running};
use crate::cluster::settings::{Settings, check_name};
use crate::commands::up::CONTROL;

/// Arguments of `mizzen down`.
#[derive(Args, Debug)]
pub(crate) struct DownArgs {
    /// The cluster's name
    #[arg(long, default_value = "mizzen")]
    name: String,
    /// Every cluster on this machine
    #[arg(long, conflicts_with = "name")]
    all: bool,
}

/// Runs `mizzen down`. A cluster that is not there is down.
pub(crate) fn run(args: &DownArgs) -> Result<()> {
    let clusters = if args.all {
        Layout::all()?
    } else {
        check_name(&args.name)?;
        Layout::find(&args.name)?.into_iter().collect()
    };
    if clusters.is_empty() {
        println!("there is no such cluster");
    }
    let mut failed = Vec::new();
    for layout in clusters {
        match down(&layout) {
            Ok(()) => println!("cluster {} is down", layout.name()),
            Err(error) => failed.push(format!("cluster {}: {error:#}", layout.name())),
        }
    }
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}

fn down(layout: &Layout) -> Result<()> {
    // The lock goes with the folder; one that is gone already locks nobody out.
    let lock = match File::open(layout.lock()) {
        Ok(lock) => Some(lock),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).context("open the cluster's lock"),
    };
    if let Some(lock) = &lock {
        lock.lock().context("wait for another `mizzen up` or `down` of this cluster")?;
    }
    // Settings that cannot be read (a disk that was full, say) keep nothing from going.
    match layout.settings() {
        Ok(Some(settings)) => remove(layout, &settings),
        _ => sweep(layout),
    }
}

/// Takes a cluster down whose lock is held.
pub(crate) fn remove(layout: &Layout, settings: &Settings) -> Result<()> {
    let forgotten = mizzen_pki::kubeconfig::remove_from(&settings.kubeconfig, &settings.name)
        .with_context(|| format!("remove the context from {}", settings.kubeconfig.display()));
    sweep(layout).and(forgotten)
}

fn sweep(layout: &Layout) -> Result<()> {
    // First what would start others again; then the rest, containers too; last what holds the namespaces.
    if let Some(control) = running(layout, CONTROL)? {
        control.end(Duration::from_secs(5))?;
    }
    let processes = all_running(layout)?;
    let (anchors, others): (Vec<_>, Vec<_>) =
        processes.into_iter().partition(|(role, _)| network::is_anchor(role));
    for (_, process) in &others {
        process.signal(nix::sys::signal::Signal::SIGKILL)?;
    }
    let groups = match cgroup::Layout::discover() {
        Ok(groups) => Some(cgroup::Cgroup::new(&groups, &network::cluster_cgroup(layout.name()))?),
        Err(error) => {
            // Without root there are none.
            tracing::debug!(%error, "No control groups.");
            None
        }
    };
    if let Some(groups) = groups.as_ref().filter(|groups| groups.exists()) {
        groups.kill_all().context("end the cluster's processes")?;
    }
    for (_, process) in others.iter().chain(&anchors) {
        process.end(Duration::from_secs(1))?;
    }
    if let Some(groups) = groups.filter(cgroup::Cgroup::exists) {
        groups.remove().context("remove the cluster's control groups")?;
        network::remove_empty_root_cgroup()?;
    }
    let profile = network::apparmor_profile(layout.name());
    let unloaded = if geteuid().is_root() { apparmor::remove(&profile) } else { Ok(()) };
    layout.remove()?;
    Ok(unloaded?)
}
