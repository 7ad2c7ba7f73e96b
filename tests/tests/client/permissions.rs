//! The person's own permission rules hold in the real client: MAOS never
//! allows what they do not.

use maos_tests::{Block, Client, Sandbox, Script};

/// How the client words that nobody allowed a file to be written.
const NOT_GRANTED: &str = "haven't granted it yet";
/// How it words that nobody allowed a command.
const NEEDS_APPROVAL: &str = "needs approval";

#[test]
fn what_the_person_does_not_allow_is_refused_in_a_worktree_as_well() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let run = client
        .guarded_in(&sandbox)
        .allowing_only("Agent,Read,Bash(echo:*)")
        .play([
            Script::of("main").then([Block::agent("worker", "general-purpose", false)]),
            Script::of("worker").then_from(|request| {
                let folder = request.folder();
                let shared = folder.join("../../../shared.txt");
                vec![
                    Block::write(folder.join("own.txt"), "x\n"),
                    Block::write(shared, "x\n"),
                    Block::bash("touch made.txt"),
                    Block::bash("echo hello"),
                ]
            }),
        ]);

    let transcript = &run.transcript;
    assert_eq!(transcript.result("worker", 0, 3).succeeded(), "hello");
    for (index, refusal) in [(0, NOT_GRANTED), (2, NEEDS_APPROVAL)] {
        let result = transcript.result("worker", 0, index);
        assert!(result.failed().contains(refusal), "{result:?}");
    }
    let _ = transcript.result("worker", 0, 1).failed();
    let branches = sandbox.branches("agent/general-purpose/");
    assert_eq!(branches.len(), 1, "{branches:?}");
    assert_eq!(
        sandbox.git(["diff", "--name-only", "main", &branches[0]]),
        ""
    );
    assert_eq!(sandbox.status(), "");
    for line in sandbox.journal() {
        assert_ne!(line["outcome"], "allow", "{line}");
    }
}

#[test]
fn a_call_that_maos_leads_into_a_worktree_is_not_allowed_by_that() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let run = client
        .guarded_in(&sandbox)
        .allowing_only("Agent,Read")
        .play([
            Script::of("main").then([Block::agent("reader", "Explore", false)]),
            Script::of("reader").then([Block::bash("touch made.txt")]),
        ]);

    let refused = run.transcript.result("reader", 0, 0);
    assert!(refused.failed().contains(NEEDS_APPROVAL), "{refused:?}");
    let found = sandbox.workspaces();
    assert_eq!(
        found.len(),
        1,
        "the call was led into a worktree: {found:?}"
    );
    let there = found[0].join("made.txt");
    let place = there.display().to_string();
    assert!(refused.text.contains(&place), "{refused:?}");
    assert!(!there.exists());
    assert_eq!(sandbox.status(), "");
}
