//! Conversions there and back.

use mizzen_schema::builtin;
use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;

use super::convert;

fn ty(group: &str, version: &str, kind: &str) -> TypeRef {
    TypeRef::Static(builtin::kind(group, version, kind).expect("a built-in kind"))
}

fn read(text: &str, ty: &TypeRef) -> Value {
    json::decode(text.as_bytes(), ty, &Options::default()).expect("an object").value
}

#[test]
fn autoscalers_keep_their_metrics_in_annotations() {
    let (v1, v2) = (
        ty("autoscaling", "v1", "HorizontalPodAutoscaler"),
        ty("autoscaling", "v2", "HorizontalPodAutoscaler"),
    );
    let object = read(
        r#"{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"a"},"spec":{
        "scaleTargetRef":{"kind":"Deployment","name":"d","apiVersion":"apps/v1"},"minReplicas":1,"maxReplicas":3,
        "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}},
        {"type":"Pods","pods":{"metric":{"name":"rps"},"target":{"type":"AverageValue","averageValue":"100"}}}],
        "behavior":{"scaleDown":{"stabilizationWindowSeconds":60}}}}"#,
        &v2,
    );
    let old = convert(object.clone(), &v1);
    assert_eq!(old.str_at(&["apiVersion"]), Some("autoscaling/v1"));
    assert_eq!(old.path(&["spec", "targetCPUUtilizationPercentage"]), Some(&Value::Int(50)));
    assert_eq!(
        crate::meta::annotation(&old, "autoscaling.alpha.kubernetes.io/metrics"),
        Some(r#"[{"pods":{"metricName":"rps","targetAverageValue":"100"},"type":"Pods"}]"#)
    );
    assert_eq!(convert(old, &v2), object);
}

#[test]
fn events_change_names() {
    let (core, events) = (ty("", "v1", "Event"), ty("events.k8s.io", "v1", "Event"));
    let object = read(
        r#"{"apiVersion":"v1","kind":"Event","metadata":{"name":"a","namespace":"b"},"involvedObject":{"kind":"Pod"},
        "reason":"R","message":"m","source":{"component":"c"},"firstTimestamp":"2026-01-01T00:00:00Z","count":2,
        "type":"Normal","reportingComponent":"x","reportingInstance":"y"}"#,
        &core,
    );
    let new = convert(object.clone(), &events);
    assert_eq!(new.str_at(&["note"]), Some("m"));
    assert_eq!(new.str_at(&["regarding", "kind"]), Some("Pod"));
    assert_eq!(new.str_at(&["deprecatedSource", "component"]), Some("c"));
    assert_eq!(new.str_at(&["reportingController"]), Some("x"));
    assert_eq!(convert(new, &core), object);
}

#[test]
fn the_same_type_stays() {
    let pod = ty("", "v1", "Pod");
    let object = read(r#"{"metadata":{"name":"a"}}"#, &pod);
    assert_eq!(convert(object.clone(), &pod), object);
}
