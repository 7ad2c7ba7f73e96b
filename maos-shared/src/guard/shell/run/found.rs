//! What a parameter is found to be, and what operators make of it.

use std::rc::Rc;

use super::changes::{changed_word, slice};
use crate::guard::list::List;
use crate::guard::shell::syntax::tree::Operator;
use crate::guard::shell::{Part, Word};

/// What a parameter is in this round.
pub(super) enum Found {
    /// Nothing in the text says.
    Any,
    /// Only branches that did not run say it.
    Otherwise,
    Unset,
    One(Word),
    /// `$@`, `${a[@]}`: words of their own even in quotes.
    Each(Vec<Word>),
    /// `$*`, `${a[*]}`: one word in quotes.
    All(Vec<Word>),
}

/// Returns whether a subscript is the number that it looks like: others are
/// expressions, or names.
pub(super) fn is_number(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn may_be_empty(part: &Part) -> bool {
    match part {
        Part::Text(_) | Part::Glob(_) | Part::Tilde(_) | Part::Process { .. } => false,
        Part::Variable { .. } | Part::Output { .. } | Part::Streamed | Part::Unknown { .. } => true,
    }
}

/// Variables that are paths of folders, which have no blanks in their names.
const ONE_WORD: List = List("HOME OLDPWD PWD");

/// Returns whether a word surely is one argument.
pub(super) fn is_one_word(word: &Word) -> bool {
    word.parts.iter().all(|part| match part {
        Part::Text(_) | Part::Tilde(_) | Part::Process { .. } | Part::Streamed => true,
        Part::Glob(_) => false,
        Part::Variable { name, .. } if ONE_WORD.has(name) => true,
        Part::Variable { quoted, .. } | Part::Output { quoted, .. } | Part::Unknown { quoted } => {
            *quoted
        }
    })
}

/// Returns the argument with a number. After one that may be several, any may
/// have it.
pub(super) fn argument(words: &Rc<[Word]>, at: usize) -> Found {
    let before = words.iter().take(at.saturating_sub(1));
    if !before.clone().all(is_one_word) {
        return Found::Any;
    }
    match at.checked_sub(1).map(|at| words.get(at)) {
        Some(Some(word)) if is_one_word(word) => Found::One(word.clone()),
        Some(None) => Found::Unset,
        _ => Found::Any,
    }
}

pub(super) fn joined(words: &[Word], separator: &str) -> Word {
    let mut joined = Word::default();
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            joined.push_text(separator);
        }
        for part in &word.parts {
            joined.push(part.clone());
        }
    }
    joined
}

/// Returns what an operator that changes values makes of one. The words of a
/// list count from `first`.
pub(super) fn changed(found: Found, operator: Operator, operand: &Word, first: usize) -> Found {
    let words = match found {
        Found::One(word) => {
            return changed_word(&word, operator, operand).map_or(Found::Any, Found::One);
        }
        Found::Each(words) | Found::All(words) => words,
        Found::Unset | Found::Any | Found::Otherwise => return found,
    };
    if operator == Operator::Slice {
        return match slice(operand) {
            Some((start, length)) if start >= first && words.iter().all(is_one_word) => {
                let words = words.into_iter().skip(start - first);
                Found::Each(words.take(length).collect())
            }
            _ => Found::Any,
        };
    }
    let changed = words
        .iter()
        .map(|word| changed_word(word, operator, operand));
    changed
        .collect::<Option<_>>()
        .map_or(Found::Any, Found::Each)
}
