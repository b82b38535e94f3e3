//! A container's environment.

use std::collections::BTreeMap;
use std::sync::Arc;

use k8s_openapi::api::core::v1::{
    ConfigMap, Container, EnvVarSource, ObjectFieldSelector, Pod, ResourceFieldSelector, Secret,
};

use super::expansion::expand;
use super::{resources, spec};

/// Why an environment cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EnvError {
    #[error("configmap \"{0}\" not found")]
    ConfigMapMissing(String),
    #[error("secret \"{0}\" not found")]
    SecretMissing(String),
    #[error("couldn't find key {key} in ConfigMap {namespace}/{name}")]
    ConfigMapKeyMissing { key: String, namespace: String, name: String },
    #[error("couldn't find key {key} in Secret {namespace}/{name}")]
    SecretKeyMissing { key: String, namespace: String, name: String },
    #[error("unsupported fieldPath: {0}")]
    Field(String),
    #[error("unsupported container resource : {0}")]
    Resource(String),
    #[error("container {0} not found")]
    Container(String),
}

/// The objects that a pod refers to, by name; absent ones do not exist.
#[derive(Debug, Clone, Default)]
pub(crate) struct References {
    pub(crate) config_maps: BTreeMap<String, Arc<ConfigMap>>,
    pub(crate) secrets: BTreeMap<String, Arc<Secret>>,
}

/// What a container may learn of its pod and node.
#[derive(Debug, Clone, Default)]
pub(crate) struct PodFacts {
    pub(crate) pod_ips: Vec<String>,
    pub(crate) host_ips: Vec<String>,
    /// The node's allocatable CPU in thousandths and memory in bytes: what stands in for missing limits.
    pub(crate) allocatable_cpu: i64,
    pub(crate) allocatable_memory: i64,
    pub(crate) allocatable_storage: i64,
}

/// A key in brackets: `metadata.labels['KEY']`.
fn subscript<'a>(path: &'a str, field: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(field)?;
    rest.strip_prefix("['")?.strip_suffix("']")
}

