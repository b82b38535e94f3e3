//! Links of proxied answers, so that a page works below the path of its proxy: the `Location` header and the attributes
//! of HTML elements that are addresses. What is relative, or on another host, stays.
//!
//! Source: "Manually constructing apiserver proxy URLs", and what kube-apiserver's proxy does to such pages.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};

/// Longest page that is looked through; a longer one goes as it is.
pub(super) const PAGE_LEN_MAX: usize = 8 << 20;

/// How addresses below a proxy look from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outside {
    /// `https`.
    pub(super) scheme: String,
    /// The API server's name in the request.
    pub(super) host: String,
    /// The path in front of the backend's own: `/api/v1/namespaces/NS/pods/NAME/proxy`.
    pub(super) prefix: String,
    /// `HOST:PORT` of the backend.
    pub(super) backend: String,
}

/// An address, taken apart.
struct Address<'a> {
    scheme: &'a str,
    host: Option<&'a str>,
    path: &'a str,
    /// Query and fragment, with their marks.
    rest: &'a str,
}

impl<'a> Address<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        if text.bytes().any(|byte| byte.is_ascii_control() || byte == b' ') {
            return None;
        }
        let (scheme, after) = match text.split_once(':') {
            Some((scheme, after)) if is_scheme(scheme) => (scheme, after),
            _ => ("", text),
        };
        let (host, after) = match after.strip_prefix("//") {
            Some(after) => {
                let end = after.find(['/', '?', '#']).unwrap_or(after.len());
                (Some(&after[..end]), &after[end..])
            }
            None => (None, after),
        };
        let end = after.find(['?', '#']).unwrap_or(after.len());
        Some(Self { scheme, host, path: &after[..end], rest: &after[end..] })
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

impl Outside {
    /// The address as a client reaches it; `None`: it is right as it is.
    pub(super) fn address(&self, text: &str) -> Option<String> {
        let address = Address::parse(text)?;
        let other = address.host.is_some_and(|host| host != self.backend && host != self.host);
        // A scheme without a host (`mailto:`, `data:`) is no place on a server.
        let opaque = !address.scheme.is_empty() && address.host.is_none();
        if other || opaque || !address.path.starts_with('/') {
            return None;
        }
        let own = address.path.strip_prefix(&self.prefix);
        let inside = own.is_some_and(|own| own.is_empty() || own.starts_with('/'));
        if inside && address.host.is_none() {
            return None;
        }
        let prefix = if inside { "" } else { &self.prefix };
        let (scheme, host) = (&self.scheme, &self.host);
        Some(format!("{scheme}://{host}{prefix}{}{}", clean(address.path), address.rest))
    }

