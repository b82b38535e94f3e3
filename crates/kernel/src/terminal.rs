//! Pseudo-terminals.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::fs::{Mode, OFlags};
use rustix::pty::OpenptFlags;
use rustix::termios::Winsize;

use crate::error::last;
use crate::{Context, Result};

/// Opens a new terminal of the devpts that `ptmx` (`/dev/pts/ptmx` of the caller's root) belongs to; gives its master
/// and its slave.
pub fn open(ptmx: &str) -> Result<(OwnedFd, OwnedFd)> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let master = rustix::fs::open(ptmx, flags, Mode::empty()).doing_with(|| format!("open {ptmx}"))?;
    rustix::pty::unlockpt(&master).doing("unlock a terminal")?;
    let slave = rustix::pty::ioctl_tiocgptpeer(
        &master,
        OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC,
    )
    .doing("open a terminal's slave")?;
    Ok((master, slave))
}

/// Sets a terminal's size; a program in it gets SIGWINCH.
pub fn resize(terminal: impl AsFd, columns: u16, rows: u16) -> Result<()> {
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    rustix::termios::tcsetwinsize(terminal, size).doing("resize a terminal")
}

/// Makes `slave` the controlling terminal of this session, whose leader the caller is.
pub fn make_controlling(slave: impl AsFd) -> Result<()> {
    // JUSTIFICATION: rustix's ioctl_tiocsctty exists, but only without the argument that never steals.
    // SAFETY: TIOCSCTTY takes an integer.
    if unsafe { libc::ioctl(slave.as_fd().as_raw_fd(), libc::TIOCSCTTY, 0) } == -1 {
        return Err(last("take a controlling terminal"));
    }
    Ok(())
}

/// A terminal's master as an asynchronous descriptor; it becomes non-blocking.
#[cfg(feature = "net")]
pub fn asynchronous(master: OwnedFd) -> std::io::Result<tokio::io::unix::AsyncFd<OwnedFd>> {
    let flags = rustix::fs::fcntl_getfl(&master)?;
    rustix::fs::fcntl_setfl(&master, flags | OFlags::NONBLOCK)?;
    // JUSTIFICATION: tokio has no safe way to register a descriptor of a kind it does not know.
    // SAFETY: an `OwnedFd` always gives the same descriptor, and keeps it open until it is dropped.
    let registered = unsafe { tokio::io::unix::AsyncFd::register(master) };
    registered.map_err(std::io::Error::from)
}
