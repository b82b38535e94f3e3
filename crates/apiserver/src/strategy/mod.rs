//! What is particular to a kind: data first, small functions where data does not reach.
//!
//! Everything else is the generic engine's ([`crate::registry`]). One file a group; [`rules`] finds a kind's.

mod apps;
mod batch;
mod core;
mod other;
mod pod;
mod storage;

use std::borrow::Cow;

use jiff::Timestamp;
use mizzen_schema::table::Text;
use mizzen_schema::value::Value;
use mizzen_store::Durability;

pub(crate) use pod::{add_condition, is_ready};

use crate::attributes::User;

/// A field that selectors may name, besides `metadata.name` and `metadata.namespace`.
#[derive(Debug, Clone)]
pub(crate) struct Selectable {
    /// As selectors name it.
    pub(crate) label: Text,
    /// Where it is.
    pub(crate) path: Text,
    /// Where it is instead when it is not there; empty for nowhere.
    pub(crate) or: Text,
    /// Its text when it is absent.
    pub(crate) absent: Text,
}

/// A field that is not named as its path, or that has a second place.
pub(crate) const fn selectable(
    label: &'static str,
    path: &'static str,
    or: &'static str,
    absent: &'static str,
) -> Selectable {
    let (label, path) = (Cow::Borrowed(label), Cow::Borrowed(path));
    Selectable { label, path, or: Cow::Borrowed(or), absent: Cow::Borrowed(absent) }
}

/// A selectable field that is named as its path.
pub(crate) const fn field(path: &'static str) -> Selectable {
    selectable(path, path, "", "")
}

/// The same, with a text for an absent one.
pub(crate) const fn field_or(path: &'static str, absent: &'static str) -> Selectable {
    selectable(path, path, "", absent)
}

/// When `metadata.generation` rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generation {
    /// The kind has none.
    None,
    /// It is 1, and stays so.
    First,
    /// With a change of the spec.
    Spec,
    /// With a change of spec or annotations.
    SpecAndAnnotations,
    /// With a change of anything but metadata and status.
    Content,
    /// With a change of content or labels.
    ContentAndLabels,
}

/// The facts that a strategy may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) now: Timestamp,
    pub(crate) user: &'a User,
}

/// Changes a new object before it is admitted and stored.
pub(crate) type PrepareCreate = fn(&mut Value, Facts<'_>);
/// Changes an object on its way to replace `old`.
pub(crate) type PrepareUpdate = fn(&mut Value, old: &Value, Facts<'_>);
/// Moves what a client may write in more than one form into the one that is stored.
pub(crate) type Normalize = fn(&mut Value);
/// The grace period of a deletion, when the kind has one: in seconds, 0 for at once.
pub(crate) type Grace = fn(&Value, requested: Option<i64>) -> i64;

/// What is particular to a kind.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) fields: &'static [Selectable],
    /// The label of the field (or `metadata.name`) by which most watchers select: they are found by it.
    pub(crate) trigger: &'static str,
    pub(crate) generation: Generation,
    /// A new object keeps the status that the client sent.
    pub(crate) create_with_status: bool,
    /// PUT creates what is not there.
    pub(crate) create_on_update: bool,
    /// PUT without a resourceVersion replaces whatever is there.
    pub(crate) unconditional_update: bool,
    /// DELETE answers with the object, not with a Status.
    pub(crate) return_deleted: bool,
    /// Dependents are orphaned unless asked otherwise.
    pub(crate) orphan_by_default: bool,
    pub(crate) durability: Durability,
    /// Objects go by themselves some time after their last write.
    pub(crate) expires: bool,
    /// Applied to every object as soon as it is read, before anybody comes to own its fields.
    pub(crate) normalize: Option<Normalize>,
    pub(crate) prepare_create: PrepareCreate,
    pub(crate) prepare_update: PrepareUpdate,
    /// The same for the status subresource.
    pub(crate) prepare_status: PrepareUpdate,
    pub(crate) grace: Option<Grace>,
}

fn no_create(_: &mut Value, _: Facts<'_>) {}
fn no_update(_: &mut Value, _: &Value, _: Facts<'_>) {}

impl Rules {
    /// A kind with nothing particular.
    pub(crate) const DEFAULT: Self = Self {
        fields: &[],
        trigger: "",
        generation: Generation::None,
        create_with_status: false,
        create_on_update: false,
        unconditional_update: true,
        return_deleted: false,
        orphan_by_default: false,
        durability: Durability::Synced,
        expires: false,
        normalize: None,
        prepare_create: no_create,
        prepare_update: no_update,
        prepare_status: no_update,
        grace: None,
    };

    /// A kind with spec, status and generation.
    pub(crate) const WITH_GENERATION: Self = Self { generation: Generation::Spec, ..Self::DEFAULT };

    /// A custom resource.
    pub(crate) const CUSTOM: Self =
        Self { generation: Generation::Content, unconditional_update: false, ..Self::DEFAULT };
}

static DEFAULT: Rules = Rules::DEFAULT;

/// The rules of custom resources.
pub(crate) static CUSTOM: Rules = Rules::CUSTOM;

/// The rules of a built-in kind.
pub(crate) fn rules(group: &str, plural: &str) -> &'static Rules {
    let found = match group {
        "" => core::rules(plural),
        "apps" => apps::rules(plural),
        "batch" => batch::rules(plural),
        _ => other::rules(group, plural),
    };
    found.unwrap_or(&DEFAULT)
}
