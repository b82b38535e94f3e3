//! CertificateApproval, CertificateSigning and CertificateSubjectRestriction: who may approve and sign for a
//! signer, and what nobody gets a certificate for.

use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mizzen_pki::SigningRequest;
use mizzen_schema::value::Value;

use super::tree::{same, text};
use super::{Operation, Plugin, Request};
use crate::attributes::ResourceTarget;
use crate::authz::Authorizer;
use crate::status::ApiError;

const GROUP: &str = "certificates.k8s.io";
const RESOURCE: &str = "certificatesigningrequests";

/// The plugin that guards `approval`.
pub(super) struct CertificateApproval {
    authorizer: Arc<dyn Authorizer>,
}

/// The plugin that guards `status`.
pub(super) struct CertificateSigning {
    authorizer: Arc<dyn Authorizer>,
}

/// The plugin that guards `system:masters`.
pub(super) struct CertificateSubjectRestriction;

impl CertificateApproval {
    pub(super) fn new(authorizer: Arc<dyn Authorizer>) -> Self {
        Self { authorizer }
    }
}

impl CertificateSigning {
    pub(super) fn new(authorizer: Arc<dyn Authorizer>) -> Self {
        Self { authorizer }
    }
}

/// Whether the user may `verb` for the signer by its name, or for all of its domain.
async fn may(authorizer: &Arc<dyn Authorizer>, request: &Request<'_>, verb: &str, signer: &str) -> bool {
    let domain = signer.split('/').next().unwrap_or_default();
    for name in [signer, &format!("{domain}/*")] {
        let signer = ResourceTarget {
            group: GROUP.to_owned(),
            version: "*".to_owned(),
            resource: "signers".to_owned(),
            name: name.to_owned(),
            ..ResourceTarget::default()
        };
        if request.may(authorizer.as_ref(), verb, signer).await {
            return true;
        }
    }
    false
}

#[async_trait]
impl Plugin for CertificateApproval {
    fn name(&self) -> &'static str {
        "CertificateApproval"
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        if !request.is_sub(GROUP, RESOURCE, "approval") {
            return Ok(());
        }
        // The signer of the object as it is: an update cannot pretend another.
        let signer = text(request.old.unwrap_or(&Value::Null), &["spec", "signerName"]);
        if may(&self.authorizer, request, "approve", signer).await {
            return Ok(());
        }
        let why = format!("user not permitted to approve requests with signerName {signer:?}");
        Err(request.forbidden(why))
    }
}

#[async_trait]
impl Plugin for CertificateSigning {
    fn name(&self) -> &'static str {
        "CertificateSigning"
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        if !request.is_sub(GROUP, RESOURCE, "status") {
            return Ok(());
        }
        let (Some(new), Some(old)) = (request.object.as_deref(), request.old) else { return Ok(()) };
        // Others may set conditions, but only signers the certificate (and that they failed).
        let conditions = same(new, old, &["status", "conditions"]);
        if same(new, old, &["status", "certificate"]) && conditions {
            return Ok(());
        }
        let signer = text(old, &["spec", "signerName"]);
        if may(&self.authorizer, request, "sign", signer).await {
            return Ok(());
        }
        Err(request.forbidden(format!("user not permitted to sign requests with signerName {signer:?}")))
    }
}

#[async_trait]
impl Plugin for CertificateSubjectRestriction {
    fn name(&self) -> &'static str {
        "CertificateSubjectRestriction"
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        if !request.is(GROUP, RESOURCE) || request.operation != Operation::Create {
            return Ok(());
        }
        let Some(object) = request.object.as_deref() else { return Ok(()) };
        if text(object, &["spec", "signerName"]) != "kubernetes.io/kube-apiserver-client" {
            return Ok(());
        }
        let pem = STANDARD.decode(text(object, &["spec", "request"])).unwrap_or_default();
        let read = SigningRequest::parse(&String::from_utf8_lossy(&pem));
        let read = read.map_err(|error| request.forbidden(format!("failed to parse CSR: {error}")))?;
        if read.organizations.iter().any(|group| group == "system:masters") {
            let why =
                "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed";
            return Err(request.forbidden(why));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fake::Attempt;
    use super::*;
    use crate::attributes::{Attributes, Target, User};
    use crate::authz::{Decision, Rule};

    /// Allows what is asked for by a name under `example.com`.
    struct Domain;

    #[async_trait]
    impl Authorizer for Domain {
        async fn authorize(&self, attributes: &Attributes) -> Decision {
            match &attributes.target {
                Target::Resource(target) if target.name == "example.com/*" => Decision::Allow(String::new()),
                _ => Decision::NoOpinion(String::new()),
            }
        }

        async fn rules(&self, _: &User, _: &str) -> (Vec<Rule>, String) {
            (Vec::new(), String::new())
        }
    }

    #[tokio::test]
    async fn approval_and_signing_need_the_signer() {
        let object = |signer: &str, certificate: &str| {
            json!({"metadata": {"name": "r"}, "spec": {"signerName": signer},
                "status": {"certificate": certificate}})
        };
        let attempt = |sub: &str, signer: &str| {
            let resource = format!("{RESOURCE}/{sub}");
            Attempt::update(GROUP, &resource, "", object("example.com/a", "x"), object(signer, ""))
        };
        let (approval, signing) =
            (CertificateApproval::new(Arc::new(Domain)), CertificateSigning::new(Arc::new(Domain)));
        assert!(attempt("approval", "example.com/a").run(&approval).await.is_ok());
        let error = attempt("approval", "other.com/a").run(&approval).await.unwrap_err();
        let expect = "user not permitted to approve requests with signerName \"other.com/a\"";
        assert!(error.message.ends_with(expect), "{error}");
        assert!(attempt("status", "example.com/a").run(&signing).await.is_ok());
        assert!(attempt("status", "other.com/a").run(&signing).await.is_err());
    }

    #[tokio::test]
    async fn nobody_becomes_a_master() {
        let check = async |groups: &[&str], signer: &str, expect: bool| {
            let (pem, _) = SigningRequest::create("jane", groups, &[], &[]).unwrap();
            let object = json!({"spec": {"signerName": signer, "request": STANDARD.encode(pem)}});
            let result =
                Attempt::create(GROUP, RESOURCE, "", object).run(&CertificateSubjectRestriction).await;
            assert_eq!(result.is_ok(), expect);
        };
        check(&["dev"], "kubernetes.io/kube-apiserver-client", true).await;
        check(&["dev", "system:masters"], "kubernetes.io/kube-apiserver-client", false).await;
        check(&["system:masters"], "example.com/own", true).await;
    }
}
