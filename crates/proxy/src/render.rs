//! Plans as nftables: what of the table never changes, and the elements and chains of one address.
//!
//! Nearly everything is an element of a map. A lookup of address, protocol and port gives the chain to go to,
//! one for each way to masquerade and number of endpoints; that chain draws a number, and the map of that
//! number has the endpoint under the same address, protocol and port. So ten thousand Services are ten
//! thousand elements and a handful of chains, and a change of one is a handful of elements. Only Services
//! with session affinity have chains of their own. (One map with the number as a part of its key would be
//! simpler: nft 1.0.6 creates it, but refuses rules for it in any later transaction.)
//!
//! Connections from outside to addresses with `externalTrafficPolicy: Local` are looked up first, in maps of
//! their own.

use ipnet::Ipv4Net;
use sha2::{Digest, Sha256};

use crate::planner::{Action, Masquerade, Target, Vip, VipPlan};

/// The one table that this proxy ever touches.
pub(crate) const TABLE: &str = "mizzen-proxy";
/// An empty chain whose name says how the table is laid out. To be changed with it.
pub(crate) const LAYOUT: &str = "layout-1";
/// Names of sets that remember clients begin so.
pub(crate) const STUCK: &str = "stuck-";
/// Names of the maps of endpoints, one for each number drawn, begin so.
pub(crate) const ENDPOINTS: [&str; 4] =
    ["endpoints-ips-", "endpoints-ports-", "local-endpoints-ips-", "local-endpoints-ports-"];

/// The maps and sets with their types.
pub(crate) const MAPS: [(&str, &str); 10] = [
    ("service-ips", "map { type ipv4_addr . inet_proto . inet_service : verdict; }"),
    ("service-ports", "map { type inet_proto . inet_service : verdict; }"),
    ("local-ips", "map { type ipv4_addr . inet_proto . inet_service : verdict; }"),
    ("local-ports", "map { type inet_proto . inet_service : verdict; }"),
    ("rejected-ips", "set { type ipv4_addr . inet_proto . inet_service; }"),
    ("rejected-ports", "set { type inet_proto . inet_service; }"),
    ("cluster-ips", "set { type ipv4_addr; }"),
    ("hairpin", "set { type ipv4_addr . ipv4_addr; }"),
    ("firewalled", "set { type ipv4_addr . inet_proto . inet_service; }"),
    ("allowed", "set { type ipv4_addr . inet_proto . inet_service . ipv4_addr; flags interval; }"),
];

/// What of the rules depends on the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Where pods are; empty: unknown.
    pub(crate) cluster_cidrs: Vec<Ipv4Net>,
    /// Node addresses on which node ports answer; empty: all but loopback.
    pub(crate) node_port_addresses: Vec<Ipv4Net>,
    /// Marks packets between the choice of an endpoint and masquerading.
    pub(crate) mark: u32,
}

/// Elements by map and key; chains with their rules; further sets and maps with what they are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) elements: Vec<((String, String), String)>,
    pub(crate) chains: Vec<(String, Vec<String>)>,
    pub(crate) sets: Vec<(String, String)>,
}

/// Tables, maps and the chains that never change; the same again changes nothing.
pub(crate) fn base(settings: &Settings) -> String {
    let mut script = format!("add table ip {TABLE}\nadd chain ip {TABLE} {LAYOUT}\n");
    for (name, definition) in MAPS {
        script.push_str(&add_set(name, definition));
    }
    for (name, ranges) in
        [("cluster-cidrs", &settings.cluster_cidrs), ("node-port-ips", &settings.node_port_addresses)]
    {
        script.push_str(&format!(
            "add set ip {TABLE} {name} {{ type ipv4_addr; flags interval; auto-merge; }}\nflush set ip {TABLE} {name}\n"
        ));
        if !ranges.is_empty() {
            let ranges: Vec<String> = Ipv4Net::aggregate(ranges).iter().map(ToString::to_string).collect();
            script.push_str(&format!("add element ip {TABLE} {name} {{ {} }}\n", ranges.join(", ")));
        }
    }
    for (chain, hook) in BASE_CHAINS {
        let hook = if hook.is_empty() { String::new() } else { format!(" {{ {hook}; policy accept; }}") };
        script.push_str(&format!("add chain ip {TABLE} {chain}{hook}\nflush chain ip {TABLE} {chain}\n"));
    }
    for rule in base_rules(settings) {
        script.push_str(&format!("add rule ip {TABLE} {rule}\n"));
    }
    script
}

