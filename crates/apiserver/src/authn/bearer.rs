//! Bearer tokens, in the `Authorization` header or among a WebSocket's protocols.

use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, header};

use super::{Authenticator, Peer, authenticated, refused};
use crate::attributes::User;
use crate::status::ApiError;

/// Browsers cannot set headers on a WebSocket: the token rides as a protocol's name.
const PROTOCOL_PREFIX: &str = "base64url.bearer.authorization.k8s.io.";

/// Who a token belongs to, and for which of the asked audiences it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenUser {
    /// Who.
    pub user: User,
    /// Of those asked for.
    pub audiences: Vec<String>,
}

/// Knows tokens of one sort.
#[async_trait]
pub trait TokenAuthenticator: Send + Sync + 'static {
    /// Whose token it is, if it is for any of `audiences`. `Ok(None)`: not a token of this sort.
    async fn token(&self, token: &str, audiences: &[String]) -> Result<Option<TokenUser>, ApiError>;
}

/// All sorts of tokens: a right one beats complaints of the others.
pub struct Tokens(Vec<Arc<dyn TokenAuthenticator>>);

impl Tokens {
    /// Asks these in turn.
    pub fn new(sorts: Vec<Arc<dyn TokenAuthenticator>>) -> Self {
        Self(sorts)
    }
}

#[async_trait]
impl TokenAuthenticator for Tokens {
    async fn token(&self, token: &str, audiences: &[String]) -> Result<Option<TokenUser>, ApiError> {
        let mut wrong = None;
        for sort in &self.0 {
            match sort.token(token, audiences).await {
                Ok(Some(found)) => {
                    return Ok(Some(TokenUser { user: authenticated(found.user), ..found }));
                }
                Ok(None) => {}
                Err(error) => wrong = Some(error),
            }
        }
        wrong.map_or(Ok(None), Err)
    }
}

/// The authenticator of requests that carry a token.
pub struct Bearer {
    tokens: Arc<Tokens>,
    audiences: Vec<String>,
}

impl Bearer {
    /// Accepts tokens for any of these audiences.
    pub fn new(tokens: Arc<Tokens>, audiences: Vec<String>) -> Self {
        Self { tokens, audiences }
    }
}

fn token_of(headers: &HeaderMap) -> Option<String> {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some((scheme, token)) = authorization.and_then(|value| value.trim().split_once(' '))
        && scheme.eq_ignore_ascii_case("bearer")
    {
        // What follows a space is not part of the token.
        let token = token.split(' ').next().unwrap_or_default();
        return Some(token.to_owned()).filter(|token| !token.is_empty());
    }
    let upgrade = headers.get(header::UPGRADE).and_then(|value| value.to_str().ok());
    if !upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket")) {
        return None;
    }
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    let mut offered = offered.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let token = offered.find_map(|protocol| protocol.trim().strip_prefix(PROTOCOL_PREFIX))?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok().filter(|token| !token.is_empty())
}

#[async_trait]
impl Authenticator for Bearer {
    async fn authenticate(&self, headers: &HeaderMap, _peer: &Peer) -> Result<Option<User>, ApiError> {
        let Some(token) = token_of(headers) else { return Ok(None) };
        match self.tokens.token(&token, &self.audiences).await? {
            Some(found) => Ok(Some(found.user)),
            None => Err(refused("a token that nobody knows")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_tokens_are() {
        let check = |pairs: &[(&'static str, &str)], expect: Option<&str>| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, value.parse().unwrap());
            }
            assert_eq!(token_of(&headers).as_deref(), expect, "{pairs:?}");
        };
        check(&[], None);
        check(&[("authorization", "Bearer abc")], Some("abc"));
        check(&[("authorization", "bearer abc def")], Some("abc"));
        check(&[("authorization", "Bearer ")], None);
        check(&[("authorization", "Basic abc")], None);
        let protocols = "v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.YWJj";
        check(&[("upgrade", "WebSocket"), ("sec-websocket-protocol", protocols)], Some("abc"));
        check(&[("sec-websocket-protocol", protocols)], None);
    }

    #[tokio::test]
    async fn an_unknown_token_is_refused() {
        let bearer = Bearer::new(Arc::new(Tokens::new(Vec::new())), Vec::new());
        let mut headers = HeaderMap::new();
        assert_eq!(bearer.authenticate(&headers, &Peer::default()).await, Ok(None));
        headers.insert(header::AUTHORIZATION, "Bearer abc".parse().unwrap());
        assert_eq!(bearer.authenticate(&headers, &Peer::default()).await.unwrap_err().code, 401);
    }
}
