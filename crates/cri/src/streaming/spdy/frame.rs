//! Frames on the wire.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// The version in control frames.
const VERSION: u16 = 3;
/// The longest control frame, in bytes.
const CONTROL_MAX: usize = 64 << 10;

pub(crate) const SYN_STREAM: u16 = 1;
pub(crate) const SYN_REPLY: u16 = 2;
pub(crate) const RST_STREAM: u16 = 3;
pub(crate) const PING: u16 = 6;
pub(crate) const GOAWAY: u16 = 7;
pub(crate) const HEADERS: u16 = 8;

/// The last frame of a stream in this direction.
pub(crate) const FLAG_FIN: u8 = 1;

/// What a frame begins with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A control frame, whole.
    Control { kind: u16, flags: u8, body: Vec<u8> },
    /// A data frame, whose `length` bytes follow.
    Data { stream: u32, flags: u8, length: usize },
}

fn malformed(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Reads the next frame, of a data frame only its head; `None` at the end.
pub(crate) async fn read(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Frame>> {
    let mut head = [0; 8];
    if from.read(&mut head[..1]).await? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut head[1..]).await?;
    let word = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
    let flags = head[4];
    let length = u32::from_be_bytes([0, head[5], head[6], head[7]]) as usize;
    if word >> 31 == 0 {
        return Ok(Some(Frame::Data { stream: word, flags, length }));
    }
    if word >> 16 & 0x7fff != u32::from(VERSION) {
        return Err(malformed("SPDY frame of another version"));
    }
    if length > CONTROL_MAX {
        return Err(malformed("SPDY control frame too long"));
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).await?;
    let kind = u16::try_from(word & 0xffff).expect("16 bits");
    Ok(Some(Frame::Control { kind, flags, body }))
}

/// A control frame.
pub(crate) fn control(kind: u16, flags: u8, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(8 + body.len());
    out.extend((VERSION | 0x8000).to_be_bytes());
    out.extend(kind.to_be_bytes());
    out.extend(length(flags, body.len()));
    out.extend(body);
    out
}

/// A data frame.
pub(crate) fn data(stream: u32, flags: u8, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(8 + body.len());
    out.extend(stream.to_be_bytes());
    out.extend(length(flags, body.len()));
    out.extend(body);
    out
}

fn length(flags: u8, length: usize) -> [u8; 4] {
    let [over, a, b, c] = u32::try_from(length).expect("frames are short").to_be_bytes();
    debug_assert_eq!(over, 0, "a frame's length has 24 bits");
    [flags, a, b, c]
}

/// The four-byte numbers that a control frame's body begins with.
pub(crate) fn numbers<const N: usize>(body: &[u8]) -> io::Result<([u32; N], &[u8])> {
    let mut rest = body;
    let mut out = [0; N];
    for number in &mut out {
        let (bytes, tail) =
            rest.split_first_chunk::<4>().ok_or_else(|| malformed("SPDY control frame too short"))?;
        *number = u32::from_be_bytes(*bytes);
        rest = tail;
    }
    Ok((out, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn parse(bytes: &[u8]) -> io::Result<Option<Frame>> {
        read(&mut &*bytes).await
    }

    #[tokio::test]
    async fn frames_there_and_back() {
        let ping = control(PING, 0, &[0, 0, 0, 1]);
        let expect = Frame::Control { kind: PING, flags: 0, body: vec![0, 0, 0, 1] };
        assert_eq!(parse(&ping).await.expect("read"), Some(expect));
        let expect = Frame::Data { stream: 5, flags: FLAG_FIN, length: 3 };
        assert_eq!(parse(&data(5, FLAG_FIN, b"abc")).await.expect("read"), Some(expect));
        assert_eq!(parse(&[]).await.expect("end"), None);
    }

    #[tokio::test]
    async fn lies_are_refused_before_memory_is_taken() {
        // A SETTINGS frame that claims 16 MiB, another version, half a frame.
        for bytes in [&[0x80, 3, 0, 4, 0, 0xff, 0xff, 0xff][..], &[0x80, 2, 0, 6, 0, 0, 0, 0], &[0x80, 3, 0]]
        {
            assert!(parse(bytes).await.is_err(), "{bytes:?}");
        }
    }
}
