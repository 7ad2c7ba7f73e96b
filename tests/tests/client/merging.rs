//! What agents of the real client start from, and how their work comes together.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use maos_tests::{Block, Client, Request, Sandbox, Script};

/// Set by one agent and awaited by another.
type Flag = Arc<AtomicBool>;

/// Waits until `condition` holds.
fn await_that(what: &str, condition: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < until, "{what} does not come true");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Returns the commands that the main agent was told to bring work in with.
fn told_commands(request: &Request) -> Vec<String> {
    let told = request.told_by_hooks().join("\n");
    let lines = told.lines();
    let commands = lines.filter_map(|line| line.strip_prefix("Bring it in: "));
    commands.map(str::to_owned).collect()
}

#[test]
fn an_agent_sees_what_is_not_committed_and_the_persons_files_stay_as_they_are() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    sandbox.write("README.md", "staged\n");
    let _ = sandbox.git(["add", "README.md"]);
    sandbox.write("README.md", "staged, and changed again\n");
    sandbox.write("new/untracked.txt", "untracked\n");
    let index = sandbox.project().join(".git/index");
    let look = || {
        let names = ["README.md", "new/untracked.txt", "src/lib.rs"];
        let files = names.map(|name| sandbox.read(name));
        (
            files,
            sandbox.status(),
            fs::read(&index).unwrap(),
            sandbox.head(),
        )
    };
    let before = look();
    let run = client.guarded_in(&sandbox).play([
        Script::of("main").then([Block::agent("worker", "general-purpose", false)]),
        Script::of("worker").then([Block::bash(
            "cat README.md new/untracked.txt && git status --porcelain && echo own >own.txt",
        )]),
    ]);

    let seen = run.transcript.result("worker", 0, 0);
    assert_eq!(seen.succeeded(), "staged, and changed again\nuntracked");
    assert_eq!(look(), before);
    // Nothing of it counts as the agent's.
    let id = run.transcript.result("main", 0, 0).agent_id().to_owned();
    let changed = sandbox.maos(["diff", "--name-only", &id]).exits(0).out();
    assert_eq!(changed.trim_end(), "own.txt");
    sandbox.is_whole();
}

#[test]
fn two_agents_that_change_one_line_are_told_before_anything_is_merged() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let before = sandbox.head();
    let (has_arrived, may_go_on) = (Flag::default(), Flag::default());
    let notes = sandbox.project().join(".maos/sessions");
    // The last of the three who hear of it.
    let has_note = move || {
        let sessions = fs::read_dir(&notes).into_iter().flatten().flatten();
        let mut notes =
            sessions.filter_map(|it| fs::read_dir(it.path().join("notes/to-main")).ok());
        let is_whole = |path: &Path| path.extension().is_some_and(|end| end == "json");
        notes.any(|note| note.flatten().any(|text| is_whole(&text.path())))
    };
    let change = |by: &str| format!("echo '# {by}' >README.md && git commit -qam {by}");
    let run = client.guarded_in(&sandbox).play([
        Script::of("main")
            .then([Block::agent("slow", "general-purpose", true)])
            .then_from({
                let has_arrived = has_arrived.clone();
                move |_| {
                    await_that("the slow one", || has_arrived.load(Ordering::Relaxed));
                    vec![Block::agent("quick", "general-purpose", false)]
                }
            })
            .then_from(move |_| {
                await_that("a note", &has_note);
                vec![Block::bash("git log --format=%s")]
            })
            .then_from({
                let may_go_on = may_go_on.clone();
                move |_| {
                    may_go_on.store(true, Ordering::Relaxed);
                    vec![Block::text("let the other go on")]
                }
            }),
        Script::of("slow")
            .then([Block::bash(change("slow"))])
            .then_from(move |_| {
                has_arrived.store(true, Ordering::Relaxed);
                await_that("the others", || may_go_on.load(Ordering::Relaxed));
                vec![Block::bash("git status --porcelain")]
            }),
        Script::of("quick").then([Block::bash(change("quick"))]),
    ]);

    let transcript = &run.transcript;
    let quick = transcript.result("main", 1, 0).agent_id().to_owned();
    let slow = transcript.result("main", 0, 0).agent_id().to_owned();
    assert_eq!(transcript.result("main", 2, 0).succeeded(), "begin");
    let told = |script| {
        let requests = transcript.of(script).into_iter();
        let told = requests.flat_map(Request::told_by_hooks);
        told.collect::<Vec<_>>().join("\n")
    };
    let to_main = told("main");
    let clash = format!("the work of the agents {quick} and {slow} conflicts in README.md");
    assert!(to_main.contains(&clash), "{to_main}");
    assert!(to_main.contains("Nothing of it is merged yet"), "{to_main}");
    // So does the one that is still at work.
    let to_slow = told("slow");
    let clash = format!("your work and that of agent {quick} conflict in README.md");
    assert!(to_slow.contains(&clash), "{to_slow}");
    assert_eq!((sandbox.head(), sandbox.status()), (before, String::new()));
}

#[test]
fn six_branches_are_merged_in_the_run_by_the_commands_that_were_told() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let names = ["one", "two", "three", "four", "five", "six"];
    let launches = names.map(|name| Block::agent(name, "general-purpose", false));
    let main = Script::of("main")
        .then(launches)
        .then_from(|request| {
            let merge = |command: String| Block::bash(command);
            told_commands(request).into_iter().map(merge).collect()
        })
        .then([Block::bash("git log --format=%s && ls *.txt")]);
    let workers = names
        .map(|name| Script::of(name).then([Block::bash(format!("echo by {name} >{name}.txt"))]));
    let run = client
        .guarded_in(&sandbox)
        .play([main].into_iter().chain(workers));

    for n in 0..names.len() {
        let merged = run.transcript.result("main", 1, n);
        assert!(merged.succeeded().contains("1 file, commit "), "{merged:?}");
    }
    let seen = run.transcript.result("main", 2, 0);
    for name in names {
        assert!(
            seen.succeeded().contains(&format!("play {name}")),
            "{seen:?}"
        );
        let text = sandbox.read(&format!("{name}.txt"));
        assert_eq!(text, Some(format!("by {name}\n")));
    }
    assert_eq!(sandbox.git(["rev-list", "--count", "HEAD"]), "7");
    assert_eq!(sandbox.status(), "");
}
