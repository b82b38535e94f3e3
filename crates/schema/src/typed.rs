//! Between the tree and k8s-openapi's structs, by serde, without going through text.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer as _, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::ser::{
    Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
};
use serde::{Deserializer, Serialize, Serializer, de::DeserializeOwned, forward_to_deserialize_any};

use crate::decode::Options;
use crate::json;
use crate::table::TypeRef;
use crate::value::{Map, Value};

/// Why a tree and a struct do not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TypedError(pub String);

impl serde::de::Error for TypedError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl serde::ser::Error for TypedError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// A struct out of a tree.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, TypedError> {
    T::deserialize(Tree(value))
}

/// A tree of type `ty` out of a struct.
pub fn to_value<T: Serialize>(typed: &T, ty: &TypeRef) -> Result<Value, TypedError> {
    let value = typed.serialize(ToTree)?;
    let options = Options { depth_max: usize::MAX, strict: false };
    let decoded = json::retype(value, ty, &options).map_err(|error| TypedError(error.to_string()))?;
    Ok(decoded.value)
}

/// A tree that serde reads.
#[derive(Clone, Copy)]
struct Tree<'a>(&'a Value);

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = TypedError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Int(number) => visitor.visit_i64(*number),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::List(items) => visitor.visit_seq(Items(items.iter())),
            Value::Map(map) => visitor.visit_map(Entries { entries: map.iter(), value: None }),
            Value::Struct(fields) => {
                let known = fields.fields().map(|(_, field, value)| (&*field.json, value));
                let unknown = fields.unknown().into_iter().flat_map(Map::iter);
                visitor.visit_map(Entries { entries: known.chain(unknown), value: None })
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        visitor.visit_newtype_struct(self)
    }

    /// A unit variant by its name, or a map of one entry.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        let single = |map: &'de Map| map.iter().next().filter(|_| map.len() == 1);
        match self.0 {
            Value::String(text) => visitor.visit_enum(Variant { name: text, value: None }),
            Value::Map(map) if single(map).is_some() => {
                let (name, value) = single(map).ok_or_else(|| TypedError("no variant".to_owned()))?;
                visitor.visit_enum(Variant { name, value: Some(value) })
            }
            _ => Err(TypedError("expected the name of a variant".to_owned())),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct identifier
    }
}

struct Items<I>(I);

impl<'de, I: Iterator<Item = &'de Value>> SeqAccess<'de> for Items<I> {
    type Error = TypedError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, TypedError> {
        self.0.next().map(|value| seed.deserialize(Tree(value))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint().1
    }
}

struct Entries<'de, I> {
    entries: I,
    value: Option<&'de Value>,
}

impl<'de, I: Iterator<Item = (&'de str, &'de Value)>> MapAccess<'de> for Entries<'de, I> {
    type Error = TypedError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, TypedError> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        let key: StrDeserializer<'_, TypedError> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, TypedError> {
        let value =
            self.value.take().ok_or_else(|| TypedError("a value was read before its key".to_owned()))?;
        seed.deserialize(Tree(value))
    }
}

