//! Agents that share the main checkout in the real client: their changes go
//! into a worktree that they get with the first one.

use maos_tests::{Block, Client, Sandbox, Script};

#[test]
fn a_reader_that_changes_files_does_so_in_a_worktree_and_sees_them_there() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let run = client.guarded_in(&sandbox).play([
        Script::of("main").then([Block::agent("reader", "Explore", false)]),
        Script::of("reader")
            .then([Block::bash("pwd && ls")])
            .then([Block::bash("touch x")])
            .then([Block::bash("echo a > f; echo more >> README.md")])
            .then_from(|request| vec![Block::read(request.folder().join("README.md"))])
            .then([Block::bash("pwd && ls")]),
    ]);

    let transcript = &run.transcript;
    let workspaces = sandbox.workspaces();
    assert_eq!(workspaces.len(), 1, "{workspaces:?}");
    let (own, shared) = (workspaces[0].display(), sandbox.project());
    let first = transcript.result("reader", 0, 0);
    assert_eq!(
        first.succeeded(),
        format!("{}\nREADME.md\nsrc", shared.display())
    );
    for turn in [1, 2] {
        let _ = transcript.result("reader", turn, 0).succeeded();
    }
    let read = transcript.result("reader", 3, 0);
    assert!(read.succeeded().contains("more"), "{read:?}");
    let last = transcript.result("reader", 4, 0);
    assert_eq!(last.succeeded(), format!("{own}\nREADME.md\nf\nsrc\nx"));

    assert_eq!(sandbox.status(), "", "the main checkout changed");
    let branches = sandbox.branches("agent/Explore/");
    assert_eq!(branches.len(), 1, "{:?}", sandbox.branches(""));
    let branch = &branches[0];
    let changed = sandbox.git(["diff", "--name-only", "main", branch]);
    assert_eq!(changed, "README.md\nf\nx");
    let told = transcript.told_by_hooks("main").join("\n");
    assert!(told.contains("nothing is in your checkout yet"), "{told}");
    assert!(told.contains("Changed files: README.md, f, x"), "{told}");
}

/// The type `statusline-setup` is the client's own; it has `Edit`, and is left
/// in the shared checkout, since it is there to edit a person's settings.
#[test]
fn an_edit_in_the_shared_checkout_is_refused_once_and_works_in_the_worktree() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let worktree_of = |text: &str| {
        let start = text.split("Read ").nth(1).unwrap_or_default();
        start
            .split(" and edit it there")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let run = client.guarded_in(&sandbox).play([
        Script::of("main").then([Block::agent("editor", "statusline-setup", false)]),
        Script::of("editor")
            .then_from(|request| vec![Block::read(request.folder().join("README.md"))])
            .then_from(|request| {
                let file = request.folder().join("README.md");
                vec![Block::edit(file, "project", "better project")]
            })
            .then_from(move |request| vec![Block::read(worktree_of(&request.result(1, 0).text))])
            .then_from(move |request| {
                let file = worktree_of(&request.result(1, 0).text);
                vec![Block::edit(file, "project", "better project")]
            }),
    ]);

    let transcript = &run.transcript;
    let refused = transcript.result("editor", 1, 0);
    assert!(
        refused.failed().contains("MAOS rule isolation.edit"),
        "{refused:?}"
    );
    let there = sandbox.workspaces()[0].join("README.md");
    assert_eq!(worktree_of(&refused.text), format!("{}", there.display()));
    let _ = transcript.result("editor", 2, 0).succeeded();
    let _ = transcript.result("editor", 3, 0).succeeded();

    assert_eq!(sandbox.status(), "", "the main checkout changed");
    let branches = sandbox.branches("agent/statusline-setup/");
    assert_eq!(branches.len(), 1, "{:?}", sandbox.branches(""));
    let edited = sandbox.committed_file(&branches[0], "README.md");
    assert_eq!(edited.as_deref(), Some("# A better project"));
    let told = transcript.told_by_hooks("main").join("\n");
    assert!(told.contains("nothing is in your checkout yet"), "{told}");
}
