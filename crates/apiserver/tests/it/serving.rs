//! Over the network: TLS, HTTP/2, client certificates; and what filters do.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt;
use http::Method;
use mizzen_apiserver::admission::{Operation, Plugin, Request};
use mizzen_apiserver::attributes::User;
use mizzen_apiserver::authn::{ClientCertificates, client_verifier};
use mizzen_apiserver::observe::Observer;
use mizzen_apiserver::status::ApiError;
use mizzen_apiserver::{ObserverRow, Server};
use mizzen_client::{Client, ListParams};
use mizzen_clock::Env;
use mizzen_pki::{Authority, ClientRequest, ServerRequest};
use mizzen_schema::value::Value;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::support::{Api, api, api_with, plugins};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

struct Remote {
    server: Server,
    client: Client,
    cancel: CancellationToken,
    serving: tokio::task::JoinHandle<()>,
    address: std::net::SocketAddr,
    /// Of a client with the certificate of `alice`.
    client_tls: Arc<rustls::ClientConfig>,
}

/// What `alice` shows and trusts.
fn client_tls(ca_pem: &str, own: &mizzen_pki::Certified) -> Arc<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).expect("PEM")).expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let certificate = CertificateDer::from_pem_slice(own.cert_pem.as_bytes()).expect("PEM");
    let key = PrivateKeyDer::from_pem_slice(own.key_pem.as_bytes()).expect("PEM");
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![certificate], key);
    Arc::new(config.expect("a certificate with its key"))
}

async fn remote() -> Remote {
    let env = Env::system();
    let day = Duration::from_secs(86_400);
    let ca = Authority::create("test", env.now()).expect("an authority");
    let request =
        ServerRequest { name: "server", dns_names: &[], addresses: &[[127, 0, 0, 1].into()], valid: day };
    let own = ca.server(&request, env.now()).expect("a certificate");
    let certificate = CertificateDer::from_pem_slice(own.cert_pem.as_bytes()).expect("PEM");
    let key = PrivateKeyDer::from_pem_slice(own.key_pem.as_bytes()).expect("PEM");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(client_verifier())
        .with_single_cert(vec![certificate], key)
        .expect("a certificate with its key");
    let authenticator = Arc::new(ClientCertificates::new(ca.cert_pem(), env.clone()).expect("an authority"));
    let Api { server, .. } = api_with(|config| {
        config.tls = Some(Arc::new(tls));
        config.plugins =
            Box::new(move |_| mizzen_apiserver::Plugins { authenticators: vec![authenticator], ..plugins() });
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let cancel = CancellationToken::new();
    let serving = tokio::spawn({
        let (server, cancel) = (server.clone(), cancel.clone());
        async move { server.serve(listener, cancel).await.expect("TLS is set") }
    });
    let user = ClientRequest { user: "alice", groups: &["people"], valid: day };
    let user = ca.client(&user, env.now()).expect("a certificate");
    let text = mizzen_pki::kubeconfig::render("test", &format!("https://{address}"), ca.cert_pem(), &user);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config");
    std::fs::write(&path, text).expect("a file");
    let client = Client::from_kubeconfig(&path).await.expect("a client");
    let client_tls = client_tls(ca.cert_pem(), &user);
    Remote { server, client, cancel, serving, address, client_tls }
}

impl Remote {
    /// A connection of `alice`, without HTTP/2.
    async fn connect(&self) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
        let stream = tokio::net::TcpStream::connect(self.address).await.expect("a connection");
        let name = rustls::pki_types::ServerName::from(self.address.ip());
        tokio_rustls::TlsConnector::from(self.client_tls.clone()).connect(name, stream).await.expect("TLS")
    }

    async fn stop(self) {
        self.cancel.cancel();
        tokio::time::timeout(Duration::from_secs(10), self.serving).await.expect("in time").expect("served");
        self.server.stop().await;
    }
}

/// Events of a watch over WebSocket: text for JSON, binary without lengths for protobuf, base64 by protocol.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watches_over_websocket() {
    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::client::IntoClientRequest;
    let remote = remote().await;
    let created = http::Request::post(MAPS)
        .header("content-type", "application/json")
        .body(r#"{"metadata":{"name":"a"}}"#.into())
        .expect("a request");
    remote.client.send(created).await.expect("created");
    for (accept, protocol) in [
        ("application/json", None),
        ("application/json", Some("base64.binary.k8s.io")),
        ("application/vnd.kubernetes.protobuf", None),
    ] {
        let url = format!("wss://{}{MAPS}?watch=1&resourceVersion=0&timeoutSeconds=1", remote.address);
        let mut request = url.into_client_request().expect("a request");
        request.headers_mut().insert("accept", accept.parse().expect("a value"));
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().expect("a value"));
        }
        let (mut socket, answer) =
            tokio_tungstenite::client_async(request, remote.connect().await).await.expect("a WebSocket");
        let agreed = answer.headers().get("sec-websocket-protocol");
        assert_eq!(agreed.and_then(|own| own.to_str().ok()), protocol);
        let first = tokio::time::timeout(Duration::from_secs(10), socket.next()).await.expect("in time");
        match (first.expect("an event").expect("a message"), protocol) {
            (Message::Text(text), None) => assert!(text.starts_with("{\"type\":\"ADDED\""), "{text}"),
            (Message::Text(text), Some(_)) => assert!(text.starts_with("eyJ0eXBlIjoiQURERUQi"), "{text}"),
            (Message::Binary(bytes), _) => assert!(bytes.starts_with(b"\n\x05ADDED\x12"), "{bytes:?}"),
            (other, _) => panic!("{other:?}"),
        }
        // The watch's end is the connection's.
        let end = async { while let Some(Ok(_)) = socket.next().await {} };
        tokio::time::timeout(Duration::from_secs(10), end).await.expect("an end");
    }
    remote.stop().await;
}

