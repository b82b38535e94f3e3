//! Cells out of objects.

use std::fmt::Write as _;

use jiff::Timestamp;
use mizzen_schema::text;
use mizzen_schema::value::{Map, Value};

/// An object that is printed, and the time at which.
pub(super) struct Row<'a> {
    pub(super) object: &'a Value,
    pub(super) now: Timestamp,
}

impl<'a> Row<'a> {
    pub(super) fn name(&self) -> Value {
        self.text(&["metadata", "name"])
    }

    pub(super) fn age(&self) -> Value {
        Value::string(self.since(&["metadata", "creationTimestamp"], "<unknown>"))
    }

    /// How long ago a time is; `unset` without one.
    pub(super) fn since(&self, path: &[&str], unset: &str) -> String {
        self.object.str_at(path).map_or_else(|| unset.to_owned(), |time| ago(time, self.now))
    }

    pub(super) fn str(&self, path: &[&str]) -> &'a str {
        self.object.str_at(path).unwrap_or_default()
    }

    /// The text of a member; empty without one.
    pub(super) fn text(&self, path: &[&str]) -> Value {
        Value::string(self.str(path))
    }

    /// The text of a member; `unset` without one.
    pub(super) fn text_or(&self, path: &[&str], unset: &str) -> Value {
        let text = self.str(path);
        Value::string(if text.is_empty() { unset } else { text })
    }

    pub(super) fn number(&self, path: &[&str]) -> i64 {
        self.object.path(path).and_then(Value::as_i64).unwrap_or_default()
    }

    pub(super) fn int(&self, path: &[&str]) -> Value {
        Value::Int(self.number(path))
    }

    pub(super) fn flag(&self, path: &[&str], unset: bool) -> bool {
        self.object.path(path).and_then(Value::as_bool).unwrap_or(unset)
    }

    pub(super) fn items(&self, path: &[&str]) -> &'a [Value] {
        self.object.path(path).map(Value::items).unwrap_or_default()
    }

    /// How many elements or entries a member has.
    pub(super) fn count(&self, path: &[&str]) -> i64 {
        let count = match self.object.path(path) {
            Some(Value::List(items)) => items.len(),
            Some(Value::Map(map)) => map.len(),
            _ => 0,
        };
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.object.path(&["metadata", "deletionTimestamp"]).is_some()
    }

    /// A condition of the status, by type.
    pub(super) fn condition(&self, ty: &str) -> Option<&'a Value> {
        self.items(&["status", "conditions"]).iter().find(|condition| condition.str_at(&["type"]) == Some(ty))
    }

    pub(super) fn has_condition(&self, ty: &str) -> bool {
        self.condition(ty).and_then(|condition| condition.str_at(&["status"])) == Some("True")
    }

    /// Names and images of a pod template's containers, `template` being the path of its spec.
    pub(super) fn containers(&self, template: &[&str]) -> [Value; 2] {
        let path: Vec<&str> = template.iter().copied().chain(["containers"]).collect();
        let containers = self.items(&path);
        let list = |name: &str| {
            let texts = containers.iter().map(|container| container.str_at(&[name]).unwrap_or_default());
            Value::string(texts.collect::<Vec<_>>().join(","))
        };
        [list("name"), list("image")]
    }
}

/// How long before `now` a time was, as people say it.
pub(super) fn ago(time: &str, now: Timestamp) -> String {
    match text::parse_time(time) {
        Some(time) => human(now.as_second() - time.as_second()),
        None => "<unknown>".to_owned(),
    }
}

/// Seconds between two times, as people say it.
pub(super) fn between(from: &str, to: &str) -> String {
    match (text::parse_time(from), text::parse_time(to)) {
        (Some(from), Some(to)) => human(to.as_second() - from.as_second()),
        _ => "<unknown>".to_owned(),
    }
}

/// A duration in two units at most, the lesser one only where it matters.
pub(super) fn human(seconds: i64) -> String {
    let pair = |large: i64, unit: char, small: i64, small_unit: char| match small {
        0 => format!("{large}{unit}"),
        small => format!("{large}{unit}{small}{small_unit}"),
    };
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    let days = hours / 24;
    match seconds {
        i64::MIN..=-2 => "<invalid>".to_owned(),
        -1 => "0s".to_owned(),
        0..120 => format!("{seconds}s"),
        120..600 => pair(minutes, 'm', seconds % 60, 's'),
        600..10_800 => format!("{minutes}m"),
        10_800..28_800 => pair(hours, 'h', minutes % 60, 'm'),
        28_800..172_800 => format!("{hours}h"),
        172_800..691_200 => pair(days, 'd', hours % 24, 'h'),
        691_200..63_072_000 => format!("{days}d"),
        63_072_000..252_288_000 => pair(days / 365, 'y', days % 365, 'd'),
        _ => format!("{}y", days / 365),
    }
}

/// `k=v,…` of a map; `<none>` of none.
pub(super) fn labels(value: Option<&Value>) -> String {
    let Some(map) = value.and_then(Value::as_map).filter(|map| !map.is_empty()) else {
        return "<none>".to_owned();
    };
    let pairs: Vec<_> =
        map.iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect();
    pairs.join(",")
}

/// A label selector's text: `a=b,c in (d,e),!f`; `<none>` of an empty or missing one.
pub(super) fn selector(value: Option<&Value>) -> String {
    let mut parts: Vec<(String, String)> = Vec::new();
    let match_labels = value.and_then(|value| value.get("matchLabels")).and_then(Value::as_map);
    for (key, value) in match_labels.into_iter().flat_map(Map::iter) {
        parts.push((key.to_owned(), format!("{key}={}", value.as_str().unwrap_or_default())));
    }
    for expression in
        value.and_then(|value| value.get("matchExpressions")).map(Value::items).unwrap_or_default()
    {
        let key = expression.str_at(&["key"]).unwrap_or_default();
        let given = expression.get("values").map(Value::items).unwrap_or_default();
        let mut values: Vec<_> = given.iter().filter_map(Value::as_str).collect();
        values.sort_unstable();
        let values = values.join(",");
        let text = match expression.str_at(&["operator"]).unwrap_or_default() {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "Exists" => key.to_owned(),
            "DoesNotExist" => format!("!{key}"),
            _ => return "<error>".to_owned(),
        };
        parts.push((key.to_owned(), text));
    }
    if parts.is_empty() {
        return "<none>".to_owned();
    }
    parts.sort_by(|left, right| left.0.cmp(&right.0));
    parts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(",")
}

/// Up to `max` texts, and how many more there are.
pub(super) fn some(texts: &[String], max: usize, separator: &str) -> String {
    let mut text = texts[..texts.len().min(max)].join(separator);
    if texts.len() > max {
        write!(text, " + {} more...", texts.len() - max).expect("strings take all text");
    }
    text
}

/// A number or string (`intstr`), as text.
pub(super) fn number_or_text(value: Option<&Value>, unset: &str) -> Value {
    Value::string(match value {
        Some(Value::Int(number)) => number.to_string(),
        Some(Value::String(text)) => text.to_string(),
        _ => unset.to_owned(),
    })
}
