//! Leader election: of several that do the same work, the one that holds a Lease does it.
//!
//! Who holds the Lease renews it; who wants it watches it, and takes it when it was let go of or was not renewed for as
//! long as it lasts, by its own clock (clocks of machines differ).
//! Source: the documentation page "Leases"; client-go's LeaderElector for timing and fields.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::api::core::v1::ObjectReference;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta};
use mizzen_client::{ApiResource, Client, Error, EventType, Informers, ListParams, Recorder};
use mizzen_clock::{Env, Level};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// How an election goes. [`Election::new`] gives kube's defaults.
#[derive(Debug, Clone)]
pub struct Election {
    /// The Lease's namespace (`--leader-elect-resource-namespace`).
    pub namespace: String,
    /// The Lease's name (`--leader-elect-resource-name`).
    pub name: String,
    /// Who we are, unlike all others.
    pub identity: String,
    /// How long a Lease that is not renewed holds (`--leader-elect-lease-duration`).
    pub lease_duration: Duration,
    /// How long a leader tries to renew before it gives up (`--leader-elect-renew-deadline`).
    pub renew_deadline: Duration,
    /// Pause between attempts (`--leader-elect-retry-period`).
    pub retry_period: Duration,
}

/// Why somebody leads no more.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ElectionError {
    /// Another one may lead by now.
    #[error("leader election lost")]
    Lost,
    /// The times make no sense.
    #[error("{0}")]
    Times(&'static str),
}

/// Somebody's hold on the Lease, as last seen.
#[derive(Debug, Clone, Default, PartialEq)]
struct Seen {
    lease: Option<Lease>,
    /// When it was seen to change.
    at: Option<Instant>,
}

impl Election {
    /// For the component of this name, on this machine.
    pub fn new(component: &str, host: &str, env: &Env) -> Self {
        Self {
            namespace: "kube-system".to_owned(),
            name: component.to_owned(),
            identity: format!("{host}_{}", env.random.uid()),
            lease_duration: Duration::from_secs(15),
            renew_deadline: Duration::from_secs(10),
            retry_period: Duration::from_secs(2),
        }
    }

    /// Checks that the times fit together.
    pub fn check(&self) -> Result<(), ElectionError> {
        if self.lease_duration <= self.renew_deadline {
            return Err(ElectionError::Times("LeaseDuration must be greater than RenewDeadline"));
        }
        if self.renew_deadline <= self.retry_period.mul_f64(1.2) {
            return Err(ElectionError::Times("RenewDeadline must be greater than RetryPeriod*JitterFactor"));
        }
        if self.retry_period.is_zero() {
            return Err(ElectionError::Times("RetryPeriod must be greater than zero"));
        }
        Ok(())
    }

    /// Waits until we lead, then runs `work` (whose token is cancelled when we lead no more) and renews the Lease.
    /// Returns when `work` does, or `cancel` comes; the Lease is let go of then.
    pub async fn lead<F, R, T>(
        &self,
        client: &Client,
        env: &Env,
        leading: &Level<bool>,
        cancel: &CancellationToken,
        work: F,
    ) -> Result<Option<T>, ElectionError>
    where
        F: FnOnce(CancellationToken) -> R,
        R: Future<Output = T>,
    {
        self.check()?;
        let watching = cancel.child_token();
        let _stop = watching.clone().drop_guard();
        let informers = Informers::new(client.clone(), env.clone(), watching.clone());
        let candidate =
            Candidate { election: self, client, env, seen: Arc::new(Level::new(Seen::default())) };
        candidate.watch(&informers);
        if cancel.run_until_cancelled(candidate.acquire()).await.is_none() {
            return Ok(None);
        }
        info!(lease = self.name, identity = self.identity, "Became the leader.");
        leading.set(true);
        let (events, write_events) =
            Recorder::new(client.clone(), env.clone(), &self.name, "", watching.clone());
        let own = cancel.child_token();
        let result = tokio::select! {
            biased;
            () = candidate.renew() => {
                own.cancel();
                warn!(lease = self.name, "The lease could not be renewed.");
                Err(ElectionError::Lost)
            }
            done = async {
                self.say(&events);
                let stop = CancellationToken::new();
                let working = async {
                    let done = work(own.clone()).await;
                    stop.cancel();
                    done
                };
                tokio::join!(working, stop.run_until_cancelled(write_events)).0
            } => Ok(Some(done)),
        };
        leading.set(false);
        if result.is_ok() {
            candidate.release().await;
        }
        result
    }

