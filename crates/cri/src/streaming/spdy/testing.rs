//! A client, as simple as the ones in use.

use std::collections::BTreeMap;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::frame::{self, FLAG_FIN, Frame, PING, SYN_REPLY, SYN_STREAM};
use super::headers::{Decoder, Encoder};

/// One connection.
pub(crate) struct Client<T> {
    io: T,
    encoder: Encoder,
    decoder: Decoder,
    last: u32,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Client<T> {
    pub(crate) fn new(io: T) -> Self {
        Self { io, encoder: Encoder::new(), decoder: Decoder::new(), last: 0 }
    }

    /// The id of the next stream.
    pub(crate) fn next_id(&mut self, _purpose: &str) -> u32 {
        self.last = if self.last == 0 { 1 } else { self.last + 2 };
        self.last
    }

    pub(crate) async fn open(&mut self, id: u32, headers: &[(&str, &str)]) {
        let block = self.encoder.encode(headers);
        let body = [&id.to_be_bytes()[..], &[0; 6], &block].concat();
        self.io.write_all(&frame::control(SYN_STREAM, 0, &body)).await.expect("sent");
    }

    pub(crate) async fn send(&mut self, id: u32, data: &[u8], last: bool) {
        let flags = if last { FLAG_FIN } else { 0 };
        self.io.write_all(&frame::data(id, flags, data)).await.expect("sent");
    }

    /// What comes on streams, until all of `ids` are at their ends.
    pub(crate) async fn gather(&mut self, ids: &[u32]) -> BTreeMap<u32, Vec<u8>> {
        let mut open = ids.to_vec();
        let mut out = ids.iter().map(|id| (*id, Vec::new())).collect::<BTreeMap<_, Vec<u8>>>();
        while !open.is_empty() {
            match frame::read(&mut self.io).await.expect("a frame").expect("more frames") {
                Frame::Data { stream, flags, length } => {
                    let mut data = vec![0; length];
                    self.io.read_exact(&mut data).await.expect("data");
                    out.entry(stream).or_default().extend(data);
                    if flags & FLAG_FIN != 0 {
                        open.retain(|id| *id != stream);
                    }
                }
                Frame::Control { kind: SYN_REPLY, body, .. } => {
                    self.decoder.decode(&body[4..]).expect("headers");
                }
                Frame::Control { kind: PING, body, .. } => assert_eq!(body, [0, 0, 0, 9]),
                Frame::Control { kind, .. } => panic!("unexpected frame {kind}"),
            }
        }
        out
    }
}

/// Two connections to ports at once: one that echoes, one that is refused.
pub(crate) async fn check_ports<T: AsyncRead + AsyncWrite + Unpin>(mut client: Client<T>) {
    client.io.write_all(&frame::control(PING, 0, &[0, 0, 0, 9])).await.expect("sent");
    let mut all = Vec::new();
    for (request, port) in [("0", "80"), ("1", "1")] {
        let error = client.next_id("error");
        client.open(error, &[("streamtype", "error"), ("port", port), ("requestid", request)]).await;
        client.send(error, b"", true).await;
        let data = client.next_id("data");
        client.open(data, &[("streamtype", "data"), ("port", port), ("requestid", request)]).await;
        all.extend([error, data]);
    }
    let long = vec![b'x'; 100_000];
    client.send(all[1], b"abc", false).await;
    client.send(all[1], &long, true).await;
    let streams = client.gather(&all).await;
    assert_eq!(streams[&all[0]], b"");
    assert_eq!(streams[&all[1]].len(), 3 + long.len());
    let told = String::from_utf8_lossy(&streams[&all[2]]);
    assert!(told.contains("error forwarding port 1 to pod s: connection refused"), "{told}");
}
