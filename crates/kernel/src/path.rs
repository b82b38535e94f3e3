//! Paths inside a root that somebody hostile may have filled: every step is resolved by the kernel with that root as
//! `/`, so neither `..` nor a symbolic link, swapped at any moment, leads out of it; links of /proc are not followed.

use std::ffi::OsStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use crate::{Context, Error, Result};

/// How many symbolic links with missing targets are made good on the way to one path. Source: path_resolution(7).
const LINKS_MAX: usize = 40;
/// How often a resolution is tried again that a rename elsewhere disturbed.
const RETRIES_MAX: usize = 128;

/// A folder taken as the root of paths.
#[derive(Debug)]
pub struct Root(OwnedFd);

impl AsFd for Root {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Root {
    /// Opens a folder of the caller's own as a root.
    pub fn open(path: &Path) -> Result<Self> {
        rustix::fs::openat(CWD, path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
            .map(Self)
            .doing_with(|| format!("open {}", path.display()))
    }

    /// Takes an open folder as a root.
    pub fn new(folder: OwnedFd) -> Self {
        Self(folder)
    }

    /// Opens what is at `path` in this root.
    pub fn open_at(&self, path: &Path, flags: OFlags) -> Result<OwnedFd> {
        self.try_open(path, flags).doing_with(|| format!("open {} in the root", path.display()))
    }

    /// Opens what is at `path` as a location only: to mount on, or to look at.
    pub fn find(&self, path: &Path) -> Result<OwnedFd> {
        self.open_at(path, OFlags::PATH)
    }

    fn try_open(&self, path: &Path, flags: OFlags) -> rustix::io::Result<OwnedFd> {
        let path = if path.as_os_str().is_empty() { Path::new("/") } else { path };
        for _ in 0..RETRIES_MAX {
            let opened = rustix::fs::openat2(
                &self.0,
                path,
                flags | OFlags::CLOEXEC,
                Mode::empty(),
                ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS,
            );
            match opened {
                Err(Errno::AGAIN | Errno::INTR) => {}
                other => return other,
            }
        }
        Err(Errno::AGAIN)
    }

    /// Opens the folder at `path`, making what is missing on the way (mode 0755).
    pub fn ensure_dir(&self, path: &Path) -> Result<OwnedFd> {
        let opened = self.ensure(path, None)?;
        self.expect_kind(&opened, path, true)?;
        Ok(opened)
    }

    /// Opens the file (of any kind but a folder) at `path`, making an empty one when there is none.
    pub fn ensure_file(&self, path: &Path) -> Result<OwnedFd> {
        let opened = self.ensure(path, Some(FileType::RegularFile))?;
        self.expect_kind(&opened, path, false)?;
        Ok(opened)
    }

    fn expect_kind(&self, opened: &OwnedFd, path: &Path, folder: bool) -> Result<()> {
        let stat = rustix::fs::fstat(opened).doing_with(|| format!("look at {}", path.display()))?;
        match (FileType::from_raw_mode(stat.st_mode) == FileType::Directory, folder) {
            (true, false) => Err(Error::new(format!("make file {}", path.display()), Errno::ISDIR)),
            (false, true) => Err(Error::new(format!("make folder {}", path.display()), Errno::NOTDIR)),
            _ => Ok(()),
        }
    }

    /// Makes `path`, the last part of it as a file where `leaf` says so, everything else as folders.
    fn ensure(&self, path: &Path, leaf: Option<FileType>) -> Result<OwnedFd> {
        let operation = || format!("make {} in the root", path.display());
        // What is still to walk, last part first, and where we are: always a path that exists.
        let mut todo = parts(path).into_iter().rev().collect::<Vec<_>>();
        let mut here = PathBuf::from("/");
        let mut links = 0;
        while let Some(part) = todo.pop() {
            let next = here.join(&part);
            match self.try_open(&next, OFlags::PATH) {
                Ok(_) => here = next,
                Err(Errno::NOENT) => {
                    let parent =
                        self.try_open(&here, OFlags::PATH | OFlags::DIRECTORY).doing_with(operation)?;
                    let file = todo.is_empty() && leaf.is_some();
                    match make(&parent, OsStr::from_bytes(part.as_os_str().as_bytes()), file) {
                        Ok(()) => here = next,
                        Err(Errno::EXIST) => {
                            links += 1;
                            if links > LINKS_MAX {
                                return Err(Error::new(operation(), Errno::LOOP));
                            }
                            // A link to nothing: go where it points, from here or from the root.
                            let target = match rustix::fs::readlinkat(&parent, &part, Vec::new()) {
                                Ok(target) => PathBuf::from(OsStr::from_bytes(target.as_bytes())),
                                // Somebody made it, or took it away, just now.
                                Err(Errno::INVAL | Errno::NOENT) => PathBuf::from(&part),
                                Err(error) => return Err(Error::new(operation(), error)),
                            };
                            if target.is_absolute() {
                                here = PathBuf::from("/");
                            }
                            todo.extend(parts(&target).into_iter().rev());
                        }
                        Err(error) => return Err(Error::new(operation(), error)),
                    }
                }
                Err(error) => return Err(Error::new(operation(), error)),
            }
        }
        self.try_open(&here, OFlags::PATH).doing_with(operation)
    }
}

fn make(parent: &OwnedFd, name: &OsStr, file: bool) -> rustix::io::Result<()> {
    if file {
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        rustix::fs::openat(parent, name, flags, Mode::from_raw_mode(0o644)).map(drop)
    } else {
        rustix::fs::mkdirat(parent, name, Mode::from_raw_mode(0o755))
    }
}

/// The parts of a path that lead somewhere, `..` among them.
fn parts(path: &Path) -> Vec<PathBuf> {
    path.components()
        .filter(|part| matches!(part, Component::Normal(_) | Component::ParentDir))
        .map(|part| PathBuf::from(part.as_os_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_leads_out_of_the_root() {
        let outside = tempfile::tempdir().expect("folder");
        let folder = tempfile::tempdir().expect("folder");
        let at = |path: &str| folder.path().join(path);
        symlink(outside.path(), at("out")).expect("link");
        symlink("../../../../../../tmp", at("up")).expect("link");
        symlink("missing/there", at("dangling")).expect("link");
        symlink("loop", at("loop")).expect("link");
        let root = Root::open(folder.path()).expect("root");

        // Absolute targets and `..` count from the root.
        root.ensure_dir(Path::new("/out/a")).expect("made inside");
        assert!(folder.path().join(outside.path().strip_prefix("/").expect("absolute")).join("a").is_dir());
        assert_eq!(std::fs::read_dir(outside.path()).expect("list").count(), 0);
        root.ensure_file(Path::new("up/file")).expect("made inside");
        assert!(at("tmp/file").is_file());
        root.ensure_dir(Path::new("/../../x/../y")).expect("made inside");
        assert!(at("y").is_dir());

        root.ensure_file(Path::new("dangling/f")).expect("made inside");
        assert!(at("missing/there/f").is_file());
        let looped = root.ensure_dir(Path::new("loop/a")).expect_err("a loop");
        assert!(looped.is(Errno::LOOP), "{looped}");

        let kind = root.ensure_dir(Path::new("up/file")).expect_err("a file");
        assert!(kind.is(Errno::NOTDIR), "{kind}");
        let kind = root.ensure_file(Path::new("y")).expect_err("a folder");
        assert!(kind.is(Errno::ISDIR), "{kind}");
    }

    #[test]
    fn links_of_proc_are_not_followed() {
        let root = Root::open(Path::new("/proc")).expect("root");
        assert!(root.find(Path::new("self/cwd/x")).expect_err("refused").is(Errno::LOOP));
        assert!(root.find(Path::new("self/status")).is_ok());
    }
}
