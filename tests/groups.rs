//! Clusters that the tests of a group share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, anyhow};
use libtest_mimic::{Failed, Trial};
use mizzen_testkit::{Cluster, Etcd, Kubectl, Options, busybox_image, testserver_image};

/// A cluster that several tests use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// An API server in memory.
    Memory,
    /// An API server on etcd.
    Etcd,
    /// One node.
    One,
    /// Two nodes.
    Two,
}

type Slot = Arc<Mutex<Option<Result<Arc<Cluster>, String>>>>;
static CLUSTERS: Mutex<BTreeMap<Group, Slot>> = Mutex::new(BTreeMap::new());

/// The node port that every cluster publishes.
pub(crate) const NODE_PORT: u16 = 30080;

/// The group's cluster. One that failed to come up fails every test of the group, at once.
pub(crate) fn cluster(group: Group) -> Result<Arc<Cluster>> {
    let slot = {
        let mut clusters = CLUSTERS.lock().unwrap_or_else(PoisonError::into_inner);
        clusters.entry(group).or_default().clone()
    };
    let mut made = slot.lock().unwrap_or_else(PoisonError::into_inner);
    let made = made.get_or_insert_with(|| {
        options(group).and_then(Cluster::up).map(Arc::new).map_err(|error| format!("{error:#}"))
    });
    made.clone().map_err(|error| anyhow!("the group's cluster did not come up: {error}"))
}

fn options(group: Group) -> Result<Options> {
    let images = || Ok::<_, anyhow::Error>(vec![busybox_image()?, testserver_image()?]);
    Ok(match group {
        Group::Memory => Options { memory: true, ..Options::default() },
        Group::Etcd => Options { memory: true, etcd: Some(Arc::new(Etcd::start()?)), ..Options::default() },
        Group::One => Options { publish: vec![NODE_PORT], images: images()?, ..Options::default() },
        Group::Two => Options { nodes: 2, publish: vec![NODE_PORT], images: images()?, ..Options::default() },
    })
}

/// Takes all shared clusters down.
pub(crate) fn down() {
    CLUSTERS.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// A test on a group's cluster, in a namespace named after it, which goes when the test succeeds.
pub(crate) fn test(
    group: Group,
    name: impl Into<String>,
    body: impl FnOnce(&Cluster, &Kubectl) -> Result<()> + Send + 'static,
) -> Trial {
    let name = name.into();
    Trial::test(name.clone(), move || {
        let run = || {
            let cluster = cluster(group)?;
            let namespace = name.replace(['_', ':'], "-");
            let kubectl = cluster.kubectl().namespace(&namespace);
            kubectl.run(&["create", "namespace", &namespace])?;
            body(&cluster, &kubectl)?;
            kubectl.run(&["delete", "namespace", &namespace, "--wait=false"])
        };
        run().map(drop).map_err(|error: anyhow::Error| Failed::from(format!("{error:?}")))
    })
}

/// A test of the API server, called `memory_…`, that is run on both stores; on etcd its name is `etcd_…`.
pub(crate) fn on_both_stores(name: &str, body: fn(&Cluster, &Kubectl) -> Result<()>) -> [Trial; 2] {
    let on_etcd = name.replacen("memory", "etcd", 1);
    [test(Group::Memory, name, body), test(Group::Etcd, on_etcd, body)]
}

/// A test that makes its own cluster, or none.
pub(crate) fn alone(name: &'static str, body: fn() -> Result<()>) -> Trial {
    Trial::test(name, move || body().map_err(|error| Failed::from(format!("{error:?}"))))
}
