//! Who asks for what: the facts of a request that authorisation, admission and audit look at.

use std::collections::BTreeMap;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct User {
    /// `system:serviceaccount:default:builder`.
    pub name: String,
    /// Stable across renames; empty when the authenticator knows none.
    pub uid: String,
    /// Groups, `system:authenticated` or `system:unauthenticated` among them.
    pub groups: Vec<String>,
    /// What else the authenticator knows (`authentication.kubernetes.io/pod-name`, …).
    pub extra: BTreeMap<String, Vec<String>>,
}

impl User {
    /// A user with this name and these groups, besides `system:authenticated`.
    pub fn new(name: impl Into<String>, groups: &[&str]) -> Self {
        let mut groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        groups.push("system:authenticated".to_owned());
        Self { name: name.into(), groups, ..Self::default() }
    }

    /// `system:anonymous`, in `system:unauthenticated` alone.
    pub fn anonymous() -> Self {
        Self {
            name: "system:anonymous".to_owned(),
            groups: vec!["system:unauthenticated".to_owned()],
            ..Self::default()
        }
    }

    /// Whether the user is in `group`.
    pub fn in_group(&self, group: &str) -> bool {
        self.groups.iter().any(|own| own == group)
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An API resource.
    Resource(ResourceTarget),
    /// Another path: `/healthz`, `/version`.
    Path(String),
}

/// The resource that a request names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResourceTarget {
    /// Empty for the core group.
    pub group: String,
    /// `v1`.
    pub version: String,
    /// Plural: `pods`.
    pub resource: String,
    /// `log`; empty for the resource itself.
    pub subresource: String,
    /// Empty for cluster scope and for all namespaces.
    pub namespace: String,
    /// Empty for lists, creations with generated names and collections.
    pub name: String,
    /// What follows a proxy subresource in the path, without a leading slash.
    pub rest: String,
}

/// A request, as authorisation sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    /// Who.
    pub user: User,
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or another for
    /// checks that are no requests (`bind`, `escalate`, `impersonate`); the HTTP method in lower case for
    /// paths that are no resources.
    pub verb: String,
    /// What.
    pub target: Target,
    /// The label selector of a list, watch or deletecollection, as sent; empty for none.
    pub label_selector: String,
    /// The field selector, likewise.
    pub field_selector: String,
}
