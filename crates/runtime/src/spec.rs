//! From CRI's words and the image's to what the shim makes: pure, but for looking devices and profiles up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use k8s_cri::v1::{
    ContainerConfig, LinuxContainerResources, LinuxContainerSecurityContext, MountPropagation, NamespaceMode,
    NamespaceOption, PodSandboxConfig, SupplementalGroupsPolicy,
};
use mizzen_kernel::cgroup::Resources;
use mizzen_kernel::{limits, signal};
use mizzen_shim::spec::{BindMount, ContainerSpec, PidMode, Process, Propagation, Rootfs, SandboxSpec, User};
use oci_spec::image::ImageConfiguration;

use crate::images::Prepared;
use crate::security;

/// Where programs are looked for when neither image nor pod says so.
const DEFAULT_PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// The shared memory of a pod, in bytes.
const SHM_SIZE: u64 = 64 << 20;
/// A shim should be the last of a pod to be killed for memory. Source: kubelet's value for a pod's infrastructure.
const SHIM_OOM_SCORE_ADJ: i32 = -998;

/// What is asked for makes no sense, or is not there.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub(crate) struct SpecError(pub(crate) String);

fn refuse<T>(why: impl Into<String>) -> Result<T, SpecError> {
    Err(SpecError(why.into()))
}

/// Folders of one sandbox that its containers get files from.
#[derive(Debug, Clone)]
pub(crate) struct SandboxFiles {
    pub(crate) shm: PathBuf,
    pub(crate) hostname: PathBuf,
    pub(crate) hosts: PathBuf,
    pub(crate) resolv_conf: PathBuf,
}

/// Namespace modes of a sandbox.
pub(crate) fn namespaces(config: &PodSandboxConfig) -> NamespaceOption {
    config
        .linux
        .as_ref()
        .and_then(|linux| linux.security_context.as_ref())
        .and_then(|context| context.namespace_options.clone())
        .unwrap_or_default()
}

/// Whether a sandbox has a network namespace of its own.
pub(crate) fn has_own_network(config: &PodSandboxConfig) -> bool {
    namespaces(config).network() != NamespaceMode::Node
}

/// What the shim of a sandbox makes.
pub(crate) fn sandbox(
    id: &str,
    config: &PodSandboxConfig,
    cgroup: &str,
    socket: &Path,
    files: &SandboxFiles,
) -> Result<SandboxSpec, SpecError> {
    let options = namespaces(config);
    if options.userns_options.as_ref().is_some_and(|user| user.mode() == NamespaceMode::Pod) {
        return refuse("user namespaces are not supported");
    }
    let new_net = has_own_network(config);
    let new_ipc = options.ipc() != NamespaceMode::Node;
    let sysctls = config.linux.iter().flat_map(|linux| &linux.sysctls).collect::<BTreeMap<_, _>>();
    for (name, value) in &sysctls {
        check_sysctl(name, value, new_net, new_ipc)?;
    }
    Ok(SandboxSpec {
        id: id.to_owned(),
        socket: socket.to_owned(),
        cgroup: cgroup.to_owned(),
        resources: Resources { cpu_shares: Some(2), ..Resources::default() },
        new_net,
        new_ipc,
        // A pod in the node's network has the node's name.
        new_uts: new_net,
        share_pid: options.pid() == NamespaceMode::Pod,
        hostname: config.hostname.clone(),
        sysctls: sysctls.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        shm: new_ipc.then(|| (files.shm.clone(), SHM_SIZE)),
        oom_score_adj: SHIM_OOM_SCORE_ADJ,
    })
}

/// Only settings that belong to a namespace of the pod may be set.
/// Source: Kubernetes documentation, "Using sysctls in a Kubernetes Cluster".
fn check_sysctl(name: &str, value: &str, own_net: bool, own_ipc: bool) -> Result<(), SpecError> {
    const IPC: [&str; 5] = ["kernel/shm", "kernel/msg", "kernel/sem", "fs/mqueue/", "kernel/shm_rmid_forced"];
    let path = limits::sysctl_path(name);
    let Some(path) = path.as_deref().and_then(|path| path.strip_prefix("/proc/sys").ok()?.to_str()) else {
        return refuse(format!("sysctl {name:?} is malformed"));
    };
    if value.contains(['\0', '\n']) {
        return refuse(format!("value of sysctl {name:?} is malformed"));
    }
    let allowed = (own_net && path.starts_with("net/"))
        || (own_ipc && IPC.iter().any(|prefix| path.starts_with(prefix)));
    if allowed { Ok(()) } else { refuse(format!("sysctl {name:?} is not in a separate kernel namespace")) }
}

