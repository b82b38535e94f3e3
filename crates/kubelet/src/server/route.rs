//! Which request does what.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use k8s_openapi::api::core::v1::Pod;
use mizzen_component::User;
use mizzen_trace::Span;
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::auth::{self, Gate, Refusal};
use super::{Body, json, logs, metrics, stats, streaming, text};
use crate::kubelet::Kubelet;
use crate::pods::spec;

/// The values of a query, by name.
pub(crate) type Query = BTreeMap<String, Vec<String>>;

pub(crate) fn query(request: &http::Uri) -> Query {
    let mut map = Query::new();
    for (key, value) in form_urlencoded::parse(request.query().unwrap_or_default().as_bytes()) {
        map.entry(key.into_owned()).or_default().push(value.into_owned());
    }
    map
}

/// Whether a flag of the query is on: `1`, `true`, `t` in any case.
pub(crate) fn flag(query: &Query, name: &str) -> bool {
    let value = query.get(name).and_then(|values| values.first());
    value.is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "1" | "t" | "true"))
}

/// Answers a request: who, whether, what.
pub(crate) async fn handle(
    kubelet: Arc<Kubelet>,
    gate: Arc<Gate>,
    certificate: Option<Arc<User>>,
    request: Request<Incoming>,
) -> Response<Body> {
    let user = match gate.authenticate(certificate.as_deref(), &request).await {
        Ok(user) => user,
        Err(Refusal::Unknown) => return text(StatusCode::UNAUTHORIZED, "Unauthorized"),
        Err(refusal) => return text(StatusCode::INTERNAL_SERVER_ERROR, refusal.to_string()),
    };
    let action = auth::action(request.method(), request.uri().path());
    match gate.authorize(&user, &action).await {
        Ok(()) => {}
        Err(refusal @ Refusal::Forbidden { .. }) => return text(StatusCode::FORBIDDEN, refusal.to_string()),
        Err(refusal) => return text(StatusCode::INTERNAL_SERVER_ERROR, refusal.to_string()),
    }
    dispatch(kubelet, request).await
}

fn segments(path: &str) -> Option<Vec<String>> {
    let parts = path.trim_matches('/').split('/');
    parts.map(|part| percent_decode_str(part).decode_utf8().ok().map(|text| text.into_owned())).collect()
}

async fn dispatch(kubelet: Arc<Kubelet>, request: Request<Incoming>) -> Response<Body> {
    let Some(parts) = segments(request.uri().path()) else {
        return text(StatusCode::BAD_REQUEST, "malformed path");
    };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let debugging = kubelet.config.enable_debugging_handlers;
    match parts.as_slice() {
        ["healthz" | "livez"] | ["healthz", "ping" | "log" | "syncloop"] if is_read => {
            text(StatusCode::OK, "ok")
        }
        ["pods"] if is_read => pods(&kubelet),
        ["configz"] if is_read => configz(&kubelet),
        ["debug", "trace"] if is_read => trace(&kubelet, &query(request.uri())),
        ["stats", "summary"] if is_read => json(&stats::summary(&kubelet).await),
        ["metrics"] if is_read => metrics::own(&kubelet),
        ["metrics", "resource"] if is_read => metrics::resource(&kubelet).await,
        ["metrics", "cadvisor"] if is_read => metrics::cadvisor(&kubelet).await,
        ["metrics", "probes"] if is_read => metrics::probes(&kubelet),
        ["containerLogs", namespace, pod, container] if is_read && debugging => {
            logs::serve(&kubelet, namespace, pod, container, &query(request.uri())).await
        }
        ["exec" | "attach" | "run", namespace, pod, container]
        | ["exec" | "attach" | "run", namespace, pod, _, container]
            if debugging =>
        {
            let kind = parts[0].to_owned();
            let (namespace, pod, container) = (namespace.to_string(), pod.to_string(), container.to_string());
            streaming::container(&kubelet, &kind, &namespace, &pod, &container, request).await
        }
        ["portForward", namespace, pod] | ["portForward", namespace, pod, _] if debugging => {
            let (namespace, pod) = (namespace.to_string(), pod.to_string());
            streaming::port_forward(&kubelet, &namespace, &pod, request).await
        }
        ["exec" | "attach" | "run" | "portForward" | "containerLogs", ..] if !debugging => {
            text(StatusCode::METHOD_NOT_ALLOWED, "Debug endpoints are disabled.")
        }
        ["healthz" | "pods" | "configz" | "stats" | "metrics" | "containerLogs", ..] if !is_read => {
            text(StatusCode::METHOD_NOT_ALLOWED, "405: Method Not Allowed")
        }
        _ => text(StatusCode::NOT_FOUND, "404 page not found\n"),
    }
}

