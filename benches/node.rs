//! Suite `node`: from a pod's creation to its containers running, seen from outside, and what happens to them then.

mod exec;
mod pods;

use anyhow::{Context as _, Result};
use tokio::runtime::Runtime;

use crate::cluster::Cluster;
use crate::report::Entry;

/// Runs the suite.
pub(crate) fn run(quick: bool) -> Result<Vec<Entry>> {
    let runtime = Runtime::new()?;
    let cluster = Cluster::up(false)?;
    cluster.load_image(&mizzen_testkit::busybox_image()?)?;
    let target = cluster.target()?;
    runtime.block_on(async {
        let mut entries = pods::one_by_one(&target, if quick { 10 } else { 50 }).await.context("pods")?;
        entries.push(pods::at_once(&target, if quick { 10 } else { 50 }).await.context("pods at once")?);
        entries.extend(exec::run(&target, if quick { 10 } else { 50 }).await.context("exec")?);
        entries.push(pods::restarts(&target, &cluster.data(), if quick { 2 } else { 5 }).await?);
        Ok(entries)
    })
}
