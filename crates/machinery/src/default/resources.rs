//! Dynamic resource allocation, in each of its versions.

use mizzen_schema::value::Struct;

use crate::edit::{child, each, nonzero, str_of, text};

pub(super) fn object(kind: &str, object: &mut Struct) {
    match kind {
        "ResourceClaim" => {
            if let Some(spec) = child(object, "spec") {
                claim(spec);
            }
        }
        "ResourceClaimTemplate" => {
            if let Some(spec) = child(object, "spec")
                && let Some(inner) = child(spec, "spec")
            {
                claim(inner);
            }
        }
        _ => {}
    }
}

fn claim(spec: &mut Struct) {
    let Some(devices) = child(spec, "devices") else { return };
    each(devices, "requests", |request| {
        each(request, "firstAvailable", allocation);
        if let Some(exactly) = child(request, "exactly") {
            allocation(exactly);
        } else if request.get("firstAvailable").is_none_or(|list| list.items().is_empty()) {
            // v1beta1 keeps the fields of a request beside its name.
            allocation(request);
        }
    });
}

fn allocation(request: &mut Struct) {
    if request.ty().number("allocationMode").is_none() {
        return;
    }
    text(request, "allocationMode", "ExactCount");
    if str_of(request, "allocationMode") == "ExactCount" {
        nonzero(request, "count", 1);
    }
}
