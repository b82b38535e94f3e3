//! Sockets on the cluster's LAN, for the control plane, which itself lives in the host's network.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result};
use mizzen_kernel::netns::NetNs;
use tokio::net::{TcpListener, TcpStream, UdpSocket};

/// How long a connection may take to come about.
const DIAL_TIMEOUT: Duration = Duration::from_secs(10);

/// The LAN. Clones share it.
#[derive(Clone)]
pub(crate) struct Lan(NetNs);

impl Lan {
    /// The LAN in this namespace.
    pub(crate) fn new(namespace: NetNs) -> Self {
        Self(namespace)
    }

    /// Its namespace.
    pub(crate) fn namespace(&self) -> &NetNs {
        &self.0
    }

    /// Connects to an address of a node, a pod or the LAN.
    pub(crate) async fn connect(&self, to: SocketAddr) -> io::Result<TcpStream> {
        let namespace = self.0.clone();
        // A socket stays in the namespace of the thread that made it; the thread itself is not needed any more.
        let dialled = tokio::task::spawn_blocking(move || namespace.tcp_connect(to, DIAL_TIMEOUT));
        let stream = dialled.await.map_err(io::Error::other)?.map_err(io::Error::other)??;
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        TcpStream::from_std(stream)
    }

    /// Listens on an address of the LAN.
    pub(crate) fn listen(&self, address: IpAddr, port: u16) -> Result<TcpListener> {
        let address = SocketAddr::new(address, port);
        let listener =
            self.0.tcp_listen(address)?.with_context(|| format!("listen on {address} of the LAN"))?;
        listener.set_nonblocking(true)?;
        Ok(TcpListener::from_std(listener)?)
    }

    /// Takes datagrams on an address of the LAN.
    pub(crate) fn datagrams(&self, address: IpAddr, port: u16) -> Result<UdpSocket> {
        let address = SocketAddr::new(address, port);
        let socket = self.0.udp_bind(address)?.with_context(|| format!("bind {address} of the LAN"))?;
        socket.set_nonblocking(true)?;
        Ok(UdpSocket::from_std(socket)?)
    }
}
