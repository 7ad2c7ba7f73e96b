//! Simple commands, and the definition of a function that begins like one.

use super::tree::{Argument, Node, Raw, Simple};
use super::{Error, Parser};
use crate::guard::list::List;

/// The builtins whose arguments are assignments.
const DECLARING: List = List("declare export local readonly typeset");

/// What may stand before them.
const DIRECT: List = List("builtin command");

impl Parser<'_> {
    pub(super) fn simple(&mut self) -> Result<Node, Error> {
        let start = self.input.at();
        let mut simple = Simple::default();
        let mut declares = false;
        loop {
            self.skip_blanks();
            if let Some(redirect) = self.redirect()? {
                simple.redirects.push(redirect);
                simple.span = self.span_from(start);
                continue;
            }
            if self.input.peek() == Some(b'(') && simple.is_one_word() && !self.is_fish() {
                return self.nested(|parser| parser.function_after(simple));
            }
            if self.word_is_missing() {
                break;
            }
            if simple.words.is_empty() {
                match self.assignment()? {
                    Some(assignment) => simple.assignments.push(assignment),
                    None => {
                        let word = self.word()?;
                        declares = word.is_one_of(DECLARING);
                        simple.words.push(Argument::Word(word));
                    }
                }
            } else {
                let argument = self.argument(declares)?;
                if let Argument::Word(word) = &argument {
                    declares |= word.is_one_of(DECLARING) && simple.is_direct();
                }
                simple.words.push(argument);
            }
            simple.span = self.span_from(start);
        }
        match simple.is_empty() {
            true => Err(self.error("a command is missing")),
            false => Ok(Node::Simple(simple)),
        }
    }

    fn argument(&mut self, declares: bool) -> Result<Argument, Error> {
        let assigned = match declares {
            true => self.assignment()?,
            false => self.array_assignment()?,
        };
        match assigned {
            Some(assignment) => Ok(Argument::Assignment(Box::new(assignment))),
            None => self.word().map(Argument::Word),
        }
    }

    /// Reads `()` and the body after the name of a function.
    fn function_after(&mut self, simple: Simple) -> Result<Node, Error> {
        self.input.bump();
        self.skip_blanks();
        self.expect(b')', "this `(` has no meaning here")?;
        let name = match simple.words.into_iter().next() {
            Some(Argument::Word(word)) => word.plain_text(),
            _ => String::new(),
        };
        self.function_body(name)
    }

    /// Returns whether no word can begin here.
    pub(super) fn word_is_missing(&mut self) -> bool {
        match self.input.peek() {
            Some(b'(') => !self.is_fish(),
            None | Some(b'\n' | b';' | b'&' | b'|' | b')') => true,
            Some(b'}') if self.is_zsh() => self.keyword() == Some("}"),
            Some(b'<' | b'>') => self.input.peek_second() != Some(b'('),
            Some(_) => false,
        }
    }
}

impl Simple {
    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.assignments.is_empty() && self.redirects.is_empty()
    }

    fn is_one_word(&self) -> bool {
        self.words.len() == 1 && self.assignments.is_empty() && self.redirects.is_empty()
    }

    /// Returns whether all words so far let the next one be the builtin.
    fn is_direct(&self) -> bool {
        self.words
            .iter()
            .all(|word| matches!(word, Argument::Word(word) if word.is_one_of(DIRECT)))
    }
}

impl Raw {
    fn is_one_of(&self, names: List) -> bool {
        self.bare().is_some_and(|word| names.has(word))
    }
}
