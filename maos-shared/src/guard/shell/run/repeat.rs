//! Commands that run again as they ran before.

use std::ops::Range;

use super::Shell;
use crate::guard::shell::{Command, Part, Redirection, Stdin, Word};

/// A piece of a script.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    commands: Range<usize>,
    redirections: Range<usize>,
}

/// Where a piece of a script begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    commands: usize,
    redirections: usize,
}

impl Shell {
    pub(super) fn here(&self) -> Start {
        Start {
            commands: self.script.commands.len(),
            redirections: self.script.redirections.len(),
        }
    }

    pub(super) fn stretch_from(&self, start: Start) -> Stretch {
        let here = self.here();
        Stretch {
            commands: start.commands..here.commands,
            redirections: start.redirections..here.redirections,
        }
    }

    /// Drops all from `second` on where it is `first` once more.
    pub(super) fn drop_repeated(&mut self, first: &Stretch, second: Start) {
        let moved = Moved {
            from: first.commands.start,
            by: second.commands.saturating_sub(first.commands.start),
        };
        let again = self.stretch_from(second);
        let commands = |range: &Range<usize>| self.script.commands.get(range.clone());
        let redirections = |range: &Range<usize>| self.script.redirections.get(range.clone());
        let same = are_same(
            commands(&first.commands),
            commands(&again.commands),
            |command| moved.command(command),
        ) && are_same(
            redirections(&first.redirections),
            redirections(&again.redirections),
            |redirection| moved.redirection(redirection),
        );
        if same {
            self.script.commands.truncate(second.commands);
            self.script.redirections.truncate(second.redirections);
        }
    }
}

fn are_same<T: PartialEq>(
    first: Option<&[T]>,
    second: Option<&[T]>,
    moved: impl Fn(&T) -> T,
) -> bool {
    match (first, second) {
        (Some(first), Some(second)) => {
            first.len() == second.len()
                && first
                    .iter()
                    .zip(second)
                    .all(|(first, second)| moved(first) == *second)
        }
        _ => false,
    }
}

/// Moves the places of commands, from one place on.
struct Moved {
    from: usize,
    by: usize,
}

impl Moved {
    fn place(&self, at: usize) -> usize {
        match at >= self.from {
            true => at + self.by,
            false => at,
        }
    }

    fn range(&self, range: &Range<usize>) -> Range<usize> {
        match range.start >= self.from {
            true => range.start + self.by..range.end + self.by,
            false => range.clone(),
        }
    }

    fn command(&self, command: &Command) -> Command {
        Command {
            words: command.words.iter().map(|word| self.word(word)).collect(),
            assignments: command
                .assignments
                .iter()
                .map(|(name, word)| (name.clone(), self.word(word)))
                .collect(),
            redirections: command
                .redirections
                .iter()
                .map(|redirection| self.redirection(redirection))
                .collect(),
            stdin: match &command.stdin {
                Stdin::Inherited => Stdin::Inherited,
                Stdin::Text(word) => Stdin::Text(self.word(word)),
                Stdin::Pipe(range) => Stdin::Pipe(self.range(range)),
            },
            dirs: command.dirs.iter().map(|dir| self.word(dir)).collect(),
            started_by: command.started_by.map(|at| self.place(at)),
            more_arguments: command.more_arguments,
            span: command.span.clone(),
        }
    }

    fn redirection(&self, redirection: &Redirection) -> Redirection {
        Redirection {
            operator: redirection.operator,
            target: self.word(&redirection.target),
            dirs: redirection.dirs.iter().map(|dir| self.word(dir)).collect(),
        }
    }

    fn word(&self, word: &Word) -> Word {
        let parts = word.parts.iter().map(|part| match part {
            Part::Output { commands, quoted } => Part::Output {
                commands: self.range(commands),
                quoted: *quoted,
            },
            other => other.clone(),
        });
        Word {
            parts: parts.collect(),
        }
    }
}
