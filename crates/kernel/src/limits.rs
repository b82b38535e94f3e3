//! Limits and settings of a process: rlimits, its share in being killed for memory, kernel settings.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use rustix::process::{Resource, Rlimit};

use crate::{Context, Error, Result};

/// Sets how readily the kernel kills process `pid` for memory, as near to `wanted` as is allowed; gives what it is
/// then. Lowering takes CAP_SYS_RESOURCE: without it the present value stays.
pub fn set_oom_score_adj(pid: i32, wanted: i32) -> Result<i32> {
    let path = format!("/proc/{pid}/oom_score_adj");
    let wanted = wanted.clamp(-1000, 1000);
    match fs::write(&path, wanted.to_string()) {
        Ok(()) => Ok(wanted),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            let now = fs::read_to_string(&path).doing_with(|| format!("read {path}"))?;
            now.trim().parse().map_err(|_| Error::invalid(format!("read {path}"), "not a number"))
        }
        Err(error) => Err(Error::new(format!("write {path}"), error)),
    }
}

/// Sets a resource limit by its name (`RLIMIT_NOFILE`); a hard limit that may not be raised stays as it is.
pub fn set_rlimit(name: &str, soft: u64, hard: u64) -> Result<()> {
    let resource =
        resource(name).ok_or_else(|| Error::invalid(format!("set {name:?}"), "no such resource limit"))?;
    let finite = |value: u64| (value != u64::MAX).then_some(value);
    let wanted = Rlimit { current: finite(soft), maximum: finite(hard) };
    match rustix::process::setrlimit(resource, wanted) {
        Err(rustix::io::Errno::PERM) => {
            let mut now = rustix::process::getrlimit(resource);
            now.current = match (now.maximum, wanted.current) {
                (Some(hard), Some(soft)) => Some(soft.min(hard)),
                (Some(hard), None) => Some(hard),
                (None, soft) => soft,
            };
            rustix::process::setrlimit(resource, now).doing_with(|| format!("set {name}"))
        }
        other => other.doing_with(|| format!("set {name}")),
    }
}

/// Raises how many files this process may have open to as many as it is allowed; gives that number.
pub fn raise_open_files() -> Result<u64> {
    let now = rustix::process::getrlimit(Resource::Nofile);
    if now.current != now.maximum {
        let raised = Rlimit { current: now.maximum, maximum: now.maximum };
        rustix::process::setrlimit(Resource::Nofile, raised).doing("raise RLIMIT_NOFILE")?;
    }
    Ok(now.maximum.unwrap_or(u64::MAX))
}

fn resource(name: &str) -> Option<Resource> {
    Some(match name {
        "RLIMIT_AS" => Resource::As,
        "RLIMIT_CORE" => Resource::Core,
        "RLIMIT_CPU" => Resource::Cpu,
        "RLIMIT_DATA" => Resource::Data,
        "RLIMIT_FSIZE" => Resource::Fsize,
        "RLIMIT_LOCKS" => Resource::Locks,
        "RLIMIT_MEMLOCK" => Resource::Memlock,
        "RLIMIT_MSGQUEUE" => Resource::Msgqueue,
        "RLIMIT_NICE" => Resource::Nice,
        "RLIMIT_NOFILE" => Resource::Nofile,
        "RLIMIT_NPROC" => Resource::Nproc,
        "RLIMIT_RSS" => Resource::Rss,
        "RLIMIT_RTPRIO" => Resource::Rtprio,
        "RLIMIT_RTTIME" => Resource::Rttime,
        "RLIMIT_SIGPENDING" => Resource::Sigpending,
        "RLIMIT_STACK" => Resource::Stack,
        _ => return None,
    })
}

/// The file of a kernel setting named with dots or slashes; `None` for a name that would lead elsewhere.
///
/// Source: sysctl(8): the first separator decides, and the other one then stands for itself.
pub fn sysctl_path(name: &str) -> Option<PathBuf> {
    let first = name.find(['.', '/'])?;
    let relative = if name.as_bytes()[first] == b'.' {
        name.chars()
            .map(|letter| match letter {
                '.' => '/',
                '/' => '.',
                other => other,
            })
            .collect::<String>()
    } else {
        name.to_owned()
    };
    let plain = Path::new(&relative).components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !relative.contains('\0')).then(|| Path::new("/proc/sys").join(relative))
}

/// Sets a kernel setting, in the namespaces of the calling process.
pub fn set_sysctl(name: &str, value: &str) -> Result<()> {
    let path =
        sysctl_path(name).ok_or_else(|| Error::invalid(format!("set {name:?}"), "not a sysctl's name"))?;
    fs::write(&path, value).doing_with(|| format!("set sysctl {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sysctl_names() {
        let check = |name: &str, expect: Option<&str>| {
            assert_eq!(sysctl_path(name), expect.map(|path| Path::new("/proc/sys").join(path)), "{name}");
        };
        check("net.ipv4.ip_forward", Some("net/ipv4/ip_forward"));
        check("net/ipv4/conf/eth0.1/forwarding", Some("net/ipv4/conf/eth0.1/forwarding"));
        check("net.ipv4.conf.eth0/1.forwarding", Some("net/ipv4/conf/eth0.1/forwarding"));
        check("net/../kernel/core_pattern", None);
        check("/etc/passwd", None);
        check("plain", None);
        check("", None);
    }

    #[test]
    fn lowering_the_score_is_clamped_not_refused() {
        let pid = i32::try_from(std::process::id()).expect("pid");
        let now = set_oom_score_adj(pid, -998).expect("clamped");
        assert!((-998..=1000).contains(&now));
    }
}
