//! Resources as paths and operations.

use mizzen_schema::table::{GroupVersionKind, Resource, Subresource};
use serde_json::{Map, Value as Json, json};

use super::parameters;
use super::schema::Form;
use super::{definition_name, list_name};

const PATCHES: &[&str] = &[
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
];
const CUSTOM_PATCHES: &[&str] =
    &["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];
const ENCODINGS: &[&str] = &["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
const STREAMS: &[&str] = &[
    "application/json",
    "application/yaml",
    "application/vnd.kubernetes.protobuf",
    "application/json;stream=watch",
    "application/vnd.kubernetes.protobuf;stream=watch",
];
const CUSTOM_ENCODINGS: &[&str] = &["application/json", "application/yaml"];
const META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1";

/// One operation of a resource or subresource.
struct Operation<'a> {
    resource: &'a Resource,
    form: Form,
    /// `get`, `list`, `post`, …: `x-kubernetes-action`.
    action: &'static str,
    /// `read`, `list`, `create`, …: how the operation's id begins.
    verb: &'static str,
    /// What follows the group and version in the id.
    subject: String,
    doc: String,
    gvk: &'a GroupVersionKind,
    parameters: Vec<Json>,
    /// A body's content types and schema.
    body: Option<(&'static [&'static str], String, bool)>,
    produces: &'static [&'static str],
    /// Status codes, and the definition that they answer with; a plain string for none.
    codes: &'static [(&'static str, &'static str)],
    answer: Option<String>,
}

/// The paths of a resource with their items.
pub(super) fn of(resource: &Resource, form: Form) -> Vec<(String, Json)> {
    let gvk = &resource.gvk;
    let root = if gvk.group.is_empty() {
        format!("/api/{}", gvk.version)
    } else {
        format!("/apis/{}/{}", gvk.group, gvk.version)
    };
    let scope = if resource.namespaced { "/namespaces/{namespace}" } else { "" };
    let collection = format!("{root}{scope}/{}", resource.plural);
    let item = format!("{collection}/{{name}}");
    let maker = Maker { resource, form };
    let mut paths = Vec::new();
    paths.extend(maker.item(collection.clone(), false, maker.collection()));
    paths.extend(maker.item(item.clone(), true, maker.object()));
    if resource.namespaced {
        let everywhere = maker.everywhere();
        let path = format!("{root}/{}", resource.plural);
        paths.extend(maker.path_item(path, vec![parameters::pretty(form)], everywhere));
    }
    for own in resource.subresources.iter() {
        let path = format!("{item}/{}", own.name);
        paths.extend(maker.item(path.clone(), true, maker.subresource(own, "")));
        if own.name == "proxy" {
            let mut shared = maker.shared(true);
            shared.push(parameters::path("path", "path to the resource", form));
            paths.extend(maker.path_item(
                format!("{path}/{{path}}"),
                shared,
                maker.subresource(own, "WithPath"),
            ));
        }
    }
    paths
}

struct Maker<'a> {
    resource: &'a Resource,
    form: Form,
}

