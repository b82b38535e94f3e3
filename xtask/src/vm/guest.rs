//! What the machine boots into: a disk with Debian and the tests, and the initramfs that finds the disk.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use mizzen_testkit::{patience, run as quiet};

use super::kernel::Kernel;
use super::machine::ENDED;
use super::{Programs, strip};
use crate::images::packages;
use crate::shell::target;

/// A small Debian, and what Mizzen's documentation asks for (nftables, conntrack).
const PACKAGES: &[&str] = &[
    "apparmor",
    "base-files",
    "base-passwd",
    "bash",
    "busybox-static",
    "conntrack",
    "coreutils",
    "dash",
    "dbus",
    "findutils",
    "grep",
    "iproute2",
    "kmod",
    "libc-bin",
    "mount",
    "nftables",
    "procps",
    "sed",
    "systemd",
    "systemd-sysv",
    "udev",
    "util-linux",
];

/// Modules that the disk needs; all others are loaded as on any machine.
const DISK_MODULES: &[&str] = &["virtio_pci", "virtio_blk"];

/// How large the disk may grow; it takes only what is in it.
const DISK_SIZE: &str = "3G";

/// The first program: finds the disk, as initramfs-tools' scripts do on Debian, with its options for /run.
const INIT: &str = "#!/bin/busybox sh
export PATH=/bin
busybox mkdir -p /proc /sys /dev /run /root
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs devtmpfs /dev
busybox mount -t tmpfs -o nodev,noexec,nosuid,size=10%,mode=0755 tmpfs /run
for module in $(busybox cat /modules); do busybox insmod $module; done
until [ -b /dev/vda ]; do busybox usleep 50000; done
busybox mount -t ext4 -o rw /dev/vda /root
for folder in proc sys dev run; do busybox mount -o move /$folder /root/$folder; done
exec busybox switch_root /root /sbin/init
";

/// Runs the tests as from a login: in a control group of systemd's below `user.slice`, whose limits are not ours.
const SERVICE: &str = "[Unit]
Description=Mizzen's system tests
After=multi-user.target
[Service]
Type=oneshot
Slice=user-0.slice
ExecStart=/opt/mizzen/run
StandardInput=null
StandardOutput=null
StandardError=null
TimeoutStartSec=infinity
[Install]
WantedBy=default.target
";

/// How much slower the machine is than this one, which may have other things to do meanwhile.
const SLOWNESS: u32 = 6;

/// What the machine runs, with a path as `su` leaves it, on the line that this side reads: all planned tests, or those
/// that `MIZZEN_VM_FILTER` names.
fn runner() -> String {
    let filter = std::env::var("MIZZEN_VM_FILTER").unwrap_or_default();
    let slowness = patience(Duration::from_secs(SLOWNESS.into())).as_secs();
    format!(
        "#!/bin/sh
exec >/dev/ttyS1 2>&1
stty -F /dev/ttyS1 raw
export HOME=/root PATH=/usr/local/bin:/usr/bin:/bin
export MIZZEN_BIN=/usr/local/bin/mizzen CARGO_TARGET_DIR=/opt/mizzen
export MIZZEN_TEST_PLAN=vm MIZZEN_TEST_SLOWNESS={slowness}
/opt/mizzen/system --color never {filter}
echo \"{ENDED}$?\"
sync
systemctl poweroff --force --force
"
    )
}

/// Makes the disk.
pub(super) fn disk(folder: &Path, kernel: &Kernel, programs: &Programs) -> Result<PathBuf> {
    let (base, tree) = (folder.join("debian"), folder.join("root"));
    if !base.join("etc/mizzen-guest").is_file() {
        debian(folder, &base)?;
    }
    if tree.exists() {
        fs::remove_dir_all(&tree).context("clear the guest's tree")?;
    }
    quiet(Command::new("cp").args(["-a", "--reflink=auto"]).args([&base, &tree]))?;
    let release = kernel.modules.file_name().context("modules lie in a folder of their release")?;
    let modules = tree.join("lib/modules");
    fs::create_dir_all(&modules)?;
    quiet(Command::new("cp").args(["-a", "--reflink=auto"]).arg(&kernel.modules).arg(modules.join(release)))?;
    let own = tree.join("opt/mizzen");
    fs::create_dir_all(own.join("testkit"))?;
    fs::create_dir_all(tree.join("usr/local/bin"))?;
    strip(&programs.mizzen, &tree.join("usr/local/bin/mizzen"))?;
    strip(&programs.tests, &own.join("system"))?;
    fs::copy(mizzen_testkit::testserver()?, own.join("testkit/testserver")).context("the test server")?;
    let kubectl = target().join("clients/v35/kubectl/kubectl");
    fs::copy(&kubectl, tree.join("usr/local/bin/kubectl")).context("kubectl: run `cargo xtask setup`")?;
    script(&own.join("run"), &runner())?;
    let unit = tree.join("etc/systemd/system");
    fs::create_dir_all(unit.join("multi-user.target.wants"))?;
    fs::write(unit.join("mizzen-tests.service"), SERVICE)?;
    symlink(
        "/etc/systemd/system/mizzen-tests.service",
        unit.join("multi-user.target.wants/mizzen-tests.service"),
    )?;
    let disk = folder.join("disk.ext4");
    let _fresh = fs::remove_file(&disk);
    let format = ["-q", "-t", "ext4", "-O", "^has_journal", "-E", "root_owner=0:0", "-d"];
    quiet(Command::new("mke2fs").args(format).args([&tree, &disk]).arg(DISK_SIZE))?;
    fs::remove_dir_all(&tree).context("clear the guest's tree")?;
    Ok(disk)
}

