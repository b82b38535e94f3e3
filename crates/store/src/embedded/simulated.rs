//! A disk in memory that loses power: what was synced stays, of the rest anything may.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Arc, Mutex};

use crate::chance::Chance;
use crate::embedded::disk::{Disk, DiskFile};
use crate::sync::lock;

/// What of the unsynced data survives a loss of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survives {
    /// Nothing.
    Nothing,
    /// Everything, as when only the process ends.
    Everything,
    /// Some sectors and some directory entries, by this seed; others are zero, or as they were.
    Some(u64),
}

const SECTOR: usize = 512;

#[derive(Clone, Debug, Default)]
struct SimFile {
    bytes: Vec<u8>,
    synced_len: usize,
}

type Directory = BTreeMap<String, usize>;

#[derive(Clone, Debug, Default)]
struct State {
    files: Vec<SimFile>,
    live: Directory,
    durable: Directory,
    locked: bool,
    syncs: u64,
    cut_at: Option<u64>,
}

impl State {
    fn check_power(&self) -> io::Result<()> {
        if self.cut_at.is_some_and(|at| self.syncs >= at) {
            return Err(io::Error::other("the simulated disk has lost power"));
        }
        Ok(())
    }

    /// Counts a sync; the one at which power is cut does not happen.
    fn count_sync(&mut self) -> io::Result<()> {
        self.check_power()?;
        self.syncs += 1;
        self.check_power()
    }

    fn find(&self, name: &str) -> io::Result<usize> {
        self.live.get(name).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// The simulated disk; clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct SimDisk {
    state: Arc<Mutex<State>>,
}

impl SimDisk {
    /// An empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many syncs (of files or the directory) there have been.
    pub fn syncs(&self) -> u64 {
        lock(&self.state).syncs
    }

    /// Cuts power in the place of the `n`th sync, counted from 1: it and everything after it fails.
    pub fn cut_at_sync(&self, n: u64) {
        lock(&self.state).cut_at = Some(n);
    }

    /// The disk after power is back; this one stays as it is.
    #[must_use]
    pub fn after_power_loss(&self, survives: Survives) -> Self {
        let old = lock(&self.state).clone();
        let mut chance = Chance::new(match survives {
            Survives::Some(seed) => seed,
            Survives::Nothing | Survives::Everything => 0,
        });
        let keeps_names = match survives {
            Survives::Nothing => false,
            Survives::Everything => true,
            Survives::Some(_) => chance.flip(),
        };
        let directory = if keeps_names { old.live } else { old.durable };
        let mut files = old.files;
        for file in &mut files {
            match survives {
                Survives::Nothing => file.bytes.truncate(file.synced_len),
                Survives::Everything => {}
                Survives::Some(_) => tear(file, &mut chance),
            }
            file.synced_len = file.bytes.len();
        }
        let state = State { files, live: directory.clone(), durable: directory, ..State::default() };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// Changes a file's bytes behind the store's back, live and durable.
    pub fn damage(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let mut state = lock(&self.state);
        let file = state.find(name)?;
        let file = &mut state.files[file];
        change(&mut file.bytes);
        file.synced_len = file.bytes.len();
        Ok(())
    }
}

fn tear(file: &mut SimFile, chance: &mut Chance) {
    let unsynced = file.bytes.len() - file.synced_len;
    if unsynced == 0 {
        return;
    }
    let kept = file.synced_len + chance.below(unsynced + 1);
    let mut at = file.synced_len;
    while at < kept {
        let end = ((at / SECTOR + 1) * SECTOR).min(kept);
        if chance.flip() {
            file.bytes[at..end].fill(0);
        }
        at = end;
    }
    file.bytes.truncate(kept);
}

struct LockGuard(Arc<Mutex<State>>);

impl Drop for LockGuard {
    fn drop(&mut self) {
        lock(&self.0).locked = false;
    }
}

impl Disk for SimDisk {
    fn lock(&self) -> io::Result<Box<dyn Send + Sync>> {
        let mut state = lock(&self.state);
        if std::mem::replace(&mut state.locked, true) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(LockGuard(self.state.clone())))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let state = lock(&self.state);
        state.check_power()?;
        Ok(state.live.keys().cloned().collect())
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        let state = lock(&self.state);
        state.check_power()?;
        let file = state.find(name)?;
        Ok(Box::new(io::Cursor::new(state.files[file].bytes.clone())))
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let mut state = lock(&self.state);
        state.check_power()?;
        let file = state.files.len();
        state.files.push(SimFile::default());
        state.live.insert(name.to_owned(), file);
        Ok(Box::new(OpenFile { state: self.state.clone(), file }))
    }

    fn truncate(&self, name: &str, length: u64) -> io::Result<()> {
        let mut state = lock(&self.state);
        state.count_sync()?;
        let file = state.find(name)?;
        let file = &mut state.files[file];
        file.bytes.truncate(usize::try_from(length).map_err(io::Error::other)?);
        file.synced_len = file.bytes.len();
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = lock(&self.state);
        state.check_power()?;
        let file = state.live.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.live.insert(to.to_owned(), file);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = lock(&self.state);
        state.check_power()?;
        state.live.remove(name).map(|_| ()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn sync_directory(&self) -> io::Result<()> {
        let mut state = lock(&self.state);
        state.count_sync()?;
        state.durable = state.live.clone();
        Ok(())
    }

    fn is_simulated(&self) -> bool {
        true
    }
}

struct OpenFile {
    state: Arc<Mutex<State>>,
    file: usize,
}

impl DiskFile for OpenFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = lock(&self.state);
        state.check_power()?;
        state.files[self.file].bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = lock(&self.state);
        state.count_sync()?;
        let file = &mut state.files[self.file];
        file.synced_len = file.bytes.len();
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.sync()
    }
}
