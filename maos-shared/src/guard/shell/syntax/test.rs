//! `[[ … ]]`: its words, without what its operators mean.

use super::tree::{Compound, Raw};
use super::word::MARK_BYTE;
use super::{Error, Parser};

impl Parser<'_> {
    /// Reads what follows `[[`.
    pub(super) fn test(&mut self) -> Result<Compound, Error> {
        let mut words = Vec::new();
        loop {
            self.skip_lines()?;
            if self.eat_word("]]") {
                return Ok(Compound::Test(words));
            }
            if self.input.peek().is_none() {
                return Err(self.error("`]]` is missing"));
            }
            if self.word_is_missing() {
                self.input.bump();
                continue;
            }
            let word = self.word()?;
            if word.bare() == Some("=~") {
                self.skip_blanks();
                words.push(self.regular_expression()?);
            }
            words.push(word);
        }
    }

    /// Reads the right-hand side of `=~`, where parentheses and `|` are its own.
    fn regular_expression(&mut self) -> Result<Raw, Error> {
        let mut word = Raw::default();
        while let Some(byte) = self.input.peek() {
            match byte {
                b'(' => self.nested(|parser| parser.parenthesized_pattern(&mut word))?,
                b' ' | b'\t' | b'\n' | b')' | b'&' | b';' => break,
                b'\'' | b'"' | b'$' | b'`' | b'\\' | MARK_BYTE => self.piece(byte, &mut word)?,
                _ => word.push_pattern(self.input.take_char()),
            }
        }
        Ok(word)
    }
}
