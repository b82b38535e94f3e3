//! All objects of a kind at one revision: a persistent map, cheap to keep and to change.

use std::ops::Bound;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::Key;
use super::selection::trigger_of;
use crate::layout::Layout;
use crate::object::Object;

/// Objects in the order of their keys, and an index over the kind's trigger field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Snapshot {
    objects: OrdMap<Key, Arc<Object>>,
    triggers: OrdMap<Box<str>, OrdSet<Key>>,
}

/// The value by which an object is indexed; names need no index.
fn indexed(object: &Object, layout: &Layout) -> Option<Box<str>> {
    if layout.rules().trigger == "metadata.name" {
        return None;
    }
    trigger_of(object, layout).map(|value| value.as_ref().into())
}

impl Snapshot {
    pub(super) fn len(&self) -> usize {
        self.objects.len()
    }

    pub(super) fn get(&self, key: &str) -> Option<&Arc<Object>> {
        self.objects.get(key)
    }

    pub(super) fn entry(&self, key: &str) -> Option<(&Key, &Arc<Object>)> {
        self.objects.get_key_value(key)
    }

    pub(super) fn insert(&mut self, key: Key, object: Arc<Object>, layout: &Layout) -> Option<Arc<Object>> {
        let new = indexed(&object, layout);
        let old = self.objects.insert(key.clone(), object);
        let before = old.as_ref().and_then(|old| indexed(old, layout));
        if before != new {
            self.unindex(&key, before);
            if let Some(value) = new {
                self.triggers.entry(value).or_default().insert(key);
            }
        }
        old
    }

    pub(super) fn remove(&mut self, key: &str, layout: &Layout) -> Option<Arc<Object>> {
        let old = self.objects.remove(key)?;
        self.unindex(key, indexed(&old, layout));
        Some(old)
    }

    fn unindex(&mut self, key: &str, value: Option<Box<str>>) {
        let Some(value) = value else { return };
        if let Some(keys) = self.triggers.get_mut(&value) {
            keys.remove(key);
            if keys.is_empty() {
                self.triggers.remove(&value);
            }
        }
    }

    /// Objects of a namespace (empty: all), after a local key.
    pub(crate) fn range<'a>(
        &'a self,
        namespace: &str,
        after: &str,
    ) -> impl Iterator<Item = (&'a Key, &'a Arc<Object>)> + use<'a> {
        let first = if namespace.is_empty() { String::new() } else { format!("{namespace}/") };
        let start = if after > first.as_str() {
            Bound::Excluded(Key::from(after))
        } else {
            Bound::Included(Key::from(first))
        };
        // '0' follows '/'.
        let end = match namespace {
            "" => Bound::Unbounded,
            _ => Bound::Excluded(Key::from(format!("{namespace}0"))),
        };
        // A foreign key after the namespace's last would make a range that ends before it starts.
        let empty = matches!((&start, &end), (Bound::Excluded(start), Bound::Excluded(end)) if start >= end);
        let end = if empty { start.clone() } else { end };
        let start = match (empty, start) {
            (true, Bound::Excluded(key)) => Bound::Included(key),
            (_, start) => start,
        };
        self.objects.range::<_, Key>((start, end))
    }

    /// Objects whose trigger field has this value, in order, after a local key.
    pub(crate) fn triggered<'a>(
        &'a self,
        value: &str,
        after: &str,
    ) -> impl Iterator<Item = (&'a Key, &'a Arc<Object>)> + use<'a> {
        let keys = self.triggers.get(value).into_iter().flatten();
        let after = after.to_owned();
        keys.filter(move |key| after.is_empty() || key.as_ref() > after.as_str())
            .filter_map(|key| self.objects.get_key_value(key))
    }
}
