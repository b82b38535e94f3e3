//! How a command ended, as its user is told on the error channel: a `Status` object of the API, or, by the oldest
//! protocols, text.

use serde_json::{Value, json};

use super::Failure;

/// How a command ended: with an exit code, or not at all.
pub(crate) type Outcome = Result<i32, Failure>;

/// As a `Status` object. Source: Kubernetes API conventions, "Response Status Kind".
pub(crate) fn object(outcome: &Outcome) -> Vec<u8> {
    let status: Value = match outcome {
        Ok(0) => json!({"metadata": {}, "status": "Success"}),
        Ok(code) => json!({
            "metadata": {},
            "status": "Failure",
            "message": format!("command terminated with non-zero exit code: exit status {code}"),
            "reason": "NonZeroExitCode",
            "details": {"causes": [{"reason": "ExitCode", "message": code.to_string()}]},
        }),
        Err(Failure(message)) => json!({
            "metadata": {},
            "status": "Failure",
            "message": format!("Internal error occurred: {message}"),
            "reason": "InternalError",
            "details": {"causes": [{"message": message}]},
            "code": 500,
        }),
    };
    status.to_string().into_bytes()
}

/// As text; nothing for success.
pub(crate) fn text(outcome: &Outcome) -> Vec<u8> {
    match outcome {
        Ok(0) => Vec::new(),
        Ok(code) => format!("command terminated with non-zero exit code: exit status {code}").into_bytes(),
        Err(Failure(message)) => format!("error executing command in container: {message}").into_bytes(),
    }
}
