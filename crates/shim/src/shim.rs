//! The shim at work: one loop over signals, connections, pipes and terminals.

use std::collections::BTreeMap;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use mizzen_kernel::cgroup::{Cgroup, DeviceKind, DeviceRule, Layout};
use mizzen_kernel::process::{Child, Ended};
use mizzen_kernel::{Error, namespace, process, signal, socket, terminal};
use mizzen_shim::protocol::{ContainerState, Inbox, Malformed, Request, Response, SPEC_FILE, encode};
use mizzen_shim::spec::{ContainerSpec, PidMode, Process};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;

use crate::container::{Container, Output, Sink, Stream};
use crate::log::{Log, now};
use crate::setup;

/// How many connections are served at once; more wait in the socket's queue.
const CONNECTIONS_MAX: usize = 256;
/// How many containers a pod's shim starts, ended ones included.
const CONTAINERS_MAX: usize = 1024;

const SIGTERM: i32 = 15;
const SIGINT: i32 = 2;

/// A connection of the runtime.
struct Connection {
    socket: UnixStream,
    inbox: Inbox,
    /// It hears of containers that end.
    watching: bool,
    /// It waits for the end of this process, which ends with it.
    executing: Option<Child>,
}

/// What woke the loop.
enum Source {
    Signals,
    Listener,
    Connection(u64),
    Output(String, usize),
    Sink(String, usize),
    Leftover,
}

/// Whether the loop goes on.
#[derive(PartialEq, Eq)]
enum Next {
    Serve,
    End,
}

/// A pod's shim.
pub(crate) struct Shim {
    layout: Layout,
    signals: OwnedFd,
    listener: UnixListener,
    pause: Option<Child>,
    containers: BTreeMap<String, Container>,
    connections: BTreeMap<u64, Connection>,
    connections_made: u64,
    /// What those attached to ended containers have not read yet.
    leftovers: Vec<Sink>,
}

impl Shim {
    pub(crate) fn new(
        layout: Layout,
        signals: OwnedFd,
        listener: UnixListener,
        pause: Option<Child>,
    ) -> Self {
        Self {
            layout,
            signals,
            listener,
            pause,
            containers: BTreeMap::new(),
            connections: BTreeMap::new(),
            connections_made: 0,
            leftovers: Vec::new(),
        }
    }

    /// Serves until it is told to end.
    pub(crate) fn run(mut self) -> Result<(), Error> {
        loop {
            for (source, flags) in self.wait()? {
                if self.handle(source, flags)? == Next::End {
                    return Ok(());
                }
            }
        }
    }

    /// Waits until something can be done; gives what.
    fn wait(&self) -> Result<Vec<(Source, PollFlags)>, Error> {
        let mut sources = vec![Source::Signals];
        let mut polled = vec![PollFd::new(&self.signals, PollFlags::IN)];
        let mut behind = !self.leftovers.is_empty();
        if self.connections.len() < CONNECTIONS_MAX {
            sources.push(Source::Listener);
            polled.push(PollFd::new(&self.listener, PollFlags::IN));
        }
        for (id, connection) in &self.connections {
            sources.push(Source::Connection(*id));
            polled.push(PollFd::new(&connection.socket, PollFlags::IN));
        }
        for (id, container) in &self.containers {
            for (index, output) in container.outputs.iter().enumerate() {
                if let Some(fd) = output.fd.as_ref().filter(|_| container.is_readable(output)) {
                    sources.push(Source::Output(id.clone(), index));
                    polled.push(PollFd::new(fd, PollFlags::IN));
                }
            }
            for (index, sink) in container.sinks.iter().enumerate() {
                // With no flags, only the end of the reader is reported.
                let flags = if sink.is_behind() { PollFlags::OUT } else { PollFlags::empty() };
                behind |= sink.is_behind();
                sources.push(Source::Sink(id.clone(), index));
                polled.push(PollFd::new(&sink.fd, flags));
            }
        }
        for sink in &self.leftovers {
            sources.push(Source::Leftover);
            polled.push(PollFd::new(&sink.fd, PollFlags::OUT));
        }
        let second = Timespec { tv_sec: 1, tv_nsec: 0 };
        match poll(&mut polled, behind.then_some(&second)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(Error::new("wait for work", error)),
        }
        let ready = polled.iter().map(PollFd::revents).collect::<Vec<_>>();
        drop(polled);
        let mut woken = sources
            .into_iter()
            .zip(ready)
            .filter(|(source, flags)| {
                !flags.is_empty() || matches!(source, Source::Sink(..) | Source::Leftover)
            })
            .collect::<Vec<_>>();
        // From the highest index on, so that removing one leaves the others' in place; signals last, so that output
        // that came before an end is read before it.
        woken.reverse();
        Ok(woken)
    }

