//! Quotes.

use super::tree::Raw;
use super::word::MARK_BYTE;
use super::{Error, Parser};
use crate::guard::shell::escapes;

impl Parser<'_> {
    /// Reads `'…'`.
    pub(super) fn single_quotes(&mut self, word: &mut Raw) -> Result<(), Error> {
        self.input.bump();
        let rest = self.input.rest();
        let length = match self.is_fish() {
            true => escaped_length(rest),
            false => rest.find('\''),
        };
        let Some(length) = length else {
            return Err(self.error("a single quote is not closed"));
        };
        let text = self.input.slice(self.input.at(), self.input.at() + length);
        match self.is_fish() && text.contains('\\') {
            true => {
                let text = text.replace("\\'", "'").replace("\\\\", "\\");
                self.push_literal(&text, word);
            }
            false => self.push_literal(text, word),
        }
        self.input.go_to(self.input.at() + length + 1);
        Ok(())
    }

    /// Reads `$'…'`, standing at the quote.
    pub(super) fn ansi_quotes(&mut self, word: &mut Raw) -> Result<(), Error> {
        self.input.bump();
        let start = self.input.at();
        let mut escaped = false;
        for (at, byte) in self.input.rest().bytes().enumerate() {
            match byte {
                b'\'' if !escaped => {
                    let text = self.input.slice(start, start + at);
                    match text.as_bytes().contains(&MARK_BYTE) {
                        true => self.push_literal(text, word),
                        false => word.push_quoted(&escapes::ansi_c(text)),
                    }
                    self.input.go_to(start + at + 1);
                    return Ok(());
                }
                _ => escaped = byte == b'\\' && !escaped,
            }
        }
        Err(self.error("a `$'` is not closed"))
    }

    /// Reads `"…"`.
    pub(super) fn double_quotes(&mut self, word: &mut Raw) -> Result<(), Error> {
        self.input.bump();
        if self.input.peek() == Some(b'"') {
            // Only these make a word of nothing: `"$@"` may be none.
            word.push_quoted("");
        }
        while let Some(byte) = self.input.peek() {
            if byte == b'"' {
                self.input.bump();
                return Ok(());
            }
            self.quoted_piece(byte, word, b'"')?;
        }
        Err(self.error("a double quote is not closed"))
    }

    /// Reads a piece that begins with `byte` inside of double quotes, or of what
    /// is read like them; a backslash quotes `also` there.
    pub(super) fn quoted_piece(&mut self, byte: u8, word: &mut Raw, also: u8) -> Result<(), Error> {
        match byte {
            b'$' | b'`' | MARK_BYTE => self.expansion(word, true)?,
            b'\\' => {
                self.input.bump();
                match self.input.peek_raw() {
                    Some(next) if matches!(next, b'$' | b'`' | b'\\') || next == also => {
                        word.push_quoted(self.input.take_char());
                    }
                    _ => word.push_quoted("\\"),
                }
            }
            _ => {
                let run = self.input.take_until(|byte| {
                    matches!(byte, b'$' | b'`' | b'"' | b'\'' | b'}' | MARK_BYTE)
                });
                match run {
                    "" => word.push_quoted(self.input.take_char()),
                    run => word.push_quoted(run),
                }
            }
        }
        Ok(())
    }
}

/// Returns where the quotes end which hold quotes behind backslashes.
fn escaped_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'\'' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}
