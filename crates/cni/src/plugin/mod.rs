//! The plugins' side: orders in, answer out.
//!
//! A plugin runs in the node's network namespace, on one thread, and visits the pod's on another.

mod bandwidth;
mod bridge;
mod host_local;
mod ipam;
mod loopback;
mod marked;
mod masquerade;
mod portmap;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::types::{PluginError, Success, VERSIONS, at_least, code};

/// The plugins in here, by the names under which they are to be found in a plugin folder.
pub const NAMES: [&str; 5] = ["bridge", "host-local", "portmap", "loopback", "bandwidth"];

/// Longest standard input.
const INPUT_LEN_MAX: u64 = 4 << 20;

/// What a plugin is asked to do.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) container_id: String,
    /// Empty for DEL when the namespace is gone.
    pub(crate) netns: String,
    pub(crate) interface: String,
    pub(crate) arguments: BTreeMap<String, String>,
    /// Folders of plugins, for delegation.
    pub(crate) path: Vec<PathBuf>,
    pub(crate) version: String,
    /// The network's name.
    pub(crate) network: String,
    pub(crate) previous: Option<Success>,
    /// The whole configuration.
    pub(crate) config: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Common {
    #[serde(default)]
    cni_version: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    prev_result: Option<Value>,
}

impl Call {
    /// The plugin's own part of the configuration.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, PluginError> {
        serde_json::from_value(self.config.clone())
            .map_err(|error| PluginError::new(code::DECODE, format!("failed to load netconf: {error}")))
    }

    /// The result of the plugins before, which a plugin that only adds to it needs.
    pub(crate) fn expect_previous(&self) -> Result<&Success, PluginError> {
        let missing = || PluginError::new(code::INVALID_CONFIG, "must be called as chained plugin");
        self.previous.as_ref().ok_or_else(missing)
    }

    /// `ID/INTERFACE`, as it marks what belongs to the attachment.
    pub(crate) fn owner(&self) -> String {
        format!("{}/{}", self.container_id, self.interface)
    }

    /// Attachments that GC must leave alone, as [`Call::owner`] writes them.
    pub(crate) fn valid_owners(&self) -> Result<Vec<(String, String)>, PluginError> {
        #[derive(Deserialize)]
        struct Valid {
            #[serde(rename = "containerID")]
            container_id: String,
            ifname: String,
        }
        let list = self.config.get("cni.dev/valid-attachments").cloned();
        let list = list.or_else(|| self.config.get("cni.dev/attachments").cloned());
        let list =
            list.ok_or_else(|| PluginError::new(code::INVALID_CONFIG, "GC without valid attachments"))?;
        let list: Vec<Valid> = serde_json::from_value(list)
            .map_err(|error| PluginError::new(code::DECODE, format!("valid attachments: {error}")))?;
        Ok(list.into_iter().map(|valid| (valid.container_id, valid.ifname)).collect())
    }
}

/// Runs as the plugin called `name` (one of [`NAMES`]), reading its orders from the environment and standard
/// input; gives the exit code. `None`: no plugin of that name.
///
/// Must be called in a process without other threads than this one at work on the network.
pub fn plugin_main(name: &str) -> Option<i32> {
    if !NAMES.contains(&name) {
        return None;
    }
    let mut input = Vec::new();
    let read = std::io::stdin().lock().take(INPUT_LEN_MAX).read_to_end(&mut input);
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let answer = match read {
        Ok(_) => answer(name, &environment, &input),
        Err(error) => Err(PluginError::from(error)),
    };
    let (text, exit) = match answer {
        Ok(text) => (text, 0),
        Err(mut error) => {
            error.cni_version = version_of(&input);
            (serde_json::to_string(&error).unwrap_or_default(), 1)
        }
    };
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => Some(exit),
        // Nobody listens.
        Err(_) => Some(2),
    }
}

fn version_of(input: &[u8]) -> String {
    let common = serde_json::from_slice::<Common>(input);
    common.map(|common| common.cni_version).unwrap_or_default()
}

