//! State that is not as it should be: the guard works, the person reads one
//! line, and nothing is destroyed.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests write what others would"
)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Program, Sandbox};
use serde_json::json;

use super::answered;
use super::surroundings::{ended_orderly, guard_works, open_to_others};

const AGENT: &str = "a5584d067ecffbeda";
/// What is in a file that nobody can read as what it should be.
const GARBAGE: &str = "\0{\"[[";

/// Checks that the begin of a session says one line to the person, and returns
/// it.
fn told(sandbox: &Sandbox, run: impl Fn(Program<'_>) -> Program<'_>) -> String {
    let start = HookEvent::new(sandbox, Event::SessionStart).with("source", "startup");
    let finished = run(start.program()).run();
    let answer = answered(Event::SessionStart, finished).unwrap_or_default();
    let said = answer["systemMessage"].as_str().unwrap_or_default();
    assert_eq!(said.lines().count(), 1, "{answer}");
    said.to_owned()
}

/// Lets every event have its turn, with more fields than each has.
fn all_end_orderly(sandbox: &Sandbox) {
    for event in Event::ALL {
        let call = HookEvent::new(sandbox, event)
            .with("tool_name", "Bash")
            .with("tool_input", json!({"command": "ls"}))
            .with(
                "prompt",
                "<task-notification><task-id>x</task-id></task-notification>",
            )
            .with("source", "resume")
            .with("name", "feat")
            .with(
                "worktree_path",
                json!(sandbox.project().join(".claude/worktrees/feat")),
            );
        let call = match event {
            Event::SubagentStart | Event::SubagentStop => call.by("b5584d067ecffbeda", "coder"),
            _ => call,
        };
        ended_orderly(event, &call.program().run());
    }
}

/// Returns the files below a folder; jobs may be adding and removing some.
fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        let entries = fs::read_dir(at).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            match path.is_dir() {
                true => open.push(path),
                false => drop(found.insert(path)),
            }
        }
    }
    found
}

#[test]
fn that_nothing_can_be_kept_is_said_in_one_line() {
    let sandbox = Sandbox::with_repository();
    let line = told(&sandbox, |program| program.with_full_disk());
    assert!(line.contains("MAOS cannot keep state here"), "{line}");
    guard_works(&sandbox, |program| program.with_full_disk().run());

    let sandbox = Sandbox::with_repository().with_file(".maos", "mine\n");
    let line = told(&sandbox, |program| program);
    assert!(
        line.contains(".maos") && line.contains("move it away"),
        "{line}"
    );
    assert_eq!(sandbox.read(".maos").as_deref(), Some("mine\n"));

    // Read-only, and another's.
    let sandbox = Sandbox::with_repository();
    open_to_others(&sandbox);
    guard_works(&sandbox, |program| program.run());
    for mode in [0o555, 0o700] {
        let state = sandbox.project().join(".maos");
        fs::set_permissions(&state, fs::Permissions::from_mode(mode)).unwrap();
        let line = told(&sandbox, |program| program.without_privileges());
        assert!(
            line.contains("MAOS cannot keep state here"),
            "{mode:o}: {line}"
        );
        fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).unwrap();
    }
}

#[test]
fn a_file_in_the_place_of_a_folder_is_left_and_the_guard_works() {
    for name in [
        "sessions",
        "locks",
        "logs",
        "jobs",
        "notices",
        "reservations",
        "trash",
        "edits",
        "allowed",
        "legacy",
        "sessions/s",
        "sessions/s/held",
        "sessions/s/notes",
    ] {
        let name = name.replace("/s", &format!("/{}", session()));
        let file = format!(".maos/{name}");
        let sandbox = Sandbox::with_repository().with_file(&file, "mine\n");
        guard_works(&sandbox, |program| program.run());
        let looks = HookEvent::before(&sandbox, "Bash", json!({"command": "ls"}));
        looks.by(AGENT, "coder").answer().is_silent();
        all_end_orderly(&sandbox);
        guard_works(&sandbox, |program| program.run());
        assert_eq!(sandbox.read(&file).as_deref(), Some("mine\n"), "{name}");
    }
}

