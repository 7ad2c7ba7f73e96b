//! The words that a word becomes while it is expanded.

use super::super::text::with_quotes;
use super::super::{Part, Word};

/// Words that are finished, and the one that is not.
#[derive(Default)]
pub(super) struct Fields {
    done: Vec<Word>,
    open: Option<Word>,
}

impl Fields {
    pub(super) fn finish(mut self) -> Vec<Word> {
        self.end();
        self.done
    }

    /// Returns all as one word.
    pub(super) fn joined(self) -> Word {
        let mut joined = Word::default();
        for (at, word) in self.finish().into_iter().enumerate() {
            if at > 0 {
                joined.push_text(" ");
            }
            word.parts.into_iter().for_each(|part| joined.push(part));
        }
        joined
    }

    /// Returns whether the next part begins a word.
    pub(super) fn at_start(&self) -> bool {
        self.open.as_ref().is_none_or(|word| word.parts.is_empty())
    }

    /// Begins a word where none has begun: it may stay empty.
    pub(super) fn begin(&mut self) -> &mut Word {
        self.open.get_or_insert_default()
    }

    /// Ends the word that has begun.
    pub(super) fn end(&mut self) {
        self.done.extend(self.open.take());
    }

    pub(super) fn push_text(&mut self, text: &str) {
        self.begin().push_text(text);
    }

    pub(super) fn push(&mut self, part: Part) {
        self.begin().push(part);
    }

    /// Adds a value that stays one word.
    pub(super) fn push_quoted(&mut self, value: &Word) {
        let word = self.begin();
        for part in &value.parts {
            word.push(with_quotes(part, true));
        }
    }

    /// Adds a value that separators split; patterns in it are patterns where it
    /// `globs`.
    pub(super) fn push_split(&mut self, value: &Word, separators: &str, globs: bool) {
        for part in &value.parts {
            match part {
                Part::Text(text) => self.push_split_text(text, separators, globs),
                other => self.push(with_quotes(other, false)),
            }
        }
    }

    pub(super) fn push_split_text(&mut self, text: &str, separators: &str, globs: bool) {
        let mut rest = text;
        while let Some(at) = rest.find(|c| separators.contains(c)) {
            self.push_unquoted(&rest[..at], globs);
            let blank = rest[at..].starts_with([' ', '\t', '\n']);
            if !blank {
                self.begin();
            }
            self.end();
            let separator = rest[at..].chars().next().map_or(1, char::len_utf8);
            rest = &rest[at + separator..];
        }
        self.push_unquoted(rest, globs);
    }

    /// Adds characters outside of quotes.
    pub(super) fn push_unquoted(&mut self, text: &str, globs: bool) {
        if text.is_empty() {
            return;
        }
        if !globs {
            self.push_text(text);
            return;
        }
        let last_bracket = text.rfind(']').unwrap_or(0);
        let mut rest = text;
        while let Some(at) = rest.find(['*', '?', '[']) {
            self.push_text_if_any(&rest[..at]);
            let behind = &rest[at..];
            let open = text.len() - behind.len();
            let length = match behind.starts_with('[') {
                true if open < last_bracket => bracket_length(behind),
                true => None,
                false => Some(1),
            };
            match length {
                Some(length) => self.push(Part::Glob(behind[..length].to_owned())),
                None => self.push_text("["),
            }
            rest = &behind[length.unwrap_or(1)..];
        }
        self.push_text_if_any(rest);
    }

    fn push_text_if_any(&mut self, text: &str) {
        if !text.is_empty() {
            self.push_text(text);
        }
    }
}

/// Returns the length of the `[…]` that a text begins with.
fn bracket_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('[')?;
    let negated = inner.strip_prefix(['!', '^']).unwrap_or(inner);
    let body = negated.strip_prefix(']').unwrap_or(negated);
    let body = match body.starts_with("[:") {
        true => &body[body.find(":]").map_or(0, |end| end + 2)..],
        false => body,
    };
    let end = body.find(']')?;
    Some(text.len() - body.len() + end + 1)
}

impl Word {
    /// Adds a part; texts that meet become one.
    pub(super) fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::Text(last)), Part::Text(text)) => last.push_str(&text),
            (Some(Part::Glob(last)), Part::Glob(pattern)) => last.push_str(&pattern),
            (_, Part::Text(text)) if text.is_empty() => {}
            (_, part) => self.parts.push(part),
        }
    }

    pub(super) fn push_text(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(Part::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }
}
