//! What a scheduler is told: KubeSchedulerConfiguration, version kubescheduler.config.k8s.io/v1.
//!
//! Source: the reference page "kube-scheduler Configuration (v1)", and the page "Scheduler Configuration".

use std::path::Path;

use mizzen_component::{ClientConnection, ConfigError as Error, LeaderElection, read_config};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::profile::Profile;

/// The file's apiVersion.
pub const API_VERSION: &str = "kubescheduler.config.k8s.io/v1";
const KIND: &str = "KubeSchedulerConfiguration";

/// Settings of a scheduler; what is not given has kube-scheduler's default.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Config {
    /// Bindings under way at once, four for each.
    pub parallelism: Option<i32>,
    /// Which of several schedulers works.
    pub leader_election: LeaderElection,
    /// How the API server is reached.
    pub client_connection: ClientConnection,
    /// Taken for compatibility: there is no profiler to switch on.
    pub enable_profiling: Option<bool>,
    /// As [`Config::enable_profiling`].
    pub enable_contention_profiling: Option<bool>,
    /// How many percent of the nodes are scored once they are known to fit; 0 adapts to the cluster's size.
    pub percentage_of_nodes_to_score: Option<i32>,
    /// First pause after a failed attempt.
    pub pod_initial_backoff_seconds: Option<i64>,
    /// Longest pause.
    pub pod_max_backoff_seconds: Option<i64>,
    /// Ways to schedule, each for the pods that name it.
    pub profiles: Vec<ProfileConfig>,
    /// Webhooks that take part; there are none yet.
    pub extenders: Vec<Value>,
    /// Keeps no caches while another one leads; they are kept anyway only while this one does.
    pub delay_cache_until_active: Option<bool>,
}

/// A profile: a way to schedule.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ProfileConfig {
    /// Pods whose `spec.schedulerName` is this are scheduled so.
    pub scheduler_name: Option<String>,
    /// Instead of the scheduler's own.
    pub percentage_of_nodes_to_score: Option<i32>,
    /// Plugins at each extension point.
    pub plugins: Plugins,
    /// Arguments of plugins.
    pub plugin_config: Vec<PluginConfig>,
}

/// Plugins at each extension point.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[allow(missing_docs)] // The points' names say it.
pub struct Plugins {
    pub pre_enqueue: PluginSet,
    pub queue_sort: PluginSet,
    pub pre_filter: PluginSet,
    pub filter: PluginSet,
    pub post_filter: PluginSet,
    pub pre_score: PluginSet,
    pub score: PluginSet,
    pub reserve: PluginSet,
    pub permit: PluginSet,
    pub pre_bind: PluginSet,
    pub bind: PluginSet,
    pub post_bind: PluginSet,
    pub multi_point: PluginSet,
}

/// Changes to the plugins of a point.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PluginSet {
    /// Added, or given another weight.
    pub enabled: Vec<Plugin>,
    /// Taken away; `*` for all that are on by default.
    pub disabled: Vec<Plugin>,
}

/// A plugin, by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Plugin {
    /// Which.
    pub name: String,
    /// How much its score counts.
    pub weight: Option<i32>,
}

/// Arguments of a plugin.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PluginConfig {
    /// Which.
    pub name: String,
    /// Its arguments, of kind `NAMEArgs`.
    pub args: Value,
}

