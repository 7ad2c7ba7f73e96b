//! Builtins that put what they read into variables: `read`, `mapfile`.

use super::Shell;
use super::found::is_one_word;
use super::scope::{SEPARATORS, Value, text};
use crate::guard::arguments::{Argument, Options, read};
use crate::guard::list::List;
use crate::guard::shell::{Part, Word};

const READ: Options = Options {
    short: "adinNptu",
    long: List(""),
};

const MAPFILE: Options = Options {
    short: "dnOsuCc",
    long: List(""),
};

impl Shell {
    /// Gives the variables of a `read` what comes through standard input: any
    /// line of it.
    pub(super) fn read(&mut self, words: &[Word]) {
        let arguments = read(words, &READ);
        let names = arguments.iter().filter_map(|argument| match argument {
            Argument::Operand(word) => word.literal(),
            _ => None,
        });
        let mut names: Vec<String> = names.collect();
        if names.is_empty() {
            names.push("REPLY".to_owned());
        }
        let input = match value(&arguments, 'u') {
            Some(number) => self.descriptors.get(&number).map(|one| one.text.clone()),
            None => Some(self.input.text.clone()),
        };
        let mut lines = input.flatten().map_or_else(Vec::new, |input| {
            let delimiter = value(&arguments, 'd').map(|given| first(&given));
            lines(&input, delimiter)
        });
        let most = value(&arguments, 'n').or_else(|| value(&arguments, 'N'));
        if let Some(most) = most.and_then(|most| most.parse().ok()) {
            lines.iter_mut().for_each(|line| truncate(line, most));
        }
        let separators = self.separators();
        if let Some(array) = value(&arguments, 'a') {
            let mut values: Vec<Value> = lines
                .iter()
                .map(|line| array_of(fields(line, usize::MAX, &separators)))
                .collect();
            if values.is_empty() {
                values.push(Value::Any);
            }
            self.scope.set(&array, values);
            return;
        }
        let lines = lines.iter();
        let lines: Vec<Vec<Word>> = lines
            .map(|line| fields(line, names.len(), &separators))
            .collect();
        for (at, name) in names.iter().enumerate() {
            let mut values: Vec<Value> = lines.iter().map(|line| field(line, at)).collect();
            if values.is_empty() {
                values.push(Value::Any);
            }
            self.fill(name, values);
        }
    }

    /// Returns what separates the fields of a line: `IFS`, where it is known.
    fn separators(&self) -> String {
        match &*self.scope.values("IFS") {
            [Value::Scalar(word)] => word.literal().unwrap_or_default(),
            _ => SEPARATORS.to_owned(),
        }
    }

    pub(super) fn map_file(&mut self, words: &[Word]) {
        let arguments = read(words, &MAPFILE);
        let mut names = arguments.iter().filter_map(|argument| match argument {
            Argument::Operand(word) => word.literal(),
            _ => None,
        });
        let name = names.next_back().unwrap_or_else(|| "MAPFILE".to_owned());
        let number = |letter| value(&arguments, letter)?.parse().ok();
        let skipped = number('s').unwrap_or(0);
        let most = number('n').filter(|most| *most > 0).unwrap_or(usize::MAX);
        let delimiter = value(&arguments, 'd').map_or('\n', |given| first(&given));
        let value = match &self.input.text {
            Some(input) => {
                let mut lines = split(input, |c| c == delimiter);
                lines.pop_if(|last| without_ends(last).parts.is_empty());
                array_of(lines.into_iter().skip(skipped).take(most).collect())
            }
            None => Value::Any,
        };
        self.scope.set(&name, vec![value]);
    }
}

