//! Which API servers there are, when several share a store: each keeps a key under a lease, which ends soon after it.
//!
//! Keys and values are those of kube-apiserver's lease reconciler, so that both may serve one cluster.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mizzen_schema::builtin;
use mizzen_schema::table::TypeRef;
use mizzen_store::{LeaseId, Range, Store, StoreError, Txn, Write};
use tokio::sync::Mutex;

use crate::storage::{Form, Storage};

/// How long a server that fell silent is still listed.
const LEASE_S: i64 = 15;
/// How often a server says that it is there.
pub(super) const RENEW_EVERY: Duration = Duration::from_secs(10);

/// The servers of a shared store, of which this is one.
pub(crate) struct Peers {
    store: Arc<dyn Store>,
    /// `/registry/masterleases/`.
    folder: String,
    own: Vec<IpAddr>,
    form: Form,
    lease: Mutex<Option<LeaseId>>,
}

impl std::fmt::Debug for Peers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Peers").field("own", &self.own).finish_non_exhaustive()
    }
}

impl Peers {
    /// A server that is reached at `own`.
    pub(crate) fn new(store: Arc<dyn Store>, storage: &Storage, own: Vec<IpAddr>) -> Self {
        let ty = TypeRef::Static(builtin::kind("", "v1", "Endpoints").expect("a built-in kind"));
        let gvk = ty.kinds.first().expect("a kind has a name").clone();
        let form = Form::new(gvk, ty, true, storage.encoding);
        let folder = format!("{}/masterleases/", storage.prefix);
        Self { store, folder, own, form, lease: Mutex::default() }
    }

    /// Says that this server is there.
    pub(super) async fn renew(&self) -> Result<(), StoreError> {
        let mut lease = self.lease.lock().await;
        if let Some(known) = *lease {
            match self.store.lease_keep_alive(known).await {
                Err(StoreError::LeaseNotFound(_)) => {}
                result => return result,
            }
        }
        *lease = None;
        let new = self.store.lease_grant(LEASE_S).await?;
        let writes = self.own.iter().map(|address| Write::Put {
            key: format!("{}{address}", self.folder).into(),
            value: self.value(*address),
            lease: Some(new),
        });
        self.store.commit(Txn { writes: writes.collect(), ..Txn::default() }).await?;
        *lease = Some(new);
        Ok(())
    }

    /// The addresses of all servers.
    pub(super) async fn addresses(&self) -> Result<Vec<IpAddr>, StoreError> {
        let start = Bytes::from(self.folder.clone());
        // '0' follows '/'.
        let end = Bytes::from(format!("{}0", &self.folder[..self.folder.len() - 1]));
        let found = self.store.range(Range { start, end: Some(end), at: None, limit: 0 }).await?;
        let names = found.entries.iter().filter_map(|entry| {
            std::str::from_utf8(entry.key.strip_prefix(self.folder.as_bytes())?).ok()?.parse().ok()
        });
        let addresses: BTreeSet<IpAddr> = names.collect();
        Ok(addresses.into_iter().collect())
    }

    /// Says that this server goes.
    pub(super) async fn leave(&self) -> Result<(), StoreError> {
        match self.lease.lock().await.take() {
            Some(lease) => self.store.lease_revoke(lease).await,
            None => Ok(()),
        }
    }

    fn value(&self, address: IpAddr) -> Bytes {
        let object = serde_json::json!({
            "kind": "Endpoints", "apiVersion": "v1", "metadata": {},
            "subsets": [{"addresses": [{"ip": address.to_string()}]}],
        });
        let mut value = self.form.decode_json(object.to_string().as_bytes()).expect("an Endpoints object");
        self.form.encode(&mut value).stored
    }
}

#[cfg(test)]
mod tests {
    use mizzen_store::MemoryStore;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn servers_come_and_go() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let server = |address: &str| {
            Peers::new(store.clone(), &Storage::default(), vec![address.parse().expect("an address")])
        };
        let (one, other) = (server("10.0.0.1"), server("10.0.0.2"));
        let check = async |expect: &[&str]| {
            let found = one.addresses().await.expect("readable");
            assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), expect);
        };
        one.renew().await.expect("written");
        other.renew().await.expect("written");
        check(&["10.0.0.1", "10.0.0.2"]).await;
        for _ in 0..3 {
            tokio::time::sleep(RENEW_EVERY).await;
            one.renew().await.expect("kept alive");
        }
        check(&["10.0.0.1"]).await;
        other.renew().await.expect("a new lease");
        check(&["10.0.0.1", "10.0.0.2"]).await;
        one.leave().await.expect("left");
        check(&["10.0.0.2"]).await;
    }
}