    fn handle(&mut self, source: Source, flags: PollFlags) -> Result<Next, Error> {
        match source {
            Source::Signals => return self.on_signal(),
            Source::Listener => self.accept(),
            Source::Connection(id) => return self.serve(id),
            Source::Output(id, index) => {
                if let Some(container) = self.containers.get_mut(&id) {
                    container.pump(index);
                }
            }
            Source::Sink(id, index) => {
                if let Some(container) = self.containers.get_mut(&id)
                    && let Some(sink) = container.sinks.get_mut(index)
                    && (flags.intersects(PollFlags::ERR | PollFlags::HUP) || !sink.flush())
                {
                    container.sinks.remove(index);
                }
            }
            Source::Leftover => self.leftovers.retain_mut(|sink| sink.flush() && sink.is_behind()),
        }
        Ok(Next::Serve)
    }

    fn on_signal(&mut self) -> Result<Next, Error> {
        let mut next = Next::Serve;
        while let Some(number) = signal::next(&self.signals) {
            if matches!(number, SIGTERM | SIGINT) {
                self.kill_everything()?;
                next = Next::End;
            }
        }
        self.reap()?;
        Ok(next)
    }

    /// Collects ended children: containers, processes of `Exec`, orphans of either.
    fn reap(&mut self) -> Result<(), Error> {
        while let Some((pid, ended)) = process::reap()? {
            self.ended(pid, ended);
        }
        Ok(())
    }

    fn ended(&mut self, pid: i32, ended: Ended) {
        let running = self
            .containers
            .values_mut()
            .find(|container| container.init.pid == pid && container.is_running());
        if let Some(container) = running {
            let leftovers = container.finish(ended.code());
            let message = encode(&Response::Exited(container.state.clone()));
            self.leftovers.extend(leftovers);
            self.connections.retain(|_, connection| !connection.watching || connection.push(&message, &[]));
            return;
        }
        let waiting = self
            .connections
            .iter_mut()
            .find(|(_, connection)| connection.executing.as_ref().is_some_and(|child| child.pid == pid));
        if let Some((&id, connection)) = waiting {
            connection.executing = None;
            if !connection.push(&encode(&Response::Ended { code: ended.code() }), &[]) {
                self.connections.remove(&id);
            }
        }
    }

    fn accept(&mut self) {
        // One that hung up before being accepted is no reason to stop.
        let Ok((socket, _)) = self.listener.accept() else { return };
        if socket.set_nonblocking(true).is_err() {
            return;
        }
        self.connections_made += 1;
        let connection = Connection { socket, inbox: Inbox::default(), watching: false, executing: None };
        self.connections.insert(self.connections_made, connection);
    }

