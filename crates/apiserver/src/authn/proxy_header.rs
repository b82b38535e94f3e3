//! Front proxies: a client whose certificate a certain authority signed may say for whom it asks.

use std::collections::BTreeMap;

use async_trait::async_trait;
use http::HeaderMap;
use mizzen_clock::Env;
use percent_encoding::percent_decode_str;

use super::certificate::{Chains, common_name};
use super::{Authenticator, ConfigError, Peer};
use crate::attributes::User;
use crate::status::ApiError;

/// What the `--requestheader-*` flags say. Header names match without case.
#[derive(Debug, Clone, Default)]
pub struct ProxyHeadersConfig {
    /// `--requestheader-client-ca-file`, its PEM.
    pub client_ca_pem: String,
    /// `--requestheader-allowed-names`: common names; empty for all that the authority signed.
    pub allowed_names: Vec<String>,
    /// `--requestheader-username-headers`: `X-Remote-User`.
    pub username_headers: Vec<String>,
    /// `--requestheader-uid-headers`: `X-Remote-Uid`.
    pub uid_headers: Vec<String>,
    /// `--requestheader-group-headers`: `X-Remote-Group`.
    pub group_headers: Vec<String>,
    /// `--requestheader-extra-headers-prefix`: `X-Remote-Extra-`.
    pub extra_headers_prefix: Vec<String>,
}

/// The authenticator of front-proxy headers. The server takes the headers away from a request before it
/// passes it on to anybody, whether they were believed or not.
pub struct ProxyHeaders {
    config: ProxyHeadersConfig,
    chains: Chains,
}

impl ProxyHeaders {
    /// Believes clients of the configured authority.
    pub fn new(config: ProxyHeadersConfig, env: Env) -> Result<Self, ConfigError> {
        let chains = Chains::new(&config.client_ca_pem, "--requestheader-client-ca-file", env)?;
        Ok(Self { config, chains })
    }
}

fn first<'a>(headers: &'a HeaderMap, names: &[String]) -> Option<&'a str> {
    let values = names.iter().filter_map(|name| headers.get(name.as_str())?.to_str().ok());
    values.map(str::trim).find(|value| !value.is_empty())
}

#[async_trait]
impl Authenticator for ProxyHeaders {
    async fn authenticate(&self, headers: &HeaderMap, peer: &Peer) -> Result<Option<User>, ApiError> {
        let Some(leaf) = peer.certificates.first() else { return Ok(None) };
        let Some(name) = first(headers, &self.config.username_headers) else { return Ok(None) };
        // Other clients' certificates are none of this authenticator's business, and their headers are
        // ignored.
        if !self.chains.accept(peer) {
            return Ok(None);
        }
        let allowed = &self.config.allowed_names;
        if !allowed.is_empty() && !allowed.contains(&common_name(leaf)) {
            return Ok(None);
        }
        let mut user = User { name: name.to_owned(), ..User::default() };
        user.uid = first(headers, &self.config.uid_headers).unwrap_or_default().to_owned();
        for header in &self.config.group_headers {
            let values = headers.get_all(header.as_str()).iter().filter_map(|value| value.to_str().ok());
            user.groups.extend(values.map(str::to_owned));
        }
        user.extra = extra(headers, &self.config.extra_headers_prefix);
        Ok(Some(user))
    }
}

fn extra(headers: &HeaderMap, prefixes: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut extra: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for prefix in prefixes {
        let prefix = prefix.to_ascii_lowercase();
        for (name, value) in headers {
            let (Some(key), Ok(value)) = (name.as_str().strip_prefix(&prefix), value.to_str()) else {
                continue;
            };
            let key = percent_decode_str(key).decode_utf8_lossy().into_owned();
            extra.entry(key).or_default().push(value.to_owned());
        }
    }
    extra
}

#[cfg(test)]
mod tests {
    use mizzen_pki::Authority;

    use super::super::certificate::tests::{env, peer};
    use super::*;

    #[tokio::test]
    async fn headers_count_only_from_the_proxy() {
        let env = env();
        let proxies = Authority::create("front-proxy", env.now()).unwrap();
        let clients = Authority::create("kubernetes", env.now()).unwrap();
        let config = ProxyHeadersConfig {
            client_ca_pem: proxies.cert_pem().to_owned(),
            allowed_names: vec!["proxy".to_owned()],
            username_headers: vec!["X-Remote-User".to_owned()],
            uid_headers: vec!["X-Remote-Uid".to_owned()],
            group_headers: vec!["X-Remote-Group".to_owned()],
            extra_headers_prefix: vec!["X-Remote-Extra-".to_owned()],
        };
        let authn = ProxyHeaders::new(config, env).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-remote-user", "jane".parse().unwrap());
        headers.append("x-remote-group", "a".parse().unwrap());
        headers.append("x-remote-group", "b".parse().unwrap());
        headers.insert("x-remote-extra-example.com%2fscope", "s".parse().unwrap());
        let user = authn.authenticate(&headers, &peer(&proxies, "proxy", &[])).await.unwrap().unwrap();
        assert_eq!((user.name.as_str(), user.groups.len()), ("jane", 2));
        assert_eq!(user.extra["example.com/scope"], ["s"]);
        for other in [peer(&proxies, "other", &[]), peer(&clients, "proxy", &[]), Peer::default()] {
            assert_eq!(authn.authenticate(&headers, &other).await, Ok(None));
        }
    }
}
