//! Compound commands.

use super::expand::{Expander, Mode};
use super::found::is_one_word;
use super::output::Printed;
use super::scope::Value;
use super::{Input, Shell};
use crate::config::limits;
use crate::guard::list::List;
use crate::guard::shell::syntax::tree::{self, Compound, Raw};
use crate::guard::shell::{Command, Error, Stdin, Word};

impl Shell {
    pub(super) fn compound(&mut self, compound: &Compound) -> Result<Printed, Error> {
        match compound {
            Compound::Group(list) => self.list(list),
            Compound::Subshell(list) => self.subshell(|shell| shell.list(list)),
            Compound::If {
                branches,
                otherwise,
            } => self.conditional(branches, otherwise.as_ref()),
            Compound::While { condition, body } => self.repeat(Some(condition), body),
            Compound::For { name, words, body } => {
                let values = self.loop_values(words.as_deref())?;
                self.each(name, values, body)
            }
            Compound::Count { header, body } => {
                let headers = self.arithmetic(header)?;
                let counted = match headers.as_slice() {
                    [header] => self.counted(header),
                    _ => None,
                };
                match counted {
                    Some((name, values)) => self.each(&name, values, body),
                    None => {
                        headers.iter().for_each(|header| self.count(header));
                        self.repeat(None, body)
                    }
                }
            }
            Compound::Case { subject, arms } => self.case(subject, arms),
            Compound::Test(words) => {
                let mut asked = Vec::new();
                for word in words {
                    asked.extend(self.values(word, Mode::Value)?);
                }
                self.note_asked(&asked);
                self.evaluate_test(&asked)?;
                self.script.tests.extend(asked);
                Ok(Printed::nothing())
            }
            Compound::Arithmetic(expression) => {
                let expressions = self.arithmetic(expression)?;
                expressions.iter().for_each(|one| self.count(one));
                Ok(Printed::nothing())
            }
            Compound::Coproc(name, node) => {
                let start = self.script.commands.len();
                self.captures += 1;
                let printed = self.subshell(|shell| shell.node(node));
                self.captures -= 1;
                let by = start..self.script.commands.len();
                let input = Input {
                    stdin: Stdin::Pipe(by.clone()),
                    text: printed?.known(),
                    from: None,
                };
                self.open_coprocess(name, input, by);
                Ok(Printed::nothing())
            }
        }
    }

    fn arithmetic(&mut self, expression: &Raw) -> Result<Vec<Word>, Error> {
        let values = self.values(expression, Mode::Value)?;
        values.iter().try_for_each(|value| self.evaluate(value))?;
        Ok(values)
    }

    /// Returns every value that a word may have.
    pub(super) fn values(&mut self, word: &Raw, mode: Mode) -> Result<Vec<Word>, Error> {
        let mut expander = Expander::new(self);
        let mut values = Vec::new();
        loop {
            values.push(expander.value(word, mode)?);
            if !expander.choices.advance() {
                return Ok(values);
            }
        }
    }

    fn conditional(
        &mut self,
        branches: &[(tree::List, tree::List)],
        otherwise: Option<&tree::List>,
    ) -> Result<Printed, Error> {
        let mut ends = Vec::new();
        let mut printed = Printed::nothing();
        for (at, (condition, body)) in branches.iter().enumerate() {
            let mark = self.scope.mark();
            self.list(condition)?;
            if at > 0 {
                self.scope.end_unsure(Some(mark));
            }
            let mark = self.scope.mark();
            self.perhaps(body, &mut printed)?;
            ends.push(self.scope.end_branch(mark));
        }
        if let Some(body) = otherwise {
            let mark = self.scope.mark();
            self.perhaps(body, &mut printed)?;
            ends.push(self.scope.end_branch(mark));
        }
        self.scope.join(ends, otherwise.is_none());
        Ok(printed.unless_all_unknown())
    }

    fn case(&mut self, subject: &Raw, arms: &[(Vec<Raw>, tree::List)]) -> Result<Printed, Error> {
        self.values(subject, Mode::Value)?;
        let mut ends = Vec::new();
        let mut complete = false;
        let mut printed = Printed::nothing();
        for (patterns, body) in arms {
            for pattern in patterns {
                complete |= pattern.bare() == Some("*");
                self.values(pattern, Mode::Value)?;
            }
            let mark = self.scope.mark();
            self.perhaps(body, &mut printed)?;
            ends.push(self.scope.end_branch(mark));
        }
        self.scope.join(ends, !complete);
        Ok(printed.unless_all_unknown())
    }

