//! `docs/KINDS.md`: what is validated and defaulted, kind by kind, made from the code.
//!
//! Names' rules and defaults are asked of the code; what is refused is what the tables of the other files show.
//! The test fails when the document is stale; `MIZZEN_RENEW=1 cargo nextest run -p mizzen-machinery
//! kinds_document` renews it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use mizzen_schema::table::{Shape, Type, TypeRef};
use mizzen_schema::value::{Struct, Value};
use mizzen_schema::{builtin, json};

use crate::default;
use crate::field::FieldError;
use crate::validate::meta::NameRule;

/// What was refused of one kind: by operation, then by field, with the reasons.
#[derive(Default)]
struct Found {
    refused: BTreeMap<&'static str, BTreeMap<String, BTreeSet<&'static str>>>,
    warned: BTreeSet<String>,
}

thread_local! {
    static FOUND: RefCell<BTreeMap<(String, String), Found>> = RefCell::default();
}

/// A path without positions and keys: `spec.containers[].image`.
fn general(path: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for c in path.chars() {
        match c {
            '[' => {
                depth += 1;
                if depth == 1 {
                    out.push('[');
                }
            }
            ']' => {
                depth -= 1;
                if depth == 0 {
                    out.push(']');
                }
            }
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    if out.is_empty() { "(the whole)".to_owned() } else { out }
}

/// Notes what a table shows to be refused.
pub(super) fn note(group: &str, kind: &str, operation: &'static str, errors: &[FieldError]) {
    FOUND.with_borrow_mut(|found| {
        let found = found.entry((group.to_owned(), kind.to_owned())).or_default();
        let refused = found.refused.entry(operation).or_default();
        for error in errors {
            refused.entry(general(&error.path)).or_default().insert(error.reason.words());
        }
    });
}

/// Notes what a table shows to be warned of.
pub(super) fn note_warnings(group: &str, kind: &str, warnings: &[String]) {
    FOUND.with_borrow_mut(|found| {
        let found = found.entry((group.to_owned(), kind.to_owned())).or_default();
        found.warned.extend(warnings.iter().map(|text| {
            // Paths lead most warnings.
            match text.split_once(": ") {
                Some((path, rest)) if !path.contains(' ') => format!("`{}`: {rest}", general(path)),
                _ => text.clone(),
            }
        }));
    });
}

/// A value of the shape with every struct below it, each list of one; scalars are left out.
fn sample(shape: &Shape, above: &mut Vec<String>) -> Option<Value> {
    match shape {
        Shape::Struct(ty) if above.iter().any(|name| *name == *ty.name) => None,
        Shape::Struct(ty) => Some(sample_struct(ty, above)),
        Shape::List(element) => Some(Value::List(vec![sample(element, above)?])),
        Shape::Map(element) => {
            let element = sample(element, above)?;
            Some(Value::Map([(Box::from("key"), element)].into_iter().collect()))
        }
        _ => None,
    }
}

fn sample_struct(ty: &TypeRef, above: &mut Vec<String>) -> Value {
    let mut out = Struct::new(ty.clone());
    above.push(ty.name.to_string());
    for field in ty.fields.iter() {
        if let Some(value) = sample(&field.shape, above) {
            out.set(&field.json, value);
        }
    }
    above.pop();
    Value::Struct(out)
}

/// What `after` has beyond `before`, as `path` = JSON.
fn added(before: Option<&Value>, after: &Value, path: &str, out: &mut Vec<String>) {
    match (before, after) {
        (Some(Value::Struct(before)), Value::Struct(after)) => {
            for (number, field, value) in after.fields() {
                let path =
                    if path.is_empty() { field.json.to_string() } else { format!("{path}.{}", field.json) };
                added(before.at(number), value, &path, out);
            }
        }
        (Some(Value::List(before)), Value::List(after)) => {
            for (at, value) in after.iter().enumerate() {
                added(before.get(at), value, &format!("{path}[]"), out);
            }
        }
        (Some(Value::Map(before)), Value::Map(after)) => {
            for (key, value) in after.iter() {
                added(before.get(key), value, &format!("{path}[]"), out);
            }
        }
        (Some(_), _) => {}
        (None, after) => {
            let mut text = Vec::new();
            json::encode(after, &mut text);
            out.push(format!("`{path}` = `{}`", String::from_utf8_lossy(&text)));
        }
    }
}

/// The defaults of a kind, in a sample that has every struct.
fn defaults(group: &str, kind: &str, ty: &'static Type) -> Vec<String> {
    let before = sample_struct(&TypeRef::Static(ty), &mut Vec::new());
    let mut after = before.clone();
    default::object(group, kind, &mut after);
    let mut out = Vec::new();
    added(Some(&before), &after, "", &mut out);
    if kind != "Pod" {
        // A pod template's are a pod's, which are listed once.
        let own =
            |line: &String| !["template.spec.", "inlineVolumeSpec."].iter().any(|part| line.contains(part));
        let all = out.len();
        out.retain(own);
        if out.len() < all {
            out.push("of a pod's parts, as Pod".to_owned());
        }
    }
    out
}

fn section(out: &mut String, group: &str, kind: &str, ty: &'static Type, found: &Found) {
    let name = if group.is_empty() { kind.to_owned() } else { format!("{kind}.{group}") };
    writeln!(out, "## {name}\n").expect("text");
    writeln!(out, "- name: {}", NameRule::of(group, kind).words()).expect("text");
    let defaults = defaults(group, kind, ty);
    if !defaults.is_empty() {
        writeln!(out, "- defaults: {}", defaults.join(", ")).expect("text");
    }
    for (operation, fields) in &found.refused {
        if fields.is_empty() {
            continue;
        }
        let fields: Vec<String> = fields
            .iter()
            .map(|(path, reasons)| {
                let reasons: Vec<&str> = reasons.iter().copied().collect();
                format!("`{path}` ({})", reasons.join(", "))
            })
            .collect();
        writeln!(out, "- refused on {operation}: {}", fields.join("; ")).expect("text");
    }
    for warning in &found.warned {
        writeln!(out, "- warned of: {warning}").expect("text");
    }
    out.push('\n');
}

fn document() -> String {
    for table in super::TABLES.iter().chain(super::rules::TABLES).flat_map(|tables| tables.iter()) {
        table();
    }
    let mut out = String::from(
        "# Kinds\n\n\
         What is defaulted and validated of each built-in kind, made from the code by the test `kinds_document`\n\
         (`MIZZEN_RENEW=1 cargo nextest run -p mizzen-machinery kinds_document` renews it). Names' rules and defaults\n\
         are asked of the code; defaults are those of a sample that has every struct and no other field. What is\n\
         refused is what the tables of the tests show, field by field, each beside an object that is accepted.\n\
         Metadata is validated alike for all kinds, and listed under ConfigMap.\n\n",
    );
    let mut seen = BTreeSet::new();
    FOUND.with_borrow(|found| {
        for resource in builtin::resources() {
            let (group, kind) = (&*resource.gvk.group, &*resource.gvk.kind);
            if !seen.insert((group, kind)) {
                continue;
            }
            let ty = builtin::kind(group, super::version(group, kind), kind).expect("a built-in kind");
            let none = Found::default();
            let found = found.get(&(group.to_owned(), kind.to_owned())).unwrap_or(&none);
            section(&mut out, group, kind, ty, found);
        }
    });
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[test]
fn kinds_document() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/KINDS.md");
    let text = document();
    if std::env::var_os("MIZZEN_RENEW").is_some() {
        std::fs::write(&path, &text).expect("docs/KINDS.md can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "docs/KINDS.md is stale: MIZZEN_RENEW=1 cargo nextest run -p mizzen-machinery kinds_document"
    );
}
