//! Patterns for one name of a path: `*.log`, `.en?`, `[a-z]*`.

use std::fmt::{self, Write as _};
use std::str::Chars;

/// One step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// This character.
    Char(char),
    /// Any one character.
    One,
    /// Any characters, or none.
    Any,
    /// One character in these ranges, or outside them.
    Set {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// A pattern that a name matches or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pattern {
    tokens: Vec<Token>,
}

impl Pattern {
    /// Returns the pattern that `text` is, `\` quoting the next character.
    pub(crate) fn parse(text: &str) -> Self {
        let mut pattern = Self::default();
        pattern.push_pattern(text);
        pattern
    }

    /// Adds characters that mean themselves.
    pub(super) fn push_text(&mut self, text: &str) {
        self.tokens.extend(text.chars().map(Token::Char));
    }

    /// Adds characters as a shell reads them unquoted.
    pub(super) fn push_pattern(&mut self, text: &str) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let mut taken = first.len_utf8();
            let token = match first {
                '*' => Token::Any,
                '?' => Token::One,
                '\\' => match rest.chars().nth(1) {
                    Some(quoted) => {
                        taken += quoted.len_utf8();
                        Token::Char(quoted)
                    }
                    None => Token::Char('\\'),
                },
                '[' => match set(rest) {
                    Some((token, length)) => {
                        taken = length;
                        token
                    }
                    None => Token::Char('['),
                },
                other => Token::Char(other),
            };
            self.tokens.push(token);
            rest = &rest[taken..];
        }
    }

    /// Adds a piece that can be anything.
    pub(super) fn push_any(&mut self) {
        self.tokens.push(Token::Any);
    }

    /// Returns the name when only one matches.
    pub(super) fn literal(&self) -> Option<String> {
        self.tokens
            .iter()
            .map(|token| match token {
                Token::Char(known) => Some(*known),
                _ => None,
            })
            .collect()
    }

    /// Returns the characters that stand fast, in order.
    pub(super) fn fixed(&self) -> impl Iterator<Item = char> + '_ {
        self.tokens.iter().filter_map(|token| match token {
            Token::Char(known) => Some(*known),
            _ => None,
        })
    }

    /// Returns the characters that stand fast at the end.
    pub(super) fn suffix(&self) -> String {
        let mut suffix: Vec<char> = self
            .tokens
            .iter()
            .rev()
            .map_while(|token| match token {
                Token::Char(known) => Some(*known),
                _ => None,
            })
            .collect();
        suffix.reverse();
        suffix.into_iter().collect()
    }

    /// Returns whether a shell would expand it to `name`: a leading dot is met
    /// by a dot alone. Letters match in either case, as file systems may.
    pub(super) fn expands_to(&self, name: &str) -> bool {
        if name.starts_with('.') && self.tokens.first() != Some(&Token::Char('.')) {
            return false;
        }
        self.matches(name)
    }

    /// Returns whether `name` matches, a leading dot being a character like any
    /// other. Takes time in the product of both lengths.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let (mut rest, mut token) = (name.chars(), 0);
        let mut retry: Option<(Chars<'_>, usize)> = None;
        while let Some(next) = rest.clone().next() {
            match self.tokens.get(token) {
                Some(Token::Any) => {
                    retry = Some((rest.clone(), token));
                    token += 1;
                }
                Some(one) if one.meets(next) => {
                    rest.next();
                    token += 1;
                }
                _ => match &mut retry {
                    Some((from, any)) => {
                        from.next();
                        rest = from.clone();
                        token = *any + 1;
                    }
                    None => return false,
                },
            }
        }
        self.tokens[token..].iter().all(|rest| *rest == Token::Any)
    }
}

/// As a person would write it; sets are not spelled out.
impl fmt::Display for Pattern {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for token in &self.tokens {
            match token {
                Token::Char(known) => to.write_char(*known)?,
                Token::One => to.write_char('?')?,
                Token::Any => to.write_char('*')?,
                Token::Set { .. } => to.write_str("[…]")?,
            }
        }
        Ok(())
    }
}

impl Token {
    fn meets(&self, met: char) -> bool {
        match self {
            Self::Char(known) => known.eq_ignore_ascii_case(&met),
            Self::One | Self::Any => true,
            Self::Set { negated, ranges } => {
                let (lower, upper) = (met.to_ascii_lowercase(), met.to_ascii_uppercase());
                let inside = ranges.iter().any(|(from, to)| {
                    (*from..=*to).contains(&lower) || (*from..=*to).contains(&upper)
                });
                inside != *negated
            }
        }
    }
}

/// How far a set's end is looked for, in bytes: further than any that is meant.
const SET_LIMIT: usize = 256;

/// Returns the set that `text` begins with and its length in bytes, where it is
/// closed.
fn set(text: &str) -> Option<(Token, usize)> {
    let inner = text.strip_prefix('[')?;
    let (negated, body) = match inner.strip_prefix(['!', '^']) {
        Some(body) => (true, body),
        None => (false, inner),
    };
    let start = match body
        .get(..SET_LIMIT.min(body.len()))
        .and_then(|near| near.find(":]"))
    {
        Some(class) if body.starts_with("[:") => class + 2,
        _ => body.chars().next()?.len_utf8(),
    };
    let end = body
        .bytes()
        .take(SET_LIMIT)
        .skip(start)
        .position(|byte| byte == b']')?
        + start;
    let length = text.len() - body.len() + end + 1;
    Some((
        Token::Set {
            negated,
            ranges: ranges(&body[..end]),
        },
        length,
    ))
}

/// Returns the ranges in a set; a class (`[:alpha:]`) counts as any character.
fn ranges(body: &str) -> Vec<(char, char)> {
    if body.starts_with("[:") {
        return vec![('\0', char::MAX)];
    }
    let chars: Vec<char> = body.chars().collect();
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if chars.get(at + 1) == Some(&'-') && at + 2 < chars.len() {
            ranges.push((chars[at], chars[at + 2]));
            at += 3;
        } else {
            ranges.push((chars[at], chars[at]));
            at += 1;
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_as_in_a_shell() {
        for (pattern, name, expected) in [
            (".en?", ".env", true),
            (".env*", ".env", true),
            ("*.env", "prod.env", true),
            ("*", ".env", false),
            ("?env", ".env", false),
            ("[.]env", ".env", false),
            (".[d-f]nv", ".env", true),
            (".[!e]nv", ".env", false),
            (".[^a]nv", ".env", true),
            (".[[:lower:]]nv", ".env", true),
            (".ENV", ".env", true),
            ("a[", "a[", true),
            ("a\\*", "a*", true),
            ("a\\*", "ab", false),
            ("*a*b*c", "xxaxxbxxc", true),
            ("*a*b*c", "xxaxxbxx", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(
                Pattern::parse(pattern).expands_to(name),
                expected,
                "{pattern} {name}"
            );
        }
        assert!(Pattern::parse("*.env*").matches(".env"));
    }

    #[test]
    fn hostile_patterns_cost_their_length() {
        let pattern = Pattern::parse(&"*a".repeat(50_000));
        assert!(!pattern.matches(".env.production"));
        let unclosed = Pattern::parse(&"[".repeat(2_000));
        assert!(unclosed.literal().is_some());
    }
}
