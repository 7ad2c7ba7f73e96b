//! A terminal in which a program runs: tmux, with a server of its own, and the
//! person's terminal around it.

use std::io::Write;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::api::Api;
use crate::process::{self, Finished, Stdout};
use crate::sandbox::Sandbox;
use crate::terminal::Terminal;

/// How long is waited for what has to appear.
const PATIENCE: Duration = Duration::from_secs(120);

/// A terminal; its programs end with it.
#[must_use]
pub struct Screen<'a> {
    sandbox: &'a Sandbox,
    /// The person's terminal, in which tmux shows the program.
    around: Option<Terminal>,
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
        let mut screen = Self {
            sandbox,
            around: None,
            _api: api,
        };
        let mut first = screen.tmux_with(&["new-session", "-d", "-x", "120", "-y", "40", "--"]);
        for (name, value) in command.get_envs() {
            first.env(name, value.unwrap_or_default());
        }
        first.arg(command.get_program()).args(command.get_args());
        let _ = run(first).exits(0);
        screen.around = Some(Terminal::start(screen.tmux_with(&["attach-session"])));
        Some(screen)
    }

    /// Lets tmux hand on what a program in it wants the terminal around it to get.
    ///
    /// # Panics
    /// When tmux knows no such setting.
    pub fn handing_on(self) -> Self {
        let set = ["set-option", "-g", "allow-passthrough", "on"];
        let _ = self.tmux(&set).exits(0);
        self
    }

    /// Waits until the terminal around tmux has got `text`, as it is, and returns
    /// all that it got.
    ///
    /// # Panics
    /// When it does not come, with what the program shows.
    #[must_use]
    pub fn await_sent(&self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let sent = self
                .around
                .as_ref()
                .map_or_else(String::new, Terminal::written);
            if sent.contains(text) {
                return sent;
            }
            if Instant::now() > deadline {
                let seen = self.tmux(&["capture-pane", "-p"]);
                panic!("{text:?} did not come; the terminal shows\n{seen}");
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
