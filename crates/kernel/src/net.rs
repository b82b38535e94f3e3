//! Links, addresses, routes and neighbours of the calling thread's network namespace, through rtnetlink.
//!
//! Every `ensure_` is idempotent: it looks, makes what is missing, and says nothing when all is there.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsFd, AsRawFd};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use rtnetlink::packet_core::{
    DefaultNla, NLM_F_ACK, NLM_F_CREATE, NLM_F_REPLACE, NLM_F_REQUEST, NetlinkMessage, NetlinkPayload,
};
use rtnetlink::packet_route::address::AddressAttribute;
use rtnetlink::packet_route::link::{
    InfoData, InfoKind, InfoVeth, LinkAttribute, LinkFlags, LinkInfo, LinkMessage, State,
};
use rtnetlink::packet_route::route::{RouteAddress, RouteAttribute, RouteMessage, RouteScope, RouteType};
use rtnetlink::packet_route::tc::{TcAttribute, TcHandle, TcMessage, TcOption};
use rtnetlink::packet_route::{AddressFamily, RouteNetlinkMessage};
use rtnetlink::{
    Handle, LinkBridge, LinkBridgePort, LinkMessageBuilder, LinkUnspec, LinkVeth, RouteMessageBuilder,
};
use tokio::task::JoinHandle;

/// Longest wait for one answer of the kernel.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Every protocol. Source: Linux, linux/if_ether.h.
const ETH_P_ALL: u16 = 3;
/// Longest name of a link. Source: Linux, IFNAMSIZ.
pub const LINK_NAME_LEN_MAX: usize = 15;

/// Why the network could not be changed or read.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// There is no netlink socket to be had.
    #[error("open netlink")]
    Open(#[source] io::Error),
    /// The kernel refused.
    #[error("{step}: {source}")]
    Refused {
        /// What was tried, on what.
        step: String,
        /// Its answer.
        source: io::Error,
    },
    /// The kernel's answer makes no sense, or did not come.
    #[error("{step}: {message}")]
    Failed {
        /// What was tried, on what.
        step: String,
        /// What is wrong.
        message: String,
    },
    /// A link of that name is there, but of another kind.
    #[error("link {0:?} exists and is no bridge")]
    NoBridge(String),
}

impl NetError {
    /// The kernel's error number, where it gave one.
    pub fn raw_os_error(&self) -> Option<i32> {
        match self {
            Self::Refused { source, .. } | Self::Open(source) => source.raw_os_error(),
            Self::Failed { .. } | Self::NoBridge(_) => None,
        }
    }

    fn is(&self, number: i32) -> bool {
        self.raw_os_error() == Some(number)
    }
}

/// A link as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// The interface's index.
    pub index: u32,
    /// Its name.
    pub name: String,
    /// `bridge`, `veth`, …; empty for a physical one or `lo`.
    pub kind: String,
    /// Hardware address.
    pub mac: Vec<u8>,
    /// Largest packet.
    pub mtu: u32,
    /// Administratively up.
    pub up: bool,
    /// Up and with a carrier.
    pub running: bool,
    /// Index of the bridge that it is a port of.
    pub master: Option<u32>,
}

/// A route to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Destination and prefix length; `0.0.0.0/0` or `::/0` for the default route.
    pub destination: (IpAddr, u8),
    /// Next hop; `None`: the destination is on the link.
    pub gateway: Option<IpAddr>,
    /// The link's index.
    pub link: u32,
    /// Preferred source address.
    pub source: Option<IpAddr>,
}

/// A link to another namespace under construction.
#[derive(Debug, Clone)]
pub struct Veth<'a> {
    /// This end's name.
    pub name: &'a str,
    /// The other end's.
    pub peer: &'a str,
    /// Largest packet; `None`: the kernel's default.
    pub mtu: Option<u32>,
    /// The other end's hardware address; `None`: random.
    pub peer_mac: Option<[u8; 6]>,
}

