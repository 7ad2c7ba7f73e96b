//! Reads settings from TOML's own tree of values.
//!
//! What `toml` itself offers for that knows every type of Rust, and makes every hook
//! much longer; settings have texts, whole numbers, switches,
//! lists and tables.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong in a file, and where.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) message: String,
    /// In bytes of the text.
    pub(super) at: Option<Range<usize>>,
}

/// Returns what a text sets, as far as `T` has fields for it.
///
/// # Errors
/// When it is no TOML, or not what `T` takes.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Wrong> {
    let table = DeTable::parse(text).map_err(|error| Wrong {
        message: error.message().to_owned(),
        at: error.span(),
    })?;
    let read = T::deserialize(Table(table.get_ref()));
    read.map_err(|wrong| wrong.or_at(&table.span()))
}

impl Wrong {
    /// Returns it with where it is, unless that is known better.
    fn or_at(mut self, at: &Range<usize>) -> Self {
        self.at.get_or_insert_with(|| at.clone());
        self
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.message)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        Self { message, at: None }
    }
}

/// A table.
struct Table<'a>(&'a DeTable<'a>);

impl<'de> Deserializer<'de> for Table<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_map(Entries {
            left: self.0.iter(),
            value: None,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        option unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

/// The entries of a table that are not read yet.
struct Entries<'a> {
    left: toml::map::Iter<'a, Key<'a>, Spanned<DeValue<'a>>>,
    value: Option<Value<'a>>,
}

type Key<'a> = Spanned<Cow<'a, str>>;

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some((key, value)) = self.left.next() else {
            return Ok(None);
        };
        self.value = Some(Value(value));
        let name: StrDeserializer<'_, Wrong> = key.get_ref().as_ref().into_deserializer();
        let read = seed.deserialize(name);
        read.map(Some).map_err(|wrong| wrong.or_at(&key.span()))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Wrong> {
        match self.value.take() {
            Some(value) => value.give(seed),
            None => Err(de::Error::custom("a value is missing")),
        }
    }
}

/// Any value.
#[derive(Clone, Copy)]
struct Value<'a>(&'a Spanned<DeValue<'a>>);

impl Value<'_> {
    /// Gives it to what reads it; what is wrong with it is there.
    fn give<'de, S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Wrong> {
        let read = seed.deserialize(self);
        read.map_err(|wrong| wrong.or_at(&self.0.span()))
    }
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0.get_ref() {
            DeValue::String(text) => visitor.visit_str(text),
            DeValue::Boolean(is) => visitor.visit_bool(*is),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => visitor.visit_i64(number),
                    Err(_) => Err(unexpected("a number that is too long", &visitor)),
                }
            }
            DeValue::Array(values) => visitor.visit_seq(Items(values.iter())),
            DeValue::Table(table) => Table(table).deserialize_any(visitor),
            DeValue::Float(_) => Err(unexpected("floating point", &visitor)),
            DeValue::Datetime(_) => Err(unexpected("date", &visitor)),
        }
    }

    /// A value that is there: what need not be said is missing, never empty.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    /// One of some names.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.0.get_ref() {
            DeValue::String(text) => {
                let name: StrDeserializer<'_, Wrong> = text.as_ref().into_deserializer();
                visitor.visit_enum(name)
            }
            other => Err(unexpected(other.type_str(), &"string")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier
    }
}

fn unexpected(found: &str, expected: &dyn de::Expected) -> Wrong {
    de::Error::invalid_type(Unexpected::Other(found), expected)
}

/// The items of a list that are not read yet.
struct Items<'a>(std::slice::Iter<'a, Spanned<DeValue<'a>>>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Wrong;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Wrong> {
        let next = self.0.next();
        next.map(|item| Value(item).give(seed)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::config::problem::told;

    /// Returns what is wrong with a text and where, as this reads it and as `toml`
    /// does.
    fn wrong(text: &str) -> [Option<(String, usize)>; 2] {
        let start = |at: Option<Range<usize>>| at.map_or(0, |at| at.start);
        let ours = read::<Settings>(text).err();
        let theirs = toml::from_str::<Settings>(text).err();
        [
            ours.map(|wrong| (told(&wrong.message), start(wrong.at))),
            theirs.map(|error| (told(error.message()), start(error.span()))),
        ]
    }

    #[test]
    fn what_is_wrong_is_said_as_toml_says_it() {
        for text in [
            "[",
            "x = 1",
            "a = 1\na = 2",
            "[guard]\nlevels = 3",
            "[guard.levels]\ngit = 'loud'",
            "[guard.levels]\ngit = ['deny']",
            "[guard.levels]\nfiles.x = 5",
            "[[guard.rule]]\nid = 'a'",
            "[[guard.rule]]\nid = 'a'\nreason = 'b'\nonly_writes = 'yes'",
            "[guard]\nfree_folders = ['a', 2]",
            "[guard]\nfree_folders = { a = 1 }",
            "[leases]\nmode = 'on'",
            "[leases]\nwait = 7",
            "[leases]\nwait = '7 apples'",
            "[agents]\nmax_active = -1",
            "[agents]\nmax_active = 'many'",
            "[agents]\nmax_activ = 1",
            "[workspace]\npost_create = [['a'], 'b']",
            "guard = 1",
            "[cleanup]\nauto = 'no'",
        ] {
            let [ours, theirs] = wrong(text);
            assert!(ours.is_some(), "{text}");
            assert_eq!(ours, theirs, "{text}");
        }
    }

    #[test]
    fn what_is_set_is_read_as_toml_reads_it() {
        let text = "
            notify = { anything = [1, 2.5, 1979-05-27] }
            [guard]
            levels = { git = 'ask', files.rm-outside = 'off', \"git.push-force\" = 'warn' }
            free_folders = ['/a', \"/b\\u0063\"]
            discards_in_worktrees = false
            [[guard.rule]]
            id = 'a'
            reason = 'b'
            level = 'ask'
            [leases]
            wait = '5s'
            mode = 'warn'
            [agents]
            max_active = 0x10
            [workspace]
            post_create = [['a', 'b'], []]
            link = ['node_modules']
            base = 'head'
            return = 'branch'
            [jobs]
            max = 3
            [cleanup]
            ttl = '7d'
        ";
        let ours: Settings = read(text).unwrap();
        assert_eq!(ours, toml::from_str(text).unwrap());
        assert_eq!(ours.agents.max_active, Some(16));
    }

    #[test]
    fn what_no_setting_is_has_a_name() {
        for (value, found) in [
            ("1.5", "floating point"),
            ("1979-05-27", "date"),
            ("99999999999999999999", "a number that is too long"),
        ] {
            let wrong = read::<Settings>(&format!("[agents]\nmax_active = {value}"));
            let wrong = wrong.unwrap_err();
            assert!(wrong.message.contains(found), "{wrong}");
            assert_eq!(wrong.at.map(|at| at.start), Some(22));
        }
        let wrong = read::<Settings>("[workspace]\nreturn = true").unwrap_err();
        assert!(wrong.message.contains("boolean"), "{wrong}");
        // `toml` says where the list begins.
        let wrong = read::<Settings>("[workspace]\nlink = ['a', '..']").unwrap_err();
        assert_eq!(wrong.at.map(|at| at.start), Some(25));
    }
}
