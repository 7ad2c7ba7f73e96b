//! Work that does not simply come: the command that is told brings it in, nothing of
//! the person's is written over, and what stays behind is named.

use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_tests::{Agent, HookEvent, Sandbox};
use serde_json::json;

const ONE: &str = "a1584d067ecffbeda";
const TWO: &str = "b2584d067ecffbeda";

#[test]
fn the_command_that_is_told_settles_a_conflict_with_work_that_came_back() {
    let sandbox = Sandbox::with_repository();
    let (one, two) = (Agent::begun(&sandbox, ONE), Agent::begun(&sandbox, TWO));
    one.writes("README.md", "# One\n");
    two.writes("README.md", "# Two\n");
    two.writes("two.txt", "2\n");
    one.stops();
    let told = two.stops();
    let ended = two.does_as_told(&told, "merge").exits(0).out();
    assert!(ended.contains("README.md"), "{ended}");
    let text = sandbox.read("README.md").unwrap_or_default();
    for line in ["<<<<<<<", "# One", "# Two", ">>>>>>>"] {
        assert!(text.contains(line), "{text}");
    }
    assert_eq!(sandbox.status(), " M README.md\n?? two.txt");
    // What was there is kept.
    let kept = sandbox.rescued();
    let has_one =
        |name: &&String| sandbox.committed_file(name, "README.md").as_deref() == Some("# One");
    assert!(kept.iter().any(|name| has_one(&name)), "{kept:?}");
    let rest = sandbox.maos(["merge", "--all"]).exits(0).out();
    assert_eq!(rest, "no agent has work that is not merged\n");
}

#[test]
fn no_ignored_file_is_written_over_by_a_merge() {
    let styles = [
        "--resolve",
        "--no-commit",
        "--squash",
        "--rebase",
        "--again",
    ];
    for style in styles {
        let sandbox = Sandbox::with_repository()
            .with_file(".gitignore", "*.log\nbuild/\n")
            .committed("ignore");
        sandbox.keep_work_on_branches();
        let agent = Agent::begun(&sandbox, ONE);
        agent.writes("data.log", "the agent's\n");
        agent.writes("logs.log/a", "the agent's\n");
        agent.writes("build", "the agent's\n");
        agent.writes("README.md", "# Agent\n");
        agent.git(&["add", "-f", "data.log", "logs.log", "build"]);
        agent.git(&["commit", "-q", "-m", "work"]);
        agent.stops();
        let mine = [
            ("data.log", "mine\n"),
            ("logs.log", "mine\n"),
            ("build/out", "mine\n"),
        ];
        mine.iter()
            .for_each(|(name, text)| sandbox.write(name, text));
        sandbox.write("README.md", "# Mine\n");
        if style == "--resolve" {
            sandbox.git(["commit", "-q", "-a", "-m", "mine"]);
        }
        let ended = sandbox.maos(["merge", style, ONE]);
        assert!(!ended.status.success(), "{style}: {}", ended.out());
        for (name, text) in mine {
            assert_eq!(sandbox.read(name).as_deref(), Some(text), "{style}");
        }
        assert_eq!(sandbox.read("README.md").as_deref(), Some("# Mine\n"));
    }
}

#[test]
fn a_folder_may_become_a_file() {
    let sandbox = Sandbox::with_repository()
        .with_file("deep/a.txt", "a\n")
        .committed("deep");
    sandbox.keep_work_on_branches();
    let agent = Agent::begun(&sandbox, ONE);
    agent.git(&["rm", "-q", "-r", "deep"]);
    agent.writes("deep", "a file\n");
    agent.stops();
    let _ = sandbox.maos(["merge", ONE]).exits(0);
    assert_eq!(sandbox.read("deep").as_deref(), Some("a file\n"));
}

#[test]
fn a_file_that_git_was_told_not_to_look_at_is_named() {
    for option in ["--assume-unchanged", "--skip-worktree"] {
        let sandbox = Sandbox::with_repository();
        sandbox.keep_work_on_branches();
        let agent = Agent::begun(&sandbox, ONE);
        agent.writes("README.md", "# Agent\n");
        agent.stops();
        sandbox.git(["update-index", option, "README.md"]);
        sandbox.write("README.md", "# Mine\n");
        let ended = sandbox.maos(["merge", ONE]).exits(4).out();
        assert!(ended.contains("  README.md\n"), "{ended}");
        assert_eq!(sandbox.read("README.md").as_deref(), Some("# Mine\n"));
    }
}

#[test]
fn what_a_merge_driver_keeps_out_is_told_and_never_lost() {
    let sandbox = Sandbox::with_repository()
        .with_file(".gitattributes", "*.lock merge=ours\n")
        .with_file("a.lock", "1\n2\n3\n")
        .committed("lock");
    sandbox.git(["config", "merge.ours.driver", "true"]);
    let agent = Agent::begun(&sandbox, ONE);
    agent.writes("a.lock", "1\n2\nthe agent's\n");
    sandbox.write("a.lock", "mine\n2\n3\n");
    sandbox.commit("mine");
    let told = agent.stops();
    assert!(told.contains("kept what was there: a.lock\n"), "{told}");
    assert!(!told.contains("uncommitted"), "{told}");
    let merged = sandbox.maos(["merge", "--again", ONE]).exits(0).out();
    assert!(merged.contains("kept what is here of a.lock"), "{merged}");
    let _ = sandbox.maos(["clean", "--ttl", "0s"]).exits(0);
    let text = "1\n2\nthe agent's";
    let branch = sandbox.branches("agent");
    let kept = sandbox.rescued().into_iter().chain(branch);
    let holds = |name: String| sandbox.committed_file(&name, "a.lock").as_deref() == Some(text);
    assert!(kept.into_iter().any(holds));
}

