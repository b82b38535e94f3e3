//! nftables: rules as text for `nft -f -`, and what is there as JSON.
//!
//! The child runs in the namespace of the thread that starts it. Every script is one transaction: all of it
//! takes effect, or none.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Longest run: ten thousand services take a second.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Most of an error text that is passed on.
const MESSAGE_LEN_MAX: usize = 2000;

/// Why nft did not do it.
#[derive(Debug, thiserror::Error)]
pub enum NftError {
    /// It could not be run.
    #[error("run {path}")]
    Run {
        /// The program.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It refused: its words.
    #[error("nft: {0}")]
    Refused(String),
    /// It did not end.
    #[error("nft did not end within a minute")]
    Timeout,
}

impl NftError {
    /// Whether something that was to be listed or deleted is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(message) if message.contains("No such file or directory"))
    }
}

/// The `nft` program.
#[derive(Debug, Clone)]
pub struct Nft {
    path: PathBuf,
}

impl Default for Nft {
    fn default() -> Self {
        Self::new("nft")
    }
}

impl Nft {
    /// `path` as in exec: a name without slash is looked for in `PATH`.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self { path: path.as_ref().to_owned() }
    }

    /// Applies a script.
    pub async fn apply(&self, script: &str) -> Result<(), NftError> {
        self.run(&["-f", "-"], script).await.map(drop)
    }

    /// Checks a script without applying it.
    pub async fn check(&self, script: &str) -> Result<(), NftError> {
        self.run(&["-c", "-f", "-"], script).await.map(drop)
    }

    /// `nft -j list …` as JSON text; `None` when what is to be listed is not there.
    pub async fn list(&self, what: &[&str]) -> Result<Option<Vec<u8>>, NftError> {
        let mut arguments = vec!["-j", "list"];
        arguments.extend(what);
        match self.run(&arguments, "").await {
            Ok(output) => Ok(Some(output.stdout)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn run(&self, arguments: &[&str], input: &str) -> Result<Output, NftError> {
        let failed = |source| NftError::Run { path: self.path.display().to_string(), source };
        let mut child = Command::new(&self.path)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let mut stdin = child.stdin.take().expect("its input is a pipe");
        let write = async move {
            match stdin.write_all(input.as_bytes()).await {
                // It refused before it read everything; what it says tells more.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                other => other,
            }
        };
        let both = async { tokio::join!(write, child.wait_with_output()) };
        let (written, output) = tokio::time::timeout(TIMEOUT, both).await.map_err(|_| NftError::Timeout)?;
        let output = output.map_err(failed)?;
        written.map_err(failed)?;
        if output.status.success() {
            return Ok(output);
        }
        let message = String::from_utf8_lossy(&output.stderr);
        Err(NftError::Refused(message.trim().chars().take(MESSAGE_LEN_MAX).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netns::NetNs;

    #[tokio::test]
    async fn applies_lists_and_refuses() {
        let inside = NetNs::create().unwrap();
        inside
            .run(async || {
                let nft = Nft::default();
                assert_eq!(nft.list(&["table", "ip", "mine"]).await.unwrap(), None);
                nft.apply("table ip mine { chain c { tcp dport 80 accept; }; }").await.unwrap();
                let text = nft.list(&["table", "ip", "mine"]).await.unwrap().unwrap();
                assert!(String::from_utf8(text).unwrap().contains("\"mine\""));
                let error =
                    nft.apply("add table ip other\nadd rule ip nowhere c accept\n").await.unwrap_err();
                assert!(error.is_not_found(), "{error}");
                assert_eq!(nft.list(&["table", "ip", "other"]).await.unwrap(), None);
                nft.check("delete table ip mine").await.unwrap();
                nft.apply("delete table ip mine").await.unwrap();
                let error = Nft::new("/nonexistent/nft").apply("").await.unwrap_err();
                assert!(matches!(error, NftError::Run { .. }));
            })
            .await
            .unwrap();
    }
}
