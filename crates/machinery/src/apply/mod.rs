//! Server-side apply and `metadata.managedFields` (KEP-555).
//!
//! Every field has owners: those who applied it, and those whose update set it last. An apply merges its
//! configuration into the object, takes away what its manager applied before and does not apply any more (unless
//! somebody else owns it), and conflicts with those whose fields it changes. Any other write takes over the fields
//! that it changes.

mod managers;
mod merge;
mod set;
mod walk;

use std::fmt;

use jiff::Timestamp;
use mizzen_schema::builtin;
use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::{Type, TypeRef};
use mizzen_schema::value::{Struct, Value};

use crate::convert::convert;
use crate::meta;
use managers::{Id, Managers, Owned};
use set::Set;
use walk::{Comparison, Node, Reading, compare, fields_of};

/// The annotation in which client-side apply keeps what was applied.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Who owns what was there before anything was tracked.
const BEFORE_FIRST_APPLY: &str = "before-first-apply";

/// Who writes, and how.
#[derive(Debug, Clone)]
pub struct Manager<'a> {
    /// `fieldManager`.
    pub name: &'a str,
    /// `apps/v1`: the version of the request.
    pub api_version: &'a str,
    /// `status`, `scale`; empty for the object.
    pub subresource: &'a str,
    /// Now.
    pub now: Timestamp,
    /// Fields that the strategy resets on this endpoint (`status` on the main one): paths of JSON names, never owned.
    pub reset_fields: &'a [&'a [&'a str]],
}

/// A field that another manager owns with another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// As clients see it: `.spec.replicas`, `.spec.containers[name="a"].image`.
    pub field: String,
    /// `conflict with "kubectl" using apps/v1`: the message of the cause.
    pub with: String,
}

/// Why an apply did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// Others own what it wants to change.
    #[error("{}", ShownConflicts(.0))]
    Conflicts(Vec<Conflict>),
    /// The object cannot be applied: the message for a 400 or 422.
    #[error("{0}")]
    Malformed(String),
}

/// The message about all conflicts, grouped by manager; conflicts come sorted by it.
struct ShownConflicts<'a>(&'a [Conflict]);

impl fmt::Display for ShownConflicts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.0 {
            return write!(f, "Apply failed with 1 conflict: {}: {}", only.with, only.field);
        }
        write!(f, "Apply failed with {} conflicts: ", self.0.len())?;
        let mut before: Option<&str> = None;
        for Conflict { field, with } in self.0 {
            if before != Some(with) {
                let separator = if before.is_some() { "\n" } else { "" };
                let manager = with.strip_prefix("conflict").unwrap_or(with);
                write!(f, "{separator}conflicts{manager}:")?;
                before = Some(with);
            }
            write!(f, "\n- {field}")?;
        }
        Ok(())
    }
}

/// Merges `applied` (which may leave fields out) into `live` (`None`: creates), with ownership kept in the result's
/// `metadata.managedFields`. The result is not defaulted.
pub fn apply(
    live: Option<&Value>,
    applied: &Value,
    manager: &Manager<'_>,
    force: bool,
) -> Result<Value, ApplyError> {
    let malformed = |message: String| Err(ApplyError::Malformed(message));
    let Some(ty) = applied.as_struct().map(|fields| fields.ty().clone()) else {
        return malformed("only objects can be applied".to_owned());
    };
    check_applied(applied, &ty, manager)?;
    let empty = Value::Struct(Struct::new(ty.clone()));
    let live = live.unwrap_or(&empty);
    let managers = match managers::decode(live) {
        Ok(managers) => managers,
        Err(error) => return malformed(format!("failed to decode managed fields: {error}")),
    };
    let mut bare = live.clone();
    meta::set_managed_fields(&mut bare, None);
    let mut state = State { ty, live: bare, managers };
    if state.managers.is_empty() {
        state.adopt(&empty, manager);
    }
    let outcome = match state.apply(applied, manager, force) {
        Err(ApplyError::Conflicts(conflicts)) if manager.name == "kubectl" => {
            // Moving from client-side apply: what its annotation holds unchanged is kubectl's own.
            if !state.is_last_applied(&conflicts) {
                return Err(ApplyError::Conflicts(conflicts));
            }
            state.apply(applied, manager, true)?
        }
        outcome => outcome?,
    };
    let (mut object, managers) = outcome;
    if manager.name == "kubectl"
        && meta::annotation(&object, LAST_APPLIED).is_some_and(|text| !text.is_empty())
    {
        meta::set_annotation(&mut object, LAST_APPLIED, Some(&last_applied_text(applied)));
    }
    managers::encode(&mut object, &managers);
    Ok(object)
}

