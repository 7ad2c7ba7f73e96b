//! Agents that use git as they like: other branches, no branch, another history. What
//! the person has not committed stays, and what the agent did comes.

use maos_tests::{Agent, Sandbox};

const ID: &str = "a1584d067ecffbeda";

/// A person who has changed a file and added one, and committed neither.
fn with_loose_files() -> Sandbox {
    let sandbox = Sandbox::with_repository();
    sandbox.write("README.md", "# Mine\n");
    sandbox.write("loose.txt", "mine\n");
    sandbox
}

fn loose_files_are_there(sandbox: &Sandbox) {
    assert_eq!(sandbox.read("README.md").as_deref(), Some("# Mine\n"));
    assert_eq!(sandbox.read("loose.txt").as_deref(), Some("mine\n"));
}

/// The ways to leave the commit that the agent started from.
const WAYS: [&[&str]; 4] = [
    &["checkout", "-q", "-b", "fix", "main"],
    &["reset", "-q", "--hard", "main"],
    &["checkout", "-q", "--detach", "main"],
    &["checkout", "-q", "--orphan", "new"],
];

#[test]
fn what_is_not_committed_stays_when_an_agent_goes_back_behind_it() {
    for way in WAYS {
        let sandbox = with_loose_files();
        let agent = Agent::begun(&sandbox, ID);
        agent.git(way);
        if way.contains(&"--orphan") {
            agent.git(&["rm", "-r", "-q", "-f", "."]);
        }
        agent.writes("new.txt", "the agent's\n");
        let told = agent.stops();
        loose_files_are_there(&sandbox);
        assert_eq!(sandbox.status(), " M README.md\n?? loose.txt\n?? new.txt");
        assert!(told.contains("Changed files: new.txt\n"), "{told}");
    }
}

#[test]
fn a_merge_by_hand_undoes_nothing_that_was_committed_since() {
    for option in ["--squash", "--rebase", "--no-commit"] {
        let sandbox = with_loose_files();
        sandbox.keep_work_on_branches();
        let agent = Agent::begun(&sandbox, ID);
        agent.git(&["reset", "-q", "--hard", "main"]);
        agent.writes("new.txt", "the agent's\n");
        agent.git(&["add", "new.txt"]);
        agent.git(&["commit", "-q", "-m", "work"]);
        let told = agent.stops();
        assert!(told.contains("Changed files: new.txt\n"), "{told}");
        sandbox.commit("mine");
        let shown = sandbox.maos(["diff", "--name-only", ID]).exits(0).out();
        assert_eq!(shown, "new.txt\n");
        let _ = sandbox.maos(["merge", option, ID]).exits(0);
        loose_files_are_there(&sandbox);
        assert_eq!(sandbox.read("new.txt").as_deref(), Some("the agent's\n"));
    }
}

#[test]
fn what_came_back_and_was_undone_by_its_agent_goes_again() {
    let sandbox = with_loose_files();
    let agent = Agent::begun(&sandbox, ID);
    agent.writes("new.txt", "the agent's\n");
    agent.stops();
    assert!(sandbox.read("new.txt").is_some());
    agent.begins();
    agent.git(&["rm", "-q", "new.txt"]);
    let told = agent.stops();
    assert_eq!(sandbox.read("new.txt"), None);
    assert!(told.contains("Changed files: new.txt\n"), "{told}");
    loose_files_are_there(&sandbox);
}

#[test]
fn work_on_a_branch_of_the_agents_own_or_on_none_is_found() {
    let on_fix: &[&str] = &["checkout", "-q", "-b", "fix"];
    for (way, name) in [(on_fix, "fix"), (&["checkout", "-q", "--detach"], ID)] {
        let sandbox = Sandbox::with_repository();
        sandbox.keep_work_on_branches();
        let agent = Agent::begun(&sandbox, ID);
        agent.git(way);
        agent.writes("new.txt", "the agent's\n");
        let told = agent.stops();
        let status = sandbox.maos(["status"]).exits(0).out();
        assert!(!status.contains("merged "), "{status}");
        let kept = sandbox.maos(["clean", "--dry-run"]).exits(0).out();
        assert!(!kept.contains("would go   workspace"), "{kept}");
        let shown = sandbox.maos(["diff", "--name-only", name]).exits(0).out();
        assert_eq!(shown, "new.txt\n");
        let _ = agent.does_as_told(&told, "merge").exits(0);
        assert_eq!(sandbox.read("new.txt").as_deref(), Some("the agent's\n"));
    }
}

#[test]
fn a_persons_branch_is_not_moved_by_what_an_agent_leaves_on_it() {
    let sandbox = with_loose_files();
    let before = sandbox.head();
    let agent = Agent::begun(&sandbox, ID);
    agent.git(&["checkout", "-q", "--ignore-other-worktrees", "main"]);
    agent.writes("new.txt", "the agent's\n");
    agent.stops();
    assert_eq!(sandbox.head(), before);
    assert_eq!(sandbox.status(), " M README.md\n?? loose.txt\n?? new.txt");
}

#[test]
fn work_outside_a_sparse_checkout_comes_too() {
    let sandbox = Sandbox::with_repository()
        .with_file("other/a.txt", "a\n")
        .committed("other");
    sandbox.git(["sparse-checkout", "set", "src"]);
    let agent = Agent::begun(&sandbox, ID);
    agent.writes("other/new.txt", "the agent's\n");
    let told = agent.stops();
    assert!(told.contains("Changed files: other/new.txt\n"), "{told}");
    assert_eq!(
        sandbox.read("other/new.txt").as_deref(),
        Some("the agent's\n")
    );
}

#[test]
fn an_agent_whose_state_was_deleted_is_known_by_its_workspace() {
    let sandbox = Sandbox::with_repository();
    let agent = Agent::begun(&sandbox, ID);
    agent.writes("new.txt", "the agent's\n");
    sandbox.git(["clean", "-q", "-ffdx", "-e", ".claude"]);
    assert!(agent.path.is_dir() && sandbox.fact(ID, "workspace.json").is_none());
    let told = agent.stops();
    assert!(told.contains("Changed files: new.txt\n"), "{told}");
    assert_eq!(sandbox.read("new.txt").as_deref(), Some("the agent's\n"));
}
