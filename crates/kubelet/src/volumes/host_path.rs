//! hostPath: a path of the node.

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use k8s_openapi::api::core::v1::HostPathVolumeSource;

use super::{VolumeError, empty_dir::make_dir, file_error};

/// Checks (or makes) what the type asks for.
pub(crate) fn set_up(source: &HostPathVolumeSource) -> Result<PathBuf, VolumeError> {
    let path = PathBuf::from(&source.path);
    let kind = fs::metadata(&path).map(|meta| meta.file_type()).ok();
    let check = |holds: bool, wanted: &'static str| {
        if holds { Ok(()) } else { Err(VolumeError::HostPathType { path: source.path.clone(), wanted }) }
    };
    match source.type_.as_deref().unwrap_or_default() {
        "DirectoryOrCreate" => match kind {
            None => make_dir(&path, 0o755)?,
            Some(kind) => check(kind.is_dir(), "a directory")?,
        },
        "Directory" => check(kind.is_some_and(|kind| kind.is_dir()), "a directory")?,
        "FileOrCreate" => match kind {
            None => make_file(&path)?,
            Some(kind) => check(kind.is_file(), "a file")?,
        },
        "File" => check(kind.is_some_and(|kind| kind.is_file()), "a file")?,
        "Socket" => check(kind.is_some_and(|kind| kind.is_socket()), "a socket file")?,
        "CharDevice" => check(kind.is_some_and(|kind| kind.is_char_device()), "a character device")?,
        "BlockDevice" => check(kind.is_some_and(|kind| kind.is_block_device()), "a block device")?,
        _ => {}
    }
    Ok(path)
}

fn make_file(path: &Path) -> Result<(), VolumeError> {
    // Kubernetes does not make the folders above a file.
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(file_error("make file", path))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).map_err(file_error("set the mode of", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("file");
        fs::write(&file, "").expect("written");
        let check = |path: &Path, type_: &str, expect: bool| {
            let source =
                HostPathVolumeSource { path: path.display().to_string(), type_: Some(type_.to_owned()) };
            assert_eq!(set_up(&source).is_ok(), expect, "{} {type_}", path.display());
        };
        check(dir.path(), "", true);
        check(&dir.path().join("none"), "", true);
        check(dir.path(), "Directory", true);
        check(&file, "Directory", false);
        check(&file, "File", true);
        check(dir.path(), "File", false);
        check(&file, "Socket", false);
        check(&file, "CharDevice", false);
        check(Path::new("/dev/null"), "CharDevice", true);
        check(&dir.path().join("a/b"), "DirectoryOrCreate", true);
        check(&dir.path().join("c"), "FileOrCreate", true);
        check(&dir.path().join("x/y"), "FileOrCreate", false);
        check(&dir.path().join("none"), "Directory", false);
    }
}
