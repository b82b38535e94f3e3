//! The table in a kernel: real connections between namespaces of the test's own.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, UdpSocket};

use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::discovery::v1::EndpointSlice;
use mizzen_client::{Body, Client, ObjectKey, Transport, WatchStream, body_from};
use mizzen_clock::Env;
use mizzen_kernel::net::{Net, Route, Veth, set_sysctl};
use mizzen_kernel::netns::NetNs;
use mizzen_kernel::nft::Nft;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::backend::{Backend, Synced};
use crate::planner::{NodeFacts, plan};
use crate::render::{Settings, TABLE};
use crate::table::{Table, parse};

const WAIT: Duration = Duration::from_secs(3);
const SHORT: Duration = Duration::from_millis(300);

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// A node with two pods on a bridge, and a host outside.
struct World {
    node: NetNs,
    pods: [NetNs; 2],
    outside: NetNs,
}

const PODS: [&str; 2] = ["10.1.0.11", "10.1.0.12"];

impl World {
    async fn new() -> Self {
        let make = || NetNs::create().unwrap();
        let world = Self { node: make(), pods: [make(), make()], outside: make() };
        let (pods, outside) = (world.pods.clone(), world.outside.clone());
        let build = async move || {
            let net = Net::open().unwrap();
            let lo = net.expect_link("lo").await.unwrap();
            net.set_up(lo.index).await.unwrap();
            let bridge = net.ensure_bridge("br0", None).await.unwrap();
            net.ensure_address(bridge.index, ip("10.1.0.1"), 24).await.unwrap();
            set_sysctl("net.ipv4.ip_forward", "1").unwrap();
            set_sysctl("net/bridge/bridge-nf-call-iptables", "1").unwrap();
            for (number, pod) in pods.iter().enumerate() {
                let name = format!("pod{number}");
                let veth = Veth { name: &name, peer: "eth0", mtu: None, peer_mac: None };
                let link = net.add_veth(&veth, pod).await.unwrap();
                net.set_master(link.index, bridge.index).await.unwrap();
                net.set_hairpin(link.index, true).await.unwrap();
                net.set_up(link.index).await.unwrap();
            }
            let veth = Veth { name: "out", peer: "eth0", mtu: None, peer_mac: None };
            let link = net.add_veth(&veth, outside).await.unwrap();
            net.ensure_address(link.index, ip("192.0.2.1"), 24).await.unwrap();
            net.set_up(link.index).await.unwrap();
            // As the node's set-up makes it: for the node's own connections.
            let services =
                Route { destination: (ip("10.96.0.0"), 16), gateway: None, link: bridge.index, source: None };
            net.ensure_route(&services).await.unwrap();
        };
        world.node.run(build).await.unwrap();
        for (pod, address) in world.pods.iter().zip(PODS) {
            host(pod, ip(address), ip("10.1.0.1")).await;
        }
        host(&world.outside, ip("192.0.2.2"), ip("192.0.2.1")).await;
        for (number, pod) in world.pods.iter().enumerate() {
            serve(pod, number);
        }
        world
    }
}

async fn host(netns: &NetNs, address: IpAddr, gateway: IpAddr) {
    let set_up = async move || {
        let net = Net::open().unwrap();
        let link = net.expect_link("eth0").await.unwrap();
        net.ensure_address(link.index, address, 24).await.unwrap();
        net.set_up(link.index).await.unwrap();
        let default =
            Route { destination: (ip("0.0.0.0"), 0), gateway: Some(gateway), link: link.index, source: None };
        net.ensure_route(&default).await.unwrap();
    };
    netns.run(set_up).await.unwrap();
}

