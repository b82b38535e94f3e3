//! Processes that outlive the command that started them: recorded with their start time, so that a number that the
//! kernel gave away again is never mistaken for one of ours.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use mizzen_kernel::process as kernel;
use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

use super::layout::{Layout, write_private};

/// A process that was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Process {
    /// Its number.
    pub(crate) pid: i32,
    /// When it started, in clock ticks since boot.
    pub(crate) start_time: u64,
}

impl Process {
    /// The running process with this number.
    pub(crate) fn of(pid: i32) -> Option<Self> {
        kernel::start_time(pid).map(|start_time| Self { pid, start_time })
    }

    /// Whether it still runs. One that has ended and waits to be collected does not.
    pub(crate) fn is_alive(&self) -> bool {
        let state = fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        let ended = state.rsplit(") ").next().is_some_and(|rest| rest.starts_with(['Z', 'X']));
        !ended && kernel::start_time(self.pid) == Some(self.start_time)
    }

    /// Sends a signal; `Ok` too when it is gone.
    pub(crate) fn signal(&self, signal: Signal) -> Result<()> {
        // The descriptor holds on to the process: checked after opening, it cannot be another's.
        let Ok(handle) = kernel::open(self.pid) else { return Ok(()) };
        if self.is_alive() {
            use std::os::fd::AsFd as _;
            kernel::kill(handle.as_fd(), signal as i32)
                .with_context(|| format!("signal process {}", self.pid))?;
        }
        Ok(())
    }

    /// Waits until it has ended, for at most `patience`; whether it has.
    pub(crate) fn wait(&self, patience: Duration) -> bool {
        let step = Duration::from_millis(10);
        let steps = patience.as_millis() / step.as_millis();
        for _ in 0..steps {
            if !self.is_alive() {
                return true;
            }
            std::thread::sleep(step);
        }
        !self.is_alive()
    }

    /// Asks it to end, then makes it.
    pub(crate) fn end(&self, patience: Duration) -> Result<()> {
        self.signal(Signal::SIGTERM)?;
        if !self.wait(patience) {
            self.signal(Signal::SIGKILL)?;
            self.wait(Duration::from_secs(5));
        }
        Ok(())
    }
}

/// Records a process under `role`.
pub(crate) fn record(layout: &Layout, role: &str, process: Process) -> Result<()> {
    write_private(&layout.run(&format!("{role}.process")), &serde_json::to_vec(&process)?)
}

/// The recorded process of `role`, if it still runs.
pub(crate) fn running(layout: &Layout, role: &str) -> Result<Option<Process>> {
    Ok(recorded(&layout.run(&format!("{role}.process")))?.filter(Process::is_alive))
}

fn recorded(path: &Path) -> Result<Option<Process>> {
    match fs::read(path) {
        // A record cut off by a crash is no record: whatever it named is found by its cgroup.
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("read {}", path.display())),
    }
}

/// All recorded processes that still run, with their roles.
pub(crate) fn all_running(layout: &Layout) -> Result<Vec<(String, Process)>> {
    let entries = match fs::read_dir(layout.run("")) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).context("list the cluster's processes"),
    };
    let mut all = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "process")
            && let Some(process) = recorded(&path)?.filter(Process::is_alive)
        {
            let role = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            all.push((role, process));
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

/// This executable, to be started once more. One that was replaced since, as by an upgrade, is what lies at its path
/// now; Linux marks the old one.
pub(crate) fn executable() -> Result<PathBuf> {
    let own = std::env::current_exe().context("find the mizzen executable")?;
    Ok(not_replaced(&own))
}

fn not_replaced(path: &Path) -> PathBuf {
    match path.to_str().and_then(|path| path.strip_suffix(" (deleted)")) {
        Some(now) if !path.exists() => now.into(),
        _ => path.to_owned(),
    }
}

/// Starts this executable with `arguments` in the background, its output appended to a log, and records it.
pub(crate) fn start(layout: &Layout, role: &str, arguments: &[&str]) -> Result<Process> {
    let log_path = layout.log(role);
    let log = File::options()
        .create(true)
        .append(true)
        .open(&log_path)
        .with_context(|| format!("open {}", log_path.display()))?;
    let mut command = Command::new(executable()?);
    command.args(arguments).env("PATH", super::host::path());
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
    let child = command.spawn().with_context(|| format!("start {role}"))?;
    let pid = i32::try_from(child.id()).context("a process number")?;
    let process =
        Process::of(pid).with_context(|| format!("{role} ended at once; see {}", log_path.display()))?;
    record(layout, role, process)?;
    Ok(process)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_executable_is_found_at_its_path() {
        let check = |path: &str, expect: &str| assert_eq!(not_replaced(Path::new(path)), Path::new(expect));
        check("/nowhere/mizzen", "/nowhere/mizzen");
        check("/nowhere/mizzen (deleted)", "/nowhere/mizzen");
        // That is its name.
        let folder = std::env::temp_dir().join(format!("mizzen-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let odd = folder.join("mizzen (deleted)");
        fs::write(&odd, "").expect("a file");
        assert_eq!(not_replaced(&odd), odd);
        fs::remove_dir_all(&folder).expect("removed");
    }
}
