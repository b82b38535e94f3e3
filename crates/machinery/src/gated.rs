//! Fields of features that are off: an object never comes to have them, but keeps those that it has.
//!
//! Kubernetes does so in each kind's strategy; here a walk over the tree finds such fields by type. A feature counts
//! as used when the old object has any of its fields anywhere: then the new one may have all of them.
//! Source: the gates that the API reference names with fields, and "Feature Gates" for their defaults.

use std::collections::{BTreeMap, BTreeSet};

use mizzen_schema::builtin;
use mizzen_schema::table::{Shape, Type};
use mizzen_schema::value::{Struct, Value};

/// How far a feature has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Off unless asked for; `AllAlpha` asks for all.
    Alpha,
    /// May be on by default; `AllBeta` settles all.
    Beta,
}

/// A feature gate that fields hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// As `--feature-gates` names it.
    pub name: &'static str,
    /// How far it has come at the API level.
    pub stage: Stage,
    /// Whether it is on unless told otherwise.
    pub default: bool,
}

const fn alpha(name: &'static str) -> Gate {
    Gate { name, stage: Stage::Alpha, default: false }
}

const fn beta(name: &'static str, default: bool) -> Gate {
    Gate { name, stage: Stage::Beta, default }
}

/// The gates of all fields that have one, by name.
pub const GATES: &[Gate] = &[
    beta("CSIServiceAccountTokenSecrets", true),
    beta("ClusterTrustBundleProjection", false),
    beta("ContainerRestartRules", true),
    alpha("ContainerStopSignals"),
    beta("CoordinatedLeaderElection", false),
    alpha("CrossNamespaceVolumeDataSource"),
    beta("DRAAdminAccess", true),
    alpha("DRAConsumableCapacity"),
    alpha("DRADeviceBindingConditions"),
    alpha("DRADeviceTaints"),
    alpha("DRAExtendedResource"),
    alpha("DRAPartitionableDevices"),
    beta("DRAPrioritizedList", true),
    beta("DRAResourceClaimDeviceStatus", true),
    beta("EnvFiles", true),
    alpha("GenericWorkload"),
    beta("HPAConfigurableTolerance", true),
    beta("HostnameOverride", true),
    beta("ImageVolume", true),
    alpha("InPlacePodLevelResourcesVerticalScaling"),
    beta("MatchLabelKeysInPodTopologySpread", true),
    beta("MaxUnavailableStatefulSet", true),
    beta("MutableCSINodeAllocatableCount", true),
    alpha("NodeDeclaredFeatures"),
    beta("PodCertificateRequest", false),
    beta("PodLevelResources", true),
    beta("ProcMountType", true),
    alpha("ResourceHealthStatus"),
    beta("SELinuxChangePolicy", true),
    beta("SELinuxMountReadWriteOncePod", true),
    beta("UserNamespacesSupport", true),
];

/// Fields of one type that hang on the same gates.
struct Row {
    /// Without the `io.k8s.api.` that all have.
    ty: &'static str,
    fields: &'static [&'static str],
    /// All of them must be on.
    gates: &'static [&'static str],
}

