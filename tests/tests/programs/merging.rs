//! Agents' work comes back by itself, or is merged by a person with `maos`.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; these write what agents would write"
)]

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use serde_json::{Value, json};

const ONE: &str = "a1584d067ecffbeda";
const TWO: &str = "b2584d067ecffbeda";
const THREE: &str = "c3584d067ecffbeda";
const FOUR: &str = "d4584d067ecffbeda";
const FIVE: &str = "e5584d067ecffbeda";
const SIX: &str = "f6584d067ecffbeda";

/// A repository whose person wants work to stay on its branch.
fn with_branches() -> Sandbox {
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    sandbox
}

/// Returns the workspace of an agent that has begun.
fn begun(sandbox: &Sandbox, id: &str) -> PathBuf {
    let create = HookEvent::new(sandbox, Event::WorktreeCreate);
    let path = create.with("name", format!("agent-{id}")).answer().path();
    let start = HookEvent::new(sandbox, Event::SubagentStart).by(id, "coder");
    start.from_folder(&path).answer().is_silent();
    path
}

fn stop(sandbox: &Sandbox, id: &str, path: &PathBuf) {
    let stop = HookEvent::new(sandbox, Event::SubagentStop).by(id, "coder");
    stop.from_folder(path).answer().is_silent();
}

/// An agent writes these files and stops. Returns its workspace.
fn worked(sandbox: &Sandbox, id: &str, files: &[(&str, &str)]) -> PathBuf {
    let path = begun(sandbox, id);
    for (name, text) in files {
        fs::write(path.join(name), text).unwrap();
    }
    stop(sandbox, id, &path);
    path
}

/// What the main agent is told of an agent that has ended.
fn told(sandbox: &Sandbox, id: &str) -> String {
    let response = json!({ "status": "completed", "agentId": id });
    let after = HookEvent::new(sandbox, Event::PostToolUse).with("tool_name", "Agent");
    after.with("tool_response", response).answer().told()
}

fn json_of(sandbox: &Sandbox, arguments: &[&str], code: i32) -> Value {
    let ended = sandbox.maos(arguments).exits(code);
    serde_json::from_str(&ended.out()).unwrap()
}

/// The ways in which a merge by hand makes commits, or leaves that to the person.
pub(crate) const STYLES: [&str; 5] = [
    "--squash",
    "--rebase",
    "--no-commit",
    "--resolve",
    "--again",
];

#[test]
fn work_comes_back_when_an_agent_stops_and_only_what_is_new_the_next_time() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("loose.txt", "mine\n");
    let head = sandbox.head();
    let path = worked(
        &sandbox,
        ONE,
        &[("one.txt", "1\n"), ("README.md", "# Other\n")],
    );
    assert_eq!(sandbox.status(), " M README.md\n?? loose.txt\n?? one.txt");
    assert_eq!(sandbox.head(), head);
    let text = told(&sandbox, ONE);
    assert!(text.contains("its changes are in"), "{text}");
    assert!(
        text.contains("Changed files: README.md, one.txt\n"),
        "{text}"
    );

    fs::remove_file(sandbox.project().join("one.txt")).unwrap();
    let start = HookEvent::new(&sandbox, Event::SubagentStart).by(ONE, "coder");
    start.from_folder(&path).answer().is_silent();
    fs::write(path.join("two.txt"), "2\n").unwrap();
    stop(&sandbox, ONE, &path);
    assert_eq!(sandbox.status(), " M README.md\n?? loose.txt\n?? two.txt");
    let text = told(&sandbox, ONE);
    assert!(text.contains("Changed files: two.txt\n"), "{text}");
    sandbox.is_whole();
}

