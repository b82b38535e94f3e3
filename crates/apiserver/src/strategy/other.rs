//! The smaller groups.

use mizzen_schema::value::Value;
use mizzen_store::Durability;

use super::{Facts, Generation, Rules, field};
use crate::tree;

static CREATE_ON_UPDATE: Rules = Rules { create_on_update: true, ..Rules::DEFAULT };

static GUARDED: Rules = Rules { unconditional_update: false, ..Rules::DEFAULT };

static CONTENT: Rules =
    Rules { generation: Generation::Content, unconditional_update: false, ..Rules::DEFAULT };

static WITH_GENERATION: Rules = Rules::WITH_GENERATION;

static GUARDED_WITH_GENERATION: Rules = Rules { unconditional_update: false, ..Rules::WITH_GENERATION };

static CUSTOM_RESOURCE_DEFINITIONS: Rules = Rules {
    unconditional_update: false,
    prepare_create: store_versions,
    prepare_update: |new, _, facts| store_versions(new, facts),
    ..Rules::WITH_GENERATION
};

static ENDPOINT_SLICES: Rules = Rules { generation: Generation::ContentAndLabels, ..Rules::DEFAULT };

static LEASES: Rules = Rules {
    create_on_update: true,
    unconditional_update: false,
    durability: Durability::Logged,
    ..Rules::DEFAULT
};

static CERTIFICATE_SIGNING_REQUESTS: Rules = Rules {
    fields: &[field("spec.signerName")],
    prepare_create: create_request,
    prepare_update: keep_spec_and_status,
    ..Rules::DEFAULT
};

static RESOURCE_CLAIMS: Rules = Rules { ..Rules::DEFAULT };

static RESOURCE_SLICES: Rules = Rules {
    fields: &[field("spec.nodeName"), field("spec.driver")],
    trigger: "spec.nodeName",
    ..Rules::WITH_GENERATION
};

static POD_CERTIFICATE_REQUESTS: Rules = Rules {
    fields: &[field("spec.signerName"), field("spec.podName"), field("spec.nodeName")],
    ..Rules::DEFAULT
};

static CLUSTER_TRUST_BUNDLES: Rules = Rules { fields: &[field("spec.signerName")], ..Rules::DEFAULT };

pub(super) fn rules(group: &str, plural: &str) -> Option<&'static Rules> {
    Some(match (group, plural) {
        ("events.k8s.io", "events") => &super::core::EVENTS,
        ("coordination.k8s.io", _) => &LEASES,
        ("rbac.authorization.k8s.io", _) => &CREATE_ON_UPDATE,
        ("discovery.k8s.io", "endpointslices") => &ENDPOINT_SLICES,
        ("networking.k8s.io", "ingresses" | "networkpolicies" | "ingressclasses") => &WITH_GENERATION,
        ("policy", "poddisruptionbudgets") => &WITH_GENERATION,
        ("certificates.k8s.io", "certificatesigningrequests") => &CERTIFICATE_SIGNING_REQUESTS,
        ("certificates.k8s.io", "podcertificaterequests") => &POD_CERTIFICATE_REQUESTS,
        ("certificates.k8s.io", "clustertrustbundles") => &CLUSTER_TRUST_BUNDLES,
        ("admissionregistration.k8s.io", _) => &CONTENT,
        ("apiextensions.k8s.io", _) => &CUSTOM_RESOURCE_DEFINITIONS,
        ("apiregistration.k8s.io", _) => &GUARDED,
        ("flowcontrol.apiserver.k8s.io", _) => &GUARDED_WITH_GENERATION,
        ("storage.k8s.io", "csinodes" | "volumeattachments") => &GUARDED,
        ("node.k8s.io", _) => &GUARDED,
        ("resource.k8s.io", "resourceclaims") => &RESOURCE_CLAIMS,
        ("resource.k8s.io", "resourceslices") => &RESOURCE_SLICES,
        ("resource.k8s.io", "deviceclasses") => &WITH_GENERATION,
        _ => return None,
    })
}

/// The storage version of a definition is one of those in which objects may be stored.
fn store_versions(crd: &mut Value, _: Facts<'_>) {
    let versions = crd.path(&["spec", "versions"]).map(Value::items).unwrap_or_default();
    let is_storage = |version: &&Value| version.path(&["storage"]).and_then(Value::as_bool) == Some(true);
    let storage = versions.iter().find(is_storage).and_then(|version| version.str_at(&["name"]));
    let Some(storage) = storage.map(str::to_owned) else { return };
    let mut stored: Vec<String> =
        tree::texts(crd, &["status", "storedVersions"]).into_iter().map(str::to_owned).collect();
    if !stored.contains(&storage) {
        stored.push(storage);
        tree::set_texts(crd, &["status", "storedVersions"], &stored);
    }
}

/// A request for a certificate says who makes it: what the client claims is overwritten.
fn create_request(request: &mut Value, facts: Facts<'_>) {
    let user = facts.user;
    tree::set_text(request, &["spec", "username"], &user.name);
    tree::set_text(request, &["spec", "uid"], &user.uid);
    tree::set_texts(request, &["spec", "groups"], &user.groups);
    tree::remove(request, &["spec", "extra"]);
    for (key, values) in &user.extra {
        let values = values.iter().map(|value| Value::string(value.as_str())).collect();
        tree::set(request, &["spec", "extra", key], Value::List(values));
    }
}

/// A request for a certificate never changes but through status and approval.
fn keep_spec_and_status(new: &mut Value, old: &Value, _: Facts<'_>) {
    tree::copy(new, old, &["spec"]);
    tree::copy(new, old, &["status"]);
}
