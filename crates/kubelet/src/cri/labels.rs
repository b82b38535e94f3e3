//! Labels and annotations by which a kubelet finds its containers again: the same as every kubelet's, so that one can
//! take over from another without touching a container.

/// Label: the pod's name.
pub(crate) const POD_NAME: &str = "io.kubernetes.pod.name";
/// Label: the pod's namespace.
pub(crate) const POD_NAMESPACE: &str = "io.kubernetes.pod.namespace";
/// Label: the pod's uid.
pub(crate) const POD_UID: &str = "io.kubernetes.pod.uid";
/// Label: the container's name.
pub(crate) const CONTAINER_NAME: &str = "io.kubernetes.container.name";
/// Annotation: the hash of what a change of replaces the container.
pub(crate) const CONTAINER_HASH: &str = "io.kubernetes.container.hash";
/// Annotation: how often it was started before.
pub(crate) const RESTART_COUNT: &str = "io.kubernetes.container.restartCount";
/// Annotation: where in the container its last words are.
pub(crate) const TERMINATION_PATH: &str = "io.kubernetes.container.terminationMessagePath";
/// Annotation: whether logs stand in for last words.
pub(crate) const TERMINATION_POLICY: &str = "io.kubernetes.container.terminationMessagePolicy";
/// Annotation: the pod's grace period.
pub(crate) const POD_GRACE_PERIOD: &str = "io.kubernetes.pod.terminationGracePeriod";
/// Annotation: the preStop hook as JSON.
pub(crate) const PRE_STOP: &str = "io.kubernetes.container.preStopHandler";

/// Pod annotation: where it came from (`api`, `file`).
pub(crate) const CONFIG_SOURCE: &str = "kubernetes.io/config.source";
/// Pod annotation: a static pod's hash.
pub(crate) const CONFIG_HASH: &str = "kubernetes.io/config.hash";
/// Pod annotation: a mirror pod, and the hash of what it mirrors.
pub(crate) const CONFIG_MIRROR: &str = "kubernetes.io/config.mirror";
/// Pod annotation: when the kubelet saw it.
pub(crate) const CONFIG_SEEN: &str = "kubernetes.io/config.seen";
