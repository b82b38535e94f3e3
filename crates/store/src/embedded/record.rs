//! What the log and the checkpoints say: records and their bytes (see the crate's head for the format).

use bytes::Bytes;

use crate::api::{LeaseId, Revision, Write};
use crate::core::Gap;
use crate::index::{NO_LEASE, Version};

/// One entry of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    /// A transaction took effect.
    Txn { revision: Revision, writes: Vec<Write> },
    /// A lease was granted.
    LeaseGrant { id: LeaseId, ttl_s: i64 },
    /// A lease is gone; its keys were deleted before.
    LeaseEnd { id: LeaseId },
    /// No lease below this number is granted again.
    LeaseNext { next: i64 },
    /// Revisions up to this one may be handed out without any further record being durable.
    Reserve { up_to: Revision },
    /// History below is gone.
    Compact { oldest: Revision },
    /// An unclean stop may have lost the revisions between.
    Gap(Gap),
    /// The store was closed; nothing follows in this file.
    Close,
    /// Checkpoint only: a version of a key. Keys ascend, versions of a key ascend.
    Version { key: Bytes, version: Version },
    /// Checkpoint only: the order of keys in a transaction that changed several.
    Order { revision: Revision, keys: Vec<Bytes> },
    /// Checkpoint only, its last: what it holds.
    End { head: Revision, oldest: Revision, versions: u64 },
}

mod tag {
    pub(super) const TXN: u8 = 1;
    pub(super) const LEASE_GRANT: u8 = 2;
    pub(super) const LEASE_END: u8 = 3;
    pub(super) const LEASE_NEXT: u8 = 4;
    pub(super) const RESERVE: u8 = 5;
    pub(super) const COMPACT: u8 = 6;
    pub(super) const GAP: u8 = 7;
    pub(super) const CLOSE: u8 = 8;
    pub(super) const VERSION: u8 = 16;
    pub(super) const ORDER: u8 = 17;
    pub(super) const END: u8 = 18;
    pub(super) const PUT: u8 = 1;
    pub(super) const DELETE: u8 = 2;
}

fn put_u64(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put_i64(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put_length(out: &mut Vec<u8>, length: usize) {
    let length = u32::try_from(length).expect("lengths are bounded by the size of a transaction");
    out.extend_from_slice(&length.to_le_bytes());
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// [`Record::Txn`] without taking the writes.
pub(crate) fn encode_txn(out: &mut Vec<u8>, revision: Revision, writes: &[Write]) {
    out.push(tag::TXN);
    put_u64(out, revision.get());
    put_length(out, writes.len());
    for write in writes {
        match write {
            Write::Put { key, value, lease } => {
                out.push(tag::PUT);
                put_bytes(out, key);
                put_i64(out, lease.unwrap_or(NO_LEASE).0);
                put_bytes(out, value);
            }
            Write::Delete { key } => {
                out.push(tag::DELETE);
                put_bytes(out, key);
            }
        }
    }
}

/// [`Record::Version`] without taking the version.
pub(crate) fn encode_version(out: &mut Vec<u8>, key: &Bytes, version: &Version) {
    out.push(tag::VERSION);
    put_bytes(out, key);
    put_u64(out, version.mod_revision.get());
    put_u64(out, version.create_revision.get());
    put_u64(out, version.version);
    put_i64(out, version.lease.0);
    put_bytes(out, &version.value);
}

impl Record {
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Txn { revision, writes } => encode_txn(out, *revision, writes),
            Self::LeaseGrant { id, ttl_s } => {
                out.push(tag::LEASE_GRANT);
                put_i64(out, id.0);
                put_i64(out, *ttl_s);
            }
            Self::LeaseEnd { id } => {
                out.push(tag::LEASE_END);
                put_i64(out, id.0);
            }
            Self::LeaseNext { next } => {
                out.push(tag::LEASE_NEXT);
                put_i64(out, *next);
            }
            Self::Reserve { up_to } => {
                out.push(tag::RESERVE);
                put_u64(out, up_to.get());
            }
            Self::Compact { oldest } => {
                out.push(tag::COMPACT);
                put_u64(out, oldest.get());
            }
            Self::Gap(gap) => {
                out.push(tag::GAP);
                put_u64(out, gap.after.get());
                put_u64(out, gap.until.get());
            }
            Self::Close => out.push(tag::CLOSE),
            Self::Version { key, version } => encode_version(out, key, version),
            Self::Order { revision, keys } => {
                out.push(tag::ORDER);
                put_u64(out, revision.get());
                put_length(out, keys.len());
                keys.iter().for_each(|key| put_bytes(out, key));
            }
            Self::End { head, oldest, versions } => {
                out.push(tag::END);
                put_u64(out, head.get());
                put_u64(out, oldest.get());
                put_u64(out, *versions);
            }
        }
    }
}

/// Reads the records of one frame.
pub(crate) struct Decoder<'a> {
    rest: &'a [u8],
}

/// The bytes are no record of this version of the format.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadRecord;

impl<'a> Decoder<'a> {
    pub(crate) fn new(payload: &'a [u8]) -> Self {
        Self { rest: payload }
    }

