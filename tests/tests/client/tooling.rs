//! Tools beside the real client: its model hears what they found, and nobody
//! waits for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use maos_tests::{Block, Client, Run, Sandbox, Script};
use serde_json::Value;

/// How long a test waits for something that has to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// The person's own tool for Python.
const SETTINGS: &str = "[[tooling.run]]\nfiles = \"*.py\"\ncommand = [\"ruff\", \"{files}\"]\n";

/// Lets the main agent write a.py, and end its turn when `awaited` is there.
fn write_and_await(client: Client, sandbox: &Sandbox, awaited: &str) -> Run {
    let wait = format!("until ls {awaited}; do sleep 0.1; done");
    client.guarded_in(sandbox).play([Script::of("main")
        .then_from(|request| vec![Block::write(request.folder().join("a.py"), "import os\n")])
        .then([Block::bash(wait)])])
}

/// An agent that writes a.py and wants to stop once that is checked: it hears of
/// it at no tool call.
fn writer(name: &str, project: PathBuf) -> Script {
    Script::of(name)
        .then_from(|request| vec![Block::write(request.folder().join("a.py"), "import os\n")])
        .then_from(move |_| {
            let deadline = Instant::now() + PATIENCE;
            while !is_checked(&project) && Instant::now() < deadline {
                thread::sleep(Duration::from_millis(20));
            }
            vec![Block::text("that is all")]
        })
}

/// Returns whether the job of a tool has ended in the project.
fn is_checked(project: &Path) -> bool {
    let jobs = fs::read_dir(project.join(".maos/jobs"));
    let mut jobs = jobs.into_iter().flatten().flatten();
    jobs.any(|job| {
        let name = job.file_name();
        let is_tooling = name.to_string_lossy().starts_with("tooling-");
        is_tooling && job.path().join("result.json").exists()
    })
}

/// Returns how the jobs of tools have ended.
fn ends(sandbox: &Sandbox) -> Vec<Value> {
    let jobs = sandbox.maos(["jobs", "--json"]).exits(0).out();
    let jobs: Value = serde_json::from_str(&jobs).unwrap_or_default();
    let jobs = jobs.as_array().into_iter().flatten();
    let tools = jobs.filter(|job| job["kind"] == "tooling");
    tools.map(|job| job["how"].clone()).collect()
}

#[test]
fn the_model_hears_what_a_tool_found_in_its_file() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    sandbox.write("../.claude/maos.toml", SETTINGS);
    sandbox.stand_in("ruff", "echo \"$1:7: F401 unused\"; exit 1");
    let run = write_and_await(client, &sandbox, ".maos/jobs/tooling-*/result.json");
    let told = run.transcript.told_by_hooks("main").join("\n");
    assert_eq!(
        told.matches("a.py:7: error: F401 unused").count(),
        1,
        "{told}"
    );
}

#[test]
fn an_agent_that_wants_to_stop_hears_of_it_once_and_goes_on() {
    let Some(client) = Client::available() else {
        return;
    };
    for (name, blocks) in [("main", false), ("sub", false), ("sub", true)] {
        let sandbox = Sandbox::with_repository();
        let settings = format!("[tooling]\nblock_on_error = {blocks}\n{SETTINGS}");
        sandbox.write("../.claude/maos.toml", &settings);
        sandbox.stand_in("ruff", "echo \"$1:7: F401 unused\"; exit 1");
        let agent = writer(name, sandbox.project());
        let launch = Script::of("main").then([Block::agent("sub", "general-purpose", false)]);
        let scripts = match name {
            "main" => vec![agent],
            _ => vec![launch, agent],
        };
        let run = client.clone().guarded_in(&sandbox).play(scripts);
        let shown = run.transcript.shown_to(name);
        assert!(shown.contains("a.py:7: error: F401"), "{shown}");
        // It writes, wants to stop, and stops once it has heard.
        assert_eq!(run.transcript.of(name).len(), 3, "{name}");
        assert_eq!(run.output["result"], "main is done");
    }
}

#[test]
fn a_turn_ends_before_a_job_of_half_a_minute() {
    let Some(client) = Client::available() else {
        return;
    };
    let sandbox = Sandbox::with_repository();
    sandbox.write("../.claude/maos.toml", SETTINGS);
    sandbox.stand_in("ruff", "touch begun; exec sleep 30");
    let run = write_and_await(client, &sandbox, "begun");
    assert_eq!(run.output["result"], "main is done");
    // The end of the session ended it, so it was at work until then.
    assert_eq!(ends(&sandbox), ["stopped"]);
}
