//! Pods and pod templates, and how they may change.

use std::collections::BTreeSet;

use mizzen_schema::value::{Struct, Value};

use super::check::{
    Errors, NEGATIVE, complain, flag, int, is_set, labels, list, required, required_one_of, same, some, text,
};
use super::container::{self, Pod, image_whitespace};
use super::security::subdomain;
use super::{meta, resources, scheduling, security, volume};
use crate::field::{FieldError, Path, quote};
use crate::name;
use crate::qos;

const MIRROR: &str = "kubernetes.io/config.mirror";
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";
const DEADLINE_MAX: i64 = i32::MAX as i64;

/// What a new pod must be.
pub(super) fn create(errors: &mut Errors, object: &Value) {
    whole(errors, object);
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    if !list(spec, "ephemeralContainers").is_empty() {
        errors.push(FieldError::forbidden(&path.child("ephemeralContainers"), "cannot be set on create"));
    }
    if !text(spec, "nodeName").is_empty() && !list(spec, "schedulingGates").is_empty() {
        let detail = "cannot be set until all schedulingGates have been cleared";
        errors.push(FieldError::forbidden(&path.child("nodeName"), detail));
    }
}

/// What every pod must be, beyond its metadata.
fn whole(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    annotations(errors, object, spec);
    self::spec(errors, &path, spec);
    if text(spec, "serviceAccountName").is_empty() {
        for (at, volume) in list(spec, "volumes").iter().enumerate() {
            let sources = some(volume, "projected").map(|projected| list(projected, "sources"));
            for (source_at, source) in sources.unwrap_or_default().iter().enumerate() {
                if is_set(source, "serviceAccountToken") {
                    let volumes = path.child("volumes");
                    let volume = volumes.index(at);
                    let sources = volume.child("projected.sources");
                    let source = sources.index(source_at);
                    let detail = "must not be specified when serviceAccountName is not set";
                    errors.push(FieldError::forbidden(&source.child("serviceAccountToken"), detail));
                }
            }
        }
    }
    for field in ["containers", "initContainers"] {
        let path = path.child(field);
        for (at, container) in list(spec, field).iter().enumerate() {
            image_whitespace(errors, &path.index(at), container);
        }
    }
}

fn annotations(errors: &mut Errors, object: &Value, spec: &Value) {
    let path = Path::new("metadata");
    let path = path.child("annotations");
    if let Some(mirror) = crate::meta::annotation(object, MIRROR)
        && text(spec, "nodeName").is_empty()
    {
        let detail = "must set spec.nodeName if mirror pod annotation is set";
        errors.push(FieldError::invalid(&path.key(MIRROR), mirror, detail));
    }
    if let Some(cost) = crate::meta::annotation(object, DELETION_COST) {
        // Canonical: no plus sign, no leading zeros.
        let fine = cost.parse::<i32>().is_ok_and(|number| number.to_string() == cost);
        if !fine {
            errors.push(FieldError::invalid(&path.key(DELETION_COST), cost, "must be a 32bit integer"));
        }
    }
}

/// A pod template.
pub(super) fn template(errors: &mut Errors, path: &Path<'_>, template: &Value) {
    meta::template(errors, &path.child("metadata"), template);
    let empty = Value::Null;
    let spec = template.get("spec").unwrap_or(&empty);
    self::spec(errors, &path.child("spec"), spec);
    if !list(spec, "ephemeralContainers").is_empty() {
        let path = path.child("spec");
        let detail = "ephemeral containers not allowed in pod template";
        errors.push(FieldError::forbidden(&path.child("ephemeralContainers"), detail));
    }
}

