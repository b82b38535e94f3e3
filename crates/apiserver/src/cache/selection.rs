//! Which objects a list or watch is about: namespace, labels, fields.

use std::borrow::Cow;

use mizzen_machinery::selector::{FieldSelector, LabelSelector};
use mizzen_schema::table::Text;

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

    /// Reads the selectors of a request on a kind; `custom`: the fields that the served version of a custom resource
    /// lets selectors name.
    pub(crate) fn parse(
        layout: &Layout,
        namespace: &str,
        name: &str,
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
            for (label, equal, value) in parsed.terms {
                selection.add(layout, &label, equal, &value, custom)?;
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
        label: &str,
        equal: bool,
        value: &str,
        custom: Option<&[Text]>,
    ) -> Result<(), SelectionError> {
        let source = match label {
            "metadata.name" => Source::Name,
            "metadata.namespace" if custom.is_none() || layout.is_namespaced() => Source::Namespace,
            _ => match layout.selectable(label) {
                Some((at, _)) if custom.is_none_or(|own| own.iter().any(|own| own == label)) => {
                    Source::Field(at)
                }
                _ if custom.is_some() || !layout.fields().is_empty() => {
                    return Err(SelectionError(format!("field label not supported: {label}")));
                }
                _ => {
                    return Err(SelectionError(format!(
                        "{label:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                    )));
                }
            },
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
