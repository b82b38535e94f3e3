//! RBAC rules: what one allows, and which set of them covers another.

use mizzen_schema::value::Value;

use super::Rule;
use crate::admission::tree::{list, strings};
use crate::attributes::{ResourceTarget, Target};

/// The rules of a Role or ClusterRole.
pub(crate) fn rules_of(role: &Value) -> Vec<Rule> {
    list(role, &["rules"]).iter().map(rule_of).collect()
}

fn rule_of(rule: &Value) -> Rule {
    Rule {
        verbs: strings(rule, &["verbs"]),
        api_groups: strings(rule, &["apiGroups"]),
        resources: strings(rule, &["resources"]),
        resource_names: strings(rule, &["resourceNames"]),
        non_resource_urls: strings(rule, &["nonResourceURLs"]),
    }
}

fn holds(list: &[String], text: &str) -> bool {
    list.iter().any(|item| item == "*" || item == text)
}

/// `pods/log` is meant by `*`, `pods/log` and `*/log`.
fn resource_holds(resources: &[String], resource: &str, subresource: &str) -> bool {
    resources.iter().any(|item| {
        if item == "*" {
            return true;
        }
        match item.split_once('/') {
            None => subresource.is_empty() && item == resource,
            Some((head, tail)) => {
                !subresource.is_empty() && tail == subresource && (head == "*" || head == resource)
            }
        }
    })
}

/// A path is meant by itself, `*`, and a beginning with a star.
fn path_holds(urls: &[String], path: &str) -> bool {
    urls.iter().any(|url| match url.strip_suffix('*') {
        Some(beginning) => path.starts_with(beginning.trim_end_matches('*')),
        None => url == path,
    })
}

impl Rule {
    fn allows_resource(&self, verb: &str, target: &ResourceTarget) -> bool {
        holds(&self.verbs, verb)
            && holds(&self.api_groups, &target.group)
            && resource_holds(&self.resources, &target.resource, &target.subresource)
            && (self.resource_names.is_empty() || self.resource_names.contains(&target.name))
    }

    /// Whether the rule allows `verb` on `target`.
    pub(crate) fn allows(&self, verb: &str, target: &Target) -> bool {
        match target {
            Target::Resource(target) => self.allows_resource(verb, target),
            Target::Path(path) => holds(&self.verbs, verb) && path_holds(&self.non_resource_urls, path),
        }
    }

    /// The rule in Kubernetes' own form of it, as escalation errors show it.
    pub(crate) fn compact(&self) -> String {
        let mut parts = Vec::new();
        let mut part = |name: &str, items: &[String]| {
            if !items.is_empty() {
                let quoted: Vec<String> = items.iter().map(|item| format!("{item:?}")).collect();
                parts.push(format!("{name}:[{}]", quoted.join(" ")));
            }
        };
        part("APIGroups", &self.api_groups);
        part("Resources", &self.resources);
        part("NonResourceURLs", &self.non_resource_urls);
        part("ResourceNames", &self.resource_names);
        part("Verbs", &self.verbs);
        format!("{{{}}}", parts.join(", "))
    }

    /// The rule as the smallest ones that together mean it: one verb, group, resource and name each.
    fn broken_down(&self) -> Vec<Self> {
        let one = |text: &String| vec![text.clone()];
        let mut single = Vec::new();
        for verb in &self.verbs {
            for group in &self.api_groups {
                for resource in &self.resources {
                    let rule = Self {
                        verbs: one(verb),
                        api_groups: one(group),
                        resources: one(resource),
                        ..Self::default()
                    };
                    if self.resource_names.is_empty() {
                        single.push(rule);
                        continue;
                    }
                    single.extend(
                        self.resource_names
                            .iter()
                            .map(|name| Self { resource_names: one(name), ..rule.clone() }),
                    );
                }
            }
            single.extend(self.non_resource_urls.iter().map(|url| Self {
                verbs: one(verb),
                non_resource_urls: one(url),
                ..Self::default()
            }));
        }
        single
    }

    /// Whether this rule allows all that a broken-down one does.
    fn covers(&self, single: &Self) -> bool {
        let all = |have: &[String], want: &[String]| {
            have.iter().any(|item| item == "*") || want.iter().all(|item| have.contains(item))
        };
        let resource = |want: &String| {
            holds(&self.resources, want)
                || want.split_once('/').is_some_and(|(_, sub)| self.resources.contains(&format!("*/{sub}")))
        };
        let url = |want: &String| {
            self.non_resource_urls.iter().any(|have| match have.strip_suffix('*') {
                Some(beginning) => want.starts_with(beginning),
                None => have == want,
            })
        };
        all(&self.verbs, &single.verbs)
            && all(&self.api_groups, &single.api_groups)
            && single.resources.iter().all(resource)
            && single.non_resource_urls.iter().all(url)
            && (self.resource_names.is_empty()
                || (!single.resource_names.is_empty()
                    && single.resource_names.iter().all(|name| self.resource_names.contains(name))))
            && self.non_resource_urls.is_empty() == single.non_resource_urls.is_empty()
    }
}

