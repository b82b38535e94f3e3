//! Devices for pods: claims, classes and slices.

use mizzen_schema::value::{Struct, Value};

use super::check::{
    Errors, Seen, complain, entries, flag, immutable, int, is_set, label_name, labels, list, one_of,
    quantity, required, same, some, text, text_of, texts,
};
use super::security::subdomain;
use super::volume::csi_driver_name;
use super::{meta, scheduling};
use crate::field::{FieldError, Path};
use crate::name;

const REQUESTS_MAX: usize = 32;
const CONSTRAINTS_MAX: usize = 32;
const CONFIGS_MAX: usize = 32;
const SELECTORS_MAX: usize = 32;
const ALTERNATIVES_MAX: usize = 8;
const RESERVED_MAX: usize = 256;
const RESULTS_MAX: usize = 32;
const TOLERATIONS_MAX: usize = 16;
const EXPRESSION_MAX: usize = 10 * 1024;
const PARAMETERS_MAX: usize = 10 * 1024;
const DEVICES_MAX: usize = 128;
const ATTRIBUTES_MAX: usize = 32;
const VALUE_MAX: usize = 64;
const POOL_MAX: usize = 253;

fn at_most(errors: &mut Errors, path: &Path<'_>, count: usize, max: usize) {
    if count > max {
        errors.push(FieldError::too_many(path, count, max));
    }
}

pub(super) fn claim(errors: &mut Errors, object: &Value) {
    claim_spec(errors, &Path::new("spec"), object.get("spec").unwrap_or(&Value::Null));
}

fn claim_spec(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let Some(devices) = some(spec, "devices") else { return };
    let path = path.child("devices");
    let requests = list(devices, "requests");
    let requests_path = path.child("requests");
    at_most(errors, &requests_path, requests.len(), REQUESTS_MAX);
    let mut names = Seen::new();
    for (at, one) in requests.iter().enumerate() {
        let path = requests_path.index(at);
        request(errors, &path, one);
        if !names.insert(text(one, "name")) {
            errors.push(FieldError::duplicate(&path, text(one, "name")));
        }
    }
    let constraints = path.child("constraints");
    at_most(errors, &constraints, list(devices, "constraints").len(), CONSTRAINTS_MAX);
    for (at, constraint) in list(devices, "constraints").iter().enumerate() {
        let path = constraints.index(at);
        references(errors, &path.child("requests"), constraint, requests);
        match text_of(constraint, "matchAttribute") {
            None => errors.push(FieldError::required(&path.child("matchAttribute"), "")),
            Some(name) => full_name(errors, &path.child("matchAttribute"), name),
        }
    }
    let configs = path.child("config");
    at_most(errors, &configs, list(devices, "config").len(), CONFIGS_MAX);
    for (at, config) in list(devices, "config").iter().enumerate() {
        let path = configs.index(at);
        references(errors, &path.child("requests"), config, requests);
        opaque(errors, &path, config);
    }
}

fn label(errors: &mut Errors, path: &Path<'_>, name: &str) {
    if required(errors, path, name) {
        complain(errors, path, name, name::dns_1123_label(name));
    }
}

/// Exactly so, or the first of some that is there.
fn request(errors: &mut Errors, path: &Path<'_>, request: &Value) {
    label(errors, &path.child("name"), text(request, "name"));
    let alternatives = list(request, "firstAvailable");
    match (some(request, "exactly"), alternatives.is_empty()) {
        (None, true) => {
            let detail = "exactly one of `exactly` or `firstAvailable` is required";
            errors.push(FieldError::required(path, detail));
        }
        (Some(_), false) => {
            let detail =
                "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set";
            errors.push(FieldError::invalid(path, None, detail));
        }
        (Some(exactly), true) => wanted(errors, &path.child("exactly"), exactly),
        (None, false) => {
            let path = path.child("firstAvailable");
            at_most(errors, &path, alternatives.len(), ALTERNATIVES_MAX);
            let mut names = Seen::new();
            for (at, one) in alternatives.iter().enumerate() {
                let path = path.index(at);
                label(errors, &path.child("name"), text(one, "name"));
                wanted(errors, &path, one);
                if !names.insert(text(one, "name")) {
                    errors.push(FieldError::duplicate(&path, text(one, "name")));
                }
            }
        }
    }
}