#[test]
fn two_agents_that_change_one_line_are_told_before_any_merge() {
    let sandbox = Sandbox::with_repository();
    let (one, two) = (begun(&sandbox, ONE), begun(&sandbox, TWO));
    fs::write(one.join("README.md"), "# One\n").unwrap();
    fs::write(two.join("README.md"), "# Two\n").unwrap();
    fs::write(two.join("two.txt"), "2\n").unwrap();
    stop(&sandbox, ONE, &one);
    stop(&sandbox, TWO, &two);
    assert_eq!(
        sandbox.status(),
        " M README.md",
        "none of the second's files"
    );
    assert_eq!(sandbox.read("README.md").as_deref(), Some("# One\n"));
    let text = told(&sandbox, TWO);
    assert!(text.contains("README.md (contents)"), "{text}");
    assert!(
        text.contains(&format!("maos merge --resolve {TWO}")),
        "{text}"
    );

    // What is not committed is never overwritten, not by a person's merge either.
    let ended = sandbox.maos(["merge", TWO]).exits(4);
    assert!(ended.out().contains("README.md"), "{}", ended.out());
    assert_eq!(sandbox.status(), " M README.md");
    sandbox.commit("the first");
    let ended = sandbox.maos(["merge", TWO]).exits(4);
    let shown = ended.out();
    for line in ["  README.md (contents)", "here   # One", "agent  # Two"] {
        assert!(shown.contains(line), "{shown}");
    }
    assert_eq!(sandbox.status(), "");
    let _ = sandbox.maos(["merge", "--resolve", TWO]).exits(0);
    assert_eq!(sandbox.status(), "UU README.md\nA  two.txt");
}

#[test]
fn a_setting_leaves_all_work_on_its_branch() {
    let sandbox = with_branches();
    worked(&sandbox, ONE, &[("one.txt", "1\n")]);
    assert_eq!(sandbox.status(), "");
    let text = told(&sandbox, ONE);
    assert!(
        text.contains("nothing is in your checkout yet.\n"),
        "{text}"
    );
    assert!(
        text.ends_with(&format!(
            "Bring it in: {} merge {ONE}",
            sandbox.maos_command()
        )),
        "{text}"
    );
}

#[test]
fn what_was_uncommitted_never_comes_back_as_a_change() {
    let sandbox = with_branches();
    sandbox.write("loose.txt", "mine\n");
    worked(&sandbox, ONE, &[("one.txt", "1\n")]);
    fs::remove_file(sandbox.project().join("loose.txt")).unwrap();
    let shown = sandbox.maos(["diff", "--name-only", &ONE[..6]]).exits(0);
    assert_eq!(shown.out(), "one.txt\n");
    let merged = json_of(&sandbox, &["merge", "--json", ONE], 0);
    assert_eq!(merged["merged"][0]["files"], json!(["one.txt"]));
    assert_eq!(sandbox.status(), "");
    let files = sandbox.git(["show", "--name-only", "--format=%an: %s", "HEAD"]);
    assert_eq!(files, "A Tester: coder: work of an agent\n\none.txt");
    let again = sandbox.maos(["merge", "--all"]).exits(0);
    assert_eq!(again.out(), "no agent has work that is not merged\n");
}

#[test]
fn all_agents_become_one_commit_each_or_one_for_all() {
    let files = |n: &'static str| [(n, "x\n")];
    for (option, commits) in [
        ("--squash", "1"),
        ("--rebase", "3"),
        ("--all", "3"),
        ("--no-commit", "0"),
    ] {
        let sandbox = with_branches();
        let before = sandbox.head();
        for (id, name) in [(ONE, "1"), (TWO, "2"), (THREE, "3")] {
            worked(&sandbox, id, &files(name));
        }
        let _ = sandbox
            .maos(
                ["merge", "--json", option, ONE, TWO, THREE]
                    .iter()
                    .filter(|word| option != "--all" || !word.starts_with(['a', 'b', 'c'])),
            )
            .exits(0);
        let range = format!("{before}..HEAD");
        assert_eq!(
            sandbox.git(["rev-list", "--count", &range]),
            commits,
            "{option}"
        );
        let expected = if commits == "0" {
            "A  1\nA  2\nA  3"
        } else {
            ""
        };
        assert_eq!(sandbox.status(), expected, "{option}");
        for name in ["1", "2", "3"] {
            assert_eq!(sandbox.read(name).as_deref(), Some("x\n"), "{option}");
        }
    }
}

