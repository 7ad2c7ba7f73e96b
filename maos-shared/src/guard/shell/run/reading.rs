//! Builtins that put what they read into variables: `read`, `mapfile`.

use super::Shell;
use super::scope::{SEPARATORS, Value, text};
use crate::guard::arguments::{Argument, Options, read};
use crate::guard::list::List;
use crate::guard::shell::Word;

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
        let mut names = Vec::new();
        let mut array = None;
        let mut input = self.input.text.clone();
        for argument in &arguments {
            match argument {
                Argument::Operand(word) => names.extend(word.literal()),
                Argument::Valued(option, word) if option == "-a" => array = word.literal(),
                Argument::Valued(option, word) if option == "-u" => {
                    let number = word.literal().unwrap_or_default();
                    let opened = self.descriptors.get(&number);
                    input = opened.and_then(|input| input.text.clone());
                }
                _ => {}
            }
        }
        if names.is_empty() {
            names.push("REPLY".to_owned());
        }
        let input = input.as_ref().and_then(Word::literal);
        let separators = self.separators();
        if let Some(array) = array {
            let values = match &input {
                Some(input) => lines(input)
                    .map(|line| array_of(line, &separators))
                    .collect(),
                None => vec![Value::Any],
            };
            self.scope.set(&array, values);
            return;
        }
        let several = names.len() > 1;
        for (at, name) in names.iter().enumerate() {
            let values = match &input {
                Some(input) if lines(input).next().is_some() => {
                    let is_last = at + 1 == names.len();
                    let value = |line| text(&field(line, at, several && !is_last, &separators));
                    lines(input)
                        .map(|line| Value::scalar(value(line)))
                        .collect()
                }
                _ => vec![Value::Any],
            };
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
        let input = self.input.text.as_ref().and_then(Word::literal);
        let delimiter = arguments.iter().find_map(|argument| match argument {
            Argument::Valued(option, word) if option == "-d" => word.literal(),
            _ => None,
        });
        let delimiter = delimiter.map(|given| given.chars().next().unwrap_or('\0'));
        let value = match input {
            Some(input) => {
                let lines = input
                    .trim_end_matches(['\n', '\0'])
                    .split(delimiter.unwrap_or('\n'));
                let lines = lines.enumerate();
                Value::Array(
                    lines
                        .map(|(at, line)| (at.to_string(), text(line)))
                        .collect(),
                )
            }
            None => Value::Any,
        };
        self.scope.set(&name, vec![value]);
    }
}

/// Returns the lines of an input; zeros end them too (`read -d ''`).
fn lines(input: &str) -> impl Iterator<Item = &str> {
    let lines = input.lines();
    lines.flat_map(|line| line.strip_suffix('\0').unwrap_or(line).split('\0'))
}

/// Returns a field of a line; all that is left of it where it is the last.
fn field(line: &str, at: usize, only: bool, separators: &str) -> String {
    let separates = |c: char| separators.contains(c);
    let blank = |c: char| c.is_ascii_whitespace() && separates(c);
    let mut rest = line.trim_matches(blank);
    for _ in 0..at {
        let (_, after) = rest.split_once(separates).unwrap_or_default();
        rest = after.trim_start_matches(blank);
    }
    match only {
        true => rest.split(separates).next().unwrap_or_default().to_owned(),
        false => rest.to_owned(),
    }
}

/// Returns the fields of a line as an array.
fn array_of(line: &str, separators: &str) -> Value {
    let fields = line.split(|c| separators.contains(c));
    let fields = fields.filter(|field| !field.is_empty()).enumerate();
    Value::Array(
        fields
            .map(|(at, field)| (at.to_string(), text(field)))
            .collect(),
    )
}
