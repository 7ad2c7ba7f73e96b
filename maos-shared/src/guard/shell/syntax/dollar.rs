//! What a `$` or a backquote begins.

use super::cursor::Cursor;
use super::tree::{List, Parameter, Piece, Prefix, Raw};
use super::{Dialect, Error, Parser};

impl Parser<'_> {
    /// Reads what a `$` begins; the character itself where that is nothing.
    pub(super) fn dollar(&mut self, word: &mut Raw, quoted: bool) -> Result<(), Error> {
        let dollar = self.input;
        self.input.bump();
        match self.input.peek() {
            Some(b'(') => self.nested(|parser| parser.dollar_parenthesis(word, quoted)),
            Some(b'{') => self.nested(|parser| parser.dollar_brace(word, quoted)),
            Some(b'[') => self.nested(|parser| parser.dollar_bracket(word, quoted)),
            Some(b'\'') if !quoted => self.ansi_quotes(word),
            Some(b'"') if !quoted => self.double_quotes(word),
            Some(byte) if byte == b'_' || byte.is_ascii_alphabetic() => {
                let start = self.input.at();
                let name = self.input.take_name();
                if self.dialect == Dialect::Bash || !self.input.eat(b'[') {
                    push_variable(word, name, quoted);
                    return Ok(());
                }
                let subscript = Some(self.subscript()?);
                let written = self.input.slice(start, self.input.at()).to_owned();
                let parameter = Box::new(Parameter {
                    subscript,
                    written,
                    ..Parameter::named(name)
                });
                word.pieces.push(Piece::Parameter { parameter, quoted });
                Ok(())
            }
            Some(byte) if byte.is_ascii_digit() || is_special(byte) => {
                let name = char::from(byte).to_string();
                self.input.bump();
                push_variable(word, name, quoted);
                Ok(())
            }
            _ => {
                self.input = dollar;
                match quoted {
                    true => word.push_quoted(self.input.take_char()),
                    false => word.push_bare(self.input.take_char()),
                }
                Ok(())
            }
        }
    }

    /// Reads `$(…)` or `$((…))`.
    fn dollar_parenthesis(&mut self, word: &mut Raw, quoted: bool) -> Result<(), Error> {
        let mut ahead = self.input;
        ahead.bump();
        if ahead.peek() == Some(b'(')
            && let Some(end) = self.arithmetic_end(ahead)
        {
            ahead.bump();
            self.input = ahead;
            let expression = self.arithmetic_to(end)?;
            word.pieces.push(Piece::Arithmetic { expression, quoted });
            return Ok(());
        }
        let list = self.parenthesized_list()?;
        word.pieces.push(Piece::Output { list, quoted });
        Ok(())
    }

    /// Reads the commands in parentheses of a substitution. Heredocs that
    /// began before it wait; those that it begins may end after it.
    pub(super) fn parenthesized_list(&mut self) -> Result<List, Error> {
        self.nested(|parser| {
            parser.input.bump();
            let waiting = std::mem::take(&mut parser.pending);
            parser.substitutions += 1;
            let list = parser.list()?;
            parser.expect(b')', "a `(` is not closed")?;
            parser.substitutions -= 1;
            parser.pending.extend(waiting);
            Ok(list)
        })
    }

    /// Reads `$[…]`.
    fn dollar_bracket(&mut self, word: &mut Raw, quoted: bool) -> Result<(), Error> {
        self.input.bump();
        let expression = self.subscript()?;
        word.pieces.push(Piece::Arithmetic { expression, quoted });
        Ok(())
    }

    /// Reads `${…}`, or the commands of `${ …; }`.
    fn dollar_brace(&mut self, word: &mut Raw, quoted: bool) -> Result<(), Error> {
        self.input.bump();
        if matches!(self.input.peek(), Some(b' ' | b'\t' | b'\n' | b'|')) {
            self.input.eat(b'|');
            self.brace_substitutions += 1;
            let list = self.list()?;
            self.brace_substitutions -= 1;
            self.expect(b'}', "a `${` is not closed")?;
            word.pieces.push(Piece::Output { list, quoted });
            return Ok(());
        }
        let parameter = Box::new(self.parameter(quoted)?);
        word.pieces.push(Piece::Parameter { parameter, quoted });
        Ok(())
    }

    /// Reads `` `…` ``: its text is a text of its own once the backslashes are
    /// gone.
    pub(super) fn backquotes(&mut self, word: &mut Raw, quoted: bool) -> Result<(), Error> {
        let start = self.input.at();
        self.input.bump();
        let mut text = String::new();
        loop {
            text.push_str(self.input.take_until(|byte| byte == b'`'));
            match self.input.peek_raw() {
                None => return Err(self.error("a backquote is not closed")),
                Some(b'`') => break,
                Some(_) => {}
            }
            self.input.go_to(self.input.at() + 1);
            match self.input.peek_raw() {
                Some(b'`' | b'\\' | b'$') => {}
                Some(b'"') if quoted => {}
                _ => text.push('\\'),
            }
            text.push_str(self.input.take_char());
        }
        self.input.bump();
        let span = self.span_from(start);
        let list = self.nested(|parser| {
            let input = Cursor::new(&text);
            Parser::new(
                input,
                parser.given,
                parser.depth,
                Some(span),
                parser.dialect,
            )
            .whole_list()
        })?;
        word.pieces.push(Piece::Output { list, quoted });
        Ok(())
    }
}

/// Returns whether a byte names a special parameter.
pub(super) fn is_special(byte: u8) -> bool {
    matches!(byte, b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!')
}

fn push_variable(word: &mut Raw, name: String, quoted: bool) {
    word.pieces.push(Piece::Parameter {
        parameter: Box::new(Parameter::named(name)),
        quoted,
    });
}

impl Parameter {
    /// Returns what `$name` is.
    pub(crate) fn named(name: String) -> Self {
        Self {
            written: name.clone(),
            name,
            prefix: Prefix::None,
            subscript: None,
            operation: None,
            in_braces: false,
        }
    }
}
