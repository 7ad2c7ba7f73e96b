//! Patterns that a person or a project has written (`[[guard.rule]]`).
//!
//! To compile one takes longer than all else that the guard does for a short
//! command, so it waits for a text that may match.

use std::cell::OnceCell;

use regex_lite::Regex;

/// Returns whether a text matches a pattern; none does that is no pattern, of
/// which [`Policy::problems`](super::Policy::problems) tells.
pub(super) fn finds(pattern: Option<&str>, compiled: &OnceCell<Option<Regex>>, text: &str) -> bool {
    let Some(pattern) = pattern else {
        return false;
    };
    let compile = || Regex::new(pattern).ok();
    text.contains(certain_text(pattern))
        && compiled
            .get_or_init(compile)
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(text))
}

/// Returns a text that all holds which a pattern matches: the longest in front
/// of its first group, class, escape or count; an empty one where it has
/// alternatives, or none is found.
fn certain_text(pattern: &str) -> &str {
    if pattern.contains('|') {
        return "";
    }
    let (mut longest, mut start) = ("", 0);
    for (at, letter) in pattern.char_indices() {
        let text = &pattern[start..at];
        let certain = match letter {
            '.' | '^' | '$' | '+' | '(' | ')' | '[' | ']' | '}' | '\\' => text,
            // What stands before them may be there no time at all.
            '*' | '?' | '{' => without_last(text),
            _ => continue,
        };
        longest = longer(longest, certain);
        if matches!(letter, '(' | ')' | '[' | ']' | '{' | '}' | '\\') {
            return longest;
        }
        start = at + 1;
    }
    longer(longest, &pattern[start..])
}

fn longer<'a>(first: &'a str, second: &'a str) -> &'a str {
    match first.len() < second.len() {
        true => second,
        false => first,
    }
}

fn without_last(text: &str) -> &str {
    let mut letters = text.chars();
    letters.next_back();
    letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pattern_matches_holds_its_certain_text() {
        for (pattern, certain) in [
            ("^kubectl .*--context prod", "--context prod"),
            ("terraform destroy", "terraform destroy"),
            ("abc*d+", "ab"),
            ("aö?", "a"),
            ("x{0}y", ""),
            ("ab{2,}cdef", "a"),
            ("rm -r(f)? /srv", "rm -r"),
            (r"drop\s+table", "drop"),
            ("[ab]+cde", ""),
            ("a|b", ""),
            ("(?i)prod", ""),
            ("", ""),
        ] {
            assert_eq!(certain_text(pattern), certain, "{pattern}");
        }
    }
}
