//! A command that is stopped is stopped in every wrapper.

use maos_shared::guard::shell::{self, Part, Stdin};

use super::known::{Failures, Known};
use super::wrappers::{self, Dangerous};
use super::{is_stopped, stopped};

/// Of how many pairs of a command and a wrapper one is tried. At 1 it is all
/// of them, which takes minutes. A prime that is no part of the number of
/// wrappers, so that every wrapper meets every kind of command.
const ONE_OF: usize = 37;

/// Of how many triples of a command and two wrappers one is tried.
const ONE_OF_NESTED: usize = 6007;

const KNOWN: [Known; 7] = [
    Known {
        place: "",
        part: "$(echo aGk= | base64 -d)",
        why: "a decoded text that is known and harmless is stopped in the first shell alone",
    },
    Known {
        place: "",
        part: "parallel -a <(",
        why: "what an outer shell has on its input hides the file of `parallel -a`",
    },
    Known {
        place: "xargs sh -c",
        part: "{}",
        why: "without -I, `{}` is no place for an argument",
    },
    Known {
        place: "behind success",
        part: "set -- -rf ~; rm \"$@\"",
        why: "arguments that a branch may set are lost",
    },
    Known {
        place: "behind failure",
        part: "set -- -rf ~; rm \"$@\"",
        why: "arguments that a branch may set are lost",
    },
    Known {
        place: "find -exec +",
        part: "kill -",
        why: "more arguments hide which processes it is about",
    },
    Known {
        place: "parallel",
        part: "kill -",
        why: "more arguments hide which processes it is about",
    },
];

/// Commands that a shell knows alone: no program can run them.
const BUILTINS: [&str; 22] = [
    ".", ":", "[[", "alias", "builtin", "cd", "command", "coproc", "declare", "eval", "exec",
    "export", "history", "local", "mapfile", "popd", "pushd", "read", "set", "source", "trap",
    "unset",
];

#[test]
fn what_is_stopped_is_stopped_in_every_wrapper() {
    let mut failures = Failures::except(&KNOWN);
    let mut at = 0_usize;
    for command in stopped().into_iter().map(Dangerous::of) {
        for wrapper in wrappers::all() {
            at += 1;
            let name = wrapper.name;
            if !at.is_multiple_of(ONE_OF) && !failures.is_known(name, &command.text) {
                continue;
            }
            if let Some(text) = wrapper.around(&command) {
                failures.note(name, &command.text, &text, is_stopped(&text));
            }
        }
    }
    failures.are_none();
}

/// Pairs of wrappers around a command of which nothing is known to pass.
#[test]
fn what_is_stopped_is_stopped_in_two_wrappers() {
    let mut failures = Failures::except(&[]);
    let mut at = 0_usize;
    for command in stopped().into_iter().map(Dangerous::of) {
        for inner in wrappers::all() {
            for outer in wrappers::all() {
                at += 1;
                if !at.is_multiple_of(ONE_OF_NESTED) || is_excepted(&command.text) {
                    continue;
                }
                let Some(wrapped) = inner.around(&command).map(Dangerous::of) else {
                    continue;
                };
                // An exception may begin in the wrapper within.
                if !is_stopped(&wrapped.text) || is_excepted_within(&wrapped, outer.name) {
                    continue;
                }
                if let Some(text) = outer.around(&wrapped) {
                    let name = format!("{} in {}", inner.name, outer.name);
                    failures.note(&name, &command.text, &text, is_stopped(&text));
                }
            }
        }
    }
    failures.are_none();
}

fn is_excepted(command: &str) -> bool {
    let parts = KNOWN.iter().map(|known| known.part);
    parts.into_iter().any(|part| command.contains(part))
}

/// `env -S` reads escapes of its own, which are not read yet.
fn is_excepted_within(wrapped: &Dangerous, outer: &str) -> bool {
    let is_defined_late = wrapped.text.contains("() {") && outer.starts_with("behind ");
    is_defined_late || (outer == "env -S" && wrapped.text.contains(['\n', '\\', '"']))
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
    let parts = command.words.iter().flat_map(|word| &word.parts);
    let has_output = parts
        .into_iter()
        .any(|part| matches!(part, Part::Output { .. }));
    (is_plain && runs_alone && !has_output)
        .then(|| command.words.iter().map(shell::Word::literal).collect())
}