/// The spec of a pod or of a template.
pub(super) fn spec(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let grace_period = match int(spec, "terminationGracePeriodSeconds") {
        Some(seconds) => seconds,
        None => {
            errors.push(FieldError::required(&path.child("terminationGracePeriodSeconds"), ""));
            0
        }
    };
    volume::all(errors, &path.child("volumes"), spec);
    resource_claims(errors, &path.child("resourceClaims"), spec);
    let volumes = list(spec, "volumes").iter().map(|volume| (text(volume, "name"), volume)).collect();
    container::all(errors, path, Pod { spec, volumes: &volumes, grace_period });
    resources::pod(errors, path, spec);
    host_network(errors, path, spec);
    let policy = text(spec, "restartPolicy");
    required_one_of(errors, &path.child("restartPolicy"), policy, &["Always", "OnFailure", "Never"]);
    let policy = text(spec, "dnsPolicy");
    let policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    required_one_of(errors, &path.child("dnsPolicy"), policy, &policies);
    labels(errors, &path.child("nodeSelector"), spec, "nodeSelector");
    security::pod(errors, &path.child("securityContext"), spec);
    pull_secrets(errors, &path.child("imagePullSecrets"), spec);
    scheduling::affinity(errors, &path.child("affinity"), some(spec, "affinity"));
    dns_config(errors, &path.child("dnsConfig"), spec);
    for (at, gate) in list(spec, "readinessGates").iter().enumerate() {
        let path = path.child("readinessGates");
        let kind = text(gate, "conditionType");
        complain(errors, &path.index(at).child("conditionType"), kind, name::qualified_name(kind));
    }
    scheduling::gates(errors, &path.child("schedulingGates"), spec);
    scheduling::topology_spread(errors, &path.child("topologySpreadConstraints"), spec);
    security::host_users_rules(errors, path, spec);
    names(errors, path, spec);
    scheduling::tolerations(errors, &path.child("tolerations"), spec);
    host_aliases(errors, &path.child("hostAliases"), spec);
    for field in ["priorityClassName", "runtimeClassName"] {
        let name = text(spec, field);
        if !name.is_empty() || (field == "runtimeClassName" && is_set(spec, field)) {
            subdomain(errors, &path.child(field), name);
        }
    }
    if let Some(policy) = some(spec, "preemptionPolicy").and_then(Value::as_str) {
        let policies = ["PreemptLowerPriority", "Never"];
        required_one_of(errors, &path.child("preemptionPolicy"), policy, &policies);
    }
    resources::overhead(errors, &path.child("overhead"), spec);
    security::os(errors, path, spec);
}

/// Names in a spec, and the deadline between them.
fn names(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let override_name = text(spec, "hostnameOverride");
    if is_set(spec, "hostnameOverride") {
        let path = path.child("hostnameOverride");
        if flag(spec, "setHostnameAsFQDN") == Some(true) {
            errors.push(FieldError::forbidden(&path, "may not be specified when setHostnameAsFQDN is true"));
        }
        if flag(spec, "hostNetwork") == Some(true) {
            errors.push(FieldError::forbidden(&path, "may not be specified when hostNetwork is true"));
        }
        if override_name.len() > 64 {
            errors.push(FieldError::too_long(&path, 64));
        }
        subdomain(errors, &path, override_name);
    }
    for field in ["serviceAccountName", "nodeName"] {
        let name = text(spec, field);
        if !name.is_empty() {
            subdomain(errors, &path.child(field), name);
        }
    }
    if let Some(seconds) = int(spec, "activeDeadlineSeconds")
        && !(1..=DEADLINE_MAX).contains(&seconds)
    {
        let detail = name::out_of_range(1, DEADLINE_MAX);
        errors.push(FieldError::invalid(&path.child("activeDeadlineSeconds"), seconds, detail));
    }
    for field in ["hostname", "subdomain"] {
        let name = text(spec, field);
        if !name.is_empty() {
            complain(errors, &path.child(field), name, name::dns_1123_label(name));
        }
    }
}

fn resource_claims(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let mut names = BTreeSet::new();
    for (at, claim) in list(spec, "resourceClaims").iter().enumerate() {
        let path = path.index(at);
        let name = text(claim, "name");
        if required(errors, &path.child("name"), name) {
            if names.contains(&name) {
                errors.push(FieldError::duplicate(&path.child("name"), name));
            } else {
                complain(errors, &path.child("name"), name, name::dns_1123_label(name));
            }
        }
        names.insert(name);
        let sources = ["resourceClaimName", "resourceClaimTemplateName"];
        match sources.iter().filter(|field| is_set(claim, field)).count() {
            0 => errors.push(FieldError::invalid(
                &path,
                claim,
                "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
            )),
            1 => {}
            _ => errors.push(FieldError::invalid(
                &path,
                claim,
                "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
            )),
        }
        for field in sources {
            if let Some(name) = some(claim, field).and_then(Value::as_str) {
                subdomain(errors, &path.child(field), name);
            }
        }
    }
}

