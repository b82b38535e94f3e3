//! Rules for names, labels and annotations. Each check gives the complaints in Kubernetes' words; none: it is fine.

/// RFC 1123 subdomain.
pub fn dns_1123_subdomain(_text: &str) -> Vec<String> {
    todo!()
}

/// RFC 1123 label.
pub fn dns_1123_label(_text: &str) -> Vec<String> {
    todo!()
}

/// RFC 1035 label.
pub fn dns_1035_label(_text: &str) -> Vec<String> {
    todo!()
}

/// `prefix/name` of a label key, annotation key, taint or resource.
pub fn qualified_name(_text: &str) -> Vec<String> {
    todo!()
}

/// A label's value.
pub fn label_value(_text: &str) -> Vec<String> {
    todo!()
}
