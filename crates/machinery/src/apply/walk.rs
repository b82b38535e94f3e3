//! Walks over objects as server-side apply sees them: what they set, and how two of them differ.

use std::collections::{BTreeMap, BTreeSet};

use mizzen_schema::table::{Field, ListType, Presence, Shape, Text, Type, TypeRef};
use mizzen_schema::value::{Map, Struct, Value};

use super::set::{Scalar, Set, Step};

/// How a place is owned and merged.
#[derive(Debug, Clone, Copy)]
pub(super) enum Node<'t> {
    /// One value.
    Leaf,
    /// By field.
    Struct(&'t Type),
    /// By entry; values have this shape.
    Map(&'t Shape),
    /// By element, keyed by fields of structs of this shape.
    Keyed(&'t [Text], &'t Shape),
    /// By element, which is its own key.
    Set,
    /// No schema: maps by entry, anything else one value.
    Free,
}

impl<'t> Node<'t> {
    /// An object's root.
    pub(super) fn root(ty: &'t Type) -> Self {
        Self::Struct(ty)
    }

    pub(super) fn of_field(field: &'t Field) -> Self {
        match (&field.shape, &field.list_type) {
            (Shape::Struct(_) | Shape::Map(_), ListType::Atomic) => Self::Leaf,
            (Shape::List(_), ListType::Set) => Self::Set,
            (Shape::List(element), ListType::Map(keys)) => Self::Keyed(keys, element),
            (shape, _) => Self::of_shape(shape),
        }
    }

    /// Values of maps and elements of lists, which have no markers of their own.
    pub(super) fn of_shape(shape: &'t Shape) -> Self {
        match shape {
            Shape::Struct(ty) if ty.atomic => Self::Leaf,
            Shape::Struct(ty) => Self::Struct(ty),
            Shape::Map(element) => Self::Map(element),
            _ => Self::Leaf,
        }
    }

    /// A field of `owner`: free-form fields of custom resources are seen as deep as they go.
    fn of_field_in(owner: &TypeRef, field: &'t Field) -> Self {
        match (&field.shape, owner, &field.list_type) {
            (Shape::Any | Shape::Object, TypeRef::Shared(_), list) if *list != ListType::Atomic => Self::Free,
            _ => Self::of_field(field),
        }
    }

    /// What a free-form place is, by the values found there.
    fn deduced(self, left: Option<&Value>, right: Option<&Value>) -> Self {
        let is_map = |value: Option<&Value>| value.is_none_or(|value| matches!(value, Value::Map(_)));
        match self {
            Self::Free if is_map(left) && is_map(right) => Self::Map(&Shape::Any),
            Self::Free => Self::Leaf,
            node => node,
        }
    }
}

/// Whether members are read as Go prints a struct, or only as they were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As the object would be printed: fields without `omitempty` are there though unset, zero values may not be.
    Printed,
    /// As it came.
    Given,
}

static NULL: Value = Value::Null;

/// A field as it is read.
pub(super) fn member<'v>(
    fields: Option<&'v Struct>,
    number: u16,
    field: &Field,
    reading: Reading,
) -> Option<&'v Value> {
    let value = fields?.at(number);
    if reading == Reading::Given {
        return value;
    }
    match field.presence {
        Presence::Always | Presence::Null => Some(value.unwrap_or(&NULL)),
        Presence::NonZero => value.filter(|value| !value.is_zero()),
        Presence::Given => value,
    }
}

/// A field of a struct as it is printed; a null where a struct stands prints its fields too.
fn printed<'v>(owner: Option<&'v Value>, number: u16, field: &Field) -> Option<&'v Value> {
    match owner? {
        Value::Struct(fields) => member(Some(fields), number, field, Reading::Printed),
        _ => matches!(field.presence, Presence::Always | Presence::Null).then_some(&NULL),
    }
}

fn numbers(ty: &Type) -> impl Iterator<Item = (u16, &Field)> {
    (0..=u16::MAX).zip(ty.fields.iter())
}

