//! Whom a proxy request is for. Names read `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`; ports are numbers or names.

use std::net::{IpAddr, SocketAddr};

use mizzen_schema::value::Value;

use super::dial::{Endpoint, Security};
use crate::admission::Lookup;
use crate::attributes::ResourceTarget;
use crate::status::ApiError;

/// `kubeletEndpoint.Port` when a node does not say.
const KUBELET_PORT: i64 = 10250;

/// A name of a proxy request, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Named<'a> {
    security: Security,
    name: &'a str,
    port: &'a str,
}

fn parse(text: &str) -> Option<Named<'_>> {
    let parts: Vec<&str> = text.split(':').collect();
    let (scheme, name, port) = match *parts.as_slice() {
        [name] => ("", name, ""),
        [name, port] => ("", name, port),
        [scheme, name, port] => (scheme, name, port),
        _ => return None,
    };
    let security = match scheme {
        "" | "http" => Security::None,
        "https" => Security::Unverified,
        _ => return None,
    };
    (!name.is_empty()).then_some(Named { security, name, port })
}

fn named<'a>(target: &'a ResourceTarget, what: &str) -> Result<Named<'a>, ApiError> {
    parse(&target.name)
        .ok_or_else(|| ApiError::bad_request(format!("invalid {what} request {:?}", target.name)))
}

fn rest(target: &ResourceTarget) -> String {
    format!("/{}", target.rest)
}

async fn existing(lookup: &dyn Lookup, target: &ResourceTarget, name: &str) -> Result<Value, ApiError> {
    let found = lookup.get(&target.group, &target.resource, &target.namespace, name).await?;
    found.ok_or_else(|| ApiError::not_found(&target.group, &target.resource, name))
}

fn address(text: &str) -> Result<IpAddr, ApiError> {
    text.parse().map_err(|_| ApiError::unavailable("address not allocated"))
}

fn port_number(port: i64) -> Result<u16, ApiError> {
    u16::try_from(port)
        .ok()
        .filter(|port| *port > 0)
        .ok_or_else(|| ApiError::bad_request(format!("invalid port {port}")))
}

/// A pod's own port: the one named, or the first that it declares, or 80.
pub(crate) async fn pod(
    lookup: &dyn Lookup,
    target: &ResourceTarget,
) -> Result<(Endpoint, String), ApiError> {
    let Named { security, name, port } = named(target, "pod")?;
    let pod = existing(lookup, target, name).await?;
    let containers = pod.path(&["spec", "containers"]).map(Value::items).unwrap_or_default();
    let mut ports =
        containers.iter().flat_map(|container| container.get("ports").map(Value::items).unwrap_or_default());
    let number = |port: &Value| port.get("containerPort").and_then(Value::as_i64);
    let port = match port.parse::<i64>() {
        Ok(number) => number,
        Err(_) if port.is_empty() => ports.next().and_then(number).unwrap_or(80),
        Err(_) => ports
            .find(|own| own.str_at(&["name"]) == Some(port))
            .and_then(number)
            .ok_or_else(|| ApiError::bad_request(format!("pod {name:?} has no port {port:?}")))?,
    };
    let address = address(pod.str_at(&["status", "podIP"]).unwrap_or_default())?;
    let endpoint = Endpoint { address: SocketAddr::new(address, port_number(port)?), security };
    Ok((endpoint, rest(target)))
}

