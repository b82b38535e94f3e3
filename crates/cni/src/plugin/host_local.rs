//! `host-local`: addresses out of ranges, kept as files on this node.
//!
//! A folder a network; in it a file for each address in use, named after it, holding the container's id and
//! the interface; `last_reserved_ip.N` per set of ranges; and `lock`. This is the layout of the reference
//! plugin: either can take over from the other.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use rustix::fs::{FlockOperation, flock};
use serde::Deserialize;

use crate::plugin::Call;
use crate::types::{Dns, Ip, PluginError, Route, Success, code, null_as_empty};

const DEFAULT_DIR: &str = "/var/lib/cni/networks";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    ipam: Ipam,
    #[serde(default)]
    runtime_config: Runtime,
    #[serde(default)]
    args: Option<Args>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Runtime {
    #[serde(default, deserialize_with = "null_as_empty")]
    ip_ranges: Vec<Vec<RawRange>>,
    #[serde(default, deserialize_with = "null_as_empty")]
    ips: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Args {
    #[serde(default)]
    cni: Option<CniArgs>,
}

#[derive(Default, Deserialize)]
struct CniArgs {
    #[serde(default, deserialize_with = "null_as_empty")]
    ips: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ipam {
    /// One range in short.
    #[serde(flatten)]
    single: SingleRange,
    #[serde(default, deserialize_with = "null_as_empty")]
    ranges: Vec<Vec<RawRange>>,
    #[serde(default, deserialize_with = "null_as_empty")]
    routes: Vec<Route>,
    #[serde(default)]
    data_dir: String,
    #[serde(default)]
    resolv_conf: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SingleRange {
    subnet: Option<IpNet>,
    range_start: Option<IpAddr>,
    range_end: Option<IpAddr>,
    gateway: Option<IpAddr>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRange {
    subnet: IpNet,
    range_start: Option<IpAddr>,
    range_end: Option<IpAddr>,
    gateway: Option<IpAddr>,
}

/// Addresses to give away, first and last included. Numbers are addresses as integers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Range {
    subnet: IpNet,
    first: u128,
    last: u128,
    gateway: IpAddr,
}

/// Ranges out of which one address is taken.
type RangeSet = Vec<Range>;

fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip),
    }
}

fn address(number: u128, v4: bool) -> IpAddr {
    if v4 {
        IpAddr::V4(Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX)))
    } else {
        IpAddr::V6(Ipv6Addr::from(number))
    }
}

fn invalid(message: impl Into<String>) -> PluginError {
    PluginError::new(code::INVALID_CONFIG, message)
}

impl RawRange {
    fn checked(&self) -> Result<Range, PluginError> {
        let subnet = self.subnet;
        if subnet.trunc() != subnet {
            return Err(invalid(format!("network has host bits set: {subnet}")));
        }
        let v4 = subnet.addr().is_ipv4();
        // Two addresses at least, beside the network's own.
        if subnet.prefix_len() > if v4 { 30 } else { 126 } {
            return Err(invalid(format!("network {subnet} too small to allocate from")));
        }
        let within = |ip: IpAddr| {
            if subnet.contains(&ip) {
                Ok(ip)
            } else {
                Err(invalid(format!("{ip} is not in network {subnet}")))
            }
        };
        let first = number(subnet.network()) + 1;
        // The last of an IPv4 network is its broadcast address.
        let last = if v4 { number(subnet.broadcast()) - 1 } else { number(subnet.broadcast()) };
        let range = Range {
            subnet,
            first: self.range_start.map(within).transpose()?.map_or(first, number),
            last: self.range_end.map(within).transpose()?.map_or(last, number),
            gateway: self.gateway.unwrap_or_else(|| address(first, v4)),
        };
        if range.gateway.is_ipv4() != v4 {
            return Err(invalid(format!("gateway {} is of another family than {subnet}", range.gateway)));
        }
        if range.first > range.last {
            return Err(invalid(format!("range of {subnet} ends before it starts")));
        }
        Ok(range)
    }
}

