//! Controllers of pods: apps, and the replication controllers and templates of core.

use mizzen_schema::value::Value;

use super::cell::{Row, labels, selector};
use super::{AGE, Column, NAME, Printer, integer, text, wide};

const TEMPLATE: &[&str] = &["spec", "template", "spec"];
const CONTAINERS: Column = wide("Containers", "Names of the template's containers.");
const IMAGES: Column = wide("Images", "Images of the template's containers.");
const SELECTOR: Column = wide("Selector", "Which pods belong to it.");

static DEPLOYMENT: Printer = Printer {
    columns: &[
        NAME,
        text("Ready", "How many pods are ready, of how many."),
        text("Up-to-date", "How many pods are of the present template."),
        text("Available", "How many pods have been ready for long enough."),
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ],
    cells: |row| {
        let [names, images] = row.containers(TEMPLATE);
        vec![
            row.name(),
            ready(row),
            row.int(&["status", "updatedReplicas"]),
            row.int(&["status", "availableReplicas"]),
            row.age(),
            names,
            images,
            label_selector(row),
        ]
    },
};

static REPLICA_SET: Printer = Printer {
    columns: &[
        NAME,
        integer("Desired", "How many pods there should be."),
        integer("Current", "How many pods there are."),
        integer("Ready", "How many pods are ready."),
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ],
    cells: |row| replicas(row, label_selector(row)),
};

static REPLICATION_CONTROLLER: Printer = Printer {
    columns: REPLICA_SET.columns,
    cells: |row| replicas(row, Value::string(labels(row.object.path(&["spec", "selector"])))),
};

static STATEFUL_SET: Printer = Printer {
    columns: &[NAME, text("Ready", "How many pods are ready, of how many."), AGE, CONTAINERS, IMAGES],
    cells: |row| {
        let [names, images] = row.containers(TEMPLATE);
        vec![row.name(), ready(row), row.age(), names, images]
    },
};

static DAEMON_SET: Printer = Printer {
    columns: &[
        NAME,
        integer("Desired", "How many nodes should run it."),
        integer("Current", "How many nodes run it."),
        integer("Ready", "On how many nodes it is ready."),
        integer("Up-to-date", "On how many nodes it is of the present template."),
        integer("Available", "On how many nodes it has been ready for long enough."),
        text("Node Selector", "Which nodes should run it."),
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ],
    cells: |row| {
        let [names, images] = row.containers(TEMPLATE);
        vec![
            row.name(),
            row.int(&["status", "desiredNumberScheduled"]),
            row.int(&["status", "currentNumberScheduled"]),
            row.int(&["status", "numberReady"]),
            row.int(&["status", "updatedNumberScheduled"]),
            row.int(&["status", "numberAvailable"]),
            Value::string(labels(row.object.path(&["spec", "template", "spec", "nodeSelector"]))),
            row.age(),
            names,
            images,
            label_selector(row),
        ]
    },
};

static CONTROLLER_REVISION: Printer = Printer {
    columns: &[
        NAME,
        text("Controller", "What the revision is one of."),
        text("Revision", "The revision's number."),
        AGE,
    ],
    cells: |row| vec![row.name(), Value::string(controller(row)), row.int(&["revision"]), row.age()],
};

static POD_TEMPLATE: Printer = Printer {
    columns: &[
        NAME,
        text("Containers", "Names of the template's containers."),
        text("Images", "Images of the template's containers."),
        text("Pod Labels", "Labels of the template's pods."),
    ],
    cells: |row| {
        let [names, images] = row.containers(&["template", "spec"]);
        let pod_labels = labels(row.object.path(&["template", "metadata", "labels"]));
        vec![row.name(), names, images, Value::string(pod_labels)]
    },
};

pub(super) fn apps(kind: &str) -> Option<&'static Printer> {
    match kind {
        "Deployment" => Some(&DEPLOYMENT),
        "ReplicaSet" => Some(&REPLICA_SET),
        "StatefulSet" => Some(&STATEFUL_SET),
        "DaemonSet" => Some(&DAEMON_SET),
        "ControllerRevision" => Some(&CONTROLLER_REVISION),
        _ => None,
    }
}

pub(super) fn core(kind: &str) -> Option<&'static Printer> {
    match kind {
        "ReplicationController" => Some(&REPLICATION_CONTROLLER),
        "PodTemplate" => Some(&POD_TEMPLATE),
        _ => None,
    }
}

fn ready(row: &Row<'_>) -> Value {
    let (ready, desired) = (row.number(&["status", "readyReplicas"]), row.number(&["spec", "replicas"]));
    Value::string(format!("{ready}/{desired}"))
}

fn label_selector(row: &Row<'_>) -> Value {
    Value::string(selector(row.object.path(&["spec", "selector"])))
}

fn replicas(row: &Row<'_>, selector: Value) -> Vec<Value> {
    let [names, images] = row.containers(TEMPLATE);
    vec![
        row.name(),
        row.int(&["spec", "replicas"]),
        row.int(&["status", "replicas"]),
        row.int(&["status", "readyReplicas"]),
        row.age(),
        names,
        images,
        selector,
    ]
}

/// `statefulset.apps/web`.
fn controller(row: &Row<'_>) -> String {
    let owners = row.items(&["metadata", "ownerReferences"]);
    let owner = owners.iter().find(|owner| owner.get("controller").and_then(Value::as_bool) == Some(true));
    let Some(owner) = owner else { return "<none>".to_owned() };
    let member = |name: &str| owner.str_at(&[name]).unwrap_or_default();
    let kind = member("kind").to_lowercase();
    match member("apiVersion").split_once('/') {
        Some((group, _)) => format!("{kind}.{group}/{}", member("name")),
        None => format!("{kind}/{}", member("name")),
    }
}
