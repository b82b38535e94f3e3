//! Security contexts: what they say is checked, and handed to the runtime.

use std::path::Path;

use k8s_cri::v1;
use k8s_openapi::api::core::v1::{
    AppArmorProfile, Container, Pod, PodSecurityContext, SELinuxOptions, SeccompProfile, SecurityContext,
};

use super::spec::{self, Role};

/// What a container does not see of /proc and /sys.
const MASKED: [&str; 11] = [
    "/proc/asound",
    "/proc/acpi",
    "/proc/interrupts",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/sys/firmware",
];
/// What it may not write.
const READ_ONLY: [&str; 5] = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

/// Sysctls that belong to a pod alone and do no harm.
/// Source: the documentation "Using sysctls in a Kubernetes Cluster".
const SAFE_SYSCTLS: [&str; 11] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
];

/// Why a security context cannot be given to a container.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SecurityError {
    #[error("container has runAsNonRoot and image will run as root (pod: \"{pod}\", container: {container})")]
    ImageRoot { pod: String, container: String },
    #[error("container's runAsUser breaks non-root policy (pod: \"{pod}\", container: {container})")]
    UserRoot { pod: String, container: String },
    #[error(
        "container has runAsNonRoot and image has non-numeric user ({user}), cannot verify user is non-root \
         (pod: \"{pod}\", container: {container})"
    )]
    UserName { user: String, pod: String, container: String },
    #[error("localhostProfile must be set if seccompProfile type is Localhost.")]
    EmptyProfile,
}

fn pod_context(pod: &Pod) -> PodSecurityContext {
    spec::spec(pod).security_context.clone().unwrap_or_default()
}

/// A container's context with what the pod's adds to it.
pub(crate) fn effective(pod: &Pod, container: &Container) -> SecurityContext {
    let of_pod = pod_context(pod);
    let mut context = container.security_context.clone().unwrap_or_default();
    context.run_as_user = context.run_as_user.or(of_pod.run_as_user);
    context.run_as_group = context.run_as_group.or(of_pod.run_as_group);
    context.run_as_non_root = context.run_as_non_root.or(of_pod.run_as_non_root);
    context.se_linux_options = context.se_linux_options.or(of_pod.se_linux_options);
    context.seccomp_profile = context.seccomp_profile.or(of_pod.seccomp_profile);
    context.app_armor_profile = context.app_armor_profile.or(of_pod.app_armor_profile);
    context
}

/// Refuses a root user where the context forbids it. A user that the image names by anything but a number in range
/// counts as root.
pub(crate) fn verify_non_root(
    pod: &Pod,
    container: &Container,
    image: Option<&v1::Image>,
) -> Result<(), SecurityError> {
    let context = effective(pod, container);
    if context.run_as_non_root != Some(true) {
        return Ok(());
    }
    let (pod, container) = (spec::display(pod), container.name.clone());
    match context.run_as_user {
        Some(0) => return Err(SecurityError::UserRoot { pod, container }),
        Some(_) => return Ok(()),
        None => {}
    }
    let uid = image.and_then(|image| image.uid.as_ref()).map(|uid| uid.value);
    let user = image.map(|image| image.username.as_str()).unwrap_or_default();
    match uid {
        Some(uid) if uid > 0 && uid <= i64::from(u32::MAX) => Ok(()),
        Some(_) => Err(SecurityError::ImageRoot { pod, container }),
        None if user.is_empty() => Err(SecurityError::ImageRoot { pod, container }),
        None => Err(SecurityError::UserName { user: user.to_owned(), pod, container }),
    }
}

fn seccomp(
    profile: Option<&SeccompProfile>,
    by_default: bool,
    root_dir: &Path,
) -> Result<v1::SecurityProfile, SecurityError> {
    use v1::security_profile::ProfileType;
    let plain =
        |kind: ProfileType| v1::SecurityProfile { profile_type: kind.into(), localhost_ref: String::new() };
    let Some(profile) = profile else {
        return Ok(plain(if by_default { ProfileType::RuntimeDefault } else { ProfileType::Unconfined }));
    };
    Ok(match profile.type_.as_str() {
        "RuntimeDefault" => plain(ProfileType::RuntimeDefault),
        "Localhost" => {
            let name = profile.localhost_profile.as_deref().unwrap_or_default();
            let escapes =
                Path::new(name).components().any(|part| !matches!(part, std::path::Component::Normal(_)));
            if name.is_empty() || escapes {
                return Err(SecurityError::EmptyProfile);
            }
            let path = root_dir.join("seccomp").join(name);
            v1::SecurityProfile {
                profile_type: ProfileType::Localhost.into(),
                localhost_ref: path.display().to_string(),
            }
        }
        _ => plain(ProfileType::Unconfined),
    })
}

fn apparmor(profile: Option<&AppArmorProfile>) -> Option<v1::SecurityProfile> {
    use v1::security_profile::ProfileType;
    let profile = profile?;
    let kind = match profile.type_.as_str() {
        "RuntimeDefault" => ProfileType::RuntimeDefault,
        "Localhost" => ProfileType::Localhost,
        _ => ProfileType::Unconfined,
    };
    let localhost_ref = profile.localhost_profile.clone().unwrap_or_default();
    Some(v1::SecurityProfile { profile_type: kind.into(), localhost_ref })
}

