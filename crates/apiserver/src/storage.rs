//! How objects lie in the store: below which prefix, and in which encoding.
//!
//! Both are kube-apiserver's, so that either reads what the other wrote. Built-in kinds may be kept as protobuf; custom
//! resources, their definitions and APIServices are JSON everywhere, as the servers that Kubernetes has for them write
//! it. Whatever the store gives is read by what it says of itself: other versions of the kind are converted.

use bytes::Bytes;
use mizzen_schema::decode::{DecodeError, Options};
use mizzen_schema::protobuf::{self, TypeMeta};
use mizzen_schema::table::{GroupVersionKind, TypeRef};
use mizzen_schema::value::Value;
use mizzen_schema::{builtin, json};
use serde::Deserialize;

use crate::registry;
use crate::scan::ScanError;
use crate::tree;

/// What kube-apiserver's flags say of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    /// `--etcd-prefix`: `/registry`.
    pub prefix: String,
    /// `--storage-media-type`.
    pub encoding: Encoding,
}

/// In which encoding built-in kinds are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As they are in memory.
    Json,
    /// With the `k8s\0` envelope.
    Protobuf,
}

impl Default for Storage {
    fn default() -> Self {
        Self { prefix: "/registry".to_owned(), encoding: Encoding::Json }
    }
}

/// An object's bytes without resourceVersion, twice.
#[derive(Debug, Clone)]
pub(crate) struct Encoded {
    /// JSON, as it is kept in memory.
    pub(crate) json: Bytes,
    /// As it is written to the store; often the same.
    pub(crate) stored: Bytes,
}

/// In what form a kind's objects are stored.
#[derive(Debug)]
pub(crate) struct Form {
    gvk: GroupVersionKind,
    ty: TypeRef,
    encoding: Encoding,
    /// A custom resource is brought up to date by its present definition, not here.
    builtin: bool,
    /// What the JSON of an object begins with.
    header: String,
}

/// Groups that are servers of their own in Kubernetes, which write JSON.
const JSON_GROUPS: [&str; 2] = ["apiextensions.k8s.io", "apiregistration.k8s.io"];

impl Form {
    /// The form of a kind that is stored as `gvk`.
    pub(crate) fn new(gvk: GroupVersionKind, ty: TypeRef, builtin: bool, encoding: Encoding) -> Self {
        let is_json = !builtin || JSON_GROUPS.contains(&&*gvk.group);
        let encoding = if is_json { Encoding::Json } else { encoding };
        let header = format!(r#"{{"kind":"{}","apiVersion":"{}","#, gvk.kind, gvk.api_version());
        Self { gvk, ty, encoding, builtin, header }
    }

    /// An object's bytes as they are kept and stored: without resourceVersion.
    pub(crate) fn encode(&self, value: &mut Value) -> Encoded {
        tree::remove(value, &["metadata", "resourceVersion"]);
        let json = to_json(value, 1024);
        let stored = match self.encoding {
            Encoding::Json => json.clone(),
            Encoding::Protobuf => self.to_protobuf(value).into(),
        };
        Encoded { json, stored }
    }

    /// An object of the kind, out of JSON.
    pub(crate) fn decode_json(&self, text: &[u8]) -> Result<Value, DecodeError> {
        json::decode(text, &self.ty, &Options::default()).map(|decoded| decoded.value)
    }

    fn to_protobuf(&self, value: &Value) -> Vec<u8> {
        let meta = TypeMeta { api_version: self.gvk.api_version(), kind: self.gvk.kind.to_string() };
        let (mut message, mut out) = (Vec::with_capacity(1024), Vec::new());
        protobuf::encode(value, &mut message);
        out.reserve_exact(message.len() + meta.api_version.len() + meta.kind.len() + 32);
        protobuf::wrap(&meta, &message, &mut out);
        out
    }

    /// The JSON of a stored value, in the kind's own version. What this server wrote as JSON costs one comparison.
    pub(crate) fn read(&self, bytes: Bytes) -> Result<Bytes, ScanError> {
        if bytes.starts_with(protobuf::MAGIC) {
            return self.decode_protobuf(&bytes);
        }
        if !self.builtin || bytes.starts_with(self.header.as_bytes()) {
            return Ok(trimmed(bytes));
        }
        #[derive(Deserialize)]
        struct Header<'a> {
            #[serde(rename = "apiVersion", default, borrow)]
            api_version: std::borrow::Cow<'a, str>,
            #[serde(default, borrow)]
            kind: std::borrow::Cow<'a, str>,
        }
        let malformed = |error: serde_json::Error| ScanError { at: error.column() };
        let header: Header<'_> = serde_json::from_slice(&bytes).map_err(malformed)?;
        if header.api_version.is_empty() || header.api_version == self.gvk.api_version() {
            return Ok(trimmed(bytes));
        }
        let ty = self.type_of(&header.api_version, &header.kind);
        let decoded = json::decode(&bytes, &ty, &Options::default()).map_err(|_| ScanError { at: 0 })?;
        Ok(self.converted(decoded.value))
    }

