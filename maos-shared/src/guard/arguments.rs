//! The arguments of a command: flags, options with values, operands.

use std::borrow::Cow;

use super::list::List;
use super::paths;
use super::shell::{Command, Part, Word};

/// Which of a program's options take a value.
pub(super) struct Options {
    /// The letters, as in `-e PATTERN`.
    pub(super) short: &'static str,
    /// The long ones, without dashes.
    pub(super) long: List,
}

/// No option takes a value from the next word.
pub(super) const FLAGS_ONLY: Options = Options {
    short: "",
    long: List(""),
};

/// Returns the options whose value is the next word, where none is joined.
pub(super) const fn options(short: &'static str, long: &'static str) -> Options {
    Options {
        short,
        long: List(long),
    }
}

/// No letter: the option has a long name alone.
pub(super) const NONE: char = '\0';

/// One argument.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Argument<'a> {
    /// An option without a value, with its dashes: `-r`, `--recursive`.
    Flag(String),
    /// An option, with its dashes, and its value.
    Valued(String, Word),
    /// Anything else.
    Operand(&'a Word),
}

impl Argument<'_> {
    /// Returns whether it is the flag or option with this letter, or this long
    /// name or an abbreviation of it.
    pub(super) fn is(&self, letter: Option<char>, long: &str) -> bool {
        let (Self::Flag(name) | Self::Valued(name, _)) = self else {
            return false;
        };
        match name.strip_prefix("--") {
            Some(given) => !given.is_empty() && long.starts_with(given),
            None => name
                .strip_prefix('-')
                .is_some_and(|given| letter.is_some_and(|letter| given.chars().eq([letter]))),
        }
    }
}

/// Returns the base name of the program that a command runs, where it is known;
/// the folder need not be (`~/bin/tool`). A function of the text is none.
pub(super) fn program(command: &Command) -> Option<Cow<'_, str>> {
    let word = command.words.first().filter(|_| !command.calls_function)?;
    match (word.known(), word.parts.last()) {
        (Some(Cow::Borrowed(path)), _) => Some(paths::base_name(path).into()),
        (Some(Cow::Owned(path)), _) => Some(paths::base_name(&path).to_owned().into()),
        (None, Some(Part::Text(end))) => end.rsplit_once('/').map(|(_, name)| name.into()),
        _ => None,
    }
}

/// Returns the arguments in order. Options count wherever they stand, up to
/// `--`; letters may be joined, and a value may be joined to its option.
pub(super) fn read<'a>(words: &'a [Word], options: &Options) -> Vec<Argument<'a>> {
    let mut arguments = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if is_end(word) {
            arguments.extend(words.by_ref().map(Argument::Operand));
        } else if !read_option(word, options, &mut words, &mut arguments) {
            arguments.push(Argument::Operand(word));
        }
    }
    arguments
}

/// Returns the options in front of the first operand, and the words from there
/// on. A `--` between them is in neither.
pub(super) fn leading<'a>(words: &'a [Word], options: &Options) -> (Vec<Argument<'a>>, &'a [Word]) {
    let mut arguments = Vec::new();
    let mut rest = words.iter();
    loop {
        let operands = rest.as_slice();
        match rest.next() {
            Some(word) if is_end(word) => return (arguments, rest.as_slice()),
            Some(word) if read_option(word, options, &mut rest, &mut arguments) => {}
            _ => return (arguments, operands),
        }
    }
}

fn is_end(word: &Word) -> bool {
    leading_text(word) == "--" && word.parts.len() == 1
}

/// Reads `word` with its value where it is an option; returns whether it is.
fn read_option<'a>(
    word: &Word,
    options: &Options,
    words: &mut std::slice::Iter<'a, Word>,
    arguments: &mut Vec<Argument<'a>>,
) -> bool {
    let text = leading_text(word);
    if let Some(long) = text.strip_prefix("--") {
        arguments.push(match long.split_once('=') {
            Some((name, _)) => Argument::Valued(format!("--{name}"), skip(word, name.len() + 3)),
            None if takes_value(long, options) => {
                let value = words.next().cloned().unwrap_or_default();
                Argument::Valued(text.to_owned(), value)
            }
            None => Argument::Flag(text.to_owned()),
        });
        return true;
    }
    let letters = text.len() > 1 && text.starts_with('-');
    if letters {
        read_letters(word, text, options, words, arguments);
    }
    letters
}

fn takes_value(given: &str, options: &Options) -> bool {
    options.long.has(given)
        || (given.len() > 2 && options.long.names().any(|long| long.starts_with(given)))
}

fn read_letters<'a>(
    word: &Word,
    text: &str,
    options: &Options,
    words: &mut std::slice::Iter<'a, Word>,
    arguments: &mut Vec<Argument<'a>>,
) {
    for (at, letter) in text.char_indices().skip(1) {
        let name = format!("-{letter}");
        if !options.short.contains(letter) {
            arguments.push(Argument::Flag(name));
            continue;
        }
        let joined = skip(word, at + letter.len_utf8());
        let value = match joined.parts.is_empty() {
            true => words.next().cloned().unwrap_or_default(),
            false => joined,
        };
        arguments.push(Argument::Valued(name, value));
        return;
    }
}

