//! Mounts by file descriptor: made detached, given their attributes, and attached to an open location.
//!
//! What needs a kernel newer than the crate's oldest (`mount_setattr`, overlayfs's `lowerdir+`) falls back on mount(2).

use std::ffi::CString;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::CWD;
use rustix::io::Errno;
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MountFlags, MountPropagationFlags, MoveMountFlags,
    OpenTreeFlags, UnmountFlags, fsconfig_create, fsconfig_set_flag, fsconfig_set_string, fsmount, fsopen,
    mount_change, move_mount, open_tree, unmount,
};

use crate::error::last;
use crate::{Context, Error, Result};

/// What may not be done through a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attributes {
    /// Write.
    pub readonly: bool,
    /// Gain ids or capabilities from a file.
    pub nosuid: bool,
    /// Use device files.
    pub nodev: bool,
    /// Run programs.
    pub noexec: bool,
}

impl Attributes {
    /// Only reading.
    pub const READONLY: Self = Self { readonly: true, nosuid: false, nodev: false, noexec: false };
    /// No ids, devices or programs.
    pub const INERT: Self = Self { readonly: false, nosuid: true, nodev: true, noexec: true };

    fn is_empty(self) -> bool {
        self == Self::default()
    }

    fn attr_flags(self) -> MountAttrFlags {
        let mut flags = MountAttrFlags::empty();
        flags.set(MountAttrFlags::MOUNT_ATTR_RDONLY, self.readonly);
        flags.set(MountAttrFlags::MOUNT_ATTR_NOSUID, self.nosuid);
        flags.set(MountAttrFlags::MOUNT_ATTR_NODEV, self.nodev);
        flags.set(MountAttrFlags::MOUNT_ATTR_NOEXEC, self.noexec);
        flags
    }

    fn mount_flags(self) -> MountFlags {
        let mut flags = MountFlags::empty();
        flags.set(MountFlags::RDONLY, self.readonly);
        flags.set(MountFlags::NOSUID, self.nosuid);
        flags.set(MountFlags::NODEV, self.nodev);
        flags.set(MountFlags::NOEXEC, self.noexec);
        flags
    }
}

/// Where mounts made below this one show up. Source: mount_namespaces(7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Propagation {
    /// Only here.
    Private,
    /// Here, those from the peer group too.
    Slave,
    /// Both ways.
    Shared,
}

impl Propagation {
    fn flag(self) -> MountPropagationFlags {
        match self {
            Self::Private => MountPropagationFlags::PRIVATE,
            Self::Slave => MountPropagationFlags::DOWNSTREAM,
            Self::Shared => MountPropagationFlags::SHARED,
        }
    }
}

/// A mount (with those below it, when it was copied so), attached or not. A detached one goes away when dropped.
#[derive(Debug)]
pub struct Tree {
    fd: OwnedFd,
    later: Option<(Attributes, bool)>,
}

impl AsFd for Tree {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl Tree {
    /// A new file system of kind `kind`, with options as in fstab.
    pub fn new(kind: &str, options: &[(&str, &str)], attributes: Attributes) -> Result<Self> {
        let operation = || format!("make a {kind} file system");
        let context = fsopen(kind, FsOpenFlags::FSOPEN_CLOEXEC).doing_with(operation)?;
        fsconfig_set_string(&context, "source", kind).doing_with(operation)?;
        for (key, value) in options {
            let set = if value.is_empty() {
                fsconfig_set_flag(&context, *key)
            } else {
                fsconfig_set_string(&context, *key, *value)
            };
            set.doing_with(|| format!("make a {kind} file system with {key}={value}"))?;
        }
        fsconfig_create(&context).doing_with(operation)?;
        let fd = fsmount(&context, FsMountFlags::FSMOUNT_CLOEXEC, attributes.attr_flags())
            .doing_with(operation)?;
        Ok(Self { fd, later: None })
    }

