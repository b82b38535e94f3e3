//! The single checks of the Pod Security Standards.

use mizzen_schema::value::Value;

use super::super::pod_refs::containers;
use super::super::tree::{entries, flag, int, is_set, list, text, texts};
use super::Level;

/// What is not allowed, and where the pod does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) reason: String,
    pub(super) detail: String,
}

type Found = Option<(String, String)>;

/// All checks of a level, in alphabetical order of their names as upstream reports them.
pub(super) fn run(level: Level, minor: Option<u32>, metadata: &Value, spec: &Value) -> Vec<Violation> {
    let since = |first: u32| minor.is_none_or(|minor| minor >= first);
    let windows = text(spec, &["os", "name"]) == "windows" && since(25);
    let pod = Pod { metadata, spec };
    let restricted = level == Level::Restricted;
    let mut all: Vec<Found> = Vec::new();
    if level == Level::Privileged {
        return Vec::new();
    }
    all.push(if restricted && !windows && since(8) { pod.privilege_escalation() } else { None });
    all.push(pod.app_armor());
    all.push(if restricted && since(22) {
        if windows { None } else { pod.capabilities_restricted() }
    } else {
        pod.capabilities_baseline()
    });
    all.push(pod.host_namespaces());
    all.push(pod.host_path());
    all.push(pod.host_ports());
    if since(34) {
        all.push(pod.host_probes());
    }
    all.push(pod.privileged());
    all.push(pod.proc_mount(since(33)));
    if restricted {
        all.push(pod.volume_types());
        all.push(pod.run_as_non_root(since(33)));
        all.push(if since(23) { pod.run_as_user(since(33)) } else { None });
    }
    all.push(if restricted && since(19) {
        if windows { None } else { pod.seccomp_restricted() }
    } else {
        pod.seccomp_baseline(since(19))
    });
    all.push(pod.selinux(since(31)));
    all.push(pod.sysctls(minor));
    all.push(pod.windows_host_process());
    let found = all.into_iter().flatten();
    found.map(|(reason, detail)| Violation { reason, detail }).collect()
}

struct Pod<'a> {
    metadata: &'a Value,
    spec: &'a Value,
}

/// `container "a"`, `containers "a", "b"`.
fn named(names: &[String]) -> String {
    let plural = if names.len() == 1 { "" } else { "s" };
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("container{plural} {}", quoted.join(", "))
}

fn quoted_set(mut values: Vec<String>) -> String {
    values.sort_unstable();
    values.dedup();
    let quoted: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    quoted.join(", ")
}

fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

impl<'a> Pod<'a> {
    /// Names of the containers for which `bad` holds.
    fn bad(&self, bad: impl Fn(&Value) -> bool) -> Vec<String> {
        let found = containers(self.spec).filter(|(_, _, container)| bad(container));
        found.map(|(_, _, container)| text(container, &["name"]).to_owned()).collect()
    }

