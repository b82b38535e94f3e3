//! What a namespace says about its deletion.

use std::collections::BTreeMap;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{NamespaceCondition, NamespaceStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::content::Emptied;

/// A condition as it should be.
struct Wanted {
    type_: &'static str,
    status: bool,
    reason: &'static str,
    message: String,
}

/// `a in 1 …, b in 2 …`.
fn counts(all: &BTreeMap<String, usize>, verb: &str) -> String {
    let each = all.iter().map(|(name, count)| format!("{name} {verb} {count} resource instances"));
    each.collect::<Vec<_>>().join(", ")
}

fn wanted(emptied: &Emptied) -> [Wanted; 5] {
    let mut failed: Vec<String> =
        emptied.undiscovered.iter().map(|(group, why)| format!("{group}: {why}")).collect();
    failed.sort();
    let discovery = if failed.is_empty() {
        ("ResourcesDiscovered", "All resources successfully discovered".to_owned())
    } else {
        let (count, list) = (failed.len(), failed.join(", "));
        let message = format!(
            "Discovery failed for some groups, {count} failing: unable to retrieve the complete list of server APIs: {list}"
        );
        ("DiscoveryFailed", message)
    };
    let deletion = if emptied.failures.is_empty() {
        ("ContentDeleted", "All content successfully deleted, may be waiting on finalization".to_owned())
    } else {
        let (count, list) = (emptied.failures.len(), emptied.failures.join(", "));
        ("ContentDeletionFailed", format!("Failed to delete all resource types, {count} remaining: {list}"))
    };
    let remaining = if emptied.remaining.is_empty() {
        ("ContentRemoved", "All content successfully removed".to_owned())
    } else {
        let list = counts(&emptied.remaining, "has");
        ("SomeResourcesRemain", format!("Some resources are remaining: {list}"))
    };
    let finalizers = if emptied.finalizers.is_empty() {
        ("ContentHasNoFinalizers", "All content-preserving finalizers finished".to_owned())
    } else {
        let list = counts(&emptied.finalizers, "in");
        ("SomeFinalizersRemain", format!("Some content in the namespace has finalizers remaining: {list}"))
    };
    let make = |type_, status, (reason, message)| Wanted { type_, status, reason, message };
    [
        make("NamespaceDeletionDiscoveryFailure", !failed.is_empty(), discovery),
        // Groups and versions come as such, not as text that could fail to parse.
        make(
            "NamespaceDeletionGroupVersionParsingFailure",
            false,
            ("ParsedGroupVersions", "All legacy kube types successfully parsed".to_owned()),
        ),
        make("NamespaceDeletionContentFailure", !emptied.failures.is_empty(), deletion),
        make("NamespaceContentRemaining", !emptied.remaining.is_empty(), remaining),
        make("NamespaceFinalizersRemaining", !emptied.finalizers.is_empty(), finalizers),
    ]
}

/// Puts the conditions right; whether anything changed.
pub(super) fn update(status: &mut NamespaceStatus, emptied: &Emptied, now: Timestamp) -> bool {
    let conditions = status.conditions.get_or_insert_default();
    let mut changed = false;
    for wanted in wanted(emptied) {
        let value = if wanted.status { "True" } else { "False" };
        let known = conditions.iter_mut().find(|condition| condition.type_ == wanted.type_);
        let same = known.as_ref().is_some_and(|known| {
            known.status == value
                && known.reason.as_deref() == Some(wanted.reason)
                && known.message.as_ref() == Some(&wanted.message)
        });
        if same {
            continue;
        }
        changed = true;
        let condition = NamespaceCondition {
            type_: wanted.type_.to_owned(),
            status: value.to_owned(),
            reason: Some(wanted.reason.to_owned()),
            message: Some(wanted.message),
            last_transition_time: Some(Time(now)),
        };
        match known {
            Some(known) => {
                let since = known.last_transition_time.take().filter(|_| known.status == value);
                *known = NamespaceCondition {
                    last_transition_time: since.or(condition.last_transition_time.clone()),
                    ..condition
                };
            }
            None => conditions.push(condition),
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_upstreams() {
        let emptied = Emptied {
            remaining: BTreeMap::from([("configmaps.".to_owned(), 1), ("pods.".to_owned(), 2)]),
            finalizers: BTreeMap::from([("a.io/b".to_owned(), 3)]),
            ..Emptied::default()
        };
        let mut status = NamespaceStatus::default();
        assert!(update(&mut status, &emptied, Timestamp::UNIX_EPOCH));
        assert!(!update(&mut status, &emptied, Timestamp::MAX));
        let message = |type_: &str| {
            let mut all = status.conditions.iter().flatten();
            all.find(|one| one.type_ == type_).and_then(|one| one.message.clone()).unwrap_or_default()
        };
        let expect = "Some resources are remaining: configmaps. has 1 resource instances, pods. has 2 resource instances";
        assert_eq!(message("NamespaceContentRemaining"), expect);
        let expect = "Some content in the namespace has finalizers remaining: a.io/b in 3 resource instances";
        assert_eq!(message("NamespaceFinalizersRemaining"), expect);
        assert!(update(&mut status, &Emptied::default(), Timestamp::MAX));
        let all = status.conditions.unwrap_or_default();
        assert!(all.iter().all(|condition| condition.status == "False"));
        assert_eq!(all.len(), 5);
    }
}
