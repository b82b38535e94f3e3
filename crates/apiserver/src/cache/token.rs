//! Continue tokens: where a paged list goes on.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

const VERSION: &str = "meta.k8s.io/v1";

/// Where a paged list goes on: opaque to clients, in kube-apiserver's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// The snapshot's revision; `None`: whatever is now (the rest of a list whose snapshot is gone).
    pub(crate) revision: Option<u64>,
    /// The last key that was given.
    pub(crate) after: String,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    v: String,
    rv: i64,
    start: String,
}

impl Token {
    /// Reads a token; the error is what kube-apiserver says.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim_end_matches('=');
        let bytes =
            URL_SAFE_NO_PAD.decode(trimmed).map_err(|error| format!("continue key is not valid: {error}"))?;
        let wire: Wire =
            serde_json::from_slice(&bytes).map_err(|error| format!("continue key is not valid: {error}"))?;
        if wire.v != VERSION {
            return Err(format!(
                "continue key is not valid: server does not recognize this encoded version {}",
                wire.v
            ));
        }
        if wire.rv == 0 {
            return Err(
                "continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)"
                    .to_owned(),
            );
        }
        let Some(after) = wire.start.strip_suffix('\0').filter(|after| !after.is_empty()) else {
            return Err(
                "continue key is not valid: encoded start key empty (version meta.k8s.io/v1)".to_owned()
            );
        };
        Ok(Self { revision: u64::try_from(wire.rv).ok(), after: after.to_owned() })
    }

    /// The token's text.
    pub(crate) fn encode(&self) -> String {
        let rv = self.revision.map_or(-1, |revision| i64::try_from(revision).unwrap_or(i64::MAX));
        let wire = Wire { v: VERSION.to_owned(), rv, start: format!("{}\0", self.after) };
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&wire).expect("strings and numbers are JSON"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        for revision in [Some(7), None] {
            let token = Token { revision, after: "ns/name".to_owned() };
            assert_eq!(Token::parse(&token.encode()), Ok(token));
        }
        for bad in ["", "!", "e30", "eyJ2IjoidjAiLCJydiI6MSwic3RhcnQiOiJhIn0"] {
            assert!(Token::parse(bad).is_err(), "{bad}");
        }
    }
}
