//! emptyDir: a folder, or memory, that lives as long as the pod.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use k8s_openapi::api::core::v1::EmptyDirVolumeSource;

use super::{VolumeError, file_error};
use crate::pods::resources;

/// Whether something is mounted exactly at `path`.
pub(crate) fn is_mount_point(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let Some(parent) = path.parent() else { return true };
    match (fs::metadata(path), fs::metadata(parent)) {
        (Ok(own), Ok(above)) => own.dev() != above.dev(),
        _ => false,
    }
}

/// Makes a folder with exactly this mode.
pub(crate) fn make_dir(path: &Path, mode: u32) -> Result<(), VolumeError> {
    fs::create_dir_all(path).map_err(file_error("make folder", path))?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(file_error("set the mode of", path))
}

/// Mounts memory at `path`, unless that was done already; `limit` in bytes.
pub(crate) fn mount_tmpfs(path: &Path, limit: Option<i64>) -> Result<(), VolumeError> {
    make_dir(path, 0o777)?;
    if is_mount_point(path) {
        return Ok(());
    }
    let options = match limit.filter(|limit| *limit > 0) {
        Some(limit) => format!("size={limit}"),
        None => String::new(),
    };
    let options = std::ffi::CString::new(options).unwrap_or_default();
    rustix::mount::mount("tmpfs", path, "tmpfs", rustix::mount::MountFlags::empty(), options.as_c_str())
        .map_err(|error| file_error("mount tmpfs at", path)(error.into()))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).map_err(file_error("set the mode of", path))
}

/// Makes the volume; `memory_limit` bounds one of memory whose own limit is higher or missing.
pub(crate) fn set_up(
    path: &Path,
    source: &EmptyDirVolumeSource,
    memory_limit: Option<i64>,
) -> Result<(), VolumeError> {
    match source.medium.as_deref().unwrap_or_default() {
        "" => {
            if !path.exists() {
                make_dir(path, 0o777)?;
            }
            Ok(())
        }
        "Memory" => {
            let own = source.size_limit.as_ref().map(resources::value).filter(|limit| *limit > 0);
            let limit = own.into_iter().chain(memory_limit).min();
            mount_tmpfs(path, limit)
        }
        _ => Err(VolumeError::Unsupported("emptyDir with medium HugePages")),
    }
}
