//! What a person asks of agents' work with `maos`, whatever git is set to do.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use maos_shared::hook::Event;
use maos_tests::{Agent, HookEvent, Sandbox};

const ONE: &str = "a1584d067ecffbeda";

/// A repository whose person wants work to stay on its branch.
fn with_branches() -> Sandbox {
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    sandbox
}

#[test]
fn secrets_that_an_agent_committed_stay_on_its_branch() {
    for option in crate::merging::STYLES {
        let sandbox = with_branches();
        let agent = Agent::begun(&sandbox, ONE);
        agent.writes(".env", "A=1\n");
        agent.writes("new.txt", "1\n");
        agent.git(&["add", "-A"]);
        agent.git(&["commit", "-q", "-m", "all of it"]);
        agent.stops();
        let said = sandbox.maos(["merge", option, ONE]).exits(0).out();
        assert!(
            said.contains("may hold secrets: .env\n"),
            "{option}: {said}"
        );
        assert_eq!(sandbox.read(".env"), None, "{option}");
        assert_eq!(sandbox.read("new.txt").as_deref(), Some("1\n"), "{option}");
        sandbox.git(["commit", "-q", "--allow-empty", "-m", "mine"]);
        assert_eq!(
            sandbox.git(["log", "--format=%H", "main", "--", ".env"]),
            ""
        );
        assert_eq!(agent.git(&["show", "HEAD:.env"]), "A=1");
    }
}

#[test]
fn a_merge_is_the_same_whatever_is_set_for_merges() {
    let settings = [
        ("branch.main.mergeOptions", "--squash"),
        ("branch.main.mergeOptions", "--no-commit"),
        ("merge.autoStash", "true"),
        ("merge.verifySignatures", "true"),
        ("merge.ff", "false"),
        ("user.name", ""),
    ];
    for (key, value) in settings {
        let sandbox = with_branches();
        let agent = Agent::begun(&sandbox, ONE);
        agent.writes("new.txt", "1\n");
        agent.stops();
        sandbox.git(["config", key, value]);
        sandbox.write("README.md", "# Staged\n");
        sandbox.git(["add", "README.md"]);
        sandbox.write("README.md", "# Later\n");
        let _ = sandbox.maos(["merge", ONE]).exits(0);
        assert_eq!(sandbox.status(), "MM README.md", "{key}={value}");
        assert_eq!(sandbox.git(["stash", "list"]), "", "{key}={value}");
        let files = sandbox.git(["show", "--name-only", "--format=", "HEAD"]);
        assert_eq!(files, "new.txt", "{key}={value}");
    }
}

#[test]
fn a_person_without_a_name_can_merge() {
    let sandbox = with_branches();
    let agent = Agent::begun(&sandbox, ONE);
    agent.writes("new.txt", "1\n");
    agent.stops();
    sandbox.git(["config", "--unset", "user.name"]);
    sandbox.git(["config", "--unset", "user.email"]);
    sandbox.git(["config", "user.useConfigOnly", "true"]);
    let _ = sandbox.maos(["merge", ONE]).exits(0);
    assert_eq!(sandbox.read("new.txt").as_deref(), Some("1\n"));
}

#[test]
fn who_may_read_a_file_stays_as_the_person_has_it() {
    let sandbox = Sandbox::with_repository();
    let agent = Agent::begun(&sandbox, ONE);
    let readme = sandbox.project().join("README.md");
    let mode = |mode| fs::Permissions::from_mode(mode);
    fs::set_permissions(&readme, mode(0o600)).expect("a mode");
    agent.writes("README.md", "# Changed\n");
    agent.stops();
    let found = || fs::metadata(&readme).expect("a file").permissions().mode() & 0o777;
    assert_eq!(found(), 0o600);
    agent.begins();
    fs::set_permissions(agent.path.join("README.md"), mode(0o755)).expect("a mode");
    agent.stops();
    assert_eq!(found(), 0o700);
}

