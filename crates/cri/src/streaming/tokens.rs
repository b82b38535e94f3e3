//! Tokens: each stands for one stream, once, for a minute.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use tokio::time::Instant;

use super::Job;

/// How long a token may wait for its use.
const LIFETIME: Duration = Duration::from_secs(60);
/// How many tokens may wait at once.
const WAITING_MAX: usize = 1000;
/// Bytes of randomness in a token.
const TOKEN_LEN: usize = 32;

/// More streams are asked for than are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("maximum number of in-flight requests exceeded")]
pub struct TooMany;

/// Tokens that have not been used.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<BTreeMap<String, (Instant, Job)>>);

impl Tokens {
    /// A token for `job`.
    pub(crate) fn issue(&self, job: Job) -> Result<String, TooMany> {
        let mut bytes = [0; TOKEN_LEN];
        SystemRandom::new().fill(&mut bytes).expect("the system has randomness");
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let now = now();
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, (issued, _)| now.duration_since(*issued) < LIFETIME);
        if waiting.len() >= WAITING_MAX {
            return Err(TooMany);
        }
        waiting.insert(token.clone(), (now, job));
        Ok(token)
    }

    /// What a token stands for; it is spent then.
    pub(crate) fn redeem(&self, token: &str) -> Option<Job> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (issued, job) = waiting.remove(token)?;
        (now().duration_since(issued) < LIFETIME).then_some(job)
    }
}

#[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::super::PortForward;
    use super::*;

    fn job() -> Job {
        Job::PortForward(PortForward { sandbox: "s".into(), ports: Vec::new() })
    }

    #[tokio::test(start_paused = true)]
    async fn tokens_are_good_once_and_for_a_minute() {
        let tokens = Tokens::default();
        let one = tokens.issue(job()).expect("issued");
        assert!(tokens.redeem("other").is_none());
        assert!(tokens.redeem(&one).is_some());
        assert!(tokens.redeem(&one).is_none());
        let late = tokens.issue(job()).expect("issued");
        tokio::time::advance(LIFETIME).await;
        assert!(tokens.redeem(&late).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_tokens_are_bounded() {
        let tokens = Tokens::default();
        for _ in 0..WAITING_MAX {
            tokens.issue(job()).expect("issued");
        }
        assert_eq!(tokens.issue(job()), Err(TooMany));
        tokio::time::advance(LIFETIME).await;
        assert!(tokens.issue(job()).is_ok());
    }
}
