//! What ADD gave, kept for CHECK and DEL in libcni's form.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

const KIND: &str = "cniCacheV1";

/// A folder of results.
#[derive(Debug)]
pub(crate) struct Cache(PathBuf);

/// One attachment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cached {
    pub(crate) container_id: String,
    pub(crate) interface: String,
    pub(crate) network: String,
    /// The configuration of that time.
    pub(crate) config: Vec<u8>,
    pub(crate) arguments: Vec<(String, String)>,
    pub(crate) capabilities: Map<String, Value>,
    /// `None`: ADD did not come to its end.
    pub(crate) result: Option<Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    kind: String,
    container_id: String,
    /// Base64.
    config: String,
    if_name: String,
    network_name: String,
    #[serde(default)]
    cni_args: Option<Vec<(String, String)>>,
    #[serde(default)]
    capability_args: Option<Map<String, Value>>,
    #[serde(default)]
    result: Option<Value>,
}

impl Cache {
    pub(crate) fn new(folder: &Path) -> Self {
        Self(folder.join("results"))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    fn file(&self, network: &str, container_id: &str, interface: &str) -> PathBuf {
        self.0.join(format!("{network}-{container_id}-{interface}"))
    }

    pub(crate) fn write(&self, cached: &Cached) -> io::Result<()> {
        let file = File {
            kind: KIND.to_owned(),
            container_id: cached.container_id.clone(),
            config: STANDARD.encode(&cached.config),
            if_name: cached.interface.clone(),
            network_name: cached.network.clone(),
            cni_args: Some(cached.arguments.clone()),
            capability_args: Some(cached.capabilities.clone()),
            result: cached.result.clone(),
        };
        fs::create_dir_all(&self.0)?;
        let path = self.file(&cached.network, &cached.container_id, &cached.interface);
        write_by_rename(&path, &serde_json::to_vec(&file)?)
    }

    pub(crate) fn remove(&self, network: &str, container_id: &str, interface: &str) -> io::Result<()> {
        match fs::remove_file(self.file(network, container_id, interface)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// All attachments. Files that are something else are passed over.
    pub(crate) fn list(&self) -> io::Result<Vec<Cached>> {
        self.select(|_| true)
    }

    /// The attachment of a container's interface, whatever its network.
    pub(crate) fn find(&self, container_id: &str, interface: &str) -> io::Result<Option<Cached>> {
        let end = format!("-{container_id}-{interface}");
        let found = self.select(|name| name.ends_with(&end))?;
        Ok(found
            .into_iter()
            .find(|cached| cached.container_id == container_id && cached.interface == interface))
    }

    fn select(&self, wanted: impl Fn(&str) -> bool) -> io::Result<Vec<Cached>> {
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut all = Vec::new();
        for entry in entries {
            let entry = entry?;
            if !entry.file_name().to_str().is_some_and(&wanted) {
                continue;
            }
            let text = match fs::read(entry.path()) {
                Ok(text) => text,
                // Detached meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            all.extend(parse(&text));
        }
        Ok(all)
    }
}

fn parse(text: &[u8]) -> Option<Cached> {
    let file: File = serde_json::from_slice(text).ok()?;
    let config = STANDARD.decode(&file.config).ok()?;
    (file.kind == KIND).then(|| Cached {
        container_id: file.container_id,
        interface: file.if_name,
        network: file.network_name,
        config,
        arguments: file.cni_args.unwrap_or_default(),
        capabilities: file.capability_args.unwrap_or_default(),
        result: file.result,
    })
}

/// Replaces a file in one step. Not synced: after a crash of the machine no container is left.
pub(crate) fn write_by_rename(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut new = path.as_os_str().to_owned();
    new.push(format!(".{}.new", std::process::id()));
    fs::write(&new, bytes)?;
    fs::rename(&new, path)
}
