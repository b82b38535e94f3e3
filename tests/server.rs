//! `mizzen apiserver` as a process of its own, with one token that may do everything.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use mizzen_testkit::{Kubectl, eventually, free_port, mizzen, root, start_bound};

/// What its administrator says: who has it is in group system:masters.
pub(crate) const TOKEN: &str = "secret";

/// A server process that ends with the test.
pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
    arguments: Vec<String>,
    child: Option<Child>,
}

impl Server {
    /// A server with its own port and files in `folder`, with more arguments.
    pub(crate) fn start(folder: &Path, name: &str, arguments: &[&str]) -> Result<Self> {
        let folder = folder.join(name);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("tokens"), format!("{TOKEN},admin,1,system:masters\n"))?;
        let port = free_port()?;
        let kubeconfig = format!(
            "{{apiVersion: v1, kind: Config, current-context: it, contexts: [{{name: it, context: {{cluster: it, user: it}}}}], \
             clusters: [{{name: it, cluster: {{server: 'https://127.0.0.1:{port}', insecure-skip-tls-verify: true}}}}], \
             users: [{{name: it, user: {{token: {TOKEN}}}}}]}}"
        );
        fs::write(folder.join("kubeconfig"), kubeconfig)?;
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let mut server = Self { folder, port, arguments, child: None };
        server.spawn()?;
        Ok(server)
    }

    pub(crate) fn spawn(&mut self) -> Result<()> {
        let file = |name: &str| self.folder.join(name);
        let log = fs::File::options().create(true).append(true).open(file("log"))?;
        // RSA, as kubeadm makes it.
        let key = root().join("crates/pki/testdata/rsa.key");
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]).arg(mizzen()?).arg("apiserver").args(&self.arguments);
        command.args(["--bind-address=127.0.0.1", "--authorization-mode=Node,RBAC"]);
        command.arg(format!("--secure-port={}", self.port));
        command.arg("--cert-dir").arg(file("certs")).arg("--token-auth-file").arg(file("tokens"));
        command.arg("--service-account-signing-key-file").arg(&key);
        command.arg("--service-account-key-file").arg(key.with_extension("pub"));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        self.child = Some(start_bound(command)?);
        self.ready()
    }

    fn ready(&self) -> Result<()> {
        let answer = eventually("the server is ready", || self.kubectl().run(&["get", "--raw", "/readyz"]));
        answer.map(drop).with_context(|| fs::read_to_string(self.folder.join("log")).unwrap_or_default())
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where it listens on 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The process: `setpriv` has become it.
    pub(crate) fn pid(&self) -> Result<u32> {
        Ok(self.child.as_ref().context("it runs")?.id())
    }

    pub(crate) fn kubectl(&self) -> Kubectl {
        Kubectl::new(&self.folder.join("kubeconfig"))
    }

    pub(crate) fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            eprintln!("{error:#}");
        }
    }
}
