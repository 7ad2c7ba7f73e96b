//! Programs that are killed at any moment: the same event again succeeds, and
//! nothing is lost, doubled or half done.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; these write what agents would write"
)]

mod every_call;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_tests::{Answered, Finished, HookEvent, Random, Sandbox};
use serde_json::{Value, json};

/// How many kills each event gets.
const KILLS: usize = 14;

/// Kills that are spread over the time that a program takes; about two of three
/// hit.
struct Killer {
    random: Random,
    longest: Duration,
    kills: usize,
}

impl Killer {
    /// Returns kills for a program that needs as long as `play` does here and
    /// now.
    fn of(seed: u64, play: impl FnOnce()) -> Self {
        let began = Instant::now();
        play();
        Self {
            random: Random::seeded(seed),
            longest: began.elapsed(),
            kills: 0,
        }
    }

    /// Has the event's program killed at some moment.
    fn strikes(&mut self, event: HookEvent<'_>) {
        let delay = self.random.up_to(self.longest);
        if event.program().killed_after(delay) {
            self.kills += 1;
            self.longest = self.longest.mul_f64(1.2);
        } else {
            // The machine has become faster, or less busy.
            self.longest = self.longest.mul_f64(0.6);
        }
    }

    /// Has the event's program killed twice, and then lets a fresh one answer.
    fn strikes_before<'a>(&mut self, event: impl Fn() -> HookEvent<'a>) -> Answered {
        self.strikes(event());
        self.strikes(event());
        event().answer()
    }
}

impl Drop for Killer {
    /// Checks that the kills hit: a test of programs that were always faster
    /// would say nothing.
    fn drop(&mut self) {
        let hit = self.kills * 4 > KILLS;
        assert!(hit || thread::panicking(), "only {} kills", self.kills);
    }
}

fn id(n: usize) -> String {
    format!("a{n:03}84d067ecffbeda")
}

fn create(sandbox: &Sandbox, n: usize) -> HookEvent<'_> {
    HookEvent::new(sandbox, Event::WorktreeCreate).with("name", format!("agent-{}", id(n)))
}

/// An event from inside the agent `n`.
fn inside<'a>(sandbox: &'a Sandbox, event: Event, n: usize, folder: &Path) -> HookEvent<'a> {
    HookEvent::new(sandbox, event)
        .by(&id(n), "coder")
        .from_folder(folder)
}

/// Checks that the agent is in the one folder `state`, and that it got there
/// step by step.
fn is_only(sandbox: &Sandbox, state: &str, n: usize) {
    let id = id(n);
    for folder in ["pending_agents", "active_agents", "completed_agents"] {
        let agents = sandbox.agents(folder);
        let found = agents.iter().filter(|agent| agent["agent_id"] == *id);
        assert_eq!(
            found.count(),
            usize::from(folder == state),
            "{id} in {folder}"
        );
    }
    let lines = sandbox.journal();
    let mut last = None;
    for step in lines.iter().filter(|line| line["agent"] == *id) {
        if step["to"].is_null() {
            continue;
        }
        assert_ne!(step["from"], step["to"], "{step}");
        // A line may be missing after a kill, none may come twice.
        let this = Some((step["from"].clone(), step["to"].clone()));
        assert_ne!(this, last, "{step} came twice");
        last = this;
    }
}

/// Checks that the workspace is what the agent's fact says, whole and clean.
fn is_ready(sandbox: &Sandbox, n: usize, path: &Path) {
    let known = sandbox.fact(&id(n), "workspace.json").unwrap();
    assert_eq!(known["path"], json!(path));
    let git = |arguments: &[&str]| {
        let folder = ["-C", path.to_str().unwrap()];
        sandbox.git(folder.iter().chain(arguments))
    };
    assert_eq!(git(&["status", "--porcelain"]), "", "{}", path.display());
    assert_eq!(git(&["symbolic-ref", "--short", "HEAD"]), known["branch"]);
    assert_eq!(git(&["rev-parse", "HEAD"]), known["base"]);
    assert!(path.join("src/lib.rs").is_file());
}

/// Checks that the main checkout and the repository are as they were.
fn is_untouched(sandbox: &Sandbox) {
    assert_eq!(sandbox.status(), "");
    assert_eq!(sandbox.git(["log", "--format=%s"]), "begin");
    sandbox.is_whole();
}

#[test]
fn a_worktree_that_is_made() {
    let sandbox = Sandbox::with_repository();
    let mut killer = Killer::of(1, || drop(create(&sandbox, 0).answer().path()));
    for n in 1..=KILLS {
        let path = killer.strikes_before(|| create(&sandbox, n)).path();
        is_ready(&sandbox, n, &path);
        // Neither a second folder nor a second branch.
        assert_eq!(sandbox.worktrees().len(), n + 1);
        assert_eq!(sandbox.branches("agent/").len(), n + 1);
    }
    is_untouched(&sandbox);
}

