//! Many pods: what they cost in memory, and how fast a list of all of them is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, ensure};
use bytes::Bytes;
use http::Method;
use http_body_util::BodyExt as _;
use serde_json::json;
use tokio::task::JoinSet;

use crate::http2::{Client, JSON, Target};
use crate::measure::{median, now, pss};
use crate::report::Entry;

const PODS: &str = "/api/v1/namespaces/default/pods";
const ROUNDS: usize = 7;
const MIB: f64 = (1 << 20) as f64;

/// About 4 KB as it is kept.
fn pod(number: usize) -> Bytes {
    let variables: Vec<_> =
        (0..20).map(|n| json!({"name": format!("VARIABLE_{n}"), "value": "v".repeat(60)})).collect();
    let object = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": format!("web-{number}"),
            "labels": {"app": "web", "pod-template-hash": "5d4f8c7b9"},
            "annotations": {"example.com/notes": "n".repeat(600)},
        },
        "spec": {
            // Nobody's: these pods are to be kept, not run.
            "schedulerName": "none",
            "containers": [{
                "name": "web",
                "image": "registry.example/web:1.0",
                "env": variables,
                "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}},
            }],
        },
    });
    object.to_string().into()
}

/// Fills the server, then lists.
pub(crate) async fn run(target: &Target, pid: u32, bound: &Target, pods: usize) -> Result<Vec<Entry>> {
    let client = target.connect().await?;
    client.ask(Method::POST, "/api/v1/namespaces/default/serviceaccounts", JSON, account()).await.ok();
    let before = pss(pid)?;
    fill(target, pods).await?;
    let path = format!("{PODS}?resourceVersion=0");
    let list = client.get(&path).await?;
    let bytes = list.len();
    // What the list itself needed is given back by the next moment.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let grown = pss(pid)?.saturating_sub(before) as f64 / MIB;
    let bare = bound.connect().await?;
    bare.ask(Method::PUT, "/kept", JSON, list).await?;
    let mut rates = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        rates.0.push(rate(&client, &path, bytes).await?);
        rates.1.push(rate(&bare, "/kept", bytes).await?);
    }
    let (value, bound) = (median(rates.0), median(rates.1));
    let name = format!("LIST of {pods} pods of {} bytes", bytes / pods);
    Ok(vec![
        Entry::rate(name, value, "MiB/s", bound).goal(0.5),
        Entry::cost(format!("memory with {pods} pods"), grown, "MiB", bytes as f64 / MIB),
    ])
}

/// Without the controllers nobody makes a namespace's account, without which it takes no pods.
fn account() -> Bytes {
    json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}).to_string().into()
}

async fn fill(target: &Target, pods: usize) -> Result<()> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for client in target.connections(16).await? {
        let next = next.clone();
        tasks.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= pods {
                    return anyhow::Ok(());
                }
                client.post(PODS, pod(number)).await?;
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok(())
}

/// MiB a second of an answer that is read and thrown away.
async fn rate(client: &Client, path: &str, bytes: usize) -> Result<f64> {
    let start = now();
    let mut body = client.stream(Method::GET, path, JSON, Bytes::new()).await?.into_body();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        seen += frame?.data_ref().map_or(0, Bytes::len);
    }
    ensure!(seen == bytes, "{seen} bytes instead of {bytes}");
    Ok(bytes as f64 / MIB / start.elapsed().as_secs_f64())
}
