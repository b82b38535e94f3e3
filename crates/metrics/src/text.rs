//! The text form.

use std::fmt::Write as _;

use crate::histogram::Histogram;

/// The content type of [`Text`].
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Metrics being written, family by family.
#[derive(Debug, Default)]
pub struct Text(String);

impl Text {
    /// Begins a family: its samples follow.
    pub fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string cannot fail.
        writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}").ok();
    }

    /// A value of the family that was begun last.
    pub fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.0.push_str(name);
        for (at, (label, text)) in labels.iter().enumerate() {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let open = if at == 0 { '{' } else { ',' };
            write!(self.0, "{open}{label}=\"{text}\"").ok();
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        writeln!(self.0, " {value}").ok();
    }

    /// A family of one sample without labels.
    pub fn single(&mut self, name: &str, kind: &str, help: &str, value: f64) {
        self.family(name, kind, help);
        self.sample(name, &[], value);
    }

    /// A histogram of the family that was begun last.
    pub fn histogram(&mut self, name: &str, labels: &[(&str, &str)], histogram: &Histogram) {
        let bucket = format!("{name}_bucket");
        for (bound, count) in histogram.cumulated() {
            let bound = bound.map_or_else(|| "+Inf".to_owned(), |bound| bound.to_string());
            let with: Vec<_> = labels.iter().copied().chain([("le", bound.as_str())]).collect();
            self.sample(&bucket, &with, count as f64);
        }
        self.sample(&format!("{name}_sum"), labels, histogram.sum());
        self.sample(&format!("{name}_count"), labels, histogram.count() as f64);
    }

    /// The text.
    pub fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_and_labels() {
        let mut text = Text::default();
        text.family("a_total", "counter", "Things.");
        text.sample("a_total", &[("name", "x\"y\\z\n"), ("other", "1")], 2.0);
        text.single("b", "gauge", "One.", 0.5);
        let expect = "# HELP a_total Things.\n# TYPE a_total counter\n\
            a_total{name=\"x\\\"y\\\\z\\n\",other=\"1\"} 2\n# HELP b One.\n# TYPE b gauge\nb 0.5\n";
        assert_eq!(text.finish(), expect);
    }

    #[test]
    fn histograms_cumulate() {
        let mut histogram = Histogram::new(vec![0.1, 1.0]);
        [0.05, 0.5, 0.1, 7.0].into_iter().for_each(|value| histogram.observe(value));
        let mut text = Text::default();
        text.histogram("h", &[("q", "a")], &histogram);
        let expect = "h_bucket{q=\"a\",le=\"0.1\"} 2\nh_bucket{q=\"a\",le=\"1\"} 3\n\
            h_bucket{q=\"a\",le=\"+Inf\"} 4\nh_sum{q=\"a\"} 7.65\nh_count{q=\"a\"} 4\n";
        assert_eq!(text.finish(), expect);
    }
}
