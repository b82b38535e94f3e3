//! One change, many watchers.

use anyhow::{Context, Result};
use bytes::Bytes;
use futures::future::try_join_all;
use http::Method;

use super::verbs::{change, config_map};
use crate::http2::{Client, JSON, Lines, Target};
use crate::measure::now;
use crate::report::Entry;

const CONFIG_MAPS: &str = "/api/v1/namespaces/kube-public/configmaps";
const MERGE: &str = "application/merge-patch+json";
/// Watches that share a connection, as those of one client process do.
const SHARING: usize = 10;
const WRITERS: usize = 16;

/// Events a second that so many watchers get.
pub(crate) async fn run(target: &Target, bound: &Target, watchers: usize, updates: usize) -> Result<Entry> {
    let client = target.connect().await?;
    for writer in 0..WRITERS {
        client.post(CONFIG_MAPS, config_map(writer)).await?;
    }
    let version = version(&client.get(CONFIG_MAPS).await?)?;
    let path = format!("{CONFIG_MAPS}?watch=true&resourceVersion={version}&timeoutSeconds=600");
    let mut event = Vec::new();
    let value = delivered(target, &path, watchers, updates, |number| {
        let (client, path) = (client.clone(), format!("{CONFIG_MAPS}/bench-{}", number % WRITERS));
        async move { client.ask(Method::PATCH, &path, MERGE, change(number)).await }
    })
    .await?;
    {
        // One event as it was sent: what the bare server copies.
        let mut lines = client.watch(&path).await?;
        event.extend(lines.next().await?);
    }
    let (bare, event) = (bound.connect().await?, Bytes::from(event));
    let bound = delivered(bound, "/events", watchers, updates, |_| {
        let (bare, event) = (bare.clone(), event.clone());
        async move { bare.ask(Method::POST, "/events", JSON, event).await }
    })
    .await?;
    let name = format!("events of {} bytes to {watchers} watchers", event.len());
    Ok(Entry::rate(name, value, "events/s", bound).goal(0.5))
}

fn version(list: &[u8]) -> Result<String> {
    let list: serde_json::Value = serde_json::from_slice(list)?;
    Ok(list["metadata"]["resourceVersion"].as_str().context("a list has a version")?.to_owned())
}

async fn delivered<F>(
    target: &Target,
    path: &str,
    watchers: usize,
    updates: usize,
    update: impl Fn(usize) -> F,
) -> Result<f64>
where
    F: Future<Output = Result<Bytes>>,
{
    let connections: Vec<Client> = target.connections(watchers.div_ceil(SHARING)).await?;
    let mut watches: Vec<Lines> = Vec::new();
    for number in 0..watchers {
        watches.push(connections[number / SHARING].watch(path).await?);
    }
    let start = now();
    let readers: Vec<_> =
        watches.into_iter().map(|mut lines| tokio::spawn(async move { lines.skip(updates).await })).collect();
    let writers = (0..WRITERS).map(|writer| {
        let update = &update;
        async move {
            for number in (writer..updates).step_by(WRITERS) {
                update(number).await?;
            }
            anyhow::Ok(())
        }
    });
    try_join_all(writers).await?;
    for reader in readers {
        reader.await??;
    }
    Ok((watchers * updates) as f64 / start.elapsed().as_secs_f64())
}