    /// A page with its addresses as a client reaches them.
    pub(super) fn page(&self, html: &str) -> String {
        let mut out = String::with_capacity(html.len() + html.len() / 8);
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let (len, name) = match rest.strip_prefix("<!--") {
                Some(comment) => (comment.find("-->").map_or(rest.len(), |end| end + 7), String::new()),
                None => self.tag(rest, &mut out),
            };
            if name.is_empty() {
                out.push_str(&rest[..len]);
            }
            rest = &rest[len..];
            // What stands in these elements is text up to their end tag.
            if matches!(name.as_str(), "script" | "style" | "textarea" | "title" | "xmp") {
                let end = find_ignoring_case(rest, &format!("</{name}")).unwrap_or(rest.len());
                out.push_str(&rest[..end]);
                rest = &rest[end..];
            }
        }
        out.push_str(rest);
        out
    }

    /// Writes the start tag at the start of `text`; its length and name. No name: nothing is written.
    fn tag(&self, text: &str, out: &mut String) -> (usize, String) {
        let bytes = text.as_bytes();
        let mut at = 1;
        while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
            at += 1;
        }
        if at == 1 {
            // An end tag, a declaration, or a plain sign.
            return (1, String::new());
        }
        let name = text[1..at].to_ascii_lowercase();
        let mut written = String::from(&text[..at]);
        loop {
            let start = at;
            while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/') {
                at += 1;
            }
            match bytes.get(at) {
                None => return (1, String::new()),
                Some(b'>') => {
                    written.push_str(&text[start..=at]);
                    out.push_str(&written);
                    return (at + 1, name);
                }
                Some(_) => {}
            }
            let attribute_at = at;
            at += 1;
            while bytes.get(at).is_some_and(|byte| !byte.is_ascii_whitespace() && !b"=>/".contains(byte)) {
                at += 1;
            }
            let attribute = text[attribute_at..at].to_ascii_lowercase();
            let Some((from, to, end)) = value(text, at) else {
                written.push_str(&text[start..at]);
                continue;
            };
            let changed = is_address(&name, &attribute)
                .then(|| self.address(&unescape(text[from..to].trim())))
                .flatten();
            match changed {
                Some(changed) => {
                    written.push_str(&text[start..from]);
                    written.push_str(
                        &changed.replace('&', "&amp;").replace('"', "&#34;").replace('\'', "&#39;"),
                    );
                    written.push_str(&text[to..end]);
                }
                None => written.push_str(&text[start..end]),
            }
            at = end;
        }
    }
}

/// Where an attribute's value starts and ends, and where what follows it starts; `None`: it has none.
fn value(text: &str, mut at: usize) -> Option<(usize, usize, usize)> {
    let bytes = text.as_bytes();
    let skip = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        at
    };
    at = skip(at);
    if bytes.get(at) != Some(&b'=') {
        return None;
    }
    at = skip(at + 1);
    match bytes.get(at)? {
        quote @ (b'"' | b'\'') => {
            let end = at + 1 + text[at + 1..].find(char::from(*quote))?;
            Some((at + 1, end, end + 1))
        }
        _ => {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'>';
            let end = bytes[at..].iter().position(ends).map_or(bytes.len(), |len| at + len);
            Some((at, end, end))
        }
    }
}

fn unescape(text: &str) -> String {
    text.replace("&#39;", "'").replace("&#34;", "\"").replace("&quot;", "\"").replace("&amp;", "&")
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    text.windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted))
}

/// Whether an element's attribute is an address, by HTML 4 and 5.
fn is_address(element: &str, attribute: &str) -> bool {
    let of: &[&str] = match element {
        "a" | "area" | "base" | "link" => &["href"],
        "applet" => &["codebase"],
        "audio" | "embed" | "script" | "source" | "track" => &["src"],
        "blockquote" | "del" | "ins" | "q" => &["cite"],
        "body" => &["background"],
        "button" => &["formaction"],
        "command" => &["icon"],
        "form" => &["action"],
        "frame" | "iframe" => &["longdesc", "src"],
        "head" => &["profile"],
        "html" => &["manifest"],
        "img" => &["longdesc", "src", "usemap"],
        "input" => &["src", "usemap", "formaction"],
        "object" => &["classid", "codebase", "data", "usemap"],
        "video" => &["poster", "src"],
        _ => &[],
    };
    of.contains(&attribute)
}

/// A path without `.`, `..` and doubled slashes, as the client would come to read it anyway.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let end = if path.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    let slash = if parts.is_empty() { "/" } else { "" };
    parts.iter().map(|part| format!("/{part}")).collect::<String>() + end + slash
}

/// A page out of its content encoding; `None`: an encoding that is not known, or too long a page.
pub(super) fn decode(encoding: &str, bytes: &[u8]) -> Option<String> {
    let limit = PAGE_LEN_MAX as u64 + 1;
    let mut page = Vec::new();
    match encoding {
        "" | "identity" => page.extend_from_slice(bytes),
        "gzip" => drop(GzDecoder::new(bytes).take(limit).read_to_end(&mut page).ok()?),
        "deflate" => drop(ZlibDecoder::new(bytes).take(limit).read_to_end(&mut page).ok()?),
        _ => return None,
    }
    if page.len() > PAGE_LEN_MAX {
        return None;
    }
    String::from_utf8(page).ok()
}

