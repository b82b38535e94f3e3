//! Pods.

use super::*;

/// For the document of kinds.
pub(super) const ALL: &[fn()] = &[
    pods_are_accepted,
    containers_are_refused,
    pods_are_refused,
    pods_hardly_change,
    resizes_change_compute_only,
];

#[test]
fn pods_are_accepted() {
    check("", "Pod", &container(""), &[]);
    check(
        "",
        "Pod",
        &container(
            r#","ports":[{"name":"http","containerPort":80}],"env":[{"name":"A","value":"1"},
            {"name":"P","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},
            {"name":"L","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels['a/b']"}}},
            {"name":"S","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}},
            {"name":"R","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"1m"}}}],
            "envFrom":[{"configMapRef":{"name":"c"}}],"volumeMounts":[{"name":"v","mountPath":"/v","subPath":"a/b"}],
            "livenessProbe":{"httpGet":{"port":"http"}},"readinessProbe":{"exec":{"command":["true"]}},
            "startupProbe":{"tcpSocket":{"port":80}},"lifecycle":{"preStop":{"sleep":{"seconds":5}}},
            "securityContext":{"runAsUser":0,"capabilities":{"add":["NET_ADMIN"]},"seccompProfile":{"type":"RuntimeDefault"}},
            "resources":{"requests":{"cpu":"100m","memory":"64Mi"},"limits":{"cpu":"1","memory":"64Mi","example.com/gpu":"1"}}"#,
        ),
        &[],
    );
    check(
        "",
        "Pod",
        &pod(
            r#"{"serviceAccountName":"a","initContainers":[{"name":"i","image":"x"},{"name":"s","image":"x","restartPolicy":"Always","readinessProbe":{"tcpSocket":{"port":1}}}],
            "containers":[{"name":"c","image":"i","volumeMounts":[{"name":"t","mountPath":"/t"},{"name":"p","mountPath":"/p"}]}],
            "volumes":[{"name":"t","projected":{"sources":[{"serviceAccountToken":{"path":"token","expirationSeconds":3607}},{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},{"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"fieldPath":"metadata.namespace"}}]}}]}},
                {"name":"p","persistentVolumeClaim":{"claimName":"p"}},{"name":"h","hostPath":{"path":"/x","type":"Directory"}}],
            "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"In","values":["b"]}],"matchFields":[{"key":"metadata.name","operator":"In","values":["n"]}]}]}},
                "podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"podAffinityTerm":{"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"a":"b"}}}}]}},
            "tolerations":[{"operator":"Exists"},{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],
            "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule"}],
            "dnsConfig":{"nameservers":["10.96.0.10"],"searches":["a.b","_x.y"],"options":[{"name":"ndots","value":"2"}]},
            "securityContext":{"fsGroup":1,"sysctls":[{"name":"net.ipv4.ip_unprivileged_port_start","value":"0"}]},
            "hostAliases":[{"ip":"1.2.3.4","hostnames":["a.b"]}],"readinessGates":[{"conditionType":"a/b"}]}"#,
        ),
        &[],
    );
}

#[test]
fn containers_are_refused() {
    let check = |members: &str, expect: &[&str]| check("", "Pod", &container(members), expect);
    check(
        r#","ports":[{"name":"http","containerPort":0},{"name":"http","containerPort":80,"protocol":"X"}]"#,
        &[
            "spec.containers[0].ports[0].containerPort: Required value",
            r#"spec.containers[0].ports[1].name: Duplicate value: "http""#,
            r#"spec.containers[0].ports[1].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP""#,
        ],
    );
    check(
        r#","ports":[{"containerPort":70000}]"#,
        &[
            "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
        ],
    );
    check(
        r#","env":[{"name":"A=B"},{"name":"C","value":"x","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]"#,
        &[
            r#"spec.containers[0].env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='"#,
            r#"spec.containers[0].env[1].valueFrom: Invalid value: "": may not be specified when `value` is not empty"#,
        ],
    );
    check(
        r#","volumeMounts":[{"name":"w","mountPath":"/a"},{"name":"v","mountPath":"/a"}]"#,
        &[
            r#"spec.containers[0].volumeMounts[0].name: Not found: "w""#,
            r#"spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique"#,
        ],
    );
    check(
        r#","livenessProbe":{"successThreshold":2,"tcpSocket":{"port":80}},"readinessProbe":{}"#,
        &[
            "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
            "spec.containers[0].readinessProbe: Required value: must specify a handler type",
        ],
    );
    check(
        r#","resources":{"requests":{"cpu":"2","memory":"-1"},"limits":{"cpu":"1"}}"#,
        &[
            r#"spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1"#,
            r#"spec.containers[0].resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0"#,
        ],
    );
    check(
        r#","resources":{"requests":{"x/y":"1"}}"#,
        &[
            "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources",
        ],
    );
    check(
        r#","imagePullPolicy":"Maybe""#,
        &[
            r#"spec.containers[0].imagePullPolicy: Unsupported value: "Maybe": supported values: "Always", "IfNotPresent", "Never""#,
        ],
    );
    check(
        r#","securityContext":{"privileged":true,"allowPrivilegeEscalation":false,"runAsUser":-1}"#,
        &[
            "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
            r#"spec.containers[0].securityContext: Invalid value: {"privileged":true,"runAsUser":-1,"allowPrivilegeEscalation":false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true"#,
        ],
    );
}

