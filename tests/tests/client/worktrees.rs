//! Worktrees that the main agent of the real client enters and leaves.

use maos_tests::{Block, Client, Sandbox, Script};
use serde_json::json;

/// Enters the worktree `name`.
fn enter(name: &str) -> Block {
    Block::tool("EnterWorktree", json!({ "name": name }))
}

/// Leaves the worktree and has it removed. The client wants a confirmation for
/// every worktree that a hook made: it does not look into them itself.
fn leave() -> Block {
    Block::tool(
        "ExitWorktree",
        json!({ "action": "remove", "discard_changes": true }),
    )
}

#[test]
fn a_worktree_is_removed_from_inside_and_its_work_is_kept_and_told() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let run = client.guarded_in(&sandbox).play([
        Script::of("main")
            .then([Block::agent("neighbour", "general-purpose", false)])
            .then([Block::load("EnterWorktree,ExitWorktree")])
            .then([enter("feature")])
            .then([Block::bash(
                "pwd && echo loose >loose.txt && git branch --show-current",
            )])
            .then([leave()])
            .then([Block::bash("pwd")]),
        Script::of("neighbour").then([Block::bash("echo mine >mine.txt")]),
    ]);

    let transcript = &run.transcript;
    let feature = sandbox.project().join(".claude/worktrees/feature");
    let inside = format!("{}\nworktree-feature", feature.display());
    assert_eq!(transcript.result("main", 3, 0).succeeded(), inside);
    let _ = transcript.result("main", 4, 0).succeeded();
    let outside = format!("{}", sandbox.project().display());
    assert_eq!(transcript.result("main", 5, 0).succeeded(), outside);

    assert!(!feature.exists(), "the worktree is still there");
    let listed = sandbox.git(["worktree", "list", "--porcelain"]);
    assert!(!listed.contains("feature"), "git still knows it: {listed}");
    let rescued = sandbox.rescued();
    assert_eq!(rescued.len(), 1, "{rescued:?}");
    assert!(
        rescued[0].starts_with("refs/maos/rescue/feature-"),
        "{rescued:?}"
    );
    let kept = sandbox.git(["show", &format!("{}:loose.txt", rescued[0])]);
    assert_eq!(kept, "loose");
    let told = transcript.told_by_hooks("main").join("\n");
    assert!(
        told.contains(&format!("its work is kept in {}", rescued[0])),
        "{told}"
    );

    let neighbour = sandbox.workspaces();
    assert_eq!(neighbour.len(), 1, "{neighbour:?}");
    assert!(neighbour[0].join("mine.txt").is_file(), "{neighbour:?}");
    let id = transcript.result("main", 0, 0).agent_id().to_owned();
    let branch = format!("agent/general-purpose/{}", &id[..8]);
    assert_eq!(sandbox.branches(""), [branch.as_str(), "main"]);
    assert_eq!(
        sandbox.committed_file(&branch, "mine.txt").as_deref(),
        Some("mine")
    );
    assert_eq!(sandbox.status(), "");
}

#[test]
fn a_removed_worktrees_commits_stay_on_its_branch() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let commit = "echo done >done.txt && git add . && git commit -qm done";
    let run = client.guarded_in(&sandbox).play([Script::of("main")
        .then([Block::load("EnterWorktree,ExitWorktree")])
        .then([enter("feature")])
        .then([Block::bash(commit)])
        .then([leave()])]);

    assert_eq!(sandbox.workspaces().len(), 0);
    assert_eq!(sandbox.branches(""), ["main", "worktree-feature"]);
    let kept = sandbox.committed_file("worktree-feature", "done.txt");
    assert_eq!(kept.expect("the commit is kept"), "done");
    assert_eq!(sandbox.rescued(), Vec::<String>::new());
    let told = run.transcript.told_by_hooks("main").join("\n");
    assert!(
        told.contains("its work is kept in branch worktree-feature"),
        "{told}"
    );
}
