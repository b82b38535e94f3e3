//! What streams are connected to: processes, containers, ports of sandboxes.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use mizzen_cri::streaming::{Attach, Exec, Failure, Handler, Io, Streaming};
use mizzen_kernel::namespace::{self, Namespaces};
use mizzen_kernel::{process, terminal};
use mizzen_shim::protocol::{Request, Response};
use rustix::pipe::{PipeFlags, pipe_with};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, Interest};
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::error::{RuntimeError, chain};
use crate::exec::Execution;
use crate::runtime::Runtime;
use crate::shim::{Connection, ShimError, ask};

/// How long output may be silent, after the end of a process, before it counts as over: others may hold its pipe.
const QUIET: Duration = Duration::from_millis(200);
/// How long a sandbox's port may take to accept.
const DIAL_TIMEOUT: Duration = Duration::from_secs(10);
/// How much is copied at once.
const CHUNK: usize = 16 << 10;

/// Starts the streaming server on the node's loopback.
pub(crate) async fn start(runtime: &Runtime) -> io::Result<Streaming> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    Streaming::serve(listener, Arc::new(runtime.clone()), &runtime.tasks, runtime.cancel.clone())
}

impl From<RuntimeError> for Failure {
    fn from(error: RuntimeError) -> Self {
        Self(chain(&error))
    }
}

impl From<ShimError> for Failure {
    fn from(error: ShimError) -> Self {
        Self(chain(&error))
    }
}

fn failed(error: io::Error) -> Failure {
    Failure(error.to_string())
}

#[async_trait::async_trait]
impl Handler for Runtime {
    async fn exec(&self, exec: &Exec, io: Io) -> Result<i32, Failure> {
        let wanted = exec.streams;
        let streams = [wanted.stdin, wanted.stdout, wanted.stderr];
        let execution = Self::exec(self, &exec.container, exec.command.clone(), wanted.tty, streams).await?;
        if wanted.tty { run_on_terminal(execution, io).await } else { run_plain(execution, io).await }
    }

    async fn attach(&self, attach: &Attach, io: Io) -> Result<(), Failure> {
        self.attach_to(attach, io).await
    }

    async fn port_forward(&self, sandbox: &str, port: u16, stream: DuplexStream) -> Result<(), Failure> {
        let record = self.inventory().sandbox(sandbox)?.record.clone();
        if !record.ready || process::start_time(record.shim_pid) != Some(record.shim_start_time) {
            return Err(Failure(format!("sandbox {sandbox} is not running")));
        }
        let namespace = namespace::open(record.shim_pid, "net").map_err(RuntimeError::from)?;
        let mut stream = stream;
        let mut socket = dial(namespace, port).await.map_err(failed)?;
        // A connection that breaks has told both sides so.
        tokio::io::copy_bidirectional(&mut socket, &mut stream).await.ok();
        Ok(())
    }
}

/// Connects to a port on the loopback of another network namespace. A thread of its own does it: a thread that has
/// moved never comes back into the pool.
async fn dial(namespace: OwnedFd, port: u16) -> io::Result<TcpStream> {
    let (sender, connected) = oneshot::channel::<io::Result<std::net::TcpStream>>();
    std::thread::Builder::new().name("dial".into()).spawn(move || {
        let connect = || {
            namespace::join(&namespace, Namespaces::NET)
                .map_err(|error| io::Error::other(error.to_string()))?;
            let four = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let six = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
            let stream = std::net::TcpStream::connect_timeout(&four, DIAL_TIMEOUT).or_else(|error| {
                std::net::TcpStream::connect_timeout(&six, DIAL_TIMEOUT).map_err(|_| error)
            })?;
            stream.set_nonblocking(true)?;
            Ok(stream)
        };
        // Whoever asked may have gone.
        sender.send(connect()).ok();
    })?;
    let stream = connected.await.map_err(|_| io::Error::other("the dialling thread ended"))??;
    TcpStream::from_std(stream)
}

