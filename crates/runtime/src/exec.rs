//! One more process in a container.

use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use mizzen_shim::protocol::{Request, Response, SPEC_FILE};
use mizzen_shim::spec::{ContainerSpec, Process};
use rustix::pipe::{PipeFlags, pipe_with};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::time::timeout;

use crate::error::RuntimeError;
use crate::record::ContainerRecord;
use crate::runtime::Runtime;
use crate::shim::{Connection, ShimError};

/// How much of each output of [`Runtime::exec_sync`] is kept. Source: CRI, "ExecSync".
pub(crate) const OUTPUT_MAX: usize = 16 << 20;
/// How long output is waited for that a process left to its children.
const DRAIN: Duration = Duration::from_millis(500);

/// A running process. Dropping it kills the process.
#[derive(Debug)]
pub(crate) struct Execution {
    connection: Connection,
    /// The terminal's master, if it has one; it stands for all three streams.
    pub(crate) terminal: Option<OwnedFd>,
    pub(crate) stdin: Option<Sender>,
    pub(crate) stdout: Option<Receiver>,
    pub(crate) stderr: Option<Receiver>,
}

impl Execution {
    /// Waits for its end; gives the exit code.
    pub(crate) async fn wait(&mut self) -> Result<i32, RuntimeError> {
        match self.connection.next().await? {
            Some(Response::Ended { code }) => Ok(code),
            Some(_) => Err(ShimError::Protocol.into()),
            None => Err(ShimError::Gone(std::io::ErrorKind::UnexpectedEof.into()).into()),
        }
    }
}

/// Output, its status, and whether it was cut.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) code: i32,
}

impl Runtime {
    /// The record of a container in which something is to be run.
    pub(crate) fn running_container(&self, id: &str) -> Result<ContainerRecord, RuntimeError> {
        let record = self.inventory().container(id)?.record.clone();
        if record.is_running() {
            Ok(record)
        } else {
            Err(RuntimeError::State(format!("container {} is in {:?} state", record.id, record.state())))
        }
    }

    /// Starts a process in a container, as its first one: same user, capabilities, filters, environment, folder.
    pub(crate) async fn exec(
        &self,
        id: &str,
        args: Vec<String>,
        tty: bool,
        streams: [bool; 3],
    ) -> Result<Execution, RuntimeError> {
        let record = self.running_container(id)?;
        if args.is_empty() {
            return Err(RuntimeError::Invalid("no command specified".into()));
        }
        let path = self.container_folder(&record.id).join(SPEC_FILE);
        let text =
            tokio::fs::read(&path).await.map_err(RuntimeError::io("read a container's specification"))?;
        let spec = serde_json::from_slice::<ContainerSpec>(&text)
            .map_err(|error| RuntimeError::io("read a container's specification")(error.into()))?;
        let mut process = Process { args, tty, ..spec.process };
        if tty && !process.env.iter().any(|variable| variable.starts_with("TERM=")) {
            process.env.push("TERM=xterm".into());
        }
        let mut execution = Execution {
            connection: Connection::open(&self.socket(&record.sandbox)).await?,
            terminal: None,
            stdin: None,
            stdout: None,
            stderr: None,
        };
        let mut theirs = Vec::new();
        if !tty {
            let failed = || RuntimeError::io("make pipes");
            let pipe = || pipe_with(PipeFlags::CLOEXEC).map_err(|error| failed()(error.into()));
            if streams[0] {
                let (read, write) = pipe()?;
                theirs.push(read);
                execution.stdin = Some(Sender::from_owned_fd(write).map_err(failed())?);
            }
            for (wanted, end) in streams[1..].iter().zip([&mut execution.stdout, &mut execution.stderr]) {
                if *wanted {
                    let (read, write) = pipe()?;
                    theirs.push(write);
                    *end = Some(Receiver::from_owned_fd(read).map_err(failed())?);
                }
            }
        }
        let request = Request::Exec { container: record.id, process: Box::new(process), stdio: streams };
        let fds = theirs.iter().map(AsFd::as_fd).collect::<Vec<_>>();
        let (response, received) = execution.connection.ask(&request, &fds).await?;
        if !matches!(response, Response::Executing { .. }) {
            return Err(ShimError::Protocol.into());
        }
        execution.terminal = received.into_iter().next();
        Ok(execution)
    }

    /// Runs a process to its end and gives its output, of which no more than [`OUTPUT_MAX`] each is kept. `limit` of
    /// zero: as long as it takes. Dropping the future, or the end of the limit, kills the process.
    pub(crate) async fn exec_sync(
        &self,
        id: &str,
        args: Vec<String>,
        limit: Duration,
    ) -> Result<Output, RuntimeError> {
        let command = args.join(" ");
        let mut execution = self.exec(id, args, false, [false, true, true]).await?;
        let mut output = Output::default();
        let (stdout, stderr) = (execution.stdout.take(), execution.stderr.take());
        let run = async {
            let code = {
                let read = async {
                    tokio::join!(collect(stdout, &mut output.stdout), collect(stderr, &mut output.stderr))
                };
                tokio::pin!(read);
                tokio::select! {
                    code = execution.wait() => {
                        // Output that came before the end is in the pipe already.
                        timeout(DRAIN, read).await.ok();
                        code?
                    }
                    _ = &mut read => execution.wait().await?,
                }
            };
            Ok::<_, RuntimeError>(code)
        };
        let code = if limit.is_zero() {
            run.await?
        } else {
            timeout(limit, run).await.map_err(|_| {
                RuntimeError::Timeout(format!("command {command:?} timed out: timeout {limit:?} exceeded"))
            })??
        };
        output.code = code;
        Ok(output)
    }
}

/// Reads to the end; what is beyond the bound is read and dropped, so that the writer goes on.
async fn collect(from: Option<Receiver>, into: &mut Vec<u8>) {
    let Some(mut from) = from else { return };
    let mut buffer = vec![0; 16 << 10];
    // An error ends the output as its end does: the process's status is what counts.
    while let Ok(read) = from.read(&mut buffer).await {
        if read == 0 {
            return;
        }
        let room = OUTPUT_MAX - into.len();
        into.extend_from_slice(&buffer[..read.min(room)]);
    }
}
