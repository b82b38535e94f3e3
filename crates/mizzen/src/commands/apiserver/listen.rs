//! The listener's socket, and the address that others are told.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use anyhow::{Context, Result};
use tokio::net::{TcpListener, TcpSocket};

use super::flags::ServingFlags;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// Listens where the flags say.
pub(super) fn listen(flags: &ServingFlags) -> Result<TcpListener> {
    let address = SocketAddr::new(flags.bind_address, flags.secure_port);
    let bind = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // A server that is started again finds its port in use by connections that wait to end.
        socket.set_reuseaddr(true)?;
        if flags.permit_port_sharing {
            socket.set_reuseport(true)?;
        }
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    bind().with_context(|| format!("listen on {address}"))
}

/// Where others reach a server that listens at `bound`: there, or at the address from which this machine would go
/// elsewhere.
pub(super) fn advertised(bound: IpAddr) -> Option<IpAddr> {
    if !bound.is_unspecified() && !bound.is_loopback() {
        return Some(bound);
    }
    // Choosing a route sends nothing.
    let probe = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    probe.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let own = probe.local_addr().ok()?.ip();
    (!own.is_unspecified() && !own.is_loopback()).then_some(own)
}
