//! The scheduler alone, with kube-scheduler's flags.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use mizzen_clock::Env;
use mizzen_scheduler::{Config, Metrics};
use mizzen_trace::Recorder;
use serde_json::json;

use super::components::{Connection, THREADS};
use super::serving::{Alone, LeaderElection, SecureServing, feature_gates, port};
use crate::control::run_until_signal;
use crate::logging::{self, Verbosity};

/// Arguments of `mizzen scheduler`.
#[derive(Args, Debug)]
pub(crate) struct SchedulerArgs {
    /// A file of kind KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1)
    #[arg(long)]
    config: Option<PathBuf>,
    /// Where to write the configuration, and exit
    #[arg(long)]
    write_config_to: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    serving: SecureServing,
    /// The port of health and metrics; 0: none
    #[arg(long, default_value = "10259", value_parser = port)]
    secure_port: u16,
    #[command(flatten)]
    election: LeaderElection,
    /// Pods that name this scheduler are ours [default: as the configuration file says]
    #[arg(long, conflicts_with = "config")]
    scheduler_name: Option<String>,
    /// Features to switch
    #[arg(long, value_parser = feature_gates, default_value = "")]
    feature_gates: BTreeMap<String, bool>,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// Runs `mizzen scheduler`.
pub(crate) fn run(args: SchedulerArgs) -> Result<()> {
    logging::start_at(&args.verbosity);
    let config = match (&args.config, &args.scheduler_name) {
        (Some(path), _) => Config::read(path).with_context(|| format!("configuration {}", path.display()))?,
        (None, Some(name)) => Config::named(name),
        (None, None) => Config::default(),
    };
    let mut written = serde_json::to_value(&config)?;
    written["apiVersion"] = mizzen_scheduler::API_VERSION.into();
    written["kind"] = "KubeSchedulerConfiguration".into();
    if let Some(path) = &args.write_config_to {
        let text = serde_yaml_ng::to_string(&written)?;
        return std::fs::write(path, text).with_context(|| format!("write {}", path.display()));
    }
    run_until_signal(THREADS, async |cancel| {
        let env = Env::system();
        let client = args.connection.client(config.client_connection.kubeconfig.as_deref()).await?;
        let metrics = Metrics::default();
        let counted = metrics.clone();
        let alone = Alone {
            name: "kube-scheduler",
            serving: &args.serving,
            port: args.secure_port,
            election: args.election.election("kube-scheduler", &config.leader_election),
            metrics: Arc::new(move |text| counted.write(text)),
            configz: json!({ "kubescheduler.config.k8s.io": written }),
            client: client.clone(),
            env: env.clone(),
        };
        alone
            .run(cancel, |cancel| async {
                // Whoever asks for traces asks the API server, which is elsewhere.
                let trace = Recorder::default();
                Ok(mizzen_scheduler::run(config.clone(), client, env, metrics, trace, cancel).await?)
            })
            .await
    })
}