/// The statement that makes a set or map.
pub(crate) fn add_set(name: &str, definition: &str) -> String {
    let (kind, definition) = definition.split_once(' ').expect("a definition has two parts");
    format!("add {kind} ip {TABLE} {name} {definition}\n")
}

/// Chains of [`base`]. Priorities: after host ports (-105), and filters around them; see nft(8) for the
/// standard ones.
pub(crate) const BASE_CHAINS: [(&str, &str); 14] = [
    ("services", ""),
    ("external", ""),
    ("firewall", ""),
    ("refuse", ""),
    ("reject-unserved", ""),
    ("reject-cluster-ips", ""),
    ("nat-prerouting", "type nat hook prerouting priority -100"),
    ("nat-output", "type nat hook output priority -100"),
    ("nat-postrouting", "type nat hook postrouting priority 100"),
    ("filter-prerouting", "type filter hook prerouting priority -110"),
    ("filter-input", "type filter hook input priority -110"),
    ("filter-forward", "type filter hook forward priority -110"),
    ("filter-output", "type filter hook output priority -110"),
    ("filter-output-after", "type filter hook output priority -90"),
];

const KEY: &str = "ip daddr . meta l4proto . th dport";
const PORT_KEY: &str = "meta l4proto . th dport";
const PROTOCOLS: &str = "meta l4proto { tcp, udp, sctp }";

fn base_rules(settings: &Settings) -> Vec<String> {
    let mark = settings.mark;
    let node_ports = if settings.node_port_addresses.is_empty() {
        "fib daddr type local ip daddr != 127.0.0.0/8"
    } else {
        "fib daddr type local ip daddr @node-port-ips"
    };
    let mut rules = vec![
        format!("services ip saddr != @cluster-cidrs fib saddr type != local jump external"),
        format!("services {PROTOCOLS} {KEY} vmap @service-ips"),
        format!("services {node_ports} {PROTOCOLS} {PORT_KEY} vmap @service-ports"),
        format!("external {PROTOCOLS} {KEY} vmap @local-ips"),
        format!("external {node_ports} {PROTOCOLS} {PORT_KEY} vmap @local-ports"),
        format!("firewall {PROTOCOLS} {KEY} @firewalled {KEY} . ip saddr != @allowed drop"),
        format!("reject-unserved {PROTOCOLS} {KEY} @rejected-ips jump refuse"),
        format!("reject-unserved {node_ports} {PROTOCOLS} {PORT_KEY} @rejected-ports jump refuse"),
        // What is addressed to a Service still, after all translation, is for none of its ports.
        format!("reject-cluster-ips ct state new ip daddr @cluster-ips jump refuse"),
        // A reset is no ICMP message, of which the kernel sends a few a second only.
        "refuse meta l4proto tcp reject with tcp reset".to_owned(),
        "refuse reject".to_owned(),
        format!("nat-postrouting ct status dnat ip saddr . ip daddr @hairpin masquerade"),
        format!(
            "nat-postrouting meta mark & {mark:#x} == {mark:#x} meta mark set meta mark ^ {mark:#x} masquerade fully-random"
        ),
    ];
    for (hook, chains) in [
        ("nat-prerouting", &["services"][..]),
        ("nat-output", &["services"]),
        ("filter-prerouting", &["firewall"]),
        ("filter-input", &["reject-unserved", "reject-cluster-ips"]),
        ("filter-forward", &["reject-unserved", "reject-cluster-ips"]),
        ("filter-output", &["firewall", "reject-unserved"]),
        ("filter-output-after", &["reject-cluster-ips"]),
    ] {
        let only_new = if hook.starts_with("nat") { "" } else { "ct state new " };
        rules.extend(chains.iter().map(|chain| format!("{hook} {only_new}jump {chain}")));
    }
    rules
}