/// All labels or annotations as a downward API file shows them.
pub(crate) fn format_map(map: Option<&BTreeMap<String, String>>) -> String {
    let lines = map.into_iter().flatten().map(|(key, value)| format!("{key}={value:?}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The value of a pod's field.
pub(crate) fn field(pod: &Pod, facts: &PodFacts, path: &str) -> Result<String, EnvError> {
    let metadata = &pod.metadata;
    if let Some(key) = subscript(path, "metadata.annotations") {
        return Ok(metadata.annotations.as_ref().and_then(|map| map.get(key)).cloned().unwrap_or_default());
    }
    if let Some(key) = subscript(path, "metadata.labels") {
        return Ok(metadata.labels.as_ref().and_then(|map| map.get(key)).cloned().unwrap_or_default());
    }
    let spec_ = spec::spec(pod);
    let first = |ips: &[String]| ips.first().cloned().unwrap_or_default();
    Ok(match path {
        "metadata.name" => spec::name(pod).to_owned(),
        "metadata.namespace" => spec::namespace(pod).to_owned(),
        "metadata.uid" => spec::uid(pod).to_owned(),
        "metadata.annotations" => format_map(metadata.annotations.as_ref()),
        "metadata.labels" => format_map(metadata.labels.as_ref()),
        "spec.nodeName" => spec_.node_name.clone().unwrap_or_default(),
        "spec.serviceAccountName" => spec_.service_account_name.clone().unwrap_or_default(),
        "status.hostIP" => first(&facts.host_ips),
        "status.hostIPs" => facts.host_ips.join(","),
        "status.podIP" => first(&facts.pod_ips),
        "status.podIPs" => facts.pod_ips.join(","),
        other => return Err(EnvError::Field(other.to_owned())),
    })
}

fn field_ref(pod: &Pod, facts: &PodFacts, selector: &ObjectFieldSelector) -> Result<String, EnvError> {
    field(pod, facts, &selector.field_path)
}

/// The value of one of a container's resources, divided and rounded up.
pub(crate) fn resource(
    pod: &Pod,
    container: &Container,
    facts: &PodFacts,
    selector: &ResourceFieldSelector,
) -> Result<String, EnvError> {
    let named = selector.container_name.as_deref().filter(|name| !name.is_empty() && *name != container.name);
    let other = match named {
        Some(name) => {
            Some(spec::find_container(pod, name).ok_or_else(|| EnvError::Container(name.to_owned()))?.0)
        }
        None => None,
    };
    let container = other.as_ref().unwrap_or(container);
    let (kind, name) =
        selector.resource.split_once('.').ok_or_else(|| EnvError::Resource(selector.resource.clone()))?;
    let known = matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-");
    let fallback = match name {
        "cpu" => facts.allocatable_cpu,
        "memory" => facts.allocatable_memory,
        "ephemeral-storage" => facts.allocatable_storage,
        _ => 0,
    };
    let value = match kind {
        "limits" if known => {
            resources::limit(container, name).filter(|amount| *amount > 0).unwrap_or(fallback)
        }
        "requests" if known => resources::request(container, name).unwrap_or(0),
        _ => return Err(EnvError::Resource(selector.resource.clone())),
    };
    let divisor = selector.divisor.as_ref().map(|divisor| resources::amount(name, divisor));
    let one = if name == "cpu" { 1000 } else { 1 };
    let divisor = divisor.filter(|divisor| *divisor > 0).unwrap_or(one);
    Ok((value.max(0) as u64).div_ceil(divisor as u64).to_string())
}

/// Makes the environment: `envFrom` first, then `env` in order (each may use those before it), over the variables of
/// Services. The result is sorted by first appearance.
pub(crate) fn make(
    pod: &Pod,
    container: &Container,
    references: &References,
    services: &BTreeMap<String, String>,
    facts: &PodFacts,
) -> Result<Vec<(String, String)>, EnvError> {
    let mut result: BTreeMap<String, String> = BTreeMap::new();
    for from in container.env_from.iter().flatten() {
        let prefix = from.prefix.as_deref().unwrap_or_default();
        if let Some(source) = &from.config_map_ref {
            match references.config_maps.get(&source.name) {
                Some(map) => {
                    let data = map.data.iter().flatten();
                    result.extend(data.map(|(key, value)| (format!("{prefix}{key}"), value.clone())));
                }
                None if source.optional == Some(true) => {}
                None => return Err(EnvError::ConfigMapMissing(source.name.clone())),
            }
        }
        if let Some(source) = &from.secret_ref {
            match references.secrets.get(&source.name) {
                Some(secret) => {
                    let data = secret.data.iter().flatten();
                    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    result.extend(data.map(|(key, value)| (format!("{prefix}{key}"), text(&value.0))));
                }
                None if source.optional == Some(true) => {}
                None => return Err(EnvError::SecretMissing(source.name.clone())),
            }
        }
    }
    for variable in container.env.iter().flatten() {
        let value = match &variable.value_from {
            Some(source) => match from_source(pod, container, references, facts, source)? {
                Some(value) => value,
                None => continue,
            },
            None => {
                let text = variable.value.as_deref().unwrap_or_default();
                expand(text, |name| result.get(name).or_else(|| services.get(name)).cloned())
            }
        };
        result.insert(variable.name.clone(), value);
    }
    for (name, value) in services {
        result.entry(name.clone()).or_insert_with(|| value.clone());
    }
    Ok(result.into_iter().collect())
}

/// `None`: an optional source is not there.
fn from_source(
    pod: &Pod,
    container: &Container,
    references: &References,
    facts: &PodFacts,
    source: &EnvVarSource,
) -> Result<Option<String>, EnvError> {
    let namespace = spec::namespace(pod).to_owned();
    if let Some(selector) = &source.field_ref {
        return field_ref(pod, facts, selector).map(Some);
    }
    if let Some(selector) = &source.resource_field_ref {
        return resource(pod, container, facts, selector).map(Some);
    }
    if let Some(selector) = &source.config_map_key_ref {
        let optional = selector.optional == Some(true);
        let Some(map) = references.config_maps.get(&selector.name) else {
            return if optional { Ok(None) } else { Err(EnvError::ConfigMapMissing(selector.name.clone())) };
        };
        let value = map.data.as_ref().and_then(|data| data.get(&selector.key)).cloned();
        return match value {
            None if !optional => Err(EnvError::ConfigMapKeyMissing {
                key: selector.key.clone(),
                namespace,
                name: selector.name.clone(),
            }),
            value => Ok(value),
        };
    }
    if let Some(selector) = &source.secret_key_ref {
        let optional = selector.optional == Some(true);
        let Some(secret) = references.secrets.get(&selector.name) else {
            return if optional { Ok(None) } else { Err(EnvError::SecretMissing(selector.name.clone())) };
        };
        let value = secret.data.as_ref().and_then(|data| data.get(&selector.key));
        return match value.map(|value| String::from_utf8_lossy(&value.0).into_owned()) {
            None if !optional => Err(EnvError::SecretKeyMissing {
                key: selector.key.clone(),
                namespace,
                name: selector.name.clone(),
            }),
            value => Ok(value),
        };
    }
    Ok(Some(String::new()))
}

/// Names of the ConfigMaps and Secrets that a container's environment refers to.
pub(crate) fn referenced(container: &Container) -> (Vec<String>, Vec<String>) {
    let (mut config_maps, mut secrets) = (Vec::new(), Vec::new());
    for from in container.env_from.iter().flatten() {
        config_maps.extend(from.config_map_ref.iter().map(|source| source.name.clone()));
        secrets.extend(from.secret_ref.iter().map(|source| source.name.clone()));
    }
    for source in container.env.iter().flatten().filter_map(|variable| variable.value_from.as_ref()) {
        config_maps.extend(source.config_map_key_ref.iter().map(|selector| selector.name.clone()));
        secrets.extend(source.secret_key_ref.iter().map(|selector| selector.name.clone()));
    }
    (config_maps, secrets)
}

#[cfg(test)]
mod tests {
    use k8s_openapi::ByteString;
    use serde_json::json;

    use super::*;

    fn references() -> References {
        let map = ConfigMap {
            data: Some(BTreeMap::from([("k".to_owned(), "v".to_owned())])),
            ..ConfigMap::default()
        };
        let secret = Secret {
            data: Some(BTreeMap::from([("s".to_owned(), ByteString(b"t".to_vec()))])),
            ..Secret::default()
        };
        References {
            config_maps: BTreeMap::from([("cm".to_owned(), Arc::new(map))]),
            secrets: BTreeMap::from([("sec".to_owned(), Arc::new(secret))]),
        }
    }

    #[test]
    fn sources() {
        let pod: Pod = serde_json::from_value(json!({
            "metadata": {"name": "p", "namespace": "n", "labels": {"a/b": "c"}},
            "spec": {"nodeName": "node", "containers": []},
        }))
        .expect("a pod");
        let facts = PodFacts { pod_ips: vec!["10.0.0.1".into(), "fd00::1".into()], ..PodFacts::default() };
        let services = BTreeMap::from([("SVC".to_owned(), "1.2.3.4".to_owned())]);
        let check = |container: serde_json::Value, expect: Result<&[(&str, &str)], &str>| {
            let container: Container = serde_json::from_value(container).expect("a container");
            let got = make(&pod, &container, &references(), &services, &facts);
            match expect {
                Err(text) => assert_eq!(got.expect_err("an error").to_string(), text),
                Ok(pairs) => {
                    let got = got.expect("an environment");
                    let got: Vec<_> = got.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                    assert_eq!(got, pairs);
                }
            }
        };
        let field = |path: &str| json!({"name": "X", "valueFrom": {"fieldRef": {"fieldPath": path}}});
        check(json!({"name": "c"}), Ok(&[("SVC", "1.2.3.4")]));
        check(
            json!({"name": "c", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "$(A)$(SVC)$(C)"}]}),
            Ok(&[("A", "1"), ("B", "11.2.3.4$(C)"), ("SVC", "1.2.3.4")]),
        );
        check(json!({"name": "c", "env": [{"name": "SVC", "value": "own"}]}), Ok(&[("SVC", "own")]));
        check(
            json!({"name": "c", "envFrom": [{"prefix": "P_", "configMapRef": {"name": "cm"}}, {"secretRef": {"name": "sec"}}]}),
            Ok(&[("P_k", "v"), ("SVC", "1.2.3.4"), ("s", "t")]),
        );
        check(
            json!({"name": "c", "env": [field("metadata.labels['a/b']")]}),
            Ok(&[("SVC", "1.2.3.4"), ("X", "c")]),
        );
        check(
            json!({"name": "c", "env": [field("status.podIPs")]}),
            Ok(&[("SVC", "1.2.3.4"), ("X", "10.0.0.1,fd00::1")]),
        );
        check(json!({"name": "c", "env": [field("spec.bad")]}), Err("unsupported fieldPath: spec.bad"));
        check(
            json!({"name": "c", "envFrom": [{"configMapRef": {"name": "no"}}]}),
            Err("configmap \"no\" not found"),
        );
        check(
            json!({"name": "c", "envFrom": [{"configMapRef": {"name": "no", "optional": true}}]}),
            Ok(&[("SVC", "1.2.3.4")]),
        );
        let key = |name: &str, key: &str| json!({"name": "c", "env": [{"name": "X", "valueFrom": {"secretKeyRef": {"name": name, "key": key}}}]});
        check(key("sec", "s"), Ok(&[("SVC", "1.2.3.4"), ("X", "t")]));
        check(key("sec", "no"), Err("couldn't find key no in Secret n/sec"));
        check(key("no", "no"), Err("secret \"no\" not found"));
    }
}
