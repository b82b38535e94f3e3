//! Conversion there and back keeps every field, for every pair of served versions of a kind.

use mizzen_machinery::convert::convert;
use mizzen_schema::table::{Resource, TypeRef};
use mizzen_schema::value::{Struct, Value};
use proptest::prelude::*;

use crate::fill::{self, Choices, child, object, printed, reread, stored, supply};

/// Kinds that have several versions, or several groups, each with another one that it converts to and from.
fn pairs() -> Vec<(&'static Resource, &'static Resource)> {
    let stored = stored();
    let is_pair = |a: &Resource, b: &Resource| {
        let same_kind = a.gvk.kind == b.gvk.kind && a.plural == b.plural;
        let events = a.gvk.kind == "Event" && b.gvk.kind == "Event";
        same_kind && a.gvk != b.gvk && (a.gvk.group == b.gvk.group || events)
    };
    let others = |a: &&'static Resource| {
        let a = *a;
        stored.iter().copied().filter(|b| is_pair(a, b)).map(|b| (a, b)).collect::<Vec<_>>()
    };
    stored.iter().flat_map(others).collect()
}

/// What one version has no way to say is no part of the law: a metric that is not one of its kinds, a request for a
/// device that asks for nothing.
fn sayable(resource: &Resource, mut object: Value, choices: &mut Choices<'_>) -> Value {
    let fields = object.as_struct_mut().expect("an object");
    match (&*resource.gvk.kind, &*resource.gvk.version) {
        ("HorizontalPodAutoscaler", "v2") => autoscaler(fields, choices),
        ("HorizontalPodAutoscaler", _) => {
            // Annotations in which v2's facts are kept are v2's.
            child(fields, "metadata").remove("annotations");
        }
        ("ResourceClaim", _) => claim(child(fields, "spec")),
        ("ResourceClaimTemplate", _) => claim(child(child(fields, "spec"), "spec")),
        ("ResourceSlice", version) => slice(child(fields, "spec"), version),
        _ => {}
    }
    reread(&object)
}

/// A device is one; v1beta1 does not tell false from unset where all nodes are meant.
fn slice(spec: &mut Struct, version: &str) {
    if spec.get("allNodes") == Some(&Value::Bool(false)) {
        spec.remove("allNodes");
    }
    let Some(Value::List(devices)) = spec.get_mut("devices") else { return };
    for device in devices.iter_mut().filter_map(Value::as_struct_mut).filter(|_| version == "v1beta1") {
        child(device, "basic");
    }
}

/// A request that asks for exactly something names a class.
fn claim(spec: &mut Struct) {
    let Some(Value::List(requests)) = child(spec, "devices").get_mut("requests") else { return };
    for request in requests.iter_mut().filter_map(Value::as_struct_mut) {
        let exact = if request.ty().number("exactly").is_some() {
            match request.get_mut("exactly").and_then(Value::as_struct_mut) {
                Some(exact) => exact,
                None => continue,
            }
        } else {
            request
        };
        exact.set("deviceClassName", Value::string("class"));
    }
}

/// Metrics of one source each, whose targets are of the type that their value tells; CPU utilisation, which v1 has a
/// field for, once and first.
fn autoscaler(object: &mut Struct, choices: &mut Choices<'_>) {
    for (part, list, facts) in [("spec", "metrics", "target"), ("status", "currentMetrics", "current")] {
        let part = child(object, part);
        let Some(Value::List(metrics)) = part.get_mut(list) else { continue };
        for metric in metrics.iter_mut().filter_map(Value::as_struct_mut) {
            let sources = [
                ("Object", "object", "value"),
                ("Pods", "pods", "averageValue"),
                ("Resource", "resource", "averageUtilization"),
                ("ContainerResource", "containerResource", "averageValue"),
                ("External", "external", "averageValue"),
            ];
            let (ty, source, value) = sources[choices.below(sources.len())];
            metric.retain(|field, _| field.json == source);
            metric.set("type", Value::string(ty));
            let source = child(metric, source);
            if source.ty().number("name").is_some() {
                source.set("name", Value::string("memory"));
            }
            let target = child(source, facts);
            target.retain(|field, _| field.json == value);
            let (amount, target_type) = match value {
                "averageUtilization" => (Value::Int(50), "Utilization"),
                "averageValue" => (Value::string("5"), "AverageValue"),
                _ => (Value::string("5"), "Value"),
            };
            target.set(value, amount);
            if facts == "target" {
                target.set("type", Value::string(target_type));
            }
        }
    }
    child(object, "metadata").remove("annotations");
}

#[test]
fn pairs_are_those_of_the_level() {
    let names: Vec<_> = pairs()
        .iter()
        .map(|(a, b)| format!("{} {} {}", a.gvk.kind, a.gvk.api_version(), b.gvk.api_version()))
        .collect();
    for expect in [
        "HorizontalPodAutoscaler autoscaling/v1 autoscaling/v2",
        "Event v1 events.k8s.io/v1",
        "ResourceClaim resource.k8s.io/v1beta1 resource.k8s.io/v1",
        "ResourceSlice resource.k8s.io/v1 resource.k8s.io/v1beta1",
        "DeviceClass resource.k8s.io/v1beta2 resource.k8s.io/v1",
        "IPAddress networking.k8s.io/v1 networking.k8s.io/v1beta1",
        "VolumeAttributesClass storage.k8s.io/v1beta1 storage.k8s.io/v1",
        "MutatingAdmissionPolicy admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1",
    ] {
        assert!(names.iter().any(|name| name == expect), "{expect} in {names:?}");
    }
}

fn converted(object: Value, to: &Resource) -> Value {
    let ty: &TypeRef = &to.ty;
    let out = convert(object, ty);
    assert_eq!(out.str_at(&["apiVersion"]), Some(&*to.gvk.api_version()));
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn there_and_back_is_nowhere((from, to) in proptest::sample::select(pairs()), supply in supply()) {
        let mut choices = fill::Choices::new(&supply);
        let object = sayable(from, object(from, &supply), &mut choices);
        // By way of the other version's JSON, as clients have it.
        let other = reread(&converted(object.clone(), to));
        let back = converted(other.clone(), from);
        prop_assert_eq!(printed(&back), printed(&object), "by way of {}", printed(&other));
    }
}