fn host_network(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    if flag(spec, "hostNetwork") != Some(true) {
        return;
    }
    for field in ["containers", "initContainers"] {
        let containers = path.child(field);
        for (at, container) in list(spec, field).iter().enumerate() {
            let ports = containers.index(at);
            let ports = ports.child("ports");
            for (at, port) in list(container, "ports").iter().enumerate() {
                let (host, own) = (int(port, "hostPort").unwrap_or_default(), int(port, "containerPort"));
                if host != 0 && Some(host) != own {
                    let detail = "must match `containerPort` when `hostNetwork` is true";
                    let path = ports.index(at);
                    errors.push(FieldError::invalid(&path.child("hostPort"), host, detail));
                }
            }
        }
    }
}

fn pull_secrets(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    for (at, secret) in list(spec, "imagePullSecrets").iter().enumerate() {
        let others = secret.as_struct().into_iter().flat_map(Struct::fields);
        if others.filter(|(_, field, _)| field.json != "name").count() > 0 {
            errors.push(FieldError::invalid(&path.index(at), secret, "only name may be set"));
        }
    }
}

fn dns_config(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let none = text(spec, "dnsPolicy") == "None";
    let Some(config) = some(spec, "dnsConfig") else {
        if none {
            let detail = "must provide `dnsConfig` when `dnsPolicy` is None";
            errors.push(FieldError::required(path, detail));
        }
        return;
    };
    let servers = list(config, "nameservers");
    if none && servers.is_empty() {
        let detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
        errors.push(FieldError::required(&path.child("nameservers"), detail));
        return;
    }
    if servers.len() > 3 {
        let detail = "must not have more than 3 nameservers";
        errors.push(FieldError::invalid(&path.child("nameservers"), config.get("nameservers"), detail));
    }
    for (at, server) in servers.iter().filter_map(Value::as_str).enumerate() {
        complain(errors, &path.child("nameservers").index(at), server, name::ip(server));
    }
    let searches: Vec<&str> = list(config, "searches").iter().filter_map(Value::as_str).collect();
    let path_searches = path.child("searches");
    if searches.len() > 32 {
        let detail = "must not have more than 32 search paths";
        errors.push(FieldError::invalid(&path_searches, config.get("searches"), detail));
    }
    if searches.join(" ").len() > 2048 {
        let detail = "must not have more than 2048 characters (including spaces) in the search list";
        errors.push(FieldError::invalid(&path_searches, config.get("searches"), detail));
    }
    for (at, search) in searches.iter().enumerate() {
        // A dot alone and one at the end are fine; so are underscores, which resolvers know.
        let bare = search.strip_suffix('.').unwrap_or(search);
        if !bare.is_empty() && *search != "." {
            let plain: String =
                bare.split('.').map(|label| label.replace('_', "a")).collect::<Vec<_>>().join(".");
            let complaints = name::dns_1123_subdomain(&plain);
            complain(errors, &path_searches.index(at), *search, complaints);
        }
    }
    for (at, option) in list(config, "options").iter().enumerate() {
        if text(option, "name").is_empty() {
            errors.push(FieldError::required(&path.child("options").index(at), "must not be empty"));
        }
    }
}

fn host_aliases(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    for (at, alias) in list(spec, "hostAliases").iter().enumerate() {
        let path = path.index(at);
        let ip = text(alias, "ip");
        complain(errors, &path.child("ip"), ip, name::ip(ip));
        for host in list(alias, "hostnames").iter().filter_map(Value::as_str) {
            subdomain(errors, &path.child("hostnames"), host);
        }
    }
}

