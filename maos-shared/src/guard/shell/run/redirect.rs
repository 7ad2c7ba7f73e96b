//! Redirections, and where they let a command read from.

use std::ops::Range;
use std::rc::Rc;

use super::expand::{Expander, Mode};
use super::scope::{Value, text};
use super::written::Sink;
use super::{Input, Shell};
use crate::guard::arguments::leading_text;
use crate::guard::paths::is_connection;
use crate::guard::shell::syntax::tree::{Descriptor, Raw, Redirect, RedirectKind};
use crate::guard::shell::{Error, Part, Redirection, Stdin, Word};

/// What the redirections of one command come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Redirected {
    pub(super) files: Vec<Redirection>,
    pub(super) input: Option<Input>,
    /// Where standard output goes.
    pub(super) sinks: Vec<Sink>,
    /// What can be read from other descriptors.
    pub(super) opened: Vec<(Descriptor, Input)>,
}

impl Expander<'_> {
    pub(super) fn redirects(&mut self, redirects: &[Redirect]) -> Result<Redirected, Error> {
        let mut redirected = Redirected::default();
        for redirect in redirects {
            let input = match &redirect.kind {
                RedirectKind::File(operator, file) => {
                    let input = self.redirect_file(operator, file, &mut redirected)?;
                    redirected.note_sink(operator, redirect.descriptor.as_ref());
                    input
                }
                RedirectKind::Heredoc(body) => match body.get() {
                    Some(body) => Some(Input::text(self.value(body, Mode::Value)?)),
                    None => Some(Input::text(Word::default())),
                },
                RedirectKind::Herestring(word) => {
                    let mut text = self.value(word, Mode::Value)?;
                    text.push_text("\n");
                    Some(Input::text(text))
                }
            };
            let Some(input) = input else { continue };
            match &redirect.descriptor {
                None => redirected.input = Some(input),
                Some(Descriptor::Number(number)) if number == "0" => {
                    redirected.input = Some(input);
                }
                Some(other) => redirected.opened.push((other.clone(), input)),
            }
        }
        Ok(redirected)
    }

    /// Returns where a redirection lets standard input come from.
    fn redirect_file(
        &mut self,
        operator: &'static str,
        file: &Raw,
        redirected: &mut Redirected,
    ) -> Result<Option<Input>, Error> {
        let target = self.value(file, Mode::File)?;
        let target = self.shell.opened_place(&target).unwrap_or(target);
        if operator == "<&" {
            let known = target.literal();
            let input = known.and_then(|number| self.shell.descriptors.get(&number).cloned());
            if let Some(file) = input.as_ref().and_then(|input| input.from.clone()) {
                redirected.files.push(Redirection {
                    operator: "<",
                    target: Word::clone(&file),
                    dirs: self.shell.dirs(),
                });
            }
            return Ok(input);
        }
        if operator == ">&" && is_descriptor(&target) {
            redirected
                .sinks
                .extend(self.shell.coprocess_behind(&target));
            return Ok(None);
        }
        let input = matches!(operator, "<" | "<>").then(|| self.input_from(&target));
        redirected.files.push(Redirection {
            operator,
            target,
            dirs: self.shell.dirs(),
        });
        Ok(input)
    }

    fn input_from(&self, target: &Word) -> Input {
        let input = match target.parts.as_slice() {
            [Part::Process { commands }] => Input {
                stdin: Stdin::Pipe(commands.clone()),
                text: self.shell.processes.get(commands).cloned(),
                from: None,
            },
            [Part::Text(path)] if is_descriptor_path(path) => {
                return self.shell.descriptor(path).unwrap_or_default();
            }
            _ => self.shell.input_from_written(target).unwrap_or_default(),
        };
        Input {
            from: Some(Rc::new(target.clone())),
            ..input
        }
    }
}

impl Redirected {
    /// Notes that standard output goes to the file noted last, where this
    /// redirection is one of it.
    fn note_sink(&mut self, operator: &str, descriptor: Option<&Descriptor>) {
        let of_output = match descriptor {
            None => true,
            Some(Descriptor::Number(number)) => number == "1",
            Some(Descriptor::Variable(_)) => false,
        };
        let appends = matches!(operator, ">>" | "&>>");
        if let Some(file) = self.files.last()
            && of_output
            && (appends || matches!(operator, ">" | ">|" | "&>" | ">&"))
        {
            self.sinks.push(Sink {
                file: file.target.clone(),
                appends,
            });
        }
    }
}

