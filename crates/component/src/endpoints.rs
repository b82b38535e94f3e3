//! The endpoints that every component has: health, metrics, its configuration.

use std::sync::Arc;

use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use mizzen_metrics::{CONTENT_TYPE, Text};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accept::accept;
use crate::answer::{Body, answer, json as json_answer, text};
use crate::connection::{serve_plain, serve_tls};
use crate::health::Health;
use crate::review::{Asked, ReviewError, Reviews, Target, User};

/// Connections at once.
const CONNECTIONS_MAX: usize = 256;

/// Writes what a component counts.
pub type Metrics = Arc<dyn Fn(&mut Text) + Send + Sync>;

/// Answers to paths that are a component's own.
pub type Answers = Arc<dyn Fn(&str) -> Option<Response<Body>> + Send + Sync>;

/// What a component answers.
#[derive(Clone, Default)]
pub struct Endpoints {
    /// Its checks.
    pub health: Health,
    /// Its counters; `None`: `/metrics` is not served.
    pub metrics: Option<Metrics>,
    /// Its configuration, as `/configz` shows it; null: it is not served.
    pub configz: Value,
    /// Answers of its own, by path; they come first.
    pub answers: Option<Answers>,
}

impl Endpoints {
    /// The same with answers of its own.
    #[must_use]
    pub fn with_answers(
        mut self,
        answers: impl Fn(&str) -> Option<Response<Body>> + Send + Sync + 'static,
    ) -> Self {
        self.answers = Some(Arc::new(answers));
        self
    }

    /// The answer, to those who may.
    pub fn respond<B>(&self, request: &Request<B>) -> Response<Body> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return text(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed\n");
        }
        if let Some(answer) = self.answers.as_ref().and_then(|own| own(request.uri().path())) {
            return answer;
        }
        if let Some(answer) = self.health.answer(request.uri()) {
            return answer;
        }
        match (request.uri().path(), &self.metrics) {
            ("/metrics", Some(write)) => {
                let mut text = Text::default();
                write(&mut text);
                answer(StatusCode::OK, CONTENT_TYPE, text.finish())
            }
            ("/configz", _) if !self.configz.is_null() => json_answer(&self.configz),
            _ => text(StatusCode::NOT_FOUND, "404 page not found\n"),
        }
    }

    /// Serves anybody in plain text, until `cancel`.
    pub async fn serve_plain(self, listener: TcpListener, cancel: CancellationToken) {
        let (slots, tasks) = (Arc::new(Semaphore::new(CONNECTIONS_MAX)), TaskTracker::new());
        let own = Arc::new(self);
        let serve = |stream| {
            let own = own.clone();
            async move {
                serve_plain(stream, |request: Request<Incoming>| {
                    let answer = own.respond(&request);
                    async move { answer }
                })
                .await;
            }
        };
        accept(&listener, &slots, &tasks, &cancel, serve).await;
        tasks.close();
        tasks.wait().await;
    }

    /// Serves those whom the API server knows and lets, until `cancel`; anybody may ask for `always_allow` (paths, or
    /// beginnings of paths that end in `*`).
    pub async fn serve_secure(
        self,
        listener: TcpListener,
        tls: TlsAcceptor,
        reviews: Arc<Reviews>,
        always_allow: Vec<String>,
        cancel: CancellationToken,
    ) {
        let (slots, tasks) = (Arc::new(Semaphore::new(CONNECTIONS_MAX)), TaskTracker::new());
        let guard = Arc::new(Guard { endpoints: self, reviews, always_allow });
        let serve = |stream| {
            let (guard, tls) = (guard.clone(), tls.clone());
            async move {
                serve_tls(stream, tls, |user, request: Request<Incoming>| {
                    let guard = guard.clone();
                    async move { guard.respond(user.as_deref(), &request).await }
                })
                .await;
            }
        };
        accept(&listener, &slots, &tasks, &cancel, serve).await;
        tasks.close();
        tasks.wait().await;
    }
}

/// A component behind authentication and authorisation.
struct Guard {
    endpoints: Endpoints,
    reviews: Arc<Reviews>,
    always_allow: Vec<String>,
}

impl Guard {
    async fn respond<B>(&self, certificate: Option<&User>, request: &Request<B>) -> Response<Body> {
        let path = request.uri().path();
        if always_allowed(&self.always_allow, path) {
            return self.endpoints.respond(request);
        }
        let user = match self.reviews.authenticate(certificate, request).await {
            Ok(user) => user,
            Err(ReviewError::Unknown) => {
                return status(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized");
            }
            Err(error) => {
                return status(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", &error.to_string());
            }
        };
        let verb = request.method().as_str().to_ascii_lowercase();
        let asked = Asked { verb: verb.clone(), target: Target::Path(path.to_owned()) };
        match self.reviews.may(&user, &asked).await {
            Ok(true) => self.endpoints.respond(request),
            Ok(false) => {
                let message = format!("forbidden: User {:?} cannot {verb} path {path:?}", user.name);
                status(StatusCode::FORBIDDEN, "Forbidden", &message)
            }
            Err(error) => status(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", &error.to_string()),
        }
    }
}

fn always_allowed(allowed: &[String], path: &str) -> bool {
    allowed.iter().any(|own| match own.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => path == own,
    })
}

fn status(code: StatusCode, reason: &str, message: &str) -> Response<Body> {
    let mut response = json_answer(&json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "details": {}, "code": code.as_u16(),
    }));
    *response.status_mut() = code;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_open_to_all() {
        let allowed = ["/healthz".to_owned(), "/open/*".to_owned()];
        let check = |path: &str, expect: bool| assert_eq!(always_allowed(&allowed, path), expect, "{path}");
        check("/healthz", true);
        check("/healthz/ping", false);
        check("/open/a/b", true);
        check("/metrics", false);
    }
}
