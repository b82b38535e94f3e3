//! Checkpoints: the whole state in one file, after which the log before it is not needed any more.
//!
//! A checkpoint is cut between two log files: it holds what the files before its number have led to. It is
//! written beside the running store, from the index, whose versions above the cut are left out; what is
//! compacted away meanwhile stays until it is done (`State::trim_limit`).

use std::io;
use std::sync::Arc;

use bytes::Bytes;

use crate::api::Revision;
use crate::core::Core;
use crate::embedded::disk::{Disk, DiskFile};
use crate::embedded::frame::{self, Kind};
use crate::embedded::record::{Record, encode_version};

/// Ends the name of a checkpoint that is being written.
pub(crate) const UNFINISHED: &str = ".tmp";
/// Frames of about this size.
const FRAME_LEN: usize = 256 << 10;
/// Synced every so many bytes: one big sync at the end would hold up the log's.
const SYNC_LEN: u64 = 2 << 20;
/// So many keys are looked at before writers get their turn.
const SCAN_STEP: usize = 256;

/// Where the cut is, and what stood there beside the keys.
#[derive(Debug)]
pub(crate) struct Cut {
    pub(crate) head: Revision,
    /// Leases, gaps, reservations.
    pub(crate) records: Vec<Record>,
}

/// Writes the checkpoint before log file `sequence`, removes what it replaces, returns its length.
pub(crate) fn write(disk: &Arc<dyn Disk>, core: &Core, sequence: u64, cut: &Cut) -> io::Result<u64> {
    let name = Kind::Checkpoint.file_name(sequence);
    let unfinished = format!("{name}{UNFINISHED}");
    let mut writer = Writer::create(disk.as_ref(), &unfinished, sequence)?;
    for record in &cut.records {
        writer.record(|out| record.encode(out))?;
    }
    let mut versions = 0;
    let mut resume: Option<Bytes> = None;
    let mut step = Vec::new();
    loop {
        core.read_state(|state| {
            resume = state.index.scan_versions(resume.as_ref(), SCAN_STEP, |key, version| {
                if version.mod_revision <= cut.head {
                    step.push((key.clone(), version.clone()));
                }
            });
        });
        versions += step.len() as u64;
        for (key, version) in step.drain(..) {
            writer.record(|out| encode_version(out, &key, &version))?;
        }
        if resume.is_none() {
            break;
        }
    }
    let (oldest, orders) = core.read_state(|state| {
        let oldest = state.oldest.min(cut.head);
        let changes = state.index.changes_after(oldest).take_while(|change| change.revision <= cut.head);
        let several = changes.filter(|change| change.keys().len() > 1);
        let order =
            several.map(|change| Record::Order { revision: change.revision, keys: change.keys().to_vec() });
        (oldest, order.collect::<Vec<_>>())
    });
    for order in orders {
        writer.record(|out| order.encode(out))?;
    }
    writer.record(|out| Record::End { head: cut.head, oldest, versions }.encode(out))?;
    let length = writer.finish()?;
    disk.rename(&unfinished, &name)?;
    disk.sync_directory()?;
    for name in disk.list()? {
        if Kind::parse_name(&name).is_some_and(|(_, at)| at < sequence) {
            disk.remove(&name)?;
        }
    }
    Ok(length)
}

struct Writer {
    file: Box<dyn DiskFile>,
    sequence: u64,
    offset: u64,
    synced: u64,
    frame: Vec<u8>,
}

impl Writer {
    fn create(disk: &dyn Disk, name: &str, sequence: u64) -> io::Result<Self> {
        let mut file = disk.create(name)?;
        let header = frame::header(Kind::Checkpoint, sequence, 0);
        file.append(&header)?;
        let mut frame = Vec::new();
        frame::begin(&mut frame);
        Ok(Self { file, sequence, offset: header.len() as u64, synced: 0, frame })
    }

    fn record(&mut self, encode: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        encode(&mut self.frame);
        if self.frame.len() < FRAME_LEN { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> io::Result<()> {
        frame::seal(&mut self.frame, self.sequence, self.offset, 0);
        self.file.append(&self.frame)?;
        self.offset += self.frame.len() as u64;
        frame::begin(&mut self.frame);
        if self.offset - self.synced >= SYNC_LEN {
            self.file.sync()?;
            self.synced = self.offset;
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<u64> {
        self.flush()?;
        self.file.finish()?;
        Ok(self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Txn, Write};
    use crate::core::State;
    use crate::embedded::log::Log;
    use crate::embedded::recover::recover;
    use crate::embedded::simulated::SimDisk;

    fn rev(number: u64) -> Revision {
        Revision::new(number).unwrap()
    }

    /// What was compacted away while the checkpoint is written is still needed to read the log behind it.
    #[test]
    #[allow(clippy::disallowed_methods)] // tokio's instant, for leases that are not there.
    fn compaction_during_a_checkpoint_leaves_what_it_holds() {
        let disk: Arc<dyn Disk> = Arc::new(SimDisk::new());
        let core = Core::new(State::default());
        let put = |value: &'static str| Write::Put { key: "k".into(), value: value.into(), lease: None };
        for value in ["1", "2"] {
            core.judge(&Txn { writes: vec![put(value)], ..Txn::default() }).unwrap();
        }
        core.publish(rev(3));
        core.with_state(|state| state.trim_limit = Some(rev(3)));
        let cut = Cut { head: rev(3), records: vec![] };
        // Now the store goes on in the next log, and compacts.
        core.judge(&Txn { writes: vec![put("3")], ..Txn::default() }).unwrap();
        core.publish(rev(4));
        core.hide_below(rev(4));
        while !core.trim_step() {}
        write(&disk, &core, 7, &cut).unwrap();
        let mut log = Log::create(disk.clone(), 7, 0).unwrap();
        let mut frame = Vec::new();
        frame::begin(&mut frame);
        Record::Txn { revision: rev(4), writes: vec![put("3")] }.encode(&mut frame);
        Record::Compact { oldest: rev(4) }.encode(&mut frame);
        log.append(&mut frame).unwrap();
        log.finish().unwrap();
        let recovered = recover(disk.as_ref(), tokio::time::Instant::now()).unwrap().state;
        let newest = recovered.index.newest(b"k").unwrap();
        assert_eq!((newest.create_revision, newest.mod_revision, newest.version), (rev(2), rev(4), 3));
        assert_eq!((recovered.head, recovered.oldest), (rev(4), rev(4)));
    }
}
