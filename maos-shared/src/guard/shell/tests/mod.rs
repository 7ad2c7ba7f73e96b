//! Tests of the parser as a whole.

use super::{Part, Script, Word, parse};

mod snippets;

/// Stands for what is known only when it runs.
const UNKNOWN: char = '¤';

/// Returns a word as the tests write it.
fn shown(word: &Word) -> String {
    let parts = word.parts.iter().map(|part| match part {
        Part::Text(text) | Part::Glob(text) => text.clone(),
        Part::Tilde(name) => format!("~{name}"),
        Part::Variable { .. } | Part::Output { .. } | Part::Unknown { .. } => UNKNOWN.to_string(),
    });
    parts.collect()
}

/// Returns the words of every command.
fn commands(script: &Script) -> Vec<Vec<String>> {
    let commands = script.commands.iter();
    commands
        .map(|command| command.words.iter().map(shown).collect())
        .collect()
}
