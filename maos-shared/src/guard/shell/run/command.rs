//! What a command does besides being one: it may be a function, an alias or a
//! builtin that changes the shell, and it may start others.

use std::borrow::Cow;

use super::assign::Assigning;
use super::builtins::HIDING;
use super::calls::Called;
use super::output::{self, Printed};
use super::scope::{Arguments, Value, text};
use super::{Shell, expand};
use crate::config::limits;
use crate::guard::arguments::program;
use crate::guard::list::List;
use crate::guard::paths::base_name;
use crate::guard::shell::syntax::Dialect;
use crate::guard::shell::{Command, Error, Part, Word};
use crate::guard::speech::only_speaks;
use crate::guard::starts::{self, Started, What};

/// Who runs a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// The shell, which looks for aliases and functions.
    Shell,
    /// `command` or `builtin`: no function has its name.
    Builtin,
    /// Another program.
    Program,
}

/// Programs that print what the command that they start prints.
const TRANSPARENT: List = List(
    "\
    bash builtin command dash env eval exec ksh nice nohup sh sudo timeout zsh",
);

/// Programs that start a command elsewhere or as somebody else, with another
/// environment.
const DISCARDING: List = List(
    "\
    autossh chroot docker docker-compose doas kubectl lxc machinectl nerdctl pkexec podman runuser \
    ssh su sudo systemd-run vagrant",
);

impl Shell {
    /// Adds a command and all that comes of it.
    pub(super) fn command(
        &mut self,
        mut command: Command,
        caller: Caller,
        declared: &[Assigning],
    ) -> Result<Printed, Error> {
        let at = self.script.commands.len();
        self.note(&mut command)?;
        let program = command.words.first().and_then(Word::known);
        let mut printed = match self.captures {
            0 => Printed::unknown(),
            _ => output::of(&command, self.input.text.as_ref(), &|file| {
                self.text_of(file)
            }),
        };
        let is_function = caller == Caller::Shell
            && program
                .as_deref()
                .is_some_and(|name| self.scope.stands_in(name));
        let started = match is_function || only_speaks(&command) {
            true => None,
            false => self.start_all(&command, at)?,
        };
        let Some(name) = &program else {
            self.without_unknown(&command, caller)?;
            return Ok(printed);
        };
        if TRANSPARENT.has(base_name(name)) {
            printed = started.unwrap_or(printed);
        }
        if caller == Caller::Shell {
            if self.alias(name, &command, at)? {
                printed = Printed::unknown();
            }
            match self.call(name, &command.words[1..], at)? {
                Called::Surely(called) => return Ok(called),
                Called::Perhaps(called) => printed = printed.or(called),
                Called::Nothing => {}
            }
        }
        if caller != Caller::Program {
            self.builtin(name, &command, declared)?;
        }
        Ok(printed)
    }

    /// Adds a command, and keeps the files that it writes.
    #[inline(never)]
    fn note(&mut self, command: &mut Command) -> Result<(), Error> {
        self.spend(1 + command.words.len())?;
        self.spend_bytes(command.words.iter().map(expand::size).sum())?;
        if self.script.commands.len() >= limits::SHELL_COMMANDS {
            return Err(Error::Limit {
                what: "made of too many commands",
                limit: limits::SHELL_COMMANDS,
            });
        }
        if let Cow::Owned(with_settings) = self.with_settings(command) {
            *command = with_settings;
        }
        command.written = self.written_files(command);
        let mut noted = command.clone();
        if !self.links.is_empty() {
            // What it starts has the words as they stand, and may mean links.
            self.follow_links(&mut noted);
        }
        self.script.commands.push(noted);
        self.keep_files(command)
    }

    /// Runs all that a command starts; returns what that prints, where it
    /// starts anything.
    pub(super) fn start_all(
        &mut self,
        command: &Command,
        at: usize,
    ) -> Result<Option<Printed>, Error> {
        let stdin = self.input.text.clone();
        let mut printed: Option<Printed> = None;
        let mut all: Vec<Started> = self.made_program(command).into_iter().collect();
        all.extend(starts::of(command, stdin.as_ref(), &|file| {
            self.text_of(file)
        }));
        for started in all {
            let more = self.start(started, command, at)?;
            printed.get_or_insert_with(Printed::nothing).push(more);
        }
        Ok(printed)
    }

    /// Runs what a command starts.
    pub(super) fn start(
        &mut self,
        started: Started,
        by: &Command,
        at: usize,
    ) -> Result<Printed, Error> {
        self.count_start()?;
        let mut started = started;
        self.fill_in(&mut started.what);
        let folders = self.scope.folders().to_vec();
        if let Some(folder) = &started.folder {
            self.scope.move_folders(|one| one.enter(folder.clone()));
        }
        let printed = self.nested(|shell| shell.run_started(started.what, by, at))?;
        if started.folder.is_some() {
            self.scope.set_folders(folders);
        }
        self.starts -= 1;
        Ok(printed)
    }

