//! Files of checksummed frames: their names, headers and reading (see the crate's head for the format).

use std::io::{self, Read};

/// The version of the format that is written. Older ones are read as well, newer ones refused.
pub(crate) const FORMAT_VERSION: u8 = 1;
pub(crate) const HEADER_LEN: usize = 32;
pub(crate) const FRAME_HEADER_LEN: usize = 24;

const MAGIC: [u8; 8] = *b"mizzenst";
const FRAME_MAGIC: [u8; 4] = [0xf7, b'm', b'z', 0x1d];
const ALIGNMENT: usize = 8;
/// Far above what a batch can be; bounds what a bad length makes the reader take in.
const PAYLOAD_MAX: usize = 256 << 20;
const READ_STEP: usize = 256 << 10;

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Log = 1,
    Checkpoint = 2,
}

impl Kind {
    /// The file's name: `log-0000000000000001`.
    pub(crate) fn file_name(self, sequence: u64) -> String {
        match self {
            Self::Log => format!("log-{sequence:016x}"),
            Self::Checkpoint => format!("checkpoint-{sequence:016x}"),
        }
    }

    /// The reverse of [`Kind::file_name`].
    pub(crate) fn parse_name(name: &str) -> Option<(Self, u64)> {
        let (kind, digits) = match name.strip_prefix("log-") {
            Some(digits) => (Self::Log, digits),
            None => (Self::Checkpoint, name.strip_prefix("checkpoint-")?),
        };
        let sequence = u64::from_str_radix(digits, 16).ok()?;
        (kind.file_name(sequence) == name).then_some((kind, sequence))
    }
}

/// A file's header.
pub(crate) fn header(kind: Kind, sequence: u64, previous_len: u64) -> [u8; HEADER_LEN] {
    let mut bytes = [0; HEADER_LEN];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8] = FORMAT_VERSION;
    bytes[9] = kind as u8;
    bytes[16..24].copy_from_slice(&sequence.to_le_bytes());
    bytes[24..].copy_from_slice(&previous_len.to_le_bytes());
    let checksum = crc32c::crc32c(&bytes);
    bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// An empty frame's beginning, to append records to and then [`seal`].
pub(crate) fn begin(frame: &mut Vec<u8>) {
    frame.clear();
    frame.resize(FRAME_HEADER_LEN, 0);
}

/// Completes a frame that will stand at `offset` of file `sequence`, of which `synced` bytes are durable.
pub(crate) fn seal(frame: &mut Vec<u8>, sequence: u64, offset: u64, synced: u64) {
    let payload_len = frame.len() - FRAME_HEADER_LEN;
    assert!(payload_len <= PAYLOAD_MAX, "batches are bounded");
    frame[..4].copy_from_slice(&FRAME_MAGIC);
    frame[4..8].copy_from_slice(&(payload_len as u32).to_le_bytes());
    frame[16..24].copy_from_slice(&synced.to_le_bytes());
    let checksum = checksum(frame, sequence, offset, payload_len);
    frame[8..12].copy_from_slice(&checksum.to_le_bytes());
    frame.resize(frame.len().next_multiple_of(ALIGNMENT), 0);
}

/// Over all of the frame but the checksum, and over where it stands: a stale or misplaced frame fails.
fn checksum(frame: &[u8], sequence: u64, offset: u64, payload_len: usize) -> u32 {
    let mut checksum = crc32c::crc32c(&sequence.to_le_bytes());
    checksum = crc32c::crc32c_append(checksum, &offset.to_le_bytes());
    checksum = crc32c::crc32c_append(checksum, &frame[..8]);
    crc32c::crc32c_append(checksum, &frame[12..FRAME_HEADER_LEN + payload_len])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

/// Why a file's header was not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BadHeader {
    /// Not a header, or not this file's.
    Damaged,
    /// Written by a newer version of the format.
    TooNew(u8),
}

/// What comes next in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A whole frame: see [`Reader::payload`].
    Frame,
    /// The file ends here, behind a whole frame.
    End,
    /// The bytes from here on are no frame.
    Bad,
}

