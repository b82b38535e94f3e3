//! Services on a node: kube-proxy's part, on nftables.
//!
//! `planner` says what a Service should do here (pure), `render` how that looks in nftables, `table` keeps
//! what is wanted and finds what changed, `backend` applies it. Invariant: only the table `ip mizzen-proxy`
//! is ever touched, and every script is one transaction, so that no packet sees half of a change.
//!
//! What the node must have beside it (its set-up makes these, not the proxy):
//! - a route for the service range, by the pods' bridge or the default route: without one the node's own
//!   connections to a Service end as "network unreachable", before any rule sees them;
//! - `net.bridge.bridge-nf-call-iptables=1`, where pods hang on one bridge: between two of them answers would
//!   otherwise cross the bridge without passing connection tracking, and never be translated back. Routed
//!   veths do not need it;
//! - `net.ipv4.ip_forward=1`.
//!
//! Only IPv4 Services are served; IPv6 addresses of a dual-stack Service are passed over.

mod backend;
mod config_file;
mod counted;
mod health;
mod metrics;
mod planner;
mod render;
mod run;
mod table;
#[cfg(test)]
mod tests;

pub use config_file::{API_VERSION, KubeProxyConfiguration, Nftables};
pub use metrics::{Health, Metrics};
pub use run::{Config, Error, run};
