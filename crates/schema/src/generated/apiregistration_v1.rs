//! `io.k8s.kube-aggregator.pkg.apis.apiregistration.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService`.
pub static API_SERVICE: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&API_SERVICE_SPEC), Always)
            .doc("Spec contains information for locating and communicating with a server"),
        field("status", 3, object(&API_SERVICE_STATUS), Always)
            .doc("Status contains derived information about an API server"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apiregistration.k8s.io", "v1", "APIService"),
    ];
    ty(
        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService",
        "APIService represents a server for a particular GroupVersion. Name must be \"version.group\".",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceCondition`.
pub static API_SERVICE_CONDITION: Type = {
    static FIELDS: [Field; 5] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type is the type of the condition."),
        field("status", 2, Shape::String, Always).required()
            .doc("Status is the status of the condition. Can be True, False, Unknown."),
        field("lastTransitionTime", 3, Shape::Time, Always)
            .doc("Last time the condition transitioned from one status to another."),
        field("reason", 4, Shape::String, NonZero)
            .doc("Unique, one-word, CamelCase reason for the condition's last transition."),
        field("message", 5, Shape::String, NonZero)
            .doc("Human-readable message indicating details about last transition."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceCondition",
        "APIServiceCondition describes the state of an APIService at a particular point",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceList`.
pub static API_SERVICE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&API_SERVICE))), Null).required()
            .doc("Items is the list of APIService"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apiregistration.k8s.io", "v1", "APIServiceList"),
    ];
    ty(
        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceList",
        "APIServiceList is a list of APIService objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec`.
pub static API_SERVICE_SPEC: Type = {
    static FIELDS: [Field; 7] = [
        field("service", 1, object(&SERVICE_REFERENCE), Given)
            .doc("Service is a reference to the service for this API server.  It must communicate on port 443. If the Service is nil, that means the handling for the API groupversion is handled locally on this server. The call will simply delegate to the normal handler chain to be fulfilled."),
        field("group", 2, Shape::String, NonZero)
            .doc("Group is the API group name this server hosts"),
        field("version", 3, Shape::String, NonZero)
            .doc("Version is the API version this server hosts.  For example, \"v1\""),
        field("insecureSkipTLSVerify", 4, Shape::Bool, NonZero)
            .doc("InsecureSkipTLSVerify disables TLS certificate verification when communicating with this server. This is strongly discouraged.  You should use the CABundle instead."),
        field("caBundle", 5, Shape::Bytes, NonZero)
            .doc("CABundle is a PEM encoded CA bundle which will be used to validate an API server's serving certificate. If unspecified, system trust roots on the apiserver are used."),
        field("groupPriorityMinimum", 7, Shape::Int32, Always).required()
            .doc("GroupPriorityMinimum is the priority this group should have at least. Higher priority means that the group is preferred by clients over lower priority ones. Note that other versions of this group might specify even higher GroupPriorityMinimum values such that the whole group gets a higher priority. The primary sort is based on GroupPriorityMinimum, ordered highest number to lowest (20 before 10). The secondary sort is based on the alphabetical comparison of the name of the object.  (v1.bar before v1.foo) We'd recommend something like: *.k8s.io (except extensions) at 18000 and PaaSes (OpenShift, Deis) are recommended to be in the 2000s"),
        field("versionPriority", 8, Shape::Int32, Always).required()
            .doc("VersionPriority controls the ordering of this API version inside of its group.  Must be greater than zero. The primary sort is based on VersionPriority, ordered highest to lowest (20 before 10). Since it's inside of a group, the number can be small, probably in the 10s. In case of equal version priorities, the version string will be used to compute the order inside a group. If the version string is \"kube-like\", it will sort above non \"kube-like\" version strings, which are ordered lexicographically. \"Kube-like\" versions start with a \"v\", then are followed by a number (the major version), then optionally the string \"alpha\" or \"beta\" and another number (the minor version). These are sorted first by GA > beta > alpha (where GA is a version with no suffix such as beta or alpha), and then by comparing major version, then minor version. An example sorted list of versions: v10, v2, v1, v11beta2, v10beta3, v3beta1, v12alpha1, v11alpha2, foo1, foo10."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec",
        "APIServiceSpec contains information for locating and communicating with a server. Only https is supported, though you are able to disable certificate verification.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus`.
pub static API_SERVICE_STATUS: Type = {
    static FIELDS: [Field; 1] = [
        field("conditions", 1, list(&Shape::Struct(TypeRef::Static(&API_SERVICE_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Current service state of apiService."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus",
        "APIServiceStatus contains derived information about an API server",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference`.
pub static SERVICE_REFERENCE: Type = {
    static FIELDS: [Field; 3] = [
        field("namespace", 1, Shape::String, NonZero)
            .doc("Namespace is the namespace of the service"),
        field("name", 2, Shape::String, NonZero)
            .doc("Name is the name of the service"),
        field("port", 3, Shape::Int32, Given)
            .doc("If specified, the port on the service that hosting webhook. Default to 443 for backward compatibility. `port` should be a valid port number (1-65535, inclusive)."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference",
        "ServiceReference holds a reference to Service.legacy.k8s.io",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
