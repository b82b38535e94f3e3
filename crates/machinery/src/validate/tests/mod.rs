//! Rules of each kind: an accepted object, and what is said of refused ones.
//!
//! The tables are data for the document of kinds too: each refusal that a table shows is noted (see [`kinds`]).

mod access;
mod config;
mod extension;
mod kinds;
mod meta;
mod networking;
mod pods;
mod rules;
mod services;
mod storage;
#[path = "warnings.rs"]
mod warned;
mod workloads;

use mizzen_schema::builtin;
use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;

use super::{create, name_warnings, update, update_subresource, warnings};
use crate::default;
use crate::field::FieldError;

fn read(group: &str, kind: &str, text: &str) -> Value {
    let version = version(group, kind);
    let ty = TypeRef::Static(builtin::kind(group, version, kind).expect("a built-in kind"));
    let mut object = json::decode(text.as_bytes(), &ty, &Options::default())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .value;
    default::object(group, kind, &mut object);
    object
}

/// An object with the given members; it gets a name, and a namespace where its kind has them.
fn object(group: &str, kind: &str, members: &str) -> Value {
    let version = version(group, kind);
    let ty = builtin::kind(group, version, kind).expect("a built-in kind");
    let namespaced =
        ty.kinds.first().and_then(builtin::resource_of).is_some_and(|resource| resource.namespaced);
    let namespace = if namespaced { r#","namespace":"ns""# } else { "" };
    let metadata = format!(r#""metadata":{{"name":"x"{namespace}}}"#);
    let separator = if members.is_empty() { "" } else { "," };
    read(group, kind, &format!("{{{metadata}{separator}{members}}}"))
}

/// The version in which a kind's tables are written: the one it is stored in.
fn version(group: &str, kind: &str) -> &'static str {
    match (group, kind) {
        ("autoscaling", _) => "v2",
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicy" | "MutatingAdmissionPolicyBinding")
        | ("certificates.k8s.io", "ClusterTrustBundle" | "PodCertificateRequest")
        | ("coordination.k8s.io", "LeaseCandidate")
        | ("storagemigration.k8s.io", _) => "v1beta1",
        ("resource.k8s.io", "DeviceTaintRule") => "v1alpha3",
        ("scheduling.k8s.io", "Workload") | ("internal.apiserver.k8s.io", _) => "v1alpha1",
        _ => "v1",
    }
}

fn shown(errors: &[FieldError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

/// Checks what is said of a new object.
fn check(group: &str, kind: &str, members: &str, expect: &[&str]) {
    check_object(group, kind, &object(group, kind, members), expect);
}

/// The same, of a whole object.
fn check_object(group: &str, kind: &str, object: &Value, expect: &[&str]) {
    let errors = create(group, kind, object);
    kinds::note(group, kind, "create", &errors);
    assert_eq!(first_lines(&errors), expect, "{kind}");
}

/// What is said, without the differences that follow it.
fn first_lines(errors: &[FieldError]) -> Vec<String> {
    shown(errors).into_iter().map(|text| text.split('\n').next().unwrap_or_default().to_owned()).collect()
}

/// Checks what is said of a change.
fn check_update(group: &str, kind: &str, old: &str, new: &str, expect: &[&str]) {
    let errors = update(group, kind, &object(group, kind, new), &object(group, kind, old));
    kinds::note(group, kind, "update", &errors);
    assert_eq!(first_lines(&errors), expect, "{kind} {old} -> {new}");
}

/// Checks what is said of a change through a subresource.
fn check_part(part: &'static str, group: &str, kind: &str, old: &str, new: &str, expect: &[&str]) {
    let errors = update_subresource(group, kind, part, &object(group, kind, new), &object(group, kind, old));
    kinds::note(group, kind, part, &errors);
    assert_eq!(first_lines(&errors), expect, "{kind}/{part} {old} -> {new}");
}

/// Checks the warnings about an object.
fn check_warnings(group: &str, kind: &str, members: &str, expect: &[&str]) {
    let found = warnings(group, kind, &object(group, kind, members));
    kinds::note_warnings(group, kind, &found);
    assert_eq!(found, expect, "{kind} {members}");
}

fn pod(spec: &str) -> String {
    format!(r#""spec":{spec}"#)
}

/// A pod of one container with these members.
fn container(members: &str) -> String {
    pod(&format!(
        r#"{{"serviceAccountName":"default","volumes":[{{"name":"v","emptyDir":{{}}}}],"containers":[{{"name":"c","image":"i"{members}}}]}}"#
    ))
}

/// The tables of all files, for the document of kinds.
const TABLES: &[&[fn()]] = &[
    meta::ALL,
    pods::ALL,
    services::ALL,
    config::ALL,
    workloads::ALL,
    storage::ALL,
    access::ALL,
    networking::ALL,
    extension::ALL,
    warned::ALL,
];
