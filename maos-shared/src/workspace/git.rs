//! The only place that starts git.
//!
//! Each call runs apart from whatever started this process: none of its `GIT_*`
//! variables, no hooks, no background maintenance, no prompts, no file system
//! monitor, in a process group of its own, against a deadline.
#![expect(
    clippy::disallowed_methods,
    reason = "this file owns the starting of git and what of the environment git inherits"
)]

use crossbeam_channel::{Receiver, Sender, unbounded};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long one call of git may take.
const DEADLINE: Duration = Duration::from_secs(120);
/// How long git has to remove what it left half done, once it was told to stop.
const GRACE: Duration = Duration::from_secs(2);
/// The longest pause between two looks at whether git has ended.
const PAUSE: Duration = Duration::from_millis(5);
/// How often a call is tried while git's housekeeping is in its way.
const ATTEMPTS: u32 = 5;
/// How long a patient call waits for another process to unlock something.
const PATIENCE: Duration = Duration::from_secs(5);
/// The pause between two tries of a patient call.
const PATIENT_PAUSE: Duration = Duration::from_millis(50);
/// The most that is read from git, bytes.
const OUTPUT_LIMIT: u64 = 256 * 1024 * 1024;
/// How much of git's own words goes into an error, bytes and lines.
const REASON_LIMIT: (usize, usize) = (2000, 12);

/// What overrides the user's and the repository's configuration.
const SETTINGS: [&str; 9] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.safecrlf=false",
    "core.quotePath=false",
    "commit.gpgSign=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
    "advice.detachedHead=false",
];

/// The `GIT_*` variables that say who the user is; all others are dropped.
const KEPT: [&str; 4] = [
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
];

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
    pub(super) fn says(&self, words: &str) -> bool {
        matches!(self, Self::Failed { reason, .. } if reason.contains(words))
    }

    /// Returns whether another process was in the way: it held a lock file, or
    /// a worktree was half made or half removed at that moment. A `git gc` takes
    /// away the git directory of one that has not got its lock yet, and folders
    /// of references that are empty for a moment.
    pub(super) fn is_contention(&self) -> bool {
        let is_gone = || self.says("No such file or directory");
        (self.says(".lock'") && (self.says("File exists") || is_gone()))
            || (self.says("/worktrees/") && is_gone())
            || self.says("could not lock")
            || self.says("commondir")
    }

    /// Returns whether a `git gc` took away the empty folder in which an object
    /// was about to be written. Git itself tries that twice. A call that fails
    /// so has changed nothing.
    fn is_housekeeping(&self) -> bool {
        self.says("unable to create temporary file: No such file or directory")
    }
}

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
    input: Input,
    deadline: Option<Duration>,
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
    #[cfg(test)]
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
        for setting in SETTINGS
            .into_iter()
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

/// How a call ended.
enum Ended {
    Done {
        success: bool,
        status: String,
        code: Option<i32>,
        stdout: Vec<u8>,
        stderr: Vec<u8>,
    },
    TooSlow,
    TooMuch,
}

/// One of git's two outputs, whole.
struct Output {
    is_error: bool,
    bytes: io::Result<Vec<u8>>,
}

/// Reads and feeds git until it ends. Past the deadline, or when it writes too
/// much, its whole process group is ended.
fn supervise(child: &mut Child, input: &Input, deadline: Instant) -> io::Result<Ended> {
    let outputs = drain(child);
    feed(child, input);
    let mut streams = [Vec::new(), Vec::new()];
    for _ in 0..streams.len() {
        let Ok(output) = outputs.recv_deadline(deadline) else {
            return end(child).map(|()| Ended::TooSlow);
        };
        let bytes = match output.bytes {
            Ok(bytes) => bytes,
            Err(error) => return end(child).and(Err(error)),
        };
        if bytes.len() as u64 > OUTPUT_LIMIT {
            return end(child).map(|()| Ended::TooMuch);
        }
        streams[usize::from(output.is_error)] = bytes;
    }
    let Some(status) = wait_until(child, deadline)? else {
        return end(child).map(|()| Ended::TooSlow);
    };
    let [stdout, stderr] = streams;
    Ok(Ended::Done {
        success: status.success(),
        status: status.to_string(),
        code: status.code(),
        stdout,
        stderr,
    })
}

/// Starts a thread on each of git's outputs.
fn drain(child: &mut Child) -> Receiver<Output> {
    let (sender, receiver) = unbounded();
    if let Some(stdout) = child.stdout.take() {
        read_whole(stdout, false, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        read_whole(stderr, true, sender);
    }
    receiver
}

fn read_whole(stream: impl Read + Send + 'static, is_error: bool, sender: Sender<Output>) {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stream.take(OUTPUT_LIMIT + 1).read_to_end(&mut bytes);
        // Nobody listens any more once the deadline has passed.
        let _ = sender.send(Output {
            is_error,
            bytes: read.map(|_| bytes),
        });
    });
}

/// Starts a thread that writes git's input.
fn feed(child: &mut Child, input: &Input) {
    if let (Input::Bytes(bytes), Some(mut stdin)) = (input, child.stdin.take()) {
        let bytes = bytes.clone();
        thread::spawn(move || {
            // A git that stops reading says why by its exit code.
            let _ = stdin.write_all(&bytes);
        });
    }
}

/// Waits for the process alone. Returns nothing at the deadline.
fn wait_until(
    child: &mut Child,
    deadline: Instant,
) -> io::Result<Option<std::process::ExitStatus>> {
    let mut pause = Duration::from_micros(50);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(PAUSE);
    }
}

/// Ends git and every process that it started: first so that it can remove
/// what it left half done, then for good.
fn end(child: &mut Child) -> io::Result<()> {
    let group = i32::try_from(child.id())
        .map(Pid::from_raw)
        .map_err(io::Error::other)?;
    // The group is gone when all its processes are, which is what is wanted.
    let _ = killpg(group, Signal::SIGTERM);
    let ended = wait_until(child, Instant::now() + GRACE)?;
    let _ = killpg(group, Signal::SIGKILL);
    if ended.is_none() {
        child.wait()?;
    }
    Ok(())
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

/// Returns the first lines of what git wrote, without control characters.
fn shown(stderr: &[u8]) -> String {
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

fn start(command: &str, source: io::Error) -> GitError {
    GitError::Start {
        command: command.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests;
