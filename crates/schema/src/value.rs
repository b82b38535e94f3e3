//! An object in flight: a tree whose structs know their type.

use std::collections::BTreeSet;

use crate::table::{Field, TypeRef};

/// A value. Shapes with a text form (bytes, times, quantities) are kept as canonical text.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// JSON null.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction, or too large for [`Value::Int`].
    Float(f64),
    /// A string.
    String(Box<str>),
    /// A list.
    List(Vec<Value>),
    /// A map with string keys, or any JSON object without a type.
    Map(Map),
    /// A struct of a known type.
    Struct(Struct),
}

/// Entries in ascending byte order of their keys, as Go prints maps.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map {
    entries: Vec<(Box<str>, Value)>,
}

/// A struct's present fields, ascending by number, and what its type does not know.
#[derive(Debug, Clone, PartialEq)]
pub struct Struct {
    ty: TypeRef,
    fields: Vec<(u16, Value)>,
    /// Unknown fields: kept only where the type preserves them; never present otherwise.
    unknown: Option<Box<Map>>,
}

impl Map {
    /// No entries.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        // Decoders mostly add keys in order: look at the end first.
        match self.entries.last() {
            Some((last, _)) if **last < *key => Err(self.entries.len()),
            _ => self.entries.binary_search_by(|(name, _)| (**name).cmp(key)),
        }
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.position(key).ok().map(|at| &self.entries[at].1)
    }

    /// The value of `key`, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.position(key).ok().map(|at| &mut self.entries[at].1)
    }

    /// Sets `key`; gives back what it replaced.
    pub fn insert(&mut self, key: impl Into<Box<str>>, value: Value) -> Option<Value> {
        let key = key.into();
        match self.position(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.entries[at].1, value)),
            Err(at) => {
                self.entries.insert(at, (key, value));
                None
            }
        }
    }

    /// Removes `key`.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.position(key).ok().map(|at| self.entries.remove(at).1)
    }

    /// Entries in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(key, value)| (&**key, value))
    }

    /// Entries in order, to change.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&str, &mut Value)> {
        self.entries.iter_mut().map(|(key, value)| (&**key, value))
    }

    /// Keeps the entries for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut Value) -> bool) {
        self.entries.retain_mut(|(key, value)| keep(key, value));
    }
}

impl FromIterator<(Box<str>, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Box<str>, Value)>>(entries: I) -> Self {
        let mut all = Entries::default();
        for (key, value) in entries {
            all.push(key, value);
        }
        Self::from(all)
    }
}

/// Entries of a map in whatever order a decoder finds them: each costs little, wherever it will stand.
#[derive(Debug, Default)]
pub struct Entries {
    list: Vec<(Box<str>, Value)>,
    /// Whether each key is greater than the one before it.
    is_unsorted: bool,
    /// All keys, once they are out of order and asked for.
    keys: Option<BTreeSet<Box<str>>>,
}

impl Entries {
    /// Whether `key` was added before.
    pub fn has(&mut self, key: &str) -> bool {
        match self.list.last() {
            None => return false,
            Some((last, _)) if !self.is_unsorted && **last < *key => return false,
            Some(_) => {}
        }
        let list = &self.list;
        self.keys.get_or_insert_with(|| list.iter().map(|(key, _)| key.clone()).collect()).contains(key)
    }

    /// Adds an entry; of several with one key, the last counts.
    pub fn push(&mut self, key: impl Into<Box<str>>, value: Value) {
        let key = key.into();
        self.is_unsorted |= self.list.last().is_some_and(|(last, _)| *last >= key);
        if let Some(keys) = &mut self.keys {
            keys.insert(key.clone());
        }
        self.list.push((key, value));
    }
}

impl From<Entries> for Map {
    fn from(all: Entries) -> Self {
        let mut entries = all.list;
        if all.is_unsorted {
            // Stable: the last of equals stands behind the others.
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            entries.dedup_by(|later, kept| {
                let same = later.0 == kept.0;
                if same {
                    std::mem::swap(&mut later.1, &mut kept.1);
                }
                same
            });
        }
        Self { entries }
    }
}

