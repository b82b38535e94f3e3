//! Processes: made by clone3, held by pidfd, recognised by their start time.

use std::ffi::CString;
use std::fs;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use rustix::process::{Pid, PidfdFlags, Signal};

use crate::error::last;
use crate::namespace::Namespaces;
use crate::{Context, Error, Result};

/// A child process: its id and a file descriptor that never comes to mean another process.
#[derive(Debug)]
pub struct Child {
    /// Process id, in the caller's pid namespace.
    pub pid: i32,
    /// Readable once the process has ended.
    pub pidfd: OwnedFd,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this status.
    Exited(i32),
    /// By this signal.
    Killed(i32),
}

impl Ended {
    /// The status as a shell and every container runtime states it: 128 + signal for a killed process.
    pub fn code(self) -> i32 {
        match self {
            Self::Exited(code) => code,
            Self::Killed(signal) => 128 + signal,
        }
    }
}

/// Starts a copy of this process in new `namespaces`, which runs `body` and exits with what it returns.
///
/// # Errors
/// When the kernel refuses, and when this process has more than one thread: the copy has only the calling one, and
/// whatever lock another held would stay locked in it forever.
pub fn clone(namespaces: Namespaces, body: impl FnOnce() -> i32) -> Result<Child> {
    if threads()? != 1 {
        return Err(Error::invalid("clone a process", "the process has more than one thread"));
    }
    let mut pidfd: libc::c_int = -1;
    // JUSTIFICATION: no library offers clone3, the only call that makes namespaces and a pidfd with the process.
    // SAFETY: all-zero bytes are a valid clone_args.
    let mut arguments: libc::clone_args = unsafe { std::mem::zeroed() };
    arguments.flags = (libc::CLONE_PIDFD as u64) | u64::from(namespaces.bits());
    arguments.pidfd = (&raw mut pidfd) as u64;
    arguments.exit_signal = libc::SIGCHLD as u64;
    // JUSTIFICATION: as above.
    // SAFETY: the arguments outlive the call; without CLONE_VM the child has a copy of all memory and, since this
    // process is single-threaded, no lock in that copy is held by a thread that does not exist there.
    let result =
        unsafe { libc::syscall(libc::SYS_clone3, &raw mut arguments, size_of::<libc::clone_args>()) };
    match result {
        -1 => Err(last("clone a process")),
        0 => {
            let code = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).unwrap_or(70);
            exit_now(code)
        }
        pid => Ok(Child {
            pid: i32::try_from(pid).expect("the kernel's process ids fit in an int"),
            // JUSTIFICATION: the kernel wrote a new descriptor's number.
            // SAFETY: it is open, and owned by nobody else.
            pidfd: unsafe { OwnedFd::from_raw_fd(pidfd) },
        }),
    }
}

/// Ends the process at once, without running destructors or exit handlers.
pub fn exit_now(code: i32) -> ! {
    // JUSTIFICATION: std's exit runs handlers that belong to the parent.
    // SAFETY: _exit has no preconditions.
    unsafe { libc::_exit(code) }
}

fn threads() -> Result<usize> {
    Ok(fs::read_dir("/proc/self/task").doing("count threads")?.count())
}

/// Opens a process by its id.
pub fn open(pid: i32) -> Result<OwnedFd> {
    let pid = Pid::from_raw(pid).ok_or_else(|| Error::invalid("open a process", "pid 0"))?;
    rustix::process::pidfd_open(pid, PidfdFlags::empty()).doing("open a process")
}

/// Sends a signal by number; gives false when the process has ended already.
pub fn kill(pidfd: BorrowedFd<'_>, signal: i32) -> Result<bool> {
    if !(1..=64).contains(&signal) {
        return Err(Error::invalid("send a signal", "not a signal number"));
    }
    // JUSTIFICATION: rustix refuses the real-time signals, which images name as their stop signal.
    // SAFETY: the descriptor is open, and a null siginfo asks for the ordinary one.
    let result = unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            pidfd.as_raw_fd(),
            signal,
            std::ptr::null::<libc::siginfo_t>(),
            0,
        )
    };
    if result == 0 {
        return Ok(true);
    }
    let error = last("send a signal");
    if error.is(rustix::io::Errno::SRCH) { Ok(false) } else { Err(error) }
}

