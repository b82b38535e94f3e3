//! Round trips keep every field, in every encoding.

use mizzen_schema::decode::Options;
use mizzen_schema::value::Value;
use mizzen_schema::{cbor, protobuf, yaml};
use proptest::prelude::*;

use crate::fill::{kind, object, printed, supply};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_encoding_keeps_every_field(resource in kind(), supply in supply()) {
        let object = object(resource, &supply);
        let ty = object.as_struct().expect("an object").ty().clone();
        let options = Options { strict: true, ..Options::default() };
        let text = printed(&object);

        let from_yaml = yaml::decode(text.as_bytes(), &ty, &options).expect("JSON is YAML");
        prop_assert_eq!(&from_yaml.value, &object, "JSON read as YAML");
        let mut bytes = Vec::new();
        yaml::encode(&object, &mut bytes);
        let from_yaml = yaml::decode(&bytes, &ty, &options).expect("YAML");
        prop_assert_eq!(printed(&from_yaml.value), &*text, "YAML: {}", String::from_utf8_lossy(&bytes));

        let mut bytes = Vec::new();
        cbor::encode(&object, &mut bytes);
        let from_cbor = cbor::decode(&bytes, &ty, &options).expect("CBOR");
        prop_assert_eq!(printed(&from_cbor.value), &*text, "CBOR");

        let mut bytes = Vec::new();
        protobuf::encode(&object, &mut bytes);
        let mut from_protobuf = protobuf::decode(&bytes, &ty, &options).expect("protobuf").value;
        // The header travels in the envelope.
        let fields = from_protobuf.as_struct_mut().expect("an object");
        fields.set("kind", Value::string(&*resource.gvk.kind));
        fields.set("apiVersion", Value::string(resource.gvk.api_version()));
        prop_assert_eq!(printed(&from_protobuf), &*text, "protobuf");
    }
}
