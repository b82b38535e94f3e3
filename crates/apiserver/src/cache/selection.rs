//! Which objects a list or watch is about: namespace, labels, fields.

use std::borrow::Cow;

use mizzen_machinery::selector::{FieldSelector, LabelSelector};
use mizzen_schema::table::{GroupVersionKind, Text};

use crate::layout::Layout;
use crate::object::Object;

/// A selector that cannot be used; Kubernetes' words, for a 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct SelectionError(pub(crate) String);

/// Which objects a list or watch is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Empty for all.
    pub(crate) namespace: String,
    /// Set by `metadata.name=…` or by a path that names an object; empty for all.
    pub(crate) name: String,
    labels: LabelSelector,
    terms: Vec<Term>,
    /// The value that the kind's trigger field must have.
    pub(crate) trigger: Option<Box<str>>,
}

#[derive(Debug, Clone)]
struct Term {
    source: Source,
    equal: bool,
    value: Box<str>,
}

#[derive(Debug, Clone, Copy)]
enum Source {
    Name,
    Namespace,
    /// Position among the kind's selectable fields.
    Field(usize),
}

impl Selection {
    /// Everything in a namespace (empty: everywhere).
    pub(crate) fn all(namespace: &str) -> Self {
        Self { namespace: namespace.to_owned(), ..Self::default() }
    }

    /// Reads the selectors of a request on a kind, which is served as `gvk`; `custom`: the fields that this version of a
    /// custom resource lets selectors name.
    pub(crate) fn parse(
        layout: &Layout,
        gvk: &GroupVersionKind,
        (namespace, name): (&str, &str),
        labels: &str,
        fields: &str,
        custom: Option<&[Text]>,
    ) -> Result<Self, SelectionError> {
        let fail = |error: &dyn std::fmt::Display| SelectionError(error.to_string());
        let labels = if labels.is_empty() {
            LabelSelector::default()
        } else {
            LabelSelector::parse(labels).map_err(|error| fail(&error))?
        };
        let mut selection =
            Self { namespace: namespace.to_owned(), name: name.to_owned(), labels, ..Self::default() };
        if !fields.is_empty() {
            let parsed = FieldSelector::parse(fields).map_err(|error| fail(&error))?;
            let mut selected = None;
            for (label, equal, value) in &parsed.terms {
                selection.add(layout, gvk, label, *equal, value, custom)?;
                if *equal && label == "metadata.name" {
                    selected.get_or_insert(value.as_str());
                }
            }
            if !name.is_empty() && !parsed.terms.is_empty() && selected != Some(name) {
                let message = "fieldSelector metadata.name doesn't match requested name";
                return Err(SelectionError(message.to_owned()));
            }
        }
        if layout.rules().trigger == "metadata.name" && !selection.name.is_empty() {
            selection.trigger = Some(selection.name.as_str().into());
        }
        Ok(selection)
    }

    fn add(
        &mut self,
        layout: &Layout,
        gvk: &GroupVersionKind,
        label: &str,
        equal: bool,
        value: &str,
        custom: Option<&[Text]>,
    ) -> Result<(), SelectionError> {
        let refuse = || SelectionError(unsupported(layout, gvk, label, custom.is_none()));
        let label = stored_label(gvk, label).ok_or_else(refuse)?;
        let source = match label {
            "metadata.name" => Source::Name,
            // Kinds with fields of their own name no namespace where they have none.
            "metadata.namespace" if layout.is_namespaced() || is_default(layout, gvk, custom.is_none()) => {
                Source::Namespace
            }
            _ if custom.is_some_and(|own| !own.iter().any(|own| own == label)) => return Err(refuse()),
            _ => Source::Field(layout.selectable(label).ok_or_else(refuse)?.0),
        };
        if equal {
            match source {
                Source::Name if self.name.is_empty() => self.name = value.to_owned(),
                Source::Field(_) if label == layout.rules().trigger => self.trigger = Some(value.into()),
                _ => {}
            }
        }
        self.terms.push(Term { source, equal, value: value.into() });
        Ok(())
    }

