//! The only place that starts git.
//!
//! Each call runs apart from whatever started this process: none of its `GIT_*`
//! variables, no hooks, no background maintenance, no prompts, no download by
//! git-lfs, no file system monitor, in a process group of its own, against a deadline.
#![expect(
    clippy::disallowed_methods,
    reason = "this file owns the starting of git and what of the environment git inherits"
)]

mod error;
mod process;

pub use error::GitError;

use error::{shown, start};
use process::{Ended, supervise};
use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long one call of git may take.
const DEADLINE: Duration = Duration::from_secs(120);
/// How often a call is tried while git's housekeeping is in its way.
const ATTEMPTS: u32 = 5;
/// How long a patient call waits for another process to unlock something.
const PATIENCE: Duration = Duration::from_secs(5);
/// The pause between two tries of a patient call.
const PATIENT_PAUSE: Duration = Duration::from_millis(50);

/// What overrides the user's and the repository's configuration.
const SETTINGS: [&str; 8] = [
    "core.fsmonitor=false",
    "core.safecrlf=false",
    "core.quotePath=false",
    "commit.gpgSign=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
    "advice.detachedHead=false",
];

/// What keeps git from running hooks.
const NO_HOOKS: &str = "core.hooksPath=/dev/null";

/// The name, in the git directory, of an index that is never there.
const NO_INDEX: &str = "maos-no-index";

/// The `GIT_*` variables that say who the user is; all others are dropped.
const KEPT: [&str; 4] = [
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
];

/// A checkout as git is told of it. Both are said, so that git never searches:
/// in a workspace whose `.git` file is gone it would find the main checkout.
#[derive(Clone, Debug)]
pub(super) struct Checkout {
    /// The checkout's own git directory.
    pub(super) git_dir: PathBuf,
    /// Its root.
    pub(super) folder: PathBuf,
}

/// One call of git.
#[derive(Debug, Default)]
pub(super) struct Git {
    folder: PathBuf,
    git_dir: Option<PathBuf>,
    reads: bool,
    is_patient: bool,
    index: Option<PathBuf>,
    settings: Vec<String>,
    author: Option<Author>,
    input: Input,
    deadline: Option<Duration>,
}

/// Who made a commit, and when.
#[derive(Clone, Debug)]
pub(super) struct Author {
    pub(super) name: String,
    pub(super) address: String,
    /// As `git log --date=raw` writes it.
    pub(super) time: String,
}

/// What git finds on its standard input.
#[derive(Debug, Default)]
enum Input {
    #[default]
    Nothing,
    Bytes(Vec<u8>),
    File(File),
}

impl Git {
    /// A git that finds the repository of `folder` itself, and so refuses one
    /// that belongs to another user (`safe.directory`).
    pub(super) fn searching(folder: &Path) -> Self {
        Self {
            folder: folder.into(),
            reads: true,
            ..Self::default()
        }
    }

    /// A git that looks at a checkout, and leaves its index alone.
    pub(super) fn reading(checkout: &Checkout) -> Self {
        Self {
            reads: true,
            ..Self::writing(checkout)
        }
    }

    /// A git that works on a checkout.
    pub(super) fn writing(checkout: &Checkout) -> Self {
        Self {
            folder: checkout.folder.clone(),
            git_dir: Some(checkout.git_dir.clone()),
            ..Self::default()
        }
    }

    /// Uses this index file instead of the checkout's own.
    pub(super) fn index(mut self, index: &Path) -> Self {
        self.index = Some(index.into());
        self
    }

    /// Lets git do without the index, whose reading takes longer than anything
    /// else where it has many entries.
    pub(super) fn without_index(self) -> Self {
        let nowhere = self.git_dir.as_ref().map(|git_dir| git_dir.join(NO_INDEX));
        Self {
            index: nowhere,
            ..self
        }
    }

    /// Tries again for a while when another process is in the way.
    pub(super) fn patient(mut self) -> Self {
        self.is_patient = true;
        self
    }

    /// Sets a configuration value, `name=value`, for this call.
    pub(super) fn setting(mut self, setting: impl Into<String>) -> Self {
        self.settings.push(setting.into());
        self
    }

    /// Makes this the author of a commit; else it is whoever runs git.
    pub(super) fn author(mut self, author: Option<Author>) -> Self {
        self.author = author;
        self
    }