#[test]
fn what_is_ignored_or_in_the_stash_is_told_where_there_is_nothing_else() {
    let sandbox = Sandbox::with_repository()
        .with_file(".gitignore", "out/\n")
        .committed("ignore");
    sandbox.write("README.md", "# Mine\n");
    sandbox.git(["stash", "-q"]);
    let (one, two) = (Agent::begun(&sandbox, ONE), Agent::begun(&sandbox, TWO));
    one.writes("out/report.csv", "1\n");
    let told = one.stops();
    assert!(told.contains("out/ (git ignores it)"), "{told}");
    two.writes("README.md", "# Two\n");
    two.git(&["stash", "-q"]);
    let told = two.stops();
    assert!(told.contains("stash@{0} (in the stash"), "{told}");
    assert!(!told.contains("stash@{1}"), "{told}");
}

#[test]
fn what_no_commit_takes_is_told() {
    let sandbox = Sandbox::with_repository();
    let agent = Agent::begun(&sandbox, ONE);
    agent.git(&["init", "-q", "app"]);
    agent.writes("app/index.js", "code\n");
    agent.writes(".env", "A=1\n");
    let told = agent.stops();
    for part in [
        "app (a repository of its own)",
        ".env (it may hold secrets)",
    ] {
        assert!(told.contains(part), "{told}");
    }
    assert!(!told.contains("changed no files"), "{told}");
    assert!(told.contains(&agent.path.display().to_string()), "{told}");
}

/// Waits until somebody's next call is told something: a comparison runs beside the
/// hook.
fn hears<'a>(call: impl Fn() -> HookEvent<'a>) -> String {
    let until = Instant::now() + Duration::from_secs(60);
    while Instant::now() < until {
        let answer = call().with("tool_name", "Bash").answer();
        if !answer.finished().out().is_empty() {
            return answer.told();
        }
        std::thread::yield_now();
    }
    String::new()
}

#[test]
fn an_agent_at_work_hears_that_what_came_back_does_not_fit_its_files() {
    let sandbox = Sandbox::with_repository();
    let (one, two) = (Agent::begun(&sandbox, ONE), Agent::begun(&sandbox, TWO));
    two.writes("README.md", "# Two\n");
    one.writes("README.md", "# One\n");
    let told = one.stops();
    assert!(told.contains("its changes are in"), "{told}");
    for text in [
        hears(|| two.event(Event::PostToolUse)),
        hears(|| HookEvent::new(&sandbox, Event::PostToolUse)),
    ] {
        assert!(text.contains("README.md (contents)"), "{text}");
        assert!(text.contains(ONE), "{text}");
    }
    assert_eq!(two.git(&["status", "--porcelain"]), " M README.md");
}

#[test]
fn the_workspace_of_an_agent_at_work_is_not_removed_for_another() {
    let sandbox = Sandbox::with_repository();
    let one = Agent::begun(&sandbox, ONE);
    one.writes("new.txt", "1\n");
    let asked = |session: &str| {
        let event = HookEvent::new(&sandbox, Event::WorktreeRemove);
        let event = event.with("worktree_path", one.path.to_str());
        event.with("session_id", session).answer()
    };
    let other = "11111111-1111-4111-8111-111111111111";
    for session in [maos_tests::SESSION, other] {
        let answer = asked(session);
        let said = answer.finished().out() + &answer.finished().err();
        assert!(said.contains(ONE) && one.path.is_dir(), "{said}");
    }
    one.stops();
    let said = asked(other).finished().err();
    assert!(said.contains(ONE) && one.path.is_dir(), "{said}");
    let _ = asked(maos_tests::SESSION);
    assert!(!one.path.exists());
}

#[test]
fn a_command_never_runs_in_another_folder_of_the_workspace() {
    let sandbox = Sandbox::with_repository()
        .with_file(".gitignore", "build/\n")
        .with_file("config", "mine\n")
        .committed("config");
    sandbox.write("build/config", "generated\n");
    let build = sandbox.project().join("build");
    let ask = |command: &str| {
        let input = json!({ "command": command });
        let event = HookEvent::before(&sandbox, "Bash", input).by(ONE, "coder");
        event.from_folder(&build).answer()
    };
    let rewritten = ask("echo x > config").rewritten();
    let command = rewritten["command"].as_str().unwrap_or_default();
    let workspace = sandbox.workspaces();
    let folder = workspace.first().map(|path| path.join("build"));
    let folder = folder.filter(|folder| folder.is_dir());
    let shown = folder.map(|folder| folder.display().to_string());
    let shown = shown.expect("the folder is there");
    assert!(
        command.starts_with(&format!("cd '{shown}' && ")),
        "{command}"
    );
    assert!(ask("cat config").rewritten()["command"].is_string());
    std::fs::remove_dir(&shown).expect("it is empty");
    ask("cat config").is_silent();
}
