//! Profiles: which plugins take part, with which weights and arguments.

use mizzen_component::typed;
use serde_json::Value;

use crate::config::{Plugin, PluginSet, ProfileConfig};
use crate::framework::{Filter, Score};
use crate::plugins::{self, ABSENT, KNOWN, Known};
use mizzen_component::ConfigError as Error;

/// A way to schedule.
pub(crate) struct Profile {
    /// Pods that name it are scheduled so.
    pub(crate) scheduler_name: String,
    /// How many percent of the nodes are scored; 0 adapts.
    pub(crate) percentage: u32,
    /// In order: a node's first rejection counts.
    pub(crate) filters: Vec<Box<dyn Filter>>,
    /// With their weights.
    pub(crate) scores: Vec<(i64, Box<dyn Score>)>,
    /// Whether pods with scheduling gates wait.
    pub(crate) gates: bool,
}

/// An extension point: its interface's name, and which of the known plugins extend it.
struct Point<'a> {
    interface: &'static str,
    set: &'a PluginSet,
    extends: fn(&Known) -> bool,
}

/// A plugin that is on, and its weight.
type On = (&'static Known, i64);

impl Profile {
    /// The profile that a configuration at `field` describes.
    pub(crate) fn new(
        name: &str,
        percentage: u32,
        config: &ProfileConfig,
        field: &str,
    ) -> Result<Self, Error> {
        let points = &config.plugins;
        let everywhere = everywhere(&points.multi_point, &format!("{field}.plugins.multiPoint"))?;
        let resolve = |interface, set, extends: fn(&Known) -> bool| {
            let point = Point { interface, set, extends };
            at_point(&point, &everywhere, &format!("{field}.plugins"))
        };
        // Steps of a plugin's own: it takes them wherever it filters or scores, so the points say nothing but names.
        for (interface, set) in [
            ("PreFilterPlugin", &points.pre_filter),
            ("PostFilterPlugin", &points.post_filter),
            ("PreScorePlugin", &points.pre_score),
            ("ReservePlugin", &points.reserve),
            ("PermitPlugin", &points.permit),
            ("PreBindPlugin", &points.pre_bind),
            ("PostBindPlugin", &points.post_bind),
        ] {
            resolve(interface, set, |known| known.filter.is_some() || known.score.is_some())?;
        }
        if resolve("QueueSortPlugin", &points.queue_sort, |known| known.name == "PrioritySort")?.is_empty() {
            return Err(Error::field(field, "no queue sort plugin is enabled"));
        }
        if resolve("BindPlugin", &points.bind, |known| known.name == "DefaultBinder")?.is_empty() {
            return Err(Error::field(
                field,
                format!("at least one bind plugin is needed for profile with scheduler name {name:?}"),
            ));
        }
        let gates =
            resolve("PreEnqueuePlugin", &points.pre_enqueue, |known| known.name == "SchedulingGates")?;
        let filters = resolve("FilterPlugin", &points.filter, |known| known.filter.is_some())?;
        let scores = resolve("ScorePlugin", &points.score, |known| known.score.is_some())?;
        check_arguments(config, field)?;
        let mut profile = Self {
            scheduler_name: name.to_owned(),
            percentage,
            filters: Vec::new(),
            scores: Vec::new(),
            gates: !gates.is_empty(),
        };
        for (known, _) in filters {
            let make = known.filter.expect("only those that filter are on here");
            profile.filters.push(make(&arguments(config, known.name))?);
        }
        for (known, weight) in scores {
            let make = known.score.expect("only those that score are on here");
            profile.scores.push((weight, make(&arguments(config, known.name))?));
        }
        Ok(profile)
    }
}

fn arguments(config: &ProfileConfig, name: &str) -> Value {
    let given = config.plugin_config.iter().find(|given| given.name == name);
    given.map_or(Value::Null, |given| given.args.clone())
}

/// Every set of arguments belongs to a plugin that is there, once, and is of its kind.
fn check_arguments(config: &ProfileConfig, field: &str) -> Result<(), Error> {
    for (at, given) in config.plugin_config.iter().enumerate() {
        let field = format!("{field}.pluginConfig[{at}]");
        if config.plugin_config[..at].iter().any(|other| other.name == given.name) {
            return Err(Error::field(field, format!("Duplicate value: {:?}", given.name)));
        }
        find(&given.name).map_err(|why| Error::field(&field, why))?;
        let Some(kind) = given.args.get("kind").and_then(Value::as_str) else { continue };
        if kind != format!("{}Args", given.name) {
            return Err(Error::field(field, format!("Invalid value: {kind:?}: expected {}Args", given.name)));
        }
        plugins::check_arguments(&given.name, &given.args)
            .map_err(|error| Error::field(field, error.to_string()))?;
    }
    Ok(())
}

/// Reads a plugin's arguments strictly; none are the defaults.
pub(crate) fn read_arguments<T>(args: &Value) -> Result<T, Error>
where
    T: serde::de::DeserializeOwned + serde::Serialize + Default,
{
    if args.is_null() { Ok(T::default()) } else { Ok(typed(args.clone(), true)?) }
}

fn find(name: &str) -> Result<&'static Known, String> {
    match KNOWN.iter().find(|known| known.name == name) {
        Some(known) => Ok(known),
        None if ABSENT.contains(&name) => Err(format!("plugin {name:?} is not available yet")),
        None => Err(format!("plugin {name:?} does not exist")),
    }
}

fn disables(disabled: &[Plugin], name: &str) -> bool {
    disabled.iter().any(|plugin| plugin.name == "*" || plugin.name == name)
}

fn weight(plugin: &Plugin) -> i64 {
    plugin.weight.filter(|weight| *weight != 0).map_or(1, i64::from)
}

