//! Which cluster addresses are taken: each is an IPAddress object.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use ipnet::IpNet;
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::networking::v1::{IPAddress, IPAddressSpec, ParentReference};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use mizzen_client::DeleteParams;
use mizzen_clock::Env;
use mizzen_schema::value::Value;
use tracing::{debug, warn};

use super::fields::{self, Owner};
use crate::admission::tree::{is_set, text, texts};
use crate::admission::{Lookup, Loopback};
use crate::status::ApiError;

const GROUP: &str = "networking.k8s.io";
const RESOURCE: &str = "ipaddresses";
const MANAGER: &str = "ipallocator.k8s.io";
/// IPAddress objects without their Service that are younger belong to a Service on its way.
const GRACE: SignedDuration = SignedDuration::from_secs(60);
/// Tries at random before a range is searched in order.
const RANDOM_TRIES: usize = 16;
/// Addresses of a range that are looked at in order, at most.
const SEARCH_MAX: u128 = 1 << 16;

pub(super) struct Addresses {
    ranges: Vec<IpNet>,
    lookup: Arc<dyn Lookup>,
    loopback: Loopback,
    env: Env,
}

/// The usable addresses of a range as numbers: first, how many, and how many of those at the low end are for
/// people who choose one themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    v4: bool,
    first: u128,
    size: u128,
    band: u128,
}

impl Span {
    /// Neither the range's first address nor, with IPv4, its last is usable.
    fn of(range: &IpNet) -> Self {
        let (v4, network, bits) = match range {
            IpNet::V4(range) => (true, u128::from(u32::from(range.network())), 32 - range.prefix_len()),
            IpNet::V6(range) => (false, u128::from(range.network()), 128 - range.prefix_len()),
        };
        let total = if bits >= 128 { u128::MAX } else { 1u128 << bits };
        let unusable = if v4 { 2 } else { 1 };
        let size = total.saturating_sub(unusable);
        // KEP-3070: a sixteenth of the range, at least 16 and at most 256; none of a tiny range.
        let band = if total < 32 { 0 } else { (total / 16).clamp(16, 256) };
        Self { v4, first: network + 1, size, band: band.min(size) }
    }

    fn address(&self, number: u128) -> IpAddr {
        if self.v4 {
            IpAddr::V4(Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX)))
        } else {
            IpAddr::V6(Ipv6Addr::from(number))
        }
    }

    fn contains(&self, address: IpAddr) -> bool {
        let (v4, number) = match address {
            IpAddr::V4(address) => (true, u128::from(u32::from(address))),
            IpAddr::V6(address) => (false, u128::from(address)),
        };
        v4 == self.v4 && number >= self.first && number - self.first < self.size
    }
}

/// How an attempt to hold an address ended.
enum Held {
    Ours,
    Taken,
}

impl Addresses {
    pub(super) fn new(ranges: Vec<IpNet>, lookup: Arc<dyn Lookup>, loopback: Loopback, env: Env) -> Self {
        Self { ranges, lookup, loopback, env }
    }

    /// The server's own ranges, and those of ServiceCIDR objects that are in use.
    async fn ranges(&self) -> Result<Vec<IpNet>, ApiError> {
        let mut ranges = self.ranges.clone();
        for object in self.lookup.list(GROUP, "servicecidrs", "").await? {
            if is_set(&object, &["metadata", "deletionTimestamp"]) {
                continue;
            }
            for range in texts(&object, &["spec", "cidrs"]).filter_map(|range| range.parse().ok()) {
                if !ranges.contains(&range) {
                    ranges.push(range);
                }
            }
        }
        Ok(ranges)
    }

