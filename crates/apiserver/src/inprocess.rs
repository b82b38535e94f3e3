//! The transport of clients in the same process: the same filters, without TLS, HTTP framing or copies.
//!
//! A watch hands out the very bytes that the cache framed for everyone.

use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use mizzen_client::{Body as ClientBody, Error, EventKind, Transport, WatchEvent, WatchStream};

use crate::attributes::User;
use crate::connect::Body;
use crate::http::filters::Sender;
use crate::http::respond::event_json;
use crate::http::status::failure_json;
use crate::http::{Answer, full};
use crate::server::Core;
use crate::status::ApiError;

/// Calls the server in this process, as one user.
pub(crate) struct InProcess {
    core: Arc<Core>,
    user: User,
}

impl InProcess {
    pub(crate) const fn new(core: Arc<Core>, user: User) -> Self {
        Self { core, user }
    }

    async fn respond(&self, request: http::Request<Bytes>) -> http::Response<ClientBody> {
        let response = self.core.respond(request.map(into_body), Sender::User(&self.user)).await;
        response.map(|body| UnsyncBoxBody::new(body.map_err(Error::Transport)))
    }
}

fn into_body(bytes: Bytes) -> Body {
    full(bytes)
}

/// A failure as a client sees it.
fn client_error(error: &ApiError) -> Error {
    let status = serde_json::from_slice(&failure_json(error)).unwrap_or_default();
    Error::Api(Box::new(status))
}

impl Transport for InProcess {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<ClientBody>, Error>> {
        Box::pin(async move { Ok(self.respond(request).await) })
    }

    fn watch(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<WatchStream, Error>> {
        Box::pin(async move {
            let reply = self.core.handle(request.map(into_body), Sender::User(&self.user)).await;
            let answer = reply.result.map_err(|error| client_error(&error))?;
            let (watching, kind, served) = match answer {
                Answer::Watch { watching, kind, served } => (watching, kind, served),
                Answer::WatchFailed(error) => return Err(client_error(&error)),
                _ => return Err(client_error(&ApiError::bad_request("the request is not a watch"))),
            };
            let cancel = self.core.cancel.clone();
            let state = (watching, kind, served, cancel);
            let events = stream::unfold(state, |(mut watching, kind, served, cancel)| async move {
                let change = cancel.run_until_cancelled(watching.next()).await??;
                let (event_kind, object) = match event_json(&change, &kind, &served) {
                    Ok(event) => event,
                    Err(error) => (EventKind::Error, failure_json(&error).into()),
                };
                Some((Ok(WatchEvent { kind: event_kind, object }), (watching, kind, served, cancel)))
            });
            Ok(events.boxed())
        })
    }
}
