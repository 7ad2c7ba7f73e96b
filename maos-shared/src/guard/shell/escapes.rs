//! Backslash escapes in texts that a shell or a program decodes.

/// Who decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `$'…'`
    AnsiC,
    /// `echo -e`, `printf %b`
    Echo,
    /// The format of `printf`
    Printf,
}

/// Returns what `$'…'` means.
pub(super) fn ansi_c(text: &str) -> String {
    decode(text, Dialect::AnsiC).0
}

/// Returns what a text means, and whether a `\c` ended it.
pub(super) fn decode(text: &str, dialect: Dialect) -> (String, bool) {
    let mut decoder = Decoder {
        rest: text,
        bytes: Vec::with_capacity(text.len()),
        dialect,
    };
    let mut ended = false;
    while let Some((before, after)) = decoder.rest.split_once('\\') {
        decoder.bytes.extend(before.bytes());
        decoder.rest = after;
        ended = !decoder.escape();
        if ended {
            decoder.rest = "";
        }
    }
    decoder.bytes.extend(decoder.rest.bytes());
    if dialect == Dialect::AnsiC
        && let Some(end) = decoder.bytes.iter().position(|byte| *byte == 0)
    {
        decoder.bytes.truncate(end);
    }
    let text = String::from_utf8_lossy(&decoder.bytes).into_owned();
    (text, ended)
}

struct Decoder<'t> {
    rest: &'t str,
    bytes: Vec<u8>,
    dialect: Dialect,
}

impl Decoder<'_> {
    /// Decodes what follows a backslash; returns whether the text goes on.
    fn escape(&mut self) -> bool {
        let Some(next) = self.rest.chars().next() else {
            self.bytes.push(b'\\');
            return true;
        };
        let before = self.rest;
        self.rest = &self.rest[next.len_utf8()..];
        match next {
            'a' => self.bytes.push(0x07),
            'b' => self.bytes.push(0x08),
            'e' | 'E' => self.bytes.push(0x1b),
            'f' => self.bytes.push(0x0c),
            'n' => self.bytes.push(b'\n'),
            'r' => self.bytes.push(b'\r'),
            't' => self.bytes.push(b'\t'),
            'v' => self.bytes.push(0x0b),
            '\\' => self.bytes.push(b'\\'),
            '\'' | '"' | '?' if self.dialect != Dialect::Echo => {
                self.bytes.extend(next.to_string().bytes())
            }
            'x' => self.number(16, 2, "\\x"),
            'u' => self.character(4, "\\u"),
            'U' => self.character(8, "\\U"),
            'c' if self.dialect == Dialect::AnsiC => self.control(),
            'c' => return false,
            '0' if self.dialect == Dialect::Echo => self.number(8, 3, "\0"),
            '0'..='7' => {
                self.rest = before;
                self.number(8, 3, "");
            }
            other => {
                self.bytes.push(b'\\');
                self.bytes.extend(other.to_string().bytes());
            }
        }
        true
    }

    /// Takes up to `most` digits.
    fn digits(&mut self, radix: u32, most: usize) -> Option<u32> {
        let chars = self.rest.chars().take(most);
        let length = chars.take_while(|c| c.is_digit(radix)).count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        u32::from_str_radix(digits, radix).ok()
    }

    fn number(&mut self, radix: u32, most: usize, otherwise: &str) {
        match self.digits(radix, most) {
            Some(number) => self.bytes.push(number.to_le_bytes()[0]),
            None => self.bytes.extend(otherwise.bytes()),
        }
    }

    fn character(&mut self, most: usize, otherwise: &str) {
        let number = self.digits(16, most);
        match number.map(char::from_u32) {
            Some(Some(character)) => self.bytes.extend(character.to_string().bytes()),
            Some(None) => {}
            None => self.bytes.extend(otherwise.bytes()),
        }
    }

    /// Takes the character of `\cx`.
    fn control(&mut self) {
        if let Some(next) = self.rest.chars().next() {
            self.rest = &self.rest[next.len_utf8()..];
            self.bytes
                .extend(next.to_string().bytes().map(|byte| byte & 0x1f));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_mean_what_their_dialect_says() {
        for (text, expected) in [
            (r"\x72\x6d", "rm"),
            (r"\162\155", "rm"),
            (r"\u0072m", "rm"),
            (r"it\'s", "it's"),
            (r"a\qb\", r"a\qb\"),
            (r"a\0b", "a"),
            (r"\xzz", r"\xzz"),
            (r"\xc3\xa9", "é"),
            (r"\cJ", "\n"),
        ] {
            assert_eq!(ansi_c(text), expected, "{text}");
        }
        for (text, expected) in [
            (r"\0162\0155", ("rm", false)),
            (r"rm\c -x", ("rm", true)),
            (r"\'", (r"\'", false)),
        ] {
            let expected = (expected.0.to_owned(), expected.1);
            assert_eq!(decode(text, Dialect::Echo), expected, "{text}");
        }
    }
}
