//! Rules for names, labels and annotations. Each check gives the complaints in Kubernetes' words; none: it is fine.

use std::net::IpAddr;

const LABEL_MAX: usize = 63;
const SUBDOMAIN_MAX: usize = 253;
/// All annotations of an object together, in bytes.
pub const ANNOTATIONS_MAX: usize = 256 * 1024;

const QUALIFIED: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_1123: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN_1123: &str = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const LABEL_1035: &str = "[a-z]([-a-z0-9]*[a-z0-9])?";

/// "must be no more than N characters".
pub fn too_long(max: usize) -> String {
    format!("must be no more than {max} characters")
}

/// "must be no more than N bytes": the words for label keys and values.
fn too_many_bytes(max: usize) -> String {
    format!("must be no more than {max} bytes")
}

/// "must be between A and B, inclusive".
pub fn out_of_range(low: i64, high: i64) -> String {
    format!("must be between {low} and {high}, inclusive")
}

/// A rule's sentence with its examples and pattern.
pub fn pattern_error(rule: &str, pattern: &str, examples: &[&str]) -> String {
    if examples.is_empty() {
        return format!("{rule} (regex used for validation is '{pattern}')");
    }
    let mut out = format!("{rule} (e.g. ");
    for (at, example) in examples.iter().enumerate() {
        if at > 0 {
            out.push_str(" or ");
        }
        out.push('\'');
        out.push_str(example);
        out.push_str("', ");
    }
    out.push_str("regex used for validation is '");
    out.push_str(pattern);
    out.push_str("')");
    out
}