/// Reads a file of frames from its start.
pub(crate) struct Reader {
    file: Box<dyn Read + Send>,
    sequence: u64,
    /// Bytes read; those before `used` belong to frames already returned.
    window: Vec<u8>,
    used: usize,
    /// The file offset of `window[used]`.
    offset: u64,
    /// The last frame's, in the window.
    payload: std::ops::Range<usize>,
}

impl Reader {
    pub(crate) fn new(file: Box<dyn Read + Send>, sequence: u64) -> Self {
        Self { file, sequence, window: Vec::new(), used: 0, offset: 0, payload: 0..0 }
    }

    /// Where the next frame begins (or should).
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Makes `length` bytes available behind `used`, or as many as the file has.
    fn fill(&mut self, length: usize) -> io::Result<bool> {
        if self.window.len() - self.used >= length {
            return Ok(true);
        }
        self.window.drain(..self.used);
        self.used = 0;
        let wanted = length.max(READ_STEP) - self.window.len();
        self.file.by_ref().take(wanted as u64).read_to_end(&mut self.window)?;
        Ok(self.window.len() >= length)
    }

    fn consume(&mut self, length: usize) {
        self.used += length;
        self.offset += length as u64;
    }

    /// Reads the header and returns the length of the file before this one. When it is bad, nothing is
    /// consumed.
    pub(crate) fn header(&mut self, kind: Kind) -> io::Result<Result<u64, BadHeader>> {
        if !self.fill(HEADER_LEN)? {
            return Ok(Err(BadHeader::Damaged));
        }
        let mut bytes: [u8; HEADER_LEN] =
            self.window[self.used..self.used + HEADER_LEN].try_into().expect("its length");
        let stored = u32_at(&bytes, 12);
        bytes[12..16].fill(0);
        if bytes[..8] != MAGIC || stored != crc32c::crc32c(&bytes) {
            return Ok(Err(BadHeader::Damaged));
        }
        if bytes[8] > FORMAT_VERSION {
            return Ok(Err(BadHeader::TooNew(bytes[8])));
        }
        if bytes[8] == 0 || bytes[9] != kind as u8 || u64_at(&bytes, 16) != self.sequence {
            return Ok(Err(BadHeader::Damaged));
        }
        self.consume(HEADER_LEN);
        Ok(Ok(u64_at(&bytes, 24)))
    }

    /// The next frame. After [`Next::Bad`] only [`Reader::proves_loss`] makes sense.
    pub(crate) fn next(&mut self) -> io::Result<Next> {
        if !self.fill(FRAME_HEADER_LEN)? {
            return Ok(if self.window.len() == self.used { Next::End } else { Next::Bad });
        }
        let head = &self.window[self.used..];
        let payload_len = u32_at(head, 4) as usize;
        if head[..4] != FRAME_MAGIC || payload_len > PAYLOAD_MAX {
            return Ok(Next::Bad);
        }
        let frame_len = (FRAME_HEADER_LEN + payload_len).next_multiple_of(ALIGNMENT);
        if !self.fill(frame_len)? || !frame_is_whole(&self.window[self.used..], self.sequence, self.offset) {
            return Ok(Next::Bad);
        }
        let start = self.used + FRAME_HEADER_LEN;
        self.consume(frame_len);
        self.payload = start..start + payload_len;
        Ok(Next::Frame)
    }

    /// The payload of the frame that [`Reader::next`] has just found.
    pub(crate) fn payload(&self) -> &[u8] {
        &self.window[self.payload.clone()]
    }

