//! Answers in the encoding that was agreed on.
//!
//! JSON of stored objects is slices of their bytes. Everything else is made from a tree, on demand.

use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, VARY};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use mizzen_client::EventKind;
use mizzen_schema::builtin;
use mizzen_schema::protobuf::{self, TypeMeta};
use mizzen_schema::table::{GroupVersionKind, TypeRef};
use mizzen_schema::value::{Map, Struct, Value};
use mizzen_schema::{cbor, json, protobuf as pb, yaml};
use std::io::Write;

use super::indent::indent;
use super::ledger::Weight;
use super::negotiate::{Accepted, Format, MetaVersion, Transform};
use super::stream::{ListBody, chunks};
use super::{Answer, full, status};
use crate::cache::{Change, Event, Frame, Watching};
use crate::catalog::{Kind, Served};
use crate::connect::Body;
use crate::object::Object;
use crate::registry::{ListAnswer, Part, Registry};
use crate::status::ApiError;
use crate::tables::{Column, IncludeObject, ListMeta, Tables};
use crate::tree;

/// Answers up to this length are not compressed (kube-apiserver's threshold).
const GZIP_MIN: usize = 128 << 10;

/// The annotation of the bookmark that ends the initial events (KEP-3157).
const INITIAL_END: &str = "k8s.io/initial-events-end";

/// What an answer is made with.
#[derive(Clone)]
pub(crate) struct Maker {
    pub(crate) accepted: Accepted,
    pub(crate) tables: Option<Arc<dyn Tables>>,
    pub(crate) include_object: IncludeObject,
    pub(crate) now: jiff::Timestamp,
    /// How a failure is told.
    pub(crate) failure: Accepted,
    /// Of a custom resource: the columns of its tables.
    pub(crate) columns: Option<Arc<[Column]>>,
    /// Who is to read the answer, if not a part of this process.
    pub(crate) reader: Option<Arc<str>>,
}

impl Maker {
    /// Puts an answer into its encoding.
    pub(crate) fn respond(&self, answer: Answer) -> Result<Response<Body>, ApiError> {
        match answer {
            Answer::Response(response) => Ok(response),
            Answer::Value { code, value } => self.transformed(code, &value),
            Answer::WatchFailed(error) => Ok(self.watch_failed(&error)),
            Answer::Object { code, object, kind, served, part } => {
                self.object(code, &object, &kind, &served, part)
            }
            Answer::List { list, kind, served } => self.list(list, &kind, &served),
            Answer::Watch { watching, kind, served } => Ok(self.watch(*watching, kind, served)),
        }
    }

    fn is_plain_json(&self) -> bool {
        self.accepted.format == Format::Json && self.accepted.transform == Transform::None
    }

    /// Compact JSON that ends a line, as it is or for people.
    fn json(&self, code: u16, mut json: Vec<u8>) -> Response<Body> {
        if self.accepted.pretty {
            json = indent(&json);
        }
        self.bytes(code, json)
    }

    fn object(
        &self,
        code: u16,
        object: &Arc<Object>,
        kind: &Kind,
        served: &Served,
        part: Part,
    ) -> Result<Response<Body>, ApiError> {
        if self.is_plain_json() && kind.ty == served.resource.ty && part != Part::Scale {
            let mut out = object.to_json();
            out.push(b'\n');
            return Ok(self.json(code, out));
        }
        let tree = served_tree(object, kind, served)?;
        let scale = served.custom.as_ref().filter(|_| part == Part::Scale).and_then(|own| own.scale.as_ref());
        if let Some(paths) = scale.filter(|paths| paths.spec(&tree).is_none()) {
            let path = &paths.spec_replicas;
            return Err(ApiError::internal(format!("the spec replicas field {path:?} does not exist")));
        }
        self.transformed(code, &part.show(served, tree))
    }

