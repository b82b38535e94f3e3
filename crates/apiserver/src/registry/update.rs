//! PUT and what PATCH shares with it: change what is there, and commit if nobody else did meanwhile.

use std::sync::Arc;

use mizzen_machinery::{apply, custom, meta as object_meta, validate};
use mizzen_schema::value::Value;

use super::admit::Admission;
use super::commit::{Committed, encode};
use super::patch::Change;
use super::{Context, Part, Registry, Written, meta};
use crate::admission::Operation;
use crate::attributes::{Attributes, Target};
use crate::authz::Decision;
use crate::object::Object;
use crate::status::{ApiError, Cause};
use crate::strategy::Generation;
use crate::tree;

/// How often a write that names no resourceVersion is tried against concurrent writers.
const TRIES: usize = 64;

/// What one attempt came to.
enum Attempt {
    Done(Written),
    /// Somebody was faster; `guarded`: and the client wanted to know.
    Conflict {
        guarded: bool,
    },
}

impl Registry {
    /// Changes an object, or a part of it.
    pub(crate) async fn modify(
        &self,
        context: &mut Context<'_>,
        part: Part,
        change: &Change,
    ) -> Result<Written, ApiError> {
        let warnings = context.warnings.len();
        for _ in 0..TRIES {
            context.warnings.truncate(warnings);
            match self.modify_once(context, part, change).await? {
                Attempt::Done(written) => return Ok(written),
                Attempt::Conflict { guarded: false } => {}
                Attempt::Conflict { guarded: true } => break,
            }
        }
        let target = context.target;
        Err(ApiError::modified(&target.group, &target.resource, &target.name))
    }

    async fn modify_once(
        &self,
        context: &mut Context<'_>,
        part: Part,
        change: &Change,
    ) -> Result<Attempt, ApiError> {
        let local = context.local(&context.target.name);
        let Some(current) = self.fetch(context.kind, &local).await? else {
            let created = self.create_instead(context, part, change).await;
            return match created {
                // Somebody else created it: start over from what is there now.
                Err(error) if error.reason == "AlreadyExists" => Ok(Attempt::Conflict { guarded: false }),
                created => created.map(Attempt::Done),
            };
        };
        let mut old = Self::tree(context.kind, &current)?;
        if !context.kind.builtin {
            old = self.to_served(context, old);
        }
        let (mut new, guarded) = self.changed(context, part, change, &old, current.revision())?;
        let Some(guarded) = guarded else { return Ok(Attempt::Conflict { guarded: true }) };
        let broken = if part.keeps_metadata(context) { Vec::new() } else { meta::immutable(&new, &old) };
        if !broken.is_empty() {
            let name = &context.target.name;
            return Err(ApiError::invalid(context.group(), context.kind_name(), name, broken));
        }
        meta::fill_changed(context, &mut new, &old)?;
        meta::dedup_owners(&mut new, &mut context.warnings);
        let admission = Admission {
            user: context.user,
            operation: Operation::Update,
            target: context.target,
            gvk: context.working_gvk(),
            dry_run: context.options.dry_run,
        };
        self.mutate(&admission, Some(&mut new), Some(&old), &mut context.warnings).await?;
        let observer = self.observer(context.kind).filter(|_| !context.options.dry_run);
        let Some(observer) = observer else {
            return self.store_admitted(context, part, &admission, &current, &old, new, guarded).await;
        };
        let admitted = new.clone();
        let attempt = self.store_admitted(context, part, &admission, &current, &old, new, guarded).await;
        match &attempt {
            Ok(Attempt::Done(Written::Stored { object, .. })) => {
                let kept = Self::tree(context.kind, object)?;
                observer.ended(&old, Some(&kept).filter(|kept| !is_deletable(context, kept))).await;
            }
            _ => observer.ended(&admitted, Some(&old)).await,
        }
        attempt
    }

    /// What follows when all plugins have had their changes.
    #[expect(clippy::too_many_arguments, reason = "the halves of one walk")]
    async fn store_admitted(
        &self,
        context: &mut Context<'_>,
        part: Part,
        admission: &Admission<'_>,
        current: &Arc<Object>,
        old: &Value,
        mut new: Value,
        guarded: bool,
    ) -> Result<Attempt, ApiError> {
        let local = context.local(&context.target.name);
        part.restrict(context, &mut new, old, self.facts(context.user));
        if context.kind.builtin {
            self.gated.drop_unused(&mut new, Some(old));
        }
        meta::fill_changed(context, &mut new, old)?;
        raise_generation(context, part, &mut new, old);
        let causes = part.check(context, &new, old);
        if !causes.is_empty() {
            let name = &context.target.name;
            return Err(ApiError::invalid(context.group(), context.kind_name(), name, causes));
        }
        if context.kind.builtin && part == Part::Object {
            let gvk = &context.kind.gvk;
            context.warnings.extend(validate::warnings(&gvk.group, &gvk.kind, &new));
        }
        if context.served.custom.is_some() && part == Part::Object {
            context.warnings.extend(custom::warnings(&new, Some(old)));
        }
        self.validate(admission, Some(&mut new), Some(old), &mut context.warnings).await?;
        self.store_changed(context, &local, current, new, guarded).await
    }

