//! Every field of every type goes through every codec.

use mizzen_schema::decode::Options;
use mizzen_schema::table::{Shape, Type, TypeRef, WireForm};
use mizzen_schema::value::{Map, Struct, Value};
use mizzen_schema::{builtin, json, protobuf, yaml};

/// A value with everything in it, down to `depth` structs.
fn filled(shape: &Shape, form: WireForm, depth: usize) -> Option<Value> {
    Some(match shape {
        Shape::String => Value::string("text <&> \u{2028}"),
        Shape::Bytes => Value::string("aGVsbG8="),
        Shape::Bool => Value::Bool(true),
        Shape::Int32 => Value::Int(-5),
        Shape::Int64 => Value::Int(i64::MAX),
        Shape::Double => Value::Float(1.5),
        Shape::Time => Value::string("2001-02-03T04:05:06Z"),
        Shape::MicroTime => Value::string("1960-02-03T04:05:06.000007Z"),
        Shape::Duration => Value::string("1h30m0.5s"),
        Shape::Quantity => Value::string("1500m"),
        Shape::IntOrString => Value::string("25%"),
        Shape::Struct(ty) => Value::Struct(filled_struct(ty, depth.checked_sub(1)?)),
        Shape::List(element) => Value::List(vec![filled(element, form, depth)?; 2]),
        Shape::Map(element) => {
            let mut map = Map::new();
            map.insert("b", filled(element, form, depth)?);
            map.insert("a", filled(element, form, depth)?);
            Value::Map(map)
        }
        Shape::Any if form == WireForm::SchemaOrBool => Value::Bool(true),
        Shape::Any if form == WireForm::SchemaOrStrings => Value::List(vec![Value::string("a")]),
        Shape::Any if form == WireForm::SchemaOrArray => {
            let schema =
                builtin::by_name("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps");
            let shape = Shape::Struct(TypeRef::Static(schema.unwrap()));
            Value::List(vec![filled(&shape, WireForm::Plain, depth)?])
        }
        Shape::Any | Shape::Object => {
            let mut map = Map::new();
            map.insert("number", Value::Int(1));
            map.insert("list", Value::List(vec![Value::Null, Value::Bool(false), Value::Float(0.5)]));
            Value::Map(map)
        }
    })
}

fn filled_struct(ty: &TypeRef, depth: usize) -> Struct {
    let mut fields = Struct::new(ty.clone());
    for (number, field) in ty.fields.iter().enumerate() {
        if let Some(value) = filled(&field.shape, field.wire.form, depth) {
            fields.set_at(u16::try_from(number).unwrap(), value);
        }
    }
    fields
}

fn check(ty: &'static Type, depth: usize) {
    let ty = TypeRef::Static(ty);
    let options = Options { strict: true, ..Options::default() };
    let value = Value::Struct(filled_struct(&ty, depth));
    let mut text = Vec::new();
    json::encode(&value, &mut text);
    let shown = String::from_utf8_lossy(&text);

    let read =
        json::decode(&text, &ty, &options).unwrap_or_else(|error| panic!("{ty:?}: {error} in {shown}"));
    assert_eq!(read.complaints, Vec::<String>::new(), "{ty:?}");
    let mut again = Vec::new();
    json::encode(&read.value, &mut again);
    assert_eq!(String::from_utf8_lossy(&again), shown, "{ty:?}");

    let from_yaml = yaml::decode(&text, &ty, &options).unwrap();
    assert_eq!(from_yaml.value, read.value, "{ty:?}");

    let mut message = Vec::new();
    protobuf::encode(&value, &mut message);
    let mut from_message = protobuf::decode(&message, &ty, &options).unwrap().value;
    for (number, field) in ty.fields.iter().enumerate() {
        let number = u16::try_from(number).unwrap();
        // What protobuf does not have.
        if field.tag == 0
            && let Some(value) = read.value.as_struct().unwrap().at(number)
        {
            from_message.as_struct_mut().unwrap().set_at(number, value.clone());
        }
    }
    let mut printed = Vec::new();
    json::encode(&from_message, &mut printed);
    // Below the top, the headers of objects in objects are lost as in Kubernetes; one level has none.
    if depth == 0 {
        assert_eq!(String::from_utf8_lossy(&printed), shown, "{ty:?}");
    }
    let mut message_again = Vec::new();
    protobuf::encode(&from_message, &mut message_again);
    assert!(message_again == message, "{ty:?}: protobuf differs");
}

#[test]
fn every_field_of_every_type() {
    for ty in builtin::types() {
        check(ty, 0);
        check(ty, 3);
    }
}

#[test]
fn tables_are_sound() {
    let mut names = builtin::types().iter().map(|ty| &ty.name).collect::<Vec<_>>();
    names.dedup();
    assert_eq!(names.len(), builtin::types().len());
    for ty in builtin::types() {
        assert_eq!(ty.by_name.len(), ty.fields.len());
        for (number, field) in ty.fields.iter().enumerate() {
            assert_eq!(ty.number(&field.json).map(usize::from), Some(number), "{}.{}", ty.name, field.json);
            let alike = |other: &&mizzen_schema::table::Field| {
                field.tag != 0 && other.tag == field.tag && other.wire.within == field.wire.within
            };
            assert!(ty.fields.iter().filter(alike).count() <= 1, "{}: tag {} twice", ty.name, field.tag);
        }
        for gvk in ty.kinds.iter() {
            let found = builtin::kind(&gvk.group, &gvk.version, &gvk.kind).unwrap();
            assert!(std::ptr::eq(found, *ty), "{gvk:?}");
        }
    }
    for resource in builtin::resources() {
        assert!(resource.ty.kinds.contains(&resource.gvk), "{:?}", resource.gvk);
        let list = format!("{}List", resource.gvk.kind);
        let known = builtin::kind(&resource.gvk.group, &resource.gvk.version, &list).is_some();
        assert_eq!(known, resource.verbs.iter().any(|verb| verb == "list"), "{list}");
        for sub in resource.subresources.iter() {
            let gvk = &sub.gvk;
            assert!(builtin::kind(&gvk.group, &gvk.version, &gvk.kind).is_some(), "{gvk:?}");
        }
    }
}