fn wanted(errors: &mut Errors, path: &Path<'_>, wanted: &Value) {
    let class = text(wanted, "deviceClassName");
    if required(errors, &path.child("deviceClassName"), class) {
        subdomain(errors, &path.child("deviceClassName"), class);
    }
    selectors(errors, &path.child("selectors"), wanted);
    let count = int(wanted, "count").unwrap_or_default();
    let count_path = path.child("count");
    match text(wanted, "allocationMode") {
        "All" => {
            if count != 0 {
                let detail = "must not be specified when allocationMode is 'All'";
                errors.push(FieldError::invalid(&count_path, count, detail));
            }
        }
        "ExactCount" => {
            if count <= 0 {
                errors.push(FieldError::invalid(&count_path, count, "must be greater than zero"));
            }
        }
        mode => one_of(errors, &path.child("allocationMode"), mode, &["All", "ExactCount"]),
    }
    let tolerations = path.child("tolerations");
    at_most(errors, &tolerations, list(wanted, "tolerations").len(), TOLERATIONS_MAX);
    for (at, one) in list(wanted, "tolerations").iter().enumerate() {
        toleration(errors, &tolerations.index(at), one);
    }
}

fn toleration(errors: &mut Errors, path: &Path<'_>, toleration: &Value) {
    let (key, value) = (text(toleration, "key"), text(toleration, "value"));
    if !key.is_empty() {
        label_name(errors, &path.child("key"), key);
    }
    match text(toleration, "operator") {
        "Exists" => {
            if !value.is_empty() {
                let detail = "must be empty for operator `Exists`";
                errors.push(FieldError::invalid(&path.child("value"), value, detail));
            }
        }
        "Equal" => complain(errors, &path.child("value"), value, name::label_value(value)),
        "" => errors.push(FieldError::required(&path.child("operator"), "")),
        other => one_of(errors, &path.child("operator"), other, &["Equal", "Exists"]),
    }
    let effect = text(toleration, "effect");
    if !effect.is_empty() {
        one_of(errors, &path.child("effect"), effect, &["NoExecute", "NoSchedule"]);
    }
}

fn selectors(errors: &mut Errors, path: &Path<'_>, owner: &Value) {
    let selectors = list(owner, "selectors");
    at_most(errors, path, selectors.len(), SELECTORS_MAX);
    for (at, selector) in selectors.iter().enumerate() {
        let path = path.index(at);
        match some(selector, "cel") {
            None => errors.push(FieldError::required(&path.child("cel"), "")),
            Some(cel) => {
                if text(cel, "expression").len() > EXPRESSION_MAX {
                    errors.push(FieldError::too_long(&path.child("cel.expression"), EXPRESSION_MAX));
                }
            }
        }
    }
}

/// Names of requests in a claim, or of a request and one of its alternatives.
fn references(errors: &mut Errors, path: &Path<'_>, owner: &Value, requests: &[Value]) {
    at_most(errors, path, list(owner, "requests").len(), REQUESTS_MAX);
    let mut seen = Seen::new();
    for (at, name) in texts(owner, "requests").enumerate() {
        let path = path.index(at);
        reference(errors, &path, name, requests);
        if !seen.insert(name) {
            errors.push(FieldError::duplicate(&path, name));
        }
    }
}

fn reference(errors: &mut Errors, path: &Path<'_>, name: &str, requests: &[Value]) {
    let mut parts = name.split('/');
    let (first, second) = (parts.next().unwrap_or_default(), parts.next());
    let many = parts.next().is_some();
    if !many {
        for part in name.split('/') {
            label(errors, path, part);
        }
    }
    let known = requests.iter().find(|request| text(request, "name") == first).is_some_and(|request| {
        second.is_none_or(|second| {
            list(request, "firstAvailable").iter().any(|one| text(one, "name") == second)
        })
    });
    if many || !known {
        let detail = "must be the name of a request in the claim or the name of a request and a subrequest \
                      separated by '/'";
        errors.push(FieldError::invalid(path, name, detail));
    }
}

/// `domain/identifier`.
fn full_name(errors: &mut Errors, path: &Path<'_>, name: &str) {
    if !required(errors, path, name) {
        return;
    }
    if !name.contains('/') {
        errors.push(FieldError::invalid(path, name, "must include a domain"));
        return;
    }
    attribute_name(errors, path, name);
}

