//! Connection tracking: forgets flows, so that the next packet is judged by today's rules.
//!
//! Of use for UDP: a client that goes on sending from the same port keeps its old translation alive for ever.
//! Through the `conntrack` tool, in the namespace of the thread that calls.

use std::io;
use std::net::IpAddr;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Which flows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    /// `udp`, `sctp`.
    pub protocol: &'static str,
    /// Where the first packet was sent; `None`: anywhere.
    pub destination: Option<IpAddr>,
    /// To which port.
    pub port: Option<u16>,
    /// Who answers, where the destination was translated: the endpoint.
    pub reply_source: Option<IpAddr>,
}

/// Why flows could not be forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ConntrackError {
    /// The tool could not be run.
    #[error("run conntrack")]
    Run(#[source] io::Error),
    /// It refused: its words.
    #[error("conntrack: {0}")]
    Refused(String),
    /// It did not end.
    #[error("conntrack did not end in time")]
    Timeout,
}

/// Forgets all flows like this; fine when there are none.
pub async fn forget(flow: &Flow) -> Result<(), ConntrackError> {
    let mut command = Command::new("conntrack");
    command.args(["-D", "-p", flow.protocol]);
    if let Some(ip) = flow.destination {
        command.arg("--orig-dst").arg(ip.to_string());
    }
    if let Some(port) = flow.port {
        command.arg("--dport").arg(port.to_string());
    }
    if let Some(ip) = flow.reply_source {
        command.arg("--dst-nat").arg(ip.to_string());
    }
    let v6 = flow.destination.or(flow.reply_source).is_some_and(|ip| ip.is_ipv6());
    command.args(["-f", if v6 { "ipv6" } else { "ipv4" }]);
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output =
        tokio::time::timeout(TIMEOUT, command.output()).await.map_err(|_| ConntrackError::Timeout)?;
    let output = output.map_err(ConntrackError::Run)?;
    let message = String::from_utf8_lossy(&output.stderr);
    // It fails when nothing matched, and says so.
    if output.status.success() || message.contains("0 flow entries have been deleted") {
        return Ok(());
    }
    Err(ConntrackError::Refused(message.trim().chars().take(500).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netns::NetNs;

    #[tokio::test]
    async fn forgetting_nothing_is_fine() {
        let flow = Flow {
            protocol: "udp",
            destination: Some("10.96.0.10".parse().unwrap()),
            port: Some(53),
            reply_source: Some("10.244.0.2".parse().unwrap()),
        };
        let done = NetNs::create().unwrap().run(async move || forget(&flow).await).await.unwrap();
        done.unwrap();
    }
}
