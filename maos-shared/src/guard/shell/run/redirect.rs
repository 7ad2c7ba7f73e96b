//! Redirections, and where they let a command read from.

use super::expand::{Expander, Mode};
use super::{Input, Shell};
use crate::guard::shell::syntax::tree::{Descriptor, Raw, Redirect, RedirectKind};
use crate::guard::shell::{Error, Part, Redirection, Stdin, Word};

/// What the redirections of one command come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Redirected {
    pub(super) files: Vec<Redirection>,
    pub(super) input: Option<Input>,
}

impl Expander<'_> {
    pub(super) fn redirects(&mut self, redirects: &[Redirect]) -> Result<Redirected, Error> {
        let mut redirected = Redirected::default();
        for redirect in redirects {
            let is_stdin = match &redirect.descriptor {
                None => true,
                Some(Descriptor::Number(number)) => number.trim_start_matches('0').is_empty(),
                Some(Descriptor::Variable(_)) => false,
            };
            let input = match &redirect.kind {
                RedirectKind::File(operator, file) => {
                    self.redirect_file(operator, file, &mut redirected)?
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
            if is_stdin && input.is_some() {
                redirected.input = input;
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
        if operator == "<&" || (operator == ">&" && is_descriptor(&target)) {
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
        match target.parts.as_slice() {
            [Part::Output { commands, .. }] => Input {
                stdin: Stdin::Pipe(commands.clone()),
                text: self.shell.processes.get(commands).cloned(),
            },
            _ => Input::default(),
        }
    }
}

impl Input {
    fn text(word: Word) -> Self {
        Self {
            stdin: Stdin::Text(word.clone()),
            text: Some(word),
        }
    }
}

impl Shell {
    /// Notes the redirections of a compound command; returns where it reads
    /// from, if they say.
    pub(super) fn redirect_compound(
        &mut self,
        redirects: &[Redirect],
    ) -> Result<Option<Input>, Error> {
        if redirects.is_empty() {
            return Ok(None);
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
        for round in rounds {
            self.redirect_in_folders(round.files);
            input = round.input;
        }
        if several && let Some(input) = &mut input {
            input.text = None;
        }
        Ok(input)
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

/// Returns whether a target is a descriptor: `1`, `2-`, `-`.
fn is_descriptor(target: &Word) -> bool {
    target.literal().is_some_and(|target| {
        let number = target.strip_suffix('-').unwrap_or(&target);
        !target.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}
