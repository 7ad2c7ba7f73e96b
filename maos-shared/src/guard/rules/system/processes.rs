//! Processes: not all of them end, and none begins without end.

use super::super::super::arguments::{Argument, Options, leading_text, options, read};
use super::super::super::list::List;
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Stdin, Word};

/// Returns whether a command without arguments is piped into itself, as in
/// `f | f &`.
pub(super) fn is_fork_bomb(scene: &Scene<'_>, command: &Command) -> bool {
    let Stdin::Pipe(range) = &command.stdin else {
        return false;
    };
    let source = scene.script.commands.get(range.clone());
    let source = source.and_then(<[Command]>::last);
    let [name] = command.words.as_slice() else {
        return false;
    };
    let again = source.is_some_and(|source| source.words == command.words);
    again && name.literal().is_some_and(|name| !FILTERS.has(&name))
}

/// Filters: piped into themselves they do no harm.
const FILTERS: List = List("cat rev sort tac tee uniq");

/// The signal that only asks whether a process is there.
const NOTHING: List = List("0 -0 -s0 -n0 --signal=0");

/// Returns whether `pkill` is to end all that a user runs, or whatever its
/// name is.
pub(super) fn kills_everything(words: &[Word]) -> bool {
    const OPTIONS: Options = options("uUgGPstFnoy", "signal euid uid user group parent session");
    const ANY: List = List(". .* ^ .+");
    if words.iter().any(|word| NOTHING.has(leading_text(word))) {
        return false;
    }
    let arguments = read(words, &OPTIONS);
    let of_user = arguments
        .iter()
        .any(|one| one.is(Some('u'), "euid") || one.is(Some('U'), "uid") || one.is(None, "user"));
    let operands: Vec<String> = arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Operand(word) => Some(word.literal().unwrap_or_default()),
            _ => None,
        })
        .collect();
    match operands.as_slice() {
        [] => of_user,
        names => names.iter().any(|name| ANY.has(name)),
    }
}

/// Returns whether `kill` is to end every process: `-1` in the place of one.
/// The first word that begins with a dash is the signal.
pub(super) fn kills_all(words: &[Word]) -> bool {
    const LISTING: List = List("-l -L --list --table");
    const DEADLY: List = List("-9 -KILL -SIGKILL KILL SIGKILL 9");
    let literals: Vec<String> = words
        .iter()
        .map(|word| word.literal().unwrap_or_default())
        .collect();
    let (signal, processes) = match literals.as_slice() {
        [option, ..] if LISTING.has(option) => return false,
        [only] => (only.as_str(), std::slice::from_ref(only)),
        [option, signal, rest @ ..] if matches!(option.as_str(), "-s" | "-n" | "--signal") => {
            (signal.as_str(), rest)
        }
        [signal, rest @ ..] if signal.starts_with('-') && signal != "--" => (signal.as_str(), rest),
        all => ("", all),
    };
    if NOTHING.has(signal) {
        return false;
    }
    let is_first = |process: &String| process == "1" && DEADLY.has(signal);
    let is_all = |process: &String| process == "-1";
    processes.iter().any(|one| is_all(one) || is_first(one))
}
