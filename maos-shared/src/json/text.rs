//! JSON strings as the client writes them: JavaScript strings, which may hold
//! half a surrogate pair where a text was cut. Rust's own strings cannot, and
//! refusing the whole input for it would block an honest call.

use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Visitor};

/// A text in which what is not Unicode became U+FFFD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// Returns the owned text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
        Ok(Text(String::from_utf8_lossy(bytes).into_owned()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_surrogate_pair_is_read() {
        let text: Text = serde_json::from_str(r#""a\ud83d b\n""#).unwrap();
        assert!(text.starts_with('a') && text.ends_with(" b\n"), "{text:?}");
        assert!(text.contains('\u{fffd}'), "{text:?}");
    }

    #[test]
    fn other_types_are_refused_by_name() {
        for json in ["1", "null", "{}", "true"] {
            let error = serde_json::from_str::<Text>(json).unwrap_err().to_string();
            assert!(error.contains("expected a string"), "{json}: {error}");
        }
    }
}
