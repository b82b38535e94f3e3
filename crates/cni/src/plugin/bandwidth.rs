//! `bandwidth`: limits what goes into a pod and out of it.
//!
//! Into the pod: a token bucket on the node's end of the veth. Out of it: what comes in at that end is
//! redirected to an `ifb` link with a bucket of its own, out of the pod's reach.

use mizzen_kernel::net::{Link, Net, TokenBucket};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::plugin::Call;
use crate::runner::Bandwidth;
use crate::types::{PluginError, Success, code};

/// How long a packet may wait in a bucket.
const LATENCY_MS: u64 = 25;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(flatten)]
    fixed: Bandwidth,
    #[serde(default)]
    runtime_config: Runtime,
}

#[derive(Default, Deserialize)]
struct Runtime {
    bandwidth: Option<Bandwidth>,
}

fn limits(call: &Call) -> Result<Bandwidth, PluginError> {
    let config: Config = call.parse()?;
    let mut limits = config.runtime_config.bandwidth.unwrap_or(config.fixed);
    for (what, rate, burst) in [
        ("ingress", limits.ingress_rate, &mut limits.ingress_burst),
        ("egress", limits.egress_rate, &mut limits.egress_burst),
    ] {
        if rate == 0 && *burst != 0 {
            let message = format!("if {what} burst is set, rate must also be set");
            return Err(PluginError::new(code::INVALID_CONFIG, message));
        }
        // Nothing said: as much at once as there is.
        if rate != 0 && *burst == 0 {
            *burst = i32::MAX as u64;
        }
        if *burst / 8 > u64::from(u32::MAX) {
            return Err(PluginError::new(
                code::INVALID_CONFIG,
                format!("{what} burst cannot be more than 4GB"),
            ));
        }
    }
    Ok(limits)
}

fn bucket(rate: u64, burst: u64) -> TokenBucket {
    let (rate, burst) = (rate / 8, burst / 8);
    let waiting = rate.saturating_mul(LATENCY_MS) / 1000;
    let clamp = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    TokenBucket { rate, burst: clamp(burst), limit: clamp(burst.saturating_add(waiting)) }
}

/// A name of its own for the attachment's `ifb`.
fn ifb_name(call: &Call) -> String {
    let hash = hex::encode(Sha256::digest(format!("{}/{}", call.network, call.owner())));
    format!("bwp{}", &hash[..12])
}

/// The node's end of the veth: the only interface before us that is outside and a port.
async fn host_end(net: &Net, previous: &Success) -> Result<Link, PluginError> {
    for interface in previous.interfaces.iter().filter(|interface| interface.sandbox.is_empty()) {
        if let Some(link) = net.link(&interface.name).await?.filter(|link| link.kind == "veth") {
            return Ok(link);
        }
    }
    Err(PluginError::new(code::INTERNAL, "the result of the plugins before names no veth on the node"))
}

pub(crate) async fn add(call: &Call) -> Result<Success, PluginError> {
    let previous = call.expect_previous()?;
    let limits = limits(call)?;
    if limits.ingress_rate == 0 && limits.egress_rate == 0 {
        return Ok(previous.clone());
    }
    let net = Net::open()?;
    let veth = host_end(&net, previous).await?;
    if limits.ingress_rate != 0 {
        net.set_token_bucket(veth.index, bucket(limits.ingress_rate, limits.ingress_burst)).await?;
    }
    let mut success = previous.clone();
    if limits.egress_rate != 0 {
        let ifb = net.ensure_ifb(&ifb_name(call), veth.mtu).await?;
        net.set_token_bucket(ifb.index, bucket(limits.egress_rate, limits.egress_burst)).await?;
        net.redirect_ingress(veth.index, ifb.index).await?;
        let mac = ifb.mac.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":");
        success.interfaces.push(crate::types::Interface { name: ifb.name, mac, ..Default::default() });
    }
    Ok(success)
}

pub(crate) async fn check(call: &Call) -> Result<(), PluginError> {
    let previous = call.expect_previous()?;
    let limits = limits(call)?;
    let net = Net::open()?;
    if limits.ingress_rate != 0 || limits.egress_rate != 0 {
        host_end(&net, previous).await?;
    }
    if limits.egress_rate != 0 && net.link(&ifb_name(call)).await?.is_none() {
        return Err(PluginError::new(code::CHECK, format!("{} is gone", ifb_name(call))));
    }
    Ok(())
}

pub(crate) async fn delete(call: &Call) -> Result<(), PluginError> {
    // The bucket on the veth goes with it.
    Ok(Net::open()?.delete_link(&ifb_name(call)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_become_bytes() {
        assert_eq!(bucket(8_000_000, 80_000), TokenBucket { rate: 1_000_000, burst: 10_000, limit: 35_000 });
    }
}
