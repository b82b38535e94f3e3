//! Ingresses, policies and addresses.

use super::*;

/// For the document of kinds.
pub(super) const ALL: &[fn()] = &[networking];

#[test]
fn networking() {
    check(
        "networking.k8s.io",
        "Ingress",
        r#""spec":{"rules":[{"host":"*.a.b","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"s","port":{"number":80}}}}]}}]}"#,
        &[],
    );
    check(
        "networking.k8s.io",
        "Ingress",
        r#""spec":{"defaultBackend":{"service":{"name":"s","port":{}}},"rules":[{"host":"1.2.3.4","http":{"paths":[{"path":"x","pathType":"Exact","backend":{}}]}}]}"#,
        &[
            "spec.defaultBackend: Required value: port name or number is required",
            r#"spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address"#,
            r#"spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path"#,
            r#"spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required"#,
        ],
    );
    check(
        "networking.k8s.io",
        "NetworkPolicy",
        r#""spec":{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}],"ports":[{"port":80,"endPort":90}]}]}"#,
        &[],
    );
    check(
        "networking.k8s.io",
        "NetworkPolicy",
        r#""spec":{"podSelector":{},"egress":[{"to":[{},{"ipBlock":{"cidr":"10.0.0.0/8","except":["11.0.0.0/8"]}}]}],"policyTypes":["Odd"]}"#,
        &[
            "spec.egress[0].to[0]: Required value: must specify a peer",
            r#"spec.egress[0].to[1].ipBlock.except[0]: Invalid value: "11.0.0.0/8": must be a strict subset of `cidr`"#,
            r#"spec.policyTypes[0]: Unsupported value: "Odd": supported values: "Ingress", "Egress""#,
        ],
    );
    check(
        "discovery.k8s.io",
        "EndpointSlice",
        r#""addressType":"IPv4","endpoints":[{"addresses":["10.244.0.1"]}],"ports":[{"name":"http","port":80}]"#,
        &[],
    );
    check(
        "discovery.k8s.io",
        "EndpointSlice",
        r#""addressType":"IPv4","endpoints":[{"addresses":["::1"]},{"addresses":[]}]"#,
        &[
            r#"endpoints[0].addresses[0]: Invalid value: "::1": must be an IPv4 address"#,
            "endpoints[1].addresses: Required value: must contain at least 1 address",
        ],
    );
    check(
        "",
        "Endpoints",
        r#""subsets":[{"ports":[{"port":0}]}]"#,
        &[
            "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
            "subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
        ],
    );
}
