//! Workloads: apps.

use mizzen_schema::value::Value;

use super::{Facts, Generation, Rules, field_or};
use crate::tree;

/// Annotations go to the replica sets, so they count as wanted; the controller notes the revision through status,
/// which may change annotations and raises nothing.
static DEPLOYMENTS: Rules =
    Rules { generation: Generation::SpecAndAnnotations, prepare_status: keep_labels, ..Rules::DEFAULT };

static REPLICA_SETS: Rules = Rules { fields: &[field_or("status.replicas", "0")], ..Rules::WITH_GENERATION };

static DAEMON_SETS: Rules =
    Rules { prepare_create: first_template, prepare_update: next_template, ..Rules::WITH_GENERATION };

static STATEFUL_SETS: Rules = Rules::WITH_GENERATION;

pub(super) fn rules(plural: &str) -> Option<&'static Rules> {
    Some(match plural {
        "deployments" => &DEPLOYMENTS,
        "replicasets" => &REPLICA_SETS,
        "daemonsets" => &DAEMON_SETS,
        "statefulsets" => &STATEFUL_SETS,
        _ => return None,
    })
}

fn keep_labels(new: &mut Value, old: &Value, _: Facts<'_>) {
    tree::copy(new, old, &["metadata", "labels"]);
}

/// The deprecated annotation that counts templates (v1's replacement of `spec.templateGeneration`).
const TEMPLATE_GENERATION: [&str; 3] =
    ["metadata", "annotations", "deprecated.daemonset.template.generation"];

fn first_template(set: &mut Value, _: Facts<'_>) {
    if set.path(&TEMPLATE_GENERATION).is_none() {
        tree::set_text(set, &TEMPLATE_GENERATION, "1");
    }
}

fn next_template(new: &mut Value, old: &Value, _: Facts<'_>) {
    let before = old.str_at(&TEMPLATE_GENERATION).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    let changed = !tree::same(new, old, &["spec", "template"]);
    let now = before.saturating_add(i64::from(changed));
    if now > 0 {
        tree::set_text(new, &TEMPLATE_GENERATION, &now.to_string());
    }
}
