//! The values that a variable may have.

use std::rc::Rc;

use crate::config::limits;
use crate::guard::shell::{Part, Word};

/// A value that a variable may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Value {
    /// Nothing in the text says: it may be unset, too.
    Any,
    /// No branch ran that gives it one, or it was asked what it is: it has what
    /// it had outside of the text, or is unset.
    Otherwise,
    Unset,
    Scalar(Rc<Word>),
    /// The elements with their subscripts.
    Array(Rc<[(String, Word)]>),
}

impl Value {
    /// Returns the value where it is one word.
    pub(in super::super) fn word(&self) -> Option<&Word> {
        match self {
            Self::Scalar(word) => Some(word),
            _ => None,
        }
    }

    pub(in super::super) fn scalar(word: Word) -> Self {
        Self::Scalar(Rc::new(word))
    }
}

/// What happens to the letters of every value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Letters {
    #[default]
    AsGiven,
    Lower,
    Upper,
}

/// Adds values that are not among them yet; too many become any.
pub(super) fn add_values(values: &mut Vec<Value>, more: &[Value]) {
    for value in more {
        if !values.contains(value) {
            values.push(value.clone());
        }
        if values.len() > limits::SHELL_VALUES {
            *values = vec![Value::Any];
            return;
        }
    }
}

/// Returns the value as it is kept.
pub(super) fn with_letters(value: Value, letters: Letters) -> Value {
    let change: fn(&str) -> String = match letters {
        Letters::AsGiven => return value,
        Letters::Lower => str::to_lowercase,
        Letters::Upper => str::to_uppercase,
    };
    match value {
        Value::Scalar(word) => Value::scalar(map_text(&word, change)),
        other => other,
    }
}

/// Returns the word with every text in it changed.
pub(in super::super) fn map_text(word: &Word, change: impl Fn(&str) -> String) -> Word {
    let parts = word.parts.iter().map(|part| match part {
        Part::Text(text) => Part::Text(change(text)),
        other => other.clone(),
    });
    Word {
        parts: parts.collect(),
    }
}

/// Returns a word of known characters.
pub(in super::super) fn text(text: &str) -> Word {
    // A list of one part: a script may have many thousands of words.
    let parts = match text.is_empty() {
        true => Vec::new(),
        false => vec![Part::Text(text.to_owned())],
    };
    Word { parts }
}

/// Returns one word of which nothing is known.
pub(in super::super) fn unknown() -> Word {
    Word {
        parts: vec![Part::Unknown { quoted: true }],
    }
}
