//! `pods/binding`: the scheduler's decision where a pod runs.

use mizzen_machinery::meta;
use mizzen_schema::value::Value;

use super::{Context, Registry};
use crate::status::{ApiError, Cause};
use crate::strategy::add_condition;
use crate::tree;

/// How often a binding is tried against concurrent writers of the pod.
const TRIES: usize = 64;

impl Registry {
    /// Binds the pod that the binding names to a node. The context is that of pods.
    pub(crate) async fn bind(&self, context: &mut Context<'_>, binding: &Value) -> Result<(), ApiError> {
        let node = check_target(context, binding)?;
        let name = context.target.name.clone();
        let local = context.local(&name);
        for _ in 0..TRIES {
            let current = self.fetch(context.kind, &local).await?.ok_or_else(|| context.not_found(&name))?;
            let mut pod = Self::tree(context.kind, &current)?;
            check_pod(context, binding, &pod, &name)?;
            tree::set_text(&mut pod, &["spec", "nodeName"], &node);
            if let Some(annotations) = binding.path(&["metadata", "annotations"]).and_then(Value::as_map) {
                for (key, value) in annotations.iter() {
                    tree::set(&mut pod, &["metadata", "annotations", key], value.clone());
                }
            }
            add_condition(&mut pod, "PodScheduled", "True", "", "", self.facts(context.user));
            if context.options.dry_run {
                return Ok(());
            }
            let encoded = super::commit::encode(context.kind, &mut pod);
            let expected = Some(current.revision());
            if let super::commit::Committed::Done(_) =
                self.put(context.kind, &local, encoded, expected).await?
            {
                return Ok(());
            }
        }
        Err(ApiError::modified("", "pods", &name))
    }
}

fn check_target(context: &Context<'_>, binding: &Value) -> Result<String, ApiError> {
    let mut causes = Vec::new();
    let mut cause = |reason: &str, field: &str, message: String| {
        causes.push(Cause { reason: reason.into(), message, field: field.into() });
    };
    let kind = binding.str_at(&["target", "kind"]).unwrap_or_default();
    if !matches!(kind, "" | "Node") {
        let message = format!("Unsupported value: {kind:?}: supported values: \"Node\", \"<empty>\"");
        cause("FieldValueNotSupported", "target.kind", message);
    }
    let node = binding.str_at(&["target", "name"]).unwrap_or_default();
    if node.is_empty() {
        cause("FieldValueRequired", "target.name", "Required value".to_owned());
    }
    if causes.is_empty() {
        return Ok(node.to_owned());
    }
    Err(ApiError::invalid("", "Binding", &context.target.name, causes))
}

fn check_pod(context: &Context<'_>, binding: &Value, pod: &Value, name: &str) -> Result<(), ApiError> {
    let refuse = |why: String| ApiError::conflict("", "pods/binding", name, why);
    let uid = meta::uid(binding);
    if !uid.is_empty() && uid != meta::uid(pod) {
        let own = meta::uid(pod);
        return Err(context.conflict(
            name,
            format!("Precondition failed: UID in precondition: {uid}, UID in object meta: {own}"),
        ));
    }
    let version = meta::resource_version(binding);
    if !version.is_empty() && version != meta::resource_version(pod) {
        let own = meta::resource_version(pod);
        return Err(context.conflict(
            name,
            format!("Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {own}"),
        ));
    }
    if super::meta::is_deleting(pod) {
        return Err(refuse(format!("pod {name} is being deleted, cannot be assigned to a host")));
    }
    let node = pod.str_at(&["spec", "nodeName"]).unwrap_or_default();
    if !node.is_empty() {
        return Err(refuse(format!("pod {name} is already assigned to node {node:?}")));
    }
    if !pod.path(&["spec", "schedulingGates"]).is_none_or(Value::is_zero) {
        return Err(refuse(format!("pod {name} has non-empty .spec.schedulingGates")));
    }
    Ok(())
}
