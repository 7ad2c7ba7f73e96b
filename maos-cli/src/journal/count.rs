//! Counting lines of a journal without reading each as JSON: the status line is
//! asked for several times a second.

use std::io;
use std::path::Path;

use memchr::memmem::Finder;

use super::tail;

/// Returns how many lines in the last `window` bytes of the audit say that
/// something of this session was stopped.
///
/// # Errors
/// What the system says about the journal.
pub(crate) fn denials(audit: &Path, session: &str, window: u64) -> io::Result<usize> {
    let is_of = Field::new("session", session);
    let is_denied = Field::new("outcome", "deny");
    let end = tail::end(audit, window)?;
    let denied = tail::whole_lines(&end).filter(|line| is_of.is_in(line) && is_denied.is_in(line));
    Ok(denied.count())
}

/// A field of a journal's line with the value that it is to have.
struct Field {
    /// `"name":`. Quotes within a text have a backslash in front, and what a tool
    /// was given stands last: the first place that reads so is the field.
    name: Finder<'static>,
    value: String,
}

impl Field {
    fn new(name: &str, value: &str) -> Self {
        let name = format!("\"{name}\":");
        Self {
            name: Finder::new(name.as_bytes()).into_owned(),
            value: serde_json::Value::from(value).to_string(),
        }
    }

    fn is_in(&self, line: &[u8]) -> bool {
        let at = self.name.find(line);
        let value = at.map(|at| &line[at + self.name.needle().len()..]);
        value.is_some_and(|value| value.starts_with(self.value.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests lay out files")]

    use std::fs;

    use super::*;

    #[test]
    fn lines_of_the_session_that_were_stopped_count() {
        let folder = tempfile::tempdir().unwrap();
        let audit = folder.path().join("audit.jsonl");
        let lines = [
            r#"{"time":"t","session":"a\"b","outcome":"deny","reason":"r"}"#,
            r#"{"time":"t","session":"a\"b","outcome":"allow","reason":"\"outcome\":\"deny\""}"#,
            r#"{"time":"t","session":"a\"bc","outcome":"deny"}"#,
            r#"{"time":"t","session":"c","outcome":"deny","input":{"session":"a\"b"}}"#,
            r#"{"time":"t","outcome":"deny"}"#,
            r#"{"time":"t","session":"a\"b","outcome":"deny"}"#,
        ];
        fs::write(&audit, lines.join("\n") + "\n").unwrap();
        assert_eq!(denials(&audit, "a\"b", tail::WINDOW).unwrap(), 2);
        assert_eq!(denials(&audit, "d", tail::WINDOW).unwrap(), 0);
        assert_eq!(denials(&audit.with_extension("none"), "d", 1).unwrap(), 0);
    }
}
