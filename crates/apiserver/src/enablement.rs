//! Which built-in versions and resources are served: kube-apiserver's `--runtime-config`.
//!
//! Stable versions are served; alpha and beta ones are not unless they are asked for (KEP-3136). A setting of one
//! resource counts more than one of its version, and that more than one of all versions of a stability.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use mizzen_schema::builtin;
use mizzen_schema::table::Resource;

/// What is asked for; the default is what kube-apiserver serves without the flag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuntimeConfig {
    all: Option<bool>,
    by_stability: BTreeMap<Stability, bool>,
    versions: BTreeMap<(String, String), bool>,
    resources: BTreeMap<(String, String, String), bool>,
}

/// A setting that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuntimeConfigError {
    /// Neither `api/…`, `GROUP/VERSION` nor `GROUP/VERSION/RESOURCE`.
    #[error("runtime-config invalid key {0}")]
    Key(String),
    /// Not a truth.
    #[error("invalid value of {key}: {value:?}: use true or false")]
    Value {
        /// What is set.
        key: String,
        /// To what.
        value: String,
    },
    /// Groups that no built-in resource is in.
    #[error("unknown api groups {0}")]
    Groups(String),
    /// The group has no such version.
    #[error("group version {0} that has not been registered")]
    Version(String),
    /// Nothing would be left.
    #[error("invalid runtime-config with only api/all=false")]
    Nothing,
}

/// How far a version has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stability {
    Alpha,
    Beta,
    Stable,
}

impl Stability {
    /// Of `v1`, `v2beta1`, `v1alpha3`; none for names of another form.
    pub(crate) fn of(version: &str) -> Option<Self> {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let rest = version.strip_prefix('v')?;
        let (major, stability) = match (rest.split_once("alpha"), rest.split_once("beta")) {
            (Some((major, minor)), _) if is_number(minor) => (major, Self::Alpha),
            (_, Some((major, minor))) if is_number(minor) => (major, Self::Beta),
            _ => (rest, Self::Stable),
        };
        is_number(major).then_some(stability)
    }
}

impl FromStr for RuntimeConfig {
    type Err = RuntimeConfigError;

    /// Reads `api/beta=true,resource.k8s.io/v1alpha3=false`; a key without a value is true.
    fn from_str(text: &str) -> Result<Self, RuntimeConfigError> {
        let mut config = Self::default();
        let mut unknown = BTreeSet::new();
        let settings = text.split(',').map(str::trim).filter(|setting| !setting.is_empty());
        for setting in settings {
            let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
            config.set(key.trim(), value.trim(), &mut unknown)?;
        }
        if !unknown.is_empty() {
            let unknown: Vec<String> = unknown.into_iter().collect();
            return Err(RuntimeConfigError::Groups(unknown.join(",")));
        }
        if config == (Self { all: Some(false), ..Self::default() }) {
            return Err(RuntimeConfigError::Nothing);
        }
        Ok(config)
    }
}

impl RuntimeConfig {
    fn set(
        &mut self,
        key: &str,
        value: &str,
        unknown: &mut BTreeSet<String>,
    ) -> Result<(), RuntimeConfigError> {
        let on = truth(value)
            .ok_or_else(|| RuntimeConfigError::Value { key: key.to_owned(), value: value.to_owned() })?;
        let stability = match key {
            "api/all" => {
                self.all = Some(on);
                return Ok(());
            }
            "api/ga" => Some(Stability::Stable),
            "api/beta" => Some(Stability::Beta),
            "api/alpha" => Some(Stability::Alpha),
            _ => None,
        };
        if let Some(stability) = stability {
            self.by_stability.insert(stability, on);
            return Ok(());
        }
        let invalid = || RuntimeConfigError::Key(key.to_owned());
        let segments: Vec<&str> = key.split('/').collect();
        let (group, version, resource) = match segments[..] {
            // The core group has no name: its one version stands alone, or behind the path's `api`.
            ["v1"] | ["api", "v1"] => ("", "v1", None),
            ["api", "v1", resource] => ("", "v1", Some(resource)),
            [group, version] => (group, version, None),
            [group, version, resource] => (group, version, Some(resource)),
            _ => return Err(invalid()),
        };
        let mut of_group = builtin::resources().iter().filter(|row| row.gvk.group == group).peekable();
        if of_group.peek().is_none() {
            unknown.insert(format!("{group}/{version}"));
            return Ok(());
        }
        if !of_group.any(|row| row.gvk.version == version) {
            return Err(RuntimeConfigError::Version(format!("{group}/{version}")));
        }
        let (group, version) = (group.to_owned(), version.to_owned());
        match resource {
            Some(resource) if resource.chars().any(char::is_uppercase) => return Err(invalid()),
            Some(resource) => self.resources.insert((group, version, resource.to_owned()), on),
            None => self.versions.insert((group, version), on),
        };
        Ok(())
    }

