//! How use of resources becomes a score: strategies and the resources that they look at.

use serde::{Deserialize, Serialize};

use crate::framework::SCORE_MAX;
use crate::resources::{Requests, Resources};
use crate::snapshot::Node;
use mizzen_component::ConfigError as Error;

/// The scale on which shapes are written.
const SHAPE_SCORE_MAX: i64 = 10;

/// `scoringStrategy`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct StrategyConfig {
    #[serde(rename = "type")]
    kind: Option<String>,
    resources: Vec<ResourceConfig>,
    requested_to_capacity_ratio: Option<RatioConfig>,
}

/// A resource and how much it counts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ResourceConfig {
    pub(crate) name: String,
    pub(crate) weight: Option<i64>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct RatioConfig {
    shape: Vec<PointConfig>,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default)]
struct PointConfig {
    utilization: i64,
    score: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Strategy {
    LeastAllocated,
    MostAllocated,
    /// Points of use in percent and score, between which lines are drawn.
    Ratio(Vec<(i64, i64)>),
}

/// A strategy over resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scoring {
    strategy: Strategy,
    resources: Vec<(String, i64)>,
}

/// Resources by name and weight: processor and memory alike when none are given.
pub(crate) fn resources(given: &[ResourceConfig], field: &str) -> Result<Vec<(String, i64)>, Error> {
    if given.is_empty() {
        return Ok(vec![("cpu".to_owned(), 1), ("memory".to_owned(), 1)]);
    }
    let mut all = Vec::<(String, i64)>::new();
    for (at, ResourceConfig { name, weight }) in given.iter().enumerate() {
        let weight = weight.unwrap_or(1);
        if !(1..=100).contains(&weight) {
            let message =
                format!("Invalid value: {weight}: resource weight of {name} not in valid range [1, 100]");
            return Err(Error::field(format!("{field}[{at}].weight"), message));
        }
        if name.is_empty() {
            return Err(Error::field(format!("{field}[{at}].name"), "Required value"));
        }
        if all.iter().any(|(own, _)| own == name) {
            return Err(Error::field(format!("{field}[{at}].name"), format!("Duplicate value: {name:?}")));
        }
        all.push((name.clone(), weight));
    }
    Ok(all)
}

impl Scoring {
    pub(crate) fn new(config: &StrategyConfig) -> Result<Self, Error> {
        let strategy = match config.kind.as_deref() {
            None | Some("" | "LeastAllocated") => Strategy::LeastAllocated,
            Some("MostAllocated") => Strategy::MostAllocated,
            Some("RequestedToCapacityRatio") => Strategy::Ratio(shape(config)?),
            Some(other) => {
                let message = format!(
                    "Unsupported value: {other:?}: supported values: \"LeastAllocated\", \"MostAllocated\", \
                     \"RequestedToCapacityRatio\""
                );
                return Err(Error::field("scoringStrategy.type", message));
            }
        };
        Ok(Self { strategy, resources: resources(&config.resources, "scoringStrategy.resources")? })
    }

    /// How good a node is for a pod that asks for so much, 0 to [`SCORE_MAX`].
    pub(crate) fn score(&self, wanted: &Requests, node: &Node) -> i64 {
        let (mut sum, mut weights) = (0, 0);
        for (name, weight) in &self.resources {
            let Some((taken, have)) = used(name, wanted, node) else { continue };
            let score = self.strategy.score(taken, have);
            // Of a ratio, what scores nothing does not count.
            if score == 0 && matches!(self.strategy, Strategy::Ratio(_)) {
                continue;
            }
            sum += score * weight;
            weights += weight;
        }
        match (weights, &self.strategy) {
            (0, _) => 0,
            // Rounded to the nearest, as all scores are positive.
            (weights, Strategy::Ratio(_)) => (2 * sum + weights) / (2 * weights),
            (weights, _) => sum / weights,
        }
    }
}

/// What would be taken of a resource, and what there is; `None` where the node has none of it, or the pod does not ask
/// for what is not processor or memory.
fn used(name: &str, wanted: &Requests, node: &Node) -> Option<(i64, i64)> {
    let (have, taken, asked) = match name {
        "cpu" | "memory" => (
            amount(&node.allocatable, name),
            amount(&node.requested.nonzero, name),
            amount(&wanted.nonzero, name),
        ),
        _ => (
            amount(&node.allocatable, name),
            amount(&node.requested.exact, name),
            Some(amount(&wanted.exact, name)).filter(|asked| *asked > 0)?,
        ),
    };
    (have > 0).then(|| (taken.saturating_add(asked), have))
}