/// What of `wanted` no rule of `owned` covers, in the smallest pieces.
pub(crate) fn uncovered(owned: &[Rule], wanted: &[Rule]) -> Vec<Rule> {
    let pieces = wanted.iter().flat_map(Rule::broken_down);
    pieces.filter(|piece| !owned.iter().any(|rule| rule.covers(piece))).collect()
}

/// Pieces put together again where they differ only in their verb, for people to read.
pub(crate) fn merged(pieces: Vec<Rule>) -> Vec<Rule> {
    let mut merged: Vec<Rule> = Vec::new();
    for piece in pieces {
        let same = |rule: &&mut Rule| {
            rule.api_groups == piece.api_groups
                && rule.resources == piece.resources
                && rule.resource_names == piece.resource_names
                && rule.non_resource_urls == piece.non_resource_urls
        };
        match merged.iter_mut().find(same) {
            Some(rule) => {
                for verb in piece.verbs {
                    if !rule.verbs.contains(&verb) {
                        rule.verbs.push(verb);
                    }
                }
            }
            None => merged.push(piece),
        }
    }
    merged
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// `VERBS GROUPS RESOURCES [NAMES]` or `VERBS PATHS`; lists with commas, `core` for the core group.
    pub(crate) fn rule(text: &str) -> Rule {
        let parts: Vec<Vec<String>> = text
            .split(' ')
            .map(|part| part.split(',').map(|item| item.replace("core", "")).collect())
            .collect();
        let at = |index: usize| parts.get(index).cloned().unwrap_or_default();
        if parts.len() == 2 {
            return Rule { verbs: at(0), non_resource_urls: at(1), ..Rule::default() };
        }
        let (api_groups, resources, resource_names) = (at(1), at(2), at(3));
        Rule { verbs: at(0), api_groups, resources, resource_names, ..Rule::default() }
    }

    #[test]
    fn what_a_rule_allows() {
        let check = |text: &str, verb: &str, asked: (&str, &str, &str, &str), expect: bool| {
            let (group, resource, subresource, name) =
                (asked.0.into(), asked.1.into(), asked.2.into(), asked.3.into());
            let target = ResourceTarget { group, resource, subresource, name, ..ResourceTarget::default() };
            assert_eq!(rule(text).allows(verb, &Target::Resource(target)), expect, "{text} {verb} {asked:?}");
        };
        check("get core pods", "get", ("", "pods", "", "a"), true);
        check("get core pods", "list", ("", "pods", "", ""), false);
        check("get core pods", "get", ("apps", "pods", "", ""), false);
        check("get core pods", "get", ("", "pods", "log", "a"), false);
        check("get core pods/log", "get", ("", "pods", "log", "a"), true);
        check("get core pods/log", "get", ("", "pods", "", "a"), false);
        check("* * *", "get", ("", "pods", "log", "a"), true);
        check("* * */scale", "update", ("apps", "deployments", "scale", "a"), true);
        check("* * */scale", "update", ("apps", "deployments", "", "a"), false);
        check("get core configmaps a,b", "get", ("", "configmaps", "", "b"), true);
        check("get core configmaps a,b", "get", ("", "configmaps", "", "c"), false);
        check("create core configmaps a", "create", ("", "configmaps", "", ""), false);
        let path = |text: &str, path: &str, expect: bool| {
            assert_eq!(rule(text).allows("get", &Target::Path(path.to_owned())), expect, "{text} {path}");
        };
        path("get /healthz", "/healthz", true);
        path("get /healthz", "/healthz/etcd", false);
        path("get /healthz/*", "/healthz/etcd", true);
        path("get *", "/anything", true);
        path("put *", "/anything", false);
        path("* * *", "/anything", false);
    }

    #[test]
    fn what_covers_what() {
        let check = |owned: &[&str], wanted: &str, expect: &[&str]| {
            let owned: Vec<Rule> = owned.iter().map(|text| rule(text)).collect();
            let missing = merged(uncovered(&owned, &[rule(wanted)]));
            let expect: Vec<Rule> = expect.iter().map(|text| rule(text)).collect();
            assert_eq!(missing, expect, "{owned:?} {wanted}");
        };
        check(&["* * *"], "get,list core pods", &[]);
        check(&["get core pods", "list core pods"], "get,list core pods", &[]);
        check(&["get core pods"], "get,list,watch core pods", &["list,watch core pods"]);
        check(&["get core pods a"], "get core pods", &["get core pods"]);
        check(&["get core pods a,b"], "get core pods a", &[]);
        check(&["get core pods"], "get core pods a", &[]);
        check(&["get core */log"], "get core pods/log", &[]);
        check(&["get core pods"], "* core pods", &["* core pods"]);
        check(&["get /healthz/*"], "get /healthz/x", &[]);
        check(&["* * *"], "get /healthz", &["get /healthz"]);
        check(&[], "get core pods", &["get core pods"]);
    }

    #[test]
    fn compact_form() {
        let expect = r#"{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}"#;
        assert_eq!(rule("get,list core pods").compact(), expect);
        assert_eq!(rule("get /x").compact(), r#"{NonResourceURLs:["/x"], Verbs:["get"]}"#);
    }
}
