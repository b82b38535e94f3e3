//! POST of an object.

use mizzen_machinery::{apply, convert, custom, validate};
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;

use super::admit::Admission;
use super::commit::{Committed, encode};
use super::{Context, Registry, Written, meta};
use crate::admission::Operation;
use crate::status::{ApiError, Cause};
use crate::strategy::Generation;
use crate::trace::steps;
use crate::tree;

/// How many generated names are tried when they are taken.
const GENERATE_TRIES: usize = 8;

/// Brings what a client wrote into the form that is stored.
pub(super) fn normalize(context: &Context<'_>, object: &mut Value) {
    if let Some(normalize) = context.kind.rules().normalize {
        normalize(object);
    }
}

/// What validation found, for a client.
pub(super) fn causes(errors: Vec<mizzen_machinery::field::FieldError>) -> Vec<Cause> {
    let cause = |error: mizzen_machinery::field::FieldError| Cause {
        reason: error.reason.cause().to_owned(),
        message: error.message,
        field: error.path,
    };
    errors.into_iter().map(cause).collect()
}

impl Registry {
    /// Creates an object, which is decoded and defaulted in the served version.
    pub(crate) async fn create(&self, context: &mut Context<'_>, object: Value) -> Result<Written, ApiError> {
        let mut object = object;
        normalize(context, &mut object);
        meta::dedup_owners(&mut object, &mut context.warnings);
        if !context.options.field_manager.is_empty() {
            let manager = self.manager(context, "", super::Part::Object.reset_fields(context));
            apply::update(None, &mut object, &manager.as_machinery());
        }
        self.insert(context, object).await
    }

    /// The rest of a creation, from where managed fields are settled.
    pub(super) async fn insert(&self, context: &mut Context<'_>, object: Value) -> Result<Written, ApiError> {
        let mut object = self.to_working(context, object);
        let generated = mizzen_machinery::meta::name(&object).is_empty();
        self.fill_new(context, &mut object)?;
        let prefixed = object.str_at(&["metadata", "generateName"]).is_some_and(|prefix| !prefix.is_empty());
        let warnings = context.warnings.len();
        let mut tries = 1;
        loop {
            let attempt =
                if generated { object.clone() } else { std::mem::replace(&mut object, Value::Null) };
            match self.insert_once(context, attempt).await {
                Err(error) if error.reason == "AlreadyExists" => {
                    if !generated || tries == GENERATE_TRIES {
                        return Err(if prefixed { no_unique_name(error) } else { error });
                    }
                    tries += 1;
                    context.warnings.truncate(warnings);
                }
                result => return result,
            }
        }
    }

    async fn insert_once(&self, context: &mut Context<'_>, mut object: Value) -> Result<Written, ApiError> {
        let name = self.fill_name(context, &mut object)?;
        let admission = Admission {
            user: context.user,
            operation: Operation::Create,
            target: context.target,
            gvk: context.working_gvk(),
            dry_run: context.options.dry_run,
        };
        self.mutate(&admission, Some(&mut object), None, &mut context.warnings).await?;
        let Some(observer) = self.observer(context.kind).filter(|_| !context.options.dry_run) else {
            return self.insert_admitted(context, &admission, object, &name).await;
        };
        let taken = object.clone();
        let result = self.insert_admitted(context, &admission, object, &name).await;
        if result.is_err() {
            observer.ended(&taken, None).await;
        }
        result
    }

    /// What follows when all plugins have had their changes.
    async fn insert_admitted(
        &self,
        context: &mut Context<'_>,
        admission: &Admission<'_>,
        mut object: Value,
        name: &str,
    ) -> Result<Written, ApiError> {
        self.prepare_new(context, &mut object);
        self.check_new(context, &object, name)?;
        self.validate(admission, Some(&mut object), None, &mut context.warnings).await?;
        let local = context.local(name);
        let taken = || ApiError::already_exists(&context.target.group, &context.target.resource, name);
        if context.options.dry_run {
            if self.fetch(context.kind, &local).await?.is_some() {
                return Err(taken());
            }
            return Ok(Written::Dry { object, created: true });
        }
        steps::made(&object);
        let encoded = encode(context.kind, &mut to_stored(context, object));
        match self.put(context.kind, &local, encoded, None).await? {
            Committed::Done(object) => Ok(Written::Stored { object, created: true }),
            Committed::Conflict => Err(taken()),
        }
    }

