//! The way from the nodes' DNS to the host's resolvers: queries that reach the LAN address on port 53 are passed on,
//! unread. Pods are refused: they ask their node's DNS.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

/// The relay's port on the LAN.
pub(crate) const PORT: u16 = 53;
/// Queries under way at once; further ones are dropped, and asked again by their senders.
const QUERIES_MAX: usize = 512;
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest datagram: EDNS0's largest.
const DATAGRAM_LEN_MAX: usize = 65_535;

/// Whether an address is one of the nodes' own.
fn is_node(address: IpAddr, nodes: &[Ipv4Addr]) -> bool {
    matches!(address, IpAddr::V4(address) if nodes.contains(&address))
}

/// The host's resolvers, as its `resolv.conf` has them now.
fn resolvers() -> Vec<SocketAddr> {
    let text = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    parse(&text)
}

fn parse(text: &str) -> Vec<SocketAddr> {
    let addresses = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    addresses.filter_map(|rest| rest.trim().parse().ok()).map(|ip| SocketAddr::new(ip, PORT)).collect()
}

/// Serves until `cancel`.
pub(crate) async fn run(
    datagrams: UdpSocket,
    streams: TcpListener,
    nodes: Vec<Ipv4Addr>,
    cancel: CancellationToken,
) {
    let tasks = TaskTracker::new();
    let slots = Arc::new(Semaphore::new(QUERIES_MAX));
    let datagrams = Arc::new(datagrams);
    let mut buffer = vec![0; DATAGRAM_LEN_MAX];
    loop {
        tokio::select! {
            () = cancel.cancelled() => break,
            received = datagrams.recv_from(&mut buffer) => match received {
                Ok((length, from)) if is_node(from.ip(), &nodes) => {
                    let Ok(slot) = slots.clone().try_acquire_owned() else { continue };
                    let (query, back) = (buffer[..length].to_vec(), datagrams.clone());
                    tasks.spawn(async move {
                        if let Err(error) = datagram(&query, &back, from).await {
                            debug!(%error, "A DNS query could not be relayed.");
                        }
                        drop(slot);
                    });
                }
                Ok(_) => {}
                Err(error) => warn!(%error, "A DNS query could not be received."),
            },
            accepted = streams.accept() => match accepted {
                Ok((client, from)) if is_node(from.ip(), &nodes) => {
                    let Ok(slot) = slots.clone().try_acquire_owned() else { continue };
                    tasks.spawn(async move {
                        if let Err(error) = stream(client).await {
                            debug!(%error, "A DNS stream could not be relayed.");
                        }
                        drop(slot);
                    });
                }
                Ok(_) => {}
                Err(error) => {
                    warn!(%error, "A connection could not be accepted.");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
    tasks.close();
    tasks.wait().await;
}

async fn datagram(query: &[u8], back: &UdpSocket, from: SocketAddr) -> std::io::Result<()> {
    let mut last = std::io::Error::other("the host has no resolver");
    for resolver in resolvers() {
        // A socket for each query: its port and the query's id together are what answers are known by.
        let any: SocketAddr = if resolver.is_ipv4() { ([0; 4], 0).into() } else { ([0u16; 8], 0).into() };
        let socket = UdpSocket::bind(any).await?;
        socket.connect(resolver).await?;
        let mut answer = vec![0; DATAGRAM_LEN_MAX];
        let asked = tokio::time::timeout(PATIENCE, async {
            socket.send(query).await?;
            loop {
                let length = socket.recv(&mut answer).await?;
                if length >= 2 && query.len() >= 2 && answer[..2] == query[..2] {
                    return Ok(length);
                }
            }
        });
        match asked.await {
            Ok(Ok(length)) => return back.send_to(&answer[..length], from).await.map(drop),
            Ok(Err(error)) => last = error,
            Err(_) => last = std::io::ErrorKind::TimedOut.into(),
        }
    }
    Err(last)
}

async fn stream(mut client: TcpStream) -> std::io::Result<()> {
    let relay = async {
        let mut last = std::io::Error::other("the host has no resolver");
        for resolver in resolvers() {
            match TcpStream::connect(resolver).await {
                Ok(mut server) => {
                    return tokio::io::copy_bidirectional(&mut client, &mut server).await.map(drop);
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    };
    tokio::time::timeout(PATIENCE * 2, relay)
        .await
        .unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolvers_are_read() {
        let text = "# comment\nsearch a b\nnameserver 127.0.0.53\n nameserver ::1\nnameserver nonsense\n";
        let expect: Vec<SocketAddr> =
            vec!["127.0.0.53:53".parse().expect("address"), "[::1]:53".parse().expect("address")];
        assert_eq!(parse(text), expect);
    }
}
