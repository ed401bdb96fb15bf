//! Reads a struct from a tree of nodes, with its [`Patches`].
//!
//! Scalars are typed by what is asked for: a string takes any scalar but null, so `tenant: 12` and
//! `answer: no` are texts where a text is expected. Where anything may stand, plain scalars follow
//! the YAML 1.2 core schema (10.3.2); infinities and NaN are not numbers here.

use serde::{
    de::{
        DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
        VariantAccess, Visitor,
        value::{BorrowedStrDeserializer, StrDeserializer, UsizeDeserializer},
    },
    forward_to_deserialize_any,
};

use super::{
    mistake::{Cause, Error},
    spanned,
    stand_in::{Patches, StandIn},
    tree::{Content, Node},
};
use crate::suggest::quoted_list;

/// Deserializer over one node that is not struck.
#[derive(Clone, Copy)]
pub(super) struct NodeDeserializer<'n> {
    node: &'n Node,
    patches: &'n Patches,
}

impl<'n> NodeDeserializer<'n> {
    pub(super) fn new(node: &'n Node, patches: &'n Patches) -> Self {
        Self { node, patches }
    }

    /// The node's child, or what stands in for it.
    fn child<'de, S: DeserializeSeed<'de>>(
        self,
        seed: S,
        child: &'n Node,
    ) -> Result<S::Value, Error> {
        if self.patches.is_struck(child.id) {
            return seed.deserialize(StandIn::new(child));
        }
        seed.deserialize(Self {
            node: child,
            ..self
        })
    }

    fn text(self, expected: &str) -> Result<&'n str, Error> {
        match &self.node.content {
            Content::Scalar { text, .. } if !self.node.is_null() => Ok(text),
            Content::Scalar { .. } | Content::List(_) | Content::Mapping(_) => {
                Err(Error::expected(expected, self.node))
            }
        }
    }

    fn plain(self, expected: &str) -> Result<&'n str, Error> {
        match &self.node.content {
            Content::Scalar { text, plain: true } => Ok(text),
            Content::Scalar { .. } | Content::List(_) | Content::Mapping(_) => {
                Err(Error::expected(expected, self.node))
            }
        }
    }

    fn place<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| error.at(self.node))
    }

    fn visit_list<'de, V: Visitor<'de>>(
        self,
        items: &'n [Node],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut access = ListAccess {
            items: items.iter(),
            owner: self,
        };
        let value = self.place(visitor.visit_seq(&mut access))?;
        if access.items.len() > 0 {
            let used = items.len() - access.items.len();
            let message = format!("expected {used} items, found {}", items.len());
            return Err(Error::new(Cause::Custom { message }).at(self.node));
        }
        Ok(value)
    }

    fn visit_mapping<'de, V: Visitor<'de>>(
        self,
        entries: &'n [(Node, Node)],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let access = MappingAccess {
            entries: entries.iter(),
            supplied: self.patches.supplied(self.node.id).iter(),
            value: None,
            owner: self,
        };
        self.place(visitor.visit_map(access))
    }
}

macro_rules! integers {
    ($($method:ident => $visit:ident($type:ty),)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let expected = || format!("an integer from {} to {}", <$type>::MIN, <$type>::MAX);
            let number = self.plain(&expected())?;
            let number = integer(number).and_then(|number| <$type>::try_from(number).ok());
            let number = number.ok_or_else(|| Error::expected(expected(), self.node))?;
            self.place(visitor.$visit(number))
        }
    )*};
}

