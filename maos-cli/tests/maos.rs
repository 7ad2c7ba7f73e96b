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
            .env("MAOS_NOW", "2026-01-01T01:00:00Z")
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
    let name = world.root().canonicalize().unwrap();
    let name = name.file_name().unwrap().to_str().unwrap();
    assert_eq!(
        world.prints(&["status"]),
        format!(
            "{name}  2 at work  1 to merge

session s1  since 01-01 00:00:00, 1h ago  open
  AGENT          STATE     AGE  FILES  TASK
  agent/coder/1  working    1h         write \\u{{1b}}[31mdocs
  agent/coder/2  to merge   1h      2
  coder a1       reading    1h
"
        )
    );
    let json: serde_json::Value =
        serde_json::from_str(&world.prints(&["status", "--json"])).unwrap();
    let agents = &json["sessions"][0]["agents"];
    assert_eq!(agents[0]["description"], "write \u{1b}[31mdocs");
    assert_eq!(agents[1]["work"], "unmerged");
    assert_eq!(agents[2]["state"], "pending");
}

#[test]
fn status_fits_the_columns_that_there_are() {
    let world = World::new();
    let session = world.state().session("s1");
    for id in ["a1", "a2"] {
        session.bring(&agent(id), Stage::Completed).unwrap();
        let launch = Launch {
            description: "describe 漢字 at great length ".repeat(9),
            agent_type: "coder".to_owned(),
        };
        session.record(id, fact::LAUNCH, &launch).unwrap();
        let outcome = Outcome {
            branch: format!("agent/a-type-with-a-long-name/{id}"),
            commit: "1".to_owned(),
            commits: 1,
            files: ["one", "two", "three", "four"]
                .map(|file| format!("a/long/path/to/{file}"))
                .to_vec(),
            trouble: None,
        };
        session.record(id, fact::RESULT, &outcome).unwrap();
    }
    let output = world
        .command(&["status"])
        .env("COLUMNS", "80")
        .output()
        .unwrap();
    let screen = text(&output.stdout);
    assert!(
        screen.contains("2 to merge  1 sharing files") && screen.contains("ame/a2  to merge"),
        "{screen}"
    );
    for line in screen.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(
        world
            .prints(&["status"])
            .lines()
            .any(|line| line.chars().count() > 200)
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
    let sessions = |arguments: &[&str]| {
        let screen = world.prints(arguments);
        let lines = screen.lines().filter(|line| line.contains("session"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        sessions(&["status"]),
        [
            "session lost  open",
            "session old  since 01-01 00:00:00, 1h ago  ended 0s ago (logout)",
            "session new  since 01-02 00:00:00, 0s ago  ended 0s ago (logout)",
        ]
    );
    assert_eq!(
        sessions(&["status", "-n", "1"]),
        [
            "session new  since 01-02 00:00:00, 0s ago  ended 0s ago (logout)",
            "2 older sessions; -n shows more",
        ]
    );
}

#[test]
fn nothing_yet_is_said_and_creates_nothing() {
    let world = World::new();
    assert!(world.prints(&["status"]).starts_with("no session yet in "));
    assert!(world.prints(&["log"]).starts_with("no such line yet"));
    assert_eq!(fs::read_dir(world.root()).unwrap().count(), 0);
}

#[test]
fn log_merges_the_journals_by_time() {
    let world = World::new();
    write_journals(&world);
    assert_eq!(
        world.prints(&["log"]),
        "01-01 00:00:01  pass     main              PreToolUse  7 µs
01-01 00:00:02  pass     main              Stop  7 µs
01-01 00:00:03  deny     coder a1          Bash rm  7 µs  files.rm-root  3f2a9c1d  no\\n\\u{1b}[2J
"
    );
    let count = |arguments: &[&str]| world.prints(arguments).lines().count();
    assert_eq!(count(&["log", "--event", "Stop"]), 1);
    assert_eq!(count(&["log", "--agent", "main"]), 2);
    assert_eq!(count(&["log", "--agent", "a1"]), 1);
    assert_eq!(count(&["log", "--agent", "coder"]), 1);
    assert!(
        world
            .prints(&["log", "--agent", "other"])
            .starts_with("no such line")
    );
    assert_eq!(world.prints(&["log", "--agent", "other", "--json"]), "");
    assert_eq!(count(&["log", "--since", "59m58s"]), 2);
    assert_eq!(count(&["log", "-n", "2"]), 2);
    let line: serde_json::Value =
        serde_json::from_str(&world.prints(&["log", "-n", "1", "--json"])).unwrap();
    assert_eq!(line["reason"], "no\n\u{1b}[2J");
}

#[test]
fn log_goes_on_with_what_is_written_later() {
    let world = World::new();
    write_journals(&world);
    let mut follow = world.command(&["log", "-f", "--agent", "coder"]);
    let mut follow = follow.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = io::BufRead::lines(io::BufReader::new(follow.stdout.take().unwrap()));
    assert!(lines.next().unwrap().unwrap().contains("rm-root"));
    let stop = world.root().join(".maos/logs/Stop.jsonl");
    let later =
        br#"{"time":"T","event":"Stop","agent":"a1","agent_type":"coder","outcome":"pass"}"#;
    let later = [&later[..], b"\n"].concat();
    // The line that follows half a line begins anew.
    maos_shared::state::atomic::append(&stop, &later).unwrap();
    assert!(lines.next().unwrap().unwrap().contains("Stop"));
    follow.kill().unwrap();
    follow.wait().unwrap();
}

#[test]
fn stats_counts_what_the_journals_hold() {
    let world = World::new();
    write_journals(&world);
    let screen = world.prints(&["stats"]);
    assert!(
        screen.contains("PreToolUse      2  7 µs  7 µs  7 µs  1 (50.0 %)"),
        "{screen}"
    );
    assert!(screen.contains("\n  files.rm-root  1\n"), "{screen}");
}

#[test]
fn config_shows_checks_and_describes_the_settings() {
    let world = World::new();
    let own = world.root().join(".claude/maos.toml");
    fs::create_dir(own.parent().unwrap()).unwrap();
    let project = world.root().join("project");
    fs::create_dir(&project).unwrap();
    let config = |arguments: &[&str]| {
        let mut all = vec!["config"];
        all.extend_from_slice(arguments);
        world.command(&all).current_dir(&project).output().unwrap()
    };
    fs::write(
        &own,
        "[guard.levels]\ngit = \"ask\"\n[notify.openai]\nkey = \"sk-hush\"\n",
    )
    .unwrap();
    assert_eq!(config(&["check"]).status.code(), Some(0));
    let shown = text(&config(&["show"]).stdout);
    assert!(
        shown.contains("\n  guard.levels.git   \"ask\"\n"),
        "{shown}"
    );
    assert!(
        shown.contains("notify.openai.key  (set)") && !shown.contains("hush"),
        "{shown}"
    );
    assert!(!text(&config(&["show", "--json"]).stdout).contains("hush"));

    for (settings, place) in [
        ("[guard]\n\nx = 1\n", "maos.toml:3:1: "),
        ("[notify]\ninterval = \"soon\"\n", "maos.toml:2:12: "),
        (
            "[guard.levels]\n\"files.rm-root\" = \"off\"\n",
            "maos.toml: ",
        ),
    ] {
        fs::write(&own, settings).unwrap();
        let checked = config(&["check"]);
        assert_eq!(checked.status.code(), Some(1), "{settings}");
        assert!(
            text(&checked.stdout).contains(place),
            "{}",
            text(&checked.stdout)
        );
    }
    let schema = text(&config(&["schema"]).stdout);
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    for section in ["guard", "jobs", "notify", "workspace"] {
        assert!(schema["properties"][section].is_object(), "{section}");
    }
    assert!(schema.to_string().contains("`maos.toml`"));
    let refused = config(&["edit"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("only a person at a terminal"));
}

#[test]
fn the_status_line_counts_what_waits() {
    let world = World::new();
    let session = world.state().session("s1");
    session.bring(&agent("a1"), Stage::Active).unwrap();
    write_journals(&world);
    fs::copy(
        world.root().join(".maos/logs/PreToolUse.jsonl"),
        world.root().join(".maos/audit.jsonl"),
    )
    .unwrap();
    let line = |input: &str, colours: bool| {
        fs::write(world.root().join("input"), input).unwrap();
        let mut command = world.command(&["statusline"]);
        if !colours {
            command.env("NO_COLOR", "1");
        }
        let input = fs::File::open(world.root().join("input")).unwrap();
        command.stdin(input).output().unwrap()
    };
    let here = world.root().display();
    let input = format!(r#"{{"session_id":"","workspace":{{"current_dir":"{here}"}},"model":7}}"#);
    assert_eq!(
        text(&line(&input, false).stdout),
        "maos · 1 at work · 1 blocked\n"
    );
    assert!(text(&line(&input, true).stdout).contains("\u{1b}[31m1 blocked\u{1b}[0m"));
    let other = format!(r#"{{"session_id":"x","cwd":"{here}"}}"#);
    assert_eq!(text(&line(&other, false).stdout), "maos · 1 at work\n");
    let bad = line("no json", false);
    assert_eq!(bad.status.code(), Some(1));
    assert!(text(&bad.stderr).starts_with("maos: stdin is no input for a status line: "));
}

/// Writes three lines into two journals, with damage around them.
fn write_journals(world: &World) {
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

#[test]
fn the_examples_in_the_help_run() {
    let world = World::new();
    let commands = world.prints(&["--help"]);
    let (_, commands) = commands.split_once("Commands:\n").unwrap();
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let names = commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    fs::write(world.root().join("script.sh"), "ls\n").unwrap();
    fs::write(world.root().join("status.json"), "{}").unwrap();
    let mut ran = 0;
    for name in names.filter(|name| !name.is_empty() && *name != "help") {
        let help = world.prints(&[name, "--help"]);
        for example in help.lines().filter_map(|line| line.strip_prefix("  maos ")) {
            // What does not end by itself, and what takes apart what this test needs.
            if example.starts_with("log -f") || example.starts_with("top") {
                continue;
            }
            let example = example.split(" | ").next().unwrap();
            let script = format!("\"$MAOS\" {}", example.split(" >").next().unwrap());
            let output = Command::new("sh")
                .args(["-c", &script])
                .env_clear()
                .env("HOME", world.root())
                .env("PATH", "/usr/bin:/bin")
                .env("MAOS", env!("CARGO_BIN_EXE_maos"))
                .current_dir(world.root())
                .output()
                .unwrap();
            let said = text(&output.stderr);
            let code = output.status.code();
            assert!(
                matches!(code, Some(0 | 1 | 3)),
                "{example}: {code:?} {said}"
            );
            assert!(said.lines().count() <= 1, "{example}: {said}");
            ran += 1;
        }
    }
    assert!(ran > 15, "{ran}");
}

#[test]
fn schemas_completions_and_manual_pages_are_printed() {
    let world = World::new();
    let schema: serde_json::Value =
        serde_json::from_str(&world.prints(&["schema", "status"])).unwrap();
    let status: serde_json::Value =
        serde_json::from_str(&world.prints(&["status", "--json"])).unwrap();
    let described = schema["properties"].as_object().unwrap().keys();
    assert!(described.eq(status.as_object().unwrap().keys()), "{schema}");
    for shell in ["bash", "zsh", "fish"] {
        let script = world.prints(&["completions", shell]);
        assert!(
            script.contains("explain") && script.contains("project"),
            "{script}"
        );
    }
    assert!(
        world
            .prints(&["man", "status"])
            .contains(".TH maos-status 1")
    );
    let folder = world.root().join("man1");
    fs::create_dir(&folder).unwrap();
    world.prints(&["man", "--into", "man1"]);
    for page in ["maos.1", "maos-status.1", "maos-log.1"] {
        assert!(folder.join(page).exists(), "{page}");
    }
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
fn clean_shows_and_does_it() {
    let world = World::new();
    assert_eq!(world.prints(&["clean"]), "nothing to clean up\n");
    let session = world.state().session("s1");
    session
        .begin(&SessionFact {
            session_id: "s1".to_owned(),
            started: "2026-01-01T00:00:00.000Z".to_owned(),
            source: "startup".to_owned(),
            cwd: world.root().to_owned(),
            client_pid: Some(1 << 30),
        })
        .unwrap();
    assert_eq!(
        world.prints(&["clean", "--ttl", "1h"]),
        "nothing to clean up\n"
    );
    assert_eq!(
        world.prints(&["clean", "--ttl", "0s"]),
        "gone   session s1\n"
    );
    assert!(!session.dir().exists());
    let json = world.prints(&["clean", "--json"]);
    assert_eq!(json, "{\"removed\":[],\"stays\":[],\"troubles\":[]}\n");
    // Workspaces need git, and a look says so.
    let look = world.run(&["clean", "--dry-run"]);
    assert_eq!(look.status.code(), Some(1));
    assert!(text(&look.stderr).contains("git"));
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
