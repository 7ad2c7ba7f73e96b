//! Variables that make programs load other code than theirs.

use super::super::arguments::{leading_text, program, skip};
use super::super::list::List;
use super::super::shell::{Command, Part, Script, Word};

/// Variables that name code, or settings with programs in them, which others load.
const LOADING: List = List(
    "\
    BASH_ENV BAT_CONFIG_PATH DYLD_FRAMEWORK_PATH DYLD_INSERT_LIBRARIES DYLD_LIBRARY_PATH \
    GCONV_PATH GIT_CONFIG GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_EXEC_PATH LD_AUDIT \
    LD_LIBRARY_PATH LD_PRELOAD LESSKEY LESSKEYIN RIPGREP_CONFIG_PATH",
);

/// Builtins that set variables for what comes behind them.
const KEEPING: List = List("declare export readonly typeset");

/// Returns whether a command sets a variable, for itself or for those behind it, so
/// that a program need not be what its name says.
pub(super) fn load_code(command: &Command) -> bool {
    let mut given = command.assignments.iter();
    given.any(|(name, value)| loads(name, value)) || keeps(command)
}

/// Returns whether a script does so by an assignment alone: every shell exports `PATH`.
pub(super) fn are_set_for_all(script: &Script) -> bool {
    let given = script.assigned.get("PATH").into_iter().flatten();
    given.into_iter().any(|one| leads_here(&one.value))
}

fn keeps(command: &Command) -> bool {
    let keeping = program(command).is_some_and(|name| KEEPING.has(&name));
    keeping
        && command.words.iter().skip(1).any(|word| {
            let set = leading_text(word).split_once('=');
            set.is_some_and(|(name, _)| loads(name, &skip(word, name.len() + 1)))
        })
}

fn loads(name: &str, value: &Word) -> bool {
    let is_nothing = || {
        value
            .known()
            .is_some_and(|value| value == "/dev/null" || value.is_empty())
    };
    match name {
        "PATH" => leads_here(value),
        name => LOADING.has(name) && !is_nothing(),
    }
}

/// Returns whether programs are looked for in the folder that a command happens to
/// be in: a folder of the list has no place of its own.
fn leads_here(path: &Word) -> bool {
    let texts = path.parts.iter().map(|part| match part {
        Part::Text(text) => text,
        // A variable or the home holds whole paths.
        _ => "/",
    });
    let list: String = texts.collect();
    list.split(':')
        .any(|folder| !folder.starts_with(['/', '~']))
}
