use super::*;

/// The stable built-in resources.
pub(crate) struct Stable;

impl Catalog for Stable {
    fn resources(&self) -> Vec<Resource> {
        let stable = |resource: &&Resource| version_rank(&resource.gvk.version).0 == 3;
        builtin::resources().iter().filter(stable).cloned().collect()
    }

    fn generation(&self) -> u64 {
        1
    }

    fn server_address(&self) -> String {
        "127.0.0.1:6443".to_owned()
    }
}

fn text(path: &str, accept: &str) -> String {
    let document = answer(path, accept, &Stable).unwrap().unwrap();
    String::from_utf8(document.bytes.to_vec()).unwrap()
}

#[test]
fn plain_documents() {
    assert_eq!(
        text("/api", "application/json"),
        "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],\"serverAddressByClientCIDRs\":[{\"clientCIDR\":\"0.0.0.0/0\",\
         \"serverAddress\":\"127.0.0.1:6443\"}]}\n"
    );
    let groups = text("/apis", "");
    assert!(groups.starts_with(
        "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[{\"name\":\"apiregistration.k8s.io\",\"versions\":\
         [{\"groupVersion\":\"apiregistration.k8s.io/v1\",\"version\":\"v1\"}],\"preferredVersion\":\
         {\"groupVersion\":\"apiregistration.k8s.io/v1\",\"version\":\"v1\"}},{\"name\":\"apps\""
    ));
    let autoscaling = text("/apis/autoscaling", "");
    assert!(
        autoscaling.contains("\"preferredVersion\":{\"groupVersion\":\"autoscaling/v2\""),
        "{autoscaling}"
    );
    let core = text("/api/v1", "");
    assert!(core.starts_with(
        "{\"kind\":\"APIResourceList\",\"groupVersion\":\"v1\",\"resources\":[{\"name\":\"bindings\""
    ));
    assert!(core.contains(
        "{\"name\":\"pods\",\"singularName\":\"pod\",\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":[\"create\",\"delete\",\
         \"deletecollection\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"shortNames\":[\"po\"],\"categories\":[\"all\"],\
         \"storageVersionHash\":\"xPOwRZ+Yhw8=\"}"
    ));
    assert!(core.contains(
        "{\"name\":\"pods/eviction\",\"singularName\":\"\",\"namespaced\":true,\"group\":\"policy\",\"version\":\"v1\",\
         \"kind\":\"Eviction\",\"verbs\":[\"create\"]}"
    ));
    for nothing in ["/apis/none", "/apis/apps/v9", "/api/v2", "/apis/apps/v1/deployments", "/version"] {
        assert_eq!(answer(nothing, "", &Stable).unwrap(), None, "{nothing}");
    }
}

#[test]
fn aggregated_documents() {
    let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
                  application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
    let document = answer("/apis", accept, &Stable).unwrap().unwrap();
    assert_eq!(document.content_type, "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    assert!(document.etag.len() > 100);
    let text = String::from_utf8(document.bytes.to_vec()).unwrap();
    assert!(text.starts_with(
        "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/v2\",\"metadata\":{}"
    ));
    assert!(text.contains(
        "{\"resource\":\"deployments\",\"responseKind\":{\"group\":\"apps\",\"version\":\"v1\",\"kind\":\"Deployment\"},\
         \"scope\":\"Namespaced\",\"singularResource\":\"deployment\""
    ));
    let older = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
    assert!(answer("/api", older, &Stable).unwrap().unwrap().content_type.contains("v2beta1"));
    assert_eq!(
        answer("/api", "application/json", &Stable).unwrap().unwrap().content_type,
        "application/json"
    );
}

#[test]
fn versions_order_as_documented() {
    let mut versions =
        ["foo10", "v1alpha1", "v2", "v11beta2", "v3beta1", "v10", "v12alpha1", "foo1", "v1", "v10beta3"];
    versions.sort_by_cached_key(|version| Reverse(version_rank(version)));
    assert_eq!(
        versions,
        ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v1alpha1", "foo1", "foo10"]
    );
}

#[test]
fn protobuf_is_given_to_who_asks() {
    let protobuf_first = "application/vnd.kubernetes.protobuf,application/json";
    let document = answer("/apis", protobuf_first, &Stable).unwrap().unwrap();
    let (meta, message) = protobuf::unwrap(&document.bytes).unwrap();
    assert_eq!((meta.kind.as_str(), meta.api_version.as_str()), ("APIGroupList", "v1"));
    assert!(!message.is_empty());
}

#[test]
fn other_forms() {
    assert!(
        text("/apis/apps", "application/yaml").starts_with("apiVersion: v1\nkind: APIGroup\nname: apps\n")
    );
    let refusal = |path: &str, expect: &str| {
        let error = answer(path, "text/plain", &Stable).unwrap_err();
        assert_eq!((error.code, error.message.as_str()), (406, expect), "{path}");
    };
    let formats = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
    let routed = format!("406: Not Acceptable\n\nAvailable representations: {formats}");
    refusal("/api", &routed);
    refusal("/apis/apps/v1", &routed);
    refusal("/apis/apps", &format!("only the following media types are accepted: {formats}"));
}

/// One custom resource, of a generation that can be raised.
struct Custom(std::sync::atomic::AtomicU64);

impl Catalog for Custom {
    fn resources(&self) -> Vec<Resource> {
        let mut row = builtin::resources()[0].clone();
        row.gvk =
            GroupVersionKind { group: "example.com".into(), version: "v1".into(), kind: "Thing".into() };
        row.plural = "things".into();
        row.verbs = vec!["create".into(), "get".into(), "list".into(), "watch".into()].into();
        let field = |json: &'static str, shape| {
            let mut field = builtin::by_name("io.k8s.api.core.v1.Pod").unwrap().fields[0].clone();
            field.json = json.into();
            field.shape = shape;
            field
        };
        let inner = mizzen_schema::table::Type {
            name: "".into(),
            doc: "".into(),
            fields: vec![field("size", mizzen_schema::table::Shape::Int64)].into(),
            by_name: vec![("size".into(), 0)].into(),
            preserve_unknown: true,
            atomic: false,
            kinds: Vec::new().into(),
            custom: None,
        };
        let inner = mizzen_schema::table::Shape::Struct(TypeRef::Shared(std::sync::Arc::new(inner)));
        row.ty = TypeRef::Shared(std::sync::Arc::new(mizzen_schema::table::Type {
            name: "".into(),
            doc: "A thing.".into(),
            fields: vec![field("spec", inner)].into(),
            by_name: vec![("spec".into(), 0)].into(),
            preserve_unknown: false,
            atomic: false,
            kinds: Vec::new().into(),
            custom: None,
        }));
        vec![row]
    }

    fn generation(&self) -> u64 {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[test]
fn custom_resources_are_described_where_they_are_served() {
    let (cache, catalog) = (Cache::default(), Custom(1.into()));
    let document = |path: &str| cache.document(path, "application/json", &catalog).unwrap().unwrap();
    let first = document("/openapi/v3/apis/example.com/v1");
    let text = String::from_utf8(first.bytes.to_vec()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let schemas = &json["components"]["schemas"];
    let spec = &schemas["com.example.v1.Thing"]["properties"]["spec"];
    assert_eq!(spec["properties"]["size"]["type"], "integer");
    assert_eq!(spec["x-kubernetes-preserve-unknown-fields"], true);
    assert!(schemas["com.example.v1.ThingList"].is_object());
    assert!(json["paths"]["/apis/example.com/v1/namespaces/{namespace}/things/{name}"]["get"].is_object());
    // The same bytes, not made again, until something changes.
    assert_eq!(document("/openapi/v3/apis/example.com/v1").bytes.as_ptr(), first.bytes.as_ptr());
    catalog.0.store(2, std::sync::atomic::Ordering::Relaxed);
    let again = document("/openapi/v3/apis/example.com/v1");
    assert_ne!(again.bytes.as_ptr(), first.bytes.as_ptr());
    assert_eq!(again.etag, first.etag);
    assert!(document("/openapi/v2").content_type.starts_with("application/json"));
    assert_eq!(cache.document("/openapi/v3/apis/none/v1", "", &catalog).unwrap(), None);
}
