//! The store itself: requests, and what all watches share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use etcd_client::{Client, CompactionOptions, GetOptions, GetResponse, ResponseHeader};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::config::EtcdConfig;
use super::connect::{CallError, MESSAGE_BYTES_MAX, Repeat, call, client};
use super::error::{About, EtcdOpenError, is_too_long, translate};
use super::{convert, feed, history};
use crate::api::{
    LeaseId, Range, RangeResult, Revision, Store, StoreError, Txn, TxnOutcome, Watch, WatchRequest, Write,
};
use crate::lease::Leases;
use crate::sync::lock;
use crate::txn;
use crate::watch::{Group, History, Hub, Published, Source, Watcher};

/// Entries read at a time, where the caller wants more.
const PAGE: usize = 2_000;
/// The key that is read to learn whether etcd answers, and how far it is; nobody writes it.
const HEALTH_KEY: &[u8] = b"health";

/// An etcd cluster as a store. Dropping it ends its watches.
#[derive(Debug)]
pub struct EtcdStore {
    shared: Arc<Shared>,
    feed: Mutex<Option<JoinHandle<()>>>,
}

/// What requests, feed and watches share.
pub(super) struct Shared {
    pub(super) config: EtcdConfig,
    requests: Client,
    /// Connections of their own: flow control of events never holds up a request.
    pub(super) watches: Client,
    hub: Mutex<Hub>,
    /// The newest revision that any answer told of.
    seen: AtomicU64,
    /// How far the rings have been fed.
    published: AtomicU64,
    /// The oldest readable revision, as far as it is known.
    oldest: AtomicU64,
    pub(super) cancel: CancellationToken,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("endpoints", &self.config.endpoints).finish_non_exhaustive()
    }
}

fn at_least_first(number: u64) -> Revision {
    Revision::new(number).unwrap_or(Revision::FIRST)
}

impl Shared {
    pub(super) fn published_now(&self) -> Revision {
        at_least_first(self.published.load(Ordering::SeqCst))
    }

    fn seen_now(&self) -> Revision {
        at_least_first(self.seen.load(Ordering::Acquire))
    }

    fn oldest_now(&self) -> Revision {
        at_least_first(self.oldest.load(Ordering::Acquire))
    }

    pub(super) fn raise_oldest(&self, oldest: Revision) {
        self.oldest.fetch_max(oldest.get(), Ordering::AcqRel);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Hands changes to the rings, in order.
    pub(super) fn publish(&self, changes: Vec<Published>) {
        let Some(last) = changes.last().map(|change| change.revision) else { return };
        // First to those who ask: who has seen an event can read its revision.
        self.seen.fetch_max(last.get(), Ordering::AcqRel);
        let hub = lock(&self.hub);
        for change in changes {
            hub.publish(&Arc::new(change));
        }
        self.published.fetch_max(last.get(), Ordering::SeqCst);
        hub.wake_for_progress();
    }

    /// Changes up to `oldest` were missed, for good.
    pub(super) fn skip_to(&self, oldest: Revision) {
        self.raise_oldest(oldest);
        self.seen.fetch_max(oldest.get(), Ordering::AcqRel);
        let hub = lock(&self.hub);
        hub.skip_to(oldest);
        self.published.fetch_max(oldest.get(), Ordering::SeqCst);
        hub.wake_for_progress();
    }

    /// Notes how far etcd was when it answered.
    fn note(&self, header: Option<&ResponseHeader>) -> Revision {
        let Some(header) = header else { return self.seen_now() };
        let revision = convert::revision(header.revision());
        self.seen.fetch_max(revision.get(), Ordering::AcqRel);
        revision
    }

    fn about(&self) -> About {
        About { newest: Some(self.seen_now()), oldest: Some(self.oldest_now()), ..About::default() }
    }

    fn check_open(&self) -> Result<(), StoreError> {
        if self.is_stopped() { Err(StoreError::Closed) } else { Ok(()) }
    }

    /// One read, of the leader's state.
    async fn get(&self, key: &[u8], options: GetOptions) -> Result<GetResponse, CallError> {
        let limit = self.config.request_timeout;
        call(limit, Repeat::Whenever, || {
            let (key, options) = (key.to_vec(), options.clone());
            let mut client = self.requests.kv_client().max_decoding_message_size(MESSAGE_BYTES_MAX);
            async move { client.get(key, Some(options)).await }
        })
        .await
    }

    async fn newest(&self) -> Result<Revision, StoreError> {
        let options = GetOptions::new().with_count_only();
        let found = self.get(HEALTH_KEY, options).await;
        let found = found.map_err(|error| error.or_else(|error| translate(error, self.about())))?;
        Ok(self.note(found.header()))
    }

    /// Reads a page; `None`: it is longer than we take, ask for less.
    async fn page(&self, range: &Range, limit: usize) -> Result<Option<RangeResult>, StoreError> {
        let mut options = GetOptions::new().with_limit(i64::try_from(limit).unwrap_or(i64::MAX));
        if let Some(end) = &range.end {
            options = options.with_range(end.to_vec());
        }
        if let Some(at) = range.at {
            options = options.with_revision(convert::number(at));
        }
        let found = match self.get(&convert::start_key(&range.start), options).await {
            Ok(found) => found,
            Err(CallError::Etcd(error)) if limit > 1 && is_too_long(&error) => return Ok(None),
            Err(error) => {
                let about = About { at: range.at, ..self.about() };
                return Err(error.or_else(|error| translate(error, about)));
            }
        };
        let revision = self.note(found.header());
        Ok(Some(RangeResult {
            revision,
            count: usize::try_from(found.0.count).unwrap_or(0),
            entries: found.0.kvs.into_iter().map(convert::key_value).collect(),
        }))
    }

    /// Reads a range, page by page, all at the revision of the first.
    async fn range(&self, mut range: Range) -> Result<RangeResult, StoreError> {
        if range.end.as_ref().is_some_and(|end| convert::is_empty(&range.start, end)) {
            // The revision is checked all the same.
            range.end = None;
            range.start = Bytes::from_static(HEALTH_KEY);
            let read = self.page(&range, 1).await?;
            let revision = read.map_or(self.seen_now(), |read| read.revision);
            return Ok(RangeResult { entries: Vec::new(), revision, count: 0 });
        }
        let wanted = if range.limit == 0 { usize::MAX } else { range.limit };
        let mut size = PAGE;
        let mut whole: Option<RangeResult> = None;
        loop {
            let have = whole.as_ref().map_or(0, |whole| whole.entries.len());
            let Some(page) = self.page(&range, size.min(wanted - have)).await? else {
                size = (size / 4).max(1);
                continue;
            };
            range.at.get_or_insert(page.revision);
            let result = match &mut whole {
                None => whole.insert(page),
                Some(whole) => {
                    whole.entries.extend(page.entries);
                    whole
                }
            };
            let last = result.entries.last().map(|entry| entry.key.clone());
            match last {
                Some(last) if result.entries.len() < wanted.min(result.count) => {
                    range.start = [&last[..], b"\0"].concat().into();
                }
                _ => return Ok(whole.expect("a page was read")),
            }
        }
    }
}

impl Source for Shared {
    fn published(&self) -> Revision {
        self.published_now()
    }

