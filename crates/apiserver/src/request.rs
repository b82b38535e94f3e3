//! What a request's method and path ask for.
//!
//! Paths are `/api/VERSION/…` for the core group and `/apis/GROUP/VERSION/…` for others, then
//! `[watch/][namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE[/REST]]]`. All other paths are no resources.

use http::Method;
use percent_encoding::percent_decode_str;

use crate::attributes::{Attributes, ResourceTarget, Target, User};
use crate::status::ApiError;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestInfo {
    /// `get`, `list`, `watch`, `create`, …; the method in lower case where there is no resource.
    pub(crate) verb: String,
    pub(crate) target: Target,
    /// The verb came as a path prefix, `/api/v1/watch/…`.
    pub(crate) watch_prefix: bool,
    pub(crate) label_selector: String,
    pub(crate) field_selector: String,
}

/// Subresources of namespaces, which look like resources in one.
const NAMESPACE_SUBRESOURCES: [&str; 2] = ["status", "finalize"];

/// Longest path or query that is looked at.
const URI_LEN_MAX: usize = 64 << 10;

impl RequestInfo {
    /// Reads method, path and query.
    pub(crate) fn parse(method: &Method, uri: &http::Uri) -> Result<Self, ApiError> {
        if uri.path().len() + uri.query().map_or(0, str::len) > URI_LEN_MAX {
            return Err(ApiError::bad_request("the request's URI is too long"));
        }
        let segments: Vec<&str> = uri.path().split('/').filter(|segment| !segment.is_empty()).collect();
        let (group, rest) = match segments.as_slice() {
            ["api", rest @ ..] if rest.len() >= 2 => ("", rest),
            ["apis", group, rest @ ..] if rest.len() >= 2 => (*group, rest),
            _ => return Ok(Self::no_resource(method, uri)),
        };
        let mut info = Self::resource(method, group, rest)?;
        info.refine(method, uri.query().unwrap_or_default());
        Ok(info)
    }

    fn no_resource(method: &Method, uri: &http::Uri) -> Self {
        Self {
            verb: method.as_str().to_ascii_lowercase(),
            target: Target::Path(uri.path().to_owned()),
            watch_prefix: false,
            label_selector: String::new(),
            field_selector: String::new(),
        }
    }

    fn resource(method: &Method, group: &str, rest: &[&str]) -> Result<Self, ApiError> {
        let (version, mut parts) = rest.split_first().expect("two segments at least");
        let mut target =
            ResourceTarget { group: decode(group)?, version: decode(version)?, ..ResourceTarget::default() };
        let watch_prefix = parts.len() > 1 && parts[0] == "watch";
        if watch_prefix {
            parts = &parts[1..];
        }
        if let ["namespaces", namespace, rest @ ..] = parts {
            target.namespace = decode(namespace)?;
            if !rest.is_empty() && !NAMESPACE_SUBRESOURCES.contains(&rest[0]) {
                parts = rest;
            }
        }
        if let Some(resource) = parts.first() {
            target.resource = decode(resource)?;
        }
        if let Some(name) = parts.get(1) {
            target.name = decode(name)?;
        }
        if let Some(subresource) = parts.get(2) {
            target.subresource = decode(subresource)?;
        }
        // A path to proxy to goes on as it came.
        target.rest = parts.get(3..).unwrap_or_default().join("/");
        let verb = match *method {
            Method::POST => "create",
            Method::GET | Method::HEAD => "get",
            Method::PUT => "update",
            Method::PATCH => "patch",
            Method::DELETE => "delete",
            _ => "",
        };
        Ok(Self {
            verb: verb.to_owned(),
            target: Target::Resource(target),
            watch_prefix,
            label_selector: String::new(),
            field_selector: String::new(),
        })
    }

    /// Tells list and watch from get, and deletecollection from delete.
    fn refine(&mut self, method: &Method, query: &str) {
        let Target::Resource(target) = &mut self.target else { return };
        let mut watch = self.watch_prefix;
        if matches!(*method, Method::GET | Method::DELETE) && target.subresource.is_empty() {
            for (name, value) in form_urlencoded::parse(query.as_bytes()) {
                match &*name {
                    "watch" => watch |= crate::options::truth(&value),
                    "labelSelector" => self.label_selector = value.into_owned(),
                    "fieldSelector" => self.field_selector = value.into_owned(),
                    _ => {}
                }
            }
        }
        // The path of one object is read; only the older form watches there.
        watch &= self.watch_prefix || target.name.is_empty();
        if target.name.is_empty() {
            match self.verb.as_str() {
                "get" => self.verb = "list".to_owned(),
                "delete" => self.verb = "deletecollection".to_owned(),
                _ => {}
            }
            // A selection of one object is authorised as that object.
            if matches!(self.verb.as_str(), "list" | "deletecollection")
                && let Some(name) = single_name(&self.field_selector)
            {
                target.name = name.to_owned();
            }
        }
        if watch && *method == Method::GET && target.subresource.is_empty() {
            self.verb = "watch".to_owned();
        }
    }

