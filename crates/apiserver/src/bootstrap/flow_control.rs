//! The flow schemas and priority levels that every cluster has: the mandatory ones are kept as they are, the
//! suggested ones while their annotation `apf.kubernetes.io/autoupdate-spec` says so.
//!
//! Source: the documentation page "API Priority and Fairness".

use futures::future::BoxFuture;
use futures::{StreamExt, TryStreamExt};
use mizzen_client::Client;
use serde_json::{Value as Json, json};

use super::BootstrapError;
use super::ensure::{ensure, put, resource};

const GROUP: &str = "flowcontrol.apiserver.k8s.io";
const AUTOUPDATE: &str = "apf.kubernetes.io/autoupdate-spec";
const MANDATORY: [&str; 2] = ["exempt", "catch-all"];

pub(super) async fn reconcile(client: &Client) -> Result<(), BootstrapError> {
    let levels = resource(GROUP, "v1", "prioritylevelconfigurations", "PriorityLevelConfiguration", false);
    let schemas = resource(GROUP, "v1", "flowschemas", "FlowSchema", false);
    let mut writes: Vec<BoxFuture<'_, Result<(), BootstrapError>>> = Vec::new();
    for (resource, objects) in [(&levels, priority_levels()), (&schemas, flow_schemas())] {
        for object in objects {
            writes.push(Box::pin(async move {
                ensure(client, resource, &object, |found| correct(found, &object)).await
            }));
        }
    }
    futures::stream::iter(writes).buffer_unordered(16).try_collect::<Vec<()>>().await.map(drop)
}

fn correct(found: &mut Json, wanted: &Json) -> bool {
    let mandatory = MANDATORY.iter().any(|name| wanted["metadata"]["name"] == *name);
    let annotation = &found["metadata"]["annotations"][AUTOUPDATE];
    // Without the annotation, the first generation is as the server made it.
    let ours = annotation == "true" || annotation.is_null() && found["metadata"]["generation"] == 1;
    if !mandatory && !ours {
        return false;
    }
    let annotated = put(found, &["metadata", "annotations", AUTOUPDATE], &json!("true"));
    put(found, &["spec"], &wanted["spec"]) || annotated
}

fn object(kind: &str, name: &str, spec: &Json) -> Json {
    json!({
        "apiVersion": format!("{GROUP}/v1"),
        "kind": kind,
        "metadata": {"name": name, "annotations": {AUTOUPDATE: "true"}},
        "spec": spec,
    })
}

fn priority_levels() -> Vec<Json> {
    let level = |name: &str, spec: Json| object("PriorityLevelConfiguration", name, &spec);
    let queued = |name: &str, shares: u32, lendable: u32, queues: u32, hand_size: u32| {
        let queuing = json!({"queues": queues, "handSize": hand_size, "queueLengthLimit": 50});
        let response = json!({"type": "Queue", "queuing": queuing});
        let limited = json!({
            "nominalConcurrencyShares": shares,
            "lendablePercent": lendable,
            "limitResponse": response,
        });
        level(name, json!({"type": "Limited", "limited": limited}))
    };
    let rejecting = json!({
        "nominalConcurrencyShares": 5,
        "lendablePercent": 0,
        "limitResponse": {"type": "Reject"},
    });
    let free = json!({"nominalConcurrencyShares": 0, "lendablePercent": 0});
    vec![
        level("exempt", json!({"type": "Exempt", "exempt": free})),
        level("catch-all", json!({"type": "Limited", "limited": rejecting})),
        queued("system", 30, 33, 64, 6),
        queued("node-high", 40, 25, 64, 6),
        queued("leader-election", 10, 0, 16, 4),
        queued("workload-high", 40, 50, 128, 6),
        queued("workload-low", 100, 90, 128, 6),
        queued("global-default", 20, 50, 128, 6),
    ]
}

fn group(name: &str) -> Json {
    json!({"kind": "Group", "group": {"name": name}})
}

fn user(name: &str) -> Json {
    json!({"kind": "User", "user": {"name": name}})
}

fn account(name: &str) -> Json {
    json!({"kind": "ServiceAccount", "serviceAccount": {"namespace": "kube-system", "name": name}})
}

