//! What is told of an object's way, as JSON and for people.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::record::Record;

/// One stage of one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// `kube-apiserver`.
    pub component: String,
    /// `create by kubectl`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub operation: String,
    /// `admission`.
    pub stage: String,
    /// When it began, in microseconds since 1970.
    pub start_microseconds: i64,
    /// How long it took.
    pub duration_microseconds: i64,
}

impl Span {
    /// The stages of a record.
    pub fn of(record: &Record) -> Vec<Self> {
        let mut begin = 0;
        let mut spans = Vec::with_capacity(record.stages.len());
        for mark in &record.stages {
            let end = i64::from(mark.at_us);
            spans.push(Self {
                component: record.component.to_owned(),
                operation: record.operation.to_string(),
                stage: mark.stage.to_string(),
                start_microseconds: record.begin_us + begin,
                duration_microseconds: end - begin,
            });
            begin = end;
        }
        spans
    }

    const fn end(&self) -> i64 {
        self.start_microseconds + self.duration_microseconds
    }
}

/// An object's way, with those of the objects it belongs to and of those that belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    /// Whose.
    pub uid: String,
    /// `pods/default/web`.
    pub object: String,
    /// When the first span began.
    pub start: Timestamp,
    /// From there until the last span ended, or until the API had it that the pod is Ready, for the first time.
    pub total_microseconds: i64,
    /// Of a pod: it has become Ready. Of others: they are stored.
    pub complete: bool,
    /// In the order of their begin.
    pub spans: Vec<Span>,
    /// What could not be found out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The object that controls this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Box<Trace>>,
    /// The objects that this one controls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owned: Vec<Trace>,
}

/// The stage that ends a pod's way.
const READY: &str = "ready";
/// How the operation begins that tells it.
const STATUS: &str = "patch status";
/// The stage in which a write is on disk.
const STORED: &str = "sync";

impl Trace {
    /// The way of an object, out of the spans of all components; `None`: there are none.
    pub fn new(uid: Uuid, object: String, mut spans: Vec<Span>) -> Option<Self> {
        // Those that began together stay in the order in which they were told.
        spans.sort_by_key(|span| span.start_microseconds);
        let begin = spans.first()?.start_microseconds;
        let ready = spans.iter().find(|span| span.stage == READY).map(Span::end);
        // Others learn of it when the status is stored.
        let told = |ready: i64| {
            let stored = spans.iter().filter(|span| span.stage == STORED && span.end() >= ready);
            stored.filter(|span| span.operation.starts_with(STATUS)).map(Span::end).next()
        };
        let end = ready
            .map(|ready| told(ready).unwrap_or(ready))
            .or_else(|| spans.iter().map(Span::end).max())
            .unwrap_or(begin);
        let complete = match object.starts_with("pods/") {
            true => ready.is_some(),
            false => spans.iter().any(|span| span.stage == STORED),
        };
        Some(Self {
            uid: uid.to_string(),
            object,
            start: Timestamp::from_microsecond(begin).unwrap_or_default(),
            total_microseconds: end - begin,
            complete,
            spans,
            notes: Vec::new(),
            owner: None,
            owned: Vec::new(),
        })
    }

    /// For people: the owner's way first, then this one's, then those of what it controls.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, self.first_begin());
        out
    }

    fn begin(&self) -> i64 {
        self.start.as_microsecond()
    }

    fn first_begin(&self) -> i64 {
        let others = self.owner.iter().map(|owner| owner.first_begin());
        others.chain(self.owned.iter().map(Self::first_begin)).chain([self.begin()]).min().unwrap_or_default()
    }

    fn write(&self, out: &mut String, zero: i64) {
        if let Some(owner) = &self.owner {
            owner.write(out, zero);
            out.push('\n');
        }
        let state = match (self.complete, self.object.starts_with("pods/")) {
            (true, true) => "Ready after",
            (true, false) => "last seen after",
            (false, _) => "not complete after",
        };
        let mut line = |text: std::fmt::Arguments<'_>| writeln!(out, "{text}").expect("text has room");
        line(format_args!("{}  {}", self.object, self.uid));
        line(format_args!("{state} {} µs, from {}", self.total_microseconds, self.start));
        line(format_args!(
            "{:>12} {:>10}  {:<15} {:<24} {}",
            "AT µs", "TOOK µs", "COMPONENT", "STAGE", "OPERATION"
        ));
        for span in &self.spans {
            let (at, took) = (span.start_microseconds - zero, span.duration_microseconds);
            let (component, stage) = (&span.component, &span.stage);
            let text = format!("{at:>12} {took:>10}  {component:<15} {stage:<24} {}", span.operation);
            line(format_args!("{}", text.trim_end()));
        }
        for note in &self.notes {
            line(format_args!("({note})"));
        }
        for owned in &self.owned {
            out.push('\n');
            owned.write(out, zero);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Chain;

    fn record(component: &'static str, operation: &str, begin: i64, marks: &[(&'static str, i64)]) -> Record {
        let mut chain = Chain::new(begin);
        for (stage, at) in marks {
            chain.mark(*stage, begin + at);
        }
        Record { operation: operation.into(), ..Record::new(Uuid::from_u128(1), component, chain) }
    }

    fn trace(object: &str, records: &[Record]) -> Trace {
        let spans = records.iter().flat_map(Span::of).collect();
        Trace::new(Uuid::from_u128(1), object.to_owned(), spans).expect("spans")
    }

    #[test]
    fn stages_follow_each_other() {
        let records = [
            record("kubelet", "", 1_000_500, &[("sandbox", 20), ("ready", 50)]),
            record("kube-apiserver", "create by kubectl", 1_000_000, &[("admission", 30), ("sync", 100)]),
            record("kube-apiserver", "patch status by kubelet", 1_000_600, &[("sync", 100)]),
        ];
        let pod = trace("pods/default/web", &records);
        let told: Vec<_> = pod
            .spans
            .iter()
            .map(|span| {
                (span.stage.as_str(), span.start_microseconds - 1_000_000, span.duration_microseconds)
            })
            .collect();
        let expect = [
            ("admission", 0, 30),
            ("sync", 30, 70),
            ("sandbox", 500, 20),
            ("ready", 520, 30),
            ("sync", 600, 100),
        ];
        assert_eq!(told, expect);
        assert_eq!((pod.complete, pod.total_microseconds), (true, 700), "up to the status that says so");
        assert!(!trace("pods/default/web", &records[1..]).complete);
        assert!(trace("configmaps/default/web", &records[1..]).complete);
        assert!(Trace::new(Uuid::nil(), String::new(), Vec::new()).is_none());
    }

    #[test]
    fn it_can_be_read_by_machines_and_people() {
        let mut pod = trace("pods/default/web", &[record("kubelet", "", 1_000_000, &[("ready", 50)])]);
        let owner = record("kube-apiserver", "create by kubectl", 999_990, &[("sync", 7)]);
        pod.owner = Some(Box::new(trace("replicasets/default/web", &[owner])));
        let json = serde_json::to_string(&pod).expect("JSON");
        assert_eq!(serde_json::from_str::<Trace>(&json).expect("the same"), pod);
        let text = pod.to_text();
        assert!(
            text.contains(
                "           0          7  kube-apiserver  sync                     create by kubectl\n"
            ),
            "{text}"
        );
        assert!(text.contains("          10         50  kubelet         ready\n"), "{text}");
        assert!(text.contains("Ready after 50 µs, from 1970-01-01T00:00:01Z\n"), "{text}");
    }
}
