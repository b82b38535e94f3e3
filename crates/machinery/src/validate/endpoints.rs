//! Endpoints and EndpointSlices.

use std::net::IpAddr;

use mizzen_schema::value::Value;

use super::check::{
    Errors, PROTOCOLS, Seen, complain, immutable, int, list, port_number, required_one_of, same, some, text,
    text_of, texts,
};
use super::security::subdomain;
use super::service::family;
use crate::field::{FieldError, Path};
use crate::name;

/// An address that traffic can be sent to.
pub(super) fn endpoint_ip(errors: &mut Errors, path: &Path<'_>, text: &str) {
    let Some(ip) = name::parse_ip(text) else {
        errors.push(FieldError::invalid(path, text, "must be a valid IP address"));
        return;
    };
    let (link_local, link_multicast) = match ip {
        IpAddr::V4(ip) => (ip.is_link_local(), ip.octets()[..3] == [224, 0, 0]),
        IpAddr::V6(ip) => (ip.segments()[0] & 0xffc0 == 0xfe80, ip.segments()[0] & 0xff0f == 0xff02),
    };
    if ip.is_unspecified() {
        errors.push(FieldError::invalid(path, text, format!("may not be unspecified ({text})")));
    }
    if ip.is_loopback() {
        let detail = "may not be in the loopback range (127.0.0.0/8, ::1/128)";
        errors.push(FieldError::invalid(path, text, detail));
    }
    if link_local {
        let detail = "may not be in the link-local range (169.254.0.0/16, fe80::/10)";
        errors.push(FieldError::invalid(path, text, detail));
    }
    if link_multicast {
        let detail = "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)";
        errors.push(FieldError::invalid(path, text, detail));
    }
}

/// Subsets that were kept before stay as they are, however they came in.
pub(super) fn endpoints_update(errors: &mut Errors, new: &Value, old: &Value) {
    if !same(new.get("subsets"), old.get("subsets")) {
        endpoints(errors, new);
    }
}

pub(super) fn endpoints(errors: &mut Errors, object: &Value) {
    let path = Path::new("subsets");
    for (at, subset) in list(object, "subsets").iter().enumerate() {
        let path = path.index(at);
        let (ready, waiting) = (list(subset, "addresses"), list(subset, "notReadyAddresses"));
        if ready.is_empty() && waiting.is_empty() {
            errors.push(FieldError::required(&path, "must specify `addresses` or `notReadyAddresses`"));
        }
        for (field, addresses) in [("addresses", ready), ("notReadyAddresses", waiting)] {
            for (at, address) in addresses.iter().enumerate() {
                let path = path.child(field);
                endpoint_address(errors, &path.index(at), address);
            }
        }
        let ports = list(subset, "ports");
        for (at, one) in ports.iter().enumerate() {
            let path = path.child("ports");
            let path = path.index(at);
            let name = text(one, "name");
            if name.is_empty() && ports.len() > 1 {
                errors.push(FieldError::required(&path.child("name"), ""));
            } else if !name.is_empty() {
                complain(errors, &path.child("name"), name, name::dns_1123_label(name));
            }
            port_number(errors, &path.child("port"), int(one, "port").unwrap_or_default());
            required_one_of(errors, &path.child("protocol"), text(one, "protocol"), &PROTOCOLS);
            if let Some(protocol) = text_of(one, "appProtocol") {
                complain(errors, &path.child("appProtocol"), protocol, name::qualified_name(protocol));
            }
        }
    }
}

fn endpoint_address(errors: &mut Errors, path: &Path<'_>, address: &Value) {
    let ip = text(address, "ip");
    complain(errors, &path.child("ip"), ip, name::ip(ip));
    let host = text(address, "hostname");
    if !host.is_empty() {
        complain(errors, &path.child("hostname"), host, name::dns_1123_label(host));
    }
    if let Some(node) = text_of(address, "nodeName") {
        subdomain(errors, &path.child("nodeName"), node);
    }
    endpoint_ip(errors, &path.child("ip"), ip);
}

