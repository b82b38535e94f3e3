//! The core group, without pods, nodes, volumes and controllers; and events of either group.

use std::collections::BTreeSet;

use mizzen_schema::value::{Map, Value};

use super::cell::{Row, ago, labels, some};
use super::{AGE, NAME, Printer, text, wide};

static SERVICE: Printer = Printer {
    columns: &[
        NAME,
        text("Type", "How the service is reached."),
        text("Cluster-IP", "The address inside the cluster."),
        text("External-IP", "The addresses outside of it."),
        text("Port(s)", "The ports, with those on nodes."),
        AGE,
        wide("Selector", "Which pods answer."),
    ],
    cells: |row| {
        let ip = row.items(&["spec", "clusterIPs"]).first().and_then(Value::as_str);
        vec![
            row.name(),
            row.text(&["spec", "type"]),
            Value::string(ip.filter(|ip| !ip.is_empty()).unwrap_or("<none>")),
            Value::string(external_ip(row)),
            Value::string(ports(row)),
            row.age(),
            Value::string(labels(row.object.path(&["spec", "selector"]))),
        ]
    },
};

static ENDPOINTS: Printer = Printer {
    columns: &[NAME, text("Endpoints", "Addresses and ports."), AGE],
    cells: |row| vec![row.name(), Value::string(endpoints(row)), row.age()],
};

static EVENT: Printer = Printer {
    columns: &[
        text("Last Seen", "How long ago it happened last."),
        text("Type", "Normal or Warning."),
        text("Reason", "What happened, in one word."),
        text("Object", "What it happened to."),
        wide("Subobject", "Which part of it."),
        wide("Source", "Who says so."),
        text("Message", "What happened."),
        wide("First Seen", "How long ago it happened first."),
        wide("Count", "How often it happened."),
        wide("Name", "The name of the object, unique within its namespace."),
    ],
    cells: event,
};

static NAMESPACE: Printer = Printer {
    columns: &[NAME, text("Status", "Whether the namespace is being removed."), AGE],
    cells: |row| vec![row.name(), row.text(&["status", "phase"]), row.age()],
};

static SECRET: Printer = Printer {
    columns: &[NAME, text("Type", "What the secret is for."), text("Data", "How many entries it has."), AGE],
    cells: |row| vec![row.name(), row.text(&["type"]), Value::Int(row.count(&["data"])), row.age()],
};

static CONFIG_MAP: Printer = Printer {
    columns: &[NAME, text("Data", "How many entries it has."), AGE],
    cells: |row| {
        let count = row.count(&["data"]) + row.count(&["binaryData"]);
        vec![row.name(), Value::Int(count), row.age()]
    },
};

static SERVICE_ACCOUNT: Printer = Printer { columns: &[NAME, AGE], cells: |row| vec![row.name(), row.age()] };

static COMPONENT_STATUS: Printer = Printer {
    columns: &[
        NAME,
        text("Status", "Whether the component is healthy."),
        text("Message", "What it says."),
        text("Error", "What failed."),
    ],
    cells: |row| {
        let conditions = row.items(&["conditions"]);
        let healthy = conditions.iter().find(|condition| condition.str_at(&["type"]) == Some("Healthy"));
        let member = |name: &str| healthy.and_then(|healthy| healthy.str_at(&[name])).unwrap_or_default();
        let status = match member("status") {
            "True" => "Healthy",
            "False" => "Unhealthy",
            _ => "Unknown",
        };
        vec![
            row.name(),
            Value::string(status),
            Value::string(member("message")),
            Value::string(member("error")),
        ]
    },
};

static RESOURCE_QUOTA: Printer = Printer {
    columns: &[
        NAME,
        text("Request", "What is used of requests and counts, and how much may be."),
        text("Limit", "What is used of limits, and how much may be."),
        AGE,
    ],
    cells: |row| {
        vec![row.name(), Value::string(quota(row, false)), Value::string(quota(row, true)), row.age()]
    },
};

pub(super) fn printer(kind: &str) -> Option<&'static Printer> {
    match kind {
        "Service" => Some(&SERVICE),
        "Endpoints" => Some(&ENDPOINTS),
        "Event" => Some(&EVENT),
        "Namespace" => Some(&NAMESPACE),
        "Secret" => Some(&SECRET),
        "ConfigMap" => Some(&CONFIG_MAP),
        "ServiceAccount" => Some(&SERVICE_ACCOUNT),
        "ComponentStatus" => Some(&COMPONENT_STATUS),
        "ResourceQuota" => Some(&RESOURCE_QUOTA),
        _ => None,
    }
}

/// Addresses and host names that a load balancer gave, sorted.
pub(super) fn load_balancer(row: &Row<'_>) -> String {
    let given: BTreeSet<&str> = row
        .items(&["status", "loadBalancer", "ingress"])
        .iter()
        .filter_map(|ingress| {
            let ip = ingress.str_at(&["ip"]).filter(|ip| !ip.is_empty());
            ip.or_else(|| ingress.str_at(&["hostname"])).filter(|text| !text.is_empty())
        })
        .collect();
    given.into_iter().collect::<Vec<_>>().join(",")
}

