//! What requests to the cluster's own signers must look like. Source: "Kubernetes signers".

use std::collections::BTreeSet;

use mizzen_pki::{SigningRequest, Usage};

/// The signers of this cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signer {
    /// Clients of the API server.
    Client,
    /// Kubelets, as clients of the API server.
    KubeletClient,
    /// Kubelets, as servers.
    KubeletServing,
    /// Whatever was asked for before signers had names.
    LegacyUnknown,
}

impl Signer {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "kubernetes.io/kube-apiserver-client" => Self::Client,
            "kubernetes.io/kube-apiserver-client-kubelet" => Self::KubeletClient,
            "kubernetes.io/kubelet-serving" => Self::KubeletServing,
            "kubernetes.io/legacy-unknown" => Self::LegacyUnknown,
            _ => return None,
        })
    }

    /// What is wrong with a request; the words are Kubernetes'.
    pub(super) fn check(self, request: &SigningRequest, usages: &[String]) -> Result<(), String> {
        match self {
            Self::Client => check_client_usages(usages),
            Self::KubeletClient => check_kubelet_client(request, usages),
            Self::KubeletServing => check_kubelet_serving(request, usages),
            Self::LegacyUnknown => Ok(()),
        }
    }
}

fn check_client_usages(usages: &[String]) -> Result<(), String> {
    let allowed = ["digital signature", "key encipherment", "client auth"];
    if let Some(other) = usages.iter().find(|usage| !allowed.contains(&usage.as_str())) {
        return Err(format!("invalid usage for client certificate: {other}"));
    }
    if !usages.iter().any(|usage| usage == "client auth") {
        return Err("missing required usage for client certificate: client auth".to_owned());
    }
    Ok(())
}

/// Exactly these usages; key encipherment, which only RSA needs, may be left out.
fn check_usages(usages: &[String], role: &str) -> Result<(), String> {
    let given: BTreeSet<&str> = usages.iter().map(String::as_str).collect();
    let without = BTreeSet::from(["digital signature", role]);
    let mut with = without.clone();
    with.insert("key encipherment");
    if given == with || given == without {
        return Ok(());
    }
    let mut listed: Vec<&str> = with.into_iter().collect();
    listed.sort_unstable();
    Err(format!("usages did not match [{}]", listed.join(" ")))
}

fn check_organization(request: &SigningRequest) -> Result<(), String> {
    if request.organizations == ["system:nodes"] {
        return Ok(());
    }
    Err("subject organization is not system:nodes".to_owned())
}

fn check_name(request: &SigningRequest) -> Result<(), String> {
    if request.common_name.starts_with("system:node:") {
        return Ok(());
    }
    Err("subject common name does not begin with system:node:".to_owned())
}

fn check_absent(names: bool, what: &str) -> Result<(), String> {
    if names { Ok(()) } else { Err(format!("{what} subjectAltNames are not allowed")) }
}

pub(super) fn check_kubelet_client(request: &SigningRequest, usages: &[String]) -> Result<(), String> {
    check_organization(request)?;
    check_absent(request.dns_names.is_empty(), "DNS")?;
    check_absent(request.emails.is_empty(), "Email")?;
    check_absent(request.addresses.is_empty(), "IP")?;
    check_absent(request.uris.is_empty(), "URI")?;
    check_name(request)?;
    check_usages(usages, "client auth")
}

fn check_kubelet_serving(request: &SigningRequest, usages: &[String]) -> Result<(), String> {
    check_organization(request)?;
    if request.dns_names.is_empty() && request.addresses.is_empty() {
        return Err("DNS or IP subjectAltName is required".to_owned());
    }
    check_absent(request.emails.is_empty(), "Email")?;
    check_absent(request.uris.is_empty(), "URI")?;
    check_usages(usages, "server auth")?;
    check_name(request)
}

