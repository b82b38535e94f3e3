//! `metadata.managedFields`: reading, writing, and the limits on it.

use std::collections::BTreeMap;

use mizzen_schema::table::Shape;
use mizzen_schema::value::{Struct, Value};

use super::set::Set;
use crate::meta;

/// The most entries of updates that are kept apart.
const UPDATES_MAX: usize = 10;
/// Who owns what the oldest of too many updates did.
const ANCIENT: &str = "ancient-changes";

/// An entry's identity. Who applies has one entry for all versions; who updates has one for each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id {
    pub(super) applies: bool,
    pub(super) manager: String,
    /// Empty for entries of `Apply`, whose version may change.
    pub(super) api_version: String,
    pub(super) subresource: String,
}

impl Id {
    pub(super) fn apply(manager: &str, subresource: &str) -> Self {
        Self {
            applies: true,
            manager: manager.to_owned(),
            api_version: String::new(),
            subresource: subresource.to_owned(),
        }
    }

    pub(super) fn update(manager: &str, api_version: &str, subresource: &str) -> Self {
        Self {
            applies: false,
            manager: manager.to_owned(),
            api_version: api_version.to_owned(),
            subresource: subresource.to_owned(),
        }
    }

    /// `"kubectl" with subresource "scale" using apps/v1`.
    pub(super) fn shown(&self) -> String {
        let mut out = crate::field::quote(&self.manager);
        if !self.subresource.is_empty() {
            out.push_str(" with subresource ");
            out.push_str(&crate::field::quote(&self.subresource));
        }
        if !self.applies {
            out.push_str(" using ");
            out.push_str(&self.api_version);
        }
        out
    }
}

/// What one entry owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owned {
    pub(super) api_version: String,
    pub(super) time: Option<Box<str>>,
    pub(super) set: Set,
}

/// All entries of an object.
pub(super) type Managers = BTreeMap<Id, Owned>;

/// Reads `metadata.managedFields`; the error is Kubernetes'.
pub(super) fn decode(object: &Value) -> Result<Managers, String> {
    let mut managers = Managers::new();
    let entries = object.path(&["metadata", "managedFields"]).map(Value::items).unwrap_or_default();
    for (at, entry) in entries.iter().enumerate() {
        let text = |field: &str| entry.get(field).and_then(Value::as_str).unwrap_or_default();
        let applies = match text("operation") {
            "Apply" => true,
            "Update" => false,
            _ => return Err("operation must be `Apply` or `Update`".to_owned()),
        };
        let api_version = text("apiVersion");
        if api_version.is_empty() {
            return Err("apiVersion must not be empty".to_owned());
        }
        match text("fieldsType") {
            "FieldsV1" => {}
            "" => return Err(format!("missing fieldsType in managed fields entry {at}")),
            other => {
                return Err(format!(
                    "invalid fieldsType {} in managed fields entry {at}",
                    crate::field::quote(other)
                ));
            }
        }
        let id = if applies {
            Id::apply(text("manager"), text("subresource"))
        } else {
            Id::update(text("manager"), api_version, text("subresource"))
        };
        let set = Set::decode(entry.get("fieldsV1").unwrap_or(&Value::Null))
            .map_err(|_| format!("error decoding set of managed fields entry {at}"))?;
        let time = entry.get("time").and_then(Value::as_str).map(Box::from);
        managers.insert(id, Owned { api_version: api_version.to_owned(), time, set });
    }
    Ok(managers)
}

/// Whether the list asks for tracking to begin anew: empty but given, or one empty entry.
pub(super) fn is_reset(object: &Value) -> bool {
    match object.path(&["metadata", "managedFields"]) {
        Some(Value::List(entries)) => match &entries[..] {
            [] => true,
            [entry] => super::walk::is_hollow(entry),
            _ => false,
        },
        _ => false,
    }
}

