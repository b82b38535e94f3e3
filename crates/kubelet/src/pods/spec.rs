//! Reading pods: names, kinds of container, restart policies.

use k8s_openapi::api::core::v1::{Container, EphemeralContainer, ObjectReference, Pod, PodStatus};
use mizzen_client::ObjectKey;

use crate::cri::{CONFIG_HASH, CONFIG_MIRROR, CONFIG_SOURCE};

/// Grace that a pod has when it says nothing.
const GRACE_PERIOD_S: i64 = 30;

/// What a container is to its pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Runs to its end before the next starts.
    Init,
    /// An init container that goes on running (KEP-753).
    Sidecar,
    /// One of `spec.containers`.
    Main,
    /// Added to a running pod for debugging.
    Ephemeral,
}

/// When a container is started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RestartPolicy {
    /// Always.
    Always,
    /// After a failure.
    OnFailure,
    /// Never.
    Never,
}

impl RestartPolicy {
    fn parse(text: &str) -> Self {
        match text {
            "Never" => Self::Never,
            "OnFailure" => Self::OnFailure,
            _ => Self::Always,
        }
    }
}

pub(crate) fn uid(pod: &Pod) -> &str {
    // A mirror pod stands for the static pod that its annotation names.
    annotation(pod, CONFIG_HASH)
        .filter(|_| is_static(pod) && !is_mirror(pod))
        .unwrap_or_else(|| pod.metadata.uid.as_deref().unwrap_or_default())
}

pub(crate) fn key(pod: &Pod) -> ObjectKey {
    ObjectKey::of(&pod.metadata)
}

pub(crate) fn name(pod: &Pod) -> &str {
    pod.metadata.name.as_deref().unwrap_or_default()
}

pub(crate) fn namespace(pod: &Pod) -> &str {
    pod.metadata.namespace.as_deref().unwrap_or_default()
}

pub(crate) fn annotation<'a>(pod: &'a Pod, name: &str) -> Option<&'a str> {
    pod.metadata.annotations.as_ref()?.get(name).map(String::as_str)
}

/// It comes from a file.
pub(crate) fn is_static(pod: &Pod) -> bool {
    annotation(pod, CONFIG_SOURCE).is_some_and(|source| source != "api")
}

/// It only shows a static pod to the API.
pub(crate) fn is_mirror(pod: &Pod) -> bool {
    annotation(pod, CONFIG_MIRROR).is_some()
}

/// Static, or of a priority that belongs to the system: never evicted, and admitted before others.
pub(crate) fn is_critical(pod: &Pod) -> bool {
    is_static(pod) || is_mirror(pod) || spec(pod).priority.is_some_and(|priority| priority >= 2_000_000_000)
}

/// The spec; an empty one for an object without.
pub(crate) fn spec(pod: &Pod) -> &k8s_openapi::api::core::v1::PodSpec {
    static EMPTY: std::sync::LazyLock<k8s_openapi::api::core::v1::PodSpec> =
        std::sync::LazyLock::new(Default::default);
    pod.spec.as_ref().unwrap_or(&EMPTY)
}

pub(crate) fn status(pod: &Pod) -> PodStatus {
    pod.status.clone().unwrap_or_default()
}

pub(crate) fn is_deleted(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_some()
}

pub(crate) fn restart_policy(pod: &Pod) -> RestartPolicy {
    RestartPolicy::parse(spec(pod).restart_policy.as_deref().unwrap_or("Always"))
}

/// Seconds that its containers have to stop.
pub(crate) fn grace_period_s(pod: &Pod) -> i64 {
    let own = spec(pod).termination_grace_period_seconds.unwrap_or(GRACE_PERIOD_S);
    pod.metadata.deletion_grace_period_seconds.filter(|_| is_deleted(pod)).unwrap_or(own)
}

pub(crate) fn is_host_network(pod: &Pod) -> bool {
    spec(pod).host_network.unwrap_or(false)
}

pub(crate) fn init_role(container: &Container) -> Role {
    if container.restart_policy.as_deref() == Some("Always") { Role::Sidecar } else { Role::Init }
}

pub(crate) fn init_containers(pod: &Pod) -> &[Container] {
    spec(pod).init_containers.as_deref().unwrap_or_default()
}

/// An ephemeral container as any other.
pub(crate) fn from_ephemeral(container: &EphemeralContainer) -> Container {
    let c = container.clone();
    Container {
        args: c.args,
        command: c.command,
        env: c.env,
        env_from: c.env_from,
        image: c.image,
        image_pull_policy: c.image_pull_policy,
        name: c.name,
        resources: c.resources,
        security_context: c.security_context,
        stdin: c.stdin,
        stdin_once: c.stdin_once,
        termination_message_path: c.termination_message_path,
        termination_message_policy: c.termination_message_policy,
        tty: c.tty,
        volume_devices: c.volume_devices,
        volume_mounts: c.volume_mounts,
        working_dir: c.working_dir,
        ..Container::default()
    }
}

pub(crate) fn ephemeral_containers(pod: &Pod) -> Vec<Container> {
    spec(pod).ephemeral_containers.iter().flatten().map(from_ephemeral).collect()
}