/// `identifier` or `domain/identifier`.
fn attribute_name(errors: &mut Errors, path: &Path<'_>, name: &str) {
    if !required(errors, path, name) {
        return;
    }
    let (domain, identifier) = match name.split_once('/') {
        Some((domain, identifier)) => (Some(domain), identifier),
        None => (None, name),
    };
    if let Some(domain) = domain {
        if domain.is_empty() {
            errors.push(FieldError::required(path, "the domain must not be empty"));
        } else {
            if domain.len() > 63 {
                errors.push(FieldError::too_long(path, 63));
            }
            subdomain(errors, path, domain);
        }
    }
    if identifier.is_empty() {
        errors.push(FieldError::required(path, "the name must not be empty"));
        return;
    }
    if identifier.len() > 32 {
        errors.push(FieldError::too_long(path, 32));
    }
    if !name::c_identifier(identifier).is_empty() {
        complain(errors, path, identifier, name::c_identifier(identifier));
    }
}

fn opaque(errors: &mut Errors, path: &Path<'_>, config: &Value) {
    let path = path.child("opaque");
    let Some(opaque) = some(config, "opaque") else {
        errors.push(FieldError::required(&path, ""));
        return;
    };
    csi_driver_name(errors, &path.child("driver"), text(opaque, "driver"));
    let parameters = path.child("parameters");
    match some(opaque, "parameters") {
        None => errors.push(FieldError::required(&parameters, "")),
        Some(value) => {
            let mut bytes = Vec::new();
            mizzen_schema::json::encode(value, &mut bytes);
            if bytes.len() > PARAMETERS_MAX {
                errors.push(FieldError::too_long(&parameters, PARAMETERS_MAX));
            } else if value.as_map().is_none() && value.as_struct().is_none() {
                errors.push(FieldError::invalid(
                    &parameters,
                    "<value omitted>",
                    "must be a valid JSON object",
                ));
            }
        }
    }
}

/// The spec of a claim or of a template for one stays.
pub(super) fn kept_spec(errors: &mut Errors, new: &Value, old: &Value) {
    immutable(errors, &Path::new("spec"), new.get("spec"), old.get("spec"));
}

pub(super) fn claim_template(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let spec = object.get("spec").unwrap_or(&Value::Null);
    if let Some(metadata) = spec.get("metadata") {
        let path = path.child("metadata");
        meta::annotations(errors, &path.child("annotations"), metadata);
        labels(errors, &path.child("labels"), metadata, "labels");
        for (_, field, value) in metadata.as_struct().into_iter().flat_map(Struct::fields) {
            if !matches!(&*field.json, "labels" | "annotations") && !same(Some(value), None) {
                errors.push(FieldError::forbidden(&path.child(&field.json), "cannot be set"));
            }
        }
    }
    claim_spec(errors, &path.child("spec"), spec.get("spec").unwrap_or(&Value::Null));
}

/// Who has the claim, and which devices it got: those stay.
pub(super) fn claim_status(errors: &mut Errors, new: &Value, old: &Value) {
    let empty = Value::Null;
    let (status, before) = (new.get("status").unwrap_or(&empty), old.get("status").unwrap_or(&empty));
    let requests = new.path(&["spec", "devices", "requests"]).map(Value::items).unwrap_or_default();
    let root = Path::new("status");
    let path = root.child("reservedFor");
    let consumers = list(status, "reservedFor");
    at_most(errors, &path, consumers.len(), RESERVED_MAX);
    let mut seen = Seen::new();
    for (at, consumer) in consumers.iter().enumerate() {
        let path = path.index(at);
        for field in ["resource", "name", "uid"] {
            required(errors, &path.child(field), text(consumer, field));
        }
        if !seen.insert(text(consumer, "uid")) {
            errors.push(FieldError::duplicate(&path, text(consumer, "uid")));
        }
    }
    let (allocation, allocation_before) = (some(status, "allocation"), some(before, "allocation"));
    devices_status(errors, &root.child("devices"), status, allocation);
    if !consumers.is_empty() {
        let added = || consumers.iter().any(|one| !list(before, "reservedFor").contains(one));
        if allocation.is_none() {
            let detail = "may not be specified when `allocated` is not set";
            errors.push(FieldError::forbidden(&path, detail));
        } else if crate::meta::deletion_timestamp(new).is_some() && added() {
            let detail =
                "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set";
            errors.push(FieldError::forbidden(&path, detail));
        }
    }
    let path = root.child("allocation");
    match (allocation, allocation_before) {
        (Some(_), Some(_)) => immutable(errors, &path, allocation, allocation_before),
        (Some(allocation), None) => allocated(errors, &path, allocation, requests),
        _ => {}
    }
}

