//! Shell text found inside a word: `eval "$X; ls"`. What is known of the word
//! is text, what is not stands in it as one piece that the parser puts back.

use std::fmt::Write as _;

use super::{Part, Word};

/// Begins and ends the number of a word that stands in a text. No text of the
/// user's has it: a shell cannot be given one.
pub(super) const MARK: char = '\0';

/// Shell text with words in it that are known already.
#[derive(Debug, Default)]
pub(super) struct Text {
    text: String,
    given: Vec<Word>,
}

impl Text {
    pub(super) fn plain(text: &str) -> Self {
        let mut plain = Self::default();
        plain.push_str(text);
        plain
    }

    /// Returns the text that the value of `word` is.
    pub(super) fn of(word: &Word) -> Self {
        let mut text = Self::default();
        text.push_word(word);
        text
    }

    pub(super) fn push_word(&mut self, word: &Word) {
        for part in &word.parts {
            match part {
                Part::Text(known) => self.push_str(known),
                Part::Glob(pattern) => self.push_str(pattern),
                // A home stays one in quotes too: it was expanded before.
                unknown => self.push_given(Word {
                    parts: vec![unquoted(unknown)],
                }),
            }
        }
    }

    pub(super) fn push_str(&mut self, text: &str) {
        self.text.reserve(text.len());
        self.text.extend(text.split(MARK));
    }

    /// Adds a word that stays as it is.
    pub(super) fn push_given(&mut self, word: Word) {
        // Writing to a string does not fail.
        let _ = write!(self.text, "{MARK}{}{MARK}", self.given.len());
        self.given.push(word);
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the words that the numbers in the text stand for.
    pub(super) fn given(&self) -> &[Word] {
        &self.given
    }
}

/// Returns the part as it is outside of quotes: it may become several words.
pub(in crate::guard) fn unquoted(part: &Part) -> Part {
    with_quotes(part, false)
}

/// Returns the part as it is inside or outside of double quotes.
pub(super) fn with_quotes(part: &Part, quoted: bool) -> Part {
    match part.clone() {
        Part::Variable { name, chosen, .. } => Part::Variable {
            name,
            quoted,
            chosen,
        },
        Part::Output { commands, .. } => Part::Output { commands, quoted },
        Part::Unknown { .. } => Part::Unknown { quoted },
        known => known,
    }
}
