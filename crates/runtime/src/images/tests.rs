//! Images built in the test, loaded and looked at on disk.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tar::{Builder, EntryType, Header};

use super::digest::Digest;
use super::unpack::{Unpacked, unpack};
use super::*;

/// A layer under construction.
pub(super) struct Layer(Builder<Vec<u8>>);

impl Layer {
    pub(super) fn new() -> Self {
        Self(Builder::new(Vec::new()))
    }

    fn header(kind: EntryType, mode: u32, size: usize) -> Header {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_size(size as u64);
        header.set_mtime(1_700_000_000);
        header.set_uid(0);
        header.set_gid(0);
        header
    }

    fn raw(mut self, mut header: Header, path: &str, link: &str, content: &[u8]) -> Self {
        // Past the crate's own checks, so that hostile names get in.
        let gnu = header.as_gnu_mut().unwrap();
        gnu.name[..path.len()].copy_from_slice(path.as_bytes());
        gnu.linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_cksum();
        self.0.append(&header, content).unwrap();
        self
    }

    pub(super) fn file(self, path: &str, content: &str) -> Self {
        let header = Self::header(EntryType::Regular, 0o644, content.len());
        self.raw(header, path, "", content.as_bytes())
    }

    fn dir(self, path: &str, mode: u32) -> Self {
        self.raw(Self::header(EntryType::Directory, mode, 0), path, "", b"")
    }

    fn symlink(self, path: &str, target: &str) -> Self {
        self.raw(Self::header(EntryType::Symlink, 0o777, 0), path, target, b"")
    }

    fn hard_link(self, path: &str, target: &str) -> Self {
        self.raw(Self::header(EntryType::Link, 0o644, 0), path, target, b"")
    }

    fn device(self, path: &str, major: u32, minor: u32) -> Self {
        let mut header = Self::header(EntryType::Char, 0o666, 0);
        header.set_device_major(major).unwrap();
        header.set_device_minor(minor).unwrap();
        self.raw(header, path, "", b"")
    }

    fn owned(self, path: &str, uid: u64, mode: u32) -> Self {
        let mut header = Self::header(EntryType::Regular, mode, 1);
        header.set_uid(uid);
        self.raw(header, path, "", b"x")
    }

    fn pax(mut self, path: &str, records: &[(&str, &[u8])], content: &[u8]) -> Self {
        self.0.append_pax_extensions(records.iter().copied()).unwrap();
        self.raw(Self::header(EntryType::Regular, 0o755, content.len()), path, "", content)
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap()
    }
}

pub(super) fn config_of(layers: &[Vec<u8>], command: &str) -> Vec<u8> {
    let ids: Vec<String> = layers.iter().map(|layer| Digest::of(layer).to_string()).collect();
    serde_json::to_vec(&serde_json::json!({
        "architecture": super::manifest::architecture(),
        "os": "linux",
        "config": {"Cmd": [command], "Env": ["PATH=/bin"]},
        "rootfs": {"type": "layers", "diff_ids": ids},
    }))
    .unwrap()
}

fn tar_of(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut tar = Builder::new(Vec::new());
    for (path, content) in members {
        let mut header = Layer::header(EntryType::Regular, 0o644, content.len());
        tar.append_data(&mut header, path, content.as_slice()).unwrap();
    }
    tar.into_inner().unwrap()
}

