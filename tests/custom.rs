//! Custom resources: CustomResourceDefinitions as operators bring them, used with kubectl.

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, eventually};
use serde_json::json;

use crate::groups::{Group, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(Group::Memory, "memory_custom_resources_live_and_go", live_and_go),
        test(Group::Memory, "memory_custom_resources_are_validated", validated),
        test(Group::Memory, "memory_custom_resources_apply_and_scale", apply_and_scale),
        test(Group::Memory, "memory_custom_resources_have_versions", versions),
        test(Group::Memory, "memory_definitions_are_validated", definitions),
    ]
}

/// A definition in a group of its own: tests share the cluster. `WORD` is the group's first word.
const DEFINITION: &str = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.WORD.example}
spec:
  group: WORD.example
  scope: Namespaced
  names: {plural: widgets, kind: Widget, shortNames: [WORDwd], categories: [WORDall]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources:
      status: {}
      scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.selector}
    selectableFields: [{jsonPath: .spec.color}]
    additionalPrinterColumns:
    - {name: Color, type: string, jsonPath: .spec.color}
    - {name: Replicas, type: integer, jsonPath: .spec.replicas}
    - {name: Size, type: string, jsonPath: .spec.size, priority: 1}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            description: What is wanted of a widget.
            required: [color]
            properties:
              color: {type: string, description: Its paint., enum: [red, green]}
              size: {type: string, default: medium}
              replicas: {type: integer, minimum: 0, maximum: 10, default: 1}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true}
              parts:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items:
                  type: object
                  required: [name]
                  properties: {name: {type: string}, value: {type: string, pattern: '^[a-z]+$'}}
          status:
            type: object
            properties: {replicas: {type: integer}, selector: {type: string}, phase: {type: string}}
";

/// Makes a definition and waits until it is served.
fn define(kubectl: &Kubectl, word: &str, definition: &str) -> Result<String> {
    kubectl.apply(&definition.replace("WORD", word))?;
    let name = format!("crd/widgets.{word}.example");
    kubectl.run(&["wait", "--for", "condition=established", "--timeout", "30s", &name])?;
    Ok(name)
}

fn widget(word: &str, name: &str, spec: &str) -> String {
    format!("apiVersion: {word}.example/v1\nkind: Widget\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n")
}