const fn row(ty: &'static str, fields: &'static [&'static str], gates: &'static [&'static str]) -> Row {
    Row { ty, fields, gates }
}

const BINDING: &[&str] = &["DRADeviceBindingConditions", "DRAResourceClaimDeviceStatus"];

/// Objects are looked at in the version in which they are stored.
const ROWS: &[Row] = &[
    row("apps.v1.RollingUpdateStatefulSetStrategy", &["maxUnavailable"], &["MaxUnavailableStatefulSet"]),
    row("autoscaling.v2.HPAScalingRules", &["tolerance"], &["HPAConfigurableTolerance"]),
    row("coordination.v1.LeaseSpec", &["strategy", "preferredHolder"], &["CoordinatedLeaderElection"]),
    row("core.v1.Container", &["restartPolicyRules"], &["ContainerRestartRules"]),
    row("core.v1.ContainerStatus", &["allocatedResourcesStatus"], &["ResourceHealthStatus"]),
    row("core.v1.ContainerStatus", &["stopSignal"], &["ContainerStopSignals"]),
    row("core.v1.EphemeralContainer", &["restartPolicyRules"], &["ContainerRestartRules"]),
    row("core.v1.EnvVarSource", &["fileKeyRef"], &["EnvFiles"]),
    row("core.v1.Lifecycle", &["stopSignal"], &["ContainerStopSignals"]),
    row("core.v1.NodeStatus", &["declaredFeatures"], &["NodeDeclaredFeatures"]),
    row("core.v1.PodSecurityContext", &["seLinuxChangePolicy"], &["SELinuxChangePolicy"]),
    row("core.v1.PodSpec", &["hostUsers"], &["UserNamespacesSupport"]),
    row("core.v1.PodSpec", &["hostnameOverride"], &["HostnameOverride"]),
    row("core.v1.PodSpec", &["resources"], &["PodLevelResources"]),
    row("core.v1.PodSpec", &["workloadRef"], &["GenericWorkload"]),
    row(
        "core.v1.PodStatus",
        &["allocatedResources", "resources"],
        &["InPlacePodLevelResourcesVerticalScaling"],
    ),
    row("core.v1.PodStatus", &["extendedResourceClaimStatus"], &["DRAExtendedResource"]),
    row("core.v1.SecurityContext", &["procMount"], &["ProcMountType"]),
    row("core.v1.TopologySpreadConstraint", &["matchLabelKeys"], &["MatchLabelKeysInPodTopologySpread"]),
    row("core.v1.TypedObjectReference", &["namespace"], &["CrossNamespaceVolumeDataSource"]),
    row("core.v1.Volume", &["image"], &["ImageVolume"]),
    row("core.v1.VolumeProjection", &["clusterTrustBundle"], &["ClusterTrustBundleProjection"]),
    row("core.v1.VolumeProjection", &["podCertificate"], &["PodCertificateRequest"]),
    row("resource.v1.AllocatedDeviceStatus", &["shareID"], &["DRAConsumableCapacity"]),
    row("resource.v1.AllocationResult", &["allocationTimestamp"], BINDING),
    row("resource.v1.Device", &["allowMultipleAllocations"], &["DRAConsumableCapacity"]),
    row("resource.v1.Device", &["bindsToNode", "bindingConditions", "bindingFailureConditions"], BINDING),
    row(
        "resource.v1.Device",
        &["consumesCounters", "nodeName", "nodeSelector", "allNodes"],
        &["DRAPartitionableDevices"],
    ),
    row("resource.v1.Device", &["taints"], &["DRADeviceTaints"]),
    row("resource.v1.DeviceCapacity", &["requestPolicy"], &["DRAConsumableCapacity"]),
    row("resource.v1.DeviceClassSpec", &["extendedResourceName"], &["DRAExtendedResource"]),
    row("resource.v1.DeviceConstraint", &["distinctAttribute"], &["DRAConsumableCapacity"]),
    row("resource.v1.DeviceRequest", &["firstAvailable"], &["DRAPrioritizedList"]),
    row("resource.v1.DeviceRequestAllocationResult", &["adminAccess"], &["DRAAdminAccess"]),
    row(
        "resource.v1.DeviceRequestAllocationResult",
        &["bindingConditions", "bindingFailureConditions"],
        BINDING,
    ),
    row(
        "resource.v1.DeviceRequestAllocationResult",
        &["consumedCapacity", "shareID"],
        &["DRAConsumableCapacity"],
    ),
    row("resource.v1.DeviceRequestAllocationResult", &["tolerations"], &["DRADeviceTaints"]),
    row("resource.v1.DeviceSubRequest", &["capacity"], &["DRAConsumableCapacity"]),
    row("resource.v1.DeviceSubRequest", &["tolerations"], &["DRADeviceTaints"]),
    row("resource.v1.ExactDeviceRequest", &["adminAccess"], &["DRAAdminAccess"]),
    row("resource.v1.ExactDeviceRequest", &["capacity"], &["DRAConsumableCapacity"]),
    row("resource.v1.ExactDeviceRequest", &["tolerations"], &["DRADeviceTaints"]),
    row("resource.v1.ResourceClaimStatus", &["devices"], &["DRAResourceClaimDeviceStatus"]),
    row(
        "resource.v1.ResourceSliceSpec",
        &["perDeviceNodeSelection", "sharedCounters"],
        &["DRAPartitionableDevices"],
    ),
    row(
        "storage.v1.CSIDriverSpec",
        &["nodeAllocatableUpdatePeriodSeconds"],
        &["MutableCSINodeAllocatableCount"],
    ),
    row("storage.v1.CSIDriverSpec", &["seLinuxMount"], &["SELinuxMountReadWriteOncePod"]),
    row("storage.v1.CSIDriverSpec", &["serviceAccountTokenInSecrets"], &["CSIServiceAccountTokenSecrets"]),
    row("storage.v1.VolumeError", &["errorCode"], &["MutableCSINodeAllocatableCount"]),
];

/// A struct that goes when its last field does.
const EMPTIED: &str = "io.k8s.api.core.v1.Lifecycle";

/// A feature that is off, as the gates of its fields.
type Feature = &'static [&'static str];

/// What the walk does with a struct of one type.
#[derive(Debug, Default, Clone)]
struct Stop {
    /// Fields that go, by number, and the feature that they are of.
    dropped: Vec<(u16, Feature)>,
    /// Fields in which there may be more.
    followed: BTreeSet<u16>,
}

/// The fields of features that are off, ready to be looked for.
#[derive(Debug, Default)]
pub struct Gated {
    stops: BTreeMap<&'static str, Stop>,
}

impl Gated {
    /// The fields of which `is_on` does not know all gates to be on.
    pub fn new(is_on: impl Fn(&Gate) -> bool) -> Self {
        let on = |name: &str| GATES.iter().find(|gate| gate.name == name).is_some_and(&is_on);
        let mut stops: BTreeMap<&'static str, Stop> = BTreeMap::new();
        for row in ROWS.iter().filter(|row| !row.gates.iter().all(|gate| on(gate))) {
            let name = format!("io.k8s.api.{}", row.ty);
            let ty = builtin::by_name(&name).expect("rows name types of the table");
            let stop = stops.entry(&*ty.name).or_default();
            for field in row.fields {
                let number = ty.number(field).expect("rows name fields of the table");
                stop.dropped.push((number, row.gates));
            }
        }
        lead_there(&mut stops);
        Self { stops }
    }

    /// Removes from `new` the fields of features that `old` does not use.
    pub fn drop_unused(&self, new: &mut Value, old: Option<&Value>) {
        let mut used = BTreeSet::new();
        if let Some(old) = old {
            self.find(old, &mut used);
        }
        self.remove(new, &used);
    }

    fn stop(&self, fields: &Struct) -> Option<&Stop> {
        self.stops.get(&*fields.ty().name)
    }

    fn find(&self, value: &Value, used: &mut BTreeSet<Feature>) {
        match value {
            Value::Struct(fields) => {
                let Some(stop) = self.stop(fields) else { return };
                let set = |number: &u16| fields.at(*number).is_some_and(|value| !value.is_zero());
                used.extend(
                    stop.dropped.iter().filter(|(number, _)| set(number)).map(|(_, feature)| *feature),
                );
                stop.followed
                    .iter()
                    .filter_map(|number| fields.at(*number))
                    .for_each(|value| self.find(value, used));
            }
            Value::List(items) => items.iter().for_each(|item| self.find(item, used)),
            Value::Map(map) => map.iter().for_each(|(_, item)| self.find(item, used)),
            _ => {}
        }
    }

    fn remove(&self, value: &mut Value, used: &BTreeSet<Feature>) {
        match value {
            Value::Struct(fields) => {
                let Some(stop) = self.stop(fields) else { return };
                for (number, _) in stop.dropped.iter().filter(|(_, feature)| !used.contains(feature)) {
                    fields.remove_at(*number);
                }
                for number in &stop.followed {
                    let Some(value) = fields.at_mut(*number) else { continue };
                    let before = value.is_zero();
                    self.remove(value, used);
                    let emptied = value.is_zero() && !before;
                    if emptied && value.as_struct().is_some_and(|inner| inner.ty().name == EMPTIED) {
                        fields.remove_at(*number);
                    }
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.remove(item, used)),
            Value::Map(map) => map.iter_mut().for_each(|(_, item)| self.remove(item, used)),
            _ => {}
        }
    }
}

/// The struct type in a field: its own, or that of its elements.
fn inner(mut shape: &Shape) -> Option<&Type> {
    while let Some(element) = shape.element() {
        shape = element;
    }
    match shape {
        Shape::Struct(ty) => Some(ty),
        _ => None,
    }
}

/// Adds the types from which fields lead to those that are there already, until there are no more.
fn lead_there(stops: &mut BTreeMap<&'static str, Stop>) {
    loop {
        let mut found: Vec<(&'static str, u16)> = Vec::new();
        for ty in builtin::types() {
            for (number, field) in (0..).zip(ty.fields.iter()) {
                let leads = inner(&field.shape).is_some_and(|inner| stops.contains_key(&*inner.name));
                let known = stops.get(&*ty.name).is_some_and(|stop| stop.followed.contains(&number));
                if leads && !known {
                    found.push((&*ty.name, number));
                }
            }
        }
        if found.is_empty() {
            return;
        }
        for (name, number) in found {
            stops.entry(name).or_default().followed.insert(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use mizzen_schema::decode::Options;
    use mizzen_schema::json;
    use mizzen_schema::table::TypeRef;

    use super::*;

    fn defaults() -> Gated {
        Gated::new(|gate| gate.default)
    }

    fn decode(group: &str, version: &str, kind: &str, text: &str) -> Value {
        let ty = TypeRef::Static(builtin::kind(group, version, kind).expect("a built-in kind"));
        json::decode(text.as_bytes(), &ty, &Options::default()).expect(text).value
    }

    /// What of `new` stays when it replaces `old`.
    fn check(gated: &Gated, (group, version, kind): (&str, &str, &str), new: &str, old: &str, expect: &str) {
        let mut found = decode(group, version, kind, new);
        let old = (!old.is_empty()).then(|| decode(group, version, kind, old));
        gated.drop_unused(&mut found, old.as_ref());
        assert_eq!(found, decode(group, version, kind, expect), "{new} over {old:?}");
    }

    const POD: (&str, &str, &str) = ("", "v1", "Pod");

    #[test]
    fn tables_are_in_order_and_whole() {
        assert!(GATES.is_sorted_by(|a, b| a.name < b.name));
        for gate in GATES {
            assert!(ROWS.iter().any(|row| row.gates.contains(&gate.name)), "{} has fields", gate.name);
        }
        for row in ROWS {
            let known = |name: &&str| GATES.iter().any(|gate| gate.name == *name);
            assert!(row.gates.iter().all(known), "{} has known gates", row.ty);
        }
        // All names are those of types and fields.
        assert!(!Gated::new(|_| false).stops.is_empty());
        assert!(Gated::new(|_| true).stops.is_empty());
    }

    #[test]
    fn fields_of_features_that_are_off_go() {
        let new = r#"{"spec":{"workloadRef":{"name":"w","podGroup":"g"},"hostnameOverride":"h",
            "volumes":[{"name":"v","projected":{"sources":[{"clusterTrustBundle":{"path":"p"}},{"secret":{"name":"s"}}]}}],
            "containers":[{"name":"c","lifecycle":{"stopSignal":"SIGTERM","preStop":{"sleep":{"seconds":1}}}}]},
            "status":{"resources":{}}}"#;
        let kept = r#"{"spec":{"hostnameOverride":"h",
            "volumes":[{"name":"v","projected":{"sources":[{},{"secret":{"name":"s"}}]}}],
            "containers":[{"name":"c","lifecycle":{"preStop":{"sleep":{"seconds":1}}}}]},"status":{}}"#;
        check(&defaults(), POD, new, "", kept);
        check(&defaults(), POD, new, "{}", kept);
        check(&Gated::new(|_| true), POD, new, "", new);
        let stop = r#"{"spec":{"containers":[{"name":"c","lifecycle":{"stopSignal":"SIGTERM"}}]}}"#;
        check(&defaults(), POD, stop, "", r#"{"spec":{"containers":[{"name":"c"}]}}"#);
        let spec = r#"{"template":{"spec":{"workloadRef":{"name":"w","podGroup":"g"},"containers":[]}}}"#;
        let deployment = format!(r#"{{"spec":{spec}}}"#);
        let kept = r#"{"spec":{"template":{"spec":{"containers":[]}}}}"#;
        check(&defaults(), ("apps", "v1", "Deployment"), &deployment, "", kept);
    }

    #[test]
    fn what_the_old_object_uses_stays() {
        let signal = |name: &str, signal: &str| {
            format!(
                r#"{{"spec":{{"containers":[{{"name":"{name}","lifecycle":{{"stopSignal":"{signal}"}}}}]}}}}"#
            )
        };
        // Anywhere: the feature counts, not the place.
        check(&defaults(), POD, &signal("a", "SIGUSR1"), &signal("b", "SIGTERM"), &signal("a", "SIGUSR1"));
        let other = r#"{"spec":{"workloadRef":{"name":"w","podGroup":"g"},"containers":[]}}"#;
        let none = r#"{"spec":{"containers":[]}}"#;
        check(&defaults(), POD, other, &signal("b", "SIGTERM"), none);
    }

    #[test]
    fn several_gates_and_gates_that_are_on() {
        let slice = ("resource.k8s.io", "v1", "ResourceSlice");
        let new = r#"{"spec":{"devices":[{"name":"d","bindsToNode":true,"taints":[{"key":"k","effect":"NoSchedule"}]}]}}"#;
        check(&defaults(), slice, new, "", r#"{"spec":{"devices":[{"name":"d"}]}}"#);
        let one_of_two = Gated::new(|gate| gate.name == "DRADeviceBindingConditions");
        check(&one_of_two, slice, new, "", r#"{"spec":{"devices":[{"name":"d"}]}}"#);
        let both = Gated::new(|gate| BINDING.contains(&gate.name));
        check(&both, slice, new, "", r#"{"spec":{"devices":[{"name":"d","bindsToNode":true}]}}"#);
        let lease = ("coordination.k8s.io", "v1", "Lease");
        check(
            &defaults(),
            lease,
            r#"{"spec":{"holderIdentity":"h","strategy":"s"}}"#,
            "",
            r#"{"spec":{"holderIdentity":"h"}}"#,
        );
        let off = Gated::new(|gate| gate.default && gate.name != "ImageVolume");
        let image = r#"{"spec":{"containers":[],"volumes":[{"name":"v","image":{"reference":"r"}}]}}"#;
        check(&defaults(), POD, image, "", image);
        check(&off, POD, image, "", r#"{"spec":{"containers":[],"volumes":[{"name":"v"}]}}"#);
    }
}
