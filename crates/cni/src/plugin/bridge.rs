//! `bridge`: a bridge on the node, and a veth from it into the pod.
//!
//! The pod's end is made inside the pod's namespace at once, addresses come from the IPAM plugin. Router
//! advertisements are ignored on both sides: any pod could send them (CVE-2020-10749).

use std::io;
use std::net::IpAddr;
use std::path::Path;

use ipnet::IpNet;
use mizzen_kernel::net::{Link, Net, NetError, Route as KernelRoute, Veth, random_mac, set_sysctl};
use mizzen_kernel::netns::NetNs;
use serde::Deserialize;

use crate::plugin::{Call, ipam, masquerade};
use crate::types::{Interface, PluginError, Route, Success, code};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(default)]
    bridge: String,
    #[serde(default)]
    is_gateway: bool,
    #[serde(default)]
    is_default_gateway: bool,
    #[serde(default)]
    force_address: bool,
    #[serde(default)]
    ip_masq: bool,
    #[serde(default)]
    mtu: u32,
    #[serde(default)]
    hairpin_mode: bool,
    #[serde(default)]
    promisc_mode: bool,
    #[serde(default)]
    port_isolation: bool,
    #[serde(default)]
    vlan: u32,
    #[serde(default)]
    vlan_trunk: Option<serde_json::Value>,
    #[serde(default)]
    macspoofchk: bool,
    #[serde(default)]
    disable_container_interface: bool,
    #[serde(default)]
    runtime_config: Runtime,
}

#[derive(Default, Deserialize)]
struct Runtime {
    #[serde(default)]
    mac: String,
}

impl Config {
    fn load(call: &Call) -> Result<Self, PluginError> {
        let mut config: Self = call.parse()?;
        if config.bridge.is_empty() {
            config.bridge = "cni0".to_owned();
        }
        let refuse = |field: &str| {
            let message = format!("{field} is not supported");
            Err(PluginError::new(code::UNSUPPORTED_FIELD, message))
        };
        if config.vlan != 0 {
            return refuse("vlan");
        }
        if config
            .vlan_trunk
            .as_ref()
            .is_some_and(|trunk| trunk.as_array().is_none_or(|list| !list.is_empty()))
        {
            return refuse("vlanTrunk");
        }
        if config.macspoofchk {
            return refuse("macspoofchk");
        }
        if config.disable_container_interface {
            return refuse("disableContainerInterface");
        }
        if config.hairpin_mode && config.promisc_mode {
            let message = "cannot set hairpin mode and promiscuous mode at the same time";
            return Err(PluginError::new(code::INVALID_CONFIG, message));
        }
        config.is_gateway |= config.is_default_gateway;
        Ok(config)
    }

    fn mtu(&self) -> Option<u32> {
        (self.mtu != 0).then_some(self.mtu)
    }
}

fn parse_mac(text: &str) -> Option<[u8; 6]> {
    let bytes: Vec<u8> =
        text.split(':').map(|byte| u8::from_str_radix(byte, 16).ok()).collect::<Option<_>>()?;
    bytes.try_into().ok()
}

