//! Verbs a second and their times, by number of clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use http::Method;
use serde_json::json;
use tokio::task::JoinSet;

use crate::http2::{Client, JSON, Target};
use crate::measure::{cpu_time, milliseconds, now, percentile};
use crate::report::Entry;

const CLIENTS: [usize; 3] = [1, 16, 64];
const CONFIG_MAPS: &str = "/api/v1/namespaces/default/configmaps";
/// A page of a list, as in a namespace of some size.
const PAGE: &str = "/api/v1/namespaces/default/configmaps?limit=50";
const MERGE: &str = "application/merge-patch+json";

/// A server, and the one that bounds it.
pub(crate) struct Measured {
    pub(crate) kind: &'static str,
    pub(crate) target: Target,
    pub(crate) pid: u32,
    pub(crate) bound: Target,
    pub(crate) bound_pid: u32,
}

/// What one client does, over and over.
#[derive(Clone, Copy, PartialEq)]
enum Verb {
    Create,
    Get,
    List,
    Patch,
    Delete,
}

impl Verb {
    const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::List => "list 50",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }

    async fn call(self, client: &Client, number: usize) -> Result<Bytes> {
        let path = format!("{CONFIG_MAPS}/bench-{number}");
        match self {
            Self::Create => client.post(CONFIG_MAPS, config_map(number)).await,
            Self::Get => client.get(&path).await,
            Self::List => client.get(PAGE).await,
            Self::Patch => client.ask(Method::PATCH, &path, MERGE, change(number)).await,
            Self::Delete => client.ask(Method::DELETE, &path, JSON, Bytes::new()).await,
        }
    }
}

/// About 1 KiB.
pub(crate) fn config_map(number: usize) -> Bytes {
    let object = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": format!("bench-{number}"), "labels": {"app": "bench"}},
        "data": {"text": "x".repeat(800)},
    });
    object.to_string().into()
}

/// A change that is one each time.
pub(crate) fn change(number: usize) -> Bytes {
    static SERIAL: AtomicUsize = AtomicUsize::new(0);
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    json!({"data": {"change": format!("{number} {serial}")}}).to_string().into()
}

/// What was measured.
struct Run {
    rate: f64,
    times: Vec<Duration>,
    cpu: Duration,
}

/// So many calls, shared among so many clients with a connection each; call `number` is about object `number`.
async fn drive<F>(
    target: &Target,
    pid: u32,
    clients: usize,
    calls: usize,
    call: impl Fn(Client, usize) -> F + Clone + Send + 'static,
) -> Result<Run>
where
    F: Future<Output = Result<Bytes>> + Send,
{
    let connections = target.connections(clients).await?;
    let next = Arc::new(AtomicUsize::new(0));
    let (start, before) = (now(), cpu_time(pid)?);
    let mut tasks = JoinSet::new();
    for client in connections {
        let (call, next) = (call.clone(), next.clone());
        tasks.spawn(async move {
            let mut times = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= calls {
                    return anyhow::Ok(times);
                }
                let start = now();
                call(client.clone(), number).await?;
                times.push(start.elapsed());
            }
        });
    }
    let mut times = Vec::new();
    while let Some(task) = tasks.join_next().await {
        times.extend(task??);
    }
    let rate = calls as f64 / start.elapsed().as_secs_f64();
    Ok(Run { rate, times, cpu: cpu_time(pid)?.saturating_sub(before) })
}

/// All verbs with each number of clients.
pub(crate) async fn run(server: &Measured, quick: bool) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for clients in CLIENTS {
        let scale = if quick { 1 } else { 4 };
        let calls = scale * if clients == 1 { 500 } else { 2_000 };
        for verb in [Verb::Create, Verb::Get, Verb::List, Verb::Patch, Verb::Delete] {
            entries.extend(verb_entries(server, verb, clients, calls).await?);
        }
    }
    entries.extend(watch_delay(server, if quick { 200 } else { 1_000 }).await?);
    Ok(entries)
}

async fn verb_entries(server: &Measured, verb: Verb, clients: usize, calls: usize) -> Result<Vec<Entry>> {
    // A call that costs much is made less often.
    let calls = if verb == Verb::List { calls / 4 } else { calls };
    let bound = bound(server, verb, clients, calls).await?;
    let run = drive(&server.target, server.pid, clients, calls, move |client, number| async move {
        verb.call(&client, number).await
    })
    .await?;
    let plural = if clients == 1 { "" } else { "s" };
    let name = format!("{} {}, {clients} client{plural}", server.kind, verb.name());
    let time = |percent| {
        Entry::cost(
            format!("{name}, p{percent}"),
            milliseconds(percentile(&run.times, percent)),
            "ms",
            milliseconds(percentile(&bound.times, percent)),
        )
    };
    let per_call = |run: &Run| run.cpu.as_secs_f64() * 1e6 / calls as f64;
    let mut cpu = Entry::cost(format!("{name}, server's processor"), per_call(&run), "us", per_call(&bound));
    if verb == Verb::Create && clients == 64 {
        cpu = cpu.at_most(80.0);
    }
    Ok(vec![Entry::rate(name.clone(), run.rate, "req/s", bound.rate), time(50), time(99), cpu])
}

/// The same bytes to and fro on the bare server.
async fn bound(server: &Measured, verb: Verb, clients: usize, calls: usize) -> Result<Run> {
    let example = server.target.connect().await?;
    if verb == Verb::Get || verb == Verb::List {
        let answer = verb.call(&example, 0).await?;
        server.bound.connect().await?.ask(Method::PUT, "/kept", JSON, answer).await?;
    }
    drive(&server.bound, server.bound_pid, clients, calls, move |client, number| async move {
        match verb {
            Verb::Get | Verb::List => client.get("/kept").await,
            Verb::Create | Verb::Patch | Verb::Delete => client.post("/", config_map(number)).await,
        }
    })
    .await
}

/// From the moment a change is sent to the moment that a watch shows it; the bound is the bare server's.
async fn watch_delay(server: &Measured, changes: usize) -> Result<Vec<Entry>> {
    let client = server.target.connect().await?;
    client.post(CONFIG_MAPS, config_map(0)).await?;
    let times = {
        let path = format!("{CONFIG_MAPS}?watch=true&fieldSelector=metadata.name%3Dbench-0");
        let mut lines = server.target.connect().await?.watch(&path).await?;
        lines.next().await?;
        let mut times = Vec::new();
        for number in 0..changes {
            let start = now();
            let path = format!("{CONFIG_MAPS}/bench-0");
            let patch = client.ask(Method::PATCH, &path, MERGE, change(number));
            let (answer, line) = tokio::join!(patch, async { (lines.next().await, start.elapsed()) });
            answer?;
            line.0?;
            times.push(line.1);
        }
        times
    };
    client.ask(Method::DELETE, &format!("{CONFIG_MAPS}/bench-0"), JSON, Bytes::new()).await?;
    let client = server.bound.connect().await?;
    let mut lines = server.bound.connect().await?.watch("/events").await?;
    let mut bounds = Vec::new();
    for _ in 0..changes {
        let start = now();
        let event = Bytes::from([&config_map(0)[..], b"\n"].concat());
        let (answer, line) =
            tokio::join!(client.post("/events", event), async { (lines.next().await, start.elapsed()) });
        answer?;
        line.0?;
        bounds.push(line.1);
    }
    let entry = |percent| {
        Entry::cost(
            format!("{} change to watch event, p{percent}", server.kind),
            milliseconds(percentile(&times, percent)),
            "ms",
            milliseconds(percentile(&bounds, percent)),
        )
    };
    Ok(vec![entry(50), entry(99)])
}