    /// Runs commands that run in one of several cases.
    fn perhaps(&mut self, list: &tree::List, printed: &mut Printed) -> Result<(), Error> {
        let start = self.script.commands.len();
        let more = self.list(list)?;
        printed.push_perhaps(more, start..self.script.commands.len());
        Ok(())
    }

    /// Runs the body of a loop, and once more where the first round changed
    /// what the next one meets. Inside of a second round there is no third:
    /// it begins with all that the first one left.
    fn repeat(
        &mut self,
        condition: Option<&tree::List>,
        body: &tree::List,
    ) -> Result<Printed, Error> {
        let first = self.here();
        let start = self.script.commands.len();
        let mut once = Printed::nothing();
        let changed = self.round(condition, body, &mut once)?;
        let mut printed = Printed::nothing();
        printed.push_perhaps(once, start..self.script.commands.len());
        let printed = printed.unless_all_unknown();
        if changed && !self.repeats {
            let second = self.here();
            let first = self.stretch_from(first);
            self.repeats = true;
            let result = self.round(condition, body, &mut Printed::nothing());
            self.repeats = false;
            result?;
            self.drop_repeated(&first, second);
        }
        Ok(printed)
    }

    /// Runs the body of a loop with any of these values. Where it leaves something
    /// changed, such as a text that grows, it is gone through once more, with one
    /// value after the other: what comes of that is known where no branch decides.
    fn each(
        &mut self,
        name: &str,
        values: Vec<Value>,
        body: &tree::List,
    ) -> Result<Printed, Error> {
        let is_known = |value: &Value| value.word().is_some_and(is_one_word);
        let in_order = (2..=limits::SHELL_ROUNDS).contains(&values.len())
            && !self.repeats
            && values.iter().all(is_known);
        if !in_order {
            self.scope.set(name, values);
            return self.repeat(None, body);
        }
        self.scope.set(name, values.clone());
        let before = self.scope.mark();
        let start = self.script.commands.len();
        let printed = self.repeat(None, body)?;
        let ran = self.script.commands.get(start..).unwrap_or_default();
        if self.scope.changes_since(before) == 0 || ran.iter().any(leaves) {
            return Ok(printed);
        }
        let joined = self.scope.end_branch(before);
        let mark = self.scope.mark();
        self.scope.begin_empty(&joined);
        self.repeats = true;
        let rounds = values.into_iter().try_for_each(|value| {
            self.scope.set(name, vec![value]);
            self.list(body).map(|_| ())
        });
        self.repeats = false;
        rounds?;
        if !self.scope.is_known_since(mark) {
            self.scope.undo(mark);
            self.scope.join(vec![joined], false);
        }
        Ok(printed)
    }

    /// Returns whether the round changed anything; `printed` receives what it
    /// prints.
    fn round(
        &mut self,
        condition: Option<&tree::List>,
        body: &tree::List,
        printed: &mut Printed,
    ) -> Result<bool, Error> {
        let mark = self.scope.mark();
        if let Some(condition) = condition {
            self.list(condition)?;
        }
        *printed = self.list(body)?;
        let branch = self.scope.end_branch(mark);
        let changed = !branch.is_empty();
        self.scope.join(vec![branch], true);
        Ok(changed)
    }

    /// Returns what the variable of a `for` may be: each word is one value.
    fn loop_values(&mut self, words: Option<&[Raw]>) -> Result<Vec<Value>, Error> {
        let Some(words) = words else {
            let arguments = self.scope.arguments().iter();
            let values = arguments.flat_map(|one| match &one.words {
                Some(words) => words.iter().cloned().map(Value::scalar).collect(),
                None => vec![Value::Any],
            });
            return Ok(values.collect());
        };
        let mut values = Vec::new();
        for word in words {
            let mut expander = Expander::new(self);
            loop {
                let words = expander.arguments(word)?;
                values.extend(words.into_iter().map(Value::scalar));
                if !expander.choices.advance() {
                    break;
                }
            }
        }
        if values.is_empty() {
            values.push(Value::Unset);
        }
        Ok(values)
    }
}

/// Returns whether a command leaves a loop, or a round of it, before its end.
fn leaves(command: &Command) -> bool {
    const LEAVING: List = List("break continue exit return");
    let program = command.words.first().and_then(Word::known);
    program.is_some_and(|name| LEAVING.has(&name))
}
