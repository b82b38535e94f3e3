use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::Shape;

use super::*;

fn gvk(group: &str, version: &str, kind: &str) -> GroupVersionKind {
    GroupVersionKind {
        group: group.to_owned().into(),
        version: version.to_owned().into(),
        kind: kind.to_owned().into(),
    }
}

fn now() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn object(gvk: &GroupVersionKind, text: &str) -> Value {
    let options = Options { strict: true, ..Options::default() };
    let decoded = match builtin::kind(&gvk.group, &gvk.version, &gvk.kind) {
        Some(ty) => json::decode(text.as_bytes(), &TypeRef::Static(ty), &options).unwrap(),
        None => json::decode_shape(text.as_bytes(), &Shape::Any, &options).unwrap(),
    };
    assert_eq!(decoded.complaints, Vec::<String>::new());
    decoded.value
}

/// The cells of an object's row, as JSON.
fn check(group: &str, kind: &str, text: &str, expect: &str) {
    let version = if kind == "HorizontalPodAutoscaler" { "v2" } else { "v1" };
    let gvk = gvk(group, version, kind);
    let object = object(&gvk, text);
    let table = render(&gvk, &[&object], now(), IncludeObject::None, &ListMeta::default());
    let row = &table.path(&["rows"]).unwrap().items()[0];
    let mut out = Vec::new();
    json::encode(row.get("cells").unwrap(), &mut out);
    assert_eq!(String::from_utf8(out).unwrap().replace("\\u003c", "<").replace("\\u003e", ">"), expect);
}

#[test]
fn ages_are_short() {
    let check = |seconds: i64, expect: &str| assert_eq!(cell::human(seconds), expect);
    for (seconds, expect) in [
        (-5, "<invalid>"),
        (-1, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (303, "5m3s"),
        (600, "10m"),
        (10_799, "179m"),
        (10_800, "3h"),
        (10_860, "3h1m"),
        (28_800, "8h"),
        (172_800, "2d"),
        (176_400, "2d1h"),
        (691_200, "8d"),
        (63_072_000, "2y"),
        (63_158_400, "2y1d"),
        (252_288_000, "8y"),
    ] {
        check(seconds, expect);
    }
}

#[test]
fn pods() {
    check(
        "",
        "Pod",
        r#"{"metadata":{"name":"a","creationTimestamp":"2026-01-01T11:59:00Z"},"spec":{"nodeName":"n","containers":
        [{"name":"c"},{"name":"d"}]},"status":{"phase":"Running","podIPs":[{"ip":"10.0.0.1"}],"containerStatuses":[
        {"name":"c","ready":true,"restartCount":2,"state":{"running":{}},"lastState":{"terminated":
        {"finishedAt":"2026-01-01T11:58:00Z","exitCode":1}}},
        {"name":"d","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}"#,
        r#"["a","1/2","CrashLoopBackOff","2 (2m ago)","60s","10.0.0.1","n","<none>","<none>"]"#,
    );
    let phase = |status: &str, spec: &str, expect: &str| {
        let text = format!(r#"{{"metadata":{{"name":"a"}},"spec":{{{spec}}},"status":{{{status}}}}}"#);
        let gvk = gvk("", "v1", "Pod");
        let object = object(&gvk, &text);
        let cells = pod::POD.cells;
        let cells = cells(&Row { object: &object, now: now() });
        assert_eq!(cells[2].as_str(), Some(expect), "{text}");
    };
    phase(r#""phase":"Pending""#, "", "Pending");
    phase(r#""phase":"Failed","reason":"Evicted""#, "", "Evicted");
    phase(
        r#""phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]"#,
        "",
        "SchedulingGated",
    );
    let init = r#""initContainers":[{"name":"i"},{"name":"s","restartPolicy":"Always"}]"#;
    phase(
        r#""phase":"Pending","initContainerStatuses":[{"name":"i","state":{"running":{}}}]"#,
        init,
        "Init:0/2",
    );
    phase(
        r#""phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":3}}}]"#,
        init,
        "Init:ExitCode:3",
    );
    phase(
        r#""phase":"Pending","initContainerStatuses":[{"name":"i","state":{"waiting":{"reason":"ErrImagePull"}}}]"#,
        init,
        "Init:ErrImagePull",
    );
    let two = r#""containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed","exitCode":0}}},
        {"name":"b","ready":true,"state":{"running":{}}}]"#;
    phase(&format!(r#""phase":"Running",{two}"#), "", "NotReady");
    phase(
        &format!(r#""phase":"Running","conditions":[{{"type":"Ready","status":"True"}}],{two}"#),
        "",
        "Running",
    );
    check(
        "",
        "Pod",
        r#"{"metadata":{"name":"a","deletionTimestamp":"2026-01-01T12:00:00Z"},"status":{"phase":"Running"}}"#,
        r#"["a","0/0","Terminating","0","<unknown>","<none>","<none>","<none>","<none>"]"#,
    );
}

#[test]
fn other_kinds() {
    check(
        "apps",
        "Deployment",
        r#"{"metadata":{"name":"web"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"},"matchExpressions":
        [{"key":"a","operator":"In","values":["y","x"]}]},"template":{"spec":{"containers":[{"name":"c","image":"i"},
        {"name":"d","image":"j"}]}}},"status":{"readyReplicas":2,"updatedReplicas":3,"availableReplicas":1}}"#,
        r#"["web","2/3",3,1,"<unknown>","c,d","i,j","a in (x,y),app=web"]"#,
    );
    check(
        "",
        "Service",
        r#"{"metadata":{"name":"s"},"spec":{"type":"LoadBalancer","clusterIPs":["10.96.0.1"],"ports":[{"port":80,
        "protocol":"TCP","nodePort":30000},{"port":53,"protocol":"UDP"}],"selector":{"a":"b"}}}"#,
        r#"["s","LoadBalancer","10.96.0.1","<pending>","80:30000/TCP,53/UDP","<unknown>","a=b"]"#,
    );
    check(
        "",
        "Node",
        r#"{"metadata":{"name":"n","labels":{"node-role.kubernetes.io/worker":"","kubernetes.io/role":"x"}},
        "spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":
        {"kubeletVersion":"v1.35.0"},"addresses":[{"type":"InternalIP","address":"10.1.1.1"}]}}"#,
        r#"["n","Ready,SchedulingDisabled","worker,x","<unknown>","v1.35.0","10.1.1.1","<none>","<unknown>","<unknown>","<unknown>"]"#,
    );
    check(
        "",
        "Event",
        r#"{"metadata":{"name":"e"},"type":"Normal","reason":"Pulled","involvedObject":{"kind":"Pod","name":"p"},
        "message":" done\n","lastTimestamp":"2026-01-01T11:59:50Z","source":{"component":"kubelet","host":"n"}}"#,
        r#"["10s","Normal","Pulled","pod/p","","kubelet, n","done","<unknown>",1,"e"]"#,
    );
    check(
        "batch",
        "Job",
        r#"{"metadata":{"name":"j"},"spec":{"completions":2},"status":{"succeeded":2,"startTime":
        "2026-01-01T11:00:00Z","completionTime":"2026-01-01T11:00:07Z","conditions":[{"type":"Complete",
        "status":"True"}]}}"#,
        r#"["j","Complete","2/2","7s","<unknown>","","","<none>"]"#,
    );
    check(
        "autoscaling",
        "HorizontalPodAutoscaler",
        r#"{"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":5,"metrics":
        [{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}]}}"#,
        r#"["h","Deployment/d","cpu: <unknown>/80%","<unset>",5,0,"<unknown>"]"#,
    );
    check(
        "",
        "Secret",
        r#"{"metadata":{"name":"s"},"type":"Opaque","data":{"a":"","b":""}}"#,
        r#"["s","Opaque",2,"<unknown>"]"#,
    );
    check(
        "",
        "LimitRange",
        r#"{"metadata":{"name":"l","creationTimestamp":"2026-01-01T00:00:00Z"}}"#,
        r#"["l","2026-01-01T00:00:00Z"]"#,
    );
    check(
        "example.com",
        "Thing",
        r#"{"metadata":{"name":"t","creationTimestamp":"2026-01-01T00:00:00Z"}}"#,
        r#"["t","2026-01-01T00:00:00Z"]"#,
    );
    check(
        "discovery.k8s.io",
        "EndpointSlice",
        r#"{"metadata":{"name":"s"},"addressType":"IPv4","ports":[{"port":80},{"name":"x"}],"endpoints":[{"addresses":
        ["1","2"]},{"addresses":["3","4"]}]}"#,
        r#"["s","IPv4","80,x","1,2,3 + 1 more...","<unknown>"]"#,
    );
}

