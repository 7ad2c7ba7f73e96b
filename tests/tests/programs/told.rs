//! What the main agent is told of work that no launch of its own led to.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use maos_shared::config::limits::BRANCHES_NAMED;
use maos_shared::hook::Event;
use maos_shared::state::State;
use maos_shared::state::agents::{Agent, Stage};
use maos_tests::{HookEvent, SESSION, Sandbox};
use serde_json::{Value, json};

const WORKER: &str = "a5584d067ecffbeda";
const OTHER: &str = "afd38b8a0a4d8430b";

/// The client asks for the worktree of a workflow's agent and starts it there.
fn start_in_workflow(sandbox: &Sandbox, id: &str, number: u32) -> PathBuf {
    let made = HookEvent::new(sandbox, Event::WorktreeCreate)
        .with("name", format!("wf_3477c3c9-215-{number}"))
        .answer()
        .path();
    agent(sandbox, Event::SubagentStart, id, &made);
    made
}

fn agent(sandbox: &Sandbox, event: Event, id: &str, folder: &Path) {
    HookEvent::new(sandbox, event)
        .by(id, "workflow-subagent")
        .from_folder(folder)
        .answer()
        .is_silent();
}

/// What the main agent is told when the task `id` ends in the background.
fn told_at_the_end_of(sandbox: &Sandbox, id: &str) -> String {
    let prompt = format!("<task-notification>\n<task-id>{id}</task-id>\n</task-notification>");
    HookEvent::new(sandbox, Event::UserPromptSubmit)
        .with("prompt", prompt)
        .answer()
        .told()
}

/// What the main agent is told when it has left the worktree at `path`.
fn told_after_leaving(sandbox: &Sandbox, path: &Path) -> String {
    HookEvent::new(sandbox, Event::PostToolUse)
        .with("tool_name", "ExitWorktree")
        .with(
            "tool_response",
            json!({ "action": "remove", "worktreePath": path }),
        )
        .answer()
        .told()
}

fn remove(sandbox: &Sandbox, path: &Path) -> Value {
    let removed = HookEvent::new(sandbox, Event::WorktreeRemove)
        .with(
            "worktree_path",
            path.to_str().expect("a path of ours is UTF-8"),
        )
        .from_folder(path)
        .answer();
    removed.finished().exits(0).answer().unwrap_or_default()
}

#[test]
fn a_workflows_worktree_belongs_to_the_agent_that_starts_in_it() {
    let sandbox = Sandbox::with_repository();
    let own = start_in_workflow(&sandbox, WORKER, 1);
    let branches = sandbox.branches("agent/workflow-subagent/");
    assert_eq!(branches.len(), 1, "{:?}", sandbox.branches(""));
    let write = |id: &str| {
        let input = json!({ "file_path": own.join("new.txt"), "content": "x" });
        HookEvent::before(&sandbox, "Write", input)
            .by(id, "workflow-subagent")
            .from_folder(&own)
            .answer()
    };
    write(WORKER).is_silent();
    assert_eq!(sandbox.workspaces(), [own.as_path()]);

    // An agent that the first one launches shares the folder, not the claim.
    agent(&sandbox, Event::SubagentStart, OTHER, &own);
    let elsewhere = write(OTHER).rewritten()["file_path"].clone();
    let elsewhere = PathBuf::from(elsewhere.as_str().expect("a path"));
    assert!(!elsewhere.starts_with(&own), "{}", elsewhere.display());
}

#[test]
fn two_agents_of_a_workflow_have_a_worktree_each() {
    let sandbox = Sandbox::with_repository();
    let one = start_in_workflow(&sandbox, WORKER, 1);
    let two = start_in_workflow(&sandbox, OTHER, 2);
    assert_ne!(one, two);
    assert_eq!(sandbox.agents("active_agents").len(), 2);
    assert_eq!(sandbox.branches("agent/workflow-subagent/").len(), 2);
}

#[test]
fn a_workflows_end_tells_all_work_that_was_not_told() {
    let sandbox = Sandbox::with_repository();
    let own = start_in_workflow(&sandbox, WORKER, 1);
    let idle = start_in_workflow(&sandbox, OTHER, 2);
    fs::create_dir(own.join("made")).expect("a folder");
    fs::copy(own.join("README.md"), own.join("made/one.md")).expect("a file");
    agent(&sandbox, Event::SubagentStop, OTHER, &idle);
    assert_eq!(
        told_at_the_end_of(&sandbox, "wfesrxioz"),
        "",
        "nothing is done yet"
    );

    agent(&sandbox, Event::SubagentStop, WORKER, &own);
    let branches = sandbox.branches("agent/workflow-subagent/");
    let branch = branches
        .iter()
        .find(|branch| sandbox.committed_file(branch, "made/one.md").is_some())
        .expect("the work is committed");
    let told = told_at_the_end_of(&sandbox, "wfesrxioz");
    assert!(
        told.contains(&format!("- {branch} (1 files), by agent")),
        "{told}"
    );
    assert_eq!(told.matches("\n- ").count(), 1, "{told}");
    assert_eq!(
        told_at_the_end_of(&sandbox, "bwnq2xk"),
        "",
        "it is told once"
    );

    agent(&sandbox, Event::SubagentStart, WORKER, &own);
    fs::copy(own.join("README.md"), own.join("made/two.md")).expect("a file");
    agent(&sandbox, Event::SubagentStop, WORKER, &own);
    let told = told_at_the_end_of(&sandbox, "wfesrxioz");
    assert!(told.contains(&format!("- {branch} (2 files)")), "{told}");
}

