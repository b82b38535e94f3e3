//! The `Accept` header: what a client takes, and what it likes best.

/// One media range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MediaType<'a> {
    /// `application/json`; `*` is any.
    pub(crate) name: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
    /// In thousandths.
    quality: u16,
}

/// Media ranges, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Accept<'a> {
    pub(crate) ranges: Vec<MediaType<'a>>,
}

/// The most ranges that are looked at.
const RANGES_MAX: usize = 32;

impl<'a> MediaType<'a> {
    fn parse(text: &'a str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let mut quality = 1000;
        let mut parameters = Vec::new();
        for (key, value) in parts.filter_map(|part| part.split_once('=')) {
            if key == "q" {
                let value = value.parse::<f32>().unwrap_or(0.0).clamp(0.0, 1.0);
                quality = (value * 1000.0) as u16;
            } else {
                parameters.push((key, value.trim_matches('"')));
            }
        }
        Self { name, parameters, quality }
    }

    pub(crate) fn parameter(&self, key: &str) -> Option<&'a str> {
        self.parameters.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    pub(crate) fn takes(&self, name: &str) -> bool {
        let family = self.name.strip_suffix("/*");
        self.name == "*/*"
            || self.name == "*"
            || self.name == name
            || family.is_some_and(|family| name.split('/').next() == Some(family))
    }
}

impl<'a> Accept<'a> {
    /// An empty header takes anything.
    pub(crate) fn parse(header: &'a str) -> Self {
        let header = if header.trim().is_empty() { "*/*" } else { header };
        let mut ranges: Vec<_> =
            header.split(',').take(RANGES_MAX).map(|text| MediaType::parse(text.trim())).collect();
        ranges.retain(|range| range.quality > 0 && !range.name.is_empty());
        ranges.sort_by_key(|range| std::cmp::Reverse(range.quality));
        Self { ranges }
    }

    /// Of what can be offered, what the client likes best; earlier offers where it does not care.
    pub(crate) fn first<'o>(&self, offers: &[&'o str]) -> Option<&'o str> {
        self.ranges.iter().find_map(|range| offers.iter().find(|offer| range.takes(offer)).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_comes_first() {
        let offers = ["application/json", "application/vnd.kubernetes.protobuf"];
        let check =
            |header: &str, expect: Option<&str>| assert_eq!(Accept::parse(header).first(&offers), expect);
        check("", Some("application/json"));
        check("*/*", Some("application/json"));
        check("application/vnd.kubernetes.protobuf, */*", Some("application/vnd.kubernetes.protobuf"));
        check("application/vnd.kubernetes.protobuf;q=0.5,application/json", Some("application/json"));
        check("application/*", Some("application/json"));
        check("text/html", None);
        check("application/json;q=0", None);
    }
}
