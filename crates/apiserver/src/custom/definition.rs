//! A definition as rows of the catalog.

use std::sync::Arc;

use mizzen_machinery::custom::ScalePaths;
use mizzen_schema::structural::{self, CompileError, Schema};
use mizzen_schema::table::{GroupVersionKind, Resource, Subresource, Text};
use mizzen_schema::value::Value;

use crate::catalog::{Custom, CustomResource};
use crate::discovery::version_rank;
use crate::strategy::Selectable;
use crate::table;
use crate::tables::Column;
use crate::tree;

/// Verbs, in discovery's order.
const VERBS: [&str; 8] = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
/// Verbs that discovery shows while a definition is being deleted.
const LAST_VERBS: [&str; 5] = ["delete", "deletecollection", "get", "list", "watch"];

/// Why a definition cannot be served; validation lets none of these through.
#[derive(Debug, thiserror::Error)]
pub(super) enum DefinitionError {
    #[error("no version is the storage version")]
    NoStorage,
    #[error(transparent)]
    Compile(#[from] CompileError),
}

fn text(value: &Value, path: &[&str]) -> Text {
    value.str_at(path).unwrap_or_default().to_owned().into()
}

fn items<'a>(value: &'a Value, path: &[&str]) -> &'a [Value] {
    value.path(path).map(Value::items).unwrap_or_default()
}

fn truth(value: &Value, path: &[&str]) -> bool {
    value.path(path).and_then(Value::as_bool).unwrap_or_default()
}

