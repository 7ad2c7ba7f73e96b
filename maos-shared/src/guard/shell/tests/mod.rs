//! Tests of the parser as a whole.

use super::{Command, Error, Part, Script, Word, parse};

mod bash;
mod data;
mod hostile;
mod random;
mod snippets;
mod values;

/// Stands for what is known only when it runs.
const UNKNOWN: char = '¤';

/// Returns a word as the tests write it.
fn shown(word: &Word) -> String {
    let parts = word.parts.iter().map(|part| match part {
        Part::Text(text) | Part::Glob(text) => text.clone(),
        Part::Tilde(name) => format!("~{name}"),
        Part::Streamed => "{}".to_owned(),
        Part::Variable { .. }
        | Part::Output { .. }
        | Part::Process { .. }
        | Part::Unknown { .. } => UNKNOWN.to_string(),
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

/// Returns whether a text is the expected one, `¤` standing for any characters.
fn matches(met: &str, expected: &str) -> bool {
    let mut pieces = expected.split(UNKNOWN);
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = met.strip_prefix(first) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in middle {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}
