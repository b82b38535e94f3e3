//! Gets a container's image onto the node.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use k8s_cri::v1;
use k8s_openapi::api::core::v1::{Container, Pod, Secret};
use mizzen_client::{EventType, Recorder};
use mizzen_clock::Env;
use tokio::sync::Semaphore;

use super::{credentials, reference};
use crate::config::Config;
use crate::cri::Cri;
use crate::pods::backoff::Backoff;
use crate::pods::spec::{self, Role};

/// The longest wait between pulls of an image that fails.
const BACKOFF_MAX: Duration = Duration::from_secs(300);

/// Why an image is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PullError {
    /// `ErrImagePull`, `ImagePullBackOff`, `InvalidImageName`, `ErrImageNeverPull`, `ImageInspectError`.
    pub(crate) reason: &'static str,
    pub(crate) message: String,
    /// When trying again makes sense.
    pub(crate) retry_after: Option<Duration>,
}

/// Pulls images. Clones share the queue and the back-off.
#[derive(Clone)]
pub(crate) struct Puller {
    cri: Cri,
    env: Env,
    recorder: Recorder,
    permits: Option<Arc<Semaphore>>,
    backoff: Arc<Mutex<Backoff>>,
}

/// Which pod's container wants an image, and what it may be pulled with.
pub(crate) struct Wanted<'a> {
    pub(crate) pod: &'a Pod,
    pub(crate) container: &'a Container,
    pub(crate) role: Role,
    pub(crate) secrets: &'a [&'a Secret],
    pub(crate) sandbox: &'a v1::PodSandboxConfig,
}

fn with_default_tag(image: &str) -> String {
    let bare = !image.contains('@') && !image.rsplit('/').next().unwrap_or(image).contains(':');
    if bare { format!("{image}:latest") } else { image.to_owned() }
}

impl Puller {
    pub(crate) fn new(cri: Cri, env: Env, recorder: Recorder, config: &Config) -> Self {
        let count = if config.serialize_image_pulls { Some(1) } else { config.max_parallel_image_pulls };
        Self {
            cri,
            env,
            recorder,
            permits: count.map(|count| Arc::new(Semaphore::new(count.max(1)))),
            backoff: Arc::new(Mutex::new(Backoff::new(BACKOFF_MAX))),
        }
    }

    fn event(&self, wanted: &Wanted<'_>, kind: EventType, reason: &str, message: String) {
        let about = spec::container_reference(wanted.pod, &wanted.container.name, wanted.role);
        self.recorder.event(&about, kind, reason, message);
    }

    fn backoff(&self) -> std::sync::MutexGuard<'_, Backoff> {
        self.backoff.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The image's reference on the node, and what is known of it; pulled first where the policy says so.
    pub(crate) async fn ensure(&self, wanted: &Wanted<'_>) -> Result<(String, Option<v1::Image>), PullError> {
        let image = wanted.container.image.as_deref().unwrap_or_default();
        let fail = |reason, message: String, retry_after| PullError { reason, message, retry_after };
        if !reference::is_valid(image) {
            let message = format!(
                "Failed to apply default image tag \"{image}\": couldn't parse image name \"{image}\": invalid reference format"
            );
            self.event(wanted, EventType::Warning, "InspectFailed", message.clone());
            return Err(fail("InvalidImageName", message, None));
        }
        let full = with_default_tag(image);
        let spec = v1::ImageSpec {
            image: full.clone(),
            user_specified_image: full.clone(),
            ..v1::ImageSpec::default()
        };
        let present = self.cri.image_status(&spec).await.map_err(|error| {
            let message = format!("Failed to inspect image \"{full}\": {error}");
            self.event(wanted, EventType::Warning, "InspectFailed", message.clone());
            fail("ImageInspectError", message, Some(Duration::from_secs(10)))
        })?;
        let policy = wanted.container.image_pull_policy.as_deref();
        let policy =
            policy.filter(|policy| !policy.is_empty()).unwrap_or_else(|| reference::default_policy(image));
        match (policy, present) {
            ("IfNotPresent" | "Never", Some(present)) => {
                let text = format!(
                    "Container image \"{image}\" already present on machine and can be accessed by the pod"
                );
                self.event(wanted, EventType::Normal, "Pulled", text);
                return Ok((present.id.clone(), Some(present)));
            }
            ("Never", None) => {
                let message = format!("Container image \"{image}\" is not present with pull policy of Never");
                self.event(wanted, EventType::Warning, "ErrImageNeverPull", message.clone());
                return Err(fail("ErrImageNeverPull", message, None));
            }
            _ => {}
        }
        self.pull(wanted, &full, spec).await
    }

