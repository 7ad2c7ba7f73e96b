//! Sets of characters, and the plain regular expressions that edit texts.

use crate::guard::shell::{Part, Word};

/// Longest set that ranges are spelled out to.
const SET_CHARACTERS: usize = 1024;

/// Returns the characters of a set of `tr`: ranges, classes, escapes.
pub(super) fn set(text: &str) -> Option<Vec<char>> {
    const CLASSES: [(&str, &[(char, char)]); 6] = [
        ("[:upper:]", &[('A', 'Z')]),
        ("[:lower:]", &[('a', 'z')]),
        ("[:digit:]", &[('0', '9')]),
        ("[:alpha:]", &[('A', 'Z'), ('a', 'z')]),
        ("[:alnum:]", &[('0', '9'), ('A', 'Z'), ('a', 'z')]),
        ("[:space:]", &[('\t', '\r'), (' ', ' ')]),
    ];
    let mut set = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if set.len() > SET_CHARACTERS {
            return None;
        }
        if let Some((name, ranges)) = CLASSES.iter().find(|(name, _)| rest.starts_with(name)) {
            ranges.iter().for_each(|(from, to)| set.extend(*from..=*to));
            rest = &rest[name.len()..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        let c = match (c, rest.chars().next()) {
            ('\\', Some(escaped)) => {
                rest = &rest[escaped.len_utf8()..];
                match escaped {
                    'n' => '\n',
                    't' => '\t',
                    '0' => '\0',
                    other => other,
                }
            }
            _ => c,
        };
        match rest
            .strip_prefix('-')
            .and_then(|after| after.chars().next())
        {
            Some(end) if end >= c => {
                set.extend((c..=end).take(SET_CHARACTERS));
                rest = &rest[1 + end.len_utf8()..];
            }
            _ => set.push(c),
        }
    }
    Some(set)
}

/// One character of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum One {
    Is(char),
    Any,
    Among { negated: bool, set: Vec<char> },
}

impl One {
    fn meets(&self, c: char) -> bool {
        match self {
            Self::Is(own) => *own == c,
            Self::Any => true,
            Self::Among { negated, set } => set.contains(&c) != *negated,
        }
    }
}

/// A regular expression without groups and alternatives.
#[derive(Debug, Default)]
struct Pattern {
    from_start: bool,
    to_end: bool,
    /// Each with how often it must and whether it may be there more often.
    items: Vec<(One, usize, bool)>,
}

/// Returns the pattern; `None` where it has what is not followed.
fn parse(text: &str) -> Option<Pattern> {
    let mut pattern = Pattern::default();
    let mut rest = text;
    if let Some(after) = rest.strip_prefix('^') {
        pattern.from_start = true;
        rest = after;
    }
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let one = match c {
            '$' if rest.is_empty() => {
                pattern.to_end = true;
                break;
            }
            '.' => One::Any,
            '*' => {
                let last = pattern.items.last_mut()?;
                (last.1, last.2) = (0, true);
                continue;
            }
            '[' => {
                let end = 1 + rest.get(1..)?.find(']')?;
                let end = match rest[..end].contains("[:") {
                    true => 1 + end + rest[end + 1..].find(']')?,
                    false => end,
                };
                let inside = &rest[..end];
                rest = &rest[end + 1..];
                let negated = inside.starts_with('^');
                One::Among {
                    negated,
                    set: set(inside.trim_start_matches('^'))?,
                }
            }
            '\\' => {
                let escaped = rest.chars().next()?;
                rest = &rest[escaped.len_utf8()..];
                match escaped {
                    's' => One::Among {
                        negated: false,
                        set: vec![' ', '\t'],
                    },
                    '+' => {
                        pattern.items.last_mut()?.2 = true;
                        continue;
                    }
                    c if c.is_ascii_punctuation() && !"()|{}?<>".contains(c) => One::Is(c),
                    _ => return None,
                }
            }
            '(' | ')' | '|' | '{' | '}' | '+' | '?' => return None,
            c => One::Is(c),
        };
        pattern.items.push((one, 1, false));
    }
    Some(pattern)
}

/// Most steps of one line's search.
const STEPS: usize = 100_000;

