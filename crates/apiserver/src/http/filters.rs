//! The filters around every request, in and out of process.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use http::header::{CACHE_CONTROL, WARNING, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use mizzen_schema::table::GroupVersionKind;
use tokio::time::Instant;
use tracing::error;

use super::metrics::Finished;
use super::negotiate::{Accepted, Offer, accept};
use super::respond::Maker;
use super::route::Routed;
use super::{Answer, full};
use crate::attributes::{Attributes, ResourceTarget, Target, User};
use crate::authn::Peer;
use crate::authz::{Decision, forbidden};
use crate::catalog::Served;
use crate::connect::Body;
use crate::request::RequestInfo;
use crate::server::Core;
use crate::status::ApiError;
use crate::tables::IncludeObject;

/// Who sends a request.
pub(crate) enum Sender<'a> {
    /// A connection, to be authenticated.
    Peer(&'a Peer),
    /// A part of this process, as this user.
    User(&'a User),
}

/// An answer with what is needed to put it into an encoding.
pub(crate) struct Reply {
    pub(crate) result: Result<Answer, ApiError>,
    pub(crate) maker: Maker,
    warnings: Vec<String>,
    info: Option<RequestInfo>,
    started: Instant,
}

static AUDIT_ID: HeaderName = HeaderName::from_static("audit-id");

/// Longest audit id that a client may give.
const AUDIT_ID_LEN_MAX: usize = 64;

impl Core {
    /// Answers a request.
    pub(crate) async fn respond(&self, request: Request<Body>, sender: Sender<'_>) -> Response<Body> {
        let audit_id = self.audit_id(request.headers());
        let reply = self.handle(request, sender).await;
        let mut response = match reply.result {
            Ok(answer) => {
                let respond = AssertUnwindSafe(|| reply.maker.respond(answer));
                let response = std::panic::catch_unwind(respond).unwrap_or_else(|_| Err(panicked()));
                response.unwrap_or_else(|error| reply.maker.failure(&error))
            }
            Err(error) => reply.maker.failure(&error),
        };
        let code = response.status().as_u16();
        if let Some(info) = &reply.info {
            self.metrics.finished(&Finished { info, code, duration: reply.started.elapsed() });
        }
        let headers = response.headers_mut();
        headers.insert(AUDIT_ID.clone(), audit_id);
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache, private"));
        headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
        for warning in &reply.warnings {
            if let Some(value) = warning_header(warning) {
                headers.append(WARNING, value);
            }
        }
        response
    }

    /// Answers a request, up to the encoding. A panic ends this request alone.
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    pub(crate) async fn handle(&self, request: Request<Body>, sender: Sender<'_>) -> Reply {
        let started = Instant::now();
        let mut maker = self.maker(&request);
        let mut warnings = Vec::new();
        let info = match RequestInfo::parse(request.method(), request.uri()) {
            Ok(info) => info,
            Err(error) => return Reply { result: Err(error), maker, warnings, info: None, started },
        };
        let filtered = AssertUnwindSafe(self.filtered(request, sender, &info, &mut maker, &mut warnings));
        let result = match filtered.catch_unwind().await {
            Ok(result) => result,
            Err(_) => Err(panicked()),
        };
        Reply { result, maker, warnings, info: Some(info), started }
    }

    async fn filtered(
        &self,
        request: Request<Body>,
        sender: Sender<'_>,
        info: &RequestInfo,
        maker: &mut Maker,
        warnings: &mut Vec<String>,
    ) -> Result<Answer, ApiError> {
        let user = match sender {
            Sender::User(user) => user.clone(),
            Sender::Peer(peer) => self.authenticate(request.headers(), peer).await?,
        };
        let user = self.impersonate(request.headers(), user).await?;
        let _in_flight = self.admit_in_flight(info, &user)?;
        self.authorize(info, &user).await?;
        let target = match &info.target {
            Target::Path(path) => return self.answer_path(path, request, &user).await,
            Target::Resource(target) => target,
        };
        let rows = self.registry.catalog.rows();
        let served = rows.find(&target.group, &target.version, &target.resource);
        let served = served.cloned().ok_or_else(ApiError::no_such_resource)?;
        maker.accepted = self.negotiate(&request, &served, info)?;
        warnings.extend(deprecation(&served.resource.gvk).map(str::to_owned));
        let routed = Routed { user: &user, info, target, served, request, warnings };
        if info.is_long_running() {
            return self.route(routed).await;
        }
        match tokio::time::timeout(self.tuning.request_timeout, self.route(routed)).await {
            Ok(result) => result,
            Err(_) => Err(ApiError::timeout("Timeout: request did not complete within the allotted timeout")),
        }
    }

    fn maker(&self, request: &Request<Body>) -> Maker {
        let query = request.uri().query().unwrap_or_default();
        let mut include_object = IncludeObject::default();
        let mut pretty = false;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match (&*name, &*value) {
                ("includeObject", "None") => include_object = IncludeObject::None,
                ("includeObject", "Object") => include_object = IncludeObject::Object,
                ("pretty", value) => pretty = crate::options::truth(value),
                _ => {}
            }
        }
        let offer = Offer { protobuf: true, tables: false, stream: false };
        let accepted = accept(request.headers(), offer).unwrap_or(Accepted::JSON);
        Maker {
            accepted,
            tables: self.plugins.tables.clone(),
            include_object,
            now: self.registry.env.now(),
            pretty,
        }
    }

    fn negotiate(
        &self,
        request: &Request<Body>,
        served: &Served,
        info: &RequestInfo,
    ) -> Result<Accepted, ApiError> {
        let Target::Resource(target) = &info.target else { return Ok(Accepted::JSON) };
        // Streams answer in a form of their own.
        if info.is_long_running() && info.verb != "watch" {
            return Ok(Accepted::JSON);
        }
        let builtin = served.kind.as_ref().is_none_or(|kind| kind.builtin);
        let reads = info.is_read_only() && matches!(target.subresource.as_str(), "" | "status" | "scale");
        let tables = self.plugins.tables.is_some() && (reads || info.verb == "create");
        accept(request.headers(), Offer { protobuf: builtin, tables, stream: info.verb == "watch" })
    }

    async fn authenticate(&self, headers: &HeaderMap, peer: &Peer) -> Result<User, ApiError> {
        for authenticator in &self.plugins.authenticators {
            if let Some(user) = authenticator.authenticate(headers, peer).await? {
                return Ok(user);
            }
        }
        if self.anonymous { Ok(User::anonymous()) } else { Err(ApiError::unauthorized()) }
    }

    async fn authorize(&self, info: &RequestInfo, user: &User) -> Result<(), ApiError> {
        self.check(&info.attributes(user)).await
    }

    /// Whether something is allowed; who has no authorizer allows nothing.
    pub(crate) async fn check(&self, attributes: &Attributes) -> Result<(), ApiError> {
        let Some(authorizer) = &self.plugins.authorizer else {
            return Err(forbidden(attributes, "no authorizer is configured"));
        };
        match authorizer.authorize(attributes).await {
            Decision::Allow(_) => Ok(()),
            Decision::Deny(why) | Decision::NoOpinion(why) => Err(forbidden(attributes, &why)),
        }
    }

    /// Acts as another user where the headers ask for it and the user may.
    async fn impersonate(&self, headers: &HeaderMap, user: User) -> Result<User, ApiError> {
        let Some(wanted) = Impersonation::read(headers)? else { return Ok(user) };
        for target in wanted.targets() {
            let attributes = Attributes {
                user: user.clone(),
                verb: "impersonate".to_owned(),
                target: Target::Resource(target),
                label_selector: String::new(),
                field_selector: String::new(),
            };
            self.check(&attributes).await?;
        }
        Ok(wanted.user)
    }

    fn admit_in_flight(
        &self,
        info: &RequestInfo,
        user: &User,
    ) -> Result<Option<super::metrics::InFlight>, ApiError> {
        if info.is_long_running() || user.in_group("system:masters") {
            return Ok(None);
        }
        let read_only = info.is_read_only();
        match self.metrics.enter(read_only) {
            Some(guard) => Ok(Some(guard)),
            None => Err(ApiError::too_many_requests("Too many requests, please try again later.", 1)),
        }
    }

    fn audit_id(&self, headers: &HeaderMap) -> HeaderValue {
        let given = headers.get(&AUDIT_ID).filter(|value| value.len() <= AUDIT_ID_LEN_MAX);
        given.cloned().unwrap_or_else(|| {
            HeaderValue::from_str(&self.registry.env.random.uid()).expect("a uid is plain text")
        })
    }

    /// Paths that are no resources: health, version, metrics, then those whom others serve.
    async fn answer_path(&self, path: &str, request: Request<Body>, user: &User) -> Result<Answer, ApiError> {
        let (parts, _) = request.into_parts();
        if let Some(response) = super::health::answer(self, path, &parts).await? {
            return Ok(Answer::Response(response));
        }
        for paths in &self.plugins.paths {
            if let Some(response) = paths.answer(user, &parts, &self.registry.catalog).await? {
                return Ok(Answer::Response(response));
            }
        }
        let mut response = Response::new(full("404 page not found\n"));
        *response.status_mut() = http::StatusCode::NOT_FOUND;
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(http::header::CONTENT_TYPE, plain);
        Ok(Answer::Response(response))
    }

    pub(crate) fn action(
        &self,
        group: &str,
        resource: &str,
        subresource: &str,
    ) -> Option<Arc<dyn crate::action::Action>> {
        let key = (group.to_owned(), resource.to_owned(), subresource.to_owned());
        self.actions.get(&key).cloned()
    }

    pub(crate) fn connector(
        &self,
        resource: &str,
        subresource: &str,
    ) -> Option<Arc<dyn crate::connect::Connector>> {
        self.connectors.get(&(resource.to_owned(), subresource.to_owned())).cloned()
    }
}

