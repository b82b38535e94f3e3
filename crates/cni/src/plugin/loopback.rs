//! `loopback`: sets `lo` up.

use std::path::Path;

use mizzen_kernel::net::Net;
use mizzen_kernel::netns::NetNs;

use crate::plugin::Call;
use crate::types::{Interface, Ip, PluginError, Success, code};

pub(crate) async fn add(call: &Call) -> Result<Success, PluginError> {
    let inside = NetNs::open(Path::new(&call.netns))?;
    let addresses: Result<_, PluginError> = inside
        .run(async || {
            let net = Net::open()?;
            let lo = net.expect_link("lo").await?;
            net.set_up(lo.index).await?;
            Ok(net.addresses(Some(lo.index)).await?)
        })
        .await?;
    let mut success = call.previous.clone().unwrap_or_default();
    if call.previous.is_none() {
        success.interfaces = vec![Interface {
            name: "lo".to_owned(),
            mac: "00:00:00:00:00:00".to_owned(),
            sandbox: call.netns.clone(),
            ..Interface::default()
        }];
        for (_, ip, prefix_len) in addresses? {
            let address = ipnet::IpNet::new(ip, prefix_len)
                .map_err(|error| PluginError::new(code::INTERNAL, error.to_string()))?;
            success.ips.push(Ip { version: None, interface: Some(0), address, gateway: None });
        }
    }
    Ok(success)
}

pub(crate) async fn check(call: &Call) -> Result<(), PluginError> {
    let inside = NetNs::open(Path::new(&call.netns))?;
    let up: Result<bool, PluginError> =
        inside.run(async || Ok(Net::open()?.expect_link("lo").await?.up)).await?;
    if up? { Ok(()) } else { Err(PluginError::new(code::CHECK, "lo is down")) }
}

pub(crate) async fn delete(call: &Call) -> Result<(), PluginError> {
    // Gone already, or going with its last process.
    let Ok(inside) = NetNs::open(Path::new(&call.netns)) else { return Ok(()) };
    let down: Result<(), PluginError> = inside
        .run(async || {
            let net = Net::open()?;
            let lo = net.expect_link("lo").await?;
            Ok(net.set_down(lo.index).await?)
        })
        .await?;
    down
}
