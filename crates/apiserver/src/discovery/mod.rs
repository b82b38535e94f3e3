//! What is served, told to clients: `/api`, `/apis`, their groups and versions, and both as one aggregated document.
//!
//! Everything follows from the rows of a [`Catalog`]. [`answer`] is a pure function; [`Cache`] keeps what it made
//! until the catalog changes; [`Documents`] is how the server answers.

mod accept;
mod aggregated;
mod cache;
mod legacy;
mod serve;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use mizzen_schema::table::{GroupVersionKind, Resource, Text, TypeRef};
use mizzen_schema::value::{Struct, Value};
use mizzen_schema::{builtin, json, protobuf, yaml};
use sha2::{Digest as _, Sha256, Sha512};

use crate::http::negotiate::{self, PROTOBUF};
use crate::status::ApiError;
pub(crate) use accept::Accept;
pub use cache::Cache;
pub use serve::Documents;

/// What is served.
pub trait Catalog: Send + Sync {
    /// Every served resource: built-ins that are on and established custom resources, a row a version.
    fn resources(&self) -> Vec<Resource>;

    /// Rises whenever [`Catalog::resources`] changes.
    fn generation(&self) -> u64;

    /// The kind as which objects of a resource are stored; none for resources that are not.
    fn storage(&self, resource: &Resource) -> Option<GroupVersionKind> {
        resource.verbs.iter().any(|verb| verb == "watch").then(|| resource.gvk.clone())
    }

    /// Where clients reach the server, as `host:port`.
    fn server_address(&self) -> String {
        String::new()
    }
}

/// A document and what its answer's header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The body.
    pub bytes: Bytes,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// `ETag`, with its quotes; empty for documents that have none. Answers with one vary by `Accept`.
    pub etag: String,
}

impl Document {
    /// A document under its hash.
    pub(crate) fn tagged(bytes: Vec<u8>, content_type: &'static str) -> Self {
        let etag = format!("\"{}\"", hex::encode_upper(Sha512::digest(&bytes)));
        Self { bytes: bytes.into(), content_type, etag }
    }
}

/// The answer to a discovery path (`/api`, `/api/v1`, `/apis`, `/apis/GROUP`, `/apis/GROUP/VERSION`); none where
/// there is none, 406 where the client takes none of its forms.
pub fn answer(path: &str, accept: &str, catalog: &dyn Catalog) -> Result<Option<Document>, ApiError> {
    let accept = Accept::parse(accept);
    let served = Served::of(catalog);
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if let (["api"] | ["apis"], Some(version)) = (&segments[..], aggregated::version(&accept)) {
        return Ok(Some(aggregated::document(&served, segments[0] == "api", version)));
    }
    let (object, routed) = match segments[..] {
        ["api"] => (Some(legacy::versions(&served)), true),
        ["apis"] => (Some(legacy::groups(&served)), false),
        ["api", version] => (legacy::resources(&served, "", version), true),
        ["apis", group] => (legacy::group(&served, group), false),
        ["apis", group, version] => {
            (legacy::resources(&served, group, version), served.is_builtin(group, version))
        }
        _ => (None, false),
    };
    let Some(object) = object else { return Ok(None) };
    match encoded(object, &accept) {
        Some(document) => Ok(Some(document)),
        None if routed => Err(negotiate::unroutable(&FORMATS.join(", "))),
        None => Err(ApiError::not_acceptable(&FORMATS)),
    }
}

const YAML: &str = "application/yaml";
/// What discovery is written in; the first where the client does not care.
const FORMATS: [&str; 3] = ["application/json", YAML, PROTOBUF];

/// A discovery object in the encoding that is asked for; none when none of them is.
fn encoded(object: Struct, accept: &Accept) -> Option<Document> {
    let value = Value::Struct(object);
    let (mut bytes, mut message) = (Vec::new(), Vec::new());
    let content_type = accept.first(&FORMATS)?;
    if content_type == PROTOBUF {
        let text = |name: &str| value.str_at(&[name]).unwrap_or_default().to_owned();
        let api_version = if text("apiVersion").is_empty() { "v1".to_owned() } else { text("apiVersion") };
        let meta = protobuf::TypeMeta { api_version, kind: text("kind") };
        protobuf::encode(&value, &mut message);
        protobuf::wrap(&meta, &message, &mut bytes);
    } else if content_type == YAML {
        yaml::encode(&value, &mut bytes);
    } else {
        json::encode(&value, &mut bytes);
        bytes.push(b'\n');
    }
    Some(Document { bytes: bytes.into(), content_type, etag: String::new() })
}

/// A catalog's rows in the order in which discovery tells them.
struct Served {
    groups: Vec<Group>,
    storage: BTreeMap<(Text, Text, Text), String>,
    address: String,
}

struct Group {
    name: Text,
    /// Most preferred first.
    versions: Vec<Version>,
}

struct Version {
    name: Text,
    /// By plural.
    resources: Vec<Resource>,
}