#[test]
fn a_conflict_leaves_all_as_it_was_and_the_others_are_named() {
    let sandbox = with_branches();
    let three = [("README.md", "# Three\n")];
    let (one, two) = (begun(&sandbox, ONE), begun(&sandbox, TWO));
    fs::write(one.join("README.md"), "# One\n").unwrap();
    fs::write(two.join("two.txt"), "2\n").unwrap();
    stop(&sandbox, ONE, &one);
    stop(&sandbox, TWO, &two);
    worked(&sandbox, THREE, &three);
    let head = sandbox.head();
    let shown = sandbox.maos(["merge", "--all"]).exits(4).out().to_owned();
    assert!(shown.contains("the others fit:\n"), "{shown}");
    assert!(shown.contains(TWO), "{shown}");
    assert_eq!((sandbox.head(), sandbox.status()), (head, String::new()));

    let answer = json_of(&sandbox, &["conflicts", "--json"], 4);
    assert_eq!(answer["here"], json!([]));
    assert_eq!(answer["pairs"].as_array().unwrap().len(), 1);
    let pair = &answer["pairs"][0];
    assert_eq!(pair["files"][0]["path"], "README.md");
    let mut agents: Vec<_> = pair["agents"].as_array().unwrap().clone();
    agents.sort_by_key(|id| id.to_string());
    assert_eq!(agents, [ONE, THREE]);
    let matrix = sandbox.maos(["conflicts"]).exits(4).out();
    let crosses = matrix.lines().map(|line| line.matches("  x").count());
    assert_eq!(crosses.sum::<usize>(), 2, "{matrix}");
}

#[test]
fn names_that_mean_none_or_several_are_refused() {
    let sandbox = with_branches();
    worked(&sandbox, ONE, &[("one.txt", "1\n")]);
    worked(&sandbox, "a1999d067ecffbeda", &[("two.txt", "1\n")]);
    let none = sandbox.maos(["merge", "nobody"]).exits(1);
    assert!(none.err().contains("maos status"), "{}", none.err());
    let several = sandbox.maos(["diff", "a1"]).exits(1);
    assert!(
        several.err().contains("several agents"),
        "{}",
        several.err()
    );
    let _ = sandbox.maos(["merge"]).exits(2);
    let branch = &sandbox.branches("agent/coder/")[0];
    let _ = sandbox.maos(["diff", branch]).exits(0);
}

#[test]
fn a_rebase_keeps_messages_authors_and_times() {
    let sandbox = with_branches();
    let path = begun(&sandbox, ONE);
    let folder = path.to_str().unwrap();
    for (author, name) in [
        ("\u{c9}ve <eve@example.com>", "one"),
        ("Bob <bob@localhost>", "two"),
    ] {
        fs::write(path.join(name), name).unwrap();
        let _ = sandbox.git(["-C", folder, "add", "-A"]);
        let (author, time) = (format!("--author={author}"), "--date=@86400 +0200");
        let commit = ["-C", folder, "commit", "-q", "-m", name, &author, time];
        let _ = sandbox.git(commit);
    }
    stop(&sandbox, ONE, &path);
    sandbox.write("other.txt", "in between\n");
    sandbox.commit("in between");
    let _ = sandbox.maos(["merge", "--rebase", ONE]).exits(0);
    let log = [
        "log",
        "-2",
        "--date=raw",
        "--format=%s, %an <%ae>, %ad, %cn",
    ];
    let person = sandbox.git(["log", "-1", "--format=%an", "HEAD~2"]);
    let wanted = [
        format!("two, Bob <bob@localhost>, 86400 +0200, {person}"),
        format!("one, \u{c9}ve <eve@example.com>, 86400 +0200, {person}"),
    ];
    assert_eq!(sandbox.git(log), wanted.join("\n"));
}

