//! Counters, in Prometheus' text form, and the limits of requests in flight.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::attributes::Target;
use crate::registry::cache_sizes;
use crate::request::RequestInfo;
use crate::server::Core;

/// Upper bounds of the duration histogram, in seconds.
const BOUNDS: [f64; 12] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0, 60.0];

/// Most series of each metric: kinds are bounded, but paths are what clients make up.
const SERIES_MAX: usize = 4096;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Series {
    verb: &'static str,
    group: String,
    version: String,
    resource: String,
    subresource: String,
    code: u16,
}

#[derive(Debug, Default)]
struct Counts {
    total: u64,
    buckets: [u64; BOUNDS.len()],
    sum_s: f64,
}

/// What the server counts.
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<Series, Counts>>,
    dropped: AtomicU64,
    readonly: (Arc<Semaphore>, usize),
    mutating: (Arc<Semaphore>, usize),
}

/// A place among the requests in flight.
pub(crate) struct InFlight(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

/// A request that is answered.
pub(crate) struct Finished<'a> {
    pub(crate) info: &'a RequestInfo,
    pub(crate) code: u16,
    pub(crate) duration: Duration,
}

impl Metrics {
    pub(crate) fn new(readonly_max: usize, mutating_max: usize) -> Self {
        let limit = |max: usize| (Arc::new(Semaphore::new(max)), max);
        Self {
            requests: Mutex::default(),
            dropped: AtomicU64::new(0),
            readonly: limit(readonly_max),
            mutating: limit(mutating_max),
        }
    }

    /// A place in flight; `None`: there are too many already.
    pub(crate) fn enter(&self, read_only: bool) -> Option<InFlight> {
        let (places, _) = if read_only { &self.readonly } else { &self.mutating };
        let place = places.clone().try_acquire_owned().ok();
        if place.is_none() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        place.map(InFlight)
    }

    pub(crate) fn finished(&self, finished: &Finished<'_>) {
        let series = Series::of(finished);
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() >= SERIES_MAX && !requests.contains_key(&series) {
            return;
        }
        let counts = requests.entry(series).or_default();
        counts.total += 1;
        let seconds = finished.duration.as_secs_f64();
        counts.sum_s += seconds;
        for (bucket, bound) in counts.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(seconds <= bound);
        }
    }
}

impl Series {
    fn of(finished: &Finished<'_>) -> Self {
        let verb = match finished.info.verb.as_str() {
            "get" => "GET",
            "list" => "LIST",
            "watch" => "WATCH",
            "create" | "post" => "POST",
            "update" | "put" => "PUT",
            "patch" => "PATCH",
            "delete" => "DELETE",
            "deletecollection" => "DELETECOLLECTION",
            _ => "other",
        };
        let mut series = Self {
            verb,
            group: String::new(),
            version: String::new(),
            resource: String::new(),
            subresource: String::new(),
            code: finished.code,
        };
        // Only what exists is a label: names that clients make up are not.
        if let Target::Resource(target) = &finished.info.target
            && finished.code != 404
        {
            series.group.clone_from(&target.group);
            series.version.clone_from(&target.version);
            series.resource.clone_from(&target.resource);
            series.subresource.clone_from(&target.subresource);
        }
        series
    }

    fn labels(&self) -> String {
        let Self { verb, group, version, resource, subresource, .. } = self;
        format!(
            "verb=\"{verb}\",group={group:?},version={version:?},resource={resource:?},subresource={subresource:?}"
        )
    }
}

/// All metrics, as text.
pub(crate) fn render(core: &Core) -> String {
    let mut out = String::with_capacity(16 << 10);
    // Writing to a String cannot fail.
    render_into(core, &mut out).expect("text grows");
    out
}

fn render_into(core: &Core, out: &mut String) -> std::fmt::Result {
    let metrics = &core.metrics;
    let requests = metrics.requests.lock().unwrap_or_else(PoisonError::into_inner);
    writeln!(out, "# HELP apiserver_request_total Requests by verb, resource and code.")?;
    writeln!(out, "# TYPE apiserver_request_total counter")?;
    for (series, counts) in requests.iter() {
        let labels = series.labels();
        writeln!(out, "apiserver_request_total{{{labels},code=\"{}\"}} {}", series.code, counts.total)?;
    }
    // Without the code, as upstream's: fold series of different codes.
    let mut durations: BTreeMap<String, Counts> = BTreeMap::new();
    for (series, counts) in requests.iter() {
        let all = durations.entry(series.labels()).or_default();
        all.total += counts.total;
        all.sum_s += counts.sum_s;
        for (sum, one) in all.buckets.iter_mut().zip(counts.buckets) {
            *sum += one;
        }
    }
    drop(requests);
    writeln!(out, "# HELP apiserver_request_duration_seconds Time from a request to its answer.")?;
    writeln!(out, "# TYPE apiserver_request_duration_seconds histogram")?;
    let name = "apiserver_request_duration_seconds";
    for (labels, counts) in &durations {
        for (bucket, bound) in counts.buckets.iter().zip(BOUNDS) {
            writeln!(out, "{name}_bucket{{{labels},le=\"{bound}\"}} {bucket}")?;
        }
        writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", counts.total)?;
        writeln!(out, "{name}_sum{{{labels}}} {}", counts.sum_s)?;
        writeln!(out, "{name}_count{{{labels}}} {}", counts.total)?;
    }
    writeln!(out, "# HELP apiserver_current_inflight_requests Requests being answered.")?;
    writeln!(out, "# TYPE apiserver_current_inflight_requests gauge")?;
    for (kind, (places, max)) in [("readOnly", &metrics.readonly), ("mutating", &metrics.mutating)] {
        let used = max.saturating_sub(places.available_permits());
        writeln!(out, "apiserver_current_inflight_requests{{request_kind=\"{kind}\"}} {used}")?;
    }
    writeln!(
        out,
        "# HELP apiserver_dropped_requests_total Requests refused because too many were in flight."
    )?;
    writeln!(out, "# TYPE apiserver_dropped_requests_total counter")?;
    writeln!(out, "apiserver_dropped_requests_total {}", metrics.dropped.load(Ordering::Relaxed))?;
    let sizes: BTreeMap<_, _> = cache_sizes(&core.registry.catalog).into_iter().collect();
    for (name, help) in [
        ("apiserver_storage_objects", "Objects by resource."),
        ("apiserver_watch_cache_events", "Events kept for watches, by resource."),
        ("apiserver_longrunning_requests", "Running watches, by resource."),
    ] {
        writeln!(out, "# HELP {name} {help}")?;
        writeln!(out, "# TYPE {name} gauge")?;
        for (resource, size) in &sizes {
            let value = match name {
                "apiserver_storage_objects" => size.objects,
                "apiserver_watch_cache_events" => size.events,
                _ => size.watchers,
            };
            writeln!(out, "{name}{{resource={resource:?}}} {value}")?;
        }
    }
    Ok(())
}
