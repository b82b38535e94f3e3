//! `io.k8s.api.certificates.v1alpha1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.certificates.v1alpha1.ClusterTrustBundle`.
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
        gvk("certificates.k8s.io", "v1alpha1", "ClusterTrustBundle"),
    ];
    ty(
        "io.k8s.api.certificates.v1alpha1.ClusterTrustBundle",
        "ClusterTrustBundle is a cluster-scoped container for X.509 trust anchors (root certificates).\n\nClusterTrustBundle objects are considered to be readable by any authenticated user in the cluster, because they can be mounted by pods using the `clusterTrustBundle` projection.  All service accounts have read access to ClusterTrustBundles by default.  Users who only have namespace-level access to a cluster can read ClusterTrustBundles by impersonating a serviceaccount that they have access to.\n\nIt can be optionally associated with a particular assigner, in which case it contains one valid set of trust anchors for that signer. Signers may have multiple associated ClusterTrustBundles; each is an independent set of trust anchors for that signer. Admission control is used to enforce that only users with permissions on the signer can create or modify the corresponding bundle.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.certificates.v1alpha1.ClusterTrustBundleList`.
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
        gvk("certificates.k8s.io", "v1alpha1", "ClusterTrustBundleList"),
    ];
    ty(
        "io.k8s.api.certificates.v1alpha1.ClusterTrustBundleList",
        "ClusterTrustBundleList is a collection of ClusterTrustBundle objects",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.certificates.v1alpha1.ClusterTrustBundleSpec`.
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
        "io.k8s.api.certificates.v1alpha1.ClusterTrustBundleSpec",
        "ClusterTrustBundleSpec contains the signer and trust anchors.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
