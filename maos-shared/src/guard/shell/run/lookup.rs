//! What parameters are: variables, elements of arrays, arguments.

use std::rc::Rc;

use super::expand::{Expander, countable};
use super::found::{Found, argument, is_number, is_one_word};
use super::scope::{Value, text};
use crate::guard::shell::syntax::Dialect;
use crate::guard::shell::syntax::tree::Parameter;
use crate::guard::shell::{Command, Word};

impl Expander<'_> {
    /// Returns what a name stands for.
    pub(super) fn find(&mut self, name: &str, subscript: Option<&Word>) -> Found {
        match name {
            "?" | "-" | "$" | "!" => Found::Any,
            "_" => self.last_argument().map_or(Found::Any, Found::One),
            "@" | "*" | "#" => self.find_argument(name),
            "argv" if self.shell.dialect == Dialect::Fish => {
                let place = subscript.and_then(Word::literal);
                self.find_argument(place.as_deref().unwrap_or("@"))
            }
            _ if name.starts_with(|c: char| c.is_ascii_digit()) => self.find_argument(name),
            _ => self.find_variable(name, subscript),
        }
    }

    /// Returns what the name of an argument, of all of them or of their number
    /// stands for.
    fn find_argument(&mut self, name: &str) -> Found {
        let all = self.shell.scope.arguments();
        let at = self.choices.pick("@", all.len());
        let Some(arguments) = at.and_then(|at| all.get(at)) else {
            return Found::Any;
        };
        if name == "0" {
            return arguments.name.clone().map_or(Found::Any, Found::One);
        }
        let Some(words) = &arguments.words else {
            return match &*self.shell.scope.values(name) {
                [Value::Otherwise] => Found::Otherwise,
                _ => Found::Any,
            };
        };
        match name {
            "@" => Found::Each(words.to_vec()),
            "*" => Found::All(words.to_vec()),
            "#" if words.iter().all(is_one_word) => Found::One(text(&words.len().to_string())),
            _ => name
                .parse()
                .map_or(Found::Any, |number| argument(words, number)),
        }
    }

    fn find_variable(&mut self, name: &str, subscript: Option<&Word>) -> Found {
        let values = self.shell.scope.values(name);
        let at = self.choices.pick(name, values.len());
        let value = at.and_then(|at| values.get(at)).unwrap_or(&Value::Any);
        let key = subscript.map(Word::literal);
        match (value, key) {
            (Value::Any, _) => Found::Any,
            (Value::Otherwise, _) => Found::Otherwise,
            (Value::Unset, _) => Found::Unset,
            (Value::Scalar(word), None) => Found::One((**word).clone()),
            (Value::Scalar(word), Some(key)) => match key.as_deref() {
                Some("@") => Found::Each(vec![(**word).clone()]),
                Some("*") => Found::All(vec![(**word).clone()]),
                Some("0") => Found::One((**word).clone()),
                Some(_) => Found::Unset,
                None => Found::Any,
            },
            (Value::Array(elements), None) if self.shell.dialect != Dialect::Bash => {
                Found::Each(elements.iter().map(|(_, word)| word.clone()).collect())
            }
            (Value::Array(elements), key) => {
                let elements = Rc::clone(elements);
                let key = key.unwrap_or_else(|| Some("0".to_owned()));
                let key = key.map(|key| self.counted_from_zero(key));
                self.find_element(name, &elements, key.as_deref())
            }
        }
    }

    /// Returns the subscript of a list as `bash` counts: from zero.
    fn counted_from_zero(&self, key: String) -> String {
        match (self.shell.dialect, key.parse::<usize>()) {
            (Dialect::Bash, _) | (_, Err(_)) => key,
            (_, Ok(place)) => place.saturating_sub(1).to_string(),
        }
    }

    fn find_element(
        &mut self,
        name: &str,
        elements: &[(String, Word)],
        key: Option<&str>,
    ) -> Found {
        let mut words = elements.iter().map(|(_, word)| word.clone());
        let key = key.map(str::trim);
        let found = elements
            .iter()
            .rfind(|(known, _)| key == Some(known.as_str()));
        let is_list = elements.iter().all(|(key, _)| is_number(key));
        let counted = key.filter(|key| is_list && found.is_none() && !matches!(*key, "@" | "*"));
        let counted = counted.and_then(|key| self.number(&text(key)));
        let counted = counted.map(|number| number.to_string());
        let (key, found) = match &counted {
            Some(number) => {
                let found = elements.iter().rfind(|(known, _)| known == number);
                (Some(number.as_str()), found)
            }
            None => (key, found),
        };
        match (key, found) {
            (Some("@"), _) => Found::Each(words.collect()),
            (Some("*"), _) => Found::All(words.collect()),
            (Some("-1"), _) => words.next_back().map_or(Found::Unset, Found::One),
            (_, Some((_, word))) => Found::One(word.clone()),
            (Some(key), None) if is_list && is_number(key) => Found::Unset,
            _ if countable(elements.len()) && !elements.is_empty() => {
                let subject = format!("{name}[]");
                let at = self.choices.pick(&subject, elements.len());
                at.and_then(|at| words.nth(at))
                    .map_or(Found::Any, Found::One)
            }
            _ => Found::Any,
        }
    }

    /// Returns the last argument of the command before.
    fn last_argument(&self) -> Option<Word> {
        let shell = &*self.shell;
        let mut before = shell.script.commands.iter().rev();
        let is_own = |one: &&Command| one.started_by == shell.started_by && !one.words.is_empty();
        before.find(is_own)?.words.last().cloned()
    }

    /// Returns what `${!name}` stands for.
    pub(super) fn find_indirect(
        &mut self,
        parameter: &Parameter,
        subscript: Option<&Word>,
    ) -> Found {
        if subscript.is_some() {
            return Found::Any;
        }
        match self.find(&parameter.name, None) {
            Found::One(word) => match word.literal() {
                Some(name) => self.find(&name, None),
                None => Found::Any,
            },
            _ => Found::Any,
        }
    }

    /// Returns what `${#name}` stands for.
    pub(super) fn length(&mut self, parameter: &Parameter, subscript: Option<&Word>) -> Found {
        let length = match self.find(&parameter.name, subscript) {
            Found::One(word) => word.literal().map(|text| text.chars().count()),
            Found::Each(words) | Found::All(words) if words.iter().all(is_one_word) => {
                Some(words.len())
            }
            _ => None,
        };
        length.map_or(Found::Any, |length| Found::One(text(&length.to_string())))
    }
}
