//! `io.k8s.api.certificates.v1beta1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.certificates.v1beta1.ClusterTrustBundle`.
pub static CLUSTER_TRUST_BUNDLE: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("metadata contains the object metadata."),
        field("spec", 2, object(&CLUSTER_TRUST_BUNDLE_SPEC), Always).required()
            .doc("spec contains the signer (if any) and trust anchors."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("certificates.k8s.io", "v1beta1", "ClusterTrustBundle"),
    ];
    ty(
        "io.k8s.api.certificates.v1beta1.ClusterTrustBundle",
        "ClusterTrustBundle is a cluster-scoped container for X.509 trust anchors (root certificates).\n\nClusterTrustBundle objects are considered to be readable by any authenticated user in the cluster, because they can be mounted by pods using the `clusterTrustBundle` projection.  All service accounts have read access to ClusterTrustBundles by default.  Users who only have namespace-level access to a cluster can read ClusterTrustBundles by impersonating a serviceaccount that they have access to.\n\nIt can be optionally associated with a particular assigner, in which case it contains one valid set of trust anchors for that signer. Signers may have multiple associated ClusterTrustBundles; each is an independent set of trust anchors for that signer. Admission control is used to enforce that only users with permissions on the signer can create or modify the corresponding bundle.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.certificates.v1beta1.ClusterTrustBundleList`.
pub static CLUSTER_TRUST_BUNDLE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("metadata contains the list metadata."),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&CLUSTER_TRUST_BUNDLE))), Null).required()
            .doc("items is a collection of ClusterTrustBundle objects"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("certificates.k8s.io", "v1beta1", "ClusterTrustBundleList"),
    ];
    ty(
        "io.k8s.api.certificates.v1beta1.ClusterTrustBundleList",
        "ClusterTrustBundleList is a collection of ClusterTrustBundle objects",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.certificates.v1beta1.ClusterTrustBundleSpec`.
pub static CLUSTER_TRUST_BUNDLE_SPEC: Type = {
    static FIELDS: [Field; 2] = [
        field("signerName", 1, Shape::String, NonZero)
            .doc("signerName indicates the associated signer, if any.\n\nIn order to create or update a ClusterTrustBundle that sets signerName, you must have the following cluster-scoped permission: group=certificates.k8s.io resource=signers resourceName=<the signer name> verb=attest.\n\nIf signerName is not empty, then the ClusterTrustBundle object must be named with the signer name as a prefix (translating slashes to colons). For example, for the signer name `example.com/foo`, valid ClusterTrustBundle object names include `example.com:foo:abc` and `example.com:foo:v1`.\n\nIf signerName is empty, then the ClusterTrustBundle object's name must not have such a prefix.\n\nList/watch requests for ClusterTrustBundles can filter on this field using a `spec.signerName=NAME` field selector."),
        field("trustBundle", 2, Shape::String, Always).required()
            .doc("trustBundle contains the individual X.509 trust anchors for this bundle, as PEM bundle of PEM-wrapped, DER-formatted X.509 certificates.\n\nThe data must consist only of PEM certificate blocks that parse as valid X.509 certificates.  Each certificate must include a basic constraints extension with the CA bit set.  The API server will reject objects that contain duplicate certificates, or that use PEM block headers.\n\nUsers of ClusterTrustBundles, including Kubelet, are free to reorder and deduplicate certificate blocks in this file according to their own logic, as well as to drop PEM block headers and inter-block data."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.certificates.v1beta1.ClusterTrustBundleSpec",
        "ClusterTrustBundleSpec contains the signer and trust anchors.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.certificates.v1beta1.PodCertificateRequest`.
pub static POD_CERTIFICATE_REQUEST: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("metadata contains the object metadata."),
        field("spec", 2, object(&POD_CERTIFICATE_REQUEST_SPEC), Always).required()
            .doc("spec contains the details about the certificate being requested."),
        field("status", 3, object(&POD_CERTIFICATE_REQUEST_STATUS), Always)
            .doc("status contains the issued certificate, and a standard set of conditions."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("certificates.k8s.io", "v1beta1", "PodCertificateRequest"),
    ];
    ty(
        "io.k8s.api.certificates.v1beta1.PodCertificateRequest",
        "PodCertificateRequest encodes a pod requesting a certificate from a given signer.\n\nKubelets use this API to implement podCertificate projected volumes",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.certificates.v1beta1.PodCertificateRequestList`.
pub static POD_CERTIFICATE_REQUEST_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("metadata contains the list metadata."),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&POD_CERTIFICATE_REQUEST))), Null).required()
            .doc("items is a collection of PodCertificateRequest objects"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("certificates.k8s.io", "v1beta1", "PodCertificateRequestList"),
    ];
    ty(
        "io.k8s.api.certificates.v1beta1.PodCertificateRequestList",
        "PodCertificateRequestList is a collection of PodCertificateRequest objects",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.certificates.v1beta1.PodCertificateRequestSpec`.
pub static POD_CERTIFICATE_REQUEST_SPEC: Type = {
    static FIELDS: [Field; 11] = [
        field("signerName", 1, Shape::String, Always).required()
            .doc("signerName indicates the requested signer.\n\nAll signer names beginning with `kubernetes.io` are reserved for use by the Kubernetes project.  There is currently one well-known signer documented by the Kubernetes project, `kubernetes.io/kube-apiserver-client-pod`, which will issue client certificates understood by kube-apiserver.  It is currently unimplemented."),
        field("podName", 2, Shape::String, Always).required()
            .doc("podName is the name of the pod into which the certificate will be mounted."),
        field("podUID", 3, Shape::String, Always).required()
            .doc("podUID is the UID of the pod into which the certificate will be mounted."),
        field("serviceAccountName", 4, Shape::String, Always).required()
            .doc("serviceAccountName is the name of the service account the pod is running as."),
        field("serviceAccountUID", 5, Shape::String, Always).required()
            .doc("serviceAccountUID is the UID of the service account the pod is running as."),
        field("nodeName", 6, Shape::String, Always).required()
            .doc("nodeName is the name of the node the pod is assigned to."),
        field("nodeUID", 7, Shape::String, Always).required()
            .doc("nodeUID is the UID of the node the pod is assigned to."),
        field("maxExpirationSeconds", 8, Shape::Int32, Given).default("86400")
            .doc("maxExpirationSeconds is the maximum lifetime permitted for the certificate.\n\nIf omitted, kube-apiserver will set it to 86400(24 hours). kube-apiserver will reject values shorter than 3600 (1 hour).  The maximum allowable value is 7862400 (91 days).\n\nThe signer implementation is then free to issue a certificate with any lifetime *shorter* than MaxExpirationSeconds, but no shorter than 3600 seconds (1 hour).  This constraint is enforced by kube-apiserver. `kubernetes.io` signers will never issue certificates with a lifetime longer than 24 hours."),
        field("pkixPublicKey", 9, Shape::Bytes, Null).required()
            .doc("pkixPublicKey is the PKIX-serialized public key the signer will issue the certificate to.\n\nThe key must be one of RSA3072, RSA4096, ECDSAP256, ECDSAP384, ECDSAP521, or ED25519. Note that this list may be expanded in the future.\n\nSigner implementations do not need to support all key types supported by kube-apiserver and kubelet.  If a signer does not support the key type used for a given PodCertificateRequest, it must deny the request by setting a status.conditions entry with a type of \"Denied\" and a reason of \"UnsupportedKeyType\". It may also suggest a key type that it does support in the message field."),
        field("proofOfPossession", 10, Shape::Bytes, Null).required()
            .doc("proofOfPossession proves that the requesting kubelet holds the private key corresponding to pkixPublicKey.\n\nIt is contructed by signing the ASCII bytes of the pod's UID using `pkixPublicKey`.\n\nkube-apiserver validates the proof of possession during creation of the PodCertificateRequest.\n\nIf the key is an RSA key, then the signature is over the ASCII bytes of the pod UID, using RSASSA-PSS from RFC 8017 (as implemented by the golang function crypto/rsa.SignPSS with nil options).\n\nIf the key is an ECDSA key, then the signature is as described by [SEC 1, Version 2.0](https://www.secg.org/sec1-v2.pdf) (as implemented by the golang library function crypto/ecdsa.SignASN1)\n\nIf the key is an ED25519 key, the the signature is as described by the [ED25519 Specification](https://ed25519.cr.yp.to/) (as implemented by the golang library crypto/ed25519.Sign)."),
        field("unverifiedUserAnnotations", 11, map(&Shape::String), NonZero)
            .doc("unverifiedUserAnnotations allow pod authors to pass additional information to the signer implementation.  Kubernetes does not restrict or validate this metadata in any way.\n\nEntries are subject to the same validation as object metadata annotations, with the addition that all keys must be domain-prefixed. No restrictions are placed on values, except an overall size limitation on the entire field.\n\nSigners should document the keys and values they support.  Signers should deny requests that contain keys they do not recognize."),
    ];
    static NAMES: [(Text, u16); 11] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.certificates.v1beta1.PodCertificateRequestSpec",
        "PodCertificateRequestSpec describes the certificate request.  All fields are immutable after creation.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.certificates.v1beta1.PodCertificateRequestStatus`.
pub static POD_CERTIFICATE_REQUEST_STATUS: Type = {
    static FIELDS: [Field; 5] = [
        field("conditions", 1, list(&Shape::Struct(TypeRef::Static(&super::meta_v1::CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("conditions applied to the request.\n\nThe types \"Issued\", \"Denied\", and \"Failed\" have special handling.  At most one of these conditions may be present, and they must have status \"True\".\n\nIf the request is denied with `Reason=UnsupportedKeyType`, the signer may suggest a key type that will work in the message field."),
        field("certificateChain", 2, Shape::String, NonZero)
            .doc("certificateChain is populated with an issued certificate by the signer. This field is set via the /status subresource. Once populated, this field is immutable.\n\nIf the certificate signing request is denied, a condition of type \"Denied\" is added and this field remains empty. If the signer cannot issue the certificate, a condition of type \"Failed\" is added and this field remains empty.\n\nValidation requirements:\n 1. certificateChain must consist of one or more PEM-formatted certificates.\n 2. Each entry must be a valid PEM-wrapped, DER-encoded ASN.1 Certificate as\n    described in section 4 of RFC5280.\n\nIf more than one block is present, and the definition of the requested spec.signerName does not indicate otherwise, the first block is the issued certificate, and subsequent blocks should be treated as intermediate certificates and presented in TLS handshakes.  When projecting the chain into a pod volume, kubelet will drop any data in-between the PEM blocks, as well as any PEM block headers."),
        field("notBefore", 4, Shape::Time, Given)
            .doc("notBefore is the time at which the certificate becomes valid.  The value must be the same as the notBefore value in the leaf certificate in certificateChain.  This field is set via the /status subresource.  Once populated, it is immutable. The signer must set this field at the same time it sets certificateChain."),
        field("beginRefreshAt", 5, Shape::Time, Given)
            .doc("beginRefreshAt is the time at which the kubelet should begin trying to refresh the certificate.  This field is set via the /status subresource, and must be set at the same time as certificateChain.  Once populated, this field is immutable.\n\nThis field is only a hint.  Kubelet may start refreshing before or after this time if necessary."),
        field("notAfter", 6, Shape::Time, Given)
            .doc("notAfter is the time at which the certificate expires.  The value must be the same as the notAfter value in the leaf certificate in certificateChain.  This field is set via the /status subresource.  Once populated, it is immutable.  The signer must set this field at the same time it sets certificateChain."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.certificates.v1beta1.PodCertificateRequestStatus",
        "PodCertificateRequestStatus describes the status of the request, and holds the certificate data if the request is issued.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
