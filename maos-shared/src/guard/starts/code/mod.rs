//! What the code starts that an interpreter is given on its line or its input:
//! commands in string literals, removals and reads of literal paths.
//!
//! Only calls count. A string that is printed, or stands in a comment, is none.

use super::super::arguments::{Argument, leading, leading_text, skip};
use super::super::list::{List, Names};
use super::super::shell::Word;
use super::{Code, Family, Line, Started, shells, values_of, words};
use crate::config::limits;
use language::{Language, Operand};
use languages::LANGUAGES;
use program::Program;
use tokens::{Source, Token};
use values::Value;

mod arguments;
mod bindings;
mod calls;
mod commands;
mod computed;
mod decoded;
mod foreign;
mod forks;
mod language;
mod languages;
mod literals;
mod loaded;
mod names;
mod printed;
mod program;
mod searches;
mod sed;
mod sending;
mod special;
mod tables;
#[cfg(test)]
mod tests;
mod tokens;
mod values;
mod writes;

pub(super) use language::without_version;

const SED: List = List("sed gsed");

pub(super) static FAMILY: Family = Family {
    programs: Names::of(SED)
        .and_all(LANGUAGES[0].names())
        .and_all(LANGUAGES[1].names())
        .and_all(LANGUAGES[2].names()),
    started,
};

/// Returns what these programs start.
fn started(line: &Line<'_>) -> Vec<Started> {
    if SED.has(line.program()) {
        return sed::started(line);
    }
    let Some(given) = Given::of(line) else {
        return Vec::new();
    };
    let source = Source::of(&given.code);
    let mut program = given.program(&source);
    if let Some(lines) = line
        .stdin
        .filter(|_| given.language.pipes && given.reads_input)
    {
        // All the lines, one after the other: each is a text.
        program.set(printed::LINE, Value::Text(lines.clone()));
    }
    bindings::bind_parameters(&mut program);
    let mut started = round(&mut program, given.language);
    if started.len() <= limits::STREAM_COMMANDS {
        for next in 1..program.rounds.min(limits::CODE_ROUNDS) {
            program.round = next;
            let more = round(&mut program, given.language);
            let new: Vec<Started> = more
                .into_iter()
                .filter(|one| !started.contains(one))
                .collect();
            started.extend(new);
        }
    }
    started.extend(searches::started(&mut program));
    started.extend(foreign::handed_over(&mut program));
    started.extend(forks::started(&program));
    started.extend(sending::started(&program));
    started
}

/// Goes through a program once; returns what it starts.
fn round(program: &mut Program<'_>, language: &Language) -> Vec<Started> {
    bindings::bind_comprehensions(program);
    let tokens = 0..program.tokens.len();
    let steps = tokens.flat_map(|at| {
        let started = step(program, language, at);
        let written = writes::written(program, language, at);
        started.into_iter().chain(written)
    });
    steps.collect()
}

/// The code that an interpreter is given.
struct Given {
    language: &'static Language,
    code: Word,
    /// No file is named whose lines it reads.
    reads_input: bool,
    /// The variables that options set.
    assigned: Vec<(String, Word)>,
    /// The arguments behind it.
    operands: Vec<Word>,
}

impl Given {
    fn of(line: &Line<'_>) -> Option<Self> {
        let language = language::of(line.program())?;
        let (arguments, operands) = leading(line.words, &language.options);
        let mut code = loaded::first(line, language, &arguments);
        code.extend(match taken_from(language, &arguments, operands) {
            Some(Code::Words(words)) => match words.as_slice() {
                [file] if shells::is_output(file) => line.text_of(file).or(Some(file.clone())),
                words => Some(words::join(words, "\n")),
            },
            Some(Code::File(file)) => line.text_of(&file),
            Some(Code::Input) => line.stdin.cloned(),
            None => None,
        });
        (!code.is_empty()).then(|| Self {
            language,
            code: words::join(&code, "\n"),
            reads_input: !operands.iter().skip(1).any(is_file),
            assigned: assigned(language, &arguments),
            operands: match values_of(&arguments, language.code).next() {
                Some(_) => operands.to_vec(),
                None => operands.iter().skip(1).cloned().collect(),
            },
        })
    }

    fn program<'a>(&'a self, source: &'a Source) -> Program<'a> {
        let mut program = Program::new(source, &self.language.lexis);
        program.given.clone_from(&self.operands);
        for (name, value) in &self.assigned {
            program.set(name, Value::Text(value.clone()));
        }
        program
    }
}

pub(in crate::guard) use foreign::Foreign;
pub(super) use foreign::printed as printed_from;
pub(super) use printed::printed;

/// Returns whether an operand of awk is a file: no variable, not the input.
fn is_file(word: &Word) -> bool {
    let text = leading_text(word);
    !shells::is_stdin(word) && !text.contains('=')
}

/// Returns where an interpreter takes its code from.
pub(super) fn code(line: &Line<'_>) -> Option<Code> {
    let language = language::of(line.program())?;
    let (arguments, operands) = leading(line.words, &language.options);
    taken_from(language, &arguments, operands)
}

