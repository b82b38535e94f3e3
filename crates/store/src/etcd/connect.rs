//! Opens connections, and makes calls on them.

use std::time::Duration;

use etcd_client::{Certificate, Client, ConnectOptions, Error, Identity, TlsOptions};
use tokio::time::{Instant, timeout_at};

use super::config::{EtcdConfig, EtcdTls};
use super::error::{EtcdOpenError, is_passing, timed_out, was_never_sent};

/// The longest message that is taken.
pub(super) const MESSAGE_BYTES_MAX: usize = 64 << 20;
/// As kube-apiserver has it: a connection whose peer is silent for that long is asked, and given up.
const KEEP_ALIVE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(10));
/// First and longest pause before another attempt.
const PAUSE: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(500));

fn check_endpoint(endpoint: &str, tls: bool) -> Result<(), EtcdOpenError> {
    let fail = |why| Err(EtcdOpenError::Endpoint { endpoint: endpoint.to_owned(), why });
    let rest = match endpoint.split_once("://") {
        Some(("http", _)) if tls => return fail("certificates are given, but the scheme is http"),
        Some(("http" | "https", rest)) => rest,
        Some(_) => return fail("the scheme is neither http nor https"),
        None => endpoint,
    };
    if rest.trim_end_matches('/').is_empty() { fail("no host is named") } else { Ok(()) }
}

fn tls_options(tls: &EtcdTls) -> TlsOptions {
    let options = TlsOptions::new();
    let options = match tls.ca_pem.as_str() {
        "" => options.with_native_roots(),
        pem => options.ca_certificate(Certificate::from_pem(pem)),
    };
    if tls.cert_pem.is_empty() {
        return options;
    }
    options.identity(Identity::from_pem(&tls.cert_pem, &tls.key_pem))
}

/// A client; connections are made when they are first needed, and anew when they break.
pub(super) async fn client(config: &EtcdConfig) -> Result<Client, EtcdOpenError> {
    if config.endpoints.is_empty() {
        return Err(EtcdOpenError::NoEndpoint);
    }
    for endpoint in &config.endpoints {
        check_endpoint(endpoint, config.tls.is_some())?;
    }
    let mut options = ConnectOptions::new()
        .with_connect_timeout(config.connect_timeout)
        .with_keep_alive(KEEP_ALIVE.0, KEEP_ALIVE.1)
        .with_keep_alive_while_idle(true)
        .with_require_leader(true);
    let secure = config.endpoints.iter().any(|endpoint| endpoint.starts_with("https://"));
    if let Some(tls) = &config.tls {
        options = options.with_tls(tls_options(tls));
    } else if secure {
        // Endpoints of both schemes may be mixed then: the option would refuse the plain ones.
        let plain = config.endpoints.iter().any(|endpoint| !endpoint.starts_with("https://"));
        if !plain {
            options = options.with_tls(tls_options(&EtcdTls::default()));
        }
    }
    Client::connect(&config.endpoints, Some(options)).await.map_err(EtcdOpenError::Client)
}

/// Whether an attempt that failed may be followed by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// The request may be done twice.
    Whenever,
    /// Only while nobody has seen it.
    Unsent,
}

/// Why a call gave no answer.
#[derive(Debug)]
pub(super) enum CallError {
    Etcd(Error),
    TimedOut,
}

impl CallError {
    /// The error, for those who want it of etcd; a timeout stays one.
    pub(super) fn or_else(self, translate: impl FnOnce(Error) -> crate::StoreError) -> crate::StoreError {
        match self {
            Self::Etcd(error) => translate(error),
            Self::TimedOut => timed_out(),
        }
    }
}

/// Makes a call, again and again while that may help, for at most `limit`.
#[allow(clippy::disallowed_methods)] // tokio's instant.
pub(super) async fn call<T, F>(
    limit: Duration,
    repeat: Repeat,
    mut attempt: impl FnMut() -> F,
) -> Result<T, CallError>
where
    F: Future<Output = Result<T, Error>>,
{
    let deadline = Instant::now() + limit;
    let mut pause = PAUSE.0;
    loop {
        let error = match timeout_at(deadline, attempt()).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => error,
            Err(_) => return Err(CallError::TimedOut),
        };
        let again = is_passing(&error) && (repeat == Repeat::Whenever || was_never_sent(&error));
        if !again || Instant::now() + pause >= deadline {
            return Err(CallError::Etcd(error));
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_checked() {
        let check = |endpoint: &str, tls, expect: bool| {
            assert_eq!(check_endpoint(endpoint, tls).is_ok(), expect, "{endpoint}");
        };
        check("http://127.0.0.1:2379", false, true);
        check("https://etcd-0.etcd:2379", true, true);
        check("127.0.0.1:2379", false, true);
        check("http://127.0.0.1:2379", true, false);
        check("unix:///run/etcd.sock", false, false);
        check("http://", false, false);
        check("", false, false);
    }
}
