//! `io.k8s.api.networking.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.networking.v1.HTTPIngressPath`.
pub static HTTP_INGRESS_PATH: Type = {
    static FIELDS: [Field; 3] = [
        field("path", 1, Shape::String, NonZero)
            .doc("path is matched against the path of an incoming request. Currently it can contain characters disallowed from the conventional \"path\" part of a URL as defined by RFC 3986. Paths must begin with a '/' and must be present when using PathType with value \"Exact\" or \"Prefix\"."),
        field("pathType", 3, Shape::String, Null).required()
            .one_of(&[Borrowed("Exact"), Borrowed("ImplementationSpecific"), Borrowed("Prefix")])
            .doc("pathType determines the interpretation of the path matching. PathType can be one of the following values: * Exact: Matches the URL path exactly. * Prefix: Matches based on a URL path prefix split by '/'. Matching is\n  done on a path element by element basis. A path element refers is the\n  list of labels in the path split by the '/' separator. A request is a\n  match for path p if every p is an element-wise prefix of p of the\n  request path. Note that if the last element of the path is a substring\n  of the last element in request path, it is not a match (e.g. /foo/bar\n  matches /foo/bar/baz, but does not match /foo/barbaz).\n* ImplementationSpecific: Interpretation of the Path matching is up to\n  the IngressClass. Implementations can treat this as a separate PathType\n  or treat it identically to Prefix or Exact path types.\nImplementations are required to support all path types."),
        field("backend", 2, object(&INGRESS_BACKEND), Always).required()
            .doc("backend defines the referenced service endpoint to which the traffic will be forwarded to."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.HTTPIngressPath",
        "HTTPIngressPath associates a path with a backend. Incoming urls matching the path are forwarded to the backend.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.HTTPIngressRuleValue`.
pub static HTTP_INGRESS_RULE_VALUE: Type = {
    static FIELDS: [Field; 1] = [
        field("paths", 1, list(&Shape::Struct(TypeRef::Static(&HTTP_INGRESS_PATH))), Null).required()
            .doc("paths is a collection of paths that map requests to backends."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.HTTPIngressRuleValue",
        "HTTPIngressRuleValue is a list of http selectors pointing to backends. In the example: http://<host>/<path>?<searchpart> -> backend where where parts of the url correspond to RFC 3986, this resource will be used to match against everything after the last '/' and before the first '?' or '#'.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IPAddress`.
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
        gvk("networking.k8s.io", "v1", "IPAddress"),
    ];
    ty(
        "io.k8s.api.networking.v1.IPAddress",
        "IPAddress represents a single IP of a single IP Family. The object is designed to be used by APIs that operate on IP addresses. The object is used by the Service core API for allocation of IP addresses. An IP address can be represented in different formats, to guarantee the uniqueness of the IP, the name of the object is the IP address in canonical format, four decimal digits separated by dots suppressing leading zeros for IPv4 and the representation defined by RFC 5952 for IPv6. Valid: 192.168.1.5 or 2001:db8::1 or 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1 Invalid: 10.01.2.3 or 2001:db8:0:0:0::1",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IPAddressList`.
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
        gvk("networking.k8s.io", "v1", "IPAddressList"),
    ];
    ty(
        "io.k8s.api.networking.v1.IPAddressList",
        "IPAddressList contains a list of IPAddress.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IPAddressSpec`.
pub static IP_ADDRESS_SPEC: Type = {
    static FIELDS: [Field; 1] = [
        field("parentRef", 1, object(&PARENT_REFERENCE), Given).required()
            .doc("ParentRef references the resource that an IPAddress is attached to. An IPAddress must reference a parent object."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IPAddressSpec",
        "IPAddressSpec describe the attributes in an IP Address.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IPBlock`.
pub static IP_BLOCK: Type = {
    static FIELDS: [Field; 2] = [
        field("cidr", 1, Shape::String, Always).required()
            .doc("cidr is a string representing the IPBlock Valid examples are \"192.168.1.0/24\" or \"2001:db8::/64\""),
        field("except", 2, list(&Shape::String), NonZero)
            .doc("except is a slice of CIDRs that should not be included within an IPBlock Valid examples are \"192.168.1.0/24\" or \"2001:db8::/64\" Except values will be rejected if they are outside the cidr range"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IPBlock",
        "IPBlock describes a particular CIDR (Ex. \"192.168.1.0/24\",\"2001:db8::/64\") that is allowed to the pods matched by a NetworkPolicySpec's podSelector. The except entry describes CIDRs that should not be included within this rule.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.Ingress`.
pub static INGRESS: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&INGRESS_SPEC), Always)
            .doc("spec is the desired state of the Ingress. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&INGRESS_STATUS), Always)
            .doc("status is the current state of the Ingress. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("networking.k8s.io", "v1", "Ingress"),
    ];
    ty(
        "io.k8s.api.networking.v1.Ingress",
        "Ingress is a collection of rules that allow inbound connections to reach the endpoints defined by a backend. An Ingress can be configured to give services externally-reachable urls, load balance traffic, terminate SSL, offer name based virtual hosting etc.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressBackend`.
pub static INGRESS_BACKEND: Type = {
    static FIELDS: [Field; 2] = [
        field("service", 4, object(&INGRESS_SERVICE_BACKEND), Given)
            .doc("service references a service as a backend. This is a mutually exclusive setting with \"Resource\"."),
        field("resource", 3, object(&super::core_v1::TYPED_LOCAL_OBJECT_REFERENCE), Given)
            .doc("resource is an ObjectRef to another Kubernetes resource in the namespace of the Ingress object. If resource is specified, a service.Name and service.Port must not be specified. This is a mutually exclusive setting with \"Service\"."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IngressBackend",
        "IngressBackend describes all endpoints for a given service and port.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressClass`.
pub static INGRESS_CLASS: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&INGRESS_CLASS_SPEC), Always)
            .doc("spec is the desired state of the IngressClass. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("networking.k8s.io", "v1", "IngressClass"),
    ];
    ty(
        "io.k8s.api.networking.v1.IngressClass",
        "IngressClass represents the class of the Ingress, referenced by the Ingress Spec. The `ingressclass.kubernetes.io/is-default-class` annotation can be used to indicate that an IngressClass should be considered default. When a single IngressClass resource has this annotation set to true, new Ingress resources without a class specified will be assigned this default class.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressClassList`.
pub static INGRESS_CLASS_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata."),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&INGRESS_CLASS))), Null).required()
            .doc("items is the list of IngressClasses."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("networking.k8s.io", "v1", "IngressClassList"),
    ];
    ty(
        "io.k8s.api.networking.v1.IngressClassList",
        "IngressClassList is a collection of IngressClasses.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressClassParametersReference`.
pub static INGRESS_CLASS_PARAMETERS_REFERENCE: Type = {
    static FIELDS: [Field; 5] = [
        field("apiGroup", 1, Shape::String, Given)
            .doc("apiGroup is the group for the resource being referenced. If APIGroup is not specified, the specified Kind must be in the core API group. For any other third-party types, APIGroup is required."),
        field("kind", 2, Shape::String, Always).required()
            .doc("kind is the type of resource being referenced."),
        field("name", 3, Shape::String, Always).required()
            .doc("name is the name of resource being referenced."),
        field("scope", 4, Shape::String, Null)
            .doc("scope represents if this refers to a cluster or namespace scoped resource. This may be set to \"Cluster\" (default) or \"Namespace\"."),
        field("namespace", 5, Shape::String, Given)
            .doc("namespace is the namespace of the resource being referenced. This field is required when scope is set to \"Namespace\" and must be unset when scope is set to \"Cluster\"."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IngressClassParametersReference",
        "IngressClassParametersReference identifies an API object. This can be used to specify a cluster or namespace-scoped resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressClassSpec`.
pub static INGRESS_CLASS_SPEC: Type = {
    static FIELDS: [Field; 2] = [
        field("controller", 1, Shape::String, NonZero)
            .doc("controller refers to the name of the controller that should handle this class. This allows for different \"flavors\" that are controlled by the same controller. For example, you may have different parameters for the same implementing controller. This should be specified as a domain-prefixed path no more than 250 characters in length, e.g. \"acme.io/ingress-controller\". This field is immutable."),
        field("parameters", 2, object(&INGRESS_CLASS_PARAMETERS_REFERENCE), Given)
            .doc("parameters is a link to a custom resource containing additional configuration for the controller. This is optional if the controller does not require extra parameters."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IngressClassSpec",
        "IngressClassSpec provides information about the class of an Ingress.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressList`.
pub static INGRESS_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&INGRESS))), Null).required()
            .doc("items is the list of Ingress."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("networking.k8s.io", "v1", "IngressList"),
    ];
    ty(
        "io.k8s.api.networking.v1.IngressList",
        "IngressList is a collection of Ingress.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressLoadBalancerIngress`.
pub static INGRESS_LOAD_BALANCER_INGRESS: Type = {
    static FIELDS: [Field; 3] = [
        field("ip", 1, Shape::String, NonZero)
            .doc("ip is set for load-balancer ingress points that are IP based."),
        field("hostname", 2, Shape::String, NonZero)
            .doc("hostname is set for load-balancer ingress points that are DNS based."),
        field("ports", 4, list(&Shape::Struct(TypeRef::Static(&INGRESS_PORT_STATUS))), NonZero)
            .doc("ports provides information about the ports exposed by this LoadBalancer."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IngressLoadBalancerIngress",
        "IngressLoadBalancerIngress represents the status of a load-balancer ingress point.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressLoadBalancerStatus`.
pub static INGRESS_LOAD_BALANCER_STATUS: Type = {
    static FIELDS: [Field; 1] = [
        field("ingress", 1, list(&Shape::Struct(TypeRef::Static(&INGRESS_LOAD_BALANCER_INGRESS))), NonZero)
            .doc("ingress is a list containing ingress points for the load-balancer."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IngressLoadBalancerStatus",
        "IngressLoadBalancerStatus represents the status of a load-balancer.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressPortStatus`.
pub static INGRESS_PORT_STATUS: Type = {
    static FIELDS: [Field; 3] = [
        field("port", 1, Shape::Int32, Always).required()
            .doc("port is the port number of the ingress port."),
        field("protocol", 2, Shape::String, Always).required()
            .one_of(&[Borrowed("SCTP"), Borrowed("TCP"), Borrowed("UDP")])
            .doc("protocol is the protocol of the ingress port. The supported values are: \"TCP\", \"UDP\", \"SCTP\""),
        field("error", 3, Shape::String, Given)
            .doc("error is to record the problem with the service port The format of the error shall comply with the following rules: - built-in error values shall be specified in this file and those shall use\n  CamelCase names\n- cloud provider specific error values must have names that comply with the\n  format foo.example.com/CamelCase."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IngressPortStatus",
        "IngressPortStatus represents the error condition of a service port",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressRule`.
pub static INGRESS_RULE: Type = {
    static FIELDS: [Field; 2] = [
        field("host", 1, Shape::String, NonZero)
            .doc("host is the fully qualified domain name of a network host, as defined by RFC 3986. Note the following deviations from the \"host\" part of the URI as defined in RFC 3986: 1. IPs are not allowed. Currently an IngressRuleValue can only apply to\n   the IP in the Spec of the parent Ingress.\n2. The `:` delimiter is not respected because ports are not allowed.\n      Currently the port of an Ingress is implicitly :80 for http and\n      :443 for https.\nBoth these may change in the future. Incoming requests are matched against the host before the IngressRuleValue. If the host is unspecified, the Ingress routes all traffic based on the specified IngressRuleValue.\n\nhost can be \"precise\" which is a domain name without the terminating dot of a network host (e.g. \"foo.bar.com\") or \"wildcard\", which is a domain name prefixed with a single wildcard label (e.g. \"*.foo.com\"). The wildcard character '*' must appear by itself as the first DNS label and matches only a single label. You cannot have a wildcard label by itself (e.g. Host == \"*\"). Requests will be matched against the Host field in the following way: 1. If host is precise, the request matches this rule if the http host header is equal to Host. 2. If host is a wildcard, then the request matches this rule if the http host header is to equal to the suffix (removing the first label) of the wildcard rule."),
        field("http", 1, object(&HTTP_INGRESS_RULE_VALUE), Given).within(&[2]),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IngressRule",
        "IngressRule represents the rules mapping the paths under a specified host to the related backend services. Incoming requests are first evaluated for a host match, then routed to the backend associated with the matching IngressRuleValue.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressServiceBackend`.
pub static INGRESS_SERVICE_BACKEND: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name is the referenced service. The service must exist in the same namespace as the Ingress object."),
        field("port", 2, object(&SERVICE_BACKEND_PORT), Always)
            .doc("port of the referenced service. A port name or port number is required for a IngressServiceBackend."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IngressServiceBackend",
        "IngressServiceBackend references a Kubernetes Service as a Backend.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressSpec`.
pub static INGRESS_SPEC: Type = {
    static FIELDS: [Field; 4] = [
        field("ingressClassName", 4, Shape::String, Given)
            .doc("ingressClassName is the name of an IngressClass cluster resource. Ingress controller implementations use this field to know whether they should be serving this Ingress resource, by a transitive connection (controller -> IngressClass -> Ingress resource). Although the `kubernetes.io/ingress.class` annotation (simple constant name) was never formally defined, it was widely supported by Ingress controllers to create a direct binding between Ingress controller and Ingress resources. Newly created Ingress resources should prefer using the field. However, even though the annotation is officially deprecated, for backwards compatibility reasons, ingress controllers should still honor that annotation if present."),
        field("defaultBackend", 1, object(&INGRESS_BACKEND), Given)
            .doc("defaultBackend is the backend that should handle requests that don't match any rule. If Rules are not specified, DefaultBackend must be specified. If DefaultBackend is not set, the handling of requests that do not match any of the rules will be up to the Ingress controller."),
        field("tls", 2, list(&Shape::Struct(TypeRef::Static(&INGRESS_TLS))), NonZero)
            .doc("tls represents the TLS configuration. Currently the Ingress only supports a single TLS port, 443. If multiple members of this list specify different hosts, they will be multiplexed on the same port according to the hostname specified through the SNI TLS extension, if the ingress controller fulfilling the ingress supports SNI."),
        field("rules", 3, list(&Shape::Struct(TypeRef::Static(&INGRESS_RULE))), NonZero)
            .doc("rules is a list of host rules used to configure the Ingress. If unspecified, or no rule matches, all traffic is sent to the default backend."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IngressSpec",
        "IngressSpec describes the Ingress the user wishes to exist.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressStatus`.
pub static INGRESS_STATUS: Type = {
    static FIELDS: [Field; 1] = [
        field("loadBalancer", 1, object(&INGRESS_LOAD_BALANCER_STATUS), Always)
            .doc("loadBalancer contains the current status of the load-balancer."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IngressStatus",
        "IngressStatus describe the current state of the Ingress.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.IngressTLS`.
pub static INGRESS_TLS: Type = {
    static FIELDS: [Field; 2] = [
        field("hosts", 1, list(&Shape::String), NonZero)
            .doc("hosts is a list of hosts included in the TLS certificate. The values in this list must match the name/s used in the tlsSecret. Defaults to the wildcard host setting for the loadbalancer controller fulfilling this Ingress, if left unspecified."),
        field("secretName", 2, Shape::String, NonZero)
            .doc("secretName is the name of the secret used to terminate TLS traffic on port 443. Field is left optional to allow TLS routing based on SNI hostname alone. If the SNI host in a listener conflicts with the \"Host\" header field used by an IngressRule, the SNI host is used for termination and value of the \"Host\" header is used for routing."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.IngressTLS",
        "IngressTLS describes the transport layer security associated with an ingress.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.NetworkPolicy`.
pub static NETWORK_POLICY: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&NETWORK_POLICY_SPEC), Always)
            .doc("spec represents the specification of the desired behavior for this NetworkPolicy."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("networking.k8s.io", "v1", "NetworkPolicy"),
    ];
    ty(
        "io.k8s.api.networking.v1.NetworkPolicy",
        "NetworkPolicy describes what network traffic is allowed for a set of Pods",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.NetworkPolicyEgressRule`.
pub static NETWORK_POLICY_EGRESS_RULE: Type = {
    static FIELDS: [Field; 2] = [
        field("ports", 1, list(&Shape::Struct(TypeRef::Static(&NETWORK_POLICY_PORT))), NonZero)
            .doc("ports is a list of destination ports for outgoing traffic. Each item in this list is combined using a logical OR. If this field is empty or missing, this rule matches all ports (traffic not restricted by port). If this field is present and contains at least one item, then this rule allows traffic only if the traffic matches at least one port in the list."),
        field("to", 2, list(&Shape::Struct(TypeRef::Static(&NETWORK_POLICY_PEER))), NonZero)
            .doc("to is a list of destinations for outgoing traffic of pods selected for this rule. Items in this list are combined using a logical OR operation. If this field is empty or missing, this rule matches all destinations (traffic not restricted by destination). If this field is present and contains at least one item, this rule allows traffic only if the traffic matches at least one item in the to list."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.NetworkPolicyEgressRule",
        "NetworkPolicyEgressRule describes a particular set of traffic that is allowed out of pods matched by a NetworkPolicySpec's podSelector. The traffic must match both ports and to. This type is beta-level in 1.8",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.NetworkPolicyIngressRule`.
pub static NETWORK_POLICY_INGRESS_RULE: Type = {
    static FIELDS: [Field; 2] = [
        field("ports", 1, list(&Shape::Struct(TypeRef::Static(&NETWORK_POLICY_PORT))), NonZero)
            .doc("ports is a list of ports which should be made accessible on the pods selected for this rule. Each item in this list is combined using a logical OR. If this field is empty or missing, this rule matches all ports (traffic not restricted by port). If this field is present and contains at least one item, then this rule allows traffic only if the traffic matches at least one port in the list."),
        field("from", 2, list(&Shape::Struct(TypeRef::Static(&NETWORK_POLICY_PEER))), NonZero)
            .doc("from is a list of sources which should be able to access the pods selected for this rule. Items in this list are combined using a logical OR operation. If this field is empty or missing, this rule matches all sources (traffic not restricted by source). If this field is present and contains at least one item, this rule allows traffic only if the traffic matches at least one item in the from list."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.NetworkPolicyIngressRule",
        "NetworkPolicyIngressRule describes a particular set of traffic that is allowed to the pods matched by a NetworkPolicySpec's podSelector. The traffic must match both ports and from.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.NetworkPolicyList`.
pub static NETWORK_POLICY_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&NETWORK_POLICY))), Null).required()
            .doc("items is a list of schema objects."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("networking.k8s.io", "v1", "NetworkPolicyList"),
    ];
    ty(
        "io.k8s.api.networking.v1.NetworkPolicyList",
        "NetworkPolicyList is a list of NetworkPolicy objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.NetworkPolicyPeer`.
pub static NETWORK_POLICY_PEER: Type = {
    static FIELDS: [Field; 3] = [
        field("podSelector", 1, object(&super::meta_v1::LABEL_SELECTOR), Given)
            .doc("podSelector is a label selector which selects pods. This field follows standard label selector semantics; if present but empty, it selects all pods.\n\nIf namespaceSelector is also set, then the NetworkPolicyPeer as a whole selects the pods matching podSelector in the Namespaces selected by NamespaceSelector. Otherwise it selects the pods matching podSelector in the policy's own namespace."),
        field("namespaceSelector", 2, object(&super::meta_v1::LABEL_SELECTOR), Given)
            .doc("namespaceSelector selects namespaces using cluster-scoped labels. This field follows standard label selector semantics; if present but empty, it selects all namespaces.\n\nIf podSelector is also set, then the NetworkPolicyPeer as a whole selects the pods matching podSelector in the namespaces selected by namespaceSelector. Otherwise it selects all pods in the namespaces selected by namespaceSelector."),
        field("ipBlock", 3, object(&IP_BLOCK), Given)
            .doc("ipBlock defines policy on a particular IPBlock. If this field is set then neither of the other fields can be."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.NetworkPolicyPeer",
        "NetworkPolicyPeer describes a peer to allow traffic to/from. Only certain combinations of fields are allowed",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.NetworkPolicyPort`.
pub static NETWORK_POLICY_PORT: Type = {
    static FIELDS: [Field; 3] = [
        field("protocol", 1, Shape::String, Given)
            .one_of(&[Borrowed("SCTP"), Borrowed("TCP"), Borrowed("UDP")])
            .doc("protocol represents the protocol (TCP, UDP, or SCTP) which traffic must match. If not specified, this field defaults to TCP."),
        field("port", 2, Shape::IntOrString, Given)
            .doc("port represents the port on the given protocol. This can either be a numerical or named port on a pod. If this field is not provided, this matches all port names and numbers. If present, only traffic on the specified protocol AND port will be matched."),
        field("endPort", 3, Shape::Int32, Given)
            .doc("endPort indicates that the range of ports from port to endPort if set, inclusive, should be allowed by the policy. This field cannot be defined if the port field is not defined or if the port field is defined as a named (string) port. The endPort must be equal or greater than port."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.NetworkPolicyPort",
        "NetworkPolicyPort describes a port to allow traffic on",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.NetworkPolicySpec`.
pub static NETWORK_POLICY_SPEC: Type = {
    static FIELDS: [Field; 4] = [
        field("podSelector", 1, object(&super::meta_v1::LABEL_SELECTOR), Always)
            .doc("podSelector selects the pods to which this NetworkPolicy object applies. The array of rules is applied to any pods selected by this field. An empty selector matches all pods in the policy's namespace. Multiple network policies can select the same set of pods. In this case, the ingress rules for each are combined additively. This field is optional. If it is not specified, it defaults to an empty selector."),
        field("ingress", 2, list(&Shape::Struct(TypeRef::Static(&NETWORK_POLICY_INGRESS_RULE))), NonZero)
            .doc("ingress is a list of ingress rules to be applied to the selected pods. Traffic is allowed to a pod if there are no NetworkPolicies selecting the pod (and cluster policy otherwise allows the traffic), OR if the traffic source is the pod's local node, OR if the traffic matches at least one ingress rule across all of the NetworkPolicy objects whose podSelector matches the pod. If this field is empty then this NetworkPolicy does not allow any traffic (and serves solely to ensure that the pods it selects are isolated by default)"),
        field("egress", 3, list(&Shape::Struct(TypeRef::Static(&NETWORK_POLICY_EGRESS_RULE))), NonZero)
            .doc("egress is a list of egress rules to be applied to the selected pods. Outgoing traffic is allowed if there are no NetworkPolicies selecting the pod (and cluster policy otherwise allows the traffic), OR if the traffic matches at least one egress rule across all of the NetworkPolicy objects whose podSelector matches the pod. If this field is empty then this NetworkPolicy limits all outgoing traffic (and serves solely to ensure that the pods it selects are isolated by default). This field is beta-level in 1.8"),
        field("policyTypes", 4, list(&Shape::String), NonZero)
            .one_of(&[Borrowed("Egress"), Borrowed("Ingress")])
            .doc("policyTypes is a list of rule types that the NetworkPolicy relates to. Valid options are [\"Ingress\"], [\"Egress\"], or [\"Ingress\", \"Egress\"]. If this field is not specified, it will default based on the existence of ingress or egress rules; policies that contain an egress section are assumed to affect egress, and all policies (whether or not they contain an ingress section) are assumed to affect ingress. If you want to write an egress-only policy, you must explicitly specify policyTypes [ \"Egress\" ]. Likewise, if you want to write a policy that specifies that no egress is allowed, you must specify a policyTypes value that include \"Egress\" (since such a policy would not include an egress section and would otherwise default to just [ \"Ingress\" ]). This field is beta-level in 1.8"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.NetworkPolicySpec",
        "NetworkPolicySpec provides the specification of a NetworkPolicy",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.ParentReference`.
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
        "io.k8s.api.networking.v1.ParentReference",
        "ParentReference describes a reference to a parent object.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.ServiceBackendPort`.
pub static SERVICE_BACKEND_PORT: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, NonZero)
            .doc("name is the name of the port on the Service. This is a mutually exclusive setting with \"Number\"."),
        field("number", 2, Shape::Int32, NonZero)
            .doc("number is the numerical port number (e.g. 80) on the Service. This is a mutually exclusive setting with \"Name\"."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.networking.v1.ServiceBackendPort",
        "ServiceBackendPort is the service port being referenced.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.networking.v1.ServiceCIDR`.
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
        gvk("networking.k8s.io", "v1", "ServiceCIDR"),
    ];
    ty(
        "io.k8s.api.networking.v1.ServiceCIDR",
        "ServiceCIDR defines a range of IP addresses using CIDR format (e.g. 192.168.0.0/24 or 2001:db2::/64). This range is used to allocate ClusterIPs to Service objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.ServiceCIDRList`.
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
        gvk("networking.k8s.io", "v1", "ServiceCIDRList"),
    ];
    ty(
        "io.k8s.api.networking.v1.ServiceCIDRList",
        "ServiceCIDRList contains a list of ServiceCIDR objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.ServiceCIDRSpec`.
pub static SERVICE_CIDR_SPEC: Type = {
    static FIELDS: [Field; 1] = [
        field("cidrs", 1, list(&Shape::String), NonZero)
            .doc("CIDRs defines the IP blocks in CIDR notation (e.g. \"192.168.0.0/24\" or \"2001:db8::/64\") from which to assign service cluster IPs. Max of two CIDRs is allowed, one of each IP family. This field is immutable."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.ServiceCIDRSpec",
        "ServiceCIDRSpec define the CIDRs the user wants to use for allocating ClusterIPs for Services.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.networking.v1.ServiceCIDRStatus`.
pub static SERVICE_CIDR_STATUS: Type = {
    static FIELDS: [Field; 1] = [
        field("conditions", 1, list(&Shape::Struct(TypeRef::Static(&super::meta_v1::CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("conditions holds an array of metav1.Condition that describe the state of the ServiceCIDR. Current service state"),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.networking.v1.ServiceCIDRStatus",
        "ServiceCIDRStatus describes the current state of the ServiceCIDR.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
