//! Port-forward over SPDY: for each connection of the user a pair of streams, data and error, which name port and pair
//! in their headers.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio::time::{Instant, sleep_until};

use super::session::BUFFER;
use super::{Handler, spdy};

/// The one version of the protocol.
pub(crate) const PROTOCOL: &str = "portforward.k8s.io";
/// The same inside WebSocket, as a subprotocol.
pub(crate) const TUNNEL_PROTOCOL: &str = "SPDY/3.1+portforward.k8s.io";

/// How many connections a user may have at once.
const PAIRS_MAX: usize = 500;
/// How long the second stream of a pair may take to come.
const PAIR_TIMEOUT: Duration = Duration::from_secs(30);

/// One stream of a pair that waits for the other.
struct Half {
    stream: spdy::Stream,
    until: Instant,
}

/// Serves the ports of a sandbox to the client behind `io`, until it is gone.
pub(crate) async fn run<T>(io: T, handler: Arc<dyn Handler>, sandbox: String) -> io::Result<()>
where
    T: AsyncRead + AsyncWrite + Send + 'static,
{
    let (mut streams, connection) = spdy::serve(io);
    let forward = async {
        let mut halves = BTreeMap::<String, Half>::new();
        let mut running = FuturesUnordered::new();
        loop {
            let oldest = halves.values().map(|half| half.until).min();
            tokio::select! {
                stream = streams.recv() => {
                    let Some(stream) = stream else { break };
                    let key = pair_of(&stream);
                    if let Some(pair) = join(&mut halves, key, stream)
                        && running.len() < PAIRS_MAX
                    {
                        running.push(forward_one(handler.clone(), sandbox.clone(), pair));
                    }
                }
                Some(()) = running.next() => {}
                () = sleep_until(oldest.unwrap_or_else(now)), if oldest.is_some() => {
                    let now = now();
                    halves.retain(|_, half| half.until > now);
                }
            }
        }
        while running.next().await.is_some() {}
    };
    tokio::select! {
        // Once the connection is gone, nobody is left to forward for.
        ended = connection => ended,
        () = forward => Ok(()),
    }
}

#[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
fn now() -> Instant {
    Instant::now()
}

/// What names the pair of a stream. The oldest clients give none: then the port does.
fn pair_of(stream: &spdy::Stream) -> String {
    match stream.header("requestid") {
        "" => format!("port {}", stream.header("port")),
        id => id.to_owned(),
    }
}

/// Data and error stream of a connection.
struct Pair {
    data: spdy::Stream,
    error: spdy::Stream,
}

fn join(halves: &mut BTreeMap<String, Half>, key: String, stream: spdy::Stream) -> Option<Pair> {
    let is_data = stream.header("streamtype") == "data";
    match halves.remove(&key) {
        Some(Half { stream: other, .. }) if (other.header("streamtype") == "data") != is_data => {
            Some(if is_data {
                Pair { data: stream, error: other }
            } else {
                Pair { data: other, error: stream }
            })
        }
        // Twice the same: the later counts. Too many that wait: none more.
        _ if halves.len() < PAIRS_MAX => {
            halves.insert(key, Half { stream, until: now() + PAIR_TIMEOUT });
            None
        }
        _ => None,
    }
}

/// One connection: bytes both ways; what goes wrong is told on the error stream.
async fn forward_one(handler: Arc<dyn Handler>, sandbox: String, pair: Pair) {
    let Pair { data, error } = pair;
    let port = data.header("port").to_owned();
    let spdy::Stream { mut reader, writer, .. } = data;
    let result = match port.parse::<u16>() {
        Ok(number) if number > 0 => {
            let (here, there) = duplex(BUFFER);
            let (mut from_pod, mut to_pod) = tokio::io::split(there);
            let up = async {
                while let Some(piece) = reader.next().await {
                    if to_pod.write_all(&piece).await.is_err() {
                        return;
                    }
                }
                to_pod.shutdown().await.ok();
            };
            let down = async {
                let mut buffer = vec![0; 16 << 10];
                while let Ok(read) = from_pod.read(&mut buffer).await {
                    if read == 0 || writer.send(&buffer[..read]).await.is_err() {
                        break;
                    }
                }
                writer.finish().await.ok();
            };
            // The client's half may stay open for ever: what counts is the pod's.
            tokio::pin!(up);
            let run = async { tokio::join!(handler.port_forward(&sandbox, number, here), down).0 };
            tokio::pin!(run);
            tokio::select! {
                result = &mut run => result,
                () = &mut up => run.await,
            }
        }
        _ => {
            writer.finish().await.ok();
            Err(super::Failure(format!("invalid port {port:?}")))
        }
    };
    if let Err(failure) = result {
        let text = format!("error forwarding port {port} to pod {sandbox}: {failure}");
        error.writer.send(text.as_bytes()).await.ok();
    }
    error.writer.finish().await.ok();
}