#[test]
fn a_conflict_with_an_agent_of_another_session_is_foreseen_too() {
    let sandbox = with_branches();
    let one = begun(&sandbox, ONE);
    fs::write(one.join("README.md"), "# One\n").unwrap();
    stop(&sandbox, ONE, &one);
    await_comparisons(&sandbox, 1);
    // The person changes the same line, and another session's agent does.
    let other = |event| HookEvent::new(&sandbox, event).with("session_id", "other-session");
    let create = other(Event::WorktreeCreate).with("name", format!("agent-{TWO}"));
    let two = create.answer().path();
    let inside = |event| other(event).by(TWO, "coder").from_folder(&two);
    inside(Event::SubagentStart).answer().is_silent();
    fs::write(two.join("README.md"), "# Two\n").unwrap();
    sandbox.write("README.md", "# Person\n");
    inside(Event::SubagentStop).answer().is_silent();
    let text = told_by_the_next_call(&sandbox, None);
    assert!(
        text.contains(&format!("{TWO} and {ONE} conflicts in README.md")),
        "{text}"
    );
    let after = other(Event::PostToolUse).with("tool_name", "Bash");
    let text = after.answer().told();
    let mine = format!("the work of agent {TWO} conflicts with what is in ");
    assert!(text.contains(&mine), "{text}");
    assert!(
        text.contains(&format!("{TWO} and {ONE} conflicts in README.md")),
        "{text}"
    );
}

/// An agent edits a file, which takes a lease on it, and stops.
fn edited(sandbox: &Sandbox, id: &str, file: &str) {
    let path = begun(sandbox, id);
    let input = json!({"file_path": path.join(file), "content": "new\n"});
    let write = HookEvent::before(sandbox, "Write", input).by(id, "coder");
    let _ = write.from_folder(&path).answer().finished().exits(0);
    assert_eq!(sandbox.live_leases(), [file]);
    fs::write(path.join(file), "new\n").unwrap();
    stop(sandbox, id, &path);
}

#[test]
fn leases_end_when_the_work_is_in_the_checkout_and_not_before() {
    let sandbox = Sandbox::with_repository();
    edited(&sandbox, ONE, "one.txt");
    assert_eq!(sandbox.live_leases(), [""; 0], "it came back");

    sandbox.keep_work_on_branches();
    edited(&sandbox, TWO, "two.txt");
    assert_eq!(sandbox.live_leases(), ["two.txt"], "it is on its branch");
    sandbox.commit("the first");
    let _ = sandbox.maos(["merge", TWO]).exits(0);
    assert_eq!(sandbox.live_leases(), [""; 0], "it is merged");

    // A person's own merge tells nobody; who looks next sees it.
    for (id, squash) in [(THREE, false), (FOUR, true)] {
        edited(&sandbox, id, "own.txt");
        let _ = sandbox.maos(["clean"]).exits(0);
        assert_eq!(sandbox.live_leases(), ["own.txt"], "it is not merged yet");
        let branch = sandbox.git([
            "branch",
            "--list",
            "--format=%(refname:short)",
            &format!("agent/*/{}", &id[..8]),
        ]);
        match squash {
            false => drop(sandbox.git(["merge", "-q", "--no-edit", &branch])),
            true => {
                sandbox.git(["merge", "-q", "--squash", &branch]);
                sandbox.commit("squashed");
            }
        }
        let _ = sandbox.maos(["clean"]).exits(0);
        assert_eq!(sandbox.live_leases(), [""; 0], "{id}");
        sandbox.git(["rm", "-q", "own.txt"]);
        sandbox.commit("again");
    }
    edited(&sandbox, FIVE, "five.txt");
    let branch = format!("agent/coder/{}", &FIVE[..8]);
    sandbox.git(["merge", "-q", "--no-edit", &branch]);
    worked(&sandbox, SIX, &[("six.txt", "6\n")]);
    let deadline = Instant::now() + Duration::from_secs(60);
    while !sandbox.live_leases().is_empty() {
        assert!(Instant::now() < deadline, "the next agent's stop sees it");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_agent_that_changed_nothing_in_the_end_holds_nothing() {
    let sandbox = Sandbox::with_repository();
    let path = begun(&sandbox, THREE);
    let input = json!({"file_path": path.join("three.txt"), "content": "new\n"});
    let write = HookEvent::before(&sandbox, "Write", input).by(THREE, "coder");
    let _ = write.from_folder(&path).answer().finished().exits(0);
    stop(&sandbox, THREE, &path);
    assert_eq!(sandbox.live_leases(), [""; 0]);
}

#[test]
fn a_main_agent_goes_on_beside_what_one_of_its_own_left() {
    let sandbox = with_branches();
    sandbox.write(
        "../.claude/maos.toml",
        "[workspace]\nreturn = \"branch\"\n[leases]\nmode = \"enforce\"\nwait = \"1ms\"\n",
    );
    let path = begun(&sandbox, ONE);
    let write = |file: PathBuf| {
        let input = json!({"file_path": file, "content": "new\n"});
        HookEvent::before(&sandbox, "Write", input)
    };
    let by_agent = write(path.join("one.txt")).by(ONE, "coder");
    let _ = by_agent.from_folder(&path).answer().finished().exits(0);
    let by_main = || write(sandbox.project().join("one.txt"));
    let refusal = by_main().answer().refusal();
    assert!(refusal.contains("MAOS rule leases.held"), "{refusal}");
    fs::write(path.join("one.txt"), "new\n").unwrap();
    stop(&sandbox, ONE, &path);
    let answer = by_main().answer().finished().exits(0).answer().unwrap();
    let told = answer["hookSpecificOutput"]["additionalContext"].to_string();
    assert!(
        told.contains(&format!("merge {ONE}` brings it in")),
        "{told}"
    );
    let other = by_main().with("session_id", "other").answer().refusal();
    assert!(other.contains("MAOS rule leases.held"), "{other}");
}

#[test]
fn no_hook_runs_and_nothing_is_signed_in_any_merge() {
    let hooks = "pre-commit prepare-commit-msg commit-msg post-commit pre-merge-commit \
                 post-merge post-checkout post-rewrite reference-transaction post-index-change";
    for style in STYLES {
        let sandbox = with_branches();
        worked(&sandbox, ONE, &[("one.txt", "1\n")]);
        sandbox.git(["config", "commit.gpgSign", "true"]);
        sandbox.git(["config", "gpg.program", "false"]);
        for name in hooks.split(' ') {
            let hook = sandbox.project().join(".git/hooks").join(name);
            fs::write(&hook, "#!/bin/sh\ntouch \"$HOME/ran-${0##*/}\"\nexit 1\n").unwrap();
            fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755))
                .unwrap();
        }
        let _ = sandbox.maos(["merge", style, ONE]).exits(0);
        assert_eq!(sandbox.read("one.txt").as_deref(), Some("1\n"), "{style}");
        let ran = fs::read_dir(sandbox.home()).unwrap();
        let ran = ran.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let ran: Vec<_> = ran.filter(|name| name.starts_with("ran-")).collect();
        assert_eq!(ran, [""; 0], "{style}");
    }
}