struct Variant<'de> {
    name: &'de str,
    value: Option<&'de Value>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = TypedError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), TypedError> {
        let name: StrDeserializer<'_, TypedError> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> Variant<'de> {
    fn content(self) -> Result<Tree<'de>, TypedError> {
        self.value.map(Tree).ok_or_else(|| TypedError(format!("variant {} has no content", self.name)))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = TypedError;

    fn unit_variant(self) -> Result<(), TypedError> {
        match self.value {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(TypedError(format!("variant {} has no content", self.name))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, TypedError> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, TypedError> {
        self.content()?.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        self.content()?.deserialize_any(visitor)
    }
}

/// Makes a free-form tree of what serde writes.
struct ToTree;

impl Serializer for ToTree {
    type Ok = Value;
    type Error = TypedError;
    type SerializeSeq = ToList;
    type SerializeTuple = ToList;
    type SerializeTupleStruct = ToList;
    type SerializeTupleVariant = Impossible<Value, TypedError>;
    type SerializeMap = ToMap;
    type SerializeStruct = ToMap;
    type SerializeStructVariant = Impossible<Value, TypedError>;

    fn serialize_bool(self, value: bool) -> Result<Value, TypedError> {
        Ok(Value::Bool(value))
    }

    fn serialize_i8(self, value: i8) -> Result<Value, TypedError> {
        Ok(Value::Int(value.into()))
    }

    fn serialize_i16(self, value: i16) -> Result<Value, TypedError> {
        Ok(Value::Int(value.into()))
    }

    fn serialize_i32(self, value: i32) -> Result<Value, TypedError> {
        Ok(Value::Int(value.into()))
    }

    fn serialize_i64(self, value: i64) -> Result<Value, TypedError> {
        Ok(Value::Int(value))
    }

    fn serialize_u8(self, value: u8) -> Result<Value, TypedError> {
        Ok(Value::Int(value.into()))
    }

    fn serialize_u16(self, value: u16) -> Result<Value, TypedError> {
        Ok(Value::Int(value.into()))
    }

    fn serialize_u32(self, value: u32) -> Result<Value, TypedError> {
        Ok(Value::Int(value.into()))
    }

    fn serialize_u64(self, value: u64) -> Result<Value, TypedError> {
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn serialize_f32(self, value: f32) -> Result<Value, TypedError> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Value, TypedError> {
        if value.is_finite() {
            Ok(Value::Float(value))
        } else {
            Err(TypedError(format!("{value} is no JSON number")))
        }
    }

    fn serialize_char(self, value: char) -> Result<Value, TypedError> {
        Ok(Value::string(String::from(value)))
    }

    fn serialize_str(self, value: &str) -> Result<Value, TypedError> {
        Ok(Value::string(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Value, TypedError> {
        use base64::Engine as _;
        Ok(Value::string(crate::text::BASE64.encode(value)))
    }

    fn serialize_none(self) -> Result<Value, TypedError> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, TypedError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, TypedError> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, TypedError> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, TypedError> {
        Ok(Value::string(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, TypedError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, TypedError> {
        let mut map = Map::new();
        map.insert(variant, value.serialize(self)?);
        Ok(Value::Map(map))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<ToList, TypedError> {
        Ok(ToList(Vec::with_capacity(len.unwrap_or_default().min(1024))))
    }

    fn serialize_tuple(self, len: usize) -> Result<ToList, TypedError> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<ToList, TypedError> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, TypedError> {
        Err(TypedError(format!("variant {variant} has no JSON form")))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<ToMap, TypedError> {
        Ok(ToMap { map: Map::new(), key: None })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<ToMap, TypedError> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, TypedError> {
        Err(TypedError(format!("variant {variant} has no JSON form")))
    }
}

struct ToList(Vec<Value>);

impl SerializeSeq for ToList {
    type Ok = Value;
    type Error = TypedError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TypedError> {
        self.0.push(value.serialize(ToTree)?);
        Ok(())
    }

    fn end(self) -> Result<Value, TypedError> {
        Ok(Value::List(self.0))
    }
}

impl SerializeTuple for ToList {
    type Ok = Value;
    type Error = TypedError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TypedError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Value, TypedError> {
        SerializeSeq::end(self)
    }
}

impl SerializeTupleStruct for ToList {
    type Ok = Value;
    type Error = TypedError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TypedError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Value, TypedError> {
        SerializeSeq::end(self)
    }
}

struct ToMap {
    map: Map,
    key: Option<Box<str>>,
}

impl SerializeMap for ToMap {
    type Ok = Value;
    type Error = TypedError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), TypedError> {
        match key.serialize(ToTree)? {
            Value::String(key) => self.key = Some(key),
            _ => return Err(TypedError("keys are strings".to_owned())),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TypedError> {
        let key =
            self.key.take().ok_or_else(|| TypedError("a value was written before its key".to_owned()))?;
        self.map.insert(key, value.serialize(ToTree)?);
        Ok(())
    }

    fn end(self) -> Result<Value, TypedError> {
        Ok(Value::Map(self.map))
    }
}

impl SerializeStruct for ToMap {
    type Ok = Value;
    type Error = TypedError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), TypedError> {
        self.map.insert(key, value.serialize(ToTree)?);
        Ok(())
    }

    fn end(self) -> Result<Value, TypedError> {
        Ok(Value::Map(self.map))
    }
}
