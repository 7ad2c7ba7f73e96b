//! Lists, `&&`, `||`, pipelines, and which form of command comes next.

use super::cursor::{Cursor, is_word_end};
use super::tree::{Chain, Joint, List, Node, Pipeline};
use super::{Error, Parser};

/// The longest of all keywords, in bytes.
const KEYWORD_BYTES: usize = 8;

impl Parser<'_> {
    /// Reads commands up to what cannot begin one: the end, `)`, `;;`, `fi`, ….
    pub(super) fn list(&mut self) -> Result<List, Error> {
        let mut list = List::default();
        loop {
            self.skip_lines()?;
            if self.list_ends() {
                return Ok(list);
            }
            let mut chain = self.chain()?;
            self.skip_blanks();
            let next = self.input.peek();
            let goes_on = match next {
                Some(b'&') => {
                    self.input.bump();
                    chain.background = true;
                    true
                }
                Some(b';') if !self.arm_ends() => {
                    self.input.bump();
                    true
                }
                other => other == Some(b'\n'),
            };
            list.chains.push(chain);
            if !goes_on {
                return match self.list_ends() || self.begins_braces() {
                    true => Ok(list),
                    false => Err(self.error("`;` or a new line is missing")),
                };
            }
        }
    }

    /// Reads a list that must hold a command.
    pub(super) fn commands(&mut self) -> Result<List, Error> {
        let list = self.list()?;
        match list.chains.is_empty() {
            true => Err(self.error("a command is missing")),
            false => Ok(list),
        }
    }

    pub(super) fn list_ends(&mut self) -> bool {
        match self.input.peek() {
            None | Some(b')') => true,
            Some(b'}') if self.brace_substitutions > 0 => true,
            Some(b';') => self.arm_ends(),
            _ => self
                .keyword()
                .is_some_and(|keyword| self.dialect.ends(keyword)),
        }
    }

    /// Returns whether `;;`, `;&` or `;;&` comes next.
    pub(super) fn arm_ends(&mut self) -> bool {
        self.input.peek() == Some(b';') && matches!(self.input.peek_second(), Some(b';' | b'&'))
    }

    pub(super) fn chain(&mut self) -> Result<Chain, Error> {
        let mut chain = Chain {
            first: self.pipeline()?,
            rest: Vec::new(),
            background: false,
        };
        loop {
            self.skip_blanks();
            let joint = if self.input.eat_all("&&") {
                Joint::And
            } else if self.input.eat_all("||") {
                Joint::Or
            } else {
                return Ok(chain);
            };
            self.skip_lines()?;
            chain.rest.push((joint, self.pipeline()?));
        }
    }

    fn pipeline(&mut self) -> Result<Pipeline, Error> {
        // About all have one stage, and there may be many thousands of them.
        let mut pipeline = Pipeline {
            stages: Vec::with_capacity(1),
        };
        loop {
            let prefixed = self.pipeline_prefix();
            if !(prefixed && self.pipeline_is_empty()) {
                pipeline.stages.push(self.command()?);
            }
            self.skip_blanks();
            let pipes = self.input.peek() == Some(b'|') && self.input.peek_second() != Some(b'|');
            if !pipes {
                return Ok(pipeline);
            }
            self.input.bump();
            self.input.eat(b'&');
            self.skip_lines()?;
        }
    }

    /// Goes past `!` and `time`; returns whether there was one.
    fn pipeline_prefix(&mut self) -> bool {
        let mut met = false;
        loop {
            self.skip_blanks();
            if self.eat_keyword("!") {
                met = true;
            } else if self.eat_keyword("time") {
                met = true;
                self.skip_blanks();
                self.eat_word("-p");
                self.skip_blanks();
                self.eat_word("--");
            } else {
                return met;
            }
        }
    }

    fn pipeline_is_empty(&mut self) -> bool {
        matches!(
            self.input.peek(),
            None | Some(b'\n' | b';' | b'&' | b'|' | b')')
        )
    }

    /// Reads a command of any form.
    pub(super) fn command(&mut self) -> Result<Node, Error> {
        self.skip_blanks();
        match self.compound()? {
            Some(node) => Ok(node),
            None => self.simple(),
        }
    }

    /// Returns the keyword that comes next.
    pub(super) fn keyword(&self) -> Option<&'static str> {
        self.keyword_ahead().map(|(keyword, _)| keyword)
    }

    fn keyword_ahead(&self) -> Option<(&'static str, Cursor<'_>)> {
        let mut ahead = self.input;
        let mut word = [0; KEYWORD_BYTES];
        let mut length = 0;
        while !is_word_end(ahead.peek()) {
            *word.get_mut(length)? = ahead.peek()?;
            length += 1;
            ahead.bump();
        }
        let word = word.get(..length)?;
        let mut keywords = self.dialect.keywords().iter();
        let keyword = keywords.find(|one| one.as_bytes() == word)?;
        Some((keyword, ahead))
    }

    /// Goes past this keyword where it comes next.
    pub(super) fn eat_keyword(&mut self, keyword: &str) -> bool {
        if self.input.peek() != keyword.bytes().next() {
            return false;
        }
        let ahead = match self.keyword_ahead() {
            Some((met, ahead)) if met == keyword => ahead.at(),
            _ => return false,
        };
        self.input.go_to(ahead);
        true
    }

    /// Goes past this word where it comes next, unquoted.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let mut ahead = self.input;
        let met = ahead.eat_all(word) && is_word_end(ahead.peek());
        if met {
            self.input = ahead;
        }
        met
    }

    /// Returns whether this word comes next, unquoted.
    pub(super) fn at_word(&self, word: &str) -> bool {
        let mut ahead = self.input;
        ahead.eat_all(word) && is_word_end(ahead.peek())
    }
}
