//! `mizzen apiserver` by itself: on etcd, which several servers share and which anybody may look into; and its flags.

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Etcd, eventually, mizzen, run};

use crate::groups::alone;
use crate::server::Server;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        alone("etcd_two_servers_are_one", two_servers),
        alone("etcd_keys_and_values_are_kubernetes", keys_and_values),
        alone("apiserver_flags_are_kube_apiservers", flags),
    ]
}

/// What one writes the other has, at once; either may die and come back.
fn two_servers() -> Result<()> {
    let etcd = Etcd::start()?;
    let servers = format!("--etcd-servers={}", etcd.urls().join(","));
    let server = |name: &str, address: &str| {
        Server::start(etcd.folder(), name, &[&servers, &format!("--advertise-address={address}")])
    };
    let (mut one, other) = (server("one", "192.0.2.1")?, server("other", "192.0.2.2")?);
    let watched = other.folder().join("watched");
    let mut watch = other
        .kubectl()
        .command(&["get", "configmaps", "--watch", "--output", "name"])
        .stdout(fs::File::create(&watched)?)
        .spawn()?;
    let outcome = (|| {
        for round in 0..20 {
            let name = format!("written-{round}");
            one.kubectl().run(&["create", "configmap", &name])?;
            // A read needs no waiting: it asks etcd how far it is.
            let listed = other.kubectl().run(&["get", "configmaps", "--output", "name"])?;
            ensure!(listed.contains(&name), "{name} is not in {listed}");
            if round == 9 {
                one.kill()?;
                other.kubectl().run(&["create", "configmap", "meanwhile"])?;
                one.spawn()?;
                ensure!(one.kubectl().run(&["get", "configmap", "meanwhile"])?.contains("meanwhile"));
            }
        }
        eventually("the watch has seen all", || {
            let seen = fs::read_to_string(&watched)?;
            for round in 0..20 {
                let line = format!("configmap/written-{round}");
                ensure!(seen.lines().filter(|own| *own == line).count() == 1, "{line} is not once in {seen}");
            }
            Ok(())
        })?;
        eventually("both are endpoints of Service kubernetes", || {
            let path = "{.endpoints[*].addresses[0]}";
            let addresses = one.kubectl().path(&["endpointslice", "kubernetes"], path)?;
            ensure!(addresses == "192.0.2.1 192.0.2.2", "{addresses}");
            Ok(())
        })
    })();
    watch.kill()?;
    watch.wait()?;
    outcome
}

/// The keys are those of kube-apiserver, and the values what it writes: protobuf, but for definitions.
fn keys_and_values() -> Result<()> {
    let etcd = Etcd::start()?;
    let servers = format!("--etcd-servers={}", etcd.urls().join(","));
    let server = Server::start(
        etcd.folder(),
        "one",
        &[&servers, "--advertise-address=192.0.2.1", "--etcd-prefix=/cluster"],
    )?;
    let kubectl = server.kubectl();
    kubectl.run(&["create", "configmap", "settings", "--from-literal=a=1"])?;
    kubectl.run(&["create", "service", "clusterip", "web", "--tcp=80"])?;
    let keys = etcd.ctl(&["get", "", "--prefix", "--keys-only"])?;
    for key in [
        "/cluster/configmaps/default/settings",
        "/cluster/services/specs/default/web",
        "/cluster/services/specs/default/kubernetes",
        "/cluster/services/endpoints/default/kubernetes",
        "/cluster/endpointslices/default/kubernetes",
        "/cluster/namespaces/kube-system",
        "/cluster/clusterroles/cluster-admin",
        "/cluster/priorityclasses/system-node-critical",
        "/cluster/masterleases/192.0.2.1",
        "/cluster/ipaddresses/10.0.0.1",
        "compact_rev_key",
    ] {
        ensure!(keys.lines().any(|own| own == key), "no {key} in {keys}");
    }
    let value = etcd.ctl(&["get", "--print-value-only", "/cluster/configmaps/default/settings"])?;
    ensure!(value.starts_with("k8s\0\n\u{f}\n\u{2}v1\u{12}\tConfigMap"), "{value:?}");
    // JSON is read as well, whoever wrote it, and with a line end as Go's encoder leaves it.
    let foreign = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"foreign\",\"namespace\":\"default\",\
                   \"uid\":\"7ce3d1f3-0000-4000-8000-000000000000\"},\"data\":{\"b\":\"2\"}}\n";
    etcd.ctl(&["put", "/cluster/configmaps/default/foreign", foreign])?;
    ensure!(kubectl.path(&["configmap", "foreign"], "{.data.b}")? == "2");
    ensure!(kubectl.run(&["get", "configmaps", "--output", "name"])?.contains("configmap/foreign"));
    // And an older version of a kind.
    let old = "{\"kind\":\"HorizontalPodAutoscaler\",\"apiVersion\":\"autoscaling/v1\",\"metadata\":{\"name\":\"old\",\
               \"namespace\":\"default\"},\"spec\":{\"scaleTargetRef\":{\"kind\":\"Deployment\",\"name\":\"web\"},\
               \"maxReplicas\":5,\"targetCPUUtilizationPercentage\":70}}";
    etcd.ctl(&["put", "/cluster/horizontalpodautoscalers/default/old", old])?;
    let path = "{.spec.metrics[0].resource.target.averageUtilization}";
    ensure!(kubectl.path(&["horizontalpodautoscalers.v2.autoscaling", "old"], path)? == "70");
    // A token signed by RSA is believed.
    kubectl.run(&["create", "serviceaccount", "robot"])?;
    let token = kubectl.run(&["create", "token", "robot"])?;
    let said = kubectl.say(&["auth", "whoami", "--token", token.trim()], "")?;
    ensure!(said.ok && said.out.contains("system:serviceaccount:default:robot"), "{}{}", said.out, said.err);
    Ok(())
}

/// What the server does not have is refused by name, and so is what nobody has.
fn flags() -> Result<()> {
    let check = |argument: &str, expect: &str| {
        let mut command = Command::new(mizzen()?);
        command.args(["apiserver", "--service-account-signing-key-file=/nonexistent", argument]);
        let output = command.output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(!output.status.success() && said.contains(expect), "wanted {expect:?}, got {said}");
        Ok(())
    };
    check("--oidc-issuer-url=https://issuer", "--oidc-issuer-url is not supported yet")?;
    check("--audit-policy-file=policy", "--audit-policy-file is not supported yet")?;
    check("--authorization-mode=Webhook", "--authorization-mode=Webhook is not supported yet")?;
    check("--no-such-flag", "unexpected argument '--no-such-flag'")?;
    check("--feature-gates=NoSuchGate=true", "unrecognized feature gate: NoSuchGate")?;
    check("--runtime-config=nonsense/v1=true", "unknown api groups nonsense")?;
    check("--tls-min-version=SSL3", "unknown tls version")?;
    let help = run(Command::new(mizzen()?).args(["apiserver", "--help"]))?;
    ensure!(help.contains("--etcd-servers") && !help.contains("--oidc-issuer-url"), "{help}");
    Ok(())
}
