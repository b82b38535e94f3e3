//! `fieldValidation`: fields that do not belong, by every way of writing.

use http::Method;

use crate::support::{Api, Reply, api};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";
const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/default/deployments";

async fn send(api: &Api, method: Method, path: &str, media: &str, body: &str) -> Reply {
    api.call(method, path, &[("content-type", media)], body.to_owned()).await
}

/// A Deployment with an unknown field and one given twice.
const ODD: &str = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"foo":1,
    "replicas":1,"replicas":2,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
    "spec":{"containers":[{"name":"c","image":"i","bar":true}]}}}}"#;

#[tokio::test]
async fn create_and_update() {
    let api = api();
    let json = "application/json";
    let refused = send(&api, Method::POST, &format!("{DEPLOYMENTS}?fieldValidation=Strict"), json, ODD).await;
    assert_eq!(
        refused.expect(400)["message"],
        "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: \
         unknown field \"spec.foo\", duplicate field \"spec.replicas\", \
         unknown field \"spec.template.spec.containers[0].bar\""
    );
    let warned = [
        r#"299 - "unknown field \"spec.foo\"""#,
        r#"299 - "duplicate field \"spec.replicas\"""#,
        r#"299 - "unknown field \"spec.template.spec.containers[0].bar\"""#,
    ];
    let created = send(&api, Method::POST, DEPLOYMENTS, json, ODD).await;
    assert_eq!(created.warnings(), warned);
    assert_eq!(created.expect(201)["spec"]["replicas"], 2);
    let named = format!("{DEPLOYMENTS}/web");
    let updated = send(&api, Method::PUT, &format!("{named}?fieldValidation=Warn"), json, ODD).await;
    assert_eq!(updated.warnings(), warned);
    updated.expect(200);
    let ignored = send(&api, Method::PUT, &format!("{named}?fieldValidation=Ignore"), json, ODD).await;
    assert!(ignored.warnings().is_empty());
    let unknown = send(&api, Method::PUT, &format!("{named}?fieldValidation=x"), json, ODD).await.expect(422);
    assert_eq!(
        unknown["message"],
        "UpdateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"x\": supported values: \
         \"\", \"Ignore\", \"Strict\", \"Warn\""
    );
}

#[tokio::test]
async fn yaml_bodies() {
    let api = api();
    let yaml = "application/yaml";
    let odd = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata:\n  k: v\n  k: w\ndada: 1\n";
    let refused =
        send(&api, Method::POST, &format!("{MAPS}?fieldValidation=Strict"), yaml, odd).await.expect(400);
    assert_eq!(
        refused["message"],
        "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal \
         errors:\n  line 6: key \"k\" already set in map, unknown field \"dada\""
    );
    let warned = send(&api, Method::POST, MAPS, yaml, odd).await;
    assert_eq!(
        warned.warnings(),
        [r#"299 - "line 6: key \"k\" already set in map""#, r#"299 - "unknown field \"dada\"""#]
    );
    assert_eq!(warned.expect(201)["data"]["k"], "w");
}

#[tokio::test]
async fn every_kind_of_patch() {
    let api = api();
    send(&api, Method::POST, MAPS, "application/json", r#"{"metadata":{"name":"a"}}"#).await.expect(201);
    let merge = r#"{"data":{"k":"v","k":"w"},"dada":1}"#;
    let json = r#"[{"op":"add","path":"/dada","value":1}]"#;
    let dada = r#"299 - "unknown field \"dada\"""#;
    let twice = r#"299 - "duplicate field \"data.k\"""#;
    let cases: [(&str, &str, &[&str]); 3] = [
        ("application/merge-patch+json", merge, &[twice, dada]),
        ("application/strategic-merge-patch+json", merge, &[twice, dada]),
        ("application/json-patch+json", json, &[dada]),
    ];
    for (media, patch, warnings) in cases {
        let path = |validation: &str| format!("{MAPS}/a?fieldManager=m&fieldValidation={validation}");
        let warned = send(&api, Method::PATCH, &path("Warn"), media, patch).await;
        assert_eq!(warned.warnings(), warnings, "{media}");
        warned.expect(200);
        let ignored = send(&api, Method::PATCH, &path("Ignore"), media, patch).await;
        assert!(ignored.warnings().is_empty(), "{media}");
        ignored.expect(200);
        let refused = send(&api, Method::PATCH, &path("Strict"), media, patch).await;
        let message = refused.expect(422)["message"].as_str().expect("text").to_owned();
        assert!(message.contains("strict decoding error: "), "{media}: {message}");
        assert!(message.contains("unknown field \"dada\""), "{media}: {message}");
    }
    // Of an applied configuration, unknown fields are refused in any case; what is written twice is as the client asks.
    let apply = |validation: &str, text: &'static str| {
        let path = format!("{MAPS}/a?fieldManager=m&fieldValidation={validation}");
        let api = &api;
        async move { send(api, Method::PATCH, &path, "application/apply-patch+yaml", text).await }
    };
    let unknown = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndada: 1\n";
    let twice = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v, k: w}\n";
    for validation in ["Warn", "Ignore", "Strict"] {
        let message =
            apply(validation, unknown).await.expect(400)["message"].as_str().expect("text").to_owned();
        assert!(message.ends_with(".dada: field not declared in schema"), "{message}");
    }
    let warned = apply("Warn", twice).await;
    assert_eq!(warned.warnings(), [r#"299 - "line 4: key \"k\" already set in map""#]);
    warned.expect(200);
    apply("Ignore", twice).await.expect(200);
    apply("Strict", twice).await.expect(400);
}

#[tokio::test]
async fn malformed_bodies_are_named() {
    let api = api();
    let check = async |body: &str, expect: &str| {
        let refused = send(&api, Method::POST, MAPS, "application/json", body).await.expect(400);
        assert_eq!(refused["message"], expect, "{body}");
    };
    let start = "the object provided is unrecognized (must be of type ConfigMap): ";
    let parse = "couldn't get version/kind; json parse error: ";
    check("", &format!("{start}{parse}unexpected end of JSON input (<empty>)")).await;
    check("{", &format!("{start}{parse}unexpected end of JSON input ({{)")).await;
    let text = r#"{"a": [1,]}"#;
    check(text, &format!("{start}{parse}invalid character ']' looking for beginning of value ({text})"))
        .await;
    let header = r#"struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#;
    let array = format!("json: cannot unmarshal array into Go value of type {header} (5b5d)");
    check("[]", &format!("{start}{parse}{array}")).await;
    check(
        r#"{"kind":"ConfigMap","apiVersion":"v1","data":{"k":1}}"#,
        "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go \
         struct field ConfigMap.data of type string",
    )
    .await;
}
