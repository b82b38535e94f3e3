//! Ingresses, network policies, ranges and addresses.

use super::super::*;

#[test]
fn ingresses_have_rules_1() {
    check(
        "networking.k8s.io",
        "Ingress",
        "",
        &["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"],
    );
    check(
        "networking.k8s.io",
        "Ingress",
        r#""spec":{"defaultBackend":{"resource":{"kind":"","name":"a/b","apiGroup":"A"}},"ingressClassName":"A","tls":[{"hosts":["*a","B"],"secretName":"C"}]}"#,
        &[
            r#"spec.defaultBackend.resource.apiGroup: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.defaultBackend.resource.kind: Required value",
            r#"spec.defaultBackend.resource.name: Invalid value: "a/b": may not contain '/'"#,
            r#"spec.tls[0].hosts[0]: Invalid value: "*a": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"spec.tls[0].hosts[1]: Invalid value: "B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"spec.tls[0].secretName: Invalid value: "C": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"spec.ingressClassName: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        "networking.k8s.io",
        "Ingress",
        r#""spec":{"rules":[{"host":"*x","http":{"paths":[]}},{"http":{"paths":[{"path":"/a//b/..","pathType":"Prefix","backend":{"service":{"name":"A","port":{"name":"a","number":1}}}},{"path":"x","pathType":"Odd","backend":{"service":{"name":"","port":{"name":"A_"}}}},{"path":"x","pathType":"ImplementationSpecific","backend":{"service":{"name":"s","port":{"number":70000}},"resource":{"kind":"k","name":"n"}}}]}}]}"#,
        &[
            r#"spec.rules[0].host: Invalid value: "*x": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.rules[0].http.paths: Required value",
            r#"spec.rules[1].http.paths[0].path: Invalid value: "/a//b/..": must not contain '//'"#,
            r#"spec.rules[1].http.paths[0].path: Invalid value: "/a//b/..": cannot end with '/..'"#,
            r#"spec.rules[1].http.paths[0].backend.service.name: Invalid value: "A": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"#,
            r#"spec.rules[1].http.paths[0].backend: Invalid value: "": cannot set both port name & port number"#,
            r#"spec.rules[1].http.paths[1].pathType: Unsupported value: "Odd": supported values: "Exact", "ImplementationSpecific", "Prefix""#,
            "spec.rules[1].http.paths[1].backend.service.name: Required value",
            r#"spec.rules[1].http.paths[1].backend.service.port.name: Invalid value: "A_": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"#,
            r#"spec.rules[1].http.paths[1].backend.service.port.name: Invalid value: "A_": must contain at least one letter (a-z)"#,
            r#"spec.rules[1].http.paths[2].path: Invalid value: "x": must be an absolute path"#,
            r#"spec.rules[1].http.paths[2].backend: Invalid value: "": cannot set both resource and service backends"#,
        ],
    );
    check_part(
        "status",
        "networking.k8s.io",
        "Ingress",
        r#""spec":{"defaultBackend":{"service":{"name":"s","port":{"number":1}}}}"#,
        r#""spec":{"defaultBackend":{"service":{"name":"s","port":{"number":1}}}},"status":{"loadBalancer":{"ingress":[{"ip":"x","hostname":"1.1.1.1"}]}}"#,
        &[
            r#"status.loadBalancer.ingress[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
            r#"status.loadBalancer.ingress[0].hostname: Invalid value: "1.1.1.1": must be a DNS name, not an IP address"#,
        ],
    );
    check("networking.k8s.io", "IngressClass", r#""spec":{"controller":"a.b/c"}"#, &[]);
}

#[test]
fn ingresses_have_rules_2() {
    check(
        "networking.k8s.io",
        "IngressClass",
        r#""spec":{"controller":"x","parameters":{"kind":"","name":"a/b","scope":"Namespace"}}"#,
        &[
            r#"spec.controller: Invalid value: "x": must be a domain-prefixed path (such as "acme.io/foo")"#,
            "spec.parameters.kind: Required value",
            r#"spec.parameters.name: Invalid value: "a/b": may not contain '/'"#,
            "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
        ],
    );
    check(
        "networking.k8s.io",
        "IngressClass",
        r#""spec":{"controller":"","parameters":{"kind":"k","name":"n","scope":"Cluster","namespace":"n"}}"#,
        &[
            "spec.controller: Required value",
            "spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'",
        ],
    );
    check(
        "networking.k8s.io",
        "IngressClass",
        r#""spec":{"controller":"a.b/c","parameters":{"kind":"k","name":"n","scope":"Odd"}}"#,
        &[r#"spec.parameters.scope: Unsupported value: "Odd": supported values: "Cluster", "Namespace""#],
    );
    check_update(
        "networking.k8s.io",
        "IngressClass",
        r#""spec":{"controller":"a.b/c"}"#,
        r#""spec":{"controller":"a.b/d"}"#,
        &[r#"spec.controller: Invalid value: "a.b/d": field is immutable"#],
    );
}

#[test]
fn policies_have_rules() {
    check(
        "networking.k8s.io",
        "NetworkPolicy",
        r#""spec":{"podSelector":{},"ingress":[{"ports":[{"protocol":"X","port":0},{"endPort":5},{"port":"a","endPort":5},{"port":9,"endPort":5}],"from":[{"ipBlock":{"cidr":""}},{"ipBlock":{"cidr":"x"}},{"podSelector":{},"ipBlock":{"cidr":"10.0.0.0/8","except":["x"]}}]}],"policyTypes":["Ingress","Egress","Odd"]}"#,
        &[
            r#"spec.ingress[0].ports[0].protocol: Unsupported value: "X": supported values: "TCP", "UDP", "SCTP""#,
            "spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            "spec.ingress[0].ports[1].endPort: Invalid value: 5: may not be specified when `port` is not specified",
            "spec.ingress[0].ports[2].endPort: Invalid value: 5: may not be specified when `port` is non-numeric",
            "spec.ingress[0].ports[3].endPort: Invalid value: 5: must be greater than or equal to `port`",
            "spec.ingress[0].from[0].ipBlock.cidr: Required value",
            r#"spec.ingress[0].from[1].ipBlock.cidr: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"#,
            r#"spec.ingress[0].from[2].ipBlock.except[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"#,
            "spec.ingress[0].from[2]: Forbidden: may not specify both ipBlock and another peer",
            r#"spec.policyTypes: Invalid value: ["Ingress","Egress","Odd"]: may not specify more than two policyTypes"#,
        ],
    );
    check_update(
        "networking.k8s.io",
        "NetworkPolicy",
        r#""spec":{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":"x"}}]}]}"#,
        r#""spec":{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"x"}}]}]}"#,
        &[],
    );
}

#[test]
fn ranges_and_addresses_have_rules_1() {
    check("networking.k8s.io", "ServiceCIDR", r#""spec":{"cidrs":["10.0.0.0/16","fd00::/64"]}"#, &[]);
    check(
        "networking.k8s.io",
        "ServiceCIDR",
        "",
        &["spec.cidrs: Required value: at least one CIDR required"],
    );
    check(
        "networking.k8s.io",
        "ServiceCIDR",
        r#""spec":{"cidrs":["10.0.0.1/16","10.1.0.0/16"]}"#,
        &[
            r#"spec.cidrs[0]: Invalid value: "10.0.0.1/16": must not have bits set beyond the prefix length"#,
            r#"spec.cidrs: Invalid value: ["10.0.0.1/16","10.1.0.0/16"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"#,
        ],
    );
    check(
        "networking.k8s.io",
        "ServiceCIDR",
        r#""spec":{"cidrs":["a","b","c"]}"#,
        &[r#"spec.cidrs: Invalid value: {"cidrs":["a","b","c"]}: may only hold up to 2 values"#],
    );
    check_update(
        "networking.k8s.io",
        "ServiceCIDR",
        r#""spec":{"cidrs":["10.0.0.0/16"]}"#,
        r#""spec":{"cidrs":["10.0.0.0/16","fd00::/64"]}"#,
        &[],
    );
    check_update(
        "networking.k8s.io",
        "ServiceCIDR",
        r#""spec":{"cidrs":["10.0.0.0/16"]}"#,
        r#""spec":{"cidrs":["10.1.0.0/16"]}"#,
        &[r#"spec.cidrs[0]: Invalid value: "10.1.0.0/16": field is immutable"#],
    );
    check_update(
        "networking.k8s.io",
        "ServiceCIDR",
        r#""spec":{"cidrs":["10.0.0.0/16"]}"#,
        r#""spec":{"cidrs":[]}"#,
        &["spec.cidrs: Invalid value: null: field is immutable"],
    );
    check(
        "networking.k8s.io",
        "IPAddress",
        "",
        &[
            r#"metadata.name: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
            "spec.parentRef: Required value",
        ],
    );
}

#[test]
fn ranges_and_addresses_have_rules_2() {
    check(
        "networking.k8s.io",
        "IPAddress",
        r#""spec":{"parentRef":{"group":"A","resource":"","name":"a/b","namespace":"c/d"}}"#,
        &[
            r#"metadata.name: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
            r#"spec.parentRef.group: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            "spec.parentRef.resource: Required value",
            r#"spec.parentRef.name: Invalid value: "a/b": may not contain '/'"#,
            r#"spec.parentRef.namespace: Invalid value: "c/d": may not contain '/'"#,
        ],
    );
    check_update(
        "networking.k8s.io",
        "IPAddress",
        r#""spec":{"parentRef":{"resource":"services","name":"a"}}"#,
        r#""spec":{"parentRef":{"resource":"services","name":"b"}}"#,
        &[r#"spec.parentRef: Invalid value: {"resource":"services","name":"b"}: field is immutable"#],
    );
}

pub(super) const ALL: &[fn()] = &[
    ingresses_have_rules_1,
    ingresses_have_rules_2,
    policies_have_rules,
    ranges_and_addresses_have_rules_1,
    ranges_and_addresses_have_rules_2,
];
