//! The variables of a makefile, and what make puts in their place.

use std::collections::HashMap;

use super::super::arguments::{leading_text, skip};
use super::super::list::List;
use super::super::shell::{Part, Word};
use super::words;
use crate::config::limits;

/// What make knows without being told.
const BUILT_IN: [(&str, &str); 3] = [("RM", "rm -f"), ("MAKE", "make"), ("SHELL", "/bin/sh")];

/// The variables that a makefile has when all of it is read.
pub(super) struct Variables {
    values: HashMap<String, Word>,
    /// How many values may still be put in place.
    left: usize,
}

/// What a line gives a variable.
struct Assigned {
    name: String,
    value: Word,
    appends: bool,
}

impl Variables {
    /// Reads the variables of these lines; those that are given stand above them.
    pub(super) fn of(lines: &[Word], given: &[(String, Word)]) -> Self {
        let built_in = BUILT_IN.map(|(name, value)| (name.to_owned(), words::word(value)));
        let mut values = HashMap::from(built_in);
        let mut defined: Option<(String, Word)> = None;
        for line in lines {
            let text = leading_text(line);
            if let Some((name, mut value)) = defined.take() {
                if text.starts_with("endef") {
                    values.insert(name, value);
                } else {
                    value = words::join([&value, line], "\n");
                    defined = Some((name, value));
                }
            } else if let Some(name) = text.strip_prefix("define ") {
                let name = name.trim_end_matches(['=', ':', ' ']).trim_start();
                defined = Some((name.to_owned(), Word::default()));
            } else if let Some(assigned) = assigned(line) {
                let before = values.get(&assigned.name).filter(|_| assigned.appends);
                let value = match before {
                    Some(before) => words::join([before, &assigned.value], " "),
                    None => assigned.value,
                };
                values.insert(assigned.name, value);
            }
        }
        values.extend(given.iter().cloned());
        Self {
            values,
            left: limits::MAKE_VALUES,
        }
    }

    /// Returns a line with what make puts into it, and the texts of its
    /// `$(shell …)`.
    pub(super) fn expanded(&mut self, line: &Word) -> (Word, Vec<Word>) {
        let (mut known, mut texts) = (Word::default(), Vec::new());
        self.expand(line, limits::MAKE_DEPTH, &mut known, &mut texts);
        (known, texts)
    }

    fn expand(&mut self, line: &Word, depth: usize, known: &mut Word, texts: &mut Vec<Word>) {
        for part in &line.parts {
            let Part::Text(text) = part else {
                words::push(known, part.clone());
                continue;
            };
            let mut rest = text.as_str();
            while let Some((before, after)) = rest.split_once('$') {
                words::push_text(known, before);
                let taken = match after.chars().next() {
                    Some('$') => {
                        words::push_text(known, "$");
                        1
                    }
                    Some(open @ ('(' | '{')) => {
                        let (inside, taken) = enclosed(after, open);
                        self.put(inside, depth, known, texts);
                        taken
                    }
                    Some(name) => {
                        self.put(&after[..name.len_utf8()], depth, known, texts);
                        name.len_utf8()
                    }
                    None => 0,
                };
                rest = &after[taken..];
            }
            words::push_text(known, rest);
        }
    }

    /// Adds what `$(inside)` stands for.
    fn put(&mut self, inside: &str, depth: usize, known: &mut Word, texts: &mut Vec<Word>) {
        /// The functions that give out what they are given, as far as matters.
        const SAME: List = List("abspath dir firstword info realpath sort strip value wildcard");
        let unknown = Part::Unknown { quoted: false };
        if depth == 0 || self.left == 0 {
            known.parts.push(unknown);
            return;
        }
        self.left -= 1;
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let (function, given) = inside.split_once([' ', '\t']).unwrap_or(("", inside));
        let name = match function {
            "call" => given.split(',').next().unwrap_or_default(),
            _ => inside,
        };
        if let Some(value) = self.values.get(name).cloned() {
            self.expand(&value, depth - 1, known, texts);
        } else if name == "CURDIR" {
            known.parts.push(Part::variable("PWD", false));
        } else if !name.is_empty() && name.chars().all(is_name) {
            // It comes from the environment, or is none.
            known.parts.push(Part::variable(name, false));
        } else if function == "shell" {
            let (text, _) = self.expanded_within(given, depth, texts);
            texts.push(text);
            known.parts.push(unknown);
        } else {
            let (value, is_whole) = self.expanded_within(given, depth, texts);
            match is_whole && SAME.has(function) {
                true => value
                    .parts
                    .into_iter()
                    .for_each(|part| words::push(known, part)),
                false => known.parts.push(unknown),
            }
        }
    }

    /// Returns what is given to a function, and whether all of it was followed.
    fn expanded_within(
        &mut self,
        given: &str,
        depth: usize,
        texts: &mut Vec<Word>,
    ) -> (Word, bool) {
        let mut value = Word::default();
        self.expand(&words::word(given), depth - 1, &mut value, texts);
        (value, depth > 1 && self.left > 0)
    }
}

/// Returns what a line gives a variable: `NAME = value`, `:=`, `?=`, `+=`.
fn assigned(line: &Word) -> Option<Assigned> {
    let text = leading_text(line);
    let (before, _) = text.split_once('=')?;
    if text.starts_with('\t') {
        return None;
    }
    let name = before.trim_end_matches([':', '?', '+', '!']).trim();
    let name = name.rsplit(' ').next().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let behind = &text[before.len() + 1..];
    let value = skip(line, text.len() - behind.trim_start().len());
    Some(Assigned {
        name: name.to_owned(),
        value,
        appends: before.ends_with('+'),
    })
}

/// Returns what is in the brackets that a text begins with, and how long they
/// are; all of it where they stay open.
fn enclosed(text: &str, open: char) -> (&str, usize) {
    let close = if open == '(' { ')' } else { '}' };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
        }
        if depth == 0 {
            return (&text[1..at], at + 1);
        }
    }
    (&text[1..], text.len())
}
