//! A session of kube-rs, as operators use it: `mizzen-testclient PART KUBECONFIG NAMESPACE`. Says "done".
//!
//! It is a client of tests and links nothing of the product.

mod custom;
mod objects;
mod streams;
mod watches;

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};

/// How long anything may take that is not awaited by a deadline of its own.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [part, kubeconfig, namespace] = arguments.as_slice() else {
        bail!("usage: mizzen-testclient objects|watches|custom|streams KUBECONFIG NAMESPACE");
    };
    let client = connect(Path::new(kubeconfig)).await?;
    match part.as_str() {
        "objects" => objects::run(client, namespace).await?,
        "watches" => watches::run(client, namespace).await?,
        "custom" => custom::run(client, namespace).await?,
        "streams" => streams::run(client, namespace).await?,
        other => bail!("no such part: {other}"),
    }
    println!("done");
    Ok(())
}

async fn connect(kubeconfig: &Path) -> Result<Client> {
    let kubeconfig = Kubeconfig::read_from(kubeconfig)?;
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
    Ok(Client::try_from(config)?)
}

/// Gives a future so much time as a test has.
async fn in_time<T>(what: &str, future: impl Future<Output = Result<T>>) -> Result<T> {
    let ended = tokio::time::timeout(PATIENCE, future).await;
    ended.unwrap_or_else(|_| Err(anyhow!("not in time"))).with_context(|| what.to_owned())
}

/// The code of an answer that is a refusal.
fn refusal<T>(result: Result<T, kube::Error>) -> Result<u16> {
    match result {
        Ok(_) => bail!("this was to be refused"),
        Err(kube::Error::Api(status)) => Ok(status.code),
        Err(error) => Err(error.into()),
    }
}
