//! The machine: QEMU, which emulates every instruction, so that it runs wherever this does.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use mizzen_testkit::patience;

/// What to boot.
pub(super) struct Machine<'a> {
    pub(super) kernel: &'a Path,
    pub(super) initramfs: &'a Path,
    pub(super) disk: &'a Path,
    pub(super) folder: &'a Path,
}

/// The last line of a machine whose tests ran to their end, before their exit status.
pub(super) const ENDED: &str = "MIZZEN TESTS ENDED WITH ";

/// A panic ends the machine (with `-no-reboot`), and so does a hang: nothing here waits for longer.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

const CMDLINE: &str = "console=ttyS0 panic=-1 oops=panic mitigations=off systemd.getty_auto=no loglevel=4 \
                       systemd.show_status=no";

/// How many lines of the kernel's console are shown when something went wrong.
const CONSOLE_LINES: usize = 60;

/// Ends the emulator with this value.
struct Emulator(Child);

impl Drop for Emulator {
    fn drop(&mut self) {
        // One that has ended by itself can't be killed: all is well.
        if self.0.kill().is_ok() {
            self.0.wait().ok();
        }
    }
}

/// Boots, shows what the tests say, and fails as they do.
#[allow(clippy::disallowed_methods)] // The stage is bounded in real time.
pub(super) fn run(machine: &Machine<'_>) -> Result<()> {
    let console = machine.folder.join("console.log");
    let mut emulator = start(machine, &console)?;
    let lines = BufReader::new(emulator.0.stdout.take().context("QEMU's output")?).lines();
    let (send, receive) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    let limit = patience(PATIENCE);
    let start = std::time::Instant::now();
    let mut status = None;
    let ended = loop {
        match receive.recv_timeout(limit.saturating_sub(start.elapsed())) {
            Ok(line) => {
                println!("| {}", line.trim_end());
                if let Some(code) = line.trim().strip_prefix(ENDED) {
                    status = Some(code.to_owned());
                }
            }
            Err(RecvTimeoutError::Timeout) => break false,
            Err(RecvTimeoutError::Disconnected) => break true,
        }
    };
    drop(emulator);
    reader.join().ok().context("the reader of QEMU's output panicked")?;
    match status.as_deref() {
        Some("0") => Ok(()),
        Some(code) => bail!("the tests in the virtual machine ended with {code}"),
        None => {
            let text = fs::read(&console).unwrap_or_default();
            let text = String::from_utf8_lossy(&text).replace('\r', "");
            let lines: Vec<&str> = text.lines().collect();
            println!("{}", lines[lines.len().saturating_sub(CONSOLE_LINES)..].join("\n"));
            ensure!(ended, "the virtual machine was not done after {limit:?}");
            bail!("the virtual machine ended before its tests did: see {}", console.display())
        }
    }
}

fn start(machine: &Machine<'_>, console: &Path) -> Result<Emulator> {
    // The emulator dies with this process, however that ends.
    let mut command = Command::new("setpriv");
    command.args([
        "--pdeathsig",
        "KILL",
        "qemu-system-x86_64",
        "-no-user-config",
        "-nodefaults",
        "-no-reboot",
    ]);
    command.args(["-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "max,la57=off"]);
    command.args(["-smp", "2", "-m", "2048", "-display", "none", "-nic", "none"]);
    command
        .arg("-kernel")
        .arg(machine.kernel)
        .arg("-initrd")
        .arg(machine.initramfs)
        .args(["-append", CMDLINE]);
    // Changes to the disk go to a file that has no name.
    let disk = format!("file={},format=raw,if=virtio,snapshot=on,cache=unsafe", machine.disk.display());
    command.args(["-drive", &disk, "-device", "virtio-rng-pci"]);
    command.args(["-serial", &format!("file:{}", console.display()), "-serial", "stdio"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    child.map(Emulator).context("start QEMU (Debian: qemu-system-x86)")
}
