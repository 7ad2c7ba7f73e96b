//! What an expression of a program is worth.

use super::super::super::shell::{Part, Word};
use super::super::words::{self, push_text, unknown};
use super::printed;

/// What an expression is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A string.
    Text(Word),
    /// A list of strings.
    List(Vec<Word>),
    /// A list of such lists.
    Rows(Vec<Vec<Word>>),
    /// A module with this name.
    Module(String),
    /// Something else.
    Unknown,
}

impl Value {
    /// Returns it as one word.
    pub(super) fn into_word(self) -> Word {
        match self {
            Self::Text(word) => word,
            Self::List(_) | Self::Rows(_) | Self::Module(_) | Self::Unknown => unknown(),
        }
    }

    /// Returns both, `separator` between them; lists become one list.
    pub(super) fn joined(self, separator: &str, right: Self) -> Self {
        match (self, right) {
            (Self::List(mut left), Self::List(right)) => {
                left.extend(right);
                Self::List(left)
            }
            (Self::Unknown, Self::Unknown) => Self::Unknown,
            (left, right) => {
                let mut joined = left.into_word();
                push_text(&mut joined, separator);
                for part in right.into_word().parts {
                    words::push(&mut joined, part);
                }
                Self::Text(joined)
            }
        }
    }

    /// Returns it with something added at its end.
    pub(super) fn grown(self, more: Self) -> Self {
        match (self, more) {
            (Self::List(mut words), Self::Text(word)) => {
                words.push(word);
                Self::List(words)
            }
            // The variable of a loop: each of its texts is added in its round.
            (Self::Text(text), Self::List(words)) => {
                Self::Text(words::join(std::iter::once(&text).chain(&words), ""))
            }
            (old, more) => old.joined("", more),
        }
    }

    /// Returns how long it is, in bytes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(word) => size(word),
            Self::List(words) => words.iter().map(size).sum(),
            Self::Rows(rows) => rows.iter().flatten().map(size).sum(),
            Self::Module(_) | Self::Unknown => 0,
        }
    }
}

/// Returns how long a word is, in bytes.
pub(super) fn size(word: &Word) -> usize {
    let parts = word.parts.iter().map(|part| match part {
        Part::Text(text) => text.len(),
        _ => 1,
    });
    parts.sum()
}

pub(super) fn variable(name: &str) -> Word {
    Word {
        parts: vec![Part::variable(name, true)],
    }
}

/// Returns the word that a shell expands as `glob` does with a text.
pub(super) fn pattern(text: &Word) -> Word {
    let mut word = Word::default();
    for part in &text.parts {
        let Part::Text(text) = part else {
            words::push(&mut word, part.clone());
            continue;
        };
        for (at, name) in text.split('/').enumerate() {
            if at > 0 {
                push_text(&mut word, "/");
            }
            match name.contains(['*', '?', '[']) {
                true => words::push(&mut word, Part::Glob(name.to_owned())),
                false => push_text(&mut word, name),
            }
        }
    }
    word
}

pub(super) fn environment(name: &str) -> Value {
    match name.is_empty() {
        true => Value::Unknown,
        false => Value::Text(variable(name)),
    }
}

/// Returns a text with values in the places that are left for them: `%s`.
pub(super) fn formatted(value: Value, given: Value) -> Value {
    let Value::Text(text) = value else {
        return Value::Unknown;
    };
    let given = match given {
        Value::List(words) => words,
        one => vec![one.into_word()],
    };
    Value::Text(printed::formatted(&text, &given))
}

/// Returns a path with the home that `~` at its start stands for.
pub(super) fn tilde(path: &Word) -> Word {
    let text = super::super::super::arguments::leading_text(path);
    let Some(rest) = text.strip_prefix('~') else {
        return path.clone();
    };
    let user = &rest[..rest.find('/').unwrap_or(rest.len())];
    let home = Word {
        parts: vec![Part::Tilde(user.to_owned())],
    };
    let below = super::super::super::arguments::skip(path, 1 + user.len());
    words::join([&home, &below], "")
}
