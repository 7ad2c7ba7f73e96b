//! Parameter expansion.

use std::borrow::Cow;
use std::rc::Rc;

use super::expand::{Expander, Mode, countable};
use super::fields::Fields;
use super::found::{Found, argument, changed, is_number, is_one_word, joined, may_be_empty};
use super::scope::{Value, text};
use crate::guard::shell::syntax::Dialect;
use crate::guard::shell::syntax::tree::{Operator, Parameter, Prefix, Raw};
use crate::guard::shell::{Command, Error, Word};
use crate::guard::starts;

impl Expander<'_> {
    /// Adds what a parameter expands to.
    pub(super) fn parameter(
        &mut self,
        parameter: &Parameter,
        quoted: bool,
        mode: Mode,
        fields: &mut Fields,
    ) -> Result<(), Error> {
        let subscript = match &parameter.subscript {
            Some(subscript) => Some(self.arithmetic(subscript)?),
            None => None,
        };
        let found = match parameter.prefix {
            Prefix::None => self.find(&parameter.name, subscript.as_ref()),
            Prefix::Indirect => self.find_indirect(parameter, subscript.as_ref()),
            Prefix::Length => self.length(parameter, subscript.as_ref()),
        };
        let found = match &parameter.operation {
            Some((operator, operand)) => {
                let Some(found) =
                    self.operate(parameter, found, *operator, operand, mode, fields)?
                else {
                    return Ok(());
                };
                found
            }
            None => found,
        };
        match found {
            Found::Any | Found::Otherwise => {
                let chosen = matches!(found, Found::Otherwise);
                let meant = self.meant(parameter).map(Parameter::named);
                let parameter = meant.as_ref().unwrap_or(parameter);
                fields.push(Self::unknown_parameter(parameter, quoted, mode, chosen));
            }
            Found::Unset => {
                if quoted {
                    fields.begin();
                }
            }
            Found::One(value) => self.push_value(&value, quoted, mode, fields)?,
            Found::Each(words) => self.push_each(&words, quoted, mode, fields)?,
            Found::All(words) if quoted => {
                fields.begin();
                let separators = self.separators();
                let first = separators.chars().next();
                let between = first.map(String::from).unwrap_or_default();
                self.push_value(&joined(&words, &between), quoted, mode, fields)?;
            }
            Found::All(words) => self.push_each(&words, quoted, mode, fields)?,
        }
        Ok(())
    }

    fn push_each(
        &mut self,
        words: &[Word],
        quoted: bool,
        mode: Mode,
        fields: &mut Fields,
    ) -> Result<(), Error> {
        self.shell.spend(words.len())?;
        for (at, word) in words.iter().enumerate() {
            if at > 0 && mode == Mode::Argument {
                fields.end();
            } else if at > 0 {
                fields.push_text(" ");
            }
            self.push_value(word, quoted, mode, fields)?;
        }
        Ok(())
    }

    /// Returns what a name stands for.
    fn find(&mut self, name: &str, subscript: Option<&Word>) -> Found {
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

    /// Returns the name of the variable that another one stands for: a
    /// reference, `${!name}`.
    fn meant(&mut self, parameter: &Parameter) -> Option<String> {
        if parameter.subscript.is_some() || parameter.operation.is_some() {
            return None;
        }
        match parameter.prefix {
            Prefix::None => match self.shell.scope.meant(&parameter.name) {
                Cow::Owned(meant) => Some(meant),
                Cow::Borrowed(_) => None,
            },
            Prefix::Indirect => match self.find(&parameter.name, None) {
                Found::One(name) => name.literal(),
                _ => None,
            },
            Prefix::Length => None,
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
    fn find_indirect(&mut self, parameter: &Parameter, subscript: Option<&Word>) -> Found {
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
    fn length(&mut self, parameter: &Parameter, subscript: Option<&Word>) -> Found {
        let length = match self.find(&parameter.name, subscript) {
            Found::One(word) => word.literal().map(|text| text.chars().count()),
            Found::Each(words) | Found::All(words) if words.iter().all(is_one_word) => {
                Some(words.len())
            }
            _ => None,
        };
        length.map_or(Found::Any, |length| Found::One(text(&length.to_string())))
    }

    /// Applies an operator; returns `None` where its word was added in place of
    /// the value.
    fn operate(
        &mut self,
        parameter: &Parameter,
        found: Found,
        operator: Operator,
        operand: &Raw,
        mode: Mode,
        fields: &mut Fields,
    ) -> Result<Option<Found>, Error> {
        match operator {
            Operator::Default { or_empty } => {
                if self.is_set(parameter, &found, or_empty) {
                    return Ok(Some(found));
                }
            }
            Operator::Assign { or_empty } => {
                if self.is_set(parameter, &found, or_empty) {
                    return Ok(Some(found));
                }
                let value = self.value(operand, Mode::Value)?;
                let mut values = vec![Value::scalar(value)];
                if matches!(found, Found::Any | Found::Otherwise) {
                    let own = Self::unknown_parameter(parameter, true, mode, false);
                    values.push(Value::scalar(Word { parts: vec![own] }));
                }
                self.shell.scope.set(&parameter.name, values);
            }
            Operator::Instead { or_empty } => {
                if !self.is_set(parameter, &found, or_empty) {
                    return Ok(Some(Found::Unset));
                }
            }
            Operator::Demand => {
                self.value(operand, Mode::Value)?;
                return Ok(Some(found));
            }
            _ => {
                let mut operand = self.value(operand, Mode::File)?;
                if operator == Operator::Slice {
                    self.shell.evaluate(&operand)?;
                    operand = self.with_numbers(operand);
                }
                if operator == Operator::Other && operand.known().is_some_and(|one| one == "@P") {
                    self.prompt(&found)?;
                }
                let first = usize::from(matches!(parameter.name.as_str(), "@" | "*"));
                return Ok(Some(changed(found, operator, &operand, first)));
            }
        }
        self.operand(operand, mode, fields)?;
        Ok(None)
    }

    /// Returns the operand of a slice with what its expressions come to.
    fn with_numbers(&self, operand: Word) -> Word {
        let numbers = starts::pieces(&operand, ':').into_iter();
        let numbers: Option<Vec<String>> = numbers
            .map(|piece| Some(self.number(&piece)?.to_string()))
            .collect();
        match numbers {
            Some(numbers) if !numbers.is_empty() => text(&numbers.join(":")),
            _ => operand,
        }
    }

    /// Runs what is in values that are expanded as prompts are.
    fn prompt(&mut self, found: &Found) -> Result<(), Error> {
        let words = match found {
            Found::One(word) => std::slice::from_ref(word),
            Found::Each(words) | Found::All(words) => words,
            Found::Any | Found::Otherwise | Found::Unset => &[],
        };
        words
            .iter()
            .try_for_each(|word| self.shell.expand_again(word))
    }

    /// Returns whether a parameter counts as set in this round.
    fn is_set(&mut self, parameter: &Parameter, found: &Found, or_empty: bool) -> bool {
        let unsure = match found {
            Found::Any | Found::Otherwise => true,
            Found::Unset => return false,
            Found::One(word) if or_empty => match word.literal() {
                Some(known) => return !known.is_empty(),
                None => word.parts.iter().all(may_be_empty),
            },
            Found::One(_) => return true,
            Found::Each(words) | Found::All(words) => return !words.is_empty(),
        };
        let subject = format!("{}?", parameter.name);
        !unsure || self.choices.pick(&subject, 2) != Some(1)
    }
}
