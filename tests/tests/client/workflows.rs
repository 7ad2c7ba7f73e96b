//! Agents that the real client starts otherwise than by a launch: by a
//! workflow, or by a skill that runs in an agent of its own.

use maos_tests::{Block, Client, Sandbox, Script};
use serde_json::json;

/// Runs a workflow of one agent, which plays `script`.
fn workflow(script: &str, options: &str) -> Block {
    let text = format!(
        "export const meta = {{ name: 'day', description: 'a day' }}\n\
         await agent('[[script:{script}]] please', {options})"
    );
    Block::tool("Workflow", json!({ "script": text }))
}

#[test]
fn a_workflows_agent_that_asks_for_a_worktree_works_there() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let run = client.guarded_in(&sandbox).play([
        Script::of("main").then([workflow("worker", "{ isolation: 'worktree' }")]),
        Script::of("worker")
            .then_from(|request| {
                let folder = request.folder();
                vec![
                    Block::bash("pwd && touch made.txt"),
                    Block::write(folder.join("written.txt"), "by a tool\n"),
                    Block::read(folder.join("README.md")),
                ]
            })
            .then_from(|request| {
                let file = request.folder().join("README.md");
                vec![Block::edit(file, "project", "workflow")]
            }),
    ]);

    let transcript = &run.transcript;
    let folder = transcript.folder_of("worker");
    let workspaces = sandbox.workspaces();
    assert_eq!(
        workspaces,
        [folder.as_path()],
        "one worktree, the one it is told"
    );
    assert_eq!(
        transcript.result("worker", 0, 0).succeeded(),
        format!("{}", folder.display())
    );
    let _ = transcript.result("worker", 0, 1).succeeded();
    let _ = transcript.result("worker", 1, 0).succeeded();
    let branches = sandbox.branches("agent/workflow-subagent/");
    assert_eq!(branches.len(), 1, "{:?}", sandbox.branches(""));
    let branch = &branches[0];
    let changed = sandbox.git(["diff", "--name-only", "main", branch]);
    assert_eq!(changed, "README.md\nmade.txt\nwritten.txt");
    assert_eq!(sandbox.status(), "");
    let told = transcript.told_by_hooks("main").join("\n");
    assert!(told.contains(&format!("- {branch} (3 files)")), "{told}");
    assert!(
        told.contains(&format!("{} merge", sandbox.maos_command())),
        "{told}"
    );
}

#[test]
fn a_workflows_agent_in_the_shared_checkout_gets_a_worktree_when_it_writes() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let run = client.guarded_in(&sandbox).play([
        Script::of("main").then([workflow("worker", "{}")]),
        Script::of("worker").then_from(|request| {
            assert!(
                request.folder().ends_with("project"),
                "it shares the checkout"
            );
            vec![Block::write(
                request.folder().join("written.txt"),
                "by a tool\n",
            )]
        }),
    ]);

    let _ = run.transcript.result("worker", 0, 0).succeeded();
    assert_eq!(sandbox.status(), "");
    let branches = sandbox.branches("agent/workflow-subagent/");
    assert_eq!(branches.len(), 1, "{:?}", sandbox.branches(""));
    let written = sandbox.committed_file(&branches[0], "written.txt");
    assert_eq!(written.as_deref(), Some("by a tool"));
    let told = run.transcript.told_by_hooks("main").join("\n");
    assert!(
        told.contains(&format!("- {} (1 files)", branches[0])),
        "{told}"
    );
}

#[test]
fn the_work_of_a_skills_agent_is_told() {
    let Some(client) = Client::available() else {
        return;
    };
    let skill = "---\nname: chore\ndescription: does a chore\ncontext: fork\n\
                 agent: general-purpose\n---\n[[script:worker]] please\n";
    let sandbox = Sandbox::with_repository()
        .with_file(".claude/skills/chore/SKILL.md", skill)
        .committed("a skill");
    sandbox.keep_work_on_branches();
    let run = client.guarded_in(&sandbox).play([
        Script::of("main").then([Block::tool("Skill", json!({ "skill": "chore" }))]),
        Script::of("worker").then_from(|request| {
            vec![Block::write(
                request.folder().join("written.txt"),
                "by a tool\n",
            )]
        }),
    ]);

    assert_eq!(sandbox.status(), "");
    let branches = sandbox.branches("agent/general-purpose/");
    assert_eq!(branches.len(), 1, "{:?}", sandbox.branches(""));
    let told = run.transcript.told_by_hooks("main").join("\n");
    assert!(
        told.contains(&format!("Branch: {} ", branches[0])),
        "{told}"
    );
}