    fn volumes(&self) -> &'a [Value] {
        list(self.spec, &["volumes"])
    }

    fn user_namespaced(&self) -> bool {
        self.spec.path(&["hostUsers"]).and_then(Value::as_bool) == Some(false)
    }

    fn privilege_escalation(&self) -> Found {
        let field = ["securityContext", "allowPrivilegeEscalation"];
        let bad = self.bad(|container| container.path(&field).and_then(Value::as_bool) != Some(false));
        (!bad.is_empty()).then(|| {
            let detail = format!("{} must set securityContext.allowPrivilegeEscalation=false", named(&bad));
            ("allowPrivilegeEscalation != false".to_owned(), detail)
        })
    }

    fn app_armor(&self) -> Found {
        let mut forbidden = Vec::new();
        let own = ["securityContext", "appArmorProfile", "type"];
        let allowed = |kind: &str| matches!(kind, "" | "RuntimeDefault" | "Localhost");
        if !allowed(text(self.spec, &own)) {
            forbidden.push(format!("pod must not set AppArmor profile type to {:?}", text(self.spec, &own)));
        }
        let bad = self.bad(|container| !allowed(text(container, &own)));
        if !bad.is_empty() {
            forbidden.push(format!("{} must not set AppArmor profile type to \"Unconfined\"", named(&bad)));
        }
        for (key, value) in entries(self.metadata, &["annotations"]) {
            let about = key.starts_with("container.apparmor.security.beta.kubernetes.io/");
            if about && value != "runtime/default" && !value.is_empty() && !value.starts_with("localhost/") {
                forbidden.push(format!("annotation {key}={value:?}"));
            }
        }
        let reason = plural(forbidden.len(), "forbidden AppArmor profile", "forbidden AppArmor profiles");
        (!forbidden.is_empty()).then(|| (reason.to_owned(), forbidden.join(", ")))
    }

    fn capabilities_baseline(&self) -> Found {
        const ALLOWED: [&str; 13] = [
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT",
        ];
        let mut added = Vec::new();
        let bad = self.bad_added(&ALLOWED, &mut added);
        (!bad.is_empty()).then(|| {
            let detail = format!(
                "{} must not include {} in securityContext.capabilities.add",
                named(&bad),
                quoted_set(added)
            );
            ("non-default capabilities".to_owned(), detail)
        })
    }

    fn bad_added(&self, allowed: &[&str], added: &mut Vec<String>) -> Vec<String> {
        let mut names = Vec::new();
        for (_, _, container) in containers(self.spec) {
            let more = texts(container, &["securityContext", "capabilities", "add"]);
            let more: Vec<String> = more.filter(|one| !allowed.contains(one)).map(str::to_owned).collect();
            if !more.is_empty() {
                names.push(text(container, &["name"]).to_owned());
                added.extend(more);
            }
        }
        names
    }

    fn capabilities_restricted(&self) -> Found {
        let mut parts = Vec::new();
        let undropped = self.bad(|container| {
            !texts(container, &["securityContext", "capabilities", "drop"]).any(|one| one == "ALL")
        });
        if !undropped.is_empty() {
            parts.push(format!("{} must set securityContext.capabilities.drop=[\"ALL\"]", named(&undropped)));
        }
        let mut added = Vec::new();
        let bad = self.bad_added(&["NET_BIND_SERVICE"], &mut added);
        if !bad.is_empty() {
            parts.push(format!(
                "{} must not include {} in securityContext.capabilities.add",
                named(&bad),
                quoted_set(added)
            ));
        }
        (!parts.is_empty()).then(|| ("unrestricted capabilities".to_owned(), parts.join("; ")))
    }

    fn host_namespaces(&self) -> Found {
        let fields = ["hostNetwork", "hostPID", "hostIPC"].into_iter();
        let set: Vec<String> =
            fields.filter(|field| flag(self.spec, &[field])).map(|field| format!("{field}=true")).collect();
        (!set.is_empty()).then(|| ("host namespaces".to_owned(), set.join(", ")))
    }

    fn host_path(&self) -> Found {
        let bad = self.volumes().iter().filter(|volume| is_set(volume, &["hostPath"]));
        let names: Vec<String> = bad.map(|volume| format!("{:?}", text(volume, &["name"]))).collect();
        (!names.is_empty()).then(|| {
            let word = plural(names.len(), "volume", "volumes");
            ("hostPath volumes".to_owned(), format!("{word} {}", names.join(", ")))
        })
    }

    fn host_ports(&self) -> Found {
        let mut ports = Vec::new();
        let used = |container: &Value| {
            let all = list(container, &["ports"]).iter();
            all.filter_map(|port| int(port, &["hostPort"]).filter(|port| *port != 0)).collect::<Vec<i64>>()
        };
        for (_, _, container) in containers(self.spec) {
            ports.extend(used(container));
        }
        ports.sort_unstable();
        ports.dedup();
        let bad = self.bad(|container| !used(container).is_empty());
        (!bad.is_empty()).then(|| {
            let numbers: Vec<String> = ports.iter().map(ToString::to_string).collect();
            let (uses, word) =
                (plural(bad.len(), "uses", "use"), plural(ports.len(), "hostPort", "hostPorts"));
            ("hostPort".to_owned(), format!("{} {uses} {word} {}", named(&bad), numbers.join(", ")))
        })
    }

    /// Probes and hooks must not be pointed at other hosts (KEP-4940).
    fn host_probes(&self) -> Found {
        const HANDLERS: [&[&str]; 5] = [
            &["livenessProbe"],
            &["readinessProbe"],
            &["startupProbe"],
            &["lifecycle", "postStart"],
            &["lifecycle", "preStop"],
        ];
        let bad = self.bad(|container| {
            HANDLERS.iter().filter_map(|path| container.path(path)).any(|handler| {
                !text(handler, &["httpGet", "host"]).is_empty()
                    || !text(handler, &["tcpSocket", "host"]).is_empty()
            })
        });
        (!bad.is_empty()).then(|| {
            let (uses, word) = (plural(bad.len(), "uses", "use"), "probe or lifecycle host");
            ("probe or lifecycle host".to_owned(), format!("{} {uses} {word}", named(&bad)))
        })
    }

    fn privileged(&self) -> Found {
        let bad = self.bad(|container| flag(container, &["securityContext", "privileged"]));
        (!bad.is_empty()).then(|| {
            let detail = format!("{} must not set securityContext.privileged=true", named(&bad));
            ("privileged".to_owned(), detail)
        })
    }

    fn proc_mount(&self, relaxed: bool) -> Found {
        if relaxed && self.user_namespaced() {
            return None;
        }
        let of = |container: &Value| text(container, &["securityContext", "procMount"]).to_owned();
        let bad = self.bad(|container| !matches!(of(container).as_str(), "" | "Default"));
        (!bad.is_empty()).then(|| {
            let kinds = containers(self.spec).map(|(_, _, container)| of(container));
            let kinds = kinds.filter(|kind| !matches!(kind.as_str(), "" | "Default")).collect();
            let detail =
                format!("{} must not set securityContext.procMount to {}", named(&bad), quoted_set(kinds));
            ("procMount".to_owned(), detail)
        })
    }

    fn volume_types(&self) -> Found {
        const ALLOWED: [&str; 9] = [
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "image",
            "persistentVolumeClaim",
            "projected",
            "secret",
        ];
        const OTHERS: [&str; 20] = [
            "hostPath",
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "gitRepo",
            "nfs",
            "iscsi",
            "glusterfs",
            "rbd",
            "flexVolume",
            "cinder",
            "cephfs",
            "flocker",
            "fc",
            "azureFile",
            "vsphereVolume",
            "quobyte",
            "azureDisk",
            "portworxVolume",
            "scaleIO",
            "storageos",
        ];
        let (mut names, mut kinds) = (Vec::new(), Vec::new());
        for volume in self.volumes() {
            if ALLOWED.iter().any(|kind| is_set(volume, &[kind])) {
                continue;
            }
            names.push(format!("{:?}", text(volume, &["name"])));
            let kind = OTHERS.iter().find(|kind| is_set(volume, &[kind])).copied().unwrap_or("unknown");
            kinds.push(kind.to_owned());
        }
        (!names.is_empty()).then(|| {
            let (word, uses) = (plural(names.len(), "volume", "volumes"), plural(names.len(), "uses", "use"));
            let count = kinds.len();
            let sort = plural(count, "restricted volume type", "restricted volume types");
            let detail = format!("{word} {} {uses} {sort} {}", names.join(", "), quoted_set(kinds));
            ("restricted volume types".to_owned(), detail)
        })
    }

    fn run_as_non_root(&self, relaxed: bool) -> Found {
        if relaxed && self.user_namespaced() {
            return None;
        }
        let field = ["securityContext", "runAsNonRoot"];
        let of = |value: &Value| value.path(&field).and_then(Value::as_bool);
        let pod = of(self.spec);
        let explicit = self.bad(|container| of(container) == Some(false));
        let implicit = self.bad(|container| of(container).is_none());
        let mut parts = Vec::new();
        if pod == Some(false) {
            parts.push("pod must not set securityContext.runAsNonRoot=false".to_owned());
        }
        if !explicit.is_empty() {
            parts.push(format!("{} must not set securityContext.runAsNonRoot=false", named(&explicit)));
        }
        if parts.is_empty() && pod.is_none() && !implicit.is_empty() {
            parts.push(format!("pod or {} must set securityContext.runAsNonRoot=true", named(&implicit)));
        }
        // A pod that says false is saved by containers that all say true.
        let saved = pod == Some(false) && explicit.is_empty() && implicit.is_empty();
        (!parts.is_empty() && !saved).then(|| ("runAsNonRoot != true".to_owned(), parts.join(", ")))
    }

    fn run_as_user(&self, relaxed: bool) -> Found {
        if relaxed && self.user_namespaced() {
            return None;
        }
        let is_root = |value: &Value| int(value, &["securityContext", "runAsUser"]) == Some(0);
        let mut parts = Vec::new();
        if is_root(self.spec) {
            parts.push("pod must not set runAsUser=0".to_owned());
        }
        let bad = self.bad(is_root);
        if !bad.is_empty() {
            parts.push(format!("{} must not set runAsUser=0", named(&bad)));
        }
        (!parts.is_empty()).then(|| ("runAsUser=0".to_owned(), parts.join(", ")))
    }

    fn seccomp_baseline(&self, fields: bool) -> Found {
        let mut parts = Vec::new();
        let unconfined =
            |value: &Value| text(value, &["securityContext", "seccompProfile", "type"]) == "Unconfined";
        if fields {
            if unconfined(self.spec) {
                parts.push(
                    "pod must not set securityContext.seccompProfile.type to \"Unconfined\"".to_owned(),
                );
            }
            let bad = self.bad(unconfined);
            if !bad.is_empty() {
                parts.push(format!(
                    "{} must not set securityContext.seccompProfile.type to \"Unconfined\"",
                    named(&bad)
                ));
            }
        } else {
            for (key, value) in entries(self.metadata, &["annotations"]) {
                let about = key == "seccomp.security.alpha.kubernetes.io/pod"
                    || key.starts_with("container.seccomp.security.alpha.kubernetes.io/");
                let fine =
                    matches!(value, "runtime/default" | "docker/default") || value.starts_with("localhost/");
                if about && !fine {
                    parts.push(format!("{key}={value:?}"));
                }
            }
        }
        (!parts.is_empty()).then(|| ("seccompProfile".to_owned(), parts.join(", ")))
    }

    fn seccomp_restricted(&self) -> Found {
        let of = |value: &Value| text(value, &["securityContext", "seccompProfile", "type"]).to_owned();
        let is_fine = |kind: &str| matches!(kind, "RuntimeDefault" | "Localhost");
        let pod = of(self.spec);
        let explicit = self.bad(|container| !of(container).is_empty() && !is_fine(&of(container)));
        let implicit = self.bad(|container| of(container).is_empty());
        let mut parts = Vec::new();
        if !pod.is_empty() && !is_fine(&pod) {
            parts.push(format!("pod must not set securityContext.seccompProfile.type to {pod:?}"));
        }
        if !explicit.is_empty() {
            parts.push(format!(
                "{} must not set securityContext.seccompProfile.type to \"Unconfined\"",
                named(&explicit)
            ));
        }
        if pod.is_empty() && !implicit.is_empty() {
            parts.push(format!(
                "pod or {} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"",
                named(&implicit)
            ));
        }
        (!parts.is_empty()).then(|| ("seccompProfile".to_owned(), parts.join(", ")))
    }

    fn selinux(&self, engine: bool) -> Found {
        let options = |value: &'a Value| value.path(&["securityContext", "seLinuxOptions"]);
        let all: Vec<&Value> = options(self.spec)
            .into_iter()
            .chain(containers(self.spec).filter_map(|(_, _, container)| options(container)))
            .collect();
        let known = |kind: &str| {
            matches!(kind, "" | "container_t" | "container_init_t" | "container_kvm_t")
                || engine && kind == "container_engine_t"
        };
        let mut parts = Vec::new();
        let types: Vec<String> = all
            .iter()
            .map(|options| text(options, &["type"]).to_owned())
            .filter(|kind| !known(kind))
            .collect();
        if !types.is_empty() {
            let word = plural(types.len(), "type", "types");
            parts.push(format!("{word} {}", quoted_set(types)));
        }
        if all.iter().any(|options| !text(options, &["user"]).is_empty()) {
            parts.push("user may not be set".to_owned());
        }
        if all.iter().any(|options| !text(options, &["role"]).is_empty()) {
            parts.push("role may not be set".to_owned());
        }
        (!parts.is_empty()).then(|| ("seLinuxOptions".to_owned(), parts.join("; ")))
    }

    fn sysctls(&self, minor: Option<u32>) -> Found {
        const SAFE: [(&str, u32); 10] = [
            ("kernel.shm_rmid_forced", 0),
            ("net.ipv4.ip_local_port_range", 0),
            ("net.ipv4.tcp_syncookies", 0),
            ("net.ipv4.ping_group_range", 0),
            ("net.ipv4.ip_unprivileged_port_start", 0),
            ("net.ipv4.ip_local_reserved_ports", 27),
            ("net.ipv4.tcp_keepalive_time", 29),
            ("net.ipv4.tcp_fin_timeout", 29),
            ("net.ipv4.tcp_keepalive_intvl", 29),
            ("net.ipv4.tcp_keepalive_probes", 29),
        ];
        const SAFE_SINCE_32: [&str; 2] = ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];
        let since = |first: u32| minor.is_none_or(|minor| minor >= first);
        let safe = |name: &str| {
            SAFE.iter().any(|(known, first)| *known == name && since(*first))
                || SAFE_SINCE_32.contains(&name) && since(32)
        };
        let all = list(self.spec, &["securityContext", "sysctls"]).iter();
        let bad: Vec<&str> =
            all.map(|sysctl| text(sysctl, &["name"])).filter(|name| !safe(&name.replace('/', "."))).collect();
        (!bad.is_empty()).then(|| ("forbidden sysctls".to_owned(), bad.join(", ")))
    }

    fn windows_host_process(&self) -> Found {
        let is_host = |value: &Value| flag(value, &["securityContext", "windowsOptions", "hostProcess"]);
        let mut parts = Vec::new();
        if is_host(self.spec) {
            parts.push("pod must not set securityContext.windowsOptions.hostProcess=true".to_owned());
        }
        let bad = self.bad(is_host);
        if !bad.is_empty() {
            let words = "must not set securityContext.windowsOptions.hostProcess=true";
            parts.push(format!("{} {words}", named(&bad)));
        }
        (!parts.is_empty()).then(|| ("hostProcess".to_owned(), parts.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::super::tree::build;
    use super::*;

    fn reasons(level: Level, minor: Option<u32>, spec: Json) -> Vec<String> {
        let (metadata, spec) = (build(None, json!({})), build(None, spec));
        run(level, minor, &metadata, &spec)
            .into_iter()
            .map(|found| format!("{}: {}", found.reason, found.detail))
            .collect()
    }

    /// A pod that the restricted level allows, with a change.
    fn good(change: impl Fn(&mut Json)) -> Json {
        let mut spec = json!({
            "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{"name": "c", "securityContext":
                {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}],
            "volumes": [{"name": "v", "emptyDir": {}}],
        });
        change(&mut spec);
        spec
    }

    #[test]
    fn restricted() {
        let check = |change: fn(&mut Json), expect: &[&str]| {
            assert_eq!(reasons(Level::Restricted, None, good(change)), expect);
        };
        check(|_| {}, &[]);
        check(
            |spec| spec["volumes"][0] = json!({"name": "n", "nfs": {}}),
            &["restricted volume types: volume \"n\" uses restricted volume type \"nfs\""],
        );
        check(
            |spec| spec["securityContext"]["runAsUser"] = json!(0),
            &["runAsUser=0: pod must not set runAsUser=0"],
        );
        check(
            |spec| spec["containers"][0]["securityContext"]["runAsNonRoot"] = json!(false),
            &["runAsNonRoot != true: container \"c\" must not set securityContext.runAsNonRoot=false"],
        );
        check(
            |spec| spec["containers"][0]["securityContext"]["capabilities"]["add"] = json!(["NET_ADMIN"]),
            &["unrestricted capabilities: container \"c\" must not include \"NET_ADMIN\" in \
             securityContext.capabilities.add"],
        );
        check(
            |spec| {
                spec["os"] = json!({"name": "windows"});
                spec["containers"][0]["securityContext"] = json!({});
                spec["securityContext"] = json!({"runAsNonRoot": true});
            },
            &[],
        );
    }

    #[test]
    fn baseline() {
        let check = |change: fn(&mut Json), expect: &str| {
            let found = reasons(Level::Baseline, None, good(change));
            assert_eq!(found.first().map(String::as_str).unwrap_or_default(), expect);
            assert!(found.len() <= 1, "{found:?}");
        };
        check(|spec| spec["securityContext"] = json!({}), "");
        check(|spec| spec["hostPID"] = json!(true), "host namespaces: hostPID=true");
        check(
            |spec| spec["volumes"][0] = json!({"name": "h", "hostPath": {}}),
            "hostPath volumes: volume \"h\"",
        );
        check(
            |spec| spec["containers"][0]["ports"] = json!([{"hostPort": 80}]),
            "hostPort: container \"c\" uses hostPort 80",
        );
        let words = "privileged: container \"c\" must not set securityContext.privileged=true";
        check(|spec| spec["containers"][0]["securityContext"]["privileged"] = json!(true), words);
        let words = "non-default capabilities: containers \"c\", \"e\" must not include \"BPF\", \"SYS_ADMIN\" in \
                     securityContext.capabilities.add";
        check(
            |spec| {
                spec["containers"][0]["securityContext"]["capabilities"]["add"] =
                    json!(["SYS_ADMIN", "CHOWN"]);
                spec["ephemeralContainers"] =
                    json!([{"name": "e", "securityContext": {"capabilities": {"add": ["BPF"]}}}]);
            },
            words,
        );
        let words = "forbidden sysctls: kernel.msgmax";
        check(|spec| spec["securityContext"]["sysctls"] = json!([{"name": "kernel.msgmax"}]), words);
        let words = "seLinuxOptions: type \"spc_t\"; user may not be set";
        check(
            |spec| spec["securityContext"]["seLinuxOptions"] = json!({"type": "spc_t", "user": "u"}),
            words,
        );
        let words = "probe or lifecycle host: container \"c\" uses probe or lifecycle host";
        check(
            |spec| spec["containers"][0]["livenessProbe"] = json!({"httpGet": {"host": "169.254.169.254"}}),
            words,
        );
    }

    #[test]
    fn versions() {
        let spec =
            || good(|spec| spec["securityContext"]["sysctls"] = json!([{"name": "net.ipv4.tcp_rmem"}]));
        assert_eq!(reasons(Level::Baseline, Some(31), spec()).len(), 1);
        assert_eq!(reasons(Level::Baseline, Some(32), spec()).len(), 0);
        assert_eq!(reasons(Level::Privileged, None, json!({"hostPID": true})).len(), 0);
    }
}
