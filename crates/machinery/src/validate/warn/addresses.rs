//! Services, and addresses in other forms than their own.

use std::net::{IpAddr, Ipv6Addr};

use mizzen_schema::value::Value;

use super::super::check::{list, text, texts};
use crate::field::{Path, quote};

pub(super) fn service(out: &mut Vec<String>, object: &Value) {
    if crate::meta::annotation(object, "service.kubernetes.io/topology-aware-hints").is_some() {
        out.push(
            "annotation service.kubernetes.io/topology-aware-hints is deprecated, please use \
             service.kubernetes.io/topology-mode instead"
                .to_owned(),
        );
    }
    let Some(spec) = object.get("spec") else { return };
    let external = text(spec, "type") == "ExternalName";
    let headless = !external && text(spec, "clusterIP") == "None";
    let ips = list(spec, "externalIPs");
    if headless {
        for (said, is) in [
            ("spec.loadBalancerIP", !text(spec, "loadBalancerIP").is_empty()),
            ("spec.externalIPs", !ips.is_empty()),
            ("spec.SessionAffinity", !matches!(text(spec, "sessionAffinity"), "" | "None")),
        ] {
            if is {
                out.push(format!("{said} is ignored for headless services"));
            }
        }
    } else {
        each(out, spec, "clusterIPs", ip);
    }
    each(out, spec, "externalIPs", ip);
    let balancer = text(spec, "loadBalancerIP");
    if !balancer.is_empty() {
        ip(out, &Path::new("spec.loadBalancerIP"), balancer);
    }
    each(out, spec, "loadBalancerSourceRanges", cidr);
    if external && !ips.is_empty() {
        out.push("spec.externalIPs is ignored when spec.type is \"ExternalName\"".to_owned());
    }
    if !external && !text(spec, "externalName").is_empty() {
        out.push("spec.externalName is ignored when spec.type is not \"ExternalName\"".to_owned());
    }
}

pub(super) fn policy(out: &mut Vec<String>, object: &Value) {
    for (field, peers) in [("ingress", "from"), ("egress", "to")] {
        let rules = object.path(&["spec", field]).map(Value::items).unwrap_or_default();
        let path = Path::new("spec");
        let path = path.child(field);
        for (at, rule) in rules.iter().enumerate() {
            let rule_path = path.index(at);
            let path = rule_path.child(peers);
            for (at, peer) in list(rule, peers).iter().enumerate() {
                let Some(block) = peer.get("ipBlock") else { continue };
                let peer_path = path.index(at);
                let path = peer_path.child("ipBlock");
                cidr(out, &path.child("cidr"), text(block, "cidr"));
                let except = path.child("except");
                for (at, value) in texts(block, "except").enumerate() {
                    cidr(out, &except.index(at), value);
                }
            }
        }
    }
}

fn each(
    out: &mut Vec<String>,
    spec: &Value,
    field: &'static str,
    say: fn(&mut Vec<String>, &Path<'_>, &str),
) {
    let path = Path::new("spec");
    let path = path.child(field);
    for (at, value) in texts(spec, field).enumerate() {
        say(out, &path.index(at), value);
    }
}

/// An address in a form that was once accepted: zeros in front, or IPv4 in IPv6.
fn loose(text: &str) -> Option<IpAddr> {
    if let Some(mapped) = text.parse::<Ipv6Addr>().ok().and_then(|address| address.to_ipv4_mapped()) {
        return Some(IpAddr::V4(mapped));
    }
    if text.contains(':') || !text.split('.').any(|part| part.len() > 1 && part.starts_with('0')) {
        return None;
    }
    let parts: Option<Vec<u8>> = text.split('.').map(|part| part.parse().ok()).collect();
    let parts: [u8; 4] = parts?.try_into().ok()?;
    Some(IpAddr::from(parts))
}

fn ip(out: &mut Vec<String>, path: &Path<'_>, value: &str) {
    let future = "will be considered invalid in a future Kubernetes release";
    if let Some(address) = loose(value) {
        let shown = quote(&address.to_string());
        out.push(format!("{path}: non-standard IP address {} {future}: use {shown}", quote(value)));
    } else if let Ok(address) = value.parse::<Ipv6Addr>()
        && !is_canonical(value, address)
    {
        let shown = quote(&address.to_string());
        let words = "should be in RFC 5952 canonical format";
        out.push(format!("{path}: IPv6 address {} {words} ({shown})", quote(value)));
    }
}

fn is_canonical(value: &str, address: Ipv6Addr) -> bool {
    address.to_string() == value
}

fn cidr(out: &mut Vec<String>, path: &Path<'_>, value: &str) {
    let Some((start, bits)) = value.split_once('/') else { return };
    let old = loose(start);
    let Some(address) = old.or_else(|| start.parse().ok()) else { return };
    let Ok(mut length) = bits.parse::<u8>() else { return };
    if old.is_some() && start.contains(':') {
        length = length.saturating_sub(96);
    }
    let (masked, whole) = match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(length.into())).unwrap_or(0);
            (IpAddr::from((v4.to_bits() & mask).to_be_bytes()), 32)
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(length.into())).unwrap_or(0);
            (IpAddr::from((v6.to_bits() & mask).to_be_bytes()), 128)
        }
    };
    let block = quote(&format!("{masked}/{length}"));
    if masked != address {
        let host = quote(&format!("{address}/{whole}"));
        let words = "is ambiguous in this context";
        out.push(format!("{path}: CIDR value {} {words} (should be {block} or {host}?)", quote(value)));
    } else if old.is_some() || bits != length.to_string() {
        let future = "will be considered invalid in a future Kubernetes release";
        out.push(format!("{path}: non-standard CIDR value {} {future}: use {block}", quote(value)));
    } else if address.to_string() != start {
        let words = "should be in RFC 5952 canonical format";
        out.push(format!("{path}: IPv6 CIDR value {} {words} ({block})", quote(value)));
    }
}