    /// The next record; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, BadRecord> {
        if self.rest.is_empty() { Ok(None) } else { self.record().map(Some) }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], BadRecord> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(BadRecord)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], BadRecord> {
        self.take(N)?.try_into().map_err(|_| BadRecord)
    }

    fn byte(&mut self) -> Result<u8, BadRecord> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn u64(&mut self) -> Result<u64, BadRecord> {
        self.array().map(u64::from_le_bytes)
    }

    fn i64(&mut self) -> Result<i64, BadRecord> {
        self.array().map(i64::from_le_bytes)
    }

    fn revision(&mut self) -> Result<Revision, BadRecord> {
        Revision::new(self.u64()?).ok_or(BadRecord)
    }

    fn length(&mut self) -> Result<usize, BadRecord> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    /// Copied: a value must not keep the whole frame in memory.
    fn bytes(&mut self) -> Result<Bytes, BadRecord> {
        let length = self.length()?;
        self.take(length).map(Bytes::copy_from_slice)
    }

    /// A list whose entries take at least `entry_len` bytes each; bounds what a bad count can allocate.
    fn list<T>(
        &mut self,
        entry_len: usize,
        entry: impl Fn(&mut Self) -> Result<T, BadRecord>,
    ) -> Result<Vec<T>, BadRecord> {
        let count = self.length()?;
        if count.saturating_mul(entry_len) > self.rest.len() {
            return Err(BadRecord);
        }
        (0..count).map(|_| entry(self)).collect()
    }

    fn write(&mut self) -> Result<Write, BadRecord> {
        match self.byte()? {
            tag::PUT => {
                let key = self.bytes()?;
                let lease = LeaseId(self.i64()?);
                let value = self.bytes()?;
                Ok(Write::Put { key, value, lease: (lease != NO_LEASE).then_some(lease) })
            }
            tag::DELETE => Ok(Write::Delete { key: self.bytes()? }),
            _ => Err(BadRecord),
        }
    }

    fn record(&mut self) -> Result<Record, BadRecord> {
        Ok(match self.byte()? {
            tag::TXN => Record::Txn { revision: self.revision()?, writes: self.list(5, Self::write)? },
            tag::LEASE_GRANT => Record::LeaseGrant { id: LeaseId(self.i64()?), ttl_s: self.i64()? },
            tag::LEASE_END => Record::LeaseEnd { id: LeaseId(self.i64()?) },
            tag::LEASE_NEXT => Record::LeaseNext { next: self.i64()? },
            tag::RESERVE => Record::Reserve { up_to: self.revision()? },
            tag::COMPACT => Record::Compact { oldest: self.revision()? },
            tag::GAP => Record::Gap(Gap { after: self.revision()?, until: self.revision()? }),
            tag::CLOSE => Record::Close,
            tag::VERSION => {
                let key = self.bytes()?;
                let mod_revision = self.revision()?;
                let create_revision = self.revision()?;
                let (version, lease) = (self.u64()?, LeaseId(self.i64()?));
                let value = self.bytes()?;
                let version = Version { value, mod_revision, create_revision, version, lease };
                Record::Version { key, version }
            }
            tag::ORDER => Record::Order { revision: self.revision()?, keys: self.list(4, Self::bytes)? },
            tag::END => {
                Record::End { head: self.revision()?, oldest: self.revision()?, versions: self.u64()? }
            }
            _ => return Err(BadRecord),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rev(number: u64) -> Revision {
        Revision::new(number).unwrap()
    }

    fn samples() -> Vec<Record> {
        let key = Bytes::from_static(b"/registry/pods/default/a");
        let version = Version {
            value: Bytes::from_static(b"value"),
            mod_revision: rev(9),
            create_revision: rev(7),
            version: 3,
            lease: LeaseId(4),
        };
        let writes = vec![
            Write::Put { key: key.clone(), value: Bytes::from_static(b"v"), lease: Some(LeaseId(4)) },
            Write::Put { key: key.clone(), value: Bytes::new(), lease: None },
            Write::Delete { key: key.clone() },
        ];
        vec![
            Record::Txn { revision: rev(7), writes },
            Record::LeaseGrant { id: LeaseId(4), ttl_s: 60 },
            Record::LeaseEnd { id: LeaseId(4) },
            Record::LeaseNext { next: 5 },
            Record::Reserve { up_to: rev(10_000) },
            Record::Compact { oldest: rev(3) },
            Record::Gap(Gap { after: rev(9), until: rev(10_001) }),
            Record::Close,
            Record::Version { key: key.clone(), version },
            Record::Order { revision: rev(9), keys: vec![key.clone(), key] },
            Record::End { head: rev(9), oldest: rev(3), versions: 1 },
        ]
    }

    #[test]
    fn every_record_survives_its_bytes() {
        let mut bytes = Vec::new();
        samples().iter().for_each(|record| record.encode(&mut bytes));
        let mut decoder = Decoder::new(&bytes);
        let read: Vec<_> = std::iter::from_fn(|| decoder.next().unwrap()).collect();
        assert_eq!(read, samples());
    }

    #[test]
    fn a_record_cut_short_is_refused() {
        for record in samples() {
            let mut bytes = Vec::new();
            record.encode(&mut bytes);
            for length in 1..bytes.len() {
                assert_eq!(Decoder::new(&bytes[..length]).next(), Err(BadRecord), "{record:?} at {length}");
            }
        }
    }
}
