//! Networking and discovery.

use mizzen_schema::value::Value;

use super::cell::{Row, selector, some};
use super::core::load_balancer;
use super::{AGE, NAME, Printer, text};

static INGRESS: Printer = Printer {
    columns: &[
        NAME,
        text("Class", "The class of controllers that serve it."),
        text("Hosts", "The hosts that it has rules for."),
        text("Address", "Where it is reached."),
        text("Ports", "The ports on which it is reached."),
        AGE,
    ],
    cells: |row| {
        let tls = !row.items(&["spec", "tls"]).is_empty();
        vec![
            row.name(),
            row.text_or(&["spec", "ingressClassName"], "<none>"),
            Value::string(hosts(row)),
            Value::string(load_balancer(row)),
            Value::string(if tls { "80, 443" } else { "80" }),
            row.age(),
        ]
    },
};

static INGRESS_CLASS: Printer = Printer {
    columns: &[
        NAME,
        text("Controller", "The controller that serves the class."),
        text("Parameters", "Where the controller's settings are."),
        AGE,
    ],
    cells: |row| {
        let member = |name: &str| row.str(&["spec", "parameters", name]);
        let parameters = match (member("kind"), member("apiGroup")) {
            ("", _) => "<none>".to_owned(),
            (kind, "") => format!("{kind}/{}", member("name")),
            (kind, group) => format!("{kind}.{group}/{}", member("name")),
        };
        vec![row.name(), row.text(&["spec", "controller"]), Value::string(parameters), row.age()]
    },
};

static NETWORK_POLICY: Printer = Printer {
    columns: &[NAME, text("Pod-Selector", "Which pods the policy is about."), AGE],
    cells: |row| {
        let pods = selector(row.object.path(&["spec", "podSelector"]));
        vec![row.name(), Value::string(pods), row.age()]
    },
};

static SERVICE_CIDR: Printer = Printer {
    columns: &[NAME, text("CIDRs", "The ranges that service addresses are taken from."), AGE],
    cells: |row| {
        let ranges: Vec<_> = row.items(&["spec", "cidrs"]).iter().filter_map(Value::as_str).collect();
        vec![row.name(), Value::string(ranges.join(",")), row.age()]
    },
};

static IP_ADDRESS: Printer = Printer {
    columns: &[NAME, text("ParentRef", "What the address belongs to.")],
    cells: |row| {
        let member = |name: &str| row.str(&["spec", "parentRef", name]);
        let place =
            |text: &str, mark: &str| if text.is_empty() { String::new() } else { format!("{mark}{text}") };
        let parent = match member("resource") {
            "" => "<none>".to_owned(),
            resource => {
                let (group, namespace) = (place(member("group"), "."), place(member("namespace"), "/"));
                format!("{resource}{group}{namespace}/{}", member("name")).to_lowercase()
            }
        };
        vec![row.name(), Value::string(parent)]
    },
};

static ENDPOINT_SLICE: Printer = Printer {
    columns: &[
        NAME,
        text("AddressType", "What the addresses are."),
        text("Ports", "The ports of every endpoint."),
        text("Endpoints", "Addresses of endpoints."),
        AGE,
    ],
    cells: |row| {
        let ports: Vec<_> = row.items(&["ports"]).iter().map(slice_port).collect();
        let endpoints = row.items(&["endpoints"]).iter();
        let addresses: Vec<_> = endpoints
            .flat_map(|endpoint| endpoint.get("addresses").map(Value::items).unwrap_or_default())
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        let list =
            |texts: &[String]| if texts.is_empty() { "<unset>".to_owned() } else { some(texts, 3, ",") };
        vec![
            row.name(),
            row.text(&["addressType"]),
            Value::string(list(&ports)),
            Value::string(list(&addresses)),
            row.age(),
        ]
    },
};

pub(super) fn networking(kind: &str) -> Option<&'static Printer> {
    match kind {
        "Ingress" => Some(&INGRESS),
        "IngressClass" => Some(&INGRESS_CLASS),
        "NetworkPolicy" => Some(&NETWORK_POLICY),
        "ServiceCIDR" => Some(&SERVICE_CIDR),
        "IPAddress" => Some(&IP_ADDRESS),
        _ => None,
    }
}

pub(super) fn discovery(kind: &str) -> Option<&'static Printer> {
    (kind == "EndpointSlice").then_some(&ENDPOINT_SLICE)
}

fn hosts(row: &Row<'_>) -> String {
    let hosts: Vec<_> = row
        .items(&["spec", "rules"])
        .iter()
        .filter_map(|rule| rule.str_at(&["host"]))
        .filter(|host| !host.is_empty())
        .map(str::to_owned)
        .collect();
    if hosts.is_empty() { "*".to_owned() } else { some(&hosts, 3, ",") }
}

fn slice_port(port: &Value) -> String {
    match (port.get("port").and_then(Value::as_i64), port.str_at(&["name"]).unwrap_or_default()) {
        (Some(number), _) => number.to_string(),
        (None, "") => "*".to_owned(),
        (None, name) => name.to_owned(),
    }
}