/// Returns where the code is: in options, in the first operand, on the input.
fn taken_from(language: &Language, arguments: &[Argument<'_>], operands: &[Word]) -> Option<Code> {
    let parts: Vec<Word> = values_of(arguments, language.code).cloned().collect();
    if !parts.is_empty() {
        return Some(Code::Words(parts));
    }
    let has_any = |options: &[(char, &str)]| {
        arguments.iter().any(|one| {
            let mut options = options.iter();
            options.any(|(letter, long)| one.is(Some(*letter), long))
        })
    };
    let elsewhere = has_any(language.elsewhere);
    let one = |word: &Word| Code::Words(vec![word.clone()]);
    let first = operands.first();
    match language.operand {
        Operand::Code if elsewhere => {
            let file = values_of(arguments, language.elsewhere).next()?;
            Some(match shells::is_stdin(file) {
                true => Code::Input,
                false => Code::File(file.clone()),
            })
        }
        Operand::Code => first.map(one),
        Operand::CodeBehind(option) if has_any(&[option]) => first.map(one),
        Operand::CodeBehind(_) if is(first, "eval") || is(first, "runner") => {
            let (_, operands) = leading(&operands[1..], &language.options);
            operands.first().map(one)
        }
        _ if elsewhere => loaded::of_module(arguments, operands),
        _ => {
            let script = match is(first, "run") {
                true => operands.last(),
                false => first,
            };
            match script {
                Some(file) if shells::is_output(file) => Some(one(file)),
                Some(file) if shells::is_stdin(file) => Some(Code::Input),
                Some(file) => loaded::of_task(operands).or(Some(Code::File(file.clone()))),
                None => Some(Code::Input),
            }
        }
    }
}

fn is(word: Option<&Word>, expected: &str) -> bool {
    word.and_then(Word::literal).as_deref() == Some(expected)
}

/// Returns the variables that options set: `-v name=value`.
fn assigned(language: &Language, arguments: &[Argument<'_>]) -> Vec<(String, Word)> {
    let set = values_of(arguments, language.assigning).filter_map(|value| {
        let (name, _) = leading_text(value).split_once('=')?;
        Some((name.to_owned(), skip(value, name.len() + 1)))
    });
    set.collect()
}

/// Returns what starts at one token; keeps what names mean from there on.
fn step<'a>(program: &mut Program<'a>, language: &Language, at: usize) -> Option<Started> {
    match program.token(at)? {
        Token::Shell(_) => shell(program.literal(at)),
        Token::Mark('|') if language.pipes => pipe(program, at),
        Token::Mark('<' | '>') if language.pipes => {
            let file = program.expression(at + 1, 0).0.into_word();
            words::is_known(&file).then(|| Started::program(vec![words::word("cat"), file]))
        }
        // `"rm x".!` of Scala, also `!!`.
        Token::Mark('!') if calls::is_shell_method(program, language.calls, at) => {
            shell(calls::value_called_on(program, at).into_word())
        }
        Token::Mark('=') => {
            bindings::unpack(program, at);
            None
        }
        Token::Mark('[') => calls::of_subscript(program, at, language.calls, language.interpreter),
        Token::Name(_) => {
            bindings::bind(program, at);
            calls::started(program, at, language.calls, language.interpreter)
        }
        _ => None,
    }
}

/// Returns the shell that reads a text, where something of it is known.
fn shell(text: Word) -> Option<Started> {
    words::is_known(&text).then(|| Started::shell(text))
}

/// Returns what a pipe of awk starts: `"cmd" | getline`, `print x | "cmd"`.
fn pipe(program: &mut Program<'_>, at: usize) -> Option<Started> {
    let before = at.checked_sub(1)?;
    if program.is_mark(before, '|') || program.is_mark(at + 1, '|') {
        return None;
    }
    let behind = if program.is_mark(at + 1, '&') {
        at + 2
    } else {
        at + 1
    };
    let value = match program.name(behind) {
        Some("getline") => {
            let joins =
                |at: &usize| matches!(program.token(*at), Some(Token::Text(_) | Token::Name(_)));
            let pieces = (0..at).rev().take(limits::CODE_TERMS).take_while(joins);
            let start = pieces.last()?;
            program.value_before(start, at)
        }
        _ => program.expression(behind, 0).0,
    };
    let command = value.into_word();
    match shells::is_shell(&command) {
        true => shell(said(program, before)?),
        false => shell(command),
    }
}

/// Returns what a `print` gives that ends at a token.
fn said(program: &mut Program<'_>, end: usize) -> Option<Word> {
    let first = end.saturating_sub(limits::CODE_TERMS);
    let print = (first..=end)
        .rev()
        .find(|at| matches!(program.name(*at), Some("print" | "printf")))?;
    Some(match print == end {
        true => program.variable(printed::LINE).into_word(),
        false => program.value_before(print + 1, end + 1).into_word(),
    })
}