/// A token bucket at the root of a link's queue: how fast packets leave through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenBucket {
    /// Bytes a second.
    pub rate: u64,
    /// Bytes at once.
    pub burst: u32,
    /// Bytes that wait; more are dropped.
    pub limit: u32,
}

/// The network of the namespace in which it was made.
#[derive(Debug)]
pub struct Net {
    handle: Handle,
    task: JoinHandle<()>,
}

impl Drop for Net {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn failed(step: impl Into<String>, error: rtnetlink::Error) -> NetError {
    let step = step.into();
    match error {
        rtnetlink::Error::NetlinkError(message) => NetError::Refused { step, source: message.to_io() },
        other => NetError::Failed { step, message: other.to_string() },
    }
}

/// `Ok` in place of "no such device", "exists" and the like.
fn tolerate(result: Result<(), NetError>, numbers: &[i32]) -> Result<(), NetError> {
    match result {
        Err(error) if numbers.iter().any(|number| error.is(*number)) => Ok(()),
        other => other,
    }
}

impl Net {
    /// Opens netlink in the calling thread's namespace. Needs a tokio runtime, whose threads must stay in it.
    pub fn open() -> Result<Self, NetError> {
        let (connection, handle, _) = rtnetlink::new_connection().map_err(NetError::Open)?;
        Ok(Self { handle, task: tokio::spawn(connection) })
    }

    async fn within<T>(
        &self,
        step: impl Into<String>,
        work: impl Future<Output = Result<T, rtnetlink::Error>>,
    ) -> Result<T, NetError> {
        let step = step.into();
        match tokio::time::timeout(TIMEOUT, work).await {
            Ok(result) => result.map_err(|error| failed(step, error)),
            Err(_) => Err(NetError::Failed { step, message: "the kernel did not answer".to_owned() }),
        }
    }