pub(super) fn docker_archive(name: &str, layers: &[Vec<u8>]) -> Vec<u8> {
    let config = config_of(layers, name);
    let mut members = vec![("config.json".to_owned(), config)];
    let mut paths = Vec::new();
    for (number, layer) in layers.iter().enumerate() {
        paths.push(format!("{number}/layer.tar"));
        members.push((format!("{number}/layer.tar"), layer.clone()));
    }
    let manifest = serde_json::json!([{"Config": "config.json", "RepoTags": [name], "Layers": paths}]);
    members.push(("manifest.json".to_owned(), serde_json::to_vec(&manifest).unwrap()));
    tar_of(&members)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn oci_layout(name: &str, layers: &[Vec<u8>], spoil: bool) -> Vec<u8> {
    let blob = |bytes: &[u8], kind: &str| {
        let digest = Digest::of(bytes).to_string();
        serde_json::json!({"mediaType": kind, "digest": digest, "size": bytes.len()})
    };
    let config = config_of(layers, name);
    let mut members = Vec::new();
    let mut put = |bytes: &[u8], content: Vec<u8>| {
        members.push((format!("blobs/sha256/{}", Digest::of(bytes).hex()), content));
    };
    let mut descriptors = Vec::new();
    for (number, layer) in layers.iter().enumerate() {
        let packed =
            if number % 2 == 0 { gzip(layer) } else { zstd::encode_all(layer.as_slice(), 1).unwrap() };
        descriptors.push(blob(&packed, "application/vnd.oci.image.layer.v1.tar+gzip"));
        let content = if spoil { gzip(&Layer::new().file("other", "").bytes()) } else { packed.clone() };
        put(&packed, content);
    }
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": blob(&config, "application/vnd.oci.image.config.v1+json"),
        "layers": descriptors,
    });
    let manifest = serde_json::to_vec(&manifest).unwrap();
    put(&config, config.clone());
    put(&manifest, manifest.clone());
    let mut entry = blob(&manifest, "application/vnd.oci.image.manifest.v1+json");
    entry["annotations"] = serde_json::json!({"org.opencontainers.image.ref.name": name});
    let index = serde_json::json!({"schemaVersion": 2, "manifests": [entry]});
    members.push(("index.json".to_owned(), serde_json::to_vec(&index).unwrap()));
    members.push(("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()));
    tar_of(&members)
}

fn unpack_in(folder: &Path, layer: Vec<u8>, parents: &[PathBuf]) -> Result<Unpacked, ImageError> {
    fs::create_dir(folder).unwrap();
    unpack(layer.as_slice(), folder, parents)
}

fn xattr(path: &Path, name: &str) -> Option<Vec<u8>> {
    let mut value = vec![0; 256];
    let length = rustix::fs::lgetxattr(path, name, &mut value[..]).ok()?;
    value.truncate(length);
    Some(value)
}

#[test]
fn unpacks_every_kind_of_entry() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("layer");
    let layer = Layer::new()
        .dir("./", 0o711)
        .dir("./bin/", 0o755)
        .file("bin/sh", "shell")
        .hard_link("bin/ash", "bin/sh")
        .symlink("bin/link", "/etc/passwd")
        .device("null", 1, 3)
        .owned("setuid", 1000, 0o4755)
        .dir("tmp", 0o1777)
        .pax(
            "capable",
            &[("SCHILY.xattr.user.note", b"hi"), ("SCHILY.xattr.trusted.overlay.redirect", b"/x")],
            b"",
        )
        .file("bin/sh2", "first")
        .file("bin/sh2", "second")
        .bytes();
    let id = Digest::of(&layer);
    let made = unpack_in(&root, layer, &[]).unwrap();
    assert_eq!(made.diff_id, id);
    assert!(!made.depends_on_parents);
    assert_eq!(fs::metadata(&root).unwrap().mode() & 0o7777, 0o711);
    let (sh, ash) = (fs::metadata(root.join("bin/sh")).unwrap(), fs::metadata(root.join("bin/ash")).unwrap());
    assert_eq!(sh.ino(), ash.ino());
    assert_eq!(sh.mtime(), 1_700_000_000);
    assert_eq!(fs::metadata(root.join("bin")).unwrap().mtime(), 1_700_000_000);
    assert_eq!(fs::read_link(root.join("bin/link")).unwrap(), Path::new("/etc/passwd"));
    let null = fs::metadata(root.join("null")).unwrap();
    assert!(null.file_type().is_char_device());
    assert_eq!(null.rdev(), rustix::fs::makedev(1, 3));
    let setuid = fs::metadata(root.join("setuid")).unwrap();
    assert_eq!((setuid.uid(), setuid.permissions().mode() & 0o7777), (1000, 0o4755));
    assert_eq!(fs::metadata(root.join("tmp")).unwrap().mode() & 0o7777, 0o1777);
    assert_eq!(xattr(&root.join("capable"), "trusted.overlay.redirect"), None);
    assert_eq!(fs::read_to_string(root.join("bin/sh2")).unwrap(), "second");
}

