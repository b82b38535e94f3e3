//! The runtime's side of the shims: the program, started and talked to.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use mizzen_kernel::mount::{Attributes, Tree};
use mizzen_kernel::socket;
use mizzen_shim::protocol::{Inbox, Request, Response, encode};
use mizzen_shim::{READY, ROLE_POD};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, Interest};
use tokio::net::UnixStream;
use tokio::process::Command;
use tokio::time::timeout;

/// The shim's program, built together with this library.
const PROGRAM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/mizzen-shim"));

/// How long a shim may take to answer; setting a container up may wait for the network under a bind mount.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(150);
/// How much a shim that does not start may say about it.
const COMPLAINT_MAX: u64 = 4096;

/// Why a shim does not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum ShimError {
    /// Its program can't be put in place.
    #[error("install the shim in {folder}")]
    Install {
        /// Where.
        folder: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It can't be started, or ended at once.
    #[error("start the shim: {0}")]
    Start(String),
    /// It is gone.
    #[error("the sandbox's shim is not there")]
    Gone(#[source] io::Error),
    /// It does not answer.
    #[error("the sandbox's shim does not answer")]
    Timeout,
    /// It could not do what it was asked for: its words.
    #[error("{0}")]
    Refused(String),
    /// It answers something else.
    #[error("the sandbox's shim answers out of turn")]
    Protocol,
}

/// Writes the shim's program into `folder` under its content's hash, unless it is there; gives its path.
///
/// Other roles than a pod's shim are run from the same file; see [`mizzen_shim`].
pub fn install(folder: &Path) -> Result<PathBuf, ShimError> {
    let failed = |source| ShimError::Install { folder: folder.to_owned(), source };
    let path = folder.join(format!("mizzen-shim-{}", &hex::encode(Sha256::digest(PROGRAM))[..16]));
    if std::fs::read(&path).is_ok_and(|present| present == PROGRAM) {
        return Ok(path);
    }
    std::fs::create_dir_all(folder).map_err(failed)?;
    let temporary = folder.join(format!(".mizzen-shim-{}", std::process::id()));
    std::fs::write(&temporary, PROGRAM)
        .and_then(|()| std::fs::set_permissions(&temporary, std::fs::Permissions::from_mode(0o755)))
        .and_then(|()| std::fs::rename(&temporary, &path))
        .map_err(failed)?;
    Ok(path)
}

/// The shim's program, ready to be started for sandboxes.
#[derive(Debug, Clone)]
pub(crate) struct Program(Arc<Tree>);

impl Program {
    /// Opens the program through a read-only mount of its own: a process of a container that gets hold of
    /// /proc/PID/exe of a shim can't write to it, whatever its privileges.
    pub(crate) fn open(path: &Path) -> Result<Self, ShimError> {
        let open = || {
            let mut tree = Tree::copy(path, false)?;
            tree.restrict(Attributes::READONLY, false)?;
            Ok(tree)
        };
        open()
            .map(|tree| Self(Arc::new(tree)))
            .map_err(|error: mizzen_kernel::Error| ShimError::Start(error.to_string()))
    }

    /// Starts the shim of the sandbox specified in a file, and waits until it serves.
    pub(crate) async fn start(&self, spec: &Path) -> Result<(), ShimError> {
        use std::os::fd::AsFd;
        let program = format!("/proc/self/fd/{}", self.0.as_fd().as_raw_fd());
        let failed = |error: io::Error| ShimError::Start(error.to_string());
        let mut child = Command::new(program)
            .arg0("mizzen-shim")
            .arg(ROLE_POD)
            .arg(spec)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let mut said = String::new();
        let stdout = child.stdout.take().expect("standard output is a pipe");
        let listen = async { stdout.take(COMPLAINT_MAX).read_to_string(&mut said).await };
        timeout(ANSWER_TIMEOUT, listen).await.map_err(|_| ShimError::Timeout)?.map_err(failed)?;
        child.wait().await.map_err(failed)?;
        match said.trim() {
            READY => Ok(()),
            "" => Err(ShimError::Start("it ended without a word".into())),
            why => Err(ShimError::Start(why.to_owned())),
        }
    }
}

/// A connection to a shim.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: UnixStream,
    inbox: Inbox,
}

impl Connection {
    pub(crate) async fn open(socket: &Path) -> Result<Self, ShimError> {
        let stream = UnixStream::connect(socket).await.map_err(ShimError::Gone)?;
        Ok(Self { stream, inbox: Inbox::default() })
    }

    /// The shim's process id.
    pub(crate) fn peer(&self) -> Result<i32, ShimError> {
        self.stream.peer_cred().map_err(ShimError::Gone)?.pid().ok_or(ShimError::Protocol)
    }

    /// Asks, and waits for the answer and the descriptors that come with it.
    pub(crate) async fn ask(
        &mut self,
        request: &Request,
        fds: &[BorrowedFd<'_>],
    ) -> Result<(Response, Vec<OwnedFd>), ShimError> {
        let answer = async {
            self.send(&encode(request), fds).await?;
            self.next().await?.ok_or_else(|| ShimError::Gone(io::ErrorKind::UnexpectedEof.into()))
        };
        match timeout(ANSWER_TIMEOUT, answer).await {
            Ok(Ok(Response::Failed { message })) => Err(ShimError::Refused(message)),
            Ok(Ok(response)) => Ok((response, self.inbox.take_fds())),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(ShimError::Timeout),
        }
    }

    async fn send(&self, mut frame: &[u8], mut fds: &[BorrowedFd<'_>]) -> Result<(), ShimError> {
        while !frame.is_empty() {
            let sent = self
                .stream
                .async_io(Interest::WRITABLE, || {
                    socket::send(&self.stream, frame, fds).map_err(|error| plain(&error))
                })
                .await
                .map_err(ShimError::Gone)?;
            frame = &frame[sent..];
            fds = &[];
        }
        Ok(())
    }

    /// The next message; `None` when the shim has hung up.
    pub(crate) async fn next(&mut self) -> Result<Option<Response>, ShimError> {
        loop {
            if let Some(response) = self.inbox.take().map_err(|_| ShimError::Protocol)? {
                return Ok(Some(response));
            }
            let Self { stream, inbox } = self;
            let more = stream
                .async_io(Interest::READABLE, || inbox.receive(&*stream).map_err(|error| plain(&error)))
                .await
                .map_err(ShimError::Gone)?;
            if !more {
                return Ok(None);
            }
        }
    }
}

/// Asks one thing over a connection of its own.
pub(crate) async fn ask(socket: &Path, request: &Request) -> Result<Response, ShimError> {
    Ok(Connection::open(socket).await?.ask(request, &[]).await?.0)
}

/// As tokio must see it, to tell "not now" from failures.
fn plain(error: &mizzen_kernel::Error) -> io::Error {
    error.io().raw_os_error().map_or_else(|| error.io().kind().into(), io::Error::from_raw_os_error)
}
