//! Which devices a control group's processes may use: lines of a file in version 1, a small BPF program in version 2.

use std::fmt;
use std::fs;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::path::Path;

use crate::error::last;
use crate::{Context, Result};

/// Character or block devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    /// Both.
    All,
    /// Character devices.
    Char,
    /// Block devices.
    Block,
}

/// Devices that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceRule {
    /// What kind.
    pub kind: DeviceKind,
    /// Major number; `None`: all.
    pub major: Option<u32>,
    /// Minor number; `None`: all.
    pub minor: Option<u32>,
    /// May be read.
    pub read: bool,
    /// May be written.
    pub write: bool,
    /// May be made with mknod.
    pub mknod: bool,
}

impl DeviceRule {
    /// Every device, in every way.
    pub const ALL: Self =
        Self { kind: DeviceKind::All, major: None, minor: None, read: true, write: true, mknod: true };
}

impl fmt::Display for DeviceRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |number: Option<u32>| number.map_or("*".to_owned(), |number| number.to_string());
        let kind = match self.kind {
            DeviceKind::All => "a",
            DeviceKind::Char => "c",
            DeviceKind::Block => "b",
        };
        write!(f, "{kind} {}:{} ", number(self.major), number(self.minor))?;
        for (letter, held) in [('r', self.read), ('w', self.write), ('m', self.mknod)] {
            if held {
                write!(f, "{letter}")?;
            }
        }
        Ok(())
    }
}

/// One BPF instruction, as the kernel lays it out.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Instruction {
    code: u8,
    registers: u8,
    offset: i16,
    immediate: i32,
}

const LOAD_WORD: u8 = 0x61;
const MOVE: u8 = 0xb7;
const AND: u8 = 0x57;
const SHIFT_RIGHT: u8 = 0x77;
const JUMP_NOT_EQUAL: u8 = 0x55;
const JUMP_SET: u8 = 0x45;
const EXIT: u8 = 0x95;

/// Attaches a program to a version 2 group: `r2` holds the kind, `r3` the access, `r4` and `r5` the numbers.
fn program(rules: &[DeviceRule]) -> Vec<Instruction> {
    let plain = |code, registers, offset, immediate| Instruction { code, registers, offset, immediate };
    let mut out = vec![
        plain(LOAD_WORD, 0x12, 0, 0),
        plain(AND, 0x02, 0, 0xffff),
        plain(LOAD_WORD, 0x13, 0, 0),
        plain(SHIFT_RIGHT, 0x03, 0, 16),
        plain(LOAD_WORD, 0x14, 4, 0),
        plain(LOAD_WORD, 0x15, 8, 0),
    ];
    for rule in rules {
        let mut tests = Vec::new();
        match rule.kind {
            DeviceKind::All => {}
            // BPF_DEVCG_DEV_BLOCK and BPF_DEVCG_DEV_CHAR.
            DeviceKind::Block => tests.push((JUMP_NOT_EQUAL, 0x02, 1)),
            DeviceKind::Char => tests.push((JUMP_NOT_EQUAL, 0x02, 2)),
        }
        // BPF_DEVCG_ACC_MKNOD, _READ and _WRITE: a bit asked for and not held is no match.
        let held = i32::from(rule.mknod) | i32::from(rule.read) << 1 | i32::from(rule.write) << 2;
        if held != 7 {
            tests.push((JUMP_SET, 0x03, 7 & !held));
        }
        if let Some(major) = rule.major {
            tests.push((JUMP_NOT_EQUAL, 0x04, major.cast_signed()));
        }
        if let Some(minor) = rule.minor {
            tests.push((JUMP_NOT_EQUAL, 0x05, minor.cast_signed()));
        }
        let count = tests.len();
        for (at, (code, register, immediate)) in tests.into_iter().enumerate() {
            // Over the tests that are left, and the two instructions that allow.
            let offset = i16::try_from(count - at + 1).expect("a rule has at most four tests");
            out.push(plain(code, register, offset, immediate));
        }
        out.push(plain(MOVE, 0x00, 0, 1));
        out.push(plain(EXIT, 0, 0, 0));
        if count == 0 {
            // All is allowed: the kernel refuses programs with instructions that are never reached.
            return out;
        }
    }
    out.push(plain(MOVE, 0x00, 0, 0));
    out.push(plain(EXIT, 0, 0, 0));
    out
}

const BPF_PROG_LOAD: libc::c_int = 5;
const BPF_PROG_ATTACH: libc::c_int = 8;
const BPF_PROG_DETACH: libc::c_int = 9;
const BPF_PROG_QUERY: libc::c_int = 16;
const BPF_PROG_GET_FD_BY_ID: libc::c_int = 13;
const BPF_PROG_TYPE_CGROUP_DEVICE: u32 = 15;
const BPF_CGROUP_DEVICE: u32 = 6;
const BPF_F_ALLOW_MULTI: u32 = 2;
const PROGRAMS_MAX: usize = 64;