/// The plugins of `multiPoint`: the defaults, less what is disabled; those enabled there once more take the new weight.
fn everywhere(set: &PluginSet, field: &str) -> Result<Vec<On>, Error> {
    let mut on: Vec<On> = KNOWN
        .iter()
        .filter(|known| !disables(&set.disabled, known.name))
        .map(|known| (known, known.weight))
        .collect();
    for plugin in &set.enabled {
        let known = find(&plugin.name).map_err(|why| Error::field(field, why))?;
        match on.iter_mut().find(|(own, _)| own.name == known.name) {
            Some(own) => own.1 = plugin.weight.map_or(own.1, |_| weight(plugin)),
            None => on.push((known, weight(plugin))),
        }
    }
    Ok(on)
}

/// The plugins at one point: those named there first, then those of `multiPoint` that extend it and are not disabled.
fn at_point(point: &Point<'_>, everywhere: &[On], field: &str) -> Result<Vec<On>, Error> {
    let mut on = Vec::<On>::new();
    for plugin in &point.set.enabled {
        let known = find(&plugin.name).map_err(|why| Error::field(field, why))?;
        if !(point.extends)(known) {
            let message = format!("plugin {:?} does not extend {} plugin", plugin.name, point.interface);
            return Err(Error::field(field, message));
        }
        if on.iter().any(|(own, _)| own.name == known.name) {
            let message = format!("plugin {:?} already registered as {:?}", plugin.name, point.interface);
            return Err(Error::field(field, message));
        }
        on.push((known, weight(plugin)));
    }
    for (known, weight) in everywhere {
        let named = on.iter().any(|(own, _)| own.name == known.name);
        if (point.extends)(known) && !named && !disables(&point.set.disabled, known.name) {
            on.push((known, *weight));
        }
    }
    Ok(on)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn profile(config: Value) -> Result<Profile, String> {
        let config: ProfileConfig = serde_json::from_value(config).expect("a profile");
        Profile::new("a", 0, &config, "profiles[0]").map_err(|error| error.to_string())
    }

    fn weights(config: Value) -> Vec<i64> {
        profile(config).expect("a profile").scores.iter().map(|(weight, _)| *weight).collect()
    }

    #[test]
    fn plugins_are_switched() {
        let default = profile(json!({})).expect("the default");
        assert_eq!((default.filters.len(), default.gates), (6, true));
        assert_eq!(weights(json!({})), [3, 2, 1, 1, 1]);
        let one = json!({"plugins": {"score": {
            "disabled": [{"name": "*"}], "enabled": [{"name": "NodeResourcesFit", "weight": 5}],
        }}});
        assert_eq!(weights(one), [5]);
        let heavier =
            json!({"plugins": {"multiPoint": {"enabled": [{"name": "ImageLocality", "weight": 7}]}}});
        assert_eq!(weights(heavier), [3, 2, 1, 1, 7]);
        let without = json!({"plugins": {"multiPoint": {"disabled": [{"name": "TaintToleration"}]}}});
        assert_eq!(profile(without).expect("a profile").filters.len(), 5);
        let check = |config: Value, expect: &str| assert_eq!(profile(config).err().as_deref(), Some(expect));
        check(
            json!({"plugins": {"filter": {"enabled": [{"name": "Nonsense"}]}}}),
            "profiles[0].plugins: plugin \"Nonsense\" does not exist",
        );
        check(
            json!({"plugins": {"filter": {"enabled": [{"name": "PodTopologySpread"}]}}}),
            "profiles[0].plugins: plugin \"PodTopologySpread\" is not available yet",
        );
        check(
            json!({"plugins": {"filter": {"enabled": [{"name": "ImageLocality"}]}}}),
            "profiles[0].plugins: plugin \"ImageLocality\" does not extend FilterPlugin plugin",
        );
        check(
            json!({"plugins": {"queueSort": {"disabled": [{"name": "*"}]}}}),
            "profiles[0]: no queue sort plugin is enabled",
        );
    }

    #[test]
    fn arguments_are_checked() {
        let with = |name: &str, args: Value| json!({"pluginConfig": [{"name": name, "args": args}]});
        let check = |config: Value, expect: Option<&str>| {
            assert_eq!(profile(config.clone()).err().as_deref(), expect, "{config}");
        };
        let fit = |strategy: Value| {
            with("NodeResourcesFit", json!({"kind": "NodeResourcesFitArgs", "scoringStrategy": strategy}))
        };
        check(fit(json!({"type": "MostAllocated", "resources": [{"name": "cpu", "weight": 3}]})), None);
        check(
            fit(json!({"type": "Nonsense"})),
            Some(
                "profiles[0].pluginConfig[0]: scoringStrategy.type: Unsupported value: \"Nonsense\": supported \
                  values: \"LeastAllocated\", \"MostAllocated\", \"RequestedToCapacityRatio\"",
            ),
        );
        check(
            fit(json!({"type": "LeastAllocated", "resources": [{"name": "cpu", "weight": 101}]})),
            Some(
                "profiles[0].pluginConfig[0]: scoringStrategy.resources[0].weight: Invalid value: 101: resource \
                  weight of cpu not in valid range [1, 100]",
            ),
        );
        check(
            with("NodeResourcesFit", json!({"kind": "NodeResourcesFitArgs", "extra": 1})),
            Some("profiles[0].pluginConfig[0]: strict decoding error: unknown field \"extra\""),
        );
        check(
            with("InterPodAffinity", json!({})),
            Some("profiles[0].pluginConfig[0]: plugin \"InterPodAffinity\" is not available yet"),
        );
    }
}
