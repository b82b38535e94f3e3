//! The anchor: holds namespaces until it is told to end.

use std::io::Write;

use mizzen_kernel::namespace::{self, Namespaces};
use mizzen_kernel::{Error, mount, process, signal};
use mizzen_shim::READY;
use rustix::event::{PollFd, PollFlags, poll};

/// Moves into new namespaces and waits for SIGTERM.
pub(crate) fn run(names: &str) -> Result<(), Error> {
    let signals = signal::listen(&[15, 2, 1])?;
    process::set_name("mizzen-anchor")?;
    let mut namespaces = Namespaces::NONE;
    for name in names.split(',').filter(|name| !name.is_empty()) {
        let one = Namespaces::by_name(name)
            .ok_or_else(|| Error::invalid(format!("make namespace {name:?}"), "there is no such kind"))?;
        namespaces = namespaces | one;
    }
    namespace::unshare(namespaces)?;
    if namespaces.bits() & Namespaces::MOUNT.bits() != 0 {
        mount::propagate_all(mount::Propagation::Private)?;
    }
    let mut out = std::io::stdout();
    writeln!(out, "{READY}").and_then(|()| out.flush()).map_err(|error| Error::new("say ready", error))?;
    loop {
        match poll(&mut [PollFd::new(&signals, PollFlags::IN)], None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(Error::new("wait for a signal", error)),
        }
        if matches!(signal::next(&signals), Some(15 | 2)) {
            return Ok(());
        }
    }
}
