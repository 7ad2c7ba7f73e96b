//! The blocks of `fish`, which all end with `end`.

use std::rc::Rc;

use super::compound::Read;
use super::dialect::Dialect;
use super::tree::{Compound, Function, List, Node, Raw};
use super::{Error, Parser};

impl<'t> Parser<'t> {
    /// Returns what reads the block of `fish` that begins with a keyword.
    pub(super) fn fish_block(keyword: &str) -> Option<Read<'t>> {
        Some(match keyword {
            "begin" => Self::fish_group,
            "if" => Self::fish_conditional,
            "while" => Self::fish_while,
            "for" => Self::fish_for,
            "switch" => Self::fish_switch,
            _ => return None,
        })
    }

    pub(super) fn is_fish(&self) -> bool {
        self.dialect == Dialect::Fish
    }

    fn fish_end(&mut self) -> Result<(), Error> {
        match self.eat_keyword("end") {
            true => Ok(()),
            false => Err(self.error("`end` is missing")),
        }
    }

    /// Goes past what ends a command.
    fn fish_separator(&mut self) {
        self.skip_blanks();
        self.input.eat(b';');
    }

    fn fish_group(&mut self) -> Result<Compound, Error> {
        self.fish_separator();
        let list = self.list()?;
        self.fish_end()?;
        Ok(Compound::Group(list))
    }

    /// Reads the one command that is a condition.
    fn fish_condition(&mut self) -> Result<List, Error> {
        self.skip_lines()?;
        let chains = vec![self.chain()?];
        self.fish_separator();
        Ok(List { chains })
    }

    fn fish_conditional(&mut self) -> Result<Compound, Error> {
        let mut branches = vec![(self.fish_condition()?, self.list()?)];
        let mut otherwise = None;
        while self.eat_keyword("else") {
            self.skip_blanks();
            if self.eat_keyword("if") {
                branches.push((self.fish_condition()?, self.list()?));
            } else {
                self.fish_separator();
                otherwise = Some(self.list()?);
            }
        }
        self.fish_end()?;
        Ok(Compound::If {
            branches,
            otherwise,
        })
    }

    fn fish_while(&mut self) -> Result<Compound, Error> {
        let condition = self.fish_condition()?;
        let body = self.list()?;
        self.fish_end()?;
        Ok(Compound::While { condition, body })
    }

    fn fish_for(&mut self) -> Result<Compound, Error> {
        self.skip_blanks();
        let name = self.required_word("the name after `for` is missing")?;
        self.skip_blanks();
        if !self.eat_word("in") {
            return Err(self.error("`in` is missing"));
        }
        let words = Some(self.words()?);
        self.fish_separator();
        let body = self.list()?;
        self.fish_end()?;
        Ok(Compound::For {
            name: name.plain_text(),
            words,
            body,
        })
    }

    fn fish_switch(&mut self) -> Result<Compound, Error> {
        self.skip_blanks();
        let subject = self.required_word("the word after `switch` is missing")?;
        self.fish_separator();
        self.skip_lines()?;
        let mut arms: Vec<(Vec<Raw>, List)> = Vec::new();
        while self.eat_keyword("case") {
            let patterns = self.words()?;
            self.fish_separator();
            arms.push((patterns, self.list()?));
        }
        self.fish_end()?;
        Ok(Compound::Case { subject, arms })
    }

    /// Reads what follows `function`: a name, options, the body.
    pub(super) fn fish_function(&mut self) -> Result<Node, Error> {
        let words = self.words()?;
        self.fish_separator();
        let list = self.list()?;
        self.fish_end()?;
        let name = words.first().map(Raw::plain_text).unwrap_or_default();
        let body = Node::Compound(Box::new(Compound::Group(list)), Vec::new());
        Ok(Node::Function(Rc::new(Function { name, body })))
    }
}
