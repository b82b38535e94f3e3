//! Pods and pod templates, and how they may change.

mod annotations;
mod resize;
mod status;
mod update;

use mizzen_schema::value::{Struct, Value};

use super::check::{
    Errors, Seen, complain, flag, int, is_set, labels, list, required, required_one_of, some, text, text_of,
    texts,
};
use super::container::{self, Pod, image_whitespace};
use super::security::subdomain;
use super::{meta, os, resources, scheduling, security, volume};
use crate::field::{FieldError, Path};
use crate::name;

pub(super) use resize::update_resize;
pub(super) use status::update_status;
pub(super) use update::{difference, same_struct, update, update_ephemeral};

const MIRROR: &str = "kubernetes.io/config.mirror";
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
    annotations::agree_with_fields(errors, &path, object, spec);
}

/// What every pod must be, beyond its metadata.
fn whole(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let metadata = Path::new("metadata");
    annotations::check(errors, &metadata.child("annotations"), object, spec);
    let owner =
        Owner { name: crate::meta::name(object), mirror: crate::meta::annotation(object, MIRROR).is_some() };
    self::spec(errors, &path, spec, Some(owner));
    if text(spec, "serviceAccountName").is_empty() {
        tokens_without_account(errors, &path, spec);
    }
    for field in ["containers", "initContainers"] {
        let path = path.child(field);
        for (at, container) in list(spec, field).iter().enumerate() {
            image_whitespace(errors, &path.index(at), container);
        }
    }
}

fn tokens_without_account(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
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

/// What the rules about a spec need to know of the pod that has it; templates have none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner<'a> {
    name: &'a str,
    /// The API's view of a pod that the kubelet has from a file.
    mirror: bool,
}

/// A pod template.
pub(super) fn template(errors: &mut Errors, path: &Path<'_>, template: &Value) {
    meta::template(errors, path, template);
    let empty = Value::Null;
    let spec = template.get("spec").unwrap_or(&empty);
    annotations::check(errors, &path.child("annotations"), template, spec);
    let spec_path = path.child("spec");
    self::spec(errors, &spec_path, spec, None);
    annotations::agree_with_fields(errors, &spec_path, template, spec);
    if !list(spec, "ephemeralContainers").is_empty() {
        let detail = "ephemeral containers not allowed in pod template";
        errors.push(FieldError::forbidden(&spec_path.child("ephemeralContainers"), detail));
    }
}

/// The metadata of a template whose spec is checked with the pods that it makes.
pub(super) fn template_metadata(errors: &mut Errors, path: &Path<'_>, template: &Value) {
    meta::template(errors, path, template);
    let spec = template.get("spec").unwrap_or(&Value::Null);
    annotations::check(errors, &path.child("annotations"), template, spec);
}

/// The spec of a pod or of a template.
fn spec(errors: &mut Errors, path: &Path<'_>, spec: &Value, owner: Option<Owner<'_>>) {
    let grace_period = int(spec, "terminationGracePeriodSeconds");
    if grace_period.is_none() {
        errors.push(FieldError::required(&path.child("terminationGracePeriodSeconds"), ""));
    }
    let name = owner.map(|owner| owner.name).unwrap_or_default();
    let volumes = volume::all(errors, &path.child("volumes"), spec, name);
    resource_claims(errors, &path.child("resourceClaims"), spec, owner);
    container::all(errors, path, Pod { spec, volumes: &volumes, grace_period });
    resources::pod(errors, path, spec);
    host_network(errors, path, spec, owner.is_some());
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
    os::host_process(errors, path, spec);
    security::host_users_rules(errors, path, spec);
    names(errors, path, spec);
    scheduling::tolerations(errors, &path.child("tolerations"), list(spec, "tolerations"));
    host_aliases(errors, &path.child("hostAliases"), spec);
    for field in ["priorityClassName", "runtimeClassName"] {
        let name = text(spec, field);
        if !name.is_empty() || (field == "runtimeClassName" && is_set(spec, field)) {
            subdomain(errors, &path.child(field), name);
        }
    }
    if let Some(policy) = text_of(spec, "preemptionPolicy") {
        let policies = ["PreemptLowerPriority", "Never"];
        required_one_of(errors, &path.child("preemptionPolicy"), policy, &policies);
    }
    resources::overhead(errors, &path.child("overhead"), spec);
    os::rules(errors, path, spec);
    workload_reference(errors, &path.child("workloadRef"), some(spec, "workloadRef"));
    container::file_volumes(errors, path, spec);
}

