//! JSON strings as the client writes them: JavaScript strings, which may hold
//! half a surrogate pair where a text was cut. Rust's own strings cannot, and
//! refusing the whole input for it would block an honest call.

use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::value::RawValue;

/// A text in which what is not Unicode became U+FFFD: one for each half of a
/// pair, as where the client itself writes the text out.
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
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        // Nearly all are whole. The parser's way for others first asks the
        // processor what it can do, which a virtual machine answers slowly.
        let text = serde_json::from_str(raw).map(Self);
        let text =
            text.or_else(|_| serde_json::Deserializer::from_str(raw).deserialize_bytes(Torn));
        text.map_err(|_| D::Error::custom("expected a string"))
    }
}

/// Reads a text that may hold half a pair.
struct Torn;

impl Visitor<'_> for Torn {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
        let text = String::from_utf8(bytes.to_vec());
        Ok(Text(text.unwrap_or_else(|error| {
            let mut bytes = error.into_bytes();
            replace_halves(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        })))
    }
}

/// Puts U+FFFD in the place of the three bytes that the parser makes of half a
/// pair: 0xD800 to 0xDFFF in the form of UTF-8.
fn replace_halves(bytes: &mut [u8]) {
    for at in 0..bytes.len().saturating_sub(2) {
        if bytes[at] == 0xed && bytes[at + 1] >= 0xa0 {
            bytes[at..at + 3].copy_from_slice("\u{fffd}".as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_surrogate_pair_is_read() {
        for (json, expected) in [
            (r#""a\ud83d b\n""#, "a\u{fffd} b\n"),
            (r#""\udc00\ud800""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\ude00\ud7ff\ue000""#, "\u{1f600}\u{d7ff}\u{e000}"),
        ] {
            let text: Text = serde_json::from_str(json).unwrap();
            assert_eq!(&*text, expected, "{json}");
        }
    }

    #[test]
    fn other_types_are_refused_by_name() {
        for json in ["1", "null", "{}", "true"] {
            let error = serde_json::from_str::<Text>(json).unwrap_err().to_string();
            assert!(error.contains("expected a string"), "{json}: {error}");
        }
    }
}