type Operations = Vec<(&'static str, Json)>;

impl Maker<'_> {
    fn has(&self, verb: &str) -> bool {
        self.resource.verbs.iter().any(|own| own == verb)
    }

    fn is_custom(&self) -> bool {
        matches!(self.resource.ty, mizzen_schema::table::TypeRef::Shared(_))
    }

    fn scoped(&self) -> &'static str {
        if self.resource.namespaced { "Namespaced" } else { "" }
    }

    /// Parameters of every operation at a path.
    fn shared(&self, named: bool) -> Vec<Json> {
        let mut shared = Vec::new();
        if named {
            shared.push(parameters::path(
                "name",
                &format!("name of the {}", self.resource.gvk.kind),
                self.form,
            ));
        }
        if self.resource.namespaced {
            let doc = "object name and auth scope, such as for teams and projects";
            shared.push(parameters::path("namespace", doc, self.form));
        }
        shared.push(parameters::pretty(self.form));
        shared
    }

    fn item(&self, path: String, named: bool, operations: Operations) -> Option<(String, Json)> {
        self.path_item(path, self.shared(named), operations)
    }

    fn path_item(&self, path: String, shared: Vec<Json>, operations: Operations) -> Option<(String, Json)> {
        if operations.is_empty() {
            return None;
        }
        let mut item = Map::new();
        for (method, operation) in operations {
            item.insert(method.to_owned(), operation);
        }
        item.insert("parameters".to_owned(), shared.into());
        Some((path, Json::Object(item)))
    }

    fn operation(
        &self,
        action: &'static str,
        verb: &'static str,
        subject: String,
        doc: String,
    ) -> Operation<'_> {
        Operation {
            resource: self.resource,
            form: self.form,
            action,
            verb,
            subject,
            doc,
            gvk: &self.resource.gvk,
            parameters: Vec::new(),
            body: None,
            produces: if self.is_custom() { CUSTOM_ENCODINGS } else { ENCODINGS },
            codes: &[("200", "OK")],
            answer: Some(definition_name(self.resource)),
        }
    }

    fn list_parameters(&self, ty: &str) -> Vec<Json> {
        let names = match ty {
            "watch" => &["allowWatchBookmarks"][..],
            _ => &[],
        };
        let mut parameters = parameters::options("ListOptions", names, self.form);
        let common = [
            "continue",
            "fieldSelector",
            "labelSelector",
            "limit",
            "resourceVersion",
            "resourceVersionMatch",
            "sendInitialEvents",
            "timeoutSeconds",
        ];
        parameters.extend(parameters::options("ListOptions", &common, self.form));
        if ty == "watch" {
            parameters.extend(parameters::options("ListOptions", &["watch"], self.form));
        }
        parameters
    }

    fn write_parameters(&self) -> Vec<Json> {
        parameters::options("CreateOptions", &["dryRun", "fieldManager", "fieldValidation"], self.form)
    }

    fn delete_parameters(&self) -> Vec<Json> {
        let names = [
            "dryRun",
            "gracePeriodSeconds",
            "ignoreStoreReadErrorWithClusterBreakingPotential",
            "orphanDependents",
            "propagationPolicy",
        ];
        parameters::options("DeleteOptions", &names, self.form)
    }

    fn collection(&self) -> Operations {
        let (kind, scoped) = (&self.resource.gvk.kind, self.scoped());
        let mut operations = Vec::new();
        if self.has("list") {
            let doc = format!("list or watch objects of kind {kind}");
            let mut list = self.operation("list", "list", format!("{scoped}{kind}"), doc);
            list.parameters = self.list_parameters("watch");
            list.answer = Some(list_name(self.resource));
            if !self.is_custom() {
                list.produces = STREAMS;
            }
            operations.push(("get", list.json()));
        }
        if self.has("create") {
            let doc = format!("create {} {kind}", article(kind));
            let mut create = self.operation("post", "create", format!("{scoped}{kind}"), doc);
            create.parameters = self.write_parameters();
            create.body = Some((&["*/*"], definition_name(self.resource), true));
            create.codes = &[("200", "OK"), ("201", "Created"), ("202", "Accepted")];
            operations.push(("post", create.json()));
        }
        if self.has("deletecollection") {
            let subject = format!("Collection{scoped}{kind}");
            let doc = format!("delete collection of {kind}");
            let mut delete = self.operation("deletecollection", "delete", subject, doc);
            delete.parameters = self.delete_parameters();
            delete.parameters.extend(self.list_parameters("delete"));
            delete.body = Some((&["*/*"], format!("{META}.DeleteOptions"), false));
            delete.answer = Some(format!("{META}.Status"));
            operations.push(("delete", delete.json()));
        }
        operations
    }

    fn object(&self) -> Operations {
        let (kind, scoped) = (&self.resource.gvk.kind, self.scoped());
        let subject = format!("{scoped}{kind}");
        let mut operations = Vec::new();
        if self.has("get") {
            let doc = format!("read the specified {kind}");
            operations.push(("get", self.operation("get", "read", subject.clone(), doc).json()));
        }
        operations.extend(self.change(&subject, "", &definition_name(self.resource), |verb| self.has(verb)));
        if self.has("delete") {
            let doc = format!("delete {} {kind}", article(kind));
            let mut delete = self.operation("delete", "delete", subject, doc);
            delete.parameters = self.delete_parameters();
            delete.body = Some((&["*/*"], format!("{META}.DeleteOptions"), false));
            delete.codes = &[("200", "OK"), ("202", "Accepted")];
            delete.answer = Some(format!("{META}.Status"));
            operations.push(("delete", delete.json()));
        }
        operations
    }

    /// Replace and patch, of an object or of what a subresource shows of it.
    fn change(&self, subject: &str, what: &str, answer: &str, has: impl Fn(&str) -> bool) -> Operations {
        let kind = &self.resource.gvk.kind;
        let mut operations = Vec::new();
        if has("update") {
            let doc = format!("replace {what}the specified {kind}");
            let mut replace = self.operation("put", "replace", subject.to_owned(), doc);
            replace.parameters = self.write_parameters();
            replace.body = Some((&["*/*"], answer.to_owned(), true));
            replace.codes = &[("200", "OK"), ("201", "Created")];
            replace.answer = Some(answer.to_owned());
            operations.push(("put", replace.json()));
        }
        if has("patch") {
            let doc = format!("partially update {what}the specified {kind}");
            let mut patch = self.operation("patch", "patch", subject.to_owned(), doc);
            let names = ["dryRun", "fieldManager", "fieldValidation", "force"];
            patch.parameters = parameters::options("PatchOptions", &names, self.form);
            let types = if self.is_custom() { CUSTOM_PATCHES } else { PATCHES };
            patch.body = Some((types, format!("{META}.Patch"), true));
            patch.codes = &[("200", "OK"), ("201", "Created")];
            patch.answer = Some(answer.to_owned());
            operations.push(("patch", patch.json()));
        }
        operations
    }

    /// A namespaced resource in all namespaces.
    fn everywhere(&self) -> Operations {
        if !self.has("list") {
            return Vec::new();
        }
        let kind = &self.resource.gvk.kind;
        let doc = format!("list or watch objects of kind {kind}");
        let mut list = self.operation("list", "list", format!("{kind}ForAllNamespaces"), doc);
        list.parameters = self.list_parameters("watch");
        list.answer = Some(list_name(self.resource));
        if !self.is_custom() {
            list.produces = STREAMS;
        }
        vec![("get", list.json())]
    }

    fn subresource(&self, own: &Subresource, suffix: &str) -> Operations {
        let kind = &self.resource.gvk.kind;
        let subject = format!("{}{kind}{}{suffix}", self.scoped(), title(&own.name));
        if own.gvk.kind.ends_with("Options") {
            return self.connect(own, &subject);
        }
        let builtin = mizzen_schema::builtin::kind(&own.gvk.group, &own.gvk.version, &own.gvk.kind);
        let answer = builtin.map_or_else(|| definition_name(self.resource), |ty| ty.name.to_string());
        let has = |verb: &str| own.verbs.iter().any(|given| given == verb);
        let what = format!("{} of ", own.name);
        let mut operations = Vec::new();
        if has("get") {
            let doc = format!("read {what}the specified {kind}");
            let mut read = self.operation("get", "read", subject.clone(), doc);
            read.gvk = &own.gvk;
            read.answer = Some(answer.clone());
            if own.name == "log" {
                read.parameters = parameters::connect("", "v1", "PodLogOptions", self.form);
                read.produces = &["text/plain", "application/json", "application/yaml"];
                read.answer = None;
            }
            operations.push(("get", read.json()));
        }
        operations.extend(self.change(&subject, &what, &answer, has));
        if has("create") {
            let doc = format!("create {what}{} {kind}", article(kind));
            let mut create = self.operation("post", "create", subject, doc);
            create.gvk = &own.gvk;
            create.parameters = self.write_parameters();
            create.body = Some((&["*/*"], answer.clone(), true));
            create.codes = &[("200", "OK"), ("201", "Created"), ("202", "Accepted")];
            create.answer = Some(answer);
            operations.push(("post", create.json()));
        }
        operations
    }

    /// A subresource that opens a stream or passes requests on.
    fn connect(&self, own: &Subresource, subject: &str) -> Operations {
        let methods: [(&str, &'static str, &str); 5] = [
            ("get", "get", "Get"),
            ("create", "post", "Post"),
            ("update", "put", "Put"),
            ("patch", "patch", "Patch"),
            ("delete", "delete", "Delete"),
        ];
        let given = methods.into_iter().filter(|(verb, ..)| own.verbs.iter().any(|own| own == verb));
        given
            .map(|(_, method, name)| {
                let doc = format!(
                    "connect {} requests to {} of {}",
                    name.to_uppercase(),
                    own.name,
                    self.resource.gvk.kind
                );
                let mut connect = self.operation("connect", "connect", format!("{name}{subject}"), doc);
                connect.gvk = &own.gvk;
                let gvk = &own.gvk;
                connect.parameters = parameters::connect(&gvk.group, &gvk.version, &gvk.kind, self.form);
                connect.produces = &["*/*"];
                connect.answer = None;
                (method, connect.json())
            })
            .collect()
    }
}