#[test]
fn the_main_agent_may_merge_and_a_subagent_may_not() {
    let sandbox = with_branches();
    let path = worked(&sandbox, ONE, &[("one.txt", "1\n")]);
    for command in ["maos merge --all", "true && ~/.claude/hooks/maos merge x"] {
        let input = || json!({ "command": command });
        HookEvent::before(&sandbox, "Bash", input())
            .answer()
            .is_silent();
        let asked = HookEvent::before(&sandbox, "Bash", input()).by(ONE, "coder");
        let reason = asked.from_folder(&path).answer().refusal();
        assert!(reason.contains("isolation.merge"), "{reason}");
        let audit = sandbox.read(".maos/audit.jsonl").unwrap_or_default();
        assert!(audit.contains("isolation.merge"), "{audit}");
    }
}

/// Waits until so many comparisons have been made.
fn await_comparisons(sandbox: &Sandbox, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(60);
    let done = || {
        let jobs = fs::read_dir(sandbox.project().join(".maos/jobs")).unwrap();
        let jobs = jobs.map(|job| job.unwrap().path().join("result.json"));
        let is_it = |file: &PathBuf| file.to_string_lossy().contains("forecast-") && file.exists();
        jobs.filter(is_it).count()
    };
    while done() < count {
        assert!(Instant::now() < deadline, "no comparison was made");
        std::thread::yield_now();
    }
}

/// Waits until a note for `agent` is there: the comparison runs beside the hook.
fn told_by_the_next_call(sandbox: &Sandbox, agent: Option<&str>) -> String {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        let after = HookEvent::new(sandbox, Event::PostToolUse).with("tool_name", "Bash");
        let after = agent.map_or_else(
            || HookEvent::new(sandbox, Event::PostToolUse).with("tool_name", "Bash"),
            |id| after.by(id, "coder"),
        );
        let answer = after.answer();
        if !answer.finished().out().is_empty() {
            return answer.told();
        }
        std::thread::yield_now();
    }
    String::new()
}

