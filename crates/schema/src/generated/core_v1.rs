//! `io.k8s.api.core.v1`. Written by `cargo xtask schema` out of k8s-openapi and k8s-pb; do not edit.

use crate::build::*;

/// `io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource`.
pub static AWS_ELASTIC_BLOCK_STORE_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 4] = [
        field("volumeID", 1, Shape::String, Always).required()
            .doc("volumeID is unique ID of the persistent disk resource in AWS (Amazon EBS volume). More info: https://kubernetes.io/docs/concepts/storage/volumes#awselasticblockstore"),
        field("fsType", 2, Shape::String, NonZero)
            .doc("fsType is the filesystem type of the volume that you want to mount. Tip: Ensure that the filesystem type is supported by the host operating system. Examples: \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified. More info: https://kubernetes.io/docs/concepts/storage/volumes#awselasticblockstore"),
        field("partition", 3, Shape::Int32, NonZero)
            .doc("partition is the partition in the volume that you want to mount. If omitted, the default is to mount by volume name. Examples: For volume /dev/sda1, you specify the partition as \"1\". Similarly, the volume partition for /dev/sda is \"0\" (or you can leave the property empty)."),
        field("readOnly", 4, Shape::Bool, NonZero)
            .doc("readOnly value true will force the readOnly setting in VolumeMounts. More info: https://kubernetes.io/docs/concepts/storage/volumes#awselasticblockstore"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource",
        "Represents a Persistent Disk resource in AWS.\n\nAn AWS EBS disk must exist before mounting to a container. The disk must also be in the same AWS zone as the kubelet. An AWS EBS disk can only be mounted as read/write once. AWS EBS volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Affinity`.
pub static AFFINITY: Type = {
    static FIELDS: [Field; 3] = [
        field("nodeAffinity", 1, object(&NODE_AFFINITY), Given)
            .doc("Describes node affinity scheduling rules for the pod."),
        field("podAffinity", 2, object(&POD_AFFINITY), Given)
            .doc("Describes pod affinity scheduling rules (e.g. co-locate this pod in the same node, zone, etc. as some other pod(s))."),
        field("podAntiAffinity", 3, object(&POD_ANTI_AFFINITY), Given)
            .doc("Describes pod anti-affinity scheduling rules (e.g. avoid putting this pod in the same node, zone, etc. as some other pod(s))."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.Affinity",
        "Affinity is a group of affinity scheduling rules.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.AppArmorProfile`.
pub static APP_ARMOR_PROFILE: Type = {
    static FIELDS: [Field; 2] = [
        field("type", 1, Shape::String, Always).required()
            .one_of(&[Borrowed("Localhost"), Borrowed("RuntimeDefault"), Borrowed("Unconfined")])
            .doc("type indicates which kind of AppArmor profile will be applied. Valid options are:\n  Localhost - a profile pre-loaded on the node.\n  RuntimeDefault - the container runtime's default profile.\n  Unconfined - no AppArmor enforcement."),
        field("localhostProfile", 2, Shape::String, Given)
            .doc("localhostProfile indicates a profile loaded on the node that should be used. The profile must be preconfigured on the node to work. Must match the loaded name of the profile. Must be set if and only if type is \"Localhost\"."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.AppArmorProfile",
        "AppArmorProfile defines a pod or container's AppArmor settings.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.AttachedVolume`.
pub static ATTACHED_VOLUME: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name of the attached volume"),
        field("devicePath", 2, Shape::String, Always).required()
            .doc("DevicePath represents the device path where the volume should be available"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.AttachedVolume",
        "AttachedVolume describes a volume attached to a node",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.AzureDiskVolumeSource`.
pub static AZURE_DISK_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 6] = [
        field("diskName", 1, Shape::String, Always).required()
            .doc("diskName is the Name of the data disk in the blob storage"),
        field("diskURI", 2, Shape::String, Always).required()
            .doc("diskURI is the URI of data disk in the blob storage"),
        field("cachingMode", 3, Shape::String, Given).default("\"ReadWrite\"")
            .one_of(&[Borrowed("None"), Borrowed("ReadOnly"), Borrowed("ReadWrite")])
            .doc("cachingMode is the Host Caching mode: None, Read Only, Read Write."),
        field("fsType", 4, Shape::String, Given).default("\"ext4\"")
            .doc("fsType is Filesystem type to mount. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified."),
        field("readOnly", 5, Shape::Bool, Given).default("false")
            .doc("readOnly Defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts."),
        field("kind", 6, Shape::String, Given).default("\"Shared\"")
            .one_of(&[Borrowed("Dedicated"), Borrowed("Managed"), Borrowed("Shared")])
            .doc("kind expected values are Shared: multiple blob disks per storage account  Dedicated: single blob disk per storage account  Managed: azure managed data disk (only in managed availability set). defaults to shared"),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.AzureDiskVolumeSource",
        "AzureDisk represents an Azure Data Disk mount on the host and bind mount to the pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.AzureFilePersistentVolumeSource`.
pub static AZURE_FILE_PERSISTENT_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 4] = [
        field("secretName", 1, Shape::String, Always).required()
            .doc("secretName is the name of secret that contains Azure Storage Account Name and Key"),
        field("shareName", 2, Shape::String, Always).required()
            .doc("shareName is the azure Share Name"),
        field("readOnly", 3, Shape::Bool, NonZero)
            .doc("readOnly defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts."),
        field("secretNamespace", 4, Shape::String, Null)
            .doc("secretNamespace is the namespace of the secret that contains Azure Storage Account Name and Key default is the same as the Pod"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.AzureFilePersistentVolumeSource",
        "AzureFile represents an Azure File Service mount on the host and bind mount to the pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.AzureFileVolumeSource`.
pub static AZURE_FILE_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 3] = [
        field("secretName", 1, Shape::String, Always).required()
            .doc("secretName is the  name of secret that contains Azure Storage Account Name and Key"),
        field("shareName", 2, Shape::String, Always).required()
            .doc("shareName is the azure share Name"),
        field("readOnly", 3, Shape::Bool, NonZero)
            .doc("readOnly defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.AzureFileVolumeSource",
        "AzureFile represents an Azure File Service mount on the host and bind mount to the pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Binding`.
pub static BINDING: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("target", 2, object(&OBJECT_REFERENCE), Always).required()
            .doc("The target object that you want to bind to the standard object."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "Binding"),
    ];
    ty(
        "io.k8s.api.core.v1.Binding",
        "Binding ties one object to another; for example, a pod is bound to a node by a scheduler.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.CSIPersistentVolumeSource`.
pub static CSI_PERSISTENT_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 10] = [
        field("driver", 1, Shape::String, Always).required()
            .doc("driver is the name of the driver to use for this volume. Required."),
        field("volumeHandle", 2, Shape::String, Always).required()
            .doc("volumeHandle is the unique volume name returned by the CSI volume plugin’s CreateVolume to refer to the volume on all subsequent calls. Required."),
        field("readOnly", 3, Shape::Bool, NonZero)
            .doc("readOnly value to pass to ControllerPublishVolumeRequest. Defaults to false (read/write)."),
        field("fsType", 4, Shape::String, NonZero)
            .doc("fsType to mount. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\"."),
        field("volumeAttributes", 5, map(&Shape::String), NonZero)
            .doc("volumeAttributes of the volume to publish."),
        field("controllerPublishSecretRef", 6, object(&SECRET_REFERENCE), Given)
            .doc("controllerPublishSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI ControllerPublishVolume and ControllerUnpublishVolume calls. This field is optional, and may be empty if no secret is required. If the secret object contains more than one secret, all secrets are passed."),
        field("nodeStageSecretRef", 7, object(&SECRET_REFERENCE), Given)
            .doc("nodeStageSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI NodeStageVolume and NodeStageVolume and NodeUnstageVolume calls. This field is optional, and may be empty if no secret is required. If the secret object contains more than one secret, all secrets are passed."),
        field("nodePublishSecretRef", 8, object(&SECRET_REFERENCE), Given)
            .doc("nodePublishSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI NodePublishVolume and NodeUnpublishVolume calls. This field is optional, and may be empty if no secret is required. If the secret object contains more than one secret, all secrets are passed."),
        field("controllerExpandSecretRef", 9, object(&SECRET_REFERENCE), Given)
            .doc("controllerExpandSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI ControllerExpandVolume call. This field is optional, and may be empty if no secret is required. If the secret object contains more than one secret, all secrets are passed."),
        field("nodeExpandSecretRef", 10, object(&SECRET_REFERENCE), Given)
            .doc("nodeExpandSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI NodeExpandVolume call. This field is optional, may be omitted if no secret is required. If the secret object contains more than one secret, all secrets are passed."),
    ];
    static NAMES: [(Text, u16); 10] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.CSIPersistentVolumeSource",
        "Represents storage that is managed by an external CSI volume driver",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.CSIVolumeSource`.
pub static CSI_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 5] = [
        field("driver", 1, Shape::String, Always).required()
            .doc("driver is the name of the CSI driver that handles this volume. Consult with your admin for the correct name as registered in the cluster."),
        field("readOnly", 2, Shape::Bool, Given)
            .doc("readOnly specifies a read-only configuration for the volume. Defaults to false (read/write)."),
        field("fsType", 3, Shape::String, Given)
            .doc("fsType to mount. Ex. \"ext4\", \"xfs\", \"ntfs\". If not provided, the empty value is passed to the associated CSI driver which will determine the default filesystem to apply."),
        field("volumeAttributes", 4, map(&Shape::String), NonZero)
            .doc("volumeAttributes stores driver-specific properties that are passed to the CSI driver. Consult your driver's documentation for supported values."),
        field("nodePublishSecretRef", 5, object(&LOCAL_OBJECT_REFERENCE), Given)
            .doc("nodePublishSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI NodePublishVolume and NodeUnpublishVolume calls. This field is optional, and  may be empty if no secret is required. If the secret object contains more than one secret, all secret references are passed."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.CSIVolumeSource",
        "Represents a source location of a volume to mount, managed by an external CSI driver",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Capabilities`.
pub static CAPABILITIES: Type = {
    static FIELDS: [Field; 2] = [
        field("add", 1, list(&Shape::String), NonZero)
            .doc("Added capabilities"),
        field("drop", 2, list(&Shape::String), NonZero)
            .doc("Removed capabilities"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.Capabilities",
        "Adds and removes POSIX capabilities from running containers.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.CephFSPersistentVolumeSource`.
pub static CEPH_FS_PERSISTENT_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 6] = [
        field("monitors", 1, list(&Shape::String), Null).required()
            .doc("monitors is Required: Monitors is a collection of Ceph monitors More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it"),
        field("path", 2, Shape::String, NonZero)
            .doc("path is Optional: Used as the mounted root, rather than the full Ceph tree, default is /"),
        field("user", 3, Shape::String, NonZero)
            .doc("user is Optional: User is the rados user name, default is admin More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it"),
        field("secretFile", 4, Shape::String, NonZero)
            .doc("secretFile is Optional: SecretFile is the path to key ring for User, default is /etc/ceph/user.secret More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it"),
        field("secretRef", 5, object(&SECRET_REFERENCE), Given)
            .doc("secretRef is Optional: SecretRef is reference to the authentication secret for User, default is empty. More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it"),
        field("readOnly", 6, Shape::Bool, NonZero)
            .doc("readOnly is Optional: Defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts. More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it"),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.CephFSPersistentVolumeSource",
        "Represents a Ceph Filesystem mount that lasts the lifetime of a pod Cephfs volumes do not support ownership management or SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.CephFSVolumeSource`.
pub static CEPH_FS_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 6] = [
        field("monitors", 1, list(&Shape::String), Null).required()
            .doc("monitors is Required: Monitors is a collection of Ceph monitors More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it"),
        field("path", 2, Shape::String, NonZero)
            .doc("path is Optional: Used as the mounted root, rather than the full Ceph tree, default is /"),
        field("user", 3, Shape::String, NonZero)
            .doc("user is optional: User is the rados user name, default is admin More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it"),
        field("secretFile", 4, Shape::String, NonZero)
            .doc("secretFile is Optional: SecretFile is the path to key ring for User, default is /etc/ceph/user.secret More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it"),
        field("secretRef", 5, object(&LOCAL_OBJECT_REFERENCE), Given)
            .doc("secretRef is Optional: SecretRef is reference to the authentication secret for User, default is empty. More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it"),
        field("readOnly", 6, Shape::Bool, NonZero)
            .doc("readOnly is Optional: Defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts. More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it"),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.CephFSVolumeSource",
        "Represents a Ceph Filesystem mount that lasts the lifetime of a pod Cephfs volumes do not support ownership management or SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.CinderPersistentVolumeSource`.
pub static CINDER_PERSISTENT_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 4] = [
        field("volumeID", 1, Shape::String, Always).required()
            .doc("volumeID used to identify the volume in cinder. More info: https://examples.k8s.io/mysql-cinder-pd/README.md"),
        field("fsType", 2, Shape::String, NonZero)
            .doc("fsType Filesystem type to mount. Must be a filesystem type supported by the host operating system. Examples: \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified. More info: https://examples.k8s.io/mysql-cinder-pd/README.md"),
        field("readOnly", 3, Shape::Bool, NonZero)
            .doc("readOnly is Optional: Defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts. More info: https://examples.k8s.io/mysql-cinder-pd/README.md"),
        field("secretRef", 4, object(&SECRET_REFERENCE), Given)
            .doc("secretRef is Optional: points to a secret object containing parameters used to connect to OpenStack."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.CinderPersistentVolumeSource",
        "Represents a cinder volume resource in Openstack. A Cinder volume must exist before mounting to a container. The volume must also be in the same region as the kubelet. Cinder volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.CinderVolumeSource`.
pub static CINDER_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 4] = [
        field("volumeID", 1, Shape::String, Always).required()
            .doc("volumeID used to identify the volume in cinder. More info: https://examples.k8s.io/mysql-cinder-pd/README.md"),
        field("fsType", 2, Shape::String, NonZero)
            .doc("fsType is the filesystem type to mount. Must be a filesystem type supported by the host operating system. Examples: \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified. More info: https://examples.k8s.io/mysql-cinder-pd/README.md"),
        field("readOnly", 3, Shape::Bool, NonZero)
            .doc("readOnly defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts. More info: https://examples.k8s.io/mysql-cinder-pd/README.md"),
        field("secretRef", 4, object(&LOCAL_OBJECT_REFERENCE), Given)
            .doc("secretRef is optional: points to a secret object containing parameters used to connect to OpenStack."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.CinderVolumeSource",
        "Represents a cinder volume resource in Openstack. A Cinder volume must exist before mounting to a container. The volume must also be in the same region as the kubelet. Cinder volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ClientIPConfig`.
pub static CLIENT_IP_CONFIG: Type = {
    static FIELDS: [Field; 1] = [
        field("timeoutSeconds", 1, Shape::Int32, Given)
            .doc("timeoutSeconds specifies the seconds of ClientIP type session sticky time. The value must be >0 && <=86400(for 1 day) if ServiceAffinity == \"ClientIP\". Default value is 10800(for 3 hours)."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ClientIPConfig",
        "ClientIPConfig represents the configurations of Client IP based session affinity.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ClusterTrustBundleProjection`.
pub static CLUSTER_TRUST_BUNDLE_PROJECTION: Type = {
    static FIELDS: [Field; 5] = [
        field("name", 1, Shape::String, Given)
            .doc("Select a single ClusterTrustBundle by object name.  Mutually-exclusive with signerName and labelSelector."),
        field("signerName", 2, Shape::String, Given)
            .doc("Select all ClusterTrustBundles that match this signer name. Mutually-exclusive with name.  The contents of all selected ClusterTrustBundles will be unified and deduplicated."),
        field("labelSelector", 3, object(&super::meta_v1::LABEL_SELECTOR), Given)
            .doc("Select all ClusterTrustBundles that match this label selector.  Only has effect if signerName is set.  Mutually-exclusive with name.  If unset, interpreted as \"match nothing\".  If set but empty, interpreted as \"match everything\"."),
        field("optional", 5, Shape::Bool, Given)
            .doc("If true, don't block pod startup if the referenced ClusterTrustBundle(s) aren't available.  If using name, then the named ClusterTrustBundle is allowed not to exist.  If using signerName, then the combination of signerName and labelSelector is allowed to match zero ClusterTrustBundles."),
        field("path", 4, Shape::String, Always).required()
            .doc("Relative path from the volume root to write the bundle."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ClusterTrustBundleProjection",
        "ClusterTrustBundleProjection describes how to select a set of ClusterTrustBundle objects and project their contents into the pod filesystem.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ComponentCondition`.
pub static COMPONENT_CONDITION: Type = {
    static FIELDS: [Field; 4] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type of condition for a component. Valid value: \"Healthy\""),
        field("status", 2, Shape::String, Always).required()
            .doc("Status of the condition for a component. Valid values for \"Healthy\": \"True\", \"False\", or \"Unknown\"."),
        field("message", 3, Shape::String, NonZero)
            .doc("Message about the condition for a component. For example, information about a health check."),
        field("error", 4, Shape::String, NonZero)
            .doc("Condition error code for a component. For example, a health check error code."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ComponentCondition",
        "Information about the condition of a component.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ComponentStatus`.
pub static COMPONENT_STATUS: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("conditions", 2, list(&Shape::Struct(TypeRef::Static(&COMPONENT_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("List of component conditions observed"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ComponentStatus"),
    ];
    ty(
        "io.k8s.api.core.v1.ComponentStatus",
        "ComponentStatus (and ComponentStatusList) holds the cluster validation info. Deprecated: This API is deprecated in v1.19+",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ComponentStatusList`.
pub static COMPONENT_STATUS_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&COMPONENT_STATUS))), Null).required()
            .doc("List of ComponentStatus objects."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ComponentStatusList"),
    ];
    ty(
        "io.k8s.api.core.v1.ComponentStatusList",
        "Status of all the conditions for the component as a list of ComponentStatus objects. Deprecated: This API is deprecated in v1.19+",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ConfigMap`.
pub static CONFIG_MAP: Type = {
    static FIELDS: [Field; 6] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("immutable", 4, Shape::Bool, Given)
            .doc("Immutable, if set to true, ensures that data stored in the ConfigMap cannot be updated (only object metadata can be modified). If not set to true, the field can be modified at any time. Defaulted to nil."),
        field("data", 2, map(&Shape::String), NonZero)
            .doc("Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys in the BinaryData field, this is enforced during validation process."),
        field("binaryData", 3, map(&Shape::Bytes), NonZero)
            .doc("BinaryData contains the binary data. Each key must consist of alphanumeric characters, '-', '_' or '.'. BinaryData can contain byte sequences that are not in the UTF-8 range. The keys stored in BinaryData must not overlap with the ones in the Data field, this is enforced during validation process. Using this field will require 1.10+ apiserver and kubelet."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ConfigMap"),
    ];
    ty(
        "io.k8s.api.core.v1.ConfigMap",
        "ConfigMap holds configuration data for pods to consume.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ConfigMapEnvSource`.
pub static CONFIG_MAP_ENV_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, NonZero).within(&[1]).default("\"\"")
            .doc("Name of the referent. This field is effectively required, but due to backwards compatibility is allowed to be empty. Instances of this type with an empty value here are almost certainly wrong. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names"),
        field("optional", 2, Shape::Bool, Given)
            .doc("Specify whether the ConfigMap must be defined"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ConfigMapEnvSource",
        "ConfigMapEnvSource selects a ConfigMap to populate the environment variables with.\n\nThe contents of the target ConfigMap's Data field will represent the key-value pairs as environment variables.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ConfigMapKeySelector`.
pub static CONFIG_MAP_KEY_SELECTOR: Type = {
    static FIELDS: [Field; 3] = [
        field("name", 1, Shape::String, NonZero).within(&[1]).default("\"\"")
            .doc("Name of the referent. This field is effectively required, but due to backwards compatibility is allowed to be empty. Instances of this type with an empty value here are almost certainly wrong. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names"),
        field("key", 2, Shape::String, Always).required()
            .doc("The key to select."),
        field("optional", 3, Shape::Bool, Given)
            .doc("Specify whether the ConfigMap or its key must be defined"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.ConfigMapKeySelector",
        "Selects a key from a ConfigMap.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.ConfigMapList`.
pub static CONFIG_MAP_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&CONFIG_MAP))), Null).required()
            .doc("Items is the list of ConfigMaps."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ConfigMapList"),
    ];
    ty(
        "io.k8s.api.core.v1.ConfigMapList",
        "ConfigMapList is a resource containing a list of ConfigMap objects.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ConfigMapNodeConfigSource`.
pub static CONFIG_MAP_NODE_CONFIG_SOURCE: Type = {
    static FIELDS: [Field; 5] = [
        field("namespace", 1, Shape::String, Always).required()
            .doc("Namespace is the metadata.namespace of the referenced ConfigMap. This field is required in all cases."),
        field("name", 2, Shape::String, Always).required()
            .doc("Name is the metadata.name of the referenced ConfigMap. This field is required in all cases."),
        field("uid", 3, Shape::String, NonZero)
            .doc("UID is the metadata.UID of the referenced ConfigMap. This field is forbidden in Node.Spec, and required in Node.Status."),
        field("resourceVersion", 4, Shape::String, NonZero)
            .doc("ResourceVersion is the metadata.ResourceVersion of the referenced ConfigMap. This field is forbidden in Node.Spec, and required in Node.Status."),
        field("kubeletConfigKey", 5, Shape::String, Always).required()
            .doc("KubeletConfigKey declares which key of the referenced ConfigMap corresponds to the KubeletConfiguration structure This field is required in all cases."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ConfigMapNodeConfigSource",
        "ConfigMapNodeConfigSource contains the information to reference a ConfigMap as a config source for the Node. This API is deprecated since 1.22: https://git.k8s.io/enhancements/keps/sig-node/281-dynamic-kubelet-configuration",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ConfigMapProjection`.
pub static CONFIG_MAP_PROJECTION: Type = {
    static FIELDS: [Field; 3] = [
        field("name", 1, Shape::String, NonZero).within(&[1]).default("\"\"")
            .doc("Name of the referent. This field is effectively required, but due to backwards compatibility is allowed to be empty. Instances of this type with an empty value here are almost certainly wrong. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&KEY_TO_PATH))), NonZero)
            .doc("items if unspecified, each key-value pair in the Data field of the referenced ConfigMap will be projected into the volume as a file whose name is the key and content is the value. If specified, the listed keys will be projected into the specified paths, and unlisted keys will not be present. If a key is specified which is not present in the ConfigMap, the volume setup will error unless it is marked optional. Paths must be relative and may not contain the '..' path or start with '..'."),
        field("optional", 4, Shape::Bool, Given)
            .doc("optional specify whether the ConfigMap or its keys must be defined"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ConfigMapProjection",
        "Adapts a ConfigMap into a projected volume.\n\nThe contents of the target ConfigMap's Data field will be presented in a projected volume as files using the keys in the Data field as the file names, unless the items element is populated with specific mappings of keys to paths. Note that this is identical to a configmap volume source without the default mode.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ConfigMapVolumeSource`.
pub static CONFIG_MAP_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 4] = [
        field("name", 1, Shape::String, NonZero).within(&[1]).default("\"\"")
            .doc("Name of the referent. This field is effectively required, but due to backwards compatibility is allowed to be empty. Instances of this type with an empty value here are almost certainly wrong. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&KEY_TO_PATH))), NonZero)
            .doc("items if unspecified, each key-value pair in the Data field of the referenced ConfigMap will be projected into the volume as a file whose name is the key and content is the value. If specified, the listed keys will be projected into the specified paths, and unlisted keys will not be present. If a key is specified which is not present in the ConfigMap, the volume setup will error unless it is marked optional. Paths must be relative and may not contain the '..' path or start with '..'."),
        field("defaultMode", 3, Shape::Int32, Given)
            .doc("defaultMode is optional: mode bits used to set permissions on created files by default. Must be an octal value between 0000 and 0777 or a decimal value between 0 and 511. YAML accepts both octal and decimal values, JSON requires decimal values for mode bits. Defaults to 0644. Directories within the path are not affected by this setting. This might be in conflict with other options that affect the file mode, like fsGroup, and the result can be other mode bits set."),
        field("optional", 4, Shape::Bool, Given)
            .doc("optional specify whether the ConfigMap or its keys must be defined"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ConfigMapVolumeSource",
        "Adapts a ConfigMap into a volume.\n\nThe contents of the target ConfigMap's Data field will be presented in a volume as files using the keys in the Data field as the file names, unless the items element is populated with specific mappings of keys to paths. ConfigMap volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Container`.
pub static CONTAINER: Type = {
    static FIELDS: [Field; 25] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name of the container specified as a DNS_LABEL. Each container in a pod must have a unique name (DNS_LABEL). Cannot be updated."),
        field("image", 2, Shape::String, NonZero)
            .doc("Container image name. More info: https://kubernetes.io/docs/concepts/containers/images This field is optional to allow higher level config management to default or override container images in workload controllers like Deployments and StatefulSets."),
        field("command", 3, list(&Shape::String), NonZero)
            .doc("Entrypoint array. Not executed within a shell. The container image's ENTRYPOINT is used if this is not provided. Variable references $(VAR_NAME) are expanded using the container's environment. If a variable cannot be resolved, the reference in the input string will be unchanged. Double $$ are reduced to a single $, which allows for escaping the $(VAR_NAME) syntax: i.e. \"$$(VAR_NAME)\" will produce the string literal \"$(VAR_NAME)\". Escaped references will never be expanded, regardless of whether the variable exists or not. Cannot be updated. More info: https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#running-a-command-in-a-shell"),
        field("args", 4, list(&Shape::String), NonZero)
            .doc("Arguments to the entrypoint. The container image's CMD is used if this is not provided. Variable references $(VAR_NAME) are expanded using the container's environment. If a variable cannot be resolved, the reference in the input string will be unchanged. Double $$ are reduced to a single $, which allows for escaping the $(VAR_NAME) syntax: i.e. \"$$(VAR_NAME)\" will produce the string literal \"$(VAR_NAME)\". Escaped references will never be expanded, regardless of whether the variable exists or not. Cannot be updated. More info: https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#running-a-command-in-a-shell"),
        field("workingDir", 5, Shape::String, NonZero)
            .doc("Container's working directory. If not specified, the container runtime's default will be used, which might be configured in the container image. Cannot be updated."),
        field("ports", 6, list(&Shape::Struct(TypeRef::Static(&CONTAINER_PORT))), NonZero).keyed(&[Borrowed("containerPort"), Borrowed("protocol")]).merge("containerPort")
            .doc("List of ports to expose from the container. Not specifying a port here DOES NOT prevent that port from being exposed. Any port which is listening on the default \"0.0.0.0\" address inside a container will be accessible from the network. Modifying this array with strategic merge patch may corrupt the data. For more information See https://github.com/kubernetes/kubernetes/issues/108255. Cannot be updated."),
        field("envFrom", 19, list(&Shape::Struct(TypeRef::Static(&ENV_FROM_SOURCE))), NonZero)
            .doc("List of sources to populate environment variables in the container. The keys defined within a source may consist of any printable ASCII characters except '='. When a key exists in multiple sources, the value associated with the last source will take precedence. Values defined by an Env with a duplicate key will take precedence. Cannot be updated."),
        field("env", 7, list(&Shape::Struct(TypeRef::Static(&ENV_VAR))), NonZero).keyed(&[Borrowed("name")]).merge("name")
            .doc("List of environment variables to set in the container. Cannot be updated."),
        field("resources", 8, object(&RESOURCE_REQUIREMENTS), Always)
            .doc("Compute Resources required by this container. Cannot be updated. More info: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"),
        field("resizePolicy", 23, list(&Shape::Struct(TypeRef::Static(&CONTAINER_RESIZE_POLICY))), NonZero)
            .doc("Resources resize policy for the container. This field cannot be set on ephemeral containers."),
        field("restartPolicy", 24, Shape::String, Given)
            .doc("RestartPolicy defines the restart behavior of individual containers in a pod. This overrides the pod-level restart policy. When this field is not specified, the restart behavior is defined by the Pod's restart policy and the container type. Additionally, setting the RestartPolicy as \"Always\" for the init container will have the following effect: this init container will be continually restarted on exit until all regular containers have terminated. Once all regular containers have completed, all init containers with restartPolicy \"Always\" will be shut down. This lifecycle differs from normal init containers and is often referred to as a \"sidecar\" container. Although this init container still starts in the init container sequence, it does not wait for the container to complete before proceeding to the next init container. Instead, the next init container starts immediately after this init container is started, or after any startupProbe has successfully completed."),
        field("restartPolicyRules", 25, list(&Shape::Struct(TypeRef::Static(&CONTAINER_RESTART_RULE))), NonZero)
            .doc("Represents a list of rules to be checked to determine if the container should be restarted on exit. The rules are evaluated in order. Once a rule matches a container exit condition, the remaining rules are ignored. If no rule matches the container exit condition, the Container-level restart policy determines the whether the container is restarted or not. Constraints on the rules: - At most 20 rules are allowed. - Rules can have the same action. - Identical rules are not forbidden in validations. When rules are specified, container MUST set RestartPolicy explicitly even it if matches the Pod's RestartPolicy."),
        field("volumeMounts", 9, list(&Shape::Struct(TypeRef::Static(&VOLUME_MOUNT))), NonZero).keyed(&[Borrowed("mountPath")]).merge("mountPath")
            .doc("Pod volumes to mount into the container's filesystem. Cannot be updated."),
        field("volumeDevices", 21, list(&Shape::Struct(TypeRef::Static(&VOLUME_DEVICE))), NonZero).keyed(&[Borrowed("devicePath")]).merge("devicePath")
            .doc("volumeDevices is the list of block devices to be used by the container."),
        field("livenessProbe", 10, object(&PROBE), Given)
            .doc("Periodic probe of container liveness. Container will be restarted if the probe fails. Cannot be updated. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#container-probes"),
        field("readinessProbe", 11, object(&PROBE), Given)
            .doc("Periodic probe of container service readiness. Container will be removed from service endpoints if the probe fails. Cannot be updated. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#container-probes"),
        field("startupProbe", 22, object(&PROBE), Given)
            .doc("StartupProbe indicates that the Pod has successfully initialized. If specified, no other probes are executed until this completes successfully. If this probe fails, the Pod will be restarted, just as if the livenessProbe failed. This can be used to provide different probe parameters at the beginning of a Pod's lifecycle, when it might take a long time to load data or warm a cache, than during steady-state operation. This cannot be updated. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#container-probes"),
        field("lifecycle", 12, object(&LIFECYCLE), Given)
            .doc("Actions that the management system should take in response to container lifecycle events. Cannot be updated."),
        field("terminationMessagePath", 13, Shape::String, NonZero)
            .doc("Optional: Path at which the file to which the container's termination message will be written is mounted into the container's filesystem. Message written is intended to be brief final status, such as an assertion failure message. Will be truncated by the node if greater than 4096 bytes. The total message length across all containers will be limited to 12kb. Defaults to /dev/termination-log. Cannot be updated."),
        field("terminationMessagePolicy", 20, Shape::String, NonZero)
            .one_of(&[Borrowed("FallbackToLogsOnError"), Borrowed("File")])
            .doc("Indicate how the termination message should be populated. File will use the contents of terminationMessagePath to populate the container status message on both success and failure. FallbackToLogsOnError will use the last chunk of container log output if the termination message file is empty and the container exited with an error. The log output is limited to 2048 bytes or 80 lines, whichever is smaller. Defaults to File. Cannot be updated."),
        field("imagePullPolicy", 14, Shape::String, NonZero)
            .one_of(&[Borrowed("Always"), Borrowed("IfNotPresent"), Borrowed("Never")])
            .doc("Image pull policy. One of Always, Never, IfNotPresent. Defaults to Always if :latest tag is specified, or IfNotPresent otherwise. Cannot be updated. More info: https://kubernetes.io/docs/concepts/containers/images#updating-images"),
        field("securityContext", 15, object(&SECURITY_CONTEXT), Given)
            .doc("SecurityContext defines the security options the container should be run with. If set, the fields of SecurityContext override the equivalent fields of PodSecurityContext. More info: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"),
        field("stdin", 16, Shape::Bool, NonZero)
            .doc("Whether this container should allocate a buffer for stdin in the container runtime. If this is not set, reads from stdin in the container will always result in EOF. Default is false."),
        field("stdinOnce", 17, Shape::Bool, NonZero)
            .doc("Whether the container runtime should close the stdin channel after it has been opened by a single attach. When stdin is true the stdin stream will remain open across multiple attach sessions. If stdinOnce is set to true, stdin is opened on container start, is empty until the first client attaches to stdin, and then remains open and accepts data until the client disconnects, at which time stdin is closed and remains closed until the container is restarted. If this flag is false, a container processes that reads from stdin will never receive an EOF. Default is false"),
        field("tty", 18, Shape::Bool, NonZero)
            .doc("Whether this container should allocate a TTY for itself, also requires 'stdin' to be true. Default is false."),
    ];
    static NAMES: [(Text, u16); 25] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.Container",
        "A single application container that you want to run within a pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerExtendedResourceRequest`.
pub static CONTAINER_EXTENDED_RESOURCE_REQUEST: Type = {
    static FIELDS: [Field; 3] = [
        field("containerName", 1, Shape::String, Always).required()
            .doc("The name of the container requesting resources."),
        field("resourceName", 2, Shape::String, Always).required()
            .doc("The name of the extended resource in that container which gets backed by DRA."),
        field("requestName", 3, Shape::String, Always).required()
            .doc("The name of the request in the special ResourceClaim which corresponds to the extended resource."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerExtendedResourceRequest",
        "ContainerExtendedResourceRequest has the mapping of container name, extended resource name to the device request name.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerImage`.
pub static CONTAINER_IMAGE: Type = {
    static FIELDS: [Field; 2] = [
        field("names", 1, list(&Shape::String), Null)
            .doc("Names by which this image is known. e.g. [\"kubernetes.example/hyperkube:v1.0.7\", \"cloud-vendor.registry.example/cloud-vendor/hyperkube:v1.0.7\"]"),
        field("sizeBytes", 2, Shape::Int64, NonZero)
            .doc("The size of the image in bytes."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerImage",
        "Describe a container image",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerPort`.
pub static CONTAINER_PORT: Type = {
    static FIELDS: [Field; 5] = [
        field("name", 1, Shape::String, NonZero)
            .doc("If specified, this must be an IANA_SVC_NAME and unique within the pod. Each named port in a pod must have a unique name. Name for the port that can be referred to by services."),
        field("hostPort", 2, Shape::Int32, NonZero)
            .doc("Number of port to expose on the host. If specified, this must be a valid port number, 0 < x < 65536. If HostNetwork is specified, this must match ContainerPort. Most containers do not need this."),
        field("containerPort", 3, Shape::Int32, Always).required()
            .doc("Number of port to expose on the pod's IP address. This must be a valid port number, 0 < x < 65536."),
        field("protocol", 4, Shape::String, NonZero).default("\"TCP\"")
            .one_of(&[Borrowed("SCTP"), Borrowed("TCP"), Borrowed("UDP")])
            .doc("Protocol for port. Must be UDP, TCP, or SCTP. Defaults to \"TCP\"."),
        field("hostIP", 5, Shape::String, NonZero)
            .doc("What host IP to bind the external port to."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerPort",
        "ContainerPort represents a network port in a single container.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerResizePolicy`.
pub static CONTAINER_RESIZE_POLICY: Type = {
    static FIELDS: [Field; 2] = [
        field("resourceName", 1, Shape::String, Always).required()
            .doc("Name of the resource to which this resource resize policy applies. Supported values: cpu, memory."),
        field("restartPolicy", 2, Shape::String, Always).required()
            .doc("Restart policy to apply when specified resource is resized. If not specified, it defaults to NotRequired."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerResizePolicy",
        "ContainerResizePolicy represents resource resize policy for the container.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerRestartRule`.
pub static CONTAINER_RESTART_RULE: Type = {
    static FIELDS: [Field; 2] = [
        field("action", 1, Shape::String, NonZero).required()
            .doc("Specifies the action taken on a container exit if the requirements are satisfied. The only possible value is \"Restart\" to restart the container."),
        field("exitCodes", 2, object(&CONTAINER_RESTART_RULE_ON_EXIT_CODES), Given)
            .doc("Represents the exit codes to check on container exits."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerRestartRule",
        "ContainerRestartRule describes how a container exit is handled.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes`.
pub static CONTAINER_RESTART_RULE_ON_EXIT_CODES: Type = {
    static FIELDS: [Field; 2] = [
        field("operator", 1, Shape::String, NonZero).required()
            .doc("Represents the relationship between the container exit code(s) and the specified values. Possible values are: - In: the requirement is satisfied if the container exit code is in the\n  set of specified values.\n- NotIn: the requirement is satisfied if the container exit code is\n  not in the set of specified values."),
        field("values", 2, list(&Shape::Int32), NonZero).set()
            .doc("Specifies the set of values to check for container exit codes. At most 255 elements are allowed."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes",
        "ContainerRestartRuleOnExitCodes describes the condition for handling an exited container based on its exit codes.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerState`.
pub static CONTAINER_STATE: Type = {
    static FIELDS: [Field; 3] = [
        field("waiting", 1, object(&CONTAINER_STATE_WAITING), Given)
            .doc("Details about a waiting container"),
        field("running", 2, object(&CONTAINER_STATE_RUNNING), Given)
            .doc("Details about a running container"),
        field("terminated", 3, object(&CONTAINER_STATE_TERMINATED), Given)
            .doc("Details about a terminated container"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerState",
        "ContainerState holds a possible state of container. Only one of its members may be specified. If none of them is specified, the default one is ContainerStateWaiting.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerStateRunning`.
pub static CONTAINER_STATE_RUNNING: Type = {
    static FIELDS: [Field; 1] = [
        field("startedAt", 1, Shape::Time, Always)
            .doc("Time at which the container was last (re-)started"),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerStateRunning",
        "ContainerStateRunning is a running state of a container.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerStateTerminated`.
pub static CONTAINER_STATE_TERMINATED: Type = {
    static FIELDS: [Field; 7] = [
        field("exitCode", 1, Shape::Int32, Always).required()
            .doc("Exit status from the last termination of the container"),
        field("signal", 2, Shape::Int32, NonZero)
            .doc("Signal from the last termination of the container"),
        field("reason", 3, Shape::String, NonZero)
            .doc("(brief) reason from the last termination of the container"),
        field("message", 4, Shape::String, NonZero)
            .doc("Message regarding the last termination of the container"),
        field("startedAt", 5, Shape::Time, Always)
            .doc("Time at which previous execution of the container started"),
        field("finishedAt", 6, Shape::Time, Always)
            .doc("Time at which the container last terminated"),
        field("containerID", 7, Shape::String, NonZero)
            .doc("Container's ID in the format '<type>://<container_id>'"),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerStateTerminated",
        "ContainerStateTerminated is a terminated state of a container.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerStateWaiting`.
pub static CONTAINER_STATE_WAITING: Type = {
    static FIELDS: [Field; 2] = [
        field("reason", 1, Shape::String, NonZero)
            .doc("(brief) reason the container is not yet running."),
        field("message", 2, Shape::String, NonZero)
            .doc("Message regarding why the container is not yet running."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerStateWaiting",
        "ContainerStateWaiting is a waiting state of a container.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerStatus`.
pub static CONTAINER_STATUS: Type = {
    static FIELDS: [Field; 15] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name is a DNS_LABEL representing the unique name of the container. Each container in a pod must have a unique name across all container types. Cannot be updated."),
        field("state", 2, object(&CONTAINER_STATE), Always)
            .doc("State holds details about the container's current condition."),
        field("lastState", 3, object(&CONTAINER_STATE), Always)
            .doc("LastTerminationState holds the last termination state of the container to help debug container crashes and restarts. This field is not populated if the container is still running and RestartCount is 0."),
        field("ready", 4, Shape::Bool, Always).required()
            .doc("Ready specifies whether the container is currently passing its readiness check. The value will change as readiness probes keep executing. If no readiness probes are specified, this field defaults to true once the container is fully started (see Started field).\n\nThe value is typically used to determine whether a container is ready to accept traffic."),
        field("restartCount", 5, Shape::Int32, Always).required()
            .doc("RestartCount holds the number of times the container has been restarted. Kubelet makes an effort to always increment the value, but there are cases when the state may be lost due to node restarts and then the value may be reset to 0. The value is never negative."),
        field("image", 6, Shape::String, Always).required()
            .doc("Image is the name of container image that the container is running. The container image may not match the image used in the PodSpec, as it may have been resolved by the runtime. More info: https://kubernetes.io/docs/concepts/containers/images."),
        field("imageID", 7, Shape::String, Always).required()
            .doc("ImageID is the image ID of the container's image. The image ID may not match the image ID of the image used in the PodSpec, as it may have been resolved by the runtime."),
        field("containerID", 8, Shape::String, NonZero)
            .doc("ContainerID is the ID of the container in the format '<type>://<container_id>'. Where type is a container runtime identifier, returned from Version call of CRI API (for example \"containerd\")."),
        field("started", 9, Shape::Bool, Given)
            .doc("Started indicates whether the container has finished its postStart lifecycle hook and passed its startup probe. Initialized as false, becomes true after startupProbe is considered successful. Resets to false when the container is restarted, or if kubelet loses state temporarily. In both cases, startup probes will run again. Is always true when no startupProbe is defined and container is running and has passed the postStart lifecycle hook. The null value must be treated the same as false."),
        field("allocatedResources", 10, map(&Shape::Quantity), NonZero)
            .doc("AllocatedResources represents the compute resources allocated for this container by the node. Kubelet sets this value to Container.Resources.Requests upon successful pod admission and after successfully admitting desired pod resize."),
        field("resources", 11, object(&RESOURCE_REQUIREMENTS), Given)
            .doc("Resources represents the compute resource requests and limits that have been successfully enacted on the running container after it has been started or has been successfully resized."),
        field("volumeMounts", 12, list(&Shape::Struct(TypeRef::Static(&VOLUME_MOUNT_STATUS))), NonZero).keyed(&[Borrowed("mountPath")]).merge("mountPath")
            .doc("Status of volume mounts."),
        field("user", 13, object(&CONTAINER_USER), Given)
            .doc("User represents user identity information initially attached to the first process of the container"),
        field("allocatedResourcesStatus", 14, list(&Shape::Struct(TypeRef::Static(&RESOURCE_STATUS))), NonZero).keyed(&[Borrowed("name")]).merge("name")
            .doc("AllocatedResourcesStatus represents the status of various resources allocated for this Pod."),
        field("stopSignal", 15, Shape::String, Given)
            .one_of(&[Borrowed("SIGABRT"), Borrowed("SIGALRM"), Borrowed("SIGBUS"), Borrowed("SIGCHLD"), Borrowed("SIGCLD"), Borrowed("SIGCONT"), Borrowed("SIGFPE"), Borrowed("SIGHUP"), Borrowed("SIGILL"), Borrowed("SIGINT"), Borrowed("SIGIO"), Borrowed("SIGIOT"), Borrowed("SIGKILL"), Borrowed("SIGPIPE"), Borrowed("SIGPOLL"), Borrowed("SIGPROF"), Borrowed("SIGPWR"), Borrowed("SIGQUIT"), Borrowed("SIGRTMAX"), Borrowed("SIGRTMAX-1"), Borrowed("SIGRTMAX-10"), Borrowed("SIGRTMAX-11"), Borrowed("SIGRTMAX-12"), Borrowed("SIGRTMAX-13"), Borrowed("SIGRTMAX-14"), Borrowed("SIGRTMAX-2"), Borrowed("SIGRTMAX-3"), Borrowed("SIGRTMAX-4"), Borrowed("SIGRTMAX-5"), Borrowed("SIGRTMAX-6"), Borrowed("SIGRTMAX-7"), Borrowed("SIGRTMAX-8"), Borrowed("SIGRTMAX-9"), Borrowed("SIGRTMIN"), Borrowed("SIGRTMIN+1"), Borrowed("SIGRTMIN+10"), Borrowed("SIGRTMIN+11"), Borrowed("SIGRTMIN+12"), Borrowed("SIGRTMIN+13"), Borrowed("SIGRTMIN+14"), Borrowed("SIGRTMIN+15"), Borrowed("SIGRTMIN+2"), Borrowed("SIGRTMIN+3"), Borrowed("SIGRTMIN+4"), Borrowed("SIGRTMIN+5"), Borrowed("SIGRTMIN+6"), Borrowed("SIGRTMIN+7"), Borrowed("SIGRTMIN+8"), Borrowed("SIGRTMIN+9"), Borrowed("SIGSEGV"), Borrowed("SIGSTKFLT"), Borrowed("SIGSTOP"), Borrowed("SIGSYS"), Borrowed("SIGTERM"), Borrowed("SIGTRAP"), Borrowed("SIGTSTP"), Borrowed("SIGTTIN"), Borrowed("SIGTTOU"), Borrowed("SIGURG"), Borrowed("SIGUSR1"), Borrowed("SIGUSR2"), Borrowed("SIGVTALRM"), Borrowed("SIGWINCH"), Borrowed("SIGXCPU"), Borrowed("SIGXFSZ")])
            .doc("StopSignal reports the effective stop signal for this container"),
    ];
    static NAMES: [(Text, u16); 15] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerStatus",
        "ContainerStatus contains details for the current status of this container.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ContainerUser`.
pub static CONTAINER_USER: Type = {
    static FIELDS: [Field; 1] = [
        field("linux", 1, object(&LINUX_CONTAINER_USER), Given)
            .doc("Linux holds user identity information initially attached to the first process of the containers in Linux. Note that the actual running identity can be changed if the process has enough privilege to do so."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ContainerUser",
        "ContainerUser represents user identity information",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.DaemonEndpoint`.
pub static DAEMON_ENDPOINT: Type = {
    static FIELDS: [Field; 1] = [
        field("Port", 1, Shape::Int32, Always).required()
            .doc("Port number of the given endpoint."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.DaemonEndpoint",
        "DaemonEndpoint contains information about a single Daemon endpoint.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.DownwardAPIProjection`.
pub static DOWNWARD_API_PROJECTION: Type = {
    static FIELDS: [Field; 1] = [
        field("items", 1, list(&Shape::Struct(TypeRef::Static(&DOWNWARD_API_VOLUME_FILE))), NonZero)
            .doc("Items is a list of DownwardAPIVolume file"),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.DownwardAPIProjection",
        "Represents downward API info for projecting into a projected volume. Note that this is identical to a downwardAPI volume source without the default mode.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.DownwardAPIVolumeFile`.
pub static DOWNWARD_API_VOLUME_FILE: Type = {
    static FIELDS: [Field; 4] = [
        field("path", 1, Shape::String, Always).required()
            .doc("Required: Path is  the relative path name of the file to be created. Must not be absolute or contain the '..' path. Must be utf-8 encoded. The first item of the relative path must not start with '..'"),
        field("fieldRef", 2, object(&OBJECT_FIELD_SELECTOR), Given)
            .doc("Required: Selects a field of the pod: only annotations, labels, name, namespace and uid are supported."),
        field("resourceFieldRef", 3, object(&RESOURCE_FIELD_SELECTOR), Given)
            .doc("Selects a resource of the container: only resources limits and requests (limits.cpu, limits.memory, requests.cpu and requests.memory) are currently supported."),
        field("mode", 4, Shape::Int32, Given)
            .doc("Optional: mode bits used to set permissions on this file, must be an octal value between 0000 and 0777 or a decimal value between 0 and 511. YAML accepts both octal and decimal values, JSON requires decimal values for mode bits. If not specified, the volume defaultMode will be used. This might be in conflict with other options that affect the file mode, like fsGroup, and the result can be other mode bits set."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.DownwardAPIVolumeFile",
        "DownwardAPIVolumeFile represents information to create the file containing the pod field",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.DownwardAPIVolumeSource`.
pub static DOWNWARD_API_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("items", 1, list(&Shape::Struct(TypeRef::Static(&DOWNWARD_API_VOLUME_FILE))), NonZero)
            .doc("Items is a list of downward API volume file"),
        field("defaultMode", 2, Shape::Int32, Given)
            .doc("Optional: mode bits to use on created files by default. Must be a Optional: mode bits used to set permissions on created files by default. Must be an octal value between 0000 and 0777 or a decimal value between 0 and 511. YAML accepts both octal and decimal values, JSON requires decimal values for mode bits. Defaults to 0644. Directories within the path are not affected by this setting. This might be in conflict with other options that affect the file mode, like fsGroup, and the result can be other mode bits set."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.DownwardAPIVolumeSource",
        "DownwardAPIVolumeSource represents a volume containing downward API info. Downward API volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.EmptyDirVolumeSource`.
pub static EMPTY_DIR_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("medium", 1, Shape::String, NonZero)
            .doc("medium represents what type of storage medium should back this directory. The default is \"\" which means to use the node's default medium. Must be an empty string (default) or Memory. More info: https://kubernetes.io/docs/concepts/storage/volumes#emptydir"),
        field("sizeLimit", 2, Shape::Quantity, Given)
            .doc("sizeLimit is the total amount of local storage required for this EmptyDir volume. The size limit is also applicable for memory medium. The maximum usage on memory medium EmptyDir would be the minimum value between the SizeLimit specified here and the sum of memory limits of all containers in a pod. The default is nil which means that the limit is undefined. More info: https://kubernetes.io/docs/concepts/storage/volumes#emptydir"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.EmptyDirVolumeSource",
        "Represents an empty directory for a pod. Empty directory volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.EndpointAddress`.
pub static ENDPOINT_ADDRESS: Type = {
    static FIELDS: [Field; 4] = [
        field("ip", 1, Shape::String, Always).required()
            .doc("The IP of this endpoint. May not be loopback (127.0.0.0/8 or ::1), link-local (169.254.0.0/16 or fe80::/10), or link-local multicast (224.0.0.0/24 or ff02::/16)."),
        field("hostname", 3, Shape::String, NonZero)
            .doc("The Hostname of this endpoint"),
        field("nodeName", 4, Shape::String, Given)
            .doc("Optional: Node hosting this endpoint. This can be used to determine endpoints local to a node."),
        field("targetRef", 2, object(&OBJECT_REFERENCE), Given)
            .doc("Reference to object providing the endpoint."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.EndpointAddress",
        "EndpointAddress is a tuple that describes single IP address. Deprecated: This API is deprecated in v1.33+.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.EndpointPort`.
pub static ENDPOINT_PORT: Type = {
    static FIELDS: [Field; 4] = [
        field("name", 1, Shape::String, NonZero)
            .doc("The name of this port.  This must match the 'name' field in the corresponding ServicePort. Must be a DNS_LABEL. Optional only if one port is defined."),
        field("port", 2, Shape::Int32, Always).required()
            .doc("The port number of the endpoint."),
        field("protocol", 3, Shape::String, NonZero)
            .one_of(&[Borrowed("SCTP"), Borrowed("TCP"), Borrowed("UDP")])
            .doc("The IP protocol for this port. Must be UDP, TCP, or SCTP. Default is TCP."),
        field("appProtocol", 4, Shape::String, Given)
            .doc("The application protocol for this port. This is used as a hint for implementations to offer richer behavior for protocols that they understand. This field follows standard Kubernetes label syntax. Valid values are either:\n\n* Un-prefixed protocol names - reserved for IANA standard service names (as per RFC-6335 and https://www.iana.org/assignments/service-names).\n\n* Kubernetes-defined prefixed names:\n  * 'kubernetes.io/h2c' - HTTP/2 prior knowledge over cleartext as described in https://www.rfc-editor.org/rfc/rfc9113.html#name-starting-http-2-with-prior-\n  * 'kubernetes.io/ws'  - WebSocket over cleartext as described in https://www.rfc-editor.org/rfc/rfc6455\n  * 'kubernetes.io/wss' - WebSocket over TLS as described in https://www.rfc-editor.org/rfc/rfc6455\n\n* Other protocols should use implementation-defined prefixed names such as mycompany.com/my-custom-protocol."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.EndpointPort",
        "EndpointPort is a tuple that describes a single port. Deprecated: This API is deprecated in v1.33+.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.EndpointSubset`.
pub static ENDPOINT_SUBSET: Type = {
    static FIELDS: [Field; 3] = [
        field("addresses", 1, list(&Shape::Struct(TypeRef::Static(&ENDPOINT_ADDRESS))), NonZero)
            .doc("IP addresses which offer the related ports that are marked as ready. These endpoints should be considered safe for load balancers and clients to utilize."),
        field("notReadyAddresses", 2, list(&Shape::Struct(TypeRef::Static(&ENDPOINT_ADDRESS))), NonZero)
            .doc("IP addresses which offer the related ports but are not currently marked as ready because they have not yet finished starting, have recently failed a readiness check, or have recently failed a liveness check."),
        field("ports", 3, list(&Shape::Struct(TypeRef::Static(&ENDPOINT_PORT))), NonZero)
            .doc("Port numbers available on the related IP addresses."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.EndpointSubset",
        "EndpointSubset is a group of addresses with a common set of ports. The expanded set of endpoints is the Cartesian product of Addresses x Ports. For example, given:\n\n  {\n      Addresses: [{\"ip\": \"10.10.1.1\"}, {\"ip\": \"10.10.2.2\"}],\n      Ports:     [{\"name\": \"a\", \"port\": 8675}, {\"name\": \"b\", \"port\": 309}]\n    }\n\nThe resulting set of endpoints can be viewed as:\n\n  a: [ 10.10.1.1:8675, 10.10.2.2:8675 ],\n    b: [ 10.10.1.1:309, 10.10.2.2:309 ]\n\nDeprecated: This API is deprecated in v1.33+.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Endpoints`.
pub static ENDPOINTS: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("subsets", 2, list(&Shape::Struct(TypeRef::Static(&ENDPOINT_SUBSET))), NonZero)
            .doc("The set of all endpoints is the union of all subsets. Addresses are placed into subsets according to the IPs they share. A single address with multiple ports, some of which are ready and some of which are not (because they come from different containers) will result in the address being displayed in different subsets for the different ports. No address will appear in both Addresses and NotReadyAddresses in the same subset. Sets of addresses and ports that comprise a service."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "Endpoints"),
    ];
    ty(
        "io.k8s.api.core.v1.Endpoints",
        "Endpoints is a collection of endpoints that implement the actual service. Example:\n\n  Name: \"mysvc\",\n     Subsets: [\n       {\n         Addresses: [{\"ip\": \"10.10.1.1\"}, {\"ip\": \"10.10.2.2\"}],\n         Ports: [{\"name\": \"a\", \"port\": 8675}, {\"name\": \"b\", \"port\": 309}]\n       },\n       {\n         Addresses: [{\"ip\": \"10.10.3.3\"}],\n         Ports: [{\"name\": \"a\", \"port\": 93}, {\"name\": \"b\", \"port\": 76}]\n       },\n    ]\n\nEndpoints is a legacy API and does not contain information about all Service features. Use discoveryv1.EndpointSlice for complete information about Service endpoints.\n\nDeprecated: This API is deprecated in v1.33+. Use discoveryv1.EndpointSlice.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.EndpointsList`.
pub static ENDPOINTS_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&ENDPOINTS))), Null).required()
            .doc("List of endpoints."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "EndpointsList"),
    ];
    ty(
        "io.k8s.api.core.v1.EndpointsList",
        "EndpointsList is a list of endpoints. Deprecated: This API is deprecated in v1.33+.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.EnvFromSource`.
pub static ENV_FROM_SOURCE: Type = {
    static FIELDS: [Field; 3] = [
        field("prefix", 1, Shape::String, NonZero)
            .doc("Optional text to prepend to the name of each environment variable. May consist of any printable ASCII characters except '='."),
        field("configMapRef", 2, object(&CONFIG_MAP_ENV_SOURCE), Given)
            .doc("The ConfigMap to select from"),
        field("secretRef", 3, object(&SECRET_ENV_SOURCE), Given)
            .doc("The Secret to select from"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.EnvFromSource",
        "EnvFromSource represents the source of a set of ConfigMaps or Secrets",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.EnvVar`.
pub static ENV_VAR: Type = {
    static FIELDS: [Field; 3] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name of the environment variable. May consist of any printable ASCII characters except '='."),
        field("value", 2, Shape::String, NonZero)
            .doc("Variable references $(VAR_NAME) are expanded using the previously defined environment variables in the container and any service environment variables. If a variable cannot be resolved, the reference in the input string will be unchanged. Double $$ are reduced to a single $, which allows for escaping the $(VAR_NAME) syntax: i.e. \"$$(VAR_NAME)\" will produce the string literal \"$(VAR_NAME)\". Escaped references will never be expanded, regardless of whether the variable exists or not. Defaults to \"\"."),
        field("valueFrom", 3, object(&ENV_VAR_SOURCE), Given)
            .doc("Source for the environment variable's value. Cannot be used if value is not empty."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.EnvVar",
        "EnvVar represents an environment variable present in a Container.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.EnvVarSource`.
pub static ENV_VAR_SOURCE: Type = {
    static FIELDS: [Field; 5] = [
        field("fieldRef", 1, object(&OBJECT_FIELD_SELECTOR), Given)
            .doc("Selects a field of the pod: supports metadata.name, metadata.namespace, `metadata.labels['<KEY>']`, `metadata.annotations['<KEY>']`, spec.nodeName, spec.serviceAccountName, status.hostIP, status.podIP, status.podIPs."),
        field("resourceFieldRef", 2, object(&RESOURCE_FIELD_SELECTOR), Given)
            .doc("Selects a resource of the container: only resources limits and requests (limits.cpu, limits.memory, limits.ephemeral-storage, requests.cpu, requests.memory and requests.ephemeral-storage) are currently supported."),
        field("configMapKeyRef", 3, object(&CONFIG_MAP_KEY_SELECTOR), Given)
            .doc("Selects a key of a ConfigMap."),
        field("secretKeyRef", 4, object(&SECRET_KEY_SELECTOR), Given)
            .doc("Selects a key of a secret in the pod's namespace"),
        field("fileKeyRef", 5, object(&FILE_KEY_SELECTOR), Given)
            .doc("FileKeyRef selects a key of the env file. Requires the EnvFiles feature gate to be enabled."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.EnvVarSource",
        "EnvVarSource represents a source for the value of an EnvVar.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.EphemeralContainer`.
pub static EPHEMERAL_CONTAINER: Type = {
    static FIELDS: [Field; 26] = [
        field("name", 1, Shape::String, Always).required().within(&[1])
            .doc("Name of the ephemeral container specified as a DNS_LABEL. This name must be unique among all containers, init containers and ephemeral containers."),
        field("image", 2, Shape::String, NonZero).within(&[1])
            .doc("Container image name. More info: https://kubernetes.io/docs/concepts/containers/images"),
        field("command", 3, list(&Shape::String), NonZero).within(&[1])
            .doc("Entrypoint array. Not executed within a shell. The image's ENTRYPOINT is used if this is not provided. Variable references $(VAR_NAME) are expanded using the container's environment. If a variable cannot be resolved, the reference in the input string will be unchanged. Double $$ are reduced to a single $, which allows for escaping the $(VAR_NAME) syntax: i.e. \"$$(VAR_NAME)\" will produce the string literal \"$(VAR_NAME)\". Escaped references will never be expanded, regardless of whether the variable exists or not. Cannot be updated. More info: https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#running-a-command-in-a-shell"),
        field("args", 4, list(&Shape::String), NonZero).within(&[1])
            .doc("Arguments to the entrypoint. The image's CMD is used if this is not provided. Variable references $(VAR_NAME) are expanded using the container's environment. If a variable cannot be resolved, the reference in the input string will be unchanged. Double $$ are reduced to a single $, which allows for escaping the $(VAR_NAME) syntax: i.e. \"$$(VAR_NAME)\" will produce the string literal \"$(VAR_NAME)\". Escaped references will never be expanded, regardless of whether the variable exists or not. Cannot be updated. More info: https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#running-a-command-in-a-shell"),
        field("workingDir", 5, Shape::String, NonZero).within(&[1])
            .doc("Container's working directory. If not specified, the container runtime's default will be used, which might be configured in the container image. Cannot be updated."),
        field("ports", 6, list(&Shape::Struct(TypeRef::Static(&CONTAINER_PORT))), NonZero).within(&[1]).keyed(&[Borrowed("containerPort"), Borrowed("protocol")]).merge("containerPort")
            .doc("Ports are not allowed for ephemeral containers."),
        field("envFrom", 19, list(&Shape::Struct(TypeRef::Static(&ENV_FROM_SOURCE))), NonZero).within(&[1])
            .doc("List of sources to populate environment variables in the container. The keys defined within a source may consist of any printable ASCII characters except '='. When a key exists in multiple sources, the value associated with the last source will take precedence. Values defined by an Env with a duplicate key will take precedence. Cannot be updated."),
        field("env", 7, list(&Shape::Struct(TypeRef::Static(&ENV_VAR))), NonZero).within(&[1]).keyed(&[Borrowed("name")]).merge("name")
            .doc("List of environment variables to set in the container. Cannot be updated."),
        field("resources", 8, object(&RESOURCE_REQUIREMENTS), Always).within(&[1])
            .doc("Resources are not allowed for ephemeral containers. Ephemeral containers use spare resources already allocated to the pod."),
        field("resizePolicy", 23, list(&Shape::Struct(TypeRef::Static(&CONTAINER_RESIZE_POLICY))), NonZero).within(&[1])
            .doc("Resources resize policy for the container."),
        field("restartPolicy", 24, Shape::String, Given).within(&[1])
            .doc("Restart policy for the container to manage the restart behavior of each container within a pod. You cannot set this field on ephemeral containers."),
        field("restartPolicyRules", 25, list(&Shape::Struct(TypeRef::Static(&CONTAINER_RESTART_RULE))), NonZero).within(&[1])
            .doc("Represents a list of rules to be checked to determine if the container should be restarted on exit. You cannot set this field on ephemeral containers."),
        field("volumeMounts", 9, list(&Shape::Struct(TypeRef::Static(&VOLUME_MOUNT))), NonZero).within(&[1]).keyed(&[Borrowed("mountPath")]).merge("mountPath")
            .doc("Pod volumes to mount into the container's filesystem. Subpath mounts are not allowed for ephemeral containers. Cannot be updated."),
        field("volumeDevices", 21, list(&Shape::Struct(TypeRef::Static(&VOLUME_DEVICE))), NonZero).within(&[1]).keyed(&[Borrowed("devicePath")]).merge("devicePath")
            .doc("volumeDevices is the list of block devices to be used by the container."),
        field("livenessProbe", 10, object(&PROBE), Given).within(&[1])
            .doc("Probes are not allowed for ephemeral containers."),
        field("readinessProbe", 11, object(&PROBE), Given).within(&[1])
            .doc("Probes are not allowed for ephemeral containers."),
        field("startupProbe", 22, object(&PROBE), Given).within(&[1])
            .doc("Probes are not allowed for ephemeral containers."),
        field("lifecycle", 12, object(&LIFECYCLE), Given).within(&[1])
            .doc("Lifecycle is not allowed for ephemeral containers."),
        field("terminationMessagePath", 13, Shape::String, NonZero).within(&[1])
            .doc("Optional: Path at which the file to which the container's termination message will be written is mounted into the container's filesystem. Message written is intended to be brief final status, such as an assertion failure message. Will be truncated by the node if greater than 4096 bytes. The total message length across all containers will be limited to 12kb. Defaults to /dev/termination-log. Cannot be updated."),
        field("terminationMessagePolicy", 20, Shape::String, NonZero).within(&[1])
            .one_of(&[Borrowed("FallbackToLogsOnError"), Borrowed("File")])
            .doc("Indicate how the termination message should be populated. File will use the contents of terminationMessagePath to populate the container status message on both success and failure. FallbackToLogsOnError will use the last chunk of container log output if the termination message file is empty and the container exited with an error. The log output is limited to 2048 bytes or 80 lines, whichever is smaller. Defaults to File. Cannot be updated."),
        field("imagePullPolicy", 14, Shape::String, NonZero).within(&[1])
            .one_of(&[Borrowed("Always"), Borrowed("IfNotPresent"), Borrowed("Never")])
            .doc("Image pull policy. One of Always, Never, IfNotPresent. Defaults to Always if :latest tag is specified, or IfNotPresent otherwise. Cannot be updated. More info: https://kubernetes.io/docs/concepts/containers/images#updating-images"),
        field("securityContext", 15, object(&SECURITY_CONTEXT), Given).within(&[1])
            .doc("Optional: SecurityContext defines the security options the ephemeral container should be run with. If set, the fields of SecurityContext override the equivalent fields of PodSecurityContext."),
        field("stdin", 16, Shape::Bool, NonZero).within(&[1])
            .doc("Whether this container should allocate a buffer for stdin in the container runtime. If this is not set, reads from stdin in the container will always result in EOF. Default is false."),
        field("stdinOnce", 17, Shape::Bool, NonZero).within(&[1])
            .doc("Whether the container runtime should close the stdin channel after it has been opened by a single attach. When stdin is true the stdin stream will remain open across multiple attach sessions. If stdinOnce is set to true, stdin is opened on container start, is empty until the first client attaches to stdin, and then remains open and accepts data until the client disconnects, at which time stdin is closed and remains closed until the container is restarted. If this flag is false, a container processes that reads from stdin will never receive an EOF. Default is false"),
        field("tty", 18, Shape::Bool, NonZero).within(&[1])
            .doc("Whether this container should allocate a TTY for itself, also requires 'stdin' to be true. Default is false."),
        field("targetContainerName", 2, Shape::String, NonZero)
            .doc("If set, the name of the container from PodSpec that this ephemeral container targets. The ephemeral container will be run in the namespaces (IPC, PID, etc) of this container. If not set then the ephemeral container uses the namespaces configured in the Pod spec.\n\nThe container runtime must implement support for this feature. If the runtime does not support namespace targeting then the result of setting this field is undefined."),
    ];
    static NAMES: [(Text, u16); 26] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.EphemeralContainer",
        "An EphemeralContainer is a temporary container that you may add to an existing Pod for user-initiated activities such as debugging. Ephemeral containers have no resource or scheduling guarantees, and they will not be restarted when they exit or when a Pod is removed or restarted. The kubelet may evict a Pod if an ephemeral container causes the Pod to exceed its resource allocation.\n\nTo add an ephemeral container, use the ephemeralcontainers subresource of an existing Pod. Ephemeral containers may not be removed or restarted.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.EphemeralVolumeSource`.
pub static EPHEMERAL_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 1] = [
        field("volumeClaimTemplate", 1, object(&PERSISTENT_VOLUME_CLAIM_TEMPLATE), Given)
            .doc("Will be used to create a stand-alone PVC to provision the volume. The pod in which this EphemeralVolumeSource is embedded will be the owner of the PVC, i.e. the PVC will be deleted together with the pod.  The name of the PVC will be `<pod name>-<volume name>` where `<volume name>` is the name from the `PodSpec.Volumes` array entry. Pod validation will reject the pod if the concatenated name is not valid for a PVC (for example, too long).\n\nAn existing PVC with that name that is not owned by the pod will *not* be used for the pod to avoid using an unrelated volume by mistake. Starting the pod is then blocked until the unrelated PVC is removed. If such a pre-created PVC is meant to be used by the pod, the PVC has to updated with an owner reference to the pod once the pod exists. Normally this should not be necessary, but it may be useful when manually reconstructing a broken cluster.\n\nThis field is read-only and no changes will be made by Kubernetes to the PVC after it has been created.\n\nRequired, must not be nil."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.EphemeralVolumeSource",
        "Represents an ephemeral volume that is handled by a normal storage driver.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Event`.
pub static EVENT: Type = {
    static FIELDS: [Field; 17] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always).required()
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("involvedObject", 2, object(&OBJECT_REFERENCE), Always).required()
            .doc("The object that this event is about."),
        field("reason", 3, Shape::String, NonZero)
            .doc("This should be a short, machine understandable string that gives the reason for the transition into the object's current status."),
        field("message", 4, Shape::String, NonZero)
            .doc("A human-readable description of the status of this operation."),
        field("source", 5, object(&EVENT_SOURCE), Always)
            .doc("The component reporting this event. Should be a short machine understandable string."),
        field("firstTimestamp", 6, Shape::Time, Always)
            .doc("The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)"),
        field("lastTimestamp", 7, Shape::Time, Always)
            .doc("The time at which the most recent occurrence of this event was recorded."),
        field("count", 8, Shape::Int32, NonZero)
            .doc("The number of times this event has occurred."),
        field("type", 9, Shape::String, NonZero)
            .doc("Type of this event (Normal, Warning), new types could be added in the future"),
        field("eventTime", 10, Shape::MicroTime, Always)
            .doc("Time when this Event was first observed."),
        field("series", 11, object(&EVENT_SERIES), Given)
            .doc("Data about the Event series this event represents or nil if it's a singleton Event."),
        field("action", 12, Shape::String, NonZero)
            .doc("What action was taken/failed regarding to the Regarding object."),
        field("related", 13, object(&OBJECT_REFERENCE), Given)
            .doc("Optional secondary object for more complex actions."),
        field("reportingComponent", 14, Shape::String, Always)
            .doc("Name of the controller that emitted this Event, e.g. `kubernetes.io/kubelet`."),
        field("reportingInstance", 15, Shape::String, Always)
            .doc("ID of the controller instance, e.g. `kubelet-xyzf`."),
    ];
    static NAMES: [(Text, u16); 17] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "Event"),
    ];
    ty(
        "io.k8s.api.core.v1.Event",
        "Event is a report of an event somewhere in the cluster.  Events have a limited retention time and triggers and messages may evolve with time.  Event consumers should not rely on the timing of an event with a given Reason reflecting a consistent underlying trigger, or the continued existence of events with that Reason.  Events should be treated as informative, best-effort, supplemental data.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.EventList`.
pub static EVENT_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&EVENT))), Null).required()
            .doc("List of events"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "EventList"),
    ];
    ty(
        "io.k8s.api.core.v1.EventList",
        "EventList is a list of events.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.EventSeries`.
pub static EVENT_SERIES: Type = {
    static FIELDS: [Field; 2] = [
        field("count", 1, Shape::Int32, NonZero)
            .doc("Number of occurrences in this series up to the last heartbeat time"),
        field("lastObservedTime", 2, Shape::MicroTime, Always)
            .doc("Time of the last occurrence observed"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.EventSeries",
        "EventSeries contain information on series of events, i.e. thing that was/is happening continuously for some time.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.EventSource`.
pub static EVENT_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("component", 1, Shape::String, NonZero)
            .doc("Component from which the event is generated."),
        field("host", 2, Shape::String, NonZero)
            .doc("Node name on which the event is generated."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.EventSource",
        "EventSource contains information for an event.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ExecAction`.
pub static EXEC_ACTION: Type = {
    static FIELDS: [Field; 1] = [
        field("command", 1, list(&Shape::String), NonZero)
            .doc("Command is the command line to execute inside the container, the working directory for the command  is root ('/') in the container's filesystem. The command is simply exec'd, it is not run inside a shell, so traditional shell instructions ('|', etc) won't work. To use a shell, you need to explicitly call out to that shell. Exit status of 0 is treated as live/healthy and non-zero is unhealthy."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ExecAction",
        "ExecAction describes a \"run in container\" action.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.FCVolumeSource`.
pub static FC_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 5] = [
        field("targetWWNs", 1, list(&Shape::String), NonZero)
            .doc("targetWWNs is Optional: FC target worldwide names (WWNs)"),
        field("lun", 2, Shape::Int32, Given)
            .doc("lun is Optional: FC target lun number"),
        field("fsType", 3, Shape::String, NonZero)
            .doc("fsType is the filesystem type to mount. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified."),
        field("readOnly", 4, Shape::Bool, NonZero)
            .doc("readOnly is Optional: Defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts."),
        field("wwids", 5, list(&Shape::String), NonZero)
            .doc("wwids Optional: FC volume world wide identifiers (wwids) Either wwids or combination of targetWWNs and lun must be set, but not both simultaneously."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.FCVolumeSource",
        "Represents a Fibre Channel volume. Fibre Channel volumes can only be mounted as read/write once. Fibre Channel volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.FileKeySelector`.
pub static FILE_KEY_SELECTOR: Type = {
    static FIELDS: [Field; 4] = [
        field("volumeName", 1, Shape::String, Always).required()
            .doc("The name of the volume mount containing the env file."),
        field("path", 2, Shape::String, Always).required()
            .doc("The path within the volume from which to select the file. Must be relative and may not contain the '..' path or start with '..'."),
        field("key", 3, Shape::String, Always).required()
            .doc("The key within the env file. An invalid key will prevent the pod from starting. The keys defined within a source may consist of any printable ASCII characters except '='. During Alpha stage of the EnvFiles feature gate, the key size is limited to 128 characters."),
        field("optional", 4, Shape::Bool, Given).default("false")
            .doc("Specify whether the file or its key must be defined. If the file or key does not exist, then the env var is not published. If optional is set to true and the specified key does not exist, the environment variable will not be set in the Pod's containers.\n\nIf optional is set to false and the specified key does not exist, an error will be returned during Pod creation."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.FileKeySelector",
        "FileKeySelector selects a key of the env file.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.FlexPersistentVolumeSource`.
pub static FLEX_PERSISTENT_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 5] = [
        field("driver", 1, Shape::String, Always).required()
            .doc("driver is the name of the driver to use for this volume."),
        field("fsType", 2, Shape::String, NonZero)
            .doc("fsType is the Filesystem type to mount. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\". The default filesystem depends on FlexVolume script."),
        field("secretRef", 3, object(&SECRET_REFERENCE), Given)
            .doc("secretRef is Optional: SecretRef is reference to the secret object containing sensitive information to pass to the plugin scripts. This may be empty if no secret object is specified. If the secret object contains more than one secret, all secrets are passed to the plugin scripts."),
        field("readOnly", 4, Shape::Bool, NonZero)
            .doc("readOnly is Optional: defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts."),
        field("options", 5, map(&Shape::String), NonZero)
            .doc("options is Optional: this field holds extra command options if any."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.FlexPersistentVolumeSource",
        "FlexPersistentVolumeSource represents a generic persistent volume resource that is provisioned/attached using an exec based plugin.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.FlexVolumeSource`.
pub static FLEX_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 5] = [
        field("driver", 1, Shape::String, Always).required()
            .doc("driver is the name of the driver to use for this volume."),
        field("fsType", 2, Shape::String, NonZero)
            .doc("fsType is the filesystem type to mount. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\". The default filesystem depends on FlexVolume script."),
        field("secretRef", 3, object(&LOCAL_OBJECT_REFERENCE), Given)
            .doc("secretRef is Optional: secretRef is reference to the secret object containing sensitive information to pass to the plugin scripts. This may be empty if no secret object is specified. If the secret object contains more than one secret, all secrets are passed to the plugin scripts."),
        field("readOnly", 4, Shape::Bool, NonZero)
            .doc("readOnly is Optional: defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts."),
        field("options", 5, map(&Shape::String), NonZero)
            .doc("options is Optional: this field holds extra command options if any."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.FlexVolumeSource",
        "FlexVolume represents a generic volume resource that is provisioned/attached using an exec based plugin.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.FlockerVolumeSource`.
pub static FLOCKER_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("datasetName", 1, Shape::String, NonZero)
            .doc("datasetName is Name of the dataset stored as metadata -> name on the dataset for Flocker should be considered as deprecated"),
        field("datasetUUID", 2, Shape::String, NonZero)
            .doc("datasetUUID is the UUID of the dataset. This is unique identifier of a Flocker dataset"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.FlockerVolumeSource",
        "Represents a Flocker volume mounted by the Flocker agent. One and only one of datasetName and datasetUUID should be set. Flocker volumes do not support ownership management or SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.GCEPersistentDiskVolumeSource`.
pub static GCE_PERSISTENT_DISK_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 4] = [
        field("pdName", 1, Shape::String, Always).required()
            .doc("pdName is unique name of the PD resource in GCE. Used to identify the disk in GCE. More info: https://kubernetes.io/docs/concepts/storage/volumes#gcepersistentdisk"),
        field("fsType", 2, Shape::String, NonZero)
            .doc("fsType is filesystem type of the volume that you want to mount. Tip: Ensure that the filesystem type is supported by the host operating system. Examples: \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified. More info: https://kubernetes.io/docs/concepts/storage/volumes#gcepersistentdisk"),
        field("partition", 3, Shape::Int32, NonZero)
            .doc("partition is the partition in the volume that you want to mount. If omitted, the default is to mount by volume name. Examples: For volume /dev/sda1, you specify the partition as \"1\". Similarly, the volume partition for /dev/sda is \"0\" (or you can leave the property empty). More info: https://kubernetes.io/docs/concepts/storage/volumes#gcepersistentdisk"),
        field("readOnly", 4, Shape::Bool, NonZero)
            .doc("readOnly here will force the ReadOnly setting in VolumeMounts. Defaults to false. More info: https://kubernetes.io/docs/concepts/storage/volumes#gcepersistentdisk"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.GCEPersistentDiskVolumeSource",
        "Represents a Persistent Disk resource in Google Compute Engine.\n\nA GCE PD must exist before mounting to a container. The disk must also be in the same GCE project and zone as the kubelet. A GCE PD can only be mounted as read/write once or read-only many times. GCE PDs support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.GRPCAction`.
pub static GRPC_ACTION: Type = {
    static FIELDS: [Field; 2] = [
        field("port", 1, Shape::Int32, Always).required()
            .doc("Port number of the gRPC service. Number must be in the range 1 to 65535."),
        field("service", 2, Shape::String, Null).default("\"\"")
            .doc("Service is the name of the service to place in the gRPC HealthCheckRequest (see https://github.com/grpc/grpc/blob/master/doc/health-checking.md).\n\nIf this is not specified, the default behavior is defined by gRPC."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.GRPCAction",
        "GRPCAction specifies an action involving a GRPC service.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.GitRepoVolumeSource`.
pub static GIT_REPO_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 3] = [
        field("repository", 1, Shape::String, Always).required()
            .doc("repository is the URL"),
        field("revision", 2, Shape::String, NonZero)
            .doc("revision is the commit hash for the specified revision."),
        field("directory", 3, Shape::String, NonZero)
            .doc("directory is the target directory name. Must not contain or start with '..'.  If '.' is supplied, the volume directory will be the git repository.  Otherwise, if specified, the volume will contain the git repository in the subdirectory with the given name."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.GitRepoVolumeSource",
        "Represents a volume that is populated with the contents of a git repository. Git repo volumes do not support ownership management. Git repo volumes support SELinux relabeling.\n\nDEPRECATED: GitRepo is deprecated. To provision a container with a git repo, mount an EmptyDir into an InitContainer that clones the repo using git, then mount the EmptyDir into the Pod's container.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.GlusterfsPersistentVolumeSource`.
pub static GLUSTERFS_PERSISTENT_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 4] = [
        field("endpoints", 1, Shape::String, Always).required()
            .doc("endpoints is the endpoint name that details Glusterfs topology. More info: https://examples.k8s.io/volumes/glusterfs/README.md#create-a-pod"),
        field("path", 2, Shape::String, Always).required()
            .doc("path is the Glusterfs volume path. More info: https://examples.k8s.io/volumes/glusterfs/README.md#create-a-pod"),
        field("readOnly", 3, Shape::Bool, NonZero)
            .doc("readOnly here will force the Glusterfs volume to be mounted with read-only permissions. Defaults to false. More info: https://examples.k8s.io/volumes/glusterfs/README.md#create-a-pod"),
        field("endpointsNamespace", 4, Shape::String, Given)
            .doc("endpointsNamespace is the namespace that contains Glusterfs endpoint. If this field is empty, the EndpointNamespace defaults to the same namespace as the bound PVC. More info: https://examples.k8s.io/volumes/glusterfs/README.md#create-a-pod"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.GlusterfsPersistentVolumeSource",
        "Represents a Glusterfs mount that lasts the lifetime of a pod. Glusterfs volumes do not support ownership management or SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.GlusterfsVolumeSource`.
pub static GLUSTERFS_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 3] = [
        field("endpoints", 1, Shape::String, Always).required()
            .doc("endpoints is the endpoint name that details Glusterfs topology."),
        field("path", 2, Shape::String, Always).required()
            .doc("path is the Glusterfs volume path. More info: https://examples.k8s.io/volumes/glusterfs/README.md#create-a-pod"),
        field("readOnly", 3, Shape::Bool, NonZero)
            .doc("readOnly here will force the Glusterfs volume to be mounted with read-only permissions. Defaults to false. More info: https://examples.k8s.io/volumes/glusterfs/README.md#create-a-pod"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.GlusterfsVolumeSource",
        "Represents a Glusterfs mount that lasts the lifetime of a pod. Glusterfs volumes do not support ownership management or SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.HTTPGetAction`.
pub static HTTP_GET_ACTION: Type = {
    static FIELDS: [Field; 5] = [
        field("path", 1, Shape::String, NonZero)
            .doc("Path to access on the HTTP server."),
        field("port", 2, Shape::IntOrString, Always).required()
            .doc("Name or number of the port to access on the container. Number must be in the range 1 to 65535. Name must be an IANA_SVC_NAME."),
        field("host", 3, Shape::String, NonZero)
            .doc("Host name to connect to, defaults to the pod IP. You probably want to set \"Host\" in httpHeaders instead."),
        field("scheme", 4, Shape::String, NonZero)
            .one_of(&[Borrowed("HTTP"), Borrowed("HTTPS")])
            .doc("Scheme to use for connecting to the host. Defaults to HTTP."),
        field("httpHeaders", 5, list(&Shape::Struct(TypeRef::Static(&HTTP_HEADER))), NonZero)
            .doc("Custom headers to set in the request. HTTP allows repeated headers."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.HTTPGetAction",
        "HTTPGetAction describes an action based on HTTP Get requests.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.HTTPHeader`.
pub static HTTP_HEADER: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("The header field name. This will be canonicalized upon output, so case-variant names will be understood as the same header."),
        field("value", 2, Shape::String, Always).required()
            .doc("The header field value"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.HTTPHeader",
        "HTTPHeader describes a custom header to be used in HTTP probes",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.HostAlias`.
pub static HOST_ALIAS: Type = {
    static FIELDS: [Field; 2] = [
        field("ip", 1, Shape::String, Always).required()
            .doc("IP address of the host file entry."),
        field("hostnames", 2, list(&Shape::String), NonZero)
            .doc("Hostnames for the above IP address."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.HostAlias",
        "HostAlias holds the mapping between IP and hostnames that will be injected as an entry in the pod's hosts file.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.HostIP`.
pub static HOST_IP: Type = {
    static FIELDS: [Field; 1] = [
        field("ip", 1, Shape::String, Always).required()
            .doc("IP is the IP address assigned to the host"),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.HostIP",
        "HostIP represents a single IP address allocated to the host.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.HostPathVolumeSource`.
pub static HOST_PATH_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("path", 1, Shape::String, Always).required()
            .doc("path of the directory on the host. If the path is a symlink, it will follow the link to the real path. More info: https://kubernetes.io/docs/concepts/storage/volumes#hostpath"),
        field("type", 2, Shape::String, Given)
            .one_of(&[Borrowed(""), Borrowed("BlockDevice"), Borrowed("CharDevice"), Borrowed("Directory"), Borrowed("DirectoryOrCreate"), Borrowed("File"), Borrowed("FileOrCreate"), Borrowed("Socket")])
            .doc("type for HostPath Volume Defaults to \"\" More info: https://kubernetes.io/docs/concepts/storage/volumes#hostpath"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.HostPathVolumeSource",
        "Represents a host path mapped into a pod. Host path volumes do not support ownership management or SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ISCSIPersistentVolumeSource`.
pub static ISCSI_PERSISTENT_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 11] = [
        field("targetPortal", 1, Shape::String, Always).required()
            .doc("targetPortal is iSCSI Target Portal. The Portal is either an IP or ip_addr:port if the port is other than default (typically TCP ports 860 and 3260)."),
        field("iqn", 2, Shape::String, Always).required()
            .doc("iqn is Target iSCSI Qualified Name."),
        field("lun", 3, Shape::Int32, Always).required()
            .doc("lun is iSCSI Target Lun number."),
        field("iscsiInterface", 4, Shape::String, NonZero).default("\"default\"")
            .doc("iscsiInterface is the interface Name that uses an iSCSI transport. Defaults to 'default' (tcp)."),
        field("fsType", 5, Shape::String, NonZero)
            .doc("fsType is the filesystem type of the volume that you want to mount. Tip: Ensure that the filesystem type is supported by the host operating system. Examples: \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified. More info: https://kubernetes.io/docs/concepts/storage/volumes#iscsi"),
        field("readOnly", 6, Shape::Bool, NonZero)
            .doc("readOnly here will force the ReadOnly setting in VolumeMounts. Defaults to false."),
        field("portals", 7, list(&Shape::String), NonZero)
            .doc("portals is the iSCSI Target Portal List. The Portal is either an IP or ip_addr:port if the port is other than default (typically TCP ports 860 and 3260)."),
        field("chapAuthDiscovery", 8, Shape::Bool, NonZero)
            .doc("chapAuthDiscovery defines whether support iSCSI Discovery CHAP authentication"),
        field("chapAuthSession", 11, Shape::Bool, NonZero)
            .doc("chapAuthSession defines whether support iSCSI Session CHAP authentication"),
        field("secretRef", 10, object(&SECRET_REFERENCE), Given)
            .doc("secretRef is the CHAP Secret for iSCSI target and initiator authentication"),
        field("initiatorName", 12, Shape::String, Given)
            .doc("initiatorName is the custom iSCSI Initiator Name. If initiatorName is specified with iscsiInterface simultaneously, new iSCSI interface <target portal>:<volume name> will be created for the connection."),
    ];
    static NAMES: [(Text, u16); 11] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ISCSIPersistentVolumeSource",
        "ISCSIPersistentVolumeSource represents an ISCSI disk. ISCSI volumes can only be mounted as read/write once. ISCSI volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ISCSIVolumeSource`.
pub static ISCSI_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 11] = [
        field("targetPortal", 1, Shape::String, Always).required()
            .doc("targetPortal is iSCSI Target Portal. The Portal is either an IP or ip_addr:port if the port is other than default (typically TCP ports 860 and 3260)."),
        field("iqn", 2, Shape::String, Always).required()
            .doc("iqn is the target iSCSI Qualified Name."),
        field("lun", 3, Shape::Int32, Always).required()
            .doc("lun represents iSCSI Target Lun number."),
        field("iscsiInterface", 4, Shape::String, NonZero).default("\"default\"")
            .doc("iscsiInterface is the interface Name that uses an iSCSI transport. Defaults to 'default' (tcp)."),
        field("fsType", 5, Shape::String, NonZero)
            .doc("fsType is the filesystem type of the volume that you want to mount. Tip: Ensure that the filesystem type is supported by the host operating system. Examples: \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified. More info: https://kubernetes.io/docs/concepts/storage/volumes#iscsi"),
        field("readOnly", 6, Shape::Bool, NonZero)
            .doc("readOnly here will force the ReadOnly setting in VolumeMounts. Defaults to false."),
        field("portals", 7, list(&Shape::String), NonZero)
            .doc("portals is the iSCSI Target Portal List. The portal is either an IP or ip_addr:port if the port is other than default (typically TCP ports 860 and 3260)."),
        field("chapAuthDiscovery", 8, Shape::Bool, NonZero)
            .doc("chapAuthDiscovery defines whether support iSCSI Discovery CHAP authentication"),
        field("chapAuthSession", 11, Shape::Bool, NonZero)
            .doc("chapAuthSession defines whether support iSCSI Session CHAP authentication"),
        field("secretRef", 10, object(&LOCAL_OBJECT_REFERENCE), Given)
            .doc("secretRef is the CHAP Secret for iSCSI target and initiator authentication"),
        field("initiatorName", 12, Shape::String, Given)
            .doc("initiatorName is the custom iSCSI Initiator Name. If initiatorName is specified with iscsiInterface simultaneously, new iSCSI interface <target portal>:<volume name> will be created for the connection."),
    ];
    static NAMES: [(Text, u16); 11] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ISCSIVolumeSource",
        "Represents an ISCSI disk. ISCSI volumes can only be mounted as read/write once. ISCSI volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ImageVolumeSource`.
pub static IMAGE_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("reference", 1, Shape::String, NonZero)
            .doc("Required: Image or artifact reference to be used. Behaves in the same way as pod.spec.containers[*].image. Pull secrets will be assembled in the same way as for the container image by looking up node credentials, SA image pull secrets, and pod spec image pull secrets. More info: https://kubernetes.io/docs/concepts/containers/images This field is optional to allow higher level config management to default or override container images in workload controllers like Deployments and StatefulSets."),
        field("pullPolicy", 2, Shape::String, NonZero)
            .one_of(&[Borrowed("Always"), Borrowed("IfNotPresent"), Borrowed("Never")])
            .doc("Policy for pulling OCI objects. Possible values are: Always: the kubelet always attempts to pull the reference. Container creation will fail If the pull fails. Never: the kubelet never pulls the reference and only uses a local image or artifact. Container creation will fail if the reference isn't present. IfNotPresent: the kubelet pulls if the reference isn't already present on disk. Container creation will fail if the reference isn't present and the pull fails. Defaults to Always if :latest tag is specified, or IfNotPresent otherwise."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ImageVolumeSource",
        "ImageVolumeSource represents a image volume resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.KeyToPath`.
pub static KEY_TO_PATH: Type = {
    static FIELDS: [Field; 3] = [
        field("key", 1, Shape::String, Always).required()
            .doc("key is the key to project."),
        field("path", 2, Shape::String, Always).required()
            .doc("path is the relative path of the file to map the key to. May not be an absolute path. May not contain the path element '..'. May not start with the string '..'."),
        field("mode", 3, Shape::Int32, Given)
            .doc("mode is Optional: mode bits used to set permissions on this file. Must be an octal value between 0000 and 0777 or a decimal value between 0 and 511. YAML accepts both octal and decimal values, JSON requires decimal values for mode bits. If not specified, the volume defaultMode will be used. This might be in conflict with other options that affect the file mode, like fsGroup, and the result can be other mode bits set."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.KeyToPath",
        "Maps a string key to a path within a volume.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Lifecycle`.
pub static LIFECYCLE: Type = {
    static FIELDS: [Field; 3] = [
        field("postStart", 1, object(&LIFECYCLE_HANDLER), Given)
            .doc("PostStart is called immediately after a container is created. If the handler fails, the container is terminated and restarted according to its restart policy. Other management of the container blocks until the hook completes. More info: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#container-hooks"),
        field("preStop", 2, object(&LIFECYCLE_HANDLER), Given)
            .doc("PreStop is called immediately before a container is terminated due to an API request or management event such as liveness/startup probe failure, preemption, resource contention, etc. The handler is not called if the container crashes or exits. The Pod's termination grace period countdown begins before the PreStop hook is executed. Regardless of the outcome of the handler, the container will eventually terminate within the Pod's termination grace period (unless delayed by finalizers). Other management of the container blocks until the hook completes or until the termination grace period is reached. More info: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#container-hooks"),
        field("stopSignal", 3, Shape::String, Given)
            .one_of(&[Borrowed("SIGABRT"), Borrowed("SIGALRM"), Borrowed("SIGBUS"), Borrowed("SIGCHLD"), Borrowed("SIGCLD"), Borrowed("SIGCONT"), Borrowed("SIGFPE"), Borrowed("SIGHUP"), Borrowed("SIGILL"), Borrowed("SIGINT"), Borrowed("SIGIO"), Borrowed("SIGIOT"), Borrowed("SIGKILL"), Borrowed("SIGPIPE"), Borrowed("SIGPOLL"), Borrowed("SIGPROF"), Borrowed("SIGPWR"), Borrowed("SIGQUIT"), Borrowed("SIGRTMAX"), Borrowed("SIGRTMAX-1"), Borrowed("SIGRTMAX-10"), Borrowed("SIGRTMAX-11"), Borrowed("SIGRTMAX-12"), Borrowed("SIGRTMAX-13"), Borrowed("SIGRTMAX-14"), Borrowed("SIGRTMAX-2"), Borrowed("SIGRTMAX-3"), Borrowed("SIGRTMAX-4"), Borrowed("SIGRTMAX-5"), Borrowed("SIGRTMAX-6"), Borrowed("SIGRTMAX-7"), Borrowed("SIGRTMAX-8"), Borrowed("SIGRTMAX-9"), Borrowed("SIGRTMIN"), Borrowed("SIGRTMIN+1"), Borrowed("SIGRTMIN+10"), Borrowed("SIGRTMIN+11"), Borrowed("SIGRTMIN+12"), Borrowed("SIGRTMIN+13"), Borrowed("SIGRTMIN+14"), Borrowed("SIGRTMIN+15"), Borrowed("SIGRTMIN+2"), Borrowed("SIGRTMIN+3"), Borrowed("SIGRTMIN+4"), Borrowed("SIGRTMIN+5"), Borrowed("SIGRTMIN+6"), Borrowed("SIGRTMIN+7"), Borrowed("SIGRTMIN+8"), Borrowed("SIGRTMIN+9"), Borrowed("SIGSEGV"), Borrowed("SIGSTKFLT"), Borrowed("SIGSTOP"), Borrowed("SIGSYS"), Borrowed("SIGTERM"), Borrowed("SIGTRAP"), Borrowed("SIGTSTP"), Borrowed("SIGTTIN"), Borrowed("SIGTTOU"), Borrowed("SIGURG"), Borrowed("SIGUSR1"), Borrowed("SIGUSR2"), Borrowed("SIGVTALRM"), Borrowed("SIGWINCH"), Borrowed("SIGXCPU"), Borrowed("SIGXFSZ")])
            .doc("StopSignal defines which signal will be sent to a container when it is being stopped. If not specified, the default is defined by the container runtime in use. StopSignal can only be set for Pods with a non-empty .spec.os.name"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.Lifecycle",
        "Lifecycle describes actions that the management system should take in response to container lifecycle events. For the PostStart and PreStop lifecycle handlers, management of the container blocks until the action is complete, unless the container process fails, in which case the handler is aborted.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.LifecycleHandler`.
pub static LIFECYCLE_HANDLER: Type = {
    static FIELDS: [Field; 4] = [
        field("exec", 1, object(&EXEC_ACTION), Given)
            .doc("Exec specifies a command to execute in the container."),
        field("httpGet", 2, object(&HTTP_GET_ACTION), Given)
            .doc("HTTPGet specifies an HTTP GET request to perform."),
        field("tcpSocket", 3, object(&TCP_SOCKET_ACTION), Given)
            .doc("Deprecated. TCPSocket is NOT supported as a LifecycleHandler and kept for backward compatibility. There is no validation of this field and lifecycle hooks will fail at runtime when it is specified."),
        field("sleep", 4, object(&SLEEP_ACTION), Given)
            .doc("Sleep represents a duration that the container should sleep."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.LifecycleHandler",
        "LifecycleHandler defines a specific action that should be taken in a lifecycle hook. One and only one of the fields, except TCPSocket must be specified.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.LimitRange`.
pub static LIMIT_RANGE: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&LIMIT_RANGE_SPEC), Always)
            .doc("Spec defines the limits enforced. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "LimitRange"),
    ];
    ty(
        "io.k8s.api.core.v1.LimitRange",
        "LimitRange sets resource usage limits for each kind of resource in a Namespace.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.LimitRangeItem`.
pub static LIMIT_RANGE_ITEM: Type = {
    static FIELDS: [Field; 6] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type of resource that this limit applies to."),
        field("max", 2, map(&Shape::Quantity), NonZero)
            .doc("Max usage constraints on this kind by resource name."),
        field("min", 3, map(&Shape::Quantity), NonZero)
            .doc("Min usage constraints on this kind by resource name."),
        field("default", 4, map(&Shape::Quantity), NonZero)
            .doc("Default resource requirement limit value by resource name if resource limit is omitted."),
        field("defaultRequest", 5, map(&Shape::Quantity), NonZero)
            .doc("DefaultRequest is the default resource requirement request value by resource name if resource request is omitted."),
        field("maxLimitRequestRatio", 6, map(&Shape::Quantity), NonZero)
            .doc("MaxLimitRequestRatio if specified, the named resource must have a request and limit that are both non-zero where limit divided by request is less than or equal to the enumerated value; this represents the max burst for the named resource."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.LimitRangeItem",
        "LimitRangeItem defines a min/max usage limit for any resource that matches on kind.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.LimitRangeList`.
pub static LIMIT_RANGE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&LIMIT_RANGE))), Null).required()
            .doc("Items is a list of LimitRange objects. More info: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "LimitRangeList"),
    ];
    ty(
        "io.k8s.api.core.v1.LimitRangeList",
        "LimitRangeList is a list of LimitRange items.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.LimitRangeSpec`.
pub static LIMIT_RANGE_SPEC: Type = {
    static FIELDS: [Field; 1] = [
        field("limits", 1, list(&Shape::Struct(TypeRef::Static(&LIMIT_RANGE_ITEM))), Null).required()
            .doc("Limits is the list of LimitRangeItem objects that are enforced."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.LimitRangeSpec",
        "LimitRangeSpec defines a min/max usage limit for resources that match on kind.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.LinuxContainerUser`.
pub static LINUX_CONTAINER_USER: Type = {
    static FIELDS: [Field; 3] = [
        field("uid", 1, Shape::Int64, Always).required()
            .doc("UID is the primary uid initially attached to the first process in the container"),
        field("gid", 2, Shape::Int64, Always).required()
            .doc("GID is the primary gid initially attached to the first process in the container"),
        field("supplementalGroups", 3, list(&Shape::Int64), NonZero)
            .doc("SupplementalGroups are the supplemental groups initially attached to the first process in the container"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.LinuxContainerUser",
        "LinuxContainerUser represents user identity information in Linux containers",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.List`.
pub static LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Object), Null).required()
            .doc("List of objects"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "List"),
    ];
    ty(
        "io.k8s.api.core.v1.List",
        "List holds a list of objects, which may not be known by the server.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.LoadBalancerIngress`.
pub static LOAD_BALANCER_INGRESS: Type = {
    static FIELDS: [Field; 4] = [
        field("ip", 1, Shape::String, NonZero)
            .doc("IP is set for load-balancer ingress points that are IP based (typically GCE or OpenStack load-balancers)"),
        field("hostname", 2, Shape::String, NonZero)
            .doc("Hostname is set for load-balancer ingress points that are DNS based (typically AWS load-balancers)"),
        field("ipMode", 3, Shape::String, Given)
            .doc("IPMode specifies how the load-balancer IP behaves, and may only be specified when the ip field is specified. Setting this to \"VIP\" indicates that traffic is delivered to the node with the destination set to the load-balancer's IP and port. Setting this to \"Proxy\" indicates that traffic is delivered to the node or pod with the destination set to the node's IP and node port or the pod's IP and port. Service implementations may use this information to adjust traffic routing."),
        field("ports", 4, list(&Shape::Struct(TypeRef::Static(&PORT_STATUS))), NonZero)
            .doc("Ports is a list of records of service ports If used, every port defined in the service should have an entry in it"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.LoadBalancerIngress",
        "LoadBalancerIngress represents the status of a load-balancer ingress point: traffic intended for the service should be sent to an ingress point.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.LoadBalancerStatus`.
pub static LOAD_BALANCER_STATUS: Type = {
    static FIELDS: [Field; 1] = [
        field("ingress", 1, list(&Shape::Struct(TypeRef::Static(&LOAD_BALANCER_INGRESS))), NonZero)
            .doc("Ingress is a list containing ingress points for the load-balancer. Traffic intended for the service should be sent to these ingress points."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.LoadBalancerStatus",
        "LoadBalancerStatus represents the status of a load-balancer.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.LocalObjectReference`.
pub static LOCAL_OBJECT_REFERENCE: Type = {
    static FIELDS: [Field; 1] = [
        field("name", 1, Shape::String, NonZero).default("\"\"")
            .doc("Name of the referent. This field is effectively required, but due to backwards compatibility is allowed to be empty. Instances of this type with an empty value here are almost certainly wrong. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names"),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.LocalObjectReference",
        "LocalObjectReference contains enough information to let you locate the referenced object inside the same namespace.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.LocalVolumeSource`.
pub static LOCAL_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("path", 1, Shape::String, Always).required()
            .doc("path of the full path to the volume on the node. It can be either a directory or block device (disk, partition, ...)."),
        field("fsType", 2, Shape::String, Given)
            .doc("fsType is the filesystem type to mount. It applies only when the Path is a block device. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\". The default value is to auto-select a filesystem if unspecified."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.LocalVolumeSource",
        "Local represents directly-attached storage with node affinity",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ModifyVolumeStatus`.
pub static MODIFY_VOLUME_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("targetVolumeAttributesClassName", 1, Shape::String, NonZero)
            .doc("targetVolumeAttributesClassName is the name of the VolumeAttributesClass the PVC currently being reconciled"),
        field("status", 2, Shape::String, Always).required()
            .one_of(&[Borrowed("InProgress"), Borrowed("Infeasible"), Borrowed("Pending")])
            .doc("status is the status of the ControllerModifyVolume operation. It can be in any of following states:\n - Pending\n   Pending indicates that the PersistentVolumeClaim cannot be modified due to unmet requirements, such as\n   the specified VolumeAttributesClass not existing.\n - InProgress\n   InProgress indicates that the volume is being modified.\n - Infeasible\n  Infeasible indicates that the request has been rejected as invalid by the CSI driver. To\n      resolve the error, a valid VolumeAttributesClass needs to be specified.\nNote: New statuses can be added in the future. Consumers should check for unknown statuses and fail appropriately."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ModifyVolumeStatus",
        "ModifyVolumeStatus represents the status object of ControllerModifyVolume operation",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NFSVolumeSource`.
pub static NFS_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 3] = [
        field("server", 1, Shape::String, Always).required()
            .doc("server is the hostname or IP address of the NFS server. More info: https://kubernetes.io/docs/concepts/storage/volumes#nfs"),
        field("path", 2, Shape::String, Always).required()
            .doc("path that is exported by the NFS server. More info: https://kubernetes.io/docs/concepts/storage/volumes#nfs"),
        field("readOnly", 3, Shape::Bool, NonZero)
            .doc("readOnly here will force the NFS export to be mounted with read-only permissions. Defaults to false. More info: https://kubernetes.io/docs/concepts/storage/volumes#nfs"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NFSVolumeSource",
        "Represents an NFS mount that lasts the lifetime of a pod. NFS volumes do not support ownership management or SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Namespace`.
pub static NAMESPACE: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&NAMESPACE_SPEC), Always)
            .doc("Spec defines the behavior of the Namespace. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&NAMESPACE_STATUS), Always)
            .doc("Status describes the current status of a Namespace. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "Namespace"),
    ];
    ty(
        "io.k8s.api.core.v1.Namespace",
        "Namespace provides a scope for Names. Use of multiple namespaces is optional.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NamespaceCondition`.
pub static NAMESPACE_CONDITION: Type = {
    static FIELDS: [Field; 5] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type of namespace controller condition."),
        field("status", 2, Shape::String, Always).required()
            .doc("Status of the condition, one of True, False, Unknown."),
        field("lastTransitionTime", 4, Shape::Time, Always)
            .doc("Last time the condition transitioned from one status to another."),
        field("reason", 5, Shape::String, NonZero)
            .doc("Unique, one-word, CamelCase reason for the condition's last transition."),
        field("message", 6, Shape::String, NonZero)
            .doc("Human-readable message indicating details about last transition."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NamespaceCondition",
        "NamespaceCondition contains details about state of namespace.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NamespaceList`.
pub static NAMESPACE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&NAMESPACE))), Null).required()
            .doc("Items is the list of Namespace objects in the list. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "NamespaceList"),
    ];
    ty(
        "io.k8s.api.core.v1.NamespaceList",
        "NamespaceList is a list of Namespaces.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NamespaceSpec`.
pub static NAMESPACE_SPEC: Type = {
    static FIELDS: [Field; 1] = [
        field("finalizers", 1, list(&Shape::String), NonZero)
            .doc("Finalizers is an opaque list of values that must be empty to permanently remove object from storage. More info: https://kubernetes.io/docs/tasks/administer-cluster/namespaces/"),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NamespaceSpec",
        "NamespaceSpec describes the attributes on a Namespace.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NamespaceStatus`.
pub static NAMESPACE_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("phase", 1, Shape::String, NonZero)
            .one_of(&[Borrowed("Active"), Borrowed("Terminating")])
            .doc("Phase is the current lifecycle phase of the namespace. More info: https://kubernetes.io/docs/tasks/administer-cluster/namespaces/"),
        field("conditions", 2, list(&Shape::Struct(TypeRef::Static(&NAMESPACE_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Represents the latest available observations of a namespace's current state."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NamespaceStatus",
        "NamespaceStatus is information about the current status of a Namespace.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Node`.
pub static NODE: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&NODE_SPEC), Always)
            .doc("Spec defines the behavior of a node. https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&NODE_STATUS), Always)
            .doc("Most recently observed status of the node. Populated by the system. Read-only. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "Node"),
    ];
    ty(
        "io.k8s.api.core.v1.Node",
        "Node is a worker node in Kubernetes. Each node will have a unique identifier in the cache (i.e. in etcd).",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeAddress`.
pub static NODE_ADDRESS: Type = {
    static FIELDS: [Field; 2] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Node address type, one of Hostname, ExternalIP or InternalIP."),
        field("address", 2, Shape::String, Always).required()
            .doc("The node address."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeAddress",
        "NodeAddress contains information for the node's address.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeAffinity`.
pub static NODE_AFFINITY: Type = {
    static FIELDS: [Field; 2] = [
        field("requiredDuringSchedulingIgnoredDuringExecution", 1, object(&NODE_SELECTOR), Given)
            .doc("If the affinity requirements specified by this field are not met at scheduling time, the pod will not be scheduled onto the node. If the affinity requirements specified by this field cease to be met at some point during pod execution (e.g. due to an update), the system may or may not try to eventually evict the pod from its node."),
        field("preferredDuringSchedulingIgnoredDuringExecution", 2, list(&Shape::Struct(TypeRef::Static(&PREFERRED_SCHEDULING_TERM))), NonZero)
            .doc("The scheduler will prefer to schedule pods to nodes that satisfy the affinity expressions specified by this field, but it may choose a node that violates one or more of the expressions. The node that is most preferred is the one with the greatest sum of weights, i.e. for each node that meets all of the scheduling requirements (resource request, requiredDuringScheduling affinity expressions, etc.), compute a sum by iterating through the elements of this field and adding \"weight\" to the sum if the node matches the corresponding matchExpressions; the node(s) with the highest sum are the most preferred."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeAffinity",
        "Node affinity is a group of node affinity scheduling rules.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeCondition`.
pub static NODE_CONDITION: Type = {
    static FIELDS: [Field; 6] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type of node condition."),
        field("status", 2, Shape::String, Always).required()
            .doc("Status of the condition, one of True, False, Unknown."),
        field("lastHeartbeatTime", 3, Shape::Time, Always)
            .doc("Last time we got an update on a given condition."),
        field("lastTransitionTime", 4, Shape::Time, Always)
            .doc("Last time the condition transit from one status to another."),
        field("reason", 5, Shape::String, NonZero)
            .doc("(brief) reason for the condition's last transition."),
        field("message", 6, Shape::String, NonZero)
            .doc("Human readable message indicating details about last transition."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeCondition",
        "NodeCondition contains condition information for a node.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeConfigSource`.
pub static NODE_CONFIG_SOURCE: Type = {
    static FIELDS: [Field; 1] = [
        field("configMap", 2, object(&CONFIG_MAP_NODE_CONFIG_SOURCE), Given)
            .doc("ConfigMap is a reference to a Node's ConfigMap"),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeConfigSource",
        "NodeConfigSource specifies a source of node configuration. Exactly one subfield (excluding metadata) must be non-nil. This API is deprecated since 1.22",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeConfigStatus`.
pub static NODE_CONFIG_STATUS: Type = {
    static FIELDS: [Field; 4] = [
        field("assigned", 1, object(&NODE_CONFIG_SOURCE), Given)
            .doc("Assigned reports the checkpointed config the node will try to use. When Node.Spec.ConfigSource is updated, the node checkpoints the associated config payload to local disk, along with a record indicating intended config. The node refers to this record to choose its config checkpoint, and reports this record in Assigned. Assigned only updates in the status after the record has been checkpointed to disk. When the Kubelet is restarted, it tries to make the Assigned config the Active config by loading and validating the checkpointed payload identified by Assigned."),
        field("active", 2, object(&NODE_CONFIG_SOURCE), Given)
            .doc("Active reports the checkpointed config the node is actively using. Active will represent either the current version of the Assigned config, or the current LastKnownGood config, depending on whether attempting to use the Assigned config results in an error."),
        field("lastKnownGood", 3, object(&NODE_CONFIG_SOURCE), Given)
            .doc("LastKnownGood reports the checkpointed config the node will fall back to when it encounters an error attempting to use the Assigned config. The Assigned config becomes the LastKnownGood config when the node determines that the Assigned config is stable and correct. This is currently implemented as a 10-minute soak period starting when the local record of Assigned config is updated. If the Assigned config is Active at the end of this period, it becomes the LastKnownGood. Note that if Spec.ConfigSource is reset to nil (use local defaults), the LastKnownGood is also immediately reset to nil, because the local default config is always assumed good. You should not make assumptions about the node's method of determining config stability and correctness, as this may change or become configurable in the future."),
        field("error", 4, Shape::String, NonZero)
            .doc("Error describes any problems reconciling the Spec.ConfigSource to the Active config. Errors may occur, for example, attempting to checkpoint Spec.ConfigSource to the local Assigned record, attempting to checkpoint the payload associated with Spec.ConfigSource, attempting to load or validate the Assigned config, etc. Errors may occur at different points while syncing config. Earlier errors (e.g. download or checkpointing errors) will not result in a rollback to LastKnownGood, and may resolve across Kubelet retries. Later errors (e.g. loading or validating a checkpointed config) will result in a rollback to LastKnownGood. In the latter case, it is usually possible to resolve the error by fixing the config assigned in Spec.ConfigSource. You can find additional information for debugging by searching the error message in the Kubelet log. Error is a human-readable description of the error state; machines can check whether or not Error is empty, but should not rely on the stability of the Error text across Kubelet versions."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeConfigStatus",
        "NodeConfigStatus describes the status of the config assigned by Node.Spec.ConfigSource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeDaemonEndpoints`.
pub static NODE_DAEMON_ENDPOINTS: Type = {
    static FIELDS: [Field; 1] = [
        field("kubeletEndpoint", 1, object(&DAEMON_ENDPOINT), Always)
            .doc("Endpoint on which Kubelet is listening."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeDaemonEndpoints",
        "NodeDaemonEndpoints lists ports opened by daemons running on the Node.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeFeatures`.
pub static NODE_FEATURES: Type = {
    static FIELDS: [Field; 1] = [
        field("supplementalGroupsPolicy", 1, Shape::Bool, Given)
            .doc("SupplementalGroupsPolicy is set to true if the runtime supports SupplementalGroupsPolicy and ContainerUser."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeFeatures",
        "NodeFeatures describes the set of features implemented by the CRI implementation. The features contained in the NodeFeatures should depend only on the cri implementation independent of runtime handlers.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeList`.
pub static NODE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&NODE))), Null).required()
            .doc("List of nodes"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "NodeList"),
    ];
    ty(
        "io.k8s.api.core.v1.NodeList",
        "NodeList is the whole list of all Nodes which have been registered with master.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeProxyOptions`.
pub static NODE_PROXY_OPTIONS: Type = {
    static FIELDS: [Field; 3] = [
        kind(),
        api_version(),
        field("path", 1, Shape::String, NonZero)
            .doc("Path is the URL path to use for the current proxy request to node."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "NodeProxyOptions"),
    ];
    ty(
        "io.k8s.api.core.v1.NodeProxyOptions",
        "NodeProxyOptions is the query options to a Node's proxy call.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeRuntimeHandler`.
pub static NODE_RUNTIME_HANDLER: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always)
            .doc("Runtime handler name. Empty for the default runtime handler."),
        field("features", 2, object(&NODE_RUNTIME_HANDLER_FEATURES), Given)
            .doc("Supported features."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeRuntimeHandler",
        "NodeRuntimeHandler is a set of runtime handler information.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeRuntimeHandlerFeatures`.
pub static NODE_RUNTIME_HANDLER_FEATURES: Type = {
    static FIELDS: [Field; 2] = [
        field("recursiveReadOnlyMounts", 1, Shape::Bool, Given)
            .doc("RecursiveReadOnlyMounts is set to true if the runtime handler supports RecursiveReadOnlyMounts."),
        field("userNamespaces", 2, Shape::Bool, Given)
            .doc("UserNamespaces is set to true if the runtime handler supports UserNamespaces, including for volumes."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeRuntimeHandlerFeatures",
        "NodeRuntimeHandlerFeatures is a set of features implemented by the runtime handler.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeSelector`.
pub static NODE_SELECTOR: Type = {
    static FIELDS: [Field; 1] = [
        field("nodeSelectorTerms", 1, list(&Shape::Struct(TypeRef::Static(&NODE_SELECTOR_TERM))), Null).required()
            .doc("Required. A list of node selector terms. The terms are ORed."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.NodeSelector",
        "A node selector represents the union of the results of one or more label queries over a set of nodes; that is, it represents the OR of the selectors represented by the node selector terms.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.NodeSelectorRequirement`.
pub static NODE_SELECTOR_REQUIREMENT: Type = {
    static FIELDS: [Field; 3] = [
        field("key", 1, Shape::String, Always).required()
            .doc("The label key that the selector applies to."),
        field("operator", 2, Shape::String, Always).required()
            .one_of(&[Borrowed("DoesNotExist"), Borrowed("Exists"), Borrowed("Gt"), Borrowed("In"), Borrowed("Lt"), Borrowed("NotIn")])
            .doc("Represents a key's relationship to a set of values. Valid operators are In, NotIn, Exists, DoesNotExist. Gt, and Lt."),
        field("values", 3, list(&Shape::String), NonZero)
            .doc("An array of string values. If the operator is In or NotIn, the values array must be non-empty. If the operator is Exists or DoesNotExist, the values array must be empty. If the operator is Gt or Lt, the values array must have a single element, which will be interpreted as an integer. This array is replaced during a strategic merge patch."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeSelectorRequirement",
        "A node selector requirement is a selector that contains values, a key, and an operator that relates the key and values.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeSelectorTerm`.
pub static NODE_SELECTOR_TERM: Type = {
    static FIELDS: [Field; 2] = [
        field("matchExpressions", 1, list(&Shape::Struct(TypeRef::Static(&NODE_SELECTOR_REQUIREMENT))), NonZero)
            .doc("A list of node selector requirements by node's labels."),
        field("matchFields", 2, list(&Shape::Struct(TypeRef::Static(&NODE_SELECTOR_REQUIREMENT))), NonZero)
            .doc("A list of node selector requirements by node's fields."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.NodeSelectorTerm",
        "A null or empty node selector term matches no objects. The requirements of them are ANDed. The TopologySelectorTerm type implements a subset of the NodeSelectorTerm.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.NodeSpec`.
pub static NODE_SPEC: Type = {
    static FIELDS: [Field; 7] = [
        field("podCIDR", 1, Shape::String, NonZero)
            .doc("PodCIDR represents the pod IP range assigned to the node."),
        field("podCIDRs", 7, list(&Shape::String), NonZero).set().merge("")
            .doc("podCIDRs represents the IP ranges assigned to the node for usage by Pods on that node. If this field is specified, the 0th entry must match the podCIDR field. It may contain at most 1 value for each of IPv4 and IPv6."),
        field("providerID", 3, Shape::String, NonZero)
            .doc("ID of the node assigned by the cloud provider in the format: <ProviderName>://<ProviderSpecificNodeID>"),
        field("unschedulable", 4, Shape::Bool, NonZero)
            .doc("Unschedulable controls node schedulability of new pods. By default, node is schedulable. More info: https://kubernetes.io/docs/concepts/nodes/node/#manual-node-administration"),
        field("taints", 5, list(&Shape::Struct(TypeRef::Static(&TAINT))), NonZero)
            .doc("If specified, the node's taints."),
        field("configSource", 6, object(&NODE_CONFIG_SOURCE), Given)
            .doc("Deprecated: Previously used to specify the source of the node's configuration for the DynamicKubeletConfig feature. This feature is removed."),
        field("externalID", 2, Shape::String, NonZero)
            .doc("Deprecated. Not all kubelets will set this field. Remove field after 1.13. see: https://issues.k8s.io/61966"),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeSpec",
        "NodeSpec describes the attributes that a node is created with.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeStatus`.
pub static NODE_STATUS: Type = {
    static FIELDS: [Field; 14] = [
        field("capacity", 1, map(&Shape::Quantity), NonZero)
            .doc("Capacity represents the total resources of a node. More info: https://kubernetes.io/docs/reference/node/node-status/#capacity"),
        field("allocatable", 2, map(&Shape::Quantity), NonZero)
            .doc("Allocatable represents the resources of a node that are available for scheduling. Defaults to Capacity."),
        field("phase", 3, Shape::String, NonZero)
            .one_of(&[Borrowed("Pending"), Borrowed("Running"), Borrowed("Terminated")])
            .doc("NodePhase is the recently observed lifecycle phase of the node. More info: https://kubernetes.io/docs/concepts/nodes/node/#phase The field is never populated, and now is deprecated."),
        field("conditions", 4, list(&Shape::Struct(TypeRef::Static(&NODE_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Conditions is an array of current observed node conditions. More info: https://kubernetes.io/docs/reference/node/node-status/#condition"),
        field("addresses", 5, list(&Shape::Struct(TypeRef::Static(&NODE_ADDRESS))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("List of addresses reachable to the node. Queried from cloud provider, if available. More info: https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API (status.hostIP)."),
        field("daemonEndpoints", 6, object(&NODE_DAEMON_ENDPOINTS), Always)
            .doc("Endpoints of daemons running on the Node."),
        field("nodeInfo", 7, object(&NODE_SYSTEM_INFO), Always)
            .doc("Set of ids/uuids to uniquely identify the node. More info: https://kubernetes.io/docs/reference/node/node-status/#info"),
        field("images", 8, list(&Shape::Struct(TypeRef::Static(&CONTAINER_IMAGE))), NonZero)
            .doc("List of container images on this node"),
        field("volumesInUse", 9, list(&Shape::String), NonZero)
            .doc("List of attachable volumes in use (mounted) by the node."),
        field("volumesAttached", 10, list(&Shape::Struct(TypeRef::Static(&ATTACHED_VOLUME))), NonZero)
            .doc("List of volumes that are attached to the node."),
        field("config", 11, object(&NODE_CONFIG_STATUS), Given)
            .doc("Status of the config assigned to the node via the dynamic Kubelet config feature."),
        field("runtimeHandlers", 12, list(&Shape::Struct(TypeRef::Static(&NODE_RUNTIME_HANDLER))), NonZero)
            .doc("The available runtime handlers."),
        field("features", 13, object(&NODE_FEATURES), Given)
            .doc("Features describes the set of features implemented by the CRI implementation."),
        field("declaredFeatures", 14, list(&Shape::String), NonZero)
            .doc("DeclaredFeatures represents the features related to feature gates that are declared by the node."),
    ];
    static NAMES: [(Text, u16); 14] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeStatus",
        "NodeStatus is information about the current status of a node.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeSwapStatus`.
pub static NODE_SWAP_STATUS: Type = {
    static FIELDS: [Field; 1] = [
        field("capacity", 1, Shape::Int64, Given)
            .doc("Total amount of swap memory in bytes."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeSwapStatus",
        "NodeSwapStatus represents swap memory information.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.NodeSystemInfo`.
pub static NODE_SYSTEM_INFO: Type = {
    static FIELDS: [Field; 11] = [
        field("machineID", 1, Shape::String, Always).required()
            .doc("MachineID reported by the node. For unique machine identification in the cluster this field is preferred. Learn more from man(5) machine-id: http://man7.org/linux/man-pages/man5/machine-id.5.html"),
        field("systemUUID", 2, Shape::String, Always).required()
            .doc("SystemUUID reported by the node. For unique machine identification MachineID is preferred. This field is specific to Red Hat hosts https://access.redhat.com/documentation/en-us/red_hat_subscription_management/1/html/rhsm/uuid"),
        field("bootID", 3, Shape::String, Always).required()
            .doc("Boot ID reported by the node."),
        field("kernelVersion", 4, Shape::String, Always).required()
            .doc("Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64)."),
        field("osImage", 5, Shape::String, Always).required()
            .doc("OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy))."),
        field("containerRuntimeVersion", 6, Shape::String, Always).required()
            .doc("ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2)."),
        field("kubeletVersion", 7, Shape::String, Always).required()
            .doc("Kubelet Version reported by the node."),
        field("kubeProxyVersion", 8, Shape::String, Always).required()
            .doc("Deprecated: KubeProxy Version reported by the node."),
        field("operatingSystem", 9, Shape::String, Always).required()
            .doc("The Operating System reported by the node"),
        field("architecture", 10, Shape::String, Always).required()
            .doc("The Architecture reported by the node"),
        field("swap", 11, object(&NODE_SWAP_STATUS), Given)
            .doc("Swap Info reported by the node."),
    ];
    static NAMES: [(Text, u16); 11] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.NodeSystemInfo",
        "NodeSystemInfo is a set of ids/uuids to uniquely identify the node.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ObjectFieldSelector`.
pub static OBJECT_FIELD_SELECTOR: Type = {
    static FIELDS: [Field; 2] = [
        field("apiVersion", 1, Shape::String, NonZero)
            .doc("Version of the schema the FieldPath is written in terms of, defaults to \"v1\"."),
        field("fieldPath", 2, Shape::String, Always).required()
            .doc("Path of the field to select in the specified API version."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.ObjectFieldSelector",
        "ObjectFieldSelector selects an APIVersioned field of an object.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.ObjectReference`.
pub static OBJECT_REFERENCE: Type = {
    static FIELDS: [Field; 7] = [
        field("kind", 1, Shape::String, NonZero)
            .doc("Kind of the referent. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("namespace", 2, Shape::String, NonZero)
            .doc("Namespace of the referent. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/"),
        field("name", 3, Shape::String, NonZero)
            .doc("Name of the referent. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names"),
        field("uid", 4, Shape::String, NonZero)
            .doc("UID of the referent. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#uids"),
        field("apiVersion", 5, Shape::String, NonZero)
            .doc("API version of the referent."),
        field("resourceVersion", 6, Shape::String, NonZero)
            .doc("Specific resourceVersion to which this reference is made, if any. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#concurrency-control-and-consistency"),
        field("fieldPath", 7, Shape::String, NonZero)
            .doc("If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access statement, such as desiredState.manifest.containers[2]. For example, if the object reference is to a container within a pod, this would take on a value like: \"spec.containers{name}\" (where \"name\" refers to the name of the container that triggered the event) or if no container name is specified \"spec.containers[2]\" (container with index 2 in this pod). This syntax is chosen only to have some well-defined way of referencing a part of an object."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.ObjectReference",
        "ObjectReference contains enough information to let you inspect or modify the referred object.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.PersistentVolume`.
pub static PERSISTENT_VOLUME: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&PERSISTENT_VOLUME_SPEC), Always)
            .doc("spec defines a specification of a persistent volume owned by the cluster. Provisioned by an administrator. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#persistent-volumes"),
        field("status", 3, object(&PERSISTENT_VOLUME_STATUS), Always)
            .doc("status represents the current information/status for the persistent volume. Populated by the system. Read-only. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#persistent-volumes"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PersistentVolume"),
    ];
    ty(
        "io.k8s.api.core.v1.PersistentVolume",
        "PersistentVolume (PV) is a storage resource provisioned by an administrator. It is analogous to a node. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PersistentVolumeClaim`.
pub static PERSISTENT_VOLUME_CLAIM: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&PERSISTENT_VOLUME_CLAIM_SPEC), Always)
            .doc("spec defines the desired characteristics of a volume requested by a pod author. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#persistentvolumeclaims"),
        field("status", 3, object(&PERSISTENT_VOLUME_CLAIM_STATUS), Always)
            .doc("status represents the current information/status of a persistent volume claim. Read-only. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#persistentvolumeclaims"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PersistentVolumeClaim"),
    ];
    ty(
        "io.k8s.api.core.v1.PersistentVolumeClaim",
        "PersistentVolumeClaim is a user's request for and claim to a persistent volume",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PersistentVolumeClaimCondition`.
pub static PERSISTENT_VOLUME_CLAIM_CONDITION: Type = {
    static FIELDS: [Field; 6] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type is the type of the condition. More info: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/persistent-volume-claim-v1/#:~:text=set%20to%20%27ResizeStarted%27.-,PersistentVolumeClaimCondition,-contains%20details%20about"),
        field("status", 2, Shape::String, Always).required()
            .doc("Status is the status of the condition. Can be True, False, Unknown. More info: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/persistent-volume-claim-v1/#:~:text=state%20of%20pvc-,conditions.status,-(string)%2C%20required"),
        field("lastProbeTime", 3, Shape::Time, Always)
            .doc("lastProbeTime is the time we probed the condition."),
        field("lastTransitionTime", 4, Shape::Time, Always)
            .doc("lastTransitionTime is the time the condition transitioned from one status to another."),
        field("reason", 5, Shape::String, NonZero)
            .doc("reason is a unique, this should be a short, machine understandable string that gives the reason for condition's last transition. If it reports \"Resizing\" that means the underlying persistent volume is being resized."),
        field("message", 6, Shape::String, NonZero)
            .doc("message is the human-readable message indicating details about last transition."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PersistentVolumeClaimCondition",
        "PersistentVolumeClaimCondition contains details about state of pvc",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PersistentVolumeClaimList`.
pub static PERSISTENT_VOLUME_CLAIM_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&PERSISTENT_VOLUME_CLAIM))), Null).required()
            .doc("items is a list of persistent volume claims. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#persistentvolumeclaims"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PersistentVolumeClaimList"),
    ];
    ty(
        "io.k8s.api.core.v1.PersistentVolumeClaimList",
        "PersistentVolumeClaimList is a list of PersistentVolumeClaim items.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PersistentVolumeClaimSpec`.
pub static PERSISTENT_VOLUME_CLAIM_SPEC: Type = {
    static FIELDS: [Field; 9] = [
        field("accessModes", 1, list(&Shape::String), NonZero)
            .one_of(&[Borrowed("ReadOnlyMany"), Borrowed("ReadWriteMany"), Borrowed("ReadWriteOnce"), Borrowed("ReadWriteOncePod")])
            .doc("accessModes contains the desired access modes the volume should have. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes-1"),
        field("selector", 4, object(&super::meta_v1::LABEL_SELECTOR), Given)
            .doc("selector is a label query over volumes to consider for binding."),
        field("resources", 2, object(&VOLUME_RESOURCE_REQUIREMENTS), Always)
            .doc("resources represents the minimum resources the volume should have. Users are allowed to specify resource requirements that are lower than previous value but must still be higher than capacity recorded in the status field of the claim. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#resources"),
        field("volumeName", 3, Shape::String, NonZero)
            .doc("volumeName is the binding reference to the PersistentVolume backing this claim."),
        field("storageClassName", 5, Shape::String, Given)
            .doc("storageClassName is the name of the StorageClass required by the claim. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#class-1"),
        field("volumeMode", 6, Shape::String, Given)
            .one_of(&[Borrowed("Block"), Borrowed("Filesystem")])
            .doc("volumeMode defines what type of volume is required by the claim. Value of Filesystem is implied when not included in claim spec."),
        field("dataSource", 7, object(&TYPED_LOCAL_OBJECT_REFERENCE), Given)
            .doc("dataSource field can be used to specify either: * An existing VolumeSnapshot object (snapshot.storage.k8s.io/VolumeSnapshot) * An existing PVC (PersistentVolumeClaim) If the provisioner or an external controller can support the specified data source, it will create a new volume based on the contents of the specified data source. When the AnyVolumeDataSource feature gate is enabled, dataSource contents will be copied to dataSourceRef, and dataSourceRef contents will be copied to dataSource when dataSourceRef.namespace is not specified. If the namespace is specified, then dataSourceRef will not be copied to dataSource."),
        field("dataSourceRef", 8, object(&TYPED_OBJECT_REFERENCE), Given)
            .doc("dataSourceRef specifies the object from which to populate the volume with data, if a non-empty volume is desired. This may be any object from a non-empty API group (non core object) or a PersistentVolumeClaim object. When this field is specified, volume binding will only succeed if the type of the specified object matches some installed volume populator or dynamic provisioner. This field will replace the functionality of the dataSource field and as such if both fields are non-empty, they must have the same value. For backwards compatibility, when namespace isn't specified in dataSourceRef, both fields (dataSource and dataSourceRef) will be set to the same value automatically if one of them is empty and the other is non-empty. When namespace is specified in dataSourceRef, dataSource isn't set to the same value and must be empty. There are three important differences between dataSource and dataSourceRef: * While dataSource only allows two specific types of objects, dataSourceRef\n  allows any non-core object, as well as PersistentVolumeClaim objects.\n* While dataSource ignores disallowed values (dropping them), dataSourceRef\n  preserves all values, and generates an error if a disallowed value is\n  specified.\n* While dataSource only allows local objects, dataSourceRef allows objects\n  in any namespaces.\n(Beta) Using this field requires the AnyVolumeDataSource feature gate to be enabled. (Alpha) Using the namespace field of dataSourceRef requires the CrossNamespaceVolumeDataSource feature gate to be enabled."),
        field("volumeAttributesClassName", 9, Shape::String, Given)
            .doc("volumeAttributesClassName may be used to set the VolumeAttributesClass used by this claim. If specified, the CSI driver will create or update the volume with the attributes defined in the corresponding VolumeAttributesClass. This has a different purpose than storageClassName, it can be changed after the claim is created. An empty string or nil value indicates that no VolumeAttributesClass will be applied to the claim. If the claim enters an Infeasible error state, this field can be reset to its previous value (including nil) to cancel the modification. If the resource referred to by volumeAttributesClass does not exist, this PersistentVolumeClaim will be set to a Pending state, as reflected by the modifyVolumeStatus field, until such as a resource exists. More info: https://kubernetes.io/docs/concepts/storage/volume-attributes-classes/"),
    ];
    static NAMES: [(Text, u16); 9] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PersistentVolumeClaimSpec",
        "PersistentVolumeClaimSpec describes the common attributes of storage devices and allows a Source for provider-specific attributes",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PersistentVolumeClaimStatus`.
pub static PERSISTENT_VOLUME_CLAIM_STATUS: Type = {
    static FIELDS: [Field; 8] = [
        field("phase", 1, Shape::String, NonZero)
            .one_of(&[Borrowed("Bound"), Borrowed("Lost"), Borrowed("Pending")])
            .doc("phase represents the current phase of PersistentVolumeClaim."),
        field("accessModes", 2, list(&Shape::String), NonZero)
            .one_of(&[Borrowed("ReadOnlyMany"), Borrowed("ReadWriteMany"), Borrowed("ReadWriteOnce"), Borrowed("ReadWriteOncePod")])
            .doc("accessModes contains the actual access modes the volume backing the PVC has. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes-1"),
        field("capacity", 3, map(&Shape::Quantity), NonZero)
            .doc("capacity represents the actual resources of the underlying volume."),
        field("conditions", 4, list(&Shape::Struct(TypeRef::Static(&PERSISTENT_VOLUME_CLAIM_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("conditions is the current Condition of persistent volume claim. If underlying persistent volume is being resized then the Condition will be set to 'Resizing'."),
        field("allocatedResources", 5, map(&Shape::Quantity), NonZero)
            .doc("allocatedResources tracks the resources allocated to a PVC including its capacity. Key names follow standard Kubernetes label syntax. Valid values are either:\n    * Un-prefixed keys:\n        - storage - the capacity of the volume.\n    * Custom resources must use implementation-defined prefixed names such as \"example.com/my-custom-resource\"\nApart from above values - keys that are unprefixed or have kubernetes.io prefix are considered reserved and hence may not be used.\n\nCapacity reported here may be larger than the actual capacity when a volume expansion operation is requested. For storage quota, the larger value from allocatedResources and PVC.spec.resources is used. If allocatedResources is not set, PVC.spec.resources alone is used for quota calculation. If a volume expansion capacity request is lowered, allocatedResources is only lowered if there are no expansion operations in progress and if the actual volume capacity is equal or lower than the requested capacity.\n\nA controller that receives PVC update with previously unknown resourceName should ignore the update for the purpose it was designed. For example - a controller that only is responsible for resizing capacity of the volume, should ignore PVC updates that change other valid resources associated with PVC."),
        field("allocatedResourceStatuses", 7, map(&Shape::String), NonZero)
            .one_of(&[Borrowed("ControllerResizeInProgress"), Borrowed("ControllerResizeInfeasible"), Borrowed("NodeResizeInProgress"), Borrowed("NodeResizeInfeasible"), Borrowed("NodeResizePending")])
            .doc("allocatedResourceStatuses stores status of resource being resized for the given PVC. Key names follow standard Kubernetes label syntax. Valid values are either:\n    * Un-prefixed keys:\n        - storage - the capacity of the volume.\n    * Custom resources must use implementation-defined prefixed names such as \"example.com/my-custom-resource\"\nApart from above values - keys that are unprefixed or have kubernetes.io prefix are considered reserved and hence may not be used.\n\nClaimResourceStatus can be in any of following states:\n    - ControllerResizeInProgress:\n        State set when resize controller starts resizing the volume in control-plane.\n    - ControllerResizeFailed:\n        State set when resize has failed in resize controller with a terminal error.\n    - NodeResizePending:\n        State set when resize controller has finished resizing the volume but further resizing of\n        volume is needed on the node.\n    - NodeResizeInProgress:\n        State set when kubelet starts resizing the volume.\n    - NodeResizeFailed:\n        State set when resizing has failed in kubelet with a terminal error. Transient errors don't set\n        NodeResizeFailed.\nFor example: if expanding a PVC for more capacity - this field can be one of the following states:\n    - pvc.status.allocatedResourceStatus['storage'] = \"ControllerResizeInProgress\"\n     - pvc.status.allocatedResourceStatus['storage'] = \"ControllerResizeFailed\"\n     - pvc.status.allocatedResourceStatus['storage'] = \"NodeResizePending\"\n     - pvc.status.allocatedResourceStatus['storage'] = \"NodeResizeInProgress\"\n     - pvc.status.allocatedResourceStatus['storage'] = \"NodeResizeFailed\"\nWhen this field is not set, it means that no resize operation is in progress for the given PVC.\n\nA controller that receives PVC update with previously unknown resourceName or ClaimResourceStatus should ignore the update for the purpose it was designed. For example - a controller that only is responsible for resizing capacity of the volume, should ignore PVC updates that change other valid resources associated with PVC."),
        field("currentVolumeAttributesClassName", 8, Shape::String, Given)
            .doc("currentVolumeAttributesClassName is the current name of the VolumeAttributesClass the PVC is using. When unset, there is no VolumeAttributeClass applied to this PersistentVolumeClaim"),
        field("modifyVolumeStatus", 9, object(&MODIFY_VOLUME_STATUS), Given)
            .doc("ModifyVolumeStatus represents the status object of ControllerModifyVolume operation. When this is unset, there is no ModifyVolume operation being attempted."),
    ];
    static NAMES: [(Text, u16); 8] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PersistentVolumeClaimStatus",
        "PersistentVolumeClaimStatus is the current status of a persistent volume claim.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PersistentVolumeClaimTemplate`.
pub static PERSISTENT_VOLUME_CLAIM_TEMPLATE: Type = {
    static FIELDS: [Field; 2] = [
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("May contain labels and annotations that will be copied into the PVC when creating it. No other fields are allowed and will be rejected during validation."),
        field("spec", 2, object(&PERSISTENT_VOLUME_CLAIM_SPEC), Always).required()
            .doc("The specification for the PersistentVolumeClaim. The entire content is copied unchanged into the PVC that gets created from this template. The same fields as in a PersistentVolumeClaim are also valid here."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PersistentVolumeClaimTemplate",
        "PersistentVolumeClaimTemplate is used to produce PersistentVolumeClaim objects as part of an EphemeralVolumeSource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource`.
pub static PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("claimName", 1, Shape::String, Always).required()
            .doc("claimName is the name of a PersistentVolumeClaim in the same namespace as the pod using this volume. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#persistentvolumeclaims"),
        field("readOnly", 2, Shape::Bool, NonZero)
            .doc("readOnly Will force the ReadOnly setting in VolumeMounts. Default false."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource",
        "PersistentVolumeClaimVolumeSource references the user's PVC in the same namespace. This volume finds the bound PV and mounts that volume for the pod. A PersistentVolumeClaimVolumeSource is, essentially, a wrapper around another type of volume that is owned by someone else (the system).",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PersistentVolumeList`.
pub static PERSISTENT_VOLUME_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&PERSISTENT_VOLUME))), Null).required()
            .doc("items is a list of persistent volumes. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PersistentVolumeList"),
    ];
    ty(
        "io.k8s.api.core.v1.PersistentVolumeList",
        "PersistentVolumeList is a list of PersistentVolume items.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PersistentVolumeSpec`.
pub static PERSISTENT_VOLUME_SPEC: Type = {
    static FIELDS: [Field; 31] = [
        field("capacity", 1, map(&Shape::Quantity), NonZero)
            .doc("capacity is the description of the persistent volume's resources and capacity. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#capacity"),
        field("gcePersistentDisk", 1, object(&GCE_PERSISTENT_DISK_VOLUME_SOURCE), Given).within(&[2])
            .doc("gcePersistentDisk represents a GCE Disk resource that is attached to a kubelet's host machine and then exposed to the pod. Provisioned by an admin. Deprecated: GCEPersistentDisk is deprecated. All operations for the in-tree gcePersistentDisk type are redirected to the pd.csi.storage.gke.io CSI driver. More info: https://kubernetes.io/docs/concepts/storage/volumes#gcepersistentdisk"),
        field("awsElasticBlockStore", 2, object(&AWS_ELASTIC_BLOCK_STORE_VOLUME_SOURCE), Given).within(&[2])
            .doc("awsElasticBlockStore represents an AWS Disk resource that is attached to a kubelet's host machine and then exposed to the pod. Deprecated: AWSElasticBlockStore is deprecated. All operations for the in-tree awsElasticBlockStore type are redirected to the ebs.csi.aws.com CSI driver. More info: https://kubernetes.io/docs/concepts/storage/volumes#awselasticblockstore"),
        field("hostPath", 3, object(&HOST_PATH_VOLUME_SOURCE), Given).within(&[2])
            .doc("hostPath represents a directory on the host. Provisioned by a developer or tester. This is useful for single-node development and testing only! On-host storage is not supported in any way and WILL NOT WORK in a multi-node cluster. More info: https://kubernetes.io/docs/concepts/storage/volumes#hostpath"),
        field("glusterfs", 4, object(&GLUSTERFS_PERSISTENT_VOLUME_SOURCE), Given).within(&[2])
            .doc("glusterfs represents a Glusterfs volume that is attached to a host and exposed to the pod. Provisioned by an admin. Deprecated: Glusterfs is deprecated and the in-tree glusterfs type is no longer supported. More info: https://examples.k8s.io/volumes/glusterfs/README.md"),
        field("nfs", 5, object(&NFS_VOLUME_SOURCE), Given).within(&[2])
            .doc("nfs represents an NFS mount on the host. Provisioned by an admin. More info: https://kubernetes.io/docs/concepts/storage/volumes#nfs"),
        field("rbd", 6, object(&RBD_PERSISTENT_VOLUME_SOURCE), Given).within(&[2])
            .doc("rbd represents a Rados Block Device mount on the host that shares a pod's lifetime. Deprecated: RBD is deprecated and the in-tree rbd type is no longer supported. More info: https://examples.k8s.io/volumes/rbd/README.md"),
        field("iscsi", 7, object(&ISCSI_PERSISTENT_VOLUME_SOURCE), Given).within(&[2])
            .doc("iscsi represents an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod. Provisioned by an admin."),
        field("cinder", 8, object(&CINDER_PERSISTENT_VOLUME_SOURCE), Given).within(&[2])
            .doc("cinder represents a cinder volume attached and mounted on kubelets host machine. Deprecated: Cinder is deprecated. All operations for the in-tree cinder type are redirected to the cinder.csi.openstack.org CSI driver. More info: https://examples.k8s.io/mysql-cinder-pd/README.md"),
        field("cephfs", 9, object(&CEPH_FS_PERSISTENT_VOLUME_SOURCE), Given).within(&[2])
            .doc("cephFS represents a Ceph FS mount on the host that shares a pod's lifetime. Deprecated: CephFS is deprecated and the in-tree cephfs type is no longer supported."),
        field("fc", 10, object(&FC_VOLUME_SOURCE), Given).within(&[2])
            .doc("fc represents a Fibre Channel resource that is attached to a kubelet's host machine and then exposed to the pod."),
        field("flocker", 11, object(&FLOCKER_VOLUME_SOURCE), Given).within(&[2])
            .doc("flocker represents a Flocker volume attached to a kubelet's host machine and exposed to the pod for its usage. This depends on the Flocker control service being running. Deprecated: Flocker is deprecated and the in-tree flocker type is no longer supported."),
        field("flexVolume", 12, object(&FLEX_PERSISTENT_VOLUME_SOURCE), Given).within(&[2])
            .doc("flexVolume represents a generic volume resource that is provisioned/attached using an exec based plugin. Deprecated: FlexVolume is deprecated. Consider using a CSIDriver instead."),
        field("azureFile", 13, object(&AZURE_FILE_PERSISTENT_VOLUME_SOURCE), Given).within(&[2])
            .doc("azureFile represents an Azure File Service mount on the host and bind mount to the pod. Deprecated: AzureFile is deprecated. All operations for the in-tree azureFile type are redirected to the file.csi.azure.com CSI driver."),
        field("vsphereVolume", 14, object(&VSPHERE_VIRTUAL_DISK_VOLUME_SOURCE), Given).within(&[2])
            .doc("vsphereVolume represents a vSphere volume attached and mounted on kubelets host machine. Deprecated: VsphereVolume is deprecated. All operations for the in-tree vsphereVolume type are redirected to the csi.vsphere.vmware.com CSI driver."),
        field("quobyte", 15, object(&QUOBYTE_VOLUME_SOURCE), Given).within(&[2])
            .doc("quobyte represents a Quobyte mount on the host that shares a pod's lifetime. Deprecated: Quobyte is deprecated and the in-tree quobyte type is no longer supported."),
        field("azureDisk", 16, object(&AZURE_DISK_VOLUME_SOURCE), Given).within(&[2])
            .doc("azureDisk represents an Azure Data Disk mount on the host and bind mount to the pod. Deprecated: AzureDisk is deprecated. All operations for the in-tree azureDisk type are redirected to the disk.csi.azure.com CSI driver."),
        field("photonPersistentDisk", 17, object(&PHOTON_PERSISTENT_DISK_VOLUME_SOURCE), Given).within(&[2])
            .doc("photonPersistentDisk represents a PhotonController persistent disk attached and mounted on kubelets host machine. Deprecated: PhotonPersistentDisk is deprecated and the in-tree photonPersistentDisk type is no longer supported."),
        field("portworxVolume", 18, object(&PORTWORX_VOLUME_SOURCE), Given).within(&[2])
            .doc("portworxVolume represents a portworx volume attached and mounted on kubelets host machine. Deprecated: PortworxVolume is deprecated. All operations for the in-tree portworxVolume type are redirected to the pxd.portworx.com CSI driver when the CSIMigrationPortworx feature-gate is on."),
        field("scaleIO", 19, object(&SCALE_IO_PERSISTENT_VOLUME_SOURCE), Given).within(&[2])
            .doc("scaleIO represents a ScaleIO persistent volume attached and mounted on Kubernetes nodes. Deprecated: ScaleIO is deprecated and the in-tree scaleIO type is no longer supported."),
        field("local", 20, object(&LOCAL_VOLUME_SOURCE), Given).within(&[2])
            .doc("local represents directly-attached storage with node affinity"),
        field("storageos", 21, object(&STORAGE_OS_PERSISTENT_VOLUME_SOURCE), Given).within(&[2])
            .doc("storageOS represents a StorageOS volume that is attached to the kubelet's host machine and mounted into the pod. Deprecated: StorageOS is deprecated and the in-tree storageos type is no longer supported. More info: https://examples.k8s.io/volumes/storageos/README.md"),
        field("csi", 22, object(&CSI_PERSISTENT_VOLUME_SOURCE), Given).within(&[2])
            .doc("csi represents storage that is handled by an external CSI driver."),
        field("accessModes", 3, list(&Shape::String), NonZero)
            .one_of(&[Borrowed("ReadOnlyMany"), Borrowed("ReadWriteMany"), Borrowed("ReadWriteOnce"), Borrowed("ReadWriteOncePod")])
            .doc("accessModes contains all ways the volume can be mounted. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes"),
        field("claimRef", 4, object(&OBJECT_REFERENCE), Given)
            .doc("claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim. Expected to be non-nil when bound. claim.VolumeName is the authoritative bind between PV and PVC. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#binding"),
        field("persistentVolumeReclaimPolicy", 5, Shape::String, NonZero)
            .one_of(&[Borrowed("Delete"), Borrowed("Recycle"), Borrowed("Retain")])
            .doc("persistentVolumeReclaimPolicy defines what happens to a persistent volume when released from its claim. Valid options are Retain (default for manually created PersistentVolumes), Delete (default for dynamically provisioned PersistentVolumes), and Recycle (deprecated). Recycle must be supported by the volume plugin underlying this PersistentVolume. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#reclaiming"),
        field("storageClassName", 6, Shape::String, NonZero)
            .doc("storageClassName is the name of StorageClass to which this persistent volume belongs. Empty value means that this volume does not belong to any StorageClass."),
        field("mountOptions", 7, list(&Shape::String), NonZero)
            .doc("mountOptions is the list of mount options, e.g. [\"ro\", \"soft\"]. Not validated - mount will simply fail if one is invalid. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#mount-options"),
        field("volumeMode", 8, Shape::String, Given)
            .one_of(&[Borrowed("Block"), Borrowed("Filesystem")])
            .doc("volumeMode defines if a volume is intended to be used with a formatted filesystem or to remain in raw block state. Value of Filesystem is implied when not included in spec."),
        field("nodeAffinity", 9, object(&VOLUME_NODE_AFFINITY), Given)
            .doc("nodeAffinity defines constraints that limit what nodes this volume can be accessed from. This field influences the scheduling of pods that use this volume. This field is mutable if MutablePVNodeAffinity feature gate is enabled."),
        field("volumeAttributesClassName", 10, Shape::String, Given)
            .doc("Name of VolumeAttributesClass to which this persistent volume belongs. Empty value is not allowed. When this field is not set, it indicates that this volume does not belong to any VolumeAttributesClass. This field is mutable and can be changed by the CSI driver after a volume has been updated successfully to a new class. For an unbound PersistentVolume, the volumeAttributesClassName will be matched with unbound PersistentVolumeClaims during the binding process."),
    ];
    static NAMES: [(Text, u16); 31] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PersistentVolumeSpec",
        "PersistentVolumeSpec is the specification of a persistent volume.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PersistentVolumeStatus`.
pub static PERSISTENT_VOLUME_STATUS: Type = {
    static FIELDS: [Field; 4] = [
        field("phase", 1, Shape::String, NonZero)
            .one_of(&[Borrowed("Available"), Borrowed("Bound"), Borrowed("Failed"), Borrowed("Pending"), Borrowed("Released")])
            .doc("phase indicates if a volume is available, bound to a claim, or released by a claim. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#phase"),
        field("message", 2, Shape::String, NonZero)
            .doc("message is a human-readable message indicating details about why the volume is in this state."),
        field("reason", 3, Shape::String, NonZero)
            .doc("reason is a brief CamelCase string that describes any failure and is meant for machine parsing and tidy display in the CLI."),
        field("lastPhaseTransitionTime", 4, Shape::Time, Given)
            .doc("lastPhaseTransitionTime is the time the phase transitioned from one to another and automatically resets to current time everytime a volume phase transitions."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PersistentVolumeStatus",
        "PersistentVolumeStatus is the current status of a persistent volume.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource`.
pub static PHOTON_PERSISTENT_DISK_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("pdID", 1, Shape::String, Always).required()
            .doc("pdID is the ID that identifies Photon Controller persistent disk"),
        field("fsType", 2, Shape::String, NonZero)
            .doc("fsType is the filesystem type to mount. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource",
        "Represents a Photon Controller persistent disk resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Pod`.
pub static POD: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&POD_SPEC), Always)
            .doc("Specification of the desired behavior of the pod. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&POD_STATUS), Always)
            .doc("Most recently observed status of the pod. This data may not be up to date. Populated by the system. Read-only. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "Pod"),
    ];
    ty(
        "io.k8s.api.core.v1.Pod",
        "Pod is a collection of containers that can run on a host. This resource is created by clients and scheduled onto hosts.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodAffinity`.
pub static POD_AFFINITY: Type = {
    static FIELDS: [Field; 2] = [
        field("requiredDuringSchedulingIgnoredDuringExecution", 1, list(&Shape::Struct(TypeRef::Static(&POD_AFFINITY_TERM))), NonZero)
            .doc("If the affinity requirements specified by this field are not met at scheduling time, the pod will not be scheduled onto the node. If the affinity requirements specified by this field cease to be met at some point during pod execution (e.g. due to a pod label update), the system may or may not try to eventually evict the pod from its node. When there are multiple elements, the lists of nodes corresponding to each podAffinityTerm are intersected, i.e. all terms must be satisfied."),
        field("preferredDuringSchedulingIgnoredDuringExecution", 2, list(&Shape::Struct(TypeRef::Static(&WEIGHTED_POD_AFFINITY_TERM))), NonZero)
            .doc("The scheduler will prefer to schedule pods to nodes that satisfy the affinity expressions specified by this field, but it may choose a node that violates one or more of the expressions. The node that is most preferred is the one with the greatest sum of weights, i.e. for each node that meets all of the scheduling requirements (resource request, requiredDuringScheduling affinity expressions, etc.), compute a sum by iterating through the elements of this field and adding \"weight\" to the sum if the node has pods which matches the corresponding podAffinityTerm; the node(s) with the highest sum are the most preferred."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodAffinity",
        "Pod affinity is a group of inter pod affinity scheduling rules.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodAffinityTerm`.
pub static POD_AFFINITY_TERM: Type = {
    static FIELDS: [Field; 6] = [
        field("labelSelector", 1, object(&super::meta_v1::LABEL_SELECTOR), Given)
            .doc("A label query over a set of resources, in this case pods. If it's null, this PodAffinityTerm matches with no Pods."),
        field("namespaces", 2, list(&Shape::String), NonZero)
            .doc("namespaces specifies a static list of namespace names that the term applies to. The term is applied to the union of the namespaces listed in this field and the ones selected by namespaceSelector. null or empty namespaces list and null namespaceSelector means \"this pod's namespace\"."),
        field("topologyKey", 3, Shape::String, Always).required()
            .doc("This pod should be co-located (affinity) or not co-located (anti-affinity) with the pods matching the labelSelector in the specified namespaces, where co-located is defined as running on a node whose value of the label with key topologyKey matches that of any node on which any of the selected pods is running. Empty topologyKey is not allowed."),
        field("namespaceSelector", 4, object(&super::meta_v1::LABEL_SELECTOR), Given)
            .doc("A label query over the set of namespaces that the term applies to. The term is applied to the union of the namespaces selected by this field and the ones listed in the namespaces field. null selector and null or empty namespaces list means \"this pod's namespace\". An empty selector ({}) matches all namespaces."),
        field("matchLabelKeys", 5, list(&Shape::String), NonZero)
            .doc("MatchLabelKeys is a set of pod label keys to select which pods will be taken into consideration. The keys are used to lookup values from the incoming pod labels, those key-value labels are merged with `labelSelector` as `key in (value)` to select the group of existing pods which pods will be taken into consideration for the incoming pod's pod (anti) affinity. Keys that don't exist in the incoming pod labels will be ignored. The default value is empty. The same key is forbidden to exist in both matchLabelKeys and labelSelector. Also, matchLabelKeys cannot be set when labelSelector isn't set."),
        field("mismatchLabelKeys", 6, list(&Shape::String), NonZero)
            .doc("MismatchLabelKeys is a set of pod label keys to select which pods will be taken into consideration. The keys are used to lookup values from the incoming pod labels, those key-value labels are merged with `labelSelector` as `key notin (value)` to select the group of existing pods which pods will be taken into consideration for the incoming pod's pod (anti) affinity. Keys that don't exist in the incoming pod labels will be ignored. The default value is empty. The same key is forbidden to exist in both mismatchLabelKeys and labelSelector. Also, mismatchLabelKeys cannot be set when labelSelector isn't set."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodAffinityTerm",
        "Defines a set of pods (namely those matching the labelSelector relative to the given namespace(s)) that this pod should be co-located (affinity) or not co-located (anti-affinity) with, where co-located is defined as running on a node whose value of the label with key <topologyKey> matches that of any node on which a pod of the set of pods is running",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodAntiAffinity`.
pub static POD_ANTI_AFFINITY: Type = {
    static FIELDS: [Field; 2] = [
        field("requiredDuringSchedulingIgnoredDuringExecution", 1, list(&Shape::Struct(TypeRef::Static(&POD_AFFINITY_TERM))), NonZero)
            .doc("If the anti-affinity requirements specified by this field are not met at scheduling time, the pod will not be scheduled onto the node. If the anti-affinity requirements specified by this field cease to be met at some point during pod execution (e.g. due to a pod label update), the system may or may not try to eventually evict the pod from its node. When there are multiple elements, the lists of nodes corresponding to each podAffinityTerm are intersected, i.e. all terms must be satisfied."),
        field("preferredDuringSchedulingIgnoredDuringExecution", 2, list(&Shape::Struct(TypeRef::Static(&WEIGHTED_POD_AFFINITY_TERM))), NonZero)
            .doc("The scheduler will prefer to schedule pods to nodes that satisfy the anti-affinity expressions specified by this field, but it may choose a node that violates one or more of the expressions. The node that is most preferred is the one with the greatest sum of weights, i.e. for each node that meets all of the scheduling requirements (resource request, requiredDuringScheduling anti-affinity expressions, etc.), compute a sum by iterating through the elements of this field and subtracting \"weight\" from the sum if the node has pods which matches the corresponding podAffinityTerm; the node(s) with the highest sum are the most preferred."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodAntiAffinity",
        "Pod anti affinity is a group of inter pod anti affinity scheduling rules.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodAttachOptions`.
pub static POD_ATTACH_OPTIONS: Type = {
    static FIELDS: [Field; 7] = [
        kind(),
        api_version(),
        field("stdin", 1, Shape::Bool, NonZero)
            .doc("Stdin if true, redirects the standard input stream of the pod for this call. Defaults to false."),
        field("stdout", 2, Shape::Bool, NonZero)
            .doc("Stdout if true indicates that stdout is to be redirected for the attach call. Defaults to true."),
        field("stderr", 3, Shape::Bool, NonZero)
            .doc("Stderr if true indicates that stderr is to be redirected for the attach call. Defaults to true."),
        field("tty", 4, Shape::Bool, NonZero)
            .doc("TTY if true indicates that a tty will be allocated for the attach call. This is passed through the container runtime so the tty is allocated on the worker node by the container runtime. Defaults to false."),
        field("container", 5, Shape::String, NonZero)
            .doc("The container in which to execute the command. Defaults to only container if there is only one container in the pod."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PodAttachOptions"),
    ];
    ty(
        "io.k8s.api.core.v1.PodAttachOptions",
        "PodAttachOptions is the query options to a Pod's remote attach call. --- TODO: merge w/ PodExecOptions below for stdin, stdout, etc and also when we cut V2, we should export a \"StreamOptions\" or somesuch that contains Stdin, Stdout, Stder and TTY",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodCertificateProjection`.
pub static POD_CERTIFICATE_PROJECTION: Type = {
    static FIELDS: [Field; 7] = [
        field("signerName", 1, Shape::String, NonZero).required()
            .doc("Kubelet's generated CSRs will be addressed to this signer."),
        field("keyType", 2, Shape::String, NonZero).required()
            .doc("The type of keypair Kubelet will generate for the pod.\n\nValid values are \"RSA3072\", \"RSA4096\", \"ECDSAP256\", \"ECDSAP384\", \"ECDSAP521\", and \"ED25519\"."),
        field("maxExpirationSeconds", 3, Shape::Int32, Given)
            .doc("maxExpirationSeconds is the maximum lifetime permitted for the certificate.\n\nKubelet copies this value verbatim into the PodCertificateRequests it generates for this projection.\n\nIf omitted, kube-apiserver will set it to 86400(24 hours). kube-apiserver will reject values shorter than 3600 (1 hour).  The maximum allowable value is 7862400 (91 days).\n\nThe signer implementation is then free to issue a certificate with any lifetime *shorter* than MaxExpirationSeconds, but no shorter than 3600 seconds (1 hour).  This constraint is enforced by kube-apiserver. `kubernetes.io` signers will never issue certificates with a lifetime longer than 24 hours."),
        field("credentialBundlePath", 4, Shape::String, NonZero)
            .doc("Write the credential bundle at this path in the projected volume.\n\nThe credential bundle is a single file that contains multiple PEM blocks. The first PEM block is a PRIVATE KEY block, containing a PKCS#8 private key.\n\nThe remaining blocks are CERTIFICATE blocks, containing the issued certificate chain from the signer (leaf and any intermediates).\n\nUsing credentialBundlePath lets your Pod's application code make a single atomic read that retrieves a consistent key and certificate chain.  If you project them to separate files, your application code will need to additionally check that the leaf certificate was issued to the key."),
        field("keyPath", 5, Shape::String, NonZero)
            .doc("Write the key at this path in the projected volume.\n\nMost applications should use credentialBundlePath.  When using keyPath and certificateChainPath, your application needs to check that the key and leaf certificate are consistent, because it is possible to read the files mid-rotation."),
        field("certificateChainPath", 6, Shape::String, NonZero)
            .doc("Write the certificate chain at this path in the projected volume.\n\nMost applications should use credentialBundlePath.  When using keyPath and certificateChainPath, your application needs to check that the key and leaf certificate are consistent, because it is possible to read the files mid-rotation."),
        field("userAnnotations", 7, map(&Shape::String), NonZero)
            .doc("userAnnotations allow pod authors to pass additional information to the signer implementation.  Kubernetes does not restrict or validate this metadata in any way.\n\nThese values are copied verbatim into the `spec.unverifiedUserAnnotations` field of the PodCertificateRequest objects that Kubelet creates.\n\nEntries are subject to the same validation as object metadata annotations, with the addition that all keys must be domain-prefixed. No restrictions are placed on values, except an overall size limitation on the entire field.\n\nSigners should document the keys and values they support. Signers should deny requests that contain keys they do not recognize."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodCertificateProjection",
        "PodCertificateProjection provides a private key and X.509 certificate in the pod filesystem.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodCondition`.
pub static POD_CONDITION: Type = {
    static FIELDS: [Field; 7] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type is the type of the condition. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#pod-conditions"),
        field("observedGeneration", 7, Shape::Int64, NonZero)
            .doc("If set, this represents the .metadata.generation that the pod condition was set based upon. The PodObservedGenerationTracking feature gate must be enabled to use this field."),
        field("status", 2, Shape::String, Always).required()
            .doc("Status is the status of the condition. Can be True, False, Unknown. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#pod-conditions"),
        field("lastProbeTime", 3, Shape::Time, Always)
            .doc("Last time we probed the condition."),
        field("lastTransitionTime", 4, Shape::Time, Always)
            .doc("Last time the condition transitioned from one status to another."),
        field("reason", 5, Shape::String, NonZero)
            .doc("Unique, one-word, CamelCase reason for the condition's last transition."),
        field("message", 6, Shape::String, NonZero)
            .doc("Human-readable message indicating details about last transition."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodCondition",
        "PodCondition contains details for the current condition of this pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodDNSConfig`.
pub static POD_DNS_CONFIG: Type = {
    static FIELDS: [Field; 3] = [
        field("nameservers", 1, list(&Shape::String), NonZero)
            .doc("A list of DNS name server IP addresses. This will be appended to the base nameservers generated from DNSPolicy. Duplicated nameservers will be removed."),
        field("searches", 2, list(&Shape::String), NonZero)
            .doc("A list of DNS search domains for host-name lookup. This will be appended to the base search paths generated from DNSPolicy. Duplicated search paths will be removed."),
        field("options", 3, list(&Shape::Struct(TypeRef::Static(&POD_DNS_CONFIG_OPTION))), NonZero)
            .doc("A list of DNS resolver options. This will be merged with the base options generated from DNSPolicy. Duplicated entries will be removed. Resolution options given in Options will override those that appear in the base DNSPolicy."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodDNSConfig",
        "PodDNSConfig defines the DNS parameters of a pod in addition to those generated from DNSPolicy.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodDNSConfigOption`.
pub static POD_DNS_CONFIG_OPTION: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, NonZero)
            .doc("Name is this DNS resolver option's name. Required."),
        field("value", 2, Shape::String, Given)
            .doc("Value is this DNS resolver option's value."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodDNSConfigOption",
        "PodDNSConfigOption defines DNS resolver options of a pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodExecOptions`.
pub static POD_EXEC_OPTIONS: Type = {
    static FIELDS: [Field; 8] = [
        kind(),
        api_version(),
        field("stdin", 1, Shape::Bool, NonZero)
            .doc("Redirect the standard input stream of the pod for this call. Defaults to false."),
        field("stdout", 2, Shape::Bool, NonZero)
            .doc("Redirect the standard output stream of the pod for this call."),
        field("stderr", 3, Shape::Bool, NonZero)
            .doc("Redirect the standard error stream of the pod for this call."),
        field("tty", 4, Shape::Bool, NonZero)
            .doc("TTY if true indicates that a tty will be allocated for the exec call. Defaults to false."),
        field("container", 5, Shape::String, NonZero)
            .doc("Container in which to execute the command. Defaults to only container if there is only one container in the pod."),
        field("command", 6, list(&Shape::String), Null)
            .doc("Command is the remote command to execute. argv array. Not executed within a shell."),
    ];
    static NAMES: [(Text, u16); 8] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PodExecOptions"),
    ];
    ty(
        "io.k8s.api.core.v1.PodExecOptions",
        "PodExecOptions is the query options to a Pod's remote exec call. --- TODO: This is largely identical to PodAttachOptions above, make sure they stay in sync and see about merging and also when we cut V2, we should export a \"StreamOptions\" or somesuch that contains Stdin, Stdout, Stder and TTY",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodExtendedResourceClaimStatus`.
pub static POD_EXTENDED_RESOURCE_CLAIM_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("requestMappings", 1, list(&Shape::Struct(TypeRef::Static(&CONTAINER_EXTENDED_RESOURCE_REQUEST))), Null).required()
            .doc("RequestMappings identifies the mapping of <container, extended resource backed by DRA> to  device request in the generated ResourceClaim."),
        field("resourceClaimName", 2, Shape::String, Always).required()
            .doc("ResourceClaimName is the name of the ResourceClaim that was generated for the Pod in the namespace of the Pod."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodExtendedResourceClaimStatus",
        "PodExtendedResourceClaimStatus is stored in the PodStatus for the extended resource requests backed by DRA. It stores the generated name for the corresponding special ResourceClaim created by the scheduler.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodIP`.
pub static POD_IP: Type = {
    static FIELDS: [Field; 1] = [
        field("ip", 1, Shape::String, Always).required()
            .doc("IP is the IP address assigned to the pod"),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodIP",
        "PodIP represents a single IP address allocated to the pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodList`.
pub static POD_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&POD))), Null).required()
            .doc("List of pods. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PodList"),
    ];
    ty(
        "io.k8s.api.core.v1.PodList",
        "PodList is a list of Pods.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodLogOptions`.
pub static POD_LOG_OPTIONS: Type = {
    static FIELDS: [Field; 12] = [
        kind(),
        api_version(),
        field("container", 1, Shape::String, NonZero)
            .doc("The container for which to stream logs. Defaults to only container if there is one container in the pod."),
        field("follow", 2, Shape::Bool, NonZero)
            .doc("Follow the log stream of the pod. Defaults to false."),
        field("previous", 3, Shape::Bool, NonZero)
            .doc("Return previous terminated container logs. Defaults to false."),
        field("sinceSeconds", 4, Shape::Int64, Given)
            .doc("A relative time in seconds before the current time from which to show logs. If this value precedes the time a pod was started, only logs since the pod start will be returned. If this value is in the future, no logs will be returned. Only one of sinceSeconds or sinceTime may be specified."),
        field("sinceTime", 5, Shape::Time, Given)
            .doc("An RFC3339 timestamp from which to show logs. If this value precedes the time a pod was started, only logs since the pod start will be returned. If this value is in the future, no logs will be returned. Only one of sinceSeconds or sinceTime may be specified."),
        field("timestamps", 6, Shape::Bool, NonZero)
            .doc("If true, add an RFC3339 or RFC3339Nano timestamp at the beginning of every line of log output. Defaults to false."),
        field("tailLines", 7, Shape::Int64, Given)
            .doc("If set, the number of lines from the end of the logs to show. If not specified, logs are shown from the creation of the container or sinceSeconds or sinceTime. Note that when \"TailLines\" is specified, \"Stream\" can only be set to nil or \"All\"."),
        field("limitBytes", 8, Shape::Int64, Given)
            .doc("If set, the number of bytes to read from the server before terminating the log output. This may not display a complete final line of logging, and may return slightly more or slightly less than the specified limit."),
        field("insecureSkipTLSVerifyBackend", 9, Shape::Bool, NonZero)
            .doc("insecureSkipTLSVerifyBackend indicates that the apiserver should not confirm the validity of the serving certificate of the backend it is connecting to.  This will make the HTTPS connection between the apiserver and the backend insecure. This means the apiserver cannot verify the log data it is receiving came from the real kubelet.  If the kubelet is configured to verify the apiserver's TLS credentials, it does not mean the connection to the real kubelet is vulnerable to a man in the middle attack (e.g. an attacker could not intercept the actual log data coming from the real kubelet)."),
        field("stream", 10, Shape::String, Given)
            .doc("Specify which container log stream to return to the client. Acceptable values are \"All\", \"Stdout\" and \"Stderr\". If not specified, \"All\" is used, and both stdout and stderr are returned interleaved. Note that when \"TailLines\" is specified, \"Stream\" can only be set to nil or \"All\"."),
    ];
    static NAMES: [(Text, u16); 12] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PodLogOptions"),
    ];
    ty(
        "io.k8s.api.core.v1.PodLogOptions",
        "PodLogOptions is the query options for a Pod's logs REST call.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodOS`.
pub static POD_OS: Type = {
    static FIELDS: [Field; 1] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name is the name of the operating system. The currently supported values are linux and windows. Additional value may be defined in future and can be one of: https://github.com/opencontainers/runtime-spec/blob/master/config.md#platform-specific-configuration Clients should expect to handle additional values and treat unrecognized values in this field as os: null"),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodOS",
        "PodOS defines the OS parameters of a pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodPortForwardOptions`.
pub static POD_PORT_FORWARD_OPTIONS: Type = {
    static FIELDS: [Field; 3] = [
        kind(),
        api_version(),
        field("ports", 1, list(&Shape::Int32), NonZero)
            .doc("List of ports to forward Required when using WebSockets"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PodPortForwardOptions"),
    ];
    ty(
        "io.k8s.api.core.v1.PodPortForwardOptions",
        "PodPortForwardOptions is the query options to a Pod's port forward call when using WebSockets. The `port` query parameter must specify the port or ports (comma separated) to forward over. Port forwarding over SPDY does not use these options. It requires the port to be passed in the `port` header as part of request.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodProxyOptions`.
pub static POD_PROXY_OPTIONS: Type = {
    static FIELDS: [Field; 3] = [
        kind(),
        api_version(),
        field("path", 1, Shape::String, NonZero)
            .doc("Path is the URL path to use for the current proxy request to pod."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PodProxyOptions"),
    ];
    ty(
        "io.k8s.api.core.v1.PodProxyOptions",
        "PodProxyOptions is the query options to a Pod's proxy call.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodReadinessGate`.
pub static POD_READINESS_GATE: Type = {
    static FIELDS: [Field; 1] = [
        field("conditionType", 1, Shape::String, Always).required()
            .doc("ConditionType refers to a condition in the pod's condition list with matching type."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodReadinessGate",
        "PodReadinessGate contains the reference to a pod condition",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodResourceClaim`.
pub static POD_RESOURCE_CLAIM: Type = {
    static FIELDS: [Field; 3] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name uniquely identifies this resource claim inside the pod. This must be a DNS_LABEL."),
        field("resourceClaimName", 3, Shape::String, Given)
            .doc("ResourceClaimName is the name of a ResourceClaim object in the same namespace as this pod.\n\nExactly one of ResourceClaimName and ResourceClaimTemplateName must be set."),
        field("resourceClaimTemplateName", 4, Shape::String, Given)
            .doc("ResourceClaimTemplateName is the name of a ResourceClaimTemplate object in the same namespace as this pod.\n\nThe template will be used to create a new ResourceClaim, which will be bound to this pod. When this pod is deleted, the ResourceClaim will also be deleted. The pod name and resource name, along with a generated component, will be used to form a unique name for the ResourceClaim, which will be recorded in pod.status.resourceClaimStatuses.\n\nThis field is immutable and no changes will be made to the corresponding ResourceClaim by the control plane after creating the ResourceClaim.\n\nExactly one of ResourceClaimName and ResourceClaimTemplateName must be set."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodResourceClaim",
        "PodResourceClaim references exactly one ResourceClaim, either directly or by naming a ResourceClaimTemplate which is then turned into a ResourceClaim for the pod.\n\nIt adds a name to it that uniquely identifies the ResourceClaim inside the Pod. Containers that need access to the ResourceClaim reference it with this name.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodResourceClaimStatus`.
pub static POD_RESOURCE_CLAIM_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name uniquely identifies this resource claim inside the pod. This must match the name of an entry in pod.spec.resourceClaims, which implies that the string must be a DNS_LABEL."),
        field("resourceClaimName", 2, Shape::String, Given)
            .doc("ResourceClaimName is the name of the ResourceClaim that was generated for the Pod in the namespace of the Pod. If this is unset, then generating a ResourceClaim was not necessary. The pod.spec.resourceClaims entry can be ignored in this case."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodResourceClaimStatus",
        "PodResourceClaimStatus is stored in the PodStatus for each PodResourceClaim which references a ResourceClaimTemplate. It stores the generated name for the corresponding ResourceClaim.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodSchedulingGate`.
pub static POD_SCHEDULING_GATE: Type = {
    static FIELDS: [Field; 1] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name of the scheduling gate. Each scheduling gate must have a unique name field."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodSchedulingGate",
        "PodSchedulingGate is associated to a Pod to guard its scheduling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodSecurityContext`.
pub static POD_SECURITY_CONTEXT: Type = {
    static FIELDS: [Field; 13] = [
        field("seLinuxOptions", 1, object(&SE_LINUX_OPTIONS), Given)
            .doc("The SELinux context to be applied to all containers. If unspecified, the container runtime will allocate a random SELinux context for each container.  May also be set in SecurityContext.  If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence for that container. Note that this field cannot be set when spec.os.name is windows."),
        field("windowsOptions", 8, object(&WINDOWS_SECURITY_CONTEXT_OPTIONS), Given)
            .doc("The Windows specific settings applied to all containers. If unspecified, the options within a container's SecurityContext will be used. If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence. Note that this field cannot be set when spec.os.name is linux."),
        field("runAsUser", 2, Shape::Int64, Given)
            .doc("The UID to run the entrypoint of the container process. Defaults to user specified in image metadata if unspecified. May also be set in SecurityContext.  If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence for that container. Note that this field cannot be set when spec.os.name is windows."),
        field("runAsGroup", 6, Shape::Int64, Given)
            .doc("The GID to run the entrypoint of the container process. Uses runtime default if unset. May also be set in SecurityContext.  If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence for that container. Note that this field cannot be set when spec.os.name is windows."),
        field("runAsNonRoot", 3, Shape::Bool, Given)
            .doc("Indicates that the container must run as a non-root user. If true, the Kubelet will validate the image at runtime to ensure that it does not run as UID 0 (root) and fail to start the container if it does. If unset or false, no such validation will be performed. May also be set in SecurityContext.  If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence."),
        field("supplementalGroups", 4, list(&Shape::Int64), NonZero)
            .doc("A list of groups applied to the first process run in each container, in addition to the container's primary GID and fsGroup (if specified).  If the SupplementalGroupsPolicy feature is enabled, the supplementalGroupsPolicy field determines whether these are in addition to or instead of any group memberships defined in the container image. If unspecified, no additional groups are added, though group memberships defined in the container image may still be used, depending on the supplementalGroupsPolicy field. Note that this field cannot be set when spec.os.name is windows."),
        field("supplementalGroupsPolicy", 12, Shape::String, Given)
            .one_of(&[Borrowed("Merge"), Borrowed("Strict")])
            .doc("Defines how supplemental groups of the first container processes are calculated. Valid values are \"Merge\" and \"Strict\". If not specified, \"Merge\" is used. (Alpha) Using the field requires the SupplementalGroupsPolicy feature gate to be enabled and the container runtime must implement support for this feature. Note that this field cannot be set when spec.os.name is windows."),
        field("fsGroup", 5, Shape::Int64, Given)
            .doc("A special supplemental group that applies to all containers in a pod. Some volume types allow the Kubelet to change the ownership of that volume to be owned by the pod:\n\n1. The owning GID will be the FSGroup 2. The setgid bit is set (new files created in the volume will be owned by FSGroup) 3. The permission bits are OR'd with rw-rw----\n\nIf unset, the Kubelet will not modify the ownership and permissions of any volume. Note that this field cannot be set when spec.os.name is windows."),
        field("sysctls", 7, list(&Shape::Struct(TypeRef::Static(&SYSCTL))), NonZero)
            .doc("Sysctls hold a list of namespaced sysctls used for the pod. Pods with unsupported sysctls (by the container runtime) might fail to launch. Note that this field cannot be set when spec.os.name is windows."),
        field("fsGroupChangePolicy", 9, Shape::String, Given)
            .one_of(&[Borrowed("Always"), Borrowed("OnRootMismatch")])
            .doc("fsGroupChangePolicy defines behavior of changing ownership and permission of the volume before being exposed inside Pod. This field will only apply to volume types which support fsGroup based ownership(and permissions). It will have no effect on ephemeral volume types such as: secret, configmaps and emptydir. Valid values are \"OnRootMismatch\" and \"Always\". If not specified, \"Always\" is used. Note that this field cannot be set when spec.os.name is windows."),
        field("seccompProfile", 10, object(&SECCOMP_PROFILE), Given)
            .doc("The seccomp options to use by the containers in this pod. Note that this field cannot be set when spec.os.name is windows."),
        field("appArmorProfile", 11, object(&APP_ARMOR_PROFILE), Given)
            .doc("appArmorProfile is the AppArmor options to use by the containers in this pod. Note that this field cannot be set when spec.os.name is windows."),
        field("seLinuxChangePolicy", 13, Shape::String, Given)
            .doc("seLinuxChangePolicy defines how the container's SELinux label is applied to all volumes used by the Pod. It has no effect on nodes that do not support SELinux or to volumes does not support SELinux. Valid values are \"MountOption\" and \"Recursive\".\n\n\"Recursive\" means relabeling of all files on all Pod volumes by the container runtime. This may be slow for large volumes, but allows mixing privileged and unprivileged Pods sharing the same volume on the same node.\n\n\"MountOption\" mounts all eligible Pod volumes with `-o context` mount option. This requires all Pods that share the same volume to use the same SELinux label. It is not possible to share the same volume among privileged and unprivileged Pods. Eligible volumes are in-tree FibreChannel and iSCSI volumes, and all CSI volumes whose CSI driver announces SELinux support by setting spec.seLinuxMount: true in their CSIDriver instance. Other volumes are always re-labelled recursively. \"MountOption\" value is allowed only when SELinuxMount feature gate is enabled.\n\nIf not specified and SELinuxMount feature gate is enabled, \"MountOption\" is used. If not specified and SELinuxMount feature gate is disabled, \"MountOption\" is used for ReadWriteOncePod volumes and \"Recursive\" for all other volumes.\n\nThis field affects only Pods that have SELinux label set, either in PodSecurityContext or in SecurityContext of all containers.\n\nAll Pods that use the same volume should use the same seLinuxChangePolicy, otherwise some pods can get stuck in ContainerCreating state. Note that this field cannot be set when spec.os.name is windows."),
    ];
    static NAMES: [(Text, u16); 13] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodSecurityContext",
        "PodSecurityContext holds pod-level security attributes and common container settings. Some fields are also present in container.securityContext.  Field values of container.securityContext take precedence over field values of PodSecurityContext.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodSpec`.
pub static POD_SPEC: Type = {
    static FIELDS: [Field; 42] = [
        field("volumes", 1, list(&Shape::Struct(TypeRef::Static(&VOLUME))), NonZero).keyed(&[Borrowed("name")]).merge("name").retain_keys()
            .doc("List of volumes that can be mounted by containers belonging to the pod. More info: https://kubernetes.io/docs/concepts/storage/volumes"),
        field("initContainers", 20, list(&Shape::Struct(TypeRef::Static(&CONTAINER))), NonZero).keyed(&[Borrowed("name")]).merge("name")
            .doc("List of initialization containers belonging to the pod. Init containers are executed in order prior to containers being started. If any init container fails, the pod is considered to have failed and is handled according to its restartPolicy. The name for an init container or normal container must be unique among all containers. Init containers may not have Lifecycle actions, Readiness probes, Liveness probes, or Startup probes. The resourceRequirements of an init container are taken into account during scheduling by finding the highest request/limit for each resource type, and then using the max of that value or the sum of the normal containers. Limits are applied to init containers in a similar fashion. Init containers cannot currently be added or removed. Cannot be updated. More info: https://kubernetes.io/docs/concepts/workloads/pods/init-containers/"),
        field("containers", 2, list(&Shape::Struct(TypeRef::Static(&CONTAINER))), Null).required().keyed(&[Borrowed("name")]).merge("name")
            .doc("List of containers belonging to the pod. Containers cannot currently be added or removed. There must be at least one container in a Pod. Cannot be updated."),
        field("ephemeralContainers", 34, list(&Shape::Struct(TypeRef::Static(&EPHEMERAL_CONTAINER))), NonZero).keyed(&[Borrowed("name")]).merge("name")
            .doc("List of ephemeral containers run in this pod. Ephemeral containers may be run in an existing pod to perform user-initiated actions such as debugging. This list cannot be specified when creating a pod, and it cannot be modified by updating the pod spec. In order to add an ephemeral container to an existing pod, use the pod's ephemeralcontainers subresource."),
        field("restartPolicy", 3, Shape::String, NonZero)
            .one_of(&[Borrowed("Always"), Borrowed("Never"), Borrowed("OnFailure")])
            .doc("Restart policy for all containers within the pod. One of Always, OnFailure, Never. In some contexts, only a subset of those values may be permitted. Default to Always. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy"),
        field("terminationGracePeriodSeconds", 4, Shape::Int64, Given)
            .doc("Optional duration in seconds the pod needs to terminate gracefully. May be decreased in delete request. Value must be non-negative integer. The value zero indicates stop immediately via the kill signal (no opportunity to shut down). If this value is nil, the default grace period will be used instead. The grace period is the duration in seconds after the processes running in the pod are sent a termination signal and the time when the processes are forcibly halted with a kill signal. Set this value longer than the expected cleanup time for your process. Defaults to 30 seconds."),
        field("activeDeadlineSeconds", 5, Shape::Int64, Given)
            .doc("Optional duration in seconds the pod may be active on the node relative to StartTime before the system will actively try to mark it failed and kill associated containers. Value must be a positive integer."),
        field("dnsPolicy", 6, Shape::String, NonZero)
            .one_of(&[Borrowed("ClusterFirst"), Borrowed("ClusterFirstWithHostNet"), Borrowed("Default"), Borrowed("None")])
            .doc("Set DNS policy for the pod. Defaults to \"ClusterFirst\". Valid values are 'ClusterFirstWithHostNet', 'ClusterFirst', 'Default' or 'None'. DNS parameters given in DNSConfig will be merged with the policy selected with DNSPolicy. To have DNS options set along with hostNetwork, you have to specify DNS policy explicitly to 'ClusterFirstWithHostNet'."),
        field("nodeSelector", 7, map(&Shape::String), NonZero).whole()
            .doc("NodeSelector is a selector which must be true for the pod to fit on a node. Selector which must match a node's labels for the pod to be scheduled on that node. More info: https://kubernetes.io/docs/concepts/configuration/assign-pod-node/"),
        field("serviceAccountName", 8, Shape::String, NonZero)
            .doc("ServiceAccountName is the name of the ServiceAccount to use to run this pod. More info: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/"),
        field("serviceAccount", 9, Shape::String, NonZero)
            .doc("DeprecatedServiceAccount is a deprecated alias for ServiceAccountName. Deprecated: Use serviceAccountName instead."),
        field("automountServiceAccountToken", 21, Shape::Bool, Given)
            .doc("AutomountServiceAccountToken indicates whether a service account token should be automatically mounted."),
        field("nodeName", 10, Shape::String, NonZero)
            .doc("NodeName indicates in which node this pod is scheduled. If empty, this pod is a candidate for scheduling by the scheduler defined in schedulerName. Once this field is set, the kubelet for this node becomes responsible for the lifecycle of this pod. This field should not be used to express a desire for the pod to be scheduled on a specific node. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename"),
        field("hostNetwork", 11, Shape::Bool, NonZero)
            .doc("Host networking requested for this pod. Use the host's network namespace. When using HostNetwork you should specify ports so the scheduler is aware. When `hostNetwork` is true, specified `hostPort` fields in port definitions must match `containerPort`, and unspecified `hostPort` fields in port definitions are defaulted to match `containerPort`. Default to false."),
        field("hostPID", 12, Shape::Bool, NonZero)
            .doc("Use the host's pid namespace. Optional: Default to false."),
        field("hostIPC", 13, Shape::Bool, NonZero)
            .doc("Use the host's ipc namespace. Optional: Default to false."),
        field("shareProcessNamespace", 27, Shape::Bool, Given)
            .doc("Share a single process namespace between all of the containers in a pod. When this is set containers will be able to view and signal processes from other containers in the same pod, and the first process in each container will not be assigned PID 1. HostPID and ShareProcessNamespace cannot both be set. Optional: Default to false."),
        field("securityContext", 14, object(&POD_SECURITY_CONTEXT), Given)
            .doc("SecurityContext holds pod-level security attributes and common container settings. Optional: Defaults to empty.  See type description for default values of each field."),
        field("imagePullSecrets", 15, list(&Shape::Struct(TypeRef::Static(&LOCAL_OBJECT_REFERENCE))), NonZero).keyed(&[Borrowed("name")]).merge("name")
            .doc("ImagePullSecrets is an optional list of references to secrets in the same namespace to use for pulling any of the images used by this PodSpec. If specified, these secrets will be passed to individual puller implementations for them to use. More info: https://kubernetes.io/docs/concepts/containers/images#specifying-imagepullsecrets-on-a-pod"),
        field("hostname", 16, Shape::String, NonZero)
            .doc("Specifies the hostname of the Pod If not specified, the pod's hostname will be set to a system-defined value."),
        field("subdomain", 17, Shape::String, NonZero)
            .doc("If specified, the fully qualified Pod hostname will be \"<hostname>.<subdomain>.<pod namespace>.svc.<cluster domain>\". If not specified, the pod will not have a domainname at all."),
        field("affinity", 18, object(&AFFINITY), Given)
            .doc("If specified, the pod's scheduling constraints"),
        field("schedulerName", 19, Shape::String, NonZero)
            .doc("If specified, the pod will be dispatched by specified scheduler. If not specified, the pod will be dispatched by default scheduler."),
        field("tolerations", 22, list(&Shape::Struct(TypeRef::Static(&TOLERATION))), NonZero)
            .doc("If specified, the pod's tolerations."),
        field("hostAliases", 23, list(&Shape::Struct(TypeRef::Static(&HOST_ALIAS))), NonZero).keyed(&[Borrowed("ip")]).merge("ip")
            .doc("HostAliases is an optional list of hosts and IPs that will be injected into the pod's hosts file if specified."),
        field("priorityClassName", 24, Shape::String, NonZero)
            .doc("If specified, indicates the pod's priority. \"system-node-critical\" and \"system-cluster-critical\" are two special keywords which indicate the highest priorities with the former being the highest priority. Any other name must be defined by creating a PriorityClass object with that name. If not specified, the pod priority will be default or zero if there is no default."),
        field("priority", 25, Shape::Int32, Given)
            .doc("The priority value. Various system components use this field to find the priority of the pod. When Priority Admission Controller is enabled, it prevents users from setting this field. The admission controller populates this field from PriorityClassName. The higher the value, the higher the priority."),
        field("dnsConfig", 26, object(&POD_DNS_CONFIG), Given)
            .doc("Specifies the DNS parameters of a pod. Parameters specified here will be merged to the generated DNS configuration based on DNSPolicy."),
        field("readinessGates", 28, list(&Shape::Struct(TypeRef::Static(&POD_READINESS_GATE))), NonZero)
            .doc("If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are ready AND all conditions specified in the readiness gates have status equal to \"True\" More info: https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates"),
        field("runtimeClassName", 29, Shape::String, Given)
            .doc("RuntimeClassName refers to a RuntimeClass object in the node.k8s.io group, which should be used to run this pod.  If no RuntimeClass resource matches the named class, the pod will not be run. If unset or empty, the \"legacy\" RuntimeClass will be used, which is an implicit class with an empty definition that uses the default runtime handler. More info: https://git.k8s.io/enhancements/keps/sig-node/585-runtime-class"),
        field("enableServiceLinks", 30, Shape::Bool, Given)
            .doc("EnableServiceLinks indicates whether information about services should be injected into pod's environment variables, matching the syntax of Docker links. Optional: Defaults to true."),
        field("preemptionPolicy", 31, Shape::String, Given)
            .one_of(&[Borrowed("Never"), Borrowed("PreemptLowerPriority")])
            .doc("PreemptionPolicy is the Policy for preempting pods with lower priority. One of Never, PreemptLowerPriority. Defaults to PreemptLowerPriority if unset."),
        field("overhead", 32, map(&Shape::Quantity), NonZero)
            .doc("Overhead represents the resource overhead associated with running a pod for a given RuntimeClass. This field will be autopopulated at admission time by the RuntimeClass admission controller. If the RuntimeClass admission controller is enabled, overhead must not be set in Pod create requests. The RuntimeClass admission controller will reject Pod create requests which have the overhead already set. If RuntimeClass is configured and selected in the PodSpec, Overhead will be set to the value defined in the corresponding RuntimeClass, otherwise it will remain unset and treated as zero. More info: https://git.k8s.io/enhancements/keps/sig-node/688-pod-overhead/README.md"),
        field("topologySpreadConstraints", 33, list(&Shape::Struct(TypeRef::Static(&TOPOLOGY_SPREAD_CONSTRAINT))), NonZero).keyed(&[Borrowed("topologyKey"), Borrowed("whenUnsatisfiable")]).merge("topologyKey")
            .doc("TopologySpreadConstraints describes how a group of pods ought to spread across topology domains. Scheduler will schedule pods in a way which abides by the constraints. All topologySpreadConstraints are ANDed."),
        field("setHostnameAsFQDN", 35, Shape::Bool, Given)
            .doc("If true the pod's hostname will be configured as the pod's FQDN, rather than the leaf name (the default). In Linux containers, this means setting the FQDN in the hostname field of the kernel (the nodename field of struct utsname). In Windows containers, this means setting the registry value of hostname for the registry key HKEY_LOCAL_MACHINE\\\\SYSTEM\\\\CurrentControlSet\\\\Services\\\\Tcpip\\\\Parameters to FQDN. If a pod does not have FQDN, this has no effect. Default to false."),
        field("os", 36, object(&POD_OS), Given)
            .doc("Specifies the OS of the containers in the pod. Some pod and container fields are restricted if this is set.\n\nIf the OS field is set to linux, the following fields must be unset: -securityContext.windowsOptions\n\nIf the OS field is set to windows, following fields must be unset: - spec.hostPID - spec.hostIPC - spec.hostUsers - spec.resources - spec.securityContext.appArmorProfile - spec.securityContext.seLinuxOptions - spec.securityContext.seccompProfile - spec.securityContext.fsGroup - spec.securityContext.fsGroupChangePolicy - spec.securityContext.sysctls - spec.shareProcessNamespace - spec.securityContext.runAsUser - spec.securityContext.runAsGroup - spec.securityContext.supplementalGroups - spec.securityContext.supplementalGroupsPolicy - spec.containers[*].securityContext.appArmorProfile - spec.containers[*].securityContext.seLinuxOptions - spec.containers[*].securityContext.seccompProfile - spec.containers[*].securityContext.capabilities - spec.containers[*].securityContext.readOnlyRootFilesystem - spec.containers[*].securityContext.privileged - spec.containers[*].securityContext.allowPrivilegeEscalation - spec.containers[*].securityContext.procMount - spec.containers[*].securityContext.runAsUser - spec.containers[*].securityContext.runAsGroup"),
        field("hostUsers", 37, Shape::Bool, Given)
            .doc("Use the host's user namespace. Optional: Default to true. If set to true or not present, the pod will be run in the host user namespace, useful for when the pod needs a feature only available to the host user namespace, such as loading a kernel module with CAP_SYS_MODULE. When set to false, a new userns is created for the pod. Setting false is useful for mitigating container breakout vulnerabilities even allowing users to run their containers as root without actually having root privileges on the host. This field is alpha-level and is only honored by servers that enable the UserNamespacesSupport feature."),
        field("schedulingGates", 38, list(&Shape::Struct(TypeRef::Static(&POD_SCHEDULING_GATE))), NonZero).keyed(&[Borrowed("name")]).merge("name")
            .doc("SchedulingGates is an opaque list of values that if specified will block scheduling the pod. If schedulingGates is not empty, the pod will stay in the SchedulingGated state and the scheduler will not attempt to schedule the pod.\n\nSchedulingGates can only be set at pod creation time, and be removed only afterwards."),
        field("resourceClaims", 39, list(&Shape::Struct(TypeRef::Static(&POD_RESOURCE_CLAIM))), NonZero).keyed(&[Borrowed("name")]).merge("name").retain_keys()
            .doc("ResourceClaims defines which ResourceClaims must be allocated and reserved before the Pod is allowed to start. The resources will be made available to those containers which consume them by name.\n\nThis is a stable field but requires that the DynamicResourceAllocation feature gate is enabled.\n\nThis field is immutable."),
        field("resources", 40, object(&RESOURCE_REQUIREMENTS), Given)
            .doc("Resources is the total amount of CPU and Memory resources required by all containers in the pod. It supports specifying Requests and Limits for \"cpu\", \"memory\" and \"hugepages-\" resource names only. ResourceClaims are not supported.\n\nThis field enables fine-grained control over resource allocation for the entire pod, allowing resource sharing among containers in a pod.\n\nThis is an alpha field and requires enabling the PodLevelResources feature gate."),
        field("hostnameOverride", 41, Shape::String, Given)
            .doc("HostnameOverride specifies an explicit override for the pod's hostname as perceived by the pod. This field only specifies the pod's hostname and does not affect its DNS records. When this field is set to a non-empty string: - It takes precedence over the values set in `hostname` and `subdomain`. - The Pod's hostname will be set to this value. - `setHostnameAsFQDN` must be nil or set to false. - `hostNetwork` must be set to false.\n\nThis field must be a valid DNS subdomain as defined in RFC 1123 and contain at most 64 characters. Requires the HostnameOverride feature gate to be enabled."),
        field("workloadRef", 42, object(&WORKLOAD_REFERENCE), Given)
            .doc("WorkloadRef provides a reference to the Workload object that this Pod belongs to. This field is used by the scheduler to identify the PodGroup and apply the correct group scheduling policies. The Workload object referenced by this field may not exist at the time the Pod is created. This field is immutable, but a Workload object with the same name may be recreated with different policies. Doing this during pod scheduling may result in the placement not conforming to the expected policies."),
    ];
    static NAMES: [(Text, u16); 42] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodSpec",
        "PodSpec is a description of a pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodStatus`.
pub static POD_STATUS: Type = {
    static FIELDS: [Field; 20] = [
        field("observedGeneration", 17, Shape::Int64, NonZero)
            .doc("If set, this represents the .metadata.generation that the pod status was set based upon. The PodObservedGenerationTracking feature gate must be enabled to use this field."),
        field("phase", 1, Shape::String, NonZero)
            .one_of(&[Borrowed("Failed"), Borrowed("Pending"), Borrowed("Running"), Borrowed("Succeeded"), Borrowed("Unknown")])
            .doc("The phase of a Pod is a simple, high-level summary of where the Pod is in its lifecycle. The conditions array, the reason and message fields, and the individual container status arrays contain more detail about the pod's status. There are five possible phase values:\n\nPending: The pod has been accepted by the Kubernetes system, but one or more of the container images has not been created. This includes time before being scheduled as well as time spent downloading images over the network, which could take a while. Running: The pod has been bound to a node, and all of the containers have been created. At least one container is still running, or is in the process of starting or restarting. Succeeded: All containers in the pod have terminated in success, and will not be restarted. Failed: All containers in the pod have terminated, and at least one container has terminated in failure. The container either exited with non-zero status or was terminated by the system. Unknown: For some reason the state of the pod could not be obtained, typically due to an error in communicating with the host of the pod.\n\nMore info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#pod-phase"),
        field("conditions", 2, list(&Shape::Struct(TypeRef::Static(&POD_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Current service state of pod. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#pod-conditions"),
        field("message", 3, Shape::String, NonZero)
            .doc("A human readable message indicating details about why the pod is in this condition."),
        field("reason", 4, Shape::String, NonZero)
            .doc("A brief CamelCase message indicating details about why the pod is in this state. e.g. 'Evicted'"),
        field("nominatedNodeName", 11, Shape::String, NonZero)
            .doc("nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as preemption victims receive their graceful termination periods. This field does not guarantee that the pod will be scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become available sooner. Scheduler may also decide to give the resources on this node to a higher priority pod that is created after preemption. As a result, this field may be different than PodSpec.nodeName when the pod is scheduled."),
        field("hostIP", 5, Shape::String, NonZero)
            .doc("hostIP holds the IP address of the host to which the pod is assigned. Empty if the pod has not started yet. A pod can be assigned to a node that has a problem in kubelet which in turns mean that HostIP will not be updated even if there is a node is assigned to pod"),
        field("hostIPs", 16, list(&Shape::Struct(TypeRef::Static(&HOST_IP))), NonZero).merge("ip")
            .doc("hostIPs holds the IP addresses allocated to the host. If this field is specified, the first entry must match the hostIP field. This list is empty if the pod has not started yet. A pod can be assigned to a node that has a problem in kubelet which in turns means that HostIPs will not be updated even if there is a node is assigned to this pod."),
        field("podIP", 6, Shape::String, NonZero)
            .doc("podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated."),
        field("podIPs", 12, list(&Shape::Struct(TypeRef::Static(&POD_IP))), NonZero).keyed(&[Borrowed("ip")]).merge("ip")
            .doc("podIPs holds the IP addresses allocated to the pod. If this field is specified, the 0th entry must match the podIP field. Pods may be allocated at most 1 value for each of IPv4 and IPv6. This list is empty if no IPs have been allocated yet."),
        field("startTime", 7, Shape::Time, Given)
            .doc("RFC 3339 date and time at which the object was acknowledged by the Kubelet. This is before the Kubelet pulled the container image(s) for the pod."),
        field("initContainerStatuses", 10, list(&Shape::Struct(TypeRef::Static(&CONTAINER_STATUS))), NonZero)
            .doc("Statuses of init containers in this pod. The most recent successful non-restartable init container will have ready = true, the most recently started container will have startTime set. Each init container in the pod should have at most one status in this list, and all statuses should be for containers in the pod. However this is not enforced. If a status for a non-existent container is present in the list, or the list has duplicate names, the behavior of various Kubernetes components is not defined and those statuses might be ignored. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-and-container-status"),
        field("containerStatuses", 8, list(&Shape::Struct(TypeRef::Static(&CONTAINER_STATUS))), NonZero)
            .doc("Statuses of containers in this pod. Each container in the pod should have at most one status in this list, and all statuses should be for containers in the pod. However this is not enforced. If a status for a non-existent container is present in the list, or the list has duplicate names, the behavior of various Kubernetes components is not defined and those statuses might be ignored. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#pod-and-container-status"),
        field("qosClass", 9, Shape::String, NonZero)
            .one_of(&[Borrowed("BestEffort"), Borrowed("Burstable"), Borrowed("Guaranteed")])
            .doc("The Quality of Service (QOS) classification assigned to the pod based on resource requirements See PodQOSClass type for available QOS classes More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/#quality-of-service-classes"),
        field("ephemeralContainerStatuses", 13, list(&Shape::Struct(TypeRef::Static(&CONTAINER_STATUS))), NonZero)
            .doc("Statuses for any ephemeral containers that have run in this pod. Each ephemeral container in the pod should have at most one status in this list, and all statuses should be for containers in the pod. However this is not enforced. If a status for a non-existent container is present in the list, or the list has duplicate names, the behavior of various Kubernetes components is not defined and those statuses might be ignored. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#pod-and-container-status"),
        field("resize", 14, Shape::String, NonZero)
            .doc("Status of resources resize desired for pod's containers. It is empty if no resources resize is pending. Any changes to container resources will automatically set this to \"Proposed\" Deprecated: Resize status is moved to two pod conditions PodResizePending and PodResizeInProgress. PodResizePending will track states where the spec has been resized, but the Kubelet has not yet allocated the resources. PodResizeInProgress will track in-progress resizes, and should be present whenever allocated resources != acknowledged resources."),
        field("resourceClaimStatuses", 15, list(&Shape::Struct(TypeRef::Static(&POD_RESOURCE_CLAIM_STATUS))), NonZero).keyed(&[Borrowed("name")]).merge("name").retain_keys()
            .doc("Status of resource claims."),
        field("extendedResourceClaimStatus", 18, object(&POD_EXTENDED_RESOURCE_CLAIM_STATUS), Given)
            .doc("Status of extended resource claim backed by DRA."),
        field("allocatedResources", 19, map(&Shape::Quantity), NonZero)
            .doc("AllocatedResources is the total requests allocated for this pod by the node. If pod-level requests are not set, this will be the total requests aggregated across containers in the pod."),
        field("resources", 20, object(&RESOURCE_REQUIREMENTS), Given)
            .doc("Resources represents the compute resource requests and limits that have been applied at the pod level if pod-level requests or limits are set in PodSpec.Resources"),
    ];
    static NAMES: [(Text, u16); 20] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodStatus",
        "PodStatus represents information about the status of a pod. Status may trail the actual state of a system, especially if the node that hosts the pod cannot contact the control plane.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodStatusResult`.
pub static POD_STATUS_RESULT: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("status", 2, object(&POD_STATUS), Always)
            .doc("Most recently observed status of the pod. This data may not be up to date. Populated by the system. Read-only. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PodStatusResult"),
    ];
    ty(
        "io.k8s.api.core.v1.PodStatusResult",
        "PodStatusResult is a wrapper for PodStatus returned by kubelet that can be encode/decoded",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodTemplate`.
pub static POD_TEMPLATE: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("template", 2, object(&POD_TEMPLATE_SPEC), Always)
            .doc("Template defines the pods that will be created from this pod template. https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PodTemplate"),
    ];
    ty(
        "io.k8s.api.core.v1.PodTemplate",
        "PodTemplate describes a template for creating copies of a predefined pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodTemplateList`.
pub static POD_TEMPLATE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&POD_TEMPLATE))), Null).required()
            .doc("List of pod templates"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "PodTemplateList"),
    ];
    ty(
        "io.k8s.api.core.v1.PodTemplateList",
        "PodTemplateList is a list of PodTemplates.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PodTemplateSpec`.
pub static POD_TEMPLATE_SPEC: Type = {
    static FIELDS: [Field; 2] = [
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&POD_SPEC), Always)
            .doc("Specification of the desired behavior of the pod. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PodTemplateSpec",
        "PodTemplateSpec describes the data a pod should have when created from a template",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PortStatus`.
pub static PORT_STATUS: Type = {
    static FIELDS: [Field; 3] = [
        field("port", 1, Shape::Int32, Always).required()
            .doc("Port is the port number of the service port of which status is recorded here"),
        field("protocol", 2, Shape::String, Always).required()
            .one_of(&[Borrowed("SCTP"), Borrowed("TCP"), Borrowed("UDP")])
            .doc("Protocol is the protocol of the service port of which status is recorded here The supported values are: \"TCP\", \"UDP\", \"SCTP\""),
        field("error", 3, Shape::String, Given)
            .doc("Error is to record the problem with the service port The format of the error shall comply with the following rules: - built-in error values shall be specified in this file and those shall use\n  CamelCase names\n- cloud provider specific error values must have names that comply with the\n  format foo.example.com/CamelCase."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PortStatus",
        "PortStatus represents the error condition of a service port",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PortworxVolumeSource`.
pub static PORTWORX_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 3] = [
        field("volumeID", 1, Shape::String, Always).required()
            .doc("volumeID uniquely identifies a Portworx volume"),
        field("fsType", 2, Shape::String, NonZero)
            .doc("fSType represents the filesystem type to mount Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\". Implicitly inferred to be \"ext4\" if unspecified."),
        field("readOnly", 3, Shape::Bool, NonZero)
            .doc("readOnly defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PortworxVolumeSource",
        "PortworxVolumeSource represents a Portworx volume resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.PreferredSchedulingTerm`.
pub static PREFERRED_SCHEDULING_TERM: Type = {
    static FIELDS: [Field; 2] = [
        field("weight", 1, Shape::Int32, Always).required()
            .doc("Weight associated with matching the corresponding nodeSelectorTerm, in the range 1-100."),
        field("preference", 2, object(&NODE_SELECTOR_TERM), Always).required()
            .doc("A node selector term, associated with the corresponding weight."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.PreferredSchedulingTerm",
        "An empty preferred scheduling term matches all objects with implicit weight 0 (i.e. it's a no-op). A null preferred scheduling term matches no objects (i.e. is also a no-op).",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Probe`.
pub static PROBE: Type = {
    static FIELDS: [Field; 10] = [
        field("exec", 1, object(&EXEC_ACTION), Given).within(&[1])
            .doc("Exec specifies a command to execute in the container."),
        field("httpGet", 2, object(&HTTP_GET_ACTION), Given).within(&[1])
            .doc("HTTPGet specifies an HTTP GET request to perform."),
        field("tcpSocket", 3, object(&TCP_SOCKET_ACTION), Given).within(&[1])
            .doc("TCPSocket specifies a connection to a TCP port."),
        field("grpc", 4, object(&GRPC_ACTION), Given).within(&[1])
            .doc("GRPC specifies a GRPC HealthCheckRequest."),
        field("initialDelaySeconds", 2, Shape::Int32, NonZero)
            .doc("Number of seconds after the container has started before liveness probes are initiated. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#container-probes"),
        field("timeoutSeconds", 3, Shape::Int32, NonZero)
            .doc("Number of seconds after which the probe times out. Defaults to 1 second. Minimum value is 1. More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#container-probes"),
        field("periodSeconds", 4, Shape::Int32, NonZero)
            .doc("How often (in seconds) to perform the probe. Default to 10 seconds. Minimum value is 1."),
        field("successThreshold", 5, Shape::Int32, NonZero)
            .doc("Minimum consecutive successes for the probe to be considered successful after having failed. Defaults to 1. Must be 1 for liveness and startup. Minimum value is 1."),
        field("failureThreshold", 6, Shape::Int32, NonZero)
            .doc("Minimum consecutive failures for the probe to be considered failed after having succeeded. Defaults to 3. Minimum value is 1."),
        field("terminationGracePeriodSeconds", 7, Shape::Int64, Given)
            .doc("Optional duration in seconds the pod needs to terminate gracefully upon probe failure. The grace period is the duration in seconds after the processes running in the pod are sent a termination signal and the time when the processes are forcibly halted with a kill signal. Set this value longer than the expected cleanup time for your process. If this value is nil, the pod's terminationGracePeriodSeconds will be used. Otherwise, this value overrides the value provided by the pod spec. Value must be non-negative integer. The value zero indicates stop immediately via the kill signal (no opportunity to shut down). This is a beta field and requires enabling ProbeTerminationGracePeriod feature gate. Minimum value is 1. spec.terminationGracePeriodSeconds is used if unset."),
    ];
    static NAMES: [(Text, u16); 10] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.Probe",
        "Probe describes a health check to be performed against a container to determine whether it is alive or ready to receive traffic.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ProjectedVolumeSource`.
pub static PROJECTED_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("sources", 1, list(&Shape::Struct(TypeRef::Static(&VOLUME_PROJECTION))), Null)
            .doc("sources is the list of volume projections. Each entry in this list handles one source."),
        field("defaultMode", 2, Shape::Int32, Given)
            .doc("defaultMode are the mode bits used to set permissions on created files by default. Must be an octal value between 0000 and 0777 or a decimal value between 0 and 511. YAML accepts both octal and decimal values, JSON requires decimal values for mode bits. Directories within the path are not affected by this setting. This might be in conflict with other options that affect the file mode, like fsGroup, and the result can be other mode bits set."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ProjectedVolumeSource",
        "Represents a projected volume source",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.QuobyteVolumeSource`.
pub static QUOBYTE_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 6] = [
        field("registry", 1, Shape::String, Always).required()
            .doc("registry represents a single or multiple Quobyte Registry services specified as a string as host:port pair (multiple entries are separated with commas) which acts as the central registry for volumes"),
        field("volume", 2, Shape::String, Always).required()
            .doc("volume is a string that references an already created Quobyte volume by name."),
        field("readOnly", 3, Shape::Bool, NonZero)
            .doc("readOnly here will force the Quobyte volume to be mounted with read-only permissions. Defaults to false."),
        field("user", 4, Shape::String, NonZero)
            .doc("user to map volume access to Defaults to serivceaccount user"),
        field("group", 5, Shape::String, NonZero)
            .doc("group to map volume access to Default is no group"),
        field("tenant", 6, Shape::String, NonZero)
            .doc("tenant owning the given Quobyte volume in the Backend Used with dynamically provisioned Quobyte volumes, value is set by the plugin"),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.QuobyteVolumeSource",
        "Represents a Quobyte mount that lasts the lifetime of a pod. Quobyte volumes do not support ownership management or SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.RBDPersistentVolumeSource`.
pub static RBD_PERSISTENT_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 8] = [
        field("monitors", 1, list(&Shape::String), Null).required()
            .doc("monitors is a collection of Ceph monitors. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("image", 2, Shape::String, Always).required()
            .doc("image is the rados image name. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("fsType", 3, Shape::String, NonZero)
            .doc("fsType is the filesystem type of the volume that you want to mount. Tip: Ensure that the filesystem type is supported by the host operating system. Examples: \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified. More info: https://kubernetes.io/docs/concepts/storage/volumes#rbd"),
        field("pool", 4, Shape::String, NonZero).default("\"rbd\"")
            .doc("pool is the rados pool name. Default is rbd. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("user", 5, Shape::String, NonZero).default("\"admin\"")
            .doc("user is the rados user name. Default is admin. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("keyring", 6, Shape::String, NonZero).default("\"/etc/ceph/keyring\"")
            .doc("keyring is the path to key ring for RBDUser. Default is /etc/ceph/keyring. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("secretRef", 7, object(&SECRET_REFERENCE), Given)
            .doc("secretRef is name of the authentication secret for RBDUser. If provided overrides keyring. Default is nil. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("readOnly", 8, Shape::Bool, NonZero)
            .doc("readOnly here will force the ReadOnly setting in VolumeMounts. Defaults to false. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
    ];
    static NAMES: [(Text, u16); 8] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.RBDPersistentVolumeSource",
        "Represents a Rados Block Device mount that lasts the lifetime of a pod. RBD volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.RBDVolumeSource`.
pub static RBD_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 8] = [
        field("monitors", 1, list(&Shape::String), Null).required()
            .doc("monitors is a collection of Ceph monitors. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("image", 2, Shape::String, Always).required()
            .doc("image is the rados image name. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("fsType", 3, Shape::String, NonZero)
            .doc("fsType is the filesystem type of the volume that you want to mount. Tip: Ensure that the filesystem type is supported by the host operating system. Examples: \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified. More info: https://kubernetes.io/docs/concepts/storage/volumes#rbd"),
        field("pool", 4, Shape::String, NonZero).default("\"rbd\"")
            .doc("pool is the rados pool name. Default is rbd. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("user", 5, Shape::String, NonZero).default("\"admin\"")
            .doc("user is the rados user name. Default is admin. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("keyring", 6, Shape::String, NonZero).default("\"/etc/ceph/keyring\"")
            .doc("keyring is the path to key ring for RBDUser. Default is /etc/ceph/keyring. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("secretRef", 7, object(&LOCAL_OBJECT_REFERENCE), Given)
            .doc("secretRef is name of the authentication secret for RBDUser. If provided overrides keyring. Default is nil. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
        field("readOnly", 8, Shape::Bool, NonZero)
            .doc("readOnly here will force the ReadOnly setting in VolumeMounts. Defaults to false. More info: https://examples.k8s.io/volumes/rbd/README.md#how-to-use-it"),
    ];
    static NAMES: [(Text, u16); 8] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.RBDVolumeSource",
        "Represents a Rados Block Device mount that lasts the lifetime of a pod. RBD volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.RangeAllocation`.
pub static RANGE_ALLOCATION: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("range", 2, Shape::String, Always)
            .doc("Range is string that identifies the range represented by 'data'."),
        field("data", 3, Shape::Bytes, Null)
            .doc("Data is a bit array containing all allocated addresses in the previous segment."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "RangeAllocation"),
    ];
    ty(
        "io.k8s.api.core.v1.RangeAllocation",
        "RangeAllocation is not a public type.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ReplicationController`.
pub static REPLICATION_CONTROLLER: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("If the Labels of a ReplicationController are empty, they are defaulted to be the same as the Pod(s) that the replication controller manages. Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&REPLICATION_CONTROLLER_SPEC), Always)
            .doc("Spec defines the specification of the desired behavior of the replication controller. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&REPLICATION_CONTROLLER_STATUS), Always)
            .doc("Status is the most recently observed status of the replication controller. This data may be out of date by some window of time. Populated by the system. Read-only. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ReplicationController"),
    ];
    ty(
        "io.k8s.api.core.v1.ReplicationController",
        "ReplicationController represents the configuration of a replication controller.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ReplicationControllerCondition`.
pub static REPLICATION_CONTROLLER_CONDITION: Type = {
    static FIELDS: [Field; 5] = [
        field("type", 1, Shape::String, Always).required()
            .doc("Type of replication controller condition."),
        field("status", 2, Shape::String, Always).required()
            .doc("Status of the condition, one of True, False, Unknown."),
        field("lastTransitionTime", 3, Shape::Time, Always)
            .doc("The last time the condition transitioned from one status to another."),
        field("reason", 4, Shape::String, NonZero)
            .doc("The reason for the condition's last transition."),
        field("message", 5, Shape::String, NonZero)
            .doc("A human readable message indicating details about the transition."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ReplicationControllerCondition",
        "ReplicationControllerCondition describes the state of a replication controller at a certain point.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ReplicationControllerList`.
pub static REPLICATION_CONTROLLER_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&REPLICATION_CONTROLLER))), Null).required()
            .doc("List of replication controllers. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ReplicationControllerList"),
    ];
    ty(
        "io.k8s.api.core.v1.ReplicationControllerList",
        "ReplicationControllerList is a collection of replication controllers.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ReplicationControllerSpec`.
pub static REPLICATION_CONTROLLER_SPEC: Type = {
    static FIELDS: [Field; 4] = [
        field("replicas", 1, Shape::Int32, Given).default("1")
            .doc("Replicas is the number of desired replicas. This is a pointer to distinguish between explicit zero and unspecified. Defaults to 1. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller"),
        field("minReadySeconds", 4, Shape::Int32, NonZero).default("0")
            .doc("Minimum number of seconds for which a newly created pod should be ready without any of its container crashing, for it to be considered available. Defaults to 0 (pod will be considered available as soon as it is ready)"),
        field("selector", 2, map(&Shape::String), NonZero).whole()
            .doc("Selector is a label query over pods that should match the Replicas count. If Selector is empty, it is defaulted to the labels present on the Pod template. Label keys and values that must match in order to be controlled by this replication controller, if empty defaulted to labels on Pod template. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"),
        field("template", 3, object(&POD_TEMPLATE_SPEC), Given)
            .doc("Template is the object that describes the pod that will be created if insufficient replicas are detected. This takes precedence over a TemplateRef. The only allowed template.spec.restartPolicy value is \"Always\". More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#pod-template"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ReplicationControllerSpec",
        "ReplicationControllerSpec is the specification of a replication controller.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ReplicationControllerStatus`.
pub static REPLICATION_CONTROLLER_STATUS: Type = {
    static FIELDS: [Field; 6] = [
        field("replicas", 1, Shape::Int32, Always).required()
            .doc("Replicas is the most recently observed number of replicas. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller"),
        field("fullyLabeledReplicas", 2, Shape::Int32, NonZero)
            .doc("The number of pods that have labels matching the labels of the pod template of the replication controller."),
        field("readyReplicas", 4, Shape::Int32, NonZero)
            .doc("The number of ready replicas for this replication controller."),
        field("availableReplicas", 5, Shape::Int32, NonZero)
            .doc("The number of available replicas (ready for at least minReadySeconds) for this replication controller."),
        field("observedGeneration", 3, Shape::Int64, NonZero)
            .doc("ObservedGeneration reflects the generation of the most recently observed replication controller."),
        field("conditions", 6, list(&Shape::Struct(TypeRef::Static(&REPLICATION_CONTROLLER_CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Represents the latest available observations of a replication controller's current state."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ReplicationControllerStatus",
        "ReplicationControllerStatus represents the current status of a replication controller.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ResourceClaim`.
pub static RESOURCE_CLAIM: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name must match the name of one entry in pod.spec.resourceClaims of the Pod where this field is used. It makes that resource available inside a container."),
        field("request", 2, Shape::String, NonZero)
            .doc("Request is the name chosen for a request in the referenced claim. If empty, everything from the claim is made available, otherwise only the result of this request."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ResourceClaim",
        "ResourceClaim references one entry in PodSpec.ResourceClaims.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ResourceFieldSelector`.
pub static RESOURCE_FIELD_SELECTOR: Type = {
    static FIELDS: [Field; 3] = [
        field("containerName", 1, Shape::String, NonZero)
            .doc("Container name: required for volumes, optional for env vars"),
        field("resource", 2, Shape::String, Always).required()
            .doc("Required: resource to select"),
        field("divisor", 3, Shape::Quantity, Always)
            .doc("Specifies the output format of the exposed resources, defaults to \"1\""),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.ResourceFieldSelector",
        "ResourceFieldSelector represents container resources (cpu, memory) and their output format",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.ResourceHealth`.
pub static RESOURCE_HEALTH: Type = {
    static FIELDS: [Field; 2] = [
        field("resourceID", 1, Shape::String, Always).required()
            .doc("ResourceID is the unique identifier of the resource. See the ResourceID type for more information."),
        field("health", 2, Shape::String, NonZero)
            .doc("Health of the resource. can be one of:\n - Healthy: operates as normal\n - Unhealthy: reported unhealthy. We consider this a temporary health issue\n              since we do not have a mechanism today to distinguish\n              temporary and permanent issues.\n - Unknown: The status cannot be determined.\n            For example, Device Plugin got unregistered and hasn't been re-registered since.\n\nIn future we may want to introduce the PermanentlyUnhealthy Status."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ResourceHealth",
        "ResourceHealth represents the health of a resource. It has the latest device health information. This is a part of KEP https://kep.k8s.io/4680.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ResourceQuota`.
pub static RESOURCE_QUOTA: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&RESOURCE_QUOTA_SPEC), Always)
            .doc("Spec defines the desired quota. https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&RESOURCE_QUOTA_STATUS), Always)
            .doc("Status defines the actual enforced quota and its current usage. https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ResourceQuota"),
    ];
    ty(
        "io.k8s.api.core.v1.ResourceQuota",
        "ResourceQuota sets aggregate quota restrictions enforced per namespace",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ResourceQuotaList`.
pub static RESOURCE_QUOTA_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&RESOURCE_QUOTA))), Null).required()
            .doc("Items is a list of ResourceQuota objects. More info: https://kubernetes.io/docs/concepts/policy/resource-quotas/"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ResourceQuotaList"),
    ];
    ty(
        "io.k8s.api.core.v1.ResourceQuotaList",
        "ResourceQuotaList is a list of ResourceQuota items.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ResourceQuotaSpec`.
pub static RESOURCE_QUOTA_SPEC: Type = {
    static FIELDS: [Field; 3] = [
        field("hard", 1, map(&Shape::Quantity), NonZero)
            .doc("hard is the set of desired hard limits for each named resource. More info: https://kubernetes.io/docs/concepts/policy/resource-quotas/"),
        field("scopes", 2, list(&Shape::String), NonZero)
            .one_of(&[Borrowed("BestEffort"), Borrowed("CrossNamespacePodAffinity"), Borrowed("NotBestEffort"), Borrowed("NotTerminating"), Borrowed("PriorityClass"), Borrowed("Terminating"), Borrowed("VolumeAttributesClass")])
            .doc("A collection of filters that must match each object tracked by a quota. If not specified, the quota matches all objects."),
        field("scopeSelector", 3, object(&SCOPE_SELECTOR), Given)
            .doc("scopeSelector is also a collection of filters like scopes that must match each object tracked by a quota but expressed using ScopeSelectorOperator in combination with possible values. For a resource to match, both scopes AND scopeSelector (if specified in spec), must be matched."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ResourceQuotaSpec",
        "ResourceQuotaSpec defines the desired hard limits to enforce for Quota.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ResourceQuotaStatus`.
pub static RESOURCE_QUOTA_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("hard", 1, map(&Shape::Quantity), NonZero)
            .doc("Hard is the set of enforced hard limits for each named resource. More info: https://kubernetes.io/docs/concepts/policy/resource-quotas/"),
        field("used", 2, map(&Shape::Quantity), NonZero)
            .doc("Used is the current observed total usage of the resource in the namespace."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ResourceQuotaStatus",
        "ResourceQuotaStatus defines the enforced hard limits and observed use.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ResourceRequirements`.
pub static RESOURCE_REQUIREMENTS: Type = {
    static FIELDS: [Field; 3] = [
        field("limits", 1, map(&Shape::Quantity), NonZero)
            .doc("Limits describes the maximum amount of compute resources allowed. More info: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"),
        field("requests", 2, map(&Shape::Quantity), NonZero)
            .doc("Requests describes the minimum amount of compute resources required. If Requests is omitted for a container, it defaults to Limits if that is explicitly specified, otherwise to an implementation-defined value. Requests cannot exceed Limits. More info: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"),
        field("claims", 3, list(&Shape::Struct(TypeRef::Static(&RESOURCE_CLAIM))), NonZero).keyed(&[Borrowed("name")])
            .doc("Claims lists the names of resources, defined in spec.resourceClaims, that are used by this container.\n\nThis field depends on the DynamicResourceAllocation feature gate.\n\nThis field is immutable. It can only be set for containers."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ResourceRequirements",
        "ResourceRequirements describes the compute resource requirements.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ResourceStatus`.
pub static RESOURCE_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name of the resource. Must be unique within the pod and in case of non-DRA resource, match one of the resources from the pod spec. For DRA resources, the value must be \"claim:<claim_name>/<request>\". When this status is reported about a container, the \"claim_name\" and \"request\" must match one of the claims of this container."),
        field("resources", 2, list(&Shape::Struct(TypeRef::Static(&RESOURCE_HEALTH))), NonZero).keyed(&[Borrowed("resourceID")])
            .doc("List of unique resources health. Each element in the list contains an unique resource ID and its health. At a minimum, for the lifetime of a Pod, resource ID must uniquely identify the resource allocated to the Pod on the Node. If other Pod on the same Node reports the status with the same resource ID, it must be the same resource they share. See ResourceID type definition for a specific format it has in various use cases."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ResourceStatus",
        "ResourceStatus represents the status of a single resource allocated to a Pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.SELinuxOptions`.
pub static SE_LINUX_OPTIONS: Type = {
    static FIELDS: [Field; 4] = [
        field("user", 1, Shape::String, NonZero)
            .doc("User is a SELinux user label that applies to the container."),
        field("role", 2, Shape::String, NonZero)
            .doc("Role is a SELinux role label that applies to the container."),
        field("type", 3, Shape::String, NonZero)
            .doc("Type is a SELinux type label that applies to the container."),
        field("level", 4, Shape::String, NonZero)
            .doc("Level is SELinux level label that applies to the container."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.SELinuxOptions",
        "SELinuxOptions are the labels to be applied to the container",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ScaleIOPersistentVolumeSource`.
pub static SCALE_IO_PERSISTENT_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 10] = [
        field("gateway", 1, Shape::String, Always).required()
            .doc("gateway is the host address of the ScaleIO API Gateway."),
        field("system", 2, Shape::String, Always).required()
            .doc("system is the name of the storage system as configured in ScaleIO."),
        field("secretRef", 3, object(&SECRET_REFERENCE), Null).required()
            .doc("secretRef references to the secret for ScaleIO user and other sensitive information. If this is not provided, Login operation will fail."),
        field("sslEnabled", 4, Shape::Bool, NonZero)
            .doc("sslEnabled is the flag to enable/disable SSL communication with Gateway, default false"),
        field("protectionDomain", 5, Shape::String, NonZero)
            .doc("protectionDomain is the name of the ScaleIO Protection Domain for the configured storage."),
        field("storagePool", 6, Shape::String, NonZero)
            .doc("storagePool is the ScaleIO Storage Pool associated with the protection domain."),
        field("storageMode", 7, Shape::String, NonZero).default("\"ThinProvisioned\"")
            .doc("storageMode indicates whether the storage for a volume should be ThickProvisioned or ThinProvisioned. Default is ThinProvisioned."),
        field("volumeName", 8, Shape::String, NonZero)
            .doc("volumeName is the name of a volume already created in the ScaleIO system that is associated with this volume source."),
        field("fsType", 9, Shape::String, NonZero).default("\"xfs\"")
            .doc("fsType is the filesystem type to mount. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\". Default is \"xfs\""),
        field("readOnly", 10, Shape::Bool, NonZero)
            .doc("readOnly defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts."),
    ];
    static NAMES: [(Text, u16); 10] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ScaleIOPersistentVolumeSource",
        "ScaleIOPersistentVolumeSource represents a persistent ScaleIO volume",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ScaleIOVolumeSource`.
pub static SCALE_IO_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 10] = [
        field("gateway", 1, Shape::String, Always).required()
            .doc("gateway is the host address of the ScaleIO API Gateway."),
        field("system", 2, Shape::String, Always).required()
            .doc("system is the name of the storage system as configured in ScaleIO."),
        field("secretRef", 3, object(&LOCAL_OBJECT_REFERENCE), Null).required()
            .doc("secretRef references to the secret for ScaleIO user and other sensitive information. If this is not provided, Login operation will fail."),
        field("sslEnabled", 4, Shape::Bool, NonZero)
            .doc("sslEnabled Flag enable/disable SSL communication with Gateway, default false"),
        field("protectionDomain", 5, Shape::String, NonZero)
            .doc("protectionDomain is the name of the ScaleIO Protection Domain for the configured storage."),
        field("storagePool", 6, Shape::String, NonZero)
            .doc("storagePool is the ScaleIO Storage Pool associated with the protection domain."),
        field("storageMode", 7, Shape::String, NonZero).default("\"ThinProvisioned\"")
            .doc("storageMode indicates whether the storage for a volume should be ThickProvisioned or ThinProvisioned. Default is ThinProvisioned."),
        field("volumeName", 8, Shape::String, NonZero)
            .doc("volumeName is the name of a volume already created in the ScaleIO system that is associated with this volume source."),
        field("fsType", 9, Shape::String, NonZero).default("\"xfs\"")
            .doc("fsType is the filesystem type to mount. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\". Default is \"xfs\"."),
        field("readOnly", 10, Shape::Bool, NonZero)
            .doc("readOnly Defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts."),
    ];
    static NAMES: [(Text, u16); 10] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ScaleIOVolumeSource",
        "ScaleIOVolumeSource represents a persistent ScaleIO volume",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ScopeSelector`.
pub static SCOPE_SELECTOR: Type = {
    static FIELDS: [Field; 1] = [
        field("matchExpressions", 1, list(&Shape::Struct(TypeRef::Static(&SCOPED_RESOURCE_SELECTOR_REQUIREMENT))), NonZero)
            .doc("A list of scope selector requirements by scope of the resources."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.ScopeSelector",
        "A scope selector represents the AND of the selectors represented by the scoped-resource selector requirements.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.ScopedResourceSelectorRequirement`.
pub static SCOPED_RESOURCE_SELECTOR_REQUIREMENT: Type = {
    static FIELDS: [Field; 3] = [
        field("scopeName", 1, Shape::String, Always).required()
            .one_of(&[Borrowed("BestEffort"), Borrowed("CrossNamespacePodAffinity"), Borrowed("NotBestEffort"), Borrowed("NotTerminating"), Borrowed("PriorityClass"), Borrowed("Terminating"), Borrowed("VolumeAttributesClass")])
            .doc("The name of the scope that the selector applies to."),
        field("operator", 2, Shape::String, Always).required()
            .one_of(&[Borrowed("DoesNotExist"), Borrowed("Exists"), Borrowed("In"), Borrowed("NotIn")])
            .doc("Represents a scope's relationship to a set of values. Valid operators are In, NotIn, Exists, DoesNotExist."),
        field("values", 3, list(&Shape::String), NonZero)
            .doc("An array of string values. If the operator is In or NotIn, the values array must be non-empty. If the operator is Exists or DoesNotExist, the values array must be empty. This array is replaced during a strategic merge patch."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ScopedResourceSelectorRequirement",
        "A scoped-resource selector requirement is a selector that contains values, a scope name, and an operator that relates the scope name and values.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.SeccompProfile`.
pub static SECCOMP_PROFILE: Type = {
    static FIELDS: [Field; 2] = [
        field("type", 1, Shape::String, Always).required()
            .one_of(&[Borrowed("Localhost"), Borrowed("RuntimeDefault"), Borrowed("Unconfined")])
            .doc("type indicates which kind of seccomp profile will be applied. Valid options are:\n\nLocalhost - a profile defined in a file on the node should be used. RuntimeDefault - the container runtime default profile should be used. Unconfined - no profile should be applied."),
        field("localhostProfile", 2, Shape::String, Given)
            .doc("localhostProfile indicates a profile defined in a file on the node should be used. The profile must be preconfigured on the node to work. Must be a descending path, relative to the kubelet's configured seccomp profile location. Must be set if type is \"Localhost\". Must NOT be set for any other type."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.SeccompProfile",
        "SeccompProfile defines a pod/container's seccomp profile settings. Only one profile source may be set.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Secret`.
pub static SECRET: Type = {
    static FIELDS: [Field; 7] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("immutable", 5, Shape::Bool, Given)
            .doc("Immutable, if set to true, ensures that data stored in the Secret cannot be updated (only object metadata can be modified). If not set to true, the field can be modified at any time. Defaulted to nil."),
        field("data", 2, map(&Shape::Bytes), NonZero)
            .doc("Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The serialized form of the secret data is a base64 encoded string, representing the arbitrary (possibly non-string) data value here. Described in https://tools.ietf.org/html/rfc4648#section-4"),
        field("stringData", 4, map(&Shape::String), NonZero)
            .doc("stringData allows specifying non-binary secret data in string form. It is provided as a write-only input field for convenience. All keys and values are merged into the data field on write, overwriting any existing values. The stringData field is never output when reading from the API."),
        field("type", 3, Shape::String, NonZero)
            .doc("Used to facilitate programmatic handling of secret data. More info: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types"),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "Secret"),
    ];
    ty(
        "io.k8s.api.core.v1.Secret",
        "Secret holds secret data of a certain type. The total bytes of the values in the Data field must be less than MaxSecretSize bytes.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.SecretEnvSource`.
pub static SECRET_ENV_SOURCE: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, NonZero).within(&[1]).default("\"\"")
            .doc("Name of the referent. This field is effectively required, but due to backwards compatibility is allowed to be empty. Instances of this type with an empty value here are almost certainly wrong. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names"),
        field("optional", 2, Shape::Bool, Given)
            .doc("Specify whether the Secret must be defined"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.SecretEnvSource",
        "SecretEnvSource selects a Secret to populate the environment variables with.\n\nThe contents of the target Secret's Data field will represent the key-value pairs as environment variables.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.SecretKeySelector`.
pub static SECRET_KEY_SELECTOR: Type = {
    static FIELDS: [Field; 3] = [
        field("name", 1, Shape::String, NonZero).within(&[1]).default("\"\"")
            .doc("Name of the referent. This field is effectively required, but due to backwards compatibility is allowed to be empty. Instances of this type with an empty value here are almost certainly wrong. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names"),
        field("key", 2, Shape::String, Always).required()
            .doc("The key of the secret to select from.  Must be a valid secret key."),
        field("optional", 3, Shape::Bool, Given)
            .doc("Specify whether the Secret or its key must be defined"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.SecretKeySelector",
        "SecretKeySelector selects a key of a Secret.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.SecretList`.
pub static SECRET_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&SECRET))), Null).required()
            .doc("Items is a list of secret objects. More info: https://kubernetes.io/docs/concepts/configuration/secret"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "SecretList"),
    ];
    ty(
        "io.k8s.api.core.v1.SecretList",
        "SecretList is a list of Secret.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.SecretProjection`.
pub static SECRET_PROJECTION: Type = {
    static FIELDS: [Field; 3] = [
        field("name", 1, Shape::String, NonZero).within(&[1]).default("\"\"")
            .doc("Name of the referent. This field is effectively required, but due to backwards compatibility is allowed to be empty. Instances of this type with an empty value here are almost certainly wrong. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&KEY_TO_PATH))), NonZero)
            .doc("items if unspecified, each key-value pair in the Data field of the referenced Secret will be projected into the volume as a file whose name is the key and content is the value. If specified, the listed keys will be projected into the specified paths, and unlisted keys will not be present. If a key is specified which is not present in the Secret, the volume setup will error unless it is marked optional. Paths must be relative and may not contain the '..' path or start with '..'."),
        field("optional", 4, Shape::Bool, Given)
            .doc("optional field specify whether the Secret or its key must be defined"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.SecretProjection",
        "Adapts a secret into a projected volume.\n\nThe contents of the target Secret's Data field will be presented in a projected volume as files using the keys in the Data field as the file names. Note that this is identical to a secret volume source without the default mode.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.SecretReference`.
pub static SECRET_REFERENCE: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, NonZero)
            .doc("name is unique within a namespace to reference a secret resource."),
        field("namespace", 2, Shape::String, NonZero)
            .doc("namespace defines the space within which the secret name must be unique."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.SecretReference",
        "SecretReference represents a Secret Reference. It has enough information to retrieve secret in any namespace",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.SecretVolumeSource`.
pub static SECRET_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 4] = [
        field("secretName", 1, Shape::String, NonZero)
            .doc("secretName is the name of the secret in the pod's namespace to use. More info: https://kubernetes.io/docs/concepts/storage/volumes#secret"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&KEY_TO_PATH))), NonZero)
            .doc("items If unspecified, each key-value pair in the Data field of the referenced Secret will be projected into the volume as a file whose name is the key and content is the value. If specified, the listed keys will be projected into the specified paths, and unlisted keys will not be present. If a key is specified which is not present in the Secret, the volume setup will error unless it is marked optional. Paths must be relative and may not contain the '..' path or start with '..'."),
        field("defaultMode", 3, Shape::Int32, Given)
            .doc("defaultMode is Optional: mode bits used to set permissions on created files by default. Must be an octal value between 0000 and 0777 or a decimal value between 0 and 511. YAML accepts both octal and decimal values, JSON requires decimal values for mode bits. Defaults to 0644. Directories within the path are not affected by this setting. This might be in conflict with other options that affect the file mode, like fsGroup, and the result can be other mode bits set."),
        field("optional", 4, Shape::Bool, Given)
            .doc("optional field specify whether the Secret or its keys must be defined"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.SecretVolumeSource",
        "Adapts a Secret into a volume.\n\nThe contents of the target Secret's Data field will be presented in a volume as files using the keys in the Data field as the file names. Secret volumes support ownership management and SELinux relabeling.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.SecurityContext`.
pub static SECURITY_CONTEXT: Type = {
    static FIELDS: [Field; 12] = [
        field("capabilities", 1, object(&CAPABILITIES), Given)
            .doc("The capabilities to add/drop when running containers. Defaults to the default set of capabilities granted by the container runtime. Note that this field cannot be set when spec.os.name is windows."),
        field("privileged", 2, Shape::Bool, Given)
            .doc("Run container in privileged mode. Processes in privileged containers are essentially equivalent to root on the host. Defaults to false. Note that this field cannot be set when spec.os.name is windows."),
        field("seLinuxOptions", 3, object(&SE_LINUX_OPTIONS), Given)
            .doc("The SELinux context to be applied to the container. If unspecified, the container runtime will allocate a random SELinux context for each container.  May also be set in PodSecurityContext.  If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence. Note that this field cannot be set when spec.os.name is windows."),
        field("windowsOptions", 10, object(&WINDOWS_SECURITY_CONTEXT_OPTIONS), Given)
            .doc("The Windows specific settings applied to all containers. If unspecified, the options from the PodSecurityContext will be used. If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence. Note that this field cannot be set when spec.os.name is linux."),
        field("runAsUser", 4, Shape::Int64, Given)
            .doc("The UID to run the entrypoint of the container process. Defaults to user specified in image metadata if unspecified. May also be set in PodSecurityContext.  If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence. Note that this field cannot be set when spec.os.name is windows."),
        field("runAsGroup", 8, Shape::Int64, Given)
            .doc("The GID to run the entrypoint of the container process. Uses runtime default if unset. May also be set in PodSecurityContext.  If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence. Note that this field cannot be set when spec.os.name is windows."),
        field("runAsNonRoot", 5, Shape::Bool, Given)
            .doc("Indicates that the container must run as a non-root user. If true, the Kubelet will validate the image at runtime to ensure that it does not run as UID 0 (root) and fail to start the container if it does. If unset or false, no such validation will be performed. May also be set in PodSecurityContext.  If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence."),
        field("readOnlyRootFilesystem", 6, Shape::Bool, Given)
            .doc("Whether this container has a read-only root filesystem. Default is false. Note that this field cannot be set when spec.os.name is windows."),
        field("allowPrivilegeEscalation", 7, Shape::Bool, Given)
            .doc("AllowPrivilegeEscalation controls whether a process can gain more privileges than its parent process. This bool directly controls if the no_new_privs flag will be set on the container process. AllowPrivilegeEscalation is true always when the container is: 1) run as Privileged 2) has CAP_SYS_ADMIN Note that this field cannot be set when spec.os.name is windows."),
        field("procMount", 9, Shape::String, Given)
            .one_of(&[Borrowed("Default"), Borrowed("Unmasked")])
            .doc("procMount denotes the type of proc mount to use for the containers. The default value is Default which uses the container runtime defaults for readonly paths and masked paths. This requires the ProcMountType feature flag to be enabled. Note that this field cannot be set when spec.os.name is windows."),
        field("seccompProfile", 11, object(&SECCOMP_PROFILE), Given)
            .doc("The seccomp options to use by this container. If seccomp options are provided at both the pod & container level, the container options override the pod options. Note that this field cannot be set when spec.os.name is windows."),
        field("appArmorProfile", 12, object(&APP_ARMOR_PROFILE), Given)
            .doc("appArmorProfile is the AppArmor options to use by this container. If set, this profile overrides the pod's appArmorProfile. Note that this field cannot be set when spec.os.name is windows."),
    ];
    static NAMES: [(Text, u16); 12] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.SecurityContext",
        "SecurityContext holds security configuration that will be applied to a container. Some fields are present in both SecurityContext and PodSecurityContext.  When both are set, the values in SecurityContext take precedence.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.SerializedReference`.
pub static SERIALIZED_REFERENCE: Type = {
    static FIELDS: [Field; 3] = [
        kind(),
        api_version(),
        field("reference", 1, object(&OBJECT_REFERENCE), Always)
            .doc("The reference to an object in the system."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "SerializedReference"),
    ];
    ty(
        "io.k8s.api.core.v1.SerializedReference",
        "SerializedReference is a reference to serialized object.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Service`.
pub static SERVICE: Type = {
    static FIELDS: [Field; 5] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("spec", 2, object(&SERVICE_SPEC), Always)
            .doc("Spec defines the behavior of a service. https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
        field("status", 3, object(&SERVICE_STATUS), Always)
            .doc("Most recently observed status of the service. Populated by the system. Read-only. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status"),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "Service"),
    ];
    ty(
        "io.k8s.api.core.v1.Service",
        "Service is a named abstraction of software service (for example, mysql) consisting of local port (for example 3306) that the proxy listens on, and the selector that determines which pods will answer requests sent through the proxy.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ServiceAccount`.
pub static SERVICE_ACCOUNT: Type = {
    static FIELDS: [Field; 6] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::OBJECT_META), Always)
            .doc("Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
        field("secrets", 2, list(&Shape::Struct(TypeRef::Static(&OBJECT_REFERENCE))), NonZero).keyed(&[Borrowed("name")]).merge("name")
            .doc("Secrets is a list of the secrets in the same namespace that pods running using this ServiceAccount are allowed to use. Pods are only limited to this list if this service account has a \"kubernetes.io/enforce-mountable-secrets\" annotation set to \"true\". The \"kubernetes.io/enforce-mountable-secrets\" annotation is deprecated since v1.32. Prefer separate namespaces to isolate access to mounted secrets. This field should not be used to find auto-generated service account token secrets for use outside of pods. Instead, tokens can be requested directly using the TokenRequest API, or service account token secrets can be manually created. More info: https://kubernetes.io/docs/concepts/configuration/secret"),
        field("imagePullSecrets", 3, list(&Shape::Struct(TypeRef::Static(&LOCAL_OBJECT_REFERENCE))), NonZero)
            .doc("ImagePullSecrets is a list of references to secrets in the same namespace to use for pulling any images in pods that reference this ServiceAccount. ImagePullSecrets are distinct from Secrets because Secrets can be mounted in the pod, but ImagePullSecrets are only accessed by the kubelet. More info: https://kubernetes.io/docs/concepts/containers/images/#specifying-imagepullsecrets-on-a-pod"),
        field("automountServiceAccountToken", 4, Shape::Bool, Given)
            .doc("AutomountServiceAccountToken indicates whether pods running as this service account should have an API token automatically mounted. Can be overridden at the pod level."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ServiceAccount"),
    ];
    ty(
        "io.k8s.api.core.v1.ServiceAccount",
        "ServiceAccount binds together: * a name, understood by users, and perhaps by peripheral systems, for an identity * a principal that can be authenticated and authorized * a set of secrets",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ServiceAccountList`.
pub static SERVICE_ACCOUNT_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&SERVICE_ACCOUNT))), Null).required()
            .doc("List of ServiceAccounts. More info: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ServiceAccountList"),
    ];
    ty(
        "io.k8s.api.core.v1.ServiceAccountList",
        "ServiceAccountList is a list of ServiceAccount objects",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ServiceAccountTokenProjection`.
pub static SERVICE_ACCOUNT_TOKEN_PROJECTION: Type = {
    static FIELDS: [Field; 3] = [
        field("audience", 1, Shape::String, NonZero)
            .doc("audience is the intended audience of the token. A recipient of a token must identify itself with an identifier specified in the audience of the token, and otherwise should reject the token. The audience defaults to the identifier of the apiserver."),
        field("expirationSeconds", 2, Shape::Int64, Given)
            .doc("expirationSeconds is the requested duration of validity of the service account token. As the token approaches expiration, the kubelet volume plugin will proactively rotate the service account token. The kubelet will start trying to rotate the token if the token is older than 80 percent of its time to live or if the token is older than 24 hours.Defaults to 1 hour and must be at least 10 minutes."),
        field("path", 3, Shape::String, Always).required()
            .doc("path is the path relative to the mount point of the file to project the token into."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ServiceAccountTokenProjection",
        "ServiceAccountTokenProjection represents a projected service account token volume. This projection can be used to insert a service account token into the pods runtime filesystem for use against APIs (Kubernetes API Server or otherwise).",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ServiceList`.
pub static SERVICE_LIST: Type = {
    static FIELDS: [Field; 4] = [
        kind(),
        api_version(),
        field("metadata", 1, object(&super::meta_v1::LIST_META), Always)
            .doc("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
        field("items", 2, list(&Shape::Struct(TypeRef::Static(&SERVICE))), Null).required()
            .doc("List of services"),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ServiceList"),
    ];
    ty(
        "io.k8s.api.core.v1.ServiceList",
        "ServiceList holds a list of services.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ServicePort`.
pub static SERVICE_PORT: Type = {
    static FIELDS: [Field; 6] = [
        field("name", 1, Shape::String, NonZero)
            .doc("The name of this port within the service. This must be a DNS_LABEL. All ports within a ServiceSpec must have unique names. When considering the endpoints for a Service, this must match the 'name' field in the EndpointPort. Optional if only one ServicePort is defined on this service."),
        field("protocol", 2, Shape::String, NonZero).default("\"TCP\"")
            .one_of(&[Borrowed("SCTP"), Borrowed("TCP"), Borrowed("UDP")])
            .doc("The IP protocol for this port. Supports \"TCP\", \"UDP\", and \"SCTP\". Default is TCP."),
        field("appProtocol", 6, Shape::String, Given)
            .doc("The application protocol for this port. This is used as a hint for implementations to offer richer behavior for protocols that they understand. This field follows standard Kubernetes label syntax. Valid values are either:\n\n* Un-prefixed protocol names - reserved for IANA standard service names (as per RFC-6335 and https://www.iana.org/assignments/service-names).\n\n* Kubernetes-defined prefixed names:\n  * 'kubernetes.io/h2c' - HTTP/2 prior knowledge over cleartext as described in https://www.rfc-editor.org/rfc/rfc9113.html#name-starting-http-2-with-prior-\n  * 'kubernetes.io/ws'  - WebSocket over cleartext as described in https://www.rfc-editor.org/rfc/rfc6455\n  * 'kubernetes.io/wss' - WebSocket over TLS as described in https://www.rfc-editor.org/rfc/rfc6455\n\n* Other protocols should use implementation-defined prefixed names such as mycompany.com/my-custom-protocol."),
        field("port", 3, Shape::Int32, Always).required()
            .doc("The port that will be exposed by this service."),
        field("targetPort", 4, Shape::IntOrString, Always)
            .doc("Number or name of the port to access on the pods targeted by the service. Number must be in the range 1 to 65535. Name must be an IANA_SVC_NAME. If this is a string, it will be looked up as a named port in the target Pod's container ports. If this is not specified, the value of the 'port' field is used (an identity map). This field is ignored for services with clusterIP=None, and should be omitted or set equal to the 'port' field. More info: https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service"),
        field("nodePort", 5, Shape::Int32, NonZero)
            .doc("The port on each node on which this service is exposed when type is NodePort or LoadBalancer.  Usually assigned by the system. If a value is specified, in-range, and not in use it will be used, otherwise the operation will fail.  If not specified, a port will be allocated if this Service requires one.  If this field is specified when creating a Service which does not need it, creation will fail. This field will be wiped when updating a Service to no longer need it (e.g. changing type from NodePort to ClusterIP). More info: https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ServicePort",
        "ServicePort contains information on service's port.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ServiceProxyOptions`.
pub static SERVICE_PROXY_OPTIONS: Type = {
    static FIELDS: [Field; 3] = [
        kind(),
        api_version(),
        field("path", 1, Shape::String, NonZero)
            .doc("Path is the part of URLs that include service endpoints, suffixes, and parameters to use for the current proxy request to service. For example, the whole request URL is http://localhost/api/v1/namespaces/kube-system/services/elasticsearch-logging/_search?q=user:kimchy. Path is _search?q=user:kimchy."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 1] = [
        gvk("", "v1", "ServiceProxyOptions"),
    ];
    ty(
        "io.k8s.api.core.v1.ServiceProxyOptions",
        "ServiceProxyOptions is the query options to a Service's proxy call.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ServiceSpec`.
pub static SERVICE_SPEC: Type = {
    static FIELDS: [Field; 20] = [
        field("ports", 1, list(&Shape::Struct(TypeRef::Static(&SERVICE_PORT))), NonZero).keyed(&[Borrowed("port"), Borrowed("protocol")]).merge("port")
            .doc("The list of ports that are exposed by this service. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies"),
        field("selector", 2, map(&Shape::String), NonZero).whole()
            .doc("Route service traffic to pods with label keys and values matching this selector. If empty or not present, the service is assumed to have an external process managing its endpoints, which Kubernetes will not modify. Only applies to types ClusterIP, NodePort, and LoadBalancer. Ignored if type is ExternalName. More info: https://kubernetes.io/docs/concepts/services-networking/service/"),
        field("clusterIP", 3, Shape::String, NonZero)
            .doc("clusterIP is the IP address of the service and is usually assigned randomly. If an address is specified manually, is in-range (as per system configuration), and is not in use, it will be allocated to the service; otherwise creation of the service will fail. This field may not be changed through updates unless the type field is also being changed to ExternalName (which requires this field to be blank) or the type field is being changed from ExternalName (in which case this field may optionally be specified, as describe above).  Valid values are \"None\", empty string (\"\"), or a valid IP address. Setting this to \"None\" makes a \"headless service\" (no virtual IP), which is useful when direct endpoint connections are preferred and proxying is not required.  Only applies to types ClusterIP, NodePort, and LoadBalancer. If this field is specified when creating a Service of type ExternalName, creation will fail. This field will be wiped when updating a Service to type ExternalName. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies"),
        field("clusterIPs", 18, list(&Shape::String), NonZero)
            .doc("ClusterIPs is a list of IP addresses assigned to this service, and are usually assigned randomly.  If an address is specified manually, is in-range (as per system configuration), and is not in use, it will be allocated to the service; otherwise creation of the service will fail. This field may not be changed through updates unless the type field is also being changed to ExternalName (which requires this field to be empty) or the type field is being changed from ExternalName (in which case this field may optionally be specified, as describe above).  Valid values are \"None\", empty string (\"\"), or a valid IP address.  Setting this to \"None\" makes a \"headless service\" (no virtual IP), which is useful when direct endpoint connections are preferred and proxying is not required.  Only applies to types ClusterIP, NodePort, and LoadBalancer. If this field is specified when creating a Service of type ExternalName, creation will fail. This field will be wiped when updating a Service to type ExternalName.  If this field is not specified, it will be initialized from the clusterIP field.  If this field is specified, clients must ensure that clusterIPs[0] and clusterIP have the same value.\n\nThis field may hold a maximum of two entries (dual-stack IPs, in either order). These IPs must correspond to the values of the ipFamilies field. Both clusterIPs and ipFamilies are governed by the ipFamilyPolicy field. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies"),
        field("type", 4, Shape::String, NonZero)
            .one_of(&[Borrowed("ClusterIP"), Borrowed("ExternalName"), Borrowed("LoadBalancer"), Borrowed("NodePort")])
            .doc("type determines how the Service is exposed. Defaults to ClusterIP. Valid options are ExternalName, ClusterIP, NodePort, and LoadBalancer. \"ClusterIP\" allocates a cluster-internal IP address for load-balancing to endpoints. Endpoints are determined by the selector or if that is not specified, by manual construction of an Endpoints object or EndpointSlice objects. If clusterIP is \"None\", no virtual IP is allocated and the endpoints are published as a set of endpoints rather than a virtual IP. \"NodePort\" builds on ClusterIP and allocates a port on every node which routes to the same endpoints as the clusterIP. \"LoadBalancer\" builds on NodePort and creates an external load-balancer (if supported in the current cloud) which routes to the same endpoints as the clusterIP. \"ExternalName\" aliases this service to the specified externalName. Several other fields do not apply to ExternalName services. More info: https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types"),
        field("externalIPs", 5, list(&Shape::String), NonZero)
            .doc("externalIPs is a list of IP addresses for which nodes in the cluster will also accept traffic for this service.  These IPs are not managed by Kubernetes.  The user is responsible for ensuring that traffic arrives at a node with this IP.  A common example is external load-balancers that are not part of the Kubernetes system."),
        field("sessionAffinity", 7, Shape::String, NonZero)
            .one_of(&[Borrowed("ClientIP"), Borrowed("None")])
            .doc("Supports \"ClientIP\" and \"None\". Used to maintain session affinity. Enable client IP based session affinity. Must be ClientIP or None. Defaults to None. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies"),
        field("loadBalancerIP", 8, Shape::String, NonZero)
            .doc("Only applies to Service Type: LoadBalancer. This feature depends on whether the underlying cloud-provider supports specifying the loadBalancerIP when a load balancer is created. This field will be ignored if the cloud-provider does not support the feature. Deprecated: This field was under-specified and its meaning varies across implementations. Using it is non-portable and it may not support dual-stack. Users are encouraged to use implementation-specific annotations when available."),
        field("loadBalancerSourceRanges", 9, list(&Shape::String), NonZero)
            .doc("If specified and supported by the platform, this will restrict traffic through the cloud-provider load-balancer will be restricted to the specified client IPs. This field will be ignored if the cloud-provider does not support the feature.\" More info: https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/"),
        field("externalName", 10, Shape::String, NonZero)
            .doc("externalName is the external reference that discovery mechanisms will return as an alias for this service (e.g. a DNS CNAME record). No proxying will be involved.  Must be a lowercase RFC-1123 hostname (https://tools.ietf.org/html/rfc1123) and requires `type` to be \"ExternalName\"."),
        field("externalTrafficPolicy", 11, Shape::String, NonZero)
            .one_of(&[Borrowed("Cluster"), Borrowed("Local")])
            .doc("externalTrafficPolicy describes how nodes distribute service traffic they receive on one of the Service's \"externally-facing\" addresses (NodePorts, ExternalIPs, and LoadBalancer IPs). If set to \"Local\", the proxy will configure the service in a way that assumes that external load balancers will take care of balancing the service traffic between nodes, and so each node will deliver traffic only to the node-local endpoints of the service, without masquerading the client source IP. (Traffic mistakenly sent to a node with no endpoints will be dropped.) The default value, \"Cluster\", uses the standard behavior of routing to all endpoints evenly (possibly modified by topology and other features). Note that traffic sent to an External IP or LoadBalancer IP from within the cluster will always get \"Cluster\" semantics, but clients sending to a NodePort from within the cluster may need to take traffic policy into account when picking a node."),
        field("healthCheckNodePort", 12, Shape::Int32, NonZero)
            .doc("healthCheckNodePort specifies the healthcheck nodePort for the service. This only applies when type is set to LoadBalancer and externalTrafficPolicy is set to Local. If a value is specified, is in-range, and is not in use, it will be used.  If not specified, a value will be automatically allocated.  External systems (e.g. load-balancers) can use this port to determine if a given node holds endpoints for this service or not.  If this field is specified when creating a Service which does not need it, creation will fail. This field will be wiped when updating a Service to no longer need it (e.g. changing type). This field cannot be updated once set."),
        field("publishNotReadyAddresses", 13, Shape::Bool, NonZero)
            .doc("publishNotReadyAddresses indicates that any agent which deals with endpoints for this Service should disregard any indications of ready/not-ready. The primary use case for setting this field is for a StatefulSet's Headless Service to propagate SRV DNS records for its Pods for the purpose of peer discovery. The Kubernetes controllers that generate Endpoints and EndpointSlice resources for Services interpret this to mean that all endpoints are considered \"ready\" even if the Pods themselves are not. Agents which consume only Kubernetes generated endpoints through the Endpoints or EndpointSlice resources can safely assume this behavior."),
        field("sessionAffinityConfig", 14, object(&SESSION_AFFINITY_CONFIG), Given)
            .doc("sessionAffinityConfig contains the configurations of session affinity."),
        field("ipFamilies", 19, list(&Shape::String), NonZero)
            .one_of(&[Borrowed(""), Borrowed("IPv4"), Borrowed("IPv6")])
            .doc("IPFamilies is a list of IP families (e.g. IPv4, IPv6) assigned to this service. This field is usually assigned automatically based on cluster configuration and the ipFamilyPolicy field. If this field is specified manually, the requested family is available in the cluster, and ipFamilyPolicy allows it, it will be used; otherwise creation of the service will fail. This field is conditionally mutable: it allows for adding or removing a secondary IP family, but it does not allow changing the primary IP family of the Service. Valid values are \"IPv4\" and \"IPv6\".  This field only applies to Services of types ClusterIP, NodePort, and LoadBalancer, and does apply to \"headless\" services. This field will be wiped when updating a Service to type ExternalName.\n\nThis field may hold a maximum of two entries (dual-stack families, in either order).  These families must correspond to the values of the clusterIPs field, if specified. Both clusterIPs and ipFamilies are governed by the ipFamilyPolicy field."),
        field("ipFamilyPolicy", 17, Shape::String, Given)
            .one_of(&[Borrowed("PreferDualStack"), Borrowed("RequireDualStack"), Borrowed("SingleStack")])
            .doc("IPFamilyPolicy represents the dual-stack-ness requested or required by this Service. If there is no value provided, then this field will be set to SingleStack. Services can be \"SingleStack\" (a single IP family), \"PreferDualStack\" (two IP families on dual-stack configured clusters or a single IP family on single-stack clusters), or \"RequireDualStack\" (two IP families on dual-stack configured clusters, otherwise fail). The ipFamilies and clusterIPs fields depend on the value of this field. This field will be wiped when updating a service to type ExternalName."),
        field("allocateLoadBalancerNodePorts", 20, Shape::Bool, Given)
            .doc("allocateLoadBalancerNodePorts defines if NodePorts will be automatically allocated for services with type LoadBalancer.  Default is \"true\". It may be set to \"false\" if the cluster load-balancer does not rely on NodePorts.  If the caller requests specific NodePorts (by specifying a value), those requests will be respected, regardless of this field. This field may only be set for services with type LoadBalancer and will be cleared if the type is changed to any other type."),
        field("loadBalancerClass", 21, Shape::String, Given)
            .doc("loadBalancerClass is the class of the load balancer implementation this Service belongs to. If specified, the value of this field must be a label-style identifier, with an optional prefix, e.g. \"internal-vip\" or \"example.com/internal-vip\". Unprefixed names are reserved for end-users. This field can only be set when the Service type is 'LoadBalancer'. If not set, the default load balancer implementation is used, today this is typically done through the cloud provider integration, but should apply for any default implementation. If set, it is assumed that a load balancer implementation is watching for Services with a matching class. Any default load balancer implementation (e.g. cloud providers) should ignore Services that set this field. This field can only be set when creating or updating a Service to type 'LoadBalancer'. Once set, it can not be changed. This field will be wiped when a service is updated to a non 'LoadBalancer' type."),
        field("internalTrafficPolicy", 22, Shape::String, Given)
            .one_of(&[Borrowed("Cluster"), Borrowed("Local")])
            .doc("InternalTrafficPolicy describes how nodes distribute service traffic they receive on the ClusterIP. If set to \"Local\", the proxy will assume that pods only want to talk to endpoints of the service on the same node as the pod, dropping the traffic if there are no local endpoints. The default value, \"Cluster\", uses the standard behavior of routing to all endpoints evenly (possibly modified by topology and other features)."),
        field("trafficDistribution", 23, Shape::String, Given)
            .doc("TrafficDistribution offers a way to express preferences for how traffic is distributed to Service endpoints. Implementations can use this field as a hint, but are not required to guarantee strict adherence. If the field is not set, the implementation will apply its default routing strategy. If set to \"PreferClose\", implementations should prioritize endpoints that are in the same zone."),
    ];
    static NAMES: [(Text, u16); 20] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ServiceSpec",
        "ServiceSpec describes the attributes that a user creates on a service.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.ServiceStatus`.
pub static SERVICE_STATUS: Type = {
    static FIELDS: [Field; 2] = [
        field("loadBalancer", 1, object(&LOAD_BALANCER_STATUS), Always)
            .doc("LoadBalancer contains the current status of the load-balancer, if one is present."),
        field("conditions", 2, list(&Shape::Struct(TypeRef::Static(&super::meta_v1::CONDITION))), NonZero).keyed(&[Borrowed("type")]).merge("type")
            .doc("Current service state"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.ServiceStatus",
        "ServiceStatus represents the current status of a service.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.SessionAffinityConfig`.
pub static SESSION_AFFINITY_CONFIG: Type = {
    static FIELDS: [Field; 1] = [
        field("clientIP", 1, object(&CLIENT_IP_CONFIG), Given)
            .doc("clientIP contains the configurations of Client IP based session affinity."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.SessionAffinityConfig",
        "SessionAffinityConfig represents the configurations of session affinity.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.SleepAction`.
pub static SLEEP_ACTION: Type = {
    static FIELDS: [Field; 1] = [
        field("seconds", 1, Shape::Int64, Always).required()
            .doc("Seconds is the number of seconds to sleep."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.SleepAction",
        "SleepAction describes a \"sleep\" action.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.StorageOSPersistentVolumeSource`.
pub static STORAGE_OS_PERSISTENT_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 5] = [
        field("volumeName", 1, Shape::String, NonZero)
            .doc("volumeName is the human-readable name of the StorageOS volume.  Volume names are only unique within a namespace."),
        field("volumeNamespace", 2, Shape::String, NonZero)
            .doc("volumeNamespace specifies the scope of the volume within StorageOS.  If no namespace is specified then the Pod's namespace will be used.  This allows the Kubernetes name scoping to be mirrored within StorageOS for tighter integration. Set VolumeName to any name to override the default behaviour. Set to \"default\" if you are not using namespaces within StorageOS. Namespaces that do not pre-exist within StorageOS will be created."),
        field("fsType", 3, Shape::String, NonZero)
            .doc("fsType is the filesystem type to mount. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified."),
        field("readOnly", 4, Shape::Bool, NonZero)
            .doc("readOnly defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts."),
        field("secretRef", 5, object(&OBJECT_REFERENCE), Given)
            .doc("secretRef specifies the secret to use for obtaining the StorageOS API credentials.  If not specified, default values will be attempted."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.StorageOSPersistentVolumeSource",
        "Represents a StorageOS persistent volume resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.StorageOSVolumeSource`.
pub static STORAGE_OS_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 5] = [
        field("volumeName", 1, Shape::String, NonZero)
            .doc("volumeName is the human-readable name of the StorageOS volume.  Volume names are only unique within a namespace."),
        field("volumeNamespace", 2, Shape::String, NonZero)
            .doc("volumeNamespace specifies the scope of the volume within StorageOS.  If no namespace is specified then the Pod's namespace will be used.  This allows the Kubernetes name scoping to be mirrored within StorageOS for tighter integration. Set VolumeName to any name to override the default behaviour. Set to \"default\" if you are not using namespaces within StorageOS. Namespaces that do not pre-exist within StorageOS will be created."),
        field("fsType", 3, Shape::String, NonZero)
            .doc("fsType is the filesystem type to mount. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified."),
        field("readOnly", 4, Shape::Bool, NonZero)
            .doc("readOnly defaults to false (read/write). ReadOnly here will force the ReadOnly setting in VolumeMounts."),
        field("secretRef", 5, object(&LOCAL_OBJECT_REFERENCE), Given)
            .doc("secretRef specifies the secret to use for obtaining the StorageOS API credentials.  If not specified, default values will be attempted."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.StorageOSVolumeSource",
        "Represents a StorageOS persistent volume resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Sysctl`.
pub static SYSCTL: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name of a property to set"),
        field("value", 2, Shape::String, Always).required()
            .doc("Value of a property to set"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.Sysctl",
        "Sysctl defines a kernel parameter to be set",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.TCPSocketAction`.
pub static TCP_SOCKET_ACTION: Type = {
    static FIELDS: [Field; 2] = [
        field("port", 1, Shape::IntOrString, Always).required()
            .doc("Number or name of the port to access on the container. Number must be in the range 1 to 65535. Name must be an IANA_SVC_NAME."),
        field("host", 2, Shape::String, NonZero)
            .doc("Optional: Host name to connect to, defaults to the pod IP."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.TCPSocketAction",
        "TCPSocketAction describes an action based on opening a socket",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Taint`.
pub static TAINT: Type = {
    static FIELDS: [Field; 4] = [
        field("key", 1, Shape::String, Always).required()
            .doc("Required. The taint key to be applied to a node."),
        field("value", 2, Shape::String, NonZero)
            .doc("The taint value corresponding to the taint key."),
        field("effect", 3, Shape::String, Always).required()
            .one_of(&[Borrowed("NoExecute"), Borrowed("NoSchedule"), Borrowed("PreferNoSchedule")])
            .doc("Required. The effect of the taint on pods that do not tolerate the taint. Valid effects are NoSchedule, PreferNoSchedule and NoExecute."),
        field("timeAdded", 4, Shape::Time, Given)
            .doc("TimeAdded represents the time at which the taint was added."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.Taint",
        "The node this Taint is attached to has the \"effect\" on any pod that does not tolerate the Taint.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Toleration`.
pub static TOLERATION: Type = {
    static FIELDS: [Field; 5] = [
        field("key", 1, Shape::String, NonZero)
            .doc("Key is the taint key that the toleration applies to. Empty means match all taint keys. If the key is empty, operator must be Exists; this combination means to match all values and all keys."),
        field("operator", 2, Shape::String, NonZero)
            .one_of(&[Borrowed("Equal"), Borrowed("Exists"), Borrowed("Gt"), Borrowed("Lt")])
            .doc("Operator represents a key's relationship to the value. Valid operators are Exists, Equal, Lt, and Gt. Defaults to Equal. Exists is equivalent to wildcard for value, so that a pod can tolerate all taints of a particular category. Lt and Gt perform numeric comparisons (requires feature gate TaintTolerationComparisonOperators)."),
        field("value", 3, Shape::String, NonZero)
            .doc("Value is the taint value the toleration matches to. If the operator is Exists, the value should be empty, otherwise just a regular string."),
        field("effect", 4, Shape::String, NonZero)
            .one_of(&[Borrowed("NoExecute"), Borrowed("NoSchedule"), Borrowed("PreferNoSchedule")])
            .doc("Effect indicates the taint effect to match. Empty means match all taint effects. When specified, allowed values are NoSchedule, PreferNoSchedule and NoExecute."),
        field("tolerationSeconds", 5, Shape::Int64, Given)
            .doc("TolerationSeconds represents the period of time the toleration (which must be of effect NoExecute, otherwise this field is ignored) tolerates the taint. By default, it is not set, which means tolerate the taint forever (do not evict). Zero and negative values will be treated as 0 (evict immediately) by the system."),
    ];
    static NAMES: [(Text, u16); 5] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.Toleration",
        "The pod this Toleration is attached to tolerates any taint that matches the triple <key,value,effect> using the matching operator <operator>.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.TopologySelectorLabelRequirement`.
pub static TOPOLOGY_SELECTOR_LABEL_REQUIREMENT: Type = {
    static FIELDS: [Field; 2] = [
        field("key", 1, Shape::String, Always).required()
            .doc("The label key that the selector applies to."),
        field("values", 2, list(&Shape::String), Null).required()
            .doc("An array of string values. One value must match the label to be selected. Each entry in Values is ORed."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.TopologySelectorLabelRequirement",
        "A topology selector requirement is a selector that matches given label. This is an alpha feature and may change in the future.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.TopologySelectorTerm`.
pub static TOPOLOGY_SELECTOR_TERM: Type = {
    static FIELDS: [Field; 1] = [
        field("matchLabelExpressions", 1, list(&Shape::Struct(TypeRef::Static(&TOPOLOGY_SELECTOR_LABEL_REQUIREMENT))), NonZero)
            .doc("A list of topology selector requirements by labels."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.TopologySelectorTerm",
        "A topology selector term represents the result of label queries. A null or empty topology selector term matches no objects. The requirements of them are ANDed. It provides a subset of functionality as NodeSelectorTerm. This is an alpha feature and may change in the future.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.TopologySpreadConstraint`.
pub static TOPOLOGY_SPREAD_CONSTRAINT: Type = {
    static FIELDS: [Field; 8] = [
        field("maxSkew", 1, Shape::Int32, Always).required()
            .doc("MaxSkew describes the degree to which pods may be unevenly distributed. When `whenUnsatisfiable=DoNotSchedule`, it is the maximum permitted difference between the number of matching pods in the target topology and the global minimum. The global minimum is the minimum number of matching pods in an eligible domain or zero if the number of eligible domains is less than MinDomains. For example, in a 3-zone cluster, MaxSkew is set to 1, and pods with the same labelSelector spread as 2/2/1: In this case, the global minimum is 1. | zone1 | zone2 | zone3 | |  P P  |  P P  |   P   | - if MaxSkew is 1, incoming pod can only be scheduled to zone3 to become 2/2/2; scheduling it onto zone1(zone2) would make the ActualSkew(3-1) on zone1(zone2) violate MaxSkew(1). - if MaxSkew is 2, incoming pod can be scheduled onto any zone. When `whenUnsatisfiable=ScheduleAnyway`, it is used to give higher precedence to topologies that satisfy it. It's a required field. Default value is 1 and 0 is not allowed."),
        field("topologyKey", 2, Shape::String, Always).required()
            .doc("TopologyKey is the key of node labels. Nodes that have a label with this key and identical values are considered to be in the same topology. We consider each <key, value> as a \"bucket\", and try to put balanced number of pods into each bucket. We define a domain as a particular instance of a topology. Also, we define an eligible domain as a domain whose nodes meet the requirements of nodeAffinityPolicy and nodeTaintsPolicy. e.g. If TopologyKey is \"kubernetes.io/hostname\", each Node is a domain of that topology. And, if TopologyKey is \"topology.kubernetes.io/zone\", each zone is a domain of that topology. It's a required field."),
        field("whenUnsatisfiable", 3, Shape::String, Always).required()
            .one_of(&[Borrowed("DoNotSchedule"), Borrowed("ScheduleAnyway")])
            .doc("WhenUnsatisfiable indicates how to deal with a pod if it doesn't satisfy the spread constraint. - DoNotSchedule (default) tells the scheduler not to schedule it. - ScheduleAnyway tells the scheduler to schedule the pod in any location,\n  but giving higher precedence to topologies that would help reduce the\n  skew.\nA constraint is considered \"Unsatisfiable\" for an incoming pod if and only if every possible node assignment for that pod would violate \"MaxSkew\" on some topology. For example, in a 3-zone cluster, MaxSkew is set to 1, and pods with the same labelSelector spread as 3/1/1: | zone1 | zone2 | zone3 | | P P P |   P   |   P   | If WhenUnsatisfiable is set to DoNotSchedule, incoming pod can only be scheduled to zone2(zone3) to become 3/2/1(3/1/2) as ActualSkew(2-1) on zone2(zone3) satisfies MaxSkew(1). In other words, the cluster can still be imbalanced, but scheduler won't make it *more* imbalanced. It's a required field."),
        field("labelSelector", 4, object(&super::meta_v1::LABEL_SELECTOR), Given)
            .doc("LabelSelector is used to find matching pods. Pods that match this label selector are counted to determine the number of pods in their corresponding topology domain."),
        field("minDomains", 5, Shape::Int32, Given)
            .doc("MinDomains indicates a minimum number of eligible domains. When the number of eligible domains with matching topology keys is less than minDomains, Pod Topology Spread treats \"global minimum\" as 0, and then the calculation of Skew is performed. And when the number of eligible domains with matching topology keys equals or greater than minDomains, this value has no effect on scheduling. As a result, when the number of eligible domains is less than minDomains, scheduler won't schedule more than maxSkew Pods to those domains. If value is nil, the constraint behaves as if MinDomains is equal to 1. Valid values are integers greater than 0. When value is not nil, WhenUnsatisfiable must be DoNotSchedule.\n\nFor example, in a 3-zone cluster, MaxSkew is set to 2, MinDomains is set to 5 and pods with the same labelSelector spread as 2/2/2: | zone1 | zone2 | zone3 | |  P P  |  P P  |  P P  | The number of domains is less than 5(MinDomains), so \"global minimum\" is treated as 0. In this situation, new pod with the same labelSelector cannot be scheduled, because computed skew will be 3(3 - 0) if new Pod is scheduled to any of the three zones, it will violate MaxSkew."),
        field("nodeAffinityPolicy", 6, Shape::String, Given)
            .one_of(&[Borrowed("Honor"), Borrowed("Ignore")])
            .doc("NodeAffinityPolicy indicates how we will treat Pod's nodeAffinity/nodeSelector when calculating pod topology spread skew. Options are: - Honor: only nodes matching nodeAffinity/nodeSelector are included in the calculations. - Ignore: nodeAffinity/nodeSelector are ignored. All nodes are included in the calculations.\n\nIf this value is nil, the behavior is equivalent to the Honor policy."),
        field("nodeTaintsPolicy", 7, Shape::String, Given)
            .one_of(&[Borrowed("Honor"), Borrowed("Ignore")])
            .doc("NodeTaintsPolicy indicates how we will treat node taints when calculating pod topology spread skew. Options are: - Honor: nodes without taints, along with tainted nodes for which the incoming pod has a toleration, are included. - Ignore: node taints are ignored. All nodes are included.\n\nIf this value is nil, the behavior is equivalent to the Ignore policy."),
        field("matchLabelKeys", 8, list(&Shape::String), NonZero)
            .doc("MatchLabelKeys is a set of pod label keys to select the pods over which spreading will be calculated. The keys are used to lookup values from the incoming pod labels, those key-value labels are ANDed with labelSelector to select the group of existing pods over which spreading will be calculated for the incoming pod. The same key is forbidden to exist in both MatchLabelKeys and LabelSelector. MatchLabelKeys cannot be set when LabelSelector isn't set. Keys that don't exist in the incoming pod labels will be ignored. A null or empty list means only match against labelSelector.\n\nThis is a beta field and requires the MatchLabelKeysInPodTopologySpread feature gate to be enabled (enabled by default)."),
    ];
    static NAMES: [(Text, u16); 8] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.TopologySpreadConstraint",
        "TopologySpreadConstraint specifies how to spread matching pods among the given topology.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.TypedLocalObjectReference`.
pub static TYPED_LOCAL_OBJECT_REFERENCE: Type = {
    static FIELDS: [Field; 3] = [
        field("apiGroup", 1, Shape::String, Null)
            .doc("APIGroup is the group for the resource being referenced. If APIGroup is not specified, the specified Kind must be in the core API group. For any other third-party types, APIGroup is required."),
        field("kind", 2, Shape::String, Always).required()
            .doc("Kind is the type of resource being referenced"),
        field("name", 3, Shape::String, Always).required()
            .doc("Name is the name of resource being referenced"),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    atomic(ty(
        "io.k8s.api.core.v1.TypedLocalObjectReference",
        "TypedLocalObjectReference contains enough information to let you locate the typed referenced object inside the same namespace.",
        &FIELDS,
        &NAMES,
        &KINDS,
    ))
};

/// `io.k8s.api.core.v1.TypedObjectReference`.
pub static TYPED_OBJECT_REFERENCE: Type = {
    static FIELDS: [Field; 4] = [
        field("apiGroup", 1, Shape::String, Null)
            .doc("APIGroup is the group for the resource being referenced. If APIGroup is not specified, the specified Kind must be in the core API group. For any other third-party types, APIGroup is required."),
        field("kind", 2, Shape::String, Always).required()
            .doc("Kind is the type of resource being referenced"),
        field("name", 3, Shape::String, Always).required()
            .doc("Name is the name of resource being referenced"),
        field("namespace", 4, Shape::String, Given)
            .doc("Namespace is the namespace of resource being referenced Note that when a namespace is specified, a gateway.networking.k8s.io/ReferenceGrant object is required in the referent namespace to allow that namespace's owner to accept the reference. See the ReferenceGrant documentation for details. (Alpha) This field requires the CrossNamespaceVolumeDataSource feature gate to be enabled."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.TypedObjectReference",
        "TypedObjectReference contains enough information to let you locate the typed referenced object",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.Volume`.
pub static VOLUME: Type = {
    static FIELDS: [Field; 31] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name of the volume. Must be a DNS_LABEL and unique within the pod. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names"),
        field("hostPath", 1, object(&HOST_PATH_VOLUME_SOURCE), Given).within(&[2])
            .doc("hostPath represents a pre-existing file or directory on the host machine that is directly exposed to the container. This is generally used for system agents or other privileged things that are allowed to see the host machine. Most containers will NOT need this. More info: https://kubernetes.io/docs/concepts/storage/volumes#hostpath"),
        field("emptyDir", 2, object(&EMPTY_DIR_VOLUME_SOURCE), Given).within(&[2])
            .doc("emptyDir represents a temporary directory that shares a pod's lifetime. More info: https://kubernetes.io/docs/concepts/storage/volumes#emptydir"),
        field("gcePersistentDisk", 3, object(&GCE_PERSISTENT_DISK_VOLUME_SOURCE), Given).within(&[2])
            .doc("gcePersistentDisk represents a GCE Disk resource that is attached to a kubelet's host machine and then exposed to the pod. Deprecated: GCEPersistentDisk is deprecated. All operations for the in-tree gcePersistentDisk type are redirected to the pd.csi.storage.gke.io CSI driver. More info: https://kubernetes.io/docs/concepts/storage/volumes#gcepersistentdisk"),
        field("awsElasticBlockStore", 4, object(&AWS_ELASTIC_BLOCK_STORE_VOLUME_SOURCE), Given).within(&[2])
            .doc("awsElasticBlockStore represents an AWS Disk resource that is attached to a kubelet's host machine and then exposed to the pod. Deprecated: AWSElasticBlockStore is deprecated. All operations for the in-tree awsElasticBlockStore type are redirected to the ebs.csi.aws.com CSI driver. More info: https://kubernetes.io/docs/concepts/storage/volumes#awselasticblockstore"),
        field("gitRepo", 5, object(&GIT_REPO_VOLUME_SOURCE), Given).within(&[2])
            .doc("gitRepo represents a git repository at a particular revision. Deprecated: GitRepo is deprecated. To provision a container with a git repo, mount an EmptyDir into an InitContainer that clones the repo using git, then mount the EmptyDir into the Pod's container."),
        field("secret", 6, object(&SECRET_VOLUME_SOURCE), Given).within(&[2])
            .doc("secret represents a secret that should populate this volume. More info: https://kubernetes.io/docs/concepts/storage/volumes#secret"),
        field("nfs", 7, object(&NFS_VOLUME_SOURCE), Given).within(&[2])
            .doc("nfs represents an NFS mount on the host that shares a pod's lifetime More info: https://kubernetes.io/docs/concepts/storage/volumes#nfs"),
        field("iscsi", 8, object(&ISCSI_VOLUME_SOURCE), Given).within(&[2])
            .doc("iscsi represents an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod. More info: https://kubernetes.io/docs/concepts/storage/volumes/#iscsi"),
        field("glusterfs", 9, object(&GLUSTERFS_VOLUME_SOURCE), Given).within(&[2])
            .doc("glusterfs represents a Glusterfs mount on the host that shares a pod's lifetime. Deprecated: Glusterfs is deprecated and the in-tree glusterfs type is no longer supported."),
        field("persistentVolumeClaim", 10, object(&PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE), Given).within(&[2])
            .doc("persistentVolumeClaimVolumeSource represents a reference to a PersistentVolumeClaim in the same namespace. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#persistentvolumeclaims"),
        field("rbd", 11, object(&RBD_VOLUME_SOURCE), Given).within(&[2])
            .doc("rbd represents a Rados Block Device mount on the host that shares a pod's lifetime. Deprecated: RBD is deprecated and the in-tree rbd type is no longer supported."),
        field("flexVolume", 12, object(&FLEX_VOLUME_SOURCE), Given).within(&[2])
            .doc("flexVolume represents a generic volume resource that is provisioned/attached using an exec based plugin. Deprecated: FlexVolume is deprecated. Consider using a CSIDriver instead."),
        field("cinder", 13, object(&CINDER_VOLUME_SOURCE), Given).within(&[2])
            .doc("cinder represents a cinder volume attached and mounted on kubelets host machine. Deprecated: Cinder is deprecated. All operations for the in-tree cinder type are redirected to the cinder.csi.openstack.org CSI driver. More info: https://examples.k8s.io/mysql-cinder-pd/README.md"),
        field("cephfs", 14, object(&CEPH_FS_VOLUME_SOURCE), Given).within(&[2])
            .doc("cephFS represents a Ceph FS mount on the host that shares a pod's lifetime. Deprecated: CephFS is deprecated and the in-tree cephfs type is no longer supported."),
        field("flocker", 15, object(&FLOCKER_VOLUME_SOURCE), Given).within(&[2])
            .doc("flocker represents a Flocker volume attached to a kubelet's host machine. This depends on the Flocker control service being running. Deprecated: Flocker is deprecated and the in-tree flocker type is no longer supported."),
        field("downwardAPI", 16, object(&DOWNWARD_API_VOLUME_SOURCE), Given).within(&[2])
            .doc("downwardAPI represents downward API about the pod that should populate this volume"),
        field("fc", 17, object(&FC_VOLUME_SOURCE), Given).within(&[2])
            .doc("fc represents a Fibre Channel resource that is attached to a kubelet's host machine and then exposed to the pod."),
        field("azureFile", 18, object(&AZURE_FILE_VOLUME_SOURCE), Given).within(&[2])
            .doc("azureFile represents an Azure File Service mount on the host and bind mount to the pod. Deprecated: AzureFile is deprecated. All operations for the in-tree azureFile type are redirected to the file.csi.azure.com CSI driver."),
        field("configMap", 19, object(&CONFIG_MAP_VOLUME_SOURCE), Given).within(&[2])
            .doc("configMap represents a configMap that should populate this volume"),
        field("vsphereVolume", 20, object(&VSPHERE_VIRTUAL_DISK_VOLUME_SOURCE), Given).within(&[2])
            .doc("vsphereVolume represents a vSphere volume attached and mounted on kubelets host machine. Deprecated: VsphereVolume is deprecated. All operations for the in-tree vsphereVolume type are redirected to the csi.vsphere.vmware.com CSI driver."),
        field("quobyte", 21, object(&QUOBYTE_VOLUME_SOURCE), Given).within(&[2])
            .doc("quobyte represents a Quobyte mount on the host that shares a pod's lifetime. Deprecated: Quobyte is deprecated and the in-tree quobyte type is no longer supported."),
        field("azureDisk", 22, object(&AZURE_DISK_VOLUME_SOURCE), Given).within(&[2])
            .doc("azureDisk represents an Azure Data Disk mount on the host and bind mount to the pod. Deprecated: AzureDisk is deprecated. All operations for the in-tree azureDisk type are redirected to the disk.csi.azure.com CSI driver."),
        field("photonPersistentDisk", 23, object(&PHOTON_PERSISTENT_DISK_VOLUME_SOURCE), Given).within(&[2])
            .doc("photonPersistentDisk represents a PhotonController persistent disk attached and mounted on kubelets host machine. Deprecated: PhotonPersistentDisk is deprecated and the in-tree photonPersistentDisk type is no longer supported."),
        field("projected", 26, object(&PROJECTED_VOLUME_SOURCE), Given).within(&[2])
            .doc("projected items for all in one resources secrets, configmaps, and downward API"),
        field("portworxVolume", 24, object(&PORTWORX_VOLUME_SOURCE), Given).within(&[2])
            .doc("portworxVolume represents a portworx volume attached and mounted on kubelets host machine. Deprecated: PortworxVolume is deprecated. All operations for the in-tree portworxVolume type are redirected to the pxd.portworx.com CSI driver when the CSIMigrationPortworx feature-gate is on."),
        field("scaleIO", 25, object(&SCALE_IO_VOLUME_SOURCE), Given).within(&[2])
            .doc("scaleIO represents a ScaleIO persistent volume attached and mounted on Kubernetes nodes. Deprecated: ScaleIO is deprecated and the in-tree scaleIO type is no longer supported."),
        field("storageos", 27, object(&STORAGE_OS_VOLUME_SOURCE), Given).within(&[2])
            .doc("storageOS represents a StorageOS volume attached and mounted on Kubernetes nodes. Deprecated: StorageOS is deprecated and the in-tree storageos type is no longer supported."),
        field("csi", 28, object(&CSI_VOLUME_SOURCE), Given).within(&[2])
            .doc("csi (Container Storage Interface) represents ephemeral storage that is handled by certain external CSI drivers."),
        field("ephemeral", 29, object(&EPHEMERAL_VOLUME_SOURCE), Given).within(&[2])
            .doc("ephemeral represents a volume that is handled by a cluster storage driver. The volume's lifecycle is tied to the pod that defines it - it will be created before the pod starts, and deleted when the pod is removed.\n\nUse this if: a) the volume is only needed while the pod runs, b) features of normal volumes like restoring from snapshot or capacity\n   tracking are needed,\nc) the storage driver is specified through a storage class, and d) the storage driver supports dynamic volume provisioning through\n   a PersistentVolumeClaim (see EphemeralVolumeSource for more\n   information on the connection between this volume type\n   and PersistentVolumeClaim).\n\nUse PersistentVolumeClaim or one of the vendor-specific APIs for volumes that persist for longer than the lifecycle of an individual pod.\n\nUse CSI for light-weight local ephemeral volumes if the CSI driver is meant to be used that way - see the documentation of the driver for more information.\n\nA pod can use both types of ephemeral volumes and persistent volumes at the same time."),
        field("image", 30, object(&IMAGE_VOLUME_SOURCE), Given).within(&[2])
            .doc("image represents an OCI object (a container image or artifact) pulled and mounted on the kubelet's host machine. The volume is resolved at pod startup depending on which PullPolicy value is provided:\n\n- Always: the kubelet always attempts to pull the reference. Container creation will fail If the pull fails. - Never: the kubelet never pulls the reference and only uses a local image or artifact. Container creation will fail if the reference isn't present. - IfNotPresent: the kubelet pulls if the reference isn't already present on disk. Container creation will fail if the reference isn't present and the pull fails.\n\nThe volume gets re-resolved if the pod gets deleted and recreated, which means that new remote content will become available on pod recreation. A failure to resolve or pull the image during pod startup will block containers from starting and may add significant latency. Failures will be retried using normal volume backoff and will be reported on the pod reason and message. The types of objects that may be mounted by this volume are defined by the container runtime implementation on a host machine and at minimum must include all valid types supported by the container image field. The OCI object gets mounted in a single directory (spec.containers[*].volumeMounts.mountPath) by merging the manifest layers in the same way as for container images. The volume will be mounted read-only (ro) and non-executable files (noexec). Sub path mounts for containers are not supported (spec.containers[*].volumeMounts.subpath) before 1.33. The field spec.securityContext.fsGroupChangePolicy has no effect on this volume type."),
    ];
    static NAMES: [(Text, u16); 31] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.Volume",
        "Volume represents a named volume in a pod that may be accessed by any container in the pod.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.VolumeDevice`.
pub static VOLUME_DEVICE: Type = {
    static FIELDS: [Field; 2] = [
        field("name", 1, Shape::String, Always).required()
            .doc("name must match the name of a persistentVolumeClaim in the pod"),
        field("devicePath", 2, Shape::String, Always).required()
            .doc("devicePath is the path inside of the container that the device will be mapped to."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.VolumeDevice",
        "volumeDevice describes a mapping of a raw block device within a container.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.VolumeMount`.
pub static VOLUME_MOUNT: Type = {
    static FIELDS: [Field; 7] = [
        field("name", 1, Shape::String, Always).required()
            .doc("This must match the Name of a Volume."),
        field("readOnly", 2, Shape::Bool, NonZero)
            .doc("Mounted read-only if true, read-write otherwise (false or unspecified). Defaults to false."),
        field("recursiveReadOnly", 7, Shape::String, Given)
            .doc("RecursiveReadOnly specifies whether read-only mounts should be handled recursively.\n\nIf ReadOnly is false, this field has no meaning and must be unspecified.\n\nIf ReadOnly is true, and this field is set to Disabled, the mount is not made recursively read-only.  If this field is set to IfPossible, the mount is made recursively read-only, if it is supported by the container runtime.  If this field is set to Enabled, the mount is made recursively read-only if it is supported by the container runtime, otherwise the pod will not be started and an error will be generated to indicate the reason.\n\nIf this field is set to IfPossible or Enabled, MountPropagation must be set to None (or be unspecified, which defaults to None).\n\nIf this field is not specified, it is treated as an equivalent of Disabled."),
        field("mountPath", 3, Shape::String, Always).required()
            .doc("Path within the container at which the volume should be mounted.  Must not contain ':'."),
        field("subPath", 4, Shape::String, NonZero)
            .doc("Path within the volume from which the container's volume should be mounted. Defaults to \"\" (volume's root)."),
        field("mountPropagation", 5, Shape::String, Given)
            .one_of(&[Borrowed("Bidirectional"), Borrowed("HostToContainer"), Borrowed("None")])
            .doc("mountPropagation determines how mounts are propagated from the host to container and the other way around. When not set, MountPropagationNone is used. This field is beta in 1.10. When RecursiveReadOnly is set to IfPossible or to Enabled, MountPropagation must be None or unspecified (which defaults to None)."),
        field("subPathExpr", 6, Shape::String, NonZero)
            .doc("Expanded path within the volume from which the container's volume should be mounted. Behaves similarly to SubPath but environment variable references $(VAR_NAME) are expanded using the container's environment. Defaults to \"\" (volume's root). SubPathExpr and SubPath are mutually exclusive."),
    ];
    static NAMES: [(Text, u16); 7] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.VolumeMount",
        "VolumeMount describes a mounting of a Volume within a container.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.VolumeMountStatus`.
pub static VOLUME_MOUNT_STATUS: Type = {
    static FIELDS: [Field; 4] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name corresponds to the name of the original VolumeMount."),
        field("mountPath", 2, Shape::String, Always).required()
            .doc("MountPath corresponds to the original VolumeMount."),
        field("readOnly", 3, Shape::Bool, NonZero)
            .doc("ReadOnly corresponds to the original VolumeMount."),
        field("recursiveReadOnly", 4, Shape::String, Given)
            .doc("RecursiveReadOnly must be set to Disabled, Enabled, or unspecified (for non-readonly mounts). An IfPossible value in the original VolumeMount must be translated to Disabled or Enabled, depending on the mount result."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.VolumeMountStatus",
        "VolumeMountStatus shows status of volume mounts.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.VolumeNodeAffinity`.
pub static VOLUME_NODE_AFFINITY: Type = {
    static FIELDS: [Field; 1] = [
        field("required", 1, object(&NODE_SELECTOR), Given)
            .doc("required specifies hard node constraints that must be met."),
    ];
    static NAMES: [(Text, u16); 1] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.VolumeNodeAffinity",
        "VolumeNodeAffinity defines constraints that limit what nodes this volume can be accessed from.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.VolumeProjection`.
pub static VOLUME_PROJECTION: Type = {
    static FIELDS: [Field; 6] = [
        field("secret", 1, object(&SECRET_PROJECTION), Given)
            .doc("secret information about the secret data to project"),
        field("downwardAPI", 2, object(&DOWNWARD_API_PROJECTION), Given)
            .doc("downwardAPI information about the downwardAPI data to project"),
        field("configMap", 3, object(&CONFIG_MAP_PROJECTION), Given)
            .doc("configMap information about the configMap data to project"),
        field("serviceAccountToken", 4, object(&SERVICE_ACCOUNT_TOKEN_PROJECTION), Given)
            .doc("serviceAccountToken is information about the serviceAccountToken data to project"),
        field("clusterTrustBundle", 5, object(&CLUSTER_TRUST_BUNDLE_PROJECTION), Given)
            .doc("ClusterTrustBundle allows a pod to access the `.spec.trustBundle` field of ClusterTrustBundle objects in an auto-updating file.\n\nAlpha, gated by the ClusterTrustBundleProjection feature gate.\n\nClusterTrustBundle objects can either be selected by name, or by the combination of signer name and a label selector.\n\nKubelet performs aggressive normalization of the PEM contents written into the pod filesystem.  Esoteric PEM features such as inter-block comments and block headers are stripped.  Certificates are deduplicated. The ordering of certificates within the file is arbitrary, and Kubelet may change the order over time."),
        field("podCertificate", 6, object(&POD_CERTIFICATE_PROJECTION), Given)
            .doc("Projects an auto-rotating credential bundle (private key and certificate chain) that the pod can use either as a TLS client or server.\n\nKubelet generates a private key and uses it to send a PodCertificateRequest to the named signer.  Once the signer approves the request and issues a certificate chain, Kubelet writes the key and certificate chain to the pod filesystem.  The pod does not start until certificates have been issued for each podCertificate projected volume source in its spec.\n\nKubelet will begin trying to rotate the certificate at the time indicated by the signer using the PodCertificateRequest.Status.BeginRefreshAt timestamp.\n\nKubelet can write a single file, indicated by the credentialBundlePath field, or separate files, indicated by the keyPath and certificateChainPath fields.\n\nThe credential bundle is a single file in PEM format.  The first PEM entry is the private key (in PKCS#8 format), and the remaining PEM entries are the certificate chain issued by the signer (typically, signers will return their certificate chain in leaf-to-root order).\n\nPrefer using the credential bundle format, since your application code can read it atomically.  If you use keyPath and certificateChainPath, your application must make two separate file reads. If these coincide with a certificate rotation, it is possible that the private key and leaf certificate you read may not correspond to each other.  Your application will need to check for this condition, and re-read until they are consistent.\n\nThe named signer controls chooses the format of the certificate it issues; consult the signer implementation's documentation to learn how to use the certificates it issues."),
    ];
    static NAMES: [(Text, u16); 6] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.VolumeProjection",
        "Projection that may be projected along with other supported volume types. Exactly one of these fields must be set.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.VolumeResourceRequirements`.
pub static VOLUME_RESOURCE_REQUIREMENTS: Type = {
    static FIELDS: [Field; 2] = [
        field("limits", 1, map(&Shape::Quantity), NonZero)
            .doc("Limits describes the maximum amount of compute resources allowed. More info: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"),
        field("requests", 2, map(&Shape::Quantity), NonZero)
            .doc("Requests describes the minimum amount of compute resources required. If Requests is omitted for a container, it defaults to Limits if that is explicitly specified, otherwise to an implementation-defined value. Requests cannot exceed Limits. More info: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.VolumeResourceRequirements",
        "VolumeResourceRequirements describes the storage resource requirements for a volume.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource`.
pub static VSPHERE_VIRTUAL_DISK_VOLUME_SOURCE: Type = {
    static FIELDS: [Field; 4] = [
        field("volumePath", 1, Shape::String, Always).required()
            .doc("volumePath is the path that identifies vSphere volume vmdk"),
        field("fsType", 2, Shape::String, NonZero)
            .doc("fsType is filesystem type to mount. Must be a filesystem type supported by the host operating system. Ex. \"ext4\", \"xfs\", \"ntfs\". Implicitly inferred to be \"ext4\" if unspecified."),
        field("storagePolicyName", 3, Shape::String, NonZero)
            .doc("storagePolicyName is the storage Policy Based Management (SPBM) profile name."),
        field("storagePolicyID", 4, Shape::String, NonZero)
            .doc("storagePolicyID is the storage Policy Based Management (SPBM) profile ID associated with the StoragePolicyName."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource",
        "Represents a vSphere volume resource.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.WeightedPodAffinityTerm`.
pub static WEIGHTED_POD_AFFINITY_TERM: Type = {
    static FIELDS: [Field; 2] = [
        field("weight", 1, Shape::Int32, Always).required()
            .doc("weight associated with matching the corresponding podAffinityTerm, in the range 1-100."),
        field("podAffinityTerm", 2, object(&POD_AFFINITY_TERM), Always).required()
            .doc("Required. A pod affinity term, associated with the corresponding weight."),
    ];
    static NAMES: [(Text, u16); 2] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.WeightedPodAffinityTerm",
        "The weights of all of the matched WeightedPodAffinityTerm fields are added per-node to find the most preferred node(s)",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.WindowsSecurityContextOptions`.
pub static WINDOWS_SECURITY_CONTEXT_OPTIONS: Type = {
    static FIELDS: [Field; 4] = [
        field("gmsaCredentialSpecName", 1, Shape::String, Given)
            .doc("GMSACredentialSpecName is the name of the GMSA credential spec to use."),
        field("gmsaCredentialSpec", 2, Shape::String, Given)
            .doc("GMSACredentialSpec is where the GMSA admission webhook (https://github.com/kubernetes-sigs/windows-gmsa) inlines the contents of the GMSA credential spec named by the GMSACredentialSpecName field."),
        field("runAsUserName", 3, Shape::String, Given)
            .doc("The UserName in Windows to run the entrypoint of the container process. Defaults to the user specified in image metadata if unspecified. May also be set in PodSecurityContext. If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence."),
        field("hostProcess", 4, Shape::Bool, Given)
            .doc("HostProcess determines if a container should be run as a 'Host Process' container. All of a Pod's containers must have the same effective HostProcess value (it is not allowed to have a mix of HostProcess containers and non-HostProcess containers). In addition, if HostProcess is true then HostNetwork must also be set to true."),
    ];
    static NAMES: [(Text, u16); 4] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.WindowsSecurityContextOptions",
        "WindowsSecurityContextOptions contain Windows-specific options and credentials.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};

/// `io.k8s.api.core.v1.WorkloadReference`.
pub static WORKLOAD_REFERENCE: Type = {
    static FIELDS: [Field; 3] = [
        field("name", 1, Shape::String, Always).required()
            .doc("Name defines the name of the Workload object this Pod belongs to. Workload must be in the same namespace as the Pod. If it doesn't match any existing Workload, the Pod will remain unschedulable until a Workload object is created and observed by the kube-scheduler. It must be a DNS subdomain."),
        field("podGroup", 2, Shape::String, Always).required()
            .doc("PodGroup is the name of the PodGroup within the Workload that this Pod belongs to. If it doesn't match any existing PodGroup within the Workload, the Pod will remain unschedulable until the Workload object is recreated and observed by the kube-scheduler. It must be a DNS label."),
        field("podGroupReplicaKey", 3, Shape::String, NonZero)
            .doc("PodGroupReplicaKey specifies the replica key of the PodGroup to which this Pod belongs. It is used to distinguish pods belonging to different replicas of the same pod group. The pod group policy is applied separately to each replica. When set, it must be a DNS label."),
    ];
    static NAMES: [(Text, u16); 3] = names(&FIELDS);
    static KINDS: [GroupVersionKind; 0] = [
    ];
    ty(
        "io.k8s.api.core.v1.WorkloadReference",
        "WorkloadReference identifies the Workload object and PodGroup membership that a Pod belongs to. The scheduler uses this information to apply workload-aware scheduling semantics.",
        &FIELDS,
        &NAMES,
        &KINDS,
    )
};
