//! A subagent's changes never reach a checkout that it shares.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use maos_shared::hook::Event;
use maos_tests::{Answered, HookEvent, Sandbox};
use serde_json::{Value, json};

const ID: &str = "a5584d067ecffbeda";

fn by_agent(sandbox: &Sandbox, tool: &str, input: Value) -> Answered {
    HookEvent::before(sandbox, tool, input)
        .by(ID, "Explore")
        .answer()
}

fn workspaces(sandbox: &Sandbox) -> Vec<PathBuf> {
    let folder = sandbox.project().join(".claude/worktrees");
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.is_dir()).collect()
}

fn only_workspace(sandbox: &Sandbox) -> PathBuf {
    let found = workspaces(sandbox);
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

fn main_is_untouched(sandbox: &Sandbox) {
    assert_eq!(sandbox.status(), "", "the main checkout changed");
}

#[test]
fn a_launch_that_can_write_is_isolated() {
    let sandbox = Sandbox::with_repository()
        .with_file(
            ".claude/agents/reviewer.md",
            "---\nname: reviewer\ntools: Read, Grep\n---\n",
        )
        .with_file(
            ".claude/agents/fixer.md",
            "---\nname: fixer\ntools: Read, Edit\n---\n",
        );
    let launch = |agent_type: &str| json!({"description": "d", "prompt": "p", "subagent_type": agent_type, "n": 1.50});
    for agent_type in ["general-purpose", "fixer", "somebody-new"] {
        let answer = HookEvent::before(&sandbox, "Agent", launch(agent_type)).answer();
        let mut expected = launch(agent_type);
        expected["isolation"] = json!("worktree");
        assert_eq!(answer.rewritten(), expected);
    }
    for agent_type in ["Explore", "Plan", "reviewer"] {
        HookEvent::before(&sandbox, "Agent", launch(agent_type))
            .answer()
            .is_silent();
    }
    let mut own = launch("general-purpose");
    own["isolation"] = json!("remote");
    HookEvent::before(&sandbox, "Agent", own)
        .answer()
        .is_silent();
    let without_type = json!({"description": "d", "prompt": "p"});
    let answer = HookEvent::before(&sandbox, "Task", without_type).answer();
    assert_eq!(answer.rewritten()["isolation"], "worktree");
}

#[test]
fn without_git_nothing_is_isolated() {
    let sandbox = Sandbox::without_repository();
    let launch = json!({"description": "d", "prompt": "p"});
    HookEvent::before(&sandbox, "Agent", launch)
        .answer()
        .is_silent();
    let write = json!({"file_path": "a.txt", "content": "x"});
    by_agent(&sandbox, "Write", write).is_silent();
    let create = HookEvent::new(&sandbox, Event::WorktreeCreate)
        .with("name", format!("agent-{ID}"))
        .answer();
    let finished = create.finished().exits(1);
    assert!(finished.err().contains("git init"), "{}", finished.err());
    assert_eq!(finished.out(), "");
}

#[test]
fn what_only_reads_creates_nothing() {
    let sandbox = Sandbox::with_repository();
    for command in [
        "ls -la",
        "git status --short && cat README.md | head -3",
        "grep -rn one src",
    ] {
        by_agent(&sandbox, "Bash", json!({"command": command})).is_silent();
    }
    by_agent(
        &sandbox,
        "Read",
        json!({"file_path": sandbox.project().join("README.md")}),
    )
    .is_silent();
    by_agent(&sandbox, "Grep", json!({"pattern": "x"})).is_silent();
    by_agent(&sandbox, "WebSearch", json!({"query": "x"})).is_silent();
    assert_eq!(workspaces(&sandbox), Vec::<PathBuf>::new());
}

#[test]
fn a_new_file_is_written_in_the_workspace() {
    let sandbox = Sandbox::with_repository();
    let input = json!({"file_path": sandbox.project().join("docs/new.md"), "content": "x"});
    let answer = by_agent(&sandbox, "Write", input);
    let workspace = only_workspace(&sandbox);
    let there = workspace.join("docs/new.md");
    assert_eq!(
        answer.rewritten(),
        json!({"file_path": there, "content": "x"})
    );
    assert!(
        answer.told().contains(workspace.to_str().unwrap()),
        "{}",
        answer.told()
    );
    assert_eq!(
        sandbox.branches("agent/Explore/").len(),
        1,
        "{:?}",
        sandbox.branches("")
    );
    assert_eq!(sandbox.agents("active_agents").len(), 1);
    assert_eq!(sandbox.agents("pending_agents").len(), 0);
    main_is_untouched(&sandbox);
}

#[test]
fn an_edit_is_refused_with_the_path_to_use() {
    let sandbox = Sandbox::with_repository();
    for (tool, field) in [
        ("Edit", "file_path"),
        ("MultiEdit", "file_path"),
        ("NotebookEdit", "notebook_path"),
    ] {
        // A relative path, and one through a link, mean the same file.
        let input = json!({field: "src/lib.rs", "old_string": "1", "new_string": "2"});
        let reason = by_agent(&sandbox, tool, input).refusal();
        let there = only_workspace(&sandbox).join("src/lib.rs");
        assert!(reason.contains(there.to_str().unwrap()), "{reason}");
        let edit = json!({field: there, "old_string": "1", "new_string": "2"});
        by_agent(&sandbox, tool, edit).is_silent();
    }
    main_is_untouched(&sandbox);
}

#[test]
fn later_reads_follow_into_the_workspace() {
    let sandbox = Sandbox::with_repository();
    sandbox.write(".gitignore", "ignored.txt\n");
    sandbox.commit("ignore");
    sandbox.write("ignored.txt", "only here\n");
    let _ = by_agent(&sandbox, "Bash", json!({"command": "touch a"})).rewritten();
    let workspace = only_workspace(&sandbox);
    let read = by_agent(
        &sandbox,
        "Read",
        json!({"file_path": sandbox.project().join("README.md")}),
    );
    assert_eq!(
        read.rewritten()["file_path"],
        json!(workspace.join("README.md"))
    );
    let ignored = json!({"file_path": sandbox.project().join("ignored.txt")});
    by_agent(&sandbox, "Read", ignored).is_silent();
    let search = by_agent(&sandbox, "Grep", json!({"pattern": "one"}));
    assert_eq!(
        search.rewritten(),
        json!({"pattern": "one", "path": workspace})
    );
    let listing = by_agent(&sandbox, "Bash", json!({"command": "git status"})).rewritten();
    assert_eq!(
        listing["command"],
        format!("cd '{}' && git status", workspace.display())
    );
}

#[test]
fn a_command_that_modifies_runs_in_the_workspace() {
    let sandbox = Sandbox::with_repository();
    let plain = by_agent(
        &sandbox,
        "Bash",
        json!({"command": "touch a && touch b", "timeout": 5}),
    );
    let workspace = only_workspace(&sandbox);
    let workspace = workspace.display();
    assert_eq!(
        plain.rewritten(),
        json!({"command": format!("cd '{workspace}' && touch a && touch b"), "timeout": 5})
    );
    let other = by_agent(&sandbox, "Bash", json!({"command": "touch a; touch b"})).rewritten();
    assert_eq!(
        other["command"],
        format!("cd '{workspace}' || exit 1\ntouch a; touch b")
    );
    let below = HookEvent::before(&sandbox, "Bash", json!({"command": "touch a"}))
        .by(ID, "Explore")
        .from_folder(sandbox.project().join("src"))
        .answer()
        .rewritten();
    assert_eq!(below["command"], format!("cd '{workspace}/src' && touch a"));
    main_is_untouched(&sandbox);
}

#[test]
fn no_spelling_of_the_main_checkout_is_reached_by_a_command() {
    let sandbox = Sandbox::with_repository();
    let main = sandbox.project();
    let main = main.display();
    let commands = [
        format!("touch {main}/a"),
        format!("echo x > {main}/a"),
        format!("cd {main} && touch a"),
        format!("git -C {main} commit --allow-empty -m x"),
        format!("git --git-dir={main}/.git --work-tree={main} add ."),
        format!("GIT_DIR={main}/.git git gc"),
        "touch ../../../a".to_owned(),
        "touch ~/project/a".to_owned(),
        "bash -c 'cd ../../.. && touch a'".to_owned(),
        format!("find {main} -name README.md -exec sed -i s/x/y/ {{}} +"),
        format!("grep -rl x {main} | xargs sed -i s/x/y/"),
        "find ../../.. -name README.md | xargs touch".to_owned(),
        "cd \"${PWD%/.claude/*}\" && touch a".to_owned(),
        "cd \"$(git rev-parse --git-common-dir)/..\" && touch a".to_owned(),
    ];
    for command in &commands {
        let reason = by_agent(&sandbox, "Bash", json!({"command": command})).refusal();
        let workspace = only_workspace(&sandbox);
        assert!(
            reason.contains(workspace.to_str().unwrap()),
            "{command}: {reason}"
        );
        // The same from an agent that the client isolated.
        let reason = HookEvent::before(&sandbox, "Bash", json!({"command": command}))
            .by(ID, "Explore")
            .from_folder(&workspace)
            .answer()
            .refusal();
        assert!(reason.contains("isolation.command"), "{command}: {reason}");
    }
    let looks = json!({"command": format!("cat {main}/README.md")});
    HookEvent::before(&sandbox, "Bash", looks)
        .by(ID, "Explore")
        .from_folder(only_workspace(&sandbox))
        .answer()
        .is_silent();
}

#[test]
fn what_git_shares_between_worktrees_is_not_changed_by_a_command() {
    let sandbox = Sandbox::with_repository();
    let commands = [
        "git config core.bare true",
        "git update-ref refs/heads/main HEAD",
        "git branch -m main main2",
        "git checkout --ignore-other-worktrees main",
        "git symbolic-ref HEAD refs/heads/main",
        "git worktree prune",
        "git stash pop",
    ];
    for command in commands {
        let input = json!({"command": command});
        let shares = by_agent(&sandbox, "Bash", input.clone()).refusal();
        let isolated = HookEvent::before(&sandbox, "Bash", input)
            .by(ID, "Explore")
            .from_folder(only_workspace(&sandbox));
        for reason in [shares, isolated.answer().refusal()] {
            assert!(reason.contains("isolation.git"), "{command}: {reason}");
        }
    }
    let own = json!({"command": "git add -A && git commit -m x && git branch -m feature"});
    HookEvent::before(&sandbox, "Bash", own)
        .by(ID, "Explore")
        .from_folder(only_workspace(&sandbox))
        .answer()
        .is_silent();
    // The main thread's git is the person's.
    for command in ["git config core.bare false", "git stash pop"] {
        let input = json!({"command": command});
        HookEvent::before(&sandbox, "Bash", input)
            .answer()
            .is_silent();
    }
}

#[test]
fn file_tools_stay_in_the_workspace_by_real_path() {
    let sandbox = Sandbox::with_repository();
    let created = HookEvent::new(&sandbox, Event::WorktreeCreate)
        .with("name", format!("agent-{ID}"))
        .answer();
    let workspace = created.path();
    symlink(sandbox.project(), workspace.join("way-out")).unwrap();
    let isolated = |tool: &str, path: &Path| {
        let input = json!({"file_path": path, "content": "x", "old_string": "", "new_string": ""});
        HookEvent::before(&sandbox, tool, input)
            .by(ID, "coder")
            .from_folder(&workspace)
            .answer()
    };
    isolated("Write", &workspace.join("new.txt")).is_silent();
    isolated("Write", Path::new("new.txt")).is_silent();
    isolated("Write", &sandbox.home().join("elsewhere.txt")).is_silent();
    for path in [
        sandbox.project().join(".git/hooks/pre-commit"),
        sandbox.project().join(".claude/worktrees/coder-other/a"),
        workspace.join("way-out/.git/config"),
    ] {
        let reason = isolated("Write", &path).refusal();
        let own = path.starts_with(sandbox.project().join(".maos"));
        let rule = if own {
            "maos.state"
        } else {
            "isolation.foreign"
        };
        assert!(reason.contains(rule), "{}: {reason}", path.display());
    }
    let state = isolated("Write", &sandbox.project().join(".maos/audit.jsonl"));
    assert!(
        state.refusal().contains("maos.state"),
        "{}",
        state.refusal()
    );
    for path in [
        sandbox.project().join("README.md"),
        workspace.join("way-out/README.md"),
        workspace.join("../../../README.md"),
    ] {
        let there = isolated("Write", &path).rewritten()["file_path"].clone();
        assert_eq!(
            there,
            json!(workspace.join("README.md")),
            "{}",
            path.display()
        );
        assert!(isolated("Edit", &path).refusal().contains("isolation.edit"));
    }
    main_is_untouched(&sandbox);
}

#[test]
fn an_unknown_tool_is_led_into_the_workspace() {
    let sandbox = Sandbox::with_repository();
    let file = sandbox.project().join("README.md");
    let input = json!({"path": file, "text": "x", "lines": [1]});
    let answer = by_agent(&sandbox, "mcp__files__write", input);
    let there = only_workspace(&sandbox).join("README.md");
    assert_eq!(
        answer.rewritten(),
        json!({"path": there, "text": "x", "lines": [1]})
    );
    by_agent(&sandbox, "mcp__web__search", json!({"query": "x"})).is_silent();
}

#[test]
fn without_a_workspace_nothing_is_changed() {
    let sandbox = Sandbox::with_empty_repository();
    sandbox.write(".claude/maos.toml", "[workspace]\nbase = \"head\"\n");
    let write = json!({"file_path": "a.txt", "content": "x"});
    for (tool, input) in [
        ("Write", write),
        ("Bash", json!({"command": "touch a"})),
        ("Edit", json!({"file_path": "a.txt"})),
    ] {
        let reason = by_agent(&sandbox, tool, input).refusal();
        assert!(reason.contains("no commit yet"), "{reason}");
        assert!(reason.contains("isolation.workspace"), "{reason}");
    }
    by_agent(&sandbox, "Bash", json!({"command": "ls"})).is_silent();
    assert_eq!(workspaces(&sandbox), Vec::<PathBuf>::new());
}

#[test]
fn the_main_thread_works_where_it_is() {
    let sandbox = Sandbox::with_repository();
    for (tool, input) in [
        ("Bash", json!({"command": "touch a"})),
        ("Write", json!({"file_path": "a", "content": "x"})),
        ("Edit", json!({"file_path": "README.md"})),
        (
            "mcp__files__write",
            json!({"path": sandbox.project().join("a")}),
        ),
    ] {
        HookEvent::before(&sandbox, tool, input)
            .answer()
            .is_silent();
    }
    assert_eq!(workspaces(&sandbox), Vec::<PathBuf>::new());
}
