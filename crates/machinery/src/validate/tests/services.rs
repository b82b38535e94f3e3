//! Services and the addresses behind them.

use super::*;

/// For the document of kinds.
pub(super) const ALL: &[fn()] = &[services];

#[test]
fn services() {
    let check = |spec: &str, expect: &[&str]| check("", "Service", &pod(spec), expect);
    check(r#"{"ports":[{"port":80}],"selector":{"a":"b"}}"#, &[]);
    check(
        r#"{"type":"NodePort","clusterIP":"10.96.0.5","clusterIPs":["10.96.0.5"],"ports":[{"name":"a","port":80,"nodePort":30080},{"name":"b","port":81}]}"#,
        &[],
    );
    check(r#"{"type":"ExternalName","externalName":"example.com"}"#, &[]);
    check("{}", &["spec.ports: Required value"]);
    check(
        r#"{"type":"Odd","ports":[{"port":0,"targetPort":"no port"},{"port":80,"nodePort":1}]}"#,
        &[
            "spec.ports[0].name: Required value",
            "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            r#"spec.ports[0].targetPort: Invalid value: "no port": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"#,
            "spec.ports[1].name: Required value",
            r#"spec.type: Unsupported value: "Odd": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort""#,
        ],
    );
    check(
        r#"{"ports":[{"port":80,"nodePort":30080}],"externalIPs":["127.0.0.1"]}"#,
        &[
            r#"spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)"#,
            "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
        ],
    );
    check_update(
        "",
        "Service",
        &pod(r#"{"clusterIP":"10.96.0.5","clusterIPs":["10.96.0.5"],"ports":[{"port":80}]}"#),
        &pod(r#"{"clusterIP":"10.96.0.6","clusterIPs":["10.96.0.6"],"ports":[{"port":80}]}"#),
        &[r#"spec.clusterIPs[0]: Invalid value: ["10.96.0.6"]: may not change once set"#],
    );
}