/// The workload that a pod is scheduled with.
fn workload_reference(errors: &mut Errors, path: &Path<'_>, reference: Option<&Value>) {
    let Some(reference) = reference else { return };
    let (name, group) = (text(reference, "name"), text(reference, "podGroup"));
    subdomain(errors, &path.child("name"), name);
    complain(errors, &path.child("podGroup"), group, name::dns_1123_label(group));
    let key = text(reference, "podGroupReplicaKey");
    if !key.is_empty() {
        complain(errors, &path.child("podGroupReplicaKey"), key, name::dns_1123_label(key));
    }
}

/// Names in a spec, and the deadline between them.
fn names(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    if let Some(override_name) = text_of(spec, "hostnameOverride") {
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

fn resource_claims(errors: &mut Errors, path: &Path<'_>, spec: &Value, owner: Option<Owner<'_>>) {
    let mut names = Seen::new();
    for (at, claim) in list(spec, "resourceClaims").iter().enumerate() {
        if owner.is_some_and(|owner| owner.mirror) {
            errors.push(FieldError::forbidden(&Path::new(""), "static pods do not support resource claims"));
            continue;
        }
        let path = path.index(at);
        let name = text(claim, "name");
        if required(errors, &path.child("name"), name) {
            if names.insert(name) {
                complain(errors, &path.child("name"), name, name::dns_1123_label(name));
            } else {
                errors.push(FieldError::duplicate(&path.child("name"), name));
            }
        }
        let sources = ["resourceClaimName", "resourceClaimTemplateName"];
        match sources.iter().filter(|field| is_set(claim, field)).count() {
            0 => {
                let detail = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`";
                errors.push(FieldError::invalid(&path, claim, detail));
            }
            1 => {}
            _ => {
                let detail =
                    "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
                errors.push(FieldError::invalid(&path, claim, detail));
            }
        }
        for field in sources {
            if let Some(name) = text_of(claim, field) {
                subdomain(errors, &path.child(field), name);
            }
        }
    }
}

/// On the node's network, a port is the same inside and outside; templates may leave that to defaulting.
fn host_network(errors: &mut Errors, path: &Path<'_>, spec: &Value, is_pod: bool) {
    if flag(spec, "hostNetwork") != Some(true) {
        return;
    }
    let containers = path.child("containers");
    for (at, container) in list(spec, "containers").iter().enumerate() {
        let ports = containers.index(at);
        let ports = ports.child("ports");
        for (at, port) in list(container, "ports").iter().enumerate() {
            let host = int(port, "hostPort").unwrap_or_default();
            let own = int(port, "containerPort").unwrap_or_default();
            if (is_pod || host != 0) && host != own {
                let detail = "must match `containerPort` when `hostNetwork` is true";
                errors.push(FieldError::invalid(&ports.index(at).child("hostPort"), host, detail));
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
    let path_searches = path.child("searches");
    if list(config, "searches").len() > 32 {
        let detail = "must not have more than 32 search paths";
        errors.push(FieldError::invalid(&path_searches, config.get("searches"), detail));
    }
    // With a space between each two.
    let length: usize = texts(config, "searches").map(|search| search.len() + 1).sum();
    if length.saturating_sub(1) > 2048 {
        let detail = "must not have more than 2048 characters (including spaces) in the search list";
        errors.push(FieldError::invalid(&path_searches, config.get("searches"), detail));
    }
    for (at, search) in texts(config, "searches").enumerate().filter(|(_, search)| *search != ".") {
        let bare = search.strip_suffix('.').unwrap_or(search);
        let complaints = name::dns_1123_subdomain_with_underscore(bare);
        complain(errors, &path_searches.index(at), bare, complaints);
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
        for (at, host) in texts(alias, "hostnames").enumerate() {
            subdomain(errors, &path.child("hostnames").index(at), host);
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
