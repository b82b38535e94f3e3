//! Opening: the newest checkpoint and the log behind it become the state again.

use std::collections::BTreeMap;
use std::io;

use bytes::Bytes;
use tokio::time::Instant;
use tracing::{info, warn};

use crate::api::Revision;
use crate::core::{Gap, State};
use crate::embedded::disk::Disk;
use crate::embedded::frame::{BadHeader, FORMAT_VERSION, Kind, Next, Reader};
use crate::embedded::record::{Decoder, Record};
use crate::index::{Change, NO_LEASE};

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process (or this one) has it open.
    #[error("the store is in use by another process")]
    InUse,
    /// The disk refused.
    #[error("{action} {file}")]
    Disk {
        /// What was tried.
        action: &'static str,
        /// On which file of the store's directory.
        file: String,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// A file holds something else than what was durably written: the disk or somebody changed it.
    #[error("{file} is damaged at byte {offset}: {what}")]
    Damaged {
        /// The file's name in the store's directory.
        file: String,
        /// About where.
        offset: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// A newer version of this program wrote it.
    #[error("{file} has format {version}, this version reads up to {FORMAT_VERSION}")]
    TooNew {
        /// The file's name in the store's directory.
        file: String,
        /// Its format.
        version: u8,
    },
    /// A file that others say must exist does not.
    #[error("{file} is missing")]
    Missing {
        /// The file's name in the store's directory.
        file: String,
    },
}

/// What was found.
pub(crate) struct Recovered {
    pub(crate) state: State,
    /// Lost revisions, to be written down before anything else; also in `state`.
    pub(crate) gap: Option<Gap>,
    /// The log file to go on with,
    pub(crate) next_sequence: u64,
    /// the length of the one before it,
    pub(crate) previous_len: u64,
    /// and what has been logged since the checkpoint.
    pub(crate) log_bytes: u64,
    pub(crate) log_files: usize,
    pub(crate) checkpoint_len: u64,
}

/// Reads everything. What it finds is durable when it returns.
pub(crate) fn recover(disk: &dyn Disk, now: Instant) -> Result<Recovered, OpenError> {
    let (checkpoint, logs) = find_files(disk)?;
    let mut replay = Replay::new(now);
    let mut recovered_len = 0;
    if let Some(sequence) = checkpoint {
        recovered_len = replay.checkpoint(disk, sequence)?;
    }
    let first = checkpoint.unwrap_or(1);
    for (expected, found) in (first..).zip(&logs) {
        if expected != *found {
            return Err(OpenError::Missing { file: Kind::Log.file_name(expected) });
        }
    }
    if checkpoint.is_some() && logs.is_empty() {
        return Err(OpenError::Missing { file: Kind::Log.file_name(first) });
    }
    let mut previous_len = None;
    let mut next_sequence = first;
    let mut log_bytes = 0;
    let mut log_files = 0;
    for sequence in &logs {
        let is_last = logs.last() == Some(sequence);
        if let Some(length) = replay.log(disk, *sequence, previous_len, is_last)? {
            previous_len = Some(length);
            next_sequence = sequence + 1;
            log_bytes += length;
            log_files += 1;
        }
    }
    let gap = if logs.is_empty() { None } else { replay.gap() };
    Ok(Recovered {
        state: replay.state,
        gap,
        next_sequence,
        previous_len: previous_len.unwrap_or(0),
        log_bytes,
        log_files,
        checkpoint_len: recovered_len,
    })
}

/// The newest checkpoint, and the logs from there on. Removes what a crash left half done.
fn find_files(disk: &dyn Disk) -> Result<(Option<u64>, Vec<u64>), OpenError> {
    let names =
        disk.list().map_err(|source| OpenError::Disk { action: "list", file: ".".to_owned(), source })?;
    let mut files: Vec<(Kind, u64)> = names.iter().filter_map(|name| Kind::parse_name(name)).collect();
    files.sort_unstable_by_key(|(_, sequence)| *sequence);
    let checkpoint = files.iter().rev().find(|(kind, _)| *kind == Kind::Checkpoint).map(|(_, at)| *at);
    let obsolete = |name: &&String| {
        name.ends_with(super::checkpoint::UNFINISHED)
            || Kind::parse_name(name).is_some_and(|(_, at)| checkpoint.is_some_and(|newest| at < newest))
    };
    for name in names.iter().filter(obsolete) {
        disk.remove(name).map_err(failed("remove", name))?;
    }
    let is_log = |(kind, sequence): &(Kind, u64)| {
        (*kind == Kind::Log && *sequence >= checkpoint.unwrap_or(0)).then_some(*sequence)
    };
    Ok((checkpoint, files.iter().filter_map(is_log).collect()))
}

fn failed(action: &'static str, file: &str) -> impl FnOnce(io::Error) -> OpenError {
    let file = file.to_owned();
    move |source| OpenError::Disk { action, file, source }
}

/// Builds the state, record by record.
struct Replay {
    state: State,
    now: Instant,
    reserved: Revision,
    /// The last record said that the store was closed.
    closed: bool,
    checkpoint: CheckpointParts,
}

/// What of a checkpoint is put together at its end.
#[derive(Default)]
struct CheckpointParts {
    changed: Vec<(Revision, Bytes)>,
    orders: BTreeMap<Revision, Vec<Bytes>>,
    complete: bool,
}

type Checked = Result<(), &'static str>;

impl Replay {
    fn new(now: Instant) -> Self {
        Self {
            state: State::default(),
            now,
            reserved: Revision::FIRST,
            closed: false,
            checkpoint: CheckpointParts::default(),
        }
    }

    /// Reads a checkpoint, which was durable before it got its name, and returns its length.
    fn checkpoint(&mut self, disk: &dyn Disk, sequence: u64) -> Result<u64, OpenError> {
        let name = Kind::Checkpoint.file_name(sequence);
        let mut reader = Reader::new(disk.open(&name).map_err(failed("open", &name))?, sequence);
        let damaged = |offset, what| OpenError::Damaged { file: name.clone(), offset, what };
        match reader.header(Kind::Checkpoint).map_err(failed("read", &name))? {
            Ok(_) => {}
            Err(BadHeader::TooNew(version)) => return Err(OpenError::TooNew { file: name, version }),
            Err(BadHeader::Damaged) => return Err(damaged(0, "not a checkpoint's header")),
        }
        loop {
            let offset = reader.offset();
            match reader.next().map_err(failed("read", &name))? {
                Next::Frame if self.checkpoint.complete => {
                    return Err(damaged(offset, "something follows the end"));
                }
                Next::Frame => {
                    self.frame(reader.payload(), Self::checkpoint_record)
                        .map_err(|what| damaged(offset, what))?;
                }
                Next::Bad => return Err(damaged(offset, "not a frame")),
                Next::End if self.checkpoint.complete => return Ok(offset),
                Next::End => return Err(damaged(offset, "the end is missing")),
            }
        }
    }

    /// Reads a log and returns its length; `None` when it is the last and nothing of it was durable. A torn
    /// tail of the last log is cut off; anything else that does not fit is an error.
    fn log(
        &mut self,
        disk: &dyn Disk,
        sequence: u64,
        previous_len: Option<u64>,
        is_last: bool,
    ) -> Result<Option<u64>, OpenError> {
        let name = Kind::Log.file_name(sequence);
        let mut reader = Reader::new(disk.open(&name).map_err(failed("open", &name))?, sequence);
        let damaged = |offset, what| OpenError::Damaged { file: name.clone(), offset, what };
        let torn = |reader: &mut Reader| match is_last {
            true => reader.proves_loss().map(|loss| !loss).map_err(failed("read", &name)),
            false => Ok(false),
        };
        match reader.header(Kind::Log).map_err(failed("read", &name))? {
            Ok(stored) if previous_len.is_some_and(|length| length != stored) => {
                return Err(damaged(0, "the file before it had another length"));
            }
            // That the file before it was closed says nothing about this one.
            Ok(_) => self.closed = false,
            Err(BadHeader::TooNew(version)) => return Err(OpenError::TooNew { file: name, version }),
            Err(BadHeader::Damaged) if torn(&mut reader)? => {
                warn!(file = name, "Log was never begun, removing it.");
                disk.remove(&name).map_err(failed("remove", &name))?;
                return Ok(None);
            }
            Err(BadHeader::Damaged) => return Err(damaged(0, "not a log's header")),
        }
        loop {
            let offset = reader.offset();
            match reader.next().map_err(failed("read", &name))? {
                Next::Frame => {
                    self.frame(reader.payload(), Self::log_record).map_err(|what| damaged(offset, what))?;
                }
                Next::End => break,
                Next::Bad if torn(&mut reader)? => {
                    info!(file = name, offset, "Log was not closed, cutting it behind its last whole frame.");
                    self.closed = false;
                    break;
                }
                Next::Bad => return Err(damaged(offset, "not a frame")),
            }
        }
        // A closed log is durable and has its length.
        if is_last && !self.closed {
            // What has been read will be shown to readers: it must not be lost after that.
            disk.truncate(&name, reader.offset()).map_err(failed("truncate", &name))?;
        }
        Ok(Some(reader.offset()))
    }

    fn frame(&mut self, payload: &[u8], apply: fn(&mut Self, Record) -> Checked) -> Checked {
        let mut decoder = Decoder::new(payload);
        while let Some(record) = decoder.next().map_err(|_| "not a record")? {
            self.closed = record == Record::Close;
            apply(self, record)?;
        }
        Ok(())
    }

    /// Records that logs and checkpoints have in common.
    fn common_record(&mut self, record: Record) -> Checked {
        match record {
            Record::LeaseGrant { id, ttl_s } => self.state.leases.restore(id, ttl_s, self.now),
            Record::LeaseNext { next } => self.state.leases.reserve_to(next),
            Record::Reserve { up_to } => self.reserved = self.reserved.max(up_to),
            Record::Gap(gap) => {
                if gap.until <= gap.after {
                    return Err("a gap that ends before it begins");
                }
                self.add_gap(gap);
            }
            _ => return Err("a record that does not belong here"),
        }
        Ok(())
    }

    fn add_gap(&mut self, gap: Gap) {
        // Several unclean stops without a write in between widen one gap.
        self.state.gaps.retain(|old| old.after != gap.after);
        self.state.gaps.push(gap);
        self.state.next = self.state.next.max(gap.until);
    }

    fn log_record(&mut self, record: Record) -> Checked {
        match record {
            Record::Txn { revision, writes } => {
                if revision != self.state.next {
                    return Err("a revision out of order");
                }
                if !self.state.apply(revision, &writes) {
                    return Err("a transaction that changes nothing");
                }
                self.state.drop_unpublished();
            }
            Record::LeaseEnd { id } => self.state.leases.end(id),
            Record::Compact { oldest } => {
                if oldest > self.state.head {
                    return Err("a compaction of the future");
                }
                self.state.set_oldest(oldest);
                self.state.index.compact(self.state.oldest, usize::MAX);
            }
            Record::Close => {}
            Record::Gap(gap) if gap.after != self.state.head => return Err("a gap in the past"),
            other => return self.common_record(other),
        }
        Ok(())
    }

    fn checkpoint_record(&mut self, record: Record) -> Checked {
        match record {
            Record::Version { key, version } => {
                let newest = self.state.index.newest_stored(&key);
                if newest.is_some_and(|newest| newest.mod_revision >= version.mod_revision) {
                    return Err("versions out of order");
                }
                let old = newest.map_or(NO_LEASE, |newest| newest.lease);
                self.state.leases.reattach(&key, old, version.lease);
                self.checkpoint.changed.push((version.mod_revision, key.clone()));
                self.state.index.push(&key, version);
            }
            Record::Order { revision, keys } => {
                self.checkpoint.orders.insert(revision, keys);
            }
            Record::End { head, oldest, versions } => {
                if versions != self.checkpoint.changed.len() as u64 || oldest > head {
                    return Err("an end that does not fit");
                }
                return self.end_checkpoint(head, oldest);
            }
            other => return self.common_record(other),
        }
        Ok(())
    }

    fn end_checkpoint(&mut self, head: Revision, oldest: Revision) -> Checked {
        let CheckpointParts { mut changed, mut orders, .. } = std::mem::take(&mut self.checkpoint);
        changed.retain(|(revision, _)| *revision > oldest);
        changed.sort_by_key(|(revision, _)| *revision);
        for group in changed.chunk_by(|one, other| one.0 == other.0) {
            let revision = group[0].0;
            let keys: Vec<Bytes> = match orders.remove(&revision) {
                Some(ordered) if ordered.len() == group.len() => ordered,
                Some(_) => return Err("an order that does not fit"),
                None => group.iter().map(|(_, key)| key.clone()).collect(),
            };
            if revision > head || !keys.iter().all(|key| self.state.index.has_version(key, revision)) {
                return Err("a version that does not fit");
            }
            self.state.index.record(Change::new(revision, keys));
        }
        self.state.head = head;
        self.state.next = self.state.next.max(head.next());
        self.state.set_oldest(oldest);
        self.state.index.trim_all(oldest);
        self.checkpoint.complete = true;
        Ok(())
    }

    /// After an unclean stop, the revisions that may have been seen and lost.
    fn gap(&mut self) -> Option<Gap> {
        let head = self.state.head;
        let until = self.state.next.max(self.reserved.next());
        if self.closed || until == head.next() {
            return None;
        }
        let gap = Gap { after: head, until };
        self.add_gap(gap);
        Some(gap)
    }
}