    /// Reads a connection and does what it asks.
    fn serve(&mut self, id: u64) -> Result<Next, Error> {
        let Some(connection) = self.connections.get_mut(&id) else { return Ok(Next::Serve) };
        match connection.inbox.receive(&connection.socket) {
            Ok(true) => {}
            Err(error) if error.is(rustix::io::Errno::AGAIN) => return Ok(Next::Serve),
            Ok(false) | Err(_) => {
                self.hang_up(id)?;
                return Ok(Next::Serve);
            }
        }
        loop {
            let Some(connection) = self.connections.get_mut(&id) else { return Ok(Next::Serve) };
            let request = match connection.inbox.take::<Request>() {
                Ok(Some(request)) => request,
                Ok(None) => return Ok(Next::Serve),
                Err(Malformed) => {
                    self.hang_up(id)?;
                    return Ok(Next::Serve);
                }
            };
            let fds = connection.inbox.take_fds();
            let last = matches!(request, Request::Shutdown);
            let (response, fds) = match self.answer(id, request, fds) {
                Ok(answer) => answer,
                Err(error) => (Response::Failed { message: error.to_string() }, Vec::new()),
            };
            let borrowed = fds.iter().map(AsFd::as_fd).collect::<Vec<_>>();
            let failed = matches!(response, Response::Failed { .. });
            let sent = self.connections.get(&id).is_some_and(|one| one.push(&encode(&response), &borrowed));
            if last && !failed {
                return Ok(Next::End);
            }
            if !sent {
                self.hang_up(id)?;
            }
            // A process may have ended before its connection was known to wait for it.
            self.reap()?;
        }
    }

    /// Forgets a connection; a process that ran for it ends.
    fn hang_up(&mut self, id: u64) -> Result<(), Error> {
        match self.connections.remove(&id).and_then(|connection| connection.executing) {
            Some(child) => process::destroy(&child),
            None => Ok(()),
        }
    }

    fn answer(
        &mut self,
        connection: u64,
        request: Request,
        fds: Vec<OwnedFd>,
    ) -> Result<(Response, Vec<OwnedFd>), Error> {
        let done = Ok((Response::Done, Vec::new()));
        match request {
            Request::Start { container, dir } => {
                let state = self.start(&container, dir.as_ref())?;
                Ok((Response::Started(state), Vec::new()))
            }
            Request::Kill { container, signal, all } => {
                self.kill(&container, signal, all)?;
                done
            }
            Request::Exec { container, process, stdio } => {
                self.exec(connection, &container, &process, stdio, fds)
            }
            Request::Attach { container, stdout, stderr, stdin } => {
                self.attach(&container, [stdout, stderr], stdin, fds)
            }
            Request::Resize { container, width, height } => {
                match &self.running(&container)?.terminal {
                    Some(master) => terminal::resize(master, width, height)?,
                    None => return Err(Error::invalid("resize a terminal", "the container has none")),
                }
                done
            }
            Request::ReopenLog { container } => {
                self.running(&container)?
                    .log
                    .reopen()
                    .map_err(|error| Error::new("reopen the log", error))?;
                done
            }
            Request::Forget { container } => {
                if self.containers.get(&container).is_some_and(Container::is_running) {
                    return Err(Error::invalid("forget a container", "it is running"));
                }
                self.containers.remove(&container);
                done
            }
            Request::State => Ok((self.states(), Vec::new())),
            Request::Watch => {
                if let Some(connection) = self.connections.get_mut(&connection) {
                    connection.watching = true;
                }
                Ok((self.states(), Vec::new()))
            }
            Request::Shutdown => {
                self.kill_everything()?;
                done
            }
        }
    }

    fn states(&self) -> Response {
        Response::State {
            containers: self.containers.values().map(|container| container.state.clone()).collect(),
        }
    }

    fn running(&mut self, id: &str) -> Result<&mut Container, Error> {
        self.containers
            .get_mut(id)
            .filter(|container| container.is_running())
            .ok_or_else(|| Error::invalid("find the container", "it is not running"))
    }

