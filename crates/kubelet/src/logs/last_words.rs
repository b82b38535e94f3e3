//! What a container said last: its termination message.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use k8s_cri::v1;

use super::line;
use crate::cri::{TERMINATION_PATH, TERMINATION_POLICY};

/// Longest message taken from a file, in bytes.
const MESSAGE_LEN_MAX: u64 = 4096;
/// Longest message taken from logs, in bytes and lines.
const LOG_LEN_MAX: usize = 2048;
const LOG_LINES_MAX: usize = 80;

/// The message of an exited container; empty for none.
pub(crate) async fn read(status: &v1::ContainerStatus) -> String {
    let status = status.clone();
    tokio::task::spawn_blocking(move || read_now(&status)).await.unwrap_or_default()
}

fn read_now(status: &v1::ContainerStatus) -> String {
    let path = status.annotations.get(TERMINATION_PATH).filter(|path| !path.is_empty());
    let mount = path.and_then(|path| status.mounts.iter().find(|mount| mount.container_path == *path));
    let mut message = String::new();
    if let Some(mount) = mount {
        message = read_tail(Path::new(&mount.host_path)).unwrap_or_default();
    }
    let from_logs =
        status.annotations.get(TERMINATION_POLICY).is_some_and(|policy| policy == "FallbackToLogsOnError");
    if message.is_empty() && from_logs && status.exit_code != 0 {
        message = log_tail(Path::new(&status.log_path));
    }
    message
}

/// A container may have put a link or a device at the file's place inside the container, but here only its own file is
/// opened: links are not followed and only regular files are read.
fn read_tail(path: &Path) -> std::io::Result<String> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let mut file = std::fs::File::from(rustix::fs::open(path, flags, Mode::empty())?);
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Ok(String::new());
    }
    if meta.len() > MESSAGE_LEN_MAX {
        file.seek(SeekFrom::Start(meta.len() - MESSAGE_LEN_MAX))?;
    }
    let mut bytes = Vec::new();
    file.take(MESSAGE_LEN_MAX).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn log_tail(path: &Path) -> String {
    let Ok(mut file) = std::fs::File::open(path) else { return String::new() };
    let length = file.metadata().map_or(0, |meta| meta.len());
    // Each record has a head of its own.
    let window = (LOG_LEN_MAX + LOG_LINES_MAX * 64) as u64;
    let start = length.saturating_sub(window);
    if file.seek(SeekFrom::Start(start)).is_err() {
        return String::new();
    }
    let mut bytes = Vec::new();
    if file.take(window).read_to_end(&mut bytes).is_err() {
        return String::new();
    }
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    if start > 0 && !lines.is_empty() {
        lines.remove(0);
    }
    let skip = lines.len().saturating_sub(LOG_LINES_MAX);
    let mut text = Vec::new();
    for record in lines.into_iter().skip(skip).filter_map(line::parse) {
        text.extend_from_slice(record.text);
        if !record.partial {
            text.push(b'\n');
        }
    }
    let cut = text.len().saturating_sub(LOG_LEN_MAX);
    String::from_utf8_lossy(&text[cut..]).into_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn sources() {
        let dir = tempfile::tempdir().expect("a folder");
        let (file, log) = (dir.path().join("m"), dir.path().join("0.log"));
        std::fs::write(&log, "2026-01-02T03:04:05Z stdout F one\n2026-01-02T03:04:06Z stderr F two\n")
            .expect("written");
        let status = |exit_code, policy: &str| v1::ContainerStatus {
            exit_code,
            log_path: log.display().to_string(),
            mounts: vec![v1::Mount {
                container_path: "/dev/termination-log".into(),
                host_path: file.display().to_string(),
                ..Default::default()
            }],
            annotations: HashMap::from([
                (TERMINATION_PATH.to_owned(), "/dev/termination-log".to_owned()),
                (TERMINATION_POLICY.to_owned(), policy.to_owned()),
            ]),
            ..Default::default()
        };
        assert_eq!(read_now(&status(1, "File")), "");
        assert_eq!(read_now(&status(1, "FallbackToLogsOnError")), "one\ntwo\n");
        assert_eq!(read_now(&status(0, "FallbackToLogsOnError")), "");
        std::fs::write(&file, "x".repeat(5000)).expect("written");
        assert_eq!(read_now(&status(1, "FallbackToLogsOnError")).len(), 4096);
        std::fs::remove_file(&file).expect("removed");
        std::os::unix::fs::symlink("/etc/passwd", &file).expect("linked");
        assert_eq!(read_now(&status(1, "File")), "", "a link is not followed");
    }
}
