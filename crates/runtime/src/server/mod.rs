//! CRI's two services on a Unix socket.

mod images;
mod runtime;
mod view;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use k8s_cri::v1::image_service_server::ImageServiceServer;
use k8s_cri::v1::runtime_service_server::RuntimeServiceServer;
use tokio::net::UnixListener;
use tokio_stream::wrappers::UnixListenerStream;
use tokio_util::sync::CancellationToken;
use tonic::transport::Server;

use crate::Error;
use crate::runtime::Runtime;
use crate::streams;

/// How long calls may take to end once the runtime is told to.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);
/// The longest message of either side: an ExecSync answer has two outputs of 16 MiB.
const MESSAGE_MAX: usize = 2 * crate::exec::OUTPUT_MAX + (1 << 20);

/// Serves until `cancel`.
pub(crate) async fn serve(runtime: &Runtime, cancel: CancellationToken) -> Result<(), Error> {
    let path = runtime.config.socket.clone();
    let failed = |source| Error::Io { path: path.clone(), source };
    let listener = listen(&path).map_err(failed)?;
    let streaming = streams::start(runtime).await.map_err(failed)?;
    let calls = RuntimeServiceServer::new(runtime::Service::new(runtime.clone(), streaming))
        .max_decoding_message_size(MESSAGE_MAX)
        .max_encoding_message_size(MESSAGE_MAX);
    let images = ImageServiceServer::new(images::Service::new(runtime.clone()));
    let incoming = UnixListenerStream::new(listener);
    let ended = cancel.clone();
    let server = Server::builder()
        .add_service(calls)
        .add_service(images)
        .serve_with_incoming_shutdown(incoming, async move { ended.cancelled().await });
    let deadline = async {
        cancel.cancelled().await;
        tokio::time::sleep(SHUTDOWN_TIMEOUT).await;
    };
    let served = tokio::select! {
        served = server => served.map_err(Error::from),
        () = deadline => Ok(()),
    };
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => served.and(Err(failed(error))),
        _ => served,
    }
}

/// Listens at `path`, for the super-user only. Bound in a folder that only its owner may enter, and moved from there,
/// so that there is no moment at which others could connect.
fn listen(path: &Path) -> std::io::Result<UnixListener> {
    let parent = path.parent().ok_or(std::io::ErrorKind::InvalidInput)?;
    crate::record::make_dir(parent)?;
    let folder = parent.join(format!(".cri-{}", std::process::id()));
    crate::record::remove_dir(&folder)?;
    crate::record::make_dir(&folder)?;
    let temporary = folder.join("s");
    let listener = UnixListener::bind(&temporary)?;
    std::fs::set_permissions(&temporary, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&temporary, path)?;
    std::fs::remove_dir(&folder)?;
    Ok(listener)
}
