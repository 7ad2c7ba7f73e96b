//! From words as they are written to words as a program gets them.

use std::collections::HashMap;
use std::ops::Range;

use super::Shell;
use super::braces::{self, Atom};
use super::choices::Choices;
use super::fields::Fields;
use super::numbers;
use super::scope::{SEPARATORS, Value, text as text_word};
use super::spelling::{add_hidden, longer_name, push_bare, unchanged};
use super::substitution::Substituted;
use crate::config::limits;
use crate::guard::shell::syntax::tree::{List, Parameter, Piece, Raw};
use crate::guard::shell::{Error, Part, Word};

/// What is done to a word besides the expansion of parameters and commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// An argument: braces, splitting, patterns.
    Argument,
    /// The file of a redirection: patterns.
    File,
    /// A value: neither.
    Value,
}

/// Expands the words of one command.
///
/// Where a variable may have several values each round of [`Choices`] gives
/// other words; the commands of a substitution run once for all of them.
pub(super) struct Expander<'s> {
    pub(super) shell: &'s mut Shell,
    pub(super) choices: Choices,
    pub(super) substitutions: HashMap<*const List, Substituted>,
    /// The commands of the substitutions that were expanded last.
    pub(super) used: Vec<Range<usize>>,
}

impl<'s> Expander<'s> {
    pub(super) fn new(shell: &'s mut Shell) -> Self {
        let rounds = match shell.steps < limits::SHELL_COMBINING_STEPS {
            true => limits::SHELL_COMBINATIONS,
            false => 1,
        };
        Self {
            shell,
            choices: Choices::combined(rounds),
            substitutions: HashMap::new(),
            used: Vec::new(),
        }
    }

    /// Adds the words that one becomes as an argument.
    pub(super) fn add_arguments(&mut self, word: &Raw, words: &mut Vec<Word>) -> Result<(), Error> {
        let Some(text) = unchanged(word) else {
            words.extend(self.arguments(word)?);
            return Ok(());
        };
        self.shell.spend_bytes(text.len())?;
        self.shell.spend(1)?;
        words.push(text_word(text));
        Ok(())
    }

    /// Returns the words that one becomes as an argument.
    pub(super) fn arguments(&mut self, word: &Raw) -> Result<Vec<Word>, Error> {
        let mut words = Vec::new();
        for atoms in braces::expand(&word.pieces)? {
            let fields = self.fields(&atoms, Mode::Argument)?.finish();
            words.extend(fields.into_iter().map(|word| self.in_own_home(word)));
        }
        if self.shell.globs_hidden {
            add_hidden(&mut words);
        }
        self.shell.spend(words.len())?;
        Ok(words)
    }

    /// Returns what a word becomes where it stays one.
    pub(super) fn value(&mut self, word: &Raw, mode: Mode) -> Result<Word, Error> {
        let atoms: Vec<Atom<'_>> = word.pieces.iter().map(Atom::Piece).collect();
        self.shell.spend(1)?;
        let value = self.fields(&atoms, mode)?.joined();
        Ok(self.in_own_home(value))
    }

    /// Returns a word that begins with `~` as the text has set `HOME`, where it
    /// has.
    fn in_own_home(&self, word: Word) -> Word {
        if !matches!(word.parts.first(), Some(Part::Tilde(user)) if user.is_empty()) {
            return word;
        }
        let values = self.shell.scope.values("HOME");
        let [Value::Scalar(home)] = &*values else {
            return word;
        };
        let mut whole = (**home).clone();
        let below = word.parts.into_iter().skip(1);
        below.for_each(|part| whole.push(part));
        whole
    }

