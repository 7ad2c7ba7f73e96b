//! `maos top` at a terminal of its own: what its keys do, and that it gives the
//! terminal back however it ends.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; one writes what an agent would"
)]

use std::fs;

use maos_shared::hook::Event;
use maos_shared::jobs;
use maos_shared::state::State;
use maos_tests::{HookEvent, Sandbox, Terminal};
use nix::sys::signal::Signal;
use serde_json::json;

/// What leaves the screen that `top` drew on.
const LEAVES: &str = "\u{1b}[?1049l";
/// What it shows without a session.
const NOBODY: &str = "Nobody works here yet";

const AGENT: &str = "a1584d067ecffbeda";
const OTHER: &str = "b2584d067ecffbeda";

/// Lets an agent begin, and write `text` into README.md; it stops if `stops`.
fn work(sandbox: &Sandbox, id: &str, text: &str, stops: bool) {
    let create = HookEvent::new(sandbox, Event::WorktreeCreate);
    let path = create.with("name", format!("agent-{id}")).answer().path();
    let start = HookEvent::new(sandbox, Event::SubagentStart).by(id, "coder");
    start.from_folder(&path).answer().is_silent();
    let input = json!({"file_path": path.join("README.md"), "content": text});
    let edit = HookEvent::before(sandbox, "Write", input).by(id, "coder");
    let _ = edit.from_folder(&path).answer();
    fs::write(path.join("README.md"), text).unwrap();
    if stops {
        let stop = HookEvent::new(sandbox, Event::SubagentStop).by(id, "coder");
        stop.from_folder(&path).answer().is_silent();
    }
}

fn top(sandbox: &Sandbox) -> Terminal {
    sandbox.maos_on_a_terminal(["top"])
}

/// Ends it by `q` and checks that the terminal is as it was.
fn quit(mut terminal: Terminal) {
    terminal.press("q");
    let (code, written) = terminal.finish();
    assert_eq!(code, Some(0), "{written}");
    assert!(written.contains(LEAVES), "{written}");
}

#[test]
fn q_gives_the_terminal_back() {
    let sandbox = Sandbox::with_repository();
    let terminal = top(&sandbox);
    let _ = terminal.await_shown(NOBODY);
    quit(terminal);
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let sandbox = Sandbox::with_repository();
    for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGINT] {
        let terminal = top(&sandbox);
        let _ = terminal.await_shown(NOBODY);
        terminal.signal(signal);
        let (code, written) = terminal.finish();
        assert_eq!(code, Some(0), "{signal}: {written}");
        assert!(written.contains(LEAVES), "{signal}: {written}");
    }
}

#[test]
fn it_ends_when_its_terminal_is_closed() {
    let sandbox = Sandbox::with_repository();
    let terminal = top(&sandbox);
    let _ = terminal.await_shown(NOBODY);
    assert_eq!(terminal.close(), Some(0));
}

#[test]
fn it_needs_a_terminal() {
    let said = Sandbox::with_repository().maos(["top"]).exits(1).err();
    assert!(said.contains("this needs a terminal"), "{said}");
}

#[test]
fn keys_look_into_an_agent_and_merge_its_work() {
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    work(&sandbox, AGENT, "# Theirs\n", true);
    let mut terminal = top(&sandbox);
    let screen = terminal.await_shown("agent/coder/a1584d06");
    assert!(screen.contains("to merge"), "{screen}");
    let close = |terminal: &mut Terminal| {
        terminal.press("x");
        terminal.await_gone("any other key closes this");
    };
    terminal.press("\r");
    let facts = terminal.await_shown("1 commit, 1 file");
    assert!(facts.contains("README.md"), "{facts}");
    close(&mut terminal);
    terminal.press("d");
    let _ = terminal.await_shown("+# Theirs");
    close(&mut terminal);
    terminal.press("l");
    let _ = terminal.await_shown("Write");
    close(&mut terminal);

    terminal.press("m");
    let _ = terminal.await_shown("merge the work of");
    terminal.press("n");
    terminal.await_gone("merge the work of");
    assert_eq!(sandbox.read("README.md").as_deref(), Some("# A project\n"));
    terminal.press("m");
    let _ = terminal.await_shown("merge the work of");
    terminal.press("y");
    let _ = terminal.await_shown("1 file, commit");
    close(&mut terminal);
    let _ = terminal.await_shown("merged");
    assert_eq!(sandbox.read("README.md").as_deref(), Some("# Theirs\n"));
    quit(terminal);
}

