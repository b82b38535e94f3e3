//! Nodes.

use std::collections::BTreeSet;

use mizzen_schema::value::{Map, Value};

use super::cell::Row;
use super::{AGE, NAME, Printer, text, wide};

pub(super) static NODE: Printer = Printer {
    columns: &[
        NAME,
        text("Status", "Whether the node is ready and takes pods."),
        text("Roles", "The roles that the node's labels give it."),
        AGE,
        text("Version", "The version of the node's kubelet."),
        wide("Internal-IP", "The node's first internal address."),
        wide("External-IP", "The node's first external address."),
        wide("OS-Image", "The node's operating system."),
        wide("Kernel-Version", "The node's kernel."),
        wide("Container-Runtime", "The node's container runtime."),
    ],
    cells: |row| {
        vec![
            row.name(),
            Value::string(status(row)),
            Value::string(roles(row)),
            row.age(),
            row.text(&["status", "nodeInfo", "kubeletVersion"]),
            address(row, "InternalIP"),
            address(row, "ExternalIP"),
            row.text_or(&["status", "nodeInfo", "osImage"], "<unknown>"),
            row.text_or(&["status", "nodeInfo", "kernelVersion"], "<unknown>"),
            row.text_or(&["status", "nodeInfo", "containerRuntimeVersion"], "<unknown>"),
        ]
    },
};

fn status(row: &Row<'_>) -> String {
    let ready = match row.condition("Ready") {
        Some(_) if row.has_condition("Ready") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    };
    let closed = if row.flag(&["spec", "unschedulable"], false) { ",SchedulingDisabled" } else { "" };
    format!("{ready}{closed}")
}

fn roles(row: &Row<'_>) -> String {
    let labels = row.object.path(&["metadata", "labels"]).and_then(Value::as_map);
    let mut roles = BTreeSet::new();
    for (key, value) in labels.into_iter().flat_map(Map::iter) {
        let role = match key.strip_prefix("node-role.kubernetes.io/") {
            Some(role) => role,
            None if key == "kubernetes.io/role" => value.as_str().unwrap_or_default(),
            None => "",
        };
        if !role.is_empty() {
            roles.insert(role);
        }
    }
    if roles.is_empty() { "<none>".to_owned() } else { roles.into_iter().collect::<Vec<_>>().join(",") }
}

fn address(row: &Row<'_>, ty: &str) -> Value {
    let addresses = row.items(&["status", "addresses"]);
    let found = addresses.iter().find(|address| address.str_at(&["type"]) == Some(ty));
    Value::string(found.and_then(|address| address.str_at(&["address"])).unwrap_or("<none>"))
}
