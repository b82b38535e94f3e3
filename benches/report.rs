//! Results: what a suite returns, its table and its file.

use std::path::PathBuf;

use anyhow::Context;
use serde::Serialize;

/// One measurement.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// What the machine could do at best, in the same unit, measured in the same run.
    pub(crate) bound: Option<f64>,
    /// How near the value comes to the bound: 1 is the bound itself, more is better.
    pub(crate) ratio: Option<f64>,
    /// The ratio that is promised.
    pub(crate) goal: Option<f64>,
    pub(crate) met: Option<bool>,
}

impl Entry {
    /// More is better.
    pub(crate) fn rate(name: impl Into<String>, value: f64, unit: &'static str, bound: f64) -> Self {
        let ratio = Some(value / bound);
        Self { name: name.into(), value, unit, bound: Some(bound), ratio, goal: None, met: None }
    }

    /// Less is better.
    pub(crate) fn cost(name: impl Into<String>, value: f64, unit: &'static str, bound: f64) -> Self {
        let ratio = Some(bound / value);
        Self { name: name.into(), value, unit, bound: Some(bound), ratio, goal: None, met: None }
    }

    /// Promises a ratio.
    pub(crate) fn goal(mut self, ratio: f64) -> Self {
        self.goal = Some(ratio);
        self.met = self.ratio.map(|reached| reached >= ratio);
        self
    }
}

/// Where results and scratch data go.
pub(crate) fn directory() -> anyhow::Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let directory = target.join("bench");
    std::fs::create_dir_all(&directory)
        .with_context(|| format!("failed to create {}", directory.display()))?;
    Ok(directory)
}

/// Prints the table.
pub(crate) fn print(entries: &[Entry]) {
    let width = entries.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    println!(
        "{:width$}  {:>12}  {:>12}  {:8}  {:>6}  {:>6}",
        "measured", "value", "bound", "unit", "ratio", "goal"
    );
    for entry in entries {
        let optional = |number: Option<f64>| number.map_or("-".to_owned(), |number| format!("{number:.2}"));
        let bound = entry.bound.map_or("-".to_owned(), shown);
        let met = entry.met.map_or("", |met| if met { "met" } else { "missed" });
        println!(
            "{:width$}  {:>12}  {:>12}  {:8}  {:>6}  {:>6}  {met}",
            entry.name,
            shown(entry.value),
            bound,
            entry.unit,
            optional(entry.ratio),
            optional(entry.goal),
        );
    }
}

/// Three digits that count.
fn shown(number: f64) -> String {
    match number.abs() {
        100.0.. => format!("{number:.0}"),
        10.0.. => format!("{number:.1}"),
        _ => format!("{number:.3}"),
    }
}

/// Writes `target/bench/SUITE.json`.
pub(crate) fn write(suite: &str, entries: &[Entry]) -> anyhow::Result<()> {
    let path = directory()?.join(format!("{suite}.json"));
    let text = serde_json::to_string_pretty(entries)?;
    std::fs::write(&path, text + "\n").with_context(|| format!("failed to write {}", path.display()))
}
