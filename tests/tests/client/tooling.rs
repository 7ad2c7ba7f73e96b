//! Tools beside the real client: its model hears what they found, and nobody
//! waits for them.

use maos_tests::{Block, Client, Run, Sandbox, Script};
use serde_json::Value;

/// The person's own tool for Python.
const SETTINGS: &str = "[[tooling.run]]\nfiles = \"*.py\"\ncommand = [\"ruff\", \"{files}\"]\n";

/// Lets the main agent write a.py, and end its turn when `awaited` is there.
fn write_and_await(client: Client, sandbox: &Sandbox, awaited: &str) -> Run {
    let wait = format!("until ls {awaited}; do sleep 0.1; done");
    client.guarded_in(sandbox).play([Script::of("main")
        .then_from(|request| vec![Block::write(request.folder().join("a.py"), "import os\n")])
        .then([Block::bash(wait)])])
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