/// Returns the value of an option.
fn value(arguments: &[Argument<'_>], letter: char) -> Option<String> {
    arguments.iter().find_map(|argument| match argument {
        Argument::Valued(_, word) if argument.is(Some(letter), "") => word.literal(),
        _ => None,
    })
}

/// Returns the delimiter that a text gives: a zero, where it is empty.
fn first(given: &str) -> char {
    given.chars().next().unwrap_or('\0')
}

/// Returns what ends with a delimiter in an input; without one, its lines. Zeros
/// end them too, as of `find -print0`.
fn lines(input: &Word, delimiter: Option<char>) -> Vec<Word> {
    let end = delimiter.unwrap_or('\n');
    let input = without_ends(input);
    match input.parts.is_empty() {
        true => Vec::new(),
        false => split(&input, |c| c == end || c == '\0'),
    }
}

/// Returns a word without the ends of lines at its end.
fn without_ends(word: &Word) -> Word {
    trimmed(word, |_| false, |c| matches!(c, '\n' | '\0'))
}

/// Returns a line cut into so many fields, what is left in the last one.
fn fields(line: &Word, count: usize, separators: &str) -> Vec<Word> {
    let separates = |c: char| separators.contains(c);
    let is_blank = |c: char| c.is_ascii_whitespace() && separates(c);
    let line = trimmed(line, is_blank, is_blank);
    cut(&line, count, separates, is_blank)
}

/// Returns a field of a line. Behind a piece that may be several fields, none is
/// known.
fn field(fields: &[Word], at: usize) -> Value {
    let upto = fields.iter().take(at + 1);
    match fields.get(at) {
        _ if !upto.clone().all(is_one_field) => Value::Any,
        Some(field) => Value::scalar(field.clone()),
        None => Value::scalar(text("")),
    }
}

fn array_of(fields: Vec<Word>) -> Value {
    if !fields.iter().all(is_one_field) {
        return Value::Any;
    }
    let fields = fields.into_iter().filter(|field| !field.parts.is_empty());
    let fields = fields.enumerate();
    Value::Array(fields.map(|(at, field)| (at.to_string(), field)).collect())
}

/// Returns whether no part of a word, which is to be split, holds a separator.
fn is_one_field(word: &Word) -> bool {
    word.parts.iter().all(|part| match part {
        Part::Text(_) | Part::Glob(_) => true,
        Part::Variable { name, .. } => is_one_word(&Word {
            parts: vec![Part::variable(name, false)],
        }),
        Part::Tilde(_) => true,
        _ => false,
    })
}

/// Returns what lies between separators, in order; nothing between two of them.
fn split(word: &Word, separates: impl Fn(char) -> bool) -> Vec<Word> {
    cut(word, usize::MAX, separates, |_| false)
}

/// Returns what lies between separators, what is left in the last of so many
/// pieces; each without what is left out at its start.
fn cut(
    word: &Word,
    count: usize,
    separates: impl Fn(char) -> bool,
    left_out: impl Fn(char) -> bool,
) -> Vec<Word> {
    let mut pieces = Vec::new();
    let mut open = Word::default();
    for part in &word.parts {
        let Part::Text(known) = part else {
            open.push(part.clone());
            continue;
        };
        let mut rest = known.as_str();
        loop {
            if open.parts.is_empty() {
                rest = rest.trim_start_matches(&left_out);
            }
            let Some(at) = rest.find(&separates).filter(|_| pieces.len() + 1 < count) else {
                open.push_text(rest);
                break;
            };
            open.push_text(&rest[..at]);
            pieces.push(std::mem::take(&mut open));
            let mut chars = rest[at..].chars();
            chars.next();
            rest = chars.as_str();
        }
    }
    pieces.push(open);
    pieces
}

/// Returns a word without what is left out at its ends.
fn trimmed(word: &Word, at_start: impl Fn(char) -> bool, at_end: impl Fn(char) -> bool) -> Word {
    let mut trimmed = word.clone();
    if let Some(Part::Text(first)) = trimmed.parts.first_mut() {
        first.drain(..first.len() - first.trim_start_matches(at_start).len());
    }
    if let Some(Part::Text(last)) = trimmed.parts.last_mut() {
        last.truncate(last.trim_end_matches(at_end).len());
    }
    let is_empty = |part: &Part| matches!(part, Part::Text(text) if text.is_empty());
    trimmed.parts.retain(|part| !is_empty(part));
    trimmed
}

/// Cuts a word down to so many characters, where those are known.
fn truncate(word: &mut Word, most: usize) {
    if let Some(Part::Text(first)) = word.parts.first_mut()
        && let Some((end, _)) = first.char_indices().nth(most)
    {
        first.truncate(end);
        word.parts.truncate(1);
    }
}
