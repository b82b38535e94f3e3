//! Metrics in Prometheus' text form, under the names that dashboards know.

use http::{Response, StatusCode};
use k8s_cri::v1;
use k8s_openapi::api::core::v1::Pod;
use mizzen_metrics::{CONTENT_TYPE, Text};

use super::{Body, answer, stats};
use crate::cri::CONTAINER_NAME;
use crate::kubelet::Kubelet;
use crate::pods::{resources, spec};

fn finish(text: Text) -> Response<Body> {
    answer(StatusCode::OK, CONTENT_TYPE, text.finish())
}

/// `/metrics`: the kubelet itself.
pub(crate) fn own(kubelet: &Kubelet) -> Response<Body> {
    let mut text = Text::default();
    let all = kubelet.mailboxes.all();
    let active = all.iter().filter(|(_, mailbox)| mailbox.is_active()).count();
    text.family("kubelet_node_name", "gauge", "[ALPHA] The node's name. The count is always 1.");
    text.sample("kubelet_node_name", &[("node", &kubelet.config.node_name)], 1.0);
    text.family("kubelet_running_pods", "gauge", "[ALPHA] Number of pods that have a running pod sandbox");
    text.sample("kubelet_running_pods", &[], active as f64);
    text.family(
        "kubelet_desired_pods",
        "gauge",
        "[ALPHA] The number of pods the kubelet is being instructed to run.",
    );
    text.sample("kubelet_desired_pods", &[], all.len() as f64);
    let health = kubelet.health.borrow();
    let ready = health.runtime.is_none() && health.network.is_none();
    text.family(
        "kubelet_runtime_ready",
        "gauge",
        "[ALPHA] Whether the container runtime and its network are ready.",
    );
    text.sample("kubelet_runtime_ready", &[], f64::from(u8::from(ready)));
    finish(text)
}

struct Line {
    namespace: String,
    pod: String,
    container: String,
    cpu_s: f64,
    memory: f64,
    rss: f64,
}

async fn lines(kubelet: &Kubelet) -> Vec<Line> {
    let containers = stats::containers(kubelet).await;
    let mut lines = Vec::new();
    let value = |value: Option<&v1::UInt64Value>| value.map_or(0.0, |value| value.value as f64);
    for (uid, stats) in containers {
        let Some(mailbox) = kubelet.mailboxes.get(&uid) else { continue };
        let pod = mailbox.read().pod;
        for one in stats {
            let labels = one.attributes.as_ref().map(|attributes| &attributes.labels);
            let container = labels.and_then(|labels| labels.get(CONTAINER_NAME)).cloned().unwrap_or_default();
            let cpu = one.cpu.as_ref().and_then(|cpu| cpu.usage_core_nano_seconds.as_ref());
            lines.push(Line {
                namespace: spec::namespace(&pod).to_owned(),
                pod: spec::name(&pod).to_owned(),
                container,
                cpu_s: value(cpu) / 1e9,
                memory: value(one.memory.as_ref().and_then(|memory| memory.working_set_bytes.as_ref())),
                rss: value(one.memory.as_ref().and_then(|memory| memory.rss_bytes.as_ref())),
            });
        }
    }
    lines
}

fn per_container(text: &mut Text, name: &str, lines: &[Line], value: impl Fn(&Line) -> f64) {
    for line in lines {
        let labels =
            [("container", line.container.as_str()), ("namespace", &line.namespace), ("pod", &line.pod)];
        text.sample(name, &labels, value(line));
    }
}