/// A page in its content encoding.
pub(super) fn encode(encoding: &str, page: String) -> std::io::Result<Vec<u8>> {
    match encoding {
        "gzip" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(page.as_bytes())?;
            encoder.finish()
        }
        "deflate" => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(page.as_bytes())?;
            encoder.finish()
        }
        _ => Ok(page.into_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside() -> Outside {
        Outside {
            scheme: "https".to_owned(),
            host: "api:6443".to_owned(),
            prefix: "/api/v1/namespaces/n/pods/p/proxy".to_owned(),
            backend: "10.244.0.2:80".to_owned(),
        }
    }

    #[test]
    fn addresses_get_the_prefix() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(outside().address(text).as_deref(), expect, "{text}");
        };
        let at = |path: &str| Some(format!("https://api:6443/api/v1/namespaces/n/pods/p/proxy{path}"));
        check("/x/y?z=1#f", at("/x/y?z=1#f").as_deref());
        check("/", at("/").as_deref());
        check("/x/", at("/x/").as_deref());
        check("//10.244.0.2:80/x", at("/x").as_deref());
        check("http://10.244.0.2:80/x", at("/x").as_deref());
        check("https://api:6443/x", at("/x").as_deref());
        check("/a/../b", at("/b").as_deref());
        check("http://10.244.0.2:80/api/v1/namespaces/n/pods/p/proxy/x", at("/x").as_deref());
        for kept in [
            "x/y",
            "../x",
            "?a=b",
            "#f",
            "",
            "http://other/x",
            "//other/x",
            "mailto:a@b",
            "data:text/plain,x",
            "javascript:void(0)",
            "/api/v1/namespaces/n/pods/p/proxy/x",
        ] {
            check(kept, None);
        }
    }

    #[test]
    fn pages_have_their_links_changed_and_nothing_else() {
        let check = |html: &str, expect: &str| {
            let expect = expect.replace('@', "https://api:6443/api/v1/namespaces/n/pods/p/proxy");
            assert_eq!(outside().page(html), expect, "{html}");
        };
        check(r#"<a href="/x">x</a>"#, r#"<a href="@/x">x</a>"#);
        check("<A class=b HREF = '/x?a=1&amp;b=2' >x</A>", "<A class=b HREF = '@/x?a=1&amp;b=2' >x</A>");
        check("<img src=/i.png/><br/>", "<img src=@/i.png/><br/>");
        check(r#"<form action="/f" method=post>"#, r#"<form action="@/f" method=post>"#);
        check(r#"<p title="/x" href="/x">1 < 2</p>"#, r#"<p title="/x" href="/x">1 < 2</p>"#);
        check(r#"<!-- <a href="/x"> -->"#, r#"<!-- <a href="/x"> -->"#);
        check(
            r#"<script src="/s.js">if (a<b) "<a href='/x'>"</script><a href="/y">"#,
            r#"<script src="@/s.js">if (a<b) "<a href='/x'>"</script><a href="@/y">"#,
        );
        for odd in
            ["<", "<a", "<a href", "<a href=", r#"<a href="/x"#, "</", "<!doctype html>", "a<>b", "<é>"]
        {
            check(odd, odd);
        }
    }

    #[test]
    fn pages_keep_their_encoding() {
        for encoding in ["", "gzip", "deflate"] {
            let bytes = encode(encoding, "<a href=x>".to_owned()).expect("encodes");
            assert_eq!(decode(encoding, &bytes).as_deref(), Some("<a href=x>"), "{encoding}");
        }
        assert_eq!(decode("br", b"x"), None);
        assert_eq!(decode("gzip", b"x"), None);
    }
}
