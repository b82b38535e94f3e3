//! The kubelet's side: both services over one connection to a Unix socket.

use std::path::{Path, PathBuf};

use hyper_util::rt::TokioIo;
use k8s_cri::v1::image_service_client::ImageServiceClient;
use k8s_cri::v1::runtime_service_client::RuntimeServiceClient;
use tokio::net::UnixStream;
use tonic::transport::{Channel, Endpoint, Uri};
use tower::service_fn;

/// The longest answer. Source: kubelet's own limit of 16 MiB, doubled for ExecSync's two outputs, and its framing.
const MESSAGE_MAX: usize = 33 << 20;

/// Clients of both services; clones share the connection.
#[derive(Debug, Clone)]
pub struct Clients {
    /// Sandboxes and containers.
    pub runtime: RuntimeServiceClient<Channel>,
    /// Images.
    pub images: ImageServiceClient<Channel>,
}

/// The runtime does not answer.
#[derive(Debug, thiserror::Error)]
#[error("connect to the container runtime at {path}")]
pub struct ConnectError {
    path: PathBuf,
    #[source]
    source: tonic::transport::Error,
}

/// Connects to the runtime that listens at `socket` (a path, `unix://` before it or not). The connection is made again
/// by itself when it breaks.
pub async fn connect(socket: &Path) -> Result<Clients, ConnectError> {
    let path =
        socket.to_str().and_then(|text| text.strip_prefix("unix://")).map_or(socket, Path::new).to_owned();
    // The authority is never looked at: the connector knows where to go.
    let endpoint = Endpoint::from_static("http://runtime.invalid");
    let target = path.clone();
    let connector = service_fn(move |_: Uri| {
        let target = target.clone();
        async move { UnixStream::connect(target).await.map(TokioIo::new) }
    });
    let channel =
        endpoint.connect_with_connector(connector).await.map_err(|source| ConnectError { path, source })?;
    Ok(Clients {
        runtime: RuntimeServiceClient::new(channel.clone())
            .max_decoding_message_size(MESSAGE_MAX)
            .max_encoding_message_size(MESSAGE_MAX),
        images: ImageServiceClient::new(channel).max_decoding_message_size(MESSAGE_MAX),
    })
}
