//! Environment variables, and the references that they and volumes make to fields and resources.

use mizzen_schema::value::Value;

use super::each;
use crate::field::{FieldError, Path};
use crate::name;
use crate::validate::check::{Errors, complain, list, no_backsteps, quantity, required, some, text};

pub(super) fn variables(errors: &mut Errors, path: &Path<'_>, container: &Value) {
    for (at, variable) in list(container, "env").iter().enumerate() {
        let path = path.index(at);
        let name = text(variable, "name");
        if required(errors, &path.child("name"), name) {
            complain(errors, &path.child("name"), name, name::env_var_name(name));
        }
        if let Some(source) = some(variable, "valueFrom") {
            value_from(errors, &path.child("valueFrom"), source, text(variable, "value"));
        }
    }
}

/// What `fieldRef` of an environment variable may name.
const ENV_FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
/// What `fieldRef` of a file may name.
const FILE_FIELDS: [&str; 5] =
    ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];
/// What `resourceFieldRef` may name.
const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

fn value_from(errors: &mut Errors, path: &Path<'_>, source: &Value, value: &str) {
    let mut count = 0;
    if let Some(reference) = some(source, "fieldRef") {
        count += 1;
        field_reference(errors, &path.child("fieldRef"), reference, false);
    }
    if let Some(reference) = some(source, "resourceFieldRef") {
        count += 1;
        resource_reference(errors, &path.child("resourceFieldRef"), reference, false);
    }
    for field in ["configMapKeyRef", "secretKeyRef"] {
        if let Some(reference) = some(source, field) {
            count += 1;
            key_reference(errors, &path.child(field), reference);
        }
    }
    if let Some(reference) = some(source, "fileKeyRef") {
        count += 1;
        file_key_reference(errors, &path.child("fileKeyRef"), reference);
    }
    if count == 0 {
        let detail = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or \
                      `fileKeyRef`";
        errors.push(FieldError::invalid(path, "", detail));
    } else if !value.is_empty() {
        errors.push(FieldError::invalid(path, "", "may not be specified when `value` is not empty"));
    } else if count > 1 {
        errors.push(FieldError::invalid(path, "", "may not have more than one field specified at a time"));
    }
}

/// `metadata.labels['key']`: the map and the key.
fn subscript(path: &str) -> Option<(&str, &str)> {
    let (map, rest) = path.split_once("['")?;
    Some((map, rest.strip_suffix("']")?))
}

/// Fields by which a pod can be told, in any of its parts.
fn is_pod_field(path: &str) -> bool {
    match subscript(path) {
        Some((map, _)) => matches!(map, "metadata.annotations" | "metadata.labels"),
        None => {
            ENV_FIELDS.contains(&path)
                || matches!(
                    path,
                    "metadata.annotations"
                        | "metadata.labels"
                        | "spec.restartPolicy"
                        | "spec.schedulerName"
                        | "status.phase"
                )
        }
    }
}

/// A field of the pod, by path.
pub(in crate::validate) fn field_reference(
    errors: &mut Errors,
    path: &Path<'_>,
    reference: &Value,
    in_volume: bool,
) {
    if !required(errors, &path.child("apiVersion"), text(reference, "apiVersion")) {
        return;
    }
    let wanted = text(reference, "fieldPath");
    let field_path = path.child("fieldPath");
    if !required(errors, &field_path, wanted) {
        return;
    }
    if text(reference, "apiVersion") != "v1" {
        let version = text(reference, "apiVersion");
        let detail = format!("error converting fieldPath: unsupported pod version: {version}");
        errors.push(FieldError::invalid(&field_path, wanted, detail));
        return;
    }
    // An old name of the same field.
    let wanted = if wanted == "spec.host" { "spec.nodeName" } else { wanted };
    if !is_pod_field(wanted) {
        let what = if subscript(wanted).is_some() { "does not support subscript" } else { "not supported" };
        let detail = format!("error converting fieldPath: field label {what}: {wanted}");
        errors.push(FieldError::invalid(&field_path, wanted, detail));
        return;
    }
    match subscript(wanted) {
        Some(("metadata.annotations", key)) => {
            complain(errors, path, &key.to_lowercase(), name::qualified_name(&key.to_lowercase()));
        }
        Some((_, key)) => complain(errors, path, key, name::qualified_name(key)),
        None => {
            let fields: &[&str] = if in_volume { &FILE_FIELDS } else { &ENV_FIELDS };
            if !fields.contains(&wanted) {
                errors.push(FieldError::not_supported(&field_path, wanted, fields));
            }
        }
    }
}

fn is_hugepages(resource: &str) -> bool {
    ["limits.hugepages-", "requests.hugepages-"].iter().any(|prefix| resource.starts_with(prefix))
}

