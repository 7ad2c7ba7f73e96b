//! Functions that are defined to be looked at, or to go again.

use super::Shell;
use crate::guard::arguments::{leading_text, program};
use crate::guard::list::List;
use crate::guard::shell::{Command, Part, Script, Stdin, Word};

/// The builtins and programs that show functions without calling them, and the
/// letters of the options with which they do; without any, they always do.
const SHOWING: [(List, &str); 3] = [
    (List("functions set type unset whence where which"), ""),
    (List("declare typeset"), "fF"),
    (List("command"), "vV"),
];

/// Programs that only show what they are given.
const READERS: List = List(
    "[ bat cat cmp column cut diff echo egrep fold grep head less more nl pbcopy printf sed \
     shellcheck shfmt sort tac tail test tr wc xclip",
);

impl Shell {
    /// Notes the functions that the last command shows: those that it names, or
    /// all.
    pub(super) fn note_shown(&mut self, builtin: &str, words: &[Word]) {
        let Some((_, letters)) = SHOWING.iter().find(|row| row.0.has(builtin)) else {
            return;
        };
        let option = |word: &&Word| leading_text(word).starts_with(['-', '+']);
        let (options, names): (Vec<&Word>, Vec<&Word>) = words.iter().partition(option);
        let mut options = options.iter().map(|word| leading_text(word));
        let says = options.any(|option| option.contains(|c| letters.contains(c)));
        if !letters.is_empty() && !says {
            return;
        }
        let at = self.script.commands.len().saturating_sub(1);
        let is_read = self.captures > 0;
        let names = names.into_iter().filter_map(Word::literal).collect();
        for body in self.scope.bodies(names) {
            self.definitions.show(body.ran, at, is_read);
        }
    }
}

/// Returns whether what a command prints goes no further than to a reader.
pub(super) fn is_only_shown(script: &Script, at: usize, is_read: bool) -> bool {
    let quiet = |command: &Command| {
        let mut files = command.redirections.iter();
        files.any(|file| file.target.known().is_some_and(|name| name == "/dev/null"))
    };
    let later = script.commands.iter().enumerate().skip(at + 1);
    let mut readers = later.filter(|(_, command)| reads(command, at)).peekable();
    let is_quiet = script.commands.get(at).is_some_and(quiet);
    let mut tests = script.tests.iter();
    let is_tested = tests.any(|word| holds(word, at));
    (!is_read || is_quiet || is_tested || readers.peek().is_some())
        && readers.all(|(reader, command)| {
            let is_reader = program(command).is_some_and(|name| READERS.has(&name));
            is_reader
                && (command.redirections.is_empty() || quiet(command))
                && is_only_shown(script, reader, false)
        })
}

/// Returns whether a command is given what another one prints.
fn reads(command: &Command, at: usize) -> bool {
    let holds = |word: &Word| holds(word, at);
    let is_piped = matches!(&command.stdin, Stdin::Pipe(range) if range.contains(&at));
    let mut made = command.outputs.iter().chain(&command.written);
    is_piped
        || made.any(|(_, by)| by.contains(&at))
        || command.words.iter().any(holds)
        || command.assignments.iter().any(|(_, value)| holds(value))
        || matches!(&command.stdin, Stdin::Text(text) if holds(text))
}

/// Returns whether what a command prints is in a word.
fn holds(word: &Word, at: usize) -> bool {
    let mut parts = word.parts.iter();
    parts.any(|part| match part {
        Part::Output { commands, .. } | Part::Process { commands } => commands.contains(&at),
        _ => false,
    })
}