fn words(words: &[&'static str]) -> std::borrow::Cow<'static, [Text]> {
    words.iter().map(|word| Text::from(*word)).collect::<Vec<_>>().into()
}

/// Group and plural of what a definition defines.
pub(super) fn identity(crd: &Value) -> (String, String) {
    let own = |path: &[&str]| crd.str_at(path).unwrap_or_default().to_owned();
    (own(&["spec", "group"]), own(&["spec", "names", "plural"]))
}

/// What a definition defines, under the names that it has been given.
pub(super) fn compile(crd: &Value) -> Result<CustomResource, DefinitionError> {
    let mut storage = None;
    let mut versions = Vec::new();
    let mut fields: Vec<Selectable> = Vec::new();
    for version in items(crd, &["spec", "versions"]) {
        let resource = resource(crd, version)?;
        for label in resource.ty.custom.iter().flat_map(|custom| &custom.selectable) {
            if !fields.iter().any(|field| field.label == *label) {
                let empty = Text::from("");
                fields.push(Selectable {
                    label: label.clone(),
                    path: label.clone(),
                    or: empty.clone(),
                    absent: empty,
                });
            }
        }
        if truth(version, &["served"]) {
            versions.push((resource.clone(), Arc::new(custom(crd, version, &resource))));
        }
        if truth(version, &["storage"]) {
            storage = Some(resource);
        }
    }
    let storage = storage.ok_or(DefinitionError::NoStorage)?;
    Ok(CustomResource { storage, fields, versions })
}

/// The same while the definition is being deleted.
pub(super) fn terminating(resource: &CustomResource) -> CustomResource {
    let last = |(row, custom): &(Resource, Arc<Custom>)| {
        let row = Resource { verbs: words(&LAST_VERBS), ..row.clone() };
        let custom = Custom {
            warnings: custom.warnings.clone(),
            columns: custom.columns.clone(),
            scale: custom.scale.clone(),
            selectable: custom.selectable.clone(),
            has_status: custom.has_status,
            terminating: true,
        };
        (row, Arc::new(custom))
    };
    CustomResource { versions: resource.versions.iter().map(last).collect(), ..resource.clone() }
}

fn resource(crd: &Value, version: &Value) -> Result<Resource, DefinitionError> {
    let accepted = |name: &str| text(crd, &["status", "acceptedNames", name]);
    let texts = |name: &str| {
        let all = tree::texts(crd, &["status", "acceptedNames", name]);
        all.into_iter().map(|text| Text::from(text.to_owned())).collect::<Vec<_>>().into()
    };
    let gvk = GroupVersionKind {
        group: text(crd, &["spec", "group"]),
        version: text(version, &["name"]),
        kind: accepted("kind"),
    };
    let own = structural::Custom {
        schema: Arc::new(schema(crd, version)),
        list_kind: accepted("listKind"),
        selectable: items(version, &["selectableFields"]).iter().map(selectable).collect(),
    };
    let verbs = words(&["get", "patch", "update"]);
    let mut subresources = Vec::new();
    if version.path(&["subresources", "status"]).is_some() {
        subresources.push(Subresource { name: "status".into(), gvk: gvk.clone(), verbs: verbs.clone() });
    }
    if version.path(&["subresources", "scale"]).is_some() {
        let scale =
            GroupVersionKind { group: "autoscaling".into(), version: "v1".into(), kind: "Scale".into() };
        subresources.push(Subresource { name: "scale".into(), gvk: scale, verbs });
    }
    Ok(Resource {
        ty: structural::compile(own, gvk.clone())?,
        gvk,
        plural: accepted("plural"),
        singular: accepted("singular"),
        short_names: texts("shortNames"),
        categories: texts("categories"),
        namespaced: crd.str_at(&["spec", "scope"]) == Some("Namespaced"),
        verbs: words(&VERBS),
        subresources: subresources.into(),
    })
}

fn schema(crd: &Value, version: &Value) -> Schema {
    let mut schema = match version.path(&["schema", "openAPIV3Schema"]) {
        Some(props) => structural::read(props),
        None => Schema { ty: "object".into(), ..Schema::default() },
    };
    // Of definitions from before schemas had to be structural.
    schema.preserve_unknown |= truth(crd, &["spec", "preserveUnknownFields"]);
    schema
}

/// `.spec.color` as selectors name it.
fn selectable(field: &Value) -> Text {
    let path = field.str_at(&["jsonPath"]).unwrap_or_default();
    path.trim_start_matches('.').to_owned().into()
}

fn custom(crd: &Value, version: &Value, resource: &Resource) -> Custom {
    let scale = version.path(&["subresources", "scale"]).map(|scale| ScalePaths {
        spec_replicas: text(scale, &["specReplicasPath"]).into_owned(),
        status_replicas: text(scale, &["statusReplicasPath"]).into_owned(),
        label_selector: scale.str_at(&["labelSelectorPath"]).map(str::to_owned),
    });
    let mut columns: Vec<Column> =
        items(version, &["additionalPrinterColumns"]).iter().filter_map(column).collect();
    if columns.is_empty() {
        columns.push(table::custom_age());
    }
    Custom {
        warnings: deprecation(crd, version).into_iter().collect(),
        columns: columns.into(),
        scale,
        selectable: resource.ty.custom.iter().flat_map(|custom| custom.selectable.clone()).collect(),
        has_status: version.path(&["subresources", "status"]).is_some(),
        terminating: false,
    }
}

fn column(column: &Value) -> Option<Column> {
    let own = |name: &str| text(column, &[name]).into_owned();
    let path = own("jsonPath");
    let doc = own("description");
    Some(Column {
        name: own("name"),
        ty: own("type"),
        format: own("format"),
        description: if doc.is_empty() {
            format!("Custom resource definition column (in JSONPath format): {path}")
        } else {
            doc
        },
        priority: column
            .path(&["priority"])
            .and_then(Value::as_i64)
            .and_then(|priority| i32::try_from(priority).ok())
            .unwrap_or_default(),
        path: table::JsonPath::parse(&path)?,
    })
}

/// What users of a deprecated version are told.
fn deprecation(crd: &Value, version: &Value) -> Option<String> {
    if !truth(version, &["deprecated"]) {
        return None;
    }
    if let Some(words) = version.str_at(&["deprecationWarning"]) {
        return Some(words.to_owned());
    }
    let (group, kind) = (text(crd, &["spec", "group"]), text(crd, &["spec", "names", "kind"]));
    let own = text(version, &["name"]);
    let better = items(crd, &["spec", "versions"])
        .iter()
        .filter(|other| truth(other, &["served"]) && !truth(other, &["deprecated"]))
        .map(|other| text(other, &["name"]))
        .filter(|other| version_rank(other) > version_rank(&own))
        .max_by_key(|other| version_rank(other));
    let mut words = format!("{group}/{own} {kind} is deprecated");
    if let Some(better) = better {
        words.push_str(&format!("; use {group}/{better} {kind}"));
    }
    Some(words)
}