/// Copies until the end of `from`; once `ended`, until it is silent.
async fn pump(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, ended: &CancellationToken) {
    let mut buffer = vec![0; CHUNK];
    loop {
        let quiet = async {
            ended.cancelled().await;
            sleep(QUIET).await;
        };
        let read = tokio::select! {
            biased;
            read = from.read(&mut buffer) => read,
            () = quiet => return,
        };
        match read {
            Ok(read) if read > 0 && to.write_all(&buffer[..read]).await.is_ok() => {}
            _ => return,
        }
    }
}

async fn pump_between<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    from: Option<R>,
    to: Option<W>,
    ended: &CancellationToken,
) {
    if let (Some(from), Some(to)) = (from, to) {
        pump(from, to, ended).await;
    }
}

async fn run_plain(mut execution: Execution, io: Io) -> Result<i32, Failure> {
    let (stdin, stdout, stderr) = (execution.stdin.take(), execution.stdout.take(), execution.stderr.take());
    let ended = CancellationToken::new();
    // Its end closes the pipe, which is how a program learns of the end of its input.
    let input = pump_between(io.stdin, stdin, &ended);
    let output = async {
        let wait = async {
            let code = execution.wait().await;
            ended.cancel();
            code
        };
        tokio::join!(wait, pump_between(stdout, io.stdout, &ended), pump_between(stderr, io.stderr, &ended)).0
    };
    tokio::pin!(output);
    tokio::select! {
        code = &mut output => Ok(code?),
        () = input => Ok(output.await?),
    }
}

/// A terminal's master as an asynchronous stream.
struct Master(AsyncFd<OwnedFd>);

impl Master {
    fn new(fd: OwnedFd) -> io::Result<Self> {
        terminal::asynchronous(fd).map(Self)
    }

    /// 0 at the end, which a terminal shows as an error.
    async fn read(&self, buffer: &mut [u8]) -> usize {
        let read = self.0.async_io(Interest::READABLE, |fd| Ok(rustix::io::read(fd, &mut *buffer)?)).await;
        read.unwrap_or(0)
    }

    async fn write_all(&self, mut data: &[u8]) -> io::Result<()> {
        while !data.is_empty() {
            let written = self.0.async_io(Interest::WRITABLE, |fd| Ok(rustix::io::write(fd, data)?)).await?;
            data = &data[written..];
        }
        Ok(())
    }
}

async fn run_on_terminal(mut execution: Execution, io: Io) -> Result<i32, Failure> {
    let master = execution.terminal.take().ok_or_else(|| Failure("there is no terminal".into()))?;
    let master = Master::new(master).map_err(failed)?;
    let Io { stdin, stdout, mut resize, .. } = io;
    let input = async {
        let Some(mut stdin) = stdin else { return };
        let mut buffer = vec![0; CHUNK];
        while let Ok(read) = stdin.read(&mut buffer).await {
            if read == 0 || master.write_all(&buffer[..read]).await.is_err() {
                return;
            }
        }
    };
    let sizes = async {
        while let Some(size) = resize.recv().await {
            // A terminal that is gone has no size.
            terminal::resize(master.0.get_ref(), size.width, size.height).ok();
        }
    };
    let ended = CancellationToken::new();
    let output = async {
        let mut stdout = stdout;
        let mut buffer = vec![0; CHUNK];
        loop {
            let quiet = async {
                ended.cancelled().await;
                sleep(QUIET).await;
            };
            let read = tokio::select! {
                biased;
                read = master.read(&mut buffer) => read,
                () = quiet => return,
            };
            if read == 0 {
                return;
            }
            if let Some(to) = &mut stdout
                && to.write_all(&buffer[..read]).await.is_err()
            {
                stdout = None;
            }
        }
    };
    let command = async {
        let wait = async {
            let code = execution.wait().await;
            ended.cancel();
            code
        };
        tokio::join!(wait, output).0
    };
    tokio::pin!(command);
    let side = async { tokio::join!(input, sizes) };
    tokio::select! {
        code = &mut command => Ok(code?),
        _ = side => Ok(command.await?),
    }
}

