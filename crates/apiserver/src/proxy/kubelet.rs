//! What a client's log, exec, attach or portforward request becomes at the kubelet.

use form_urlencoded::Serializer;
use mizzen_schema::value::Value;

use super::dial::Endpoint;
use super::target::kubelet_of;
use crate::admission::Lookup;
use crate::attributes::ResourceTarget;
use crate::status::ApiError;

/// Options of a client, by name; the last value counts, but for `command` and `ports`.
struct Options(Vec<(String, String)>);

impl Options {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// As Go reads booleans in queries: `0` and `false` are false, anything else is true.
    fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !matches!(value, "0" | "false" | "False" | "FALSE" | "f" | "F"))
    }
}

/// Finds the kubelet of the pod's node, and the path there.
pub(crate) async fn endpoint(
    lookup: &dyn Lookup,
    target: &ResourceTarget,
    query: &str,
    address_types: &[String],
) -> Result<(Endpoint, String), ApiError> {
    let options = Options(form_urlencoded::parse(query.as_bytes()).into_owned().collect());
    let name = &target.name;
    let pod = lookup.get("", "pods", &target.namespace, name).await?;
    let pod = pod.ok_or_else(|| ApiError::not_found("", "pods", name))?;
    let container = match target.subresource.as_str() {
        "portforward" => String::new(),
        _ => container(&pod, name, options.get("container").unwrap_or_default())?,
    };
    let node_name = pod.str_at(&["spec", "nodeName"]).unwrap_or_default();
    if node_name.is_empty() {
        return Err(ApiError::bad_request(format!("pod {name} does not have a host assigned")));
    }
    let node = lookup.get("", "nodes", "", node_name).await?;
    let node = node.ok_or_else(|| ApiError::not_found("", "nodes", node_name))?;
    let namespace = &target.namespace;
    let uid = pod.str_at(&["metadata", "uid"]).unwrap_or_default();
    let path = match target.subresource.as_str() {
        "log" => format!("/containerLogs/{namespace}/{name}/{container}{}", log_query(&options)?),
        "portforward" => format!("/portForward/{namespace}/{name}/{uid}{}", forward_query(&options)),
        verb => format!("/{verb}/{namespace}/{name}/{uid}/{container}{}", stream_query(verb, &options)?),
    };
    Ok((kubelet_of(&node, address_types)?, path))
}

/// The container that is meant: the one named, or the only one, or the annotated default.
fn container(pod: &Value, name: &str, asked: &str) -> Result<String, ApiError> {
    let names = |list: &str| -> Vec<&str> {
        let containers = pod.path(&["spec", list]).map(Value::items).unwrap_or_default();
        containers.iter().filter_map(|container| container.str_at(&["name"])).collect()
    };
    let (main, init, ephemeral) =
        (names("containers"), names("initContainers"), names("ephemeralContainers"));
    if !asked.is_empty() {
        let known = main.iter().chain(&init).chain(&ephemeral).any(|own| *own == asked);
        return match known {
            true => Ok(asked.to_owned()),
            false => Err(ApiError::bad_request(format!("container {asked} is not valid for pod {name}"))),
        };
    }
    match main.as_slice() {
        [only] if init.is_empty() && ephemeral.is_empty() => Ok((*only).to_owned()),
        [] => Err(ApiError::bad_request(format!("a container name must be specified for pod {name}"))),
        _ => {
            let mut message = format!(
                "a container name must be specified for pod {name}, choose one of: [{}]",
                main.join(" ")
            );
            if !init.is_empty() {
                message += &format!(" or one of the init containers: [{}]", init.join(" "));
            }
            if !ephemeral.is_empty() {
                message += &format!(" or one of the ephemeral containers: [{}]", ephemeral.join(" "));
            }
            Err(ApiError::bad_request(message))
        }
    }
}

fn encode(pairs: &[(&str, &str)]) -> String {
    if pairs.is_empty() {
        return String::new();
    }
    let mut text = Serializer::new(String::new());
    text.extend_pairs(pairs);
    format!("?{}", text.finish())
}

