//! Certificate signing requests: approved where the asker may, signed by the cluster's authority, deleted in time.

use k8s_openapi::ByteString;
use k8s_openapi::api::certificates::v1::CertificateSigningRequest;
use mizzen_client::{ApiResource, ObjectKey, Patch};
use mizzen_pki::SigningRequest;
use serde_json::{Value as Json, json};

use crate::support::World;

async fn ask(world: &World, name: &str, signer: &str, subject: (&str, &[&str]), usages: &[&str]) {
    use base64::Engine as _;
    let (pem, _) = SigningRequest::create(subject.0, subject.1, &[], &[]).expect("a request");
    let request = base64::engine::general_purpose::STANDARD.encode(pem);
    let object = json!({
        "metadata": { "name": name },
        "spec": { "signerName": signer, "request": request, "usages": usages, "expirationSeconds": 3600 },
    });
    world.create::<CertificateSigningRequest>(object).await;
}

async fn get(world: &World, name: &str) -> Option<CertificateSigningRequest> {
    world.get("", name).await
}

async fn decide(world: &World, name: &str, type_: &str) {
    let patch = Patch::Merge(json!({ "status": { "conditions": [
        { "type": type_, "status": "True", "reason": "Test", "message": "so" },
    ] } }));
    let resource = ApiResource::of::<CertificateSigningRequest>();
    let key = ObjectKey::new("", name);
    world.client.patch_as::<Json>(&resource, &key, "approval", &patch).await.expect("decided");
}

fn certificate(object: &CertificateSigningRequest) -> Option<String> {
    let ByteString(bytes) = object.status.as_ref()?.certificate.as_ref()?;
    Some(String::from_utf8_lossy(bytes).into_owned())
}

#[tokio::test(start_paused = true)]
async fn approved_requests_are_signed_and_later_deleted() {
    let world = World::new(&[]).await;
    let client = "kubernetes.io/kube-apiserver-client";
    ask(&world, "jane", client, ("jane", &["dev"]), &["client auth"]).await;
    world.pass(5).await;
    let pending = get(&world, "jane").await.expect("it is there");
    assert!(certificate(&pending).is_none(), "nobody approved it");
    decide(&world, "jane", "Approved").await;
    let signed = || async { get(&world, "jane").await.is_some_and(|object| certificate(&object).is_some()) };
    world.until("it is signed", signed).await;
    let object = get(&world, "jane").await.expect("it is there");
    let until = mizzen_pki::valid_until(&certificate(&object).expect("signed")).expect("a certificate");
    let seconds = until.duration_since(world.env.now()).as_secs();
    assert!((3500..=3600).contains(&seconds), "{seconds}");
    world.pass(3700).await;
    world.until("it is deleted", || async { get(&world, "jane").await.is_none() }).await;
}

#[tokio::test(start_paused = true)]
async fn what_a_signer_does_not_give_fails_and_strangers_are_left_alone() {
    let world = World::new(&[]).await;
    ask(&world, "server", "kubernetes.io/kube-apiserver-client", ("jane", &[]), &["server auth"]).await;
    ask(&world, "other", "example.com/signer", ("jane", &[]), &["server auth"]).await;
    ask(&world, "denied", "kubernetes.io/kube-apiserver-client", ("jane", &[]), &["server auth"]).await;
    decide(&world, "server", "Approved").await;
    decide(&world, "other", "Approved").await;
    decide(&world, "denied", "Denied").await;
    let failed = || async {
        let object = get(&world, "server").await.expect("it is there");
        let conditions = object.status.unwrap_or_default().conditions.unwrap_or_default();
        conditions.iter().any(|one| {
            one.type_ == "Failed"
                && one.message.as_deref() == Some("invalid usage for client certificate: server auth")
        })
    };
    world.until("it failed", failed).await;
    for name in ["server", "other", "denied"] {
        assert!(certificate(&get(&world, name).await.expect("it is there")).is_none(), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn kubelets_get_theirs_when_a_role_says_so() {
    use k8s_openapi::api::rbac::v1::ClusterRoleBinding;
    let world = World::new(&[]).await;
    let kubelet = "kubernetes.io/kube-apiserver-client-kubelet";
    let usages = ["digital signature", "client auth"];
    // Whoever asks is system:masters here, and may anything: only the shape of the request decides.
    ask(&world, "node", kubelet, ("system:node:a", &["system:nodes"]), &usages).await;
    ask(&world, "odd", kubelet, ("jane", &["system:nodes"]), &usages).await;
    let signed = || async { get(&world, "node").await.is_some_and(|object| certificate(&object).is_some()) };
    world.until("the kubelet's is approved and signed", signed).await;
    let object = get(&world, "node").await.expect("it is there");
    let conditions = object.status.unwrap_or_default().conditions.unwrap_or_default();
    assert_eq!(conditions[0].reason.as_deref(), Some("AutoApproved"));
    let words = "Auto approving kubelet client certificate after SubjectAccessReview.";
    assert_eq!(conditions[0].message.as_deref(), Some(words));
    let odd = get(&world, "odd").await.expect("it is there");
    assert!(odd.status.unwrap_or_default().conditions.is_none());
    let bindings: Vec<ClusterRoleBinding> = world.list("").await;
    assert!(bindings.iter().any(|binding| {
        binding.metadata.name.as_deref() == Some("system:controller:certificate-controller")
    }));
}
