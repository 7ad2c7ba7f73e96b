//! A folder that is home and project at once, and what tests put into it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use maos_shared::state::State;
use maos_shared::state::agents::Agent;
use tempfile::TempDir;

/// A folder that is home and project at once.
pub(crate) struct World {
    folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn state(&self) -> State {
        State::at(self.root().join(".maos"), now())
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maos"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.root())
            .env("MAOS_NOW", "2026-01-01T01:00:00Z")
            .current_dir(self.root());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Returns what a command prints that succeeds silently otherwise.
    pub(crate) fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(text(&output.stderr), "");
        assert_eq!(output.status.code(), Some(0));
        text(&output.stdout)
    }
}

pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) fn agent(id: &str) -> Agent {
    Agent {
        agent_id: id.to_owned(),
        agent_type: "coder".to_owned(),
        registered: "2026-01-01T00:00:00.000Z".to_owned(),
        client: None,
    }
}

/// Writes three lines into two journals, with damage around them.
pub(crate) fn write_journals(world: &World) {
    let logs = world.root().join(".maos/logs");
    fs::create_dir_all(&logs).unwrap();
    let line = |second: u32, event: &str, rest: &str| {
        let time = format!("2026-01-01T00:00:0{second}.000Z");
        format!("{{\"time\":\"{time}\",\"event\":\"{event}\",\"duration_us\":7{rest}}}\n")
    };
    let denied = r#","agent":"a1","agent_type":"coder","tool":"Bash","outcome":"deny","rule":"files.rm-root","id":"3f2a9c1d","programs":["rm"],"reason":"no\n\u001b[2J""#;
    let pre_tool = line(1, "PreToolUse", ",\"outcome\":\"pass\"") + &line(3, "PreToolUse", denied);
    fs::write(logs.join("PreToolUse.jsonl"), pre_tool + "{\"cut\":").unwrap();
    let stop = line(2, "Stop", ",\"outcome\":\"pass\"");
    fs::write(logs.join("Stop.jsonl"), format!("damaged\n{stop}")).unwrap();
}