    /// The link called `name`.
    pub async fn link(&self, name: &str) -> Result<Option<Link>, NetError> {
        let get = self.handle.link().get().match_name(name.to_owned()).execute();
        match self.within(format!("look for link {name}"), get.try_collect::<Vec<_>>()).await {
            Ok(messages) => Ok(messages.first().map(link_from)),
            Err(error) if error.is(libc::ENODEV) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The link called `name`, which must be there.
    pub async fn expect_link(&self, name: &str) -> Result<Link, NetError> {
        self.link(name).await?.ok_or_else(|| NetError::Refused {
            step: format!("look for link {name}"),
            source: io::Error::from_raw_os_error(libc::ENODEV),
        })
    }

    /// All links.
    pub async fn links(&self) -> Result<Vec<Link>, NetError> {
        let get = self.handle.link().get().execute();
        let messages = self.within("list links", get.try_collect::<Vec<_>>()).await?;
        Ok(messages.iter().map(link_from).collect())
    }

    /// A bridge, up, made if it is not there. An existing one keeps its MTU unless one is given.
    pub async fn ensure_bridge(&self, name: &str, mtu: Option<u32>) -> Result<Link, NetError> {
        if self.link(name).await?.is_none() {
            // A hardware address that is set stays; one that is inherited changes with every port.
            let mac = random_mac()?;
            let mut bridge = LinkBridge::new(name).address(mac.to_vec());
            if let Some(mtu) = mtu {
                bridge = bridge.mtu(mtu);
            }
            let add = self.handle.link().add(bridge.build()).execute();
            tolerate(self.within(format!("add bridge {name}"), add).await, &[libc::EEXIST])?;
        }
        let link = self.expect_link(name).await?;
        if link.kind != "bridge" {
            return Err(NetError::NoBridge(name.to_owned()));
        }
        if let Some(mtu) = mtu.filter(|mtu| *mtu != link.mtu) {
            self.set_mtu(link.index, mtu).await?;
        }
        if !link.up {
            self.set_up(link.index).await?;
        }
        self.expect_link(name).await
    }

    /// A pair of links, one here and one made at once in the namespace `to`.
    pub async fn add_veth(&self, veth: &Veth<'_>, to: impl AsFd) -> Result<Link, NetError> {
        let mut peer =
            LinkMessageBuilder::<LinkUnspec>::new().name(veth.peer).setns_by_fd(to.as_fd().as_raw_fd());
        if let Some(mac) = veth.peer_mac {
            peer = peer.address(mac.to_vec());
        }
        let mut this = LinkMessageBuilder::<LinkVeth>::new(veth.name, veth.peer);
        if let Some(mtu) = veth.mtu {
            peer = peer.mtu(mtu);
            this = this.mtu(mtu);
        }
        this = this.set_info_data(InfoData::Veth(InfoVeth::Peer(peer.build())));
        let add = self.handle.link().add(this.build()).execute();
        self.within(format!("add veth {} with peer {}", veth.name, veth.peer), add).await?;
        self.expect_link(veth.name).await
    }

    /// An intermediate link (`ifb`), up, made if it is not there: what is redirected to it waits in its
    /// queue.
    pub async fn ensure_ifb(&self, name: &str, mtu: u32) -> Result<Link, NetError> {
        let message =
            LinkMessageBuilder::<LinkUnspec>::new_with_info_kind(InfoKind::Ifb).name(name).mtu(mtu).up();
        let add = self.handle.link().add(message.build()).execute();
        tolerate(self.within(format!("add link {name}"), add).await, &[libc::EEXIST])?;
        self.expect_link(name).await
    }

    /// Redirects every packet that comes in at `from` to the queue of `to`.
    pub async fn redirect_ingress(&self, from: u32, to: u32) -> Result<(), NetError> {
        let index = i32::try_from(from).unwrap_or(i32::MAX);
        let step = format!("redirect what comes in at link {from}");
        let queue = self.handle.qdisc().add(index).ingress().execute();
        tolerate(self.within(step.clone(), queue).await, &[libc::EEXIST])?;
        // The parent is the ingress queue, ffff:; protocol and priority in the order of the wire.
        let filter = self.handle.traffic_filter(index).add().parent(0xffff_0000).priority(1);
        let filter =
            filter.protocol(ETH_P_ALL.to_be()).redirect(to).map_err(|error| failed(step.clone(), error))?;
        self.within(step, filter.execute()).await
    }

    async fn set(&self, step: String, message: LinkMessage) -> Result<(), NetError> {
        self.within(step, self.handle.link().change(message).execute()).await
    }

    fn change(index: u32) -> LinkMessageBuilder<LinkUnspec> {
        LinkMessageBuilder::<LinkUnspec>::new().index(index)
    }

    /// Sets a link up.
    pub async fn set_up(&self, index: u32) -> Result<(), NetError> {
        self.set(format!("set link {index} up"), Self::change(index).up().build()).await
    }

    /// Sets a link down.
    pub async fn set_down(&self, index: u32) -> Result<(), NetError> {
        self.set(format!("set link {index} down"), Self::change(index).down().build()).await
    }

    /// Sets a link's largest packet.
    pub async fn set_mtu(&self, index: u32, mtu: u32) -> Result<(), NetError> {
        self.set(format!("set the MTU of link {index}"), Self::change(index).mtu(mtu).build()).await
    }

    /// Sets a link's hardware address.
    pub async fn set_mac(&self, index: u32, mac: [u8; 6]) -> Result<(), NetError> {
        let step = format!("set the address of link {index}");
        self.set(step, Self::change(index).address(mac.to_vec()).build()).await
    }

    /// Whether a link takes packets that are not for it.
    pub async fn set_promiscuous(&self, index: u32, on: bool) -> Result<(), NetError> {
        let step = format!("set link {index} promiscuous");
        self.set(step, Self::change(index).promiscuous(on).build()).await
    }

    /// Makes a link a port of a bridge.
    pub async fn set_master(&self, index: u32, bridge: u32) -> Result<(), NetError> {
        let step = format!("attach link {index} to bridge {bridge}");
        self.set(step, Self::change(index).controller(bridge).build()).await
    }

    /// Whether a bridge sends packets back out of the port that they came from.
    pub async fn set_hairpin(&self, port: u32, on: bool) -> Result<(), NetError> {
        let message = LinkBridgePort::new(port).hairpin(on).build();
        let set = self.handle.link().set_port(message).execute();
        self.within(format!("set hairpin of link {port}"), set).await
    }

    /// Whether ports that are isolated reach each other.
    pub async fn set_isolated(&self, port: u32, on: bool) -> Result<(), NetError> {
        let message = LinkBridgePort::new(port).isolated(on).build();
        let set = self.handle.link().set_port(message).execute();
        self.within(format!("set isolation of link {port}"), set).await
    }

    /// Moves a link to another namespace.
    pub async fn move_to(&self, index: u32, to: impl AsFd) -> Result<(), NetError> {
        let message = Self::change(index).setns_by_fd(to.as_fd().as_raw_fd()).build();
        self.set(format!("move link {index}"), message).await
    }

    /// Deletes a link (and its peer); fine when it is not there.
    pub async fn delete_link(&self, name: &str) -> Result<(), NetError> {
        let Some(link) = self.link(name).await? else { return Ok(()) };
        let delete = self.handle.link().del(link.index).execute();
        tolerate(self.within(format!("delete link {name}"), delete).await, &[libc::ENODEV])
    }

    /// The addresses of a link (or of all) with their prefix lengths.
    pub async fn addresses(&self, index: Option<u32>) -> Result<Vec<(u32, IpAddr, u8)>, NetError> {
        let mut get = self.handle.address().get();
        if let Some(index) = index {
            get = get.set_link_index_filter(index);
        }
        let messages = self.within("list addresses", get.execute().try_collect::<Vec<_>>()).await?;
        let found = messages.iter().filter_map(|message| {
            // On a point-to-point link the peer is `Address`, and the link's own is `Local`.
            let local = message.attributes.iter().find_map(|attribute| match attribute {
                AddressAttribute::Local(ip) => Some(*ip),
                _ => None,
            });
            let address = message.attributes.iter().find_map(|attribute| match attribute {
                AddressAttribute::Address(ip) => Some(*ip),
                _ => None,
            });
            Some((message.header.index, local.or(address)?, message.header.prefix_len))
        });
        Ok(found.filter(|(of, _, _)| index.is_none_or(|index| index == *of)).collect())
    }

    /// An address on a link; fine when it has it.
    pub async fn ensure_address(&self, index: u32, ip: IpAddr, prefix_len: u8) -> Result<(), NetError> {
        let mut add = self.handle.address().add(index, ip, prefix_len);
        if ip.is_ipv6() {
            // Of use at once: duplicate address detection would hold it back for a second or more.
            add.message_mut().header.flags |= rtnetlink::packet_route::address::AddressHeaderFlags::Nodad;
        }
        tolerate(self.within(format!("add address {ip}/{prefix_len}"), add.execute()).await, &[libc::EEXIST])
    }

    /// Takes an address from a link; fine when it does not have it.
    pub async fn delete_address(&self, index: u32, ip: IpAddr, prefix_len: u8) -> Result<(), NetError> {
        let mut message = self.handle.address().add(index, ip, prefix_len);
        let message = message.message_mut().clone();
        let delete = self.handle.address().del(message).execute();
        let step = format!("delete address {ip}/{prefix_len}");
        tolerate(self.within(step, delete).await, &[libc::EADDRNOTAVAIL, libc::ENODEV])
    }

    /// A route; replaces one to the same destination.
    pub async fn ensure_route(&self, route: &Route) -> Result<(), NetError> {
        let message = route_message(route);
        let add = self.handle.route().add(message).replace().execute();
        self.within(format!("add route to {}/{}", route.destination.0, route.destination.1), add).await
    }

    /// Takes a route away; fine when it is not there.
    pub async fn delete_route(&self, route: &Route) -> Result<(), NetError> {
        let delete = self.handle.route().del(route_message(route)).execute();
        let step = format!("delete route to {}/{}", route.destination.0, route.destination.1);
        tolerate(self.within(step, delete).await, &[libc::ESRCH, libc::ENODEV])
    }

    /// The unicast routes of the main table.
    pub async fn routes(&self, v6: bool) -> Result<Vec<Route>, NetError> {
        let mut message = RouteMessage::default();
        message.header.address_family = if v6 { AddressFamily::Inet6 } else { AddressFamily::Inet };
        let get = self.handle.route().get(message).execute();
        let messages = self.within("list routes", get.try_collect::<Vec<_>>()).await?;
        let is_main = |message: &&RouteMessage| {
            message.header.table == libc::RT_TABLE_MAIN && message.header.kind == RouteType::Unicast
        };
        Ok(messages.iter().filter(is_main).map(|message| route_from(message, v6)).collect())
    }

    /// A permanent neighbour entry; replaces what was learned.
    pub async fn ensure_neighbour(&self, link: u32, ip: IpAddr, mac: [u8; 6]) -> Result<(), NetError> {
        let add = self.handle.neighbours().add(link, ip).link_layer_address(&mac).replace().execute();
        self.within(format!("add neighbour {ip}"), add).await
    }

    /// Limits how fast packets leave through a link.
    pub async fn set_token_bucket(&self, link: u32, bucket: TokenBucket) -> Result<(), NetError> {
        let mut message = TcMessage::default();
        message.header.index = i32::try_from(link).unwrap_or(i32::MAX);
        message.header.parent = TcHandle::ROOT;
        message.header.handle = TcHandle { major: 1, minor: 0 };
        message.attributes.push(TcAttribute::Kind("tbf".to_owned()));
        message.attributes.push(TcAttribute::Options(
            token_bucket_options(bucket).into_iter().map(TcOption::Other).collect(),
        ));
        let mut request = NetlinkMessage::from(RouteNetlinkMessage::NewQueueDiscipline(message));
        request.header.flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
        let mut handle = self.handle.clone();
        let send = async move {
            let mut answers = handle.request(request)?;
            while let Some(answer) = answers.next().await {
                if let NetlinkPayload::Error(error) = answer.payload
                    && error.code.is_some()
                {
                    return Err(rtnetlink::Error::NetlinkError(error));
                }
            }
            Ok(())
        };
        self.within(format!("limit the rate of link {link}"), send).await
    }
}

/// `TCA_TBF_PARMS`, `TCA_TBF_RATE64`, `TCA_TBF_BURST`. Source: Linux, linux/pkt_sched.h.
fn token_bucket_options(bucket: TokenBucket) -> Vec<DefaultNla> {
    const PARMS: u16 = 1;
    const RATE64: u16 = 4;
    const BURST: u16 = 6;
    const LINKLAYER_ETHERNET: u8 = 1;
    let mut parms = Vec::new();
    // struct tc_ratespec twice (rate and no peak rate), then limit, buffer, mtu.
    parms.extend([0, LINKLAYER_ETHERNET, 0, 0, 0, 0, 0, 0]);
    parms.extend(u32::try_from(bucket.rate).unwrap_or(u32::MAX).to_ne_bytes());
    parms.extend([0; 12]);
    parms.extend(bucket.limit.to_ne_bytes());
    parms.extend([0; 8]);
    let mut options =
        vec![DefaultNla::new(PARMS, parms), DefaultNla::new(BURST, bucket.burst.to_ne_bytes().to_vec())];
    if bucket.rate > u64::from(u32::MAX) {
        options.push(DefaultNla::new(RATE64, bucket.rate.to_ne_bytes().to_vec()));
    }
    options
}

fn link_from(message: &LinkMessage) -> Link {
    let flags = message.header.flags;
    let mut link = Link {
        index: message.header.index,
        up: flags.contains(LinkFlags::Up),
        running: flags.contains(LinkFlags::Running),
        ..Link::default()
    };
    for attribute in &message.attributes {
        match attribute {
            LinkAttribute::IfName(name) => link.name = name.clone(),
            LinkAttribute::Address(mac) => link.mac = mac.clone(),
            LinkAttribute::Mtu(mtu) => link.mtu = *mtu,
            LinkAttribute::Controller(master) => link.master = Some(*master),
            LinkAttribute::OperState(State::Up) => link.running = true,
            LinkAttribute::LinkInfo(infos) => {
                let mut kinds = infos.iter().filter_map(|info| match info {
                    LinkInfo::Kind(kind) => Some(kind.to_string()),
                    _ => None,
                });
                link.kind = kinds.next().unwrap_or_default();
            }
            _ => {}
        }
    }
    link
}

fn route_message(route: &Route) -> RouteMessage {
    let scope = if route.gateway.is_none() { RouteScope::Link } else { RouteScope::Universe };
    match route.destination {
        (IpAddr::V4(destination), len) => {
            let mut builder = RouteMessageBuilder::<Ipv4Addr>::new()
                .destination_prefix(destination, len)
                .output_interface(route.link)
                .scope(scope);
            if let Some(IpAddr::V4(gateway)) = route.gateway {
                builder = builder.gateway(gateway);
            }
            if let Some(IpAddr::V4(source)) = route.source {
                builder = builder.pref_source(source);
            }
            builder.build()
        }
        (IpAddr::V6(destination), len) => {
            let mut builder = RouteMessageBuilder::<Ipv6Addr>::new()
                .destination_prefix(destination, len)
                .output_interface(route.link);
            if let Some(IpAddr::V6(gateway)) = route.gateway {
                builder = builder.gateway(gateway);
            }
            if let Some(IpAddr::V6(source)) = route.source {
                builder = builder.pref_source(source);
            }
            builder.build()
        }
    }
}

fn route_from(message: &RouteMessage, v6: bool) -> Route {
    let any = if v6 { IpAddr::V6(Ipv6Addr::UNSPECIFIED) } else { IpAddr::V4(Ipv4Addr::UNSPECIFIED) };
    let mut route = Route {
        destination: (any, message.header.destination_prefix_length),
        gateway: None,
        link: 0,
        source: None,
    };
    let ip = |address: &RouteAddress| match address {
        RouteAddress::Inet(ip) => Some(IpAddr::V4(*ip)),
        RouteAddress::Inet6(ip) => Some(IpAddr::V6(*ip)),
        _ => None,
    };
    for attribute in &message.attributes {
        match attribute {
            RouteAttribute::Destination(address) => route.destination.0 = ip(address).unwrap_or(any),
            RouteAttribute::Gateway(address) => route.gateway = ip(address),
            RouteAttribute::PrefSource(address) => route.source = ip(address),
            RouteAttribute::Oif(index) => route.link = *index,
            _ => {}
        }
    }
    route
}

/// A random hardware address, locally administered.
pub fn random_mac() -> Result<[u8; 6], NetError> {
    let mut mac = [0u8; 6];
    let filled = rustix::rand::getrandom(&mut mac, rustix::rand::GetRandomFlags::empty());
    match filled {
        Ok(6) => {}
        Ok(_) => return Err(NetError::Open(io::Error::other("too little randomness"))),
        Err(error) => return Err(NetError::Open(error.into())),
    }
    mac[0] = (mac[0] | 0x02) & 0xfe;
    Ok(mac)
}

/// Sets a network setting of the calling thread's namespace: `net.ipv4.ip_forward`. Components that hold dots
/// themselves (link names) are written with slashes: `net/ipv4/conf/eth0.1/rp_filter`.
pub fn set_sysctl(name: &str, value: &str) -> io::Result<()> {
    let path = if name.contains('/') { name.to_owned() } else { name.replace('.', "/") };
    if !path.starts_with("net/") || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{name:?} is no network setting")));
    }
    let path = format!("/proc/sys/{path}");
    // A write is refused on a read-only /proc/sys even when it would change nothing.
    if fs::read_to_string(&path).is_ok_and(|now| now.trim() == value) {
        return Ok(());
    }
    fs::write(&path, value).map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))
}