    /// A copy of the mount at `path`, as `mount --bind` makes it, with everything mounted below it if `recursive`.
    pub fn copy(path: &Path, recursive: bool) -> Result<Self> {
        let mut flags = OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC;
        flags.set(OpenTreeFlags::AT_RECURSIVE, recursive);
        open_tree(CWD, path, flags)
            .map(|fd| Self { fd, later: None })
            .doing_with(|| format!("copy the mount at {}", path.display()))
    }

    /// A copy of the mount at an open location.
    pub fn copy_at(location: impl AsFd, recursive: bool) -> Result<Self> {
        let mut flags =
            OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC | OpenTreeFlags::AT_EMPTY_PATH;
        flags.set(OpenTreeFlags::AT_RECURSIVE, recursive);
        open_tree(location, "", flags).map(|fd| Self { fd, later: None }).doing("copy an open mount")
    }

    /// Takes rights away from the mount, and with `recursive` from all below it. On kernels without `mount_setattr`
    /// (before 5.12) that happens on attaching, and only to the topmost.
    pub fn restrict(&mut self, attributes: Attributes, recursive: bool) -> Result<()> {
        if attributes.is_empty() {
            return Ok(());
        }
        match set_attributes(&self.fd, attributes.attr_flags().bits().into(), 0, recursive) {
            Err(error) if error.is(Errno::NOSYS) => {
                self.later = Some((attributes, recursive));
                Ok(())
            }
            other => other,
        }
    }

    /// Sets where mounts below this one (and with `recursive` those below them) show up.
    pub fn propagate(&self, propagation: Propagation, recursive: bool) -> Result<()> {
        set_attributes(&self.fd, 0, u64::from(propagation.flag().bits()), recursive)
    }

    /// Attaches it on top of an open location.
    pub fn attach(&self, location: impl AsFd) -> Result<()> {
        let flags = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags::MOVE_MOUNT_T_EMPTY_PATH;
        move_mount(&self.fd, "", location, "", flags).doing("attach a mount")?;
        let Some((attributes, recursive)) = self.later else { return Ok(()) };
        if recursive && attributes.readonly {
            return Err(Error::new("make a tree of mounts read-only", Errno::NOSYS));
        }
        let path = format!("/proc/self/fd/{}", self.fd.as_raw_fd());
        rustix::mount::mount_remount(&path, MountFlags::BIND | attributes.mount_flags(), "")
            .doing("restrict a mount")
    }
}

/// Takes rights away from the mount that is at an attached location.
pub fn restrict_at(location: impl AsFd, attributes: Attributes, recursive: bool) -> Result<()> {
    match set_attributes(&location, attributes.attr_flags().bits().into(), 0, recursive) {
        Err(error) if error.is(Errno::NOSYS) && !recursive => {
            let path = format!("/proc/self/fd/{}", location.as_fd().as_raw_fd());
            rustix::mount::mount_remount(&path, MountFlags::BIND | attributes.mount_flags(), "")
                .doing("restrict a mount")
        }
        other => other,
    }
}

/// As the kernel's `struct mount_attr`.
#[repr(C)]
struct MountAttr {
    set: u64,
    clear: u64,
    propagation: u64,
    userns_fd: u64,
}

fn set_attributes(mount: impl AsFd, set: u64, propagation: u64, recursive: bool) -> Result<()> {
    let attributes = MountAttr { set, clear: 0, propagation, userns_fd: 0 };
    let mut flags = libc::AT_EMPTY_PATH;
    if recursive {
        flags |= libc::AT_RECURSIVE;
    }
    // JUSTIFICATION: no library in use offers mount_setattr.
    // SAFETY: path and structure outlive the call, and its size is the one given.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            mount.as_fd().as_raw_fd(),
            c"".as_ptr(),
            flags,
            &raw const attributes,
            size_of::<MountAttr>(),
        )
    };
    if result == 0 { Ok(()) } else { Err(last("set a mount's attributes")) }
}

