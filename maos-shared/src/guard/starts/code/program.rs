//! A program as far as its text tells what its expressions are worth: strings,
//! lists of them, the user's home, variables that were given such.

use std::collections::HashMap;

use super::super::super::list::List;
use super::super::super::shell::Word;
use super::super::words::{self, unknown, word};
use super::computed;
use super::literals::Piece;
use super::tokens::{Lexis, Source, Token};
use super::values::{Value, formatted, variable};
use crate::config::limits;

/// A program, read up to some token.
pub(super) struct Program<'a> {
    source: &'a Source,
    pub(super) tokens: Vec<Token<'a>>,
    /// For each bracket, the one that it belongs to.
    partners: Vec<Option<usize>>,
    pub(super) variables: HashMap<&'a str, Value>,
    /// The names that an import gives others.
    originals: HashMap<&'a str, &'a str>,
    /// The modules of which every name is imported.
    pub(super) stars: Vec<&'a str>,
    /// The file that was opened last to be written.
    pub(super) opened: Option<Word>,
    /// What is printed to a file that the same call opens.
    pub(super) printed: Option<Word>,
    /// The arguments that the program gets.
    pub(super) given: Vec<Word>,
    /// Which of the lists loops go through whose elements are lists, and how many
    /// they go through at most.
    pub(super) round: usize,
    pub(super) rounds: usize,
    /// How many bytes may still be copied: of variables, and of what is computed.
    copies: usize,
    /// No expression goes on from here.
    pub(super) end: usize,
    /// Values side by side are joined.
    adjacent: bool,
    /// What stands between strings side by side then.
    gap: &'static str,
}

impl<'a> Program<'a> {
    pub(super) fn new(source: &'a Source, lexis: &Lexis) -> Self {
        let tokens = super::tokens::read(&source.text, lexis);
        Self {
            source,
            partners: partners(&tokens),
            variables: HashMap::new(),
            originals: HashMap::new(),
            stars: Vec::new(),
            opened: None,
            printed: None,
            given: Vec::new(),
            round: 0,
            rounds: 1,
            copies: limits::CODE_COPIED_BYTES,
            end: tokens.len(),
            adjacent: lexis.adjacent,
            gap: lexis.gap,
            tokens,
        }
    }