#[test]
fn whiteouts_become_overlayfs_whiteouts() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("layer");
    let layer = Layer::new()
        .dir("a", 0o755)
        .file("a/.wh.gone", "")
        .dir("b", 0o755)
        .file("b/new", "x")
        .file("b/.wh..wh..opq", "")
        .file(".wh.c", "")
        .dir("c", 0o755)
        .dir("d", 0o755)
        .file(".wh.d", "")
        .file("e", "kept")
        .file(".wh.e", "")
        .file(".wh..wh.plnk", "")
        .bytes();
    unpack_in(&root, layer, &[]).unwrap();
    let gone = fs::symlink_metadata(root.join("a/gone")).unwrap();
    assert!(gone.file_type().is_char_device() && gone.rdev() == 0);
    for opaque in ["b", "c", "d"] {
        assert_eq!(
            xattr(&root.join(opaque), "trusted.overlay.opaque").as_deref(),
            Some(&b"y"[..]),
            "{opaque}"
        );
    }
    assert_eq!(xattr(&root.join("a"), "trusted.overlay.opaque"), None);
    assert_eq!(fs::read_to_string(root.join("e")).unwrap(), "kept");
    let names: BTreeSet<_> = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().starts_with(".wh.")), "{names:?}");
}

#[test]
fn nothing_leads_out_of_a_layer() {
    let temp = tempfile::tempdir().unwrap();
    let outside = temp.path().join("outside");
    fs::write(&outside, "untouched").unwrap();
    let out = temp.path().to_str().unwrap();
    let check = |name: &str, layer: Layer, refused: bool| {
        let result = unpack_in(&temp.path().join(name), layer.bytes(), &[]);
        assert_eq!(result.is_err(), refused, "{name}: {result:?}");
        assert_eq!(fs::read_to_string(&outside).unwrap(), "untouched", "{name}");
        assert!(!temp.path().join("evil").exists(), "{name}");
        assert!(!Path::new("/mizzen-evil").exists(), "{name}");
    };
    check("dots", Layer::new().file("../evil", "x"), true);
    check("dots-within", Layer::new().dir("a", 0o755).file("a/../../evil", "x"), true);
    // Taken as a path within the layer.
    check("absolute", Layer::new().file("/mizzen-evil", "x"), false);
    check("link-parent", Layer::new().symlink("l", "..").file("l/evil", "x"), false);
    check("link-absolute", Layer::new().symlink("l", out).file("l/evil", "x"), true);
    check("link-then-file", Layer::new().symlink("f", &format!("{out}/outside")).file("f", "x"), false);
    check("link-then-chmod", Layer::new().symlink("d", out).dir("d", 0o777), false);
    check("hard-link-dots", Layer::new().hard_link("h", "../outside").file("h", "x"), true);
    check("hard-link-absolute", Layer::new().hard_link("h", &format!("{out}/outside")), true);
    check("hard-link-through", Layer::new().symlink("l", out).hard_link("h", "l/outside"), true);
    check("hard-link-self", Layer::new().file("f", "x").hard_link("f", "f"), false);
    check("magic", Layer::new().symlink("l", "/proc/self/root").file("l/mizzen-evil", "x"), true);
    check("whiteout-dots", Layer::new().file(".wh...", ""), true);
    check("loop", Layer::new().symlink("a", "b").symlink("b", "a").file("a/x", ""), true);
}

