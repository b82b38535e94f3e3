//! Addresses and node ports of Services.
//!
//! [`ServiceAllocator`] stands in the admission chain like a plugin: on its way in, a Service gets what it
//! lacks. What it got is given back by [`ServiceAllocator::forget`], through [`Observer`], when the registry
//! knows how the write ended. It belongs at the end of the chain, before quota: a plugin that refuses after
//! it would leave what it took to the repair.
//!
//! A cluster address is held by an IPAddress object (KEP-1880), created before the Service is stored: of two
//! servers that want the same one, the store lets one have it. Node ports have no such object: they are held
//! in memory, made from the watch cache and from what is being written. [`ServiceAllocator::repair`] removes
//! what a crash left behind.

mod addresses;
mod fields;
mod ports;

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ipnet::IpNet;
use mizzen_clock::Env;
use mizzen_schema::value::Value;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use self::addresses::Addresses;
use self::ports::Ports;
use crate::admission::tree::{int, list, set, text};
use crate::admission::{Lookup, Loopback, Operation, Plugin, Request};
use crate::observe::Observer;
use crate::status::{ApiError, Cause};

/// How often what crashes left behind is looked for.
const REPAIR_EVERY: Duration = Duration::from_secs(180);

/// What is given out.
#[derive(Debug, Clone)]
pub struct AllocatorConfig {
    /// `--service-cluster-ip-range`: one range a family; the first one's family is the default.
    pub service_cidrs: Vec<IpNet>,
    /// `--service-node-port-range`: 30000-32767.
    pub node_ports: RangeInclusive<u16>,
}

/// Gives addresses and node ports to Services.
pub struct ServiceAllocator {
    config: AllocatorConfig,
    lookup: Arc<dyn Lookup>,
    addresses: Addresses,
    ports: Ports,
}

/// What a step of an allocation took, to be given back when a later one fails.
#[derive(Debug, Default)]
struct Taken {
    addresses: Vec<IpAddr>,
    ports: Vec<u16>,
}

fn invalid(name: &str, field: &str, value: &str, why: impl std::fmt::Display) -> ApiError {
    let cause = Cause {
        reason: "FieldValueInvalid".to_owned(),
        message: format!("Invalid value: {value}: {why}"),
        field: field.to_owned(),
    };
    ApiError::invalid("", "Service", name, vec![cause])
}

impl ServiceAllocator {
    /// Reads what is taken from `lookup`, and holds addresses through `loopback`.
    pub fn new(config: AllocatorConfig, lookup: Arc<dyn Lookup>, loopback: Loopback, env: Env) -> Self {
        let addresses = Addresses::new(config.service_cidrs.clone(), lookup.clone(), loopback, env.clone());
        let ports = Ports::new(config.node_ports.clone(), lookup.clone(), env);
        Self { config, lookup, addresses, ports }
    }

    /// Gives back what `gone` holds and neither `kept` nor the Service that is stored under its name does.
    pub async fn forget(&self, gone: &Value, kept: Option<&Value>) {
        let owner = fields::owner(gone);
        // Of two who create the same Service, the loser must not give away what the winner holds.
        let stored = match self.lookup.get("", "services", &owner.namespace, &owner.name).await {
            Ok(stored) => stored,
            Err(error) => {
                warn!(%error, "What a Service held is not given back yet, repair will.");
                return;
            }
        };
        let others = || kept.into_iter().chain(stored.as_ref().filter(|stored| *stored != gone));
        let held: Vec<IpAddr> = others().flat_map(fields::addresses).collect();
        for address in fields::addresses(gone).into_iter().filter(|address| !held.contains(address)) {
            self.addresses.release(address, &owner).await;
        }
        let held: Vec<u16> = others().flat_map(fields::node_ports).collect();
        for port in fields::node_ports(gone).into_iter().filter(|port| !held.contains(port)) {
            self.ports.release(port, &owner);
        }
    }

