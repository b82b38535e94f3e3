//! Label and field selectors.

use std::collections::BTreeSet;

use mizzen_schema::value::{Map, Value};

use crate::field::{FieldError, Path, quote};
use crate::name;

/// A parsed label selector.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelSelector {
    /// All must hold.
    pub requirements: Vec<Requirement>,
}

/// One condition on one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The label.
    pub key: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what; sorted. [`Operator::In`] with none holds for nothing.
    pub values: Vec<String>,
}

/// How a label is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// One of the values.
    In,
    /// None of the values, or absent.
    NotIn,
    /// Present.
    Exists,
    /// Absent.
    DoesNotExist,
    /// A number above the value.
    Gt,
    /// A number below the value.
    Lt,
}

/// Not a selector; Kubernetes' words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SelectorError(pub String);

impl Requirement {
    /// A requirement whose key, operator and values fit each other.
    pub fn new(key: &str, operator: Operator, values: Vec<String>) -> Result<Self, SelectorError> {
        let values: BTreeSet<String> = values.into_iter().collect();
        let values: Vec<String> = values.into_iter().collect();
        let errors = requirement_errors(key, operator, &values);
        match errors.len() {
            0 => Ok(Self { key: key.to_owned(), operator, values }),
            1 => Err(SelectorError(errors[0].to_string())),
            _ => {
                let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
                Err(SelectorError(format!("[{}]", all.join(", "))))
            }
        }
    }

    fn matches(&self, found: Option<&str>) -> bool {
        let has = |text: &str| self.values.binary_search_by(|value| value.as_str().cmp(text)).is_ok();
        match self.operator {
            Operator::In => found.is_some_and(has),
            Operator::NotIn => !found.is_some_and(has),
            Operator::Exists => found.is_some(),
            Operator::DoesNotExist => found.is_none(),
            Operator::Gt | Operator::Lt => {
                let found = found.and_then(|text| text.parse::<i64>().ok());
                let bound = self.values.first().and_then(|text| text.parse::<i64>().ok());
                match (found, bound) {
                    (Some(found), Some(bound)) if self.operator == Operator::Gt => found > bound,
                    (Some(found), Some(bound)) => found < bound,
                    _ => false,
                }
            }
        }
    }
}

fn requirement_errors(key: &str, operator: Operator, values: &[String]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let complaints = name::qualified_name(key);
    if !complaints.is_empty() {
        errors.push(FieldError::invalid(&Path::new("<nil>"), key, complaints.join("; ")));
    }
    let path = Path::new("values");
    let list = || format!("[{}]", values.iter().map(|value| quote(value)).collect::<Vec<_>>().join(","));
    let count = values.len();
    let complaint = match operator {
        Operator::In | Operator::NotIn if count == 0 => {
            "for 'in', 'notin' operators, values set can't be empty"
        }
        Operator::Exists | Operator::DoesNotExist if count > 0 => {
            "values set must be empty for exists and does not exist"
        }
        Operator::Gt | Operator::Lt if count != 1 => {
            "for 'Gt', 'Lt' operators, exactly one value is required"
        }
        _ => "",
    };
    if !complaint.is_empty() {
        errors.push(FieldError::invalid(&path, crate::field::Shown::Raw(&list()), complaint));
    }
    if matches!(operator, Operator::Gt | Operator::Lt) {
        for (at, value) in values.iter().enumerate() {
            if value.parse::<i64>().is_err() {
                let detail = "for 'Gt', 'Lt' operators, the value must be an integer";
                errors.push(FieldError::invalid(&path.index(at), value, detail));
            }
        }
    }
    for (at, value) in values.iter().enumerate() {
        let complaints = name::label_value(value);
        if !complaints.is_empty() {
            errors.push(FieldError::invalid(&path.index(at).key(key), value, complaints.join("; ")));
        }
    }
    errors
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    End,
    Open,
    Close,
    Comma,
    Bang,
    Equal,
    DoubleEqual,
    NotEqual,
    Greater,
    Less,
    In,
    NotIn,
    Word(&'a str),
}

impl<'a> Token<'a> {
    fn text(self) -> &'a str {
        match self {
            Self::End => "",
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
            Self::Bang => "!",
            Self::Equal => "=",
            Self::DoubleEqual => "==",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::Less => "<",
            Self::In => "in",
            Self::NotIn => "notin",
            Self::Word(word) => word,
        }
    }
}

