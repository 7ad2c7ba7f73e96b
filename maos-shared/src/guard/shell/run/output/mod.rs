//! What programs print, as far as their words and their input tell.

use crate::guard::paths::base_name;
use crate::guard::shell::syntax::tree::{Descriptor, Redirect, RedirectKind};
use crate::guard::shell::{Command, Word};
use crate::guard::starts;

mod decode;
mod filters;
mod pattern;
mod says;

/// What commands print.
#[derive(Clone, Debug)]
pub(super) struct Printed(Option<Word>);

impl Printed {
    pub(super) fn nothing() -> Self {
        Self(Some(Word::default()))
    }

    pub(super) fn unknown() -> Self {
        Self(None)
    }

    /// Adds what is printed next.
    pub(super) fn push(&mut self, more: Self) {
        match (&mut self.0, more.0) {
            (Some(word), Some(more)) => more.parts.into_iter().for_each(|part| word.push(part)),
            _ => self.0 = None,
        }
    }

    /// Forgets what goes elsewhere, or is not printed because a file cannot be
    /// opened.
    pub(super) fn redirected(&mut self, redirects: &[Redirect]) {
        if !redirects.iter().all(keeps_output) {
            self.0 = None;
        }
    }

    pub(super) fn known(self) -> Option<Word> {
        self.0
    }
}

/// Returns whether a redirection surely leaves standard output as it is.
fn keeps_output(redirect: &Redirect) -> bool {
    let is_errors = match &redirect.descriptor {
        Some(Descriptor::Number(number)) => number == "2",
        _ => false,
    };
    match &redirect.kind {
        RedirectKind::File(_, file) => is_errors && matches!(file.bare(), Some("/dev/null" | "1")),
        RedirectKind::Heredoc(_) | RedirectKind::Herestring(_) => true,
    }
}

/// Returns the text that a file holds, where that is known.
type TextOf<'a> = &'a dyn Fn(&Word) -> Option<Word>;

/// Returns what a command prints that gets `input`; `text_of` knows files.
pub(super) fn of(command: &Command, input: Option<&Word>, text_of: TextOf<'_>) -> Printed {
    let Some((program, words)) = command.words.split_first() else {
        return Printed::nothing();
    };
    let Some(program) = program.literal() else {
        return Printed::unknown();
    };
    if command.more_arguments {
        return Printed::unknown();
    }
    let program = base_name(&program);
    Printed(match program {
        "echo" => says::echo(words),
        "printf" => says::printf(words),
        "yes" => says::echo(words),
        "cat" | "bat" | "batcat" => concatenated(words, input, text_of),
        "tee" => input.cloned(),
        ":" | "true" | "false" | "cd" | "export" | "local" | "readonly" | "unset" | "set"
        | "shift" | "read" | "test" | "[" | "sleep" => Some(Word::default()),
        _ => filters::of(program, words, input, text_of)
            .or_else(|| starts::printed(command, input, text_of)),
    })
}

/// Returns the texts of files one after the other; the input without any.
fn concatenated(words: &[Word], input: Option<&Word>, text_of: TextOf<'_>) -> Option<Word> {
    let mut whole = Word::default();
    let mut names_any = false;
    for word in words {
        let text = match word.literal().as_deref() {
            Some("-" | "/dev/stdin") => input.cloned()?,
            Some(flag) if flag.starts_with('-') => {
                if !matches!(flag, "-u" | "-s" | "--" | "-p") {
                    return None;
                }
                continue;
            }
            _ => text_of(word)?,
        };
        names_any = true;
        text.parts.into_iter().for_each(|part| whole.push(part));
    }
    match names_any {
        true => Some(whole),
        false => input.cloned(),
    }
}
