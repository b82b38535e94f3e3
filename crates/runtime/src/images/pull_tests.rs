//! Pulling from a scripted registry that misbehaves on demand, and from Debian's docker-registry.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

use super::digest::Digest;
use super::tests::{Layer, config_of};
use super::*;

/// A request's head, names in lower case.
#[derive(Debug, Clone)]
struct Asked {
    path: String,
    headers: BTreeMap<String, String>,
}

/// Status, header lines, body; a body cut short when `Content-Length` says more.
struct Reply(u16, Vec<String>, Vec<u8>);

type Script = Arc<dyn Fn(&Asked) -> Reply + Send + Sync>;

/// A server on loopback that answers as a script says and remembers what it was asked.
struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    _task: AbortOnDropHandle<()>,
}

impl Server {
    async fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (script, log): (Script, _) = (Arc::new(script), asked.clone());
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, script.clone(), log.clone()));
            }
        });
        Self { address, asked, _task: AbortOnDropHandle::new(task) }
    }

    fn asked(&self, part: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.path.contains(part)).cloned().collect()
    }
}

async fn serve(mut stream: TcpStream, script: Script, log: Arc<Mutex<Vec<Asked>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(key, value)| (key.to_lowercase(), value.to_owned())).collect();
    let asked = Asked { path, headers };
    let Reply(status, lines, body) = script(&asked);
    log.lock().unwrap().push(asked);
    let mut text = format!("HTTP/1.1 {status} x\r\nConnection: close\r\n");
    lines.iter().for_each(|line| text.push_str(&format!("{line}\r\n")));
    if !lines.iter().any(|line| line.starts_with("Content-Length")) {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    stream.write_all(format!("{text}\r\n").as_bytes()).await.unwrap();
    // The client may hang up on what is too long.
    if stream.write_all(&body).await.is_ok() {
        stream.flush().await.unwrap();
    }
}

/// An image as a registry holds it.
#[derive(Clone)]
struct Stored {
    manifest: Vec<u8>,
    blobs: BTreeMap<String, Vec<u8>>,
}

fn descriptor(bytes: &[u8], kind: &str) -> serde_json::Value {
    serde_json::json!({"mediaType": kind, "digest": Digest::of(bytes).to_string(), "size": bytes.len()})
}

fn image(layers: &[Vec<u8>]) -> Stored {
    let config = config_of(layers, "run");
    let kind = "application/vnd.docker.image.rootfs.diff.tar";
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "config": descriptor(&config, "application/vnd.docker.container.image.v1+json"),
        "layers": layers.iter().map(|layer| descriptor(layer, kind)).collect::<Vec<_>>(),
    });
    let all = layers.iter().cloned().chain([config]);
    Stored {
        manifest: serde_json::to_vec(&manifest).unwrap(),
        blobs: all.map(|bytes| (Digest::of(&bytes).to_string(), bytes)).collect(),
    }
}

fn layers() -> Vec<Vec<u8>> {
    vec![Layer::new().file("base", &"b".repeat(5000)).bytes(), Layer::new().file("top", "t").bytes()]
}