impl Range {
    fn contains(&self, ip: IpAddr) -> bool {
        ip.is_ipv4() == self.subnet.addr().is_ipv4() && (self.first..=self.last).contains(&number(ip))
    }
}

impl Config {
    fn sets(&self) -> Result<Vec<RangeSet>, PluginError> {
        let single = &self.ipam.single;
        let mut raw: Vec<Vec<RawRange>> = Vec::new();
        if let Some(subnet) = single.subnet {
            let SingleRange { range_start, range_end, gateway, .. } = *single;
            raw.push(vec![RawRange { subnet, range_start, range_end, gateway }]);
        }
        // The runtime's ranges come first.
        let given = self.runtime_config.ip_ranges.iter().chain(&self.ipam.ranges);
        raw.extend(given.cloned());
        let checked =
            |set: &Vec<RawRange>| set.iter().map(RawRange::checked).collect::<Result<RangeSet, _>>();
        let sets = raw.iter().map(checked).collect::<Result<Vec<_>, _>>()?;
        if sets.is_empty() || sets.iter().any(Vec::is_empty) {
            return Err(invalid("no IP ranges specified"));
        }
        let all: Vec<&Range> = sets.iter().flatten().collect();
        for (at, range) in all.iter().enumerate() {
            let family = range.subnet.addr().is_ipv4();
            let overlaps = |other: &&&Range| {
                other.subnet.addr().is_ipv4() == family
                    && other.first <= range.last
                    && range.first <= other.last
            };
            if let Some(other) = all[at + 1..].iter().find(overlaps) {
                return Err(invalid(format!("range {} overlaps with {}", range.subnet, other.subnet)));
            }
        }
        for set in &sets {
            if set.iter().any(|range| range.subnet.addr().is_ipv4() != set[0].subnet.addr().is_ipv4()) {
                return Err(invalid("mixed address families in one set of ranges"));
            }
        }
        Ok(sets)
    }

    /// Addresses that somebody asks for: by capability, by `args`, by `CNI_ARGS`.
    fn requested(&self, call: &Call) -> Result<Vec<IpAddr>, PluginError> {
        let by_args = self.args.as_ref().and_then(|args| args.cni.as_ref()).map(|cni| cni.ips.as_slice());
        let by_variable = call.arguments.get("IP").map(|ips| ips.split(',')).into_iter().flatten();
        let texts = self.runtime_config.ips.iter().chain(by_args.unwrap_or_default()).map(String::as_str);
        let parse = |text: &str| {
            let bare = text.split('/').next().unwrap_or_default();
            bare.parse::<IpAddr>().map_err(|_| invalid(format!("invalid requested address {text:?}")))
        };
        texts.chain(by_variable).filter(|text| !text.is_empty()).map(parse).collect()
    }
}

/// One network's folder, locked while this lives.
struct Store {
    folder: PathBuf,
    _lock: File,
}

impl Store {
    fn open(call: &Call, config: &Config) -> Result<Self, PluginError> {
        let base = if config.ipam.data_dir.is_empty() { DEFAULT_DIR } else { &config.ipam.data_dir };
        let folder = Path::new(base).join(&call.network);
        fs::create_dir_all(&folder)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock"))?;
        flock(&lock, FlockOperation::LockExclusive).map_err(io::Error::from)?;
        Ok(Self { folder, _lock: lock })
    }

    fn path(&self, ip: IpAddr) -> PathBuf {
        self.folder.join(ip.to_string())
    }

    /// Takes an address for a container; `false`: it is taken.
    fn reserve(&self, ip: IpAddr, call: &Call, set: usize) -> io::Result<bool> {
        let opened = OpenOptions::new().write(true).create_new(true).open(self.path(ip));
        let mut file = match opened {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            other => other?,
        };
        let content = format!("{}\r\n{}", call.container_id, call.interface);
        if let Err(error) = file.write_all(content.as_bytes()) {
            // Half a reservation would never be released.
            fs::remove_file(self.path(ip))?;
            return Err(error);
        }
        fs::write(self.folder.join(format!("last_reserved_ip.{set}")), ip.to_string())?;
        Ok(true)
    }

