//! The command line of `git`.

use std::borrow::Cow;

use super::arguments::{Argument, Options, read};
use super::list::List;
use super::shell::Word;

/// The global options whose value is the next word.
const VALUED: List = List("-C -c --git-dir --work-tree --namespace --exec-path --config-env");

/// Returns the subcommand and the words after it; `None` where there is none,
/// or where it is known only when it runs.
pub(super) fn subcommand(words: &[Word]) -> Option<(Cow<'_, str>, &[Word])> {
    let mut rest = words;
    while let [word, after @ ..] = rest {
        match word.known() {
            Some(option) if VALUED.has(&option) => rest = after.get(1..).unwrap_or_default(),
            Some(option) if option.starts_with('-') => rest = after,
            Some(name) => return Some((name, after)),
            None if super::arguments::leading_text(word).starts_with('-') => rest = after,
            None => return None,
        }
    }
    None
}

/// Returns the global options, those in front of the subcommand.
pub(super) fn globals(words: &[Word]) -> Vec<Argument<'_>> {
    const OPTIONS: Options = Options {
        short: "Cc",
        long: List("git-dir work-tree namespace exec-path config-env"),
    };
    let behind = subcommand(words).map_or(0, |(_, rest)| rest.len() + 1);
    read(&words[..words.len() - behind], &OPTIONS)
}

#[cfg(test)]
mod tests {
    use super::super::starts::testing::test_command;
    use super::*;

    #[test]
    fn the_subcommand_is_found_behind_global_options() {
        for (text, name, globals_count) in [
            ("git status", "status", 0),
            ("git -C repo -c a.b=c --no-pager log -p", "log", 3),
            ("git -Crepo --git-dir=x/.git reset", "reset", 2),
            ("git --work-tree sub add .", "add", 1),
        ] {
            let words = test_command(text).words;
            let (found, _) = subcommand(&words[1..]).expect("a subcommand");
            assert_eq!(found, name, "{text}");
            assert_eq!(globals(&words[1..]).len(), globals_count, "{text}");
        }
        assert!(subcommand(&test_command("git --version").words[1..]).is_none());
    }
}