impl Config {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let config: Self = read_config(path, API_VERSION, KIND)?;
        config.profiles()?;
        Ok(config)
    }

    /// The defaults, for pods that name this scheduler.
    pub fn named(scheduler_name: impl Into<String>) -> Self {
        let scheduler_name = Some(scheduler_name.into());
        Self { profiles: vec![ProfileConfig { scheduler_name, ..Default::default() }], ..Self::default() }
    }

    /// Bindings under way at once.
    pub(crate) fn bindings_max(&self) -> usize {
        usize::try_from(self.parallelism.unwrap_or(16)).unwrap_or(16).saturating_mul(4)
    }

    /// First and longest pause after a failed attempt, in seconds.
    pub(crate) fn backoff(&self) -> (u64, u64) {
        let seconds = |given: Option<i64>, default: u64| given.map_or(default, i64::unsigned_abs);
        (seconds(self.pod_initial_backoff_seconds, 1), seconds(self.pod_max_backoff_seconds, 10))
    }

    fn check(&self) -> Result<(), Error> {
        if let Some(parallelism) = self.parallelism.filter(|number| *number <= 0) {
            let message =
                format!("Invalid value: {parallelism}: should be an integer value greater than zero");
            return Err(Error::field("parallelism", message));
        }
        check_percentage(self.percentage_of_nodes_to_score, "percentageOfNodesToScore")?;
        let initial = self.pod_initial_backoff_seconds.unwrap_or(1);
        if initial <= 0 {
            let message = format!("Invalid value: {initial}: must be greater than 0");
            return Err(Error::field("podInitialBackoffSeconds", message));
        }
        let longest = self.pod_max_backoff_seconds.unwrap_or(10);
        if longest < initial {
            let message = format!(
                "Invalid value: {longest}: must be greater than or equal to PodInitialBackoffSeconds"
            );
            return Err(Error::field("podMaxBackoffSeconds", message));
        }
        if !self.extenders.is_empty() {
            return Err(Error::field("extenders", "Forbidden: extenders are not available yet"));
        }
        if let Some(lock) = self.leader_election.resource_lock.as_deref().filter(|lock| *lock != "leases") {
            let message = format!("Invalid value: {lock:?}: resourceLock value must be \"leases\"");
            return Err(Error::field("leaderElection.resourceLock", message));
        }
        Ok(())
    }

    /// The profiles with their plugins; the default one when none is given.
    pub(crate) fn profiles(&self) -> Result<Vec<Profile>, Error> {
        self.check()?;
        let own = [ProfileConfig { scheduler_name: Some("default-scheduler".into()), ..Default::default() }];
        let given = if self.profiles.is_empty() { &own[..] } else { &self.profiles };
        let mut profiles = Vec::<Profile>::new();
        for (at, config) in given.iter().enumerate() {
            let field = format!("profiles[{at}]");
            // As kube-scheduler: the name may be left out where there is but one profile.
            let name = match config.scheduler_name.as_deref() {
                None | Some("") if given.len() == 1 => "default-scheduler",
                None | Some("") => {
                    return Err(Error::field(format!("{field}.schedulerName"), "Required value"));
                }
                Some(name) => name,
            };
            if profiles.iter().any(|own| own.scheduler_name == name) {
                let message = format!("Duplicate value: {name:?}");
                return Err(Error::field(format!("{field}.schedulerName"), message));
            }
            check_percentage(
                config.percentage_of_nodes_to_score,
                &format!("{field}.percentageOfNodesToScore"),
            )?;
            let percentage = config.percentage_of_nodes_to_score.or(self.percentage_of_nodes_to_score);
            let percentage = percentage.unwrap_or(0).unsigned_abs();
            profiles.push(Profile::new(name, percentage, config, &field)?);
        }
        Ok(profiles)
    }
}

fn check_percentage(given: Option<i32>, field: &str) -> Result<(), Error> {
    match given {
        Some(percentage) if !(0..=100).contains(&percentage) => {
            Err(Error::field(field, format!("Invalid value: {percentage}: not in valid range [0-100]")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use mizzen_component::parse_config;

    use super::*;

    #[test]
    fn files_are_checked() {
        let check = |text: &str, expect: Result<usize, &str>| {
            let text = format!("apiVersion: {API_VERSION}\nkind: {KIND}\n{text}");
            let read = parse_config::<Config>(&text, API_VERSION, KIND).map_err(Error::from);
            match (read.and_then(|config| config.profiles()), expect) {
                (Ok(profiles), Ok(count)) => assert_eq!(profiles.len(), count, "{text}"),
                (Err(error), Err(expect)) => assert_eq!(error.to_string(), expect, "{text}"),
                (Ok(_), Err(expect)) => panic!("{text}: {expect}"),
                (Err(error), Ok(_)) => panic!("{text}: {error}"),
            }
        };
        check("", Ok(1));
        check("profiles: [{schedulerName: a}, {schedulerName: b}]", Ok(2));
        check(
            "profiles: [{schedulerName: a}, {schedulerName: a}]",
            Err("profiles[1].schedulerName: Duplicate value: \"a\""),
        );
        check("profiles: [{schedulerName: a}, {}]", Err("profiles[1].schedulerName: Required value"));
        check("leaderElection: {leaderElect: true, leaseDuration: 1m}", Ok(1));
        check(
            "parallelism: 0",
            Err("parallelism: Invalid value: 0: should be an integer value greater than zero"),
        );
        check(
            "percentageOfNodesToScore: 101",
            Err("percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]"),
        );
        check(
            "podInitialBackoffSeconds: 20",
            Err(
                "podMaxBackoffSeconds: Invalid value: 10: must be greater than or equal to PodInitialBackoffSeconds",
            ),
        );
        check("percentOfNodes: 3", Err("strict decoding error: unknown field \"percentOfNodes\""));
        check(
            "profiles: [{plugins: {score: {enabled: [{name: ImageLocality, wieght: 2}]}}}]",
            Err("strict decoding error: unknown field \"profiles[0].plugins.score.enabled[0].wieght\""),
        );
    }
}
