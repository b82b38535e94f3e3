//! Requests to a shim and its answers: JSON after a four-byte length, on a Unix socket; descriptors come along with the
//! first byte of a frame.
//!
//! Compatibility: a shim outlives the runtime that started it, so fields are only ever added, with a default.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use mizzen_kernel::{Error, socket};
use serde::{Deserialize, Serialize};

use crate::spec::Process;

/// The longest frame, in bytes.
pub const FRAME_MAX: usize = 1 << 20;

/// What the runtime asks for. One connection carries one request at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Request {
    /// Starts the container whose `spec.json` is in `dir`. Answer: `Started`.
    Start {
        /// Container id.
        container: String,
        /// Its folder.
        dir: String,
    },
    /// Sends a signal to a container's first process, or SIGKILL to all of its processes. Fine when it has ended.
    Kill {
        /// Container id.
        container: String,
        /// Signal number.
        signal: i32,
        /// All of its processes; the signal is SIGKILL then.
        all: bool,
    },
    /// Runs one more process in a container. With it come the descriptors for standard input, output and error that
    /// `stdio` names, in this order; the others are /dev/null. Answer: `Executing` (with a terminal: and its master),
    /// then, when the process has ended, `Ended`. The process is killed when the connection closes before that.
    Exec {
        /// Container id.
        container: String,
        /// What to run.
        process: Box<Process>,
        /// Which of standard input, output and error came along; ignored with a terminal.
        stdio: [bool; 3],
    },
    /// Copies a container's output to the descriptors that come along, from now on; with `stdin`, the answer
    /// `Attached` brings the descriptor to write its input to.
    Attach {
        /// Container id.
        container: String,
        /// A descriptor for standard output comes along.
        stdout: bool,
        /// A descriptor for standard error comes along.
        stderr: bool,
        /// Standard input is wanted.
        stdin: bool,
    },
    /// Sets the size of a container's terminal.
    Resize {
        /// Container id.
        container: String,
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// Closes the log file and opens it anew by its name.
    ReopenLog {
        /// Container id.
        container: String,
    },
    /// Forgets a container that has ended.
    Forget {
        /// Container id.
        container: String,
    },
    /// All containers as they are now. Answer: `State`.
    State,
    /// As `State`; then, for as long as the connection is open, `Exited` for each container that ends.
    Watch,
    /// Kills all containers; after the answer `Done` the shim ends, and with it the pod's namespaces.
    Shutdown,
}

/// What the shim answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Response {
    /// It is done.
    Done,
    /// A container runs.
    Started(ContainerState),
    /// A process runs; its id, as the shim sees it.
    Executing {
        /// Process id.
        pid: i32,
    },
    /// A process of `Exec` has ended with this code.
    Ended {
        /// Exit code; 128 + signal for a killed process.
        code: i32,
    },
    /// Output is being copied.
    Attached,
    /// All containers.
    State {
        /// One each.
        containers: Vec<ContainerState>,
    },
    /// A container has ended.
    Exited(ContainerState),
    /// It could not be done.
    Failed {
        /// Why not.
        message: String,
    },
}

/// A container, as its shim knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerState {
    /// Container id.
    pub id: String,
    /// Its first process.
    pub pid: i32,
    /// When that process was started, in clock ticks since boot; with the pid, it names the process.
    pub start_time: u64,
    /// Nanoseconds since 1970.
    pub started_at: i64,
    /// The user it runs as.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
    /// Further groups.
    pub groups: Vec<u32>,
    /// How it ended; `None` while it runs.
    pub exit: Option<Exit>,
}

/// How a container ended: also the content of `exit.json` in its folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exit {
    /// Exit code; 128 + signal for a killed process.
    pub code: i32,
    /// Nanoseconds since 1970.
    pub finished_at: i64,
    /// The kernel killed a process of it for memory.
    pub oom_killed: bool,
}

