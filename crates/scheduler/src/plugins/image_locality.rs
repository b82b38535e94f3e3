//! ImageLocality: nodes that have the images already are better, more so for images that many nodes have.

use std::sync::Arc;

use crate::framework::{Candidate, SCORE_MAX, Score};
use crate::snapshot::Node;

pub(crate) struct ImageLocality;

const MEBIBYTE: i64 = 1024 * 1024;
/// Below this much there is nothing to be won, for the pod.
const SIZE_MIN: i64 = 23 * MEBIBYTE;
/// Above this much, for each container, more does not count.
const SIZE_MAX: i64 = 1000 * MEBIBYTE;

/// An image's name as nodes report it: with a tag.
fn normalised(image: &str) -> String {
    let last = image.rsplit('/').next().unwrap_or(image);
    if last.contains(':') || last.contains('@') { image.to_owned() } else { format!("{image}:latest") }
}

impl Score for ImageLocality {
    fn score(&self, candidate: &Candidate<'_>, nodes: &[Arc<Node>], all: usize) -> Option<Vec<i64>> {
        let spec = &candidate.pod.spec;
        let images: Vec<String> = spec
            .init_containers
            .iter()
            .chain(&spec.containers)
            .map(|container| normalised(&container.image))
            .collect();
        let count = i64::try_from(images.len()).ok().filter(|count| *count > 0)?;
        let all = i64::try_from(all.max(1)).unwrap_or(i64::MAX);
        let spread = |image: &String| {
            let holders = nodes.iter().filter(|node| node.images.contains_key(image)).count();
            i64::try_from(holders).unwrap_or(i64::MAX)
        };
        let holders: Vec<i64> = images.iter().map(spread).collect();
        if holders.iter().all(|holders| *holders == 0) {
            return None;
        }
        let most = SIZE_MAX * count;
        let scores = nodes.iter().map(|node| {
            let sum: i64 = images
                .iter()
                .zip(&holders)
                .filter_map(|(image, holders)| Some((node.images.get(image)?, holders)))
                .map(|(size, holders)| size.saturating_mul(*holders) / all)
                .sum();
            (sum.clamp(SIZE_MIN, most) - SIZE_MIN) * SCORE_MAX / (most - SIZE_MIN)
        });
        Some(scores.collect())
    }
}
