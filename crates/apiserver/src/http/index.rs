//! The list of all paths at `/`, and what is answered where there is nothing.

use std::collections::BTreeSet;

use http::{Response, StatusCode};
use serde_json::json;

use super::health::{self, PLAIN, json_response, text_response};
use super::{Answer, full};
use crate::actions::oidc;
use crate::catalog::Rows;
use crate::connect::Body;
use crate::server::Core;
use crate::status::ApiError;

/// Answers `/`; `None`: it is another path.
pub(super) fn answer(core: &Core, path: &str) -> Option<Response<Body>> {
    matches!(path, "/" | "/index.html")
        .then(|| json_response(&json!({ "paths": paths(&core.registry.catalog.rows()) })))
}

fn paths(rows: &Rows) -> BTreeSet<String> {
    let fixed =
        ["/api", "/apis", "/apis/", "/metrics", "/openapi/v2", "/openapi/v3", "/openapi/v3/", "/version"];
    let mut paths: BTreeSet<String> = fixed.into_iter().map(str::to_owned).collect();
    paths.extend([oidc::CONFIGURATION_PATH.to_owned(), oidc::JWKS_PATH.to_owned()]);
    paths.extend(health::paths());
    for served in rows.all() {
        let gvk = &served.resource.gvk;
        if gvk.group.is_empty() {
            paths.insert(format!("/api/{}", gvk.version));
        } else {
            paths.insert(format!("/apis/{}", gvk.group));
            paths.insert(format!("/apis/{}/{}", gvk.group, gvk.version));
        }
    }
    paths
}

/// What is answered for a resource that is not served: a Status inside groups that are built in, and plain text
/// elsewhere, as there nobody knows what the path might have meant.
pub(super) fn no_resource(rows: &Rows, group: &str) -> Result<Answer, ApiError> {
    if is_builtin_group(rows, group) {
        return Err(ApiError::no_such_resource());
    }
    Ok(Answer::Response(not_found()))
}

/// The same for other paths.
pub(super) fn no_path(rows: &Rows, path: &str) -> Result<Answer, ApiError> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    match segments[..] {
        ["api" | "version", ..] => Err(ApiError::no_such_resource()),
        ["apis", group, ..] if is_builtin_group(rows, group) => Err(ApiError::no_such_resource()),
        ["openapi", "v3", ..] => {
            let mut response = Response::new(full(""));
            *response.status_mut() = StatusCode::NOT_FOUND;
            Ok(Answer::Response(response))
        }
        _ => Ok(Answer::Response(not_found())),
    }
}

fn is_builtin_group(rows: &Rows, group: &str) -> bool {
    rows.all().iter().any(|served| {
        served.resource.gvk.group == group && served.kind.as_ref().is_none_or(|kind| kind.builtin)
    })
}

fn not_found() -> Response<Body> {
    text_response(StatusCode::NOT_FOUND, PLAIN, "404 page not found\n".to_owned())
}