/// Options that the kubelet knows by the same name; numbers are checked here so that the error is the client's.
fn log_query(options: &Options) -> Result<String, ApiError> {
    let mut pairs = Vec::new();
    for name in ["follow", "previous", "timestamps"] {
        if options.is_set(name) {
            pairs.push((name, "true"));
        }
    }
    for (name, minimum) in [("tailLines", 0), ("limitBytes", 1), ("sinceSeconds", 1)] {
        let Some(text) = options.get(name) else { continue };
        match text.parse::<i64>() {
            Ok(number) if number >= minimum => pairs.push((name, text)),
            Ok(number) => {
                let message =
                    format!("must be greater than {}", if minimum == 0 { "or equal to 0" } else { "0" });
                return Err(ApiError::bad_request(format!("{name}: Invalid value: {number}: {message}")));
            }
            Err(_) => {
                return Err(ApiError::bad_request(format!("{name}: Invalid value: {text:?}: not a number")));
            }
        }
    }
    for name in ["sinceTime", "stream"] {
        if let Some(text) = options.get(name).filter(|text| !text.is_empty()) {
            pairs.push((name, text));
        }
    }
    Ok(encode(&pairs))
}

/// The kubelet's own names for the streams.
fn stream_query(verb: &str, options: &Options) -> Result<String, ApiError> {
    let mut pairs = Vec::new();
    // Attach shows both outputs unless it is told otherwise; exec shows what it is told to.
    let shown = |name: &str| options.is_set(name) || (verb == "attach" && options.get(name).is_none());
    for (name, wanted) in [
        ("input", options.is_set("stdin")),
        ("output", shown("stdout")),
        // A terminal has one output.
        ("error", shown("stderr") && !options.is_set("tty")),
        ("tty", options.is_set("tty")),
    ] {
        if wanted {
            pairs.push((name, "1"));
        }
    }
    if pairs.iter().all(|(name, _)| *name == "tty") {
        return Err(ApiError::bad_request("you must specify at least 1 of stdin, stdout, stderr"));
    }
    let commands: Vec<(&str, &str)> = options.all("command").map(|word| ("command", word)).collect();
    if verb == "exec" && commands.is_empty() {
        return Err(ApiError::bad_request("you must specify at least one command for the container"));
    }
    pairs.extend(commands);
    Ok(encode(&pairs))
}

fn forward_query(options: &Options) -> String {
    let pairs: Vec<(&str, &str)> = options.all("ports").map(|port| ("port", port)).collect();
    encode(&pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(query: &str) -> Options {
        Options(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    #[test]
    fn streams_are_renamed() {
        let check = |verb, query: &str, expect: &str| {
            assert_eq!(stream_query(verb, &options(query)).expect("fine"), expect);
        };
        check(
            "exec",
            "command=ls&command=-l&stdout=true&stderr=true",
            "?output=1&error=1&command=ls&command=-l",
        );
        check(
            "exec",
            "command=sh&stdin=true&stdout=true&tty=true&stderr=true",
            "?input=1&output=1&tty=1&command=sh",
        );
        check("attach", "stdin=true", "?input=1&output=1&error=1");
        check("attach", "stdout=true&stderr=false", "?output=1");
        stream_query("exec", &options("stdout=true")).expect_err("no command");
        stream_query("exec", &options("command=ls&tty=true")).expect_err("no stream");
    }

    #[test]
    fn log_options_are_checked() {
        assert_eq!(
            log_query(&options("follow=true&tailLines=0&previous=false")).expect("fine"),
            "?follow=true&tailLines=0"
        );
        assert_eq!(log_query(&options("")).expect("fine"), "");
        for bad in ["tailLines=-1", "limitBytes=0", "sinceSeconds=x"] {
            assert_eq!(log_query(&options(bad)).expect_err(bad).code, 400);
        }
    }
}