/// Collects one ended child, if there is any.
pub fn reap() -> Result<Option<(i32, Ended)>> {
    loop {
        match rustix::process::wait(rustix::process::WaitOptions::NOHANG) {
            Ok(None) | Err(rustix::io::Errno::CHILD) => return Ok(None),
            Ok(Some((pid, status))) => {
                if let Some(ended) = ended(status) {
                    return Ok(Some((pid.as_raw_nonzero().get(), ended)));
                }
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(Error::new("wait for children", error)),
        }
    }
}

/// Waits for one child to end.
pub fn wait(pid: i32) -> Result<Ended> {
    let pid = Pid::from_raw(pid).ok_or_else(|| Error::invalid("wait for a child", "pid 0"))?;
    loop {
        match rustix::process::waitpid(Some(pid), rustix::process::WaitOptions::empty()) {
            Ok(Some((_, status))) => {
                if let Some(ended) = ended(status) {
                    return Ok(ended);
                }
            }
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(Error::new("wait for a child", error)),
        }
    }
}

fn ended(status: rustix::process::WaitStatus) -> Option<Ended> {
    status.exit_status().map(Ended::Exited).or_else(|| status.terminating_signal().map(Ended::Killed))
}

/// When a process started, in clock ticks since boot: with its id, this names one process until the next boot.
/// `None`: no such process, or it has ended and only waits to be collected.
///
/// Source: proc(5), field 22 of /proc/PID/stat.
pub fn start_time(pid: i32) -> Option<u64> {
    parse_start_time(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

fn parse_start_time(stat: &str) -> Option<u64> {
    // The name, in parentheses, may hold anything, parentheses too.
    let mut fields = stat[stat.rfind(')')? + 1..].split_ascii_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

/// Makes this process adopt the orphans among its descendants.
pub fn become_subreaper() -> Result<()> {
    rustix::process::set_child_subreaper(Some(rustix::process::getpid())).doing("become subreaper")
}

/// Makes this process's memory, and the links in its /proc folder, out of reach of anybody but the super-user of its
/// user namespace.
pub fn make_undumpable() -> Result<()> {
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
        .doing("set the dumpable attribute")
}

/// Names this process, as `ps` shows it; at most 15 bytes count.
pub fn set_name(name: &str) -> Result<()> {
    let name = CString::new(name).map_err(|_| Error::invalid("set the process's name", "it has a NUL"))?;
    rustix::thread::set_name(&name).doing("set the process's name")
}

/// Marks every descriptor from `first` on to be closed by the next exec.
pub fn close_on_exec_from(first: u32) -> Result<()> {
    // JUSTIFICATION: no library offers close_range.
    // SAFETY: with CLOEXEC nothing is closed now, so no owner loses its descriptor.
    let result =
        unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC) };
    if result == 0 {
        return Ok(());
    }
    // Before Linux 5.11.
    let listed = fs::read_dir("/proc/self/fd").doing("list descriptors")?;
    for entry in listed.flatten() {
        let Some(fd) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        if u32::try_from(fd).is_ok_and(|fd| fd >= first) {
            // JUSTIFICATION: these descriptors have owners elsewhere in the process.
            // SAFETY: only a flag changes; a number that is no longer open gives EBADF.
            unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
        }
    }
    Ok(())
}

/// Makes `fd` descriptor number `number`, which survives exec.
pub fn place(fd: impl AsFd, number: i32) -> Result<()> {
    let raw = fd.as_fd().as_raw_fd();
    let result = if raw == number {
        // JUSTIFICATION: dup2 onto itself would leave the close-on-exec flag.
        // SAFETY: only a flag of an open descriptor changes.
        unsafe { libc::fcntl(raw, libc::F_SETFD, 0) }
    } else {
        // JUSTIFICATION: the standard descriptors are replaced on purpose, before exec.
        // SAFETY: the numbers used are 0 to 2, which no owner in this process closes.
        unsafe { libc::dup2(raw, number) }
    };
    if result == -1 { Err(last("place a descriptor")) } else { Ok(()) }
}

/// Replaces this process by the program at `path`; comes back only with an error.
pub fn exec(path: &str, arguments: &[String], environment: &[String]) -> Error {
    let strings = |list: &[String]| {
        list.iter().map(|text| CString::new(text.as_str())).collect::<std::result::Result<Vec<_>, _>>()
    };
    let (Ok(file), Ok(arguments), Ok(environment)) =
        (CString::new(path), strings(arguments), strings(environment))
    else {
        return Error::invalid(format!("exec {path:?}"), "a NUL in path, arguments or environment");
    };
    let pointers = |list: &[CString]| {
        list.iter().map(|text| text.as_ptr()).chain([std::ptr::null()]).collect::<Vec<_>>()
    };
    let (argv, envp) = (pointers(&arguments), pointers(&environment));
    // JUSTIFICATION: std's exec resets signals and looks the program up in its own PATH.
    // SAFETY: both arrays are null-terminated, and their strings live until the call is over.
    unsafe { libc::execve(file.as_ptr(), argv.as_ptr(), envp.as_ptr()) };
    last(&format!("exec {path:?}"))
}

/// Sends SIGKILL; fine when the process has ended.
pub fn destroy(child: &Child) -> Result<()> {
    match rustix::process::pidfd_send_signal(&child.pidfd, Signal::KILL) {
        Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(error) => Err(Error::new("kill a process", error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_time_of_odd_names() {
        let check = |stat: &str, expect| assert_eq!(parse_start_time(stat), expect, "{stat}");
        let tail = "1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 98765 2 3";
        check(&format!("7 (sh) S {tail}"), Some(98765));
        check(&format!("7 (a) R 1 (b) S {tail}"), Some(98765));
        check(&format!("7 (sh) Z {tail}"), None);
        check("7 (sh) S 1", None);
        check("", None);
        assert!(start_time(i32::try_from(std::process::id()).expect("pid")).is_some());
    }

    #[test]
    fn codes_as_the_shell_gives_them() {
        assert_eq!(Ended::Exited(3).code(), 3);
        assert_eq!(Ended::Killed(9).code(), 137);
    }
}