const fn is_lower_alnum(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_label_1123(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!((bytes.first(), bytes.last()), (Some(&first), Some(&last)) if is_lower_alnum(first) && is_lower_alnum(last))
        && bytes.iter().all(|&byte| is_lower_alnum(byte) || byte == b'-')
}

fn is_subdomain_1123(text: &str) -> bool {
    text.split('.').all(is_label_1123)
}

fn is_label_1035(text: &str) -> bool {
    is_label_1123(text) && text.as_bytes()[0].is_ascii_lowercase()
}

fn is_qualified_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(
        (bytes.first(), bytes.last()),
        (Some(first), Some(last)) if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric()
    ) && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// RFC 1123 subdomain.
pub fn dns_1123_subdomain(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > SUBDOMAIN_MAX {
        errors.push(too_long(SUBDOMAIN_MAX));
    }
    if !is_subdomain_1123(text) {
        errors.push(pattern_error(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', \
             and must start and end with an alphanumeric character",
            SUBDOMAIN_1123,
            &["example.com"],
        ));
    }
    errors
}

/// RFC 1123 label.
pub fn dns_1123_label(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > LABEL_MAX {
        errors.push(too_long(LABEL_MAX));
    }
    if !is_label_1123(text) {
        if is_subdomain_1123(text) {
            errors.push("must not contain dots".to_owned());
        } else {
            errors.push(pattern_error(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', \
                 and must start and end with an alphanumeric character",
                LABEL_1123,
                &["my-name", "123-abc"],
            ));
        }
    }
    errors
}

/// RFC 1035 label.
pub fn dns_1035_label(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > LABEL_MAX {
        errors.push(too_long(LABEL_MAX));
    }
    if !is_label_1035(text) {
        errors.push(pattern_error(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an \
             alphabetic character, and end with an alphanumeric character",
            LABEL_1035,
            &["my-name", "abc-123"],
        ));
    }
    errors
}

/// `*.` and an RFC 1123 subdomain.
pub fn wildcard_dns_1123_subdomain(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > SUBDOMAIN_MAX {
        errors.push(too_long(SUBDOMAIN_MAX));
    }
    if !text.strip_prefix("*.").is_some_and(is_subdomain_1123) {
        errors.push(pattern_error(
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must \
             consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
            &format!(r"\*\.{SUBDOMAIN_1123}"),
            &["*.example.com"],
        ));
    }
    errors
}

/// An RFC 1123 subdomain whose labels may hold underscores: a search domain of a resolver.
pub fn dns_1123_subdomain_with_underscore(text: &str) -> Vec<String> {
    let is_label = |label: &str| {
        let label = label.strip_prefix('_').unwrap_or(label);
        let bytes = label.as_bytes();
        matches!((bytes.first(), bytes.last()), (Some(&first), Some(&last)) if is_lower_alnum(first) && is_lower_alnum(last))
            && bytes.iter().all(|&byte| is_lower_alnum(byte) || matches!(byte, b'-' | b'_'))
    };
    let mut errors = Vec::new();
    if text.len() > SUBDOMAIN_MAX {
        errors.push(too_long(SUBDOMAIN_MAX));
    }
    if !text.split('.').all(is_label) {
        let label = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
        errors.push(pattern_error(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', \
             and must start and end with an alphanumeric character",
            &format!(r"{label}(\.{label})*"),
            &["example.com"],
        ));
    }
    errors
}

/// `prefix/name` of a label key, annotation key, taint or resource.
pub fn qualified_name(text: &str) -> Vec<String> {
    let (prefix, name) = match text.split_once('/') {
        None => (None, text),
        Some((prefix, name)) => (Some(prefix), name),
    };
    let fine = is_qualified_part(name)
        && name.len() <= LABEL_MAX
        && prefix.is_none_or(|prefix| prefix.len() <= SUBDOMAIN_MAX && is_subdomain_1123(prefix));
    if fine { Vec::new() } else { qualified_name_errors(prefix, name) }
}

fn qualified_name_errors(prefix: Option<&str>, name: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let rule = || {
        pattern_error(
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
             alphanumeric character",
            QUALIFIED,
            &["MyName", "my.name", "123-abc"],
        )
    };
    if name.contains('/') {
        errors.push(format!(
            "a valid label key {} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
            rule()
        ));
        return errors;
    }
    match prefix {
        None => {}
        Some("") => errors.push("prefix part must be non-empty".to_owned()),
        Some(prefix) => {
            if prefix.len() > SUBDOMAIN_MAX {
                errors.push(format!("prefix part {}", too_many_bytes(SUBDOMAIN_MAX)));
            }
            let complaints = dns_1123_subdomain(prefix);
            let pattern = complaints.last().filter(|_| !is_subdomain_1123(prefix));
            errors.extend(pattern.map(|error| format!("prefix part {error}")));
        }
    }
    if name.is_empty() {
        errors.push("name part must be non-empty".to_owned());
    } else if name.len() > LABEL_MAX {
        errors.push(format!("name part {}", too_many_bytes(LABEL_MAX)));
    }
    if !is_qualified_part(name) {
        errors.push(format!("name part {}", rule()));
    }
    errors
}

/// A label's value.
pub fn label_value(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > LABEL_MAX {
        errors.push(too_many_bytes(LABEL_MAX));
    }
    if !text.is_empty() && !is_qualified_part(text) {
        errors.push(pattern_error(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and \
             must start and end with an alphanumeric character",
            &format!("({QUALIFIED})?"),
            &["MyValue", "my_value", "12345"],
        ));
    }
    errors
}

/// A name that becomes a segment of a URL path (RBAC's).
pub fn path_segment(text: &str) -> Vec<String> {
    if text == "." || text == ".." {
        return vec![format!("may not be '{text}'")];
    }
    let mut errors = Vec::new();
    for part in ["/", "%"] {
        if text.contains(part) {
            errors.push(format!("may not contain '{part}'"));
        }
    }
    errors
}

/// The name of a port (RFC 6335, lower case).
pub fn port_name(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let bytes = text.as_bytes();
    if bytes.len() > 15 {
        errors.push(too_long(15));
    }
    if bytes.is_empty() || !bytes.iter().all(|&byte| is_lower_alnum(byte) || byte == b'-') {
        errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned());
    }
    if !bytes.iter().any(u8::is_ascii_lowercase) {
        errors.push("must contain at least one letter (a-z)".to_owned());
    }
    if text.contains("--") {
        errors.push("must not contain consecutive hyphens".to_owned());
    }
    if text.starts_with('-') || text.ends_with('-') {
        errors.push("must not begin or end with a hyphen".to_owned());
    }
    errors
}

/// A port's number.
pub fn port_number(port: i64) -> Vec<String> {
    if (1..=65_535).contains(&port) { Vec::new() } else { vec![out_of_range(1, 65_535)] }
}

/// The name of an environment variable: printable ASCII without `=`.
pub fn env_var_name(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.is_empty() {
        errors.push("environment variable name must be non-empty".to_owned());
    }
    if !text.chars().all(|c| matches!(c, ' '..='~') && c != '=') {
        errors.push(
            "a valid environment variable name must consist only of printable ASCII characters other than '='"
                .to_owned(),
        );
    }
    errors
}

/// A key of a ConfigMap's or Secret's data.
pub fn config_map_key(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > SUBDOMAIN_MAX {
        errors.push(too_long(SUBDOMAIN_MAX));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if text.is_empty() || !text.bytes().all(plain) {
        errors.push(pattern_error(
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
            "[-._a-zA-Z0-9]+",
            &["key.name", "KEY_NAME", "key-name"],
        ));
    }
    match text {
        "." => errors.push("must not be '.'".to_owned()),
        ".." => errors.push("must not be '..'".to_owned()),
        _ if text.starts_with("..") => errors.push("must not start with '..'".to_owned()),
        _ => {}
    }
    errors
}

/// The name of an HTTP header.
pub fn http_header_name(text: &str) -> Vec<String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Vec::new();
    }
    vec![pattern_error(
        "a valid HTTP header must consist of alphanumeric characters or '-'",
        "[-A-Za-z0-9]+",
        &["X-Header-Name"],
    )]
}

