//! Image references: reading, and the full form that the rest of the node uses.

use std::fmt;

use super::ImageError;
use super::digest::Digest;

/// The registry of names that give none.
const DEFAULT_DOMAIN: &str = "docker.io";
/// Longest repository name, domain included. Source: the distribution specification's grammar.
const NAME_LEN_MAX: usize = 255;

/// A reference in full: `docker.io/library/nginx:1.27`, `registry:5000/app@sha256:…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reference {
    /// `docker.io`, `registry.example:5000`.
    pub(crate) domain: String,
    /// `library/nginx`.
    pub(crate) path: String,
    /// `1.27`; `latest` is filled in where there is neither tag nor digest.
    pub(crate) tag: Option<String>,
    /// `sha256:…`; wins over the tag.
    pub(crate) digest: Option<Digest>,
}

impl Reference {
    /// Reads what a person or a manifest wrote, and fills in registry, `library/` and tag.
    pub(crate) fn parse(text: &str) -> Result<Self, ImageError> {
        Self::read(text).ok_or_else(|| ImageError::Reference(text.to_owned()))
    }

    fn read(text: &str) -> Option<Self> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(Digest::parse(digest).ok()?)),
            None => (text, None),
        };
        // A colon after the last slash begins a tag; one before it, a port.
        let name_start = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match rest[name_start..].find(':') {
            Some(colon) => (&rest[..name_start + colon], Some(&rest[name_start + colon + 1..])),
            None => (rest, None),
        };
        if tag.is_some_and(|tag| !valid_tag(tag)) || is_bare_id(name) {
            return None;
        }
        let (domain, path) = split_domain(name);
        let path = if domain == DEFAULT_DOMAIN && !path.contains('/') {
            format!("library/{path}")
        } else {
            path.to_owned()
        };
        let fits = domain.len() + 1 + path.len() <= NAME_LEN_MAX;
        if !fits || !valid_domain(domain) || !path.split('/').all(valid_component) {
            return None;
        }
        let tag = match (tag, &digest) {
            (Some(tag), _) => Some(tag.to_owned()),
            (None, None) => Some("latest".to_owned()),
            (None, Some(_)) => None,
        };
        Some(Self { domain: domain.to_owned(), path, tag, digest })
    }

    /// `docker.io/library/nginx`.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.domain, self.path)
    }

    /// `docker.io/library/nginx:1.27`, when there is a tag and no digest.
    pub(crate) fn tagged(&self) -> Option<String> {
        match (&self.tag, &self.digest) {
            (Some(tag), None) => Some(format!("{}:{tag}", self.name())),
            _ => None,
        }
    }

    /// Where the registry answers: `registry-1.docker.io` for `docker.io`.
    pub(crate) fn host(&self) -> &str {
        if self.domain == DEFAULT_DOMAIN { "registry-1.docker.io" } else { &self.domain }
    }

    /// What the registry calls the manifest: digest or tag.
    pub(crate) fn manifest(&self) -> String {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => digest.to_string(),
            (None, Some(tag)) => tag.clone(),
            (None, None) => unreachable!("parse fills in a tag where there is no digest"),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.domain, self.path)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// The first component is a registry when it could not be part of a name on the default one.
fn split_domain(name: &str) -> (&str, &str) {
    match name.split_once('/') {
        Some(("index.docker.io", rest)) => (DEFAULT_DOMAIN, rest),
        Some((first, rest))
            if first.contains(['.', ':']) || first == "localhost" || first.to_lowercase() != first =>
        {
            (first, rest)
        }
        _ => (DEFAULT_DOMAIN, name),
    }
}

/// 64 hex digits are an image's id, never a name.
fn is_bare_id(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn valid_tag(tag: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut bytes = tag.bytes();
    tag.len() <= 128
        && bytes.next().is_some_and(word)
        && bytes.all(|byte| word(byte) || byte == b'.' || byte == b'-')
}

fn valid_domain(domain: &str) -> bool {
    let (host, port) = match domain.rfind(':') {
        Some(colon) if !domain.ends_with(']') => (&domain[..colon], Some(&domain[colon + 1..])),
        _ => (domain, None),
    };
    let valid_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let valid_host = match v6 {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        }),
    };
    valid_port && valid_host
}

/// Runs of lower-case letters and digits, with `.`, `_`, `__` or any number of `-` between them.
fn valid_component(component: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let separators = component.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    component.bytes().next().is_some_and(alphanumeric)
        && component.bytes().next_back().is_some_and(alphanumeric)
        && separators
            .into_iter()
            .all(|run| matches!(run, "" | "." | "_" | "__") || run.bytes().all(|byte| byte == b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_form() {
        let sha = format!("sha256:{}", "a".repeat(64));
        let check = |text: &str, expect: Option<&str>| {
            let got = Reference::parse(text).ok().map(|reference| reference.to_string());
            assert_eq!(got.as_deref(), expect, "{text}");
        };
        check("nginx", Some("docker.io/library/nginx:latest"));
        check("nginx:1.27", Some("docker.io/library/nginx:1.27"));
        check("me/app", Some("docker.io/me/app:latest"));
        check("index.docker.io/nginx", Some("docker.io/library/nginx:latest"));
        check("docker.io/nginx", Some("docker.io/library/nginx:latest"));
        check("localhost/app", Some("localhost/app:latest"));
        check("127.0.0.1:5000/a/b:v1", Some("127.0.0.1:5000/a/b:v1"));
        check("[::1]:5000/a", Some("[::1]:5000/a:latest"));
        check("registry.k8s.io/pause:3.10", Some("registry.k8s.io/pause:3.10"));
        check(&format!("nginx@{sha}"), Some(&format!("docker.io/library/nginx@{sha}")));
        check(&format!("nginx:1@{sha}"), Some(&format!("docker.io/library/nginx:1@{sha}")));
        for refused in [
            "",
            "/",
            "Nginx",
            "a//b",
            "a/../b",
            "nginx:",
            "nginx:-1",
            "a b",
            "a:b:c",
            "nginx@sha256:12",
            "nginx@",
            "-a.io/b",
            "a.io:99999/b",
            "a___b",
            &"a".repeat(64),
            &"x/".repeat(200),
        ] {
            check(refused, None);
        }
    }

    #[test]
    fn where_it_is_found() {
        let reference = Reference::parse("nginx").unwrap();
        assert_eq!(reference.host(), "registry-1.docker.io");
        assert_eq!(reference.tagged().unwrap(), "docker.io/library/nginx:latest");
        assert_eq!(reference.manifest(), "latest");
    }
}