impl Served {
    fn of(catalog: &dyn Catalog) -> Self {
        let mut storage = BTreeMap::new();
        let mut groups: BTreeMap<Text, BTreeMap<Text, Vec<Resource>>> = BTreeMap::new();
        for resource in catalog.resources() {
            let gvk = &resource.gvk;
            if let Some(stored) = catalog.storage(&resource) {
                let key = (gvk.group.clone(), gvk.version.clone(), resource.plural.clone());
                storage.insert(key, storage_version_hash(&stored));
            }
            let versions = groups.entry(gvk.group.clone()).or_default();
            versions.entry(gvk.version.clone()).or_default().push(resource);
        }
        let mut groups: Vec<_> =
            groups.into_iter().map(|(name, versions)| Group::of(name, versions)).collect();
        groups.sort_by(|left, right| {
            let key = |group: &Group| Reverse(priority(&group.name));
            key(left).cmp(&key(right)).then_with(|| left.name.cmp(&right.name))
        });
        Self { groups, storage, address: catalog.server_address() }
    }

    fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// Whether built-in resources are served in a version, which have a router; custom ones have none.
    fn is_builtin(&self, group: &str, version: &str) -> bool {
        let mut versions = self.group(group).into_iter().flat_map(|group| &group.versions);
        let resources = versions.find(|own| own.name == version).map(|own| &own.resources[..]);
        resources.is_some_and(|all| all.iter().any(|one| matches!(one.ty, TypeRef::Static(_))))
    }

    /// Of a resource that is stored.
    fn storage_hash(&self, resource: &Resource) -> Option<&str> {
        let gvk = &resource.gvk;
        let key = (gvk.group.clone(), gvk.version.clone(), resource.plural.clone());
        self.storage.get(&key).map(String::as_str)
    }
}

impl Group {
    fn of(name: Text, versions: BTreeMap<Text, Vec<Resource>>) -> Self {
        let mut versions: Vec<_> = versions
            .into_iter()
            .map(|(name, mut resources)| {
                resources.sort_by(|left, right| left.plural.cmp(&right.plural));
                Version { name, resources }
            })
            .collect();
        versions.sort_by_cached_key(|version| Reverse(version_rank(&version.name)));
        Self { name, versions }
    }
}

/// Where a group stands in lists: built-in ones in the order of their API services, custom ones behind.
fn priority(group: &str) -> u32 {
    match group {
        "apiregistration.k8s.io" => 20_000,
        "" => 18_000,
        "apps" => 17_800,
        "events.k8s.io" => 17_750,
        "authentication.k8s.io" => 17_700,
        "authorization.k8s.io" => 17_600,
        "autoscaling" => 17_500,
        "batch" => 17_400,
        "certificates.k8s.io" => 17_300,
        "networking.k8s.io" => 17_200,
        "policy" => 17_100,
        "rbac.authorization.k8s.io" => 17_000,
        "storage.k8s.io" => 16_800,
        "apiextensions.k8s.io" | "admissionregistration.k8s.io" => 16_700,
        "scheduling.k8s.io" => 16_600,
        "coordination.k8s.io" => 16_500,
        "node.k8s.io" => 16_300,
        "discovery.k8s.io" => 16_200,
        "flowcontrol.apiserver.k8s.io" => 16_100,
        "internal.apiserver.k8s.io" => 16_000,
        "resource.k8s.io" => 15_900,
        "storagemigration.k8s.io" => 15_800,
        _ => 1_000,
    }
}

/// Kubernetes' order of versions, greatest most preferred: `v10`, `v2`, `v1`, `v2beta1`, `v1alpha1`, then whatever
/// is no such version, alphabetically. Source: "Versions in CustomResourceDefinitions", "Version priority".
pub(crate) fn version_rank(version: &str) -> (u8, u64, u64, Reverse<String>) {
    let other = || (0, 0, 0, Reverse(version.to_owned()));
    let Some(rest) = version.strip_prefix('v') else { return other() };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (major, rest) = rest.split_at(digits(rest));
    let (stability, minor) = match rest {
        "" => (3, "0"),
        _ => match (rest.strip_prefix("beta"), rest.strip_prefix("alpha")) {
            (Some(minor), _) => (2, minor),
            (_, Some(minor)) => (1, minor),
            _ => return other(),
        },
    };
    match (major.parse(), minor.parse()) {
        (Ok(major), Ok(minor)) => (stability, major, minor, Reverse(String::new())),
        _ => other(),
    }
}

/// The opaque text by which clients see that the storage version changed.
fn storage_version_hash(stored: &GroupVersionKind) -> String {
    let hash = Sha256::digest(format!("{}/{}/{}", stored.group, stored.version, stored.kind));
    STANDARD.encode(&hash[..8])
}

/// An empty object of a built-in type.
fn new(name: &str) -> Struct {
    let name = format!("io.k8s.{name}");
    Struct::new(TypeRef::Static(builtin::by_name(&name).expect("discovery's types are in the table")))
}

fn strings(texts: &[Text]) -> Value {
    Value::List(texts.iter().map(|text| Value::string(text.as_ref())).collect())
}

#[cfg(test)]
mod tests;
