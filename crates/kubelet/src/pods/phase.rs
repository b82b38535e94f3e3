//! A pod's phase, from its containers' states.

use k8s_openapi::api::core::v1::{ContainerStatus, Pod};

use super::spec::{self, Role};

fn find<'a>(statuses: &'a [ContainerStatus], name: &str) -> Option<&'a ContainerStatus> {
    statuses.iter().find(|status| status.name == name)
}

fn exit_code(status: &ContainerStatus) -> Option<i32> {
    status.state.as_ref()?.terminated.as_ref().map(|terminated| terminated.exit_code)
}

/// Exited, and back-off keeps it from its next start.
fn last_exit_code(status: &ContainerStatus) -> Option<i32> {
    let waits = status.state.as_ref().is_none_or(|state| state.waiting.is_some());
    let last = status.last_state.as_ref()?.terminated.as_ref()?;
    waits.then_some(last.exit_code)
}

fn is_running(status: &ContainerStatus) -> bool {
    status.state.as_ref().is_some_and(|state| state.running.is_some())
}

/// The phase of a pod whose containers have these states; `terminal`: nothing will be started any more.
pub(crate) fn phase(
    pod: &Pod,
    init: &[ContainerStatus],
    main: &[ContainerStatus],
    terminal: bool,
) -> &'static str {
    let (mut pending_init, mut failed_init, mut sidecar_running) = (false, false, false);
    for container in spec::init_containers(pod) {
        let status = find(init, &container.name);
        if spec::init_role(container) == Role::Sidecar {
            let started = status.is_some_and(|status| status.started == Some(true));
            let running = status.is_some_and(is_running);
            sidecar_running |= running;
            pending_init |= !started && status.is_none_or(|status| exit_code(status).is_none());
            continue;
        }
        match status.and_then(|status| exit_code(status).or_else(|| last_exit_code(status))) {
            Some(0) => {}
            Some(code) if !spec::restarts(pod, container, Role::Init, code) => failed_init = true,
            _ => pending_init = true,
        }
    }
    let (mut waiting, mut running, mut stopped, mut succeeded, mut restartable) = (0, 0, 0, 0, 0);
    for container in &spec::spec(pod).containers {
        let Some(status) = find(main, &container.name) else {
            waiting += 1;
            continue;
        };
        if is_running(status) {
            running += 1;
            continue;
        }
        match exit_code(status).or_else(|| last_exit_code(status)) {
            Some(code) => {
                stopped += 1;
                succeeded += usize::from(code == 0);
                restartable += usize::from(spec::restarts(pod, container, Role::Main, code));
            }
            None => waiting += 1,
        }
    }
    let ended = if stopped == succeeded { "Succeeded" } else { "Failed" };
    if failed_init {
        return "Failed";
    }
    if pending_init && running == 0 && stopped == 0 {
        return if terminal { "Failed" } else { "Pending" };
    }
    if waiting > 0 {
        return if terminal { "Failed" } else { "Pending" };
    }
    if running > 0 {
        return "Running";
    }
    if terminal {
        return ended;
    }
    if restartable > 0 || sidecar_running {
        return "Running";
    }
    ended
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::{
        Container, ContainerState, ContainerStateRunning, ContainerStateTerminated, ContainerStateWaiting,
        PodSpec,
    };

    use super::*;

    fn status(text: &str, name: &str) -> ContainerStatus {
        let terminated = |exit_code| ContainerState {
            terminated: Some(ContainerStateTerminated { exit_code, ..Default::default() }),
            ..Default::default()
        };
        let waiting =
            ContainerState { waiting: Some(ContainerStateWaiting::default()), ..Default::default() };
        let running =
            ContainerState { running: Some(ContainerStateRunning::default()), ..Default::default() };
        let (state, last) = match text {
            "run" => (running, None),
            "wait" => (waiting, None),
            "crash" => (waiting, Some(terminated(1))),
            code => (terminated(code.parse().expect("a code")), None),
        };
        let started = Some(text == "run");
        ContainerStatus {
            name: name.into(),
            state: Some(state),
            last_state: last,
            started,
            ..Default::default()
        }
    }

    #[test]
    fn phases() {
        let check = |policy: &str, init: &[&str], main: &[&str], terminal: bool, expect: &str| {
            let named = |prefix: &str, list: &[&str]| -> Vec<Container> {
                let names = (0..list.len()).map(|i| format!("{prefix}{i}"));
                names.map(|name| Container { name, ..Container::default() }).collect()
            };
            let statuses = |prefix: &str, list: &[&str]| -> Vec<ContainerStatus> {
                list.iter().enumerate().map(|(i, text)| status(text, &format!("{prefix}{i}"))).collect()
            };
            let spec = PodSpec {
                restart_policy: Some(policy.to_owned()),
                init_containers: Some(named("i", init)),
                containers: named("c", main),
                ..PodSpec::default()
            };
            let pod = Pod { spec: Some(spec), ..Pod::default() };
            let got = phase(&pod, &statuses("i", init), &statuses("c", main), terminal);
            assert_eq!(got, expect, "{policy} {init:?} {main:?} {terminal}");
        };
        check("Always", &[], &["wait"], false, "Pending");
        check("Always", &[], &["run"], false, "Running");
        check("Always", &[], &["run", "wait"], false, "Pending");
        check("Always", &[], &["0"], false, "Running");
        check("Always", &[], &["crash"], false, "Running");
        check("Always", &[], &["0"], true, "Succeeded");
        check("Always", &[], &["137"], true, "Failed");
        check("OnFailure", &[], &["0", "0"], false, "Succeeded");
        check("OnFailure", &[], &["0", "1"], false, "Running");
        check("Never", &[], &["0", "1"], false, "Failed");
        check("Never", &[], &["0", "run"], false, "Running");
        check("Never", &["1"], &["wait"], false, "Failed");
        check("Always", &["1"], &["wait"], false, "Pending");
        check("Always", &["run"], &["wait"], false, "Pending");
        check("Always", &["0"], &["run"], false, "Running");
        check("Always", &[], &["wait"], true, "Failed");
    }
}
