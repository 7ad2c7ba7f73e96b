//! Compound commands and definitions of functions.

use std::rc::Rc;

use super::cursor::is_word_end;
use super::tree::{Compound, Function, List, Node, Raw};
use super::{Error, Parser};

/// Reads a compound command behind the keyword that it begins with.
pub(super) type Read<'t> = fn(&mut Parser<'t>) -> Result<Compound, Error>;

impl<'t> Parser<'t> {
    /// Reads a compound command with its redirections; `None` where none
    /// begins here.
    pub(super) fn compound(&mut self) -> Result<Option<Node>, Error> {
        if self.eat_keyword("function") {
            let read = match self.is_fish() {
                true => Self::fish_function,
                false => Self::function,
            };
            return self.nested(read).map(Some);
        }
        let Some(compound) = self.bare_compound()? else {
            return Ok(None);
        };
        let redirects = self.redirects()?;
        Ok(Some(Node::Compound(Box::new(compound), redirects)))
    }

    fn bare_compound(&mut self) -> Result<Option<Compound>, Error> {
        if self.input.peek() == Some(b'(') && !self.is_fish() {
            return self.nested(Self::parenthesis).map(Some);
        }
        let read: Read<'t> = match self.keyword() {
            Some(keyword) if self.is_fish() => match Self::fish_block(keyword) {
                Some(read) => read,
                None => return Ok(None),
            },
            Some("{") => Self::group,
            Some("[[") => Self::test,
            Some("if") => Self::conditional,
            Some("while" | "until") => Self::while_loop,
            Some("for" | "select") => Self::for_loop,
            Some("case") => Self::case,
            Some("coproc") => Self::coproc,
            Some("foreach") => Self::foreach,
            Some("repeat") => Self::repeat,
            _ => return Ok(None),
        };
        while !is_word_end(self.input.peek()) {
            self.input.bump();
        }
        self.nested(read).map(Some)
    }

    /// Reads `( … )` or `(( … ))`.
    fn parenthesis(&mut self) -> Result<Compound, Error> {
        self.input.bump();
        let is_double = self.input.peek() == Some(b'(');
        if is_double && let Some(end) = self.arithmetic_end(self.input) {
            self.input.bump();
            let expression = self.arithmetic_to(end)?;
            return Ok(Compound::Arithmetic(expression));
        }
        if self.is_zsh() && self.input.eat(b')') {
            return self.nameless();
        }
        self.double_subshells += usize::from(is_double);
        let list = self.commands()?;
        self.double_subshells -= usize::from(is_double);
        self.expect(b')', "a `(` is not closed")?;
        Ok(Compound::Subshell(list))
    }

    fn group(&mut self) -> Result<Compound, Error> {
        let mut list = self.commands()?;
        self.expect_keyword("}", "a `{` is not closed")?;
        self.always(&mut list)?;
        Ok(Compound::Group(list))
    }

    fn conditional(&mut self) -> Result<Compound, Error> {
        let mut branches = Vec::new();
        let mut otherwise = None;
        let mut ends;
        loop {
            let condition = self.commands()?;
            match self.braces()? {
                Some(body) => {
                    branches.push((condition, body));
                    ends = false;
                    self.skip_blanks();
                }
                None => {
                    self.expect_keyword("then", "`then` is missing")?;
                    branches.push((condition, self.commands()?));
                    ends = true;
                }
            }
            if !self.eat_keyword("elif") {
                break;
            }
        }
        if self.eat_keyword("else") {
            self.skip_blanks();
            let body = if ends { None } else { self.braces()? };
            ends |= body.is_none();
            otherwise = Some(match body {
                Some(body) => body,
                None => self.commands()?,
            });
        }
        if ends {
            self.expect_keyword("fi", "`fi` is missing")?;
        }
        Ok(Compound::If {
            branches,
            otherwise,
        })
    }

    fn while_loop(&mut self) -> Result<Compound, Error> {
        let condition = self.commands()?;
        let body = match self.braces()? {
            Some(body) => body,
            None => self.do_body()?,
        };
        Ok(Compound::While { condition, body })
    }

    fn do_body(&mut self) -> Result<List, Error> {
        self.expect_keyword("do", "`do` is missing")?;
        let body = self.commands()?;
        self.expect_keyword("done", "`done` is missing")?;
        Ok(body)
    }

    /// Reads `do … done`, the braces that some write in their place, or the one
    /// command that zsh lets stand there.
    pub(super) fn for_body(&mut self) -> Result<List, Error> {
        self.skip_lines()?;
        if self.input.eat(b';') {
            self.skip_lines()?;
        }
        if self.list_ends() {
            return self.do_body();
        }
        let chains = vec![self.chain()?];
        Ok(List { chains })
    }

    fn for_loop(&mut self) -> Result<Compound, Error> {
        self.skip_blanks();
        if self.input.peek() == Some(b'(') && self.input.peek_second() == Some(b'(') {
            return self.count_loop();
        }
        let (name, words) = self.loop_header()?;
        Ok(Compound::For {
            name,
            words,
            body: self.for_body()?,
        })
    }

    /// Reads the name and the words of a loop. Of several names, which take one
    /// word after the other, the first stands for all.
    pub(super) fn loop_header(&mut self) -> Result<(String, Option<Vec<Raw>>), Error> {
        let name = self.plain_word("the name after `for` is missing")?;
        self.skip_lines()?;
        while self.is_zsh() && !self.word_is_missing() && !self.at_word("in") && !self.list_ends() {
            self.word()?;
            self.skip_blanks();
        }
        let words = if self.eat_word("in") {
            Some(self.words()?)
        } else if self.input.eat(b'(') {
            let words = self.words()?;
            self.expect(b')', "a `(` is not closed")?;
            Some(words)
        } else {
            None
        };
        Ok((name, words))
    }

    fn count_loop(&mut self) -> Result<Compound, Error> {
        self.input.bump();
        let Some(end) = self.arithmetic_end(self.input) else {
            return Err(self.error("a `((` is not closed"));
        };
        self.input.bump();
        Ok(Compound::Count {
            header: self.arithmetic_to(end)?,
            body: self.for_body()?,
        })
    }

    /// Reads words up to the end of the command.
    pub(super) fn words(&mut self) -> Result<Vec<Raw>, Error> {
        let mut words = Vec::new();
        loop {
            self.skip_blanks();
            if self.word_is_missing() {
                return Ok(words);
            }
            words.push(self.word()?);
        }
    }

    /// Reads what follows `coproc`: a command, or a name and a compound command.
    fn coproc(&mut self) -> Result<Compound, Error> {
        let unnamed = || "COPROC".to_owned();
        self.skip_blanks();
        if let Some(node) = self.compound()? {
            return Ok(Compound::Coproc(unnamed(), node));
        }
        let start = self.input;
        let name = self.input.take_name();
        if !name.is_empty() {
            self.skip_blanks();
            if let Some(node) = self.compound()? {
                return Ok(Compound::Coproc(name, node));
            }
        }
        self.input = start;
        let node = self.simple()?;
        Ok(Compound::Coproc(unnamed(), node))
    }

    /// Reads what follows `function`.
    fn function(&mut self) -> Result<Node, Error> {
        self.skip_blanks();
        let name = self.plain_word("the name after `function` is missing")?;
        self.skip_blanks();
        if self.input.peek() == Some(b'(') {
            let mut ahead = self.input;
            ahead.bump();
            while matches!(ahead.peek(), Some(b' ' | b'\t')) {
                ahead.bump();
            }
            if ahead.eat(b')') {
                self.input = ahead;
            }
        }
        self.function_body(name)
    }

    /// Reads what follows `name ()`.
    pub(super) fn function_body(&mut self, name: String) -> Result<Node, Error> {
        self.skip_lines()?;
        let body = match self.compound()? {
            Some(body) => body,
            None if self.is_zsh() => return self.short_body(name),
            None => return Err(self.error("the body of a function is missing")),
        };
        Ok(Node::Function(Rc::new(Function { name, body })))
    }

    pub(super) fn expect_keyword(
        &mut self,
        keyword: &str,
        otherwise: &'static str,
    ) -> Result<(), Error> {
        match self.eat_keyword(keyword) {
            true => Ok(()),
            false => Err(self.error(otherwise)),
        }
    }

    /// Reads a word as a name, its quotes removed.
    fn plain_word(&mut self, otherwise: &'static str) -> Result<String, Error> {
        let word = self.required_word(otherwise)?;
        Ok(word.plain_text())
    }

    pub(super) fn required_word(&mut self, otherwise: &'static str) -> Result<Raw, Error> {
        match self.word_is_missing() {
            true => Err(self.error(otherwise)),
            false => self.word(),
        }
    }
}