    /// Gives git these bytes to read.
    pub(super) fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Input::Bytes(bytes.into());
        self
    }

    /// Lets git hold this open file for as long as it runs. A lock on it then
    /// outlives this process where git does.
    pub(super) fn holding(mut self, file: File) -> Self {
        self.input = Input::File(file);
        self
    }

    /// Ends git after this time instead of the usual one.
    pub(super) fn within(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Runs git and returns what it wrote. Blocks until it ends, 120 s at most,
    /// and 5 s more for what is in the way of a patient call.
    ///
    /// # Errors
    /// When git cannot be started, fails, or does not end in time.
    pub(super) fn run<A: AsRef<OsStr>>(self, arguments: &[A]) -> Result<Vec<u8>, GitError> {
        let patience = Instant::now() + PATIENCE;
        let in_time = || self.is_patient && Instant::now() < patience;
        let mut attempt = 1;
        loop {
            match self.attempt(arguments) {
                Err(error) if error.is_housekeeping() && attempt < ATTEMPTS => attempt += 1,
                Err(error) if error.is_contention() && in_time() => thread::sleep(PATIENT_PAUSE),
                ended => return ended,
            }
        }
    }

    fn attempt<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Result<Vec<u8>, GitError> {
        let command = name_of(arguments);
        let deadline = self.deadline.unwrap_or(DEADLINE);
        let mut child = self
            .command(arguments)
            .spawn()
            .map_err(|source| start(&command, source))?;
        let ended = supervise(&mut child, &self.input, Instant::now() + deadline);
        match ended {
            Ok(Ended::Done {
                success: true,
                stdout,
                ..
            }) => Ok(stdout),
            Ok(Ended::Done {
                status,
                code,
                stdout,
                stderr,
                ..
            }) => Err(GitError::Failed {
                reason: shown(&stderr),
                output: stdout,
                command,
                status,
                code,
            }),
            Ok(Ended::TooSlow) => Err(GitError::TooSlow {
                command,
                after: deadline,
            }),
            Ok(Ended::TooMuch) => Err(GitError::TooMuch { command }),
            Err(source) => Err(start(&command, source)),
        }
    }

    /// Runs git and returns what it wrote, as one line of text.
    ///
    /// # Errors
    /// As [`Git::run`].
    pub(super) fn line<A: AsRef<OsStr>>(self, arguments: &[A]) -> Result<String, GitError> {
        let bytes = self.run(arguments)?;
        Ok(String::from_utf8_lossy(bytes.trim_ascii_end()).into_owned())
    }

    /// Runs git and returns what it wrote, as one line of text, or nothing when
    /// it ended with code 1: git's word for "there is none".
    ///
    /// # Errors
    /// As [`Git::run`], for all other codes.
    pub(super) fn find<A: AsRef<OsStr>>(self, arguments: &[A]) -> Result<Option<String>, GitError> {
        match self.line(arguments) {
            Ok(line) => Ok(Some(line)),
            Err(GitError::Failed { code: Some(1), .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Runs git and returns whether it ended with code 0, and what it wrote: its
    /// code 1 says that there is something, such as a conflict.
    ///
    /// # Errors
    /// As [`Git::run`], for all other codes.
    pub(super) fn judge<A: AsRef<OsStr>>(
        self,
        arguments: &[A],
    ) -> Result<(bool, Vec<u8>), GitError> {
        match self.run(arguments) {
            Ok(output) => Ok((true, output)),
            Err(GitError::Failed {
                code: Some(1),
                output,
                ..
            }) => Ok((false, output)),
            Err(error) => Err(error),
        }
    }

    /// The command, before it is started.
    fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if is_gits(&name) {
                command.env_remove(name);
            }
        }
        command
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_LFS_SKIP_SMUDGE", "1")
            .current_dir("/")
            .arg("-C")
            .arg(&self.folder);
        if self.reads {
            command.arg("--no-optional-locks");
        }
        if let Some(git_dir) = &self.git_dir {
            command
                .env("GIT_DIR", git_dir)
                .env("GIT_WORK_TREE", &self.folder);
        }
        if let Some(index) = &self.index {
            command.env("GIT_INDEX_FILE", index);
        }
        if let Some(author) = &self.author {
            command
                .env("GIT_AUTHOR_NAME", &author.name)
                .env("GIT_AUTHOR_EMAIL", &author.address)
                .env("GIT_AUTHOR_DATE", &author.time);
        }
        for setting in SETTINGS
            .into_iter()
            .chain([NO_HOOKS])
            .chain(self.settings.iter().map(String::as_str))
        {
            command.arg("-c").arg(setting);
        }
        command
            .args(arguments)
            .stdin(match &self.input {
                Input::Bytes(_) => Stdio::piped(),
                Input::File(file) => file.try_clone().map_or_else(|_| Stdio::null(), Stdio::from),
                Input::Nothing => Stdio::null(),
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        command
    }
}

/// Returns whether a variable is one that steers git.
fn is_gits(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("GIT_") && !KEPT.contains(&name.as_ref())
}

/// Returns the subcommand for messages: the words before the first option.
fn name_of<A: AsRef<OsStr>>(arguments: &[A]) -> String {
    let words = arguments.iter().map(|word| word.as_ref().to_string_lossy());
    let nested = |word: &str| word == "worktree";
    let mut name = String::new();
    for word in words.take(2) {
        if !name.is_empty() && !nested(&name) {
            break;
        }
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(&word);
    }
    name
}

#[cfg(test)]
mod tests;
