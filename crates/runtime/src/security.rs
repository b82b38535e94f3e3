//! What a container may do: capabilities, system calls, devices.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use k8s_cri::v1::security_profile::ProfileType;
use k8s_cri::v1::{ContainerConfig, LinuxContainerSecurityContext};
use mizzen_kernel::caps::{self, Caps};
use mizzen_kernel::seccomp::{self, Action, Argument, Comparison, Profile, Program, Rule};
use mizzen_shim::spec::{Capabilities, DeviceNode};
use serde::Deserialize;

use crate::spec::SpecError;

/// What a container may do unless it is told otherwise. Source: the default set of the common container runtimes.
const DEFAULT_CAPABILITIES: [&str; 14] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "FSETID",
    "FOWNER",
    "MKNOD",
    "NET_RAW",
    "SETGID",
    "SETUID",
    "SETFCAP",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "SYS_CHROOT",
    "KILL",
    "AUDIT_WRITE",
];

/// How large a seccomp profile may be, in bytes.
const PROFILE_MAX: u64 = 4 << 20;
/// How many of the node's devices a privileged container gets.
const DEVICES_MAX: usize = 4096;

fn refuse<T>(why: impl Into<String>) -> Result<T, SpecError> {
    Err(SpecError(why.into()))
}

/// The container's capabilities: the default ones, without what is dropped, with what is added; a privileged
/// container has the node's. `ALL` stands for all, and names count in any case, with or without `CAP_`.
pub(crate) fn capabilities(context: &LinuxContainerSecurityContext) -> Result<Capabilities, SpecError> {
    let everything = caps::permitted().map_err(|error| SpecError(error.to_string()))?.intersection(Caps::ALL);
    if context.privileged {
        return Ok(Capabilities { bounding: everything.0, ambient: 0 });
    }
    let known =
        |name: &str| Caps::by_name(name).ok_or_else(|| SpecError(format!("unknown capability {name:?}")));
    let is_all = |name: &String| name.eq_ignore_ascii_case("ALL");
    let changes = context.capabilities.clone().unwrap_or_default();
    let mut set =
        DEFAULT_CAPABILITIES.iter().filter_map(|name| Caps::by_name(name)).fold(Caps::default(), Caps::union);
    if changes.drop_capabilities.iter().any(is_all) {
        set = Caps::default();
    }
    if changes.add_capabilities.iter().any(is_all) {
        set = everything;
    }
    for name in changes.drop_capabilities.iter().filter(|name| !is_all(name)) {
        set = set.without(known(name)?);
    }
    for name in changes.add_capabilities.iter().filter(|name| !is_all(name)) {
        set = set.union(known(name)?);
    }
    let mut ambient = Caps::default();
    for name in &changes.add_ambient_capabilities {
        ambient = ambient.union(known(name)?);
    }
    Ok(Capabilities { bounding: set.union(ambient).0, ambient: ambient.0 })
}

/// The container's system call filters.
///
/// A privileged container has none. Without a word about it, a container is unconfined, as in CRI's older fields; a
/// `Localhost` profile without a file is refused.
pub(crate) fn seccomp(
    context: &LinuxContainerSecurityContext,
    capabilities: Capabilities,
) -> Result<Vec<Program>, SpecError> {
    let Some(wanted) = context.seccomp.as_ref().filter(|_| !context.privileged) else {
        return Ok(Vec::new());
    };
    let capabilities = Caps(capabilities.bounding);
    let profile = match wanted.profile_type() {
        ProfileType::Unconfined => return Ok(Vec::new()),
        ProfileType::RuntimeDefault => seccomp::runtime_default(capabilities),
        ProfileType::Localhost => local_profile(&wanted.localhost_ref, capabilities)?,
    };
    seccomp::compile(&profile).map_err(|error| SpecError(format!("seccomp profile: {error}")))
}

fn local_profile(path: &str, capabilities: Caps) -> Result<Profile, SpecError> {
    let path = path.strip_prefix("localhost/").unwrap_or(path);
    if !path.starts_with('/') {
        return refuse(format!("seccomp profile {path:?} is not an absolute path"));
    }
    let failed = |error: &dyn std::fmt::Display| SpecError(format!("seccomp profile {path}: {error}"));
    let metadata = fs::metadata(path).map_err(|error| failed(&error))?;
    if !metadata.is_file() || metadata.len() > PROFILE_MAX {
        return Err(failed(&"not a file of a sensible size"));
    }
    let text = fs::read(path).map_err(|error| failed(&error))?;
    parse_profile(&text, capabilities).map_err(|error| failed(&error))
}

