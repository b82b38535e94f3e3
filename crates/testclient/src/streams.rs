//! What runs in a pod: logs, exec, attach and port-forward, on a real node.

use std::pin::pin;

use anyhow::{Context, Result, bail, ensure};
use futures::{AsyncBufReadExt, TryStreamExt};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{AttachParams, DeleteParams, EvictParams, LogParams, Patch, PatchParams, PostParams};
use kube::runtime::wait::{await_condition, conditions};
use kube::{Api, Client, ResourceExt};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::in_time;

/// Runs it all.
pub(crate) async fn run(client: Client, namespace: &str) -> Result<()> {
    let pods: Api<Pod> = Api::namespaced(client, namespace);
    let pod: Pod = serde_json::from_value(json!({
        "metadata": { "name": "target" },
        "spec": {
            "terminationGracePeriodSeconds": 1,
            "containers": [
                { "name": "server", "image": "localhost/testserver:test" },
                {
                    "name": "talker", "image": "localhost/testserver:test", "stdin": true,
                    "command": ["sh", "-c", "echo one; echo two; while read line; do echo got $line; done; sleep 300"],
                },
            ],
        },
    }))?;
    let made = pods.create(&PostParams::default(), &pod).await?;
    let running = await_condition(pods.clone(), "target", conditions::is_pod_running());
    in_time("the pod runs", async { Ok(running.await?) }).await?;
    in_time("exec", exec(&pods)).await?;
    in_time("attach", attach(&pods)).await?;
    in_time("logs", logs(&pods)).await?;
    in_time("port-forward", forward(&pods)).await?;
    in_time("an ephemeral container", ephemeral(&pods)).await?;
    let uid = made.uid().context("a uid")?;
    pods.evict("target", &EvictParams::default()).await?;
    let gone = await_condition(pods.clone(), "target", conditions::is_deleted(&uid));
    in_time("the pod is gone", async { Ok(gone.await?) }).await?;
    if pods.delete("target", &DeleteParams::default()).await.is_ok() {
        bail!("what is gone was deleted again");
    }
    Ok(())
}

async fn exec(pods: &Api<Pod>) -> Result<()> {
    let params = AttachParams::default().container("server");
    let mut ran = pods.exec("target", ["sh", "-c", "echo out; echo err >&2; exit 5"], &params).await?;
    let (mut out, mut err) = (String::new(), String::new());
    let ended = ran.take_status().context("a status")?;
    ran.stdout().context("standard output")?.read_to_string(&mut out).await?;
    ran.stderr().context("standard error")?.read_to_string(&mut err).await?;
    let status = ended.await.context("a status at the end")?;
    ran.join().await?;
    ensure!(out == "out\n" && err == "err\n", "{out:?} {err:?}");
    let causes = status.details.and_then(|details| details.causes).unwrap_or_default();
    ensure!(causes.iter().any(|cause| cause.message.as_deref() == Some("5")), "{causes:?}");

    // Standard input of a megabyte, closed at its end.
    let mut counted = pods.exec("target", ["wc", "-c"], &params.stdin(true)).await?;
    let mut stdin = counted.stdin().context("standard input")?;
    stdin.write_all(&vec![b'x'; 1 << 20]).await?;
    stdin.shutdown().await?;
    drop(stdin);
    let mut out = String::new();
    counted.stdout().context("standard output")?.read_to_string(&mut out).await?;
    counted.join().await?;
    ensure!(out.trim() == "1048576", "{out:?}");
    Ok(())
}

async fn attach(pods: &Api<Pod>) -> Result<()> {
    let params = AttachParams::default().container("talker").stdin(true).stderr(false);
    let mut attached = pods.attach("target", &params).await?;
    let mut stdin = attached.stdin().context("standard input")?;
    stdin.write_all(b"hello\n").await?;
    let mut out = attached.stdout().context("standard output")?;
    let mut heard = vec![0; "got hello\n".len()];
    out.read_exact(&mut heard).await?;
    ensure!(heard == b"got hello\n", "{}", String::from_utf8_lossy(&heard));
    attached.abort();
    Ok(())
}

async fn logs(pods: &Api<Pod>) -> Result<()> {
    let all = LogParams { container: Some("talker".to_owned()), ..LogParams::default() };
    let text = pods.logs("target", &LogParams { tail_lines: Some(2), ..all.clone() }).await?;
    ensure!(text == "two\ngot hello\n", "{text:?}");
    let mut lines = pin!(pods.log_stream("target", &LogParams { follow: true, ..all }).await?.lines());
    for expect in ["one", "two", "got hello"] {
        let line = lines.try_next().await?.context("a line")?;
        ensure!(line == expect, "{line:?}");
    }
    Ok(())
}

async fn forward(pods: &Api<Pod>) -> Result<()> {
    let mut forwarder = pods.portforward("target", &[8080]).await?;
    let mut stream = forwarder.take_stream(8080).context("a stream")?;
    stream.write_all(b"GET /healthz HTTP/1.0\r\nhost: target\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.context("an answer")?;
    forwarder.abort();
    ensure!(answer.contains(" 200 "), "{answer}");
    Ok(())
}

async fn ephemeral(pods: &Api<Pod>) -> Result<()> {
    let patch = json!({ "spec": { "ephemeralContainers": [
        { "name": "looker", "image": "localhost/testserver:test", "command": ["sleep", "300"] },
    ] } });
    let params = PatchParams::default();
    pods.patch_ephemeral_containers("target", &params, &Patch::Strategic(patch)).await?;
    let runs = |pod: Option<&Pod>| {
        let statuses = pod.and_then(|pod| pod.status.as_ref()?.ephemeral_container_statuses.as_ref());
        statuses.into_iter().flatten().any(|one| {
            one.name == "looker" && one.state.as_ref().is_some_and(|state| state.running.is_some())
        })
    };
    await_condition(pods.clone(), "target", runs).await?;
    Ok(())
}
