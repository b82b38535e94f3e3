//! Autoscaling.

use mizzen_schema::value::Value;

use super::cell::{Row, some};
use super::{AGE, NAME, Printer, integer, text};

static AUTOSCALER: Printer = Printer {
    columns: &[
        NAME,
        text("Reference", "What is scaled."),
        text("Targets", "What is measured, and what it should be."),
        text("MinPods", "The fewest replicas."),
        text("MaxPods", "The most replicas."),
        text("Replicas", "How many replicas there are."),
        AGE,
    ],
    cells: |row| {
        let target = row.object.path(&["spec", "scaleTargetRef"]);
        let member = |name: &str| target.and_then(|target| target.str_at(&[name])).unwrap_or_default();
        let min = row.object.path(&["spec", "minReplicas"]).and_then(Value::as_i64);
        vec![
            row.name(),
            Value::string(format!("{}/{}", member("kind"), member("name"))),
            Value::string(targets(row)),
            Value::string(min.map_or_else(|| "<unset>".to_owned(), |min| min.to_string())),
            row.int(&["spec", "maxReplicas"]),
            row.int(&["status", "currentReplicas"]),
            row.age(),
        ]
    },
};

static SCALE: Printer = Printer {
    columns: &[
        NAME,
        integer("Desired", "How many replicas there should be."),
        integer("Available", "How many replicas there are."),
        AGE,
    ],
    cells: |row| {
        vec![row.name(), row.int(&["spec", "replicas"]), row.int(&["status", "replicas"]), row.age()]
    },
};

pub(super) fn printer(kind: &str) -> Option<&'static Printer> {
    match kind {
        "HorizontalPodAutoscaler" => Some(&AUTOSCALER),
        "Scale" => Some(&SCALE),
        _ => None,
    }
}

/// How many metrics a cell has room for.
const METRICS_SHOWN: usize = 2;

fn targets(row: &Row<'_>) -> String {
    // Version 1 has one metric of its own.
    if let Some(target) = row.object.path(&["spec", "targetCPUUtilizationPercentage"]).and_then(Value::as_i64)
    {
        let current = row.object.path(&["status", "currentCPUUtilizationPercentage"]).and_then(Value::as_i64);
        return format!("cpu: {}/{target}%", percent(current, "<unknown>"));
    }
    let metrics = row.items(&["spec", "metrics"]);
    if metrics.is_empty() {
        return "<none>".to_owned();
    }
    let current = row.items(&["status", "currentMetrics"]);
    let texts: Vec<_> = metrics.iter().enumerate().map(|(at, metric)| one(metric, current.get(at))).collect();
    some(&texts, METRICS_SHOWN, ", ")
}

fn percent(value: Option<i64>, unset: &str) -> String {
    value.map_or_else(|| unset.to_owned(), |value| format!("{value}%"))
}

fn one(metric: &Value, current: Option<&Value>) -> String {
    let source = match metric.str_at(&["type"]) {
        Some("Resource") => "resource",
        Some("ContainerResource") => "containerResource",
        Some("Pods") => "pods",
        Some("Object") => "object",
        Some("External") => "external",
        _ => return "<unknown type>".to_owned(),
    };
    let target = |name: &str| metric.path(&[source, "target", name]);
    let now = |name: &str| current.and_then(|current| current.path(&[source, "current", name]));
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("<unknown>").to_owned();
    let average = target("averageValue").is_some();
    match source {
        "resource" | "containerResource" => {
            let name = metric.str_at(&[source, "name"]).unwrap_or_default();
            if average {
                return format!("{name}: {}/{}", text(now("averageValue")), text(target("averageValue")));
            }
            let current = percent(now("averageUtilization").and_then(Value::as_i64), "<unknown>");
            let wanted = percent(target("averageUtilization").and_then(Value::as_i64), "<auto>");
            format!("{name}: {current}/{wanted}")
        }
        "pods" => format!("{}/{}", text(now("averageValue")), text(target("averageValue"))),
        _ if average => format!("{}/{} (avg)", text(now("averageValue")), text(target("averageValue"))),
        _ => format!("{}/{}", text(now("value")), text(target("value"))),
    }
}