/// Answers every connection to port 8080 with the pod's number and the client's address; and every datagram.
fn serve(pod: &NetNs, number: usize) {
    let listener = pod.tcp_listen("0.0.0.0:8080".parse().unwrap()).unwrap().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let peer = stream.peer_addr().unwrap().ip();
            // The client may have gone.
            drop(stream.write_all(format!("{number} {peer}").as_bytes()));
        }
    });
    let socket = pod.udp_bind("0.0.0.0:8080".parse().unwrap()).unwrap().unwrap();
    std::thread::spawn(move || {
        let mut buffer = [0u8; 100];
        while let Ok((_, peer)) = socket.recv_from(&mut buffer) {
            drop(socket.send_to(number.to_string().as_bytes(), peer));
        }
    });
}

/// `POD CLIENT` as the pod says it, or what went wrong.
fn ask(from: &NetNs, to: &str) -> String {
    let to: SocketAddr = to.parse().unwrap();
    match from.tcp_connect(to, SHORT).unwrap() {
        Ok(mut stream) => {
            stream.set_read_timeout(Some(WAIT)).unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        }
        Err(error) => format!("{:?}", error.kind()),
    }
}

fn service(spec: Value) -> Service {
    let mut spec = spec;
    let status = spec.as_object_mut().unwrap().remove("status").unwrap_or(Value::Null);
    if spec.get("ports").is_none() {
        spec["ports"] = json!([{"port": 80, "nodePort": 30080}]);
    }
    serde_json::from_value(json!({"metadata": {}, "spec": spec, "status": status})).unwrap()
}

/// Pods by number; the first is on this node, the second is said to be elsewhere.
fn slice(pods: &[usize], protocol: &str) -> EndpointSlice {
    let endpoint = |pod: &usize| {
        let node = if *pod == 0 { "here" } else { "there" };
        json!({"addresses": [PODS[*pod]], "nodeName": node, "conditions": {}})
    };
    let endpoints: Vec<Value> = pods.iter().map(endpoint).collect();
    serde_json::from_value(json!({
        "addressType": "IPv4", "metadata": {}, "endpoints": endpoints,
        "ports": [{"name": "", "port": 8080, "protocol": protocol}],
    }))
    .unwrap()
}

/// The proxy without informers.
struct Proxy {
    table: Table,
    backend: Option<Backend>,
    node: NetNs,
}

impl Proxy {
    fn new(world: &World) -> Self {
        let settings = Settings {
            cluster_cidrs: vec!["10.1.0.0/16".parse().unwrap()],
            node_port_addresses: Vec::new(),
            mark: 0x4000,
        };
        let backend = Some(Backend::new(Nft::default()));
        Self { table: Table::new(settings), backend, node: world.node.clone() }
    }

    fn set(&mut self, name: &str, spec: Value, pods: &[usize]) {
        self.set_protocol(name, spec, pods, "TCP");
    }

    fn set_protocol(&mut self, name: &str, spec: Value, pods: &[usize], protocol: &str) {
        let facts = NodeFacts { name: "here".to_owned(), ..NodeFacts::default() };
        let slices = [slice(pods, protocol)];
        let plan = plan(&service(spec), slices.iter(), &facts);
        self.table.update(&ObjectKey::new("default", name), plan);
    }

    fn remove(&mut self, name: &str) {
        self.table.update(&ObjectKey::new("default", name), crate::planner::ServicePlan::default());
    }

    async fn sync(&mut self) -> Synced {
        let mut backend = self.backend.take().unwrap();
        let mut table = std::mem::replace(&mut self.table, Proxy::empty());
        let (backend, table, synced) = self
            .node
            .run(async move || {
                let synced = backend.sync(&mut table).await;
                (backend, table, synced)
            })
            .await
            .unwrap();
        (self.backend, self.table) = (Some(backend), table);
        synced.unwrap()
    }

    fn empty() -> Table {
        Table::new(Settings { cluster_cidrs: Vec::new(), node_port_addresses: Vec::new(), mark: 0 })
    }
}

async fn nft(node: &NetNs, script: &'static str) {
    node.run(async move || Nft::default().apply(script).await.unwrap()).await.unwrap();
}

