//! What takes the place of a value that is wrong or missing, so that reading can go on.

use std::collections::{HashMap, HashSet};

use serde::{
    de::{
        DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess,
        Visitor,
        value::{BorrowedStrDeserializer, UsizeDeserializer},
    },
    forward_to_deserialize_any,
};

use super::{
    mistake::{Cause, Error, Place},
    spanned,
    tree::{Node, NodeId, Tree},
};

/// What has been changed about a tree so far.
#[derive(Debug, Default)]
pub(super) struct Patches {
    /// Keys to leave out, values to replace by a stand-in.
    struck: HashSet<NodeId>,
    /// Missing keys to add to a mapping.
    supplied: HashMap<NodeId, Vec<&'static str>>,
    /// Nodes of which a direct child was patched.
    tainted: HashSet<NodeId>,
}

impl Patches {
    /// Those for what the tree already knows to be wrong.
    pub(super) fn new(tree: &Tree) -> Self {
        let mut patches = Self::default();
        for node in &tree.damaged {
            patches.struck.insert(*node);
            patches.tainted.extend(tree.parent(*node));
        }
        patches
    }

    pub(super) fn is_struck(&self, node: NodeId) -> bool {
        self.struck.contains(&node)
    }

    pub(super) fn supplied(&self, mapping: NodeId) -> &[&'static str] {
        self.supplied.get(&mapping).map_or(&[], Vec::as_slice)
    }

    /// True when the cause is most likely a patch below the node and not the user.
    pub(super) fn taint(&self, place: &Place, cause: &Cause) -> bool {
        self.tainted.contains(&place.node)
            && matches!(cause, Cause::WrongType { .. } | Cause::Custom { .. })
    }

    /// Mends the tree for the next attempt. False when nothing more can be done.
    pub(super) fn apply(&mut self, place: &Place, cause: &Cause, tree: &Tree) -> bool {
        if let (Cause::MissingKey { key }, false) = (cause, place.stand_in) {
            let keys = self.supplied.entry(place.node).or_default();
            if !keys.contains(key) {
                keys.push(key);
                self.tainted.insert(place.node);
                return true;
            }
        }
        let mut candidate = Some(place.node);
        while let Some(node) = candidate {
            let parent = tree.parent(node);
            if self.struck.insert(node) {
                self.tainted.extend(parent);
                return true;
            }
            candidate = parent;
        }
        false
    }
}

/// Gives the plainest value of whatever type is asked for: empty, zero, the first variant.
#[derive(Clone, Copy)]
pub(super) struct StandIn<'n> {
    /// Where the value is missing.
    node: &'n Node,
    depth: usize,
}

impl<'n> StandIn<'n> {
    pub(super) fn new(node: &'n Node) -> Self {
        Self { node, depth: 0 }
    }

    fn deeper(self) -> Result<Self, Error> {
        if self.depth >= super::tree::MAX_DEPTH {
            return Err(Error::custom("no end to the nesting").at_stand_in(self.node));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }

    fn place<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| error.at_stand_in(self.node))
    }
}

macro_rules! plainest {
    ($($method:ident => $visit:ident($($value:expr)?),)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.place(visitor.$visit($($value)?))
        }
    )*};
}

impl<'de> Deserializer<'de> for StandIn<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.place(visitor.visit_unit())
    }

    plainest! {
        deserialize_bool => visit_bool(false),
        deserialize_i8 => visit_i8(0),
        deserialize_i16 => visit_i16(0),
        deserialize_i32 => visit_i32(0),
        deserialize_i64 => visit_i64(0),
        deserialize_i128 => visit_i128(0),
        deserialize_u8 => visit_u8(0),
        deserialize_u16 => visit_u16(0),
        deserialize_u32 => visit_u32(0),
        deserialize_u64 => visit_u64(0),
        deserialize_u128 => visit_u128(0),
        deserialize_f32 => visit_f32(0.0),
        deserialize_f64 => visit_f64(0.0),
        deserialize_char => visit_char(' '),
        deserialize_str => visit_borrowed_str(""),
        deserialize_string => visit_borrowed_str(""),
        deserialize_identifier => visit_borrowed_str(""),
        deserialize_option => visit_none(),
    }

    forward_to_deserialize_any! { bytes byte_buf unit unit_struct ignored_any }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.place(visitor.visit_newtype_struct(self))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.place(visitor.visit_seq(Items {
            left: 0,
            item: self,
        }))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.place(visitor.visit_seq(Items {
            left: len,
            item: self.deeper()?,
        }))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.place(visitor.visit_map(Fields {
            names: &[],
            spanned: false,
            value: self,
        }))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let spanned = name == spanned::NAME;
        self.place(visitor.visit_map(Fields {
            names: fields,
            spanned,
            value: self.deeper()?,
        }))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let first = variants.first().copied().unwrap_or_default();
        self.place(visitor.visit_enum(FirstVariant {
            first,
            content: self.deeper()?,
        }))
    }
}

struct Items<'n> {
    left: usize,
    item: StandIn<'n>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        seed.deserialize(self.item).map(Some)
    }
}

struct Fields<'n> {
    names: &'static [&'static str],
    /// Line and column are zero, also where the value is no number.
    spanned: bool,
    value: StandIn<'n>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some((name, rest)) = self.names.split_first() else {
            return Ok(None);
        };
        self.names = rest;
        seed.deserialize(BorrowedStrDeserializer::new(name))
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        if self.spanned && !self.names.is_empty() {
            return seed.deserialize(UsizeDeserializer::new(0));
        }
        seed.deserialize(self.value)
    }
}

struct FirstVariant<'n> {
    first: &'static str,
    content: StandIn<'n>,
}

impl<'de, 'n> EnumAccess<'de> for FirstVariant<'n> {
    type Error = Error;
    type Variant = StandIn<'n>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, StandIn<'n>), Error> {
        let variant = seed.deserialize(BorrowedStrDeserializer::new(self.first))?;
        Ok((variant, self.content))
    }
}

impl<'de> VariantAccess<'de> for StandIn<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        Deserializer::deserialize_tuple(self, len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        Deserializer::deserialize_struct(self, "", fields, visitor)
    }
}
