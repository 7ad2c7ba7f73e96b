//! What the plugin brings beside the hooks: commands that a person types, and a
//! skill. Nothing is allowed but what each command allows itself.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test fails by panicking; one writes what an agent would"
)]

use std::fs;

use maos_shared::hook::Event;
use maos_tests::{Block, Client, HookEvent, Run, Sandbox, Script};
use serde_json::json;

const AGENT: &str = "a1584d067ecffbeda";

/// Plays the script as the answer to what a person types.
fn typed(client: Client, sandbox: &Sandbox, command: &str, script: Script) -> Run {
    let session = client.within(sandbox).with_plugin().allowing_only("");
    session.typing(command).play([script])
}

/// An agent's work that waits to be merged.
fn leave_work(sandbox: &Sandbox) {
    sandbox.keep_work_on_branches();
    let create = HookEvent::new(sandbox, Event::WorktreeCreate);
    let path = create
        .with("name", format!("agent-{AGENT}"))
        .answer()
        .path();
    let start = HookEvent::new(sandbox, Event::SubagentStart).by(AGENT, "coder");
    start.from_folder(&path).answer().is_silent();
    fs::write(path.join("README.md"), "# Theirs\n").unwrap();
    let stop = HookEvent::new(sandbox, Event::SubagentStop).by(AGENT, "coder");
    stop.from_folder(&path).answer().is_silent();
}

#[test]
fn status_is_shown_without_a_question() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    leave_work(&sandbox);
    let script = Script::of("main").then([Block::bash("maos status")]);
    let run = typed(client, &sandbox, "/maos:status", script);
    let prompt = run.transcript.of("main")[0].shown();
    let shown = "shows now:\n\nproject  nobody at work  1 to merge\n";
    assert!(prompt.contains(shown), "{prompt}");
    let again = run.transcript.result("main", 0, 0);
    assert!(again.succeeded().contains("agent/coder/a1584d06"));
}

#[test]
fn explain_asks_the_guard_and_why_it_objected() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let denied = HookEvent::before(&sandbox, "Bash", json!({"command": "rm -rf ~"}));
    let reason = denied.answer().refusal();
    let (_, id) = reason.rsplit_once("id ").unwrap();
    let id = id.trim_end_matches(')');
    let script = Script::of("main")
        .then([Block::bash(format!("maos why {id}"))])
        .then([Block::bash("maos explain - <<'TEXT'\nrm -rf /\nTEXT")])
        .then([Block::bash("maos clean")]);
    let run = typed(client, &sandbox, "/maos:explain rm -rf /", script);
    let result = |turn| run.transcript.result("main", turn, 0);
    assert!(result(0).succeeded().contains("files.rm-root"));
    let told = result(1);
    let told = told.failed();
    assert!(
        told.starts_with("Exit code 3\nwould run\n  rm -rf /\n"),
        "{told}"
    );
    let prompt = run.transcript.of("main")[0].shown();
    assert!(
        prompt.contains("I want to know about: rm -rf / "),
        "{prompt}"
    );
    // What the command does not allow has to be asked for.
    let asked = result(2);
    assert!(asked.failed().contains("requires approval"));
}

#[test]
fn merge_brings_work_in_without_a_question() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    leave_work(&sandbox);
    let script = ["status --json", "diff a1584d06", "conflicts", "merge --all"]
        .into_iter()
        .fold(Script::of("main"), |script, words| {
            script.then([Block::bash(format!("maos {words}"))])
        });
    let run = typed(client, &sandbox, "/maos:merge", script);
    let result = |turn| run.transcript.result("main", turn, 0);
    assert!(result(0).succeeded().contains("\"work\":\"unmerged\""));
    assert!(result(1).succeeded().contains("+# Theirs"));
    let _ = result(2).succeeded();
    let _ = result(3).succeeded();
    assert_eq!(sandbox.read("README.md").as_deref(), Some("# Theirs\n"));
}

#[test]
fn the_skill_is_there_to_be_read() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let skill = Block::tool("Skill", json!({"skill": "maos:isolated-agents"}));
    let run = client
        .within(&sandbox)
        .with_plugin()
        .play([Script::of("main").then([skill])]);
    let _ = run.transcript.result("main", 0, 0).succeeded();
    let shown = run.transcript.shown_to("main");
    assert!(shown.contains("# Isolated agents\n"), "{shown}");
}