/// What a container is made from.
pub(crate) struct Parts<'a> {
    pub(crate) id: &'a str,
    pub(crate) config: &'a ContainerConfig,
    pub(crate) sandbox_config: &'a PodSandboxConfig,
    pub(crate) image: &'a Prepared,
    pub(crate) files: &'a SandboxFiles,
    pub(crate) folder: &'a Path,
    pub(crate) cgroup_parent: &'a str,
    /// The AppArmor profile, loaded.
    pub(crate) apparmor: Option<String>,
    /// The target container, already resolved to its whole id.
    pub(crate) target: Option<&'a str>,
}

/// What the shim makes of a container.
pub(crate) fn container(parts: &Parts<'_>) -> Result<ContainerSpec, SpecError> {
    let Parts { config, image, .. } = parts;
    let linux = config.linux.clone().unwrap_or_default();
    let context = linux.security_context.clone().unwrap_or_default();
    let resources = linux.resources.clone().unwrap_or_default();
    if context.privileged && !sandbox_is_privileged(parts.sandbox_config) {
        return refuse("no privileged container allowed in sandbox");
    }
    let oom_score_adj = i32::try_from(resources.oom_score_adj).unwrap_or(1000).clamp(-1000, 1000);
    let (args, cwd, env) = command(config, &image.image.config, &parts.sandbox_config.hostname)?;
    let capabilities = security::capabilities(&context)?;
    let process = Process {
        args,
        env,
        cwd,
        tty: config.tty,
        user: user(&context, &image.image.config)?,
        capabilities,
        no_new_privs: context.no_new_privs,
        seccomp: security::seccomp(&context, capabilities)?,
        apparmor: parts.apparmor.clone(),
        rlimits: Vec::new(),
        oom_score_adj: Some(oom_score_adj),
    };
    let log = match (parts.sandbox_config.log_directory.as_str(), config.log_path.as_str()) {
        ("", _) | (_, "") => PathBuf::new(),
        (folder, path) => join_below(Path::new(folder), path)?,
    };
    Ok(ContainerSpec {
        process,
        stdin: config.stdin,
        stdin_once: config.stdin_once,
        log,
        rootfs: Rootfs {
            layers: image.layers.clone(),
            upper: parts.folder.join("upper"),
            work: parts.folder.join("work"),
            target: parts.folder.join("rootfs"),
            readonly: context.readonly_rootfs,
        },
        shm: parts.files.shm.clone(),
        mounts: mounts(config, parts.files)?,
        devices: security::devices(config, context.privileged)?,
        privileged: context.privileged,
        masked_paths: if context.privileged { Vec::new() } else { context.masked_paths.clone() },
        readonly_paths: if context.privileged { Vec::new() } else { context.readonly_paths.clone() },
        pid: pid_mode(&context, parts.target)?,
        cgroup: format!("{}/{}", parts.cgroup_parent.trim_end_matches('/'), parts.id),
        resources: limits_of(&resources)?,
    })
}

fn sandbox_is_privileged(config: &PodSandboxConfig) -> bool {
    config
        .linux
        .as_ref()
        .and_then(|linux| linux.security_context.as_ref())
        .is_some_and(|context| context.privileged)
}

/// A path below `folder`: `..` and absolute paths would lead elsewhere.
fn join_below(folder: &Path, path: &str) -> Result<PathBuf, SpecError> {
    let plain = Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if plain && folder.is_absolute() {
        Ok(folder.join(path))
    } else {
        refuse(format!("log path {path:?} is malformed"))
    }
}

