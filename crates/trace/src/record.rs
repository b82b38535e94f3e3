//! The ring, and what it holds.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mizzen_clock::Env;
use uuid::Uuid;

/// Records that a process keeps; the oldest go first. A pod's way makes about ten.
const RECORDS_MAX: usize = 8192;
/// Stages of one record; further ones are not noted.
const STAGES_MAX: usize = 32;

/// The end of a stage, which began where the one before ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// `admission`.
    pub stage: Cow<'static, str>,
    /// Microseconds after the record's begin.
    pub at_us: u32,
}

/// Stages of one operation, one after the other.
#[derive(Debug, Clone)]
pub struct Chain {
    begin_us: i64,
    marks: Vec<Mark>,
}

impl Chain {
    /// A chain that begins now, in microseconds since 1970.
    pub const fn new(now_us: i64) -> Self {
        Self { begin_us: now_us, marks: Vec::new() }
    }

    /// Notes that a stage has ended.
    pub fn mark(&mut self, stage: impl Into<Cow<'static, str>>, now_us: i64) {
        if self.marks.len() < STAGES_MAX {
            let at_us = u32::try_from(now_us.saturating_sub(self.begin_us).max(0)).unwrap_or(u32::MAX);
            self.marks.push(Mark { stage: stage.into(), at_us });
        }
    }
}

/// What a component has done to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Whose.
    pub uid: Uuid,
    /// The object that controls it.
    pub owner: Option<Uuid>,
    /// `kube-apiserver`.
    pub component: &'static str,
    /// `pods/default/web`; empty: as other records say.
    pub object: Box<str>,
    /// `create by kubectl`; empty: the stages say it all.
    pub operation: Box<str>,
    /// Microseconds since 1970.
    pub begin_us: i64,
    /// What it went through.
    pub stages: Box<[Mark]>,
}

impl Record {
    /// A record of a chain.
    pub fn new(uid: Uuid, component: &'static str, chain: Chain) -> Self {
        Self {
            uid,
            owner: None,
            component,
            object: Box::default(),
            operation: Box::default(),
            begin_us: chain.begin_us,
            stages: chain.marks.into(),
        }
    }
}

/// A process's ring. Clones share it; the default one keeps nothing.
#[derive(Clone, Default)]
pub struct Recorder(Option<Arc<Inner>>);

struct Inner {
    env: Env,
    ring: Mutex<VecDeque<Record>>,
}

impl Recorder {
    /// An empty ring.
    pub fn new(env: Env) -> Self {
        Self(Some(Arc::new(Inner { env, ring: Mutex::default() })))
    }

    /// Whether anything is kept.
    pub const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Now, in microseconds since 1970; 0 where nothing is kept.
    pub fn now_us(&self) -> i64 {
        self.0.as_ref().map_or(0, |inner| inner.env.now().as_microsecond())
    }

    /// A chain that begins now.
    pub fn chain(&self) -> Chain {
        Chain::new(self.now_us())
    }

    /// Keeps a record; the oldest goes for it when the ring is full.
    pub fn push(&self, record: Record) {
        let Some(mut ring) = self.ring() else { return };
        if ring.len() == RECORDS_MAX {
            ring.pop_front();
        }
        ring.push_back(record);
    }

    /// Keeps that something happened to an object just now.
    pub fn note(&self, uid: &str, component: &'static str, stage: impl Into<Cow<'static, str>>) {
        if !self.is_on() {
            return;
        }
        if let Ok(uid) = uid.parse() {
            let mut chain = self.chain();
            chain.mark(stage, chain.begin_us);
            self.push(Record::new(uid, component, chain));
        }
    }

    /// What is kept of an object, oldest first.
    pub fn of(&self, uid: Uuid) -> Vec<Record> {
        let ring = self.ring();
        ring.iter().flat_map(|ring| ring.iter()).filter(|record| record.uid == uid).cloned().collect()
    }

    /// The objects that this one controls, as far as their creation is still kept.
    pub fn owned_by(&self, owner: Uuid) -> Vec<Uuid> {
        let mut owned = Vec::new();
        for record in self.ring().iter().flat_map(|ring| ring.iter()) {
            if record.owner == Some(owner) && !owned.contains(&record.uid) {
                owned.push(record.uid);
            }
        }
        owned
    }

    fn ring(&self) -> Option<MutexGuard<'_, VecDeque<Record>>> {
        let inner = self.0.as_ref()?;
        Some(inner.ring.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("on", &self.is_on()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_first() {
        let recorder = Recorder::new(Env::system());
        let uid = Uuid::from_u128;
        for number in 0..RECORDS_MAX as u128 + 10 {
            recorder.push(Record::new(uid(number), "it", recorder.chain()));
        }
        assert!(recorder.of(uid(9)).is_empty());
        assert_eq!(recorder.of(uid(10)).len(), 1);
        assert_eq!(recorder.ring().expect("it is on").len(), RECORDS_MAX);
        let owned = Record { owner: Some(uid(1)), ..Record::new(uid(2), "it", recorder.chain()) };
        recorder.push(owned.clone());
        recorder.push(owned);
        assert_eq!(recorder.owned_by(uid(1)), [uid(2)]);
    }

    #[test]
    fn one_that_is_off_keeps_nothing() {
        let recorder = Recorder::default();
        recorder.note("7ce3d1f3-0000-4000-8000-000000000000", "it", "done");
        assert!(recorder.of("7ce3d1f3-0000-4000-8000-000000000000".parse().expect("a uid")).is_empty());
    }

    #[test]
    fn chains_are_bounded() {
        let mut chain = Chain::new(100);
        for number in 0..100 {
            chain.mark("a", 90 + number);
        }
        assert_eq!(chain.marks.len(), STAGES_MAX);
        assert_eq!(
            (chain.marks[0].at_us, chain.marks[11].at_us),
            (0, 1),
            "clocks that go back count as still"
        );
    }
}
