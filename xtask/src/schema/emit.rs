//! Writes the tables as Rust.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::model::{Field, Form, Key, Presence, Shape, Type};
use super::overrides;

const HEAD: &str = "Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.";

/// The generated files: name and text.
pub(crate) fn files(types: &[Type]) -> BTreeMap<String, String> {
    let mut groups: BTreeMap<String, Vec<&Type>> = BTreeMap::new();
    for ty in types {
        groups.entry(module_of(&ty.key)).or_default().push(ty);
    }
    let mut files = BTreeMap::new();
    files.insert("mod.rs".to_owned(), index(&groups));
    for (module, types) in groups {
        files.insert(format!("{module}.rs"), group(&types));
    }
    files
}

/// `core_v1`, of `api::core::v1`.
fn module_of(key: &Key) -> String {
    let segments: Vec<_> = key.module.split("::").collect();
    match segments[..] {
        [.., group, version] if version.starts_with('v') && version != "version" => {
            format!("{group}_{version}")
        }
        [.., last] => last.to_owned(),
        [] => unreachable!("splitting gives at least one part"),
    }
}

fn index(groups: &BTreeMap<String, Vec<&Type>>) -> String {
    let mut text = format!("//! Every built-in type. {HEAD}\n\nuse crate::table::Type;\n\n");
    for module in groups.keys() {
        writeln!(text, "pub mod {module};").expect("strings take all text");
    }
    let mut rows: Vec<_> = groups
        .iter()
        .flat_map(|(module, types)| {
            types.iter().map(move |ty| (&ty.definition, format!("{module}::{}", upper(&ty.key.name))))
        })
        .collect();
    rows.sort();
    writeln!(text, "\n/// Sorted by name.\npub(crate) static TYPES: [&Type; {}] = [", rows.len())
        .expect("text");
    for (_, path) in rows {
        writeln!(text, "    &{path},").expect("strings take all text");
    }
    text.push_str("];\n");
    text
}

fn group(types: &[&Type]) -> String {
    let first = types[0].definition.rsplit_once('.').map_or("", |(package, _)| package);
    let mut text = format!("//! `{first}`. {HEAD}\n\nuse crate::build::*;\n");
    for ty in types {
        one(ty, &mut text);
    }
    text
}

fn one(ty: &Type, text: &mut String) {
    let count = ty.fields.len();
    let (open, close) = if ty.atomic { ("atomic(ty", ")") } else { ("ty", "") };
    writeln!(text, "\n/// `{}`.\npub static {}: Type = {{", ty.definition, upper(&ty.key.name))
        .expect("text");
    writeln!(text, "    static FIELDS: [Field; {count}] = [").expect("text");
    for field in &ty.fields {
        one_field(field, ty, text);
    }
    writeln!(text, "    ];\n    static NAMES: [(Text, u16); {count}] = names(&FIELDS);").expect("text");
    let kinds: Vec<_> = ty
        .kinds
        .iter()
        .map(|kind| format!("gvk({:?}, {:?}, {:?})", kind.group, kind.version, kind.kind))
        .collect();
    writeln!(text, "    static KINDS: [GroupVersionKind; {}] = [", kinds.len()).expect("text");
    for kind in kinds {
        writeln!(text, "        {kind},").expect("text");
    }
    text.push_str("    ];\n");
    writeln!(text, "    {open}(\n        {:?},\n        {:?},", ty.definition, ty.doc).expect("text");
    writeln!(text, "        &FIELDS,\n        &NAMES,\n        &KINDS,\n    ){close}\n}};").expect("text");
}

