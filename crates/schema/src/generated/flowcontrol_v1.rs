//! `io.k8s.api.flowcontrol.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration`.
pub static EXEMPT_PRIORITY_LEVEL_CONFIGURATION: Type = {
    static FIELDS: [Field; 2] = [
        field("nominalConcurrencyShares", 1, Shape::Int32, Given)
            .doc("`nominalConcurrencyShares` (NCS) contributes to the computation of the NominalConcurrencyLimit (NominalCL) of this level. This is the number of execution seats nominally reserved for this priority level. This DOES NOT limit the dispatching from this priority level but affects the other priority levels through the borrowing mechanism. The server's concurrency limit (ServerCL) is divided among all the priority levels in proportion to their NCS values:\n\nNominalCL(i)  = ceil( ServerCL * NCS(i) / sum_ncs ) sum_ncs = sum[priority level k] NCS(k)\n\nBigger numbers mean a larger nominal concurrency limit, at the expense of every other priority level. This field has a default value of zero."),
        field("lendablePercent", 2, Shape::Int32, Given)
            .doc("`lendablePercent` prescribes the fraction of the level's NominalCL that can be borrowed by other priority levels.  This value of this field must be between 0 and 100, inclusive, and it defaults to 0. The number of seats that other levels can borrow from this level, known as this level's LendableConcurrencyLimit (LendableCL), is defined as follows.\n\nLendableCL(i) = round( NominalCL(i) * lendablePercent(i)/100.0 )"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration",
        "ExemptPriorityLevelConfiguration describes the configurable aspects of the handling of exempt requests. In the mandatory exempt configuration object the values in the fields here can be modified by authorized users, unlike the rest of the `spec`.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod`.
pub static FLOW_DISTINGUISHER_METHOD: Type = {
    static FIELDS: [Field; 1] = [
        field("type", 1, Shape::String, Always).required()
            .doc("`type` is the type of flow distinguisher method The supported types are \"ByUser\" and \"ByNamespace\". Required."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod",
        "FlowDistinguisherMethod specifies the method of a flow distinguisher.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.FlowSchema`.
pub static FLOW_SCHEMA: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("`metadata` is the standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&FLOW_SCHEMA_SPEC), Always)
            .doc("`spec` is the specification of the desired behavior of a FlowSchema. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&FLOW_SCHEMA_STATUS), Always)
            .doc("`status` is the current status of a FlowSchema. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema"),
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.FlowSchema",
        "FlowSchema defines the schema of a group of flows. Note that a flow is made up of a set of inbound API requests with similar attributes and is identified by a pair of strings: the name of the FlowSchema and a \"flow distinguisher\".",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.FlowSchemaCondition`.
pub static FLOW_SCHEMA_CONDITION: Type = {
    static FIELDS: [Field; 5] = [
        field("type", 1, Shape::String, NonZero)
            .doc("`type` is the type of the condition. Required."),
        field("status", 2, Shape::String, NonZero)
            .doc("`status` is the status of the condition. Can be True, False, Unknown. Required."),
        field("lastTransitionTime", 3, Shape::Time, Always)
            .doc("`lastTransitionTime` is the last time the condition transitioned from one status to another."),
        field("reason", 4, Shape::String, NonZero)
            .doc("`reason` is a unique, one-word, CamelCase reason for the condition's last transition."),
        field("message", 5, Shape::String, NonZero)
            .doc("`message` is a human-readable message indicating details about last transition."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.FlowSchemaCondition",
        "FlowSchemaCondition describes conditions for a FlowSchema.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.FlowSchemaList`.
pub static FLOW_SCHEMA_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("`metadata` is the standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&FLOW_SCHEMA))), Null).required()
            .doc("`items` is a list of FlowSchemas."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("flowcontrol.apiserver.k8s.io", "v1", "FlowSchemaList"),
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.FlowSchemaList",
        "FlowSchemaList is a list of FlowSchema objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.FlowSchemaSpec`.
pub static FLOW_SCHEMA_SPEC: Type = {
    static FIELDS: [Field; 4] = [
        field("priorityLevelConfiguration", 1, object(&PRIORITY_LEVEL_CONFIGURATION_REFERENCE), Always).required()
            .doc("`priorityLevelConfiguration` should reference a PriorityLevelConfiguration in the cluster. If the reference cannot be resolved, the FlowSchema will be ignored and marked as invalid in its status. Required."),
        field("matchingPrecedence", 2, Shape::Int32, Always)
            .doc("`matchingPrecedence` is used to choose among the FlowSchemas that match a given request. The chosen FlowSchema is among those with the numerically lowest (which we take to be logically highest) MatchingPrecedence.  Each MatchingPrecedence value must be ranged in [1,10000]. Note that if the precedence is not specified, it will be set to 1000 as default."),
        field("distinguisherMethod", 3, object(&FLOW_DISTINGUISHER_METHOD), Given)
            .doc("`distinguisherMethod` defines how to compute the flow distinguisher for requests that match this schema. `nil` specifies that the distinguisher is disabled and thus will always be the empty string."),
        field("rules", 4, list(&Shape::Struct(TypeRef::Static(&POLICY_RULES_WITH_SUBJECTS))), NonZero)
            .doc("`rules` describes which requests will match this flow schema. This FlowSchema matches a request if and only if at least one member of rules matches the request. if it is an empty slice, there will be no requests matching the FlowSchema."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.FlowSchemaSpec",
        "FlowSchemaSpec describes how the FlowSchema's specification looks like.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.FlowSchemaStatus`.
pub static FLOW_SCHEMA_STATUS: Type = {
    static FIELDS: [Field; 1] = [
        field("conditions", 1, list(&Shape::Struct(TypeRef::Static(&FLOW_SCHEMA_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("`conditions` is a list of the current states of FlowSchema."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.FlowSchemaStatus",
        "FlowSchemaStatus represents the current state of a FlowSchema.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.GroupSubject`.
pub static GROUP_SUBJECT: Type = {
    static FIELDS: [Field; 1] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name is the user group that matches, or \"*\" to match all user groups. See https://github.com/kubernetes/apiserver/blob/master/pkg/authentication/user/user.go for some well-known group names. Required."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.GroupSubject",
        "GroupSubject holds detailed information for group-kind subject.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.LimitResponse`.
pub static LIMIT_RESPONSE: Type = {
    static FIELDS: [Field; 2] = [
        field("type", 1, Shape::String, Always).required()
            .doc("`type` is \"Queue\" or \"Reject\". \"Queue\" means that requests that can not be executed upon arrival are held in a queue until they can be executed or a queuing limit is reached. \"Reject\" means that requests that can not be executed upon arrival are rejected. Required."),
        field("queuing", 2, object(&QUEUING_CONFIGURATION), Given)
            .doc("`queuing` holds the configuration parameters for queuing. This field may be non-empty only if `type` is `\"Queue\"`."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.LimitResponse",
        "LimitResponse defines how to handle requests that can not be executed right now.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration`.
pub static LIMITED_PRIORITY_LEVEL_CONFIGURATION: Type = {
    static FIELDS: [Field; 4] = [
        field("nominalConcurrencyShares", 1, Shape::Int32, Null)
            .doc("`nominalConcurrencyShares` (NCS) contributes to the computation of the NominalConcurrencyLimit (NominalCL) of this level. This is the number of execution seats available at this priority level. This is used both for requests dispatched from this priority level as well as requests dispatched from other priority levels borrowing seats from this level. The server's concurrency limit (ServerCL) is divided among the Limited priority levels in proportion to their NCS values:\n\nNominalCL(i)  = ceil( ServerCL * NCS(i) / sum_ncs ) sum_ncs = sum[priority level k] NCS(k)\n\nBigger numbers mean a larger nominal concurrency limit, at the expense of every other priority level.\n\nIf not specified, this field defaults to a value of 30.\n\nSetting this field to zero supports the construction of a \"jail\" for this priority level that is used to hold some request(s)"),
        field("limitResponse", 2, object(&LIMIT_RESPONSE), Always)
            .doc("`limitResponse` indicates what to do with requests that can not be executed right now"),
        field("lendablePercent", 3, Shape::Int32, Given)
            .doc("`lendablePercent` prescribes the fraction of the level's NominalCL that can be borrowed by other priority levels. The value of this field must be between 0 and 100, inclusive, and it defaults to 0. The number of seats that other levels can borrow from this level, known as this level's LendableConcurrencyLimit (LendableCL), is defined as follows.\n\nLendableCL(i) = round( NominalCL(i) * lendablePercent(i)/100.0 )"),
        field("borrowingLimitPercent", 4, Shape::Int32, Given)
            .doc("`borrowingLimitPercent`, if present, configures a limit on how many seats this priority level can borrow from other priority levels. The limit is known as this level's BorrowingConcurrencyLimit (BorrowingCL) and is a limit on the total number of seats that this level may borrow at any one time. This field holds the ratio of that limit to the level's nominal concurrency limit. When this field is non-nil, it must hold a non-negative integer and the limit is calculated as follows.\n\nBorrowingCL(i) = round( NominalCL(i) * borrowingLimitPercent(i)/100.0 )\n\nThe value of this field can be more than 100, implying that this priority level can borrow a number of seats that is greater than its own nominal concurrency limit (NominalCL). When this field is left `nil`, the limit is effectively infinite."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration",
        "LimitedPriorityLevelConfiguration specifies how to handle requests that are subject to limits. It addresses two issues:\n  - How are requests for this priority level limited?\n  - What should be done with requests that exceed the limit?",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.NonResourcePolicyRule`.
pub static NON_RESOURCE_POLICY_RULE: Type = {
    static FIELDS: [Field; 2] = [
        field("verbs", 1, list(&Shape::String), Null).required().set()
            .doc("`verbs` is a list of matching verbs and may not be empty. \"*\" matches all verbs. If it is present, it must be the only entry. Required."),
        field("nonResourceURLs", 6, list(&Shape::String), Null).required().set()
            .doc("`nonResourceURLs` is a set of url prefixes that a user should have access to and may not be empty. For example:\n  - \"/healthz\" is legal\n  - \"/hea*\" is illegal\n  - \"/hea\" is legal but matches nothing\n  - \"/hea/*\" also matches nothing\n  - \"/healthz/*\" matches all per-component health checks.\n\"*\" matches all non-resource urls. if it is present, it must be the only entry. Required."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.NonResourcePolicyRule",
        "NonResourcePolicyRule is a predicate that matches non-resource requests according to their verb and the target non-resource URL. A NonResourcePolicyRule matches a request if and only if both (a) at least one member of verbs matches the request and (b) at least one member of nonResourceURLs matches the request.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects`.
pub static POLICY_RULES_WITH_SUBJECTS: Type = {
    static FIELDS: [Field; 3] = [
        field("subjects", 1, list(&Shape::Struct(TypeRef::Static(&SUBJECT))), Null).required()
            .doc("subjects is the list of normal user, serviceaccount, or group that this rule cares about. There must be at least one member in this slice. A slice that includes both the system:authenticated and system:unauthenticated user groups matches every request. Required."),
        field("resourceRules", 2, list(&Shape::Struct(TypeRef::Static(&RESOURCE_POLICY_RULE))), NonZero)
            .doc("`resourceRules` is a slice of ResourcePolicyRules that identify matching requests according to their verb and the target resource. At least one of `resourceRules` and `nonResourceRules` has to be non-empty."),
        field("nonResourceRules", 3, list(&Shape::Struct(TypeRef::Static(&NON_RESOURCE_POLICY_RULE))), NonZero)
            .doc("`nonResourceRules` is a list of NonResourcePolicyRules that identify matching requests according to their verb and the target non-resource URL."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects",
        "PolicyRulesWithSubjects prescribes a test that applies to a request to an apiserver. The test considers the subject making the request, the verb being requested, and the resource to be acted upon. This PolicyRulesWithSubjects matches a request if and only if both (a) at least one member of subjects matches the request and (b) at least one member of resourceRules or nonResourceRules matches the request.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration`.
pub static PRIORITY_LEVEL_CONFIGURATION: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("`metadata` is the standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&PRIORITY_LEVEL_CONFIGURATION_SPEC), Always)
            .doc("`spec` is the specification of the desired behavior of a \"request-priority\". More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&PRIORITY_LEVEL_CONFIGURATION_STATUS), Always)
            .doc("`status` is the current status of a \"request-priority\". More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration"),
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration",
        "PriorityLevelConfiguration represents the configuration of a priority level.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition`.
pub static PRIORITY_LEVEL_CONFIGURATION_CONDITION: Type = {
    static FIELDS: [Field; 5] = [
        field("type", 1, Shape::String, NonZero)
            .doc("`type` is the type of the condition. Required."),
        field("status", 2, Shape::String, NonZero)
            .doc("`status` is the status of the condition. Can be True, False, Unknown. Required."),
        field("lastTransitionTime", 3, Shape::Time, Always)
            .doc("`lastTransitionTime` is the last time the condition transitioned from one status to another."),
        field("reason", 4, Shape::String, NonZero)
            .doc("`reason` is a unique, one-word, CamelCase reason for the condition's last transition."),
        field("message", 5, Shape::String, NonZero)
            .doc("`message` is a human-readable message indicating details about last transition."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition",
        "PriorityLevelConfigurationCondition defines the condition of priority level.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationList`.
pub static PRIORITY_LEVEL_CONFIGURATION_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("`metadata` is the standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&PRIORITY_LEVEL_CONFIGURATION))), Null).required()
            .doc("`items` is a list of request-priorities."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfigurationList"),
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationList",
        "PriorityLevelConfigurationList is a list of PriorityLevelConfiguration objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference`.
pub static PRIORITY_LEVEL_CONFIGURATION_REFERENCE: Type = {
    static FIELDS: [Field; 1] = [
        field("name", 1, Shape::String, Always).required()
            .doc("`name` is the name of the priority level configuration being referenced Required."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference",
        "PriorityLevelConfigurationReference contains information that points to the \"request-priority\" being used.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec`.
pub static PRIORITY_LEVEL_CONFIGURATION_SPEC: Type = {
    static FIELDS: [Field; 3] = [
        field("type", 1, Shape::String, Always).required()
            .doc("`type` indicates whether this priority level is subject to limitation on request execution.  A value of `\"Exempt\"` means that requests of this priority level are not subject to a limit (and thus are never queued) and do not detract from the capacity made available to other priority levels.  A value of `\"Limited\"` means that (a) requests of this priority level _are_ subject to limits and (b) some of the server's limited capacity is made available exclusively to this priority level. Required."),
        field("limited", 2, object(&LIMITED_PRIORITY_LEVEL_CONFIGURATION), Given)
            .doc("`limited` specifies how requests are handled for a Limited priority level. This field must be non-empty if and only if `type` is `\"Limited\"`."),
        field("exempt", 3, object(&EXEMPT_PRIORITY_LEVEL_CONFIGURATION), Given)
            .doc("`exempt` specifies how requests are handled for an exempt priority level. This field MUST be empty if `type` is `\"Limited\"`. This field MAY be non-empty if `type` is `\"Exempt\"`. If empty and `type` is `\"Exempt\"` then the default values for `ExemptPriorityLevelConfiguration` apply."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec",
        "PriorityLevelConfigurationSpec specifies the configuration of a priority level.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus`.
pub static PRIORITY_LEVEL_CONFIGURATION_STATUS: Type = {
    static FIELDS: [Field; 1] = [
        field("conditions", 1, list(&Shape::Struct(TypeRef::Static(&PRIORITY_LEVEL_CONFIGURATION_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("`conditions` is the current state of \"request-priority\"."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus",
        "PriorityLevelConfigurationStatus represents the current state of a \"request-priority\".",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.QueuingConfiguration`.
pub static QUEUING_CONFIGURATION: Type = {
    static FIELDS: [Field; 3] = [
        field("queues", 1, Shape::Int32, Always)
            .doc("`queues` is the number of queues for this priority level. The queues exist independently at each apiserver. The value must be positive.  Setting it to 1 effectively precludes shufflesharding and thus makes the distinguisher method of associated flow schemas irrelevant.  This field has a default value of 64."),
        field("handSize", 2, Shape::Int32, Always)
            .doc("`handSize` is a small positive number that configures the shuffle sharding of requests into queues.  When enqueuing a request at this priority level the request's flow identifier (a string pair) is hashed and the hash value is used to shuffle the list of queues and deal a hand of the size specified here.  The request is put into one of the shortest queues in that hand. `handSize` must be no larger than `queues`, and should be significantly smaller (so that a few heavy flows do not saturate most of the queues).  See the user-facing documentation for more extensive guidance on setting this field.  This field has a default value of 8."),
        field("queueLengthLimit", 3, Shape::Int32, Always)
            .doc("`queueLengthLimit` is the maximum number of requests allowed to be waiting in a given queue of this priority level at a time; excess requests are rejected.  This value must be positive.  If not specified, it will be defaulted to 50."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.QueuingConfiguration",
        "QueuingConfiguration holds the configuration parameters for queuing",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.ResourcePolicyRule`.
pub static RESOURCE_POLICY_RULE: Type = {
    static FIELDS: [Field; 5] = [
        field("verbs", 1, list(&Shape::String), Null).required().set()
            .doc("`verbs` is a list of matching verbs and may not be empty. \"*\" matches all verbs and, if present, must be the only entry. Required."),
        field("apiGroups", 2, list(&Shape::String), Null).required().set()
            .doc("`apiGroups` is a list of matching API groups and may not be empty. \"*\" matches all API groups and, if present, must be the only entry. Required."),
        field("resources", 3, list(&Shape::String), Null).required().set()
            .doc("`resources` is a list of matching resources (i.e., lowercase and plural) with, if desired, subresource.  For example, [ \"services\", \"nodes/status\" ].  This list may not be empty. \"*\" matches all resources and, if present, must be the only entry. Required."),
        field("clusterScope", 4, Shape::Bool, NonZero)
            .doc("`clusterScope` indicates whether to match requests that do not specify a namespace (which happens either because the resource is not namespaced or the request targets all namespaces). If this field is omitted or false then the `namespaces` field must contain a non-empty list."),
        field("namespaces", 5, list(&Shape::String), Null).set()
            .doc("`namespaces` is a list of target namespaces that restricts matches.  A request that specifies a target namespace matches only if either (a) this list contains that target namespace or (b) this list contains \"*\".  Note that \"*\" matches any specified namespace but does not match a request that _does not specify_ a namespace (see the `clusterScope` field for that). This list may be empty, but only if `clusterScope` is true."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.ResourcePolicyRule",
        "ResourcePolicyRule is a predicate that matches some resource requests, testing the request's verb and the target resource. A ResourcePolicyRule matches a resource request if and only if: (a) at least one member of verbs matches the request, (b) at least one member of apiGroups matches the request, (c) at least one member of resources matches the request, and (d) either (d1) the request does not specify a namespace (i.e., `Namespace==\"\"`) and clusterScope is true or (d2) the request specifies a namespace and least one member of namespaces matches the request's namespace.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.ServiceAccountSubject`.
pub static SERVICE_ACCOUNT_SUBJECT: Type = {
    static FIELDS: [Field; 2] = [
        field("namespace", 1, Shape::String, Always).required()
            .doc("`namespace` is the namespace of matching ServiceAccount objects. Required."),
        field("name", 2, Shape::String, Always).required()
            .doc("`name` is the name of matching ServiceAccount objects, or \"*\" to match regardless of name. Required."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.ServiceAccountSubject",
        "ServiceAccountSubject holds detailed information for service-account-kind subject.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.Subject`.
pub static SUBJECT: Type = {
    static FIELDS: [Field; 4] = [
        field("kind", 1, Shape::String, Always).required()
            .doc("`kind` indicates which one of the other fields is non-empty. Required"),
        field("user", 2, object(&USER_SUBJECT), Given)
            .doc("`user` matches based on username."),
        field("group", 3, object(&GROUP_SUBJECT), Given)
            .doc("`group` matches based on user group name."),
        field("serviceAccount", 4, object(&SERVICE_ACCOUNT_SUBJECT), Given)
            .doc("`serviceAccount` matches ServiceAccounts."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.Subject",
        "Subject matches the originator of a request, as identified by the request authentication system. There are three ways of matching an originator; by user, group, or service account.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.flowcontrol.v1.UserSubject`.
pub static USER_SUBJECT: Type = {
    static FIELDS: [Field; 1] = [
        field("name", 1, Shape::String, Always).required()
            .doc("`name` is the username that matches, or \"*\" to match all usernames. Required."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.flowcontrol.v1.UserSubject",
        "UserSubject holds detailed information for user-kind subject.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