fn answer(name: &str, environment: &BTreeMap<String, String>, input: &[u8]) -> Result<String, PluginError> {
    let variable = |key: &str| environment.get(key).map(String::as_str).unwrap_or_default();
    let command = variable("CNI_COMMAND");
    if command == "VERSION" {
        let version = Some(version_of(input)).filter(|version| !version.is_empty());
        let version = version.unwrap_or_else(|| VERSIONS[VERSIONS.len() - 1].to_owned());
        return Ok(serde_json::json!({"cniVersion": version, "supportedVersions": VERSIONS}).to_string());
    }
    let call = read_call(command, &variable, input)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let success = runtime.block_on(dispatch(name, command, &call))?;
    match success {
        Some(success) => serde_json::to_string(&success.in_version(&call.version))
            .map_err(|error| PluginError::new(code::INTERNAL, error.to_string())),
        None => Ok(String::new()),
    }
}

fn read_call<'a>(
    command: &str,
    variable: &dyn Fn(&str) -> &'a str,
    input: &[u8],
) -> Result<Call, PluginError> {
    let invalid = |message: String| PluginError::new(code::INVALID_ENVIRONMENT, message);
    let needed: &[&str] = match command {
        "ADD" | "CHECK" => &["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_PATH"],
        "DEL" => &["CNI_CONTAINERID", "CNI_IFNAME", "CNI_PATH"],
        "GC" | "STATUS" => &["CNI_PATH"],
        other => return Err(invalid(format!("unknown CNI_COMMAND: {other}"))),
    };
    let missing: Vec<&str> = needed.iter().copied().filter(|key| variable(key).is_empty()).collect();
    if !missing.is_empty() {
        return Err(invalid(format!("required env variables [{}] missing", missing.join(","))));
    }
    let (id, interface) = (variable("CNI_CONTAINERID"), variable("CNI_IFNAME"));
    if !id.is_empty() && !crate::config::valid_name(id) {
        return Err(invalid("invalid characters in containerID".to_owned()));
    }
    let bad = |c: char| c == '/' || c == ':' || c.is_whitespace();
    if interface.len() > mizzen_kernel::net::LINK_NAME_LEN_MAX
        || interface.contains(bad)
        || matches!(interface, "." | "..")
    {
        return Err(invalid(format!("interface name is invalid: {interface:?}")));
    }
    let decode = |error: serde_json::Error| PluginError::new(code::DECODE, format!("decode config: {error}"));
    let config: Value = serde_json::from_slice(input).map_err(decode)?;
    let common: Common = serde_json::from_value(config.clone()).map_err(decode)?;
    let spoken = at_least(&common.cni_version, VERSIONS[0]);
    let least = match command {
        "CHECK" => "0.4.0",
        "GC" | "STATUS" => "1.1.0",
        _ => VERSIONS[0],
    };
    if !spoken || !at_least(&common.cni_version, least) {
        let details = format!("config is {:?}, plugin supports {VERSIONS:?}", common.cni_version);
        return Err(PluginError {
            details,
            ..PluginError::new(code::INCOMPATIBLE_VERSION, "incompatible CNI versions")
        });
    }
    if !crate::config::valid_name(&common.name) {
        return Err(PluginError::new(code::INVALID_CONFIG, format!("{:?} is no network name", common.name)));
    }
    let previous = common.prev_result.filter(|previous| !previous.is_null());
    let previous = previous.map(serde_json::from_value).transpose().map_err(decode)?;
    let arguments = variable("CNI_ARGS").split(';').filter_map(|pair| pair.split_once('='));
    Ok(Call {
        container_id: id.to_owned(),
        netns: variable("CNI_NETNS").to_owned(),
        interface: interface.to_owned(),
        arguments: arguments.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        path: std::env::split_paths(variable("CNI_PATH")).collect(),
        version: common.cni_version,
        network: common.name,
        previous,
        config,
    })
}

