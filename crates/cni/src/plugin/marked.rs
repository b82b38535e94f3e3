//! Elements of nftables' sets and maps that carry, as their comment, whose they are.

use std::collections::BTreeSet;

use mizzen_kernel::nft::Nft;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::plugin::Call;
use crate::types::{PluginError, code};

/// Longest comment. Source: libnftnl, NFTNL_UDATA_COMMENT_MAXLEN.
const COMMENT_LEN_MAX: usize = 127;

/// `ID/INTERFACE`, which marks what belongs to an attachment.
pub(crate) fn owner_comment(call: &Call) -> String {
    comment(&call.container_id, &call.interface)
}

/// An id that is too long for a comment is hashed.
fn comment(id: &str, interface: &str) -> String {
    let owner = format!("{id}/{interface}");
    if owner.len() <= COMMENT_LEN_MAX {
        return owner;
    }
    format!("{}/{interface}", hex::encode(Sha256::digest(id)))
}

/// An element of a set or map, with the comment that says whose it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) set: String,
    /// As in nft's own text.
    pub(crate) key: String,
    pub(crate) comment: String,
}

/// Every element of a table that has a comment; none when there is no such table.
pub(crate) async fn elements(nft: &Nft, family: &str, table: &str) -> Result<Vec<Element>, PluginError> {
    let Some(text) = nft.list(&["table", family, table]).await? else { return Ok(Vec::new()) };
    let list: Value = serde_json::from_slice(&text)
        .map_err(|error| PluginError::new(code::DECODE, format!("nft's answer: {error}")))?;
    let objects = list["nftables"].as_array().into_iter().flatten();
    let sets = objects.filter_map(|object| object.get("map").or_else(|| object.get("set")));
    let mut found = Vec::new();
    for set in sets {
        let name = set["name"].as_str().unwrap_or_default();
        for element in set["elem"].as_array().into_iter().flatten() {
            // An element of a map is a pair.
            let key = element.get(0).unwrap_or(element);
            let Some(marked) = key.get("elem") else { continue };
            let comment = marked["comment"].as_str().unwrap_or_default();
            found.push(Element {
                set: name.to_owned(),
                key: key_text(&marked["val"]),
                comment: comment.to_owned(),
            });
        }
    }
    Ok(found)
}

fn key_text(value: &Value) -> String {
    match (value, value.get("concat").and_then(Value::as_array)) {
        (_, Some(parts)) => parts.iter().map(key_text).collect::<Vec<_>>().join(" . "),
        (Value::String(text), _) => text.clone(),
        (other, _) => other.to_string(),
    }
}

/// Removes an attachment's elements from a table, in both families.
pub(crate) async fn delete(call: &Call, table: &str) -> Result<(), PluginError> {
    let comment = owner_comment(call);
    remove(table, |element| element.comment == comment).await
}

/// Removes the elements of attachments that are gone.
pub(crate) async fn collect(call: &Call, table: &str) -> Result<(), PluginError> {
    let valid: BTreeSet<String> =
        call.valid_owners()?.into_iter().map(|(id, interface)| comment(&id, &interface)).collect();
    remove(table, |element| !valid.contains(&element.comment)).await
}

async fn remove(table: &str, goes: impl Fn(&Element) -> bool) -> Result<(), PluginError> {
    let nft = Nft::default();
    let mut script = String::new();
    for family in ["ip", "ip6"] {
        for element in elements(&nft, family, table).await?.iter().filter(|element| goes(element)) {
            let Element { set, key, .. } = element;
            script.push_str(&format!("delete element {family} {table} {set} {{ {key} }}\n"));
        }
    }
    if script.is_empty() { Ok(()) } else { Ok(nft.apply(&script).await?) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_ids_are_hashed() {
        assert_eq!(comment("a", "eth0"), "a/eth0");
        let long = comment(&"x".repeat(200), "eth0");
        assert_eq!((long.len(), long.ends_with("/eth0")), (69, true));
        assert_ne!(long, comment(&"y".repeat(200), "eth0"));
    }
}