    fn start(&mut self, id: &str, dir: &Path) -> Result<ContainerState, Error> {
        if self.containers.contains_key(id) || self.containers.len() >= CONTAINERS_MAX {
            return Err(Error::invalid("start a container", "it has been started, or there are too many"));
        }
        let path = dir.join(SPEC_FILE);
        let text =
            std::fs::read(&path).map_err(|error| Error::new(format!("read {}", path.display()), error))?;
        let spec = serde_json::from_slice::<ContainerSpec>(&text)
            .map_err(|error| Error::invalid(format!("read {}", path.display()), &error.to_string()))?;
        let log = Log::open(&spec.log)
            .map_err(|error| Error::new(format!("open the log file {}", spec.log.display()), error))?;
        let pids = match &spec.pid {
            PidMode::Own | PidMode::Node => None,
            PidMode::Pod => {
                let pause = self.pause.as_ref().ok_or_else(|| {
                    Error::invalid("share the pod's processes", "the pod has no pid namespace")
                })?;
                Some(namespace::open(pause.pid, "pid")?)
            }
            PidMode::Target(target) => Some(namespace::open(self.running(target)?.init.pid, "pid")?),
        };
        let cgroup = Cgroup::new(&self.layout, &spec.cgroup)?;
        cgroup.create()?;
        let made =
            cgroup.limit(&spec.resources).and_then(|()| cgroup.limit_devices(&device_rules(&spec))).and_then(
                |()| setup::start(&spec, &self.layout, &cgroup, pids.as_ref(), spec.pid == PidMode::Own),
            );
        let (started, pipes) = match made {
            Ok(made) => made,
            Err(error) => {
                cgroup.kill_all().and_then(|()| cgroup.remove()).ok();
                return Err(error);
            }
        };
        let mut outputs = Vec::new();
        let ends = [(Stream::Stdout, pipes.stdout), (Stream::Stderr, pipes.stderr)];
        let terminal = started.terminal;
        let ends = ends.into_iter().filter_map(|(stream, fd)| Some((stream, fd?)));
        let copy = terminal.as_ref().map(duplicate).transpose()?;
        for (stream, fd) in ends.chain(copy.map(|fd| (Stream::Stdout, fd))) {
            set_nonblocking(&fd)?;
            outputs.push(Output::new(stream, fd));
        }
        let state = ContainerState {
            id: id.to_owned(),
            pid: started.child.pid,
            start_time: process::start_time(started.child.pid).unwrap_or_default(),
            started_at: now(),
            uid: started.identity.uid,
            gid: started.identity.gid,
            groups: started.identity.groups,
            exit: None,
        };
        let container = Container {
            state: state.clone(),
            dir: dir.to_owned(),
            init: started.child,
            cgroup,
            log,
            outputs,
            sinks: Vec::new(),
            stdin: pipes.stdin,
            stdin_once: spec.stdin_once,
            terminal,
            has_pid_namespace: spec.pid != PidMode::Node,
        };
        self.containers.insert(id.to_owned(), container);
        Ok(state)
    }

    fn kill(&mut self, id: &str, number: i32, all: bool) -> Result<(), Error> {
        let Ok(container) = self.running(id) else { return Ok(()) };
        if all {
            return container.cgroup.kill_all();
        }
        process::kill(container.init.pidfd.as_fd(), number).map(drop)
    }

    fn exec(
        &mut self,
        connection: u64,
        id: &str,
        spec: &Process,
        wanted: [bool; 3],
        fds: Vec<OwnedFd>,
    ) -> Result<(Response, Vec<OwnedFd>), Error> {
        let container = self.running(id)?;
        let mut fds = fds.into_iter();
        let stdio = wanted.map(|one| if one { fds.next() } else { None });
        let pids = if container.has_pid_namespace {
            Some(namespace::open(container.init.pid, "pid")?)
        } else {
            None
        };
        let started = setup::exec(spec, &container.init, &container.cgroup, pids.as_ref(), stdio)?;
        let pid = started.child.pid;
        if let Some(connection) = self.connections.get_mut(&connection) {
            connection.executing = Some(started.child);
        }
        Ok((Response::Executing { pid }, started.terminal.into_iter().collect()))
    }

