//! What a person reads where nothing much is to be told, and what they cannot ask for.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; one writes what an agent would"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use serde_json::{Value, json};

use super::busy::{ONE, TWO, begun, stopped};

#[test]
fn work_without_changes_is_told_beside_the_answer() {
    let sandbox = Sandbox::with_repository();
    let path = begun(&sandbox, ONE);
    stopped(&sandbox, ONE, &path);
    let diff = sandbox.maos(["diff", ONE]).exits(0);
    assert_eq!(diff.out(), "");
    assert_eq!(diff.err(), "coder a1584d06 has no changes here\n");
}

#[test]
fn what_means_nothing_is_no_command() {
    let sandbox = Sandbox::with_repository();
    for words in [
        &["say", ""][..],
        &["say", " \n"],
        &["reserve", "a", "--why", "b", "--for", "0s"],
        &["allow", "git.push-force", "--for", "0s"],
    ] {
        let ended = sandbox.maos(words).exits(2);
        assert_eq!(ended.out(), "", "{words:?}");
        assert!(ended.err().starts_with("error: invalid value"), "{ended}");
    }
}

#[test]
fn work_whose_worktree_is_gone_still_meets_that_of_others() {
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let path = begun(&sandbox, ONE);
    fs::write(path.join("README.md"), "# One\n").unwrap();
    stopped(&sandbox, ONE, &path);
    fs::remove_dir_all(&path).unwrap();
    fs::write(begun(&sandbox, TWO).join("README.md"), "# Two\n").unwrap();
    let pairs = sandbox.maos(["conflicts", "--json"]).exits(0).out();
    let pairs: Value = serde_json::from_str(&pairs).unwrap();
    assert_eq!(pairs["sharing"][0]["agents"], json!([ONE, TWO]));
    assert_eq!(pairs["sharing"][0]["files"], json!(["README.md"]));
}

/// Lets an agent live whose client has ended since.
fn lived(sandbox: &Sandbox, id: &str) {
    let mut client = Command::new("true").spawn().unwrap();
    client.wait().unwrap();
    let answer = |event: HookEvent<'_>| event.program().started_by(client.id()).run().exits(0);
    let create = HookEvent::new(sandbox, Event::WorktreeCreate);
    let path = answer(create.with("name", format!("agent-{id}"))).out();
    let path = Path::new(path.trim_end());
    let of = |event| {
        HookEvent::new(sandbox, event)
            .by(id, "coder")
            .from_folder(path)
    };
    let _ = answer(of(Event::SubagentStart));
    fs::write(path.join(id), id).unwrap();
    let _ = answer(of(Event::SubagentStop));
}

#[test]
fn a_branch_goes_with_its_workspace_once_it_is_merged() {
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    lived(&sandbox, ONE);
    lived(&sandbox, TWO);
    let _ = sandbox.maos(["merge", ONE]).exits(0);
    let line = "workspace agent-a1584d06, merged; its branch with it\n";
    let look = sandbox.maos(["clean", "--dry-run"]).exits(0).out();
    assert!(look.contains(&format!("would go   {line}")), "{look}");
    assert_eq!(sandbox.branches("agent/").len(), 2);
    let clean = sandbox.maos(["clean"]).exits(0).out();
    assert!(clean.contains(&format!("gone   {line}")), "{clean}");
    assert_eq!(sandbox.branches("agent/"), ["agent/coder/b2584d06"]);
}

#[test]
fn names_of_files_are_told_as_they_are() {
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let path = begun(&sandbox, ONE);
    fs::write(path.join("漢字 \"x\"\t.txt"), "x").unwrap();
    stopped(&sandbox, ONE, &path);
    let diff = sandbox.maos(["diff", "--json", ONE]).exits(0).out();
    let diff: Value = serde_json::from_str(&diff).unwrap();
    assert_eq!(diff["files"], json!(["漢字 \"x\"\t.txt"]));
}

#[test]
fn a_replay_names_no_id_that_nobody_finds() {
    let sandbox = Sandbox::with_repository();
    let call = HookEvent::before(&sandbox, "Bash", json!({"command": "rm -rf /"}));
    sandbox.write("call.json", &call.into_input().to_string());
    let replayed = sandbox.maos(["replay", "call.json"]).exits(0).out();
    assert!(
        replayed.contains("(MAOS rule files.rm-root)\n"),
        "{replayed}"
    );
}
