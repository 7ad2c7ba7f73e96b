//! Bash as the judge: every program that it really starts is among the commands
//! that the parser finds, and what it accepts the parser accepts.
//!
//! Bash runs in a temporary folder with a `PATH` that leads to stubs alone, and
//! with texts that name no other folder.
#![expect(
    clippy::disallowed_methods,
    reason = "a test starts bash and writes its stubs"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command as Process, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::random::{Random, command, mutate};
use super::*;

/// How many composed commands are tried, and as many mutated ones.
const COMMANDS: u64 = 300;

/// How long one may take: some wait for ever.
const PATIENCE: Duration = Duration::from_secs(5);

/// What begins a piece that bash reads only when it runs it: what is wrong in
/// there does no harm until then.
const LATE: [&str; 5] = ["${", "`", "[", "<<", "(("];

/// The programs in the jail.
const PROGRAMS: [&str; 4] = ["rm", "ls", "mv", "cat"];

/// Ends a word in the records.
const WORD_END: char = '\x1f';

#[test]
fn nothing_that_bash_starts_is_missed() {
    let Some(jail) = Jail::new() else { return };
    let mut failures = Vec::new();
    for seed in 0..COMMANDS {
        let mut random = Random::new(seed);
        let composed = command(&mut random);
        let mutated = mutate(&mut random, &composed);
        failures.extend(jail.judge(&composed, heredocs_may_break));
        failures.extend(jail.judge(&mutated, |text| LATE.iter().any(|late| text.contains(late))));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

struct Jail {
    folder: tempfile::TempDir,
    bash: PathBuf,
}

impl Jail {
    /// Returns a jail with its stubs; `None` where there is no bash.
    fn new() -> Option<Self> {
        let bash = ["/bin/bash", "/usr/bin/bash"].map(PathBuf::from);
        let Some(bash) = bash.into_iter().find(|path| path.exists()) else {
            println!("skipped: there is no bash");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let jail = Self { folder, bash };
        for name in ["bin", "calls"] {
            fs::create_dir_all(jail.path(name)).unwrap();
        }
        for program in PROGRAMS {
            let path = jail.path("bin").join(program);
            fs::write(&path, jail.stub(program)).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        Some(jail)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns a program that writes down how it is called.
    fn stub(&self, program: &str) -> String {
        let passes_on = match program {
            "cat" => "while IFS= read -r line; do printf '%s\\n' \"$line\"; done",
            _ => ":",
        };
        let calls = self.path("calls");
        let calls = calls.display();
        format!("#!/bin/sh\nprintf '%s\\037' {program} \"$@\" >'{calls}'/$$\n{passes_on}\n")
    }

    /// Returns what is wrong with the parser's view of a text; that it refuses
    /// one is right where that `may_be`.
    fn judge(&self, text: &str, may_be: fn(&str) -> bool) -> Option<String> {
        let text = text.replace(['/', '~'], "%");
        let script = match parse(&text) {
            Ok(script) => script,
            Err(Error::Limit { .. }) => return None,
            Err(error) => {
                let wrong = !may_be(&text) && self.accepts(&text);
                self.take_calls();
                return wrong.then(|| format!("refused: {text:?}: {error}"));
            }
        };
        self.run(&text);
        let patterns: Vec<String> = script.commands.iter().map(pattern).collect();
        let calls = self.take_calls();
        // One that is not whole was stopped with a loop that does not end.
        let missed = calls
            .iter()
            .filter(|call| call.ends_with(WORD_END))
            .find(|call| !patterns.iter().any(|pattern| matches(call, pattern)));
        missed.map(|call| {
            let words: Vec<&str> = call.split_terminator(WORD_END).collect();
            format!("missed {words:?}: {text:?}\n  met {:?}", commands(&script))
        })
    }

    /// Returns whether bash has nothing to say against a text: neither when it
    /// reads it as the body of a function nor when it meets what it reads only
    /// when it runs.
    fn accepts(&self, text: &str) -> bool {
        const COMPLAINTS: [&str; 5] = [
            "syntax error",
            "expected",
            "unterminated",
            "substitution",
            "no closing",
        ];
        let body = format!("f() {{\n{text}\n}}\ndeclare -F f >&2");
        let read = self.run(&body).is_some_and(|said| said.ends_with("f\n"));
        let said = self.run(text);
        read && said.is_some_and(|said| !COMPLAINTS.iter().any(|one| said.contains(one)))
    }

    /// Runs bash until it and all that it started have ended, or for as long as
    /// there is patience; returns what it said on its standard error.
    fn run(&self, text: &str) -> Option<String> {
        let work = self.path("outer/work");
        let _ = fs::remove_dir_all(self.path("outer"));
        fs::create_dir_all(&work).unwrap();
        let child = Process::new(&self.bash)
            .args(["-c", "--", text])
            .env_clear()
            .env("PATH", self.path("bin"))
            .env("HOME", &work)
            .env("FUNCNEST", "30")
            .current_dir(&work)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let group = Pid::from_raw(i32::try_from(child.id()).unwrap());
        let (sender, ended) = std::sync::mpsc::channel();
        let waiting = std::thread::spawn(move || sender.send(child.wait_with_output()));
        let output = ended.recv_timeout(PATIENCE);
        // It is gone already where it ended by itself.
        let _ = killpg(group, Signal::SIGKILL);
        waiting.join().unwrap().ok();
        let output = output.ok()?.unwrap();
        Some(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Returns the calls written down since, each word of them ended.
    fn take_calls(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("calls")).unwrap();
        let take = |entry: std::io::Result<fs::DirEntry>| {
            let path = entry.unwrap().path();
            let call = fs::read(&path).unwrap();
            fs::remove_file(&path).unwrap();
            String::from_utf8_lossy(&call).into_owned()
        };
        entries.map(take).collect()
    }
}

/// Returns whether heredocs of a text may end each other, or stand where bash
/// takes their bodies for commands.
fn heredocs_may_break(text: &str) -> bool {
    let heredocs = text.matches("<<").count();
    heredocs > 1 || (heredocs == 1 && text.contains("(("))
}

/// Returns a pattern for the calls that a command may come to.
fn pattern(command: &Command) -> String {
    let mut pattern = String::new();
    for word in &command.words {
        let mut vanishes = !word.parts.is_empty();
        for part in &word.parts {
            match part {
                Part::Text(text) => pattern.push_str(text),
                _ => pattern.push(UNKNOWN),
            }
            vanishes &= matches!(
                part,
                Part::Variable { quoted: false, .. }
                    | Part::Output { quoted: false, .. }
                    | Part::Unknown { quoted: false }
            );
        }
        if !vanishes {
            pattern.push(WORD_END);
        }
    }
    if command.more_arguments {
        pattern.push(UNKNOWN);
    }
    pattern
}
