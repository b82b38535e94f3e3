//! Approves what kubelets ask for themselves, if they may: a first certificate of a bootstrap token, and its renewal.

use k8s_openapi::api::authorization::v1::{ResourceAttributes, SubjectAccessReview, SubjectAccessReviewSpec};
use k8s_openapi::api::certificates::v1::{CertificateSigningRequest, CertificateSigningRequestCondition};
use mizzen_client::{Error, Informer, ObjectKey, Outcome};
use mizzen_pki::SigningRequest;
use tracing::debug;

use super::policy::{Signer, check_kubelet_client};
use crate::context::{Context, Reconcile};

const WORKERS: usize = 5;

#[derive(Clone)]
struct Controller {
    context: Context,
    requests: Informer<CertificateSigningRequest>,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller {
        requests: context.informers.of::<CertificateSigningRequest>(),
        context: context.clone(),
    };
    let reconcile = |own: Controller, key: ObjectKey| async move { own.reconcile(&key).await };
    super::serve(&context, "csrapproving", WORKERS, &controller, reconcile).await;
}

/// The permissions under which a request may be approved, strongest claim first, and what is said then.
fn claims(object: &CertificateSigningRequest, request: &SigningRequest) -> Vec<(&'static str, &'static str)> {
    let usages = object.spec.usages.clone().unwrap_or_default();
    let kubelet = Signer::of(&object.spec.signer_name) == Some(Signer::KubeletClient);
    if !kubelet || check_kubelet_client(request, &usages).is_err() {
        return Vec::new();
    }
    let own = object.spec.username.as_deref() == Some(request.common_name.as_str());
    let renewal =
        ("selfnodeclient", "Auto approving self kubelet client certificate after SubjectAccessReview.");
    let first = ("nodeclient", "Auto approving kubelet client certificate after SubjectAccessReview.");
    if own { vec![renewal, first] } else { vec![first] }
}

impl Controller {
    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(object) = self.requests.get(key) else { return Ok(Outcome::Done) };
        let object = &object.value;
        if super::is_issued(object) || super::is(object, "Approved") || super::is(object, "Denied") {
            return Ok(Outcome::Done);
        }
        let Some(request) = super::read(object) else { return Ok(Outcome::Done) };
        let claims = claims(object, &request);
        for (permission, words) in &claims {
            if self.may(object, permission).await? {
                return super::settled(self.approve(object, words).await);
            }
        }
        if claims.is_empty() {
            return Ok(Outcome::Done);
        }
        // The role that allows it may still come.
        debug!(name = key.name, "A kubelet's request is recognized, but its user may not have it.");
        Ok(Outcome::Retry)
    }

    async fn may(&self, object: &CertificateSigningRequest, permission: &str) -> Result<bool, Error> {
        let attributes = ResourceAttributes {
            group: Some("certificates.k8s.io".to_owned()),
            resource: Some("certificatesigningrequests".to_owned()),
            subresource: Some(permission.to_owned()),
            verb: Some("create".to_owned()),
            ..ResourceAttributes::default()
        };
        let spec = SubjectAccessReviewSpec {
            user: object.spec.username.clone(),
            uid: object.spec.uid.clone(),
            groups: object.spec.groups.clone(),
            extra: object.spec.extra.clone(),
            resource_attributes: Some(attributes),
            ..SubjectAccessReviewSpec::default()
        };
        let review = SubjectAccessReview { spec, ..SubjectAccessReview::default() };
        let review = self.context.client.create(&review).await?;
        Ok(review.status.is_some_and(|status| status.allowed))
    }

    async fn approve(
        &self,
        object: &CertificateSigningRequest,
        words: &str,
    ) -> Result<CertificateSigningRequest, Error> {
        let mut approved = object.clone();
        let conditions = approved.status.get_or_insert_default().conditions.get_or_insert_default();
        conditions.push(CertificateSigningRequestCondition {
            type_: "Approved".to_owned(),
            status: "True".to_owned(),
            reason: Some("AutoApproved".to_owned()),
            message: Some(words.to_owned()),
            ..CertificateSigningRequestCondition::default()
        });
        self.context.client.update_subresource(&approved, "approval").await
    }
}
