//! Requests that another server answers: a node's kubelet (log, exec, attach, portforward) or whatever a pod, Service
//! or node serves (proxy).
//!
//! [`target`] finds out whom to ask and what, [`dial`] opens the connection, [`forward`] sends the request on it and
//! hands an upgraded connection over; [`rewrite`] makes the links of proxied pages right. A redirect is never followed,
//! nor passed on where a kubelet answers for a pod, or to an upgrade (CVE-2020-8559, CVE-2022-3172), and a connection whose upgrade failed is never reused (CVE-2018-1002105): each
//! request has a connection of its own.

mod dial;
mod forward;
mod kubelet;
mod rewrite;
mod target;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::Method;
use tokio_util::task::TaskTracker;

use crate::admission::Lookup;
use crate::attributes::{ResourceTarget, User};
use crate::connect::{Body, Connector};
use crate::standard::Nodes;
use crate::status::ApiError;

pub use dial::Dialer;
use dial::Endpoint;
use rewrite::Outside;

/// Answers log, exec, attach, portforward and proxy.
pub struct Proxy {
    lookup: Arc<dyn Lookup>,
    nodes: Nodes,
    tunnels: TaskTracker,
}

impl Proxy {
    /// A proxy that reaches the cluster's network as `nodes` says.
    pub fn new(lookup: Arc<dyn Lookup>, nodes: Nodes) -> Self {
        Self { lookup, nodes, tunnels: TaskTracker::new() }
    }

    /// Waits until all handed-over connections have ended; they end when their peers do.
    pub async fn stopped(&self) {
        self.tunnels.close();
        self.tunnels.wait().await;
    }

    /// What the kubelet of a node answers to a GET by the API server itself.
    pub(crate) async fn ask_kubelet(&self, node: &str, path: &str) -> Result<Bytes, ApiError> {
        let found = self.lookup.get("", "nodes", "", node).await?;
        let found = found.ok_or_else(|| ApiError::not_found("", "nodes", node))?;
        let endpoint = target::kubelet_of(&found, &self.nodes.address_types)?;
        let stream = self.connect(&endpoint).await?;
        let answer = forward::send(stream, &endpoint, path, http::Request::default(), &self.tunnels).await?;
        forward::told(answer).await
    }

    async fn answer(
        &self,
        target: &ResourceTarget,
        request: http::Request<Body>,
    ) -> Result<http::Response<Body>, ApiError> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let (endpoint, path) = match (target.resource.as_str(), target.subresource.as_str()) {
            ("pods", "log" | "exec" | "attach" | "portforward") => {
                kubelet::endpoint(&*self.lookup, target, &query, &self.nodes.address_types).await?
            }
            ("pods", "proxy") => target::pod(&*self.lookup, target).await?,
            ("services", "proxy") => target::service(&*self.lookup, target).await?,
            ("nodes", "proxy") => target::node(&*self.lookup, target, &self.nodes.address_types).await?,
            _ => return Err(ApiError::no_such_resource()),
        };
        if target.subresource == "proxy" {
            let root = forward::is_upgrade(request.headers()) || request.uri().path().ends_with('/');
            if target.rest.is_empty() && !root && matches!(*request.method(), Method::GET | Method::HEAD) {
                return to_root(request.uri());
            }
            // The slash at a path's end, which taking it apart has lost, is part of what is asked for.
            let slash = request.uri().path().ends_with('/') && !path.ends_with('/');
            let path = if slash { format!("{path}/") } else { path };
            let path = if query.is_empty() { path } else { format!("{path}?{query}") };
            let outside = outside(&endpoint, &request, &target.rest);
            let stream = self.connect(&endpoint).await?;
            return forward::page(stream, &endpoint, &path, request, &outside, &self.tunnels).await;
        }
        if target.subresource != "log" && !forward::is_upgrade(request.headers()) {
            return Err(ApiError::bad_request("Upgrade request required"));
        }
        let stream = self.connect(&endpoint).await?;
        let answer = forward::send(stream, &endpoint, &path, request, &self.tunnels).await?;
        if answer.status().is_redirection() {
            return Err(ApiError::unavailable("the kubelet answers with a redirect, which is not followed"));
        }
        if target.subresource == "log" { forward::checked(answer, target).await } else { Ok(answer) }
    }
}

/// Relative links of a page at the root need its path to end in a slash.
fn to_root(uri: &http::Uri) -> Result<http::Response<Body>, ApiError> {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    http::Response::builder()
        .status(http::StatusCode::MOVED_PERMANENTLY)
        .header(http::header::LOCATION, format!("{}/{query}", uri.path()))
        .body(Body::default())
        .map_err(ApiError::internal)
}

/// How the backend looks from where the request came from.
fn outside(endpoint: &Endpoint, request: &http::Request<Body>, rest: &str) -> Outside {
    let path = request.uri().path().trim_end_matches('/');
    let prefix = path.strip_suffix(rest.trim_end_matches('/')).unwrap_or(path).trim_end_matches('/');
    let named = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok());
    let host = named.or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
    Outside {
        scheme: "https".to_owned(),
        host: host.unwrap_or_default().to_owned(),
        prefix: prefix.to_owned(),
        backend: endpoint.address.to_string(),
    }
}

#[async_trait]
impl Connector for Proxy {
    async fn connect(
        &self,
        _user: &User,
        target: &ResourceTarget,
        request: http::Request<Body>,
    ) -> Result<http::Response<Body>, ApiError> {
        self.answer(target, request).await
    }
}
