//! The network between components and the API server: it delays, loses and breaks, and parts of it can be cut.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::future::BoxFuture;
use mizzen_client::{Body, Client, Error, Transport, WatchStream, watch_frames};
use mizzen_clock::{Level, Random};

/// Longest delay of a request or its answer, in milliseconds.
const DELAY_MAX_MS: u64 = 20;
/// One request in so many never arrives.
const LOST_ONE_IN: u64 = 60;
/// One answer in so many never arrives, though what was asked for is done.
const UNANSWERED_ONE_IN: u64 = 60;
/// A watch lasts at most so long, in seconds.
const WATCH_MAX_S: u64 = 90;

/// What is wrong with the network.
pub(crate) struct Faults {
    random: Random,
    troubled: AtomicBool,
    cut: Level<BTreeSet<String>>,
}

fn broken(what: &'static str) -> Error {
    Error::Transport(what.into())
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        // Not the sequence that the components draw from.
        let random = Random::from_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        Arc::new(Self { random, troubled: AtomicBool::new(false), cut: Level::default() })
    }

    /// Begins, or ends, delays and losses.
    pub(crate) fn trouble(&self, troubled: bool) {
        self.troubled.store(troubled, Ordering::Relaxed);
    }

    /// Cuts a component off.
    pub(crate) fn cut(&self, name: &str) {
        self.cut.change(|cut| {
            cut.insert(name.to_owned());
        });
    }

    /// Connects it again.
    pub(crate) fn heal(&self, name: &str) {
        self.cut.change(|cut| {
            cut.remove(name);
        });
    }

    /// Connects everything, and ends all trouble.
    pub(crate) fn end(&self) {
        self.trouble(false);
        self.cut.change(BTreeSet::clear);
    }

    fn is_troubled(&self) -> bool {
        self.troubled.load(Ordering::Relaxed)
    }

    fn happens(&self, one_in: u64) -> bool {
        self.is_troubled() && self.random.below(one_in) == 0
    }

    /// One way through the network.
    async fn pass(&self, name: &str, lost_one_in: u64) -> Result<(), Error> {
        if self.is_troubled() {
            tokio::time::sleep(Duration::from_millis(self.random.below(DELAY_MAX_MS))).await;
        }
        if self.cut.get().contains(name) {
            return Err(broken("cut off"));
        }
        if self.happens(lost_one_in) { Err(broken("lost")) } else { Ok(()) }
    }

    /// Waits until a watch breaks.
    async fn watch_breaks(self: Arc<Self>, name: String) {
        let is_cut = self.cut.wait_for(|cut| cut.contains(&name));
        let lasts = Duration::from_secs(1 + self.random.below(WATCH_MAX_S));
        let aged = async {
            loop {
                tokio::time::sleep(lasts).await;
                if self.is_troubled() {
                    return;
                }
            }
        };
        tokio::select! {
            biased;
            _ = is_cut => {}
            () = aged => {}
        }
    }
}

/// A component's connection.
pub(crate) struct Link {
    pub(crate) name: String,
    pub(crate) client: Client,
    pub(crate) faults: Arc<Faults>,
}

impl Link {
    /// A client whose requests go through the network.
    pub(crate) fn client(name: &str, client: Client, faults: &Arc<Faults>) -> Client {
        Client::new(Self { name: name.to_owned(), client, faults: faults.clone() })
    }
}

impl Transport for Link {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, Error>> {
        Box::pin(async move {
            self.faults.pass(&self.name, LOST_ONE_IN).await?;
            let answer = self.client.send(request).await;
            self.faults.pass(&self.name, UNANSWERED_ONE_IN).await?;
            answer
        })
    }

    fn watch(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<WatchStream, Error>> {
        Box::pin(async move {
            let path = request.uri().path().to_owned();
            let answer = self.send(request).await?;
            let events = watch_frames(path, answer.into_body());
            let breaks = self.faults.clone().watch_breaks(self.name.clone());
            let broken = futures::stream::once(async { Err(broken("the watch broke")) });
            Ok(events.take_until(breaks).chain(broken).boxed())
        })
    }
}
