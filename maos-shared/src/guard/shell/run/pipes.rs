//! What commands write to others that read it for as long as they run: through a
//! pipe with a name (`mkfifo`), to a coprocess.

use std::ops::Range;

use super::Shell;
use super::scope::{Value, text};
use super::{Input, written::Sink};
use crate::guard::shell::syntax::tree::Descriptor;
use crate::guard::shell::{Command, Error, Stdin, Word};

impl Shell {
    /// Keeps what a coprocess prints as what can be read from its descriptor, and
    /// the commands of it as the readers of what is written there.
    pub(super) fn open_coprocess(&mut self, name: &str, input: Input, readers: Range<usize>) {
        self.open(vec![(Descriptor::Variable(name.to_owned()), input)]);
        let values = self.scope.values(name);
        if let Some(number) = values.iter().find_map(Value::word).cloned() {
            let both = ["0", "1"].map(|at| (at.to_owned(), number.clone()));
            self.pipes.insert(place_of(&number), readers);
            self.scope.set(name, vec![Value::Array(both.into())]);
        }
    }

    /// Keeps the pipes that a `mkfifo` makes: whoever names one may read from it.
    pub(super) fn keep_pipes(&mut self, words: &[Word]) {
        let paths: Vec<String> = words.iter().filter_map(|word| self.path_of(word)).collect();
        let paths = paths.into_iter();
        self.pipes.extend(paths.map(|path| (path, 0..usize::MAX)));
    }

    /// Returns the coprocess that a descriptor writes to.
    pub(super) fn coprocess_behind(&self, descriptor: &Word) -> Option<Sink> {
        let place = place_of(descriptor);
        self.pipes.contains_key(&place).then(|| Sink {
            file: text(&place),
            appends: true,
        })
    }

    /// Runs what the readers of a pipe start with what is written to it.
    pub(super) fn feed(
        &mut self,
        path: &str,
        content: Option<&Word>,
        by: &Range<usize>,
    ) -> Result<(), Error> {
        // What they start may write there itself, which is left out.
        let Some(readers) = self.pipes.remove(path) else {
            return Ok(());
        };
        self.spend(self.script.commands.len())?;
        let input = Input {
            stdin: Stdin::Pipe(by.clone()),
            text: content.cloned(),
            from: None,
        };
        let mut reading: Vec<usize> = Vec::new();
        for at in readers.start..readers.end.min(by.start) {
            let Some(command) = self.script.commands.get(at) else {
                break;
            };
            let is_piped = command
                .piped()
                .is_some_and(|range| range.into_iter().any(|at| reading.contains(&at)));
            if readers.end < usize::MAX || is_piped || self.names(command, path) {
                let command = command.clone();
                reading.push(at);
                self.subshell(|shell| {
                    shell.with_input(input.clone(), |shell| shell.start_all(&command, at))
                })?;
            }
        }
        self.pipes.insert(path.to_owned(), readers);
        Ok(())
    }

    fn names(&self, command: &Command, path: &str) -> bool {
        let files = command.redirections.iter().map(|one| &one.target);
        let mut named = command.words.iter().skip(1).chain(files);
        named.any(|word| self.path_of(word).is_some_and(|named| named == path))
    }
}

/// Returns the path of a descriptor.
fn place_of(number: &Word) -> String {
    format!("/dev/fd/{}", number.literal().unwrap_or_default())
}
