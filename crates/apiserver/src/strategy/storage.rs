//! Volumes, claims and drivers.

use mizzen_schema::value::Value;

use super::{Facts, Rules};
use crate::tree;

pub(super) static PERSISTENT_VOLUMES: Rules = Rules {
    return_deleted: true,
    prepare_create: create_volume,
    prepare_status: volume_status,
    ..Rules::DEFAULT
};

pub(super) static PERSISTENT_VOLUME_CLAIMS: Rules = Rules {
    return_deleted: true,
    prepare_create: create_claim,
    prepare_update: update_claim,
    ..Rules::DEFAULT
};

pub(super) static CSI_DRIVERS: Rules =
    Rules { unconditional_update: false, prepare_update: update_driver, ..Rules::DEFAULT };

const PHASE: [&str; 2] = ["status", "phase"];
const TRANSITION: [&str; 2] = ["status", "lastPhaseTransitionTime"];

fn create_volume(volume: &mut Value, facts: Facts<'_>) {
    tree::set(volume, &PHASE, Value::string("Pending"));
    tree::set(volume, &TRANSITION, tree::time(facts.now));
}

/// The time of the last change of phase is noted by the server, unless the client notes another.
/// Source: KEP-3762.
fn volume_status(new: &mut Value, old: &Value, facts: Facts<'_>) {
    let given = new.path(&TRANSITION).is_some_and(|time| !time.is_zero());
    match tree::same(new, old, &PHASE) {
        true if !given => tree::copy(new, old, &TRANSITION),
        true => {}
        false if !given || tree::same(new, old, &TRANSITION) => {
            tree::set(new, &TRANSITION, tree::time(facts.now));
        }
        false => {}
    }
}

const SOURCE: [&str; 2] = ["spec", "dataSource"];
const SOURCE_REF: [&str; 2] = ["spec", "dataSourceRef"];

fn create_claim(claim: &mut Value, _: Facts<'_>) {
    tree::set(claim, &PHASE, Value::string("Pending"));
    settle_sources(claim, None);
}

fn update_claim(new: &mut Value, old: &Value, _: Facts<'_>) {
    settle_sources(new, Some(old));
}

/// `dataSource` takes claims and snapshots alone, and drops the rest, as it always has; of it and `dataSourceRef`,
/// which takes all, the one that is missing is filled in from the other.
/// Source: KEP-1495, "API".
fn settle_sources(claim: &mut Value, old: Option<&Value>) {
    let set = |claim: &Value, path: &[&str]| claim.path(path).is_some_and(|value| *value != Value::Null);
    let used = old.is_some_and(|old| set(old, &SOURCE));
    if !used && claim.path(&SOURCE).is_some_and(|source| !is_known_source(source)) {
        tree::remove(claim, &SOURCE);
    }
    let (has_source, has_ref) = (set(claim, &SOURCE), set(claim, &SOURCE_REF));
    let elsewhere =
        claim.str_at(&["spec", "dataSourceRef", "namespace"]).is_some_and(|name| !name.is_empty());
    let (from, to) = match (has_source, has_ref) {
        (true, false) => (SOURCE, SOURCE_REF),
        (false, true) if !elsewhere => (SOURCE_REF, SOURCE),
        _ => return,
    };
    let Some(from) = claim.path(&from).cloned() else { return };
    for member in ["apiGroup", "kind", "name"] {
        if let Some(value) = from.get(member) {
            tree::set(claim, &[to[0], to[1], member], value.clone());
        }
    }
}

fn is_known_source(source: &Value) -> bool {
    let group = source.str_at(&["apiGroup"]).unwrap_or_default();
    let kind = source.str_at(&["kind"]).unwrap_or_default();
    matches!((group, kind), ("", "PersistentVolumeClaim") | ("snapshot.storage.k8s.io", "VolumeSnapshot"))
}

