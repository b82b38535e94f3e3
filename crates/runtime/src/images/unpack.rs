//! Unpacks one layer into a folder of its own, in the form that overlayfs stacks.
//!
//! Every path is resolved by the kernel inside the folder (`openat2` with `RESOLVE_IN_ROOT`), so that no
//! `..`, absolute path, symbolic or hard link of the archive leads out of it. Whiteouts become overlayfs's: a
//! character device 0:0, and the attribute `trusted.overlay.opaque`. Attributes that steer overlayfs are
//! never taken from an archive.
//! Source: OCI image specification, "Image Layer Filesystem Changeset"; Linux, filesystems/overlayfs.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{
    self, AtFlags, FileType, Gid, Mode, OFlags, ResolveFlags, Timespec, Timestamps, Uid, XattrFlags, makedev,
};
use rustix::io::Errno;
use tar::EntryType;

use super::ImageError;
use super::digest::{Digest, HashReader};
use super::tarball::{Entry, Tarball};

/// Most bytes that one layer may unpack to.
const LAYER_LEN_MAX: u64 = 64 << 30;
/// Most entries of one layer.
const ENTRIES_MAX: u64 = 4_000_000;
/// Most content of an extended attribute. Source: Linux, XATTR_SIZE_MAX.
const XATTR_LEN_MAX: usize = 64 << 10;

const WHITEOUT: &[u8] = b".wh.";
const WHITEOUT_META: &[u8] = b".wh..wh.";
const WHITEOUT_OPAQUE: &[u8] = b".wh..wh..opq";
const OPAQUE: &str = "trusted.overlay.opaque";

/// Stays inside the folder, crosses no mount, follows no `/proc` link.
const CONFINED: ResolveFlags =
    ResolveFlags::IN_ROOT.union(ResolveFlags::NO_MAGICLINKS).union(ResolveFlags::NO_XDEV);

/// What unpacking made.
#[derive(Debug)]
pub(crate) struct Unpacked {
    /// Of the uncompressed archive.
    pub(crate) diff_id: Digest,
    /// The archive leaves out folders that lie above its entries, so that their modes and owners were taken
    /// from the layers below: the result fits on these only.
    pub(crate) depends_on_parents: bool,
    /// Bytes on disk, rounded up to blocks.
    pub(crate) bytes: u64,
    pub(crate) inodes: u64,
}

/// Undoes gzip or zstd, told by the first bytes; anything else is taken as it is.
pub(crate) fn decompress<'a>(source: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut source = BufReader::with_capacity(128 << 10, source);
    let start = source.fill_buf()?;
    Ok(if start.starts_with(&[0x1f, 0x8b]) {
        Box::new(flate2::bufread::MultiGzDecoder::new(source))
    } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Box::new(zstd::Decoder::with_buffer(source)?)
    } else {
        Box::new(source)
    })
}

/// Unpacks a (compressed) layer into `into`, an empty folder. `parents` are the layers below, lowest first.
///
/// The caller syncs, checks the digest, and moves the folder into place.
pub(crate) fn unpack(source: impl Read, into: &Path, parents: &[PathBuf]) -> Result<Unpacked, ImageError> {
    let hashed = HashReader::new(decompress(source)?, LAYER_LEN_MAX);
    let root = fs::open(into, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
        .map_err(io::Error::from)?;
    fs::chmod(into, Mode::from(0o755)).map_err(io::Error::from)?;
    let mut unpacker = Unpacker {
        root,
        parents,
        implied: BTreeSet::new(),
        folders: BTreeMap::new(),
        last_parent: None,
        bytes: 0,
        inodes: 1,
    };
    let mut tarball = Tarball::new(hashed);
    let mut count = 0u64;
    while let Some(entry) = tarball.next()? {
        count += 1;
        if count > ENTRIES_MAX {
            return Err(ImageError::Malformed(format!("a layer of over {ENTRIES_MAX} entries")));
        }
        unpacker.entry(&entry, &mut tarball)?;
    }
    unpacker.finish_folders()?;
    let diff_id = tarball.into_inner().finish()?;
    Ok(Unpacked {
        diff_id,
        depends_on_parents: !unpacker.implied.is_empty() && !parents.is_empty(),
        bytes: unpacker.bytes,
        inodes: unpacker.inodes,
    })
}

struct Unpacker<'a> {
    root: OwnedFd,
    parents: &'a [PathBuf],
    /// Folders made because an entry lies in them, not because there is an entry for them.
    implied: BTreeSet<Vec<u8>>,
    /// Times of folders, set last: what is made in them changes them.
    folders: BTreeMap<Vec<u8>, (i64, u32)>,
    /// The folder that the last entry lay in.
    last_parent: Option<(Vec<u8>, OwnedFd)>,
    bytes: u64,
    inodes: u64,
}

