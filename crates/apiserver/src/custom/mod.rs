//! CustomResourceDefinitions at work: what they define is served, and their status says so.
//!
//! [`controller`] follows the definitions through the watch cache, one at a time in one task; [`definition`] makes
//! rows of the catalog from one; [`conditions`] is what its status should say; [`cleanup`] deletes the objects of one
//! that is being deleted. Everything is written through the registry, as every client's writes are.

mod cleanup;
mod conditions;
mod controller;
mod definition;

use std::sync::Arc;

use mizzen_schema::value::Value;

pub(crate) use conditions::pending as deletion_pending;
pub(crate) use controller::Controller;

use crate::attributes::{ResourceTarget, User};
use crate::catalog::{Kind, Served};
use crate::options::WriteOptions;
use crate::registry::{Change, Context, Part, Registry};
use crate::status::ApiError;

pub(crate) const GROUP: &str = "apiextensions.k8s.io";
pub(crate) const PLURAL: &str = "customresourcedefinitions";
/// Holds a definition until its objects are gone.
pub(crate) const FINALIZER: &str = "customresourcecleanup.apiextensions.k8s.io";
const MANAGER: &str = "kube-apiserver";

/// The definitions' own row.
fn definitions(registry: &Registry) -> Result<(Arc<Served>, Arc<Kind>), ApiError> {
    let rows = registry.catalog.rows();
    let served = rows.find(GROUP, "v1", PLURAL).cloned();
    let kind = served.as_ref().and_then(|served| served.kind.clone());
    served.zip(kind).ok_or_else(|| ApiError::internal("no definitions of custom resources are served"))
}

/// Writes a definition's status (and what goes with it of its metadata) if nobody wrote it meanwhile.
async fn write_status(registry: &Registry, user: &User, changed: Value) -> Result<(), ApiError> {
    let (served, kind) = definitions(registry)?;
    let target = ResourceTarget {
        group: GROUP.to_owned(),
        version: "v1".to_owned(),
        resource: PLURAL.to_owned(),
        subresource: "status".to_owned(),
        name: mizzen_machinery::meta::name(&changed).to_owned(),
        ..ResourceTarget::default()
    };
    let options = WriteOptions { field_manager: MANAGER.to_owned(), ..WriteOptions::default() };
    let mut context =
        Context { user, target: &target, served: &served, kind: &kind, options, warnings: Vec::new() };
    registry.modify(&mut context, Part::Status, &Change::Replace(changed)).await.map(drop)
}
