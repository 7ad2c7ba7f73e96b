//! `maos` as a person starts it.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests start the program and lay out files"
)]

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use maos_shared::jobs;
use maos_shared::state::State;
use maos_shared::state::agents::{Agent, Launch, Outcome, Stage, fact};
use maos_shared::state::sessions::{SessionEnd, SessionFact};
use maos_shared::workspace::Workspace;
use tempfile::TempDir;

/// A folder that is home and project at once.
struct World {
    folder: TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn state(&self) -> State {
        State::at(self.root().join(".maos"), now())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maos"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.root())
            .current_dir(self.root());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Returns what a command prints that succeeds silently otherwise.
    fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(text(&output.stderr), "");
        assert_eq!(output.status.code(), Some(0));
        text(&output.stdout)
    }
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn agent(id: &str) -> Agent {
    Agent {
        agent_id: id.to_owned(),
        agent_type: "coder".to_owned(),
        registered: "2026-01-01T00:00:00.000Z".to_owned(),
        client_pid: None,
    }
}

#[test]
fn status_shows_sessions_and_their_agents_by_state() {
    let world = World::new();
    let session = world.state().session("s1");
    session
        .begin(&SessionFact {
            session_id: "s1".to_owned(),
            started: "2026-01-01T00:00:00.000Z".to_owned(),
            source: "startup".to_owned(),
            cwd: world.root().to_owned(),
            client_pid: None,
        })
        .unwrap();
    session.bring(&agent("a1"), Stage::Pending).unwrap();
    session.bring(&agent("a2"), Stage::Active).unwrap();
    session.bring(&agent("a3"), Stage::Completed).unwrap();
    let launch = Launch {
        description: "write \u{1b}[31mdocs".to_owned(),
        agent_type: "coder".to_owned(),
    };
    session.record("a2", fact::LAUNCH, &launch).unwrap();
    let workspace = Workspace {
        path: world
            .root()
            .canonicalize()
            .unwrap()
            .join(".claude/worktrees/coder-1"),
        branch: "agent/coder/1".to_owned(),
        base: "0".to_owned(),
        from: None,
    };
    session.record("a2", fact::WORKSPACE, &workspace).unwrap();
    let outcome = Outcome {
        branch: "agent/coder/2".to_owned(),
        commit: "1".to_owned(),
        commits: 1,
        files: vec!["a".to_owned(), "b".to_owned()],
        trouble: None,
    };
    session.record("a3", fact::RESULT, &outcome).unwrap();
    assert_eq!(
        world.prints(&["status"]),
        "session s1, since 2026-01-01T00:00:00.000Z (startup)
  pending    coder  a1
  active     coder  a2  write \\u{1b}[31mdocs
             agent/coder/1  in .claude/worktrees/coder-1
  completed  coder  a3
             commits: 1, files: 2
"
    );
}

#[test]
fn status_shows_the_newest_sessions_and_those_without_a_file() {
    let world = World::new();
    for (id, day) in [("old", 1), ("new", 2)] {
        let fact = SessionFact {
            session_id: id.to_owned(),
            started: format!("2026-01-0{day}T00:00:00.000Z"),
            source: "startup".to_owned(),
            cwd: world.root().to_owned(),
            client_pid: None,
        };
        let session = world.state().session(id);
        session.begin(&fact).unwrap();
        session
            .end(&SessionEnd {
                ended: "2026-02-01T00:00:00.000Z".to_owned(),
                reason: "logout".to_owned(),
            })
            .unwrap();
    }
    world
        .state()
        .session("lost")
        .bring(&agent("a"), Stage::Active)
        .unwrap();
    let all = world.prints(&["status"]);
    assert!(
        all.starts_with("session lost\n  active     coder  a\nsession old, "),
        "{all}"
    );
    let newest = world.prints(&["status", "-n", "1"]);
    assert_eq!(
        newest,
        "session new, 2026-01-02T00:00:00.000Z to 2026-02-01T00:00:00.000Z (logout)
2 older sessions; -n shows more
"
    );
}

#[test]
fn nothing_yet_is_said_and_creates_nothing() {
    let world = World::new();
    assert!(world.prints(&["status"]).starts_with("no session yet: "));
    assert!(world.prints(&["log"]).starts_with("no line yet: "));
    assert_eq!(fs::read_dir(world.root()).unwrap().count(), 0);
}

#[test]
fn log_merges_the_journals_by_time() {
    let world = World::new();
    let logs = world.root().join(".maos/logs");
    fs::create_dir_all(&logs).unwrap();
    let line = |second: u32, event: &str, rest: &str| {
        format!("{{\"time\":\"T{second}\",\"event\":\"{event}\",\"duration_us\":7{rest}}}\n")
    };
    let denied = r#","agent":"a1","agent_type":"coder","tool":"Bash","outcome":"deny","rule":"files.rm-root","reason":"no\n\u001b[2J""#;
    let pre_tool = line(1, "PreToolUse", ",\"outcome\":\"pass\"") + &line(3, "PreToolUse", denied);
    fs::write(logs.join("PreToolUse.jsonl"), pre_tool + "{\"cut\":").unwrap();
    let stop = line(2, "Stop", ",\"outcome\":\"pass\"");
    fs::write(logs.join("Stop.jsonl"), format!("damaged\n{stop}")).unwrap();
    assert_eq!(
        world.prints(&["log"]),
        "T1 PreToolUse pass 7 µs
T2 Stop pass 7 µs
T3 PreToolUse coder:a1 Bash deny files.rm-root 7 µs - no\\n\\u{1b}[2J
"
    );
    assert_eq!(
        world.prints(&["log", "--event", "Stop"]),
        "T2 Stop pass 7 µs\n"
    );
    let newest = world.prints(&["log", "-n", "2"]);
    assert!(
        newest.starts_with("T2 ") && newest.lines().count() == 2,
        "{newest}"
    );
}

#[test]
fn jobs_are_listed_and_stopped() {
    let world = World::new();
    assert_eq!(world.prints(&["jobs"]), "no job\n");
    assert_eq!(world.prints(&["jobs", "--json"]), "[]\n");
    let order = jobs::Order {
        kind: jobs::Kind::Forecast,
        about: "a1",
        session: Some("s1"),
    };
    let endless = || loop {
        std::thread::park();
    };
    let id = jobs::start(&world.state(), &order, endless)
        .unwrap()
        .unwrap();
    let line = world.prints(&["jobs"]);
    let begin = (format!("{id}  running   "), format!("{id}  waiting   "));
    assert!(
        line.starts_with(&begin.0) || line.starts_with(&begin.1),
        "{line}"
    );
    assert!(line.ends_with("Z  a1\n"), "{line}");
    assert_eq!(
        world.prints(&["jobs", "stop", &id]),
        format!("{id} is stopped\n")
    );
    assert_eq!(
        world.prints(&["jobs", "stop", &id]),
        format!("{id} had ended already\n")
    );
    let json: serde_json::Value = serde_json::from_str(&world.prints(&["jobs", "--json"])).unwrap();
    for (field, value) in [
        ("id", &*id),
        ("kind", "forecast"),
        ("about", "a1"),
        ("session", "s1"),
        ("state", "ended"),
        ("how", "stopped"),
    ] {
        assert_eq!(json[0][field], value, "{json}");
    }
    let unknown = world.run(&["jobs", "stop", "../x"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("there is no job"));
}

#[test]
fn rescued_work_is_listed_and_brought_back() {
    let world = World::new();
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        let identity = ["-c", "user.name=Dev", "-c", "user.email=dev@localhost"];
        let output = git
            .args(identity)
            .args(arguments)
            .current_dir(world.root())
            .env("HOME", world.root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["commit", "-q", "--allow-empty", "-m", "first\u{1b}[2J"]);
    let environment = |arguments: &[&str]| {
        let output = world
            .command(arguments)
            .env("PATH", std::env::var_os("PATH").unwrap())
            .output()
            .unwrap();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        (output.status.code(), out + &err)
    };
    let nothing = (Some(0), "nothing was rescued here\n".to_owned());
    assert_eq!(environment(&["rescue"]), nothing);
    git(&["update-ref", "refs/maos/rescue/coder-1-abc", "HEAD"]);
    let (code, listed) = environment(&["rescue", "list"]);
    assert!(
        listed.starts_with("coder-1-abc  ") && code == Some(0),
        "{listed}"
    );
    assert!(listed.ends_with("first\\u{1b}[2J\n"), "{listed}");
    let (_, json) = environment(&["rescue", "list", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["name"], "coder-1-abc");
    let (_, shown) = environment(&["rescue", "show", "coder"]);
    assert!(shown.contains("first"), "{shown}");
    let restore = ["rescue", "restore", "coder-1", "--worktree", "back"];
    let (code, restored) = environment(&restore);
    assert!(
        restored.starts_with("rescue/coder-1-abc is checked out in /"),
        "{restored}"
    );
    assert_eq!(code, Some(0));
    assert!(world.root().join("back/.git").exists());
    let (code, again) = environment(&["rescue", "restore", "coder-1"]);
    assert!(
        again.contains("there is one already") && code == Some(1),
        "{again}"
    );
    let (code, missing) = environment(&["rescue", "show", "x"]);
    assert!(
        missing.contains("nothing was rescued under the name") && code == Some(1),
        "{missing}"
    );
}

#[test]
fn exit_codes_are_as_documented() {
    let world = World::new();
    let help = world.prints(&["--help"]);
    assert!(help.contains("Exit codes:"), "{help}");
    assert!(world.prints(&["--version"]).starts_with("maos "));
    for usage in [&["unknown"][..], &[], &["log", "--event", "Nothing"]] {
        let output = world.run(usage);
        assert_eq!(output.status.code(), Some(2), "{usage:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty());
    }
    let failed = world.run(&["register", "--programs", "missing"]);
    assert_eq!(failed.status.code(), Some(1));
    let reason = text(&failed.stderr);
    assert!(
        reason.contains("is missing; run scripts/install.sh"),
        "{reason}"
    );
    assert_eq!(reason.lines().count(), 1);
    assert!(!world.root().join(".claude").exists());
}

#[test]
fn a_reader_that_left_is_no_failure() {
    let world = World::new();
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let output = world
        .command(&["programs"])
        .stdout(writer)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn the_settings_are_those_of_the_clients_folder() {
    let world = World::new();
    let other = world.root().join("other");
    fs::create_dir(&other).unwrap();
    let dry_run = ["register", "--dry-run", "--programs", "/p"];
    assert!(
        world
            .prints(&dry_run)
            .contains(".claude/settings.json: would be")
    );
    let output = world
        .command(&dry_run)
        .env("CLAUDE_CONFIG_DIR", &other)
        .output()
        .unwrap();
    assert!(text(&output.stdout).contains("other/settings.json: would be"));
}