async fn dispatch(name: &str, command: &str, call: &Call) -> Result<Option<Success>, PluginError> {
    match (name, command) {
        ("bridge", "ADD") => bridge::add(call).await.map(Some),
        ("bridge", "CHECK") => bridge::check(call).await.map(|()| None),
        ("bridge", "DEL") => bridge::delete(call).await.map(|()| None),
        ("bridge", "GC") => bridge::collect(call).await.map(|()| None),
        ("bridge", "STATUS") => bridge::status(call).await.map(|()| None),
        ("host-local", "ADD") => host_local::add(call).map(Some),
        ("host-local", "CHECK") => host_local::check(call).map(|()| None),
        ("host-local", "DEL") => host_local::delete(call).map(|()| None),
        ("host-local", "GC") => host_local::collect(call).map(|()| None),
        ("host-local", "STATUS") => host_local::status(call).map(|()| None),
        ("portmap", "ADD") => portmap::add(call).await.map(Some),
        ("portmap", "CHECK") => portmap::check(call).await.map(|()| None),
        ("portmap", "DEL") => portmap::delete(call).await.map(|()| None),
        ("portmap", "GC") => portmap::collect(call).await.map(|()| None),
        ("portmap", "STATUS") => portmap::status().await.map(|()| None),
        ("bandwidth", "ADD") => bandwidth::add(call).await.map(Some),
        ("bandwidth", "CHECK") => bandwidth::check(call).await.map(|()| None),
        ("bandwidth", "DEL") => bandwidth::delete(call).await.map(|()| None),
        ("loopback", "ADD") => loopback::add(call).await.map(Some),
        ("loopback", "CHECK") => loopback::check(call).await.map(|()| None),
        ("loopback", "DEL") => loopback::delete(call).await.map(|()| None),
        ("bandwidth" | "loopback", "GC" | "STATUS") => Ok(None),
        (name, command) => unreachable!("{name} {command} was checked before"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_checked() {
        let check = |variables: &[(&str, &str)], input: &str, expect: (u32, &str)| {
            let environment =
                variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            let error = answer("loopback", &environment, input.as_bytes()).unwrap_err();
            assert!(error.code == expect.0 && error.to_string().contains(expect.1), "{error}");
        };
        let ok = r#"{"cniVersion":"1.0.0","name":"n"}"#;
        let full = [
            ("CNI_COMMAND", "ADD"),
            ("CNI_CONTAINERID", "c"),
            ("CNI_NETNS", "/n"),
            ("CNI_IFNAME", "eth0"),
            ("CNI_PATH", "/p"),
        ];
        let with = |key, value| {
            let mut all = full.to_vec();
            all.retain(|(known, _)| *known != key);
            all.push((key, value));
            all
        };
        check(&[], ok, (4, "unknown CNI_COMMAND"));
        check(&[("CNI_COMMAND", "ADD")], ok, (4, "CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH"));
        check(&with("CNI_CONTAINERID", "../c"), ok, (4, "containerID"));
        check(&with("CNI_IFNAME", "../../x"), ok, (4, "interface name"));
        check(&with("CNI_IFNAME", "sixteen-letters-"), ok, (4, "interface name"));
        check(&full, "{", (6, "decode"));
        check(&full, r#"{"cniVersion":"9.9.9","name":"n"}"#, (1, "incompatible"));
        check(&full, r#"{"cniVersion":"1.0.0","name":"../n"}"#, (7, "network name"));
        check(&with("CNI_COMMAND", "GC"), ok, (1, "incompatible"));
    }

    #[test]
    fn version_is_told() {
        let environment = BTreeMap::from([("CNI_COMMAND".to_owned(), "VERSION".to_owned())]);
        let text = answer("bridge", &environment, br#"{"cniVersion":"0.4.0"}"#).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["cniVersion"], "0.4.0");
        assert_eq!(value["supportedVersions"].as_array().unwrap().len(), VERSIONS.len());
    }
}
