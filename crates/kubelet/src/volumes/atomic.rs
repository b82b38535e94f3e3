//! Replaces the content of a volume at once, as containers see it.
//!
//! Files lie in a folder `..TIME`; the link `..data` names the current one, and every visible name links to
//! `..data/NAME`. An update writes a new folder and renames a new link over `..data`: a reader sees the old files or
//! the new ones, never a mixture.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;

const DATA: &str = "..data";
const DATA_NEW: &str = "..data_tmp";

/// One file's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) data: Vec<u8>,
    pub(crate) mode: u32,
    /// The file belongs to this user instead of the kubelet's.
    pub(crate) uid: Option<u32>,
}

/// The content of a volume: path to file.
pub(crate) type Payload = BTreeMap<String, File>;

/// Whether a path stays inside the volume and does not look like our own links.
pub(crate) fn is_safe_path(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= 4096
        && !path.starts_with("..")
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Whether the current content is the payload already.
fn is_current(dir: &Path, payload: &Payload) -> bool {
    let Ok(target) = fs::read_link(dir.join(DATA)) else { return false };
    let data = dir.join(target);
    let mut found = 0usize;
    let mut folders = vec![data.clone()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { return false };
        for entry in entries {
            let Ok(entry) = entry else { return false };
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
                continue;
            }
            let Ok(name) = path.strip_prefix(&data) else { return false };
            let Some(file) = name.to_str().and_then(|name| payload.get(name)) else { return false };
            let mode = fs::metadata(&path).map(|meta| meta.permissions().mode() & 0o777);
            // Ownership by group adds read permission for it.
            let same_mode = mode.is_ok_and(|mode| mode & !0o440 == file.mode & 0o777 & !0o440);
            if !same_mode || fs::read(&path).map_or(true, |old| old != file.data) {
                return false;
            }
            found += 1;
        }
    }
    found == payload.len()
}

fn write_file(path: &Path, file: &File) -> io::Result<()> {
    use io::Write;
    let mut out = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    out.write_all(&file.data)?;
    // Set apart from creation, where the process's mask would cut it.
    out.set_permissions(fs::Permissions::from_mode(file.mode & 0o777))?;
    if let Some(uid) = file.uid {
        std::os::unix::fs::fchown(&out, Some(uid), None)?;
    }
    Ok(())
}

fn make_folder(path: &Path) -> io::Result<()> {
    match fs::DirBuilder::new().mode(0o755).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        other => other?,
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

fn first_part(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// Makes the payload the content of `dir`; `finish` sees the new folder before it becomes visible (to set owners).
/// Says whether anything changed.
///
/// # Errors
/// A path for which [`is_safe_path`] does not hold is `InvalidInput`.
pub(crate) fn write(
    dir: &Path,
    payload: &Payload,
    now: Timestamp,
    random: &mizzen_clock::Random,
    finish: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<bool> {
    if let Some(bad) = payload.keys().find(|path| !is_safe_path(path)) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("unsafe path {bad:?}")));
    }
    if is_current(dir, payload) {
        return Ok(false);
    }
    let old = fs::read_link(dir.join(DATA)).ok();
    let stamp = now.strftime("%Y_%m_%d_%H_%M_%S").to_string();
    let name = format!("..{stamp}.{}", random.below(1 << 32));
    let folder = dir.join(&name);
    fs::DirBuilder::new().mode(0o755).create(&folder)?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755))?;
    let filled = fill(&folder, payload).and_then(|()| finish(&folder));
    if let Err(error) = filled {
        // The half-made folder is of no use; the first error matters more than one of removing it.
        fs::remove_dir_all(&folder).ok();
        return Err(error);
    }
    publish(dir, &name, payload)?;
    if let Some(old) = old.filter(|old| old.as_os_str() != name.as_str() && is_stamp(old)) {
        fs::remove_dir_all(dir.join(old))?;
    }
    Ok(true)
}

fn is_stamp(path: &Path) -> bool {
    let name = path.to_str().unwrap_or_default();
    name.starts_with("..") && !name.contains('/') && name.len() > 2
}

fn fill(folder: &Path, payload: &Payload) -> io::Result<()> {
    for (path, file) in payload {
        let mut parent = folder.to_path_buf();
        let parts: Vec<&str> = path.split('/').collect();
        for part in &parts[..parts.len() - 1] {
            parent.push(part);
            make_folder(&parent)?;
        }
        write_file(&folder.join(path), file)?;
    }
    Ok(())
}

fn publish(dir: &Path, name: &str, payload: &Payload) -> io::Result<()> {
    let new = dir.join(DATA_NEW);
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    symlink(name, &new)?;
    fs::rename(&new, dir.join(DATA))?;
    let wanted: BTreeSet<&str> = payload.keys().map(|path| first_part(path)).collect();
    for part in &wanted {
        let link = dir.join(part);
        let target = PathBuf::from(DATA).join(part);
        if fs::read_link(&link).is_ok_and(|old| old == target) {
            continue;
        }
        symlink(&target, &link)?;
    }
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let ours = fs::read_link(entry.path()).is_ok_and(|target| target.starts_with(DATA));
        if ours && !wanted.contains(name.as_ref()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(files: &[(&str, &str)]) -> Payload {
        let file = |data: &str| File { data: data.as_bytes().to_vec(), mode: 0o640, uid: None };
        files.iter().map(|(path, data)| ((*path).to_owned(), file(data))).collect()
    }

    fn put(dir: &Path, files: &[(&str, &str)]) -> io::Result<bool> {
        let random = mizzen_clock::Random::from_seed(fs::read_dir(dir)?.count() as u64);
        write(dir, &payload(files), Timestamp::UNIX_EPOCH, &random, |_| Ok(()))
    }

    #[test]
    fn swaps_and_cleans() {
        let dir = tempfile::tempdir().expect("a folder");
        let dir = dir.path();
        assert!(put(dir, &[("a", "1"), ("b/c", "2")]).expect("written"));
        assert!(!put(dir, &[("a", "1"), ("b/c", "2")]).expect("unchanged"));
        assert_eq!(fs::read_to_string(dir.join("b/c")).expect("readable"), "2");
        assert_eq!(fs::read_link(dir.join("a")).expect("a link"), Path::new("..data/a"));
        let mode = fs::metadata(dir.join("a")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert!(put(dir, &[("a", "3")]).expect("written"));
        assert_eq!(fs::read_to_string(dir.join("a")).expect("readable"), "3");
        assert!(!dir.join("b").exists());
        let stamps = fs::read_dir(dir).expect("a folder").flatten();
        let folders = stamps.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        assert_eq!(folders.count(), 1, "the old folder is gone");
        assert!(put(dir, &[]).expect("written"));
        assert!(!dir.join("a").exists());
    }

    #[test]
    fn unsafe_paths_are_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        for path in ["../a", "..data", "/a", "a/../b", "", "..2026"] {
            assert!(put(dir.path(), &[(path, "x")]).is_err(), "{path}");
        }
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 0);
    }
}