    fn say(&self, events: &Recorder) {
        let about = ObjectReference {
            api_version: Some("coordination.k8s.io/v1".to_owned()),
            kind: Some("Lease".to_owned()),
            namespace: Some(self.namespace.clone()),
            name: Some(self.name.clone()),
            ..ObjectReference::default()
        };
        events.event(&about, EventType::Normal, "LeaderElection", format!("{} became leader", self.identity));
    }
}

/// One that wants to lead, or does.
struct Candidate<'a> {
    election: &'a Election,
    client: &'a Client,
    env: &'a Env,
    seen: Arc<Level<Seen>>,
}

/// The Lease's holder; nobody's when it is empty.
fn holder(lease: &Lease) -> &str {
    lease.spec.as_ref().and_then(|spec| spec.holder_identity.as_deref()).unwrap_or_default()
}

impl Candidate<'_> {
    /// Follows the Lease from here on.
    fn watch(&self, informers: &Informers) {
        let only = ListParams {
            field_selector: format!("metadata.name={}", self.election.name),
            ..ListParams::default()
        };
        let leases = informers.select::<Lease>(ApiResource::of::<Lease>(), &self.election.namespace, only);
        let seen = self.seen.clone();
        leases.subscribe(move |change| {
            let lease = match change {
                mizzen_client::Change::Deleted(_) => None,
                change => Some(change.object().value.clone()),
            };
            seen.set(Seen { lease, at: Some(Instant::now()) });
        });
    }

    /// Tries until the Lease is ours.
    async fn acquire(&self) {
        loop {
            match self.attempt().await {
                Ok(true) => return,
                Ok(false) => self.until_free().await,
                Err(error) => {
                    warn!(lease = self.election.name, %error, "The lease could not be read or taken.");
                    self.pause().await;
                }
            }
        }
    }

    async fn pause(&self) {
        let jittered = self.election.retry_period.mul_f64(1.0 + 0.2 * self.env.random.fraction());
        tokio::time::sleep(jittered).await;
    }

    /// Waits until nobody is seen to hold the Lease.
    async fn until_free(&self) {
        self.pause().await;
        loop {
            let seen = self.seen.get();
            let Some(end) = self.end(&seen) else { return };
            tokio::select! {
                biased;
                _ = self.seen.wait_for(|now| *now != seen) => {}
                () = tokio::time::sleep_until(end) => return,
            }
        }
    }

    /// Until when another one holds the Lease; `None`: nobody does.
    fn end(&self, seen: &Seen) -> Option<Instant> {
        let lease = seen.lease.as_ref()?;
        if holder(lease).is_empty() || holder(lease) == self.election.identity {
            return None;
        }
        let seconds = lease.spec.as_ref().and_then(|spec| spec.lease_duration_seconds).unwrap_or(0);
        let end = seen.at? + Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
        Some(end).filter(|end| *end > Instant::now())
    }

    /// Takes or renews the Lease; false: another one holds it.
    async fn attempt(&self) -> Result<bool, Error> {
        let Election { namespace, name, identity, lease_duration, .. } = self.election;
        let now = MicroTime(self.env.now());
        let Some(mut lease) = self.client.get::<Lease>(namespace, name).await? else {
            let spec = LeaseSpec {
                holder_identity: Some(identity.clone()),
                lease_duration_seconds: i32::try_from(lease_duration.as_secs()).ok(),
                acquire_time: Some(now.clone()),
                renew_time: Some(now),
                lease_transitions: Some(0),
                ..LeaseSpec::default()
            };
            let metadata = ObjectMeta {
                name: Some(name.clone()),
                namespace: Some(namespace.clone()),
                ..ObjectMeta::default()
            };
            return match self.client.create(&Lease { metadata, spec: Some(spec) }).await {
                Ok(_) => Ok(true),
                Err(error) if error.is_already_exists() => Ok(false),
                Err(error) => Err(error),
            };
        };
        let ours = holder(&lease) == identity;
        if !ours && !holder(&lease).is_empty() {
            self.note(&lease);
            if self.end(&self.seen.get()).is_some() {
                return Ok(false);
            }
        }
        let spec = lease.spec.get_or_insert_default();
        if !ours {
            spec.acquire_time = Some(now.clone());
            spec.lease_transitions = Some(spec.lease_transitions.unwrap_or(0).saturating_add(1));
        }
        spec.holder_identity = Some(identity.clone());
        spec.lease_duration_seconds = i32::try_from(lease_duration.as_secs()).ok();
        spec.renew_time = Some(now);
        match self.client.update(&lease).await {
            Ok(_) => Ok(true),
            // Somebody was faster.
            Err(error) if error.is_conflict() && !ours => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A hold counts from when it was first seen so, whoever saw it: the watch or a read.
    fn note(&self, lease: &Lease) {
        if self.seen.get().lease.as_ref().map(|seen| &seen.spec) != Some(&lease.spec) {
            self.seen.set(Seen { lease: Some(lease.clone()), at: Some(Instant::now()) });
        }
    }

    /// Renews until that has not worked for as long as it may not.
    async fn renew(&self) {
        let mut deadline = Instant::now() + self.election.renew_deadline;
        loop {
            tokio::time::sleep(self.election.retry_period).await;
            match tokio::time::timeout_at(deadline, self.attempt()).await {
                Ok(Ok(true)) => deadline = Instant::now() + self.election.renew_deadline,
                // Another one has it.
                Ok(Ok(false)) => return,
                Ok(Err(error)) => warn!(lease = self.election.name, %error, "Renewing failed, will retry."),
                Err(_) => return,
            }
            if Instant::now() >= deadline {
                return;
            }
        }
    }

    /// Lets go of the Lease, so that another one need not wait.
    async fn release(&self) {
        let Election { namespace, name, identity, renew_deadline, .. } = self.election;
        let release = async {
            let Some(mut lease) = self.client.get::<Lease>(namespace, name).await? else { return Ok(()) };
            if holder(&lease) != identity {
                return Ok(());
            }
            let now = MicroTime(self.env.now());
            let spec = lease.spec.get_or_insert_default();
            spec.holder_identity = Some(String::new());
            spec.lease_duration_seconds = Some(1);
            (spec.acquire_time, spec.renew_time) = (Some(now.clone()), Some(now));
            self.client.update(&lease).await.map(drop)
        };
        match tokio::time::timeout(*renew_deadline, release).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(lease = name, %error, "The lease could not be let go of."),
            Err(_) => warn!(lease = name, "The lease could not be let go of in time."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_must_fit() {
        let check = |lease: u64, renew: u64, retry: u64, expect: Result<(), &'static str>| {
            let election = Election {
                lease_duration: Duration::from_secs(lease),
                renew_deadline: Duration::from_secs(renew),
                retry_period: Duration::from_secs(retry),
                ..Election::new("kube-scheduler", "host", &Env::system())
            };
            assert_eq!(election.check(), expect.map_err(ElectionError::Times));
        };
        check(15, 10, 2, Ok(()));
        check(10, 10, 2, Err("LeaseDuration must be greater than RenewDeadline"));
        check(15, 10, 9, Err("RenewDeadline must be greater than RetryPeriod*JitterFactor"));
    }
}