/// A usage by its name in the API.
pub(super) fn usage(name: &str) -> Option<Usage> {
    Some(match name {
        "signing" | "digital signature" => Usage::DigitalSignature,
        "content commitment" => Usage::ContentCommitment,
        "key encipherment" => Usage::KeyEncipherment,
        "key agreement" => Usage::KeyAgreement,
        "data encipherment" => Usage::DataEncipherment,
        "cert sign" => Usage::CertSign,
        "crl sign" => Usage::CrlSign,
        "encipher only" => Usage::EncipherOnly,
        "decipher only" => Usage::DecipherOnly,
        "any" => Usage::Any,
        "server auth" => Usage::ServerAuth,
        "client auth" => Usage::ClientAuth,
        "code signing" => Usage::CodeSigning,
        "email protection" | "s/mime" => Usage::EmailProtection,
        "ipsec end system" => Usage::IpsecEndSystem,
        "ipsec tunnel" => Usage::IpsecTunnel,
        "ipsec user" => Usage::IpsecUser,
        "timestamping" => Usage::Timestamping,
        "ocsp signing" => Usage::OcspSigning,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    struct Case {
        signer: Signer,
        name: &'static str,
        organizations: &'static [&'static str],
        dns_names: &'static [&'static str],
        addresses: &'static [IpAddr],
        usages: &'static [&'static str],
    }

    const NODE: Case = Case {
        signer: Signer::KubeletClient,
        name: "system:node:a",
        organizations: &["system:nodes"],
        dns_names: &[],
        addresses: &[],
        usages: &["digital signature", "client auth"],
    };

    #[test]
    fn each_signer_has_its_rules() {
        let check = |case: Case, expect: Result<(), &str>| {
            let Case { signer, name, organizations, dns_names, addresses, usages } = case;
            let (pem, _) = SigningRequest::create(name, organizations, dns_names, addresses).expect("made");
            let request = SigningRequest::parse(&pem).expect("read");
            let usages: Vec<String> = usages.iter().map(|usage| (*usage).to_owned()).collect();
            assert_eq!(signer.check(&request, &usages), expect.map_err(str::to_owned), "{name} {usages:?}");
        };
        check(NODE, Ok(()));
        check(Case { usages: &["key encipherment", "digital signature", "client auth"], ..NODE }, Ok(()));
        let unmatched = "usages did not match [client auth digital signature key encipherment]";
        check(Case { usages: &["client auth"], ..NODE }, Err(unmatched));
        check(Case { usages: &["digital signature", "client auth", "server auth"], ..NODE }, Err(unmatched));
        check(Case { organizations: &[], ..NODE }, Err("subject organization is not system:nodes"));
        check(
            Case { organizations: &["system:nodes", "x"], ..NODE },
            Err("subject organization is not system:nodes"),
        );
        check(Case { name: "a", ..NODE }, Err("subject common name does not begin with system:node:"));
        check(Case { dns_names: &["a"], ..NODE }, Err("DNS subjectAltNames are not allowed"));
        const ADDRESS: &[IpAddr] = &[IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1))];
        check(Case { addresses: ADDRESS, ..NODE }, Err("IP subjectAltNames are not allowed"));
        const SERVING: Case = Case {
            signer: Signer::KubeletServing,
            addresses: ADDRESS,
            usages: &["digital signature", "server auth"],
            ..NODE
        };
        check(SERVING, Ok(()));
        check(Case { addresses: &[], ..SERVING }, Err("DNS or IP subjectAltName is required"));
        check(
            Case { usages: &["digital signature", "client auth"], ..SERVING },
            Err("usages did not match [digital signature key encipherment server auth]"),
        );
        const CLIENT: Case = Case {
            signer: Signer::Client,
            name: "jane",
            organizations: &["dev"],
            usages: &["client auth"],
            ..NODE
        };
        check(CLIENT, Ok(()));
        check(
            Case { usages: &["server auth"], ..CLIENT },
            Err("invalid usage for client certificate: server auth"),
        );
        check(
            Case { usages: &["digital signature"], ..CLIENT },
            Err("missing required usage for client certificate: client auth"),
        );
        check(Case { signer: Signer::LegacyUnknown, usages: &["code signing"], ..CLIENT }, Ok(()));
    }
}
