//! Warnings for the client, a header each (RFC 7234's Warning), and what is deprecated.

use http::HeaderValue;
use mizzen_schema::table::GroupVersionKind;

/// Letters of all warnings together; beyond, each one is cut.
const LEN_MAX: usize = 4 << 10;
/// Letters of a warning that is cut.
const CUT_LEN: usize = 256;

/// The headers of an answer with these warnings: each said once, and cut when they are too long together.
pub(crate) fn headers(warnings: &[String]) -> Vec<HeaderValue> {
    let mut distinct: Vec<&str> = Vec::new();
    for warning in warnings.iter().flat_map(|warning| lines(warning)) {
        if !warning.is_empty() && !distinct.contains(&warning) {
            distinct.push(warning);
        }
    }
    let len: usize = distinct.iter().map(|warning| warning.chars().count()).sum();
    if len <= LEN_MAX {
        return distinct.into_iter().filter_map(header).collect();
    }
    let mut left = LEN_MAX;
    let mut headers = Vec::new();
    for warning in distinct {
        let end = warning.char_indices().nth(CUT_LEN).map_or(warning.len(), |(at, _)| at);
        headers.extend(header(&warning[..end]));
        left = left.saturating_sub(warning[..end].chars().count());
        if left == 0 {
            break;
        }
    }
    headers
}

/// The complaints of a YAML reader are one text: a warning a line.
fn lines(warning: &str) -> Vec<&str> {
    let rest = warning
        .strip_prefix("yaml: unmarshal errors:")
        .or_else(|| warning.strip_prefix("error converting YAML to JSON: yaml: unmarshal errors:"));
    match rest {
        Some(rest) => rest.lines().map(str::trim).collect(),
        None => vec![warning],
    }
}

/// 299, no agent, quoted text; none for text that cannot be in a header.
fn header(text: &str) -> Option<HeaderValue> {
    if text.chars().any(char::is_control) {
        return None;
    }
    let mut quoted = String::with_capacity(text.len() + 10);
    quoted.push_str("299 - \"");
    for letter in text.chars() {
        if matches!(letter, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('"');
    HeaderValue::from_bytes(quoted.as_bytes()).ok()
}

/// A kind that is deprecated at this level: since which release, until which it is served, and what to use.
struct Deprecated {
    group: &'static str,
    version: &'static str,
    kinds: &'static [&'static str],
    since: &'static str,
    removed: &'static str,
    instead: &'static str,
}

const fn row(
    (group, version): (&'static str, &'static str),
    kinds: &'static [&'static str],
    since: &'static str,
    removed: &'static str,
    instead: &'static str,
) -> Deprecated {
    Deprecated { group, version, kinds, since, removed, instead }
}

/// The lifecycle markers of the API types, where the release is at most that of the API level.
const DEPRECATED: &[Deprecated] = &[
    row(("", "v1"), &["ComponentStatus"], "1.19", "", ""),
    row(("", "v1"), &["Endpoints"], "1.33", "", "discovery.k8s.io/v1 EndpointSlice"),
    row(
        ("admissionregistration.k8s.io", "v1alpha1"),
        &["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"],
        "1.35",
        "1.38",
        "",
    ),
    row(("certificates.k8s.io", "v1alpha1"), &["ClusterTrustBundle"], "1.34", "1.37", ""),
    row(("coordination.k8s.io", "v1alpha2"), &["LeaseCandidate"], "1.35", "1.38", ""),
    row(("networking.k8s.io", "v1beta1"), &["IPAddress", "ServiceCIDR"], "1.34", "1.37", ""),
    row(
        ("resource.k8s.io", "v1beta1"),
        &["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"],
        "1.35",
        "1.38",
        "",
    ),
    row(
        ("storage.k8s.io", "v1beta1"),
        &["VolumeAttributesClass"],
        "1.34",
        "1.37",
        "storage.k8s.io/v1 VolumeAttributesClass",
    ),
];

/// What every answer of a deprecated kind warns of, whatever the verb.
pub(crate) fn deprecation(gvk: &GroupVersionKind) -> Option<String> {
    let (group, version, kind) = (gvk.group.as_ref(), gvk.version.as_ref(), gvk.kind.as_ref());
    let own = |row: &&Deprecated| row.group == group && row.version == version && row.kinds.contains(&kind);
    let row = DEPRECATED.iter().find(own)?;
    let mut warning = format!("{} {kind} is deprecated in v{}+", gvk.api_version(), row.since);
    if !row.removed.is_empty() {
        warning.push_str(&format!(", unavailable in v{}+", row.removed));
    }
    if !row.instead.is_empty() {
        warning.push_str(&format!("; use {}", row.instead));
    }
    Some(warning)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(warnings: &[&str]) -> Vec<String> {
        let warnings: Vec<String> = warnings.iter().map(|warning| (*warning).to_owned()).collect();
        headers(&warnings).iter().map(|value| value.to_str().expect("text").to_owned()).collect()
    }

    #[test]
    fn each_is_quoted_and_said_once() {
        assert_eq!(
            texts(&["unknown field \"spec.foo\"", "a\\b", "unknown field \"spec.foo\"", "", "a\nb"]),
            [r#"299 - "unknown field \"spec.foo\"""#, r#"299 - "a\\b""#]
        );
        let yaml = "yaml: unmarshal errors:\n  line 3: key \"a\" already set in map\n  line 4: x";
        assert_eq!(
            texts(&[yaml]),
            [r#"299 - "line 3: key \"a\" already set in map""#, r#"299 - "line 4: x""#]
        );
    }

    #[test]
    fn long_ones_are_cut() {
        let one = "x".repeat(LEN_MAX);
        assert_eq!(texts(&[&one])[0].len(), LEN_MAX + 8);
        let many: Vec<String> = (0..100).map(|number| format!("{number}{}", "y".repeat(300))).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let cut = texts(&many);
        assert_eq!((cut.len(), cut[0].len()), (LEN_MAX / CUT_LEN, CUT_LEN + 8));
    }

    #[test]
    fn deprecated_kinds_say_what_to_use() {
        let check = |group: &'static str, version: &'static str, kind: &'static str, expect: Option<&str>| {
            let gvk = GroupVersionKind { group: group.into(), version: version.into(), kind: kind.into() };
            assert_eq!(deprecation(&gvk).as_deref(), expect, "{kind}");
        };
        check("", "v1", "Pod", None);
        check("", "v1", "ComponentStatus", Some("v1 ComponentStatus is deprecated in v1.19+"));
        check(
            "",
            "v1",
            "Endpoints",
            Some("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"),
        );
        check(
            "storage.k8s.io",
            "v1beta1",
            "VolumeAttributesClass",
            Some(
                "storage.k8s.io/v1beta1 VolumeAttributesClass is deprecated in v1.34+, unavailable in v1.37+; \
                 use storage.k8s.io/v1 VolumeAttributesClass",
            ),
        );
    }
}
