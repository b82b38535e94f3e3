//! Devices and claims to them.

use mizzen_schema::value::Value;

use super::cell::Row;
use super::{AGE, NAME, Printer, text};

static NAMED: Printer = Printer { columns: &[NAME, AGE], cells: |row| vec![row.name(), row.age()] };

static CLAIM: Printer = Printer {
    columns: &[NAME, text("State", "Whether devices are allocated and reserved."), AGE],
    cells: |row| vec![row.name(), Value::string(state(row)), row.age()],
};

static SLICE: Printer = Printer {
    columns: &[
        NAME,
        text("Node", "The node that has the devices."),
        text("Driver", "The driver that offers them."),
        text("Pool", "The pool that they belong to."),
        AGE,
    ],
    cells: |row| {
        vec![
            row.name(),
            row.text(&["spec", "nodeName"]),
            row.text(&["spec", "driver"]),
            row.text(&["spec", "pool", "name"]),
            row.age(),
        ]
    },
};

static TAINT_RULE: Printer = Printer {
    columns: &[
        NAME,
        text("Key", "The taint's key."),
        text("Value", "The taint's value."),
        text("Effect", "What it does to pods."),
        text("TimeAdded", "How long ago it was added."),
        AGE,
    ],
    cells: |row| {
        vec![
            row.name(),
            row.text(&["spec", "taint", "key"]),
            row.text(&["spec", "taint", "value"]),
            row.text(&["spec", "taint", "effect"]),
            Value::string(row.since(&["spec", "taint", "timeAdded"], "")),
            row.age(),
        ]
    },
};

pub(super) fn printer(kind: &str) -> Option<&'static Printer> {
    match kind {
        "DeviceClass" | "ResourceClaimTemplate" => Some(&NAMED),
        "ResourceClaim" => Some(&CLAIM),
        "ResourceSlice" => Some(&SLICE),
        "DeviceTaintRule" => Some(&TAINT_RULE),
        _ => None,
    }
}

fn state(row: &Row<'_>) -> String {
    let mut states = Vec::new();
    let deleted = row.is_deleted();
    if deleted {
        states.push("deleted");
    }
    if row.object.path(&["status", "allocation"]).is_some() {
        states.push("allocated");
    } else if !deleted {
        states.push("pending");
    }
    if !row.items(&["status", "reservedFor"]).is_empty() {
        states.push("reserved");
    }
    states.join(",")
}