fn live_and_go(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let definition = define(kubectl, "live", DEFINITION)?;
    kubectl.apply(&widget("live", "a", "color: red, free: {x: {k: 1}}"))?;
    kubectl.apply(&widget("live", "b", "color: green"))?;
    let object = kubectl.json(&["livewd", "a"])?;
    ensure!(object["spec"]["size"] == "medium" && object["spec"]["replicas"] == 1, "{object}");
    ensure!(object["metadata"]["generation"] == 1 && object["kind"] == "Widget", "{object}");
    let table = kubectl.run(&["get", "widgets.live.example"])?;
    ensure!(table.starts_with("NAME   COLOR   REPLICAS\na      red     1"), "{table}");
    let wide = kubectl.run(&["get", "widgets.live.example", "-o", "wide"])?;
    ensure!(wide.contains("SIZE") && wide.contains("medium"), "{wide}");
    let all = kubectl.run(&["get", "liveall", "-o", "name"])?;
    ensure!(all == "widget.live.example/a\nwidget.live.example/b\n", "{all}");
    let red = kubectl.run(&["get", "livewd", "--field-selector", "spec.color=red", "-o", "name"])?;
    ensure!(red == "widget.live.example/a\n", "{red}");
    let odd = kubectl.say(&["get", "livewd", "--field-selector", "spec.size=x"], "")?;
    ensure!(odd.err.contains("field label not supported: spec.size"), "{}", odd.err);
    for flag in [
        &["explain", "widgets.live.example.spec"][..],
        &["explain", "--output=plaintext-openapiv2", "widgets.live.example.spec"],
    ] {
        let told = kubectl.run(flag)?;
        ensure!(told.contains("What is wanted of a widget.") && told.contains("Its paint."), "{told}");
    }
    let strategic = kubectl.say(&["patch", "livewd", "a", "-p", "{}"], "")?;
    ensure!(!strategic.ok && strategic.err.contains("strategic-merge-patch"), "{}", strategic.err);
    kubectl.run(&[
        "patch",
        "livewd",
        "a",
        "--type=json",
        "-p",
        r#"[{"op":"add","path":"/metadata/finalizers","value":["x.example/wait"]}]"#,
    ])?;

    // The definition goes when the last object has gone, and takes nothing new meanwhile.
    kubectl.run(&["delete", &definition, "--wait=false"])?;
    eventually("b is deleted", || {
        let left = kubectl.run(&["get", "livewd", "-o", "name"])?;
        ensure!(left == "widget.live.example/a\n", "{left}");
        Ok(())
    })?;
    let late = kubectl.say(&["create", "-f", "-"], &widget("live", "c", "color: red"))?;
    let words = "create not allowed while custom resource definition is terminating";
    ensure!(late.err.contains(words), "{}", late.err);
    let reason = r#"{.status.conditions[?(@.type=="Terminating")].reason}"#;
    ensure!(kubectl.path(&[&definition], reason)? == "InstanceDeletionInProgress");
    kubectl.run(&["patch", "livewd", "a", "--type=merge", "-p", r#"{"metadata":{"finalizers":null}}"#])?;
    eventually("the definition is gone", || {
        let gone = kubectl.say(&["get", &definition], "")?;
        ensure!(gone.err.contains("not found"), "{}{}", gone.out, gone.err);
        let kind = kubectl.say(&["get", "--raw", "/apis/live.example/v1"], "")?;
        ensure!(!kind.ok, "{}", kind.out);
        Ok(())
    })?;
    // Nothing comes back with a new definition.
    define(kubectl, "live", DEFINITION)?;
    ensure!(kubectl.run(&["get", "widgets.live.example", "-A", "-o", "name"])?.is_empty());
    Ok(())
}

fn validated(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    define(kubectl, "valid", DEFINITION)?;
    let bad = widget(
        "valid",
        "bad",
        "color: pink, replicas: x, parts: [{name: p, value: Q}, {name: p}, {value: z}], odd: 1",
    );
    let strict = kubectl.say(&["apply", "--validate=strict", "-f", "-"], &bad)?;
    ensure!(strict.err.contains(r#"strict decoding error: unknown field "spec.odd""#), "{}", strict.err);
    let warned = kubectl.say(&["create", "--validate=warn", "-f", "-"], &bad)?;
    for words in [
        r#"Warning: unknown field "spec.odd""#,
        r#"spec.color: Unsupported value: "pink": supported values: "red", "green""#,
        r#"spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string""#,
        r#"spec.parts[0].value: Invalid value: "Q": spec.parts[0].value in body should match '^[a-z]+$'"#,
        "spec.parts[2].name: Required value",
        r#"spec.parts[1]: Duplicate value: {"name":"p"}"#,
    ] {
        ensure!(warned.err.contains(words), "{words} in {}", warned.err);
    }
    let none = kubectl.say(&["create", "-f", "-"], &widget("valid", "none", "replicas: 11"))?;
    ensure!(none.err.contains("spec.color: Required value"), "{}", none.err);
    ensure!(none.err.contains("should be less than or equal to 10"), "{}", none.err);
    let named = kubectl.say(&["create", "-f", "-"], &widget("valid", "Bad_Name", "color: red"))?;
    ensure!(named.err.contains("metadata.name: Invalid value"), "{}", named.err);
    Ok(())
}

fn apply_and_scale(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    define(kubectl, "apply", DEFINITION)?;
    let whole = widget("apply", "a", "color: red, parts: [{name: p, value: q}], free: {x: {k: 1}}");
    let one = ["apply", "--server-side", "--field-manager=one", "-f", "-"];
    kubectl.run_with(&one, &whole)?;
    // Another manager adds to the keyed list and to what has no schema.
    let two = ["apply", "--server-side", "--field-manager=two", "-f", "-"];
    let part = widget("apply", "a", "parts: [{name: r}], free: {x: {z: 2}}");
    kubectl.run_with(&two, &part)?;
    let spec = kubectl.json(&["applywd", "a"])?["spec"].clone();
    ensure!(spec["parts"] == json!([{"name": "p", "value": "q"}, {"name": "r"}]), "{spec}");
    ensure!(spec["free"] == json!({"x": {"k": 1, "z": 2}}), "{spec}");
    let other = widget("apply", "a", "color: green");
    let conflict = kubectl.say(&two, &other)?;
    ensure!(conflict.err.contains(".spec.color"), "{}", conflict.err);

    kubectl.run(&["scale", "applywd/a", "--replicas=3"])?;
    let status = r#"{"status":{"phase":"ok","replicas":2,"selector":"a=b"},"spec":{"color":"green"}}"#;
    kubectl.run(&["patch", "applywd", "a", "--subresource=status", "--type=merge", "-p", status])?;
    let now = kubectl.json(&["applywd", "a"])?;
    ensure!(now["spec"]["replicas"] == 3 && now["spec"]["color"] == "red", "{now}");
    ensure!(now["status"]["phase"] == "ok", "{now}");
    let generation = now["metadata"]["generation"].clone();
    kubectl.run(&["patch", "applywd", "a", "--type=merge", "-p", r#"{"status":{"phase":"no"}}"#])?;
    kubectl.run(&["label", "applywd", "a", "x=y"])?;
    let later = kubectl.json(&["applywd", "a"])?;
    ensure!(later["status"]["phase"] == "ok" && later["metadata"]["generation"] == generation, "{later}");
    let namespace = later["metadata"]["namespace"].as_str().unwrap_or_default().to_owned();
    let path = format!("/apis/apply.example/v1/namespaces/{namespace}/widgets/a/scale");
    let scale = kubectl.run(&["get", "--raw", &path])?;
    ensure!(scale.contains(r#""spec":{"replicas":3},"status":{"replicas":2,"selector":"a=b"}"#), "{scale}");
    Ok(())
}

const SECOND: &str = "
  - name: v2
    served: true
    storage: false
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {color: {type: string}, extra: {type: string, default: new}}}
";

fn versions(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let definition = define(kubectl, "versions", DEFINITION)?;
    kubectl.apply(&widget("versions", "a", "color: red"))?;
    let both = format!("{DEFINITION}{}", SECOND.trim_start_matches('\n')).replace("WORD", "versions");
    kubectl.apply(&both)?;
    let second = eventually("v2 is served", || kubectl.json(&["widgets.v2.versions.example", "a"]))?;
    ensure!(second["apiVersion"] == "versions.example/v2" && second["spec"]["color"] == "red", "{second}");
    ensure!(second["spec"]["extra"] == "new" && second["spec"].get("size").is_none(), "{second}");
    // The other version is stored from now on; what was stored before reads as it.
    let moved =
        both.replacen("served: true\n    storage: true", "served: true\n    storage: false", 1).replacen(
            "name: v2\n    served: true\n    storage: false",
            "name: v2\n    served: true\n    storage: true",
            1,
        );
    kubectl.apply(&moved)?;
    let stored = kubectl.path(&[&definition], "{.status.storedVersions}")?;
    ensure!(stored == r#"["v1","v2"]"#, "{stored}");
    eventually("objects read as both", || {
        let first = kubectl.json(&["widgets.v1.versions.example", "a"])?;
        ensure!(first["apiVersion"] == "versions.example/v1" && first["spec"]["size"] == "medium", "{first}");
        kubectl.run(&[
            "patch",
            "widgets.v2.versions.example",
            "a",
            "--type=merge",
            "-p",
            r#"{"spec":{"extra":"x"}}"#,
        ])?;
        let second = kubectl.json(&["widgets.v2.versions.example", "a"])?;
        ensure!(second["spec"]["extra"] == "x", "{second}");
        Ok(())
    })?;
    // A version in which objects may be stored stays in the list.
    let gone = moved.replace("name: v1", "name: v3");
    let refused = kubectl.say(&["apply", "-f", "-"], &gone)?;
    ensure!(
        refused.err.contains("status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions"),
        "{}",
        refused.err
    );
    Ok(())
}

fn definitions(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let check = |from: &str, to: &str, words: &str| {
        let changed = DEFINITION.replace("WORD", "checks").replace(from, to);
        let refused = kubectl.say(&["create", "-f", "-"], &changed)?;
        ensure!(!refused.ok && refused.err.contains(words), "{words} in {}", refused.err);
        Ok(())
    };
    check("plural: widgets", "plural: gadgets", r#"must be spec.names.plural+"."+spec.group"#)?;
    check("storage: true", "storage: false", "must have exactly one version marked as storage version")?;
    check(
        "color: {type: string, ",
        "color: {",
        "spec.validation.openAPIV3Schema.properties[spec].properties[color].type: Required value: must not be empty for \
         specified object fields",
    )?;
    check("default: medium", "default: 3", "must be of type string")?;
    check(
        "jsonPath: .spec.replicas",
        "jsonPath: spec.replicas",
        "must be a simple json path starting with .",
    )?;
    // Names are given to the first who asks.
    define(kubectl, "names", DEFINITION)?;
    let rival = DEFINITION
        .replace("WORD", "names")
        .replace("widgets.names", "rivals.names")
        .replace("plural: widgets", "plural: rivals");
    kubectl.apply(&rival)?;
    let reason = r#"{.status.conditions[?(@.type=="NamesAccepted")].reason}"#;
    eventually("the conflict is told", || {
        let told = kubectl.path(&["crd", "rivals.names.example"], reason)?;
        ensure!(told == "ListKindConflict", "{told}");
        Ok(())
    })?;
    kubectl.run(&["delete", "crd", "widgets.names.example"])?;
    kubectl.run(&[
        "wait",
        "--for",
        "condition=established",
        "--timeout",
        "30s",
        "crd/rivals.names.example",
    ])?;
    Ok(())
}
