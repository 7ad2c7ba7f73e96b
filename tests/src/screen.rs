//! A terminal in which a program runs: tmux, with a server of its own.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::api::Api;
use crate::process::{self, Finished, Stdout};
use crate::sandbox::Sandbox;

/// How long is waited for what has to appear.
const PATIENCE: Duration = Duration::from_secs(120);

/// A terminal; its programs end with it.
#[must_use]
pub struct Screen<'a> {
    sandbox: &'a Sandbox,
    _api: Api,
}

impl<'a> Screen<'a> {
    /// Shows the program of `command`, with what that adds to the environment of
    /// the sandbox; it speaks with `api`. `None` where there is no tmux.
    pub(crate) fn show(sandbox: &'a Sandbox, command: &Command, api: Api) -> Option<Self> {
        if sandbox.command("tmux").arg("-V").output().is_err() {
            // Not `eprintln!`: the test harness would keep the line back.
            writeln!(std::io::stderr(), "SKIPPED terminal: tmux is not installed").expect("stderr");
            return None;
        }
        let screen = Self { sandbox, _api: api };
        let mut first = screen.tmux_with(&["new-session", "-d", "-x", "120", "-y", "40", "--"]);
        for (name, value) in command.get_envs() {
            first.env(name, value.unwrap_or_default());
        }
        first.arg(command.get_program()).args(command.get_args());
        let _ = run(first).exits(0);
        let bell = format!("run-shell 'echo >>{}'", screen.bells().display());
        let sent = format!("cat >>{}", screen.sent_file().display());
        let _ = screen.tmux(&["set-option", "-g", "bell-action", "any"]);
        let _ = screen.tmux(&["set-hook", "-g", "alert-bell", &bell]);
        let _ = screen.tmux(&["pipe-pane", &sent]);
        Some(screen)
    }

    /// Waits until the program has sent `text`, as it is, to the terminal.
    ///
    /// # Panics
    /// When it does not, with what can be seen.
    pub fn await_text(&self, text: &str) {
        self.await_that(text, || {
            let sent = fs::read(self.sent_file()).unwrap_or_default();
            String::from_utf8_lossy(&sent).contains(text)
        });
    }

    /// Waits until the terminal's bell has rung.
    ///
    /// # Panics
    /// When it does not, with what can be seen.
    pub fn await_bell(&self) {
        self.await_that("a bell", || self.bells().exists());
    }

    fn await_that(&self, what: &str, is_there: impl Fn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_there() {
            if Instant::now() > deadline {
                let seen = self.tmux(&["capture-pane", "-p"]);
                panic!("{what:?} did not come; the terminal shows\n{seen}");
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn tmux(&self, words: &[&str]) -> Finished {
        run(self.tmux_with(words))
    }

    fn tmux_with(&self, words: &[&str]) -> Command {
        let mut tmux = self.sandbox.command("tmux");
        tmux.arg("-S").arg(self.sandbox.home().join("tmux"));
        tmux.args(["-f", "/dev/null"]).args(words);
        tmux
    }

    fn sent_file(&self) -> PathBuf {
        self.sandbox.home().join("sent")
    }

    fn bells(&self) -> PathBuf {
        self.sandbox.home().join("bells")
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        // It is gone already when its program has ended.
        let _ = self.tmux(&["kill-server"]);
    }
}

fn run(command: Command) -> Finished {
    process::run(command, Vec::new(), Stdout::Kept, Duration::from_secs(30))
}
