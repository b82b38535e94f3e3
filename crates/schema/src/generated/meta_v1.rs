//! `io.k8s.apimachinery.pkg.apis.meta.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup`.
pub static API_GROUP: Type = {
    static FIELDS: [Field; 6] = [
        kind(),
        api_version(),
        field("name", 1, Shape::String, Always).required()
            .doc("name is the name of the group."),
        field("versions", 2, list(&Shape::Struct(TypeRef::Static(&GROUP_VERSION_FOR_DISCOVERY))), Null).required()
            .doc("versions are the versions supported in this group."),
        field("preferredVersion", 3, object(&GROUP_VERSION_FOR_DISCOVERY), Always)
            .doc("preferredVersion is the version preferred by the API server, which probably is the storage version."),
        field("serverAddressByClientCIDRs", 4, list(&Shape::Struct(TypeRef::Static(&SERVER_ADDRESS_BY_CLIENT_CIDR))), NonZero)
            .doc("a map of client CIDR to server address that is serving this group. This is to help clients reach servers in the most network-efficient way possible. Clients can use the appropriate server address as per the CIDR that they match. In case of multiple matches, clients should use the longest matching CIDR. The server returns only those CIDRs that it thinks that the client can match. For example: the master will return an internal IP CIDR only, if the client reaches the server using an internal IP. Server looks at X-Forwarded-For header or X-Real-Ip header or request.RemoteAddr (in that order) to get the client IP."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "APIGroup"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup",
        "APIGroup contains the name, the supported versions, and the preferred version of a group.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList`.
pub static API_GROUP_LIST: Type = {
    static FIELDS: [Field; 3] = [
        kind(),
        api_version(),
        field("groups", 1, list(&Shape::Struct(TypeRef::Static(&API_GROUP))), Null).required()
            .doc("groups is a list of APIGroup."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "APIGroupList"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList",
        "APIGroupList is a list of APIGroup, to allow clients to discover the API at /apis.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.APIResource`.
pub static API_RESOURCE: Type = {
    static FIELDS: [Field; 10] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name is the plural name of the resource."),
        field("singularName", 6, Shape::String, Always).required()
            .doc("singularName is the singular name of the resource.  This allows clients to handle plural and singular opaquely. The singularName is more correct for reporting status on a single item and both singular and plural are allowed from the kubectl CLI interface."),
        field("namespaced", 2, Shape::Bool, Always).required()
            .doc("namespaced indicates if a resource is namespaced or not."),
        field("group", 8, Shape::String, NonZero)
            .doc("group is the preferred group of the resource.  Empty implies the group of the containing resource list. For subresources, this may have a different value, for example: Scale\"."),
        field("version", 9, Shape::String, NonZero)
            .doc("version is the preferred version of the resource.  Empty implies the version of the containing resource list For subresources, this may have a different value, for example: v1 (while inside a v1beta1 version of the core resource's group)\"."),
        field("kind", 3, Shape::String, Always).required()
            .doc("kind is the kind for the resource (e.g. 'Foo' is the kind for a resource 'foo')"),
        field("verbs", 4, list(&Shape::String), Null).required().form(WireForm::Items)
            .doc("verbs is a list of supported kube verbs (this includes get, list, watch, create, update, patch, delete, deletecollection, and proxy)"),
        field("shortNames", 5, list(&Shape::String), NonZero)
            .doc("shortNames is a list of suggested short names of the resource."),
        field("categories", 7, list(&Shape::String), NonZero)
            .doc("categories is a list of the grouped resources this resource belongs to (e.g. 'all')"),
        field("storageVersionHash", 10, Shape::String, NonZero)
            .doc("The hash value of the storage version, the version this resource is converted to when written to the data store. Value must be treated as opaque by clients. Only equality comparison on the value is valid. This is an alpha feature and may change or be removed in the future. The field is populated by the apiserver only if the StorageVersionHash feature gate is enabled. This field will remain optional even if it graduates."),
    ];
    static NAMES: [(Text, u16); 10] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.APIResource",
        "APIResource specifies the name of a resource and whether it is namespaced.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList`.
pub static API_RESOURCE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("groupVersion", 1, Shape::String, Always).required()
            .doc("groupVersion is the group and version this APIResourceList is for."),
        field("resources", 2, list(&Shape::Struct(TypeRef::Static(&API_RESOURCE))), Null).required()
            .doc("resources contains the name of the resources and if they are namespaced."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "APIResourceList"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList",
        "APIResourceList is a list of APIResource, it is used to expose the name of the resources supported in a specific group and version, and if the resource is namespaced.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions`.
pub static API_VERSIONS: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("versions", 1, list(&Shape::String), Null).required()
            .doc("versions are the api versions that are available."),
        field("serverAddressByClientCIDRs", 2, list(&Shape::Struct(TypeRef::Static(&SERVER_ADDRESS_BY_CLIENT_CIDR))), Null).required()
            .doc("a map of client CIDR to server address that is serving this group. This is to help clients reach servers in the most network-efficient way possible. Clients can use the appropriate server address as per the CIDR that they match. In case of multiple matches, clients should use the longest matching CIDR. The server returns only those CIDRs that it thinks that the client can match. For example: the master will return an internal IP CIDR only, if the client reaches the server using an internal IP. Server looks at X-Forwarded-For header or X-Real-Ip header or request.RemoteAddr (in that order) to get the client IP."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "APIVersions"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions",
        "APIVersions lists the versions that are available, to allow clients to discover the API at /api, which is the root path of the legacy v1 API.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.Condition`.
pub static CONDITION: Type = {
    static FIELDS: [Field; 6] = [
        field("type", 1, Shape::String, Always).required()
            .doc("type of condition in CamelCase or in foo.example.com/CamelCase."),
        field("status", 2, Shape::String, Always).required()
            .doc("status of the condition, one of True, False, Unknown."),
        field("observedGeneration", 3, Shape::Int64, NonZero)
            .doc("observedGeneration represents the .metadata.generation that the condition was set based upon. For instance, if .metadata.generation is currently 12, but the .status.conditions[x].observedGeneration is 9, the condition is out of date with respect to the current state of the instance."),
        field("lastTransitionTime", 4, Shape::Time, Always).required()
            .doc("lastTransitionTime is the last time the condition transitioned from one status to another. This should be when the underlying condition changed.  If that is not known, then using the time when the API field changed is acceptable."),
        field("reason", 5, Shape::String, Always).required()
            .doc("reason contains a programmatic identifier indicating the reason for the condition's last transition. Producers of specific condition types may define expected values and meanings for this field, and whether the values are considered a guaranteed API. The value should be a CamelCase string. This field may not be empty."),
        field("message", 6, Shape::String, Always).required()
            .doc("message is a human readable message indicating details about the transition. This may be an empty string."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.Condition",
        "Condition contains details for one aspect of the current state of this API Resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.CreateOptions`.
pub static CREATE_OPTIONS: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("dryRun", 1, list(&Shape::String), NonZero)
            .doc("When present, indicates that modifications should not be persisted. An invalid or unrecognized dryRun directive will result in an error response and no further processing of the request. Valid values are: - All: all dry run stages will be processed"),
        field("fieldManager", 3, Shape::String, NonZero)
            .doc("fieldManager is a name associated with the actor or entity that is making these changes. The value must be less than or 128 characters long, and only contain printable characters, as defined by https://golang.org/pkg/unicode/#IsPrint."),
        field("fieldValidation", 4, Shape::String, NonZero)
            .doc("fieldValidation instructs the server on how to handle objects in the request (POST/PUT/PATCH) containing unknown or duplicate fields. Valid values are: - Ignore: This will ignore any unknown fields that are silently dropped from the object, and will ignore all but the last duplicate field that the decoder encounters. This is the default behavior prior to v1.23. - Warn: This will send a warning via the standard warning response header for each unknown field that is dropped from the object, and for each duplicate field that is encountered. The request will still succeed if there are no other errors, and will only persist the last of any duplicate fields. This is the default in v1.23+ - Strict: This will fail the request with a BadRequest error if any unknown fields would be dropped from the object, or if any duplicate fields are present. The error returned from the server will contain all unknown and duplicate fields encountered."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "CreateOptions"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.CreateOptions",
        "CreateOptions may be provided when creating an API object.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions`.
pub static DELETE_OPTIONS: Type = {
    static FIELDS: [Field; 8] = [
        kind(),
        api_version(),
        field("gracePeriodSeconds", 1, Shape::Int64, Given)
            .doc("The duration in seconds before the object should be deleted. Value must be non-negative integer. The value zero indicates delete immediately. If this value is nil, the default grace period for the specified type will be used. Defaults to a per object value if not specified. zero means delete immediately."),
        field("preconditions", 2, object(&PRECONDITIONS), Given)
            .doc("Must be fulfilled before a deletion is carried out. If not possible, a 409 Conflict status will be returned."),
        field("orphanDependents", 3, Shape::Bool, Given)
            .doc("Deprecated: please use the PropagationPolicy, this field will be deprecated in 1.7. Should the dependent objects be orphaned. If true/false, the \"orphan\" finalizer will be added to/removed from the object's finalizers list. Either this field or PropagationPolicy may be set, but not both."),
        field("propagationPolicy", 4, Shape::String, Given)
            .doc("Whether and how garbage collection will be performed. Either this field or OrphanDependents may be set, but not both. The default policy is decided by the existing finalizer set in the metadata.finalizers and the resource-specific default policy. Acceptable values are: 'Orphan' - orphan the dependents; 'Background' - allow the garbage collector to delete the dependents in the background; 'Foreground' - a cascading policy that deletes all dependents in the foreground."),
        field("dryRun", 5, list(&Shape::String), NonZero)
            .doc("When present, indicates that modifications should not be persisted. An invalid or unrecognized dryRun directive will result in an error response and no further processing of the request. Valid values are: - All: all dry run stages will be processed"),
        field("ignoreStoreReadErrorWithClusterBreakingPotential", 6, Shape::Bool, Given)
            .doc("if set to true, it will trigger an unsafe deletion of the resource in case the normal deletion flow fails with a corrupt object error. A resource is considered corrupt if it can not be retrieved from the underlying storage successfully because of a) its data can not be transformed e.g. decryption failure, or b) it fails to decode into an object. NOTE: unsafe deletion ignores finalizer constraints, skips precondition checks, and removes the object from the storage. WARNING: This may potentially break the cluster if the workload associated with the resource being unsafe-deleted relies on normal deletion flow. Use only if you REALLY know what you are doing. The default value is false, and the user must opt in to enable it"),
    ];
    static NAMES: [(Text, u16); 8] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 62] = [
        gvk("", "v1", "DeleteOptions"),
        gvk("admission.k8s.io", "v1", "DeleteOptions"),
        gvk("admission.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("admissionregistration.k8s.io", "v1", "DeleteOptions"),
        gvk("admissionregistration.k8s.io", "v1alpha1", "DeleteOptions"),
        gvk("admissionregistration.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("apiextensions.k8s.io", "v1", "DeleteOptions"),
        gvk("apiextensions.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("apiregistration.k8s.io", "v1", "DeleteOptions"),
        gvk("apiregistration.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("apps", "v1", "DeleteOptions"),
        gvk("apps", "v1beta1", "DeleteOptions"),
        gvk("apps", "v1beta2", "DeleteOptions"),
        gvk("authentication.k8s.io", "v1", "DeleteOptions"),
        gvk("authentication.k8s.io", "v1alpha1", "DeleteOptions"),
        gvk("authentication.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("authorization.k8s.io", "v1", "DeleteOptions"),
        gvk("authorization.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("autoscaling", "v1", "DeleteOptions"),
        gvk("autoscaling", "v2", "DeleteOptions"),
        gvk("autoscaling", "v2beta1", "DeleteOptions"),
        gvk("autoscaling", "v2beta2", "DeleteOptions"),
        gvk("batch", "v1", "DeleteOptions"),
        gvk("batch", "v1beta1", "DeleteOptions"),
        gvk("certificates.k8s.io", "v1", "DeleteOptions"),
        gvk("certificates.k8s.io", "v1alpha1", "DeleteOptions"),
        gvk("certificates.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("coordination.k8s.io", "v1", "DeleteOptions"),
        gvk("coordination.k8s.io", "v1alpha2", "DeleteOptions"),
        gvk("coordination.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("discovery.k8s.io", "v1", "DeleteOptions"),
        gvk("discovery.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("events.k8s.io", "v1", "DeleteOptions"),
        gvk("events.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("extensions", "v1beta1", "DeleteOptions"),
        gvk("flowcontrol.apiserver.k8s.io", "v1", "DeleteOptions"),
        gvk("flowcontrol.apiserver.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("flowcontrol.apiserver.k8s.io", "v1beta2", "DeleteOptions"),
        gvk("flowcontrol.apiserver.k8s.io", "v1beta3", "DeleteOptions"),
        gvk("imagepolicy.k8s.io", "v1alpha1", "DeleteOptions"),
        gvk("internal.apiserver.k8s.io", "v1alpha1", "DeleteOptions"),
        gvk("networking.k8s.io", "v1", "DeleteOptions"),
        gvk("networking.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("node.k8s.io", "v1", "DeleteOptions"),
        gvk("node.k8s.io", "v1alpha1", "DeleteOptions"),
        gvk("node.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("policy", "v1", "DeleteOptions"),
        gvk("policy", "v1beta1", "DeleteOptions"),
        gvk("rbac.authorization.k8s.io", "v1", "DeleteOptions"),
        gvk("rbac.authorization.k8s.io", "v1alpha1", "DeleteOptions"),
        gvk("rbac.authorization.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("resource.k8s.io", "v1", "DeleteOptions"),
        gvk("resource.k8s.io", "v1alpha3", "DeleteOptions"),
        gvk("resource.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("resource.k8s.io", "v1beta2", "DeleteOptions"),
        gvk("scheduling.k8s.io", "v1", "DeleteOptions"),
        gvk("scheduling.k8s.io", "v1alpha1", "DeleteOptions"),
        gvk("scheduling.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("storage.k8s.io", "v1", "DeleteOptions"),
        gvk("storage.k8s.io", "v1alpha1", "DeleteOptions"),
        gvk("storage.k8s.io", "v1beta1", "DeleteOptions"),
        gvk("storagemigration.k8s.io", "v1beta1", "DeleteOptions"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
        "DeleteOptions may be provided when deleting an API object.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement`.
pub static FIELD_SELECTOR_REQUIREMENT: Type = {
    static FIELDS: [Field; 3] = [
        field("key", 1, Shape::String, Always).required()
            .doc("key is the field selector key that the requirement applies to."),
        field("operator", 2, Shape::String, Always).required()
            .doc("operator represents a key's relationship to a set of values. Valid operators are In, NotIn, Exists, DoesNotExist. The list of operators may grow in the future."),
        field("values", 3, list(&Shape::String), NonZero)
            .doc("values is an array of string values. If the operator is In or NotIn, the values array must be non-empty. If the operator is Exists or DoesNotExist, the values array must be empty."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement",
        "FieldSelectorRequirement is a selector that contains values, a key, and an operator that relates the key and values.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.GetOptions`.
pub static GET_OPTIONS: Type = {
    static FIELDS: [Field; 3] = [
        kind(),
        api_version(),
        field("resourceVersion", 1, Shape::String, NonZero)
            .doc("resourceVersion sets a constraint on what resource versions a request may be served from. See https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions for details.\n\nDefaults to unset"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "GetOptions"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.GetOptions",
        "GetOptions is the standard query options to the standard REST get call.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.GroupResource`.
pub static GROUP_RESOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("group", 1, Shape::String, Always).required(),
        field("resource", 2, Shape::String, Always).required(),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.GroupResource",
        "GroupResource specifies a Group and a Resource, but does not force a version.  This is useful for identifying concepts during lookup stages without having partially valid types",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery`.
pub static GROUP_VERSION_FOR_DISCOVERY: Type = {
    static FIELDS: [Field; 2] = [
        field("groupVersion", 1, Shape::String, Always).required()
            .doc("groupVersion specifies the API group and version in the form \"group/version\""),
        field("version", 2, Shape::String, Always).required()
            .doc("version specifies the version in the form of \"version\". This is to save the clients the trouble of splitting the GroupVersion."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery",
        "GroupVersion contains the \"group/version\" and \"version\" string of a version. It is made a struct to keep extensibility.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionKind`.
pub static GROUP_VERSION_KIND: Type = {
    static FIELDS: [Field; 3] = [
        field("group", 1, Shape::String, Always),
        field("version", 2, Shape::String, Always),
        field("kind", 3, Shape::String, Always),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionKind",
        "GroupVersionKind unambiguously identifies a kind.  It doesn't anonymously include GroupVersion to avoid automatic coercion.  It doesn't use a GroupVersion to avoid custom marshalling",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionResource`.
pub static GROUP_VERSION_RESOURCE: Type = {
    static FIELDS: [Field; 3] = [
        field("group", 1, Shape::String, Always),
        field("version", 2, Shape::String, Always),
        field("resource", 3, Shape::String, Always),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionResource",
        "GroupVersionResource unambiguously identifies a resource.  It doesn't anonymously include GroupVersion to avoid automatic coercion.  It doesn't use a GroupVersion to avoid custom marshalling",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector`.
pub static LABEL_SELECTOR: Type = {
    static FIELDS: [Field; 2] = [
        field("matchLabels", 1, map(&Shape::String), NonZero)
            .doc("matchLabels is a map of {key,value} pairs. A single {key,value} in the matchLabels map is equivalent to an element of matchExpressions, whose key field is \"key\", the operator is \"In\", and the values array contains only \"value\". The requirements are ANDed."),
        field("matchExpressions", 2, list(&Shape::Struct(TypeRef::Static(&LABEL_SELECTOR_REQUIREMENT))), NonZero)
            .doc("matchExpressions is a list of label selector requirements. The requirements are ANDed."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector",
        "A label selector is a label query over a set of resources. The result of matchLabels and matchExpressions are ANDed. An empty label selector matches all objects. A null label selector matches no objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement`.
pub static LABEL_SELECTOR_REQUIREMENT: Type = {
    static FIELDS: [Field; 3] = [
        field("key", 1, Shape::String, Always).required()
            .doc("key is the label key that the selector applies to."),
        field("operator", 2, Shape::String, Always).required()
            .doc("operator represents a key's relationship to a set of values. Valid operators are In, NotIn, Exists and DoesNotExist."),
        field("values", 3, list(&Shape::String), NonZero)
            .doc("values is an array of string values. If the operator is In or NotIn, the values array must be non-empty. If the operator is Exists or DoesNotExist, the values array must be empty. This array is replaced during a strategic merge patch."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement",
        "A label selector requirement is a selector that contains values, a key, and an operator that relates the key and values.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta`.
pub static LIST_META: Type = {
    static FIELDS: [Field; 4] = [
        field("selfLink", 1, Shape::String, NonZero)
            .doc("Deprecated: selfLink is a legacy read-only field that is no longer populated by the system."),
        field("resourceVersion", 2, Shape::String, NonZero)
            .doc("String that identifies the server's internal version of this object that can be used by clients to determine when objects have changed. Value must be treated as opaque by clients and passed unmodified back to the server. Populated by the system. Read-only. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#concurrency-control-and-consistency"),
        field("continue", 3, Shape::String, NonZero)
            .doc("continue may be set if the user set a limit on the number of items returned, and indicates that the server has more data available. The value is opaque and may be used to issue another request to the endpoint that served this list to retrieve the next set of available objects. Continuing a consistent list may not be possible if the server configuration has changed or more than a few minutes have passed. The resourceVersion field returned when using this continue value will be identical to the value in the first response, unless you have received this token from an error message."),
        field("remainingItemCount", 4, Shape::Int64, Given)
            .doc("remainingItemCount is the number of subsequent items in the list which are not included in this list response. If the list request contained label or field selectors, then the number of remaining items is unknown and the field will be left unset and omitted during serialization. If the list is complete (either because it is not chunking or because this is the last chunk), then there are no more remaining items and this field will be left unset and omitted during serialization. Servers older than v1.15 do not set this field. The intended use of the remainingItemCount is *estimating* the size of a collection. Clients should not rely on the remainingItemCount to be set or to be exact."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta",
        "ListMeta describes metadata that synthetic resources must have, including lists and various status objects. A resource may have only one of {ObjectMeta, ListMeta}.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.ListOptions`.
pub static LIST_OPTIONS: Type = {
    static FIELDS: [Field; 12] = [
        kind(),
        api_version(),
        field("labelSelector", 1, Shape::String, NonZero)
            .doc("A selector to restrict the list of returned objects by their labels. Defaults to everything."),
        field("fieldSelector", 2, Shape::String, NonZero)
            .doc("A selector to restrict the list of returned objects by their fields. Defaults to everything."),
        field("watch", 3, Shape::Bool, NonZero)
            .doc("Watch for changes to the described resources and return them as a stream of add, update, and remove notifications. Specify resourceVersion."),
        field("allowWatchBookmarks", 9, Shape::Bool, NonZero)
            .doc("allowWatchBookmarks requests watch events with type \"BOOKMARK\". Servers that do not implement bookmarks may ignore this flag and bookmarks are sent at the server's discretion. Clients should not assume bookmarks are returned at any specific interval, nor may they assume the server will send any BOOKMARK event during a session. If this is not a watch, this field is ignored."),
        field("resourceVersion", 4, Shape::String, NonZero)
            .doc("resourceVersion sets a constraint on what resource versions a request may be served from. See https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions for details.\n\nDefaults to unset"),
        field("resourceVersionMatch", 10, Shape::String, NonZero)
            .doc("resourceVersionMatch determines how resourceVersion is applied to list calls. It is highly recommended that resourceVersionMatch be set for list calls where resourceVersion is set See https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions for details.\n\nDefaults to unset"),
        field("timeoutSeconds", 5, Shape::Int64, Given)
            .doc("Timeout for the list/watch call. This limits the duration of the call, regardless of any activity or inactivity."),
        field("limit", 7, Shape::Int64, NonZero)
            .doc("limit is a maximum number of responses to return for a list call. If more items exist, the server will set the `continue` field on the list metadata to a value that can be used with the same initial query to retrieve the next set of results. Setting a limit may return fewer than the requested amount of items (up to zero items) in the event all requested objects are filtered out and clients should only use the presence of the continue field to determine whether more results are available. Servers may choose not to support the limit argument and will return all of the available results. If limit is specified and the continue field is empty, clients may assume that no more results are available. This field is not supported if watch is true.\n\nThe server guarantees that the objects returned when using continue will be identical to issuing a single list call without a limit - that is, no objects created, modified, or deleted after the first request is issued will be included in any subsequent continued requests. This is sometimes referred to as a consistent snapshot, and ensures that a client that is using limit to receive smaller chunks of a very large result can ensure they see all possible objects. If objects are updated during a chunked list the version of the object that was present at the time the first list result was calculated is returned."),
        field("continue", 8, Shape::String, NonZero)
            .doc("The continue option should be set when retrieving more results from the server. Since this value is server defined, clients may only use the continue value from a previous query result with identical query parameters (except for the value of continue) and the server may reject a continue value it does not recognize. If the specified continue value is no longer valid whether due to expiration (generally five to fifteen minutes) or a configuration change on the server, the server will respond with a 410 ResourceExpired error together with a continue token. If the client needs a consistent list, it must restart their list without the continue field. Otherwise, the client may send another list request with the token received with the 410 error, the server will respond with a list starting from the next key, but from the latest snapshot, which is inconsistent from the previous list results - objects that are created, modified, or deleted after the first list request will be included in the response, as long as their keys are after the \"next key\".\n\nThis field is not supported when watch is true. Clients may start a watch from the last resourceVersion value returned by the server and not miss any modifications."),
        field("sendInitialEvents", 11, Shape::Bool, Given)
            .doc("`sendInitialEvents=true` may be set together with `watch=true`. In that case, the watch stream will begin with synthetic events to produce the current state of objects in the collection. Once all such events have been sent, a synthetic \"Bookmark\" event  will be sent. The bookmark will report the ResourceVersion (RV) corresponding to the set of objects, and be marked with `\"k8s.io/initial-events-end\": \"true\"` annotation. Afterwards, the watch stream will proceed as usual, sending watch events corresponding to changes (subsequent to the RV) to objects watched.\n\nWhen `sendInitialEvents` option is set, we require `resourceVersionMatch` option to also be set. The semantic of the watch request is as following: - `resourceVersionMatch` = NotOlderThan is interpreted as \"data at least as new as the provided `resourceVersion`\" and the bookmark event is send when the state is synced to a `resourceVersion` at least as fresh as the one provided by the ListOptions. If `resourceVersion` is unset, this is interpreted as \"consistent read\" and the bookmark event is send when the state is synced at least to the moment when request started being processed. - `resourceVersionMatch` set to any other value or unset Invalid error is returned.\n\nDefaults to true if `resourceVersion=\"\"` or `resourceVersion=\"0\"` (for backward compatibility reasons) and to false otherwise."),
    ];
    static NAMES: [(Text, u16); 12] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ListOptions"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.ListOptions",
        "ListOptions is the query options to a standard REST list call.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry`.
pub static MANAGED_FIELDS_ENTRY: Type = {
    static FIELDS: [Field; 7] = [
        field("manager", 1, Shape::String, NonZero)
            .doc("Manager is an identifier of the workflow managing these fields."),
        field("operation", 2, Shape::String, NonZero)
            .doc("Operation is the type of operation which lead to this ManagedFieldsEntry being created. The only valid values for this field are 'Apply' and 'Update'."),
        field("apiVersion", 3, Shape::String, NonZero)
            .doc("APIVersion defines the version of this resource that this field set applies to. The format is \"group/version\" just like the top-level APIVersion field. It is necessary to track the version of a field set because it cannot be automatically converted."),
        field("time", 4, Shape::Time, Given)
            .doc("Time is the timestamp of when the ManagedFields entry was added. The timestamp will also be updated if a field is added, the manager changes any of the owned fields value or removes a field. The timestamp does not update when a field is removed from the entry because another manager took it over."),
        field("fieldsType", 6, Shape::String, NonZero)
            .doc("FieldsType is the discriminator for the different fields format and version. There is currently only one possible value: \"FieldsV1\""),
        field("fieldsV1", 7, Shape::Any, Given)
            .doc("FieldsV1 holds the first JSON version format as described in the \"FieldsV1\" type."),
        field("subresource", 8, Shape::String, NonZero)
            .doc("Subresource is the name of the subresource used to update that object, or empty string if the object was updated through the main resource. The value of this field is used to distinguish between managers, even if they share the same name. For example, a status update will be distinct from a regular update using the same manager name. Note that the APIVersion field is not related to the Subresource field and it always corresponds to the version of the main resource."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry",
        "ManagedFieldsEntry is a workflow-id, a FieldSet and the group version of the resource that the fieldset applies to.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta`.
pub static OBJECT_META: Type = {
    static FIELDS: [Field; 15] = [
        field("name", 1, Shape::String, NonZero)
            .doc("Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names"),
        field("generateName", 2, Shape::String, NonZero)
            .doc("GenerateName is an optional prefix, used by the server, to generate a unique name ONLY IF the Name field has not been provided. If this field is used, the name returned to the client will be different than the name passed. This value will also be combined with a unique suffix. The provided value has the same validation rules as the Name field, and may be truncated by the length of the suffix required to make the value unique on the server.\n\nIf this field is specified and the generated name exists, the server will return a 409.\n\nApplied only if Name is not specified. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#idempotency"),
        field("namespace", 3, Shape::String, NonZero)
            .doc("Namespace defines the space within which each name must be unique. An empty namespace is equivalent to the \"default\" namespace, but \"default\" is the canonical representation. Not all objects are required to be scoped to a namespace - the value of this field for those objects will be empty.\n\nMust be a DNS_LABEL. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces"),
        field("selfLink", 4, Shape::String, NonZero)
            .doc("Deprecated: selfLink is a legacy read-only field that is no longer populated by the system."),
        field("uid", 5, Shape::String, NonZero)
            .doc("UID is the unique in time and space value for this object. It is typically generated by the server on successful creation of a resource and is not allowed to change on PUT operations.\n\nPopulated by the system. Read-only. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#uids"),
        field("resourceVersion", 6, Shape::String, NonZero)
            .doc("An opaque value that represents the internal version of this object that can be used by clients to determine when objects have changed. May be used for optimistic concurrency, change detection, and the watch operation on a resource or set of resources. Clients must treat these values as opaque and passed unmodified back to the server. They may only be valid for a particular resource or set of resources.\n\nPopulated by the system. Read-only. Value must be treated as opaque by clients and . More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#concurrency-control-and-consistency"),
        field("generation", 7, Shape::Int64, NonZero)
            .doc("A sequence number representing a specific generation of the desired state. Populated by the system. Read-only."),
        field("creationTimestamp", 8, Shape::Time, NonZero)
            .doc("CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("deletionTimestamp", 9, Shape::Time, Given)
            .doc("DeletionTimestamp is RFC 3339 date and time at which this resource will be deleted. This field is set by the server when a graceful deletion is requested by the user, and is not directly settable by a client. The resource is expected to be deleted (no longer visible from resource lists, and not reachable by name) after the time in this field, once the finalizers list is empty. As long as the finalizers list contains items, deletion is blocked. Once the deletionTimestamp is set, this value may not be unset or be set further into the future, although it may be shortened or the resource may be deleted prior to this time. For example, a user may request that a pod is deleted in 30 seconds. The Kubelet will react by sending a graceful termination signal to the containers in the pod. After that 30 seconds, the Kubelet will send a hard termination signal (SIGKILL) to the container and after cleanup, remove the pod from the API. In the presence of network partitions, this object may still exist after this timestamp, until an administrator or automated process can determine the resource is fully terminated. If not set, graceful deletion of the object has not been requested.\n\nPopulated by the system when a graceful deletion is requested. Read-only. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("deletionGracePeriodSeconds", 10, Shape::Int64, Given)
            .doc("Number of seconds allowed for this object to gracefully terminate before it will be removed from the system. Only set when deletionTimestamp is also set. May only be shortened. Read-only."),
        field("labels", 11, map(&Shape::String), NonZero)
            .doc("Map of string keys and values that can be used to organize and categorize (scope and select) objects. May match selectors of replication controllers and services. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels"),
        field("annotations", 12, map(&Shape::String), NonZero)
            .doc("Annotations is an unstructured key value map stored with a resource that may be set by external tools to store and retrieve arbitrary metadata. They are not queryable and should be preserved when modifying objects. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations"),
        field("ownerReferences", 13, list(&Shape::Struct(TypeRef::Static(&OWNER_REFERENCE))), NonZero).keyed(&[Borrowed("uid")]).merge("uid")
            .doc("List of objects depended by this object. If ALL objects in the list have been deleted, this object will be garbage collected. If this object is managed by a controller, then an entry in this list will point to this controller, with the controller field set to true. There cannot be more than one managing controller."),
        field("finalizers", 14, list(&Shape::String), NonZero).set().merge("")
            .doc("Must be empty before the object is deleted from the registry. Each entry is an identifier for the responsible component that will remove the entry from the list. If the deletionTimestamp of the object is non-nil, entries in this list can only be removed. Finalizers may be processed and removed in any order.  Order is NOT enforced because it introduces significant risk of stuck finalizers. finalizers is a shared field, any actor with permission can reorder it. If the finalizer list is processed in order, then this can lead to a situation in which the component responsible for the first finalizer in the list is waiting for a signal (field value, external system, or other) produced by a component responsible for a finalizer later in the list, resulting in a deadlock. Without enforced ordering finalizers are free to order amongst themselves and are not vulnerable to ordering changes in the list."),
        field("managedFields", 17, list(&Shape::Struct(TypeRef::Static(&MANAGED_FIELDS_ENTRY))), NonZero)
            .doc("ManagedFields maps workflow-id and version to the set of fields that are managed by that workflow. This is mostly for internal housekeeping, and users typically shouldn't need to set or understand this field. A workflow can be the user's name, a controller's name, or the name of a specific apply path like \"ci-cd\". The set of fields is always in the version that the workflow used when modifying the object."),
    ];
    static NAMES: [(Text, u16); 15] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
        "ObjectMeta is metadata that all persisted resources must have, which includes all objects users must create.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference`.
pub static OWNER_REFERENCE: Type = {
    static FIELDS: [Field; 6] = [
        field("apiVersion", 5, Shape::String, Always).required()
            .doc("API version of the referent."),
        field("kind", 1, Shape::String, Always).required()
            .doc("Kind of the referent. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("name", 3, Shape::String, Always).required()
            .doc("Name of the referent. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names"),
        field("uid", 4, Shape::String, Always).required()
            .doc("UID of the referent. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#uids"),
        field("controller", 6, Shape::Bool, Given)
            .doc("If true, this reference points to the managing controller."),
        field("blockOwnerDeletion", 7, Shape::Bool, Given)
            .doc("If true, AND if the owner has the \"foregroundDeletion\" finalizer, then the owner cannot be deleted from the key-value store until this reference is removed. See https://kubernetes.io/docs/concepts/architecture/garbage-collection/#foreground-deletion for how the garbage collector interacts with this field and enforces the foreground deletion. Defaults to false. To set this field, a user needs \"delete\" permission of the owner, otherwise 422 (Unprocessable Entity) will be returned."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference",
        "OwnerReference contains enough information to let you identify an owning object. An owning object must be in the same namespace as the dependent, or be cluster-scoped, so there is no namespace field.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata`.
pub static PARTIAL_OBJECT_METADATA: Type = {
    static FIELDS: [Field; 3] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("meta.k8s.io", "v1", "PartialObjectMetadata"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata",
        "PartialObjectMetadata is a generic representation of any object with ObjectMeta. It allows clients to get access to a particular ObjectMeta schema without knowing the details of the version.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadataList`.
pub static PARTIAL_OBJECT_METADATA_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&PARTIAL_OBJECT_METADATA))), Null).required()
            .doc("items contains each of the included items."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("meta.k8s.io", "v1", "PartialObjectMetadataList"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadataList",
        "PartialObjectMetadataList contains a list of objects containing only their metadata",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.PatchOptions`.
pub static PATCH_OPTIONS: Type = {
    static FIELDS: [Field; 6] = [
        kind(),
        api_version(),
        field("dryRun", 1, list(&Shape::String), NonZero)
            .doc("When present, indicates that modifications should not be persisted. An invalid or unrecognized dryRun directive will result in an error response and no further processing of the request. Valid values are: - All: all dry run stages will be processed"),
        field("force", 2, Shape::Bool, Given)
            .doc("Force is going to \"force\" Apply requests. It means user will re-acquire conflicting fields owned by other people. Force flag must be unset for non-apply patch requests."),
        field("fieldManager", 3, Shape::String, NonZero)
            .doc("fieldManager is a name associated with the actor or entity that is making these changes. The value must be less than or 128 characters long, and only contain printable characters, as defined by https://golang.org/pkg/unicode/#IsPrint. This field is required for apply requests (application/apply-patch) but optional for non-apply patch types (JsonPatch, MergePatch, StrategicMergePatch)."),
        field("fieldValidation", 4, Shape::String, NonZero)
            .doc("fieldValidation instructs the server on how to handle objects in the request (POST/PUT/PATCH) containing unknown or duplicate fields. Valid values are: - Ignore: This will ignore any unknown fields that are silently dropped from the object, and will ignore all but the last duplicate field that the decoder encounters. This is the default behavior prior to v1.23. - Warn: This will send a warning via the standard warning response header for each unknown field that is dropped from the object, and for each duplicate field that is encountered. The request will still succeed if there are no other errors, and will only persist the last of any duplicate fields. This is the default in v1.23+ - Strict: This will fail the request with a BadRequest error if any unknown fields would be dropped from the object, or if any duplicate fields are present. The error returned from the server will contain all unknown and duplicate fields encountered."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PatchOptions"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.PatchOptions",
        "PatchOptions may be provided when patching an API object. PatchOptions is meant to be a superset of UpdateOptions.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions`.
pub static PRECONDITIONS: Type = {
    static FIELDS: [Field; 2] = [
        field("uid", 1, Shape::String, Given)
            .doc("Specifies the target UID."),
        field("resourceVersion", 2, Shape::String, Given)
            .doc("Specifies the target ResourceVersion"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions",
        "Preconditions must be fulfilled before an operation (update, delete, etc.) is carried out.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR`.
pub static SERVER_ADDRESS_BY_CLIENT_CIDR: Type = {
    static FIELDS: [Field; 2] = [
        field("clientCIDR", 1, Shape::String, Always).required()
            .doc("The CIDR with which clients can match their IP to figure out the server address that they should use."),
        field("serverAddress", 2, Shape::String, Always).required()
            .doc("Address of this server, suitable for a client that matches the above CIDR. This can be a hostname, hostname:port, IP or IP:port."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR",
        "ServerAddressByClientCIDR helps the client to determine the server address that they should use, depending on the clientCIDR that they match.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.Status`.
pub static STATUS: Type = {
    static FIELDS: [Field; 8] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("status", 2, Shape::String, NonZero)
            .doc("Status of the operation. One of: \"Success\" or \"Failure\". More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("message", 3, Shape::String, NonZero)
            .doc("A human-readable description of the status of this operation."),
        field("reason", 4, Shape::String, NonZero)
            .doc("A machine-readable description of why this operation is in the \"Failure\" status. If this value is empty there is no information available. A Reason clarifies an HTTP status code but does not override it."),
        field("details", 5, object(&STATUS_DETAILS), Given)
            .doc("Extended data associated with the reason.  Each reason may define its own extended details. This field is optional and the data returned is not guaranteed to conform to any schema except that defined by the reason type."),
        field("code", 6, Shape::Int32, NonZero)
            .doc("Suggested HTTP return code for this status, 0 if not set."),
    ];
    static NAMES: [(Text, u16); 8] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "Status"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.Status",
        "Status is a return value for calls that don't return other objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause`.
pub static STATUS_CAUSE: Type = {
    static FIELDS: [Field; 3] = [
        field("reason", 1, Shape::String, NonZero)
            .doc("A machine-readable description of the cause of the error. If this value is empty there is no information available."),
        field("message", 2, Shape::String, NonZero)
            .doc("A human-readable description of the cause of the error.  This field may be presented as-is to a reader."),
        field("field", 3, Shape::String, NonZero)
            .doc("The field of the resource that has caused this error, as named by its JSON serialization. May include dot and postfix notation for nested attributes. Arrays are zero-indexed.  Fields may appear more than once in an array of causes due to fields having multiple errors. Optional.\n\nExamples:\n  \"name\" - the field \"name\" on the current resource\n  \"items[0].name\" - the field \"name\" on the first array entry in \"items\""),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause",
        "StatusCause provides more information about an api.Status failure, including cases when multiple errors are encountered.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails`.
pub static STATUS_DETAILS: Type = {
    static FIELDS: [Field; 6] = [
        field("name", 1, Shape::String, NonZero)
            .doc("The name attribute of the resource associated with the status StatusReason (when there is a single name which can be described)."),
        field("group", 2, Shape::String, NonZero)
            .doc("The group attribute of the resource associated with the status StatusReason."),
        field("kind", 3, Shape::String, NonZero)
            .doc("The kind attribute of the resource associated with the status StatusReason. On some operations may differ from the requested resource Kind. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("uid", 6, Shape::String, NonZero)
            .doc("UID of the resource. (when there is a single resource which can be described). More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#uids"),
        field("causes", 4, list(&Shape::Struct(TypeRef::Static(&STATUS_CAUSE))), NonZero)
            .doc("The Causes array includes more details associated with the StatusReason failure. Not all StatusReasons may provide detailed causes."),
        field("retryAfterSeconds", 5, Shape::Int32, NonZero)
            .doc("If specified, the time in seconds before the operation should be retried. Some errors may indicate the client must take an alternate action - for those errors this field may indicate how long to wait before taking the alternate action."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails",
        "StatusDetails is a set of additional properties that MAY be set by the server to provide additional information about a response. The Reason field of a Status object defines what attributes will be set. Clients must ignore fields that do not match the defined type of each attribute, and should assume that any attribute may be empty, invalid, or under defined.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.TableOptions`.
pub static TABLE_OPTIONS: Type = {
    static FIELDS: [Field; 3] = [
        kind(),
        api_version(),
        field("includeObject", 1, Shape::String, NonZero)
            .doc("includeObject decides whether to include each object along with its columnar information. Specifying \"None\" will return no object, specifying \"Object\" will return the full object contents, and specifying \"Metadata\" (the default) will return the object's metadata in the PartialObjectMetadata kind in version v1beta1 of the meta.k8s.io API group."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("meta.k8s.io", "v1", "TableOptions"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.TableOptions",
        "TableOptions are used when a Table is requested by the caller.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.UpdateOptions`.
pub static UPDATE_OPTIONS: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("dryRun", 1, list(&Shape::String), NonZero)
            .doc("When present, indicates that modifications should not be persisted. An invalid or unrecognized dryRun directive will result in an error response and no further processing of the request. Valid values are: - All: all dry run stages will be processed"),
        field("fieldManager", 2, Shape::String, NonZero)
            .doc("fieldManager is a name associated with the actor or entity that is making these changes. The value must be less than or 128 characters long, and only contain printable characters, as defined by https://golang.org/pkg/unicode/#IsPrint."),
        field("fieldValidation", 3, Shape::String, NonZero)
            .doc("fieldValidation instructs the server on how to handle objects in the request (POST/PUT/PATCH) containing unknown or duplicate fields. Valid values are: - Ignore: This will ignore any unknown fields that are silently dropped from the object, and will ignore all but the last duplicate field that the decoder encounters. This is the default behavior prior to v1.23. - Warn: This will send a warning via the standard warning response header for each unknown field that is dropped from the object, and for each duplicate field that is encountered. The request will still succeed if there are no other errors, and will only persist the last of any duplicate fields. This is the default in v1.23+ - Strict: This will fail the request with a BadRequest error if any unknown fields would be dropped from the object, or if any duplicate fields are present. The error returned from the server will contain all unknown and duplicate fields encountered."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "UpdateOptions"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.UpdateOptions",
        "UpdateOptions may be provided when updating an API object. All fields in UpdateOptions should also be present in PatchOptions.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent`.
pub static WATCH_EVENT: Type = {
    static FIELDS: [Field; 2] = [
        field("type", 1, Shape::String, Always).required(),
        field("object", 2, Shape::Object, Always).required()
            .doc("Object is: * If Type is Added or Modified: the new state of the object. * If Type is Deleted: the state of the object immediately before deletion. * If Type is Error: *Status is recommended; other types may make sense depending on context."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 62] = [
        gvk("", "v1", "WatchEvent"),
        gvk("admission.k8s.io", "v1", "WatchEvent"),
        gvk("admission.k8s.io", "v1beta1", "WatchEvent"),
        gvk("admissionregistration.k8s.io", "v1", "WatchEvent"),
        gvk("admissionregistration.k8s.io", "v1alpha1", "WatchEvent"),
        gvk("admissionregistration.k8s.io", "v1beta1", "WatchEvent"),
        gvk("apiextensions.k8s.io", "v1", "WatchEvent"),
        gvk("apiextensions.k8s.io", "v1beta1", "WatchEvent"),
        gvk("apiregistration.k8s.io", "v1", "WatchEvent"),
        gvk("apiregistration.k8s.io", "v1beta1", "WatchEvent"),
        gvk("apps", "v1", "WatchEvent"),
        gvk("apps", "v1beta1", "WatchEvent"),
        gvk("apps", "v1beta2", "WatchEvent"),
        gvk("authentication.k8s.io", "v1", "WatchEvent"),
        gvk("authentication.k8s.io", "v1alpha1", "WatchEvent"),
        gvk("authentication.k8s.io", "v1beta1", "WatchEvent"),
        gvk("authorization.k8s.io", "v1", "WatchEvent"),
        gvk("authorization.k8s.io", "v1beta1", "WatchEvent"),
        gvk("autoscaling", "v1", "WatchEvent"),
        gvk("autoscaling", "v2", "WatchEvent"),
        gvk("autoscaling", "v2beta1", "WatchEvent"),
        gvk("autoscaling", "v2beta2", "WatchEvent"),
        gvk("batch", "v1", "WatchEvent"),
        gvk("batch", "v1beta1", "WatchEvent"),
        gvk("certificates.k8s.io", "v1", "WatchEvent"),
        gvk("certificates.k8s.io", "v1alpha1", "WatchEvent"),
        gvk("certificates.k8s.io", "v1beta1", "WatchEvent"),
        gvk("coordination.k8s.io", "v1", "WatchEvent"),
        gvk("coordination.k8s.io", "v1alpha2", "WatchEvent"),
        gvk("coordination.k8s.io", "v1beta1", "WatchEvent"),
        gvk("discovery.k8s.io", "v1", "WatchEvent"),
        gvk("discovery.k8s.io", "v1beta1", "WatchEvent"),
        gvk("events.k8s.io", "v1", "WatchEvent"),
        gvk("events.k8s.io", "v1beta1", "WatchEvent"),
        gvk("extensions", "v1beta1", "WatchEvent"),
        gvk("flowcontrol.apiserver.k8s.io", "v1", "WatchEvent"),
        gvk("flowcontrol.apiserver.k8s.io", "v1beta1", "WatchEvent"),
        gvk("flowcontrol.apiserver.k8s.io", "v1beta2", "WatchEvent"),
        gvk("flowcontrol.apiserver.k8s.io", "v1beta3", "WatchEvent"),
        gvk("imagepolicy.k8s.io", "v1alpha1", "WatchEvent"),
        gvk("internal.apiserver.k8s.io", "v1alpha1", "WatchEvent"),
        gvk("networking.k8s.io", "v1", "WatchEvent"),
        gvk("networking.k8s.io", "v1beta1", "WatchEvent"),
        gvk("node.k8s.io", "v1", "WatchEvent"),
        gvk("node.k8s.io", "v1alpha1", "WatchEvent"),
        gvk("node.k8s.io", "v1beta1", "WatchEvent"),
        gvk("policy", "v1", "WatchEvent"),
        gvk("policy", "v1beta1", "WatchEvent"),
        gvk("rbac.authorization.k8s.io", "v1", "WatchEvent"),
        gvk("rbac.authorization.k8s.io", "v1alpha1", "WatchEvent"),
        gvk("rbac.authorization.k8s.io", "v1beta1", "WatchEvent"),
        gvk("resource.k8s.io", "v1", "WatchEvent"),
        gvk("resource.k8s.io", "v1alpha3", "WatchEvent"),
        gvk("resource.k8s.io", "v1beta1", "WatchEvent"),
        gvk("resource.k8s.io", "v1beta2", "WatchEvent"),
        gvk("scheduling.k8s.io", "v1", "WatchEvent"),
        gvk("scheduling.k8s.io", "v1alpha1", "WatchEvent"),
        gvk("scheduling.k8s.io", "v1beta1", "WatchEvent"),
        gvk("storage.k8s.io", "v1", "WatchEvent"),
        gvk("storage.k8s.io", "v1alpha1", "WatchEvent"),
        gvk("storage.k8s.io", "v1beta1", "WatchEvent"),
        gvk("storagemigration.k8s.io", "v1beta1", "WatchEvent"),
    ];
    ty(
        "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent",
        "Event represents a single event to a watched resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