/// Null, or a list, map or struct without members.
pub(super) fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Struct(fields) => fields.is_empty(),
        _ => false,
    }
}

/// Why a list's element has no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyError(pub(super) String);

/// The step to an element of a keyed list.
pub(super) fn key_step(item: &Value, keys: &[Text], element: &Shape) -> Result<Step, KeyError> {
    let ty = match element {
        Shape::Struct(ty) => Some(&**ty),
        _ => None,
    };
    let mut found: Vec<(Text, Scalar)> = Vec::with_capacity(keys.len());
    for key in keys {
        let given = item.get(key).filter(|value| **value != Value::Null);
        let scalar = match given {
            Some(value) => Scalar::of(value),
            None => match ty.and_then(|ty| ty.field(key)).and_then(|field| field.default.as_deref()) {
                Some(default) => default_scalar(default),
                // A key without omitempty is printed as its zero value.
                None => match ty.and_then(|ty| ty.field(key)) {
                    Some(field) if field.presence == Presence::Always && !field.required => {
                        zero_scalar(&field.shape)
                    }
                    _ => {
                        return Err(KeyError(format!(
                            "associative list with keys has an element that omits key field \"{key}\" (and doesn't \
                             have default value)"
                        )));
                    }
                },
            },
        };
        found.push((key.clone(), scalar));
    }
    found.sort();
    Ok(Step::Key(found))
}

fn default_scalar(json: &str) -> Scalar {
    match json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(text) => Scalar::Text(Box::from(text)),
        None => json.parse().map_or_else(|_| Scalar::Json(Box::from(json)), Scalar::Int),
    }
}

fn zero_scalar(shape: &Shape) -> Scalar {
    match shape {
        Shape::Int32 | Shape::Int64 | Shape::Double | Shape::IntOrString => Scalar::Int(0),
        Shape::Bool => Scalar::Bool(false),
        _ => Scalar::Text(Box::from("")),
    }
}

/// Elements of a list with their steps; `None` for atomic lists. Elements without a key are left out.
pub(super) fn elements<'v>(items: &'v [Value], node: Node<'_>) -> Vec<(Step, &'v Value)> {
    let step = |item: &Value| match node {
        Node::Keyed(keys, element) => key_step(item, keys, element).ok(),
        _ => Some(Step::Value(Scalar::of(item))),
    };
    items.iter().filter_map(|item| Some((step(item)?, item))).collect()
}

