//! Certificate signing requests: [`approve`] says yes to kubelets' own, [`sign`] gives approved ones their certificate,
//! [`clean`] deletes old ones. [`policy`] is what a signer's requests must look like.
//!
//! Source: "Certificates and Certificate Signing Requests"; "TLS bootstrapping".

pub(crate) mod approve;
pub(crate) mod clean;
mod policy;
pub(crate) mod sign;

use k8s_openapi::ByteString;
use k8s_openapi::api::certificates::v1::CertificateSigningRequest;
use mizzen_client::{Error, ObjectKey};
use mizzen_pki::SigningRequest;
use tracing::debug;

use crate::context::{Context, Reconcile};

/// Runs a controller of signing requests: reconciles each that changes, until its context is cancelled.
async fn serve<C, F, R>(context: &Context, name: &'static str, workers: usize, controller: &C, reconcile: F)
where
    C: Clone + Send + Sync + 'static,
    F: Fn(C, ObjectKey) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Reconcile> + Send + 'static,
{
    let requests = context.informers.of::<CertificateSigningRequest>();
    let queue = context.queue::<ObjectKey>(name);
    let own = queue.clone();
    requests.subscribe(move |change| own.add(change.object().key.clone()));
    context.serve(controller, &queue, workers, &[&requests], reconcile).await;
}

/// The request inside; `None`: it cannot be read, which trying again does not change.
fn read(object: &CertificateSigningRequest) -> Option<SigningRequest> {
    let ByteString(bytes) = &object.spec.request;
    match SigningRequest::parse(&String::from_utf8_lossy(bytes)) {
        Ok(request) => Some(request),
        Err(error) => {
            let name = object.metadata.name.as_deref().unwrap_or_default();
            debug!(name, %error, "A certificate signing request cannot be read.");
            None
        }
    }
}

/// Whether a condition is true.
fn is(object: &CertificateSigningRequest, type_: &str) -> bool {
    let conditions = object.status.as_ref().and_then(|status| status.conditions.as_ref());
    conditions.into_iter().flatten().any(|condition| condition.type_ == type_ && condition.status == "True")
}

/// Whether it has its certificate.
fn is_issued(object: &CertificateSigningRequest) -> bool {
    let certificate = object.status.as_ref().and_then(|status| status.certificate.as_ref());
    certificate.is_some_and(|ByteString(bytes)| !bytes.is_empty())
}

/// A write that somebody else came before is not repeated: what they wrote brings the request here again.
fn settled<T>(result: Result<T, Error>) -> Result<mizzen_client::Outcome, Error> {
    match result {
        Err(error) if error.is_not_found() || error.is_conflict() => Ok(mizzen_client::Outcome::Done),
        other => other.map(|_| mizzen_client::Outcome::Done),
    }
}
