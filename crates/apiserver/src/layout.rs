//! Where a kind's objects live in the store, and what the cache picks up from them.
//!
//! Keys are kube-apiserver's (`/registry/pods/NS/NAME`), so that both can read the other's data.

use std::borrow::Cow;

use bytes::Bytes;
use mizzen_schema::table::{GroupVersionKind, TypeRef};
use mizzen_store::{LeaseId, Write};

use crate::scan::Paths;
use crate::strategy::{self, Rules, Selectable};

/// The root of all keys.
pub(crate) const ROOT: &str = "/registry/";

/// A kind's place in the store.
#[derive(Debug)]
pub(crate) struct Layout {
    /// `/registry/pods/`.
    prefix: String,
    namespaced: bool,
    rules: &'static Rules,
    fields: Cow<'static, [Selectable]>,
    paths: Paths,
    /// Of a custom resource: what its objects are now, whatever they were when they were stored.
    present: Option<Present>,
}

/// The stored version of a custom resource.
#[derive(Debug)]
pub(crate) struct Present {
    pub(crate) gvk: GroupVersionKind,
    pub(crate) ty: TypeRef,
}

/// The folder of a built-in resource below [`ROOT`]; most have their own name.
fn folder(group: &str, plural: &str) -> String {
    match (group, plural) {
        ("", "replicationcontrollers") => "controllers".to_owned(),
        ("", "endpoints") => "services/endpoints".to_owned(),
        ("", "services") => "services/specs".to_owned(),
        ("", "nodes") => "minions".to_owned(),
        ("networking.k8s.io", "ingresses") => "ingress".to_owned(),
        // These two groups are servers of their own in Kubernetes, with the default layout.
        ("apiextensions.k8s.io" | "apiregistration.k8s.io", _) => format!("{group}/{plural}"),
        _ => plural.to_owned(),
    }
}

impl Layout {
    /// The layout of a built-in resource.
    pub(crate) fn builtin(group: &str, plural: &str, namespaced: bool, rules: &'static Rules) -> Self {
        let prefix = format!("{ROOT}{}/", folder(group, plural));
        Self::new(prefix, namespaced, rules, Cow::Borrowed(rules.fields), None)
    }

    /// The layout of a custom resource.
    pub(crate) fn custom(
        group: &str,
        plural: &str,
        namespaced: bool,
        fields: Vec<Selectable>,
        present: Present,
    ) -> Self {
        let prefix = format!("{ROOT}{group}/{plural}/");
        Self::new(prefix, namespaced, &strategy::CUSTOM, Cow::Owned(fields), Some(present))
    }

    fn new(
        prefix: String,
        namespaced: bool,
        rules: &'static Rules,
        fields: Cow<'static, [Selectable]>,
        present: Option<Present>,
    ) -> Self {
        // Each selectable field has two slots: its own member and the one it falls back to.
        let paths = Paths::new(fields.iter().flat_map(|field| [&*field.path, &*field.or]));
        Self { prefix, namespaced, rules, fields, paths, present }
    }

    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        Self::builtin("", "configmaps", true, &Rules::DEFAULT)
    }

    /// `/registry/pods/`.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(crate) const fn is_namespaced(&self) -> bool {
        self.namespaced
    }

    pub(crate) const fn paths(&self) -> &Paths {
        &self.paths
    }

    pub(crate) fn slots(&self) -> usize {
        self.fields.len() * 2
    }

    /// Of a custom resource: its stored version.
    pub(crate) const fn present(&self) -> Option<&Present> {
        self.present.as_ref()
    }

    /// Fields that selectors may name.
    pub(crate) fn fields(&self) -> &[Selectable] {
        &self.fields
    }

    pub(crate) const fn rules(&self) -> &'static Rules {
        self.rules
    }

    /// The selectable field with this label, and its position.
    pub(crate) fn selectable(&self, label: &str) -> Option<(usize, &Selectable)> {
        self.fields.iter().enumerate().find(|(_, field)| field.label == label)
    }

    /// What an object is called in the cache and in continue tokens: `NS/NAME` or `NAME`.
    pub(crate) fn local(&self, namespace: &str, name: &str) -> String {
        if self.namespaced { format!("{namespace}/{name}") } else { name.to_owned() }
    }

    /// The store's key of a local key.
    pub(crate) fn key(&self, local: &str) -> Bytes {
        [self.prefix.as_bytes(), local.as_bytes()].concat().into()
    }

    /// The local key of a store's key.
    pub(crate) fn local_of<'a>(&self, key: &'a [u8]) -> Option<&'a str> {
        std::str::from_utf8(key.strip_prefix(self.prefix.as_bytes())?).ok()
    }

    /// The range of all keys, from `after` (a local key, not included; empty for the first).
    pub(crate) fn range_after(&self, after: &str) -> (Bytes, Bytes) {
        let start = if after.is_empty() { self.key("") } else { self.key(&format!("{after}\0")) };
        (start, self.end())
    }

    /// One past the last key.
    fn end(&self) -> Bytes {
        // '0' follows '/'.
        format!("{}0", &self.prefix[..self.prefix.len() - 1]).into()
    }

    /// The write that stores an object.
    pub(crate) fn put(&self, local: &str, value: Bytes, lease: Option<LeaseId>) -> Write {
        Write::Put { key: self.key(local), value, lease }
    }

    /// The write that removes it.
    pub(crate) fn delete(&self, local: &str) -> Write {
        Write::Delete { key: self.key(local) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_as_kube_apiservers() {
        let check = |group, plural, namespaced, expect: &str| {
            let layout = Layout::builtin(group, plural, namespaced, &Rules::DEFAULT);
            let key = layout.key(&layout.local("ns", "name"));
            assert_eq!(key, expect.as_bytes());
            assert_eq!(layout.local_of(&key), Some(&*layout.local("ns", "name")));
        };
        check("", "pods", true, "/registry/pods/ns/name");
        check("", "services", true, "/registry/services/specs/ns/name");
        check("", "nodes", false, "/registry/minions/name");
        check("apps", "deployments", true, "/registry/deployments/ns/name");
        check("networking.k8s.io", "ingresses", true, "/registry/ingress/ns/name");
        let crds = "/registry/apiextensions.k8s.io/customresourcedefinitions/name";
        check("apiextensions.k8s.io", "customresourcedefinitions", false, crds);
    }
}
