//! What a DNS server counts, under CoreDNS's names, and whether it is ready.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hickory_proto::op::ResponseCode;
use mizzen_metrics::Text;

/// Counters. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    ready: AtomicBool,
    udp: AtomicU64,
    tcp: AtomicU64,
    forwarded: AtomicU64,
    /// By response code, of our own answers.
    responses: Mutex<BTreeMap<String, u64>>,
}

/// A response code as CoreDNS writes it.
fn code_name(code: ResponseCode) -> String {
    match code {
        ResponseCode::NoError => "NOERROR".to_owned(),
        ResponseCode::FormErr => "FORMERR".to_owned(),
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::NXDomain => "NXDOMAIN".to_owned(),
        ResponseCode::NotImp => "NOTIMP".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        other => u16::from(other).to_string(),
    }
}

impl Metrics {
    /// Whether questions about the cluster are answered.
    pub fn is_ready(&self) -> bool {
        self.0.ready.load(Ordering::Relaxed)
    }

    pub(crate) fn ready(&self) {
        self.0.ready.store(true, Ordering::Relaxed);
    }

    pub(crate) fn asked(&self, stream: bool) {
        let counter = if stream { &self.0.tcp } else { &self.0.udp };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn forwarded(&self) {
        self.0.forwarded.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn answered(&self, code: ResponseCode) {
        let mut responses = self.0.responses.lock().unwrap_or_else(PoisonError::into_inner);
        *responses.entry(code_name(code)).or_default() += 1;
    }

    /// Writes them.
    pub fn write(&self, text: &mut Text) {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64;
        let name = "coredns_dns_requests_total";
        text.family(name, "counter", "Counter of DNS requests made per protocol.");
        text.sample(name, &[("proto", "udp")], get(&self.0.udp));
        text.sample(name, &[("proto", "tcp")], get(&self.0.tcp));
        let name = "coredns_dns_responses_total";
        text.family(name, "counter", "Counter of response status codes.");
        for (code, count) in self.0.responses.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            text.sample(name, &[("rcode", code)], *count as f64);
        }
        let help = "Counter of questions that were passed on to other servers.";
        text.single("coredns_forward_requests_total", "counter", help, get(&self.0.forwarded));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_and_answers() {
        let metrics = Metrics::default();
        metrics.asked(false);
        metrics.answered(ResponseCode::NXDomain);
        let mut text = Text::default();
        metrics.write(&mut text);
        let text = text.finish();
        assert!(text.contains("coredns_dns_requests_total{proto=\"udp\"} 1\n"), "{text}");
        assert!(text.contains("coredns_dns_responses_total{rcode=\"NXDOMAIN\"} 1\n"), "{text}");
        assert!(!metrics.is_ready());
    }
}