/// What of a pod may change: images, the deadline, more tolerations, fewer gates, and for pods that wait behind a
/// gate, where they may run.
pub(super) fn update(errors: &mut Errors, new: &Value, old: &Value) {
    whole(errors, new);
    annotation_changes(errors, new, old);
    let path = Path::new("spec");
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    for field in ["containers", "initContainers"] {
        if list(spec, field).len() != list(before, field).len() {
            errors.push(FieldError::forbidden(
                &path.child(field),
                "pod updates may not add or remove containers",
            ));
            return;
        }
    }
    if !deadline(errors, &path.child("activeDeadlineSeconds"), spec, before) {
        return;
    }
    added_tolerations(errors, &path.child("tolerations"), spec, before);
    let had: Vec<&str> = list(before, "schedulingGates").iter().map(|gate| text(gate, "name")).collect();
    for (at, gate) in list(spec, "schedulingGates").iter().enumerate() {
        let gate = text(gate, "name");
        if !had.contains(&gate) {
            let path = path.child("schedulingGates");
            let detail = format!("only deletion is allowed, but found new scheduling gate '{gate}'");
            errors.push(FieldError::forbidden(&path.index(at).child("name"), detail));
        }
    }
    if spec == before {
        return;
    }
    let mut comparable = spec.clone();
    keep_mutable(&mut comparable, before);
    if !had.is_empty() {
        gated(errors, &path, &mut comparable, before);
    }
    if !same_struct(&comparable, before) {
        let detail = format!(
            "pod updates may not change fields other than `spec.containers[*].image`,\
             `spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to \
             existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was \
             previously negative)\n{}",
            difference(before, &comparable)
        );
        errors.push(FieldError::forbidden(&path, detail));
    }
}

/// Equal, where fields that are unset and empty are alike.
fn same_struct(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_struct(), b.as_struct()) else { return a == b };
    let differs = |from: &Struct, other: &Struct| {
        from.fields().any(|(number, _, value)| !same(Some(value), other.at(number)))
    };
    !differs(a, b) && !differs(b, a)
}

/// The members that differ, a line for each side.
fn difference(old: &Value, new: &Value) -> String {
    let mut out = String::new();
    let (Some(old), Some(new)) = (old.as_struct(), new.as_struct()) else { return out };
    let show = |out: &mut String, sign: char, name: &str, value: Option<&Value>| {
        if let Some(value) = value {
            out.push_str(&format!("{sign} {name}: {}\n", crate::field::Shown::Tree(value)));
        }
    };
    for (number, field) in (0..=u16::MAX).zip(old.ty().fields.iter()) {
        if !same(old.at(number), new.at(number)) {
            show(&mut out, '-', &field.json, old.at(number));
            show(&mut out, '+', &field.json, new.at(number));
        }
    }
    out
}

/// Puts back what may change.
fn keep_mutable(spec: &mut Value, before: &Value) {
    for field in ["containers", "initContainers"] {
        if let Some(Value::List(containers)) = spec.get_mut(field) {
            for (container, before) in containers.iter_mut().zip(list(before, field)) {
                put_back(container, before, "image");
            }
        }
    }
    for field in ["activeDeadlineSeconds", "schedulingGates", "tolerations"] {
        put_back(spec, before, field);
    }
    let seconds = "terminationGracePeriodSeconds";
    if int(before, seconds).is_some_and(|seconds| seconds < 0) && int(spec, seconds) == Some(1) {
        put_back(spec, before, seconds);
    }
}

fn put_back(value: &mut Value, before: &Value, field: &str) {
    let Some(fields) = value.as_struct_mut() else { return };
    match before.get(field) {
        Some(before) => {
            fields.set(field, before.clone());
        }
        None => {
            fields.remove(field);
        }
    }
}

