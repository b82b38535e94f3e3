//! Routes between nodes: to each other node's pods by way of that node, without translation.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::Node;
use mizzen_client::{Client, Informers};
use mizzen_clock::Env;
use mizzen_kernel::net::{Net, NetError, Route};
use serde::Deserialize;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// Between attempts after the kernel refused.
const PAUSE: Duration = Duration::from_secs(1);

/// What is kept of a node.
#[derive(Deserialize, Default)]
#[serde(default)]
struct View {
    spec: Spec,
    status: Status,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    #[serde(rename = "podCIDR")]
    pod_cidr: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Status {
    addresses: Vec<Address>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Address {
    #[serde(rename = "type")]
    kind: String,
    address: String,
}

/// A pod range and the node that has it.
type Wanted = BTreeMap<(IpAddr, u8), Ipv4Addr>;

fn wanted(nodes: impl Iterator<Item = Arc<mizzen_client::Object<View>>>, own: Option<&str>) -> Wanted {
    nodes
        .filter(|node| own != Some(node.key.name.as_str()))
        .filter_map(|node| {
            let range: ipnet::Ipv4Net = node.value.spec.pod_cidr.parse().ok()?;
            let address = node.value.status.addresses.iter().find(|address| address.kind == "InternalIP")?;
            Some(((IpAddr::V4(range.network()), range.prefix_len()), address.address.parse().ok()?))
        })
        .collect()
}

/// Keeps the routes of the namespace it runs in until `cancel`: to all nodes' pods but those of node `own`, over the
/// link called `link`. Needs a runtime whose threads are all in that namespace.
pub(crate) async fn run(
    own: Option<String>,
    link: &'static str,
    client: Client,
    env: Env,
    cancel: CancellationToken,
) -> Result<(), NetError> {
    let net = Net::open()?;
    let informers = Informers::new(client, env, cancel.clone());
    let nodes = informers.project::<Node, View>();
    let changed = Arc::new(Notify::new());
    let notify = changed.clone();
    nodes.subscribe(move |_| notify.notify_one());
    let mut present = Wanted::new();
    while cancel.run_until_cancelled(changed.notified()).await.is_some() {
        let wanted = wanted(nodes.list().into_iter(), own.as_deref());
        if let Err(error) = apply(&net, link, &mut present, &wanted).await {
            warn!(%error, "Routes to other nodes could not be set, will retry.");
            tokio::time::sleep(PAUSE).await;
            changed.notify_one();
        }
    }
    informers.stopped().await;
    Ok(())
}

async fn apply(net: &Net, link: &str, present: &mut Wanted, wanted: &Wanted) -> Result<(), NetError> {
    let link = net.expect_link(link).await?.index;
    let route =
        |destination, gateway| Route { destination, gateway: Some(IpAddr::V4(gateway)), link, source: None };
    let gone: Vec<_> = present.iter().filter(|(range, _)| !wanted.contains_key(range)).collect();
    for (range, node) in gone {
        net.delete_route(&route(*range, *node)).await?;
    }
    for (range, node) in wanted {
        if present.get(range) != Some(node) {
            net.ensure_route(&route(*range, *node)).await?;
        }
    }
    present.clone_from(wanted);
    Ok(())
}
