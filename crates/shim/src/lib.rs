//! What the runtime and the shim say to each other, and the files that both read.
//!
//! The program beside this library (`mizzen-shim`) has two roles. As a pod's shim it holds the pod's namespaces, starts
//! its containers, collects them, and owns their log pipes; as an anchor it holds namespaces and does nothing else.
//! It is small and depends on nothing that runs above it, so that containers survive a restart of all the rest.

pub mod protocol;
pub mod spec;

/// First argument of the program for the role of a pod's shim; the second is the path of a [`spec::SandboxSpec`].
pub const ROLE_POD: &str = "pod";
/// First argument of the program for the role of an anchor; the second names the namespaces to make, after their links
/// in /proc/PID/ns, with commas between them. It writes `ready` and a line feed when they are there, and ends on SIGTERM.
pub const ROLE_ANCHOR: &str = "anchor";
/// What a role writes on standard output once it is ready; anything else there is why it is not.
pub const READY: &str = "ready";
