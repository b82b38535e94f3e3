//! Credentials for registries, from image pull secrets.

use std::collections::BTreeMap;

use base64::Engine;
use k8s_cri::v1::AuthConfig;
use k8s_openapi::api::core::v1::Secret;
use serde::Deserialize;

use super::reference;

#[derive(Deserialize, Default)]
#[serde(default)]
struct DockerConfig {
    auths: BTreeMap<String, Entry>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Entry {
    username: String,
    password: String,
    auth: String,
    #[serde(rename = "identitytoken")]
    identity_token: String,
    #[serde(rename = "registrytoken")]
    registry_token: String,
}

impl Entry {
    fn into_auth(self, server: &str) -> Option<AuthConfig> {
        let (mut username, mut password) = (self.username, self.password);
        if !self.auth.is_empty() {
            let bytes = base64::engine::general_purpose::STANDARD.decode(self.auth.trim()).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            let (user, secret) = text.split_once(':')?;
            (username, password) = (user.to_owned(), secret.trim_end_matches('\0').to_owned());
        }
        Some(AuthConfig {
            username,
            password,
            server_address: server.to_owned(),
            identity_token: self.identity_token,
            registry_token: self.registry_token,
            ..AuthConfig::default()
        })
    }
}

/// The host and path that a key of the file is for.
fn parse_key(key: &str) -> (String, String) {
    let bare = key.trim_start_matches("https://").trim_start_matches("http://");
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    let host = if host == "index.docker.io" || host == "registry-1.docker.io" { "docker.io" } else { host };
    let path = path.trim_matches('/');
    let path = if path == "v1" || path == "v2" { "" } else { path };
    (host.to_owned(), path.to_owned())
}

/// Whether a key's host, in which `*` stands for anything within one label, is this host.
fn host_matches(pattern: &str, host: &str) -> bool {
    let (pattern, pattern_port) = pattern.split_once(':').unwrap_or((pattern, ""));
    let (host, port) = host.split_once(':').unwrap_or((host, ""));
    let (pattern, host): (Vec<&str>, Vec<&str>) = (pattern.split('.').collect(), host.split('.').collect());
    let label = |(pattern, host): (&&str, &&str)| match pattern.split_once('*') {
        None => pattern == host,
        Some((head, tail)) => {
            host.len() >= head.len() + tail.len() && host.starts_with(head) && host.ends_with(tail)
        }
    };
    pattern_port == port && pattern.len() == host.len() && pattern.iter().zip(&host).all(label)
}

/// Credentials in these Secrets for an image, best match first.
pub(crate) fn lookup(secrets: &[&Secret], image: &str) -> Vec<AuthConfig> {
    let (host, path) = reference::repository(image);
    let mut found: Vec<(usize, AuthConfig)> = Vec::new();
    for secret in secrets {
        let data = secret.data.iter().flatten();
        for (key, value) in data {
            let config = match key.as_str() {
                ".dockerconfigjson" => serde_json::from_slice::<DockerConfig>(&value.0).ok(),
                ".dockercfg" => serde_json::from_slice(&value.0).ok().map(|auths| DockerConfig { auths }),
                _ => None,
            };
            for (key, entry) in config.unwrap_or_default().auths {
                let (key_host, key_path) = parse_key(&key);
                let below = key_path.is_empty()
                    || path == key_path
                    || path.strip_prefix(&key_path).is_some_and(|rest| rest.starts_with('/'));
                if host_matches(&key_host, &host) && below {
                    found.extend(entry.into_auth(&key_host).map(|auth| (key_path.len(), auth)));
                }
            }
        }
    }
    found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    found.into_iter().map(|(_, auth)| auth).collect()
}

#[cfg(test)]
mod tests {
    use k8s_openapi::ByteString;

    use super::*;

    #[test]
    fn finds_the_right_entry() {
        let text = br#"{"auths":{
            "https://index.docker.io/v1/":{"username":"hub","password":"p"},
            "q.io":{"auth":"dTpw"},
            "q.io/team":{"username":"team","password":"p"},
            "*.ecr.aws":{"username":"ecr","password":"p"}}}"#;
        let data = BTreeMap::from([(".dockerconfigjson".to_owned(), ByteString(text.to_vec()))]);
        let secret = Secret { data: Some(data), ..Secret::default() };
        let check = |image: &str, users: &[&str]| {
            let got = lookup(&[&secret], image);
            assert_eq!(got.iter().map(|auth| auth.username.as_str()).collect::<Vec<_>>(), users, "{image}");
        };
        check("nginx", &["hub"]);
        check("q.io/other/x:1", &["u"]);
        check("q.io/team/x", &["team", "u"]);
        check("q.io/teamx/x", &["u"]);
        check("a.ecr.aws/x", &["ecr"]);
        check("a.b.ecr.aws/x", &[]);
        check("evil.io/q.io/x", &[]);
    }
}
