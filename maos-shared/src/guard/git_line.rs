//! The command line of `git`.

use super::list::List;
use super::shell::Word;

/// The global options whose value is the next word.
const VALUED: List = List("-C -c --git-dir --work-tree --namespace --exec-path --config-env");

/// Returns the subcommand and the words after it; `None` where there is none,
/// or where it is known only when it runs.
pub(super) fn subcommand(words: &[Word]) -> Option<(String, &[Word])> {
    let mut rest = words;
    while let [word, after @ ..] = rest {
        let text = word.literal();
        match text.as_deref() {
            Some(option) if VALUED.has(option) => rest = after.get(1..).unwrap_or_default(),
            Some(option) if option.starts_with('-') => rest = after,
            Some(name) => return Some((name.to_owned(), after)),
            None if super::arguments::leading_text(word).starts_with('-') => rest = after,
            None => return None,
        }
    }
    None
}
