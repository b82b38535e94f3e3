//! Signs approved requests to the cluster's own signers, with the cluster's authority.

use std::time::Duration;

use k8s_openapi::ByteString;
use k8s_openapi::api::certificates::v1::{CertificateSigningRequest, CertificateSigningRequestCondition};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use mizzen_client::{Informer, ObjectKey, Outcome};
use mizzen_pki::Authority;
use tracing::{error, warn};

use super::policy::{Signer, usage};
use crate::context::{Context, Reconcile};

const WORKERS: usize = 5;
/// The shortest time that a certificate is given for.
const VALID_MIN: Duration = Duration::from_secs(10 * 60);
/// Certificates begin five minutes early; what lives longer than this has them taken off its end.
const LONG: Duration = Duration::from_secs(8 * 3600);
const BACKDATE: Duration = Duration::from_secs(5 * 60);

#[derive(Clone)]
struct Controller {
    context: Context,
    authority: Authority,
    requests: Informer<CertificateSigningRequest>,
}

/// Runs the controller until its context is cancelled. Without an authority nothing is signed.
pub(crate) async fn run(context: Context) {
    let Some(signer) = &context.config.signer else { return context.cancel.cancelled().await };
    let authority = match Authority::load(&signer.cert_pem, &signer.key_pem) {
        Ok(authority) => authority,
        Err(error) => {
            error!(%error, "The authority that is to sign certificates cannot be used, nothing is signed.");
            return context.cancel.cancelled().await;
        }
    };
    let requests = context.informers.of::<CertificateSigningRequest>();
    let controller = Controller { requests, authority, context: context.clone() };
    let reconcile = |own: Controller, key: ObjectKey| async move { own.reconcile(&key).await };
    super::serve(&context, "csrsigning", WORKERS, &controller, reconcile).await;
}

/// How long a certificate lives: as asked for, between the shortest and the longest.
fn valid(asked: Option<i32>, longest: Duration) -> Duration {
    let asked = asked.map(|seconds| Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
    let valid = asked.map_or(longest, |asked| asked.max(VALID_MIN).min(longest));
    if valid > LONG { valid.saturating_sub(BACKDATE) } else { valid }
}

impl Controller {
    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(object) = self.requests.get(key) else { return Ok(Outcome::Done) };
        let object = &object.value;
        let approved = super::is(object, "Approved") && !super::is(object, "Denied");
        if !approved || super::is(object, "Failed") || super::is_issued(object) {
            return Ok(Outcome::Done);
        }
        let Some(signer) = Signer::of(&object.spec.signer_name) else { return Ok(Outcome::Done) };
        let Some(request) = super::read(object) else { return Ok(Outcome::Done) };
        let names = object.spec.usages.clone().unwrap_or_default();
        let usages = names.iter().map(|name| usage(name).ok_or_else(|| format!("unknown usage {name}")));
        let checked = signer.check(&request, &names);
        let usages: Vec<_> = match checked.and_then(|()| usages.collect()) {
            Ok(usages) => usages,
            Err(why) => return self.fail(object, why).await,
        };
        let valid = valid(object.spec.expiration_seconds, self.context.config.signing_duration);
        let certificate = match request.sign(&self.authority, &usages, valid, self.context.env.now()) {
            Ok(certificate) => certificate,
            Err(error) => {
                warn!(name = key.name, %error, "A request could not be signed, will retry.");
                return Ok(Outcome::Retry);
            }
        };
        let mut issued = object.clone();
        issued.status.get_or_insert_default().certificate = Some(ByteString(certificate.into_bytes()));
        super::settled(self.context.client.update_status(&issued).await)
    }

    /// Says that the request will never be signed.
    async fn fail(&self, object: &CertificateSigningRequest, why: String) -> Reconcile {
        let mut failed = object.clone();
        let conditions = failed.status.get_or_insert_default().conditions.get_or_insert_default();
        conditions.push(CertificateSigningRequestCondition {
            type_: "Failed".to_owned(),
            status: "True".to_owned(),
            reason: Some("SignerValidationFailure".to_owned()),
            message: Some(why),
            last_update_time: Some(Time(self.context.env.now())),
            last_transition_time: None,
        });
        super::settled(self.context.client.update_status(&failed).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives_are_bounded() {
        let check = |asked: Option<i32>, expect: u64| {
            assert_eq!(valid(asked, Duration::from_secs(86_400)).as_secs(), expect, "{asked:?}");
        };
        check(None, 86_400 - 300);
        check(Some(1), 600);
        check(Some(-1), 600);
        check(Some(3600), 3600);
        check(Some(10 * 3600), 10 * 3600 - 300);
        check(Some(i32::MAX), 86_400 - 300);
    }
}