#[test]
fn an_agent_that_begins() {
    let sandbox = Sandbox::with_repository();
    let start = |n: usize, path: &Path| inside(&sandbox, Event::SubagentStart, n, path);
    let first = create(&sandbox, 0).answer().path();
    let mut killer = Killer::of(2, || start(0, &first).answer().is_silent());
    for n in 1..=KILLS {
        let path = create(&sandbox, n).answer().path();
        killer.strikes_before(|| start(n, &path)).is_silent();
        is_only(&sandbox, "active_agents", n);
        is_ready(&sandbox, n, &path);
        assert_eq!(sandbox.branches("agent/coder/").len(), n + 1);
        assert_eq!(sandbox.branches("agent/").len(), n + 1, "one branch each");
    }
    is_untouched(&sandbox);
}

#[test]
fn an_agent_that_ends() {
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let work = |n: usize| {
        let path = create(&sandbox, n).answer().path();
        inside(&sandbox, Event::SubagentStart, n, &path)
            .answer()
            .is_silent();
        fs::write(path.join("new.txt"), format!("new {n}")).unwrap();
        fs::write(path.join("README.md"), format!("changed {n}")).unwrap();
        fs::remove_file(path.join("src/lib.rs")).unwrap();
        path
    };
    let stop = |n: usize, path: &Path| inside(&sandbox, Event::SubagentStop, n, path);
    let first = work(0);
    let mut killer = Killer::of(3, || stop(0, &first).answer().is_silent());
    for n in 1..=KILLS {
        let path = work(n);
        killer.strikes_before(|| stop(n, &path)).is_silent();
        is_only(&sandbox, "completed_agents", n);
        let result = sandbox.fact(&id(n), "result.json").unwrap();
        assert_eq!(result["trouble"], Value::Null, "{result}");
        assert_eq!(result["commits"], 1, "{result}");
        assert_eq!(
            result["files"],
            json!(["README.md", "new.txt", "src/lib.rs"])
        );
        let branch = result["branch"].as_str().unwrap();
        assert_eq!(sandbox.git(["rev-parse", branch]), result["commit"]);
        for (file, text) in [("new.txt", "new"), ("README.md", "changed")] {
            let committed = sandbox.committed_file(branch, file);
            assert_eq!(committed, Some(format!("{text} {n}")), "{branch}");
        }
        assert_eq!(sandbox.committed_file(branch, "src/lib.rs"), None);
    }
    is_untouched(&sandbox);
}

#[test]
fn a_worktree_that_is_removed() {
    let sandbox = Sandbox::with_repository();
    let make = |n: usize| {
        let path = create(&sandbox, n).answer().path();
        fs::write(path.join("work.txt"), format!("work {n}")).unwrap();
        path
    };
    let remove = |path: &Path| {
        HookEvent::new(&sandbox, Event::WorktreeRemove)
            .with("worktree_path", path.to_str().unwrap())
    };
    let first = make(0);
    let mut killer = Killer::of(4, || drop(remove(&first).answer().finished().exits(0)));
    for n in 1..=KILLS {
        let path = make(n);
        let finished = killer.strikes_before(|| remove(&path)).finished().exits(0);
        assert_eq!(finished.err(), "");
        assert!(!path.exists());
        assert_eq!(sandbox.worktrees(), [] as [PathBuf; 0]);
        let name = path.file_name().unwrap().to_str().unwrap();
        let pattern = format!("refs/maos/rescue/{name}-*");
        let rescued = sandbox.git(["for-each-ref", "--format=%(refname)", &pattern]);
        assert_eq!(rescued.lines().count(), 1, "{rescued}");
        let kept = sandbox.committed_file(&rescued, "work.txt");
        assert_eq!(kept, Some(format!("work {n}")));
        // Of an unchanged branch nothing is lost when it goes, or when it stays.
        let base = sandbox.git(["rev-parse", "main"]);
        for branch in sandbox.branches("agent/") {
            assert_eq!(sandbox.git(["rev-parse", &branch]), base);
        }
    }
    is_untouched(&sandbox);
}

#[test]
fn a_call_that_needs_a_workspace() {
    let sandbox = Sandbox::with_repository();
    let write = |n: usize| {
        let input = json!({"file_path": "new.txt", "content": "x"});
        HookEvent::before(&sandbox, "Write", input).by(&id(n), "coder")
    };
    let mut killer = Killer::of(5, || drop(write(0).answer().rewritten()));
    for n in 1..=KILLS {
        let input = killer.strikes_before(|| write(n)).rewritten();
        let file = PathBuf::from(input["file_path"].as_str().unwrap());
        let path = file.parent().unwrap();
        is_ready(&sandbox, n, path);
        is_only(&sandbox, "active_agents", n);
        assert_eq!(sandbox.worktrees().len(), n + 1);
        assert_eq!(sandbox.branches("agent/").len(), n + 1);
    }
    is_untouched(&sandbox);
}