/// The node of a list's elements.
pub(super) fn element_node(node: Node<'_>) -> Node<'_> {
    match node {
        Node::Keyed(_, element) => Node::of_shape(element),
        _ => Node::Leaf,
    }
}

/// Everything that an object sets.
pub(super) fn fields_of(object: &Value, ty: &Type, reading: Reading) -> Set {
    let mut set = Set::default();
    collect(object, Node::root(ty), reading, &mut set);
    set
}

fn collect(value: &Value, node: Node<'_>, reading: Reading, set: &mut Set) {
    match (node.deduced(Some(value), None), value) {
        (Node::Struct(ty), Value::Struct(fields)) => {
            for (number, field) in numbers(ty) {
                let Some(value) = member(Some(fields), number, field, reading) else { continue };
                let below = set.child(&Step::Field(field.json.clone()));
                collect(value, Node::of_field_in(fields.ty(), field), reading, below);
                if matches!(value, Value::Null | Value::Map(_) | Value::Struct(_)) && is_hollow(value) {
                    below.member = true;
                }
                if below.is_empty() {
                    set.children.remove(&Step::Field(field.json.clone()));
                }
            }
            for (name, value) in fields.unknown().into_iter().flat_map(Map::iter) {
                let below = set.child(&Step::owned(name));
                collect(value, Node::Free, reading, below);
                below.member = true;
            }
        }
        (Node::Map(shape), Value::Map(map)) => {
            let inner = if matches!(node, Node::Free) { Node::Free } else { Node::of_shape(shape) };
            for (name, value) in map.iter() {
                let below = set.child(&Step::owned(name));
                collect(value, inner, reading, below);
                below.member = true;
            }
        }
        (node @ (Node::Keyed(..) | Node::Set), Value::List(items)) => {
            let mut once: BTreeMap<Step, Option<&Value>> = BTreeMap::new();
            for (step, item) in elements(items, node) {
                once.entry(step).and_modify(|found| *found = None).or_insert(Some(item));
            }
            for (step, item) in once {
                let below = set.child(&step);
                below.member = true;
                // Of an element that is there twice, only the place is known.
                if let Some(item) = item {
                    collect(item, element_node(node), reading, below);
                }
            }
        }
        (Node::Leaf, _) => set.member = true,
        _ => {}
    }
}

/// What is wrong with lists of a configuration that is to be applied: elements without keys, or twice.
pub(super) fn check_lists(value: &Value, node: Node<'_>, path: &mut String, errors: &mut Vec<String>) {
    let length = path.len();
    match (node, value) {
        (Node::Struct(ty), Value::Struct(fields)) => {
            for (number, field) in numbers(ty) {
                if let Some(value) = fields.at(number) {
                    Step::Field(field.json.clone()).push_shown(path);
                    check_lists(value, Node::of_field(field), path, errors);
                    path.truncate(length);
                }
            }
        }
        (Node::Map(shape), Value::Map(map)) => {
            for (name, value) in map.iter() {
                Step::owned(name).push_shown(path);
                check_lists(value, Node::of_shape(shape), path, errors);
                path.truncate(length);
            }
        }
        (Node::Keyed(..) | Node::Set, Value::List(items)) => {
            let mut seen = BTreeSet::new();
            for (at, item) in items.iter().enumerate() {
                let step = match node {
                    Node::Keyed(keys, element) => key_step(item, keys, element),
                    _ => Ok(Step::Value(Scalar::of(item))),
                };
                match step {
                    Err(KeyError(error)) => errors.push(format!("{path}: element {at}: {error}")),
                    Ok(step) => {
                        step.push_shown(path);
                        check_lists(item, element_node(node), path, errors);
                        path.truncate(length);
                        if !seen.insert(step.clone()) {
                            let mut shown = String::new();
                            step.push_shown(&mut shown);
                            errors.push(format!("{path}: duplicate entries for key {shown}"));
                        }
                    }
                }
            }
        }
        _ => {}
    }
}

/// How two objects differ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Comparison {
    pub(super) removed: Set,
    pub(super) modified: Set,
    pub(super) added: Set,
}

impl Comparison {
    /// What the second object has that the first has not, or has otherwise.
    pub(super) fn changed(&self) -> Set {
        let mut set = self.modified.clone();
        set.union(&self.added);
        set
    }

    pub(super) fn is_same(&self) -> bool {
        self.removed.is_empty() && self.modified.is_empty() && self.added.is_empty()
    }

    /// Forgets a place of named members and all below it.
    pub(super) fn ignore(&mut self, names: &[&str]) {
        for set in [&mut self.removed, &mut self.modified, &mut self.added] {
            set.remove_below(names);
        }
    }
}

/// Compares two objects of one type, as they are printed.
pub(super) fn compare(left: &Value, right: &Value, ty: &Type) -> Comparison {
    let mut walk = Compare { path: Vec::new(), found: Comparison::default() };
    walk.compare(Some(left), Some(right), Node::root(ty));
    walk.found
}

struct Compare {
    path: Vec<Step>,
    found: Comparison,
}

impl Compare {
    fn compare(&mut self, left: Option<&Value>, right: Option<&Value>, node: Node<'_>) {
        match (left, right) {
            (None, None) => return,
            (Some(left), Some(right)) if left == right => return,
            _ => {}
        }
        let hollow = left.is_none_or(is_hollow) && right.is_none_or(is_hollow);
        let free = matches!(node, Node::Free);
        match node.deduced(left, right) {
            Node::Leaf => return self.leaf(left, right),
            _ if hollow => return self.leaf(left, right),
            Node::Struct(ty) => self.structs(left, right, ty),
            Node::Map(shape) => {
                let inner = if free { Node::Free } else { Node::of_shape(shape) };
                self.maps(left.and_then(Value::as_map), right.and_then(Value::as_map), inner);
            }
            node => self.lists(left, right, node),
        }
        if left.is_none() {
            self.found.added.insert(&self.path);
        } else if right.is_none() {
            self.found.removed.insert(&self.path);
        }
    }

