//! What to do next for a pod: a pure function of what is wanted, what runs, and what the probes say.
//!
//! Source: the documentation of pod lifecycle and init containers; KEP-753 for sidecars.

use k8s_cri::v1::{ContainerState, PodSandboxState};
use k8s_openapi::api::core::v1::{Container as Spec, Pod};

use super::allocation::ByContainer;
use super::resize::{self, Update};
use super::spec::{self, Role};
use crate::cri::{Container, PodRuntime};
use crate::probes::Verdicts;

/// A container to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kill {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// For people.
    pub(crate) message: String,
    /// The failed probe's own grace period, if it has one.
    pub(crate) grace_s: Option<i64>,
}

/// What to do next.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Actions {
    /// Stop everything, sandbox included; `create_sandbox` may follow.
    pub(crate) kill_pod: bool,
    /// A new sandbox is needed.
    pub(crate) create_sandbox: bool,
    /// Its attempt.
    pub(crate) attempt: u32,
    /// The sandbox to start containers in.
    pub(crate) sandbox_id: Option<String>,
    /// Containers to stop.
    pub(crate) kill: Vec<Kill>,
    /// Containers to start, in order: init containers first.
    pub(crate) start: Vec<(Spec, Role)>,
    /// Running containers that get other resources.
    pub(crate) update: Vec<Update>,
}

/// What stands in the way of the sandbox that is there.
fn sandbox_is_unfit(pod: &Pod, runtime: &PodRuntime) -> bool {
    let ready = |state| state == PodSandboxState::SandboxReady;
    let ready_count = runtime.sandboxes.iter().filter(|sandbox| ready(sandbox.state())).count();
    let Some(latest) = runtime.sandboxes.first() else { return true };
    if ready_count != 1 || !ready(latest.state()) {
        return true;
    }
    let options = latest.linux.as_ref().and_then(|linux| linux.namespaces.as_ref());
    let options = options.and_then(|namespaces| namespaces.options.as_ref());
    let in_host_network =
        options.is_some_and(|options| options.network() == k8s_cri::v1::NamespaceMode::Node);
    if options.is_some() && in_host_network != spec::is_host_network(pod) {
        return true;
    }
    !in_host_network && !spec::is_host_network(pod) && runtime.ips().is_empty()
}

/// What a plan is made from: a pod as it was allocated, and what is known of its containers.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) pod: &'a Pod,
    pub(crate) runtime: &'a PodRuntime,
    pub(crate) verdicts: &'a Verdicts,
    /// What was last set on containers.
    pub(crate) actuated: &'a ByContainer,
}

/// Plans the next step of a pod that should run.
pub(crate) fn plan(known: Known<'_>) -> Actions {
    let Known { pod, runtime, .. } = known;
    let mut actions = Actions {
        sandbox_id: runtime.sandboxes.first().map(|sandbox| sandbox.id.clone()),
        ..Actions::default()
    };
    if sandbox_is_unfit(pod, runtime) {
        plan_sandbox(pod, runtime, &mut actions);
        return actions;
    }
    let sandbox = actions.sandbox_id.clone().unwrap_or_default();
    for container in spec::ephemeral_containers(pod) {
        if runtime.latest(&container.name).is_none() {
            actions.start.push((container, Role::Ephemeral));
        }
    }
    match plan_init(known, &sandbox, &mut actions) {
        Init::Running => return actions,
        Init::Failed => {
            actions.kill_pod = true;
            actions.start.clear();
            actions.update.clear();
            return actions;
        }
        Init::Done => {}
    }
    let mut kept = 0;
    let before = actions.start.len();
    for container in &spec::spec(pod).containers {
        plan_main(known, container, &mut actions, &mut kept);
    }
    let starts_main = actions.start[before..].iter().any(|(_, role)| *role == Role::Main);
    if kept == 0 && !starts_main {
        actions = Actions { kill_pod: true, sandbox_id: actions.sandbox_id, ..Actions::default() };
    }
    actions
}

