//! Configuration files of components: YAML or JSON of a versioned kind, read strictly.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Longest file that is read.
const FILE_LEN_MAX: u64 = 3 << 20;

/// A configuration file is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It could not be read.
    #[error("read {path}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is longer than any configuration.
    #[error("{path}: a configuration file of over {FILE_LEN_MAX} bytes")]
    Long {
        /// Which.
        path: PathBuf,
    },
    /// It is no YAML, or a value is of the wrong type.
    #[error("error unmarshaling: {0}")]
    Decode(String),
    /// It is of another kind or version.
    #[error("no kind {kind:?} is registered for version {version:?}")]
    Kind {
        /// Its apiVersion.
        version: String,
        /// Its kind.
        kind: String,
    },
    /// It has fields that nobody knows.
    #[error("strict decoding error: {}", .0.iter().map(|path| format!("unknown field {path:?}")).collect::<Vec<_>>().join(", "))]
    Unknown(Vec<String>),
}

/// Reads a file of this apiVersion and kind. `T` must write every field that it reads (as null where it is unset): what
/// it does not write again, it does not know.
pub fn read_config<T>(path: &Path, version: &str, kind: &str) -> Result<T, FileError>
where
    T: DeserializeOwned + Serialize,
{
    let read = |source| FileError::Read { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(read)?.len() > FILE_LEN_MAX {
        return Err(FileError::Long { path: path.to_owned() });
    }
    parse_config(&std::fs::read_to_string(path).map_err(read)?, version, kind)
}

/// Reads the text of such a file.
pub fn parse_config<T>(text: &str, version: &str, kind: &str) -> Result<T, FileError>
where
    T: DeserializeOwned + Serialize,
{
    // By way of YAML's own tree, which refuses keys that stand twice.
    let tree: serde_yaml_ng::Value =
        serde_yaml_ng::from_str(text).map_err(|error| FileError::Decode(error.to_string()))?;
    let given = serde_json::to_value(tree).map_err(|error| FileError::Decode(error.to_string()))?;
    let field = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if field("apiVersion") != version || field("kind") != kind {
        return Err(FileError::Kind { version: field("apiVersion"), kind: field("kind") });
    }
    typed(given, true)
}

/// Reads a part whose kind is known from its place (a plugin's arguments).
pub fn typed<T>(mut given: Value, has_kind: bool) -> Result<T, FileError>
where
    T: DeserializeOwned + Serialize,
{
    if has_kind && let Some(fields) = given.as_object_mut() {
        // Not `remove`: that would change the order in which unknown fields are named.
        fields.retain(|name, _| !matches!(name.as_str(), "apiVersion" | "kind"));
    }
    let decode = |error: serde_json::Error| FileError::Decode(error.to_string());
    let typed: T = serde_json::from_value(given.clone()).map_err(decode)?;
    let known = serde_json::to_value(&typed).map_err(decode)?;
    let mut unknown = Vec::new();
    compare(&given, &known, "", &mut unknown);
    if unknown.is_empty() { Ok(typed) } else { Err(FileError::Unknown(unknown)) }
}

fn compare(given: &Value, known: &Value, path: &str, unknown: &mut Vec<String>) {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => {
            for (name, value) in given {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match known.get(name) {
                    Some(known) => compare(value, known, &path, unknown),
                    None => unknown.push(path),
                }
            }
        }
        (Value::Array(given), Value::Array(known)) => {
            for (at, (given, known)) in given.iter().zip(known).enumerate() {
                compare(given, known, &format!("{path}[{at}]"), unknown);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize, Serialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Sample {
        count: Option<u32>,
        parts: Vec<Part>,
    }

    #[derive(Debug, Default, Deserialize, Serialize)]
    #[serde(default)]
    struct Part {
        name: String,
    }

    #[test]
    fn unknown_fields_are_named_with_their_path() {
        let check = |text: &str, expect: Result<usize, &str>| {
            let got = parse_config::<Sample>(text, "a/v1", "Sample");
            match (got, expect) {
                (Ok(sample), Ok(parts)) => assert_eq!(sample.parts.len(), parts, "{text}"),
                (Err(error), Err(expect)) => assert!(error.to_string().contains(expect), "{error}"),
                (got, _) => panic!("{text}: {got:?}"),
            }
        };
        let head = "apiVersion: a/v1\nkind: Sample\n";
        check(&format!("{head}count: 1\nparts: [{{name: x}}]\n"), Ok(1));
        check(
            &format!("{head}cuont: 1\nparts: [{{name: x, nmae: y}}]\n"),
            Err("strict decoding error: unknown field \"cuont\", unknown field \"parts[0].nmae\""),
        );
        check(&format!("{head}count: many\n"), Err("error unmarshaling: "));
        check(
            "apiVersion: a/v2\nkind: Sample\n",
            Err("no kind \"Sample\" is registered for version \"a/v2\""),
        );
    }
}
