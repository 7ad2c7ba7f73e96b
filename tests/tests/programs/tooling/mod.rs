//! Agents hear what their edits broke: once, about their own files only, and no
//! file changes under their feet.
#![expect(
    clippy::unwrap_used,
    reason = "what a test's helper cannot do fails the test"
)]

mod own;
mod rust;
mod told;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use maos_shared::hook::Event;
use maos_shared::state::lock::Lock;
use maos_tests::{HookEvent, Sandbox};
use serde_json::{Value, json};

/// How long a test waits for something that has to come.
const PATIENCE: Duration = Duration::from_secs(100);
/// The main thread, where an agent is asked for.
const MAIN: &str = "";
/// A file that rustfmt changes.
const UGLY: &str = "pub fn one()->u32{1}\n";
/// The same, formatted.
const PRETTY: &str = "pub fn one() -> u32 {\n    1\n}\n";

/// The manifest of a package.
const MANIFEST: &str = "[package]\nname = \"scratch\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

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
    sandbox.write("Cargo.toml", MANIFEST);
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

/// Lets no job begin until what it returns is dropped; one that is at work ends
/// first.
fn hold_jobs(sandbox: &Sandbox) -> [Lock; 2] {
    let turns = sandbox.project().join(".maos/jobs/.turns");
    fs::create_dir_all(&turns).unwrap();
    ["place-0", "place-1"].map(|place| Lock::acquire(&turns.join(place), PATIENCE).unwrap())
}

/// Waits until `file` has been formatted.
fn await_pretty(sandbox: &Sandbox, file: &str) {
    let deadline = Instant::now() + PATIENCE;
    while sandbox.read(file).unwrap() != PRETTY {
        assert!(Instant::now() < deadline, "{file} is not formatted");
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
