//! Puts the ways of objects together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, Response};
use mizzen_trace::{Recorder, Span, Trace, Uuid};

use crate::admission::Lookup;
use crate::attributes::User;
use crate::catalog::Catalog;
use crate::connect::Body;
use crate::http::full;
use crate::proxy::Proxy;
use crate::server::Paths;
use crate::status::ApiError;

const PATH: &str = "/debug/trace";
/// Objects in one answer.
const OBJECTS_MAX: usize = 64;
/// How far up and down the owners it goes.
const DEPTH_MAX: usize = 4;
/// How long a kubelet may take.
const KUBELET_PATIENCE: Duration = Duration::from_secs(5);

/// Answers `/debug/trace?uid=`.
pub(crate) struct Traces {
    recorder: Recorder,
    lookup: Arc<dyn Lookup>,
    /// How kubelets are reached, where there are any.
    kubelets: Option<Arc<Proxy>>,
}

#[async_trait]
impl Paths for Traces {
    async fn answer(
        &self,
        _: &User,
        request: &Parts,
        _: &Catalog,
    ) -> Result<Option<Response<Body>>, ApiError> {
        if request.uri.path() != PATH {
            return Ok(None);
        }
        if request.method != Method::GET {
            return Err(ApiError::method_not_allowed());
        }
        let query = request.uri.query().unwrap_or_default();
        let uid = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "uid");
        let uid = uid.ok_or_else(|| ApiError::bad_request("uid: Required value"))?.1;
        let uid: Uuid = uid.parse().map_err(|_| {
            ApiError::bad_request(format!("uid: Invalid value: {uid:?}: must be an object's metadata.uid"))
        })?;
        let room = AtomicUsize::new(OBJECTS_MAX);
        let trace = self.whole(uid, &room).await;
        let trace = trace.ok_or_else(|| ApiError {
            message: format!("nothing is known any more of how an object with uid {uid} came about"),
            ..ApiError::not_found("", "traces", &uid.to_string())
        })?;
        respond(&trace, as_text(request)).map(Some)
    }
}

/// Whether the client would rather read than parse.
fn as_text(request: &Parts) -> bool {
    let accepted = request.headers.get(ACCEPT).and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.trim_start().starts_with("text/plain"))
}

fn respond(trace: &Trace, text: bool) -> Result<Response<Body>, ApiError> {
    let (media, body) = match text {
        true => ("text/plain; charset=utf-8", trace.to_text().into_bytes()),
        false => ("application/json", serde_json::to_vec(trace).map_err(ApiError::internal)?),
    };
    let mut response = Response::new(full(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    Ok(response)
}

impl Traces {
    pub(crate) const fn new(
        recorder: Recorder,
        lookup: Arc<dyn Lookup>,
        kubelets: Option<Arc<Proxy>>,
    ) -> Self {
        Self { recorder, lookup, kubelets }
    }

    /// An object's way, those of its owners, and those of what it controls.
    async fn whole(&self, uid: Uuid, room: &AtomicUsize) -> Option<Trace> {
        let (mut trace, mut owner) = self.alone(uid, room).await?;
        trace.owned = self.owned(uid, room, DEPTH_MAX).await;
        let mut owners = Vec::new();
        while let Some(next) = owner.filter(|_| owners.len() < DEPTH_MAX) {
            let Some((above, further)) = self.alone(next, room).await else { break };
            owners.push(above);
            owner = further;
        }
        let chain = owners
            .into_iter()
            .rev()
            .fold(None, |above: Option<Box<Trace>>, own| Some(Box::new(Trace { owner: above, ..own })));
        trace.owner = chain;
        Some(trace)
    }

    fn owned<'a>(&'a self, uid: Uuid, room: &'a AtomicUsize, depth: usize) -> BoxFuture<'a, Vec<Trace>> {
        Box::pin(async move {
            let mut owned = Vec::new();
            for uid in self.recorder.owned_by(uid).into_iter().filter(|_| depth > 0) {
                let Some((mut trace, _)) = self.alone(uid, room).await else { continue };
                trace.owned = self.owned(uid, room, depth - 1).await;
                owned.push(trace);
            }
            owned
        })
    }

    /// One object's way, and who controls it.
    async fn alone(&self, uid: Uuid, room: &AtomicUsize) -> Option<(Trace, Option<Uuid>)> {
        let taken = room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        let records = self.recorder.of(uid);
        if taken.is_err() || records.is_empty() {
            return None;
        }
        let owner = records.iter().find_map(|record| record.owner);
        let named = records.iter().find(|record| !record.object.is_empty());
        let object = named.map(|record| record.object.to_string()).unwrap_or_default();
        let mut spans: Vec<Span> = records.iter().flat_map(Span::of).collect();
        let mut notes = Vec::new();
        if let Some((namespace, name)) = object.strip_prefix("pods/").and_then(|rest| rest.split_once('/')) {
            match self.in_kubelet(uid, namespace, name).await {
                Ok(more) => spans.extend(more),
                Err(error) => notes.push(format!("the kubelet's part is missing: {}", error.message)),
            }
        }
        let trace = Trace::new(uid, object, spans)?;
        Some((Trace { notes, ..trace }, owner))
    }

    /// What the kubelet of a pod's node says of it; nothing where there is no such kubelet, or the pod is gone.
    async fn in_kubelet(&self, uid: Uuid, namespace: &str, name: &str) -> Result<Vec<Span>, ApiError> {
        let Some(kubelets) = &self.kubelets else { return Ok(Vec::new()) };
        let pod = self.lookup.get("", "pods", namespace, name).await?;
        let same = |pod: &mizzen_schema::value::Value| {
            pod.str_at(&["metadata", "uid"]).and_then(|own| own.parse().ok()) == Some(uid)
        };
        let Some(pod) = pod.filter(same) else { return Ok(Vec::new()) };
        let node = pod.str_at(&["spec", "nodeName"]).unwrap_or_default();
        if node.is_empty() {
            return Ok(Vec::new());
        }
        let path = format!("{PATH}?uid={uid}");
        let answer = tokio::time::timeout(KUBELET_PATIENCE, kubelets.ask_kubelet(node, &path)).await;
        let bytes = answer.map_err(|_| ApiError::timeout("it does not answer"))??;
        serde_json::from_slice(&bytes).map_err(|_| ApiError::internal("it does not tell traces"))
    }
}