    fn due(&self) -> Revision {
        self.seen_now()
    }

    fn hub(&self) -> MutexGuard<'_, Hub> {
        lock(&self.hub)
    }

    fn is_closed(&self) -> bool {
        self.is_stopped()
    }

    fn history(self: &Arc<Self>, group: &Arc<Group>, after: Revision, up_to: Revision) -> History {
        History::Reading(Box::pin(history::read(self.clone(), group.clone(), after, up_to)))
    }
}

impl EtcdStore {
    /// Connects, and begins to follow what happens. Needs a tokio runtime; fails when no server answers in time.
    pub async fn open(config: EtcdConfig) -> Result<Self, EtcdOpenError> {
        let (requests, watches) = (client(&config).await?, client(&config).await?);
        let shared = Shared {
            requests,
            watches,
            hub: Mutex::default(),
            seen: AtomicU64::new(1),
            published: AtomicU64::new(1),
            oldest: AtomicU64::new(1),
            cancel: CancellationToken::new(),
            config: EtcdConfig { request_timeout: config.open_timeout, ..config.clone() },
        };
        let newest = shared.newest().await.map_err(EtcdOpenError::Unreachable)?;
        let shared = Shared { published: AtomicU64::new(newest.get()), config, ..shared };
        let shared = Arc::new(shared);
        let task = tokio::spawn(feed::run(shared.clone(), shared.cancel.clone()));
        Ok(Self { shared, feed: Mutex::new(Some(task)) })
    }
}

impl Drop for EtcdStore {
    fn drop(&mut self) {
        self.shared.cancel.cancel();
    }
}

#[async_trait]
impl Store for EtcdStore {
    fn revision(&self) -> Revision {
        self.shared.seen_now()
    }

