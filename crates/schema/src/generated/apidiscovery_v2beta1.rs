//! `io.k8s.api.apidiscovery.v2beta1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.apidiscovery.v2beta1.APIGroupDiscovery`.
pub static API_GROUP_DISCOVERY: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. The only field completed will be name. For instance, resourceVersion will be empty. name is the name of the API group whose discovery information is presented here. name is allowed to be \"\" to represent the legacy, ungroupified resources. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("versions", 2, list(&Shape::Struct(TypeRef::Static(&API_VERSION_DISCOVERY))), NonZero).keyed(&[Borrowed("version")])
            .doc("versions are the versions supported in this group. They are sorted in descending order of preference, with the preferred version being the first entry."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apidiscovery.k8s.io", "v2beta1", "APIGroupDiscovery"),
    ];
    ty(
        "io.k8s.api.apidiscovery.v2beta1.APIGroupDiscovery",
        "APIGroupDiscovery holds information about which resources are being served for all version of the API Group. It contains a list of APIVersionDiscovery that holds a list of APIResourceDiscovery types served for a version. Versions are in descending order of preference, with the first version being the preferred entry.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apidiscovery.v2beta1.APIGroupDiscoveryList`.
pub static API_GROUP_DISCOVERY_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("ResourceVersion will not be set, because this does not have a replayable ordering among multiple apiservers. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&API_GROUP_DISCOVERY))), Null).required()
            .doc("items is the list of groups for discovery. The groups are listed in priority order."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apidiscovery.k8s.io", "v2beta1", "APIGroupDiscoveryList"),
    ];
    ty(
        "io.k8s.api.apidiscovery.v2beta1.APIGroupDiscoveryList",
        "APIGroupDiscoveryList is a resource containing a list of APIGroupDiscovery. This is one of the types able to be returned from the /api and /apis endpoint and contains an aggregated list of API resources (built-ins, Custom Resource Definitions, resources from aggregated servers) that a cluster supports.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apidiscovery.v2beta1.APIResourceDiscovery`.
pub static API_RESOURCE_DISCOVERY: Type = {
    static FIELDS: [Field; 8] = [
        field("resource", 1, Shape::String, Always)
            .doc("resource is the plural name of the resource.  This is used in the URL path and is the unique identifier for this resource across all versions in the API group. Resources with non-empty groups are located at /apis/<APIGroupDiscovery.objectMeta.name>/<APIVersionDiscovery.version>/<APIResourceDiscovery.Resource> Resources with empty groups are located at /api/v1/<APIResourceDiscovery.Resource>"),
        field("responseKind", 2, object(&super::meta_v1::GROUP_VERSION_KIND), Given)
            .doc("responseKind describes the group, version, and kind of the serialization schema for the object type this endpoint typically returns. APIs may return other objects types at their discretion, such as error conditions, requests for alternate representations, or other operation specific behavior. This value will be null or empty if an APIService reports subresources but supports no operations on the parent resource"),
        field("scope", 3, Shape::String, Always)
            .doc("scope indicates the scope of a resource, either Cluster or Namespaced"),
        field("singularResource", 4, Shape::String, Always)
            .doc("singularResource is the singular name of the resource.  This allows clients to handle plural and singular opaquely. For many clients the singular form of the resource will be more understandable to users reading messages and should be used when integrating the name of the resource into a sentence. The command line tool kubectl, for example, allows use of the singular resource name in place of plurals. The singular form of a resource should always be an optional element - when in doubt use the canonical resource name."),
        field("verbs", 5, list(&Shape::String), Null).set()
            .doc("verbs is a list of supported API operation types (this includes but is not limited to get, list, watch, create, update, patch, delete, deletecollection, and proxy)."),
        field("shortNames", 6, list(&Shape::String), NonZero).set()
            .doc("shortNames is a list of suggested short names of the resource."),
        field("categories", 7, list(&Shape::String), NonZero).set()
            .doc("categories is a list of the grouped resources this resource belongs to (e.g. 'all'). Clients may use this to simplify acting on multiple resource types at once."),
        field("subresources", 8, list(&Shape::Struct(TypeRef::Static(&API_SUBRESOURCE_DISCOVERY))), NonZero).keyed(&[Borrowed("subresource")])
            .doc("subresources is a list of subresources provided by this resource. Subresources are located at /apis/<APIGroupDiscovery.objectMeta.name>/<APIVersionDiscovery.version>/<APIResourceDiscovery.Resource>/name-of-instance/<APIResourceDiscovery.subresources\\[i\\].subresource>"),
    ];
    static NAMES: [(Text, u16); 8] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apidiscovery.v2beta1.APIResourceDiscovery",
        "APIResourceDiscovery provides information about an API resource for discovery.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apidiscovery.v2beta1.APISubresourceDiscovery`.
pub static API_SUBRESOURCE_DISCOVERY: Type = {
    static FIELDS: [Field; 4] = [
        field("subresource", 1, Shape::String, Always)
            .doc("subresource is the name of the subresource.  This is used in the URL path and is the unique identifier for this resource across all versions."),
        field("responseKind", 2, object(&super::meta_v1::GROUP_VERSION_KIND), Given)
            .doc("responseKind describes the group, version, and kind of the serialization schema for the object type this endpoint typically returns. Some subresources do not return normal resources, these will have null or empty return types."),
        field("acceptedTypes", 3, list(&Shape::Struct(TypeRef::Static(&super::meta_v1::GROUP_VERSION_KIND))), NonZero).keyed(&[Borrowed("group"), Borrowed("version"), Borrowed("kind")])
            .doc("acceptedTypes describes the kinds that this endpoint accepts. Subresources may accept the standard content types or define custom negotiation schemes. The list may not be exhaustive for all operations."),
        field("verbs", 4, list(&Shape::String), Null).set()
            .doc("verbs is a list of supported API operation types (this includes but is not limited to get, list, watch, create, update, patch, delete, deletecollection, and proxy). Subresources may define custom verbs outside the standard Kubernetes verb set. Clients should expect the behavior of standard verbs to align with Kubernetes interaction conventions."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apidiscovery.v2beta1.APISubresourceDiscovery",
        "APISubresourceDiscovery provides information about an API subresource for discovery.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.apidiscovery.v2beta1.APIVersionDiscovery`.
pub static API_VERSION_DISCOVERY: Type = {
    static FIELDS: [Field; 3] = [
        field("version", 1, Shape::String, Always)
            .doc("version is the name of the version within a group version."),
        field("resources", 2, list(&Shape::Struct(TypeRef::Static(&API_RESOURCE_DISCOVERY))), NonZero).keyed(&[Borrowed("resource")])
            .doc("resources is a list of APIResourceDiscovery objects for the corresponding group version."),
        field("freshness", 3, Shape::String, NonZero)
            .doc("freshness marks whether a group version's discovery document is up to date. \"Current\" indicates the discovery document was recently refreshed. \"Stale\" indicates the discovery document could not be retrieved and the returned discovery document may be significantly out of date. Clients that require the latest version of the discovery information be retrieved before performing an operation should not use the aggregated document"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.apidiscovery.v2beta1.APIVersionDiscovery",
        "APIVersionDiscovery holds a list of APIResourceDiscovery types that are served for a particular version within an API Group.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
