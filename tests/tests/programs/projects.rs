//! Where a project's state lies, whatever kind of checkout an agent is in; and
//! that the guard works where no state can be kept.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Program, Sandbox};
use serde_json::{Value, json};

/// Sends a tool call from `cwd` and returns the folders below the sandbox that
/// hold state afterwards.
fn state_after_a_call_from(sandbox: &Sandbox, cwd: &Path) -> Vec<PathBuf> {
    let ls = json!({"command": "ls"});
    HookEvent::before(sandbox, "Bash", ls)
        .from_folder(cwd)
        .answer()
        .is_silent();
    let mut found = Vec::new();
    let mut folders = vec![sandbox.home()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().is_some_and(|name| name == ".maos") {
                assert!(path.join("logs/PreToolUse.jsonl").is_file());
                found.push(path);
            } else if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            }
        }
    }
    found
}

#[test]
fn the_main_checkout_and_its_folders() {
    let sandbox = Sandbox::with_repository();
    let state = [sandbox.project().join(".maos")];
    assert_eq!(state_after_a_call_from(&sandbox, &sandbox.project()), state);
    assert_eq!(
        state_after_a_call_from(&sandbox, &sandbox.project().join("src")),
        state
    );
    assert_eq!(sandbox.status(), "", "state does not show in git");
}

#[test]
fn a_linked_worktree() {
    let sandbox = Sandbox::with_repository();
    let linked = sandbox.home().join("linked");
    sandbox.git([
        "worktree",
        "add",
        "--quiet",
        "-b",
        "other",
        linked.to_str().unwrap(),
    ]);
    let state = [sandbox.project().join(".maos")];
    assert_eq!(state_after_a_call_from(&sandbox, &linked), state);
}

#[test]
fn a_worktree_of_a_bare_repository() {
    let sandbox = Sandbox::with_repository();
    let bare = sandbox.home().join("bare.git");
    let bare = bare.to_str().unwrap();
    sandbox.git(["clone", "--quiet", "--bare", ".", bare]);
    let checkout = sandbox.home().join("checkout");
    sandbox.git([
        "-C",
        bare,
        "worktree",
        "add",
        "--quiet",
        checkout.to_str().unwrap(),
    ]);
    let found = state_after_a_call_from(&sandbox, &checkout);
    assert_eq!(found, [Path::new(bare).join(".maos")]);
}

#[test]
fn a_submodule_belongs_to_the_checkout_around_it() {
    let sandbox = Sandbox::with_repository();
    let origin = sandbox.home().join("origin");
    sandbox.git(["clone", "--quiet", ".", origin.to_str().unwrap()]);
    sandbox.git([
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        origin.to_str().unwrap(),
        "module",
    ]);
    let state = [sandbox.project().join(".maos")];
    let module = sandbox.project().join("module");
    assert_eq!(state_after_a_call_from(&sandbox, &module), state);
}

#[test]
fn a_folder_without_git() {
    let sandbox = Sandbox::without_repository();
    fs::create_dir(sandbox.project().join("below")).unwrap();
    let state = [sandbox.project().join(".maos")];
    assert_eq!(
        state_after_a_call_from(&sandbox, &sandbox.project().join("below")),
        state
    );
}

#[test]
fn the_guard_works_where_state_cannot_be_kept() {
    let sandbox = Sandbox::with_repository();
    let elsewhere = sandbox.home().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, sandbox.project().join(".maos")).unwrap();
    guard_works(&sandbox);
    let start = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    let out = start.answer();
    let said: Value = serde_json::from_str(&out.finished().exits(0).out()).unwrap();
    let said = said["systemMessage"].as_str().unwrap();
    assert!(said.contains("a link or a file stands where"), "{said}");
    assert_eq!(
        fs::read_dir(&elsewhere).unwrap().count(),
        0,
        "state left its place"
    );
}

#[test]
fn the_guard_works_in_an_unwritable_folder() {
    let sandbox = Sandbox::with_repository();
    let project = sandbox.project();
    fs::set_permissions(&project, fs::Permissions::from_mode(0o555)).unwrap();
    for folder in project.ancestors().skip(1).take(2) {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let call = |command: &str| {
        json!({
            "session_id": "s",
            "cwd": project,
            "hook_event_name": "PreToolUse",
            "tool_name": "Bash",
            "tool_input": {"command": command},
        })
    };
    let run = |command: &str| {
        Program::answering(Event::PreToolUse, &sandbox)
            .given(&call(command))
            .without_privileges()
            .run()
    };
    assert_eq!(run("ls").exits(0).out(), "");
    assert!(run("rm -rf /").exits(0).out().contains("\"deny\""));
    assert!(!project.join(".maos").exists(), "it could be written");
    fs::set_permissions(&project, fs::Permissions::from_mode(0o755)).unwrap();
}

fn guard_works(sandbox: &Sandbox) {
    HookEvent::before(sandbox, "Bash", json!({"command": "ls"}))
        .answer()
        .is_silent();
    let refused = HookEvent::before(sandbox, "Bash", json!({"command": "rm -rf /"})).answer();
    assert!(
        refused.refusal().contains("files."),
        "{}",
        refused.refusal()
    );
}
