//! A command's streams, between whoever runs it and whatever protocol its user speaks.

use std::sync::Arc;

use tokio::io::{DuplexStream, duplex};
use tokio::sync::mpsc;

use super::status::Outcome;
use super::{Handler, Job, Sizes, Streams, TerminalSize};

/// How many bytes of a stream may be on their way; more wait.
pub(crate) const BUFFER: usize = 64 << 10;
/// How many sizes of a terminal may be on their way.
const SIZES_MAX: usize = 16;

/// A command's streams, as whoever runs it sees them.
#[derive(Debug)]
pub struct Io {
    /// Read the command's input from here.
    pub stdin: Option<DuplexStream>,
    /// Write its output here.
    pub stdout: Option<DuplexStream>,
    /// Write its error output here.
    pub stderr: Option<DuplexStream>,
    /// New sizes of its terminal.
    pub resize: mpsc::Receiver<TerminalSize>,
}

/// The other ends.
#[derive(Debug)]
pub(crate) struct Ends {
    pub(crate) stdin: Option<DuplexStream>,
    pub(crate) stdout: Option<DuplexStream>,
    pub(crate) stderr: Option<DuplexStream>,
    pub(crate) resize: mpsc::Sender<TerminalSize>,
}

/// Both ends of the streams that are wanted.
pub(crate) fn pair(streams: Streams) -> (Io, Ends) {
    let pipe = |wanted: bool| if wanted { Some(duplex(BUFFER)) } else { None };
    let ((in_here, in_there), (out_here, out_there)) =
        (pipe(streams.stdin).unzip(), pipe(streams.stdout).unzip());
    // A terminal has no error output.
    let (err_here, err_there) = pipe(streams.stderr && !streams.tty).unzip();
    let (resize, sizes): (_, Sizes) = mpsc::channel(SIZES_MAX);
    (
        Io { stdin: in_here, stdout: out_here, stderr: err_here, resize: sizes },
        Ends { stdin: in_there, stdout: out_there, stderr: err_there, resize },
    )
}

/// What a job's streams are; none for port-forward.
pub(crate) fn streams(job: &Job) -> Streams {
    match job {
        Job::Exec(exec) => exec.streams,
        Job::Attach(attach) => attach.streams,
        Job::PortForward(_) => Streams::default(),
    }
}

/// Runs a job that is a command.
pub(crate) async fn run(handler: Arc<dyn Handler>, job: Job, io: Io) -> Outcome {
    match &job {
        Job::Exec(exec) => handler.exec(exec, io).await,
        Job::Attach(attach) => handler.attach(attach, io).await.map(|()| 0),
        Job::PortForward(_) => Err(super::Failure("not a command".into())),
    }
}