/// The amount of a resource by its name.
pub(crate) fn amount(of: &Resources, name: &str) -> i64 {
    match name {
        "cpu" => of.cpu_milli,
        "memory" => of.memory,
        "ephemeral-storage" => of.ephemeral_storage,
        other => of.others.get(other).copied().unwrap_or(0),
    }
}

/// `part` of `whole`, in [`SCORE_MAX`]ths.
fn share(part: i64, whole: i64) -> i64 {
    i64::try_from(i128::from(part) * i128::from(SCORE_MAX) / i128::from(whole.max(1))).unwrap_or(0)
}

impl Strategy {
    fn score(&self, taken: i64, have: i64) -> i64 {
        match self {
            Self::LeastAllocated if taken > have => 0,
            Self::LeastAllocated => share(have - taken, have),
            Self::MostAllocated => share(taken.min(have), have),
            Self::Ratio(shape) => line(shape, share(taken.min(have), have)),
        }
    }
}

/// The height of a broken line at `x`; it goes on level before its first point and after its last.
fn line(points: &[(i64, i64)], x: i64) -> i64 {
    let Some(at) = points.iter().position(|(utilization, _)| x <= *utilization) else {
        return points.last().map_or(0, |(_, score)| *score);
    };
    let (to, high) = points[at];
    match at.checked_sub(1).map(|before| points[before]) {
        Some((from, low)) => low + (high - low) * (x - from) / (to - from),
        None => high,
    }
}

fn shape(config: &StrategyConfig) -> Result<Vec<(i64, i64)>, Error> {
    const FIELD: &str = "scoringStrategy.requestedToCapacityRatio.shape";
    let points = config.requested_to_capacity_ratio.as_ref().map(|ratio| ratio.shape.as_slice());
    let points = points.unwrap_or_default();
    if points.is_empty() {
        return Err(Error::field(FIELD, "Required value: at least one point must be specified"));
    }
    let mut shape = Vec::<(i64, i64)>::new();
    for (at, PointConfig { utilization, score }) in points.iter().copied().enumerate() {
        let invalid = |name: &str, value: i64, why: &str| {
            Error::field(format!("{FIELD}[{at}].{name}"), format!("Invalid value: {value}: {why}"))
        };
        if !(0..=100).contains(&utilization) {
            return Err(invalid("utilization", utilization, "not in valid range [0, 100]"));
        }
        if !(0..=SHAPE_SCORE_MAX).contains(&score) {
            return Err(invalid("score", score, "not in valid range [0, 10]"));
        }
        if shape.last().is_some_and(|(before, _)| *before >= utilization) {
            return Err(invalid(
                "utilization",
                utilization,
                "utilization values must be sorted in increasing order",
            ));
        }
        shape.push((utilization, score * (SCORE_MAX / SHAPE_SCORE_MAX)));
    }
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn strategies() {
        let check = |config: serde_json::Value, taken: i64, expect: i64| {
            let config: StrategyConfig = serde_json::from_value(config).expect("a strategy");
            assert_eq!(
                Scoring::new(&config).expect("valid").strategy.score(taken, 1000),
                expect,
                "{config:?}"
            );
        };
        check(json!({}), 250, 75);
        check(json!({}), 1001, 0);
        check(json!({"type": "MostAllocated"}), 250, 25);
        check(json!({"type": "MostAllocated"}), 1001, 100);
        let ratio = json!({"type": "RequestedToCapacityRatio", "requestedToCapacityRatio": {"shape": [
            {"utilization": 20, "score": 0}, {"utilization": 80, "score": 10},
        ]}});
        check(ratio.clone(), 100, 0);
        check(ratio.clone(), 500, 50);
        check(ratio, 900, 100);
        assert_eq!(Strategy::LeastAllocated.score(0, i64::MAX), 100);
    }

    #[test]
    fn shapes_are_checked() {
        let check = |shape: serde_json::Value, expect: &str| {
            let config =
                json!({"type": "RequestedToCapacityRatio", "requestedToCapacityRatio": {"shape": shape}});
            let config: StrategyConfig = serde_json::from_value(config).expect("a strategy");
            let error = Scoring::new(&config).expect_err("invalid").to_string();
            assert!(error.ends_with(expect), "{error}");
        };
        check(json!([]), "at least one point must be specified");
        check(json!([{"utilization": 101, "score": 1}]), "not in valid range [0, 100]");
        check(json!([{"utilization": 1, "score": 11}]), "not in valid range [0, 10]");
        check(
            json!([{"utilization": 5, "score": 1}, {"utilization": 5, "score": 2}]),
            "utilization values must be sorted in increasing order",
        );
    }
}
