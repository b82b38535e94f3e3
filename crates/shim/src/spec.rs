//! What a sandbox and a container are made of: everything decided, nothing left to look up but users by name.

use std::collections::BTreeMap;
use std::path::PathBuf;

use mizzen_kernel::cgroup::Resources;
use mizzen_kernel::seccomp::Program;
use serde::{Deserialize, Serialize};

/// A pod's sandbox, as its shim makes it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SandboxSpec {
    /// Sandbox id.
    pub id: String,
    /// Where the shim listens.
    pub socket: PathBuf,
    /// Its control group, from the root of the hierarchies.
    pub cgroup: String,
    /// Limits on that group.
    pub resources: Resources,
    /// Makes a network namespace.
    pub new_net: bool,
    /// Makes an IPC namespace.
    pub new_ipc: bool,
    /// Makes a UTS namespace.
    pub new_uts: bool,
    /// Makes a pid namespace that all containers share.
    pub share_pid: bool,
    /// Host name, in a UTS namespace of its own.
    pub hostname: String,
    /// Kernel settings of its namespaces.
    pub sysctls: BTreeMap<String, String>,
    /// Folder on which it mounts the memory that containers share, and its size.
    pub shm: Option<(PathBuf, u64)>,
    /// How readily the kernel kills the shim for memory.
    pub oom_score_adj: i32,
}

/// A container, as its shim makes it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerSpec {
    /// Its first process.
    pub process: Process,
    /// Keeps standard input open for those who attach.
    pub stdin: bool,
    /// Closes it when the first who attached to it goes.
    pub stdin_once: bool,
    /// Log file; empty: output is discarded.
    pub log: PathBuf,
    /// Where its root file system comes from.
    pub rootfs: Rootfs,
    /// The memory that containers of the sandbox share; mounted on /dev/shm.
    pub shm: PathBuf,
    /// Bind mounts, in order.
    pub mounts: Vec<BindMount>,
    /// Device files.
    pub devices: Vec<DeviceNode>,
    /// All devices may be used, and /sys and the control groups are writable.
    pub privileged: bool,
    /// Paths that seem empty.
    pub masked_paths: Vec<String>,
    /// Paths that can't be written to.
    pub readonly_paths: Vec<String>,
    /// Whose processes it sees.
    pub pid: PidMode,
    /// Control group, from the root of the hierarchies.
    pub cgroup: String,
    /// Limits on that group.
    pub resources: Resources,
}

/// A process: a container's first, or one more.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Process {
    /// Program and arguments.
    pub args: Vec<String>,
    /// `NAME=value`.
    pub env: Vec<String>,
    /// Working folder; made when it is missing (first process only).
    pub cwd: String,
    /// On a terminal.
    pub tty: bool,
    /// As whom.
    pub user: User,
    /// With which capabilities.
    pub capabilities: Capabilities,
    /// Gains no privileges from files.
    pub no_new_privs: bool,
    /// System call filters.
    pub seccomp: Vec<Program>,
    /// The AppArmor profile that confines it.
    #[serde(default)]
    pub apparmor: Option<String>,
    /// Resource limits: name, soft, hard.
    pub rlimits: Vec<(String, u64, u64)>,
    /// How readily the kernel kills it for memory.
    pub oom_score_adj: Option<i32>,
}

/// A user, by numbers or by names that the container's own /etc/passwd and /etc/group explain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Name or number; empty: 0.
    pub user: String,
    /// Name or number; empty: what /etc/passwd says, or 0.
    pub group: String,
    /// Further groups.
    pub groups: Vec<u32>,
    /// Adds the groups that /etc/group puts the user in.
    pub image_groups: bool,
}

/// Sets of capabilities, a bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// What it may ever have, and has when it runs as the super-user.
    pub bounding: u64,
    /// What programs of any user inherit.
    pub ambient: u64,
}

/// A root file system: an overlay.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rootfs {
    /// Unpacked layers, topmost first.
    pub layers: Vec<PathBuf>,
    /// Where changes go.
    pub upper: PathBuf,
    /// What overlayfs needs beside it.
    pub work: PathBuf,
    /// An empty folder on which it is mounted, in the container's own mount namespace only.
    pub target: PathBuf,
    /// Can't be written to.
    pub readonly: bool,
}

/// A file or folder of the node, in the container.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BindMount {
    /// On the node.
    pub source: PathBuf,
    /// In the container.
    pub destination: PathBuf,
    /// Can't be written to.
    pub readonly: bool,
    /// Nor can what is mounted below it.
    pub recursive_readonly: bool,
    /// Where later mounts show up.
    pub propagation: Propagation,
}

/// Where later mounts below a bind mount show up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Propagation {
    /// Only where they are made.
    #[default]
    Private,
    /// The node's in the container too.
    HostToContainer,
    /// Both ways.
    Bidirectional,
}

/// A device file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceNode {
    /// In the container.
    pub path: PathBuf,
    /// A block device; otherwise a character device.
    pub block: bool,
    /// Major number.
    pub major: u32,
    /// Minor number.
    pub minor: u32,
    /// Permissions.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// What the container may do with it: of `rwm`; empty: the control group's rules say nothing of it.
    pub access: String,
}

/// Whose processes a container sees.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PidMode {
    /// Its own.
    #[default]
    Own,
    /// The pod's.
    Pod,
    /// The node's.
    Node,
    /// Those of another container of the pod.
    Target(String),
}
