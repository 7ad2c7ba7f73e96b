//! Strings of a form of its own, and what Perl, Ruby, Lua and Python know
//! besides.

use super::literals::{self, Piece};
use super::tokens::{Reader, Token};

/// How many letters stand before a string of Python at most.
const PREFIX_LETTERS: usize = 2;

impl Reader<'_, '_> {
    pub(super) fn read_prefixed(&mut self) -> bool {
        let letters = self.rest.bytes().take(PREFIX_LETTERS + 1);
        let end = letters.take_while(u8::is_ascii_alphabetic).count();
        if !(1..=PREFIX_LETTERS).contains(&end) || !self.rest[end..].starts_with(['\'', '"']) {
            return false;
        }
        let prefix = self.rest[..end].to_ascii_lowercase();
        let style = literals::prefixed(&prefix);
        let (style, quote) = literals::python(&self.rest[end..], style);
        self.push_string(end + quote.len(), None, quote, style, false)
    }

    pub(super) fn read_perl(&mut self) -> bool {
        if self.rest.starts_with('<') {
            return self.read_glob();
        }
        const OPERATORS: [&str; 9] = ["qq", "qx", "qw", "qr", "q", "tr", "m", "s", "y"];
        let is_part_of_name = matches!(
            self.tokens.last(),
            Some(Token::Mark('$' | '@' | '%') | Token::Dot)
        );
        let operator = OPERATORS.into_iter().find(|operator| {
            let after = self.rest.strip_prefix(operator);
            after.is_some_and(|after| after.starts_with(literals::is_delimiter))
        });
        let Some(operator) = operator.filter(|_| !is_part_of_name) else {
            return false;
        };
        let (open, close) = literals::delimiters(&self.rest[operator.len()..]);
        let opening = operator.len() + 1;
        match operator {
            "q" => self.push_string(opening, open, close, literals::PLAIN, false),
            "qq" => self.push_string(opening, open, close, self.lexis.double, false),
            "qx" => self.push_string(opening, open, close, self.lexis.double, true),
            "qw" => self.push_words(opening, close),
            _ => {
                let length = |text| literals::read(text, open, close, literals::PLAIN);
                let (_, mut end) = length(&self.rest[opening..]).unwrap_or_default();
                if matches!(operator, "s" | "tr" | "y") {
                    let second = self.rest.get(opening + end..).unwrap_or_default();
                    let again = usize::from(open.is_some());
                    let (_, more) =
                        length(second.get(again..).unwrap_or_default()).unwrap_or_default();
                    end += again + more;
                }
                self.take(opening + end);
                true
            }
        }
    }

    /// Reads `<*.txt>`, which is `glob("*.txt")`; other than `<STDIN>`, it has
    /// a pattern or a folder in it.
    fn read_glob(&mut self) -> bool {
        let inside = self.rest[1..].split(['>', '\n']).next().unwrap_or_default();
        let is_pattern = inside.contains(['*', '?', '[', '/', '~']) && !inside.contains([' ', '=']);
        let end = 1 + inside.len();
        if !is_pattern || !self.rest[end..].starts_with('>') {
            return false;
        }
        let text = vec![Piece::Text(inside.to_owned())];
        self.tokens.extend([
            Token::Name("glob"),
            Token::Mark('('),
            Token::Text(text),
            Token::Mark(')'),
        ]);
        self.take(end + 1);
        true
    }

    pub(super) fn read_ruby(&mut self) -> bool {
        let kind = self.rest[1..].chars().next().unwrap_or_default();
        let letter = matches!(kind, 'q' | 'Q' | 'x' | 'w' | 'W' | 'i' | 'I');
        let opening = 1 + usize::from(letter);
        let delimiter = &self.rest[opening..];
        if !delimiter.starts_with(['(', '[', '{', '<', '|', '!', '/']) {
            return false;
        }
        let (open, close) = literals::delimiters(delimiter);
        let opening = opening + 1;
        match kind {
            'w' | 'W' | 'i' | 'I' => self.push_words(opening, close),
            'q' => self.push_string(opening, open, close, literals::PLAIN, false),
            'x' => self.push_string(opening, open, close, self.lexis.double, true),
            _ => self.push_string(opening, open, close, self.lexis.double, false),
        }
    }

    fn push_words(&mut self, opening: usize, close: &str) -> bool {
        let inside = &self.rest[opening..];
        let end = inside.find(close).unwrap_or(inside.len());
        let words = inside[..end].split_ascii_whitespace().collect();
        self.tokens.push(Token::Words(words));
        self.take(opening + end + close.len());
        true
    }

    pub(super) fn read_lua(&mut self) -> bool {
        let level = self.rest[1..]
            .bytes()
            .take_while(|byte| *byte == b'=')
            .count();
        if !self.rest[1 + level..].starts_with('[') {
            return false;
        }
        let close = format!("]{}]", &self.rest[1..1 + level]);
        self.push_string(level + 2, None, &close, literals::RAW, false)
    }
}