    /// Whether the request changes nothing.
    pub(crate) fn is_read_only(&self) -> bool {
        matches!(self.verb.as_str(), "get" | "list" | "watch" | "head" | "options")
    }

    /// Whether the request may take as long as it likes: watches and streams.
    pub(crate) fn is_long_running(&self) -> bool {
        let subresource = match &self.target {
            Target::Resource(target) => target.subresource.as_str(),
            Target::Path(_) => "",
        };
        self.verb == "watch" || matches!(subresource, "attach" | "exec" | "proxy" | "log" | "portforward")
    }

    /// What authorisation looks at.
    pub(crate) fn attributes(&self, user: &User) -> Attributes {
        Attributes {
            user: user.clone(),
            verb: self.verb.clone(),
            target: self.target.clone(),
            label_selector: self.label_selector.clone(),
            field_selector: self.field_selector.clone(),
        }
    }
}

/// The name in a field selector that is `metadata.name=NAME` alone or among others.
fn single_name(selector: &str) -> Option<&str> {
    let name = selector.split(',').find_map(|term| {
        let rest = term.strip_prefix("metadata.name=")?;
        Some(rest.strip_prefix('=').unwrap_or(rest))
    })?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:_".contains(&byte);
    (!name.is_empty() && name.bytes().all(plain)).then_some(name)
}

/// A path segment as text. What a decoded segment may not hold: a slash, which would make it two.
fn decode(segment: &str) -> Result<String, ApiError> {
    let text = percent_decode_str(segment).decode_utf8();
    match text {
        Ok(text) if !text.contains(['/', '\0']) && text != "." && text != ".." => Ok(text.into_owned()),
        _ => Err(ApiError::bad_request(format!("invalid path segment {segment:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: Method, path: &str, verb: &str, expect: &str) {
        let info = RequestInfo::parse(&method, &path.parse().expect("a path")).expect("well-formed");
        let text = match info.target {
            Target::Path(path) => path,
            Target::Resource(t) => {
                [t.group, t.version, t.namespace, t.resource, t.name, t.subresource, t.rest].join("|")
            }
        };
        assert_eq!((info.verb.as_str(), text.as_str()), (verb, expect), "{method} {path}");
    }

    #[test]
    fn paths_as_kube_apiserver_reads_them() {
        check(Method::GET, "/api", "get", "/api");
        check(Method::GET, "/api/v1", "get", "/api/v1");
        check(Method::GET, "/apis/apps/v1", "get", "/apis/apps/v1");
        check(Method::POST, "/healthz", "post", "/healthz");
        check(Method::GET, "/api/v1/pods", "list", "|v1||pods|||");
        check(Method::GET, "/api/v1/pods?watch=1", "watch", "|v1||pods|||");
        check(Method::GET, "/api/v1/watch/namespaces/a/pods/b", "watch", "|v1|a|pods|b||");
        check(Method::GET, "/api/v1/namespaces/a/pods/b?watch=1", "get", "|v1|a|pods|b||");
        check(Method::GET, "/api/v1/namespaces", "list", "|v1||namespaces|||");
        check(Method::GET, "/api/v1/namespaces/a", "get", "|v1|a|namespaces|a||");
        check(Method::PUT, "/api/v1/namespaces/a/finalize", "update", "|v1|a|namespaces|a|finalize|");
        check(Method::POST, "/api/v1/namespaces/a/pods", "create", "|v1|a|pods|||");
        check(Method::DELETE, "/api/v1/namespaces/a/pods", "deletecollection", "|v1|a|pods|||");
        check(
            Method::PATCH,
            "/apis/apps/v1/namespaces/a/deployments/b/status",
            "patch",
            "apps|v1|a|deployments|b|status|",
        );
        check(Method::GET, "/api/v1/namespaces/a/pods/b/proxy/c/d%2Fe", "get", "|v1|a|pods|b|proxy|c/d%2Fe");
        check(
            Method::GET,
            "/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Db",
            "list",
            "|v1|a|pods|b||",
        );
    }

    #[test]
    fn odd_segments_are_refused() {
        for path in
            ["/api/v1/namespaces/a%2Fb/pods", "/api/v1/namespaces/%2e%2e/pods", "/api/v1/namespaces/%ff/pods"]
        {
            assert!(RequestInfo::parse(&Method::GET, &path.parse().expect("a path")).is_err(), "{path}");
        }
    }
}
