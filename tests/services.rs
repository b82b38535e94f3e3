//! Services and names, from pods and from this machine.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, eventually};

use crate::cluster::{fetch, in_pod, ready, rolled_out, server_deployment, server_pod};
use crate::groups::{Group, NODE_PORT, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(Group::One, "service_is_reached_by_name", by_name),
        test(Group::One, "service_pod_reaches_pod", pod_to_pod),
        test(Group::One, "service_node_port_is_published", node_port),
        test(Group::One, "service_hairpin", hairpin),
    ]
}

fn by_name(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_deployment("web", 2, ""))?;
    rolled_out(kubectl, "web")?;
    let namespace = "service-is-reached-by-name";
    let address = kubectl.path(&["service", "web"], "{.spec.clusterIP}")?;
    let script = format!(
        "for host in web web.{namespace} web.{namespace}.svc.cluster.local {address}; do \
         testserver fetch http://$host/hostname || exit 1; done; \
         testserver lookup kubernetes.default.svc.cluster.local"
    );
    let log = in_pod(kubectl, "visitor", &script)?;
    ensure!(log.lines().take(4).all(|line| line.starts_with("web-")), "{log}");
    ensure!(log.contains("10.96.0.1"), "{log}");
    Ok(())
}

fn pod_to_pod(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_pod("host"))?;
    ready(kubectl, "host")?;
    let address = kubectl.path(&["pod", "host"], "{.status.podIP}")?;
    let script = format!(
        "testserver fetch http://{address}:8080/client; ip -4 -o addr show eth0 | sed 's/.*inet //; s/\\/.*//'"
    );
    let log = in_pod(kubectl, "guest", &script)?;
    let lines: Vec<&str> = log.lines().collect();
    // The server sees the pod's own address: there is no translation on the way.
    ensure!(lines.len() == 2 && lines[0] == lines[1], "{log}");
    Ok(())
}

fn node_port(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let port = cluster.published(NODE_PORT).context("a published port")?;
    let service = format!("type: NodePort\n  ports: [{{port: 80, targetPort: http, nodePort: {NODE_PORT}}}]");
    let manifest = server_deployment("gate", 1, &service);
    let manifest =
        manifest.rsplit_once("\n  ports:").map_or(manifest.as_str(), |(head, _)| head).to_owned() + "\n";
    kubectl.apply(&manifest)?;
    rolled_out(kubectl, "gate")?;
    let body = eventually("the node port answers on 127.0.0.1", || {
        fetch(&format!("http://127.0.0.1:{port}/hostname"))
    })?;
    ensure!(body.starts_with("gate-"), "{body}");
    Ok(())
}

fn hairpin(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_deployment("narcissus", 1, ""))?;
    rolled_out(kubectl, "narcissus")?;
    let seen = eventually("a pod reaches itself through its Service", || {
        kubectl.run(&[
            "exec",
            "deployment/narcissus",
            "--",
            "testserver",
            "fetch",
            "http://narcissus/hostname",
        ])
    })?;
    ensure!(seen.starts_with("narcissus-"), "{seen}");
    Ok(())
}
