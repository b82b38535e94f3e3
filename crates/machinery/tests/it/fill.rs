//! Objects of random built-in kinds with random fields set, out of the schema table.

use mizzen_schema::builtin;
use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::{Field, ListType, Resource, Shape, TypeRef, WireForm};
use mizzen_schema::value::{Map, Struct, Value};
use proptest::prelude::*;

/// Structs below this depth stay unset: schemas of schemas have no end.
const DEPTH_MAX: usize = 9;

/// A supply of choices; when it is used up, all that follows is "no", so that shrinking it shrinks the object.
pub(crate) struct Choices<'a> {
    bytes: &'a [u8],
}

impl<'a> Choices<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// One of `count`; 0 when nothing is left.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % count
    }

    fn one_of(&mut self, texts: &[&str]) -> Value {
        Value::string(texts[self.below(texts.len())])
    }
}

/// The choices for an object: enough for a few hundred fields.
pub(crate) fn supply() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..600)
}

/// Kinds that are stored, in each of their versions.
pub(crate) fn stored() -> Vec<&'static Resource> {
    builtin::resources().iter().filter(|row| row.verbs.iter().any(|verb| verb == "list")).collect()
}

/// Which of the stored kinds.
pub(crate) fn kind() -> impl Strategy<Value = &'static Resource> {
    proptest::sample::select(stored())
}

/// An object with its header, as it reads after it was printed: zeros that mean "unset" are gone.
pub(crate) fn object(resource: &Resource, supply: &[u8]) -> Value {
    let mut choices = Choices::new(supply);
    let mut fields = fields(&resource.ty, &mut choices, 0);
    if fields.ty().number("metadata").is_some() {
        let meta = crate::fill::child(&mut fields, "metadata");
        meta.set("name", Value::string("name"));
        meta.remove("managedFields");
        meta.remove("resourceVersion");
        meta.remove("generation");
    }
    fields.set("kind", Value::string(&*resource.gvk.kind));
    fields.set("apiVersion", Value::string(resource.gvk.api_version()));
    reread(&Value::Struct(fields))
}

/// The struct in a field, made if it is not there.
pub(crate) fn child<'a>(of: &'a mut Struct, field: &str) -> &'a mut Struct {
    if of.get(field).is_none_or(|value| *value == Value::Null) {
        let Some(Shape::Struct(ty)) = of.ty().field(field).map(|field| field.shape.clone()) else {
            panic!("{field} is a struct");
        };
        of.set(field, Value::Struct(Struct::new(ty)));
    }
    of.get_mut(field).and_then(Value::as_struct_mut).expect("it is there")
}

/// An object through its JSON.
pub(crate) fn reread(object: &Value) -> Value {
    read(printed(object).as_bytes(), object.as_struct().expect("an object").ty())
}

/// An object of a type out of JSON.
pub(crate) fn read(text: &[u8], ty: &TypeRef) -> Value {
    let options = Options { strict: true, ..Options::default() };
    let decoded = json::decode(text, ty, &options)
        .unwrap_or_else(|error| panic!("{error} in {}", String::from_utf8_lossy(text)));
    assert_eq!(decoded.complaints, Vec::<String>::new(), "{}", String::from_utf8_lossy(text));
    decoded.value
}

/// A tree as JSON.
pub(crate) fn printed(value: &Value) -> String {
    let mut out = Vec::new();
    json::encode(value, &mut out);
    String::from_utf8(out).expect("JSON is text")
}

fn fields(ty: &TypeRef, choices: &mut Choices<'_>, depth: usize) -> Struct {
    let mut out = Struct::new(ty.clone());
    for (number, field) in (0..).zip(ty.fields.iter()) {
        // The header is the outermost object's; elsewhere protobuf has no place for it.
        if field.tag == 0 || choices.below(3) == 0 {
            continue;
        }
        if let Some(value) = field_value(field, choices, depth) {
            out.set_at(number, value);
        }
    }
    out
}