/// A profile file. Source: OCI runtime specification, "Seccomp", with the additions of the common runtimes' files
/// (`includes`, `excludes`).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProfileFile {
    default_action: String,
    default_errno_ret: Option<u16>,
    #[serde(default)]
    syscalls: Vec<RuleFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RuleFile {
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    name: String,
    action: String,
    errno_ret: Option<u16>,
    #[serde(default)]
    args: Option<Vec<ArgumentFile>>,
    #[serde(default)]
    includes: FilterFile,
    #[serde(default)]
    excludes: FilterFile,
}

#[derive(Deserialize, Default)]
struct FilterFile {
    #[serde(default)]
    caps: Vec<String>,
    #[serde(default)]
    arches: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArgumentFile {
    index: u8,
    value: u64,
    #[serde(default)]
    value_two: u64,
    op: String,
}

fn parse_profile(text: &[u8], capabilities: Caps) -> Result<Profile, SpecError> {
    let file = serde_json::from_slice::<ProfileFile>(text).map_err(|error| SpecError(error.to_string()))?;
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let held =
        |name: &String| Caps::by_name(name).is_some_and(|capability| capabilities.contains(capability));
    let here = |name: &String| name == architecture;
    let mut rules = Vec::new();
    for rule in file.syscalls {
        let included = rule.includes.caps.iter().all(held)
            && (rule.includes.arches.is_empty() || rule.includes.arches.iter().any(here));
        let excluded = rule.excludes.caps.iter().any(held) || rule.excludes.arches.iter().any(here);
        if !included || excluded {
            continue;
        }
        let mut names = rule.names;
        if !rule.name.is_empty() {
            names.push(rule.name);
        }
        let arguments = rule.args.unwrap_or_default().iter().map(argument).collect::<Result<_, _>>()?;
        rules.push(Rule { names, action: action(&rule.action, rule.errno_ret)?, arguments });
    }
    Ok(Profile { default: action(&file.default_action, file.default_errno_ret)?, rules })
}

fn action(name: &str, errno: Option<u16>) -> Result<Action, SpecError> {
    const EPERM: u16 = 1;
    Ok(match name {
        "SCMP_ACT_ALLOW" => Action::Allow,
        "SCMP_ACT_ERRNO" => Action::Errno(errno.unwrap_or(EPERM)),
        "SCMP_ACT_KILL" | "SCMP_ACT_KILL_THREAD" => Action::KillThread,
        "SCMP_ACT_KILL_PROCESS" => Action::KillProcess,
        "SCMP_ACT_LOG" => Action::Log,
        "SCMP_ACT_TRAP" => Action::Trap,
        other => return refuse(format!("unsupported action {other:?}")),
    })
}

fn argument(file: &ArgumentFile) -> Result<Argument, SpecError> {
    let (comparison, value) = match file.op.as_str() {
        "SCMP_CMP_EQ" => (Comparison::Equal, file.value),
        "SCMP_CMP_NE" => (Comparison::NotEqual, file.value),
        "SCMP_CMP_LT" => (Comparison::Less, file.value),
        "SCMP_CMP_LE" => (Comparison::LessOrEqual, file.value),
        "SCMP_CMP_GT" => (Comparison::Greater, file.value),
        "SCMP_CMP_GE" => (Comparison::GreaterOrEqual, file.value),
        "SCMP_CMP_MASKED_EQ" => (Comparison::MaskedEqual(file.value), file.value_two),
        other => return refuse(format!("unsupported comparison {other:?}")),
    };
    Ok(Argument { index: file.index, wide: true, comparison, value })
}

/// The devices of a container: those it asks for; all of the node's for a privileged one.
pub(crate) fn devices(config: &ContainerConfig, privileged: bool) -> Result<Vec<DeviceNode>, SpecError> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    for device in &config.devices {
        if device.permissions.chars().any(|letter| !"rwm".contains(letter)) {
            return refuse(format!("invalid device permissions {:?}", device.permissions));
        }
        let target = Path::new("/").join(&device.container_path);
        let source = Path::new(&device.host_path);
        let found = fs::metadata(source)
            .map_err(|error| SpecError(format!("device {}: {error}", source.display())))?;
        if found.is_dir() {
            for path in walk(source) {
                let below = path.strip_prefix(source).expect("found by walking it");
                out.extend(node(&path, target.join(below), &device.permissions));
            }
        } else {
            let made = node(source, target, &device.permissions)
                .ok_or_else(|| SpecError(format!("{} is not a device", source.display())))?;
            out.push(made);
        }
    }
    if privileged {
        let dev = Path::new("/dev");
        out.extend(walk(dev).into_iter().filter_map(|path| node(&path, path.clone(), "rwm")));
    }
    out.retain(|device| seen.insert(device.path.clone()));
    Ok(out)
}

