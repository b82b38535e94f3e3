//! What a definition's status should say.

use std::collections::BTreeSet;

use jiff::Timestamp;
use mizzen_machinery::field::quote;
use mizzen_machinery::{meta, validate};
use mizzen_schema::builtin;
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::{Struct, Value};

use super::FINALIZER;
use crate::tree;

pub(super) const ESTABLISHED: &str = "Established";
pub(super) const NAMES_ACCEPTED: &str = "NamesAccepted";
const TERMINATING: &str = "Terminating";
const NON_STRUCTURAL: &str = "NonStructuralSchema";
const APPROVAL: &str = "KubernetesAPIApprovalPolicyConformant";

/// A condition's text.
pub(super) struct Condition {
    pub(super) ty: &'static str,
    pub(super) status: &'static str,
    pub(super) reason: &'static str,
    pub(super) message: String,
}

impl Condition {
    pub(super) fn new(
        ty: &'static str,
        status: &'static str,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { ty, status, reason, message: message.into() }
    }

    /// Where the deletion of a definition is.
    pub(super) fn terminating(
        status: &'static str,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::new(TERMINATING, status, reason, message)
    }

    fn is_in(&self, crd: &Value) -> bool {
        find(crd, self.ty).is_some_and(|own| {
            own.str_at(&["status"]) == Some(self.status)
                && own.str_at(&["reason"]) == Some(self.reason)
                && own.str_at(&["message"]) == Some(&*self.message)
        })
    }
}

fn find<'a>(crd: &'a Value, ty: &str) -> Option<&'a Value> {
    let all = crd.path(&["status", "conditions"]).map(Value::items).unwrap_or_default();
    all.iter().find(|condition| condition.str_at(&["type"]) == Some(ty))
}

/// Whether a condition is true.
pub(super) fn holds(crd: &Value, ty: &str) -> bool {
    find(crd, ty).is_some_and(|condition| condition.str_at(&["status"]) == Some("True"))
}

/// Sets a condition; the time of its transition changes with its status.
pub(super) fn set(crd: &mut Value, condition: &Condition, now: Timestamp) {
    let type_name =
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition";
    let ty = builtin::by_name(type_name).expect("conditions are in the generated table");
    let mut all = crd.path(&["status", "conditions"]).map(Value::items).unwrap_or_default().to_vec();
    let at = all.iter().position(|own| own.str_at(&["type"]) == Some(condition.ty)).unwrap_or_else(|| {
        all.push(Value::Struct(Struct::new(TypeRef::Static(ty))));
        all.len() - 1
    });
    let own = &mut all[at];
    if own.str_at(&["status"]) != Some(condition.status) {
        tree::set(own, &["lastTransitionTime"], tree::time(now));
    }
    tree::set_text(own, &["type"], condition.ty);
    tree::set_text(own, &["status"], condition.status);
    tree::set_text(own, &["reason"], condition.reason);
    tree::set_text(own, &["message"], &condition.message);
    tree::set(crd, &["status", "conditions"], Value::List(all));
}

fn remove(crd: &mut Value, ty: &str) {
    if let Some(Value::List(all)) = crd.path_mut(&["status", "conditions"]) {
        all.retain(|condition| condition.str_at(&["type"]) != Some(ty));
    }
}

/// Marks a definition that a client deletes: its objects go first.
pub(crate) fn pending(crd: &mut Value, now: Timestamp) {
    let mut finalizers: Vec<String> = meta::finalizers(crd).map(str::to_owned).collect();
    if !finalizers.iter().any(|own| own == FINALIZER) {
        finalizers.push(FINALIZER.to_owned());
    }
    tree::set_texts(crd, &["metadata", "finalizers"], &finalizers);
    let words = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon";
    set(crd, &Condition::terminating("True", "InstanceDeletionPending", words), now);
}

/// Names that others of a group have been given.
#[derive(Debug, Default)]
pub(super) struct Taken {
    resources: BTreeSet<String>,
    kinds: BTreeSet<String>,
}

impl Taken {
    /// Adds the names that a definition has.
    pub(super) fn add(&mut self, crd: &Value) {
        let text = |name: &str| crd.str_at(&["status", "acceptedNames", name]).map(str::to_owned);
        let shorts = tree::texts(crd, &["status", "acceptedNames", "shortNames"]);
        self.resources.extend(shorts.into_iter().map(str::to_owned));
        self.resources.extend([text("plural"), text("singular")].into_iter().flatten());
        self.kinds.extend([text("kind"), text("listKind")].into_iter().flatten());
    }
}

