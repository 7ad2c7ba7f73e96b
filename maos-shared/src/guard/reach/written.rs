//! Which words of a command name what it changes.

use super::super::arguments::{FLAGS_ONLY, NONE, is_streamed, leading_text, read};
use super::super::git_line;
use super::super::list::List;
use super::super::shell::{Command, Word};

/// Programs that read all of their operands but the last.
pub(super) const COPIERS: List = List("cp install rsync scp");

/// Returns the words of a command that may name what it changes.
pub(super) fn written<'a>(command: &'a Command, name: &str) -> Vec<&'a Word> {
    let words = &command.words;
    if name == "git"
        && let Some(written) = written_by_git(words)
    {
        return written;
    }
    // Names from a stream come last, where no word says in which place.
    let last_is_known = !command.more_arguments || words.iter().any(is_streamed);
    match words.last() {
        Some(last) if COPIERS.has(name) && last_is_known && !names_target(command, name) => {
            vec![last]
        }
        _ => words.iter().collect(),
    }
}

/// Returns whether a copier is given its target by an option, or changes its sources.
pub(super) fn names_target(command: &Command, name: &str) -> bool {
    let given = read(command.words.get(1..).unwrap_or_default(), &FLAGS_ONLY);
    given.iter().any(|one| {
        let names_target = name != "rsync" && one.is(Some('t'), "target-directory");
        names_target || one.is(Some(NONE), "remove-source-files")
    })
}

/// Returns the words that name what git changes where it takes from a repository,
/// which it only reads.
fn written_by_git(words: &[Word]) -> Option<Vec<&Word>> {
    let (subcommand, rest) = git_line::subcommand(words.get(1..)?)?;
    let globals = words[..words.len() - rest.len()].iter();
    let is_operand = |word: &Word| !leading_text(word).starts_with('-');
    let into = match &*subcommand {
        "clone" => rest
            .split_last()
            .filter(|(_, before)| before.iter().any(is_operand)),
        "fetch" | "pull" => None,
        _ => return None,
    };
    Some(globals.chain(into.map(|(last, _)| last)).collect())
}
