//! Substitutions: what commands print in place of a word, files that stand for
//! what they give out or read.

use std::ops::Range;

use super::Input;
use super::expand::Expander;
use super::scope::map_text;
use crate::guard::shell::syntax::tree::List;
use crate::guard::shell::{Error, Part, Stdin, Word};

/// What came of a substitution.
#[derive(Clone)]
pub(super) struct Substituted {
    pub(super) commands: Range<usize>,
    /// What they print, without the ends of lines at its end.
    pub(super) printed: Option<Word>,
}

impl Expander<'_> {
    /// Runs the commands of a substitution, or returns what came of it before.
    pub(super) fn substitute(&mut self, list: &List) -> Result<Substituted, Error> {
        let key = std::ptr::from_ref(list);
        if let Some(known) = self.substitutions.get(&key) {
            return Ok(known.clone());
        }
        let start = self.shell.script.commands.len();
        let printed = self.shell.subshell(|shell| shell.captured(list))?;
        let substituted = Substituted {
            commands: start..self.shell.script.commands.len(),
            printed: printed.whole().map(as_value),
        };
        self.substitutions.insert(key, substituted.clone());
        Ok(substituted)
    }

    /// Runs the commands of a process substitution; `is_read` says whether
    /// others write what they read.
    pub(super) fn process(&mut self, list: &List, is_read: bool) -> Result<Range<usize>, Error> {
        let key = std::ptr::from_ref(list);
        if let Some(known) = self.substitutions.get(&key) {
            return Ok(known.commands.clone());
        }
        let start = self.shell.script.commands.len();
        let input = match is_read {
            true => Input {
                stdin: Stdin::Pipe(start..start),
                text: None,
                from: None,
            },
            false => self.shell.input.clone(),
        };
        let printed = self
            .shell
            .subshell(|shell| shell.with_input(input, |shell| shell.captured(list)))?;
        let commands = start..self.shell.script.commands.len();
        if let Some(printed) = printed.known() {
            self.shell.processes.insert(commands.clone(), printed);
        }
        self.substitutions.insert(
            key,
            Substituted {
                commands: commands.clone(),
                printed: None,
            },
        );
        Ok(commands)
    }
}

/// Returns what a shell takes from what commands print: without the ends of
/// lines at its end, and without the zeros that separate names for others.
fn as_value(mut word: Word) -> Word {
    let has_zero = |part: &Part| matches!(part, Part::Text(text) if text.contains('\0'));
    if word.parts.iter().any(has_zero) {
        word = map_text(&word, |text| text.replace('\0', ""));
    }
    if let Some(Part::Text(last)) = word.parts.last_mut() {
        last.truncate(last.trim_end_matches('\n').len());
        if last.is_empty() {
            word.parts.pop();
        }
    }
    word
}
