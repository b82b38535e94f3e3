//! etcd servers of a test's own, on free ports of the loopback address and in a temporary folder.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::tools::{free_port, run, start_bound};
use crate::wait::eventually_within;

/// How long a member may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A cluster of etcd servers. Dropping it kills them, also in a panic; they end with the thread that started them,
/// too.
#[derive(Debug)]
pub struct Etcd {
    members: Vec<Member>,
    folder: TempDir,
    arguments: Vec<String>,
    scheme: &'static str,
}

#[derive(Debug)]
struct Member {
    name: String,
    client_port: u16,
    peer_port: u16,
    child: Option<Child>,
}

impl Etcd {
    /// One server.
    pub fn start() -> Result<Self> {
        Self::start_with(1, "http", &[])
    }

    /// One server that keeps its data below `parent`.
    pub fn start_in(parent: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("etcd-").tempdir_in(parent).context("a folder")?;
        Self::start_at(folder, 1, "http", &[])
    }

    /// `count` servers that listen to clients by `http` or `https`, with more arguments for each.
    pub fn start_with(count: usize, scheme: &'static str, arguments: &[&str]) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("etcd-").tempdir().context("a temporary folder")?;
        Self::start_at(folder, count, scheme, arguments)
    }

    fn start_at(folder: TempDir, count: usize, scheme: &'static str, arguments: &[&str]) -> Result<Self> {
        let mut members = Vec::new();
        for number in 0..count {
            let (client_port, peer_port) = (free_port()?, free_port()?);
            members.push(Member { name: format!("m{number}"), client_port, peer_port, child: None });
        }
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let mut etcd = Self { members, folder, arguments, scheme };
        for number in 0..count {
            etcd.spawn(number)?;
        }
        (0..count).try_for_each(|number| etcd.wait(number))?;
        Ok(etcd)
    }

    /// The URL at which a member serves clients.
    pub fn url(&self, member: usize) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.members[member].client_port)
    }

    /// The port at which a member serves clients.
    pub fn port(&self, member: usize) -> u16 {
        self.members[member].client_port
    }

    /// All members' URLs.
    pub fn urls(&self) -> Vec<String> {
        (0..self.members.len()).map(|member| self.url(member)).collect()
    }

    /// Where the servers keep their data.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `kill -9`.
    pub fn kill(&mut self, member: usize) -> Result<()> {
        if let Some(mut child) = self.members[member].child.take() {
            child.kill().context("kill etcd")?;
            child.wait().context("wait for etcd's end")?;
        }
        Ok(())
    }

    /// Starts a member that was killed; returns when it answers.
    pub fn restart(&mut self, member: usize) -> Result<()> {
        self.spawn(member)?;
        self.wait(member)
    }

    /// Runs etcdctl on all members.
    pub fn ctl(&self, arguments: &[&str]) -> Result<String> {
        let endpoints = format!("--endpoints={}", self.urls().join(","));
        run(Command::new("etcdctl").env("ETCDCTL_API", "3").arg(endpoints).args(arguments))
    }

    fn spawn(&mut self, number: usize) -> Result<()> {
        let cluster =
            self.members.iter().map(|own| format!("{}=http://127.0.0.1:{}", own.name, own.peer_port));
        let cluster: Vec<String> = cluster.collect();
        let (client, folder) = (self.url(number), self.folder.path());
        let member = &mut self.members[number];
        let peer = format!("http://127.0.0.1:{}", member.peer_port);
        let log = std::fs::File::create(folder.join(format!("{}.log", member.name)))?;
        // Even a test that is killed leaves no server behind.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "etcd", "--name", &member.name]);
        command.arg("--data-dir").arg(folder.join(&member.name));
        command.args(["--listen-client-urls", &client, "--advertise-client-urls", &client]);
        command.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer]);
        command.args(["--initial-cluster", &cluster.join(","), "--initial-cluster-state", "new"]);
        command.args(["--logger", "zap", "--log-level", "warn"]).args(&self.arguments);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        // Debian's package says by these where its service keeps things.
        command.env_remove("ETCD_DATA_DIR").env_remove("ETCD_NAME");
        member.child = Some(start_bound(command).context("`cargo xtask setup` installs etcd")?);
        Ok(())
    }

    fn wait(&mut self, number: usize) -> Result<()> {
        let (port, log) =
            (self.port(number), self.folder.path().join(format!("{}.log", self.members[number].name)));
        let member = &mut self.members[number];
        eventually_within(PATIENCE, "etcd listens", || {
            let ended = member.child.as_mut().map_or(Ok(None), Child::try_wait)?;
            let said = || std::fs::read_to_string(&log).unwrap_or_default();
            ensure!(ended.is_none(), "etcd ended: {}", said());
            std::net::TcpStream::connect(("127.0.0.1", port)).map(drop).context("connect")
        })
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        for number in 0..self.members.len() {
            if let Err(error) = self.kill(number) {
                eprintln!("{error:#}");
            }
        }
    }
}
