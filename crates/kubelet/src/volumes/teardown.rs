//! Takes a pod's volumes away. Nothing is removed through a mount: what is mounted below the pod's folder is unmounted
//! first, and removal stops where that fails.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Undoes the kernel's escapes (`\040`) in a mount table.
fn unescape(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 4).filter(|_| bytes[at] == b'\\');
        let code = code.and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 4;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Mount points at or below `dir`, deepest first.
pub(crate) fn mounts_below(table: &str, dir: &Path) -> Vec<PathBuf> {
    let points = table.lines().filter_map(|line| line.split(' ').nth(4)).map(unescape).map(PathBuf::from);
    let mut points: Vec<PathBuf> = points.filter(|point| point.starts_with(dir)).collect();
    points.reverse();
    points.sort_by_key(|point| std::cmp::Reverse(point.components().count()));
    points
}

/// Unmounts everything below `dir`, then removes it.
pub(crate) fn remove(dir: &Path) -> io::Result<()> {
    if !dir.exists() {
        return Ok(());
    }
    let dir = fs::canonicalize(dir)?;
    let table = fs::read_to_string("/proc/self/mountinfo")?;
    for point in mounts_below(&table, &dir) {
        match rustix::mount::unmount(&point, rustix::mount::UnmountFlags::NOFOLLOW) {
            Ok(()) | Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOENT) => {}
            Err(rustix::io::Errno::BUSY) => {
                let lazily = rustix::mount::UnmountFlags::NOFOLLOW | rustix::mount::UnmountFlags::DETACH;
                rustix::mount::unmount(&point, lazily)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    let table = fs::read_to_string("/proc/self/mountinfo")?;
    if let Some(left) = mounts_below(&table, &dir).first() {
        return Err(io::Error::new(
            io::ErrorKind::ResourceBusy,
            format!("{} is still mounted", left.display()),
        ));
    }
    fs::remove_dir_all(&dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_mounts() {
        let table = "1 0 0:1 / / rw - ext4 /dev/a rw\n\
            2 1 0:2 / /k/pods/u/v/a rw - tmpfs tmpfs rw\n\
            3 2 0:3 / /k/pods/u/v/a/b\\040c rw - tmpfs tmpfs rw\n\
            4 1 0:4 / /k/pods/uu rw - tmpfs tmpfs rw\n";
        let got = mounts_below(table, Path::new("/k/pods/u"));
        assert_eq!(got, [PathBuf::from("/k/pods/u/v/a/b c"), PathBuf::from("/k/pods/u/v/a")]);
    }
}
