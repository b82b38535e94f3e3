//! Objects: every verb, three kinds of patches, pages, a Lease that two contend for.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use k8s_openapi::jiff::Timestamp;
use kube::api::{DeleteParams, ListParams, ObjectMeta, Patch, PatchParams, PostParams, Preconditions};
use kube::core::{DynamicObject, GroupVersionKind};
use kube::{Api, Client, ResourceExt, discovery};
use serde_json::json;

use crate::refusal;

/// Runs it all.
pub(crate) async fn run(client: Client, namespace: &str) -> Result<()> {
    let version = client.apiserver_version().await?;
    ensure!(version.minor == "35", "{version:?}");
    verbs(&Api::namespaced(client.clone(), namespace)).await.context("verbs")?;
    patches(&Api::namespaced(client.clone(), namespace)).await.context("patches")?;
    pages(&Api::namespaced(client.clone(), namespace)).await.context("pages")?;
    scale(&Api::namespaced(client.clone(), namespace)).await.context("scale")?;
    lease(&Api::namespaced(client.clone(), namespace)).await.context("lease")?;
    dynamic(client, namespace).await.context("dynamic objects")
}

/// A ConfigMap with one entry.
pub(crate) fn map(name: &str, labels: &[(&str, &str)]) -> ConfigMap {
    let labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    ConfigMap {
        metadata: ObjectMeta { name: Some(name.to_owned()), labels: Some(labels), ..ObjectMeta::default() },
        data: Some(BTreeMap::from([("a".to_owned(), name.to_owned())])),
        ..ConfigMap::default()
    }
}

async fn verbs(maps: &Api<ConfigMap>) -> Result<()> {
    let post = PostParams { field_manager: Some("session".to_owned()), ..PostParams::default() };
    let made = maps.create(&post, &map("one", &[])).await?;
    ensure!(made.uid().is_some() && made.resource_version().is_some(), "{made:?}");
    ensure!(made.managed_fields()[0].manager.as_deref() == Some("session"), "{made:?}");
    ensure!(refusal(maps.create(&post, &map("one", &[])).await)? == 409);
    let dry = PostParams { dry_run: true, ..PostParams::default() };
    maps.create(&dry, &map("dry", &[])).await?;
    ensure!(maps.get_opt("dry").await?.is_none());
    ensure!(refusal(maps.create(&post, &map("No_Name", &[])).await)? == 422);

    let mut changed = made.clone();
    changed.data = Some(BTreeMap::from([("b".to_owned(), "1".to_owned())]));
    let replaced = maps.replace("one", &post, &changed).await?;
    ensure!(replaced.data == changed.data && replaced.resource_version() != made.resource_version());
    // What was read before cannot be written any more.
    ensure!(refusal(maps.replace("one", &post, &changed).await)? == 409);
    let metadata = maps.get_metadata("one").await?;
    ensure!(metadata.uid() == made.uid(), "{metadata:?}");

    let other = Preconditions { uid: Some("another".to_owned()), ..Preconditions::default() };
    ensure!(refusal(maps.delete("one", &DeleteParams::default().preconditions(other)).await)? == 409);
    let same = Preconditions { uid: made.uid(), ..Preconditions::default() };
    maps.delete("one", &DeleteParams::default().preconditions(same)).await?;
    ensure!(refusal(maps.get("one").await)? == 404);
    Ok(())
}

async fn patches(maps: &Api<ConfigMap>) -> Result<()> {
    let wanted = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "patched" }, "data": { "a": "1" },
    });
    let first = PatchParams::apply("first");
    let applied = maps.patch("patched", &first, &Patch::Apply(&wanted)).await?;
    ensure!(applied.managed_fields()[0].operation.as_deref() == Some("Apply"), "{applied:?}");
    let again = maps.patch("patched", &first, &Patch::Apply(&wanted)).await?;
    ensure!(again.resource_version() == applied.resource_version(), "nothing has changed");

    let mut theirs = wanted.clone();
    theirs["data"]["a"] = json!("2");
    let second = PatchParams::apply("second");
    ensure!(refusal(maps.patch("patched", &second, &Patch::Apply(&theirs)).await)? == 409);
    let forced = maps.patch("patched", &second.clone().force(), &Patch::Apply(&theirs)).await?;
    ensure!(forced.data.as_ref().is_some_and(|data| data["a"] == "2"), "{forced:?}");

    let plain = PatchParams::default();
    let merged = maps.patch("patched", &plain, &Patch::Merge(json!({ "data": { "b": "3" } }))).await?;
    ensure!(merged.data.as_ref().is_some_and(|data| data.len() == 2), "{merged:?}");
    let gone = json!({ "data": { "b": null } });
    let strategic = maps.patch("patched", &plain, &Patch::Strategic(gone)).await?;
    ensure!(strategic.data.as_ref().is_some_and(|data| data.len() == 1), "{strategic:?}");
    let metadata = maps
        .patch_metadata("patched", &plain, &Patch::Merge(json!({ "metadata": { "labels": { "a": "b" } } })))
        .await?;
    ensure!(metadata.labels()["a"] == "b", "{metadata:?}");
    let mut strict = PatchParams::apply("first").force();
    strict.field_validation = Some(kube::api::ValidationDirective::Strict);
    let mut unknown = wanted;
    unknown["nothing"] = json!(1);
    ensure!(refusal(maps.patch("patched", &strict, &Patch::Apply(&unknown)).await)? == 400);
    maps.delete("patched", &DeleteParams::default()).await?;
    Ok(())
}