fn key(vip: Vip) -> String {
    let port = format!("{} . {}", vip.protocol.name(), vip.port);
    vip.ip.map_or(port.clone(), |ip| format!("{ip} . {port}"))
}

fn mark_rule(masquerade: Masquerade, settings: &Settings) -> Option<String> {
    let mark = format!("meta mark set meta mark | {:#x}", settings.mark);
    match masquerade {
        // Where pods are is not known: none is taken for an outsider.
        Masquerade::FromOutsidePods if settings.cluster_cidrs.is_empty() => None,
        Masquerade::FromOutsidePods => Some(format!("ip saddr != @cluster-cidrs {mark}")),
        Masquerade::All => Some(mark),
        Masquerade::FromNode => Some(format!("fib saddr type local {mark}")),
        Masquerade::Nobody => None,
    }
}

fn masquerade_name(masquerade: Masquerade) -> &'static str {
    match masquerade {
        Masquerade::FromOutsidePods => "outside",
        Masquerade::All => "all",
        Masquerade::FromNode => "node",
        Masquerade::Nobody => "none",
    }
}

/// The maps for one kind of address: verdicts, and the beginning of those of endpoints.
fn maps(vip: Vip, external: bool) -> (&'static str, &'static str) {
    match (vip.ip.is_some(), external) {
        (true, false) => ("service-ips", ENDPOINTS[0]),
        (false, false) => ("service-ports", ENDPOINTS[1]),
        (true, true) => ("local-ips", ENDPOINTS[2]),
        (false, true) => ("local-ports", ENDPOINTS[3]),
    }
}

/// Everything that one plan needs.
pub(crate) fn render(plan: &VipPlan, settings: &Settings) -> Rendered {
    let mut rendered = Rendered::default();
    let key = key(plan.vip);
    add_action(&mut rendered, plan, &plan.action, false, settings);
    if let Some(external) = &plan.external {
        add_action(&mut rendered, plan, external, true, settings);
    }
    let mut add = |map: &str, key: String| rendered.elements.push(((map.to_owned(), key), String::new()));
    if let (true, Some(ip)) = (plan.is_cluster_ip, plan.vip.ip) {
        add("cluster-ips", ip.to_string());
    }
    for ip in &plan.local {
        add("hairpin", format!("{ip} . {ip}"));
    }
    if let Some(allowed) = &plan.allowed {
        add("firewalled", key.clone());
        for range in allowed {
            let range = if range.prefix_len() == 32 { range.addr().to_string() } else { range.to_string() };
            add("allowed", format!("{key} . {range}"));
        }
    }
    rendered
}

fn add_action(rendered: &mut Rendered, plan: &VipPlan, action: &Action, external: bool, settings: &Settings) {
    let (verdicts, endpoints) = maps(plan.vip, external);
    let key = key(plan.vip);
    match action {
        Action::Drop => rendered.elements.push(((verdicts.to_owned(), key), "drop".to_owned())),
        // Said once; filters look at it whoever asks.
        Action::Reject if external => {}
        Action::Reject => {
            let map = if plan.vip.ip.is_some() { "rejected-ips" } else { "rejected-ports" };
            rendered.elements.push(((map.to_owned(), key), String::new()));
        }
        Action::Balance { masquerade, targets } => {
            let chain = match plan.affinity_s {
                Some(seconds) => {
                    sticky(rendered, plan.vip, external, *masquerade, targets, seconds, settings)
                }
                None => balanced(rendered, plan.vip, endpoints, *masquerade, targets, settings),
            };
            rendered.elements.push(((verdicts.to_owned(), key), format!("goto {chain}")));
        }
    }
}