/// Reads tokens one at a time, with one looked ahead. `in` and `notin` are words where a key or value is expected.
struct Parser<'a> {
    rest: &'a str,
    next: Token<'a>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        let mut parser = Self { rest: text, next: Token::End };
        parser.advance();
        parser
    }

    /// Gives the token ahead and reads another.
    fn advance(&mut self) -> Token<'a> {
        let current = self.next;
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let symbols = [
            ("==", Token::DoubleEqual),
            ("!=", Token::NotEqual),
            ("=", Token::Equal),
            ("!", Token::Bang),
            ("(", Token::Open),
            (")", Token::Close),
            (",", Token::Comma),
            (">", Token::Greater),
            ("<", Token::Less),
        ];
        for (symbol, token) in symbols {
            if let Some(rest) = self.rest.strip_prefix(symbol) {
                self.rest = rest;
                self.next = token;
                return current;
            }
        }
        let end = self
            .rest
            .find([' ', '\t', '\r', '\n', '=', '!', '(', ')', ',', '>', '<'])
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.next = match word {
            "" => Token::End,
            "in" => Token::In,
            "notin" => Token::NotIn,
            word => Token::Word(word),
        };
        current
    }

    /// The word ahead, if it is one; keywords count.
    fn word_ahead(&self) -> Option<&'a str> {
        match self.next {
            Token::Word(word) => Some(word),
            Token::In => Some("in"),
            Token::NotIn => Some("notin"),
            _ => None,
        }
    }

    fn unexpected<T>(&self, expected: &str) -> Result<T, SelectorError> {
        Err(SelectorError(format!("found '{}', expected: {expected}", self.next.text())))
    }

    fn selector(&mut self) -> Result<Vec<Requirement>, SelectorError> {
        let mut requirements = Vec::new();
        loop {
            match self.next {
                Token::Bang => requirements.push(self.requirement()?),
                _ if self.word_ahead().is_some() => requirements.push(self.requirement()?),
                Token::End => return Ok(requirements),
                _ => return self.unexpected("!, identifier, or 'end of string'"),
            }
            match self.next {
                Token::End => return Ok(requirements),
                Token::Comma => {
                    self.advance();
                    if self.word_ahead().is_none() && self.next != Token::Bang {
                        return self.unexpected("identifier after ','");
                    }
                }
                _ => return self.unexpected("',' or 'end of string'"),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, SelectorError> {
        self.requirement_inner()
            .map_err(|SelectorError(error)| SelectorError(format!("unable to parse requirement: {error}")))
    }

    fn requirement_inner(&mut self) -> Result<Requirement, SelectorError> {
        let absent = self.next == Token::Bang;
        if absent {
            self.advance();
        }
        let Some(key) = self.word_ahead() else {
            return self.unexpected("identifier");
        };
        let complaints = name::qualified_name(key);
        if !complaints.is_empty() {
            let error = FieldError::invalid(&Path::new("<nil>"), key, complaints.join("; "));
            return Err(SelectorError(error.to_string()));
        }
        self.advance();
        if absent {
            return Requirement::new(key, Operator::DoesNotExist, Vec::new());
        }
        if matches!(self.next, Token::End | Token::Comma) {
            return Requirement::new(key, Operator::Exists, Vec::new());
        }
        let operator = match self.next {
            Token::In | Token::Equal | Token::DoubleEqual => Operator::In,
            Token::NotIn | Token::NotEqual => Operator::NotIn,
            Token::Greater => Operator::Gt,
            Token::Less => Operator::Lt,
            _ => return self.unexpected("in, notin, =, ==, !=, gt, lt"),
        };
        let values = match self.advance() {
            Token::In | Token::NotIn => self.values()?,
            _ => vec![self.value()?],
        };
        Requirement::new(key, operator, values)
    }

    fn value(&mut self) -> Result<String, SelectorError> {
        if matches!(self.next, Token::End | Token::Comma) {
            return Ok(String::new());
        }
        let Some(word) = self.word_ahead() else {
            return self.unexpected("identifier");
        };
        self.advance();
        Ok(word.to_owned())
    }

    fn values(&mut self) -> Result<Vec<String>, SelectorError> {
        if self.next != Token::Open {
            return Err(SelectorError(format!("found '{}' expected: '('", self.next.text())));
        }
        self.advance();
        let mut values = Vec::new();
        loop {
            match self.word_ahead() {
                Some(word) => {
                    self.advance();
                    values.push(word.to_owned());
                    if !matches!(self.next, Token::Comma | Token::Close) {
                        return self.unexpected("',' or ')'");
                    }
                }
                None if matches!(self.next, Token::Comma | Token::Close) => values.push(String::new()),
                None => return self.unexpected("',', ')' or identifier"),
            }
            if self.advance() == Token::Close {
                return Ok(values);
            }
        }
    }
}

impl LabelSelector {
    /// Reads the text form: `a=b,c in (d,e),!f`.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let mut requirements = Parser::new(text).selector()?;
        requirements.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Self { requirements })
    }

    /// Matches nothing.
    pub fn nothing() -> Self {
        let never = Requirement { key: String::new(), operator: Operator::In, values: Vec::new() };
        Self { requirements: vec![never] }
    }

    /// Whether this can match nothing at all, as [`LabelSelector::nothing`].
    pub fn is_nothing(&self) -> bool {
        self.requirements.iter().any(|one| one.operator == Operator::In && one.values.is_empty())
    }

    /// The selector that wants these labels.
    pub fn from_labels<'a>(labels: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let requirements = labels.into_iter().map(|(key, value)| Requirement {
            key: key.to_owned(),
            operator: Operator::In,
            values: vec![value.to_owned()],
        });
        Self { requirements: requirements.collect() }
    }

    /// Reads a `metav1.LabelSelector` struct; `None` matches nothing, an empty one everything.
    pub fn from_value(selector: &Value) -> Result<Self, SelectorError> {
        if *selector == Value::Null {
            return Ok(Self::nothing());
        }
        let mut requirements = Vec::new();
        for (key, value) in
            selector.get("matchLabels").and_then(Value::as_map).into_iter().flat_map(Map::iter)
        {
            let value = value.as_str().unwrap_or_default().to_owned();
            requirements.push(Requirement::new(key, Operator::In, vec![value])?);
        }
        for expression in selector.get("matchExpressions").map(Value::items).unwrap_or_default() {
            let text = |field: &str| expression.get(field).and_then(Value::as_str).unwrap_or_default();
            let operator = match text("operator") {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                other => {
                    return Err(SelectorError(format!(
                        "{} is not a valid label selector operator",
                        quote(other)
                    )));
                }
            };
            let values = expression.get("values").map(Value::items).unwrap_or_default();
            let values = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            requirements.push(Requirement::new(text("key"), operator, values)?);
        }
        Ok(Self { requirements })
    }

    /// Whether labels, looked up by `get`, match.
    pub fn matches<'a>(&self, get: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(get(&requirement.key)))
    }

    /// Whether the labels of a tree's map match; `None` has none.
    pub fn matches_map(&self, labels: Option<&Value>) -> bool {
        self.matches(|key| labels.and_then(|labels| labels.get(key)).and_then(Value::as_str))
    }
}

