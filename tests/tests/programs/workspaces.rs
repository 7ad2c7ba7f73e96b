//! What is in a workspace, and many that are made at once while git cleans up
//! and processes are killed.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; it reads how long it is to run"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};

/// How many workspaces are asked for at once.
const AT_ONCE: usize = 16;
/// How often, unless `MAOS_STRESS_ROUNDS` says another number.
const ROUNDS: usize = 2;
/// How long something that a job does may take.
const JOB: Duration = Duration::from_secs(120);

fn create<'a>(sandbox: &'a Sandbox, id: &str) -> HookEvent<'a> {
    HookEvent::new(sandbox, Event::WorktreeCreate).with("name", format!("agent-{id}"))
}

/// Waits until something is so.
fn await_that(what: &str, is_so: impl Fn() -> bool) {
    let until = Instant::now() + JOB;
    while !is_so() {
        assert!(Instant::now() < until, "{what} did not come to be");
        thread::sleep(Duration::from_millis(20));
    }
}

/// How many spares are ready.
fn spares(sandbox: &Sandbox) -> usize {
    let registered = fs::read_dir(sandbox.project().join(".git/worktrees"));
    let registered = registered.into_iter().flatten().flatten();
    registered
        .filter(|entry| entry.path().join("maos-spare.json").exists())
        .count()
}

#[test]
fn an_agent_sees_what_the_person_sees_and_the_next_one_gets_a_spare() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("README.md", "changed\n");
    sandbox.write("new.txt", "new\n");
    let before = sandbox.status();
    let made = create(&sandbox, "a5584d067ecffbeda").answer().path();
    let text = |path: &Path, name: &str| fs::read_to_string(path.join(name)).unwrap();
    assert_eq!(text(&made, "README.md"), "changed\n");
    await_that("spares", || spares(&sandbox) == 2);
    let answer = create(&sandbox, "b5584d067ecffbeda").answer();
    assert_eq!(answer.finished().err(), "", "it was a spare");
    let next = answer.path();
    assert_eq!(text(&next, "new.txt"), "new\n");
    assert_eq!(sandbox.status(), before);
    sandbox.is_whole();
}

#[test]
fn a_projects_programs_run_in_a_workspace_once_a_person_trusts_them() {
    let sandbox = Sandbox::with_repository();
    let settings = |text: &str| {
        sandbox.write(
            ".claude/maos.toml",
            &format!("[workspace]\nspares = 0\npost_create = [{text}]\n"),
        );
    };
    let start = || HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    settings("['touch', 'ran.txt'], ['cp', 'ran.txt', 'second.txt']");
    let told = start().answer().finished().exits(0).out();
    assert!(told.contains("maos trust"), "{told}");
    let untrusted = create(&sandbox, "a5584d067ecffbeda").answer();
    let err = untrusted.finished().err();
    assert!(
        err.contains("does not run") && err.contains("maos trust"),
        "{err}"
    );

    let by_a_script = sandbox.maos(["trust"]).exits(1).err();
    assert!(by_a_script.contains("only a person"), "{by_a_script}");
    let said = sandbox.maos_at_a_terminal(["trust"]).exits(0).out();
    assert!(said.contains("[\"touch\", \"ran.txt\"]"), "{said}");
    let made = create(&sandbox, "b5584d067ecffbeda").answer().path();
    await_that("second.txt", || made.join("second.txt").exists());
    assert!(!untrusted.path().join("ran.txt").exists());

    // Any change has to be read again.
    settings("['touch', 'other.txt']");
    let told = start().answer().finished().exits(0).out();
    assert!(told.contains("maos trust"), "{told}");
}

#[test]
fn many_made_at_once_beside_cleaning_and_kills_are_whole_and_apart() {
    let rounds = std::env::var("MAOS_STRESS_ROUNDS").ok();
    let rounds = rounds
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(ROUNDS);
    let sandbox = Sandbox::with_repository();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let cleaning = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                // Another one may be at it.
                let _ = sandbox.try_git(["gc", "--quiet"]);
                let _ = sandbox.try_git(["worktree", "prune", "--expire=now"]);
            }
        });
        let mut made = BTreeSet::new();
        for round in 0..rounds {
            let paths = make_at_once(&sandbox, round);
            for path in paths {
                assert!(made.insert(path.clone()), "{} twice", path.display());
            }
        }
        is_over.store(true, Ordering::Relaxed);
        cleaning.join().unwrap();
        for path in &made {
            let git = |arguments: &[&str]| {
                let at = ["-C", path.to_str().unwrap()];
                sandbox.git([&at[..], arguments].concat())
            };
            assert_eq!(git(&["status", "--porcelain"]), "", "{}", path.display());
            let branch = git(&["symbolic-ref", "--short", "HEAD"]);
            assert!(branch.starts_with("agent/"), "{branch}");
        }
    });
    sandbox.is_whole();
}

/// Asks for many workspaces at once. Every fourth request is killed, and asked
/// again; every agent has one in the end.
fn make_at_once(sandbox: &Sandbox, round: usize) -> Vec<PathBuf> {
    let start = Barrier::new(AT_ONCE);
    let make = |n: usize| {
        let id = format!("a{round:03}{n:02}84d067ecffb");
        start.wait();
        if n % 4 == 3 {
            let delay = Duration::from_millis(20 * n as u64);
            let _ = create(sandbox, &id).program().killed_after(delay);
        }
        create(sandbox, &id).answer().path()
    };
    let make = &make;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|n| scope.spawn(move || make(n))).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    })
}