const ENDPOINTS_MAX: usize = 1000;
const ADDRESSES_MAX: usize = 100;
const PORTS_MAX: usize = 20_000;

pub(super) fn endpoint_slice(errors: &mut Errors, object: &Value) {
    let kind = text(object, "addressType");
    required_one_of(errors, &Path::new("addressType"), kind, &["FQDN", "IPv4", "IPv6"]);
    let endpoints = list(object, "endpoints");
    let path = Path::new("endpoints");
    if endpoints.len() > ENDPOINTS_MAX {
        errors.push(FieldError::too_many(&path, endpoints.len(), ENDPOINTS_MAX));
        return;
    }
    for (at, endpoint) in endpoints.iter().enumerate() {
        slice_endpoint(errors, &path.index(at), endpoint, kind);
    }
    let ports = list(object, "ports");
    let path = Path::new("ports");
    if ports.len() > PORTS_MAX {
        errors.push(FieldError::too_many(&path, ports.len(), PORTS_MAX));
        return;
    }
    let mut names = Seen::new();
    for (at, one) in ports.iter().enumerate() {
        let path = path.index(at);
        let name = text(one, "name");
        if !name.is_empty() {
            complain(errors, &path.child("name"), name, name::dns_1123_label(name));
        }
        if !names.insert(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        if let Some(number) = int(one, "port") {
            port_number(errors, &path.child("port"), number);
        }
        required_one_of(errors, &path.child("protocol"), text(one, "protocol"), &PROTOCOLS);
        if let Some(protocol) = text_of(one, "appProtocol") {
            complain(errors, &path.child("appProtocol"), protocol, name::qualified_name(protocol));
        }
    }
}

fn slice_endpoint(errors: &mut Errors, path: &Path<'_>, endpoint: &Value, kind: &str) {
    let addresses = list(endpoint, "addresses");
    let path_addresses = path.child("addresses");
    if addresses.is_empty() {
        errors.push(FieldError::required(&path_addresses, "must contain at least 1 address"));
    } else if addresses.len() > ADDRESSES_MAX {
        errors.push(FieldError::too_many(&path_addresses, addresses.len(), ADDRESSES_MAX));
    }
    for (at, address) in texts(endpoint, "addresses").enumerate() {
        let path = path_addresses.index(at);
        match kind {
            "FQDN" => {
                complain(errors, &path, address, name::dns_1123_subdomain(address.trim_end_matches('.')));
            }
            "IPv4" | "IPv6" => match family(address) {
                Some(found) if found == kind => endpoint_ip(errors, &path, address),
                _ => {
                    let detail = format!("must be an {kind} address");
                    errors.push(FieldError::invalid(&path, address, detail));
                }
            },
            _ => {}
        }
    }
    if let Some(node) = text_of(endpoint, "nodeName") {
        subdomain(errors, &path.child("nodeName"), node);
    }
    let host = text(endpoint, "hostname");
    if !host.is_empty() {
        complain(errors, &path.child("hostname"), host, name::dns_1123_label(host));
    }
    if let Some(hints) = some(endpoint, "hints") {
        let path = path.child("hints");
        for field in ["forZones", "forNodes"] {
            let path = path.child(field);
            let mut seen = Seen::new();
            for (at, hint) in list(hints, field).iter().enumerate() {
                let name = text(hint, "name");
                if !seen.insert(name) {
                    errors.push(FieldError::duplicate(&path.index(at).child("name"), name));
                }
                complain(errors, &path.index(at).child("name"), name, name::label_value(name));
            }
        }
    }
}

pub(super) fn endpoint_slice_update(errors: &mut Errors, new: &Value, old: &Value) {
    endpoint_slice(errors, new);
    immutable(errors, &Path::new("addressType"), new.get("addressType"), old.get("addressType"));
}
