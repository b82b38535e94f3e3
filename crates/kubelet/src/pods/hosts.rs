//! The hosts file that all containers of a pod share.

use std::path::Path;

use k8s_openapi::api::core::v1::{HostAlias, Pod};

use super::spec;

/// A pod's host name and, when it has a subdomain, its domain.
pub(crate) fn host_names(pod: &Pod, cluster_domain: &str) -> (String, Option<String>) {
    let spec_ = spec::spec(pod);
    let mut hostname = spec_.hostname.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| {
        // A label of a domain name has at most 63 characters and does not end in a dash or dot.
        let name = spec::name(pod);
        let cut: String = name.chars().take(63).collect();
        cut.trim_end_matches(['-', '.']).to_owned()
    });
    let subdomain = spec_.subdomain.as_deref().filter(|name| !name.is_empty());
    let domain = subdomain.map(|sub| format!("{sub}.{}.svc.{cluster_domain}", spec::namespace(pod)));
    if let Some(own) = spec_.hostname_override.clone().filter(|name| !name.is_empty()) {
        return (own, None);
    }
    if spec_.set_hostname_as_fqdn == Some(true)
        && let Some(domain) = &domain
    {
        hostname = format!("{hostname}.{domain}");
    }
    (hostname, domain)
}

/// The file's text.
pub(crate) fn render(pod: &Pod, ips: &[String], cluster_domain: &str, node_file: &str) -> String {
    let aliases = spec::spec(pod).host_aliases.as_deref().unwrap_or_default();
    let mut text = if spec::is_host_network(pod) {
        format!("# Kubernetes-managed hosts file (host network).\n{node_file}")
    } else {
        let mut text = "# Kubernetes-managed hosts file.\n\
            127.0.0.1\tlocalhost\n\
            ::1\tlocalhost ip6-localhost ip6-loopback\n\
            fe00::0\tip6-localnet\n\
            fe00::0\tip6-mcastprefix\n\
            fe00::1\tip6-allnodes\n\
            fe00::2\tip6-allrouters\n"
            .to_owned();
        let (hostname, domain) = host_names(pod, cluster_domain);
        for ip in ips {
            match &domain {
                Some(domain) => text.push_str(&format!("{ip}\t{hostname}.{domain}\t{hostname}\n")),
                None => text.push_str(&format!("{ip}\t{hostname}\n")),
            }
        }
        text
    };
    text.push_str(&alias_lines(aliases));
    text
}

fn alias_lines(aliases: &[HostAlias]) -> String {
    if aliases.is_empty() {
        return String::new();
    }
    let mut text = "\n# Entries added by HostAliases.\n".to_owned();
    for alias in aliases {
        let names = alias.hostnames.as_deref().unwrap_or_default().join("\t");
        text.push_str(&format!("{}\t{names}\n", alias.ip));
    }
    text
}

/// Writes the file where it is not there as it should be. It is written in place, because containers have it mounted.
pub(crate) fn ensure(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    std::fs::write(path, text)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_and_aliases() {
        let pod: Pod = serde_json::from_value(json!({
            "metadata": {"name": "p", "namespace": "n"},
            "spec": {"containers": [], "hostname": "h", "subdomain": "s",
                     "hostAliases": [{"ip": "1.2.3.4", "hostnames": ["a", "b"]}]},
        }))
        .expect("a pod");
        let text = render(&pod, &["10.0.0.9".to_owned()], "cluster.local", "");
        let tail = "10.0.0.9\th.s.n.svc.cluster.local\th\n\n# Entries added by HostAliases.\n1.2.3.4\ta\tb\n";
        assert!(text.ends_with(tail), "{text}");
        assert!(text.starts_with("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n"));
        let long = "a".repeat(62) + "-b";
        let pod: Pod =
            serde_json::from_value(json!({"metadata": {"name": long}, "spec": {"containers": []}}))
                .expect("a pod");
        assert_eq!(host_names(&pod, "").0, "a".repeat(62));
    }
}
