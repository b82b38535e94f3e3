//! Which part of an object an endpoint shows and changes: the whole, or what a subresource is about.

use mizzen_machinery::custom::{self, ScalePaths};
use mizzen_machinery::validate;
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;

use super::{Context, scale};
use crate::catalog::Served;
use crate::status::{ApiError, Cause};
use crate::strategy::Facts;
use crate::tree;

/// The part of an object that an endpoint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The object itself; status stays.
    Object,
    /// `status`: the rest stays.
    Status,
    /// `scale`: spec.replicas, as a Scale.
    Scale,
    /// `namespaces/finalize`: spec.finalizers alone.
    Finalize,
    /// `certificatesigningrequests/approval`: the Approved and Denied conditions.
    Approval,
    /// `pods/ephemeralcontainers`.
    EphemeralContainers,
    /// `pods/resize`: containers' resources.
    Resize,
}

impl Part {
    /// The part that a stored subresource is about; `None` for subresources that are no part of the object.
    pub(crate) fn of(subresource: &str) -> Option<Self> {
        Some(match subresource {
            "" => Self::Object,
            "status" => Self::Status,
            "scale" => Self::Scale,
            "finalize" => Self::Finalize,
            "approval" => Self::Approval,
            "ephemeralcontainers" => Self::EphemeralContainers,
            "resize" => Self::Resize,
            _ => return None,
        })
    }

    /// The type that the endpoint takes and gives.
    pub(crate) fn ty(self, served: &Served) -> TypeRef {
        match self {
            Self::Scale => tree::builtin_type(scale::TYPE),
            _ => served.resource.ty.clone(),
        }
    }

    /// What the endpoint shows of an object.
    pub(crate) fn show(self, served: &Served, object: Value) -> Value {
        match self {
            Self::Scale => scale::of(&object, paths(served)),
            _ => object,
        }
    }

    /// The object after the endpoint's part of it was changed to `shown`.
    pub(crate) fn put_back(self, served: &Served, shown: Value, old: &Value) -> Result<Value, ApiError> {
        match self {
            Self::Scale => scale::put_back(&shown, old, paths(served)),
            _ => Ok(shown),
        }
    }

    /// What an applied configuration of this endpoint's type says of the object.
    pub(crate) fn partial(self, served: &Served, applied: &Value, live: &Value) -> Value {
        match self {
            Self::Scale => scale::partial(applied, live, paths(served)),
            _ => applied.clone(),
        }
    }

    /// Paths of fields that this endpoint never changes, so that nobody comes to own them through it.
    pub(crate) fn reset_fields(self, context: &Context<'_>) -> &'static [&'static [&'static str]] {
        let kind = context.kind;
        match self {
            Self::Object if context.served.has_status() => &[&["status"]],
            Self::Status if !kind.builtin => &[&["metadata"], &["spec"]],
            Self::Status if kind.group.is_empty() && kind.plural == "pods" => {
                &[&["spec"], &["metadata", "deletionTimestamp"], &["metadata", "ownerReferences"]]
            }
            Self::Status => &[&["spec"]],
            Self::Approval => &[&["spec"]],
            _ => &[],
        }
    }

    /// Whether the endpoint takes no notice of metadata that cannot change.
    pub(crate) fn keeps_metadata(self, context: &Context<'_>) -> bool {
        let kind = context.kind;
        match self {
            Self::Status => !kind.builtin || (kind.group.is_empty() && kind.plural == "pods"),
            Self::Object | Self::Scale => false,
            Self::Finalize | Self::Approval | Self::EphemeralContainers | Self::Resize => true,
        }
    }

