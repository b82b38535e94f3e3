//! Signals as data: blocked, and read from a descriptor.

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use crate::Result;
use crate::error::last;

fn set_of(signals: &[i32]) -> libc::sigset_t {
    // JUSTIFICATION: signal sets are filled by C functions only.
    // SAFETY: sigemptyset makes the zeroed memory a valid set, and sigaddset refuses numbers that are no signals.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        for &signal in signals {
            libc::sigaddset(&raw mut set, signal);
        }
        set
    }
}

/// Blocks `signals` in this thread and gives a descriptor (non-blocking, close-on-exec) from which they are read.
pub fn listen(signals: &[i32]) -> Result<OwnedFd> {
    let set = set_of(signals);
    // JUSTIFICATION: no library in use offers signalfd.
    // SAFETY: the set is valid and outlives both calls; the new descriptor has no other owner.
    unsafe {
        if libc::sigprocmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut()) != 0 {
            return Err(last("block signals"));
        }
        let fd = libc::signalfd(-1, &raw const set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK);
        if fd == -1 { Err(last("listen for signals")) } else { Ok(OwnedFd::from_raw_fd(fd)) }
    }
}

/// Reads the next signal that arrived on a descriptor from [`listen`].
pub fn next(fd: &OwnedFd) -> Option<i32> {
    // JUSTIFICATION: signalfd hands out C structures.
    // SAFETY: all-zero bytes are a valid value, the buffer is as long as said, and only a full read counts.
    unsafe {
        let mut info: libc::signalfd_siginfo = std::mem::zeroed();
        let size = size_of::<libc::signalfd_siginfo>();
        let read = libc::read(fd.as_raw_fd(), (&raw mut info).cast(), size);
        (usize::try_from(read) == Ok(size)).then_some(info.ssi_signo.cast_signed())
    }
}

/// Gives every signal its default action and blocks none: the state in which a program expects to start.
pub fn reset() {
    let set = set_of(&[]);
    for signal in 1..=64 {
        // JUSTIFICATION: std ignores SIGPIPE, which exec would hand on.
        // SAFETY: the default action runs no code of ours; numbers that can't be set are refused without effect.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    // JUSTIFICATION: as in `listen`.
    // SAFETY: the set is valid.
    unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const set, std::ptr::null_mut()) };
}

/// The number of a signal by name (`SIGTERM`, `TERM`, `SIGRTMIN+3`) or number; `None` when there is no such signal.
pub fn by_name(name: &str) -> Option<i32> {
    if let Ok(number) = name.parse::<i32>() {
        return (1..=64).contains(&number).then_some(number);
    }
    let upper = name.to_ascii_uppercase();
    let short = upper.strip_prefix("SIG").unwrap_or(&upper);
    if let Some(offset) = short.strip_prefix("RTMIN") {
        let offset = if offset.is_empty() { 0 } else { offset.strip_prefix('+')?.parse::<i32>().ok()? };
        return (0..=30).contains(&offset).then_some(34 + offset);
    }
    if let Some(offset) = short.strip_prefix("RTMAX") {
        let offset = if offset.is_empty() { 0 } else { offset.strip_prefix('-')?.parse::<i32>().ok()? };
        return (0..=30).contains(&offset).then_some(64 - offset);
    }
    NAMES.iter().find(|(known, _)| *known == short).map(|(_, number)| *number)
}

const NAMES: &[(&str, i32)] = &[
    ("HUP", libc::SIGHUP),
    ("INT", libc::SIGINT),
    ("QUIT", libc::SIGQUIT),
    ("ILL", libc::SIGILL),
    ("TRAP", libc::SIGTRAP),
    ("ABRT", libc::SIGABRT),
    ("IOT", libc::SIGABRT),
    ("BUS", libc::SIGBUS),
    ("FPE", libc::SIGFPE),
    ("KILL", libc::SIGKILL),
    ("USR1", libc::SIGUSR1),
    ("SEGV", libc::SIGSEGV),
    ("USR2", libc::SIGUSR2),
    ("PIPE", libc::SIGPIPE),
    ("ALRM", libc::SIGALRM),
    ("TERM", libc::SIGTERM),
    ("STKFLT", libc::SIGSTKFLT),
    ("CHLD", libc::SIGCHLD),
    ("CONT", libc::SIGCONT),
    ("STOP", libc::SIGSTOP),
    ("TSTP", libc::SIGTSTP),
    ("TTIN", libc::SIGTTIN),
    ("TTOU", libc::SIGTTOU),
    ("URG", libc::SIGURG),
    ("XCPU", libc::SIGXCPU),
    ("XFSZ", libc::SIGXFSZ),
    ("VTALRM", libc::SIGVTALRM),
    ("PROF", libc::SIGPROF),
    ("WINCH", libc::SIGWINCH),
    ("IO", libc::SIGIO),
    ("POLL", libc::SIGPOLL),
    ("PWR", libc::SIGPWR),
    ("SYS", libc::SIGSYS),
];

#[cfg(test)]
mod tests {
    use super::by_name;

    #[test]
    fn names_of_signals() {
        let check = |name: &str, expect| assert_eq!(by_name(name), expect, "{name}");
        check("SIGTERM", Some(15));
        check("quit", Some(3));
        check("9", Some(9));
        check("0", None);
        check("65", None);
        check("SIGRTMIN+3", Some(37));
        check("RTMAX-1", Some(63));
        check("SIGRTMIN-1", None);
        check("SIGRTMIN+31", None);
        check("", None);
        check("SIGNAL", None);
    }
}
