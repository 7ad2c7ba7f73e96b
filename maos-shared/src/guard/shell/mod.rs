//! From shell text to the commands that would run.

mod command;

pub use command::{Command, Part, Redirection, Script, Stdin, Word};

/// Why a text could not be understood; the guard then denies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A bound of [`Limits`] was met.
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
