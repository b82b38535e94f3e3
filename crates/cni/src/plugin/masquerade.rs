//! `ipMasq`: what pods send out of their network leaves under the node's address.
//!
//! A table of its own in each family; an element a pod address, a chain a network.

use ipnet::IpNet;
use mizzen_kernel::nft::Nft;
use sha2::{Digest, Sha256};

use crate::plugin::{Call, marked};
use crate::types::PluginError;

const TABLE: &str = "mizzen-cni-masq";

fn family(net: &IpNet) -> (&'static str, &'static str, &'static str) {
    if net.addr().is_ipv4() { ("ip", "ipv4_addr", "224.0.0.0/4") } else { ("ip6", "ipv6_addr", "ff00::/8") }
}

pub(crate) async fn add(call: &Call, ips: &[IpNet]) -> Result<(), PluginError> {
    let comment = marked::owner_comment(call);
    let mut script = String::new();
    for ip in ips {
        let (family, kind, multicast) = family(ip);
        let network = ip.trunc();
        let hash = hex::encode(&Sha256::digest(network.to_string())[..8]);
        script.push_str(&format!(
            "add table {family} {TABLE}\n\
             add chain {family} {TABLE} net-{hash}\n\
             flush chain {family} {TABLE} net-{hash}\n\
             add rule {family} {TABLE} net-{hash} {family} daddr {{ {network}, {multicast} }} return\n\
             add rule {family} {TABLE} net-{hash} masquerade\n\
             add map {family} {TABLE} pods {{ type {kind} : verdict; }}\n\
             add chain {family} {TABLE} postrouting {{ type nat hook postrouting priority srcnat; policy accept; }}\n\
             flush chain {family} {TABLE} postrouting\n\
             add rule {family} {TABLE} postrouting {family} saddr vmap @pods\n\
             add element {family} {TABLE} pods {{ {} comment \"{comment}\" : jump net-{hash} }}\n",
            ip.addr(),
        ));
    }
    Ok(Nft::default().apply(&script).await?)
}

pub(crate) async fn delete(call: &Call) -> Result<(), PluginError> {
    marked::delete(call, TABLE).await
}

pub(crate) async fn collect(call: &Call) -> Result<(), PluginError> {
    marked::collect(call, TABLE).await
}
