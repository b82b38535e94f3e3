//! From a request that may go on to the engine, and back.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::Method;
use http::header::CONTENT_TYPE;
use http_body::Body as _;
use http_body_util::BodyExt;
use mizzen_schema::value::Value;

use super::{Answer, status};
use crate::action::Call;
use crate::admission::Operation;
use crate::attributes::{ResourceTarget, User};
use crate::catalog::{Kind, Served};
use crate::connect::Body;
use crate::options::{ListOptions, WriteOptions, manager_from_agent};
use crate::registry::{
    Admission, BodyFormat, Change, Context, DeleteOptions, Deleted, Part, PatchType, Payload, Written,
    check_place, stamp, to_version,
};
use crate::request::RequestInfo;
use crate::server::Core;
use crate::status::ApiError;
use crate::tree;

/// Longest body (kube-apiserver's limit).
pub(crate) const BODY_LEN_MAX: usize = 3 << 20;

/// A request on a resource, on its way to the engine.
pub(crate) struct Routed<'a> {
    pub(crate) user: &'a User,
    pub(crate) info: &'a RequestInfo,
    pub(crate) target: &'a ResourceTarget,
    pub(crate) served: Arc<Served>,
    pub(crate) request: http::Request<Body>,
    /// For the client, one header each.
    pub(crate) warnings: &'a mut Vec<String>,
    /// Whether bodies may be CBOR.
    pub(crate) cbor: bool,
}

async fn read_body(mut body: Body) -> Result<Bytes, ApiError> {
    let too_large = || ApiError::too_large(format!("Request entity too large: limit is {BODY_LEN_MAX}"));
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if expected > BODY_LEN_MAX {
        return Err(too_large());
    }
    let mut whole: Option<Bytes> = None;
    let mut joined = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame
            .map_err(|error| ApiError::bad_request(format!("unable to read the request body: {error}")))?;
        let Ok(data) = frame.into_data() else { continue };
        if whole.as_ref().map_or(joined.len(), Bytes::len) + data.len() > BODY_LEN_MAX {
            return Err(too_large());
        }
        // Most bodies come in one piece, which is used as it is.
        match whole.take() {
            None if joined.is_empty() => whole = Some(data),
            first => {
                joined.extend_from_slice(&first.unwrap_or_default());
                joined.extend_from_slice(&data);
            }
        }
    }
    Ok(whole.unwrap_or_else(|| joined.freeze()))
}

impl Core {
    /// Answers a request on a resource.
    pub(crate) async fn route(&self, routed: Routed<'_>) -> Result<Answer, ApiError> {
        let target = routed.target;
        if !routed.served.resource.namespaced {
            let own =
                routed.served.resource.plural == "namespaces" && routed.served.resource.gvk.group.is_empty();
            if !target.namespace.is_empty() && !own {
                return Err(ApiError::no_such_resource());
            }
        }
        if !target.subresource.is_empty() {
            return self.route_subresource(routed).await;
        }
        let Some(kind) = routed.served.kind.clone() else { return self.route_virtual(routed).await };
        // Objects are made in collections, and changed by name.
        let misplaced = match routed.info.verb.as_str() {
            "create" => !target.name.is_empty(),
            "update" | "patch" => target.name.is_empty(),
            _ => false,
        };
        if misplaced || !allows(&routed.served, &routed.info.verb) {
            return Err(ApiError::method_not_allowed());
        }
        let unplaced = kind.namespaced && target.namespace.is_empty();
        if unplaced && !matches!(routed.info.verb.as_str(), "list" | "watch") {
            // Below the collection of all namespaces nothing is served.
            let path = if target.name.is_empty() {
                ApiError::method_not_allowed()
            } else {
                ApiError::no_such_resource()
            };
            return Err(path);
        }
        match routed.info.verb.as_str() {
            "get" | "list" | "watch" => self.read(routed, kind, Part::Object).await,
            "delete" => self.delete(routed, kind).await,
            "deletecollection" => self.delete_collection(routed, kind).await,
            _ => self.write(routed, kind, Part::Object).await,
        }
    }

