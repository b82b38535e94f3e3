//! Waiting until the API server answers and the nodes are Ready.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures::StreamExt as _;
use http::Method;
use k8s_openapi::api::core::v1::{Node, NodeCondition};
use mizzen_client::{ApiResource, Client, EventKind, ListParams};

use crate::cluster::layout::Layout;
use crate::cluster::settings::Settings;

/// Between attempts to reach an API server that does not listen yet: at first, and at most; each is a handshake.
const PAUSE: Duration = Duration::from_millis(5);
const PAUSE_MAX: Duration = Duration::from_millis(100);
/// Between looks at whether what is waited for can still come.
const LOOK: Duration = Duration::from_millis(200);
/// Lines of a log that tell why something did not come up.
const LOG_LINES: usize = 5;

/// Runs a future on a runtime of this thread.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("start an async runtime")?.block_on(future)
}

/// The administrator's client.
pub(crate) async fn admin(layout: &Layout) -> Result<Client> {
    Ok(Client::from_kubeconfig(&layout.kubeconfig("admin")).await?)
}

/// Waits until `/readyz` is fine. `watched` fails when it never will be.
pub(crate) async fn api_server(
    layout: &Layout,
    patience: Duration,
    watched: impl Fn() -> Result<()>,
) -> Result<()> {
    let client = admin(layout).await?;
    let ask = async {
        let mut pause = PAUSE;
        loop {
            match client.request(Method::GET, "/readyz", "", bytes::Bytes::new()).await {
                Ok(_) => return Ok(()),
                Err(error) if error.is_retryable() => {}
                Err(error) => return Err(error).context("ask the API server whether it is ready"),
            }
            watched()?;
            tokio::time::sleep(pause).await;
            pause = (pause * 5 / 4).min(PAUSE_MAX);
        }
    };
    match tokio::time::timeout(patience, ask).await {
        Ok(result) => result,
        Err(_) => bail!(
            "the API server is not ready after {patience:?}; see {}",
            layout.log("control-plane").display()
        ),
    }
}

/// Waits until every node is Ready.
pub(crate) async fn nodes(
    layout: &Layout,
    settings: &Settings,
    patience: Duration,
    watched: impl Fn() -> Result<()>,
) -> Result<()> {
    let client = admin(layout).await?;
    let look = async {
        loop {
            tokio::time::sleep(LOOK).await;
            watched()?;
        }
    };
    let ready = async {
        loop {
            match all_ready(&client, settings).await {
                // A busy machine may keep a connection waiting; `patience` is how long that may go on.
                Err(error) if error.is_retryable() => tokio::time::sleep(LOOK).await,
                other => return other.context("ask the API server for the nodes"),
            }
        }
    };
    tokio::select! {
        result = ready => result,
        result = look => result,
        () = tokio::time::sleep(patience) => {
            let why = why_not_ready(&client, layout, settings).await;
            bail!("not all nodes are Ready after {patience:?}:\n{why}")
        }
    }
}

/// What is known of each node that is not Ready: its condition, or the end of its log when it never came.
async fn why_not_ready(client: &Client, layout: &Layout, settings: &Settings) -> String {
    let page = client.list::<Node>("", &ListParams::default()).await;
    let nodes = page.map(|page| page.items).unwrap_or_default();
    let mut lines = Vec::new();
    for node in settings.nodes() {
        let known = nodes.iter().find(|known| known.metadata.name.as_ref() == Some(&node.name));
        if known.is_some_and(ready) {
            continue;
        }
        let message = known.and_then(ready_condition).and_then(|condition| condition.message.clone());
        lines.push(format!("node {}: {}", node.name, message.unwrap_or_else(|| "has not come".to_owned())));
        lines.push(log_end(&layout.log(&format!("node-{}", node.name))));
    }
    lines.join("\n")
}

async fn all_ready(client: &Client, settings: &Settings) -> Result<(), mizzen_client::Error> {
    let wanted: Vec<String> = settings.nodes().into_iter().map(|node| node.name).collect();
    let resource = ApiResource::of::<Node>();
    loop {
        let page = client.list::<Node>("", &ListParams::default()).await?;
        let is_ready = |name: &String| {
            page.items.iter().any(|node| node.metadata.name.as_ref() == Some(name) && ready(node))
        };
        if wanted.iter().all(is_ready) {
            return Ok(());
        }
        let params = ListParams { resource_version: Some(page.resource_version), ..ListParams::default() };
        let mut events = client.watch(&resource, "", &params).await?;
        // Any change is a reason to look again.
        while let Some(event) = events.next().await {
            if !matches!(event?.kind, EventKind::Bookmark) {
                break;
            }
        }
    }
}

/// Whether a node's Ready condition is true.
pub(crate) fn ready(node: &Node) -> bool {
    ready_condition(node).is_some_and(|condition| condition.status == "True")
}

fn ready_condition(node: &Node) -> Option<&NodeCondition> {
    let mut conditions = node.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.find(|condition| condition.type_ == "Ready")
}

/// The last lines of a log, under its name.
pub(crate) fn log_end(path: &Path) -> String {
    let log = std::fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    format!("the end of {}:\n{}", path.display(), lines[lines.len().saturating_sub(LOG_LINES)..].join("\n"))
}
