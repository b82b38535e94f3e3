//! Volumes, claims and what provides them.

use mizzen_schema::value::{Map, Value};

use super::cell::Row;
use super::{AGE, Column, NAME, Printer, column, integer, text, wide};

const fn boolean(name: &'static str, doc: &'static str) -> Column {
    column(name, "boolean", 0, doc)
}

static VOLUME: Printer = Printer {
    columns: &[
        NAME,
        text("Capacity", "How large the volume is."),
        text("Access Modes", "How nodes may mount it."),
        text("Reclaim Policy", "What becomes of it when its claim is gone."),
        text("Status", "Whether it is free or bound."),
        text("Claim", "The claim that it is bound to."),
        text("StorageClass", "The class that it is of."),
        text("VolumeAttributesClass", "The class of its attributes."),
        text("Reason", "Why it failed."),
        AGE,
        wide("VolumeMode", "Whether it is a file system or a block device."),
    ],
    cells: |row| {
        let claim = match row.str(&["spec", "claimRef", "name"]) {
            "" => String::new(),
            name => format!("{}/{name}", row.str(&["spec", "claimRef", "namespace"])),
        };
        vec![
            row.name(),
            row.text(&["spec", "capacity", "storage"]),
            Value::string(modes(row.items(&["spec", "accessModes"]))),
            row.text(&["spec", "persistentVolumeReclaimPolicy"]),
            phase(row),
            Value::string(claim),
            class(row),
            row.text_or(&["spec", "volumeAttributesClassName"], "<unset>"),
            row.text(&["status", "reason"]),
            row.age(),
            row.text_or(&["spec", "volumeMode"], "<unset>"),
        ]
    },
};

static CLAIM: Printer = Printer {
    columns: &[
        NAME,
        text("Status", "Whether the claim is bound."),
        text("Volume", "The volume that it is bound to."),
        text("Capacity", "How large that is."),
        text("Access Modes", "How nodes may mount it."),
        text("StorageClass", "The class that is asked for."),
        text("VolumeAttributesClass", "The class of its attributes."),
        AGE,
        wide("VolumeMode", "Whether it is a file system or a block device."),
    ],
    cells: |row| {
        let bound = !row.str(&["spec", "volumeName"]).is_empty();
        let capacity = row.str(&["status", "capacity", "storage"]);
        let granted = modes(row.items(&["status", "accessModes"]));
        vec![
            row.name(),
            phase(row),
            row.text(&["spec", "volumeName"]),
            Value::string(if bound { capacity } else { "" }),
            Value::string(if bound { granted } else { String::new() }),
            class(row),
            row.text_or(&["spec", "volumeAttributesClassName"], "<unset>"),
            row.age(),
            row.text_or(&["spec", "volumeMode"], "<unset>"),
        ]
    },
};

static CLASS: Printer = Printer {
    columns: &[
        NAME,
        text("Provisioner", "Who makes volumes of the class."),
        text("ReclaimPolicy", "What becomes of them when their claims are gone."),
        text("VolumeBindingMode", "When claims are bound."),
        text("AllowVolumeExpansion", "Whether claims can grow."),
        AGE,
    ],
    cells: |row| {
        let annotation = |name: &str| row.str(&["metadata", "annotations", name]) == "true";
        let default = annotation("storageclass.kubernetes.io/is-default-class")
            || annotation("storageclass.beta.kubernetes.io/is-default-class");
        let name = row.str(&["metadata", "name"]);
        vec![
            Value::string(if default { format!("{name} (default)") } else { name.to_owned() }),
            row.text(&["provisioner"]),
            row.text_or(&["reclaimPolicy"], "Delete"),
            row.text_or(&["volumeBindingMode"], "Immediate"),
            Value::Bool(row.flag(&["allowVolumeExpansion"], false)),
            row.age(),
        ]
    },
};

static ATTRIBUTES_CLASS: Printer = Printer {
    columns: &[NAME, text("DriverName", "Whose attributes they are."), AGE],
    cells: |row| vec![row.name(), row.text(&["driverName"]), row.age()],
};

