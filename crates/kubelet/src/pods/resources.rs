//! What pods ask for: quality of service, CPU shares and quota, memory, oom scores.

use std::collections::BTreeMap;
use std::time::Duration;

use k8s_cri::v1;
use k8s_openapi::api::core::v1::{Container, Pod};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::spec::{self, Role};

type List = BTreeMap<String, Quantity>;

/// A pod's quality of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum QosClass {
    /// All containers have CPU and memory limits equal to their requests.
    Guaranteed,
    /// Something is asked for.
    Burstable,
    /// Nothing is.
    BestEffort,
}

impl QosClass {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Guaranteed => "Guaranteed",
            Self::Burstable => "Burstable",
            Self::BestEffort => "BestEffort",
        }
    }
}

/// A quantity in units; 0 for a malformed one, which the API server does not let through.
pub(crate) fn value(quantity: &Quantity) -> i64 {
    quantity.0.parse::<mizzen_machinery::quantity::Quantity>().map_or(0, |quantity| quantity.value())
}

/// A quantity in thousandths.
pub(crate) fn milli_value(quantity: &Quantity) -> i64 {
    quantity.0.parse::<mizzen_machinery::quantity::Quantity>().map_or(0, |quantity| quantity.milli_value())
}

/// A resource's amount: CPU in thousandths, everything else in units.
pub(crate) fn amount(resource: &str, quantity: &Quantity) -> i64 {
    if resource == "cpu" { milli_value(quantity) } else { value(quantity) }
}

/// A container's limit of a resource.
pub(crate) fn limit(container: &Container, resource: &str) -> Option<i64> {
    let limits = container.resources.as_ref()?.limits.as_ref()?;
    limits.get(resource).map(|quantity| amount(resource, quantity))
}

/// A container's request of a resource; its limit stands in for a missing one.
pub(crate) fn request(container: &Container, resource: &str) -> Option<i64> {
    let requests = container.resources.as_ref().and_then(|resources| resources.requests.as_ref());
    let own = requests.and_then(|requests| requests.get(resource)).map(|quantity| amount(resource, quantity));
    own.or_else(|| limit(container, resource))
}

fn pod_level(pod: &Pod, limits: bool) -> Option<&List> {
    let resources = spec::spec(pod).resources.as_ref()?;
    if limits { resources.limits.as_ref() } else { resources.requests.as_ref().or(resources.limits.as_ref()) }
}

/// The pod's quality of service.
///
/// Source: the documentation "Pod Quality of Service Classes"; KEP-2837 for resources of the pod as a whole.
pub(crate) fn qos_class(pod: &Pod) -> QosClass {
    const COUNTED: [&str; 2] = ["cpu", "memory"];
    if let Some(resources) = &spec::spec(pod).resources {
        let get =
            |list: &Option<List>, name: &str| list.as_ref().and_then(|list| list.get(name)).map(milli_value);
        let of = |name: &str| (get(&resources.requests, name), get(&resources.limits, name));
        let pairs = COUNTED.map(of);
        if pairs.iter().any(|(request, limit)| request.is_some() || limit.is_some()) {
            let full = pairs
                .iter()
                .all(|(request, limit)| limit.is_some() && request.is_none_or(|r| Some(r) == *limit));
            return if full { QosClass::Guaranteed } else { QosClass::Burstable };
        }
    }
    let mut guaranteed = true;
    let mut anything = false;
    for (container, role) in spec::all_containers(pod) {
        if role == Role::Ephemeral {
            continue;
        }
        for name in COUNTED {
            let limit = limit(&container, name).filter(|amount| *amount > 0);
            let request = request(&container, name).filter(|amount| *amount > 0);
            anything |= limit.is_some() || request.is_some();
            guaranteed &= limit.is_some() && request == limit;
        }
    }
    match (anything, guaranteed) {
        (false, _) => QosClass::BestEffort,
        (true, true) => QosClass::Guaranteed,
        (true, false) => QosClass::Burstable,
    }
}