async fn list(node: &NetNs, what: &'static [&'static str]) -> Option<Vec<u8>> {
    node.run(async move || Nft::default().list(what).await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn cluster_ips_reach_endpoints() {
    let world = World::new().await;
    let mut proxy = Proxy::new(&world);
    proxy.set("both", json!({"clusterIP": "10.96.0.1"}), &[0, 1]);
    proxy.set("first", json!({"clusterIP": "10.96.0.2"}), &[0]);
    proxy.set("none", json!({"clusterIP": "10.96.0.3"}), &[]);
    assert_eq!(proxy.sync().await, Synced { full: true, changed: true });
    // From a pod: answered directly, the client's address is seen.
    assert_eq!(ask(&world.pods[1], "10.96.0.2:80"), "0 10.1.0.12");
    // From the node, from outside (routed here), and from the endpoint itself: by the node.
    for client in [&world.node, &world.outside, &world.pods[0]] {
        assert_eq!(ask(client, "10.96.0.2:80"), "0 10.1.0.1");
    }
    let answers: Vec<String> = (0..40).map(|_| ask(&world.pods[0], "10.96.0.1:80")).collect();
    for pod in ["0", "1"] {
        assert!(answers.iter().any(|answer| answer.starts_with(pod)), "{answers:?}");
    }
    // No endpoint, and no such port of a Service.
    for (who, client) in [("node", &world.node), ("pod", &world.pods[0])] {
        for refused in ["10.96.0.3:80", "10.96.0.2:81"] {
            assert_eq!(ask(client, refused), "ConnectionRefused", "{refused} from {who}");
        }
    }
    // It has one now, and another one none.
    proxy.set("none", json!({"clusterIP": "10.96.0.3"}), &[1]);
    proxy.set("first", json!({"clusterIP": "10.96.0.2"}), &[]);
    assert_eq!(proxy.sync().await, Synced { full: false, changed: true });
    assert_eq!(ask(&world.pods[0], "10.96.0.3:80"), "1 10.1.0.11");
    assert_eq!(ask(&world.pods[1], "10.96.0.2:80"), "ConnectionRefused");
    assert_eq!(proxy.sync().await, Synced { full: false, changed: false });
}

#[tokio::test]
async fn outside_addresses_and_traffic_policy() {
    let world = World::new().await;
    let mut proxy = Proxy::new(&world);
    let everything = |policy: &str| {
        json!({
            "clusterIP": "10.96.0.1", "type": "LoadBalancer", "externalTrafficPolicy": policy,
            "externalIPs": ["198.51.100.1"],
            "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.1"}]}},
        })
    };
    let addresses = ["192.0.2.1:30080", "198.51.100.1:80", "203.0.113.1:80"];
    proxy.set("web", everything("Cluster"), &[1]);
    proxy.sync().await;
    for address in addresses {
        assert_eq!(ask(&world.outside, address), "1 10.1.0.1", "{address}");
        assert_eq!(ask(&world.pods[0], address), "1 10.1.0.1", "{address}");
    }
    assert_eq!(ask(&world.node, "192.0.2.1:30080"), "1 10.1.0.1");
    // Loopback is no address for node ports.
    assert_eq!(ask(&world.node, "127.0.0.1:30080"), "ConnectionRefused");
    // Local: whoever is outside keeps the source address, or gets nothing; within, all endpoints serve.
    proxy.set("web", everything("Local"), &[1]);
    proxy.sync().await;
    for address in addresses {
        assert!(matches!(ask(&world.outside, address).as_str(), "TimedOut" | "WouldBlock"), "{address}");
        assert_eq!(ask(&world.pods[0], address), "1 10.1.0.11", "{address}");
    }
    proxy.set("web", everything("Local"), &[0, 1]);
    proxy.sync().await;
    for address in addresses {
        for _ in 0..5 {
            assert_eq!(ask(&world.outside, address), "0 192.0.2.2", "{address}");
        }
    }
    proxy.remove("web");
    proxy.sync().await;
    assert_eq!(ask(&world.outside, "192.0.2.1:30080"), "ConnectionRefused");
}

