//! Containers: names, images, ports, and how they are restarted.

mod environment;
mod mounts;
mod probe;

use mizzen_schema::value::{Struct, Value};

use super::check::{
    Errors, PROTOCOLS, Seen, complain, int, is_set, list, one_of, port_number, required, required_one_of,
    same, some, text, text_of,
};
use super::volume::Volumes;
use super::{resources, security};
use crate::field::{FieldError, Path};
use crate::name;

pub(super) use environment::{field_reference, file_volumes, resource_reference};
pub(super) use mounts::volume_path;

/// What the rules about a container need to know of its pod.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pod<'a> {
    pub(super) spec: &'a Value,
    pub(super) volumes: &'a Volumes<'a>,
    /// Unless it is missing, which is said already.
    pub(super) grace_period: Option<i64>,
}

/// The lists of containers, in the order in which rules about all of them go.
pub(super) const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// All containers of a spec, with the lists they are in.
pub(super) fn each(spec: &Value) -> impl Iterator<Item = (&'static str, usize, &Value)> {
    LISTS
        .into_iter()
        .flat_map(move |field| list(spec, field).iter().enumerate().map(move |(at, one)| (field, at, one)))
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
    let mut names = Seen::new();
    for (at, container) in containers.iter().enumerate() {
        let path = path.index(at);
        common(errors, &path, container, pod);
        let name = text(container, "name");
        if !names.insert(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        probe::lifecycle(errors, &path.child("lifecycle"), some(container, "lifecycle"), pod);
        probe::all(errors, &path, container, pod);
        restart_policy(errors, &path, container);
    }
    host_port_conflicts(errors, path, containers);
}

fn init(errors: &mut Errors, path: &Path<'_>, pod: Pod<'_>) {
    let containers = list(pod.spec, "initContainers");
    if containers.is_empty() {
        return;
    }
    let mut names: Seen<&str> = list(pod.spec, "containers").iter().map(|one| text(one, "name")).collect();
    for (at, container) in containers.iter().enumerate() {
        let list_path = path;
        let path = path.index(at);
        common(errors, &path, container, pod);
        let sidecar = text(container, "restartPolicy") == "Always";
        if sidecar {
            if !list(container, "restartPolicyRules").is_empty() {
                let detail =
                    "restartPolicyRules are not allowed for init containers with restart policy Always";
                errors.push(FieldError::forbidden(&path.child("restartPolicyRules"), detail));
            }
        } else if is_set(container, "restartPolicy") {
            restart_policy(errors, &path, container);
        } else if !list(container, "restartPolicyRules").is_empty() {
            let detail = "must specify restartPolicy when restart rules are used";
            errors.push(FieldError::required(&path.child("restartPolicy"), detail));
        }
        let name = text(container, "name");
        if names.contains(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        } else if !name.is_empty() {
            names.insert(name);
        }
        // Init containers run one by one: their host ports collide only with their own.
        host_port_conflicts(errors, list_path, std::slice::from_ref(container));
        if sidecar {
            probe::lifecycle(errors, &path.child("lifecycle"), some(container, "lifecycle"), pod);
            probe::all(errors, &path, container, pod);
            continue;
        }
        for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
            if is_set(container, field) {
                let detail = "may not be set for init containers without restartPolicy=Always";
                errors.push(FieldError::forbidden(&path.child(field), detail));
            }
        }
    }
}

/// Fields of ephemeral containers that may be set.
const EPHEMERAL: [&str; 17] = [
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
    "targetContainerName",
];

