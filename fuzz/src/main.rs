//! `mizzen-fuzz [TARGET] [--time 10m] [--seed N]`: what `cargo xtask soak fuzz` runs.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use mizzen_fuzz::run::{Plan, run};
use mizzen_fuzz::{all, find};

#[derive(Parser)]
#[command(about = "Feeds parsers with what nobody would send.")]
struct Arguments {
    /// Only this target
    target: Option<String>,
    /// How long, over all targets
    #[arg(long, default_value = "10m", value_parser = duration)]
    time: Duration,
    /// Where chance starts [default: another each time]
    #[arg(long)]
    seed: Option<u64>,
    /// Where findings are kept
    #[arg(long, default_value = "target/fuzz")]
    folder: PathBuf,
}

fn duration(text: &str) -> Result<Duration> {
    let signed: jiff::SignedDuration =
        text.parse().with_context(|| format!("{text:?} is not a duration, as 90s or 10m"))?;
    Duration::try_from(signed).with_context(|| format!("{text:?} is negative"))
}

#[expect(clippy::disallowed_methods, reason = "each soak starts elsewhere")]
fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let targets = match &arguments.target {
        Some(name) => vec![find(name).with_context(|| {
            let names: Vec<&str> = all().iter().map(|target| target.name).collect();
            format!("no target {name:?}: there are {}", names.join(", "))
        })?],
        None => all(),
    };
    let seed = arguments.seed.unwrap_or_else(|| jiff::Timestamp::now().as_microsecond().cast_unsigned());
    let time = arguments.time / u32::try_from(targets.len()).unwrap_or(1);
    for target in targets {
        let plan = Plan { seed, time, folder: Some(arguments.folder.clone()) };
        let count = run(&target, &plan)?;
        println!("{:<24} {count:>10} inputs from seed {seed}", target.name);
    }
    Ok(())
}
