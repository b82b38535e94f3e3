//! A server on the memory store, and small JSON calls on it.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::Method;
use http_body_util::BodyExt;
use mizzen_apiserver::attributes::{Attributes, User};
use mizzen_apiserver::authz::{Authorizer, Decision, Rule};
use mizzen_apiserver::discovery::Documents;
use mizzen_apiserver::table::Printers;
use mizzen_apiserver::{Config, Plugins, Server};
use mizzen_client::Client;
use mizzen_clock::Env;
use mizzen_store::{MemoryStore, Store};
use serde_json::Value as Json;

/// Allows everything but to users named `nobody`.
struct AllowAll;

#[async_trait]
impl Authorizer for AllowAll {
    async fn authorize(&self, attributes: &Attributes) -> Decision {
        if attributes.user.name == "nobody" {
            Decision::NoOpinion(String::new())
        } else {
            Decision::Allow(String::new())
        }
    }

    async fn rules(&self, _: &User, _: &str) -> (Vec<Rule>, String) {
        (Vec::new(), String::new())
    }
}

/// A server with one client.
pub(crate) struct Api {
    pub(crate) server: Server,
    pub(crate) client: Client,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) bytes: Bytes,
}

impl Reply {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes).unwrap_or(Json::Null)
    }

    /// The JSON of an answer with this code.
    pub(crate) fn expect(self, code: u16) -> Json {
        assert_eq!(self.code, code, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }

    pub(crate) fn warnings(&self) -> Vec<String> {
        let values = self.headers.get_all("warning").iter();
        values.map(|value| value.to_str().expect("text").to_owned()).collect()
    }
}

/// A server that lets its client do everything.
pub(crate) fn api() -> Api {
    api_with(|_| {})
}

/// An authorizer that allows everything, documents and tables.
pub(crate) fn plugins() -> Plugins {
    Plugins {
        authorizer: Some(Arc::new(AllowAll)),
        paths: vec![Arc::new(Documents::new("127.0.0.1:6443".to_owned(), Env::system()))],
        tables: Some(Arc::new(Printers)),
        ..Plugins::default()
    }
}

pub(crate) fn api_with(adjust: impl FnOnce(&mut Config)) -> Api {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let mut config = Config::new(|_| plugins());
    adjust(&mut config);
    let server = Server::start(config, store, Env::system());
    let client = server.client(User::new("admin", &["system:masters"]));
    Api { server, client }
}

impl Api {
    pub(crate) async fn call_as(
        &self,
        client: &Client,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        let mut request = http::Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).expect("a request");
        let (parts, body) = client.exchange(request).await.expect("an answer").into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Reply { code: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        self.call_as(&self.client, method, path, headers, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, &[], Bytes::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Json) -> Reply {
        self.call(Method::POST, path, &[("content-type", "application/json")], body.to_string()).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Json) -> Reply {
        self.call(Method::PUT, path, &[("content-type", "application/json")], body.to_string()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path, &[], Bytes::new()).await
    }

    /// `ty`: `json`, `merge`, `strategic-merge` or `apply`.
    pub(crate) async fn patch(&self, ty: &str, path: &str, body: &Json) -> Reply {
        let suffix = if ty == "apply" { "yaml" } else { "json" };
        let content_type = format!("application/{ty}-patch+{suffix}");
        self.call(Method::PATCH, path, &[("content-type", &content_type)], body.to_string()).await
    }
}
