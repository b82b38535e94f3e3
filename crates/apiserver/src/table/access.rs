//! Role bindings and certificates.

use mizzen_schema::value::Value;

use super::cell::{Row, human};
use super::{AGE, NAME, Printer, text as column, wide};

static BINDING: Printer = Printer {
    columns: &[
        NAME,
        column("Role", "The role that is given."),
        AGE,
        wide("Users", "The users that have it."),
        wide("Groups", "The groups that have it."),
        wide("ServiceAccounts", "The service accounts that have it."),
    ],
    cells: |row| {
        let role = format!("{}/{}", row.str(&["roleRef", "kind"]), row.str(&["roleRef", "name"]));
        vec![
            row.name(),
            Value::string(role),
            row.age(),
            subjects(row, "User"),
            subjects(row, "Group"),
            subjects(row, "ServiceAccount"),
        ]
    },
};

static SIGNING_REQUEST: Printer = Printer {
    columns: &[
        NAME,
        AGE,
        column("SignerName", "Who is asked to sign."),
        column("Requestor", "Who asks."),
        column("RequestedDuration", "For how long it should be valid."),
        column("Condition", "Whether it is approved and issued."),
    ],
    cells: |row| {
        let seconds = row.object.path(&["spec", "expirationSeconds"]).and_then(Value::as_i64);
        let duration = seconds.map(human);
        vec![
            row.name(),
            row.age(),
            row.text_or(&["spec", "signerName"], "<none>"),
            row.text(&["spec", "username"]),
            Value::string(duration.unwrap_or_else(|| "<none>".to_owned())),
            Value::string(approval(row)),
        ]
    },
};

static TRUST_BUNDLE: Printer = Printer {
    columns: &[NAME, column("SignerName", "Whose certificates are trusted.")],
    cells: |row| vec![row.name(), row.text_or(&["spec", "signerName"], "<none>")],
};

static POD_CERTIFICATE: Printer = Printer {
    columns: &[
        NAME,
        column("PodName", "The pod that asks."),
        column("ServiceAccountName", "As whom it runs."),
        column("NodeName", "Where it runs."),
        column("SignerName", "Who is asked to sign."),
        column("State", "Whether it is issued."),
    ],
    cells: |row| {
        let states = ["Issued", "Denied", "Failed"];
        let state = states.into_iter().find(|state| row.has_condition(state)).unwrap_or("Pending");
        vec![
            row.name(),
            row.text(&["spec", "podName"]),
            row.text(&["spec", "serviceAccountName"]),
            row.text(&["spec", "nodeName"]),
            row.text(&["spec", "signerName"]),
            Value::string(state),
        ]
    },
};

pub(super) fn printer(kind: &str) -> Option<&'static Printer> {
    match kind {
        "RoleBinding" | "ClusterRoleBinding" => Some(&BINDING),
        "CertificateSigningRequest" => Some(&SIGNING_REQUEST),
        "ClusterTrustBundle" => Some(&TRUST_BUNDLE),
        "PodCertificateRequest" => Some(&POD_CERTIFICATE),
        _ => None,
    }
}

fn subjects(row: &Row<'_>, kind: &str) -> Value {
    let of_kind = row.items(&["subjects"]).iter().filter(|subject| subject.str_at(&["kind"]) == Some(kind));
    let names = of_kind.map(|subject| {
        let name = subject.str_at(&["name"]).unwrap_or_default();
        match kind {
            "ServiceAccount" => format!("{}/{name}", subject.str_at(&["namespace"]).unwrap_or_default()),
            _ => name.to_owned(),
        }
    });
    Value::string(names.collect::<Vec<_>>().join(", "))
}

fn approval(row: &Row<'_>) -> String {
    // Conditions of requests count whatever their status is.
    let has = |ty: &str| row.condition(ty).is_some();
    let mut state = if has("Denied") {
        "Denied".to_owned()
    } else if has("Approved") {
        "Approved".to_owned()
    } else {
        "Pending".to_owned()
    };
    if has("Failed") {
        state.push_str(",Failed");
    }
    if !row.str(&["status", "certificate"]).is_empty() {
        state.push_str(",Issued");
    }
    state
}