    /// Takes an address that somebody asked for.
    pub(super) async fn take(&self, address: IpAddr, owner: &Owner, dry_run: bool) -> Result<(), String> {
        let ranges = self.ranges().await.map_err(|error| error.message)?;
        let own = |range: &&IpNet| range.addr().is_ipv4() == address.is_ipv4();
        if !ranges.iter().any(|range| Span::of(range).contains(address)) {
            let valid: Vec<String> = ranges.iter().filter(own).map(ToString::to_string).collect();
            return Err(format!(
                "provided IP is not in the valid range. The range of valid IPs is {}",
                valid.join(", ")
            ));
        }
        match self.hold(address, owner, dry_run).await.map_err(|error| error.message)? {
            Held::Ours => Ok(()),
            Held::Taken => Err("provided IP is already allocated".to_owned()),
        }
    }

    /// Takes any address of a family.
    pub(super) async fn next(&self, family: &str, owner: &Owner, dry_run: bool) -> Result<IpAddr, ApiError> {
        for range in self.ranges().await?.iter().filter(|range| fields::family(range.addr()) == family) {
            let span = Span::of(range);
            let upper = (span.first + span.band, span.size - span.band);
            for (from, length) in [upper, (span.first, span.band)] {
                if let Some(address) = self.search(&span, from, length, owner, dry_run).await? {
                    return Ok(address);
                }
            }
        }
        Err(ApiError::internal("failed to allocate a serviceIP: range is full"))
    }

    /// Looks for a free address in a part of a range: at random first, then from a random place on.
    async fn search(
        &self,
        span: &Span,
        from: u128,
        length: u128,
        owner: &Owner,
        dry_run: bool,
    ) -> Result<Option<IpAddr>, ApiError> {
        if length == 0 {
            return Ok(None);
        }
        let bound = u64::try_from(length).unwrap_or(u64::MAX);
        let offset = || u128::from(self.env.random.below(bound));
        for _ in 0..RANDOM_TRIES {
            let address = span.address(from + offset());
            if self.try_free(address, owner, dry_run).await? {
                return Ok(Some(address));
            }
        }
        let start = offset();
        for step in 0..length.min(SEARCH_MAX) {
            let address = span.address(from + (start + step) % length);
            if self.try_free(address, owner, dry_run).await? {
                return Ok(Some(address));
            }
        }
        Ok(None)
    }

    /// Takes an address unless the cache already knows that it is taken.
    async fn try_free(&self, address: IpAddr, owner: &Owner, dry_run: bool) -> Result<bool, ApiError> {
        if self.lookup.get(GROUP, RESOURCE, "", &address.to_string()).await?.is_some() {
            return Ok(false);
        }
        Ok(matches!(self.hold(address, owner, dry_run).await?, Held::Ours))
    }

    async fn hold(&self, address: IpAddr, owner: &Owner, dry_run: bool) -> Result<Held, ApiError> {
        let name = address.to_string();
        let known = self.lookup.get(GROUP, RESOURCE, "", &name).await?;
        if dry_run {
            return Ok(if known.is_some() { Held::Taken } else { Held::Ours });
        }
        let client = self.loopback.get()?;
        match client.create(&object(address, owner)).await {
            Ok(_) => Ok(Held::Ours),
            Err(error) if error.is_already_exists() => {
                // Taken by an earlier attempt to write this very Service, which ended half-way or is tried
                // again.
                let known = match known {
                    Some(known) => Some(known),
                    None => self.lookup.get(GROUP, RESOURCE, "", &name).await?,
                };
                let ours = known.is_some_and(|known| parent(&known) == *owner);
                let stored = if ours { self.service(owner).await? } else { None };
                let used = stored.is_some_and(|stored| fields::addresses(&stored).contains(&address));
                Ok(if ours && !used { Held::Ours } else { Held::Taken })
            }
            Err(error) => Err(ApiError::internal(format!("allocate address {name}: {error}"))),
        }
    }

    async fn service(&self, owner: &Owner) -> Result<Option<Value>, ApiError> {
        self.lookup.get("", "services", &owner.namespace, &owner.name).await
    }

