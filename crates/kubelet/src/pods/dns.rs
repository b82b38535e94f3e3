//! A pod's resolver settings.

use std::net::IpAddr;

use k8s_cri::v1::DnsConfig;
use k8s_openapi::api::core::v1::Pod;

use super::spec;

/// The most that resolvers take.
const SERVERS_MAX: usize = 3;
const SEARCHES_MAX: usize = 32;
const SEARCH_CHARS_MAX: usize = 2048;

/// What the kubelet knows of resolvers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resolvers {
    pub(crate) cluster_dns: Vec<IpAddr>,
    pub(crate) cluster_domain: String,
    /// The node's own.
    pub(crate) node: DnsConfig,
}

/// Reads a resolver file.
pub(crate) fn parse_resolv_conf(text: &str) -> DnsConfig {
    let mut config = DnsConfig::default();
    for line in text.lines() {
        let line = line.split(['#', ';']).next().unwrap_or_default();
        let mut words = line.split_whitespace();
        match words.next() {
            Some("nameserver") => config.servers.extend(words.next().map(str::to_owned)),
            Some("search" | "domain") => {
                config.searches = words
                    .map(|word| word.strip_suffix('.').unwrap_or(word).to_owned())
                    .filter(|w| !w.is_empty())
                    .collect();
            }
            Some("options") => config.options = words.map(str::to_owned).collect(),
            _ => {}
        }
    }
    config
}

fn push_new(list: &mut Vec<String>, value: String) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// The settings of a pod.
pub(crate) fn pod_dns(pod: &Pod, resolvers: &Resolvers) -> DnsConfig {
    let spec_ = spec::spec(pod);
    let policy = spec_.dns_policy.as_deref().unwrap_or("ClusterFirst");
    let cluster_first = match policy {
        "ClusterFirstWithHostNet" => true,
        "ClusterFirst" => !spec::is_host_network(pod),
        _ => false,
    };
    let mut config = match policy {
        "None" => DnsConfig::default(),
        _ if cluster_first && !resolvers.cluster_dns.is_empty() => cluster(pod, resolvers),
        _ => resolvers.node.clone(),
    };
    if let Some(own) = &spec_.dns_config {
        for server in own.nameservers.iter().flatten() {
            push_new(&mut config.servers, server.clone());
        }
        for search in own.searches.iter().flatten() {
            push_new(&mut config.searches, search.clone());
        }
        for option in own.options.iter().flatten() {
            let name = option.name.as_deref().unwrap_or_default();
            config.options.retain(|old| old.split(':').next() != Some(name));
            config.options.push(match option.value.as_deref() {
                Some(value) if !value.is_empty() => format!("{name}:{value}"),
                _ => name.to_owned(),
            });
        }
    }
    config.servers.truncate(SERVERS_MAX);
    config.searches.truncate(SEARCHES_MAX);
    while config.searches.join(" ").len() > SEARCH_CHARS_MAX {
        config.searches.pop();
    }
    config
}

fn cluster(pod: &Pod, resolvers: &Resolvers) -> DnsConfig {
    let mut config = DnsConfig {
        servers: resolvers.cluster_dns.iter().map(ToString::to_string).collect(),
        searches: Vec::new(),
        options: vec!["ndots:5".to_owned()],
    };
    let domain = &resolvers.cluster_domain;
    if !domain.is_empty() {
        config.searches.push(format!("{}.svc.{domain}", spec::namespace(pod)));
        config.searches.push(format!("svc.{domain}"));
        config.searches.push(domain.clone());
    }
    for search in &resolvers.node.searches {
        push_new(&mut config.searches, search.clone());
    }
    config
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn resolver_files() {
        let got = parse_resolv_conf(
            "# c\nnameserver 1.1.1.1 # x\nnameserver ::1\nsearch a.b. c\noptions ndots:2 rotate\n",
        );
        assert_eq!(got.servers, ["1.1.1.1", "::1"]);
        assert_eq!(got.searches, ["a.b", "c"]);
        assert_eq!(got.options, ["ndots:2", "rotate"]);
    }

    #[test]
    fn policies() {
        let resolvers = Resolvers {
            cluster_dns: vec!["10.96.0.10".parse().expect("an address")],
            cluster_domain: "cluster.local".to_owned(),
            node: parse_resolv_conf("nameserver 9.9.9.9\nsearch lan\n"),
        };
        let check = |spec: serde_json::Value, servers: &[&str], searches: &[&str], options: &[&str]| {
            let pod: Pod =
                serde_json::from_value(json!({"metadata": {"namespace": "n"}, "spec": spec})).expect("a pod");
            let got = pod_dns(&pod, &resolvers);
            assert_eq!(got.servers, servers);
            assert_eq!(got.searches, searches);
            assert_eq!(got.options, options);
        };
        let cluster = ["n.svc.cluster.local", "svc.cluster.local", "cluster.local", "lan"];
        check(json!({"containers": []}), &["10.96.0.10"], &cluster, &["ndots:5"]);
        check(json!({"containers": [], "hostNetwork": true}), &["9.9.9.9"], &["lan"], &[]);
        let with_host =
            json!({"containers": [], "hostNetwork": true, "dnsPolicy": "ClusterFirstWithHostNet"});
        check(with_host, &["10.96.0.10"], &cluster, &["ndots:5"]);
        check(json!({"containers": [], "dnsPolicy": "Default"}), &["9.9.9.9"], &["lan"], &[]);
        let own = json!({"containers": [], "dnsPolicy": "None", "dnsConfig": {
            "nameservers": ["1.2.3.4"], "searches": ["x"], "options": [{"name": "ndots", "value": "1"}, {"name": "rotate"}]}});
        check(own, &["1.2.3.4"], &["x"], &["ndots:1", "rotate"]);
        let more = json!({"containers": [], "dnsConfig": {"options": [{"name": "ndots", "value": "1"}]}});
        check(more, &["10.96.0.10"], &cluster, &["ndots:1"]);
    }
}