    /// Puts the values of variables in their places that code names, which the
    /// text gives them: `system(ENVIRON["X"])`.
    fn fill_in(&self, what: &mut What) {
        let words = match what {
            What::Program { words, .. } => words.as_mut_slice(),
            What::File { text, .. } | What::Here(text) | What::Shell { text, .. } => {
                std::slice::from_mut(text)
            }
        };
        for part in words.iter_mut().flat_map(|word| &mut word.parts) {
            if let Part::Variable { name, .. } = part
                && let Some(value) = self.scope.values(name).iter().find_map(Value::word)
                && let Some(value) = value.literal()
            {
                *part = Part::Text(value);
            }
        }
    }

    /// Counts one more command that was started to come here.
    pub(super) fn count_start(&mut self) -> Result<(), Error> {
        if self.starts >= limits::SHELL_STARTS {
            return Err(Error::Limit {
                what: "started through too many others",
                limit: limits::SHELL_STARTS,
            });
        }
        self.starts += 1;
        Ok(())
    }

    fn run_started(&mut self, what: What, by: &Command, at: usize) -> Result<Printed, Error> {
        match what {
            What::Program {
                words,
                assignments,
                more_arguments,
            } => {
                let name = by.words.first().and_then(Word::literal);
                let caller = match name.as_deref() {
                    Some("command" | "builtin") => Caller::Builtin,
                    _ => Caller::Program,
                };
                let assigned: Vec<Assigning> = assignments
                    .iter()
                    .map(|(name, value)| Assigning::scalar(name, false, value.clone()))
                    .collect();
                let command = Command {
                    words,
                    assignments,
                    redirections: Vec::new(),
                    stdin: by.stdin.clone(),
                    dirs: self.dirs(),
                    started_by: Some(at),
                    more_arguments: more_arguments || by.more_arguments,
                    calls_function: false,
                    deferred: self.deferred,
                    written: Vec::new(),
                    outputs: by.outputs.clone(),
                    span: by.span.clone(),
                };
                self.with_assignments(&assigned, |shell| shell.command(command, caller, &[]))
            }
            What::Here(text) if is(by, "trap") => {
                // It runs later: what it changes is of no matter before.
                let outer = std::mem::replace(&mut self.deferred, true);
                let printed = self.subshell(|shell| shell.text(&text, at));
                self.deferred = outer;
                printed
            }
            What::Here(text) => self.text(&text, at),
            What::File {
                path,
                text,
                appends,
            } => {
                self.keep_file(&path, Some(text), appends, at..at + 1)?;
                Ok(Printed::nothing())
            }
            What::Shell { text, arguments } => {
                let text = unstreamed(&text);
                let outer = match self.keeps_environment(by) {
                    true => self.scope.enter_shell(),
                    false => self.scope.enter_other_shell(),
                };
                let hides = |word: &Word| word.known().is_some_and(|text| HIDING.has(&text));
                let globs_hidden = self.globs_hidden;
                self.globs_hidden = by.words.iter().any(hides);
                let name = program(by).unwrap_or_default();
                let dialect = std::mem::replace(&mut self.dialect, Dialect::of(&name));
                let printed = self.subshell(|shell| {
                    shell
                        .scope
                        .set_arguments(vec![shell_arguments(arguments, by)]);
                    shell.text(&text, at)
                });
                self.scope.leave_shell(outer);
                self.globs_hidden = globs_hidden;
                self.dialect = dialect;
                printed
            }
        }
    }

    /// Returns whether a shell that `by` starts gets the variables that are
    /// exported.
    fn keeps_environment(&self, by: &Command) -> bool {
        let starters = std::iter::successors(Some(by), |command| {
            self.script.commands.get(command.started_by?)
        });
        let mut names = starters.filter_map(|command| command.words.first()?.known());
        !names.any(|name| DISCARDING.has(base_name(&name)))
    }
}

fn is(command: &Command, name: &str) -> bool {
    let program = command.words.first().and_then(Word::known);
    program.as_deref() == Some(name)
}

/// Returns `$0`, `$1`, … of a shell that `by` starts.
fn shell_arguments(arguments: Vec<Word>, by: &Command) -> Arguments {
    let mut words = arguments.iter().map(unstreamed);
    let name = words.next().unwrap_or_else(|| text("sh"));
    let more = by.more_arguments.then(|| Word {
        parts: vec![Part::Unknown { quoted: false }],
    });
    Arguments {
        name: Some(name),
        words: Some(words.chain(more).collect()),
    }
}

/// Returns a word for a shell that a stream gives names to: nothing is known
/// of them there.
fn unstreamed(word: &Word) -> Word {
    let parts = word.parts.iter().map(|part| match part {
        Part::Streamed => Part::Unknown { quoted: true },
        other => other.clone(),
    });
    Word {
        parts: parts.collect(),
    }
}
