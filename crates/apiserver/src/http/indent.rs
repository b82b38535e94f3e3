//! JSON with line breaks, byte for byte as Go's `MarshalIndent` prints it.

/// Compact JSON with two spaces a level, and no line break at its end.
pub(crate) fn indent(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut bytes = json.trim_ascii_end().iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if in_text {
            out.push(byte);
            in_text = escaped || byte != b'"';
            escaped = byte == b'\\' && !escaped;
            continue;
        }
        match byte {
            b'{' | b'[' => {
                out.push(byte);
                match bytes.next_if(|next| matches!(next, b'}' | b']')) {
                    Some(end) => out.push(end),
                    None => {
                        depth += 1;
                        line(&mut out, depth);
                    }
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                line(&mut out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            byte => {
                in_text = byte == b'"';
                out.push(byte);
            }
        }
    }
    out
}

fn line(out: &mut Vec<u8>, depth: usize) {
    out.push(b'\n');
    out.resize(out.len() + depth * 2, b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_prints() {
        let check = |text: &str, expect: &str| {
            assert_eq!(String::from_utf8(indent(text.as_bytes())).expect("text"), expect);
        };
        check("{}\n", "{}");
        check(
            r#"{"a":{"b":[1,"x, {\"y\":1}\\"],"c":[]},"d":{}}"#,
            "{\n  \"a\": {\n    \"b\": [\n      1,\n      \"x, {\\\"y\\\":1}\\\\\"\n    ],\n    \"c\": []\n  },\n  \"d\": {}\n}",
        );
    }
}