/// Rules over namespaced objects (and, if `wide`, those of cluster scope).
fn resources(verbs: &[&str], group: &str, resources: &[&str], wide: bool) -> Json {
    let mut rule = json!({"verbs": verbs, "apiGroups": [group], "resources": resources, "namespaces": ["*"]});
    if wide {
        rule["clusterScope"] = json!(true);
    }
    rule
}

/// Subjects with all that they ask for.
fn everything(subjects: &[Json]) -> Json {
    json!([{
        "subjects": subjects,
        "resourceRules": [resources(&["*"], "*", &["*"], true)],
        "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
    }])
}

fn only(subjects: &[Json], rules: &[Json]) -> Json {
    json!([{"subjects": subjects, "resourceRules": rules}])
}

fn flow_schemas() -> Vec<Json> {
    let schema = |name: &str, level: &str, precedence: u32, by: &str, rules: Json| {
        let mut spec = json!({
            "priorityLevelConfiguration": {"name": level},
            "matchingPrecedence": precedence,
            "rules": rules,
        });
        if !by.is_empty() {
            spec["distinguisherMethod"] = json!({"type": by});
        }
        object("FlowSchema", name, &spec)
    };
    let (by_user, by_namespace) = ("ByUser", "ByNamespace");
    let everyone = [group("system:unauthenticated"), group("system:authenticated")];
    let [manager, scheduler] = ["system:kube-controller-manager", "system:kube-scheduler"].map(user);
    let election = resources(&["get", "create", "update"], "coordination.k8s.io", &["leases"], false);
    let endpoints = resources(&["get", "create", "update"], "", &["endpoints"], false);
    let probes = json!([{
        "subjects": everyone,
        "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": ["/healthz", "/readyz", "/livez"]}],
    }]);
    let nodes = [
        resources(&["*"], "", &["nodes", "nodes/status"], true),
        resources(&["*"], "coordination.k8s.io", &["leases"], false),
    ];
    let electors = [manager.clone(), scheduler.clone(), account("*")];
    let endpoint_writers =
        [manager.clone(), account("endpoint-controller"), account("endpointslicemirroring-controller")];
    let by = by_user;
    vec![
        schema("exempt", "exempt", 1, "", everything(&[group("system:masters")])),
        schema("catch-all", "catch-all", 10_000, by, everything(&everyone)),
        schema("probes", "exempt", 2, "", probes),
        schema(
            "system-leader-election",
            "leader-election",
            100,
            by,
            only(&electors, std::slice::from_ref(&election)),
        ),
        schema("endpoint-controller", "workload-high", 150, by, only(&endpoint_writers, &[endpoints])),
        schema("workload-leader-election", "leader-election", 200, by, only(&[account("*")], &[election])),
        schema("system-node-high", "node-high", 400, by, only(&[group("system:nodes")], &nodes)),
        schema("system-nodes", "system", 500, by, everything(&[group("system:nodes")])),
        schema("kube-controller-manager", "workload-high", 800, by_namespace, everything(&[manager])),
        schema("kube-scheduler", "workload-high", 800, by_namespace, everything(&[scheduler])),
        schema(
            "kube-system-service-accounts",
            "workload-high",
            900,
            by_namespace,
            everything(&[account("*")]),
        ),
        schema("service-accounts", "workload-low", 9000, by, everything(&[group("system:serviceaccounts")])),
        schema("global-default", "global-default", 9900, by, everything(&everyone)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_has_its_level() {
        let levels = priority_levels();
        for schema in flow_schemas() {
            let level = &schema["spec"]["priorityLevelConfiguration"]["name"];
            assert!(levels.iter().any(|known| known["metadata"]["name"] == *level), "{level}");
        }
    }

    #[test]
    fn suggested_objects_can_be_taken_over() {
        let wanted = &priority_levels()[2];
        let check = |annotation: Json, generation: u32, expect: bool| {
            let mut found = wanted.clone();
            found["spec"]["limited"]["nominalConcurrencyShares"] = json!(1);
            found["metadata"]["annotations"][AUTOUPDATE] = annotation;
            found["metadata"]["generation"] = json!(generation);
            assert_eq!(correct(&mut found, wanted), expect);
            assert_eq!(found["spec"] == wanted["spec"], expect);
        };
        check(json!("true"), 3, true);
        check(json!("false"), 3, false);
        check(Json::Null, 1, true);
        check(Json::Null, 2, false);
        assert!(!correct(&mut wanted.clone(), wanted));
    }
}
