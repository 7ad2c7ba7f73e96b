//! The built `maos`, run in the project.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use nix::pty::openpty;

use super::Sandbox;
use crate::plugin;
use crate::process::{self, Finished, Stdout};
use crate::program::built;
use crate::terminal::Terminal;

impl Sandbox {
    /// Runs the built `maos` with `arguments` in the project.
    #[must_use]
    pub fn maos<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Finished {
        self.maos_given(arguments, "")
    }

    /// Returns how a command here calls the built `maos`, which is on no search
    /// path.
    #[must_use]
    pub fn maos_command(&self) -> String {
        built("maos").display().to_string()
    }

    /// Runs the built `maos` in the project with `input` on its standard input.
    #[must_use]
    pub fn maos_given<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        input: impl Into<Vec<u8>>,
    ) -> Finished {
        let mut maos = self.command(built("maos"));
        maos.args(arguments);
        process::run(maos, input.into(), Stdout::Kept, Duration::from_secs(60))
    }

    /// Runs what a person types into a shell at a terminal, with `maos` at hand.
    ///
    /// # Panics
    /// When there is no pseudo terminal.
    #[must_use]
    pub fn typed(&self, line: &str) -> Finished {
        let terminal = openpty(None, None).expect("a pseudo terminal");
        let mut shell = self.command("sh");
        shell.args(["-c", &format!("maos() {{ \"$MAOS\" \"$@\"; }}\n{line}")]);
        shell.env("MAOS", built("maos")).stdin(terminal.slave);
        let ended = shell.output().expect("a shell can be started");
        Finished {
            status: ended.status,
            stdout: ended.stdout,
            stderr: ended.stderr,
        }
    }

    /// Runs `maos` as it lies in our plugin, in the project.
    #[must_use]
    pub fn maos_of_the_plugin<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Finished {
        let mut maos = self.command(plugin::within(self).join("bin/maos"));
        maos.args(arguments);
        process::run(maos, Vec::new(), Stdout::Kept, Duration::from_secs(60))
    }

    /// Runs the built `maos` in `folder` as an agent of `session` does, by a
    /// command of the client.
    #[must_use]
    pub fn maos_by_an_agent<A: AsRef<OsStr>>(
        &self,
        session: &str,
        folder: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> Finished {
        let mut maos = self.command(built("maos"));
        maos.args(arguments).current_dir(folder);
        maos.env("CLAUDECODE", "1");
        maos.env("CLAUDE_CODE_SESSION_ID", session);
        process::run(maos, Vec::new(), Stdout::Kept, Duration::from_secs(60))
    }

    /// Runs `maos` as a person at a terminal does.
    ///
    /// # Panics
    /// When there is no pseudo terminal.
    #[must_use]
    pub fn maos_at_a_terminal<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Finished {
        let terminal = openpty(None, None).expect("a pseudo terminal");
        let mut maos = self.command(built("maos"));
        let ended = maos.args(arguments).stdin(terminal.slave).output();
        let ended = ended.expect("maos can be started");
        Finished {
            status: ended.status,
            stdout: ended.stdout,
            stderr: ended.stderr,
        }
    }

    /// Starts `maos` with all of a terminal, 80 columns and 24 rows.
    ///
    /// # Panics
    /// When there is no pseudo terminal.
    pub fn maos_on_a_terminal<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Terminal {
        self.maos_on_a_terminal_with(arguments, &[])
    }

    /// As [`Self::maos_on_a_terminal`], with these variables as well.
    ///
    /// # Panics
    /// When there is no pseudo terminal.
    pub fn maos_on_a_terminal_with<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        variables: &[(&str, &str)],
    ) -> Terminal {
        let mut maos = self.command(built("maos"));
        maos.args(arguments).envs(variables.iter().copied());
        Terminal::start(maos)
    }
}