    async fn pull(
        &self,
        wanted: &Wanted<'_>,
        image: &str,
        spec: v1::ImageSpec,
    ) -> Result<(String, Option<v1::Image>), PullError> {
        let key = format!("{}_{image}", spec::uid(wanted.pod));
        let now = self.env.now();
        let wait = {
            let mut backoff = self.backoff();
            backoff.prune(now);
            backoff.since_update(&key, now)
        };
        if !wait.is_zero() {
            let message = format!("Back-off pulling image \"{image}\"");
            self.event(wanted, EventType::Normal, "BackOff", message.clone());
            return Err(PullError { reason: "ImagePullBackOff", message, retry_after: Some(wait) });
        }
        self.event(wanted, EventType::Normal, "Pulling", format!("Pulling image \"{image}\""));
        let waiting_since = tokio::time::Instant::now();
        let permit = match &self.permits {
            // The semaphore is never closed.
            Some(permits) => permits.clone().acquire_owned().await.ok(),
            None => None,
        };
        let pulling_since = tokio::time::Instant::now();
        let pulled = self.try_credentials(wanted, image, &spec).await;
        drop(permit);
        match pulled {
            Ok(id) => {
                self.backoff().forget(&key);
                let id_spec = v1::ImageSpec { image: id.clone(), ..v1::ImageSpec::default() };
                let known = self.cri.image_status(&id_spec).await.ok().flatten();
                let size = known.as_ref().map_or(0, |image| image.size);
                let text = format!(
                    "Successfully pulled image \"{image}\" in {} ({} including waiting). Image size: {size} bytes.",
                    go_duration(pulling_since.elapsed()),
                    go_duration(waiting_since.elapsed()),
                );
                self.event(wanted, EventType::Normal, "Pulled", text);
                Ok((id, known))
            }
            Err(error) => {
                let now = self.env.now();
                self.backoff().next(&key, now, now);
                let retry_after = Some(self.backoff().wait(&key));
                let message = format!("failed to pull image \"{image}\": {error}");
                self.event(
                    wanted,
                    EventType::Warning,
                    "Failed",
                    format!("Failed to pull image \"{image}\": {error}"),
                );
                self.event(wanted, EventType::Warning, "Failed", "Error: ErrImagePull".to_owned());
                Err(PullError { reason: "ErrImagePull", message, retry_after })
            }
        }
    }

    /// Pulls with each set of credentials in turn, or with none.
    async fn try_credentials(
        &self,
        wanted: &Wanted<'_>,
        image: &str,
        spec: &v1::ImageSpec,
    ) -> Result<String, crate::cri::CriError> {
        let mut choices: Vec<Option<v1::AuthConfig>> =
            credentials::lookup(wanted.secrets, image).into_iter().map(Some).collect();
        if choices.is_empty() {
            choices.push(None);
        }
        let mut last = None;
        for auth in choices {
            match self.cri.pull_image(spec.clone(), auth, Some(wanted.sandbox.clone())).await {
                Ok(id) => return Ok(id),
                Err(error) => last = Some(error),
            }
        }
        Err(last.expect("there is at least one choice"))
    }
}

/// A duration as people know it: `1.234s`, `56ms`, `1m2.5s`.
fn go_duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis < 1000 {
        return format!("{millis}ms");
    }
    let (minutes, rest) = (millis / 60_000, millis % 60_000);
    let text = format!("{}.{:03}", rest / 1000, rest % 1000);
    let seconds = text.trim_end_matches('0').trim_end_matches('.');
    if minutes > 0 { format!("{minutes}m{seconds}s") } else { format!("{seconds}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_tags() {
        for (millis, expect) in [(56, "56ms"), (1200, "1.2s"), (61_000, "1m1s"), (60_000, "1m0s")] {
            assert_eq!(go_duration(Duration::from_millis(millis)), expect);
        }
        let tags = [
            ("a", "a:latest"),
            ("h:5000/a", "h:5000/a:latest"),
            ("a:1", "a:1"),
            ("a@sha256:0", "a@sha256:0"),
        ];
        for (text, expect) in tags {
            assert_eq!(with_default_tag(text), expect);
        }
    }
}