/// An entry's path as its components, without `.` and a leading `/`; `..` and NUL are refused.
fn clean(path: &[u8]) -> Result<Vec<u8>, ImageError> {
    let refuse = |why| {
        let shown = String::from_utf8_lossy(&path[..path.len().min(200)]).into_owned();
        Err(ImageError::Malformed(format!("layer entry {shown:?} {why}")))
    };
    if path.contains(&0) {
        return refuse("has a NUL in its name");
    }
    let mut clean = Vec::with_capacity(path.len());
    for component in path.split(|byte| *byte == b'/') {
        match component {
            b"" | b"." => continue,
            b".." => return refuse("leads out of its layer"),
            _ => {
                if !clean.is_empty() {
                    clean.push(b'/');
                }
                clean.extend_from_slice(component);
            }
        }
    }
    Ok(clean)
}

fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(slash) => (&path[..slash], &path[slash + 1..]),
        None => (b"", path),
    }
}

fn name(bytes: &[u8]) -> &OsStr {
    OsStr::from_bytes(bytes)
}

fn open_folder(root: impl AsFd, path: &[u8]) -> Result<OwnedFd, Errno> {
    let path = if path.is_empty() { b"." } else { path };
    fs::openat2(root, name(path), OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty(), CONFINED)
}

fn io_error(path: &[u8], error: impl Into<io::Error>) -> ImageError {
    let error = error.into();
    ImageError::Io(io::Error::new(
        error.kind(),
        format!("unpack {:?}: {error}", String::from_utf8_lossy(path)),
    ))
}

fn times(mtime: (i64, u32)) -> Timestamps {
    let time = Timespec { tv_sec: mtime.0, tv_nsec: mtime.1.into() };
    Timestamps { last_access: time, last_modification: time }
}

fn owner(uid: u32, gid: u32) -> (Option<Uid>, Option<Gid>) {
    (Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))
}

/// Which attributes an archive may set: those that programs see. Overlayfs's own would let a layer point into
/// others, and labels belong to the host's policy.
fn allowed_xattr(key: &[u8]) -> bool {
    key == b"security.capability" || (key.starts_with(b"user.") && !key.starts_with(b"user.overlay."))
}

