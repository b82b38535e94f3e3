//! The filters around every request, in and out of process.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use http::header::{CACHE_CONTROL, USER_AGENT, WARNING, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use tokio::time::Instant;
use tracing::error;

use super::metrics::Finished;
use super::negotiate::{Accepted, Offer, Transform, accept};
use super::respond::Maker;
use super::route::Routed;
use super::websocket::Wish;
use super::{Answer, index, warning};
use crate::attributes::{Attributes, ResourceTarget, Target, User};
use crate::authn::Peer;
use crate::authz::{Decision, forbidden};
use crate::catalog::Served;
use crate::connect::Body;
use crate::request::RequestInfo;
use crate::server::Core;
use crate::status::ApiError;
use crate::tables::IncludeObject;
use crate::trace::steps;

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

/// Most that a trace keeps of a program's name.
const AGENT_LEN_MAX: usize = 64;
/// Longest audit id that a client may give.
const AUDIT_ID_LEN_MAX: usize = 64;

impl Core {
    /// Answers a request.
    pub(crate) async fn respond(&self, mut request: Request<Body>, sender: Sender<'_>) -> Response<Body> {
        let audit_id = self.audit_id(request.headers());
        let wish = websocket_wish(&mut request);
        let reply = self.handle(request, sender).await;
        let mut response = match reply.result {
            Ok(answer) => {
                let respond = AssertUnwindSafe(|| reply.maker.respond(answer));
                let response = std::panic::catch_unwind(respond).unwrap_or_else(|_| Err(panicked()));
                response.unwrap_or_else(|error| reply.maker.failure(&error))
            }
            Err(error) => reply.maker.failure(&error),
        };
        if let Some(wish) = wish
            && response.status() == http::StatusCode::OK
        {
            response = wish.grant(response, &self.tasks, self.cancel.clone());
        }
        if let Some(user) = &reply.maker.reader {
            response = self.ledger.charge(user, response);
        }
        let code = response.status().as_u16();
        if let Some(info) = &reply.info {
            self.metrics.finished(&Finished { info, code, duration: reply.started.elapsed() });
        }
        let headers = response.headers_mut();
        headers.insert(AUDIT_ID.clone(), audit_id);
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache, private"));
        headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
        for warning in warning::headers(&reply.warnings) {
            headers.append(WARNING, warning);
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
        let agent = request.headers().get(USER_AGENT).cloned();
        // Boxed: it is large, and would be held once for each way in which it is followed.
        let filtered = Box::pin(self.filtered(request, sender, &info, &mut maker, &mut warnings));
        let followed = AssertUnwindSafe(async {
            // What only reads leaves no trace.
            match self.trace.is_on() && !info.is_read_only() {
                true => steps::along(&self.trace, |user| operation(&info, agent, user), filtered).await,
                false => filtered.await,
            }
        });
        let result = match followed.catch_unwind().await {
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
        let remote = matches!(sender, Sender::Peer(_));
        let user = match sender {
            Sender::User(user) => user.clone(),
            Sender::Peer(peer) => self.authenticate(request.headers(), peer).await?,
        };
        let user = self.impersonate(request.headers(), user).await?;
        let _in_flight = self.admit_in_flight(info, &user)?;
        self.authorize(info, &user).await?;
        steps::authorized(&user.name);
        // Parts of this process read what they ask for.
        if remote && matches!(info.verb.as_str(), "get" | "list") {
            self.ledger.admit(&user.name)?;
            maker.reader = Some(user.name.as_str().into());
        }
        let target = match &info.target {
            Target::Path(path) => return self.answer_path(path, request, &user).await,
            Target::Resource(target) => target,
        };
        let rows = self.registry.catalog.rows();
        let Some(served) = rows.find(&target.group, &target.version, &target.resource).cloned() else {
            return index::no_resource(&rows, &target.group);
        };
        if *request.method() == http::Method::HEAD && target.subresource != "proxy" {
            return Err(ApiError::method_not_allowed());
        }
        maker.accepted = self.negotiate(&request, &served, info)?;
        if let Transform::Table(_) = maker.accepted.transform {
            maker.include_object = include_object(request.uri().query().unwrap_or_default())?;
        }
        warnings.extend(warning::deprecation(&served.resource.gvk));
        if let Some(custom) = &served.custom {
            warnings.extend(custom.warnings.iter().cloned());
            maker.columns = Some(custom.columns.clone());
        }
        let cbor = self.features.cbor();
        let routed = Routed { user: &user, info, target, served, request, warnings, cbor };
        if info.is_long_running() {
            return self.route(routed).await;
        }
        match tokio::time::timeout(self.tuning.request_timeout, self.route(routed)).await {
            Ok(result) => result,
            Err(_) => Err(ApiError::timeout("Timeout: request did not complete within the allotted timeout")),
        }
    }

    fn maker(&self, request: &Request<Body>) -> Maker {
        let failure = accept(request, Offer::plain(self.features.cbor())).unwrap_or(Accepted::LAST_RESORT);
        Maker {
            accepted: failure,
            tables: self.plugins.tables.clone(),
            include_object: IncludeObject::default(),
            now: self.registry.env.now(),
            failure,
            columns: None,
            reader: None,
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
        let offer = Offer {
            builtin: served.kind.as_ref().is_none_or(|kind| kind.builtin),
            transforms: self.plugins.tables.is_some(),
            tables: self.plugins.tables.is_some() && served.has_table(&target.subresource),
            stream: info.verb == "watch",
            collection: matches!(info.verb.as_str(), "list" | "watch") && target.subresource.is_empty(),
            cbor: self.features.cbor(),
        };
        accept(request, offer)
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
        if let Some(response) = super::health::answer(self, path, &parts)? {
            return Ok(Answer::Response(response));
        }
        if let Some(response) = index::answer(self, path) {
            return Ok(Answer::Response(response));
        }
        for paths in &self.plugins.paths {
            if let Some(response) = paths.answer(user, &parts, &self.registry.catalog).await? {
                return Ok(Answer::Response(response));
            }
        }
        index::no_path(&self.registry.catalog.rows(), path)
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

/// What streams can also be had as messages: watches and logs. The token that may ride in the protocols is left for
/// authentication.
fn websocket_wish(request: &mut Request<Body>) -> Option<Wish> {
    let info = RequestInfo::parse(request.method(), request.uri()).ok()?;
    let Target::Resource(target) = &info.target else { return None };
    let is_log = target.subresource == "log" && info.verb == "get";
    (info.verb == "watch" || is_log).then(|| Wish::take(request)).flatten()
}

/// What of each object a table has.
fn include_object(query: &str) -> Result<IncludeObject, ApiError> {
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "includeObject");
    match asked.as_ref().map(|(_, value)| &**value).unwrap_or_default() {
        "" | "Metadata" => Ok(IncludeObject::Metadata),
        "None" => Ok(IncludeObject::None),
        "Object" => Ok(IncludeObject::Object),
        other => Err(ApiError::bad_request(format!(
            "Unable to convert to Table as requested: includeObject: Invalid value: {other:?}: must be \
             'Metadata', 'Object', 'None', or empty"
        ))),
    }
}

/// What the client is told of a panic; the panic hook has said the rest.
fn panicked() -> ApiError {
    error!("A request panicked.");
    let message = "This request caused apiserver to panic. Look in the logs for details.";
    ApiError { message: message.to_owned(), ..ApiError::internal(message) }
}

/// What a trace calls a request: `create by kubectl/v1.35.0`; by its user, where the client's program is not known.
fn operation(info: &RequestInfo, agent: Option<HeaderValue>, user: &str) -> String {
    let mut operation = info.verb.clone();
    if let Target::Resource(target) = &info.target
        && !target.subresource.is_empty()
    {
        operation.push(' ');
        operation.push_str(&target.subresource);
    }
    let agent = agent.as_ref().and_then(|agent| agent.to_str().ok());
    let program = agent.and_then(|agent| agent.split_whitespace().next()).unwrap_or(user);
    operation.push_str(" by ");
    operation.extend(program.chars().take(AGENT_LEN_MAX));
    operation
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

#[cfg(test)]
mod tests {
    use super::*;

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
