//! Runs a target on inputs for a while, and keeps what it fails on.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::Target;
use crate::mutate::{Chance, input};

/// Inputs of one seed: few enough that a run can be told again by it.
const BATCH: usize = 500;
/// Longest time for one input, in a build that is not optimised.
const INPUT_TIME_MAX: Duration = Duration::from_secs(10);

/// How long, from which seed on, and where findings go.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The first batch's seed; others follow by one.
    pub seed: u64,
    /// No batch starts after this time; one always runs.
    pub time: Duration,
    /// Where the running batch's seed and failing inputs are written; `None`: nowhere.
    pub folder: Option<PathBuf>,
}

/// Runs a target; the number of inputs, or what failed with the seed that makes it again.
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is measured")]
pub fn run(target: &Target, plan: &Plan) -> Result<usize> {
    let corpus = (target.corpus)();
    for bytes in &corpus {
        once(target, bytes, plan).with_context(|| format!("target {}, the corpus itself", target.name))?;
    }
    let start = Instant::now();
    let mut seed = plan.seed;
    let mut count = corpus.len();
    loop {
        // An input that ends the process leaves this behind.
        if let Some(folder) = &plan.folder {
            keep(folder, &format!("{}.seed", target.name), seed.to_string().as_bytes())?;
        }
        let mut chance = Chance::new(seed);
        for _ in 0..BATCH {
            let bytes = input(&mut chance, &corpus, target.words);
            once(target, &bytes, plan)
                .with_context(|| format!("target {}, again with --seed {seed}", target.name))?;
            count += 1;
        }
        if start.elapsed() >= plan.time {
            return Ok(count);
        }
        seed = seed.wrapping_add(1);
    }
}

#[expect(clippy::disallowed_methods, reason = "how long it takes is what is measured")]
fn once(target: &Target, bytes: &[u8], plan: &Plan) -> Result<()> {
    let start = Instant::now();
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| (target.run)(bytes)));
    let took = start.elapsed();
    let why = match outcome {
        Ok(()) if took <= INPUT_TIME_MAX => return Ok(()),
        Ok(()) => format!("took {took:?}"),
        Err(_) => "panicked".to_owned(),
    };
    let kept = match &plan.folder {
        Some(folder) => keep(folder, &format!("{}.input", target.name), bytes)?.display().to_string(),
        None => format!("{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(2000)])),
    };
    bail!("{why} on {kept}")
}

fn keep(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).context("make the folder of findings")?;
    let path = folder.join(name);
    std::fs::write(&path, bytes).with_context(|| format!("write {}", path.display()))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A moment for each; the soak has the hours.
    fn briefly(name: &str) {
        let target = crate::find(name).expect("a target");
        let plan = Plan { seed: 1, time: Duration::from_millis(500), folder: None };
        if let Err(error) = run(&target, &plan) {
            panic!("{error:#}");
        }
    }

    macro_rules! targets {
        ($($name:ident)*) => {
            $(
                #[test]
                fn $name() {
                    briefly(stringify!($name));
                }
            )*

            #[test]
            fn every_target_has_a_test() {
                let named = [$(stringify!($name)),*];
                assert_eq!(crate::all().iter().map(|target| target.name).collect::<Vec<_>>(), named);
            }
        };
    }

    targets! {
        json yaml cbor protobuf
        json_patch merge_patch strategic_merge_patch apply quantity label_selector field_selector name
        request_path list_query continue_token accept
        log_line image_reference image_manifest image_config layer_tar dns_message
    }
}
