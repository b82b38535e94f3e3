//! Groups of the Kubernetes community need its approval (KEP-1111).

use mizzen_schema::value::Value;

use crate::field::{FieldError, Path, quote};
use crate::meta;

const ANNOTATION: &str = "api-approved.kubernetes.io";
const SEE: &str = "see https://github.com/kubernetes/enhancements/pull/1111";

/// What a definition says of its approval, each with what there is to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// By a URL.
    Approved(String),
    /// Openly without.
    Bypassed(String),
    /// It says nothing.
    Missing(String),
    /// It says something else.
    Invalid(String),
}

impl Approval {
    /// For people.
    pub fn words(&self) -> &str {
        match self {
            Self::Approved(words) | Self::Bypassed(words) | Self::Missing(words) | Self::Invalid(words) => {
                words
            }
        }
    }
}

fn is_protected(group: &str) -> bool {
    ["k8s.io", "kubernetes.io"]
        .iter()
        .any(|own| group == *own || group.strip_suffix(own).is_some_and(|rest| rest.ends_with('.')))
}

/// The state of a definition's approval; `None` where none is needed.
pub fn api_approval(crd: &Value) -> Option<Approval> {
    if !is_protected(crd.str_at(&["spec", "group"]).unwrap_or_default()) {
        return None;
    }
    let text = meta::annotation(crd, ANNOTATION).unwrap_or_default();
    let is_url = text.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && rest.split('/').next().is_some_and(|host| !host.is_empty())
    });
    let need = format!("protected groups must have approval annotation {}", quote(ANNOTATION));
    Some(match text {
        "" => Approval::Missing(format!("{need}, {SEE}")),
        text if text.starts_with("unapproved") => {
            Approval::Bypassed(format!("not approved: {}", quote(text)))
        }
        text if is_url => Approval::Approved(format!("approved in {text}")),
        _ => Approval::Invalid(format!(
            "{need} with either a URL or a reason starting with \"unapproved\", {SEE}"
        )),
    })
}

/// A definition must say something that makes sense, if it says something new.
pub(super) fn check(errors: &mut Vec<FieldError>, new: &Value, old: Option<&Value>) {
    let state = |crd: &Value| api_approval(crd).map(|state| std::mem::discriminant(&state));
    if old.is_some_and(|old| state(old) == state(new)) {
        return;
    }
    let annotations = Path::new("metadata.annotations");
    let path = annotations.key(ANNOTATION);
    match api_approval(new) {
        Some(Approval::Missing(words)) => errors.push(FieldError::required(&path, words)),
        Some(Approval::Invalid(words)) => {
            let text = meta::annotation(new, ANNOTATION).unwrap_or_default();
            errors.push(FieldError::invalid(&path, text, words));
        }
        _ => {}
    }
}