/// The chain that draws one of as many endpoints, shared by all addresses that have this many.
fn balanced(
    rendered: &mut Rendered,
    vip: Vip,
    endpoints: &str,
    masquerade: Masquerade,
    targets: &[Target],
    settings: &Settings,
) -> String {
    let (lookup, kind) = if vip.ip.is_some() {
        (KEY, "map { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }")
    } else {
        (PORT_KEY, "map { type inet_proto . inet_service : ipv4_addr . inet_service; }")
    };
    let mut draws = Vec::new();
    for (number, target) in targets.iter().enumerate() {
        let map = format!("{endpoints}{number}");
        let chain = format!("to-{map}");
        draws.push(format!("{number} : goto {chain}"));
        let rule = format!("{PROTOCOLS} dnat ip addr . port to {lookup} map @{map}");
        rendered.chains.push((chain, vec![rule]));
        rendered.elements.push(((map.clone(), key(vip)), format!("{} . {}", target.ip, target.port)));
        rendered.sets.push((map, kind.to_owned()));
    }
    let mut rules: Vec<String> = mark_rule(masquerade, settings).into_iter().collect();
    rules.push(format!("numgen random mod {} vmap {{ {} }}", targets.len(), draws.join(", ")));
    let name = format!("{endpoints}{}-{}", masquerade_name(masquerade), targets.len());
    rendered.chains.push((name.clone(), rules));
    name
}

fn hash(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..8])
}

/// The chains of an address whose clients keep their endpoint: a set an endpoint remembers who was sent
/// there.
fn sticky(
    rendered: &mut Rendered,
    vip: Vip,
    external: bool,
    masquerade: Masquerade,
    targets: &[Target],
    seconds: u32,
    settings: &Settings,
) -> String {
    let own = hash(&format!("{} {external}", key(vip)));
    let mut rules: Vec<String> = mark_rule(masquerade, settings).into_iter().collect();
    let mut draws = Vec::new();
    for (number, Target { ip, port }) in targets.iter().enumerate() {
        let end = format!("{own}-{}", hash(&format!("{ip}:{port}")));
        let (set, chain) = (format!("{STUCK}{own}-{}", hash(&format!("{ip}:{port}"))), format!("to-{end}"));
        rendered.sets.push((set.clone(), "set { type ipv4_addr; flags dynamic, timeout; }".to_owned()));
        rendered.chains.push((
            chain.clone(),
            vec![
                format!("update @{set} {{ ip saddr timeout {seconds}s }}"),
                format!("meta l4proto {} dnat to {ip}:{port}", vip.protocol.name()),
            ],
        ));
        rules.push(format!("ip saddr @{set} goto {chain}"));
        draws.push(format!("{number} : goto {chain}"));
    }
    rules.push(format!("numgen random mod {} vmap {{ {} }}", targets.len(), draws.join(", ")));
    let name = format!("sticky-{own}");
    rendered.chains.push((name.clone(), rules));
    name
}

/// Most elements in one statement.
const BATCH: usize = 1000;

/// `add` or `delete` statements for elements, many in one.
pub(crate) fn statements(verb: &str, mut elements: Vec<(String, String)>) -> String {
    elements.sort();
    let mut script = String::new();
    for of_map in elements.chunk_by(|a, b| a.0 == b.0) {
        for batch in of_map.chunks(BATCH) {
            let texts: Vec<&str> = batch.iter().map(|(_, text)| text.as_str()).collect();
            script.push_str(&format!(
                "{verb} element ip {TABLE} {} {{ {} }}\n",
                batch[0].0,
                texts.join(", ")
            ));
        }
    }
    script
}
