//! Image names as people write them.

/// Whether `text` is a well-formed reference: `[host/]path[:tag][@digest]`.
pub(crate) fn is_valid(text: &str) -> bool {
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    let digest_ok = digest.is_none_or(|digest| {
        digest.split_once(':').is_some_and(|(algorithm, hex)| {
            !algorithm.is_empty() && hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    });
    let (path, tag) = split_tag(rest);
    let tag_ok = tag.is_none_or(|tag| {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        (1..=128).contains(&tag.len())
            && word(tag.as_bytes()[0])
            && tag.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
    });
    let (host, path) = split_host(path);
    let host_ok = host.is_none_or(|host| {
        host.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']'))
    });
    digest_ok && tag_ok && host_ok && path.len() <= 255 && path.split('/').all(is_component)
}

fn is_component(part: &str) -> bool {
    let alnum = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = part.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if alnum(*first) && alnum(*last) => {
            bytes.iter().all(|byte| alnum(*byte) || matches!(byte, b'.' | b'_' | b'-'))
                && !part.contains("..")
        }
        _ => false,
    }
}

fn split_tag(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (text, None),
    }
}

fn split_host(path: &str) -> (Option<&str>, &str) {
    match path.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => (Some(host), rest),
        _ => (None, path),
    }
}

/// The registry and repository that a reference means.
pub(crate) fn repository(text: &str) -> (String, String) {
    let rest = text.split('@').next().unwrap_or(text);
    let (path, _) = split_tag(rest);
    match split_host(path) {
        (Some(host), path) => (host.to_owned(), path.to_owned()),
        (None, path) if path.contains('/') => ("docker.io".to_owned(), path.to_owned()),
        (None, path) => ("docker.io".to_owned(), format!("library/{path}")),
    }
}

/// The policy that holds when a container names none.
pub(crate) fn default_policy(text: &str) -> &'static str {
    let has_digest = text.contains('@');
    let tag = split_tag(text.split('@').next().unwrap_or(text)).1;
    if !has_digest && tag.is_none_or(|tag| tag == "latest") { "Always" } else { "IfNotPresent" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        let check = |text: &str, valid: bool, host: &str, path: &str, policy: &str| {
            assert_eq!(is_valid(text), valid, "{text}");
            if valid {
                assert_eq!(repository(text), (host.to_owned(), path.to_owned()), "{text}");
                assert_eq!(default_policy(text), policy, "{text}");
            }
        };
        check("nginx", true, "docker.io", "library/nginx", "Always");
        check("nginx:1.27", true, "docker.io", "library/nginx", "IfNotPresent");
        check("a/b:latest", true, "docker.io", "a/b", "Always");
        check("localhost:5000/x/y:v1", true, "localhost:5000", "x/y", "IfNotPresent");
        let digest = format!("q.io/a@sha256:{}", "0".repeat(64));
        check(&digest, true, "q.io", "a", "IfNotPresent");
        for bad in ["", "UPPER", "a b", "a:b:c/", "a//b", "-a", "a@sha256:zz", "a:", "a:-x"] {
            check(bad, false, "", "", "");
        }
    }
}
