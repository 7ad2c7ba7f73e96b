//! Assignments put into effect.

use super::Shell;
use super::expand::{Expander, Mode, size};
use super::scope::Value;
use crate::config::limits;
use crate::guard::list::List;
use crate::guard::shell::syntax::tree::{Assigned, Assignment};
use crate::guard::shell::{Error, Part, Setting, Word};

/// A subscript; `None` where it is not known.
type Key = Option<String>;

/// An assignment whose words are expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assigning {
    pub(super) name: String,
    key: Option<Key>,
    appends: bool,
    value: Given,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Given {
    Scalar(Word),
    Array(Vec<(Option<Key>, Word)>),
}

impl Assigning {
    pub(super) fn scalar(name: &str, appends: bool, value: Word) -> Self {
        Self {
            name: name.to_owned(),
            key: None,
            appends,
            value: Given::Scalar(value),
        }
    }

    /// Returns the value where it is that of a plain `NAME=value`.
    pub(super) fn plain(&self) -> Option<&Word> {
        match (&self.key, self.appends, &self.value) {
            (None, false, Given::Scalar(word)) => Some(word),
            _ => None,
        }
    }

    /// Returns the values that it gives: each, where it is a list.
    pub(super) fn values(&self) -> impl Iterator<Item = &Word> {
        let (one, each) = match &self.value {
            Given::Scalar(word) => (Some(word), &[][..]),
            Given::Array(elements) => (None, elements.as_slice()),
        };
        one.into_iter().chain(each.iter().map(|(_, word)| word))
    }

    /// Returns the assignment as a word.
    pub(super) fn word(&self) -> Word {
        let mut word = Word::default();
        word.push_text(&self.name);
        match &self.key {
            Some(Some(key)) => word.push_text(&format!("[{key}]")),
            Some(None) => word.push_text("[]"),
            None => {}
        }
        word.push_text(if self.appends { "+=" } else { "=" });
        match &self.value {
            Given::Scalar(value) => value.parts.iter().for_each(|part| word.push(part.clone())),
            Given::Array(elements) => {
                word.push_text("(");
                for (at, (_, element)) in elements.iter().enumerate() {
                    if at > 0 {
                        word.push_text(" ");
                    }
                    element
                        .parts
                        .iter()
                        .for_each(|part| word.push(part.clone()));
                }
                word.push_text(")");
            }
        }
        word
    }
}

impl Expander<'_> {
    pub(super) fn assigning(&mut self, assignment: &Assignment) -> Result<Assigning, Error> {
        let key = match &assignment.subscript {
            Some(subscript) => Some(self.arithmetic(subscript)?.literal()),
            None => None,
        };
        let value = match &assignment.value {
            Assigned::Scalar(word) => Given::Scalar(self.value(word, Mode::Value)?),
            Assigned::Array(elements) => {
                let mut words = Vec::new();
                for (subscript, word) in elements {
                    match subscript {
                        Some(subscript) => {
                            let key = self.value(subscript, Mode::Value)?.literal();
                            words.push((Some(key), self.value(word, Mode::Value)?));
                        }
                        None => {
                            let more = self.arguments(word)?;
                            words.extend(more.into_iter().map(|word| (None, word)));
                        }
                    }
                }
                Given::Array(words)
            }
        };
        Ok(Assigning {
            name: assignment.name.clone(),
            key,
            appends: assignment.appends,
            value,
        })
    }
}

impl Shell {
    pub(super) fn assign(&mut self, assigning: &Assigning) -> Result<(), Error> {
        if let Some(word) = assigning.plain() {
            self.keep_assigned(&assigning.name, word);
            self.globs_hidden |= assigning.name == "GLOBIGNORE";
            let values = vec![Value::scalar(word.clone())];
            self.scope.set(&assigning.name, values);
            return Ok(());
        }
        self.name_commands(assigning);
        let old = self.scope.values(&assigning.name).into_owned();
        self.spend(old.iter().map(weight).sum())?;
        let mut values: Vec<Value> = Vec::with_capacity(old.len());
        for value in old {
            values.push(assigned(&value, assigning));
            if value == Value::Any && assigning.key.is_some() {
                values.push(Value::Any);
            }
        }
        self.scope.set(&assigning.name, values);
        Ok(())
    }

