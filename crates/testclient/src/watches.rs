//! Watches: a watcher that feeds a reflector, by list and watch and by a streaming list; bookmarks; 410.

use std::collections::BTreeSet;
use std::pin::pin;

use anyhow::{Context, Result, bail, ensure};
use futures::{Stream, StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams};
use kube::core::PartialObjectMeta;
use kube::runtime::watcher::{self, Event, watcher};
use kube::runtime::{WatchStreamExt, reflector};
use kube::{Api, Client, ResourceExt};
use serde_json::json;

use crate::in_time;
use crate::objects::map;

/// Runs it all.
pub(crate) async fn run(client: Client, namespace: &str) -> Result<()> {
    let maps: Api<ConfigMap> = Api::namespaced(client.clone(), namespace);
    for (name, first, config) in [
        ("list and watch", "l", watcher::Config::default().page_size(2)),
        ("from the cache", "c", watcher::Config::default().any_semantic()),
        ("a streaming list", "s", watcher::Config::default().streaming_lists()),
    ] {
        in_time(name, followed(&maps, first, config.labels("set=watched"))).await?;
    }
    in_time("metadata alone", metadata(client, namespace)).await?;
    in_time("bare events", events(&maps)).await
}

/// What is there is told first, then what happens; the reflector's store agrees at the end.
async fn followed(maps: &Api<ConfigMap>, first: &str, config: watcher::Config) -> Result<()> {
    let name = |number: u32| format!("{first}{number}");
    let make = async |number| {
        let object = map(&name(number), &[("set", "watched")]);
        maps.create(&PostParams::default(), &object).await
    };
    for number in 0..5 {
        make(number).await?;
    }
    let (store, writer) = reflector::store();
    let mut stream = pin!(watcher(maps.clone(), config).default_backoff().reflect(writer));
    all(&mut stream, &(0..5).map(name).collect()).await?;
    ensure!(store.len() == 5);

    let patch = Patch::Merge(json!({ "data": { "a": "changed" } }));
    maps.patch(&name(0), &PatchParams::default(), &patch).await?;
    ensure!(next(&mut stream).await? == ("applied", name(0)));
    maps.delete(&name(1), &DeleteParams::default()).await?;
    ensure!(next(&mut stream).await? == ("deleted", name(1)));
    // Who leaves the selection is gone for this watch.
    let patch = Patch::Merge(json!({ "metadata": { "labels": { "set": "other" } } }));
    maps.patch(&name(2), &PatchParams::default(), &patch).await?;
    ensure!(next(&mut stream).await? == ("deleted", name(2)));
    make(5).await?;
    ensure!(next(&mut stream).await? == ("applied", name(5)));

    let kept: BTreeSet<String> = store.state().iter().map(|one| one.name_any()).collect();
    ensure!(kept == [0, 3, 4, 5].map(name).into(), "{kept:?}");
    let changed = store.find(|one| one.name_any() == name(0)).context("it is in the store")?;
    ensure!(changed.data.as_ref().is_some_and(|data| data["a"] == "changed"), "{changed:?}");
    for number in [0, 2, 3, 4, 5] {
        maps.delete(&name(number), &DeleteParams::default()).await?;
    }
    Ok(())
}

/// Waits until a watcher has told of all these. What it begins with may be a little old, if it asks for that.
async fn all(
    stream: &mut (impl Stream<Item = watcher::Result<Event<ConfigMap>>> + Unpin),
    wanted: &BTreeSet<String>,
) -> Result<()> {
    ensure!(matches!(stream.next().await.context("an event")??, Event::Init));
    let (mut names, mut begun) = (BTreeSet::new(), false);
    while !begun || names != *wanted {
        match stream.next().await.context("an event")?? {
            Event::InitApply(one) if !begun => drop(names.insert(one.name_any())),
            Event::InitDone if !begun => begun = true,
            Event::Apply(one) if begun => drop(names.insert(one.name_any())),
            Event::Delete(one) if begun => drop(names.remove(&one.name_any())),
            other => bail!("{other} does not belong here"),
        }
    }
    Ok(())
}

async fn next(
    stream: &mut (impl Stream<Item = watcher::Result<Event<ConfigMap>>> + Unpin),
) -> Result<(&'static str, String)> {
    match stream.next().await.context("an event")?? {
        Event::Apply(one) => Ok(("applied", one.name_any())),
        Event::Delete(one) => Ok(("deleted", one.name_any())),
        other => bail!("{other} later on"),
    }
}

async fn metadata(client: Client, namespace: &str) -> Result<()> {
    let maps: Api<ConfigMap> = Api::namespaced(client.clone(), namespace);
    maps.create(&PostParams::default(), &map("light", &[("set", "light")])).await?;
    let light: Api<PartialObjectMeta<ConfigMap>> = Api::namespaced(client, namespace);
    let config = watcher::Config::default().labels("set=light").streaming_lists();
    let mut stream = pin!(watcher(light, config).touched_objects());
    let first = stream.try_next().await?.context("an object")?;
    ensure!(first.name_any() == "light" && first.labels()["set"] == "light", "{first:?}");
    maps.delete("light", &DeleteParams::default()).await?;
    let last = stream.try_next().await?.context("an object")?;
    ensure!(last.name_any() == "light");
    Ok(())
}

/// The stream that watchers stand on: initial events end with a marked bookmark; a state of before time is gone.
async fn events(maps: &Api<ConfigMap>) -> Result<()> {
    maps.create(&PostParams::default(), &map("bare", &[("set", "bare")])).await?;
    let params = WatchParams::default().labels("set=bare").initial_events().timeout(10);
    let mut stream = pin!(maps.watch(&params, "").await?);
    let mut told = Vec::new();
    while let Some(event) = stream.try_next().await? {
        match event {
            WatchEvent::Added(one) => told.push(one.name_any()),
            WatchEvent::Bookmark(mark) => {
                let end = mark.metadata.annotations.get("k8s.io/initial-events-end").map(String::as_str);
                ensure!(end == Some("true"), "{end:?}");
                break;
            }
            other => bail!("{other:?} among the first events"),
        }
    }
    ensure!(told == ["bare"], "{told:?}");
    let mut old = pin!(maps.watch(&WatchParams::default().timeout(5), "1").await?);
    match old.try_next().await? {
        Some(WatchEvent::Error(status)) => ensure!(status.code == 410, "{status:?}"),
        other => bail!("{other:?} from before time"),
    }
    maps.delete("bare", &DeleteParams::default()).await?;
    Ok(())
}
