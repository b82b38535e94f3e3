//! The arithmetic of a budget: how many of its pods may be disrupted now. Pure, so that tests are tables.
//!
//! Source: "Specifying a Disruption Budget for your Application"; KEP-85.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::pod::PodView;

/// How long an evicted pod counts as disrupted before its deletion has been seen.
pub(super) const DELETION_TIMEOUT: Duration = Duration::from_secs(2 * 60);

/// How many pods a budget expects, and how many of them must be healthy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Demand {
    pub(super) expected: i32,
    pub(super) healthy: i32,
}

/// A number, or a share of `whole`, rounded up.
pub(super) fn scaled(value: &IntOrString, whole: i32) -> Result<i32, String> {
    match value {
        IntOrString::Int(number) => Ok(*number),
        IntOrString::String(text) => {
            let percent = text.strip_suffix('%').and_then(|digits| digits.parse::<i32>().ok());
            let percent =
                percent.ok_or_else(|| format!("invalid value for IntOrString: {text:?} is no percentage"))?;
            let share = (i64::from(whole) * i64::from(percent) + 99).div_euclid(100);
            Ok(i32::try_from(share).unwrap_or(i32::MAX))
        }
    }
}

/// Evicted pods that are still there: those that wait for their deletion, and those whose deletion never came.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Disrupted {
    pub(super) waiting: BTreeMap<String, Timestamp>,
    pub(super) forgotten: Vec<String>,
    /// When the first of the waiting has waited long enough.
    pub(super) recheck: Option<Duration>,
}

/// Sorts the budget's evicted pods.
pub(super) fn disrupted<'a>(
    status: &PodDisruptionBudgetStatus,
    pods: impl Iterator<Item = &'a PodView>,
    now: Timestamp,
) -> Disrupted {
    let mut found = Disrupted::default();
    let Some(noted) = status.disrupted_pods.as_ref().filter(|noted| !noted.is_empty()) else { return found };
    for pod in pods.filter(|pod| pod.metadata.deletion_timestamp.is_none()) {
        let name = pod.metadata.name.as_deref().unwrap_or_default();
        let Some(Time(since)) = noted.get(name) else { continue };
        let waited = Duration::try_from(now.duration_since(*since)).unwrap_or_default();
        match DELETION_TIMEOUT.checked_sub(waited) {
            Some(left) if !left.is_zero() => {
                found.waiting.insert(name.to_owned(), *since);
                found.recheck = Some(found.recheck.map_or(left, |recheck| recheck.min(left)));
            }
            _ => found.forgotten.push(name.to_owned()),
        }
    }
    found
}