#[test]
fn a_conflict_is_foreseen_and_told_to_both_agents_and_the_main_one() {
    let sandbox = with_branches();
    let (one, two) = (begun(&sandbox, ONE), begun(&sandbox, TWO));
    fs::write(two.join("README.md"), "# Two\n").unwrap();
    stop(&sandbox, TWO, &two);
    let start = HookEvent::new(&sandbox, Event::SubagentStart).by(TWO, "coder");
    start.from_folder(&two).answer().is_silent();
    fs::write(one.join("README.md"), "# One\n").unwrap();
    stop(&sandbox, ONE, &one);
    for (agent, other) in [(Some(TWO), ONE), (Some(ONE), TWO), (None, ONE)] {
        let text = told_by_the_next_call(&sandbox, agent);
        assert!(text.contains("README.md (contents)"), "{agent:?}: {text}");
        assert!(text.contains(other), "{agent:?}: {text}");
    }
}

#[test]
fn what_an_agent_at_work_has_not_committed_is_told() {
    let sandbox = with_branches();
    let path = begun(&sandbox, ONE);
    for name in ["one.txt", "two.txt", ".env"] {
        fs::write(path.join(name), "1\n").unwrap();
    }
    let line = format!("2 files are not committed yet, in {}", path.display());
    let merged = sandbox.maos(["merge", ONE]).exits(0).out();
    assert!(merged.contains(&line), "{merged}");
    assert!(merged.contains("is still at work: "), "{merged}");
    assert!(!merged.contains("here already"), "{merged}");
    let diff = sandbox.maos(["diff", ONE]).exits(0);
    assert_eq!(diff.out(), "");
    assert!(diff.err().contains(&line), "{}", diff.err());
    for command in ["merge", "diff"] {
        let told = json_of(&sandbox, &[command, "--json", ONE], 0)["unfinished"].clone();
        let told = if command == "merge" {
            told[0].clone()
        } else {
            told
        };
        assert_eq!(told["files"], json!(["one.txt", "two.txt"]));
    }
    stop(&sandbox, ONE, &path);
    let merged = sandbox.maos(["merge", ONE]).exits(0).out();
    assert!(merged.contains("2 files, commit "), "{merged}");
    let diff = sandbox.maos(["diff", ONE]).exits(0);
    assert!(diff.err().contains("no changes here"), "{}", diff.err());
}

#[test]
fn long_tasks_are_cut_and_pairs_are_named_by_their_numbers() {
    let sandbox = with_branches();
    for (id, text) in [(ONE, "# One\n"), (TWO, "# Two\n")] {
        let create = HookEvent::new(&sandbox, Event::WorktreeCreate);
        let path = create.with("name", format!("agent-{id}")).answer().path();
        let kind = "reviewer-of-".repeat(10);
        let start = HookEvent::new(&sandbox, Event::SubagentStart).by(id, &kind);
        start.from_folder(&path).answer().is_silent();
        fs::write(path.join("README.md"), text).unwrap();
        let stop = HookEvent::new(&sandbox, Event::SubagentStop).by(id, &kind);
        stop.from_folder(&path).answer().is_silent();
    }
    let narrow = |arguments: &[&str]| {
        let (_, written) = sandbox
            .maos_on_a_terminal_with(arguments, &[("COLUMNS", "60"), ("NO_COLOR", "1")])
            .finish();
        // A command is there to be copied.
        let mut lines = written.lines().filter(|line| !line.contains("--resolve"));
        let wide = lines.find(|line| line.chars().count() > 60);
        assert_eq!(wide, None, "{written}");
        written
    };
    let matrix = narrow(&["conflicts"]);
    assert!(matrix.contains("1 and 2:"), "{matrix}");
    assert!(matrix.contains("  1    .  -  x  "), "{matrix}");
    let merged = narrow(&["merge", ONE]);
    assert!(merged.contains(": 1 file, commit "), "{merged}");
    let unfit = narrow(&["merge", "--no-commit", TWO]);
    assert!(unfit.contains(" does not fit:"), "{unfit}");
}
