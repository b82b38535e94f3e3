//! Feature gates: kube-apiserver's `--feature-gates`, as far as there is something that they change here.

use std::collections::BTreeMap;
use std::str::FromStr;

use mizzen_machinery::gated::{self, Gate, Stage};

/// Gates that are looked at; the rest of what is given is kept, to be told of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeatureGates {
    given: BTreeMap<String, bool>,
}

/// A setting that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeatureGatesError {
    /// No `=`.
    #[error("missing bool value for {0}")]
    NoValue(String),
    /// Not a truth.
    #[error("invalid value of {gate}={value}: use true or false")]
    Value {
        /// The gate's name.
        gate: String,
        /// What it is set to.
        value: String,
    },
}

/// `application/cbor` for requests and answers (KEP-4222): alpha, and off.
const CBOR: &str = "CBORServingAndStorage";
/// All alpha gates that are not set themselves.
const ALL_ALPHA: &str = "AllAlpha";
/// All beta gates.
const ALL_BETA: &str = "AllBeta";

/// Whether there are fields that the server takes or drops as the gate says.
pub fn has_fields(gate: &str) -> bool {
    gated::GATES.iter().any(|known| known.name == gate)
}

impl FromStr for FeatureGates {
    type Err = FeatureGatesError;

    /// Reads `CBORServingAndStorage=true,AllAlpha=false`.
    fn from_str(text: &str) -> Result<Self, FeatureGatesError> {
        let mut gates = Self::default();
        for setting in text.split(',').map(str::trim).filter(|setting| !setting.is_empty()) {
            let (gate, value) =
                setting.split_once('=').ok_or_else(|| FeatureGatesError::NoValue(setting.to_owned()))?;
            let on = match value.trim() {
                "1" | "t" | "T" | "true" | "TRUE" | "True" => true,
                "0" | "f" | "F" | "false" | "FALSE" | "False" => false,
                value => {
                    return Err(FeatureGatesError::Value {
                        gate: gate.trim().to_owned(),
                        value: value.to_owned(),
                    });
                }
            };
            gates.given.insert(gate.trim().to_owned(), on);
        }
        Ok(gates)
    }
}

impl FeatureGates {
    /// Whether CBOR is read and written.
    pub(crate) fn cbor(&self) -> bool {
        self.given.get(CBOR).or_else(|| self.given.get(ALL_ALPHA)).copied().unwrap_or(false)
    }

    /// Whether the fields of a gate are taken.
    pub(crate) fn is_on(&self, gate: &Gate) -> bool {
        let all = match gate.stage {
            Stage::Alpha => ALL_ALPHA,
            Stage::Beta => ALL_BETA,
        };
        self.given.get(gate.name).or_else(|| self.given.get(all)).copied().unwrap_or(gate.default)
    }

    /// Gates that change nothing here.
    pub fn without_effect(&self) -> impl Iterator<Item = &str> {
        let known = |gate: &&String| matches!(gate.as_str(), CBOR | ALL_ALPHA | ALL_BETA) || has_fields(gate);
        self.given.keys().filter(move |gate| !known(gate)).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_are_read() {
        let check = |text: &str, cbor: bool, other: &[&str]| {
            let gates: FeatureGates = text.parse().expect(text);
            assert_eq!(
                (gates.cbor(), gates.without_effect().collect::<Vec<_>>()),
                (cbor, other.to_vec()),
                "{text}"
            );
        };
        check("", false, &[]);
        check("CBORServingAndStorage=true", true, &[]);
        check("AllAlpha=true", true, &[]);
        check("AllAlpha=true,CBORServingAndStorage=false,Other=true", false, &["Other"]);
        check("GenericWorkload=true,ImageVolume=false", false, &[]);
        assert!("CBORServingAndStorage".parse::<FeatureGates>().is_err());
        assert!("CBORServingAndStorage=x".parse::<FeatureGates>().is_err());
    }

    #[test]
    fn gates_of_fields_have_defaults() {
        let check = |text: &str, on: &[&str], off: &[&str]| {
            let gates: FeatureGates = text.parse().expect(text);
            for (names, expect) in [(on, true), (off, false)] {
                for name in names {
                    let gate = gated::GATES.iter().find(|gate| gate.name == *name).expect(name);
                    assert_eq!(gates.is_on(gate), expect, "{name} by {text:?}");
                }
            }
        };
        check("", &["ImageVolume"], &["GenericWorkload", "PodCertificateRequest"]);
        check("GenericWorkload=true,ImageVolume=false", &["GenericWorkload"], &["ImageVolume"]);
        check("AllAlpha=true,ContainerStopSignals=false", &["GenericWorkload"], &["ContainerStopSignals"]);
        check("AllBeta=false", &[], &["ImageVolume", "GenericWorkload"]);
    }
}
