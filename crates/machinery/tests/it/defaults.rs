//! Every default of the reference's `defaults.tsv`: applied by defaulting, or known to be set elsewhere.
//!
//! The data lies outside of the repository: `MIZZEN_REFERENCE`, or `../shared/reference`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use mizzen_machinery::default;
use mizzen_schema::decode::Options;
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;
use mizzen_schema::{builtin, json};

/// One look at a default: a line of `defaults.tsv` beside this file, in the order of the reference.
struct Case<'a> {
    /// `groupVersion|kind|field` of the reference's row.
    row: &'a str,
    /// `groupVersion Kind` of an object that shows it; empty: defaulting does not set it.
    kind: &'a str,
    /// The object before; or who else sets the default.
    object: &'a str,
    /// Where to look; numbers are places in lists.
    path: &'a str,
    /// JSON; empty: unset; `=`: as the row says.
    expect: &'a str,
}

fn cases() -> impl Iterator<Item = Case<'static>> {
    include_str!("defaults.tsv").lines().filter(|line| !line.starts_with('#')).map(|line| {
        let cells: Vec<_> = line.split('\t').collect();
        let [row, kind, object, path, expect] = cells[..] else { panic!("five cells: {line}") };
        Case { row, kind, object, path, expect }
    })
}

fn rows() -> Option<BTreeMap<String, String>> {
    let folder = std::env::var_os("MIZZEN_REFERENCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference"),
        PathBuf::from,
    );
    if !folder.is_dir() {
        println!("gated: no reference data at {}", folder.display());
        return None;
    }
    let text = fs::read_to_string(folder.join("defaults.tsv")).expect("the reference");
    let row = |line: &str| {
        let cells: Vec<_> = line.split('\t').collect();
        (cells[..3].join("|"), cells[3].to_owned())
    };
    Some(text.lines().skip(1).map(row).collect())
}

/// The object of a case with its defaults.
fn defaulted(case: &Case<'_>) -> Value {
    let (group_version, kind) = case.kind.split_once(' ').expect("two words");
    let (group, version) = match group_version.split_once('/').expect("a group and a version") {
        ("core", version) => ("", version),
        both => both,
    };
    let ty = TypeRef::Static(builtin::kind(group, version, kind).expect("a built-in kind"));
    let mut object = json::decode(case.object.as_bytes(), &ty, &Options::default()).expect(case.object).value;
    default::object(group, kind, &mut object);
    object
}

/// As the object is printed: what has no `omitempty` is there, set or not.
fn printed(object: &Value) -> serde_json::Value {
    let mut text = Vec::new();
    json::encode(object, &mut text);
    serde_json::from_slice(&text).expect("JSON")
}

fn at<'a>(value: &'a serde_json::Value, path: &str) -> Option<&'a serde_json::Value> {
    path.split('.').try_fold(value, |value, step| match step.parse::<usize>() {
        Ok(index) => value.get(index),
        Err(_) => value.get(step),
    })
}

/// The JSON that a cell of the table means.
fn meant(cell: &str) -> serde_json::Value {
    serde_json::from_str(cell).unwrap_or_else(|_| cell.into())
}

#[test]
fn every_default_is_applied() {
    let Some(rows) = rows() else { return };
    let mut wrong = Vec::new();
    let mut left: BTreeMap<&str, ()> = rows.keys().map(|row| (row.as_str(), ())).collect();
    for case in cases() {
        left.remove(case.row);
        let Some(default) = rows.get(case.row) else {
            wrong.push(format!("no row {}", case.row));
            continue;
        };
        if case.kind.is_empty() {
            continue;
        }
        let expect = match case.expect {
            "" => None,
            "=" => Some(meant(default)),
            text => Some(serde_json::from_str(text).expect(text)),
        };
        let found = printed(&defaulted(&case));
        let found = at(&found, case.path);
        // A zero that is not printed is one, too.
        let is_zero = expect == Some(0.into());
        if found != expect.as_ref() && !(is_zero && found.is_none()) {
            wrong.push(format!("{}: {} is {found:?}, not {expect:?}", case.row, case.path));
        }
    }
    wrong.extend(left.keys().map(|row| format!("no case for {row}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
