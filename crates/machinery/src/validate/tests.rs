//! Rules of each kind: an accepted object, and what is said of refused ones.

use mizzen_schema::builtin;
use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;

use super::{create, update, update_subresource, warnings};
use crate::default;

fn read(group: &str, kind: &str, text: &str) -> Value {
    let version = if group == "autoscaling" { "v2" } else { "v1" };
    let ty = TypeRef::Static(builtin::kind(group, version, kind).expect("a built-in kind"));
    let mut object = json::decode(text.as_bytes(), &ty, &Options::default())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .value;
    default::object(group, kind, &mut object);
    object
}

/// An object with the given members; it gets a name, and a namespace where its kind has them.
fn object(group: &str, kind: &str, members: &str) -> Value {
    let version = if group == "autoscaling" { "v2" } else { "v1" };
    let ty = builtin::kind(group, version, kind).expect("a built-in kind");
    let namespaced =
        ty.kinds.first().and_then(builtin::resource_of).is_some_and(|resource| resource.namespaced);
    let namespace = if namespaced { r#","namespace":"ns""# } else { "" };
    let metadata = format!(r#""metadata":{{"name":"x"{namespace}}}"#);
    let separator = if members.is_empty() { "" } else { "," };
    read(group, kind, &format!("{{{metadata}{separator}{members}}}"))
}

fn shown(errors: &[crate::field::FieldError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

/// Checks what is said of a new object.
fn check(group: &str, kind: &str, members: &str, expect: &[&str]) {
    assert_eq!(shown(&create(group, kind, &object(group, kind, members))), expect, "{kind} {members}");
}

/// Checks what is said of a change.
fn check_update(group: &str, kind: &str, old: &str, new: &str, expect: &[&str]) {
    let found = update(group, kind, &object(group, kind, new), &object(group, kind, old));
    let found: Vec<String> = shown(&found)
        .into_iter()
        .map(|text| text.split('\n').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(found, expect, "{kind} {old} -> {new}");
}

fn pod(spec: &str) -> String {
    format!(r#""spec":{spec}"#)
}

/// A pod of one container with these members.
fn container(members: &str) -> String {
    pod(&format!(
        r#"{{"serviceAccountName":"default","volumes":[{{"name":"v","emptyDir":{{}}}}],"containers":[{{"name":"c","image":"i"{members}}}]}}"#
    ))
}

#[test]
fn metadata() {
    let check = |metadata: &str, expect: &[&str]| {
        let object = read("", "ConfigMap", &format!(r#"{{"metadata":{metadata}}}"#));
        assert_eq!(shown(&create("", "ConfigMap", &object)), expect, "{metadata}");
    };
    check(r#"{"name":"a","namespace":"b"}"#, &[]);
    check(r#"{"namespace":"b"}"#, &["metadata.name: Required value: name or generateName is required"]);
    check(r#"{"name":"a"}"#, &["metadata.namespace: Required value"]);
    check(
        r#"{"name":"A","namespace":"b"}"#,
        &[
            r#"metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        r#"{"name":"a","namespace":"b","finalizers":["plain"]}"#,
        &[
            r#"metadata.finalizers[0]: Invalid value: "plain": name is neither a standard finalizer name nor is it fully qualified"#,
        ],
    );
    check(
        r#"{"name":"a","namespace":"b","ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"","uid":"u"}]}"#,
        &[r#"metadata.ownerReferences.name: Invalid value: "": must not be empty"#],
    );
    let node = read("", "Node", r#"{"metadata":{"name":"a","namespace":"b"}}"#);
    assert_eq!(
        shown(&create("", "Node", &node)),
        ["metadata.namespace: Forbidden: not allowed on this type"]
    );
    let old = read(
        "",
        "ConfigMap",
        r#"{"metadata":{"name":"a","namespace":"b","uid":"1","deletionTimestamp":"2026-01-01T00:00:00Z"}}"#,
    );
    let new = read(
        "",
        "ConfigMap",
        r#"{"metadata":{"name":"a","namespace":"b","uid":"2","deletionTimestamp":"2026-01-01T00:00:00Z","finalizers":["a/b"]}}"#,
    );
    assert_eq!(
        shown(&update("", "ConfigMap", &new, &old)),
        [
            r#"metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/b"}"#,
            r#"metadata.uid: Invalid value: "2": field is immutable"#,
        ]
    );
}

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
            r#"spec.volumes[1].name: Duplicate value: "v""#,
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
        &[r#"spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing"#],
    );
}

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

#[test]
fn data_and_secrets() {
    check("", "ConfigMap", r#""data":{"a.b":"c"}"#, &[]);
    check(
        "",
        "ConfigMap",
        r#""data":{"a b":"c"}"#,
        &[
            r#"data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"#,
        ],
    );
    check_update(
        "",
        "ConfigMap",
        r#""immutable":true,"data":{"a":"1"}"#,
        r#""data":{"a":"2"}"#,
        &[
            "immutable: Forbidden: field is immutable when `immutable` is set",
            "data: Forbidden: field is immutable when `immutable` is set",
        ],
    );
    check("", "Secret", r#""type":"kubernetes.io/tls","data":{"tls.crt":"","tls.key":""}"#, &[]);
    check(
        "",
        "Secret",
        r#""type":"kubernetes.io/tls""#,
        &["data[tls.crt]: Required value", "data[tls.key]: Required value"],
    );
    check_update(
        "",
        "Secret",
        r#""type":"a""#,
        r#""type":"b""#,
        &[r#"type: Invalid value: "b": field is immutable"#],
    );
}

#[test]
fn nodes_quotas_and_limits() {
    check("", "Namespace", "", &[]);
    check(
        "",
        "Node",
        r#""spec":{"podCIDRs":["10.244.0.0/24"],"taints":[{"key":"a","effect":"NoSchedule"}]}"#,
        &[],
    );
    check("", "Node", r#""spec":{"taints":[{"key":"a"}]}"#, &["metadata.taints[0].effect: Required value"]);
    check_update(
        "",
        "Node",
        r#""spec":{"podCIDR":"10.244.0.0/24","podCIDRs":["10.244.0.0/24"]}"#,
        r#""spec":{"podCIDR":"10.244.1.0/24","podCIDRs":["10.244.1.0/24"]}"#,
        &[r#"spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid"#],
    );
    check(
        "",
        "ResourceQuota",
        r#""spec":{"hard":{"cpu":"1","pods":"10","requests.storage":"1Gi","count/jobs.batch":"5"}}"#,
        &[],
    );
    check(
        "",
        "ResourceQuota",
        r#""spec":{"hard":{"pods":"1500m"},"scopes":["BestEffort","NotBestEffort"]}"#,
        &[
            r#"spec.hard[pods]: Invalid value: "1500m": must be an integer"#,
            r#"spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes"#,
        ],
    );
    check(
        "",
        "LimitRange",
        r#""spec":{"limits":[{"type":"Container","max":{"cpu":"2"},"min":{"cpu":"1"}}]}"#,
        &[],
    );
    check(
        "",
        "LimitRange",
        r#""spec":{"limits":[{"type":"Pod","max":{"cpu":"1"},"min":{"cpu":"2"}}]}"#,
        &[r#"spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1"#],
    );
}

const TEMPLATE: &str =
    r#""template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}"#;

#[test]
fn workloads() {
    let spec =
        |members: &str| format!(r#""spec":{{"selector":{{"matchLabels":{{"a":"b"}}}},{TEMPLATE}{members}}}"#);
    for kind in ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"] {
        check("apps", kind, &spec(""), &[]);
        let other = format!(r#""spec":{{"selector":{{"matchLabels":{{"a":"c"}}}},{TEMPLATE}}}"#);
        check(
            "apps",
            kind,
            &other,
            &[
                r#"spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`"#,
            ],
        );
    }
    check("apps", "Deployment", &format!(r#""spec":{{{TEMPLATE}}}"#), &["spec.selector: Required value"]);
    check(
        "apps",
        "Deployment",
        &spec(r#","replicas":-1,"strategy":{"type":"Recreate","rollingUpdate":{}}"#),
        &[
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
        ],
    );
    check(
        "apps",
        "Deployment",
        &spec(r#","strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":"0%"}}"#),
        &[
            r#"spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0"#,
        ],
    );
    let other = r#""spec":{"selector":{"matchLabels":{"a":"c"}},"template":{"metadata":{"labels":{"a":"c"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}"#;
    check_update(
        "apps",
        "Deployment",
        &spec(""),
        other,
        &[r#"spec.selector: Invalid value: {"matchLabels":{"a":"c"}}: field is immutable"#],
    );
    check_update(
        "apps",
        "StatefulSet",
        &spec(r#","serviceName":"a""#),
        &spec(r#","serviceName":"b""#),
        &[
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        ],
    );
    check(
        "apps",
        "StatefulSet",
        &spec(
            r#","volumeClaimTemplates":[{"metadata":{"name":"d"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]"#,
        ),
        &[],
    );
    check("", "ReplicationController", &format!(r#""spec":{{{TEMPLATE}}}"#), &[]);
}

#[test]
fn jobs() {
    let template = |policy: &str| {
        format!(
            r#""template":{{"metadata":{{"labels":{{"a":"b"}}}},"spec":{{"restartPolicy":"{policy}","containers":[{{"name":"c","image":"i"}}]}}}}"#
        )
    };
    let job = |policy: &str, members: &str| {
        format!(r#""spec":{{"selector":{{"matchLabels":{{"a":"b"}}}},{}{members}}}"#, template(policy))
    };
    check("batch", "Job", &job("Never", ""), &[]);
    check(
        "batch",
        "Job",
        &job("Always", r#","parallelism":-1"#),
        &[
            "spec.parallelism: Invalid value: -1: must be greater than or equal to 0",
            r#"spec.template.spec.restartPolicy: Unsupported value: "Always": supported values: "OnFailure", "Never""#,
        ],
    );
    check(
        "batch",
        "Job",
        &job("Never", r#","completionMode":"Indexed","parallelism":1"#),
        &["spec.completions: Required value: when completion mode is Indexed"],
    );
    check_update(
        "batch",
        "Job",
        &job("Never", r#","completions":1"#),
        &job("Never", r#","completions":2"#),
        &["spec.completions: Invalid value: 2: field is immutable"],
    );
    let cron = |schedule: &str| {
        format!(r#""spec":{{"schedule":"{schedule}","jobTemplate":{{"spec":{{{}}}}}}}"#, template("Never"))
    };
    check("batch", "CronJob", &cron("*/5 * * * *"), &[]);
    check(
        "batch",
        "CronJob",
        &cron("whenever"),
        &[r#"spec.schedule: Invalid value: "whenever": expected exactly 5 fields, found 1: [whenever]"#],
    );
}

#[test]
fn storage() {
    let claim = |members: &str| {
        format!(
            r#""spec":{{"accessModes":["ReadWriteOnce"],"resources":{{"requests":{{"storage":"1Gi"}}}}{members}}}"#
        )
    };
    check("", "PersistentVolumeClaim", &claim(""), &[]);
    check(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":["Odd"]}"#,
        &[
            r#"spec.accessModes: Unsupported value: "Odd": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod""#,
            "spec.resources[storage]: Required value",
        ],
    );
    check_update(
        "",
        "PersistentVolumeClaim",
        &claim(r#","storageClassName":"a""#),
        &claim(r#","storageClassName":"b""#),
        &[
            "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
        ],
    );
    let volume =
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"}}"#;
    check("", "PersistentVolume", volume, &[]);
    check(
        "",
        "PersistentVolume",
        r#""spec":{"accessModes":["ReadWriteOnce"]}"#,
        &["spec.capacity: Required value", "spec: Required value: must specify a volume type"],
    );
    check("storage.k8s.io", "StorageClass", r#""provisioner":"a.b/c""#, &[]);
    check("storage.k8s.io", "StorageClass", "", &["provisioner: Required value"]);
    check_update(
        "storage.k8s.io",
        "StorageClass",
        r#""provisioner":"a.b/c""#,
        r#""provisioner":"a.b/d""#,
        &["provisioner: Forbidden: updates to provisioner are forbidden."],
    );
    check("storage.k8s.io", "CSIDriver", "", &[]);
}

#[test]
fn access() {
    check(
        "rbac.authorization.k8s.io",
        "Role",
        r#""rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]"#,
        &[],
    );
    check(
        "rbac.authorization.k8s.io",
        "Role",
        r#""rules":[{"verbs":[],"nonResourceURLs":["/x"]}]"#,
        &[
            "rules[0].verbs: Required value: verbs must contain at least one value",
            r#"rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs"#,
        ],
    );
    let binding = |name: &str| {
        format!(
            r#""roleRef":{{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{name}"}},"subjects":[{{"kind":"User","name":"u"}},{{"kind":"ServiceAccount","name":"s","namespace":"n"}}]"#
        )
    };
    check("rbac.authorization.k8s.io", "ClusterRoleBinding", &binding("system:a"), &[]);
    check_update(
        "rbac.authorization.k8s.io",
        "RoleBinding",
        &binding("a"),
        &binding("b"),
        &[
            r#"roleRef: Invalid value: {"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"b"}: cannot change roleRef"#,
        ],
    );
    check("coordination.k8s.io", "Lease", r#""spec":{"leaseDurationSeconds":40,"holderIdentity":"n"}"#, &[]);
    check(
        "coordination.k8s.io",
        "Lease",
        r#""spec":{"leaseDurationSeconds":0}"#,
        &["spec.leaseDurationSeconds: Invalid value: 0: must be greater than zero"],
    );
}

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
            "spec.defaultBackend.service: Required value: port name or number is required",
            r#"spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address"#,
            r#"spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path"#,
            "spec.rules[0].http.paths[0].backend: Required value: must specify exactly one of service or resource",
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
            r#"spec.policyTypes[0]: Unsupported value: "Odd": supported values: "Egress", "Ingress""#,
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

#[test]
fn scaling() {
    check(
        "autoscaling",
        "HorizontalPodAutoscaler",
        r#""spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":3}"#,
        &[],
    );
    check(
        "autoscaling",
        "HorizontalPodAutoscaler",
        r#""spec":{"scaleTargetRef":{"kind":"Deployment"},"minReplicas":5,"maxReplicas":3}"#,
        &[
            "spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`",
            "spec.scaleTargetRef.name: Required value",
        ],
    );
    check("policy", "PodDisruptionBudget", r#""spec":{"minAvailable":"50%","selector":{}}"#, &[]);
    check(
        "policy",
        "PodDisruptionBudget",
        r#""spec":{"minAvailable":-1}"#,
        &["spec.minAvailable: Invalid value: -1: must be greater than or equal to 0"],
    );
    check("scheduling.k8s.io", "PriorityClass", r#""value":1000"#, &[]);
    check(
        "scheduling.k8s.io",
        "PriorityClass",
        r#""value":1500000000"#,
        &["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
    );
    check_update(
        "scheduling.k8s.io",
        "PriorityClass",
        r#""value":1"#,
        r#""value":2"#,
        &["value: Forbidden: may not be changed in an update."],
    );
}

#[test]
fn odd_things_are_warned_of() {
    let found = warnings(
        "",
        "Pod",
        &object(
            "",
            "Pod",
            &container(r#","env":[{"name":"A"},{"name":"A"}],"resources":{"requests":{"memory":"100m"}}"#),
        ),
    );
    assert_eq!(
        found,
        [
            r#"spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer"#,
            r#"spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply"#,
        ]
    );
}

#[test]
fn extensions() {
    let hook = |members: &str| {
        format!(
            r#""webhooks":[{{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{{"url":"https://h/p"}},"rules":[{{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}}]{members}}}]"#
        )
    };
    let group = "admissionregistration.k8s.io";
    check(group, "ValidatingWebhookConfiguration", &hook(""), &[]);
    check(
        group,
        "MutatingWebhookConfiguration",
        &hook(r#","timeoutSeconds":60,"reinvocationPolicy":"Maybe""#),
        &[
            "webhooks[0].timeoutSeconds: Invalid value: 60: the timeout value must be between 1 and 30 seconds",
            r#"webhooks[0].reinvocationPolicy: Unsupported value: "Maybe": supported values: "IfNeeded", "Never""#,
        ],
    );
    let group = "flowcontrol.apiserver.k8s.io";
    check(
        group,
        "PriorityLevelConfiguration",
        r#""spec":{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{}}}}"#,
        &[],
    );
    check(
        group,
        "PriorityLevelConfiguration",
        r#""spec":{"type":"Limited"}"#,
        &["spec.limited: Required value: must not be empty when type is Limited"],
    );
    check(group, "FlowSchema", r#""spec":{"priorityLevelConfiguration":{"name":"p"}}"#, &[]);
    check(
        group,
        "FlowSchema",
        r#""spec":{"matchingPrecedence":20000}"#,
        &[
            "spec.matchingPrecedence: Invalid value: 20000: must not be greater than 10000",
            "spec.priorityLevelConfiguration.name: Required value: must reference a priority level",
        ],
    );
}