/// `/metrics/resource`: what autoscalers read.
pub(crate) async fn resource(kubelet: &Kubelet) -> Response<Body> {
    let lines = lines(kubelet).await;
    let mut text = Text::default();
    let name = "container_cpu_usage_seconds_total";
    text.family(name, "counter", "[STABLE] Cumulative cpu time consumed by the container in core-seconds");
    per_container(&mut text, name, &lines, |line| line.cpu_s);
    let name = "container_memory_working_set_bytes";
    text.family(name, "gauge", "[STABLE] Current working set of the container in bytes");
    per_container(&mut text, name, &lines, |line| line.memory);
    if let Some(usage) = kubelet.cgroups.node_usage() {
        text.family(
            "node_cpu_usage_seconds_total",
            "counter",
            "[STABLE] Cumulative cpu time consumed by the node in core-seconds",
        );
        text.sample("node_cpu_usage_seconds_total", &[], usage.cpu_usage_ns as f64 / 1e9);
        text.family(
            "node_memory_working_set_bytes",
            "gauge",
            "[STABLE] Current working set of the node in bytes",
        );
        text.sample("node_memory_working_set_bytes", &[], usage.memory_working_set as f64);
    }
    let pods: Vec<std::sync::Arc<Pod>> = kubelet
        .mailboxes
        .all()
        .into_iter()
        .filter(|(_, mailbox)| mailbox.is_active())
        .map(|(_, mailbox)| mailbox.read().pod)
        .collect();
    let usages: Vec<_> = pods
        .iter()
        .filter_map(|pod| Some((pod, kubelet.cgroups.pod_usage(resources::qos_class(pod), spec::uid(pod))?)))
        .collect();
    text.family(
        "pod_cpu_usage_seconds_total",
        "counter",
        "[STABLE] Cumulative cpu time consumed by the pod in core-seconds",
    );
    for (pod, usage) in &usages {
        let labels = [("namespace", spec::namespace(pod)), ("pod", spec::name(pod))];
        text.sample("pod_cpu_usage_seconds_total", &labels, usage.cpu_usage_ns as f64 / 1e9);
    }
    text.family("pod_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the pod in bytes");
    for (pod, usage) in &usages {
        let labels = [("namespace", spec::namespace(pod)), ("pod", spec::name(pod))];
        text.sample("pod_memory_working_set_bytes", &labels, usage.memory_working_set as f64);
    }
    text.family(
        "resource_scrape_error",
        "gauge",
        "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise",
    );
    text.sample("resource_scrape_error", &[], 0.0);
    finish(text)
}

/// `/metrics/cadvisor`: containers, under cAdvisor's names.
pub(crate) async fn cadvisor(kubelet: &Kubelet) -> Response<Body> {
    let lines = lines(kubelet).await;
    let mut text = Text::default();
    let name = "container_cpu_usage_seconds_total";
    text.family(name, "counter", "Cumulative cpu time consumed in seconds.");
    per_container(&mut text, name, &lines, |line| line.cpu_s);
    let name = "container_memory_working_set_bytes";
    text.family(name, "gauge", "Current working set in bytes.");
    per_container(&mut text, name, &lines, |line| line.memory);
    let name = "container_memory_rss";
    text.family(name, "gauge", "Size of RSS in bytes.");
    per_container(&mut text, name, &lines, |line| line.rss);
    let machine = &kubelet.machine;
    text.family("machine_cpu_cores", "gauge", "Number of logical CPU cores.");
    text.sample("machine_cpu_cores", &[], f64::from(machine.cpus));
    text.family("machine_memory_bytes", "gauge", "Amount of memory installed on the machine.");
    text.sample("machine_memory_bytes", &[], machine.memory as f64);
    finish(text)
}

/// `/metrics/probes`: how often probes succeeded and failed.
pub(crate) fn probes(kubelet: &Kubelet) -> Response<Body> {
    let mut text = Text::default();
    let name = "prober_probe_total";
    text.family(
        name,
        "counter",
        "[BETA] Cumulative number of a liveness, readiness or startup probe for a container by result.",
    );
    for (subject, count) in kubelet.probes.counts() {
        let labels = [
            ("container", subject.container.as_str()),
            ("namespace", &subject.namespace),
            ("pod", &subject.pod),
            ("pod_uid", &subject.pod_uid),
            ("probe_type", subject.kind.as_str()),
            ("result", subject.result),
        ];
        text.sample(name, &labels, count as f64);
    }
    finish(text)
}
