//! The core group besides pods.

use mizzen_schema::value::Value;
use mizzen_store::Durability;

use super::{Facts, Generation, Rules, Selectable, field, field_or};
use crate::tree;

static NAMESPACES: Rules = Rules {
    fields: &[field("status.phase")],
    return_deleted: true,
    prepare_create: create_namespace,
    prepare_update: update_namespace,
    prepare_status: keep_finalizers,
    ..Rules::DEFAULT
};

static NODES: Rules = Rules {
    fields: &[field_or("spec.unschedulable", "false")],
    create_with_status: true,
    ..Rules::DEFAULT
};

static SERVICES: Rules = Rules {
    fields: &[field("spec.clusterIP"), field("spec.type")],
    create_on_update: true,
    prepare_update: update_service,
    ..Rules::DEFAULT
};

static SECRETS: Rules = Rules {
    fields: &[field("type")],
    trigger: "metadata.name",
    ..Rules::DEFAULT
};

static CONFIG_MAPS: Rules = Rules { trigger: "metadata.name", ..Rules::DEFAULT };

/// Of core and of events.k8s.io: one store.
pub(super) static EVENTS: Rules = Rules {
    fields: &[
        field("involvedObject.kind"),
        field("involvedObject.namespace"),
        field("involvedObject.name"),
        field("involvedObject.uid"),
        field("involvedObject.apiVersion"),
        field("involvedObject.resourceVersion"),
        field("involvedObject.fieldPath"),
        field("reason"),
        field("reportingComponent"),
        Selectable { label: "source", path: "source.component", or: "reportingComponent", absent: "" },
        field("type"),
    ],
    create_on_update: true,
    durability: Durability::Logged,
    ttl_s: 3600,
    ..Rules::DEFAULT
};

static CONTROLLERS: Rules = Rules {
    fields: &[field_or("status.replicas", "0")],
    orphan_by_default: true,
    ..Rules::WITH_GENERATION
};

static PERSISTENT_VOLUMES: Rules =
    Rules { return_deleted: true, prepare_create: pending, ..Rules::DEFAULT };

static PERSISTENT_VOLUME_CLAIMS: Rules =
    Rules { return_deleted: true, prepare_create: pending, ..Rules::DEFAULT };

static RETURNED: Rules = Rules { return_deleted: true, ..Rules::DEFAULT };

static POD_TEMPLATES: Rules = Rules {
    return_deleted: true,
    create_on_update: true,
    generation: Generation::Content,
    ..Rules::DEFAULT
};

static CREATE_ON_UPDATE: Rules = Rules { create_on_update: true, ..Rules::DEFAULT };

pub(super) fn rules(plural: &str) -> Option<&'static Rules> {
    Some(match plural {
        "pods" => &super::pod::PODS,
        "namespaces" => &NAMESPACES,
        "nodes" => &NODES,
        "services" => &SERVICES,
        "secrets" => &SECRETS,
        "configmaps" => &CONFIG_MAPS,
        "events" => &EVENTS,
        "replicationcontrollers" => &CONTROLLERS,
        "persistentvolumes" => &PERSISTENT_VOLUMES,
        "persistentvolumeclaims" => &PERSISTENT_VOLUME_CLAIMS,
        "serviceaccounts" | "resourcequotas" => &RETURNED,
        "podtemplates" => &POD_TEMPLATES,
        "endpoints" | "limitranges" => &CREATE_ON_UPDATE,
        _ => return None,
    })
}

/// A new namespace is Active and holds the finalizer that its content needs.
fn create_namespace(namespace: &mut Value, _: Facts<'_>) {
    tree::set(namespace, &["status", "phase"], Value::string("Active"));
    let mut finalizers: Vec<String> =
        tree::texts(namespace, &["spec", "finalizers"]).into_iter().map(str::to_owned).collect();
    if !finalizers.iter().any(|own| own == "kubernetes") {
        finalizers.push("kubernetes".to_owned());
    }
    tree::set_texts(namespace, &["spec", "finalizers"], &finalizers);
    // The label by which selectors find a namespace by name.
    let name = mizzen_machinery::meta::name(namespace).to_owned();
    if !name.is_empty() {
        tree::set_text(namespace, &["metadata", "labels", "kubernetes.io/metadata.name"], &name);
    }
}

fn update_namespace(new: &mut Value, old: &Value, _: Facts<'_>) {
    tree::copy(new, old, &["spec", "finalizers"]);
    tree::copy(new, old, &["status"]);
    let name = mizzen_machinery::meta::name(old).to_owned();
    tree::set_text(new, &["metadata", "labels", "kubernetes.io/metadata.name"], &name);
}

fn keep_finalizers(new: &mut Value, old: &Value, _: Facts<'_>) {
    tree::copy(new, old, &["spec", "finalizers"]);
}

/// What was allocated stays when an update leaves it out, unless the type needs none.
fn update_service(new: &mut Value, old: &Value, _: Facts<'_>) {
    let ty = |service: &Value| service.str_at(&["spec", "type"]).unwrap_or("ClusterIP").to_owned();
    let (new_type, old_type) = (ty(new), ty(old));
    if new_type == "ExternalName" || old_type == "ExternalName" {
        return;
    }
    for member in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
        if new.path(&["spec", member]).is_none_or(Value::is_zero) {
            tree::copy(new, old, &["spec", member]);
        }
    }
    let keeps_ports = |ty: &str| matches!(ty, "NodePort" | "LoadBalancer");
    if keeps_ports(&new_type) && keeps_ports(&old_type) {
        keep_node_ports(new, old);
        let health = &["spec", "healthCheckNodePort"];
        if new.path(health).is_none_or(Value::is_zero)
            && new.str_at(&["spec", "externalTrafficPolicy"]) == Some("Local")
        {
            tree::copy(new, old, health);
        }
    }
}

/// Ports that keep protocol and number keep their node port.
fn keep_node_ports(new: &mut Value, old: &Value) {
    let id = |port: &Value| {
        (port.str_at(&["protocol"]).unwrap_or("TCP").to_owned(), tree::int(port, &["port"]))
    };
    let olds = old.path(&["spec", "ports"]).map(Value::items).unwrap_or_default();
    let used: Vec<i64> = new
        .path(&["spec", "ports"])
        .map(Value::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|port| tree::int(port, &["nodePort"]))
        .collect();
    let Some(Value::List(ports)) = new.path_mut(&["spec", "ports"]) else { return };
    for port in ports {
        if tree::int(port, &["nodePort"]).is_some_and(|number| number != 0) {
            continue;
        }
        let same = olds.iter().find(|old| id(old) == id(port));
        if let Some(number) = same.and_then(|old| tree::int(old, &["nodePort"])) {
            if number != 0 && !used.contains(&number) {
                tree::set(port, &["nodePort"], Value::Int(number));
            }
        }
    }
}

fn pending(object: &mut Value, _: Facts<'_>) {
    tree::set(object, &["status", "phase"], Value::string("Pending"));
}
