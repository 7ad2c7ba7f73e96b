//! Who hears what was found, how often, and at what moment.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use serde_json::Value;

use super::{MAIN, edit, heard, hold_jobs, jobs, results, with_settings, write};

/// The person's own tool for Python.
const RUFF: &str = "[[tooling.run]]\nfiles = \"*.py\"\ncommand = [\"ruff\", \"{files}\"]\n";
/// Its stand-in, which finds what stands in the files.
const FINDS: &str = "for f; do sed \"s,^,$f:7: ,\" \"$f\"; done; test ! -s \"$1\"";

/// Returns a sandbox with that tool, and what `settings` say beside it.
fn with_ruff(settings: &str) -> Sandbox {
    let sandbox = with_settings(&format!("{settings}{RUFF}"));
    sandbox.stand_in("ruff", FINDS);
    sandbox
}

/// Returns what a.py and b.py, which `agent` edits with each text in turn, make it
/// hear.
fn told(sandbox: &Sandbox, agent: &str, texts: &[&str]) -> Vec<String> {
    let hear = |(count, text): (usize, &&str)| {
        write(sandbox, "a.py", text, agent);
        let _ = results(sandbox, count + 1);
        let told = heard(sandbox, agent);
        let lines = told.lines().skip(1).map(ToOwned::to_owned);
        lines.collect::<Vec<_>>().join("|")
    };
    texts.iter().enumerate().map(hear).collect()
}

/// Returns what an agent that wants to stop is answered.
fn stops(sandbox: &Sandbox, agent: &str, again: bool) -> Value {
    let stop = HookEvent::new(sandbox, Event::SubagentStop).by(agent, "coder");
    let stop = stop.with("stop_hook_active", again).answer();
    stop.finished().exits(0).answer().unwrap_or_default()
}

#[test]
fn what_was_told_is_told_again_only_when_it_was_gone() {
    let texts = ["F401 x\n", "F401 x\n", "F401 x\nE1 y\n", "", "F401 x\n"];
    let expected = [
        "a.py:7: error: F401 x",
        "",
        "a.py:7: error: E1 y",
        "",
        "a.py:7: error: F401 x",
    ];
    assert_eq!(told(&with_ruff(""), "a1", &texts), expected);
}

#[test]
fn a_subagent_that_stops_hears_of_it_without_any_setting() {
    let sandbox = with_ruff("");
    write(&sandbox, "a.py", "F401 x\n", "a1");
    let _ = results(&sandbox, 1);
    let answer = stops(&sandbox, "a1", false);
    let told = answer["hookSpecificOutput"]["additionalContext"].as_str();
    let told = told.unwrap_or_else(|| panic!("{answer}"));
    assert!(told.contains("a.py:7: error: F401 x"), "{told}");
    assert_eq!(answer["decision"], Value::Null, "{answer}");
    assert_eq!(stops(&sandbox, "a1", false), Value::Null, "each once");
}

#[test]
fn the_main_agent_hears_what_a_subagent_cannot_hear_any_more() {
    let sandbox = with_ruff("");
    let path = sandbox.project().join("a.py");
    let line = |text: &str| format!("{}:7: error: {text} (edited by coder)", path.display());
    // It is kept from stopping no second time.
    write(&sandbox, "a.py", "F401 x\n", "a1");
    let _ = results(&sandbox, 1);
    assert_eq!(stops(&sandbox, "a1", true), Value::Null);
    assert!(heard(&sandbox, MAIN).contains(&line("F401 x")));
    assert_eq!(heard(&sandbox, MAIN), "", "each once");
    // It has ended before the check has.
    let turns = hold_jobs(&sandbox);
    write(&sandbox, "a.py", "E1 y\n", "a1");
    assert_eq!(stops(&sandbox, "a1", false), Value::Null);
    drop(turns);
    let _ = results(&sandbox, 2);
    let told = heard(&sandbox, MAIN);
    assert!(told.contains(&line("E1 y")), "{told}");
    assert_eq!(heard(&sandbox, "a1"), "");
}

