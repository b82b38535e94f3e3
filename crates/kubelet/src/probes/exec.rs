//! Probes by a command in the container.

use std::time::Duration;

use super::Attempt;
use crate::cri::Cri;

/// As much of a command's output as is looked at.
const OUTPUT_LEN_MAX: usize = 10 << 10;

/// Runs the command; its exit code is the verdict.
pub(super) async fn run(cri: &Cri, container_id: &str, command: Vec<String>, timeout: Duration) -> Attempt {
    let line = command.join(" ");
    match cri.exec_sync(container_id, command, timeout).await {
        Ok(answer) if answer.exit_code == 0 => Attempt::Success,
        Ok(answer) => {
            let mut text = answer.stdout;
            text.extend(answer.stderr);
            text.truncate(OUTPUT_LEN_MAX);
            Attempt::Failure(String::from_utf8_lossy(&text).into_owned())
        }
        Err(error) if error.code == tonic::Code::DeadlineExceeded => {
            let seconds = timeout.as_secs();
            Attempt::Failure(format!("command timed out: \"{line}\" timed out after {seconds}s"))
        }
        Err(error) => Attempt::Error(error.to_string()),
    }
}