/// What the client is told of a panic; the panic hook has said the rest.
fn panicked() -> ApiError {
    error!("A request panicked.");
    let message = "This request caused apiserver to panic. Look in the logs for details.";
    ApiError { message: message.to_owned(), ..ApiError::internal(message) }
}

/// Whom a request wants to act as.
struct Impersonation {
    user: User,
    groups_given: Vec<String>,
}

const EXTRA_PREFIX: &str = "impersonate-extra-";

impl Impersonation {
    fn read(headers: &HeaderMap) -> Result<Option<Self>, ApiError> {
        let text = |value: &HeaderValue| {
            value
                .to_str()
                .map(str::to_owned)
                .map_err(|_| ApiError::bad_request("malformed impersonation header"))
        };
        let all = |name: &str| headers.get_all(name).iter().map(text).collect::<Result<Vec<_>, _>>();
        let name = all("impersonate-user")?.into_iter().next().unwrap_or_default();
        let groups = all("impersonate-group")?;
        let uid = all("impersonate-uid")?.into_iter().next().unwrap_or_default();
        let mut user = User { name, uid, ..User::default() };
        for (header, value) in headers {
            if let Some(key) = header.as_str().strip_prefix(EXTRA_PREFIX) {
                let key = percent_encoding::percent_decode_str(key).decode_utf8_lossy().into_owned();
                user.extra.entry(key).or_default().push(text(value)?);
            }
        }
        if user.name.is_empty() {
            if groups.is_empty() && user.uid.is_empty() && user.extra.is_empty() {
                return Ok(None);
            }
            return Err(ApiError::bad_request("requested impersonation without impersonating a user"));
        }
        user.groups = groups.clone();
        if groups.is_empty() {
            user.groups = service_account_groups(&user.name);
        }
        let special = |group: &String| group == "system:authenticated" || group == "system:unauthenticated";
        if !user.groups.iter().any(special) {
            let anonymous = user.name == "system:anonymous";
            let group = if anonymous { "system:unauthenticated" } else { "system:authenticated" };
            user.groups.push(group.to_owned());
        }
        Ok(Some(Self { user, groups_given: groups }))
    }

