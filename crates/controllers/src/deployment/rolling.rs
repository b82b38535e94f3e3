//! The rolling update: new pods come within the surge, old ones go as far as enough stay available.

use k8s_openapi::api::apps::v1::DeploymentSpec;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use mizzen_client::Error;

use super::revision::max_replicas;
use super::{Controller, Rollout, Set, available, replicas};
use crate::context::Reconcile;

/// A number, or a percentage of `total`.
fn resolve(value: Option<&IntOrString>, total: i32, round_up: bool) -> i32 {
    match value {
        Some(IntOrString::Int(number)) => (*number).max(0),
        Some(IntOrString::String(text)) => {
            let percent = text.trim_end_matches('%').parse::<i64>().unwrap_or(0).max(0);
            let product = percent * i64::from(total);
            let share = if round_up { (product + 99) / 100 } else { product / 100 };
            i32::try_from(share).unwrap_or(i32::MAX)
        }
        None => 0,
    }
}

/// How many pods there may be too many, and how many too few, while rolling. Never both zero: nothing could move.
pub(super) fn surge_and_unavailable(spec: &DeploymentSpec) -> (i32, i32) {
    let wanted = spec.replicas.unwrap_or(1);
    let rolling = spec.strategy.as_ref().and_then(|strategy| strategy.rolling_update.as_ref());
    let surge = resolve(rolling.and_then(|rolling| rolling.max_surge.as_ref()), wanted, true);
    let unavailable = resolve(rolling.and_then(|rolling| rolling.max_unavailable.as_ref()), wanted, false);
    match (surge, unavailable) {
        (0, 0) => (0, 1),
        (surge, unavailable) => (surge, unavailable.min(wanted)),
    }
}

impl Controller {
    pub(super) async fn rolling_update(&self, rollout: &mut Rollout) -> Reconcile {
        let new = self.find_or_make_new(rollout, true).await?;
        if let Some(new) = &new {
            if self.scale_new(rollout, new).await? {
                return self.update_status(rollout, rollout.find(&new.uid).as_ref()).await;
            }
            if self.scale_old(rollout, new).await? {
                return self.update_status(rollout, Some(new)).await;
            }
        }
        if rollout.is_complete(&self.counts(rollout, new.as_ref())) {
            self.clean_up(rollout, new.as_ref()).await?;
        }
        self.update_status(rollout, new.as_ref()).await
    }

    /// How many pods the newest set is to have now.
    pub(super) fn replicas_of_new(&self, rollout: &Rollout, new: Option<&Set>) -> i32 {
        let wanted = rollout.wanted();
        if rollout.strategy() == "Recreate" {
            return wanted;
        }
        let own = new.map_or(0, |set| replicas(set));
        let all: i32 = rollout.sets.iter().map(|set| replicas(set)).sum();
        let room = max_replicas(rollout).saturating_sub(all).max(0);
        own.saturating_add(room).min(wanted).max(own.min(wanted))
    }

    async fn scale_new(&self, rollout: &mut Rollout, new: &Set) -> Result<bool, Error> {
        let count = if replicas(new) > rollout.wanted() {
            rollout.wanted()
        } else {
            self.replicas_of_new(rollout, Some(new))
        };
        let before = replicas(new);
        let scaled = self.scale_set(rollout, new, count).await?;
        rollout.replace(scaled);
        Ok(before != count)
    }

    /// Takes old pods away: first those that are not available anyway, then as many as can be spared.
    async fn scale_old(&self, rollout: &mut Rollout, new: &Set) -> Result<bool, Error> {
        let (_, unavailable) = surge_and_unavailable(&rollout.spec);
        let minimum = rollout.wanted() - unavailable;
        let new_unavailable = replicas(new) - available(new);
        let all: i32 = rollout.sets.iter().map(|set| replicas(set)).sum();
        let mut spare = all - minimum - new_unavailable;
        if spare <= 0 {
            return Ok(false);
        }
        let mut scaled = false;
        for set in rollout.old(Some(new)) {
            let sick = (replicas(&set) - available(&set)).clamp(0, spare);
            if sick > 0 {
                let less = self.scale_set(rollout, &set, replicas(&set) - sick).await?;
                rollout.replace(less);
                spare -= sick;
                scaled = true;
            }
        }
        let ready: i32 = rollout.sets.iter().map(|set| available(set).min(replicas(set))).sum();
        let mut spare = ready - minimum;
        for set in rollout.old(Some(new)) {
            let less = replicas(&set).min(spare).max(0);
            if less > 0 {
                let smaller = self.scale_set(rollout, &set, replicas(&set) - less).await?;
                rollout.replace(smaller);
                spare -= less;
                scaled = true;
            }
        }
        Ok(scaled)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn percentages_round_towards_progress() {
        let check =
            |replicas: i32, surge: serde_json::Value, unavailable: serde_json::Value, expect: (i32, i32)| {
                let spec: DeploymentSpec = serde_json::from_value(json!({
                    "replicas": replicas,
                    "selector": {},
                    "template": {},
                    "strategy": {"rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}},
                }))
                .expect("a spec");
                assert_eq!(surge_and_unavailable(&spec), expect);
            };
        check(3, json!("25%"), json!("25%"), (1, 0));
        check(10, json!("25%"), json!("25%"), (3, 2));
        check(5, json!(0), json!(0), (0, 1));
        check(2, json!(1), json!(7), (1, 2));
        check(1, json!("0%"), json!("1%"), (0, 1));
    }
}