/// Whether a pod or a container of it names an AppArmor profile, the runtime's too: such a pod runs confined or not at
/// all. Source: Kubernetes documentation, "Restrict a Container's Access to Resources with AppArmor".
pub(crate) fn asks_for_apparmor(pod: &Pod) -> bool {
    let confines = |profile: Option<&AppArmorProfile>| profile.is_some_and(|one| one.type_ != "Unconfined");
    let own =
        |context: Option<&SecurityContext>| confines(context.and_then(|one| one.app_armor_profile.as_ref()));
    confines(pod_context(pod).app_armor_profile.as_ref())
        || spec::all_containers(pod).iter().any(|(container, _)| own(container.security_context.as_ref()))
}

fn selinux(options: Option<&SELinuxOptions>) -> Option<v1::SeLinuxOption> {
    let options = options?;
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    Some(v1::SeLinuxOption {
        user: text(&options.user),
        role: text(&options.role),
        r#type: text(&options.type_),
        level: text(&options.level),
    })
}

fn mode(host: Option<bool>, otherwise: v1::NamespaceMode) -> i32 {
    if host == Some(true) { v1::NamespaceMode::Node.into() } else { otherwise.into() }
}

/// The namespaces of a pod's containers; `target` is the container whose processes an ephemeral one sees.
pub(crate) fn namespaces(pod: &Pod, target: Option<&str>) -> v1::NamespaceOption {
    let spec_ = spec::spec(pod);
    let shared = spec_.share_process_namespace == Some(true);
    let own = if shared { v1::NamespaceMode::Pod } else { v1::NamespaceMode::Container };
    let mut options = v1::NamespaceOption {
        network: mode(spec_.host_network, v1::NamespaceMode::Pod),
        pid: mode(spec_.host_pid, own),
        ipc: mode(spec_.host_ipc, v1::NamespaceMode::Pod),
        ..Default::default()
    };
    if let Some(target) = target.filter(|_| spec_.host_pid != Some(true) && !shared) {
        options.pid = v1::NamespaceMode::Target.into();
        target.clone_into(&mut options.target_id);
    }
    options
}

fn groups(pod: &PodSecurityContext) -> Vec<i64> {
    let mut groups: Vec<i64> = pod.fs_group.into_iter().collect();
    groups.extend(pod.supplemental_groups.iter().flatten());
    groups
}

fn groups_policy(pod: &PodSecurityContext) -> i32 {
    match pod.supplemental_groups_policy.as_deref() {
        Some("Strict") => v1::SupplementalGroupsPolicy::Strict.into(),
        _ => v1::SupplementalGroupsPolicy::Merge.into(),
    }
}

fn is_privileged(context: Option<&SecurityContext>) -> bool {
    context.is_some_and(|context| context.privileged == Some(true))
}

/// The sandbox's security context. It is privileged when one of its containers is.
pub(crate) fn sandbox(
    pod: &Pod,
    by_default: bool,
    root_dir: &Path,
) -> Result<v1::LinuxSandboxSecurityContext, SecurityError> {
    let context = pod_context(pod);
    let all = spec::all_containers(pod);
    let privileged = all.iter().any(|(container, _)| is_privileged(container.security_context.as_ref()));
    let value = |value: Option<i64>| value.map(|value| v1::Int64Value { value });
    let profile = context
        .seccomp_profile
        .clone()
        .or_else(|| Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), localhost_profile: None }));
    Ok(v1::LinuxSandboxSecurityContext {
        namespace_options: Some(namespaces(pod, None)),
        selinux_options: selinux(context.se_linux_options.as_ref()),
        run_as_user: value(context.run_as_user),
        run_as_group: value(context.run_as_group),
        supplemental_groups: groups(&context),
        supplemental_groups_policy: groups_policy(&context),
        privileged,
        // The sandbox's own process does nothing that the default profile forbids.
        seccomp: Some(seccomp(profile.as_ref(), by_default, root_dir)?),
        ..Default::default()
    })
}

