//! The table as it should be, fed Service by Service, and the script that brings the kernel's there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mizzen_client::ObjectKey;
use mizzen_kernel::conntrack::Flow;
use serde_json::Value;

use crate::counted::{Change, Counted};
use crate::planner::{Action, Protocol, ServicePlan, Vip, VipPlan};
use crate::render::{
    BASE_CHAINS, ENDPOINTS, LAYOUT, MAPS, STUCK, Settings, TABLE, add_set, base, render, statements,
};

/// Most kinds of UDP flows that are forgotten after one sync; more than that begins anew anyway.
const FLOWS_MAX: usize = 256;

type Element = (String, String);

/// What is wanted, and what changed.
#[derive(Debug)]
pub(crate) struct Table {
    settings: Settings,
    plans: BTreeMap<ObjectKey, ServicePlan>,
    /// Who claims an address: the first by name has it.
    claims: BTreeMap<Vip, BTreeMap<ObjectKey, Arc<VipPlan>>>,
    effective: BTreeMap<Vip, Arc<VipPlan>>,
    elements: Counted<Element, String>,
    chains: Counted<String, Vec<String>>,
    sets: Counted<String, String>,
    flows: BTreeSet<Flow>,
}

/// What the kernel has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct There {
    elements: BTreeMap<Element, String>,
    chains: BTreeSet<String>,
    sets: BTreeSet<String>,
}

impl Table {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            plans: BTreeMap::new(),
            claims: BTreeMap::new(),
            effective: BTreeMap::new(),
            elements: Counted::default(),
            chains: Counted::default(),
            sets: Counted::default(),
            flows: BTreeSet::new(),
        }
    }

    /// The plans of all Services.
    pub(crate) fn plans(&self) -> &BTreeMap<ObjectKey, ServicePlan> {
        &self.plans
    }

    /// A Service's new plan; an empty one for a Service that is gone.
    pub(crate) fn update(&mut self, service: &ObjectKey, plan: ServicePlan) {
        let mut affected = BTreeSet::new();
        for old in self.plans.get(service).into_iter().flat_map(|plan| &plan.vips) {
            affected.insert(old.vip);
            if let Some(claims) = self.claims.get_mut(&old.vip) {
                claims.remove(service);
                if claims.is_empty() {
                    self.claims.remove(&old.vip);
                }
            }
        }
        for new in &plan.vips {
            affected.insert(new.vip);
            self.claims.entry(new.vip).or_default().insert(service.clone(), Arc::new(new.clone()));
        }
        if plan == ServicePlan::default() {
            self.plans.remove(service);
        } else {
            self.plans.insert(service.clone(), plan);
        }
        for vip in affected {
            let new = self.claims.get(&vip).and_then(|claims| claims.values().next()).cloned();
            self.replace(vip, new);
        }
    }

    fn replace(&mut self, vip: Vip, new: Option<Arc<VipPlan>>) {
        let old = match &new {
            Some(new) => self.effective.insert(vip, new.clone()),
            None => self.effective.remove(&vip),
        };
        if old == new {
            return;
        }
        if vip.protocol == Protocol::Udp {
            self.flows.extend(stale_flows(vip, old.as_deref(), new.as_deref()));
        }
        if let Some(old) = old {
            let rendered = render(&old, &self.settings);
            rendered.elements.iter().for_each(|(element, _)| self.elements.remove(element));
            rendered.chains.iter().for_each(|(chain, _)| self.chains.remove(chain));
            rendered.sets.iter().for_each(|(set, _)| self.sets.remove(set));
        }
        if let Some(new) = new {
            let rendered = render(&new, &self.settings);
            rendered.elements.into_iter().for_each(|(element, value)| self.elements.add(element, value));
            rendered.chains.into_iter().for_each(|(chain, rules)| self.chains.add(chain, rules));
            rendered.sets.into_iter().for_each(|(set, definition)| self.sets.add(set, definition));
        }
    }

    /// The UDP flows that must be forgotten after the script is applied.
    pub(crate) fn take_flows(&mut self) -> Vec<Flow> {
        std::mem::take(&mut self.flows).into_iter().take(FLOWS_MAX).collect()
    }

    /// The script for what changed since the last one; empty for nothing.
    pub(crate) fn script(&mut self) -> String {
        script_of(self.elements.changes(), self.chains.changes(), self.sets.changes())
    }

    /// The script from what is `there` (`None`: no table, or one that cannot be used) to all that is wanted.
    pub(crate) fn full_script(&mut self, there: Option<There>) -> String {
        let mut script = String::new();
        if there.is_none() {
            // Added first, so that it can be deleted whether it was there or not: in one transaction, without
            // a gap.
            script.push_str(&format!("add table ip {TABLE}\ndelete table ip {TABLE}\n"));
        }
        let there = there.unwrap_or_default();
        script.push_str(&base(&self.settings));
        // Their rules are written anew whatever they are: no rule is none of ours.
        let chains = there.chains.into_iter().map(|chain| (chain, Vec::new())).collect();
        // Their definition never changes.
        let definition = |set: String| {
            let wanted = self.sets.get(&set).cloned().unwrap_or_default();
            (set, wanted)
        };
        let sets = there.sets.into_iter().map(definition).collect();
        let sets = self.sets.changes_from(sets);
        script.push_str(&script_of(
            self.elements.changes_from(there.elements),
            self.chains.changes_from(chains),
            sets,
        ));
        script
    }
}