fn field_value(field: &Field, choices: &mut Choices<'_>, depth: usize) -> Option<Value> {
    let value = value(&field.shape, field.wire.form, choices, depth)?;
    let Value::List(mut items) = value else { return Some(value) };
    match &field.list_type {
        ListType::Set => {
            let mut seen: Vec<Value> = Vec::new();
            items.retain(|item| {
                !seen.contains(item) && {
                    seen.push(item.clone());
                    true
                }
            });
        }
        ListType::Map(keys) => {
            for (at, item) in items.iter_mut().enumerate() {
                name_element(item, keys, at);
            }
        }
        _ => {}
    }
    // Strategic merge knows elements by a key of its own.
    if !field.patch.merge_key.is_empty() {
        for (at, item) in items.iter_mut().enumerate() {
            name_element(item, std::slice::from_ref(&field.patch.merge_key), at);
        }
    }
    Some(Value::List(items))
}

/// Gives an element of a keyed list keys that no other has.
fn name_element(item: &mut Value, keys: &[mizzen_schema::table::Text], at: usize) {
    let Some(item) = item.as_struct_mut() else { return };
    for key in keys {
        let shape = item.ty().field(key).map(|field| field.shape.clone());
        let number = i64::try_from(at).expect("few elements") + 1;
        let value = match shape {
            Some(Shape::Int32 | Shape::Int64) => Value::Int(number),
            Some(Shape::Bool) => continue,
            _ => Value::string(format!("key-{number}")),
        };
        item.set(key, value);
    }
}

fn value(shape: &Shape, form: WireForm, choices: &mut Choices<'_>, depth: usize) -> Option<Value> {
    Some(match shape {
        Shape::String => choices.one_of(&["a", "b", "text <&> \u{e9}", "1", "true", "x: y", "- z"]),
        Shape::Bytes => choices.one_of(&["aGVsbG8=", "AAECAw=="]),
        Shape::Bool => Value::Bool(choices.below(2) == 1),
        Shape::Int32 => Value::Int([1, -5, 0, i64::from(i32::MAX)][choices.below(4)]),
        Shape::Int64 => Value::Int([1, i64::MAX, 0, i64::MIN][choices.below(4)]),
        Shape::Double => Value::Float([1.5, -0.25][choices.below(2)]),
        Shape::Time => choices.one_of(&["2001-02-03T04:05:06Z", "2026-01-01T00:00:00Z"]),
        Shape::MicroTime => choices.one_of(&["2001-02-03T04:05:06.000007Z", "2026-01-01T00:00:00.500000Z"]),
        Shape::Duration => choices.one_of(&["1h30m0.5s", "5s"]),
        Shape::Quantity => choices.one_of(&["1", "1500m", "2Gi", "0"]),
        Shape::IntOrString => {
            [Value::Int(8080), Value::string("25%"), Value::string("http")][choices.below(3)].clone()
        }
        Shape::Struct(ty) if depth < DEPTH_MAX => Value::Struct(fields(ty, choices, depth + 1)),
        Shape::Struct(_) => return None,
        // Never empty: protobuf does not tell an empty list from none.
        Shape::List(element) => {
            let count = 1 + choices.below(3);
            Value::List((0..count).map_while(|_| value(element, form, choices, depth)).collect())
        }
        Shape::Map(element) => {
            let mut map = Map::new();
            for key in ["a", "b/c", "d.e"].iter().take(1 + choices.below(3)) {
                map.insert(*key, value(element, form, choices, depth)?);
            }
            Value::Map(map)
        }
        Shape::Any if form == WireForm::SchemaOrBool => Value::Bool(true),
        Shape::Any if form == WireForm::SchemaOrStrings => Value::List(vec![Value::string("a")]),
        Shape::Any if form == WireForm::SchemaOrArray => {
            Value::List(vec![Value::Struct(Struct::new(TypeRef::Static(
                builtin::by_name("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps")
                    .expect("a schema's type"),
            )))])
        }
        Shape::Any | Shape::Object => {
            let mut map = Map::new();
            map.insert("kind", Value::string("K"));
            map.insert("apiVersion", Value::string("g/v1"));
            map.insert(
                "list",
                Value::List(vec![Value::Null, Value::Bool(false), Value::Float(0.5), Value::Int(7)]),
            );
            Value::Map(map)
        }
    })
}