#[tokio::test]
async fn source_ranges_and_affinity() {
    let world = World::new().await;
    let mut proxy = Proxy::new(&world);
    let balancer = |range: &str| {
        json!({
            "clusterIP": "10.96.0.1", "type": "LoadBalancer", "loadBalancerSourceRanges": [range],
            "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.1"}]}},
        })
    };
    proxy.set("web", balancer("198.51.100.0/24"), &[0]);
    let sticky = json!({
        "clusterIP": "10.96.0.2", "sessionAffinity": "ClientIP",
        "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 1}},
    });
    proxy.set("sticky", sticky.clone(), &[0, 1]);
    proxy.sync().await;
    assert!(matches!(ask(&world.outside, "203.0.113.1:80").as_str(), "TimedOut" | "WouldBlock"));
    // Only the balancer's address is guarded.
    assert_eq!(ask(&world.outside, "192.0.2.1:30080"), "0 10.1.0.1");
    proxy.set("web", balancer("192.0.2.2/32"), &[0]);
    proxy.sync().await;
    assert_eq!(ask(&world.outside, "203.0.113.1:80"), "0 10.1.0.1");
    let pod_of = || ask(&world.outside, "10.96.0.2:80").split(' ').next().unwrap().to_owned();
    let first = pod_of();
    for _ in 0..10 {
        assert_eq!(pod_of(), first);
    }
    // Another process takes the table over, and clients keep their endpoint.
    let mut heir = Proxy::new(&world);
    heir.set("web", balancer("192.0.2.2/32"), &[0]);
    heir.set("sticky", sticky.clone(), &[0, 1]);
    assert!(heir.sync().await.full);
    assert_eq!(pod_of(), first);
    // The endpoint goes, and the client moves on.
    let other = if first == "0" { 1 } else { 0 };
    heir.set("sticky", sticky.clone(), &[other]);
    heir.sync().await;
    assert_eq!(pod_of(), other.to_string());
    heir.set("sticky", sticky, &[0, 1]);
    heir.sync().await;
    // After a second of silence the draw is open again.
    let drawn = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            tokio::time::sleep(Duration::from_millis(1100)).await;
            if pod_of() != other.to_string() {
                return;
            }
        }
    });
    drawn.await.unwrap();
    heir.remove("sticky");
    heir.sync().await;
    let text = String::from_utf8(list(&world.node, &["table", "ip", TABLE]).await.unwrap()).unwrap();
    assert!(!text.contains("sticky-") && !text.contains("stuck-"), "{text}");
}

#[tokio::test]
async fn udp_flows_move_on() {
    let world = World::new().await;
    let mut proxy = Proxy::new(&world);
    let spec = json!({"clusterIP": "10.96.0.53", "ports": [{"port": 53, "protocol": "UDP"}]});
    proxy.set_protocol("dns", spec.clone(), &[0], "UDP");
    proxy.sync().await;
    let client: UdpSocket = world.outside.udp_bind("0.0.0.0:0".parse().unwrap()).unwrap().unwrap();
    client.set_read_timeout(Some(WAIT)).unwrap();
    let ask = || {
        client.send_to(b"x", "10.96.0.53:53").unwrap();
        let mut buffer = [0u8; 10];
        let (count, _) = client.recv_from(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..count]).into_owned()
    };
    assert_eq!((ask(), ask()), ("0".to_owned(), "0".to_owned()));
    proxy.set_protocol("dns", spec, &[1], "UDP");
    proxy.sync().await;
    assert_eq!(ask(), "1");
}

