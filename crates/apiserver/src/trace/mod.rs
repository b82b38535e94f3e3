//! `/debug/trace?uid=`: one object's way through all components, in microseconds.
//!
//! [`steps`] notes what a write goes through in this server; the watch cache, the scheduler and the kubelets note their
//! own part. [`serve`] puts it together when somebody asks, for whom the kubelet of a pod's node is asked too.

pub(crate) mod serve;
pub(crate) mod steps;

/// What this server's records say who they are of.
pub(crate) const COMPONENT: &str = "kube-apiserver";