/// The definition as its status should be, given the names that others of its group have; `None`: as it is.
pub(super) fn desired(crd: &Value, taken: &Taken, now: Timestamp) -> Option<Value> {
    let mut wanted = crd.clone();
    if crd.path(&["spec", "names"]) != crd.path(&["status", "acceptedNames"]) {
        names(&mut wanted, taken, now);
    }
    match non_structural(crd) {
        Some(condition) if condition.is_in(crd) => {}
        Some(condition) => set(&mut wanted, &condition, now),
        None => remove(&mut wanted, NON_STRUCTURAL),
    }
    if let Some(condition) = approval(crd).filter(|condition| !condition.is_in(crd)) {
        set(&mut wanted, &condition, now);
    }
    if holds(crd, NAMES_ACCEPTED) && !holds(crd, ESTABLISHED) {
        let words = "the initial names have been accepted";
        set(&mut wanted, &Condition::new(ESTABLISHED, "True", "InitialNamesAccepted", words), now);
    }
    (wanted != *crd).then_some(wanted)
}

/// Takes the names that are free, and says which are not.
fn names(crd: &mut Value, taken: &Taken, now: Timestamp) {
    let mut conflict: Option<(&'static str, String)> = None;
    let used = |name: &str| format!("{} is already in use", quote(name));
    let singles = [
        ("plural", "PluralConflict", &taken.resources),
        ("singular", "SingularConflict", &taken.resources),
        ("kind", "KindConflict", &taken.kinds),
        ("listKind", "ListKindConflict", &taken.kinds),
    ];
    for (at, (name, reason, others)) in singles.into_iter().enumerate() {
        if at == 2 {
            short_names(crd, taken, &mut conflict);
        }
        let wanted = crd.str_at(&["spec", "names", name]).unwrap_or_default().to_owned();
        let own = crd.str_at(&["status", "acceptedNames", name]).unwrap_or_default();
        if wanted != own && others.contains(&wanted) {
            conflict = Some((reason, used(&wanted)));
        } else {
            tree::set_text(crd, &["status", "acceptedNames", name], &wanted);
        }
    }
    let categories = crd.path(&["spec", "names", "categories"]).cloned();
    match categories {
        Some(categories) => tree::set(crd, &["status", "acceptedNames", "categories"], categories),
        None => drop(tree::remove(crd, &["status", "acceptedNames", "categories"])),
    }
    let accepted = match conflict {
        None => Condition::new(NAMES_ACCEPTED, "True", "NoConflicts", "no conflicts found"),
        Some((reason, message)) => Condition::new(NAMES_ACCEPTED, "False", reason, message),
    };
    let is_accepted = accepted.status == "True";
    set(crd, &accepted, now);
    if holds(crd, ESTABLISHED) {
        return;
    }
    let established = if is_accepted {
        Condition::new(ESTABLISHED, "False", "Installing", "the initial names have been accepted")
    } else {
        Condition::new(ESTABLISHED, "False", "NotAccepted", "not all names are accepted")
    };
    set(crd, &established, now);
}

fn short_names(crd: &mut Value, taken: &Taken, conflict: &mut Option<(&'static str, String)>) {
    let texts =
        |path: &[&str]| -> Vec<String> { tree::texts(crd, path).into_iter().map(str::to_owned).collect() };
    let wanted = texts(&["spec", "names", "shortNames"]);
    let own = texts(&["status", "acceptedNames", "shortNames"]);
    let used: Vec<String> = wanted
        .iter()
        .filter(|name| !own.contains(name) && taken.resources.contains(*name))
        .map(|name| format!("{} is already in use", quote(name)))
        .collect();
    match used.as_slice() {
        [] => tree::set_texts(crd, &["status", "acceptedNames", "shortNames"], &wanted),
        [one] => *conflict = Some(("ShortNamesConflict", one.clone())),
        many => *conflict = Some(("ShortNamesConflict", format!("[{}]", many.join(", ")))),
    }
}

fn non_structural(crd: &Value) -> Option<Condition> {
    let errors = validate::non_structural(crd);
    let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
    match words.as_slice() {
        [] => None,
        [one] => Some(Condition::new(NON_STRUCTURAL, "True", "Violations", one.clone())),
        many => Some(Condition::new(NON_STRUCTURAL, "True", "Violations", format!("[{}]", many.join(", ")))),
    }
}

/// Whether a group of the Kubernetes community has its approval (KEP-1111).
fn approval(crd: &Value) -> Option<Condition> {
    let state = validate::api_approval(crd)?;
    let (status, reason) = match &state {
        validate::Approval::Approved(_) => ("True", "ApprovedAnnotation"),
        validate::Approval::Bypassed(_) => ("False", "UnapprovedAnnotation"),
        validate::Approval::Missing(_) => ("False", "MissingAnnotation"),
        validate::Approval::Invalid(_) => ("False", "InvalidAnnotation"),
    };
    Some(Condition::new(APPROVAL, status, reason, state.words()))
}
