//! Assignments put into effect.

use super::Shell;
use super::expand::{Expander, Mode};
use super::scope::Value;
use crate::guard::shell::syntax::tree::{Assigned, Assignment};
use crate::guard::shell::{Error, Part, Word};

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
            Some(subscript) => Some(self.value(subscript, Mode::Value)?.literal()),
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
    pub(super) fn assign(&mut self, assigning: &Assigning) {
        if let Some(word) = assigning.plain() {
            self.keep_assigned(&assigning.name, word);
            let values = vec![Value::Scalar(word.clone())];
            return self.scope.set(&assigning.name, values);
        }
        let old = self.scope.values(&assigning.name);
        let mut values: Vec<Value> = Vec::with_capacity(old.len());
        for value in old {
            let is_any = value == Value::Any;
            values.push(assigned(value, assigning));
            if is_any && assigning.key.is_some() {
                values.push(Value::Any);
            }
        }
        self.scope.set(&assigning.name, values);
    }

    fn keep_assigned(&mut self, name: &str, value: &Word) {
        let values = self.script.assigned.entry(name.to_owned()).or_default();
        if values.len() < ASSIGNED && !values.contains(value) {
            values.push(value.clone());
        }
    }
}

/// How many values of one variable are kept.
const ASSIGNED: usize = 8;

/// Returns what an assignment makes of an old value.
fn assigned(old: Value, assigning: &Assigning) -> Value {
    match &assigning.value {
        Given::Array(words) => {
            let mut elements = match (old, assigning.appends) {
                (Value::Array(elements), true) => elements,
                (Value::Scalar(word), true) => vec![("0".to_owned(), word)],
                _ => Vec::new(),
            };
            for (key, word) in words {
                set_element(&mut elements, key.as_ref(), false, word);
            }
            Value::Array(elements)
        }
        Given::Scalar(word) => match (old, &assigning.key) {
            (Value::Array(mut elements), key) => {
                let first = Some("0".to_owned());
                let key = key.as_ref().unwrap_or(&first);
                set_element(&mut elements, Some(key), assigning.appends, word);
                Value::Array(elements)
            }
            (Value::Scalar(first), Some(key)) => {
                let mut elements = vec![("0".to_owned(), first)];
                set_element(&mut elements, Some(key), assigning.appends, word);
                Value::Array(elements)
            }
            (Value::Any | Value::Unset, Some(key)) => {
                let mut elements = Vec::new();
                set_element(&mut elements, Some(key), false, word);
                Value::Array(elements)
            }
            (Value::Scalar(mut first), None) => {
                word.parts.iter().for_each(|part| first.push(part.clone()));
                Value::Scalar(first)
            }
            (Value::Unset, None) => Value::Scalar(word.clone()),
            (Value::Any, None) => {
                let mut longer = Word {
                    parts: vec![Part::Variable {
                        name: assigning.name.clone(),
                        quoted: true,
                    }],
                };
                word.parts.iter().for_each(|part| longer.push(part.clone()));
                Value::Scalar(longer)
            }
        },
    }
}

/// Sets an element; without a subscript, the next one. One whose subscript is
/// not known is added.
fn set_element(elements: &mut Vec<(String, Word)>, key: Option<&Key>, appends: bool, word: &Word) {
    let key = match key {
        Some(Some(key)) => key.clone(),
        Some(None) => format!("?{}", elements.len()),
        None => elements.len().to_string(),
    };
    match elements.iter_mut().find(|(known, _)| *known == key) {
        Some((_, old)) if appends => word.parts.iter().for_each(|part| old.push(part.clone())),
        Some((_, old)) => *old = word.clone(),
        None => elements.push((key, word.clone())),
    }
}
