//! The node's HTTPS API: what the API server asks a kubelet for on people's behalf.

pub(crate) struct Listeners;
pub(crate) async fn listen(_k: &std::sync::Arc<crate::kubelet::Kubelet>) -> Result<Listeners, crate::Error> {
    Ok(Listeners)
}
pub(crate) async fn serve(k: std::sync::Arc<crate::kubelet::Kubelet>, _l: Listeners) {
    k.cancel.cancelled().await
}