/// The fields that are used of `union bpf_attr`, for each command.
#[repr(C)]
#[derive(Default)]
struct LoadAttr {
    kind: u32,
    count: u32,
    instructions: u64,
    license: u64,
    log_level: u32,
    log_size: u32,
    log: u64,
    kernel_version: u32,
    flags: u32,
}

#[repr(C)]
#[derive(Default)]
struct AttachAttr {
    target: u32,
    program: u32,
    kind: u32,
    flags: u32,
}

#[repr(C)]
#[derive(Default)]
struct QueryAttr {
    target: u32,
    kind: u32,
    query_flags: u32,
    attach_flags: u32,
    ids: u64,
    count: u32,
    padding: u32,
}

fn bpf<T>(command: libc::c_int, attributes: &mut T, operation: &str) -> Result<i32> {
    // JUSTIFICATION: version 2 has no other way to limit devices, and no library in use wraps bpf(2).
    // SAFETY: the structure begins as the command's part of bpf_attr does and is as long as said; the pointers in it
    // are to buffers that their owner, the caller, keeps until this returns.
    let result =
        unsafe { libc::syscall(libc::SYS_bpf, command, std::ptr::from_mut(attributes), size_of::<T>()) };
    if result < 0 { Err(last(operation)) } else { Ok(i32::try_from(result).unwrap_or(0)) }
}

fn own(fd: i32) -> OwnedFd {
    // JUSTIFICATION: bpf(2) gives a bare number.
    // SAFETY: it is a new descriptor that nobody else owns.
    unsafe { OwnedFd::from_raw_fd(fd) }
}

/// Puts the program for `rules` on a group, in place of any that was there.
pub(super) fn attach_program(folder: &Path, rules: &[DeviceRule]) -> Result<()> {
    let group = fs::File::open(folder).doing_with(|| format!("open {}", folder.display()))?;
    let target = group.as_raw_fd().cast_unsigned();
    let before = attached(target)?;
    let instructions = program(rules);
    let mut load = LoadAttr {
        kind: BPF_PROG_TYPE_CGROUP_DEVICE,
        count: u32::try_from(instructions.len()).expect("rules are few"),
        instructions: instructions.as_ptr() as u64,
        license: c"Apache-2.0".as_ptr() as u64,
        ..LoadAttr::default()
    };
    let loaded = own(bpf(BPF_PROG_LOAD, &mut load, "load the device program")?);
    let mut attach = AttachAttr {
        target,
        program: loaded.as_raw_fd().cast_unsigned(),
        kind: BPF_CGROUP_DEVICE,
        flags: BPF_F_ALLOW_MULTI,
    };
    bpf(BPF_PROG_ATTACH, &mut attach, "attach the device program")?;
    for id in before {
        let mut by_id = AttachAttr { target: id, ..AttachAttr::default() };
        let old = own(bpf(BPF_PROG_GET_FD_BY_ID, &mut by_id, "open the former device program")?);
        let program = old.as_raw_fd().cast_unsigned();
        let mut detach = AttachAttr { target, program, kind: BPF_CGROUP_DEVICE, flags: 0 };
        bpf(BPF_PROG_DETACH, &mut detach, "detach the former device program")?;
    }
    Ok(())
}

fn attached(target: u32) -> Result<Vec<u32>> {
    let mut ids = vec![0u32; PROGRAMS_MAX];
    let mut query = QueryAttr {
        target,
        kind: BPF_CGROUP_DEVICE,
        ids: ids.as_mut_ptr() as u64,
        count: PROGRAMS_MAX as u32,
        ..QueryAttr::default()
    };
    bpf(BPF_PROG_QUERY, &mut query, "list device programs")?;
    ids.truncate(query.count as usize);
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_as_lines() {
        let null = DeviceRule {
            kind: DeviceKind::Char,
            major: Some(1),
            minor: Some(3),
            read: true,
            write: true,
            mknod: false,
        };
        assert_eq!(null.to_string(), "c 1:3 rw");
        assert_eq!(DeviceRule::ALL.to_string(), "a *:* rwm");
    }

    #[test]
    fn programs_jump_over_one_rule() {
        let null = DeviceRule {
            kind: DeviceKind::Char,
            major: Some(1),
            minor: Some(3),
            read: true,
            write: false,
            mknod: true,
        };
        let program = program(&[null, DeviceRule::ALL]);
        // Six to read the request; four tests and two to allow; two to allow all, after which nothing comes.
        assert_eq!(program.len(), 6 + 6 + 2);
        for (at, instruction) in
            program.iter().enumerate().filter(|(_, i)| [JUMP_SET, JUMP_NOT_EQUAL].contains(&i.code))
        {
            assert_eq!(at + 1 + instruction.offset as usize, 12, "{instruction:?}");
        }
        assert_eq!(program.iter().find(|i| i.code == JUMP_SET).map(|i| i.immediate), Some(4));
        // Without a rule for all, two to refuse.
        assert_eq!(super::program(&[null]).len(), 6 + 6 + 2);
        assert_eq!(super::program(&[DeviceRule::ALL, null]).len(), 6 + 2);
        assert_eq!(super::program(&[]).len(), 6 + 2);
    }
}
