//! Variables: their values, what is exported, references, local ones.

use std::borrow::Cow;

use super::branch::Undo;
use super::value::{add_values, with_letters};
use super::{Letters, Scope, Value, replace};
use crate::config::limits;
use crate::guard::shell::Word;

/// A variable: every value that it may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Variable {
    pub(super) values: Vec<Value>,
    /// Programs get it in their environment.
    pub(super) exported: bool,
    /// `declare -l`, `declare -u`.
    pub(super) letters: Letters,
    /// The shell that set it: 0 is the one that reads the text.
    pub(super) shell: usize,
    /// Its value is the name of the variable that is meant (`declare -n`).
    pub(super) is_reference: bool,
}

/// How many references are followed from one variable to the next.
const REFERENCES: usize = 4;

impl Scope {
    pub(super) fn put(&mut self, name: &str, variable: Option<Variable>) {
        if self.variables.get(name) == variable.as_ref() {
            return;
        }
        let old = replace(&mut self.variables, name, variable);
        self.note(Undo::Variable(name.to_owned(), old));
    }

    /// Gives a variable these values, any of which it may have.
    pub(in super::super) fn set(&mut self, name: &str, values: Vec<Value>) {
        let name = &*self.meant(name);
        let old = self.variables.get(name);
        let letters = old.map_or(Letters::AsGiven, |old| old.letters);
        let mut kept = Vec::with_capacity(values.len().min(limits::SHELL_VALUES));
        add_values(&mut kept, &values);
        let variable = Variable {
            values: kept
                .into_iter()
                .map(|value| with_letters(value, letters))
                .collect(),
            exported: self.exports_all || old.is_some_and(|old| old.exported),
            letters,
            shell: self.shell,
            is_reference: false,
        };
        self.put(name, Some(variable));
    }

    /// Returns the name of the variable that one refers to; its own where it is
    /// no reference.
    pub(in super::super) fn meant<'n>(&self, name: &'n str) -> Cow<'n, str> {
        let mut meant = Cow::Borrowed(name);
        for _ in 0..REFERENCES {
            match self.variables.get(&*meant) {
                Some(variable) if variable.is_reference => {
                    let name = variable.values.iter().find_map(Value::word);
                    match name.and_then(Word::literal) {
                        Some(next) => meant = Cow::Owned(next),
                        None => break,
                    }
                }
                _ => break,
            }
        }
        meant
    }

    /// Lets a variable refer to the one that its value names.
    pub(in super::super) fn make_reference(&mut self, name: &str) {
        self.change(name, |variable| variable.is_reference = true);
    }

    /// Returns the values that a variable may have.
    pub(in super::super) fn values(&self, name: &str) -> Cow<'_, [Value]> {
        let Some(variable) = self.variables.get(&*self.meant(name)) else {
            return Cow::Borrowed(&[Value::Any]);
        };
        let is_passed_on = variable.exported && variable.shell >= self.exported_from;
        if variable.shell == self.shell || is_passed_on {
            return Cow::Borrowed(&variable.values);
        }
        let mut values = variable.values.clone();
        add_values(&mut values, &[Value::Unset]);
        Cow::Owned(values)
    }

    pub(in super::super) fn variable(&self, name: &str) -> Option<Variable> {
        self.variables.get(name).cloned()
    }

    /// Gives a variable back what [`Scope::variable`] returned.
    pub(in super::super) fn put_back(&mut self, name: &str, variable: Option<Variable>) {
        self.put(name, variable);
    }

    pub(in super::super) fn export(&mut self, name: &str) {
        self.change(name, |variable| variable.exported = true);
    }

    pub(in super::super) fn export_all(&mut self) {
        self.exports_all = true;
    }

    pub(in super::super) fn set_letters(&mut self, name: &str, letters: Letters) {
        self.change(name, |variable| variable.letters = letters);
    }

    fn change(&mut self, name: &str, change: impl FnOnce(&mut Variable)) {
        let mut variable = self.variable(name).unwrap_or(Variable {
            values: vec![Value::Any],
            exported: false,
            letters: Letters::AsGiven,
            shell: self.shell,
            is_reference: false,
        });
        change(&mut variable);
        self.put(name, Some(variable));
    }

    /// Makes a variable local to the function that runs.
    pub(in super::super) fn make_local(&mut self, name: &str) {
        let old = self.variable(name);
        if let Some(locals) = self.locals.last_mut()
            && !locals.iter().any(|(known, _)| known == name)
        {
            locals.push((name.to_owned(), old));
        }
    }
}