/// Writes `metadata.managedFields`: `Apply` before `Update`, then by time, manager, version and subresource.
pub(super) fn encode(object: &mut Value, managers: &Managers) {
    if managers.is_empty() {
        meta::set_managed_fields(object, None);
        return;
    }
    let entry_type = meta::ensure(object, "metadata").and_then(|metadata| {
        match metadata.as_struct()?.ty().field("managedFields")?.shape.element()? {
            Shape::Struct(ty) => Some(ty.clone()),
            _ => None,
        }
    });
    let Some(entry_type) = entry_type else { return };
    let mut entries: Vec<(&Id, &Owned)> = managers.iter().collect();
    entries.sort_by(|(a, owned_a), (b, owned_b)| {
        let key = |id: &Id, owned: &Owned| (!id.applies, owned.time.clone().unwrap_or_default());
        key(a, owned_a)
            .cmp(&key(b, owned_b))
            .then_with(|| a.manager.cmp(&b.manager))
            .then_with(|| owned_a.api_version.cmp(&owned_b.api_version))
            .then_with(|| a.subresource.cmp(&b.subresource))
    });
    let entries = entries.into_iter().map(|(id, owned)| {
        let mut entry = Struct::new(entry_type.clone());
        let mut text = |field: &str, value: &str| {
            if !value.is_empty() {
                entry.set(field, Value::string(value));
            }
        };
        text("manager", &id.manager);
        text("operation", if id.applies { "Apply" } else { "Update" });
        text("apiVersion", &owned.api_version);
        text("time", owned.time.as_deref().unwrap_or_default());
        text("fieldsType", "FieldsV1");
        text("subresource", &id.subresource);
        entry.set("fieldsV1", owned.set.encode());
        Value::Struct(entry)
    });
    let list = Value::List(entries.collect());
    meta::set_managed_fields(object, Some(list));
}

/// Merges the oldest entries of updates into one of their version, so that a few remain.
pub(super) fn cap(managers: &mut Managers) {
    let mut updates: Vec<(Option<Box<str>>, Id)> = managers
        .iter()
        .filter(|(id, _)| !id.applies)
        .map(|(id, owned)| (owned.time.clone(), id.clone()))
        .collect();
    let mut count = updates.len();
    if count <= UPDATES_MAX {
        return;
    }
    updates.sort();
    let mut first_of: BTreeMap<String, Id> = BTreeMap::new();
    for (_, id) in updates {
        if count <= UPDATES_MAX {
            return;
        }
        let Some(first) = first_of.get(&id.api_version) else {
            first_of.insert(id.api_version.clone(), id);
            continue;
        };
        let bucket = Id::update(ANCIENT, &id.api_version, "");
        if !managers.contains_key(&bucket)
            && let Some(owned) = managers.remove(first)
        {
            managers.insert(bucket.clone(), owned);
        }
        if id == bucket {
            continue;
        }
        if let Some(owned) = managers.remove(&id) {
            count -= 1;
            if let Some(ancient) = managers.get_mut(&bucket) {
                ancient.set.union(&owned.set);
                // The younger of the two.
                ancient.time = owned.time;
            }
        }
    }
}

/// Places that nobody owns, though everybody writes them.
const UNOWNED: [&[&str]; 12] = [
    &["apiVersion"],
    &["kind"],
    &["metadata"],
    &["metadata", "name"],
    &["metadata", "namespace"],
    &["metadata", "creationTimestamp"],
    &["metadata", "selfLink"],
    &["metadata", "uid"],
    &["metadata", "clusterName"],
    &["metadata", "generation"],
    &["metadata", "managedFields"],
    &["metadata", "resourceVersion"],
];

/// Takes out of a set what nobody owns.
pub(super) fn strip(set: &mut Set) {
    for names in UNOWNED {
        set.remove_exact(names);
    }
    // Entries of managedFields itself are never owned either.
    set.remove_below(&["metadata", "managedFields"]);
    set.member = false;
}