    /// Removes IPAddress objects whose Service is gone or has another address, and makes those that are
    /// missing. Young objects are left alone: their Service may be on its way.
    pub async fn repair(&self) -> Result<(), ApiError> {
        self.addresses.repair().await
    }

    /// Repairs at start and every three minutes until `cancel`.
    pub async fn run(&self, cancel: CancellationToken) {
        loop {
            match cancel.run_until_cancelled(self.repair()).await {
                None => return,
                Some(Ok(())) => {}
                Some(Err(error)) => warn!(%error, "Service addresses could not be checked, will retry."),
            }
            if cancel.run_until_cancelled(tokio::time::sleep(REPAIR_EVERY)).await.is_none() {
                return;
            }
        }
    }

    fn families(&self) -> Vec<&'static str> {
        self.config.service_cidrs.iter().map(|range| fields::family(range.addr())).collect()
    }

    async fn allocate(&self, request: &mut Request<'_>, taken: &mut Taken) -> Result<(), ApiError> {
        let old = request.old;
        let dry_run = request.dry_run;
        let Some(service) = request.object.as_deref_mut() else { return Ok(()) };
        fields::follow_cluster_ip(service, old);
        if let Some(old) = old {
            fields::carry_over(service, old);
        }
        fields::drop_what_the_type_has_not(service, old);
        fields::set_families(service, &self.families())?;
        self.cluster_addresses(service, old, dry_run, taken).await?;
        self.node_ports(service, old, dry_run, taken).await
    }

    async fn cluster_addresses(
        &self,
        service: &mut Value,
        old: Option<&Value>,
        dry_run: bool,
        taken: &mut Taken,
    ) -> Result<(), ApiError> {
        if text(service, &["spec", "type"]) == "ExternalName" || fields::is_headless(service) {
            return Ok(());
        }
        let owner = fields::owner(service);
        let mut given = fields::cluster_ips(service);
        let known = old.map(fields::addresses).unwrap_or_default();
        for (at, text) in given.iter().enumerate() {
            let why = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
            let field = format!("spec.clusterIPs[{at}]");
            let address: IpAddr =
                text.parse().map_err(|_| invalid(&owner.name, &field, &format!("{text:?}"), why))?;
            if known.contains(&address) {
                continue;
            }
            self.addresses.take(address, &owner, dry_run).await.map_err(|why| {
                let all = json!(given).to_string();
                let why = format!("failed to allocate IP {address}: {why}");
                invalid(&owner.name, "spec.clusterIPs", &all, why)
            })?;
            taken.addresses.push(address);
        }
        for family in fields::ip_families(service).iter().skip(given.len()) {
            let address = self.addresses.next(family, &owner, dry_run).await?;
            taken.addresses.push(address);
            given.push(address.to_string());
        }
        if let Some(first) = given.first() {
            set(service, &["spec", "clusterIP"], json!(first));
            set(service, &["spec", "clusterIPs"], json!(given));
        }
        Ok(())
    }

    async fn node_ports(
        &self,
        service: &mut Value,
        old: Option<&Value>,
        dry_run: bool,
        taken: &mut Taken,
    ) -> Result<(), ApiError> {
        let owner = fields::owner(service);
        let known = old.map(fields::node_ports).unwrap_or_default();
        self.ports.refresh().await?;
        let mut chosen: Vec<(u16, i64)> = Vec::new();
        if fields::wants_node_ports(service) {
            for at in 0..list(service, &["spec", "ports"]).len() {
                let port = &list(service, &["spec", "ports"])[at];
                let (number, asked) =
                    (int(port, &["port"]).unwrap_or(0), int(port, &["nodePort"]).unwrap_or(0));
                let field = format!("spec.ports[{at}].nodePort");
                let node_port = if asked != 0 {
                    let asked_port = u16::try_from(asked).unwrap_or(0);
                    if !known.contains(&asked_port) && !taken.ports.contains(&asked_port) {
                        self.ports
                            .take(asked_port, &owner, dry_run)
                            .map_err(|why| invalid(&owner.name, &field, &asked.to_string(), why))?;
                        taken.ports.push(asked_port);
                    }
                    asked_port
                } else if let Some((same, _)) = chosen.iter().find(|(_, other)| *other == number) {
                    // One number for both protocols of a port.
                    *same
                } else {
                    let port = self.ports.next(&owner, dry_run)?;
                    taken.ports.push(port);
                    port
                };
                chosen.push((node_port, number));
                if let Some(Value::List(ports)) = service.path_mut(&["spec", "ports"]) {
                    set(&mut ports[at], &["nodePort"], json!(node_port));
                }
            }
        }
        // Ports that somebody asked for on a Service that has none are validation's to refuse.
        self.health_check_port(service, &known, dry_run, taken)
    }

    fn health_check_port(
        &self,
        service: &mut Value,
        known: &[u16],
        dry_run: bool,
        taken: &mut Taken,
    ) -> Result<(), ApiError> {
        if !fields::wants_health_check_port(service) {
            return Ok(());
        }
        let owner = fields::owner(service);
        let asked = int(service, &["spec", "healthCheckNodePort"]).unwrap_or(0);
        if asked == 0 {
            let port = self.ports.next(&owner, dry_run)?;
            taken.ports.push(port);
            set(service, &["spec", "healthCheckNodePort"], json!(port));
            return Ok(());
        }
        let port = u16::try_from(asked).unwrap_or(0);
        if known.contains(&port) {
            return Ok(());
        }
        self.ports.take(port, &owner, dry_run).map_err(|why| {
            ApiError::internal(format!("failed to allocate requested HealthCheck NodePort {asked}: {why}"))
        })?;
        taken.ports.push(port);
        Ok(())
    }
}