    fn leaf(&mut self, left: Option<&Value>, right: Option<&Value>) {
        match (left, right) {
            (None, _) => self.found.added.insert(&self.path),
            (_, None) => self.found.removed.insert(&self.path),
            (Some(left), Some(right)) => {
                if left != right && !(is_hollow(left) && is_hollow(right)) {
                    self.found.modified.insert(&self.path);
                }
            }
        }
    }

    fn below(&mut self, step: Step, left: Option<&Value>, right: Option<&Value>, node: Node<'_>) {
        if left.is_none() && right.is_none() {
            return;
        }
        self.path.push(step);
        self.compare(left, right, node);
        self.path.pop();
    }

    fn structs(&mut self, left: Option<&Value>, right: Option<&Value>, ty: &Type) {
        let (old, new) = (left.and_then(Value::as_struct), right.and_then(Value::as_struct));
        let owner = old.or(new).map(Struct::ty);
        for (number, field) in numbers(ty) {
            let (old_value, new_value) = (printed(left, number, field), printed(right, number, field));
            let node = owner.map_or_else(|| Node::of_field(field), |owner| Node::of_field_in(owner, field));
            self.below(Step::Field(field.json.clone()), old_value, new_value, node);
        }
        let (old, new) = (old.and_then(Struct::unknown), new.and_then(Struct::unknown));
        if old.is_some() || new.is_some() {
            self.maps(old, new, Node::Free);
        }
    }

    fn maps(&mut self, left: Option<&Map>, right: Option<&Map>, inner: Node<'_>) {
        for (name, old) in left.into_iter().flat_map(Map::iter) {
            self.below(Step::owned(name), Some(old), right.and_then(|map| map.get(name)), inner);
        }
        for (name, new) in right.into_iter().flat_map(Map::iter) {
            if left.and_then(|map| map.get(name)).is_none() {
                self.below(Step::owned(name), None, Some(new), inner);
            }
        }
    }

    fn lists(&mut self, left: Option<&Value>, right: Option<&Value>, node: Node<'_>) {
        fn group<'v>(side: Option<&'v Value>, node: Node<'_>) -> BTreeMap<Step, Vec<&'v Value>> {
            let mut groups: BTreeMap<Step, Vec<&Value>> = BTreeMap::new();
            for (step, item) in elements(side.map(Value::items).unwrap_or_default(), node) {
                groups.entry(step).or_default().push(item);
            }
            groups
        }
        let (old, new) = (group(left, node), group(right, node));
        let inner = element_node(node);
        for (step, items) in &old {
            self.element(step, items, new.get(step).map_or(&[], Vec::as_slice), inner);
        }
        for (step, items) in &new {
            if !old.contains_key(step) {
                self.element(step, &[], items, inner);
            }
        }
    }

    /// One element; those that are there several times are compared whole.
    fn element(&mut self, step: &Step, old: &[&Value], new: &[&Value], inner: Node<'_>) {
        if old.len() <= 1 && new.len() <= 1 {
            self.below(step.clone(), old.first().copied(), new.first().copied(), inner);
            return;
        }
        if old.len() > 1 && new.len() > 1 {
            if old != new {
                self.path.push(step.clone());
                self.found.modified.insert(&self.path);
                self.path.pop();
            }
            return;
        }
        if old.len() > 1 {
            self.below(step.clone(), None, new.first().copied(), inner);
        } else {
            self.below(step.clone(), old.first().copied(), None, inner);
        }
        self.path.push(step.clone());
        let set = if old.len() > 1 { &mut self.found.removed } else { &mut self.found.added };
        set.insert(&self.path);
        self.path.pop();
    }
}