/// A container's security context.
pub(crate) fn container(
    pod: &Pod,
    container: &Container,
    role: Role,
    image: Option<&v1::Image>,
    target: Option<&str>,
    by_default: bool,
    root_dir: &Path,
) -> Result<v1::LinuxContainerSecurityContext, SecurityError> {
    let of_pod = pod_context(pod);
    let context = effective(pod, container);
    let value = |value: i64| v1::Int64Value { value };
    let privileged = context.privileged == Some(true);
    let capabilities = context.capabilities.as_ref().map(|list| v1::Capability {
        add_capabilities: list.add.clone().unwrap_or_default(),
        drop_capabilities: list.drop.clone().unwrap_or_default(),
        add_ambient_capabilities: Vec::new(),
    });
    let unmasked = privileged || context.proc_mount.as_deref() == Some("Unmasked");
    let paths = |list: &[&str]| list.iter().filter(|_| !unmasked).map(|path| (*path).to_owned()).collect();
    let image_uid = image.and_then(|image| image.uid.as_ref()).map(|uid| uid.value);
    let image_user = image.map(|image| image.username.clone()).unwrap_or_default();
    let named = context.run_as_user.is_none() && image_uid.is_none();
    let target = target.filter(|_| role == Role::Ephemeral);
    Ok(v1::LinuxContainerSecurityContext {
        capabilities,
        privileged,
        namespace_options: Some(namespaces(pod, target)),
        selinux_options: selinux(context.se_linux_options.as_ref()),
        run_as_user: context.run_as_user.or(image_uid).map(value),
        run_as_username: if named { image_user } else { String::new() },
        run_as_group: context.run_as_group.map(value),
        readonly_rootfs: context.read_only_root_filesystem == Some(true),
        supplemental_groups: groups(&of_pod),
        supplemental_groups_policy: groups_policy(&of_pod),
        no_new_privs: context.allow_privilege_escalation == Some(false),
        masked_paths: paths(&MASKED),
        readonly_paths: paths(&READ_ONLY),
        seccomp: Some(seccomp(context.seccomp_profile.as_ref(), by_default, root_dir)?),
        apparmor: apparmor(context.app_armor_profile.as_ref()),
        ..Default::default()
    })
}

/// The first sysctl of a pod that it may not set.
pub(crate) fn forbidden_sysctl(pod: &Pod, allowed_unsafe: &[String]) -> Option<String> {
    let context = pod_context(pod);
    let spec_ = spec::spec(pod);
    context.sysctls.into_iter().flatten().map(|sysctl| sysctl.name).find(|name| {
        let name = name.replace('/', ".");
        let listed = allowed_unsafe.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(prefix) => name.starts_with(prefix),
            None => *pattern == name,
        });
        let host_net = name.starts_with("net.") && spec_.host_network == Some(true);
        let host_ipc = (name.starts_with("kernel.shm")
            || name.starts_with("kernel.msg")
            || name.starts_with("fs.mqueue."))
            && spec_.host_ipc == Some(true);
        let namespaced = name.starts_with("net.")
            || name.starts_with("kernel.shm")
            || name.starts_with("kernel.msg")
            || name == "kernel.sem"
            || name.starts_with("fs.mqueue.");
        host_net || host_ipc || !(SAFE_SYSCTLS.contains(&name.as_str()) || (listed && namespaced))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(spec: serde_json::Value) -> Pod {
        serde_json::from_value(json!({"metadata": {"name": "p", "namespace": "n"}, "spec": spec}))
            .expect("a pod")
    }

    #[test]
    fn non_root() {
        let check = |context: serde_json::Value, uid: Option<i64>, user: &str, expect: bool| {
            let pod = pod(json!({"containers": [{"name": "c", "securityContext": context}]}));
            let image = v1::Image {
                uid: uid.map(|value| v1::Int64Value { value }),
                username: user.to_owned(),
                ..Default::default()
            };
            let container = &spec::spec(&pod).containers[0];
            assert_eq!(verify_non_root(&pod, container, Some(&image)).is_ok(), expect, "{uid:?} {user}");
        };
        let must = || json!({"runAsNonRoot": true});
        check(json!({}), Some(0), "", true);
        check(must(), Some(0), "", false);
        check(must(), None, "", false);
        check(must(), Some(1000), "", true);
        check(must(), Some(-1), "", false);
        check(must(), Some(1 << 32), "", false);
        check(must(), None, "app", false);
        check(must(), None, "0x0", false);
        check(json!({"runAsNonRoot": true, "runAsUser": 0}), Some(5), "", false);
        check(json!({"runAsNonRoot": true, "runAsUser": 7}), Some(0), "", true);
    }

    #[test]
    fn sysctls() {
        let check = |name: &str, host: bool, expect: Option<&str>| {
            let pod = pod(json!({"containers": [], "hostNetwork": host,
                "securityContext": {"sysctls": [{"name": name, "value": "1"}]}}));
            let allowed = ["net.core.*".to_owned(), "vm.*".to_owned()];
            assert_eq!(forbidden_sysctl(&pod, &allowed).as_deref(), expect);
        };
        check("kernel.shm_rmid_forced", false, None);
        check("net.ipv4.tcp_fin_timeout", false, None);
        check("net.ipv4.tcp_fin_timeout", true, Some("net.ipv4.tcp_fin_timeout"));
        check("net.core.somaxconn", false, None);
        check("vm.swappiness", false, Some("vm.swappiness"));
        check("kernel.panic", false, Some("kernel.panic"));
    }

    #[test]
    fn empty_seccomp_profile_is_refused() {
        for profile in
            [json!({"type": "Localhost"}), json!({"type": "Localhost", "localhostProfile": "../x"})]
        {
            let pod = pod(json!({"containers": [], "securityContext": {"seccompProfile": profile}}));
            assert_eq!(
                sandbox(&pod, false, Path::new("/k")).expect_err("refused"),
                SecurityError::EmptyProfile
            );
        }
    }
}
