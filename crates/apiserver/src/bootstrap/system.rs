//! System namespaces, Services, endpoints, the service range, priority classes, and what extension servers
//! need to authenticate those who come through us.

use std::net::IpAddr;

use ipnet::IpNet;
use mizzen_client::Client;
use mizzen_clock::Env;
use serde_json::{Value as Json, json};

use super::ensure::{about, add_missing, ensure, key_of, put, resource, update};
use super::{BootstrapError, Config, Endpoints, SharedStore};

/// In the order of their making.
const NAMESPACES: [&str; 4] = ["kube-system", "default", "kube-public", "kube-node-lease"];
const PRIORITY_CLASSES: [(&str, i32, &str); 2] = [
    (
        "system-node-critical",
        2_000_001_000,
        "Used for system critical pods that must not be moved from their current node.",
    ),
    (
        "system-cluster-critical",
        2_000_000_000,
        "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
    ),
];

/// The address of Service `kubernetes`: the first one of the first range.
pub(super) fn kubernetes_address(config: &Config) -> Option<IpAddr> {
    match config.service_cidrs.first()? {
        IpNet::V4(range) if range.prefix_len() <= 30 => {
            Some(IpAddr::from((u32::from(range.network()) + 1).to_be_bytes()))
        }
        IpNet::V6(range) if range.prefix_len() <= 126 => {
            Some(IpAddr::from((u128::from(range.network()) + 1).to_be_bytes()))
        }
        _ => None,
    }
}

pub(super) async fn namespaces(client: &Client) -> Result<(), BootstrapError> {
    let resource = resource("", "v1", "namespaces", "Namespace", false);
    let all =
        NAMESPACES.map(|name| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}));
    let writes = all.iter().map(|object| ensure(client, &resource, object, |_| false));
    futures::future::try_join_all(writes).await.map(drop)
}

pub(super) async fn priority_classes(client: &Client) -> Result<(), BootstrapError> {
    let resource = resource("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false);
    for (name, value, description) in PRIORITY_CLASSES {
        let wanted = json!({
            "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name},
            "value": value, "description": description, "preemptionPolicy": "PreemptLowerPriority",
        });
        ensure(client, &resource, &wanted, |_| false).await?;
    }
    Ok(())
}

/// All that is kept while the server runs.
pub(super) async fn keep(client: &Client, config: &Config, env: &Env) -> Result<(), BootstrapError> {
    namespaces(client).await?;
    service_cidr(client, config, env).await?;
    kubernetes_service(client, config).await?;
    endpoints(client, config).await?;
    dns_service(client, config).await?;
    authentication(client, config).await
}

async fn service_cidr(client: &Client, config: &Config, env: &Env) -> Result<(), BootstrapError> {
    let resource = resource("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", false);
    let cidrs: Vec<String> = config.service_cidrs.iter().map(ToString::to_string).collect();
    let wanted = json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR",
        "metadata": {"name": "kubernetes"}, "spec": {"cidrs": cidrs},
    });
    // The ranges of a ServiceCIDR cannot be changed: one with others needs an administrator.
    ensure(client, &resource, &wanted, |_| false).await?;
    let key = key_of(&wanted);
    let found = client.get_as::<Json>(&resource, &key).await.map_err(about(&resource, &key))?;
    let Some(mut found) = found else { return Ok(()) };
    let ready = |condition: &Json| condition["type"] == "Ready";
    let known = found["status"]["conditions"].as_array().is_some_and(|all| all.iter().any(ready));
    if known || found["spec"]["cidrs"] != wanted["spec"]["cidrs"] {
        return Ok(());
    }
    let condition = json!({
        "type": "Ready", "status": "True", "reason": "", "lastTransitionTime": seconds(env),
        "message": "Kubernetes default Service CIDR is ready",
    });
    found["status"] = json!({"conditions": [condition]});
    match update(client, &resource, &found, "status").await {
        // Somebody else is at it; the watch brings us back.
        Err(error) if error.is_conflict() || error.is_not_found() => Ok(()),
        other => other.map_err(about(&resource, &key)),
    }
}

