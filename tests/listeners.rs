//! Sockets: those of the document and no others, and none that carries authority lets strangers in.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, eventually, root, run};

use crate::cluster::{ready, shell_pod};
use crate::groups::{Group, NODE_PORT, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(Group::One, "listeners_are_those_of_the_document", documented),
        test(Group::One, "listeners_ask_who_is_there", guarded),
    ]
}

/// The recorded number of one of the cluster's processes.
fn process(cluster: &Cluster, role: &str) -> Result<String> {
    let path = cluster.data_dir().join("run").join(format!("{role}.process"));
    let text = fs::read(&path).with_context(|| path.display().to_string())?;
    let record: serde_json::Value = serde_json::from_slice(&text)?;
    Ok(record["pid"].to_string())
}

/// A command inside the network of a process.
fn inside(pid: &str, program: &str) -> Command {
    let mut command = Command::new("nsenter");
    command.arg(format!("--net=/proc/{pid}/ns/net")).arg(program);
    command
}

/// What the cluster's own processes listen on in one network, like `tcp 127.0.0.1:53`.
fn listening(pid: &str, owners: &[&str]) -> Result<Vec<String>> {
    let table = run(inside(pid, "ss").args(["-H", "-l", "-n", "-t", "-u", "-p"]))?;
    let own = |line: &&str| owners.iter().any(|owner| line.contains(&format!("pid={owner},")));
    let socket = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        Some(format!("{} {}", columns.first()?, columns.get(4)?))
    };
    Ok(table.lines().filter(own).filter_map(socket).collect())
}

fn unix_sockets(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        match fs::symlink_metadata(&path) {
            Ok(data) if data.is_dir() => unix_sockets(&path, found)?,
            Ok(data) if data.file_type().is_socket() => found.push(path),
            // Pods of other tests come and go.
            _ => {}
        }
    }
    Ok(())
}

/// All sockets, with names in place of what differs between clusters.
fn sockets(cluster: &Cluster) -> Result<BTreeSet<String>> {
    let (control, node) = (process(cluster, "control-plane")?, node_process(cluster)?);
    let (lan, name) = (process(cluster, "anchor-lan")?, cluster.name());
    let mut all = BTreeSet::new();
    let api = format!("127.0.0.1:{}", cluster.api_port());
    let published = format!("127.0.0.1:{}", cluster.published(NODE_PORT).context("a published port")?);
    for socket in listening("self", &[&control, &node])? {
        let named = socket.replace(&api, "127.0.0.1:API").replace(&published, "127.0.0.1:PUBLISHED");
        all.insert(format!("host {named}"));
    }
    for socket in listening(&lan, &[&control])? {
        all.insert(format!("LAN {}", with_host(&socket, "LAN")));
    }
    for socket in listening(&node, &[&node])? {
        let named = with_host(&socket, "NODE");
        let known = named.ends_with(":10248") || !named.contains("127.0.0.1:");
        all.insert(format!("node {}", if known { named } else { "tcp 127.0.0.1:STREAM".to_owned() }));
    }
    let mut files = Vec::new();
    unix_sockets(&cluster.data_dir().join("run"), &mut files)?;
    for file in files {
        let Ok(data) = fs::metadata(&file) else { continue };
        let mode = data.permissions().mode() & 0o777;
        ensure!(mode == 0o600, "{} has mode {mode:o}", file.display());
        let path = file.strip_prefix(cluster.data_dir())?.to_string_lossy().replace(name, "NAME");
        let path = match path.split_once("/s/") {
            Some((folder, _)) => format!("{folder}/s/SANDBOX.sock"),
            None => path,
        };
        all.insert(format!("files unix {path}"));
    }
    Ok(all)
}

fn node_process(cluster: &Cluster) -> Result<String> {
    process(cluster, &format!("node-{}", cluster.name()))
}

/// `tcp 172.30.0.1:53` as `tcp LAN:53`; loopback stays.
fn with_host(socket: &str, host: &str) -> String {
    match socket.split_once(' ').and_then(|(kind, address)| Some((kind, address.rsplit_once(':')?))) {
        Some((kind, (address, port))) if address != "127.0.0.1" => format!("{kind} {host}:{port}"),
        _ => socket.to_owned(),
    }
}

/// The rows of the document's first table.
fn rows() -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(root().join("docs/listeners.md"))?;
    let table = text.split("\n\n").find(|part| part.starts_with("| process")).context("a table")?;
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        Some(format!("{} {}", cells.get(2)?, cells.get(3)?.trim_matches('`')))
    };
    Ok(table.lines().skip(2).filter_map(row).collect())
}

fn documented(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&shell_pod("sleeper", "sleep 300"))?;
    ready(kubectl, "sleeper")?;
    let mode = fs::metadata(cluster.data_dir())?.permissions().mode() & 0o777;
    ensure!(mode == 0o700, "the cluster's folder has mode {mode:o}");
    let expect = rows()?;
    eventually("the sockets are those of the document", || {
        let found = sockets(cluster)?;
        let (more, less): (Vec<_>, Vec<_>) =
            (found.difference(&expect).collect(), expect.difference(&found).collect());
        ensure!(
            more.is_empty() && less.is_empty(),
            "undocumented: {more:?}, documented but not there: {less:?}"
        );
        Ok(())
    })
}

/// What kubectl is told by a server to which it brings a token that nobody gave it.
fn knock(pid: &str, server: &str, path: &str) -> Result<String> {
    let mut command = inside(pid, "kubectl");
    command.args(["--kubeconfig", "/dev/null", "--server", server, "--insecure-skip-tls-verify"]);
    command.args(["--token", "guessed"]);
    let said = command.args(["get", "--raw", path]).env_remove("KUBECONFIG").output()?;
    ensure!(!said.status.success(), "{server}{path} answers strangers");
    Ok(String::from_utf8_lossy(&said.stderr).into_owned())
}

fn guarded(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let node = node_process(cluster)?;
    let address =
        kubectl.path(&["nodes"], "{.items[0].status.addresses[?(@.type==\"InternalIP\")].address}")?;
    let api = format!("https://127.0.0.1:{}", cluster.api_port());
    let said = knock("self", &api, "/api/v1/secrets")?;
    ensure!(said.contains("You must be logged in"), "{said}");
    let said = knock(&node, &format!("https://{address}:10250"), "/pods")?;
    ensure!(said.contains("You must be logged in"), "{said}");
    let streams = listening(&node, &[&node])?;
    let stream = streams.iter().filter_map(|socket| socket.strip_prefix("tcp 127.0.0.1:"));
    let port = stream.into_iter().find(|port| *port != "10248").context("a streaming port")?;
    let said = knock(&node, &format!("http://127.0.0.1:{port}"), "/exec/guessed")?;
    ensure!(said.contains("not found") || said.contains("NotFound"), "{said}");
    Ok(())
}
