//! Network namespaces: opened, made, and entered by a thread of their own.
//!
//! A socket belongs to the namespace of the thread that made it, for good. So whoever needs something of
//! another namespace has it made on a thread that goes there and ends there; no thread of a pool ever changes
//! namespace.

use std::fs::File;
use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use nix::sched::{CloneFlags, setns, unshare};

/// Holds a network namespace: it lives at least as long as this. Clones share it.
#[derive(Debug, Clone)]
pub struct NetNs(Arc<File>);

/// Why something could not be done in a namespace.
#[derive(Debug, thiserror::Error)]
pub enum NetNsError {
    /// The path does not open, or is no network namespace.
    #[error("open network namespace {path}")]
    Open {
        /// Which path.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A namespace could not be made or entered.
    #[error("{step} a network namespace")]
    Enter {
        /// `create` or `enter`.
        step: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The thread in the namespace panicked.
    #[error("the thread in the network namespace panicked")]
    Panicked,
}

/// Where the calling thread's own namespace is.
const OWN: &str = "/proc/thread-self/ns/net";

impl NetNs {
    /// Opens the namespace that `path` (`/proc/PID/ns/net`, a bind mount) stands for.
    pub fn open(path: &Path) -> Result<Self, NetNsError> {
        let failed = |source| NetNsError::Open { path: path.display().to_string(), source };
        let file = File::open(path).map_err(failed)?;
        let kind = rustix::fs::fstatfs(&file).map_err(|error| failed(error.into()))?.f_type;
        if kind != libc::NSFS_MAGIC {
            return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "not a namespace")));
        }
        Ok(Self(Arc::new(file)))
    }

    /// The calling thread's namespace.
    pub fn current() -> Result<Self, NetNsError> {
        Self::open(Path::new(OWN))
    }

    /// Makes a namespace; it is empty but for `lo`, which is down.
    pub fn create() -> Result<Self, NetNsError> {
        let failed = |source| NetNsError::Enter { step: "create", source };
        let thread = std::thread::Builder::new().name("netns".to_owned()).spawn(move || {
            unshare(CloneFlags::CLONE_NEWNET).map_err(|error| failed(error.into()))?;
            Self::current()
        });
        thread.map_err(failed)?.join().map_err(|_| NetNsError::Panicked)?
    }

    /// Device and inode: equal for equal namespaces while one of them is held.
    pub fn id(&self) -> io::Result<(u64, u64)> {
        let meta = self.0.metadata()?;
        Ok((meta.dev(), meta.ino()))
    }

    /// Runs `work` on a new thread inside, and waits for it. Blocks.
    pub fn enter<T, F>(&self, work: F) -> Result<T, NetNsError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let failed = |source| NetNsError::Enter { step: "enter", source };
        let inside = self.clone();
        let thread = std::thread::Builder::new().name("netns".to_owned()).spawn(move || {
            setns(&*inside.0, CloneFlags::CLONE_NEWNET).map_err(|error| failed(error.into()))?;
            Ok(work())
        });
        thread.map_err(failed)?.join().map_err(|_| NetNsError::Panicked)?
    }

    /// Runs the future that `work` makes, to its end, on a new thread inside with a runtime of its own. When
    /// this future is dropped, that one goes on.
    pub async fn run<T, F, Fut>(&self, work: F) -> Result<T, NetNsError>
    where
        T: Send + 'static,
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output = T>,
    {
        let (done, result) = tokio::sync::oneshot::channel();
        let failed = |source| NetNsError::Enter { step: "enter", source };
        let inside = self.clone();
        let body = move || -> Result<T, NetNsError> {
            setns(&*inside.0, CloneFlags::CLONE_NEWNET).map_err(|error| failed(error.into()))?;
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
            Ok(runtime.block_on(work()))
        };
        let thread = std::thread::Builder::new().name("netns".to_owned());
        // The receiver may be gone: the result is of no use then.
        thread.spawn(move || drop(done.send(body()))).map_err(failed)?;
        result.await.map_err(|_| NetNsError::Panicked)?
    }

    /// A listening TCP socket inside.
    pub fn tcp_listen(&self, address: SocketAddr) -> Result<io::Result<TcpListener>, NetNsError> {
        self.enter(move || TcpListener::bind(address))
    }

    /// A bound UDP socket inside.
    pub fn udp_bind(&self, address: SocketAddr) -> Result<io::Result<UdpSocket>, NetNsError> {
        self.enter(move || UdpSocket::bind(address))
    }

    /// A TCP connection from inside. Blocks for as long as `timeout`.
    pub fn tcp_connect(
        &self,
        address: SocketAddr,
        timeout: Duration,
    ) -> Result<io::Result<TcpStream>, NetNsError> {
        self.enter(move || TcpStream::connect_timeout(&address, timeout))
    }
}

impl AsFd for NetNs {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_and_entered() {
        let own = NetNs::current().unwrap();
        let other = NetNs::create().unwrap();
        assert_ne!(own.id().unwrap(), other.id().unwrap());
        let inside = other.enter(|| NetNs::current().unwrap().id().unwrap()).unwrap();
        assert_eq!(inside, other.id().unwrap());
        assert_eq!(NetNs::current().unwrap().id().unwrap(), own.id().unwrap());
        // `lo` is down there: nothing answers, and nothing of it is seen from outside.
        let listener = other.tcp_listen("0.0.0.0:0".parse().unwrap()).unwrap().unwrap();
        let port = listener.local_addr().unwrap().port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        assert!(other.tcp_connect(address, Duration::from_secs(1)).unwrap().is_err());
        assert!(NetNs::open(Path::new("/dev/null")).is_err());
        assert!(NetNs::open(Path::new("/nonexistent")).is_err());
    }

    #[tokio::test]
    async fn futures_run_inside() {
        let other = NetNs::create().unwrap();
        let id = other.run(async || NetNs::current().unwrap().id().unwrap()).await.unwrap();
        assert_eq!(id, other.id().unwrap());
        assert!(matches!(other.run(async || panic!("on purpose")).await, Err(NetNsError::Panicked)));
    }
}