fn allocated(errors: &mut Errors, path: &Path<'_>, allocation: &Value, requests: &[Value]) {
    let empty = Value::Null;
    let devices = allocation.get("devices").unwrap_or(&empty);
    let results = path.child("devices.results");
    at_most(errors, &results, list(devices, "results").len(), RESULTS_MAX);
    for (at, result) in list(devices, "results").iter().enumerate() {
        let path = results.index(at);
        reference(errors, &path.child("request"), text(result, "request"), requests);
        csi_driver_name(errors, &path.child("driver"), text(result, "driver"));
        pool_name(errors, &path.child("pool"), text(result, "pool"));
        label(errors, &path.child("device"), text(result, "device"));
    }
    let configs = path.child("devices.config");
    at_most(errors, &configs, list(devices, "config").len(), 2 * CONFIGS_MAX);
    for (at, config) in list(devices, "config").iter().enumerate() {
        let path = configs.index(at);
        let source = text(config, "source");
        if required(errors, &path.child("source"), source) {
            one_of(errors, &path.child("source"), source, &["FromClaim", "FromClass"]);
        }
        references(errors, &path.child("requests"), config, requests);
        opaque(errors, &path, config);
    }
    if let Some(selector) = some(allocation, "nodeSelector") {
        scheduling::node_selector(errors, &path.child("nodeSelector"), selector);
    }
}

fn devices_status(errors: &mut Errors, path: &Path<'_>, status: &Value, allocation: Option<&Value>) {
    let results = allocation
        .and_then(|allocation| allocation.path(&["devices", "results"]))
        .map(Value::items)
        .unwrap_or_default();
    fn id(one: &Value) -> (&str, &str, &str) {
        (text(one, "driver"), text(one, "pool"), text(one, "device"))
    }
    let mut seen = Seen::new();
    for (at, device) in list(status, "devices").iter().enumerate() {
        let path = path.index(at);
        let (driver, pool, name) = id(device);
        csi_driver_name(errors, &path.child("driver"), driver);
        pool_name(errors, &path.child("pool"), pool);
        label(errors, &path.child("device"), name);
        let shown = format!("{driver}/{pool}/{name}");
        if !results.iter().any(|result| id(result) == id(device)) {
            let detail = "must be an allocated device in the claim";
            errors.push(FieldError::invalid(&path, &shown, detail));
        }
        if !seen.insert(id(device)) {
            errors.push(FieldError::duplicate(&path, &shown));
        }
        super::check::conditions(errors, &path.child("conditions"), device);
        at_most(errors, &path.child("conditions"), list(device, "conditions").len(), 8);
        if let Some(network) = some(device, "networkData") {
            network_data(errors, &path.child("networkData"), network);
        }
    }
}

fn network_data(errors: &mut Errors, path: &Path<'_>, network: &Value) {
    for (field, max) in [("interfaceName", 256), ("hardwareAddress", 128)] {
        if text(network, field).len() > max {
            errors.push(FieldError::too_long(&path.child(field), max));
        }
    }
    let path = path.child("ips");
    at_most(errors, &path, list(network, "ips").len(), 16);
    let mut seen = Seen::new();
    for (at, ip) in texts(network, "ips").enumerate() {
        complain(errors, &path.index(at), ip, name::interface_address(ip));
        if !seen.insert(ip) {
            errors.push(FieldError::duplicate(&path.index(at), ip));
        }
    }
}

pub(super) fn class(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let spec = object.get("spec").unwrap_or(&Value::Null);
    selectors(errors, &path.child("selectors"), spec);
    let configs = path.child("config");
    at_most(errors, &configs, list(spec, "config").len(), CONFIGS_MAX);
    for (at, config) in list(spec, "config").iter().enumerate() {
        opaque(errors, &configs.index(at), config);
    }
}

/// Subdomains, with slashes between them.
fn pool_name(errors: &mut Errors, path: &Path<'_>, name: &str) {
    if !required(errors, path, name) {
        return;
    }
    if name.len() > POOL_MAX {
        errors.push(FieldError::too_long(path, POOL_MAX));
    }
    for part in name.split('/') {
        subdomain(errors, path, part);
    }
}

