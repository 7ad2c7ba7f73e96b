//! Simple commands: their words in every combination of values, in every folder
//! that the shell may be in.

use std::ops::Range;
use std::rc::Rc;

use super::assign::Assigning;
use super::command::Caller;
use super::expand::Expander;
use super::output::Printed;
use super::redirect::Redirected;
use super::{Input, Shell, expand};
use crate::guard::shell::syntax::tree::{Argument, Simple};
use crate::guard::shell::{Command, Error, Redirection, Word};
use crate::guard::starts;

/// A simple command with one combination of values.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Round {
    assignments: Vec<Assigning>,
    words: Vec<Word>,
    /// What the command itself assigns, besides what its words say.
    declared: Vec<Assigning>,
    redirected: Redirected,
    /// As in [`Command::outputs`].
    outputs: Vec<(Word, Range<usize>)>,
}

impl Shell {
    /// Returns the folders that the shell went to.
    pub(super) fn dirs(&self) -> Rc<[Word]> {
        let folder = self.scope.folders().first();
        folder
            .map(|folder| Rc::clone(&folder.dirs))
            .unwrap_or_default()
    }

    pub(super) fn simple(&mut self, simple: &Simple) -> Result<Printed, Error> {
        self.spend(1)?;
        let mut rounds = self.rounds(simple)?;
        if rounds.len() == 1
            && self.scope.folders().len() == 1
            && let Some(round) = rounds.pop()
        {
            drop(rounds);
            return self.round_of(simple, round);
        }
        self.all_rounds(simple, &rounds)
    }

    /// Runs a command in each folder with each combination of values.
    #[inline(never)]
    fn all_rounds(&mut self, simple: &Simple, rounds: &[Round]) -> Result<Printed, Error> {
        let mut ends = Vec::new();
        let mut printed = Printed::nothing();
        for folder in self.scope.folders().to_vec() {
            for round in rounds {
                let mark = self.scope.mark();
                self.scope.set_folders(vec![folder.clone()]);
                let mut round = round.clone();
                for file in &mut round.redirected.files {
                    file.dirs = Rc::clone(&folder.dirs);
                }
                let start = self.script.commands.len();
                let more = self.round_of(simple, round)?;
                printed.push_perhaps(more, start..self.script.commands.len());
                ends.push(self.scope.end_branch(mark));
            }
        }
        self.scope.join(ends, false);
        Ok(printed.unless_all_unknown())
    }

    fn rounds(&mut self, simple: &Simple) -> Result<Vec<Round>, Error> {
        let mut expander = Expander::new(self);
        // About all have one.
        let mut rounds = Vec::with_capacity(1);
        loop {
            let round = expander.round(simple)?;
            if !rounds.contains(&round) {
                rounds.push(round);
            }
            if !expander.choices.advance() {
                return Ok(rounds);
            }
        }
    }

    fn round_of(&mut self, simple: &Simple, round: Round) -> Result<Printed, Error> {
        if round.words.is_empty() {
            return self.assigning_of(simple, round);
        }
        let Redirected {
            mut files,
            input,
            sinks,
            opened,
        } = round.redirected;
        self.open(opened);
        let input = input.unwrap_or_else(|| self.inherited(&mut files));
        self.keep_open(&round.words, &input);
        if let Some(text) = &input.text {
            self.spend_bytes(2 * expand::size(text))?;
        }
        let assignments = round.assignments.iter();
        let command = Command {
            words: round.words,
            assignments: assignments
                .filter_map(|one| Some((one.name.clone(), one.plain()?.clone())))
                .collect(),
            redirections: files,
            stdin: input.stdin.clone(),
            dirs: self.dirs(),
            started_by: self.started_by,
            more_arguments: false,
            calls_function: false,
            deferred: self.deferred,
            written: Vec::new(),
            outputs: round.outputs,
            span: simple.span.clone(),
        };
        let run = |shell: &mut Self| {
            shell.with_assignments(&round.assignments, |shell| {
                shell.with_input(input, |shell| {
                    shell.command(command, Caller::Shell, &round.declared)
                })
            })
        };
        let mut printed = self.writing(&sinks, run, |printed| printed.clone().known())?;
        printed.redirected(&simple.redirects);
        Ok(printed)
    }

