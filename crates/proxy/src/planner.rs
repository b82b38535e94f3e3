//! What a Service should do on this node: which address and port lead where. Pure.
//!
//! Source: Kubernetes documentation, "Virtual IPs and Service Proxies"; KEP-1669 (terminating endpoints),
//! KEP-2086 (internal traffic policy), KEP-2433 and KEP-3015 (topology hints, traffic distribution).

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use ipnet::Ipv4Net;
use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::api::discovery::v1::{Endpoint, EndpointSlice};

/// Session affinity's default. Source: ServiceSpec, `sessionAffinityConfig.clientIP.timeoutSeconds`.
const AFFINITY_DEFAULT_S: u32 = 10_800;
/// Most endpoints of one port that are balanced over; the rest is left out. A slice holds 100, a large
/// service thousands.
const ENDPOINTS_MAX: usize = 10_000;

/// A transport protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Protocol {
    Tcp,
    Udp,
    Sctp,
}

impl Protocol {
    fn parse(text: Option<&str>) -> Option<Self> {
        match text.unwrap_or("TCP") {
            "TCP" => Some(Self::Tcp),
            "UDP" => Some(Self::Udp),
            "SCTP" => Some(Self::Sctp),
            _ => None,
        }
    }

    /// As nft and conntrack write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
        }
    }
}

/// What clients connect to. `ip` is `None` for a node port: every address of the node (that may be used).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Vip {
    pub(crate) ip: Option<Ipv4Addr>,
    pub(crate) protocol: Protocol,
    pub(crate) port: u16,
}

/// Where a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Target {
    pub(crate) ip: Ipv4Addr,
    pub(crate) port: u16,
}

/// Whose connections get the node's address as their source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Masquerade {
    /// Those from outside the cluster's pods: they would not find the way back.
    FromOutsidePods,
    /// All: the endpoint may be on another node, and must answer by this one.
    All,
    /// The node's own only: pods are answered directly.
    FromNode,
    /// None: the endpoint is here, and sees the client's address.
    Nobody,
}

/// What is done with connections to a [`Vip`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Balance {
        masquerade: Masquerade,
        targets: Vec<Target>,
    },
    /// There is no endpoint: the client is told.
    Reject,
    /// There are endpoints, but traffic policy wants them here: the client may try another node.
    Drop,
}

/// The plan for one [`Vip`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VipPlan {
    pub(crate) vip: Vip,
    /// For connections from pods and from this node; for all, when `external` is `None`.
    pub(crate) action: Action,
    /// For connections from outside, where these are treated differently.
    pub(crate) external: Option<Action>,
    /// Seconds for which a client keeps its endpoint.
    pub(crate) affinity_s: Option<u32>,
    /// Sources that may connect; `None`: all.
    pub(crate) allowed: Option<Vec<Ipv4Net>>,
    /// The address is of the cluster's service range: nothing but Services answers there.
    pub(crate) is_cluster_ip: bool,
    /// Targets on this node, which may connect to themselves through the address.
    pub(crate) local: Vec<Ipv4Addr>,
}

/// A Service's plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ServicePlan {
    pub(crate) vips: Vec<VipPlan>,
    /// Port of the health check for load balancers, and how many endpoints are here.
    pub(crate) health: Option<(u16, usize)>,
}

/// What the plan depends on besides the Service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NodeFacts {
    pub(crate) name: String,
    /// `topology.kubernetes.io/zone`.
    pub(crate) zone: Option<String>,
    /// Masquerade everything that goes to a Service.
    pub(crate) masquerade_all: bool,
}

/// One endpoint, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    target: Target,
    ready: bool,
    /// Serving although it is on its way out.
    last_resort: bool,
    local: bool,
    zones: Option<BTreeSet<String>>,
    nodes: Option<BTreeSet<String>>,
}

/// The endpoints of one port, by who may use them.
struct Chosen {
    cluster: Vec<Target>,
    local: Vec<Target>,
    /// Whether there is an endpoint anywhere.
    any: bool,
    /// Addresses of ready endpoints on this node.
    own: Vec<Ipv4Addr>,
}

