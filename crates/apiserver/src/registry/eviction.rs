//! `pods/eviction`: a deletion that a PodDisruptionBudget may forbid for now.
//!
//! Source: "API-initiated Eviction", and KEP-3017 for pods that are not ready.

use mizzen_machinery::meta;
use mizzen_machinery::selector::LabelSelector;
use mizzen_schema::value::Value;

use super::commit::{Committed, encode};
use super::{Context, DeleteOptions, Registry};
use crate::cache::{Selection, Version};
use crate::status::{ApiError, Cause};
use crate::strategy::{add_condition, is_ready};
use crate::tree;

/// Most evicted pods that a budget remembers while its controller catches up.
const DISRUPTED_MAX: usize = 2000;

/// When a refused client should try again.
const RETRY_AFTER_S: u32 = 10;

/// How often a budget is written against its controller.
const TRIES: usize = 64;

impl Registry {
    /// Evicts the pod that the request names. The context is that of pods.
    pub(crate) async fn evict(&self, context: &mut Context<'_>, eviction: &Value) -> Result<(), ApiError> {
        let name = context.target.name.clone();
        let mut options = match eviction.get("deleteOptions") {
            Some(options) => DeleteOptions::from_value(options)?,
            None => DeleteOptions::default(),
        };
        options.dry_run |= context.options.dry_run;
        let current =
            self.fetch(context.kind, &context.local(&name)).await?.ok_or_else(|| context.not_found(&name))?;
        let pod = Self::tree(context.kind, &current)?;
        if !needs_budget(&pod) {
            return self.delete(context, &name, &options).await.map(drop);
        }
        self.take_from_budget(context, &pod, options.dry_run).await?;
        if !options.dry_run {
            self.mark_evicted(context, &pod, &mut options).await?;
        }
        // The budget was spent on this pod, and on no other of its name.
        options.uid.get_or_insert_with(|| meta::uid(&pod).to_owned());
        self.delete(context, &name, &options).await.map(drop)
    }

    /// Says in the pod's conditions why it goes (KEP-3329). A resource version that the client asked for is looked at
    /// here, since it changes.
    async fn mark_evicted(
        &self,
        context: &Context<'_>,
        pod: &Value,
        options: &mut DeleteOptions,
    ) -> Result<(), ApiError> {
        let name = meta::name(pod);
        let local = context.local(name);
        for _ in 0..TRIES {
            let Some(current) = self.fetch(context.kind, &local).await? else { return Ok(()) };
            let mut marked = Self::tree(context.kind, &current)?;
            if meta::uid(&marked) != meta::uid(pod) {
                return Ok(());
            }
            super::delete::check_preconditions(context, name, &current, options)?;
            let (reason, message) = ("EvictionByEvictionAPI", "Eviction API: evicting");
            let facts = self.facts(context.user);
            add_condition(&mut marked, "DisruptionTarget", "True", reason, message, facts);
            let bytes = encode(&mut marked);
            let put = self.put(context.kind, &local, bytes, Some(current.revision())).await?;
            if let Committed::Done(object) = put {
                if options.resource_version.is_some() {
                    options.resource_version = Some(object.revision().to_string());
                }
                return Ok(());
            }
        }
        Err(ApiError::modified("", "pods", name))
    }

    /// Takes one disruption from the pod's budget, if it has one.
    async fn take_from_budget(
        &self,
        context: &Context<'_>,
        pod: &Value,
        dry_run: bool,
    ) -> Result<(), ApiError> {
        let rows = self.catalog.rows();
        let Some(kind) = rows.kind("policy", "poddisruptionbudgets") else { return Ok(()) };
        for _ in 0..TRIES {
            let selection = Selection::all(&context.target.namespace);
            let listing = self.cache(kind).list(&selection, &Version::MostRecent, 0).await;
            let listing = listing.map_err(super::read::list_error)?;
            let mut matching = Vec::new();
            for object in listing.objects {
                let budget = Self::tree(kind, &object)?;
                if selects(&budget, pod) {
                    matching.push((object, budget));
                }
            }
            let (object, mut budget) = match matching.len() {
                0 => return Ok(()),
                1 => matching.remove(0),
                _ => {
                    let message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does \
                                   not support.";
                    return Err(ApiError {
                        code: 500,
                        reason: "",
                        message: message.to_owned(),
                        details: None,
                    });
                }
            };
            if !spend(&mut budget, pod, self.env.now())? || dry_run {
                return Ok(());
            }
            let local = kind.layout.local(&object.namespace(), &object.name());
            let encoded = encode(kind, &mut budget);
            if let Committed::Done(_) = self.put(kind, &local, encoded, Some(object.revision())).await? {
                return Ok(());
            }
        }
        Err(too_many("Too many concurrent changes of the pod's disruption budget.", None))
    }
}