impl Input {
    fn text(word: Word) -> Self {
        Self {
            stdin: Stdin::Text(word.clone()),
            text: Some(word),
            from: None,
        }
    }
}

/// The first descriptor that a shell chooses by itself.
const FIRST_CHOSEN: usize = 10;

impl Shell {
    /// Keeps what is opened to be read, also for longer than by the one command
    /// that opens it: nothing reads it afterwards.
    pub(super) fn open(&mut self, opened: Vec<(Descriptor, Input)>) {
        for (descriptor, input) in opened {
            self.kept += 1;
            let number = match descriptor {
                Descriptor::Number(number) => number,
                Descriptor::Variable(name) => {
                    let number = (FIRST_CHOSEN + self.descriptors.len()).to_string();
                    self.scope.set(&name, vec![Value::scalar(text(&number))]);
                    number
                }
            };
            self.descriptors.insert(number, input);
        }
    }

    /// Returns what can be read from a path that names a descriptor.
    pub(super) fn descriptor(&self, path: &str) -> Option<Input> {
        match descriptor_number(path) {
            Some("0") => Some(self.input.clone()),
            Some(number) => self.descriptors.get(number).cloned(),
            None => (path == "/dev/stdin").then(|| self.input.clone()),
        }
    }

    /// Returns the commands whose output is read from a path that names a
    /// descriptor other than standard input.
    pub(super) fn commands_behind(&self, path: &str) -> Option<&Range<usize>> {
        match &self.descriptors.get(descriptor_number(path)?)?.stdin {
            Stdin::Pipe(commands) => Some(commands),
            Stdin::Inherited | Stdin::Text(_) => None,
        }
    }

    /// Returns the redirection from a connection that a command reads from which
    /// others opened.
    pub(super) fn connection(&self, input: &Input) -> Option<Redirection> {
        let file = input.from.as_ref()?;
        is_connection(leading_text(file)).then(|| Redirection {
            operator: "<",
            target: Word::clone(file),
            dirs: self.dirs(),
        })
    }

    /// Notes the redirections of a compound command; returns where it reads
    /// from, if they say, and the files that it writes.
    pub(super) fn redirect_compound(
        &mut self,
        redirects: &[Redirect],
    ) -> Result<(Option<Input>, Vec<Sink>), Error> {
        if redirects.is_empty() {
            return Ok((None, Vec::new()));
        }
        let mut rounds = Vec::new();
        let mut expander = Expander::new(self);
        loop {
            rounds.push(expander.redirects(redirects)?);
            if !expander.choices.advance() {
                break;
            }
        }
        let several = rounds.len() > 1;
        let mut input = None;
        let mut sinks = Vec::new();
        for round in rounds {
            self.redirect_in_folders(round.files);
            self.open(round.opened);
            input = round.input;
            sinks.extend(round.sinks);
        }
        if several && let Some(input) = &mut input {
            input.text = None;
        }
        Ok((input, sinks))
    }

    /// Notes redirections that stand on no simple command, in every folder that
    /// the shell may be in.
    pub(super) fn redirect_in_folders(&mut self, files: Vec<Redirection>) {
        for folder in self.scope.folders() {
            for file in &files {
                self.script.redirections.push(Redirection {
                    dirs: folder.dirs.clone(),
                    ..file.clone()
                });
            }
        }
    }
}

/// Returns whether a path names a descriptor.
pub(super) fn is_descriptor_path(path: &str) -> bool {
    path == "/dev/stdin" || descriptor_number(path).is_some()
}

/// Returns the number in a path that names a descriptor.
fn descriptor_number(path: &str) -> Option<&str> {
    const FOLDERS: [&str; 3] = ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"];
    FOLDERS.iter().find_map(|folder| path.strip_prefix(folder))
}

/// Returns whether a target is a descriptor: `1`, `2-`, `-`.
fn is_descriptor(target: &Word) -> bool {
    target.literal().is_some_and(|target| {
        let number = target.strip_suffix('-').unwrap_or(&target);
        !target.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}
