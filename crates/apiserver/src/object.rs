//! An object at rest: immutable, shared bytes, and a small index of places in them.
//!
//! The bytes are the object's JSON as Kubernetes prints it, but without `metadata.resourceVersion`, which exists
//! only after the commit: GET, WATCH and LIST are slices of them around that number. Nothing here is ever decoded
//! to answer a request for JSON.

use std::borrow::Cow;

use bytes::Bytes;
use mizzen_schema::decode::Options;
use mizzen_schema::table::TypeRef;
use mizzen_schema::{builtin, json, protobuf};

use crate::layout::{Layout, Present};
use crate::registry;
use crate::scan::{self, ScanError, Span};
use crate::tree;

/// A stored object at one revision.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    revision: u64,
    bytes: Bytes,
    /// Just after the type header.
    body: u32,
    /// Where resourceVersion goes.
    place: u32,
    /// It is metadata's first member.
    first: bool,
    namespace: Span,
    name: Span,
    uid: Span,
    labels: Box<[(Span, Span)]>,
    fields: Box<[Option<Span>]>,
    /// What the store has reads otherwise: another version, fields that are no more, defaults that were not yet.
    stale: bool,
}

/// What protobuf in the store begins with.
const ENVELOPE: &[u8] = b"k8s\0";

const VERSION_KEY: &[u8] = b"\"resourceVersion\":\"";

impl Object {
    /// Looks into `bytes`, which were stored at `revision`.
    pub(crate) fn new(bytes: Bytes, revision: u64, layout: &Layout) -> Result<Self, ScanError> {
        let bytes = if bytes.starts_with(ENVELOPE) { from_protobuf(&bytes)? } else { bytes };
        let renewed = layout.present().and_then(|present| renewed(&bytes, present));
        let stale = renewed.is_some();
        let bytes = renewed.unwrap_or(bytes);
        let found = scan::object(&bytes, layout.paths(), layout.slots())?;
        let offset = |at: usize| u32::try_from(at).map_err(|_| ScanError { at });
        Ok(Self {
            revision,
            // Items of lists of custom resources keep their type header.
            body: if layout.present().is_some() { 1 } else { offset(found.body)? },
            place: offset(found.place)?,
            first: found.first,
            namespace: found.namespace,
            name: found.name,
            uid: found.uid,
            labels: found.labels.into(),
            fields: found.fields.into(),
            stale,
            bytes,
        })
    }

    /// The same object as it reads at another revision (a deletion's).
    pub(crate) fn at(&self, revision: u64) -> Self {
        Self { revision, ..self.clone() }
    }

    /// Whether the store has it in another form, which a write without a change brings up to date.
    pub(crate) const fn is_stale(&self) -> bool {
        self.stale
    }

    pub(crate) const fn revision(&self) -> u64 {
        self.revision
    }

    /// As stored, without resourceVersion.
    pub(crate) const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    pub(crate) fn namespace(&self) -> Cow<'_, str> {
        self.namespace.text(&self.bytes)
    }

    pub(crate) fn name(&self) -> Cow<'_, str> {
        self.name.text(&self.bytes)
    }

    pub(crate) fn uid(&self) -> Cow<'_, str> {
        self.uid.text(&self.bytes)
    }

    /// The raw bytes of the namespace (names have no escapes).
    pub(crate) fn is_in(&self, namespace: &str) -> bool {
        self.namespace.raw(&self.bytes) == namespace.as_bytes()
    }

    /// A label's value; labels have no escapes.
    pub(crate) fn label(&self, key: &str) -> Option<&str> {
        let (_, value) = self.labels.iter().find(|(own, _)| own.raw(&self.bytes) == key.as_bytes())?;
        std::str::from_utf8(value.raw(&self.bytes)).ok()
    }

    /// The text of the picked-up member in `slot` of the kind's [`Layout`].
    pub(crate) fn field(&self, slot: usize) -> Option<Cow<'_, str>> {
        self.fields.get(slot).copied().flatten().map(|span| span.text(&self.bytes))
    }

    /// How long [`Object::write_json`] writes.
    pub(crate) fn json_len(&self) -> usize {
        self.bytes.len() + VERSION_KEY.len() + digits(self.revision) + 1 + usize::from(self.has_comma())
    }

    /// How long [`Object::write_item`] writes.
    pub(crate) fn item_len(&self) -> usize {
        self.json_len() + 1 - self.body as usize
    }

    /// `{}` alone takes no comma.
    fn has_comma(&self) -> bool {
        self.first || self.bytes.get(self.place as usize - 1) != Some(&b'{')
    }

    /// The whole object with its resourceVersion.
    pub(crate) fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.bytes[..self.place as usize]);
        self.write_tail(out);
    }

    /// The object as an item of a list of its kind: without `kind` and `apiVersion`.
    pub(crate) fn write_item(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        out.extend_from_slice(&self.bytes[self.body as usize..self.place as usize]);
        self.write_tail(out);
    }

    fn write_tail(&self, out: &mut Vec<u8>) {
        if self.has_comma() && !self.first {
            out.push(b',');
        }
        out.extend_from_slice(VERSION_KEY);
        out.extend_from_slice(itoa::Buffer::new().format(self.revision).as_bytes());
        out.push(b'"');
        if self.first {
            out.push(b',');
        }
        out.extend_from_slice(&self.bytes[self.place as usize..]);
    }

    /// The whole object with its resourceVersion.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.json_len() + 1);
        self.write_json(&mut out);
        out
    }
}

