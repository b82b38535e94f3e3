//! `portmap`: host ports that lead to a pod's.
//!
//! A table of its own in each family, with one map from port to pod (and one for ports of a single address),
//! so that a mapping is an element and no rule. Only packets to an address of the node are looked at
//! (CVE-2025-67499), before Services are (CVE-2019-9946). Mappings of loopback addresses need
//! `route_localnet` on the bridge; packets from outside to 127.0.0.0/8, which that would let in, are dropped
//! first (CVE-2020-8558).

use std::net::IpAddr;

use mizzen_kernel::net::{Net, set_sysctl};
use mizzen_kernel::nft::{Nft, NftError};
use serde::Deserialize;
use serde_json::Value;

use crate::plugin::{Call, marked};
use crate::types::{PluginError, Success, code, null_as_empty};

const TABLE: &str = "mizzen-hostport";
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(default = "yes")]
    snat: bool,
    #[serde(default)]
    conditions_v4: Option<Value>,
    #[serde(default)]
    conditions_v6: Option<Value>,
    #[serde(default)]
    runtime_config: Runtime,
}

fn yes() -> bool {
    true
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Runtime {
    #[serde(default, deserialize_with = "null_as_empty")]
    port_mappings: Vec<Mapping>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mapping {
    host_port: u16,
    container_port: u16,
    #[serde(default)]
    protocol: String,
    #[serde(default, rename = "hostIP")]
    host_ip: String,
}

/// A mapping that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Checked {
    protocol: &'static str,
    host_port: u16,
    container_port: u16,
    /// `None`: every address of the node.
    host_ip: Option<IpAddr>,
}

impl Config {
    fn load(call: &Call) -> Result<(Self, Vec<Checked>), PluginError> {
        let config: Self = call.parse()?;
        if config.conditions_v4.is_some() || config.conditions_v6.is_some() {
            return Err(PluginError::new(
                code::UNSUPPORTED_FIELD,
                "conditionsV4 and conditionsV6 are not supported",
            ));
        }
        let mappings = &config.runtime_config.port_mappings;
        let checked = mappings.iter().filter(|mapping| mapping.host_port != 0).map(check_mapping);
        let checked = checked.collect::<Result<_, _>>()?;
        Ok((config, checked))
    }
}

fn check_mapping(mapping: &Mapping) -> Result<Checked, PluginError> {
    let invalid = |message: String| PluginError::new(code::INVALID_CONFIG, message);
    let protocol = match mapping.protocol.to_ascii_lowercase().as_str() {
        "" | "tcp" => "tcp",
        "udp" => "udp",
        "sctp" => "sctp",
        other => return Err(invalid(format!("unknown protocol {other:?}"))),
    };
    if mapping.container_port == 0 {
        return Err(invalid("invalid container port number: 0".to_owned()));
    }
    let host_ip = match mapping.host_ip.as_str() {
        "" => None,
        text => Some(text.parse::<IpAddr>().map_err(|_| invalid(format!("invalid host IP {text:?}")))?),
    };
    Ok(Checked {
        protocol,
        host_port: mapping.host_port,
        container_port: mapping.container_port,
        host_ip: host_ip.filter(|ip| !ip.is_unspecified()),
    })
}

/// Tables, maps and rules; the same again changes nothing.
fn base(family: &str, snat: bool) -> String {
    let (kind, loopback) = if family == "ip" { ("ipv4_addr", "127.0.0.0/8") } else { ("ipv6_addr", "::1") };
    let dnat = if family == "ip" { "dnat ip addr . port to" } else { "dnat ip6 addr . port to" };
    let mut script = format!(
        "add table {family} {TABLE}\n\
         add map {family} {TABLE} ports {{ type inet_proto . inet_service : {kind} . inet_service; }}\n\
         add map {family} {TABLE} ip-ports {{ type {kind} . inet_proto . inet_service : {kind} . inet_service; }}\n\
         add set {family} {TABLE} hairpin {{ type {kind} . {kind}; }}\n\
         add set {family} {TABLE} pods {{ type {kind}; }}\n"
    );
    // Five before the places of other address translation (dstnat, srcnat).
    for (chain, hook) in [
        ("guard", "type filter hook prerouting priority raw"),
        ("prerouting", "type nat hook prerouting priority -105"),
        ("output", "type nat hook output priority -105"),
        ("postrouting", "type nat hook postrouting priority 95"),
    ] {
        script.push_str(&format!(
            "add chain {family} {TABLE} {chain} {{ {hook}; policy accept; }}\nflush chain {family} {TABLE} {chain}\n"
        ));
    }
    script.push_str(&format!("add chain {family} {TABLE} mapped\nflush chain {family} {TABLE} mapped\n"));
    let protocols = "meta l4proto { tcp, udp, sctp }";
    let mut rules = vec![
        format!("guard iifname != \"lo\" {family} daddr {loopback} drop"),
        "prerouting fib daddr type local jump mapped".to_owned(),
        "output fib daddr type local jump mapped".to_owned(),
        format!("mapped {protocols} {dnat} {family} daddr . meta l4proto . th dport map @ip-ports"),
        format!("mapped {protocols} {dnat} meta l4proto . th dport map @ports"),
    ];
    if snat {
        // A pod that reaches itself, and the node through its loopback: answers must come back by the node.
        rules.push(format!("postrouting ct status dnat {family} saddr . {family} daddr @hairpin masquerade"));
        rules.push(format!(
            "postrouting ct status dnat {family} saddr {loopback} {family} daddr @pods masquerade"
        ));
    }
    for rule in rules {
        script.push_str(&format!("add rule {family} {TABLE} {rule}\n"));
    }
    script
}

/// One element a mapping, and the pod's own.
fn elements_of(family: &str, pod: IpAddr, mappings: &[Checked], comment: &str) -> String {
    let mut script = String::new();
    let mut add = |set: &str, key: String, value: &str| {
        script.push_str(&format!(
            "add element {family} {TABLE} {set} {{ {key} comment \"{comment}\"{value} }}\n"
        ));
    };
    add("hairpin", format!("{pod} . {pod}"), "");
    add("pods", pod.to_string(), "");
    for mapping in mappings {
        let Checked { protocol, host_port, container_port, .. } = mapping;
        let value = format!(" : {pod} . {container_port}");
        match mapping.host_ip {
            Some(ip) => add("ip-ports", format!("{ip} . {protocol} . {host_port}"), &value),
            None => add("ports", format!("{protocol} . {host_port}"), &value),
        }
    }
    script
}

/// The pod's first address of each family.
fn pod_ips(previous: &Success) -> Vec<IpAddr> {
    let all: Vec<IpAddr> = previous.sandbox_ips().map(|ip| ip.address.addr()).collect();
    let first = |v4: bool| all.iter().copied().find(|ip| ip.is_ipv4() == v4);
    first(true).into_iter().chain(first(false)).collect()
}

fn for_family(mappings: &[Checked], v4: bool) -> Vec<Checked> {
    mappings.iter().filter(|mapping| mapping.host_ip.is_none_or(|ip| ip.is_ipv4() == v4)).cloned().collect()
}

pub(crate) async fn add(call: &Call) -> Result<Success, PluginError> {
    let previous = call.expect_previous()?;
    let (config, mappings) = Config::load(call)?;
    if mappings.is_empty() {
        return Ok(previous.clone());
    }
    let comment = marked::owner_comment(call);
    let mut script = String::new();
    let mut localnet = false;
    for pod in pod_ips(previous) {
        let family = if pod.is_ipv4() { "ip" } else { "ip6" };
        let own = for_family(&mappings, pod.is_ipv4());
        if own.is_empty() {
            continue;
        }
        localnet |= pod.is_ipv4();
        script.push_str(&base(family, config.snat));
        script.push_str(&elements_of(family, pod, &own, &comment));
    }
    if script.is_empty() {
        return Err(PluginError::new(code::INVALID_CONFIG, "the pod has no address of the mappings' family"));
    }
    let nft = Nft::default();
    nft.apply(&script).await.map_err(|error| taken(error, &mappings))?;
    if localnet && config.snat {
        route_localnet(previous).await?;
    }
    forget_udp(&mappings).await;
    Ok(previous.clone())
}

fn taken(error: NftError, mappings: &[Checked]) -> PluginError {
    match &error {
        NftError::Refused(message) if message.contains("File exists") => {
            let ports: Vec<String> = mappings
                .iter()
                .map(|mapping| format!("{}/{}", mapping.host_port, mapping.protocol))
                .collect();
            PluginError::new(
                code::INTERNAL,
                format!("host ports {} are taken by another pod", ports.join(", ")),
            )
        }
        _ => error.into(),
    }
}

/// Lets the node's own packets from 127.0.0.1 out through the bridge, to be masqueraded there.
async fn route_localnet(previous: &Success) -> Result<(), PluginError> {
    let net = Net::open()?;
    for interface in previous.interfaces.iter().filter(|interface| interface.sandbox.is_empty()) {
        if net.link(&interface.name).await?.is_some_and(|link| link.master.is_none()) {
            set_sysctl(&format!("net/ipv4/conf/{}/route_localnet", interface.name), "1")?;
        }
    }
    Ok(())
}

/// Flows that began before the mapping (or after it went) would go on past it: the kernel remembers UDP
/// "connections".
async fn forget_udp(mappings: &[Checked]) {
    for mapping in mappings.iter().filter(|mapping| mapping.protocol == "udp") {
        let flow = mizzen_kernel::conntrack::Flow {
            protocol: "udp",
            destination: mapping.host_ip,
            port: Some(mapping.host_port),
            reply_source: None,
        };
        if let Err(error) = mizzen_kernel::conntrack::forget(&flow).await {
            tracing::warn!(%error, "Could not forget old UDP flows.");
        }
    }
}

pub(crate) async fn check(call: &Call) -> Result<(), PluginError> {
    let previous = call.expect_previous()?;
    let (_, mappings) = Config::load(call)?;
    let comment = marked::owner_comment(call);
    let nft = Nft::default();
    for pod in pod_ips(previous) {
        let family = if pod.is_ipv4() { "ip" } else { "ip6" };
        let found = marked::elements(&nft, family, TABLE).await?;
        let count = found
            .iter()
            .filter(|element| element.comment == comment && element.set.ends_with("ports"))
            .count();
        let wanted = for_family(&mappings, pod.is_ipv4()).len();
        if count != wanted {
            let message = format!("{count} host ports are mapped, {wanted} should be");
            return Err(PluginError::new(code::CHECK, message));
        }
    }
    Ok(())
}

pub(crate) async fn delete(call: &Call) -> Result<(), PluginError> {
    let config: Result<Config, _> = call.parse();
    // Who knows ADD's result knows ADD's mappings: without one there is nothing to look for.
    let known = call.previous.is_some();
    if known && config.as_ref().is_ok_and(|config| config.runtime_config.port_mappings.is_empty()) {
        return Ok(());
    }
    marked::delete(call, TABLE).await?;
    let checked: Vec<Checked> = config?
        .runtime_config
        .port_mappings
        .iter()
        .filter_map(|mapping| check_mapping(mapping).ok())
        .collect();
    forget_udp(&checked).await;
    Ok(())
}

pub(crate) async fn collect(call: &Call) -> Result<(), PluginError> {
    marked::collect(call, TABLE).await
}

pub(crate) async fn status() -> Result<(), PluginError> {
    let unavailable = |error: NftError| PluginError { code: code::PLUGIN_NOT_AVAILABLE, ..error.into() };
    Nft::default().check("").await.map_err(unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_are_checked() {
        let check = |text: &str, expect: Result<(&str, Option<&str>), &str>| {
            let mapping: Mapping = serde_json::from_str(text).unwrap();
            match (check_mapping(&mapping), expect) {
                (Ok(got), Ok((protocol, ip))) => {
                    assert_eq!(
                        (got.protocol, got.host_ip.map(|ip| ip.to_string()).as_deref()),
                        (protocol, ip)
                    );
                }
                (Err(error), Err(expect)) => assert!(error.to_string().contains(expect), "{error}"),
                (got, _) => panic!("{text}: {got:?}"),
            }
        };
        check(r#"{"hostPort":80,"containerPort":8080,"protocol":"TCP"}"#, Ok(("tcp", None)));
        check(
            r#"{"hostPort":80,"containerPort":8080,"protocol":"udp","hostIP":"127.0.0.1"}"#,
            Ok(("udp", Some("127.0.0.1"))),
        );
        check(r#"{"hostPort":80,"containerPort":8080,"hostIP":"0.0.0.0"}"#, Ok(("tcp", None)));
        check(r#"{"hostPort":80,"containerPort":8080,"hostIP":"x; flush ruleset"}"#, Err("invalid host IP"));
        check(r#"{"hostPort":80,"containerPort":8080,"protocol":"icmp"}"#, Err("unknown protocol"));
        check(r#"{"hostPort":80,"containerPort":0}"#, Err("container port"));
    }
}