pub(super) fn slice(errors: &mut Errors, object: &Value, old: Option<&Value>) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    csi_driver_name(errors, &path.child("driver"), text(spec, "driver"));
    let pool = spec.get("pool").unwrap_or(&empty);
    let pool_path = path.child("pool");
    self::pool_name(errors, &pool_path.child("name"), text(pool, "name"));
    let count = int(pool, "resourceSliceCount").unwrap_or_default();
    if count <= 0 {
        let detail = "must be greater than zero";
        errors.push(FieldError::invalid(&pool_path.child("resourceSliceCount"), count, detail));
    }
    let generation = int(pool, "generation").unwrap_or_default();
    if generation < 0 {
        let detail = "must be greater than or equal to zero";
        errors.push(FieldError::invalid(&pool_path.child("generation"), generation, detail));
    }
    if let Some(before) = old.and_then(|old| old.get("spec")) {
        let name = ["pool", "name"];
        immutable(errors, &pool_path.child("name"), spec.path(&name), before.path(&name));
        for field in ["driver", "nodeName"] {
            immutable(errors, &path.child(field), spec.get(field), before.get(field));
        }
    }
    nodes(errors, &path, spec);
    let devices_path = path.child("devices");
    at_most(errors, &devices_path, list(spec, "devices").len(), DEVICES_MAX);
    let mut names = Seen::new();
    for (at, one) in list(spec, "devices").iter().enumerate() {
        let path = devices_path.index(at);
        device(errors, &path, one);
        if !names.insert(text(one, "name")) {
            errors.push(FieldError::duplicate(&path, text(one, "name")));
        }
    }
}

/// From which nodes the devices can be reached: one way to say it.
fn nodes(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let mut ways = Vec::new();
    if let Some(name) = text_of(spec, "nodeName") {
        if name.is_empty() {
            let detail = "must be either unset or set to a non-empty string";
            errors.push(FieldError::invalid(&path.child("nodeName"), name, detail));
        } else {
            ways.push("`nodeName`");
            subdomain(errors, &path.child("nodeName"), name);
        }
    }
    if let Some(selector) = some(spec, "nodeSelector") {
        ways.push("`nodeSelector`");
        let selector_path = path.child("nodeSelector");
        scheduling::node_selector(errors, &selector_path, selector);
        if list(selector, "nodeSelectorTerms").len() != 1 {
            let path = selector_path.child("nodeSelectorTerms");
            let detail = "must have exactly one node selector term";
            errors.push(FieldError::invalid(&path, selector.get("nodeSelectorTerms"), detail));
        }
    }
    for (field, shown) in [("allNodes", "`allNodes`"), ("perDeviceNodeSelection", "`perDeviceNodeSelection`")]
    {
        match flag(spec, field) {
            Some(true) => ways.push(shown),
            Some(false) => {
                let detail = "must be either unset or set to true";
                errors.push(FieldError::invalid(&path.child(field), false, detail));
            }
            None => {}
        }
    }
    let all = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
    match ways.len() {
        0 => errors.push(FieldError::required(path, all)),
        1 => {}
        _ => {
            let shown = format!("{{{}}}", ways.join(", "));
            errors.push(FieldError::invalid(path, &shown, format!("{all}, but multiple fields are set")));
        }
    }
}

fn device(errors: &mut Errors, path: &Path<'_>, device: &Value) {
    label(errors, &path.child("name"), text(device, "name"));
    let total = entries(device, "attributes").count() + entries(device, "capacity").count();
    if total > ATTRIBUTES_MAX {
        let detail =
            format!("the total number of attributes and capacities must not exceed {ATTRIBUTES_MAX}");
        let shown = i64::try_from(total).unwrap_or(i64::MAX);
        errors.push(FieldError::invalid(path, shown, detail));
    }
    let attributes = path.child("attributes");
    for (key, value) in entries(device, "attributes") {
        attribute_name(errors, &attributes, key);
        attribute(errors, &attributes.key(key), value);
    }
    let capacities = path.child("capacity");
    for (key, value) in entries(device, "capacity") {
        attribute_name(errors, &capacities, key);
        if let Some(amount) = some(value, "value")
            && quantity(amount).signum() < 0
        {
            let path = capacities.key(key);
            let detail = "must be greater than or equal to 0";
            errors.push(FieldError::invalid(&path.child("value"), amount, detail));
        }
    }
}

fn attribute(errors: &mut Errors, path: &Path<'_>, value: &Value) {
    let kinds = ["bool", "int", "string", "version"];
    match kinds.iter().filter(|kind| is_set(value, kind)).count() {
        0 => errors.push(FieldError::required(path, "exactly one value must be specified")),
        1 => {}
        _ => errors.push(FieldError::invalid(path, value, "exactly one value must be specified")),
    }
    for kind in ["string", "version"] {
        if text(value, kind).len() > VALUE_MAX {
            errors.push(FieldError::too_long(&path.child(kind), VALUE_MAX));
        }
    }
}
