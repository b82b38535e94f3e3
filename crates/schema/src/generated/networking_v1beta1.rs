//! `io.k8s.api.networking.v1beta1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.networking.v1beta1.IPAddress`.
pub static IP_ADDRESS: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&IP_ADDRESS_SPEC), Always)
            .doc("spec is the desired state of the IPAddress. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("networking.k8s.io", "v1beta1", "IPAddress"),
    ];
    ty(
        "io.k8s.api.networking.v1beta1.IPAddress",
        "IPAddress represents a single IP of a single IP Family. The object is designed to be used by APIs that operate on IP addresses. The object is used by the Service core API for allocation of IP addresses. An IP address can be represented in different formats, to guarantee the uniqueness of the IP, the name of the object is the IP address in canonical format, four decimal digits separated by dots suppressing leading zeros for IPv4 and the representation defined by RFC 5952 for IPv6. Valid: 192.168.1.5 or 2001:db8::1 or 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1 Invalid: 10.01.2.3 or 2001:db8:0:0:0::1",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1beta1.IPAddressList`.
pub static IP_ADDRESS_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&IP_ADDRESS))), Null).required()
            .doc("items is the list of IPAddresses."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("networking.k8s.io", "v1beta1", "IPAddressList"),
    ];
    ty(
        "io.k8s.api.networking.v1beta1.IPAddressList",
        "IPAddressList contains a list of IPAddress.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1beta1.IPAddressSpec`.
pub static IP_ADDRESS_SPEC: Type = {
    static FIELDS: [Field; 1] = [
        field("parentRef", 1, object(&PARENT_REFERENCE), Given).required()
            .doc("ParentRef references the resource that an IPAddress is attached to. An IPAddress must reference a parent object."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1beta1.IPAddressSpec",
        "IPAddressSpec describe the attributes in an IP Address.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1beta1.ParentReference`.
pub static PARENT_REFERENCE: Type = {
    static FIELDS: [Field; 4] = [
        field("group", 1, Shape::String, NonZero)
            .doc("Group is the group of the object being referenced."),
        field("resource", 2, Shape::String, NonZero).required()
            .doc("Resource is the resource of the object being referenced."),
        field("namespace", 3, Shape::String, NonZero)
            .doc("Namespace is the namespace of the object being referenced."),
        field("name", 4, Shape::String, NonZero).required()
            .doc("Name is the name of the object being referenced."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1beta1.ParentReference",
        "ParentReference describes a reference to a parent object.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1beta1.ServiceCIDR`.
pub static SERVICE_CIDR: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&SERVICE_CIDR_SPEC), Always)
            .doc("spec is the desired state of the ServiceCIDR. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&SERVICE_CIDR_STATUS), Always)
            .doc("status represents the current state of the ServiceCIDR. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("networking.k8s.io", "v1beta1", "ServiceCIDR"),
    ];
    ty(
        "io.k8s.api.networking.v1beta1.ServiceCIDR",
        "ServiceCIDR defines a range of IP addresses using CIDR format (e.g. 192.168.0.0/24 or 2001:db2::/64). This range is used to allocate ClusterIPs to Service objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1beta1.ServiceCIDRList`.
pub static SERVICE_CIDR_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&SERVICE_CIDR))), Null).required()
            .doc("items is the list of ServiceCIDRs."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("networking.k8s.io", "v1beta1", "ServiceCIDRList"),
    ];
    ty(
        "io.k8s.api.networking.v1beta1.ServiceCIDRList",
        "ServiceCIDRList contains a list of ServiceCIDR objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1beta1.ServiceCIDRSpec`.
pub static SERVICE_CIDR_SPEC: Type = {
    static FIELDS: [Field; 1] = [
        field("cidrs", 1, list(&Shape::String), NonZero)
            .doc("CIDRs defines the IP blocks in CIDR notation (e.g. \"192.168.0.0/24\" or \"2001:db8::/64\") from which to assign service cluster IPs. Max of two CIDRs is allowed, one of each IP family. This field is immutable."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1beta1.ServiceCIDRSpec",
        "ServiceCIDRSpec define the CIDRs the user wants to use for allocating ClusterIPs for Services.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1beta1.ServiceCIDRStatus`.
pub static SERVICE_CIDR_STATUS: Type = {
    static FIELDS: [Field; 1] = [
        field("conditions", 1, list(&Shape::Struct(TypeRef::Static(&super::meta_v1::CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("conditions holds an array of metav1.Condition that describe the state of the ServiceCIDR. Current service state"),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1beta1.ServiceCIDRStatus",
        "ServiceCIDRStatus describes the current state of the ServiceCIDR.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
