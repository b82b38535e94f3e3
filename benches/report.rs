//! Results: what a suite returns, its table and its file.

use std::fmt;
use std::path::PathBuf;

use anyhow::Context;
use serde::{Serialize, Serializer};

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
    /// What is promised: a ratio, or with [`Entry::at_most`] a value.
    pub(crate) goal: Option<Goal>,
    pub(crate) met: Option<bool>,
}

/// What is promised.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// At least this ratio to the bound.
    Ratio(f64),
    /// At most this value.
    AtMost(f64),
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ratio(ratio) => write!(f, "ratio >= {ratio}"),
            Self::AtMost(value) => write!(f, "value <= {value}"),
        }
    }
}

impl Serialize for Goal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Entry {
    /// A value on its own.
    pub(crate) fn plain(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, bound: None, ratio: None, goal: None, met: None }
    }

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
        self.goal = Some(Goal::Ratio(ratio));
        self.met = self.ratio.map(|reached| reached >= ratio);
        self
    }

    /// Promises a value.
    pub(crate) fn at_most(mut self, value: f64) -> Self {
        self.goal = Some(Goal::AtMost(value));
        self.met = Some(self.value <= value);
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
        "{:width$}  {:>12}  {:>12}  {:8}  {:>6}  {:>14}",
        "measured", "value", "bound", "unit", "ratio", "goal"
    );
    for entry in entries {
        let optional = |number: Option<f64>| number.map_or("-".to_owned(), |number| format!("{number:.2}"));
        let bound = entry.bound.map_or("-".to_owned(), shown);
        let met = entry.met.map_or("", |met| if met { "met" } else { "missed" });
        println!(
            "{:width$}  {:>12}  {:>12}  {:8}  {:>6}  {:>14}  {met}",
            entry.name,
            shown(entry.value),
            bound,
            entry.unit,
            optional(entry.ratio),
            entry.goal.map_or("-".to_owned(), |goal| goal.to_string()),
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