/// A resource of a container.
pub(in crate::validate) fn resource_reference(
    errors: &mut Errors,
    path: &Path<'_>,
    reference: &Value,
    in_volume: bool,
) {
    let resource = text(reference, "resource");
    if in_volume && text(reference, "containerName").is_empty() {
        errors.push(FieldError::required(&path.child("containerName"), ""));
    } else if required(errors, &path.child("resource"), resource)
        && !RESOURCES.contains(&resource)
        && !is_hugepages(resource)
    {
        errors.push(FieldError::not_supported(&path.child("resource"), resource, &RESOURCES));
    }
    divisor(errors, path, resource, reference);
}

const BYTES: [&str; 13] = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

fn divisor(errors: &mut Errors, path: &Path<'_>, resource: &str, reference: &Value) {
    let Some(divisor) = some(reference, "divisor").filter(|divisor| !quantity(divisor).is_zero()) else {
        return;
    };
    let text = divisor.as_str().unwrap_or_default();
    let path = path.child("divisor");
    let what = match resource {
        "limits.cpu" | "requests.cpu" => {
            if !matches!(text, "1m" | "1") {
                let detail = "only divisor's values 1m and 1 are supported with the cpu resource";
                errors.push(FieldError::invalid(&path, resource, detail));
            }
            return;
        }
        "limits.memory" | "requests.memory" => "memory",
        "limits.ephemeral-storage" | "requests.ephemeral-storage" => "local ephemeral storage",
        resource if is_hugepages(resource) => "hugepages",
        _ => return,
    };
    if !BYTES.contains(&text) {
        let detail =
            format!("only divisor's values {} are supported with the {what} resource", BYTES.join(", "));
        errors.push(FieldError::invalid(&path, resource, detail));
    }
}

fn key_reference(errors: &mut Errors, path: &Path<'_>, reference: &Value) {
    let name = text(reference, "name");
    complain(errors, &path.child("name"), name, name::dns_1123_subdomain(name));
    let key = text(reference, "key");
    if required(errors, &path.child("key"), key) {
        complain(errors, &path.child("key"), key, name::config_map_key(key));
    }
}

fn file_key_reference(errors: &mut Errors, path: &Path<'_>, reference: &Value) {
    let key = text(reference, "key");
    if required(errors, &path.child("key"), key) {
        complain(errors, &path.child("key"), key, name::env_var_name(key));
    }
    let volume = text(reference, "volumeName");
    if required(errors, &path.child("volumeName"), volume) {
        complain(errors, &path.child("volumeName"), volume, name::dns_1123_label(volume));
    }
    let file = text(reference, "path");
    if required(errors, &path.child("path"), file) {
        no_backsteps(errors, &path.child("path"), file);
    }
}

/// Files with variables are kept in `emptyDir` volumes of the pod.
pub(in crate::validate) fn file_volumes(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    for (field, at, container) in each(spec) {
        for (index, variable) in list(container, "env").iter().enumerate() {
            let Some(reference) = variable.path(&["valueFrom", "fileKeyRef"]) else { continue };
            let name = text(reference, "volumeName");
            let containers = path.child(field);
            let variables = containers.index(at);
            let variables = variables.child("env");
            let variable = variables.index(index);
            let path = variable.child("valueFrom.fileKeyRef.volumeName");
            // The last of those with this name is the one looked at.
            match list(spec, "volumes").iter().rfind(|volume| text(volume, "name") == name) {
                None => errors.push(FieldError::not_found(&path, name)),
                Some(volume) if some(volume, "emptyDir").is_none() => {
                    let detail = "referenced volume must be of type emptyDir";
                    errors.push(FieldError::invalid(&path, name, detail));
                }
                Some(_) => {}
            }
        }
    }
}

/// Errors about the number of sources name the list, as Kubernetes' do.
pub(super) fn sources(errors: &mut Errors, path: &Path<'_>, container: &Value) {
    for (at, source) in list(container, "envFrom").iter().enumerate() {
        let path_at = path.index(at);
        let prefix = text(source, "prefix");
        if !prefix.is_empty() {
            complain(errors, &path_at.child("prefix"), prefix, name::env_var_name(prefix));
        }
        let mut count = 0;
        for field in ["configMapRef", "secretRef"] {
            if let Some(reference) = some(source, field) {
                count += 1;
                let path = path_at.child(field);
                let name = text(reference, "name");
                if required(errors, &path.child("name"), name) {
                    complain(errors, &path.child("name"), name, name::dns_1123_subdomain(name));
                }
            }
        }
        if count == 0 {
            errors.push(FieldError::invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"));
        } else if count > 1 {
            let detail = "may not have more than one field specified at a time";
            errors.push(FieldError::invalid(path, "", detail));
        }
    }
}
