//! Events of the core group and of `events.k8s.io`: the same facts under other names.

use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Struct;

use super::{moved, rename};

pub(super) const CORE: &str = "io.k8s.api.core.v1.Event";
pub(super) const EVENTS: &str = "io.k8s.api.events.v1.Event";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    FromCore,
    ToCore,
}

/// Names in the core group and in events.k8s.io.
const NAMES: [(&str, &str); 7] = [
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
    ("reportingComponent", "reportingController"),
];

pub(super) fn convert(mut from: Struct, to: &TypeRef, direction: Direction) -> Struct {
    let mut renamed = Struct::new(to.clone());
    for (core, events) in NAMES {
        match direction {
            Direction::FromCore => rename(&mut from, core, &mut renamed, events),
            Direction::ToCore => rename(&mut from, events, &mut renamed, core),
        }
    }
    let mut out = moved(from, to);
    let numbers: Vec<u16> = renamed.fields().map(|(number, _, _)| number).collect();
    for number in numbers {
        if let Some(value) = renamed.remove_at(number) {
            out.set_at(number, value);
        }
    }
    out
}
