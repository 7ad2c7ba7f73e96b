//! Commands that run again as they ran before.

use std::collections::HashMap;
use std::ops::Range;

use super::Shell;
use super::shown::is_only_shown;
use crate::guard::shell::{Command, Part, Redirection, Script, Stdin, Word};

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

/// The definitions of functions that are called: each call says what the body
/// comes to, so the definition, with arguments that nobody knows, says nothing
/// more. By the place of their first commands.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    called: HashMap<usize, (Stretch, bool)>,
    /// Those that are looked at, with the command that shows them, and whether
    /// somebody reads what that prints.
    shown: Vec<(Stretch, usize, bool)>,
}

impl Definitions {
    /// Notes a call of the function that `ran` where it was defined. Where the
    /// call came to the same and was dropped, the definition stands for it.
    pub(super) fn called(&mut self, ran: &Stretch, dropped: bool) {
        let place = ran.commands.start;
        let noted = self
            .called
            .entry(place)
            .or_insert_with(|| (ran.clone(), false));
        noted.1 |= dropped;
    }

    /// Forgets the definitions from a place on: their commands were dropped,
    /// and others may take their places.
    fn forget_from(&mut self, place: usize) {
        self.called.retain(|at, _| *at < place);
        self.shown.retain(|(_, at, _)| *at < place);
    }

    /// Notes that a command shows what a function `ran` where it was defined.
    pub(super) fn show(&mut self, ran: Stretch, at: usize, is_read: bool) {
        self.shown.push((ran, at, is_read));
    }

    /// Empties the definitions that calls stand for, and those that are only
    /// looked at. They keep their places, which others name.
    pub(super) fn empty(&self, script: &mut Script) {
        let called = self.called.values().filter(|(_, dropped)| !dropped);
        let called = called.map(|(stretch, _)| stretch);
        let looked_at = self.shown.iter().map(|(stretch, ..)| stretch);
        let looked_at = looked_at.filter(|stretch| {
            let place = stretch.commands.start;
            let mut shown = self.shown.iter();
            !self.called.contains_key(&place)
                && shown.all(|(other, at, is_read)| {
                    other.commands.start != place || is_only_shown(script, *at, *is_read)
                })
        });
        let emptied: Vec<&Stretch> = called.chain(looked_at).collect();
        for stretch in emptied {
            let commands = script.commands.get_mut(stretch.commands.clone());
            for command in commands.into_iter().flatten() {
                *command = Command::default();
            }
            let redirections = script.redirections.get_mut(stretch.redirections.clone());
            for redirection in redirections.into_iter().flatten() {
                redirection.operator = "<";
                redirection.target = Word::default();
            }
        }
    }
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

    /// Drops all from `second` on where it is `first` once more, and returns
    /// whether it is.
    pub(super) fn drop_repeated(&mut self, first: &Stretch, second: Start) -> bool {
        let moved = Moved {
            from: first.commands.start,
            by: second.commands.saturating_sub(first.commands.start),
        };
        let again = self.stretch_from(second);
        let commands = |range: &Range<usize>| self.script.commands.get(range.clone());
        let deferred = self.deferred;
        let redirections = |range: &Range<usize>| self.script.redirections.get(range.clone());
        let same = are_same(
            commands(&first.commands),
            commands(&again.commands),
            |command| Command {
                deferred,
                ..moved.command(command)
            },
        ) && are_same(
            redirections(&first.redirections),
            redirections(&again.redirections),
            |redirection| moved.redirection(redirection),
        );
        if same {
            // The first ones stand for those that are dropped.
            let kept = self.script.commands.get_mut(first.commands.clone());
            for command in kept.into_iter().flatten() {
                command.deferred &= self.deferred;
            }
            self.script.commands.truncate(second.commands);
            self.script.redirections.truncate(second.redirections);
            self.definitions.forget_from(second.commands);
        }
        same
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
            calls_function: command.calls_function,
            deferred: false,
            written: command
                .written
                .iter()
                .map(|(file, by)| (self.word(file), self.range(by)))
                .collect(),
            outputs: command
                .outputs
                .iter()
                .map(|(word, by)| (self.word(word), self.range(by)))
                .collect(),
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
            Part::Process { commands } => Part::Process {
                commands: self.range(commands),
            },
            other => other.clone(),
        });
        Word {
            parts: parts.collect(),
        }
    }
}
