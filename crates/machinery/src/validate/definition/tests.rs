//! Rules of definitions, each with what it lets through and what it refuses.

use mizzen_schema::builtin;
use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;

use crate::{default, validate};

const GROUP: &str = "apiextensions.k8s.io";
const KIND: &str = "CustomResourceDefinition";

/// A definition whose version and the rest of its spec are given.
fn definition(version: &str, spec: &str) -> Value {
    let text = format!(
        r#"{{"metadata":{{"name":"things.g.example"}},
            "spec":{{"group":"g.example","scope":"Namespaced","names":{{"plural":"things","kind":"Thing"}},
            "versions":[{{"name":"v1","served":true,"storage":true{version}}}]{spec}}},
            "status":{{"storedVersions":["v1"]}}}}"#
    );
    read(&text)
}

fn read(text: &str) -> Value {
    let ty = TypeRef::Static(builtin::kind(GROUP, "v1", KIND).unwrap());
    let mut value = json::decode(text.as_bytes(), &ty, &Options::default()).unwrap().value;
    default::object(GROUP, KIND, &mut value);
    value
}

fn with_schema(schema: &str) -> Value {
    definition(&format!(r#","schema":{{"openAPIV3Schema":{schema}}}"#), "")
}

fn errors(crd: &Value) -> Vec<String> {
    validate::create(GROUP, KIND, crd).iter().map(ToString::to_string).collect()
}

/// Errors of a schema's `spec` property, their paths from there on.
fn check(spec: &str, expect: &[&str]) {
    let crd = with_schema(&format!(r#"{{"type":"object","properties":{{"spec":{spec}}}}}"#));
    let root = "spec.validation.openAPIV3Schema.properties[spec]";
    let found: Vec<String> = errors(&crd)
        .into_iter()
        .map(|error| error.strip_prefix(root).map_or(error.clone(), str::to_owned))
        .collect();
    assert_eq!(found, expect, "{spec}");
}

#[test]
fn structural_schemas() {
    check(r#"{"type":"object","properties":{"a":{"type":"string"}}}"#, &[]);
    check("{}", &[".type: Required value: must not be empty for specified object fields"]);
    check(r#"{"type":"array"}"#, &[".items: Required value: must be specified"]);
    check(
        r#"{"type":"array","items":{}}"#,
        &[".items.type: Required value: must not be empty for specified array items"],
    );
    check(r#"{"x-kubernetes-int-or-string":true}"#, &[]);
    check(r#"{"x-kubernetes-preserve-unknown-fields":true}"#, &[]);
    check(r#"{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}]}"#, &[]);
    check(
        r#"{"x-kubernetes-int-or-string":true,"allOf":[{"anyOf":[{"type":"integer"},{"type":"string"}]},{"minimum":1}]}"#,
        &[],
    );
    check(
        r#"{"type":"integer","anyOf":[{"type":"integer"}]}"#,
        &[".anyOf[0].type: Forbidden: must be empty to be structural"],
    );
    check(
        r#"{"type":"string","not":{"description":"x","nullable":true,"default":1}}"#,
        &[
            ".not.default: Forbidden: must be undefined to be structural",
            ".not.description: Forbidden: must be empty to be structural",
            ".not.nullable: Forbidden: must be false to be structural",
        ],
    );
    check(
        r#"{"type":"string","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}"#,
        &[".type: Invalid value: \"string\": must be object if x-kubernetes-embedded-resource is true"],
    );
    check(
        r#"{"type":"object","x-kubernetes-embedded-resource":true}"#,
        &[
            ".properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without \
         x-kubernetes-preserve-unknown-fields",
        ],
    );
    check(
        r#"{"x-kubernetes-int-or-string":true,"x-kubernetes-preserve-unknown-fields":true}"#,
        &[
            ".x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true",
        ],
    );
}

#[test]
fn roots() {
    let check = |schema: &str, expect: &[&str]| {
        let found: Vec<String> = errors(&with_schema(schema))
            .iter()
            .map(|error| error.replace("spec.validation.openAPIV3Schema", ""))
            .collect();
        assert_eq!(found, expect, "{schema}");
    };
    check(r#"{"type":"object"}"#, &[]);
    check("{}", &[".type: Required value: must not be empty at the root"]);
    check(
        r#"{"type":"array","items":{"type":"string"}}"#,
        &[".type: Invalid value: \"array\": must be object at the root"],
    );
    check(
        r#"{"type":"object","additionalProperties":true}"#,
        &[".additionalProperties: Forbidden: must not be used at the root"],
    );
    check(
        r#"{"type":"object","properties":{"metadata":{"type":"object","properties":{"name":{"type":"string","maxLength":3}}}}}"#,
        &[],
    );
    check(
        r#"{"type":"object","properties":{"metadata":{"type":"object","properties":{"labels":{"type":"object"}}}}}"#,
        &[
            ".properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is \
         implicitly specified",
        ],
    );
    check(
        r#"{"type":"object","allOf":[{"properties":{"a":{"minimum":1}}}]}"#,
        &[".properties[a]: Required value: because it is defined in .allOf[0].properties[a]"],
    );
    check(
        r#"{"type":"object","nullable":true}"#,
        &[".nullable: Forbidden: nullable cannot be true at the root"],
    );
}

#[test]
fn constructs() {
    check(
        r#"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"string"}}"#,
        &[".additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive"],
    );
    check(
        r#"{"type":"array","items":{"type":"string"},"uniqueItems":true}"#,
        &[
            ".uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
        ],
    );
    check(r##"{"type":"object","$ref":"#/x"}"##, &[".$ref: Forbidden: $ref is not supported"]);
    check(
        r#"{"type":"odd"}"#,
        &[
            r#".type: Unsupported value: "odd": supported values: "array", "boolean", "integer", "number", "object", "string""#,
        ],
    );
    check(
        r#"{"type":"object","x-kubernetes-preserve-unknown-fields":false}"#,
        &[".x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined"],
    );
    check(
        r#"{"type":"string","x-kubernetes-list-type":"set"}"#,
        &[r#".type: Invalid value: "string": must be array if x-kubernetes-list-type is specified"#],
    );
    check(
        r#"{"type":"string","x-kubernetes-map-type":"atomic"}"#,
        &[r#".type: Invalid value: "string": must be object if x-kubernetes-map-type is specified"#],
    );
    check(
        r#"{"type":"array","x-kubernetes-list-type":"odd","items":{"type":"string"}}"#,
        &[r#".x-kubernetes-list-type: Unsupported value: "odd": supported values: "atomic", "set", "map""#],
    );
    check(
        r#"{"type":"string","pattern":"("}"#,
        &[
            ".pattern: Invalid value: \"(\": must be a valid regular expression, but isn't: error parsing regexp: unclosed \
         group: `(`",
        ],
    );
}

#[test]
fn keyed_lists() {
    let list = |keys: &str, items: &str| {
        format!(r#"{{"type":"array","x-kubernetes-list-type":"map",{keys}"items":{items}}}"#)
    };
    let item =
        r#"{"type":"object","required":["k"],"properties":{"k":{"type":"string"},"o":{"type":"object"}}}"#;
    check(&list(r#""x-kubernetes-list-map-keys":["k"],"#, item), &[]);
    check(
        &list("", item),
        &[".x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map"],
    );
    check(
        &list(r#""x-kubernetes-list-map-keys":["z"],"#, item),
        &[
            r#".x-kubernetes-list-map-keys: Invalid value: ["z"]: entries must all be names of item properties"#,
        ],
    );
    check(
        &list(r#""x-kubernetes-list-map-keys":["k","k"],"#, item),
        &[r#".x-kubernetes-list-map-keys: Invalid value: ["k","k"]: must not contain duplicate entries"#],
    );
    let optional = r#"{"type":"object","properties":{"k":{"type":"string"}}}"#;
    check(
        &list(r#""x-kubernetes-list-map-keys":["k"],"#, optional),
        &[
            ".items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a \
         default or be a required property",
        ],
    );
    check(
        r#"{"type":"array","x-kubernetes-list-map-keys":["k"],"items":{"type":"string"}}"#,
        &[".x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty"],
    );
}

#[test]
fn default_values() {
    check(r#"{"type":"integer","default":1}"#, &[]);
    check(
        r#"{"type":"integer","default":"x"}"#,
        &[".default: Invalid value: \"string\": .default in body must be of type integer: \"string\""]
            .map(|text| text.replace(".default in", " in"))
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
    check(
        r#"{"type":"object","properties":{"a":{"type":"string"}},"default":{"b":1}}"#,
        &[r#".default: Invalid value: {"b":1}: must not have unknown fields"#],
    );
}

#[test]
fn names_and_versions() {
    let good = r#","schema":{"openAPIV3Schema":{"type":"object"}}"#;
    assert_eq!(errors(&definition(good, "")), Vec::<String>::new());
    let check = |text: &str, expect: &[&str]| assert_eq!(errors(&read(text)), expect);
    check(
        r#"{"metadata":{"name":"x.g.example"},"spec":{"group":"g","scope":"Odd","names":{"plural":"Things","kind":"T-_"},
            "versions":[]},"status":{"storedVersions":["v1"]}}"#,
        &[
            r#"metadata.name: Invalid value: "x.g.example": must be spec.names.plural+"."+spec.group"#,
            r#"spec.group: Invalid value: "g": should be a domain with at least one dot"#,
            r#"spec.scope: Unsupported value: "Odd": supported values: "Cluster", "Namespaced""#,
            "spec.versions: Invalid value: []: must have exactly one version marked as storage version",
            "spec.names.plural: Invalid value: \"Things\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
            "spec.names.singular: Invalid value: \"t-_\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
            "spec.names.kind: Invalid value: \"T-_\": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
            "spec.names.listKind: Invalid value: \"T-_List\": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
            "status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions",
        ],
    );
    assert_eq!(errors(&definition("", "")), ["spec.versions[0].schema.openAPIV3Schema: Required value"]);
    assert_eq!(
        errors(&definition(good, r#","preserveUnknownFields":true"#)),
        [
            "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to \
         true in spec.versions[*].schema instead",
        ]
    );
}

#[test]
fn columns_subresources_and_selectors() {
    let check = |version: &str, expect: &[&str]| {
        let schema = r#","schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",
            "properties":{"a":{"type":"string"},"o":{"type":"object"}}}}}}"#;
        assert_eq!(errors(&definition(&format!("{schema},{version}"), "")), expect, "{version}");
    };
    check(r#""additionalPrinterColumns":[{"name":"A","type":"string","jsonPath":".spec.a"}]"#, &[]);
    check(
        r#""additionalPrinterColumns":[{"name":"","type":"odd","format":"odd","jsonPath":"spec"}]"#,
        &[
            "spec.additionalPrinterColumns[0].name: Required value",
            "spec.additionalPrinterColumns[0].type: Invalid value: \"odd\": must be one of boolean,date,integer,number,string",
            "spec.additionalPrinterColumns[0].format: Invalid value: \"odd\": must be one of byte,date,date-time,double,float,int32,int64,password",
            "spec.additionalPrinterColumns[0].JSONPath: Invalid value: \"spec\": must be a simple json path starting with .",
        ],
    );
    check(
        r#""subresources":{"scale":{"specReplicasPath":".status.n","statusReplicasPath":""}}"#,
        &[
            "spec.subresources.scale.specReplicasPath: Invalid value: \".status.n\": should be a json path under .spec",
            "spec.subresources.scale.statusReplicasPath: Required value",
        ],
    );
    check(r#""selectableFields":[{"jsonPath":".spec.a"}]"#, &[]);
    check(
        r#""selectableFields":[{"jsonPath":".spec.a"},{"jsonPath":".spec.a"},{"jsonPath":".spec.z"},{"jsonPath":".spec.o"}]"#,
        &[
            "spec.selectableFields[1].jsonPath: Duplicate value: \".spec.a\"",
            "spec.selectableFields[2].jsonPath: Invalid value: \".spec.z\": is an invalid path: does not refer to a valid field",
            "spec.selectableFields[3].jsonPath: Invalid value: \".spec.o\": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.",
        ],
    );
}

#[test]
fn conversions() {
    let good = r#","schema":{"openAPIV3Schema":{"type":"object"}}"#;
    let check = |conversion: &str, expect: &[&str]| {
        let crd = definition(good, &format!(r#","conversion":{conversion}"#));
        assert_eq!(errors(&crd), expect, "{conversion}");
    };
    check(r#"{"strategy":"None"}"#, &[]);
    check(
        r#"{"strategy":"Webhook","webhook":{"clientConfig":{"service":{"name":"a","namespace":"b"}},"conversionReviewVersions":["v1"]}}"#,
        &[],
    );
    check(
        r#"{"strategy":"Webhook"}"#,
        &[
            "spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook",
            "spec.conversion.conversionReviewVersions: Required value",
        ],
    );
    check(
        r#"{"strategy":"None","webhook":{"conversionReviewVersions":["v1"]}}"#,
        &[
            "spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook",
        ],
    );
}

#[test]
fn protected_groups_need_approval() {
    let text = |annotations: &str| {
        format!(
            r#"{{"metadata":{{"name":"things.x.k8s.io"{annotations}}},"spec":{{"group":"x.k8s.io","scope":"Cluster",
            "names":{{"plural":"things","kind":"Thing"}},"versions":[{{"name":"v1","served":true,"storage":true,
            "schema":{{"openAPIV3Schema":{{"type":"object"}}}}}}]}},"status":{{"storedVersions":["v1"]}}}}"#
        )
    };
    let with = |value: &str| {
        errors(&read(&text(&format!(r#","annotations":{{"api-approved.kubernetes.io":"{value}"}}"#))))
    };
    assert!(with("https://github.com/kubernetes/kubernetes/pull/1").is_empty());
    assert!(with("unapproved, an experiment").is_empty());
    assert_eq!(with("odd").len(), 1);
    assert_eq!(
        errors(&read(&text(""))),
        [
            "metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation \
         \"api-approved.kubernetes.io\", see https://github.com/kubernetes/enhancements/pull/1111",
        ]
    );
}

#[test]
fn what_does_not_change() {
    let schema = r#","schema":{"openAPIV3Schema":{"type":"object"}}"#;
    let old = definition(schema, "");
    let text = |scope: &str, kind: &str| {
        read(&format!(
            r#"{{"metadata":{{"name":"things.g.example"}},"spec":{{"group":"g.example","scope":"{scope}",
            "names":{{"plural":"things","kind":"{kind}"}},"versions":[{{"name":"v1","served":true,"storage":true{schema}}}]}},
            "status":{{"storedVersions":["v1"],"conditions":[{{"type":"Established","status":"True"}}]}}}}"#
        ))
    };
    let check = |new: &Value, old: &Value, expect: &[&str]| {
        let found: Vec<String> =
            validate::update(GROUP, KIND, new, old).iter().map(ToString::to_string).collect();
        assert_eq!(found, expect);
    };
    check(&text("Cluster", "Other"), &old, &[]);
    check(
        &text("Cluster", "Other"),
        &text("Namespaced", "Thing"),
        &[
            "spec.scope: Invalid value: \"Cluster\": field is immutable",
            "spec.names.kind: Invalid value: \"Other\": field is immutable",
        ],
    );
    // A schema that was let through once is no reason to refuse other changes.
    let bad = |doc: &str| {
        with_schema(&format!(
            r#"{{"type":"object","description":"{doc}","properties":{{"a":{{"type":"array"}}}}}}"#
        ))
    };
    check(&bad("new"), &bad("old"), &[]);
}
