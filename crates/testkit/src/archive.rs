//! Container images built from nothing, as OCI-layout archives.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A layer: a compressed tar, with the digests of both forms.
#[derive(Debug, Clone)]
pub struct Layer {
    gzip: Vec<u8>,
    digest: String,
    diff_id: String,
}

/// Collects a layer's files.
pub struct LayerBuilder {
    tar: tar::Builder<Tee>,
}

/// Writes compressed bytes, and hashes the plain ones on the way.
struct Tee {
    gzip: GzEncoder<Vec<u8>>,
    plain: Sha256,
}

impl Write for Tee {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.gzip.write(bytes)?;
        self.plain.update(&bytes[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.gzip.flush()
    }
}

fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

impl Default for LayerBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl LayerBuilder {
    /// An empty layer.
    pub fn new() -> Self {
        let gzip = GzEncoder::new(Vec::new(), Compression::fast());
        let mut tar = tar::Builder::new(Tee { gzip, plain: Sha256::new() });
        tar.mode(tar::HeaderMode::Deterministic);
        tar.follow_symlinks(false);
        Self { tar }
    }

    fn header(kind: tar::EntryType, mode: u32, owner: u64, size: u64) -> tar::Header {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(owner);
        header.set_gid(owner);
        header.set_mtime(0);
        header.set_size(size);
        header
    }

    /// Adds a file of root's.
    pub fn file(mut self, path: &str, mode: u32, bytes: &[u8]) -> Result<Self> {
        let mut header = Self::header(tar::EntryType::Regular, mode, 0, bytes.len() as u64);
        self.tar.append_data(&mut header, path, bytes).with_context(|| path.to_owned())?;
        Ok(self)
    }

    /// Adds a folder that belongs to user and group `owner`.
    pub fn folder(mut self, path: &str, mode: u32, owner: u64) -> Result<Self> {
        let mut header = Self::header(tar::EntryType::Directory, mode, owner, 0);
        self.tar.append_data(&mut header, path, io::empty()).with_context(|| path.to_owned())?;
        Ok(self)
    }

    /// Adds a symbolic link.
    pub fn link(mut self, path: &str, target: &str) -> Result<Self> {
        let mut header = Self::header(tar::EntryType::Symlink, 0o777, 0, 0);
        self.tar.append_link(&mut header, path, target).with_context(|| path.to_owned())?;
        Ok(self)
    }

    /// Adds everything below a folder of this machine, as root's.
    pub fn tree(mut self, folder: &Path) -> Result<Self> {
        self.tar.append_dir_all("", folder).with_context(|| folder.display().to_string())?;
        Ok(self)
    }

    /// The layer.
    pub fn build(self) -> Result<Layer> {
        let tee = self.tar.into_inner().context("finish the tar")?;
        let gzip = tee.gzip.finish().context("finish the compression")?;
        let diff_id = format!("sha256:{}", hex::encode(tee.plain.finalize()));
        Ok(Layer { digest: sha256(&gzip), gzip, diff_id })
    }
}

/// An image: layers, bottom first, and how it runs.
#[derive(Debug, Clone, Default)]
pub struct Image {
    /// Bottom first.
    pub layers: Vec<Layer>,
    /// `Entrypoint`, `Cmd`, `Env`, `User`, … as in an OCI image configuration's `config`.
    pub config: BTreeMap<String, Value>,
}

impl Image {
    /// Sets one key of the configuration.
    #[must_use]
    pub fn with(mut self, key: &str, value: Value) -> Self {
        self.config.insert(key.to_owned(), value);
        self
    }

    /// Writes the image as an OCI-layout archive, called `reference`.
    pub fn write(&self, reference: &str, archive: &Path) -> Result<()> {
        let config = json!({
            "architecture": "amd64",
            "os": "linux",
            "config": self.config,
            "rootfs": {
                "type": "layers",
                "diff_ids": self.layers.iter().map(|layer| &layer.diff_id).collect::<Vec<_>>(),
            },
        });
        let config = serde_json::to_vec(&config)?;
        let layers = self.layers.iter().map(|layer| {
            json!({
                "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
                "digest": layer.digest,
                "size": layer.gzip.len(),
            })
        });
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json",
                "digest": sha256(&config),
                "size": config.len(),
            },
            "layers": layers.collect::<Vec<_>>(),
        });
        let manifest = serde_json::to_vec(&manifest)?;
        let index = json!({
            "schemaVersion": 2,
            "manifests": [{
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": sha256(&manifest),
                "size": manifest.len(),
                "annotations": {
                    "org.opencontainers.image.ref.name": reference,
                    "io.containerd.image.name": reference,
                },
            }],
        });
        let mut blobs: BTreeMap<String, &[u8]> = BTreeMap::new();
        blobs.insert(sha256(&config), &config);
        blobs.insert(sha256(&manifest), &manifest);
        blobs.extend(self.layers.iter().map(|layer| (layer.digest.clone(), &*layer.gzip)));
        let mut tar =
            tar::Builder::new(File::create(archive).with_context(|| archive.display().to_string())?);
        let mut add = |path: &str, bytes: &[u8]| {
            let mut header = LayerBuilder::header(tar::EntryType::Regular, 0o644, 0, bytes.len() as u64);
            tar.append_data(&mut header, path, bytes)
        };
        add("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#)?;
        add("index.json", &serde_json::to_vec(&index)?)?;
        for (digest, bytes) in &blobs {
            add(&format!("blobs/{}", digest.replace(':', "/")), bytes)?;
        }
        tar.finish().context("finish the archive")
    }
}