    fn decode_protobuf(&self, bytes: &[u8]) -> Result<Bytes, ScanError> {
        let malformed = |_| ScanError { at: 0 };
        let (meta, message) = protobuf::unwrap(bytes).map_err(malformed)?;
        let ty = self.type_of(&meta.api_version, &meta.kind);
        let decoded = protobuf::decode(message, &ty, &Options::default()).map_err(malformed)?;
        Ok(self.converted(decoded.value))
    }

    /// The type of another version of the kind.
    fn type_of(&self, api_version: &str, kind: &str) -> TypeRef {
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        builtin::kind(group, version, kind).map_or_else(|| self.ty.clone(), TypeRef::Static)
    }

    fn converted(&self, value: Value) -> Bytes {
        let mut value = mizzen_machinery::convert::convert(value, &self.ty);
        registry::stamp(&mut value, &self.gvk);
        tree::remove(&mut value, &["metadata", "resourceVersion"]);
        to_json(&value, 1024)
    }
}

fn to_json(value: &Value, size: usize) -> Bytes {
    let mut out = Vec::with_capacity(size);
    json::encode(value, &mut out);
    out.shrink_to_fit();
    out.into()
}

/// Go's encoder ends an object with a line end, which would tear a watch frame apart.
fn trimmed(bytes: Bytes) -> Bytes {
    let end = bytes.trim_ascii_end().len();
    if end == bytes.len() { bytes } else { bytes.slice(..end) }
}

#[cfg(test)]
mod tests {
    use mizzen_schema::table::TypeRef;

    use super::*;

    fn form(group: &'static str, version: &'static str, kind: &'static str, encoding: Encoding) -> Form {
        let ty = builtin::kind(group, version, kind).expect("a built-in kind");
        let gvk = ty.kinds.iter().find(|gvk| gvk.group == group && gvk.version == version);
        Form::new(gvk.expect("the kind's own name").clone(), TypeRef::Static(ty), true, encoding)
    }

    fn value(form: &Form, text: &str) -> Value {
        json::decode(text.as_bytes(), &form.ty, &Options::default()).expect("well-formed").value
    }

    const SETTINGS: &str =
        r#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"b"},"data":{"c":"d"}}"#;

    #[test]
    fn protobuf_is_as_kube_apiserver_writes_it() {
        let form = form("", "v1", "ConfigMap", Encoding::Protobuf);
        let encoded = form.encode(&mut value(&form, SETTINGS));
        // Made by hand from the messages' definitions: Unknown{TypeMeta{v1, ConfigMap}, ConfigMap{…}}.
        let meta = b"\x0a\x01a\x12\x00\x1a\x01b\x22\x00\x2a\x00\x32\x00\x38\x00\x42\x00";
        let data = b"\x0a\x01c\x12\x01d";
        let message =
            [b"\x0a".as_slice(), &[meta.len() as u8], meta, b"\x12", &[data.len() as u8], data].concat();
        let expect = [
            b"k8s\0\x0a\x0f\x0a\x02v1\x12\x09ConfigMap\x12".as_slice(),
            &[message.len() as u8],
            &message,
            b"\x1a\x00\x22\x00",
        ]
        .concat();
        assert_eq!(encoded.stored, expect);
        assert_eq!(form.read(encoded.stored).expect("readable"), encoded.json);
    }

    #[test]
    fn json_is_left_as_it_is() {
        let form = form("", "v1", "ConfigMap", Encoding::Json);
        let encoded = form.encode(&mut value(&form, SETTINGS));
        assert_eq!(encoded.json.as_ptr(), encoded.stored.as_ptr(), "one copy");
        assert_eq!(form.read(encoded.stored.clone()).expect("readable").as_ptr(), encoded.stored.as_ptr());
        let with_line_end = Bytes::from([SETTINGS.as_bytes(), b"\n"].concat());
        assert_eq!(form.read(with_line_end).expect("readable"), SETTINGS);
    }

    #[test]
    fn older_versions_are_converted() {
        let (old, new) = (
            form("autoscaling", "v1", "HorizontalPodAutoscaler", Encoding::Protobuf),
            form("autoscaling", "v2", "HorizontalPodAutoscaler", Encoding::Protobuf),
        );
        let text = r#"{"kind":"HorizontalPodAutoscaler","apiVersion":"autoscaling/v1","metadata":{"name":"a"},
            "spec":{"scaleTargetRef":{"kind":"Deployment","name":"web"},"maxReplicas":5,"targetCPUUtilizationPercentage":70}}"#;
        for stored in [old.encode(&mut value(&old, text)).stored, Bytes::from(text)] {
            let read = new.read(stored).expect("readable");
            let read: serde_json::Value = serde_json::from_slice(&read).expect("JSON");
            assert_eq!(read["apiVersion"], "autoscaling/v2");
            assert_eq!(read["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"], 70);
        }
    }

    #[test]
    fn definitions_are_json_everywhere() {
        let form = form("apiregistration.k8s.io", "v1", "APIService", Encoding::Protobuf);
        assert_eq!(form.encoding, Encoding::Json);
    }

    #[test]
    fn malformed_is_an_error() {
        let form = form("", "v1", "ConfigMap", Encoding::Protobuf);
        for bytes in [&b"k8s\0\xff"[..], b"k8s\0\x12\x02\x0a\xff", b"not an object"] {
            form.read(Bytes::copy_from_slice(bytes)).expect_err("malformed");
        }
    }
}
