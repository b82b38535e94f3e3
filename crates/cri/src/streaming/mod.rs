//! The streaming server of a runtime: exec, attach and port-forward over WebSocket (`v4.channel.k8s.io`,
//! `v5.channel.k8s.io`, and port-forward's) and SPDY/3.1.
//!
//! CRI answers `Exec`, `Attach` and `PortForward` with the address of a stream; whoever opens it (the kubelet, which only
//! passes bytes on) gets the stream. The address holds a token, good for one use within a minute, and leads to the node's
//! loopback: nobody else can guess it or get there.
//!
//! `server` takes requests, `session` runs commands whatever the protocol, `websocket` and `spdy` are the protocols,
//! `forward` is port-forward, `ports` the same as it is over WebSocket alone.

mod forward;
mod ports;
mod server;
mod session;
mod spdy;
mod status;
mod tokens;
mod websocket;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::DuplexStream;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use session::Io;
pub use tokens::TooMany;

/// Which streams of a process are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Streams {
    /// Standard input.
    pub stdin: bool,
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
    /// The process has a terminal.
    pub tty: bool,
}

/// A process to run.
#[derive(Debug, Clone)]
pub struct Exec {
    /// Container id.
    pub container: String,
    /// Program and arguments.
    pub command: Vec<String>,
    /// Its streams.
    pub streams: Streams,
}

/// A container to attach to.
#[derive(Debug, Clone)]
pub struct Attach {
    /// Container id.
    pub container: String,
    /// Its streams.
    pub streams: Streams,
}

/// A sandbox whose ports are to be reached.
#[derive(Debug, Clone)]
pub struct PortForward {
    /// Sandbox id.
    pub sandbox: String,
    /// Those that the request names; what speaks SPDY names them later.
    pub ports: Vec<u16>,
}

/// A terminal's new size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub struct TerminalSize {
    /// Columns.
    #[serde(rename = "Width")]
    pub width: u16,
    /// Rows.
    #[serde(rename = "Height")]
    pub height: u16,
}

/// A stream that failed: what its user is told.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

/// What the streams are connected to. Dropping a future ends what it does.
#[async_trait::async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Runs a process; gives its exit code, after its output has been written.
    async fn exec(&self, exec: &Exec, io: Io) -> Result<i32, Failure>;

    /// Copies a container's streams until it ends.
    async fn attach(&self, attach: &Attach, io: Io) -> Result<(), Failure>;

    /// Connects `stream` to a port of a sandbox, and copies both ways until both are at their ends.
    async fn port_forward(&self, sandbox: &str, port: u16, stream: DuplexStream) -> Result<(), Failure>;
}

/// What a token stands for.
#[derive(Debug, Clone)]
enum Job {
    Exec(Exec),
    Attach(Attach),
    PortForward(PortForward),
}

/// Gives out addresses of streams.
#[derive(Clone)]
pub struct Streaming {
    address: SocketAddr,
    tokens: Arc<tokens::Tokens>,
}

impl Streaming {
    /// Serves streams on `listener` (of a loopback address) until `cancel`, in `tasks`.
    pub fn serve(
        listener: TcpListener,
        handler: Arc<dyn Handler>,
        tasks: &TaskTracker,
        cancel: CancellationToken,
    ) -> std::io::Result<Self> {
        let streaming = Self { address: listener.local_addr()?, tokens: Arc::default() };
        let server = server::Server::new(streaming.tokens.clone(), handler, tasks.clone(), cancel);
        tasks.spawn(server.run(listener));
        Ok(streaming)
    }

    fn url(&self, path: &str, job: Job) -> Result<String, TooMany> {
        Ok(format!("http://{}/{path}/{}", self.address, self.tokens.issue(job)?))
    }

    /// The address of a stream that runs a process.
    pub fn exec(&self, exec: Exec) -> Result<String, TooMany> {
        self.url("exec", Job::Exec(exec))
    }

    /// The address of a stream that attaches to a container.
    pub fn attach(&self, attach: Attach) -> Result<String, TooMany> {
        self.url("attach", Job::Attach(attach))
    }

    /// The address of a stream that leads to a sandbox's ports.
    pub fn port_forward(&self, forward: PortForward) -> Result<String, TooMany> {
        self.url("portforward", Job::PortForward(forward))
    }
}

/// Sizes of a terminal on their way; a user who resizes faster than this waits.
type Sizes = mpsc::Receiver<TerminalSize>;

#[cfg(test)]
mod tests;
