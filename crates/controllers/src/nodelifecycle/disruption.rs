//! How fast nodes may be declared lost: a failure of many at once is likelier a failure of the network between.
//!
//! Each zone has a rate. When most nodes of a zone fall silent it is lowered, and when every node of every zone is
//! silent it is likely that nobody hears us, and nothing is declared lost at all.
//! Source: "Node eviction rate limits" in the Kubernetes documentation of nodes.

use std::time::Duration;

use mizzen_clock::Map;
use tokio::time::Instant;

/// Between two nodes of a healthy zone (`--node-eviction-rate` 0.1 a second).
const PAUSE: Duration = Duration::from_secs(10);
/// Between two nodes of a zone that is partially disrupted (`--secondary-node-eviction-rate` 0.01 a second).
const PAUSE_DISRUPTED: Duration = Duration::from_secs(100);
/// A disrupted zone of at most so many nodes loses none (`--large-cluster-size-threshold`).
const LARGE: usize = 50;
/// Share of silent nodes that makes a zone disrupted (`--unhealthy-zone-threshold`), in percent.
const UNHEALTHY_PERCENT: usize = 55;

/// How many nodes of a zone are ready and not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Zone {
    pub(super) ready: usize,
    pub(super) not_ready: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Normal,
    Partial,
    Full,
}

impl Zone {
    pub(super) fn state(self) -> State {
        let all = self.ready + self.not_ready;
        match self {
            Self { ready: 0, not_ready: 1.. } => State::Full,
            Self { not_ready: 3.., .. } if self.not_ready * 100 >= all * UNHEALTHY_PERCENT => State::Partial,
            Self { .. } => State::Normal,
        }
    }

    /// The pause between two nodes that are declared lost; `None`: none is.
    pub(super) fn pause(self, all_full: bool) -> Option<Duration> {
        match self.state() {
            _ if all_full => None,
            State::Normal | State::Full => Some(PAUSE),
            State::Partial if self.ready + self.not_ready > LARGE => Some(PAUSE_DISRUPTED),
            State::Partial => None,
        }
    }
}

/// When nodes were last declared lost.
#[derive(Default)]
pub(super) struct Rates {
    /// By zone: when the next one may be.
    next: Map<String, Instant>,
    /// Nodes that were let through already.
    granted: Map<String, ()>,
}

impl Rates {
    /// Whether a node may be declared lost now; otherwise how long it has to wait.
    pub(super) fn ask(
        &mut self,
        node: &str,
        zone: &str,
        pause: Duration,
        now: Instant,
    ) -> Result<(), Duration> {
        if self.granted.contains_key(node) {
            return Ok(());
        }
        let next = self.next.get(zone).copied().unwrap_or(now);
        if next > now {
            return Err(next - now);
        }
        self.next.insert(zone.to_owned(), now + pause);
        self.granted.insert(node.to_owned(), ());
        Ok(())
    }

    /// A node is well again, or gone.
    pub(super) fn forget(&mut self, node: &str) {
        self.granted.remove(node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_have_states() {
        let check = |ready, not_ready, all_full, expect: Option<Duration>| {
            assert_eq!(Zone { ready, not_ready }.pause(all_full), expect, "{ready} {not_ready}");
        };
        check(1, 1, false, Some(PAUSE));
        check(0, 1, false, Some(PAUSE));
        check(0, 1, true, None);
        check(2, 3, false, None);
        check(10, 100, false, Some(PAUSE_DISRUPTED));
        check(10, 2, false, Some(PAUSE));
    }

    #[tokio::test(start_paused = true)]
    async fn one_node_a_pause() {
        let mut rates = Rates::default();
        let start = super::super::now();
        assert_eq!(rates.ask("a", "z", PAUSE, start), Ok(()));
        assert_eq!(rates.ask("a", "z", PAUSE, start), Ok(()));
        assert_eq!(rates.ask("b", "z", PAUSE, start), Err(PAUSE));
        assert_eq!(rates.ask("b", "y", PAUSE, start), Ok(()));
        assert_eq!(rates.ask("c", "z", PAUSE, start + PAUSE), Ok(()));
    }
}
