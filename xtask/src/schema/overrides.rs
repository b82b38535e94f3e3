//! What neither crate says; each table with its reason.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};

use super::model::{Form, Key, Kind, Presence, Shape};

/// The feature of k8s-openapi that is the project's API level.
pub(crate) const API_LEVEL: &str = "v1_35";

/// Types with a JSON form of their own: no struct in any table.
pub(crate) fn special(name: &str) -> Option<Shape> {
    // prost writes some acronyms in another case.
    Some(match name.to_ascii_lowercase().as_str() {
        "time" => Shape::Time,
        "microtime" => Shape::MicroTime,
        "duration" => Shape::Duration,
        "quantity" => Shape::Quantity,
        "intorstring" => Shape::IntOrString,
        "rawextension" | "fieldsv1" | "json" => Shape::Any,
        name @ ("jsonschemapropsorbool" | "jsonschemapropsorarray" | "jsonschemapropsorstringarray") => {
            Shape::Struct(Key::new("special", name))
        }
        _ => return None,
    })
}

/// The protobuf message of a JSON value that is no object, or not always.
pub(crate) fn form(shape: &Shape) -> Option<Form> {
    match shape {
        Shape::Map(element) | Shape::List(element) => form(element),
        Shape::Struct(key) if key.module == "special" => Some(match key.name.as_str() {
            "jsonschemapropsorbool" => Form::SchemaOrBool,
            "jsonschemapropsorarray" => Form::SchemaOrArray,
            _ => Form::SchemaOrStrings,
        }),
        _ => None,
    }
}

/// Kinds that OpenAPI leaves out and k8s-openapi with it: parameters of requests, reviews sent to webhooks, and
/// what discovery and partial reads answer. With their groups; every list kind is there without being named.
pub(crate) const EXTRA_KINDS: &[(&str, &str, &str, &str)] = &[
    ("api::admission::v1", "AdmissionReview", "admission.k8s.io", "v1"),
    ("api::apidiscovery::v2", "APIGroupDiscovery", "apidiscovery.k8s.io", "v2"),
    ("api::apidiscovery::v2", "APIGroupDiscoveryList", "apidiscovery.k8s.io", "v2"),
    ("api::apidiscovery::v2beta1", "APIGroupDiscovery", "apidiscovery.k8s.io", "v2beta1"),
    ("api::apidiscovery::v2beta1", "APIGroupDiscoveryList", "apidiscovery.k8s.io", "v2beta1"),
    ("api::core::v1", "List", "", "v1"),
    ("api::core::v1", "NodeProxyOptions", "", "v1"),
    ("api::core::v1", "PodAttachOptions", "", "v1"),
    ("api::core::v1", "PodExecOptions", "", "v1"),
    ("api::core::v1", "PodLogOptions", "", "v1"),
    ("api::core::v1", "PodPortForwardOptions", "", "v1"),
    ("api::core::v1", "PodProxyOptions", "", "v1"),
    ("api::core::v1", "PodStatusResult", "", "v1"),
    ("api::core::v1", "RangeAllocation", "", "v1"),
    ("api::core::v1", "SerializedReference", "", "v1"),
    ("api::core::v1", "ServiceProxyOptions", "", "v1"),
    (
        "apiextensions_apiserver::pkg::apis::apiextensions::v1",
        "ConversionReview",
        "apiextensions.k8s.io",
        "v1",
    ),
    (META, "CreateOptions", "", "v1"),
    (META, "GetOptions", "", "v1"),
    (META, "ListOptions", "", "v1"),
    (META, "PartialObjectMetadata", "meta.k8s.io", "v1"),
    (META, "PartialObjectMetadataList", "meta.k8s.io", "v1"),
    (META, "PatchOptions", "", "v1"),
    (META, "TableOptions", "meta.k8s.io", "v1"),
    (META, "UpdateOptions", "", "v1"),
];

/// Types without `kind` and `apiVersion` of their own that OpenAPI leaves out.
pub(crate) const EXTRA_TYPES: &[(&str, &str)] = &[(META, "WatchEvent")];

/// Types that take part in requests of every group and version: known under each.
pub(crate) const EVERYWHERE: &[&str] = &["DeleteOptions", "WatchEvent"];

