use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Every built-in resource.
struct All;

impl Catalog for All {
    fn resources(&self) -> Vec<Resource> {
        builtin::resources().to_vec()
    }

    fn generation(&self) -> u64 {
        1
    }
}

fn parse(document: &Document) -> Json {
    serde_json::from_slice(&document.bytes).unwrap()
}

/// Every `$ref` of a document.
fn references(value: &Json, found: &mut BTreeSet<String>) {
    match value {
        Json::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("$ref", Json::String(target)) => {
                        found.insert(target.rsplit('/').next().unwrap().to_owned());
                    }
                    // A schema of schemas has a property of this name.
                    _ => references(value, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn v2_is_whole() {
    let document = parse(&v2("application/json", &All).unwrap());
    let definitions = document["definitions"].as_object().unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    let missing: Vec<_> = found.iter().filter(|name| !definitions.contains_key(*name)).collect();
    assert_eq!(missing, Vec::<&String>::new());
    let containers = &definitions["io.k8s.api.core.v1.PodSpec"]["properties"]["containers"];
    assert_eq!(containers["x-kubernetes-patch-merge-key"], "name");
    assert_eq!(containers["x-kubernetes-patch-strategy"], "merge");
    assert_eq!(containers["x-kubernetes-list-map-keys"], json!(["name"]));
    assert_eq!(containers["items"]["$ref"], "#/definitions/io.k8s.api.core.v1.Container");
    let pods = &document["paths"]["/api/v1/namespaces/{namespace}/pods"];
    assert_eq!(pods["get"]["operationId"], "listCoreV1NamespacedPod");
    assert_eq!(pods["delete"]["operationId"], "deleteCoreV1CollectionNamespacedPod");
    assert_eq!(pods["post"]["x-kubernetes-action"], "post");
}

#[test]
fn v3_documents_are_whole() {
    let index = parse(&v3_index(&All));
    let paths = index["paths"].as_object().unwrap();
    assert!(paths.contains_key("api/v1") && paths.contains_key("apis/apps/v1"));
    for (name, entry) in paths {
        let document = v3(name, "application/json", &All).unwrap().unwrap();
        let hash = document.etag.trim_matches('"');
        assert_eq!(entry["serverRelativeURL"], format!("/openapi/v3/{name}?hash={hash}"));
        let document = parse(&document);
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let missing: Vec<_> = found.iter().filter(|name| !schemas.contains_key(*name)).collect();
        assert_eq!(missing, Vec::<&String>::new(), "{name}");
    }
    assert_eq!(v3("apis/none/v1", "application/json", &All).unwrap(), None);
    assert_eq!(
        v3("api/v1", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf", &All).unwrap_err().code,
        406
    );
    let core = parse(&v3("api/v1", "*/*", &All).unwrap().unwrap());
    let patch = &core["paths"]["/api/v1/namespaces/{namespace}/pods/{name}"]["patch"];
    let names: Vec<_> =
        patch["parameters"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["dryRun", "fieldManager", "fieldValidation", "force"]);
    let exec = &core["paths"]["/api/v1/namespaces/{namespace}/pods/{name}/exec"]["get"];
    assert_eq!(exec["operationId"], "connectCoreV1GetNamespacedPodExec");
    let selector = &core["components"]["schemas"]["io.k8s.api.core.v1.PodSpec"]["properties"]["nodeSelector"];
    assert_eq!(selector["x-kubernetes-map-type"], "atomic");
}

/// What both documents say of a field.
fn check_property(name: &str, property: &str, check: impl Fn(&Json)) {
    let v2 = parse(&v2("application/json", &All).unwrap());
    check(&v2["definitions"][name]["properties"][property]);
    let group_version =
        if name.contains(".core.") { "api/v1" } else { "apis/admissionregistration.k8s.io/v1" };
    let v3 = parse(&v3(group_version, "*/*", &All).unwrap().unwrap());
    check(&v3["components"]["schemas"][name]["properties"][property]);
}

#[test]
fn enumerated_strings_name_their_values() {
    check_property("io.k8s.api.core.v1.Container", "imagePullPolicy", |policy| {
        assert_eq!(policy["enum"], json!(["Always", "IfNotPresent", "Never"]));
        let text = policy["description"].as_str().unwrap();
        let (_, values) = text.split_once("\n\nPossible enum values:\n").unwrap();
        assert_eq!(values, " - `\"Always\"`\n - `\"IfNotPresent\"`\n - `\"Never\"`");
    });
    // Of a list, the elements; the description stays as it is.
    check_property("io.k8s.api.core.v1.PersistentVolumeClaimSpec", "accessModes", |modes| {
        assert_eq!(modes.get("enum"), None);
        assert_eq!(modes["items"]["enum"].as_array().unwrap().len(), 4);
        assert!(!modes["description"].as_str().unwrap().contains("enum values"));
    });
    check_property("io.k8s.api.core.v1.PersistentVolumeClaimStatus", "allocatedResourceStatuses", |map| {
        assert_eq!(map["additionalProperties"]["enum"].as_array().unwrap().len(), 5);
    });
    check_property("io.k8s.api.admissionregistration.v1.RuleWithOperations", "scope", |scope| {
        assert_eq!(scope["enum"], json!(["*", "Cluster", "Namespaced"]));
    });
}

#[test]
fn protobuf_form_is_a_message() {
    let document = v2(V2_PROTOBUF_OLD, &All).unwrap();
    assert_eq!(document.content_type, V2_PROTOBUF);
    assert_eq!(&document.bytes[..5], b"\x0a\x032.0");
    assert!(v2("text/html", &All).is_err());
}

/// The reference document of the level, where it is there.
fn reference() -> Option<Json> {
    use std::io::Read as _;

    let folder = std::env::var_os("MIZZEN_REFERENCE").map_or_else(
        || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference"),
        std::path::PathBuf::from,
    );
    let Ok(file) = std::fs::File::open(folder.join("swagger-1.35.json.gz")) else {
        println!("gated: no reference data at {}", folder.display());
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn operations_are_those_of_the_level() {
    let Some(reference) = reference() else { return };
    let ours = parse(&v2("application/json", &All).unwrap());
    let operations = |document: &Json| -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            // Deprecated watch paths, discovery and logs are not listed.
            if path.ends_with('/') || path.contains("/watch/") || path.starts_with("/logs") {
                continue;
            }
            for method in ["get", "put", "post", "delete", "patch"] {
                if let Some(operation) = item.get(method) {
                    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
                    found.insert(format!("{method} {path}"), id);
                }
            }
        }
        found
    };
    let (ours_found, mut expect) = (operations(&ours), operations(&reference));
    // Not of a resource.
    expect.retain(|key, _| key.contains("/api"));
    let missing: Vec<_> = expect.iter().filter(|(key, id)| ours_found.get(*key) != Some(id)).collect();
    let extra: Vec<_> = ours_found.keys().filter(|key| !expect.contains_key(*key)).collect();
    assert_eq!((missing, extra), (Vec::new(), Vec::new()));
}

/// A schema without what the reference leaves out: enumerations, and what describes named values.
fn comparable(schema: &Json) -> Json {
    let mut schema = schema.clone();
    let Some(map) = schema.as_object_mut() else { return schema };
    map.remove("enum");
    for holder in ["items", "additionalProperties"] {
        map.get_mut(holder).and_then(Json::as_object_mut).map(|inner| inner.remove("enum"));
    }
    if let Some(Json::String(text)) = map.get_mut("description") {
        let words = text.split("\n\nPossible enum values:").next().unwrap_or_default().split_whitespace();
        *text = words.collect::<Vec<_>>().join(" ");
    }
    if let Some(Json::Array(required)) = map.get_mut("required") {
        required.sort_by_key(Json::to_string);
    }
    schema
}

#[test]
fn definitions_are_those_of_the_level() {
    let Some(reference) = reference() else { return };
    let ours = parse(&v2("application/json", &All).unwrap());
    let mut wrong = Vec::new();
    for (name, expect) in reference["definitions"].as_object().unwrap() {
        let Some(found) = ours["definitions"].get(name) else { continue };
        let (mut found, mut expect) = (comparable(found), comparable(expect));
        let (found, expect) = (found.as_object_mut().unwrap(), expect.as_object_mut().unwrap());
        let (properties, expected) = (found.remove("properties"), expect.remove("properties"));
        for (property, expect) in expected.iter().filter_map(Json::as_object).flatten() {
            let found = properties.as_ref().and_then(|all| all.get(property)).unwrap_or(&Json::Null);
            if comparable(found) != comparable(expect) {
                wrong.push(format!("{name}.{property}: {found}, not {expect}"));
            }
        }
        // The words of types that are no structs are ours.
        if properties.is_none() {
            found.remove("description");
            expect.remove("description");
        }
        if found != expect {
            wrong.push(format!("{name}: {found:?}, not {expect:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
