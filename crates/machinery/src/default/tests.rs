//! Defaults against the list of them, and whole objects.

use mizzen_schema::builtin;
use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;

fn defaulted(group: &str, version: &str, kind: &str, text: &str) -> Value {
    let ty = TypeRef::Static(builtin::kind(group, version, kind).expect("a built-in kind"));
    let mut object = json::decode(text.as_bytes(), &ty, &Options::default()).expect(text).value;
    super::object(group, kind, &mut object);
    let once = object.clone();
    super::object(group, kind, &mut object);
    assert_eq!(object, once, "defaulting {kind} twice");
    object
}

fn text(value: Option<&Value>) -> String {
    let mut out = Vec::new();
    value.inspect(|value| json::encode(value, &mut out));
    String::from_utf8(out).expect("JSON is text")
}

/// A member by a path in which numbers are places in lists.
fn at<'a>(object: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(object, |value, step| match step.parse::<usize>() {
        Ok(index) => value.items().get(index),
        Err(_) => value.get(step),
    })
}

/// Checks members: `(path, JSON)`; empty for unset.
fn check(group: &str, version: &str, kind: &str, object: &str, members: &[(&str, &str)]) {
    let found = defaulted(group, version, kind, object);
    for (path, expect) in members {
        assert_eq!(text(at(&found, path)), *expect, "{kind} {path}");
    }
}

const POD: &str = r#"{"metadata":{"name":"p"},"spec":{"hostNetwork":true,
    "volumes":[{"name":"a"},{"name":"b","secret":{"secretName":"s"}},{"name":"c","hostPath":{"path":"/"}},
        {"name":"d","projected":{"sources":[{"serviceAccountToken":{"path":"t"}}]}}],
    "containers":[{"name":"c","image":"i","ports":[{"containerPort":80}],
        "env":[{"name":"E","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],
        "livenessProbe":{"httpGet":{"port":80}},
        "resources":{"limits":{"cpu":"1"}}}]}}"#;

