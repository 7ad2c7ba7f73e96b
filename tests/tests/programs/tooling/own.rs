//! Tools of the person's own, of a project, and what is told at a stop.

use maos_shared::hook::Event;
use maos_tests::HookEvent;
use serde_json::Value;

use super::{MAIN, UGLY, await_pretty, edit, heard, hold_jobs, results, with_settings, write};

#[test]
fn a_tool_of_the_persons_own_gets_the_files() {
    let sandbox = with_settings(
        "[[tooling.run]]\nfiles = \"*.py\"\ncommand = [\"ruff\", \"check\", \"{files}\"]\n",
    );
    sandbox.stand_in(
        "ruff",
        "shift; for f; do echo \"$f:7: F401 unused\"; done; exit 1",
    );
    write(&sandbox, "a; touch b.py", "import os\n", "a1");
    write(&sandbox, "notes.txt", "x\n", "a1");
    let _ = results(&sandbox, 1);
    assert!(!sandbox.project().join("b.py").exists());
    let told = heard(&sandbox, "a1");
    assert!(
        told.contains("a; touch b.py:7: error: F401 unused"),
        "{told}"
    );
}

#[test]
fn an_agent_is_sent_back_for_an_error_once() {
    let settings = "[tooling]\nblock_on_error = true\n\
                    [[tooling.run]]\nfiles = \"*.py\"\ncommand = [\"ruff\", \"{files}\"]\n";
    let sandbox = with_settings(settings);
    sandbox.stand_in("ruff", "echo \"$1:7: F401 $(cat \"$1\")\"; exit 1");
    let stop = |active: bool| {
        let stop = HookEvent::new(&sandbox, Event::SubagentStop).by("a1", "coder");
        let stop = stop.with("stop_hook_active", active).answer();
        stop.finished().exits(0).answer().unwrap_or_default()
    };
    for count in 1..=2 {
        write(&sandbox, "a.py", &format!("import {count}\n"), "a1");
        let _ = results(&sandbox, count);
        let answer = stop(false);
        if count == 1 {
            assert_eq!(answer["decision"], "block", "{answer}");
            let reason = answer["reason"].as_str().unwrap();
            assert!(reason.contains("a.py:7: error: F401"), "{reason}");
        } else {
            assert_eq!(answer["decision"], Value::Null, "never twice");
            let told = answer["hookSpecificOutput"]["additionalContext"].as_str();
            assert!(told.is_some_and(|it| it.contains("import 2")), "{answer}");
        }
    }
}

#[test]
fn a_projects_file_runs_nothing_until_the_person_trusts_it() {
    let sandbox = with_settings("").with_stand_ins(&["ruff"]);
    let tool = "[[tooling.run]]\nfiles = \"*.py\"\ncommand = [\"ruff\", \"{files}\"]\n";
    sandbox.write(".claude/maos.toml", tool);
    let edit = |file| write(&sandbox, file, "import os\n", "a1");
    edit("before.py");
    let start = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    let said = start.answer().finished().exits(0).out();
    assert!(said.contains("tooling.run"), "{said}");

    let trusted = sandbox.maos_at_a_terminal(["trust"]).exits(0).out();
    assert!(
        trusted.contains("*.py: [\"ruff\", \"{files}\"]"),
        "{trusted}"
    );
    edit("trusted.py");
    let _ = results(&sandbox, 1);
    let call = |file| format!("ruff {}", sandbox.project().join(file).display());
    assert_eq!(sandbox.calls(), [call("trusted.py")]);

    sandbox.write(".claude/maos.toml", &format!("{tool}# another\n"));
    edit("another.py");
    sandbox.write(".claude/maos.toml", tool);
    edit("again.py");
    let _ = results(&sandbox, 2);
    assert_eq!(sandbox.calls(), [call("trusted.py"), call("again.py")]);
}

#[test]
fn a_projects_file_can_switch_the_tools_for_rust_off() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"fix\"\n");
    sandbox.write(
        ".claude/maos.toml",
        "[tooling.rust]\nfmt = \"off\"\nclippy = \"off\"\n",
    );
    write(&sandbox, "src/lib.rs", UGLY, "a1");
    sandbox.write(".claude/maos.toml", "");
    write(&sandbox, "src/on.rs", UGLY, "a1");
    await_pretty(&sandbox, "src/on.rs");
    assert_eq!(sandbox.read("src/lib.rs").unwrap(), UGLY);
}