#[test]
fn folders_left_out_take_after_the_layer_below() {
    let temp = tempfile::tempdir().unwrap();
    let (base, top) = (temp.path().join("base"), temp.path().join("top"));
    unpack_in(&base, Layer::new().dir("tmp", 0o1777).bytes(), &[]).unwrap();
    let made = unpack_in(&top, Layer::new().file("tmp/x", "").bytes(), &[base]).unwrap();
    assert!(made.depends_on_parents);
    assert_eq!(fs::metadata(top.join("tmp")).unwrap().mode() & 0o7777, 0o1777);
}

fn store() -> (tempfile::TempDir, Images) {
    let temp = tempfile::tempdir().unwrap();
    let images = Images::open(&temp.path().join("images"), RegistryConfig::default()).unwrap();
    (temp, images)
}

fn layers_on_disk(temp: &tempfile::TempDir) -> usize {
    fs::read_dir(temp.path().join("images/layers")).unwrap().count()
}

async fn load(temp: &tempfile::TempDir, images: &Images, tar: &[u8]) -> Result<Vec<String>, ImageError> {
    let path = temp.path().join("image.tar");
    fs::write(&path, tar).unwrap();
    images.load(&path).await
}

fn two_layers() -> Vec<Vec<u8>> {
    vec![Layer::new().file("base", "1").bytes(), Layer::new().file("top", "2").bytes()]
}

#[tokio::test]
async fn docker_archive_loads_and_prepares() {
    let (temp, images) = store();
    let loaded = load(&temp, &images, &docker_archive("app:v1", &two_layers())).await.unwrap();
    assert_eq!(loaded, ["docker.io/library/app:v1"]);
    let image = images.find("app:v1").unwrap();
    assert_eq!(image.tags, ["docker.io/library/app:v1"]);
    assert_eq!(image.config.config().as_ref().unwrap().cmd().as_ref().unwrap(), &["app:v1"]);
    let short = &image.id["sha256:".len()..][..12];
    for name in [image.id.as_str(), short, "docker.io/library/app:v1"] {
        assert_eq!(images.find(name).unwrap().id, image.id);
    }
    assert!(images.find("app").is_none());
    let prepared = images.prepare("app:v1", "container-1").unwrap();
    assert_eq!(prepared.layers.len(), 2);
    assert!(prepared.layers[0].join("top").exists());
    assert!(prepared.layers[1].join("base").exists());
    assert!(images.usage().1 > 0);
}

#[tokio::test]
async fn oci_layout_and_compressed_archives_load() {
    let (temp, images) = store();
    let layout = oci_layout("registry.test/app:v2", &two_layers(), false);
    assert_eq!(load(&temp, &images, &layout).await.unwrap(), ["registry.test/app:v2"]);
    assert_eq!(load(&temp, &images, &gzip(&layout)).await.unwrap(), ["registry.test/app:v2"]);
    let image = images.find("registry.test/app:v2").unwrap();
    assert_eq!(image.digests.len(), 1);
    assert_eq!(images.find(&image.digests[0]).unwrap().id, image.id);
    assert_eq!(layers_on_disk(&temp), 2);
}

#[tokio::test]
async fn spoilt_archives_are_refused_and_leave_nothing() {
    let (temp, images) = store();
    let check = |result: Result<Vec<String>, ImageError>, expect: &str| {
        let error = result.unwrap_err().to_string();
        assert!(error.contains(expect), "{error}");
    };
    check(load(&temp, &images, &oci_layout("a", &two_layers(), true)).await, "as promised");
    check(load(&temp, &images, b"no tar at all").await, "tar");
    check(load(&temp, &images, &tar_of(&[])).await, "neither");
    let mut layers = two_layers();
    let archive = docker_archive("a", &layers);
    layers[0] = Layer::new().file("other", "").bytes();
    let config = config_of(&layers, "a");
    let manifest = serde_json::json!([{"Config": "c", "RepoTags": null, "Layers": ["0"]}]);
    check(
        load(
            &temp,
            &images,
            &tar_of(&[
                ("c".to_owned(), config),
                ("0".to_owned(), two_layers()[0].clone()),
                ("manifest.json".to_owned(), serde_json::to_vec(&manifest).unwrap()),
            ]),
        )
        .await,
        "1 layers, but 2",
    );
    check(load(&temp, &images, &archive[..archive.len() / 3]).await, "");
    assert_eq!(images.list().len(), 0);
    assert_eq!(layers_on_disk(&temp), 0);
}

