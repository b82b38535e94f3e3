//! Authentication: who asks.
//!
//! The first credential that is right counts; if there is none but a wrong one, the answer is 401, and never
//! the anonymous user. Start at [`standard`].

mod bearer;
mod bootstrap_token;
mod certificate;
mod proxy_header;
mod service_account;
mod static_token;
mod verifier;

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_clock::Env;
use mizzen_pki::TokenKey;
use rustls::pki_types::CertificateDer;
use tracing::debug;

use crate::admission::Lookup;
use crate::attributes::User;
use crate::status::ApiError;

pub use bearer::{Bearer, TokenAuthenticator, TokenUser, Tokens};
pub use bootstrap_token::BootstrapTokens;
pub use certificate::ClientCertificates;
pub use proxy_header::{ProxyHeaders, ProxyHeadersConfig};
pub use service_account::{ServiceAccountTokens, service_account_groups, service_account_name};
pub use static_token::StaticTokens;
pub use verifier::client_verifier;

/// The extra key that names the credential itself, so that audit can tell two of one user apart.
pub(crate) const CREDENTIAL_ID: &str = "authentication.kubernetes.io/credential-id";
const AUTHENTICATED: &str = "system:authenticated";

/// What the connection itself tells of the client: its certificate chain (not yet verified against the client
/// CA when the listener asks but does not require), leaf first; empty for none.
#[derive(Debug, Clone, Default)]
pub struct Peer {
    /// Leaf first.
    pub certificates: Vec<CertificateDer<'static>>,
}

/// Tells who asks. Several are asked in turn: the first user found counts.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// `Ok(None)`: this authenticator has no opinion (no credentials of its sort). An error is a credential
    /// of its sort that is wrong: 401.
    async fn authenticate(&self, headers: &http::HeaderMap, peer: &Peer) -> Result<Option<User>, ApiError>;
}

/// What kube-apiserver's authentication flags say.
#[derive(Debug, Clone, Default)]
pub struct AuthnConfig {
    /// `--client-ca-file`: PEM of the authorities of client certificates; empty for none.
    pub client_ca_pem: String,
    /// `--service-account-signing-key-file` first, then `--service-account-key-file` in order.
    pub token_keys: Vec<TokenKey>,
    /// `--service-account-issuer`: the first one issues, all are accepted.
    pub issuers: Vec<String>,
    /// `--api-audiences`; the first issuer when empty.
    pub api_audiences: Vec<String>,
    /// `--token-auth-file`: its contents; empty for none.
    pub static_tokens_csv: String,
    /// `--enable-bootstrap-token-auth`.
    pub bootstrap_tokens: bool,
    /// `--requestheader-*`.
    pub proxy_headers: Option<ProxyHeadersConfig>,
    /// `--anonymous-auth`.
    pub anonymous: bool,
}

impl AuthnConfig {
    /// The audiences that a token must be meant for when the caller names none.
    pub fn audiences(&self) -> Vec<String> {
        if self.api_audiences.is_empty() {
            self.issuers.first().cloned().into_iter().collect()
        } else {
            self.api_audiences.clone()
        }
    }
}

/// Wrong authentication configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A bundle of authorities that is not one.
    #[error("{flag}: no certificate authority in it, or a malformed one")]
    Authorities {
        /// The flag that names it.
        flag: &'static str,
    },
    /// A token file with a line that is not `token,user,uid[,"group,…"]`.
    #[error("token file, line {line}: want token,user,uid and perhaps groups")]
    TokenFile {
        /// Which line, from one.
        line: usize,
    },
}

/// Both halves of what a server needs: the authenticator of requests, and that of tokens alone (TokenReview).
#[derive(Clone)]
pub struct Authentication {
    /// For requests.
    pub requests: Arc<dyn Authenticator>,
    /// For tokens.
    pub tokens: Arc<Tokens>,
    /// What tokens are for when nothing else is said.
    pub audiences: Vec<String>,
}