    async fn newest(&self) -> Result<Revision, StoreError> {
        self.shared.check_open()?;
        self.shared.newest().await
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn oldest(&self) -> Revision {
        self.shared.oldest_now()
    }

    async fn range(&self, range: Range) -> Result<RangeResult, StoreError> {
        self.shared.check_open()?;
        self.shared.range(range).await
    }

    async fn commit(&self, txn: Txn) -> Result<TxnOutcome, StoreError> {
        self.shared.check_open()?;
        txn::check(&txn)?;
        let request = convert::transaction(&txn);
        let answer = call(self.shared.config.request_timeout, Repeat::Unsent, || {
            let request = request.clone();
            let mut client = self.shared.requests.kv_client().max_decoding_message_size(MESSAGE_BYTES_MAX);
            async move { client.txn(request).await }
        })
        .await
        .map_err(|error| {
            let lease = txn.writes.iter().find_map(|write| match write {
                Write::Put { lease, .. } => *lease,
                Write::Delete { .. } => None,
            });
            let about = About { lease, ..self.shared.about() };
            error.or_else(|error| translate(error, about))
        })?;
        let revision = self.shared.note(answer.header());
        if answer.succeeded() {
            return Ok(TxnOutcome::Committed(revision));
        }
        Ok(TxnOutcome::Conflict(convert::present(answer)))
    }

    async fn watch(&self, request: WatchRequest) -> Result<Box<dyn Watch>, StoreError> {
        let shared = &self.shared;
        shared.check_open()?;
        let (requested, oldest) = (request.after, shared.oldest_now());
        if requested < oldest {
            return Err(StoreError::Compacted { requested, oldest });
        }
        if requested > shared.seen_now() {
            let newest = shared.newest().await?;
            if requested > newest {
                return Err(StoreError::Future { requested, newest });
            }
        }
        let hub = shared.hub();
        let published = shared.published_now();
        Ok(Box::new(Watcher::start(shared, hub, &request, published)?))
    }

    async fn compact(&self, revision: Revision) -> Result<(), StoreError> {
        let shared = &self.shared;
        shared.check_open()?;
        let oldest = shared.oldest_now();
        if revision <= oldest {
            let error = StoreError::Compacted { requested: revision, oldest };
            return if revision == oldest { Ok(()) } else { Err(error) };
        }
        let compacted = call(shared.config.request_timeout, Repeat::Whenever, || {
            let mut client = shared.requests.kv_client();
            let options = CompactionOptions::new();
            async move { client.compact(convert::number(revision), Some(options)).await }
        })
        .await;
        match compacted {
            Ok(_) => {}
            Err(error) => {
                let about = About { at: Some(revision), ..shared.about() };
                match error.or_else(|error| translate(error, about)) {
                    // Somebody else was faster.
                    StoreError::Compacted { .. } => {}
                    error => return Err(error),
                }
            }
        }
        shared.raise_oldest(revision);
        Ok(())
    }

    async fn lease_grant(&self, ttl_s: i64) -> Result<LeaseId, StoreError> {
        self.shared.check_open()?;
        Leases::check_ttl(ttl_s)?;
        let granted = call(self.shared.config.request_timeout, Repeat::Whenever, || {
            let mut client = self.shared.requests.lease_client();
            async move { client.grant(ttl_s, None).await }
        })
        .await;
        let granted = granted.map_err(|error| error.or_else(|error| translate(error, About::default())))?;
        Ok(LeaseId(granted.id()))
    }

    async fn lease_keep_alive(&self, lease: LeaseId) -> Result<(), StoreError> {
        self.shared.check_open()?;
        let kept = call(self.shared.config.request_timeout, Repeat::Whenever, || {
            let mut client = self.shared.requests.lease_client();
            async move {
                match client.keep_alive(lease.0).await {
                    Ok(_) => Ok(true),
                    // The answer had no time left in it.
                    Err(etcd_client::Error::LeaseKeepAliveError(_)) => Ok(false),
                    Err(error) => Err(error),
                }
            }
        })
        .await;
        let about = About { lease: Some(lease), ..About::default() };
        match kept.map_err(|error| error.or_else(|error| translate(error, about)))? {
            true => Ok(()),
            false => Err(StoreError::LeaseNotFound(lease)),
        }
    }

    async fn lease_revoke(&self, lease: LeaseId) -> Result<(), StoreError> {
        self.shared.check_open()?;
        let revoked = call(self.shared.config.request_timeout, Repeat::Unsent, || {
            let mut client = self.shared.requests.lease_client();
            async move { client.revoke(lease.0).await }
        })
        .await;
        let about = About { lease: Some(lease), ..About::default() };
        let revoked = revoked.map_err(|error| error.or_else(|error| translate(error, about)))?;
        self.shared.note(revoked.header());
        Ok(())
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.newest().await.map(drop)
    }

    async fn size(&self) -> Result<u64, StoreError> {
        self.shared.check_open()?;
        let status = call(self.shared.config.request_timeout, Repeat::Whenever, || {
            let mut client = self.shared.requests.maintenance_client();
            async move { client.status().await }
        })
        .await;
        let status = status.map_err(|error| error.or_else(|error| translate(error, About::default())))?;
        Ok(u64::try_from(status.db_size()).unwrap_or(0))
    }

    async fn close(&self) -> Result<(), StoreError> {
        lock(&self.shared.hub).close();
        self.shared.cancel.cancel();
        let task = lock(&self.feed).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "The task that follows etcd had panicked.");
        }
        Ok(())
    }
}
