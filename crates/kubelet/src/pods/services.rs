//! Environment variables that tell a container of the Services around it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What a kubelet keeps of a Service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ServiceView {
    pub(crate) spec: ServiceSpecView,
}

/// Its spec.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServiceSpecView {
    #[serde(rename = "clusterIP")]
    pub(crate) cluster_ip: Option<String>,
    pub(crate) ports: Option<Vec<ServicePortView>>,
}

/// A port of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServicePortView {
    pub(crate) name: Option<String>,
    pub(crate) port: u16,
    pub(crate) protocol: Option<String>,
}

fn variable(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

/// The variables of one Service; none for a headless one.
pub(crate) fn variables(name: &str, service: &ServiceView) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let spec = &service.spec;
    let ports = spec.ports.as_deref().unwrap_or_default();
    let Some(ip) = spec.cluster_ip.as_deref().filter(|ip| !ip.is_empty() && *ip != "None") else {
        return out;
    };
    let Some(first) = ports.first() else { return out };
    let host = if ip.contains(':') { format!("[{ip}]") } else { ip.to_owned() };
    let prefix = variable(name);
    out.insert(format!("{prefix}_SERVICE_HOST"), ip.to_owned());
    out.insert(format!("{prefix}_SERVICE_PORT"), first.port.to_string());
    for (at, port) in ports.iter().enumerate() {
        if let Some(port_name) = port.name.as_deref().filter(|name| !name.is_empty()) {
            out.insert(format!("{prefix}_SERVICE_PORT_{}", variable(port_name)), port.port.to_string());
        }
        let protocol = port.protocol.as_deref().unwrap_or("TCP");
        let url = format!("{}://{host}:{}", protocol.to_lowercase(), port.port);
        if at == 0 {
            out.insert(format!("{prefix}_PORT"), url.clone());
        }
        let one = format!("{prefix}_PORT_{}_{}", port.port, protocol.to_uppercase());
        out.insert(format!("{one}_PROTO"), protocol.to_lowercase());
        out.insert(format!("{one}_PORT"), port.port.to_string());
        out.insert(format!("{one}_ADDR"), ip.to_owned());
        out.insert(one, url);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values() {
        let service: ServiceView = serde_json::from_str(
            r#"{"spec":{"clusterIP":"10.96.0.7","ports":[{"name":"http-api","port":80,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}}"#,
        )
        .expect("a service");
        let got = variables("my-db", &service);
        let expect = [
            ("MY_DB_PORT", "tcp://10.96.0.7:80"),
            ("MY_DB_PORT_53_UDP", "udp://10.96.0.7:53"),
            ("MY_DB_PORT_53_UDP_ADDR", "10.96.0.7"),
            ("MY_DB_PORT_53_UDP_PORT", "53"),
            ("MY_DB_PORT_53_UDP_PROTO", "udp"),
            ("MY_DB_PORT_80_TCP", "tcp://10.96.0.7:80"),
            ("MY_DB_PORT_80_TCP_ADDR", "10.96.0.7"),
            ("MY_DB_PORT_80_TCP_PORT", "80"),
            ("MY_DB_PORT_80_TCP_PROTO", "tcp"),
            ("MY_DB_SERVICE_HOST", "10.96.0.7"),
            ("MY_DB_SERVICE_PORT", "80"),
            ("MY_DB_SERVICE_PORT_HTTP_API", "80"),
        ];
        let got: Vec<_> = got.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(got, expect);
        let headless =
            ServiceView { spec: ServiceSpecView { cluster_ip: Some("None".to_owned()), ..service.spec } };
        assert!(variables("a", &headless).is_empty());
    }
}
