//! Warnings.

use super::*;

/// For the document of kinds.
pub(super) const ALL: &[fn()] =
    &[odd_things_are_warned_of, old_names_are_warned_of, clashes_are_warned_of, services_warn, storage_warns];

#[test]
fn odd_things_are_warned_of() {
    check_warnings(
        "",
        "Pod",
        &container(r#","env":[{"name":"A"},{"name":"A"}],"resources":{"requests":{"memory":"100m"}}"#),
        &[
            r#"spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer"#,
            r#"spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply"#,
        ],
    );
    // What adds to an earlier value does not hide it.
    let added =
        r#","env":[{"name":"A","value":"a"},{"name":"A","value":"$(A) b"},{"name":"A","value":"$(A)"}]"#;
    check_warnings(
        "",
        "Pod",
        &container(added),
        &[
            r#"spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply"#,
        ],
    );
    check_warnings(
        "apps",
        "Deployment",
        r#""spec":{"template":{"spec":{"terminationGracePeriodSeconds":-1,"hostAliases":[{"ip":"1.1.1.1"},{"ip":"1.1.1.1"}],"imagePullSecrets":[{"name":"a"},{"name":"a"},{}]}}}"#,
        &[
            r#"spec.template.spec.hostAliases[1].ip: duplicate ip "1.1.1.1""#,
            r#"spec.template.spec.imagePullSecrets[1].name: duplicate name "a""#,
            r#"spec.template.spec.imagePullSecrets[2].name: invalid empty name """#,
            "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
        ],
    );
    check_warnings(
        "apps",
        "StatefulSet",
        r#""spec":{"revisionHistoryLimit":-1}"#,
        &[
            "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended",
        ],
    );
    check_warnings(
        "policy",
        "PodDisruptionBudget",
        r#""spec":{"selector":{}}"#,
        &["spec.selector: an empty spec.selector matches all pods in the namespace and disrupts all pods"],
    );
    check_warnings(
        "",
        "Node",
        r#""spec":{"externalID":"a"}"#,
        &["spec.externalID: this field is deprecated, and is unused by Kubernetes"],
    );
    check_warnings("", "Pod", &container(""), &[]);
}

#[test]
fn old_names_are_warned_of() {
    check_warnings(
        "",
        "Pod",
        &pod(
            r#"{"nodeSelector":{"beta.kubernetes.io/os":"linux"},"affinity":{"nodeAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"preference":{"matchExpressions":[{"key":"beta.kubernetes.io/arch","operator":"Exists"}]}}]}},"topologySpreadConstraints":[{"topologyKey":"failure-domain.beta.kubernetes.io/zone"}]}"#,
        ),
        &[
            r#"spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead"#,
            r#"spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use "kubernetes.io/arch" instead"#,
            r#"spec.topologySpreadConstraints[0].topologyKey: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead"#,
            "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod",
        ],
    );
    let template = read(
        "apps",
        "DaemonSet",
        r#"{"spec":{"template":{"metadata":{"annotations":{"scheduler.alpha.kubernetes.io/critical-pod":"","container.seccomp.security.alpha.kubernetes.io/c":"x","container.seccomp.security.alpha.kubernetes.io/d":"x"}},"spec":{"containers":[{"name":"c"},{"name":"d","securityContext":{"seccompProfile":{"type":"Unconfined"}}}]}}}}"#,
    );
    assert_eq!(
        warnings("apps", "DaemonSet", &template),
        [
            r#"spec.template.metadata.annotations[container.seccomp.security.alpha.kubernetes.io/c]: non-functional in v1.27+; use the "seccompProfile" field instead"#,
            r#"spec.template.metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead"#,
        ],
    );
    let named = read("batch", "Job", r#"{"metadata":{"name":"a.b"}}"#);
    assert_eq!(
        name_warnings("batch", "Job", &named),
        [
            "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]"
        ],
    );
}

#[test]
fn clashes_are_warned_of() {
    check_warnings(
        "",
        "Pod",
        &pod(
            r#"{"containers":[{"name":"a","ports":[{"containerPort":80},{"containerPort":81,"hostPort":81,"hostIP":"10.0.0.1"},{"containerPort":80,"hostPort":80}]},{"name":"b","ports":[{"containerPort":80},{"containerPort":81,"hostPort":81},{"containerPort":82,"hostIP":"10.0.0.1"}]}]}"#,
        ),
        &[
            "spec.containers[0].ports[2]: overlapping port definition with spec.containers[0].ports[0]",
            "spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]",
            "spec.containers[1].ports[1]: dangerously ambiguous port definition with spec.containers[0].ports[1]",
            "spec.containers[1].ports[2]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:82 Protocol:TCP HostIP:10.0.0.1}",
        ],
    );
    check_warnings(
        "",
        "Pod",
        &pod(
            r#"{"volumes":[{"name":"a","configMap":{"name":"m","items":[{"key":"a","path":"test"},{"key":"b","path":"test/app"},{"key":"c","path":"tests"}]}},{"name":"b","projected":{"sources":[{"secret":{"name":"s","items":[{"key":"a","path":"a/b"}]}},{"serviceAccountToken":{"path":"a"}},{}]}},{"name":"c","gitRepo":{"repository":"r"}},{"name":"d","ephemeral":{"volumeClaimTemplate":{"spec":{"resources":{"requests":{"storage":"1500m"}}}}}}]}"#,
        ),
        &[
            r#"volume "a" (ConfigMap "m"): overlapping paths: "test/app" with "test""#,
            r#"volume "b" (Projected): overlapping paths: "a" (ServiceAccountToken) with "a/b" (Secret "s")"#,
            r#"volume "b" (Projected) has no sources provided"#,
            "spec.volumes[2].gitRepo: deprecated in v1.11, and disabled by default in v1.33+",
            r#"spec.volumes[3].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer"#,
        ],
    );
}

#[test]
fn services_warn() {
    check_warnings(
        "",
        "Service",
        r#""spec":{"clusterIP":"None","clusterIPs":["None"],"externalIPs":["1.2.3.4"],"sessionAffinity":"ClientIP","externalName":"a"}"#,
        &[
            "spec.externalIPs is ignored for headless services",
            "spec.SessionAffinity is ignored for headless services",
            r#"spec.externalName is ignored when spec.type is not "ExternalName""#,
        ],
    );
    check_warnings(
        "",
        "Service",
        r#""spec":{"type":"ExternalName","externalName":"a","externalIPs":["010.0.0.1","2001:DB8::1"]}"#,
        &[
            r#"spec.externalIPs[0]: non-standard IP address "010.0.0.1" will be considered invalid in a future Kubernetes release: use "10.0.0.1""#,
            r#"spec.externalIPs[1]: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")"#,
            r#"spec.externalIPs is ignored when spec.type is "ExternalName""#,
        ],
    );
    check_warnings(
        "networking.k8s.io",
        "NetworkPolicy",
        r#""spec":{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":"10.1.2.3/8","except":["10.2.0.0/16"]}}]}]}"#,
        &[
            r#"spec.egress[0].to[0].ipBlock.cidr: CIDR value "10.1.2.3/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.1.2.3/32"?)"#,
        ],
    );
    check_warnings(
        "",
        "Service",
        r#""spec":{"type":"LoadBalancer","loadBalancerSourceRanges":["2001:DB8::/64","0.0.0.0/0","10.0.0.0/8"]}"#,
        &[
            r#"spec.loadBalancerSourceRanges[0]: IPv6 CIDR value "2001:DB8::/64" should be in RFC 5952 canonical format ("2001:db8::/64")"#,
        ],
    );
}

#[test]
fn storage_warns() {
    let volume = read(
        "",
        "PersistentVolume",
        r#"{"metadata":{"annotations":{"volume.beta.kubernetes.io/storage-class":"a","volume.beta.kubernetes.io/mount-options":"b"}},"spec":{"persistentVolumeReclaimPolicy":"Recycle","rbd":{"image":"i","monitors":["m"]},"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"beta.kubernetes.io/os","operator":"Exists"}]}]}}}}"#,
    );
    assert_eq!(
        warnings("", "PersistentVolume", &volume),
        [
            r#"metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead"#,
            r#"metadata.annotations[volume.beta.kubernetes.io/mount-options]: deprecated since v1.31; use "mountOptions" attribute instead"#,
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
            r#"spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use "kubernetes.io/os" instead"#,
            "spec.rbd: deprecated in v1.28, non-functional in v1.31+",
        ],
    );
    check_warnings(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"resources":{"requests":{"storage":"200m"}}}"#,
        &[r#"spec.resources.requests[storage]: fractional byte value "200m" is invalid, must be an integer"#],
    );
    check_warnings(
        "storage.k8s.io",
        "StorageClass",
        r#""allowedTopologies":[{"matchLabelExpressions":[{"key":"beta.kubernetes.io/arch","values":["a"]}]}]"#,
        &[
            r#"allowedTopologies[0].matchLabelExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use "kubernetes.io/arch" instead"#,
        ],
    );
}
