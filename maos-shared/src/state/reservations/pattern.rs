//! Patterns for paths: `src/auth/**`, `*.md`, `docs`.
//!
//! `?` is one character and `*` any number of them within one name, `**` any
//! number of names, also none. A pattern that a folder matches is one for all
//! that lies in it. Everything else means itself; `[id].ts` is a name that people
//! use.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::config::limits::RESERVATION_BYTES;

/// A pattern for paths below the root of a checkout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// There is nothing in it.
    #[error("it is empty; `**` is all files")]
    Empty,
    /// It leads out of the checkout.
    #[error("it must be relative to the root of the checkout, without `..`")]
    Outside,
    /// It has a character that no line of text has.
    #[error("it holds a control character")]
    Control,
    /// Nobody writes such a pattern by hand.
    #[error("it is longer than {RESERVATION_BYTES} bytes")]
    Long,
}

/// One step of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// This character.
    Char(char),
    /// Any one character but `/`.
    One,
    /// Any characters but `/`, or none.
    Any,
    /// Any characters, or none.
    Deep,
    /// The next two steps may be left out.
    Maybe,
}

impl Pattern {
    /// Returns the pattern that `text` is. `./` in front, doubled slashes and one
    /// at the end mean nothing.
    ///
    /// # Errors
    /// When it is empty, leads out of the checkout, or is too long.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text.len() > RESERVATION_BYTES {
            return Err(PatternError::Long);
        }
        if text.chars().any(char::is_control) {
            return Err(PatternError::Control);
        }
        if text.starts_with('/') || text.split('/').any(|name| name == "..") {
            return Err(PatternError::Outside);
        }
        let names = text.split('/').filter(|name| !matches!(*name, "" | "."));
        let names: Vec<&str> = names.collect();
        match names.is_empty() {
            true => Err(PatternError::Empty),
            false => Ok(Self(names.join("/"))),
        }
    }

    /// Returns it as a person writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the file at `path`, below the root of its checkout, is one
    /// of its files. `fold` makes one of all spellings that the file system takes
    /// for the same. Takes time in the product of both lengths.
    #[must_use]
    pub fn matches(&self, path: &str, fold: impl Fn(&str) -> String) -> bool {
        let tokens = tokens(&fold(&self.0));
        let mut at = vec![false; tokens.len() + 1];
        at[0] = true;
        skip(&tokens, &mut at);
        for character in fold(path).chars() {
            let mut next = vec![false; tokens.len() + 1];
            for (index, token) in tokens.iter().enumerate().filter(|(index, _)| at[*index]) {
                if token.takes(character) {
                    next[index + usize::from(!token.repeats())] = true;
                }
            }
            skip(&tokens, &mut next);
            at = next;
        }
        at[tokens.len()]
    }

    /// Returns whether one path can match both. `fold` as for
    /// [`Pattern::matches`].
    #[must_use]
    pub fn meets<'a>(&'a self, other: &'a Self, fold: impl Fn(&'a str) -> Cow<'a, str>) -> bool {
        let (one, two) = (tokens(&fold(&self.0)), tokens(&fold(&other.0)));
        // Where both can be after some path, to be followed from there.
        let mut known = vec![false; (one.len() + 1) * (two.len() + 1)];
        let mut open = vec![(0, 0)];
        while let Some((i, j)) = open.pop() {
            let known = &mut known[i * (two.len() + 1) + j];
            if std::mem::replace(known, true) {
                continue;
            }
            if (i, j) == (one.len(), two.len()) {
                return true;
            }
            open.extend(skips(&one, i).map(|i| (i, j)));
            open.extend(skips(&two, j).map(|j| (i, j)));
            if let (Some(first), Some(second)) = (one.get(i), two.get(j))
                && first.shares(*second)
            {
                let stay = |at: usize, token: &Token| at + usize::from(!token.repeats());
                open.push((stay(i, first), stay(j, second)));
            }
        }
        false
    }
}

impl TryFrom<String> for Pattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        Self::parse(&text)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

impl Token {
    /// Returns whether the step is taken with this character.
    fn takes(self, character: char) -> bool {
        match self {
            Self::Char(own) => own == character,
            Self::One | Self::Any => character != '/',
            Self::Deep => true,
            Self::Maybe => false,
        }
    }

    /// Returns whether the step can be taken again.
    const fn repeats(self) -> bool {
        matches!(self, Self::Any | Self::Deep)
    }

    /// Returns whether there is a character that both steps are taken with.
    fn shares(self, other: Self) -> bool {
        match (self, other) {
            (Self::Char(own), other) | (other, Self::Char(own)) => other.takes(own),
            (Self::Maybe, _) | (_, Self::Maybe) => false,
            _ => true,
        }
    }
}

