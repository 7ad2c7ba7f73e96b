//! What a tool found, and how an agent is told.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::limits::FINDING_LINES;

/// How the text of an error begins.
const ERROR: &str = "error";
/// How the text ends that tells of a file that a tool has changed.
pub(super) const CHANGED: &str = "; read it again before you edit it";

/// What was found in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Finding {
    /// The file, absolute.
    pub(super) file: PathBuf,
    /// The line, from 1; 0 where it is about the whole file.
    pub(super) line: usize,
    /// What it is, in one line.
    pub(super) text: String,
    /// Whether it is an error.
    pub(super) is_error: bool,
    /// The tool that found it.
    pub(super) tool: String,
}

impl Finding {
    /// Returns a finding about the whole file.
    pub(super) fn of_file(file: &Path, text: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            text: text.into(),
            is_error: false,
            tool: String::new(),
        }
    }

    /// Returns whether it tells that a tool has changed the file, which is so at
    /// that moment alone.
    pub(super) fn is_of_change(&self) -> bool {
        self.text.ends_with(CHANGED)
    }

    /// Returns whether `other` is the same, whatever line it stands in.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        (&self.file, &self.tool, &self.text) == (&other.file, &other.tool, &other.text)
    }

    /// Returns whether `line` shows it, or showed it when it stood elsewhere in
    /// the file.
    pub(super) fn is_in(&self, line: &str, checkout: &Path) -> bool {
        let behind = line.strip_prefix(&named(&self.file, checkout));
        let shown = behind.and_then(|behind| behind.split_once(": "));
        let is_place = |place: &str| {
            let number = place.strip_prefix(':').unwrap_or(place);
            number.bytes().all(|byte| byte.is_ascii_digit())
        };
        shown.is_some_and(|(place, text)| is_place(place) && text == self.text())
    }

    /// Returns it as a line, its file as seen from `checkout`.
    pub(super) fn show(&self, checkout: &Path) -> String {
        let (file, text) = (named(&self.file, checkout), self.text());
        match self.line {
            0 => format!("{file}: {text}"),
            line => format!("{file}:{line}: {text}"),
        }
    }

    fn text(&self) -> String {
        let text = one_line(&self.text);
        match self.is_error && !text.starts_with(ERROR) {
            true => format!("{ERROR}: {text}"),
            false => text,
        }
    }
}

/// Returns the name under which findings wait for an agent, or for the main
/// thread.
#[must_use]
pub fn note_name(agent: Option<&str>) -> String {
    match agent {
        Some(agent) => format!("findings-{agent}"),
        None => "findings".to_owned(),
    }
}

/// Returns whether a line shows a finding of this file.
pub(super) fn is_about(line: &str, file: &Path, checkout: &Path) -> bool {
    let behind = line.strip_prefix(&named(file, checkout));
    behind.is_some_and(|behind| behind.starts_with(':'))
}

/// Returns whether there is an error among `lines`.
pub(super) fn has_error(lines: &str) -> bool {
    let mut texts = lines.lines().filter_map(|line| line.split_once(": "));
    texts.any(|(_, text)| text.starts_with(ERROR))
}

/// Returns whether `lines` tell of more than files that a tool has changed, of
/// which nobody needs to hear who edits no more.
pub(super) fn is_worth_a_turn(lines: &str) -> bool {
    let mut lines = lines.lines().filter(|line| !line.is_empty());
    lines.any(|line| !line.ends_with(CHANGED))
}

/// Returns what an agent is told: at most [`FINDING_LINES`] lines.
pub(super) fn told(lines: &str) -> String {
    let all: Vec<&str> = lines.lines().filter(|line| !line.is_empty()).collect();
    let mut text = String::from("MAOS checked the files that were edited:");
    let room = FINDING_LINES - 1;
    let shown = if all.len() > room {
        room - 1
    } else {
        all.len()
    };
    for line in &all[..shown] {
        text.push('\n');
        text.push_str(line);
    }
    if all.len() > shown {
        text.push_str(&format!("\nand {} more", all.len() - shown));
    }
    text
}

fn named(file: &Path, checkout: &Path) -> String {
    let file = file.strip_prefix(checkout).unwrap_or(file);
    one_line(&file.to_string_lossy())
}

fn one_line(text: &str) -> String {
    const CHARS: usize = 300;
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).take(CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_what_was_found_where() {
        let checkout = Path::new("/c");
        let mut finding = Finding {
            line: 2,
            is_error: true,
            ..Finding::of_file(&checkout.join("a.rs"), "x\ny: z")
        };
        assert_eq!(finding.show(checkout), "a.rs:2: error: x y: z");
        for (line, shows, is_about) in [
            ("a.rs:2: error: x y: z", true, true),
            ("a.rs:17: error: x y: z", true, true),
            ("a.rs: error: x y: z", true, true),
            ("a.rs:2: x y: z", false, true),
            ("a.rs:2: error: x y: z!", false, true),
            ("a.rs.rs:2: error: x y: z", false, false),
            ("b/a.rs:2: error: x y: z", false, false),
        ] {
            assert_eq!(finding.is_in(line, checkout), shows, "{line}");
            let found = super::is_about(line, &finding.file, checkout);
            assert_eq!(found, is_about, "{line}");
        }
        finding.line = 0;
        assert_eq!(finding.show(checkout), "a.rs: error: x y: z");
    }

    #[test]
    fn errors_and_changes_are_told_apart() {
        let changed = format!("a.rs: was formatted{CHANGED}");
        let lines = format!("{changed}\n\na.rs:1: x");
        assert!(has_error(&format!("{lines}\na.rs:2: error: x")));
        assert!(!has_error(&lines));
        assert!(is_worth_a_turn(&lines));
        assert!(!is_worth_a_turn(&format!("{changed}\n\n{changed}")));
    }

    #[test]
    fn no_more_than_twenty_lines_are_told() {
        for (count, last) in [
            (1, "f0"),
            (19, "f18"),
            (20, "and 2 more"),
            (90, "and 72 more"),
        ] {
            let lines: Vec<_> = (0..count).map(|n| format!("f{n}")).collect();
            let text = told(&lines.join("\n"));
            assert!(text.lines().count() <= FINDING_LINES);
            assert_eq!(text.lines().last(), Some(last));
        }
    }
}
