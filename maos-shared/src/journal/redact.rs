//! What of a tool's input may stand in a journal: names of files and switches
//! as they are, everything else as its length and a hash.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::config::limits::{JOURNAL_HASHED_BYTES, JOURNAL_ITEMS, JOURNAL_TEXT_BYTES};
use crate::json::{self, Object};
use crate::state::sha256_hex;

/// Fields that name a file, a type or a switch; all others can hold contents.
const PLAIN: [&str; 14] = [
    "action",
    "file_path",
    "isolation",
    "limit",
    "model",
    "notebook_path",
    "offset",
    "output_mode",
    "path",
    "replace_all",
    "run_in_background",
    "subagent_type",
    "timeout",
    "worktree_path",
];

/// Shortest value that gets a hash, in bytes: a hash of less could be guessed.
const HASHED_BYTES: usize = 32;
/// Hexadecimal digits that are kept of a hash: enough to tell values apart.
const HASH_DIGITS: usize = 16;

/// A tool's input, redacted.
#[derive(Debug, Default)]
pub struct Fields<'a>(Vec<(String, Kept<'a>)>);

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Kept<'a> {
    Plain(&'a RawValue),
    Measure {
        bytes: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        sha256: Option<String>,
    },
}

impl<'a> Fields<'a> {
    /// Returns what may be kept of `input`: of its first fields. Hashes are over
    /// a value's JSON as the client wrote it, of a long one over its start.
    #[must_use]
    pub fn redact(input: Object<'a>) -> Self {
        let keep = |(name, json): (&str, &'a RawValue)| {
            let value = if PLAIN.contains(&name) && is_short_scalar(json.get()) {
                Kept::Plain(json)
            } else {
                Kept::measure(json.get())
            };
            (shorten(name).to_owned(), value)
        };
        Self(input.fields().take(JOURNAL_ITEMS).map(keep).collect())
    }

    /// Returns whether there was no input.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns whether JSON is neither long nor a list or an object: these can hold
/// anything, also line breaks of their own. A text with an escape is no name of
/// a file that anybody uses: it can be lines of text.
fn is_short_scalar(json: &str) -> bool {
    json.len() <= JOURNAL_TEXT_BYTES && !json.starts_with(['[', '{']) && !json.contains('\\')
}

impl Kept<'_> {
    fn measure(json: &str) -> Self {
        let hash = (json.len() >= HASHED_BYTES).then(|| {
            let start = json.as_bytes().get(..JOURNAL_HASHED_BYTES);
            let mut hash = sha256_hex(start.unwrap_or(json.as_bytes()));
            hash.truncate(HASH_DIGITS);
            hash
        });
        Self::Measure {
            bytes: json.len(),
            sha256: hash,
        }
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Returns the first [`JOURNAL_TEXT_BYTES`] of `text`, cut between characters.
#[must_use]
pub fn shorten(text: &str) -> &str {
    json::cut(text, JOURNAL_TEXT_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(json: &str) -> String {
        let raw = RawValue::from_string(json.to_owned()).unwrap();
        let input = Object::parse(&raw, "tool_input").unwrap();
        serde_json::to_string(&Fields::redact(input)).unwrap()
    }

    #[test]
    fn contents_become_lengths_and_paths_stay() {
        let secret = "hunter2-hunter2-hunter2-hunter2-hunter2";
        let line = redacted(&format!(r#"{{"file_path":"/a b","content":"{secret}"}}"#));
        assert!(line.contains(r#""file_path":"/a b""#), "{line}");
        assert!(
            line.contains(r#""bytes":41"#) && line.contains("sha256"),
            "{line}"
        );
        assert!(!line.contains("hunter2"), "{line}");
    }

    #[test]
    fn a_short_value_has_no_hash_to_guess_it_from() {
        assert_eq!(redacted(r#"{"pin":"1234"}"#), r#"{"pin":{"bytes":6}}"#);
    }

    #[test]
    fn only_a_scalar_is_kept_as_it_is() {
        let line = redacted("{\"path\":[\n\"secret\"\n],\"limit\":{\"a\":\n1},\"offset\":-7}");
        assert_eq!(
            line,
            r#"{"limit":{"bytes":8},"offset":-7,"path":{"bytes":12}}"#
        );
    }

    #[test]
    fn a_path_of_several_lines_is_measured() {
        let line = redacted(r#"{"path":"/a\nsecret"}"#);
        assert_eq!(line, r#"{"path":{"bytes":12}}"#);
    }

    #[test]
    fn of_many_fields_the_first_are_kept() {
        let many: Vec<String> = (0..10_000).map(|n| format!("\"f{n}\":0")).collect();
        let line = redacted(&format!("{{{}}}", many.join(",")));
        assert_eq!(line.matches("bytes").count(), JOURNAL_ITEMS);
    }

    #[test]
    fn an_endless_path_is_measured() {
        let long = "a/".repeat(JOURNAL_TEXT_BYTES);
        assert!(!redacted(&format!(r#"{{"path":"{long}"}}"#)).contains("a/a/"));
    }
}
