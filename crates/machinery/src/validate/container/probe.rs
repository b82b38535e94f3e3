//! Probes and hooks.

use mizzen_schema::value::Value;

use super::Pod;
use crate::field::{FieldError, Path};
use crate::name;
use crate::validate::check::{
    Errors, complain, int, list, not_negative, one_of, port, port_number, required, some, text, text_of,
};

pub(super) fn all(errors: &mut Errors, path: &Path<'_>, container: &Value, pod: Pod<'_>) {
    for (field, once) in [("livenessProbe", true), ("readinessProbe", false), ("startupProbe", true)] {
        let Some(probe) = some(container, field) else { continue };
        let path = path.child(field);
        self::probe(errors, &path, probe, pod);
        let threshold = int(probe, "successThreshold").unwrap_or_default();
        if once && threshold != 1 {
            errors.push(FieldError::invalid(&path.child("successThreshold"), threshold, "must be 1"));
        }
        if !once && let Some(seconds) = int(probe, "terminationGracePeriodSeconds") {
            let detail = "must not be set for readinessProbes";
            errors.push(FieldError::invalid(&path.child("terminationGracePeriodSeconds"), seconds, detail));
        }
    }
}

fn probe(errors: &mut Errors, path: &Path<'_>, probe: &Value, pod: Pod<'_>) {
    handler(errors, path, probe, pod);
    for field in
        ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]
    {
        not_negative(errors, &path.child(field), int(probe, field).unwrap_or_default());
    }
    if let Some(seconds) = int(probe, "terminationGracePeriodSeconds").filter(|seconds| *seconds <= 0) {
        let path = path.child("terminationGracePeriodSeconds");
        errors.push(FieldError::invalid(&path, seconds, "must be greater than 0"));
    }
}

/// How a probe or hook does its work: exactly one way.
fn handler(errors: &mut Errors, path: &Path<'_>, handler: &Value, pod: Pod<'_>) {
    let mut count = 0;
    for field in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let Some(action) = some(handler, field) else { continue };
        let path = path.child(field);
        count += 1;
        if count > 1 {
            errors.push(FieldError::forbidden(&path, "may not specify more than 1 handler type"));
            continue;
        }
        match field {
            "exec" if list(action, "command").is_empty() => {
                errors.push(FieldError::required(&path.child("command"), ""));
            }
            "httpGet" => http_get(errors, &path, action),
            "tcpSocket" => port(errors, &path.child("port"), action.get("port")),
            "grpc" => port_number(errors, &path.child("port"), int(action, "port").unwrap_or_default()),
            "sleep" => sleep(errors, &path, int(action, "seconds").unwrap_or_default(), pod),
            _ => {}
        }
    }
    if count == 0 {
        errors.push(FieldError::required(path, "must specify a handler type"));
    }
}

fn sleep(errors: &mut Errors, path: &Path<'_>, seconds: i64, pod: Pod<'_>) {
    let Some(grace) = pod.grace_period else { return };
    if !(0..=grace).contains(&seconds) {
        let detail = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
        errors.push(FieldError::invalid(path, seconds, detail));
    }
}

fn http_get(errors: &mut Errors, path: &Path<'_>, action: &Value) {
    required(errors, &path.child("path"), text(action, "path"));
    port(errors, &path.child("port"), action.get("port"));
    one_of(errors, &path.child("scheme"), text(action, "scheme"), &["HTTP", "HTTPS"]);
    for header in list(action, "httpHeaders") {
        let name = text(header, "name");
        complain(errors, &path.child("httpHeaders"), name, name::http_header_name(name));
    }
}

/// Signals of Linux by which a container may be asked to stop, as Kubernetes lists them.
const SIGNALS: [&str; 65] = [
    "SIGABRT",
    "SIGALRM",
    "SIGBUS",
    "SIGCHLD",
    "SIGCLD",
    "SIGCONT",
    "SIGFPE",
    "SIGHUP",
    "SIGILL",
    "SIGINT",
    "SIGIO",
    "SIGIOT",
    "SIGKILL",
    "SIGPIPE",
    "SIGPOLL",
    "SIGPROF",
    "SIGPWR",
    "SIGQUIT",
    "SIGRTMAX",
    "SIGRTMAX-1",
    "SIGRTMAX-10",
    "SIGRTMAX-11",
    "SIGRTMAX-12",
    "SIGRTMAX-13",
    "SIGRTMAX-14",
    "SIGRTMAX-2",
    "SIGRTMAX-3",
    "SIGRTMAX-4",
    "SIGRTMAX-5",
    "SIGRTMAX-6",
    "SIGRTMAX-7",
    "SIGRTMAX-8",
    "SIGRTMAX-9",
    "SIGRTMIN",
    "SIGRTMIN+1",
    "SIGRTMIN+10",
    "SIGRTMIN+11",
    "SIGRTMIN+12",
    "SIGRTMIN+13",
    "SIGRTMIN+14",
    "SIGRTMIN+15",
    "SIGRTMIN+2",
    "SIGRTMIN+3",
    "SIGRTMIN+4",
    "SIGRTMIN+5",
    "SIGRTMIN+6",
    "SIGRTMIN+7",
    "SIGRTMIN+8",
    "SIGRTMIN+9",
    "SIGSEGV",
    "SIGSTKFLT",
    "SIGSTOP",
    "SIGSYS",
    "SIGTERM",
    "SIGTRAP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGUSR1",
    "SIGUSR2",
    "SIGVTALRM",
    "SIGWINCH",
    "SIGXCPU",
    "SIGXFSZ",
];

pub(super) fn lifecycle(errors: &mut Errors, path: &Path<'_>, lifecycle: Option<&Value>, pod: Pod<'_>) {
    let Some(lifecycle) = lifecycle else { return };
    for field in ["postStart", "preStop"] {
        if let Some(hook) = some(lifecycle, field) {
            handler(errors, &path.child(field), hook, pod);
        }
    }
    let Some(signal) = text_of(lifecycle, "stopSignal") else { return };
    let path = path.child("stopSignal");
    match some(pod.spec, "os").map(|os| text(os, "name")) {
        None => {
            let detail = "may not be set for containers with empty `spec.os.name`";
            errors.push(FieldError::forbidden(&path, detail));
        }
        Some("windows") => one_of(errors, &path, signal, &["SIGKILL", "SIGTERM"]),
        Some("linux") => one_of(errors, &path, signal, &SIGNALS),
        Some(_) => {}
    }
}
