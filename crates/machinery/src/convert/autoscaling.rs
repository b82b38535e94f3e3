//! HorizontalPodAutoscalers: what version 1 has no fields for, it keeps in annotations.
//!
//! Source: API reference of autoscaling/v1, "HorizontalPodAutoscaler"; KEP-117.

use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::{Shape, TypeRef};
use mizzen_schema::value::{Map, Struct, Value};

use super::{moved, rename};
use crate::edit::{self, new_element, put, str_of};
use crate::tree;

pub(super) const V1: &str = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler";
pub(super) const V2: &str = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler";

const METRICS: &str = "autoscaling.alpha.kubernetes.io/metrics";
const CURRENT_METRICS: &str = "autoscaling.alpha.kubernetes.io/current-metrics";
const CONDITIONS: &str = "autoscaling.alpha.kubernetes.io/conditions";
const BEHAVIOR: &str = "autoscaling.alpha.kubernetes.io/behavior";

const CPU_TARGET: &str = "targetCPUUtilizationPercentage";
const CPU_CURRENT: &str = "currentCPUUtilizationPercentage";

/// What a metric's source is called, and where its facts are in version 2 and in the annotations.
struct Names {
    source: &'static str,
    /// `(path in version 2, name in the annotation)`.
    fields: &'static [(&'static [&'static str], &'static str)],
}

const SPEC: [Names; 5] = [
    Names {
        source: "object",
        fields: &[
            (&["describedObject"], "target"),
            (&["metric", "name"], "metricName"),
            (&["metric", "selector"], "selector"),
            (&["target", "value"], "targetValue"),
            (&["target", "averageValue"], "averageValue"),
        ],
    },
    Names {
        source: "pods",
        fields: &[
            (&["metric", "name"], "metricName"),
            (&["metric", "selector"], "selector"),
            (&["target", "averageValue"], "targetAverageValue"),
        ],
    },
    Names {
        source: "resource",
        fields: &[
            (&["name"], "name"),
            (&["target", "averageUtilization"], "targetAverageUtilization"),
            (&["target", "averageValue"], "targetAverageValue"),
        ],
    },
    Names {
        source: "containerResource",
        fields: &[
            (&["name"], "name"),
            (&["container"], "container"),
            (&["target", "averageUtilization"], "targetAverageUtilization"),
            (&["target", "averageValue"], "targetAverageValue"),
        ],
    },
    Names {
        source: "external",
        fields: &[
            (&["metric", "name"], "metricName"),
            (&["metric", "selector"], "metricSelector"),
            (&["target", "value"], "targetValue"),
            (&["target", "averageValue"], "targetAverageValue"),
        ],
    },
];

const STATUS: [Names; 5] = [
    Names {
        source: "object",
        fields: &[
            (&["describedObject"], "target"),
            (&["metric", "name"], "metricName"),
            (&["metric", "selector"], "selector"),
            (&["current", "value"], "currentValue"),
            (&["current", "averageValue"], "averageValue"),
        ],
    },
    Names {
        source: "pods",
        fields: &[
            (&["metric", "name"], "metricName"),
            (&["metric", "selector"], "selector"),
            (&["current", "averageValue"], "currentAverageValue"),
        ],
    },
    Names {
        source: "resource",
        fields: &[
            (&["name"], "name"),
            (&["current", "averageUtilization"], "currentAverageUtilization"),
            (&["current", "averageValue"], "currentAverageValue"),
        ],
    },
    Names {
        source: "containerResource",
        fields: &[
            (&["name"], "name"),
            (&["container"], "container"),
            (&["current", "averageUtilization"], "currentAverageUtilization"),
            (&["current", "averageValue"], "currentAverageValue"),
        ],
    },
    Names {
        source: "external",
        fields: &[
            (&["metric", "name"], "metricName"),
            (&["metric", "selector"], "metricSelector"),
            (&["current", "value"], "currentValue"),
            (&["current", "averageValue"], "currentAverageValue"),
        ],
    },
];

/// The metric that version 1 has fields for: average utilisation of the pods' CPU.
fn is_cpu(metric: &Value, facts: &str) -> bool {
    metric.str_at(&["type"]) == Some("Resource")
        && metric.str_at(&["resource", "name"]) == Some("cpu")
        && metric.path(&["resource", facts, "averageUtilization"]).is_some_and(|value| *value != Value::Null)
}

