//! Between the trait's values and etcd's.

use bytes::Bytes;
use etcd_client::proto::{PbEvent, PbKeyValue, PbTxnOpResponse};
use etcd_client::{Compare as EtcdCompare, CompareOp, PutOptions, Txn as EtcdTxn, TxnOp, TxnResponse};

use crate::api::{Compare, Event, KeyValue, Revision, Txn, Write};
use crate::txn::compare_key;

/// A revision of etcd's; they start at 1.
pub(super) fn revision(number: i64) -> Revision {
    u64::try_from(number).ok().and_then(Revision::new).unwrap_or(Revision::FIRST)
}

pub(super) fn number(revision: Revision) -> i64 {
    i64::try_from(revision.get()).unwrap_or(i64::MAX)
}

pub(super) fn key_value(found: PbKeyValue) -> KeyValue {
    KeyValue {
        key: found.key.into(),
        value: found.value.into(),
        create_revision: revision(found.create_revision),
        mod_revision: revision(found.mod_revision),
        version: u64::try_from(found.version).unwrap_or(0),
    }
}

/// A change; `None` for one without a key, which etcd never sends.
pub(super) fn event(event: PbEvent) -> Option<Event> {
    let current = key_value(event.kv?);
    // 0 is a put.
    let deleted = event.r#type != 0;
    Some(Event {
        key: current.key.clone(),
        revision: current.mod_revision,
        current: (!deleted).then_some(current),
        previous: event.prev_kv.map(key_value),
    })
}

/// etcd's form of a transaction: when a condition fails, it reads the keys that were compared.
pub(super) fn transaction(txn: &Txn) -> EtcdTxn {
    let compares: Vec<EtcdCompare> = txn
        .compares
        .iter()
        .map(|compare| {
            let Compare::ModRevision { key, expected } = compare;
            // The revision of a key that does not exist is 0.
            EtcdCompare::mod_revision(key.to_vec(), CompareOp::Equal, expected.map_or(0, number))
        })
        .collect();
    let writes: Vec<TxnOp> = txn
        .writes
        .iter()
        .map(|write| match write {
            Write::Put { key, value, lease } => {
                let options = lease.map(|lease| PutOptions::new().with_lease(lease.0));
                TxnOp::put(key.to_vec(), value.to_vec(), options)
            }
            Write::Delete { key } => TxnOp::delete(key.to_vec(), None),
        })
        .collect();
    let reads: Vec<TxnOp> =
        txn.compares.iter().map(|compare| TxnOp::get(compare_key(compare).to_vec(), None)).collect();
    EtcdTxn::new().when(compares).and_then(writes).or_else(reads)
}

/// The present values of compared keys, out of the answer to a transaction whose condition failed.
pub(super) fn present(answer: TxnResponse) -> Vec<Option<KeyValue>> {
    let found = answer.0.responses.into_iter().map(|answer| match answer.response {
        Some(PbTxnOpResponse::ResponseRange(range)) => range.kvs.into_iter().next().map(key_value),
        _ => None,
    });
    found.collect()
}

/// Where a range starts: etcd knows no empty key.
pub(super) fn start_key(start: &Bytes) -> Vec<u8> {
    if start.is_empty() { vec![0] } else { start.to_vec() }
}

/// Whether no key can be in a range. To etcd, an end of one zero byte would mean that there is none.
pub(super) fn is_empty(start: &[u8], end: &[u8]) -> bool {
    end <= start || end == [0]
}