fn ephemeral(errors: &mut Errors, path: &Path<'_>, pod: Pod<'_>) {
    let containers = list(pod.spec, "ephemeralContainers");
    if containers.is_empty() {
        return;
    }
    let others = || list(pod.spec, "containers").iter().chain(list(pod.spec, "initContainers"));
    let mut names: Seen<&str> = others().map(|container| text(container, "name")).collect();
    for (at, container) in containers.iter().enumerate() {
        let path = path.index(at);
        common(errors, &path, container, pod);
        image_whitespace(errors, &path, container);
        let name = text(container, "name");
        if !names.insert(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        let target = text(container, "targetContainerName");
        if !target.is_empty() && !others().any(|container| text(container, "name") == target) {
            errors.push(FieldError::not_found(&path.child("targetContainerName"), target));
        }
        let detail = "cannot be set for an Ephemeral Container";
        for (_, field, value) in container.as_struct().into_iter().flat_map(Struct::fields) {
            let unset = same(Some(value), None) || value.as_struct().is_some_and(Struct::is_empty);
            if !EPHEMERAL.contains(&&*field.json) && !unset {
                errors.push(FieldError::forbidden(&path.child(&field.json), detail));
            }
        }
        for (at, mount) in list(container, "volumeMounts").iter().enumerate() {
            for field in ["subPath", "subPathExpr"] {
                if !text(mount, field).is_empty() {
                    let mounts = path.child("volumeMounts");
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
    let policies = ["File", "FallbackToLogsOnError"];
    required_one_of(errors, &path.child("terminationMessagePolicy"), policy, &policies);
    ports(errors, &path.child("ports"), container);
    environment::variables(errors, &path.child("env"), container);
    environment::sources(errors, &path.child("envFrom"), container);
    mounts::mounts(errors, &path.child("volumeMounts"), container, pod);
    mounts::devices(errors, &path.child("volumeDevices"), container, pod);
    pull_policy(errors, &path.child("imagePullPolicy"), text(container, "imagePullPolicy"));
    resources::container(errors, &path.child("resources"), some(container, "resources"), pod.spec);
    resize_policy(errors, &path.child("resizePolicy"), container, pod);
    security::container(errors, &path.child("securityContext"), some(container, "securityContext"), pod.spec);
}

/// When an image is pulled: a container's or a volume's.
pub(super) fn pull_policy(errors: &mut Errors, path: &Path<'_>, policy: &str) {
    required_one_of(errors, path, policy, &["Always", "IfNotPresent", "Never"]);
}

fn ports(errors: &mut Errors, path: &Path<'_>, container: &Value) {
    let mut names = Seen::new();
    for (at, one) in list(container, "ports").iter().enumerate() {
        let path = path.index(at);
        let name = text(one, "name");
        if !name.is_empty() {
            let complaints = name::port_name(name);
            if complaints.is_empty() && !names.insert(name) {
                errors.push(FieldError::duplicate(&path.child("name"), name));
            }
            complain(errors, &path.child("name"), name, complaints);
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
    let mut seen = Seen::new();
    for (at, container) in containers.iter().enumerate() {
        let ports = path.index(at);
        let ports = ports.child("ports");
        for (at, one) in list(container, "ports").iter().enumerate() {
            let Some(number) = int(one, "hostPort").filter(|number| *number != 0) else { continue };
            let (protocol, ip) = (text(one, "protocol"), text(one, "hostIP"));
            if !seen.insert((protocol, ip, number)) {
                let shown = format!("{protocol}/{ip}/{number}");
                errors.push(FieldError::duplicate(&ports.index(at).child("hostPort"), &shown));
            }
        }
    }
}

/// Errors name the list, as Kubernetes' do.
fn resize_policy(errors: &mut Errors, path: &Path<'_>, container: &Value, pod: Pod<'_>) {
    let mut seen = Seen::new();
    for (at, policy) in list(container, "resizePolicy").iter().enumerate() {
        let (resource, restart) = (text(policy, "resourceName"), text(policy, "restartPolicy"));
        if !seen.insert(resource) {
            errors.push(FieldError::duplicate(&path.index(at), resource));
        }
        required_one_of(errors, path, resource, &["cpu", "memory"]);
        required_one_of(errors, path, restart, &["NotRequired", "RestartContainer"]);
        if restart != "NotRequired" && text(pod.spec, "restartPolicy") == "Never" {
            let detail = "must be 'NotRequired' when `restartPolicy` is 'Never'";
            errors.push(FieldError::invalid(path, restart, detail));
        }
    }
}

const RULES_MAX: usize = 20;
const CODES_MAX: usize = 255;

fn restart_policy(errors: &mut Errors, path: &Path<'_>, container: &Value) {
    let rules = list(container, "restartPolicyRules");
    let policy_path = path.child("restartPolicy");
    match text_of(container, "restartPolicy") {
        None if rules.is_empty() => return,
        None => {
            let detail = "must specify restartPolicy when restart rules are used";
            errors.push(FieldError::required(&policy_path, detail));
        }
        Some(policy) => one_of(errors, &policy_path, policy, &["Always", "Never", "OnFailure"]),
    }
    let path = path.child("restartPolicyRules");
    if rules.len() > RULES_MAX {
        errors.push(FieldError::too_long(&path, RULES_MAX));
    }
    for (at, rule) in rules.iter().enumerate() {
        let path = path.index(at);
        // Restarting all containers is behind a gate that is off by default.
        one_of(errors, &path.child("action"), text(rule, "action"), &["Restart"]);
        let codes_path = path.child("exitCodes");
        match some(rule, "exitCodes") {
            None => errors.push(FieldError::required(&codes_path, "must be specified")),
            Some(codes) => {
                one_of(errors, &codes_path.child("operator"), text(codes, "operator"), &["In", "NotIn"]);
                if list(codes, "values").len() > CODES_MAX {
                    errors.push(FieldError::too_long(&codes_path.child("values"), CODES_MAX));
                }
            }
        }
    }
}

/// Whether a container that ended so starts again: by its rules, its own policy, or the pod's.
pub(super) fn restarts(container: &Value, spec: &Value, exit_code: i64) -> bool {
    for rule in list(container, "restartPolicyRules") {
        let Some(codes) = some(rule, "exitCodes") else { continue };
        let named = list(codes, "values").iter().any(|code| code.as_i64() == Some(exit_code));
        let matches = match text(codes, "operator") {
            "In" => named,
            "NotIn" => !named,
            _ => false,
        };
        if matches && text(rule, "action") == "Restart" {
            return true;
        }
    }
    let policy = text_of(container, "restartPolicy").unwrap_or_else(|| text(spec, "restartPolicy"));
    match policy {
        "Always" => true,
        "OnFailure" => exit_code != 0,
        _ => false,
    }
}