#[test]
fn what_is_in_the_way_is_told_when_a_session_begins_and_lets_it_end() {
    for name in ["locks", "logs", "trash", "reservations", "sessions/s/held"] {
        let name = name.replace("/s", &format!("/{}", session()));
        let sandbox = Sandbox::with_repository().with_file(&format!(".maos/{name}"), "mine\n");
        let line = told(&sandbox, |program| program);
        assert!(
            line.contains(&name) && line.contains("move it away"),
            "{line}"
        );
        let end = HookEvent::new(&sandbox, Event::SessionEnd).with("reason", "logout");
        let _ = end.program().run().exits(0);
        let ended = sandbox.read(&format!(".maos/sessions/{}/ended.json", session()));
        assert!(ended.is_some(), "{name}");
    }
}

/// The session of all events.
fn session() -> String {
    let input = HookEvent::new(&Sandbox::without_repository(), Event::Stop).into_input();
    input["session_id"].as_str().unwrap().to_owned()
}

#[test]
fn work_comes_back_and_is_told_whatever_is_damaged_beside_it() {
    for name in [
        "agents/ID/launch.json",
        "agents/ID/returned.json",
        "agents/ID/held.json",
        "agents/ID/told.json",
        "active_agents/ID.json",
    ] {
        let sandbox = Sandbox::with_repository();
        let create = HookEvent::new(&sandbox, Event::WorktreeCreate);
        let create = create.with("name", format!("agent-{AGENT}"));
        let workspace = create.answer().path();
        let inside = |event| {
            let event = HookEvent::new(&sandbox, event).by(AGENT, "coder");
            event.from_folder(&workspace).answer()
        };
        inside(Event::SubagentStart).is_silent();
        fs::write(workspace.join("work.txt"), "work").unwrap();
        let name = name.replace("ID", AGENT);
        sandbox.write(&format!(".maos/sessions/{}/{name}", session()), GARBAGE);
        inside(Event::SubagentStop).is_silent();
        assert_eq!(sandbox.read("work.txt").as_deref(), Some("work"), "{name}");
        let response = json!({"status": "completed", "agentId": AGENT});
        let end = HookEvent::new(&sandbox, Event::PostToolUse).with("tool_name", "Agent");
        let told = end.with("tool_response", response).answer().told();
        assert!(told.contains("its changes are in"), "{name}: {told}");
    }
}

#[test]
fn garbage_in_any_file_stops_no_guard_and_loses_no_work() {
    let sandbox = Sandbox::with_repository();
    all_end_orderly(&sandbox);
    let create = HookEvent::new(&sandbox, Event::WorktreeCreate);
    let workspace = create
        .with("name", format!("agent-{AGENT}"))
        .answer()
        .path();
    let inside = |event| {
        let event = HookEvent::new(&sandbox, event).by(AGENT, "coder");
        event.from_folder(&workspace)
    };
    inside(Event::SubagentStart).answer().is_silent();
    let write = json!({"file_path": workspace.join("work.txt"), "content": "x"});
    let write = inside(Event::PreToolUse)
        .with("tool_name", "Write")
        .with("tool_input", write);
    write.answer().is_silent();
    fs::write(workspace.join("work.txt"), "work").unwrap();
    let _ = sandbox.maos(["reserve", "src", "--why", "x"]).exits(0);

    let state = sandbox.project().join(".maos");
    let is_state = |path: &PathBuf| path.extension().is_some_and(|end| end == "json");
    let files: Vec<PathBuf> = files_below(&state).into_iter().filter(is_state).collect();
    let mut spoilt = 0;
    for file in files {
        let name = file.strip_prefix(&state).unwrap();
        // A job that has ended is cleared away with its files.
        let Ok(before) = fs::read(&file) else {
            continue;
        };
        if fs::write(&file, GARBAGE).is_err() {
            continue;
        }
        spoilt += 1;
        guard_works(&sandbox, |program| program.run());
        for event in [Event::SubagentStart, Event::SubagentStop] {
            ended_orderly(event, &inside(event).program().run());
        }
        all_end_orderly(&sandbox);
        assert_eq!(
            fs::read_to_string(workspace.join("work.txt")).unwrap(),
            "work",
            "{name:?}"
        );
        // What was replaced is right again.
        let now = fs::read(&file).unwrap_or_default();
        if now == GARBAGE.as_bytes() {
            fs::write(&file, before).unwrap();
        }
    }
    assert!(spoilt > 8, "only {spoilt}");
    sandbox.is_whole();
}