#[test]
fn rows_carry_what_is_asked_for() {
    let gvk = gvk("", "v1", "Pod");
    let pod = object(
        &gvk,
        r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"},"status":{"phase":"Succeeded"}}"#,
    );
    let text = |include: IncludeObject| {
        let meta = ListMeta { resource_version: "7".to_owned(), ..ListMeta::default() };
        let mut out = Vec::new();
        json::encode(&render(&gvk, &[&pod], now(), include, &meta), &mut out);
        String::from_utf8(out).unwrap()
    };
    let metadata = text(IncludeObject::Metadata);
    assert!(metadata.starts_with(
        r#"{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7"},"columnDefinitions":[{"name":"Name","type":"string","format":"name""#
    ));
    assert!(metadata.ends_with(
        r#""conditions":[{"type":"Completed","status":"True","reason":"Succeeded","message":"The pod has completed successfully."}],"object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a"}}}]}"#
    ), "{metadata}");
    assert!(text(IncludeObject::None).ends_with(r#""object":null}]}"#));
    assert!(text(IncludeObject::Object).contains(r#""object":{"kind":"Pod""#));
}

/// Columns equal the reference table, where it is there.
#[test]
fn columns_are_those_of_the_level() {
    let folder = std::env::var_os("MIZZEN_REFERENCE").map_or_else(
        || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference"),
        std::path::PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(folder.join("columns.tsv")) else {
        println!("gated: no reference data at {}", folder.display());
        return;
    };
    let mut expect: std::collections::BTreeMap<(String, String), Vec<String>> = Default::default();
    for line in text.lines().skip(1) {
        let cells: Vec<_> = line.split('\t').collect();
        if cells[0] == "*" {
            continue;
        }
        let group = if cells[0] == "meta/v1" { "" } else { cells[0] };
        let key = (group.to_owned(), cells[1].to_owned());
        expect.entry(key).or_default().push(format!("{} {} {}", cells[3], cells[4], cells[6]));
    }
    for ((group, kind), expect) in expect {
        let printer = printer(&gvk(&group, "v1", &kind));
        let found: Vec<_> =
            printer.columns.iter().map(|own| format!("{} {} {}", own.name, own.ty, own.priority)).collect();
        assert_eq!(found, expect, "{group} {kind}");
        let object = Value::Map(mizzen_schema::value::Map::new());
        assert_eq!((printer.cells)(&Row { object: &object, now: now() }).len(), found.len(), "{kind}");
    }
}