pub(super) fn to_v1(mut from: Struct, to: &TypeRef) -> Struct {
    let mut notes: Vec<(&str, Value)> = Vec::new();
    let (mut target, mut current) = (None, None);
    if let Some(spec) = edit::child(&mut from, "spec") {
        let metrics = take_list(spec, "metrics");
        target = split_metrics(metrics, "target", &SPEC, METRICS, &mut notes);
        if let Some(behavior) = spec.remove("behavior").filter(|value| *value != Value::Null) {
            notes.push((BEHAVIOR, tree::untype(&behavior)));
        }
    }
    if let Some(status) = edit::child(&mut from, "status") {
        let metrics = take_list(status, "currentMetrics");
        current = split_metrics(metrics, "current", &STATUS, CURRENT_METRICS, &mut notes);
        let conditions = take_list(status, "conditions");
        if !conditions.is_empty() {
            notes.push((CONDITIONS, Value::List(conditions.iter().map(tree::untype).collect())));
        }
    }
    let mut out = moved(from, to);
    if let Some(value) = target
        && let Some(spec) = edit::made(&mut out, "spec")
    {
        put(spec, CPU_TARGET, value);
    }
    if let Some(value) = current
        && let Some(status) = edit::made(&mut out, "status")
    {
        put(status, CPU_CURRENT, value);
    }
    let mut object = Value::Struct(out);
    for (name, value) in notes {
        let mut text = Vec::new();
        json::encode(&value, &mut text);
        crate::meta::set_annotation(&mut object, name, Some(&String::from_utf8_lossy(&text)));
    }
    into_struct(object)
}

fn into_struct(object: Value) -> Struct {
    match object {
        Value::Struct(fields) => fields,
        _ => unreachable!("an object was made a line above"),
    }
}

fn take_list(owner: &mut Struct, field: &str) -> Vec<Value> {
    match owner.remove(field) {
        Some(Value::List(items)) => items,
        _ => Vec::new(),
    }
}

/// The utilisation of the CPU metric; what other metrics there are goes to `notes`.
fn split_metrics<'n>(
    metrics: Vec<Value>,
    facts: &str,
    names: &[Names],
    annotation: &'n str,
    notes: &mut Vec<(&'n str, Value)>,
) -> Option<Value> {
    let (cpu, others): (Vec<Value>, Vec<Value>) =
        metrics.into_iter().partition(|metric| is_cpu(metric, facts));
    if !others.is_empty() {
        notes.push((annotation, Value::List(others.iter().map(|metric| flat(metric, names)).collect())));
    }
    cpu.last()?.path(&["resource", facts, "averageUtilization"]).cloned()
}

/// A metric as the annotations have it.
fn flat(metric: &Value, names: &[Names]) -> Value {
    let mut out = Map::new();
    out.insert("type", metric.get("type").cloned().unwrap_or_else(|| Value::string("")));
    for Names { source, fields } in names {
        let Some(facts) = metric.get(source).filter(|facts| **facts != Value::Null) else { continue };
        let mut inner = Map::new();
        for (path, name) in *fields {
            if let Some(value) = facts.path(path).filter(|value| **value != Value::Null) {
                inner.insert(*name, tree::untype(value));
            }
        }
        out.insert(*source, Value::Map(inner));
    }
    Value::Map(out)
}

pub(super) fn to_v2(from: Struct, to: &TypeRef) -> Struct {
    let mut object = Value::Struct(from);
    let mut note = |name: &str| {
        let text = crate::meta::annotation(&object, name)?.to_owned();
        crate::meta::set_annotation(&mut object, name, None);
        let decoded = json::decode_shape(text.as_bytes(), &Shape::Any, &Options::default());
        decoded.ok().map(|decoded| decoded.value)
    };
    let (metrics, behavior) = (note(METRICS), note(BEHAVIOR));
    let (current, conditions) = (note(CURRENT_METRICS), note(CONDITIONS));
    let mut from = into_struct(object);
    let target = edit::child(&mut from, "spec").and_then(|spec| spec.remove(CPU_TARGET));
    let utilisation = edit::child(&mut from, "status").and_then(|status| status.remove(CPU_CURRENT));
    let mut out = Struct::new(to.clone());
    for field in ["kind", "metadata", "spec", "status"] {
        rename(&mut from, field, &mut out, field);
    }
    rename(&mut from, "apiVersion", &mut out, "apiVersion");
    if let Some(spec) = edit::made(&mut out, "spec") {
        let mut list: Vec<Value> =
            target.and_then(|target| cpu(spec, "metrics", "target", target)).into_iter().collect();
        list.extend(deep_list(spec, "metrics", metrics, &SPEC));
        if !list.is_empty() {
            put(spec, "metrics", Value::List(list));
        }
        if let Some(behavior) = behavior.and_then(|behavior| typed(spec, "behavior", behavior)) {
            put(spec, "behavior", behavior);
        }
    }
    if (current.is_some() || conditions.is_some() || utilisation.is_some())
        && let Some(status) = edit::made(&mut out, "status")
    {
        let mut list: Vec<Value> =
            utilisation.and_then(|now| cpu(status, "currentMetrics", "current", now)).into_iter().collect();
        list.extend(deep_list(status, "currentMetrics", current, &STATUS));
        if !list.is_empty() {
            put(status, "currentMetrics", Value::List(list));
        }
        if let Some(conditions) = conditions.and_then(|conditions| typed(status, "conditions", conditions)) {
            put(status, "conditions", conditions);
        }
    }
    out
}

