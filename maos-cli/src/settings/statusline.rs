//! The client's `statusLine`: puts `maos statusline` there, and takes it out.
//! One that somebody else put there stays.

use std::ops::Range;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::document::{self, Item};
use super::merge::TextError;
use super::registration::first_word;
use super::style::Style;

/// The setting's name.
const KEY: &str = "statusLine";
/// The name of our program, and the command of it.
const PROGRAM: &str = "maos";
const COMMAND: &str = "statusline";

/// The setting, in the order in which people write it.
#[derive(Serialize)]
struct StatusLine {
    r#type: &'static str,
    command: String,
}

/// Returns `text` with the status line of the program in the absolute folder
/// `programs`; `None` when it holds that already, or one of somebody else.
///
/// # Errors
/// When `text` is not an object of JSON.
pub(super) fn add(text: &str, programs: &str) -> Result<Option<String>, TextError> {
    let text = if text.trim().is_empty() { "{}\n" } else { text };
    let wanted = StatusLine {
        r#type: "command",
        command: command(programs),
    };
    if let Some(present) = Present::of(text)?.statusline(text)
        && (!is_ours(&present) || Some(present) == serde_json::to_value(&wanted).ok())
    {
        return Ok(None);
    }
    let cleared = remove(text)?.unwrap_or_else(|| text.to_owned());
    let present = Present::of(&cleared)?;
    let style = Style::of(&cleared, &present.root, &present.items);
    let member = style.member(KEY, &style.value(&wanted, 1));
    let edit = style.append(&present.root, &present.items, &[member], 0);
    Ok(Some(document::apply(&cleared, vec![edit])))
}

/// Returns whether `text` has a status line that is not ours.
///
/// # Errors
/// As [`add`].
pub(super) fn is_foreign(text: &str) -> Result<bool, TextError> {
    if text.trim().is_empty() {
        return Ok(false);
    }
    let present = Present::of(text)?.statusline(text);
    Ok(present.is_some_and(|value| !is_ours(&value)))
}

/// Returns `text` without a status line of ours; `None` when it has none.
///
/// # Errors
/// As [`add`].
pub(super) fn remove(text: &str) -> Result<Option<String>, TextError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let present = Present::of(text)?;
    let ours = |item: &Item| {
        let value = serde_json::from_str(&text[item.value.clone()]);
        item.key == KEY && value.is_ok_and(|value| is_ours(&value))
    };
    let keep: Vec<bool> = present.items.iter().map(|item| !ours(item)).collect();
    let edits = document::removals(&present.root, &present.items, &keep);
    Ok((!edits.is_empty()).then(|| document::apply(text, edits)))
}

/// The members of the settings.
struct Present {
    root: Range<usize>,
    items: Vec<Item>,
}

impl Present {
    fn of(text: &str) -> Result<Self, TextError> {
        let root = document::root(text).map_err(|error| TextError::syntax(&error))?;
        let items = document::members(text, &root)
            .ok_or_else(|| TextError::at(text, root.start, "the settings are not an object"))?;
        Ok(Self { root, items })
    }

    /// Returns the status line: the last of several counts.
    fn statusline(&self, text: &str) -> Option<Value> {
        let item = self.items.iter().rfind(|item| item.key == KEY)?;
        serde_json::from_str(&text[item.value.clone()]).ok()
    }
}

/// Returns the command for the shell that the client starts it with.
fn command(programs: &str) -> String {
    let program = format!("{}/{PROGRAM}", programs.trim_end_matches('/'));
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@".contains(c);
    if program.chars().all(plain) {
        return format!("{program} {COMMAND}");
    }
    format!("'{}' {COMMAND}", program.replace('\'', r"'\''"))
}

/// Returns whether a status line is ours, in whatever folder.
fn is_ours(value: &Value) -> bool {
    let Some(command) = value["command"].as_str() else {
        return false;
    };
    let program = Path::new(first_word(command)).file_name();
    program == Some(PROGRAM.as_ref()) && command.split_whitespace().last() == Some(COMMAND)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str) -> String {
        add(text, "/h").unwrap().unwrap()
    }

    #[test]
    fn it_is_added_behind_the_rest_and_taken_out_again() {
        let before = "{\n  \"model\": \"x\"\n}\n";
        let after = added(before);
        assert_eq!(
            after,
            "{\n  \"model\": \"x\",\n  \"statusLine\": {\n    \"type\": \"command\",\n    \"command\": \"/h/maos statusline\"\n  }\n}\n"
        );
        assert_eq!(add(&after, "/h/").unwrap(), None);
        assert_eq!(remove(&after).unwrap().unwrap(), before);
        assert_eq!(remove(before).unwrap(), None);
        let moved = added(&after.replace("/h/", "/old/"));
        assert!(!moved.contains("/old"), "{moved}");
    }

    #[test]
    fn one_of_somebody_else_stays() {
        let text = r#"{"statusLine":{"type":"command","command":"~/line.sh"}}"#;
        assert_eq!(add(text, "/h").unwrap(), None);
        assert_eq!(remove(text).unwrap(), None);
        assert!(is_foreign(text).unwrap() && !is_foreign("").unwrap());
        assert!(!is_foreign(&added("{}")).unwrap());
        for odd in [r#"{"statusLine":7}"#, r#"{"statusLine":{}}"#] {
            assert_eq!(add(odd, "/h").unwrap(), None);
        }
        assert!(add("[]", "/h").is_err() && add("{", "/h").is_err());
    }

    #[test]
    fn a_folder_with_blanks_is_quoted_for_the_shell() {
        assert_eq!(command("/a b/it's"), r"'/a b/it'\''s/maos' statusline");
        let value = serde_json::json!({"command": command("/a b")});
        assert!(is_ours(&value));
    }
}
