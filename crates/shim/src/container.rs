//! A container under its shim: output to the log and to those attached, and how it ended.

use std::fs;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use mizzen_kernel::Error;
use mizzen_kernel::cgroup::Cgroup;
use mizzen_kernel::process::Child;
use mizzen_shim::protocol::{ContainerState, EXIT_FILE, Exit};

use crate::log::{Line, Log, now};

/// How much is read of a pipe at once.
const CHUNK: usize = 16 * 1024;
/// How long somebody attached may leave output unread before being cut off, in nanoseconds: until then the container
/// waits for them, as a program waits for its terminal.
pub(crate) const STALL_MAX: i64 = 10_000_000_000;

/// Which output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    fn name(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// One of a container's outputs.
pub(crate) struct Output {
    pub(crate) stream: Stream,
    /// `None` once it has ended.
    pub(crate) fd: Option<OwnedFd>,
    line: Line,
}

impl Output {
    pub(crate) fn new(stream: Stream, fd: OwnedFd) -> Self {
        Self { stream, fd: Some(fd), line: Line::default() }
    }
}

/// Where somebody attached gets a copy of an output.
pub(crate) struct Sink {
    pub(crate) stream: Stream,
    pub(crate) fd: OwnedFd,
    pending: Vec<u8>,
    since: i64,
}

impl Sink {
    pub(crate) fn new(stream: Stream, fd: OwnedFd) -> Self {
        Self { stream, fd, pending: Vec::new(), since: 0 }
    }

    pub(crate) fn is_behind(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Writes what is pending, as far as that goes; false when nobody reads (any more, or for too long).
    pub(crate) fn flush(&mut self) -> bool {
        while !self.pending.is_empty() {
            match rustix::io::write(&self.fd, &self.pending) {
                Ok(written) => {
                    self.pending.drain(..written);
                    self.since = now();
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => return now() - self.since < STALL_MAX,
                Err(_) => return false,
            }
        }
        true
    }

    fn put(&mut self, bytes: &[u8]) -> bool {
        if self.pending.is_empty() {
            self.since = now();
        }
        self.pending.extend_from_slice(bytes);
        self.flush()
    }
}

/// A container.
pub(crate) struct Container {
    pub(crate) state: ContainerState,
    pub(crate) dir: PathBuf,
    pub(crate) init: Child,
    pub(crate) cgroup: Cgroup,
    pub(crate) log: Log,
    pub(crate) outputs: Vec<Output>,
    pub(crate) sinks: Vec<Sink>,
    pub(crate) stdin: Option<OwnedFd>,
    pub(crate) stdin_once: bool,
    pub(crate) terminal: Option<OwnedFd>,
    /// It has a pid namespace other than the node's, which exec joins.
    pub(crate) has_pid_namespace: bool,
}

impl Container {
    pub(crate) fn is_running(&self) -> bool {
        self.state.exit.is_none()
    }

    /// Whether an output may be read: not while somebody attached to it is behind.
    pub(crate) fn is_readable(&self, output: &Output) -> bool {
        output.fd.is_some() && !self.sinks.iter().any(|sink| sink.stream == output.stream && sink.is_behind())
    }

    /// Moves one chunk of an output to where it belongs; false when there is none now.
    pub(crate) fn pump(&mut self, index: usize) -> bool {
        let Some(output) = self.outputs.get_mut(index) else { return false };
        let Some(fd) = &output.fd else { return false };
        let mut buffer = [0; CHUNK];
        match rustix::io::read(fd, &mut buffer) {
            Ok(read) if read > 0 => {
                let bytes = &buffer[..read];
                self.log.write(output.stream.name(), &mut output.line, bytes);
                let stream = output.stream;
                self.sinks.retain_mut(|sink| sink.stream != stream || sink.put(bytes));
                true
            }
            Err(rustix::io::Errno::INTR) => true,
            Err(rustix::io::Errno::AGAIN) => false,
            // A terminal's master gives an error instead of an end.
            Ok(_) | Err(_) => {
                self.log.end(output.stream.name(), &mut output.line);
                output.fd = None;
                false
            }
        }
    }

    /// Records the end, once its first process has been collected: kills what is left of it, reads what is left in
    /// the pipes, removes the control group. Gives the sinks that still have something to write.
    pub(crate) fn finish(&mut self, code: i32) -> Vec<Sink> {
        self.cgroup.kill_all().ok();
        for index in 0..self.outputs.len() {
            while self.pump(index) {}
            let output = &mut self.outputs[index];
            // Somebody outside of the container may still hold the other end; they are not waited for.
            self.log.end(output.stream.name(), &mut output.line);
            output.fd = None;
        }
        let exit = Exit { code, finished_at: now(), oom_killed: self.cgroup.oom_kills() > 0 };
        self.cgroup.remove().ok();
        // Without the file, the runtime still learns it from here, as long as the shim lives.
        write_exit(&self.dir, &exit).ok();
        self.state.exit = Some(exit);
        self.stdin = None;
        self.terminal = None;
        self.sinks.drain(..).filter(Sink::is_behind).collect()
    }
}

/// Writes the record of the end, so that it is there whole or not at all.
fn write_exit(dir: &Path, exit: &Exit) -> Result<(), Error> {
    let text = serde_json::to_vec(exit).expect("plain data");
    let temporary = dir.join(".exit.json");
    let path = dir.join(EXIT_FILE);
    fs::write(&temporary, text)
        .and_then(|()| fs::rename(&temporary, &path))
        .map_err(|error| Error::new(format!("write {}", path.display()), error))
}