    pub(super) fn token(&self, at: usize) -> Option<&Token<'a>> {
        self.tokens.get(at).filter(|_| at < self.end)
    }

    pub(super) fn name(&self, at: usize) -> Option<&'a str> {
        match self.token(at) {
            Some(Token::Name(name)) => Some(name),
            _ => None,
        }
    }

    pub(super) fn is_mark(&self, at: usize, mark: char) -> bool {
        self.token(at) == Some(&Token::Mark(mark))
    }

    /// Returns the other bracket of the pair.
    pub(super) fn partner(&self, at: usize) -> Option<usize> {
        self.partners.get(at).copied().flatten()
    }

    /// Returns whether values side by side are joined.
    pub(super) fn adjacent(&self) -> bool {
        self.adjacent
    }

    /// Keeps what a name stands for that an import gives another.
    pub(super) fn rename(&mut self, name: &'a str, original: &'a str) {
        self.originals.insert(name, original);
    }

    /// Returns the name that an import has in its module.
    pub(super) fn original(&self, name: &'a str) -> &'a str {
        self.originals.get(name).copied().unwrap_or(name)
    }

    /// Keeps what a variable holds from here on.
    pub(super) fn set(&mut self, name: &'a str, value: Value) {
        self.variables.insert(name, value);
    }

    /// Returns what a variable holds.
    pub(super) fn variable(&mut self, name: &str) -> Value {
        let Some(value) = self.variables.get(name) else {
            return Value::Unknown;
        };
        match self.copies.checked_sub(value.size()) {
            Some(left) => {
                self.copies = left;
                value.clone()
            }
            None => Value::Unknown,
        }
    }

    /// Returns whether so many bytes may be copied still.
    pub(super) fn may_copy(&mut self, bytes: usize) -> bool {
        let left = self.copies.checked_sub(bytes);
        self.copies = left.unwrap_or_default();
        left.is_some()
    }

    /// Returns the word that the pieces of a string make.
    pub(super) fn word(&mut self, pieces: &[Piece<'a>]) -> Word {
        let mut word = Word::default();
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.source.push_to(&mut word, text),
                Piece::Name(name) => {
                    let value = self.variable(name).into_word();
                    word = words::join([&word, &value], "");
                }
                Piece::Home => word = words::join([&word, &variable("HOME")], ""),
                Piece::Code(_) | Piece::Unknown => word = words::join([&word, &unknown()], ""),
            }
        }
        word
    }

    /// Returns what the expression at a token is worth that ends before `end`.
    pub(super) fn value_before(&mut self, at: usize, end: usize) -> Value {
        let whole = std::mem::replace(&mut self.end, end);
        let (value, _) = self.expression(at, 0);
        self.end = whole;
        value
    }

    /// Returns what the expression at a token is worth, and the token behind it.
    pub(super) fn expression(&mut self, at: usize, depth: usize) -> (Value, usize) {
        let (mut value, mut next) = self.term(at, depth);
        for _ in 0..limits::CODE_TERMS {
            let (separator, right) = match self.token(next) {
                Some(Token::Join) => ("", next + 1),
                Some(Token::Mark('/')) => ("/", next + 1),
                // Of Ruby.
                Some(Token::Mark('<')) if self.is_mark(next + 1, '<') => ("", next + 2),
                Some(Token::Text(_)) => (self.gap, next),
                Some(Token::Name(_) | Token::Mark('$')) if self.adjacent => ("", next),
                Some(Token::Mark('%')) if matches!(value, Value::Text(_)) => {
                    let (given, after) = self.term(next + 1, depth);
                    value = formatted(value, given);
                    next = after;
                    continue;
                }
                _ => return (value, next),
            };
            let (term, after) = self.term(right, depth);
            value = value.joined(separator, term);
            next = after;
        }
        (Value::Unknown, next)
    }

    fn term(&mut self, at: usize, depth: usize) -> (Value, usize) {
        if depth >= limits::CODE_DEPTH {
            return (Value::Unknown, at + 1);
        }
        let (value, next) = match self.token(at) {
            Some(Token::Text(_) | Token::Shell(_)) => (Value::Text(self.literal(at)), at + 1),
            Some(Token::Words(listed)) => {
                let listed = listed.iter().map(|text| word(text)).collect();
                (Value::List(listed), at + 1)
            }
            // `...list` too.
            Some(Token::Mark('$' | '@' | '\\' | '*' | '&' | '%') | Token::Dot) => {
                return self.term(at + 1, depth + 1);
            }
            Some(Token::Mark(open @ ('(' | '[' | '{'))) => match (open, self.partner(at)) {
                ('(', Some(close)) => (self.in_brackets(at, depth), close + 1),
                ('[', Some(close)) => (self.listed(at, depth), close + 1),
                (_, Some(close)) => (self.in_braces(at, depth), close + 1),
                (_, None) => (Value::Unknown, at + 1),
            },
            Some(Token::Mark('-')) => match self.name(at + 1).and_then(computed::parsed) {
                Some(number) => (Value::Text(word(&format!("-{number}"))), at + 2),
                None => return (Value::Unknown, at),
            },
            Some(Token::Name(name)) if PREFIXES.has(name) => return self.term(at + 1, depth + 1),
            Some(Token::Name(_)) => self.path(at, depth),
            _ => return (Value::Unknown, at),
        };
        self.members(value, next, depth)
    }

    /// Returns the string at a token.
    pub(super) fn literal(&mut self, at: usize) -> Word {
        let pieces = match self.tokens.get_mut(at) {
            Some(Token::Text(pieces) | Token::Shell(pieces)) => std::mem::take(pieces),
            _ => return unknown(),
        };
        let word = self.word(&pieces);
        if let Some(Token::Text(empty) | Token::Shell(empty)) = self.tokens.get_mut(at) {
            *empty = pieces;
        }
        word
    }
}

/// Words in front of a value that do not change it.
const PREFIXES: List = List("await const global local my new our scalar");

/// Returns for each bracket the one that it belongs to.
fn partners(tokens: &[Token<'_>]) -> Vec<Option<usize>> {
    let mut partners = vec![None; tokens.len()];
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Mark(mark) = token else { continue };
        let opening = match mark {
            '(' | '[' | '{' => {
                open.push((at, *mark));
                continue;
            }
            ')' => '(',
            ']' => '[',
            '}' => '{',
            _ => continue,
        };
        if let Some((start, _)) = open.pop_if(|(_, mark)| *mark == opening) {
            partners[start] = Some(at);
            partners[at] = Some(start);
        }
    }
    partners
}