/// Device files in and below a folder, but for those that belong to a container anyway.
fn walk(folder: &Path) -> Vec<PathBuf> {
    const OWN: [&str; 6] = ["pts", "shm", "fd", "mqueue", "console", ".lxc"];
    let mut out = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            if OWN.iter().any(|own| entry.file_name() == *own) || out.len() >= DEVICES_MAX {
                continue;
            }
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_char_device() || kind.is_block_device() {
                out.push(entry.path());
            }
        }
    }
    out.sort_unstable();
    out
}

fn node(source: &Path, path: PathBuf, access: &str) -> Option<DeviceNode> {
    let found = fs::metadata(source).ok()?;
    let block = found.file_type().is_block_device();
    if !block && !found.file_type().is_char_device() {
        return None;
    }
    Some(DeviceNode {
        path,
        block,
        major: rustix::fs::major(found.rdev()),
        minor: rustix::fs::minor(found.rdev()),
        mode: found.mode() & 0o7777,
        uid: found.uid(),
        gid: found.gid(),
        access: access.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use k8s_cri::v1::{Capability, SecurityProfile};

    use super::*;

    fn names(add: &[&str], drop: &[&str]) -> Option<Vec<String>> {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let context = LinuxContainerSecurityContext {
            capabilities: Some(Capability {
                add_capabilities: list(add),
                drop_capabilities: list(drop),
                ..Default::default()
            }),
            ..Default::default()
        };
        capabilities(&context).ok().map(|set| Caps(set.bounding).names())
    }

    #[test]
    fn capabilities_added_and_dropped() {
        assert_eq!(names(&[], &[]).map(|list| list.len()), Some(14));
        assert_eq!(names(&[], &["ALL"]), Some(vec![]));
        assert_eq!(names(&["NET_ADMIN"], &["all"]), Some(vec!["CAP_NET_ADMIN".into()]));
        assert!(!names(&[], &["CHOWN"]).expect("known").contains(&"CAP_CHOWN".to_owned()));
        assert!(!names(&["ALL"], &["CAP_CHOWN"]).expect("known").contains(&"CAP_CHOWN".to_owned()));
        assert_eq!(names(&["EVERYTHING"], &[]), None);
    }

    #[test]
    fn profiles_are_found_or_refused() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("p.json");
        let profile = r#"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
            {"names": ["read", "no_such_call"], "action": "SCMP_ACT_ALLOW"},
            {"names": ["write"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
            {"names": ["kill"], "action": "SCMP_ACT_LOG",
             "args": [{"index": 1, "value": 9, "op": "SCMP_CMP_EQ"}]}]}"#;
        fs::write(&file, profile).expect("written");
        let programs = |kind: ProfileType, path: &str| {
            let seccomp = SecurityProfile { profile_type: kind.into(), localhost_ref: path.into() };
            let context = LinuxContainerSecurityContext { seccomp: Some(seccomp), ..Default::default() };
            super::seccomp(&context, Capabilities::default()).map(|programs| programs.len()).ok()
        };
        let path = file.to_str().expect("utf-8");
        assert_eq!(programs(ProfileType::RuntimeDefault, ""), Some(2));
        assert_eq!(programs(ProfileType::Unconfined, ""), Some(0));
        assert_eq!(programs(ProfileType::Localhost, path), Some(2));
        assert_eq!(programs(ProfileType::Localhost, &format!("localhost/{path}")), Some(2));
        assert_eq!(programs(ProfileType::Localhost, ""), None);
        assert_eq!(programs(ProfileType::Localhost, "p.json"), None);
        assert_eq!(programs(ProfileType::Localhost, "/absent"), None);
        fs::write(&file, r#"{"defaultAction": "SCMP_ACT_NOTIFY"}"#).expect("written");
        assert_eq!(programs(ProfileType::Localhost, path), None);
    }
}