    /// A tree that says its own kind, in the form that was asked for. A Status stays what it is.
    fn transformed(&self, code: u16, value: &Value) -> Result<Response<Body>, ApiError> {
        let gvk = gvk_of(value);
        match self.accepted.transform {
            _ if gvk.kind == "Status" => self.value(code, value),
            Transform::None => self.value(code, value),
            Transform::PartialMetadata(_) | Transform::PartialMetadataList(_) => {
                self.value(code, &self.partial_of(value, &gvk)?)
            }
            Transform::Table(_) => {
                let resource_version = mizzen_machinery::meta::resource_version(value).to_owned();
                let meta = ListMeta { resource_version, ..ListMeta::default() };
                match (gvk.kind.strip_suffix("List"), value.get("items")) {
                    (Some(kind), Some(items)) => {
                        let item = GroupVersionKind { kind: kind.to_owned().into(), ..gvk.clone() };
                        self.table(code, &item, &items.items().iter().collect::<Vec<_>>(), &meta)
                    }
                    _ => self.table(code, &gvk, &[value], &meta),
                }
            }
        }
    }

    fn table(
        &self,
        code: u16,
        gvk: &GroupVersionKind,
        objects: &[&Value],
        meta: &ListMeta,
    ) -> Result<Response<Body>, ApiError> {
        self.value(code, &self.table_of(gvk, objects, meta)?)
    }

    fn table_of(
        &self,
        gvk: &GroupVersionKind,
        objects: &[&Value],
        meta: &ListMeta,
    ) -> Result<Value, ApiError> {
        let tables = self.tables.as_ref().ok_or_else(|| ApiError::not_acceptable(&["application/json"]))?;
        let mut table =
            tables.render(gvk, self.columns.as_deref(), objects, self.now, self.include_object, meta);
        if self.accepted.transform == Transform::Table(MetaVersion::V1Beta1) {
            as_v1beta1(&mut table);
        }
        Ok(table)
    }

    /// The metadata of an answer that is one tree.
    fn partial_of(&self, value: &Value, gvk: &GroupVersionKind) -> Result<Value, ApiError> {
        let items = gvk.kind.ends_with("List").then(|| value.get("items")).flatten();
        match (self.accepted.transform, items) {
            (Transform::PartialMetadataList(version), Some(items)) => {
                let items = items.items().iter().map(|item| partial(item, version)).collect();
                let mut list = partial_list(version, items)?;
                tree::copy(&mut list, value, &["metadata"]);
                Ok(list)
            }
            (Transform::PartialMetadata(version), None) => Ok(partial(value, version)),
            (_, is_list) => Err(wrong_transform(gvk, is_list.is_some())),
        }
    }

