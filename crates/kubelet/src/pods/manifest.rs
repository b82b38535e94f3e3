//! Static pods: read from files, and again when a file changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::{Pod, Toleration};
use rustix::fs::inotify;
use sha2::{Digest, Sha256};
use tokio::io::unix::AsyncFd;
use tracing::{info, warn};

use super::spec;
use crate::cri::{CONFIG_HASH, CONFIG_SEEN, CONFIG_SOURCE};
use crate::kubelet::Kubelet;

/// Largest manifest that is read, in bytes.
const FILE_LEN_MAX: u64 = 10 << 20;
/// How often the folder is read though nothing was heard of a change.
const CHECK: Duration = Duration::from_secs(20);
/// How long changes settle before the folder is read.
const SETTLE: Duration = Duration::from_millis(50);

/// Why a manifest is not a pod.
#[derive(Debug, thiserror::Error)]
enum ManifestError {
    #[error("read it")]
    Read(#[from] std::io::Error),
    #[error("parse it")]
    Parse(#[from] serde_yaml_ng::Error),
    #[error("kind {0:?} is not Pod")]
    Kind(String),
    #[error("larger than {FILE_LEN_MAX} bytes")]
    TooLarge,
    #[error("it has no name")]
    NoName,
}

/// Makes a static pod of a manifest's text. Its uid is a hash of the node, the file and the text.
fn parse(text: &str, file: &Path, node: &str, seen: &str) -> Result<Pod, ManifestError> {
    let value: serde_json::Value = serde_yaml_ng::from_str(text)?;
    let kind = value.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default();
    if kind != "Pod" {
        return Err(ManifestError::Kind(kind.to_owned()));
    }
    let mut pod: Pod = serde_yaml_ng::from_str(text)?;
    let name = pod.metadata.name.clone().filter(|name| !name.is_empty()).ok_or(ManifestError::NoName)?;
    let mut hash = Sha256::new();
    for part in [node.as_bytes(), file.as_os_str().as_encoded_bytes(), text.as_bytes()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let uid = hex::encode(&hash.finalize()[..16]);
    let metadata = &mut pod.metadata;
    metadata.name = Some(format!("{name}-{}", node.to_lowercase()));
    metadata.namespace.get_or_insert_with(|| "default".to_owned());
    metadata.uid = Some(uid.clone());
    let annotations = metadata.annotations.get_or_insert_default();
    annotations.insert(CONFIG_SOURCE.to_owned(), "file".to_owned());
    annotations.insert(CONFIG_HASH.to_owned(), uid);
    annotations.insert(CONFIG_SEEN.to_owned(), seen.to_owned());
    let spec_ = pod.spec.get_or_insert_default();
    spec_.node_name = Some(node.to_owned());
    let everything = Toleration {
        operator: Some("Exists".to_owned()),
        effect: Some("NoExecute".to_owned()),
        ..Toleration::default()
    };
    spec_.tolerations.get_or_insert_default().push(everything);
    // A static pod has no service account to act as.
    spec_.service_account_name = None;
    spec_.enable_service_links.get_or_insert(true);
    Ok(pod)
}

fn read(path: &Path, node: &str, seen: &str) -> Result<Pod, ManifestError> {
    if std::fs::metadata(path)?.len() > FILE_LEN_MAX {
        return Err(ManifestError::TooLarge);
    }
    parse(&std::fs::read_to_string(path)?, path, node, seen)
}

fn files(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut list = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && entry.path().is_file() {
            list.push(entry.path());
        }
    }
    list.sort_unstable();
    Ok(list)
}

/// Brings the static pods into line with the files.
fn round(kubelet: &Arc<Kubelet>, path: &Path, known: &mut BTreeMap<String, Arc<Pod>>) {
    let seen = kubelet.env.now().to_string();
    let files = match files(path) {
        Ok(files) => files,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            warn!(path = %path.display(), %error, "Static pods could not be read, will retry.");
            return;
        }
    };
    let mut found = BTreeMap::new();
    for file in files {
        match read(&file, &kubelet.config.node_name, &seen) {
            Ok(pod) => {
                found.insert(spec::uid(&pod).to_owned(), Arc::new(pod));
            }
            Err(error) => {
                let error = crate::error::chain(&error);
                warn!(file = %file.display(), error, "A file is not a static pod's manifest.");
            }
        }
    }
    known.retain(|uid, pod| {
        let keep = found.contains_key(uid);
        if !keep {
            info!(pod = %spec::key(pod), "A static pod is gone.");
            kubelet.mailboxes.remove(uid);
        }
        keep
    });
    for (uid, pod) in found {
        if let std::collections::btree_map::Entry::Vacant(entry) = known.entry(uid) {
            entry.insert(pod.clone());
            kubelet.upsert(pod);
        }
    }
}

fn watch(path: &Path) -> Option<AsyncFd<std::os::fd::OwnedFd>> {
    let fd = inotify::init(inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK).ok()?;
    let folder = if path.is_file() { path.parent()? } else { path };
    let flags = inotify::WatchFlags::CREATE
        | inotify::WatchFlags::CLOSE_WRITE
        | inotify::WatchFlags::DELETE
        | inotify::WatchFlags::MOVE;
    inotify::add_watch(&fd, folder, flags).ok()?;
    // An owned file descriptor stays open and the same for as long as it is registered.
    #[allow(deprecated)]
    AsyncFd::new(fd).ok()
}

/// Waits until the folder changes. What exactly changed does not matter: all of it is read again.
async fn changed(watch: Option<&AsyncFd<std::os::fd::OwnedFd>>) {
    let Some(watch) = watch else { return std::future::pending().await };
    let Ok(mut ready) = watch.readable().await else { return std::future::pending().await };
    let mut buffer = [0u8; 4096];
    while rustix::io::read(watch.get_ref(), &mut buffer).is_ok_and(|read| read > 0) {}
    ready.clear_ready();
}

/// Follows the manifests until the kubelet stops.
pub(crate) async fn run(kubelet: Arc<Kubelet>, path: PathBuf) {
    let mut known = BTreeMap::new();
    let mut watching = None;
    let mut ticks = tokio::time::interval(CHECK);
    loop {
        tokio::select! {
            () = kubelet.cancel.cancelled() => return,
            _ = ticks.tick() => {}
            () = changed(watching.as_ref()) => tokio::time::sleep(SETTLE).await,
        }
        if watching.is_none() {
            watching = watch(&path);
        }
        round(&kubelet, &path, &mut known);
        kubelet.statics_read.store(true, std::sync::atomic::Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: c\n    image: i\n";
        let pod = parse(text, Path::new("/m/a.yaml"), "Node-1", "now").expect("a pod");
        assert_eq!(spec::key(&pod).to_string(), "default/web-node-1");
        assert!(spec::is_static(&pod) && spec::is_critical(&pod));
        assert_eq!(spec::uid(&pod).len(), 32);
        let other = parse(text, Path::new("/m/b.yaml"), "Node-1", "later").expect("a pod");
        assert_ne!(spec::uid(&pod), spec::uid(&other));
        assert!(parse("kind: Service\n", Path::new("a"), "n", "").is_err());
        assert!(parse("kind: Pod\nmetadata: {}\n", Path::new("a"), "n", "").is_err());
        assert!(parse(": : :", Path::new("a"), "n", "").is_err());
    }
}
