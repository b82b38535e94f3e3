//! `mizzen image load`: an archive into the nodes of a cluster.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use clap::{Args, Subcommand};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;

use crate::cluster::layout::Layout;
use crate::ready;

/// Arguments of `mizzen image`.
#[derive(Args, Debug)]
pub(crate) struct ImageArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Load a docker-archive or OCI-layout tar into the nodes
    Load {
        /// The cluster's name
        #[arg(long, default_value = "mizzen")]
        name: String,
        /// Only into this node
        #[arg(long)]
        node: Option<String>,
        /// The archive
        archive: PathBuf,
    },
}

/// Runs `mizzen image`.
pub(crate) fn run(args: &ImageArgs) -> Result<()> {
    let Verb::Load { name, node, archive } = &args.verb;
    let layout = Layout::find(name)?
        .with_context(|| format!("there is no cluster {name:?}: start it with `mizzen up`"))?;
    let settings = layout.settings()?.with_context(|| format!("cluster {name:?} never came up"))?;
    let nodes: Vec<String> = settings.nodes().into_iter().map(|node| node.name).collect();
    if let Some(node) = node {
        ensure!(nodes.contains(node), "cluster {name:?} has no node {node:?}, but {}", nodes.join(", "));
    }
    ensure!(!nodes.is_empty(), "cluster {name:?} has no nodes");
    let archive = std::fs::canonicalize(archive).with_context(|| format!("find {}", archive.display()))?;
    for own in nodes.iter().filter(|own| node.as_ref().is_none_or(|node| node == *own)) {
        let socket = layout.run(&format!("{own}.images"));
        let loaded =
            ready::block_on(load(&socket, &archive)).with_context(|| format!("load into node {own}"))?;
        for reference in loaded.lines() {
            println!("{own}: {reference}");
        }
    }
    Ok(())
}

async fn load(socket: &Path, archive: &Path) -> Result<String> {
    let stream = UnixStream::connect(socket).await.context("the node does not run: `mizzen up` starts it")?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let path = archive.to_str().context("the archive's path is not UTF-8")?.to_owned();
    let request = http::Request::post("/load").header("host", "node").body(Full::new(Bytes::from(path)))?;
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    let text = String::from_utf8_lossy(&answer.into_body().collect().await?.to_bytes()).into_owned();
    drop(sender);
    driver.await.context("talk to the node")??;
    if !status.is_success() {
        bail!("{}", text.trim());
    }
    Ok(text)
}
