//! Priority and fairness.

use mizzen_schema::value::Struct;

use crate::edit::{child, int, made, nonzero, str_of};

pub(super) fn object(kind: &str, object: &mut Struct) {
    let Some(spec) = made(object, "spec") else { return };
    match kind {
        "FlowSchema" => nonzero(spec, "matchingPrecedence", 1000),
        "PriorityLevelConfiguration" => priority_level(spec),
        _ => {}
    }
}

fn priority_level(spec: &mut Struct) {
    let exempt = str_of(spec, "type") == "Exempt";
    let exempt_spec = if exempt { made(spec, "exempt") } else { child(spec, "exempt") };
    if let Some(level) = exempt_spec {
        int(level, "nominalConcurrencyShares", 0);
        int(level, "lendablePercent", 0);
    }
    if let Some(level) = child(spec, "limited") {
        int(level, "nominalConcurrencyShares", 30);
        int(level, "lendablePercent", 0);
        if let Some(response) = child(level, "limitResponse")
            && let Some(queuing) = child(response, "queuing")
        {
            nonzero(queuing, "handSize", 8);
            nonzero(queuing, "queues", 64);
            nonzero(queuing, "queueLengthLimit", 50);
        }
    }
}
