//! Admission around the engine: all plugins may change the object, then all may refuse it.

use mizzen_schema::table::GroupVersionKind;
use mizzen_schema::value::Value;

use super::Registry;
use crate::admission::{Operation, Request};
use crate::attributes::{ResourceTarget, User};
use crate::status::ApiError;
use crate::trace::steps;

/// What is being admitted, besides the objects.
pub(crate) struct Admission<'a> {
    pub(crate) user: &'a User,
    pub(crate) operation: Operation,
    pub(crate) target: &'a ResourceTarget,
    pub(crate) gvk: &'a GroupVersionKind,
    pub(crate) dry_run: bool,
}

impl Registry {
    /// Lets every plugin change the object.
    pub(crate) async fn mutate(
        &self,
        admission: &Admission<'_>,
        mut object: Option<&mut Value>,
        old: Option<&Value>,
        warnings: &mut Vec<String>,
    ) -> Result<(), ApiError> {
        steps::mark("decoding");
        for plugin in self.admission.get().into_iter().flatten() {
            let mut request = admission.request(object.as_deref_mut(), old, warnings);
            plugin.mutate(&mut request).await?;
        }
        steps::mark("admission");
        Ok(())
    }

    /// Lets every plugin refuse it.
    pub(crate) async fn validate(
        &self,
        admission: &Admission<'_>,
        mut object: Option<&mut Value>,
        old: Option<&Value>,
        warnings: &mut Vec<String>,
    ) -> Result<(), ApiError> {
        for plugin in self.admission.get().into_iter().flatten() {
            let request = admission.request(object.as_deref_mut(), old, warnings);
            plugin.validate(&request).await?;
        }
        steps::mark("validation");
        Ok(())
    }
}

impl<'a> Admission<'a> {
    fn request<'b>(
        &'b self,
        object: Option<&'b mut Value>,
        old: Option<&'b Value>,
        warnings: &'b mut Vec<String>,
    ) -> Request<'b>
    where
        'a: 'b,
    {
        Request {
            user: self.user,
            operation: self.operation,
            target: self.target,
            gvk: self.gvk,
            object,
            old,
            dry_run: self.dry_run,
            warnings,
        }
    }
}