#[test]
fn pods() {
    check(
        "",
        "v1",
        "Pod",
        POD,
        &[
            ("spec.dnsPolicy", r#""ClusterFirst""#),
            ("spec.restartPolicy", r#""Always""#),
            ("spec.securityContext", "{}"),
            ("spec.terminationGracePeriodSeconds", "30"),
            ("spec.schedulerName", r#""default-scheduler""#),
            ("spec.enableServiceLinks", "true"),
            ("spec.volumes.0.emptyDir", "{}"),
            ("spec.volumes.1.secret.defaultMode", "420"),
            ("spec.volumes.2.hostPath.type", r#""""#),
            ("spec.volumes.3.projected.defaultMode", "420"),
            ("spec.volumes.3.projected.sources.0.serviceAccountToken.expirationSeconds", "3600"),
            ("spec.containers.0.imagePullPolicy", r#""Always""#),
            ("spec.containers.0.terminationMessagePath", r#""/dev/termination-log""#),
            ("spec.containers.0.terminationMessagePolicy", r#""File""#),
            ("spec.containers.0.ports.0.protocol", r#""TCP""#),
            ("spec.containers.0.ports.0.hostPort", "80"),
            ("spec.containers.0.env.0.valueFrom.fieldRef.apiVersion", r#""v1""#),
            ("spec.containers.0.livenessProbe.timeoutSeconds", "1"),
            ("spec.containers.0.livenessProbe.periodSeconds", "10"),
            ("spec.containers.0.livenessProbe.successThreshold", "1"),
            ("spec.containers.0.livenessProbe.failureThreshold", "3"),
            ("spec.containers.0.livenessProbe.httpGet.path", r#""/""#),
            ("spec.containers.0.livenessProbe.httpGet.scheme", r#""HTTP""#),
            ("spec.containers.0.resources.requests", r#"{"cpu":"1"}"#),
        ],
    );
    // Pod-level requests: what the containers ask for, or else the limit.
    check(
        "",
        "v1",
        "Pod",
        r#"{"spec":{"resources":{"limits":{"cpu":"2","memory":"1Gi"}},"containers":[
            {"name":"a","resources":{"requests":{"cpu":"250m"}}},{"name":"b","resources":{"requests":{"cpu":"250m"}}}]}}"#,
        &[("spec.resources.requests", r#"{"cpu":"500m","memory":"1Gi"}"#)],
    );
}

#[test]
fn templates_get_less_than_pods() {
    let template = format!(r#"{{"spec":{{"template":{POD}}}}}"#);
    check(
        "apps",
        "v1",
        "Deployment",
        &template,
        &[
            ("spec.replicas", "1"),
            (
                "spec.strategy",
                r#"{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":"25%"}}"#,
            ),
            ("spec.revisionHistoryLimit", "10"),
            ("spec.progressDeadlineSeconds", "600"),
            ("spec.template.spec.restartPolicy", r#""Always""#),
            ("spec.template.spec.enableServiceLinks", ""),
            ("spec.template.spec.containers.0.resources.requests", ""),
            ("spec.template.spec.containers.0.ports.0.hostPort", ""),
        ],
    );
}

#[test]
fn workloads() {
    check("apps", "v1", "ReplicaSet", "{}", &[("spec.replicas", "1")]);
    check(
        "apps",
        "v1",
        "DaemonSet",
        "{}",
        &[
            (
                "spec.updateStrategy",
                r#"{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":1,"maxSurge":0}}"#,
            ),
            ("spec.revisionHistoryLimit", "10"),
        ],
    );
    check(
        "apps",
        "v1",
        "StatefulSet",
        r#"{"spec":{"volumeClaimTemplates":[{"spec":{}}]}}"#,
        &[
            ("spec.podManagementPolicy", r#""OrderedReady""#),
            ("spec.updateStrategy.type", r#""RollingUpdate""#),
            ("spec.updateStrategy.rollingUpdate.partition", "0"),
            (
                "spec.persistentVolumeClaimRetentionPolicy",
                r#"{"whenDeleted":"Retain","whenScaled":"Retain"}"#,
            ),
            ("spec.replicas", "1"),
            ("spec.revisionHistoryLimit", "10"),
            ("spec.volumeClaimTemplates.0.spec.volumeMode", r#""Filesystem""#),
            ("spec.volumeClaimTemplates.0.status.phase", r#""Pending""#),
        ],
    );
    check(
        "batch",
        "v1",
        "Job",
        r#"{"spec":{"template":{"metadata":{"labels":{"a":"b"}}}}}"#,
        &[
            ("spec.completions", "1"),
            ("spec.parallelism", "1"),
            ("spec.backoffLimit", "6"),
            ("spec.completionMode", r#""NonIndexed""#),
            ("spec.suspend", "false"),
            ("spec.podReplacementPolicy", r#""TerminatingOrFailed""#),
            ("metadata.labels", r#"{"a":"b"}"#),
        ],
    );
    check(
        "batch",
        "v1",
        "Job",
        r#"{"spec":{"parallelism":2,"backoffLimitPerIndex":1,"podFailurePolicy":{"rules":[{"onPodConditions":[{"type":"x"}]}]}}}"#,
        &[
            ("spec.completions", ""),
            ("spec.backoffLimit", "2147483647"),
            ("spec.podReplacementPolicy", r#""Failed""#),
            ("spec.podFailurePolicy.rules.0.onPodConditions.0.status", r#""True""#),
        ],
    );
    check(
        "batch",
        "v1",
        "CronJob",
        "{}",
        &[
            ("spec.concurrencyPolicy", r#""Allow""#),
            ("spec.suspend", "false"),
            ("spec.successfulJobsHistoryLimit", "3"),
            ("spec.failedJobsHistoryLimit", "1"),
        ],
    );
    check(
        "",
        "v1",
        "ReplicationController",
        r#"{"spec":{"template":{"metadata":{"labels":{"a":"b"}}}}}"#,
        &[("spec.replicas", "1"), ("spec.selector", r#"{"a":"b"}"#), ("metadata.labels", r#"{"a":"b"}"#)],
    );
}

#[test]
fn services_and_endpoints() {
    check(
        "",
        "v1",
        "Service",
        r#"{"spec":{"type":"LoadBalancer","sessionAffinity":"ClientIP","ports":[{"port":80}]},
            "status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}}"#,
        &[
            ("spec.sessionAffinityConfig.clientIP.timeoutSeconds", "10800"),
            ("spec.ports.0", r#"{"protocol":"TCP","port":80,"targetPort":80}"#),
            ("spec.externalTrafficPolicy", r#""Cluster""#),
            ("spec.internalTrafficPolicy", r#""Cluster""#),
            ("spec.allocateLoadBalancerNodePorts", "true"),
            ("status.loadBalancer.ingress.0.ipMode", r#""VIP""#),
        ],
    );
    check(
        "",
        "v1",
        "Service",
        r#"{"spec":{"type":"ExternalName","sessionAffinityConfig":{"clientIP":{}}}}"#,
        &[
            ("spec.sessionAffinity", r#""None""#),
            ("spec.sessionAffinityConfig", ""),
            ("spec.externalTrafficPolicy", ""),
            ("spec.internalTrafficPolicy", ""),
        ],
    );
    check("", "v1", "Service", "{}", &[("spec.type", r#""ClusterIP""#), ("spec.externalTrafficPolicy", "")]);
    check(
        "",
        "v1",
        "Endpoints",
        r#"{"subsets":[{"ports":[{"port":1}]}]}"#,
        &[("subsets.0.ports.0.protocol", r#""TCP""#)],
    );
    check(
        "discovery.k8s.io",
        "v1",
        "EndpointSlice",
        r#"{"ports":[{"port":1}]}"#,
        &[("ports.0.name", r#""""#), ("ports.0.protocol", r#""TCP""#)],
    );
}

#[test]
fn the_rest_of_the_core_group() {
    check(
        "",
        "v1",
        "Namespace",
        r#"{"metadata":{"name":"n"}}"#,
        &[("metadata.labels", r#"{"kubernetes.io/metadata.name":"n"}"#), ("status.phase", r#""Active""#)],
    );
    check(
        "",
        "v1",
        "Node",
        r#"{"status":{"capacity":{"cpu":"2"}}}"#,
        &[("status.allocatable", r#"{"cpu":"2"}"#)],
    );
    check("", "v1", "Secret", "{}", &[("type", r#""Opaque""#)]);
    check(
        "",
        "v1",
        "LimitRange",
        r#"{"spec":{"limits":[{"type":"Container","max":{"cpu":"2"},"min":{"memory":"1Gi"}}]}}"#,
        &[
            ("spec.limits.0.default", r#"{"cpu":"2"}"#),
            ("spec.limits.0.defaultRequest", r#"{"cpu":"2","memory":"1Gi"}"#),
        ],
    );
    check(
        "",
        "v1",
        "ResourceQuota",
        r#"{"spec":{"hard":{"cpu":"1500u"}}}"#,
        &[("spec.hard", r#"{"cpu":"2m"}"#)],
    );
    check(
        "",
        "v1",
        "PersistentVolume",
        r#"{"spec":{"iscsi":{"targetPortal":"p"}}}"#,
        &[
            ("status.phase", r#""Pending""#),
            ("spec.persistentVolumeReclaimPolicy", r#""Retain""#),
            ("spec.volumeMode", r#""Filesystem""#),
            ("spec.iscsi.iscsiInterface", r#""default""#),
        ],
    );
    check(
        "",
        "v1",
        "PersistentVolumeClaim",
        r#"{"spec":{}}"#,
        &[
            ("status.phase", r#""Pending""#),
            ("spec.volumeMode", r#""Filesystem""#),
            ("spec.storageClassName", ""),
        ],
    );
}

#[test]
fn other_groups() {
    check(
        "autoscaling",
        "v2",
        "HorizontalPodAutoscaler",
        r#"{"spec":{"behavior":{"scaleDown":{"policies":[{"type":"Pods","value":1,"periodSeconds":1}]}}}}"#,
        &[
            ("spec.minReplicas", "1"),
            (
                "spec.metrics",
                r#"[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}]"#,
            ),
            (
                "spec.behavior.scaleUp",
                r#"{"stabilizationWindowSeconds":0,"selectPolicy":"Max","policies":[{"type":"Pods","value":4,"periodSeconds":15},{"type":"Percent","value":100,"periodSeconds":15}]}"#,
            ),
            (
                "spec.behavior.scaleDown",
                r#"{"selectPolicy":"Max","policies":[{"type":"Pods","value":1,"periodSeconds":1}]}"#,
            ),
        ],
    );
    check(
        "autoscaling",
        "v1",
        "HorizontalPodAutoscaler",
        "{}",
        &[("spec.minReplicas", "1"), ("spec.targetCPUUtilizationPercentage", "80")],
    );
    check(
        "networking.k8s.io",
        "v1",
        "NetworkPolicy",
        r#"{"spec":{"egress":[{"ports":[{"port":1}]}]}}"#,
        &[("spec.policyTypes", r#"["Ingress","Egress"]"#), ("spec.egress.0.ports.0.protocol", r#""TCP""#)],
    );
    check(
        "networking.k8s.io",
        "v1",
        "IngressClass",
        r#"{"spec":{"parameters":{"kind":"k","name":"n"}}}"#,
        &[("spec.parameters.scope", r#""Cluster""#)],
    );
    check(
        "storage.k8s.io",
        "v1",
        "StorageClass",
        "{}",
        &[("reclaimPolicy", r#""Delete""#), ("volumeBindingMode", r#""Immediate""#)],
    );
    check(
        "storage.k8s.io",
        "v1",
        "CSIDriver",
        "{}",
        &[(
            "spec",
            r#"{"attachRequired":true,"podInfoOnMount":false,"volumeLifecycleModes":["Persistent"],"storageCapacity":false,"fsGroupPolicy":"ReadWriteOnceWithFSType","requiresRepublish":false,"seLinuxMount":false}"#,
        )],
    );
    check(
        "rbac.authorization.k8s.io",
        "v1",
        "RoleBinding",
        r#"{"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"ServiceAccount","name":"s"}]}"#,
        &[
            ("roleRef.apiGroup", r#""rbac.authorization.k8s.io""#),
            ("subjects.0.apiGroup", r#""rbac.authorization.k8s.io""#),
            ("subjects.1.apiGroup", ""),
        ],
    );
    check(
        "scheduling.k8s.io",
        "v1",
        "PriorityClass",
        "{}",
        &[("preemptionPolicy", r#""PreemptLowerPriority""#)],
    );
    check("authentication.k8s.io", "v1", "TokenRequest", "{}", &[("spec.expirationSeconds", "3600")]);
    check(
        "admissionregistration.k8s.io",
        "v1",
        "MutatingWebhookConfiguration",
        r#"{"webhooks":[{"name":"w","clientConfig":{"service":{"name":"s","namespace":"n"}},"rules":[{}]}]}"#,
        &[
            ("webhooks.0.failurePolicy", r#""Fail""#),
            ("webhooks.0.matchPolicy", r#""Equivalent""#),
            ("webhooks.0.namespaceSelector", "{}"),
            ("webhooks.0.objectSelector", "{}"),
            ("webhooks.0.timeoutSeconds", "10"),
            ("webhooks.0.reinvocationPolicy", r#""Never""#),
            ("webhooks.0.rules.0.scope", r#""*""#),
            ("webhooks.0.clientConfig.service.port", "443"),
        ],
    );
    check(
        "apiextensions.k8s.io",
        "v1",
        "CustomResourceDefinition",
        r#"{"spec":{"names":{"kind":"Foo","plural":"foos"}}}"#,
        &[
            ("spec.names.singular", r#""foo""#),
            ("spec.names.listKind", r#""FooList""#),
            ("spec.conversion.strategy", r#""None""#),
        ],
    );
    check(
        "flowcontrol.apiserver.k8s.io",
        "v1",
        "PriorityLevelConfiguration",
        r#"{"spec":{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{}}}}}"#,
        &[
            ("spec.limited.nominalConcurrencyShares", "30"),
            ("spec.limited.lendablePercent", "0"),
            ("spec.limited.limitResponse.queuing", r#"{"queues":64,"handSize":8,"queueLengthLimit":50}"#),
        ],
    );
    check(
        "resource.k8s.io",
        "v1",
        "ResourceClaim",
        r#"{"spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"c"}}]}}}"#,
        &[
            ("spec.devices.requests.0.exactly.allocationMode", r#""ExactCount""#),
            ("spec.devices.requests.0.exactly.count", "1"),
        ],
    );
}
