//! One pod: how it runs, what it sees, how it ends.

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, eventually};

use crate::cluster::{becomes, in_pod, log_of_finished, ready, server_pod, shell_pod};
use crate::groups::{Group, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(Group::One, "pod_runs_and_ends", runs_and_ends),
        test(Group::One, "pod_sees_environment_and_volumes", environment_and_volumes),
        test(Group::One, "pod_has_a_token", token),
        test(Group::One, "pod_is_confined", confined),
        test(Group::One, "pod_restarts_a_killed_container", restarts),
        test(Group::One, "pod_backs_off", backs_off),
        test(Group::One, "pod_init_containers_run_in_order", init_containers),
        test(Group::One, "pod_liveness_restarts", liveness),
        test(Group::One, "pod_readiness_gates_endpoints", readiness),
        test(Group::One, "pod_without_image_says_so", no_image),
    ]
}

fn runs_and_ends(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let log = in_pod(kubectl, "hello", "echo hello; hostname")?;
    ensure!(log == "hello\nhello\n", "{log:?}");
    kubectl.apply(&shell_pod("fails", "exit 3"))?;
    becomes(kubectl, &["pod", "fails"], "{.status.phase}", "Failed")?;
    let path = "{.status.containerStatuses[0].state.terminated.exitCode} {.status.containerStatuses[0].state.terminated.reason}";
    ensure!(kubectl.path(&["pod", "fails"], path)? == "3 Error");
    let table = kubectl.run(&["get", "pods"])?;
    ensure!(table.contains("Completed") && table.contains("Error"), "{table}");
    Ok(())
}

const FULL_POD: &str = "
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {color: blue, file.txt: from a config map}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {word: sesame}
---
apiVersion: v1
kind: Pod
metadata: {name: full, labels: {tier: front}, annotations: {note: remembered}}
spec:
  terminationGracePeriodSeconds: 1
  restartPolicy: Never
  hostAliases: [{ip: 192.0.2.7, hostnames: [elsewhere]}]
  containers:
  - name: main
    image: localhost/busybox:test
    command: [sh, -c, 'echo $COLOR $WORD $NAME $(EXPANDED) $LIMIT; cat /config/file.txt; echo; cat /secret/word; echo; cat /info/labels; echo; cat /all/word /all/color; echo; echo kept >/scratch/x; cat /scratch/x; grep elsewhere /etc/hosts | head -1; stat -L -c %a /secret/word; echo over >/dev/termination-log']
    resources: {limits: {memory: 64Mi, cpu: 500m}}
    env:
    - {name: COLOR, valueFrom: {configMapKeyRef: {name: settings, key: color}}}
    - {name: WORD, valueFrom: {secretKeyRef: {name: keys, key: word}}}
    - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
    - {name: EXPANDED, value: $(COLOR)-$(WORD)}
    - {name: LIMIT, valueFrom: {resourceFieldRef: {resource: limits.memory}}}
    volumeMounts:
    - {name: config, mountPath: /config}
    - {name: secret, mountPath: /secret, readOnly: true}
    - {name: info, mountPath: /info}
    - {name: all, mountPath: /all}
    - {name: scratch, mountPath: /scratch}
  volumes:
  - {name: config, configMap: {name: settings}}
  - {name: secret, secret: {secretName: keys, defaultMode: 0400}}
  - {name: info, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
  - {name: all, projected: {sources: [{secret: {name: keys}}, {configMap: {name: settings}}]}}
  - {name: scratch, emptyDir: {medium: Memory}}
";

fn environment_and_volumes(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(FULL_POD)?;
    let log = log_of_finished(kubectl, "full")?;
    let expect = "blue sesame full blue-sesame 67108864\nfrom a config map\nsesame\ntier=\"front\"\nsesameblue\nkept\n192.0.2.7\telsewhere\n400\n";
    ensure!(log == expect, "{log}");
    let message =
        kubectl.path(&["pod", "full"], "{.status.containerStatuses[0].state.terminated.message}")?;
    ensure!(message == "over\n", "{message:?}");
    ensure!(kubectl.path(&["pod", "full"], "{.status.qosClass}")? == "Guaranteed");
    Ok(())
}

fn token(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let script = "cd /var/run/secrets/kubernetes.io/serviceaccount; cat namespace; echo; head -1 ca.crt; \
                  cut -c1-3 token; env | grep -c KUBERNETES_SERVICE_HOST";
    let log = in_pod(kubectl, "bearer", script)?;
    let namespace = "pod-has-a-token";
    ensure!(log == format!("{namespace}\n-----BEGIN CERTIFICATE-----\neyJ\n1\n"), "{log}");
    Ok(())
}

fn confined(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let log = in_pod(
        kubectl,
        "prisoner",
        "grep -E '^(Seccomp|CapEff|NoNewPrivs):' /proc/self/status; ls /proc/1/root/proc/kcore; cat /proc/kcore | wc -c; mount -t tmpfs x /mnt 2>/dev/null || echo refused; ps | wc -l",
    )?;
    // Kubernetes' default is Unconfined unless the kubelet is told otherwise; capabilities are the default set.
    ensure!(log.contains("CapEff:\t00000000a80425fb"), "{log}");
    ensure!(log.contains("refused"), "{log}");
    Ok(())
}

fn restarts(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_pod("phoenix"))?;
    ready(kubectl, "phoenix")?;
    let uid = kubectl.path(&["pod", "phoenix"], "{.metadata.uid}")?;
    // The server ends when asked to.
    let _ended = kubectl.say(
        &["exec", "phoenix", "--", "wget", "-q", "-O-", "--post-data=", "http://127.0.0.1:8080/exit/7"],
        "",
    )?;
    becomes(kubectl, &["pod", "phoenix"], "{.status.containerStatuses[0].restartCount}", "1")?;
    ready(kubectl, "phoenix")?;
    ensure!(kubectl.path(&["pod", "phoenix"], "{.metadata.uid}")? == uid);
    let code =
        kubectl.path(&["pod", "phoenix"], "{.status.containerStatuses[0].lastState.terminated.exitCode}")?;
    ensure!(code == "7", "{code}");
    let before = kubectl.run(&["logs", "phoenix", "--previous"])?;
    ensure!(before.contains("POST /exit/7"), "{before}");
    Ok(())
}