    /// The last step: nothing to do, or a deletion that waited for this write, or a commit.
    async fn store_changed(
        &self,
        context: &Context<'_>,
        local: &str,
        current: &Arc<Object>,
        new: Value,
        guarded: bool,
    ) -> Result<Attempt, ApiError> {
        let gone = is_deletable(context, &new);
        let dry = context.options.dry_run.then(|| new.clone());
        let encoded = encode(context.kind, &mut super::create::to_stored(context, new));
        if !gone && encoded.json == *current.bytes() && !current.is_stale() {
            return Ok(Attempt::Done(Written::Stored { object: current.clone(), created: false }));
        }
        if let Some(object) = dry {
            return Ok(Attempt::Done(Written::Dry { object, created: false }));
        }
        let committed = if gone {
            match self.remove(context.kind, local, current).await? {
                Committed::Done(removed) => {
                    let last = Object::new(encoded.json, removed.revision(), &context.kind.layout);
                    Committed::Done(Arc::new(last.map_err(ApiError::internal)?))
                }
                Committed::Conflict => Committed::Conflict,
            }
        } else {
            self.put(context.kind, local, encoded, Some(current.revision())).await?
        };
        Ok(match committed {
            Committed::Done(object) => Attempt::Done(Written::Stored { object, created: false }),
            Committed::Conflict => Attempt::Conflict { guarded },
        })
    }

    /// The changed object in the storage version, and whether the client guarded the write by a resourceVersion
    /// (`None`: it did, and the guard failed).
    fn changed(
        &self,
        context: &mut Context<'_>,
        part: Part,
        change: &Change,
        old: &Value,
        revision: u64,
    ) -> Result<(Value, Option<bool>), ApiError> {
        if let Change::Replace(sent) = change {
            meta::check_uid(context, sent, object_meta::uid(old))?;
        }
        let served_old = self.to_served(context, old.clone());
        let mut new = match change {
            Change::Apply { applied, force } => self.applied(context, part, &served_old, applied, *force)?,
            change => {
                let shown = part.show(context.served, served_old.clone());
                let mut shown = change.make(context, part, &shown)?;
                if part == Part::Scale {
                    meta::settle_namespace(context, &mut shown)?;
                    meta::check_name(&shown, &context.target.name)?;
                }
                part.check_scale(&shown, &context.target.name)?;
                part.put_back(context.served, shown, &served_old)?
            }
        };
        super::create::normalize(context, &mut new);
        if !matches!(change, Change::Apply { .. }) && !context.options.field_manager.is_empty() {
            let reset = part.reset_fields(context);
            let manager = self.manager(context, &context.target.subresource, reset);
            apply::update(Some(&served_old), &mut new, &manager.as_machinery());
        }
        let given = object_meta::resource_version(&new).to_owned();
        let guarded = match change {
            Change::Replace(sent) => self.check_guard(context, part, sent, revision)?,
            Change::Patch { .. } if given.is_empty() => self.check_guard(context, part, &new, revision)?,
            _ if given != revision.to_string() && !given.is_empty() => None,
            _ => Some(false),
        };
        Ok((self.to_working(context, new), guarded))
    }

    fn check_guard(
        &self,
        context: &Context<'_>,
        part: Part,
        sent: &Value,
        revision: u64,
    ) -> Result<Option<bool>, ApiError> {
        let given = object_meta::resource_version(sent);
        if given.is_empty() || given == "0" {
            if part != Part::Scale && !context.kind.rules().unconditional_update {
                let cause = Cause {
                    reason: "FieldValueInvalid".to_owned(),
                    message: "Invalid value: 0: must be specified for an update".to_owned(),
                    field: "metadata.resourceVersion".to_owned(),
                };
                let target = context.target;
                return Err(ApiError::invalid(&target.group, &target.resource, &target.name, vec![cause]));
            }
            return Ok(Some(false));
        }
        Ok((given == revision.to_string()).then_some(true))
    }

    /// Server-side apply onto what is there.
    fn applied(
        &self,
        context: &Context<'_>,
        part: Part,
        live: &Value,
        applied: &Value,
        force: bool,
    ) -> Result<Value, ApiError> {
        let partial = part.partial(context.served, applied, live);
        let manager = self.manager(context, &context.target.subresource, part.reset_fields(context));
        let mut new = apply::apply(Some(live), &partial, &manager.as_machinery(), force)
            .map_err(super::patch::apply_error)?;
        super::set_defaults(&context.served.resource.gvk, &mut new);
        tree::copy(&mut new, &partial, &["metadata", "resourceVersion"]);
        if object_meta::resource_version(&new).is_empty() {
            tree::copy(&mut new, live, &["metadata", "resourceVersion"]);
        }
        Ok(new)
    }

