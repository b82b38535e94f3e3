//! What a definition's author should know.

use std::collections::BTreeSet;

use mizzen_schema::structural as schemas;
use mizzen_schema::value::Value;

use super::columns::has_rules;
use crate::custom::formats;
use crate::field::quote;

/// Formats that mean nothing, sets of what is no scalar, and what is kept but not done yet.
pub(in super::super) fn all(crd: &Value) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut sets = BTreeSet::new();
    let versions = crd.path(&["spec", "versions"]).map(Value::items).unwrap_or_default();
    for version in versions {
        let Some(props) = version.path(&["schema", "openAPIV3Schema"]) else { continue };
        schemas::read(props).walk(&mut |schema| {
            if !schema.format.is_empty() && !formats::is_known(&schema.ty, &schema.format) {
                let words = format!("unrecognized format {}", quote(&schema.format));
                if !warnings.contains(&words) {
                    warnings.push(words);
                }
            }
            let items = schema.items.as_ref().filter(|_| &*schema.list_type == "set");
            if let Some(items) = items.filter(|items| matches!(&*items.ty, "object" | "array")) {
                sets.insert(format!(
                    "x-kubernetes-list-type: set for items of type {} is not supported by server-side apply or CEL \
                     validation rules",
                    quote(&items.ty)
                ));
            }
        });
    }
    warnings.extend(sets);
    if versions.iter().any(has_rules) {
        warnings.push("x-kubernetes-validations rules are kept, but not enforced yet".to_owned());
    }
    if crd.str_at(&["spec", "conversion", "strategy"]) == Some("Webhook") {
        let words =
            "spec.conversion.webhook is kept, but not called yet: versions are converted as by strategy None";
        warnings.push(words.to_owned());
    }
    warnings
}