    /// Whether nothing but the namespace selects.
    pub(crate) fn is_plain(&self) -> bool {
        self.terms.is_empty() && self.labels.requirements.is_empty() && self.name.is_empty()
    }

    /// Whether an object is selected.
    pub(crate) fn matches(&self, object: &Object, layout: &Layout) -> bool {
        (self.namespace.is_empty() || object.is_in(&self.namespace))
            && (self.name.is_empty() || object.name() == self.name.as_str())
            && self.terms.iter().all(|term| term.matches(object, layout))
            && (self.labels.requirements.is_empty() || self.labels.matches(|key| object.label(key)))
    }
}

impl Term {
    fn matches(&self, object: &Object, layout: &Layout) -> bool {
        let text = match self.source {
            Source::Name => object.name(),
            Source::Namespace => object.namespace(),
            Source::Field(at) => field_text(object, layout, at),
        };
        (text == *self.value) == self.equal
    }
}

/// The stored kind's name of a field that a served version calls otherwise; `None`: it has no such field.
fn stored_label<'a>(gvk: &GroupVersionKind, label: &'a str) -> Option<&'a str> {
    if gvk.group != "events.k8s.io" {
        return Some(label);
    }
    Some(match label {
        "regarding.kind" => "involvedObject.kind",
        "regarding.namespace" => "involvedObject.namespace",
        "regarding.name" => "involvedObject.name",
        "regarding.uid" => "involvedObject.uid",
        "regarding.apiVersion" => "involvedObject.apiVersion",
        "regarding.resourceVersion" => "involvedObject.resourceVersion",
        "regarding.fieldPath" => "involvedObject.fieldPath",
        "reportingController" => "reportingComponent",
        "reason" | "type" | "metadata.name" | "metadata.namespace" => label,
        _ => return None,
    })
}

/// Whether Kubernetes has no list of labels of its own for the kind.
fn is_default(layout: &Layout, gvk: &GroupVersionKind, builtin: bool) -> bool {
    builtin && (layout.rules().fields.is_empty() || gvk.group == "apps")
}

