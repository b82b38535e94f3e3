//! Kubernetes' strategic merge patch.
//!
//! Like a merge patch, but the schema says which lists merge and by which key, and directives in the patch say more:
//! `$patch` (`replace`, `delete`, `merge`), `$retainKeys`, `$setElementOrder/<list>` and
//! `$deleteFromPrimitiveList/<list>`.
//! Source: "Strategic Merge Patch" of the API machinery's contributor documentation.

use std::collections::{BTreeMap, BTreeSet};

use mizzen_schema::decode::{Decoded, Options};
use mizzen_schema::table::{Field, Shape, Type};
use mizzen_schema::value::{Map, Value};

use super::PatchError;
use crate::tree;

const DIRECTIVE: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const SET_ORDER: &str = "$setElementOrder/";
const DELETE_PRIMITIVES: &str = "$deleteFromPrimitiveList/";

/// Applies `patch` (its JSON or YAML text) to `object`; complaints are those of reading the result (strict only).
pub fn strategic_merge_patch(object: &Value, patch: &[u8], options: &Options) -> Result<Decoded, PatchError> {
    super::finish(object, options, || {
        let decoded = super::read(patch, options)?;
        let Value::Map(patch) = decoded.value else {
            return Err(PatchError::Malformed("invalid JSON document".to_owned()));
        };
        let Value::Map(original) = tree::untype(object) else {
            return Err(PatchError::Inapplicable("invalid JSON document".to_owned()));
        };
        let merged = merge_map(original, patch, tree::type_of(object).map(|ty| &**ty))?;
        Ok(Decoded { value: Value::Map(merged), complaints: decoded.complaints })
    })
}

fn malformed<T>(message: String) -> Result<T, PatchError> {
    Err(PatchError::Malformed(message))
}

/// Takes a string directive out of a map.
fn take_directive(map: &mut Map) -> Result<Option<String>, PatchError> {
    match map.remove(DIRECTIVE) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.into())),
        Some(_) => malformed("invalid value for $patch: it must be a string".to_owned()),
    }
}

