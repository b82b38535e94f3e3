//! Flow control.

use mizzen_schema::value::Value;

use super::cell::{Row, number_or_text};
use super::{AGE, NAME, Printer, text};

static FLOW_SCHEMA: Printer = Printer {
    columns: &[
        NAME,
        text("PriorityLevel", "The level that requests of the schema go to."),
        text("MatchingPrecedence", "Lower numbers are tried first."),
        text("DistinguisherMethod", "How flows are told apart."),
        AGE,
        text("MissingPL", "Whether the level does not exist."),
    ],
    cells: |row| {
        let dangling = row.condition("Dangling").and_then(|condition| condition.str_at(&["status"]));
        vec![
            row.name(),
            row.text(&["spec", "priorityLevelConfiguration", "name"]),
            row.int(&["spec", "matchingPrecedence"]),
            row.text_or(&["spec", "distinguisherMethod", "type"], "<none>"),
            row.age(),
            Value::string(dangling.unwrap_or("?")),
        ]
    },
};

static PRIORITY_LEVEL: Printer = Printer {
    columns: &[
        NAME,
        text("Type", "Whether the level has a limit."),
        text("NominalConcurrencyShares", "Its share of the server's seats."),
        text("Queues", "How many queues it has."),
        text("HandSize", "How many of them a flow may use."),
        text("QueueLengthLimit", "How long they may be."),
        AGE,
    ],
    cells: |row| {
        vec![
            row.name(),
            row.text(&["spec", "type"]),
            limited(row, &["nominalConcurrencyShares"]),
            limited(row, &["limitResponse", "queuing", "queues"]),
            limited(row, &["limitResponse", "queuing", "handSize"]),
            limited(row, &["limitResponse", "queuing", "queueLengthLimit"]),
            row.age(),
        ]
    },
};

pub(super) fn printer(kind: &str) -> Option<&'static Printer> {
    match kind {
        "FlowSchema" => Some(&FLOW_SCHEMA),
        "PriorityLevelConfiguration" => Some(&PRIORITY_LEVEL),
        _ => None,
    }
}

/// A number of a limited level.
fn limited(row: &Row<'_>, path: &[&str]) -> Value {
    let limited = row.object.path(&["spec", "limited"]);
    match limited.and_then(|limited| limited.path(path)) {
        Some(Value::Int(number)) => Value::Int(*number),
        other => number_or_text(other, "<none>"),
    }
}
