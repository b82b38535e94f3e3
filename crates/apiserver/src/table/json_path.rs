//! The JSONPath that printer columns use: members, indexes and slices, filters by one comparison.
//!
//! Source: "JSONPath Support" in kubectl's reference; the first value found is the one that is printed.

use mizzen_schema::value::Value;

/// A path, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    /// All members, or all elements.
    All,
    /// An element; negative: from the end.
    Index(i64),
    /// Elements from and up to (not included).
    Slice(Option<i64>, Option<i64>),
    /// Elements whose member at a path compares so with a text.
    Filter {
        path: JsonPath,
        equal: bool,
        text: Option<String>,
    },
    /// Any place below that has the member.
    Deep(String),
}

/// Steps that a path may have.
const STEPS_MAX: usize = 64;
/// Values that a path may find on its way.
const FOUND_MAX: usize = 10_000;

impl JsonPath {
    /// Reads `.spec.list[?(@.type=="x")].name`; `None` for what is no such path.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim().trim_start_matches('{').trim_end_matches('}');
        rest = rest.strip_prefix('$').unwrap_or(rest);
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = step(rest)?;
            steps.extend(step);
            rest = after;
            if steps.len() > STEPS_MAX {
                return None;
            }
        }
        Some(Self { steps })
    }

    /// The first value found in an object.
    pub fn first<'v>(&self, object: &'v Value) -> Option<&'v Value> {
        let mut found = vec![object];
        for step in &self.steps {
            let mut next = Vec::new();
            for value in found {
                step.follow(value, &mut next);
                if next.len() > FOUND_MAX {
                    break;
                }
            }
            found = next;
        }
        found.first().copied()
    }
}

/// The first step of a path, and what follows it.
fn step(text: &str) -> Option<(Option<Step>, &str)> {
    if let Some(rest) = text.strip_prefix("..") {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        return Some((Some(Step::Deep(unescape(&rest[..end]))), &rest[end..]));
    }
    if let Some(rest) = text.strip_prefix('.') {
        if rest.is_empty() || rest.starts_with('[') {
            return Some((None, rest));
        }
        return member(rest);
    }
    let Some(inner) = text.strip_prefix('[') else { return member(text) };
    if let Some(filter) = inner.strip_prefix("?(") {
        let end = filter.find(")]")?;
        return Some((Some(self::filter(&filter[..end])?), &filter[end + 2..]));
    }
    if let Some(quote) = inner.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        let rest = &inner[1..];
        let end = rest.find(quote)?;
        let after = rest[end + 1..].strip_prefix(']')?;
        return Some((Some(Step::Member(rest[..end].to_owned())), after));
    }
    let end = inner.find(']')?;
    let (content, after) = (inner[..end].trim(), &inner[end + 1..]);
    let number = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    let step = match content.split_once(':') {
        None if content == "*" => Step::All,
        None => Step::Index(content.parse().ok()?),
        Some((from, to)) => Step::Slice(number(from)?, number(to.split(':').next().unwrap_or_default())?),
    };
    Some((Some(step), after))
}

fn member(text: &str) -> Option<(Option<Step>, &str)> {
    let mut end = text.len();
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '\\' => escaped = !escaped,
            '.' | '[' if !escaped => {
                end = at;
                break;
            }
            _ => escaped = false,
        }
    }
    let name = unescape(&text[..end]);
    if name.is_empty() {
        return None;
    }
    let step = if name == "*" { Step::All } else { Step::Member(name) };
    Some((Some(step), &text[end..]))
}

fn unescape(text: &str) -> String {
    text.replace('\\', "")
}

fn filter(text: &str) -> Option<Step> {
    let (left, equal, right) = match (text.split_once("=="), text.split_once("!=")) {
        (Some((left, right)), _) => (left, true, Some(right)),
        (None, Some((left, right))) => (left, false, Some(right)),
        (None, None) => (text, true, None),
    };
    let path = JsonPath::parse(left.trim().strip_prefix('@')?)?;
    let text = right.map(|right| right.trim().trim_matches(['\'', '"']).to_owned());
    Some(Step::Filter { path, equal, text })
}

/// An element's place from a number that may count from the end.
fn place(index: i64, len: usize) -> Option<usize> {
    let len = i64::try_from(len).ok()?;
    usize::try_from(if index < 0 { len + index } else { index }).ok()
}

impl Step {
    fn follow<'v>(&self, value: &'v Value, found: &mut Vec<&'v Value>) {
        match self {
            Self::Member(name) => found.extend(value.get(name)),
            Self::All => match value {
                Value::List(items) => found.extend(items),
                value => found.extend(below(value)),
            },
            Self::Index(index) => {
                let items = value.items();
                found.extend(place(*index, items.len()).and_then(|at| items.get(at)));
            }
            Self::Slice(from, to) => {
                let items = value.items();
                let at =
                    |index: Option<i64>, unset| index.map_or(Some(unset), |index| place(index, items.len()));
                if let (Some(from), Some(to)) = (at(*from, 0), at(*to, items.len())) {
                    found.extend(items.get(from..to.min(items.len())).unwrap_or_default());
                }
            }
            Self::Filter { path, equal, text } => found.extend(value.items().iter().filter(|item| {
                let own = path.first(item);
                match text {
                    None => own.is_some(),
                    Some(text) => own.is_some_and(|own| is_text(own, text) == *equal),
                }
            })),
            Self::Deep(name) => deep(value, name, found),
        }
    }
}

fn below(value: &Value) -> Vec<&Value> {
    match value {
        Value::Map(map) => map.iter().map(|(_, value)| value).collect(),
        Value::Struct(fields) => {
            let unknown = fields.unknown().into_iter().flat_map(|map| map.iter().map(|(_, value)| value));
            fields.fields().map(|(_, _, value)| value).chain(unknown).collect()
        }
        Value::List(items) => items.iter().collect(),
        _ => Vec::new(),
    }
}

fn deep<'v>(value: &'v Value, name: &str, found: &mut Vec<&'v Value>) {
    found.extend(value.get(name));
    for inner in below(value) {
        if found.len() > FOUND_MAX {
            return;
        }
        deep(inner, name, found);
    }
}

fn is_text(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => **own == *text,
        Value::Int(number) => number.to_string() == text,
        Value::Bool(truth) => truth.to_string() == text,
        Value::Float(number) => text.parse() == Ok(*number),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mizzen_schema::decode::Options;
    use mizzen_schema::json;
    use mizzen_schema::table::Shape;

    #[test]
    fn paths_find_values() {
        let text =
            br#"{"spec":{"a.b":1,"list":[{"t":"x","v":10},{"t":"y","v":20}],"n":[1,2,3]},"deep":{"v":7}}"#;
        let object = json::decode_shape(text, &Shape::Any, &Options::default()).unwrap().value;
        let check = |path: &str, expect: Option<i64>| {
            let found = JsonPath::parse(path).and_then(|path| path.first(&object).and_then(Value::as_i64));
            assert_eq!(found, expect, "{path}");
        };
        check(".spec.list[1].v", Some(20));
        check(".spec.list[-1].v", Some(20));
        check(".spec.list[?(@.t==\"y\")].v", Some(20));
        check(".spec.list[?(@.t!='x')].v", Some(20));
        check(".spec['a.b']", Some(1));
        check(".spec.a\\.b", Some(1));
        check(".spec.n[1:2]", Some(2));
        check(".spec.n[*]", Some(1));
        check("{.deep.v}", Some(7));
        check("..v", Some(7));
        check(".none.there", None);
        check(".spec.n[9]", None);
        check(".spec[", None);
    }
}