/// In an order in which nothing refers to what is not there.
fn script_of(
    elements: Vec<Change<Element, String>>,
    chains: Vec<Change<String, Vec<String>>>,
    sets: Vec<Change<String, String>>,
) -> String {
    let mut script = String::new();
    for (set, before, now) in &sets {
        if let (None, Some(definition)) = (before, now) {
            script.push_str(&add_set(set, definition));
        }
    }
    for (chain, before, _) in chains.iter().filter(|(_, _, now)| now.is_some()) {
        let verb = if before.is_none() { "add" } else { "flush" };
        script.push_str(&format!("{verb} chain ip {TABLE} {chain}\n"));
    }
    for (chain, _, rules) in &chains {
        for rule in rules.iter().flatten() {
            script.push_str(&format!("add rule ip {TABLE} {chain} {rule}\n"));
        }
    }
    let (mut deleted, mut added) = (Vec::new(), Vec::new());
    for ((map, key), before, now) in elements {
        if before.is_some() {
            deleted.push((map.clone(), key.clone()));
        }
        if let Some(value) = now {
            added.push((map, if value.is_empty() { key } else { format!("{key} : {value}") }));
        }
    }
    script.push_str(&statements("delete", deleted));
    script.push_str(&statements("add", added));
    for verb in ["flush", "delete"] {
        for (chain, _, _) in chains.iter().filter(|(_, _, now)| now.is_none()) {
            script.push_str(&format!("{verb} chain ip {TABLE} {chain}\n"));
        }
    }
    for (set, _, _) in sets.iter().filter(|(_, _, now)| now.is_none()) {
        script.push_str(&format!("delete set ip {TABLE} {set}\n"));
    }
    script
}

/// Flows that go where they should not any more: to an endpoint that is gone, or nowhere while there was
/// none.
fn stale_flows(vip: Vip, old: Option<&VipPlan>, new: Option<&VipPlan>) -> Vec<Flow> {
    let targets = |plan: Option<&VipPlan>| -> BTreeSet<_> {
        let actions = plan.into_iter().flat_map(|plan| [Some(&plan.action), plan.external.as_ref()]);
        let balanced = actions.flatten().filter_map(|action| match action {
            Action::Balance { targets, .. } => Some(targets),
            Action::Reject | Action::Drop => None,
        });
        balanced.flatten().map(|target| target.ip).collect()
    };
    let (before, now) = (targets(old), targets(new));
    let flow = |reply_source| Flow {
        protocol: vip.protocol.name(),
        destination: vip.ip.map(Into::into),
        port: Some(vip.port),
        reply_source,
    };
    if before.is_empty() && !now.is_empty() {
        return vec![flow(None)];
    }
    before.difference(&now).map(|ip| flow(Some((*ip).into()))).collect()
}

/// Reads `nft -j list table`; `None` when the table is laid out otherwise.
pub(crate) fn parse(text: &[u8]) -> Option<There> {
    let list: Value = serde_json::from_slice(text).ok()?;
    let mut there = There::default();
    let mut known_layout = false;
    let mut known_maps = 0;
    for object in list["nftables"].as_array()? {
        if let Some(name) = object["chain"]["name"].as_str() {
            match name {
                LAYOUT => known_layout = true,
                name if BASE_CHAINS.iter().any(|(base, _)| *base == name) => {}
                name => drop(there.chains.insert(name.to_owned())),
            }
        }
        let Some(set) = object.get("map").or_else(|| object.get("set")) else { continue };
        let name = set["name"].as_str()?;
        if name.starts_with(STUCK) {
            there.sets.insert(name.to_owned());
        }
        if MAPS.iter().any(|(map, _)| *map == name) {
            known_maps += 1;
        } else if ENDPOINTS.iter().any(|begin| name.starts_with(begin)) {
            there.sets.insert(name.to_owned());
        } else {
            continue;
        }
        for element in set["elem"].as_array().into_iter().flatten() {
            let pair = element.as_array();
            let (key, value) = match pair.map(Vec::as_slice) {
                Some([key, value]) => (text_of(key)?, text_of(value)?),
                _ => (text_of(element)?, String::new()),
            };
            there.elements.insert((name.to_owned(), key), value);
        }
    }
    (known_layout && known_maps == MAPS.len()).then_some(there)
}

/// A value in nft's own notation, as [`render`] writes it.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => {
            let (kind, inner) = object.iter().next()?;
            match kind.as_str() {
                "concat" => {
                    let parts: Option<Vec<String>> = inner.as_array()?.iter().map(text_of).collect();
                    Some(parts?.join(" . "))
                }
                "prefix" => Some(format!("{}/{}", inner["addr"].as_str()?, inner["len"].as_u64()?)),
                "range" => Some(format!("{}-{}", inner[0].as_str()?, inner[1].as_str()?)),
                "goto" => Some(format!("goto {}", inner["target"].as_str()?)),
                "drop" => Some("drop".to_owned()),
                _ => None,
            }
        }
        _ => None,
    }
}
