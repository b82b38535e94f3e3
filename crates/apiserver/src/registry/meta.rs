//! The metadata that only the server sets, and what it checks of the rest.

use mizzen_machinery::meta;
use mizzen_schema::value::Value;

use super::{Context, Registry};
use crate::status::{ApiError, Cause};
use crate::tree;

/// Letters that generateName appends.
const SUFFIX_LEN: usize = 5;
/// Longest generated name.
const GENERATED_LEN_MAX: usize = 63;

/// An unusable name in a path or body.
fn required_name() -> Cause {
    Cause {
        reason: "FieldValueRequired".to_owned(),
        message: "Required value: name or generateName is required".to_owned(),
        field: "metadata.name".to_owned(),
    }
}

impl Registry {
    /// Fills in what the server sets on a new object: uid, creation time, namespace.
    pub(super) fn fill_new(&self, context: &Context<'_>, object: &mut Value) -> Result<(), ApiError> {
        settle_namespace(context, object)?;
        if !meta::resource_version(object).is_empty() {
            let message = "resourceVersion should not be set on objects to be created";
            return Err(ApiError { code: 500, reason: "", message: message.to_owned(), details: None });
        }
        tree::set_text(object, &["metadata", "uid"], &self.env.random.uid());
        tree::set(object, &["metadata", "creationTimestamp"], tree::time(self.env.now()));
        for member in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"] {
            tree::remove(object, &["metadata", member]);
        }
        Ok(())
    }

    /// Gives the object a name if it asks for one; the name.
    pub(super) fn fill_name(&self, context: &Context<'_>, object: &mut Value) -> Result<String, ApiError> {
        let name = meta::name(object);
        if !name.is_empty() {
            let path = &context.target.name;
            if !path.is_empty() && path != name {
                return Err(name_mismatch(name, path));
            }
            return Ok(name.to_owned());
        }
        let prefix = object.str_at(&["metadata", "generateName"]).unwrap_or_default();
        if prefix.is_empty() {
            let kind = context.kind_name();
            return Err(ApiError::invalid(context.group(), kind, "", vec![required_name()]));
        }
        let mut end = prefix.len().min(GENERATED_LEN_MAX - SUFFIX_LEN);
        while !prefix.is_char_boundary(end) {
            end -= 1;
        }
        let name = format!("{}{}", &prefix[..end], self.env.random.suffix(SUFFIX_LEN));
        tree::set_text(object, &["metadata", "name"], &name);
        Ok(name)
    }
}

/// The object's name must be the path's.
pub(super) fn check_name(object: &Value, path: &str) -> Result<(), ApiError> {
    match meta::name(object) {
        name if name == path => Ok(()),
        "" => Err(ApiError::bad_request(format!(
            "the name of the object ({path} based on URL) was undeterminable: name must be provided"
        ))),
        name => Err(name_mismatch(name, path)),
    }
}

/// The namespace that objects of a request have: none in cluster scope, even for namespaces themselves.
pub(super) fn namespace_of<'a>(context: &Context<'a>) -> &'a str {
    if context.kind.namespaced { &context.target.namespace } else { "" }
}

pub(super) fn name_mismatch(name: &str, path: &str) -> ApiError {
    ApiError::bad_request(format!(
        "the name of the object ({name}) does not match the name on the URL ({path})"
    ))
}

/// An object's namespace must be the path's, or empty; in cluster scope it is none, whatever the client wrote.
pub(super) fn settle_namespace(context: &Context<'_>, object: &mut Value) -> Result<(), ApiError> {
    let (own, wanted) = (meta::namespace(object), namespace_of(context));
    if own == wanted {
        return Ok(());
    }
    if !own.is_empty() && !wanted.is_empty() {
        return Err(ApiError::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    tree::set_text(object, &["metadata", "namespace"], wanted);
    Ok(())
}

/// A uid in a written object says which one is meant: the path's object must be it.
/// The words are those of kube-apiserver's store.
pub(super) fn check_uid(context: &Context<'_>, sent: &Value, own: &str) -> Result<(), ApiError> {
    let uid = meta::uid(sent);
    if uid.is_empty() || uid == own {
        return Ok(());
    }
    let name = &context.target.name;
    let key = context.kind.layout.key(&context.local(name));
    let key = String::from_utf8_lossy(&key);
    let why = format!(
        "StorageError: invalid object, Code: 4, Key: {key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition \
         failed: UID in precondition: {uid}, UID in object meta: {own}"
    );
    Err(context.conflict(name, why))
}

/// Checks that a changed object is the one that the path names.
pub(crate) fn check_place(context: &Context<'_>, object: &mut Value) -> Result<(), ApiError> {
    settle_namespace(context, object)?;
    check_name(object, &context.target.name)
}

/// What of the metadata nobody can change, but the client did. What an object has of these stays unsaid: only its
/// own uid, and to mark as deleted what is not, are mistakes.
pub(super) fn immutable(new: &Value, old: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    for member in ["uid", "deletionTimestamp", "deletionGracePeriodSeconds"] {
        let path = ["metadata", member];
        let Some(given) = new.path(&path).filter(|given| !given.is_zero() && old.path(&path) != Some(given))
        else {
            continue;
        };
        // A deletion that is under way keeps its time.
        if member == "deletionTimestamp" && is_deleting(old) {
            continue;
        }
        let mut shown = Vec::new();
        mizzen_schema::json::encode(given, &mut shown);
        let shown = String::from_utf8_lossy(&shown);
        causes.push(Cause {
            reason: "FieldValueInvalid".to_owned(),
            message: format!("Invalid value: {shown}: field is immutable"),
            field: format!("metadata.{member}"),
        });
    }
    causes
}

/// Checks a changed object's metadata, and restores what the server alone sets.
pub(super) fn fill_changed(context: &Context<'_>, new: &mut Value, old: &Value) -> Result<(), ApiError> {
    check_place(context, new)?;
    for member in
        ["uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds"]
    {
        tree::copy(new, old, &["metadata", member]);
    }
    tree::remove(new, &["metadata", "selfLink"]);
    Ok(())
}

/// Owners that are named twice count once, with a warning.
pub(super) fn dedup_owners(object: &mut Value, warnings: &mut Vec<String>) {
    let Some(Value::List(owners)) = object.path_mut(&["metadata", "ownerReferences"]) else { return };
    let mut seen: Vec<Value> = Vec::with_capacity(owners.len());
    let before = owners.len();
    owners.retain(|owner| {
        let new = !seen.contains(owner);
        if new {
            seen.push(owner.clone());
        }
        new
    });
    if owners.len() < before {
        warnings.push(
            ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and \
             may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed"
                .to_owned(),
        );
    }
}

/// Whether an object waits for its finalizers or its grace period.
pub(super) fn is_deleting(object: &Value) -> bool {
    object.str_at(&["metadata", "deletionTimestamp"]).is_some()
}