fn seconds(env: &Env) -> String {
    env.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

async fn kubernetes_service(client: &Client, config: &Config) -> Result<(), BootstrapError> {
    let resource = resource("", "v1", "services", "Service", true);
    let address = kubernetes_address(config).ok_or(BootstrapError::ServiceRange)?;
    let mut port = json!({"name": "https", "protocol": "TCP", "port": 443, "targetPort": config.secure_port});
    let node_port = config.kubernetes_service_node_port;
    let kind = if node_port == 0 { "ClusterIP" } else { "NodePort" };
    if node_port != 0 {
        port["nodePort"] = json!(node_port);
    }
    let wanted = json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {
            "name": "kubernetes", "namespace": "default",
            "labels": {"component": "apiserver", "provider": "kubernetes"},
        },
        "spec": {
            "type": kind, "clusterIP": address.to_string(), "clusterIPs": [address.to_string()],
            "ipFamilyPolicy": "SingleStack", "sessionAffinity": "None", "ports": [port],
        },
    });
    ensure(client, &resource, &wanted, |found| {
        let typed = put(found, &["spec", "type"], &wanted["spec"]["type"]);
        put(found, &["spec", "ports"], &wanted["spec"]["ports"]) || typed
    })
    .await
}

async fn endpoints(client: &Client, config: &Config) -> Result<(), BootstrapError> {
    let v4 = kubernetes_address(config).is_some_and(|address| address.is_ipv4());
    let mut addresses = match &config.endpoints {
        Endpoints::Own(addresses) => addresses.clone(),
        Endpoints::Shared(SharedStore(peers)) => {
            peers.renew().await?;
            peers.addresses().await?
        }
        Endpoints::Others => return Ok(()),
    };
    addresses.retain(|address| address.is_ipv4() == v4);
    addresses.sort_unstable();
    addresses.dedup();
    let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();

    let classic = resource("", "v1", "endpoints", "Endpoints", true);
    let items: Vec<Json> = texts.iter().map(|address| json!({"ip": address})).collect();
    let subsets = if items.is_empty() {
        json!([])
    } else {
        let port = json!({"name": "https", "port": config.secure_port, "protocol": "TCP"});
        json!([{"addresses": items, "ports": [port]}])
    };
    let wanted = json!({
        "apiVersion": "v1", "kind": "Endpoints",
        "metadata": {
            "name": "kubernetes", "namespace": "default",
            "labels": {"endpointslice.kubernetes.io/skip-mirror": "true"},
        },
        "subsets": subsets,
    });
    ensure(client, &classic, &wanted, |found| correct(found, &wanted, &["subsets"])).await?;

    let slices = resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);
    let item = |address: &String| json!({"addresses": [address], "conditions": {"ready": true}});
    let items: Vec<Json> = texts.iter().map(item).collect();
    let port = json!({"name": "https", "port": config.secure_port, "protocol": "TCP"});
    let wanted = json!({
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
        "metadata": {
            "name": "kubernetes", "namespace": "default",
            "labels": {"kubernetes.io/service-name": "kubernetes"},
        },
        "addressType": if v4 { "IPv4" } else { "IPv6" },
        "endpoints": items,
        "ports": [port],
    });
    ensure(client, &slices, &wanted, |found| correct(found, &wanted, &["endpoints", "ports"])).await
}

/// Puts labels and some members right.
fn correct(found: &mut Json, wanted: &Json, members: &[&str]) -> bool {
    let mut changed = false;
    for (label, value) in wanted["metadata"]["labels"].as_object().into_iter().flatten() {
        changed |= put(found, &["metadata", "labels", label], value);
    }
    for member in members {
        // Nothing is written as an empty list or left out.
        let empty = wanted[*member] == json!([]) && found.get(*member).is_none_or(Json::is_null);
        changed |= !empty && put(found, &[member], &wanted[*member]);
    }
    changed
}

