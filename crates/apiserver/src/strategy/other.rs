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
    prepare_status: keep_decisions,
    ..Rules::DEFAULT
};

static PRIORITY_CLASSES: Rules = Rules { generation: Generation::First, ..Rules::DEFAULT };

static DEVICE_TAINT_RULES: Rules = Rules {
    prepare_create: |rule, facts| note_taint(rule.path_mut(&["spec", "taint"]), facts),
    prepare_update: |rule, _, facts| note_taint(rule.path_mut(&["spec", "taint"]), facts),
    ..Rules::WITH_GENERATION
};

static RESOURCE_CLAIMS: Rules = Rules { ..Rules::DEFAULT };

static RESOURCE_SLICES: Rules = Rules {
    fields: &[field("spec.nodeName"), field("spec.driver")],
    trigger: "spec.nodeName",
    prepare_create: note_taints,
    prepare_update: |slice, _, facts| note_taints(slice, facts),
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
        ("policy", "poddisruptionbudgets") => &GUARDED_WITH_GENERATION,
        ("scheduling.k8s.io", "priorityclasses") => &PRIORITY_CLASSES,
        ("certificates.k8s.io", "certificatesigningrequests") => &CERTIFICATE_SIGNING_REQUESTS,
        ("certificates.k8s.io", "podcertificaterequests") => &POD_CERTIFICATE_REQUESTS,
        ("certificates.k8s.io", "clustertrustbundles") => &CLUSTER_TRUST_BUNDLES,
        ("admissionregistration.k8s.io", _) => &CONTENT,
        ("apiextensions.k8s.io", _) => &CUSTOM_RESOURCE_DEFINITIONS,
        ("apiregistration.k8s.io", _) => &GUARDED,
        ("flowcontrol.apiserver.k8s.io", _) => &GUARDED_WITH_GENERATION,
        ("storage.k8s.io", "csinodes" | "volumeattachments") => &GUARDED,
        ("storage.k8s.io", "csidrivers") => &super::storage::CSI_DRIVERS,
        ("storagemigration.k8s.io" | "internal.apiserver.k8s.io", _) => &GUARDED,
        ("node.k8s.io", _) => &GUARDED,
        ("resource.k8s.io", "resourceclaims") => &RESOURCE_CLAIMS,
        ("resource.k8s.io", "resourceslices") => &RESOURCE_SLICES,
        ("resource.k8s.io", "deviceclasses") => &WITH_GENERATION,
        ("resource.k8s.io", "devicetaintrules") => &DEVICE_TAINT_RULES,
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

/// A taint tells since when it is there.
fn note_taint(taint: Option<&mut Value>, facts: Facts<'_>) {
    if let Some(taint) = taint
        && taint.path(&["timeAdded"]).is_none_or(Value::is_zero)
    {
        tree::set(taint, &["timeAdded"], tree::time(facts.now));
    }
}

fn note_taints(slice: &mut Value, facts: Facts<'_>) {
    let Some(Value::List(devices)) = slice.path_mut(&["spec", "devices"]) else { return };
    for device in devices {
        let Some(Value::List(taints)) = device.get_mut("taints") else { continue };
        taints.iter_mut().for_each(|taint| note_taint(Some(taint), facts));
    }
}

/// A write to the status of a request for a certificate leaves what was decided as it is (to add or remove a
/// decision is refused), and gives times to what has none.
fn keep_decisions(new: &mut Value, old: &Value, facts: Facts<'_>) {
    let olds = old.path(&["status", "conditions"]).map(Value::items).unwrap_or_default();
    let Some(Value::List(conditions)) = new.path_mut(&["status", "conditions"]) else { return };
    for decision in ["Approved", "Denied"] {
        let is = |condition: &&Value| condition.str_at(&["type"]) == Some(decision);
        let kept = olds.iter().filter(is);
        let given = conditions.iter_mut().filter(|condition| condition.str_at(&["type"]) == Some(decision));
        given.zip(kept).for_each(|(given, kept)| *given = kept.clone());
    }
    for condition in conditions {
        let unset = |condition: &Value, time: &str| condition.get(time).is_none_or(Value::is_zero);
        if unset(condition, "lastUpdateTime") {
            tree::set(condition, &["lastUpdateTime"], tree::time(facts.now));
        }
        if unset(condition, "lastTransitionTime") {
            let known = |old: &&Value| {
                ["type", "status"].iter().all(|member| old.get(member) == condition.get(member))
            };
            let since = olds.iter().find(known).and_then(|old| old.get("lastTransitionTime")).cloned();
            tree::set(condition, &["lastTransitionTime"], since.unwrap_or_else(|| tree::time(facts.now)));
        }
    }
}