fn backs_off(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&shell_pod("moth", "exit 1").replace("restartPolicy: Never", "restartPolicy: Always"))?;
    let path = "{.status.containerStatuses[0].state.waiting.reason}";
    becomes(kubectl, &["pod", "moth"], path, "CrashLoopBackOff")?;
    let events = kubectl.run(&["get", "events", "--field-selector", "involvedObject.name=moth"])?;
    ensure!(events.contains("Back-off restarting failed container"), "{events}");
    Ok(())
}

fn init_containers(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(
        "
apiVersion: v1
kind: Pod
metadata: {name: staged}
spec:
  restartPolicy: Never
  initContainers:
  - {name: one, image: 'localhost/busybox:test', command: [sh, -c, 'echo one >/work/log'], volumeMounts: [{name: work, mountPath: /work}]}
  - {name: two, image: 'localhost/busybox:test', command: [sh, -c, 'echo two >>/work/log'], volumeMounts: [{name: work, mountPath: /work}]}
  containers:
  - {name: main, image: 'localhost/busybox:test', command: [cat, /work/log], volumeMounts: [{name: work, mountPath: /work}]}
  volumes: [{name: work, emptyDir: {}}]
",
    )?;
    let log = log_of_finished(kubectl, "staged")?;
    ensure!(log == "one\ntwo\n", "{log}");
    Ok(())
}

fn liveness(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let pod = server_pod("mortal").replace(
        "readinessProbe",
        "livenessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1, failureThreshold: 1}\n    readinessProbe",
    );
    kubectl.apply(&pod)?;
    ready(kubectl, "mortal")?;
    kubectl.run(&[
        "exec",
        "mortal",
        "--",
        "wget",
        "-q",
        "-O-",
        "--post-data=",
        "http://127.0.0.1:8080/fail",
    ])?;
    becomes(kubectl, &["pod", "mortal"], "{.status.containerStatuses[0].restartCount}", "1")?;
    let events = kubectl.run(&["get", "events", "--field-selector", "involvedObject.name=mortal"])?;
    ensure!(events.contains("Liveness probe failed: HTTP probe failed with statuscode: 500"), "{events}");
    Ok(())
}

fn readiness(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_pod("shy"))?;
    kubectl.run(&["expose", "pod", "shy", "--port=80", "--target-port=8080"])?;
    ready(kubectl, "shy")?;
    let slices = ["endpointslices", "-l", "kubernetes.io/service-name=shy"];
    becomes(kubectl, &slices, "{.items[0].endpoints[0].conditions.ready}", "true")?;
    kubectl.run(&["exec", "shy", "--", "wget", "-q", "-O-", "--post-data=", "http://127.0.0.1:8080/fail"])?;
    becomes(kubectl, &slices, "{.items[0].endpoints[0].conditions.ready}", "false")?;
    Ok(())
}

fn no_image(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let pod = shell_pod("lost", "true").replace("localhost/testserver:test", "localhost:1/nothing:none");
    kubectl.apply(&pod)?;
    eventually("the kubelet says that there is no image", || {
        let reason = kubectl.path(&["pod", "lost"], "{.status.containerStatuses[0].state.waiting.reason}")?;
        ensure!(reason == "ErrImagePull" || reason == "ImagePullBackOff", "{reason}");
        Ok(())
    })
}