/// `25%`.
pub fn percent(text: &str) -> Vec<String> {
    let digits = text.strip_suffix('%').unwrap_or_default();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    vec![pattern_error(
        "a valid percent string must be a numeric string followed by an ending '%'",
        "[0-9]+%",
        &["1%", "93%"],
    )]
}

/// Reads an address as Kubernetes' older fields do: leading zeros of IPv4 numbers do not count.
pub fn parse_ip(text: &str) -> Option<IpAddr> {
    if let Ok(ip) = text.parse() {
        return Some(ip);
    }
    let mut numbers = [0; 4];
    let mut parts = text.split('.');
    for number in &mut numbers {
        *number = decimal(parts.next()?, u32::from(u8::MAX)).and_then(|value| u8::try_from(value).ok())?;
    }
    parts.next().is_none().then(|| IpAddr::from(numbers))
}

/// A number in plain digits, at most `max`.
fn decimal(text: &str, max: u32) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let bare = text.trim_start_matches('0');
    match bare {
        "" if digits => Some(0),
        _ if digits => bare.parse().ok().filter(|value| *value <= max),
        _ => None,
    }
}

/// Reads a CIDR block as the older fields do; the address may have bits beyond the prefix.
pub fn parse_cidr(text: &str) -> Option<ipnet::IpNet> {
    let (ip, length) = text.split_once('/')?;
    let ip = parse_ip(ip)?;
    let most = if ip.is_ipv4() { 32 } else { 128 };
    let length = decimal(length, most).and_then(|length| u8::try_from(length).ok())?;
    ipnet::IpNet::new(ip, length).ok()
}

/// An IP address, v4 or v6, in an older field.
pub fn ip(text: &str) -> Vec<String> {
    if parse_ip(text).is_some() {
        return Vec::new();
    }
    vec!["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)".to_owned()]
}

/// A CIDR block, v4 or v6, in an older field.
pub fn cidr(text: &str) -> Vec<String> {
    if parse_cidr(text).is_some() {
        return Vec::new();
    }
    vec!["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)".to_owned()]
}

/// An IP address in canonical form.
pub fn canonical_ip(text: &str) -> Vec<String> {
    let Some(ip) = parse_ip(text) else { return self::ip(text) };
    let mut errors = Vec::new();
    match text.parse::<IpAddr>() {
        Err(_) => errors.push("must not have leading 0s".to_owned()),
        Ok(IpAddr::V6(ip)) if ip.to_ipv4_mapped().is_some() => {
            errors.push("must not be an IPv4-mapped IPv6 address".to_owned());
        }
        Ok(_) => {}
    }
    if errors.is_empty() && ip.to_string() != text {
        errors.push(format!("must be in canonical form (\"{ip}\")"));
    }
    errors
}

/// A CIDR block in canonical form.
pub fn canonical_cidr(text: &str) -> Vec<String> {
    let Some(net) = parse_cidr(text) else { return cidr(text) };
    let strict = text.parse::<ipnet::IpNet>();
    if strict.is_err() {
        return vec!["must not have leading 0s in IP or prefix length".to_owned()];
    }
    if matches!(net.addr(), IpAddr::V6(ip) if ip.to_ipv4_mapped().is_some()) {
        return vec!["must not have an IPv4-mapped IPv6 address".to_owned()];
    }
    if net.addr() != net.network() {
        return vec!["must not have bits set beyond the prefix length".to_owned()];
    }
    if net.to_string() == text {
        return Vec::new();
    }
    vec![format!("must be in canonical form (\"{net}\")")]
}

/// An address of an interface with its prefix (`192.168.1.5/24`), in canonical form.
pub fn interface_address(text: &str) -> Vec<String> {
    match parse_cidr(text) {
        None => vec!["must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)".to_owned()],
        Some(net) if net.to_string() != text => vec![format!("must be in canonical form (\"{net}\")")],
        Some(_) => Vec::new(),
    }
}

/// The reason of a condition.
pub fn condition_reason(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let fine = matches!(
        (bytes.first(), bytes.last()),
        (Some(first), Some(last)) if first.is_ascii_alphabetic() && (last.is_ascii_alphanumeric() || *last == b'_')
    ) && bytes
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b',' | b':'));
    if fine {
        return Vec::new();
    }
    vec![pattern_error(
        "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric \
         characters or '_,:', and must end with an alphanumeric character or '_'",
        "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?",
        &["my_name", "MY_NAME", "MyName", "ReasonA,ReasonB", "ReasonA:ReasonB"],
    )]
}

