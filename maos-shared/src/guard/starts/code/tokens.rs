//! Code as tokens: names, literals, marks. Comments and regular expressions
//! are left out, so what stands in them is no call.
//!
//! Tolerant: text that is no program becomes tokens too.

use super::super::super::list::List;
use super::super::super::shell::{Part, Word};
use super::literals::{self, Piece, Style};

/// A token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name or number, without sigils.
    Name(&'a str),
    /// A string.
    Text(Vec<Piece<'a>>),
    /// A literal that the language runs in a shell: `` `…` ``, `qx{…}`.
    Shell(Vec<Piece<'a>>),
    /// A list of plain words: `%w[a b]`, `qw(a b)`.
    Words(Vec<&'a str>),
    /// What stands between a value and its member: `.`, `::`, `->`.
    Dot,
    /// The operator that joins strings.
    Join,
    /// Any other character; the end of a line too.
    Mark(char),
}

/// How a language is written.
pub(super) struct Lexis {
    /// What begins a comment up to the end of the line.
    pub(super) comments: List,
    /// What encloses a comment.
    pub(super) blocks: &'static [(&'static str, &'static str)],
    /// How `'…'` is read; no string where there is none.
    pub(super) single: Option<Style>,
    /// How `"…"` is read.
    pub(super) double: Style,
    /// How `` `…` `` is read.
    pub(super) back: Option<Style>,
    /// `` `…` `` is run by a shell.
    pub(super) back_runs: bool,
    /// Strings of a form of its own.
    pub(super) special: Special,
    /// `/…/` is a regular expression where a value may begin.
    pub(super) regex: bool,
    /// The operator that joins strings.
    pub(super) join: &'static str,
    /// Values side by side are joined too.
    pub(super) adjacent: bool,
    /// What stands between strings side by side once they are joined.
    pub(super) gap: &'static str,
    /// A character of names beside letters, digits and `_`.
    pub(super) letter: char,
}

/// Strings of a form of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    /// None.
    None,
    /// `'''…'''`, `r'…'`, `f"…{x}…"`.
    Python,
    /// `q{…}`, `qq{…}`, `qx{…}`, `qw{…}`, `m{…}`, `s{…}{…}`.
    Perl,
    /// `%q{…}`, `%x{…}`, `%w{…}`.
    Ruby,
    /// `[[…]]`, `[=[…]=]`.
    Lua,
}

/// Code as characters. What is not known of it stands there as one private
/// character each.
pub(super) struct Source {
    pub(super) text: String,
    holes: Vec<Part>,
}

/// The first of the private characters that stand for what is not known, and
/// how many there are.
const HOLES: (u32, usize) = (0xF_0000, 0xFFFE);

impl Source {
    /// Returns the code in a word.
    pub(super) fn of(word: &Word) -> Self {
        let mut source = Self {
            text: String::new(),
            holes: Vec::new(),
        };
        for part in &word.parts {
            match part {
                Part::Text(text) | Part::Glob(text) => source.text.push_str(text),
                part => {
                    let at = source.holes.len().min(HOLES.1 - 1);
                    let hole = u32::try_from(at)
                        .ok()
                        .and_then(|at| char::from_u32(HOLES.0 + at));
                    source.text.extend(hole);
                    if source.holes.len() < HOLES.1 {
                        source.holes.push(part.clone());
                    }
                }
            }
        }
        source
    }

    /// Adds a text out of the code to a word.
    pub(super) fn push_to(&self, word: &mut Word, text: &str) {
        let mut start = 0;
        for (at, c) in text.char_indices() {
            let hole = u32::from(c)
                .checked_sub(HOLES.0)
                .and_then(|index| self.holes.get(usize::try_from(index).ok()?));
            if let Some(part) = hole {
                super::super::words::push_text(word, &text[start..at]);
                word.parts.push(part.clone());
                start = at + c.len_utf8();
            }
        }
        super::super::words::push_text(word, &text[start..]);
    }
}

/// How deep code within strings is read.
const EMBEDDED_DEPTH: usize = 4;

/// Returns the tokens of a text. Code that is embedded in a string follows
/// behind, as statements of its own.
pub(super) fn read<'a>(text: &'a str, lexis: &Lexis) -> Vec<Token<'a>> {
    let mut tokens = Vec::new();
    let mut texts = vec![text];
    for _ in 0..EMBEDDED_DEPTH {
        let mut embedded = Vec::new();
        for text in texts {
            let mut reader = Reader {
                lexis,
                rest: text,
                tokens: std::mem::take(&mut tokens),
                spaced: false,
                slash_stays: false,
            };
            reader.read();
            tokens = reader.tokens;
            tokens.push(Token::Mark('\n'));
        }
        for token in &mut tokens {
            if let Token::Text(pieces) | Token::Shell(pieces) = token {
                embedded.extend(pieces.iter_mut().filter_map(Piece::take_code));
            }
        }
        if embedded.is_empty() {
            break;
        }
        texts = embedded;
    }
    tokens
}

pub(super) struct Reader<'a, 'l> {
    pub(super) lexis: &'l Lexis,
    pub(super) rest: &'a str,
    pub(super) tokens: Vec<Token<'a>>,
    /// White space stands before the next token.
    spaced: bool,
    /// This line has a slash that no other one closes.
    slash_stays: bool,
}

