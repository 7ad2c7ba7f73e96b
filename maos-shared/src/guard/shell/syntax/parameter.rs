//! What stands between the braces of `${…}`.

use super::dollar::is_special;
use super::tree::{Operator, Parameter, Prefix, Raw};
use super::word::MARK_BYTE;
use super::{Error, Parser};

impl Parser<'_> {
    /// Reads up to and past the closing brace.
    pub(super) fn parameter(&mut self, quoted: bool) -> Result<Parameter, Error> {
        let start = self.input.at();
        let prefix = self.parameter_prefix();
        let name = self.parameter_name();
        let subscript = match self.input.eat(b'[') {
            true => Some(self.subscript()?),
            false => None,
        };
        let operation = match self.input.peek() {
            Some(b'}') => None,
            _ => {
                let operator = self.operator();
                Some((operator, self.operand(operator, quoted)?))
            }
        };
        let written = self.input.slice(start, self.input.at()).to_owned();
        self.expect(b'}', "a `${` is not closed")?;
        Ok(Parameter {
            name,
            prefix,
            subscript,
            operation,
            written,
            in_braces: true,
        })
    }

    /// Reads the `#` of a length or the `!` of an indirection; alone or before
    /// an operator they are parameters.
    fn parameter_prefix(&mut self) -> Prefix {
        let (prefix, next) = match (self.input.peek(), self.input.peek_second()) {
            (Some(b'#'), next) => (Prefix::Length, next),
            (Some(b'!'), next) => (Prefix::Indirect, next),
            _ => return Prefix::None,
        };
        let named = next.is_some_and(|byte| {
            byte == b'_' || byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'*')
        });
        if named {
            self.input.bump();
            prefix
        } else {
            Prefix::None
        }
    }

    fn parameter_name(&mut self) -> String {
        match self.input.peek() {
            Some(byte) if byte.is_ascii_digit() => self.input.take_digits(),
            Some(byte) if is_special(byte) => {
                self.input.bump();
                char::from(byte).to_string()
            }
            _ => self.input.take_name(),
        }
    }

    fn operator(&mut self) -> Operator {
        let or_empty = self.input.eat(b':');
        let Some(byte) = self.input.peek() else {
            return Operator::Other;
        };
        let known = match byte {
            b'-' => Operator::Default { or_empty },
            b'=' => Operator::Assign { or_empty },
            b'+' => Operator::Instead { or_empty },
            b'?' => Operator::Demand,
            _ if or_empty => return Operator::Slice,
            b'#' => Operator::WithoutPrefix { most: false },
            b'%' => Operator::WithoutSuffix { most: false },
            b'/' => Operator::Replace { all: false },
            b'^' => Operator::Upper { all: false },
            b',' => Operator::Lower { all: false },
            _ => return Operator::Other,
        };
        self.input.bump();
        let doubled = !matches!(
            known,
            Operator::Default { .. }
                | Operator::Assign { .. }
                | Operator::Instead { .. }
                | Operator::Demand
        ) && self.input.eat(byte);
        match known {
            Operator::WithoutPrefix { .. } => Operator::WithoutPrefix { most: doubled },
            Operator::WithoutSuffix { .. } => Operator::WithoutSuffix { most: doubled },
            Operator::Replace { .. } => Operator::Replace { all: doubled },
            Operator::Upper { .. } => Operator::Upper { all: doubled },
            Operator::Lower { .. } => Operator::Lower { all: doubled },
            other => other,
        }
    }

    /// Reads the word after an operator, up to the closing brace. In double
    /// quotes, that of the operators that stand for a value is quoted too, save
    /// that single quotes are kept: what they hold is expanded, yet a brace in
    /// them closes nothing. Patterns are the same within quotes and without.
    fn operand(&mut self, operator: Operator, quoted: bool) -> Result<Raw, Error> {
        let stands_for_value = matches!(
            operator,
            Operator::Default { .. }
                | Operator::Assign { .. }
                | Operator::Instead { .. }
                | Operator::Demand
        );
        let quoted = quoted && stands_for_value;
        let mut word = Raw::default();
        let mut in_single = false;
        while let Some(byte) = self.input.peek() {
            match byte {
                b'}' if !in_single => return Ok(word),
                b'\'' if quoted => {
                    in_single = !in_single;
                    word.push_quoted(self.input.take_char());
                }
                b'"' if quoted => self.nested(|parser| parser.double_quotes(&mut word))?,
                b'\\' if quoted && self.escapes_quote() => {
                    self.input.bump();
                    word.push_quoted(self.input.take_char());
                }
                _ if quoted => self.quoted_piece(byte, &mut word, b'}')?,
                _ => self.operand_piece(byte, &mut word)?,
            }
        }
        Err(self.error("a `${` is not closed"))
    }

    fn escapes_quote(&self) -> bool {
        let rest = self.input.rest();
        rest.starts_with("\\'") || rest.starts_with("\\\"")
    }

    fn operand_piece(&mut self, byte: u8, word: &mut Raw) -> Result<(), Error> {
        match byte {
            b'\'' | b'"' | b'$' | b'`' | b'\\' | MARK_BYTE => {
                self.nested(|parser| parser.piece(byte, word))
            }
            b'<' | b'>' if self.input.peek_second() == Some(b'(') => {
                self.process_substitution(word)
            }
            _ => {
                let run = self.input.take_until(|byte| {
                    matches!(
                        byte,
                        b'\'' | b'"' | b'$' | b'`' | b'}' | b'<' | b'>' | MARK_BYTE
                    )
                });
                match run {
                    "" => word.push_bare(self.input.take_char()),
                    run => word.push_bare(run),
                }
                Ok(())
            }
        }
    }

    /// Reads a subscript or another expression up to and past `]`.
    pub(super) fn subscript(&mut self) -> Result<Raw, Error> {
        let mut word = Raw::default();
        let mut open = 1_usize;
        while let Some(byte) = self.input.peek() {
            match byte {
                b'[' => open += 1,
                b']' => open -= 1,
                b'\'' | b'"' | b'$' | b'`' | b'\\' | MARK_BYTE => {
                    self.piece(byte, &mut word)?;
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                self.input.bump();
                return Ok(word);
            }
            word.push_bare(self.input.take_char());
        }
        Err(self.error("a `[` is not closed"))
    }
}
