//! Loading images from a tar: docker-archive (`docker save`) or OCI layout, plain or compressed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use tar::EntryType;

use super::digest::Digest;
use super::layer::Stack;
use super::manifest::{self, CONFIG_LEN_MAX, Descriptor, Document, MANIFEST_LEN_MAX, Manifest};
use super::reference::Reference;
use super::store::Record;
use super::tarball::Tarball;
use super::unpack::decompress;
use super::{ImageError, Inner};

/// Largest archive, uncompressed.
const ARCHIVE_LEN_MAX: u64 = 256 << 30;
/// Most members of an archive.
const MEMBERS_MAX: usize = 100_000;
/// Most links that lead to one file, and indexes within indexes.
const DEPTH_MAX: usize = 4;

fn malformed(what: impl Into<String>) -> ImageError {
    ImageError::Malformed(what.into())
}

/// Where a member's content is.
#[derive(Debug, Clone)]
enum Member {
    File {
        offset: u64,
        size: u64,
    },
    /// Full path of another member (old `docker save` links equal layers).
    Link(String),
}

/// An uncompressed archive and its table of contents.
struct Archive {
    file: File,
    members: BTreeMap<String, Member>,
}

/// A part of a file.
struct Section<'a> {
    file: &'a File,
    offset: u64,
    left: u64,
}

impl Read for Section<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let want = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let count = self.file.read_at(&mut buffer[..want], self.offset)?;
        self.offset += count as u64;
        self.left -= count as u64;
        Ok(count)
    }
}