impl Pattern {
    /// Returns where the longest match ends that begins at a place.
    fn end(&self, line: &[char], at: usize, item: usize, steps: &mut usize) -> Option<usize> {
        *steps = steps.checked_sub(1)?;
        let Some((one, least, more)) = self.items.get(item) else {
            return (!self.to_end || at == line.len()).then_some(at);
        };
        let most = match more {
            true => line[at..].iter().take_while(|c| one.meets(**c)).count(),
            false => usize::from(line.get(at).is_some_and(|c| one.meets(*c))),
        };
        let mut counts = (*least..=most).rev();
        counts.find_map(|count| self.end(line, at + count, item + 1, steps))
    }

    fn replace(&self, line: &str, replacement: &str, everywhere: bool) -> Option<String> {
        let chars: Vec<char> = line.chars().collect();
        let mut replaced = String::new();
        let mut steps = STEPS;
        let mut at = 0;
        while at <= chars.len() {
            let end = self.end(&chars, at, 0, &mut steps);
            if steps == 0 {
                return None;
            }
            let Some(end) = end else {
                replaced.extend(chars.get(at));
                at += 1;
                if self.from_start {
                    break;
                }
                continue;
            };
            let whole: String = chars[at..end].iter().collect();
            replaced.push_str(&filled(replacement, &whole)?);
            if end == at {
                replaced.extend(chars.get(at));
            }
            at = end.max(at + 1);
            if !everywhere || self.from_start {
                break;
            }
        }
        replaced.extend(chars.get(at..).unwrap_or_default());
        Some(replaced)
    }
}

/// Returns a replacement with what was found in place of `&`.
fn filled(replacement: &str, whole: &str) -> Option<String> {
    let mut filled = String::new();
    let mut chars = replacement.chars();
    while let Some(c) = chars.next() {
        match c {
            '&' => filled.push_str(whole),
            '\\' => match chars.next()? {
                'n' => filled.push('\n'),
                't' => filled.push('\t'),
                digit if digit.is_ascii_digit() => return None,
                other => filled.push(other),
            },
            c => filled.push(c),
        }
    }
    Some(filled)
}

/// Returns what an `s` makes of every line of a text. Of one that is not known
/// wholly, only what is put at its start or in its place is followed.
pub(in crate::guard) fn substitute(
    whole: &Word,
    pattern: &str,
    replacement: &str,
    flags: &str,
) -> Option<Word> {
    let Some(known) = whole.literal() else {
        let mut line = Word::default();
        line.push_text(
            &filled(replacement, "").filter(|_| matches!(pattern, "^" | ".*" | "^.*$" | "^.*"))?,
        );
        if pattern == "^" {
            line.push(Part::Unknown { quoted: false });
        }
        return Some(line);
    };
    let pattern = parse(pattern)?;
    let mut edited = Word::default();
    for line in known.lines() {
        edited.push_text(&pattern.replace(line, replacement, flags.contains('g'))?);
        edited.push_text("\n");
    }
    if !known.ends_with('\n')
        && let Some(Part::Text(text)) = edited.parts.last_mut()
    {
        text.pop();
    }
    Some(edited)
}

#[cfg(test)]
mod tests {
    use super::super::super::scope::text;
    use super::*;

    #[test]
    fn plain_patterns_edit_texts() {
        for (line, pattern, replacement, flags, expected) in [
            ("rm_-rf_x", "_", " ", "g", Some("rm -rf x")),
            ("rm_-rf_x", "_", " ", "", Some("rm -rf_x")),
            ("foo rm x", "^foo ", "", "", Some("rm x")),
            ("x", "x", "[&]", "", Some("[x]")),
            ("a1b22", "[0-9]*$", "", "", Some("a1b")),
            ("a1b22", "[[:digit:]]", "", "g", Some("ab")),
            ("any", ".*", "rm x", "", Some("rm x")),
            ("a.b", "\\.", "-", "", Some("a-b")),
            ("abc", "\\(a\\)", "\\1", "", None),
            ("abc", "$", " end", "", Some("abc end")),
        ] {
            let edited = substitute(&text(line), pattern, replacement, flags);
            let edited = edited.as_ref().and_then(Word::literal);
            assert_eq!(edited.as_deref(), expected, "{pattern}");
        }
    }

    #[test]
    fn a_costly_search_ends() {
        let line = "a".repeat(5_000);
        let pattern = "a*".repeat(50) + "b";
        assert_eq!(substitute(&text(&line), &pattern, "", ""), None);
    }
}