    fn fields(&mut self, atoms: &[Atom<'_>], mode: Mode) -> Result<Fields, Error> {
        let mut fields = Fields::default();
        let mut skipped = 0;
        for (at, atom) in atoms.iter().enumerate() {
            let is_last = at + 1 == atoms.len();
            match atom {
                Atom::Any => fields.push(Part::Unknown { quoted: true }),
                Atom::Bare(text) | Atom::Piece(Piece::Bare(text)) => {
                    self.shell.spend_bytes(text.len())?;
                    push_bare(&text[skipped..], is_last, mode, &mut fields);
                    skipped = 0;
                }
                Atom::Piece(Piece::Parameter {
                    parameter,
                    quoted: false,
                }) => {
                    let name = longer_name(parameter, atoms.get(at + 1));
                    skipped = name.len() - parameter.name.len();
                    match skipped {
                        0 => self.parameter(parameter, false, mode, &mut fields)?,
                        _ => self.parameter(&Parameter::named(name), false, mode, &mut fields)?,
                    }
                }
                Atom::Piece(piece) => self.piece(piece, mode, &mut fields)?,
            }
        }
        Ok(fields)
    }

    /// Adds the word of an operator, which stands for a value.
    pub(super) fn operand(
        &mut self,
        word: &Raw,
        mode: Mode,
        fields: &mut Fields,
    ) -> Result<(), Error> {
        let separators = self.separators();
        for (at, piece) in word.pieces.iter().enumerate() {
            match piece {
                Piece::Bare(text) if text.starts_with('~') && at == 0 => {
                    push_bare(text, word.pieces.len() == 1, mode, fields);
                }
                Piece::Bare(text) if mode == Mode::Argument => {
                    fields.push_split_text(text, &separators, true);
                }
                other => self.piece(other, mode, fields)?,
            }
        }
        Ok(())
    }

    fn piece(&mut self, piece: &Piece, mode: Mode, fields: &mut Fields) -> Result<(), Error> {
        match piece {
            Piece::Bare(text) => fields.push_unquoted(text, mode != Mode::Value),
            Piece::Quoted(text) => {
                self.shell.spend_bytes(text.len())?;
                fields.push_text(text);
            }
            Piece::Pattern(pattern) => fields.push(Part::Glob(pattern.clone())),
            Piece::Parameter { parameter, quoted } => {
                self.parameter(parameter, *quoted, mode, fields)?;
            }
            Piece::Output { list, quoted } => {
                let substituted = self.substitute(list)?;
                self.used.push(substituted.commands.clone());
                match substituted.printed {
                    Some(printed) => self.push_value(&printed, *quoted, mode, fields)?,
                    None => fields.push(Part::Output {
                        commands: substituted.commands,
                        quoted: *quoted || mode == Mode::Value,
                    }),
                }
            }
            Piece::Process { list, is_read } => {
                let commands = self.process(list, *is_read)?;
                fields.push(Part::Process { commands });
            }
            Piece::Arithmetic { expression, quoted } => {
                let expression = self.arithmetic(expression)?;
                match self.number(&expression) {
                    Some(number) => fields.push_text(&number.to_string()),
                    None => fields.push(Part::Unknown {
                        quoted: *quoted || mode == Mode::Value,
                    }),
                }
                self.shell.count(&expression);
            }
            Piece::Given { word, quoted } => {
                fields.begin();
                match quoted {
                    true => fields.push_quoted(word),
                    false => word.parts.iter().for_each(|part| fields.push(part.clone())),
                }
            }
        }
        Ok(())
    }

    /// Expands an arithmetic expression, and what is in the values of its names.
    pub(super) fn arithmetic(&mut self, expression: &Raw) -> Result<Word, Error> {
        let expression = self.value(expression, Mode::Value)?;
        self.shell.evaluate(&expression)?;
        Ok(expression)
    }

    /// Returns what an expression comes to in this round.
    pub(super) fn number(&self, expression: &Word) -> Option<i64> {
        let known = expression.known()?;
        numbers::evaluate(&known, &|name| self.shell.number(name))
    }

    /// Adds a value that stands in place of an expansion.
    pub(super) fn push_value(
        &mut self,
        value: &Word,
        quoted: bool,
        mode: Mode,
        fields: &mut Fields,
    ) -> Result<(), Error> {
        self.shell.spend(1)?;
        self.shell.spend_bytes(size(value))?;
        if quoted || mode == Mode::Value {
            fields.push_quoted(value);
        } else {
            let separators = match mode {
                Mode::Argument => self.separators(),
                Mode::File | Mode::Value => String::new(),
            };
            fields.push_split(value, &separators, true);
        }
        Ok(())
    }

    /// Returns the characters that split a value into words.
    pub(super) fn separators(&mut self) -> String {
        let values = self.shell.scope.values("IFS");
        let at = self.choices.pick("IFS", values.len());
        match at.and_then(|at| values.get(at)) {
            Some(Value::Scalar(word)) => word.literal(),
            _ => None,
        }
        .unwrap_or_else(|| SEPARATORS.to_owned())
    }

    /// Returns the part that stands for a parameter that is not known; `chosen`
    /// says whether a branch gives it a value.
    pub(super) fn unknown_parameter(
        parameter: &Parameter,
        quoted: bool,
        mode: Mode,
        chosen: bool,
    ) -> Part {
        Part::Variable {
            name: parameter.written.clone(),
            quoted: quoted || mode == Mode::Value,
            chosen,
        }
    }
}

/// Returns about how many bytes a word takes.
pub(super) fn size(word: &Word) -> usize {
    let sizes = word.parts.iter().map(|part| match part {
        Part::Text(text) | Part::Glob(text) | Part::Tilde(text) => text.len(),
        Part::Variable { name, .. } => name.len() + limits::SHELL_STEP_BYTES,
        Part::Output { .. } | Part::Process { .. } | Part::Streamed | Part::Unknown { .. } => {
            limits::SHELL_STEP_BYTES
        }
    });
    sizes.sum()
}

/// Returns the number of alternatives that may be kept apart.
pub(super) fn countable(alternatives: usize) -> bool {
    alternatives <= limits::SHELL_VALUES
}