/// Who connects and says nothing, or says it slowly, holds nothing up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_hold_nobody_up() {
    use tokio::io::AsyncWriteExt;
    let remote = remote().await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(tokio::net::TcpStream::connect(remote.address).await.expect("a connection"));
    }
    let mut slow = Vec::new();
    for _ in 0..20 {
        let mut stream = remote.connect().await;
        stream
            .write_all(b"POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: a\r\nX-")
            .await
            .expect("sent");
        slow.push(stream);
    }
    let request = http::Request::get("/healthz").body(bytes::Bytes::new()).expect("a request");
    let answer = tokio::time::timeout(Duration::from_secs(10), remote.client.send(request)).await;
    assert_eq!(answer.expect("in time").expect("an answer").status(), 200);
    drop((idle, slow));
    remote.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_with_a_client_certificate() {
    use k8s_openapi::api::core::v1::ConfigMap;
    use mizzen_client::ApiResource;
    let remote = remote().await;
    let client = &remote.client;
    let map: ConfigMap =
        serde_json::from_value(json!({ "metadata": { "name": "a", "namespace": "default" } }))
            .expect("a ConfigMap");
    let mut events = client
        .watch(&ApiResource::of::<ConfigMap>(), "default", &ListParams::default())
        .await
        .expect("a watch");
    let created = client.create(&map).await.expect("created");
    let list = client.list::<ConfigMap>("default", &ListParams::default()).await.expect("a list");
    assert_eq!(list.items, [created]);
    // The mark after the initial objects, of which there were none, and what came then.
    for kind in [mizzen_client::EventKind::Bookmark, mizzen_client::EventKind::Added] {
        let event = tokio::time::timeout(Duration::from_secs(10), events.next()).await.expect("in time");
        assert_eq!(event.expect("an event").expect("no error").kind, kind);
    }
    let as_nobody = http::Request::get(MAPS).header("impersonate-user", "nobody").body(bytes::Bytes::new());
    let error = client.send(as_nobody.expect("a request")).await.expect_err("refused");
    assert_eq!(error.code(), Some(403));
    // A stop ends the watch, and then the server.
    remote.cancel.cancel();
    let end =
        tokio::time::timeout(Duration::from_secs(10), async { while events.next().await.is_some() {} }).await;
    end.expect("the watch ends");
    drop(events);
    tokio::time::timeout(Duration::from_secs(10), remote.serving).await.expect("in time").expect("served");
    remote.server.stop().await;
}

