//! What is in a workspace.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};

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