    /// Gives an address back, if it is still this owner's. A failure leaves an object that
    /// [`Addresses::repair`] removes.
    pub(super) async fn release(&self, address: IpAddr, owner: &Owner) {
        let name = address.to_string();
        let Ok(client) = self.loopback.get() else { return };
        match client.get::<IPAddress>("", &name).await {
            Ok(Some(found)) if owner_of(&found) == *owner => {
                let params = DeleteParams::uid(found.metadata.uid.unwrap_or_default());
                if let Err(error) = client.delete::<IPAddress>("", &name, &params).await {
                    debug!(name, %error, "A service address could not be given back, repair will.");
                }
            }
            Ok(_) => {}
            Err(error) => debug!(name, %error, "A service address could not be given back, repair will."),
        }
    }

    pub(super) async fn repair(&self) -> Result<(), ApiError> {
        let Some(client) = self.loopback.try_get() else { return Ok(()) };
        for held in self.lookup.list(GROUP, RESOURCE, "").await? {
            let name = text(&held, &["metadata", "name"]).to_owned();
            let managed =
                text(&held, &["metadata", "labels", "ipaddress.kubernetes.io/managed-by"]) == MANAGER;
            let made = text(&held, &["metadata", "creationTimestamp"]).parse::<Timestamp>();
            let young = made.is_ok_and(|made| self.env.now().duration_since(made) < GRACE);
            if !managed || young {
                continue;
            }
            let service = self.service(&parent(&held)).await?;
            let used = service.is_some_and(|service| {
                fields::addresses(&service).iter().any(|address| address.to_string() == name)
            });
            if !used {
                warn!(name, "A service address without its Service is given back.");
                let params = DeleteParams::uid(text(&held, &["metadata", "uid"]));
                let deleted = client.delete::<IPAddress>("", &name, &params).await;
                deleted.map_err(ApiError::internal)?;
            }
        }
        for service in self.lookup.list("", "services", "").await? {
            for address in fields::addresses(&service) {
                let name = address.to_string();
                if self.lookup.get(GROUP, RESOURCE, "", &name).await?.is_some() {
                    continue;
                }
                match client.create(&object(address, &fields::owner(&service))).await {
                    Ok(_) => warn!(name, "A Service's address was not held, it is now."),
                    Err(error) if error.is_already_exists() => {}
                    Err(error) => return Err(ApiError::internal(error)),
                }
            }
        }
        Ok(())
    }
}

fn parent(held: &Value) -> Owner {
    let at = |field| text(held, &["spec", "parentRef", field]).to_owned();
    Owner { namespace: at("namespace"), name: at("name") }
}

fn owner_of(held: &IPAddress) -> Owner {
    let parent = held.spec.as_ref().map(|spec| spec.parent_ref.clone()).unwrap_or_default();
    Owner { namespace: parent.namespace.unwrap_or_default(), name: parent.name }
}

