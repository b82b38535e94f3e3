//! The disk as the log sees it: a directory of files that are appended to, synced, renamed and removed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// So much room is taken from the file system at a time.
const ALLOCATION: u64 = 4 << 20;
const LOCK_FILE: &str = "LOCK";

/// A directory that one store owns.
pub trait Disk: Send + Sync + 'static {
    /// Makes sure that no one else has the directory open, until the result is dropped;
    /// [`io::ErrorKind::WouldBlock`] when someone has.
    fn lock(&self) -> io::Result<Box<dyn Send + Sync>>;

    /// The names of all files.
    fn list(&self) -> io::Result<Vec<String>>;

    /// Reads a file from its start.
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>>;

    /// Makes an empty file, in place of one that has the name.
    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;

    /// Cuts a file to a length and syncs all that is left of it.
    fn truncate(&self, name: &str, length: u64) -> io::Result<()>;

    /// Renames a file, in place of one that has the new name.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes creations, renames and removals durable.
    fn sync_directory(&self) -> io::Result<()>;

    /// True when no call takes time: the store then works without threads of its own, in the tasks of its
    /// callers, and its timers follow tokio's time.
    fn is_simulated(&self) -> bool {
        false
    }
}

/// A file that is being written, from its start on.
pub trait DiskFile: Send {
    /// Writes at the end.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes all that was written durable.
    fn sync(&mut self) -> io::Result<()>;

    /// As [`DiskFile::sync`], and gives unused room back: the file's length is what was written. Nothing is
    /// appended after this.
    fn finish(&mut self) -> io::Result<()>;
}

/// A directory of the machine's file system.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Uses `path`, which is made if it does not exist (readable by its owner only).
    pub fn new(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            File::open(parent)?.sync_all()?;
        }
        Ok(Self { path: path.to_owned() })
    }
}

impl Disk for Directory {
    fn lock(&self) -> io::Result<Box<dyn Send + Sync>> {
        let path = self.path.join(LOCK_FILE);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(file)),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            names.extend(entry?.file_name().into_string());
        }
        Ok(names)
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.path.join(name))?))
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let path = self.path.join(name);
        let file = OpenOptions::new().create(true).truncate(true).write(true).open(path)?;
        Ok(Box::new(LogFile { file, length: 0, allocated: 0, allocate: true }))
    }

    fn truncate(&self, name: &str, length: u64) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(self.path.join(name))?;
        file.set_len(length)?;
        file.sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    fn sync_directory(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }
}

/// Appends into room taken in advance: a sync then has no change of the file's length to write.
struct LogFile {
    file: File,
    length: u64,
    allocated: u64,
    /// False once the file system has said that it cannot.
    allocate: bool,
}

impl LogFile {
    fn make_room(&mut self, end: u64) -> io::Result<()> {
        if !self.allocate || end <= self.allocated {
            return Ok(());
        }
        let wanted = end.next_multiple_of(ALLOCATION);
        let flags = rustix::fs::FallocateFlags::empty();
        match rustix::fs::fallocate(&self.file, flags, self.allocated, wanted - self.allocated) {
            Ok(()) => self.allocated = wanted,
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => self.allocate = false,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

impl DiskFile for LogFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let end = self.length + bytes.len() as u64;
        self.make_room(end)?;
        self.file.write_all(bytes)?;
        self.length = end;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.sync_all()
    }
}