async fn pages(maps: &Api<ConfigMap>) -> Result<()> {
    let names: Vec<String> = (0..7).map(|number| format!("page-{number}")).collect();
    for name in &names {
        maps.create(&PostParams::default(), &map(name, &[("set", "pages")])).await?;
    }
    let mut asked = ListParams::default().labels("set=pages").limit(3);
    let mut seen = Vec::new();
    let mut versions = Vec::new();
    loop {
        let page = maps.list(&asked).await?;
        versions.push(page.metadata.resource_version.clone().context("a list has a version")?);
        seen.push(page.items.len());
        let Some(token) = page.metadata.continue_.filter(|token| !token.is_empty()) else { break };
        if seen.len() == 1 {
            // What goes meanwhile is still in this list's state.
            maps.delete("page-6", &DeleteParams::default()).await?;
        }
        asked = asked.continue_token(&token);
    }
    ensure!(seen == [3, 3, 1] && versions.iter().all(|version| *version == versions[0]), "{seen:?}");
    let metadata = maps.list_metadata(&ListParams::default().labels("set in (pages, other)")).await?;
    ensure!(metadata.items.len() == 6, "{metadata:?}");
    let one = maps.list(&ListParams::default().fields("metadata.name=page-2")).await?;
    ensure!(one.items.len() == 1);
    ensure!(refusal(maps.list(&ListParams::default().fields("no.such=field")).await)? == 400);
    let all = ListParams::default().labels("set=pages");
    maps.delete_collection(&DeleteParams::default(), &all).await?;
    ensure!(maps.list(&all).await?.items.is_empty());
    Ok(())
}

async fn scale(deployments: &Api<Deployment>) -> Result<()> {
    let web: Deployment = serde_json::from_value(json!({
        "metadata": { "name": "web" },
        "spec": {
            "replicas": 0,
            "selector": { "matchLabels": { "app": "web" } },
            "template": {
                "metadata": { "labels": { "app": "web" } },
                "spec": { "containers": [{ "name": "web", "image": "nginx:1" }] },
            },
        },
    }))?;
    deployments.create(&PostParams::default(), &web).await?;
    let patch = Patch::Merge(json!({ "spec": { "replicas": 2 } }));
    let scaled = deployments.patch_scale("web", &PatchParams::default(), &patch).await?;
    ensure!(scaled.spec.and_then(|spec| spec.replicas) == Some(2));
    let read = deployments.get_scale("web").await?;
    ensure!(read.status.and_then(|status| status.selector).as_deref() == Some("app=web"));
    deployments.restart("web").await?;
    let restarted = deployments.get("web").await?;
    let template = restarted.spec.context("a spec")?.template.metadata.context("its template's metadata")?;
    let annotations = template.annotations.unwrap_or_default();
    ensure!(annotations.contains_key("kube.kubernetes.io/restartedAt"), "{annotations:?}");
    deployments.delete("web", &DeleteParams::foreground()).await?;
    Ok(())
}

/// Two candidates write one Lease: whoever read it last has it.
#[allow(clippy::disallowed_methods)] // A client of its own, by the machine's clock.
async fn lease(leases: &Api<Lease>) -> Result<()> {
    let held_by = |holder: &str, transitions: i32| LeaseSpec {
        holder_identity: Some(holder.to_owned()),
        lease_duration_seconds: Some(15),
        acquire_time: Some(MicroTime(Timestamp::now())),
        renew_time: Some(MicroTime(Timestamp::now())),
        lease_transitions: Some(transitions),
        ..LeaseSpec::default()
    };
    let metadata = ObjectMeta { name: Some("leader".to_owned()), ..ObjectMeta::default() };
    let post = PostParams::default();
    let first = leases.create(&post, &Lease { metadata, spec: Some(held_by("a", 0)) }).await?;
    let contended = Lease { spec: Some(held_by("b", 1)), ..first.clone() };
    let renewed = leases.replace("leader", &post, &Lease { spec: Some(held_by("a", 0)), ..first }).await?;
    ensure!(refusal(leases.replace("leader", &post, &contended).await)? == 409, "a has renewed it");
    let taken = leases.replace("leader", &post, &Lease { spec: Some(held_by("b", 1)), ..renewed }).await?;
    let spec = taken.spec.context("a spec")?;
    ensure!(spec.holder_identity.as_deref() == Some("b") && spec.lease_transitions == Some(1));
    let written = serde_json::to_value(&spec.renew_time)?;
    let read = serde_json::to_value(&leases.get("leader").await?.spec.context("a spec")?.renew_time)?;
    ensure!(written == read, "microseconds are kept: {written} {read}");
    leases.delete("leader", &DeleteParams::default()).await?;
    Ok(())
}

/// Kinds that the client learns of from discovery.
async fn dynamic(client: Client, namespace: &str) -> Result<()> {
    // Of all groups some may go while they are read one after the other.
    let groups = || discovery::Discovery::new(client.clone());
    for found in [groups().filter(&["", "apps"]).run().await?, groups().run_aggregated().await?] {
        ensure!(found.has_group("apps") && found.has_group(""), "{} groups", found.groups().count());
    }
    let kind = GroupVersionKind::gvk("", "v1", "ConfigMap");
    let (resource, capabilities) = discovery::pinned_kind(&client, &kind).await?;
    ensure!(capabilities.supports_operation("watch") && resource.plural == "configmaps");
    let maps: Api<DynamicObject> = Api::namespaced_with(client, namespace, &resource);
    let object = DynamicObject::new("loose", &resource).data(json!({ "data": { "a": "b" } }));
    let made = maps.create(&PostParams::default(), &object).await?;
    ensure!(made.data["data"]["a"] == "b", "{made:?}");
    maps.delete("loose", &DeleteParams::default()).await?;
    Ok(())
}