async fn dns_service(client: &Client, config: &Config) -> Result<(), BootstrapError> {
    let Some(address) = config.cluster_dns else { return Ok(()) };
    let resource = resource("", "v1", "services", "Service", true);
    let port = |name: &str, protocol: &str| json!({"name": name, "port": 53, "protocol": protocol, "targetPort": 53});
    // Without a selector: the DNS of every node writes its own EndpointSlice.
    let wanted = json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {
            "name": "kube-dns", "namespace": "kube-system",
            "labels": {
                "k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true",
                "kubernetes.io/name": "CoreDNS",
            },
        },
        "spec": {
            "type": "ClusterIP", "clusterIP": address.to_string(), "clusterIPs": [address.to_string()],
            "ports": [port("dns", "UDP"), port("dns-tcp", "TCP")],
        },
    });
    // Others may install a DNS of their own under this name: it is theirs then.
    ensure(client, &resource, &wanted, |_| false).await
}

async fn authentication(client: &Client, config: &Config) -> Result<(), BootstrapError> {
    let mut data = json!({});
    if !config.client_ca_pem.is_empty() {
        data["client-ca-file"] = json!(config.client_ca_pem);
    }
    if let Some(proxy) = &config.proxy_headers {
        let list = |items: &[String]| json!(json!(items).to_string());
        data["requestheader-username-headers"] = list(&proxy.username_headers);
        data["requestheader-uid-headers"] = list(&proxy.uid_headers);
        data["requestheader-group-headers"] = list(&proxy.group_headers);
        data["requestheader-extra-headers-prefix"] = list(&proxy.extra_headers_prefix);
        data["requestheader-client-ca-file"] = json!(proxy.client_ca_pem);
        data["requestheader-allowed-names"] = list(&proxy.allowed_names);
    }
    let wanted = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "extension-apiserver-authentication", "namespace": "kube-system"},
        "data": data,
    });
    let resource = resource("", "v1", "configmaps", "ConfigMap", true);
    ensure(client, &resource, &wanted, |found| {
        let mut changed = add_missing(found, &["data"], &wanted["data"]);
        for (name, value) in wanted["data"].as_object().into_iter().flatten() {
            changed |= put(found, &["data", name], value);
        }
        changed
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(range: &str) -> Config {
        Config {
            service_cidrs: vec![range.parse().unwrap()],
            endpoints: Endpoints::Own(Vec::new()),
            secure_port: 6443,
            kubernetes_service_node_port: 0,
            cluster_dns: None,
            client_ca_pem: String::new(),
            proxy_headers: None,
        }
    }

    #[test]
    fn first_address() {
        let check = |range: &str, expect: Option<&str>| {
            let found = kubernetes_address(&config(range)).map(|address| address.to_string());
            assert_eq!(found.as_deref(), expect);
        };
        check("10.96.0.0/16", Some("10.96.0.1"));
        check("10.96.7.9/16", Some("10.96.0.1"));
        check("fd00::/108", Some("fd00::1"));
        check("10.96.0.0/32", None);
    }

    #[test]
    fn endpoints_are_put_right() {
        let wanted = json!({"metadata": {"labels": {"a": "b"}}, "endpoints": [{"addresses": ["1.2.3.4"]}]});
        let mut found = json!({"metadata": {"labels": {"x": "y"}}, "endpoints": null});
        assert!(correct(&mut found, &wanted, &["endpoints"]));
        assert!(!correct(&mut found, &wanted, &["endpoints"]));
        assert_eq!(found["metadata"]["labels"], json!({"x": "y", "a": "b"}));
        let nothing = json!({"endpoints": []});
        assert!(!correct(&mut json!({}), &nothing, &["endpoints"]));
    }
}
