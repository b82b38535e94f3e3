//! The typed verbs.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, header};
use http_body_util::BodyExt;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{Metadata, Resource};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{Error, optional};
use crate::object::ObjectKey;
use crate::resource::{ApiResource, Scoped};
use crate::transport::{Body, Transport, WatchStream, check};

/// Calls the API as one user. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    field_manager: Arc<str>,
}

/// What a list or watch selects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ListParams {
    /// Empty for all.
    pub label_selector: String,
    /// Empty for all.
    pub field_selector: String,
    /// `None`: most recent; `Some("0")`: any.
    pub resource_version: Option<String>,
    /// At most so many; 0 for all.
    pub limit: usize,
    /// From an earlier page.
    pub continue_token: String,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The objects.
    pub items: Vec<T>,
    /// Where a watch goes on from.
    pub resource_version: String,
    /// For the next page; empty on the last.
    pub continue_token: String,
}

/// A patch and its kind.
#[derive(Debug, Clone)]
pub enum Patch {
    /// RFC 6902.
    Json(serde_json::Value),
    /// RFC 7386.
    Merge(serde_json::Value),
    /// Kubernetes' strategic merge.
    Strategic(serde_json::Value),
    /// Server-side apply; `force` takes fields over from other managers.
    Apply {
        /// The object as the manager wants it.
        object: serde_json::Value,
        /// Conflicts are no hindrance.
        force: bool,
    },
}

/// Options of create, update and patch.
#[derive(Debug, Clone, Default)]
pub struct WriteParams {
    /// Validate and admit, but store nothing.
    pub dry_run: bool,
    /// Another field manager than the client's.
    pub field_manager: Option<String>,
}

/// What must hold for a delete.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Precondition {
    /// The object's uid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// Its resource version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_version: Option<String>,
}

/// Options of delete.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteParams {
    /// Seconds; 0 deletes at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace_period_seconds: Option<i64>,
    /// `Foreground`, `Background` or `Orphan`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propagation_policy: Option<&'static str>,
    /// What must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preconditions: Option<Precondition>,
}

impl DeleteParams {
    /// Deletes only the object with this uid.
    pub fn uid(uid: impl Into<String>) -> Self {
        let preconditions = Some(Precondition { uid: Some(uid.into()), ..Precondition::default() });
        Self { preconditions, ..Self::default() }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawList<'a> {
    metadata: RawListMeta,
    #[serde(borrow, default)]
    items: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct RawListMeta {
    resource_version: String,
    #[serde(rename = "continue")]
    continue_token: String,
}

/// Builds a query string.
#[derive(Default)]
struct Query(String);

impl Query {
    fn add(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(name);
        self.0.push('=');
        self.0.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
    }

    fn add_unless_empty(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.add(name, value);
        }
    }

    fn selectors(&mut self, params: &ListParams) {
        self.add_unless_empty("labelSelector", &params.label_selector);
        self.add_unless_empty("fieldSelector", &params.field_selector);
    }
}

impl Client {
    /// A client over this transport.
    pub fn new(transport: impl Transport) -> Self {
        Self::shared(Arc::new(transport))
    }

    /// A client over a shared transport.
    pub fn shared(transport: Arc<dyn Transport>) -> Self {
        Self { transport, field_manager: "mizzen".into() }
    }

    /// The same client, named in `managedFields` as `manager`.
    #[must_use]
    pub fn with_field_manager(mut self, manager: &str) -> Self {
        self.field_manager = manager.into();
        self
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        self.transport.as_ref()
    }

    fn write_query(&self, params: &WriteParams) -> Query {
        let mut query = Query::default();
        query.add("fieldManager", params.field_manager.as_deref().unwrap_or(&self.field_manager));
        if params.dry_run {
            query.add("dryRun", "All");
        }
        query
    }