static ATTACHMENT: Printer = Printer {
    columns: &[
        NAME,
        text("Attacher", "Who attaches the volume."),
        text("PV", "The volume."),
        text("Node", "The node."),
        boolean("Attached", "Whether it is attached."),
        AGE,
    ],
    cells: |row| {
        vec![
            row.name(),
            row.text(&["spec", "attacher"]),
            row.text(&["spec", "source", "persistentVolumeName"]),
            row.text(&["spec", "nodeName"]),
            Value::Bool(row.flag(&["status", "attached"], false)),
            row.age(),
        ]
    },
};

static CSI_NODE: Printer = Printer {
    columns: &[NAME, integer("Drivers", "How many drivers run on the node."), AGE],
    cells: |row| vec![row.name(), Value::Int(row.count(&["spec", "drivers"])), row.age()],
};

static CSI_DRIVER: Printer = Printer {
    columns: &[
        NAME,
        boolean("AttachRequired", "Whether volumes are attached before they are mounted."),
        boolean("PodInfoOnMount", "Whether mounting is told of the pod."),
        boolean("StorageCapacity", "Whether the scheduler looks at the capacity."),
        text("TokenRequests", "The audiences of tokens that the driver gets."),
        boolean("RequiresRepublish", "Whether volumes are published again and again."),
        text("Modes", "The life cycles of its volumes."),
        AGE,
    ],
    cells: |row| {
        let tokens = row.object.path(&["spec", "tokenRequests"]).map(Value::items);
        let audiences = tokens.map(|tokens| {
            let texts = tokens.iter().map(|token| token.str_at(&["audience"]).unwrap_or_default());
            texts.collect::<Vec<_>>().join(",")
        });
        let modes: Vec<_> =
            row.items(&["spec", "volumeLifecycleModes"]).iter().filter_map(Value::as_str).collect();
        vec![
            row.name(),
            Value::Bool(row.flag(&["spec", "attachRequired"], true)),
            Value::Bool(row.flag(&["spec", "podInfoOnMount"], false)),
            Value::Bool(row.flag(&["spec", "storageCapacity"], false)),
            Value::string(audiences.unwrap_or_else(|| "<unset>".to_owned())),
            Value::Bool(row.flag(&["spec", "requiresRepublish"], false)),
            Value::string(if modes.is_empty() { "<none>".to_owned() } else { modes.join(",") }),
            row.age(),
        ]
    },
};

static CSI_CAPACITY: Printer = Printer {
    columns: &[
        NAME,
        text("StorageClassName", "The class that the capacity is of."),
        text("Capacity", "How much is free."),
    ],
    cells: |row| vec![row.name(), row.text(&["storageClassName"]), row.text_or(&["capacity"], "<unset>")],
};

pub(super) fn core(kind: &str) -> Option<&'static Printer> {
    match kind {
        "PersistentVolume" => Some(&VOLUME),
        "PersistentVolumeClaim" => Some(&CLAIM),
        _ => None,
    }
}

pub(super) fn storage(kind: &str) -> Option<&'static Printer> {
    match kind {
        "StorageClass" => Some(&CLASS),
        "VolumeAttributesClass" => Some(&ATTRIBUTES_CLASS),
        "VolumeAttachment" => Some(&ATTACHMENT),
        "CSINode" => Some(&CSI_NODE),
        "CSIDriver" => Some(&CSI_DRIVER),
        "CSIStorageCapacity" => Some(&CSI_CAPACITY),
        _ => None,
    }
}

fn phase(row: &Row<'_>) -> Value {
    if row.is_deleted() { Value::string("Terminating") } else { row.text(&["status", "phase"]) }
}

/// The class by the annotation that came before the field, else by the field.
fn class(row: &Row<'_>) -> Value {
    let annotations = row.object.path(&["metadata", "annotations"]).and_then(Value::as_map);
    let by_annotation = annotations.and_then(|map: &Map| map.get("volume.beta.kubernetes.io/storage-class"));
    match by_annotation.and_then(Value::as_str) {
        Some(class) => Value::string(class),
        None => row.text(&["spec", "storageClassName"]),
    }
}

/// Access modes in short, each once, in their own order.
fn modes(given: &[Value]) -> String {
    let known = [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ];
    let texts = known.iter().filter(|(name, _)| given.iter().any(|mode| mode.as_str() == Some(name)));
    texts.map(|(_, short)| *short).collect::<Vec<_>>().join(",")
}
