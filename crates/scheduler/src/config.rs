//! What a scheduler is told.

/// Settings of a scheduler, with the defaults of kube-scheduler.
#[derive(Debug, Clone)]
pub struct Config {
    /// Pods whose `spec.schedulerName` is this are ours (`profiles[].schedulerName`).
    pub scheduler_name: String,
    /// How many percent of the nodes are scored once they are known to fit; 0 adapts to the cluster's size
    /// (`percentageOfNodesToScore`).
    pub percentage_of_nodes_to_score: u32,
    /// Bindings under way at once.
    pub bindings_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            scheduler_name: "default-scheduler".to_owned(),
            percentage_of_nodes_to_score: 0,
            bindings_max: 64,
        }
    }
}

/// Why a scheduler stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting makes no sense.
    #[error("{field}: {message}")]
    Config {
        /// The setting's name in KubeSchedulerConfiguration.
        field: &'static str,
        /// What is wrong.
        message: String,
    },
}

impl Config {
    /// Checks ranges.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.percentage_of_nodes_to_score > 100 {
            let message =
                format!("Invalid value: {}: not in valid range 0-100", self.percentage_of_nodes_to_score);
            return Err(Error::Config { field: "percentageOfNodesToScore", message });
        }
        if self.scheduler_name.is_empty() {
            let message = "Required value".to_owned();
            return Err(Error::Config { field: "profiles[0].schedulerName", message });
        }
        Ok(())
    }
}
