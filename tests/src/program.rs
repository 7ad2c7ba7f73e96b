//! A built MAOS program, started as the client starts it.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use maos_shared::hook::Event;
use nix::unistd::Uid;
use serde_json::Value;

use crate::process::{self, Finished, Stdout};
use crate::sandbox::Sandbox;
use crate::trace::{self, Struck};

/// The user and group id of `nobody`.
const NOBODY: u32 = 65_534;
/// The session that the programs are told they run in.
pub const SESSION: &str = "5e551011-0000-4000-8000-000000000000";

/// A run of one program, in the making.
#[must_use]
pub struct Program<'a> {
    name: &'static str,
    sandbox: &'a Sandbox,
    arguments: Vec<&'static str>,
    input: Vec<u8>,
    stdout: Stdout,
    shell: Option<&'static str>,
    environment: Vec<(&'static str, String)>,
    privileged: bool,
    client: u32,
    deadline: Duration,
}

impl<'a> Program<'a> {
    /// Returns a run of the program that answers `event`, in the project of
    /// `sandbox`, with nothing on its input.
    pub fn answering(event: Event, sandbox: &'a Sandbox) -> Self {
        Self {
            name: event.program(),
            sandbox,
            arguments: Vec::new(),
            input: Vec::new(),
            stdout: Stdout::Kept,
            shell: None,
            environment: Vec::new(),
            privileged: true,
            client: std::process::id(),
            deadline: Duration::from_secs(60),
        }
    }

    /// Returns the run with `input` on its standard input.
    pub fn given(self, input: &Value) -> Self {
        self.given_bytes(input.to_string())
    }

    /// Returns the run with these bytes on its standard input.
    pub fn given_bytes(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Returns the run with another argument.
    pub fn with_argument(mut self, argument: &'static str) -> Self {
        self.arguments.push(argument);
        self
    }

    /// Returns the run with another variable in its environment.
    pub fn with_variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// Returns the run as the client with the process id `client` starts it;
    /// otherwise the test itself is the client.
    pub fn started_by(mut self, client: u32) -> Self {
        self.client = client;
        self
    }

    /// Returns the run without a standard input: descriptor 0 is closed.
    pub fn with_closed_stdin(mut self) -> Self {
        self.shell = Some("exec \"$0\" \"$@\" <&-");
        self
    }

    /// Returns the run without a standard output: descriptor 1 is closed.
    pub fn with_closed_stdout(mut self) -> Self {
        self.shell = Some("exec \"$0\" \"$@\" >&-");
        self
    }

    /// Returns the run on a disk without space: every write to a file fails.
    /// Without the signal that would end the process first, as on a real one.
    pub fn with_full_disk(mut self) -> Self {
        self.shell = Some("trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"");
        self
    }

    /// Returns the run with a standard output that nobody reads any more.
    pub fn with_broken_stdout(mut self) -> Self {
        self.stdout = Stdout::Broken;
        self
    }

    /// Returns the run as a user without privileges, for whom file modes count:
    /// when root runs the tests, as `nobody`.
    pub fn without_privileges(mut self) -> Self {
        self.privileged = !Uid::effective().is_root();
        self
    }

    /// Runs the program and waits for its end.
    ///
    /// # Panics
    /// When the program is not built, or hangs.
    #[must_use]
    pub fn run(self) -> Finished {
        process::run(self.command(), self.input, self.stdout, self.deadline)
    }

    /// Starts the program, ends it with SIGKILL after `delay` and waits until it
    /// is gone. Returns whether it was killed; `false` when it was faster. What
    /// it had started itself goes on, as when the system kills a process.
    ///
    /// # Panics
    /// When the program is not built.
    pub fn killed_after(self, delay: Duration) -> bool {
        process::kill_after(self.command(), self.input, delay)
    }

    /// Starts the program and ends it with SIGKILL behind the call of the number
    /// `number`, from 1, of those that change anything (see [`Struck`]).
    ///
    /// # Panics
    /// When the program is not built.
    #[must_use]
    pub fn killed_behind_call(self, number: usize) -> Struck {
        trace::kill_behind(&self.command(), self.input, number, |_| true)
    }

    /// As [`Program::killed_behind_call`], where only calls of one name count.
    ///
    /// # Panics
    /// When the program is not built.
    #[must_use]
    pub fn killed_behind(self, call: &str, number: usize) -> Struck {
        trace::kill_behind(&self.command(), self.input, number, |name| name == call)
    }

    fn command(&self) -> Command {
        let path = built(self.name);
        let mut command = match self.shell {
            None => self.sandbox.command(path),
            Some(script) => {
                let mut shell = self.sandbox.command("/bin/sh");
                shell.args(["-c", script]).arg(path);
                shell
            }
        };
        command.args(&self.arguments);
        if !self.privileged {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
            .env("CLAUDECODE", "1")
            .env("CLAUDE_PROJECT_DIR", self.sandbox.project())
            .env("CLAUDE_CODE_SESSION_ID", SESSION)
            .env("CLAUDE_PID", self.client.to_string())
            .envs(self.environment.iter().cloned());
        command
    }
}

/// Returns the folder of the built programs: the profile folder of the test
/// that runs.
#[must_use]
pub fn programs_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let folder = test
        .ancestors()
        .nth(2)
        .expect("a test lies in <profile>/deps");
    folder.to_owned()
}

/// Returns the path of the built program `name`.
///
/// # Panics
/// When it is not built.
pub(crate) fn built(name: &str) -> PathBuf {
    let path = programs_folder().join(name);
    assert!(
        path.is_file(),
        "{} is not built: run `cargo build --workspace` with the profile of the tests first",
        path.display()
    );
    path
}
