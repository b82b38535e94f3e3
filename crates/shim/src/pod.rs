//! The role of a pod's shim, up to the point where it serves: namespaces, control group, shared memory, socket.

use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::Path;

use mizzen_kernel::cgroup::{Cgroup, Layout};
use mizzen_kernel::namespace::{self, Namespaces};
use mizzen_kernel::process::Child;
use mizzen_kernel::{Error, limits, mount, process, signal};
use mizzen_shim::READY;
use mizzen_shim::spec::SandboxSpec;
use rustix::event::{PollFd, PollFlags, poll};

use crate::shim::Shim;

/// Becomes the shim of the pod whose specification is in a file, in the background; says [`READY`] once it serves.
pub(crate) fn run(spec: &Path) -> Result<(), Error> {
    let text = std::fs::read(spec).map_err(|error| Error::new(format!("read {}", spec.display()), error))?;
    let spec = serde_json::from_slice::<SandboxSpec>(&text)
        .map_err(|error| Error::invalid(format!("read {}", spec.display()), &error.to_string()))?;
    // A child of nobody: its parent, the runtime, may end at any time, and must not have to collect it.
    let child = process::clone(Namespaces::NONE, || match serve(&spec) {
        Ok(()) => 0,
        Err(error) => {
            println!("{error}");
            1
        }
    })?;
    drop(child);
    Ok(())
}

fn serve(spec: &SandboxSpec) -> Result<(), Error> {
    rustix::process::setsid().map_err(|error| Error::new("start a session", error))?;
    rustix::process::umask(rustix::fs::Mode::empty());
    process::make_undumpable()?;
    process::become_subreaper()?;
    process::set_name("mizzen-shim")?;
    let signals = signal::listen(&[15, 2, 17])?;
    let own = i32::try_from(std::process::id()).expect("the kernel's process ids fit in an int");

    let layout = Layout::discover()?;
    let cgroup = Cgroup::new(&layout, &spec.cgroup)?;
    cgroup.create()?;
    let built = build(spec, &cgroup, own);
    let (listener, pause) = match built {
        Ok(parts) => parts,
        Err(error) => {
            clean_up(spec, &layout, &cgroup);
            return Err(error);
        }
    };
    let served = say_ready().and_then(|()| Shim::new(layout.clone(), signals, listener, pause).run());
    clean_up(spec, &layout, &cgroup);
    served
}

fn build(spec: &SandboxSpec, cgroup: &Cgroup, own: i32) -> Result<(UnixListener, Option<Child>), Error> {
    cgroup.limit(&spec.resources)?;
    cgroup.attach(own)?;
    limits::set_oom_score_adj(own, spec.oom_score_adj)?;
    let namespaces = Namespaces::NONE
        .with(Namespaces::NET, spec.new_net)
        .with(Namespaces::IPC, spec.new_ipc)
        .with(Namespaces::UTS, spec.new_uts);
    namespace::unshare(namespaces)?;
    if spec.new_uts && !spec.hostname.is_empty() {
        namespace::set_host_name(&spec.hostname)?;
    }
    for (name, value) in &spec.sysctls {
        limits::set_sysctl(name, value)?;
    }
    if let Some((folder, size)) = &spec.shm {
        let attributes = mount::Attributes::INERT;
        let size = size.to_string();
        let tree = mount::Tree::new("tmpfs", &[("mode", "1777"), ("size", &size)], attributes)?;
        tree.attach(mizzen_kernel::path::Root::open(folder)?)?;
    }
    let pause = if spec.share_pid { Some(process::clone(Namespaces::PID, pause)?) } else { None };
    match std::fs::remove_file(&spec.socket) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(Error::new("remove a stale socket", error)),
    }
    // Made with no rights for others from the start: binding follows the umask.
    let before = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o177));
    let listener = UnixListener::bind(&spec.socket);
    rustix::process::umask(before);
    let operation = || format!("listen on {}", spec.socket.display());
    let listener = listener.map_err(|error| Error::new(operation(), error))?;
    listener.set_nonblocking(true).map_err(|error| Error::new(operation(), error))?;
    Ok((listener, pause))
}

/// Takes back what the sandbox put on the node. Best effort: the runtime does it again, from outside.
fn clean_up(spec: &SandboxSpec, layout: &Layout, cgroup: &Cgroup) {
    if let Some((folder, _)) = &spec.shm {
        mount::detach(folder).ok();
    }
    std::fs::remove_file(&spec.socket).ok();
    // It can't remove the group that it is in; its parent is the pod's, which the kubelet owns.
    let parent = Path::new(&spec.cgroup).parent().and_then(Path::to_str);
    let own = i32::try_from(std::process::id()).expect("the kernel's process ids fit in an int");
    if let Some(parent) = parent.and_then(|path| Cgroup::new(layout, path).ok())
        && parent.attach(own).is_ok()
    {
        cgroup.remove().ok();
    }
}

/// Tells the runtime that all is well, and lets go of it.
fn say_ready() -> Result<(), Error> {
    let mut out = std::io::stdout();
    writeln!(out, "{READY}").and_then(|()| out.flush()).map_err(|error| Error::new("say ready", error))?;
    silence()?;
    rustix::process::chdir("/").map_err(|error| Error::new("leave the working folder", error))
}

/// Replaces the standard streams by nothing.
fn silence() -> Result<(), Error> {
    let null = File::options()
        .read(true)
        .write(true)
        .open("/dev/null")
        .map_err(|error| Error::new("open /dev/null", error))?;
    (0..3).try_for_each(|number| process::place(&null, number))
}

/// The first process of a pid namespace that containers share: collects their orphans.
fn pause() -> i32 {
    let run = || -> Result<(), Error> {
        // Whoever waits for the shim to be ready waits for the end of its standard output.
        silence()?;
        process::set_name("mizzen-pause")?;
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
            .map_err(|error| Error::new("follow the shim", error))?;
        let signals: OwnedFd = signal::listen(&[15, 2, 17])?;
        loop {
            match poll(&mut [PollFd::new(&signals, PollFlags::IN)], None) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(Error::new("wait for a signal", error)),
            }
            while signal::next(&signals).is_some() {}
            while process::reap()?.is_some() {}
        }
    };
    i32::from(run().is_err())
}
