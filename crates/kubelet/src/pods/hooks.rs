//! Lifecycle hooks: postStart and preStop.

use std::time::Duration;

use k8s_openapi::api::core::v1::{Container, LifecycleHandler};

use crate::cri::Cri;
use crate::probes::http::{Target, get};

/// How long an HTTP hook waits for its answer.
const HTTP_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a command without a bound of its own may run.
const EXEC_LIMIT: Duration = Duration::from_secs(24 * 3600);

/// Runs a hook of a container, for at most `limit`; what is wrong with it as text.
pub(crate) async fn run(
    cri: &Cri,
    hook: &LifecycleHandler,
    container: &Container,
    container_id: &str,
    pod_ip: &str,
    limit: Option<Duration>,
) -> Result<(), String> {
    if let Some(action) = &hook.exec {
        let command = action.command.clone().unwrap_or_default();
        let line = command.join(" ");
        let limit = limit.unwrap_or(EXEC_LIMIT).max(Duration::from_secs(1));
        return match cri.exec_sync(container_id, command, limit).await {
            Ok(answer) if answer.exit_code == 0 => Ok(()),
            Ok(answer) => {
                let mut text = answer.stdout;
                text.extend(answer.stderr);
                text.truncate(10 << 10);
                Err(format!(
                    "command '{line}' exited with {}: {}",
                    answer.exit_code,
                    String::from_utf8_lossy(&text)
                ))
            }
            Err(error) => Err(error.to_string()),
        };
    }
    if let Some(action) = &hook.http_get {
        use crate::probes::Attempt;
        let target = Target::new(action, container, pod_ip)?;
        let limit = limit.unwrap_or(HTTP_TIMEOUT).min(HTTP_TIMEOUT);
        return match get(&target, limit).await {
            Attempt::Success | Attempt::Warning(_) => Ok(()),
            Attempt::Failure(text) | Attempt::Error(text) => Err(text),
        };
    }
    if let Some(action) = &hook.sleep {
        let wanted = Duration::from_secs(u64::try_from(action.seconds).unwrap_or(0));
        tokio::time::sleep(limit.map_or(wanted, |limit| wanted.min(limit))).await;
        return Ok(());
    }
    // tcpSocket never did anything; it is accepted and ignored.
    Ok(())
}
