//! An agent of the real client that has stopped is resumed by a message.

use maos_tests::{Block, Client, Sandbox, Script};

#[test]
fn a_resumed_agent_goes_on_in_its_worktree_and_is_told_again() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let run = client.guarded_in(&sandbox).play([
        Script::of("main")
            .then([Block::agent("worker", "general-purpose", false)])
            .then([Block::load("SendMessage")])
            .then_from(|request| {
                let launched = request.result(0, 0);
                vec![Block::message(launched.agent_id(), "go on")]
            }),
        Script::of("worker")
            .then([Block::bash("pwd && echo first >first.txt")])
            .then([Block::text("that was the first part")])
            .then([Block::bash(
                "pwd && cat first.txt && echo second >second.txt",
            )]),
    ]);

    let id = run.transcript.result("main", 0, 0).agent_id().to_owned();
    let branch = format!("agent/general-purpose/{}", &id[..8]);
    let folder = run.transcript.folder_of("worker");
    let folder = folder.display();
    assert_eq!(
        run.transcript.result("worker", 0, 0).succeeded(),
        format!("{folder}")
    );
    assert_eq!(
        run.transcript.result("worker", 2, 0).succeeded(),
        format!("{folder}\nfirst")
    );
    assert_eq!(sandbox.workspaces().len(), 1);
    assert_eq!(sandbox.branches(""), [branch.as_str(), "main"]);
    let commits = sandbox.git([
        "log",
        "--reverse",
        "--format=%s",
        "--name-only",
        &format!("main..{branch}"),
    ]);
    let commits: Vec<_> = commits.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(
        commits,
        [
            "general-purpose: play worker",
            "first.txt",
            "general-purpose: play worker",
            "second.txt"
        ]
    );
    assert_eq!(sandbox.agents("completed_agents").len(), 1);
    assert_eq!(sandbox.agents("active_agents").len(), 0);
    assert_eq!(sandbox.status(), "?? first.txt\n?? second.txt");

    let told = run.transcript.told_by_hooks("main").join("\n");
    let reports: Vec<_> = told
        .split("hook additional context: MAOS: ")
        .skip(1)
        .collect();
    assert_eq!(reports.len(), 2, "{told}");
    let first = format!("Branch: {branch} (1 commits)");
    assert!(reports[0].contains(&first), "{}", reports[0]);
    assert!(
        reports[0].contains("Changed files: first.txt\n"),
        "{}",
        reports[0]
    );
    let second = format!("Branch: {branch} (2 commits)");
    assert!(reports[1].contains(&second), "{}", reports[1]);
    assert!(
        reports[1].contains("Changed files: second.txt\n"),
        "{}",
        reports[1]
    );
}
