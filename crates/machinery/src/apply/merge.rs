//! What server-side apply makes of an object: merged with a configuration, and without what nobody owns any more.

use std::collections::BTreeMap;

use mizzen_schema::table::{Shape, Type};
use mizzen_schema::value::{Map, Struct, Value};

use super::set::{Set, Step};
use super::walk::{Node, element_node, elements, is_hollow};

/// `object` with what `config` sets. Nothing is removed.
pub(super) fn merge(object: &Value, config: &Value, ty: &Type) -> Value {
    merge_at(Some(object), Some(config), Node::root(ty)).unwrap_or_else(|| object.clone())
}

fn merge_at(left: Option<&Value>, right: Option<&Value>, node: Node<'_>) -> Option<Value> {
    let hollow = left.is_none_or(is_hollow) && right.is_none_or(is_hollow);
    let (Some(old), Some(new)) = (left, right) else {
        return right.or(left).cloned();
    };
    match (node, old, new) {
        _ if hollow => Some(new.clone()),
        (Node::Struct(_), Value::Struct(old), Value::Struct(new)) => {
            Some(Value::Struct(merge_structs(old, new)))
        }
        (Node::Map(shape), Value::Map(old), Value::Map(new)) => {
            Some(Value::Map(merge_maps(old, new, Node::of_shape(shape))))
        }
        (Node::Free, Value::Map(old), Value::Map(new)) => Some(Value::Map(merge_maps(old, new, Node::Free))),
        (Node::Keyed(..) | Node::Set, Value::List(old), Value::List(new)) => {
            Some(Value::List(merge_lists(old, new, node)))
        }
        // Null says nothing about what is below.
        (Node::Struct(_) | Node::Map(_) | Node::Keyed(..) | Node::Set, old, Value::Null) => Some(old.clone()),
        (_, _, new) => Some(new.clone()),
    }
}

fn merge_structs(old: &Struct, new: &Struct) -> Struct {
    let mut out = old.clone();
    for (number, field, value) in new.fields() {
        let node = match (&field.shape, new.ty()) {
            (Shape::Any | Shape::Object, mizzen_schema::table::TypeRef::Shared(_)) => Node::Free,
            _ => Node::of_field(field),
        };
        match merge_at(old.at(number), Some(value), node) {
            Some(Value::Null) | None => {
                out.remove_at(number);
            }
            Some(merged) => {
                out.set_at(number, merged);
            }
        }
    }
    if let Some(unknown) = new.unknown() {
        let empty = Map::new();
        let merged = merge_maps(old.unknown().unwrap_or(&empty), unknown, Node::Free);
        *out.unknown_mut() = merged;
    }
    out
}

fn merge_maps(old: &Map, new: &Map, inner: Node<'_>) -> Map {
    let mut out = old.clone();
    for (name, value) in new.iter() {
        if let Some(merged) = merge_at(old.get(name), Some(value), inner) {
            out.insert(name, merged);
        }
    }
    out
}

/// Elements of the configuration in its order; those that only the object has stay before the shared element that
/// they stood before.
fn merge_lists(old: &[Value], new: &[Value], node: Node<'_>) -> Vec<Value> {
    let (old, new) = (elements(old, node), elements(new, node));
    let inner = element_node(node);
    let places: BTreeMap<&Step, usize> = new.iter().enumerate().map(|(at, (step, _))| (step, at)).collect();
    let mut once: BTreeMap<&Step, Option<&Value>> = BTreeMap::new();
    for (step, value) in &old {
        once.entry(step).and_modify(|found| *found = None).or_insert(Some(value));
    }
    let merged = |at: usize| {
        let (step, value) = &new[at];
        merge_at(once.get(step).copied().flatten(), Some(value), inner).unwrap_or_else(|| (*value).clone())
    };
    // Shared elements in the configuration's order: the next of them that the object reaches lets all before it out.
    let shared: Vec<usize> = (0..new.len()).filter(|&at| once.contains_key(&new[at].0)).collect();
    let (mut out, mut taken, mut next_shared) = (Vec::with_capacity(old.len() + new.len()), 0, 0);
    for (step, value) in &old {
        match places.get(step).copied() {
            None => out.push((*value).clone()),
            Some(at) if at >= taken && shared.get(next_shared) == Some(&at) => {
                out.extend((taken..=at).map(&merged));
                taken = at + 1;
                next_shared += 1;
            }
            Some(_) => {}
        }
    }
    out.extend((taken..new.len()).map(&merged));
    out
}

/// `object` without the places in `gone`.
pub(super) fn remove(object: &Value, gone: &Set, ty: &Type) -> Value {
    let mut out = object.clone();
    remove_at(&mut out, gone, Node::root(ty));
    out
}

/// Removes what is below; a value that becomes empty by it is to be removed too: true.
fn remove_at(value: &mut Value, gone: &Set, node: Node<'_>) -> bool {
    if is_hollow(value) || gone.children.is_empty() {
        return false;
    }
    match (node, value) {
        (Node::Struct(ty), Value::Struct(fields)) => {
            for (step, below) in &gone.children {
                let Step::Field(name) = step else { continue };
                let inner = ty.field(name).map_or(Node::Free, Node::of_field);
                let empty = match fields.get_mut(name) {
                    Some(value) => below.member || remove_at(value, below, inner),
                    None => false,
                };
                if empty {
                    fields.remove(name);
                }
            }
            fields.is_empty()
        }
        (node @ (Node::Map(_) | Node::Free), Value::Map(map)) => {
            let inner = match node {
                Node::Map(shape) => Node::of_shape(shape),
                _ => Node::Free,
            };
            for (step, below) in &gone.children {
                let Step::Field(name) = step else { continue };
                let empty = match map.get_mut(name) {
                    Some(value) => below.member || remove_at(value, below, inner),
                    None => false,
                };
                if empty {
                    map.remove(name);
                }
            }
            map.is_empty()
        }
        (node @ (Node::Keyed(..) | Node::Set), Value::List(items)) => {
            let inner = element_node(node);
            items.retain_mut(|item| {
                let steps = elements(std::slice::from_ref(item), node);
                let Some(below) = steps.first().and_then(|(step, _)| gone.children.get(step)) else {
                    return true;
                };
                if below.member {
                    return false;
                }
                remove_at(item, below, inner);
                true
            });
            items.is_empty()
        }
        _ => false,
    }
}

/// Adds to a set the struct fields under which it has members, so that removing the last member removes the field.
pub(super) fn with_named_fields(set: &Set, node: Node<'_>) -> Set {
    let mut out = Set { member: set.member, children: BTreeMap::new() };
    for (step, below) in &set.children {
        let (inner, named) = match (node, step) {
            (Node::Struct(ty), Step::Field(name)) => match ty.field(name) {
                Some(field) => (Node::of_field(field), true),
                None => (Node::Free, false),
            },
            (Node::Map(shape), Step::Field(_)) => (Node::of_shape(shape), false),
            (node, _) => (element_node(node), false),
        };
        let mut child = with_named_fields(below, inner);
        child.member |= named;
        out.children.insert(step.clone(), child);
    }
    out
}
