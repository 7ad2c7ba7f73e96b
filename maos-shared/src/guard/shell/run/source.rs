//! `source` of what the text itself writes.

use super::Shell;
use crate::guard::shell::{Error, Word};

impl Shell {
    /// Runs the text that `source` reads, where it is that of a process
    /// substitution, of standard input, as without a file in `fish`, or of a file
    /// that the text wrote.
    pub(super) fn source(&mut self, words: &[Word]) -> Result<(), Error> {
        let text = match words.first() {
            Some(file) => self.text_of(file),
            None => self.input.text.clone(),
        };
        let by = self.script.commands.len() - 1;
        match text {
            Some(text) => self.text(&text, by).map(|_| ()),
            None => Ok(()),
        }
    }
}