    /// What must be allowed: a target for each part of the identity.
    fn targets(&self) -> Vec<ResourceTarget> {
        let target = |group: &str, resource: &str, subresource: &str, name: &str| ResourceTarget {
            group: group.to_owned(),
            version: "v1".to_owned(),
            resource: resource.to_owned(),
            subresource: subresource.to_owned(),
            name: name.to_owned(),
            ..ResourceTarget::default()
        };
        let mut targets = Vec::new();
        match self.user.name.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':')) {
            Some((namespace, name)) => {
                let mut account = target("", "serviceaccounts", "", name);
                account.namespace = namespace.to_owned();
                targets.push(account);
            }
            None => targets.push(target("", "users", "", &self.user.name)),
        }
        targets.extend(self.groups_given.iter().map(|group| target("", "groups", "", group)));
        let authentication = "authentication.k8s.io";
        if !self.user.uid.is_empty() {
            targets.push(target(authentication, "uids", "", &self.user.uid));
        }
        for (key, values) in &self.user.extra {
            targets.extend(values.iter().map(|value| target(authentication, "userextras", key, value)));
        }
        targets
    }
}

/// The groups of a service account; none for other users.
fn service_account_groups(user: &str) -> Vec<String> {
    match user.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':')) {
        Some((namespace, _)) => {
            vec!["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}")]
        }
        None => Vec::new(),
    }
}

