//! `io.k8s.api.authorization.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.authorization.v1.FieldSelectorAttributes`.
pub static FIELD_SELECTOR_ATTRIBUTES: Type = {
    static FIELDS: [Field; 2] = [
        field("rawSelector", 1, Shape::String, NonZero)
            .doc("rawSelector is the serialization of a field selector that would be included in a query parameter. Webhook implementations are encouraged to ignore rawSelector. The kube-apiserver's *SubjectAccessReview will parse the rawSelector as long as the requirements are not present."),
        field("requirements", 2, list(&Shape::Struct(TypeRef::Static(&super::meta_v1::FIELD_SELECTOR_REQUIREMENT))), NonZero)
            .doc("requirements is the parsed interpretation of a field selector. All requirements must be met for a resource instance to match the selector. Webhook implementations should handle requirements, but how to handle them is up to the webhook. Since requirements can only limit the request, it is safe to authorize as unlimited request if the requirements are not understood."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authorization.v1.FieldSelectorAttributes",
        "FieldSelectorAttributes indicates a field limited access. Webhook authors are encouraged to * ensure rawSelector and requirements are not both set * consider the requirements field if set * not try to parse or consider the rawSelector field if set. This is to avoid another CVE-2022-2880 (i.e. getting different systems to agree on how exactly to parse a query is not something we want), see https://www.oxeye.io/resources/golang-parameter-smuggling-attack for more details. For the *SubjectAccessReview endpoints of the kube-apiserver: * If rawSelector is empty and requirements are empty, the request is not limited. * If rawSelector is present and requirements are empty, the rawSelector will be parsed and limited if the parsing succeeds. * If rawSelector is empty and requirements are present, the requirements should be honored * If rawSelector is present and requirements are present, the request is invalid.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.LabelSelectorAttributes`.
pub static LABEL_SELECTOR_ATTRIBUTES: Type = {
    static FIELDS: [Field; 2] = [
        field("rawSelector", 1, Shape::String, NonZero)
            .doc("rawSelector is the serialization of a field selector that would be included in a query parameter. Webhook implementations are encouraged to ignore rawSelector. The kube-apiserver's *SubjectAccessReview will parse the rawSelector as long as the requirements are not present."),
        field("requirements", 2, list(&Shape::Struct(TypeRef::Static(&super::meta_v1::LABEL_SELECTOR_REQUIREMENT))), NonZero)
            .doc("requirements is the parsed interpretation of a label selector. All requirements must be met for a resource instance to match the selector. Webhook implementations should handle requirements, but how to handle them is up to the webhook. Since requirements can only limit the request, it is safe to authorize as unlimited request if the requirements are not understood."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authorization.v1.LabelSelectorAttributes",
        "LabelSelectorAttributes indicates a label limited access. Webhook authors are encouraged to * ensure rawSelector and requirements are not both set * consider the requirements field if set * not try to parse or consider the rawSelector field if set. This is to avoid another CVE-2022-2880 (i.e. getting different systems to agree on how exactly to parse a query is not something we want), see https://www.oxeye.io/resources/golang-parameter-smuggling-attack for more details. For the *SubjectAccessReview endpoints of the kube-apiserver: * If rawSelector is empty and requirements are empty, the request is not limited. * If rawSelector is present and requirements are empty, the rawSelector will be parsed and limited if the parsing succeeds. * If rawSelector is empty and requirements are present, the requirements should be honored * If rawSelector is present and requirements are present, the request is invalid.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.LocalSubjectAccessReview`.
pub static LOCAL_SUBJECT_ACCESS_REVIEW: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&SUBJECT_ACCESS_REVIEW_SPEC), Always).required()
            .doc("Spec holds information about the request being evaluated.  spec.namespace must be equal to the namespace you made the request against.  If empty, it is defaulted."),
        field("status", 3, object(&SUBJECT_ACCESS_REVIEW_STATUS), Always)
            .doc("Status is filled in by the server and indicates whether the request is allowed or not"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("authorization.k8s.io", "v1", "LocalSubjectAccessReview"),
    ];
    ty(
        "io.k8s.api.authorization.v1.LocalSubjectAccessReview",
        "LocalSubjectAccessReview checks whether or not a user or group can perform an action in a given namespace. Having a namespace scoped resource makes it much easier to grant namespace scoped policy that includes permissions checking.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.NonResourceAttributes`.
pub static NON_RESOURCE_ATTRIBUTES: Type = {
    static FIELDS: [Field; 2] = [
        field("path", 1, Shape::String, NonZero)
            .doc("Path is the URL path of the request"),
        field("verb", 2, Shape::String, NonZero)
            .doc("Verb is the standard HTTP verb"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authorization.v1.NonResourceAttributes",
        "NonResourceAttributes includes the authorization attributes available for non-resource requests to the Authorizer interface",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.NonResourceRule`.
pub static NON_RESOURCE_RULE: Type = {
    static FIELDS: [Field; 2] = [
        field("verbs", 1, list(&Shape::String), Null).required()
            .doc("Verb is a list of kubernetes non-resource API verbs, like: get, post, put, delete, patch, head, options.  \"*\" means all."),
        field("nonResourceURLs", 2, list(&Shape::String), NonZero)
            .doc("NonResourceURLs is a set of partial urls that a user should have access to.  *s are allowed, but only as the full, final step in the path.  \"*\" means all."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authorization.v1.NonResourceRule",
        "NonResourceRule holds information that describes a rule for the non-resource",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.ResourceAttributes`.
pub static RESOURCE_ATTRIBUTES: Type = {
    static FIELDS: [Field; 9] = [
        field("namespace", 1, Shape::String, NonZero)
            .doc("Namespace is the namespace of the action being requested.  Currently, there is no distinction between no namespace and all namespaces \"\" (empty) is defaulted for LocalSubjectAccessReviews \"\" (empty) is empty for cluster-scoped resources \"\" (empty) means \"all\" for namespace scoped resources from a SubjectAccessReview or SelfSubjectAccessReview"),
        field("verb", 2, Shape::String, NonZero)
            .doc("Verb is a kubernetes resource API verb, like: get, list, watch, create, update, delete, proxy.  \"*\" means all."),
        field("group", 3, Shape::String, NonZero)
            .doc("Group is the API Group of the Resource.  \"*\" means all."),
        field("version", 4, Shape::String, NonZero)
            .doc("Version is the API Version of the Resource.  \"*\" means all."),
        field("resource", 5, Shape::String, NonZero)
            .doc("Resource is one of the existing resource types.  \"*\" means all."),
        field("subresource", 6, Shape::String, NonZero)
            .doc("Subresource is one of the existing resource types.  \"\" means none."),
        field("name", 7, Shape::String, NonZero)
            .doc("Name is the name of the resource being requested for a \"get\" or deleted for a \"delete\". \"\" (empty) means all."),
        field("fieldSelector", 8, object(&FIELD_SELECTOR_ATTRIBUTES), Given)
            .doc("fieldSelector describes the limitation on access based on field.  It can only limit access, not broaden it."),
        field("labelSelector", 9, object(&LABEL_SELECTOR_ATTRIBUTES), Given)
            .doc("labelSelector describes the limitation on access based on labels.  It can only limit access, not broaden it."),
    ];
    static NAMES: [(Text, u16); 9] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authorization.v1.ResourceAttributes",
        "ResourceAttributes includes the authorization attributes available for resource requests to the Authorizer interface",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.ResourceRule`.
pub static RESOURCE_RULE: Type = {
    static FIELDS: [Field; 4] = [
        field("verbs", 1, list(&Shape::String), Null).required()
            .doc("Verb is a list of kubernetes resource API verbs, like: get, list, watch, create, update, delete, proxy.  \"*\" means all."),
        field("apiGroups", 2, list(&Shape::String), NonZero)
            .doc("APIGroups is the name of the APIGroup that contains the resources.  If multiple API groups are specified, any action requested against one of the enumerated resources in any API group will be allowed.  \"*\" means all."),
        field("resources", 3, list(&Shape::String), NonZero)
            .doc("Resources is a list of resources this rule applies to.  \"*\" means all in the specified apiGroups.\n \"*/foo\" represents the subresource 'foo' for all resources in the specified apiGroups."),
        field("resourceNames", 4, list(&Shape::String), NonZero)
            .doc("ResourceNames is an optional white list of names that the rule applies to.  An empty set means that everything is allowed.  \"*\" means all."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authorization.v1.ResourceRule",
        "ResourceRule is the list of actions the subject is allowed to perform on resources. The list ordering isn't significant, may contain duplicates, and possibly be incomplete.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.SelfSubjectAccessReview`.
pub static SELF_SUBJECT_ACCESS_REVIEW: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&SELF_SUBJECT_ACCESS_REVIEW_SPEC), Always).required()
            .doc("Spec holds information about the request being evaluated.  user and groups must be empty"),
        field("status", 3, object(&SUBJECT_ACCESS_REVIEW_STATUS), Always)
            .doc("Status is filled in by the server and indicates whether the request is allowed or not"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("authorization.k8s.io", "v1", "SelfSubjectAccessReview"),
    ];
    ty(
        "io.k8s.api.authorization.v1.SelfSubjectAccessReview",
        "SelfSubjectAccessReview checks whether or the current user can perform an action.  Not filling in a spec.namespace means \"in all namespaces\".  Self is a special case, because users should always be able to check whether they can perform an action",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec`.
pub static SELF_SUBJECT_ACCESS_REVIEW_SPEC: Type = {
    static FIELDS: [Field; 2] = [
        field("resourceAttributes", 1, object(&RESOURCE_ATTRIBUTES), Given)
            .doc("ResourceAuthorizationAttributes describes information for a resource access request"),
        field("nonResourceAttributes", 2, object(&NON_RESOURCE_ATTRIBUTES), Given)
            .doc("NonResourceAttributes describes information for a non-resource access request"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec",
        "SelfSubjectAccessReviewSpec is a description of the access request.  Exactly one of ResourceAuthorizationAttributes and NonResourceAuthorizationAttributes must be set",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.SelfSubjectRulesReview`.
pub static SELF_SUBJECT_RULES_REVIEW: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&SELF_SUBJECT_RULES_REVIEW_SPEC), Always).required()
            .doc("Spec holds information about the request being evaluated."),
        field("status", 3, object(&SUBJECT_RULES_REVIEW_STATUS), Always)
            .doc("Status is filled in by the server and indicates the set of actions a user can perform."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("authorization.k8s.io", "v1", "SelfSubjectRulesReview"),
    ];
    ty(
        "io.k8s.api.authorization.v1.SelfSubjectRulesReview",
        "SelfSubjectRulesReview enumerates the set of actions the current user can perform within a namespace. The returned list of actions may be incomplete depending on the server's authorization mode, and any errors experienced during the evaluation. SelfSubjectRulesReview should be used by UIs to show/hide actions, or to quickly let an end user reason about their permissions. It should NOT Be used by external systems to drive authorization decisions as this raises confused deputy, cache lifetime/revocation, and correctness concerns. SubjectAccessReview, and LocalAccessReview are the correct way to defer authorization decisions to the API server.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec`.
pub static SELF_SUBJECT_RULES_REVIEW_SPEC: Type = {
    static FIELDS: [Field; 1] = [
        field("namespace", 1, Shape::String, NonZero)
            .doc("Namespace to evaluate rules for. Required."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec",
        "SelfSubjectRulesReviewSpec defines the specification for SelfSubjectRulesReview.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.SubjectAccessReview`.
pub static SUBJECT_ACCESS_REVIEW: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&SUBJECT_ACCESS_REVIEW_SPEC), Always).required()
            .doc("Spec holds information about the request being evaluated"),
        field("status", 3, object(&SUBJECT_ACCESS_REVIEW_STATUS), Always)
            .doc("Status is filled in by the server and indicates whether the request is allowed or not"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("authorization.k8s.io", "v1", "SubjectAccessReview"),
    ];
    ty(
        "io.k8s.api.authorization.v1.SubjectAccessReview",
        "SubjectAccessReview checks whether or not a user or group can perform an action.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.SubjectAccessReviewSpec`.
pub static SUBJECT_ACCESS_REVIEW_SPEC: Type = {
    static FIELDS: [Field; 6] = [
        field("resourceAttributes", 1, object(&RESOURCE_ATTRIBUTES), Given)
            .doc("ResourceAuthorizationAttributes describes information for a resource access request"),
        field("nonResourceAttributes", 2, object(&NON_RESOURCE_ATTRIBUTES), Given)
            .doc("NonResourceAttributes describes information for a non-resource access request"),
        field("user", 3, Shape::String, NonZero)
            .doc("User is the user you're testing for. If you specify \"User\" but not \"Groups\", then is it interpreted as \"What if User were not a member of any groups"),
        field("groups", 4, list(&Shape::String), NonZero)
            .doc("Groups is the groups you're testing for."),
        field("extra", 5, map(&Shape::List(Element::Static(&Shape::String))), NonZero).form(WireForm::Items)
            .doc("Extra corresponds to the user.Info.GetExtra() method from the authenticator.  Since that is input to the authorizer it needs a reflection here."),
        field("uid", 6, Shape::String, NonZero)
            .doc("UID information about the requesting user."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authorization.v1.SubjectAccessReviewSpec",
        "SubjectAccessReviewSpec is a description of the access request.  Exactly one of ResourceAuthorizationAttributes and NonResourceAuthorizationAttributes must be set",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.SubjectAccessReviewStatus`.
pub static SUBJECT_ACCESS_REVIEW_STATUS: Type = {
    static FIELDS: [Field; 4] = [
        field("allowed", 1, Shape::Bool, Always).required()
            .doc("Allowed is required. True if the action would be allowed, false otherwise."),
        field("denied", 4, Shape::Bool, NonZero)
            .doc("Denied is optional. True if the action would be denied, otherwise false. If both allowed is false and denied is false, then the authorizer has no opinion on whether to authorize the action. Denied may not be true if Allowed is true."),
        field("reason", 2, Shape::String, NonZero)
            .doc("Reason is optional.  It indicates why a request was allowed or denied."),
        field("evaluationError", 3, Shape::String, NonZero)
            .doc("EvaluationError is an indication that some error occurred during the authorization check. It is entirely possible to get an error and be able to continue determine authorization status in spite of it. For instance, RBAC can be missing a role, but enough roles are still present and bound to reason about the request."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authorization.v1.SubjectAccessReviewStatus",
        "SubjectAccessReviewStatus",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.authorization.v1.SubjectRulesReviewStatus`.
pub static SUBJECT_RULES_REVIEW_STATUS: Type = {
    static FIELDS: [Field; 4] = [
        field("resourceRules", 1, list(&Shape::Struct(TypeRef::Static(&RESOURCE_RULE))), Null).required()
            .doc("ResourceRules is the list of actions the subject is allowed to perform on resources. The list ordering isn't significant, may contain duplicates, and possibly be incomplete."),
        field("nonResourceRules", 2, list(&Shape::Struct(TypeRef::Static(&NON_RESOURCE_RULE))), Null).required()
            .doc("NonResourceRules is the list of actions the subject is allowed to perform on non-resources. The list ordering isn't significant, may contain duplicates, and possibly be incomplete."),
        field("incomplete", 3, Shape::Bool, Always).required()
            .doc("Incomplete is true when the rules returned by this call are incomplete. This is most commonly encountered when an authorizer, such as an external authorizer, doesn't support rules evaluation."),
        field("evaluationError", 4, Shape::String, NonZero)
            .doc("EvaluationError can appear in combination with Rules. It indicates an error occurred during rule evaluation, such as an authorizer that doesn't support rule evaluation, and that ResourceRules and/or NonResourceRules may be incomplete."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.authorization.v1.SubjectRulesReviewStatus",
        "SubjectRulesReviewStatus contains the result of a rules check. This check can be incomplete depending on the set of authorizers the server is configured with and any errors experienced during evaluation. Because authorization rules are additive, if a rule appears in a list it's safe to assume the subject has that permission, even if that list is incomplete.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