/// The type of a struct field's value, or of a list's elements.
fn struct_type(shape: &Shape) -> Option<&Type> {
    match shape {
        Shape::Struct(ty) => Some(ty),
        Shape::List(element) | Shape::Map(element) => match &**element {
            Shape::Struct(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

/// What is known of a member: its field in a struct, or the type that all members of a map have.
#[derive(Clone, Copy)]
enum Member<'t> {
    Field(&'t Field),
    Unknown,
}

impl<'t> Member<'t> {
    fn of(ty: Option<&'t Type>, key: &str) -> Self {
        ty.and_then(|ty| ty.field(key)).map_or(Self::Unknown, Self::Field)
    }

    /// The type of a map-like value here.
    fn map_type(self) -> Option<&'t Type> {
        match self {
            // A map's own members have no fields; merging goes on without a schema.
            Self::Field(field) if !matches!(field.shape, Shape::Map(_)) => struct_type(&field.shape),
            _ => None,
        }
    }

    fn element_type(self) -> Option<&'t Type> {
        match self {
            Self::Field(field) => struct_type(&field.shape),
            Self::Unknown => None,
        }
    }

    fn merges(self) -> bool {
        matches!(self, Self::Field(field) if field.patch.merge)
    }

    fn merge_key(self) -> &'t str {
        match self {
            Self::Field(field) => &field.patch.merge_key,
            Self::Unknown => "",
        }
    }
}

fn merge_map(mut original: Map, mut patch: Map, ty: Option<&Type>) -> Result<Map, PatchError> {
    match take_directive(&mut patch)?.as_deref() {
        Some("replace") => return Ok(cleaned_map(patch, ty)),
        Some("delete") => return Ok(Map::new()),
        Some("merge") | None => {}
        Some(other) => return malformed(format!("unknown patch type found: {other}")),
    }
    retain_keys(&mut original, &mut patch)?;
    let lists = take_list_directives(&mut patch)?;
    for (key, directives) in &lists {
        let member = Member::of(ty, key);
        let current = match original.remove(key) {
            Some(Value::List(items)) => items,
            None | Some(Value::Null) => Vec::new(),
            Some(_) => return malformed(format!("list directives for {key}, which is no list")),
        };
        let change = match patch.remove(key) {
            Some(Value::List(items)) => Some(items),
            None => None,
            Some(Value::Null) => continue,
            Some(_) => return malformed(format!("list directives for {key}, which is no list")),
        };
        let merged = merge_ordered(current, change, directives, member)?;
        original.insert(key.as_str(), Value::List(merged));
    }
    for (key, value) in patch {
        let member = Member::of(ty, &key);
        match (original.remove(&key), value) {
            (_, Value::Null) => {}
            (Some(Value::Map(current)), Value::Map(change)) => {
                original.insert(key, Value::Map(merge_map(current, change, member.map_type())?));
            }
            (Some(Value::List(current)), Value::List(change)) if member.merges() => {
                original.insert(key, Value::List(merge_list(current, change, member)?));
            }
            (_, Value::List(change)) => {
                let items = if member.merges() { merge_list(Vec::new(), change, member)? } else { change };
                original.insert(key, Value::List(items));
            }
            (_, Value::Map(change)) => {
                original.insert(key, Value::Map(merge_map(Map::new(), change, member.map_type())?));
            }
            (_, value) => {
                original.insert(key, value);
            }
        }
    }
    Ok(original)
}

/// A patch that becomes the value itself: without directives and nulls.
fn cleaned_map(patch: Map, ty: Option<&Type>) -> Map {
    let mut out = Map::new();
    for (key, value) in patch {
        if key.starts_with('$') || value == Value::Null {
            continue;
        }
        let inner = Member::of(ty, &key).map_type();
        out.insert(key, cleaned(value, inner));
    }
    out
}

fn cleaned(value: Value, ty: Option<&Type>) -> Value {
    match value {
        Value::Map(map) => Value::Map(cleaned_map(map, ty)),
        value => value,
    }
}

/// Applies `$retainKeys`: of the original, only these keys stay; the patch may set no others.
fn retain_keys(original: &mut Map, patch: &mut Map) -> Result<(), PatchError> {
    let Some(keys) = patch.remove(RETAIN_KEYS) else {
        return Ok(());
    };
    let Value::List(keys) = keys else {
        return malformed("invalid retainKeys patch format: it must be a list".to_owned());
    };
    let keeps = |name: &str| keys.iter().any(|key| key.as_str() == Some(name));
    let extra =
        patch.iter().any(|(key, value)| *value != Value::Null && !key.starts_with('$') && !keeps(key));
    if extra {
        return malformed("$retainKeys directives must list all the keys that the patch sets".to_owned());
    }
    original.retain(|key, _| keeps(key));
    Ok(())
}

/// Directives for one list.
#[derive(Default)]
struct ListDirectives {
    order: Option<Vec<Value>>,
    delete: Vec<Value>,
}

/// Takes `$setElementOrder/x` and `$deleteFromPrimitiveList/x` out of a patch.
fn take_list_directives(patch: &mut Map) -> Result<Vec<(String, ListDirectives)>, PatchError> {
    let mut found: Vec<(String, ListDirectives)> = Vec::new();
    let mut bad = None;
    patch.retain(|key, value| {
        let (name, is_order) = match (key.strip_prefix(SET_ORDER), key.strip_prefix(DELETE_PRIMITIVES)) {
            (Some(name), _) => (name, true),
            (_, Some(name)) => (name, false),
            _ => return true,
        };
        let Value::List(items) = std::mem::replace(value, Value::Null) else {
            bad = Some(key.to_owned());
            return false;
        };
        let at = found.iter().position(|(other, _)| other == name).unwrap_or_else(|| {
            found.push((name.to_owned(), ListDirectives::default()));
            found.len() - 1
        });
        if is_order {
            found[at].1.order = Some(items);
        } else {
            found[at].1.delete = items;
        }
        false
    });
    match bad {
        Some(key) => malformed(format!("invalid value for {key}: it must be a list")),
        None => Ok(found),
    }
}

fn merge_ordered(
    original: Vec<Value>,
    change: Option<Vec<Value>>,
    directives: &ListDirectives,
    member: Member<'_>,
) -> Result<Vec<Value>, PatchError> {
    let key = member.merge_key();
    let gone: BTreeSet<String> = directives.delete.iter().map(identity).collect();
    let mut kept = original.clone();
    kept.retain(|item| !gone.contains(&identity(item)));
    let merged = match change {
        Some(change) if member.merges() => merge_list(kept, change, member)?,
        Some(change) => change,
        None => kept,
    };
    let Some(order) = &directives.order else {
        return Ok(merged);
    };
    let places = |list: &[Value]| -> BTreeMap<String, usize> {
        let mut places = BTreeMap::new();
        for (at, item) in list.iter().enumerate() {
            if let Some(name) = element_name(item, key) {
                places.entry(name).or_insert(at);
            }
        }
        places
    };
    let (wanted_at, server_at) = (places(order), places(&original));
    let place = |places: &BTreeMap<String, usize>, item: &Value| {
        element_name(item, key).and_then(|name| places.get(&name).copied())
    };
    let (mut wanted, server): (Vec<Value>, Vec<Value>) =
        merged.into_iter().partition(|item| place(&wanted_at, item).is_some());
    wanted.sort_by_cached_key(|item| place(&wanted_at, item));
    Ok(interleave(server, wanted, |item| place(&server_at, item)))
}

/// Merges items that only the server has between those whose order the patch gives: each of the former comes as soon
/// as the next one of the latter stood behind it on the server.
fn interleave(server: Vec<Value>, wanted: Vec<Value>, place: impl Fn(&Value) -> Option<usize>) -> Vec<Value> {
    let mut out = Vec::with_capacity(server.len() + wanted.len());
    let mut server = server.into_iter().peekable();
    for item in wanted {
        let at = place(&item);
        while let Some(next) = server.next_if(|next| match (place(next), at) {
            (Some(next), Some(at)) => next < at,
            _ => false,
        }) {
            out.push(next);
        }
        out.push(item);
    }
    out.extend(server);
    out
}

/// A value's text, by which equal values are found.
fn identity(value: &Value) -> String {
    format!("{value:?}")
}

/// What an element is told apart by: its merge key, or its value.
fn element_name(item: &Value, key: &str) -> Option<String> {
    if key.is_empty() { Some(identity(item)) } else { item.get(key).map(identity) }
}

fn merge_list(
    original: Vec<Value>,
    change: Vec<Value>,
    member: Member<'_>,
) -> Result<Vec<Value>, PatchError> {
    let key = member.merge_key();
    if key.is_empty() {
        return Ok(merge_primitives(original, change));
    }
    let mut replace = false;
    let mut list = original;
    let mut gone = BTreeSet::new();
    let mut additions = Vec::with_capacity(change.len());
    for item in change {
        let Value::Map(mut item) = item else {
            return Err(PatchError::Inapplicable(format!(
                "list of maps expected: an element has no declared merge key: {key}"
            )));
        };
        match take_directive(&mut item)?.as_deref() {
            Some("replace") => {
                replace = true;
                if !item.is_empty() {
                    additions.push(item);
                }
            }
            Some("delete") => {
                let wanted = item.get(key).map(identity).ok_or_else(|| no_merge_key(&item, key))?;
                gone.insert(wanted);
            }
            Some("merge") | None => additions.push(item),
            Some(other) => return malformed(format!("unknown patch type found: {other}")),
        }
    }
    if replace {
        let ty = member.element_type();
        return Ok(additions.into_iter().map(|item| Value::Map(cleaned_map(item, ty))).collect());
    }
    list.retain(|item| !item.get(key).is_some_and(|value| gone.contains(&identity(value))));
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (at, item) in list.iter().enumerate() {
        if let Some(value) = item.get(key) {
            places.entry(identity(value)).or_insert(at);
        }
    }
    for item in additions {
        let wanted = item.get(key).map(identity).ok_or_else(|| no_merge_key(&item, key))?;
        let at = places.get(&wanted).copied();
        let current = match at {
            Some(at) => match std::mem::replace(&mut list[at], Value::Null) {
                Value::Map(current) => current,
                _ => Map::new(),
            },
            None => Map::new(),
        };
        let merged = Value::Map(merge_map(current, item, member.element_type())?);
        match at {
            Some(at) => list[at] = merged,
            None => {
                places.insert(wanted, list.len());
                list.push(merged);
            }
        }
    }
    Ok(list)
}

fn no_merge_key(item: &Map, key: &str) -> PatchError {
    let names: Vec<&str> = item.iter().map(|(name, _)| name).collect();
    PatchError::Inapplicable(format!("map: {names:?} does not contain declared merge key: {key}"))
}

fn merge_primitives(mut original: Vec<Value>, change: Vec<Value>) -> Vec<Value> {
    let mut seen: BTreeSet<String> = original.iter().map(identity).collect();
    for item in change {
        if seen.insert(identity(&item)) {
            original.push(item);
        }
    }
    original
}