#[async_trait]
impl Plugin for ServiceAllocator {
    fn name(&self) -> &'static str {
        "ServiceAllocator"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        let write = matches!(request.operation, Operation::Create | Operation::Update);
        if !write || !request.is("", "services") {
            return Ok(());
        }
        let mut taken = Taken::default();
        let result = self.allocate(request, &mut taken).await;
        if result.is_err() && !request.dry_run {
            let owner = request.object.as_deref().map(fields::owner).unwrap_or_default();
            for address in taken.addresses {
                self.addresses.release(address, &owner).await;
            }
            for port in taken.ports {
                self.ports.release(port, &owner);
            }
        }
        result
    }
}

#[async_trait]
impl Observer for ServiceAllocator {
    async fn ended(&self, gone: &Value, kept: Option<&Value>) {
        self.forget(gone, kept).await;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::addresses::tests::server;
    use super::*;
    use crate::admission::fake::{Attempt, Objects};
    use crate::admission::tree::strings;

    fn allocator(range: &str, ports: RangeInclusive<u16>, objects: Arc<Objects>) -> ServiceAllocator {
        let loopback = Loopback::default();
        loopback.set(server(objects.clone()));
        let config = AllocatorConfig { service_cidrs: vec![range.parse().unwrap()], node_ports: ports };
        let env = Env::seeded(1, "2026-01-01T00:00:00Z".parse().unwrap());
        ServiceAllocator::new(config, objects, loopback, env)
    }

    fn service(name: &str, spec: Json) -> Json {
        json!({"metadata": {"name": name, "namespace": "web"}, "spec": spec})
    }

    fn create(name: &str, spec: Json) -> Attempt {
        Attempt::create("", "services", "web", service(name, spec))
    }

    fn ports(found: &Value) -> Vec<i64> {
        list(found, &["spec", "ports"]).iter().filter_map(|port| int(port, &["nodePort"])).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_gets_an_address() {
        let objects = Arc::new(Objects::new([]));
        let allocator = allocator("10.96.0.0/16", 30000..=32767, objects.clone());
        let found =
            create("a", json!({"type": "ClusterIP", "selector": {"a": "b"}})).run(&allocator).await.unwrap();
        let address: std::net::Ipv4Addr = text(&found, &["spec", "clusterIP"]).parse().unwrap();
        assert!(address.octets()[2] >= 1, "from the upper band, {address}");
        assert_eq!(strings(&found, &["spec", "clusterIPs"]), [address.to_string()]);
        assert_eq!(strings(&found, &["spec", "ipFamilies"]), ["IPv4"]);
        assert_eq!(text(&found, &["spec", "ipFamilyPolicy"]), "SingleStack");
        let held =
            objects.get("networking.k8s.io", "ipaddresses", "", &address.to_string()).await.unwrap().unwrap();
        assert_eq!(text(&held, &["spec", "parentRef", "name"]), "a");
        allocator.forget(&found, None).await;
        let held = objects.get("networking.k8s.io", "ipaddresses", "", &address.to_string()).await.unwrap();
        assert!(held.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn static_addresses() {
        let allocator = allocator("10.96.0.0/24", 30000..=32767, Arc::new(Objects::new([])));
        let spec = |address: &str| json!({"clusterIP": address, "selector": {"a": "b"}});
        assert!(create("a", spec("10.96.0.10")).run(&allocator).await.is_ok());
        let error = create("b", spec("10.96.0.10")).run(&allocator).await.unwrap_err();
        let expect = "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.0.10\"]: failed to allocate \
                      IP 10.96.0.10: provided IP is already allocated";
        assert_eq!(error.message, expect);
        let error = create("b", spec("10.97.0.10")).run(&allocator).await.unwrap_err();
        assert!(error.message.contains("provided IP is not in the valid range"), "{error}");
        let error = create("b", spec("10.96.0.255")).run(&allocator).await.unwrap_err();
        assert!(error.message.contains("not in the valid range"), "broadcast, {error}");
        let headless = create("c", spec("None")).run(&allocator).await.unwrap();
        assert_eq!(strings(&headless, &["spec", "clusterIPs"]), ["None"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_takes_the_same_and_a_loser_gives_nothing_away() {
        let objects = Arc::new(Objects::new([]));
        let allocator = allocator("10.96.0.0/24", 30000..=32767, objects.clone());
        let spec = json!({"type": "NodePort", "clusterIP": "10.96.0.10", "selector": {"a": "b"},
            "ports": [{"port": 1, "nodePort": 30005}]});
        let winner = create("a", spec.clone()).run(&allocator).await.unwrap();
        let loser = create("a", spec.clone()).run(&allocator).await.unwrap();
        objects.put("", "services", service("a", spec.clone()));
        allocator.forget(&loser, None).await;
        let held = objects.get("networking.k8s.io", "ipaddresses", "", "10.96.0.10").await.unwrap();
        assert!(held.is_some());
        let error = create("b", spec).run(&allocator).await.unwrap_err();
        assert!(error.message.contains("already allocated"), "{error}");
        objects.take("", "services", "a");
        allocator.forget(&winner, None).await;
        let held = objects.get("networking.k8s.io", "ipaddresses", "", "10.96.0.10").await.unwrap();
        assert!(held.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_range_is_told() {
        let allocator = allocator("10.96.0.0/30", 30000..=30001, Arc::new(Objects::new([])));
        let spec = || json!({"selector": {"a": "b"}});
        let mut seen = Vec::new();
        for name in ["a", "b"] {
            let found = create(name, spec()).run(&allocator).await.unwrap();
            seen.push(text(&found, &["spec", "clusterIP"]).to_owned());
        }
        seen.sort();
        assert_eq!(seen, ["10.96.0.1", "10.96.0.2"]);
        let error = create("c", spec()).run(&allocator).await.unwrap_err();
        assert!(error.message.contains("range is full"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn node_ports() {
        let allocator = allocator("10.96.0.0/16", 30000..=30002, Arc::new(Objects::new([])));
        let spec = |ports: Json| json!({"type": "NodePort", "selector": {"a": "b"}, "ports": ports});
        let both = json!([{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]);
        let dns = create("dns", spec(both)).run(&allocator).await.unwrap();
        assert_eq!(ports(&dns)[0], ports(&dns)[1], "one number for both protocols");
        let taken = ports(&dns)[0];
        let error =
            create("b", spec(json!([{"port": 1, "nodePort": taken}]))).run(&allocator).await.unwrap_err();
        let expect =
            format!("spec.ports[0].nodePort: Invalid value: {taken}: provided port is already allocated");
        assert!(error.message.ends_with(&expect), "{error}");
        let error =
            create("b", spec(json!([{"port": 1, "nodePort": 80}]))).run(&allocator).await.unwrap_err();
        assert!(error.message.ends_with("The range of valid ports is 30000-30002"), "{error}");
        let many = json!([{"port": 1}, {"port": 2}, {"port": 3}]);
        let error = create("c", spec(many)).run(&allocator).await.unwrap_err();
        assert!(error.message.contains("range is full"), "{error}");
        // What the failed one took is free again.
        let two = json!([{"port": 1}, {"port": 2}]);
        assert!(create("d", spec(two)).run(&allocator).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn updates_keep_and_give_back() {
        let allocator = allocator("10.96.0.0/16", 30000..=32767, Arc::new(Objects::new([])));
        let spec = json!({"type": "NodePort", "selector": {"a": "b"}, "ports": [{"port": 1}]});
        let old = create("a", spec.clone()).run(&allocator).await.unwrap();
        let update = |spec: Json, old: &Value| {
            let mut attempt = Attempt::update("", "services", "web", service("a", spec), json!({}));
            attempt.old = Some(old.clone());
            attempt
        };
        let same = update(spec, &old).run(&allocator).await.unwrap();
        assert_eq!(text(&same, &["spec", "clusterIP"]), text(&old, &["spec", "clusterIP"]));
        assert_eq!(ports(&same), ports(&old));
        let narrowed = json!({"type": "ClusterIP", "selector": {"a": "b"}, "ports": [{"port": 1, "nodePort": ports(&old)[0]}]});
        let narrowed = update(narrowed, &old).run(&allocator).await.unwrap();
        assert_eq!(ports(&narrowed), [0i64; 0]);
        allocator.forget(&old, Some(&narrowed)).await;
        let again = json!({"type": "NodePort", "ports": [{"port": 1, "nodePort": ports(&old)[0]}], "selector": {"a": "b"}});
        assert!(create("b", again).run(&allocator).await.is_ok());
        let external = json!({"type": "ExternalName", "externalName": "x.example"});
        let external = update(external, &old).run(&allocator).await.unwrap();
        assert_eq!(text(&external, &["spec", "clusterIP"]), "");
    }

    #[tokio::test(start_paused = true)]
    async fn load_balancers_with_local_traffic_have_a_health_port() {
        let allocator = allocator("10.96.0.0/16", 30000..=32767, Arc::new(Objects::new([])));
        let spec = json!({"type": "LoadBalancer", "externalTrafficPolicy": "Local", "selector": {"a": "b"},
            "allocateLoadBalancerNodePorts": false, "ports": [{"port": 1}]});
        let found = create("a", spec).run(&allocator).await.unwrap();
        assert_eq!(ports(&found), [0i64; 0]);
        assert!(int(&found, &["spec", "healthCheckNodePort"]).unwrap() >= 30000);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_restart_what_is_stored_is_taken() {
        let stored = service("old", json!({"type": "NodePort", "ports": [{"port": 1, "nodePort": 30000}]}));
        let objects = Arc::new(Objects::new([("", "services", stored)]));
        let allocator = allocator("10.96.0.0/16", 30000..=30000, objects);
        let spec = json!({"type": "NodePort", "selector": {"a": "b"}, "ports": [{"port": 1}]});
        assert!(create("a", spec).run(&allocator).await.unwrap_err().message.contains("range is full"));
    }
}
