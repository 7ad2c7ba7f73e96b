//! What a sed script starts: the command `e`, and what `s///e` makes of a line.

use super::super::super::arguments::{Argument, Options, read};
use super::super::super::list::List;
use super::super::super::shell::Word;
use super::super::words;
use super::super::{Line, Started, shells, values_of};
use super::tokens::Source;

/// Returns what a sed starts.
pub(super) fn started(line: &Line<'_>) -> Vec<Started> {
    const OPTIONS: Options = Options {
        short: "efl",
        long: List("expression file line-length"),
    };
    let arguments = read(line.words, &OPTIONS);
    let mut scripts: Vec<Word> = values_of(&arguments, &[('e', "expression")])
        .cloned()
        .collect();
    let mut files = values_of(&arguments, &[('f', "file")]).peekable();
    if scripts.is_empty() && files.peek().is_none() {
        scripts.extend(arguments.iter().find_map(|argument| match argument {
            Argument::Operand(script) => Some((*script).clone()),
            _ => None,
        }));
    }
    if files.any(shells::is_stdin) {
        scripts.extend(line.stdin.cloned());
    }
    let lines = scripts.iter().flat_map(words::lines);
    lines
        .flat_map(|line| commands(&line))
        .map(Started::shell)
        .collect()
}

/// Returns the shell texts in a line of a script.
fn commands(line: &Word) -> Vec<Word> {
    let source = Source::of(line);
    let mut texts = Vec::new();
    let mut rest = source.text.as_str();
    while !rest.is_empty() {
        rest = after_address(rest);
        let Some(command) = rest.chars().next() else {
            break;
        };
        let behind = &rest[command.len_utf8()..];
        rest = match command {
            'e' => {
                let mut text = Word::default();
                source.push_to(&mut text, behind.trim_start());
                texts.extend(Some(text).filter(|text| !text.parts.is_empty()));
                return texts;
            }
            's' | 'y' => {
                let (replacement, flags) = substitution(behind);
                let end = flags.find([';', '}']).unwrap_or(flags.len());
                if command == 's' && flags[..end].contains('e') {
                    let mut text = Word::default();
                    source.push_to(&mut text, &replacement);
                    texts.push(text);
                }
                &flags[end..]
            }
            'a' | 'i' | 'c' | 'r' | 'R' | 'w' | 'W' | '#' => return texts,
            _ => behind,
        };
    }
    texts
}

/// Returns what follows the lines that a command is for.
fn after_address(text: &str) -> &str {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| {
            c.is_ascii_digit() || c.is_ascii_whitespace() || "$,~+!;{}".contains(c)
        });
        let Some(pattern) = rest.strip_prefix('/') else {
            return rest;
        };
        rest = &pattern[length(pattern, '/')..];
    }
}

/// Returns the replacement of an `s` and what follows it.
fn substitution(text: &str) -> (String, &str) {
    let Some(delimiter) = text.chars().next() else {
        return (String::new(), text);
    };
    let pattern = &text[delimiter.len_utf8()..];
    let replacement = &pattern[length(pattern, delimiter)..];
    let end = length(replacement, delimiter);
    let known = replacement[..end].strip_suffix(delimiter);
    let known = known.unwrap_or(&replacement[..end]);
    let quoted: String = ['\\', delimiter].iter().collect();
    (
        known.replace(&quoted, &delimiter.to_string()),
        &replacement[end..],
    )
}

/// Returns how long a text is up to a delimiter that no backslash quotes, and
/// with it.
fn length(text: &str, delimiter: char) -> usize {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        if quoted {
            quoted = false;
        } else if c == '\\' {
            quoted = true;
        } else if c == delimiter {
            return at + c.len_utf8();
        }
    }
    text.len()
}
