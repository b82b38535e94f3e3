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
    let document = answer(path, accept, &Stable).unwrap();
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
        assert_eq!(answer(nothing, "", &Stable), None, "{nothing}");
    }
}

#[test]
fn aggregated_documents() {
    let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
                  application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
    let document = answer("/apis", accept, &Stable).unwrap();
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
    assert!(answer("/api", older, &Stable).unwrap().content_type.contains("v2beta1"));
    assert_eq!(answer("/api", "application/json", &Stable).unwrap().content_type, "application/json");
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
    let document = answer("/apis", "application/vnd.kubernetes.protobuf,application/json", &Stable).unwrap();
    let (meta, message) = protobuf::unwrap(&document.bytes).unwrap();
    assert_eq!((meta.kind.as_str(), meta.api_version.as_str()), ("APIGroupList", "v1"));
    assert!(!message.is_empty());
}
