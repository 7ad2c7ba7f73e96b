//! Agents hear what their edits broke: once, about their own files only, and no
//! file changes under their feet.
#![expect(
    clippy::unwrap_used,
    reason = "what a test's helper cannot do fails the test"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use nix::sys::signal::kill;
use nix::unistd::Pid;
use serde_json::{Value, json};

/// How long a test waits for something that has to come.
const PATIENCE: Duration = Duration::from_secs(100);
/// The main thread, where an agent is asked for.
const MAIN: &str = "";
/// A file that rustfmt changes.
const UGLY: &str = "pub fn one()->u32{1}\n";
/// The same, formatted.
const PRETTY: &str = "pub fn one() -> u32 {\n    1\n}\n";

/// Returns a sandbox with a package in which the person has set `settings`.
fn with_settings(settings: &str) -> Sandbox {
    let sandbox = Sandbox::with_repository();
    sandbox.write("../.claude/maos.toml", settings);
    // The toolchain itself: rustup's own programs would look for it in HOME.
    let tools = Path::new(env!("CARGO")).parent().unwrap().display();
    for tool in ["cargo", "rustfmt"] {
        let script = format!("PATH='{tools}':$PATH exec '{tools}/{tool}' \"$@\"");
        sandbox.stand_in(tool, &script);
    }
    sandbox.write(
        "Cargo.toml",
        "[package]\nname = \"scratch\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    sandbox
}

/// Returns the event before or after an edit of `file` by `agent`.
fn edit<'a>(sandbox: &'a Sandbox, event: Event, file: &str, agent: &str) -> HookEvent<'a> {
    let path = sandbox.project().join(file);
    let edit = HookEvent::new(sandbox, event);
    let edit = match agent {
        MAIN => edit,
        agent => edit.by(agent, "coder"),
    };
    edit.with("tool_name", "Write")
        .with("tool_use_id", "toolu_1")
        .with("tool_input", json!({"file_path": path, "content": "x"}))
        .with("tool_response", json!({"filePath": path}))
}

/// Lets `agent` write `file`.
fn write(sandbox: &Sandbox, file: &str, text: &str, agent: &str) {
    sandbox.write(file, text);
    edit(sandbox, Event::PostToolUse, file, agent)
        .answer()
        .is_silent();
}

/// Returns what the next event tells `agent`; empty when nothing.
fn heard(sandbox: &Sandbox, agent: &str) -> String {
    HookEvent::new(sandbox, Event::PostToolBatch)
        .by(agent, "coder")
        .answer()
        .told()
}

/// Waits until the jobs that were ordered have ended and returns their results.
fn results(sandbox: &Sandbox, count: usize) -> Vec<Value> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found: Vec<_> = jobs(sandbox)
            .into_iter()
            .filter_map(|job| fs::read(job.join("result.json")).ok())
            .map(|text| serde_json::from_slice(&text).unwrap())
            .collect();
        if found.len() >= count {
            return found;
        }
        assert!(Instant::now() < deadline, "{} of {count} jobs", found.len());
        thread::sleep(Duration::from_millis(20));
    }
}

fn jobs(sandbox: &Sandbox) -> Vec<PathBuf> {
    let Ok(jobs) = fs::read_dir(sandbox.project().join(".maos/jobs")) else {
        return Vec::new();
    };
    let jobs = jobs.map(|job| job.unwrap().path());
    let is_ours = |job: &PathBuf| {
        let name = job.file_name().unwrap().to_string_lossy();
        name.starts_with("tooling-")
    };
    jobs.filter(is_ours).collect()
}

#[test]
fn without_settings_a_file_is_formatted_that_the_project_keeps_so() {
    let sandbox = with_settings("");
    sandbox.write("src/ugly.rs", UGLY);
    sandbox.write("src/pretty.rs", PRETTY);
    sandbox.commit("one that nobody formats");
    write(&sandbox, "src/ugly.rs", &format!("{UGLY}\n"), "a1");
    write(&sandbox, "src/new.rs", UGLY, "a1");
    write(
        &sandbox,
        "src/pretty.rs",
        &format!("{PRETTY}\n{UGLY}"),
        "a1",
    );
    let _ = results(&sandbox, jobs(&sandbox).len());
    assert_eq!(sandbox.read("src/ugly.rs").unwrap(), format!("{UGLY}\n"));
    assert_eq!(sandbox.read("src/new.rs").unwrap(), PRETTY);
    let both = format!("{PRETTY}\n{PRETTY}");
    assert_eq!(sandbox.read("src/pretty.rs").unwrap(), both);
    let told = heard(&sandbox, "a1");
    assert!(!told.contains("ugly.rs"), "{told}");
}

