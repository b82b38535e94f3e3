//! Kubeconfig files: made for components, and merged into a user's own.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use serde_yaml_ng::{Mapping, Value};

use crate::{Certified, PkiError};

/// How often a held lock is looked at again, and how many times.
const LOCK_PAUSE: Duration = Duration::from_millis(50);
const LOCK_ATTEMPTS: u32 = 60;
/// A lock of this age was left behind: nobody needs a second to write a kubeconfig.
const LOCK_STALE: Duration = Duration::from_secs(30);

/// A kubeconfig with one cluster, user and context, everything embedded.
pub fn render(name: &str, server: &str, ca_pem: &str, client: &Certified) -> String {
    let [cluster, user, context] = entries(name, server, ca_pem, client);
    let mut root = Mapping::new();
    root.insert("apiVersion".into(), "v1".into());
    root.insert("kind".into(), "Config".into());
    root.insert("clusters".into(), Value::Sequence(vec![cluster]));
    root.insert("contexts".into(), Value::Sequence(vec![context]));
    root.insert("current-context".into(), name.into());
    root.insert("users".into(), Value::Sequence(vec![user]));
    serde_yaml_ng::to_string(&root).expect("maps with text keys have a YAML form")
}

/// Adds (or replaces) cluster, user and context `name` in the file at `path`, keeps everything else in it,
/// and makes `name` the current context. Locks the file as kubectl does (`PATH.lock`), and replaces it by
/// rename, mode 0600. Blocks for up to three seconds while another program holds the lock.
pub fn merge_into(
    path: &Path,
    name: &str,
    server: &str,
    ca_pem: &str,
    client: &Certified,
) -> Result<(), PkiError> {
    let _lock = Lock::take(path)?;
    let mut root = read(path)?.unwrap_or_default();
    let lists = ["clusters", "users", "contexts"];
    for (list, entry) in lists.into_iter().zip(entries(name, server, ca_pem, client)) {
        put(&mut root, list, name, entry);
    }
    for (key, value) in [("apiVersion", "v1"), ("kind", "Config")] {
        if !root.contains_key(key) {
            root.insert(key.into(), value.into());
        }
    }
    root.insert("current-context".into(), name.into());
    write(path, &root)
}

/// Removes cluster, user and context `name` again; the file stays, and nothing else in it changes (but the
/// current context, which is then none, when it was `name`).
pub fn remove_from(path: &Path, name: &str) -> Result<(), PkiError> {
    if !path.exists() {
        return Ok(());
    }
    let _lock = Lock::take(path)?;
    let Some(mut root) = read(path)? else { return Ok(()) };
    let before = root.clone();
    for list in ["clusters", "users", "contexts"] {
        if let Some(Value::Sequence(items)) = root.get_mut(list) {
            items.retain(|item| !is_named(item, name));
        }
    }
    if root.get("current-context").and_then(Value::as_str) == Some(name) {
        root.insert("current-context".into(), "".into());
    }
    if root == before { Ok(()) } else { write(path, &root) }
}

/// Cluster, user and context.
fn entries(name: &str, server: &str, ca_pem: &str, client: &Certified) -> [Value; 3] {
    let cluster = json!({
        "cluster": { "certificate-authority-data": STANDARD.encode(ca_pem), "server": server },
        "name": name,
    });
    let user = json!({
        "name": name,
        "user": {
            "client-certificate-data": STANDARD.encode(&client.cert_pem),
            "client-key-data": STANDARD.encode(&client.key_pem),
        },
    });
    let context = json!({ "context": { "cluster": name, "user": name }, "name": name });
    [cluster, user, context]
        .map(|entry| serde_yaml_ng::to_value(entry).expect("maps with text keys have a YAML form"))
}

fn is_named(item: &Value, name: &str) -> bool {
    item.get("name").and_then(Value::as_str) == Some(name)
}

fn put(root: &mut Mapping, list: &str, name: &str, entry: Value) {
    let items = root.entry(list.into()).or_insert(Value::Null);
    // `clusters: null` is how kubectl itself writes an empty list.
    if !items.is_sequence() {
        *items = Value::Sequence(Vec::new());
    }
    let Value::Sequence(items) = items else { return };
    match items.iter_mut().find(|item| is_named(item, name)) {
        Some(item) => *item = entry,
        None => items.push(entry),
    }
}

fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> PkiError + '_ {
    move |source| PkiError::File { path: path.display().to_string(), source }
}

/// `None` for a file that is missing or empty.
fn read(path: &Path) -> Result<Option<Mapping>, PkiError> {
    let text = match fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => return Ok(None),
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(file_error(path)(error)),
    };
    let parsed: Option<Mapping> = serde_yaml_ng::from_str(&text)
        .map_err(|source| PkiError::Kubeconfig { path: path.display().to_string(), source })?;
    Ok(parsed)
}

fn write(path: &Path, root: &Mapping) -> Result<(), PkiError> {
    let text = serde_yaml_ng::to_string(root)
        .map_err(|source| PkiError::Kubeconfig { path: path.display().to_string(), source })?;
    // Through a symbolic link, so that it stays one.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let fresh = beside(&target, &format!(".{}.new", std::process::id()));
    let written = replace(&fresh, &target, text.as_bytes());
    if written.is_err() {
        // The first error is what matters; a leftover is overwritten next time.
        drop(fs::remove_file(&fresh));
    }
    written
}