#[test]
fn the_main_thread_hears_of_an_error_when_it_stops_once() {
    let sandbox = with_settings(
        "[tooling.rust]\nfmt = \"fix\"\n\
         [[tooling.run]]\nfiles = \"*.py\"\ncommand = [\"ruff\", \"{files}\"]\n",
    );
    sandbox.stand_in("ruff", "echo \"$1:7: F401 unused\"; exit 1");
    let stop = |is_active: bool| {
        let stop = HookEvent::new(&sandbox, Event::Stop).with("stop_hook_active", is_active);
        stop.answer()
            .finished()
            .exits(0)
            .answer()
            .unwrap_or_default()
    };
    write(&sandbox, "a.py", "import os\n", MAIN);
    let _ = results(&sandbox, 1);
    assert!(stop(true)["hookSpecificOutput"].is_null(), "never twice");
    let answer = stop(false);
    let told = answer["hookSpecificOutput"]["additionalContext"].as_str();
    let told = told.unwrap_or_else(|| panic!("{answer}"));
    assert!(told.contains("a.py:7: error: F401"), "{told}");
    assert!(answer["terminalSequence"].is_null(), "it is not done");
    assert!(stop(false)["hookSpecificOutput"].is_null(), "each once");

    write(&sandbox, "src/lib.rs", UGLY, MAIN);
    let _ = results(&sandbox, 2);
    assert!(
        stop(false)["hookSpecificOutput"].is_null(),
        "only formatted"
    );
}

#[test]
fn a_file_is_left_alone_that_is_longer_than_what_is_kept_of_a_formatter() {
    let sandbox = with_settings("[[tooling.run]]\nfiles = \"*.py\"\nformat = [\"black\"]\n");
    sandbox.stand_in("black", "cat");
    let text = "x = 1\n".repeat(1_500_000);
    write(&sandbox, "long.py", &text, MAIN);
    let _ = results(&sandbox, 1);
    assert!(sandbox.read("long.py").unwrap() == text);
    let told = heard(&sandbox, MAIN);
    assert!(told.contains("is not formatted"), "{told}");
}

#[test]
fn a_formatter_of_the_persons_own_changes_no_file_under_an_agents_feet() {
    let sandbox = with_settings(
        "[[tooling.run]]\nfiles = \"*.py\"\nformat = [\"black\", \"--name={file}\"]\n",
    );
    let named = sandbox.home().join("named");
    let script = format!("echo \"$1\" >>'{}'; sed 's/^ *//'", named.display());
    sandbox.stand_in("black", &script);
    let turns = hold_jobs(&sandbox);
    let announce = |file| {
        let next = edit(&sandbox, Event::PreToolUse, file, MAIN);
        next.answer().is_silent();
    };
    for file in ["done.py", "announced.py"] {
        announce(file);
        write(&sandbox, file, "  x\n", MAIN);
    }
    // The next edit is on its way.
    announce("announced.py");
    write(&sandbox, "changed.py", "  x\n", MAIN);
    // Its author has changed it again, and the client has not said so yet.
    sandbox.write("changed.py", "  y\n");
    drop(turns);
    let _ = results(&sandbox, 1);
    for (file, text) in [
        ("done.py", "x\n"),
        ("announced.py", "  x\n"),
        ("changed.py", "  y\n"),
    ] {
        assert_eq!(sandbox.read(file).unwrap(), text, "{file}");
    }
    let told = heard(&sandbox, MAIN);
    assert!(
        told.contains("done.py: was formatted; read it again"),
        "{told}"
    );
    for file in ["announced", "changed"] {
        let left = format!("{file}.py: is not formatted, and was left so");
        assert!(told.contains(&left), "{told}");
    }
    let named = std::fs::read_to_string(named).unwrap();
    let path = sandbox.project().join("done.py");
    assert!(
        named.contains(&format!("--name={}\n", path.display())),
        "{named}"
    );
}

#[test]
fn a_check_that_changes_a_file_all_the_same_is_told_of() {
    let sandbox =
        with_settings("[[tooling.run]]\nfiles = \"*.py\"\ncommand = [\"ruff\", \"{files}\"]\n");
    sandbox.stand_in("ruff", "echo y >\"$1\"");
    write(&sandbox, "a.py", "x\n", "a1");
    let _ = results(&sandbox, 1);
    let told = heard(&sandbox, "a1");
    assert!(
        told.contains("a.py: was changed by a check; read it again"),
        "{told}"
    );
}