/// Returns the characters that a word surely begins with.
pub(super) fn leading_text(word: &Word) -> &str {
    match word.parts.first() {
        Some(Part::Text(text)) => text,
        _ => "",
    }
}

/// Returns the word without the first `bytes` of its leading text.
pub(super) fn skip(word: &Word, bytes: usize) -> Word {
    let rest = leading_text(word).get(bytes..).unwrap_or_default();
    let mut parts = Vec::with_capacity(word.parts.len());
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    parts.extend(word.parts.iter().skip(1).cloned());
    Word { parts }
}

/// Returns whether a word has a name in it that comes from a stream.
pub(super) fn is_streamed(word: &Word) -> bool {
    word.parts.contains(&Part::Streamed)
}

/// How many separators of one word are looked behind for a path.
const SEPARATORS: usize = 8;

/// Returns the words that may be a path in an argument: all of it, and what
/// follows `=`, `@`, `:` or an option letter (`if=FILE`, `-d@FILE`, `-TFILE`,
/// `host:FILE`, `$host:FILE`, `--file=FILE`). Not what belongs to a URL.
pub(super) fn path_candidates(word: &Word) -> Vec<Word> {
    let text = leading_text(word);
    if let Some(at) = text.find("://") {
        return match text[..at].ends_with("file") {
            true => vec![skip(word, at + 3)],
            false => Vec::new(),
        };
    }
    let mut candidates = vec![word.clone()];
    let separators = text
        .char_indices()
        .filter(|(_, c)| matches!(c, '=' | '@' | ':' | ',' | '<'));
    candidates.extend(
        separators
            .take(SEPARATORS)
            .map(|(at, separator)| skip(word, at + separator.len_utf8())),
    );
    if !matches!(word.parts.first(), Some(Part::Text(_))) {
        candidates.extend(behind(word, ':'));
    }
    candidates.extend(form_file(word));
    let mut chars = text.chars();
    if chars.next() == Some('-')
        && let Some(letter) = chars.next()
        && letter != '-'
    {
        candidates.push(skip(word, 1 + letter.len_utf8()));
    }
    candidates
}

/// Returns the file of a form's field: `name=@FILE;type=text/plain`.
fn form_file(word: &Word) -> Option<Word> {
    let at = leading_text(word).find(['@', '<'])?;
    Some(before(&skip(word, at + 1), &[';']))
}

/// Returns what of a word stands behind the first of these characters, whatever
/// is before it: `$revision:FILE`.
pub(super) fn behind(word: &Word, separator: char) -> Option<Word> {
    let mut parts = word.parts.iter();
    let found = parts.find_map(|part| match part {
        Part::Text(text) => text.split_once(separator).map(|(_, rest)| rest),
        _ => None,
    });
    let mut kept = Word::default();
    kept.push_text(found?);
    parts.for_each(|part| kept.push(part.clone()));
    Some(kept)
}

/// Returns what of a word stands before the first of these characters.
pub(super) fn before(word: &Word, ends: &[char]) -> Word {
    let mut kept = Word::default();
    for part in &word.parts {
        match part {
            Part::Text(text) if text.contains(ends) => {
                kept.push_text(text.split(ends).next().unwrap_or_default());
                break;
            }
            part => kept.push(part.clone()),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Word> {
        text.split(' ').map(word).collect()
    }

    fn word(text: &str) -> Word {
        Word {
            parts: vec![Part::Text(text.to_owned())],
        }
    }

    #[test]
    fn options_are_read_in_every_spelling() {
        const GREP: Options = Options {
            short: "em",
            long: List("regexp max-count"),
        };
        let given = words("-re TOKEN --max-c 2 --regexp=x file -m5 -- -v");
        let operands = [word("file"), word("-v")];
        let expected = vec![
            Argument::Flag("-r".to_owned()),
            Argument::Valued("-e".to_owned(), word("TOKEN")),
            Argument::Valued("--max-c".to_owned(), word("2")),
            Argument::Valued("--regexp".to_owned(), word("x")),
            Argument::Operand(&operands[0]),
            Argument::Valued("-m".to_owned(), word("5")),
            Argument::Operand(&operands[1]),
        ];
        assert_eq!(read(&given, &GREP), expected);
        assert!(expected[2].is(Some('m'), "max-count"));
        assert!(expected[1].is(Some('e'), "regexp"));
        assert!(!expected[1].is(Some('f'), "file"));
    }

    #[test]
    fn a_path_is_found_behind_what_introduces_it() {
        for (text, path) in [
            ("if=.env", ".env"),
            ("-d@.env", ".env"),
            ("--post-file=.env", ".env"),
            ("-T.env", ".env"),
            ("f=@.env;type=text/plain", ".env"),
            ("HEAD:.env", ".env"),
            ("file:///etc/shadow", "/etc/shadow"),
        ] {
            assert!(path_candidates(&word(text)).contains(&word(path)), "{text}");
        }
        assert!(path_candidates(&word("https://example.org/.env")).is_empty());
    }
}