/// After a create, update or patch: sets `new`'s managedFields so that what differs from `live` belongs to `manager`
/// (operation Update). An unchanged object keeps its entries and times. A write that empties managedFields resets it.
pub fn update(live: Option<&Value>, new: &mut Value, manager: &Manager<'_>) {
    let Some(ty) = new.as_struct().map(|fields| fields.ty().clone()) else { return };
    let managers = entries_to_keep(live, new, manager);
    meta::set_managed_fields(new, None);
    if managers.is_empty() && live.is_some() {
        // Nothing was tracked, or no longer: it begins with the first apply.
        return;
    }
    let mut bare = live.cloned().unwrap_or_else(|| Value::Struct(Struct::new(ty.clone())));
    meta::set_managed_fields(&mut bare, None);
    let id = Id::update(manager.name, manager.api_version, manager.subresource);
    let mut state = State { ty, live: bare, managers };
    state.update(new, id, manager);
    managers::cap(&mut state.managers);
    managers::encode(new, &state.managers);
}

/// The entries that a write starts from: those it sends, or the object's.
fn entries_to_keep(live: Option<&Value>, new: &Value, manager: &Manager<'_>) -> Managers {
    let of_live = || live.map(managers::decode).and_then(Result::ok).unwrap_or_default();
    if !manager.subresource.is_empty() {
        return of_live();
    }
    if managers::is_reset(new) {
        return Managers::new();
    }
    match managers::decode(new) {
        Ok(sent) if !sent.is_empty() => sent,
        // Clients that do not know the field must not erase it.
        _ => of_live(),
    }
}

fn check_applied(applied: &Value, ty: &Type, manager: &Manager<'_>) -> Result<(), ApplyError> {
    if let Some(version) = applied.get("apiVersion").and_then(Value::as_str)
        && version != manager.api_version
    {
        return Err(ApplyError::Malformed(format!(
            "Incorrect version specified in apply patch. Specified patch version: {version}, expected: {}",
            manager.api_version
        )));
    }
    if applied.path(&["metadata", "managedFields"]).is_some_and(|entries| *entries != Value::Null) {
        return Err(ApplyError::Malformed("metadata.managedFields must be nil".to_owned()));
    }
    let mut errors = Vec::new();
    walk::check_lists(applied, Node::root(ty), &mut String::new(), &mut errors);
    if errors.is_empty() {
        return Ok(());
    }
    let kind = applied.get("kind").and_then(Value::as_str).unwrap_or_default();
    let joined = match &errors[..] {
        [only] => only.clone(),
        several => format!("errors:\n  {}", several.join("\n  ")),
    };
    Err(ApplyError::Malformed(format!(
        "failed to create typed patch object ({}/{}; {}, Kind={kind}): {joined}",
        meta::namespace(applied),
        meta::name(applied),
        manager.api_version,
    )))
}

/// What client-side apply would have noted of this configuration.
fn last_applied_text(applied: &Value) -> String {
    let mut applied = applied.clone();
    meta::set_annotation(&mut applied, LAST_APPLIED, None);
    let mut out = Vec::new();
    json::encode(&given(&applied), &mut out);
    out.push(b'\n');
    String::from_utf8_lossy(&out).into_owned()
}

/// A free-form copy with exactly the members that are set.
fn given(value: &Value) -> Value {
    match value {
        Value::Struct(fields) => {
            let known = fields.fields().map(|(_, field, value)| (Box::from(&*field.json), given(value)));
            let unknown = fields.unknown().into_iter().flat_map(mizzen_schema::value::Map::iter);
            Value::Map(known.chain(unknown.map(|(name, value)| (Box::from(name), given(value)))).collect())
        }
        Value::Map(map) => {
            Value::Map(map.iter().map(|(name, value)| (Box::from(name), given(value))).collect())
        }
        Value::List(items) => Value::List(items.iter().map(given).collect()),
        plain => plain.clone(),
    }
}

/// How an entry's version relates to that of the request.
enum VersionOf {
    /// The same layout.
    Same,
    /// Another layout of the same kind.
    Other(TypeRef),
    /// Not served any more: such entries are dropped.
    Gone,
}

/// An object without managedFields, and who owns it.
struct State {
    ty: TypeRef,
    live: Value,
    managers: Managers,
}