    /// What the kind's strategy makes of a new object.
    fn prepare_new(&self, context: &Context<'_>, object: &mut Value) {
        let rules = context.kind.rules();
        if context.served.has_status() && !rules.create_with_status {
            tree::remove(object, &["status"]);
        }
        if rules.generation != Generation::None {
            tree::set(object, &["metadata", "generation"], Value::Int(1));
        }
        (rules.prepare_create)(object, self.facts(context.user));
        if context.kind.builtin {
            self.gated.drop_unused(object, None);
        }
    }

    fn check_new(&self, context: &mut Context<'_>, object: &Value, name: &str) -> Result<(), ApiError> {
        if let Some(rules) = context.custom_rules() {
            let errors = custom::create(rules, object);
            if !errors.is_empty() {
                return Err(ApiError::invalid(context.group(), context.kind_name(), name, causes(errors)));
            }
            context.warnings.extend(custom::warnings(object, None));
            return Ok(());
        }
        // Events are held to more when they come by their own group.
        let (group, kind) = (&context.target.group, &context.kind.gvk.kind);
        let errors = validate::create(group, kind, object);
        if !errors.is_empty() {
            return Err(ApiError::invalid(context.group(), context.kind_name(), name, causes(errors)));
        }
        context.warnings.extend(validate::name_warnings(group, kind, object));
        context.warnings.extend(validate::warnings(group, kind, object));
        Ok(())
    }

    /// A tree of the served version as one of the version in which admission and validation see it: the stored one,
    /// but for custom resources, whose versions have a schema each.
    pub(super) fn to_working(&self, context: &Context<'_>, object: Value) -> Value {
        if context.kind.builtin { to_version(object, &context.kind.gvk, &context.kind.ty) } else { object }
    }

    /// A stored tree as one of the served version.
    pub(super) fn to_served(&self, context: &Context<'_>, object: Value) -> Value {
        to_version(object, &context.served.resource.gvk, &context.served.resource.ty)
    }

    /// Who writes, for managed fields.
    pub(super) fn manager<'a>(
        &self,
        context: &'a Context<'_>,
        subresource: &'a str,
        reset_fields: &'a [&'a [&'a str]],
    ) -> Manager<'a> {
        Manager {
            name: &context.options.field_manager,
            api_version: context.served.resource.gvk.api_version(),
            subresource,
            now: self.env.now(),
            reset_fields,
        }
    }
}

/// The 409 of an object whose name the server was to make, or could have made.
fn no_unique_name(mut error: ApiError) -> ApiError {
    error.message.push_str(", the server was not able to generate a unique name for the object");
    if let Some(details) = &mut error.details {
        details.retry_after_s = 1;
    }
    error
}

/// [`apply::Manager`], owning the text it points to.
pub(super) struct Manager<'a> {
    name: &'a str,
    api_version: String,
    subresource: &'a str,
    now: jiff::Timestamp,
    reset_fields: &'a [&'a [&'a str]],
}

impl Manager<'_> {
    pub(super) fn as_machinery(&self) -> apply::Manager<'_> {
        apply::Manager {
            name: self.name,
            api_version: &self.api_version,
            subresource: self.subresource,
            now: self.now,
            reset_fields: self.reset_fields,
        }
    }
}

/// A tree of the working version as it is stored.
pub(super) fn to_stored(context: &Context<'_>, object: Value) -> Value {
    to_version(object, &context.kind.gvk, &context.kind.ty)
}

/// A tree as one of another version of its kind.
pub(crate) fn to_version(object: Value, gvk: &mizzen_schema::table::GroupVersionKind, ty: &TypeRef) -> Value {
    if object.as_struct().is_some_and(|fields| fields.ty() == ty) {
        return object;
    }
    let mut object = convert::convert(object, ty);
    stamp(&mut object, gvk);
    if ty.custom.is_some() {
        super::set_defaults(gvk, &mut object);
    }
    object
}

/// Writes kind and version into an object.
pub(crate) fn stamp(object: &mut Value, gvk: &mizzen_schema::table::GroupVersionKind) {
    tree::set_text(object, &["kind"], &gvk.kind);
    tree::set_text(object, &["apiVersion"], &gvk.api_version());
}
