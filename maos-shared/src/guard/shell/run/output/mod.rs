//! What programs print, as far as their words and their input tell.

use std::ops::Range;

use crate::guard::paths::base_name;
use crate::guard::shell::syntax::tree::{Descriptor, Redirect, RedirectKind};
use crate::guard::shell::{Command, Part, Word};
use crate::guard::starts;

pub(in crate::guard) use pattern::substitute;

pub(in crate::guard) mod decode;
mod filters;
mod pattern;
mod says;

/// What commands print.
#[derive(Clone, Debug)]
pub(super) struct Printed {
    /// What is known of it.
    text: Option<Word>,
    /// Other commands print something among it that is not known.
    has_gaps: bool,
}

impl Printed {
    pub(super) fn nothing() -> Self {
        Some(Word::default()).into()
    }

    pub(super) fn unknown() -> Self {
        None.into()
    }

    /// Adds what these commands print next; where that is not known, their
    /// output stands for it.
    pub(super) fn push_from(&mut self, more: Self, by: Range<usize>) {
        self.has_gaps |= more.has_gaps || more.text.is_none();
        let Some(word) = &mut self.text else { return };
        match more.text {
            Some(more) => more.parts.into_iter().for_each(|part| word.push(part)),
            None => {
                word.push(Part::Output {
                    commands: by,
                    quoted: false,
                });
                word.push_text("\n");
            }
        }
    }

    /// Adds what these commands print if they run at all.
    pub(super) fn push_perhaps(&mut self, more: Self, by: Range<usize>) {
        self.push_from(more, by);
        self.has_gaps = true;
    }

    /// Returns it as not known where nothing of it is.
    pub(super) fn unless_all_unknown(self) -> Self {
        let is_open = |part: &Part| matches!(part, Part::Output { .. });
        let is_blank = |part: &Part| matches!(part, Part::Text(text) if text.trim().is_empty());
        match &self.text {
            Some(word)
                if word.parts.iter().any(is_open)
                    && word
                        .parts
                        .iter()
                        .all(|part| is_open(part) || is_blank(part)) =>
            {
                Self::unknown()
            }
            _ => self,
        }
    }

    /// Adds what is printed next.
    pub(super) fn push(&mut self, more: Self) {
        self.has_gaps |= more.has_gaps;
        match (&mut self.text, more.text) {
            (Some(word), Some(more)) => more.parts.into_iter().for_each(|part| word.push(part)),
            _ => self.text = None,
        }
    }

    /// Forgets what goes elsewhere, or is not printed because a file cannot be
    /// opened.
    pub(super) fn redirected(&mut self, redirects: &[Redirect]) {
        if !redirects.iter().all(keeps_output) {
            self.text = None;
        }
    }

    /// Returns it, or where nothing of it is known, the other.
    pub(super) fn or(self, other: Self) -> Self {
        match self.text {
            Some(_) => self,
            None => other,
        }
    }

    /// Returns what is known of it, which may have gaps.
    pub(super) fn known(self) -> Option<Word> {
        self.text
    }

    /// Returns it where all of it is known.
    pub(super) fn whole(self) -> Option<Word> {
        self.text.filter(|_| !self.has_gaps)
    }
}

impl From<Option<Word>> for Printed {
    fn from(known: Option<Word>) -> Self {
        Self {
            text: known,
            has_gaps: false,
        }
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
    let printed = match program {
        "echo" => says::echo(words),
        "printf" => says::printf(words),
        "yes" => says::echo(words),
        "basename" | "dirname" => says::name(program, words),
        "command" | "type" | "whence" | "which" => says::places(program, words),
        "cat" | "bat" | "batcat" => concatenated(words, input, text_of),
        "tee" => input.cloned(),
        // Without arguments they tell all that is set.
        "export" | "readonly" | "set" if words.is_empty() => None,
        ":" | "true" | "false" | "cd" | "export" | "local" | "readonly" | "unset" | "set"
        | "shift" | "read" | "test" | "[" | "sleep" => Some(Word::default()),
        "git" | "find" | "stat" | "docker" | "date" => says::templated(program, words),
        _ => filters::of(program, words, input, text_of)
            .or_else(|| starts::printed(command, input, text_of)),
    };
    printed.into()
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