impl Runtime {
    async fn attach_to(&self, attach: &Attach, io: Io) -> Result<(), Failure> {
        let record = self.running_container(&attach.container)?;
        let socket = self.socket(&record.sandbox);
        let Io { stdin, stdout, stderr, mut resize } = io;
        let mut theirs = Vec::new();
        let mut output = |wanted: bool| -> io::Result<Option<Receiver>> {
            if !wanted {
                return Ok(None);
            }
            let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
            theirs.push(write);
            Receiver::from_owned_fd(read).map(Some)
        };
        let from_stdout = output(stdout.is_some()).map_err(failed)?;
        let from_stderr = output(stderr.is_some()).map_err(failed)?;
        let request = Request::Attach {
            container: record.id.clone(),
            stdout: from_stdout.is_some(),
            stderr: from_stderr.is_some(),
            stdin: stdin.is_some(),
        };
        let mut connection = Connection::open(&socket).await?;
        let fds = theirs.iter().map(AsFd::as_fd).collect::<Vec<_>>();
        let (response, received) = connection.ask(&request, &fds).await?;
        if !matches!(response, Response::Attached) {
            return Err(ShimError::Protocol.into());
        }
        drop(theirs);
        let into_stdin = received.into_iter().next();
        let tty = record.config.0.tty;
        let ended = CancellationToken::new();
        let input = async {
            let (Some(mut from), Some(to)) = (stdin, into_stdin) else { return };
            if tty {
                let Ok(master) = Master::new(to) else { return };
                let mut buffer = vec![0; CHUNK];
                while let Ok(read) = from.read(&mut buffer).await {
                    if read == 0 || master.write_all(&buffer[..read]).await.is_err() {
                        return;
                    }
                }
            } else if let Ok(to) = Sender::from_owned_fd(to) {
                pump(from, to, &ended).await;
            }
        };
        let sizes = async {
            while let Some(size) = resize.recv().await {
                let request =
                    Request::Resize { container: record.id.clone(), width: size.width, height: size.height };
                // A container that has just ended has no terminal.
                ask(&socket, &request).await.ok();
            }
        };
        let outputs = async {
            if from_stdout.is_none() && from_stderr.is_none() {
                self.await_end(&record.id, Duration::MAX).await;
            }
            tokio::join!(
                pump_between(from_stdout, stdout, &ended),
                pump_between(from_stderr, stderr, &ended)
            );
        };
        tokio::pin!(outputs);
        let side = async { tokio::join!(input, sizes) };
        tokio::select! {
            () = &mut outputs => {}
            _ = side => outputs.await,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use mizzen_kernel::net::Net;

    use super::*;

    #[test]
    fn ports_are_those_of_the_other_network() {
        let (ready, started) = std::sync::mpsc::channel();
        let (done, ending) = std::sync::mpsc::channel::<()>();
        let pod = std::thread::spawn(move || {
            namespace::unshare(Namespaces::NET).expect("the tests need the super-user");
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
            runtime.block_on(async {
                let net = Net::open().expect("netlink");
                let lo = net.expect_link("lo").await.expect("lo");
                net.set_up(lo.index).await.expect("up");
            });
            let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("listening");
            let own = std::fs::File::open("/proc/thread-self/ns/net").expect("namespace");
            let port = listener.local_addr().expect("address").port();
            ready.send((OwnedFd::from(own), port)).expect("sent");
            ending.recv().expect_err("the test is over");
        });
        let (namespace, port) = started.recv().expect("started");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        let other = namespace.try_clone().expect("a copy");
        let stream = runtime.block_on(dial(namespace, port)).expect("connected");
        assert_eq!(stream.peer_addr().expect("peer").port(), port);
        assert!(runtime.block_on(dial(other, 1)).is_err());
        drop(done);
        pod.join().expect("the pod ends");
    }
}
