//! Patches, and the small languages in objects' fields.

use mizzen_machinery::apply::{Manager, apply};
use mizzen_machinery::patch::{PatchError, json_patch, merge_patch, strategic_merge_patch};
use mizzen_machinery::quantity::Quantity;
use mizzen_machinery::selector::{FieldSelector, LabelSelector};
use mizzen_machinery::{default, name, validate};
use mizzen_schema::decode::{Decoded, Options};
use mizzen_schema::value::Value;
use mizzen_schema::yaml;

use crate::{Target, seeds};

const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "null",
    "\"$patch\":\"delete\"",
    "\"$patch\":\"replace\"",
    "/-",
    "~1",
    "\"name\"",
];

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "json_patch",
        corpus: || {
            seeds::of(&[
                r#"[{"op":"add","path":"/spec/containers/-","value":{"name":"b"}},{"op":"remove","path":"/metadata/name"}]"#,
                r#"[{"op":"copy","from":"/spec","path":"/metadata/labels/a"},{"op":"move","from":"/spec/x","path":"/spec/y"}]"#,
                r#"[{"op":"test","path":"/spec/containers/0/name","value":"text"},{"op":"replace","path":"","value":{}}]"#,
            ])
        },
        words: JSON,
        run: |bytes| patched(bytes, json_patch),
    },
    Target {
        name: "merge_patch",
        corpus: seeds::texts,
        words: JSON,
        run: |bytes| patched(bytes, merge_patch),
    },
    Target {
        name: "strategic_merge_patch",
        corpus: || {
            let by_hand = seeds::of(&[
                r#"{"spec":{"containers":[{"name":"text","$patch":"delete"}],"$setElementOrder/containers":[{"name":"a"}]}}"#,
                r#"{"metadata":{"$deleteFromPrimitiveList/finalizers":["text"],"labels":null},"spec":{"$retainKeys":["a"]}}"#,
                r#"{"spec":{"volumes":[{"name":"x","$retainKeys":["name"],"emptyDir":{}},{"$patch":"replace"}]}}"#,
            ]);
            by_hand.into_iter().chain(seeds::texts()).collect()
        },
        words: JSON,
        run: |bytes| patched(bytes, strategic_merge_patch),
    },
    Target { name: "apply", corpus: seeds::texts, words: JSON, run: applied },
    Target {
        name: "quantity",
        corpus: || {
            seeds::of(&[
                "1",
                "1.5Gi",
                "-100m",
                "+1e3",
                "1E-9",
                "123456789012345678901234567890Ei",
                "0.0000001n",
            ])
        },
        words: &["e", "E", "Ki", "m", "n", "u", "k", "M", ".", "-", "+", "00000000000000000000"],
        run: |bytes| {
            let Ok(text) = std::str::from_utf8(bytes) else { return };
            let Ok(quantity) = text.parse::<Quantity>() else { return };
            let shown = quantity.to_string();
            let again: Quantity = shown.parse().expect("what was printed can be read");
            assert_eq!(again.to_string(), shown, "prints the same again");
        },
    },
    Target {
        name: "label_selector",
        corpus: || seeds::of(&["a=b,c!=d", "a in (b,c),d notin (e)", "!a,b", "a>1,b<2", "x.io/a==b"]),
        words: &[",", "=", "==", "!=", " in ", " notin ", "(", ")", "!", ">", "<", " "],
        run: |bytes| {
            let Ok(text) = std::str::from_utf8(bytes) else { return };
            if let Ok(selector) = LabelSelector::parse(text) {
                selector.matches(|key| (key.len() % 2 == 0).then_some("b"));
            }
        },
    },
    Target {
        name: "field_selector",
        corpus: || seeds::of(&["metadata.name=a", "a==b,c!=d", r"a=b\,c,d=e\=f"]),
        words: &[",", "=", "==", "!=", "\\", "."],
        run: |bytes| {
            let Ok(text) = std::str::from_utf8(bytes) else { return };
            if let Ok(selector) = FieldSelector::parse(text) {
                selector.matches(|_| "a");
            }
        },
    },
    Target {
        name: "name",
        corpus: || {
            seeds::of(&[
                "a.b-c",
                "*.example.com",
                "x.io/Name_1",
                "10.0.0.1",
                "2001:db8::/32",
                "50%",
                "X-Header",
            ])
        },
        words: &[".", "-", "/", ":", "%", "*", "é"],
        run: |bytes| {
            let Ok(text) = std::str::from_utf8(bytes) else { return };
            let rules = [
                name::dns_1123_subdomain,
                name::dns_1123_label,
                name::dns_1035_label,
                name::wildcard_dns_1123_subdomain,
                name::qualified_name,
                name::label_value,
                name::path_segment,
                name::port_name,
                name::env_var_name,
                name::config_map_key,
                name::http_header_name,
                name::percent,
                name::ip,
                name::cidr,
            ];
            rules.iter().for_each(|rule| drop(rule(text)));
        },
    },
];

type Patch = fn(&Value, &[u8], &Options) -> Result<Decoded, PatchError>;

fn patched(bytes: &[u8], patch: Patch) {
    let options = Options { strict: true, ..Options::default() };
    for object in seeds::objects().into_iter().take(3) {
        if let Ok(decoded) = patch(&object, bytes, &options) {
            // What comes of a patch is defaulted and validated next.
            defaulted(decoded.value);
        }
    }
}

fn defaulted(mut object: Value) {
    let api_version = object.str_at(&["apiVersion"]).unwrap_or_default();
    let group = api_version.split_once('/').map_or("", |(group, _)| group).to_owned();
    let kind = object.str_at(&["kind"]).unwrap_or_default().to_owned();
    default::object(&group, &kind, &mut object);
    drop(validate::create(&group, &kind, &object));
    drop(validate::warnings(&group, &kind, &object));
}

/// Applying twice changes nothing.
fn applied(bytes: &[u8]) {
    let manager = Manager {
        name: "fuzz",
        api_version: "v1",
        subresource: "",
        now: jiff::Timestamp::UNIX_EPOCH,
        reset_fields: &[],
    };
    for ty in seeds::types().into_iter().take(2) {
        let Ok(decoded) = yaml::decode(bytes, &ty, &Options::default()) else { continue };
        let Ok(once) = apply(None, &decoded.value, &manager, false) else { continue };
        let twice = apply(Some(&once), &decoded.value, &manager, false).expect("no conflict with itself");
        assert_eq!(once, twice, "applying again changes nothing");
    }
}