    /// Whether a built-in resource is served.
    pub(crate) fn serves(&self, resource: &Resource) -> bool {
        let (group, version) = (resource.gvk.group.to_string(), resource.gvk.version.to_string());
        let key = (group, version, resource.plural.to_string());
        if let Some(on) = self.resources.get(&key) {
            return *on;
        }
        let (group, version, _) = key;
        let stability = Stability::of(&version);
        self.versions
            .get(&(group, version))
            .copied()
            .or_else(|| self.by_stability.get(&stability?).copied())
            .or(self.all)
            .unwrap_or(stability == Some(Stability::Stable))
    }
}

/// The truths of Go's flags; nothing is true.
fn truth(text: &str) -> Option<bool> {
    match text {
        "" | "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Group versions that are served in part or whole.
    fn served(text: &str) -> Vec<String> {
        let config: RuntimeConfig = text.parse().expect(text);
        let rows = builtin::resources().iter().filter(|row| config.serves(row));
        let versions: BTreeSet<String> = rows.map(|row| row.gvk.api_version()).collect();
        versions.into_iter().collect()
    }

    #[test]
    fn stable_versions_are_the_default() {
        let stable = [
            "admissionregistration.k8s.io/v1",
            "apiextensions.k8s.io/v1",
            "apiregistration.k8s.io/v1",
            "apps/v1",
            "authentication.k8s.io/v1",
            "authorization.k8s.io/v1",
            "autoscaling/v1",
            "autoscaling/v2",
            "batch/v1",
            "certificates.k8s.io/v1",
            "coordination.k8s.io/v1",
            "discovery.k8s.io/v1",
            "events.k8s.io/v1",
            "flowcontrol.apiserver.k8s.io/v1",
            "networking.k8s.io/v1",
            "node.k8s.io/v1",
            "policy/v1",
            "rbac.authorization.k8s.io/v1",
            "resource.k8s.io/v1",
            "scheduling.k8s.io/v1",
            "storage.k8s.io/v1",
            "v1",
        ];
        assert_eq!(served(""), stable);
    }

    #[test]
    fn settings_add_and_take_away() {
        let check = |text: &str, version: &str, expect: bool| {
            assert_eq!(served(text).iter().any(|own| own == version), expect, "{text}: {version}");
        };
        check("api/beta=true", "storage.k8s.io/v1beta1", true);
        check("api/beta", "storage.k8s.io/v1beta1", true);
        check("api/beta=true", "scheduling.k8s.io/v1alpha1", false);
        check("api/all=true", "scheduling.k8s.io/v1alpha1", true);
        check("api/all=true,api/alpha=false", "scheduling.k8s.io/v1alpha1", false);
        check("api/alpha=false,api/all=true", "scheduling.k8s.io/v1alpha1", false);
        check("api/all=false,v1=true", "v1", true);
        check("api/all=false,v1=true", "apps/v1", false);
        check("batch/v1=false", "batch/v1", false);
        check("batch/v1=0,batch/v1/jobs=t", "batch/v1", true);
        check("resource.k8s.io/v1beta1/resourceclaims=true", "resource.k8s.io/v1beta1", true);
        let one: RuntimeConfig = "resource.k8s.io/v1beta1/resourceclaims=true".parse().expect("a setting");
        let rows = builtin::resources().iter().filter(|row| row.gvk.version == "v1beta1" && one.serves(row));
        assert_eq!(rows.map(|row| row.plural.to_string()).collect::<Vec<_>>(), ["resourceclaims"]);
    }

    #[test]
    fn nonsense_is_refused() {
        let check = |text: &str, expect: &str| {
            let error = text.parse::<RuntimeConfig>().expect_err(text);
            assert_eq!(error.to_string(), expect);
        };
        check("api/all=false", "invalid runtime-config with only api/all=false");
        check("api/legacy=true", "unknown api groups api/legacy");
        check("none/v1=true,any/v2", "unknown api groups any/v2,none/v1");
        check("apps/v9=true", "group version apps/v9 that has not been registered");
        check("apps=true", "runtime-config invalid key apps");
        check("apps/v1/Deployments=true", "runtime-config invalid key apps/v1/Deployments");
        check("apps/v1=yes", "invalid value of apps/v1: \"yes\": use true or false");
    }
}