    async fn read(&self, routed: Routed<'_>, kind: Arc<Kind>, part: Part) -> Result<Answer, ApiError> {
        let options = ListOptions::parse(routed.request.uri().query().unwrap_or_default())?;
        let context = routed.context(&kind, WriteOptions::default());
        Ok(match routed.info.verb.as_str() {
            "list" => {
                let list = self.registry.list(&context, &options).await?;
                Answer::List { list, kind, served: routed.served }
            }
            "watch" => match self.registry.watch(&context, &options).await {
                Ok(watching) => Answer::Watch { watching: Box::new(watching), kind, served: routed.served },
                // Too old, or not there yet: told in the stream, as whatever comes after the checks.
                Err(error) if matches!(error.code, 410 | 504) => Answer::WatchFailed(error),
                Err(error) => return Err(error),
            },
            _ => {
                let object = self.registry.get(&context, &options).await?;
                Answer::Object { code: 200, object, kind, served: routed.served, part }
            }
        })
    }

    /// POST, PUT and PATCH of an object or of a part of one.
    async fn write(&self, mut routed: Routed<'_>, kind: Arc<Kind>, part: Part) -> Result<Answer, ApiError> {
        let (options, content_type) = routed.write_options()?;
        let patch = match routed.info.verb.as_str() {
            "patch" => Some(PatchType::of(&content_type, kind.builtin, routed.cbor)?),
            _ => None,
        };
        let format = match patch {
            Some((_, format)) => format,
            None if kind.builtin || part == Part::Scale => BodyFormat::of(&content_type, routed.cbor)?,
            None => BodyFormat::of_custom(&content_type, routed.cbor)?,
        };
        let patch = patch.map(|(ty, _)| ty);
        let bytes = read_body(std::mem::take(routed.request.body_mut())).await?;
        let mut context = routed.context(&kind, options);
        if patch != Some(PatchType::Apply) && context.options.field_manager.is_empty() {
            context.options.field_manager = routed.agent();
        }
        let written = match patch {
            Some(ty) => {
                let change = self.registry.read_patch(&mut context, part, ty, Payload { format, bytes })?;
                self.registry.modify(&mut context, part, &change).await
            }
            None => {
                let payload = Payload { format, bytes };
                let ty = part.ty(&routed.served);
                let gvk = match part {
                    Part::Scale => ty.kinds.first().cloned().unwrap_or(routed.served.resource.gvk.clone()),
                    _ => routed.served.resource.gvk.clone(),
                };
                let validation = context.options.field_validation;
                let mut object = payload.object(&ty, &gvk, validation, &mut context.warnings)?;
                if routed.info.verb == "create" {
                    let name = mizzen_machinery::meta::name(&object);
                    if routed.served.custom.as_ref().is_some_and(|custom| custom.terminating) {
                        return Err(context.terminating(name));
                    }
                    self.registry.create(&mut context, object).await
                } else {
                    check_place(&context, &mut object)?;
                    self.registry.modify(&mut context, part, &Change::Replace(object)).await
                }
            }
        };
        let warnings = context.warnings;
        routed.warnings.extend(warnings);
        self.written(written?, kind, routed.served, part)
    }

    fn written(
        &self,
        written: Written,
        kind: Arc<Kind>,
        served: Arc<Served>,
        part: Part,
    ) -> Result<Answer, ApiError> {
        let code = |created| if created { 201 } else { 200 };
        Ok(match written {
            Written::Stored { object, created } => {
                Answer::Object { code: code(created), object, kind, served, part }
            }
            Written::Dry { object, created } => {
                let mut value = object;
                value = to_version(value, &served.resource.gvk, &served.resource.ty);
                Answer::Value { code: code(created), value: part.show(&served, value) }
            }
        })
    }

