//! The stages of a write, noted along its way through filters and engine.
//!
//! The request's task carries them, so that nobody on the way hands them on. Elsewhere a mark is no more than a look
//! whether there is anything to be marked.

use std::cell::RefCell;
use std::future::Future;

use mizzen_schema::value::Value;
use mizzen_trace::{Chain, Record, Recorder, Uuid};

use super::COMPONENT;
use crate::catalog::Kind;
use crate::object::Object;

tokio::task_local! {
    static STEPS: RefCell<Steps>;
}

struct Steps {
    recorder: Recorder,
    chain: Chain,
    user: Box<str>,
    owner: Option<Uuid>,
    /// The first object that was stored, and what it is called.
    subject: Option<(Uuid, Box<str>)>,
}

/// Notes what a request does on its way; `operation` names it, and its user, once an object is stored.
pub(crate) async fn along<F: Future>(
    recorder: &Recorder,
    operation: impl FnOnce(&str) -> String,
    request: F,
) -> F::Output {
    let chain = recorder.chain();
    let steps = Steps { recorder: recorder.clone(), chain, user: Box::default(), owner: None, subject: None };
    let noted = async {
        let output = request.await;
        STEPS.with(|steps| steps.borrow_mut().finish(operation));
        output
    };
    STEPS.scope(RefCell::new(steps), noted).await
}

fn with(act: impl FnOnce(&mut Steps)) {
    // Most calls come from requests that are not followed.
    STEPS.try_with(|steps| act(&mut steps.borrow_mut())).unwrap_or_default();
}

/// A stage has ended.
pub(crate) fn mark(stage: &'static str) {
    with(|steps| steps.mark(stage));
}

/// The user may do what is asked for.
pub(crate) fn authorized(user: &str) {
    with(|steps| {
        steps.user = user.into();
        steps.mark("authorization");
    });
}

/// The object that is being made belongs to the one that controls it.
pub(crate) fn made(object: &Value) {
    with(|steps| steps.owner = controller(object));
}

fn controller(object: &Value) -> Option<Uuid> {
    let owners = object.path(&["metadata", "ownerReferences"]).map(Value::items).unwrap_or_default();
    let controls = |owner: &&Value| matches!(owner.get("controller"), Some(Value::Bool(true)));
    owners.iter().find(controls)?.str_at(&["uid"])?.parse().ok()
}

/// A write of an object is on disk. Of a request with many the first is followed to the end, the others up to here.
pub(crate) fn stored(kind: &Kind, object: &Object) {
    with(|steps| {
        steps.mark("sync");
        let Ok(uid) = object.uid().parse::<Uuid>() else { return };
        let name = match kind.namespaced {
            true => format!("{}/{}/{}", kind.plural, object.namespace(), object.name()),
            false => format!("{}/{}", kind.plural, object.name()),
        };
        match &steps.subject {
            None => steps.subject = Some((uid, name.into())),
            Some((first, _)) if *first == uid => {}
            Some(_) => steps.push(uid, name.into(), Box::default()),
        }
    });
}

impl Steps {
    fn mark(&mut self, stage: &'static str) {
        self.chain.mark(stage, self.recorder.now_us());
    }

    fn push(&self, uid: Uuid, object: Box<str>, operation: Box<str>) {
        let record = Record::new(uid, COMPONENT, self.chain.clone());
        self.recorder.push(Record { owner: self.owner, object, operation, ..record });
    }

    fn finish(&mut self, operation: impl FnOnce(&str) -> String) {
        self.mark("answer");
        if let Some((uid, object)) = self.subject.take() {
            self.push(uid, object, operation(&self.user).into());
        }
    }
}
