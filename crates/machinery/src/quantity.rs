//! Quantities: `100m`, `1.5Gi`, `1e3`.

use std::fmt;
use std::str::FromStr;

/// An exact decimal number with its preferred notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    text: String,
}

/// Not a quantity; Kubernetes' words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QuantityError(pub String);

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(_text: &str) -> Result<Self, QuantityError> {
        todo!()
    }
}

impl fmt::Display for Quantity {
    /// The canonical form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Quantity {
    /// In thousandths, rounded up; saturating.
    pub fn milli_value(&self) -> i64 {
        todo!()
    }

    /// In units, rounded up; saturating.
    pub fn value(&self) -> i64 {
        todo!()
    }
}