/// A pod of this node, or the answer that there is none.
pub(crate) fn find_pod(
    kubelet: &Kubelet,
    namespace: &str,
    name: &str,
) -> Result<Arc<Pod>, Box<Response<Body>>> {
    kubelet
        .mailboxes
        .by_name(namespace, name)
        .ok_or_else(|| Box::new(text(StatusCode::NOT_FOUND, format!("pod \"{name}\" not found\n"))))
}

fn pods(kubelet: &Kubelet) -> Response<Body> {
    let pods: Vec<Pod> = kubelet
        .mailboxes
        .pods()
        .into_iter()
        .map(|pod| {
            let status = kubelet.statuses.get(spec::uid(&pod));
            let mut pod = pod.as_ref().clone();
            pod.status = status.or(pod.status);
            pod
        })
        .collect();
    json(&json!({ "kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": pods }))
}

/// What this kubelet has noted of a pod: the API server asks for it.
fn trace(kubelet: &Kubelet, query: &Query) -> Response<Body> {
    let uid = query.get("uid").and_then(|values| values.first()).and_then(|uid| uid.parse().ok());
    let Some(uid) = uid else { return text(StatusCode::BAD_REQUEST, "uid must be a pod's metadata.uid") };
    let spans: Vec<Span> = kubelet.trace.of(uid).iter().flat_map(Span::of).collect();
    json(&json!(spans))
}

/// The settings that matter to others, in the form of a KubeletConfiguration.
fn configz(kubelet: &Kubelet) -> Response<Body> {
    let config = &kubelet.config;
    let seconds = |duration: std::time::Duration| format!("{}s", duration.as_secs());
    json(&json!({ "kubeletconfig": {
        "address": config.address,
        "port": config.port,
        "maxPods": config.max_pods,
        "clusterDomain": config.cluster_domain,
        "clusterDNS": config.cluster_dns,
        "staticPodPath": config.pod_manifest_path.clone().unwrap_or_default(),
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": config.cgroup_root,
        "cgroupsPerQOS": config.cgroups_per_qos,
        "cpuCFSQuota": config.cpu_cfs_quota,
        "evictionHard": config.eviction_hard,
        "evictionSoft": config.eviction_soft,
        "systemReserved": config.system_reserved,
        "kubeReserved": config.kube_reserved,
        "imageGCHighThresholdPercent": config.image_gc_high_threshold_percent,
        "imageGCLowThresholdPercent": config.image_gc_low_threshold_percent,
        "imageMinimumGCAge": seconds(config.image_minimum_gc_age),
        "nodeStatusUpdateFrequency": seconds(config.node_status_update_frequency),
        "nodeStatusReportFrequency": seconds(config.node_status_report_frequency),
        "nodeLeaseDurationSeconds": config.node_lease_duration_seconds,
        "serializeImagePulls": config.serialize_image_pulls,
        "containerLogMaxSize": config.container_log_max_size.to_string(),
        "containerLogMaxFiles": config.container_log_max_files,
        "containerRuntimeEndpoint": config.container_runtime_endpoint,
        "resolvConf": config.resolv_conf,
    }}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_and_paths() {
        let uri: http::Uri = "/exec/a/b/c?command=ls&command=-l&tty=1&stdin=false".parse().expect("a path");
        let query = query(&uri);
        assert_eq!(query["command"], ["ls", "-l"]);
        assert!(flag(&query, "tty") && !flag(&query, "stdin") && !flag(&query, "stdout"));
        assert_eq!(
            segments("/containerLogs/a/b%2Fc/d"),
            Some(vec!["containerLogs".into(), "a".into(), "b/c".into(), "d".into()])
        );
    }
}
