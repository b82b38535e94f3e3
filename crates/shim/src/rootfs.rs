//! A container's view of files: an overlay with the usual file systems, bind mounts and devices, and nothing else.
//!
//! Everything is mounted on locations opened inside the new root, so nothing that an image or a shared volume holds
//! there, and no change of it at the same time, leads a mount elsewhere.

use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use mizzen_kernel::cgroup::{Layout, Version};
use mizzen_kernel::mount::{self, Attributes, Propagation, Tree};
use mizzen_kernel::path::Root;
use mizzen_kernel::{Error, terminal};
use mizzen_shim::spec::{self, BindMount, ContainerSpec, DeviceNode};
use rustix::fs::{FileType, Gid, Mode, OFlags, Uid};

/// Character devices that every container has. Source: OCI runtime specification, "Default Devices".
const DEVICES: [(&str, u32, u32); 6] =
    [("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0)];

/// Links in /dev. Source: the same.
const LINKS: [(&str, &str); 5] = [
    ("fd", "/proc/self/fd"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
    ("ptmx", "pts/ptmx"),
];

/// Files in /proc that may be replaced, as tools that show a container's own limits do.
const PROC_FILES: [&str; 8] = [
    "/proc/cpuinfo",
    "/proc/diskstats",
    "/proc/loadavg",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/swaps",
    "/proc/uptime",
    "/proc/slabinfo",
];

/// What statfs says of procfs. Source: statfs(2).
const PROC_SUPER_MAGIC: rustix::fs::FsWord = 0x9fa0;

/// Builds the root file system of `spec` and makes it the root of this mount namespace. Gives the two ends of a
/// terminal when the process wants one.
pub(crate) fn build(spec: &ContainerSpec, layout: &Layout) -> Result<Option<(OwnedFd, OwnedFd)>, Error> {
    // Copied while their peers are still known, so that each can keep as much of them as it wants.
    let binds = spec.mounts.iter().map(copy_bind).collect::<Result<Vec<_>, _>>()?;
    let shm = Tree::copy(&spec.shm, false)?;
    let host_cgroups =
        if spec.privileged { Some(Tree::copy(Path::new("/sys/fs/cgroup"), true)?) } else { None };
    // From here on nothing that is mounted here shows up anywhere else.
    mount::propagate_all(Propagation::Slave)?;

    let rootfs = &spec.rootfs;
    mount::overlay(&rootfs.layers, &rootfs.upper, &rootfs.work, &rootfs.target)?;
    let root = Root::open(&rootfs.target)?;
    mount_proc_and_sys(&root, spec)?;
    mount_cgroups(&root, host_cgroups, layout)?;
    let null = mount_dev(&root, spec, &shm)?;
    for (bind, tree) in spec.mounts.iter().zip(&binds) {
        attach_bind(&root, bind, tree)?;
    }
    for path in &spec.readonly_paths {
        protect(&root, path)?;
    }
    for path in &spec.masked_paths {
        mask(&root, path, &null)?;
    }
    if !spec.process.cwd.is_empty() {
        // A link here is followed inside the root; a file is found out on entering.
        root.ensure_dir(Path::new(&spec.process.cwd))?;
    }
    drop(root);
    mount::pivot(&rootfs.target)?;

    let root = Root::open(Path::new("/"))?;
    let tty = if spec.process.tty {
        let (master, slave) = terminal::open("/dev/pts/ptmx")?;
        Tree::copy_at(&slave, false)?.attach(root.ensure_file(Path::new("/dev/console"))?)?;
        Some((master, slave))
    } else {
        None
    };
    if rootfs.readonly {
        mount::restrict_at(&root, Attributes::READONLY, false)?;
    }
    Ok(tty)
}

fn copy_bind(bind: &BindMount) -> Result<Tree, Error> {
    let mut tree = Tree::copy(&bind.source, true)?;
    let propagation = match bind.propagation {
        spec::Propagation::Private => Propagation::Private,
        spec::Propagation::HostToContainer => Propagation::Slave,
        spec::Propagation::Bidirectional => Propagation::Shared,
    };
    tree.propagate(propagation, true)?;
    if bind.readonly {
        tree.restrict(Attributes::READONLY, bind.recursive_readonly)?;
    }
    Ok(tree)
}

fn attach_bind(root: &Root, bind: &BindMount, tree: &Tree) -> Result<(), Error> {
    let destination = bind.destination.as_path();
    if destination.starts_with("/proc") && !PROC_FILES.iter().any(|file| destination == Path::new(file)) {
        let magic =
            rustix::fs::fstatfs(tree).map_err(|error| Error::new("look at a mount's source", error))?.f_type;
        if destination != Path::new("/proc") || magic != PROC_SUPER_MAGIC {
            return Err(Error::invalid(
                format!("mount {} on {}", bind.source.display(), destination.display()),
                "it is inside /proc",
            ));
        }
    }
    let stat = rustix::fs::fstat(tree).map_err(|error| Error::new("look at a mount's source", error))?;
    let location = if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
        root.ensure_dir(destination)?
    } else {
        root.ensure_file(destination)?
    };
    tree.attach(location).map_err(|error| {
        let (from, to) = (bind.source.display(), destination.display());
        Error::invalid(format!("mount {from} on {to}"), &error.to_string())
    })
}

/// A folder of the image that is no link to another: what is mounted on it is found by this name.
fn real_dir(root: &Root, path: &str) -> Result<OwnedFd, Error> {
    root.ensure_dir(Path::new(path))?;
    let found = root.open_at(Path::new(path), OFlags::PATH | OFlags::NOFOLLOW)?;
    let stat = rustix::fs::fstat(&found).map_err(|error| Error::new(format!("look at {path}"), error))?;
    if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
        Ok(found)
    } else {
        Err(Error::invalid(format!("mount {path}"), "the image has a link in its place"))
    }
}

fn mount_proc_and_sys(root: &Root, spec: &ContainerSpec) -> Result<(), Error> {
    Tree::new("proc", &[], Attributes::INERT)?.attach(real_dir(root, "/proc")?)?;
    let sys = Attributes { readonly: !spec.privileged, ..Attributes::INERT };
    Tree::new("sysfs", &[], sys)?.attach(real_dir(root, "/sys")?)
}

/// The control groups: of a privileged container the node's; of others, their own, which they can't change.
fn mount_cgroups(root: &Root, host: Option<Tree>, layout: &Layout) -> Result<(), Error> {
    let point = Path::new("/sys/fs/cgroup");
    let Ok(location) = root.find(point) else { return Ok(()) };
    if let Some(host) = host {
        host.propagate(Propagation::Private, true)?;
        return host.attach(location);
    }
    let readonly = Attributes { readonly: true, ..Attributes::INERT };
    if layout.version() == Version::V2 {
        return Tree::new("cgroup2", &[], readonly)?.attach(location);
    }
    Tree::new("tmpfs", &[("mode", "755")], Attributes::INERT)?.attach(location)?;
    for set in layout.hierarchies() {
        let name = set.join(",");
        let options = set.iter().map(|name| (name.as_str(), "")).collect::<Vec<_>>();
        Tree::new("cgroup", &options, readonly)?.attach(root.ensure_dir(&point.join(&name))?)?;
        if set.len() > 1 {
            let folder = root.find(point)?;
            for one in &set {
                link(&folder, &name, one)?;
            }
        }
    }
    mount::restrict_at(root.find(point)?, Attributes::READONLY, false)
}

/// Gives a location of /dev/null, for what is masked: opened before anything else could be in its place.
fn mount_dev(root: &Root, spec: &ContainerSpec, shm: &Tree) -> Result<OwnedFd, Error> {
    let nosuid = Attributes { nosuid: true, ..Attributes::default() };
    let inert = Attributes::INERT;
    Tree::new("tmpfs", &[("mode", "755"), ("size", "64m")], nosuid)?.attach(real_dir(root, "/dev")?)?;
    let nosuid_noexec = Attributes { nosuid: true, noexec: true, ..Attributes::default() };
    let pts = [("newinstance", ""), ("ptmxmode", "0666"), ("mode", "0620"), ("gid", "5")];
    Tree::new("devpts", &pts, nosuid_noexec)?.attach(root.ensure_dir(Path::new("/dev/pts"))?)?;
    Tree::new("mqueue", &[], inert)?.attach(root.ensure_dir(Path::new("/dev/mqueue"))?)?;
    shm.attach(root.ensure_dir(Path::new("/dev/shm"))?)?;

    let dev = root.find(Path::new("/dev"))?;
    for (name, target) in LINKS {
        link(&dev, target, name)?;
    }
    for (name, major, minor) in DEVICES {
        let node = DeviceNode {
            path: Path::new("/dev").join(name),
            major,
            minor,
            mode: 0o666,
            ..DeviceNode::default()
        };
        make_device(root, &node)?;
    }
    for device in &spec.devices {
        make_device(root, device)?;
    }
    let null = root.find(Path::new("/dev/null"))?;
    let stat = rustix::fs::fstat(&null).map_err(|error| Error::new("look at /dev/null", error))?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::CharacterDevice
        || stat.st_rdev != rustix::fs::makedev(1, 3)
    {
        return Err(Error::invalid("use /dev/null", "it is another file"));
    }
    Ok(null)
}

fn link(folder: impl AsFd, target: &str, name: &str) -> Result<(), Error> {
    match rustix::fs::symlinkat(target, folder, name) {
        Ok(()) | Err(rustix::io::Errno::EXIST) => Ok(()),
        Err(error) => Err(Error::new(format!("link {name} to {target}"), error)),
    }
}

fn make_device(root: &Root, device: &DeviceNode) -> Result<(), Error> {
    let operation = || format!("make device {}", device.path.display());
    let (Some(parent), Some(name)) = (device.path.parent(), device.path.file_name()) else {
        return Err(Error::invalid(operation(), "not a path"));
    };
    let parent = root.ensure_dir(parent)?;
    let kind = if device.block { FileType::BlockDevice } else { FileType::CharacterDevice };
    let mode = Mode::from_raw_mode(device.mode & 0o7777);
    let number = rustix::fs::makedev(device.major, device.minor);
    match rustix::fs::mknodat(&parent, name, kind, mode, number) {
        Ok(()) => {}
        // A privileged container's list of the node's devices names the default ones again.
        Err(rustix::io::Errno::EXIST) if device.path.starts_with("/dev") => return Ok(()),
        Err(error) => return Err(Error::new(operation(), error)),
    }
    let (uid, gid) = (Uid::from_raw(device.uid), Gid::from_raw(device.gid));
    rustix::fs::chownat(&parent, name, Some(uid), Some(gid), rustix::fs::AtFlags::SYMLINK_NOFOLLOW)
        .map_err(|error| Error::new(operation(), error))
}

/// Makes a path read-only, with all below it; fine when it does not exist.
fn protect(root: &Root, path: &str) -> Result<(), Error> {
    let location = match root.find(Path::new(path)) {
        Ok(location) => location,
        Err(error) if error.is_not_found() => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut tree = Tree::copy_at(&location, true)?;
    tree.restrict(Attributes::READONLY, false)?;
    tree.attach(location)
}

/// Hides a file behind /dev/null, a folder behind an empty one; fine when it does not exist.
fn mask(root: &Root, path: &str, null: &OwnedFd) -> Result<(), Error> {
    let location = match root.find(&PathBuf::from(path)) {
        Ok(location) => location,
        Err(error) if error.is_not_found() => return Ok(()),
        Err(error) => return Err(error),
    };
    let stat = rustix::fs::fstat(&location).map_err(|error| Error::new(format!("look at {path}"), error))?;
    if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
        let readonly = Attributes { readonly: true, ..Attributes::INERT };
        Tree::new("tmpfs", &[("size", "0"), ("nr_inodes", "1")], readonly)?.attach(location)
    } else {
        Tree::copy_at(null, false)?.attach(location)
    }
}
