//! Objects with every field filled, as Kubernetes itself wrote them: the same bytes come out again.

use std::fs;
use std::path::Path;

use mizzen_schema::decode::Options;
use mizzen_schema::table::TypeRef;
use mizzen_schema::{builtin, json, protobuf, yaml};

use crate::reference;

/// JSON without white space between tokens.
fn compact(text: &[u8]) -> String {
    let mut out = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for byte in text {
        if quoted || !byte.is_ascii_whitespace() {
            out.push(*byte);
        }
        match byte {
            b'"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = quoted && !escaped && *byte == b'\\';
    }
    String::from_utf8(out).unwrap()
}

fn check(path: &Path) {
    let name = path.file_stem().unwrap().to_str().unwrap();
    let mut parts = name.rsplitn(3, '.');
    let (kind, version, group) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let group = if group == "core" { "" } else { group };
    let ty = builtin::kind(group, version, kind).unwrap_or_else(|| panic!("no type for {name}"));
    let ty = TypeRef::Static(ty);
    let options = Options { strict: true, ..Options::default() };
    let text = fs::read(path).unwrap();

    let object = json::decode(&text, &ty, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(object.complaints, Vec::<String>::new(), "{name}");
    let mut printed = Vec::new();
    json::encode(&object.value, &mut printed);
    assert_eq!(compact(&printed), compact(&text), "{name}: JSON");

    let from_yaml = yaml::decode(&text, &ty, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(from_yaml.value, object.value, "{name}: YAML");

    let bytes = fs::read(path.with_extension("pb")).unwrap();
    let (meta, message) = protobuf::unwrap(&bytes).unwrap();
    let has_header = ty.field("apiVersion").is_some_and(|field| field.tag == 0);
    assert_eq!(meta.kind, if has_header { kind } else { "" }, "{name}");
    let decoded = protobuf::decode(message, &ty, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut again = Vec::new();
    protobuf::encode(&decoded.value, &mut again);
    let mut envelope = Vec::new();
    protobuf::wrap(&meta, &again, &mut envelope);
    assert!(envelope == bytes, "{name}: protobuf differs");

    // The header is the envelope's in protobuf, and the object's in JSON.
    let mut with_header = decoded.value;
    let header = with_header.as_struct_mut().unwrap();
    if has_header {
        header.set("kind", object.value.get("kind").unwrap().clone());
        header.set("apiVersion", object.value.get("apiVersion").unwrap().clone());
    }
    assert_eq!(with_header, object.value, "{name}: JSON and protobuf hold the same");
}

#[test]
fn objects_of_kubernetes_come_out_as_they_went_in() {
    let Some(folder) = reference::folder() else { return };
    let mut count = 0;
    for entry in fs::read_dir(folder.join("roundtrip")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            check(&path);
            count += 1;
        }
    }
    assert!(count > 0, "the folder holds no object");
}