/// Pods behind a scheduling gate may narrow where they run.
fn gated(errors: &mut Errors, path: &Path<'_>, spec: &mut Value, before: &Value) {
    if !same(spec.get("nodeSelector"), before.get("nodeSelector")) {
        let kept = super::check::entries(before, "nodeSelector")
            .all(|(key, value)| spec.path(&["nodeSelector", key]) == Some(value));
        if !kept {
            let detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
            errors.push(FieldError::invalid(&path.child("nodeSelector"), spec.get("nodeSelector"), detail));
        }
        put_back(spec, before, "nodeSelector");
    }
    let node = ["affinity", "nodeAffinity"];
    if spec.path(&node) != before.path(&node) {
        let path = path.child("affinity.nodeAffinity");
        node_affinity_change(errors, &path, spec.path(&node), before.path(&node));
        match (spec.get_mut("affinity"), before.get("affinity")) {
            (Some(affinity), Some(before)) => put_back(affinity, before, "nodeAffinity"),
            (Some(affinity), None) => {
                if let Some(fields) = affinity.as_struct_mut() {
                    fields.remove("nodeAffinity");
                }
                if affinity.is_zero() {
                    put_back(spec, before, "affinity");
                }
            }
            (None, Some(_)) => put_back(spec, before, "affinity"),
            (None, None) => {}
        }
    }
}

fn node_affinity_change(errors: &mut Errors, path: &Path<'_>, new: Option<&Value>, old: Option<&Value>) {
    let terms = |affinity: Option<&Value>| -> Vec<Value> {
        affinity
            .and_then(|affinity| {
                affinity.path(&["requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"])
            })
            .map(|terms| terms.items().to_vec())
            .unwrap_or_default()
    };
    let (new, old) = (terms(new), terms(old));
    if old.is_empty() {
        return;
    }
    let path = path.child("requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms");
    if new.len() != old.len() {
        let detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
        errors.push(FieldError::invalid(&path, &Value::List(new), detail));
        return;
    }
    for (at, (term, before)) in new.iter().zip(&old).enumerate() {
        let kept = ["matchExpressions", "matchFields"]
            .iter()
            .all(|field| list(before, field).iter().all(|one| list(term, field).contains(one)));
        // A term without requirements matches nothing; adding some would make it match.
        let empty = list(before, "matchExpressions").is_empty() && list(before, "matchFields").is_empty();
        if !kept || (empty && term != before) {
            let detail = "only additions are allowed (no mutations or deletions)";
            errors.push(FieldError::invalid(&path.index(at), term, detail));
        }
    }
}

fn deadline(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value) -> bool {
    let (new, old) = (int(spec, "activeDeadlineSeconds"), int(before, "activeDeadlineSeconds"));
    match (new, old) {
        (Some(new), _) if !(0..=DEADLINE_MAX).contains(&new) => {
            errors.push(FieldError::invalid(path, new, name::out_of_range(0, DEADLINE_MAX)));
            return false;
        }
        (Some(new), Some(old)) if old < new => {
            errors.push(FieldError::invalid(path, new, "must be less than or equal to previous value"));
            return false;
        }
        (None, Some(_)) => {
            let detail = "must not update from a positive integer to nil value";
            errors.push(FieldError::invalid(path, None, detail));
        }
        _ => {}
    }
    true
}

fn added_tolerations(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value) {
    let bare = |toleration: &Value| {
        let mut toleration = toleration.clone();
        if let Some(fields) = toleration.as_struct_mut() {
            fields.remove("tolerationSeconds");
        }
        toleration
    };
    let new: Vec<Value> = list(spec, "tolerations").iter().map(bare).collect();
    if list(before, "tolerations").iter().any(|old| !new.contains(&bare(old))) {
        let detail = "existing toleration can not be modified except its tolerationSeconds";
        errors.push(FieldError::forbidden(path, detail));
    }
}

fn annotation_changes(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("metadata");
    let path = path.child("annotations");
    let app_armor = |key: &str| key.starts_with("container.apparmor.security.beta.kubernetes.io/");
    for (key, value) in crate::meta::annotations(old) {
        if crate::meta::annotation(new, key) == Some(value) {
            continue;
        }
        if app_armor(key) {
            let detail = "may not remove or update AppArmor annotations";
            errors.push(FieldError::forbidden(&path.key(key), detail));
        }
        if key == MIRROR {
            let detail = "may not remove or update mirror pod annotation";
            errors.push(FieldError::forbidden(&path.key(key), detail));
        }
    }
    for (key, _) in crate::meta::annotations(new) {
        if crate::meta::annotation(old, key).is_some() {
            continue;
        }
        if app_armor(key) {
            errors.push(FieldError::forbidden(&path.key(key), "may not add AppArmor annotations"));
        }
        if key == MIRROR {
            errors.push(FieldError::forbidden(&path.key(key), "may not add mirror pod annotation"));
        }
    }
}

