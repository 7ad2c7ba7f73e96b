//! The real client is killed in the middle of its agents' work. What they did
//! stays where it is, and the next session goes on with sound state.

use std::thread;
use std::time::{Duration, Instant};

use maos_tests::{Block, Client, Gate, Sandbox, Script, Settings};

const SIX: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

fn launches() -> [Block; 6] {
    SIX.map(|script| Block::agent(script, "general-purpose", false))
}

/// An agent that makes a file by a command and one by a tool.
fn worker(script: &'static str) -> Script {
    Script::of(script).then_from(move |request| {
        let written = request.folder().join(format!("written-{script}.txt"));
        vec![
            Block::bash(format!("echo by {script} >made-{script}.txt")),
            Block::write(written, &format!("by {script}\n")),
        ]
    })
}

/// Waits until `condition` holds.
fn await_that(what: &str, condition: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < until, "{what} does not come true");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn work_of_agents_of_a_killed_client_is_in_their_worktrees_and_told_when_it_goes_on() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    let gate = Gate::closed();
    let main = Script::of("main").then(launches());
    let agents = SIX.map(|script| worker(script).then_wait_at(&gate));
    let playing = client
        .clone()
        .within(&sandbox)
        .with(Settings::empty().registered())
        .start([main].into_iter().chain(agents));
    gate.await_arrivals(SIX.len());
    let transcript = playing.kill();
    gate.open();

    assert_eq!(sandbox.status(), "");
    assert_eq!(sandbox.agents("active_agents").len(), SIX.len());
    assert_eq!(sandbox.agents("pending_agents").len(), 0);
    assert_eq!(sandbox.agents("completed_agents").len(), 0);
    assert_eq!(sandbox.workspaces().len(), SIX.len());
    for script in SIX {
        let folder = transcript.folder_of(script);
        let changed = sandbox.git(["-C", folder.to_str().unwrap(), "status", "--porcelain"]);
        assert_eq!(
            changed,
            format!("?? made-{script}.txt\n?? written-{script}.txt")
        );
    }
    let _ = sandbox.journal();
    let status = sandbox.maos(["status"]).exits(0).out();
    assert_eq!(status.matches("  halted  ").count(), SIX.len(), "{status}");

    let run = client
        .guarded_in(&sandbox)
        .continuing()
        .play([Script::of("main")]);
    let told = run.transcript.told_by_hooks("main").join("\n");
    for script in SIX {
        let folder = transcript.folder_of(script);
        let branch = sandbox.git(["-C", folder.to_str().unwrap(), "branch", "--show-current"]);
        let line = format!("- {branch}, by agent general-purpose (");
        assert!(told.contains(&line), "{script}: {told}");
        let place = format!("not committed, in {}", folder.display());
        assert!(told.contains(&place), "{script}: {told}");
    }
}

#[test]
fn a_client_killed_while_worktrees_are_made_is_in_nobodys_way() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let session = || {
        client
            .clone()
            .within(&sandbox)
            .with(Settings::empty().registered())
    };
    let scripts = || {
        [Script::of("main").then(launches())]
            .into_iter()
            .chain(SIX.map(worker))
    };
    let playing = session().start(scripts());
    await_that("a first worktree", || !sandbox.workspaces().is_empty());
    let _ = playing.kill();
    let run = session().play(scripts());

    for (index, script) in SIX.into_iter().enumerate() {
        let id = run
            .transcript
            .result("main", 0, index)
            .agent_id()
            .to_owned();
        let branch = format!("agent/general-purpose/{}", &id[..8]);
        let changed = sandbox.git(["diff", "--name-only", "main", &branch]);
        assert_eq!(changed, format!("made-{script}.txt\nwritten-{script}.txt"));
    }
    assert_eq!(sandbox.agents("completed_agents").len(), SIX.len());
    assert_eq!(sandbox.status(), "");
    let _ = sandbox.git(["fsck", "--strict"]);
    let _ = sandbox.git(["worktree", "list"]);
    let _ = sandbox.journal();
    let _ = sandbox.maos(["status"]).exits(0);
}