/// What a pod as a whole uses of `resource` by `of`: containers and sidecars summed, init containers by maximum.
///
/// Source: KEP-753, "Resource calculation".
fn total(pod: &Pod, resource: &str, limits: bool) -> i64 {
    let of = |container: &Container| {
        let value = if limits { limit(container, resource) } else { request(container, resource) };
        value.unwrap_or(0)
    };
    let main: i64 = spec::spec(pod).containers.iter().map(of).sum();
    let (mut sidecars, mut peak) = (0i64, 0i64);
    for container in spec::init_containers(pod) {
        if spec::init_role(container) == Role::Sidecar {
            sidecars += of(container);
            peak = peak.max(sidecars);
        } else {
            peak = peak.max(sidecars + of(container));
        }
    }
    let own = pod_level(pod, limits).and_then(|list| list.get(resource));
    let sum = own.map_or((main + sidecars).max(peak), |quantity| amount(resource, quantity));
    let overhead = spec::spec(pod).overhead.as_ref().and_then(|list| list.get(resource));
    sum + overhead.map_or(0, |quantity| amount(resource, quantity))
}

/// What the pod asks for.
pub(crate) fn pod_request(pod: &Pod, resource: &str) -> i64 {
    total(pod, resource, false)
}

/// The pod's limit; none unless every container has one.
pub(crate) fn pod_limit(pod: &Pod, resource: &str) -> Option<i64> {
    let pod_has = pod_level(pod, true).is_some_and(|list| list.contains_key(resource));
    let mut all = spec::all_containers(pod).into_iter().filter(|(_, role)| *role != Role::Ephemeral);
    let every = all.all(|(container, _)| limit(&container, resource).is_some_and(|amount| amount > 0));
    (pod_has || every).then(|| total(pod, resource, true))
}

/// Names of all resources that a pod asks for.
pub(crate) fn requested_resources(pod: &Pod) -> std::collections::BTreeSet<String> {
    let of = |container: &Container| -> Vec<String> {
        let resources = container.resources.clone().unwrap_or_default();
        resources.requests.into_iter().chain(resources.limits).flat_map(BTreeMap::into_keys).collect()
    };
    spec::all_containers(pod).iter().flat_map(|(container, _)| of(container)).collect()
}

/// CPU shares (cgroup v1's measure) for thousandths of a CPU.
pub(crate) fn cpu_shares(milli: i64) -> i64 {
    (milli.saturating_mul(1024) / 1000).clamp(2, 262_144)
}

/// Microseconds of a period for thousandths of a CPU.
pub(crate) fn cpu_quota(milli: i64, period: Duration) -> i64 {
    let period = i64::try_from(period.as_micros()).unwrap_or(100_000);
    (milli.saturating_mul(period) / 1000).max(1000)
}

/// How readily the kernel kills a container's processes when memory runs out.
///
/// Source: the documentation "Node out of memory behavior".
pub(crate) fn oom_score_adj(pod: &Pod, container: &Container, role: Role, memory_capacity: u64) -> i64 {
    if spec::is_critical(pod) {
        return -997;
    }
    match qos_class(pod) {
        QosClass::Guaranteed => return -997,
        QosClass::BestEffort => return 1000,
        QosClass::Burstable => {}
    }
    let capacity = i64::try_from(memory_capacity).unwrap_or(i64::MAX).max(1);
    let score = |container: &Container| {
        let share = i128::from(request(container, "memory").unwrap_or(0)) * 1000 / i128::from(capacity);
        1000 - i64::try_from(share).unwrap_or(1000)
    };
    let mut adjust = score(container);
    if role == Role::Sidecar {
        // A sidecar is not killed before the containers that it serves.
        let least = spec::spec(pod).containers.iter().map(score).min();
        adjust = least.map_or(adjust, |least| adjust.min(least));
    }
    adjust.clamp(3, 999)
}

