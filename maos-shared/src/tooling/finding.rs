//! What a tool found, and how an agent is told.

use std::path::{Path, PathBuf};

use crate::config::limits::FINDING_LINES;

/// How the text of an error begins.
const ERROR: &str = "error";
/// How the text ends that tells of a file that a tool has changed.
pub(super) const CHANGED: &str = "; read it again before you edit it";

/// What was found in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// The file, absolute.
    pub(super) file: PathBuf,
    /// The line, from 1; 0 where it is about the whole file.
    pub(super) line: usize,
    /// What it is, in one line.
    pub(super) text: String,
    /// Whether it is an error.
    pub(super) is_error: bool,
}

impl Finding {
    /// Returns a finding about the whole file.
    pub(super) fn of_file(file: &Path, text: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            text: text.into(),
            is_error: false,
        }
    }

    /// Returns it as a line, its file as seen from `checkout`.
    fn show(&self, checkout: &Path) -> String {
        let file = named(&self.file, checkout);
        let mut text = one_line(&self.text);
        if self.is_error && !text.starts_with(ERROR) {
            text = format!("{ERROR}: {text}");
        }
        match self.line {
            0 => format!("{file}: {text}"),
            line => format!("{file}:{line}: {text}"),
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

/// Returns the lines for `findings`, errors first, behind those of `earlier`
/// that are about files that were not looked at this time (`files`).
pub(super) fn lines(
    findings: &[Finding],
    earlier: Option<&str>,
    files: &[PathBuf],
    checkout: &Path,
) -> Vec<String> {
    let again: Vec<String> = files
        .iter()
        .map(|file| format!("{}:", named(file, checkout)))
        .collect();
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| !finding.is_error);
    let mut lines: Vec<String> = sorted.into_iter().map(|it| it.show(checkout)).collect();
    let stays = |line: &&str| !again.iter().any(|file| line.starts_with(file.as_str()));
    let earlier = earlier.unwrap_or_default().lines();
    lines.extend(earlier.filter(stays).map(ToOwned::to_owned));
    lines
}

/// Returns whether there is an error among `lines`.
pub(super) fn has_error(lines: &str) -> bool {
    let mut texts = lines.lines().filter_map(|line| line.split_once(": "));
    texts.any(|(_, text)| text.starts_with(ERROR))
}

/// Returns whether `lines` tell of more than files that a tool has changed, of
/// which nobody needs to hear who edits no more.
pub(super) fn is_worth_a_turn(lines: &str) -> bool {
    lines.lines().any(|line| !line.ends_with(CHANGED))
}

/// Returns what an agent is told: at most [`FINDING_LINES`] lines.
pub(super) fn told(lines: &str) -> String {
    let all: Vec<&str> = lines.lines().collect();
    let mut text = String::from("MAOS checked the files that you edited:");
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
    fn errors_come_first_and_older_findings_of_the_same_file_go() {
        let checkout = Path::new("/c");
        let finding = |file: &str, line, is_error| Finding {
            file: checkout.join(file),
            line,
            text: "x\ny".to_owned(),
            is_error,
        };
        let new = [finding("a.rs", 1, false), finding("a.rs", 2, true)];
        let files = [checkout.join("a.rs")];
        let lines = lines(&new, Some("a.rs:9: old\nb.rs:1: kept"), &files, checkout);
        assert_eq!(lines, ["a.rs:2: error: x y", "a.rs:1: x y", "b.rs:1: kept"]);
        assert!(has_error(&lines.join("\n")));
        assert!(!has_error(&lines[1..].join("\n")));
        assert!(is_worth_a_turn(&lines.join("\n")));
        assert!(!is_worth_a_turn(&format!("a.rs: was formatted{CHANGED}")));
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
