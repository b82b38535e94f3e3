//! `cargo xtask test`: every test, in stages with a budget each. CI runs the same.

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::lint;
use crate::setup::{self, For};
use crate::shell::{cargo, show, target};
use crate::vm;

#[derive(Args)]
pub(crate) struct Options {
    /// Only these stages, in their order.
    #[arg(value_enum)]
    stages: Vec<Stage>,
}

/// A stage of the test run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Stage {
    /// Install what is missing.
    Setup,
    /// Compile everything.
    Build,
    /// Format, clippy, licences.
    Lint,
    /// Unit and crate tests.
    Unit,
    /// The real binary in clusters of its own.
    System,
    /// The same on Debian's kernel, in a virtual machine.
    Vm,
}

/// Every stage with the minutes it may take, cold, on two cores.
const PLAN: &[(Stage, u64)] = &[
    (Stage::Setup, 6),
    (Stage::Build, 12),
    (Stage::Lint, 6),
    (Stage::Unit, 6),
    (Stage::System, 12),
    (Stage::Vm, 8),
];

/// Runs the stages asked for, or all; prints what each took next to its budget.
#[allow(clippy::disallowed_methods)] // Stages are shown with their time.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut report = Vec::new();
    for (stage, budget_min) in PLAN {
        let wanted = match options.stages.as_slice() {
            [] => true,
            stages => stages.contains(stage),
        };
        if !wanted {
            continue;
        }
        println!("== {stage:?} (budget {budget_min} min)");
        let start = std::time::Instant::now();
        let result = step(*stage).with_context(|| format!("stage {stage:?}"));
        let took_s = start.elapsed().as_secs();
        let over = if took_s > budget_min * 60 { "  OVER BUDGET" } else { "" };
        report.push(format!(
            "{:<8} {:>3} min {:02} s of {budget_min} min{over}",
            format!("{stage:?}"),
            took_s / 60,
            took_s % 60
        ));
        if let Err(error) = result {
            println!("{}", report.join("\n"));
            return Err(error);
        }
    }
    println!("{}", report.join("\n"));
    Ok(())
}

fn step(stage: Stage) -> Result<()> {
    match stage {
        Stage::Setup => setup::run(&setup::Options { what: vec![For::Build, For::Test] }),
        Stage::Build => show(&mut cargo(&["build", "--workspace", "--all-targets"])),
        Stage::Lint => lint::run(),
        Stage::Unit => show(&mut cargo(&[
            "nextest",
            "run",
            "--workspace",
            "--exclude",
            "mizzen-tests",
            "--no-fail-fast",
        ])),
        Stage::System => {
            let mut command = cargo(&["test", "--package", "mizzen-tests", "--test", "system"]);
            command.env("MIZZEN_BIN", target().join("debug/mizzen"));
            show(&mut command)
        }
        Stage::Vm => vm::run(),
    }
}
