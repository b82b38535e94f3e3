//! Trees and k8s-openapi's structs.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Event, Pod, Secret};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use mizzen_schema::decode::Options;
use mizzen_schema::table::TypeRef;
use mizzen_schema::{builtin, json, typed};

fn check<T: serde::Serialize + serde::de::DeserializeOwned>(
    group: &str,
    version: &str,
    kind: &str,
    text: &str,
) {
    let ty = TypeRef::Static(builtin::kind(group, version, kind).unwrap());
    let value = json::decode(text.as_bytes(), &ty, &Options::default()).unwrap().value;
    let object: T = typed::from_value(&value).unwrap();
    assert_eq!(typed::to_value(&object, &ty).unwrap(), value);
}

#[test]
fn structs_hold_what_trees_hold() {
    check::<Pod>(
        "",
        "v1",
        "Pod",
        r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","creationTimestamp":"2020-01-01T00:00:00Z",
        "labels":{"x":"y"},"managedFields":[{"fieldsV1":{"f:spec":{}}}]},"spec":{"containers":[{"name":"c","ports":
        [{"containerPort":80}],"resources":{"limits":{"cpu":"500m"}},"livenessProbe":{"httpGet":{"port":"http"}}}],
        "hostNetwork":true,"terminationGracePeriodSeconds":0},"status":{"phase":"Running"}}"#,
    );
    check::<Deployment>(
        "apps",
        "v1",
        "Deployment",
        r#"{"kind":"Deployment","apiVersion":"apps/v1","metadata":{},"spec":{"replicas":0,"selector":{"matchLabels":
        {"a":"b"}},"strategy":{"rollingUpdate":{"maxSurge":1,"maxUnavailable":"25%"}},"template":{}}}"#,
    );
    check::<Secret>(
        "",
        "v1",
        "Secret",
        r#"{"kind":"Secret","apiVersion":"v1","metadata":{},"data":{"a":"aGk="},"type":"Opaque"}"#,
    );
    check::<Event>(
        "",
        "v1",
        "Event",
        r#"{"kind":"Event","apiVersion":"v1","metadata":{},"involvedObject":{"kind":"Pod"},"count":3,
        "eventTime":"2020-01-01T00:00:00.000001Z"}"#,
    );
    check::<CustomResourceDefinition>(
        "apiextensions.k8s.io",
        "v1",
        "CustomResourceDefinition",
        r#"{"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io/v1","metadata":{"name":"a.b"},"spec":
        {"group":"b","names":{"kind":"A","plural":"as"},"scope":"Namespaced","versions":[{"name":"v1","served":true,
        "storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"x":{"items":{"type":"string"},
        "additionalProperties":true,"enum":[1,"a"]}}}}}]}}"#,
    );
}

#[test]
fn what_does_not_fit_is_an_error() {
    let ty = TypeRef::Static(builtin::kind("", "v1", "Secret").unwrap());
    let value =
        json::decode(br#"{"apiVersion":"v1","kind":"Secret"}"#, &ty, &Options::default()).unwrap().value;
    assert!(typed::from_value::<Pod>(&value).is_err());
}
