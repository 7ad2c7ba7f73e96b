//! Heredocs.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use super::cursor::{Cursor, ends_word};
use super::tree::Raw;
use super::{Error, Parser};

/// A heredoc whose body has not begun.
pub(super) struct Pending {
    pub(super) delimiter: String,
    /// Nothing in the body is expanded.
    pub(super) literal: bool,
    /// `<<-`: tabs at the start of lines do not count.
    pub(super) strips_tabs: bool,
    /// Where the body goes.
    pub(super) body: Rc<OnceCell<Raw>>,
}

impl Parser<'_> {
    /// Reads a delimiter; returns it and whether any of it is quoted.
    pub(super) fn heredoc_delimiter(&mut self) -> Result<(String, bool), Error> {
        if self.word_is_missing() {
            return Err(self.error("the delimiter of a heredoc is missing"));
        }
        let mut delimiter = Raw::default();
        let mut literal = false;
        while let Some(byte) = self.input.peek() {
            match byte {
                b'\'' => self.single_quotes(&mut delimiter)?,
                b'"' => self.delimiter_in_quotes(&mut delimiter)?,
                b'\\' => self.piece(byte, &mut delimiter)?,
                b'$' if self.input.peek_second() == Some(b'\'') => {
                    self.dollar(&mut delimiter, false)?;
                }
                _ if ends_word(byte) => break,
                _ => {
                    delimiter.push_bare(self.input.take_char());
                    continue;
                }
            }
            literal = true;
        }
        Ok((delimiter.plain_text(), literal))
    }

    /// Reads a part of a delimiter in double quotes, where `$` means itself.
    fn delimiter_in_quotes(&mut self, delimiter: &mut Raw) -> Result<(), Error> {
        self.input.bump();
        while let Some(byte) = self.input.peek() {
            match byte {
                b'"' => {
                    self.input.bump();
                    return Ok(());
                }
                b'\\' => self.quoted_piece(byte, delimiter, b'"')?,
                _ => delimiter.push_quoted(self.input.take_char()),
            }
        }
        Err(self.error("a double quote is not closed"))
    }

    /// Reads the bodies that begin on this line.
    pub(super) fn read_heredocs(&mut self) -> Result<(), Error> {
        for heredoc in std::mem::take(&mut self.pending) {
            let start = self.input.at();
            let (end, after) = self.body_end(start, &heredoc);
            let body = self.nested(|parser| parser.heredoc_body(start, end, &heredoc))?;
            // A body is read once, when its line ends.
            let _ = heredoc.body.set(body);
            self.input.go_to(after);
        }
        Ok(())
    }

    /// Returns where a body ends, and where the text goes on. Inside of `$(…)`
    /// the parenthesis may follow the delimiter at once; the text's end is
    /// every body's end.
    fn body_end(&self, start: usize, heredoc: &Pending) -> (usize, usize) {
        let text = self.input.rest_from(start);
        let joins = !heredoc.literal && text.contains("\\\n");
        let found = match joins || heredoc.delimiter.is_empty() {
            true => self.last_line_of_any(text, heredoc),
            false => self.last_line(text, heredoc),
        };
        let (end, after) = found.unwrap_or((text.len(), text.len()));
        (start + end, start + after)
    }

    /// Returns where the line of the delimiter begins, and where the text goes
    /// on; no line is joined to another.
    fn last_line(&self, text: &str, heredoc: &Pending) -> Option<(usize, usize)> {
        let delimiter = heredoc.delimiter.as_str();
        text.match_indices(delimiter).find_map(|(at, _)| {
            let before = match heredoc.strips_tabs {
                true => text[..at].trim_end_matches('\t'),
                false => &text[..at],
            };
            let begins = before.is_empty() || before.ends_with('\n');
            let after = self.after_delimiter(text, at + delimiter.len());
            after.filter(|_| begins).map(|after| (before.len(), after))
        })
    }

    /// Returns where the text goes on where a delimiter that ends at `end` has
    /// its line for itself.
    fn after_delimiter(&self, text: &str, end: usize) -> Option<usize> {
        match text.as_bytes().get(end) {
            None => Some(end),
            Some(b'\n') => Some(end + 1),
            Some(b')') if self.substitutions > 0 => Some(end),
            Some(_) => None,
        }
    }

    /// The same as [`Parser::last_line`], line by line: a backslash at the end
    /// of one adds the next.
    fn last_line_of_any(&self, text: &str, heredoc: &Pending) -> Option<(usize, usize)> {
        let mut at = 0;
        while at < text.len() {
            let (line, length) = match heredoc.literal {
                true => physical_line(&text[at..]),
                false => logical_line(&text[at..]),
            };
            let unindented = match heredoc.strips_tabs {
                true => line.trim_start_matches('\t'),
                false => &*line,
            };
            if unindented == heredoc.delimiter {
                return Some((at, at + length));
            }
            let is_joined = matches!(line, Cow::Owned(_));
            if !is_joined && unindented.starts_with(heredoc.delimiter.as_str()) {
                let end = at + line.len() - unindented.len() + heredoc.delimiter.len();
                if let Some(after) = self.after_delimiter(text, end) {
                    return Some((at, after));
                }
            }
            at += length;
        }
        None
    }

    fn heredoc_body(&mut self, start: usize, end: usize, heredoc: &Pending) -> Result<Raw, Error> {
        let text = self.input.slice(start, end);
        if heredoc.strips_tabs && text.contains('\t') {
            let lines = text.split_inclusive('\n');
            let text: String = lines.map(|line| line.trim_start_matches('\t')).collect();
            let span = self.span_from(start);
            let input = Cursor::new(&text);
            return Parser::new(input, self.given, self.depth, Some(span), self.dialect)
                .body(heredoc.literal);
        }
        let input = self.input.within(start, end);
        Parser::new(
            input,
            self.given,
            self.depth,
            self.span.clone(),
            self.dialect,
        )
        .body(heredoc.literal)
    }

    /// Reads all of the text as a body.
    fn body(&mut self, literal: bool) -> Result<Raw, Error> {
        let mut body = Raw::default();
        if literal {
            self.push_literal(self.input.rest(), &mut body);
            return Ok(body);
        }
        while let Some(byte) = self.input.peek() {
            self.quoted_piece(byte, &mut body, b'$')?;
        }
        Ok(body)
    }
}

/// Returns the line that a text begins with, and its length with its end.
fn physical_line(text: &str) -> (Cow<'_, str>, usize) {
    match text.find('\n') {
        Some(end) => (Cow::Borrowed(&text[..end]), end + 1),
        None => (Cow::Borrowed(text), text.len()),
    }
}

/// Returns the line that a text begins with, and its length with its end. A
/// backslash at the end of a line adds the next one.
fn logical_line(text: &str) -> (Cow<'_, str>, usize) {
    let (mut line, mut length) = physical_line(text);
    while goes_on(&line) && length < text.len() {
        let (next, more) = physical_line(&text[length..]);
        let joined = line.to_mut();
        joined.pop();
        joined.push_str(&next);
        length += more;
    }
    (line, length)
}

/// Returns whether a line ends with a backslash that no other one quotes.
fn goes_on(line: &str) -> bool {
    let backslashes = line.bytes().rev().take_while(|byte| *byte == b'\\');
    backslashes.count() % 2 == 1
}