/// Sets several; see [`set_sysctl`].
pub fn set_sysctls(values: &BTreeMap<&str, &str>) -> io::Result<()> {
    values.iter().try_for_each(|(name, value)| set_sysctl(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netns::NetNs;

    fn v4(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn bridge_and_veth_between_namespaces() {
        let (node, pod) = (NetNs::create().unwrap(), NetNs::create().unwrap());
        let to = pod.clone();
        node.run(async move || {
            let net = Net::open().unwrap();
            let bridge = net.ensure_bridge("br0", Some(1400)).await.unwrap();
            assert_eq!(net.ensure_bridge("br0", None).await.unwrap(), bridge);
            assert_eq!((bridge.mtu, bridge.up, bridge.kind.as_str()), (1400, true, "bridge"));
            net.ensure_address(bridge.index, v4("10.1.0.1"), 24).await.unwrap();
            net.ensure_address(bridge.index, v4("10.1.0.1"), 24).await.unwrap();
            net.ensure_address(bridge.index, v4("fd00::1"), 64).await.unwrap();
            let found = net.addresses(Some(bridge.index)).await.unwrap();
            assert!(found.contains(&(bridge.index, v4("10.1.0.1"), 24)), "{found:?}");
            let veth =
                Veth { name: "veth0", peer: "eth0", mtu: Some(1400), peer_mac: Some([2, 0, 0, 0, 0, 9]) };
            let link = net.add_veth(&veth, to).await.unwrap();
            net.set_master(link.index, bridge.index).await.unwrap();
            net.set_hairpin(link.index, true).await.unwrap();
            net.set_up(link.index).await.unwrap();
            assert_eq!(net.expect_link("veth0").await.unwrap().master, Some(bridge.index));
            assert!(matches!(net.ensure_bridge("veth0", None).await, Err(NetError::NoBridge(_))));
            let ifb = net.ensure_ifb("ifb-test", 1400).await.unwrap();
            net.redirect_ingress(link.index, ifb.index).await.unwrap();
            net.set_token_bucket(link.index, TokenBucket { rate: 125_000, burst: 16_000, limit: 32_000 })
                .await
                .unwrap();
        })
        .await
        .unwrap();
        pod.run(async || {
            let net = Net::open().unwrap();
            let eth0 = net.expect_link("eth0").await.unwrap();
            assert_eq!((eth0.mac.as_slice(), eth0.mtu), (&[2, 0, 0, 0, 0, 9][..], 1400));
            net.set_up(net.expect_link("lo").await.unwrap().index).await.unwrap();
            net.ensure_address(eth0.index, v4("10.1.0.2"), 24).await.unwrap();
            net.set_up(eth0.index).await.unwrap();
            let default = Route {
                destination: (v4("0.0.0.0"), 0),
                gateway: Some(v4("10.1.0.1")),
                link: eth0.index,
                source: None,
            };
            net.ensure_route(&default).await.unwrap();
            net.ensure_route(&default).await.unwrap();
            assert!(net.routes(false).await.unwrap().contains(&default));
            net.ensure_neighbour(eth0.index, v4("10.1.0.77"), [2, 0, 0, 0, 0, 1]).await.unwrap();
            net.delete_route(&default).await.unwrap();
            net.delete_route(&default).await.unwrap();
            assert!(!net.routes(false).await.unwrap().contains(&default));
            set_sysctl("net.ipv4.conf.eth0.rp_filter", "0").unwrap();
            assert!(set_sysctl("kernel.panic", "0").is_err());
            assert!(set_sysctl("net/../kernel/panic", "0").is_err());
        })
        .await
        .unwrap();
        node.run(async || {
            let net = Net::open().unwrap();
            net.delete_link("veth0").await.unwrap();
            net.delete_link("veth0").await.unwrap();
            assert_eq!(net.link("veth0").await.unwrap(), None);
        })
        .await
        .unwrap();
        let gone = pod.run(async || Net::open().unwrap().link("eth0").await.unwrap()).await.unwrap();
        assert_eq!(gone, None);
    }
}
