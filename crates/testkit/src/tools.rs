//! Programs and ports.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::{io, thread};

use anyhow::{Context, Result, bail, ensure};

/// The workspace's root folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies two folders deep")
}

/// The `mizzen` executable under test: `MIZZEN_BIN`, or the one beside the running test.
pub fn mizzen() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("MIZZEN_BIN") {
        return Ok(path.into());
    }
    let me = std::env::current_exe().context("where am I")?;
    let beside = me.ancestors().map(|folder| folder.join("mizzen")).find(|path| path.is_file());
    beside.context("no mizzen executable beside the tests: build it first, or set MIZZEN_BIN")
}

/// Runs a program to its end; its standard output. A failure carries what it said.
pub fn run(command: &mut Command) -> Result<String> {
    let shown = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("run {shown}"))?;
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{shown} ended with {}\n{out}{err}", output.status);
    Ok(out.into_owned())
}

type Start = (Command, Sender<io::Result<Child>>);

static STARTER: Mutex<Option<Sender<Start>>> = Mutex::new(None);

/// Starts a command that asks to be killed with its parent (`setpriv --pdeathsig`), so that it ends with this process
/// however that ends.
///
/// The kernel takes the thread that started it for the parent, and tests' threads end before the tests do: one thread
/// that lives on starts them all.
pub fn start_bound(command: Command) -> Result<Child> {
    let starter = {
        let mut starter = STARTER.lock().unwrap_or_else(PoisonError::into_inner);
        starter.get_or_insert_with(keep_starting).clone()
    };
    let shown = format!("start {command:?}");
    let (tell, told) = channel();
    starter.send((command, tell)).ok().context("the thread that starts programs is there")?;
    told.recv().context("the thread that starts programs is there")?.context(shown)
}

fn keep_starting() -> Sender<Start> {
    let (starter, starts) = channel::<Start>();
    thread::spawn(move || {
        for (mut command, tell) in starts {
            // Who asked has given up: then nobody wants the program.
            if let Err(std::sync::mpsc::SendError(Ok(mut child))) = tell.send(command.spawn()) {
                child.kill().ok();
                child.wait().ok();
            }
        }
    });
    starter
}

/// A TCP port of the loopback address that is free now.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("find a free port")?;
    match listener.local_addr()?.port() {
        0 => bail!("the kernel gave no port"),
        port => Ok(port),
    }
}