#[test]
fn without_settings_only_what_was_built_before_is_checked() {
    let sandbox = with_settings("").with_file(".gitignore", "target\n");
    let text = "pub fn one() -> bool {\n    1\n}\n";
    write(&sandbox, "src/lib.rs", text, "a1");
    let _ = results(&sandbox, 1);
    assert_eq!(
        heard(&sandbox, "a1"),
        "",
        "its build scripts have never run"
    );
    sandbox.write("target/CACHEDIR.TAG", "");
    write(&sandbox, "src/lib.rs", text, "a1");
    let _ = results(&sandbox, 2);
    let told = heard(&sandbox, "a1");
    assert!(told.contains("src/lib.rs:2: error[E0308]"), "{told}");
}

#[test]
fn what_belongs_to_no_package_is_left_alone() {
    let sandbox = with_settings("");
    sandbox.git(["clean", "--quiet", "--force"]);
    write(&sandbox, "src/lib.rs", UGLY, "a1");
    assert_eq!(jobs(&sandbox).len(), 0);
    assert_eq!(sandbox.read("src/lib.rs").unwrap(), UGLY);
}

#[test]
fn what_takes_too_long_is_ended_with_all_that_it_started() {
    let sandbox =
        with_settings("[tooling.rust]\nfmt = \"fix\"\nclippy = \"on\"\nfmt_timeout = \"200ms\"\n");
    let alive = sandbox.home().join("alive");
    let script = format!("(sleep 600 & echo $! >'{}'; wait)", alive.display());
    sandbox.stand_in("rustfmt", &script);
    sandbox.stand_in("cargo", &format!("echo >'{}.cargo'", alive.display()));
    write(&sandbox, "src/lib.rs", UGLY, "a1");
    let results = results(&sandbox, 1);
    assert_eq!(
        (&results[0]["how"], &results[0]["text"]),
        (&"failed".into(), &"rustfmt did not end within 200ms".into())
    );
    let child = fs::read_to_string(&alive).unwrap();
    let child = Pid::from_raw(child.trim().parse().unwrap());
    let deadline = Instant::now() + PATIENCE;
    while kill(child, None).is_ok() && !is_zombie(child) {
        assert!(Instant::now() < deadline, "{child} lives on");
        thread::sleep(Duration::from_millis(5));
    }
    assert!(
        !alive.with_extension("cargo").exists(),
        "it is the last one"
    );
}

/// Returns whether a process has ended and nobody has asked how: whoever adopts
/// orphans here may take its time.
fn is_zombie(process: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| rest.starts_with('Z'))
}

#[test]
fn an_edited_file_is_formatted_alone_and_its_agent_hears_of_it_once() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"fix\"\n");
    sandbox.write("src/other.rs", UGLY);
    write(&sandbox, "src/lib.rs", &format!("mod other;\n{UGLY}"), "a1");
    let _ = results(&sandbox, 1);
    let formatted = sandbox.read("src/lib.rs").unwrap();
    assert_eq!(formatted, format!("mod other;\n{PRETTY}"));
    assert_eq!(
        sandbox.read("src/other.rs").unwrap(),
        UGLY,
        "nobody edited it"
    );
    assert_eq!(heard(&sandbox, "a2"), "", "another agent");
    let told = heard(&sandbox, "a1");
    assert!(
        told.contains("src/lib.rs: was formatted; read it again"),
        "{told}"
    );
    assert_eq!(heard(&sandbox, "a1"), "", "a second time");
}

#[test]
fn on_tells_and_changes_nothing() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"on\"\n");
    write(&sandbox, "src/lib.rs", UGLY, "a1");
    write(&sandbox, "src/bad.rs", "fn (\n", "a1");
    let _ = results(&sandbox, 1);
    assert_eq!(sandbox.read("src/lib.rs").unwrap(), UGLY);
    let told = heard(&sandbox, "a1");
    assert!(told.contains("src/lib.rs: is not formatted"), "{told}");
    assert!(told.contains("src/bad.rs: error: rustfmt: error"), "{told}");
}

#[test]
fn a_burst_is_one_check() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"fix\"\n");
    for file in ["src/a.rs", "src/b.rs", "src/a.rs", "src/c.rs"] {
        write(&sandbox, file, UGLY, "a1");
    }
    let deadline = Instant::now() + PATIENCE;
    for file in ["src/a.rs", "src/b.rs", "src/c.rs"] {
        while sandbox.read(file).unwrap() != PRETTY {
            assert!(Instant::now() < deadline, "{file} is not formatted");
            thread::sleep(Duration::from_millis(20));
        }
    }
    let count = jobs(&sandbox).len();
    assert!(count <= 2, "one that runs, and one that waits: {count}");
}

