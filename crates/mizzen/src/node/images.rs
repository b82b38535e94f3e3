//! The door through which `mizzen image load` brings images in: HTTP over a Unix socket that only root may open.

use std::path::{Path, PathBuf};

use anyhow::Result;
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use mizzen_runtime::images::Images;
use tokio::net::UnixListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use crate::cluster::layout::private_socket;

/// Longest path taken.
const PATH_LEN_MAX: usize = 4096;

type Serving = Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send>;

/// Listens on `socket`; the value serves until it is cancelled. `POST /load` with an archive's path as its body loads
/// it, and answers with the references it brought, one a line. The path is opened here, as the node sees it.
pub(super) fn serve(socket: &Path, images: Images) -> Result<Serving> {
    let listener = private_socket(socket)?;
    Ok(Box::new(move |cancel| Box::pin(run(listener, images, cancel))))
}

async fn run(listener: UnixListener, images: Images, cancel: CancellationToken) {
    let tasks = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = cancel.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                warn!(%error, "A connection could not be accepted.");
                continue;
            }
        };
        let (images, cancel) = (images.clone(), cancel.clone());
        tasks.spawn(async move {
            let service = service_fn(move |request| answer(request, images.clone()));
            let connection =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            if let Some(Err(error)) = cancel.run_until_cancelled(connection).await {
                debug!(%error, "A connection broke.");
            }
        });
    }
    tasks.close();
    tasks.wait().await;
}

async fn answer(
    request: Request<Incoming>,
    images: Images,
) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let reply = |code: StatusCode, text: String| {
        let mut response = Response::new(Full::new(Bytes::from(text)));
        *response.status_mut() = code;
        response
    };
    if request.method() != Method::POST || request.uri().path() != "/load" {
        return Ok(reply(StatusCode::NOT_FOUND, "only POST /load\n".to_owned()));
    }
    let body = http_body_util::Limited::new(request.into_body(), PATH_LEN_MAX).collect().await;
    let path = match body {
        Ok(body) => PathBuf::from(String::from_utf8_lossy(&body.to_bytes()).into_owned()),
        Err(error) => return Ok(reply(StatusCode::BAD_REQUEST, format!("{error}\n"))),
    };
    Ok(match images.load(&path).await {
        Ok(references) => reply(StatusCode::OK, references.join("\n")),
        Err(error) => reply(StatusCode::UNPROCESSABLE_ENTITY, format!("{:#}", anyhow::Error::new(error))),
    })
}