/// Whether a container's last run leaves something to do.
fn wants_start(pod: &Pod, container: &Spec, role: Role, latest: Option<&Container>) -> bool {
    match latest {
        None => true,
        Some(old) if old.is_running() => false,
        Some(old) if old.is_exited() => spec::restarts(pod, container, role, old.status.exit_code),
        // Created but never started, or lost: what it would have done is unknown.
        Some(_) => true,
    }
}

fn plan_sandbox(pod: &Pod, runtime: &PodRuntime, actions: &mut Actions) {
    actions.kill_pod = true;
    let attempts = runtime.sandboxes.iter().filter_map(|sandbox| sandbox.metadata.as_ref());
    actions.attempt = attempts.map(|metadata| metadata.attempt + 1).max().unwrap_or(0);
    let todo: Vec<&Spec> = spec::spec(pod)
        .containers
        .iter()
        .filter(|container| wants_start(pod, container, Role::Main, runtime.latest(&container.name)))
        .collect();
    if todo.is_empty() {
        return;
    }
    let failed_for_good = spec::init_containers(pod).iter().any(|container| {
        let latest = runtime.latest(&container.name).filter(|old| old.is_exited());
        spec::init_role(container) == Role::Init
            && latest.is_some_and(|old| {
                old.status.exit_code != 0 && !spec::restarts(pod, container, Role::Init, old.status.exit_code)
            })
    });
    if failed_for_good {
        return;
    }
    actions.create_sandbox = true;
    match spec::init_containers(pod).first() {
        Some(first) => actions.start.push((first.clone(), spec::init_role(first))),
        None => actions.start.extend(todo.into_iter().map(|container| (container.clone(), Role::Main))),
    }
}

enum Init {
    Running,
    Failed,
    Done,
}

/// Plans the init containers and sidecars; says whether the main containers' turn has come.
fn plan_init(known: Known<'_>, sandbox: &str, actions: &mut Actions) -> Init {
    let Known { pod, runtime, verdicts, .. } = known;
    let mut main = spec::spec(pod).containers.iter();
    let initialized = main.any(|container| runtime.latest_in(sandbox, &container.name).is_some());
    for container in spec::init_containers(pod) {
        let role = spec::init_role(container);
        if initialized && role == Role::Init {
            continue;
        }
        let Some(latest) = runtime.latest_in(sandbox, &container.name) else {
            actions.start.push((container.clone(), role));
            if initialized {
                continue;
            }
            return Init::Running;
        };
        match (latest.state(), role) {
            (ContainerState::ContainerRunning, Role::Sidecar) => {
                if let Some(kill) = wants_kill(container, latest, verdicts) {
                    actions.kill.push(kill);
                    actions.start.push((container.clone(), role));
                    continue;
                }
                if !plan_resize(known, container, role, latest, actions) {
                    continue;
                }
                if !initialized && !verdicts.is_started(container, latest.id()) {
                    return Init::Running;
                }
            }
            (ContainerState::ContainerRunning, _) => {
                if let Some(kill) = changed(container, latest) {
                    actions.kill.push(kill);
                    actions.start.push((container.clone(), role));
                }
                return Init::Running;
            }
            (ContainerState::ContainerExited, Role::Sidecar) => {
                actions.start.push((container.clone(), role));
                if !initialized {
                    return Init::Running;
                }
            }
            (ContainerState::ContainerExited, _) => {
                let code = latest.status.exit_code;
                if code == 0 {
                    continue;
                }
                if !spec::restarts(pod, container, role, code) {
                    return Init::Failed;
                }
                actions.start.push((container.clone(), role));
                return Init::Running;
            }
            (ContainerState::ContainerCreated | ContainerState::ContainerUnknown, _) => {
                actions.kill.push(Kill {
                    id: latest.id().to_owned(),
                    name: container.name.clone(),
                    message: "Init container is in an unexpected state, try killing it before restart".into(),
                    grace_s: None,
                });
                actions.start.push((container.clone(), role));
                if !initialized {
                    return Init::Running;
                }
            }
        }
    }
    Init::Done
}

