//! Answers, as the Kubernetes DNS specification defines them.

use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use hickory_proto::rr::rdata::{A, AAAA, CNAME, NS, PTR, SOA, SRV, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use k8s_openapi::api::core::v1::{Namespace, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use mizzen_client::{Informer, Informers, ObjectKey, PartialObject};

use crate::config::{Config, Error};
use crate::view::{Endpoint, Port, ServiceView, SliceView};

/// How long answers may be kept, in seconds.
const TTL_S: u32 = 5;
/// The version of the specification, as `dns-version` tells it.
const SPECIFICATION: &str = "1.1.0";
const BY_SERVICE: &str = "service";
const BY_ADDRESS: &str = "address";

/// What is known of a name.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    /// It exists; these are its records of the type asked for (perhaps none), and records that go with them.
    Found(Vec<Record>, Vec<Record>),
    /// It does not exist.
    Absent,
    /// It is not the cluster's: somebody else may know.
    Foreign,
    /// The caches are not filled yet.
    NotReady,
}

/// The cluster's names.
pub(crate) struct Records {
    domain: Name,
    /// Labels of the domain, from the right.
    zone: Vec<String>,
    services: Informer<ServiceView>,
    pub(crate) slices: Informer<SliceView>,
    namespaces: Informer<PartialObject>,
}

fn labels(name: &Name) -> Vec<String> {
    let mut labels: Vec<String> =
        name.iter().map(|label| String::from_utf8_lossy(label).to_ascii_lowercase()).collect();
    labels.reverse();
    labels
}

fn address_record(name: &Name, address: &str) -> Option<Record> {
    let data = match address.parse().ok()? {
        IpAddr::V4(ip) => RData::A(A(ip)),
        IpAddr::V6(ip) => RData::AAAA(AAAA(ip)),
    };
    Some(Record::from_rdata(name.clone(), TTL_S, data))
}

fn only(records: impl IntoIterator<Item = Record>, wanted: RecordType) -> Vec<Record> {
    let is_wanted = |record: &Record| record.record_type() == wanted || wanted == RecordType::ANY;
    records.into_iter().filter(is_wanted).collect()
}

impl Records {
    /// Names of the cluster that `informers` see.
    pub(crate) fn new(config: &Config, informers: &Informers) -> Result<Self, Error> {
        let domain = Name::from_str(&format!("{}.", config.domain.trim_end_matches('.')));
        let domain = domain.map_err(|_| Error::Domain(config.domain.clone()))?.to_lowercase();
        let services = informers.project::<Service, ServiceView>();
        services.index(BY_ADDRESS, |service| service.value.spec.addresses().map(ToOwned::to_owned).collect());
        let slices = informers.project::<EndpointSlice, SliceView>();
        slices.index(BY_SERVICE, |slice| slice.value.service(&slice.key.namespace).into_iter().collect());
        slices.index(BY_ADDRESS, |slice| {
            slice.value.endpoints.iter().flat_map(|endpoint| endpoint.addresses.clone()).collect()
        });
        let zone = labels(&domain);
        Ok(Self {
            domain,
            zone,
            services,
            slices,
            namespaces: informers.project::<Namespace, PartialObject>(),
        })
    }

    fn is_ready(&self) -> bool {
        self.services.has_synced() && self.slices.has_synced() && self.namespaces.has_synced()
    }

    /// Waits until the caches are filled.
    pub(crate) async fn synced(&self) {
        self.services.synced().await;
        self.slices.synced().await;
        self.namespaces.synced().await;
    }

    /// The record that goes with an answer that a name, or a type of it, does not exist.
    pub(crate) fn authority(&self) -> Record {
        let under = |label: &str| Name::from_str(label).and_then(|name| name.append_domain(&self.domain));
        let server = under("ns.dns").unwrap_or_else(|_| self.domain.clone());
        let contact = under("hostmaster").unwrap_or_else(|_| self.domain.clone());
        let soa = SOA::new(server, contact, 1, 7200, 1800, 86_400, TTL_S);
        Record::from_rdata(self.domain.clone(), TTL_S, RData::SOA(soa))
    }

    /// Answers a question.
    pub(crate) fn answer(&self, name: &Name, wanted: RecordType) -> Answer {
        let path = labels(name);
        if let Some(address) = reverse(&path) {
            return self.pointer(name, address, wanted);
        }
        let Some(rest) = path.strip_prefix(self.zone.as_slice()) else { return Answer::Foreign };
        if !self.is_ready() {
            return Answer::NotReady;
        }
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        match rest.as_slice() {
            [] => Answer::Found(self.apex(name, wanted), Vec::new()),
            ["dns-version"] => {
                let text = TXT::new(vec![SPECIFICATION.to_owned()]);
                Answer::Found(
                    only([Record::from_rdata(name.clone(), TTL_S, RData::TXT(text))], wanted),
                    Vec::new(),
                )
            }
            ["svc" | "pod" | "dns"] | ["dns", "ns"] => Answer::Found(Vec::new(), Vec::new()),
            ["svc" | "pod", namespace] if self.has(namespace) => Answer::Found(Vec::new(), Vec::new()),
            ["svc", namespace, service, inside @ ..] => {
                self.service(name, namespace, service, inside, wanted)
            }
            ["pod", namespace, pod] if self.has(namespace) => match dashed(pod) {
                Some(ip) => Answer::Found(only(address_record(name, &ip.to_string()), wanted), Vec::new()),
                None => Answer::Absent,
            },
            _ => Answer::Absent,
        }
    }

    fn has(&self, namespace: &str) -> bool {
        self.namespaces.get(&ObjectKey::new("", namespace)).is_some()
    }

    fn apex(&self, name: &Name, wanted: RecordType) -> Vec<Record> {
        let server = Name::from_str("ns.dns").and_then(|server| server.append_domain(&self.domain));
        let server = server.map(|server| Record::from_rdata(name.clone(), TTL_S, RData::NS(NS(server))));
        only([self.authority()].into_iter().chain(server.ok()), wanted)
    }

    fn service(
        &self,
        name: &Name,
        namespace: &str,
        service: &str,
        inside: &[&str],
        wanted: RecordType,
    ) -> Answer {
        let Some(object) = self.services.get(&ObjectKey::new(namespace, service)) else {
            return Answer::Absent;
        };
        let spec = &object.value.spec;
        if spec.kind == "ExternalName" {
            let target = Name::from_str(&format!("{}.", spec.external_name.trim_end_matches('.')));
            return match (inside, target) {
                ([], Ok(target)) => {
                    let alias = Record::from_rdata(name.clone(), TTL_S, RData::CNAME(CNAME(target)));
                    Answer::Found(vec![alias], Vec::new())
                }
                _ => Answer::Absent,
            };
        }
        match inside {
            [] if spec.is_headless() => {
                let endpoints = self.endpoints(namespace, service, spec.publish_not_ready_addresses);
                let records = endpoints.iter().filter_map(|(_, address, _)| address_record(name, address));
                // A headless Service without endpoints has no name.
                if endpoints.is_empty() {
                    Answer::Absent
                } else {
                    Answer::Found(only(records, wanted), Vec::new())
                }
            }
            [] => Answer::Found(
                only(spec.addresses().filter_map(|address| address_record(name, address)), wanted),
                Vec::new(),
            ),
            [protocol, port] if protocol.starts_with('_') && port.starts_with('_') => {
                self.ports(name, (namespace, service), &object.value, (&port[1..], &protocol[1..]), wanted)
            }
            [protocol] if protocol.starts_with('_') => Answer::Found(Vec::new(), Vec::new()),
            [host] if spec.is_headless() => {
                let endpoints = self.endpoints(namespace, service, spec.publish_not_ready_addresses);
                let own = endpoints.iter().filter(|(label, ..)| label == host);
                let records: Vec<Record> =
                    own.filter_map(|(_, address, _)| address_record(name, address)).collect();
                if records.is_empty() {
                    Answer::Absent
                } else {
                    Answer::Found(only(records, wanted), Vec::new())
                }
            }
            _ => Answer::Absent,
        }
    }

    /// Label, address and ports of each endpoint of a Service.
    fn endpoints(&self, namespace: &str, service: &str, all: bool) -> Vec<(String, String, Vec<Port>)> {
        let slices = self.slices.by_index(BY_SERVICE, &format!("{namespace}/{service}"));
        let mut found = Vec::new();
        for slice in &slices {
            let usable = |endpoint: &&Endpoint| all || endpoint.is_ready();
            for endpoint in slice.value.endpoints.iter().filter(usable) {
                for address in &endpoint.addresses {
                    found.push((endpoint.label(address), address.clone(), slice.value.ports.clone()));
                }
            }
        }
        found.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        found.dedup_by(|a, b| (&a.0, &a.1) == (&b.0, &b.1));
        found
    }

    fn ports(
        &self,
        name: &Name,
        (namespace, service): (&str, &str),
        object: &ServiceView,
        (port, protocol): (&str, &str),
        wanted: RecordType,
    ) -> Answer {
        let is_meant = |own: &&Port| {
            let own_protocol = if own.protocol.is_empty() { "TCP" } else { &own.protocol };
            own.name == port && own_protocol.eq_ignore_ascii_case(protocol)
        };
        let base = format!("{service}.{namespace}.svc.{}", self.domain);
        let mut targets: Vec<(Name, u16, Vec<Record>)> = Vec::new();
        if object.spec.is_headless() {
            for (label, address, ports) in
                self.endpoints(namespace, service, object.spec.publish_not_ready_addresses)
            {
                let (Some(port), Ok(target)) =
                    (ports.iter().find(is_meant), Name::from_str(&format!("{label}.{base}")))
                else {
                    continue;
                };
                let glue = address_record(&target, &address).into_iter().collect();
                targets.push((target, port.port, glue));
            }
        } else if let (Some(port), Ok(target)) =
            (object.spec.ports.iter().find(is_meant), Name::from_str(&base))
        {
            let glue =
                object.spec.addresses().filter_map(|address| address_record(&target, address)).collect();
            targets.push((target, port.port, glue));
        }
        if targets.is_empty() {
            return Answer::Absent;
        }
        let weight = u16::try_from(100 / targets.len()).unwrap_or(1).max(1);
        let records = targets.iter().map(|(target, port, _)| {
            Record::from_rdata(name.clone(), TTL_S, RData::SRV(SRV::new(0, weight, *port, target.clone())))
        });
        let records = only(records, wanted);
        let glue = if records.is_empty() {
            Vec::new()
        } else {
            targets.iter().flat_map(|target| target.2.clone()).collect()
        };
        Answer::Found(records, glue)
    }

    /// Names of an address of the cluster. Other addresses are somebody else's to name.
    fn pointer(&self, name: &Name, address: IpAddr, wanted: RecordType) -> Answer {
        if !self.is_ready() {
            return Answer::NotReady;
        }
        let text = address.to_string();
        let services = self.services.by_index(BY_ADDRESS, &text);
        let mut targets: Vec<String> = services
            .iter()
            .map(|service| format!("{}.{}.svc.{}", service.key.name, service.key.namespace, self.domain))
            .collect();
        for slice in self.slices.by_index(BY_ADDRESS, &text) {
            let Some(service) = slice.value.metadata.labels.get("kubernetes.io/service-name") else {
                continue;
            };
            for endpoint in slice.value.endpoints.iter().filter(|endpoint| endpoint.addresses.contains(&text))
            {
                let label = endpoint.label(&text);
                targets.push(format!("{label}.{service}.{}.svc.{}", slice.key.namespace, self.domain));
            }
        }
        if targets.is_empty() {
            return Answer::Foreign;
        }
        targets.sort();
        let names = targets.iter().filter_map(|target| Name::from_str(target).ok());
        let records = names.map(|target| Record::from_rdata(name.clone(), TTL_S, RData::PTR(PTR(target))));
        Answer::Found(only(records, wanted), Vec::new())
    }
}

/// The address that a reverse name (its labels from the right) stands for.
fn reverse(path: &[String]) -> Option<IpAddr> {
    let labels: Vec<&str> = path.iter().map(String::as_str).collect();
    match labels.as_slice() {
        ["arpa", "in-addr", rest @ ..] if rest.len() == 4 => {
            rest.join(".").parse::<Ipv4Addr>().ok().map(IpAddr::V4)
        }
        ["arpa", "ip6", rest @ ..] if rest.len() == 32 && rest.iter().all(|digit| digit.len() == 1) => {
            let groups: Vec<String> = rest.chunks(4).map(|group| group.concat()).collect();
            groups.join(":").parse().ok()
        }
        _ => None,
    }
}

/// The address in a pod's name: `10-244-0-7`; for IPv6 with dashes in place of colons.
fn dashed(text: &str) -> Option<IpAddr> {
    text.replace('-', ".").parse().ok().or_else(|| text.replace('-', ":").parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_names() {
        assert_eq!(dashed("10-244-0-7"), Some("10.244.0.7".parse().expect("an address")));
        assert_eq!(dashed("fd00--7"), Some("fd00::7".parse().expect("an address")));
        assert_eq!(dashed("web-0"), None);
        let path = |text: &str| reverse(&labels(&Name::from_str(text).expect("a name")));
        assert_eq!(path("7.0.244.10.in-addr.arpa."), Some("10.244.0.7".parse().expect("an address")));
        assert_eq!(path("10.in-addr.arpa."), None);
        let six = "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa.";
        assert_eq!(path(six), Some("fd00::7".parse().expect("an address")));
    }
}
