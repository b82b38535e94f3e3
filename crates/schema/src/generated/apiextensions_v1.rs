//! `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionRequest`.
pub static CONVERSION_REQUEST: Type = {
    static FIELDS: [Field; 3] = [
        field("uid", 1, Shape::String, Always)
            .doc("uid is an identifier for the individual request/response. It allows distinguishing instances of requests which are otherwise identical (parallel requests, etc). The UID is meant to track the round trip (request/response) between the Kubernetes API server and the webhook, not the user request. It is suitable for correlating log entries between the webhook and apiserver, for either auditing or debugging."),
        field("desiredAPIVersion", 2, Shape::String, Always)
            .doc("desiredAPIVersion is the version to convert given objects to. e.g. \"myapi.example.com/v1\""),
        field("objects", 3, list(&Shape::Object), Null)
            .doc("objects is the list of custom resource objects to be converted."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionRequest",
        "ConversionRequest describes the conversion request parameters.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionResponse`.
pub static CONVERSION_RESPONSE: Type = {
    static FIELDS: [Field; 3] = [
        field("uid", 1, Shape::String, Always)
            .doc("uid is an identifier for the individual request/response. This should be copied over from the corresponding `request.uid`."),
        field("convertedObjects", 2, list(&Shape::Object), Null)
            .doc("convertedObjects is the list of converted version of `request.objects` if the `result` is successful, otherwise empty. The webhook is expected to set `apiVersion` of these objects to the `request.desiredAPIVersion`. The list must also have the same size as the input list with the same objects in the same order (equal kind, metadata.uid, metadata.name and metadata.namespace). The webhook is allowed to mutate labels and annotations. Any other change to the metadata is silently ignored."),
        field("result", 3, object(&super::meta_v1::STATUS), Always)
            .doc("result contains the result of conversion with extra details if the conversion failed. `result.status` determines if the conversion failed or succeeded. The `result.status` field is required and represents the success or failure of the conversion. A successful conversion must set `result.status` to `Success`. A failed conversion must set `result.status` to `Failure` and provide more details in `result.message` and return http status 200. The `result.message` will be used to construct an error message for the end user."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionResponse",
        "ConversionResponse describes a conversion response.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionReview`.
pub static CONVERSION_REVIEW: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("request", 1, object(&CONVERSION_REQUEST), Given)
            .doc("request describes the attributes for the conversion request."),
        field("response", 2, object(&CONVERSION_RESPONSE), Given)
            .doc("response describes the attributes for the conversion response."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apiextensions.k8s.io", "v1", "ConversionReview"),
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionReview",
        "ConversionReview describes a conversion request/response.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition`.
pub static CUSTOM_RESOURCE_COLUMN_DEFINITION: Type = {
    static FIELDS: [Field; 6] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name is a human readable name for the column."),
        field("type", 2, Shape::String, Always).required()
            .doc("type is an OpenAPI type definition for this column. See https://github.com/OAI/OpenAPI-Specification/blob/master/versions/2.0.md#data-types for details."),
        field("format", 3, Shape::String, NonZero)
            .doc("format is an optional OpenAPI type definition for this column. The 'name' format is applied to the primary identifier column to assist in clients identifying column is the resource name. See https://github.com/OAI/OpenAPI-Specification/blob/master/versions/2.0.md#data-types for details."),
        field("description", 4, Shape::String, NonZero)
            .doc("description is a human readable description of this column."),
        field("priority", 5, Shape::Int32, NonZero)
            .doc("priority is an integer defining the relative importance of this column compared to others. Lower numbers are considered higher priority. Columns that may be omitted in limited space scenarios should be given a priority greater than 0."),
        field("jsonPath", 6, Shape::String, Always).required()
            .doc("jsonPath is a simple JSON path (i.e. with array notation) which is evaluated against each custom resource to produce the value for this column."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition",
        "CustomResourceColumnDefinition specifies a column for server side printing.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion`.
pub static CUSTOM_RESOURCE_CONVERSION: Type = {
    static FIELDS: [Field; 2] = [
        field("strategy", 1, Shape::String, Always).required()
            .doc("strategy specifies how custom resources are converted between versions. Allowed values are: - `\"None\"`: The converter only change the apiVersion and would not touch any other field in the custom resource. - `\"Webhook\"`: API Server will call to an external webhook to do the conversion. Additional information\n  is needed for this option. This requires spec.preserveUnknownFields to be false, and spec.conversion.webhook to be set."),
        field("webhook", 2, object(&WEBHOOK_CONVERSION), Given)
            .doc("webhook describes how to call the conversion webhook. Required when `strategy` is set to `\"Webhook\"`."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion",
        "CustomResourceConversion describes how to convert different versions of a CR.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition`.
pub static CUSTOM_RESOURCE_DEFINITION: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&CUSTOM_RESOURCE_DEFINITION_SPEC), Always).required()
            .doc("spec describes how the user wants the resources to appear"),
        field("status", 3, object(&CUSTOM_RESOURCE_DEFINITION_STATUS), Always)
            .doc("status indicates the actual state of the CustomResourceDefinition"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition"),
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
        "CustomResourceDefinition represents a resource that should be exposed on the API server.  Its name MUST be in the format <.spec.name>.<.spec.group>.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition`.
pub static CUSTOM_RESOURCE_DEFINITION_CONDITION: Type = {
    static FIELDS: [Field; 6] = [
        field("type", 1, Shape::String, Always).required()
            .doc("type is the type of the condition. Types include Established, NamesAccepted and Terminating."),
        field("status", 2, Shape::String, Always).required()
            .doc("status is the status of the condition. Can be True, False, Unknown."),
        field("lastTransitionTime", 3, Shape::Time, Always)
            .doc("lastTransitionTime last time the condition transitioned from one status to another."),
        field("reason", 4, Shape::String, NonZero)
            .doc("reason is a unique, one-word, CamelCase reason for the condition's last transition."),
        field("message", 5, Shape::String, NonZero)
            .doc("message is a human-readable message indicating details about last transition."),
        field("observedGeneration", 6, Shape::Int64, NonZero)
            .doc("observedGeneration represents the .metadata.generation that the condition was set based upon. For instance, if .metadata.generation is currently 12, but the .status.conditions[x].observedGeneration is 9, the condition is out of date with respect to the current state of the instance."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition",
        "CustomResourceDefinitionCondition contains details for the current condition of this pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList`.
pub static CUSTOM_RESOURCE_DEFINITION_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard object's metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&CUSTOM_RESOURCE_DEFINITION))), Null).required()
            .doc("items list individual CustomResourceDefinition objects"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinitionList"),
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList",
        "CustomResourceDefinitionList is a list of CustomResourceDefinition objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames`.
pub static CUSTOM_RESOURCE_DEFINITION_NAMES: Type = {
    static FIELDS: [Field; 6] = [
        field("plural", 1, Shape::String, Always).required()
            .doc("plural is the plural name of the resource to serve. The custom resources are served under `/apis/<group>/<version>/.../<plural>`. Must match the name of the CustomResourceDefinition (in the form `<names.plural>.<group>`). Must be all lowercase."),
        field("singular", 2, Shape::String, NonZero)
            .doc("singular is the singular name of the resource. It must be all lowercase. Defaults to lowercased `kind`."),
        field("shortNames", 3, list(&Shape::String), NonZero)
            .doc("shortNames are short names for the resource, exposed in API discovery documents, and used by clients to support invocations like `kubectl get <shortname>`. It must be all lowercase."),
        field("kind", 4, Shape::String, Always).required()
            .doc("kind is the serialized kind of the resource. It is normally CamelCase and singular. Custom resource instances will use this value as the `kind` attribute in API calls."),
        field("listKind", 5, Shape::String, NonZero)
            .doc("listKind is the serialized kind of the list for this resource. Defaults to \"`kind`List\"."),
        field("categories", 6, list(&Shape::String), NonZero)
            .doc("categories is a list of grouped resources this custom resource belongs to (e.g. 'all'). This is published in API discovery documents, and used by clients to support invocations like `kubectl get all`."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames",
        "CustomResourceDefinitionNames indicates the names to serve this CustomResourceDefinition",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec`.
pub static CUSTOM_RESOURCE_DEFINITION_SPEC: Type = {
    static FIELDS: [Field; 6] = [
        field("group", 1, Shape::String, Always).required()
            .doc("group is the API group of the defined custom resource. The custom resources are served under `/apis/<group>/...`. Must match the name of the CustomResourceDefinition (in the form `<names.plural>.<group>`)."),
        field("names", 3, object(&CUSTOM_RESOURCE_DEFINITION_NAMES), Always).required()
            .doc("names specify the resource and kind names for the custom resource."),
        field("scope", 4, Shape::String, Always).required()
            .doc("scope indicates whether the defined custom resource is cluster- or namespace-scoped. Allowed values are `Cluster` and `Namespaced`."),
        field("versions", 7, list(&Shape::Struct(TypeRef::Static(&CUSTOM_RESOURCE_DEFINITION_VERSION))), Null).required()
            .doc("versions is the list of all API versions of the defined custom resource. Version names are used to compute the order in which served versions are listed in API discovery. If the version string is \"kube-like\", it will sort above non \"kube-like\" version strings, which are ordered lexicographically. \"Kube-like\" versions start with a \"v\", then are followed by a number (the major version), then optionally the string \"alpha\" or \"beta\" and another number (the minor version). These are sorted first by GA > beta > alpha (where GA is a version with no suffix such as beta or alpha), and then by comparing major version, then minor version. An example sorted list of versions: v10, v2, v1, v11beta2, v10beta3, v3beta1, v12alpha1, v11alpha2, foo1, foo10."),
        field("conversion", 9, object(&CUSTOM_RESOURCE_CONVERSION), Given)
            .doc("conversion defines conversion settings for the CRD."),
        field("preserveUnknownFields", 10, Shape::Bool, NonZero)
            .doc("preserveUnknownFields indicates that object fields which are not specified in the OpenAPI schema should be preserved when persisting to storage. apiVersion, kind, metadata and known fields inside metadata are always preserved. This field is deprecated in favor of setting `x-preserve-unknown-fields` to true in `spec.versions[*].schema.openAPIV3Schema`. See https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning for details."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec",
        "CustomResourceDefinitionSpec describes how a user wants their resource to appear",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus`.
pub static CUSTOM_RESOURCE_DEFINITION_STATUS: Type = {
    static FIELDS: [Field; 4] = [
        field("conditions", 1, list(&Shape::Struct(TypeRef::Static(&CUSTOM_RESOURCE_DEFINITION_CONDITION))), Null).keyed(&[Borrowed("type")])
            .doc("conditions indicate state for particular aspects of a CustomResourceDefinition"),
        field("acceptedNames", 2, object(&CUSTOM_RESOURCE_DEFINITION_NAMES), Always)
            .doc("acceptedNames are the names that are actually being used to serve discovery. They may be different than the names in spec."),
        field("storedVersions", 3, list(&Shape::String), Null)
            .doc("storedVersions lists all versions of CustomResources that were ever persisted. Tracking these versions allows a migration path for stored versions in etcd. The field is mutable so a migration controller can finish a migration to another version (ensuring no old objects are left in storage), and then remove the rest of the versions from this list. Versions may not be removed from `spec.versions` while they exist in this list."),
        field("observedGeneration", 4, Shape::Int64, NonZero)
            .doc("The generation observed by the CRD controller."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus",
        "CustomResourceDefinitionStatus indicates the state of the CustomResourceDefinition",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion`.
pub static CUSTOM_RESOURCE_DEFINITION_VERSION: Type = {
    static FIELDS: [Field; 9] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name is the version name, e.g. “v1”, “v2beta1”, etc. The custom resources are served under this version at `/apis/<group>/<version>/...` if `served` is true."),
        field("served", 2, Shape::Bool, Always).required()
            .doc("served is a flag enabling/disabling this version from being served via REST APIs"),
        field("storage", 3, Shape::Bool, Always).required()
            .doc("storage indicates this version should be used when persisting custom resources to storage. There must be exactly one version with storage=true."),
        field("deprecated", 7, Shape::Bool, NonZero)
            .doc("deprecated indicates this version of the custom resource API is deprecated. When set to true, API requests to this version receive a warning header in the server response. Defaults to false."),
        field("deprecationWarning", 8, Shape::String, Given)
            .doc("deprecationWarning overrides the default warning returned to API clients. May only be set when `deprecated` is true. The default warning indicates this version is deprecated and recommends use of the newest served version of equal or greater stability, if one exists."),
        field("schema", 4, object(&CUSTOM_RESOURCE_VALIDATION), Given)
            .doc("schema describes the schema used for validation, pruning, and defaulting of this version of the custom resource."),
        field("subresources", 5, object(&CUSTOM_RESOURCE_SUBRESOURCES), Given)
            .doc("subresources specify what subresources this version of the defined custom resource have."),
        field("additionalPrinterColumns", 6, list(&Shape::Struct(TypeRef::Static(&CUSTOM_RESOURCE_COLUMN_DEFINITION))), NonZero)
            .doc("additionalPrinterColumns specifies additional columns returned in Table output. See https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables for details. If no columns are specified, a single column displaying the age of the custom resource is used."),
        field("selectableFields", 9, list(&Shape::Struct(TypeRef::Static(&SELECTABLE_FIELD))), NonZero)
            .doc("selectableFields specifies paths to fields that may be used as field selectors. A maximum of 8 selectable fields are allowed. See https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors"),
    ];
    static NAMES: [(Text, u16); 9] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion",
        "CustomResourceDefinitionVersion describes a version for CRD.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale`.
pub static CUSTOM_RESOURCE_SUBRESOURCE_SCALE: Type = {
    static FIELDS: [Field; 3] = [
        field("specReplicasPath", 1, Shape::String, Always).required()
            .doc("specReplicasPath defines the JSON path inside of a custom resource that corresponds to Scale `spec.replicas`. Only JSON paths without the array notation are allowed. Must be a JSON Path under `.spec`. If there is no value under the given path in the custom resource, the `/scale` subresource will return an error on GET."),
        field("statusReplicasPath", 2, Shape::String, Always).required()
            .doc("statusReplicasPath defines the JSON path inside of a custom resource that corresponds to Scale `status.replicas`. Only JSON paths without the array notation are allowed. Must be a JSON Path under `.status`. If there is no value under the given path in the custom resource, the `status.replicas` value in the `/scale` subresource will default to 0."),
        field("labelSelectorPath", 3, Shape::String, Given)
            .doc("labelSelectorPath defines the JSON path inside of a custom resource that corresponds to Scale `status.selector`. Only JSON paths without the array notation are allowed. Must be a JSON Path under `.status` or `.spec`. Must be set to work with HorizontalPodAutoscaler. The field pointed by this JSON path must be a string field (not a complex selector struct) which contains a serialized label selector in string form. More info: https://kubernetes.io/docs/tasks/access-kubernetes-api/custom-resources/custom-resource-definitions#scale-subresource If there is no value under the given path in the custom resource, the `status.selector` value in the `/scale` subresource will default to the empty string."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale",
        "CustomResourceSubresourceScale defines how to serve the scale subresource for CustomResources.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus`.
pub static CUSTOM_RESOURCE_SUBRESOURCE_STATUS: Type = {
    static FIELDS: [Field; 0] = [
    ];
    static NAMES: [(Text, u16); 0] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus",
        "CustomResourceSubresourceStatus defines how to serve the status subresource for CustomResources. Status is represented by the `.status` JSON path inside of a CustomResource. When set, * exposes a /status subresource for the custom resource * PUT requests to the /status subresource take a custom resource object, and ignore changes to anything except the status stanza * PUT/POST/PATCH requests to the custom resource ignore changes to the status stanza",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources`.
pub static CUSTOM_RESOURCE_SUBRESOURCES: Type = {
    static FIELDS: [Field; 2] = [
        field("status", 1, object(&CUSTOM_RESOURCE_SUBRESOURCE_STATUS), Given)
            .doc("status indicates the custom resource should serve a `/status` subresource. When enabled: 1. requests to the custom resource primary endpoint ignore changes to the `status` stanza of the object. 2. requests to the custom resource `/status` subresource ignore changes to anything other than the `status` stanza of the object."),
        field("scale", 2, object(&CUSTOM_RESOURCE_SUBRESOURCE_SCALE), Given)
            .doc("scale indicates the custom resource should serve a `/scale` subresource that returns an `autoscaling/v1` Scale object."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources",
        "CustomResourceSubresources defines the status and scale subresources for CustomResources.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation`.
pub static CUSTOM_RESOURCE_VALIDATION: Type = {
    static FIELDS: [Field; 1] = [
        field("openAPIV3Schema", 1, object(&JSON_SCHEMA_PROPS), Given)
            .doc("openAPIV3Schema is the OpenAPI v3 schema to use for validation and pruning."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation",
        "CustomResourceValidation is a list of validation methods for CustomResources.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation`.
pub static EXTERNAL_DOCUMENTATION: Type = {
    static FIELDS: [Field; 2] = [
        field("description", 1, Shape::String, NonZero),
        field("url", 2, Shape::String, NonZero),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation",
        "ExternalDocumentation allows referencing an external resource for extended documentation.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps`.
pub static JSON_SCHEMA_PROPS: Type = {
    static FIELDS: [Field; 44] = [
        field("id", 1, Shape::String, NonZero),
        field("$schema", 2, Shape::String, NonZero),
        field("$ref", 3, Shape::String, Given),
        field("description", 4, Shape::String, NonZero),
        field("type", 5, Shape::String, NonZero),
        field("format", 6, Shape::String, NonZero)
            .doc("format is an OpenAPI v3 format string. Unknown formats are ignored. The following formats are validated:\n\n- bsonobjectid: a bson object ID, i.e. a 24 characters hex string - uri: an URI as parsed by Golang net/url.ParseRequestURI - email: an email address as parsed by Golang net/mail.ParseAddress - hostname: a valid representation for an Internet host name, as defined by RFC 1034, section 3.1 [RFC1034]. - ipv4: an IPv4 IP as parsed by Golang net.ParseIP - ipv6: an IPv6 IP as parsed by Golang net.ParseIP - cidr: a CIDR as parsed by Golang net.ParseCIDR - mac: a MAC address as parsed by Golang net.ParseMAC - uuid: an UUID that allows uppercase defined by the regex (?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$ - uuid3: an UUID3 that allows uppercase defined by the regex (?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$ - uuid4: an UUID4 that allows uppercase defined by the regex (?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$ - uuid5: an UUID5 that allows uppercase defined by the regex (?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$ - isbn: an ISBN10 or ISBN13 number string like \"0321751043\" or \"978-0321751041\" - isbn10: an ISBN10 number string like \"0321751043\" - isbn13: an ISBN13 number string like \"978-0321751041\" - creditcard: a credit card number defined by the regex ^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\\\\d{3})\\\\d{11})$ with any non digit characters mixed in - ssn: a U.S. social security number following the regex ^\\\\d{3}[- ]?\\\\d{2}[- ]?\\\\d{4}$ - hexcolor: an hexadecimal color code like \"#FFFFFF: following the regex ^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$ - rgbcolor: an RGB color code like rgb like \"rgb(255,255,2559\" - byte: base64 encoded binary data - password: any kind of string - date: a date string like \"2006-01-02\" as defined by full-date in RFC3339 - duration: a duration string like \"22 ns\" as parsed by Golang time.ParseDuration or compatible with Scala duration format - datetime: a date time string like \"2014-12-15T19:30:20.000Z\" as defined by date-time in RFC3339."),
        field("title", 7, Shape::String, NonZero),
        field("default", 8, Shape::Any, Given)
            .doc("default is a default value for undefined object fields. Defaulting is a beta feature under the CustomResourceDefaulting feature gate. Defaulting requires spec.preserveUnknownFields to be false."),
        field("maximum", 9, Shape::Double, Given),
        field("exclusiveMaximum", 10, Shape::Bool, NonZero),
        field("minimum", 11, Shape::Double, Given),
        field("exclusiveMinimum", 12, Shape::Bool, NonZero),
        field("maxLength", 13, Shape::Int64, Given),
        field("minLength", 14, Shape::Int64, Given),
        field("pattern", 15, Shape::String, NonZero),
        field("maxItems", 16, Shape::Int64, Given),
        field("minItems", 17, Shape::Int64, Given),
        field("uniqueItems", 18, Shape::Bool, NonZero),
        field("multipleOf", 19, Shape::Double, Given),
        field("enum", 20, list(&Shape::Any), NonZero),
        field("maxProperties", 21, Shape::Int64, Given),
        field("minProperties", 22, Shape::Int64, Given),
        field("required", 23, list(&Shape::String), NonZero),
        field("items", 24, Shape::Any, Given).form(WireForm::SchemaOrArray),
        field("allOf", 25, list(&Shape::Struct(TypeRef::Static(&JSON_SCHEMA_PROPS))), NonZero),
        field("oneOf", 26, list(&Shape::Struct(TypeRef::Static(&JSON_SCHEMA_PROPS))), NonZero),
        field("anyOf", 27, list(&Shape::Struct(TypeRef::Static(&JSON_SCHEMA_PROPS))), NonZero),
        field("not", 28, object(&JSON_SCHEMA_PROPS), Given),
        field("properties", 29, map(&Shape::Struct(TypeRef::Static(&JSON_SCHEMA_PROPS))), NonZero),
        field("additionalProperties", 30, Shape::Any, Given).form(WireForm::SchemaOrBool),
        field("patternProperties", 31, map(&Shape::Struct(TypeRef::Static(&JSON_SCHEMA_PROPS))), NonZero),
        field("dependencies", 32, map(&Shape::Any), NonZero).form(WireForm::SchemaOrStrings),
        field("additionalItems", 33, Shape::Any, Given).form(WireForm::SchemaOrBool),
        field("definitions", 34, map(&Shape::Struct(TypeRef::Static(&JSON_SCHEMA_PROPS))), NonZero),
        field("externalDocs", 35, object(&EXTERNAL_DOCUMENTATION), Given),
        field("example", 36, Shape::Any, Given),
        field("nullable", 37, Shape::Bool, NonZero),
        field("x-kubernetes-preserve-unknown-fields", 38, Shape::Bool, Given)
            .doc("x-kubernetes-preserve-unknown-fields stops the API server decoding step from pruning fields which are not specified in the validation schema. This affects fields recursively, but switches back to normal pruning behaviour if nested properties or additionalProperties are specified in the schema. This can either be true or undefined. False is forbidden."),
        field("x-kubernetes-embedded-resource", 39, Shape::Bool, NonZero)
            .doc("x-kubernetes-embedded-resource defines that the value is an embedded Kubernetes runtime.Object, with TypeMeta and ObjectMeta. The type must be object. It is allowed to further restrict the embedded object. kind, apiVersion and metadata are validated automatically. x-kubernetes-preserve-unknown-fields is allowed to be true, but does not have to be if the object is fully specified (up to kind, apiVersion, metadata)."),
        field("x-kubernetes-int-or-string", 40, Shape::Bool, NonZero)
            .doc("x-kubernetes-int-or-string specifies that this value is either an integer or a string. If this is true, an empty type is allowed and type as child of anyOf is permitted if following one of the following patterns:\n\n1) anyOf:\n   - type: integer\n   - type: string\n2) allOf:\n   - anyOf:\n     - type: integer\n     - type: string\n   - ... zero or more"),
        field("x-kubernetes-list-map-keys", 41, list(&Shape::String), NonZero)
            .doc("x-kubernetes-list-map-keys annotates an array with the x-kubernetes-list-type `map` by specifying the keys used as the index of the map.\n\nThis tag MUST only be used on lists that have the \"x-kubernetes-list-type\" extension set to \"map\". Also, the values specified for this attribute must be a scalar typed field of the child structure (no nesting is supported).\n\nThe properties specified must either be required or have a default value, to ensure those properties are present for all list items."),
        field("x-kubernetes-list-type", 42, Shape::String, Given)
            .doc("x-kubernetes-list-type annotates an array to further describe its topology. This extension must only be used on lists and may have 3 possible values:\n\n1) `atomic`: the list is treated as a single entity, like a scalar.\n     Atomic lists will be entirely replaced when updated. This extension\n     may be used on any type of list (struct, scalar, ...).\n2) `set`:\n     Sets are lists that must not have multiple items with the same value. Each\n     value must be a scalar, an object with x-kubernetes-map-type `atomic` or an\n     array with x-kubernetes-list-type `atomic`.\n3) `map`:\n     These lists are like maps in that their elements have a non-index key\n     used to identify them. Order is preserved upon merge. The map tag\n     must only be used on a list with elements of type object.\nDefaults to atomic for arrays."),
        field("x-kubernetes-map-type", 43, Shape::String, Given)
            .doc("x-kubernetes-map-type annotates an object to further describe its topology. This extension must only be used when type is object and may have 2 possible values:\n\n1) `granular`:\n     These maps are actual maps (key-value pairs) and each fields are independent\n     from each other (they can each be manipulated by separate actors). This is\n     the default behaviour for all maps.\n2) `atomic`: the list is treated as a single entity, like a scalar.\n     Atomic maps will be entirely replaced when updated."),
        field("x-kubernetes-validations", 44, list(&Shape::Struct(TypeRef::Static(&VALIDATION_RULE))), NonZero).keyed(&[Borrowed("rule")]).merge("rule")
            .doc("x-kubernetes-validations describes a list of validation rules written in the CEL expression language."),
    ];
    static NAMES: [(Text, u16); 44] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps",
        "JSONSchemaProps is a JSON-Schema following Specification Draft 4 (http://json-schema.org/).",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.SelectableField`.
pub static SELECTABLE_FIELD: Type = {
    static FIELDS: [Field; 1] = [
        field("jsonPath", 1, Shape::String, Always).required()
            .doc("jsonPath is a simple JSON path which is evaluated against each custom resource to produce a field selector value. Only JSON paths without the array notation are allowed. Must point to a field of type string, boolean or integer. Types with enum values and strings with formats are allowed. If jsonPath refers to absent field in a resource, the jsonPath evaluates to an empty string. Must not point to metdata fields. Required."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.SelectableField",
        "SelectableField specifies the JSON path of a field that may be used with field selectors.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference`.
pub static SERVICE_REFERENCE: Type = {
    static FIELDS: [Field; 4] = [
        field("namespace", 1, Shape::String, Always).required()
            .doc("namespace is the namespace of the service. Required"),
        field("name", 2, Shape::String, Always).required()
            .doc("name is the name of the service. Required"),
        field("path", 3, Shape::String, Given)
            .doc("path is an optional URL path at which the webhook will be contacted."),
        field("port", 4, Shape::Int32, Given)
            .doc("port is an optional service port at which the webhook will be contacted. `port` should be a valid port number (1-65535, inclusive). Defaults to 443 for backward compatibility."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference",
        "ServiceReference holds a reference to Service.legacy.k8s.io",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule`.
pub static VALIDATION_RULE: Type = {
    static FIELDS: [Field; 6] = [
        field("rule", 1, Shape::String, Always).required()
            .doc("Rule represents the expression which will be evaluated by CEL. ref: https://github.com/google/cel-spec The Rule is scoped to the location of the x-kubernetes-validations extension in the schema. The `self` variable in the CEL expression is bound to the scoped value. Example: - Rule scoped to the root of a resource with a status subresource: {\"rule\": \"self.status.actual <= self.spec.maxDesired\"}\n\nIf the Rule is scoped to an object with properties, the accessible properties of the object are field selectable via `self.field` and field presence can be checked via `has(self.field)`. Null valued fields are treated as absent fields in CEL expressions. If the Rule is scoped to an object with additionalProperties (i.e. a map) the value of the map are accessible via `self[mapKey]`, map containment can be checked via `mapKey in self` and all entries of the map are accessible via CEL macros and functions such as `self.all(...)`. If the Rule is scoped to an array, the elements of the array are accessible via `self[i]` and also by macros and functions. If the Rule is scoped to a scalar, `self` is bound to the scalar value. Examples: - Rule scoped to a map of objects: {\"rule\": \"self.components['Widget'].priority < 10\"} - Rule scoped to a list of integers: {\"rule\": \"self.values.all(value, value >= 0 && value < 100)\"} - Rule scoped to a string value: {\"rule\": \"self.startsWith('kube')\"}\n\nThe `apiVersion`, `kind`, `metadata.name` and `metadata.generateName` are always accessible from the root of the object and from any x-kubernetes-embedded-resource annotated objects. No other metadata properties are accessible.\n\nUnknown data preserved in custom resources via x-kubernetes-preserve-unknown-fields is not accessible in CEL expressions. This includes: - Unknown field values that are preserved by object schemas with x-kubernetes-preserve-unknown-fields. - Object properties where the property schema is of an \"unknown type\". An \"unknown type\" is recursively defined as:\n  - A schema with no type and x-kubernetes-preserve-unknown-fields set to true\n  - An array where the items schema is of an \"unknown type\"\n  - An object where the additionalProperties schema is of an \"unknown type\"\n\nOnly property names of the form `[a-zA-Z_.-/][a-zA-Z0-9_.-/]*` are accessible. Accessible property names are escaped according to the following rules when accessed in the expression: - '__' escapes to '__underscores__' - '.' escapes to '__dot__' - '-' escapes to '__dash__' - '/' escapes to '__slash__' - Property names that exactly match a CEL RESERVED keyword escape to '__{keyword}__'. The keywords are:\n      \"true\", \"false\", \"null\", \"in\", \"as\", \"break\", \"const\", \"continue\", \"else\", \"for\", \"function\", \"if\",\n      \"import\", \"let\", \"loop\", \"package\", \"namespace\", \"return\".\nExamples:\n  - Rule accessing a property named \"namespace\": {\"rule\": \"self.__namespace__ > 0\"}\n  - Rule accessing a property named \"x-prop\": {\"rule\": \"self.x__dash__prop > 0\"}\n  - Rule accessing a property named \"redact__d\": {\"rule\": \"self.redact__underscores__d > 0\"}\n\nEquality on arrays with x-kubernetes-list-type of 'set' or 'map' ignores element order, i.e. [1, 2] == [2, 1]. Concatenation on arrays with x-kubernetes-list-type use the semantics of the list type:\n  - 'set': `X + Y` performs a union where the array positions of all elements in `X` are preserved and\n    non-intersecting elements in `Y` are appended, retaining their partial order.\n  - 'map': `X + Y` performs a merge where the array positions of all keys in `X` are preserved but the values\n    are overwritten by values in `Y` when the key sets of `X` and `Y` intersect. Elements in `Y` with\n    non-intersecting keys are appended, retaining their partial order.\n\nIf `rule` makes use of the `oldSelf` variable it is implicitly a `transition rule`.\n\nBy default, the `oldSelf` variable is the same type as `self`. When `optionalOldSelf` is true, the `oldSelf` variable is a CEL optional\n variable whose value() is the same type as `self`.\nSee the documentation for the `optionalOldSelf` field for details.\n\nTransition rules by default are applied only on UPDATE requests and are skipped if an old value could not be found. You can opt a transition rule into unconditional evaluation by setting `optionalOldSelf` to true."),
        field("message", 2, Shape::String, NonZero)
            .doc("Message represents the message displayed when validation fails. The message is required if the Rule contains line breaks. The message must not contain line breaks. If unset, the message is \"failed rule: {Rule}\". e.g. \"must be a URL with the host matching spec.host\""),
        field("messageExpression", 3, Shape::String, NonZero)
            .doc("MessageExpression declares a CEL expression that evaluates to the validation failure message that is returned when this rule fails. Since messageExpression is used as a failure message, it must evaluate to a string. If both message and messageExpression are present on a rule, then messageExpression will be used if validation fails. If messageExpression results in a runtime error, the runtime error is logged, and the validation failure message is produced as if the messageExpression field were unset. If messageExpression evaluates to an empty string, a string with only spaces, or a string that contains line breaks, then the validation failure message will also be produced as if the messageExpression field were unset, and the fact that messageExpression produced an empty string/string with only spaces/string with line breaks will be logged. messageExpression has access to all the same variables as the rule; the only difference is the return type. Example: \"x must be less than max (\"+string(self.max)+\")\""),
        field("reason", 4, Shape::String, Given)
            .one_of(&[Borrowed("FieldValueDuplicate"), Borrowed("FieldValueForbidden"), Borrowed("FieldValueInvalid"), Borrowed("FieldValueRequired")])
            .doc("reason provides a machine-readable validation failure reason that is returned to the caller when a request fails this validation rule. The HTTP status code returned to the caller will match the reason of the reason of the first failed validation rule. The currently supported reasons are: \"FieldValueInvalid\", \"FieldValueForbidden\", \"FieldValueRequired\", \"FieldValueDuplicate\". If not set, default to use \"FieldValueInvalid\". All future added reasons must be accepted by clients when reading this value and unknown reasons should be treated as FieldValueInvalid."),
        field("fieldPath", 5, Shape::String, NonZero)
            .doc("fieldPath represents the field path returned when the validation fails. It must be a relative JSON path (i.e. with array notation) scoped to the location of this x-kubernetes-validations extension in the schema and refer to an existing field. e.g. when validation checks if a specific attribute `foo` under a map `testMap`, the fieldPath could be set to `.testMap.foo` If the validation checks two lists must have unique attributes, the fieldPath could be set to either of the list: e.g. `.testList` It does not support list numeric index. It supports child operation to refer to an existing field currently. Refer to [JSONPath support in Kubernetes](https://kubernetes.io/docs/reference/kubectl/jsonpath/) for more info. Numeric index of array is not supported. For field name which contains special characters, use `['specialName']` to refer the field name. e.g. for attribute `foo.34$` appears in a list `testList`, the fieldPath could be set to `.testList['foo.34$']`"),
        field("optionalOldSelf", 6, Shape::Bool, Given)
            .doc("optionalOldSelf is used to opt a transition rule into evaluation even when the object is first created, or if the old object is missing the value.\n\nWhen enabled `oldSelf` will be a CEL optional whose value will be `None` if there is no old value, or when the object is initially created.\n\nYou may check for presence of oldSelf using `oldSelf.hasValue()` and unwrap it after checking using `oldSelf.value()`. Check the CEL documentation for Optional types for more information: https://pkg.go.dev/github.com/google/cel-go/cel#OptionalTypes\n\nMay not be set unless `oldSelf` is used in `rule`."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule",
        "ValidationRule describes a validation rule written in the CEL expression language.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig`.
pub static WEBHOOK_CLIENT_CONFIG: Type = {
    static FIELDS: [Field; 3] = [
        field("url", 3, Shape::String, Given)
            .doc("url gives the location of the webhook, in standard URL form (`scheme://host:port/path`). Exactly one of `url` or `service` must be specified.\n\nThe `host` should not refer to a service running in the cluster; use the `service` field instead. The host might be resolved via external DNS in some apiservers (e.g., `kube-apiserver` cannot resolve in-cluster DNS as that would be a layering violation). `host` may also be an IP address.\n\nPlease note that using `localhost` or `127.0.0.1` as a `host` is risky unless you take great care to run this webhook on all hosts which run an apiserver which might need to make calls to this webhook. Such installs are likely to be non-portable, i.e., not easy to turn up in a new cluster.\n\nThe scheme must be \"https\"; the URL must begin with \"https://\".\n\nA path is optional, and if present may be any string permissible in a URL. You may use the path to pass an arbitrary string to the webhook, for example, a cluster identifier.\n\nAttempting to use a user or basic auth e.g. \"user:password@\" is not allowed. Fragments (\"#...\") and query parameters (\"?...\") are not allowed, either."),
        field("service", 1, object(&SERVICE_REFERENCE), Given)
            .doc("service is a reference to the service for this webhook. Either service or url must be specified.\n\nIf the webhook is running within the cluster, then you should use `service`."),
        field("caBundle", 2, Shape::Bytes, NonZero)
            .doc("caBundle is a PEM encoded CA bundle which will be used to validate the webhook's server certificate. If unspecified, system trust roots on the apiserver are used."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig",
        "WebhookClientConfig contains the information to make a TLS connection with the webhook.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion`.
pub static WEBHOOK_CONVERSION: Type = {
    static FIELDS: [Field; 2] = [
        field("clientConfig", 2, object(&WEBHOOK_CLIENT_CONFIG), Given)
            .doc("clientConfig is the instructions for how to call the webhook if strategy is `Webhook`."),
        field("conversionReviewVersions", 3, list(&Shape::String), Null).required()
            .doc("conversionReviewVersions is an ordered list of preferred `ConversionReview` versions the Webhook expects. The API server will use the first version in the list which it supports. If none of the versions specified in this list are supported by API server, conversion will fail for the custom resource. If a persisted Webhook configuration specifies allowed versions and does not include any versions known to the API Server, calls to the webhook will fail."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion",
        "WebhookConversion describes how to call a conversion webhook",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
