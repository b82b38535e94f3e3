//! Health checks: each by name, all together behind one path.

use std::collections::BTreeSet;
use std::sync::Arc;

use http::{Response, StatusCode, Uri};

use crate::answer::{Body, text};

/// A named check; an error is why it fails, for the log only.
#[derive(Clone)]
pub struct Check {
    name: &'static str,
    run: Arc<dyn Fn() -> Result<(), String> + Send + Sync>,
}

impl Check {
    /// A check.
    pub fn new(name: &'static str, run: impl Fn() -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self { name, run: Arc::new(run) }
    }

    /// The check that succeeds whenever it is answered at all.
    pub fn ping() -> Self {
        Self::new("ping", || Ok(()))
    }
}

/// The checks behind `/healthz`, `/livez` and `/readyz`.
#[derive(Clone, Default)]
pub struct Health {
    /// For `/healthz` and `/livez`.
    pub live: Vec<Check>,
    /// For `/readyz`.
    pub ready: Vec<Check>,
}

impl Health {
    /// The answer to one of the three paths, or to `PATH/CHECK`; `None`: it is another path.
    ///
    /// `?verbose` lists the checks, `?exclude=NAME` leaves one out. Source: the documentation page "Kubernetes API health
    /// endpoints".
    pub fn answer(&self, uri: &Uri) -> Option<Response<Body>> {
        let (group, one) = match uri.path().trim_start_matches('/').split_once('/') {
            Some((group, one)) => (group, Some(one)),
            None => (uri.path().trim_start_matches('/'), None),
        };
        let checks = match group {
            "healthz" | "livez" => &self.live,
            "readyz" => &self.ready,
            _ => return None,
        };
        let Some(name) = one else { return Some(together(group, checks, uri.query().unwrap_or_default())) };
        let check = checks.iter().find(|check| check.name == name)?;
        Some(match (check.run)() {
            Ok(()) => text(StatusCode::OK, "ok"),
            Err(why) => text(StatusCode::INTERNAL_SERVER_ERROR, format!("internal server error: {why}\n")),
        })
    }
}

fn together(group: &str, checks: &[Check], query: &str) -> Response<Body> {
    let pairs: Vec<(&str, &str)> =
        query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
    let excluded: BTreeSet<&str> =
        pairs.iter().filter(|(name, _)| *name == "exclude").map(|(_, value)| *value).collect();
    let mut lines = String::new();
    let mut failed = false;
    for check in checks {
        let name = check.name;
        if excluded.contains(name) {
            lines += &format!("[+]{name} excluded: ok\n");
            continue;
        }
        match (check.run)() {
            Ok(()) => lines += &format!("[+]{name} ok\n"),
            Err(why) => {
                failed = true;
                tracing::debug!(group, name, why, "A health check fails.");
                // Who may see that it fails may not see why.
                lines += &format!("[-]{name} failed: reason withheld\n");
            }
        }
    }
    if failed {
        return text(StatusCode::INTERNAL_SERVER_ERROR, format!("{lines}{group} check failed\n"));
    }
    let verbose = pairs.iter().any(|(name, _)| *name == "verbose");
    text(StatusCode::OK, if verbose { format!("{lines}{group} check passed\n") } else { "ok".to_owned() })
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn answers() {
        let bad = Check::new("bad", || Err("broken".to_owned()));
        let health = Health { live: vec![Check::ping()], ready: vec![Check::ping(), bad] };
        let check = async |path: &str, expect: Option<(u16, &str)>| {
            let answer = health.answer(&path.parse().expect("a path"));
            let answer = match answer {
                Some(answer) => {
                    let code = answer.status().as_u16();
                    let body = answer.into_body().collect().await.expect("a body").to_bytes();
                    Some((code, String::from_utf8_lossy(&body).into_owned()))
                }
                None => None,
            };
            assert_eq!(answer.as_ref().map(|(code, body)| (*code, body.as_str())), expect, "{path}");
        };
        check("/healthz", Some((200, "ok"))).await;
        check("/livez?verbose", Some((200, "[+]ping ok\nlivez check passed\n"))).await;
        let failed = "[+]ping ok\n[-]bad failed: reason withheld\nreadyz check failed\n";
        check("/readyz", Some((500, failed))).await;
        check("/readyz?exclude=bad", Some((200, "ok"))).await;
        check("/readyz/ping", Some((200, "ok"))).await;
        check("/readyz/none", None).await;
        check("/metrics", None).await;
    }
}
