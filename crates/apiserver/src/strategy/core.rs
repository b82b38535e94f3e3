//! The core group besides pods.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mizzen_schema::value::Value;
use mizzen_store::Durability;

use super::{Facts, Generation, Rules, field, field_or, selectable};
use crate::tree;

static NAMESPACES: Rules = Rules {
    fields: &[field("status.phase")],
    return_deleted: true,
    prepare_create: create_namespace,
    prepare_update: update_namespace,
    prepare_status: keep_finalizers,
    ..Rules::DEFAULT
};

static NODES: Rules =
    Rules { fields: &[field_or("spec.unschedulable", "false")], create_with_status: true, ..Rules::DEFAULT };

static SERVICES: Rules = Rules {
    fields: &[field("spec.clusterIP"), field("spec.type")],
    create_on_update: true,
    ..Rules::DEFAULT
};

static SECRETS: Rules = Rules {
    fields: &[field("type")],
    trigger: "metadata.name",
    normalize: Some(text_into_data),
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
        selectable("source", "source.component", "reportingComponent", ""),
        field("type"),
    ],
    create_on_update: true,
    durability: Durability::Logged,
    expires: true,
    ..Rules::DEFAULT
};

static CONTROLLERS: Rules =
    Rules { fields: &[field_or("status.replicas", "0")], orphan_by_default: true, ..Rules::WITH_GENERATION };

static SERVICE_ACCOUNTS: Rules = Rules {
    return_deleted: true,
    prepare_create: |account, _| names_of_secrets(account),
    prepare_update: |account, _, _| names_of_secrets(account),
    ..Rules::DEFAULT
};

static RETURNED: Rules = Rules { return_deleted: true, ..Rules::DEFAULT };

static POD_TEMPLATES: Rules =
    Rules { return_deleted: true, create_on_update: true, generation: Generation::Content, ..Rules::DEFAULT };

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
        "persistentvolumes" => &super::storage::PERSISTENT_VOLUMES,
        "persistentvolumeclaims" => &super::storage::PERSISTENT_VOLUME_CLAIMS,
        "serviceaccounts" => &SERVICE_ACCOUNTS,
        "resourcequotas" => &RETURNED,
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

/// Of the secrets that an account may use, the names count: all are of its namespace.
fn names_of_secrets(account: &mut Value) {
    let Some(Value::List(secrets)) = account.get_mut("secrets") else { return };
    for secret in secrets.iter_mut().filter_map(Value::as_struct_mut) {
        secret.retain(|field, _| field.json == "name");
    }
}

/// `stringData` is for writing only: each of its texts takes the place of the entry of `data`.
fn text_into_data(secret: &mut Value) {
    let Some(Value::Map(texts)) = tree::remove(secret, &["stringData"]) else { return };
    for (key, text) in texts.iter() {
        let text = STANDARD.encode(text.as_str().unwrap_or_default());
        tree::set(secret, &["data", key], Value::string(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn string_data_moves_into_data() {
        let check = |sent: &str, expect: &str| {
            let ty = tree::builtin_type("io.k8s.api.core.v1.Secret");
            let options = mizzen_schema::decode::Options::default();
            let mut secret = mizzen_schema::json::decode(sent.as_bytes(), &ty, &options).unwrap().value;
            text_into_data(&mut secret);
            let mut json = Vec::new();
            mizzen_schema::json::encode(&secret, &mut json);
            assert_eq!(String::from_utf8(json).unwrap(), expect);
        };
        check(r#"{"stringData":{"a":"x","b":""}}"#, r#"{"metadata":{},"data":{"a":"eA==","b":""}}"#);
        check(
            r#"{"data":{"a":"eQ==","c":"eg=="},"stringData":{"a":"x"}}"#,
            r#"{"metadata":{},"data":{"a":"eA==","c":"eg=="}}"#,
        );
        check(r#"{"data":{"c":"eg=="}}"#, r#"{"metadata":{},"data":{"c":"eg=="}}"#);
    }
}