impl Stored {
    fn answer(&self, asked: &Asked) -> Reply {
        let path = asked.path.split('?').next().unwrap();
        let name = path.rsplit('/').next().unwrap();
        let body = match name {
            _ if asked.path.contains("/manifests/") => Some(&self.manifest),
            digest => self.blobs.get(digest),
        };
        match body {
            Some(body) => Reply(200, vec![], body.clone()),
            None => {
                Reply(404, vec![], br#"{"errors":[{"code":"NAME_UNKNOWN","message":"no such"}]}"#.to_vec())
            }
        }
    }
}

fn store(config: RegistryConfig) -> (tempfile::TempDir, Images) {
    let temp = tempfile::tempdir().unwrap();
    let images = Images::open(&temp.path().join("images"), config).unwrap();
    (temp, images)
}

fn user() -> Credentials {
    Credentials { username: "user".to_owned(), password: "secret".to_owned() }
}

#[tokio::test]
async fn equal_pulls_share_the_work() {
    let stored = image(&layers());
    let server = Server::start(move |asked| stored.answer(asked)).await;
    let (temp, images) = store(RegistryConfig::default());
    let name = format!("{}/team/app:v1", server.address);
    let anonymous = Credentials::default();
    let pulls = (0..8).map(|_| images.pull(&name, &anonymous));
    let ids = futures::future::try_join_all(pulls).await.unwrap();
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_eq!(server.asked("/manifests/").len(), 1);
    assert_eq!(server.asked("/blobs/").len(), 3);
    let found = images.find(&name).unwrap();
    assert_eq!((found.tags, found.digests.len()), (vec![name.clone()], 1));
    let prepared = images.prepare(&name, "c").unwrap();
    assert!(prepared.layers[0].join("top").exists());
    // Layers' blobs are not kept; a manifest and a configuration are.
    assert_eq!(fs::read_dir(temp.path().join("images/blobs/sha256")).unwrap().count(), 2);
    // Another pull asks for what may have changed, and fetches no layer.
    images.pull(&name, &anonymous).await.unwrap();
    assert_eq!((server.asked("/manifests/").len(), server.asked("/blobs/").len()), (2, 4));
}

#[tokio::test]
async fn credentials_stay_with_the_registry_and_its_token_service() {
    let stored = image(&layers());
    let elsewhere = stored.clone();
    let other = Server::start(move |asked| elsewhere.answer(asked)).await;
    let other_address = other.address;
    let realm = Arc::new(Mutex::new(String::new()));
    let realm_now = realm.clone();
    let server = Server::start(move |asked| match asked.headers.get("authorization").map(String::as_str) {
        _ if asked.path.starts_with("/token") => {
            let basic = base64::engine::general_purpose::STANDARD.encode("user:secret");
            if asked.headers.get("authorization") == Some(&format!("Basic {basic}")) {
                Reply(200, vec![], br#"{"token":"tok"}"#.to_vec())
            } else {
                Reply(401, vec![], vec![])
            }
        }
        Some("Bearer tok") if asked.path.contains("/blobs/") => {
            Reply(307, vec![format!("Location: http://{other_address}{}?signed=1", asked.path)], vec![])
        }
        Some("Bearer tok") => stored.answer(asked),
        _ => {
            let challenge = format!(r#"Bearer realm="{}",service="s""#, realm_now.lock().unwrap());
            Reply(401, vec![format!("WWW-Authenticate: {challenge}")], vec![])
        }
    })
    .await;
    *realm.lock().unwrap() = format!("http://{}/token", server.address);
    let (_temp, images) = store(RegistryConfig::default());
    let name = format!("{}/app", server.address);
    images.pull(&name, &user()).await.unwrap();
    let redirected = other.asked("/blobs/");
    assert!(!redirected.is_empty());
    assert!(redirected.iter().all(|asked| !asked.headers.contains_key("authorization")));
    assert!(server.asked("/token")[0].path.contains("scope=repository%3Aapp%3Apull"));
    // Wrong or no password: refused, and said so, although the image is there.
    for wrong in [Credentials::default(), Credentials { password: "x".to_owned(), ..user() }] {
        let error = images.pull(&name, &wrong).await.unwrap_err();
        assert!(matches!(&error, ImageError::Pull { denied: true, .. }), "{error}");
        assert!(!format!("{error:?}").contains("secret"));
    }
}

#[tokio::test]
async fn broken_transfers_are_taken_up_again() {
    let stored = image(&layers());
    let big = Digest::of(&layers()[0]).to_string();
    let server = Server::start(move |asked| {
        let Reply(status, lines, body) = stored.answer(asked);
        if !asked.path.ends_with(&big) {
            return Reply(status, lines, body);
        }
        match asked.headers.get("range").map(String::as_str) {
            None => Reply(200, vec![format!("Content-Length: {}", body.len())], body[..3000].to_vec()),
            Some("bytes=3000-") => Reply(206, vec![], body[3000..].to_vec()),
            Some(other) => panic!("{other}"),
        }
    })
    .await;
    let (_temp, images) = store(RegistryConfig::default());
    images.pull(&format!("{}/app", server.address), &Credentials::default()).await.unwrap();
}

#[tokio::test]
async fn hostile_registries_are_refused_and_leave_nothing() {
    let check = async |name: &str, script: Box<dyn Fn(&Asked) -> Reply + Send + Sync>, expect: &str| {
        let server = Server::start(script).await;
        let (temp, images) = store(RegistryConfig::default());
        let error = images.pull(&format!("{}/app", server.address), &user()).await.unwrap_err();
        assert!(error.to_string().contains(expect), "{name}: {error}");
        assert!(images.list().is_empty());
        for folder in ["ingest", "layers"] {
            assert_eq!(fs::read_dir(temp.path().join("images").join(folder)).unwrap().count(), 0, "{name}");
        }
    };
    let stored = || image(&layers());
    check("missing", Box::new(move |_| Reply(404, vec![], vec![])), "404").await;
    let mut ambiguous: serde_json::Value = serde_json::from_slice(&stored().manifest).unwrap();
    ambiguous["manifests"] = serde_json::json!([]);
    let ambiguous = Stored { manifest: serde_json::to_vec(&ambiguous).unwrap(), ..stored() };
    check("both", Box::new(move |asked| ambiguous.answer(asked)), "ambiguous").await;
    check("huge", Box::new(|_| Reply(200, vec![], vec![b' '; 5 << 20])), "over 4 MiB").await;
    let swapped = stored();
    let other = |mut body: Vec<u8>| {
        let at = body.len() / 2;
        body[at] ^= 1;
        body
    };
    let script = move |asked: &Asked| match swapped.answer(asked) {
        Reply(200, lines, body) if asked.path.contains("/blobs/") => Reply(200, lines, other(body)),
        reply => reply,
    };
    check("swapped", Box::new(script), "as promised").await;
    let longer = stored();
    let script = move |asked: &Asked| match longer.answer(asked) {
        Reply(200, lines, body) if asked.path.contains("/blobs/") => {
            Reply(200, lines, [body, vec![0; 1 << 20]].concat())
        }
        reply => reply,
    };
    check("longer", Box::new(script), "longer than").await;
    let around = |asked: &Asked| Reply(302, vec![format!("Location: {}", asked.path)], vec![]);
    check("loop", Box::new(around), "redirect").await;
    let file = |_: &Asked| Reply(302, vec!["Location: file:///etc/shadow".to_owned()], vec![]);
    check("file", Box::new(file), "redirect").await;
}

#[tokio::test]
async fn indexes_lead_to_this_machine() {
    let mut stored = image(&layers());
    let inner = stored.manifest.clone();
    let mut entry = descriptor(&inner, "application/vnd.oci.image.manifest.v1+json");
    entry["platform"] = serde_json::json!({"os": "linux", "architecture": manifest::architecture()});
    let mut foreign = descriptor(b"foreign", "application/vnd.oci.image.manifest.v1+json");
    foreign["platform"] = serde_json::json!({"os": "windows", "architecture": "amd64"});
    let index = serde_json::json!({"schemaVersion": 2, "manifests": [foreign, entry]});
    stored.manifest = serde_json::to_vec(&index).unwrap();
    let (index, inner_digest) = (Digest::of(&stored.manifest), Digest::of(&inner).to_string());
    let server = Server::start(move |asked| {
        if asked.path.ends_with(&inner_digest) {
            Reply(200, vec![], inner.clone())
        } else {
            stored.answer(asked)
        }
    })
    .await;
    let (_temp, images) = store(RegistryConfig::default());
    let name = format!("{}/app", server.address);
    images.pull(&name, &Credentials::default()).await.unwrap();
    assert_eq!(images.find(&name).unwrap().digests, [format!("{name}@{index}")]);
}

#[tokio::test]
async fn every_byte_goes_through_the_proxy() {
    let stored = image(&layers());
    let server = Server::start(move |asked| stored.answer(asked)).await;
    let address = server.address;
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("proxy.sock");
    let listener = tokio::net::UnixListener::bind(&socket).unwrap();
    let proxy = format!("unix://{}", socket.display());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let _task = AbortOnDropHandle::new(tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.unwrap());
            }
            // A name that only the proxy can resolve.
            if !head.starts_with(b"CONNECT registry.invalid:5000 HTTP/1.1\r\n") {
                let refusal = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 18\r\n\r\ndial it: refused\r\n";
                client.write_all(refusal).await.unwrap();
                continue;
            }
            counted.fetch_add(1, Ordering::Relaxed);
            client.write_all(b"HTTP/1.1 200 OK\r\nX: y\r\n\r\n").await.unwrap();
            let mut upstream = TcpStream::connect(address).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut upstream).await });
        }
    }));
    let config = RegistryConfig { proxy, insecure: vec!["registry.invalid:5000".to_owned()] };
    let (_temp, images) = store(config);
    images.pull("registry.invalid:5000/app", &Credentials::default()).await.unwrap();
    assert_eq!(count.load(Ordering::Relaxed), server.asked("").len());
    let error = images.pull("localhost:1/app", &Credentials::default()).await.unwrap_err();
    assert!(error.to_string().contains("localhost:1/app"), "{error}");
    let told = crate::error::chain(&error);
    assert!(told.ends_with("dial it: refused"), "{told}");
}