/// Versions that are served no more, or never were resources, but under which such types are known.
pub(crate) const OTHER_VERSIONS: &[(&str, &str)] = &[
    ("admission.k8s.io", "v1"),
    ("admission.k8s.io", "v1beta1"),
    ("apiextensions.k8s.io", "v1beta1"),
    ("apiregistration.k8s.io", "v1beta1"),
    ("apps", "v1beta1"),
    ("apps", "v1beta2"),
    ("authentication.k8s.io", "v1alpha1"),
    ("authentication.k8s.io", "v1beta1"),
    ("authorization.k8s.io", "v1beta1"),
    ("autoscaling", "v2beta1"),
    ("autoscaling", "v2beta2"),
    ("batch", "v1beta1"),
    ("discovery.k8s.io", "v1beta1"),
    ("events.k8s.io", "v1beta1"),
    ("extensions", "v1beta1"),
    ("flowcontrol.apiserver.k8s.io", "v1beta1"),
    ("flowcontrol.apiserver.k8s.io", "v1beta2"),
    ("flowcontrol.apiserver.k8s.io", "v1beta3"),
    ("imagepolicy.k8s.io", "v1alpha1"),
    ("node.k8s.io", "v1alpha1"),
    ("node.k8s.io", "v1beta1"),
    ("policy", "v1beta1"),
    ("rbac.authorization.k8s.io", "v1alpha1"),
    ("rbac.authorization.k8s.io", "v1beta1"),
    ("scheduling.k8s.io", "v1beta1"),
    ("storage.k8s.io", "v1alpha1"),
];

/// Where the common types live.
pub(crate) const META: &str = "apimachinery::pkg::apis::meta::v1";

/// The group and version under which a message that is no kind of k8s-openapi's is a kind.
pub(crate) fn extra_kind(key: &Key) -> Option<Kind> {
    let (_, name, group, version) =
        EXTRA_KINDS.iter().find(|(module, name, ..)| *module == key.module && *name == key.name)?;
    Some(Kind { group: (*group).to_owned(), version: (*version).to_owned(), kind: (*name).to_owned() })
}

/// Raw extensions that hold a whole object, rather than settings of any form.
pub(crate) fn is_object(key: &Key, json: &str) -> bool {
    matches!(
        (key.name.as_str(), json),
        ("WatchEvent", "object")
            | ("List", "items")
            | ("AdmissionRequest", "object" | "oldObject" | "options")
            | ("ConversionRequest", "objects")
            | ("ConversionResponse", "convertedObjects")
    )
}

/// Fields that OpenAPI calls required, though neither crate does.
pub(crate) fn is_required(key: &Key, json: &str) -> bool {
    matches!(
        (key.module.as_str(), key.name.as_str(), json),
        ("api::core::v1", "Event", "metadata")
            | ("api::events::v1", "Event", "eventTime")
            | (META, "WatchEvent", "type" | "object")
    )
}

/// Words that JSON names write in capitals, for messages whose JSON names no crate gives.
pub(crate) fn json_word(word: &str) -> Option<&'static str> {
    match word {
        "api" => Some("API"),
        "tls" => Some("TLS"),
        _ => None,
    }
}

/// The order of fields where protobuf does not have the type.
pub(crate) fn order(definition: &str) -> Option<&'static [&'static str]> {
    match definition {
        "io.k8s.apimachinery.pkg.version.Info" => Some(&[
            "major",
            "minor",
            "emulationMajor",
            "emulationMinor",
            "minCompatibilityMajor",
            "minCompatibilityMinor",
            "gitVersion",
            "gitCommit",
            "gitTreeState",
            "buildDate",
            "goVersion",
            "compiler",
            "platform",
        ]),
        _ => None,
    }
}

/// Constants that default markers refer to by their Go names.
pub(crate) fn constant(name: &str) -> Option<&'static str> {
    match name {
        "AzureDataDiskCachingReadWrite" => Some("\"ReadWrite\""),
        "AzureSharedBlobDisk" => Some("\"Shared\""),
        _ => None,
    }
}

/// Exceptions to the rule of presence, by type and JSON name: whether a Go field is a pointer, and whether it has
/// `omitempty`, is seen in what Kubernetes prints and in none of the crates.
pub(crate) fn presence() -> anyhow::Result<BTreeMap<(String, String), Presence>> {
    let mut rows = BTreeMap::new();
    for line in include_str!("presence.tsv").lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<_> = line.split('\t').collect();
        let [definition, field, presence] = cells[..] else { bail!("three cells: {line}") };
        let presence = match presence {
            "always" => Presence::Always,
            "null" => Presence::Null,
            "nonzero" => Presence::NonZero,
            "given" => Presence::Given,
            other => bail!("no presence {other}"),
        };
        rows.insert((definition.to_owned(), field.to_owned()), presence);
    }
    Ok(rows)
}

/// Values of enumerated strings, by type and JSON name of the field that has (or lists) them: neither crate keeps
/// the names that Kubernetes gives to such strings.
pub(crate) fn enums() -> anyhow::Result<BTreeMap<(String, String), Vec<String>>> {
    let mut rows = BTreeMap::new();
    for line in include_str!("enums.tsv").lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<_> = line.split('\t').collect();
        let [definition, field, values] = cells[..] else { bail!("three cells: {line}") };
        let values: Vec<String> = values.split(',').map(str::to_owned).collect();
        ensure!(values.is_sorted(), "values in order: {line}");
        rows.insert((definition.to_owned(), field.to_owned()), values);
    }
    Ok(rows)
}
