//! Programs and ports.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

/// A TCP port of the loopback address that is free now.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("find a free port")?;
    match listener.local_addr()?.port() {
        0 => bail!("the kernel gave no port"),
        port => Ok(port),
    }
}
