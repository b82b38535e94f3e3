//! `io.k8s.api.admission.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.admission.v1.AdmissionRequest`.
pub static ADMISSION_REQUEST: Type = {
    static FIELDS: [Field; 15] = [
        field("uid", 1, Shape::String, Always)
            .doc("uid is an identifier for the individual request/response. It allows us to distinguish instances of requests which are otherwise identical (parallel requests, requests when earlier requests did not modify etc) The UID is meant to track the round trip (request/response) between the KAS and the WebHook, not the user request. It is suitable for correlating log entries between the webhook and apiserver, for either auditing or debugging."),
        field("kind", 2, object(&super::meta_v1::GROUP_VERSION_KIND), Always)
            .doc("kind is the fully-qualified type of object being submitted (for example, v1.Pod or autoscaling.v1.Scale)"),
        field("resource", 3, object(&super::meta_v1::GROUP_VERSION_RESOURCE), Always)
            .doc("resource is the fully-qualified resource being requested (for example, v1.pods)"),
        field("subResource", 4, Shape::String, NonZero)
            .doc("subResource is the subresource being requested, if any (for example, \"status\" or \"scale\")"),
        field("requestKind", 13, object(&super::meta_v1::GROUP_VERSION_KIND), Given)
            .doc("requestKind is the fully-qualified type of the original API request (for example, v1.Pod or autoscaling.v1.Scale). If this is specified and differs from the value in \"kind\", an equivalent match and conversion was performed.\n\nFor example, if deployments can be modified via apps/v1 and apps/v1beta1, and a webhook registered a rule of `apiGroups:\\[\"apps\"\\], apiVersions:\\[\"v1\"\\], resources: \\[\"deployments\"\\]` and `matchPolicy: Equivalent`, an API request to apps/v1beta1 deployments would be converted and sent to the webhook with `kind: {group:\"apps\", version:\"v1\", kind:\"Deployment\"}` (matching the rule the webhook registered for), and `requestKind: {group:\"apps\", version:\"v1beta1\", kind:\"Deployment\"}` (indicating the kind of the original API request).\n\nSee documentation for the \"matchPolicy\" field in the webhook configuration type for more details."),
        field("requestResource", 14, object(&super::meta_v1::GROUP_VERSION_RESOURCE), Given)
            .doc("requestResource is the fully-qualified resource of the original API request (for example, v1.pods). If this is specified and differs from the value in \"resource\", an equivalent match and conversion was performed.\n\nFor example, if deployments can be modified via apps/v1 and apps/v1beta1, and a webhook registered a rule of `apiGroups:\\[\"apps\"\\], apiVersions:\\[\"v1\"\\], resources: \\[\"deployments\"\\]` and `matchPolicy: Equivalent`, an API request to apps/v1beta1 deployments would be converted and sent to the webhook with `resource: {group:\"apps\", version:\"v1\", resource:\"deployments\"}` (matching the resource the webhook registered for), and `requestResource: {group:\"apps\", version:\"v1beta1\", resource:\"deployments\"}` (indicating the resource of the original API request).\n\nSee documentation for the \"matchPolicy\" field in the webhook configuration type."),
        field("requestSubResource", 15, Shape::String, NonZero)
            .doc("requestSubResource is the name of the subresource of the original API request, if any (for example, \"status\" or \"scale\") If this is specified and differs from the value in \"subResource\", an equivalent match and conversion was performed. See documentation for the \"matchPolicy\" field in the webhook configuration type."),
        field("name", 5, Shape::String, NonZero)
            .doc("name is the name of the object as presented in the request.  On a CREATE operation, the client may omit name and rely on the server to generate the name.  If that is the case, this field will contain an empty string."),
        field("namespace", 6, Shape::String, NonZero)
            .doc("namespace is the namespace associated with the request (if any)."),
        field("operation", 7, Shape::String, Always)
            .doc("operation is the operation being performed. This may be different than the operation requested. e.g. a patch can result in either a CREATE or UPDATE Operation."),
        field("userInfo", 8, object(&super::authentication_v1::USER_INFO), Always)
            .doc("userInfo is information about the requesting user"),
        field("object", 9, Shape::Object, Always)
            .doc("object is the object from the incoming request."),
        field("oldObject", 10, Shape::Object, Always)
            .doc("oldObject is the existing object. Only populated for DELETE and UPDATE requests."),
        field("dryRun", 11, Shape::Bool, Given)
            .doc("dryRun indicates that modifications will definitely not be persisted for this request. Defaults to false."),
        field("options", 12, Shape::Object, Always)
            .doc("options is the operation option structure of the operation being performed. e.g. `meta.k8s.io/v1.DeleteOptions` or `meta.k8s.io/v1.CreateOptions`. This may be different than the options the caller provided. e.g. for a patch request the performed Operation might be a CREATE, in which case the Options will a `meta.k8s.io/v1.CreateOptions` even though the caller provided `meta.k8s.io/v1.PatchOptions`."),
    ];
    static NAMES: [(Text, u16); 15] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.admission.v1.AdmissionRequest",
        "AdmissionRequest describes the admission.Attributes for the admission request.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.admission.v1.AdmissionResponse`.
pub static ADMISSION_RESPONSE: Type = {
    static FIELDS: [Field; 7] = [
        field("uid", 1, Shape::String, Always)
            .doc("uid is an identifier for the individual request/response. This must be copied over from the corresponding AdmissionRequest."),
        field("allowed", 2, Shape::Bool, Always)
            .doc("allowed indicates whether or not the admission request was permitted."),
        field("status", 3, object(&super::meta_v1::STATUS), Given)
            .doc("status is the result contains extra details into why an admission request was denied. This field IS NOT consulted in any way if \"Allowed\" is \"true\"."),
        field("patch", 4, Shape::Bytes, NonZero)
            .doc("patch is the patch body. Currently we only support \"JSONPatch\" which implements RFC 6902."),
        field("patchType", 5, Shape::String, Given)
            .doc("patchType is the type of Patch. Currently we only allow \"JSONPatch\"."),
        field("auditAnnotations", 6, map(&Shape::String), NonZero)
            .doc("auditAnnotations is an unstructured key value map set by remote admission controller (e.g. error=image-blacklisted). MutatingAdmissionWebhook and ValidatingAdmissionWebhook admission controller will prefix the keys with admission webhook name (e.g. imagepolicy.example.com/error=image-blacklisted). AuditAnnotations will be provided by the admission webhook to add additional context to the audit log for this request."),
        field("warnings", 7, list(&Shape::String), NonZero)
            .doc("warnings is a list of warning messages to return to the requesting API client. Warning messages describe a problem the client making the API request should correct or be aware of. Limit warnings to 120 characters if possible. Warnings over 256 characters and large numbers of warnings may be truncated."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.admission.v1.AdmissionResponse",
        "AdmissionResponse describes an admission response.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.admission.v1.AdmissionReview`.
pub static ADMISSION_REVIEW: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("request", 1, object(&ADMISSION_REQUEST), Given)
            .doc("request describes the attributes for the admission request."),
        field("response", 2, object(&ADMISSION_RESPONSE), Given)
            .doc("response describes the attributes for the admission response."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("admission.k8s.io", "v1", "AdmissionReview"),
    ];
    ty(
        "io.k8s.api.admission.v1.AdmissionReview",
        "AdmissionReview describes an admission review request/response.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
