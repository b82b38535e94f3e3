//! Sources of volumes.

use super::super::*;

#[test]
fn sources_have_rules_1() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","hostPath":{"path":"","type":"Odd"}}]}"#,
        &["spec.volumes[0].hostPath.path: Required value"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","hostPath":{"path":"/a","type":"Odd"}}]}"#,
        &[
            r#"spec.volumes[0].hostPath.type: Unsupported value: "Odd": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket""#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","nfs":{"server":"","path":"a"}}]}"#,
        &[
            "spec.volumes[0].nfs.server: Required value",
            r#"spec.volumes[0].nfs.path: Invalid value: "a": must be an absolute path"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","iscsi":{"targetPortal":"p","iqn":"iqn.bad","lun":300,"chapAuthSession":true}}]}"#,
        &[
            r#"spec.volumes[0].iscsi.iqn: Invalid value: "iqn.bad": must be valid format"#,
            "spec.volumes[0].iscsi.lun: Invalid value: 300: must be between 0 and 255, inclusive",
            "spec.volumes[0].iscsi.secretRef: Required value",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","iscsi":{"targetPortal":"p","iqn":"iqn.2001-04.com.example:storage"}}]}"#,
        &[],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","iscsi":{"targetPortal":"p","iqn":"x"}}]}"#,
        &[
            r#"spec.volumes[0].iscsi.iqn: Invalid value: "x": must be valid format starting with iqn, eui, or naa"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","gcePersistentDisk":{"pdName":"","partition":300}}]}"#,
        &[
            "spec.volumes[0].persistentDisk.pdName: Required value",
            "spec.volumes[0].persistentDisk.partition: Invalid value: 300: must be between 1 and 255, inclusive",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","awsElasticBlockStore":{"volumeID":""}}]}"#,
        &["spec.volumes[0].awsElasticBlockStore.volumeID: Required value"],
    );
}

#[test]
fn sources_have_rules_2() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","fc":{}}]}"#,
        &[
            "spec.volumes[0].fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","fc":{"targetWWNs":["a"],"wwids":["b"]}}]}"#,
        &[
            r#"spec.volumes[0].fc.targetWWNs: Invalid value: ["a"]: targetWWNs and wwids can not be specified simultaneously"#,
            "spec.volumes[0].fc.lun: Required value: lun is required if targetWWNs is specified",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","flexVolume":{"driver":"d","options":{"a.kubernetes.io/x":"y"}}}]}"#,
        &[
            r#"spec.volumes[0].flexVolume.options[a.kubernetes.io/x]: Invalid value: "a.kubernetes.io/x": kubernetes.io and k8s.io namespaces are reserved"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","cinder":{"volumeID":"","secretRef":{}}}]}"#,
        &[
            "spec.volumes[0].cinder.volumeID: Required value",
            "spec.volumes[0].cinder.secretRef.name: Required value",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","azureDisk":{"diskName":"","diskURI":"x","kind":"Managed","cachingMode":"Odd"}}]}"#,
        &[
            "spec.volumes[0].azureDisk.diskName: Required value",
            r#"spec.volumes[0].azureDisk.cachingMode: Unsupported value: "Odd": supported values: "None", "ReadOnly", "ReadWrite""#,
            r#"spec.volumes[0].azureDisk.diskURI: Unsupported value: "x": supported values: "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}""#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","storageos":{"volumeName":"A"}}]}"#,
        &[
            r#"spec.volumes[0].storageos.volumeName: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","quobyte":{"registry":"a","volume":""}}]}"#,
        &[
            r#"spec.volumes[0].quobyte.registry: Invalid value: "a": must be a host:port pair or multiple pairs separated by commas"#,
            "spec.volumes[0].quobyte.volume: Required value",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","flocker":{"datasetName":"a/b","datasetUUID":"u"}}]}"#,
        &[
            r#"spec.volumes[0].flocker: Invalid value: "resource": datasetName and datasetUUID can not be specified simultaneously"#,
            r#"spec.volumes[0].flocker.datasetName: Invalid value: "a/b": must not contain '/'"#,
        ],
    );
}

#[test]
fn sources_have_rules_3() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","rbd":{}}]}"#,
        &["spec.volumes[0].rbd.monitors: Required value", "spec.volumes[0].rbd.image: Required value"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","cephfs":{}}]}"#,
        &["spec.volumes[0].cephfs.monitors: Required value"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","scaleIO":{}}]}"#,
        &[
            "spec.volumes[0].scaleIO.gateway: Required value",
            "spec.volumes[0].scaleIO.system: Required value",
            "spec.volumes[0].scaleIO.volumeName: Required value",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","photonPersistentDisk":{}}]}"#,
        &["spec.volumes[0].photonPersistentDisk.pdID: Required value"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","portworxVolume":{}}]}"#,
        &["spec.volumes[0].portworxVolume.volumeID: Required value"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","vsphereVolume":{}}]}"#,
        &["spec.volumes[0].vsphereVolume.volumePath: Required value"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","azureFile":{}}]}"#,
        &[
            "spec.volumes[0].azureFile.secretName: Required value",
            "spec.volumes[0].azureFile.shareName: Required value",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","glusterfs":{}}]}"#,
        &[
            "spec.volumes[0].glusterfs.endpoints: Required value",
            "spec.volumes[0].glusterfs.path: Required value",
        ],
    );
}

#[test]
fn sources_have_rules_4() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","gitRepo":{"repository":"","directory":"/x"}}]}"#,
        &[
            "spec.volumes[0].gitRepo.repository: Required value",
            r#"spec.volumes[0].gitRepo.directory: Invalid value: "/x": must be a relative path"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","secret":{"secretName":"s","defaultMode":512,"items":[{"key":"","path":""},{"key":"k","path":"../x","mode":-1},{"key":"k","path":"..x"}]}}]}"#,
        &[
            "spec.volumes[0].secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive",
            "spec.volumes[0].secret.items[0].key: Required value",
            "spec.volumes[0].secret.items[0].path: Required value",
            r#"spec.volumes[0].secret.items[1].path: Invalid value: "../x": must not contain '..'"#,
            "spec.volumes[0].secret.items[1].mode: Invalid value: -1: must be a number between 0 and 0777 (octal), both inclusive",
            r#"spec.volumes[0].secret.items[2].path: Invalid value: "..x": must not start with '..'"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","configMap":{"name":""}}]}"#,
        &["spec.volumes[0].configMap.name: Required value"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":""}}]}"#,
        &["spec.volumes[0].persistentVolumeClaim.claimName: Required value"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","emptyDir":{"sizeLimit":"-1"}}]}"#,
        &["spec.volumes[0].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","csi":{"driver":"","nodePublishSecretRef":{}}}]}"#,
        &[
            "spec.volumes[0].csi.driver: Required value",
            "spec.volumes[0].csi.nodePublishSecretRef.name: Required value",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","csi":{"driver":"a_b"}}]}"#,
        &[
            r#"spec.volumes[0].csi.driver: Invalid value: "a_b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
}

#[test]
fn sources_have_rules_5() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","image":{"pullPolicy":"Odd"}}]}"#,
        &[
            "spec.volumes[0].image.reference: Required value",
            r#"spec.volumes[0].image.pullPolicy: Unsupported value: "Odd": supported values: "Always", "IfNotPresent", "Never""#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","ephemeral":{}}]}"#,
        &["spec.volumes[0].ephemeral.volumeClaimTemplate: Required value"],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","ephemeral":{"volumeClaimTemplate":{"metadata":{"name":"n"},"spec":{"accessModes":[],"resources":{}}}}}]}"#,
        &[
            "spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set",
            "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required",
            "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","downwardAPI":{"items":[{"path":"a"},{"path":"b","fieldRef":{"fieldPath":"spec.nodeName"}},{"path":"c","resourceFieldRef":{"resource":"limits.cpu"}}]}}]}"#,
        &[
            "spec.volumes[0].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required",
            r#"spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "spec.nodeName": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid""#,
            "spec.volumes[0].downwardAPI.resourceFieldRef.containerName: Required value",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","projected":{"sources":[{"serviceAccountToken":{"path":"","expirationSeconds":1}},{"secret":{"name":""},"configMap":{"name":"c"}},{"secret":{"name":"s","items":[{"key":"k","path":"p"}]}},{"configMap":{"name":"s","items":[{"key":"k","path":"p"}]}}]}}]}"#,
        &[
            "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes",
            "spec.volumes[0].projected.path: Required value",
            "spec.volumes[0].projected.sources[1].secret.name: Required value",
            "spec.volumes[0].projected.sources[1]: Forbidden: may not specify more than 1 volume type per source",
            r#"spec.volumes[0].projected: Invalid value: "s": conflicting duplicate paths"#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","projected":{"sources":[{"clusterTrustBundle":{"path":"p"}},{"clusterTrustBundle":{"name":"a:b","signerName":"s","path":"q"}},{"clusterTrustBundle":{"name":"a","path":"r"}},{"podCertificate":{"signerName":"a.b/c","keyType":"ODD","maxExpirationSeconds":1}}]}}]}"#,
        &[
            "spec.volumes[0].projected.sources[0].clusterTrustBundle: Required value: either name or signerName must be specified",
            r#"spec.volumes[0].projected.sources[1].clusterTrustBundle: Invalid value: {"name":"a:b","signerName":"s","path":"q"}: only one of name and signerName may be used"#,
            r#"spec.volumes[0].projected.sources[3].podCertificate.keyType: Unsupported value: "ODD": supported values: "RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519""#,
            "spec.volumes[0].projected.sources[3].podCertificate.maxExpirationSeconds: Invalid value: 1: if provided, maxExpirationSeconds must be >= 3600",
            "spec.volumes[0].projected.sources[3].podCertificate: Required value: specify at least one of credentialBundlePath, keyPath, and certificateChainPath",
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","emptyDir":{},"secret":{"secretName":"s"}}]}"#,
        &["spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type"],
    );
}

#[test]
fn sources_have_rules_6() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","hostPath":{"path":"/../x"}}]}"#,
        &[r#"spec.volumes[0].hostPath.path: Invalid value: "/../x": must not contain '..'"#],
    );
}

#[test]
fn names_of_volumes_are_told_apart() {
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v"},{"name":"","emptyDir":{}},{"name":"A","emptyDir":{}},{"name":"w","emptyDir":{}},{"name":"w","emptyDir":{}}]}"#,
        &[
            "spec.volumes[1].name: Required value",
            r#"spec.volumes[2].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"spec.volumes[4].name: Duplicate value: "w""#,
        ],
    );
    check(
        "",
        "Pod",
        r#""spec":{"serviceAccountName":"a","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"e","ephemeral":{"volumeClaimTemplate":{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}}},{"name":"p","persistentVolumeClaim":{"claimName":"x-e"}}]}"#,
        &[
            r#"spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "x-e": must not reference a PVC that gets created for an ephemeral volume"#,
        ],
    );
}

pub(super) const ALL: &[fn()] = &[
    sources_have_rules_1,
    sources_have_rules_2,
    sources_have_rules_3,
    sources_have_rules_4,
    sources_have_rules_5,
    sources_have_rules_6,
    names_of_volumes_are_told_apart,
];