/// The JSON of an object that kube-apiserver stored: it writes protobuf.
fn from_protobuf(bytes: &[u8]) -> Result<Bytes, ScanError> {
    let malformed = ScanError { at: 0 };
    let (meta, message) = protobuf::unwrap(bytes).map_err(|_| malformed)?;
    let (group, version) = meta.api_version.rsplit_once('/').unwrap_or(("", &meta.api_version));
    let ty = builtin::kind(group, version, &meta.kind).ok_or(malformed)?;
    let decoded = protobuf::decode(message, &TypeRef::Static(ty), &Options::default());
    let mut value = decoded.map_err(|_| malformed)?.value;
    tree::set_text(&mut value, &["kind"], &meta.kind);
    tree::set_text(&mut value, &["apiVersion"], &meta.api_version);
    tree::remove(&mut value, &["metadata", "resourceVersion"]);
    let mut out = Vec::with_capacity(bytes.len() * 2);
    json::encode(&value, &mut out);
    out.shrink_to_fit();
    Ok(out.into())
}

/// A stored custom resource as its present definition reads it, where that is not what is stored.
fn renewed(bytes: &Bytes, present: &Present) -> Option<Bytes> {
    let mut value = json::decode(bytes, &present.ty, &Options::default()).ok()?.value;
    registry::set_defaults(&present.gvk, &mut value);
    registry::stamp(&mut value, &present.gvk);
    tree::remove(&mut value, &["metadata", "resourceVersion"]);
    let mut out = Vec::with_capacity(bytes.len());
    json::encode(&value, &mut out);
    (out != *bytes).then(|| out.into())
}

fn digits(number: u64) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stored: &str, whole: &str, item: &str) {
        let layout = Layout::for_tests();
        let object =
            Object::new(Bytes::copy_from_slice(stored.as_bytes()), 42, &layout).expect("well-formed");
        let mut out = Vec::new();
        object.write_json(&mut out);
        assert_eq!(String::from_utf8_lossy(&out), whole);
        assert_eq!(out.len(), object.json_len());
        out.clear();
        object.write_item(&mut out);
        assert_eq!(String::from_utf8_lossy(&out), item);
        assert_eq!(out.len(), object.item_len());
    }

    #[test]
    fn resource_version_goes_to_its_place() {
        check(
            r#"{"kind":"A","apiVersion":"v1","metadata":{"name":"x","uid":"u","generation":1},"spec":{}}"#,
            r#"{"kind":"A","apiVersion":"v1","metadata":{"name":"x","uid":"u","resourceVersion":"42","generation":1},"spec":{}}"#,
            r#"{"metadata":{"name":"x","uid":"u","resourceVersion":"42","generation":1},"spec":{}}"#,
        );
        check(
            r#"{"metadata":{"labels":{"a":"b"}}}"#,
            r#"{"metadata":{"resourceVersion":"42","labels":{"a":"b"}}}"#,
            r#"{"metadata":{"resourceVersion":"42","labels":{"a":"b"}}}"#,
        );
        check(
            r#"{"metadata":{}}"#,
            r#"{"metadata":{"resourceVersion":"42"}}"#,
            r#"{"metadata":{"resourceVersion":"42"}}"#,
        );
    }
}
