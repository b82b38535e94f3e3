//! Starting processes: the first of a container in new namespaces, one more in those of a running one.
//!
//! The new process does the work inside and reports over a socket pair: what it found out, and why it failed. When the
//! other end closes without that, the program has taken over.

use std::convert::Infallible;
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};

use mizzen_kernel::cgroup::{Cgroup, Layout};
use mizzen_kernel::namespace::{self, Namespaces};
use mizzen_kernel::process::{self, Child};
use mizzen_kernel::{Error, limits, socket, terminal};
use mizzen_shim::protocol::{Inbox, receive, send};
use mizzen_shim::spec::{ContainerSpec, Process};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pipe::{PipeFlags, pipe_with};
use serde::{Deserialize, Serialize};

use crate::process::{Stdio, become_program};
use crate::rootfs;
use crate::user::{self, Identity};

/// How long setting a process up may take: a bind mount's source may be on a network that hangs.
const SETUP_SECONDS: i64 = 120;

/// What a new process reports before its program starts.
#[derive(Debug, Serialize, Deserialize)]
enum Report {
    /// The parent has done its part; sent by the parent.
    Go,
    /// Whom it runs as; with a terminal, its master comes along.
    Identity { uid: u32, gid: u32, groups: Vec<u32> },
    /// It can't run.
    Failed(String),
}

/// A process that has become its program.
pub(crate) struct Started {
    pub(crate) child: Child,
    pub(crate) identity: Identity,
    pub(crate) terminal: Option<OwnedFd>,
}

/// The shim's ends of a container's pipes.
#[derive(Default)]
pub(crate) struct Pipes {
    pub(crate) stdin: Option<OwnedFd>,
    pub(crate) stdout: Option<OwnedFd>,
    pub(crate) stderr: Option<OwnedFd>,
}

/// Starts a container's first process. `pid_namespace` is the one to join, when it gets none of its own.
pub(crate) fn start(
    spec: &ContainerSpec,
    layout: &Layout,
    cgroup: &Cgroup,
    pid_namespace: Option<&OwnedFd>,
    own_pids: bool,
) -> Result<(Started, Pipes), Error> {
    let mut pipes = Pipes::default();
    let mut ends = None;
    if !spec.process.tty {
        let input = if spec.stdin {
            let (read, write) = pipe()?;
            pipes.stdin = Some(write);
            read
        } else {
            null()?
        };
        let (out_read, out_write) = pipe()?;
        let (err_read, err_write) = pipe()?;
        (pipes.stdout, pipes.stderr) = (Some(out_read), Some(err_read));
        ends = Some([input, out_write, err_write]);
    }
    let namespaces = Namespaces::MOUNT.with(Namespaces::PID, own_pids);
    let attach = |pid| cgroup.attach(pid);
    let started = launch(namespaces, pid_namespace, attach, &spec.process, |channel| {
        if !spec.privileged {
            namespace::unshare(Namespaces::CGROUP)?;
        }
        let terminal = rootfs::build(spec, layout)?;
        let identity = user::resolve(&spec.process.user)?;
        finish(channel, &spec.process, &identity, terminal, ends)
    })?;
    Ok((started, pipes))
}

/// Starts one more process in the container whose first process is `init`.
pub(crate) fn exec(
    spec: &Process,
    init: &Child,
    cgroup: &Cgroup,
    pid_namespace: Option<&OwnedFd>,
    stdio: [Option<OwnedFd>; 3],
) -> Result<Started, Error> {
    let mounts = namespace::open(init.pid, "mnt")?;
    let cgroups = namespace::open(init.pid, "cgroup")?;
    let mut fds = Vec::new();
    for fd in stdio {
        fds.push(match fd {
            Some(fd) => fd,
            None => null()?,
        });
    }
    let ends = <[OwnedFd; 3]>::try_from(fds).ok().filter(|_| !spec.tty);
    // The container may have made groups of its own, and moved its first process into one.
    let attach = |pid| cgroup.attach_beside(pid, init.pid);
    launch(Namespaces::NONE, pid_namespace, attach, spec, |channel| {
        namespace::join(&cgroups, Namespaces::CGROUP)?;
        namespace::join(&mounts, Namespaces::MOUNT)?;
        let terminal = if spec.tty { Some(terminal::open("/dev/pts/ptmx")?) } else { None };
        let identity = user::resolve(&spec.user)?;
        finish(channel, spec, &identity, terminal, ends)
    })
}