/// Program and arguments, working folder, environment.
///
/// Source: Kubernetes documentation, "Define a Command and Arguments for a Container": a command replaces both of the
/// image's, arguments replace its `CMD` only.
fn command(
    config: &ContainerConfig,
    image: &ImageConfiguration,
    hostname: &str,
) -> Result<(Vec<String>, String, Vec<String>), SpecError> {
    let image = image.config().clone().unwrap_or_default();
    let (mut args, mut rest) = (config.command.clone(), config.args.clone());
    if args.is_empty() {
        if rest.is_empty() {
            rest = image.cmd().clone().unwrap_or_default();
        }
        args = image.entrypoint().clone().unwrap_or_default();
    }
    args.append(&mut rest);
    if args.is_empty() {
        return refuse("no command specified");
    }
    let cwd = [config.working_dir.clone(), image.working_dir().clone().unwrap_or_default(), "/".into()];
    let cwd = cwd.into_iter().find(|folder| !folder.is_empty()).unwrap_or_default();
    let cwd = if cwd.starts_with('/') { cwd } else { format!("/{cwd}") };

    let mut env = vec![DEFAULT_PATH.to_owned()];
    if config.tty {
        env.push("TERM=xterm".into());
    }
    env.push(format!("HOSTNAME={hostname}"));
    env.extend(image.env().clone().unwrap_or_default());
    env.extend(config.envs.iter().map(|variable| format!("{}={}", variable.key, variable.value)));
    Ok((args, cwd, last_of_each(env)))
}

/// Keeps the last value of each variable, in the place of its first.
fn last_of_each(env: Vec<String>) -> Vec<String> {
    let mut out = Vec::<String>::new();
    for variable in env {
        let Some((name, _)) = variable.split_once('=') else { continue };
        let same = |other: &String| other.split_once('=').is_some_and(|(other, _)| other == name);
        match out.iter().position(same) {
            Some(at) => out[at] = variable,
            None => out.push(variable),
        }
    }
    out
}

/// As whom a container runs: numbers and names of its security context, else the image's.
fn user(context: &LinuxContainerSecurityContext, image: &ImageConfiguration) -> Result<User, SpecError> {
    let image_user = image.config().as_ref().and_then(|config| config.user().clone()).unwrap_or_default();
    let (image_user, image_group) = image_user.split_once(':').unwrap_or((image_user.as_str(), ""));
    let id = |what: &str, value: i64| {
        u32::try_from(value)
            .ok()
            .filter(|id| *id != u32::MAX)
            .ok_or_else(|| SpecError(format!("invalid {what} {value}")))
    };
    let mut out = User::default();
    if let Some(uid) = &context.run_as_user {
        out.user = id("user", uid.value)?.to_string();
    } else if context.run_as_username.is_empty() {
        image_user.clone_into(&mut out.user);
        image_group.clone_into(&mut out.group);
    } else {
        out.user.clone_from(&context.run_as_username);
    }
    if let Some(gid) = &context.run_as_group {
        if context.run_as_user.is_none() && context.run_as_username.is_empty() && image_user.is_empty() {
            return refuse("user group is specified without user");
        }
        out.group = id("group", gid.value)?.to_string();
    }
    out.groups = context.supplemental_groups.iter().map(|gid| id("group", *gid)).collect::<Result<_, _>>()?;
    out.image_groups = context.supplemental_groups_policy() == SupplementalGroupsPolicy::Merge;
    Ok(out)
}

fn pid_mode(context: &LinuxContainerSecurityContext, target: Option<&str>) -> Result<PidMode, SpecError> {
    let options = context.namespace_options.clone().unwrap_or_default();
    Ok(match options.pid() {
        NamespaceMode::Container => PidMode::Own,
        NamespaceMode::Pod => PidMode::Pod,
        NamespaceMode::Node => PidMode::Node,
        NamespaceMode::Target => match target {
            Some(target) => PidMode::Target(target.to_owned()),
            None => return refuse("no target container to share processes with"),
        },
    })
}

