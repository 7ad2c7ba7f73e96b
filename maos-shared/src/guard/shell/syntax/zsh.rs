//! The short forms of `zsh`: braces in the places of keywords, loops of one
//! command, functions without a name.

use std::rc::Rc;

use super::dialect::Dialect;
use super::tree::{Argument, Chain, Compound, Function, List, Node, Pipeline, Raw, Simple};
use super::{Error, Parser};

/// The name of a function that has none: no other can have it.
const NAMELESS: &str = "()";

impl Parser<'_> {
    pub(super) fn is_zsh(&self) -> bool {
        self.dialect == Dialect::Zsh
    }

    /// Returns whether a bracket behind a word says more of the names that it
    /// matches: `*.ts(.N)`. That of a function has nothing in it.
    pub(super) fn qualifies(&mut self, word: &Raw) -> bool {
        self.is_zsh() && !word.pieces.is_empty() && self.input.peek_second() != Some(b')')
    }

    /// Returns whether braces come next, where a keyword would stand in another
    /// shell.
    pub(super) fn begins_braces(&mut self) -> bool {
        self.is_zsh() && self.input.peek() == Some(b'{') && self.keyword() == Some("{")
    }

    /// Reads `{ … }` where it comes next.
    pub(super) fn braces(&mut self) -> Result<Option<List>, Error> {
        if !(self.is_zsh() && self.eat_keyword("{")) {
            return Ok(None);
        }
        let list = self.list()?;
        self.expect_keyword("}", "a `{` is not closed")?;
        Ok(Some(list))
    }

    /// Reads what runs behind a group whatever happens in it.
    pub(super) fn always(&mut self, list: &mut List) -> Result<(), Error> {
        if !self.is_zsh() {
            return Ok(());
        }
        let end = self.input;
        self.skip_blanks();
        if !self.eat_keyword("always") {
            self.input = end;
            return Ok(());
        }
        self.skip_blanks();
        match self.braces()? {
            Some(more) => list.chains.extend(more.chains),
            None => return Err(self.error("a `{` is missing after `always`")),
        }
        Ok(())
    }

    /// Reads `foreach NAME (…) … end`.
    pub(super) fn foreach(&mut self) -> Result<Compound, Error> {
        self.skip_blanks();
        let (name, words) = self.loop_header()?;
        self.input.eat(b';');
        let body = self.commands()?;
        self.expect_keyword("end", "`end` is missing")?;
        Ok(Compound::For { name, words, body })
    }

    /// Reads `repeat NUMBER …`.
    pub(super) fn repeat(&mut self) -> Result<Compound, Error> {
        self.skip_blanks();
        let header = self.required_word("the number after `repeat` is missing")?;
        let body = self.for_body()?;
        Ok(Compound::Count { header, body })
    }

    /// Reads the body of a function without a name, and its arguments: it runs at
    /// once.
    pub(super) fn nameless(&mut self) -> Result<Compound, Error> {
        let start = self.input.at();
        let function = self.function_body(NAMELESS.to_owned())?;
        let mut call = Simple::default();
        let mut name = Raw::default();
        name.push_quoted(NAMELESS);
        let words = std::iter::once(name).chain(self.words()?);
        call.words.extend(words.map(Argument::Word));
        call.span = self.span_from(start);
        let chains = [function, Node::Simple(call)].map(|node| Chain {
            first: Pipeline { stages: vec![node] },
            rest: Vec::new(),
            background: false,
        });
        Ok(Compound::Group(List {
            chains: chains.into(),
        }))
    }

    /// Reads the one command that is the body of a function.
    pub(super) fn short_body(&mut self, name: String) -> Result<Node, Error> {
        let body = self.simple()?;
        Ok(Node::Function(Rc::new(Function { name, body })))
    }
}
