//! The AppArmor profile of a container: the runtime's own, one of the machine's, or none.

use k8s_cri::v1::LinuxContainerSecurityContext;
use k8s_cri::v1::security_profile::ProfileType;
use mizzen_kernel::apparmor;

use crate::spec::SpecError;

/// What a container asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wish {
    /// The runtime's own profile, where the machine has AppArmor.
    Default,
    /// None.
    Unconfined,
    /// One that the machine's administrator has loaded.
    Local(String),
}

/// Reads the wish; a container that says nothing gets the runtime's profile, unless it is privileged.
fn wish(context: &LinuxContainerSecurityContext) -> Wish {
    #[allow(deprecated)] // Kubelets before 1.24 say it in a string.
    let old = context.apparmor_profile.as_str();
    let wish = match &context.apparmor {
        Some(profile) => match profile.profile_type() {
            ProfileType::RuntimeDefault => Wish::Default,
            ProfileType::Unconfined => Wish::Unconfined,
            ProfileType::Localhost => Wish::Local(profile.localhost_ref.clone()),
        },
        None => match old {
            "" | "runtime/default" => Wish::Default,
            "unconfined" => Wish::Unconfined,
            local => Wish::Local(local.to_owned()),
        },
    };
    match wish {
        Wish::Default if context.privileged => Wish::Unconfined,
        Wish::Local(name) => Wish::Local(name.strip_prefix("localhost/").unwrap_or(&name).to_owned()),
        other => other,
    }
}

/// The profile that is to confine a container, loaded; `own` is the name of the runtime's. May wait for the parser.
pub(crate) fn profile(
    context: &LinuxContainerSecurityContext,
    own: &str,
) -> Result<Option<String>, SpecError> {
    let failed = |error: mizzen_kernel::Error| SpecError(error.to_string());
    match wish(context) {
        Wish::Unconfined => Ok(None),
        Wish::Local(_) if !apparmor::is_enabled() => Err(SpecError("apparmor is not supported".into())),
        Wish::Local(name) if apparmor::is_loaded(&name).map_err(failed)? => Ok(Some(name)),
        Wish::Local(name) => Err(SpecError(format!("apparmor profile not found {name}"))),
        Wish::Default => {
            if own.is_empty() || !apparmor::is_enabled() {
                return Ok(None);
            }
            // Each time, since administrators' tools remove profiles that they do not know.
            if !apparmor::is_loaded(own).map_err(failed)? {
                let Some(parser) = apparmor::parser() else {
                    tracing::debug!("There is no apparmor_parser: containers are not confined by AppArmor.");
                    return Ok(None);
                };
                apparmor::load(&parser, &text(own)).map_err(failed)?;
            }
            Ok(Some(own.to_owned()))
        }
    }
}

/// The runtime's own profile: everything that namespaces, capabilities and system call filters leave, but for mounting
/// and for writing to what of /proc and /sys is the machine's.
fn text(name: &str) -> String {
    format!(
        r#"profile "{name}" flags=(attach_disconnected, mediate_deleted) {{
  capability,
  file,
  network,
  umount,

  # From the shim, and among the container's own.
  signal (receive) peer=unconfined,
  signal (send, receive) peer="{name}",
  ptrace (trace, read, tracedby, readby) peer="{name}",

  deny mount,

  # Of /proc only folders of processes, and of its settings only those of shared memory.
  deny /proc/* w,
  deny /proc/[^0-9st]*/** w,
  deny /proc/{{scsi,tty}}/** wl,
  deny /proc/sys/[^k]** w,
  deny /proc/sys/kernel/[^s]** w,
  deny /proc/sys/kernel/s[^h]** w,
  deny /proc/sys/kernel/sh[^m]** w,
  deny /proc/sysrq-trigger rwklx,
  deny /proc/kcore rwklx,

  # Of /sys only the control groups.
  deny /sys/[^f]*/** wklx,
  deny /sys/f[^s]*/** wklx,
  deny /sys/fs/[^c]*/** wklx,
  deny /sys/fs/c[^g]*/** wklx,
  deny /sys/firmware/** rwklx,
  deny /sys/devices/virtual/powercap/** rwklx,
  deny /sys/kernel/security/** rwklx,
}}
"#
    )
}

#[cfg(test)]
mod tests {
    use k8s_cri::v1::SecurityProfile;

    use super::*;

    #[test]
    fn wishes() {
        let check = |profile: Option<(ProfileType, &str)>, old: &str, privileged: bool, expect: Wish| {
            #[allow(deprecated)]
            let context = LinuxContainerSecurityContext {
                apparmor: profile.map(|(kind, name)| SecurityProfile {
                    profile_type: kind.into(),
                    localhost_ref: name.to_owned(),
                }),
                apparmor_profile: old.to_owned(),
                privileged,
                ..Default::default()
            };
            assert_eq!(wish(&context), expect);
        };
        let local = |name: &str| Wish::Local(name.to_owned());
        check(None, "", false, Wish::Default);
        check(None, "", true, Wish::Unconfined);
        check(None, "unconfined", false, Wish::Unconfined);
        check(None, "localhost/mine", false, local("mine"));
        check(Some((ProfileType::RuntimeDefault, "")), "unconfined", false, Wish::Default);
        check(Some((ProfileType::RuntimeDefault, "")), "", true, Wish::Unconfined);
        check(Some((ProfileType::Localhost, "mine")), "", true, local("mine"));
    }
}
