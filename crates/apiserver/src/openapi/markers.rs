//! Extensions of a schema: how apply and patches merge it, and unions.

use mizzen_schema::table::{Field, ListType, Shape, Text, Type};
use serde_json::{Map, Value as Json, json};

/// Markers that change nothing, but are published.
const REDUNDANT_MARKERS: [(&str, &str, &str, &str); 3] = [
    (
        "io.k8s.api.core.v1.PersistentVolumeClaimStatus",
        "allocatedResourceStatuses",
        "x-kubernetes-map-type",
        "granular",
    ),
    ("io.k8s.api.core.v1.PersistentVolumeSpec", "claimRef", "x-kubernetes-map-type", "granular"),
    (
        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec",
        "caBundle",
        "x-kubernetes-list-type",
        "atomic",
    ),
];

/// Lists that nobody writes have no marker.
fn is_unmarked(field: &Field, ty: &Type) -> bool {
    let of_list_kind = field.json == "items" && ty.field("metadata").is_some() && ty.name.ends_with("List");
    of_list_kind || (field.json == "verbs" && ty.name.ends_with(".APIResource"))
}

/// How apply and patches merge the field.
pub(super) fn of_field(field: &Field, ty: &Type, schema: &mut Map<String, Json>) {
    for (_, _, marker, value) in
        REDUNDANT_MARKERS.iter().filter(|(of, json, ..)| *of == ty.name && *json == field.json)
    {
        schema.insert((*marker).to_owned(), (*value).into());
    }
    let is_list = matches!(field.shape, Shape::List(_));
    match (&field.list_type, is_list) {
        (ListType::Map(keys), _) => {
            schema.insert("x-kubernetes-list-map-keys".to_owned(), texts(keys));
            schema.insert("x-kubernetes-list-type".to_owned(), "map".into());
        }
        (ListType::Set, _) => {
            schema.insert("x-kubernetes-list-type".to_owned(), "set".into());
        }
        (ListType::Atomic, true) if is_unmarked(field, ty) => {}
        (ListType::Atomic, true) => {
            schema.insert("x-kubernetes-list-type".to_owned(), "atomic".into());
        }
        (ListType::Atomic, false) => {
            schema.insert("x-kubernetes-map-type".to_owned(), "atomic".into());
        }
        (ListType::Granular, _) => {}
    }
    let patch = &field.patch;
    let strategies = [(patch.merge, "merge"), (patch.retain_keys, "retainKeys"), (patch.replace, "replace")];
    let strategies: Vec<_> =
        strategies.into_iter().filter(|(given, _)| *given).map(|(_, name)| name).collect();
    if !strategies.is_empty() {
        schema.insert("x-kubernetes-patch-strategy".to_owned(), strategies.join(",").into());
    }
    if !patch.merge_key.is_empty() {
        schema.insert("x-kubernetes-patch-merge-key".to_owned(), patch.merge_key.as_ref().into());
    }
}

/// A struct of which one member at most is meant, by the member that says which.
struct Union {
    ty: &'static str,
    discriminator: &'static str,
    /// The members, with their values of the discriminator.
    members: &'static [(&'static str, &'static str)],
}

const LOCALHOST: &[(&str, &str)] = &[("localhostProfile", "LocalhostProfile")];

const UNIONS: [Union; 5] = [
    Union { ty: "io.k8s.api.core.v1.AppArmorProfile", discriminator: "type", members: LOCALHOST },
    Union { ty: "io.k8s.api.core.v1.SeccompProfile", discriminator: "type", members: LOCALHOST },
    Union {
        ty: "io.k8s.api.flowcontrol.v1.LimitResponse",
        discriminator: "type",
        members: &[("queuing", "Queuing")],
    },
    Union {
        ty: "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec",
        discriminator: "type",
        members: &[("exempt", "Exempt"), ("limited", "Limited")],
    },
    Union {
        ty: "io.k8s.api.flowcontrol.v1.Subject",
        discriminator: "kind",
        members: &[("group", "Group"), ("serviceAccount", "ServiceAccount"), ("user", "User")],
    },
];

/// How apply takes the type, and whether it is a union.
pub(super) fn of_type(ty: &Type, schema: &mut Map<String, Json>) {
    if ty.atomic {
        schema.insert("x-kubernetes-map-type".to_owned(), "atomic".into());
    }
    if let Some(union) = UNIONS.iter().find(|union| union.ty == ty.name) {
        let members: Map<String, Json> =
            union.members.iter().map(|(member, value)| ((*member).to_owned(), Json::from(*value))).collect();
        let union = json!({"discriminator": union.discriminator, "fields-to-discriminateBy": members});
        schema.insert("x-kubernetes-unions".to_owned(), json!([union]));
    }
}

/// A list of texts.
pub(super) fn texts(texts: &[Text]) -> Json {
    texts.iter().map(|text| Json::from(text.as_ref())).collect()
}
