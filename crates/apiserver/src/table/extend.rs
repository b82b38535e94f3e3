//! Admission and API services.

use mizzen_schema::value::Value;

use super::cell::{Row, selector};
use super::{AGE, NAME, Printer, integer, text};

static WEBHOOKS: Printer = Printer {
    columns: &[NAME, integer("Webhooks", "How many webhooks are called."), AGE],
    cells: |row| vec![row.name(), Value::Int(row.count(&["webhooks"])), row.age()],
};

static VALIDATING_POLICY: Printer = Printer {
    columns: &[
        NAME,
        integer("Validations", "How many rules the policy has."),
        text("ParamKind", "The kind of its parameters."),
        AGE,
    ],
    cells: |row| {
        vec![row.name(), Value::Int(row.count(&["spec", "validations"])), param_kind(row), row.age()]
    },
};

static MUTATING_POLICY: Printer = Printer {
    columns: &[
        NAME,
        integer("Mutations", "How many changes the policy makes."),
        text("ParamKind", "The kind of its parameters."),
        AGE,
    ],
    cells: |row| vec![row.name(), Value::Int(row.count(&["spec", "mutations"])), param_kind(row), row.age()],
};

static POLICY_BINDING: Printer = Printer {
    columns: &[
        NAME,
        text("PolicyName", "The policy that is put to use."),
        text("ParamRef", "Its parameters."),
        AGE,
    ],
    cells: |row| {
        vec![row.name(), row.text(&["spec", "policyName"]), Value::string(param_ref(row)), row.age()]
    },
};

static API_SERVICE: Printer = Printer {
    columns: &[
        NAME,
        text("Service", "Who serves the group and version."),
        text("Available", "Whether it does."),
        AGE,
    ],
    cells: |row| {
        let service = match row.object.path(&["spec", "service"]) {
            None => "Local".to_owned(),
            Some(_) => {
                let member = |name: &str| row.str(&["spec", "service", name]);
                format!("{}/{}", member("namespace"), member("name"))
            }
        };
        let condition = row.condition("Available");
        let member = |name: &str| condition.and_then(|found| found.str_at(&[name])).unwrap_or_default();
        let available = match (member("status"), condition) {
            (_, None) => "Unknown".to_owned(),
            ("True", _) => "True".to_owned(),
            (status, _) => format!("{status} ({})", member("reason")),
        };
        vec![row.name(), Value::string(service), Value::string(available), row.age()]
    },
};

pub(super) fn printer(kind: &str) -> Option<&'static Printer> {
    match kind {
        "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration" => Some(&WEBHOOKS),
        "ValidatingAdmissionPolicy" => Some(&VALIDATING_POLICY),
        "MutatingAdmissionPolicy" => Some(&MUTATING_POLICY),
        "ValidatingAdmissionPolicyBinding" | "MutatingAdmissionPolicyBinding" => Some(&POLICY_BINDING),
        "APIService" => Some(&API_SERVICE),
        _ => None,
    }
}

fn param_kind(row: &Row<'_>) -> Value {
    let member = |name: &str| row.str(&["spec", "paramKind", name]);
    Value::string(match row.object.path(&["spec", "paramKind"]) {
        None => "<unset>".to_owned(),
        Some(_) => format!("{}/{}", member("apiVersion"), member("kind")),
    })
}

fn param_ref(row: &Row<'_>) -> String {
    let Some(reference) = row.object.path(&["spec", "paramRef"]) else { return "<unset>".to_owned() };
    let member = |name: &str| reference.str_at(&[name]).unwrap_or_default();
    match (member("name"), member("namespace")) {
        ("", _) if reference.get("selector").is_some() => selector(reference.get("selector")),
        (name, "") => format!("*/{name}"),
        (name, namespace) => format!("{namespace}/{name}"),
    }
}