/// A parsed field selector.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldSelector {
    /// All must hold: field, equal (or not equal), value.
    pub terms: Vec<(String, bool, String)>,
}

impl FieldSelector {
    /// Reads the text form: `status.phase=Running,spec.nodeName!=a`, with its escapes.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let mut terms = Vec::new();
        for part in split_terms(text) {
            if part.is_empty() {
                continue;
            }
            let Some((field, equal, value)) = split_term(part) else {
                let message = format!("invalid selector: '{text}'; can't understand '{part}'");
                return Err(SelectorError(message));
            };
            terms.push((field.to_owned(), equal, unescape(value)?));
        }
        Ok(Self { terms })
    }

    /// Whether fields, looked up by `get` (empty for unset), match.
    pub fn matches<'a>(&self, get: impl Fn(&str) -> &'a str) -> bool {
        self.terms.iter().all(|(field, equal, value)| (get(field) == value) == *equal)
    }

    /// The value that `field` must have, if the selector fixes it.
    pub fn exact(&self, field: &str) -> Option<&str> {
        let term = self.terms.iter().find(|(name, equal, _)| name == field && *equal)?;
        Some(&term.2)
    }
}

/// Parts between commas that no backslash escapes.
fn split_terms(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b',' => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn split_term(part: &str) -> Option<(&str, bool, &str)> {
    for at in part.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'!' | b'=')).map(|(at, _)| at) {
        let (field, rest) = part.split_at(at);
        for (operator, equal) in [("!=", false), ("==", true), ("=", true)] {
            if let Some(value) = rest.strip_prefix(operator) {
                return Some((field, equal, value));
            }
        }
    }
    None
}

