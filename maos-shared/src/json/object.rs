//! An object whose fields stay as the client wrote them, so that rewriting one
//! field hands back all others byte for byte.

use std::collections::BTreeMap;

use serde_json::value::{RawValue, to_raw_value};

use super::{Error, Text};

/// The fields of an object, such as a tool's input or answer.
#[derive(Clone, Debug, Default)]
pub struct Object<'a> {
    fields: BTreeMap<String, &'a RawValue>,
}

impl<'a> Object<'a> {
    /// Reads the object's field names; values stay unparsed.
    ///
    /// # Errors
    /// When `raw` is no object; `what` names it.
    pub fn parse(raw: &'a RawValue, what: &str) -> Result<Self, Error> {
        match serde_json::from_str(raw.get()) {
            Ok(fields) => Ok(Self { fields }),
            Err(_) => Err(Error(format!("`{what}` is not an object"))),
        }
    }

    /// Returns the text of a field, or `None` where it is absent or null.
    ///
    /// # Errors
    /// When it is of another type.
    pub fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let Some(raw) = self.fields.get(name) else {
            return Ok(None);
        };
        match serde_json::from_str::<Option<Text>>(raw.get()) {
            Ok(text) => Ok(text.map(Text::into_string)),
            Err(_) => Err(Error(format!("`{name}` is not a string"))),
        }
    }

    /// Returns whether the field is there and not null.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|raw| raw.get() != "null")
    }

    /// Returns every field with its JSON as written.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.fields.iter().map(|(name, raw)| (name.as_str(), *raw))
    }

    /// Returns the object as JSON with the given fields set to these texts and
    /// all others as they were.
    ///
    /// # Errors
    /// Never in practice: texts are always JSON.
    pub fn with(&self, changes: &[(&str, &str)]) -> Result<Box<RawValue>, Error> {
        let mut fields = BTreeMap::new();
        fields.extend(self.fields());
        let values = changes
            .iter()
            .map(|(name, value)| Ok((*name, to_raw_value(value)?)))
            .collect::<Result<Vec<_>, serde_json::Error>>()
            .map_err(|error| Error(error.to_string()))?;
        for (name, value) in &values {
            fields.insert(name, value);
        }
        to_raw_value(&fields).map_err(|error| Error(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn a_rewrite_keeps_every_other_field_as_written() {
        let raw = raw(r#"{"file_path":"a","content":"half \ud83d","n": 1.50}"#);
        let input = Object::parse(&raw, "tool_input").unwrap();
        let json = input
            .with(&[("file_path", "/w/\"a\""), ("isolation", "worktree")])
            .unwrap();
        assert_eq!(
            json.get(),
            r#"{"content":"half \ud83d","file_path":"/w/\"a\"","isolation":"worktree","n":1.50}"#
        );
    }

    #[test]
    fn wrong_types_are_named() {
        let raw = raw(r#"{"command":["rm"],"other":null}"#);
        let input = Object::parse(&raw, "tool_input").unwrap();
        let error = input.text("command").unwrap_err().to_string();
        assert!(error.contains("`command` is not a string"), "{error}");
        assert_eq!(input.text("other").unwrap(), None);
        assert_eq!(input.text("absent").unwrap(), None);
    }
}