fn changed(container: &Spec, running: &Container) -> Option<Kill> {
    let hash = spec::container_hash(container);
    let kill = |message: String| Kill {
        id: running.id().to_owned(),
        name: container.name.clone(),
        message,
        grace_s: None,
    };
    let differs = running.hash().is_some_and(|old| old != hash);
    differs.then(|| kill(format!("Container {} definition changed, will be restarted", container.name)))
}

fn wants_kill(container: &Spec, running: &Container, verdicts: &Verdicts) -> Option<Kill> {
    if let Some(kill) = changed(container, running) {
        return Some(kill);
    }
    let failed = |which: &str, grace_s| Kill {
        id: running.id().to_owned(),
        name: container.name.clone(),
        message: format!("Container {} failed {which} probe, will be restarted", container.name),
        grace_s,
    };
    if verdicts.liveness_failed(running.id()) {
        let probe = container.liveness_probe.as_ref();
        return Some(failed("liveness", probe.and_then(|probe| probe.termination_grace_period_seconds)));
    }
    if verdicts.startup_failed(running.id()) {
        let probe = container.startup_probe.as_ref();
        return Some(failed("startup", probe.and_then(|probe| probe.termination_grace_period_seconds)));
    }
    None
}

/// Plans what a running container needs to have what it was allocated. `false`: it starts anew.
fn plan_resize(
    known: Known<'_>,
    container: &Spec,
    role: Role,
    running: &Container,
    actions: &mut Actions,
) -> bool {
    let Some(update) = resize::update(container, role, running, known.actuated) else { return true };
    if !update.restarts() {
        actions.update.push(update);
        return true;
    }
    actions.kill.push(Kill {
        id: running.id().to_owned(),
        name: container.name.clone(),
        message: format!("Container {} resize requires restart", container.name),
        grace_s: None,
    });
    actions.start.push((container.clone(), role));
    false
}

