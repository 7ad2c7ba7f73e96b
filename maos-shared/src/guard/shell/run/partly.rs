//! What the operators of parameter expansion make of a value of which a part is
//! known: `${x/@/rm}` of `@ -rf $HOME`.

use super::changes::{Simple, simple, slice};
use super::scope::text;
use crate::guard::arguments::{leading_text, skip};
use crate::guard::shell::syntax::tree::Operator;
use crate::guard::shell::{Part, Word};

/// Returns the word with `old/new` of the operand put into effect where it is
/// known.
pub(super) fn replaced(word: &Word, operand: &Word, all: bool) -> Option<Word> {
    let known = leading_text(operand);
    let (old, new) = match known.split_once('/') {
        Some((old, _)) => (old, skip(operand, old.len() + 1)),
        None if operand.parts.len() == 1 => (known, Word::default()),
        None => return None,
    };
    // Behind a slash in quotes, `old` might go on.
    let goes_on = |part: &Part| matches!(part, Part::Text(text) if text.contains('/'));
    if old.is_empty() || (new.parts.iter().any(goes_on) && holds(word, &format!("{old}/"))) {
        return None;
    }
    let mut new = new;
    for part in &mut new.parts {
        if let Part::Glob(pattern) = part {
            *part = Part::Text(std::mem::take(pattern));
        }
    }
    let begin = leading_text(word);
    match old.chars().next() {
        Some('#') if !all => Some(match begin.starts_with(&old[1..]) {
            true => join(&[&new, &skip(word, old.len() - 1)]),
            false => word.clone(),
        }),
        Some('%') if !all => Some(match before(word, |text| text.strip_suffix(&old[1..])) {
            Some(kept) => join(&[&kept, &new]),
            None => word.clone(),
        }),
        _ => Some(replaced_text(word, old, &new, all)),
    }
}

fn replaced_text(word: &Word, old: &str, new: &Word, all: bool) -> Word {
    let mut changed = Word::default();
    let mut left = if all { usize::MAX } else { 1 };
    for part in &word.parts {
        let Part::Text(text) = part else {
            changed.push(part.clone());
            continue;
        };
        let mut rest = text.as_str();
        while left > 0
            && let Some((known, after)) = rest.split_once(old)
        {
            changed.push_text(known);
            new.parts.iter().for_each(|part| changed.push(part.clone()));
            rest = after;
            left -= 1;
        }
        changed.push_text(rest);
    }
    changed
}

fn holds(word: &Word, text: &str) -> bool {
    let holds = |part: &Part| matches!(part, Part::Text(known) if known.contains(text));
    word.parts.iter().any(holds)
}

fn join(words: &[&Word]) -> Word {
    let mut joined = Word::default();
    let parts = words.iter().flat_map(|word| &word.parts);
    parts.for_each(|part| joined.push(part.clone()));
    joined
}

/// Returns a word with the text at its end cut down; `None` where it ends in
/// something else, or that text stays.
fn before<'w>(word: &'w Word, cut: impl Fn(&'w str) -> Option<&'w str>) -> Option<Word> {
    let (Part::Text(end), rest) = word.parts.split_last()? else {
        return None;
    };
    let mut kept = Word {
        parts: rest.to_vec(),
    };
    kept.push_text(cut(end)?);
    Some(kept)
}

/// Returns what an operator makes of a word that is known in parts, where it
/// concerns those.
pub(super) fn changed_in_part(word: &Word, operator: Operator, operand: &Word) -> Option<Word> {
    let begin = leading_text(word);
    let end = match word.parts.last() {
        Some(Part::Text(text)) => text.as_str(),
        _ => "",
    };
    match operator {
        Operator::WithoutPrefix { most } => match (simple(operand)?, most) {
            (Simple::BeginsWith(text), true) => begin.starts_with(text).then(Word::default),
            (Simple::Exactly(text) | Simple::BeginsWith(text), _) => {
                match begin.starts_with(text) {
                    true => Some(skip(word, text.len())),
                    false => (begin.len() >= text.len()).then(|| word.clone()),
                }
            }
            (Simple::EndsWith(known), true) => {
                let at = end.rfind(known)?;
                Some(text(&end[at + known.len()..]))
            }
            (Simple::EndsWith(text), false) => Some(skip(word, begin.find(text)? + text.len())),
        },
        Operator::WithoutSuffix { most } => match (simple(operand)?, most) {
            (Simple::EndsWith(text), true) => end.ends_with(text).then(Word::default),
            (Simple::Exactly(text) | Simple::EndsWith(text), _) => {
                before(word, |end| end.strip_suffix(text))
                    .or_else(|| (end.len() >= text.len()).then(|| word.clone()))
            }
            (Simple::BeginsWith(known), true) => Some(text(&begin[..begin.find(known)?])),
            (Simple::BeginsWith(text), false) => {
                before(word, |end| end.rfind(text).map(|at| &end[..at]))
            }
        },
        Operator::Slice => {
            let (start, length) = slice(operand)?;
            let known = begin.chars().count();
            let from = begin
                .char_indices()
                .nth(start)
                .map_or(begin.len(), |(at, _)| at);
            match start.saturating_add(length) {
                usize::MAX if start <= known => Some(skip(word, from)),
                end if end <= known => Some(text(
                    &begin.chars().skip(start).take(length).collect::<String>(),
                )),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::changes::changed_word;
    use super::super::changes::tests::word;
    use super::*;

    /// Returns the word in which `$` stands for a part that is not known.
    fn in_parts(pattern: &str) -> Word {
        let mut word = Word::default();
        for (at, piece) in pattern.split('$').enumerate() {
            if at > 0 {
                word.push(Part::variable("x", true));
            }
            word.push_text(piece);
        }
        word
    }

    #[test]
    fn what_is_known_of_a_value_changes_too() {
        let (least, most) = (false, true);
        for (value, operator, operand, expected) in [
            (
                "xx $",
                Operator::Replace { all: false },
                "xx/rm",
                Some("rm $"),
            ),
            (
                "$ x $x",
                Operator::Replace { all: true },
                "x/y",
                Some("$ y $y"),
            ),
            ("x$x", Operator::Replace { all: false }, "%x/y", Some("x$y")),
            ("x$x", Operator::Replace { all: false }, "#x/y", Some("y$x")),
            (
                "xx $",
                Operator::WithoutPrefix { most: least },
                "xx ",
                Some("$"),
            ),
            ("$", Operator::WithoutPrefix { most: least }, "a", None),
            ("a/$/b", Operator::WithoutPrefix { most }, "*/", Some("b")),
            (
                "a/$/b",
                Operator::WithoutPrefix { most: least },
                "*/",
                Some("$/b"),
            ),
            ("$", Operator::WithoutPrefix { most }, "*/", None),
            (
                "$/a.b",
                Operator::WithoutSuffix { most: least },
                ".b",
                Some("$/a"),
            ),
            (
                "$/a",
                Operator::WithoutSuffix { most: least },
                "/*",
                Some("$"),
            ),
            ("a/$", Operator::WithoutSuffix { most }, "/*", Some("a")),
            ("$", Operator::WithoutSuffix { most: least }, "/*", None),
            ("xxrm $", Operator::Slice, "2", Some("rm $")),
            ("xxrm $", Operator::Slice, "2:2", Some("rm")),
            ("xx$", Operator::Slice, "2:2", None),
        ] {
            let changed = changed_word(&in_parts(value), operator, &word(operand));
            let expected = expected.map(in_parts);
            assert_eq!(changed, expected, "{value} {operator:?} {operand}");
        }
    }
}
