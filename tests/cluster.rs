//! What several tests say to a cluster.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use mizzen_testkit::{Kubectl, eventually, eventually_within, patience};

/// A pod of the test server.
pub(crate) fn server_pod(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: {name}}}}}\nspec:\n  \
         terminationGracePeriodSeconds: 1\n  containers:\n  - name: server\n    image: localhost/testserver:test\n    \
         ports: [{{name: http, containerPort: 8080}}]\n    readinessProbe: {{httpGet: {{path: /healthz, port: http}}, periodSeconds: 1}}\n"
    )
}

/// A pod that runs a shell command in an image with busybox and the test server.
pub(crate) fn shell_pod(name: &str, command: &str) -> String {
    let command = serde_json::Value::from(command);
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  terminationGracePeriodSeconds: 1\n  \
         restartPolicy: Never\n  containers:\n  - name: main\n    image: localhost/testserver:test\n    \
         command: [sh, -c, {command}]\n"
    )
}

/// A Deployment of the test server with a Service in front.
pub(crate) fn server_deployment(name: &str, replicas: u32, service: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  replicas: {replicas}\n  \
         selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      \
         terminationGracePeriodSeconds: 1\n      containers:\n      - name: server\n        image: localhost/testserver:test\n        \
         ports: [{{name: http, containerPort: 8080}}]\n        \
         readinessProbe: {{httpGet: {{path: /healthz, port: http}}, periodSeconds: 1}}\n---\n\
         apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec:\n  selector: {{app: {name}}}\n  {service}\n  \
         ports: [{{name: http, port: 80, targetPort: http}}]\n"
    )
}

/// kubectl's flag for how long it waits, in seconds of an ordinary machine.
fn timeout(seconds: u64) -> String {
    format!("--timeout={}s", patience(Duration::from_secs(seconds)).as_secs())
}

/// Waits until a pod is Ready.
pub(crate) fn ready(kubectl: &Kubectl, pod: &str) -> Result<()> {
    let wait = ["wait", "--for=condition=Ready", &timeout(90), &format!("pod/{pod}")];
    match kubectl.run(&wait) {
        Ok(_) => Ok(()),
        Err(error) => {
            let told = kubectl.run(&["describe", "pod", pod]).unwrap_or_default();
            Err(error.context(told))
        }
    }
}

/// Waits until a pod has ended well, and gives its log.
pub(crate) fn log_of_finished(kubectl: &Kubectl, pod: &str) -> Result<String> {
    let ended = eventually(&format!("pod {pod} succeeds"), || {
        let phase = kubectl.path(&["pod", pod], "{.status.phase}")?;
        ensure!(phase == "Succeeded" || phase == "Failed", "it is {phase}");
        Ok(phase)
    });
    match ended {
        Ok(phase) => {
            let log = kubectl.run(&["logs", pod])?;
            ensure!(phase == "Succeeded", "pod {pod} failed: {log}");
            Ok(log)
        }
        Err(error) => Err(error.context(kubectl.run(&["describe", "pod", pod]).unwrap_or_default())),
    }
}

/// What a shell command in a new pod prints.
pub(crate) fn in_pod(kubectl: &Kubectl, name: &str, command: &str) -> Result<String> {
    kubectl.apply(&shell_pod(name, command))?;
    log_of_finished(kubectl, name)
}

/// Fetches a URL from this machine.
pub(crate) fn fetch(url: &str) -> Result<String> {
    let (host, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).context("a URL")?;
    use std::io::{Read as _, Write as _};
    let address = host.parse().context("an address with a port")?;
    let mut stream = std::net::TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("an HTTP answer")?;
    ensure!(head.contains(" 200 "), "{head}");
    Ok(body.to_owned())
}

/// Waits until a Deployment's rollout is done.
pub(crate) fn rolled_out(kubectl: &Kubectl, deployment: &str) -> Result<()> {
    let status = ["rollout", "status", &format!("deployment/{deployment}"), &timeout(120)];
    match kubectl.run(&status) {
        Ok(_) => Ok(()),
        Err(error) => {
            let told = kubectl.run(&["describe", "pods"]).unwrap_or_default();
            Err(error.context(told))
        }
    }
}

/// Waits for a JSON path to have a value.
pub(crate) fn becomes(kubectl: &Kubectl, what: &[&str], path: &str, value: &str) -> Result<()> {
    eventually_within(Duration::from_secs(90), &format!("{what:?} {path} is {value:?}"), || {
        let now = kubectl.path(what, path)?;
        ensure!(now == value, "it is {now:?}");
        Ok(())
    })
}