/// How many pods are ready and stay.
pub(super) fn healthy<'a>(pods: impl Iterator<Item = &'a PodView>, disrupted: &Disrupted) -> i32 {
    let stays = |pod: &&PodView| {
        let name = pod.metadata.name.as_deref().unwrap_or_default();
        pod.metadata.deletion_timestamp.is_none() && !disrupted.waiting.contains_key(name)
    };
    let count = pods.filter(stays).filter(|pod| pod.is_ready()).count();
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The budget's new status.
pub(super) fn status(
    budget: &PodDisruptionBudget,
    demand: Demand,
    healthy: i32,
    disrupted: &Disrupted,
    now: Timestamp,
) -> PodDisruptionBudgetStatus {
    let old = budget.status.clone().unwrap_or_default();
    // A budget without pods allows nothing: its first pods may come before it is looked at again.
    let allowed = if demand.expected > 0 { healthy.saturating_sub(demand.healthy).max(0) } else { 0 };
    let pods: BTreeMap<String, Time> =
        disrupted.waiting.iter().map(|(name, since)| (name.clone(), Time(*since))).collect();
    let reason = if allowed > 0 { "SufficientPods" } else { "InsufficientPods" };
    PodDisruptionBudgetStatus {
        current_healthy: healthy,
        desired_healthy: demand.healthy,
        expected_pods: demand.expected,
        disruptions_allowed: allowed,
        disrupted_pods: Some(pods).filter(|pods| !pods.is_empty()),
        observed_generation: budget.metadata.generation,
        conditions: Some(conditions(budget, &old, allowed > 0, reason, "", now)),
    }
}

/// The status of a budget that could not be counted: nothing may be disrupted.
pub(super) fn failed(budget: &PodDisruptionBudget, why: &str, now: Timestamp) -> PodDisruptionBudgetStatus {
    let old = budget.status.clone().unwrap_or_default();
    let conditions = conditions(budget, &old, false, "SyncFailed", why, now);
    PodDisruptionBudgetStatus { disruptions_allowed: 0, conditions: Some(conditions), ..old }
}

/// The conditions with `DisruptionAllowed` among them; its time moves with its status only.
fn conditions(
    budget: &PodDisruptionBudget,
    old: &PodDisruptionBudgetStatus,
    allowed: bool,
    reason: &str,
    message: &str,
    now: Timestamp,
) -> Vec<Condition> {
    let mut conditions = old.conditions.clone().unwrap_or_default();
    let status = if allowed { "True" } else { "False" };
    let known = conditions.iter().position(|condition| condition.type_ == "DisruptionAllowed");
    let since = known.map(|at| &conditions[at]).filter(|condition| condition.status == status);
    let condition = Condition {
        type_: "DisruptionAllowed".to_owned(),
        status: status.to_owned(),
        reason: reason.to_owned(),
        message: message.to_owned(),
        last_transition_time: since.map_or(Time(now), |condition| condition.last_transition_time.clone()),
        observed_generation: budget.metadata.generation,
    };
    match known {
        Some(at) => conditions[at] = condition,
        None => conditions.push(condition),
    }
    conditions
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn now() -> Timestamp {
        "2026-01-01T00:10:00Z".parse().expect("a time")
    }

    fn pod(name: &str, ready: bool, deleting: bool) -> PodView {
        let mut pod = json!({
            "metadata": { "name": name },
            "status": { "conditions": [{ "type": "Ready", "status": if ready { "True" } else { "False" } }] },
        });
        if deleting {
            pod["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        }
        serde_json::from_value(pod).expect("a pod")
    }

    fn budget(status: serde_json::Value) -> PodDisruptionBudget {
        let budget = json!({ "metadata": { "name": "b", "generation": 3 }, "spec": {}, "status": status });
        serde_json::from_value(budget).expect("a budget")
    }

    fn empty() -> serde_json::Value {
        json!({ "currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0 })
    }

    #[test]
    fn shares_are_rounded_up() {
        let check =
            |value: IntOrString, whole, expect| assert_eq!(scaled(&value, whole), Ok(expect), "{value:?}");
        check(IntOrString::Int(3), 10, 3);
        check(IntOrString::String("50%".into()), 5, 3);
        check(IntOrString::String("0%".into()), 5, 0);
        check(IntOrString::String("100%".into()), 7, 7);
        check(IntOrString::String("1%".into()), 1, 1);
        scaled(&IntOrString::String("x".into()), 1).expect_err("no percentage");
    }

    #[test]
    fn what_is_left_may_be_disrupted() {
        let check = |expected, desired, healthy, allowed, reason: &str| {
            let demand = Demand { expected, healthy: desired };
            let status = status(&budget(empty()), demand, healthy, &Disrupted::default(), now());
            assert_eq!(status.disruptions_allowed, allowed, "{demand:?} {healthy}");
            assert_eq!(status.observed_generation, Some(3));
            let condition = &status.conditions.as_ref().expect("conditions")[0];
            let truth = if allowed > 0 { "True" } else { "False" };
            assert_eq!((condition.status.as_str(), condition.reason.as_str()), (truth, reason));
        };
        check(3, 2, 3, 1, "SufficientPods");
        check(3, 2, 2, 0, "InsufficientPods");
        check(3, 2, 0, 0, "InsufficientPods");
        check(0, 0, 0, 0, "InsufficientPods");
        // Without pods nothing is allowed, even if nothing is demanded.
        check(0, 0, 2, 0, "InsufficientPods");
    }

    #[test]
    fn evicted_pods_count_until_they_are_gone_or_forgotten() {
        let mut with = empty();
        with["disruptedPods"] = json!({
            "fresh": "2026-01-01T00:09:30Z", "old": "2026-01-01T00:05:00Z",
            "leaving": "2026-01-01T00:09:30Z", "gone": "2026-01-01T00:09:30Z",
        });
        let pods = [
            pod("fresh", true, false),
            pod("old", true, false),
            pod("leaving", true, true),
            pod("other", true, false),
            pod("unready", false, false),
        ];
        let status = budget(with).status.expect("a status");
        let found = disrupted(&status, pods.iter(), now());
        assert_eq!(found.waiting.keys().collect::<Vec<_>>(), ["fresh"]);
        assert_eq!(found.forgotten, ["old"]);
        assert_eq!(found.recheck, Some(Duration::from_secs(90)));
        // Old, which nobody deleted, and other.
        assert_eq!(healthy(pods.iter(), &found), 2);
    }

    #[test]
    fn times_of_conditions_move_with_their_status() {
        let mut with = empty();
        with["conditions"] = json!([
            { "type": "Other", "status": "True", "reason": "R", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z" },
            { "type": "DisruptionAllowed", "status": "False", "reason": "InsufficientPods", "message": "",
              "lastTransitionTime": "2026-01-01T00:00:00Z" },
        ]);
        let failed = failed(&budget(with.clone()), "why", now());
        let conditions = failed.conditions.expect("conditions");
        assert_eq!((conditions.len(), conditions[1].reason.as_str()), (2, "SyncFailed"));
        assert_eq!(conditions[1].message, "why");
        assert_ne!(conditions[1].last_transition_time.0, now());
        let demand = Demand { expected: 1, healthy: 0 };
        let status = status(&budget(with), demand, 1, &Disrupted::default(), now());
        assert_eq!(status.conditions.expect("conditions")[1].last_transition_time.0, now());
    }
}