#[test]
fn a_file_that_is_being_edited_is_left() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"fix\"\n");
    write(&sandbox, "src/changed.rs", UGLY, MAIN);
    // Its author has changed it again, and the client has not said so yet.
    sandbox.write("src/changed.rs", &format!("{UGLY}\n"));
    write(&sandbox, "src/announced.rs", UGLY, MAIN);
    // The next edit is on its way.
    let next = edit(&sandbox, Event::PreToolUse, "src/announced.rs", MAIN);
    next.answer().is_silent();
    write(&sandbox, "src/done.rs", UGLY, MAIN);
    let _ = results(&sandbox, jobs(&sandbox).len());
    assert_eq!(sandbox.read("src/done.rs").unwrap(), PRETTY);
    assert_eq!(sandbox.read("src/changed.rs").unwrap(), format!("{UGLY}\n"));
    assert_eq!(sandbox.read("src/announced.rs").unwrap(), UGLY);
}

#[test]
fn clippy_tells_of_the_edited_file_alone_errors_first() {
    let sandbox = with_settings("[tooling.rust]\nclippy = \"on\"\n");
    sandbox.write("src/other.rs", "pub fn other() { let unused = 1; }\n");
    let text = "pub mod other;\npub fn one() -> bool {\n    let spare = 2;\n    1\n}\n";
    write(&sandbox, "src/lib.rs", text, "a1");
    let results = results(&sandbox, 1);
    assert_eq!(results[0]["how"], "done", "{results:?}");
    let told = heard(&sandbox, "a1");
    let lines: Vec<_> = told.lines().collect();
    assert!(lines[1].starts_with("src/lib.rs:4: error[E0308]"), "{told}");
    assert!(!told.contains("other.rs"), "{told}");
}

#[test]
fn fix_makes_the_replacements_that_clippy_is_certain_of() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"off\"\nclippy = \"fix\"\n");
    let text = "pub fn one() -> u32 {\n    return 1;\n}\n";
    write(&sandbox, "src/lib.rs", text, "a1");
    let results = results(&sandbox, 1);
    assert_eq!(results[0]["how"], "done", "{results:?}");
    assert_eq!(sandbox.read("src/lib.rs").unwrap(), PRETTY);
    let told = heard(&sandbox, "a1");
    assert!(
        told.contains("src/lib.rs: clippy mended some of what it found; read it again"),
        "{told}"
    );
}

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
    sandbox.stand_in("ruff", "echo \"$1:7: F401 unused\"; exit 1");
    let stop = |active: bool| {
        let stop = HookEvent::new(&sandbox, Event::SubagentStop).by("a1", "coder");
        let stop = stop.with("stop_hook_active", active).answer();
        stop.finished().exits(0).answer().unwrap_or_default()
    };
    for count in 1..=2 {
        write(&sandbox, "a.py", "import os\n", "a1");
        let _ = results(&sandbox, count);
        assert_eq!(stop(true), Value::Null, "a hook has sent it back already");
        let answer = stop(false);
        if count == 1 {
            assert_eq!(answer["decision"], "block", "{answer}");
            let reason = answer["reason"].as_str().unwrap();
            assert!(reason.contains("a.py:7: error: F401"), "{reason}");
        } else {
            assert_eq!(answer, Value::Null, "never twice");
        }
    }
}

#[test]
fn a_projects_file_runs_nothing_until_the_person_trusts_it() {
    let sandbox = with_settings("").with_stand_ins(&["ruff"]);
    let tool = "[[tooling.run]]\nfiles = \"*.py\"\ncommand = [\"ruff\", \"{files}\"]\n";
    sandbox.write(".claude/maos.toml", tool);
    let edit = || write(&sandbox, "a.py", "import os\n", "a1");
    edit();
    assert_eq!(jobs(&sandbox).len(), 0);
    let start = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    let said = start.answer().finished().exits(0).out();
    assert!(said.contains("tooling.run"), "{said}");

    let trusted = sandbox.maos_at_a_terminal(["trust"]).exits(0).out();
    assert!(
        trusted.contains("*.py: [\"ruff\", \"{files}\"]"),
        "{trusted}"
    );
    edit();
    let _ = results(&sandbox, 1);
    let file = sandbox.project().join("a.py");
    assert_eq!(sandbox.calls(), [format!("ruff {}", file.display())]);

    sandbox.write(".claude/maos.toml", &format!("{tool}# another\n"));
    edit();
    assert_eq!(jobs(&sandbox).len(), 1, "it is another file now");
}

#[test]
fn a_projects_file_can_switch_the_tools_for_rust_off() {
    let sandbox = with_settings("[tooling.rust]\nfmt = \"fix\"\n");
    sandbox.write(
        ".claude/maos.toml",
        "[tooling.rust]\nfmt = \"off\"\nclippy = \"off\"\n",
    );
    write(&sandbox, "src/lib.rs", UGLY, "a1");
    assert_eq!(jobs(&sandbox).len(), 0);
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