/// Returns where else one is who is at `at`, without a character.
fn skips(tokens: &[Token], at: usize) -> impl Iterator<Item = usize> + use<> {
    let (next, over) = match tokens.get(at) {
        Some(Token::Any | Token::Deep) => (Some(at + 1), None),
        Some(Token::Maybe) => (Some(at + 1), Some(at + 3)),
        _ => (None, None),
    };
    next.into_iter().chain(over)
}

/// Adds all places that are reached without a character; they lie behind.
fn skip(tokens: &[Token], at: &mut [bool]) {
    for index in 0..tokens.len() {
        if at[index] {
            skips(tokens, index).for_each(|next| at[next] = true);
        }
    }
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let is_name = matches!(tokens.last(), None | Some(Token::Char('/')));
        let taken = match first {
            // `a/**/b` is `a/b` as well.
            '*' if is_name && rest.starts_with("**/") => {
                tokens.extend([Token::Maybe, Token::Deep, Token::Char('/')]);
                3
            }
            '*' if rest.starts_with("**") => {
                tokens.push(Token::Deep);
                2
            }
            '*' => {
                tokens.push(Token::Any);
                1
            }
            '?' => {
                tokens.push(Token::One);
                1
            }
            other => {
                tokens.push(Token::Char(other));
                other.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    // What lies in a folder that matches.
    tokens.extend([Token::Maybe, Token::Char('/'), Token::Deep]);
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::grows_linearly;

    fn pattern(text: &str) -> Pattern {
        Pattern::parse(text).unwrap()
    }

    #[test]
    fn a_pattern_matches_as_a_person_means_it() {
        let cases = [
            ("src/auth/**", "src/auth/a.rs", true),
            ("src/auth/**", "src/auth/deep/er/a.rs", true),
            ("src/auth/**", "src/author.rs", false),
            ("src/auth", "src/auth/deep/a.rs", true),
            ("./src//auth/", "src/auth/a.rs", true),
            ("src/auth", "src/auth.rs", false),
            ("*.md", "README.md", true),
            ("*.md", "docs/A.md", false),
            ("**/*.md", "README.md", true),
            ("**/*.md", "docs/deep/A.md", true),
            ("src/**/mod.rs", "src/mod.rs", true),
            ("src/**/mod.rs", "src/a/b/mod.rs", true),
            ("src/**/mod.rs", "src/amod.rs", false),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("app/[id].ts", "app/[id].ts", true),
            ("app/[id].ts", "app/i.ts", false),
            ("**", "any/thing", true),
            ("a*b*c", "a-b-b-c", true),
            ("é*", "élan", true),
        ];
        for (text, path, matches) in cases {
            let found = pattern(text).matches(path, ToOwned::to_owned);
            assert_eq!(found, matches, "{text} {path}");
        }
        assert!(pattern("SRC/*").matches("src/A", |text| text.to_lowercase()));
    }

    #[test]
    fn two_patterns_meet_where_one_path_can_match_both() {
        let cases = [
            ("src/auth/**", "src/**/*.rs", true),
            ("src/auth/**", "src/author/**", false),
            ("src/auth", "src/auth/login.rs", true),
            ("*.md", "*.rs", false),
            ("a*", "*b", true),
            ("a*c", "a?", true),
            ("a*c", "b*", false),
            ("**/a", "b/**", true),
            ("src/*.rs", "src/*/mod.rs", true),
            ("src/?.md", "src/ab.md", false),
        ];
        for (one, two, meet) in cases {
            let (one, two) = (pattern(one), pattern(two));
            for (one, two) in [(&one, &two), (&two, &one)] {
                assert_eq!(one.meets(two, Cow::Borrowed), meet, "{one:?} {two:?}");
            }
        }
    }

    #[test]
    fn no_pattern_leads_out_of_the_checkout() {
        for (text, error) in [
            ("", PatternError::Empty),
            ("./", PatternError::Empty),
            ("/etc/**", PatternError::Outside),
            ("a/../../b", PatternError::Outside),
            ("a\nb", PatternError::Control),
            ("a\0b", PatternError::Control),
            (&"a".repeat(RESERVATION_BYTES + 1), PatternError::Long),
        ] {
            assert_eq!(Pattern::parse(text), Err(error), "{text:?}");
        }
        assert!(serde_json::from_str::<Pattern>("\"../x\"").is_err());
    }

    #[test]
    fn many_stars_take_no_time() {
        let stars = pattern(&"*a".repeat(RESERVATION_BYTES / 2));
        let path = |length: usize| "a".repeat(length) + "b";
        let works = |path: &String| assert!(!stars.matches(path, ToOwned::to_owned));
        assert!(grows_linearly(200, path, works));
    }
}
