//! `--feature-gates`: which can be set, and to what.

use anyhow::{Context, Result, bail};

use mizzen_apiserver::features::has_fields;

use super::gate_names::{ALPHA, BETA, STABLE};

/// Features that are there, and on only when they are asked for.
const CHANGEABLE: &[&str] = &["CBORServingAndStorage"];

/// Checks settings of the form `NAME=true|false`. But for a few, what Mizzen has is on or off for good: what asks for
/// something else is refused.
pub(super) fn check(settings: &[String]) -> Result<()> {
    for setting in settings.iter().map(|setting| setting.trim()).filter(|setting| !setting.is_empty()) {
        let (name, value) =
            setting.split_once('=').with_context(|| format!("missing bool value for {setting}"))?;
        let (name, value) = (name.trim(), value.trim());
        let on = match value.to_ascii_lowercase().as_str() {
            "true" | "t" | "1" => true,
            "false" | "f" | "0" => false,
            _ => bail!(
                "invalid value of {name}={value}, err: strconv.ParseBool: parsing {value:?}: invalid syntax"
            ),
        };
        check_one(name, on)?;
    }
    Ok(())
}

fn check_one(name: &str, on: bool) -> Result<()> {
    let knows = |names: &[&str]| names.contains(&name);
    match name {
        _ if CHANGEABLE.contains(&name) || has_fields(name) => Ok(()),
        "AllAlpha" if !on => Ok(()),
        "AllBeta" if on => Ok(()),
        "AllAlpha" | "AllBeta" => bail!("feature gate {name}={on} is not supported yet"),
        _ if knows(STABLE) && on => Ok(()),
        _ if knows(STABLE) => {
            bail!("cannot set feature gate {name} to {on}, feature is locked to true")
        }
        // What is on by default may be asked for, and what is off may be left so; the rest is not to be had.
        _ if knows(BETA) && on => Ok(()),
        _ if knows(ALPHA) && !on => Ok(()),
        _ if knows(BETA) || knows(ALPHA) => bail!("feature gate {name}={on} is not supported yet"),
        _ => bail!("unrecognized feature gate: {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_are_known_by_name() {
        let check = |setting: &str, expect: Option<&str>| {
            let found = check(&[setting.to_owned()]).map_err(|error| error.to_string());
            assert_eq!(found.err().as_deref(), expect, "{setting}");
        };
        check("", None);
        check("APIListChunking=true", None);
        check(
            "APIListChunking=false",
            Some("cannot set feature gate APIListChunking to false, feature is locked to true"),
        );
        check("AllAlpha=false", None);
        check("ContainerStopSignals=true", None);
        check("MemoryQoS=true", Some("feature gate MemoryQoS=true is not supported yet"));
        check("AllAlpha=true", Some("feature gate AllAlpha=true is not supported yet"));
        check("NoSuchGate=true", Some("unrecognized feature gate: NoSuchGate"));
        check("APIListChunking", Some("missing bool value for APIListChunking"));
        check(
            "AllBeta=perhaps",
            Some(
                r#"invalid value of AllBeta=perhaps, err: strconv.ParseBool: parsing "perhaps": invalid syntax"#,
            ),
        );
    }
}