impl<'de> Deserializer<'de> for NodeDeserializer<'_> {
    type Error = Error;

    integers! {
        deserialize_i8 => visit_i8(i8),
        deserialize_i16 => visit_i16(i16),
        deserialize_i32 => visit_i32(i32),
        deserialize_i64 => visit_i64(i64),
        deserialize_i128 => visit_i128(i128),
        deserialize_u8 => visit_u8(u8),
        deserialize_u16 => visit_u16(u16),
        deserialize_u32 => visit_u32(u32),
        deserialize_u64 => visit_u64(u64),
        deserialize_u128 => visit_u128(u128),
    }

    forward_to_deserialize_any! { bytes byte_buf }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.content {
            Content::List(items) => self.visit_list(items, visitor),
            Content::Mapping(entries) => self.visit_mapping(entries, visitor),
            Content::Scalar { text, plain: false } => self.place(visitor.visit_str(text)),
            Content::Scalar { .. } if self.node.is_null() => self.place(visitor.visit_unit()),
            Content::Scalar { text, .. } => {
                let visited = if let Some(value) = boolean(text) {
                    visitor.visit_bool(value)
                } else if let Some(value) = integer(text) {
                    match (u64::try_from(value), i64::try_from(value)) {
                        (Ok(value), _) => visitor.visit_u64(value),
                        (_, Ok(value)) => visitor.visit_i64(value),
                        _ => visitor.visit_i128(value),
                    }
                } else if let Some(value) = float(text) {
                    visitor.visit_f64(value)
                } else {
                    visitor.visit_str(text)
                };
                self.place(visited)
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let expected = "'true' or 'false'";
        let value = boolean(self.plain(expected)?);
        let value = value.ok_or_else(|| Error::expected(expected, self.node))?;
        self.place(visitor.visit_bool(value))
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = float(self.plain("a number")?);
        let value = value.ok_or_else(|| Error::expected("a number", self.node))?;
        self.place(visitor.visit_f64(value))
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.place(visitor.visit_str(self.text("one character")?))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.place(visitor.visit_str(self.text("a text")?))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.node.is_null() {
            return self.place(visitor.visit_none());
        }
        self.place(visitor.visit_some(self))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if !self.node.is_null() {
            return Err(Error::expected("nothing", self.node));
        }
        self.place(visitor.visit_unit())
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.place(visitor.visit_newtype_struct(self))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.content {
            Content::List(items) => self.visit_list(items, visitor),
            Content::Scalar { .. } | Content::Mapping(_) => {
                Err(Error::expected("a list", self.node))
            }
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.content {
            Content::Mapping(entries) => self.visit_mapping(entries, visitor),
            Content::Scalar { .. } | Content::List(_) => {
                Err(Error::expected("a mapping", self.node))
            }
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == spanned::NAME {
            let access = SpannedAccess {
                left: &spanned::FIELDS,
                node: self,
            };
            return self.place(visitor.visit_map(access));
        }
        match &self.node.content {
            Content::Mapping(entries) => self.visit_mapping(entries, visitor),
            Content::Scalar { .. } | Content::List(_) => {
                let keys = quoted_list(fields.iter().copied());
                Err(Error::expected(
                    format!("a mapping with the keys {keys}"),
                    self.node,
                ))
            }
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.node.content {
            Content::Scalar { text, .. } if !self.node.is_null() => {
                self.place(visitor.visit_enum(text.as_str().into_deserializer()))
            }
            Content::Mapping(entries) => {
                if let [(variant, content)] = entries.as_slice() {
                    let access = VariantOf {
                        variant,
                        content,
                        owner: self,
                    };
                    return self.place(visitor.visit_enum(access));
                }
                Err(Error::expected("a mapping with one key", self.node))
            }
            Content::Scalar { .. } | Content::List(_) => {
                let names = quoted_list(variants.iter().copied());
                Err(Error::expected(format!("one of {names}"), self.node))
            }
        }
    }
}

struct ListAccess<'n> {
    items: std::slice::Iter<'n, Node>,
    owner: NodeDeserializer<'n>,
}

impl<'de> SeqAccess<'de> for &mut ListAccess<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        self.items
            .next()
            .map(|item| self.owner.child(seed, item))
            .transpose()
    }
}

struct MappingAccess<'n> {
    entries: std::slice::Iter<'n, (Node, Node)>,
    supplied: std::slice::Iter<'n, &'static str>,
    /// The value of the key given last; `None` for a supplied key.
    value: Option<&'n Node>,
    owner: NodeDeserializer<'n>,
}

impl<'de> MapAccess<'de> for MappingAccess<'_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let patches = self.owner.patches;
        if let Some((key, value)) = self.entries.find(|(key, _)| !patches.is_struck(key.id)) {
            self.value = Some(value);
            return self
                .owner
                .child(seed, key)
                .map_err(|error| error.at(key))
                .map(Some);
        }
        self.value = None;
        let Some(key) = self.supplied.next() else {
            return Ok(None);
        };
        seed.deserialize(BorrowedStrDeserializer::new(key))
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        match self.value.take() {
            Some(value) => self.owner.child(seed, value),
            None => seed.deserialize(StandIn::new(self.owner.node)),
        }
    }
}

struct SpannedAccess<'n> {
    left: &'static [&'static str],
    node: NodeDeserializer<'n>,
}

impl<'de> MapAccess<'de> for SpannedAccess<'_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(field) = self.left.first() else {
            return Ok(None);
        };
        seed.deserialize(StrDeserializer::new(field)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let at = self.node.node.at;
        let field = self.left.split_first();
        self.left = field.map_or(&[], |(_, rest)| rest);
        match field {
            Some((&"line", _)) => seed.deserialize(UsizeDeserializer::new(at.line)),
            Some((&"column", _)) => seed.deserialize(UsizeDeserializer::new(at.column)),
            _ => seed.deserialize(self.node),
        }
    }
}

/// `variant: content`.
struct VariantOf<'n> {
    variant: &'n Node,
    content: &'n Node,
    owner: NodeDeserializer<'n>,
}

impl<'de> EnumAccess<'de> for VariantOf<'_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Error> {
        let variant = self
            .owner
            .child(seed, self.variant)
            .map_err(|error| error.at(self.variant))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for VariantOf<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        if self.content.is_null() {
            return Ok(());
        }
        Err(Error::expected("nothing", self.content))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        self.owner.child(seed, self.content)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        NodeDeserializer {
            node: self.content,
            ..self.owner
        }
        .deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        NodeDeserializer {
            node: self.content,
            ..self.owner
        }
        .deserialize_struct("", fields, visitor)
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

fn integer(text: &str) -> Option<i128> {
    if let Some(digits) = text.strip_prefix("0x") {
        return i128::from_str_radix(digits, 16).ok();
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return i128::from_str_radix(digits, 8).ok();
    }
    text.parse().ok()
}

fn float(text: &str) -> Option<f64> {
    let digits = text
        .chars()
        .next_back()
        .is_some_and(|last| last.is_ascii_digit() || last == '.');
    text.parse()
        .ok()
        .filter(|number: &f64| digits && number.is_finite())
}
