//! Services and the addresses behind them.

use super::super::*;

#[test]
fn fields_of_services_have_rules_1() {
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"sessionAffinity":"Odd"}"#,
        &[r#"spec.sessionAffinity: Unsupported value: "Odd": supported values: "ClientIP", "None""#],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":0}}}"#,
        &[
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400",
        ],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"sessionAffinity":"None","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":1}}}"#,
        &[],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.2"]}"#,
        &[r#"spec.clusterIPs: Invalid value: ["10.0.0.2"]: first value must match `clusterIP`"#],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"clusterIPs":["10.0.0.2"]}"#,
        &[r#"spec.clusterIPs: Invalid value: ["10.0.0.2"]: must be empty when `clusterIP` is not specified"#],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"clusterIP":"None","clusterIPs":["None","10.0.0.1"]}"#,
        &[r#"spec.clusterIPs: Invalid value: ["None","10.0.0.1"]: 'None' must be the first and only value"#],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1","10.0.0.2","::1"]}"#,
        &[r#"spec.clusterIPs: Invalid value: ["10.0.0.1","10.0.0.2","::1"]: may only hold up to 2 values"#],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"],"ipFamilies":["IPv6","IPv6","Odd"],"ipFamilyPolicy":"Odd"}"#,
        &[
            r#"spec.ipFamilies[1]: Duplicate value: "IPv6""#,
            r#"spec.ipFamilies[2]: Unsupported value: "Odd": supported values: "IPv4", "IPv6""#,
            r#"spec.ipFamilyPolicy: Unsupported value: "Odd": supported values: "PreferDualStack", "RequireDualStack", "SingleStack""#,
            r#"spec.clusterIPs[0]: Invalid value: "10.0.0.1": expected an IPv6 value as indicated by `ipFamilies[0]`"#,
        ],
    );
}

#[test]
fn fields_of_services_have_rules_2() {
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"clusterIP":"x","clusterIPs":["x"]}"#,
        &[
            r#"spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
        ],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"type":"NodePort","clusterIP":"None","clusterIPs":["None"]}"#,
        &[r#"spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services"#],
    );
    check(
        "",
        "Service",
        r#""spec":{"type":"ExternalName","clusterIPs":["1.1.1.1"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack"}"#,
        &[
            "spec.clusterIPs: Forbidden: may not be set for ExternalName services",
            "spec.ipFamilies: Forbidden: may not be set for ExternalName services",
            "spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services",
            "spec.externalName: Required value",
        ],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"type":"LoadBalancer","allocateLoadBalancerNodePorts":true,"loadBalancerSourceRanges":["x"," 10.0.0.0/8 "],"loadBalancerClass":"a b"}"#,
        &[
            r#"spec.LoadBalancerSourceRanges[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"#,
            r#"spec.loadBalancerClass: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
        ],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"loadBalancerSourceRanges":["10.0.0.0/8"],"loadBalancerClass":"a/b","allocateLoadBalancerNodePorts":true}"#,
        &[
            "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
            "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'",
            "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
        ],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"type":"LoadBalancer","allocateLoadBalancerNodePorts":true,"externalTrafficPolicy":"Local"}"#,
        &["spec.healthCheckNodePort: Required value"],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"externalTrafficPolicy":"Local","healthCheckNodePort":1}"#,
        &[
            r#"spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services"#,
            "spec.healthCheckNodePort: Invalid value: 1: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
        ],
    );
}

#[test]
fn fields_of_services_have_rules_3() {
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"internalTrafficPolicy":"Odd","trafficDistribution":"Odd"}"#,
        &[
            r#"spec.internalTrafficPolicy: Unsupported value: "Odd": supported values: "Cluster", "Local""#,
            r#"spec.trafficDistribution: Unsupported value: "Odd": supported values: "PreferClose", "PreferSameZone", "PreferSameNode""#,
        ],
    );
    check(
        "",
        "Service",
        r#""spec":{"ports":[{"name":"a","port":80,"protocol":"X","appProtocol":"a b"},{"name":"a","port":80,"protocol":"X","nodePort":3}],"type":"NodePort","externalIPs":["x","0.0.0.0","169.254.1.1","224.0.0.1"]}"#,
        &[
            r#"spec.ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP""#,
            r#"spec.ports[0].appProtocol: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"spec.ports[1].name: Duplicate value: "a""#,
            r#"spec.ports[1].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP""#,
            r#"spec.externalIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
            r#"spec.externalIPs[1]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)"#,
            r#"spec.externalIPs[2]: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)"#,
            r#"spec.externalIPs[3]: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"#,
            r#"spec.ports[1]: Duplicate value: {"Name":"","Protocol":"X","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}"#,
        ],
    );
}