/// What of a pod's status may change.
pub(super) fn update_status(errors: &mut Errors, new: &Value, old: &Value) {
    annotation_changes(errors, new, old);
    if new.str_at(&["spec", "nodeName"]) != old.str_at(&["spec", "nodeName"]) {
        let path = Path::new("status");
        errors.push(FieldError::forbidden(&path.child("nodeName"), "may not be changed directly"));
    }
    let path = Path::new("status");
    let empty = Value::Null;
    let (status, before) = (new.get("status").unwrap_or(&empty), old.get("status").unwrap_or(&empty));
    let nominated = text(status, "nominatedNodeName");
    if !nominated.is_empty() {
        subdomain(errors, &path.child("nominatedNodeName"), nominated);
    }
    if int(status, "observedGeneration").is_some_and(|generation| generation < 0) {
        let generation = int(status, "observedGeneration").unwrap_or_default();
        let detail = "must be a non-negative integer";
        errors.push(FieldError::invalid(&path.child("observedGeneration"), generation, detail));
    }
    let policy = new.str_at(&["spec", "restartPolicy"]).unwrap_or_default();
    if policy != "Always" && is_final(text(before, "phase")) {
        let detail = "may not be transitioned to non-terminated state";
        for field in ["containerStatuses", "initContainerStatuses"] {
            let path = path.child(field);
            for (at, status) in list(status, field).iter().enumerate() {
                let name = text(status, "name");
                let old = list(before, field).iter().find(|status| text(status, "name") == name);
                let ended = old.is_some_and(|old| old.path(&["state", "terminated"]).is_some());
                if ended && status.path(&["state", "terminated"]).is_none() {
                    let path = path.index(at);
                    errors.push(FieldError::forbidden(&path.child("state"), detail));
                }
            }
        }
    }
    for field in ["podIPs", "hostIPs"] {
        let path = path.child(field);
        for (at, entry) in list(status, field).iter().enumerate() {
            let ip = text(entry, "ip");
            complain(errors, &path.index(at), ip, name::ip(ip));
        }
    }
    for (at, condition) in list(status, "conditions").iter().enumerate() {
        let path = path.child("conditions");
        let kind = text(condition, "type");
        complain(errors, &path.index(at).child("type"), kind, name::qualified_name(kind));
    }
}

fn is_final(phase: &str) -> bool {
    matches!(phase, "Succeeded" | "Failed")
}

/// Ephemeral containers may be added, never changed or taken away.
pub(super) fn update_ephemeral(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("spec");
    let path = path.child("ephemeralContainers");
    if crate::meta::annotation(new, MIRROR).is_some() {
        errors.push(FieldError::forbidden(&Path::new(""), "static pods do not support ephemeral containers"));
        return;
    }
    whole(errors, new);
    let empty = Value::Null;
    let after = list(new.get("spec").unwrap_or(&empty), "ephemeralContainers");
    for container in list(old.get("spec").unwrap_or(&empty), "ephemeralContainers") {
        let name = text(container, "name");
        match after.iter().find(|other| text(other, "name") == name) {
            None => {
                let detail = format!("existing ephemeral containers {} may not be removed\n", quote(name));
                errors.push(FieldError::forbidden(&path, detail));
            }
            Some(changed) if !same_struct(changed, container) => {
                let detail = format!(
                    "existing ephemeral containers {} may not be changed\n{}",
                    quote(name),
                    difference(container, changed)
                );
                errors.push(FieldError::forbidden(&path, detail));
            }
            Some(_) => {}
        }
    }
}