#[test]
fn pods_are_refused() {
    let check = |spec: &str, expect: &[&str]| check("", "Pod", &pod(spec), expect);
    check("{}", &["spec.containers: Required value"]);
    check(
        r#"{"containers":[{"name":"c"},{"name":"c","image":"i"}],"restartPolicy":"Sometimes"}"#,
        &[
            "spec.containers[0].image: Required value",
            r#"spec.containers[1].name: Duplicate value: "c""#,
            r#"spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never""#,
        ],
    );
    check(
        r#"{"containers":[{"name":"c","image":" i"}],"volumes":[{"name":"v","emptyDir":{},"hostPath":{"path":"/../x"}},{"name":"v","secret":{}}],"activeDeadlineSeconds":0}"#,
        &[
            "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
            "spec.volumes[1].secret.secretName: Required value",
            "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
            r#"spec.containers[0].image: Invalid value: " i": must not have leading or trailing whitespace"#,
        ],
    );
    check(
        r#"{"containers":[{"name":"c","image":"i"}],"tolerations":[{"key":"a","operator":"Exists","value":"b"},{"key":"k","tolerationSeconds":1}]}"#,
        &[
            r#"spec.tolerations[0].operator: Invalid value: "b": value must be empty when `operator` is 'Exists'"#,
            r#"spec.tolerations[1].effect: Invalid value: "": effect must be 'NoExecute' when `tolerationSeconds` is set"#,
        ],
    );
    check(
        r#"{"containers":[{"name":"c","image":"i"}],"ephemeralContainers":[{"name":"e","image":"i"}]}"#,
        &["spec.ephemeralContainers: Forbidden: cannot be set on create"],
    );
}

const ONLY: &str = "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

#[test]
fn pods_hardly_change() {
    let check = |old: &str, new: &str, expect: &[&str]| check_update("", "Pod", &pod(old), &pod(new), expect);
    let base = r#"{"containers":[{"name":"c","image":"1"}],"tolerations":[{"operator":"Exists"}]}"#;
    check(
        base,
        r#"{"containers":[{"name":"c","image":"2"}],"activeDeadlineSeconds":5,"tolerations":[{"operator":"Exists"},{"key":"a","operator":"Exists"}]}"#,
        &[],
    );
    check(
        base,
        r#"{"nodeName":"n","containers":[{"name":"c","image":"1"}],"tolerations":[{"operator":"Exists"}]}"#,
        &[ONLY],
    );
    check(
        base,
        r#"{"containers":[{"name":"c","image":"1"}]}"#,
        &[
            "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
        ],
    );
    check(
        base,
        r#"{"containers":[{"name":"c","image":"1"},{"name":"d","image":"1"}],"tolerations":[{"operator":"Exists"}]}"#,
        &["spec.containers: Forbidden: pod updates may not add or remove containers"],
    );
    check(
        r#"{"containers":[{"name":"c","image":"1"}],"schedulingGates":[{"name":"a/b"}]}"#,
        r#"{"containers":[{"name":"c","image":"1"}],"nodeSelector":{"a":"b"}}"#,
        &[],
    );
}

#[test]
fn resizes_change_compute_only() {
    let one = |resources: &str| object("", "Pod", &container(&format!(r#","resources":{resources}"#)));
    let check = |old: &str, new: &str, expect: &[&str]| {
        let found = update_subresource("", "Pod", "resize", &one(new), &one(old));
        let found: Vec<String> = shown(&found)
            .into_iter()
            .map(|text| text.split('\n').next().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(found, expect);
    };
    check(r#"{"requests":{"cpu":"1"}}"#, r#"{"requests":{"cpu":"2"}}"#, &[]);
    check(
        r#"{"requests":{"cpu":"1"}}"#,
        r#"{"requests":{"cpu":"1","ephemeral-storage":"1Gi"}}"#,
        &["spec: Forbidden: only cpu and memory resources are mutable"],
    );
    check(
        r#"{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"1","memory":"1Gi"}}"#,
        r#"{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"2","memory":"1Gi"}}"#,
        &[r#"spec: Invalid value: "": Pod QOS Class may not change as a result of resizing"#],
    );
}