/// A driver has no generation until what may change of it does.
fn update_driver(new: &mut Value, old: &Value, _: Facts<'_>) {
    let mutable = ["tokenRequests", "requiresRepublish", "seLinuxMount"];
    if mutable.iter().any(|field| !tree::same(new, old, &["spec", field])) {
        let generation = tree::int(old, &["metadata", "generation"]).unwrap_or(0);
        tree::set(new, &["metadata", "generation"], Value::Int(generation.saturating_add(1)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::User;

    fn decode(ty: &str, text: &str) -> Value {
        let options = mizzen_schema::decode::Options::default();
        mizzen_schema::json::decode(text.as_bytes(), &tree::builtin_type(ty), &options).expect(text).value
    }

    #[test]
    fn sources_are_filled_in() {
        let check = |spec: &str, old: Option<&str>, expect: &str| {
            let claim = |spec: &str| {
                decode("io.k8s.api.core.v1.PersistentVolumeClaim", &format!(r#"{{"spec":{{{spec}}}}}"#))
            };
            let mut found = claim(spec);
            settle_sources(&mut found, old.map(claim).as_ref());
            assert_eq!(found, claim(expect), "{spec} over {old:?}");
        };
        let claim = r#"{"kind":"PersistentVolumeClaim","name":"a"}"#;
        let both = format!(r#""dataSource":{claim},"dataSourceRef":{claim}"#);
        check(&format!(r#""dataSource":{claim}"#), None, &both);
        check(&format!(r#""dataSourceRef":{claim}"#), None, &both);
        let snapshot = r#"{"apiGroup":"snapshot.storage.k8s.io","kind":"VolumeSnapshot","name":"a"}"#;
        let both = format!(r#""dataSource":{snapshot},"dataSourceRef":{snapshot}"#);
        check(&format!(r#""dataSource":{snapshot}"#), None, &both);
        // Others go from dataSource, and come into it by dataSourceRef.
        let other = r#"{"apiGroup":"x.io","kind":"X","name":"a"}"#;
        check(&format!(r#""dataSource":{other}"#), None, "");
        let both = format!(r#""dataSource":{other},"dataSourceRef":{other}"#);
        check(&format!(r#""dataSourceRef":{other}"#), None, &both);
        check(&both, Some(&both), &both);
        // An old client knows one of the two only.
        check(&format!(r#""dataSource":{other}"#), Some(&both), &both);
        let elsewhere = r#""dataSourceRef":{"kind":"PersistentVolumeClaim","name":"a","namespace":"n"}"#;
        check(elsewhere, None, elsewhere);
    }

    #[test]
    fn phases_have_times() {
        let user = User::default();
        let now = "2026-01-02T03:04:05Z";
        let check = |new: &str, old: &str, expect: &str| {
            let volume = |status: &str| {
                decode(
                    "io.k8s.api.core.v1.PersistentVolume",
                    &format!(r#"{{"spec":{{}},"status":{{{status}}}}}"#),
                )
            };
            let mut found = volume(new);
            volume_status(&mut found, &volume(old), Facts { now: now.parse().expect("a time"), user: &user });
            assert_eq!(found, volume(expect), "{new} over {old}");
        };
        let at = |phase: &str, time: &str| format!(r#""phase":"{phase}","lastPhaseTransitionTime":"{time}""#);
        let before = "2025-01-01T00:00:00Z";
        check(r#""phase":"Bound""#, &at("Available", before), &at("Bound", now));
        check(&at("Bound", before), &at("Available", before), &at("Bound", now));
        let own = "2025-06-01T00:00:00Z";
        check(&at("Bound", own), &at("Available", before), &at("Bound", own));
        check(r#""phase":"Bound""#, &at("Bound", before), &at("Bound", before));
        check(&at("Bound", own), &at("Bound", before), &at("Bound", own));
    }

    #[test]
    fn drivers_get_a_generation() {
        let user = User::default();
        let check = |new: &str, old: &str, expect: Option<i64>| {
            let driver = |text: &str| decode("io.k8s.api.storage.v1.CSIDriver", text);
            let mut found = driver(new);
            update_driver(&mut found, &driver(old), Facts { now: jiff::Timestamp::UNIX_EPOCH, user: &user });
            assert_eq!(tree::int(&found, &["metadata", "generation"]), expect, "{new} over {old}");
        };
        check(r#"{"spec":{"requiresRepublish":true}}"#, r#"{"spec":{"requiresRepublish":true}}"#, None);
        check(r#"{"spec":{"requiresRepublish":true}}"#, r#"{"spec":{"requiresRepublish":false}}"#, Some(1));
        check(
            r#"{"spec":{"requiresRepublish":true},"metadata":{"generation":1}}"#,
            r#"{"spec":{"requiresRepublish":false},"metadata":{"generation":1}}"#,
            Some(2),
        );
    }
}
