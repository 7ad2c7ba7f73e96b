//! One child process: its input, its output, its end before a deadline.

use std::io::{self, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use serde_json::Value;

/// What a process left behind.
#[derive(Clone, Debug)]
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// Everything it wrote to its standard output.
    pub stdout: Vec<u8>,
    /// Everything it wrote to its standard error.
    pub stderr: Vec<u8>,
}

impl Finished {
    /// Returns the exit code; `None` when a signal ended the process.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Returns the standard output as text, bytes that are not UTF-8 replaced.
    #[must_use]
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Returns the standard error as text, bytes that are not UTF-8 replaced.
    #[must_use]
    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// Returns what it wrote to the standard error, but for how long the files of a
    /// workspace took that no spare was ready for, which says of no trouble.
    #[must_use]
    pub fn trouble(&self) -> String {
        let is_time = |line: &&str| line.starts_with("MAOS: no spare workspace was ready: ");
        let said = self.err();
        said.split_inclusive('\n')
            .filter(|line| !is_time(line))
            .collect()
    }

    /// Returns the one JSON object on the standard output, `None` when the
    /// process said nothing.
    ///
    /// # Panics
    /// When the output is anything but nothing or one JSON object.
    #[must_use]
    pub fn answer(&self) -> Option<Value> {
        if self.stdout.is_empty() {
            return None;
        }
        let value: Value = serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is not one JSON value: {error}\n{self}"));
        assert!(value.is_object(), "stdout is not a JSON object\n{self}");
        Some(value)
    }

    /// Returns itself when the exit code is `code`.
    ///
    /// # Panics
    /// When it is not, with all that the process said.
    #[must_use]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "{self}");
        self
    }
}

impl std::fmt::Display for Finished {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let signal = self.status.signal();
        write!(
            formatter,
            "exit code {:?}, signal {signal:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.code(),
            self.out(),
            self.err()
        )
    }
}

/// Where the standard output of a process goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stdout {
    /// To the caller.
    Kept,
    /// Into a pipe that nobody reads any more.
    Broken,
}

/// Runs `command` with `input` on its standard input, in a process group of
/// its own, and waits for its end and for the end of its output.
///
/// # Panics
/// When it cannot be started, or is not done after `deadline`: the whole group
/// is then killed.
pub(crate) fn run(
    command: Command,
    input: Vec<u8>,
    stdout: Stdout,
    deadline: Duration,
) -> Finished {
    Running::start(command, input, stdout).finish(deadline)
}

/// A process that runs in a group of its own.
#[must_use]
pub(crate) struct Running {
    name: String,
    id: Pid,
    ended: Receiver<io::Result<ExitStatus>>,
    stdout: Option<Receiver<Vec<u8>>>,
    stderr: Receiver<Vec<u8>>,
    is_over: bool,
}

impl Running {
    /// Starts `command` with `input` on its standard input.
    ///
    /// # Panics
    /// When it cannot be started.
    pub(crate) fn start(mut command: Command, input: Vec<u8>, stdout: Stdout) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        let id = Pid::from_raw(i32::try_from(child.id()).expect("a process id fits"));

        // A broken pipe has to be broken before the process can answer, and it
        // answers once its input has ended.
        let kept = child.stdout.take().filter(|_| stdout == Stdout::Kept);
        feed(&mut child, input);
        let stdout = kept.map(drain);
        let stderr = drain(child.stderr.take().expect("stderr is piped"));
        let (sender, ended) = channel();
        thread::spawn(move || sender.send(child.wait()));
        Self {
            name,
            id,
            ended,
            stdout,
            stderr,
            is_over: false,
        }
    }

    /// Waits for its end and for the end of its output.
    ///
    /// # Panics
    /// When it is not done after `deadline`: the whole group is then killed.
    pub(crate) fn finish(mut self, deadline: Duration) -> Finished {
        let until = Instant::now() + deadline;
        let status = before(until, &self.ended);
        let out = match &self.stdout {
            Some(out) => before(until, out),
            None => Some(Vec::new()),
        };
        let err = before(until, &self.stderr);
        let (Some(status), Some(stdout), Some(stderr)) = (status, out, err) else {
            panic!(
                "{} is not done after {deadline:?}: it, or a child that holds its output, hangs",
                self.name
            );
        };
        self.is_over = true;
        Finished {
            status: status.expect("a child can be waited for"),
            stdout,
            stderr,
        }
    }

    /// Kills the process, but not its children, with a signal that it cannot
    /// catch. Waits until it is dead.
    ///
    /// # Panics
    /// When it had ended by itself.
    pub(crate) fn kill(mut self) {
        kill(self.id, Signal::SIGKILL).expect("a process of ours can be killed");
        let status = self.ended.recv().expect("its end is told");
        self.is_over = true;
        let signal = status.expect("a child can be waited for").signal();
        assert_eq!(signal, Some(9), "{} ended by itself", self.name);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_over {
            // The group is gone already when only a grandchild kept a pipe
            // open.
            let _ = killpg(self.id, Signal::SIGKILL);
        }
    }
}

/// Runs `command` with `input` on its standard input and ends it with SIGKILL
/// after `delay`. Returns whether that is what ended it.
///
/// # Panics
/// When it cannot be started.
pub(crate) fn kill_after(mut command: Command, input: Vec<u8>, delay: Duration) -> bool {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("a built program starts");
    feed(&mut child, input);
    thread::sleep(delay);
    child.kill().expect("a child can be killed");
    let status = child.wait().expect("a child can be waited for");
    status.signal() == Some(Signal::SIGKILL as i32)
}

/// Writes `input` from a thread of its own: a process that answers before it
/// has read everything must not block the caller.
pub(crate) fn feed(child: &mut Child, input: Vec<u8>) {
    let mut stdin = child.stdin.take().expect("stdin is piped");
    thread::spawn(move || {
        // A process may stop reading early; its answer is what is judged.
        let _ = stdin.write_all(&input);
    });
}

fn drain(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut all = Vec::new();
        pipe.read_to_end(&mut all).expect("a pipe can be read");
        sender.send(all)
    });
    receiver
}

fn before<T>(until: Instant, receiver: &Receiver<T>) -> Option<T> {
    receiver
        .recv_timeout(until.saturating_duration_since(Instant::now()))
        .ok()
}
