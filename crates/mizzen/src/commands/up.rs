//! `mizzen up`: a cluster on this machine, or what is missing of it.

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use mizzen_apiserver::enablement::RuntimeConfig;
use mizzen_apiserver::features::FeatureGates;
use mizzen_clock::Env;

use crate::cluster::layout::Layout;
use crate::cluster::process::{Process, running, start};
use crate::cluster::settings::{NODES_MAX, Publish, Settings, check_name};
use crate::cluster::{credentials, host, network};
use crate::commands::down;
use crate::progress::Progress;
use crate::ready;

/// Arguments of `mizzen up`.
#[derive(Args, Debug)]
pub(crate) struct UpArgs {
    /// The cluster's name, and that of its context in the kubeconfig
    #[arg(long, default_value = "mizzen")]
    name: String,
    /// How many nodes [default: 1]
    #[arg(long, conflicts_with = "memory")]
    nodes: Option<u32>,
    /// Where the cluster's data is kept [default: /var/lib/mizzen/NAME]
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// The kubeconfig that gets a context for the cluster [default: as kubectl: $KUBECONFIG, or ~/.kube/config]
    #[arg(long)]
    kubeconfig: Option<PathBuf>,
    /// The API server's port on 127.0.0.1 [default: 6443]
    #[arg(long)]
    api_port: Option<u16>,
    /// Make a node port reachable on 127.0.0.1 of this machine; may be given several times
    #[arg(long, value_name = "HOSTPORT:NODEPORT")]
    publish: Vec<Publish>,
    /// Which built-in APIs are served besides the stable ones, as api/beta=true or resource.k8s.io/v1beta1=true;
    /// may be given several times
    #[arg(long, value_name = "KEY=true|false,...")]
    runtime_config: Vec<String>,
    /// Feature gates of the API server, as CBORServingAndStorage=true; may be given several times
    #[arg(long, value_name = "GATE=true|false,...")]
    feature_gates: Vec<String>,
    /// How long to wait until all nodes are Ready; 0s: don't
    #[arg(long, default_value = "60s", value_parser = duration)]
    wait: Duration,
    /// Stay, and take the cluster down on Ctrl-C
    #[arg(long)]
    foreground: bool,
    /// Only an API server that keeps everything in memory: no node, and no root needed
    #[arg(long)]
    memory: bool,
}

/// Reads `90s`, `2m`, `1h30m`.
pub(crate) fn duration(text: &str) -> Result<Duration> {
    let signed: jiff::SignedDuration =
        text.parse().with_context(|| format!("{text:?} is not a duration, as 90s or 2m"))?;
    Duration::try_from(signed).with_context(|| format!("{text:?} is negative"))
}

/// Runs `mizzen up`.
pub(crate) fn run(args: &UpArgs) -> Result<()> {
    check_name(&args.name)?;
    if !args.memory {
        host::check()?;
        network::check_cgroups()?;
    }
    let found = Layout::find(&args.name)?;
    let layout = match (&found, &args.data_dir) {
        (Some(found), Some(data)) if std::path::absolute(data)? != found.data() => bail!(
            "cluster {:?} keeps its data in {}: take it down first, or leave --data-dir out",
            args.name,
            found.data().display()
        ),
        (Some(found), _) => found.clone(),
        (None, data) => Layout::new(&args.name, data.as_deref()),
    };
    let before = layout.settings()?;
    let settings = args.settings(before.as_ref())?;
    if running(&layout, CONTROL)?.is_none() {
        let patience = if before.is_some() { host::PORT_PATIENCE } else { Duration::ZERO };
        host::check_port(settings.api_port, "the API server", "--api-port", patience)?;
        for publish in &settings.publish {
            host::check_port(publish.host_port, "a published node port", "--publish", patience)?;
        }
    }
    layout.create()?;
    let lock = File::create(layout.lock()).context("open the cluster's lock")?;
    lock.lock().context("wait for another `mizzen up` or `down` of this cluster")?;
    let brought_up = bring_up(&layout, &settings, args.wait);
    if brought_up.is_err() && before.is_none() && std::env::var_os("MIZZEN_KEEP").is_none() {
        // Nothing half-made: what did not come up the first time goes again, but for the reason.
        if let Err(error) = down::remove(&layout, &settings) {
            eprintln!("also, taking it down again failed: {error:#}");
        }
    }
    brought_up?;
    drop(lock);
    if args.foreground { stay(&layout, &settings) } else { Ok(()) }
}

/// The record of the control plane's process.
pub(crate) const CONTROL: &str = "control-plane";

