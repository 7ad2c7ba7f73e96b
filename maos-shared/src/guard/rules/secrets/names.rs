//! Names of files of secrets that a search finds, a list holds or a stream
//! gives.

use std::ops::Range;

use super::super::super::arguments::{
    Argument, FLAGS_ONLY, Options, leading_text, options, program, read,
};
use super::super::super::find;
use super::super::super::list::List;
use super::super::super::scene::Scene;
use super::super::super::secret_files::{self, Secret};
use super::super::super::shell::{Command, Part, Stdin, Word};
use super::super::Denial;
use super::{deny, judge_path};

/// Judges the names that come from a stream: from a `find` that looks for
/// secrets, or from what says or lists their names.
pub(super) fn judge_stream(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    if !command.more_arguments {
        return None;
    }
    let commands = &scene.script.commands;
    let wrapper = commands.get(command.started_by?)?;
    if let Some(denial) = judge_names(scene, wrapper) {
        return Some(denial);
    }
    [&command.stdin, &wrapper.stdin]
        .into_iter()
        .find_map(|stdin| match stdin {
            Stdin::Pipe(range) => judge_source(scene, range, FOLLOWED),
            Stdin::Inherited | Stdin::Text(_) => None,
        })
}

/// How many filters between a search and who gets its names are followed.
const FOLLOWED: usize = 8;

/// Judges the names that commands give out, or pass on.
fn judge_source(scene: &Scene<'_>, range: &Range<usize>, depth: usize) -> Option<Denial> {
    const FILTERS: List = List("grep head sort tac tail tr uniq");
    let commands = scene.script.commands.get(range.clone())?;
    let named = commands.iter().find_map(|one| judge_names(scene, one));
    named.or_else(|| {
        let last = commands.last()?;
        let passes_on = program(last).is_some_and(|name| FILTERS.has(&name));
        match &last.stdin {
            Stdin::Pipe(before) if passes_on => judge_source(scene, before, depth.checked_sub(1)?),
            _ => None,
        }
    })
}

/// Judges the words that are what a command finds or lists, itself or through
/// a loop that reads it (`cat $(find . -name .env)`).
pub(super) fn judge_outputs(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    let mut outputs = command.words[1..]
        .iter()
        .filter_map(|word| match word.parts.as_slice() {
            [Part::Output { commands, .. }] => Some(commands.clone()),
            [Part::Variable { name, .. }] => match &scene.reader(name)?.stdin {
                Stdin::Pipe(range) => Some(range.clone()),
                _ => None,
            },
            _ => None,
        });
    outputs.find_map(|range| judge_source(scene, &range, FOLLOWED))
}

/// Judges the names that a command finds, says or lists.
fn judge_names(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    let folder = scene.folder(&command.dirs);
    let words = command.words.get(1..)?;
    match &*program(command)? {
        "find" | "gfind" => {
            let find = find::read(words);
            let names = find.names.into_iter().find_map(judge_search);
            names.or_else(|| {
                find.roots
                    .into_iter()
                    .find_map(|root| judge_path(scene, root, &folder))
            })
        }
        "fd" | "fdfind" => judge_fd(words),
        "locate" => words.iter().find_map(judge_regex),
        "grep" | "egrep" | "rg" => match &command.stdin {
            Stdin::Pipe(range) => {
                let source = scene.script.commands.get(range.clone())?;
                words.iter().find_map(|word| {
                    let hidden = source.iter().any(lists_hidden) && leading_text(word) == "env";
                    hidden
                        .then(|| deny(Secret::Environment, ".env"))
                        .or_else(|| judge_regex(word))
                })
            }
            _ => None,
        },
        "echo" | "printf" | "ls" => words
            .iter()
            .find_map(|word| judge_path(scene, word, &folder)),
        _ => None,
    }
}

/// Returns whether a command lists names that begin with a dot.
fn lists_hidden(command: &Command) -> bool {
    let words = command.words.get(1..).unwrap_or_default();
    let arguments = read(words, &FLAGS_ONLY);
    let has = |letter, long| arguments.iter().any(|one| one.is(Some(letter), long));
    match program(command).as_deref() {
        Some("ls") => has('a', "all") || has('A', "almost-all"),
        Some("fd" | "fdfind") => has('H', "hidden"),
        Some("find" | "gfind") => true,
        Some("git") => words
            .first()
            .is_some_and(|word| leading_text(word) == "ls-files"),
        _ => false,
    }
}

/// Judges a pattern that names are searched by.
pub(super) fn judge_search(pattern: &Word) -> Option<Denial> {
    let pattern = pattern.literal()?;
    match pattern.starts_with('!') {
        true => None,
        false => judge_name(&pattern),
    }
}

fn judge_name(pattern: &str) -> Option<Denial> {
    secret_files::of_search(pattern).map(|secret| deny(secret, pattern))
}

/// Judges what a `fd` searches for: by a pattern, or by endings of names
/// (`fd -e pem`).
fn judge_fd(words: &[Word]) -> Option<Denial> {
    const OPTIONS: Options = options(
        "cdeEjoSt",
        "changed-before changed-within color exclude extension max-depth min-depth owner size \
         threads type",
    );
    let arguments = read(words, &OPTIONS);
    arguments.iter().find_map(|argument| match argument {
        Argument::Operand(pattern) => judge_regex(pattern),
        Argument::Valued(_, ending) if argument.is(Some('e'), "extension") => {
            let ending = ending.literal()?;
            judge_name(&format!("*.{}", ending.trim_start_matches('.')))
        }
        Argument::Valued(..) | Argument::Flag(_) => None,
    })
}

/// Judges a regular expression for names as the pattern that it begins with:
/// `^\.env$`.
fn judge_regex(expression: &Word) -> Option<Denial> {
    let expression = expression.literal()?;
    let name = expression.trim_start_matches('^').trim_end_matches('$');
    judge_name(&name.replace('\\', ""))
}