/// Debian's files, as its installer would leave them.
fn debian(folder: &Path, base: &Path) -> Result<()> {
    let all = packages::closure(PACKAGES)?;
    println!("unpacking {} Debian packages", all.len());
    packages::unpack(&all, &folder.join("packages"), base)?;
    for name in ["proc", "sys", "dev", "run", "tmp", "root"] {
        fs::create_dir_all(base.join(name))?;
    }
    fs::set_permissions(base.join("tmp"), fs::Permissions::from_mode(0o1777))?;
    let etc = base.join("etc");
    for name in ["passwd", "group"] {
        fs::copy(base.join(format!("usr/share/base-passwd/{name}.master")), etc.join(name))?;
    }
    fs::write(etc.join("machine-id"), "4d697a7a656e4d697a7a656e4d697a7a\n")?;
    fs::write(etc.join("hostname"), "debian\n")?;
    fs::write(etc.join("hosts"), "127.0.0.1 localhost debian\n")?;
    fs::write(etc.join("resolv.conf"), "")?;
    fs::write(etc.join("mizzen-guest"), "")?;
    Ok(())
}

/// Makes the initramfs.
pub(super) fn initramfs(folder: &Path, kernel: &Kernel) -> Result<PathBuf> {
    let tree = folder.join("initramfs");
    if tree.exists() {
        fs::remove_dir_all(&tree).context("clear the initramfs")?;
    }
    fs::create_dir_all(tree.join("bin"))?;
    fs::copy("/bin/busybox", tree.join("bin/busybox")).context("busybox (Debian: busybox-static)")?;
    let mut order = Vec::new();
    for file in needed(&fs::read_to_string(kernel.modules.join("modules.dep"))?, DISK_MODULES) {
        let name = Path::new(&file).file_name().context("a module is a file")?.to_owned();
        fs::copy(kernel.modules.join(&file), tree.join(&name)).with_context(|| file.clone())?;
        order.push(format!("/{}\n", name.to_string_lossy()));
    }
    fs::write(tree.join("modules"), order.concat())?;
    script(&tree.join("init"), INIT)?;
    let path = folder.join("initramfs.cpio");
    let pack = "find . | busybox cpio --quiet -o -H newc >\"$1\"";
    quiet(Command::new("sh").args(["-ec", pack, "sh"]).arg(&path).current_dir(&tree))?;
    Ok(path)
}

/// The files of modules and of what they depend on, in the order of loading.
/// Lines of `table` (modules.dep) read `FILE: NEEDED…`, what is needed first coming last.
fn needed(table: &str, modules: &[&str]) -> Vec<String> {
    let mut order: Vec<String> = Vec::new();
    for module in modules {
        let ending = format!("/{module}.ko");
        let line =
            table.lines().filter_map(|line| line.split_once(':')).find(|(file, _)| file.ends_with(&ending));
        let Some((file, needs)) = line else { continue };
        for file in needs.split_whitespace().rev().chain([file]) {
            if !order.iter().any(|known| known == file) {
                order.push(file.to_owned());
            }
        }
    }
    order
}

fn script(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::needed;

    #[test]
    fn modules_come_after_what_they_need() {
        let table = "kernel/a/top.ko: kernel/b/middle.ko kernel/c/low.ko\nkernel/b/middle.ko: kernel/c/low.ko\n\
                     kernel/c/low.ko:\nkernel/d/stop.ko:\n";
        assert_eq!(
            needed(table, &["top", "stop", "builtin"]),
            ["kernel/c/low.ko", "kernel/b/middle.ko", "kernel/a/top.ko", "kernel/d/stop.ko"]
        );
    }
}
