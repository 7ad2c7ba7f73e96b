//! Where an agent of the real client cannot get a worktree, it is told why and
//! changes nothing.

use std::fs;
use std::os::unix::fs::symlink;

use maos_tests::{Block, Client, Run, Sandbox, Script};

/// Launches an agent that the client isolates, one that shares the checkout and
/// edits, and one that shares it and runs a command that modifies.
fn play_all_three(client: Client, sandbox: &Sandbox) -> Run {
    client.guarded_in(sandbox).play([
        Script::of("main")
            .then([Block::agent("isolated", "general-purpose", false)])
            .then([Block::agent("editor", "statusline-setup", false)])
            .then([Block::agent("reader", "Explore", false)]),
        Script::of("isolated").then([Block::bash("touch isolated.txt")]),
        Script::of("editor")
            .then_from(|request| vec![Block::read(request.folder().join("README.md"))])
            .then_from(|request| {
                let file = request.folder().join("README.md");
                vec![Block::edit(file, "project", "mess")]
            }),
        Script::of("reader")
            .then([Block::bash("ls")])
            .then([Block::bash("touch made.txt")]),
    ])
}

/// Checks that each of the three was refused with `reason`, and that looking
/// still worked.
fn all_three_are_refused(run: &Run, reason: &str) {
    let transcript = &run.transcript;
    let launch = transcript.result("main", 0, 0);
    assert!(launch.failed().contains(reason), "{launch:?}");
    assert_eq!(
        transcript.of("isolated").len(),
        0,
        "the agent ran all the same"
    );
    let edit = transcript.result("editor", 1, 0);
    assert!(edit.failed().contains(reason), "{edit:?}");
    let _ = transcript.result("reader", 0, 0).succeeded();
    let command = transcript.result("reader", 1, 0);
    assert!(command.failed().contains(reason), "{command:?}");
}

#[test]
fn without_the_commit_that_is_asked_for_no_agent_changes_anything() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_empty_repository().with_file("README.md", "# A project\n");
    sandbox.write(".claude/maos.toml", "[workspace]\nbase = \"head\"\n");
    let before = sandbox.status();
    let run = play_all_three(client, &sandbox);

    all_three_are_refused(&run, "has no commit yet");
    let launch = run.transcript.result("main", 0, 0);
    assert!(
        launch.text.contains("git commit --allow-empty"),
        "{launch:?}"
    );
    assert_eq!(sandbox.status(), before);
    assert_eq!(sandbox.read("README.md").as_deref(), Some("# A project\n"));
    assert_eq!(sandbox.workspaces().len(), 0);
}

#[test]
fn where_the_folder_of_worktrees_is_a_link_no_agent_changes_anything() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let elsewhere = sandbox.home().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    fs::create_dir(sandbox.project().join(".claude")).expect("a folder");
    symlink(&elsewhere, sandbox.project().join(".claude/worktrees")).expect("a link");
    let before = sandbox.status();
    let run = play_all_three(client, &sandbox);

    all_three_are_refused(&run, "remove the link");
    assert_eq!(sandbox.status(), before);
    assert_eq!(sandbox.branches(""), ["main"]);
    let made = fs::read_dir(&elsewhere).expect("the folder").count();
    assert_eq!(made, 0, "something was made behind the link");
}

#[test]
fn where_a_file_stands_for_the_folder_of_worktrees_no_agent_changes_anything() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository().with_file(".claude/worktrees", "a file\n");
    let before = sandbox.status();
    let run = play_all_three(client, &sandbox);

    all_three_are_refused(&run, "/.claude/worktrees\"");
    assert_eq!(sandbox.status(), before);
    assert_eq!(sandbox.branches(""), ["main"]);
    assert_eq!(
        sandbox.read(".claude/worktrees").as_deref(),
        Some("a file\n")
    );
}
