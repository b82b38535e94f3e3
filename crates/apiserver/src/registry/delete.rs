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
use super::{Context, DeleteOptions, Registry, meta};
use crate::admission::Operation;
use crate::attributes::ResourceTarget;
use crate::cache::{ListError, Selection, Version};
use crate::custom as definition;
use crate::object::Object;
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

impl Deleted {
    pub(crate) fn object(&self) -> &Arc<Object> {
        match self {
            Self::Gone(object) | Self::Pending(object) => object,
        }
    }
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
        if context.kind.group.is_empty() && context.kind.plural == "namespaces" {
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
        if let Some(grace) = rules.grace {
            if deleting {
                return plan_sooner(old, marked, &present, options);
            }
            let seconds = grace(old, options.grace_period_s);
            if seconds == 0 && finalizers.is_empty() {
                return Plan::Remove;
            }
            tree::set_texts(&mut marked, &["metadata", "finalizers"], &finalizers);
            mark(&mut marked, now, seconds);
            return Plan::Mark(marked);
        }
        if finalizers.is_empty() {
            return Plan::Remove;
        }
        if deleting && finalizers == present {
            return Plan::Leave;
        }
        tree::set_texts(&mut marked, &["metadata", "finalizers"], &finalizers);
        if !deleting {
            mark(&mut marked, now, 0);
        }
        Plan::Mark(marked)
    }

    /// Deletes what is selected; the objects as they were found.
    pub(crate) async fn delete_collection(
        &self,
        context: &Context<'_>,
        selection: &Selection,
        options: &DeleteOptions,
    ) -> Result<(Vec<Arc<Object>>, u64), ApiError> {
        let listing = self.cache(context.kind).list(selection, &Version::MostRecent, 0).await;
        let listing = listing.map_err(|error: ListError| super::read::list_error(error))?;
        let revision = listing.revision;
        let deletions = listing.objects.into_iter().map(|object| self.delete_one(context, object, options));
        let deleted: Vec<Option<Arc<Object>>> =
            stream::iter(deletions.collect::<Vec<_>>()).buffered(COLLECTION_WIDTH).try_collect().await?;
        Ok((deleted.into_iter().flatten().collect(), revision))
    }

    /// One object of a collection; that it is gone already is fine.
    async fn delete_one(
        &self,
        context: &Context<'_>,
        object: Arc<Object>,
        options: &DeleteOptions,
    ) -> Result<Option<Arc<Object>>, ApiError> {
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
        let options = DeleteOptions { uid: Some(object.uid().into_owned()), ..options.clone() };
        match self.delete(&mut one, &target.name, &options).await {
            Ok(deleted) => Ok(Some(deleted.object().clone())),
            Err(error) if error.code == 404 => Ok(None),
            // Another object has the name by now.
            Err(error) if error.code == 409 && error.message.contains("UID in precondition") => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn check_preconditions(
    context: &Context<'_>,
    name: &str,
    current: &Object,
    options: &DeleteOptions,
) -> Result<(), ApiError> {
    if let Some(uid) = options.uid.as_ref().filter(|uid| **uid != current.uid()) {
        let own = current.uid();
        let why = format!("Precondition failed: UID in precondition: {uid}, UID in object meta: {own}");
        return Err(context.conflict(name, why));
    }
    let own = current.revision().to_string();
    if let Some(version) = options.resource_version.as_ref().filter(|version| **version != own) {
        let why = format!(
            "Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {own}"
        );
        return Err(context.conflict(name, why));
    }
    Ok(())
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

/// A pending deletion can only be made to come sooner.
fn plan_sooner(old: &Value, mut marked: Value, finalizers: &[String], options: &DeleteOptions) -> Plan {
    let Some(present) = tree::int(old, &["metadata", "deletionGracePeriodSeconds"]) else {
        return if finalizers.is_empty() { Plan::Remove } else { Plan::Leave };
    };
    let Some(wanted) = options.grace_period_s.map(|seconds| seconds.max(0)) else { return Plan::Leave };
    if wanted == 0 && finalizers.is_empty() {
        return Plan::Remove;
    }
    if wanted >= present {
        return Plan::Leave;
    }
    let due = old.str_at(&["metadata", "deletionTimestamp"]).and_then(|text| text.parse::<Timestamp>().ok());
    let sooner = due.and_then(|due| due.checked_sub(SignedDuration::from_secs(present - wanted)).ok());
    if let Some(at) = sooner {
        tree::set(&mut marked, &["metadata", "deletionTimestamp"], tree::time(at));
    }
    tree::set(&mut marked, &["metadata", "deletionGracePeriodSeconds"], Value::Int(wanted));
    Plan::Mark(marked)
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