    /// Restores in `new` what the endpoint may not change.
    pub(crate) fn restrict(self, context: &Context<'_>, new: &mut Value, old: &Value, facts: Facts<'_>) {
        let rules = context.kind.rules();
        match self {
            Self::Object | Self::Scale => {
                if context.served.has_status() {
                    tree::copy(new, old, &["status"]);
                }
                (rules.prepare_update)(new, old, facts);
            }
            Self::Status if !context.kind.builtin => {
                let managed = new.path(&["metadata", "managedFields"]).cloned();
                keep_all_but_status(new, old);
                tree::copy(new, old, &["metadata"]);
                match managed {
                    Some(managed) => tree::set(new, &["metadata", "managedFields"], managed),
                    None => drop(tree::remove(new, &["metadata", "managedFields"])),
                }
            }
            Self::Status => {
                keep_all_but_status(new, old);
                (rules.prepare_status)(new, old, facts);
            }
            Self::Finalize => {
                let finalizers: Vec<String> =
                    tree::texts(new, &["spec", "finalizers"]).into_iter().map(str::to_owned).collect();
                let conditions = new.get("status").cloned();
                *new = old.clone();
                tree::set_texts(new, &["spec", "finalizers"], &finalizers);
                if let Some(status) = conditions {
                    tree::set(new, &["status"], status);
                }
            }
            Self::Approval => restrict_approval(new, old, facts),
            Self::EphemeralContainers => {
                let containers = new.path(&["spec", "ephemeralContainers"]).cloned();
                let managed = new.path(&["metadata", "managedFields"]).cloned();
                *new = old.clone();
                if let Some(containers) = containers {
                    tree::set(new, &["spec", "ephemeralContainers"], containers);
                }
                if let Some(managed) = managed {
                    tree::set(new, &["metadata", "managedFields"], managed);
                }
            }
            Self::Resize => restrict_resize(new, old),
        }
    }

    /// What is wrong with the change.
    pub(crate) fn check(self, context: &Context<'_>, new: &Value, old: &Value) -> Vec<Cause> {
        if let Some(rules) = context.custom_rules() {
            let errors = match self {
                Self::Status => custom::update_status(rules, new, old),
                _ => custom::update(rules, new, old),
            };
            return super::create::causes(errors);
        }
        let (group, name) = (context.group(), &*context.kind.gvk.kind);
        let subresource = &context.target.subresource;
        let errors = match self {
            Self::Object | Self::Scale => validate::update(group, name, new, old),
            _ => validate::update_subresource(group, name, subresource, new, old),
        };
        super::create::causes(errors)
    }

    /// Whether a stored resource of this kind has the part as its own type.
    pub(crate) fn check_scale(self, shown: &Value, name: &str) -> Result<(), ApiError> {
        if self == Self::Scale { scale::check(shown, name) } else { Ok(()) }
    }
}

/// Where a custom resource has its numbers.
fn paths(served: &Served) -> Option<&ScalePaths> {
    served.custom.as_ref()?.scale.as_ref()
}

/// Of a write to status, only status counts, and the metadata that goes with it.
fn keep_all_but_status(new: &mut Value, old: &Value) {
    let status = new.get("status").cloned();
    let metadata = new.get("metadata").cloned();
    *new = old.clone();
    match status {
        Some(status) => tree::set(new, &["status"], status),
        None => drop(tree::remove(new, &["status"])),
    }
    if let Some(metadata) = metadata {
        tree::set(new, &["metadata"], metadata);
    }
}

/// Of a write to approval, the conditions Approved and Denied count.
fn restrict_approval(new: &mut Value, old: &Value, facts: Facts<'_>) {
    let conditions = new.path(&["status", "conditions"]).cloned();
    let managed = new.path(&["metadata", "managedFields"]).cloned();
    *new = old.clone();
    if let Some(managed) = managed {
        tree::set(new, &["metadata", "managedFields"], managed);
    }
    let Some(Value::List(mut conditions)) = conditions else { return };
    let olds = old.path(&["status", "conditions"]).map(Value::items).unwrap_or_default();
    let decides = |condition: &Value| matches!(condition.str_at(&["type"]), Some("Approved" | "Denied"));
    // Others are those that were there.
    conditions.retain(|condition| decides(condition) || olds.contains(condition));
    for condition in conditions.iter_mut().filter(|condition| decides(condition)) {
        for member in ["lastUpdateTime", "lastTransitionTime"] {
            if condition.get(member).is_none_or(|time| time.is_zero()) {
                tree::set(condition, &[member], tree::time(facts.now));
            }
        }
    }
    tree::set(new, &["status", "conditions"], Value::List(conditions));
}

/// Of a resize, the resources and resize policies of containers that are there count.
fn restrict_resize(new: &mut Value, old: &Value) {
    let mut result = old.clone();
    for list in ["containers", "initContainers"] {
        let wanted: Vec<Value> = new.path(&["spec", list]).map(Value::items).unwrap_or_default().to_vec();
        let Some(Value::List(present)) = result.path_mut(&["spec", list]) else { continue };
        for container in present {
            let name = container.str_at(&["name"]);
            let Some(change) = wanted.iter().find(|wanted| wanted.str_at(&["name"]) == name) else {
                continue;
            };
            tree::copy(container, change, &["resources"]);
            tree::copy(container, change, &["resizePolicy"]);
        }
    }
    tree::copy(&mut result, new, &["metadata", "managedFields"]);
    *new = result;
}
