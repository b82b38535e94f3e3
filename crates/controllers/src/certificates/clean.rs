//! Deletes certificate signing requests that have served: an hour after they were decided, a day after nobody did.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::ByteString;
use k8s_openapi::api::certificates::v1::CertificateSigningRequest;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use mizzen_client::{DeleteParams, Informer, ObjectKey, Outcome};

use crate::context::{Context, Reconcile};

const WORKERS: usize = 1;
const DECIDED: Duration = Duration::from_secs(3600);
const PENDING: Duration = Duration::from_secs(24 * 3600);

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
    super::serve(&context, "csrcleaner", WORKERS, &controller, reconcile).await;
}

/// When a request is to be deleted; `None`: not as it is now.
fn due(object: &CertificateSigningRequest) -> Option<Timestamp> {
    let status = object.status.clone().unwrap_or_default();
    let created = object.metadata.creation_timestamp.as_ref().map(|time| time.0);
    let after =
        |since: Option<Timestamp>, wait: Duration| since.and_then(|since| since.checked_add(wait).ok());
    let decided = status.conditions.iter().flatten().filter(|condition| {
        let decides = matches!(condition.type_.as_str(), "Denied" | "Failed")
            || (condition.type_ == "Approved" && super::is_issued(object));
        decides && condition.status == "True"
    });
    let decided = decided.filter_map(|condition| {
        after(condition.last_update_time.as_ref().map(|Time(time)| *time).or(created), DECIDED)
    });
    let pending = (!super::is(object, "Approved") && !super::is(object, "Denied"))
        .then(|| after(created, PENDING))
        .flatten();
    let expires = status
        .certificate
        .as_ref()
        .and_then(|ByteString(bytes)| mizzen_pki::valid_until(&String::from_utf8_lossy(bytes)).ok());
    decided.chain(pending).chain(expires).min()
}

impl Controller {
    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(object) = self.requests.get(key) else { return Ok(Outcome::Done) };
        let Some(due) = due(&object.value) else { return Ok(Outcome::Done) };
        let wait = Duration::try_from(due.duration_since(self.context.env.now())).unwrap_or_default();
        if !wait.is_zero() {
            return Ok(Outcome::After(wait));
        }
        let params = DeleteParams::uid(object.uid.clone());
        let deleted = self.context.client.delete::<CertificateSigningRequest>("", &key.name, &params).await;
        super::settled(deleted)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_are_kept_for_a_while() {
        let check = |status: serde_json::Value, expect: Option<&str>| {
            let object = json!({
                "metadata": { "name": "r", "creationTimestamp": "2026-01-01T00:00:00Z" },
                "spec": { "request": "", "signerName": "s" }, "status": status,
            });
            let object: CertificateSigningRequest = serde_json::from_value(object).expect("a request");
            let expect = expect.map(|text| text.parse::<Timestamp>().expect("a time"));
            assert_eq!(due(&object), expect, "{status}");
        };
        let condition = |type_: &str| json!([{ "type": type_, "status": "True", "lastUpdateTime": "2026-01-01T05:00:00Z" }]);
        check(json!({}), Some("2026-01-02T00:00:00Z"));
        check(json!({ "conditions": condition("Denied") }), Some("2026-01-01T06:00:00Z"));
        // Approved, but nobody has signed it yet.
        check(json!({ "conditions": condition("Approved") }), None);
        check(
            json!({ "conditions": condition("Approved"), "certificate": "eA==" }),
            Some("2026-01-01T06:00:00Z"),
        );
        check(json!({ "conditions": condition("Failed") }), Some("2026-01-01T06:00:00Z"));
    }
}
