//! Things that several owners want, and what changed about them since somebody looked.

use std::collections::BTreeMap;

/// Values by key, each with the number of its owners.
#[derive(Debug)]
pub(crate) struct Counted<K, V> {
    all: BTreeMap<K, (V, usize)>,
    /// What was there before the first change since [`Counted::changes`].
    touched: BTreeMap<K, Option<V>>,
}

impl<K, V> Default for Counted<K, V> {
    fn default() -> Self {
        Self { all: BTreeMap::new(), touched: BTreeMap::new() }
    }
}

/// A key with its value before and now.
pub(crate) type Change<K, V> = (K, Option<V>, Option<V>);

impl<K: Ord + Clone, V: Eq + Clone> Counted<K, V> {
    fn touch(&mut self, key: &K) {
        if !self.touched.contains_key(key) {
            self.touched.insert(key.clone(), self.get(key).cloned());
        }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.all.get(key).map(|(value, _)| value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.all.iter().map(|(key, (value, _))| (key, value))
    }

    /// One owner more; the newest value counts.
    pub(crate) fn add(&mut self, key: K, value: V) {
        self.touch(&key);
        let entry = self.all.entry(key).or_insert_with(|| (value.clone(), 0));
        entry.0 = value;
        entry.1 += 1;
    }

    /// One owner less; without any it is gone.
    pub(crate) fn remove(&mut self, key: &K) {
        self.touch(key);
        if let Some((_, owners)) = self.all.get_mut(key) {
            *owners -= 1;
            if *owners == 0 {
                self.all.remove(key);
            }
        }
    }

    /// What differs from the last call on.
    pub(crate) fn changes(&mut self) -> Vec<Change<K, V>> {
        let touched = std::mem::take(&mut self.touched);
        let changes = touched.into_iter().map(|(key, before)| {
            let now = self.get(&key).cloned();
            (key, before, now)
        });
        changes.filter(|(_, before, now)| before != now).collect()
    }

    /// Forgets what changed, and gives the difference from `there` to all that is wanted.
    pub(crate) fn changes_from(&mut self, mut there: BTreeMap<K, V>) -> Vec<Change<K, V>> {
        self.touched.clear();
        let mut changes: Vec<Change<K, V>> = Vec::new();
        for (key, value) in self.iter() {
            let before = there.remove(key);
            if before.as_ref() != Some(value) {
                changes.push((key.clone(), before, Some(value.clone())));
            }
        }
        changes.extend(there.into_iter().map(|(key, before)| (key, Some(before), None)));
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_net_changes_are_told() {
        let mut counted = Counted::default();
        counted.add("a", 1);
        counted.add("a", 1);
        counted.add("b", 1);
        assert_eq!(counted.changes(), [("a", None, Some(1)), ("b", None, Some(1))]);
        counted.remove(&"a");
        counted.remove(&"b");
        counted.add("b", 1);
        assert_eq!(counted.changes(), []);
        counted.remove(&"a");
        counted.remove(&"b");
        counted.add("b", 2);
        assert_eq!(counted.changes(), [("a", Some(1), None), ("b", Some(1), Some(2))]);
        let there = BTreeMap::from([("b", 1), ("c", 1)]);
        assert_eq!(counted.changes_from(there), [("b", Some(1), Some(2)), ("c", Some(1), None)]);
    }
}
