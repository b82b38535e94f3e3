//! What a controller is given.

use mizzen_client::{Client, Informers, Recorder};
use mizzen_clock::Env;
use tokio_util::sync::CancellationToken;

use crate::config::Config;

/// A controller's surroundings. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Context {
    /// Settings of all controllers.
    pub(crate) config: Config,
    /// The controller's own user.
    pub(crate) client: Client,
    /// Caches that all controllers share.
    pub(crate) informers: Informers,
    /// Time and chance.
    pub(crate) env: Env,
    /// Events in the controller's name.
    pub(crate) events: Recorder,
    /// Tells the controller to stop.
    pub(crate) cancel: CancellationToken,
}

/// A failed reconcile; the work queue tries again with back-off.
pub(crate) type Reconcile = Result<mizzen_client::Outcome, mizzen_client::Error>;