impl State {
    fn version(&self, api_version: &str, manager: &Manager<'_>) -> VersionOf {
        let TypeRef::Static(ty) = self.ty else {
            // Custom resources have the same fields in all versions (conversion None).
            return VersionOf::Same;
        };
        if api_version == manager.api_version {
            return VersionOf::Same;
        }
        let Some(kind) = ty.kinds.first() else { return VersionOf::Same };
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        match builtin::kind(group, version, &kind.kind) {
            Some(other) if std::ptr::eq(other, ty) => VersionOf::Same,
            Some(other) => VersionOf::Other(TypeRef::Static(other)),
            None => VersionOf::Gone,
        }
    }

    fn compare(&self, new: &Value, manager: &Manager<'_>) -> Comparison {
        let mut comparison = compare(&self.live, new, &self.ty);
        for names in manager.reset_fields {
            comparison.ignore(names);
        }
        comparison
    }

    /// Gives what is there already to a manager of its own, before the first apply.
    fn adopt(&mut self, empty: &Value, manager: &Manager<'_>) {
        let mut set = compare(empty, &self.live, &self.ty).changed();
        for names in manager.reset_fields {
            set.remove_below(names);
        }
        managers::strip(&mut set);
        if !set.is_empty() {
            let id = Id::update(BEFORE_FIRST_APPLY, manager.api_version, manager.subresource);
            let time = Some(meta::time_text(manager.now).into_boxed_str());
            self.managers.insert(id, Owned { api_version: manager.api_version.to_owned(), time, set });
        }
    }

    /// What each of the other entries would lose by the change to `new`: (changed under its feet, removed).
    fn losses(
        &self,
        managers: &mut Managers,
        new: &Value,
        comparison: &Comparison,
        except: &Id,
        manager: &Manager<'_>,
    ) -> Vec<(Id, Set, Set)> {
        let mut losses = Vec::new();
        let mut gone = Vec::new();
        let changed = comparison.changed();
        for (id, owned) in managers.iter().filter(|(id, _)| *id != except) {
            let (conflicts, removed) = match self.version(&owned.api_version, manager) {
                VersionOf::Same => (owned.set.intersection(&changed), comparison.removed.clone()),
                VersionOf::Other(ty) => {
                    let (old, new) = (convert(self.live.clone(), &ty), convert(new.clone(), &ty));
                    let mut other = compare(&old, &new, &ty);
                    for names in manager.reset_fields {
                        other.ignore(names);
                    }
                    (owned.set.intersection(&other.changed()), other.removed)
                }
                VersionOf::Gone => {
                    gone.push(id.clone());
                    continue;
                }
            };
            losses.push((id.clone(), conflicts, removed));
        }
        for id in gone {
            managers.remove(&id);
        }
        losses
    }

    fn take(managers: &mut Managers, losses: &[(Id, Set, Set)]) {
        for (id, conflicts, removed) in losses {
            if let Some(owned) = managers.get_mut(id) {
                owned.set.subtract(conflicts);
                owned.set.subtract(removed);
            }
        }
        managers.retain(|_, owned| !owned.set.is_empty());
    }

    fn update(&mut self, new: &Value, id: Id, manager: &Manager<'_>) {
        let comparison = self.compare(new, manager);
        let nobody = Id::apply("", "\0");
        let mut managers = std::mem::take(&mut self.managers);
        let losses = self.losses(&mut managers, new, &comparison, &nobody, manager);
        Self::take(&mut managers, &losses);
        let mut set = comparison.changed();
        managers::strip(&mut set);
        if !set.is_empty() {
            let time = Some(meta::time_text(manager.now).into_boxed_str());
            if let Some(before) = managers.get(&id) {
                set.union(&before.set);
            }
            managers.insert(id, Owned { api_version: manager.api_version.to_owned(), time, set });
        }
        self.managers = managers;
    }

    fn apply(
        &self,
        applied: &Value,
        manager: &Manager<'_>,
        force: bool,
    ) -> Result<(Value, Managers), ApplyError> {
        let id = Id::apply(manager.name, manager.subresource);
        let mut managers = self.managers.clone();
        let merged = merge::merge(&self.live, applied, &self.ty);
        let mut set = fields_of(applied, &self.ty, Reading::Given);
        for names in manager.reset_fields {
            set.remove_below(names);
        }
        let last = managers.remove(&id);
        let owned = Owned { api_version: manager.api_version.to_owned(), time: None, set };
        managers.insert(id.clone(), owned);
        let new = match &last {
            Some(last) => self.prune(merged, &managers, last, manager),
            None => merged,
        };
        let comparison = self.compare(&new, manager);
        let losses = self.losses(&mut managers, &new, &comparison, &id, manager);
        if !force {
            let conflicts = conflicts(&losses);
            if !conflicts.is_empty() {
                return Err(ApplyError::Conflicts(conflicts));
            }
        }
        Self::take(&mut managers, &losses);
        if let Some(owned) = managers.get_mut(&id) {
            managers::strip(&mut owned.set);
            let unchanged = last.filter(|last| {
                comparison.is_same() && last.set == owned.set && last.api_version == owned.api_version
            });
            owned.time = match unchanged {
                Some(last) => last.time,
                None => Some(meta::time_text(manager.now).into_boxed_str()),
            };
            if owned.set.is_empty() {
                managers.remove(&id);
            }
        }
        Ok((new, managers))
    }

