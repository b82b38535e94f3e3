//! Bytes on a TLS connection, and HTTP/2 frames, as no well-behaved client sends them.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};

/// How long one read or write may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A TLS connection.
pub(crate) type Tls = StreamOwned<ClientConnection, TcpStream>;

/// Where a server on this machine listens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Door(pub(crate) u16);

impl Door {
    /// A connection without anything on it.
    pub(crate) fn tcp(self) -> Result<TcpStream> {
        let stream = TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], self.0)), PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// A connection after its handshake, for this protocol.
    pub(crate) fn tls(self, protocol: &str) -> Result<Tls> {
        let provider = Arc::new(ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyServer(provider)))
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
        let name = ServerName::try_from("localhost")?;
        let mut stream = StreamOwned::new(ClientConnection::new(Arc::new(config), name)?, self.tcp()?);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).context("a TLS handshake")?;
        }
        Ok(stream)
    }

    /// What is answered to a plain GET, on a connection of its own: the head and what came of the body.
    pub(crate) fn get(self, path: &str) -> Result<String> {
        let mut stream = self.tls("http/1.1")?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        rest_of(&mut stream)
    }
}

/// All that a connection still says, up to its end, however that comes.
pub(crate) fn rest_of(stream: &mut Tls) -> Result<String> {
    let (mut all, mut piece) = (Vec::new(), vec![0; 64 << 10]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => all.extend_from_slice(&piece[..length]),
            Err(error) if is_end(&error) => break,
            Err(error) => return Err(error).context("an answer, or the connection's end"),
        }
    }
    Ok(String::from_utf8_lossy(&all).into_owned())
}

/// Whether the other side has hung up.
pub(crate) fn is_end(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// The tests know whom they talk to.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            cert,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            cert,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Kinds of frames (RFC 9113, section 6).
pub(crate) mod kind {
    pub(crate) const DATA: u8 = 0;
    pub(crate) const HEADERS: u8 = 1;
    pub(crate) const RST_STREAM: u8 = 3;
    pub(crate) const SETTINGS: u8 = 4;
    pub(crate) const PING: u8 = 6;
    pub(crate) const GOAWAY: u8 = 7;
    pub(crate) const CONTINUATION: u8 = 9;
}

pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

/// A frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) flags: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    pub(crate) fn new(kind: u8, flags: u8, stream: u32, payload: impl Into<Vec<u8>>) -> Self {
        Self { kind, flags, stream, payload: payload.into() }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let length = u32::try_from(self.payload.len()).unwrap_or(u32::MAX).to_be_bytes();
        let mut out = length[1..].to_vec();
        out.extend([self.kind, self.flags]);
        out.extend(self.stream.to_be_bytes());
        out.extend(&self.payload);
        out
    }
}

/// A length in HPACK's form, with what the first byte says besides (RFC 7541, section 5.1).
fn integer(out: &mut Vec<u8>, first: u8, prefix_bits: u8, mut value: usize) {
    let most = (1_usize << prefix_bits) - 1;
    if value < most {
        out.push(first | u8::try_from(value).unwrap_or_default());
        return;
    }
    out.push(first | u8::try_from(most).unwrap_or_default());
    value -= most;
    while value >= 128 {
        out.push(u8::try_from(value % 128).unwrap_or_default() | 128);
        value /= 128;
    }
    out.push(u8::try_from(value).unwrap_or_default());
}

/// Header fields as literals; `keep`: in the table of what later blocks can point at.
pub(crate) fn literals(fields: &[(&str, &str)], keep: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in fields {
        out.push(if keep { 0x40 } else { 0 });
        for text in [name, value] {
            integer(&mut out, 0, 7, text.len());
            out.extend(text.as_bytes());
        }
    }
    out
}

/// The head of a GET with the administrator's token.
pub(crate) fn get(path: &str) -> Vec<u8> {
    let bearer = format!("Bearer {}", crate::server::TOKEN);
    literals(
        &[
            (":method", "GET"),
            (":scheme", "https"),
            (":authority", "localhost"),
            (":path", path),
            ("authorization", &bearer),
        ],
        false,
    )
}

/// An HTTP/2 connection after its preface.
pub(crate) struct Http2 {
    pub(crate) stream: Tls,
    buffer: Vec<u8>,
}

impl Http2 {
    /// Opens one; answers on it may be so long until the client says more.
    pub(crate) fn open(door: Door, window: u32) -> Result<Self> {
        let mut stream = door.tls("h2")?;
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")?;
        let mut settings = vec![0, 4];
        settings.extend(window.to_be_bytes());
        stream.write_all(&Frame::new(kind::SETTINGS, 0, 0, settings).bytes())?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// Writes frames at once; false: the other side has hung up.
    pub(crate) fn send(&mut self, frames: &[Frame]) -> Result<bool> {
        let bytes: Vec<u8> = frames.iter().flat_map(Frame::bytes).collect();
        match self.stream.write_all(&bytes).and_then(|()| self.stream.flush()) {
            Ok(()) => Ok(true),
            Err(error) if is_end(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The next frame; `None`: the other side has hung up.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>> {
        loop {
            if let Some(frame) = self.whole() {
                return Ok(Some(frame));
            }
            let mut piece = [0; 16 << 10];
            match self.stream.read(&mut piece) {
                Ok(0) => return Ok(None),
                Ok(length) => self.buffer.extend_from_slice(&piece[..length]),
                Err(error) if is_end(&error) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn whole(&mut self) -> Option<Frame> {
        let head = self.buffer.get(..9)?;
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        let (kind, flags) = (head[3], head[4]);
        let stream = u32::from_be_bytes([head[5] & 0x7f, head[6], head[7], head[8]]);
        let payload = self.buffer.get(9..9 + length)?.to_vec();
        self.buffer.drain(..9 + length);
        Some(Frame { kind, flags, stream, payload })
    }

    /// The next frame of which this holds; pings are answered meanwhile.
    pub(crate) fn await_frame(&mut self, wanted: impl Fn(&Frame) -> bool) -> Result<Frame> {
        loop {
            let Some(frame) = self.next()? else { bail!("the connection has ended") };
            if wanted(&frame) {
                return Ok(frame);
            }
            if frame.kind == kind::PING && frame.flags == 0 {
                self.send(&[Frame::new(kind::PING, 1, 0, frame.payload)])?;
            }
        }
    }

    /// Why the other side sends the client away: GOAWAY's code; `None`: it hangs up without a word.
    pub(crate) fn sent_away(&mut self) -> Result<Option<u32>> {
        while let Some(frame) = self.next()? {
            if frame.kind == kind::GOAWAY {
                let code = frame.payload.get(4..8).context("a GOAWAY with a code")?;
                return Ok(Some(u32::from_be_bytes([code[0], code[1], code[2], code[3]])));
            }
        }
        Ok(None)
    }
}
