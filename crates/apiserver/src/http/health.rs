//! `/healthz`, `/livez`, `/readyz` with their checks, `/version`, `/metrics`, and componentstatuses.

use std::collections::BTreeSet;

use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode};
use mizzen_schema::value::Value;
use serde_json::json;

use super::{Answer, full, metrics};
use crate::attributes::ResourceTarget;
use crate::connect::Body;
use crate::server::Core;
use crate::status::ApiError;
use crate::tree;

/// The Kubernetes release whose API is served.
pub const KUBERNETES_MINOR: u32 = 35;

/// One thing that may be wrong.
struct Check {
    name: &'static str,
    /// Of `/healthz` and `/livez` too.
    live: bool,
    run: fn(&Core) -> Result<(), &'static str>,
}

const fn check(name: &'static str, run: fn(&Core) -> Result<(), &'static str>) -> Check {
    Check { name, live: true, run }
}

/// In kube-apiserver's order and under its names; what is done there by one hook each is here done by the start as
/// a whole, before it is ready.
const CHECKS: &[Check] = &[
    check("ping", |_| Ok(())),
    check("log", |_| Ok(())),
    check("etcd", Core::check_store),
    Check { live: false, ..check("etcd-readiness", Core::check_store) },
    Check { live: false, ..check("informer-sync", Core::check_started) },
    check("poststarthook/start-apiserver-admission-initializer", Core::check_started),
    check("poststarthook/generic-apiserver-start-informers", Core::check_started),
    check("poststarthook/priority-and-fairness-config-consumer", Core::check_started),
    check("poststarthook/priority-and-fairness-filter", Core::check_started),
    check("poststarthook/storage-object-count-tracker-hook", Core::check_started),
    check("poststarthook/start-apiextensions-informers", Core::check_started),
    check("poststarthook/start-apiextensions-controllers", Core::check_started),
    check("poststarthook/crd-informer-synced", Core::check_started),
    check("poststarthook/start-system-namespaces-controller", Core::check_started),
    check("poststarthook/start-cluster-authentication-info-controller", Core::check_started),
    check("poststarthook/start-legacy-token-tracking-controller", Core::check_started),
    check("poststarthook/start-service-ip-repair-controllers", Core::check_started),
    check("poststarthook/rbac/bootstrap-roles", Core::check_started),
    check("poststarthook/scheduling/bootstrap-system-priority-classes", Core::check_started),
    check("poststarthook/priority-and-fairness-config-producer", Core::check_started),
    check("poststarthook/bootstrap-controller", Core::check_started),
    check("poststarthook/start-kube-aggregator-informers", Core::check_started),
    check("poststarthook/apiservice-status-local-available-controller", Core::check_started),
    check("poststarthook/apiservice-status-remote-available-controller", Core::check_started),
    check("poststarthook/apiservice-registration-controller", Core::check_started),
    check("poststarthook/apiservice-discovery-controller", Core::check_started),
    check("poststarthook/kube-apiserver-autoregistration", Core::check_started),
    check("autoregister-completion", Core::check_started),
    check("poststarthook/apiservice-openapi-controller", Core::check_started),
    check("poststarthook/apiservice-openapiv3-controller", Core::check_started),
    Check { live: false, ..check("shutdown", Core::check_shutdown) },
];

/// The paths of health, for the list of all paths.
pub(super) fn paths() -> impl Iterator<Item = String> {
    ["healthz", "livez", "readyz"].into_iter().flat_map(|root| {
        let checks = CHECKS.iter().filter(move |check| root == "readyz" || check.live);
        std::iter::once(format!("/{root}")).chain(checks.map(move |check| format!("/{root}/{}", check.name)))
    })
}

/// Answers a path of health, version or metrics; `None`: it is none of these.
pub(crate) fn answer(core: &Core, path: &str, parts: &Parts) -> Result<Option<Response<Body>>, ApiError> {
    let trimmed = path.trim_end_matches('/');
    let root = trimmed.trim_start_matches('/').split('/').next().unwrap_or_default();
    let response = match root {
        // Whatever the method: probes are of many kinds.
        "healthz" | "livez" | "readyz" => return Ok(health(core, root, trimmed, parts)),
        "version" if trimmed == "/version" => json_response(&version()),
        "metrics" if trimmed == "/metrics" => {
            text_response(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", metrics::render(core))
        }
        _ => return Ok(None),
    };
    if parts.method != http::Method::GET {
        return Err(ApiError::method_not_allowed());
    }
    Ok(Some(response))
}

fn health(core: &Core, root: &str, path: &str, parts: &Parts) -> Option<Response<Body>> {
    let single = path.trim_start_matches('/').strip_prefix(root).unwrap_or_default().trim_start_matches('/');
    let checks = CHECKS.iter().filter(|check| root == "readyz" || check.live);
    if !single.is_empty() {
        let check = checks.into_iter().find(|check| check.name == single)?;
        return Some(match (check.run)(core) {
            Ok(()) => text_response(StatusCode::OK, PLAIN, "ok".to_owned()),
            Err(why) => text_response(
                StatusCode::INTERNAL_SERVER_ERROR,
                PLAIN,
                format!("internal server error: {why}\n"),
            ),
        });
    }
    let query = parts.uri.query().unwrap_or_default();
    let mut verbose = false;
    let mut exclude = BTreeSet::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "verbose" => verbose = true,
            "exclude" => {
                exclude.insert(value.into_owned());
            }
            _ => {}
        }
    }
    let mut unknown = exclude.clone();
    let mut report = String::new();
    let mut failed = false;
    for check in checks {
        let name = check.name;
        if exclude.contains(name) {
            unknown.remove(name);
            report.push_str(&format!("[+]{name} excluded: ok\n"));
            continue;
        }
        match (check.run)(core) {
            Ok(()) => report.push_str(&format!("[+]{name} ok\n")),
            Err(_) => {
                failed = true;
                report.push_str(&format!("[-]{name} failed: reason withheld\n"));
            }
        }
    }
    if !unknown.is_empty() {
        let names: Vec<String> = unknown.iter().map(|name| format!("{name:?}")).collect();
        let names = names.join(",");
        report.push_str(&format!("warn: some health checks cannot be excluded: no matches for {names}\n"));
    }
    if failed {
        report.push_str(&format!("{root} check failed\n"));
        return Some(text_response(StatusCode::INTERNAL_SERVER_ERROR, PLAIN, report));
    }
    if verbose {
        report.push_str(&format!("{root} check passed\n"));
        return Some(text_response(StatusCode::OK, PLAIN, report));
    }
    Some(text_response(StatusCode::OK, PLAIN, "ok".to_owned()))
}