    /// Takes away what this manager applied before and nobody owns now.
    fn prune(&self, merged: Value, managers: &Managers, last: &Owned, manager: &Manager<'_>) -> Value {
        let ty = match self.version(&last.api_version, manager) {
            VersionOf::Same => self.ty.clone(),
            VersionOf::Other(ty) => ty,
            VersionOf::Gone => return merged,
        };
        let whole = convert(merged, &ty);
        let root = Node::root(&ty);
        let mut kept = Set::default();
        for owned in managers.values() {
            if self.in_version(&owned.api_version, &ty, manager) {
                kept.union(&owned.set);
            }
        }
        let mut gone = merge::with_named_fields(&last.set, root);
        gone.subtract(&merge::with_named_fields(&kept, root));
        let mut pruned = merge::remove(&whole, &gone, &ty);
        for owned in managers.values() {
            if let VersionOf::Other(other) = self.version_from(&owned.api_version, &ty) {
                pruned = keep_owned(&whole, pruned, owned, &other, &ty);
            }
        }
        convert(pruned, &self.ty)
    }

    fn in_version(&self, api_version: &str, ty: &TypeRef, manager: &Manager<'_>) -> bool {
        match self.version(api_version, manager) {
            VersionOf::Same => *ty == self.ty,
            VersionOf::Other(other) => other == *ty,
            VersionOf::Gone => false,
        }
    }

    /// How a version relates to type `ty`.
    fn version_from(&self, api_version: &str, ty: &TypeRef) -> VersionOf {
        let TypeRef::Static(own) = ty else { return VersionOf::Same };
        let Some(kind) = own.kinds.first() else { return VersionOf::Same };
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        match builtin::kind(group, version, &kind.kind) {
            Some(other) if std::ptr::eq(other, *own) => VersionOf::Same,
            Some(other) => VersionOf::Other(TypeRef::Static(other)),
            None => VersionOf::Gone,
        }
    }

    /// Whether all that conflicts is as the last client-side apply left it.
    fn is_last_applied(&self, conflicts: &[Conflict]) -> bool {
        let Some(text) = meta::annotation(&self.live, LAST_APPLIED).filter(|text| !text.is_empty()) else {
            return false;
        };
        let Ok(decoded) = json::decode(text.as_bytes(), &self.ty, &Options::default()) else {
            return false;
        };
        let mut allowed = fields_of(&decoded.value, &self.ty, Reading::Given);
        allowed.subtract(&compare(&decoded.value, &self.live, &self.ty).modified);
        let allowed = allowed.paths();
        conflicts.iter().all(|conflict| allowed.contains(&conflict.field))
    }
}

/// Puts back into `pruned` what `owned`, which speaks of another version of the kind, owns in `whole`.
fn keep_owned(whole: &Value, pruned: Value, owned: &Owned, other: &TypeRef, ty: &TypeRef) -> Value {
    let root = Node::root(other);
    let (all, left) = (convert(whole.clone(), other), convert(pruned.clone(), other));
    let mut lost = merge::with_named_fields(&fields_of(&all, other, Reading::Printed), root);
    lost.subtract(&merge::with_named_fields(&fields_of(&left, other, Reading::Printed), root));
    let kept = merge::with_named_fields(&owned.set, root);
    if lost.intersection(&kept).is_empty() {
        return pruned;
    }
    lost.subtract(&kept);
    convert(merge::remove(&all, &lost, other), ty)
}

/// Conflicts sorted by manager, then by field.
fn conflicts(losses: &[(Id, Set, Set)]) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = losses
        .iter()
        .flat_map(|(id, conflicts, _)| {
            let with = format!("conflict with {}", id.shown());
            conflicts.paths().into_iter().map(move |field| Conflict { field, with: with.clone() })
        })
        .collect();
    found.sort_by(|a, b| a.with.cmp(&b.with));
    found
}

#[cfg(test)]
mod tests;
