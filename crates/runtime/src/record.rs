//! What is remembered of sandboxes and containers on disk, a folder each, so that a new runtime knows them.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mizzen_shim::protocol::Exit;
use prost::Message;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Name of a record's file in its folder.
const RECORD_FILE: &str = "record.json";

/// A CRI message as text in JSON: base64 of its protobuf form, so that no field is lost that this program does not know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wire<M>(pub(crate) M);

impl<M: Message> Serialize for Wire<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0.encode_to_vec()))
    }
}

impl<'de, M: Message + Default> Deserialize<'de> for Wire<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(de::Error::custom)?;
        M::decode(bytes.as_slice()).map(Self).map_err(de::Error::custom)
    }
}

/// A sandbox.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SandboxRecord {
    pub(crate) id: String,
    /// Nanoseconds since 1970.
    pub(crate) created_at: i64,
    pub(crate) runtime_handler: String,
    pub(crate) config: Wire<k8s_cri::v1::PodSandboxConfig>,
    pub(crate) cgroup: String,
    pub(crate) cgroup_parent: String,
    /// Of the pod's own network; the first is the pod's.
    pub(crate) addresses: Vec<String>,
    /// The shim's process; 0 while it has not been started.
    pub(crate) shim_pid: i32,
    /// When that process was started, in ticks since boot: with the pid, it names the process.
    pub(crate) shim_start_time: u64,
    pub(crate) ready: bool,
}

/// A container.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContainerRecord {
    pub(crate) id: String,
    pub(crate) sandbox: String,
    /// Nanoseconds since 1970.
    pub(crate) created_at: i64,
    pub(crate) config: Wire<k8s_cri::v1::ContainerConfig>,
    /// `docker.io/library/nginx@sha256:…`, or the image's id.
    pub(crate) image_ref: String,
    pub(crate) image_id: String,
    /// Signal number that asks it to end.
    pub(crate) stop_signal: i32,
    pub(crate) log_path: String,
    pub(crate) resources: Wire<k8s_cri::v1::LinuxContainerResources>,
    /// `None`: not started yet.
    pub(crate) start: Option<StartRecord>,
    /// `None`: it runs, or is not started yet.
    pub(crate) exit: Option<Exit>,
    /// Why it ended, where the exit code does not say.
    pub(crate) reason: String,
    pub(crate) message: String,
}

/// A container's start.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StartRecord {
    /// Nanoseconds since 1970.
    pub(crate) at: i64,
    pub(crate) pid: i32,
    pub(crate) start_time: u64,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) groups: Vec<u32>,
}

/// Makes a folder that only its owner may enter, and those above it; fine when it exists.
pub(crate) fn make_dir(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a file so that it is there whole or not at all.
pub(crate) fn write_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.new"));
    let mut file = fs::File::create(&temporary)?;
    file.write_all(content)?;
    drop(file);
    fs::rename(&temporary, path)
}

/// Writes the record of a sandbox or container into its folder.
pub(crate) fn save(folder: &Path, record: &impl Serialize) -> io::Result<()> {
    write_file(&folder.join(RECORD_FILE), &serde_json::to_vec(record)?)
}

/// Reads the record in a folder.
pub(crate) fn load<R: for<'de> Deserialize<'de>>(folder: &Path) -> io::Result<R> {
    Ok(serde_json::from_slice(&fs::read(folder.join(RECORD_FILE))?)?)
}

/// The names of the folders in `folder`; none when it is not there.
pub(crate) fn subfolders(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir()
            && let Ok(name) = entry.file_name().into_string()
        {
            names.push(name);
        }
    }
    Ok(names)
}

/// Removes a folder with all in it; fine when it is not there.
pub(crate) fn remove_dir(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back() {
        let folder = tempfile::tempdir().expect("folder");
        let config = k8s_cri::v1::PodSandboxConfig { hostname: "h".into(), ..Default::default() };
        let record = SandboxRecord {
            id: "a".into(),
            created_at: 5,
            runtime_handler: String::new(),
            config: Wire(config),
            cgroup: "/p/a".into(),
            cgroup_parent: "/p".into(),
            addresses: vec!["10.0.0.1".into()],
            shim_pid: 7,
            shim_start_time: 8,
            ready: true,
        };
        save(folder.path(), &record).expect("saved");
        let read = load::<SandboxRecord>(folder.path()).expect("read");
        assert_eq!(read.config.0.hostname, "h");
        assert_eq!(read.shim_start_time, 8);
        fs::write(folder.path().join(RECORD_FILE), "{").expect("written");
        assert!(load::<SandboxRecord>(folder.path()).is_err());
    }
}
