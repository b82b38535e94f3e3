//! Rotates containers' logs when they grow: the file is renamed, the runtime opens a new one, old ones are compressed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tracing::{debug, warn};

use crate::kubelet::Kubelet;

/// Time between looks.
const CHECK: Duration = Duration::from_secs(10);

/// Files of a log that were rotated away, oldest first.
pub(crate) fn rotated(log: &Path) -> Vec<PathBuf> {
    let (Some(dir), Some(name)) = (log.parent(), log.file_name().and_then(|name| name.to_str())) else {
        return Vec::new();
    };
    let prefix = format!("{name}.");
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter(|name| name.starts_with(&prefix) && !name.ends_with(".tmp")).collect();
    names.sort_unstable();
    names.into_iter().map(|name| dir.join(name)).collect()
}

/// Removes a log and all that was rotated away of it.
pub(crate) fn remove_all(log: &Path) {
    if log.as_os_str().is_empty() {
        return;
    }
    for path in rotated(log).into_iter().chain(std::iter::once(log.to_path_buf())) {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                warn!(path = %path.display(), %error, "An old log could not be removed.");
            }
            _ => {}
        }
    }
}

fn compress(path: &Path) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".gz");
    let target = PathBuf::from(name);
    let temporary = target.with_extension("gz.tmp");
    let mut source = std::fs::File::open(path)?;
    let mut out = GzEncoder::new(std::fs::File::create(&temporary)?, Compression::fast());
    io::copy(&mut source, &mut out)?;
    out.finish()?;
    std::fs::rename(&temporary, &target)?;
    std::fs::remove_file(path)
}

/// Makes room for one more file and compresses all but the newest.
fn tidy(log: &Path, files_max: usize) -> io::Result<()> {
    let files = rotated(log);
    // One is the log itself, one the file about to be rotated away.
    let keep = files_max.saturating_sub(2);
    let (old, kept) = files.split_at(files.len().saturating_sub(keep));
    for path in old {
        std::fs::remove_file(path)?;
    }
    for path in kept {
        if path.extension().is_none_or(|extension| extension != "gz") {
            compress(path)?;
        }
    }
    Ok(())
}

async fn rotate(kubelet: &Kubelet, id: &str, log: &Path) -> io::Result<()> {
    let (path, files_max) = (log.to_path_buf(), kubelet.config.container_log_max_files.max(2));
    tokio::task::spawn_blocking(move || tidy(&path, files_max)).await.map_err(io::Error::other)??;
    let stamp = kubelet.env.now().strftime("%Y%m%d-%H%M%S").to_string();
    let mut name = log.as_os_str().to_owned();
    name.push(format!(".{stamp}"));
    let aside = PathBuf::from(name);
    std::fs::rename(log, &aside)?;
    if let Err(error) = kubelet.cri.reopen_log(id).await {
        // Without a new file the container would go on writing into the old one: put it back.
        std::fs::rename(&aside, log)?;
        return Err(io::Error::other(error));
    }
    Ok(())
}

async fn round(kubelet: &Kubelet) {
    let Ok(containers) = kubelet.cri.list_containers(None).await else { return };
    let running = containers
        .into_iter()
        .filter(|container| container.state == i32::from(k8s_cri::v1::ContainerState::ContainerRunning));
    for container in running {
        let Ok(status) = kubelet.cri.container_status(&container.id).await else { continue };
        let log = PathBuf::from(&status.log_path);
        if status.log_path.is_empty() {
            continue;
        }
        let Ok(meta) = std::fs::metadata(&log) else {
            // A rotation was cut off between rename and reopen.
            if let Err(error) = kubelet.cri.reopen_log(&container.id).await {
                debug!(container = container.id, %error, "A container's log could not be reopened.");
            }
            continue;
        };
        if meta.len() < kubelet.config.container_log_max_size {
            continue;
        }
        if let Err(error) = rotate(kubelet, &container.id, &log).await {
            warn!(container = container.id, %error, "A container's log could not be rotated, will retry.");
        }
    }
}

/// Looks at all logs until the kubelet stops.
pub(crate) async fn run(kubelet: Arc<Kubelet>) {
    if kubelet.config.container_log_max_size == 0 {
        return;
    }
    let mut ticks = tokio::time::interval(CHECK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while kubelet.cancel.run_until_cancelled(ticks.tick()).await.is_some() {
        if kubelet.cancel.run_until_cancelled(round(&kubelet)).await.is_none() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_so_many_files() {
        let dir = tempfile::tempdir().expect("a folder");
        let log = dir.path().join("0.log");
        std::fs::write(&log, "now").expect("written");
        for stamp in ["20260101-000000.gz", "20260102-000000.gz", "20260103-000000", "20260104-000000"] {
            std::fs::write(dir.path().join(format!("0.log.{stamp}")), stamp).expect("written");
        }
        tidy(&log, 5).expect("tidied");
        let names: Vec<String> = rotated(&log)
            .iter()
            .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
            .collect();
        assert_eq!(
            names,
            ["0.log.20260102-000000.gz", "0.log.20260103-000000.gz", "0.log.20260104-000000.gz"]
        );
        remove_all(&log);
        assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 0);
    }
}
