//! `mizzen status`: what runs, and what it uses.

use std::fs;

use anyhow::Result;
use clap::Args;
use k8s_openapi::api::core::v1::{Node, Pod};
use mizzen_client::ListParams;
use mizzen_kernel::cgroup;

use crate::cluster::layout::Layout;
use crate::cluster::network;
use crate::cluster::process::all_running;
use crate::ready;

/// Arguments of `mizzen status`.
#[derive(Args, Debug)]
pub(crate) struct StatusArgs {
    /// Only this cluster
    #[arg(long)]
    name: Option<String>,
}

/// Runs `mizzen status`.
pub(crate) fn run(args: &StatusArgs) -> Result<()> {
    let clusters: Vec<Layout> = match &args.name {
        Some(name) => Layout::find(name)?.into_iter().collect(),
        None => Layout::all()?,
    };
    if clusters.is_empty() {
        println!("no cluster is up");
    }
    for layout in &clusters {
        show(layout)?;
    }
    Ok(())
}

/// Proportional set size of a process, in KiB.
fn pss_kib(pid: i32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}

fn mebibytes(kib: u64) -> String {
    #[allow(clippy::cast_precision_loss)] // Shown with one digit.
    let mebibytes = kib as f64 / 1024.0;
    format!("{mebibytes:.1} MiB")
}

fn show(layout: &Layout) -> Result<()> {
    println!("cluster {}, data in {}", layout.name(), layout.data().display());
    let Some(settings) = layout.settings()? else {
        println!("  never came up: `mizzen down --name {}` removes it", layout.name());
        return Ok(());
    };
    println!("  API server   https://127.0.0.1:{}", settings.api_port);
    let mut total = 0;
    for (role, process) in all_running(layout)? {
        let pss = pss_kib(process.pid);
        total += pss;
        println!("  {role:<24} pid {:<8} {:>10}", process.pid, mebibytes(pss));
    }
    if let Ok(groups) = cgroup::Layout::discover() {
        let group = cgroup::Cgroup::new(&groups, &network::cluster_cgroup(layout.name()))?;
        let shims: Vec<i32> = group.processes().into_iter().filter(|pid| is_shim(*pid)).collect();
        let pss: u64 = shims.iter().map(|pid| pss_kib(*pid)).sum();
        total += pss;
        if !shims.is_empty() {
            println!("  {:<24} {:<12} {:>10}", "shims", shims.len(), mebibytes(pss));
        }
    }
    println!("  {:<37} {:>10}", "memory in all (PSS)", mebibytes(total));
    let listed = ready::block_on(async {
        let client = ready::admin(layout).await?;
        let nodes = client.list::<Node>("", &ListParams::default()).await?;
        let pods = client.list::<Pod>("", &ListParams::default()).await?;
        Ok((nodes, pods))
    });
    match listed {
        Ok((nodes, pods)) => {
            for node in &nodes.items {
                let state = if ready::ready(node) { "Ready" } else { "not Ready" };
                println!("  node {:<24} {state}", node.metadata.name.as_deref().unwrap_or_default());
            }
            println!("  pods {}", pods.items.len());
        }
        Err(error) => {
            println!("  the API server does not answer ({error:#}): `mizzen up --name {}`", layout.name())
        }
    }
    for publish in &settings.publish {
        println!("  node port {} on 127.0.0.1:{}", publish.node_port, publish.host_port);
    }
    Ok(())
}

fn is_shim(pid: i32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "mizzen-shim")
}
