//! Which resource a call is about, and its path.

use k8s_openapi::{ClusterResourceScope, NamespaceResourceScope, Resource};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What may not stand in a path segment as it is.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'/');

/// A resource as served: what makes its URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiResource {
    /// Empty for the core group.
    pub group: String,
    /// `v1`.
    pub version: String,
    /// `pods`.
    pub plural: String,
    /// `Pod`.
    pub kind: String,
    /// Objects live in namespaces.
    pub namespaced: bool,
}

/// Tells at compile time whether a kind lives in namespaces.
pub trait Scoped {
    /// It does.
    const NAMESPACED: bool;
}

impl Scoped for NamespaceResourceScope {
    const NAMESPACED: bool = true;
}

impl Scoped for ClusterResourceScope {
    const NAMESPACED: bool = false;
}

impl ApiResource {
    /// The resource of a built-in kind.
    pub fn of<K: Resource<Scope: Scoped>>() -> Self {
        Self {
            group: K::GROUP.to_owned(),
            version: K::VERSION.to_owned(),
            plural: K::URL_PATH_SEGMENT.to_owned(),
            kind: K::KIND.to_owned(),
            namespaced: K::Scope::NAMESPACED,
        }
    }

    /// `v1` or `apps/v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    /// The path of the collection in `namespace` (empty: all namespaces, or cluster scope), or of the object
    /// `name` in it, or of its `subresource`.
    pub fn path(&self, namespace: &str, name: &str, subresource: &str) -> String {
        let mut path = if self.group.is_empty() {
            format!("/api/{}", self.version)
        } else {
            format!("/apis/{}/{}", self.group, self.version)
        };
        let mut push = |segment: &str| {
            path.push('/');
            path.extend(utf8_percent_encode(segment, SEGMENT));
        };
        if self.namespaced && !namespace.is_empty() {
            push("namespaces");
            push(namespace);
        }
        push(&self.plural);
        if !name.is_empty() {
            push(name);
        }
        if !subresource.is_empty() {
            push(subresource);
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::apps::v1::Deployment;
    use k8s_openapi::api::core::v1::{Node, Pod};

    use super::*;

    #[test]
    fn paths() {
        let check = |resource: ApiResource, namespace, name, subresource, expect: &str| {
            assert_eq!(resource.path(namespace, name, subresource), expect);
        };
        check(ApiResource::of::<Pod>(), "", "", "", "/api/v1/pods");
        check(ApiResource::of::<Pod>(), "a", "b", "status", "/api/v1/namespaces/a/pods/b/status");
        check(ApiResource::of::<Deployment>(), "a", "", "", "/apis/apps/v1/namespaces/a/deployments");
        check(ApiResource::of::<Node>(), "ignored", "n/1", "", "/api/v1/nodes/n%2F1");
    }
}