/// Only CPU and memory of containers may change by a resize, and not the pod's class of service.
pub(super) fn update_resize(errors: &mut Errors, new: &Value, old: &Value) {
    if crate::meta::annotation(new, MIRROR).is_some() {
        errors.push(FieldError::forbidden(&Path::new(""), "static pods cannot be resized"));
        return;
    }
    let path = Path::new("spec");
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    if spec.str_at(&["os", "name"]) == Some("windows") {
        errors.push(FieldError::forbidden(&Path::new(""), "windows pods cannot be resized"));
        return;
    }
    whole(errors, new);
    if qos::class(spec) != qos::class(before) {
        let detail = "Pod QOS Class may not change as a result of resizing";
        errors.push(FieldError::invalid(&path, qos::class(spec).name(), detail));
    }
    for field in ["containers", "initContainers"] {
        let (now, then) = (list(spec, field), list(before, field));
        let path = path.child(field);
        if now.len() != then.len() {
            let detail = format!("{field} may not be added or removed on resize");
            errors.push(FieldError::forbidden(&path, detail));
            return;
        }
        for (at, (one, other)) in now.iter().zip(then).enumerate() {
            if text(one, "name") != text(other, "name") {
                let detail = format!("{field} may not be renamed or reordered on resize");
                errors.push(FieldError::forbidden(&path.index(at).child("name"), detail));
                return;
            }
            removed_resources(errors, &path.index(at), one, other);
        }
    }
    let mut comparable = spec.clone();
    let restore = |containers: Option<&mut Value>, before: &[Value], all: bool| {
        let Some(Value::List(containers)) = containers else { return };
        for (container, before) in containers.iter_mut().zip(before) {
            if all || text(before, "restartPolicy") == "Always" {
                restore_compute(container, before);
            }
        }
    };
    restore(comparable.get_mut("containers"), list(before, "containers"), true);
    restore(comparable.get_mut("initContainers"), list(before, "initContainers"), false);
    if !same_struct(&comparable, before) {
        let detail = "only cpu and memory resources are mutable";
        errors.push(FieldError::forbidden(&path, format!("{detail}\n{}", difference(before, &comparable))));
    }
}

fn removed_resources(errors: &mut Errors, path: &Path<'_>, new: &Value, old: &Value) {
    let path = path.child("resources");
    for (list_name, what) in [("requests", "requests"), ("limits", "limits")] {
        let gone = super::check::entries(old.get("resources").unwrap_or(&Value::Null), list_name)
            .any(|(name, _)| new.path(&["resources", list_name, name]).is_none());
        if gone {
            let detail = format!("resource {what} cannot be removed");
            errors.push(FieldError::forbidden(&path.child(list_name), detail));
        }
    }
}

/// Gives CPU and memory their old amounts.
fn restore_compute(container: &mut Value, before: &Value) {
    for list_name in ["requests", "limits"] {
        for resource in ["cpu", "memory"] {
            let old = before.path(&["resources", list_name, resource]).cloned();
            let Some(map) = container.path_mut(&["resources", list_name]).and_then(Value::as_map_mut) else {
                continue;
            };
            match old {
                Some(old) => {
                    map.insert(resource, old);
                }
                None => {
                    map.remove(resource);
                }
            }
        }
        let empty = container.path(&["resources", list_name]).is_some_and(Value::is_zero);
        if empty
            && let Some(resources) = container.get_mut("resources").and_then(Value::as_struct_mut)
            && before.path(&["resources", list_name]).is_none()
        {
            resources.remove(list_name);
        }
    }
}

/// The binding of a pod to a node.
pub(super) fn binding(errors: &mut Errors, object: &Value) {
    let path = Path::new("target");
    let empty = Value::Null;
    let target = object.get("target").unwrap_or(&empty);
    let kind = text(target, "kind");
    if !matches!(kind, "" | "Node") {
        errors.push(FieldError::not_supported(&path.child("kind"), kind, &["Node", "<empty>"]));
    }
    required(errors, &path.child("name"), text(target, "name"));
}

/// A number that may not be negative, in a status.
pub(super) fn status_number(errors: &mut Errors, path: &Path<'_>, status: &Value, field: &str) {
    if let Some(number) = int(status, field).filter(|number| *number < 0) {
        errors.push(FieldError::invalid(&path.child(field), number, NEGATIVE));
    }
}
