//! What the machine must have, and what to do when it has not.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};
use rustix::process::geteuid;

/// Fails with one sentence on what to do, before anything was made.
pub(crate) fn check() -> Result<()> {
    if !geteuid().is_root() {
        bail!(
            "`mizzen up` makes namespaces and cgroups and so must run as root: use sudo, or `mizzen up --memory` for an API server alone"
        );
    }
    let filesystems = fs::read_to_string("/proc/filesystems").unwrap_or_default();
    if !filesystems.lines().any(|line| line.trim_start_matches("nodev").trim() == "overlay") {
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

/// A program on the path.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/sbin:/usr/bin:/sbin:/bin".into());
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}