/// The sandbox's own files first, unless the pod mounts something there; then the pod's mounts, outer before inner.
fn mounts(config: &ContainerConfig, files: &SandboxFiles) -> Result<Vec<BindMount>, SpecError> {
    let own = [
        ("/etc/hostname", &files.hostname),
        ("/etc/hosts", &files.hosts),
        ("/etc/resolv.conf", &files.resolv_conf),
    ];
    let mut out = Vec::new();
    for (destination, source) in own {
        if !config.mounts.iter().any(|mount| Path::new(&mount.container_path) == Path::new(destination)) {
            out.push(BindMount {
                source: source.clone(),
                destination: destination.into(),
                readonly: config
                    .linux
                    .as_ref()
                    .and_then(|linux| linux.security_context.as_ref())
                    .is_some_and(|context| context.readonly_rootfs),
                ..BindMount::default()
            });
        }
    }
    for mount in &config.mounts {
        if mount.image.as_ref().is_some_and(|image| !image.image.is_empty()) {
            return refuse("image volumes are not supported");
        }
        if !mount.uid_mappings.is_empty() || !mount.gid_mappings.is_empty() {
            return refuse("id-mapped mounts are not supported");
        }
        if !mount.host_path.starts_with('/') || mount.container_path.is_empty() {
            return refuse(format!(
                "mount of {:?} on {:?} is malformed",
                mount.host_path, mount.container_path
            ));
        }
        let propagation = match mount.propagation() {
            MountPropagation::PropagationPrivate => Propagation::Private,
            MountPropagation::PropagationHostToContainer => Propagation::HostToContainer,
            MountPropagation::PropagationBidirectional => Propagation::Bidirectional,
        };
        if mount.recursive_read_only && (!mount.readonly || propagation != Propagation::Private) {
            return refuse("recursive read-only mounts must be read-only and private");
        }
        out.push(BindMount {
            source: mount.host_path.clone().into(),
            destination: Path::new("/").join(&mount.container_path),
            readonly: mount.readonly,
            recursive_readonly: mount.recursive_read_only,
            propagation,
        });
    }
    out.sort_by_key(|mount| mount.destination.components().count());
    Ok(out)
}

/// CRI's limits; zero means "not given".
pub(crate) fn limits_of(resources: &LinuxContainerResources) -> Result<Resources, SpecError> {
    let given = |value: i64| (value != 0).then_some(value);
    let positive = |what: &str, value: i64| match u64::try_from(value) {
        Ok(0) => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(_) => refuse(format!("invalid {what} {value}")),
    };
    if resources.hugepage_limits.iter().any(|limit| limit.limit > 0) {
        return refuse("limits on huge pages are not supported");
    }
    let list = |text: &String| (!text.is_empty()).then(|| text.clone());
    Ok(Resources {
        cpu_shares: positive("cpu shares", resources.cpu_shares)?,
        cpu_quota: given(resources.cpu_quota),
        cpu_period: positive("cpu period", resources.cpu_period)?,
        cpuset_cpus: list(&resources.cpuset_cpus),
        cpuset_mems: list(&resources.cpuset_mems),
        memory: given(resources.memory_limit_in_bytes),
        memory_and_swap: given(resources.memory_swap_limit_in_bytes)
            .or_else(|| given(resources.memory_limit_in_bytes)),
        pids: None,
        unified: resources.unified.clone().into_iter().collect(),
    })
}

/// The signal that asks a container of this image to end.
pub(crate) fn stop_signal(image: &ImageConfiguration) -> i32 {
    const SIGTERM: i32 = 15;
    image
        .config()
        .as_ref()
        .and_then(|config| config.stop_signal().as_deref().and_then(signal::by_name))
        .unwrap_or(SIGTERM)
}

/// /etc/resolv.conf of a pod.
pub(crate) fn resolv_conf(config: &k8s_cri::v1::DnsConfig) -> Result<String, SpecError> {
    let mut text = String::new();
    let words = |list: &[String]| list.join(" ");
    let all = config.servers.iter().chain(&config.searches).chain(&config.options);
    if all.into_iter().any(|word| word.contains(['\n', '\r', '\0'])) {
        return refuse("DNS configuration is malformed");
    }
    if !config.searches.is_empty() {
        text += &format!("search {}\n", words(&config.searches));
    }
    for server in &config.servers {
        text += &format!("nameserver {server}\n");
    }
    if !config.options.is_empty() {
        text += &format!("options {}\n", words(&config.options));
    }
    Ok(text)
}
