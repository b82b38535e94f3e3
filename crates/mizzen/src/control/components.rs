//! Scheduler and controllers in the control plane's process, each calling the API server as its own user.

use std::sync::Arc;

use mizzen_apiserver::Server;
use mizzen_apiserver::attributes::User;
use mizzen_client::Queues;
use mizzen_clock::Env;
use mizzen_controllers::Clients;
use mizzen_pki::{Authority, TokenKey};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::supervise::supervise;
use crate::cluster::settings::{POD_CIDR, Settings};

/// The user as which a controller acts.
fn controller_user(name: &str) -> User {
    match name {
        // All of them read through one set of caches.
        "shared-informers" => User::new("system:kube-controller-manager", &[]),
        name => User::new(
            format!("system:serviceaccount:kube-system:{name}"),
            &["system:serviceaccounts", "system:serviceaccounts:kube-system"],
        ),
    }
}

/// Starts the scheduler and the controllers; `trust` is by what pods know the API server, and what signs tokens.
pub(super) fn spawn(
    tasks: &TaskTracker,
    server: &Server,
    settings: &Settings,
    trust: (Authority, TokenKey),
    env: &Env,
    cancel: &CancellationToken,
) {
    let (own, env_of) = (server.clone(), env.clone());
    let scheduler = move |cancel| {
        let client = own.client(User::new("system:kube-scheduler", &[]));
        let (config, metrics) = (mizzen_scheduler::Config::default(), mizzen_scheduler::Metrics::default());
        mizzen_scheduler::run(config, client, env_of.clone(), metrics, own.trace(), cancel)
    };
    if !settings.memory {
        tasks.spawn(supervise("scheduler", cancel.clone(), scheduler));
    }
    let own = server.clone();
    let clients: Clients = Arc::new(move |name: &str| own.client(controller_user(name)));
    let config = mizzen_controllers::Config {
        cluster_cidr: POD_CIDR.parse().ok(),
        root_ca: trust.0.cert_pem().to_owned(),
        signer: Some(mizzen_controllers::Signer {
            cert_pem: trust.0.cert_pem().to_owned(),
            key_pem: trust.0.key_pem().to_owned(),
        }),
        token_key: Some(trust.1),
        ..mizzen_controllers::Config::default()
    };
    let env = env.clone();
    let controllers = move |cancel| {
        mizzen_controllers::run(config.clone(), clients.clone(), env.clone(), Queues::default(), cancel)
    };
    tasks.spawn(supervise("controller-manager", cancel.clone(), controllers));
}