/// Plans a Service with its slices.
pub(crate) fn plan<'a>(
    service: &Service,
    slices: impl Iterator<Item = &'a EndpointSlice> + Clone,
    node: &NodeFacts,
) -> ServicePlan {
    let Some(spec) = &service.spec else { return ServicePlan::default() };
    let labels = service.metadata.labels.as_ref();
    // Somebody else's proxy serves it.
    let foreign =
        labels.is_some_and(|labels| labels.contains_key("service.kubernetes.io/service-proxy-name"));
    let cluster_ip = cluster_ip(spec);
    let (false, "ClusterIP" | "NodePort" | "LoadBalancer", Some(cluster_ip)) =
        (foreign, spec.type_.as_deref().unwrap_or("ClusterIP"), cluster_ip)
    else {
        return ServicePlan::default();
    };
    let mut plan = ServicePlan::default();
    let mut own = BTreeSet::new();
    for port in spec.ports.iter().flatten() {
        let (Some(protocol), Some(number)) =
            (Protocol::parse(port.protocol.as_deref()), port_number(port.port))
        else {
            continue;
        };
        let candidates = candidates(port, protocol, slices.clone(), node);
        let chosen = choose(&candidates, node);
        own.extend(chosen.own.iter().copied());
        plan.vips.extend(plan_port(service, spec, cluster_ip, port, protocol, number, &chosen, node));
    }
    plan.health = health_port(spec).map(|port| (port, own.len()));
    plan
}

fn port_number(port: i32) -> Option<u16> {
    u16::try_from(port).ok().filter(|port| *port != 0)
}

fn cluster_ip(spec: &ServiceSpec) -> Option<Ipv4Addr> {
    let all = spec.cluster_ips.iter().flatten().chain(&spec.cluster_ip);
    all.filter_map(|ip| ip.parse().ok()).next()
}

fn health_port(spec: &ServiceSpec) -> Option<u16> {
    let wanted = spec.type_.as_deref() == Some("LoadBalancer") && external_is_local(spec);
    spec.health_check_node_port.filter(|_| wanted).and_then(port_number)
}

fn external_is_local(spec: &ServiceSpec) -> bool {
    spec.external_traffic_policy.as_deref() == Some("Local")
}

fn usable(ip: Ipv4Addr) -> bool {
    !(ip.is_loopback() || ip.is_link_local() || ip.is_multicast() || ip.is_unspecified() || ip.is_broadcast())
}

fn candidates<'a>(
    port: &ServicePort,
    protocol: Protocol,
    slices: impl Iterator<Item = &'a EndpointSlice>,
    node: &NodeFacts,
) -> Vec<Candidate> {
    let name = port.name.as_deref().unwrap_or_default();
    let mut found: BTreeMap<Target, Candidate> = BTreeMap::new();
    for slice in slices.filter(|slice| slice.address_type == "IPv4") {
        let of_port = slice.ports.iter().flatten().find(|candidate| {
            candidate.name.as_deref().unwrap_or_default() == name
                && Protocol::parse(candidate.protocol.as_deref()) == Some(protocol)
        });
        let Some(number) = of_port.and_then(|port| port.port).and_then(port_number) else { continue };
        for endpoint in &slice.endpoints {
            let Some(candidate) = candidate(endpoint, number, node) else { continue };
            // The same in two slices, while it moves from one to the other: the readier counts.
            match found.get(&candidate.target) {
                Some(known) if known.ready || !candidate.ready => {}
                _ => drop(found.insert(candidate.target, candidate)),
            }
        }
    }
    found.into_values().take(ENDPOINTS_MAX).collect()
}