    /// A write to an object that is not there: created if the kind, or apply, allows it.
    async fn create_instead(
        &self,
        context: &mut Context<'_>,
        part: Part,
        change: &Change,
    ) -> Result<Written, ApiError> {
        let name = context.target.name.clone();
        if part != Part::Object {
            return Err(context.not_found(&name));
        }
        let terminating = context.served.custom.as_ref().is_some_and(|custom| custom.terminating);
        match change {
            Change::Apply { .. } if terminating => Err(context.terminating(&name)),
            Change::Replace(object) if context.kind.rules().create_on_update => {
                self.may_create(context).await?;
                let mut object = object.clone();
                meta::check_uid(context, &object, "")?;
                meta::check_name(&object, &name)?;
                if !matches!(object_meta::resource_version(&object), "" | "0") {
                    return Err(context.not_found(&name));
                }
                tree::remove(&mut object, &["metadata", "resourceVersion"]);
                self.create(context, object).await
            }
            Change::Apply { applied, force } => {
                self.may_create(context).await?;
                if !object_meta::uid(applied).is_empty() {
                    let uid = object_meta::uid(applied);
                    let why = format!(
                        "uid mismatch: the provided object specified uid {uid}, and no existing object was found"
                    );
                    return Err(context.conflict(&name, why));
                }
                if !object_meta::resource_version(applied).is_empty() {
                    return Err(context.not_found(&name));
                }
                let manager = self.manager(context, "", part.reset_fields(context));
                let mut object = apply::apply(None, applied, &manager.as_machinery(), *force)
                    .map_err(super::patch::apply_error)?;
                let gvk = &context.served.resource.gvk;
                super::create::stamp(&mut object, gvk);
                super::create::normalize(context, &mut object);
                super::set_defaults(gvk, &mut object);
                self.insert(context, object).await
            }
            _ => Err(context.not_found(&name)),
        }
    }

    /// Who updates or applies what is not there needs to be allowed to create.
    async fn may_create(&self, context: &Context<'_>) -> Result<(), ApiError> {
        let Some(authorizer) = self.authorizer.get() else { return Ok(()) };
        let attributes = Attributes {
            user: context.user.clone(),
            verb: "create".to_owned(),
            target: Target::Resource(context.target.clone()),
            label_selector: String::new(),
            field_selector: String::new(),
        };
        match authorizer.authorize(&attributes).await {
            Decision::Allow(_) => Ok(()),
            Decision::Deny(why) | Decision::NoOpinion(why) => Err(crate::authz::forbidden(&attributes, &why)),
        }
    }
}

/// Generation rises with what the kind's users want, not with what controllers report.
fn raise_generation(context: &Context<'_>, part: Part, new: &mut Value, old: &Value) {
    if matches!(part, Part::Status | Part::Approval | Part::Finalize) {
        return;
    }
    let changed = match context.kind.rules().generation {
        Generation::None | Generation::First => return,
        Generation::Spec => !tree::same(new, old, &["spec"]),
        Generation::SpecAndAnnotations => {
            !tree::same(new, old, &["spec"]) || !tree::same(new, old, &["metadata", "annotations"])
        }
        Generation::Content => content_changed(new, old, context.served.custom.is_some()),
        Generation::ContentAndLabels => {
            content_changed(new, old, false) || !tree::same(new, old, &["metadata", "labels"])
        }
    };
    if changed {
        let generation = tree::int(old, &["metadata", "generation"]).unwrap_or(0);
        tree::set(new, &["metadata", "generation"], Value::Int(generation.saturating_add(1)));
    }
}

/// Whether anything but metadata is another; `status`: that counts too.
fn content_changed(new: &Value, old: &Value, status: bool) -> bool {
    let (Value::Struct(new), Value::Struct(old)) = (new, old) else { return new != old };
    let counts = |json: &str| match json {
        "kind" | "apiVersion" | "metadata" => false,
        json => json != "status" || status,
    };
    let differs = |number: u16| match (new.at(number), old.at(number)) {
        (Some(a), Some(b)) => a != b,
        (Some(one), None) | (None, Some(one)) => !one.is_zero(),
        (None, None) => false,
    };
    let numbers = new.fields().chain(old.fields()).filter(|(_, field, _)| counts(&field.json));
    numbers.map(|(number, _, _)| number).any(differs) || new.unknown() != old.unknown()
}

/// Whether an object that is being deleted has nothing left to wait for.
fn is_deletable(context: &Context<'_>, object: &Value) -> bool {
    let namespace = context.kind.group.is_empty() && context.kind.plural == "namespaces";
    meta::is_deleting(object)
        && tree::texts(object, &["metadata", "finalizers"]).is_empty()
        && tree::int(object, &["metadata", "deletionGracePeriodSeconds"]).unwrap_or(0) == 0
        && (!namespace || tree::texts(object, &["spec", "finalizers"]).is_empty())
}
