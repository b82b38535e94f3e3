//! A connection and its streams, all opened by the client.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use bytes::Bytes;
use futures::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::sync::{Mutex, mpsc};

use super::frame::{self, FLAG_FIN, Frame, GOAWAY, HEADERS, PING, RST_STREAM, SYN_REPLY, SYN_STREAM};
use super::headers::{Decoder, Encoder, Headers};

/// How many streams may be open at once.
const STREAMS_MAX: usize = 1024;
/// How many streams may wait for being taken.
const WAITING_MAX: usize = 64;
/// How many pieces of a stream may wait for being read.
const PIECES_MAX: usize = 16;
/// The longest piece.
const PIECE: usize = 16 << 10;

const REFUSED_STREAM: u32 = 3;
const PROTOCOL_ERROR: u32 = 1;

/// A stream that the client has opened.
pub(crate) struct Stream {
    pub(crate) headers: Headers,
    pub(crate) reader: Reader,
    pub(crate) writer: Writer,
}

impl Stream {
    /// The value of a header; the name in lower case.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }
}

/// What the client sends on a stream.
pub(crate) struct Reader(mpsc::Receiver<Bytes>);

impl Reader {
    /// The next piece; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        self.0.recv().await
    }
}

/// What is sent to the client on a stream.
pub(crate) struct Writer {
    id: u32,
    shared: Arc<Shared>,
}

impl Writer {
    /// Sends bytes.
    pub(crate) async fn send(&self, data: &[u8]) -> io::Result<()> {
        for piece in data.chunks(PIECE) {
            self.shared.write(&frame::data(self.id, 0, piece)).await?;
        }
        Ok(())
    }

    /// Says that nothing more will be sent.
    pub(crate) async fn finish(&self) -> io::Result<()> {
        self.shared.write(&frame::data(self.id, FLAG_FIN, &[])).await
    }
}

/// What the reading of a connection and the writers of its streams share.
struct Shared {
    output: Mutex<Box<dyn AsyncWrite + Send + Unpin>>,
}

impl Shared {
    async fn write(&self, frame: &[u8]) -> io::Result<()> {
        let mut output = self.output.lock().await;
        output.write_all(frame).await?;
        output.flush().await
    }

    async fn reset(&self, id: u32, reason: u32) -> io::Result<()> {
        let body = [id.to_be_bytes(), reason.to_be_bytes()].concat();
        self.write(&frame::control(RST_STREAM, 0, &body)).await
    }
}

/// Serves a connection. Streams come out of the receiver; the future must be driven for them to work, and ends with the
/// connection.
pub(crate) fn serve<T>(io: T) -> (mpsc::Receiver<Stream>, BoxFuture<'static, io::Result<()>>)
where
    T: AsyncRead + AsyncWrite + Send + 'static,
{
    let (input, output): (ReadHalf<T>, WriteHalf<T>) = split(io);
    let shared = Arc::new(Shared { output: Mutex::new(Box::new(output)) });
    let (opened, streams) = mpsc::channel(WAITING_MAX);
    let connection = Connection {
        input,
        shared,
        opened,
        open: BTreeMap::new(),
        last: 0,
        decoder: Decoder::new(),
        encoder: StdMutex::new(Encoder::new()),
    };
    (streams, Box::pin(connection.run()))
}

struct Connection<R> {
    input: R,
    shared: Arc<Shared>,
    opened: mpsc::Sender<Stream>,
    /// By id, where to put what the client sends.
    open: BTreeMap<u32, mpsc::Sender<Bytes>>,
    last: u32,
    decoder: Decoder,
    encoder: StdMutex<Encoder>,
}

fn malformed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

impl<R: AsyncRead + Send + Unpin> Connection<R> {
    async fn run(mut self) -> io::Result<()> {
        while let Some(next) = frame::read(&mut self.input).await? {
            match next {
                Frame::Data { stream, flags, length } => self.data(stream, flags, length).await?,
                Frame::Control { kind: SYN_STREAM, flags, body } => self.syn_stream(flags, &body).await?,
                Frame::Control { kind: RST_STREAM, body, .. } => {
                    let ([stream, _], _) = frame::numbers(&body)?;
                    self.open.remove(&stream);
                }
                Frame::Control { kind: PING, body, .. } => {
                    let ([id], _) = frame::numbers(&body)?;
                    // An even one would be the answer to one of ours.
                    if id % 2 == 1 {
                        self.shared.write(&frame::control(PING, 0, &body[..4])).await?;
                    }
                }
                Frame::Control { kind: HEADERS, body, .. } => {
                    // Of no use here, but the state of compression depends on it.
                    let (_, block) = frame::numbers::<1>(&body)?;
                    self.decoder.decode(block).map_err(malformed)?;
                }
                Frame::Control { kind: GOAWAY, .. } => {
                    // The client opens no more streams; those that are open go on.
                }
                Frame::Control { .. } => {}
            }
        }
        Ok(())
    }

    async fn syn_stream(&mut self, flags: u8, body: &[u8]) -> io::Result<()> {
        let ([id, _], rest) = frame::numbers(body)?;
        let id = id & 0x7fff_ffff;
        // Priority and slot.
        let block = rest.get(2..).ok_or_else(|| malformed("SPDY control frame too short"))?;
        let headers = self.decoder.decode(block).map_err(malformed)?;
        if id % 2 == 0 || id <= self.last {
            return self.shared.reset(id, PROTOCOL_ERROR).await;
        }
        self.last = id;
        if self.open.len() >= STREAMS_MAX {
            // Those whose readers are gone need no place.
            self.open.retain(|_, sender| !sender.is_closed());
        }
        if self.open.len() >= STREAMS_MAX {
            return self.shared.reset(id, REFUSED_STREAM).await;
        }
        let (sender, pieces) = mpsc::channel(PIECES_MAX);
        let writer = Writer { id, shared: self.shared.clone() };
        let stream = Stream { headers, reader: Reader(pieces), writer };
        if self.opened.send(stream).await.is_err() {
            return self.shared.reset(id, REFUSED_STREAM).await;
        }
        if flags & FLAG_FIN == 0 {
            self.open.insert(id, sender);
        }
        let block = self.encoder.lock().unwrap_or_else(PoisonError::into_inner).encode(&[]);
        let reply = frame::control(SYN_REPLY, 0, &[&id.to_be_bytes()[..], &block].concat());
        self.shared.write(&reply).await
    }

    /// Hands the data on in pieces, as fast as the stream's reader takes them.
    async fn data(&mut self, stream: u32, flags: u8, mut length: usize) -> io::Result<()> {
        while length > 0 {
            let mut piece = vec![0; length.min(PIECE)];
            self.input.read_exact(&mut piece).await?;
            length -= piece.len();
            if let Some(sender) = self.open.get(&stream)
                && sender.send(piece.into()).await.is_err()
            {
                // Nobody reads it any more.
                self.open.remove(&stream);
            }
        }
        if flags & FLAG_FIN != 0 {
            self.open.remove(&stream);
        }
        Ok(())
    }
}
