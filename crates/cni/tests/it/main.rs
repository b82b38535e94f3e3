//! The runner with our plugins and with Debian's (package containernetworking-plugins), in namespaces of the
//! test's own.

#![allow(clippy::unwrap_used)] // All of it is test.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mizzen_cni::{Attachment, Bandwidth, CniError, NAMES, PortMapping, Runner, write_bridge_config};
use mizzen_kernel::net::{Net, Veth};
use mizzen_kernel::netns::NetNs;
use mizzen_kernel::nft::Nft;

const DEBIAN: &str = "/usr/lib/cni";
const WAIT: Duration = Duration::from_secs(3);

/// A node's namespace, folders, and pods.
struct World {
    temp: tempfile::TempDir,
    node: NetNs,
}

impl World {
    fn new() -> Self {
        let world = Self { temp: tempfile::tempdir().unwrap(), node: NetNs::create().unwrap() };
        fs::create_dir(world.path("bin")).unwrap();
        for name in NAMES {
            symlink(env!("CARGO_BIN_EXE_mizzen-cni"), world.path("bin").join(name)).unwrap();
        }
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    /// The network that `mizzen up` makes.
    fn write_config(&self) {
        write_bridge_config(&self.path("conf"), &self.path("ipam"), "10.77.0.0/24", Some(1400)).unwrap();
    }

    fn runner(&self, bin: &[PathBuf]) -> Runner {
        Runner::new(&self.path("conf"), bin, &self.path("cache"))
    }

    fn ours(&self) -> Runner {
        self.runner(&[self.path("bin")])
    }
}

/// A pod's namespace and how plugins find it.
struct Pod {
    netns: NetNs,
    attachment: Attachment,
}

fn pod(id: &str) -> Pod {
    let netns = NetNs::create().unwrap();
    let path = format!("/proc/{}/fd/{}", std::process::id(), netns.as_fd().as_raw_fd());
    let attachment = Attachment {
        container_id: id.to_owned(),
        netns: path.into(),
        pod_namespace: "default".to_owned(),
        pod_name: "web".to_owned(),
        pod_uid: "1".to_owned(),
        ..Attachment::default()
    };
    Pod { netns, attachment }
}

async fn add(world: &World, runner: &Runner, pod: &Pod) -> Result<IpAddr, CniError> {
    let (runner, attachment) = (runner.clone(), pod.attachment.clone());
    let result = world.node.run(async move || runner.add(&attachment).await).await.unwrap();
    result.map(|result| result.addresses[0])
}

async fn delete(world: &World, runner: &Runner, pod: &Pod) {
    let (runner, attachment) = (runner.clone(), pod.attachment.clone());
    world.node.run(async move || runner.delete(&attachment).await).await.unwrap().unwrap();
}

async fn check(world: &World, runner: &Runner, pod: &Pod) -> Result<(), CniError> {
    let (runner, attachment) = (runner.clone(), pod.attachment.clone());
    world.node.run(async move || runner.check(&attachment).await).await.unwrap()
}

/// Serves one connection with `text`; gives the client's address.
fn serve(listener: TcpListener, text: &'static str) -> std::thread::JoinHandle<IpAddr> {
    std::thread::spawn(move || {
        let (mut stream, peer) = listener.accept().unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        peer.ip()
    })
}

fn read(stream: std::io::Result<TcpStream>) -> String {
    let mut stream = stream.expect("the connection stands");
    stream.set_read_timeout(Some(WAIT)).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

fn listen(pod: &Pod, port: u16) -> TcpListener {
    pod.netns.tcp_listen(SocketAddr::from(([0, 0, 0, 0], port))).unwrap().unwrap()
}

/// Connects from `from` to `to`, where `server` listens on `port`; gives who the server saw.
fn reaches(from: &NetNs, to: SocketAddr, server: &Pod, port: u16) -> IpAddr {
    let serving = serve(listen(server, port), "hello");
    let stream = from.tcp_connect(to, WAIT).unwrap();
    assert_eq!(read(stream), "hello");
    serving.join().unwrap()
}

async fn node_has(world: &World, link: &'static str) -> bool {
    world.node.run(async move || Net::open().unwrap().link(link).await.unwrap().is_some()).await.unwrap()
}

#[tokio::test]
async fn pods_reach_each_other_and_the_node() {
    let world = World::new();
    let runner = world.ours();
    assert!(matches!(runner.ready(), Err(CniError::NoConfig(_))));
    world.write_config();
    runner.ready().unwrap();
    let (one, two) = (pod("one"), pod("two"));
    let (first, second) =
        (add(&world, &runner, &one).await.unwrap(), add(&world, &runner, &two).await.unwrap());
    assert_eq!((first.to_string(), second.to_string()), ("10.77.0.2".to_owned(), "10.77.0.3".to_owned()));
    assert_eq!(reaches(&one.netns, (second, 8080).into(), &two, 8080), first);
    assert_eq!(reaches(&world.node, (second, 8080).into(), &two, 8080).to_string(), "10.77.0.1");
    // Settings inside.
    let settings = two.netns.enter(|| {
        let setting = |name: &str| fs::read_to_string(format!("/proc/sys/net/{name}")).unwrap();
        [setting("ipv6/conf/eth0/accept_ra"), setting("ipv4/conf/eth0/rp_filter")]
    });
    assert!(settings.unwrap().iter().all(|value| value.trim() == "0"));
    check(&world, &runner, &one).await.unwrap();
    let eth0 = one.netns.run(async || Net::open().unwrap().expect_link("eth0").await.unwrap()).await.unwrap();
    assert_eq!(eth0.mtu, 1400);
    // A second ADD is refused, and changes nothing.
    let error = add(&world, &runner, &one).await.unwrap_err();
    assert!(error.to_string().contains("attached already"), "{error}");
    check(&world, &runner, &one).await.unwrap();
    delete(&world, &runner, &one).await;
    assert!(check(&world, &runner, &one).await.is_err());
    // Another process, after the configuration is gone.
    fs::remove_file(world.path("conf/10-mizzen.conflist")).unwrap();
    let later = world.ours();
    delete(&world, &later, &two).await;
    delete(&world, &later, &two).await;
    assert_eq!(two.netns.run(async || Net::open().unwrap().link("eth0").await.unwrap()).await.unwrap(), None);
    let left: Vec<_> =
        fs::read_dir(world.path("ipam/mizzen")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with("10.")), "{left:?}");
    assert_eq!(fs::read_dir(world.path("cache/results")).unwrap().count(), 0);
}

#[tokio::test]
async fn host_ports_lead_to_pods() {
    let world = World::new();
    world.write_config();
    let runner = world.ours();
    let mapping = |host_port, container_port, host_ip: &str| PortMapping {
        host_port,
        container_port,
        protocol: "tcp".to_owned(),
        host_ip: host_ip.to_owned(),
    };
    let (mut server, client) = (pod("server"), pod("client"));
    server.attachment.port_mappings = vec![mapping(8000, 80, ""), mapping(8001, 81, "127.0.0.1")];
    let ip = add(&world, &runner, &server).await.unwrap();
    let peer = add(&world, &runner, &client).await.unwrap();
    world
        .node
        .run(async || {
            let net = Net::open().unwrap();
            let lo = net.expect_link("lo").await.unwrap();
            net.set_up(lo.index).await.unwrap();
        })
        .await
        .unwrap();
    let gateway: IpAddr = "10.77.0.1".parse().unwrap();
    let localhost: IpAddr = "127.0.0.1".parse().unwrap();
    assert_eq!(reaches(&client.netns, (gateway, 8000).into(), &server, 80), peer);
    reaches(&world.node, (gateway, 8000).into(), &server, 80);
    reaches(&world.node, (localhost, 8000).into(), &server, 80);
    reaches(&world.node, (localhost, 8001).into(), &server, 81);
    // The pod through the node to itself.
    reaches(&server.netns, (gateway, 8000).into(), &server, 80);
    // Not on another address than the one named, and not for traffic that passes through.
    let refused =
        |from: &NetNs, to: SocketAddr| from.tcp_connect(to, Duration::from_millis(300)).unwrap().is_err();
    assert!(refused(&client.netns, (gateway, 8001).into()));
    assert!(refused(&client.netns, (ip, 8000).into()));
    check(&world, &runner, &server).await.unwrap();
    // Taken ports are refused, and the failure leaves nothing.
    let mut other = pod("other");
    other.attachment.port_mappings = vec![mapping(8000, 80, "")];
    let error = add(&world, &runner, &other).await.unwrap_err();
    assert!(error.to_string().contains("8000/tcp are taken"), "{error}");
    delete(&world, &runner, &server).await;
    let text =
        world.node.run(async || Nft::default().list(&["table", "ip", "mizzen-hostport"]).await.unwrap());
    let text = String::from_utf8(text.await.unwrap().unwrap()).unwrap();
    assert!(!text.contains("server"), "{text}");
    add(&world, &runner, &other).await.unwrap();
    assert!(node_has(&world, "cni0").await);
}

#[tokio::test]
async fn bandwidth_is_limited_and_garbage_collected() {
    let world = World::new();
    world.write_config();
    let runner = world.ours();
    let mut slow = pod("slow");
    slow.attachment.bandwidth =
        Some(Bandwidth { ingress_rate: 8_000_000, egress_rate: 8_000_000, ..Bandwidth::default() });
    add(&world, &runner, &slow).await.unwrap();
    check(&world, &runner, &slow).await.unwrap();
    let ifbs = async || {
        let links = world.node.run(async || Net::open().unwrap().links().await.unwrap()).await.unwrap();
        links.iter().filter(|link| link.kind == "ifb").count()
    };
    assert_eq!(ifbs().await, 1);
    let kept = pod("kept");
    add(&world, &runner, &kept).await.unwrap();
    // The pod died without a word, with its namespace.
    drop(slow);
    let (collector, valid) = (runner.clone(), BTreeSet::from(["kept".to_owned()]));
    world.node.run(async move || collector.collect(&valid).await).await.unwrap().unwrap();
    assert_eq!(ifbs().await, 0);
    check(&world, &runner, &kept).await.unwrap();
    let asked = runner.clone();
    world.node.run(async move || asked.status().await).await.unwrap().unwrap();
    assert!(!world.path("ipam/mizzen/10.77.0.2").exists());
    assert!(world.path("ipam/mizzen/10.77.0.3").exists());
}

#[tokio::test]
async fn masquerade_hides_pods_from_outside_only() {
    let world = World::new();
    world.write_config();
    let path = world.path("conf/10-mizzen.conflist");
    let mut config: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    config["plugins"][0]["ipMasq"] = true.into();
    fs::write(path, serde_json::to_vec(&config).unwrap()).unwrap();
    let (outside, inside) = (NetNs::create().unwrap(), outside_addresses());
    let to = outside.clone();
    let node_side = async move || {
        let net = Net::open().unwrap();
        let veth = Veth { name: "out", peer: "eth0", mtu: None, peer_mac: None };
        let link = net.add_veth(&veth, to).await.unwrap();
        net.ensure_address(link.index, inside.0, 24).await.unwrap();
        net.set_up(link.index).await.unwrap();
    };
    world.node.run(node_side).await.unwrap();
    let far_side = async move || {
        let net = Net::open().unwrap();
        let link = net.expect_link("eth0").await.unwrap();
        net.ensure_address(link.index, inside.1, 24).await.unwrap();
        net.set_up(link.index).await.unwrap();
    };
    outside.run(far_side).await.unwrap();
    let outside = Pod { netns: outside, attachment: Attachment::default() };
    let runner = world.ours();
    let (one, two) = (pod("one"), pod("two"));
    let (first, second) =
        (add(&world, &runner, &one).await.unwrap(), add(&world, &runner, &two).await.unwrap());
    // Without it, the answer would find no way back.
    assert_eq!(reaches(&one.netns, (inside.1, 80).into(), &outside, 80), inside.0);
    assert_eq!(reaches(&one.netns, (second, 80).into(), &two, 80), first);
    delete(&world, &runner, &one).await;
    let table = world.node.run(async || Nft::default().list(&["table", "ip", "mizzen-cni-masq"]).await);
    let text = String::from_utf8(table.await.unwrap().unwrap().unwrap()).unwrap();
    assert!(!text.contains("one/eth0") && text.contains("two/eth0"), "{text}");
}

/// The node's and the other end's on a link outside.
fn outside_addresses() -> (IpAddr, IpAddr) {
    ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap())
}

