//! What is known of a project at a glance.

use std::fs;

use maos_shared::state::agents::{Launch, Outcome, Stage, fact};
use maos_shared::state::sessions::{SessionEnd, SessionFact};
use maos_shared::workspace::Workspace;

use crate::world::{World, agent, text};

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
            client: None,
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
        left: Vec::new(),
        trouble: None,
    };
    session.record("a3", fact::RESULT, &outcome).unwrap();
    let name = world.root().canonicalize().unwrap();
    let name = name.file_name().unwrap().to_str().unwrap();
    assert_eq!(
        world.prints(&["status"]),
        format!(
            "{name}  2 at work  1 to merge

session s1  since 01-01 00:00:00Z, 1h ago  open
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
            left: Vec::new(),
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
            client: None,
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
            "session old  since 01-01 00:00:00Z, 1h ago  ended 0s ago (logout)",
            "session new  since 01-02 00:00:00Z, 0s ago  ended 0s ago (logout)",
        ]
    );
    assert_eq!(
        sessions(&["status", "-n", "2"]),
        [
            "session lost  open",
            "session new  since 01-02 00:00:00Z, 0s ago  ended 0s ago (logout)",
            "1 older sessions; -n shows more",
        ],
        "one with agents comes before one without"
    );
    assert_eq!(
        sessions(&["status", "-n", "1"]),
        [
            "session new  since 01-02 00:00:00Z, 0s ago  ended 0s ago (logout)",
            "2 older sessions; -n shows more",
        ]
    );
}

#[test]
fn of_many_agents_the_first_are_named_and_the_others_counted() {
    let world = World::new();
    let session = world.state().session("s1");
    for n in 0..30 {
        let stage = if n < 4 {
            Stage::Active
        } else {
            Stage::Completed
        };
        session.bring(&agent(&format!("a{n}")), stage).unwrap();
    }
    let screen = world.prints(&["status"]);
    assert_eq!(screen.matches("coder a").count(), 20, "{screen}");
    assert_eq!(screen.matches("working").count(), 4, "{screen}");
    assert!(
        screen.ends_with("\n  and others: 10 done; --all shows them\n"),
        "{screen}"
    );
    let all = world.prints(&["status", "--all"]);
    assert_eq!(all.matches("coder a").count(), 30, "{all}");
    let json: serde_json::Value =
        serde_json::from_str(&world.prints(&["status", "--json"])).unwrap();
    assert_eq!(json["sessions"][0]["agents"].as_array().unwrap().len(), 30);
}

#[test]
fn nothing_yet_is_said_and_creates_nothing() {
    let world = World::new();
    assert!(world.prints(&["status"]).starts_with("no session yet in "));
    assert!(world.prints(&["log"]).starts_with("no such line yet"));
    let report = world.run(&["report"]);
    assert_eq!(report.status.code(), Some(1));
    let said = text(&report.stderr);
    assert!(
        said.starts_with("maos: there is no session yet in /"),
        "{said}"
    );
    assert_eq!(fs::read_dir(world.root()).unwrap().count(), 0);
}

#[test]
fn the_status_line_counts_what_waits() {
    let world = World::new();
    let session = world.state().session("s1");
    session.bring(&agent("a1"), Stage::Active).unwrap();
    let audited = ["deny", "ask", "allow"].map(|outcome| {
        format!("{{\"time\":\"t\",\"session\":\"s1\",\"outcome\":\"{outcome}\"}}\n")
    });
    fs::write(world.root().join(".maos/audit.jsonl"), audited.concat()).unwrap();
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
    let input =
        format!(r#"{{"session_id":"s1","workspace":{{"current_dir":"{here}"}},"model":7}}"#);
    assert_eq!(
        text(&line(&input, false).stdout),
        "maos · 1 at work · 1 blocked\n"
    );
    assert!(text(&line(&input, true).stdout).contains("\u{1b}[31m1 blocked\u{1b}[0m"));
    let other = format!(r#"{{"session_id":"x","cwd":"{here}"}}"#);
    assert_eq!(text(&line(&other, false).stdout), "maos · 1 at work\n");
    // A session outlives the folder that it was in.
    let gone = format!(
        r#"{{"session_id":"x","workspace":{{"current_dir":"/nonexist","project_dir":"{here}"}}}}"#
    );
    assert_eq!(text(&line(&gone, false).stdout), "maos · 1 at work\n");
    let null = format!(r#"{{"session_id":null,"workspace":null,"cwd":"{here}"}}"#);
    assert_eq!(text(&line(&null, false).stdout), "maos · 1 at work\n");
    let bad = line("no json", false);
    assert_eq!(bad.status.code(), Some(1));
    assert!(text(&bad.stderr).starts_with("maos: stdin is no input for a status line: "));
}
