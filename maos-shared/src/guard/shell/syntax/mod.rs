//! Reads shell text into a tree, in one pass: no part is read twice but for
//! what a bounded look ahead has to decide.
//!
//! What the shell would accept is accepted; what it would refuse is refused, or
//! read as the commands that it looks like.

use std::ops::Range;

use self::cursor::Cursor;
pub(super) use self::dialect::Dialect;
use self::heredoc::Pending;
use super::text::Text;
use super::{Error, Word};
use crate::config::limits;

mod arithmetic;
mod assignment;
mod case;
mod compound;
mod cursor;
mod dialect;
mod dollar;
mod fish;
mod heredoc;
mod list;
mod parameter;
mod quotes;
mod redirect;
mod simple;
mod test;
pub(crate) mod tree;
mod word;
mod zsh;

/// Returns the commands of a text in this grammar, or in that of `bash` where it
/// cannot be read so. Its nesting counts from `depth`; `span` is what stands for
/// its places where it is part of a text that holds it.
///
/// # Errors
/// [`Error::Syntax`] where a shell would refuse the text, [`Error::Limit`] where
/// it nests too deeply.
pub(super) fn read(
    text: &Text,
    depth: usize,
    span: Option<Range<usize>>,
    dialect: Dialect,
) -> Result<tree::List, Error> {
    let read = |dialect| {
        let input = Cursor::new(text.as_str());
        Parser::new(input, text.given(), depth, span.clone(), dialect).whole_list()
    };
    match dialect {
        Dialect::Bash => read(dialect),
        // What none of the two can read was not understood in its own grammar.
        other => read(other).or_else(|error| match error {
            Error::Syntax { .. } => read(Dialect::Bash).map_err(|_| error),
            Error::Limit { .. } => Err(error),
        }),
    }
}

/// Returns the commands of a text that nobody says the shell of, with the grammar
/// that it can be read in: that of `bash`, or that of `zsh`, which some have in
/// its place.
///
/// # Errors
/// As those of [`read`].
pub(super) fn read_any(text: &Text) -> Result<(tree::List, Dialect), Error> {
    let read = |dialect| read(text, 0, None, dialect).map(|list| (list, dialect));
    match read(Dialect::Bash) {
        Err(error @ Error::Syntax { .. }) => read(Dialect::Zsh).map_err(|_| error),
        known => known,
    }
}

/// Reads a text. Each file of this module adds the part of the grammar that it
/// is named for.
struct Parser<'t> {
    input: Cursor<'t>,
    /// The words that stand in the text already expanded.
    given: &'t [Word],
    depth: usize,
    span: Option<Range<usize>>,
    dialect: Dialect,
    /// The heredocs whose bodies begin on the next line.
    pending: Vec<Pending>,
    /// How many `$(…)` are open.
    substitutions: usize,
    /// How many subshells are open that begin with `((`.
    double_subshells: usize,
    /// How many `${ …; }` are open.
    brace_substitutions: usize,
    arithmetic: arithmetic::Seen,
    /// Where the next `]=` stands at or after the last place asked about.
    next_value: usize,
}

impl<'t> Parser<'t> {
    fn new(
        input: Cursor<'t>,
        given: &'t [Word],
        depth: usize,
        span: Option<Range<usize>>,
        dialect: Dialect,
    ) -> Self {
        Self {
            input,
            given,
            depth,
            span,
            dialect,
            pending: Vec::new(),
            substitutions: 0,
            double_subshells: 0,
            brace_substitutions: 0,
            arithmetic: arithmetic::Seen::default(),
            next_value: 0,
        }
    }

    /// Reads all of the text as a list.
    fn whole_list(&mut self) -> Result<tree::List, Error> {
        let list = self.list()?;
        match self.input.peek() {
            None => Ok(list),
            Some(_) => Err(self.error("nothing is open that this could close")),
        }
    }

    fn error(&self, what: &'static str) -> Error {
        Error::Syntax {
            at: self
                .span
                .as_ref()
                .map_or(self.input.at(), |span| span.start),
            what,
        }
    }

    /// Returns the place of what was read from `start` on.
    fn span_from(&self, start: usize) -> Range<usize> {
        self.span.clone().unwrap_or(start..self.input.at())
    }

    /// Reads something that lies one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.depth >= limits::SHELL_DEPTH {
            return Err(Error::Limit {
                what: "nested too deeply",
                limit: limits::SHELL_DEPTH,
            });
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Goes past this byte.
    fn expect(&mut self, byte: u8, otherwise: &'static str) -> Result<(), Error> {
        match self.input.eat(byte) {
            true => Ok(()),
            false => Err(self.error(otherwise)),
        }
    }

    /// Goes past blanks and a comment.
    fn skip_blanks(&mut self) {
        while matches!(self.input.peek(), Some(b' ' | b'\t')) {
            self.input.bump();
        }
        if self.input.peek() == Some(b'#') {
            let line = self.input.rest();
            let length = line.find('\n').unwrap_or(line.len());
            self.input.go_to(self.input.at() + length);
        }
    }

    /// Goes past blanks, comments and lines' ends, and the bodies of heredocs
    /// that begin there.
    fn skip_lines(&mut self) -> Result<(), Error> {
        self.skip_blanks();
        while self.input.eat(b'\n') {
            self.read_heredocs()?;
            self.skip_blanks();
        }
        Ok(())
    }
}
