//! The standard server: authentication, RBAC, admission, allocation and the objects that every cluster has.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use mizzen_apiserver::admission::Loopback;
use mizzen_apiserver::allocate::AllocatorConfig;
use mizzen_apiserver::assemble::{Settings, standard};
use mizzen_apiserver::attributes::User;
use mizzen_apiserver::authn::AuthnConfig;
use mizzen_apiserver::{Config, Server, bootstrap};
use mizzen_clock::Env;
use mizzen_pki::TokenKey;
use mizzen_store::MemoryStore;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::Api;

async fn server() -> (Api, CancellationToken) {
    let key = TokenKey::create().expect("a key");
    let issuer = "https://kubernetes.default.svc.cluster.local".to_owned();
    let loopback = Loopback::default();
    let settings = Settings {
        authn: AuthnConfig {
            token_keys: vec![key.clone()],
            issuers: vec![issuer.clone()],
            anonymous: true,
            ..AuthnConfig::default()
        },
        authorization_modes: vec!["Node".to_owned(), "RBAC".to_owned()],
        admission: Default::default(),
        token_key: key,
        issuer,
        extend_token_expiration: true,
        token_expiration_max_s: 0,
        jwks_uri: String::new(),
        services: AllocatorConfig {
            service_cidrs: vec!["10.96.0.0/16".parse().expect("a range")],
            node_ports: 30_000..=32_767,
        },
        server_address: "127.0.0.1:6443".to_owned(),
        loopback: loopback.clone(),
    };
    let env = Env::system();
    let config = Config::new(move |hooks| standard(&hooks, &settings).expect("right settings").0);
    let server = Server::start(config, Arc::new(MemoryStore::new()), env.clone());
    let own = server.client(User::new("system:apiserver", &["system:masters"]));
    loopback.set(own.clone());
    let cancel = CancellationToken::new();
    let objects = bootstrap::Config {
        service_cidrs: vec!["10.96.0.0/16".parse().expect("a range")],
        endpoints: bootstrap::Endpoints::Own(vec!["192.0.2.1".parse().expect("an address")]),
        secure_port: 6443,
        kubernetes_service_node_port: 0,
        cluster_dns: None,
        client_ca_pem: String::new(),
        proxy_headers: None,
    };
    tokio::spawn(bootstrap::run(own, objects, env, cancel.clone(), || {}));
    let client = server.client(User::new("admin", &["system:masters"]));
    let api = Api { server, client };
    let deadline = async {
        while api.get("/api/v1/namespaces/default/services/kubernetes").await.code != 200
            || api.get("/apis/rbac.authorization.k8s.io/v1/clusterroles/view").await.code != 200
            || api.get("/api/v1/namespaces/kube-system").await.code != 200
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), deadline).await.expect("the objects are made");
    (api, cancel)
}

#[tokio::test]
async fn a_cluster_from_nothing() {
    let (api, cancel) = server().await;
    let service = api.get("/api/v1/namespaces/default/services/kubernetes").await.expect(200);
    assert_eq!(service["spec"]["clusterIP"], "10.96.0.1");
    let alice = api.server.client(User::new("alice", &[]));
    let pods = "/api/v1/namespaces/default/pods";
    api.call_as(&alice, Method::GET, pods, &[], bytes::Bytes::new()).await.expect(403);
    let binding = json!({
        "metadata": { "name": "alice" },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view" },
        "subjects": [{ "kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "alice" }],
    });
    let bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings";
    api.post(bindings, &binding).await.expect(201);
    // `view` is made by aggregation, which is a controller's work: grant a role of our own as well.
    let role = json!({ "metadata": { "name": "pods" }, "rules": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["list"] }] });
    api.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", &role).await.expect(201);
    let binding = json!({
        "metadata": { "name": "alice-pods" },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "pods" },
        "subjects": [{ "kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "alice" }],
    });
    api.post(bindings, &binding).await.expect(201);
    api.call_as(&alice, Method::GET, pods, &[], bytes::Bytes::new()).await.expect(200);
    api.call_as(&alice, Method::DELETE, pods, &[], bytes::Bytes::new()).await.expect(403);

    assert_eq!(api.get("/openid/v1/jwks").await.expect(200)["keys"].as_array().map(Vec::len), Some(1));
    let discovery = api.get("/.well-known/openid-configuration").await.expect(200);
    assert_eq!(discovery["jwks_uri"], "https://127.0.0.1:6443/openid/v1/jwks");

    // A pod needs its service account, and gets its token mounted.
    let pod =
        json!({ "metadata": { "name": "p" }, "spec": { "containers": [{ "name": "c", "image": "i" }] } });
    let refused = api.post(pods, &pod).await.expect(403);
    assert!(
        refused["message"].as_str().is_some_and(|text| text.contains("serviceaccount \"default\" not found")),
        "{refused}"
    );
    let accounts = "/api/v1/namespaces/default/serviceaccounts";
    api.post(accounts, &json!({ "metadata": { "name": "default" } })).await.expect(201);
    let created = api.post(pods, &pod).await.expect(201);
    assert_eq!(created["spec"]["serviceAccountName"], "default");
    assert!(created["spec"]["volumes"][0]["projected"].is_object(), "{created}");
    api.post("/api/v1/namespaces/nowhere/pods", &pod).await.expect(404);

    let request = json!({ "spec": { "audiences": [], "expirationSeconds": 3600 } });
    let token = api.post(&format!("{accounts}/default/token"), &request).await.expect(201);
    assert!(token["status"]["token"].as_str().is_some_and(|text| text.split('.').count() == 3), "{token}");
    let review = json!({ "spec": { "token": token["status"]["token"] } });
    let review = api.post("/apis/authentication.k8s.io/v1/tokenreviews", &review).await.expect(201);
    assert_eq!(review["status"]["user"]["username"], "system:serviceaccount:default:default");

    let service = json!({ "metadata": { "name": "web" }, "spec": { "type": "NodePort", "selector": { "a": "b" }, "ports": [{ "port": 80 }] } });
    let services = "/api/v1/namespaces/default/services";
    let web = api.post(services, &service).await.expect(201);
    let address = web["spec"]["clusterIP"].as_str().expect("an address").to_owned();
    let held = format!("/apis/networking.k8s.io/v1/ipaddresses/{address}");
    api.get(&held).await.expect(200);
    assert!(web["spec"]["ports"][0]["nodePort"].as_i64().is_some_and(|port| port >= 30_000));
    api.post(services, &service).await.expect(409);
    let patched = api
        .patch("merge", &format!("{services}/web"), &json!({ "spec": { "selector": { "a": "c" } } }))
        .await
        .expect(200);
    assert_eq!(patched["spec"]["clusterIP"], web["spec"]["clusterIP"]);
    api.delete(&format!("{services}/web")).await.expect(200);
    api.get(&held).await.expect(404);
    cancel.cancel();
    api.server.stop().await;
}
