//! Removes unused images when their disk fills up, oldest use first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use k8s_cri::v1;
use mizzen_clock::Env;
use tracing::{info, warn};

use crate::config::Config;
use crate::cri::{Cri, CriError};
use crate::node::disk;

#[derive(Debug, Clone, Copy)]
struct Seen {
    first: Timestamp,
    used: Timestamp,
}

/// Remembers when images were first seen and last used.
pub(crate) struct ImageGc {
    cri: Cri,
    env: Env,
    seen: Mutex<BTreeMap<String, Seen>>,
}

/// An image that may go.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    id: String,
    size: u64,
    used: Timestamp,
    first: Timestamp,
}

/// The images to remove so that `wanted` bytes become free: those unused the longest first, none younger than `age_min`.
fn choose(mut candidates: Vec<Candidate>, wanted: u64, now: Timestamp, age_min: Duration) -> Vec<Candidate> {
    candidates.sort_by(|a, b| (a.used, a.first, &a.id).cmp(&(b.used, b.first, &b.id)));
    let age_min = SignedDuration::try_from(age_min).unwrap_or(SignedDuration::MAX);
    let mut free = 0u64;
    let mut chosen = Vec::new();
    for candidate in candidates {
        if free >= wanted {
            break;
        }
        if now.duration_since(candidate.first) < age_min {
            continue;
        }
        free = free.saturating_add(candidate.size);
        chosen.push(candidate);
    }
    chosen
}

impl ImageGc {
    pub(crate) fn new(cri: Cri, env: Env) -> Self {
        Self { cri, env, seen: Mutex::default() }
    }

    /// Notes which images are there and in use, and gives those that are not.
    async fn unused(&self) -> Result<Vec<Candidate>, CriError> {
        let images = self.cri.list_images().await?;
        let containers = self.cri.list_containers(None).await?;
        let mut in_use = BTreeSet::new();
        for container in &containers {
            in_use.insert(container.image_ref.as_str());
            in_use.insert(container.image_id.as_str());
            in_use.extend(container.image.as_ref().map(|image| image.image.as_str()));
        }
        let is_used = |image: &v1::Image| {
            let names = image.repo_tags.iter().chain(&image.repo_digests).chain(std::iter::once(&image.id));
            names.into_iter().any(|name| in_use.contains(name.as_str()))
        };
        let now = self.env.now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|id, _| images.iter().any(|image| image.id == *id));
        let mut candidates = Vec::new();
        for image in &images {
            let entry =
                seen.entry(image.id.clone()).or_insert(Seen { first: now, used: Timestamp::UNIX_EPOCH });
            if is_used(image) {
                entry.used = now;
            } else if !image.pinned {
                let (used, first) = (entry.used, entry.first);
                candidates.push(Candidate { id: image.id.clone(), size: image.size, used, first });
            }
        }
        Ok(candidates)
    }

    /// Removes images until `wanted` bytes are free; gives how many became so.
    pub(crate) async fn free(&self, wanted: u64, age_min: Duration) -> Result<u64, CriError> {
        let candidates = self.unused().await?;
        let mut freed = 0u64;
        for image in choose(candidates, wanted, self.env.now(), age_min) {
            match self.cri.remove_image(&image.id).await {
                Ok(()) => {
                    info!(image = image.id, size = image.size, "An unused image is removed.");
                    freed = freed.saturating_add(image.size);
                }
                Err(error) => warn!(image = image.id, %error, "An unused image could not be removed."),
            }
        }
        Ok(freed)
    }

    /// Where images are.
    pub(crate) async fn disk(&self) -> Option<disk::Disk> {
        let answer = self.cri.image_fs_info().await.ok()?;
        let place = answer.image_filesystems.first()?.fs_id.as_ref()?.mountpoint.clone();
        disk::read(std::path::Path::new(&place))
    }

    /// One round: above the high threshold, down to the low one.
    pub(crate) async fn round(&self, config: &Config) -> Result<(), CriError> {
        if config.image_gc_high_threshold_percent >= 100 {
            return Ok(());
        }
        let Some(disk) = self.disk().await else { return self.unused().await.map(drop) };
        let used = disk.capacity.saturating_sub(disk.available);
        let percent = |of: u8| disk.capacity / 100 * u64::from(of);
        if used < percent(config.image_gc_high_threshold_percent) {
            return self.unused().await.map(drop);
        }
        let wanted = used.saturating_sub(percent(config.image_gc_low_threshold_percent));
        let freed = self.free(wanted, config.image_minimum_gc_age).await?;
        if freed < wanted {
            warn!(wanted, freed, "Images take up too much of the disk, and too few of them are unused.");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oldest_use_goes_first() {
        let at = |second| Timestamp::from_second(second).expect("in range");
        let image = |id: &str, used, first| Candidate {
            id: id.to_owned(),
            size: 10,
            used: at(used),
            first: at(first),
        };
        let all = vec![image("new", 0, 990), image("b", 500, 0), image("a", 100, 0)];
        let check = |wanted, expect: &[&str]| {
            let got = choose(all.clone(), wanted, at(1000), Duration::from_secs(120));
            assert_eq!(got.iter().map(|image| image.id.as_str()).collect::<Vec<_>>(), expect);
        };
        check(0, &[]);
        check(5, &["a"]);
        check(11, &["a", "b"]);
        check(100, &["a", "b"]);
    }
}