    /// Sends any request; failures of the server become [`Error::Api`].
    pub async fn request(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<Bytes, Error> {
        let mut request =
            http::Request::builder().method(method).uri(path).header(header::ACCEPT, "application/json");
        if !content_type.is_empty() {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        let response = self.send(request.body(body)?).await?;
        Ok(response.into_body().collect().await?.to_bytes())
    }

    /// Sends a prepared request and checks its status; the body may be a stream.
    pub async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, Error> {
        let path = request.uri().path().to_owned();
        check(&path, self.exchange(request).await?).await
    }

    /// Sends a prepared request; whatever the server answers is given back as it is.
    pub async fn exchange(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, Error> {
        self.transport.send(request).await
    }

    async fn typed<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<T, Error> {
        let bytes = self.request(method, path, content_type, body).await?;
        serde_json::from_slice(&bytes).map_err(|source| Error::Decode { what: path.to_owned(), source })
    }

    /// Reads an object of any resource.
    pub async fn get_as<T: DeserializeOwned>(
        &self,
        resource: &ApiResource,
        key: &ObjectKey,
    ) -> Result<Option<T>, Error> {
        self.get_subresource(resource, key, "").await
    }

    /// Reads a subresource (`scale`); `None` when there is no such object, or it has no such subresource.
    pub async fn get_subresource<T: DeserializeOwned>(
        &self,
        resource: &ApiResource,
        key: &ObjectKey,
        subresource: &str,
    ) -> Result<Option<T>, Error> {
        let path = resource.path(&key.namespace, &key.name, subresource);
        optional(self.typed(Method::GET, &path, "", Bytes::new()).await)
    }

    /// Reads an object; `None` when there is none.
    pub async fn get<K>(&self, namespace: &str, name: &str) -> Result<Option<K>, Error>
    where
        K: Resource<Scope: Scoped> + DeserializeOwned,
    {
        self.get_as(&ApiResource::of::<K>(), &ObjectKey::new(namespace, name)).await
    }

    /// Lists the raw objects of a resource in `namespace` (empty: all). Items share the answer's bytes and, as
    /// Kubernetes sends them, carry no `kind` and `apiVersion` for built-in resources.
    pub async fn list_raw(
        &self,
        resource: &ApiResource,
        namespace: &str,
        params: &ListParams,
    ) -> Result<Page<Bytes>, Error> {
        let mut query = Query::default();
        query.selectors(params);
        if let Some(version) = &params.resource_version {
            query.add("resourceVersion", version);
        }
        if params.limit > 0 {
            query.add("limit", &params.limit.to_string());
        }
        query.add_unless_empty("continue", &params.continue_token);
        let path = resource.path(namespace, "", "") + &query.0;
        let bytes = self.request(Method::GET, &path, "", Bytes::new()).await?;
        let list: RawList<'_> =
            serde_json::from_slice(&bytes).map_err(|source| Error::Decode { what: path, source })?;
        let items = list.items.unwrap_or_default();
        Ok(Page {
            items: items.into_iter().map(|item| bytes.slice_ref(item.get().as_bytes())).collect(),
            resource_version: list.metadata.resource_version,
            continue_token: list.metadata.continue_token,
        })
    }

    /// Lists objects in `namespace` (empty: all namespaces, or cluster scope).
    pub async fn list<K>(&self, namespace: &str, params: &ListParams) -> Result<Page<K>, Error>
    where
        K: Resource<Scope: Scoped> + DeserializeOwned,
    {
        let resource = ApiResource::of::<K>();
        let page = self.list_raw(&resource, namespace, params).await?;
        let items = page.items.iter().map(|item| serde_json::from_slice(item)).collect::<Result<Vec<K>, _>>();
        let items =
            items.map_err(|source| Error::Decode { what: resource.path(namespace, "", ""), source })?;
        Ok(Page { items, resource_version: page.resource_version, continue_token: page.continue_token })
    }

    /// Watches a resource from just after `params.resource_version`, with bookmarks.
    pub async fn watch(
        &self,
        resource: &ApiResource,
        namespace: &str,
        params: &ListParams,
    ) -> Result<WatchStream, Error> {
        let mut query = Query::default();
        query.add("watch", "true");
        query.add("allowWatchBookmarks", "true");
        query.selectors(params);
        query.add_unless_empty("resourceVersion", params.resource_version.as_deref().unwrap_or_default());
        let request = http::Request::builder()
            .method(Method::GET)
            .uri(resource.path(namespace, "", "") + &query.0)
            .header(header::ACCEPT, "application/json")
            .body(Bytes::new())?;
        self.transport.watch(request).await
    }

    /// Creates an object in its namespace.
    pub async fn create<K>(&self, object: &K) -> Result<K, Error>
    where
        K: Resource<Scope: Scoped> + Metadata<Ty = ObjectMeta> + Serialize + DeserializeOwned,
    {
        self.create_with(object, &WriteParams::default()).await
    }

    /// Creates an object in its namespace, with options.
    pub async fn create_with<K>(&self, object: &K, params: &WriteParams) -> Result<K, Error>
    where
        K: Resource<Scope: Scoped> + Metadata<Ty = ObjectMeta> + Serialize + DeserializeOwned,
    {
        let namespace = object.metadata().namespace.as_deref().unwrap_or_default();
        let path = ApiResource::of::<K>().path(namespace, "", "") + &self.write_query(params).0;
        self.typed(Method::POST, &path, "application/json", encode(&path, object)?).await
    }

    /// Replaces an object; a resource version in it guards the write.
    pub async fn update<K>(&self, object: &K) -> Result<K, Error>
    where
        K: Resource<Scope: Scoped> + Metadata<Ty = ObjectMeta> + Serialize + DeserializeOwned,
    {
        self.update_subresource(object, "").await
    }

    /// Replaces an object's status.
    pub async fn update_status<K>(&self, object: &K) -> Result<K, Error>
    where
        K: Resource<Scope: Scoped> + Metadata<Ty = ObjectMeta> + Serialize + DeserializeOwned,
    {
        self.update_subresource(object, "status").await
    }

    /// Replaces a subresource of an object that has the object's own type (`status`, `finalize`, `approval`).
    pub async fn update_subresource<K>(&self, object: &K, subresource: &str) -> Result<K, Error>
    where
        K: Resource<Scope: Scoped> + Metadata<Ty = ObjectMeta> + Serialize + DeserializeOwned,
    {
        let key = ObjectKey::of(object.metadata());
        let path = ApiResource::of::<K>().path(&key.namespace, &key.name, subresource)
            + &self.write_query(&WriteParams::default()).0;
        self.typed(Method::PUT, &path, "application/json", encode(&path, object)?).await
    }

    /// Posts `body` to a subresource (`binding`, `eviction`, `token`).
    pub async fn create_subresource<B: Serialize, R: DeserializeOwned>(
        &self,
        resource: &ApiResource,
        key: &ObjectKey,
        subresource: &str,
        body: &B,
    ) -> Result<R, Error> {
        let path = resource.path(&key.namespace, &key.name, subresource)
            + &self.write_query(&WriteParams::default()).0;
        self.typed(Method::POST, &path, "application/json", encode(&path, body)?).await
    }

    /// Patches an object, or a subresource of it (empty: itself).
    pub async fn patch<K>(
        &self,
        namespace: &str,
        name: &str,
        subresource: &str,
        patch: &Patch,
    ) -> Result<K, Error>
    where
        K: Resource<Scope: Scoped> + DeserializeOwned,
    {
        self.patch_as(&ApiResource::of::<K>(), &ObjectKey::new(namespace, name), subresource, patch).await
    }

    /// Patches an object of any resource.
    pub async fn patch_as<T: DeserializeOwned>(
        &self,
        resource: &ApiResource,
        key: &ObjectKey,
        subresource: &str,
        patch: &Patch,
    ) -> Result<T, Error> {
        let mut query = self.write_query(&WriteParams::default());
        let (content_type, body) = match patch {
            Patch::Json(body) => ("application/json-patch+json", body),
            Patch::Merge(body) => ("application/merge-patch+json", body),
            Patch::Strategic(body) => ("application/strategic-merge-patch+json", body),
            Patch::Apply { object, force } => {
                query.add("force", if *force { "true" } else { "false" });
                ("application/apply-patch+yaml", object)
            }
        };
        let path = resource.path(&key.namespace, &key.name, subresource) + &query.0;
        self.typed(Method::PATCH, &path, content_type, encode(&path, body)?).await
    }

    /// Deletes an object; `Ok(false)` when there was none.
    pub async fn delete<K>(&self, namespace: &str, name: &str, params: &DeleteParams) -> Result<bool, Error>
    where
        K: Resource<Scope: Scoped>,
    {
        self.delete_as(&ApiResource::of::<K>(), &ObjectKey::new(namespace, name), params).await
    }

    /// Deletes an object of any resource; `Ok(false)` when there was none.
    pub async fn delete_as(
        &self,
        resource: &ApiResource,
        key: &ObjectKey,
        params: &DeleteParams,
    ) -> Result<bool, Error> {
        let path = resource.path(&key.namespace, &key.name, "");
        let body = encode(&path, params)?;
        let result = self.request(Method::DELETE, &path, "application/json", body).await;
        Ok(optional(result)?.is_some())
    }

    /// Deletes all objects of a resource in a namespace.
    pub async fn delete_collection(
        &self,
        resource: &ApiResource,
        namespace: &str,
        params: &DeleteParams,
    ) -> Result<(), Error> {
        let path = resource.path(namespace, "", "");
        let body = encode(&path, params)?;
        self.request(Method::DELETE, &path, "application/json", body).await.map(drop)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("field_manager", &self.field_manager).finish_non_exhaustive()
    }
}

fn encode<T: Serialize>(path: &str, value: &T) -> Result<Bytes, Error> {
    let bytes =
        serde_json::to_vec(value).map_err(|source| Error::Decode { what: path.to_owned(), source })?;
    Ok(bytes.into())
}