/// Kubernetes' words for a field by which a kind is not selected.
fn unsupported(layout: &Layout, gvk: &GroupVersionKind, label: &str, builtin: bool) -> String {
    match (&*gvk.group, &*gvk.kind) {
        ("batch", "Job") => format!("field label {label:?} not supported for batchv1.Job"),
        ("resource.k8s.io", "ResourceSlice") => {
            let version = gvk.api_version();
            format!("field label not supported for {version}, Kind=ResourceSlice: {label}")
        }
        _ if is_default(layout, gvk, builtin) => {
            format!("{label:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
        }
        _ => format!("field label not supported: {label}"),
    }
}

/// The text of a selectable field, by its position.
fn field_text<'a>(object: &'a Object, layout: &'a Layout, at: usize) -> Cow<'a, str> {
    let present = |slot: usize| object.field(slot).filter(|text| !text.is_empty());
    let own = present(at * 2).or_else(|| present(at * 2 + 1));
    own.unwrap_or(Cow::Borrowed(&layout.fields()[at].absent))
}

/// The value of a kind's trigger field.
pub(crate) fn trigger_of<'a>(object: &'a Object, layout: &'a Layout) -> Option<Cow<'a, str>> {
    match layout.rules().trigger {
        "" => None,
        "metadata.name" => Some(object.name()),
        label => layout.selectable(label).map(|(at, _)| field_text(object, layout, at)),
    }
}

#[cfg(test)]
mod tests {
    use mizzen_schema::builtin;

    use super::*;
    use crate::strategy;

    /// Reads a field selector on a resource of `group`, stored as `stored`.
    fn parse(group: &str, stored: &str, plural: &str, fields: &str) -> Result<Selection, String> {
        let find = |group: &str| {
            builtin::resources().iter().find(|row| row.gvk.group == group && row.plural == plural)
        };
        let row = find(group).expect("a built-in resource");
        let rules = strategy::rules(stored, plural);
        let layout = Layout::builtin(stored, plural, row.namespaced, rules);
        Selection::parse(&layout, &row.gvk, ("", ""), "", fields, None).map_err(|error| error.0)
    }

    #[test]
    fn every_kind_has_its_fields() {
        let fine = |group: &str, plural: &str, fields: &[&str]| {
            for field in fields {
                let term = format!("{field}=x");
                assert!(parse(group, group, plural, &term).is_ok(), "{plural} {field}");
            }
        };
        fine(
            "",
            "pods",
            &[
                "metadata.name",
                "metadata.namespace",
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "spec.hostNetwork",
                "spec.host",
                "status.phase",
                "status.podIP",
                "status.podIPs",
                "status.nominatedNodeName",
            ],
        );
        fine("", "nodes", &["metadata.name", "spec.unschedulable"]);
        fine("", "namespaces", &["metadata.name", "status.phase"]);
        fine("", "secrets", &["metadata.namespace", "type"]);
        fine("", "services", &["spec.clusterIP", "spec.type"]);
        fine("", "replicationcontrollers", &["status.replicas"]);
        fine("", "events", &["involvedObject.kind", "involvedObject.uid", "reason", "source", "type"]);
        fine("apps", "replicasets", &["status.replicas"]);
        fine("batch", "jobs", &["status.successful"]);
        fine("certificates.k8s.io", "certificatesigningrequests", &["spec.signerName"]);
        fine("resource.k8s.io", "resourceslices", &["spec.nodeName", "spec.driver"]);
        fine("apps", "deployments", &["metadata.name", "metadata.namespace"]);
        fine("rbac.authorization.k8s.io", "clusterroles", &["metadata.namespace"]);
        for field in ["regarding.kind", "reportingController", "reason", "type"] {
            assert!(parse("events.k8s.io", "", "events", &format!("{field}=x")).is_ok(), "{field}");
        }
    }

    #[test]
    fn other_fields_are_refused_in_kubernetes_words() {
        let check = |group: &str, plural: &str, fields: &str, expect: &str| {
            let stored = if group == "events.k8s.io" { "" } else { group };
            let error = parse(group, stored, plural, fields).expect_err(fields);
            assert_eq!(error, expect, "{plural} {fields}");
        };
        check("", "pods", "spec.x=1", "field label not supported: spec.x");
        check("", "nodes", "metadata.namespace=a", "field label not supported: metadata.namespace");
        check("batch", "jobs", "a=b", "field label \"a\" not supported for batchv1.Job");
        check(
            "resource.k8s.io",
            "resourceslices",
            "a=b",
            "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: a",
        );
        let default = "\"a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";
        check("apps", "deployments", "a=b", default);
        check("apps", "replicasets", "a=b", default);
        check("events.k8s.io", "events", "source=b", "field label not supported: source");
        check("", "pods", "a", "invalid selector: 'a'; can't understand 'a'");
    }

    #[test]
    fn a_named_object_is_selected_by_its_name_only() {
        let layout = Layout::for_tests();
        let gvk = GroupVersionKind { group: "".into(), version: "v1".into(), kind: "ConfigMap".into() };
        let parse = |fields: &str| {
            Selection::parse(&layout, &gvk, ("ns", "a"), "", fields, None).map_err(|error| error.0)
        };
        assert!(parse("").is_ok() && parse("metadata.name=a").is_ok());
        let refused = "fieldSelector metadata.name doesn't match requested name";
        for fields in ["metadata.name=b", "metadata.name!=a", "metadata.namespace=ns"] {
            assert_eq!(parse(fields).expect_err(fields), refused);
        }
    }
}
