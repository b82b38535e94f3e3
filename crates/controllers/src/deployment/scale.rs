//! Scaling a deployment while it rolls, or while it is paused: its sets keep their proportions.

use mizzen_client::Error;

use super::revision::{DESIRED, MAX, max_replicas};
use super::{Controller, Rollout, Set, available, replicas};

fn noted(set: &Set, key: &str) -> Option<i32> {
    set.value.metadata.annotations.as_ref()?.get(key)?.parse().ok()
}

impl Controller {
    /// Whether the deployment's replicas changed since its sets were last scaled.
    pub(super) fn is_scaling(&self, rollout: &Rollout) -> bool {
        let active = rollout.sets.iter().filter(|set| replicas(set) > 0);
        active.filter_map(|set| noted(set, DESIRED)).any(|desired| desired != rollout.wanted())
    }

    /// Scales the sets to the deployment's replicas: one that is alone wholly, several in proportion.
    pub(super) async fn scale_all(&self, rollout: &mut Rollout, new: Option<&Set>) -> Result<(), Error> {
        let active: Vec<Set> = rollout.sets.iter().filter(|set| replicas(set) > 0).cloned().collect();
        let alone = match active.as_slice() {
            [] => rollout.sets.iter().max_by_key(|set| super::revision::of(&set.value.metadata)).cloned(),
            [only] => Some(only.clone()),
            _ => None,
        };
        if let Some(set) = alone {
            let scaled = self.scale_set(rollout, &set, rollout.wanted()).await?;
            rollout.replace(scaled);
            return Ok(());
        }
        // When the newest set has all it should, the old ones have nothing to do any more.
        if let Some(new) = new
            && replicas(new) == rollout.wanted()
            && available(new) == rollout.wanted()
        {
            for set in rollout.old(Some(new)).iter().filter(|set| replicas(set) > 0) {
                let scaled = self.scale_set(rollout, set, 0).await?;
                rollout.replace(scaled);
            }
            return Ok(());
        }
        if rollout.strategy() == "Recreate" {
            return Ok(());
        }
        let all: i32 = active.iter().map(|set| replicas(set)).sum();
        let allowed = if rollout.wanted() > 0 { max_replicas(rollout) } else { 0 };
        for (set, count) in active.iter().zip(shares(&active, allowed - all, allowed)) {
            let scaled = self.scale_set(rollout, set, count).await?;
            rollout.replace(scaled);
        }
        Ok(())
    }
}

/// What each set gets of `change` pods more (or less), in proportion to its size; what rounding leaves goes to the
/// largest, when growing, and comes from the largest when shrinking.
fn shares(sets: &[Set], change: i32, allowed: i32) -> Vec<i32> {
    let sizes: Vec<i32> = sets.iter().map(|set| replicas(set)).collect();
    let before: Vec<i32> = sets.iter().map(|set| noted(set, MAX).unwrap_or(0)).collect();
    divide(&sizes, &before, change, allowed)
}

fn divide(sizes: &[i32], before: &[i32], change: i32, allowed: i32) -> Vec<i32> {
    let mut result = sizes.to_vec();
    let mut left = change;
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(sizes[*at]));
    for at in &order {
        if left == 0 {
            break;
        }
        let base = match before[*at] {
            0 => sizes.iter().sum::<i32>().max(1),
            noted => noted,
        };
        // Rounded half away from zero, in whole numbers.
        let product = i64::from(sizes[*at]) * i64::from(allowed) * 2 + i64::from(base);
        let target = i32::try_from(product / (2 * i64::from(base))).unwrap_or(i32::MAX);
        let share = target - sizes[*at];
        let share = if change > 0 { share.clamp(0, left) } else { share.clamp(left, 0) };
        result[*at] += share;
        left -= share;
    }
    if let Some(first) = order.first() {
        result[*first] = (result[*first] + left).max(0);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proportions_are_kept() {
        assert_eq!(divide(&[5, 10], &[15, 15], 15, 30), [10, 20]);
        assert_eq!(divide(&[5, 10], &[15, 15], -5, 10), [3, 7]);
        assert_eq!(divide(&[1, 1, 1], &[3, 3, 3], 2, 5), [2, 2, 1]);
        assert_eq!(divide(&[4, 6], &[10, 10], -10, 0), [0, 0]);
    }
}
