//! Facts of the API level, kept as data outside of the repository: `MIZZEN_REFERENCE`, or `../shared/reference`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use mizzen_schema::builtin;
use mizzen_schema::table::{ListType, Resource, Shape};

/// The folder; none, said aloud, where it is not there.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("MIZZEN_REFERENCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference"),
        PathBuf::from,
    );
    if !folder.is_dir() {
        println!("gated: no reference data at {}", folder.display());
        return None;
    }
    Some(folder)
}

/// Rows of a table by column name.
fn rows(name: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let text = fs::read_to_string(folder()?.join(name)).unwrap();
    let mut lines = text.lines();
    let head: Vec<_> = lines.next().unwrap().split('\t').map(str::to_owned).collect();
    Some(lines.map(|line| head.iter().cloned().zip(line.split('\t').map(str::to_owned)).collect()).collect())
}

fn is_of_level(row: &BTreeMap<String, String>) -> bool {
    matches!(row.get("in").map(String::as_str), Some("both" | "1.35"))
}

fn described(resource: &Resource) -> String {
    let words = |words: &[mizzen_schema::table::Text]| words.join(",");
    let subresources: Vec<_> = resource
        .subresources
        .iter()
        .map(|sub| {
            let same = sub.gvk.group == resource.gvk.group && sub.gvk.version == resource.gvk.version;
            let place = if same { String::new() } else { format!("{}.", sub.gvk.api_version()) };
            format!("{}={place}{}[{}]", sub.name, sub.gvk.kind, words(&sub.verbs))
        })
        .collect();
    let gvk = &resource.gvk;
    [
        gvk.group.to_string(),
        gvk.version.to_string(),
        gvk.kind.to_string(),
        resource.plural.to_string(),
        resource.singular.to_string(),
        words(&resource.short_names),
        resource.namespaced.to_string(),
        words(&resource.verbs),
        subresources.join(" "),
        words(&resource.categories),
    ]
    .join("|")
}

#[test]
fn resources_are_those_of_the_level() {
    let Some(rows) = rows("resources.tsv") else { return };
    let columns = [
        "group",
        "version",
        "kind",
        "plural",
        "singular",
        "shortNames",
        "namespaced",
        "verbs",
        "subresources",
        "categories",
    ];
    let expect: Vec<_> = rows
        .iter()
        .filter(|row| is_of_level(row))
        .map(|row| columns.map(|column| row.get(column).cloned().unwrap_or_default()).join("|"))
        .collect();
    let found: Vec<_> = builtin::resources().iter().map(described).collect();
    assert_eq!(found, expect);
}

#[test]
fn lists_merge_as_documented() {
    let Some(rows) = rows("list-types.tsv") else { return };
    let mut wrong = Vec::new();
    for row in rows.iter().filter(|row| is_of_level(row) && !row["field"].is_empty()) {
        let Some(ty) = builtin::by_name(&row["schema"]) else { continue };
        let Some(field) = ty.field(&row["field"]) else {
            wrong.push(format!("{} has no {}", row["schema"], row["field"]));
            continue;
        };
        let list = match &field.list_type {
            ListType::Atomic => "atomic".to_owned(),
            ListType::Set => "set".to_owned(),
            ListType::Map(keys) => format!("map {}", keys.join(",")),
            ListType::Granular => String::new(),
        };
        // Bytes are one value anyway.
        if matches!(field.shape, Shape::Bytes) {
            continue;
        }
        let is_list = matches!(field.shape, Shape::List(_));
        let expect = match (row["listType"].as_str(), is_list) {
            ("map", _) => format!("map {}", row["mapKeys"]),
            ("", true) => "atomic".to_owned(),
            ("", false) => row["mapType"].replace("granular", ""),
            (other, _) => other.to_owned(),
        };
        let mut strategy = Vec::new();
        if field.patch.merge {
            strategy.push("merge");
        }
        if field.patch.retain_keys {
            strategy.push("retainKeys");
        }
        if field.patch.replace {
            strategy.push("replace");
        }
        let patch = format!("{} {}", strategy.join(","), field.patch.merge_key);
        let expect_patch = format!("{} {}", row["patchStrategy"], row["patchMergeKey"]);
        if list != expect || patch != expect_patch {
            wrong.push(format!(
                "{}.{}: {list:?} {patch:?}, not {expect:?} {expect_patch:?}",
                row["schema"], row["field"]
            ));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
