//! Redirections.

use std::cell::OnceCell;
use std::rc::Rc;

use super::cursor::Cursor;
use super::heredoc::Pending;
use super::tree::{Descriptor, Redirect, RedirectKind};
use super::{Error, Parser};

/// The operators, a longer one before what it begins with.
const OPERATORS: [&str; 12] = [
    "<<<", "<<-", "<<", "<&", "<>", "<", ">>", ">|", ">&", ">", "&>>", "&>",
];

impl Parser<'_> {
    /// Reads the redirections after a compound command.
    pub(super) fn redirects(&mut self) -> Result<Vec<Redirect>, Error> {
        let mut redirects = Vec::new();
        loop {
            self.skip_blanks();
            match self.redirect()? {
                Some(redirect) => redirects.push(redirect),
                None => return Ok(redirects),
            }
        }
    }

    /// Reads a redirection; `None` where none begins here.
    pub(super) fn redirect(&mut self) -> Result<Option<Redirect>, Error> {
        let mut ahead = self.input;
        let descriptor = descriptor(&mut ahead);
        let Some(operator) = operator(&mut ahead) else {
            return Ok(None);
        };
        self.input = ahead;
        self.skip_blanks();
        let kind = match operator {
            "<<" | "<<-" => self.heredoc(operator == "<<-")?,
            "<<<" => {
                RedirectKind::Herestring(self.required_word("the text after `<<<` is missing")?)
            }
            _ => RedirectKind::File(
                operator,
                self.required_word("the file of a redirection is missing")?,
            ),
        };
        Ok(Some(Redirect { descriptor, kind }))
    }

    fn heredoc(&mut self, strips_tabs: bool) -> Result<RedirectKind, Error> {
        if self.double_subshells > 0 {
            // Bash runs such a body as commands.
            return Err(self.error("a heredoc stands in what begins with `((`"));
        }
        let (delimiter, literal) = self.heredoc_delimiter()?;
        let body = Rc::new(OnceCell::new());
        self.pending.push(Pending {
            delimiter,
            literal,
            strips_tabs,
            body: Rc::clone(&body),
        });
        Ok(RedirectKind::Heredoc(body))
    }
}

/// Takes `2` or `{name}` where an operator follows it.
fn descriptor(ahead: &mut Cursor<'_>) -> Option<Descriptor> {
    let start = *ahead;
    let descriptor = if ahead.eat(b'{') {
        let name = ahead.take_name();
        let closed = !name.is_empty() && ahead.eat(b'}');
        closed.then_some(Descriptor::Variable(name))
    } else {
        let digits = ahead.take_digits();
        (!digits.is_empty()).then_some(Descriptor::Number(digits))
    };
    if descriptor.is_none() || !matches!(ahead.peek(), Some(b'<' | b'>')) {
        *ahead = start;
        return None;
    }
    descriptor
}

/// Takes an operator; `<(` and `>(` begin none.
fn operator(ahead: &mut Cursor<'_>) -> Option<&'static str> {
    match (ahead.peek()?, ahead.peek_second()) {
        (b'<' | b'>', Some(b'(')) => None,
        (b'<' | b'>', _) | (b'&', Some(b'>')) => OPERATORS
            .into_iter()
            .find(|operator| ahead.eat_all(operator)),
        _ => None,
    }
}
