//! The engine on etcd, against real servers: the conformance suite, also under lost connections, and what only this
//! engine does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use mizzen_testkit::Etcd;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::*;

const DEADLINE: Duration = Duration::from_secs(30);

fn config(urls: Vec<String>) -> EtcdConfig {
    EtcdConfig { previous_values: true, ..EtcdConfig::new(urls) }
}

async fn open(urls: Vec<String>) -> EtcdStore {
    EtcdStore::open(config(urls)).await.expect("etcd answers")
}

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

fn put(key: &str, value: &str) -> Txn {
    let writes = vec![Write::Put { key: bytes(key), value: bytes(value), lease: None }];
    Txn { writes, ..Txn::default() }
}

async fn commit(store: &dyn Store, txn: Txn) -> Revision {
    match store.commit(txn).await.expect("commit") {
        TxnOutcome::Committed(revision) => revision,
        TxnOutcome::Conflict(_) => panic!("conflict"),
    }
}

async fn next(watch: &mut dyn Watch) -> Result<WatchItem, StoreError> {
    tokio::time::timeout(DEADLINE, watch.next()).await.expect("an item before the deadline")
}

async fn watch_from(store: &dyn Store, after: Revision) -> Box<dyn Watch> {
    store.watch(WatchRequest { start: bytes("a"), end: bytes("z"), after }).await.expect("watch")
}

/// Leaves nothing of the check before.
async fn emptied(urls: Vec<String>) -> Arc<dyn Store> {
    let store = open(urls).await;
    let range = Range { start: Bytes::new(), end: Some(Bytes::from_static(&[0xff])), at: None, limit: 0 };
    for entry in store.range(range).await.expect("range").entries {
        let writes = vec![Write::Delete { key: entry.key }];
        commit(&store, Txn { writes, ..Txn::default() }).await;
    }
    Arc::new(store)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn etcd_conforms() {
    let etcd = Etcd::start().unwrap();
    conformance::run(|| emptied(etcd.urls())).await;
}

/// Hands connections on to a server, and cuts all of them now and then.
struct Proxy {
    port: u16,
    cuts: Arc<AtomicBool>,
    _tasks: JoinSet<()>,
}

impl Proxy {
    async fn to(port: u16, every: Duration) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let cuts = Arc::new(AtomicBool::new(true));
        let mut tasks = JoinSet::new();
        let is_cutting = cuts.clone();
        tasks.spawn(async move {
            loop {
                let serve = async {
                    let mut connections = JoinSet::new();
                    loop {
                        let (mut client, _) = listener.accept().await.unwrap();
                        connections.spawn(async move {
                            let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await else {
                                return;
                            };
                            if let Err(error) = tokio::io::copy_bidirectional(&mut client, &mut server).await
                            {
                                tracing::debug!(%error, "A connection ended.");
                            }
                        });
                    }
                };
                if !is_cutting.load(Ordering::Relaxed) {
                    return serve.await;
                }
                // What it has in hand is dropped with it.
                let Err(_) = tokio::time::timeout(every, serve).await else { return };
            }
        });
        Self { port: own, cuts, _tasks: tasks }
    }

    fn urls(&self) -> Vec<String> {
        vec![format!("http://127.0.0.1:{}", self.port)]
    }
}