/// Mounts an overlay of `layers` (topmost first) under `upper` (with its `work` folder) on the folder `target`.
///
/// May change the working directory: for processes that set up a container and nothing else.
pub fn overlay(layers: &[PathBuf], upper: &Path, work: &Path, target: &Path) -> Result<()> {
    match overlay_by_layer(layers, upper, work) {
        Ok(tree) => {
            let location = crate::path::Root::open(target)?;
            tree.attach(location)
        }
        Err(error) if error.is(Errno::INVAL) => overlay_classic(layers, upper, work, target),
        Err(error) => Err(error),
    }
}

/// Whether the kernel has this kind of file system; asking makes it load the module.
pub fn is_supported(kind: &str) -> Result<bool> {
    match fsopen(kind, FsOpenFlags::FSOPEN_CLOEXEC) {
        Ok(_) => Ok(true),
        Err(Errno::NODEV) => Ok(false),
        Err(error) => Err(Error::new(format!("look for the {kind} file system"), error)),
    }
}

fn overlay_by_layer(layers: &[PathBuf], upper: &Path, work: &Path) -> Result<Tree> {
    let operation = "make an overlay";
    let context = fsopen("overlay", FsOpenFlags::FSOPEN_CLOEXEC).doing(operation)?;
    fsconfig_set_string(&context, "source", "overlay").doing(operation)?;
    for layer in layers {
        fsconfig_set_string(&context, "lowerdir+", layer)
            .doing_with(|| format!("add layer {} to an overlay", layer.display()))?;
    }
    fsconfig_set_string(&context, "upperdir", upper).doing(operation)?;
    fsconfig_set_string(&context, "workdir", work).doing(operation)?;
    fsconfig_create(&context).doing(operation)?;
    let fd = fsmount(&context, FsMountFlags::FSMOUNT_CLOEXEC, MountAttrFlags::empty()).doing(operation)?;
    Ok(Tree { fd, later: None })
}

/// With mount(2), whose options must fit in a page: layers are named from their common parent.
fn overlay_classic(layers: &[PathBuf], upper: &Path, work: &Path, target: &Path) -> Result<()> {
    let escape =
        |path: &Path| path.to_string_lossy().replace('\\', "\\\\").replace(':', "\\:").replace(',', "\\,");
    let parent = layers.first().and_then(|layer| {
        layer.ancestors().skip(1).find(|dir| layers.iter().all(|layer| layer.starts_with(dir)))
    });
    let parent = parent.unwrap_or(Path::new("/"));
    rustix::process::chdir(parent).doing("enter the layers' folder")?;
    let lower = layers.iter().map(|layer| escape(layer.strip_prefix(parent).unwrap_or(layer)));
    let options = format!(
        "lowerdir={},upperdir={},workdir={}",
        lower.collect::<Vec<_>>().join(":"),
        escape(upper),
        escape(work)
    );
    let options = CString::new(options).map_err(|_| Error::invalid("mount an overlay", "a NUL in a path"))?;
    rustix::mount::mount("overlay", target, "overlay", MountFlags::empty(), options.as_c_str())
        .doing("mount an overlay")
}

/// Sets where mounts below every mount of this namespace show up.
pub fn propagate_all(propagation: Propagation) -> Result<()> {
    mount_change("/", propagation.flag() | MountPropagationFlags::REC).doing("set the root's propagation")
}

/// Makes the folder `root` (a mount) the root of this mount namespace, with nothing of the old one left.
pub fn pivot(root: &Path) -> Result<()> {
    rustix::process::chdir(root).doing("enter the new root")?;
    rustix::process::pivot_root(".", ".").doing("change the root")?;
    // The old root now lies on top of the new one.
    unmount(".", UnmountFlags::DETACH).doing("leave the old root")?;
    rustix::process::chdir("/").doing("enter the new root")
}

/// Unmounts what is mounted at `path`, also while it is in use; fine when nothing is.
pub fn detach(path: &Path) -> Result<()> {
    match unmount(path, UnmountFlags::DETACH | UnmountFlags::NOFOLLOW) {
        Ok(()) | Err(Errno::INVAL | Errno::NOENT) => Ok(()),
        Err(error) => Err(Error::new(format!("unmount {}", path.display()), error)),
    }
}
