//! What DNS keeps of Services and EndpointSlices.

use serde::Deserialize;

/// A Service.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ServiceView {
    pub(crate) spec: ServiceSpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServiceSpec {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(rename = "clusterIP")]
    pub(crate) cluster_ip: String,
    #[serde(rename = "clusterIPs")]
    pub(crate) cluster_ips: Vec<String>,
    pub(crate) external_name: String,
    pub(crate) publish_not_ready_addresses: bool,
    pub(crate) ports: Vec<Port>,
}

/// A port of a Service or of a slice.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Port {
    pub(crate) name: String,
    pub(crate) protocol: String,
    pub(crate) port: u16,
}

/// An EndpointSlice.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SliceView {
    pub(crate) metadata: Metadata,
    #[serde(deserialize_with = "mizzen_client::null_as_default")]
    pub(crate) endpoints: Vec<Endpoint>,
    #[serde(deserialize_with = "mizzen_client::null_as_default")]
    pub(crate) ports: Vec<Port>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Metadata {
    pub(crate) labels: std::collections::BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Endpoint {
    #[serde(deserialize_with = "mizzen_client::null_as_default")]
    pub(crate) addresses: Vec<String>,
    pub(crate) hostname: String,
    pub(crate) conditions: Conditions,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Conditions {
    pub(crate) ready: Option<bool>,
}

impl ServiceSpec {
    /// Without an address of its own: its name stands for its endpoints.
    pub(crate) fn is_headless(&self) -> bool {
        self.cluster_ip == "None"
    }

    pub(crate) fn addresses(&self) -> impl Iterator<Item = &str> {
        let single = self.cluster_ips.is_empty().then_some(&self.cluster_ip);
        self.cluster_ips.iter().chain(single).map(String::as_str).filter(|ip| !ip.is_empty() && *ip != "None")
    }
}

impl SliceView {
    /// `NAMESPACE/SERVICE` of the Service it belongs to.
    pub(crate) fn service(&self, namespace: &str) -> Option<String> {
        let name = self.metadata.labels.get("kubernetes.io/service-name")?;
        Some(format!("{namespace}/{name}"))
    }
}

impl Endpoint {
    /// Absent means ready, as for every consumer of slices.
    pub(crate) fn is_ready(&self) -> bool {
        self.conditions.ready.unwrap_or(true)
    }

    /// The label under which a single endpoint is found: its host name, or its address with dashes.
    pub(crate) fn label(&self, address: &str) -> String {
        if self.hostname.is_empty() { address.replace(['.', ':'], "-") } else { self.hostname.clone() }
    }
}
