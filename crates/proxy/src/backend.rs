//! Brings the kernel's table to what is wanted: all of it once, then only what changed.

use mizzen_kernel::conntrack::{Flow, forget};
use mizzen_kernel::nft::{Nft, NftError};
use tracing::{debug, warn};

use crate::render::TABLE;
use crate::table::{Table, parse};

/// The kernel's side.
#[derive(Debug)]
pub(crate) struct Backend {
    nft: Nft,
    /// Whether the kernel has what the table last said.
    in_step: bool,
}

/// What one sync did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Synced {
    /// All was compared, not only what changed.
    pub(crate) full: bool,
    /// Something was written.
    pub(crate) changed: bool,
}

impl Backend {
    pub(crate) fn new(nft: Nft) -> Self {
        Self { nft, in_step: false }
    }

    /// The next sync compares everything.
    pub(crate) fn distrust(&mut self) {
        self.in_step = false;
    }

    /// Applies what changed. After a failure the next sync compares everything.
    pub(crate) async fn sync(&mut self, table: &mut Table) -> Result<Synced, NftError> {
        let full = !self.in_step;
        let script = if full {
            let there = self.nft.list(&["table", "ip", TABLE]).await?;
            table.full_script(there.as_deref().and_then(parse))
        } else {
            table.script()
        };
        let changed = !script.is_empty();
        if changed {
            self.in_step = false;
            let applied = self.nft.apply(&script).await;
            if let (true, Err(NftError::Refused(message))) = (full, &applied) {
                // What is there is not what it was taken for: all of it anew.
                warn!(message, "The table could not be taken over, will be replaced.");
                self.nft.apply(&table.full_script(None)).await?;
            } else {
                applied?;
            }
        }
        self.in_step = true;
        forget_all(table.take_flows()).await;
        Ok(Synced { full, changed })
    }
}

async fn forget_all(flows: Vec<Flow>) {
    for flow in flows {
        debug!(?flow, "Forgetting UDP flows.");
        if let Err(error) = forget(&flow).await {
            warn!(%error, "Could not forget old UDP flows.");
            // It will not go better with the next.
            return;
        }
    }
}