#[test]
fn a_series_of_edits_without_a_pause_is_one_check() {
    let sandbox = with_settings(RUFF).with_stand_ins(&["ruff"]);
    // Longer than a check waits where there is no next edit.
    let until = Instant::now() + Duration::from_millis(1500);
    let mut count = 0;
    while Instant::now() < until {
        write(&sandbox, &format!("a{}.py", count % 3), "x\n", "a1");
        count += 1;
    }
    assert!(count > 3, "{count} edits");
    let _ = results(&sandbox, 1);
    assert_eq!(jobs(&sandbox).len(), 1, "of {count} edits");
    let calls = sandbox.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    for file in ["a0.py", "a1.py", "a2.py"] {
        assert!(calls[0].contains(file), "{calls:?}");
    }
}

#[test]
fn the_end_of_a_session_ends_no_check_that_another_one_joined() {
    let sandbox = with_settings(RUFF);
    let (begun, gate) = (sandbox.home().join("begun"), sandbox.home().join("gate"));
    let wait = format!(
        "echo \"$*\" >>'{}'; until test -e '{}'; do sleep 0.02; done; {FINDS}",
        begun.display(),
        gate.display()
    );
    sandbox.stand_in("ruff", &wait);
    let by = |session: &str, file: &str| {
        sandbox.write(file, "F401 x\n");
        let done = edit(&sandbox, Event::PostToolUse, file, MAIN);
        done.with("session_id", session).answer().is_silent();
    };
    let over = |session: &str| {
        let end = HookEvent::new(&sandbox, Event::SessionEnd).with("session_id", session);
        end.with("reason", "other").answer().is_silent();
    };
    let hears = |session: &str| {
        let batch = HookEvent::new(&sandbox, Event::PostToolBatch);
        batch.with("session_id", session).answer().told()
    };
    // Both are in the check that the first one ordered: one ends while that
    // waits, one while it runs, and one stays.
    let turns = hold_jobs(&sandbox);
    for (session, file) in [("s1", "a.py"), ("s2", "b.py"), ("s3", "c.py")] {
        by(session, file);
    }
    over("s1");
    drop(turns);
    await_file(&begun);
    over("s2");
    sandbox.write("../gate", "");
    assert_eq!(results(&sandbox, 1)[0]["how"], "done");
    let told = hears("s3");
    assert!(told.contains("c.py:7: error: F401 x"), "{told}");
    let checked = fs::read_to_string(&begun).unwrap();
    assert_eq!(checked.lines().count(), 1, "{checked}");
    assert!(
        !checked.contains("a.py"),
        "nobody wants that any more: {checked}"
    );
    assert!(checked.contains("b.py"), "{checked}");

    // With the last one it ends.
    fs::remove_file(&gate).unwrap();
    fs::remove_file(&begun).unwrap();
    by("s3", "d.py");
    await_file(&begun);
    over("s3");
    let mut ends: Vec<_> = results(&sandbox, 2)
        .into_iter()
        .map(|it| it["how"].clone())
        .collect();
    ends.sort_by_key(ToString::to_string);
    assert_eq!(ends, ["done", "stopped"]);
}

#[test]
fn a_tool_that_is_missing_is_told_of_once() {
    let sandbox = with_settings(
        "[tooling.rust]\nfmt = \"on\"\nclippy = \"on\"\n\
         [[tooling.run]]\nfiles = \"*.rs\"\ncommand = [\"no-such-tool\", \"{files}\"]\n",
    );
    // As rustup and cargo say it.
    let absent = "echo \"error: 'rustfmt' is not installed for the toolchain 'x'\" >&2; exit 1";
    sandbox.stand_in("rustfmt", absent);
    sandbox.stand_in(
        "cargo",
        "echo 'error: no such command: `clippy`' >&2; exit 101",
    );
    write(&sandbox, "src/lib.rs", "x\n", "a1");
    let _ = results(&sandbox, 1);
    let told = heard(&sandbox, "a1");
    let lines: Vec<&str> = told.lines().skip(1).collect();
    let line = |tool: &str| {
        let why = "is not installed, or not on the PATH of this session";
        format!("src/lib.rs: was not looked at: `{tool}` {why}")
    };
    assert_eq!(lines, ["rustfmt", "clippy", "no-such-tool"].map(line));
    write(&sandbox, "src/lib.rs", "y\n", "a1");
    let _ = results(&sandbox, 2);
    assert_eq!(heard(&sandbox, "a1"), "");
}

fn await_file(path: &Path) {
    let deadline = Instant::now() + super::PATIENCE;
    while !path.exists() {
        assert!(Instant::now() < deadline, "{} is not there", path.display());
        std::thread::sleep(Duration::from_millis(5));
    }
}
