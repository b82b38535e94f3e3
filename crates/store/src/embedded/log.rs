//! The end of the log: the file that is being appended to.

use std::io;
use std::sync::Arc;

use crate::embedded::disk::{Disk, DiskFile};
use crate::embedded::frame::{self, HEADER_LEN, Kind};

/// The log file in use. After an error it must not be used again: what is on disk is unknown.
pub(crate) struct Log {
    disk: Arc<dyn Disk>,
    file: Box<dyn DiskFile>,
    sequence: u64,
    offset: u64,
    synced: u64,
}

impl Log {
    /// Begins a log file. Its name is durable; its header becomes so with the first frame.
    pub(crate) fn create(disk: Arc<dyn Disk>, sequence: u64, previous_len: u64) -> io::Result<Self> {
        let mut file = disk.create(&Kind::Log.file_name(sequence))?;
        file.append(&frame::header(Kind::Log, sequence, previous_len))?;
        disk.sync_directory()?;
        Ok(Self { disk, file, sequence, offset: HEADER_LEN as u64, synced: 0 })
    }

    /// Seals and appends a frame (see [`frame::begin`]).
    pub(crate) fn append(&mut self, frame: &mut Vec<u8>) -> io::Result<()> {
        frame::seal(frame, self.sequence, self.offset, self.synced);
        self.file.append(frame)?;
        self.offset += frame.len() as u64;
        Ok(())
    }

    /// Makes all frames durable.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.file.sync()?;
        self.synced = self.offset;
        Ok(())
    }

    /// Makes all frames durable and goes on in a new file, whose number it returns.
    pub(crate) fn rotate(&mut self) -> io::Result<u64> {
        self.file.finish()?;
        *self = Self::create(self.disk.clone(), self.sequence + 1, self.offset)?;
        Ok(self.sequence)
    }

    /// Makes all frames durable and gives unused room back.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.file.finish()
    }

    /// Bytes in this file.
    pub(crate) fn len(&self) -> u64 {
        self.offset
    }
}