impl Operation<'_> {
    fn json(self) -> Json {
        let gvk = &self.resource.gvk;
        // `apps`, `rbacAuthorization`, `core`.
        let group = gvk.group.trim_end_matches(".k8s.io");
        let words: String = group.split('.').map(title).collect();
        let words = if words.is_empty() { "Core".to_owned() } else { words };
        let id = format!("{}{words}{}{}", self.verb, title(&gvk.version), self.subject);
        let mut first = words.chars();
        let lower: String = first.next().into_iter().flat_map(char::to_lowercase).chain(first).collect();
        let mut json = Map::new();
        json.insert("description".to_owned(), self.doc.into());
        json.insert("operationId".to_owned(), id.into());
        json.insert("tags".to_owned(), json!([format!("{lower}_{}", gvk.version)]));
        let mut parameters = self.parameters;
        let reference = |name: &str| json!({"$ref": self.form.reference(name)});
        match (self.form, &self.body) {
            (Form::V2, Some((types, body, required))) => {
                json.insert("consumes".to_owned(), json!(types));
                let mut parameter = json!({"name": "body", "in": "body", "schema": reference(body)});
                if *required {
                    parameter["required"] = true.into();
                }
                parameters.insert(0, parameter);
            }
            (Form::V2, None) => {
                json.insert("consumes".to_owned(), json!(["*/*"]));
            }
            (Form::V3, Some((types, body, required))) => {
                let content: Map<_, _> =
                    types.iter().map(|ty| ((*ty).to_owned(), json!({"schema": reference(body)}))).collect();
                let mut request = json!({"content": content});
                if *required {
                    request["required"] = true.into();
                }
                json.insert("requestBody".to_owned(), request);
            }
            (Form::V3, None) => {}
        }
        if !parameters.is_empty() {
            json.insert("parameters".to_owned(), parameters.into());
        }
        let answer = self.answer.as_deref().map_or_else(|| json!({"type": "string"}), reference);
        let mut responses = Map::new();
        for (code, text) in self.codes {
            let response = match self.form {
                Form::V2 => json!({"description": text, "schema": answer}),
                Form::V3 => {
                    let content: Map<_, _> = self
                        .produces
                        .iter()
                        .map(|ty| ((*ty).to_owned(), json!({"schema": answer})))
                        .collect();
                    json!({"description": text, "content": content})
                }
            };
            responses.insert((*code).to_owned(), response);
        }
        responses.insert("401".to_owned(), json!({"description": "Unauthorized"}));
        if self.form == Form::V2 {
            json.insert("produces".to_owned(), json!(self.produces));
            json.insert("schemes".to_owned(), json!(["https"]));
        }
        json.insert("responses".to_owned(), responses.into());
        json.insert("x-kubernetes-action".to_owned(), self.action.into());
        let kind = json!({"group": self.gvk.group, "kind": self.gvk.kind, "version": self.gvk.version});
        json.insert("x-kubernetes-group-version-kind".to_owned(), kind);
        Json::Object(json)
    }
}

/// With a capital first letter.
fn title(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

fn article(kind: &str) -> &'static str {
    if kind.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" }
}
