//! `fsGroup`: the group that may use a volume's files.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown};
use std::path::Path;

/// Gives everything under `path` to the group: files read/write (read only when `read_only`), folders with the set-gid
/// bit, so that new files belong to the group too. Links are given, not followed.
pub(crate) fn set_group(path: &Path, gid: u32, read_only: bool) -> io::Result<()> {
    let mut open = vec![path.to_path_buf()];
    while let Some(path) = open.pop() {
        let meta = fs::symlink_metadata(&path)?;
        if meta.gid() != gid {
            lchown(&path, None, Some(gid))?;
        }
        if meta.file_type().is_symlink() {
            continue;
        }
        let mut mode = meta.permissions().mode() & 0o7777;
        mode |= if read_only { 0o440 } else { 0o660 };
        if meta.is_dir() {
            mode |= 0o2110;
            for entry in fs::read_dir(&path)? {
                open.push(entry?.path());
            }
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}

/// Whether the volume's root already looks as [`set_group`] leaves it: with the policy OnRootMismatch, enough.
pub(crate) fn root_matches(path: &Path, gid: u32) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.gid() == gid && meta.permissions().mode() & 0o2070 == 0o2070)
}
