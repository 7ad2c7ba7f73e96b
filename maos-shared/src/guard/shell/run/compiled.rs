//! Programs that are compiled from sources which the text wrote: what they do is
//! in the source.

use super::Shell;
use super::scope::text;
use super::written::operands;
use crate::guard::arguments::{Argument, Options, options, read};
use crate::guard::shell::{Error, Word};

impl Shell {
    /// Keeps a program that a compiler makes as its source, behind a line that
    /// names what would run that.
    pub(super) fn keep_compiled(&mut self, compiler: &str, words: &[Word]) -> Result<(), Error> {
        const OPTIONS: Options = options("oxIDULl", "output");
        let runner = match compiler {
            "go" => "#!go run\n",
            _ => "#!tcc -run\n",
        };
        let arguments = read(words, &OPTIONS);
        let source = operands(&arguments).find_map(|file| match file.known().as_deref() {
            Some("-") => self.input.text.clone(),
            _ => self.text_of(file),
        });
        let Some(source) = source else {
            return Ok(());
        };
        let named = arguments.iter().find_map(|argument| match argument {
            Argument::Valued(_, file) if argument.is(Some('o'), "output") => Some(file.clone()),
            _ => None,
        });
        let made = named.unwrap_or_else(|| text("a.out"));
        let mut program = text(runner);
        source.parts.into_iter().for_each(|part| program.push(part));
        let at = self.script.commands.len().saturating_sub(1);
        self.keep_file(&made, Some(program), false, at..at + 1)
    }
}
