//! Assignments.

use super::cursor::{Cursor, is_word_end};
use super::tree::{Assigned, Assignment, Raw};
use super::{Error, Parser};

/// How far the end of a subscript is looked for, in bytes: further than any
/// that is meant.
const SUBSCRIPT_BYTES: usize = 1024;

impl Parser<'_> {
    /// Reads an assignment; `None` where the next word is none.
    pub(super) fn assignment(&mut self) -> Result<Option<Assignment>, Error> {
        let mut ahead = self.input;
        if !ahead.skip_name() || !matches!(ahead.peek(), Some(b'=' | b'+' | b'[')) {
            return Ok(None);
        }
        let mut ahead = self.input;
        let name = ahead.take_name();
        let subscript = match ahead.peek() {
            Some(b'[') if self.is_assigned_subscript(ahead) => {
                self.input = ahead;
                self.input.bump();
                let subscript = self.nested(Self::subscript)?;
                ahead = self.input;
                Some(subscript)
            }
            _ => None,
        };
        let appends = ahead.eat(b'+');
        if !ahead.eat(b'=') {
            return Ok(None);
        }
        self.input = ahead;
        let value = match self.input.peek() {
            Some(b'(') => self.nested(Self::array)?,
            _ => Assigned::Scalar(self.word()?),
        };
        Ok(Some(Assignment {
            name,
            subscript,
            appends,
            value,
        }))
    }

    /// Reads an assignment of an array, which no other word can look like.
    pub(super) fn array_assignment(&mut self) -> Result<Option<Assignment>, Error> {
        let mut ahead = self.input;
        let named = ahead.skip_name();
        ahead.eat(b'+');
        match named && ahead.eat(b'=') && ahead.peek() == Some(b'(') {
            true => self.assignment(),
            false => Ok(None),
        }
    }

    fn array(&mut self) -> Result<Assigned, Error> {
        self.input.bump();
        let mut elements = Vec::new();
        loop {
            self.skip_lines()?;
            if self.input.eat(b')') {
                break;
            }
            elements.push(self.element()?);
        }
        if !is_word_end(self.input.peek()) {
            // What follows at once makes the shell take it all for a text.
            elements.push((None, self.word()?));
        }
        Ok(Assigned::Array(elements))
    }

    fn element(&mut self) -> Result<(Option<Raw>, Raw), Error> {
        if self.input.peek() == Some(b'[') && self.is_assigned_subscript(self.input) {
            self.input.bump();
            let subscript = self.subscript()?;
            self.input.eat(b'+');
            self.input.eat(b'=');
            return Ok((Some(subscript), self.word()?));
        }
        Ok((None, self.required_word("an array is not closed")?))
    }

    /// Returns whether the `[` that comes next closes before a `=`.
    fn is_assigned_subscript(&mut self, mut ahead: Cursor<'_>) -> bool {
        let end = ahead.at() + SUBSCRIPT_BYTES;
        if self.next_value(&ahead).is_none_or(|next| next > end) {
            return false;
        }
        let mut open = 0_usize;
        while ahead.at() <= end
            && let Some(byte) = ahead.peek()
        {
            match byte {
                b'[' => open += 1,
                b']' if open > 1 => open -= 1,
                b']' => {
                    ahead.bump();
                    ahead.eat(b'+');
                    return ahead.peek() == Some(b'=');
                }
                b'\\' => ahead.bump(),
                b'\'' | b'"' => super::arithmetic::skip_quotes(&mut ahead, byte),
                _ => {}
            }
            ahead.bump();
        }
        false
    }

    /// Returns where the next `]=` or `]+=` is.
    fn next_value(&mut self, from: &Cursor<'_>) -> Option<usize> {
        if self.next_value < from.at() {
            let rest = from.rest();
            let found = rest.match_indices(']').find(|(at, _)| {
                let behind = &rest[at + 1..];
                behind.starts_with('=') || behind.starts_with("+=")
            });
            self.next_value = found.map_or(usize::MAX, |(at, _)| from.at() + at);
        }
        (self.next_value < usize::MAX).then_some(self.next_value)
    }
}