fn candidate(endpoint: &Endpoint, port: u16, node: &NodeFacts) -> Option<Candidate> {
    // Only the first address has a meaning.
    let ip: Ipv4Addr = endpoint.addresses.first()?.parse().ok().filter(|ip| usable(*ip))?;
    let conditions = endpoint.conditions.as_ref();
    let ready = conditions.and_then(|conditions| conditions.ready).unwrap_or(true);
    let serving = conditions.and_then(|conditions| conditions.serving).unwrap_or(ready);
    let terminating = conditions.and_then(|conditions| conditions.terminating).unwrap_or(false);
    let hints = endpoint.hints.as_ref();
    let zones = hints.and_then(|hints| hints.for_zones.as_ref());
    let nodes = hints.and_then(|hints| hints.for_nodes.as_ref());
    Some(Candidate {
        target: Target { ip, port },
        ready,
        last_resort: serving && terminating,
        local: endpoint.node_name.as_deref() == Some(node.name.as_str()),
        zones: zones.map(|zones| zones.iter().map(|zone| zone.name.clone()).collect()),
        nodes: nodes.map(|nodes| nodes.iter().map(|node| node.name.clone()).collect()),
    })
}

fn choose(candidates: &[Candidate], node: &NodeFacts) -> Chosen {
    let targets = |of: &dyn Fn(&&Candidate) -> bool| -> Vec<Target> {
        candidates.iter().filter(of).map(|candidate| candidate.target).collect()
    };
    let hinted = hinted(candidates, node);
    let mut cluster = targets(&|candidate| candidate.ready && hinted(candidate));
    if cluster.is_empty() {
        cluster = targets(&|candidate| candidate.last_resort);
    }
    let own = targets(&|candidate| candidate.ready && candidate.local);
    let mut local = own.clone();
    if local.is_empty() {
        local = targets(&|candidate| candidate.last_resort && candidate.local);
    }
    Chosen {
        any: candidates.iter().any(|candidate| candidate.ready || candidate.last_resort),
        cluster,
        local,
        own: own.iter().map(|target| target.ip).collect(),
    }
}

/// Which ready endpoints topology hints leave over. Hints count only when every ready endpoint has them, and
/// one is for us: while they are being written, traffic must not pile up.
fn hinted<'a>(candidates: &[Candidate], node: &'a NodeFacts) -> impl Fn(&Candidate) -> bool + use<'a> {
    let ready = || candidates.iter().filter(|candidate| candidate.ready);
    let here =
        |candidate: &Candidate| candidate.nodes.as_ref().is_some_and(|nodes| nodes.contains(&node.name));
    let near = move |candidate: &Candidate| {
        let zones = candidate.zones.as_ref();
        node.zone.as_ref().is_some_and(|zone| zones.is_some_and(|zones| zones.contains(zone)))
    };
    let by_node = ready().all(|candidate| candidate.nodes.is_some()) && ready().any(here);
    let by_zone = ready().all(|candidate| candidate.zones.is_some()) && ready().any(near);
    move |candidate| match (by_node, by_zone) {
        (true, _) => here(candidate),
        (false, true) => near(candidate),
        (false, false) => true,
    }
}

/// Balances, or says why not.
fn action(targets: &[Target], any: bool, masquerade: Masquerade) -> Action {
    match (targets.is_empty(), any) {
        (false, _) => Action::Balance { masquerade, targets: targets.to_vec() },
        (true, true) => Action::Drop,
        (true, false) => Action::Reject,
    }
}

