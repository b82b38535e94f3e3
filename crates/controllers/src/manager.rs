//! Starts the controllers, and starts those again that fail.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use mizzen_client::{Informers, Queues, Recorder};
use mizzen_clock::Env;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use crate::config::{Clients, Config, Error};
use crate::context::Context;

/// The name under which the client of the caches is asked for that all controllers share.
pub const SHARED_INFORMERS: &str = "shared-informers";
/// Pauses between starts of a controller that fails, doubling.
const PAUSE_MIN: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(30);

type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A controller that can be started.
pub(crate) struct Controller {
    /// As `--controllers` names it.
    pub(crate) flag: &'static str,
    /// As its user is named: `system:serviceaccount:kube-system:NAME`.
    pub(crate) user: &'static str,
    /// Runs it until its context is cancelled.
    pub(crate) run: fn(Context) -> Running,
}

macro_rules! controllers {
    ($($flag:literal, $user:expr, $run:path;)*) => {
        /// Every controller.
        const CONTROLLERS: &[Controller] = &[$(
            Controller { flag: $flag, user: $user, run: |context| Box::pin($run(context)) },
        )*];
    };
}

controllers! {
    "endpointslice-controller", "endpointslice-controller", crate::endpointslice::run;
    "endpoints-controller", "endpoint-controller", crate::endpoints::run;
    "endpointslice-mirroring-controller", "endpointslicemirroring-controller", crate::mirroring::run;
    "clusterrole-aggregation-controller", "clusterrole-aggregation-controller", crate::clusterrole_aggregation::run;
    "serviceaccount-controller", "service-account-controller", crate::serviceaccount::run;
    "serviceaccount-token-controller", SHARED_INFORMERS, crate::tokens::run;
    "root-ca-certificate-publisher-controller", "root-ca-cert-publisher", crate::root_ca::run;
    "node-ipam-controller", "node-controller", crate::nodeipam::run;
    "node-lifecycle-controller", "node-controller", crate::nodelifecycle::run;
    "taint-eviction-controller", "node-controller", crate::tainteviction::run;
    "namespace-controller", "namespace-controller", crate::namespace::run;
    "garbage-collector-controller", "generic-garbage-collector", crate::garbagecollector::run;
    "pod-garbage-collector-controller", "pod-garbage-collector", crate::podgc::run;
    "deployment-controller", "deployment-controller", crate::deployment::run;
    "certificatesigningrequest-approving-controller", "certificate-controller", crate::certificates::approve::run;
    "certificatesigningrequest-signing-controller", "certificate-controller", crate::certificates::sign::run;
    "certificatesigningrequest-cleaner-controller", "certificate-controller", crate::certificates::clean::run;
    "disruption-controller", "disruption-controller", crate::disruption::run;
    "replicaset-controller", "replicaset-controller", crate::replicaset::run;
}

fn is_on(config: &Config, controller: &Controller) -> bool {
    let names =
        |sign: &str| config.controllers.iter().any(|own| *own == format!("{sign}{}", controller.flag));
    !names("-") && (names("") || config.controllers.iter().any(|own| own == "*"))
}

fn check(config: &Config) -> Result<(), Error> {
    for name in &config.controllers {
        let bare = name.strip_prefix('-').unwrap_or(name);
        if bare != "*" && !CONTROLLERS.iter().any(|controller| controller.flag == bare) {
            let message = format!("{bare:?} is not in the list of known controllers");
            return Err(Error::Config { flag: "controllers", message });
        }
    }
    if let Some(range) = config.cluster_cidr
        && !(range.prefix_len()..=30).contains(&config.node_cidr_mask_size)
    {
        let message = format!("{} does not divide {range}", config.node_cidr_mask_size);
        return Err(Error::Config { flag: "node-cidr-mask-size", message });
    }
    Ok(())
}

/// Runs the controllers until `cancel`; their work queues are counted in `queues`.
pub async fn run(
    config: Config,
    clients: Clients,
    env: Env,
    queues: Queues,
    cancel: CancellationToken,
) -> Result<(), Error> {
    check(&config)?;
    let informers = Informers::new(clients(SHARED_INFORMERS), env.clone(), cancel.clone());
    let mut tasks = JoinSet::new();
    for controller in CONTROLLERS.iter().filter(|controller| is_on(&config, controller)) {
        let client = clients(controller.user).with_field_manager("kube-controller-manager");
        let (events, write_events) =
            Recorder::new(client.clone(), env.clone(), controller.user, "", cancel.clone());
        tasks.spawn(write_events);
        let context = Context {
            config: config.clone(),
            client,
            queues: queues.clone(),
            informers: informers.clone(),
            env: env.clone(),
            events,
            cancel: cancel.clone(),
        };
        tasks.spawn(watch_over(controller, context));
    }
    while let Some(ended) = tasks.join_next().await {
        if let Err(panic) = ended {
            error!(error = %panic, "A controller's keeper panicked.");
        }
    }
    informers.stopped().await;
    Ok(())
}

/// Runs one controller: again, after a pause, when it panics or returns too early. Reconciles are tasks of their own,
/// so a panic here is one of the controller's frame.
async fn watch_over(controller: &'static Controller, context: Context) {
    let mut pause = PAUSE_MIN;
    loop {
        info!(controller = controller.flag, "Controller started.");
        let mut one = JoinSet::new();
        one.spawn((controller.run)(context.clone()));
        let ended = one.join_next().await;
        if context.cancel.is_cancelled() {
            return;
        }
        let panic = ended.and_then(Result::err).map(|panic| panic.to_string()).unwrap_or_default();
        error!(controller = controller.flag, panic, "Controller ended, starting it again.");
        if context.cancel.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controllers_are_chosen() {
        let on = |names: &[&str], flag: &str| {
            let controllers = names.iter().map(|name| (*name).to_owned()).collect();
            let config = Config { controllers, ..Config::default() };
            check(&config).expect("known names");
            let controller = CONTROLLERS.iter().find(|controller| controller.flag == flag).expect("known");
            is_on(&config, controller)
        };
        assert!(on(&["*"], "deployment-controller"));
        assert!(!on(&["*", "-deployment-controller"], "deployment-controller"));
        assert!(on(&["deployment-controller"], "deployment-controller"));
        assert!(!on(&["replicaset-controller"], "deployment-controller"));
        let unknown = Config { controllers: vec!["nonsense".to_owned()], ..Config::default() };
        check(&unknown).expect_err("an unknown name");
    }
}
