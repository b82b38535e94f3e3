//! Protobuf's wire format: tags, variable-length integers, lengths.

use crate::decode::DecodeError;

/// A field's content, by wire type.
#[derive(Debug, Clone, Copy)]
pub(super) enum Payload<'a> {
    Varint(u64),
    Fixed64(u64),
    /// Of no use to any type of Kubernetes.
    Fixed32,
    Bytes(&'a [u8]),
}

/// Reads fields off a message.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn error(&self, message: &str) -> DecodeError {
        DecodeError::syntax(format!("proto: {message}"), self.at)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn varint(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at).ok_or_else(|| self.error("unexpected end"))?;
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.error("integer overflow"))
    }

    fn take(&mut self, len: u64) -> Result<&'a [u8], DecodeError> {
        let end = usize::try_from(len).ok().and_then(|len| self.at.checked_add(len));
        let bytes =
            end.and_then(|end| self.bytes.get(self.at..end)).ok_or_else(|| self.error("unexpected end"))?;
        self.at += bytes.len();
        Ok(bytes)
    }

    /// The next field's tag and content; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<(u32, Payload<'a>)>, DecodeError> {
        if self.is_empty() {
            return Ok(None);
        }
        let key = self.varint()?;
        let tag =
            u32::try_from(key >> 3).ok().filter(|tag| *tag > 0).ok_or_else(|| self.error("illegal tag"))?;
        let payload = match key & 7 {
            0 => Payload::Varint(self.varint()?),
            1 => {
                let bytes = self.take(8)?.try_into().expect("eight bytes were taken");
                Payload::Fixed64(u64::from_le_bytes(bytes))
            }
            2 => {
                let len = self.varint()?;
                Payload::Bytes(self.take(len)?)
            }
            5 => {
                self.take(4)?;
                Payload::Fixed32
            }
            _ => return Err(self.error("groups are not used by Kubernetes")),
        };
        Ok(Some((tag, payload)))
    }
}

pub(super) fn push_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn push_key(tag: u32, wire_type: u8, out: &mut Vec<u8>) {
    push_varint(u64::from(tag) << 3 | u64::from(wire_type), out);
}

pub(super) fn push_int(tag: u32, value: i64, out: &mut Vec<u8>) {
    push_key(tag, 0, out);
    // Negative numbers take ten bytes: two's complement of 64 bits.
    push_varint(value as u64, out);
}

pub(super) fn push_bytes(tag: u32, bytes: &[u8], out: &mut Vec<u8>) {
    push_key(tag, 2, out);
    push_varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// Appends what `write` appends, with tag and length before it.
pub(super) fn push_message(tag: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    push_key(tag, 2, out);
    let start = out.len();
    // Most messages are short: one byte of length, more are made room for.
    out.push(0);
    write(out);
    let len = out.len() - start - 1;
    if len < 0x80 {
        out[start] = len as u8;
        return;
    }
    let mut prefix = Vec::with_capacity(10);
    push_varint(len as u64, &mut prefix);
    out.splice(start..=start, prefix);
}