fn one_field(field: &Field, ty: &Type, text: &mut String) {
    if let ("kind" | "apiVersion", 0) = (field.json.as_str(), field.tag) {
        let name = if field.json == "kind" { "kind" } else { "api_version" };
        writeln!(text, "        {name}(),").expect("text");
        return;
    }
    let presence = match field.presence {
        Presence::Always => "Always",
        Presence::Null => "Null",
        Presence::NonZero => "NonZero",
        Presence::Given => "Given",
    };
    let shape = shape(&field.shape, &ty.key);
    write!(text, "        field({:?}, {}, {shape}, {presence})", field.json, field.tag).expect("text");
    if field.required {
        text.push_str(".required()");
    }
    if !field.within.is_empty() {
        write!(text, ".within(&{:?})", field.within).expect("text");
    }
    match field.form {
        Form::Plain => {}
        form => write!(text, ".form(WireForm::{form:?})").expect("text"),
    }
    merging(field, text);
    if let Some(default) = field.markers.marker("default") {
        let json = match default.strip_prefix("ref(").and_then(|rest| rest.strip_suffix(')')) {
            Some(constant) => {
                overrides::constant(constant).unwrap_or_else(|| panic!("no constant {constant}"))
            }
            None => default,
        };
        write!(text, ".default({json:?})").expect("text");
    }
    if !field.one_of.is_empty() {
        let values: Vec<_> = field.one_of.iter().map(|value| format!("Borrowed({value:?})")).collect();
        write!(text, "\n            .one_of(&[{}])", values.join(", ")).expect("text");
    }
    if !field.doc.is_empty() {
        write!(text, "\n            .doc({:?})", field.doc).expect("text");
    }
    text.push_str(",\n");
}

/// How apply and strategic merge treat the field.
fn merging(field: &Field, text: &mut String) {
    let markers = &field.markers;
    match markers.marker("listType") {
        Some("set") => text.push_str(".set()"),
        Some("map") => {
            let keys: Vec<_> = markers.all("listMapKey").map(|key| format!("Borrowed({key:?})")).collect();
            write!(text, ".keyed(&[{}])", keys.join(", ")).expect("text");
        }
        _ => {}
    }
    let whole = markers.marker("mapType") == Some("atomic") || markers.marker("structType") == Some("atomic");
    if whole && !matches!(field.shape, Shape::List(_)) {
        text.push_str(".whole()");
    }
    for strategy in markers.marker("patchStrategy").unwrap_or_default().split(',') {
        match strategy.trim() {
            "merge" => {
                write!(text, ".merge({:?})", markers.marker("patchMergeKey").unwrap_or_default())
                    .expect("text");
            }
            "replace" => text.push_str(".replace()"),
            "retainKeys" => text.push_str(".retain_keys()"),
            _ => {}
        }
    }
}

/// The Rust of a shape, seen from `from`.
fn shape(shape: &Shape, from: &Key) -> String {
    let inner = |element: &Shape| {
        let text = self::shape(element, from);
        // Elements are borrowed: what a function makes must be a static of its own.
        match element {
            Shape::Struct(_) => {
                format!("&Shape::Struct(TypeRef::Static({}))", &text["object(".len()..text.len() - 1])
            }
            Shape::List(_) => {
                format!("&Shape::List(Element::Static({}))", &text["list(".len()..text.len() - 1])
            }
            Shape::Map(_) => format!("&Shape::Map(Element::Static({}))", &text["map(".len()..text.len() - 1]),
            _ => format!("&{text}"),
        }
    };
    match shape {
        Shape::Struct(key) => {
            let name = upper(&key.name);
            let (module, own) = (module_of(key), module_of(from));
            if module == own {
                format!("object(&{name})")
            } else {
                format!("object(&super::{module}::{name})")
            }
        }
        Shape::List(element) => format!("list({})", inner(element)),
        Shape::Map(element) => format!("map({})", inner(element)),
        other => format!("Shape::{other:?}"),
    }
}

/// `POD_SPEC`, of `PodSpec`; `CSI_DRIVER`, of `CSIDriver`.
fn upper(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let after_lower = at > 0 && !letters[at - 1].is_ascii_uppercase();
        let before_lower = letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        if at > 0 && letter.is_ascii_uppercase() && (after_lower || before_lower) {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}