/// Refuses, changes and panics by name, and remembers what ended.
#[derive(Default)]
struct Probe {
    ended: std::sync::Mutex<Vec<String>>,
}

#[async_trait]
impl Plugin for Probe {
    fn name(&self) -> &'static str {
        "Probe"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        if request.operation == Operation::Create && request.target.resource == "configmaps" {
            let object = request.object.as_deref_mut().expect("a create has an object");
            if object.str_at(&["metadata", "name"]) == Some("panic") {
                panic!("as asked");
            }
            if let Some(immutable) = object.as_struct_mut() {
                immutable.set("immutable", Value::Bool(true));
            }
        }
        Ok(())
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        match request.target.name.as_str() {
            "kept" if request.operation == Operation::Delete => {
                Err(ApiError::forbidden("", "configmaps", "kept", "it is kept"))
            }
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Observer for Probe {
    async fn ended(&self, gone: &Value, kept: Option<&Value>) {
        let name = gone.str_at(&["metadata", "name"]).unwrap_or_default();
        self.ended.lock().expect("no panic").push(format!("{name} kept {}", kept.is_some()));
    }
}

#[tokio::test]
async fn plugins_change_refuse_and_may_panic() {
    let probe = Arc::new(Probe::default());
    let api = api_with(|config| {
        let probe = probe.clone();
        config.plugins = Box::new(move |_| mizzen_apiserver::Plugins {
            admission: vec![probe.clone()],
            observers: vec![ObserverRow { group: "", resource: "configmaps", observer: probe }],
            ..plugins()
        });
    });
    let map = |name: &str| json!({ "metadata": { "name": name } });
    assert_eq!(api.post(MAPS, &map("kept")).await.expect(201)["immutable"], true);
    let refused = api.delete(&format!("{MAPS}/kept")).await.expect(403);
    assert_eq!(refused["message"], "configmaps \"kept\" is forbidden: it is kept");
    assert_eq!(api.post(MAPS, &map("panic")).await.expect(500)["reason"], "InternalError");
    api.post(MAPS, &map("kept")).await.expect(409);
    let labels = json!({ "metadata": { "labels": { "a": "b" } } });
    api.patch("merge", &format!("{MAPS}/kept"), &labels).await.expect(200);
    api.post(MAPS, &map("other")).await.expect(201);
    api.delete(&format!("{MAPS}/other")).await.expect(200);
    let ended = probe.ended.lock().expect("no panic").clone();
    assert_eq!(ended, ["kept kept false", "kept kept true", "other kept false"]);
}

#[tokio::test]
async fn too_many_in_flight_are_told_to_come_back() {
    let api = api_with(|config| config.tuning.max_requests_inflight = 0);
    let one = api.server.client(User::new("one", &[]));
    let refused = api.call_as(&one, Method::GET, MAPS, &[], bytes::Bytes::new()).await.expect(429);
    assert_eq!(refused["details"]["retryAfterSeconds"], 1);
    // Administrators always get in.
    api.get(MAPS).await.expect(200);
    api.call_as(&one, Method::POST, MAPS, &[], json!({ "metadata": { "name": "a" } }).to_string())
        .await
        .expect(201);
}

#[tokio::test]
async fn nobody_may_anything_without_an_authorizer() {
    let api = api_with(|config| config.plugins = Box::new(|_| mizzen_apiserver::Plugins::default()));
    let refused = api.get(MAPS).await.expect(403);
    assert!(refused["message"].as_str().is_some_and(|text| text.ends_with("no authorizer is configured")));
}

#[tokio::test]
async fn long_answers_are_compressed_when_asked() {
    use std::io::Read;
    let api = api();
    for at in 0..4 {
        let map = json!({ "metadata": { "name": format!("m{at}") }, "data": { "k": "x".repeat(100_000) } });
        api.post(MAPS, &map).await.expect(201);
    }
    let headers = [("accept-encoding", "gzip")];
    let reply = api.call(Method::GET, MAPS, &headers, bytes::Bytes::new()).await;
    assert_eq!(reply.headers["content-encoding"], "gzip");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&*reply.bytes).read_to_string(&mut text).expect("gzip");
    assert_eq!(text.as_bytes(), api.get(MAPS).await.bytes);
    assert!(reply.bytes.len() < text.len() / 10);
}