#[tokio::test]
async fn nothing_else_is_touched_and_damage_is_repaired() {
    let world = World::new().await;
    let foreign = "table ip other { chain c { type filter hook input priority 0; tcp dport 9 drop; }; }";
    nft(&world.node, foreign).await;
    let before = list(&world.node, &["table", "ip", "other"]).await.unwrap();
    // A table of our name that somebody else laid out.
    nft(&world.node, "table ip mizzen-proxy { map service-ips { type ipv4_addr : verdict; }; }").await;
    let mut proxy = Proxy::new(&world);
    proxy.set("web", json!({"clusterIP": "10.96.0.1"}), &[0]);
    proxy.sync().await;
    assert_eq!(ask(&world.node, "10.96.0.1:80"), "0 10.1.0.1");
    // What is read back is what was written.
    let there = parse(&list(&world.node, &["table", "ip", TABLE]).await.unwrap()).unwrap();
    let script = proxy.table.full_script(Some(there));
    assert!(!script.contains("delete element"), "{script}");
    // Flushed behind our back: the next change fails, the one after repairs.
    nft(&world.node, "flush map ip mizzen-proxy endpoints-ips-0").await;
    proxy.set("web", json!({"clusterIP": "10.96.0.1"}), &[1]);
    let mut backend = proxy.backend.take().unwrap();
    let mut table = std::mem::replace(&mut proxy.table, Proxy::empty());
    let repaired = world.node.run(async move || {
        assert!(backend.sync(&mut table).await.is_err());
        backend.sync(&mut table).await.unwrap()
    });
    assert!(repaired.await.unwrap().full);
    assert_eq!(ask(&world.node, "10.96.0.1:80"), "1 10.1.0.1");
    assert_eq!(list(&world.node, &["table", "ip", "other"]).await.unwrap(), before);
}

/// An API server with one Service, which never changes.
struct Fixed;

impl Transport for Fixed {
    fn send(
        &self,
        request: http::Request<bytes::Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, mizzen_client::Error>> {
        let meta = json!({"namespace": "default", "name": "web", "uid": "1", "resourceVersion": "1"});
        let items = match request.uri().path().rsplit('/').next().unwrap() {
            "services" => json!([{"metadata": meta, "spec": {
                "clusterIP": "10.96.0.1", "ports": [{"port": 80}],
            }}]),
            "endpointslices" => {
                let mut slice = serde_json::to_value(slice(&[0], "TCP")).unwrap();
                slice["metadata"] = meta;
                slice["metadata"]["labels"] = json!({"kubernetes.io/service-name": "web"});
                json!([slice])
            }
            _ => json!([]),
        };
        let list = json!({"metadata": {"resourceVersion": "1"}, "items": items});
        async move { Ok(http::Response::new(body_from(list.to_string()))) }.boxed()
    }

    fn watch(
        &self,
        _: http::Request<bytes::Bytes>,
    ) -> BoxFuture<'_, Result<WatchStream, mizzen_client::Error>> {
        async { Ok(futures::stream::pending().boxed()) }.boxed()
    }
}

#[tokio::test]
async fn runs_on_informers() {
    let world = World::new().await;
    let cancel = CancellationToken::new();
    let config = crate::Config { node_name: "here".to_owned(), ..crate::Config::default() };
    let (metrics, token) = (config.metrics.clone(), cancel.clone());
    let node = world.node.clone();
    let running = tokio::spawn(async move {
        node.run(async move || crate::run(config, Client::new(Fixed), Env::system(), token).await).await
    });
    let answered = tokio::time::timeout(Duration::from_secs(10), async {
        while ask(&world.pods[1], "10.96.0.1:80") != "0 10.1.0.12" {
            tokio::task::yield_now().await;
        }
    });
    answered.await.unwrap();
    cancel.cancel();
    running.await.unwrap().unwrap().unwrap();
    assert!(metrics.syncs.load(std::sync::atomic::Ordering::Relaxed) >= 1);
    assert_eq!(metrics.services.load(std::sync::atomic::Ordering::Relaxed), 1);
    // It leaves things as they are.
    assert_eq!(ask(&world.pods[1], "10.96.0.1:80"), "0 10.1.0.12");
}
