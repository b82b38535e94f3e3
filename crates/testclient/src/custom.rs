//! A kind of one's own, derived, installed, and kept by an operator with a finalizer and a status.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use futures::StreamExt;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::runtime::controller::{Action, Controller};
use kube::runtime::finalizer::{Event, finalizer};
use kube::runtime::wait::{await_condition, conditions};
use kube::runtime::watcher;
use kube::{Api, Client, CustomResource, CustomResourceExt, ResourceExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{in_time, refusal};

/// A song that is played so often.
#[derive(CustomResource, Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[kube(group = "testclient.example", version = "v1", kind = "Ballad", namespaced)]
#[kube(status = "BalladStatus", shortname = "bal", category = "songs", selectable = ".spec.key")]
#[kube(scale(spec_replicas_path = ".spec.verses", status_replicas_path = ".status.sung"))]
#[kube(printcolumn(name = "Verses", type_ = "integer", json_path = ".spec.verses"))]
struct BalladSpec {
    /// How many there are.
    #[serde(default = "three")]
    #[schemars(range(min = 1, max = 99))]
    verses: i32,
    key: Key,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dedication: Option<String>,
}

/// In which it is sung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
enum Key {
    Major,
    Minor,
}

/// What the operator has done.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
struct BalladStatus {
    #[serde(default)]
    sung: i32,
}

fn three() -> i32 {
    3
}

const DEFINITION: &str = "ballads.testclient.example";
const FINALIZER: &str = "testclient.example/encore";

/// Runs it all.
pub(crate) async fn run(client: Client, namespace: &str) -> Result<()> {
    let definitions: Api<CustomResourceDefinition> = Api::all(client.clone());
    let apply = PatchParams::apply("testclient").force();
    definitions.patch(DEFINITION, &apply, &Patch::Apply(Ballad::crd())).await?;
    let established = await_condition(definitions.clone(), DEFINITION, conditions::is_crd_established());
    in_time("the definition is established", async { Ok(established.await?) }).await?;
    let ballads: Api<Ballad> = Api::namespaced(client.clone(), namespace);
    in_time("objects", objects(&ballads)).await?;
    in_time("an operator", operator(&ballads, client)).await?;
    let gone = definitions.get(DEFINITION).await?.uid().context("a uid")?;
    definitions.delete(DEFINITION, &DeleteParams::default()).await?;
    let deleted = await_condition(definitions, DEFINITION, conditions::is_deleted(&gone));
    in_time("the definition is gone", async { Ok(deleted.await?) }).await?;
    Ok(())
}

fn ballad(name: &str, key: Key) -> Ballad {
    Ballad::new(name, BalladSpec { verses: 2, key, dedication: None })
}

async fn objects(ballads: &Api<Ballad>) -> Result<()> {
    let post = PostParams::default();
    ballads.create(&post, &ballad("one", Key::Major)).await?;
    ballads.create(&post, &ballad("two", Key::Minor)).await?;
    ensure!(
        refusal(
            ballads
                .create(
                    &post,
                    &Ballad::new("long", BalladSpec { verses: 100, ..ballad("", Key::Major).spec })
                )
                .await
        )? == 422
    );
    let minor = ballads.list(&ListParams::default().fields("spec.key=Minor")).await?;
    ensure!(minor.items.len() == 1 && minor.items[0].name_any() == "two", "{minor:?}");

    // Without verses it has those of the schema's default.
    let wanted = json!({
        "apiVersion": "testclient.example/v1", "kind": "Ballad",
        "metadata": { "name": "three" }, "spec": { "key": "Major" },
    });
    let applied = ballads.patch("three", &PatchParams::apply("testclient"), &Patch::Apply(&wanted)).await?;
    ensure!(applied.spec.verses == 3, "{applied:?}");
    let patch = Patch::Merge(json!({ "spec": { "dedication": "you" } }));
    let patched = ballads.patch("three", &PatchParams::default(), &patch).await?;
    ensure!(patched.spec.dedication.as_deref() == Some("you") && patched.metadata.generation == Some(2));
    let wrong = Patch::Merge(json!({ "spec": { "key": "Atonal" } }));
    ensure!(refusal(ballads.patch("three", &PatchParams::default(), &wrong).await)? == 422);

    let sung = Patch::Merge(json!({ "status": { "sung": 1 }, "spec": { "verses": 9 } }));
    let status = ballads.patch_status("three", &PatchParams::default(), &sung).await?;
    ensure!(status.status == Some(BalladStatus { sung: 1 }) && status.spec.verses == 3, "{status:?}");
    let more = Patch::Merge(json!({ "spec": { "replicas": 5 } }));
    let scaled = ballads.patch_scale("three", &PatchParams::default(), &more).await?;
    ensure!(scaled.status.is_some_and(|status| status.replicas == 1));
    ensure!(ballads.get("three").await?.spec.verses == 5);
    for name in ["one", "two", "three"] {
        ballads.delete(name, &DeleteParams::default()).await?;
    }
    Ok(())
}

/// What an operator works with.
struct Work {
    client: Client,
}

/// Sings every verse, and again nothing before the object may go.
async fn reconcile(
    object: Arc<Ballad>,
    work: Arc<Work>,
) -> Result<Action, kube::runtime::finalizer::Error<kube::Error>> {
    let ballads: Api<Ballad> = Api::namespaced(work.client.clone(), &object.namespace().unwrap_or_default());
    finalizer(&ballads, FINALIZER, object, |event| async {
        if let Event::Apply(object) = event {
            let sung = json!({ "status": { "sung": object.spec.verses } });
            ballads.patch_status(&object.name_any(), &PatchParams::default(), &Patch::Merge(sung)).await?;
        }
        Ok(Action::await_change())
    })
    .await
}

async fn operator(ballads: &Api<Ballad>, client: Client) -> Result<()> {
    let work = Arc::new(Work { client });
    let again = |_: Arc<Ballad>, _: &_, _: Arc<Work>| Action::requeue(Duration::from_millis(100));
    let config = watcher::Config::default().streaming_lists();
    let controller = Controller::new(ballads.clone(), config).run(reconcile, again, work);
    let mut controller = pin!(controller.for_each(|_| async {}));
    let scenario = async {
        let made = ballads.create(&PostParams::default(), &ballad("kept", Key::Minor)).await?;
        let sung = |sung: i32| {
            move |object: Option<&Ballad>| {
                object.and_then(|one| one.status.as_ref()).is_some_and(|status| status.sung == sung)
            }
        };
        await_condition(ballads.clone(), "kept", sung(2)).await?;
        let more = Patch::Merge(json!({ "spec": { "verses": 4 } }));
        ballads.patch("kept", &PatchParams::default(), &more).await?;
        await_condition(ballads.clone(), "kept", sung(4)).await?;
        ensure!(ballads.get("kept").await?.finalizers() == [FINALIZER]);
        let uid = made.uid().context("a uid")?;
        ballads.delete("kept", &DeleteParams::default()).await?;
        await_condition(ballads.clone(), "kept", conditions::is_deleted(&uid)).await?;
        Ok(())
    };
    tokio::select! {
        ended = scenario => ended,
        () = &mut controller => bail!("the operator stopped"),
    }
}
