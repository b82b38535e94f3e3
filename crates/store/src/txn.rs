//! What a transaction may look like, whatever the engine.

use bytes::Bytes;

use crate::api::{Compare, StoreError, Txn, Write};

/// The most bytes that a transaction's keys and values may have, with [`ENTRY_OVERHEAD`] for each entry.
///
/// Twice etcd's limit on a request (1.5 MiB): what an API server takes in at most, and as much again for
/// what it adds.
pub const TXN_BYTES_MAX: usize = 2 * (3 << 19);

/// What each condition and each write counts beside its key and value.
pub const ENTRY_OVERHEAD: usize = 64;

/// Ending a lease deletes so many keys at one revision; a lease with more keys takes several.
pub(crate) const LEASE_DELETES_MAX: usize = 10_000;

pub(crate) fn compare_key(compare: &Compare) -> &Bytes {
    let Compare::ModRevision { key, .. } = compare;
    key
}

fn write_key(write: &Write) -> &Bytes {
    match write {
        Write::Put { key, .. } | Write::Delete { key } => key,
    }
}

/// Refuses empty keys, a key that is written twice, and more than [`TXN_BYTES_MAX`]; gives the size.
pub(crate) fn check(txn: &Txn) -> Result<usize, StoreError> {
    let mut bytes = 0usize;
    for key in txn.compares.iter().map(compare_key).chain(txn.writes.iter().map(write_key)) {
        if key.is_empty() {
            return Err(StoreError::Malformed("a key is empty"));
        }
        bytes = bytes.saturating_add(key.len() + ENTRY_OVERHEAD);
    }
    for write in &txn.writes {
        if let Write::Put { value, .. } = write {
            bytes = bytes.saturating_add(value.len());
        }
    }
    if bytes > TXN_BYTES_MAX {
        return Err(StoreError::Malformed("the transaction is larger than 3 MiB"));
    }
    if txn.writes.len() > 1 {
        let mut keys: Vec<&Bytes> = txn.writes.iter().map(write_key).collect();
        keys.sort_unstable();
        if keys.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(StoreError::Malformed("a key is written twice"));
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(key: &'static str, value_len: usize) -> Write {
        Write::Put { key: Bytes::from_static(key.as_bytes()), value: vec![0; value_len].into(), lease: None }
    }

    #[test]
    fn malformed_transactions_are_refused() {
        #[track_caller]
        fn check_writes(writes: Vec<Write>, expect: Option<&str>) {
            let result = check(&Txn { writes, ..Txn::default() });
            match (result, expect) {
                (Ok(_), None) => {}
                (Err(StoreError::Malformed(what)), Some(expect)) => assert_eq!(what, expect),
                (result, _) => panic!("{result:?}"),
            }
        }
        check_writes(vec![], None);
        check_writes(vec![put("a", 1), put("b", 1)], None);
        check_writes(vec![put("", 1)], Some("a key is empty"));
        check_writes(vec![put("b", 1), put("a", 1), put("b", 1)], Some("a key is written twice"));
        check_writes(vec![put("a", TXN_BYTES_MAX - ENTRY_OVERHEAD - 1)], None);
        check_writes(vec![put("a", TXN_BYTES_MAX)], Some("the transaction is larger than 3 MiB"));
    }
}
