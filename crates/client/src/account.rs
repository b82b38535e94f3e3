//! A client that acts as a service account, with tokens that it asks for as somebody else.

use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use k8s_openapi::api::authentication::v1::{TokenRequest, TokenRequestSpec};
use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use mizzen_clock::Env;
use tokio::sync::Mutex;

use crate::error::Error;
use crate::object::ObjectKey;
use crate::resource::ApiResource;
use crate::transport::{Body, Transport};
use crate::verbs::Client;

/// How long tokens are asked for.
const VALID: Duration = Duration::from_secs(3600);

/// A token, and when it is time for another one.
struct Token {
    header: HeaderValue,
    renew: Timestamp,
}

struct Account {
    key: ObjectKey,
    /// Asks for tokens, and makes the account where it is missing.
    own: Client,
    /// Carries requests without credentials.
    bare: Client,
    env: Env,
    token: Mutex<Option<Token>>,
}

impl Account {
    /// The token to use now.
    async fn token(&self) -> Result<HeaderValue, Error> {
        let mut slot = self.token.lock().await;
        if let Some(token) = slot.as_ref().filter(|token| self.env.now() < token.renew) {
            return Ok(token.header.clone());
        }
        let request = TokenRequest {
            spec: TokenRequestSpec {
                expiration_seconds: i64::try_from(VALID.as_secs()).ok(),
                ..TokenRequestSpec::default()
            },
            ..TokenRequest::default()
        };
        let accounts = ApiResource::of::<ServiceAccount>();
        let ask = || self.own.create_subresource::<_, TokenRequest>(&accounts, &self.key, "token", &request);
        let answer = match ask().await {
            Err(error) if error.is_not_found() => {
                self.make().await?;
                ask().await?
            }
            other => other?,
        };
        let Some(status) = answer.status else {
            return Err(Error::Transport("the answer to a token request has no token".into()));
        };
        let mut header = HeaderValue::try_from(format!("Bearer {}", status.token))
            .map_err(|error| Error::Transport(Box::new(error)))?;
        header.set_sensitive(true);
        // Early enough that a slow answer does not find it expired.
        let now = self.env.now();
        let left = Duration::try_from(status.expiration_timestamp.0.duration_since(now)).unwrap_or_default();
        let renew = now + left.mul_f64(0.8);
        *slot = Some(Token { header: header.clone(), renew });
        Ok(header)
    }

    async fn make(&self) -> Result<(), Error> {
        let account = ServiceAccount {
            metadata: ObjectMeta {
                name: Some(self.key.name.clone()),
                namespace: Some(self.key.namespace.clone()),
                ..ObjectMeta::default()
            },
            ..ServiceAccount::default()
        };
        match self.own.create(&account).await {
            Err(error) if !error.is_already_exists() => Err(error),
            _ => Ok(()),
        }
    }
}

impl Transport for Account {
    fn send(&self, mut request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, Error>> {
        Box::pin(async move {
            let token = self.token().await?;
            request.headers_mut().insert(header::AUTHORIZATION, token.clone());
            let response = self.bare.transport().send(request).await?;
            if response.status() == StatusCode::UNAUTHORIZED {
                // The account may have been made anew: the next request asks for another token.
                let mut slot = self.token.lock().await;
                if slot.as_ref().is_some_and(|own| own.header == token) {
                    *slot = None;
                }
            }
            Ok(response)
        })
    }
}

impl Client {
    /// A client that acts as a service account: `self` asks for its tokens (and makes the account where it is missing),
    /// `bare` carries the requests and has no credentials of its own.
    #[must_use]
    pub fn as_service_account(&self, bare: &Client, namespace: &str, name: &str, env: Env) -> Client {
        Client::new(Account {
            key: ObjectKey::new(namespace, name),
            own: self.clone(),
            bare: bare.clone(),
            env,
            token: Mutex::new(None),
        })
    }
}
