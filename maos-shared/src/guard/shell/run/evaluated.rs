//! Values that a shell reads once more: in arithmetic a name stands for its value,
//! a subscript in that is expanded, and `${x@P}` expands all of it.

use super::Shell;
use super::scope::Value;
use crate::guard::arguments::leading_text;
use crate::guard::list::List;
use crate::guard::shell::text::Text;
use crate::guard::shell::{Command, Error, Part, Word};
use crate::guard::starts;

/// How many names that stand for names are followed.
const DEPTH: usize = 3;

/// The operators of tests whose operands are arithmetic, or names.
const OPERATORS: List = List("-eq -ne -lt -le -gt -ge -v -R");

impl Shell {
    /// Runs what the subscripts in an arithmetic expression hold, and those in the
    /// values of the names in it.
    pub(super) fn evaluate(&mut self, expression: &Word) -> Result<(), Error> {
        self.evaluate_within(expression, DEPTH)
    }

    fn evaluate_within(&mut self, expression: &Word, depth: usize) -> Result<(), Error> {
        self.evaluate_subscripts(expression)?;
        let Some(depth) = depth.checked_sub(1) else {
            return Ok(());
        };
        let is_in_name = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let begins = |name: &&str| name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
        for part in &expression.parts {
            let Part::Text(text) = part else { continue };
            self.spend_bytes(text.len())?;
            for name in text.split(|c| !is_in_name(c)).filter(begins) {
                for value in self.scope.values(name).into_owned() {
                    if let Value::Scalar(word) = value {
                        self.spend(1)?;
                        self.evaluate_within(&word, depth)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Runs what the subscript of a name holds: `unset 'a[$(…)]'`.
    pub(super) fn evaluate_name(&mut self, name: &Word) -> Result<(), Error> {
        let is_in_name = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let text = leading_text(name);
        match text.trim_start_matches(is_in_name).starts_with('[') {
            true => self.expand_again(name),
            false => Ok(()),
        }
    }

    fn evaluate_subscripts(&mut self, expression: &Word) -> Result<(), Error> {
        let has_subscript = |part: &Part| matches!(part, Part::Text(text) if text.contains('['));
        match expression.parts.iter().any(has_subscript) {
            true => self.expand_again(expression),
            false => Ok(()),
        }
    }

    /// Runs what a test expands in its operands.
    pub(super) fn evaluate_test(&mut self, words: &[Word]) -> Result<(), Error> {
        let is_operator = |word: &Word| word.known().is_some_and(|text| OPERATORS.has(&text));
        if words.iter().any(is_operator) {
            for word in words {
                self.evaluate(word)?;
            }
        }
        Ok(())
    }

    /// Runs the commands that stand in a value which is expanded once more.
    pub(super) fn expand_again(&mut self, value: &Word) -> Result<(), Error> {
        let Some(text) = starts::expansion(value) else {
            return Ok(());
        };
        let at = self.script.commands.len();
        self.script.commands.push(Command {
            dirs: self.dirs(),
            started_by: self.started_by,
            ..Command::default()
        });
        self.count_start()?;
        self.subshell(|shell| shell.run_text(&Text::of(&text), at))?;
        self.starts -= 1;
        Ok(())
    }
}
