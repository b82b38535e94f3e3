//! `io.k8s.api.rbac.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.rbac.v1.AggregationRule`.
pub static AGGREGATION_RULE: Type = {
    static FIELDS: [Field; 1] = [
        field("clusterRoleSelectors", 1, list(&Shape::Struct(TypeRef::Static(&super::meta_v1::LABEL_SELECTOR))), NonZero)
            .doc("ClusterRoleSelectors holds a list of selectors which will be used to find ClusterRoles and create the rules. If any of the selectors match, then the ClusterRole's permissions will be added"),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.rbac.v1.AggregationRule",
        "AggregationRule describes how to locate ClusterRoles to aggregate into the ClusterRole",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.rbac.v1.ClusterRole`.
pub static CLUSTER_ROLE: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata."),
        field("rules", 2, list(&Shape::Struct(TypeRef::Static(&POLICY_RULE))), Null)
            .doc("Rules holds all the PolicyRules for this ClusterRole"),
        field("aggregationRule", 3, object(&AGGREGATION_RULE), Given)
            .doc("AggregationRule is an optional field that describes how to build the Rules for this ClusterRole. If AggregationRule is set, then the Rules are controller managed and direct changes to Rules will be stomped by the controller."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("rbac.authorization.k8s.io", "v1", "ClusterRole"),
    ];
    ty(
        "io.k8s.api.rbac.v1.ClusterRole",
        "ClusterRole is a cluster level, logical grouping of PolicyRules that can be referenced as a unit by a RoleBinding or ClusterRoleBinding.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.rbac.v1.ClusterRoleBinding`.
pub static CLUSTER_ROLE_BINDING: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata."),
        field("subjects", 2, list(&Shape::Struct(TypeRef::Static(&SUBJECT))), NonZero)
            .doc("Subjects holds references to the objects the role applies to."),
        field("roleRef", 3, object(&ROLE_REF), Always).required()
            .doc("RoleRef can only reference a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error. This field is immutable."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding"),
    ];
    ty(
        "io.k8s.api.rbac.v1.ClusterRoleBinding",
        "ClusterRoleBinding references a ClusterRole, but not contain it.  It can reference a ClusterRole in the global namespace, and adds who information via Subject.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.rbac.v1.ClusterRoleBindingList`.
pub static CLUSTER_ROLE_BINDING_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard object's metadata."),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&CLUSTER_ROLE_BINDING))), Null).required()
            .doc("Items is a list of ClusterRoleBindings"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("rbac.authorization.k8s.io", "v1", "ClusterRoleBindingList"),
    ];
    ty(
        "io.k8s.api.rbac.v1.ClusterRoleBindingList",
        "ClusterRoleBindingList is a collection of ClusterRoleBindings",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.rbac.v1.ClusterRoleList`.
pub static CLUSTER_ROLE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard object's metadata."),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&CLUSTER_ROLE))), Null).required()
            .doc("Items is a list of ClusterRoles"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("rbac.authorization.k8s.io", "v1", "ClusterRoleList"),
    ];
    ty(
        "io.k8s.api.rbac.v1.ClusterRoleList",
        "ClusterRoleList is a collection of ClusterRoles",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.rbac.v1.PolicyRule`.
pub static POLICY_RULE: Type = {
    static FIELDS: [Field; 5] = [
        field("verbs", 1, list(&Shape::String), Null).required()
            .doc("Verbs is a list of Verbs that apply to ALL the ResourceKinds contained in this rule. '*' represents all verbs."),
        field("apiGroups", 2, list(&Shape::String), NonZero)
            .doc("APIGroups is the name of the APIGroup that contains the resources.  If multiple API groups are specified, any action requested against one of the enumerated resources in any API group will be allowed. \"\" represents the core API group and \"*\" represents all API groups."),
        field("resources", 3, list(&Shape::String), NonZero)
            .doc("Resources is a list of resources this rule applies to. '*' represents all resources."),
        field("resourceNames", 4, list(&Shape::String), NonZero)
            .doc("ResourceNames is an optional white list of names that the rule applies to.  An empty set means that everything is allowed."),
        field("nonResourceURLs", 5, list(&Shape::String), NonZero)
            .doc("NonResourceURLs is a set of partial urls that a user should have access to.  *s are allowed, but only as the full, final step in the path Since non-resource URLs are not namespaced, this field is only applicable for ClusterRoles referenced from a ClusterRoleBinding. Rules can either apply to API resources (such as \"pods\" or \"secrets\") or non-resource URL paths (such as \"/api\"),  but not both."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.rbac.v1.PolicyRule",
        "PolicyRule holds information that describes a policy rule, but does not contain information about who the rule applies to or which namespace the rule applies to.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.rbac.v1.Role`.
pub static ROLE: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata."),
        field("rules", 2, list(&Shape::Struct(TypeRef::Static(&POLICY_RULE))), Null)
            .doc("Rules holds all the PolicyRules for this Role"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("rbac.authorization.k8s.io", "v1", "Role"),
    ];
    ty(
        "io.k8s.api.rbac.v1.Role",
        "Role is a namespaced, logical grouping of PolicyRules that can be referenced as a unit by a RoleBinding.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.rbac.v1.RoleBinding`.
pub static ROLE_BINDING: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata."),
        field("subjects", 2, list(&Shape::Struct(TypeRef::Static(&SUBJECT))), NonZero)
            .doc("Subjects holds references to the objects the role applies to."),
        field("roleRef", 3, object(&ROLE_REF), Always).required()
            .doc("RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error. This field is immutable."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("rbac.authorization.k8s.io", "v1", "RoleBinding"),
    ];
    ty(
        "io.k8s.api.rbac.v1.RoleBinding",
        "RoleBinding references a role, but does not contain it.  It can reference a Role in the same namespace or a ClusterRole in the global namespace. It adds who information via Subjects and namespace information by which namespace it exists in.  RoleBindings in a given namespace only have effect in that namespace.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.rbac.v1.RoleBindingList`.
pub static ROLE_BINDING_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard object's metadata."),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&ROLE_BINDING))), Null).required()
            .doc("Items is a list of RoleBindings"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("rbac.authorization.k8s.io", "v1", "RoleBindingList"),
    ];
    ty(
        "io.k8s.api.rbac.v1.RoleBindingList",
        "RoleBindingList is a collection of RoleBindings",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.rbac.v1.RoleList`.
pub static ROLE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard object's metadata."),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&ROLE))), Null).required()
            .doc("Items is a list of Roles"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("rbac.authorization.k8s.io", "v1", "RoleList"),
    ];
    ty(
        "io.k8s.api.rbac.v1.RoleList",
        "RoleList is a collection of Roles",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.rbac.v1.RoleRef`.
pub static ROLE_REF: Type = {
    static FIELDS: [Field; 3] = [
        field("apiGroup", 1, Shape::String, Always).required()
            .doc("APIGroup is the group for the resource being referenced"),
        field("kind", 2, Shape::String, Always).required()
            .doc("Kind is the type of resource being referenced"),
        field("name", 3, Shape::String, Always).required()
            .doc("Name is the name of resource being referenced"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.rbac.v1.RoleRef",
        "RoleRef contains information that points to the role being used",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.rbac.v1.Subject`.
pub static SUBJECT: Type = {
    static FIELDS: [Field; 4] = [
        field("kind", 1, Shape::String, Always).required()
            .doc("Kind of object being referenced. Values defined by this API group are \"User\", \"Group\", and \"ServiceAccount\". If the Authorizer does not recognized the kind value, the Authorizer should report an error."),
        field("apiGroup", 2, Shape::String, NonZero)
            .doc("APIGroup holds the API group of the referenced subject. Defaults to \"\" for ServiceAccount subjects. Defaults to \"rbac.authorization.k8s.io\" for User and Group subjects."),
        field("name", 3, Shape::String, Always).required()
            .doc("Name of the object being referenced."),
        field("namespace", 4, Shape::String, NonZero)
            .doc("Namespace of the referenced object.  If the object kind is non-namespace, such as \"User\" or \"Group\", and this value is not empty the Authorizer should report an error."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.rbac.v1.Subject",
        "Subject contains a reference to the object or user identities a role binding applies to.  This can either hold a direct API object reference, or a value for non-objects such as user and group names.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};
