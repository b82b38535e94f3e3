//! DELETE: grace periods, finalizers, preconditions.
//!
//! A deletion is either a removal, or a mark (`deletionTimestamp`) that the removal waits for: for a pod's grace
//! period, or for whoever put a finalizer there.

use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};
use mizzen_schema::value::Value;

use super::admit::Admission;
use super::commit::{Committed, encode};
use super::{Context, DeleteOptions, ListAnswer, Registry, meta};
use crate::admission::Operation;
use crate::attributes::ResourceTarget;
use crate::custom as definition;
use crate::object::Object;
use crate::options::ListOptions;
use crate::status::ApiError;
use crate::tree;

/// How often a deletion is tried against concurrent writers.
const TRIES: usize = 64;

/// Deletions of a collection at a time.
const COLLECTION_WIDTH: usize = 16;

/// What a deletion came to: the object's last or present state.
#[derive(Debug)]
pub(crate) enum Deleted {
    /// It is gone (with dry run: it would be).
    Gone(Arc<Object>),
    /// It waits for its grace period or finalizers.
    Pending(Arc<Object>),
}

/// What is to be done about an object.
enum Plan {
    /// Nothing: it is on its way already.
    Leave,
    /// Remove it now.
    Remove,
    /// Mark it.
    Mark(Value),
}

impl Registry {
    /// Deletes the object `name`.
    pub(crate) async fn delete(
        &self,
        context: &mut Context<'_>,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<Deleted, ApiError> {
        let local = context.local(name);
        for _ in 0..TRIES {
            let current = self.fetch(context.kind, &local).await?.ok_or_else(|| context.not_found(name))?;
            check_preconditions(context, name, &current, options)?;
            let old = Self::tree(context.kind, &current)?;
            self.admit_delete(context, name, &old, options).await?;
            let plan = self.plan(context, &old, options);
            if let Some(deleted) = self.carry_out(context, &local, &current, plan, options).await? {
                let dry_run = options.dry_run || context.options.dry_run;
                if let (Deleted::Gone(_), false, Some(observer)) =
                    (&deleted, dry_run, self.observer(context.kind))
                {
                    observer.ended(&old, None).await;
                }
                return Ok(deleted);
            }
        }
        Err(ApiError::modified(&context.target.group, &context.target.resource, name))
    }

    async fn carry_out(
        &self,
        context: &Context<'_>,
        local: &str,
        current: &Arc<Object>,
        plan: Plan,
        options: &DeleteOptions,
    ) -> Result<Option<Deleted>, ApiError> {
        let dry_run = options.dry_run || context.options.dry_run;
        match plan {
            Plan::Leave => Ok(Some(Deleted::Pending(current.clone()))),
            Plan::Remove if dry_run => Ok(Some(Deleted::Gone(current.clone()))),
            Plan::Remove => match self.remove(context.kind, local, current).await? {
                Committed::Done(object) => Ok(Some(Deleted::Gone(object))),
                Committed::Conflict => Ok(None),
            },
            Plan::Mark(mut marked) => {
                let encoded = encode(context.kind, &mut marked);
                if dry_run {
                    let object = Object::new(encoded.json, current.revision(), &context.kind.layout);
                    return Ok(Some(Deleted::Pending(Arc::new(object.map_err(ApiError::internal)?))));
                }
                match self.put(context.kind, local, encoded, Some(current.revision())).await? {
                    Committed::Done(object) => Ok(Some(Deleted::Pending(object))),
                    Committed::Conflict => Ok(None),
                }
            }
        }
    }

    async fn admit_delete(
        &self,
        context: &mut Context<'_>,
        name: &str,
        old: &Value,
        options: &DeleteOptions,
    ) -> Result<(), ApiError> {
        let target = ResourceTarget { name: name.to_owned(), ..context.target.clone() };
        let admission = Admission {
            user: context.user,
            operation: Operation::Delete,
            target: &target,
            gvk: &context.kind.gvk,
            dry_run: options.dry_run || context.options.dry_run,
        };
        self.mutate(&admission, None, Some(old), &mut context.warnings).await?;
        self.validate(&admission, None, Some(old), &mut context.warnings).await
    }

