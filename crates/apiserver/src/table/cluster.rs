//! Policies, leases, priorities, runtime classes and storage versions.

use mizzen_schema::value::Value;

use super::cell::{number_or_text, some};
use super::{AGE, NAME, Printer, column, integer, text};

static DISRUPTION_BUDGET: Printer = Printer {
    columns: &[
        NAME,
        text("Min Available", "How many pods must stay."),
        text("Max Unavailable", "How many pods may go."),
        integer("Allowed Disruptions", "How many pods may go now."),
        AGE,
    ],
    cells: |row| {
        vec![
            row.name(),
            number_or_text(row.object.path(&["spec", "minAvailable"]), "N/A"),
            number_or_text(row.object.path(&["spec", "maxUnavailable"]), "N/A"),
            row.int(&["status", "disruptionsAllowed"]),
            row.age(),
        ]
    },
};

static LEASE: Printer = Printer {
    columns: &[NAME, text("Holder", "Who holds the lease."), AGE],
    cells: |row| vec![row.name(), row.text(&["spec", "holderIdentity"]), row.age()],
};

static LEASE_CANDIDATE: Printer = Printer {
    columns: &[
        NAME,
        text("LeaseName", "The lease that is wanted."),
        text("BinaryVersion", "The candidate's version."),
        text("EmulationVersion", "The version that it behaves as."),
        AGE,
    ],
    cells: |row| {
        vec![
            row.name(),
            row.text(&["spec", "leaseName"]),
            row.text(&["spec", "binaryVersion"]),
            row.text(&["spec", "emulationVersion"]),
            row.age(),
        ]
    },
};

static PRIORITY_CLASS: Printer = Printer {
    columns: &[
        NAME,
        integer("Value", "The priority."),
        column("Global-Default", "boolean", 0, "Whether pods without a class are of this one."),
        AGE,
        text("PreemptionPolicy", "Whether its pods make others leave."),
    ],
    cells: |row| {
        vec![
            row.name(),
            row.int(&["value"]),
            Value::Bool(row.flag(&["globalDefault"], false)),
            row.age(),
            row.text(&["preemptionPolicy"]),
        ]
    },
};

static RUNTIME_CLASS: Printer = Printer {
    columns: &[NAME, text("Handler", "The runtime's name for it."), AGE],
    cells: |row| vec![row.name(), row.text(&["handler"]), row.age()],
};

static STORAGE_VERSION: Printer = Printer {
    columns: &[
        NAME,
        text("CommonEncodingVersion", "The version in which all servers store."),
        text("StorageVersions", "The version in which each stores."),
        AGE,
    ],
    cells: |row| {
        let versions = row.items(&["status", "storageVersions"]).iter().map(|version| {
            let member = |name: &str| version.str_at(&[name]).unwrap_or_default();
            format!("{}={}", member("apiServerID"), member("encodingVersion"))
        });
        let versions: Vec<_> = versions.collect();
        let list = if versions.is_empty() { "<unset>".to_owned() } else { some(&versions, 3, ",") };
        vec![
            row.name(),
            row.text_or(&["status", "commonEncodingVersion"], "<unset>"),
            Value::string(list),
            row.age(),
        ]
    },
};

static MIGRATION: Printer = Printer {
    columns: &[NAME, text("Resource", "What is stored anew.")],
    cells: |row| {
        let member = |name: &str| row.str(&["spec", "resource", name]);
        vec![row.name(), Value::string(format!("{}.{}", member("resource"), member("group")))]
    },
};

pub(super) fn printer(kind: &str) -> Option<&'static Printer> {
    match kind {
        "PodDisruptionBudget" => Some(&DISRUPTION_BUDGET),
        "Lease" => Some(&LEASE),
        "LeaseCandidate" => Some(&LEASE_CANDIDATE),
        "PriorityClass" => Some(&PRIORITY_CLASS),
        "RuntimeClass" => Some(&RUNTIME_CLASS),
        "StorageVersion" => Some(&STORAGE_VERSION),
        "StorageVersionMigration" => Some(&MIGRATION),
        _ => None,
    }
}
