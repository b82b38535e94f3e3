//! The cluster's certificates, keys and kubeconfigs: made once, kept with mode 0600.

use std::fs;
use std::net::IpAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use mizzen_pki::{Authority, Certified, ClientRequest, ServerRequest, TokenKey, kubeconfig};

use super::layout::{Layout, write_private};
use super::settings::{LAN_API_PORT, Settings};

/// How long certificates are valid. `mizzen up` makes new ones long before.
const VALID: Duration = Duration::from_secs(365 * 24 * 3600);

/// A user of the control plane or of a node: name of its kubeconfig, user, groups.
struct Member {
    file: String,
    user: String,
    groups: Vec<&'static str>,
}

fn member(file: &str, user: &str, groups: &[&'static str]) -> Member {
    Member { file: file.to_owned(), user: user.to_owned(), groups: groups.to_vec() }
}

/// The certificate authority of a cluster, made when it is missing.
fn authority(layout: &Layout, now: Timestamp) -> Result<Authority> {
    let (cert, key) = (layout.pki("ca.crt"), layout.pki("ca.key"));
    if let (Ok(cert), Ok(key)) = (fs::read_to_string(&cert), fs::read_to_string(&key)) {
        return Authority::load(&cert, &key).context("read the cluster's certificate authority");
    }
    let authority = Authority::create(&format!("{}-ca", layout.name()), now)?;
    write_private(&key, authority.key_pem().as_bytes())?;
    write_private(&cert, authority.cert_pem().as_bytes())?;
    Ok(authority)
}

fn keep(layout: &Layout, name: &str, certified: &Certified) -> Result<()> {
    write_private(&layout.pki(&format!("{name}.key")), certified.key_pem.as_bytes())?;
    write_private(&layout.pki(&format!("{name}.crt")), certified.cert_pem.as_bytes())
}

/// Makes whatever is missing. Server certificates are made anew each time, since addresses may have changed.
pub(crate) fn ensure(layout: &Layout, settings: &Settings, now: Timestamp) -> Result<()> {
    let authority = authority(layout, now)?;
    let key = layout.pki("service-account.key");
    if !key.exists() {
        write_private(&key, TokenKey::create()?.key_pem().as_bytes())?;
    }
    let names = [
        "localhost",
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
    ];
    let addresses = settings.api_addresses();
    let server =
        ServerRequest { name: "kube-apiserver", dns_names: &names, addresses: &addresses, valid: VALID };
    keep(layout, "apiserver", &authority.server(&server, now)?)?;
    let kubelet_client =
        ClientRequest { user: "kube-apiserver-kubelet-client", groups: &["system:masters"], valid: VALID };
    keep(layout, "apiserver-kubelet-client", &authority.client(&kubelet_client, now)?)?;
    for node in settings.nodes() {
        let addresses = [IpAddr::from(node.address)];
        let request = ServerRequest {
            name: &format!("system:node:{}", node.name),
            dns_names: &[&node.name],
            addresses: &addresses,
            valid: VALID,
        };
        keep(layout, &format!("kubelet-{}", node.name), &authority.server(&request, now)?)?;
    }
    for member in members(settings) {
        let request = ClientRequest { user: &member.user, groups: &member.groups, valid: VALID };
        let certified = authority.client(&request, now)?;
        let server = match member.file.as_str() {
            "admin" => format!("https://127.0.0.1:{}", settings.api_port),
            _ => format!("https://{}:{LAN_API_PORT}", settings.lan_address()),
        };
        if member.file == "admin" {
            keep(layout, "admin", &certified)?;
            kubeconfig::merge_into(
                &settings.kubeconfig,
                &settings.name,
                &server,
                authority.cert_pem(),
                &certified,
            )
            .with_context(|| {
                format!("add context {:?} to {}", settings.name, settings.kubeconfig.display())
            })?;
        }
        let text = kubeconfig::render(&settings.name, &server, authority.cert_pem(), &certified);
        write_private(&layout.kubeconfig(&member.file), text.as_bytes())?;
    }
    Ok(())
}

fn members(settings: &Settings) -> Vec<Member> {
    let mut all = vec![member("admin", "kubernetes-admin", &["system:masters"])];
    for node in settings.nodes() {
        let name = &node.name;
        all.push(member(&format!("kubelet-{name}"), &format!("system:node:{name}"), &["system:nodes"]));
    }
    if settings.nodes > 0 {
        all.push(member("proxy", "system:kube-proxy", &[]));
        all.push(member("dns", "system:mizzen:dns", &[]));
    }
    all
}
