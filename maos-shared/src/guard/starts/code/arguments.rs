//! The arguments of calls, and what else stands between brackets.

use super::super::super::shell::Word;
use super::super::words::word;
use super::computed;
use super::program::Program;
use super::tokens::Token;
use super::values::Value;
use crate::config::limits;

/// One argument of a call.
pub(super) struct Argument<'a> {
    /// Its name, in `name=value` and `name: value`.
    pub(super) name: Option<&'a str>,
    pub(super) value: Value,
    /// Where it begins.
    pub(super) at: usize,
}

impl<'a> Program<'a> {
    /// Returns what an argument is worth: a number as a text.
    pub(super) fn worth(&self, one: Argument<'a>) -> Value {
        let number = match one.value {
            Value::Unknown => self.name(one.at).and_then(computed::parsed),
            _ => None,
        };
        number.map_or(one.value, |number| Value::Text(word(&number.to_string())))
    }

    /// Returns what an argument is printed as.
    pub(super) fn printable(&self, one: Argument<'a>) -> Word {
        self.worth(one).into_word()
    }

    /// Returns the lists that arguments are, each written as one or all of them
    /// lists; `None` where one is something else, or is put into this one (`*x`).
    fn rows(&self, arguments: &[Argument<'a>]) -> Option<Value> {
        let is_alone = arguments.len() == 1;
        let rows = arguments
            .iter()
            .map(|one| match (&one.value, self.token(one.at)?) {
                (Value::List(row), Token::Mark('[' | '(') | Token::Words(_)) => Some(row.clone()),
                (Value::List(row), Token::Name(_)) if !is_alone => Some(row.clone()),
                _ => None,
            });
        let rows: Vec<Vec<Word>> = rows.collect::<Option<_>>()?;
        (!rows.is_empty()).then_some(Value::Rows(rows))
    }

    /// Returns what is in brackets: one value, or a list of them.
    pub(super) fn in_brackets(&mut self, open: usize, depth: usize) -> Value {
        let arguments = self.arguments(open, depth);
        let close = self.partner(open).unwrap_or(open);
        let is_list = arguments.len() > 1 || (close > open && self.is_mark(close - 1, ','));
        if let Some(rows) = self.rows(&arguments).filter(|_| is_list) {
            return rows;
        }
        let mut arguments = arguments.into_iter();
        match (arguments.next(), arguments.next()) {
            (Some(only), None) if is_list => Value::List(vec![self.printable(only)]),
            (Some(only), None) => only.value,
            (Some(first), Some(second)) => {
                let all = [first, second].into_iter().chain(arguments);
                Value::List(all.map(|one| self.printable(one)).collect())
            }
            (None, _) => Value::Unknown,
        }
    }

    /// Returns the list that is in square brackets.
    pub(super) fn listed(&mut self, open: usize, depth: usize) -> Value {
        let arguments = self.arguments(open, depth);
        match self.rows(&arguments) {
            Some(rows) => rows,
            None => Value::List(self.items(arguments)),
        }
    }

    fn items(&mut self, arguments: Vec<Argument<'a>>) -> Vec<Word> {
        let mut items = Vec::new();
        for argument in arguments {
            match self.worth(argument) {
                Value::List(words) => items.extend(words),
                Value::Rows(rows) => items.extend(rows.into_iter().flatten()),
                value => items.push(value.into_word()),
            }
        }
        items
    }

    /// Returns what is in braces, where it is a list of texts.
    pub(super) fn in_braces(&mut self, open: usize, depth: usize) -> Value {
        let is_text = matches!(self.token(open + 1), Some(Token::Text(_)));
        let ends = |at| self.is_mark(at, ',') || self.is_mark(at, '}');
        match is_text && ends(open + 2) {
            true => self.listed(open, depth),
            false => Value::Unknown,
        }
    }

    /// Returns what is in the brackets that open at a token.
    pub(super) fn arguments(&mut self, open: usize, depth: usize) -> Vec<Argument<'a>> {
        match self.partner(open) {
            Some(close) => self.arguments_between(open + 1, close, depth + 1),
            None => Vec::new(),
        }
    }

    /// Returns the values between two tokens, commas between them.
    pub(super) fn arguments_between(
        &mut self,
        start: usize,
        end: usize,
        depth: usize,
    ) -> Vec<Argument<'a>> {
        let mut arguments = Vec::new();
        let mut at = start;
        let whole = self.end;
        self.end = end.min(whole);
        while at < self.end && arguments.len() < limits::CODE_ARGUMENTS {
            if self.is_mark(at, '\n') || self.is_mark(at, ',') {
                at += 1;
                continue;
            }
            let named = (self.is_mark(at + 1, '=') || self.is_mark(at + 1, ':'))
                && !self.is_mark(at + 2, '=');
            let name = self.name(at).filter(|_| named);
            let begin = if name.is_some() { at + 2 } else { at };
            let (value, next) = self.expression(begin, depth);
            arguments.push(Argument {
                name,
                value,
                at: begin,
            });
            at = self.next_comma(next.max(at + 1));
        }
        self.end = whole;
        arguments
    }

    fn next_comma(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.end && !self.is_mark(at, ',') {
            at = match self.partner(at) {
                Some(close) if close > at => close + 1,
                _ => at + 1,
            };
        }
        at
    }
}
