//! A look into an object's JSON without reading it: where the parts are that the cache needs.
//!
//! The bytes come from our own encoder (or, on etcd, from kube-apiserver's), so this skips rather than parses;
//! anything that is not well-formed where it looks is an error, never a panic. Nothing recurses over the input.

use std::borrow::Cow;

use memchr::memchr2;

/// A place in an object's bytes. For a string: what stands between the quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    start: u32,
    /// The length, and in the lowest bit whether a string contains escapes.
    len_escaped: u32,
}

impl Span {
    fn new(start: usize, end: usize, escaped: bool) -> Result<Self, ScanError> {
        let start32 = u32::try_from(start).map_err(|_| ScanError { at: start })?;
        let len = u32::try_from(end - start).ok().filter(|len| *len < 1 << 31);
        let len = len.ok_or(ScanError { at: start })?;
        Ok(Self { start: start32, len_escaped: len << 1 | u32::from(escaped) })
    }

    pub(crate) fn raw<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let start = self.start as usize;
        &bytes[start..start + (self.len_escaped >> 1) as usize]
    }

    /// The text of a string (or of a number or boolean).
    pub(crate) fn text<'a>(&self, bytes: &'a [u8]) -> Cow<'a, str> {
        let raw = self.raw(bytes);
        if self.len_escaped & 1 == 0 {
            return String::from_utf8_lossy(raw);
        }
        let quoted = [b"\"".as_slice(), raw, b"\""].concat();
        serde_json::from_slice::<String>(&quoted).map_or_else(|_| String::from_utf8_lossy(raw), Cow::Owned)
    }
}

/// The bytes are not an object as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed stored object at byte {at}")]
pub(crate) struct ScanError {
    /// Where.
    pub(crate) at: usize,
}

/// Which members to pick up, as a tree of names; leaves have slots.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    children: Vec<(Box<str>, Paths)>,
    slots: Vec<usize>,
}

impl Paths {
    /// Members at dotted paths; each gets the slot of its position.
    pub(crate) fn new<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let mut root = Self::default();
        for (slot, path) in paths.into_iter().enumerate().filter(|(_, path)| !path.is_empty()) {
            let leaf = path.split('.').fold(&mut root, |node, name| {
                let at = node.children.iter().position(|(child, _)| **child == *name).unwrap_or_else(|| {
                    node.children.push((name.into(), Self::default()));
                    node.children.len() - 1
                });
                &mut node.children[at].1
            });
            leaf.slots.push(slot);
        }
        root
    }

    fn child(&self, name: &[u8]) -> Option<&Self> {
        self.children.iter().find(|(child, _)| child.as_bytes() == name).map(|(_, paths)| paths)
    }
}

/// What a scan found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Just after the type header, `{"kind":…,"apiVersion":…,`.
    pub(crate) body: usize,
    /// Where `,"resourceVersion":"…"` goes.
    pub(crate) place: usize,
    /// No member comes before the place: the comma goes behind instead.
    pub(crate) first: bool,
    pub(crate) namespace: Span,
    pub(crate) name: Span,
    pub(crate) uid: Span,
    pub(crate) labels: Vec<(Span, Span)>,
    /// By the slots of [`Paths`].
    pub(crate) fields: Vec<Option<Span>>,
}

/// Members of metadata that come before resourceVersion, in Go's order of fields.
const BEFORE: [&[u8]; 5] = [b"name", b"generateName", b"namespace", b"selfLink", b"uid"];

