//! Arithmetic: of an expression only what is expanded in it matters.

use std::collections::HashMap;

use super::cursor::Cursor;
use super::tree::Raw;
use super::{Error, Parser};

/// What scans of the text have found out, so that none goes over it twice.
#[derive(Default)]
pub(super) struct Seen {
    /// Where the parentheses close, by where they open.
    closes: HashMap<usize, usize>,
    /// From here on, nothing closes a parenthesis that the scan met open.
    open_from: Option<usize>,
}

impl Parser<'_> {
    /// Returns where the `))` is that ends an expression whose second `(` comes
    /// next; `None` where both parentheses are those of subshells.
    pub(super) fn arithmetic_end(&mut self, mut from: Cursor<'_>) -> Option<usize> {
        from.peek();
        let open = from.at();
        if !self.arithmetic.closes.contains_key(&open) {
            if self.arithmetic.open_from.is_some_and(|start| start <= open) {
                return None;
            }
            self.arithmetic.scan(from);
        }
        let close = *self.arithmetic.closes.get(&open)?;
        from.go_to(close);
        (from.peek_second() == Some(b')')).then_some(close)
    }

    /// Reads an expression up to `end`, and past its `))`.
    pub(super) fn arithmetic_to(&mut self, end: usize) -> Result<Raw, Error> {
        let mut expression = Raw::default();
        let whole = self.input;
        self.input = whole.within(whole.at(), end);
        while let Some(byte) = self.input.peek() {
            self.quoted_piece(byte, &mut expression, b'"')?;
        }
        self.input = whole;
        self.input.go_to(end);
        self.input.bump();
        self.input.bump();
        Ok(expression)
    }
}

impl Seen {
    /// Notes where parentheses close, up to the one that closes the first.
    fn scan(&mut self, mut from: Cursor<'_>) {
        let start = from.at();
        let mut open = Vec::new();
        while let Some(byte) = from.peek() {
            match byte {
                b'(' => open.push(from.at()),
                b')' => {
                    if let Some(opened) = open.pop() {
                        self.closes.insert(opened, from.at());
                    }
                    if open.is_empty() {
                        return;
                    }
                }
                b'\\' => from.bump(),
                b'\'' | b'"' | b'`' => skip_quotes(&mut from, byte),
                _ => {}
            }
            from.bump();
        }
        self.open_from = Some(start);
    }
}

/// Goes to the quote that closes the one that comes next.
pub(super) fn skip_quotes(from: &mut Cursor<'_>, quote: u8) {
    from.go_to(from.at() + 1);
    while let Some(byte) = from.peek_raw() {
        if byte == quote {
            return;
        }
        let escapes = byte == b'\\' && quote != b'\'';
        from.go_to(from.at() + 1 + usize::from(escapes));
    }
}