    fn last_reserved(&self, set: usize) -> Option<IpAddr> {
        let text = fs::read_to_string(self.folder.join(format!("last_reserved_ip.{set}"))).ok()?;
        text.trim().parse().ok()
    }

    /// Every address in use, with the container's id and the interface (empty in old files).
    fn reserved(&self) -> io::Result<Vec<(IpAddr, String, String)>> {
        let mut all = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let Some(ip) = entry.file_name().to_str().and_then(|name| name.parse::<IpAddr>().ok()) else {
                continue;
            };
            let text = fs::read_to_string(entry.path())?;
            let mut lines = text.lines().map(str::trim);
            let id = lines.next().unwrap_or_default().to_owned();
            all.push((ip, id, lines.next().unwrap_or_default().to_owned()));
        }
        Ok(all)
    }

    fn reserved_by(&self, call: &Call) -> io::Result<Vec<IpAddr>> {
        let all = self.reserved()?.into_iter();
        let own = all.filter(|(_, id, interface)| {
            *id == call.container_id && (interface.is_empty() || *interface == call.interface)
        });
        Ok(own.map(|(ip, _, _)| ip).collect())
    }

    fn release(&self, ip: IpAddr) -> io::Result<()> {
        match fs::remove_file(self.path(ip)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Takes one address out of a set: the one asked for, or the next free one after the last given.
fn allocate(
    store: &Store,
    set: &RangeSet,
    at: usize,
    wanted: Option<IpAddr>,
    call: &Call,
) -> Result<Ip, PluginError> {
    let taken = |range: &Range, ip: IpAddr| -> Result<Option<Ip>, PluginError> {
        if ip == range.gateway || !store.reserve(ip, call, at)? {
            return Ok(None);
        }
        let address =
            IpNet::new(ip, range.subnet.prefix_len()).map_err(|error| invalid(error.to_string()))?;
        Ok(Some(Ip { version: None, interface: None, address, gateway: Some(range.gateway) }))
    };
    if let Some(wanted) = wanted {
        let range = set.iter().find(|range| range.contains(wanted)).expect("it was looked up in this set");
        if wanted == range.gateway {
            return Err(invalid(format!("requested ip {wanted} is subnet's gateway")));
        }
        return taken(range, wanted)?.ok_or_else(|| {
            PluginError::new(
                code::INTERNAL,
                format!("requested IP address {wanted} is not available in range set"),
            )
        });
    }
    let v4 = set[0].subnet.addr().is_ipv4();
    let last = store.last_reserved(at).and_then(|last| {
        let range = set.iter().position(|range| range.contains(last))?;
        Some((range, number(last)))
    });
    // After the last one given, through all ranges, and round to it again.
    let (start, after) = last.map_or((0, None), |(range, last)| (range, Some(last)));
    for step in 0..=set.len() {
        let range = &set[(start + step) % set.len()];
        let first = if step == 0 { after.map_or(range.first, |after| after + 1) } else { range.first };
        let until = if step == set.len() { after.unwrap_or(range.first) } else { range.last };
        for candidate in first..=until {
            if let Some(ip) = taken(range, address(candidate, v4))? {
                return Ok(ip);
            }
        }
    }
    let shown: Vec<String> = set.iter().map(|range| range.subnet.to_string()).collect();
    Err(PluginError::new(
        code::INTERNAL,
        format!("no IP addresses available in range set: {}", shown.join(",")),
    ))
}

pub(crate) fn add(call: &Call) -> Result<Success, PluginError> {
    let config: Config = call.parse()?;
    let sets = config.sets()?;
    let dns = read_dns(&config.ipam.resolv_conf)?;
    let mut requested = config.requested(call)?;
    let store = Store::open(call, &config)?;
    if let Some(ip) = store.reserved_by(call)?.first() {
        let message =
            format!("{ip} has been allocated to {}, duplicate allocation is not allowed", call.container_id);
        return Err(PluginError::new(code::INTERNAL, message));
    }
    let mut success = Success { dns, routes: config.ipam.routes, ..Success::default() };
    for (at, set) in sets.iter().enumerate() {
        let wanted = requested.iter().position(|ip| set.iter().any(|range| range.contains(*ip)));
        let wanted = wanted.map(|position| requested.remove(position));
        match allocate(&store, set, at, wanted, call) {
            Ok(ip) => success.ips.push(ip),
            Err(error) => return Err(undo(&store, &success, error)),
        }
    }
    if !requested.is_empty() {
        let error = invalid(format!("requested IPs {requested:?} are in no range"));
        return Err(undo(&store, &success, error));
    }
    Ok(success)
}

fn undo(store: &Store, success: &Success, error: PluginError) -> PluginError {
    for ip in &success.ips {
        if let Err(io) = store.release(ip.address.addr()) {
            return PluginError { details: format!("and could not be undone: {io}"), ..error };
        }
    }
    error
}

pub(crate) fn check(call: &Call) -> Result<(), PluginError> {
    let config: Config = call.parse()?;
    let store = Store::open(call, &config)?;
    if store.reserved_by(call)?.is_empty() {
        let message = format!("host-local: Failed to find address added by container {}", call.container_id);
        return Err(PluginError::new(code::CHECK, message));
    }
    Ok(())
}

pub(crate) fn delete(call: &Call) -> Result<(), PluginError> {
    let config: Config = call.parse()?;
    let store = Store::open(call, &config)?;
    for ip in store.reserved_by(call)? {
        store.release(ip)?;
    }
    Ok(())
}

pub(crate) fn collect(call: &Call) -> Result<(), PluginError> {
    let config: Config = call.parse()?;
    let valid = call.valid_owners()?;
    let store = Store::open(call, &config)?;
    for (ip, id, interface) in store.reserved()? {
        let lives = valid.iter().any(|(valid_id, valid_interface)| {
            *valid_id == id && (interface.is_empty() || *valid_interface == interface)
        });
        if !lives {
            store.release(ip)?;
        }
    }
    Ok(())
}

pub(crate) fn status(call: &Call) -> Result<(), PluginError> {
    let unavailable = |error: PluginError| PluginError { code: code::PLUGIN_NOT_AVAILABLE, ..error };
    let config: Config = call.parse()?;
    config.sets()?;
    Store::open(call, &config).map(drop).map_err(unavailable)
}

/// The settings of a `resolv.conf`, if one is named.
fn read_dns(path: &str) -> Result<Dns, PluginError> {
    if path.is_empty() {
        return Ok(Dns::default());
    }
    let text = fs::read_to_string(path)?;
    let mut dns = Dns::default();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        match words.next() {
            Some("nameserver") => dns.nameservers.extend(words.next().map(str::to_owned)),
            Some("domain") => words.next().unwrap_or_default().clone_into(&mut dns.domain),
            Some("search") => dns.search = words.map(str::to_owned).collect(),
            Some("options") => dns.options.extend(words.map(str::to_owned)),
            _ => {}
        }
    }
    Ok(dns)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn call(folder: &Path, id: &str, ipam: serde_json::Value) -> Call {
        let mut ipam = ipam;
        ipam["type"] = "host-local".into();
        ipam["dataDir"] = folder.to_str().unwrap().into();
        Call {
            container_id: id.to_owned(),
            netns: String::new(),
            interface: "eth0".to_owned(),
            arguments: BTreeMap::new(),
            path: Vec::new(),
            version: "1.0.0".to_owned(),
            network: "net".to_owned(),
            previous: None,
            config: serde_json::json!({"ipam": ipam}),
        }
    }

    fn ips(result: Result<Success, PluginError>) -> Vec<String> {
        result.unwrap().ips.iter().map(|ip| ip.address.to_string()).collect()
    }

    #[test]
    fn round_robin_without_gateway() {
        let temp = tempfile::tempdir().unwrap();
        let small = serde_json::json!({"ranges": [[{"subnet": "10.1.0.0/29"}]]});
        let with = |id: &str| call(temp.path(), id, small.clone());
        for (id, expect) in [("a", 2), ("b", 3), ("c", 4)] {
            assert_eq!(ips(add(&with(id))), [format!("10.1.0.{expect}/29")]);
        }
        delete(&with("a")).unwrap();
        delete(&with("a")).unwrap();
        // Not at once again: a peer may still talk to the old one.
        assert_eq!(ips(add(&with("d"))), ["10.1.0.5/29"]);
        assert_eq!(ips(add(&with("e"))), ["10.1.0.6/29"]);
        assert_eq!(ips(add(&with("f"))), ["10.1.0.2/29"]);
        let full = add(&with("g")).unwrap_err();
        assert!(full.msg.contains("no IP addresses available"), "{full}");
        assert!(add(&with("f")).unwrap_err().msg.contains("duplicate allocation"));
        check(&with("f")).unwrap();
        assert!(check(&with("g")).is_err());
        let text = fs::read_to_string(temp.path().join("net/10.1.0.2")).unwrap();
        assert_eq!(text, "f\r\neth0");
        let mut gc = with("");
        gc.config["cni.dev/valid-attachments"] = serde_json::json!([{"containerID": "f", "ifname": "eth0"}]);
        collect(&gc).unwrap();
        assert!(check(&with("f")).is_ok() && check(&with("d")).is_err());
    }

    #[test]
    fn two_families_and_requests() {
        let temp = tempfile::tempdir().unwrap();
        let both = serde_json::json!({"ranges": [
            [{"subnet": "10.2.0.0/24", "rangeStart": "10.2.0.50", "rangeEnd": "10.2.0.60", "gateway": "10.2.0.254"}],
            [{"subnet": "fd00:1::/64"}],
        ]});
        let mut first = call(temp.path(), "a", both.clone());
        first.config["args"] = serde_json::json!({"cni": {"ips": ["10.2.0.55"]}});
        let result = add(&first).unwrap();
        assert_eq!(result.ips[0].gateway.unwrap().to_string(), "10.2.0.254");
        assert_eq!(ips(Ok(result)), ["10.2.0.55/24", "fd00:1::2/64"]);
        let mut second = call(temp.path(), "b", both.clone());
        second.arguments.insert("IP".to_owned(), "10.2.0.55".to_owned());
        assert!(add(&second).unwrap_err().msg.contains("not available"));
        second.arguments.insert("IP".to_owned(), "10.9.0.1".to_owned());
        assert!(add(&second).unwrap_err().msg.contains("in no range"));
        // Nothing of a failed ADD stays.
        second.arguments.clear();
        assert_eq!(ips(add(&second)), ["10.2.0.57/24", "fd00:1::4/64"]);
    }

    #[test]
    fn bad_ranges_are_refused() {
        let temp = tempfile::tempdir().unwrap();
        let check = |ranges: serde_json::Value, expect: &str| {
            let error = add(&call(temp.path(), "a", serde_json::json!({"ranges": ranges}))).unwrap_err();
            assert!(error.to_string().contains(expect), "{error}");
        };
        check(serde_json::json!([]), "no IP ranges");
        check(serde_json::json!([[{"subnet": "10.1.0.1/24"}]]), "host bits");
        check(serde_json::json!([[{"subnet": "10.1.0.0/31"}]]), "too small");
        check(serde_json::json!([[{"subnet": "10.1.0.0/24", "rangeStart": "10.2.0.1"}]]), "not in network");
        check(serde_json::json!([[{"subnet": "10.1.0.0/24"}], [{"subnet": "10.1.0.0/25"}]]), "overlaps");
        check(serde_json::json!([[{"subnet": "x"}]]), "netconf");
    }
}
