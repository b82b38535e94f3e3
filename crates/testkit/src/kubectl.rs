//! The real kubectl, driven.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::wait::patience;

/// How long kubectl waits for one answer.
const REQUEST_PATIENCE: Duration = Duration::from_secs(60);

/// kubectl with a cluster's kubeconfig, in one namespace.
#[derive(Debug, Clone)]
pub struct Kubectl {
    program: PathBuf,
    kubeconfig: PathBuf,
    namespace: String,
}

/// What a command said, and whether it succeeded.
#[derive(Debug, Clone)]
pub struct Said {
    /// Exit status 0.
    pub ok: bool,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Kubectl {
    /// The kubectl of `MIZZEN_KUBECTL`, or of the path.
    pub fn new(kubeconfig: &Path) -> Self {
        let program = std::env::var_os("MIZZEN_KUBECTL").map_or_else(|| "kubectl".into(), PathBuf::from);
        Self { program, kubeconfig: kubeconfig.to_owned(), namespace: "default".to_owned() }
    }

    /// The same in another namespace.
    #[must_use]
    pub fn namespace(&self, namespace: &str) -> Self {
        Self { namespace: namespace.to_owned(), ..self.clone() }
    }

    /// The same with another kubectl.
    #[must_use]
    pub fn program(&self, program: &Path) -> Self {
        Self { program: program.to_owned(), ..self.clone() }
    }

    /// A command to be started by the caller.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--kubeconfig").arg(&self.kubeconfig).args(["--namespace", &self.namespace]).args(args);
        // Discovery caches of clusters that are gone must not be used for this one.
        command.env("KUBECACHEDIR", self.kubeconfig.with_extension("cache")).env_remove("KUBECONFIG");
        command
    }

    /// Runs a command with text on its standard input; says what came of it.
    pub fn say(&self, args: &[&str], input: &str) -> Result<Said> {
        use std::io::Write as _;
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {}", self.program.display()))?;
        let mut stdin = child.stdin.take().context("kubectl has a standard input")?;
        // A command that ends without reading its input closes it: nothing is lost.
        if let Err(error) = stdin.write_all(input.as_bytes()) {
            ensure!(error.kind() == std::io::ErrorKind::BrokenPipe, "write to kubectl: {error}");
        }
        drop(stdin);
        let output = child.wait_with_output()?;
        Ok(Said {
            ok: output.status.success(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Runs a command that must succeed; its standard output.
    pub fn run(&self, args: &[&str]) -> Result<String> {
        self.run_with(args, "")
    }

    /// The same with text on its standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Result<String> {
        let timeout = format!("--request-timeout={}s", patience(REQUEST_PATIENCE).as_secs());
        let mut all = args.to_vec();
        // Streams last longer than a request.
        if !matches!(args.first(), Some(&("exec" | "logs" | "attach" | "port-forward" | "rollout" | "wait")))
        {
            all.push(&timeout);
        }
        let said = self.say(&all, input)?;
        ensure!(said.ok, "kubectl {} failed:\n{}{}", args.join(" "), said.out, said.err);
        Ok(said.out)
    }

    /// `kubectl apply -f -`.
    pub fn apply(&self, manifest: &str) -> Result<String> {
        self.run_with(&["apply", "-f", "-"], manifest)
    }

    /// `kubectl get … -o json`.
    pub fn json(&self, args: &[&str]) -> Result<Value> {
        let mut all = vec!["get", "-o", "json"];
        all.extend(args);
        serde_json::from_str(&self.run(&all)?).context("kubectl's JSON")
    }

    /// `kubectl get … -o jsonpath=…`.
    pub fn path(&self, what: &[&str], jsonpath: &str) -> Result<String> {
        let output = format!("jsonpath={jsonpath}");
        let mut all = vec!["get", "-o", &output];
        all.extend(what);
        self.run(&all)
    }
}