/// The chain in kube-apiserver's order: front proxy, client certificate, bearer tokens, anonymous.
pub fn standard(
    config: &AuthnConfig,
    lookup: &Arc<dyn Lookup>,
    env: &Env,
) -> Result<Authentication, ConfigError> {
    let mut chain: Vec<Arc<dyn Authenticator>> = Vec::new();
    if let Some(proxy) = &config.proxy_headers {
        chain.push(Arc::new(ProxyHeaders::new(proxy.clone(), env.clone())?));
    }
    if !config.client_ca_pem.is_empty() {
        chain.push(Arc::new(ClientCertificates::new(&config.client_ca_pem, env.clone())?));
    }
    let mut tokens: Vec<Arc<dyn TokenAuthenticator>> = Vec::new();
    if !config.static_tokens_csv.is_empty() {
        tokens.push(Arc::new(StaticTokens::parse(&config.static_tokens_csv)?));
    }
    if !config.token_keys.is_empty() {
        tokens.push(Arc::new(ServiceAccountTokens::new(
            config.token_keys.clone(),
            config.issuers.clone(),
            lookup.clone(),
            env.clone(),
        )));
    }
    if config.bootstrap_tokens {
        tokens.push(Arc::new(BootstrapTokens::new(lookup.clone(), env.clone())));
    }
    let (tokens, audiences) = (Arc::new(Tokens::new(tokens)), config.audiences());
    chain.push(Arc::new(Bearer::new(tokens.clone(), audiences.clone())));
    let requests = Arc::new(Union { chain, anonymous: config.anonymous });
    Ok(Authentication { requests, tokens, audiences })
}

/// Several authenticators as one. A right credential beats a wrong one wherever each stands in the chain; a
/// wrong one beats none at all. Users found are put into `system:authenticated`.
pub struct Union {
    chain: Vec<Arc<dyn Authenticator>>,
    anonymous: bool,
}

impl Union {
    /// Asks these in turn; with `anonymous`, who shows no credential at all is `system:anonymous`.
    pub fn new(chain: Vec<Arc<dyn Authenticator>>, anonymous: bool) -> Self {
        Self { chain, anonymous }
    }
}

#[async_trait]
impl Authenticator for Union {
    async fn authenticate(&self, headers: &http::HeaderMap, peer: &Peer) -> Result<Option<User>, ApiError> {
        let mut wrong = None;
        for authenticator in &self.chain {
            match authenticator.authenticate(headers, peer).await {
                Ok(Some(user)) => return Ok(Some(authenticated(user))),
                Ok(None) => {}
                Err(error) => {
                    debug!(%error, "A credential was refused.");
                    wrong = Some(error);
                }
            }
        }
        match wrong {
            Some(error) => Err(error),
            None => Ok(self.anonymous.then(User::anonymous)),
        }
    }
}

/// The user, in `system:authenticated` (unless they came as anonymous through a front proxy).
pub(crate) fn authenticated(mut user: User) -> User {
    if user.name != "system:anonymous" && !user.in_group(AUTHENTICATED) {
        user.groups.push(AUTHENTICATED.to_owned());
    }
    user
}

/// 401 with a reason for the log; the client is told nothing but "Unauthorized".
pub(crate) fn refused(why: &'static str) -> ApiError {
    debug!(why, "A credential is wrong.");
    ApiError::unauthorized()
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Fixed {
        User(&'static str),
        Nothing,
        Wrong,
    }

    #[async_trait]
    impl Authenticator for Fixed {
        async fn authenticate(&self, _: &http::HeaderMap, _: &Peer) -> Result<Option<User>, ApiError> {
            match self {
                Self::User(name) => Ok(Some(User { name: (*name).to_owned(), ..User::default() })),
                Self::Nothing => Ok(None),
                Self::Wrong => Err(ApiError::unauthorized()),
            }
        }
    }

    #[tokio::test]
    async fn union_semantics() {
        async fn check(chain: Vec<Fixed>, anonymous: bool, expect: Result<Option<&str>, u16>) {
            let chain = chain.into_iter().map(|one| Arc::new(one) as Arc<dyn Authenticator>).collect();
            let union = Union::new(chain, anonymous);
            let found = union.authenticate(&http::HeaderMap::new(), &Peer::default()).await;
            let found = found.map(|user| user.map(|user| user.name)).map_err(|error| error.code);
            assert_eq!(found, expect.map(|user| user.map(str::to_owned)));
        }
        use Fixed::{Nothing, User, Wrong};
        check(vec![], true, Ok(Some("system:anonymous"))).await;
        check(vec![Nothing], false, Ok(None)).await;
        check(vec![Nothing, User("a"), User("b")], true, Ok(Some("a"))).await;
        check(vec![Wrong, User("a")], true, Ok(Some("a"))).await;
        check(vec![Nothing, Wrong, Nothing], true, Err(401)).await;
    }

    #[test]
    fn authenticated_group_is_there_once() {
        let user = authenticated(authenticated(User::default()));
        assert_eq!(user.groups, ["system:authenticated"]);
        assert_eq!(authenticated(User::anonymous()).groups, ["system:unauthenticated"]);
    }
}