fn debian_config(world: &World, version: &str) {
    assert!(
        Path::new(DEBIAN).join("bridge").exists(),
        "this test needs Debian's package containernetworking-plugins"
    );
    let config = serde_json::json!({
        "cniVersion": version,
        "name": "shared",
        "plugins": [{
            "type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
            "ipam": {
                "type": "host-local",
                "dataDir": world.path("ipam"),
                "ranges": [[{"subnet": "10.78.0.0/24"}]],
                "routes": [{"dst": "0.0.0.0/0"}],
            },
        }],
    });
    fs::create_dir_all(world.path("conf")).unwrap();
    fs::write(world.path("conf/10-shared.conflist"), serde_json::to_vec(&config).unwrap()).unwrap();
}

/// Plugins of both makes, in every combination, on one bridge and one folder of addresses.
#[tokio::test]
async fn debians_plugins_and_ours_are_interchangeable() {
    for version in ["0.3.1", "0.4.0", "1.0.0"] {
        let world = World::new();
        debian_config(&world, version);
        let link = |folder: &str, ours: &str, theirs: &str| {
            let folder = world.path(folder);
            fs::create_dir(&folder).unwrap();
            symlink(env!("CARGO_BIN_EXE_mizzen-cni"), folder.join(ours)).unwrap();
            symlink(Path::new(DEBIAN).join(theirs), folder.join(theirs)).unwrap();
            vec![folder]
        };
        let bins = [
            vec![world.path("bin")],
            vec![PathBuf::from(DEBIAN)],
            link("our-bridge", "bridge", "host-local"),
            link("our-ipam", "host-local", "bridge"),
        ];
        let mut pods = Vec::new();
        for (number, bin) in bins.iter().enumerate() {
            let (runner, pod) = (world.runner(bin), pod(&format!("pod{number}")));
            let ip = add(&world, &runner, &pod).await.unwrap();
            assert_eq!(ip.to_string(), format!("10.78.0.{}", number + 2), "{version}");
            check(&world, &runner, &pod).await.unwrap();
            pods.push((pod, ip));
        }
        for (client, from) in &pods {
            for (server, to) in &pods {
                if from != to {
                    assert_eq!(reaches(&client.netns, (*to, 80).into(), server, 80), *from);
                }
            }
        }
        // Each deletes what another one added.
        for ((pod, _), bin) in pods.iter().zip(bins.iter().rev()) {
            delete(&world, &world.runner(bin), pod).await;
        }
        let left = fs::read_dir(world.path("ipam/shared")).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(left.filter(|name| name.to_string_lossy().starts_with("10.")).count(), 0, "{version}");
    }
}

#[tokio::test]
async fn failures_are_told_in_the_plugins_words() {
    let world = World::new();
    world.write_config();
    fs::write(
        world.path("bin/bridge.new"),
        "#!/bin/sh\necho '{\"cniVersion\":\"1.0.0\",\"code\":11,\"msg\":\"try later\"}'; exit 1\n",
    )
    .unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(world.path("bin/bridge.new"), mode).unwrap();
    fs::rename(world.path("bin/bridge.new"), world.path("bin/bridge")).unwrap();
    let runner = world.ours();
    let error = add(&world, &runner, &pod("a")).await.unwrap_err();
    assert!(
        matches!(&error, CniError::Plugin { code: 11, message, .. } if message == "try later"),
        "{error}"
    );
    fs::remove_file(world.path("bin/portmap")).unwrap();
    assert!(matches!(runner.ready(), Err(CniError::Run { .. })));
    let mut odd = pod("b");
    odd.attachment.pod_name = "x;IgnoreUnknown=0".to_owned();
    assert!(add(&world, &runner, &odd).await.is_err());
}