/// Name of the file, in a container's folder, that holds its [`Exit`].
pub const EXIT_FILE: &str = "exit.json";
/// Name of the file, in a container's folder, that holds its [`crate::spec::ContainerSpec`].
pub const SPEC_FILE: &str = "spec.json";

/// A message as bytes on the wire.
pub fn encode(message: &impl Serialize) -> Vec<u8> {
    let body = serde_json::to_vec(message).expect("messages are plain data");
    let mut frame = u32::try_from(body.len()).expect("messages are small").to_le_bytes().to_vec();
    frame.extend(body);
    frame
}

/// Bytes and descriptors that came in, of which frames are taken.
#[derive(Debug, Default)]
pub struct Inbox {
    bytes: Vec<u8>,
    fds: Vec<OwnedFd>,
}

/// The peer does not speak this protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("malformed message")
    }
}

impl std::error::Error for Malformed {}

impl Inbox {
    /// Receives once; false when the peer has closed.
    pub fn receive(&mut self, socket: impl AsFd) -> Result<bool, Error> {
        let mut buffer = [0; 4096];
        let read = socket::receive(socket, &mut buffer, &mut self.fds)?;
        self.bytes.extend_from_slice(&buffer[..read]);
        Ok(read > 0)
    }

    /// Takes the next whole frame, if it is there.
    pub fn take<T: for<'de> Deserialize<'de>>(&mut self) -> Result<Option<T>, Malformed> {
        let Some((length, rest)) = self.bytes.split_first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_le_bytes(*length) as usize;
        if length > FRAME_MAX {
            return Err(Malformed);
        }
        let Some(body) = rest.get(..length) else { return Ok(None) };
        let value = serde_json::from_slice(body).map(Some).map_err(|_| Malformed);
        self.bytes.drain(..4 + length);
        value
    }

    /// Takes the descriptors that came so far.
    pub fn take_fds(&mut self) -> Vec<OwnedFd> {
        std::mem::take(&mut self.fds)
    }
}

/// Sends a whole frame on a blocking socket.
pub fn send(socket: impl AsFd, message: &impl Serialize, fds: &[BorrowedFd<'_>]) -> Result<(), Error> {
    let frame = encode(message);
    let mut sent = socket::send(&socket, &frame, fds)?;
    while sent < frame.len() {
        sent += socket::send(&socket, &frame[sent..], &[])?;
    }
    Ok(())
}

/// Receives the next frame from a blocking socket; `None` when the peer closed.
pub fn receive<T: for<'de> Deserialize<'de>>(
    socket: impl AsFd,
    inbox: &mut Inbox,
) -> Result<Option<T>, Error> {
    loop {
        match inbox.take() {
            Ok(Some(message)) => return Ok(Some(message)),
            Ok(None) => {}
            Err(Malformed) => return Err(Error::invalid("read a message", "it is malformed")),
        }
        if !inbox.receive(&socket)? {
            return Ok(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_in_pieces_and_too_long() {
        let frame = encode(&Request::State);
        let mut inbox = Inbox::default();
        for byte in &frame {
            assert!(inbox.take::<Request>().expect("well-formed").is_none());
            inbox.bytes.push(*byte);
        }
        assert!(matches!(inbox.take::<Request>(), Ok(Some(Request::State))));
        inbox.bytes.extend(u32::MAX.to_le_bytes());
        assert!(inbox.take::<Request>().is_err());
    }

    #[test]
    fn descriptors_come_along() {
        let (here, there) = socket::pair().expect("pair");
        let (one, two) = socket::pair().expect("pair");
        send(&here, &Response::Done, &[one.as_fd(), two.as_fd()]).expect("sent");
        let mut inbox = Inbox::default();
        let message = receive::<Response>(&there, &mut inbox).expect("received");
        assert!(matches!(message, Some(Response::Done)));
        assert_eq!(inbox.take_fds().len(), 2);
        drop(here);
        assert!(receive::<Response>(&there, &mut inbox).expect("closed").is_none());
    }
}