fn show_mac(mac: &[u8]) -> String {
    mac.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

/// A setting that a kernel without IPv6 (or with a read-only `/proc/sys` that has it already) need not take.
fn set_if_there(name: &str, value: &str) -> io::Result<()> {
    match set_sysctl(name, value) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

pub(crate) async fn add(call: &Call) -> Result<Success, PluginError> {
    let config = Config::load(call)?;
    let inside = NetNs::open(Path::new(&call.netns))?;
    let mac = match requested_mac(call, &config)? {
        Some(mac) => mac,
        None => random_mac()?,
    };
    let net = Net::open()?;
    let bridge = net.ensure_bridge(&config.bridge, config.mtu()).await?;
    set_if_there(&format!("net/ipv6/conf/{}/accept_ra", config.bridge), "0")?;
    if config.promisc_mode {
        net.set_promiscuous(bridge.index, true).await?;
    }
    let host = host_end(&net, call, &config, mac, &inside).await?;
    let made = async {
        attach(&net, &config, &bridge, &host).await?;
        let leased = ipam::delegate(call, "ADD").await?;
        let configured = configure(&net, call, &config, &bridge, &inside, leased).await;
        if configured.is_err() {
            // Whatever was wrong is worth more than a second failure.
            if let Err(error) = ipam::delegate(call, "DEL").await {
                tracing::warn!(%error, "Could not give addresses back.");
            }
        }
        configured
    };
    match made.await {
        Ok(addressed) => Ok(result(call, &config, &bridge, &host, mac, addressed)),
        Err(error) => {
            net.delete_link(&host.name).await?;
            Err(error)
        }
    }
}

fn requested_mac(call: &Call, config: &Config) -> Result<Option<[u8; 6]>, PluginError> {
    let by_args = call.config.pointer("/args/cni/mac").and_then(|mac| mac.as_str());
    let by_variable = call.arguments.get("MAC").map(String::as_str);
    let given = Some(config.runtime_config.mac.as_str()).filter(|mac| !mac.is_empty());
    let Some(text) = given.or(by_args).or(by_variable) else { return Ok(None) };
    let bad = || PluginError::new(code::INVALID_CONFIG, format!("invalid MAC address {text:?}"));
    parse_mac(text).map(Some).ok_or_else(bad)
}

/// Makes the pair; the name of the node's end is random, as nothing about the pod fits into fifteen letters.
async fn host_end(
    net: &Net,
    call: &Call,
    config: &Config,
    mac: [u8; 6],
    inside: &NetNs,
) -> Result<Link, PluginError> {
    for _ in 0..8 {
        let name = format!("veth{}", hex::encode(&random_mac()?[2..]));
        let veth = Veth { name: &name, peer: &call.interface, mtu: config.mtu(), peer_mac: Some(mac) };
        match net.add_veth(&veth, inside).await {
            Ok(link) => return Ok(link),
            // This name, or the pod's interface?
            Err(error) if error.raw_os_error() == Some(libc_eexist()) && net.link(&name).await?.is_some() => {
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(PluginError::new(code::INTERNAL, "no free name for a veth"))
}

fn libc_eexist() -> i32 {
    rustix::io::Errno::EXIST.raw_os_error()
}

async fn attach(net: &Net, config: &Config, bridge: &Link, host: &Link) -> Result<(), NetError> {
    net.set_master(host.index, bridge.index).await?;
    if config.hairpin_mode {
        net.set_hairpin(host.index, true).await?;
    }
    if config.port_isolation {
        net.set_isolated(host.index, true).await?;
    }
    net.set_up(host.index).await
}

/// Gives the pod its addresses and routes, and the bridge the gateway's.
async fn configure(
    net: &Net,
    call: &Call,
    config: &Config,
    bridge: &Link,
    inside: &NetNs,
    leased: Option<Success>,
) -> Result<Success, PluginError> {
    let Some(mut leased) = leased else {
        pod_end(call, inside, Success::default()).await?;
        return Ok(Success::default());
    };
    if leased.ips.is_empty() {
        return Err(PluginError::new(code::INTERNAL, "IPAM plugin returned missing IP config"));
    }
    if config.is_gateway {
        for ip in &mut leased.ips {
            let first = ip.address.hosts().next();
            ip.gateway = ip.gateway.or(first);
        }
    }
    if config.is_default_gateway {
        add_default_routes(&mut leased)?;
    }
    if config.is_gateway {
        gateway(net, config, bridge, &leased).await?;
    }
    pod_end(call, inside, leased.clone()).await?;
    if config.ip_masq {
        let ips: Vec<IpNet> = leased.ips.iter().map(|ip| ip.address).collect();
        masquerade::add(call, &ips).await?;
    }
    Ok(leased)
}

fn add_default_routes(leased: &mut Success) -> Result<(), PluginError> {
    for ip in &leased.ips {
        let default: IpNet = if ip.address.addr().is_ipv4() { "0.0.0.0/0" } else { "::/0" }
            .parse()
            .map_err(|_| PluginError::new(code::INTERNAL, "the default route does not parse"))?;
        if !leased.routes.iter().any(|route| route.dst == default) {
            leased.routes.push(Route { dst: default, gw: ip.gateway, other: serde_json::Map::new() });
        }
    }
    Ok(())
}

async fn gateway(net: &Net, config: &Config, bridge: &Link, leased: &Success) -> Result<(), PluginError> {
    let present = net.addresses(Some(bridge.index)).await?;
    for ip in &leased.ips {
        let Some(gateway) = ip.gateway else { continue };
        let prefix_len = ip.address.prefix_len();
        // An address of the same network that is not the gateway's stands in the way, unless it may go.
        let others = present.iter().filter(|(_, other, len)| {
            *other != gateway && *len == prefix_len && ip.address.trunc().contains(other)
        });
        for (_, other, len) in others {
            if !config.force_address {
                let message = format!(
                    "{:?} already has an IP address different from {gateway}/{prefix_len}",
                    bridge.name
                );
                return Err(PluginError {
                    details: other.to_string(),
                    ..PluginError::new(code::INTERNAL, message)
                });
            }
            net.delete_address(bridge.index, *other, *len).await?;
        }
        net.ensure_address(bridge.index, gateway, prefix_len).await?;
        match gateway {
            IpAddr::V4(_) => set_sysctl("net.ipv4.ip_forward", "1")?,
            IpAddr::V6(_) => set_sysctl("net.ipv6.conf.all.forwarding", "1")?,
        }
    }
    Ok(())
}

/// What happens inside the pod.
async fn pod_end(call: &Call, inside: &NetNs, leased: Success) -> Result<(), PluginError> {
    let name = call.interface.clone();
    let done: Result<(), PluginError> = inside
        .run(async move || {
            let net = Net::open()?;
            let link = net.expect_link(&name).await?;
            let v4 = |setting: &str| format!("net/ipv4/conf/{name}/{setting}");
            let v6 = |setting: &str| format!("net/ipv6/conf/{name}/{setting}");
            set_if_there(&v6("accept_ra"), "0")?;
            set_if_there(&v6("accept_redirects"), "0")?;
            set_if_there(&v4("rp_filter"), "0")?;
            set_if_there(&v4("accept_redirects"), "0")?;
            set_if_there("net/ipv4/conf/all/accept_redirects", "0")?;
            // Announces itself when it comes up, so that neighbours forget who had the address before.
            set_if_there(&v4("arp_notify"), "1")?;
            set_if_there(&v6("ndisc_notify"), "1")?;
            if leased.ips.iter().any(|ip| ip.address.addr().is_ipv6()) {
                set_if_there(&v6("disable_ipv6"), "0")?;
            }
            for ip in &leased.ips {
                net.ensure_address(link.index, ip.address.addr(), ip.address.prefix_len()).await?;
            }
            net.set_up(link.index).await?;
            for route in &leased.routes {
                let family = route.dst.addr().is_ipv4();
                let gateway = leased.ips.iter().find(|ip| ip.address.addr().is_ipv4() == family);
                let gateway = route.gw.or_else(|| gateway.and_then(|ip| ip.gateway));
                let route = KernelRoute {
                    destination: (route.dst.addr(), route.dst.prefix_len()),
                    gateway,
                    link: link.index,
                    source: None,
                };
                net.ensure_route(&route).await?;
            }
            Ok(())
        })
        .await?;
    done
}

fn result(
    call: &Call,
    config: &Config,
    bridge: &Link,
    host: &Link,
    mac: [u8; 6],
    addressed: Success,
) -> Success {
    let interface = |name: &str, mac: &[u8], mtu: u32, sandbox: &str| Interface {
        name: name.to_owned(),
        mac: show_mac(mac),
        mtu: Some(mtu),
        sandbox: sandbox.to_owned(),
        ..Interface::default()
    };
    let mut success = addressed;
    success.interfaces = vec![
        interface(&config.bridge, &bridge.mac, bridge.mtu, ""),
        interface(&host.name, &host.mac, host.mtu, ""),
        interface(&call.interface, &mac, host.mtu, &call.netns),
    ];
    for ip in &mut success.ips {
        ip.interface = Some(2);
    }
    if let Ok(dns) = serde_json::from_value::<crate::types::Dns>(call.config["dns"].clone())
        && dns != crate::types::Dns::default()
    {
        success.dns = dns;
    }
    success
}

pub(crate) async fn check(call: &Call) -> Result<(), PluginError> {
    let config = Config::load(call)?;
    let previous = call.expect_previous()?.clone();
    ipam::delegate(call, "CHECK").await?;
    let differs = |message: String| PluginError::new(code::CHECK, message);
    let net = Net::open()?;
    let bridge = net.link(&config.bridge).await?;
    let bridge = bridge.filter(|link| link.kind == "bridge" && link.up);
    let bridge = bridge.ok_or_else(|| differs(format!("bridge {} is gone or down", config.bridge)))?;
    let hosts = previous.interfaces.iter().filter(|interface| interface.sandbox.is_empty());
    let mut attached = false;
    for host in hosts.filter(|host| host.name != config.bridge) {
        let link = net.link(&host.name).await?;
        attached |= link.is_some_and(|link| link.master == Some(bridge.index) && link.up);
    }
    if !attached {
        return Err(differs(format!("no veth of {} is attached to {}", call.interface, config.bridge)));
    }
    let inside = NetNs::open(Path::new(&call.netns))?;
    let name = call.interface.clone();
    let compared: Result<(), PluginError> = inside
        .run(async move || {
            let differs = |message: String| Err(PluginError::new(code::CHECK, message));
            let net = Net::open()?;
            let Some(link) = net.link(&name).await?.filter(|link| link.up) else {
                return differs(format!("{name} is gone or down"));
            };
            let present = net.addresses(Some(link.index)).await?;
            for ip in previous.sandbox_ips() {
                let wanted = (link.index, ip.address.addr(), ip.address.prefix_len());
                if !present.contains(&wanted) {
                    return differs(format!("{name} lacks address {}", ip.address));
                }
            }
            for route in &previous.routes {
                let there = net.routes(route.dst.addr().is_ipv6()).await?;
                let wanted = (route.dst.network(), route.dst.prefix_len());
                if !there.iter().any(|found| found.destination == wanted && found.link == link.index) {
                    return differs(format!("the route to {} is gone", route.dst));
                }
            }
            Ok(())
        })
        .await?;
    compared
}

pub(crate) async fn delete(call: &Call) -> Result<(), PluginError> {
    let config = Config::load(call)?;
    let released = ipam::delegate(call, "DEL").await;
    if config.ip_masq {
        masquerade::delete(call).await?;
    }
    // Without its namespace the link is gone as well.
    if let Ok(inside) = NetNs::open(Path::new(&call.netns)) {
        let name = call.interface.clone();
        let deleted: Result<(), NetError> =
            inside.run(async move || Net::open()?.delete_link(&name).await).await?;
        deleted?;
    }
    released.map(drop)
}

pub(crate) async fn collect(call: &Call) -> Result<(), PluginError> {
    let config = Config::load(call)?;
    ipam::delegate(call, "GC").await?;
    if config.ip_masq {
        masquerade::collect(call).await?;
    }
    Ok(())
}

pub(crate) async fn status(call: &Call) -> Result<(), PluginError> {
    Config::load(call)?;
    ipam::delegate(call, "STATUS").await.map(drop)
}
