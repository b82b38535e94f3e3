//! What of a pod's status may change.

use std::net::IpAddr;

use mizzen_schema::value::Value;

use super::annotations;
use crate::field::{FieldError, Path};
use crate::name;
use crate::validate::check::{
    Errors, Seen, complain, immutable, int, is_set, list, one_of, some, text, text_of,
};
use crate::validate::container;
use crate::validate::security::{self, subdomain};

const NOT_NEGATIVE: &str = "must be a non-negative integer";

pub(in crate::validate) fn update_status(errors: &mut Errors, new: &Value, old: &Value) {
    annotations::changes(errors, new, old);
    let path = Path::new("status");
    let empty = Value::Null;
    let (status, before) = (new.get("status").unwrap_or(&empty), old.get("status").unwrap_or(&empty));
    let (spec, spec_before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    conditions(errors, &path.child("conditions"), status);
    if text(spec, "nodeName") != text(spec_before, "nodeName") {
        errors.push(FieldError::forbidden(&path.child("nodeName"), "may not be changed directly"));
    }
    let nominated = text(status, "nominatedNodeName");
    if !nominated.is_empty() && nominated != text(before, "nominatedNodeName") {
        let path = path.child("nominatedNodeName");
        subdomain(errors, &path, nominated);
        if !text(spec_before, "nodeName").is_empty() {
            let detail = "may not be set on pods that are already bound to a node";
            errors.push(FieldError::forbidden(&path, detail));
        }
    }
    if let Some(generation) = int(status, "observedGeneration").filter(|generation| *generation < 0) {
        errors.push(FieldError::invalid(&path.child("observedGeneration"), generation, NOT_NEGATIVE));
    }
    immutable(errors, &path.child("qosClass"), status.get("qosClass"), before.get("qosClass"));
    for field in STATUSES {
        transitions(errors, &path.child(field), list(status, field), list(before, field), spec_before, field);
    }
    claim_statuses(errors, &path.child("resourceClaimStatuses"), status, spec);
    addresses(errors, &path.child("podIPs"), status, before, "podIPs");
    host_addresses(errors, &path.child("hostIPs"), status, before);
    let os = spec.str_at(&["os", "name"]).unwrap_or("linux");
    for field in STATUSES {
        users(errors, &path.child(field), list(status, field), os);
    }
    for (field, containers) in
        [("containerStatuses", "containers"), ("initContainerStatuses", "initContainers")]
    {
        allocated(errors, &path.child(field), list(status, field), list(spec, containers));
    }
    let ephemeral = path.child("ephemeralContainerStatuses");
    for (at, one) in list(status, "ephemeralContainerStatuses").iter().enumerate() {
        if !list(one, "allocatedResourcesStatus").is_empty() {
            let detail = "must not be specified in container status";
            let path = ephemeral.index(at);
            errors.push(FieldError::forbidden(&path.child("allocatedResourcesStatus"), detail));
        }
    }
}

const STATUSES: [&str; 3] = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];

fn conditions(errors: &mut Errors, path: &Path<'_>, status: &Value) {
    for (at, condition) in list(status, "conditions").iter().enumerate() {
        let path = path.index(at);
        if let Some(generation) = int(condition, "observedGeneration").filter(|generation| *generation < 0) {
            errors.push(FieldError::invalid(&path.child("observedGeneration"), generation, NOT_NEGATIVE));
        }
        let kind = text(condition, "type");
        if !matches!(kind, "PodScheduled" | "Ready" | "Initialized") {
            // As Kubernetes names it.
            complain(errors, &path.child("Type"), kind, name::qualified_name(kind));
        }
    }
}

/// Containers that have ended for good do not run again.
fn transitions(
    errors: &mut Errors,
    path: &Path<'_>,
    new: &[Value],
    old: &[Value],
    spec: &Value,
    field: &str,
) {
    let containers = match field {
        "containerStatuses" => list(spec, "containers"),
        "initContainerStatuses" => list(spec, "initContainers"),
        _ => &[],
    };
    for (at, before) in old.iter().enumerate() {
        let Some(ended) = before.path(&["state", "terminated"]) else { continue };
        let name = text(before, "name");
        let runs_again =
            |one: &&Value| text(one, "name") == name && one.path(&["state", "terminated"]).is_none();
        if new.iter().find(runs_again).is_none() {
            continue;
        }
        let code = int(ended, "exitCode").unwrap_or_default();
        let allowed = containers
            .iter()
            .find(|container| text(container, "name") == name)
            .is_some_and(|container| container::restarts(container, spec, code));
        if !allowed {
            let detail = "may not be transitioned to non-terminated state";
            errors.push(FieldError::forbidden(&path.index(at).child("state"), detail));
        }
    }
}

