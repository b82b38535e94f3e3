"""A session of the official Python client: session.py KUBECONFIG NAMESPACE. Says "done"."""

import sys

from kubernetes import client, config, dynamic, watch

config.load_kube_config(sys.argv[1])
namespace = sys.argv[2]
core, apps = client.CoreV1Api(), client.AppsV1Api()


def equal(is_, should):
    assert is_ == should, f"{is_!r} instead of {should!r}"


equal(client.VersionApi().get_code().minor, "35")
labels = {"set": "a"}
names = [f"c{number}" for number in range(5)]
for name in names:
    meta = client.V1ObjectMeta(name=name, labels=labels)
    core.create_namespaced_config_map(namespace, client.V1ConfigMap(metadata=meta, data={"a": name}))

# Strategic merge and JSON patch.
equal(core.patch_namespaced_config_map("c0", namespace, {"data": {"b": "1"}}).data, {"a": "c0", "b": "1"})
operations = [{"op": "remove", "path": "/data/a"}]
equal(core.patch_namespaced_config_map("c0", namespace, operations).data, {"b": "1"})

# Pages of one consistent state.
seen, token = [], None
while True:
    page = core.list_namespaced_config_map(namespace, limit=2, _continue=token, label_selector="set=a")
    seen += [item.metadata.name for item in page.items]
    token = page.metadata._continue
    if not token:
        break
equal(seen, names)

# What happened after a list.
core.delete_namespaced_config_map("c1", namespace)
stream = watch.Watch().stream(
    core.list_namespaced_config_map,
    namespace,
    label_selector="set=a",
    resource_version=page.metadata.resource_version,
    timeout_seconds=1,
)
equal([(event["type"], event["object"].metadata.name) for event in stream], [("DELETED", "c1")])

try:
    core.read_namespaced_config_map("c1", namespace)
    raise AssertionError("c1 is still there")
except client.ApiException as error:
    equal((error.status, error.reason), (404, "Not Found"))

# A watch from a state that is forgotten, or never was, says so and ends.
try:
    for _ in watch.Watch().stream(core.list_namespaced_config_map, namespace, resource_version="1"):
        raise AssertionError("an event from before time")
except client.ApiException as error:
    equal(error.status, 410)

web = {
    "metadata": {"name": "web"},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a", "image": "b"}]}},
    },
}
equal(apps.create_namespaced_deployment(namespace, web).spec.replicas, 1)
equal(apps.patch_namespaced_deployment_scale("web", namespace, {"spec": {"replicas": 3}}).spec.replicas, 3)

maps = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version="v1", kind="ConfigMap")
body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "applied"}, "data": {"a": "b"}}
applied = maps.server_side_apply(namespace=namespace, body=body, field_manager="session")
equal(applied.metadata.managedFields[0].operation, "Apply")

# Custom resources.
extensions, custom = client.ApiextensionsV1Api(), client.CustomObjectsApi()
schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer", "default": 1}}}}}
version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
names = {"plural": "songs", "kind": "Song"}
definition = {
    "metadata": {"name": "songs.session.example"},
    "spec": {"group": "session.example", "scope": "Namespaced", "names": names, "versions": [version]},
}
extensions.create_custom_resource_definition(definition)
for event in watch.Watch().stream(
    extensions.list_custom_resource_definition,
    field_selector="metadata.name=songs.session.example",
    timeout_seconds=30,
):
    conditions = event["object"].status.conditions or []
    if any(condition.type == "Established" and condition.status == "True" for condition in conditions):
        break
songs = ("session.example", "v1", namespace, "songs")
song = {"apiVersion": "session.example/v1", "kind": "Song", "metadata": {"name": "a"}, "spec": {}}
equal(custom.create_namespaced_custom_object(*songs, song)["spec"], {"size": 1})
equal(custom.patch_namespaced_custom_object(*songs, "a", {"spec": {"size": 2}})["spec"], {"size": 2})
equal([item["metadata"]["name"] for item in custom.list_namespaced_custom_object(*songs)["items"]], ["a"])
try:
    custom.patch_namespaced_custom_object(*songs, "a", {"spec": {"size": "x"}})
    raise AssertionError("a size that is no number")
except client.ApiException as error:
    equal(error.status, 422)
custom.delete_namespaced_custom_object(*songs, "a")
extensions.delete_custom_resource_definition("songs.session.example")

core.delete_collection_namespaced_config_map(namespace, label_selector="set=a")
equal(core.list_namespaced_config_map(namespace, label_selector="set=a").items, [])
request = client.AuthenticationV1TokenRequest(spec=client.V1TokenRequestSpec(audiences=[]))
equal(core.create_namespaced_service_account_token("default", namespace, request).status.token[:3], "eyJ")
print("done")
