//! Requests that another server answers: a node's kubelet (log, exec, attach, portforward) or whatever a pod, Service
//! or node serves (proxy).
//!
//! [`target`] finds out whom to ask and what, [`dial`] opens the connection, [`forward`] sends the request on it and
//! hands an upgraded connection over. A redirect is never followed nor passed on where a kubelet answers
//! (CVE-2020-8559, CVE-2022-3172), and a connection whose upgrade failed is never reused (CVE-2018-1002105): each
//! request has a connection of its own.

mod dial;
mod forward;
mod kubelet;
mod target;

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::task::TaskTracker;

use crate::admission::Lookup;
use crate::attributes::{ResourceTarget, User};
use crate::connect::{Body, Connector};
use crate::standard::Nodes;
use crate::status::ApiError;

pub use dial::Dialer;
use dial::Security;

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
        let path = match (target.subresource.as_str(), query.is_empty()) {
            ("proxy", false) => format!("{path}?{query}"),
            _ => path,
        };
        let stream = self.connect(&endpoint).await?;
        let is_kubelet = matches!(endpoint.security, Security::Kubelet);
        forward::send(stream, &endpoint, &path, request, is_kubelet, &self.tunnels).await
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
