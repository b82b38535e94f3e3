//! The standard set of plugins: what kube-apiserver's flags switch on, put together.

use std::sync::Arc;

use mizzen_pki::TokenKey;

use crate::actions;
use crate::admission::Loopback;
use crate::admission::plugins::{self, QUOTA, Selection, UnknownPlugin};
use crate::allocate::{AllocatorConfig, ServiceAllocator};
use crate::authn::{self, AuthnConfig, ConfigError};
use crate::authz::{self, UnknownMode};
use crate::discovery::Documents;
use crate::http::oidc::Oidc;
use crate::server::{Hooks, ObserverRow, Plugins};
use crate::table::Printers;

/// What the flags say.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Authentication.
    pub authn: AuthnConfig,
    /// `--authorization-mode`: `Node`, `RBAC`.
    pub authorization_modes: Vec<String>,
    /// `--enable-admission-plugins` and `--disable-admission-plugins`.
    pub admission: Selection,
    /// `--service-account-signing-key-file`.
    pub token_key: TokenKey,
    /// `--service-account-issuer`.
    pub issuer: String,
    /// `--service-account-extend-token-expiration`.
    pub extend_token_expiration: bool,
    /// `--service-account-max-token-expiration` in seconds; 0 for no limit.
    pub token_expiration_max_s: i64,
    /// `--service-account-jwks-uri`; empty: at the server's address.
    pub jwks_uri: String,
    /// `--service-cluster-ip-range` and `--service-node-port-range`.
    pub services: AllocatorConfig,
    /// Where clients reach the server, as `host:port`: discovery tells them.
    pub server_address: String,
    /// The server's own client, which the caller sets when the server has started.
    pub loopback: Loopback,
}

/// A flag's value that cannot be.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// In authentication.
    #[error(transparent)]
    Authn(#[from] ConfigError),
    /// In `--authorization-mode`.
    #[error(transparent)]
    Mode(#[from] UnknownMode),
    /// In the lists of admission plugins.
    #[error(transparent)]
    Plugin(#[from] UnknownPlugin),
}

/// The plugins, and the allocator of Services, whose [`ServiceAllocator::run`] the caller spawns.
pub fn standard(
    hooks: &Hooks,
    settings: &Settings,
) -> Result<(Plugins, Arc<ServiceAllocator>), SettingsError> {
    let Hooks { lookup, env, .. } = hooks;
    let authentication = authn::standard(&settings.authn, lookup, env)?;
    let authorizer = authz::from_modes(&settings.authorization_modes, lookup)?;
    let loopback = settings.loopback.clone();
    let parts = plugins::Parts {
        lookup: lookup.clone(),
        authorizer: authorizer.clone(),
        loopback: loopback.clone(),
        env: env.clone(),
    };
    let mut admission = plugins::standard(&parts, &settings.admission)?;
    let allocator =
        Arc::new(ServiceAllocator::new(settings.services.clone(), lookup.clone(), loopback, env.clone()));
    // What is allocated is given out last, and charged after that.
    let at = admission.iter().position(|plugin| plugin.name() == QUOTA).unwrap_or(admission.len());
    admission.insert(at, allocator.clone());
    let actions = actions::standard(&actions::Parts {
        key: settings.token_key.clone(),
        issuer: settings.issuer.clone(),
        extend_expiration: settings.extend_token_expiration,
        expiration_max_s: settings.token_expiration_max_s,
        authentication: authentication.clone(),
        authorizer: authorizer.clone(),
        lookup: lookup.clone(),
        env: env.clone(),
    });
    let jwks_uri = match settings.jwks_uri.as_str() {
        "" => format!("https://{}{}", settings.server_address, actions::oidc::JWKS_PATH),
        uri => uri.to_owned(),
    };
    let oidc = Oidc::new(&settings.issuer, &jwks_uri, &settings.authn.token_keys);
    let plugins = Plugins {
        authenticators: vec![authentication.requests],
        authorizer: Some(authorizer),
        admission,
        actions,
        paths: vec![Arc::new(Documents::new(settings.server_address.clone(), env.clone())), Arc::new(oidc)],
        tables: Some(Arc::new(Printers)),
        observers: vec![ObserverRow { group: "", resource: "services", observer: allocator.clone() }],
        ..Plugins::default()
    };
    Ok((plugins, allocator))
}
