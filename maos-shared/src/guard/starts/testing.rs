//! For tests: commands from text, and what they start as text.

use super::super::shell::{Command, Part, Word};
use super::words::{self, word};
use super::{Started, What};

/// Stands for what is not known in the texts of tests.
const UNKNOWN: &str = "¤";

/// Returns the word that a text of a test means.
pub(in crate::guard) fn test_word(text: &str) -> Word {
    let unknown = Word {
        parts: vec![Part::Unknown { quoted: true }],
    };
    words::replace(&word(text), UNKNOWN, &unknown)
}

/// Returns the command with these words, in quotes where one has a space;
/// `NAME=value` in front of the program is an assignment.
pub(in crate::guard) fn test_command(text: &str) -> Command {
    let words = words::split(&word(text));
    let mut words = words.iter().filter_map(Word::literal).peekable();
    let mut command = Command::default();
    while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
        let assignment = (name.to_owned(), test_word(value));
        command.assignments.push(assignment);
        words.next();
    }
    command.words = words.map(|word| test_word(&word)).collect();
    command
}

/// Returns a word as a test writes it.
fn shown(word: &Word) -> String {
    let parts = word.parts.iter().map(|part| match part {
        Part::Text(text) | Part::Glob(text) => text.clone(),
        Part::Tilde(name) => format!("~{name}"),
        Part::Variable { name, .. } => format!("${name}"),
        Part::Streamed => "{}".to_owned(),
        Part::Output { .. } | Part::Process { .. } | Part::Unknown { .. } => UNKNOWN.to_owned(),
    });
    parts.collect()
}

fn quoted(word: &Word) -> String {
    let text = shown(word);
    match text.is_empty() || text.contains([' ', '\n']) {
        true => format!("'{text}'"),
        false => text,
    }
}

fn listed(words: &[Word]) -> String {
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// Returns what is started as a test writes it: `rm x`, `sh: rm x`,
/// `here: rm x`, behind it `| …` with a shell's arguments, `+` for arguments
/// from a stream, `@ folder`.
fn text_of(started: &Started) -> String {
    let mut text = match &started.what {
        What::Program {
            words,
            assignments,
            more_arguments,
        } => {
            let set = assignments.iter();
            let set: String = set
                .map(|(name, value)| format!("{name}={} ", shown(value)))
                .collect();
            let more = if *more_arguments { " +" } else { "" };
            format!("{set}{}{more}", listed(words))
        }
        What::Here(text) => format!("here: {}", shown(text)),
        What::Shell { text, arguments } if arguments.is_empty() => format!("sh: {}", shown(text)),
        What::Shell { text, arguments } => format!("sh: {} | {}", shown(text), listed(arguments)),
        What::File {
            path,
            text,
            appends,
        } => {
            let operator = if *appends { ">>" } else { ">" };
            format!("{operator} {}: {}", shown(path), shown(text).trim_end())
        }
    };
    if let Some(folder) = &started.folder {
        text.push_str(&format!(" @ {}", shown(folder)));
    }
    text
}

/// Returns what a command starts, as a test writes it.
pub(super) fn started(command: &Command, stdin: Option<&str>) -> Vec<String> {
    texts(command, stdin, |what| !matches!(what, What::File { .. }))
}

/// Returns what a command writes to files, as a test writes it.
pub(super) fn written(command: &Command) -> Vec<String> {
    texts(command, None, |what| matches!(what, What::File { .. }))
}

fn texts(command: &Command, stdin: Option<&str>, is_meant: fn(&What) -> bool) -> Vec<String> {
    let stdin = stdin.map(test_word);
    let started = super::of(command, stdin.as_ref(), &|_| None);
    let meant = started.iter().filter(|one| is_meant(&one.what));
    meant.map(text_of).collect()
}

/// Checks what commands start.
pub(super) fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(started(&test_command(text), None), *expected, "{text}");
    }
}

/// Checks what commands start that have a text on their standard input.
pub(super) fn check_fed(cases: &[(&str, &str, &[&str])]) {
    for (text, stdin, expected) in cases {
        let command = test_command(text);
        assert_eq!(started(&command, Some(stdin)), *expected, "{text}");
    }
}
