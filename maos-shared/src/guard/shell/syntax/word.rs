//! Words: what is outside of quotes, and how its pieces follow each other.

use super::cursor::ends_word;
use super::tree::{Piece, Raw};
use super::{Error, Parser};
use crate::guard::shell::text::MARK;

/// Begins and ends a word that is given.
pub(super) const MARK_BYTE: u8 = MARK as u8;

impl Parser<'_> {
    /// Reads a word; an empty one where none begins here.
    pub(super) fn word(&mut self) -> Result<Raw, Error> {
        let mut word = Raw::default();
        while let Some(byte) = self.input.peek() {
            match byte {
                b'<' | b'>' if self.input.peek_second() == Some(b'(') => {
                    self.process_substitution(&mut word)?;
                }
                b'(' if self.is_fish() => {
                    let list = self.parenthesized_list()?;
                    word.pieces.push(Piece::Output {
                        list,
                        quoted: false,
                    });
                }
                b'(' if self.qualifies(&word) => {
                    self.nested(|parser| parser.parenthesized_pattern(&mut word))?;
                }
                _ if ends_word(byte) => break,
                b'?' | b'*' | b'+' | b'@' | b'!' if self.input.peek_second() == Some(b'(') => {
                    self.nested(|parser| parser.extended_pattern(&mut word))?;
                }
                _ => self.piece(byte, &mut word)?,
            }
        }
        Ok(word)
    }

    /// Reads a piece that begins with `byte` outside of double quotes.
    pub(super) fn piece(&mut self, byte: u8, word: &mut Raw) -> Result<(), Error> {
        match byte {
            b'\'' => self.single_quotes(word)?,
            b'"' => self.double_quotes(word)?,
            b'$' | b'`' | MARK_BYTE => self.expansion(word, false)?,
            b'\\' => {
                self.input.bump();
                match self.input.peek_raw() {
                    Some(MARK_BYTE) => {}
                    Some(_) => word.push_quoted(self.input.take_char()),
                    None => word.push_quoted("\\"),
                }
            }
            _ => match self.input.take_until(|byte| ends_word(byte) || opens(byte)) {
                "" => word.push_bare(self.input.take_char()),
                run => word.push_bare(run),
            },
        }
        Ok(())
    }

    /// Reads `$…`, a backquoted command or a word that is given.
    pub(super) fn expansion(&mut self, word: &mut Raw, quoted: bool) -> Result<(), Error> {
        match self.input.peek() {
            Some(b'`') => self.backquotes(word, quoted),
            Some(MARK_BYTE) => {
                self.given_word(word, quoted);
                Ok(())
            }
            _ => self.dollar(word, quoted),
        }
    }

    fn given_word(&mut self, word: &mut Raw, quoted: bool) {
        self.input.bump();
        let number = self.input.take_digits();
        self.input.eat(MARK_BYTE);
        let given = number.parse().ok().and_then(|at: usize| self.given.get(at));
        word.pieces.push(Piece::Given {
            word: given.cloned().unwrap_or_default(),
            quoted,
        });
    }

    /// Adds characters that mean themselves, and the given words among them.
    pub(super) fn push_literal(&self, text: &str, word: &mut Raw) {
        for (at, piece) in text.split(MARK).enumerate() {
            if at % 2 == 0 {
                word.push_quoted(piece);
            } else {
                let given = piece.parse().ok().and_then(|at: usize| self.given.get(at));
                word.pieces.push(Piece::Given {
                    word: given.cloned().unwrap_or_default(),
                    quoted: true,
                });
            }
        }
    }

    /// Reads `<(…)` or `>(…)`.
    pub(super) fn process_substitution(&mut self, word: &mut Raw) -> Result<(), Error> {
        let is_read = self.input.peek() == Some(b'>');
        self.input.bump();
        let list = self.parenthesized_list()?;
        word.pieces.push(Piece::Process { list, is_read });
        Ok(())
    }

    /// Reads `!(a|b)` and its kin. What a shell without `extglob` would refuse
    /// is read the same.
    fn extended_pattern(&mut self, word: &mut Raw) -> Result<(), Error> {
        word.push_pattern(self.input.take_char());
        self.parenthesized_pattern(word)
    }

    /// Reads a pattern in parentheses, which blanks do not end.
    pub(super) fn parenthesized_pattern(&mut self, word: &mut Raw) -> Result<(), Error> {
        let mut open = 0_usize;
        while let Some(byte) = self.input.peek() {
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\'' | b'"' | b'$' | b'`' | b'\\' | MARK_BYTE => {
                    self.piece(byte, word)?;
                    continue;
                }
                _ => {}
            }
            word.push_pattern(self.input.take_char());
            if open == 0 {
                return Ok(());
            }
        }
        Err(self.error("a `(` of a pattern is not closed"))
    }
}

/// Returns whether a byte begins a piece of its own inside a word.
fn opens(byte: u8) -> bool {
    matches!(
        byte,
        b'\'' | b'"' | b'$' | b'`' | b'?' | b'*' | b'+' | b'@' | b'!' | MARK_BYTE
    )
}

impl Raw {
    /// Returns the characters of a word that nothing is expanded in.
    pub(super) fn plain_text(&self) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            if let Piece::Bare(known) | Piece::Quoted(known) | Piece::Pattern(known) = piece {
                text.push_str(known);
            }
        }
        text
    }
}
