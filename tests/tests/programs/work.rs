//! What an agent leaves becomes a commit, whatever the person has configured.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; these write what agents would write"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use serde_json::json;

const ID: &str = "a5584d067ecffbeda";

/// Returns the workspace of an agent that has begun.
fn begun(sandbox: &Sandbox) -> PathBuf {
    let create = HookEvent::new(sandbox, Event::WorktreeCreate);
    let path = create.with("name", format!("agent-{ID}")).answer().path();
    let start = HookEvent::new(sandbox, Event::SubagentStart).by(ID, "coder");
    start.from_folder(&path).answer().is_silent();
    path
}

/// Ends the agent and returns its branch.
fn ended(sandbox: &Sandbox, path: &PathBuf) -> String {
    let stop = HookEvent::new(sandbox, Event::SubagentStop).by(ID, "coder");
    stop.from_folder(path).answer().is_silent();
    let result = sandbox.fact(ID, "result.json").unwrap();
    assert!(result["trouble"].is_null(), "{result}");
    result["branch"].as_str().unwrap().to_owned()
}

#[test]
fn a_person_without_a_name_gets_one() {
    let sandbox = Sandbox::with_repository();
    for key in ["user.name", "user.email"] {
        sandbox.git(["config", "--unset", key]);
    }
    let path = begun(&sandbox);
    fs::write(path.join("new.txt"), "x").unwrap();
    let branch = ended(&sandbox, &path);
    let author = sandbox.git(["log", "-1", "--format=%an <%ae> %cn", &branch]);
    assert_eq!(author, "MAOS agent <maos@localhost> MAOS agent");
}

#[test]
fn a_name_that_is_configured_is_used() {
    let sandbox = Sandbox::with_repository();
    let path = begun(&sandbox);
    fs::write(path.join("new.txt"), "x").unwrap();
    let branch = ended(&sandbox, &path);
    let author = sandbox.git(["log", "-1", "--format=%an <%ae>", &branch]);
    assert_eq!(author, "A Tester <tester@example.com>");
}

#[test]
fn the_status_line_asks_git_only_when_something_has_moved() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("../.claude/maos.toml", "[workspace]\nreturn = \"branch\"\n");
    let path = begun(&sandbox);
    fs::write(path.join("new.txt"), "x").unwrap();
    let branch = ended(&sandbox, &path);
    let waits = || {
        let input = json!({ "cwd": sandbox.project() }).to_string();
        let line = sandbox.maos_given(["statusline"], input).exits(0).out();
        line.contains("1 to merge")
    };
    assert!(waits());
    sandbox.git(["merge", "--quiet", &branch]);
    assert!(!waits());
    sandbox.stand_in("git", "exit 1");
    assert!(!waits(), "git need not say it again");
}

#[test]
fn no_hook_and_no_signature_stands_in_the_way() {
    let sandbox = Sandbox::with_repository();
    sandbox.git(["config", "commit.gpgSign", "true"]);
    sandbox.git(["config", "gpg.program", "/bin/false"]);
    for hook in ["pre-commit", "commit-msg", "reference-transaction"] {
        sandbox.write(&format!(".git/hooks/{hook}"), "#!/bin/sh\nexit 1\n");
        let path = sandbox.project().join(".git/hooks").join(hook);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = begun(&sandbox);
    fs::write(path.join("new.txt"), "x").unwrap();
    let branch = ended(&sandbox, &path);
    let committed = sandbox.committed_file(&branch, "new.txt");
    assert_eq!(committed.as_deref(), Some("x"));
}

#[test]
fn secrets_and_ignored_files_stay_where_they_are() {
    let sandbox = Sandbox::with_repository().with_file(".gitignore", "*.log\n");
    sandbox.commit("ignore");
    let path = begun(&sandbox);
    for name in [".env", "id_rsa", "x.log", "new.txt"] {
        fs::write(path.join(name), "x").unwrap();
    }
    let branch = ended(&sandbox, &path);
    let changed = sandbox.git(["diff", "--name-only", "main", &branch]);
    assert_eq!(changed, "new.txt");
    for name in [".env", "id_rsa", "x.log"] {
        assert!(path.join(name).exists(), "{name}");
    }
}

#[test]
fn an_agent_that_is_resumed_adds_to_its_work() {
    let sandbox = Sandbox::with_repository();
    let path = begun(&sandbox);
    for (name, commits) in [("one.txt", "1"), ("two.txt", "2"), ("three.txt", "3")] {
        fs::write(path.join(name), name).unwrap();
        let branch = ended(&sandbox, &path);
        let count = sandbox.git(["rev-list", "--count", &format!("main..{branch}")]);
        assert_eq!(count, commits);
        assert_eq!(sandbox.committed_file(&branch, name).as_deref(), Some(name));
        assert_eq!(sandbox.agents("completed_agents").len(), 1);
        let start = HookEvent::new(&sandbox, Event::SubagentStart).by(ID, "coder");
        start.from_folder(&path).answer().is_silent();
        assert_eq!(sandbox.agents("active_agents").len(), 1);
        assert_eq!(sandbox.agents("completed_agents").len(), 0);
    }
    let came = "?? one.txt\n?? three.txt\n?? two.txt";
    assert_eq!(sandbox.status(), came, "each time, what is new comes back");
}