#[test]
fn what_git_ignores_by_now_is_not_in_a_snapshot() {
    let sandbox = Sandbox::with_repository()
        .with_file("local.json", "{}\n")
        .committed("local");
    sandbox.write("local.json", "{\"mine\": 1}\n");
    sandbox.write(".gitignore", "local.json\n");
    sandbox.git(["rm", "-q", "--cached", "local.json"]);
    sandbox.write("README.md", "# Changed\n");
    sandbox.git(["rm", "-q", "--cached", "src/lib.rs"]);
    let agent = Agent::begun(&sandbox, ONE);
    let files = agent.git(&["ls-tree", "-r", "--name-only", "HEAD"]);
    assert_eq!(files, ".gitignore\nREADME.md\nsrc/lib.rs");
    assert!(!agent.path.join("local.json").exists());
}

#[test]
fn what_was_only_staged_is_shown_and_has_a_name() {
    let sandbox = with_branches();
    sandbox.git(["branch", "rescue"]);
    let agent = Agent::begun(&sandbox, ONE);
    agent.writes("staged.txt", "1\n");
    agent.git(&["add", "staged.txt"]);
    fs::remove_file(agent.path.join("staged.txt")).expect("it is there");
    agent.event(Event::SubagentStop).answer().is_silent();
    agent.writes("staged.txt", "2\n");
    agent.git(&["add", "staged.txt"]);
    fs::remove_file(agent.path.join("staged.txt")).expect("it is there");
    let remove = HookEvent::new(&sandbox, Event::WorktreeRemove);
    let remove = remove.with("worktree_path", agent.path.to_str());
    let _ = remove.answer().finished().exits(0);
    let kept = sandbox.rescued();
    let name = kept[0].rsplit('/').next().expect("a name");
    let shown = sandbox.maos(["rescue", "show", name]).exits(0).out();
    assert!(shown.contains("staged, as commit "), "{shown}");
    assert!(shown.contains("staged.txt | 1 +"), "{shown}");
    // A branch called `rescue` leaves no room for others below it.
    let _ = sandbox.maos(["rescue", "restore", name]).exits(0);
    let staged = sandbox.committed_file(&format!("rescue-{name}^2"), "staged.txt");
    assert_eq!(staged.as_deref(), Some("2"));
}

#[test]
fn work_for_an_agent_that_has_stopped_goes_on_to_where_that_began() {
    let sandbox = Sandbox::with_repository();
    let above = Agent::begun(&sandbox, ONE);
    let below = above.launches("b2584d067ecffbeda");
    below.writes("below.txt", "2\n");
    above.writes("above.txt", "1\n");
    above.stops();
    below.stops();
    assert_eq!(sandbox.status(), "?? above.txt\n?? below.txt");
}

#[test]
fn a_rescue_is_dropped_by_its_whole_name_and_by_a_person() {
    let sandbox = Sandbox::with_repository();
    sandbox.git(["update-ref", "refs/maos/rescue/coder-1-abc", "HEAD"]);
    let begin = sandbox.maos(["rescue", "drop", "coder-1"]).exits(1).err();
    assert!(begin.contains("coder-1-abc"), "{begin}");
    assert_eq!(sandbox.rescued().len(), 1);
    let input = serde_json::json!({"command": "maos rescue drop coder-1-abc"});
    let refusal = HookEvent::before(&sandbox, "Bash", input)
        .answer()
        .refusal();
    assert!(refusal.contains("MAOS rule maos.command"), "{refusal}");
    let said = sandbox
        .maos(["rescue", "drop", "coder-1-abc"])
        .exits(0)
        .out();
    let commit = sandbox.git(["rev-parse", "HEAD"]);
    assert!(said.contains(&commit), "{said}");
    assert_eq!(sandbox.rescued(), [""; 0]);
    let _ = sandbox.maos(["rescue", "drop", "coder-1-abc"]).exits(1);
}

#[test]
fn how_long_a_workspace_without_a_spare_took_is_always_said() {
    let sandbox = Sandbox::with_repository();
    let create = HookEvent::new(&sandbox, Event::WorktreeCreate);
    let create = create.with("name", format!("agent-{ONE}"));
    let said = create.answer().finished().exits(0).err();
    assert!(
        said.starts_with("MAOS: no spare workspace was ready: ") && said.ends_with(" ms\n"),
        "{said}"
    );
}
