//! Projected volumes: files from several sources in one tree.

use mizzen_schema::value::Value;

use super::{downward_file, items, mode};
use crate::field::{FieldError, Path};
use crate::name;
use crate::validate::access::{is_kubernetes_signer, signer_name, trust_bundle_name};
use crate::validate::check::{
    Errors, Seen, domain_key, entries, int, is_set, label_selector, list, one_of, required, some, text,
    text_of,
};
use crate::validate::container::volume_path;

const KINDS: [&str; 6] =
    ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"];

pub(super) fn projected(errors: &mut Errors, path: &Path<'_>, volume: &Value) {
    mode(errors, path, volume, "defaultMode");
    let mut files = Seen::new();
    let sources = path.child("sources");
    for (at, source) in list(volume, "sources").iter().enumerate() {
        let source_path = sources.index(at);
        let mut count = 0;
        for kind in KINDS {
            if let Some(value) = some(source, kind) {
                count += 1;
                projection(errors, &source_path.child(kind), path, kind, value, &mut files);
            }
        }
        if count > 1 {
            let detail = "may not specify more than 1 volume type per source";
            errors.push(FieldError::forbidden(&source_path, detail));
        }
    }
}

/// One source of a projected volume; `files` are the paths that are taken.
fn projection<'a>(
    errors: &mut Errors,
    here: &Path<'_>,
    volume: &Path<'_>,
    kind: &str,
    source: &'a Value,
    files: &mut Seen<&'a str>,
) {
    let mut take = |errors: &mut Errors, file: &'a str, shown: &str| {
        if !files.insert(file) {
            errors.push(FieldError::invalid(volume, shown, "conflicting duplicate paths"));
        }
    };
    match kind {
        "secret" | "configMap" => {
            let name = text(source, "name");
            required(errors, &here.child("name"), name);
            items(errors, here, source);
            for item in list(source, "items").iter().filter(|item| !text(item, "path").is_empty()) {
                take(errors, text(item, "path"), name);
            }
        }
        "downwardAPI" => {
            for file in list(source, "items") {
                downward_file(errors, here, file);
                let file = text(file, "path");
                if !file.is_empty() {
                    take(errors, file, file);
                }
            }
        }
        "serviceAccountToken" => {
            token_lifetime(errors, &here.child("expirationSeconds"), source);
            let file = text(source, "path");
            // As Kubernetes names it.
            if required(errors, &volume.child("path"), file) {
                volume_path(errors, &volume.child("path"), file);
            }
        }
        "clusterTrustBundle" => {
            trust_bundle(errors, here, source);
            let file = text(source, "path");
            take(errors, file, file);
        }
        _ => {
            pod_certificate(errors, here, source);
            let fields = ["credentialBundlePath", "keyPath", "certificateChainPath"];
            let mut count = 0;
            for field in fields {
                let file = text(source, field);
                if !file.is_empty() {
                    count += 1;
                    volume_path(errors, &here.child(field), file);
                    take(errors, file, file);
                }
            }
            if count == 0 {
                let detail =
                    "specify at least one of credentialBundlePath, keyPath, and certificateChainPath";
                errors.push(FieldError::required(here, detail));
            }
        }
    }
}

/// How long a token lives: at least ten minutes.
fn token_lifetime(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let seconds = int(source, "expirationSeconds").unwrap_or_default();
    if seconds < 600 {
        let detail = "may not specify a duration less than 10 minutes";
        errors.push(FieldError::invalid(path, seconds, detail));
    }
    if seconds > 1 << 32 {
        let detail = "may not specify a duration larger than 2^32 seconds";
        errors.push(FieldError::invalid(path, seconds, detail));
    }
}

fn trust_bundle(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    match (text_of(source, "name"), text_of(source, "signerName")) {
        (Some(_), Some(_)) => {
            let detail = "only one of name and signerName may be used";
            errors.push(FieldError::invalid(path, source, detail));
        }
        (Some(name), None) => {
            let name_path = path.child("name");
            if name.is_empty() {
                errors.push(FieldError::required(&name_path, "must be a valid object name"));
            }
            let signer =
                name.rsplit_once(':').map(|(signer, _)| signer.replace(':', "/")).unwrap_or_default();
            for complaint in trust_bundle_name(name, &signer) {
                let detail = format!("not a valid clustertrustbundlename: {complaint}");
                errors.push(FieldError::invalid(&name_path, name, detail));
            }
            if is_set(source, "labelSelector") {
                let detail = "labelSelector must be unset if name is specified";
                let path = path.child("labelSelector");
                errors.push(FieldError::invalid(&path, source.get("labelSelector"), detail));
            }
        }
        (None, Some(signer)) => {
            let signer_path = path.child("signerName");
            if signer.is_empty() {
                errors.push(FieldError::required(&signer_path, "must be a valid signer name"));
            }
            signer_name(errors, &signer_path, signer);
            label_selector(errors, &path.child("labelSelector"), some(source, "labelSelector"));
        }
        (None, None) => {
            errors.push(FieldError::required(path, "either name or signerName must be specified"));
        }
    }
    required(errors, &path.child("path"), text(source, "path"));
    volume_path(errors, &path.child("path"), text(source, "path"));
}

/// 91 days, and one for Kubernetes' own signers.
const CERTIFICATE_MAX: i64 = 91 * 86_400;
const KUBERNETES_CERTIFICATE_MAX: i64 = 86_400;

/// How long a certificate for a pod may live.
pub(in crate::validate) fn certificate_lifetime_max(signer: &str) -> i64 {
    if is_kubernetes_signer(signer) { KUBERNETES_CERTIFICATE_MAX } else { CERTIFICATE_MAX }
}

fn pod_certificate(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let signer = text(source, "signerName");
    signer_name(errors, &path.child("signerName"), signer);
    user_annotations(errors, &path.child("userAnnotations"), source, "userAnnotations");
    let kinds = ["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"];
    one_of(errors, &path.child("keyType"), text(source, "keyType"), &kinds);
    if let Some(seconds) = int(source, "maxExpirationSeconds") {
        let path = path.child("maxExpirationSeconds");
        if seconds < 3600 {
            let detail = "if provided, maxExpirationSeconds must be >= 3600";
            errors.push(FieldError::invalid(&path, seconds, detail));
        }
        let most = certificate_lifetime_max(signer);
        if seconds > most {
            let detail = format!("if provided, maxExpirationSeconds must be <= {most}");
            errors.push(FieldError::invalid(&path, seconds, detail));
        }
    }
}

/// Annotations for the signer: keys with a domain.
pub(in crate::validate) fn user_annotations(
    errors: &mut Errors,
    path: &Path<'_>,
    owner: &Value,
    field: &str,
) {
    let mut size = 0;
    for (key, value) in entries(owner, field) {
        domain_key(errors, path, &key.to_lowercase());
        size += key.len() + value.as_str().unwrap_or_default().len();
    }
    if size > name::ANNOTATIONS_MAX {
        errors.push(FieldError::too_long(path, name::ANNOTATIONS_MAX));
    }
}
