//! Questions that somebody else answers.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

/// How long one of them may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Those who are asked, in order. Clones share the list.
#[derive(Clone)]
pub(crate) struct Upstream(Arc<[SocketAddr]>);

impl Upstream {
    pub(crate) fn new(servers: Vec<SocketAddr>) -> Self {
        Self(servers.into())
    }

    async fn first<T, F>(&self, ask: impl Fn(SocketAddr) -> F) -> io::Result<T>
    where
        F: Future<Output = io::Result<T>>,
    {
        let mut last = io::Error::other("there is nobody to ask");
        for server in self.0.iter() {
            match tokio::time::timeout(PATIENCE, ask(*server)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => last = error,
                Err(_) => last = io::ErrorKind::TimedOut.into(),
            }
        }
        Err(last)
    }

    /// Asks over UDP. Each question has a socket, and so a port, of its own: who would forge an answer must guess it.
    pub(crate) async fn ask_datagram(&self, question: &[u8]) -> io::Result<Vec<u8>> {
        self.first(async |server| {
            let any: SocketAddr = if server.is_ipv4() { ([0; 4], 0).into() } else { ([0u16; 8], 0).into() };
            let socket = UdpSocket::bind(any).await?;
            socket.connect(server).await?;
            socket.send(question).await?;
            let mut answer = vec![0; usize::from(u16::MAX)];
            loop {
                let length = socket.recv(&mut answer).await?;
                if length >= 12 && question.len() >= 2 && answer[..2] == question[..2] {
                    answer.truncate(length);
                    return Ok(answer);
                }
            }
        })
        .await
    }

    /// Asks over TCP.
    pub(crate) async fn ask_stream(&self, question: &[u8]) -> io::Result<Vec<u8>> {
        let length = u16::try_from(question.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        self.first(async |server| {
            let mut stream = TcpStream::connect(server).await?;
            stream.write_u16(length).await?;
            stream.write_all(question).await?;
            let length = stream.read_u16().await?;
            let mut answer = vec![0; usize::from(length)];
            stream.read_exact(&mut answer).await?;
            Ok(answer)
        })
        .await
    }
}