    fn list(&self, list: ListAnswer, kind: &Kind, served: &Served) -> Result<Response<Body>, ApiError> {
        let gvk = &served.resource.gvk;
        if self.is_plain_json()
            && kind.ty == served.resource.ty
            && !self.accepted.gzip
            && !self.accepted.pretty
        {
            let body = ListBody::new(list_head(served, &list), list.objects);
            let mut response = Response::new(Body::default());
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
            response.extensions_mut().insert(Weight(body.weight()));
            *response.body_mut() = UnsyncBoxBody::new(body);
            return Ok(response);
        }
        if self.is_plain_json() && kind.ty == served.resource.ty {
            let mut out = list_head(served, &list);
            for (at, object) in list.objects.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                object.write_item(&mut out);
            }
            out.extend_from_slice(b"]}\n");
            return Ok(self.json(200, out));
        }
        let trees = list
            .objects
            .iter()
            .map(|object| served_tree(object, kind, served))
            .collect::<Result<Vec<_>, _>>()?;
        let list_gvk = GroupVersionKind { kind: format!("{}List", gvk.kind).into(), ..gvk.clone() };
        if let Transform::Table(_) = self.accepted.transform {
            let meta = ListMeta {
                resource_version: list.revision.to_string(),
                continue_token: list.continue_token,
                remaining_item_count: list.remaining.map(|count| i64::try_from(count).unwrap_or(i64::MAX)),
            };
            return self.table(200, gvk, &trees.iter().collect::<Vec<_>>(), &meta);
        }
        let value = match self.accepted.transform {
            Transform::PartialMetadataList(version) => {
                let items = trees.iter().map(|tree| partial(tree, version)).collect();
                list_meta(partial_list(version, items)?, &list)
            }
            Transform::PartialMetadata(_) => return Err(wrong_transform(&list_gvk, true)),
            _ if served.custom.is_some() => custom_list(&list, trees, served),
            _ => {
                let items = trees.into_iter().map(without_header).collect();
                let ty = builtin::kind(&gvk.group, &gvk.version, &list_gvk.kind);
                let ty = ty.ok_or_else(|| ApiError::internal("the kind has no list"))?;
                list_meta(empty_list(items, &list_gvk, &ty.name)?, &list)
            }
        };
        self.value(200, &value)
    }

    /// A tree in the agreed encoding.
    fn value(&self, code: u16, value: &Value) -> Result<Response<Body>, ApiError> {
        Ok(self.bytes(code, self.encode(value)?))
    }

    fn encode(&self, value: &Value) -> Result<Vec<u8>, ApiError> {
        let mut out = Vec::with_capacity(1024);
        match self.accepted.format {
            Format::Protobuf => encode_protobuf(value, &mut out),
            Format::Json if self.accepted.pretty => {
                json::encode(value, &mut out);
                out = indent(&out);
            }
            Format::Json => {
                json::encode(value, &mut out);
                out.push(b'\n');
            }
            Format::Yaml => yaml::encode(value, &mut out),
            Format::Cbor => cbor::encode(value, &mut out),
        }
        Ok(out)
    }

    fn bytes(&self, code: u16, bytes: Vec<u8>) -> Response<Body> {
        let compress = self.accepted.gzip && bytes.len() > GZIP_MIN;
        let packed = if compress { gzip(&bytes).ok() } else { None };
        let is_packed = packed.is_some();
        let bytes = packed.unwrap_or(bytes);
        let mut response = Response::new(Body::default());
        *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::OK);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.accepted.format.media_type()));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        if is_packed {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        *response.body_mut() = full(bytes);
        response
    }

    /// A failure in the agreed encoding.
    pub(crate) fn failure(&self, error: &ApiError) -> Response<Body> {
        let plain = Self { accepted: self.failure, ..self.clone() };
        let mut json = status::failure_json(error);
        let encoded = match plain.accepted.format {
            Format::Json => None,
            _ => status::tree(&json).and_then(|tree| plain.encode(&tree)).ok(),
        };
        let mut response = match encoded {
            Some(bytes) => plain.bytes(error.code, bytes),
            None => {
                json.push(b'\n');
                let accepted = Accepted { pretty: plain.accepted.pretty, ..Accepted::JSON };
                Self { accepted, ..plain }.json(error.code, json)
            }
        };
        let retry = error.details.as_ref().map_or(0, |details| details.retry_after_s);
        if retry > 0 {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry));
        }
        response
    }

    fn watch(&self, watching: Watching, kind: Arc<Kind>, served: Arc<Served>) -> Response<Body> {
        let content_type = self.watch_type();
        let state = (watching, self.clone(), kind, served, true);
        let frames = stream::unfold(state, |(mut watching, maker, kind, served, first)| async move {
            let change = watching.next().await?;
            let frame = match maker.frame(&change, &kind, &served, first) {
                Ok(frame) => Ok(frame),
                Err(error) => {
                    maker.event_frame(EventKind::Error, &status::failure_json(&error)).map_err(Into::into)
                }
            };
            Some((frame, (watching, maker, kind, served, false)))
        });
        let mut response = Response::new(chunks(frames));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        response
    }

    /// A watch that cannot start where it was asked to: a stream of this one event, as clients expect it.
    fn watch_failed(&self, error: &ApiError) -> Response<Body> {
        let frame = self.event_frame(EventKind::Error, &status::failure_json(error)).map_err(Into::into);
        let mut response = Response::new(chunks(stream::iter([frame])));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(self.watch_type()));
        response
    }

    fn watch_type(&self) -> &'static str {
        match self.accepted.format {
            Format::Protobuf => "application/vnd.kubernetes.protobuf;stream=watch",
            Format::Cbor => "application/cbor-seq",
            _ => "application/json",
        }
    }

    /// One event, framed. Of tables, the first one alone tells the columns.
    fn frame(&self, change: &Change, kind: &Kind, served: &Served, first: bool) -> Result<Bytes, ApiError> {
        let plain = self.accepted.format == Format::Json && self.accepted.transform == Transform::None;
        if plain && kind.ty == served.resource.ty {
            return Ok(match change {
                Change::Event(event_kind, event) => event.frame(*event_kind).line.clone(),
                Change::Initial(object) => Frame::of(EventKind::Added, object).line,
                Change::Bookmark { revision, initial_end } => {
                    let mut json = Vec::new();
                    json::encode(&bookmark(served, *revision, *initial_end), &mut json);
                    Frame::around(EventKind::Bookmark, &json).line
                }
            });
        }
        let (event_kind, value) = match change {
            Change::Event(event_kind, event) => (*event_kind, event_tree(event, *event_kind, kind, served)?),
            Change::Initial(object) => (EventKind::Added, served_tree(object, kind, served)?),
            Change::Bookmark { revision, initial_end } => {
                (EventKind::Bookmark, bookmark(served, *revision, *initial_end))
            }
        };
        let gvk = &served.resource.gvk;
        let value = match self.accepted.transform {
            Transform::None => value,
            Transform::PartialMetadata(version) => partial(&value, version),
            Transform::PartialMetadataList(_) => return Err(wrong_transform(gvk, false)),
            Transform::Table(_) => {
                let meta = ListMeta {
                    resource_version: mizzen_machinery::meta::resource_version(&value).to_owned(),
                    ..ListMeta::default()
                };
                let mut table = self.table_of(gvk, &[&value], &meta)?;
                if !first {
                    tree::remove(&mut table, &["columnDefinitions"]);
                }
                table
            }
        };
        let mut out = Vec::with_capacity(1024);
        match self.accepted.format {
            Format::Protobuf => encode_protobuf(&value, &mut out),
            Format::Cbor => cbor::encode(&value, &mut out),
            Format::Json | Format::Yaml => json::encode(&value, &mut out),
        }
        self.event_frame(event_kind, &out)
    }

    fn event_frame(&self, event_kind: EventKind, object: &[u8]) -> Result<Bytes, ApiError> {
        if matches!(self.accepted.format, Format::Json | Format::Yaml) {
            return Ok(Frame::around(event_kind, object).line);
        }
        let is_cbor = self.accepted.format == Format::Cbor;
        let mut wrapped = Vec::new();
        let object = match event_kind {
            // Failures come as JSON.
            EventKind::Error if is_cbor => {
                cbor::encode(&status::tree(object)?, &mut wrapped);
                &wrapped
            }
            EventKind::Error => {
                encode_protobuf(&status::tree(object)?, &mut wrapped);
                &wrapped
            }
            _ => object,
        };
        if is_cbor {
            let mut frame = Vec::with_capacity(object.len() + 32);
            cbor::encode_event(crate::cache::type_name(event_kind), object, &mut frame);
            return Ok(frame.into());
        }
        Ok(protobuf_event(event_kind, object).into())
    }
}

