//! What the operators of parameter expansion make of a value that is known:
//! `${x%.txt}`, `${x/a/b}`, `${x:0:2}`, `${x^^}`. What is not done here leaves
//! the value unknown.

use super::partly::{changed_in_part, replaced};
use super::scope::{map_text, text};
use crate::guard::shell::syntax::tree::Operator;
use crate::guard::shell::{Part, Word, escapes};
use crate::guard::starts;

/// Returns the value that an operator with its operand makes of `word`.
pub(super) fn changed_word(word: &Word, operator: Operator, operand: &Word) -> Option<Word> {
    match operator {
        Operator::Upper { all: true } if operand.parts.is_empty() => {
            return Some(map_text(word, str::to_uppercase));
        }
        Operator::Lower { all: true } if operand.parts.is_empty() => {
            return Some(map_text(word, str::to_lowercase));
        }
        Operator::Other => return transformed(word, operand),
        _ => {}
    }
    if let Operator::Replace { all } = operator {
        return replaced(word, operand, all);
    }
    let Some(value) = word.literal() else {
        return changed_in_part(word, operator, operand);
    };
    let changed = match operator {
        Operator::WithoutPrefix { most } => without_prefix(&value, operand, most)?.to_owned(),
        Operator::WithoutSuffix { most } => without_suffix(&value, operand, most)?.to_owned(),
        Operator::Slice => {
            let (start, length) = slice(operand)?;
            value.chars().skip(start).take(length).collect()
        }
        Operator::Upper { .. } if operand.parts.is_empty() => with_first(&value, str::to_uppercase),
        Operator::Lower { .. } if operand.parts.is_empty() => with_first(&value, str::to_lowercase),
        _ => return None,
    };
    Some(text(&changed))
}

/// Returns what `${x@U}` and its kin make of a value. What `@P` runs besides is
/// found where the parameter is expanded.
fn transformed(word: &Word, operand: &Word) -> Option<Word> {
    match operand.known()?.as_ref() {
        "@Q" => Some(starts::in_quotes(word)),
        "@P" => Some(word.clone()),
        "@E" => Some(map_text(word, escapes::ansi_c)),
        "@U" => Some(map_text(word, str::to_uppercase)),
        "@L" => Some(map_text(word, str::to_lowercase)),
        "@u" => Some(text(&with_first(&word.literal()?, str::to_uppercase))),
        _ => None,
    }
}

/// A pattern that is easy to follow.
pub(super) enum Simple<'w> {
    /// These characters.
    Exactly(&'w str),
    /// These after any others.
    EndsWith(&'w str),
    /// These before any others.
    BeginsWith(&'w str),
}

pub(super) fn simple(pattern: &Word) -> Option<Simple<'_>> {
    let is_any = |glob: &str| glob == "*";
    match pattern.parts.as_slice() {
        [] => Some(Simple::Exactly("")),
        [Part::Text(text)] => Some(Simple::Exactly(text)),
        [Part::Glob(glob), Part::Text(text)] if is_any(glob) => Some(Simple::EndsWith(text)),
        [Part::Text(text), Part::Glob(glob)] if is_any(glob) => Some(Simple::BeginsWith(text)),
        _ => None,
    }
}

fn without_prefix<'v>(value: &'v str, pattern: &Word, most: bool) -> Option<&'v str> {
    Some(match simple(pattern)? {
        Simple::Exactly(text) => value.strip_prefix(text).unwrap_or(value),
        Simple::EndsWith(text) => {
            let found = match most {
                true => value.rfind(text),
                false => value.find(text),
            };
            found.map_or(value, |at| &value[at + text.len()..])
        }
        Simple::BeginsWith(text) => match (value.strip_prefix(text), most) {
            (Some(_), true) => "",
            (Some(rest), false) => rest,
            (None, _) => value,
        },
    })
}

