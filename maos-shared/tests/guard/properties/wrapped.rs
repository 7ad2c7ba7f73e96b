//! A command that is stopped is stopped in every wrapper.

use maos_shared::guard::shell::{self, Stdin};

use super::failures::Failures;
use super::wrappers::{self, Dangerous};
use super::{is_stopped, stopped};

/// Of how many pairs of a command and a wrapper one is tried. At 1 it is all
/// of them, which takes minutes. A prime that is no part of the number of
/// wrappers, so that every wrapper meets every kind of command.
const ONE_OF: usize = 37;

/// Of how many triples of a command and two wrappers one is tried.
const ONE_OF_NESTED: usize = 6007;

/// Commands that a shell knows alone: no program can run them.
const BUILTINS: [&str; 22] = [
    ".", ":", "[[", "alias", "builtin", "cd", "command", "coproc", "declare", "eval", "exec",
    "export", "history", "local", "mapfile", "popd", "pushd", "read", "set", "source", "trap",
    "unset",
];

#[test]
fn what_is_stopped_is_stopped_in_every_wrapper() {
    let mut failures = Failures::default();
    let mut at = 0_usize;
    for command in stopped().into_iter().map(Dangerous::of) {
        for wrapper in wrappers::all() {
            at += 1;
            let name = wrapper.name;
            if !at.is_multiple_of(ONE_OF) || is_meant_elsewhere(name, &command) {
                continue;
            }
            if let Some(text) = wrapper.around(&command) {
                failures.note(name, &text, is_stopped(&text));
            }
        }
    }
    failures.are_none();
}

#[test]
fn what_is_stopped_is_stopped_in_two_wrappers() {
    let mut failures = Failures::default();
    let mut at = 0_usize;
    for command in stopped().into_iter().map(Dangerous::of) {
        for inner in wrappers::all() {
            for outer in wrappers::all() {
                at += 1;
                if !at.is_multiple_of(ONE_OF_NESTED) {
                    continue;
                }
                let Some(wrapped) = inner.around(&command).map(Dangerous::of) else {
                    continue;
                };
                let name = format!("{} in {}", inner.name, outer.name);
                if let Some(text) = outer.around(&wrapped)
                    && !is_meant_elsewhere(&name, &command)
                {
                    failures.note(&name, &text, is_stopped(&text));
                }
            }
        }
    }
    failures.are_none();
}

/// Returns whether a command lets somebody log in on another machine, which is
/// how that is set up, or clears what servers leave behind there; or gives a
/// variable its value only behind its use, which in a trap counts as given before.
fn is_meant_elsewhere(wrapper: &str, command: &Dangerous) -> bool {
    let is_meant = |text: &str| command.text.contains(text);
    (wrapper.contains("ssh") && (is_meant("authorized_keys") || is_meant("/var/log/app")))
        || (wrapper.contains("trap") && command.text.ends_with("; X=build"))
}

impl Dangerous {
    fn of(text: String) -> Self {
        let simple = simple_words(&text);
        Self {
            is_simple: simple.is_some(),
            words: simple.flatten(),
            text,
        }
    }
}

/// Returns, for a text that is one program with its arguments, the words where
/// all of them are known.
fn simple_words(text: &str) -> Option<Option<Vec<String>>> {
    let script = shell::parse(text).ok()?;
    let mut written = script
        .commands
        .iter()
        .filter(|one| one.started_by.is_none());
    let (command, None) = (written.next()?, written.next()) else {
        return None;
    };
    let program = command.words.first()?.literal()?;
    let is_plain = command.span == (0..text.len())
        && command.assignments.is_empty()
        && command.redirections.is_empty()
        && script.redirections.is_empty()
        && command.stdin == Stdin::Inherited
        && !text.starts_with(['(', '{', '\\', '!'])
        && !text.contains("()");
    let runs_alone = !BUILTINS.contains(&program.as_str()) && script.assigned.is_empty();
    (is_plain && runs_alone && command.outputs.is_empty())
        .then(|| command.words.iter().map(shell::Word::literal).collect())
}
