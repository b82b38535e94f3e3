//! Port-forward over WebSocket as it was before SPDY was tunnelled through it, and as other clients than kubectl still
//! speak it: the request names the ports, and each has two channels, data and error, in the order of the request.
//!
//! On both the server first says the port, two bytes with the lower one first. When the pod has ended all its
//! connections the socket is closed.

use std::io;
use std::pin::pin;
use std::sync::Arc;

use futures::StreamExt;
use futures::future::join_all;
use hyper::upgrade::Upgraded;
use tokio::io::{AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex};

use super::Handler;
use super::session::BUFFER;
use super::websocket::{self, Protocol, Sender, WsError};

/// Ports of one request: a channel's number is a byte.
pub(crate) const PORTS_MAX: usize = 100;

/// Serves ports of a sandbox to the client of an upgraded connection, until it or the pod hangs up.
pub(crate) async fn run(
    upgraded: Upgraded,
    protocol: Protocol,
    handler: Arc<dyn Handler>,
    sandbox: String,
    ports: Vec<u16>,
) -> io::Result<()> {
    let (sender, mut receiver) = websocket::accept(upgraded).await.split();
    let sender = Sender::new(sender);
    let mut to_pods = Vec::with_capacity(ports.len());
    let mut running = Vec::with_capacity(ports.len());
    for (channel, port) in (0_u8..).step_by(2).zip(ports) {
        let (here, there) = duplex(BUFFER);
        let (from_pod, to_pod) = tokio::io::split(there);
        to_pods.push(Some(to_pod));
        let forward = Forward { sender: &sender, protocol, channel, port };
        running.push(forward.run(&*handler, &sandbox, here, from_pod));
    }
    let outgoing = async {
        join_all(running).await.into_iter().collect::<Result<(), WsError>>()?;
        websocket::say_goodbye(&sender).await
    };
    let incoming = async {
        while let Some(Ok(message)) = receiver.next().await {
            let Some((channel, data)) = websocket::decode(protocol, message) else { continue };
            // Nothing is to be said on the error channels.
            if channel % 2 == 0
                && let Some(to_pod) = to_pods.get_mut(usize::from(channel / 2))
            {
                pass_on(to_pod, &data).await;
            }
        }
    };
    tokio::select! {
        // The client is gone: dropping the others ends the connections.
        () = incoming => Ok(()),
        ended = outgoing => ended.map_err(io::Error::other),
    }
}

/// A pod that no longer reads is no reason to end.
async fn pass_on(to_pod: &mut Option<WriteHalf<DuplexStream>>, data: &[u8]) {
    if let Some(open) = to_pod
        && open.write_all(data).await.is_err()
    {
        *to_pod = None;
    }
}

/// One port.
struct Forward<'a> {
    sender: &'a Sender,
    protocol: Protocol,
    channel: u8,
    port: u16,
}

impl Forward<'_> {
    async fn run(
        self,
        handler: &dyn Handler,
        sandbox: &str,
        here: DuplexStream,
        from_pod: ReadHalf<DuplexStream>,
    ) -> Result<(), WsError> {
        let (data, error) = (self.channel, self.channel + 1);
        for channel in [data, error] {
            websocket::send(self.sender, self.protocol, channel, &self.port.to_le_bytes()).await?;
        }
        let mut copy = pin!(websocket::copy(self.sender, self.protocol, data, Some(from_pod)));
        let forwarded = tokio::select! {
            biased;
            forwarded = handler.port_forward(sandbox, self.port, here) => forwarded,
            // The client has no way to end its half alone: what counts is the pod's.
            copied = &mut copy => return copied,
        };
        copy.await?;
        if let Err(failure) = forwarded {
            let text = format!("error forwarding port {} to pod {sandbox}: {failure}", self.port);
            websocket::send(self.sender, self.protocol, error, text.as_bytes()).await?;
        }
        Ok(())
    }
}
