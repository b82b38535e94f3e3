//! Namespaces: made, joined, and named by the process that holds them.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::fs::{Mode, OFlags};

use crate::error::last;
use crate::{Context, Result};

/// A set of kinds of namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Namespaces(u32);

impl Namespaces {
    /// None.
    pub const NONE: Self = Self(0);
    /// Network.
    pub const NET: Self = Self(libc::CLONE_NEWNET.cast_unsigned());
    /// Mounts.
    pub const MOUNT: Self = Self(libc::CLONE_NEWNS.cast_unsigned());
    /// Process ids; takes effect on children.
    pub const PID: Self = Self(libc::CLONE_NEWPID.cast_unsigned());
    /// System V IPC and POSIX message queues.
    pub const IPC: Self = Self(libc::CLONE_NEWIPC.cast_unsigned());
    /// Host name.
    pub const UTS: Self = Self(libc::CLONE_NEWUTS.cast_unsigned());
    /// The root of the control group tree.
    pub const CGROUP: Self = Self(libc::CLONE_NEWCGROUP.cast_unsigned());

    /// As the kernel counts them.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// Whether it holds none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Both sets, or only this one.
    #[must_use]
    pub fn with(self, other: Self, wanted: bool) -> Self {
        if wanted { self | other } else { self }
    }

    /// By the name of its link in /proc/PID/ns.
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "net" => Self::NET,
            "mnt" => Self::MOUNT,
            "pid" => Self::PID,
            "ipc" => Self::IPC,
            "uts" => Self::UTS,
            "cgroup" => Self::CGROUP,
            _ => return None,
        })
    }
}

impl std::ops::BitOr for Namespaces {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Moves the calling thread into new namespaces.
pub fn unshare(namespaces: Namespaces) -> Result<()> {
    if namespaces.is_empty() {
        return Ok(());
    }
    let bits = libc::c_int::try_from(namespaces.bits()).expect("the flags fit in an int");
    // JUSTIFICATION: rustix marks unshare unsafe for CLONE_FILES' sake.
    // SAFETY: only namespace flags can be in the set, and they leave the descriptor table shared.
    if unsafe { libc::unshare(bits) } == 0 { Ok(()) } else { Err(last("make namespaces")) }
}

/// Moves the calling thread into the namespaces that `fd` stands for: of one kind for a /proc/PID/ns link, of all kinds
/// named for a pidfd (Linux 5.8).
pub fn join(fd: impl AsFd, namespaces: Namespaces) -> Result<()> {
    let bits = libc::c_int::try_from(namespaces.bits()).expect("the flags fit in an int");
    // JUSTIFICATION: rustix has two functions, for either kind of descriptor.
    // SAFETY: the descriptor is open; only this thread's namespaces change.
    if unsafe { libc::setns(fd.as_fd().as_raw_fd(), bits) } == 0 {
        Ok(())
    } else {
        Err(last("join a namespace"))
    }
}

/// Opens a namespace of a process, by its link's name in /proc/PID/ns.
pub fn open(pid: i32, name: &str) -> Result<OwnedFd> {
    let path = format!("/proc/{pid}/ns/{name}");
    rustix::fs::open(&path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())
        .doing_with(|| format!("open {path}"))
}

/// Opens a namespace of this process.
pub fn open_own(name: &str) -> Result<OwnedFd> {
    let path = format!("/proc/self/ns/{name}");
    rustix::fs::open(&path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())
        .doing_with(|| format!("open {path}"))
}

/// Sets the host name of this UTS namespace.
pub fn set_host_name(name: &str) -> Result<()> {
    rustix::system::sethostname(name.as_bytes()).doing("set the host name")
}