fn external_ip(row: &Row<'_>) -> String {
    let own: Vec<_> = row.items(&["spec", "externalIPs"]).iter().filter_map(Value::as_str).collect();
    match row.str(&["spec", "type"]) {
        "ClusterIP" | "NodePort" if own.is_empty() => "<none>".to_owned(),
        "ClusterIP" | "NodePort" => own.join(","),
        "LoadBalancer" => {
            let given = load_balancer(row);
            match (given.is_empty(), own.is_empty()) {
                (true, true) => "<pending>".to_owned(),
                (true, false) => own.join(","),
                (false, true) => given,
                (false, false) => format!("{given},{}", own.join(",")),
            }
        }
        "ExternalName" => row.str(&["spec", "externalName"]).to_owned(),
        _ => "<unknown>".to_owned(),
    }
}

fn ports(row: &Row<'_>) -> String {
    let number = |port: &Value, name: &str| port.get(name).and_then(Value::as_i64).unwrap_or_default();
    let texts: Vec<_> = row
        .items(&["spec", "ports"])
        .iter()
        .map(|port| {
            let protocol = port.str_at(&["protocol"]).unwrap_or_default();
            match number(port, "nodePort") {
                0 => format!("{}/{protocol}", number(port, "port")),
                node_port => format!("{}:{node_port}/{protocol}", number(port, "port")),
            }
        })
        .collect();
    if texts.is_empty() { "<none>".to_owned() } else { texts.join(",") }
}

fn endpoints(row: &Row<'_>) -> String {
    let subsets = row.items(&["subsets"]);
    if subsets.is_empty() {
        return "<none>".to_owned();
    }
    let mut texts = Vec::new();
    for subset in subsets {
        let ips = subset.get("addresses").map(Value::items).unwrap_or_default();
        let ips = ips.iter().filter_map(|address| address.str_at(&["ip"]));
        let ports = subset.get("ports").map(Value::items).unwrap_or_default();
        if ports.is_empty() {
            texts.extend(ips.map(str::to_owned));
            continue;
        }
        let ips: Vec<_> = ips.collect();
        for port in ports {
            let number = port.get("port").and_then(Value::as_i64).unwrap_or_default();
            texts.extend(ips.iter().map(|ip| {
                if ip.contains(':') { format!("[{ip}]:{number}") } else { format!("{ip}:{number}") }
            }));
        }
    }
    some(&texts, 3, ",")
}

fn event(row: &Row<'_>) -> Vec<Value> {
    // The two groups name the same members differently.
    let first_of = |paths: &[&[&'static str]]| {
        paths.iter().map(|path| row.str(path)).find(|text| !text.is_empty()).unwrap_or_default()
    };
    let first_time = first_of(&[&["firstTimestamp"], &["deprecatedFirstTimestamp"], &["eventTime"]]);
    let last_time =
        first_of(&[&["series", "lastObservedTime"], &["lastTimestamp"], &["deprecatedLastTimestamp"]]);
    let say = |time: &str| if time.is_empty() { "<unknown>".to_owned() } else { ago(time, row.now) };
    let last_seen = if last_time.is_empty() { say(first_time) } else { say(last_time) };
    let about = if row.object.get("regarding").is_some() { "regarding" } else { "involvedObject" };
    let kind = row.str(&[about, "kind"]).to_lowercase();
    let object = match row.str(&[about, "name"]) {
        "" => kind,
        name => format!("{kind}/{name}"),
    };
    let component = first_of(&[
        &["source", "component"],
        &["deprecatedSource", "component"],
        &["reportingComponent"],
        &["reportingController"],
    ]);
    let host = first_of(&[&["source", "host"], &["deprecatedSource", "host"], &["reportingInstance"]]);
    let source = if host.is_empty() { component.to_owned() } else { format!("{component}, {host}") };
    let counts = [&["series", "count"][..], &["count"], &["deprecatedCount"]];
    let count = counts.iter().map(|path| row.number(path)).find(|count| *count > 0).unwrap_or(1);
    let message = first_of(&[&["message"], &["note"]]);
    vec![
        Value::string(last_seen),
        row.text(&["type"]),
        row.text(&["reason"]),
        Value::string(object),
        row.text(&[about, "fieldPath"]),
        Value::string(source),
        Value::string(message.trim()),
        Value::string(say(first_time)),
        Value::Int(count),
        row.name(),
    ]
}

fn quota(row: &Row<'_>, limits: bool) -> String {
    let hard = row.object.path(&["status", "hard"]).and_then(Value::as_map);
    let names =
        hard.into_iter().flat_map(Map::iter).filter(|(name, _)| name.starts_with("limits.") == limits);
    let texts: Vec<_> = names
        .map(|(name, hard)| {
            let used = row.object.path(&["status", "used", name]).and_then(Value::as_str).unwrap_or("0");
            format!("{name}: {used}/{}", hard.as_str().unwrap_or("0"))
        })
        .collect();
    texts.join(", ")
}