    async fn delete(&self, mut routed: Routed<'_>, kind: Arc<Kind>) -> Result<Answer, ApiError> {
        let options = routed.delete_options().await?;
        let mut context = routed.context(&kind, WriteOptions::default());
        let deleted = self.registry.delete(&mut context, &routed.target.name, &options).await;
        let warnings = context.warnings;
        routed.warnings.extend(warnings);
        let served = routed.served;
        match deleted? {
            Deleted::Gone(object) if !kind.rules().return_deleted => {
                let (group, resource) = (&served.resource.gvk.group, &served.resource.plural);
                let value = status::deleted(&object.name(), group, resource, &object.uid())?;
                Ok(Answer::Value { code: 200, value })
            }
            Deleted::Gone(object) => {
                Ok(Answer::Object { code: 200, object, kind, served, part: Part::Object })
            }
            Deleted::Pending(object) => {
                let code = if options.orphan_dependents == Some(false) { 202 } else { 200 };
                Ok(Answer::Object { code, object, kind, served, part: Part::Object })
            }
        }
    }

    async fn delete_collection(&self, mut routed: Routed<'_>, kind: Arc<Kind>) -> Result<Answer, ApiError> {
        let list = ListOptions::parse(routed.request.uri().query().unwrap_or_default())?;
        let options = routed.delete_options().await?;
        let context = routed.context(&kind, WriteOptions::default());
        let list = self.registry.delete_collection(&context, &list, &options).await?;
        Ok(Answer::List { list, kind, served: routed.served })
    }

    async fn route_subresource(&self, routed: Routed<'_>) -> Result<Answer, ApiError> {
        let target = routed.target;
        let known = routed.served.subresource(&target.subresource).cloned();
        let subresource = known.ok_or_else(ApiError::no_such_resource)?;
        // Who is proxied to knows methods that are no verbs.
        let any = target.subresource == "proxy";
        if !any && !subresource.verbs.iter().any(|verb| verb.as_ref() == routed.info.verb) {
            return Err(ApiError::method_not_allowed());
        }
        if let Some(connector) = self.connector(&target.resource, &target.subresource) {
            return self.connect(routed, connector).await;
        }
        if let Some(action) = self.action(&target.group, &target.resource, &target.subresource) {
            return self.act(routed, &subresource.gvk, &*action).await;
        }
        let kind = routed.served.kind.clone().ok_or_else(ApiError::no_such_resource)?;
        match (target.resource.as_str(), target.subresource.as_str()) {
            ("pods", "binding") => self.bind(routed, kind).await,
            ("pods", "eviction") => self.evict(routed, kind).await,
            (_, name) => match Part::of(name) {
                Some(part) if routed.info.verb == "get" => self.read(routed, kind, part).await,
                Some(part) => self.write(routed, kind, part).await,
                None => Err(ApiError::no_such_resource()),
            },
        }
    }

    /// Streams and proxies: admitted, then handed over.
    async fn connect(
        &self,
        mut routed: Routed<'_>,
        connector: Arc<dyn crate::connect::Connector>,
    ) -> Result<Answer, ApiError> {
        if routed.target.name.is_empty() {
            return Err(ApiError::no_such_resource());
        }
        // A log is read, not connected to.
        if routed.target.subresource == "log" {
            super::websocket::strip(routed.request.headers_mut());
        } else {
            let admission = Admission {
                user: routed.user,
                operation: Operation::Connect,
                target: routed.target,
                gvk: &routed.served.resource.gvk,
                dry_run: false,
            };
            self.registry.mutate(&admission, None, None, routed.warnings).await?;
            self.registry.validate(&admission, None, None, routed.warnings).await?;
        }
        connector.connect(routed.user, routed.target, routed.request).await.map(Answer::Response)
    }

