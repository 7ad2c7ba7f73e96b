//! A client that hangs up, a disk that is full, a project that is not ours.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use maos_shared::hook::Event;
use maos_tests::{Finished, HookEvent, Program, Sandbox};
use serde_json::json;

use super::{answered, gave_up, gives_up_with, one_line, refused, sample};

#[test]
fn without_a_stdin_there_is_no_input() {
    let sandbox = Sandbox::with_repository();
    for event in Event::ALL {
        let line = gave_up(
            event,
            Program::answering(event, &sandbox)
                .with_closed_stdin()
                .run(),
        );
        assert!(line.contains("stdin is empty"), "{line}");
    }
}

/// Runs the events that answer something on a stdout that nobody reads.
fn nobody_hears(hang_up: fn(Program<'_>) -> Program<'_>) {
    let sandbox = Sandbox::with_repository();
    let finished = hang_up(refused(&sandbox).program()).run().exits(2);
    let line = one_line(Event::PreToolUse, &finished);
    assert!(
        line.contains(".env") && !line.contains("could not judge"),
        "{line}"
    );

    let agent = HookEvent::before(&sandbox, "Agent", json!({"prompt": "p"}));
    let line = gave_up(Event::PreToolUse, hang_up(agent.program()).run());
    assert!(line.contains("stdout cannot be written"), "{line}");

    let create = HookEvent::new(&sandbox, Event::WorktreeCreate).with("name", "feat-x");
    let line = gave_up(Event::WorktreeCreate, hang_up(create.program()).run());
    assert!(line.contains("stdout cannot be written"), "{line}");
    // It was made, and is what the next request for it gets.
    let create = HookEvent::new(&sandbox, Event::WorktreeCreate).with("name", "feat-x");
    assert!(create.answer().path().ends_with("feat-x"));
    assert_eq!(sandbox.branches("worktree-feat-x").len(), 1);

    for event in [Event::Stop, Event::Notification] {
        let asks = HookEvent::new(&sandbox, event).with("notification_type", "permission_prompt");
        gave_up(event, hang_up(asks.program()).run());
    }
    // Silence needs nobody who listens.
    let quiet = HookEvent::before(&sandbox, "Bash", json!({"command": "ls"}));
    let finished = hang_up(quiet.program()).run().exits(0);
    assert_eq!(finished.err(), "");
    assert!(
        sandbox
            .journal()
            .iter()
            .any(|line| line["outcome"] == "deny")
    );
}

#[test]
fn a_refusal_holds_when_stdout_is_closed() {
    nobody_hears(|program| program.with_closed_stdout());
}

#[test]
fn a_refusal_holds_when_nobody_reads_stdout() {
    nobody_hears(|program| program.with_broken_stdout());
}

/// Checks that the guard works, without a word about what else does not.
pub(super) fn guard_works(sandbox: &Sandbox, run: impl Fn(Program<'_>) -> Finished) {
    let denied = run(refused(sandbox).program());
    let answer = answered(Event::PreToolUse, denied).unwrap();
    assert_eq!(answer["hookSpecificOutput"]["permissionDecision"], "deny");
    for (tool, input) in [
        ("Read", json!({"file_path": "README.md"})),
        ("Bash", json!({"command": "ls"})),
        ("Edit", json!({"file_path": "README.md"})),
    ] {
        let passed = run(HookEvent::before(sandbox, tool, input).program());
        assert_eq!(answered(Event::PreToolUse, passed), None, "{tool}");
    }
}

/// Lets another user look into the sandbox.
pub(super) fn open_to_others(sandbox: &Sandbox) {
    for folder in sandbox.project().ancestors().take(3) {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn a_project_that_is_read_only_is_guarded() {
    let sandbox = Sandbox::with_repository();
    open_to_others(&sandbox);
    fs::set_permissions(sandbox.project(), fs::Permissions::from_mode(0o555)).unwrap();
    guard_works(&sandbox, |program| program.without_privileges().run());
    for event in Event::ALL {
        let input = sample(event, &sandbox);
        let run = Program::answering(event, &sandbox).given(&input);
        ended_orderly(event, &run.without_privileges().run());
    }
    assert!(!sandbox.project().join(".maos").exists());
    fs::set_permissions(sandbox.project(), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn state_that_belongs_to_another_user_is_left_alone() {
    let sandbox = Sandbox::with_repository();
    let state = sandbox.project().join(".maos");
    guard_works(&sandbox, |program| program.run());
    open_to_others(&sandbox);
    for mode in [0o700, 0o755, 0o000] {
        fs::set_permissions(&state, fs::Permissions::from_mode(mode)).unwrap();
        guard_works(&sandbox, |program| program.without_privileges().run());
    }
    fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn something_else_in_the_place_of_state_is_left_alone() {
    let sandbox = Sandbox::with_repository();
    sandbox.write(".maos", "mine\n");
    guard_works(&sandbox, |program| program.run());
    for event in Event::ALL {
        let input = sample(event, &sandbox);
        ended_orderly(
            event,
            &Program::answering(event, &sandbox).given(&input).run(),
        );
    }
    assert_eq!(sandbox.read(".maos").as_deref(), Some("mine\n"));
}

#[test]
fn a_full_disk_stops_neither_the_guard_nor_the_session() {
    let sandbox = Sandbox::with_repository();
    guard_works(&sandbox, |program| program.with_full_disk().run());
    for event in Event::ALL {
        let input = sample(event, &sandbox);
        let run = Program::answering(event, &sandbox).given(&input);
        ended_orderly(event, &run.with_full_disk().run());
    }
    assert_eq!(sandbox.branches("agent"), Vec::<String>::new());
}

#[test]
fn an_agent_changes_nothing_when_no_worktree_can_be_made() {
    let sandbox = Sandbox::with_repository();
    for (tool, input) in [
        ("Write", json!({"file_path": "a", "content": "x"})),
        ("Edit", json!({"file_path": "README.md"})),
        ("mcp__files__write", json!({"path": "/tmp/x"})),
    ] {
        let call = HookEvent::before(&sandbox, tool, input).by("a5584d067ecffbeda", "coder");
        let run = call.program().with_full_disk().run();
        let answer = answered(Event::PreToolUse, run).unwrap();
        let decision = &answer["hookSpecificOutput"];
        assert_eq!(decision["permissionDecision"], "deny", "{tool}: {answer}");
        let reason = decision["permissionDecisionReason"].as_str().unwrap();
        assert!(reason.contains("isolation.workspace"), "{tool}: {reason}");
    }
    let (list, branches) = (sandbox.git(["worktree", "list"]), sandbox.branches(""));
    assert_eq!(list.lines().count(), 1, "{list}");
    assert_eq!(branches, ["main"]);
}

/// Checks that a program that may not be able to work says so in one line, or
/// answers.
pub(super) fn ended_orderly(event: Event, finished: &Finished) {
    let code = finished
        .code()
        .unwrap_or_else(|| panic!("{event:?}: {finished}"));
    if finished.trouble().is_empty() {
        assert_eq!(code, 0, "{event:?}: {finished}");
        super::answer(event, finished);
    } else {
        assert_eq!(code, gives_up_with(event), "{event:?}: {finished}");
        one_line(event, finished);
    }
}