/// A path with `.` and `..` resolved; `..` at the top stays at the top.
fn normal(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

impl Archive {
    fn open(inner: &Inner, path: &Path) -> Result<Self, ImageError> {
        let mut file = File::open(path)?;
        let mut start = [0u8; 4];
        let count = file.read_at(&mut start, 0)?;
        let compressed = start[..count].starts_with(&[0x1f, 0x8b]) || start == [0x28, 0xb5, 0x2f, 0xfd];
        if compressed {
            let (copy, mut plain) = inner.folders.ingest_file()?;
            // Without a name, it goes with the descriptor.
            std::fs::remove_file(copy)?;
            let copied = io::copy(&mut decompress(&file)?.take(ARCHIVE_LEN_MAX), &mut plain)?;
            if copied == ARCHIVE_LEN_MAX {
                return Err(malformed("an archive over 256 GiB"));
            }
            file = plain;
        }
        let whole = Section { file: &file, offset: 0, left: ARCHIVE_LEN_MAX };
        let mut tarball = Tarball::new(io::BufReader::with_capacity(64 << 10, whole));
        let mut members = BTreeMap::new();
        while let Some(entry) = tarball.next()? {
            if members.len() >= MEMBERS_MAX {
                return Err(malformed(format!("an archive of over {MEMBERS_MAX} members")));
            }
            let name = normal(&String::from_utf8_lossy(&entry.path));
            let link = String::from_utf8_lossy(&entry.link).into_owned();
            let member = match entry.kind {
                EntryType::Regular | EntryType::Continuous => {
                    Member::File { offset: tarball.content_offset(), size: entry.size }
                }
                EntryType::Link => Member::Link(normal(&link)),
                EntryType::Symlink => {
                    let folder = name.rfind('/').map_or("", |slash| &name[..slash]);
                    Member::Link(normal(&format!("{folder}/{link}")))
                }
                _ => continue,
            };
            members.insert(name, member);
            // Content is skipped by reading on: a seek would save little, the pages are needed soon.
        }
        drop(tarball);
        Ok(Self { file, members })
    }

    fn section(&self, name: &str) -> Result<Section<'_>, ImageError> {
        let mut name = normal(name);
        for _ in 0..DEPTH_MAX {
            match self.members.get(&name) {
                Some(Member::File { offset, size }) => {
                    return Ok(Section { file: &self.file, offset: *offset, left: *size });
                }
                Some(Member::Link(target)) => name = target.clone(),
                None => break,
            }
        }
        Err(malformed(format!("the archive has no {name:?}")))
    }

    fn read(&self, name: &str, limit: u64) -> Result<Vec<u8>, ImageError> {
        let mut section = self.section(name)?;
        if section.left > limit {
            return Err(malformed(format!("{name} is over {limit} bytes")));
        }
        let mut bytes = Vec::new();
        section.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn blob(&self, descriptor: &Descriptor, limit: u64) -> Result<Vec<u8>, ImageError> {
        let bytes = self.read(&blob_path(&descriptor.digest), limit)?;
        descriptor.digest.check(&bytes)?;
        Ok(bytes)
    }
}

fn blob_path(digest: &Digest) -> String {
    format!("blobs/sha256/{}", digest.hex())
}

/// One image of an archive.
struct Source {
    /// The manifest and the indexes above it, as bytes to keep.
    manifests: Vec<Vec<u8>>,
    /// What the image is known by in registries.
    target: Option<Digest>,
    config: Vec<u8>,
    /// Member and expected digest of each layer.
    layers: Vec<(String, Option<Digest>)>,
    names: Vec<Reference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DockerImage {
    config: String,
    repo_tags: Option<Vec<String>>,
    layers: Vec<String>,
}

/// Loads every image of the archive at `path`; gives their references, or ids where they have none. Blocks.
pub(crate) fn load(inner: &Inner, path: &Path) -> Result<Vec<String>, ImageError> {
    let archive = Archive::open(inner, path)?;
    let sources = if archive.members.contains_key("index.json") {
        oci_sources(&archive)?
    } else if archive.members.contains_key("manifest.json") {
        docker_sources(&archive)?
    } else {
        return Err(malformed("neither a docker-archive nor an OCI layout: no manifest.json or index.json"));
    };
    if sources.is_empty() {
        return Err(malformed("no image for this machine in the archive"));
    }
    let mut loaded = Vec::new();
    for source in sources {
        loaded.extend(install(inner, &archive, source)?);
    }
    Ok(loaded)
}

fn docker_sources(archive: &Archive) -> Result<Vec<Source>, ImageError> {
    let text = archive.read("manifest.json", MANIFEST_LEN_MAX)?;
    let images: Vec<DockerImage> =
        serde_json::from_slice(&text).map_err(|error| malformed(format!("manifest.json: {error}")))?;
    let source = |image: DockerImage| {
        let names = image.repo_tags.unwrap_or_default();
        Ok(Source {
            manifests: Vec::new(),
            target: None,
            config: archive.read(&image.config, CONFIG_LEN_MAX)?,
            layers: image.layers.into_iter().map(|layer| (layer, None)).collect(),
            names: names.iter().map(|name| Reference::parse(name)).collect::<Result<_, _>>()?,
        })
    };
    images.into_iter().map(source).collect()
}

fn oci_sources(archive: &Archive) -> Result<Vec<Source>, ImageError> {
    let text = archive.read("index.json", MANIFEST_LEN_MAX)?;
    let Document::Index(entries) = Document::parse(&text)? else {
        return Err(malformed("index.json is no index"));
    };
    let mut sources = Vec::new();
    for entry in &entries {
        // Of an image for several machines, each may stand here by itself.
        if entry.platform.is_some() && manifest::choose(std::slice::from_ref(entry)).is_none() {
            continue;
        }
        let (manifests, manifest) = find_manifest(archive, entry)?;
        manifest.check_layers()?;
        let layer = |layer: &Descriptor| (blob_path(&layer.digest), Some(layer.digest.clone()));
        sources.push(Source {
            manifests,
            target: Some(entry.digest.clone()),
            config: archive.blob(&manifest.config, CONFIG_LEN_MAX)?,
            layers: manifest.layers.iter().map(layer).collect(),
            names: name_of(entry)?.into_iter().collect(),
        });
    }
    Ok(sources)
}

/// containerd's and docker's annotation is a whole reference; the specification's may be, or only a tag.
fn name_of(entry: &Descriptor) -> Result<Option<Reference>, ImageError> {
    let annotation = |key: &str| entry.annotations.get(key).filter(|name| !name.is_empty());
    match (annotation("io.containerd.image.name"), annotation("org.opencontainers.image.ref.name")) {
        (Some(name), _) => Reference::parse(name).map(Some),
        (None, Some(name)) if name.contains(['/', ':']) => Reference::parse(name).map(Some),
        (None, Some(name)) => Ok(Reference::parse(name).ok()),
        (None, None) => Ok(None),
    }
}

/// Follows indexes to this machine's manifest; gives the bytes of all on the way.
fn find_manifest(archive: &Archive, entry: &Descriptor) -> Result<(Vec<Vec<u8>>, Manifest), ImageError> {
    let mut way = Vec::new();
    let mut entry = entry.clone();
    for _ in 0..DEPTH_MAX {
        let bytes = archive.blob(&entry, MANIFEST_LEN_MAX)?;
        let document = Document::parse(&bytes)?;
        way.push(bytes);
        match document {
            Document::Image(manifest) => return Ok((way, manifest)),
            Document::Index(entries) => {
                entry = manifest::choose(&entries)
                    .ok_or_else(|| {
                        malformed(format!("no match for platform linux/{}", manifest::architecture()))
                    })?
                    .clone();
            }
        }
    }
    Err(malformed("indexes within indexes"))
}

fn install(inner: &Inner, archive: &Archive, source: Source) -> Result<Vec<String>, ImageError> {
    let (config, diff_ids) = manifest::parse_config(&source.config, source.layers.len())?;
    let stack = Stack::new(&diff_ids);
    let _pin = inner.pin(stack.names());
    let mut layers: Vec<String> = Vec::new();
    for (place, (member, blob)) in stack.places().iter().zip(&source.layers) {
        let name = inner.ensure_layer(place, &layers, archive.section(member)?, blob.as_ref())?;
        layers.push(name);
    }
    let mut manifests = BTreeSet::new();
    for bytes in &source.manifests {
        manifests.insert(inner.folders.write_blob(bytes)?);
    }
    let id = inner.folders.write_blob(&source.config)?;
    let tags: BTreeSet<String> = source.names.iter().filter_map(Reference::tagged).collect();
    let digests = match &source.target {
        Some(target) => source.names.iter().map(|name| format!("{}@{target}", name.name())).collect(),
        None => BTreeSet::new(),
    };
    let mut loaded: Vec<String> = tags.iter().cloned().collect();
    if loaded.is_empty() {
        loaded.push(id.to_string());
    }
    let config = Some(Arc::new(config));
    inner.state().add_image(Record { id, manifests, layers, tags, digests, pinned: false, config })?;
    Ok(loaded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn member_names() {
        let check = |path, expect| assert_eq!(normal(path), expect, "{path}");
        check("./a/b", "a/b");
        check("/a//b/", "a/b");
        check("a/../b/layer.tar", "b/layer.tar");
        check("../../etc/passwd", "etc/passwd");
    }
}
