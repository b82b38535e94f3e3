//! Which node ports are taken.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mizzen_clock::Env;
use tokio::time::Instant;

use super::fields::{self, Owner};
use crate::admission::Lookup;
use crate::status::ApiError;

/// A reservation that no stored Service confirms by then is void.
const RESERVATION: Duration = Duration::from_secs(60);
/// Changes of others are taken in at most so often.
const REFRESH_EVERY: Duration = Duration::from_secs(1);

struct Holding {
    owner: Owner,
    /// `None`: as a stored Service says.
    reserved: Option<Instant>,
}

#[derive(Default)]
struct State {
    held: BTreeMap<u16, Holding>,
    generation: Option<u64>,
    refreshed: Option<Instant>,
}

pub(super) struct Ports {
    range: RangeInclusive<u16>,
    lookup: Arc<dyn Lookup>,
    env: Env,
    state: Mutex<State>,
}

impl Ports {
    pub(super) fn new(range: RangeInclusive<u16>, lookup: Arc<dyn Lookup>, env: Env) -> Self {
        Self { range, lookup, env, state: Mutex::new(State::default()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what stored Services hold. Own allocations are known already; this is for a restart, and for
    /// other servers.
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    pub(super) async fn refresh(&self) -> Result<(), ApiError> {
        let generation = self.lookup.generation("", "services");
        let now = Instant::now();
        {
            let state = self.state();
            let recent = state.refreshed.is_some_and(|at| now.duration_since(at) < REFRESH_EVERY);
            if state.generation == Some(generation) || recent {
                return Ok(());
            }
        }
        let services = self.lookup.list("", "services", "").await?;
        let mut state = self.state();
        state.held.retain(|_, holding| {
            holding.reserved.is_some_and(|since| now.duration_since(since) < RESERVATION)
        });
        for service in &services {
            let owner = fields::owner(service);
            for port in fields::node_ports(service) {
                state.held.insert(port, Holding { owner: owner.clone(), reserved: None });
            }
        }
        state.generation = Some(generation);
        state.refreshed = Some(now);
        Ok(())
    }

    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    fn reserve(state: &mut State, port: u16, owner: &Owner) {
        let holding = Holding { owner: owner.clone(), reserved: Some(Instant::now()) };
        state.held.insert(port, holding);
    }

    /// Takes a port that somebody asked for.
    pub(super) fn take(&self, port: u16, owner: &Owner, dry_run: bool) -> Result<(), String> {
        if !self.range.contains(&port) {
            return Err(format!(
                "provided port is not in the valid range. The range of valid ports is {}-{}",
                self.range.start(),
                self.range.end()
            ));
        }
        let mut state = self.state();
        // A write that is tried again finds what it took itself.
        let own = |holding: &Holding| holding.reserved.is_some() && holding.owner == *owner;
        if state.held.get(&port).is_some_and(|holding| !own(holding)) {
            return Err("provided port is already allocated".to_owned());
        }
        if !dry_run {
            Self::reserve(&mut state, port, owner);
        }
        Ok(())
    }

    /// Takes any port: from the upper band while it has one, so that ports asked for by number, which people
    /// choose low, are seldom taken (KEP-3668).
    pub(super) fn next(&self, owner: &Owner, dry_run: bool) -> Result<u16, ApiError> {
        let (first, last) = (u32::from(*self.range.start()), u32::from(*self.range.end()));
        let size = (last + 1).saturating_sub(first);
        let band = if size < 16 { 0 } else { (size / 32).clamp(16, 128).min(size - 1) };
        let mut state = self.state();
        for (from, length) in [(first + band, size - band), (first, band)] {
            let start = u32::try_from(self.env.random.below(u64::from(length))).unwrap_or(0);
            for step in 0..length {
                let port = u16::try_from(from + (start + step) % length).unwrap_or(0);
                if port != 0 && !state.held.contains_key(&port) {
                    if !dry_run {
                        Self::reserve(&mut state, port, owner);
                    }
                    return Ok(port);
                }
            }
        }
        Err(ApiError::internal("failed to allocate a nodePort: range is full"))
    }

    /// Gives a port back, if it is still this owner's.
    pub(super) fn release(&self, port: u16, owner: &Owner) {
        let mut state = self.state();
        if state.held.get(&port).is_some_and(|holding| holding.owner == *owner) {
            state.held.remove(&port);
        }
    }
}
