//! subPath: a part of a volume, taken out so that nothing in the volume can redirect it.
//!
//! The path is resolved by the kernel inside the volume (no link leads out of it) down to an open file, and that very
//! file is bind-mounted at a place of the kubelet's own, which the runtime then mounts. What a container does to the
//! volume meanwhile changes neither.
//! See CVE-2017-1002101 and CVE-2021-25741.

use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags, ResolveFlags};

/// Why a sub-path cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubPathError {
    #[error("subPath {0:?} must be relative and stay inside the volume")]
    Outside(String),
    #[error("open {path}: {source}")]
    Open {
        path: String,
        #[source]
        source: io::Error,
    },
    #[error("bind {path}: {source}")]
    Bind {
        path: String,
        #[source]
        source: io::Error,
    },
}

const INSIDE: ResolveFlags = ResolveFlags::IN_ROOT.union(ResolveFlags::NO_MAGICLINKS);

fn open_inside(root: BorrowedFd<'_>, path: &Path, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    rustix::fs::openat2(root, path, flags | OFlags::PATH | OFlags::CLOEXEC, Mode::empty(), INSIDE)
}

/// Opens `sub` inside `root`, making missing folders.
pub(crate) fn open_or_make(root: &Path, sub: &str, mode: u32) -> Result<OwnedFd, SubPathError> {
    let relative = Path::new(sub);
    let normal = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if sub.is_empty() || !relative.components().all(normal) {
        return Err(SubPathError::Outside(sub.to_owned()));
    }
    let failed = |source: rustix::io::Errno| SubPathError::Open {
        path: root.join(sub).display().to_string(),
        source: source.into(),
    };
    let root_fd = rustix::fs::open(root, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
        .map_err(failed)?;
    match open_inside(root_fd.as_fd(), relative, OFlags::empty()) {
        Ok(found) => return Ok(found),
        Err(rustix::io::Errno::NOENT) => {}
        Err(error) => return Err(failed(error)),
    }
    let mut at = PathBuf::new();
    let mut current = root_fd
        .try_clone()
        .map_err(|error| failed(rustix::io::Errno::from_io_error(&error).unwrap_or(rustix::io::Errno::IO)))?;
    for part in relative.components() {
        let Component::Normal(name) = part else { continue };
        at.push(name);
        match open_inside(root_fd.as_fd(), &at, OFlags::DIRECTORY) {
            Ok(next) => current = next,
            Err(rustix::io::Errno::NOENT) => {
                match rustix::fs::mkdirat(&current, name, Mode::from_raw_mode(0o755)) {
                    Ok(()) | Err(rustix::io::Errno::EXIST) => {}
                    Err(error) => return Err(failed(error)),
                }
                // A link put here in between is not followed.
                let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::RDONLY | OFlags::CLOEXEC;
                let made = rustix::fs::openat(&current, name, flags, Mode::empty()).map_err(failed)?;
                rustix::fs::fchmod(&made, Mode::from_raw_mode(mode)).map_err(failed)?;
                current = made;
            }
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(current)
}

/// Binds the sub-path of a volume at `target` and gives that path. A bind from an earlier start stays.
pub(crate) fn prepare(root: &Path, sub: &str, target: &Path, mode: u32) -> Result<PathBuf, SubPathError> {
    let mode = if mode == 0 { 0o750 } else { mode };
    let found = open_or_make(root, sub, mode)?;
    let failed = |source: io::Error| SubPathError::Bind { path: target.display().to_string(), source };
    let stat = rustix::fs::fstat(&found).map_err(|error| failed(error.into()))?;
    if let Ok(old) = rustix::fs::stat(target) {
        if old.st_dev == stat.st_dev && old.st_ino == stat.st_ino {
            return Ok(target.to_path_buf());
        }
        // Something else, from an earlier content of the volume.
        match rustix::mount::unmount(target, rustix::mount::UnmountFlags::DETACH) {
            Ok(()) | Err(rustix::io::Errno::INVAL) => {}
            Err(error) => return Err(failed(error.into())),
        }
    }
    let is_dir = rustix::fs::FileType::from_raw_mode(stat.st_mode) == rustix::fs::FileType::Directory;
    make_target(target, is_dir).map_err(failed)?;
    let source = format!("/proc/self/fd/{}", found.as_raw_fd());
    rustix::mount::mount_bind(source, target).map_err(|error| failed(error.into()))?;
    Ok(target.to_path_buf())
}

fn make_target(target: &Path, is_dir: bool) -> io::Result<()> {
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::symlink_metadata(target) {
        Ok(meta) if meta.is_dir() == is_dir => return Ok(()),
        Ok(meta) if meta.is_dir() => fs::remove_dir(target)?,
        Ok(_) => fs::remove_file(target)?,
        Err(_) => {}
    }
    if is_dir { fs::create_dir(target) } else { fs::write(target, b"") }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn resolved(root: &Path, sub: &str) -> Result<PathBuf, SubPathError> {
        let fd = open_or_make(root, sub, 0o750)?;
        Ok(fs::read_link(format!("/proc/self/fd/{}", fd.as_raw_fd())).expect("an open file"))
    }

    #[test]
    fn stays_inside() {
        let dir = tempfile::tempdir().expect("a folder");
        let root = dir.path().join("volume");
        fs::create_dir(&root).expect("made");
        fs::write(root.join("f"), "x").expect("written");
        symlink("/etc", root.join("out")).expect("linked");
        symlink("../../..", root.join("up")).expect("linked");
        symlink("/f", root.join("abs")).expect("linked");
        assert_eq!(resolved(&root, "f").expect("inside"), root.join("f"));
        assert_eq!(resolved(&root, "a/b").expect("made"), root.join("a/b"));
        assert_eq!(resolved(&root, "abs").expect("inside"), root.join("f"));
        assert_eq!(resolved(&root, "up").expect("clamped"), root);
        assert!(resolved(&root, "out/passwd").is_err(), "a link does not lead out");
        assert!(!Path::new("/etc/made-by-subpath").exists());
        for bad in ["../x", "/x", "", "a/../../x"] {
            assert!(matches!(resolved(&root, bad), Err(SubPathError::Outside(_))), "{bad}");
        }
    }
}