fn plan_main(known: Known<'_>, container: &Spec, actions: &mut Actions, kept: &mut usize) {
    let Known { pod, runtime, verdicts, .. } = known;
    let latest = runtime.latest(&container.name);
    let Some(running) = latest.filter(|latest| latest.is_running()) else {
        if wants_start(pod, container, Role::Main, latest) {
            if let Some(lost) = latest.filter(|latest| latest.state() == ContainerState::ContainerUnknown) {
                actions.kill.push(Kill {
                    id: lost.id().to_owned(),
                    name: container.name.clone(),
                    message: format!("Container is in {:?} state, try killing it before restart", "unknown"),
                    grace_s: None,
                });
            }
            actions.start.push((container.clone(), Role::Main));
        }
        return;
    };
    match wants_kill(container, running, verdicts) {
        None => {
            if plan_resize(known, container, Role::Main, running, actions) {
                *kept += 1;
            }
        }
        Some(kill) => {
            // A killed container counts as failed: a policy of Never leaves it dead.
            if spec::restarts(pod, container, Role::Main, 137) || changed(container, running).is_some() {
                actions.start.push((container.clone(), Role::Main));
            } else {
                *kept += 1;
            }
            actions.kill.push(kill);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use k8s_cri::v1;
    use k8s_openapi::api::core::v1::PodSpec;
    use serde_json::json;

    use super::*;
    use crate::cri::{CONTAINER_HASH, CONTAINER_NAME};
    use crate::probes::Kind;

    fn pod(policy: &str) -> Pod {
        serde_json::from_value(json!({"metadata": {"name": "p", "namespace": "n", "uid": "u"}, "spec": {
            "restartPolicy": policy,
            "initContainers": [
                {"name": "i", "image": "x"},
                {"name": "s", "image": "x", "restartPolicy": "Always"},
            ],
            "containers": [
                {"name": "a", "image": "x", "livenessProbe": {"terminationGracePeriodSeconds": 3}},
                {"name": "b", "image": "x"},
            ],
        }}))
        .expect("a pod")
    }

    fn sandbox(ready: bool) -> v1::PodSandboxStatus {
        let state = if ready { PodSandboxState::SandboxReady } else { PodSandboxState::SandboxNotready };
        v1::PodSandboxStatus {
            id: "box".to_owned(),
            state: state.into(),
            metadata: Some(v1::PodSandboxMetadata { attempt: 4, ..Default::default() }),
            network: Some(v1::PodSandboxNetworkStatus { ip: "10.0.0.1".to_owned(), ..Default::default() }),
            ..Default::default()
        }
    }

    /// `run`, `new`, `lost`, or an exit code.
    fn container(pod: &Pod, name: &str, state: &str) -> Container {
        let (state, exit_code) = match state {
            "run" => (ContainerState::ContainerRunning, 0),
            "new" => (ContainerState::ContainerCreated, 0),
            "lost" => (ContainerState::ContainerUnknown, 0),
            code => (ContainerState::ContainerExited, code.parse().expect("a code")),
        };
        let (spec, _) = spec::find_container(pod, name).expect("a container");
        let status = v1::ContainerStatus {
            id: format!("id-{name}"),
            state: state.into(),
            exit_code,
            labels: HashMap::from([(CONTAINER_NAME.to_owned(), name.to_owned())]),
            annotations: HashMap::from([(CONTAINER_HASH.to_owned(), spec::container_hash(&spec))]),
            ..Default::default()
        };
        Container { sandbox_id: "box".to_owned(), status }
    }

    /// Starts, kills, and whether the pod ends: `+i -a !`.
    fn show(actions: &Actions) -> String {
        let mut words: Vec<String> = Vec::new();
        words.extend(actions.kill_pod.then(|| "!".to_owned()));
        words.extend(actions.create_sandbox.then(|| format!("box{}", actions.attempt)));
        words.extend(actions.kill.iter().map(|kill| format!("-{}", kill.name)));
        words.extend(actions.start.iter().map(|(container, _)| format!("+{}", container.name)));
        words.extend(actions.update.iter().map(|update| format!("~{}", update.container.name)));
        words.join(" ")
    }

    fn planned(pod: &Pod, runtime: &PodRuntime, verdicts: &Verdicts, actuated: &ByContainer) -> Actions {
        plan(Known { pod, runtime, verdicts, actuated })
    }

    #[test]
    fn next_steps() {
        let check = |policy: &str, ready: Option<bool>, states: &[(&str, &str)], expect: &str| {
            let pod = pod(policy);
            let containers = states.iter().map(|(name, state)| container(&pod, name, state)).collect();
            let runtime = PodRuntime::new(ready.map(sandbox).into_iter().collect(), containers);
            let got = show(&planned(&pod, &runtime, &Verdicts::default(), &ByContainer::new()));
            assert_eq!(got, expect, "{policy} {ready:?} {states:?}");
        };
        let up = Some(true);
        check("Always", None, &[], "! box0 +i");
        check("Always", Some(false), &[("i", "0"), ("a", "137")], "! box5 +i");
        check("Always", up, &[], "+i");
        check("Always", up, &[("i", "run")], "");
        check("Always", up, &[("i", "1")], "+i");
        check("Never", up, &[("i", "1")], "!");
        check("Always", up, &[("i", "0")], "+s");
        check("Always", up, &[("i", "0"), ("s", "run")], "+a +b");
        check("Always", up, &[("i", "0"), ("s", "1")], "+s");
        check("Always", up, &[("i", "0"), ("s", "run"), ("a", "run")], "+b");
        check("Always", up, &[("i", "0"), ("s", "run"), ("a", "run"), ("b", "0")], "+b");
        check("OnFailure", up, &[("i", "0"), ("s", "run"), ("a", "run"), ("b", "0")], "");
        check("OnFailure", up, &[("i", "0"), ("s", "run"), ("a", "1"), ("b", "0")], "+a");
        check("Never", up, &[("i", "0"), ("s", "run"), ("a", "1"), ("b", "0")], "!");
        check("Always", up, &[("i", "0"), ("s", "0"), ("a", "run"), ("b", "run")], "+s");
        check("Always", up, &[("i", "0"), ("s", "run"), ("a", "lost"), ("b", "run")], "-a +a");
        check("Always", up, &[("i", "new")], "-i +i");
        check("Never", Some(false), &[("i", "0"), ("a", "0"), ("b", "0")], "!");
    }

    #[test]
    fn probes_and_changes_restart() {
        let states = [("i", "0"), ("s", "run"), ("a", "run"), ("b", "run")];
        let runtime = |pod: &Pod| {
            let containers = states.iter().map(|(name, state)| container(pod, name, state)).collect();
            PodRuntime::new(vec![sandbox(true)], containers)
        };
        let (always, none) = (pod("Always"), ByContainer::new());
        let verdicts = Verdicts::default();
        verdicts.set("id-a", Kind::Liveness, false);
        let actions = planned(&always, &runtime(&always), &verdicts, &none);
        assert_eq!(show(&actions), "-a +a");
        assert_eq!(actions.kill[0].message, "Container a failed liveness probe, will be restarted");
        assert_eq!(actions.kill[0].grace_s, Some(3), "the probe's own grace period");
        let never = pod("Never");
        assert_eq!(show(&planned(&never, &runtime(&never), &verdicts, &none)), "-a");
        let mut changed = always.clone();
        changed.spec.as_mut().expect("a spec").containers[1].image = Some("y".to_owned());
        let actions = planned(&changed, &runtime(&always), &Verdicts::default(), &none);
        assert_eq!(show(&actions), "-b +b");
        assert_eq!(actions.kill[0].message, "Container b definition changed, will be restarted");
    }

    #[test]
    fn resizes() {
        let check = |states: &[(&str, &str)], change: fn(&mut PodSpec), expect: &str| {
            let mut pod = pod("Always");
            change(pod.spec.as_mut().expect("a spec"));
            let containers = states.iter().map(|(name, state)| container(&pod, name, state)).collect();
            let runtime = PodRuntime::new(vec![sandbox(true)], containers);
            let nothing = k8s_openapi::api::core::v1::ResourceRequirements::default();
            let names = ["i", "s", "a", "b"].map(|name| (name.to_owned(), nothing.clone()));
            let got = planned(&pod, &runtime, &Verdicts::default(), &ByContainer::from(names));
            assert_eq!(show(&got), expect, "{states:?}");
        };
        fn grow(container: &mut Spec, policy: &str) {
            let wanted = json!({"requests": {"cpu": "1"}});
            container.resources = Some(serde_json::from_value(wanted).expect("resources"));
            let policies = json!([{"resourceName": "cpu", "restartPolicy": policy}]);
            container.resize_policy = Some(serde_json::from_value(policies).expect("policies"));
        }
        fn init(spec: &mut PodSpec) -> &mut Vec<Spec> {
            spec.init_containers.as_mut().expect("some")
        }
        let up: &[_] = &[("i", "0"), ("s", "run"), ("a", "run"), ("b", "run")];
        check(up, |spec| grow(&mut spec.containers[0], "NotRequired"), "~a");
        check(up, |spec| grow(&mut spec.containers[1], "RestartContainer"), "-b +b");
        check(up, |spec| grow(&mut init(spec)[1], "NotRequired"), "~s");
        check(up, |spec| grow(&mut init(spec)[1], "RestartContainer"), "-s +s");
        check(&[("i", "run")], |spec| grow(&mut init(spec)[0], "NotRequired"), "");
        let part: &[_] = &[("i", "0"), ("s", "run"), ("a", "1"), ("b", "run")];
        check(part, |spec| grow(&mut spec.containers[0], "RestartContainer"), "+a");
    }
}