    fn plan(&self, context: &Context<'_>, old: &Value, options: &DeleteOptions) -> Plan {
        let rules = context.kind.rules();
        let now = self.env.now();
        let deleting = meta::is_deleting(old);
        let present: Vec<String> =
            tree::texts(old, &["metadata", "finalizers"]).into_iter().map(str::to_owned).collect();
        let finalizers = options.finalizers(&present, rules.orphan_by_default);
        if is_namespace(context) {
            return plan_namespace(old, deleting, &present, &finalizers, now);
        }
        if context.kind.plural == definition::PLURAL && context.kind.group == definition::GROUP && !deleting {
            let mut marked = old.clone();
            tree::set_texts(&mut marked, &["metadata", "finalizers"], &finalizers);
            definition::deletion_pending(&mut marked, now);
            mark(&mut marked, now, 0);
            return Plan::Mark(marked);
        }
        let mut marked = old.clone();
        let seconds = match rules.grace {
            None => 0,
            Some(grace) if !deleting => grace(old, options.grace_period_s),
            Some(_) => match shorten(&mut marked, options.grace_period_s, now) {
                Pending::No => 0,
                Pending::Shortened(seconds) => seconds,
                Pending::Unchanged => return Plan::Leave,
            },
        };
        if seconds == 0 && finalizers.is_empty() {
            return Plan::Remove;
        }
        tree::set_texts(&mut marked, &["metadata", "finalizers"], &finalizers);
        if !deleting {
            mark(&mut marked, now, seconds);
        } else if seconds == 0 {
            at_once(&mut marked, now);
        }
        if marked == *old { Plan::Leave } else { Plan::Mark(marked) }
    }

    /// Deletes a page of what is selected; the answer is that page as it was found.
    pub(crate) async fn delete_collection(
        &self,
        context: &Context<'_>,
        list: &ListOptions,
        options: &DeleteOptions,
    ) -> Result<ListAnswer, ApiError> {
        let listing = self.list(context, list).await?;
        let deletions = listing.objects.iter().map(|object| self.delete_one(context, object, options));
        stream::iter(deletions.collect::<Vec<_>>()).buffered(COLLECTION_WIDTH).try_collect::<()>().await?;
        Ok(listing)
    }