pub(super) const PLAIN: &str = "text/plain; charset=utf-8";

pub(super) fn text_response(code: StatusCode, content_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(full(text));
    *response.status_mut() = code;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

pub(super) fn json_response(value: &serde_json::Value) -> Response<Body> {
    text_response(StatusCode::OK, "application/json", format!("{value:#}"))
}

/// The commit of a build that nobody stamped: of the form that clients expect.
const UNSTAMPED_COMMIT: &str = "0000000000000000000000000000000000000000";

/// A release build says what it was made of by `MIZZEN_COMMIT` and `MIZZEN_BUILD_DATE` (RFC 3339) at build time.
fn version() -> serde_json::Value {
    json!({
        "major": "1",
        "minor": KUBERNETES_MINOR.to_string(),
        "emulationMajor": "1",
        "emulationMinor": KUBERNETES_MINOR.to_string(),
        "minCompatibilityMajor": "1",
        "minCompatibilityMinor": (KUBERNETES_MINOR - 1).to_string(),
        "gitVersion": format!("v1.{KUBERNETES_MINOR}.0"),
        "gitCommit": option_env!("MIZZEN_COMMIT").unwrap_or(UNSTAMPED_COMMIT),
        "gitTreeState": if option_env!("MIZZEN_COMMIT").is_some() { "clean" } else { "archive" },
        "buildDate": option_env!("MIZZEN_BUILD_DATE").unwrap_or("1970-01-01T00:00:00Z"),
        "goVersion": "n/a",
        "compiler": "rustc",
        "platform": "linux/amd64",
    })
}

/// The deprecated list of components: this process's own parts, of which the store alone can be asked here.
pub(super) async fn component_statuses(core: &Core, target: &ResourceTarget) -> Result<Answer, ApiError> {
    const TYPE: &str = "io.k8s.api.core.v1.ComponentStatus";
    const NAMES: [&str; 3] = ["controller-manager", "scheduler", "etcd-0"];
    let component = |name: &str| {
        let healthy = name != "etcd-0" || core.check_store().is_ok();
        let text = json!({
            "kind": "ComponentStatus", "apiVersion": "v1",
            "metadata": { "name": name },
            "conditions": [{
                "type": "Healthy",
                "status": if healthy { "True" } else { "False" },
                "message": if healthy { "ok" } else { "unavailable" },
            }],
        });
        let decoded = mizzen_schema::json::decode(
            text.to_string().as_bytes(),
            &tree::builtin_type(TYPE),
            &mizzen_schema::decode::Options::default(),
        );
        decoded.map(|decoded| decoded.value).map_err(ApiError::internal)
    };
    if !target.name.is_empty() {
        if !NAMES.contains(&target.name.as_str()) {
            return Err(ApiError::not_found("", "componentstatuses", &target.name));
        }
        return Ok(Answer::Value { code: 200, value: component(&target.name)? });
    }
    let items = NAMES.iter().map(|name| component(name)).collect::<Result<Vec<Value>, _>>()?;
    let mut list = tree::empty("io.k8s.api.core.v1.ComponentStatusList");
    tree::set_text(&mut list, &["kind"], "ComponentStatusList");
    tree::set_text(&mut list, &["apiVersion"], "v1");
    tree::set(&mut list, &["items"], Value::List(items));
    Ok(Answer::Value { code: 200, value: list })
}

impl Core {
    fn check_store(&self) -> Result<(), &'static str> {
        if self.store_failing() { Err("the store is unavailable") } else { Ok(()) }
    }

    fn check_started(&self) -> Result<(), &'static str> {
        if self.is_ready() { Ok(()) } else { Err("not finished") }
    }

    fn check_shutdown(&self) -> Result<(), &'static str> {
        if self.is_stopping() { Err("process is shutting down") } else { Ok(()) }
    }
}