fn without_suffix<'v>(value: &'v str, pattern: &Word, most: bool) -> Option<&'v str> {
    Some(match simple(pattern)? {
        Simple::Exactly(text) => value.strip_suffix(text).unwrap_or(value),
        Simple::BeginsWith(text) => {
            let found = match most {
                true => value.find(text),
                false => value.rfind(text),
            };
            found.map_or(value, |at| &value[..at])
        }
        Simple::EndsWith(text) => match (value.strip_suffix(text), most) {
            (Some(_), true) => "",
            (Some(rest), false) => rest,
            (None, _) => value,
        },
    })
}

/// Returns the start and the length of `start` or `start:length`.
pub(super) fn slice(operand: &Word) -> Option<(usize, usize)> {
    let operand = operand.literal()?;
    let (start, length) = match operand.split_once(':') {
        Some((start, length)) => (start, length.trim().parse().ok()?),
        None => (operand.as_str(), usize::MAX),
    };
    Some((start.trim().parse().ok()?, length))
}

fn with_first(value: &str, change: impl Fn(&str) -> String) -> String {
    let length = value.chars().next().map_or(0, char::len_utf8);
    let (first, rest) = value.split_at(length);
    change(first) + rest
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn word(pattern: &str) -> Word {
        let mut word = Word::default();
        for part in pattern.split_inclusive('*') {
            word.push_text(part.trim_end_matches('*'));
            if part.ends_with('*') {
                word.push(Part::Glob("*".to_owned()));
            }
        }
        word
    }

    #[test]
    fn operators_change_values_as_in_bash() {
        let (least, most) = (false, true);
        for (value, operator, operand, expected) in [
            (
                "rmx",
                Operator::WithoutSuffix { most: least },
                "x",
                Some("rm"),
            ),
            (
                "rmx",
                Operator::WithoutSuffix { most: least },
                "y",
                Some("rmx"),
            ),
            (
                "a.b.c",
                Operator::WithoutSuffix { most: least },
                ".*",
                Some("a.b"),
            ),
            ("a.b.c", Operator::WithoutSuffix { most }, ".*", Some("a")),
            ("a/b/c", Operator::WithoutPrefix { most }, "*/", Some("c")),
            (
                "a/b/c",
                Operator::WithoutPrefix { most: least },
                "*/",
                Some("b/c"),
            ),
            (
                "xrm",
                Operator::WithoutPrefix { most: least },
                "x",
                Some("rm"),
            ),
            ("rm", Operator::WithoutPrefix { most: least }, "*x*", None),
            ("rxm", Operator::Replace { all: false }, "x", Some("rm")),
            (
                "rabab",
                Operator::Replace { all: true },
                "ab/m",
                Some("rmm"),
            ),
            ("rrm", Operator::Replace { all: false }, "#r/x", Some("xrm")),
            ("mrm", Operator::Replace { all: false }, "%m/x", Some("mrx")),
            ("m#m", Operator::Replace { all: true }, "#/x", Some("mxm")),
            (
                "a b",
                Operator::Replace { all: false },
                "b/ /",
                Some("a  /"),
            ),
            ("a/b", Operator::Replace { all: false }, "a/b/c", None),
            ("xxrmxx", Operator::Slice, "2:2", Some("rm")),
            ("xxrm", Operator::Slice, "2", Some("rm")),
            ("xxrm", Operator::Slice, " -2", None),
            ("RM", Operator::Lower { all: true }, "", Some("rm")),
            ("rm", Operator::Upper { all: false }, "", Some("Rm")),
            ("rm", Operator::Other, "@Q", Some("'rm'")),
            ("r m", Operator::Other, "@Q", Some("'r m'")),
            ("rM", Operator::Other, "@L", Some("rm")),
            ("rm", Operator::Other, "@A", None),
        ] {
            let changed = changed_word(&text(value), operator, &word(operand));
            assert_eq!(
                changed,
                expected.map(text),
                "{value} {operator:?} {operand}"
            );
        }
    }
}