fn claim_statuses(errors: &mut Errors, path: &Path<'_>, status: &Value, spec: &Value) {
    let claims = list(spec, "resourceClaims");
    let mut seen = Seen::new();
    for (at, one) in list(status, "resourceClaimStatuses").iter().enumerate() {
        let path = path.index(at);
        let name = text(one, "name");
        if !claims.iter().any(|claim| text(claim, "name") == name) {
            let detail = "must match the name of an entry in `spec.resourceClaims`";
            errors.push(FieldError::invalid(&path.child("name"), name, detail));
        }
        if !seen.insert(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        if let Some(claim) = text_of(one, "resourceClaimName") {
            // As Kubernetes names it.
            subdomain(errors, &path.child("name"), claim);
        }
    }
}

/// New addresses are valid, and at most one of each family.
fn addresses(errors: &mut Errors, path: &Path<'_>, status: &Value, before: &Value, field: &str) {
    let kept = |ip: &str| list(before, field).iter().any(|old| text(old, "ip") == ip);
    for (at, entry) in list(status, field).iter().enumerate() {
        let ip = text(entry, "ip");
        if !kept(ip) {
            complain(errors, &path.index(at), ip, name::ip(ip));
        }
    }
    let all = list(status, field);
    if all.len() < 2 {
        return;
    }
    let six = |entry: &Value| text(entry, "ip").parse::<IpAddr>().map(|ip| ip.is_ipv6());
    let pair = all.len() == 2
        && match (six(&all[0]), six(&all[1])) {
            (Ok(first), Ok(second)) => first != second,
            _ => false,
        };
    if !pair {
        let detail = "may specify no more than one IP for each IP family";
        errors.push(FieldError::invalid(path, status.get(field), detail));
    }
}

fn host_addresses(errors: &mut Errors, path: &Path<'_>, status: &Value, before: &Value) {
    let Some(first) = list(status, "hostIPs").first() else { return };
    if text(status, "hostIP") != text(first, "ip") {
        let detail = "must be equal to `hostIP`";
        errors.push(FieldError::invalid(&path.index(0).child("ip"), text(first, "ip"), detail));
    }
    addresses(errors, path, status, before, "hostIPs");
}

fn users(errors: &mut Errors, path: &Path<'_>, statuses: &[Value], os: &str) {
    for (at, status) in statuses.iter().enumerate() {
        let Some(user) = status.path(&["user", "linux"]) else { continue };
        let path = path.index(at);
        let path = path.child("user.linux");
        if os == "windows" {
            errors.push(FieldError::forbidden(&path, "cannot be set for a windows pod"));
            continue;
        }
        for field in ["uid", "gid"] {
            security::identity(errors, &path.child(field), int(user, field).unwrap_or_default());
        }
        for (at, group) in list(user, "supplementalGroups").iter().filter_map(Value::as_i64).enumerate() {
            security::identity(errors, &path.child("supplementalGroups").index(at), group);
        }
    }
}

/// The health of devices that a container has.
fn allocated(errors: &mut Errors, path: &Path<'_>, statuses: &[Value], containers: &[Value]) {
    for (at, status) in statuses.iter().enumerate() {
        let container = containers.iter().find(|container| text(container, "name") == text(status, "name"));
        let path = path.index(at);
        let path = path.child("allocatedResourcesStatus");
        for (at, resource) in list(status, "allocatedResourcesStatus").iter().enumerate() {
            let path = path.index(at);
            if let Some(container) = container {
                allocated_name(errors, &path.child("name"), text(resource, "name"), container);
            }
            let path = path.child("resources");
            let mut seen = Seen::new();
            for (at, device) in list(resource, "resources").iter().enumerate() {
                let path = path.index(at);
                let health = text(device, "health");
                one_of(errors, &path.child("health"), health, &["Healthy", "Unhealthy", "Unknown"]);
                let id = text(device, "resourceID");
                if !seen.insert(id) {
                    errors.push(FieldError::duplicate(&path.child("resourceID"), id));
                }
            }
        }
    }
}

fn allocated_name(errors: &mut Errors, path: &Path<'_>, name: &str, container: &Value) {
    let Some(claim) = name.strip_prefix("claim:") else {
        if container.path(&["resources", "requests", name]).is_none() {
            let detail = "must match one of the container's resource requests";
            errors.push(FieldError::invalid(path, name, detail));
        }
        return;
    };
    let (wanted, request) = claim.split_once('/').unwrap_or((claim, ""));
    let claims = some(container, "resources").map(|resources| list(resources, "claims")).unwrap_or_default();
    let known = claims.iter().any(|own| {
        text(own, "name") == wanted
            && if claim.contains('/') { text(own, "request") == request } else { !is_set(own, "request") }
    });
    if !known {
        let detail = "must match one of the container's resource claims in a format \
                      'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
        errors.push(FieldError::invalid(path, name, detail));
    }
}
