//! A job that runs another program.
#![expect(
    clippy::disallowed_methods,
    reason = "this file owns the starting of programs in jobs"
)]

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A program with its arguments; never a text for a shell.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The program: a path, or a name that is looked for on the `PATH`.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// What it finds on its stdin.
    pub input: Vec<u8>,
    /// The folder that it runs in; `/` where it is empty.
    pub folder: PathBuf,
}

impl Program {
    /// Runs the program within a job, whose log gets what it writes. Blocks
    /// until it ends.
    ///
    /// # Errors
    /// When it cannot be started, or ends with anything but success.
    pub fn run(&self) -> Result<String, String> {
        let name = self.path.display();
        let failed = |error| format!("failed to run {name}: {error}");
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).stdin(Stdio::piped());
        if !self.folder.as_os_str().is_empty() {
            command.current_dir(&self.folder);
        }
        let mut child = command.spawn().map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that does not read its input has its reasons.
            let _ = stdin.write_all(&self.input);
        }
        let status = child.wait().map_err(failed)?;
        match status.success() {
            true => Ok(String::new()),
            false => Err(format!("{name} ended with {status}")),
        }
    }
}
