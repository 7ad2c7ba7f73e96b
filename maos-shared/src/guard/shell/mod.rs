//! From shell text to the commands that would run.

mod command;
mod escapes;
mod run;
mod syntax;
mod text;

pub use command::{Command, Part, Redirection, Script, Setting, Stdin, Word};
pub(super) use run::{decode, substitute};
pub(super) use text::unquoted;

use crate::config::limits;

/// Why a text could not be understood; the guard then denies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A bound of [`crate::config::limits`] was met.
    #[error("the command is {what}: more than the {limit} that the guard follows")]
    Limit {
        /// What there was too much of, as the end of "the command is …".
        what: &'static str,
        /// The bound.
        limit: usize,
    },
    /// The shell would refuse it, or the parser cannot tell what it means.
    #[error("the shell text cannot be understood at byte {at}: {what}")]
    Syntax {
        /// Offset into the text.
        at: usize,
        /// What is wrong there, lowercase.
        what: &'static str,
    },
}

/// Returns what a text would run.
///
/// # Errors
/// [`Error::Syntax`] where a shell would refuse the text or cannot be given it,
/// [`Error::Limit`] where it is more than the guard follows; see
/// [`crate::config::limits`].
pub fn parse(text: &str) -> Result<Script, Error> {
    if text.len() > limits::SHELL_TEXT_BYTES {
        return Err(Error::Limit {
            what: "too long in bytes",
            limit: limits::SHELL_TEXT_BYTES,
        });
    }
    match text.find(text::MARK) {
        Some(at) => Err(Error::Syntax {
            at,
            what: "no command can hold a NUL character",
        }),
        None => run::script(text),
    }
}

#[cfg(test)]
mod tests;
