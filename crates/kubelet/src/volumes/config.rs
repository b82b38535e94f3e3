//! The files of configMap, secret and downwardAPI volumes.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ConfigMap, DownwardAPIVolumeFile, KeyToPath, Pod, Secret};

use super::VolumeError;
use super::atomic::{File, Payload, is_safe_path};
use crate::pods::env::{self, PodFacts};
use crate::pods::spec;

/// The mode of files when nothing else is said.
pub(crate) const MODE: i32 = 0o644;

fn mode(value: Option<i32>, default: i32) -> u32 {
    u32::try_from(value.unwrap_or(default)).unwrap_or(0) & 0o777
}

fn file(data: Vec<u8>, mode: u32) -> File {
    File { data, mode, uid: None }
}

/// All keys, or those that `items` names, at their paths.
fn select(
    data: BTreeMap<&str, &[u8]>,
    items: Option<&[KeyToPath]>,
    default_mode: i32,
    optional: bool,
    kind: &'static str,
) -> Result<Payload, VolumeError> {
    let items = items.unwrap_or_default();
    if items.is_empty() {
        let own = mode(None, default_mode);
        return Ok(data
            .into_iter()
            .map(|(key, value)| (key.to_owned(), file(value.to_vec(), own)))
            .collect());
    }
    let mut payload = Payload::new();
    for item in items {
        match data.get(item.key.as_str()) {
            Some(value) => {
                if !is_safe_path(&item.path) {
                    return Err(VolumeError::ItemPath(item.path.clone()));
                }
                payload.insert(item.path.clone(), file(value.to_vec(), mode(item.mode, default_mode)));
            }
            None if optional => {}
            None => return Err(VolumeError::KeyMissing { kind, key: item.key.clone() }),
        }
    }
    Ok(payload)
}

/// The files of a ConfigMap.
pub(crate) fn config_map(
    map: &ConfigMap,
    items: Option<&[KeyToPath]>,
    default_mode: i32,
    optional: bool,
) -> Result<Payload, VolumeError> {
    let text = map.data.iter().flatten().map(|(key, value)| (key.as_str(), value.as_bytes()));
    let binary = map.binary_data.iter().flatten().map(|(key, value)| (key.as_str(), value.0.as_slice()));
    select(text.chain(binary).collect(), items, default_mode, optional, "config")
}

/// The files of a Secret.
pub(crate) fn secret(
    secret: &Secret,
    items: Option<&[KeyToPath]>,
    default_mode: i32,
    optional: bool,
) -> Result<Payload, VolumeError> {
    let data = secret.data.iter().flatten().map(|(key, value)| (key.as_str(), value.0.as_slice()));
    select(data.collect(), items, default_mode, optional, "secret")
}

/// The files that tell a pod of itself.
pub(crate) fn downward(
    pod: &Pod,
    facts: &PodFacts,
    items: &[DownwardAPIVolumeFile],
    default_mode: i32,
) -> Result<Payload, VolumeError> {
    let mut payload = Payload::new();
    for item in items {
        if !is_safe_path(&item.path) {
            return Err(VolumeError::ItemPath(item.path.clone()));
        }
        let text = match (&item.field_ref, &item.resource_field_ref) {
            (Some(selector), _) => env::field(pod, facts, &selector.field_path)?,
            (None, Some(selector)) => {
                let name = selector.container_name.as_deref().unwrap_or_default();
                let found = spec::find_container(pod, name).map(|(container, _)| container);
                env::resource(pod, &found.unwrap_or_default(), facts, selector)?
            }
            (None, None) => String::new(),
        };
        payload.insert(item.path.clone(), file(text.into_bytes(), mode(item.mode, default_mode)));
    }
    Ok(payload)
}

#[cfg(test)]
mod tests {
    use k8s_openapi::ByteString;

    use super::*;

    #[test]
    fn items_and_modes() {
        let map = ConfigMap {
            data: Some(BTreeMap::from([("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())])),
            binary_data: Some(BTreeMap::from([("c".to_owned(), ByteString(vec![0xff]))])),
            ..ConfigMap::default()
        };
        let item =
            |key: &str, path: &str, mode| KeyToPath { key: key.to_owned(), path: path.to_owned(), mode };
        let check = |items: &[KeyToPath], optional, expect: Option<&[(&str, u32)]>| {
            let got = config_map(&map, Some(items), MODE, optional);
            match expect {
                None => assert!(got.is_err()),
                Some(files) => {
                    let got = got.expect("a payload");
                    let got: Vec<_> = got.iter().map(|(path, file)| (path.as_str(), file.mode)).collect();
                    assert_eq!(got, files);
                }
            }
        };
        check(&[], false, Some(&[("a", 0o644), ("b", 0o644), ("c", 0o644)]));
        check(&[item("a", "x/y", Some(0o400))], false, Some(&[("x/y", 0o400)]));
        check(&[item("none", "x", None)], false, None);
        check(&[item("none", "x", None)], true, Some(&[]));
        check(&[item("a", "../x", None)], false, None);
    }
}
