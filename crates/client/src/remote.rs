//! HTTPS to an API server that a kubeconfig names.

use std::path::Path;

use bytes::Bytes;
use futures::future::BoxFuture;
use http_body_util::BodyExt;
use kube::config::{KubeConfigOptions, Kubeconfig};

use crate::error::Error;
use crate::transport::{Body, Transport};
use crate::verbs::Client;

/// kube's client as a carrier of requests: TLS, credentials and their renewal are its matter.
struct Remote(kube::Client);

impl Transport for Remote {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, Error>> {
        let client = self.0.clone();
        Box::pin(async move {
            let request = request.map(kube::client::Body::from);
            let response = client.send(request).await.map_err(|error| Error::Transport(Box::new(error)))?;
            Ok(response.map(|body| body.map_err(|error| Error::Transport(Box::new(error))).boxed_unsync()))
        })
    }
}

impl Client {
    /// A client for the current context of a kubeconfig file.
    pub async fn from_kubeconfig(path: &Path) -> Result<Self, Error> {
        Self::of_kubeconfig(path, true).await
    }

    /// The same without the credentials in it.
    pub async fn from_kubeconfig_without_credentials(path: &Path) -> Result<Self, Error> {
        Self::of_kubeconfig(path, false).await
    }

    async fn of_kubeconfig(path: &Path, credentials: bool) -> Result<Self, Error> {
        let wrap = |source: Box<dyn std::error::Error + Send + Sync>| Error::Kubeconfig {
            path: path.display().to_string(),
            source,
        };
        let file = Kubeconfig::read_from(path).map_err(|error| wrap(Box::new(error)))?;
        let mut config = kube::Config::from_custom_kubeconfig(file, &KubeConfigOptions::default())
            .await
            .map_err(|error| wrap(Box::new(error)))?;
        if !credentials {
            config.auth_info = kube::config::AuthInfo::default();
        }
        // Watches are quiet for minutes; requests have their own deadlines.
        config.read_timeout = None;
        let client = kube::Client::try_from(config).map_err(|error| wrap(Box::new(error)))?;
        Ok(Self::new(Remote(client)))
    }
}