/// Looks into a stored object.
pub(crate) fn object(bytes: &[u8], paths: &Paths, slots: usize) -> Result<Found, ScanError> {
    let mut scan = Scan { bytes, at: 0 };
    let mut found = Found { fields: vec![None; slots], ..Found::default() };
    let mut header = true;
    let mut has_metadata = false;
    scan.expect(b'{')?;
    found.body = scan.at;
    scan.members(|scan, key| {
        let key_bytes = key.raw(scan.bytes);
        if header && (key_bytes == b"kind" || key_bytes == b"apiVersion") {
            scan.skip()?;
            found.body = scan.at + usize::from(scan.peek() == Some(b','));
            return Ok(());
        }
        header = false;
        if key_bytes == b"metadata" {
            has_metadata = true;
            return scan.metadata(&mut found, paths.child(b"metadata"));
        }
        scan.pick(paths.child(key_bytes), &mut found.fields)
    })?;
    if has_metadata { Ok(found) } else { Err(ScanError { at: scan.at }) }
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn fail<T>(&self) -> Result<T, ScanError> {
        Err(ScanError { at: self.at })
    }

    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Option<u8> {
        self.space();
        self.bytes.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Result<(), ScanError> {
        if self.peek() != Some(byte) {
            return self.fail();
        }
        self.at += 1;
        Ok(())
    }

    /// A string; the span is what stands between its quotes.
    fn string(&mut self) -> Result<Span, ScanError> {
        self.expect(b'"')?;
        let start = self.at;
        let mut escaped = false;
        loop {
            let Some(next) = memchr2(b'"', b'\\', &self.bytes[self.at..]) else { return self.fail() };
            self.at += next;
            if self.bytes[self.at] == b'"' {
                let span = Span::new(start, self.at, escaped)?;
                self.at += 1;
                return Ok(span);
            }
            escaped = true;
            self.at += 2;
            if self.at > self.bytes.len() {
                return self.fail();
            }
        }
    }

    /// Steps over any value.
    fn skip(&mut self) -> Result<(), ScanError> {
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'{' | b'[') => self.skip_nested(),
            Some(_) => self.scalar().map(drop),
            None => self.fail(),
        }
    }

    fn skip_nested(&mut self) -> Result<(), ScanError> {
        let mut depth = 0usize;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return Ok(());
                    }
                }
                Some(_) => {}
                None => return self.fail(),
            }
            self.at += 1;
        }
    }

    /// A number, boolean or null.
    fn scalar(&mut self) -> Result<Span, ScanError> {
        let start = self.at;
        while self
            .bytes
            .get(self.at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
        {
            self.at += 1;
        }
        if self.at == start { self.fail() } else { Span::new(start, self.at, false) }
    }

    /// The members of an object whose `{` is read; `visit` must step over each value.
    fn members(
        &mut self,
        mut visit: impl FnMut(&mut Self, Span) -> Result<(), ScanError>,
    ) -> Result<(), ScanError> {
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let key = self.string()?;
            self.expect(b':')?;
            self.space();
            visit(self, key)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return self.fail(),
            }
            self.space();
        }
    }

    /// Steps over a value and picks up what `paths` names in it. As deep as the paths, not as the input.
    fn pick(&mut self, paths: Option<&Paths>, fields: &mut [Option<Span>]) -> Result<(), ScanError> {
        let Some(paths) = paths else { return self.skip() };
        match self.peek() {
            Some(b'{') if !paths.children.is_empty() => {
                self.at += 1;
                self.members(|scan, key| {
                    let child = paths.child(key.raw(scan.bytes));
                    scan.pick(child, fields)
                })
            }
            Some(b'"') => {
                let span = self.string()?;
                Self::keep(paths, span, fields);
                Ok(())
            }
            Some(b'{' | b'[') => self.skip_nested(),
            Some(b'n') => self.scalar().map(drop),
            _ => {
                let span = self.scalar()?;
                Self::keep(paths, span, fields);
                Ok(())
            }
        }
    }

    fn keep(paths: &Paths, span: Span, fields: &mut [Option<Span>]) {
        for slot in &paths.slots {
            if let Some(field) = fields.get_mut(*slot) {
                *field = Some(span);
            }
        }
    }

    fn metadata(&mut self, found: &mut Found, paths: Option<&Paths>) -> Result<(), ScanError> {
        self.expect(b'{')?;
        found.place = self.at;
        found.first = self.peek() != Some(b'}');
        let mut before = true;
        self.members(|scan, key| {
            let key = key.raw(scan.bytes);
            before &= BEFORE.contains(&key);
            match key {
                b"name" => found.name = scan.string()?,
                b"namespace" => found.namespace = scan.string()?,
                b"uid" => found.uid = scan.string()?,
                b"labels" if scan.peek() == Some(b'{') => {
                    scan.at += 1;
                    scan.members(|scan, key| {
                        let value = scan.string()?;
                        found.labels.push((key, value));
                        Ok(())
                    })?;
                }
                _ => scan.pick(paths.and_then(|paths| paths.child(key)), &mut found.fields)?,
            }
            if before {
                found.place = scan.at;
                found.first = false;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, paths: &[&str]) -> Result<Vec<String>, ScanError> {
        let tree = Paths::new(paths.iter().copied());
        let found = object(text.as_bytes(), &tree, paths.len())?;
        let bytes = text.as_bytes();
        let mut all = vec![
            text[found.body..].chars().take(12).collect::<String>(),
            text[found.place..].chars().take(3).collect(),
            found.namespace.text(bytes).into_owned(),
            found.name.text(bytes).into_owned(),
        ];
        all.extend(
            found.labels.iter().map(|(key, value)| format!("{}={}", key.text(bytes), value.text(bytes))),
        );
        all.extend(
            found.fields.iter().map(|field| field.map_or("-".into(), |field| field.text(bytes).into_owned())),
        );
        Ok(all)
    }

    #[test]
    fn finds_the_parts() {
        let pod = r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"n","uid":"u",
            "labels":{"x":"1"}},
            "spec":{"nodeName":"no\"de","containers":[{"nodeName":"not this"}],"hostNetwork":true},"status":{}}"#;
        let expect = ["\"metadata\":{", ",\n ", "n", "a", "x=1", "no\"de", "true", "-"];
        assert_eq!(
            found(pod, &["spec.nodeName", "spec.hostNetwork", "status.phase"]),
            Ok(expect.map(String::from).into())
        );
    }

    #[test]
    fn place_without_members_before() {
        let odd = r#"{"metadata":{"generation":1}}"#;
        let found = object(odd.as_bytes(), &Paths::default(), 0).expect("well-formed");
        assert_eq!((found.place, found.first), (13, true));
        let empty = r#"{"metadata":{}}"#;
        let found = object(empty.as_bytes(), &Paths::default(), 0).expect("well-formed");
        assert_eq!((found.place, found.first), (13, false));
    }

    #[test]
    fn malformed_is_an_error() {
        for text in [
            "",
            "{",
            "{}",
            "[]",
            r#"{"metadata":"#,
            r#"{"metadata":{"name":1}}"#,
            r#"{"metadata":{"name":"\"#,
        ] {
            assert!(object(text.as_bytes(), &Paths::default(), 0).is_err(), "{text}");
        }
        let deep = format!("{{\"metadata\":{{}},\"a\":{}", "[".repeat(1_000_000));
        assert!(object(deep.as_bytes(), &Paths::default(), 0).is_err());
    }
}