fn replace(fresh: &Path, target: &Path, text: &[u8]) -> Result<(), PkiError> {
    let mut options = OpenOptions::new();
    let mut file: File =
        options.write(true).create(true).truncate(true).mode(0o600).open(fresh).map_err(file_error(fresh))?;
    file.set_permissions(fs::Permissions::from_mode(0o600)).map_err(file_error(fresh))?;
    file.write_all(text).and_then(|()| file.sync_all()).map_err(file_error(fresh))?;
    fs::rename(fresh, target).map_err(file_error(target))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// `PATH.lock`, as client-go's: whoever creates it has it. Dropping it gives it back.
struct Lock(PathBuf);

impl Lock {
    fn take(path: &Path) -> Result<Self, PkiError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(file_error(folder))?;
        }
        let lock = beside(path, ".lock");
        for _ in 0..LOCK_ATTEMPTS {
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&lock) {
                Ok(_) => return Ok(Self(lock)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    if !break_stale(&lock)? {
                        std::thread::sleep(LOCK_PAUSE);
                    }
                }
                Err(error) => return Err(file_error(&lock)(error)),
            }
        }
        Err(PkiError::Locked { path: path.display().to_string() })
    }
}

/// Removes a lock that was left behind. Its age is told by the file system's own clock.
fn break_stale(lock: &Path) -> Result<bool, PkiError> {
    let probe = beside(lock, &format!(".{}", std::process::id()));
    let now = File::create(&probe).and_then(|file| file.metadata()).and_then(|data| data.modified());
    let made = fs::metadata(lock).and_then(|data| data.modified());
    fs::remove_file(&probe).map_err(file_error(&probe))?;
    let (now, made) = match (now, made) {
        (Ok(now), Ok(made)) => (now, made),
        // Given back in between.
        (_, Err(error)) if error.kind() == ErrorKind::NotFound => return Ok(true),
        (Err(error), _) | (_, Err(error)) => return Err(file_error(lock)(error)),
    };
    if now.duration_since(made).is_ok_and(|age| age >= LOCK_STALE) {
        // By rename: of two who find it stale, one takes it away and the other finds nothing.
        match fs::rename(lock, &probe).and_then(|()| fs::remove_file(&probe)) {
            Ok(()) => return Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(file_error(lock)(error)),
        }
    }
    Ok(false)
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Nothing can be done about a failure here; the next one finds a stale lock.
        drop(fs::remove_file(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certified() -> Certified {
        Certified { cert_pem: "CERT".to_owned(), key_pem: "KEY".to_owned() }
    }

    const USERS_OWN: &str = "apiVersion: v1
kind: Config
preferences:
  colors: true
clusters:
- name: prod
  cluster:
    server: https://prod:6443
    extensions:
    - name: x
      extension: {a: '1'}
contexts:
- name: prod
  context: {cluster: prod, user: admin, namespace: web}
current-context: prod
users:
- name: admin
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, command: login, args: ['0123', 'yes']}
";

    #[test]
    fn merges_and_removes_and_keeps_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        fs::write(&path, USERS_OWN).unwrap();
        let own: Mapping = serde_yaml_ng::from_str(USERS_OWN).unwrap();
        merge_into(&path, "mizzen", "https://127.0.0.1:6443", "CA", &certified()).unwrap();
        merge_into(&path, "mizzen", "https://127.0.0.1:6444", "CA", &certified()).unwrap();
        let merged = read(&path).unwrap().unwrap();
        assert_eq!(merged["current-context"], "mizzen");
        assert_eq!(merged["clusters"].as_sequence().unwrap().len(), 2);
        assert_eq!(merged["clusters"][1]["cluster"]["server"], "https://127.0.0.1:6444");
        assert_eq!(merged["clusters"][0], own["clusters"][0]);
        assert_eq!(merged["users"][0], own["users"][0]);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        remove_from(&path, "mizzen").unwrap();
        let mut expect = own;
        expect.insert("current-context".into(), "".into());
        assert_eq!(read(&path).unwrap().unwrap(), expect);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_missing_file_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/config");
        remove_from(&path, "mizzen").unwrap();
        merge_into(&path, "mizzen", "https://127.0.0.1:6443", "CA", &certified()).unwrap();
        let merged = read(&path).unwrap().unwrap();
        let rendered = render("mizzen", "https://127.0.0.1:6443", "CA", &certified());
        let rendered: Mapping = serde_yaml_ng::from_str(&rendered).unwrap();
        for key in ["clusters", "users", "contexts", "current-context"] {
            assert_eq!(merged[key], rendered[key]);
        }
    }

    #[test]
    fn a_stale_lock_is_broken_and_a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let (real, path) = (folder.path().join("real"), folder.path().join("config"));
        fs::write(&real, "").unwrap();
        std::os::unix::fs::symlink(&real, &path).unwrap();
        let lock = File::create(folder.path().join("config.lock")).unwrap();
        lock.set_modified(std::time::UNIX_EPOCH).unwrap();
        merge_into(&path, "mizzen", "https://127.0.0.1:6443", "CA", &certified()).unwrap();
        assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
        assert!(read(&real).unwrap().is_some());
        assert!(!folder.path().join("config.lock").exists());
    }

    #[test]
    fn what_is_no_kubeconfig_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        fs::write(&path, "- a\n- b\n").unwrap();
        let result = merge_into(&path, "mizzen", "https://127.0.0.1:6443", "CA", &certified());
        assert!(matches!(result, Err(PkiError::Kubeconfig { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "- a\n- b\n");
    }
}