    fn attach(
        &mut self,
        id: &str,
        wanted: [bool; 2],
        stdin: bool,
        fds: Vec<OwnedFd>,
    ) -> Result<(Response, Vec<OwnedFd>), Error> {
        let container = self.running(id)?;
        let mut fds = fds.into_iter();
        for (stream, wanted) in [Stream::Stdout, Stream::Stderr].into_iter().zip(wanted) {
            if let Some(fd) = fds.next_if(wanted) {
                set_nonblocking(&fd)?;
                container.sinks.push(Sink::new(stream, fd));
            }
        }
        let mut out = Vec::new();
        if stdin {
            let input = container.terminal.as_ref().or(container.stdin.as_ref());
            let input =
                input.ok_or_else(|| Error::invalid("attach", "the container has no standard input"))?;
            out.push(duplicate(input)?);
            if container.stdin_once {
                container.stdin = None;
            }
        }
        Ok((Response::Attached, out))
    }

    /// Ends all containers and processes, and records it.
    fn kill_everything(&mut self) -> Result<(), Error> {
        let ids = self.containers.keys().cloned().collect::<Vec<_>>();
        for id in ids {
            let Ok(container) = self.running(&id) else { continue };
            let pid = container.init.pid;
            process::destroy(&container.init)?;
            container.cgroup.kill_all()?;
            // Unless it was collected already, together with others.
            if let Ok(ended) = process::wait(pid) {
                self.ended(pid, ended);
            }
        }
        if let Some(pause) = self.pause.take() {
            process::destroy(&pause)?;
            process::wait(pause.pid)?;
        }
        self.reap()
    }
}

impl Connection {
    /// Sends a message; false when the peer is gone or does not read.
    fn push(&self, message: &[u8], fds: &[std::os::fd::BorrowedFd<'_>]) -> bool {
        socket::send(&self.socket, message, fds).is_ok_and(|sent| sent == message.len())
    }
}

trait NextIf: Iterator {
    fn next_if(&mut self, wanted: bool) -> Option<Self::Item>;
}

impl<I: Iterator> NextIf for I {
    fn next_if(&mut self, wanted: bool) -> Option<Self::Item> {
        if wanted { self.next() } else { None }
    }
}

fn duplicate(fd: &OwnedFd) -> Result<OwnedFd, Error> {
    fd.try_clone().map_err(|error| Error::new("duplicate a descriptor", error))
}

fn set_nonblocking(fd: &OwnedFd) -> Result<(), Error> {
    rustix::fs::fcntl_getfl(fd)
        .and_then(|flags| rustix::fs::fcntl_setfl(fd, flags | OFlags::NONBLOCK))
        .map_err(|error| Error::new("make a pipe non-blocking", error))
}

/// What a container may do with devices: make any file, use the usual ones, its terminals, and those it asked for.
/// Source: OCI runtime specification, "Default Devices"; mknod is allowed as device numbers alone do no harm.
fn device_rules(spec: &ContainerSpec) -> Vec<DeviceRule> {
    if spec.privileged {
        return vec![DeviceRule::ALL];
    }
    let make = |kind| DeviceRule { kind, read: false, write: false, ..DeviceRule::ALL };
    let mut rules = vec![make(DeviceKind::Char), make(DeviceKind::Block)];
    let usual = [
        (1, Some(3)),
        (1, Some(5)),
        (1, Some(7)),
        (1, Some(8)),
        (1, Some(9)),
        (5, Some(0)),
        (5, Some(1)),
        (5, Some(2)),
        (136, None),
    ];
    rules.extend(usual.map(|(major, minor)| DeviceRule {
        kind: DeviceKind::Char,
        major: Some(major),
        minor,
        ..DeviceRule::ALL
    }));
    rules.extend(spec.devices.iter().filter(|device| !device.access.is_empty()).map(|device| DeviceRule {
        kind: if device.block { DeviceKind::Block } else { DeviceKind::Char },
        major: Some(device.major),
        minor: Some(device.minor),
        read: device.access.contains('r'),
        write: device.access.contains('w'),
        mknod: device.access.contains('m'),
    }));
    rules
}
