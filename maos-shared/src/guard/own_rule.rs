//! Rules that a person or a project adds (`[[guard.rule]]`).

use std::cell::OnceCell;

use regex_lite::Regex;

use super::arguments::program;
use super::own_pattern::finds;
use super::shell::{Command, Part, Word};
use super::verdict::Denial;
use crate::config::OwnRule;

/// What stands before the id of such a rule.
pub(super) const OWN: &str = "own.";

/// A rule that a `maos.toml` adds. Its patterns are compiled when the first
/// call is held against them.
#[derive(Debug)]
pub(super) struct Own {
    pub(super) rule: OwnRule,
    command: OnceCell<Option<Regex>>,
    path: OnceCell<Option<Regex>>,
}

impl Own {
    pub(super) fn new(rule: OwnRule) -> Self {
        Self {
            rule,
            command: OnceCell::new(),
            path: OnceCell::new(),
        }
    }

    pub(super) fn finds_command(&self, text: &str) -> bool {
        finds(self.rule.command.as_deref(), &self.command, text)
    }

    pub(super) fn finds_path(&self, path: &str) -> bool {
        finds(self.rule.path.as_deref(), &self.path, path)
    }

    pub(super) fn denial(&self) -> Denial {
        Denial {
            rule: format!("{}{}", OWN, self.rule.id).into(),
            reason: self.rule.reason.clone(),
            instead: self.rule.instead.clone(),
        }
    }

    pub(super) fn problem(&self) -> Option<String> {
        let patterns = [&self.rule.command, &self.rule.path];
        let id = &self.rule.id;
        if patterns.iter().all(|pattern| pattern.is_none()) {
            return Some(format!("the rule `{id}` has neither `command` nor `path`"));
        }
        let bad = patterns
            .into_iter()
            .flatten()
            .find(|pattern| Regex::new(pattern).is_err());
        bad.map(|pattern| format!("the rule `{id}` has no valid pattern: {pattern:?}"))
    }
}

/// Returns whether a command asks what the guard would say of a text, which
/// must be free whatever the text is.
pub(super) fn asks_the_guard(command: &Command) -> bool {
    let asked = command.words.get(1).and_then(Word::literal);
    asked.as_deref() == Some("explain") && program(command).as_deref() == Some("maos")
}

/// Returns a command as patterns see it: its words joined by single spaces,
/// what is not known as `$NAME` or `…`.
pub(super) fn text(command: &Command) -> String {
    let mut text = String::new();
    for (at, word) in command.words.iter().enumerate() {
        if at > 0 {
            text.push(' ');
        }
        for part in &word.parts {
            let (mark, known) = match part {
                Part::Text(known) | Part::Glob(known) => ("", known.as_str()),
                Part::Tilde(name) => ("~", name.as_str()),
                Part::Variable { name, .. } => ("$", name.as_str()),
                Part::Streamed => ("{}", ""),
                Part::Output { .. } | Part::Process { .. } | Part::Unknown { .. } => ("…", ""),
            };
            text.extend([mark, known]);
        }
    }
    text
}
