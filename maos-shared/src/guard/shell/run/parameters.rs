//! Parameter expansion.

use std::borrow::Cow;

use super::expand::{Expander, Mode};
use super::fields::Fields;
use super::found::{Found, changed, joined, may_be_empty};
use super::scope::{Value, text};
use crate::guard::shell::syntax::tree::{Operator, Parameter, Prefix, Raw};
use crate::guard::shell::{Error, Word};
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
