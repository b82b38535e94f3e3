//! A new runtime finds what the former left: shims that run are listened to again, what has ended is recorded, what
//! was half made is removed.

use mizzen_kernel::process;
use mizzen_shim::protocol::{Request, Response};
use tracing::{info, warn};

use crate::error::{RuntimeError, chain};
use crate::record::{self, ContainerRecord, SandboxRecord};
use crate::runtime::Runtime;
use crate::shim::{Connection, ShimError};

impl Runtime {
    /// Reads all records and joins them with what runs. What can't be recovered is logged and left for its removal.
    pub(crate) async fn recover(&self) {
        let mut unfinished = Vec::new();
        for id in self.list("sandboxes") {
            match record::load::<SandboxRecord>(&self.sandbox_folder(&id)) {
                Ok(record) if record.id == id => {
                    if !record.ready && record.shim_pid == 0 {
                        unfinished.push(record.clone());
                    }
                    self.inventory().add_sandbox(record, self.cancel.child_token());
                }
                Ok(_) | Err(_) => {
                    warn!(sandbox = id, "A sandbox has no record, its folder is removed.");
                    self.log_failure(&id, self.erase_sandbox(&id).await);
                }
            }
        }
        for id in self.list("containers") {
            let record = record::load::<ContainerRecord>(&self.container_folder(&id)).ok();
            let known =
                record.filter(|record| record.id == id && self.inventory().sandbox(&record.sandbox).is_ok());
            match known {
                Some(record) => self.inventory().add_container(record),
                None => {
                    warn!(container = id, "A container has no record or no sandbox, it is removed.");
                    self.log_failure(&id, self.erase_container(&id).await);
                }
            }
        }
        for record in unfinished {
            self.log_failure(
                &record.id,
                self.tear_down(&record).await.and(self.erase_sandbox(&record.id).await),
            );
        }
        let ready = {
            let inventory = self.inventory();
            let records = inventory.sandboxes.values().map(|sandbox| sandbox.record.clone());
            records.filter(|record| record.ready).collect::<Vec<_>>()
        };
        let count = ready.len();
        for record in ready {
            if let Err(error) = self.reconnect(&record).await {
                warn!(
                    sandbox = record.id,
                    error = chain(&error),
                    "A sandbox's shim is gone, the sandbox is stopped."
                );
                self.log_failure(&record.id, self.stop_sandbox(&record.id).await);
                self.change_sandbox(&record.id, |record| record.ready = false);
            }
        }
        self.settle();
        info!(sandboxes = count, "Recovered sandboxes.");
    }

    fn list(&self, kind: &str) -> Vec<String> {
        let folder = self.config.root.join(kind);
        record::subfolders(&folder).unwrap_or_else(|error| {
            warn!(folder = %folder.display(), %error, "Could not list records.");
            Vec::new()
        })
    }

    fn log_failure(&self, id: &str, result: Result<(), RuntimeError>) {
        if let Err(error) = result {
            warn!(id, error = chain(&error), "Could not clean up, removing it will try again.");
        }
    }

    /// Listens to a sandbox's shim again, and learns what happened meanwhile.
    async fn reconnect(&self, record: &SandboxRecord) -> Result<(), RuntimeError> {
        if process::start_time(record.shim_pid) != Some(record.shim_start_time) {
            return Err(ShimError::Gone(std::io::ErrorKind::NotFound.into()).into());
        }
        let mut connection = Connection::open(&self.socket(&record.id)).await?;
        let (response, _) = connection.ask(&Request::Watch, &[]).await?;
        let Response::State { containers } = response else { return Err(ShimError::Protocol.into()) };
        for state in &containers {
            let known = self.inventory().container(&state.id).map(|container| container.record.clone());
            let Ok(known) = known else { continue };
            if known.start.is_none() && known.exit.is_none() {
                self.container_started(state);
            }
            self.container_ended(state);
        }
        let lost = {
            let inventory = self.inventory();
            let records = inventory.containers_of(&record.id).filter(|one| one.is_running());
            let unknown = |one: &&ContainerRecord| !containers.iter().any(|state| state.id == one.id);
            records.filter(unknown).map(|one| one.id.clone()).collect::<Vec<_>>()
        };
        for id in lost {
            self.container_lost(&id);
        }
        self.listen_to(&record.id, connection);
        Ok(())
    }

    /// Containers of sandboxes that do not run do not run either.
    fn settle(&self) {
        let stale = {
            let inventory = self.inventory();
            let dead = |id: &str| inventory.sandbox(id).is_ok_and(|sandbox| !sandbox.record.ready);
            let records = inventory.containers.values().map(|container| &container.record);
            let stale = records.filter(|record| record.is_running() && dead(&record.sandbox));
            stale.map(|record| record.id.clone()).collect::<Vec<_>>()
        };
        for id in stale {
            self.container_lost(&id);
        }
    }
}
