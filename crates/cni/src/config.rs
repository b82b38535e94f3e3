//! Network configurations: a list of plugins (`*.conflist`), or one plugin (`*.conf`, `*.json`).
//!
//! Source: CNI specification 1.1.0, "Network configuration format".

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::runner::CniError;
use crate::types::{VERSIONS, at_least};

/// Largest configuration.
const CONFIG_LEN_MAX: u64 = 1 << 20;

/// A network: plugins to run one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// Agreed on.
    pub(crate) version: String,
    pub(crate) name: String,
    pub(crate) disable_check: bool,
    pub(crate) disable_gc: bool,
    pub(crate) plugins: Vec<Plugin>,
    /// As it was read.
    pub(crate) bytes: Vec<u8>,
}

/// One plugin's part.
#[derive(Debug, Clone)]
pub(crate) struct Plugin {
    /// Name of the executable.
    pub(crate) kind: String,
    pub(crate) object: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(default)]
    cni_version: String,
    #[serde(default)]
    cni_versions: Vec<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    disable_check: Value,
    #[serde(default, rename = "disableGC")]
    disable_gc: Value,
    plugins: Option<Vec<Map<String, Value>>>,
}

/// Some write `"true"` for `true`.
fn truth(value: &Value) -> bool {
    value.as_bool().unwrap_or(value.as_str() == Some("true"))
}

impl Network {
    /// The first configuration of a folder, by file name.
    pub(crate) fn first_in(folder: &Path) -> Result<Self, CniError> {
        let missing = || CniError::NoConfig(folder.to_owned());
        let broken =
            |error: io::Error| CniError::Config { path: folder.to_owned(), message: error.to_string() };
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing()),
            Err(error) => return Err(broken(error)),
        };
        let mut paths: Vec<PathBuf> =
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(broken)?;
        paths.retain(|path| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("conflist" | "conf" | "json"))
        });
        paths.sort();
        let path = paths.first().ok_or_else(missing)?;
        let failed = |message: String| CniError::Config { path: path.clone(), message };
        let size = fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
        if size > CONFIG_LEN_MAX {
            return Err(failed("over 1 MiB".to_owned()));
        }
        let bytes = fs::read(path).map_err(|error| failed(error.to_string()))?;
        Self::parse(bytes).map_err(failed)
    }

    /// Reads a list, or a single plugin as a list of one.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, String> {
        let raw: Raw = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        let objects = match raw.plugins {
            Some(plugins) => plugins,
            None => vec![serde_json::from_slice(&bytes).map_err(|error| error.to_string())?],
        };
        if !valid_name(&raw.name) {
            return Err(format!("{:?} is no network name", raw.name));
        }
        let mut offered = raw.cni_versions;
        offered.push(raw.cni_version);
        let known = VERSIONS.iter().rev().find(|known| offered.iter().any(|offered| offered == **known));
        let version = known.ok_or_else(|| {
            let offered = offered.iter().map(|version| if version.is_empty() { "0.1.0" } else { version });
            format!("unsupported cniVersion {}", offered.collect::<Vec<_>>().join(", "))
        })?;
        let plugin = |object: Map<String, Value>| {
            let kind = object.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
            // The name of an executable in one of our folders, never a path.
            if kind.is_empty() || kind.contains('/') || matches!(kind.as_str(), "." | "..") {
                return Err(format!("{kind:?} is no plugin type"));
            }
            Ok(Plugin { kind, object })
        };
        let plugins = objects.into_iter().map(plugin).collect::<Result<Vec<_>, _>>()?;
        if plugins.is_empty() {
            return Err("no plugins".to_owned());
        }
        Ok(Self {
            version: (*version).to_owned(),
            name: raw.name,
            disable_check: truth(&raw.disable_check),
            disable_gc: truth(&raw.disable_gc),
            plugins,
            bytes,
        })
    }

    /// Whether the version has `least`'s operations.
    pub(crate) fn at_least(&self, least: &str) -> bool {
        at_least(&self.version, least)
    }
}

/// Source: CNI specification, `name`: letters and digits, then also `_`, `.` and `-`.
pub(crate) fn valid_name(name: &str) -> bool {
    name.len() <= 200
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

impl Plugin {
    /// Whether the configuration says that the plugin knows a capability.
    fn can(&self, capability: &str) -> bool {
        let capabilities = self.object.get("capabilities").and_then(Value::as_object);
        capabilities.and_then(|all| all.get(capability)).and_then(Value::as_bool).unwrap_or(false)
    }

    /// What goes to its standard input. `arguments` hold a value for each capability that may be used.
    pub(crate) fn input(
        &self,
        network: &Network,
        arguments: &Map<String, Value>,
        previous: Option<&Value>,
        extra: &Map<String, Value>,
    ) -> Value {
        let mut object = self.object.clone();
        object.insert("name".to_owned(), network.name.clone().into());
        object.insert("cniVersion".to_owned(), network.version.clone().into());
        object.remove("capabilities");
        let runtime: Map<String, Value> = arguments
            .iter()
            .filter(|(capability, _)| self.can(capability))
            .map(|(capability, value)| (capability.clone(), value.clone()))
            .collect();
        if !runtime.is_empty() {
            object.insert("runtimeConfig".to_owned(), Value::Object(runtime));
        }
        if let Some(previous) = previous {
            object.insert("prevResult".to_owned(), previous.clone());
        }
        object.extend(extra.clone());
        Value::Object(object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsing() {
        let check = |text: &str, expect: Result<(&str, usize), &str>| {
            let got = Network::parse(text.as_bytes().to_vec());
            match (got, expect) {
                (Ok(network), Ok(expect)) => {
                    assert_eq!((network.version.as_str(), network.plugins.len()), expect, "{text}");
                }
                (Err(error), Err(expect)) => assert!(error.contains(expect), "{text}: {error}"),
                (got, _) => panic!("{text}: {got:?}"),
            }
        };
        check(r#"{"cniVersion":"1.0.0","name":"n","plugins":[{"type":"a"},{"type":"b"}]}"#, Ok(("1.0.0", 2)));
        check(r#"{"cniVersion":"0.3.1","name":"n","type":"a"}"#, Ok(("0.3.1", 1)));
        check(
            r#"{"cniVersion":"0.4.0","cniVersions":["1.0.0","1.1.0","9.0.0"],"name":"n","plugins":[{"type":"a"}]}"#,
            Ok(("1.1.0", 1)),
        );
        check(r#"{"cniVersion":"9.0.0","name":"n","type":"a"}"#, Err("unsupported cniVersion 9.0.0"));
        check(r#"{"name":"n","type":"a"}"#, Err("0.1.0"));
        check(r#"{"cniVersion":"1.0.0","name":"../n","type":"a"}"#, Err("no network name"));
        check(r#"{"cniVersion":"1.0.0","name":"n","type":"../../bin/sh"}"#, Err("no plugin type"));
        check(r#"{"cniVersion":"1.0.0","name":"n","plugins":[]}"#, Err("no plugins"));
        check("{", Err("EOF"));
    }
}