/// RFC 7234's Warning: 299, no agent, quoted text.
fn warning_header(text: &str) -> Option<HeaderValue> {
    let mut quoted = String::with_capacity(text.len() + 10);
    quoted.push_str("299 - \"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(letter);
            }
            letter if letter.is_control() => quoted.push(' '),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    HeaderValue::from_bytes(quoted.as_bytes()).ok()
}

/// What every answer of a deprecated kind warns of, whatever the verb.
fn deprecation(gvk: &GroupVersionKind) -> Option<&'static str> {
    match (gvk.group.as_ref(), gvk.version.as_ref(), gvk.kind.as_ref()) {
        ("", "v1", "ComponentStatus") => Some("v1 ComponentStatus is deprecated in v1.19+"),
        ("", "v1", "Endpoints") => {
            Some("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_quoted() {
        let value = warning_header("unknown field \"spec.foo\"\n").expect("a header");
        assert_eq!(value.to_str().ok(), Some("299 - \"unknown field \\\"spec.foo\\\" \""));
    }

    #[test]
    fn impersonation_names_all_that_must_be_allowed() {
        let mut headers = HeaderMap::new();
        assert!(Impersonation::read(&headers).expect("none").is_none());
        headers.insert("impersonate-group", HeaderValue::from_static("g"));
        assert!(Impersonation::read(&headers).is_err());
        headers.insert("impersonate-user", HeaderValue::from_static("system:serviceaccount:ns:sa"));
        headers.insert("impersonate-extra-scopes%2fa", HeaderValue::from_static("x"));
        let wanted = Impersonation::read(&headers).expect("well-formed").expect("wanted");
        assert_eq!(wanted.user.groups, ["g", "system:authenticated"]);
        let targets: Vec<String> =
            wanted.targets().iter().map(|t| format!("{}/{}/{}", t.resource, t.subresource, t.name)).collect();
        assert_eq!(targets, ["serviceaccounts//sa", "groups//g", "userextras/scopes/a/x"]);
    }
}