    /// Defines what is named by an element of an array of the shell's own:
    /// `BASH_ALIASES[x]=…`, `BASH_CMDS[x]=…`, `functions[x]=…` of `zsh`.
    fn name_commands(&mut self, assigning: &Assigning) {
        let named = match (&assigning.value, &assigning.key) {
            (Given::Array(elements), _) => elements.as_slice(),
            (Given::Scalar(word), key) => &[(key.clone(), word.clone())],
        };
        for (key, value) in named {
            if let Some(Some(key)) = key {
                self.name_command(&assigning.name, key, value.clone());
            }
        }
    }

    fn name_command(&mut self, array: &str, key: &str, value: Word) {
        const NAMING: List = List("BASH_ALIASES BASH_CMDS aliases commands functions galiases");
        if NAMING.has(array) {
            self.scope.set_alias(key, value);
        }
    }

    /// Gives a variable that a builtin names its values; an element of an array of
    /// the shell's own is a command.
    pub(super) fn fill(&mut self, name: &str, values: Vec<Value>) {
        let element = name.strip_suffix(']').and_then(|name| name.split_once('['));
        if let (Some((array, key)), [Value::Scalar(value)]) = (element, values.as_slice()) {
            self.name_command(array, key, Word::clone(value));
        }
        self.scope.set(name, values);
    }

    fn keep_assigned(&mut self, name: &str, value: &Word) {
        let values = self.script.assigned.entry(name.to_owned()).or_default();
        let given = Setting {
            value: value.clone(),
            deferred: self.deferred,
        };
        if values.len() < ASSIGNED && !values.contains(&given) {
            values.push(given);
        }
    }
}

/// Returns the steps of copying a value.
fn weight(value: &Value) -> usize {
    match value {
        Value::Any | Value::Otherwise | Value::Unset => 0,
        Value::Scalar(word) => size(word) / limits::SHELL_STEP_BYTES,
        Value::Array(elements) => elements.len(),
    }
}

/// How many values of one variable are kept.
const ASSIGNED: usize = 8;

/// Returns what an assignment makes of an old value.
fn assigned(old: &Value, assigning: &Assigning) -> Value {
    match (&assigning.value, &assigning.key) {
        (Given::Array(words), _) => {
            let mut elements = match assigning.appends {
                true => elements_of(old),
                false => Vec::new(),
            };
            for (key, word) in words {
                add_element(&mut elements, key.as_ref(), word);
            }
            Value::Array(elements.into())
        }
        (Given::Scalar(word), None) if !matches!(old, Value::Array(_)) => {
            let mut longer = match old {
                Value::Scalar(first) => (**first).clone(),
                Value::Unset | Value::Array(_) => Word::default(),
                Value::Any | Value::Otherwise => Word {
                    parts: vec![Part::Variable {
                        name: assigning.name.clone(),
                        quoted: true,
                        chosen: *old == Value::Otherwise,
                    }],
                },
            };
            word.parts.iter().for_each(|part| longer.push(part.clone()));
            Value::scalar(longer)
        }
        (Given::Scalar(word), key) => {
            let mut elements = elements_of(old);
            let first = Some("0".to_owned());
            let key = key.as_ref().unwrap_or(&first);
            set_element(&mut elements, key, assigning.appends, word);
            Value::Array(elements.into())
        }
    }
}

/// Returns the elements of a value that is used as an array.
fn elements_of(value: &Value) -> Vec<(String, Word)> {
    match value {
        Value::Any | Value::Otherwise | Value::Unset => Vec::new(),
        Value::Scalar(word) => vec![("0".to_owned(), (**word).clone())],
        Value::Array(elements) => elements.to_vec(),
    }
}

/// Adds an element of a list; without a subscript, the next one. One whose
/// subscript is not known, or is there already, is there besides.
fn add_element(elements: &mut Vec<(String, Word)>, key: Option<&Key>, word: &Word) {
    let key = match key {
        Some(Some(key)) => key.clone(),
        Some(None) => "?".to_owned(),
        None => {
            let last = elements.last().and_then(|(key, _)| key.parse().ok());
            last.map_or(0, |last: usize| last.saturating_add(1))
                .to_string()
        }
    };
    elements.push((key, word.clone()));
}

/// Sets an element, or adds to it.
fn set_element(elements: &mut Vec<(String, Word)>, key: &Key, appends: bool, word: &Word) {
    let known = elements
        .iter_mut()
        .rfind(|(known, _)| Some(known.as_str()) == key.as_deref());
    match known {
        Some((_, old)) if appends => word.parts.iter().for_each(|part| old.push(part.clone())),
        Some((_, old)) => *old = word.clone(),
        None => add_element(elements, Some(key), word),
    }
}