fn object(address: IpAddr, owner: &Owner) -> IPAddress {
    let labels = [
        ("ipaddress.kubernetes.io/ip-family", fields::family(address)),
        ("ipaddress.kubernetes.io/managed-by", MANAGER),
    ];
    let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned()));
    IPAddress {
        metadata: ObjectMeta {
            name: Some(address.to_string()),
            labels: Some(labels.into()),
            ..ObjectMeta::default()
        },
        spec: Some(IPAddressSpec {
            parent_ref: ParentReference {
                group: Some(String::new()),
                resource: "services".to_owned(),
                namespace: Some(owner.namespace.clone()),
                name: owner.name.clone(),
            },
        }),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use bytes::Bytes;
    use futures::future::BoxFuture;
    use http::Method;
    use mizzen_client::{Body, Client, Error, Transport, body_from};
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::admission::fake::Objects;

    /// As much of an API server as IPAddress objects need.
    struct Server(Arc<Objects>);

    pub(in crate::allocate) fn server(objects: Arc<Objects>) -> Client {
        Client::new(Server(objects))
    }

    impl Server {
        async fn answer(&self, request: http::Request<Bytes>) -> (u16, Json) {
            let name = request.uri().path().rsplit('/').next().unwrap().to_owned();
            let known = |name: String| async move { self.0.get(GROUP, RESOURCE, "", &name).await.unwrap() };
            let status = |code: u16, reason: &str| (code, json!({"reason": reason, "code": code}));
            match *request.method() {
                Method::POST => {
                    let object: Json = serde_json::from_slice(request.body()).unwrap();
                    let name = object["metadata"]["name"].as_str().unwrap().to_owned();
                    if known(name).await.is_some() {
                        return status(409, "AlreadyExists");
                    }
                    self.0.put(GROUP, RESOURCE, object.clone());
                    (201, object)
                }
                Method::GET => match known(name.clone()).await {
                    Some(found) => {
                        let parent = parent(&found);
                        let parent = json!({"namespace": parent.namespace, "name": parent.name, "resource": "services"});
                        (
                            200,
                            json!({"apiVersion": "networking.k8s.io/v1", "kind": "IPAddress",
                            "metadata": {"name": name}, "spec": {"parentRef": parent}}),
                        )
                    }
                    None => status(404, "NotFound"),
                },
                _ => {
                    self.0.take(GROUP, RESOURCE, &name);
                    (200, json!({}))
                }
            }
        }
    }

    impl Transport for Server {
        fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, Error>> {
            Box::pin(async move {
                let (code, body) = self.answer(request).await;
                Ok(http::Response::builder().status(code).body(body_from(body.to_string()))?)
            })
        }
    }

    #[test]
    fn spans() {
        let check = |range: &str, first: &str, size: u128, band: u128| {
            let span = Span::of(&range.parse().unwrap());
            assert_eq!(
                (span.address(span.first).to_string().as_str(), span.size, span.band),
                (first, size, band)
            );
        };
        check("10.96.0.0/16", "10.96.0.1", 65534, 256);
        check("10.96.0.0/24", "10.96.0.1", 254, 16);
        check("10.96.0.0/28", "10.96.0.1", 14, 0);
        check("fd00::/108", "fd00::1", (1 << 20) - 1, 256);
        let span = Span::of(&"10.96.0.0/24".parse().unwrap());
        for (address, expect) in
            [("10.96.0.0", false), ("10.96.0.1", true), ("10.96.0.255", false), ("::1", false)]
        {
            assert_eq!(span.contains(address.parse().unwrap()), expect, "{address}");
        }
    }

    #[tokio::test]
    async fn repair_follows_the_services() {
        let owned = |name: &str, parent: &str, made: &str| {
            json!({"metadata": {"name": name, "creationTimestamp": made,
                "labels": {"ipaddress.kubernetes.io/managed-by": MANAGER}},
                "spec": {"parentRef": {"namespace": "web", "name": parent}}})
        };
        let old = "2025-12-31T00:00:00Z";
        let service =
            json!({"metadata": {"name": "a", "namespace": "web"}, "spec": {"clusterIPs": ["10.96.0.1"]}});
        let other =
            json!({"metadata": {"name": "b", "namespace": "web"}, "spec": {"clusterIPs": ["10.96.0.9"]}});
        let objects = Arc::new(Objects::new([
            (GROUP, RESOURCE, owned("10.96.0.1", "a", old)),
            (GROUP, RESOURCE, owned("10.96.0.2", "a", old)),
            (GROUP, RESOURCE, owned("10.96.0.3", "gone", old)),
            (GROUP, RESOURCE, owned("10.96.0.4", "coming", "2026-01-01T00:00:00Z")),
            ("", "services", service),
            ("", "services", other),
        ]));
        let loopback = Loopback::default();
        loopback.set(server(objects.clone()));
        let env = Env::seeded(1, "2026-01-01T00:00:10Z".parse().unwrap());
        Addresses::new(Vec::new(), objects.clone(), loopback, env).repair().await.unwrap();
        let held = objects.list(GROUP, RESOURCE, "").await.unwrap();
        let mut names: Vec<&str> = held.iter().map(|held| text(held, &["metadata", "name"])).collect();
        names.sort_unstable();
        assert_eq!(names, ["10.96.0.1", "10.96.0.4", "10.96.0.9"]);
    }
}
