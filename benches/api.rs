//! Suite `api`: the API server over TLS and HTTP/2, in memory and durable, beside a bare server of the same libraries.

mod fan_out;
mod objects;
mod verbs;

use anyhow::Result;
use tokio::runtime::Runtime;

use crate::cluster::{Cluster, Server};
use crate::report::{self, Entry};

/// Runs the suite.
pub(crate) fn run(quick: bool) -> Result<Vec<Entry>> {
    let scratch = tempfile::tempdir_in(report::directory()?)?;
    let runtime = Runtime::new()?;
    let cluster = Cluster::up(true)?;
    let pki = cluster.data().join("pki");
    let bare = Server::bare(&pki, None)?;
    let logging = Server::bare(&pki, Some(scratch.path()))?;
    let durable = Server::durable(&pki, &scratch.path().join("store"))?;
    let mut entries = Vec::new();
    for (kind, target, pid, bound) in [
        ("memory", cluster.target()?, cluster.control_plane()?, &bare),
        ("durable", durable.target()?, durable.pid(), &logging),
    ] {
        let server = verbs::Measured { kind, target, pid, bound: bound.target()?, bound_pid: bound.pid() };
        entries.extend(runtime.block_on(verbs::run(&server, quick))?);
    }
    let (target, bound) = (durable.target()?, bare.target()?);
    let pods = if quick { 2_000 } else { 10_000 };
    entries.extend(runtime.block_on(objects::run(&target, durable.pid(), &bound, pods))?);
    let (watchers, updates) = if quick { (200, 50) } else { (1_000, 100) };
    entries.push(runtime.block_on(fan_out::run(&cluster.target()?, &bound, watchers, updates))?);
    Ok(entries)
}