impl UpArgs {
    /// What the cluster is to be: as asked for now, else as it was.
    fn settings(&self, before: Option<&Settings>) -> Result<Settings> {
        let nodes = match (self.memory, self.nodes, before) {
            (true, ..) => 0,
            (false, Some(nodes), _) => nodes,
            (false, None, Some(before)) => before.nodes,
            (false, None, None) => 1,
        };
        ensure!(self.memory || (1..=NODES_MAX).contains(&nodes), "a cluster has 1 to {NODES_MAX} nodes");
        if let Some(before) = before {
            ensure!(
                before.memory == self.memory,
                "cluster {:?} is there already, of the other kind: take it down first, or choose another --name",
                self.name
            );
            ensure!(
                nodes >= before.nodes,
                "cluster {:?} has {} nodes; fewer are had by taking it down and up again",
                self.name,
                before.nodes
            );
        }
        let kubeconfig = match (&self.kubeconfig, before) {
            (Some(path), _) => path.clone(),
            (None, Some(before)) => before.kubeconfig.clone(),
            (None, None) => default_kubeconfig()?,
        };
        let runtime_config = match before {
            Some(before) if self.runtime_config.is_empty() => before.runtime_config.clone(),
            _ => self.runtime_config.join(","),
        };
        runtime_config.parse::<RuntimeConfig>().context("--runtime-config")?;
        let feature_gates = match before {
            Some(before) if self.feature_gates.is_empty() => before.feature_gates.clone(),
            _ => self.feature_gates.join(","),
        };
        let gates: FeatureGates = feature_gates.parse().context("--feature-gates")?;
        for gate in gates.without_effect() {
            eprintln!("feature gate {gate} changes nothing here");
        }
        Ok(Settings {
            name: self.name.clone(),
            nodes,
            api_port: self.api_port.or(before.map(|before| before.api_port)).unwrap_or(6443),
            publish: match before {
                Some(before) if self.publish.is_empty() => before.publish.clone(),
                _ => self.publish.clone(),
            },
            runtime_config,
            feature_gates,
            kubeconfig: std::path::absolute(kubeconfig).context("the kubeconfig's path")?,
            memory: self.memory,
        })
    }
}

/// Where kubectl looks first.
fn default_kubeconfig() -> Result<PathBuf> {
    if let Some(list) = std::env::var_os("KUBECONFIG")
        && let Some(first) = std::env::split_paths(&list).find(|path| !path.as_os_str().is_empty())
    {
        return Ok(first);
    }
    let home = std::env::var_os("HOME").context("neither $KUBECONFIG nor $HOME is set: use --kubeconfig")?;
    Ok(PathBuf::from(home).join(".kube/config"))
}

fn bring_up(layout: &Layout, settings: &Settings, wait: Duration) -> Result<()> {
    let mut progress = Progress::new(&settings.name);
    let before = layout.settings()?;
    layout.save(settings)?;
    // A control plane that serves other settings is replaced; its containers do not notice.
    if before.as_ref().is_some_and(|before| before != settings)
        && let Some(control) = running(layout, CONTROL)?
    {
        control.end(Duration::from_secs(10))?;
    }
    credentials::ensure(layout, settings, Env::system().now())?;
    progress.done("certificates");
    if !settings.memory {
        network::ensure(layout, settings)?;
        progress.done("network");
    }
    let control = match running(layout, CONTROL)? {
        Some(control) => control,
        None => start_control(layout)?,
    };
    let deadline = wait.max(Duration::from_secs(30));
    let watched = || ensure_alive(layout, control);
    ready::block_on(ready::api_server(layout, deadline, watched))?;
    progress.done("API server");
    if settings.nodes > 0 && !wait.is_zero() {
        ready::block_on(ready::nodes(layout, settings, wait, watched))?;
        progress.done(if settings.nodes == 1 { "node Ready" } else { "nodes Ready" });
    }
    progress.end(settings);
    Ok(())
}

/// Starts the control plane's process, which in turn starts and watches the nodes' processes.
pub(crate) fn start_control(layout: &Layout) -> Result<Process> {
    let data = layout.data().to_string_lossy().into_owned();
    start(layout, CONTROL, &["control-plane", "--name", layout.name(), "--data-dir", &data])
}

fn ensure_alive(layout: &Layout, control: Process) -> Result<()> {
    if control.is_alive() {
        return Ok(());
    }
    let log = std::fs::read_to_string(layout.log(CONTROL)).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    let tail = lines[lines.len().saturating_sub(5)..].join("\n");
    bail!("the control plane ended; the end of {}:\n{tail}", layout.log(CONTROL).display())
}

/// Waits for Ctrl-C, then takes the cluster down.
fn stay(layout: &Layout, settings: &Settings) -> Result<()> {
    println!("Ctrl-C takes the cluster down.");
    ready::block_on(async {
        let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.context("wait for Ctrl-C"),
            _ = term.recv() => Ok(()),
        }
    })?;
    down::remove(layout, settings)
}