#[allow(clippy::too_many_arguments)] // The parts of one port; a struct for one call would say no more.
fn plan_port(
    service: &Service,
    spec: &ServiceSpec,
    cluster_ip: Ipv4Addr,
    port: &ServicePort,
    protocol: Protocol,
    number: u16,
    chosen: &Chosen,
    node: &NodeFacts,
) -> Vec<VipPlan> {
    let affinity_s = (spec.session_affinity.as_deref() == Some("ClientIP")).then(|| {
        let config = spec.session_affinity_config.as_ref().and_then(|config| config.client_ip.as_ref());
        let given = config.and_then(|client_ip| client_ip.timeout_seconds);
        given.and_then(|seconds| u32::try_from(seconds).ok()).filter(|s| *s > 0).unwrap_or(AFFINITY_DEFAULT_S)
    });
    let all = |masquerade| if node.masquerade_all { Masquerade::All } else { masquerade };
    let mut local: Vec<Ipv4Addr> = chosen.own.clone();
    local.extend(chosen.local.iter().map(|target| target.ip));
    local.sort();
    local.dedup();
    let base = |ip: Option<Ipv4Addr>, port, action, external| VipPlan {
        vip: Vip { ip, protocol, port },
        action,
        external,
        affinity_s,
        allowed: None,
        is_cluster_ip: false,
        local: local.clone(),
    };
    let inside = if spec.internal_traffic_policy.as_deref() == Some("Local") {
        action(&chosen.local, chosen.any, all(Masquerade::FromOutsidePods))
    } else {
        action(&chosen.cluster, chosen.any, all(Masquerade::FromOutsidePods))
    };
    let mut plans = vec![VipPlan { is_cluster_ip: true, ..base(Some(cluster_ip), number, inside, None) }];
    let (internal, external) = if external_is_local(spec) {
        // From within the cluster every endpoint will do, as by the cluster address.
        (
            action(&chosen.cluster, chosen.any, all(Masquerade::FromNode)),
            Some(action(&chosen.local, chosen.any, Masquerade::Nobody)),
        )
    } else {
        (action(&chosen.cluster, chosen.any, Masquerade::All), None)
    };
    let outside = |ip| base(ip, number, internal.clone(), external.clone());
    let external_ips = spec.external_ips.iter().flatten().filter_map(|ip| ip.parse().ok());
    plans.extend(external_ips.filter(|ip| usable(*ip)).map(|ip| outside(Some(ip))));
    let allowed = source_ranges(service, spec);
    for ip in load_balancer_ips(service, spec) {
        plans.push(VipPlan { allowed: allowed.clone(), ..outside(Some(ip)) });
    }
    let has_node_port = matches!(spec.type_.as_deref(), Some("NodePort" | "LoadBalancer"));
    if let Some(node_port) = port.node_port.filter(|_| has_node_port).and_then(port_number) {
        plans.push(base(None, node_port, internal.clone(), external.clone()));
    }
    // The same address twice (an external IP that a load balancer has too): the first counts.
    let mut seen = BTreeSet::new();
    plans.retain(|plan| seen.insert(plan.vip));
    plans
}

fn load_balancer_ips(service: &Service, spec: &ServiceSpec) -> Vec<Ipv4Addr> {
    if spec.type_.as_deref() != Some("LoadBalancer") {
        return Vec::new();
    }
    let status = service.status.as_ref().and_then(|status| status.load_balancer.as_ref());
    let ingress = status.and_then(|balancer| balancer.ingress.as_ref());
    // Mode `Proxy`: the balancer wants to see even what the cluster sends it.
    let taken = ingress.into_iter().flatten().filter(|ingress| ingress.ip_mode.as_deref() != Some("Proxy"));
    let ips = taken.filter_map(|ingress| ingress.ip.as_ref()?.parse::<IpAddr>().ok());
    ips.filter_map(|ip| if let IpAddr::V4(ip) = ip { Some(ip).filter(|ip| usable(*ip)) } else { None })
        .collect()
}

/// Ranges that may connect, disjoint; `None` for no limit.
fn source_ranges(service: &Service, spec: &ServiceSpec) -> Option<Vec<Ipv4Net>> {
    let annotation = service.metadata.annotations.as_ref();
    let annotation =
        annotation.and_then(|all| all.get("service.beta.kubernetes.io/load-balancer-source-ranges"));
    let texts: Vec<&str> = match &spec.load_balancer_source_ranges {
        Some(ranges) if !ranges.is_empty() => ranges.iter().map(String::as_str).collect(),
        _ => annotation.map(|text| text.split(',').collect()).unwrap_or_default(),
    };
    if texts.iter().all(|text| text.trim().is_empty()) {
        return None;
    }
    // Ranges of the other family limit nothing here, but still are a limit.
    let ranges: Vec<Ipv4Net> = texts.iter().filter_map(|text| text.trim().parse().ok()).collect();
    let ranges = Ipv4Net::aggregate(&ranges.iter().map(Ipv4Net::trunc).collect());
    (!ranges.iter().any(|range| range.prefix_len() == 0)).then_some(ranges)
}

#[cfg(test)]
#[path = "planner_tests.rs"]
mod tests;
