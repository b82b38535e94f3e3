//! `$(NAME)` in commands, arguments and values.

/// Replaces `$(NAME)` by what `lookup` gives. `$$` stands for `$`, so `$$(NAME)` is not replaced; an unknown name and
/// anything unfinished stay as they are.
pub(crate) fn expand(text: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.chars().next() {
            Some('$') => {
                out.push('$');
                rest = &rest[1..];
            }
            Some('(') => match rest.find(')') {
                Some(end) => {
                    let name = &rest[1..end];
                    match lookup(name) {
                        Some(value) => out.push_str(&value),
                        None => out.push_str(&format!("$({name})")),
                    }
                    rest = &rest[end + 1..];
                }
                None => {
                    out.push_str("$(");
                    rest = &rest[1..];
                }
            },
            _ => out.push('$'),
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expands() {
        let check = |text: &str, expect: &str| {
            let got = expand(text, |name| match name {
                "A" => Some("1".to_owned()),
                "B" => Some("$(A)".to_owned()),
                "E" => Some(String::new()),
                _ => None,
            });
            assert_eq!(got, expect, "{text}");
        };
        check("", "");
        check("plain", "plain");
        check("x$(A)y", "x1y");
        check("$(A)$(A)", "11");
        check("$(B)", "$(A)");
        check("$(E)", "");
        check("$(NONE)", "$(NONE)");
        check("$$(A)", "$(A)");
        check("$$$(A)", "$1");
        check("$$$$(A)", "$$(A)");
        check("$A", "$A");
        check("$", "$");
        check("$(A", "$(A");
        check("a$", "a$");
        check("$()", "$()");
    }
}