/// Writes through a sound connection while a store behind one that breaks all the time watches.
async fn watch_under_cuts(sound: &dyn Store, broken: &dyn Store) {
    const ROUNDS: u64 = 200;
    let start = sound.newest().await.unwrap();
    let mut one = watch_from(broken, start).await;
    let writer = async {
        for round in 0..ROUNDS {
            let value = round.to_string();
            let mut txn = put("p", &value);
            txn.writes.extend(put("q", &value).writes);
            commit(sound, txn).await;
            // Elsewhere, so that progress has something to tell.
            commit(sound, put("zz", &value)).await;
        }
        commit(sound, put("last", "")).await
    };
    let reader = async {
        let (mut seen, mut progress) = (Vec::new(), start);
        loop {
            match next(&mut *one).await.expect("the watch outlives the connection") {
                WatchItem::Events(events) => {
                    assert!(
                        events.iter().all(|event| event.revision > progress),
                        "none comes behind a bookmark"
                    );
                    let is_last = events.iter().any(|event| event.key == "last");
                    seen.extend(events);
                    if is_last {
                        return seen;
                    }
                    one.request_progress().await.unwrap();
                }
                WatchItem::Progress(revision) => {
                    assert!(revision >= progress);
                    progress = revision;
                }
            }
        }
    };
    let (_, seen) = tokio::join!(writer, reader);
    let revisions: Vec<u64> = seen.iter().map(|event| event.revision.get()).collect();
    let expected: Vec<u64> = (0..ROUNDS)
        .flat_map(|round| [start.get() + 2 * round + 1; 2])
        .chain([start.get() + 2 * ROUNDS + 1])
        .collect();
    assert_eq!(revisions, expected, "ordered, unique, atomic, reliable");
    // Resumable, from any of them.
    for after in revisions.iter().step_by(83) {
        let mut other = watch_from(broken, Revision::new(*after).unwrap()).await;
        let WatchItem::Events(events) = next(&mut *other).await.unwrap() else { panic!("no progress asked") };
        let first = revisions.iter().find(|revision| *revision > after).copied();
        assert_eq!(Some(events[0].revision.get()), first);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn etcd_watch_keeps_its_promises_when_connections_are_cut() {
    let etcd = Etcd::start().unwrap();
    let proxy = Proxy::to(etcd.port(0), Duration::from_millis(70)).await;
    let (sound, broken) = (open(etcd.urls()).await, open(proxy.urls()).await);
    watch_under_cuts(&sound, &broken).await;
    proxy.cuts.store(false, Ordering::Relaxed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn etcd_killed_and_started_again_loses_nothing() {
    let mut etcd = Etcd::start().unwrap();
    let store = open(etcd.urls()).await;
    let mut watch = watch_from(&store, store.revision()).await;
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        for number in 0..20 {
            acknowledged.push((commit(&store, put(&format!("k{number}"), &round.to_string())).await, number));
        }
        etcd.kill(0).unwrap();
        let (began, limit) = (std::time::Duration::from_secs(1), store.check());
        assert!(tokio::time::timeout(began, limit).await.is_err(), "a read waits for etcd");
        etcd.restart(0).unwrap();
        store.check().await.unwrap();
    }
    let mut seen = Vec::new();
    while seen.len() < acknowledged.len() {
        let WatchItem::Events(events) = next(&mut *watch).await.unwrap() else { continue };
        seen.extend(events.into_iter().map(|event| event.revision));
    }
    assert_eq!(seen, acknowledged.iter().map(|(revision, _)| *revision).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn etcd_any_member_will_do() {
    let mut etcd = Etcd::start_with(3, "http", &[]).unwrap();
    let store = open(etcd.urls()).await;
    let mut watch = watch_from(&store, store.revision()).await;
    for member in 0..3 {
        etcd.kill(member).unwrap();
        // A write that may have reached the dead member is not repeated for its caller.
        let written = async {
            loop {
                match store.commit(put("k", &member.to_string())).await {
                    Ok(TxnOutcome::Committed(revision)) => return revision,
                    Ok(other) => panic!("{other:?}"),
                    Err(StoreError::Unavailable(_)) => tokio::time::sleep(Duration::from_millis(100)).await,
                    Err(error) => panic!("{error}"),
                }
            }
        };
        let revision = tokio::time::timeout(DEADLINE, written).await.expect("two members are enough");
        let mut last = Revision::FIRST;
        while last < revision {
            if let WatchItem::Events(events) = next(&mut *watch).await.unwrap() {
                last = events.last().unwrap().revision;
            }
        }
        etcd.restart(member).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn etcd_is_shared_by_several() {
    let etcd = Etcd::start().unwrap();
    let (one, other) = (open(etcd.urls()).await, open(etcd.urls()).await);
    let mut watch = watch_from(&one, one.revision()).await;
    let written = commit(&other, put("k", "1")).await;
    assert_eq!(one.newest().await.unwrap(), written, "a read sees what another wrote");
    watch.request_progress().await.unwrap();
    let WatchItem::Events(events) = next(&mut *watch).await.unwrap() else {
        panic!("progress overtook the event")
    };
    assert_eq!(events[0].revision, written);
    assert!(matches!(next(&mut *watch).await, Ok(WatchItem::Progress(revision)) if revision >= written));
    // What another compacts is too old for those who do not have it at hand.
    let newest = commit(&other, put("k", "2")).await;
    other.compact(newest).await.unwrap();
    let third = open(etcd.urls()).await;
    let mut late = watch_from(&third, Revision::FIRST).await;
    let result = next(&mut *late).await;
    assert!(matches!(result, Err(StoreError::Compacted { oldest, .. }) if oldest == newest), "{result:?}");
    assert_eq!(third.oldest(), newest);
    let range = Range { start: bytes("k"), end: None, at: Some(written), limit: 0 };
    assert!(matches!(one.range(range).await, Err(StoreError::Compacted { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn etcd_without_room_refuses_writes() {
    let etcd = Etcd::start_with(1, "http", &["--quota-backend-bytes", "1000000"]).unwrap();
    let store = open(etcd.urls()).await;
    let refused = async {
        loop {
            match store.commit(put("k", &"x".repeat(100_000))).await {
                Ok(_) => {}
                Err(error) => return error,
            }
        }
    };
    let error = tokio::time::timeout(DEADLINE, refused).await.expect("full at some time");
    assert!(matches!(error, StoreError::Full), "{error:?}");
    store.check().await.expect("reads go on");
    let large = store.commit(put("k", &"x".repeat(2 << 20))).await;
    assert!(matches!(large, Err(StoreError::Malformed("etcdserver: request is too large"))), "{large:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn etcd_large_ranges_come_in_pages() {
    let etcd = Etcd::start().unwrap();
    let store = open(etcd.urls()).await;
    // Beyond what one message may hold.
    let value = "x".repeat(1_000_000);
    for number in 0..100 {
        commit(&store, put(&format!("k{number:03}"), &value)).await;
    }
    let range = Range { start: bytes("a"), end: Some(bytes("z")), at: None, limit: 0 };
    let found = store.range(range.clone()).await.unwrap();
    assert_eq!((found.entries.len(), found.count), (100, 100));
    assert!(found.entries.is_sorted_by(|one, other| one.key < other.key));
    let found = store.range(Range { limit: 90, ..range }).await.unwrap();
    assert_eq!((found.entries.len(), found.count), (90, 100));
    // As events they come in fragments.
    let mut late = watch_from(&store, Revision::FIRST).await;
    let mut seen = 0;
    while seen < 100 {
        let WatchItem::Events(events) = next(&mut *late).await.unwrap() else { continue };
        seen += events.len();
    }
}

#[tokio::test]
async fn etcd_that_is_not_there_is_said() {
    let urls = vec![format!("http://127.0.0.1:{}", mizzen_testkit::free_port().unwrap())];
    let config = EtcdConfig { open_timeout: Duration::from_millis(300), ..EtcdConfig::new(urls) };
    let error = EtcdStore::open(config).await.expect_err("nobody listens");
    assert!(matches!(error, EtcdOpenError::Unreachable(_)), "{error:?}");
    let error = EtcdStore::open(EtcdConfig::new(Vec::new())).await.expect_err("no endpoint");
    assert!(matches!(error, EtcdOpenError::NoEndpoint), "{error:?}");
}

/// A certificate authority, and what it signs for servers and clients at 127.0.0.1.
struct Authority {
    certificate: rcgen::Certificate,
    issuer: rcgen::Issuer<'static, rcgen::KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: rcgen::Issuer::new(params, key) }
    }

    fn sign(&self) -> (String, String) {
        let mut params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        params.extended_key_usages =
            vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth, rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        let key = rcgen::KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn etcd_over_tls_knows_its_clients() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (cert, key) = authority.sign();
    let (cert, key) = (file("server.crt", &cert), file("server.key", &key));
    let ca = file("ca.crt", &authority.certificate.pem());
    let arguments =
        ["--cert-file", &cert, "--key-file", &key, "--trusted-ca-file", &ca, "--client-cert-auth"];
    let etcd = Etcd::start_with(1, "https", &arguments).unwrap();
    let (cert_pem, key_pem) = authority.sign();
    let tls = EtcdTls { ca_pem: authority.certificate.pem(), cert_pem, key_pem };
    let with = |tls| EtcdConfig {
        tls: Some(tls),
        open_timeout: Duration::from_secs(2),
        ..EtcdConfig::new(etcd.urls())
    };
    let store = EtcdStore::open(EtcdConfig { open_timeout: DEADLINE, ..with(tls.clone()) }).await.unwrap();
    commit(&store, put("k", "1")).await;
    let stranger = EtcdTls { cert_pem: String::new(), ..tls.clone() };
    EtcdStore::open(with(stranger)).await.expect_err("etcd wants a certificate");
    let deceived = EtcdTls { ca_pem: Authority::new().certificate.pem(), ..tls };
    EtcdStore::open(with(deceived)).await.expect_err("the server is another's");
}
