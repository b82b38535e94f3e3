//! `/containerLogs`: a container's log, as asked for.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use http::{Response, StatusCode};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::route::{Query, find_pod, flag};
use super::{Body, text};
use crate::cri::PodRuntime;
use crate::kubelet::Kubelet;
use crate::logs::line::Stream;
use crate::logs::read::{self, Options};
use crate::pods::spec;

/// Pieces of a log that wait for a slow reader.
const QUEUE_LEN_MAX: usize = 16;
/// How often a followed container is asked whether it still runs.
const RUNNING_CHECK: Duration = Duration::from_secs(1);

/// Reads the query. Its names are those of PodLogOptions.
fn options(query: &Query, now: Timestamp) -> Result<Options, String> {
    let first =
        |name: &str| query.get(name).and_then(|values| values.first()).filter(|value| !value.is_empty());
    let number = |name: &str| match first(name) {
        Some(text) => {
            text.parse::<u64>().map(Some).map_err(|_| format!("invalid value for {name}: {text:?}"))
        }
        None => Ok(None),
    };
    let tail = match first("tailLines").or_else(|| first("tail")).map(String::as_str) {
        None | Some("all") => None,
        Some(text) => Some(text.parse().map_err(|_| format!("invalid value for tailLines: {text:?}"))?),
    };
    let since = match (number("sinceSeconds")?, first("sinceTime")) {
        (Some(_), Some(_)) => {
            return Err("at most one of sinceTime or sinceSeconds may be specified".to_owned());
        }
        (Some(seconds), None) => {
            let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
            now.checked_sub(SignedDuration::from_secs(seconds)).ok()
        }
        (None, Some(text)) => {
            Some(text.parse().map_err(|_| format!("invalid value for sinceTime: {text:?}"))?)
        }
        (None, None) => None,
    };
    let limit = number("limitBytes")?;
    if limit == Some(0) {
        return Err("limitBytes must be greater than 0".to_owned());
    }
    let stream = match first("stream").map(String::as_str) {
        None | Some("All") => None,
        Some("Stdout") => Some(Stream::Stdout),
        Some("Stderr") => Some(Stream::Stderr),
        Some(other) => return Err(format!("invalid value for stream: {other:?}")),
    };
    Ok(Options {
        follow: flag(query, "follow"),
        timestamps: flag(query, "timestamps"),
        since,
        tail,
        limit,
        stream,
    })
}

struct Found {
    id: String,
    path: PathBuf,
    running: bool,
}

async fn find(
    kubelet: &Kubelet,
    uid: &str,
    pod: &str,
    container: &str,
    previous: bool,
) -> Result<Found, Box<Response<Body>>> {
    let runtime = kubelet.cri.pod(uid, &PodRuntime::default()).await;
    let runtime =
        runtime.map_err(|error| Box::new(text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())))?;
    let latest = runtime.latest(container);
    let wanted = match latest {
        Some(latest) if previous => runtime.previous(container).or_else(|| {
            // It waits for its next start: what ran before is the newest.
            Some(latest).filter(|latest| latest.is_exited() && latest.restart_count() > 0)
        }),
        other => other,
    };
    let Some(wanted) = wanted else {
        let message = if previous && latest.is_some() {
            format!("previous terminated container \"{container}\" in pod \"{pod}\" not found")
        } else {
            format!("container \"{container}\" in pod \"{pod}\" is waiting to start: ContainerCreating")
        };
        return Err(Box::new(text(StatusCode::BAD_REQUEST, message)));
    };
    Ok(Found {
        id: wanted.id().to_owned(),
        path: PathBuf::from(&wanted.status.log_path),
        running: wanted.is_running(),
    })
}

/// Serves a log.
pub(crate) async fn serve(
    kubelet: &Arc<Kubelet>,
    namespace: &str,
    pod: &str,
    container: &str,
    query: &Query,
) -> Response<Body> {
    let options = match options(query, kubelet.env.now()) {
        Ok(options) => options,
        Err(message) => return text(StatusCode::UNPROCESSABLE_ENTITY, message),
    };
    let found_pod = match find_pod(kubelet, namespace, pod) {
        Ok(found) => found,
        Err(response) => return *response,
    };
    if spec::find_container(&found_pod, container).is_none() {
        return text(
            StatusCode::NOT_FOUND,
            format!("container \"{container}\" not found in pod \"{pod}\"\n"),
        );
    }
    let found = match find(kubelet, spec::uid(&found_pod), pod, container, flag(query, "previous")).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    // A container that has just started may not have said anything yet, nor its log be there.
    if tokio::fs::metadata(&found.path).await.is_err() && !found.running {
        let message =
            format!("failed to try resolving symlinks in path {:?}: no such file or directory", found.path);
        return text(StatusCode::INTERNAL_SERVER_ERROR, message);
    }
    let (sender, receiver) = mpsc::channel::<Bytes>(QUEUE_LEN_MAX);
    let (cri, id, path) = (kubelet.cri.clone(), found.id, found.path);
    let cancel = kubelet.cancel.clone();
    kubelet.workers.spawn(async move {
        let asked = std::sync::Mutex::new((tokio::time::Instant::now(), found.running));
        let running = || async {
            let (at, last) = *asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if !last || at.elapsed() < RUNNING_CHECK {
                return last;
            }
            let status = cri.container_status(&id).await;
            let now = match status {
                Ok(status) => status.state() == k8s_cri::v1::ContainerState::ContainerRunning,
                Err(error) => !error.is_not_found(),
            };
            *asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
                (tokio::time::Instant::now(), now);
            now
        };
        if let Some(Err(error)) =
            cancel.run_until_cancelled(read::stream(path, options, sender, running)).await
        {
            tracing::debug!(container = id, %error, "A log could not be read to its end.")
        }
    });
    let frames = ReceiverStream::new(receiver).map(|bytes| Ok::<_, Infallible>(Frame::data(bytes)));
    let mut response = text(StatusCode::OK, "");
    *response.body_mut() = BodyExt::boxed(StreamBody::new(frames));
    response.headers_mut().remove(http::header::CONTENT_LENGTH);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries() {
        let now = Timestamp::from_second(1000).expect("in range");
        let parse = |text: &str| {
            let uri: http::Uri = format!("/x?{text}").parse().expect("a path");
            options(&super::super::route::query(&uri), now)
        };
        let got =
            parse("follow=true&timestamps=1&tailLines=5&sinceSeconds=10&limitBytes=7").expect("options");
        assert!(got.follow && got.timestamps);
        assert_eq!((got.tail, got.limit), (Some(5), Some(7)));
        assert_eq!(got.since.map(|time| time.as_second()), Some(990));
        for bad in
            ["tailLines=-1", "limitBytes=0", "sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z", "stream=x"]
        {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
