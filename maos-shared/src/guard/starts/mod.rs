//! What a command starts: the command that a wrapper runs (`sudo rm x`), the
//! text that a shell or another interpreter is given (`bash -c '…'`,
//! `python3 -c '…'`), the arguments that come from a stream (`xargs`).
//!
//! One step only: the parser of [`super::shell`] asks again for each command
//! that it finds this way, and bounds how deep that goes.

use super::shell::{Command, Word};

/// Something that a command starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Started {
    /// What runs.
    pub(super) what: What,
    /// The folder that it runs in, where that is another than the command's
    /// (`env -C DIR`, `git -C DIR submodule foreach …`).
    pub(super) folder: Option<Word>,
}

/// The kinds of what a command starts.
#[expect(dead_code, reason = "the wrappers are about to start them")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A program with its arguments.
    Program {
        /// `words[0]` is the program.
        words: Vec<Word>,
        /// `NAME=value` that the wrapper sets for it (`env X=1 rm y`).
        assignments: Vec<(String, Word)>,
        /// More arguments come from a stream that is not known.
        more_arguments: bool,
    },
    /// Shell text that the same shell reads: what it changes lasts (`eval`).
    Here(Word),
    /// Shell text that a shell of its own reads (`bash -c`, `ssh host`).
    Shell {
        /// The text.
        text: Word,
        /// Its `$0`, `$1`, …
        arguments: Vec<Word>,
    },
}

/// Returns what `command` starts, in order. `stdin` is the text on its standard
/// input, as far as that is known.
pub(super) fn of(_command: &Command, _stdin: Option<&Word>) -> Vec<Started> {
    Vec::new()
}
