//! Capabilities: by name, as sets, and taken away.

use rustix::thread::{
    CapabilitySet, CapabilitySets, clear_ambient_capability_set, configure_capability_in_ambient_set,
    remove_capability_from_bounding_set, set_capabilities,
};

use crate::{Context, Error, Result};

/// In the order of their numbers. Source: capabilities(7).
const NAMES: [&str; 41] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
];

/// A set of capabilities, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Caps(pub u64);

impl Caps {
    /// All that this program knows.
    pub const ALL: Self = Self((1 << NAMES.len()) - 1);

    /// The capability called `name`, with or without `CAP_`, in any case.
    pub fn by_name(name: &str) -> Option<Self> {
        let upper = name.to_ascii_uppercase();
        let short = upper.strip_prefix("CAP_").unwrap_or(&upper);
        NAMES.iter().position(|known| *known == short).map(|bit| Self(1 << bit))
    }

    /// Whether it holds all of `other`.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This without `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What both hold.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Names with `CAP_`, in the order of their numbers.
    pub fn names(self) -> Vec<String> {
        let held = |bit: &usize| self.0 >> bit & 1 == 1;
        (0..NAMES.len()).filter(held).map(|bit| format!("CAP_{}", NAMES[bit])).collect()
    }

    fn bits(self) -> CapabilitySet {
        CapabilitySet::from_bits_retain(self.0)
    }
}

/// The capabilities that this process is permitted to have.
pub fn permitted() -> Result<Caps> {
    let sets = rustix::thread::capabilities(None).doing("read capabilities")?;
    Ok(Caps(sets.permitted.bits()))
}

/// Takes every capability but `keep` out of the bounding set, so that no program can bring it back.
pub fn limit_bounding(keep: Caps) -> Result<()> {
    for bit in 0..64u32 {
        if keep.0 >> bit & 1 == 1 {
            continue;
        }
        match remove_capability_from_bounding_set(CapabilitySet::from_bits_retain(1 << bit)) {
            Ok(()) => {}
            // The kernel knows no capability of this or any higher number.
            Err(rustix::io::Errno::INVAL) => break,
            Err(error) => return Err(Error::new("limit the bounding set", error)),
        }
    }
    Ok(())
}

/// Makes `effective` (of which no more than is permitted now) the effective and permitted capabilities, and `ambient`
/// those that an ordinary program inherits; the inheritable set holds nothing else.
pub fn set(effective: Caps, ambient: Caps) -> Result<()> {
    let effective = effective.intersection(permitted()?);
    let ambient = ambient.intersection(effective);
    let sets = CapabilitySets {
        effective: effective.bits(),
        permitted: effective.bits(),
        inheritable: ambient.bits(),
    };
    set_capabilities(None, sets).doing("set capabilities")?;
    clear_ambient_capability_set().doing("clear ambient capabilities")?;
    for bit in (0..64u32).filter(|bit| ambient.0 >> bit & 1 == 1) {
        configure_capability_in_ambient_set(CapabilitySet::from_bits_retain(1 << bit), true)
            .doing("raise an ambient capability")?;
    }
    Ok(())
}

/// Keeps the permitted capabilities while the user id changes from the super-user's.
pub fn keep_over_setuid(keep: bool) -> Result<()> {
    rustix::thread::set_keep_capabilities(keep).doing("keep capabilities")
}

/// No program that this process runs from now on gains privileges from its file.
pub fn set_no_new_privs() -> Result<()> {
    rustix::thread::set_no_new_privs(true).doing("set no_new_privs")
}

/// Becomes a user for good: real, effective and saved ids of this single-threaded process, and its groups.
pub fn become_user(uid: u32, gid: u32, groups: &[u32]) -> Result<()> {
    use rustix::process::{Gid, Uid};
    let limit = "an id of 2^32-1 means no change to the kernel";
    if uid == u32::MAX || gid == u32::MAX || groups.contains(&u32::MAX) {
        return Err(Error::invalid("become a user", limit));
    }
    let groups = groups.iter().map(|&group| Gid::from_raw(group)).collect::<Vec<_>>();
    rustix::thread::set_thread_groups(&groups).doing("set groups")?;
    let gid = Gid::from_raw(gid);
    rustix::thread::set_thread_res_gid(gid, gid, gid).doing("set the group id")?;
    let uid = Uid::from_raw(uid);
    rustix::thread::set_thread_res_uid(uid, uid, uid).doing("set the user id")
}

#[cfg(test)]
mod tests {
    use super::Caps;

    #[test]
    fn names_of_capabilities() {
        let check = |name: &str, expect: Option<u32>| {
            assert_eq!(Caps::by_name(name), expect.map(|bit| Caps(1 << bit)), "{name}");
        };
        check("CAP_CHOWN", Some(0));
        check("net_admin", Some(12));
        check("CAP_CHECKPOINT_RESTORE", Some(40));
        check("CAP_", None);
        check("ALL", None);
        assert_eq!(Caps(0b11).names(), ["CAP_CHOWN", "CAP_DAC_OVERRIDE"]);
    }
}