#[test]
fn work_that_was_told_by_itself_is_not_told_with_the_rest() {
    let sandbox = Sandbox::with_repository();
    let own = start_in_workflow(&sandbox, WORKER, 1);
    fs::copy(own.join("README.md"), own.join("one.md")).expect("a file");
    agent(&sandbox, Event::SubagentStop, WORKER, &own);
    let told = HookEvent::new(&sandbox, Event::PostToolUse)
        .with("tool_name", "Skill")
        .with(
            "tool_response",
            json!({ "status": "forked", "agentId": WORKER }),
        )
        .answer()
        .told();
    assert!(told.contains("Changed files: one.md"), "{told}");
    assert_eq!(told_at_the_end_of(&sandbox, "wfesrxioz"), "");
    assert!(
        told_at_the_end_of(&sandbox, WORKER).contains("one.md"),
        "its own end tells it"
    );
}

#[test]
fn a_resumed_session_is_told_of_agents_that_never_stopped() {
    let sandbox = Sandbox::with_repository();
    let own = start_in_workflow(&sandbox, WORKER, 1);
    let begin = |source: &str| {
        HookEvent::new(&sandbox, Event::SessionStart)
            .with("source", source)
            .answer()
            .told()
    };
    assert_eq!(begin("startup"), "");
    let told = begin("resume");
    let branch = &sandbox.branches("agent/workflow-subagent/")[0];
    assert!(told.contains(&format!("- {branch}, by agent")), "{told}");
    let place = format!(
        "has not stopped: its last work is not committed, in {}",
        own.display()
    );
    assert!(told.contains(&place), "{told}");
}

#[test]
fn a_resumed_session_of_many_agents_is_told_with_its_first_prompt() {
    let sandbox = Sandbox::with_repository();
    start_in_workflow(&sandbox, WORKER, 1);
    let state = State::at(sandbox.project().join(".maos"), SystemTime::now());
    let session = state.session(SESSION);
    for number in 0..BRANCHES_NAMED {
        let agent = Agent {
            agent_id: format!("b{number:016x}"),
            agent_type: "coder".to_owned(),
            registered: "2026-01-01T00:00:00.000Z".to_owned(),
            client: None,
        };
        session.bring(&agent, Stage::Completed).expect("an agent");
    }
    let resumed = HookEvent::new(&sandbox, Event::SessionStart).with("source", "resume");
    assert_eq!(resumed.answer().told(), "");
    let deadline = Instant::now() + Duration::from_secs(100);
    let told = loop {
        let prompt = HookEvent::new(&sandbox, Event::UserPromptSubmit).with("prompt", "Go on");
        let told = prompt.answer().told();
        if !told.is_empty() {
            break told;
        }
        assert!(Instant::now() < deadline, "nothing is told");
        thread::sleep(Duration::from_millis(5));
    };
    let branch = &sandbox.branches("agent/workflow-subagent/")[0];
    assert!(told.contains(&format!("- {branch}, by agent")), "{told}");
}

#[test]
fn the_end_of_a_worktree_is_told_by_the_tool_that_left_it() {
    let sandbox = Sandbox::with_repository();
    let enter = |name: &str| {
        HookEvent::new(&sandbox, Event::WorktreeCreate)
            .with("name", name)
            .answer()
            .path()
    };
    let empty = enter("empty");
    assert_eq!(remove(&sandbox, &empty), Value::Null);
    assert_eq!(told_after_leaving(&sandbox, &empty), "");

    let full = enter("full");
    fs::copy(full.join("README.md"), full.join("loose.md")).expect("a file");
    let said = remove(&sandbox, &full)["systemMessage"].clone();
    let rescued = &sandbox.rescued()[0];
    let told = told_after_leaving(&sandbox, &full);
    assert_eq!(said, told.as_str(), "the person reads the same");
    assert!(
        told.ends_with(&format!("its work is kept in {rescued}.")),
        "{told}"
    );
    assert_eq!(told_after_leaving(&sandbox, &full), "", "it is told once");

    // The client says "removed" whatever the hook does.
    let nested = enter("nested");
    sandbox.git([
        "init",
        "--quiet",
        nested.join("inner").to_str().expect("UTF-8"),
    ]);
    assert_eq!(remove(&sandbox, &nested), Value::Null);
    let told = told_after_leaving(&sandbox, &nested);
    assert!(told.contains("MAOS did not remove"), "{told}");
    assert!(told.contains("holds the repository"), "{told}");
    assert!(nested.is_dir());
}