impl Unpacker<'_> {
    fn entry(&mut self, entry: &Entry, content: &mut impl Read) -> Result<(), ImageError> {
        let path = clean(&entry.path)?;
        if path.is_empty() {
            // The layer's root.
            if entry.kind.is_dir() {
                let root = open_folder(&self.root, b"").map_err(|error| io_error(b"/", error))?;
                self.folder_attributes(&root, b"", entry)?;
            }
            return Ok(());
        }
        let (dir, base) = split(&path);
        let parent = self.parent(dir)?;
        let done = if let Some(hidden) = base.strip_prefix(WHITEOUT) {
            self.whiteout(&parent, dir, base, hidden)
        } else {
            self.make(&parent, &path, base, entry, content)
        };
        self.last_parent = Some((dir.to_vec(), parent));
        done
    }

    /// The folder that an entry lies in, made if it is not there.
    fn parent(&mut self, dir: &[u8]) -> Result<OwnedFd, ImageError> {
        if let Some((last, fd)) = self.last_parent.take()
            && last == dir
        {
            return Ok(fd);
        }
        match open_folder(&self.root, dir) {
            Ok(fd) => return Ok(fd),
            Err(Errno::NOENT) => {}
            Err(error) => return Err(io_error(dir, error)),
        }
        for (at, _) in dir.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
            self.imply(&dir[..at])?;
        }
        self.imply(dir)?;
        open_folder(&self.root, dir).map_err(|error| io_error(dir, error))
    }

    fn imply(&mut self, path: &[u8]) -> Result<(), ImageError> {
        let (dir, base) = split(path);
        let parent = open_folder(&self.root, dir).map_err(|error| io_error(path, error))?;
        match fs::mkdirat(&parent, name(base), Mode::from(0o755)) {
            Ok(()) => {}
            Err(Errno::EXIST) => return Ok(()),
            Err(error) => return Err(io_error(path, error)),
        }
        let (mode, uid, gid) = self.below(path).unwrap_or((0o755, 0, 0));
        let (uid, gid) = owner(uid, gid);
        fs::chownat(&parent, name(base), uid, gid, AtFlags::SYMLINK_NOFOLLOW)
            .and_then(|()| fs::chmodat(&parent, name(base), Mode::from(mode), AtFlags::empty()))
            .map_err(|error| io_error(path, error))?;
        self.inodes += 1;
        self.implied.insert(path.to_vec());
        Ok(())
    }

    /// Mode and owner of a folder in the layers below.
    fn below(&self, path: &[u8]) -> Option<(u32, u32, u32)> {
        for parent in self.parents.iter().rev() {
            let root = fs::open(parent, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
            let Ok(root) = root else { continue };
            let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let Ok(found) = fs::openat2(&root, name(path), flags, Mode::empty(), CONFINED) else { continue };
            let stat = fs::fstat(&found).ok()?;
            let is_folder = FileType::from_raw_mode(stat.st_mode) == FileType::Directory;
            return is_folder.then_some((stat.st_mode & 0o7777, stat.st_uid, stat.st_gid));
        }
        None
    }

    fn whiteout(
        &mut self,
        parent: &OwnedFd,
        dir: &[u8],
        base: &[u8],
        hidden: &[u8],
    ) -> Result<(), ImageError> {
        if base == WHITEOUT_OPAQUE {
            return self.set_opaque(parent, dir);
        }
        if base.starts_with(WHITEOUT_META) {
            return Ok(()); // Other files of aufs's own, of no use to anybody else.
        }
        if matches!(hidden, b"" | b"." | b"..") {
            return Err(ImageError::Malformed("a whiteout of nothing".to_owned()));
        }
        match fs::statat(parent, name(hidden), AtFlags::SYMLINK_NOFOLLOW) {
            // What this layer brings stays; only what lies below is hidden.
            Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => {
                let folder = open_folder(parent, hidden).map_err(|error| io_error(hidden, error))?;
                self.set_opaque(&folder, hidden)
            }
            Ok(_) => Ok(()),
            Err(_) => {
                let device = fs::mknodat(
                    parent,
                    name(hidden),
                    FileType::CharacterDevice,
                    Mode::empty(),
                    makedev(0, 0),
                );
                device.map_err(|error| io_error(hidden, error))?;
                self.inodes += 1;
                Ok(())
            }
        }
    }

    fn set_opaque(&self, folder: &OwnedFd, path: &[u8]) -> Result<(), ImageError> {
        let readable = reopen_folder(folder).map_err(|error| io_error(path, error))?;
        fs::fsetxattr(&readable, OPAQUE, b"y", XattrFlags::empty()).map_err(|error| io_error(path, error))
    }

    /// Makes way for an entry. Gives whether a whiteout was there, and whether a folder stays.
    fn clear(&self, parent: &OwnedFd, base: &[u8], keep_folder: bool) -> io::Result<(bool, bool)> {
        let stat = match fs::statat(parent, name(base), AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(Errno::NOENT) => return Ok((false, false)),
            Err(error) => return Err(error.into()),
        };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory if keep_folder => return Ok((false, true)),
            FileType::Directory => {
                std::fs::remove_dir_all(in_folder(parent.as_fd(), base))?;
            }
            kind => {
                fs::unlinkat(parent, name(base), AtFlags::empty())?;
                return Ok((kind == FileType::CharacterDevice && stat.st_rdev == 0, false));
            }
        }
        Ok((false, false))
    }

    fn make(
        &mut self,
        parent: &OwnedFd,
        path: &[u8],
        base: &[u8],
        entry: &Entry,
        content: &mut impl Read,
    ) -> Result<(), ImageError> {
        let is_folder = entry.kind.is_dir();
        // A hard link's target may be the very name that it replaces.
        if entry.kind == EntryType::Link && clean(&entry.link)? == path {
            return Ok(());
        }
        let (was_whiteout, stays) =
            self.clear(parent, base, is_folder).map_err(|error| io_error(path, error))?;
        if !stays {
            self.inodes += 1;
        }
        match entry.kind {
            EntryType::Directory => {
                if !stays {
                    fs::mkdirat(parent, name(base), Mode::from(0o700))
                        .map_err(|error| io_error(path, error))?;
                }
                let folder = open_folder(parent, base).map_err(|error| io_error(path, error))?;
                if was_whiteout {
                    self.set_opaque(&folder, path)?;
                }
                return self.folder_attributes(&folder, path, entry);
            }
            EntryType::Regular | EntryType::Continuous => {
                return self.file(parent, path, base, entry, content);
            }
            EntryType::Link => return self.hard_link(parent, path, base, entry),
            EntryType::Symlink => {
                fs::symlinkat(name(&entry.link), parent, name(base))
                    .map_err(|error| io_error(path, error))?;
            }
            EntryType::Char => self.node(parent, path, base, entry, FileType::CharacterDevice)?,
            EntryType::Block => self.node(parent, path, base, entry, FileType::BlockDevice)?,
            EntryType::Fifo => self.node(parent, path, base, entry, FileType::Fifo)?,
            kind => {
                let kind = char::from(kind.as_byte()).escape_default();
                return Err(ImageError::Malformed(format!("unsupported tar entry of type '{kind}'")));
            }
        }
        let (uid, gid) = owner(entry.uid, entry.gid);
        fs::chownat(parent, name(base), uid, gid, AtFlags::SYMLINK_NOFOLLOW)
            .and_then(|()| match entry.kind {
                EntryType::Symlink => Ok(()),
                _ => fs::chmodat(parent, name(base), Mode::from(entry.mode & 0o7777), AtFlags::empty()),
            })
            .and_then(|()| fs::utimensat(parent, name(base), &times(entry.mtime), AtFlags::SYMLINK_NOFOLLOW))
            .map_err(|error| io_error(path, error))
    }

    fn node(
        &self,
        parent: &OwnedFd,
        path: &[u8],
        base: &[u8],
        entry: &Entry,
        kind: FileType,
    ) -> Result<(), ImageError> {
        let device = if kind == FileType::Fifo { 0 } else { makedev(entry.device.0, entry.device.1) };
        fs::mknodat(parent, name(base), kind, Mode::from(0o600), device)
            .map_err(|error| io_error(path, error))
    }

    fn file(
        &mut self,
        parent: &OwnedFd,
        path: &[u8],
        base: &[u8],
        entry: &Entry,
        content: &mut impl Read,
    ) -> Result<(), ImageError> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = fs::openat(parent, name(base), flags, Mode::from(0o600))
            .map_err(|error| io_error(path, error))?;
        let mut file = File::from(file);
        io::copy(content, &mut file).map_err(|error| io_error(path, error))?;
        self.bytes += entry.size.next_multiple_of(4096);
        let (uid, gid) = owner(entry.uid, entry.gid);
        // In this order: a change of owner takes set-id bits and capabilities away.
        fs::fchown(&file, uid, gid)
            .and_then(|()| fs::fchmod(&file, Mode::from(entry.mode & 0o7777)))
            .map_err(|error| io_error(path, error))?;
        set_xattrs(file.as_fd(), path, entry)?;
        fs::futimens(&file, &times(entry.mtime)).map_err(|error| io_error(path, error))
    }

    fn hard_link(&self, parent: &OwnedFd, path: &[u8], base: &[u8], entry: &Entry) -> Result<(), ImageError> {
        let target = clean(&entry.link)?;
        let (dir, target_base) = split(&target);
        let missing = || {
            let link = String::from_utf8_lossy(&target).into_owned();
            ImageError::Malformed(format!("hard link to {link:?}, which is not in its layer"))
        };
        let folder = open_folder(&self.root, dir).map_err(|_| missing())?;
        let stat =
            fs::statat(&folder, name(target_base), AtFlags::SYMLINK_NOFOLLOW).map_err(|_| missing())?;
        if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
            return Err(missing());
        }
        fs::linkat(&folder, name(target_base), parent, name(base), AtFlags::empty())
            .map_err(|error| io_error(path, error))
    }

    fn folder_attributes(&mut self, folder: &OwnedFd, path: &[u8], entry: &Entry) -> Result<(), ImageError> {
        let readable = reopen_folder(folder).map_err(|error| io_error(path, error))?;
        let (uid, gid) = owner(entry.uid, entry.gid);
        fs::fchown(&readable, uid, gid)
            .and_then(|()| fs::fchmod(&readable, Mode::from(entry.mode & 0o7777)))
            .map_err(|error| io_error(path, error))?;
        set_xattrs(readable.as_fd(), path, entry)?;
        self.implied.remove(path);
        self.folders.insert(path.to_vec(), entry.mtime);
        Ok(())
    }

    fn finish_folders(&mut self) -> Result<(), ImageError> {
        for (path, mtime) in std::mem::take(&mut self.folders) {
            // One that was replaced later is no folder any more.
            let Ok(folder) = open_folder(&self.root, &path) else { continue };
            let folder = reopen_folder(&folder).map_err(|error| io_error(&path, error))?;
            fs::futimens(&folder, &times(mtime)).map_err(|error| io_error(&path, error))?;
        }
        Ok(())
    }
}

/// A descriptor that attributes can be set through, out of one that only names the folder.
fn reopen_folder(folder: &OwnedFd) -> Result<OwnedFd, Errno> {
    fs::openat(folder, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
}

fn in_folder(folder: BorrowedFd<'_>, base: &[u8]) -> PathBuf {
    Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name(base))
}

fn set_xattrs(file: BorrowedFd<'_>, path: &[u8], entry: &Entry) -> Result<(), ImageError> {
    for (key, value) in entry.xattrs.iter().filter(|(key, _)| allowed_xattr(key)) {
        if value.len() > XATTR_LEN_MAX {
            return Err(ImageError::Malformed("an extended attribute over 64 KiB".to_owned()));
        }
        match fs::fsetxattr(file, name(key), value, XattrFlags::empty()) {
            // A file system without user attributes loses them, as other runtimes do.
            Ok(()) | Err(Errno::NOTSUP) => {}
            Err(error) => return Err(io_error(path, error)),
        }
    }
    Ok(())
}