    /// Runs what only assigns, or opens files.
    #[inline(never)]
    fn assigning_of(&mut self, simple: &Simple, round: Round) -> Result<Printed, Error> {
        let Redirected {
            files,
            input,
            sinks,
            ..
        } = round.redirected;
        for assigning in &round.assignments {
            self.assign(assigning)?;
        }
        self.start_assigned(&round.assignments, simple)?;
        let reads = |file: &Redirection| file.operator == "<";
        let printed = match files.as_slice() {
            [] => Printed::nothing(),
            // `$(< file)`
            [file] if reads(file) => input.and_then(|input| input.text).into(),
            _ => Printed::unknown(),
        };
        if !files.is_empty() {
            self.script.commands.push(Command {
                redirections: files,
                dirs: self.dirs(),
                started_by: self.started_by,
                span: simple.span.clone(),
                ..Command::default()
            });
        }
        self.writing(&sinks, |_| Ok(()), |()| Some(Word::default()))?;
        Ok(printed)
    }

    /// Returns what a command reads that does not say where from; a connection is
    /// noted among its files.
    fn inherited(&self, files: &mut Vec<Redirection>) -> Input {
        files.extend(self.connection(&self.input));
        self.input.clone()
    }

    /// Keeps open what an `exec` without a program opens.
    fn keep_open(&mut self, words: &[Word], input: &Input) {
        if let [only] = words
            && only.known().is_some_and(|name| name == "exec")
        {
            self.input = input.clone();
        }
    }

    /// Runs what variables hold that other programs give to a shell.
    fn start_assigned(&mut self, given: &[Assigning], simple: &Simple) -> Result<(), Error> {
        let commands = given.iter().filter(|one| starts::is_command(&one.name));
        let assignments: Vec<(String, Word)> = commands
            .flat_map(|one| one.values().map(|value| (one.name.clone(), value.clone())))
            .collect();
        if assignments.is_empty() {
            return Ok(());
        }
        let command = Command {
            assignments,
            dirs: self.dirs(),
            started_by: self.started_by,
            span: simple.span.clone(),
            ..Command::default()
        };
        let at = self.script.commands.len();
        self.script.commands.push(command.clone());
        self.start_all(&command, at).map(|_| ())
    }

    /// Does something with variables that have other values meanwhile.
    pub(super) fn with_assignments<T>(
        &mut self,
        assignments: &[Assigning],
        run: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut before = Vec::with_capacity(assignments.len());
        for assigning in assignments {
            let name = assigning.name.clone();
            before.push((name, self.scope.variable(&assigning.name)));
            self.assign(assigning)?;
            self.scope.export(&assigning.name);
        }
        let result = run(self)?;
        for (name, variable) in before.into_iter().rev() {
            self.scope.put_back(&name, variable);
        }
        Ok(result)
    }
}

impl Expander<'_> {
    fn round(&mut self, simple: &Simple) -> Result<Round, Error> {
        let mut words = Vec::with_capacity(simple.words.len());
        let mut declared = Vec::new();
        let mut outputs = Vec::new();
        self.used.clear();
        for argument in &simple.words {
            match argument {
                Argument::Word(word) => {
                    let first = words.len();
                    self.add_arguments(word, &mut words)?;
                    let made = words.get(first..).unwrap_or_default();
                    for by in self.used.drain(..) {
                        outputs.extend(made.iter().map(|word| (word.clone(), by.clone())));
                    }
                }
                Argument::Assignment(assignment) => {
                    let assigning = self.assigning(assignment)?;
                    words.push(assigning.word());
                    declared.push(assigning);
                }
            }
        }
        self.used.clear();
        let redirected = self.redirects(&simple.redirects)?;
        if let Some(text) = redirected.input.as_ref().and_then(|one| one.text.as_ref()) {
            let used = self.used.drain(..);
            outputs.extend(used.map(|by| (text.clone(), by)));
        }
        let mut assignments = Vec::with_capacity(simple.assignments.len());
        for assignment in &simple.assignments {
            assignments.push(self.assigning(assignment)?);
        }
        Ok(Round {
            assignments,
            words,
            declared,
            redirected,
            outputs,
        })
    }
}