impl<'a> Reader<'a, '_> {
    fn read(&mut self) {
        while let Some(c) = self.rest.chars().next() {
            let read = self.skip_comment()
                || self.read_string(c)
                || self.read_special(c)
                || self.skip_regex(c)
                || self.read_name(c)
                || self.read_operator();
            self.spaced = !read && c.is_ascii_whitespace();
            if read {
                continue;
            }
            let after = self.take(c.len_utf8());
            match c {
                '\\' => {
                    let quoted = after.chars().next().map_or(0, char::len_utf8);
                    self.take(quoted);
                }
                ' ' | '\t' | '\r' => {}
                mark => {
                    self.slash_stays &= mark != '\n';
                    self.tokens.push(Token::Mark(mark));
                }
            }
        }
    }

    /// Leaves `bytes` behind and returns the rest.
    pub(super) fn take(&mut self, bytes: usize) -> &'a str {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
        self.rest
    }

    fn skip_comment(&mut self) -> bool {
        let block = self.lexis.blocks.iter();
        let mut block = block.filter(|(open, _)| self.rest.starts_with(open));
        if let Some((open, close)) = block.next() {
            let inside = &self.rest[open.len()..];
            let end = inside.find(close).map(|at| at + close.len());
            self.take(open.len() + end.unwrap_or(inside.len()));
            return true;
        }
        let mut marks = self.lexis.comments.names();
        let is_comment = marks.any(|mark| self.rest.starts_with(mark))
            && self.tokens.last() != Some(&Token::Mark('$'));
        if is_comment {
            self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
        }
        is_comment
    }

    fn read_string(&mut self, c: char) -> bool {
        let style = match c {
            '\'' => self.lexis.single,
            '"' => Some(self.lexis.double),
            '`' => self.lexis.back,
            _ => None,
        };
        let Some(style) = style else { return false };
        let (style, quote) = match self.lexis.special {
            Special::Python => literals::python(self.rest, style),
            _ => (style, &self.rest[..c.len_utf8()]),
        };
        let runs = c == '`' && self.lexis.back_runs;
        self.push_string(quote.len(), None, quote, style, runs)
    }

    /// Reads a string behind `opening` bytes; one that a line's end leaves
    /// open is none.
    pub(super) fn push_string(
        &mut self,
        opening: usize,
        open: Option<char>,
        close: &str,
        style: Style,
        runs: bool,
    ) -> bool {
        let inside = &self.rest[opening..];
        let Some((pieces, length)) = literals::read(inside, open, close, style) else {
            return false;
        };
        self.tokens.push(match runs {
            true => Token::Shell(pieces),
            false => Token::Text(pieces),
        });
        self.take(opening + length);
        true
    }

    fn read_special(&mut self, c: char) -> bool {
        match self.lexis.special {
            Special::Perl => self.read_perl(),
            Special::Ruby if c == '%' && !self.is_after_value() => self.read_ruby(),
            Special::Lua if c == '[' => self.read_lua(),
            Special::Python => self.read_prefixed(),
            _ => false,
        }
    }

    /// Leaves a regular expression behind: up to a slash on the same line.
    fn skip_regex(&mut self, c: char) -> bool {
        if c != '/' || !self.lexis.regex || self.slash_stays || self.is_after_value() {
            return false;
        }
        let (mut quoted, mut in_set) = (false, false);
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                '\n' => break,
                _ if quoted => quoted = false,
                '\\' => quoted = true,
                '[' => in_set = true,
                ']' => in_set = false,
                '/' if !in_set => {
                    self.tokens.push(Token::Text(vec![Piece::Unknown]));
                    self.take(at + 1);
                    return true;
                }
                _ => {}
            }
        }
        self.slash_stays = true;
        false
    }

    /// Returns whether an operator, no value, is expected next. In Perl and
    /// Ruby the white space around it tells.
    fn is_after_value(&self) -> bool {
        let perlish = matches!(self.lexis.special, Special::Perl | Special::Ruby);
        if perlish && self.spaced && !self.rest[1..].starts_with([' ', '=']) {
            return false;
        }
        const BEFORE_VALUES: List =
            List("and case elsif grep if in not or print return split unless until when while");
        match self.tokens.last() {
            Some(Token::Name(name)) => !BEFORE_VALUES.has(name),
            Some(Token::Mark(mark)) => matches!(mark, ')' | ']' | '}'),
            Some(Token::Dot | Token::Join) | None => false,
            Some(_) => true,
        }
    }

    fn read_name(&mut self, c: char) -> bool {
        let is_letter = |c: char| c == '_' || c == self.lexis.letter || c.is_alphanumeric();
        if !is_letter(c) {
            return false;
        }
        let end = self.rest.find(|c| !is_letter(c)).unwrap_or(self.rest.len());
        self.tokens.push(Token::Name(&self.rest[..end]));
        self.take(end);
        true
    }

    fn read_operator(&mut self) -> bool {
        let join = self.lexis.join;
        let (token, length) = if !join.is_empty() && self.rest.starts_with(join) {
            (Token::Join, join.len())
        } else if let Some(dot) = ["::", "->", "?.", "."]
            .iter()
            .find(|dot| self.rest.starts_with(**dot))
        {
            (Token::Dot, dot.len())
        } else {
            return false;
        };
        self.tokens.push(token);
        self.take(length);
        true
    }
}
