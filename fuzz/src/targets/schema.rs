//! Decoders of objects: what is read and written again reads the same.

use mizzen_schema::decode::{DecodeError, Decoded, Options};
use mizzen_schema::protobuf::{self, TypeMeta};
use mizzen_schema::table::{Shape, TypeRef};
use mizzen_schema::value::Value;
use mizzen_schema::{cbor, json, yaml};

use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "json",
        corpus: seeds::texts,
        words: &["{", "}", "[", "]", "\"", ":", ",", "null", "\\u", "\\ud800", "{\"a\":", "[[", "1e9"],
        run: |bytes| each(bytes, json::decode_shape, json::decode, json::encode),
    },
    Target {
        name: "yaml",
        corpus: || {
            let by_hand = seeds::of(&[
                "a: &x {p: 1}\nb: *x\nc: {<<: *x, q: 3}\n",
                "- |+\n  x\n\n- >-\n  y\n  z\n- \"\\x41\"\n- !!str 5\n",
                "%YAML 1.1\n---\n? a\n: b\n...\n",
            ]);
            by_hand
                .into_iter()
                .chain(seeds::objects().iter().map(|object| written(object, yaml::encode)))
                .collect()
        },
        words: &[
            "- ", ": ", "&a ", "*a", "<<: ", "|\n", ">", "!!", "? ", "---\n", "\t", "{", "[", "'", "\"", "#",
        ],
        run: |bytes| each(bytes, yaml::decode_shape, yaml::decode, yaml::encode),
    },
    Target {
        name: "cbor",
        corpus: || seeds::objects().iter().map(|object| written(object, cbor::encode)).collect(),
        words: &["\u{1}", "\u{7f}", "\u{5f}", "\u{20}"],
        run: |bytes| each(bytes, cbor::decode_shape, cbor::decode, cbor::encode),
    },
    Target {
        name: "protobuf",
        corpus: || {
            let wrapped = |object: &Value| {
                let text = |name: &str| object.str_at(&[name]).unwrap_or_default().to_owned();
                let meta = TypeMeta { api_version: text("apiVersion"), kind: text("kind") };
                let (mut message, mut out) = (Vec::new(), Vec::new());
                protobuf::encode(object, &mut message);
                protobuf::wrap(&meta, &message, &mut out);
                out
            };
            seeds::objects().iter().map(wrapped).collect()
        },
        words: &["\u{a}", "\u{12}", "\u{7f}", "k8s\0"],
        run: protobuf,
    },
];

type DecodeShape = fn(&[u8], &Shape, &Options) -> Result<Decoded, DecodeError>;
type Decode = fn(&[u8], &TypeRef, &Options) -> Result<Decoded, DecodeError>;
type Encode = fn(&Value, &mut Vec<u8>);

fn written(value: &Value, encode: Encode) -> Vec<u8> {
    let mut out = Vec::new();
    encode(value, &mut out);
    out
}

fn each(bytes: &[u8], decode_shape: DecodeShape, decode: Decode, encode: Encode) {
    let strict = Options { strict: true, ..Options::default() };
    let lax = Options::default();
    if let Ok(decoded) = decode_shape(bytes, &Shape::Any, &strict) {
        // Numbers may come back as the other type of number: 7e10 is written as 70000000000.
        let once = written(&decoded.value, encode);
        let again = decode_shape(&once, &Shape::Any, &lax).expect("what was written can be read");
        assert_eq!(written(&again.value, encode), once, "writes the same again");
    }
    for ty in seeds::types() {
        let Ok(decoded) = decode(bytes, &ty, &strict) else { continue };
        // Zero values are not written; after that nothing changes.
        let once = written(&decoded.value, encode);
        let again = decode(&once, &ty, &lax).expect("what was written can be read");
        assert_eq!(written(&again.value, encode), once, "writes the same again");
    }
}

fn protobuf(bytes: &[u8]) {
    let options = Options::default();
    let message = protobuf::unwrap(bytes).map_or(bytes, |(_, message)| message);
    for ty in seeds::types() {
        let Ok(decoded) = protobuf::decode(message, &ty, &options) else { continue };
        let once = written(&decoded.value, protobuf::encode);
        let again = protobuf::decode(&once, &ty, &options).expect("what was written can be read");
        assert_eq!(written(&again.value, protobuf::encode), once, "writes the same again");
    }
}
