//! HorizontalPodAutoscalers, v1 and v2.

use mizzen_schema::value::{Struct, Value};

use crate::edit::{child, int, made, new_element, put, text, unset};

/// Where version 1 keeps the metrics that it has no fields for.
pub(crate) const METRICS_ANNOTATION: &str = "autoscaling.alpha.kubernetes.io/metrics";

/// The target when no metric is given, in percent of the requested CPU.
pub(crate) const CPU_UTILIZATION: i64 = 80;

pub(super) fn horizontal_pod_autoscaler(object: &mut Struct) {
    let annotated = object
        .get("metadata")
        .and_then(|metadata| metadata.path(&["annotations", METRICS_ANNOTATION]))
        .is_some();
    let Some(spec) = made(object, "spec") else { return };
    int(spec, "minReplicas", 1);
    if spec.ty().number("targetCPUUtilizationPercentage").is_some() {
        if !annotated {
            int(spec, "targetCPUUtilizationPercentage", CPU_UTILIZATION);
        }
        return;
    }
    if spec.get("metrics").is_none_or(Value::is_zero) {
        cpu_metric(spec);
    }
    if let Some(behavior) = child(spec, "behavior") {
        if let Some(up) = made(behavior, "scaleUp") {
            int(up, "stabilizationWindowSeconds", 0);
            scaling_rules(up, &[("Pods", 4), ("Percent", 100)]);
        }
        if let Some(down) = made(behavior, "scaleDown") {
            scaling_rules(down, &[("Percent", 100)]);
        }
    }
}

/// The metric that stands for none: average CPU utilisation.
fn cpu_metric(spec: &mut Struct) {
    let Some(mut metric) = new_element(spec, "metrics") else { return };
    text(&mut metric, "type", "Resource");
    if let Some(resource) = made(&mut metric, "resource") {
        text(resource, "name", "cpu");
        if let Some(target) = made(resource, "target") {
            text(target, "type", "Utilization");
            int(target, "averageUtilization", CPU_UTILIZATION);
        }
    }
    put(spec, "metrics", Value::List(vec![Value::Struct(metric)]));
}

fn scaling_rules(rules: &mut Struct, policies: &[(&str, i64)]) {
    text(rules, "selectPolicy", "Max");
    if !unset(rules, "policies") {
        return;
    }
    let made: Vec<Value> = policies
        .iter()
        .filter_map(|(kind, value)| {
            let mut policy = new_element(rules, "policies")?;
            text(&mut policy, "type", kind);
            int(&mut policy, "value", *value);
            int(&mut policy, "periodSeconds", 15);
            Some(Value::Struct(policy))
        })
        .collect();
    put(rules, "policies", Value::List(made));
}