    /// A resource that is not stored: created only, and done by an action.
    async fn route_virtual(&self, routed: Routed<'_>) -> Result<Answer, ApiError> {
        let target = routed.target;
        if target.group.is_empty() && target.resource == "componentstatuses" {
            return super::health::component_statuses(self, target).await;
        }
        if routed.info.verb != "create" || !routed.served.has_verb("create") {
            return Err(ApiError::method_not_allowed());
        }
        if routed.served.resource.namespaced && target.namespace.is_empty() {
            return Err(ApiError::method_not_allowed());
        }
        if target.group.is_empty() && target.resource == "bindings" {
            return self.bind_by_body(routed).await;
        }
        let action = self.action(&target.group, &target.resource, "");
        let action = action.ok_or_else(ApiError::no_such_resource)?;
        let gvk = routed.served.resource.gvk.clone();
        self.act(routed, &gvk, &*action).await
    }

    async fn act(
        &self,
        mut routed: Routed<'_>,
        gvk: &mizzen_schema::table::GroupVersionKind,
        action: &dyn crate::action::Action,
    ) -> Result<Answer, ApiError> {
        let (options, mut object) = routed.object_of(gvk).await?;
        let admission = Admission {
            user: routed.user,
            operation: Operation::Create,
            target: routed.target,
            gvk,
            dry_run: options.dry_run,
        };
        self.registry.mutate(&admission, Some(&mut object), None, routed.warnings).await?;
        self.registry.validate(&admission, Some(&mut object), None, routed.warnings).await?;
        let call = Call { user: routed.user, target: routed.target, dry_run: options.dry_run };
        let mut value = action.create(call, object).await?;
        stamp(&mut value, gvk);
        Ok(Answer::Value { code: 201, value })
    }

    async fn bind(&self, mut routed: Routed<'_>, kind: Arc<Kind>) -> Result<Answer, ApiError> {
        let gvk = binding_gvk();
        let (options, binding) = routed.object_of(&gvk).await?;
        let name = mizzen_machinery::meta::name(&binding);
        if !name.is_empty() && name != routed.target.name {
            return Err(ApiError::bad_request("name in URL does not match name in Binding object"));
        }
        self.admit_create(&mut routed, &gvk, binding, &options, kind, Act::Bind).await
    }

    /// The older form: POST to `bindings`, the pod's name in the body.
    async fn bind_by_body(&self, mut routed: Routed<'_>) -> Result<Answer, ApiError> {
        let gvk = binding_gvk();
        let (options, binding) = routed.object_of(&gvk).await?;
        let rows = self.registry.catalog.rows();
        let pods = rows.find("", "v1", "pods").ok_or_else(ApiError::no_such_resource)?;
        let kind = pods.kind.clone().ok_or_else(ApiError::no_such_resource)?;
        let target = ResourceTarget {
            resource: "pods".to_owned(),
            subresource: "binding".to_owned(),
            name: mizzen_machinery::meta::name(&binding).to_owned(),
            ..routed.target.clone()
        };
        let mut as_pods = Routed {
            user: routed.user,
            info: routed.info,
            target: &target,
            served: pods.clone(),
            request: http::Request::default(),
            warnings: routed.warnings,
            cbor: routed.cbor,
        };
        self.admit_create(&mut as_pods, &gvk, binding, &options, kind, Act::Bind).await
    }

    async fn evict(&self, mut routed: Routed<'_>, kind: Arc<Kind>) -> Result<Answer, ApiError> {
        let subresource = routed.served.subresource("eviction").ok_or_else(ApiError::no_such_resource)?;
        let gvk = subresource.gvk.clone();
        let (options, mut eviction) = routed.object_of(&gvk).await?;
        let name = mizzen_machinery::meta::name(&eviction);
        if !name.is_empty() && name != routed.target.name {
            return Err(ApiError::bad_request("name in URL does not match name in Eviction object"));
        }
        tree::set_text(&mut eviction, &["metadata", "name"], &routed.target.name);
        self.admit_create(&mut routed, &gvk, eviction, &options, kind, Act::Evict).await
    }

