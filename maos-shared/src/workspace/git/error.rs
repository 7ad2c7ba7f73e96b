//! Why a call of git brought nothing.

use super::process::OUTPUT_LIMIT;
use std::io;
use std::time::Duration;

/// How much of git's own words goes into an error, bytes and lines.
const REASON_LIMIT: (usize, usize) = (2000, 12);

/// Why a call of git brought nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// The program could not be started, or its output not be read.
    #[error("failed to run `git {command}`: {source}; is git installed and on the PATH?")]
    Start {
        /// The subcommand.
        command: String,
        /// The system's reason.
        source: io::Error,
    },
    /// Git ended with an error.
    #[error("`git {command}` failed with {status}: {reason}")]
    Failed {
        /// The subcommand.
        command: String,
        /// `exit code 128`, or the signal that ended it.
        status: String,
        /// The exit code, unless a signal ended it.
        code: Option<i32>,
        /// The first lines of what git said, without control characters.
        reason: String,
        /// What git wrote nevertheless.
        output: Vec<u8>,
    },
    /// Git was still running at the deadline and was ended, with its children.
    #[error(
        "`git {command}` did not end within {} s and was stopped; try again when the machine is less busy",
        .after.as_secs()
    )]
    TooSlow {
        /// The subcommand.
        command: String,
        /// The time that it had.
        after: Duration,
    },
    /// Git wrote more than is read.
    #[error("`git {command}` wrote more than {OUTPUT_LIMIT} bytes and was stopped")]
    TooMuch {
        /// The subcommand.
        command: String,
    },
}

impl GitError {
    /// Returns whether git said `words`. Its language is set, so that a text
    /// can be recognised.
    pub(in crate::workspace) fn says(&self, words: &str) -> bool {
        matches!(self, Self::Failed { reason, .. } if reason.contains(words))
    }

    /// Returns whether another process was in the way: it held a lock file, or
    /// a worktree was half made or half removed at that moment. A `git gc` takes
    /// away the git directory of one that has not got its lock yet, and folders
    /// of references that are empty for a moment.
    pub(in crate::workspace) fn is_contention(&self) -> bool {
        let is_gone = || self.says("No such file or directory");
        (self.says(".lock'") && (self.says("File exists") || is_gone()))
            || (self.says("/worktrees/") && is_gone())
            || self.says("could not lock")
            || self.says("commondir")
    }

    /// Returns whether a `git gc` took away the empty folder in which an object
    /// was about to be written. Git itself tries that twice. A call that fails
    /// so has changed nothing.
    pub(super) fn is_housekeeping(&self) -> bool {
        self.says("unable to create temporary file: No such file or directory")
    }
}

/// Returns the first lines of what git wrote, without control characters.
pub(super) fn shown(stderr: &[u8]) -> String {
    let (bytes, lines) = REASON_LIMIT;
    let text = String::from_utf8_lossy(&stderr[..stderr.len().min(bytes)]);
    let lines = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(lines);
    let lines: Vec<String> = lines
        .map(|line| line.chars().filter(|c| !c.is_control()).collect())
        .collect();
    match lines.is_empty() {
        true => "git gave no reason".to_owned(),
        false => lines.join("; "),
    }
}

/// Makes the error of a git that could not be started or read.
pub(super) fn start(command: &str, source: io::Error) -> GitError {
    GitError::Start {
        command: command.to_owned(),
        source,
    }
}