#[test]
fn keys_release_leases_and_stop_a_job() {
    let sandbox = Sandbox::with_repository();
    work(&sandbox, AGENT, "# Theirs\n", false);
    let state = State::at(
        sandbox.project().join(".maos"),
        std::time::SystemTime::now(),
    );
    let order = jobs::Order {
        kind: jobs::Kind::Forecast,
        about: "a job",
        session: None,
    };
    let endless = || loop {
        std::thread::park();
    };
    jobs::start(&state, &order, endless).unwrap();
    assert_eq!(sandbox.leases().len(), 1);
    let mut terminal = top(&sandbox);
    let _ = terminal.await_shown("agent/coder/a1584d06");
    terminal.press("\r");
    let _ = terminal.await_shown("holds");
    terminal.press("x");
    terminal.await_gone("holds");
    terminal.press("r");
    let _ = terminal.await_shown("1 lease is free");
    terminal.press("x");
    terminal.await_gone("1 lease is free");
    assert_eq!(sandbox.leases().len(), 0);

    let _ = terminal.await_shown("a job");
    let job = jobs::list(&state).unwrap().remove(0).id;
    terminal.press("\u{1b}[F");
    let _ = terminal.await_shown("x stop the job");
    terminal.press("x");
    let _ = terminal.await_shown("is stopped");
    terminal.press(" x");
    terminal.await_gone("any other key closes this");
    terminal.await_gone(&job);
    quit(terminal);
}

#[test]
fn what_the_status_shows_can_be_looked_into_and_acted_on() {
    let sandbox = Sandbox::with_repository();
    let start = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    let _ = start.answer();
    work(&sandbox, AGENT, "# One\n", false);
    work(&sandbox, OTHER, "# Two\n", false);
    let _ = sandbox
        .maos(["reserve", "docs/**", "--why", "a chapter"])
        .exits(0);
    let denied = HookEvent::before(&sandbox, "Bash", json!({"command": "rm -rf /"}));
    let denied = denied.answer().refusal();
    assert!(denied.contains("files.rm-root"), "{denied}");
    let mut terminal = top(&sandbox);
    let screen = terminal.await_shown("blocked last");
    for part in [
        "2 at work  1 sharing files  1 blocked in 24h",
        "  open",
        "same files changed by two",
        "leases",
        "docs/**  a person",
        "files.rm-root",
    ] {
        assert!(screen.contains(part), "{part}: {screen}");
    }
    let close = |terminal: &mut Terminal| {
        terminal.press("q");
        terminal.await_gone("any other key closes this");
    };
    terminal.press("\u{1b}[F\r");
    let _ = terminal.await_shown("the root of the file system");
    close(&mut terminal);
    // The two agents, their pair, the lease.
    terminal.press("\u{1b}[Hjjj\r");
    let _ = terminal.await_shown("held by");
    close(&mut terminal);
    assert_eq!(sandbox.leases().len(), 2, "each on its copy");
    terminal.press("r");
    let _ = terminal.await_shown("2 leases are free");
    close(&mut terminal);
    assert_eq!(sandbox.leases().len(), 0);
    terminal.await_gone("leases");
    terminal.press("r");
    let _ = terminal.await_shown("1 reservation has ended");
    close(&mut terminal);
    quit(terminal);
}

#[test]
fn agents_that_do_not_fit_are_counted_and_it_fits_any_size() {
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    work(&sandbox, AGENT, "# One\n", true);
    work(&sandbox, OTHER, "# Two\n", true);
    let mut terminal = top(&sandbox);
    let screen = terminal.await_shown("2 to merge  1 in conflict");
    assert!(screen.contains("CLASH"), "{screen}");
    assert!(screen.contains("\nconflicts\n"), "{screen}");
    for (rows, columns) in [(6, 40), (50, 200), (1, 1), (24, 80)] {
        terminal.resize(rows, columns);
    }
    let _ = terminal.await_shown("q quit");
    quit(terminal);
}

#[test]
fn no_key_is_lost_while_the_size_changes() {
    let sandbox = Sandbox::with_repository();
    work(&sandbox, AGENT, "# One\n", true);
    let mut terminal = top(&sandbox);
    let _ = terminal.await_shown("q quit");
    for columns in 80..110 {
        terminal.resize(24, columns);
        terminal.press("\r");
        let _ = terminal.await_shown("any other key closes this");
        terminal.resize(24, columns);
        terminal.press("x");
        terminal.await_gone("any other key closes this");
    }
    quit(terminal);
}
