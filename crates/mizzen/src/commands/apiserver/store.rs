//! Opens the store that the flags choose.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use mizzen_apiserver::storage::{Encoding, Storage};
use mizzen_store::{EmbeddedStore, EtcdConfig, EtcdStore, EtcdTls, MemoryStore, Store};

use super::flags::{Engine, PROTOBUF, StoreFlags};

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}

/// Reads a file that may not have been given.
pub(super) fn read_or_empty(path: Option<&PathBuf>) -> Result<String> {
    path.map_or(Ok(String::new()), |path| read(path))
}

/// Opens the store: etcd where servers are named, else one of Mizzen's own.
pub(super) async fn open(flags: &StoreFlags) -> Result<Arc<dyn Store>> {
    if !flags.etcd_servers.is_empty() {
        return Ok(Arc::new(EtcdStore::open(etcd(flags)?).await.context("connect to --etcd-servers")?));
    }
    match flags.store {
        Engine::Memory => Ok(Arc::new(MemoryStore::new())),
        Engine::Embedded => {
            let directory = flags.data_dir.as_ref().context("--etcd-servers or --data-dir must be given")?;
            let store = EmbeddedStore::open(directory, mizzen_store::Config::default()).await;
            Ok(Arc::new(store.with_context(|| format!("open the store in {}", directory.display()))?))
        }
    }
}

fn etcd(flags: &StoreFlags) -> Result<EtcdConfig> {
    let given = flags.etcd_cafile.is_some() || flags.etcd_certfile.is_some();
    let tls = EtcdTls {
        ca_pem: read_or_empty(flags.etcd_cafile.as_ref())?,
        cert_pem: read_or_empty(flags.etcd_certfile.as_ref())?,
        key_pem: read_or_empty(flags.etcd_keyfile.as_ref())?,
    };
    Ok(EtcdConfig { tls: given.then_some(tls), ..EtcdConfig::new(flags.etcd_servers.clone()) })
}

/// Where and how the objects lie in it. Mizzen's own engines keep them as they are in memory.
pub(super) fn storage(flags: &StoreFlags) -> Storage {
    let protobuf = !flags.etcd_servers.is_empty() && flags.storage_media_type == PROTOBUF;
    Storage {
        prefix: format!("/{}", flags.etcd_prefix.trim_matches('/')),
        encoding: if protobuf { Encoding::Protobuf } else { Encoding::Json },
    }
}
