//! Content addresses, and readers and writers that compute them on the way.

use std::fmt;
use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::ImageError;

/// `sha256:` and 64 lower-case hex digits. Other algorithms are refused: no registry in use serves them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Digest(String);

impl Digest {
    pub(crate) fn parse(text: &str) -> Result<Self, ImageError> {
        let hex = text.strip_prefix("sha256:");
        let valid = hex.is_some_and(|hex| {
            hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        });
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            let shown: String = text.chars().take(100).collect();
            Err(ImageError::Malformed(format!("unsupported digest {shown:?}")))
        }
    }

    /// The digest of these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self::from_hash(Sha256::new_with_prefix(bytes))
    }

    pub(crate) fn from_hash(hash: Sha256) -> Self {
        Self(format!("sha256:{}", hex::encode(hash.finalize())))
    }

    /// Without the algorithm.
    pub(crate) fn hex(&self) -> &str {
        &self.0["sha256:".len()..]
    }

    /// The chain id of a layer on a stack. Source: OCI image specification, "Layer ChainID".
    pub(crate) fn chain(below: Option<&Self>, diff_id: &Self) -> Self {
        match below {
            None => diff_id.clone(),
            Some(below) => Self::of(format!("{below} {diff_id}").as_bytes()),
        }
    }

    /// Fails unless the bytes have this digest.
    pub(crate) fn check(&self, bytes: &[u8]) -> Result<(), ImageError> {
        let found = Self::of(bytes);
        if found == *self { Ok(()) } else { Err(self.mismatch(&found)) }
    }

    pub(crate) fn mismatch(&self, found: &Self) -> ImageError {
        ImageError::Malformed(format!("content is {found}, not {self} as promised"))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Digest {
    type Error = ImageError;

    fn try_from(text: String) -> Result<Self, ImageError> {
        Self::parse(&text)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

/// Hashes what is read through it, and refuses to go on after `limit` bytes.
pub(crate) struct HashReader<R> {
    inner: R,
    hash: Sha256,
    left: u64,
}

impl<R: Read> HashReader<R> {
    pub(crate) fn new(inner: R, limit: u64) -> Self {
        Self { inner, hash: Sha256::new(), left: limit }
    }

    /// Reads what is left (a tar's padding counts too) and gives the digest of everything.
    pub(crate) fn finish(mut self) -> io::Result<Digest> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(Digest::from_hash(self.hash))
    }
}

impl<R: Read> Read for HashReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "unpacks to more than the limit"))?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsing() {
        let check = |text: &str, ok| assert_eq!(Digest::parse(text).is_ok(), ok, "{text}");
        check(&format!("sha256:{}", "0".repeat(64)), true);
        check(&format!("sha256:{}", "A".repeat(64)), false);
        check(&format!("sha512:{}", "0".repeat(128)), false);
        check("sha256:../../etc/passwd", false);
        check("", false);
    }

    #[test]
    fn reader_hashes_and_bounds() {
        let whole = HashReader::new(&b"abc"[..], 3).finish().unwrap();
        assert_eq!(whole, Digest::of(b"abc"));
        assert!(HashReader::new(&b"abcd"[..], 3).finish().is_err());
    }
}