/// All its containers with their roles: init containers, containers, ephemeral ones.
pub(crate) fn all_containers(pod: &Pod) -> Vec<(Container, Role)> {
    let init = init_containers(pod).iter().map(|container| (container.clone(), init_role(container)));
    let main = spec(pod).containers.iter().map(|container| (container.clone(), Role::Main));
    let ephemeral = ephemeral_containers(pod).into_iter().map(|container| (container, Role::Ephemeral));
    init.chain(main).chain(ephemeral).collect()
}

pub(crate) fn find_container(pod: &Pod, name: &str) -> Option<(Container, Role)> {
    all_containers(pod).into_iter().find(|(container, _)| container.name == name)
}

/// Whether a container that ended with `exit_code` starts again.
///
/// Source: KEP-5307, container restart policy: rules first, then the container's policy, then the pod's.
pub(crate) fn restarts(pod: &Pod, container: &Container, role: Role, exit_code: i32) -> bool {
    match role {
        Role::Ephemeral => return false,
        Role::Sidecar => return true,
        Role::Init | Role::Main => {}
    }
    for rule in container.restart_policy_rules.iter().flatten() {
        let Some(codes) = &rule.exit_codes else { continue };
        let listed = codes.values.iter().flatten().any(|code| *code == exit_code);
        if listed == (codes.operator == "In") && rule.action == "Restart" {
            return true;
        }
    }
    let policy = match container.restart_policy.as_deref() {
        Some(own) => RestartPolicy::parse(own),
        None => restart_policy(pod),
    };
    match (role, policy) {
        (_, RestartPolicy::Never) => false,
        // An init container that succeeded is done, whatever the policy.
        (Role::Init, _) | (_, RestartPolicy::OnFailure) => exit_code != 0,
        (_, RestartPolicy::Always) => true,
    }
}

/// The hash that tells whether a container's definition changed: only a change of name or image replaces it.
pub(crate) fn container_hash(container: &Container) -> String {
    let image = container.image.as_deref().unwrap_or_default();
    let text = serde_json::json!({ "image": image, "name": container.name });
    let text = serde_json::to_string(&text).unwrap_or_default();
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        // FNV-1a, 32 bits.
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("{hash:x}")
}

/// A reference for events about the pod.
pub(crate) fn reference(pod: &Pod) -> ObjectReference {
    let metadata = &pod.metadata;
    ObjectReference {
        api_version: Some("v1".to_owned()),
        kind: Some("Pod".to_owned()),
        namespace: metadata.namespace.clone(),
        name: metadata.name.clone(),
        uid: Some(uid(pod).to_owned()),
        resource_version: metadata.resource_version.clone(),
        field_path: None,
    }
}

/// A reference for events about one of the pod's containers.
pub(crate) fn container_reference(pod: &Pod, name: &str, role: Role) -> ObjectReference {
    let list = match role {
        Role::Init | Role::Sidecar => "initContainers",
        Role::Main => "containers",
        Role::Ephemeral => "ephemeralContainers",
    };
    ObjectReference { field_path: Some(format!("spec.{list}{{{name}}}")), ..reference(pod) }
}

/// `name_namespace(uid)`, as messages name a pod.
pub(crate) fn display(pod: &Pod) -> String {
    format!("{}_{}({})", name(pod), namespace(pod), uid(pod))
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::{ContainerRestartRule, ContainerRestartRuleOnExitCodes, PodSpec};

    use super::*;

    #[test]
    fn hashes_as_every_kubelet_does() {
        let container =
            Container { name: "a".to_owned(), image: Some("b:1".to_owned()), ..Container::default() };
        // FNV-1a of {"image":"b:1","name":"a"}.
        let text = br#"{"image":"b:1","name":"a"}"#;
        let expect = text.iter().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(*b)).wrapping_mul(16_777_619));
        assert_eq!(container_hash(&container), format!("{expect:x}"));
    }

    #[test]
    fn restart_rules() {
        let check = |policy: &str, own: Option<&str>, role, code, expect: bool| {
            let spec = PodSpec { restart_policy: Some(policy.to_owned()), ..PodSpec::default() };
            let pod = Pod { spec: Some(spec), ..Pod::default() };
            let rule = ContainerRestartRule {
                action: "Restart".to_owned(),
                exit_codes: Some(ContainerRestartRuleOnExitCodes {
                    operator: "In".to_owned(),
                    values: Some(vec![42]),
                }),
            };
            let container = Container {
                restart_policy: own.map(str::to_owned),
                restart_policy_rules: own.map(|_| vec![rule]),
                ..Container::default()
            };
            assert_eq!(restarts(&pod, &container, role, code), expect, "{policy} {own:?} {role:?} {code}");
        };
        check("Always", None, Role::Main, 0, true);
        check("Always", None, Role::Init, 0, false);
        check("Always", None, Role::Init, 1, true);
        check("OnFailure", None, Role::Main, 0, false);
        check("OnFailure", None, Role::Main, 1, true);
        check("Never", None, Role::Main, 1, false);
        check("Never", None, Role::Init, 1, false);
        check("Never", Some("Always"), Role::Sidecar, 0, true);
        check("Never", Some("OnFailure"), Role::Main, 1, true);
        check("Always", Some("Never"), Role::Main, 1, false);
        check("Always", Some("Never"), Role::Main, 42, true);
        check("Always", None, Role::Ephemeral, 1, false);
    }
}
