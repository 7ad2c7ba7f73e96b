//! Running another program: in a job, or where a hook asks one for its part.
#![expect(
    clippy::disallowed_methods,
    reason = "this file owns the starting of programs that are not git"
)]

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use humantime::format_duration;

use super::offspring::Offspring;
use crate::config::limits::PROGRAM_OUTPUT_BYTES;

/// How long is waited for the rest of the output when a program has ended: a
/// child of its own may keep that open for ever.
const GRACE: Duration = Duration::from_millis(500);

/// A program with its arguments; never a text for a shell.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The program: a path, or a name that is looked for on the `PATH`.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// What it finds on its stdin.
    pub input: Vec<u8>,
    /// The folder that it runs in; the caller's where it is empty.
    pub folder: PathBuf,
    /// What it finds in its environment beside the caller's.
    pub variables: Vec<(&'static str, OsString)>,
}

/// What a program left behind.
#[derive(Clone, Debug)]
pub struct Output {
    /// Whether it ended with success.
    pub success: bool,
    /// How it ended, in words.
    pub status: String,
    /// What it wrote to stdout; of [`Program::output`] up to [`PROGRAM_OUTPUT_BYTES`].
    pub stdout: Vec<u8>,
    /// Whether that is all of it.
    pub is_whole: bool,
    /// What it wrote to stderr, up to that as well.
    pub stderr: Vec<u8>,
}

impl Program {
    /// Runs the program within a job, whose log gets what it writes.
    /// Blocks until it ends.
    ///
    /// # Errors
    /// When it cannot be started, or ends with anything but success: with the
    /// last line that it wrote to stderr.
    pub fn run(&self) -> Result<String, String> {
        self.run_within(Duration::MAX)
    }

    /// As [`Program::run`]. Blocks until `limit` at most, as [`Program::output`].
    ///
    /// # Errors
    /// As [`Program::run`], and when it does not end in time.
    pub fn run_within(&self, limit: Duration) -> Result<String, String> {
        let name = self.path.display();
        let output = self.output(limit).map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => {
                format!("{name} did not end within {}", format_duration(limit))
            }
            _ => format!("failed to run {name}: {error}"),
        })?;
        // The log is for whoever looks for the reason; without it work goes on.
        let _ = io::stdout().write_all(&output.stdout);
        let _ = io::stdout().flush();
        let _ = io::stderr().write_all(&output.stderr);
        if output.success {
            return Ok(String::new());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        match said.lines().map(str::trim).rfind(|line| !line.is_empty()) {
            Some(line) => Err(format!("{name}: {line}")),
            None => Err(format!("{name} ended with {}", output.status)),
        }
    }

    /// Runs the program and returns what it wrote. Blocks until it ends, or at
    /// most for `limit`: then it is killed with all that descends from it. What
    /// has no parent any more is the job's to end.
    ///
    /// # Errors
    /// `TimedOut`, or what the system says when it cannot be started.
    pub fn output(&self, limit: Duration) -> io::Result<Output> {
        let mut child = self.spawn()?;
        feed(&mut child, self.input.clone());
        let stdout = child.stdout.take().map(drain);
        let stderr = child.stderr.take().map(drain);
        let pid = child.id();
        let (sender, ended) = mpsc::channel();
        // Nobody listens any more only when the limit has passed.
        thread::spawn(move || sender.send(child.wait()));
        let Ok(status) = ended.recv_timeout(limit) else {
            Offspring::with(pid).kill();
            return Err(io::ErrorKind::TimedOut.into());
        };
        let status = status?;
        let rest = |output: Option<Receiver<Written>>| {
            let written = output.and_then(|output| output.recv_timeout(GRACE).ok());
            written.unwrap_or_default()
        };
        let stdout = rest(stdout);
        Ok(Output {
            success: status.success(),
            status: status.to_string(),
            stdout: stdout.bytes,
            is_whole: stdout.is_all,
            stderr: rest(stderr).bytes,
        })
    }

    /// Runs a program that reads its whole input before it writes, such as a
    /// hook, and returns what it wrote, however much that is. Blocks until it
    /// ends. Takes no threads, and little room in the program that calls it.
    ///
    /// # Errors
    /// What the system says when it cannot be started.
    pub fn answer(&self) -> io::Result<Output> {
        let mut child = self.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that does not read its input has its reasons.
            let _ = stdin.write_all(&self.input);
        }
        let output = child.wait_with_output()?;
        Ok(Output {
            success: output.status.success(),
            status: output.status.to_string(),
            stdout: output.stdout,
            is_whole: true,
            stderr: output.stderr,
        })
    }

    fn spawn(&self) -> io::Result<Child> {
        let mut command = Command::new(&self.path);
        command
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if !self.folder.as_os_str().is_empty() {
            command.current_dir(&self.folder);
        }
        command.spawn()
    }
}

/// Writes from a thread: a program may answer before it has read everything.
fn feed(child: &mut Child, input: Vec<u8>) {
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not read its input has its reasons.
        thread::spawn(move || stdin.write_all(&input));
    }
}

/// What a program wrote to one stream.
#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    /// Nothing of it is missing.
    is_all: bool,
}

fn drain(mut pipe: impl Read + Send + 'static) -> Receiver<Written> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is kept; the rest is read so that the
        // program can go on.
        let kept = pipe
            .by_ref()
            .take(PROGRAM_OUTPUT_BYTES)
            .read_to_end(&mut bytes);
        let rest = io::copy(&mut pipe, &mut io::sink());
        let is_all = kept.is_ok() && matches!(rest, Ok(0));
        sender.send(Written { bytes, is_all })
    });
    receiver
}
