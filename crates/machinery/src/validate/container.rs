//! Containers: ports, environment, mounts, probes and hooks.

use std::collections::{BTreeMap, BTreeSet};

use mizzen_schema::value::Value;

use super::check::{
    Errors, PROTOCOLS, complain, flag, int, is_set, list, local_path, not_negative, one_of, port,
    port_number, quantity, required, required_one_of, some, text,
};
use super::{resources, security};
use crate::field::{FieldError, Path};
use crate::name;

/// What the rules about a container need to know of its pod.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pod<'a> {
    pub(super) spec: &'a Value,
    /// Volumes by name.
    pub(super) volumes: &'a BTreeMap<&'a str, &'a Value>,
    pub(super) grace_period: i64,
}

impl<'a> Pod<'a> {
    fn volume(self, name: &str) -> Option<&'a Value> {
        self.volumes.get(name).copied()
    }
}

/// All containers of the pod: regular, init and ephemeral.
pub(super) fn all(errors: &mut Errors, path: &Path<'_>, pod: Pod<'_>) {
    regular(errors, &path.child("containers"), pod);
    init(errors, &path.child("initContainers"), pod);
    ephemeral(errors, &path.child("ephemeralContainers"), pod);
}

fn regular(errors: &mut Errors, path: &Path<'_>, pod: Pod<'_>) {
    let containers = list(pod.spec, "containers");
    if containers.is_empty() {
        errors.push(FieldError::required(path, ""));
        return;
    }
    let mut names = BTreeSet::new();
    for (at, container) in containers.iter().enumerate() {
        let path = path.index(at);
        common(errors, &path, container, pod);
        let name = text(container, "name");
        if names.contains(&name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        names.insert(name);
        lifecycle(errors, &path.child("lifecycle"), some(container, "lifecycle"), pod);
        probes(errors, &path, container, pod);
        restart_policy(errors, &path, container);
    }
    host_port_conflicts(errors, path, containers);
}

fn init(errors: &mut Errors, path: &Path<'_>, pod: Pod<'_>) {
    let containers = list(pod.spec, "initContainers");
    let mut names: BTreeSet<&str> =
        list(pod.spec, "containers").iter().map(|container| text(container, "name")).collect();
    for (at, container) in containers.iter().enumerate() {
        let path = path.index(at);
        common(errors, &path, container, pod);
        let sidecar = text(container, "restartPolicy") == "Always";
        restart_policy(errors, &path, container);
        let name = text(container, "name");
        if !name.is_empty() && names.contains(&name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        names.insert(name);
        if sidecar {
            lifecycle(errors, &path.child("lifecycle"), some(container, "lifecycle"), pod);
            probes(errors, &path, container, pod);
        } else {
            for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
                if is_set(container, field) {
                    let detail = "may not be set for init containers without restartPolicy=Always";
                    errors.push(FieldError::forbidden(&path.child(field), detail));
                }
            }
            if !list(container, "resizePolicy").is_empty() {
                let path = path.child("resizePolicy");
                errors.push(FieldError::invalid(
                    &path,
                    container.get("resizePolicy"),
                    "must not be set for init containers",
                ));
            }
        }
        // Init containers run one by one: their host ports collide only with their own.
        host_port_conflicts(errors, &path, std::slice::from_ref(container));
    }
}

/// Fields of ephemeral containers that may be set.
const EPHEMERAL: [&str; 16] = [
    "name",
    "image",
    "command",
    "args",
    "workingDir",
    "env",
    "envFrom",
    "volumeMounts",
    "volumeDevices",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "imagePullPolicy",
    "securityContext",
    "stdin",
    "stdinOnce",
    "tty",
];

fn ephemeral(errors: &mut Errors, path: &Path<'_>, pod: Pod<'_>) {
    let containers = list(pod.spec, "ephemeralContainers");
    if containers.is_empty() {
        return;
    }
    let others = || list(pod.spec, "containers").iter().chain(list(pod.spec, "initContainers"));
    let mut names: BTreeSet<&str> = others().map(|container| text(container, "name")).collect();
    for (at, container) in containers.iter().enumerate() {
        let path = path.index(at);
        common(errors, &path, container, pod);
        image_whitespace(errors, &path, container);
        let name = text(container, "name");
        if names.contains(&name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        names.insert(name);
        let target = text(container, "targetContainerName");
        if !target.is_empty() && !others().any(|container| text(container, "name") == target) {
            errors.push(FieldError::not_found(&path.child("targetContainerName"), target));
        }
        let fields = container.as_struct().into_iter().flat_map(mizzen_schema::value::Struct::fields);
        for (_, field, value) in fields {
            let allowed = EPHEMERAL.contains(&&*field.json) || field.json == "targetContainerName";
            if !allowed
                && !super::check::same(Some(value), None)
                && value.as_struct().is_none_or(|set| !set.is_empty())
            {
                let detail = "cannot be set for an Ephemeral Container";
                errors.push(FieldError::forbidden(&path.child(&field.json), detail));
            }
        }
        for (at, mount) in list(container, "volumeMounts").iter().enumerate() {
            for field in ["subPath", "subPathExpr"] {
                if !text(mount, field).is_empty() {
                    let mounts = path.child("volumeMounts");
                    let detail = "cannot be set for an Ephemeral Container";
                    errors.push(FieldError::forbidden(&mounts.index(at).child(field), detail));
                }
            }
        }
    }
}

/// Pods, unlike templates, may not have images with space around them.
pub(super) fn image_whitespace(errors: &mut Errors, path: &Path<'_>, container: &Value) {
    let image = text(container, "image");
    if image.trim() != image {
        let detail = "must not have leading or trailing whitespace";
        errors.push(FieldError::invalid(&path.child("image"), image, detail));
    }
}

fn common(errors: &mut Errors, path: &Path<'_>, container: &Value, pod: Pod<'_>) {
    let name = text(container, "name");
    if required(errors, &path.child("name"), name) {
        complain(errors, &path.child("name"), name, name::dns_1123_label(name));
    }
    required(errors, &path.child("image"), text(container, "image"));
    let policy = text(container, "terminationMessagePolicy");
    required_one_of(
        errors,
        &path.child("terminationMessagePolicy"),
        policy,
        &["File", "FallbackToLogsOnError"],
    );
    ports(errors, &path.child("ports"), container);
    environment(errors, &path.child("env"), container, pod);
    environment_sources(errors, &path.child("envFrom"), container);
    mounts(errors, &path.child("volumeMounts"), container, pod);
    devices(errors, &path.child("volumeDevices"), container, pod);
    let policy = text(container, "imagePullPolicy");
    required_one_of(errors, &path.child("imagePullPolicy"), policy, &["Always", "IfNotPresent", "Never"]);
    resources::container(errors, &path.child("resources"), some(container, "resources"), pod.spec);
    resize_policy(errors, &path.child("resizePolicy"), container, pod);
    security::container(errors, &path.child("securityContext"), some(container, "securityContext"), pod.spec);
}

fn ports(errors: &mut Errors, path: &Path<'_>, container: &Value) {
    let mut names = BTreeSet::new();
    for (at, one) in list(container, "ports").iter().enumerate() {
        let path = path.index(at);
        let name = text(one, "name");
        if !name.is_empty() {
            let complaints = name::port_name(name);
            if complaints.is_empty() && names.contains(&name) {
                errors.push(FieldError::duplicate(&path.child("name"), name));
            }
            complain(errors, &path.child("name"), name, complaints);
            names.insert(name);
        }
        match int(one, "containerPort").unwrap_or_default() {
            0 => errors.push(FieldError::required(&path.child("containerPort"), "")),
            number => port_number(errors, &path.child("containerPort"), number),
        }
        if let Some(number) = int(one, "hostPort").filter(|number| *number != 0) {
            port_number(errors, &path.child("hostPort"), number);
        }
        required_one_of(errors, &path.child("protocol"), text(one, "protocol"), &PROTOCOLS);
    }
}

fn host_port_conflicts(errors: &mut Errors, path: &Path<'_>, containers: &[Value]) {
    let mut seen = BTreeSet::new();
    for (at, container) in containers.iter().enumerate() {
        let ports = path.index(at);
        let ports = ports.child("ports");
        for (at, one) in list(container, "ports").iter().enumerate() {
            let Some(number) = int(one, "hostPort").filter(|number| *number != 0) else { continue };
            let key = format!("{}/{}/{number}", text(one, "protocol"), text(one, "hostIP"));
            if seen.contains(&key) {
                errors.push(FieldError::duplicate(&ports.index(at).child("hostPort"), &key));
            }
            seen.insert(key);
        }
    }
}

fn environment(errors: &mut Errors, path: &Path<'_>, container: &Value, pod: Pod<'_>) {
    for (at, variable) in list(container, "env").iter().enumerate() {
        let path = path.index(at);
        let name = text(variable, "name");
        if name.is_empty() {
            errors.push(FieldError::required(&path.child("name"), ""));
        } else {
            complain(errors, &path.child("name"), name, name::env_var_name(name));
        }
        if let Some(source) = some(variable, "valueFrom") {
            value_from(errors, &path.child("valueFrom"), source, text(variable, "value"), pod);
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
/// What `resourceFieldRef` may name.
const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

fn value_from(errors: &mut Errors, path: &Path<'_>, source: &Value, value: &str, pod: Pod<'_>) {
    let mut count = 0;
    if let Some(reference) = some(source, "fieldRef") {
        count += 1;
        field_reference(errors, &path.child("fieldRef"), reference, &ENV_FIELDS, true);
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
        file_key_reference(errors, &path.child("fileKeyRef"), reference, pod);
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

/// A field of the pod, by path.
pub(super) fn field_reference(
    errors: &mut Errors,
    path: &Path<'_>,
    reference: &Value,
    fields: &[&str],
    in_environment: bool,
) {
    if !required(errors, &path.child("apiVersion"), text(reference, "apiVersion")) {
        return;
    }
    let wanted = text(reference, "fieldPath");
    let path = path.child("fieldPath");
    if !required(errors, &path, wanted) {
        return;
    }
    if let Some((map, key)) = subscript(wanted) {
        match map {
            "metadata.annotations" => complain(errors, &path, key, name::qualified_name(&key.to_lowercase())),
            "metadata.labels" => complain(errors, &path, key, name::qualified_name(key)),
            _ => errors.push(FieldError::invalid(&path, map, "does not support subscript")),
        }
        return;
    }
    let whole_maps = !in_environment && matches!(wanted, "metadata.annotations" | "metadata.labels");
    if !fields.contains(&wanted) && !whole_maps {
        if !is_pod_field(wanted) {
            let detail = format!("error converting fieldPath: field label not supported: {wanted}");
            errors.push(FieldError::invalid(&path, wanted, detail));
        } else {
            let mut supported = fields.to_vec();
            if !in_environment {
                supported.extend(["metadata.annotations", "metadata.labels"]);
                supported.sort_unstable();
            }
            errors.push(FieldError::not_supported(&path, wanted, &supported));
        }
    }
}

/// Fields by which pods can be told, though not all of them in a container.
fn is_pod_field(path: &str) -> bool {
    ENV_FIELDS.contains(&path)
        || matches!(
            path,
            "metadata.annotations"
                | "metadata.labels"
                | "spec.restartPolicy"
                | "spec.schedulerName"
                | "spec.hostNetwork"
                | "status.phase"
                | "status.nominatedNodeName"
        )
}

/// A resource of a container.
pub(super) fn resource_reference(errors: &mut Errors, path: &Path<'_>, reference: &Value, in_volume: bool) {
    if in_volume && text(reference, "containerName").is_empty() {
        errors.push(FieldError::required(&path.child("containerName"), ""));
        return;
    }
    let resource = text(reference, "resource");
    if !required(errors, &path.child("resource"), resource) {
        return;
    }
    let hugepages =
        ["limits.hugepages-", "requests.hugepages-"].iter().any(|prefix| resource.starts_with(prefix));
    if !RESOURCES.contains(&resource) && !hugepages {
        errors.push(FieldError::not_supported(&path.child("resource"), resource, &RESOURCES));
    }
    divisor(errors, path, resource, reference);
}

fn divisor(errors: &mut Errors, path: &Path<'_>, resource: &str, reference: &Value) {
    let Some(divisor) = some(reference, "divisor") else { return };
    if quantity(divisor).is_zero() {
        return;
    }
    let text = divisor.as_str().unwrap_or_default();
    let bytes = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
    let (fine, what) = match resource {
        "limits.cpu" | "requests.cpu" => (matches!(text, "1m" | "1"), "cpu"),
        "limits.memory" | "requests.memory" => (bytes.contains(&text), "memory"),
        "limits.ephemeral-storage" | "requests.ephemeral-storage" => {
            (bytes.contains(&text), "local ephemeral storage")
        }
        _ => (bytes.contains(&text), "hugepages"),
    };
    if !fine {
        let detail = if what == "cpu" {
            "only divisor's values 1m and 1 are supported with the cpu resource".to_owned()
        } else {
            format!("only divisor's values {} are supported with the {what} resource", bytes.join(", "))
        };
        errors.push(FieldError::invalid(&path.child("divisor"), resource, detail));
    }
}

fn key_reference(errors: &mut Errors, path: &Path<'_>, reference: &Value) {
    let name = text(reference, "name");
    if !name.is_empty() {
        complain(errors, &path.child("name"), name, name::dns_1123_subdomain(name));
    }
    let key = text(reference, "key");
    if required(errors, &path.child("key"), key) {
        complain(errors, &path.child("key"), key, name::config_map_key(key));
    }
}

fn file_key_reference(errors: &mut Errors, path: &Path<'_>, reference: &Value, pod: Pod<'_>) {
    let key = text(reference, "key");
    if required(errors, &path.child("key"), key) {
        complain(errors, &path.child("key"), key, name::env_var_name(key));
    }
    let volume = text(reference, "volumeName");
    if required(errors, &path.child("volumeName"), volume) {
        match pod.volume(volume) {
            None => errors.push(FieldError::not_found(&path.child("volumeName"), volume)),
            Some(found) if !is_set(found, "emptyDir") => {
                let detail = "referenced volume must be of type emptyDir";
                errors.push(FieldError::invalid(&path.child("volumeName"), volume, detail));
            }
            Some(_) => {}
        }
    }
    let file = text(reference, "path");
    if required(errors, &path.child("path"), file) {
        local_path(errors, &path.child("path"), file);
    }
}

fn environment_sources(errors: &mut Errors, path: &Path<'_>, container: &Value) {
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
            errors.push(FieldError::invalid(
                path,
                "",
                "may not have more than one field specified at a time",
            ));
        }
    }
}

fn mounts(errors: &mut Errors, path: &Path<'_>, container: &Value, pod: Pod<'_>) {
    let devices = list(container, "volumeDevices");
    let device_names: BTreeSet<&str> = devices.iter().map(|device| text(device, "name")).collect();
    let device_paths: BTreeSet<&str> = devices.iter().map(|device| text(device, "devicePath")).collect();
    let mut paths = BTreeSet::new();
    for (at, mount) in list(container, "volumeMounts").iter().enumerate() {
        let path = path.index(at);
        let (name, target) = (text(mount, "name"), text(mount, "mountPath"));
        required(errors, &path.child("name"), name);
        if pod.volume(name).is_none() {
            errors.push(FieldError::not_found(&path.child("name"), name));
        }
        required(errors, &path.child("mountPath"), target);
        if paths.contains(&target) {
            errors.push(FieldError::invalid(&path.child("mountPath"), target, "must be unique"));
        }
        paths.insert(target);
        if device_names.contains(name) {
            let detail = "must not already exist in volumeDevices";
            errors.push(FieldError::invalid(&path.child("name"), name, detail));
        }
        if device_paths.contains(target) {
            let detail = "must not already exist as a path in volumeDevices";
            errors.push(FieldError::invalid(&path.child("mountPath"), target, detail));
        }
        let (sub_path, expression) = (text(mount, "subPath"), text(mount, "subPathExpr"));
        if !sub_path.is_empty() {
            local_path(errors, &path.child("subPath"), sub_path);
        }
        if !expression.is_empty() {
            if !sub_path.is_empty() {
                let detail = "subPathExpr and subPath are mutually exclusive";
                errors.push(FieldError::invalid(&path.child("subPathExpr"), expression, detail));
            }
            local_path(errors, &path.child("subPathExpr"), expression);
        }
        propagation(errors, &path, mount, container);
        recursive_read_only(errors, &path.child("recursiveReadOnly"), mount);
    }
}

fn propagation(errors: &mut Errors, path: &Path<'_>, mount: &Value, container: &Value) {
    let Some(mode) = some(mount, "mountPropagation").and_then(Value::as_str) else { return };
    let path = path.child("mountPropagation");
    one_of(errors, &path, mode, &["Bidirectional", "HostToContainer", "None"]);
    let privileged = some(container, "securityContext")
        .and_then(|context| flag(context, "privileged"))
        .unwrap_or_default();
    if mode == "Bidirectional" && !privileged {
        let detail = "Bidirectional mount propagation is available only to privileged containers";
        errors.push(FieldError::forbidden(&path, detail));
    }
}

fn recursive_read_only(errors: &mut Errors, path: &Path<'_>, mount: &Value) {
    let Some(mode) = some(mount, "recursiveReadOnly").and_then(Value::as_str) else { return };
    match mode {
        "Disabled" => {}
        "Enabled" | "IfPossible" => {
            if flag(mount, "readOnly") != Some(true) {
                let detail = "may only be specified when readOnly is true";
                errors.push(FieldError::forbidden(path, detail));
            }
            if !matches!(text(mount, "mountPropagation"), "" | "None") {
                let detail = "may only be specified when mountPropagation is None or not specified";
                errors.push(FieldError::forbidden(path, detail));
            }
        }
        other => errors.push(FieldError::not_supported(path, other, &["Disabled", "Enabled", "IfPossible"])),
    }
}

fn devices(errors: &mut Errors, path: &Path<'_>, container: &Value, pod: Pod<'_>) {
    let mounts = list(container, "volumeMounts");
    let mount_names: BTreeSet<&str> = mounts.iter().map(|mount| text(mount, "name")).collect();
    let mount_paths: BTreeSet<&str> = mounts.iter().map(|mount| text(mount, "mountPath")).collect();
    let (mut names, mut paths) = (BTreeSet::new(), BTreeSet::new());
    for (at, device) in list(container, "volumeDevices").iter().enumerate() {
        let path = path.index(at);
        let (name, target) = (text(device, "name"), text(device, "devicePath"));
        required(errors, &path.child("name"), name);
        if names.contains(&name) {
            errors.push(FieldError::invalid(&path.child("name"), name, "must be unique"));
        }
        match pod.volume(name) {
            None => errors.push(FieldError::not_found(&path.child("name"), name)),
            Some(volume) if !is_set(volume, "persistentVolumeClaim") && !is_set(volume, "ephemeral") => {
                let detail =
                    "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                errors.push(FieldError::invalid(&path.child("name"), name, detail));
            }
            Some(_) => {}
        }
        required(errors, &path.child("devicePath"), target);
        if paths.contains(&target) {
            errors.push(FieldError::invalid(&path.child("devicePath"), target, "must be unique"));
        }
        if target.split('/').any(|part| part == "..") {
            let detail = "can not contain backsteps ('..')";
            errors.push(FieldError::invalid(&path.child("devicePath"), target, detail));
        } else {
            paths.insert(target);
        }
        if mount_names.contains(name) {
            let detail = "must not already exist in volumeMounts";
            errors.push(FieldError::invalid(&path.child("name"), name, detail));
        }
        if mount_paths.contains(target) {
            let detail = "must not already exist as a path in volumeMounts";
            errors.push(FieldError::invalid(&path.child("devicePath"), target, detail));
        }
        names.insert(name);
    }
}

fn resize_policy(errors: &mut Errors, path: &Path<'_>, container: &Value, pod: Pod<'_>) {
    let mut seen = BTreeSet::new();
    for (at, policy) in list(container, "resizePolicy").iter().enumerate() {
        let (resource, restart) = (text(policy, "resourceName"), text(policy, "restartPolicy"));
        if seen.contains(&resource) {
            errors.push(FieldError::duplicate(&path.index(at), resource));
        }
        seen.insert(resource);
        required_one_of(errors, path, resource, &["cpu", "memory"]);
        required_one_of(errors, path, restart, &["NotRequired", "RestartContainer"]);
        if restart == "RestartContainer" && text(pod.spec, "restartPolicy") == "Never" {
            let detail = "must be 'NotRequired' when `restartPolicy` is 'Never'";
            errors.push(FieldError::invalid(path, restart, detail));
        }
    }
}

fn restart_policy(errors: &mut Errors, path: &Path<'_>, container: &Value) {
    let rules = list(container, "restartPolicyRules");
    let policy_path = path.child("restartPolicy");
    match some(container, "restartPolicy").and_then(Value::as_str) {
        None if rules.is_empty() => {}
        None => {
            errors.push(FieldError::required(
                &policy_path,
                "must specify restartPolicy when restart rules are used",
            ));
        }
        Some(policy) => one_of(errors, &policy_path, policy, &["Always", "Never", "OnFailure"]),
    }
    if rules.len() > 20 {
        errors.push(FieldError::too_long(&path.child("restartPolicyRules"), 20));
    }
    let path = path.child("restartPolicyRules");
    for (at, rule) in rules.iter().enumerate() {
        let path = path.index(at);
        one_of(errors, &path.child("action"), text(rule, "action"), &["Restart", "RestartAllContainers"]);
        match some(rule, "exitCodes") {
            None => errors.push(FieldError::required(&path.child("exitCodes"), "must be specified")),
            Some(codes) => {
                let path = path.child("exitCodes");
                one_of(errors, &path.child("operator"), text(codes, "operator"), &["In", "NotIn"]);
                if list(codes, "values").len() > 255 {
                    errors.push(FieldError::too_long(&path.child("values"), 255));
                }
            }
        }
    }
}

fn probes(errors: &mut Errors, path: &Path<'_>, container: &Value, pod: Pod<'_>) {
    for (field, once) in [("livenessProbe", true), ("readinessProbe", false), ("startupProbe", true)] {
        let Some(probe) = some(container, field) else { continue };
        let path = path.child(field);
        self::probe(errors, &path, probe, pod);
        if once && int(probe, "successThreshold").is_some_and(|threshold| threshold != 1) {
            let threshold = int(probe, "successThreshold").unwrap_or_default();
            errors.push(FieldError::invalid(&path.child("successThreshold"), threshold, "must be 1"));
        }
        if !once && let Some(seconds) = int(probe, "terminationGracePeriodSeconds") {
            let detail = "must not be set for readinessProbes";
            errors.push(FieldError::invalid(&path.child("terminationGracePeriodSeconds"), seconds, detail));
        }
    }
}

fn probe(errors: &mut Errors, path: &Path<'_>, probe: &Value, pod: Pod<'_>) {
    handler(errors, path, probe, pod);
    for field in
        ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]
    {
        not_negative(errors, &path.child(field), int(probe, field).unwrap_or_default());
    }
    if let Some(seconds) = int(probe, "terminationGracePeriodSeconds").filter(|seconds| *seconds <= 0) {
        let path = path.child("terminationGracePeriodSeconds");
        errors.push(FieldError::invalid(&path, seconds, "must be greater than 0"));
    }
}

/// How a probe or hook does its work: exactly one way.
fn handler(errors: &mut Errors, path: &Path<'_>, handler: &Value, pod: Pod<'_>) {
    let mut count = 0;
    for field in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let Some(action) = some(handler, field) else { continue };
        let path = path.child(field);
        count += 1;
        if count > 1 {
            errors.push(FieldError::forbidden(&path, "may not specify more than 1 handler type"));
            continue;
        }
        match field {
            "exec" if list(action, "command").is_empty() => {
                errors.push(FieldError::required(&path.child("command"), ""));
            }
            "httpGet" => http_get(errors, &path, action),
            "tcpSocket" => port(errors, &path.child("port"), action.get("port")),
            "grpc" => port_number(errors, &path.child("port"), int(action, "port").unwrap_or_default()),
            "sleep" => {
                let seconds = int(action, "seconds").unwrap_or_default();
                if seconds < 0 || seconds > pod.grace_period {
                    let detail = format!(
                        "must be non-negative and less than terminationGracePeriodSeconds ({})",
                        pod.grace_period
                    );
                    errors.push(FieldError::invalid(&path, seconds, detail));
                }
            }
            _ => {}
        }
    }
    if count == 0 {
        errors.push(FieldError::required(path, "must specify a handler type"));
    }
}

fn http_get(errors: &mut Errors, path: &Path<'_>, action: &Value) {
    required(errors, &path.child("path"), text(action, "path"));
    port(errors, &path.child("port"), action.get("port"));
    one_of(errors, &path.child("scheme"), text(action, "scheme"), &["HTTP", "HTTPS"]);
    for header in list(action, "httpHeaders") {
        let name = text(header, "name");
        complain(errors, &path.child("httpHeaders"), name, name::http_header_name(name));
    }
}

fn lifecycle(errors: &mut Errors, path: &Path<'_>, lifecycle: Option<&Value>, pod: Pod<'_>) {
    let Some(lifecycle) = lifecycle else { return };
    for field in ["postStart", "preStop"] {
        if let Some(hook) = some(lifecycle, field) {
            handler(errors, &path.child(field), hook, pod);
        }
    }
    if is_set(lifecycle, "stopSignal") && some(pod.spec, "os").is_none() {
        let detail = "may not be set for containers with empty `spec.os.name`";
        errors.push(FieldError::forbidden(&path.child("stopSignal"), detail));
    }
}

/// A path of a volume's file: relative, and not climbing out.
pub(super) fn volume_path(errors: &mut Errors, path: &Path<'_>, file: &str) {
    if !required(errors, path, file) {
        return;
    }
    local_path(errors, path, file);
    if file.starts_with("..") && !file.starts_with("../") && file != ".." {
        errors.push(FieldError::invalid(path, file, "must not start with '..'"));
    }
}