/// An identifier as C has it.
pub fn c_identifier(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let fine = bytes.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_')
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    if fine {
        return Vec::new();
    }
    vec![pattern_error(
        "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric \
         characters or '_'",
        "[A-Za-z_][A-Za-z0-9_]*",
        &["my_name", "MY_NAME", "MyName"],
    )]
}

/// Whether the part of a domain-prefixed path after the slash is one that HTTP allows.
pub fn is_http_path(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&byte);
    !text.is_empty() && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subdomains() {
        let check =
            |text: &str, fine: bool| assert_eq!(dns_1123_subdomain(text).is_empty(), fine, "{text:?}");
        for text in ["a", "a.b", "1-2.c", &"a".repeat(253)] {
            check(text, true);
        }
        for text in ["", ".", "a..b", "-a", "a-", "A", "a_b", &"a".repeat(254)] {
            check(text, false);
        }
        assert_eq!(
            dns_1123_subdomain("A"),
            [
                r"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            ]
        );
    }

    #[test]
    fn labels() {
        assert_eq!(dns_1123_label("a.b"), ["must not contain dots"]);
        assert_eq!(
            dns_1123_label("A"),
            [
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
            ]
        );
        assert!(dns_1035_label("a-1").is_empty());
        assert_eq!(dns_1035_label("1a").len(), 1);
        assert!(wildcard_dns_1123_subdomain("*.a.b").is_empty());
        assert_eq!(wildcard_dns_1123_subdomain("*a.b").len(), 1);
    }

    #[test]
    fn qualified_names_and_values() {
        let check = |text: &str, errors: usize| assert_eq!(qualified_name(text).len(), errors, "{text:?}");
        for text in ["a", "A.b_c-1", "example.com/a", &"x".repeat(63)] {
            check(text, 0);
        }
        check("", 2);
        check("a/b/c", 1);
        check(&format!("a/{}", "x".repeat(64)), 1);
        check("/a", 1);
        check("A/b", 1);
        check("a/", 2);
        check(&"x".repeat(64), 1);
        check("-a", 1);
        assert!(label_value("").is_empty());
        assert!(label_value("a.b").is_empty());
        assert_eq!(label_value("a b").len(), 1);
    }

    #[test]
    fn ports_keys_and_percents() {
        assert!(port_name("http-1").is_empty());
        assert_eq!(port_name("-1-").len(), 2);
        assert_eq!(port_name("a--b"), ["must not contain consecutive hyphens"]);
        assert_eq!(port_number(0), ["must be between 1 and 65535, inclusive"]);
        assert!(config_map_key("..a").len() == 1 && config_map_key("a.b").is_empty());
        assert!(percent("10%").is_empty() && !percent("%").is_empty() && !percent("1").is_empty());
        assert!(
            c_identifier("_a1").is_empty() && !c_identifier("1a").is_empty() && !c_identifier("").is_empty()
        );
        assert!(condition_reason("A_,b").is_empty() && !condition_reason("1").is_empty());
        assert!(env_var_name("a b").is_empty() && !env_var_name("a=b").is_empty());
    }

    #[test]
    fn addresses_old_and_canonical() {
        assert_eq!(parse_ip("010.0.0.1"), Some(IpAddr::from([10, 0, 0, 1])));
        assert!(parse_ip("256.0.0.1").is_none() && parse_ip("1.2.3").is_none() && parse_ip("").is_none());
        assert!(
            cidr("10.0.0.1/08").is_empty() && !cidr("10.0.0.0").is_empty() && !cidr("10.0.0.0/33").is_empty()
        );
        let check = |found: Vec<String>, expect: &[&str]| assert_eq!(found, expect);
        check(canonical_ip("10.0.0.1"), &[]);
        check(canonical_ip("010.0.0.1"), &["must not have leading 0s"]);
        check(canonical_ip("::ffff:1.2.3.4"), &["must not be an IPv4-mapped IPv6 address"]);
        check(canonical_ip("2001:DB8::1"), &["must be in canonical form (\"2001:db8::1\")"]);
        check(canonical_cidr("10.0.0.0/24"), &[]);
        check(canonical_cidr("10.0.0.1/24"), &["must not have bits set beyond the prefix length"]);
        check(interface_address("192.168.1.5/24"), &[]);
        check(dns_1123_subdomain_with_underscore("_sip._tcp.a"), &[]);
        assert_eq!(dns_1123_subdomain_with_underscore("a_").len(), 1);
    }
}