/// The limits that the runtime sets on a container.
pub(crate) fn linux_resources(
    pod: &Pod,
    container: &Container,
    role: Role,
    memory_capacity: u64,
    quota_period: Option<Duration>,
) -> v1::LinuxContainerResources {
    let cpu_request = request(container, "cpu").unwrap_or(0);
    let mut resources = v1::LinuxContainerResources {
        cpu_shares: cpu_shares(cpu_request),
        oom_score_adj: oom_score_adj(pod, container, role, memory_capacity),
        memory_limit_in_bytes: limit(container, "memory").unwrap_or(0),
        ..Default::default()
    };
    if let Some(period) = quota_period {
        resources.cpu_period = i64::try_from(period.as_micros()).unwrap_or(100_000);
        if let Some(milli) = limit(container, "cpu").filter(|milli| *milli > 0) {
            resources.cpu_quota = cpu_quota(milli, period);
        } else {
            resources.cpu_quota = -1;
        }
    }
    let limits = container.resources.iter().filter_map(|resources| resources.limits.as_ref()).flatten();
    for (name, quantity) in limits {
        if let Some(size) = name.strip_prefix("hugepages-") {
            let page_size = size.replace("Mi", "MB").replace("Gi", "GB").replace("Ki", "KB");
            let limit = u64::try_from(value(quantity)).unwrap_or(0);
            resources.hugepage_limits.push(v1::HugepageLimit { page_size, limit });
        }
    }
    resources
}

#[cfg(test)]
pub(crate) mod tests {
    use k8s_openapi::api::core::v1::{PodSpec, ResourceRequirements};

    use super::*;

    pub(crate) fn list(pairs: &[(&str, &str)]) -> Option<List> {
        let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), Quantity((*value).to_owned())));
        Some(pairs.collect::<List>()).filter(|list| !list.is_empty())
    }

    fn container(requests: &[(&str, &str)], limits: &[(&str, &str)]) -> Container {
        let resources =
            ResourceRequirements { requests: list(requests), limits: list(limits), ..Default::default() };
        Container { resources: Some(resources), ..Container::default() }
    }

    fn pod(containers: Vec<Container>) -> Pod {
        Pod { spec: Some(PodSpec { containers, ..PodSpec::default() }), ..Pod::default() }
    }

    #[test]
    fn classes() {
        let check = |containers: Vec<Container>, expect| assert_eq!(qos_class(&pod(containers)), expect);
        let full = [("cpu", "1"), ("memory", "1Gi")];
        check(vec![container(&[], &[])], QosClass::BestEffort);
        check(vec![container(&full, &full)], QosClass::Guaranteed);
        check(vec![container(&[], &full)], QosClass::Guaranteed);
        check(vec![container(&full, &full), container(&[], &[])], QosClass::Burstable);
        check(vec![container(&[("cpu", "100m")], &[])], QosClass::Burstable);
        check(vec![container(&[], &[("memory", "1Gi")])], QosClass::Burstable);
        check(vec![container(&[("nvidia.com/gpu", "1")], &[])], QosClass::BestEffort);
    }

    #[test]
    fn kernel_numbers() {
        assert_eq!(cpu_shares(0), 2);
        assert_eq!(cpu_shares(1000), 1024);
        assert_eq!(cpu_shares(i64::MAX / 2), 262_144);
        assert_eq!(cpu_quota(500, Duration::from_millis(100)), 50_000);
        assert_eq!(cpu_quota(1, Duration::from_millis(100)), 1000);
        let burstable = container(&[("memory", "1Gi")], &[]);
        assert_eq!(oom_score_adj(&pod(vec![burstable.clone()]), &burstable, Role::Main, 4 << 30), 750);
        let best = container(&[], &[]);
        assert_eq!(oom_score_adj(&pod(vec![best.clone()]), &best, Role::Main, 4 << 30), 1000);
    }
}