/// An endpoint of a Service, for one of its ports.
pub(crate) async fn service(
    lookup: &dyn Lookup,
    target: &ResourceTarget,
) -> Result<(Endpoint, String), ApiError> {
    let Named { security, name, port } = named(target, "service")?;
    let service = existing(lookup, target, name).await?;
    let ports = service.path(&["spec", "ports"]).map(Value::items).unwrap_or_default();
    let wanted = ports.iter().find(|own| match port.parse::<i64>() {
        Ok(number) => own.get("port").and_then(Value::as_i64) == Some(number),
        // A Service with one port needs no name for it.
        Err(_) => own.str_at(&["name"]).unwrap_or_default() == port || (port.is_empty() && ports.len() == 1),
    });
    let unavailable =
        || ApiError::unavailable(format!("no endpoints available for service {:?}", target.name));
    let port_name = match wanted {
        Some(port) => port.str_at(&["name"]).unwrap_or_default().to_owned(),
        None => {
            return Err(ApiError::unavailable(format!(
                "no service port {port:?} found for service {name:?}"
            )));
        }
    };
    let slices = lookup.list("discovery.k8s.io", "endpointslices", &target.namespace).await?;
    for slice in &slices {
        let owner =
            slice.path(&["metadata", "labels"]).and_then(|labels| labels.get("kubernetes.io/service-name"));
        if owner.and_then(Value::as_str) != Some(name) {
            continue;
        }
        let ports = slice.get("ports").map(Value::items).unwrap_or_default();
        let port = ports
            .iter()
            .find(|own| own.str_at(&["name"]).unwrap_or_default() == port_name)
            .and_then(|own| own.get("port").and_then(Value::as_i64));
        let endpoints = slice.get("endpoints").map(Value::items).unwrap_or_default();
        let ready = endpoints.iter().find(|endpoint| {
            endpoint.path(&["conditions", "ready"]).and_then(Value::as_bool).unwrap_or(true)
        });
        let ip = ready.and_then(|endpoint| endpoint.get("addresses")?.items().first()?.as_str());
        if let (Some(port), Some(ip)) = (port, ip) {
            let endpoint = Endpoint { address: SocketAddr::new(address(ip)?, port_number(port)?), security };
            return Ok((endpoint, rest(target)));
        }
    }
    Err(unavailable())
}

/// A node's kubelet, or another port of the node.
pub(crate) async fn node(
    lookup: &dyn Lookup,
    target: &ResourceTarget,
    address_types: &[String],
) -> Result<(Endpoint, String), ApiError> {
    let Named { security, name, port } = named(target, "node")?;
    let node = existing(lookup, target, name).await?;
    let own = kubelet_of(&node, address_types)?;
    let endpoint = match port.parse::<u16>() {
        Ok(port) if port != own.address.port() => {
            Endpoint { address: SocketAddr::new(own.address.ip(), port), security }
        }
        Ok(_) => own,
        Err(_) if port.is_empty() => own,
        Err(_) => return Err(ApiError::bad_request(format!("invalid node port {port:?}"))),
    };
    Ok((endpoint, rest(target)))
}

/// Where a node's kubelet listens: at the node's first address of these types, in their order. Names are passed over.
pub(crate) fn kubelet_of(node: &Value, address_types: &[String]) -> Result<Endpoint, ApiError> {
    let addresses = node.path(&["status", "addresses"]).map(Value::items).unwrap_or_default();
    let of = |kind: &String| {
        let own = addresses.iter().filter(move |address| address.str_at(&["type"]) == Some(kind));
        own.filter_map(|address| address.str_at(&["address"])).find(|text| text.parse::<IpAddr>().is_ok())
    };
    let ip = address_types.iter().find_map(of).unwrap_or_default();
    let port = node.path(&["status", "daemonEndpoints", "kubeletEndpoint", "Port"]).and_then(Value::as_i64);
    let address = SocketAddr::new(address(ip)?, port_number(port.unwrap_or(KUBELET_PORT))?);
    Ok(Endpoint { address, security: Security::Kubelet })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let check = |text, expect| assert_eq!(parse(text), expect, "{text}");
        let plain = |name, port| Some(Named { security: Security::None, name, port });
        check("web", plain("web", ""));
        check("web:8080", plain("web", "8080"));
        check("web:http", plain("web", "http"));
        check("http:web:80", plain("web", "80"));
        check("https:web:443", Some(Named { security: Security::Unverified, name: "web", port: "443" }));
        check("ftp:web:21", None);
        check(":80", None);
        check("a:b:c:d", None);
    }
}