    /// Admits the creation of an object that is not stored, and does what it asks for.
    async fn admit_create(
        &self,
        routed: &mut Routed<'_>,
        gvk: &mizzen_schema::table::GroupVersionKind,
        mut object: Value,
        options: &WriteOptions,
        kind: Arc<Kind>,
        act: Act,
    ) -> Result<Answer, ApiError> {
        let admission = Admission {
            user: routed.user,
            operation: Operation::Create,
            target: routed.target,
            gvk,
            dry_run: options.dry_run,
        };
        self.registry.mutate(&admission, Some(&mut object), None, routed.warnings).await?;
        self.registry.validate(&admission, Some(&mut object), None, routed.warnings).await?;
        let mut context = routed.context(&kind, options.clone());
        match act {
            Act::Bind => self.registry.bind(&mut context, &object).await?,
            Act::Evict => self.registry.evict(&mut context, &object).await?,
        }
        Ok(Answer::Value { code: 201, value: status::success(201)? })
    }
}

/// What the creation of an object that is not stored does.
#[derive(Clone, Copy)]
enum Act {
    Bind,
    Evict,
}

fn binding_gvk() -> mizzen_schema::table::GroupVersionKind {
    mizzen_schema::table::GroupVersionKind { group: "".into(), version: "v1".into(), kind: "Binding".into() }
}

fn allows(served: &Served, verb: &str) -> bool {
    // Discovery hides what makes little sense while a definition goes; it still works.
    served.has_verb(verb) || served.custom.as_ref().is_some_and(|own| own.terminating && verb != "connect")
}

impl<'a> Routed<'a> {
    fn context<'b>(&'b self, kind: &'b Arc<Kind>, options: WriteOptions) -> Context<'b> {
        Context {
            user: self.user,
            target: self.target,
            served: &self.served,
            kind,
            options,
            warnings: Vec::new(),
        }
    }

    fn content_type(&self) -> Result<String, ApiError> {
        let value = self.request.headers().get(CONTENT_TYPE);
        value.map_or(Ok(String::new()), |value| {
            value.to_str().map(str::to_owned).map_err(|_| ApiError::bad_request("malformed Content-Type"))
        })
    }

    fn write_options(&self) -> Result<(WriteOptions, String), ApiError> {
        let kind = match *self.request.method() {
            Method::POST => "CreateOptions",
            Method::PATCH => "PatchOptions",
            _ => "UpdateOptions",
        };
        let options = WriteOptions::parse(self.request.uri().query().unwrap_or_default(), kind)?;
        Ok((options, self.content_type()?))
    }

    /// The field manager that the client's name makes.
    fn agent(&self) -> String {
        let agent = self.request.headers().get(http::header::USER_AGENT);
        manager_from_agent(agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default())
    }

    async fn delete_options(&mut self) -> Result<DeleteOptions, ApiError> {
        let content_type = self.content_type()?;
        let bytes = read_body(std::mem::take(self.request.body_mut())).await?;
        let query = self.request.uri().query().unwrap_or_default();
        if bytes.is_empty() {
            return DeleteOptions::of_query(query);
        }
        let format = BodyFormat::of(&content_type, self.cbor)?;
        DeleteOptions::of_body(&Payload { format, bytes })
    }

    /// The body as an object of a built-in kind, with its defaults.
    async fn object_of(
        &mut self,
        gvk: &mizzen_schema::table::GroupVersionKind,
    ) -> Result<(WriteOptions, Value), ApiError> {
        let (options, content_type) = self.write_options()?;
        let format = BodyFormat::of(&content_type, self.cbor)?;
        let bytes = read_body(std::mem::take(self.request.body_mut())).await?;
        let ty = mizzen_schema::builtin::kind(&gvk.group, &gvk.version, &gvk.kind);
        let ty = mizzen_schema::table::TypeRef::Static(ty.ok_or_else(ApiError::no_such_resource)?);
        let payload = Payload { format, bytes };
        let object = payload.object(&ty, gvk, options.field_validation, self.warnings)?;
        Ok((options, object))
    }
}
