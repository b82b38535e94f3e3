//! The scheduler: which node runs which pod.
//!
//! Pods without a node wait in the [`queue`]; one after the other is filtered and scored by the [`plugins`] over the
//! [`snapshot`] of nodes, assumed on the best node, and bound in the background. A pod that fits nowhere waits until
//! something changes that could help it.
//! It talks to the API only: it reads pods and nodes through informers, and writes bindings, one pod condition and
//! events. Start at [`run`].

mod bind;
mod config;
mod cycle;
mod framework;
mod metrics;
mod plugins;
mod pod;
mod profile;
mod queue;
mod resources;
mod run;
mod snapshot;

pub use config::{API_VERSION, Config, Plugin, PluginConfig, PluginSet, Plugins, ProfileConfig};
pub use metrics::Metrics;
pub use mizzen_component::ConfigError as Error;
pub use run::run;
