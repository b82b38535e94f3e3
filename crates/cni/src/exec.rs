//! Running a plugin: orders by environment and standard input, the answer on standard output.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use crate::runner::CniError;
use crate::types::{PluginError, code};

/// Longest run of one plugin; then it is killed.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Longest answer.
const OUTPUT_LEN_MAX: u64 = 1 << 20;

/// What a plugin is told by its environment.
pub(crate) struct Order<'a> {
    pub(crate) command: &'a str,
    pub(crate) container_id: &'a str,
    pub(crate) netns: &'a OsStr,
    pub(crate) interface: &'a str,
    pub(crate) arguments: String,
}

impl<'a> Order<'a> {
    /// An order about no container.
    pub(crate) fn plain(command: &'a str) -> Self {
        Self { command, container_id: "", netns: OsStr::new(""), interface: "", arguments: String::new() }
    }
}

/// Where plugins are.
pub(crate) struct Exec<'a> {
    pub(crate) bin_dirs: &'a [PathBuf],
}

impl Exec<'_> {
    pub(crate) fn find(&self, plugin: &str) -> Result<PathBuf, CniError> {
        let paths = self.bin_dirs.iter().map(|folder| folder.join(plugin));
        paths.into_iter().find(|path| path.is_file()).ok_or_else(|| {
            let folders: Vec<_> = self.bin_dirs.iter().map(|folder| folder.display().to_string()).collect();
            let message = format!("failed to find plugin {plugin:?} in path [{}]", folders.join(" "));
            CniError::Run {
                plugin: plugin.to_owned(),
                source: io::Error::new(io::ErrorKind::NotFound, message),
            }
        })
    }

    /// Runs a plugin; gives what it printed, if anything. Dropped, it kills the plugin.
    pub(crate) async fn run(
        &self,
        plugin: &str,
        order: &Order<'_>,
        input: &Value,
    ) -> Result<Option<Value>, CniError> {
        let path = self.find(plugin)?;
        let failed = |source| CniError::Run { plugin: plugin.to_owned(), source };
        let folders = std::env::join_paths(self.bin_dirs)
            .map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidInput, error)))?;
        let run = async {
            let mut child = Command::new(path)
                .env("CNI_COMMAND", order.command)
                .env("CNI_CONTAINERID", order.container_id)
                .env("CNI_NETNS", order.netns)
                .env("CNI_IFNAME", order.interface)
                .env("CNI_ARGS", &order.arguments)
                .env("CNI_PATH", folders)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .kill_on_drop(true)
                .spawn()?;
            let mut stdin = child.stdin.take().expect("its input is a pipe");
            let stdout = child.stdout.take().expect("its output is a pipe");
            let stderr = child.stderr.take().expect("its errors are a pipe");
            let text = serde_json::to_vec(input)?;
            let write = async move {
                match stdin.write_all(&text).await {
                    // A plugin need not read it.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    other => other,
                }
            };
            let (written, out, err, status) = tokio::join!(write, read(stdout), read(stderr), child.wait());
            written?;
            Ok::<_, io::Error>((out?, err?, status?))
        };
        let timed = tokio::time::timeout(TIMEOUT, run).await;
        let (out, err, status) = match timed {
            Ok(done) => done.map_err(failed)?,
            Err(_) => {
                return Err(failed(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "it did not end within a minute",
                )));
            }
        };
        if status.success() {
            return parse_output(plugin, &out);
        }
        Err(CniError::plugin(plugin, parse_failure(&out, &err, status)))
    }
}

/// Everything up to the bound; the rest is read and dropped, so that the plugin can end.
async fn read(mut pipe: impl AsyncRead + Unpin) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    (&mut pipe).take(OUTPUT_LEN_MAX).read_to_end(&mut bytes).await?;
    tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await?;
    Ok(bytes)
}

fn parse_output(plugin: &str, out: &[u8]) -> Result<Option<Value>, CniError> {
    if out.trim_ascii().is_empty() {
        return Ok(None);
    }
    let parsed = serde_json::from_slice(out);
    parsed
        .map(Some)
        .map_err(|error| CniError::plugin(plugin, PluginError::new(code::DECODE, error.to_string())))
}

fn parse_failure(out: &[u8], err: &[u8], status: std::process::ExitStatus) -> PluginError {
    if let Ok(error) = serde_json::from_slice::<PluginError>(out)
        && (error.code != 0 || !error.msg.is_empty())
    {
        return error;
    }
    let text: OsString = std::os::unix::ffi::OsStringExt::from_vec(err.to_vec());
    let text: String = text.to_string_lossy().trim().chars().take(2000).collect();
    PluginError { details: text, ..PluginError::new(code::INTERNAL, format!("netplugin failed: {status}")) }
}