/// Debian's docker-registry on a free port of loopback.
struct Registry {
    child: Child,
    address: String,
    _temp: tempfile::TempDir,
}

impl Registry {
    fn start() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let config = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: '{address}'}}\n",
            temp.path().join("data").display(),
        );
        fs::write(temp.path().join("config.yml"), config).unwrap();
        let child = Command::new("docker-registry")
            .arg("serve")
            .arg(temp.path().join("config.yml"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("this test needs Debian's package docker-registry");
        Self { child, address, _temp: temp }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test]
async fn debians_registry_serves_us() {
    let registry = Registry::start();
    tokio::time::timeout(Duration::from_secs(10), async {
        while TcpStream::connect(&registry.address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("docker-registry listens within ten seconds");
    let (temp, images) = store(RegistryConfig::default());
    let tar = temp.path().join("app.tar");
    fs::write(&tar, super::tests::docker_archive("app:v1", &layers())).unwrap();
    let pushed = Command::new("skopeo")
        .args(["copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false"])
        .arg(format!("docker-archive:{}", tar.display()))
        .arg(format!("docker://{}/team/app:v1", registry.address))
        .status()
        .expect("this test needs Debian's package skopeo");
    assert!(pushed.success());
    let name = format!("{}/team/app:v1", registry.address);
    let id = images.pull(&name, &Credentials::default()).await.unwrap();
    let found = images.find(&name).unwrap();
    assert_eq!(found.id, id);
    // The same image by digest, and from the archive, is the same.
    assert_eq!(images.pull(&found.digests[0], &Credentials::default()).await.unwrap(), id);
    images.load(&tar).await.unwrap();
    assert_eq!(images.find(&id).unwrap().tags.len(), 2);
    let missing = format!("{}/team/other:v1", registry.address);
    let error = images.pull(&missing, &Credentials::default()).await.unwrap_err();
    assert!(matches!(&error, ImageError::Pull { denied: true, .. }), "{error}");
    assert!(error.to_string().contains("MANIFEST_UNKNOWN"), "{error}");
}