    /// One object of a collection; that it is gone already is fine.
    async fn delete_one(
        &self,
        context: &Context<'_>,
        object: &Object,
        options: &DeleteOptions,
    ) -> Result<(), ApiError> {
        let target = ResourceTarget {
            namespace: object.namespace().into_owned(),
            name: object.name().into_owned(),
            ..context.target.clone()
        };
        let mut one = Context {
            user: context.user,
            target: &target,
            served: context.served,
            kind: context.kind,
            options: context.options.clone(),
            warnings: Vec::new(),
        };
        let asked = options.uid.is_some();
        let uid = options.uid.clone().unwrap_or_else(|| object.uid().into_owned());
        let options = DeleteOptions { uid: Some(uid), ..options.clone() };
        match self.delete(&mut one, &target.name, &options).await {
            Ok(_) => Ok(()),
            Err(error) if error.code == 404 => Ok(()),
            // Another object has the name by now.
            Err(error) if !asked && error.code == 409 && error.message.contains(OTHER_UID) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// How the text of a failed precondition starts.
const OTHER_UID: &str = "UID in ";

fn is_namespace(context: &Context<'_>) -> bool {
    context.kind.group.is_empty() && context.kind.plural == "namespaces"
}

pub(super) fn check_preconditions(
    context: &Context<'_>,
    name: &str,
    current: &Object,
    options: &DeleteOptions,
) -> Result<(), ApiError> {
    let (uid, version) = (current.uid(), current.revision().to_string());
    let other_uid = options.uid.as_deref().filter(|wanted| *wanted != uid);
    let other_version = options.resource_version.as_deref().filter(|wanted| *wanted != version);
    let why = match (other_uid, other_version) {
        (None, None) => return Ok(()),
        // Kubernetes deletes these in a way of their own, and says it in other words.
        (Some(wanted), _) if is_namespace(context) => {
            let why =
                format!("Precondition failed: UID in precondition: {wanted}, UID in object meta: {uid}");
            return Err(context.conflict(name, why));
        }
        (None, Some(wanted)) if is_namespace(context) => {
            let why = format!(
                "Precondition failed: ResourceVersion in precondition: {wanted}, ResourceVersion in object meta: \
                 {version}"
            );
            return Err(context.conflict(name, why));
        }
        (Some(wanted), _) => format!(
            "the {OTHER_UID}the precondition ({wanted}) does not match the UID in record ({uid}). The object might \
             have been deleted and then recreated"
        ),
        (None, Some(wanted)) => format!(
            "the ResourceVersion in the precondition ({wanted}) does not match the ResourceVersion in record \
             ({version}). The object might have been modified"
        ),
    };
    Err(ApiError::conflict(context.group(), context.kind_name(), name, why))
}

/// Marks an object as being deleted, `seconds` from now.
fn mark(object: &mut Value, now: Timestamp, seconds: i64) {
    let at = now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
    tree::set(object, &["metadata", "deletionTimestamp"], tree::time(at));
    tree::set(object, &["metadata", "deletionGracePeriodSeconds"], Value::Int(seconds));
    if let Some(generation) = tree::int(object, &["metadata", "generation"]).filter(|number| *number > 0) {
        tree::set(object, &["metadata", "generation"], Value::Int(generation + 1));
    }
}

/// What becomes of a deletion that is asked for again.
enum Pending {
    /// None is pending: the grace period is over.
    No,
    Shortened(i64),
    Unchanged,
}

/// A pending deletion can only be made to come sooner.
fn shorten(marked: &mut Value, wanted: Option<i64>, now: Timestamp) -> Pending {
    let present = match tree::int(marked, &["metadata", "deletionGracePeriodSeconds"]) {
        None | Some(0) => return Pending::No,
        Some(seconds) => seconds.max(1),
    };
    let wanted = match wanted {
        None => return Pending::Unchanged,
        Some(..0) => 1,
        Some(seconds) => seconds,
    };
    if wanted >= present {
        return Pending::Unchanged;
    }
    let due =
        marked.str_at(&["metadata", "deletionTimestamp"]).and_then(|text| text.parse::<Timestamp>().ok());
    let sooner = due.and_then(|due| due.checked_sub(SignedDuration::from_secs(present - wanted)).ok());
    // What would have been over by now is over now; unless nothing more is waited for, somebody has to see it.
    let (at, seconds) = match sooner {
        Some(at) if at >= now => (at, wanted),
        _ => (now, wanted.min(1)),
    };
    tree::set(marked, &["metadata", "deletionTimestamp"], tree::time(at));
    tree::set(marked, &["metadata", "deletionGracePeriodSeconds"], Value::Int(seconds));
    Pending::Shortened(seconds)
}

/// An object whose deletion only waits for finalizers.
fn at_once(marked: &mut Value, now: Timestamp) {
    let due =
        marked.str_at(&["metadata", "deletionTimestamp"]).and_then(|text| text.parse::<Timestamp>().ok());
    if due.is_none_or(|due| due > now) {
        tree::set(marked, &["metadata", "deletionTimestamp"], tree::time(now));
    }
    tree::set(marked, &["metadata", "deletionGracePeriodSeconds"], Value::Int(0));
}

/// A namespace terminates first; it goes when its content and finalizers are gone.
fn plan_namespace(
    old: &Value,
    deleting: bool,
    present: &[String],
    finalizers: &[String],
    now: Timestamp,
) -> Plan {
    if deleting {
        let waits = !present.is_empty() || !tree::texts(old, &["spec", "finalizers"]).is_empty();
        return if waits { Plan::Leave } else { Plan::Remove };
    }
    let mut marked = old.clone();
    tree::set_texts(&mut marked, &["metadata", "finalizers"], finalizers);
    tree::set(&mut marked, &["metadata", "deletionTimestamp"], tree::time(now));
    tree::set(&mut marked, &["status", "phase"], Value::string("Terminating"));
    Plan::Mark(marked)
}