/// Makes a process, puts it into its control group by `attach`, and waits until it has become its program.
fn launch(
    namespaces: Namespaces,
    pid_namespace: Option<&OwnedFd>,
    attach: impl FnOnce(i32) -> Result<(), Error>,
    spec: &Process,
    body: impl FnOnce(&OwnedFd) -> Result<Infallible, Error>,
) -> Result<Started, Error> {
    let (here, there) = socket::pair()?;
    let child = in_pid_namespace(pid_namespace, || {
        process::clone(namespaces, || {
            let mut inbox = Inbox::default();
            let run = || {
                // Nothing to do for a parent that gave up.
                let Some(Report::Go) = receive::<Report>(&there, &mut inbox)? else {
                    return Err(Error::invalid("start a process", "it is no longer wanted"));
                };
                rustix::process::setsid().map_err(|error| Error::new("start a session", error))?;
                body(&there)
            };
            let Err(error) = run();
            send(&there, &Report::Failed(error.to_string()), &[]).ok();
            127
        })
    })?;
    // The child has its own copy; this one must not keep the channel open.
    drop(there);
    let prepared = attach(child.pid).and_then(|()| {
        if let Some(wanted) = spec.oom_score_adj {
            limits::set_oom_score_adj(child.pid, wanted)?;
        }
        send(&here, &Report::Go, &[])
    });
    match prepared.and_then(|()| await_program(&here)) {
        Ok((identity, terminal)) => Ok(Started { child, identity, terminal }),
        Err(error) => {
            process::destroy(&child)?;
            process::wait(child.pid)?;
            Err(error)
        }
    }
}

/// Runs `make` with children going to another pid namespace.
fn in_pid_namespace<T>(
    namespace: Option<&OwnedFd>,
    make: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let Some(namespace) = namespace else { return make() };
    let own = namespace::open_own("pid")?;
    namespace::join(namespace, Namespaces::PID)?;
    let made = make();
    namespace::join(&own, Namespaces::PID)?;
    made
}

/// Reads reports until the channel closes, as it does on exec.
fn await_program(channel: &OwnedFd) -> Result<(Identity, Option<OwnedFd>), Error> {
    let mut inbox = Inbox::default();
    let mut identity = Identity::default();
    let limit = Timespec { tv_sec: SETUP_SECONDS, tv_nsec: 0 };
    loop {
        match inbox.take::<Report>() {
            Ok(Some(Report::Identity { uid, gid, groups })) => {
                identity = Identity { uid, gid, groups, home: String::new() };
            }
            Ok(Some(Report::Failed(message))) => {
                return Err(Error::invalid("create the container process", &message));
            }
            Ok(Some(Report::Go)) | Err(_) => {
                return Err(Error::invalid("start a process", "it does not make sense"));
            }
            Ok(None) => {
                match poll(&mut [PollFd::new(channel, PollFlags::IN)], Some(&limit)) {
                    Ok(0) => return Err(Error::new("set up a process", rustix::io::Errno::TIMEDOUT)),
                    Ok(_) | Err(rustix::io::Errno::INTR) => {}
                    Err(error) => return Err(Error::new("set up a process", error)),
                }
                if !inbox.receive(channel)? {
                    return Ok((identity, inbox.take_fds().into_iter().next()));
                }
            }
        }
    }
}

/// The child's last words, then its program.
fn finish(
    channel: &OwnedFd,
    spec: &Process,
    identity: &Identity,
    terminal: Option<(OwnedFd, OwnedFd)>,
    ends: Option<[OwnedFd; 3]>,
) -> Result<Infallible, Error> {
    let report = Report::Identity { uid: identity.uid, gid: identity.gid, groups: identity.groups.clone() };
    let stdio = match (terminal, ends) {
        (Some((master, slave)), _) => {
            send(channel, &report, &[master.as_fd()])?;
            Stdio::Terminal(slave)
        }
        (None, Some(ends)) => {
            send(channel, &report, &[])?;
            Stdio::Plain(ends)
        }
        (None, None) => return Err(Error::invalid("start a process", "it has no standard streams")),
    };
    Err(become_program(spec, identity, stdio))
}

fn pipe() -> Result<(OwnedFd, OwnedFd), Error> {
    pipe_with(PipeFlags::CLOEXEC).map_err(|error| Error::new("make a pipe", error))
}

fn null() -> Result<OwnedFd, Error> {
    File::options()
        .read(true)
        .write(true)
        .open("/dev/null")
        .map(OwnedFd::from)
        .map_err(|error| Error::new("open /dev/null", error))
}
