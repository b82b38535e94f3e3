//! Connections to pods.

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;

/// Opens a TCP connection, and words a failure as people know it from other kubelets.
pub(crate) async fn dial(host: &str, port: u16, timeout: Duration) -> Result<TcpStream, String> {
    let bare = host.trim_matches(['[', ']']);
    let address = if bare.contains(':') { format!("[{bare}]:{port}") } else { format!("{bare}:{port}") };
    match tokio::time::timeout(timeout, TcpStream::connect((bare, port))).await {
        Ok(Ok(stream)) => {
            // A probe's few bytes should not wait for more.
            stream.set_nodelay(true).map_err(|error| format!("dial tcp {address}: {error}"))?;
            Ok(stream)
        }
        Ok(Err(error)) => Err(format!("dial tcp {address}: {}", words(&error))),
        Err(_) => Err(format!("dial tcp {address}: i/o timeout")),
    }
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connect: connection refused".to_owned(),
        io::ErrorKind::HostUnreachable => "connect: no route to host".to_owned(),
        io::ErrorKind::NetworkUnreachable => "connect: network is unreachable".to_owned(),
        io::ErrorKind::TimedOut => "i/o timeout".to_owned(),
        _ => error.to_string(),
    }
}