#[test]
fn services_keep_what_they_have() {
    check_update(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1","::1"],"ipFamilyPolicy":"RequireDualStack"}"#,
        r#""spec":{"ports":[{"port":80}],"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"]}"#,
        &[
            "spec.ipFamilyPolicy: Invalid value: null: must be set to 'SingleStack' when releasing the secondary clusterIP",
        ],
    );
    check_update(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"]}"#,
        r#""spec":{"ports":[{"port":80}]}"#,
        &["spec.clusterIPs[0]: Invalid value: null: primary clusterIP can not be unset"],
    );
    check_update(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"type":"LoadBalancer","allocateLoadBalancerNodePorts":true,"loadBalancerClass":"a/b"}"#,
        r#""spec":{"ports":[{"port":80}],"type":"LoadBalancer","allocateLoadBalancerNodePorts":true,"loadBalancerClass":"a/c"}"#,
        &[r#"spec.loadBalancerClass: Invalid value: "a/c": may not change once set"#],
    );
    check_update(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"type":"LoadBalancer","allocateLoadBalancerNodePorts":true,"externalTrafficPolicy":"Local","healthCheckNodePort":2}"#,
        r#""spec":{"ports":[{"port":80}],"type":"LoadBalancer","allocateLoadBalancerNodePorts":true,"externalTrafficPolicy":"Local","healthCheckNodePort":3}"#,
        &["spec.healthCheckNodePort: Forbidden: field is immutable"],
    );
    check_update(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"clusterIP":"None","clusterIPs":["None"],"ipFamilies":["IPv4"]}"#,
        r#""spec":{"ports":[{"port":80}],"clusterIP":"None","clusterIPs":["None"]}"#,
        &[],
    );
    check_update(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"]}"#,
        r#""spec":{"ports":[{"port":80}],"type":"ExternalName","externalName":"a"}"#,
        &[],
    );
    check_update(
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}],"ipFamilies":["IPv4"]}"#,
        r#""spec":{"ports":[{"port":80}],"ipFamilies":["IPv6"]}"#,
        &[r#"spec.ipFamilies[0]: Invalid value: ["IPv6"]: may not change once set"#],
    );
}

#[test]
fn status_of_services_has_rules() {
    check_part(
        "status",
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}]}"#,
        r#""spec":{"ports":[{"port":80}]},"status":{"loadBalancer":{"ingress":[{"ip":"1.1.1.1"}]}}"#,
        &["status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'"],
    );
    check_part(
        "status",
        "",
        "Service",
        r#""spec":{"ports":[{"port":80}]}"#,
        r#""spec":{"ports":[{"port":80}],"type":"LoadBalancer","allocateLoadBalancerNodePorts":true},"status":{"loadBalancer":{"ingress":[{"ip":"x"},{"ip":"1.1.1.1","ipMode":"Odd"},{"ipMode":"VIP","hostname":"1.1.1.1"}]}}"#,
        &[
            r#"status.loadBalancer.ingress[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
            r#"status.loadBalancer.ingress[1].ipMode: Unsupported value: "Odd": supported values: "Proxy", "VIP""#,
            "status.loadBalancer.ingress[2].ipMode: Forbidden: may not be specified when `ip` is not set",
            r#"status.loadBalancer.ingress[2].hostname: Invalid value: "1.1.1.1": must be a DNS name, not an IP address"#,
        ],
    );
}

#[test]
fn addresses_behind_services_have_rules() {
    check(
        "",
        "Endpoints",
        r#""subsets":[{"addresses":[{"ip":"x","hostname":"A","nodeName":"B"},{"ip":"127.0.0.1"}],"ports":[{"port":1,"protocol":"X","appProtocol":"a b"},{"name":"A","port":2}]}]"#,
        &[
            r#"subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
            r#"subsets[0].addresses[0].hostname: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"subsets[0].addresses[0].nodeName: Invalid value: "B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address"#,
            r#"subsets[0].addresses[1].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)"#,
            "subsets[0].ports[0].name: Required value",
            r#"subsets[0].ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP""#,
            r#"subsets[0].ports[0].appProtocol: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            r#"subsets[0].ports[1].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
        ],
    );
    check(
        "discovery.k8s.io",
        "EndpointSlice",
        r#""addressType":"Odd","endpoints":[],"ports":[{"name":"A","port":0,"protocol":"X"},{"name":"b"},{"name":"b"}]"#,
        &[
            r#"addressType: Unsupported value: "Odd": supported values: "FQDN", "IPv4", "IPv6""#,
            r#"ports[0].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            "ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            r#"ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP""#,
            r#"ports[2].name: Duplicate value: "b""#,
        ],
    );
    check(
        "discovery.k8s.io",
        "EndpointSlice",
        r#""addressType":"FQDN","endpoints":[{"addresses":["A"],"nodeName":"N","hostname":"H","hints":{"forZones":[{"name":"a"},{"name":"a"}]}}]"#,
        &[
            r#"endpoints[0].addresses[0]: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"endpoints[0].nodeName: Invalid value: "N": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
            r#"endpoints[0].hostname: Invalid value: "H": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"endpoints[0].hints.forZones[1].name: Duplicate value: "a""#,
        ],
    );
    check_update(
        "discovery.k8s.io",
        "EndpointSlice",
        r#""addressType":"IPv4","endpoints":[{"addresses":["1.2.3.4"]}]"#,
        r#""addressType":"IPv6","endpoints":[{"addresses":["::2"]}]"#,
        &[r#"addressType: Invalid value: "IPv6": field is immutable"#],
    );
}

pub(super) const ALL: &[fn()] = &[
    fields_of_services_have_rules_1,
    fields_of_services_have_rules_2,
    fields_of_services_have_rules_3,
    services_keep_what_they_have,
    status_of_services_has_rules,
    addresses_behind_services_have_rules,
];