/// Pods that do not run, or are on their way out, disrupt nothing.
fn needs_budget(pod: &Value) -> bool {
    let idle = matches!(pod.str_at(&["status", "phase"]), Some("Succeeded" | "Failed" | "Pending"));
    !idle && !super::meta::is_deleting(pod)
}

fn selects(budget: &Value, pod: &Value) -> bool {
    let Some(selector) = budget.path(&["spec", "selector"]) else { return false };
    let labels = pod.path(&["metadata", "labels"]);
    LabelSelector::from_value(selector).is_ok_and(|selector| {
        selector.matches(|key| labels.and_then(|labels| labels.get(key)).and_then(Value::as_str))
    })
}

fn too_many(message: &str, cause: Option<String>) -> ApiError {
    let mut error = ApiError::too_many_requests(message, RETRY_AFTER_S);
    if let (Some(details), Some(message)) = (&mut error.details, cause) {
        details.causes.push(Cause { reason: "DisruptionBudget".to_owned(), message, field: String::new() });
    }
    error
}

const VIOLATES: &str = "Cannot evict pod as it would violate the pod's disruption budget.";

/// Takes a disruption for `pod` from the budget; false: none is needed.
fn spend(budget: &mut Value, pod: &Value, now: jiff::Timestamp) -> Result<bool, ApiError> {
    let status = |member: &str| tree::int(budget, &["status", member]).unwrap_or(0);
    let (allowed, healthy, desired) =
        (status("disruptionsAllowed"), status("currentHealthy"), status("desiredHealthy"));
    if !is_ready(pod) {
        let always = budget.str_at(&["spec", "unhealthyPodEvictionPolicy"]) == Some("AlwaysAllow");
        if always || (healthy >= desired && desired > 0) {
            return Ok(false);
        }
    }
    let name = meta::name(budget).to_owned();
    let observed = status("observedGeneration");
    let generation = tree::int(budget, &["metadata", "generation"]).unwrap_or(0);
    if observed < generation {
        let why = format!("The disruption budget {name} is still being processed by the server.");
        return Err(too_many(VIOLATES, Some(why)));
    }
    let forbid = |why: &str| Err(ApiError::forbidden("policy", "poddisruptionbudget", &name, why));
    if allowed < 0 {
        return forbid("pdb disruptions allowed is negative");
    }
    let disrupted =
        budget.path(&["status", "disruptedPods"]).and_then(Value::as_map).map_or(0, |map| map.len());
    if disrupted > DISRUPTED_MAX {
        return forbid("DisruptedPods map too big - too many evictions not confirmed by PDB controller");
    }
    if allowed == 0 {
        let why =
            format!("The disruption budget {name} needs {desired} healthy pods and has {healthy} currently");
        return Err(too_many(VIOLATES, Some(why)));
    }
    tree::set(budget, &["status", "disruptionsAllowed"], Value::Int(allowed - 1));
    if allowed == 1 {
        disallow(budget, now);
    }
    tree::set(budget, &["status", "disruptedPods", meta::name(pod)], tree::time(now));
    Ok(true)
}

/// Says in the budget's condition that nothing more may be disrupted.
fn disallow(budget: &mut Value, now: jiff::Timestamp) {
    let Some(Value::List(conditions)) = budget.path_mut(&["status", "conditions"]) else { return };
    let allowed =
        conditions.iter_mut().find(|condition| condition.str_at(&["type"]) == Some("DisruptionAllowed"));
    if let Some(condition) = allowed.filter(|condition| condition.str_at(&["status"]) != Some("False")) {
        tree::set_text(condition, &["status"], "False");
        tree::set_text(condition, &["reason"], "InsufficientPods");
        tree::set(condition, &["lastTransitionTime"], tree::time(now));
    }
}
