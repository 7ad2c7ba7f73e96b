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

    /// Returns what is in brackets: one value, or a list of them.
    pub(super) fn in_brackets(&mut self, open: usize, depth: usize) -> Value {
        let mut arguments = self.arguments(open, depth).into_iter();
        let close = self.partner(open).unwrap_or(open);
        match (arguments.next(), arguments.next()) {
            (Some(only), None) if close > open && self.is_mark(close - 1, ',') => {
                Value::List(vec![self.printable(only)])
            }
            (Some(only), None) => only.value,
            (Some(first), Some(second)) => {
                let all = [first, second].into_iter().chain(arguments);
                Value::List(all.map(|one| self.printable(one)).collect())
            }
            (None, _) => Value::Unknown,
        }
    }

    pub(super) fn items(&mut self, open: usize, depth: usize) -> Vec<Word> {
        let arguments = self.arguments(open, depth).into_iter();
        let mut items = Vec::new();
        for argument in arguments {
            match self.worth(argument) {
                Value::List(words) => items.extend(words),
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
            true => Value::List(self.items(open, depth)),
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
