//! `source` of what the text itself writes.

use super::Shell;
use crate::guard::shell::{Error, Part, Word};

impl Shell {
    /// Runs the text that `source` reads, where it is that of a process
    /// substitution or of standard input.
    pub(super) fn source(&mut self, words: &[Word]) -> Result<(), Error> {
        let text = match words.first().map(|word| word.parts.as_slice()) {
            Some([Part::Output { commands, .. }]) => self.processes.get(commands).cloned(),
            Some([Part::Text(path)]) if path == "/dev/stdin" || path == "/dev/fd/0" => {
                self.input.text.clone()
            }
            _ => None,
        };
        let by = self.script.commands.len() - 1;
        match text {
            Some(text) => self.text(&text, by).map(|_| ()),
            None => Ok(()),
        }
    }
}
