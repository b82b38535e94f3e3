//! Commands in a running container, over the API server, as kubectl runs them.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use futures::StreamExt as _;
use http::{Method, Request};
use tokio_tungstenite::tungstenite::Message;

use super::pods::{PODS, running, sleeper, watch};
use crate::http2::{JSON, Target};
use crate::measure::{milliseconds, now, percentile};
use crate::report::Entry;

/// The channel of what became of the command.
const STATUS: u8 = 3;

/// Round trips of `exec … true`, TLS handshake included.
pub(super) async fn run(target: &Target, rounds: usize) -> Result<Vec<Entry>> {
    let client = target.connect().await?;
    let mut changes = watch(&client, PODS).await?;
    client.post(PODS, sleeper("exec", 100_000)).await?;
    running(&mut changes, "exec").await?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let start = now();
        exec(target).await?;
        times.push(start.elapsed());
    }
    let bounds = (0..rounds).map(|_| fork_exec()).collect::<Result<Vec<_>>>()?;
    client.ask(Method::DELETE, &format!("{PODS}/exec"), JSON, Bytes::new()).await?;
    let entry = |percent| {
        let (time, bound) = (percentile(&times, percent), percentile(&bounds, percent));
        Entry::cost(format!("exec true, p{percent}"), milliseconds(time), "ms", milliseconds(bound))
    };
    Ok(vec![entry(50), entry(99)])
}

/// The bound: starting the same program here.
fn fork_exec() -> Result<Duration> {
    let start = now();
    mizzen_testkit::run(std::process::Command::new("/bin/busybox").arg("true"))?;
    Ok(start.elapsed())
}

async fn exec(target: &Target) -> Result<()> {
    let stream = target.tls(b"http/1.1").await?;
    let request = Request::builder()
        .uri(format!("wss://localhost{PODS}/exec/exec?container=main&command=true&stdout=true&stderr=true"))
        .header("host", "localhost")
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", tokio_tungstenite::tungstenite::handshake::client::generate_key())
        .header("sec-websocket-protocol", "v5.channel.k8s.io")
        .body(())?;
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
    while let Some(message) = socket.next().await {
        if let Message::Binary(data) = message?
            && data.first() == Some(&STATUS)
        {
            let text = String::from_utf8_lossy(&data[1..]).into_owned();
            ensure!(text.contains("Success"), "the command failed: {text}");
            return Ok(());
        }
    }
    None.context("the stream ended without a status")
}
