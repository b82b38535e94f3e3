//! What the machine must have, and what to do when it has not.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use mizzen_kernel::mount;
use mizzen_kernel::net::set_sysctl;
use rustix::process::geteuid;

/// Fails with one sentence on what to do, before anything was made.
pub(crate) fn check() -> Result<()> {
    if !geteuid().is_root() {
        bail!(
            "`mizzen up` makes namespaces and cgroups and so must run as root: use sudo, or `mizzen up --memory` for an API server alone"
        );
    }
    if !mount::is_supported("overlay")? {
        bail!("the kernel has no overlay file system: load it with `modprobe overlay`");
    }
    for (name, what) in [("net", "network"), ("mnt", "mount"), ("pid", "PID"), ("ipc", "IPC"), ("uts", "UTS")]
    {
        if !PathBuf::from("/proc/self/ns").join(name).exists() {
            bail!("the kernel has no {what} namespaces: use one built with CONFIG_NAMESPACES");
        }
    }
    if which("nft").is_none() {
        bail!("the `nft` command is missing: install it with `apt-get install nftables`");
    }
    ensure_bridge_filter()
}

/// Packets between pods on one bridge must pass the rules of Services. The module that makes them do so is the one that
/// nothing but a request loads; it is loaded as dockerd does, but the machine's own bridges go on without.
fn ensure_bridge_filter() -> Result<()> {
    const FOLDER: &str = "/proc/sys/net/bridge";
    const CALL: &str = "bridge-nf-call-iptables";
    let there = || Path::new(FOLDER).join(CALL).exists();
    if there() {
        return Ok(());
    }
    let modprobe = which("modprobe").unwrap_or_else(|| "/sbin/modprobe".into());
    let why = match Command::new(modprobe).arg("br_netfilter").stdin(Stdio::null()).output() {
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => format!("modprobe: {error}"),
    };
    if !there() {
        bail!("the kernel does not filter bridged packets: load that with `modprobe br_netfilter` ({why})");
    }
    for name in [CALL, "bridge-nf-call-ip6tables", "bridge-nf-call-arptables"] {
        set_sysctl(&format!("net/bridge/{name}"), "0")
            .context("leave the machine's own bridges as they are")?;
    }
    Ok(())
}

/// How long a port may still belong to a process of ours that was killed a moment ago.
pub(crate) const PORT_PATIENCE: Duration = Duration::from_secs(3);

/// Fails unless this port of 127.0.0.1 is free, or will be within `patience`.
pub(crate) fn check_port(port: u16, what: &str, flag: &str, patience: Duration) -> Result<()> {
    let step = Duration::from_millis(20);
    let mut left = patience.as_millis() / step.as_millis();
    while let Err(error) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        if left == 0 {
            bail!(
                "port {port} of 127.0.0.1, wanted for {what}, cannot be used ({error}): choose another with {flag}"
            );
        }
        left -= 1;
        std::thread::sleep(step);
    }
    Ok(())
}

/// Where administrators' programs are; `su` and desktop logins leave this out.
const SBIN: &str = "/usr/local/sbin:/usr/sbin:/sbin";

/// The path on which programs are looked for.
pub(crate) fn path() -> OsString {
    let mut path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into());
    path.push(":");
    path.push(SBIN);
    path
}

/// A program on the path.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&path()).map(|folder| folder.join(program)).find(|path| path.is_file())
}