/// A protobuf `WatchEvent`, behind its length in four bytes.
fn protobuf_event(event_kind: EventKind, object: &[u8]) -> Vec<u8> {
    let mut raw = Vec::with_capacity(object.len() + 8);
    prost::encoding::bytes::encode(1, &object.to_vec(), &mut raw);
    let mut event = Vec::with_capacity(raw.len() + 24);
    prost::encoding::string::encode(1, &crate::cache::type_name(event_kind).to_owned(), &mut event);
    prost::encoding::bytes::encode(2, &raw, &mut event);
    let mut frame = Vec::with_capacity(event.len() + 4);
    frame.extend_from_slice(&u32::try_from(event.len()).unwrap_or(u32::MAX).to_be_bytes());
    frame.extend_from_slice(&event);
    frame
}

fn encode_protobuf(value: &Value, out: &mut Vec<u8>) {
    let text = |member: &str| value.str_at(&[member]).unwrap_or_default().to_owned();
    let meta = TypeMeta { api_version: text("apiVersion"), kind: text("kind") };
    let mut message = Vec::with_capacity(512);
    pb::encode(value, &mut message);
    protobuf::wrap(&meta, &message, out);
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// A stored object as a tree of the served version.
pub(crate) fn served_tree(object: &Object, kind: &Kind, served: &Served) -> Result<Value, ApiError> {
    let value = Registry::tree(kind, object)?;
    Ok(crate::registry::to_version(value, &served.resource.gvk, &served.resource.ty))
}

fn event_tree(event: &Event, event_kind: EventKind, kind: &Kind, served: &Served) -> Result<Value, ApiError> {
    served_tree(&event.seen_as(event_kind), kind, served)
}

/// The object of a bookmark: empty but for its resourceVersion.
pub(crate) fn bookmark(served: &Served, revision: u64, initial_end: bool) -> Value {
    let mut object = Value::Struct(Struct::new(served.resource.ty.clone()));
    crate::registry::stamp(&mut object, &served.resource.gvk);
    tree::set_text(&mut object, &["metadata", "resourceVersion"], &revision.to_string());
    if initial_end {
        tree::set_text(&mut object, &["metadata", "annotations", INITIAL_END], "true");
    }
    object
}

const PARTIAL: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata";
const PARTIAL_LIST: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadataList";

fn partial_gvk(kind: &'static str, version: MetaVersion) -> GroupVersionKind {
    GroupVersionKind { group: "meta.k8s.io".into(), version: version.name().into(), kind: kind.into() }
}

/// An object's metadata alone.
fn partial(object: &Value, version: MetaVersion) -> Value {
    let mut partial = tree::empty(PARTIAL);
    crate::registry::stamp(&mut partial, &partial_gvk("PartialObjectMetadata", version));
    tree::copy(&mut partial, object, &["metadata"]);
    partial
}

fn partial_list(version: MetaVersion, items: Vec<Value>) -> Result<Value, ApiError> {
    empty_list(items, &partial_gvk("PartialObjectMetadataList", version), PARTIAL_LIST)
}

/// A table, and the metadata in its rows, under the older name.
fn as_v1beta1(table: &mut Value) {
    let name = "meta.k8s.io/v1beta1";
    tree::set_text(table, &["apiVersion"], name);
    let Some(Value::List(rows)) = table.get_mut("rows") else { return };
    for object in rows.iter_mut().filter_map(|row| row.get_mut("object")) {
        if object.str_at(&["kind"]) == Some("PartialObjectMetadata") {
            tree::set_text(object, &["apiVersion"], name);
        }
    }
}

/// Metadata of one object was asked for where there is a list, or the other way round. Kinds are called by the
/// names that Go prints.
fn wrong_transform(gvk: &GroupVersionKind, is_list: bool) -> ApiError {
    let package = match gvk.group.as_ref() {
        "" | "events.k8s.io" => "core",
        group => group.split('.').next().unwrap_or_default(),
    };
    let name = if builtin::kind(&gvk.group, &gvk.version, &gvk.kind).is_some() {
        format!("*{package}.{}", gvk.kind)
    } else if is_list {
        "*unstructured.UnstructuredList".to_owned()
    } else {
        "*unstructured.Unstructured".to_owned()
    };
    let message = if is_list {
        format!("you requested PartialObjectMetadata, but the requested object is a list ({name})")
    } else {
        format!("you requested PartialObjectMetadataList, but the requested object is not a list ({name})")
    };
    ApiError { code: 406, reason: "NotAcceptable", message, details: None }
}

/// The kind that a tree says it is.
fn gvk_of(value: &Value) -> GroupVersionKind {
    let api_version = value.str_at(&["apiVersion"]).unwrap_or_default();
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let kind = value.str_at(&["kind"]).unwrap_or_default();
    let owned = |text: &str| text.to_owned().into();
    GroupVersionKind { group: owned(group), version: owned(version), kind: owned(kind) }
}

fn without_header(mut object: Value) -> Value {
    tree::remove(&mut object, &["kind"]);
    tree::remove(&mut object, &["apiVersion"]);
    object
}

fn empty_list(items: Vec<Value>, gvk: &GroupVersionKind, type_name: &str) -> Result<Value, ApiError> {
    let ty = builtin::by_name(type_name).ok_or_else(|| ApiError::internal("no such list type"))?;
    let mut value = Value::Struct(Struct::new(TypeRef::Static(ty)));
    crate::registry::stamp(&mut value, gvk);
    tree::set(&mut value, &["items"], Value::List(items));
    Ok(value)
}

fn list_meta(mut value: Value, list: &ListAnswer) -> Value {
    tree::set_text(&mut value, &["metadata", "resourceVersion"], &list.revision.to_string());
    tree::set_text(&mut value, &["metadata", "continue"], &list.continue_token);
    if let Some(count) = list.remaining {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        tree::set(&mut value, &["metadata", "remainingItemCount"], Value::Int(count));
    }
    value
}

/// The kind of a resource's list.
fn list_kind(served: &Served) -> String {
    match &served.resource.ty.custom {
        Some(custom) => custom.list_kind.to_string(),
        None => format!("{}List", served.resource.gvk.kind),
    }
}

/// The list of a custom resource: its items keep their type headers.
fn custom_list(list: &ListAnswer, items: Vec<Value>, served: &Served) -> Value {
    let mut metadata = Map::new();
    metadata.insert("resourceVersion", Value::string(list.revision.to_string()));
    if !list.continue_token.is_empty() {
        metadata.insert("continue", Value::string(list.continue_token.as_str()));
    }
    if let Some(count) = list.remaining {
        metadata.insert("remainingItemCount", Value::Int(i64::try_from(count).unwrap_or(i64::MAX)));
    }
    let mut whole = Map::new();
    whole.insert("apiVersion", Value::string(served.resource.gvk.api_version()));
    whole.insert("kind", Value::string(list_kind(served)));
    whole.insert("metadata", Value::Map(metadata));
    whole.insert("items", Value::List(items));
    Value::Map(whole)
}

/// A JSON list up to its items.
fn list_head(served: &Served, list: &ListAnswer) -> Vec<u8> {
    let mut head = format!(
        "{{\"kind\":\"{}\",\"apiVersion\":\"{}\",\"metadata\":{{\"resourceVersion\":\"{}\"",
        list_kind(served),
        served.resource.gvk.api_version(),
        list.revision
    );
    if !list.continue_token.is_empty() {
        head.push_str(&format!(",\"continue\":\"{}\"", list.continue_token));
    }
    if let Some(count) = list.remaining {
        head.push_str(&format!(",\"remainingItemCount\":{count}"));
    }
    head.push_str("},\"items\":[");
    head.into_bytes()
}

/// For in-process watches: what an event shows, as JSON.
pub(crate) fn event_json(
    change: &Change,
    kind: &Kind,
    served: &Served,
) -> Result<(EventKind, Bytes), ApiError> {
    let same = kind.ty == served.resource.ty;
    let encode = |value: &Value| {
        let mut out = Vec::with_capacity(512);
        json::encode(value, &mut out);
        Bytes::from(out)
    };
    Ok(match change {
        Change::Event(event_kind, event) if same => (*event_kind, event.frame(*event_kind).object.clone()),
        Change::Event(event_kind, event) => {
            (*event_kind, encode(&event_tree(event, *event_kind, kind, served)?))
        }
        Change::Initial(object) if same => (EventKind::Added, object.to_json().into()),
        Change::Initial(object) => (EventKind::Added, encode(&served_tree(object, kind, served)?)),
        Change::Bookmark { revision, initial_end } => {
            (EventKind::Bookmark, encode(&bookmark(served, *revision, *initial_end)))
        }
    })
}