    /// After bad bytes: is there a later frame that was written when these bytes were already durable? Then
    /// they are no torn tail but damage to what was acknowledged.
    pub(crate) fn proves_loss(&mut self) -> io::Result<bool> {
        self.window.drain(..self.used);
        self.used = 0;
        self.file.read_to_end(&mut self.window)?;
        // Frames stand at multiples of the alignment, but the bad bytes may begin anywhere.
        let mut at = (self.offset.next_multiple_of(ALIGNMENT as u64) - self.offset) as usize;
        while at + FRAME_HEADER_LEN <= self.window.len() {
            let frame = &self.window[at..];
            if frame[..4] == FRAME_MAGIC
                && u64_at(frame, 16) > self.offset
                && frame_is_whole(frame, self.sequence, self.offset + at as u64)
            {
                return Ok(true);
            }
            at += ALIGNMENT;
        }
        Ok(false)
    }
}

/// Does `bytes` begin with a frame whose checksum fits its place?
fn frame_is_whole(bytes: &[u8], sequence: u64, offset: u64) -> bool {
    let payload_len = u32_at(bytes, 4) as usize;
    payload_len <= PAYLOAD_MAX
        && bytes.len() >= (FRAME_HEADER_LEN + payload_len).next_multiple_of(ALIGNMENT)
        && u32_at(bytes, 8) == checksum(bytes, sequence, offset, payload_len)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames with these payloads, synced after each but the last `unsynced`.
    fn file(payloads: &[&[u8]], unsynced: usize) -> Vec<u8> {
        let mut bytes = header(Kind::Log, 3, 0).to_vec();
        let mut synced = 0;
        for (number, payload) in payloads.iter().enumerate() {
            let mut frame = Vec::new();
            begin(&mut frame);
            frame.extend_from_slice(payload);
            seal(&mut frame, 3, bytes.len() as u64, synced);
            bytes.extend_from_slice(&frame);
            if number + unsynced < payloads.len() {
                synced = bytes.len() as u64;
            }
        }
        bytes
    }

    /// The payloads before the first bad byte, and whether the rest proves a loss.
    fn read(bytes: &[u8]) -> (Vec<Vec<u8>>, Option<bool>) {
        let mut reader = Reader::new(Box::new(io::Cursor::new(bytes.to_vec())), 3);
        let mut payloads = Vec::new();
        if reader.header(Kind::Log).unwrap().is_err() {
            return (payloads, Some(reader.proves_loss().unwrap()));
        }
        loop {
            match reader.next().unwrap() {
                Next::Frame => payloads.push(reader.payload().to_vec()),
                Next::End => return (payloads, None),
                Next::Bad => return (payloads, Some(reader.proves_loss().unwrap())),
            }
        }
    }

    #[test]
    fn names_round_trip() {
        for (kind, sequence) in [(Kind::Log, 1), (Kind::Checkpoint, u64::MAX)] {
            assert_eq!(Kind::parse_name(&kind.file_name(sequence)), Some((kind, sequence)));
        }
        for name in ["LOCK", "log-1", "log-000000000000000G", "checkpoint-0000000000000001.tmp"] {
            assert_eq!(Kind::parse_name(name), None);
        }
    }

    #[test]
    fn a_flipped_bit_ends_the_file_there() {
        let payloads: [&[u8]; 3] = [b"first", b"second one", b"third"];
        for unsynced in [1, 3] {
            let bytes = file(&payloads, unsynced);
            assert_eq!(read(&bytes), (payloads.map(<[u8]>::to_vec).to_vec(), None));
            for bit in 0..bytes.len() * 8 {
                let mut bytes = bytes.clone();
                bytes[bit / 8] ^= 1 << (bit % 8);
                let (read, loss) = read(&bytes);
                assert!(read.iter().zip(payloads).all(|(read, payload)| read == payload));
                // Padding is the only thing that is not covered; it carries nothing.
                if read.len() < payloads.len() {
                    let durable = if unsynced == 1 { read.len() + 1 < payloads.len() } else { false };
                    assert_eq!(loss, Some(durable), "bit {bit}");
                }
            }
        }
    }

    #[test]
    fn zeros_behind_the_last_frame_are_a_torn_tail() {
        let mut bytes = file(&[b"one", b"two"], 0);
        bytes.resize(bytes.len() + 4096, 0);
        assert_eq!(read(&bytes), (vec![b"one".to_vec(), b"two".to_vec()], Some(false)));
    }
}
