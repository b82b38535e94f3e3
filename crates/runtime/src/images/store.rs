//! What of the images is on disk, and what holds it there.
//!
//! ```text
//! index.json           images and layers; replaced by rename
//! blobs/sha256/HEX     manifests and configurations, and layers between download and unpacking
//! layers/HEX           unpacked layers, by diff id (or chain id, where a layer depends on those below)
//! holders/NAME         which layers a container holds
//! ingest/              what is being written; emptied at start
//! trash/               what is being deleted; emptied at start
//! ```
//! Invariants: a layer's folder is complete from the moment that it has its name; every layer of an image or
//! holder exists; nothing is deleted but through `trash/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use oci_spec::image::ImageConfiguration;
use serde::{Deserialize, Serialize};
use tracing::warn;

use super::digest::Digest;
use super::unpack::Unpacked;
use super::{Image, ImageError};

/// Largest index read back: some hundred thousand images.
const INDEX_LEN_MAX: u64 = 256 << 20;

/// The folders.
#[derive(Debug)]
pub(crate) struct Folders {
    root: PathBuf,
    counter: AtomicU64,
}

impl Folders {
    fn open(root: &Path) -> io::Result<Self> {
        for folder in ["", "blobs", "blobs/sha256", "layers", "holders", "ingest", "trash"] {
            let path = root.join(folder);
            match fs::DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound && folder.is_empty() => {
                    fs::DirBuilder::new().mode(0o700).recursive(true).create(&path)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Self { root: root.to_owned(), counter: AtomicU64::new(0) })
    }

    /// Names that could not be deleted are not given out again.
    fn count_from_free(&self) -> io::Result<()> {
        for folder in ["ingest", "trash"] {
            let taken = names_in(&self.root.join(folder))?;
            let highest = taken.iter().filter_map(|name| name.parse::<u64>().ok()).max();
            self.counter.fetch_max(highest.map_or(0, |highest| highest.saturating_add(1)), Ordering::Relaxed);
        }
        Ok(())
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    fn unique(&self, folder: &str) -> PathBuf {
        self.root.join(folder).join(self.counter.fetch_add(1, Ordering::Relaxed).to_string())
    }

    /// A new folder in `ingest/`.
    pub(crate) fn ingest_folder(&self) -> io::Result<PathBuf> {
        let path = self.unique("ingest");
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(path)
    }

    /// A new file in `ingest/`.
    pub(crate) fn ingest_file(&self) -> io::Result<(PathBuf, File)> {
        let path = self.unique("ingest");
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        Ok((path, file))
    }

    pub(crate) fn blob(&self, digest: &Digest) -> PathBuf {
        self.root.join("blobs/sha256").join(digest.hex())
    }

    pub(crate) fn layer(&self, name: &str) -> PathBuf {
        self.root.join("layers").join(name)
    }

    /// Writes a small blob durably.
    pub(crate) fn write_blob(&self, bytes: &[u8]) -> io::Result<Digest> {
        let digest = Digest::of(bytes);
        let (path, mut file) = self.ingest_file()?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(path, self.blob(&digest))?;
        sync_folder(&self.root.join("blobs/sha256"))?;
        Ok(digest)
    }

    /// Moves `path` out of sight; its deletion may take its time.
    pub(crate) fn discard(&self, path: &Path) -> io::Result<()> {
        match fs::rename(path, self.unique("trash")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Deletes what was discarded.
    pub(crate) fn empty(&self, folder: &str) {
        let empty = || -> io::Result<()> {
            for entry in fs::read_dir(self.root.join(folder))? {
                let entry = entry?;
                let removed = if entry.file_type()?.is_dir() {
                    fs::remove_dir_all(entry.path())
                } else {
                    fs::remove_file(entry.path())
                };
                match removed {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
            Ok(())
        };
        if let Err(error) = empty() {
            warn!(folder, %error, "Could not delete, will try again.");
        }
    }
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// A layer on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Layer {
    pub(crate) bytes: u64,
    pub(crate) inodes: u64,
}

/// An image on disk.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    /// Its configuration's.
    pub(crate) id: Digest,
    /// Manifests and indexes that led to it.
    pub(crate) manifests: BTreeSet<Digest>,
    /// Names of layer folders, lowest first.
    pub(crate) layers: Vec<String>,
    pub(crate) tags: BTreeSet<String>,
    /// `NAME@DIGEST`.
    pub(crate) digests: BTreeSet<String>,
    #[serde(default)]
    pub(crate) pinned: bool,
    #[serde(skip)]
    pub(crate) config: Option<Arc<ImageConfiguration>>,
}

#[derive(Default, Serialize, Deserialize)]
struct Index {
    images: BTreeMap<Digest, Record>,
    layers: BTreeMap<String, Layer>,
}

/// Everything known; guarded by one lock, which is never held while anything is unpacked or fetched.
pub(crate) struct State {
    folders: Arc<Folders>,
    index: Index,
    /// Layers of holders, by holder.
    holders: BTreeMap<String, Vec<String>>,
    /// Layers that a pull or load is about to use.
    pinned: BTreeMap<u64, BTreeSet<String>>,
    next_pin: u64,
}

impl State {
    /// Reads what is there, and removes what an unclean end left.
    pub(crate) fn open(root: &Path) -> Result<Self, ImageError> {
        let folders = Arc::new(Folders::open(root)?);
        folders.empty("ingest");
        folders.empty("trash");
        folders.count_from_free()?;
        let index = read_index(root)?;
        let holders = read_holders(root)?;
        let mut state = Self { folders, index, holders, pinned: BTreeMap::new(), next_pin: 0 };
        let found = state.index.images.keys().cloned().collect::<Vec<_>>();
        for id in found {
            if let Err(error) = state.revive(&id) {
                warn!(image = %id, %error, "Forgetting an image that is incomplete.");
                state.index.images.remove(&id);
            }
        }
        let on_disk = names_in(&root.join("layers"))?;
        state.index.layers.retain(|name, _| on_disk.contains(name));
        for name in on_disk.iter().filter(|name| !state.index.layers.contains_key(*name)) {
            state.folders.discard(&state.folders.layer(name))?;
        }
        state.collect()?;
        state.folders.empty("trash");
        Ok(state)
    }

    fn revive(&mut self, id: &Digest) -> Result<(), ImageError> {
        let Some(record) = self.index.images.get_mut(id) else { return Ok(()) };
        let bytes = fs::read(self.folders.blob(id))?;
        id.check(&bytes)?;
        let (config, _) = super::manifest::parse_config(&bytes, record.layers.len())?;
        for layer in &record.layers {
            fs::metadata(self.folders.layer(layer))?;
        }
        record.config = Some(Arc::new(config));
        Ok(())
    }

    pub(crate) fn folders(&self) -> Arc<Folders> {
        self.folders.clone()
    }

    fn save(&self) -> Result<(), ImageError> {
        let text = serde_json::to_vec_pretty(&self.index).map_err(io::Error::from)?;
        let (path, mut file) = self.folders.ingest_file()?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(path, self.folders.root.join("index.json"))?;
        sync_folder(&self.folders.root)?;
        Ok(())
    }

    /// Holds layers of these names, there or not, until [`State::unpin`].
    pub(crate) fn pin(&mut self, layers: BTreeSet<String>) -> u64 {
        self.next_pin += 1;
        self.pinned.insert(self.next_pin, layers);
        self.next_pin
    }

    pub(crate) fn unpin(&mut self, pin: u64) {
        self.pinned.remove(&pin);
    }

    pub(crate) fn has_layer(&self, name: &str) -> bool {
        self.index.layers.contains_key(name)
    }

    /// Takes an unpacked folder over as the layer `name`.
    pub(crate) fn add_layer(&mut self, name: &str, from: &Path, made: &Unpacked) -> Result<(), ImageError> {
        if self.has_layer(name) {
            // Somebody else was quicker.
            return Ok(self.folders.discard(from)?);
        }
        let to = self.folders.layer(name);
        self.folders.discard(&to)?;
        fs::rename(from, &to)?;
        sync_folder(&self.folders.root.join("layers"))?;
        self.index.layers.insert(name.to_owned(), Layer { bytes: made.bytes, inodes: made.inodes });
        // The index is written with the image: without one, the layer is of no use after a restart.
        Ok(())
    }

    /// Adds an image, or further references of it. Tags of the same name move here.
    pub(crate) fn add_image(&mut self, new: Record) -> Result<(), ImageError> {
        if let Some(missing) = new.layers.iter().find(|layer| !self.has_layer(layer)) {
            return Err(ImageError::Malformed(format!("layer {missing} was removed meanwhile")));
        }
        for record in self.index.images.values_mut() {
            record.tags.retain(|tag| !new.tags.contains(tag));
        }
        match self.index.images.get_mut(&new.id) {
            Some(record) => {
                record.tags.extend(new.tags);
                record.digests.extend(new.digests);
                record.manifests.extend(new.manifests);
                record.pinned |= new.pinned;
            }
            None => {
                self.index.images.insert(new.id.clone(), new);
            }
        }
        self.save()
    }

    /// The image's id that a tag, digest, id or unambiguous start of an id names.
    pub(crate) fn resolve(&self, text: &str) -> Option<Digest> {
        if let Some(hex) = text.strip_prefix("sha256:") {
            return self.by_prefix(hex, 1);
        }
        if let Ok(reference) = super::reference::Reference::parse(text) {
            let found = match &reference.digest {
                Some(digest) => {
                    let digest = format!("{}@{digest}", reference.name());
                    self.index.images.values().find(|record| record.digests.contains(&digest))
                }
                None => {
                    let tag = reference.tagged()?;
                    self.index.images.values().find(|record| record.tags.contains(&tag))
                }
            };
            if let Some(record) = found {
                return Some(record.id.clone());
            }
        }
        self.by_prefix(text, 4)
    }

    fn by_prefix(&self, hex: &str, len_min: usize) -> Option<Digest> {
        let is_hex = hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if hex.len() < len_min || !is_hex {
            return None;
        }
        let mut found = self.index.images.keys().filter(|id| id.hex().starts_with(hex));
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only.clone()),
            _ => None,
        }
    }

    pub(crate) fn record(&self, id: &Digest) -> Option<&Record> {
        self.index.images.get(id)
    }

    pub(crate) fn image(&self, id: &Digest) -> Option<Image> {
        let record = self.index.images.get(id)?;
        let layers = record.layers.iter().filter_map(|layer| self.index.layers.get(layer));
        let config = record.config.as_ref().expect("images in memory have their configuration");
        Some(Image {
            id: record.id.to_string(),
            tags: record.tags.iter().cloned().collect(),
            digests: record.digests.iter().cloned().collect(),
            size: layers.map(|layer| layer.bytes).sum(),
            config: config.as_ref().clone(),
            pinned: record.pinned,
        })
    }

    pub(crate) fn images(&self) -> Vec<Image> {
        self.index.images.keys().filter_map(|id| self.image(id)).collect()
    }

    /// Layers of `id`, topmost first, held by `holder` from now on.
    pub(crate) fn hold(&mut self, id: &Digest, holder: &str) -> Result<Vec<PathBuf>, ImageError> {
        let record = self.record(id).ok_or_else(|| ImageError::NotFound(id.to_string()))?;
        let layers = record.layers.clone();
        if self.holders.get(holder) != Some(&layers) {
            // Not synced: after a crash of the machine there is no container to hold it.
            let path = self.holder_path(holder)?;
            let (new, mut file) = self.folders.ingest_file()?;
            file.write_all(layers.join("\n").as_bytes())?;
            fs::rename(new, path)?;
            self.holders.insert(holder.to_owned(), layers.clone());
        }
        Ok(layers.iter().rev().map(|layer| self.folders.layer(layer)).collect())
    }

    fn holder_path(&self, holder: &str) -> Result<PathBuf, ImageError> {
        let valid = !holder.is_empty()
            && holder.len() <= 200
            && !holder.starts_with('.')
            && holder.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        if !valid {
            return Err(ImageError::Malformed(format!("{holder:?} is no name for a holder")));
        }
        Ok(self.folders.root.join("holders").join(holder))
    }

    pub(crate) fn release(&mut self, holder: &str) -> Result<(), ImageError> {
        if self.holders.remove(holder).is_none() {
            return Ok(());
        }
        match fs::remove_file(self.holder_path(holder)?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => self.collect(),
        }
    }

    pub(crate) fn remove(&mut self, id: &Digest) -> Result<(), ImageError> {
        if self.index.images.remove(id).is_none() {
            return Ok(());
        }
        // First forget, then delete: a crash between leaves layers that nobody names, which opening discards.
        self.save()?;
        self.collect()
    }

    /// Discards every layer and blob that neither an image nor a holder nor a running pull needs.
    fn collect(&mut self) -> Result<(), ImageError> {
        let of_images = self.index.images.values().flat_map(|record| &record.layers);
        let of_holders = self.holders.values().flatten();
        let live: BTreeSet<&String> =
            of_images.chain(of_holders).chain(self.pinned.values().flatten()).collect();
        let dead = self.index.layers.keys().filter(|name| !live.contains(name));
        let dead = dead.cloned().collect::<Vec<_>>();
        if !dead.is_empty() {
            for name in &dead {
                self.index.layers.remove(name);
            }
            self.save()?;
            for name in &dead {
                self.folders.discard(&self.folders.layer(name))?;
            }
        }
        if self.pinned.is_empty() {
            let records = self.index.images.values();
            let live: BTreeSet<&str> = records
                .flat_map(|record| record.manifests.iter().chain([&record.id]))
                .map(|digest| digest.hex())
                .collect();
            for name in names_in(&self.folders.root.join("blobs/sha256"))? {
                if !live.contains(name.as_str()) {
                    self.folders.discard(&self.folders.root.join("blobs/sha256").join(name))?;
                }
            }
        }
        Ok(())
    }

    /// Bytes and inodes of all layers.
    pub(crate) fn usage(&self) -> (u64, u64) {
        let layers = self.index.layers.values();
        layers.fold((0, 0), |(bytes, inodes), layer| (bytes + layer.bytes, inodes + layer.inodes))
    }
}

fn names_in(folder: &Path) -> io::Result<BTreeSet<String>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

fn read_index(root: &Path) -> Result<Index, ImageError> {
    let path = root.join("index.json");
    let text = match fs::metadata(&path) {
        Ok(meta) if meta.len() > INDEX_LEN_MAX => {
            return Err(ImageError::Malformed(format!("{} is too large", path.display())));
        }
        Ok(_) => fs::read(&path)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Index::default()),
        Err(error) => return Err(error.into()),
    };
    serde_json::from_slice(&text)
        .map_err(|error| ImageError::Malformed(format!("{}: {error}", path.display())))
}

fn read_holders(root: &Path) -> Result<BTreeMap<String, Vec<String>>, ImageError> {
    let mut holders = BTreeMap::new();
    for holder in names_in(&root.join("holders"))? {
        let text = fs::read_to_string(root.join("holders").join(&holder))?;
        holders.insert(holder, text.lines().map(str::to_owned).collect());
    }
    Ok(holders)
}