impl IntoIterator for Map {
    type Item = (Box<str>, Value);
    type IntoIter = std::vec::IntoIter<(Box<str>, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl Struct {
    /// An empty struct of type `ty`.
    pub const fn new(ty: TypeRef) -> Self {
        Self { ty, fields: Vec::new(), unknown: None }
    }

    /// Its type.
    pub const fn ty(&self) -> &TypeRef {
        &self.ty
    }

    fn position(&self, number: u16) -> Result<usize, usize> {
        match self.fields.last() {
            Some((last, _)) if *last < number => Err(self.fields.len()),
            _ => self.fields.binary_search_by_key(&number, |(field, _)| *field),
        }
    }

    /// The value of the field with this number.
    pub fn at(&self, number: u16) -> Option<&Value> {
        self.position(number).ok().map(|at| &self.fields[at].1)
    }

    /// The value of the field with this number, to change.
    pub fn at_mut(&mut self, number: u16) -> Option<&mut Value> {
        self.position(number).ok().map(|at| &mut self.fields[at].1)
    }

    /// Sets the field with this number; gives back what it replaced.
    ///
    /// # Panics
    /// When the type has no such field.
    pub fn set_at(&mut self, number: u16, value: Value) -> Option<Value> {
        assert!(usize::from(number) < self.ty.fields.len(), "{} has no field {number}", self.ty.name);
        match self.position(number) {
            Ok(at) => Some(std::mem::replace(&mut self.fields[at].1, value)),
            Err(at) => {
                self.fields.insert(at, (number, value));
                None
            }
        }
    }

    /// Removes the field with this number.
    pub fn remove_at(&mut self, number: u16) -> Option<Value> {
        self.position(number).ok().map(|at| self.fields.remove(at).1)
    }

    /// The value of a field by JSON name; unknown fields too, where the type keeps them.
    pub fn get(&self, json: &str) -> Option<&Value> {
        match self.ty.number(json) {
            Some(number) => self.at(number),
            None => self.unknown.as_ref()?.get(json),
        }
    }

    /// The same, to change.
    pub fn get_mut(&mut self, json: &str) -> Option<&mut Value> {
        match self.ty.number(json) {
            Some(number) => self.at_mut(number),
            None => self.unknown.as_mut()?.get_mut(json),
        }
    }

    /// Sets a field by JSON name; unknown fields go to [`Struct::unknown`].
    ///
    /// # Panics
    /// When the type has no such field and does not keep unknown ones.
    pub fn set(&mut self, json: &str, value: Value) -> Option<Value> {
        match self.ty.number(json) {
            Some(number) => self.set_at(number, value),
            None => self.unknown_mut().insert(json, value),
        }
    }

    /// Removes a field by JSON name.
    pub fn remove(&mut self, json: &str) -> Option<Value> {
        match self.ty.number(json) {
            Some(number) => self.remove_at(number),
            None => self.unknown.as_mut()?.remove(json),
        }
    }

    /// Present known fields, ascending by number.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = (u16, &Field, &Value)> {
        self.fields.iter().map(|(number, value)| (*number, &self.ty.fields[usize::from(*number)], value))
    }

    /// Present known fields' values, to change.
    pub fn fields_mut(&mut self) -> impl ExactSizeIterator<Item = (u16, &Field, &mut Value)> {
        let ty = &self.ty;
        self.fields.iter_mut().map(|(number, value)| (*number, &ty.fields[usize::from(*number)], value))
    }

    /// Keeps the known fields for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&Field, &mut Value) -> bool) {
        let ty = &self.ty;
        self.fields.retain_mut(|(number, value)| keep(&ty.fields[usize::from(*number)], value));
    }

    /// Fields that the type does not know, kept where it preserves them.
    pub fn unknown(&self) -> Option<&Map> {
        self.unknown.as_deref()
    }

    /// The same, to change.
    ///
    /// # Panics
    /// When the type does not keep unknown fields.
    pub fn unknown_mut(&mut self) -> &mut Map {
        assert!(self.ty.preserve_unknown, "{} does not keep unknown fields", self.ty.name);
        self.unknown.get_or_insert_default()
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.unknown.as_ref().is_none_or(|map| map.is_empty())
    }
}

impl Value {
    /// A string value.
    pub fn string(text: impl Into<Box<str>>) -> Self {
        Self::String(text.into())
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// An integer.
    pub const fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// A boolean.
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// A list's elements; none for other values.
    pub fn items(&self) -> &[Value] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// A struct.
    pub const fn as_struct(&self) -> Option<&Struct> {
        match self {
            Self::Struct(fields) => Some(fields),
            _ => None,
        }
    }

    /// A struct, to change.
    pub const fn as_struct_mut(&mut self) -> Option<&mut Struct> {
        match self {
            Self::Struct(fields) => Some(fields),
            _ => None,
        }
    }

    /// A map.
    pub const fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// A map, to change.
    pub const fn as_map_mut(&mut self) -> Option<&mut Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// A member of a struct or map by name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Struct(fields) => fields.get(name),
            Self::Map(map) => map.get(name),
            _ => None,
        }
    }

    /// A member of a struct or map by name, to change.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        match self {
            Self::Struct(fields) => fields.get_mut(name),
            Self::Map(map) => map.get_mut(name),
            _ => None,
        }
    }

    /// A member deep inside, by names.
    pub fn path(&self, names: &[&str]) -> Option<&Value> {
        names.iter().try_fold(self, |value, name| value.get(name))
    }

    /// A member deep inside, by names, to change.
    pub fn path_mut(&mut self, names: &[&str]) -> Option<&mut Value> {
        names.iter().try_fold(self, |value, name| value.get_mut(name))
    }

    /// The text of a member deep inside.
    pub fn str_at(&self, names: &[&str]) -> Option<&str> {
        self.path(names)?.as_str()
    }

    /// Whether this is what an absent field means: null, false, zero, or empty.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(truth) => !truth,
            Self::Int(number) => *number == 0,
            Self::Float(number) => *number == 0.0,
            Self::String(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(map) => map.is_empty(),
            Self::Struct(fields) => fields.is_empty(),
        }
    }
}