#[test]
fn an_agent_that_was_not_counted_when_its_workspace_was_kept() {
    let sandbox = Sandbox::with_repository();
    // As after a kill between the two: this event keeps the workspace alone.
    let path = create(&sandbox, 1).answer().path();
    let input = json!({"file_path": "new.txt", "content": "x"});
    let write = HookEvent::before(&sandbox, "Write", input).by(&id(1), "coder");
    let there = write.answer().rewritten()["file_path"].clone();
    assert_eq!(there, json!(path.join("new.txt")));
    is_only(&sandbox, "active_agents", 1);
    is_ready(&sandbox, 1, &path);
}

/// An edit of the file `n` by the main thread of `session`.
fn edit<'a>(sandbox: &'a Sandbox, n: usize, session: &str) -> HookEvent<'a> {
    let input = json!({"file_path": format!("file-{n}.txt"), "old_string": "a"});
    HookEvent::before(sandbox, "Edit", input).with("session_id", session)
}

/// Returns whether the call may run; otherwise it was refused for a lease. Who
/// may run it can be told that another wants the file.
pub(super) fn may_run(finished: &Finished) -> bool {
    let said = finished.clone().exits(0).answer().unwrap_or_default();
    let output = &said["hookSpecificOutput"];
    if output["permissionDecision"].is_null() {
        return true;
    }
    let reason = output["permissionDecisionReason"].to_string();
    assert!(reason.contains("MAOS rule leases.held"), "{reason}");
    false
}

#[test]
fn a_call_that_takes_a_lease() {
    let sandbox = Sandbox::with_repository();
    let mut killer = Killer::of(6, || edit(&sandbox, 0, "one").answer().is_silent());
    for n in 1..=KILLS {
        // The other session asks between the kill and the next try.
        killer.strikes(edit(&sandbox, n, "one"));
        let two = may_run(&edit(&sandbox, n, "two").answer().finished());
        let one = may_run(&edit(&sandbox, n, "one").answer().finished());
        assert_ne!(one, two, "file {n} has not one owner");
        // A renewal that is killed changes nothing about that.
        let owner = if one { "one" } else { "two" };
        killer.strikes(edit(&sandbox, n, owner));
        assert!(!may_run(&edit(&sandbox, n, "three").answer().finished()));
        assert!(may_run(&edit(&sandbox, n, owner).answer().finished()));
        assert_eq!(sandbox.leases().len(), n + 1);
    }
    is_untouched(&sandbox);
}

#[test]
fn a_lease_that_is_taken_from_the_dead() {
    let sandbox = Sandbox::with_repository();
    let mut dead = Command::new("true").spawn().unwrap();
    dead.wait().unwrap();
    let by_the_dead = |n: usize| {
        let program = edit(&sandbox, n, "dead").program().started_by(dead.id());
        assert!(program.run().exits(0).stdout.is_empty());
    };
    by_the_dead(0);
    let mut killer = Killer::of(7, || edit(&sandbox, 0, "one").answer().is_silent());
    for n in 1..=KILLS {
        by_the_dead(n);
        killer.strikes(edit(&sandbox, n, "one"));
        let two = may_run(&edit(&sandbox, n, "two").answer().finished());
        let one = may_run(&edit(&sandbox, n, "one").answer().finished());
        assert_ne!(one, two, "file {n} has not one owner");
        assert_eq!(sandbox.leases().len(), n + 1);
    }
    is_untouched(&sandbox);
}

#[test]
fn a_session_that_ends() {
    let sandbox = Sandbox::with_repository();
    let start = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    start.answer().is_silent();
    let end = || HookEvent::new(&sandbox, Event::SessionEnd).with("reason", "logout");
    let take = |n: usize| {
        let input = json!({"file_path": format!("file-{n}.txt"), "content": "a"});
        HookEvent::before(&sandbox, "Write", input)
            .answer()
            .is_silent();
    };
    edit(&sandbox, 0, "other").answer().is_silent();
    (1..=5).for_each(take);
    let mut killer = Killer::of(8, || end().answer().is_silent());
    for _ in 0..KILLS {
        (1..=5).for_each(take);
        killer.strikes_before(end).is_silent();
        let left = sandbox.leases();
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!(left[0]["owner"]["session"], "other");
    }
    is_untouched(&sandbox);
}

#[test]
fn a_launch() {
    let sandbox = Sandbox::with_repository();
    let launch = |n: usize| {
        let input = json!({"description": "d", "prompt": "p", "subagent_type": "coder"});
        let call = HookEvent::before(&sandbox, "Agent", input);
        call.with("tool_use_id", format!("toolu_{n}"))
    };
    let mut killer = Killer::of(9, || drop(launch(0).answer().rewritten()));
    for n in 1..=KILLS {
        let input = killer.strikes_before(|| launch(n)).rewritten();
        assert_eq!(input["isolation"], "worktree");
        // The types of all launches that wait are read for the name.
        let path = create(&sandbox, n).answer().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with("coder-"), "{name}");
    }
    is_untouched(&sandbox);
}