/// A free-form tree as the value of a field; `None` when it does not fit.
fn typed(owner: &Struct, field: &str, tree: Value) -> Option<Value> {
    fn read(tree: Value, shape: &Shape) -> Option<Value> {
        match (tree, shape) {
            (tree @ Value::Map(_), Shape::Struct(ty)) => {
                json::retype(tree, ty, &Options::default()).ok().map(|decoded| decoded.value)
            }
            (Value::List(items), Shape::List(element)) => {
                Some(Value::List(items.into_iter().filter_map(|item| read(item, element)).collect()))
            }
            _ => None,
        }
    }
    read(tree, &owner.ty().field(field)?.shape)
}

/// The CPU metric out of its utilisation.
fn cpu(owner: &Struct, list: &str, facts: &str, utilisation: Value) -> Option<Value> {
    if utilisation == Value::Null {
        return None;
    }
    let mut metric = new_element(owner, list)?;
    put(&mut metric, "type", Value::string("Resource"));
    let resource = edit::made(&mut metric, "resource")?;
    put(resource, "name", Value::string("cpu"));
    let facts = edit::made(resource, facts)?;
    put(facts, "type", Value::string("Utilization"));
    put(facts, "averageUtilization", utilisation);
    Some(Value::Struct(metric))
}

/// Metrics of an annotation as version 2 has them.
fn deep_list(owner: &Struct, field: &str, notes: Option<Value>, names: &[Names]) -> Vec<Value> {
    let Some(Value::List(items)) = notes else { return Vec::new() };
    let items = items.iter().map(|item| deep(item, names)).collect();
    match typed(owner, field, Value::List(items)) {
        Some(Value::List(mut items)) => {
            items.iter_mut().filter_map(Value::as_struct_mut).for_each(name_target);
            items
        }
        _ => Vec::new(),
    }
}

fn deep(item: &Value, names: &[Names]) -> Value {
    let mut out = Map::new();
    if let Some(kind) = item.get("type") {
        out.insert("type", kind.clone());
    }
    for Names { source, fields } in names {
        let Some(facts) = item.get(source) else { continue };
        let mut inner = Value::Map(Map::new());
        for (path, name) in *fields {
            if let Some(value) = facts.get(name) {
                place(&mut inner, path, value.clone());
            }
        }
        out.insert(*source, inner);
    }
    Value::Map(out)
}

/// Sets a member deep inside maps, which are made on the way.
fn place(tree: &mut Value, path: &[&str], value: Value) {
    let (Some((first, rest)), Value::Map(map)) = (path.split_first(), tree) else { return };
    if rest.is_empty() {
        map.insert(*first, value);
        return;
    }
    if map.get(first).is_none() {
        map.insert(*first, Value::Map(Map::new()));
    }
    if let Some(inner) = map.get_mut(first) {
        place(inner, rest, value);
    }
}

/// A target says of what type it is; the annotations leave that to which of its values is set.
fn name_target(metric: &mut Struct) {
    for Names { source, .. } in SPEC {
        let Some(target) = edit::child(metric, source).and_then(|facts| edit::child(facts, "target")) else {
            continue;
        };
        let set = |field: &str| {
            target.get(field).is_some_and(|value| !value.is_zero() && str_of(target, field) != "0")
        };
        let kind = if set("averageUtilization") {
            "Utilization"
        } else if set("averageValue") {
            "AverageValue"
        } else {
            "Value"
        };
        put(target, "type", Value::string(kind));
    }
}
