//! Suite `up`: how soon a cluster is there, what it uses at rest, how soon it is gone.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use mizzen_testkit::{mizzen, run as run_program};

use crate::cluster::Cluster;
use crate::measure::{cpu_time, median, milliseconds, now, processes_of, pss, threads};
use crate::report::Entry;

const MIB: f64 = (1 << 20) as f64;

/// Runs the suite.
pub(crate) fn run(quick: bool) -> Result<Vec<Entry>> {
    let rounds = if quick { 3 } else { 9 };
    let bound = median((0..20).map(|_| fork_exec()).collect::<Result<_>>()?);
    let mut entries = started(rounds, bound)?;
    let in_memory: Vec<f64> =
        (0..rounds).map(|_| Ok(milliseconds(Cluster::up(true)?.took))).collect::<Result<_>>()?;
    entries.push(Entry::cost("up --memory, to ready", median(in_memory), "ms", bound));
    entries.extend(at_rest(quick)?);
    let size = std::fs::metadata(mizzen()?)?.len() as f64 / MIB;
    entries.push(Entry::plain("size of the executable", size, "MiB"));
    Ok(entries)
}

/// Milliseconds to start the executable and see it end: nothing that it does can take less.
fn fork_exec() -> Result<f64> {
    let start = now();
    run_program(Command::new(mizzen()?).arg("--version"))?;
    Ok(milliseconds(start.elapsed()))
}

/// Cold starts to Ready, by phase; and taking it down.
fn started(rounds: usize, bound: f64) -> Result<Vec<Entry>> {
    let (mut up, mut down, mut phases) = (Vec::new(), Vec::new(), BTreeMap::<String, Vec<f64>>::new());
    let mut order = Vec::new();
    for _ in 0..rounds {
        let cluster = Cluster::up(false)?;
        up.push(milliseconds(cluster.took));
        for (phase, seconds) in &cluster.phases {
            if !order.contains(phase) {
                order.push(phase.clone());
            }
            phases.entry(phase.clone()).or_default().push(seconds * 1e3);
        }
        down.push(milliseconds(cluster.down()?));
    }
    let mut entries = vec![Entry::cost("up, cold, to node Ready", median(up), "ms", bound).at_most(1000.0)];
    for phase in order.iter().filter(|phase| *phase != "in all") {
        let times = phases.remove(phase).unwrap_or_default();
        entries.push(Entry::plain(format!("  of it: {phase}"), median(times), "ms"));
    }
    entries.push(Entry::cost("down", median(down), "ms", bound));
    Ok(entries)
}

/// A single-node cluster that nobody asks for anything.
fn at_rest(quick: bool) -> Result<Vec<Entry>> {
    let cluster = Cluster::up(false)?;
    std::thread::sleep(Duration::from_secs(20));
    let processes = processes_of(&cluster.data())?;
    let watched = Duration::from_secs(if quick { 5 } else { 20 });
    let spent = |pids: &[u32]| pids.iter().map(|pid| cpu_time(*pid)).sum::<Result<Duration>>();
    let before = spent(&processes)?;
    std::thread::sleep(watched);
    let spent = spent(&processes)?.saturating_sub(before);
    let memory = processes.iter().map(|pid| pss(*pid)).sum::<Result<usize>>()?;
    let threads = processes.iter().map(|pid| threads(*pid)).sum::<Result<usize>>()?;
    let percent = 100.0 * spent.as_secs_f64() / watched.as_secs_f64();
    Ok(vec![
        Entry::plain("memory at rest, all processes (PSS)", memory as f64 / MIB, "MiB").at_most(64.0),
        Entry::plain("processor at rest, of one core", percent, "%"),
        Entry::plain("processes at rest", processes.len() as f64, ""),
        Entry::plain("threads at rest", threads as f64, ""),
    ])
}