#[tokio::test]
async fn layers_go_when_nothing_holds_them() {
    let (temp, images) = store();
    let shared = Layer::new().file("base", "1").bytes();
    let with = |name: &str| vec![shared.clone(), Layer::new().file(name, "2").bytes()];
    load(&temp, &images, &docker_archive("one", &with("a"))).await.unwrap();
    load(&temp, &images, &docker_archive("two", &with("b"))).await.unwrap();
    assert_eq!(layers_on_disk(&temp), 3);
    images.remove("one").unwrap();
    assert_eq!(layers_on_disk(&temp), 2);
    images.prepare("two", "c1").unwrap();
    images.prepare("two", "c2").unwrap();
    images.remove("two").unwrap();
    images.remove("two").unwrap();
    assert_eq!((layers_on_disk(&temp), images.list().len()), (2, 0));
    images.release("c1");
    drop(images);
    // Holders outlive the process.
    let images = Images::open(&temp.path().join("images"), RegistryConfig::default()).unwrap();
    assert_eq!(layers_on_disk(&temp), 2);
    images.release("c2");
    assert_eq!((layers_on_disk(&temp), images.usage().1), (0, 0));
    assert_eq!(fs::read_dir(temp.path().join("images/blobs/sha256")).unwrap().count(), 0);
}

#[tokio::test]
async fn restart_finds_images_and_discards_halves() {
    let (temp, images) = store();
    load(&temp, &images, &docker_archive("app", &two_layers())).await.unwrap();
    let before = images.find("app").unwrap();
    drop(images);
    let root = temp.path().join("images");
    fs::create_dir(root.join("layers/half")).unwrap();
    fs::create_dir_all(root.join("ingest/7/deep")).unwrap();
    let images = Images::open(&root, RegistryConfig::default()).unwrap();
    assert_eq!(images.find("app").unwrap().id, before.id);
    assert_eq!(layers_on_disk(&temp), 2);
    assert_eq!(fs::read_dir(root.join("ingest")).unwrap().count(), 0);
    drop(images);
    // An image whose layer is lost is forgotten, not run.
    let layer = fs::read_dir(root.join("layers")).unwrap().next().unwrap().unwrap().path();
    fs::remove_dir_all(layer).unwrap();
    let images = Images::open(&root, RegistryConfig::default()).unwrap();
    assert!(images.find("app").is_none());
    assert!(matches!(images.prepare("app", "c"), Err(ImageError::NotFound(_))));
}

#[tokio::test]
async fn tags_move_to_the_newest() {
    let (temp, images) = store();
    load(&temp, &images, &docker_archive("app", &two_layers()[..1])).await.unwrap();
    let first = images.find("app").unwrap().id;
    load(&temp, &images, &docker_archive("app", &two_layers())).await.unwrap();
    let second = images.find("app").unwrap().id;
    assert_ne!(first, second);
    assert!(images.find(&first).unwrap().tags.is_empty());
    images.remove(&first).unwrap();
    assert_eq!(images.list().len(), 1);
}

#[tokio::test]
async fn holders_have_plain_names() {
    let (temp, images) = store();
    load(&temp, &images, &docker_archive("app", &two_layers())).await.unwrap();
    for name in ["", "..", "a/b", ".hidden"] {
        assert!(images.prepare("app", name).is_err(), "{name}");
    }
}