fn unescape(text: &str) -> Result<String, SelectorError> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c @ ('\\' | ',' | '=')) => out.push(c),
                other => {
                    let sequence: String = std::iter::once('\\').chain(other).collect();
                    return Err(SelectorError(format!(
                        "invalid field selector: invalid escape sequence: {sequence}"
                    )));
                }
            },
            ',' | '=' => {
                return Err(SelectorError(format!(
                    "invalid field selector: unescaped character in value: {}",
                    c as u32
                )));
            }
            c => out.push(c),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matches(selector: &str, labels: &[(&str, &str)]) -> bool {
        let selector = LabelSelector::parse(selector).expect("a selector");
        selector.matches(|key| labels.iter().find(|(name, _)| *name == key).map(|(_, value)| *value))
    }

    #[test]
    fn label_selectors_match() {
        let labels = [("a", "1"), ("b", "x"), ("in", "y"), ("e", "")];
        for (selector, expect) in [
            ("", true),
            ("a", true),
            ("!a", false),
            ("!c", true),
            ("a=1", true),
            ("a==1", true),
            ("a!=1", false),
            ("c!=1", true),
            ("a in (1,2)", true),
            ("a notin (1, 2)", false),
            ("a>0", true),
            ("a<1", false),
            ("b>0", false),
            ("a=1,b=y", false),
            (" a = 1 , b = x ", true),
            ("in=y", true),
            ("in in (y)", true),
            ("e=", true),
            ("e in (,z)", true),
            ("x/y notin (z)", true),
        ] {
            assert_eq!(matches(selector, &labels), expect, "{selector}");
        }
    }

    #[test]
    fn label_selector_errors_are_kubernetes_words() {
        let check = |text: &str, expect: &str| {
            assert_eq!(LabelSelector::parse(text).expect_err(text).0, expect, "{text}");
        };
        check("a=1,", "found '', expected: identifier after ','");
        check("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
        check("a=1 b", "found 'b', expected: ',' or 'end of string'");
        check("a in 1", "unable to parse requirement: found '1' expected: '('");
        check(",", "found ',', expected: !, identifier, or 'end of string'");
        check(
            "a>x",
            "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must \
             be an integer",
        );
        assert!(LabelSelector::parse("-a").expect_err("bad key").0.starts_with(
            "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of"
        ));
        assert!(LabelSelector::parse("a=_").expect_err("bad value").0.starts_with(
            "unable to parse requirement: values[0][a]: Invalid value: \"_\": a valid label must be"
        ));
    }

    #[test]
    fn nothing_matches_nothing() {
        assert!(!LabelSelector::nothing().matches(|_| Some("")));
        assert!(LabelSelector::from_value(&Value::Null).expect("nothing").is_nothing());
        assert!(LabelSelector::from_value(&Value::Map(Map::new())).expect("all").matches(|_| None));
    }

    #[test]
    fn field_selectors() {
        let parsed = FieldSelector::parse(r"a=b,c!=d\,e,,f==g\=").expect("a selector");
        let term = |field: &str, equal, value: &str| (field.to_owned(), equal, value.to_owned());
        assert_eq!(parsed.terms, [term("a", true, "b"), term("c", false, "d,e"), term("f", true, "g=")]);
        assert!(parsed.matches(|field| match field {
            "a" => "b",
            "f" => "g=",
            _ => "",
        }));
        assert_eq!(parsed.exact("a"), Some("b"));
        let check =
            |text: &str, expect: &str| assert_eq!(FieldSelector::parse(text).expect_err(text).0, expect);
        check("a", "invalid selector: 'a'; can't understand 'a'");
        check("a=b=c", "invalid field selector: unescaped character in value: 61");
        check(r"a=b\x", r"invalid field selector: invalid escape sequence: \x");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[ab,=!()<> in\\\\é]{0,30}") {
            drop(LabelSelector::parse(&text));
            drop(FieldSelector::parse(&text));
        }

        #[test]
        fn sets_agree_with_a_naive_model(
            values in proptest::collection::vec("[a-c]{1}", 1..4), value in proptest::option::of("[a-d]{1}")
        ) {
            let set = values.join(",");
            let within = value.as_ref().is_some_and(|value| values.contains(value));
            let labels: Vec<(&str, &str)> = value.iter().map(|value| ("k", value.as_str())).collect();
            prop_assert_eq!(matches(&format!("k in ({set})"), &labels), within);
            prop_assert_eq!(matches(&format!("k notin ({set})"), &labels), !within);
        }
    }
}
