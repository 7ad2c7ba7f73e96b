//! A place in a text, and looking ahead from it.

/// A place in a text. Copy it to look ahead.
///
/// A backslash before a line's end joins the lines: [`Cursor::peek`] and
/// [`Cursor::bump`] never see the two, [`Cursor::peek_raw`] does.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Returns the place in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Returns a cursor that sees only `start..end` of the text.
    pub(super) fn within(&self, start: usize, end: usize) -> Self {
        Self {
            text: self.text.get(..end).unwrap_or_default(),
            at: start,
        }
    }

    /// Returns a piece of the text.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Returns all that follows.
    pub(super) fn rest(&self) -> &'t str {
        self.rest_from(self.at)
    }

    pub(super) fn rest_from(&self, start: usize) -> &'t str {
        self.text.get(start..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn peek_raw(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Returns the next byte, joining lines.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        match self.peek_raw() {
            Some(b'\\') => self.peek_joined(),
            next => next,
        }
    }

    fn peek_joined(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at) == Some(&b'\\') && bytes.get(self.at + 1) == Some(&b'\n') {
            self.at += 2;
        }
        self.peek_raw()
    }

    /// Returns the byte after the next one.
    pub(super) fn peek_second(&self) -> Option<u8> {
        let mut ahead = *self;
        ahead.bump();
        ahead.peek()
    }

    /// Goes past the next byte, which the caller has seen.
    pub(super) fn bump(&mut self) {
        self.peek();
        self.at = (self.at + 1).min(self.text.len());
    }

    /// Goes past the next byte where it is this one.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let met = self.peek() == Some(byte);
        if met {
            self.bump();
        }
        met
    }

    /// Goes past these bytes where they come next.
    pub(super) fn eat_all(&mut self, bytes: &str) -> bool {
        let mut ahead = *self;
        let met = bytes.bytes().all(|byte| ahead.eat(byte));
        if met {
            *self = ahead;
        }
        met
    }

    /// Takes the next character, whatever it is.
    pub(super) fn take_char(&mut self) -> &'t str {
        let start = self.at;
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        self.at += length;
        self.slice(start, self.at)
    }

    /// Takes characters up to a byte that `ends`, or a backslash.
    pub(super) fn take_until(&mut self, ends: impl Fn(u8) -> bool) -> &'t str {
        let start = self.at;
        let rest = self.rest().bytes();
        self.at += rest
            .take_while(|byte| !ends(*byte) && *byte != b'\\')
            .count();
        self.slice(start, self.at)
    }

    /// Takes an identifier; an empty text where none begins here.
    pub(super) fn take_name(&mut self) -> String {
        let mut name = String::new();
        while let Some(byte) = self.next_of_name(name.is_empty()) {
            name.push(char::from(byte));
        }
        name
    }

    /// Goes past an identifier; returns whether one begins here.
    pub(super) fn skip_name(&mut self) -> bool {
        let met = self.next_of_name(true).is_some();
        while met && self.next_of_name(false).is_some() {}
        met
    }

    /// Takes the next byte of an identifier.
    fn next_of_name(&mut self, is_first: bool) -> Option<u8> {
        let byte = self.peek()?;
        let continues =
            byte == b'_' || byte.is_ascii_alphabetic() || (byte.is_ascii_digit() && !is_first);
        continues.then(|| {
            self.at += 1;
            byte
        })
    }

    /// Takes decimal digits.
    pub(super) fn take_digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some(byte) = self.peek()
            && byte.is_ascii_digit()
        {
            digits.push(char::from(byte));
            self.bump();
        }
        digits
    }
}

/// Returns whether an unquoted byte ends a word.
pub(super) fn ends_word(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')'
    )
}

/// Returns whether nothing that comes next continues a word.
pub(super) fn is_word_end(next: Option<u8>) -> bool {
    next.is_none_or(ends_word)
}
